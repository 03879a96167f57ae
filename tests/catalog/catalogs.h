/* A catalog in a new folder, and short words for putting things into it. */
#ifndef FIRESTEEL_TESTS_CATALOGS_H
#define FIRESTEEL_TESTS_CATALOGS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "firesteel/catalog.h"

struct fixture {
    char dir[64], path[96];
    struct fst_catalog *c;
    struct fst_error err;
};

static inline void open_catalog(struct fixture *f)
{
    strcpy(f->dir, "/tmp/fst-catalog-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    snprintf(f->path, sizeof f->path, "%s/catalog.db", f->dir);
    if (fst_catalog_open(f->path, FST_CATALOG_CREATE, &f->c, &f->err) != FST_OK)
        fail_msg("%s", f->err.text);
}

static inline void close_catalog(struct fixture *f)
{
    fst_catalog_close(f->c);
    fst_remove_tree(f->dir, NULL);
}

/* Put a resource that stands on up to two others (0 = none); its id. */
static inline int64_t put(struct fixture *f, struct fst_resource *r, const char *role, int64_t a,
                          int64_t b)
{
    struct fst_edge_in edges[2] = {{a, role}, {b, role}};
    size_t n = b ? 2 : a ? 1 : 0;

    if (fst_catalog_put(f->c, r, edges, n, &f->err) != FST_OK)
        fail_msg("%s", f->err.text);
    int64_t id = r->id;
    fst_resource_free(r);
    return id;
}

static inline int64_t put_source(struct fixture *f, const char *name, const char *variant)
{
    struct fst_resource *r = fst_resource_new(FST_SOURCE, name, variant);

    r->path = fst_arena_printf(r->arena, "/data/%s/%s.parquet", name, variant);
    return put(f, r, NULL, 0, 0);
}

static inline int64_t put_sql(struct fixture *f, const char *name, const char *variant,
                              const char *sql, int64_t a, int64_t b)
{
    struct fst_resource *r = fst_resource_new(FST_TRANSFORMATION, name, variant);

    r->sql = fst_arena_strdup(r->arena, sql);
    return put(f, r, "input", a, b);
}

static inline int64_t put_feature(struct fixture *f, const char *name, int64_t from)
{
    struct fst_resource *r = fst_resource_new(FST_FEATURE, name, "v1");

    r->entity = "user";
    r->from = (struct fst_ref){"x", "v1"};
    r->entity_column = "id";
    r->value_column = fst_arena_strdup(r->arena, name);
    return put(f, r, "input", from, 0);
}

static inline struct fst_item item(struct fixture *f, int64_t id)
{
    struct fst_neighbourhood n;
    struct fst_item found = {0};

    assert_int_equal(fst_catalog_neighbourhood(f->c, id, false, false, 0, false, &n, &f->err),
                     FST_OK);
    assert_int_equal(n.nodes.n, 1);
    found = n.nodes.items[0];
    found.name = found.variant = found.run_id = NULL;
    fst_neighbourhood_done(&n);
    return found;
}

/* A READY run of `id` with at most one input. */
static inline void ran(struct fixture *f, int64_t id, const char *run, int64_t at_us,
                       const char *input, const char *read_run)
{
    struct fst_run_input in = {input, read_run, "/somewhere"};
    struct fst_run_record r = {.id = run,
                               .resource_id = id,
                               .state = FST_STATE_READY,
                               .attempt = 1,
                               .created_us = at_us,
                               .started_us = at_us + 1,
                               .finished_us = at_us + 2,
                               .rows = 7,
                               .inputs = &in,
                               .n_inputs = input ? 1 : 0};

    if (fst_catalog_add_run(f->c, &r, &f->err) != FST_OK)
        fail_msg("%s", f->err.text);
}

#endif
