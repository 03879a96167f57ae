/* From a graph to layers: longest paths first, then what has few inputs moves to its readers;
 * dummies where edges pass layers; components apart. */
#include "layout.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_SPOTS = 4000000 };

struct fst__lists fst__lists_make(struct fst_arena *a, uint32_t n, const uint32_t *owners,
                                  const uint32_t *items, size_t n_pairs)
{
    struct fst__lists lists = {
        fst_arena_alloc(a, ((size_t)n + 2) * sizeof *lists.start),
        fst_arena_alloc(a, (n_pairs + 1) * sizeof *lists.items),
    };

    for (size_t i = 0; i < n_pairs; i++)
        lists.start[owners[i] + 2]++;
    for (size_t i = 2; i <= n; i++)
        lists.start[i] += lists.start[i - 1];
    for (size_t i = 0; i < n_pairs; i++)
        lists.items[lists.start[owners[i] + 1]++] = items[i];
    return lists;
}

/* ---- Layers ---------------------------------------------------------------------------------- */

/* The graph's edges without duplicates, as lists both ways. */
struct neighbours {
    struct fst__lists out, in;
};

static int by_ends(const void *a, const void *b)
{
    const struct fst_edge *x = a, *y = b;

    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->to < y->to ? -1 : x->to > y->to;
}

static struct neighbours neighbours(struct fst_arena *a, const struct fst_graph *g)
{
    struct fst_edge *edges = fst_alloc((g->n_edges + 1) * sizeof *edges);
    uint32_t *from = fst_alloc((g->n_edges + 1) * sizeof *from);
    uint32_t *to = fst_alloc((g->n_edges + 1) * sizeof *to);
    size_t n = 0;

    if (g->n_edges)
        memcpy(edges, g->edges, g->n_edges * sizeof *edges);
    qsort(edges, g->n_edges, sizeof *edges, by_ends);
    for (size_t i = 0; i < g->n_edges; i++) {
        if (i && by_ends(&edges[i], &edges[i - 1]) == 0)
            continue;
        from[n] = edges[i].from;
        to[n++] = edges[i].to;
    }
    struct neighbours both = {fst__lists_make(a, g->n_nodes, from, to, n),
                              fst__lists_make(a, g->n_nodes, to, from, n)};
    free(edges);
    free(from);
    free(to);
    return both;
}

static void longest_paths(const struct fst_graph *g, const struct neighbours *nb,
                          const uint32_t *order, uint32_t *layer)
{
    for (uint32_t i = 0; i < g->n_nodes; i++)
        for (uint32_t k = nb->out.start[order[i]]; k < nb->out.start[order[i] + 1]; k++) {
            uint32_t to = nb->out.items[k];
            if (layer[to] < layer[order[i]] + 1)
                layer[to] = layer[order[i]] + 1;
        }
}

/* A node with more readers than inputs stands just before its first reader: that makes more edges
 * shorter than longer. */
static void move_to_readers(const struct fst_graph *g, const struct neighbours *nb,
                            const uint32_t *order, uint32_t *layer)
{
    for (uint32_t i = g->n_nodes; i-- > 0;) {
        uint32_t at = order[i], first = UINT32_MAX;
        if (fst__list_size(&nb->out, at) <= fst__list_size(&nb->in, at))
            continue;
        for (uint32_t k = nb->out.start[at]; k < nb->out.start[at + 1]; k++)
            if (layer[nb->out.items[k]] < first)
                first = layer[nb->out.items[k]];
        layer[at] = first - 1;
    }
}

/* ---- Dummies and segments -------------------------------------------------------------------- */

static uint32_t span(const struct neighbours *nb, const uint32_t *layer, uint32_t at)
{
    uint32_t far = 0;

    for (uint32_t k = nb->out.start[at]; k < nb->out.start[at + 1]; k++)
        if (layer[nb->out.items[k]] - layer[at] > far)
            far = layer[nb->out.items[k]] - layer[at];
    return far;
}

static enum fst_status make_chains(struct fst__routes *r, const struct neighbours *nb,
                                   const uint32_t *layer, struct fst_error *err)
{
    size_t n = r->n_nodes;

    r->chain = fst_arena_alloc(r->arena, ((size_t)r->n_nodes + 1) * sizeof *r->chain);
    for (uint32_t i = 0; i < r->n_nodes; i++) {
        uint32_t far = span(nb, layer, i);
        r->chain[i] = (uint32_t)n;
        n += far > 1 ? far - 1 : 0;
        if (n > MAX_SPOTS)
            return fst_fail(err, FST_ENOMEM, "the graph is too large to draw");
    }
    r->chain[r->n_nodes] = (uint32_t)n;
    r->n_spots = (uint32_t)n;
    r->layer = fst_arena_alloc(r->arena, (n + 1) * sizeof *r->layer);
    for (uint32_t i = 0; i < r->n_nodes; i++) {
        r->layer[i] = layer[i];
        for (uint32_t k = r->chain[i]; k < r->chain[i + 1]; k++)
            r->layer[k] = layer[i] + 1 + k - r->chain[i];
    }
    return FST_OK;
}

static void make_segments(struct fst__routes *r, const struct neighbours *nb)
{
    size_t most = nb->out.start[r->n_nodes] + (size_t)r->n_spots, n = 0;
    uint32_t *from = fst_alloc((most + 1) * sizeof *from), *to = fst_alloc((most + 1) * sizeof *to);

    for (uint32_t i = 0; i < r->n_nodes; i++) {
        for (uint32_t k = r->chain[i]; k < r->chain[i + 1]; k++) {
            from[n] = k == r->chain[i] ? i : k - 1;
            to[n++] = k;
        }
        for (uint32_t k = nb->out.start[i]; k < nb->out.start[i + 1]; k++) {
            uint32_t far = r->layer[nb->out.items[k]] - r->layer[i];
            from[n] = far == 1 ? i : r->chain[i] + far - 2;
            to[n++] = nb->out.items[k];
        }
    }
    r->out = fst__lists_make(r->arena, r->n_spots, from, to, n);
    r->in = fst__lists_make(r->arena, r->n_spots, to, from, n);
    free(from);
    free(to);
}

/* ---- Pieces ---------------------------------------------------------------------------------- */

/* The spots that hang together with `root`, as they are met in depth first from its own piece's
 * first node: what belongs together comes together. */
struct collector {
    struct fst__routes *r;
    uint32_t *stack, *found, n_found;
    bool *seen;
};

static void push_unseen(struct collector *c, size_t *depth, const struct fst__lists *lists,
                        uint32_t at)
{
    for (uint32_t k = lists->start[at + 1]; k-- > lists->start[at];)
        if (!c->seen[lists->items[k]])
            c->stack[(*depth)++] = lists->items[k];
}

static void collect(struct collector *c, uint32_t root)
{
    size_t depth = 0;

    c->n_found = 0;
    c->stack[depth++] = root;
    while (depth) {
        uint32_t at = c->stack[--depth];
        if (c->seen[at])
            continue;
        c->seen[at] = true;
        c->found[c->n_found++] = at;
        push_unseen(c, &depth, &c->r->out, at);
        push_unseen(c, &depth, &c->r->in, at);
    }
}

static void make_piece(struct fst__routes *r, struct fst__piece *p, const uint32_t *found,
                       uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (r->layer[found[i]] >= p->n_layers)
            p->n_layers = r->layer[found[i]] + 1;
    uint32_t *layer = fst_alloc(((size_t)n + 1) * sizeof *layer);
    for (uint32_t i = 0; i < n; i++)
        layer[i] = r->layer[found[i]];
    struct fst__lists lists = fst__lists_make(r->arena, p->n_layers, layer, found, n);
    p->spots = lists.items;
    p->start = lists.start;
    for (uint32_t l = 0; l < p->n_layers; l++)
        for (uint32_t i = p->start[l]; i < p->start[l + 1]; i++)
            r->position[p->spots[i]] = i - p->start[l];
    free(layer);
}

static void make_pieces(struct fst__routes *r)
{
    size_t n_segments = r->out.start[r->n_spots];
    struct collector c = {
        .r = r,
        .stack = fst_alloc((2 * n_segments + 2) * sizeof *c.stack),
        .found = fst_alloc(((size_t)r->n_spots + 1) * sizeof *c.found),
        .seen = fst_alloc((size_t)r->n_spots + 1),
    };

    r->pieces = fst_arena_alloc(r->arena, ((size_t)r->n_nodes + 1) * sizeof *r->pieces);
    r->position = fst_arena_alloc(r->arena, ((size_t)r->n_spots + 1) * sizeof *r->position);
    for (uint32_t i = 0; i < r->n_nodes; i++) {
        if (c.seen[i])
            continue;
        collect(&c, i);
        struct fst__piece *p = &r->pieces[r->n_pieces++];
        make_piece(r, p, c.found, c.n_found);
        if (p->n_layers > r->n_layers)
            r->n_layers = p->n_layers;
    }
    free(c.stack);
    free(c.found);
    free(c.seen);
}

enum fst_status fst__make_layers(struct fst__routes *r, const struct fst_graph *g,
                                 struct fst_error *err)
{
    uint32_t *order = fst_alloc(((size_t)g->n_nodes + 1) * sizeof *order);
    uint32_t *layer = fst_alloc(((size_t)g->n_nodes + 1) * sizeof *layer);
    enum fst_status status = fst_graph_order(g, order, NULL, NULL, NULL, err);

    r->n_nodes = g->n_nodes;
    if (status == FST_OK) {
        struct neighbours nb = neighbours(r->arena, g);
        longest_paths(g, &nb, order, layer);
        move_to_readers(g, &nb, order, layer);
        status = make_chains(r, &nb, layer, err);
        if (status == FST_OK)
            make_segments(r, &nb);
    }
    if (status == FST_OK)
        make_pieces(r);
    free(order);
    free(layer);
    return status;
}
