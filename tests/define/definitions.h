/* Definitions from text and a catalog in a new folder. */
#ifndef FIRESTEEL_TESTS_DEFINITIONS_H
#define FIRESTEEL_TESTS_DEFINITIONS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "firesteel/define.h"

#define NOON INT64_C(1767355200000000) /* 2026-01-02 12:00:00 UTC */

struct fixture {
    char dir[64];
    struct fst_catalog *c;
    struct fst_error err;
};

static inline void open_catalog(struct fixture *f)
{
    char *path;

    strcpy(f->dir, "/tmp/fst-define-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    path = fst_path_join(f->dir, "catalog.db");
    if (fst_catalog_open(path, FST_CATALOG_CREATE, &f->c, &f->err) != FST_OK)
        fail_msg("%s", f->err.text);
    free(path);
}

static inline void close_catalog(struct fixture *f)
{
    fst_catalog_close(f->c);
    fst_remove_tree(f->dir, NULL);
}

static inline enum fst_status read_text(struct fst_definitions *d, const char *text,
                                        struct fst_error *err)
{
    return fst_define_read(d, "defs.yaml", "/work dir", text, strlen(text), NULL, err);
}

/* Plan `text` at `now`; the definitions live on in `d`. */
static inline enum fst_status plan_text(struct fixture *f, const char *text, int64_t now,
                                        struct fst_definitions *d, struct fst_plan *plan)
{
    *d = (struct fst_definitions){NULL};
    if (read_text(d, text, &f->err) != FST_OK)
        fail_msg("%s", f->err.text);
    return fst_define_plan(d, f->c, now, plan, &f->err);
}

static inline void apply_text(struct fixture *f, const char *text, int64_t now)
{
    struct fst_definitions d;
    struct fst_plan plan;

    if (plan_text(f, text, now, &d, &plan) != FST_OK ||
        fst_define_apply(&plan, f->c, &f->err) != FST_OK)
        fail_msg("%s", f->err.text);
    fst_plan_done(&plan);
    fst_definitions_done(&d);
}

/* The error that planning `text` ends with. */
static inline const char *plan_error(struct fixture *f, const char *text, enum fst_status status)
{
    struct fst_definitions d;
    struct fst_plan plan;

    assert_int_equal(plan_text(f, text, NOON, &d, &plan), status);
    fst_definitions_done(&d);
    return f->err.text;
}

#endif
