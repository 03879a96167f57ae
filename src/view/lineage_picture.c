/* The picture of a lineage: sorted by name, so that the same graph looks the same however it was
 * read; then what is not wanted is left out, groups become one node, and it is laid out. */
#include <stdlib.h>
#include <string.h>

#include "lineage.h"

struct id_index {
    int64_t id;
    uint32_t index;
};

static int by_name(const void *a, const void *b)
{
    const struct fst_item *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    order = order ? order : strcmp(x->variant, y->variant);
    if (order)
        return order;
    return x->kind != y->kind ? (x->kind < y->kind ? -1 : 1) : x->id < y->id ? -1 : x->id > y->id;
}

static int by_id(const void *a, const void *b)
{
    const struct id_index *x = a, *y = b;
    return x->id < y->id ? -1 : x->id > y->id;
}

static int by_ends(const void *a, const void *b)
{
    const struct fst_edge *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->to < y->to ? -1 : x->to > y->to;
}

bool lineage_is_bad(const struct fst_item *it)
{
    if (!fst_kinds[it->kind].has_variants)
        return false;
    enum fst_role role = wb_state_role(it->state, it->stale);
    return role == FST_ROLE_FAILED || role == FST_ROLE_LOST || role == FST_ROLE_STALE;
}

static const char *label_of(struct fst_arena *a, const struct fst_item *it)
{
    if (!fst_kinds[it->kind].has_variants)
        return fst_arena_printf(a, " %s", it->name);
    return fst_arena_printf(a, "%c %s.%s",
                            wb_is_outdated(it->state, it->stale) ? '!' : fst_states[it->state].mark,
                            it->name, it->variant);
}

static uint32_t look_up(const struct id_index *ids, size_t n, int64_t id)
{
    struct id_index key = {id, 0}, *at = n ? bsearch(&key, ids, n, sizeof key, by_id) : NULL;
    return at ? at->index : UINT32_MAX;
}

/* Edges between items, those with both ends here. */
static size_t item_edges(struct lineage_picture *p, const struct id_index *ids,
                         struct fst_edge *out)
{
    size_t n = 0;
    for (size_t i = 0; i < p->around.n_edges; i++) {
        uint32_t from = look_up(ids, p->around.nodes.n, p->around.edges[i].from);
        uint32_t to = look_up(ids, p->around.nodes.n, p->around.edges[i].to);
        if (from != UINT32_MAX && to != UINT32_MAX && from != to)
            out[n++] = (struct fst_edge){from, to};
    }
    qsort(out, n, sizeof *out, by_ends);
    return n;
}

/* What is bad, and what lies between two of them: below one and above one. One more node stands
 * for all that is bad. */
static void keep_bad(struct lineage_picture *p, const struct fst_edge *edges, size_t n_edges,
                     uint32_t root, bool *keep)
{
    uint32_t n = (uint32_t)p->around.nodes.n, n_bad = 0;
    struct fst_edge *more = fst_alloc((n_edges + n + 1) * sizeof *more);
    bool *below = fst_alloc(n + 1), *above = fst_alloc(n + 1);
    struct fst_graph g = {n + 1, more, n_edges};
    if (n_edges)
        memcpy(more, edges, n_edges * sizeof *more);
    for (uint32_t i = 0; i < n; i++)
        if (lineage_is_bad(&p->around.nodes.items[i])) {
            more[g.n_edges++] = (struct fst_edge){n, i};
            n_bad++;
        }
    memset(below, 0, n + 1);
    memset(above, 0, n + 1);
    fst_graph_reach(&g, n, true, below);
    for (size_t i = n_edges; i < g.n_edges; i++)
        more[i] = (struct fst_edge){more[i].to, n};
    fst_graph_reach(&g, n, false, above);
    p->none_bad = n_bad == 0;
    for (uint32_t i = 0; i < n; i++)
        keep[i] = p->none_bad || (below[i] && above[i]) || i == root;
    free(more);
    free(below);
    free(above);
}

static int group_of(const struct lineage_ask *ask, int64_t id)
{
    for (size_t i = 0; i < ask->n_folds; i++)
        if (ask->folds[i].id == id)
            return ask->folds[i].group;
    return -1;
}

/* Nodes of what is kept; node_of[item] or UINT32_MAX. */
static void make_nodes(struct lineage_picture *p, const struct lineage_ask *ask, const bool *keep,
                       uint32_t *node_of)
{
    struct fst_items *items = &p->around.nodes;
    uint32_t n = 0;
    p->nodes = fst_arena_alloc(items->arena, (items->n + 1) * sizeof *p->nodes);
    for (uint32_t i = 0; i < items->n; i++) {
        node_of[i] = UINT32_MAX;
        if (!keep[i])
            continue;
        int group = ask->n_folds ? group_of(ask, items->items[i].id) : -1;
        int64_t id = group < 0 ? items->items[i].id : -(int64_t)group - 1;
        uint32_t at = group < 0 ? n : 0;
        while (at < n && p->nodes[at].id != id)
            at++;
        if (at == n)
            p->nodes[n++] = (struct lineage_node){id, i, 0};
        p->nodes[at].count++;
        if (lineage_is_bad(&items->items[i])) /* the worst speaks for a group */
            p->nodes[at].item = i;
        node_of[i] = at;
    }
    p->graph.n_nodes = n;
}

static void make_edges(struct lineage_picture *p, const struct fst_edge *edges, size_t n_edges,
                       const uint32_t *node_of)
{
    size_t n = 0;
    p->edges = fst_arena_alloc(p->around.nodes.arena, (n_edges + 1) * sizeof *p->edges);
    for (size_t i = 0; i < n_edges; i++) {
        uint32_t from = node_of[edges[i].from], to = node_of[edges[i].to];
        if (from != UINT32_MAX && to != UINT32_MAX && from != to)
            p->edges[n++] = (struct fst_edge){from, to};
    }
    qsort(p->edges, n, sizeof *p->edges, by_ends);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (!kept || by_ends(&p->edges[kept - 1], &p->edges[i]) != 0)
            p->edges[kept++] = p->edges[i];
    p->graph.edges = p->edges;
    p->graph.n_edges = kept;
}

static int *make_labels(struct lineage_picture *p)
{
    struct fst_arena *a = p->around.nodes.arena;
    size_t n = p->graph.n_nodes;
    int *widths = fst_arena_alloc(a, (n + 1) * sizeof *widths);
    p->labels = fst_arena_alloc(a, (n + 1) * sizeof *p->labels);
    for (size_t i = 0; i < n; i++) {
        const struct fst_item *it = &p->around.nodes.items[p->nodes[i].item];
        p->labels[i] = label_of(a, it);
        if (p->nodes[i].count > 1)
            p->labels[i] = fst_arena_printf(a, "%s + %u more", p->labels[i], p->nodes[i].count - 1);
        widths[i] = (int)fst_text_width(p->labels[i], strlen(p->labels[i]));
    }
    return widths;
}

/* One below the other: too many for a drawing. */
static void list_them(struct lineage_picture *p, const int *widths)
{
    struct fst_layout *l = &p->layout;
    *l = (struct fst_layout){.arena = fst_arena_new(),
                             .n_nodes = p->graph.n_nodes,
                             .n_layers = 1,
                             .height = (int)p->graph.n_nodes};
    l->nodes = fst_arena_alloc(l->arena, ((size_t)l->n_nodes + 1) * sizeof *l->nodes);
    for (uint32_t i = 0; i < l->n_nodes; i++) {
        l->nodes[i] = (struct fst_layout_node){0, i, 0, (int)i, widths[i]};
        l->width = widths[i] > l->width ? widths[i] : l->width;
    }
}

static int by_x(const void *a, const void *b, void *arg)
{
    const struct fst_layout_node *nodes = arg;
    int x = nodes[*(const uint32_t *)a].x, y = nodes[*(const uint32_t *)b].x;
    return x < y ? -1 : x > y;
}

static void make_rows(struct lineage_picture *p)
{
    const struct fst_layout *l = &p->layout;
    struct fst_arena *a = p->around.nodes.arena;
    size_t rows = (size_t)l->height + 2;
    uint32_t *next = fst_alloc(rows * sizeof *next);
    p->by_row = fst_arena_alloc(a, ((size_t)l->n_nodes + 1) * sizeof *p->by_row);
    p->row_start = fst_arena_alloc(a, rows * sizeof *p->row_start);
    memset(p->row_start, 0, rows * sizeof *p->row_start);
    for (uint32_t i = 0; i < l->n_nodes; i++)
        p->row_start[l->nodes[i].y + 1]++;
    for (size_t y = 1; y < rows; y++)
        p->row_start[y] += p->row_start[y - 1];
    memcpy(next, p->row_start, rows * sizeof *next);
    for (uint32_t i = 0; i < l->n_nodes; i++)
        p->by_row[next[l->nodes[i].y]++] = i;
    for (int y = 0; y < l->height; y++)
        qsort_r(p->by_row + p->row_start[y], p->row_start[y + 1] - p->row_start[y],
                sizeof *p->by_row, by_x, l->nodes);
    free(next);
}

enum fst_status lineage_picture_make(struct lineage_picture *p, const struct lineage_ask *ask,
                                     int64_t root, struct fst_error *err)
{
    struct fst_items *items = &p->around.nodes;
    struct fst_arena *a = items->arena;
    struct id_index *ids = fst_arena_alloc(a, (items->n + 1) * sizeof *ids);
    struct fst_edge *edges = fst_arena_alloc(a, (p->around.n_edges + 1) * sizeof *edges);
    bool *keep = fst_arena_alloc(a, items->n + 1);
    uint32_t *node_of = fst_arena_alloc(a, (items->n + 1) * sizeof *node_of);

    if (items->n)
        qsort(items->items, items->n, sizeof *items->items, by_name);
    for (uint32_t i = 0; i < items->n; i++)
        ids[i] = (struct id_index){items->items[i].id, i};
    qsort(ids, items->n, sizeof *ids, by_id);
    size_t n_edges = item_edges(p, ids, edges);
    memset(keep, 1, items->n);
    if (ask->bad)
        keep_bad(p, edges, n_edges, look_up(ids, items->n, root), keep);
    make_nodes(p, ask, keep, node_of);
    make_edges(p, edges, n_edges, node_of);
    int *widths = make_labels(p);
    p->too_many = p->graph.n_nodes > LINEAGE_MAX;
    enum fst_status status = FST_OK;
    if (p->too_many)
        list_them(p, widths);
    else
        status = fst_graph_layout(&p->graph, widths, &p->layout, err);
    if (status != FST_OK && ask->n_folds) { /* what was folded lies in a circle by now */
        struct lineage_ask open = *ask;
        open.n_folds = 0;
        p->unfolded = true;
        return lineage_picture_make(p, &open, root, err);
    }
    if (status == FST_OK)
        make_rows(p);
    return status;
}

void lineage_picture_done(struct lineage_picture *p)
{
    fst_layout_done(&p->layout);
    fst_neighbourhood_done(&p->around);
    *p = (struct lineage_picture){0};
}

uint32_t lineage_picture_find(const struct lineage_picture *p, int64_t id)
{
    uint32_t i = 0;
    while (i < p->graph.n_nodes && p->nodes[i].id != id)
        i++;
    return i;
}
