/* Dependency order, cycles, and what can be reached. */
#include "firesteel/graph.h"

#include <stdlib.h>
#include <string.h>

/* Out-neighbours of every node: list i is to[start[i] .. start[i + 1]). */
struct adjacency {
    size_t *start;
    uint32_t *to;
};

static struct adjacency adjacency(const struct fst_graph *g, bool forward)
{
    struct adjacency a = {fst_alloc(((size_t)g->n_nodes + 2) * sizeof *a.start),
                          fst_alloc((g->n_edges + 1) * sizeof *a.to)};

    for (size_t i = 0; i < g->n_edges; i++)
        a.start[(forward ? g->edges[i].from : g->edges[i].to) + 2]++;
    for (size_t i = 2; i <= g->n_nodes; i++)
        a.start[i] += a.start[i - 1];
    for (size_t i = 0; i < g->n_edges; i++) {
        uint32_t from = forward ? g->edges[i].from : g->edges[i].to;
        uint32_t to = forward ? g->edges[i].to : g->edges[i].from;
        a.to[a.start[from + 1]++] = to;
    }
    return a;
}

static void adjacency_done(struct adjacency *a)
{
    free(a->start);
    free(a->to);
}

/* ---- Order ----------------------------------------------------------------------------------- */

/* A heap of indexes, the least first: ties go by index. */
struct heap {
    uint32_t *items, n;
};

static void heap_push(struct heap *h, uint32_t value)
{
    uint32_t i = h->n++;

    for (; i && h->items[(i - 1) / 2] > value; i = (i - 1) / 2)
        h->items[i] = h->items[(i - 1) / 2];
    h->items[i] = value;
}

static uint32_t heap_pop(struct heap *h)
{
    uint32_t top = h->items[0], value = h->items[--h->n], i = 0;

    for (uint32_t child; (child = 2 * i + 1) < h->n; i = child) {
        if (child + 1 < h->n && h->items[child + 1] < h->items[child])
            child++;
        if (h->items[child] >= value)
            break;
        h->items[i] = h->items[child];
    }
    h->items[i] = value;
    return top;
}

/* Nodes in order as far as there is one; `waits` keeps what each of the others waits for. */
static uint32_t sort(const struct fst_graph *g, const struct adjacency *a, uint32_t *waits,
                     uint32_t *order)
{
    struct heap ready = {fst_alloc(((size_t)g->n_nodes + 1) * sizeof *ready.items), 0};
    uint32_t n = 0;

    for (size_t i = 0; i < g->n_edges; i++)
        waits[g->edges[i].to]++;
    for (uint32_t i = 0; i < g->n_nodes; i++)
        if (!waits[i])
            heap_push(&ready, i);
    while (ready.n) {
        uint32_t at = order[n++] = heap_pop(&ready);
        for (size_t i = a->start[at]; i < a->start[at + 1]; i++)
            if (--waits[a->to[i]] == 0)
                heap_push(&ready, a->to[i]);
    }
    free(ready.items);
    return n;
}

/* Every node that still waits has one before it that waits: going back must come round. */
static void find_cycle(const struct fst_graph *g, const uint32_t *waits, struct fst_arena *arena,
                       uint32_t **cycle, size_t *n_cycle)
{
    struct adjacency back = adjacency(g, false);
    bool *seen = fst_alloc((size_t)g->n_nodes + 1);
    uint32_t at = 0, *path = fst_alloc((size_t)g->n_nodes * sizeof *path);
    size_t n = 0, from = 0;

    while (!waits[at])
        at++;
    for (; !seen[at]; path[n++] = at, seen[at] = true, at = back.to[from]) {
        from = back.start[at];
        while (!waits[back.to[from]])
            from++;
    }
    for (from = 0; path[from] != at;)
        from++;
    *n_cycle = n - from;
    *cycle = fst_arena_alloc(arena, *n_cycle * sizeof **cycle);
    for (size_t i = 0; i < *n_cycle; i++)
        (*cycle)[i] = path[n - 1 - i];
    adjacency_done(&back);
    free(seen);
    free(path);
}

static enum fst_status check(const struct fst_graph *g, struct fst_error *err)
{
    for (size_t i = 0; i < g->n_edges; i++)
        if (g->edges[i].from >= g->n_nodes || g->edges[i].to >= g->n_nodes)
            return fst_fail(err, FST_EINVAL, "edge %zu of the graph joins no nodes", i);
    return FST_OK;
}

enum fst_status fst_graph_order(const struct fst_graph *g, uint32_t *order, struct fst_arena *arena,
                                uint32_t **cycle, size_t *n_cycle, struct fst_error *err)
{
    if (cycle)
        *cycle = NULL;
    if (n_cycle)
        *n_cycle = 0;
    FST_TRY(check(g, err));
    struct adjacency a = adjacency(g, true);
    uint32_t *waits = fst_alloc(((size_t)g->n_nodes + 1) * sizeof *waits);
    uint32_t n = sort(g, &a, waits, order);
    if (n < g->n_nodes && arena && cycle && n_cycle)
        find_cycle(g, waits, arena, cycle, n_cycle);
    adjacency_done(&a);
    free(waits);
    if (n < g->n_nodes)
        return fst_fail(err, FST_EINVAL, "the graph goes in a circle");
    return FST_OK;
}

/* On from the `depth` nodes on the stack, which are marked; how many edges were looked at. */
static size_t follow(const struct adjacency *a, uint32_t *stack, size_t depth, bool *marks)
{
    size_t looked = 0;

    while (depth) {
        uint32_t at = stack[--depth];
        looked += a->start[at + 1] - a->start[at];
        for (size_t i = a->start[at]; i < a->start[at + 1]; i++) {
            if (marks[a->to[i]])
                continue;
            marks[a->to[i]] = true;
            stack[depth++] = a->to[i];
        }
    }
    return looked;
}

void fst_graph_reach(const struct fst_graph *g, uint32_t start, bool downstream, bool *marks)
{
    struct adjacency a = adjacency(g, downstream);
    uint32_t *stack = fst_alloc(((size_t)g->n_nodes + 1) * sizeof *stack);

    memset(marks, 0, g->n_nodes);
    marks[start] = true;
    stack[0] = start;
    follow(&a, stack, 1, marks);
    adjacency_done(&a);
    free(stack);
}

size_t fst_graph_spread(const struct fst_graph *g, bool *marks)
{
    struct adjacency a = adjacency(g, true);
    uint32_t *stack = fst_alloc(((size_t)g->n_nodes + 1) * sizeof *stack);
    size_t depth = 0;

    for (uint32_t i = 0; i < g->n_nodes; i++)
        if (marks[i])
            stack[depth++] = i;
    size_t looked = follow(&a, stack, depth, marks);
    adjacency_done(&a);
    free(stack);
    return looked;
}
