/* What a run was sent with, as pairs: for people who compare two runs. Secrets are not in a job
 * file, and so not in here. */
#include <stdlib.h>
#include <string.h>

#include "run.h"

enum { MAX_JOB_BYTES = 16 << 20, MAX_DEPTH = 4 };

struct pairs {
    struct fst_run_facts *to;
    size_t cap;
};

static void add(struct pairs *p, const char *name, const char *value)
{
    struct fst_run_facts *f = p->to;
    if (f->n == p->cap) {
        size_t cap = p->cap ? 2 * p->cap : 32;
        struct fst_run_fact *more = fst_arena_alloc(f->arena, cap * sizeof *more);
        if (f->n)
            memcpy(more, f->items, f->n * sizeof *more);
        f->items = more;
        p->cap = cap;
    }
    f->items[f->n++] = (struct fst_run_fact){name, value};
}

static void flatten(struct pairs *p, const char *prefix, const struct fst_doc *doc, int depth)
{
    struct fst_arena *a = p->to->arena;
    if (!doc || doc->kind == FST_DOC_NULL)
        return;
    if (doc->kind == FST_DOC_MAP && depth < MAX_DEPTH) {
        for (size_t i = 0; i < doc->n; i++) {
            const char *key = doc->items[i].key;
            flatten(p, *prefix ? fst_arena_printf(a, "%s.%s", prefix, key) : key, &doc->items[i],
                    depth + 1);
        }
        return;
    }
    if (doc->kind == FST_DOC_MAP || doc->kind == FST_DOC_LIST) {
        struct fst_buf json = FST_BUF_TEXT;
        fst_doc_to_json(&json, doc);
        add(p, prefix, fst_arena_strdup(a, fst_buf_text(&json)));
        fst_buf_done(&json);
        return;
    }
    add(p, prefix, doc->text.p);
}

static void take(struct pairs *p, const struct fst_doc *job)
{
    static const char *const plain[] = {"engine",    "options", "conf",
                                        "time_zone", "program", "memory_bytes"};
    const struct fst_doc *inputs = fst_doc_get(job, "inputs");
    const char *sql = fst_doc_string(job, "sql", NULL);
    for (size_t i = 0; i < FST_COUNT(plain); i++)
        flatten(p, strcmp(plain[i], "conf") == 0 ? "" : plain[i], fst_doc_get(job, plain[i]), 0);
    int64_t most;
    const struct fst_doc *limit = fst_doc_get(job, "max_duration_us");
    if (limit && fst_doc_int(limit, &most) && most > 0) {
        struct fst_buf text = FST_BUF(64);
        fst_duration_text(&text, most);
        add(p, "max_duration", fst_arena_strdup(p->to->arena, fst_buf_text(&text)));
        fst_buf_done(&text);
    }
    if (sql)
        add(p, "sql", sql);
    for (size_t i = 0; inputs && inputs->kind == FST_DOC_LIST && i < inputs->n; i++) {
        const struct fst_doc *in = &inputs->items[i];
        const char *where = fst_doc_string(in, "uri", NULL);
        add(p, fst_arena_printf(p->to->arena, "input %s", fst_doc_string(in, "name", "?")),
            where ? where : fst_doc_string(in, "table", ""));
    }
}

enum fst_status fst_run_read_facts(const struct fst_run_place *place, const char *id,
                                   struct fst_run_facts *out, struct fst_error *err)
{
    char *path = fst__run_path(place, id, "job.json"), *text = NULL;
    struct fst_doc *job;
    size_t n;
    *out = (struct fst_run_facts){.arena = fst_arena_new()};
    struct pairs p = {out, 0};
    enum fst_status status = fst_file_read(path, MAX_JOB_BYTES, &text, &n, err);
    if (status == FST_OK)
        status = fst_json_parse(out->arena, path, text, n, NULL, &job, err);
    if (status == FST_OK)
        take(&p, job);
    free(text);
    free(path);
    if (status != FST_OK)
        fst_run_facts_done(out);
    return status;
}

void fst_run_facts_done(struct fst_run_facts *f)
{
    if (f->arena)
        fst_arena_free(f->arena);
    *f = (struct fst_run_facts){0};
}

const char *fst_run_fact(const struct fst_run_facts *f, const char *name)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->items[i].name, name) == 0)
            return f->items[i].value;
    return NULL;
}
