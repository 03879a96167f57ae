/* The answer of the local engine to one statement over the tables of the corpora, in the text form
 * of the goldens: a head, the rows (sorted unless their order counts), or the condition of the
 * error. */
#ifndef LOCAL_ANSWER_H
#define LOCAL_ANSWER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "firesteel/engine.h"

static uint64_t answer_memory_bytes; /* what rows held in memory may take; 0 = the default */
static uint64_t answer_half_rows;    /* tables of so many are grouped by two threads */

#define CORPUS_FOLDER "tests/engine/corpus/"

static const char *const tables[] = {"numbers", "texts",       "times", "people",
                                     "events",  "departments", "nested"};

static inline void add_escaped(struct fst_buf *out, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char ch = p[i];
        const char *escape = ch == '\\'   ? "\\\\"
                             : ch == '\t' ? "\\t"
                             : ch == '\n' ? "\\n"
                             : ch == '\0' ? "\\0"
                                          : NULL;
        if (escape)
            fst_buf_adds(out, escape);
        else
            fst_buf_addc(out, ch);
    }
}

static inline void add_cell(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    struct fst_buf text = FST_BUF_TEXT;
    if (fst_cell_text(&text, c, row, FST_CELL_PLAIN))
        add_escaped(out, fst_buf_text(&text), text.n);
    else
        fst_buf_adds(out, "\\N");
    fst_buf_done(&text);
}

static inline int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static inline void add_head(struct fst_buf *out, const struct fst_schema *schema)
{
    for (size_t i = 0; i < schema->n; i++) {
        fst_buf_adds(out, i ? "\t" : "");
        add_escaped(out, schema->fields[i].name, strlen(schema->fields[i].name));
        fst_buf_addc(out, ' ');
        fst_type_text(out, &schema->fields[i].type);
    }
    fst_buf_addc(out, '\n');
}

static inline enum fst_status add_rows(struct fst_buf *out, struct fst_reader *r, bool ordered,
                                       struct fst_error *err)
{
    char *lines[1000];
    size_t n = 0;
    struct fst_frame *f = NULL;
    enum fst_status status;
    while ((status = fst_reader_next(r, 7, &f, err)) == FST_OK && f) {
        for (size_t row = 0; row < f->n_rows && n < FST_COUNT(lines); row++) {
            struct fst_buf line = FST_BUF_TEXT;
            for (size_t i = 0; i < f->n_columns; i++) {
                fst_buf_adds(&line, i ? "\t" : "");
                add_cell(&line, &f->columns[i], row);
            }
            lines[n++] = fst_buf_take(&line);
        }
        fst_frame_unref(f);
    }
    if (!ordered)
        qsort(lines, n, sizeof *lines, by_bytes);
    for (size_t i = 0; i < n; i++) {
        fst_buf_printf(out, "%s\n", lines[i]);
        free(lines[i]);
    }
    return status;
}

static inline void add_error(struct fst_buf *out, enum fst_status status,
                             const struct fst_problem *problem, const struct fst_error *err)
{
    fst_buf_clear(out);
    if (status == FST_EUNSUPPORTED)
        fst_buf_printf(out, "REFUSED %s\n", err->text);
    else if (problem->condition[0])
        fst_buf_printf(out, "ERROR %s\n", problem->condition);
    else
        fst_buf_printf(out, "ERROR %s\n", err->text);
}

static inline void corpus_inputs(struct fst_input inputs[])
{
    for (size_t i = 0; i < FST_COUNT(tables); i++) {
        char *path = fst_asprintf(CORPUS_FOLDER "data/%s.parquet", tables[i]);
        inputs[i] = (struct fst_input){
            .name = tables[i], .uri = fst_path_absolute(path), .format = "parquet"};
        free(path);
    }
}

static inline void corpus_inputs_done(struct fst_input inputs[])
{
    for (size_t i = 0; i < FST_COUNT(tables); i++)
        free((char *)inputs[i].uri);
}

static inline char *answer(struct fst_session *s, const char *sql, bool ordered)
{
    struct fst_input inputs[FST_COUNT(tables)];
    corpus_inputs(inputs);
    struct fst_work work = {.sql = sql,
                            .inputs = inputs,
                            .n_inputs = FST_COUNT(tables),
                            .memory_bytes = answer_memory_bytes,
                            .half_rows = answer_half_rows};
    struct fst_problem problem = {0};
    struct fst_error err = {0};
    struct fst_reader *r;
    struct fst_buf out = FST_BUF_TEXT;
    enum fst_status status = fst_engine_named("local")->query(s, &work, 0, &r, &problem, &err);
    if (status == FST_OK) {
        add_head(&out, r->schema);
        status = add_rows(&out, r, ordered, &err);
        fst_reader_close(r);
    }
    if (status != FST_OK)
        add_error(&out, status, &problem, &err);
    corpus_inputs_done(inputs);
    return fst_buf_take(&out);
}

#endif
