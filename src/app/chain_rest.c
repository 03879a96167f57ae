/* What is left to run of a chain when one of its runs has failed: what does not stand on it. */
#include <stdlib.h>

#include "app.h"

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Ids of all that stands on a resource, itself too, sorted; the arena's. */
static int64_t *ids_below(const struct fst_neighbourhood *below)
{
    int64_t *ids = fst_arena_alloc(below->nodes.arena, (below->nodes.n + 1) * sizeof *ids);
    for (size_t i = 0; i < below->nodes.n; i++)
        ids[i] = below->nodes.items[i].id;
    qsort(ids, below->nodes.n, sizeof *ids, by_value);
    return ids;
}

static enum fst_status leave_out(struct fst_app *a, const char *chain_id, struct fst_chain *chain,
                                 size_t step, const char *because, struct fst_error *err)
{
    if (chain->left_out[step])
        return FST_OK;
    chain->left_out[step] = fst_arena_strdup(chain->arena, because);
    return fst_chain_note_left_out(&a->place, chain_id, chain->resources[step], because, err);
}

enum fst_status fst__chain_leave_out(struct fst_app *a, struct fst_catalog *c, const char *chain_id,
                                     struct fst_chain *chain, size_t failed, bool *goes_on,
                                     struct fst_error *err)
{
    struct fst_resource *r;
    struct fst_neighbourhood below;
    int64_t id = chain->resources[failed];
    *goes_on = false;
    FST_TRY(fst_catalog_get(c, id, &r, err));
    enum fst_status status = fst_catalog_neighbourhood(c, id, false, true, 0, false, &below, err);
    if (status == FST_OK) {
        const int64_t *ids = ids_below(&below), *made_for = &chain->made_for;
        *goes_on = !bsearch(made_for, ids, below.nodes.n, sizeof *ids, by_value);
        for (size_t i = failed + 1; status == FST_OK && i < chain->n; i++)
            if (bsearch(&chain->resources[i], ids, below.nodes.n, sizeof *ids, by_value))
                status = leave_out(a, chain_id, chain, i, fst_resource_label(r), err);
        fst_neighbourhood_done(&below);
    }
    fst_resource_free(r);
    return status;
}
