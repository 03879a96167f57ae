/* The lineage of a resource: the DAG drawn in layers, every node with its state, walked by keys. */
#include <stdlib.h>
#include <string.h>

#include "lineage.h"

const struct fst_item *lineage_item(const struct lineage *l, uint32_t node)
{
    return &l->pic.around.nodes.items[l->pic.nodes[node].item];
}

void lineage_go(struct lineage *l, uint32_t to)
{
    l->at = to;
    l->at_id = l->pic.nodes[to].id;
}

static void open(struct view *v)
{
    struct lineage *l = v->state;
    l->ask.up = l->ask.down = true;
    lineage_load(v);
}

static void close(struct view *v)
{
    struct lineage *l = v->state;
    lineage_keep(v);
    lineage_picture_done(&l->pic);
    fst_walk_done(&l->walk);
    fst_filter_free(l->looked_for);
    free(l->ask.folds);
    free(l->hits);
    free(l->is_hit);
    free(l->way);
    free(l->edge_way);
}

static const struct {
    const char *action;
    enum fst_direction direction;
} moves[] = {{"lineage.left", FST_LEFT},
             {"lineage.right", FST_RIGHT},
             {"lineage.up", FST_UP},
             {"lineage.down", FST_DOWN}};

static bool move(struct lineage *l, const char *name)
{
    for (size_t i = 0; i < FST_COUNT(moves); i++)
        if (strcmp(moves[i].action, name) == 0) {
            lineage_go(l, fst_layout_walk(&l->pic.layout, &l->pic.graph, &l->walk, l->at,
                                          moves[i].direction));
            return true;
        }
    return false;
}

static void act_on_node(struct view *v, const char *name)
{
    struct lineage *l = v->state;
    if (l->pic.nodes[l->at].count > 1) {
        if (strcmp(name, "lineage.open") == 0)
            lineage_unfold(v);
        return;
    }
    char *id = fst_asprintf("%lld", (long long)l->at_id);
    if (strcmp(name, "lineage.open") == 0)
        wb_open(v->wb, "page", id);
    else if (strcmp(name, "lineage.runs") == 0)
        wb_act(v->wb, "act.runs", l->at_id);
    else if (strcmp(name, "lineage.root") == 0) {
        l->root = l->at_id;
        lineage_load(v);
    }
    free(id);
}

static bool action(struct view *v, const char *name)
{
    struct lineage *l = v->state;
    if (strncmp(name, "lineage.", 8) != 0 || !l->loaded)
        return false;
    if (move(l, name))
        return true;
    if (strcmp(name, "lineage.upstream") == 0)
        return lineage_show(v, true, false);
    if (strcmp(name, "lineage.downstream") == 0)
        return lineage_show(v, false, true);
    if (strcmp(name, "lineage.both") == 0)
        return lineage_show(v, true, true);
    if (strcmp(name, "lineage.next") == 0)
        lineage_next_hit(v, 1);
    else if (strcmp(name, "lineage.previous") == 0)
        lineage_next_hit(v, -1);
    else if (strcmp(name, "lineage.mark") == 0)
        lineage_mark(l);
    else if (strcmp(name, "lineage.bad") == 0) {
        l->ask.bad = !l->ask.bad;
        lineage_load(v);
    } else if (strcmp(name, "lineage.more") == 0)
        lineage_levels(v, 1);
    else if (strcmp(name, "lineage.less") == 0)
        lineage_levels(v, -1);
    else if (strcmp(name, "lineage.fold") == 0)
        lineage_fold_here(v);
    else if (strcmp(name, "lineage.map") == 0 || (l->map && strcmp(name, "lineage.open") == 0))
        l->map = !l->map;
    else
        act_on_node(v, name);
    return true;
}

/* `/` goes to what fits while one types; n and N to the others. */
static void filter(struct view *v, const char *text)
{
    struct lineage *l = v->state;
    fst_filter_free(l->looked_for);
    l->looked_for = *text ? fst_filter_new(text) : NULL;
    lineage_find(l);
    if (l->n_hits && lineage_hit(l, l->at) == l->n_hits)
        lineage_next_hit(v, 1);
}

static void title(struct view *v, struct fst_buf *out)
{
    struct lineage *l = v->state;
    fst_buf_adds(out, "lineage");
    if (!l->loaded)
        return;
    lineage_follow(v);
    const struct fst_item *it = lineage_item(l, l->at);
    for (size_t i = 0; i < l->pic.around.nodes.n; i++)
        if (l->pic.around.nodes.items[i].id == l->root)
            it = &l->pic.around.nodes.items[i];
    fst_buf_printf(out, " of %s%s%s  %u nodes%s%s", it->name, *it->variant ? "." : "", it->variant,
                   l->graph_nodes, l->pic.too_many ? ", a list" : "",
                   !l->ask.down ? "  upstream"
                   : !l->ask.up ? "  downstream"
                                : "");
    if (l->ask.levels)
        fst_buf_printf(out, "  %d level%s", l->ask.levels, l->ask.levels == 1 ? "" : "s");
    if (l->ask.bad)
        fst_buf_adds(out, "  failed or stale");
    if (l->mark_id)
        fst_buf_printf(out, "  %u nodes between", l->n_way);
    if (l->looked_for && lineage_hit(l, l->at) < l->n_hits)
        fst_buf_printf(out, "  %u of %u", lineage_hit(l, l->at) + 1, l->n_hits);
    else if (l->looked_for)
        fst_buf_printf(out, "  %u fit", l->n_hits);
    if (l->map)
        fst_buf_adds(out, "  map");
}

static int64_t selected(struct view *v)
{
    const struct lineage *l = v->state;
    return l->loaded && l->pic.nodes[l->at].count == 1 ? l->pic.nodes[l->at].id : 0;
}

const struct view_ops view_lineage = {
    .name = "lineage",
    .help = "what a resource stands on and what stands on it, drawn",
    .scopes = {"lineage", "resource", NULL},
    .state_size = sizeof(struct lineage),
    .open = open,
    .close = close,
    .action = action,
    .changed = lineage_load,
    .filter = filter,
    .title = title,
    .draw = lineage_draw,
    .selected = selected,
};
