/* What is left to run of a chain when one of its runs has failed: what does not stand on it. */
#include <stdlib.h>

#include "app.h"

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Ids of all that stands on a resource, itself too, sorted. */
struct below {
    int64_t *ids; /* an arena's */
    size_t n;
};

static struct below ids_below(const struct fst_neighbourhood *around)
{
    struct below b = {.n = around->nodes.n};
    b.ids = fst_arena_alloc(around->nodes.arena, (b.n + 1) * sizeof *b.ids);
    for (size_t i = 0; i < b.n; i++)
        b.ids[i] = around->nodes.items[i].id;
    qsort(b.ids, b.n, sizeof *b.ids, by_value);
    return b;
}

static bool is_below(const struct below *b, int64_t id)
{
    return bsearch(&id, b->ids, b->n, sizeof *b->ids, by_value) != NULL;
}

static bool leave_out(struct fst_app *a, const char *chain_id, struct fst_chain *chain, size_t step,
                      const char *because)
{
    if (chain->left_out[step])
        return true;
    chain->left_out[step] = fst_arena_strdup(chain->arena, because);
    return fst_chain_note_left_out(&a->place, chain_id, chain->resources[step], because, NULL) ==
           FST_OK;
}

bool fst__chain_goes_on(struct fst_app *a, struct fst_catalog *c, const char *chain_id,
                        struct fst_chain *chain, size_t failed)
{
    struct fst_resource *r;
    struct fst_neighbourhood around;
    int64_t id = chain->resources[failed];
    if (fst_catalog_get(c, id, &r, NULL) != FST_OK)
        return false;
    bool goes_on = fst_catalog_neighbourhood(c, id, false, true, 0, false, &around, NULL) == FST_OK;
    if (goes_on) {
        struct below below = ids_below(&around);
        for (size_t i = failed + 1; goes_on && i < chain->n; i++)
            if (is_below(&below, chain->resources[i]))
                goes_on = leave_out(a, chain_id, chain, i, fst_resource_label(r));
        goes_on &= !is_below(&below, chain->made_for);
        fst_neighbourhood_done(&around);
    }
    fst_resource_free(r);
    return goes_on;
}
