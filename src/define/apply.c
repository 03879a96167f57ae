/* Bringing the catalog to a plan: one transaction, in the plan's order. */
#include "define.h"

#include <stdlib.h>

static enum fst_status find_edges(struct fst_catalog *c, const struct fst_dependency *deps,
                                  size_t n, struct fst_edge_in *edges, struct fst_error *err)
{
    for (size_t i = 0; i < n; i++) {
        struct fst_resource *found;
        FST_TRY(fst__find_dependency(c, &deps[i], &found, err));
        edges[i] = (struct fst_edge_in){found->id, deps[i].role};
        fst_resource_free(found);
    }
    return FST_OK;
}

static enum fst_status put(struct fst_catalog *c, struct fst_resource *r, struct fst_error *err)
{
    struct fst_dependency *deps;
    struct fst_edge_in *edges;
    size_t n;

    FST_TRY(fst__dependencies(r, &deps, &n, err));
    edges = fst_alloc((n + 1) * sizeof *edges);
    enum fst_status status = find_edges(c, deps, n, edges, err);
    if (status == FST_OK)
        status = fst_catalog_put(c, r, edges, n, err);
    free(edges);
    return status;
}

static enum fst_status apply_row(const struct fst_plan_row *row, struct fst_catalog *c,
                                 struct fst_error *err)
{
    enum fst_status status = FST_OK;

    if (row->change == FST_CHANGE_FORBIDDEN)
        status = fst_fail(err, FST_ECONFLICT,
                          "a definition never changes under its variant; give it another one\n%s",
                          row->diff ? row->diff : "");
    else if (row->change != FST_CHANGE_EQUAL)
        status = put(c, row->resource, err);
    if (status != FST_OK)
        fst__while_in(err, row->resource);
    return status;
}

enum fst_status fst_define_apply(const struct fst_plan *plan, struct fst_catalog *c,
                                 struct fst_error *err)
{
    enum fst_status status = fst_catalog_begin(c, err);

    for (size_t i = 0; status == FST_OK && i < plan->n; i++)
        status = apply_row(&plan->rows[i], c, err);
    if (status == FST_OK)
        status = fst_catalog_commit(c, err);
    if (status != FST_OK)
        fst_catalog_rollback(c);
    return status;
}
