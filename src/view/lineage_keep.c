/* What is kept of lineages while the workbench runs: of each centre what was folded, and the mark.
 */
#include <stdlib.h>

#include "lineage.h"

struct kept {
    struct lineage_fold *folds;
    size_t n_folds;
    int n_groups;
    int64_t mark_id;
};

static void free_kept(void *value)
{
    struct kept *k = value;
    if (k)
        free(k->folds);
    free(k);
}

/* Put `k` (NULL = nothing) in the place of what was kept of a centre, which is returned. */
static struct kept *change(struct wb *wb, int64_t root, struct kept *k)
{
    if (!wb->lineages)
        wb->lineages = fst_map_new();
    char *id = fst_asprintf("%lld", (long long)root);
    struct kept *old = fst_map_set(wb->lineages, id, k);
    free(id);
    return old;
}

void lineage_keep(struct view *v)
{
    struct lineage *l = v->state;
    if (!l->root || (!l->ask.n_folds && !l->mark_id))
        return;
    struct kept *k = fst_alloc(sizeof *k);
    *k = (struct kept){l->ask.folds, l->ask.n_folds, l->n_groups, l->mark_id};
    l->ask.folds = NULL;
    l->ask.n_folds = 0;
    free_kept(change(v->wb, l->root, k));
}

bool lineage_recall(struct view *v, int64_t root)
{
    struct lineage *l = v->state;
    struct kept *k = change(v->wb, root, NULL);
    if (!k)
        return false;
    l->root = root;
    l->ask.folds = k->folds;
    l->ask.n_folds = k->n_folds;
    l->n_groups = k->n_groups;
    l->mark_id = k->mark_id;
    k->folds = NULL;
    free_kept(k);
    return true;
}

void wb_lineages_free(struct wb *wb)
{
    if (wb->lineages)
        fst_map_free(wb->lineages, free_kept);
    wb->lineages = NULL;
}
