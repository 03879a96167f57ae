/* What the Parquet tests share: files into dumps, frames into files, Python when it is there. */
#ifndef PARQUET_SUPPORT_H
#define PARQUET_SUPPORT_H

#include <libgen.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "formats.h"

static inline bool to_buf(void *arg, const void *p, size_t n)
{
    fst_buf_add(arg, p, n);
    return true;
}

/* The line of names and types of a dump. */
static inline void dump_head(struct fst_buf *out, const struct fst_schema *schema)
{
    fst_buf_addc(out, '[');
    for (size_t i = 0; i < schema->n; i++) {
        struct fst_buf type = FST_BUF_TEXT;
        fst_type_text(&type, &schema->fields[i].type);
        fst_buf_adds(out, i ? ",[" : "[");
        fst_json_quote(out, schema->fields[i].name, strlen(schema->fields[i].name));
        fst_buf_addc(out, ',');
        fst_json_quote(out, fst_buf_text(&type), type.n);
        fst_buf_addc(out, ']');
        fst_buf_done(&type);
    }
    fst_buf_adds(out, "]\n");
}

static inline void dump_frame(struct fst_buf *out, const struct fst_frame *f)
{
    for (size_t row = 0; row < f->n_rows; row++) {
        for (size_t i = 0; i < f->n_columns; i++) {
            fst_buf_adds(out, i ? "," : "[");
            if (f->columns[i].unreadable) {
                fst_buf_adds(out, "{\"unreadable\":");
                fst_json_quote(out, f->columns[i].unreadable, strlen(f->columns[i].unreadable));
                fst_buf_addc(out, '}');
            } else {
                fst_cell_json(out, &f->columns[i], row);
            }
        }
        fst_buf_adds(out, f->n_columns ? "]\n" : "[]\n");
    }
}

/* Everything a file says, `step` rows at a time and at most `max_rows`. Takes the bytes. */
static inline char *dump(struct fst_bytes *bytes, const struct fst_read_options *options,
                         size_t step, size_t max_rows)
{
    struct fst_buf out = FST_BUF((size_t)256 << 20);
    struct fst_error err = {0};
    struct fst_reader *r = NULL;
    enum fst_status status = fst_format_parquet.open(bytes, options, &r, &err);
    if (status == FST_OK)
        dump_head(&out, r->schema);
    for (size_t rows = 0; status == FST_OK && rows < max_rows;) {
        struct fst_frame *f = NULL;
        status = fst_reader_next(r, step, &f, &err);
        if (!f)
            break;
        dump_frame(&out, f);
        rows += f->n_rows;
        fst_frame_unref(f);
    }
    if (status != FST_OK) {
        fst_buf_clear(&out);
        fst_buf_printf(&out, "error: %s: %s\n", fst_status_name(status), err.text);
    }
    fst_reader_close(r);
    return fst_buf_take(&out);
}

static inline char *dump_file(const char *path, size_t step)
{
    struct fst_bytes *bytes;
    assert_int_equal(fst_bytes_open_file(path, &bytes, NULL), FST_OK);
    return dump(bytes, NULL, step, SIZE_MAX);
}

/* Write what a reader gives, but for columns that cannot be written; takes the reader. */
static inline enum fst_status rewrite(struct fst_reader *r, const struct fst_write_options *options,
                                      struct fst_buf *out, struct fst_error *err)
{
    struct fst_writer *w = NULL;
    enum fst_status status = fst_format_parquet.create(
        r->schema, (struct fst_sink){.write = to_buf, .arg = out}, options, &w, err);
    while (status == FST_OK) {
        struct fst_frame *f = NULL;
        status = fst_reader_next(r, 1000, &f, err);
        if (!f)
            break;
        if (status == FST_OK)
            status = fst_writer_write(w, f, err);
        fst_frame_unref(f);
    }
    if (status == FST_OK)
        status = fst_writer_finish(w, err);
    fst_writer_free(w);
    fst_reader_close(r);
    return status;
}

/* ---- Python ---------------------------------------------------------------------------------- */

/* Say that a test is left out; under CI that is a failure. */
static inline void leave_out(const char *why)
{
    printf("SKIP %s\n", why);
    const char *ci = getenv("CI");
    if (ci && *ci)
        fail_msg("not to be left out under CI: %s", why);
    skip();
}

static inline void need_python(void)
{
    const char *python = getenv("FIRESTEEL_PYTHON");
    char *command = fst_asprintf("'%s' -c 'import pyarrow, duckdb' >/dev/null 2>&1",
                                 python ? python : "python3");
    bool has = system(command) == 0;
    free(command);
    if (!has)
        leave_out("Parquet against pyarrow and DuckDB: $FIRESTEEL_PYTHON has not both");
}

/* Run the script beside this file; its words are the test's output when it fails. */
static inline void run_python(const char *verb, const char *args)
{
    char here[] = __FILE__;
    char *command = fst_asprintf("'%s' '%s/parquet_interop.py' %s %s", getenv("FIRESTEEL_PYTHON"),
                                 dirname(here), verb, args);
    assert_int_equal(system(command), 0);
    free(command);
}

#endif
