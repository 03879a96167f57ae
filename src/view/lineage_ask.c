/* What is wanted of a lineage: which way from its centre, how many levels, and what is folded into
 * one node. */
#include <stdlib.h>
#include <string.h>

#include "lineage.h"

bool lineage_show(struct view *v, bool up, bool down)
{
    struct lineage *l = v->state;
    l->ask.up = up;
    l->ask.down = down;
    lineage_load(v);
    return true;
}

/* ---- Folding --------------------------------------------------------------------------------- */

static void fold(struct lineage *l, int64_t id)
{
    l->ask.folds = fst_realloc(l->ask.folds, (l->ask.n_folds + 1) * sizeof *l->ask.folds);
    l->ask.folds[l->ask.n_folds++] = (struct lineage_fold){id, l->n_groups};
}

/* As the node under the cursor: in its layer, of its kind, and with `n` bytes of its name. */
static uint32_t fold_alike(struct lineage *l, size_t n, bool really)
{
    const struct fst_item *here = lineage_item(l, l->at);
    uint32_t alike = 0;
    for (uint32_t i = 0; i < l->graph_nodes; i++) {
        const struct fst_item *it = lineage_item(l, i);
        if (l->pic.nodes[i].count > 1 || it->kind != here->kind ||
            l->pic.layout.nodes[i].layer != l->pic.layout.nodes[l->at].layer ||
            strncmp(it->name, here->name, n) != 0)
            continue;
        alike++;
        if (really)
            fold(l, it->id);
    }
    return alike;
}

void lineage_fold_here(struct view *v)
{
    struct lineage *l = v->state;
    const char *name = lineage_item(l, l->at)->name;
    size_t prefix = strcspn(name, "_-.");
    prefix += name[prefix] != 0;
    if (l->pic.nodes[l->at].count > 1)
        return;
    if (fold_alike(l, prefix, false) < 2)
        prefix = 0;
    if (fold_alike(l, prefix, false) < 2) {
        wb_say(v->wb, FST_ROLE_INFO, "nothing of its kind is in this layer to fold it with");
        return;
    }
    fold_alike(l, prefix, true);
    l->at_id = -(int64_t)l->n_groups++ - 1;
    lineage_load(v);
}

void lineage_unfold(struct view *v)
{
    struct lineage *l = v->state;
    int group = (int)(-l->at_id - 1);
    size_t kept = 0;
    l->at_id = lineage_item(l, l->at)->id;
    for (size_t i = 0; i < l->ask.n_folds; i++)
        if (l->ask.folds[i].group != group)
            l->ask.folds[kept++] = l->ask.folds[i];
    l->ask.n_folds = kept;
    lineage_load(v);
}

/* ---- Levels ---------------------------------------------------------------------------------- */

/* How many steps the farthest node is from the root, up or down. */
static int farthest(const struct lineage *l)
{
    uint32_t n = l->graph_nodes, root = lineage_picture_find(&l->pic, l->root);
    int *steps = fst_alloc(((size_t)n + 1) * sizeof *steps), far = 0;
    for (int down = 0; down < 2 && root < n; down++) {
        bool more = true;
        for (uint32_t i = 0; i < n; i++)
            steps[i] = i == root ? 0 : -1;
        for (int step = 1; more; step++) {
            more = false;
            for (size_t i = 0; i < l->pic.graph.n_edges; i++) {
                uint32_t from = down ? l->pic.edges[i].from : l->pic.edges[i].to;
                uint32_t to = down ? l->pic.edges[i].to : l->pic.edges[i].from;
                if (steps[from] != step - 1 || steps[to] >= 0)
                    continue;
                steps[to] = step;
                more = true;
                far = step > far ? step : far;
            }
        }
    }
    free(steps);
    return far;
}

void lineage_levels(struct view *v, int step)
{
    struct lineage *l = v->state;
    int far = farthest(l), n = l->ask.levels ? l->ask.levels : far;
    n = n + step < 1 ? 1 : n + step;
    l->ask.levels = step > 0 && (!l->ask.levels || far < l->ask.levels) ? 0 : n;
    lineage_load(v);
}
