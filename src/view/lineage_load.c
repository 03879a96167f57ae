/* A lineage is read by a worker, and its picture takes the place of the one that is shown. */
#include <stdlib.h>
#include <string.h>

#include "lineage.h"

struct lineage_task {
    struct task task;
    char *target;
    struct lineage_ask ask;
    int64_t root;
    struct lineage_picture pic;
};

static void work(struct task *t)
{
    struct lineage_task *l = (struct lineage_task *)t;
    struct fst_place p;
    struct fst_catalog *c;
    if (!fst_parse_int64(l->target, strlen(l->target), &l->root)) {
        t->status = fst_app_find(t->wb->app, l->target, &p, &t->err);
        if (t->status != FST_OK)
            return;
        l->root = p.resource ? p.resource->id : 0;
        fst_place_done(&p);
    }
    t->status = fst_app_take(t->wb->app, &c, &t->err);
    if (t->status != FST_OK)
        return;
    struct fst_resource *r;
    t->status = fst_catalog_get(c, l->root, &r, &t->err);
    if (t->status == FST_OK) {
        bool whole = !fst_kinds[r->kind].has_variants; /* a provider's or an entity's own edges */
        t->status = fst_catalog_neighbourhood(c, l->root, l->ask.up, l->ask.down, l->ask.levels,
                                              whole, &l->pic.around, &t->err);
        fst_resource_free(r);
        if (t->status == FST_OK)
            t->status = lineage_picture_make(&l->pic, &l->ask, l->root, &t->err);
    }
    fst_app_give(t->wb->app, c);
}

static void release(struct task *t)
{
    struct lineage_task *l = (struct lineage_task *)t;
    lineage_picture_done(&l->pic);
    free(l->ask.folds);
    free(l->target);
}

static bool same_nodes(const struct lineage_picture *a, const struct lineage_picture *b)
{
    if (a->graph.n_nodes != b->graph.n_nodes || a->graph.n_edges != b->graph.n_edges)
        return false;
    for (uint32_t i = 0; i < a->graph.n_nodes; i++)
        if (a->nodes[i].id != b->nodes[i].id)
            return false;
    return a->graph.n_edges == 0 ||
           memcmp(a->edges, b->edges, a->graph.n_edges * sizeof *a->edges) == 0;
}

/* A picture that was read takes the place of the one that is shown. */
static void take(struct lineage *l, struct lineage_task *lt)
{
    bool same = l->loaded && same_nodes(&l->pic, &lt->pic);
    lineage_picture_done(&l->pic);
    l->pic = lt->pic;
    lt->pic = (struct lineage_picture){0};
    l->graph_nodes = l->pic.graph.n_nodes;
    l->loaded = l->graph_nodes > 0;
    l->root = lt->root;
    l->at_id = l->at_id ? l->at_id : l->root;
    l->at = lineage_picture_find(&l->pic, l->at_id);
    if (l->at >= l->graph_nodes)
        l->at = lineage_picture_find(&l->pic, l->root);
    if (l->at >= l->graph_nodes)
        l->at = 0;
    if (l->loaded && !l->again) /* else it may be in the picture that comes */
        l->at_id = l->pic.nodes[l->at].id;
    if (!same)
        fst_walk_begin(&l->walk, l->graph_nodes);
    free(l->way);
    free(l->edge_way);
    l->way = fst_alloc((size_t)l->graph_nodes + 1);
    l->edge_way = fst_alloc(l->pic.graph.n_edges + 1);
    l->way_of = UINT32_MAX;
    lineage_find(l);
}

static void done(struct task *t, struct view *v)
{
    struct lineage_task *lt = (struct lineage_task *)t;
    if (!v)
        return;
    struct lineage *l = v->state;
    l->loading = false;
    if (t->status != FST_OK) {
        wb_say_error(t->wb, &t->err);
    } else if (!l->loaded && lineage_recall(v, lt->root)) {
        l->again = true; /* with what is folded */
    } else {
        take(l, lt);
        if (l->pic.none_bad) {
            l->ask.bad = false;
            wb_say(v->wb, FST_ROLE_OK, "nothing here failed or is stale: all is shown");
        }
        if (l->pic.unfolded)
            l->ask.n_folds = 0;
        if (l->pic.too_many)
            wb_say(v->wb, FST_ROLE_WARN, "%u nodes are too many to draw (%d): a list; - for less",
                   l->graph_nodes, LINEAGE_MAX);
        v->live = false;
        for (size_t i = 0; i < l->pic.around.nodes.n; i++) {
            enum fst_state s = l->pic.around.nodes.items[i].state;
            v->live |= s != FST_STATE_NONE && !fst_states[s].final;
        }
    }
    if (l->again)
        lineage_load(v);
}

void lineage_load(struct view *v)
{
    struct lineage *l = v->state;
    l->again = l->loading;
    if (l->loading)
        return;
    struct lineage_task *t = wb_task_new(v->wb, v, sizeof *t, work, done, release);
    t->target =
        l->root ? fst_asprintf("%lld", (long long)l->root) : fst_strdup(v->target ? v->target : "");
    t->ask = l->ask;
    t->ask.folds = fst_alloc((l->ask.n_folds + 1) * sizeof *t->ask.folds);
    if (l->ask.n_folds)
        memcpy(t->ask.folds, l->ask.folds, l->ask.n_folds * sizeof *t->ask.folds);
    l->loading = true;
    wb_task_start(&t->task, "walking the lineage");
}
