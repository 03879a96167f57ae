/* Moving over a layout by keys: left and right along edges, up and down within the column. */
#include "firesteel/graph.h"

#include <stdlib.h>

static int apart(int a, int b)
{
    return a < b ? b - a : a - b;
}

/* The neighbour on that side that is nearest in row, then the upper one. */
static uint32_t along_edges(const struct fst_layout *l, const struct fst_graph *g, uint32_t at,
                            bool right)
{
    uint32_t best = at;

    for (size_t i = 0; i < g->n_edges; i++) {
        uint32_t here = right ? g->edges[i].from : g->edges[i].to;
        uint32_t there = right ? g->edges[i].to : g->edges[i].from;
        if (here != at)
            continue;
        int d = apart(l->nodes[there].y, l->nodes[at].y);
        int least = apart(l->nodes[best].y, l->nodes[at].y);
        if (best == at || d < least || (d == least && l->nodes[there].y < l->nodes[best].y))
            best = there;
    }
    return best;
}

/* The next node in the column, else the nearest one of any column: pieces need not share any. */
static uint32_t up_or_down(const struct fst_layout *l, uint32_t at, bool down)
{
    const struct fst_layout_node *from = &l->nodes[at];
    uint32_t best = at;
    int64_t least = INT64_MAX;

    for (uint32_t i = 0; i < l->n_nodes; i++) {
        int dy = down ? l->nodes[i].y - from->y : from->y - l->nodes[i].y;
        if (dy <= 0)
            continue;
        int64_t far = (int64_t)apart((int)l->nodes[i].layer, (int)from->layer) << 32;
        if (far + dy < least) {
            least = far + dy;
            best = i;
        }
    }
    return best;
}

uint32_t fst_layout_move(const struct fst_layout *l, const struct fst_graph *g, uint32_t at,
                         enum fst_direction d)
{
    if (at >= l->n_nodes)
        return at;
    if (d == FST_LEFT || d == FST_RIGHT)
        return along_edges(l, g, at, d == FST_RIGHT);
    return up_or_down(l, at, d == FST_DOWN);
}

/* ---- Walking, with a memory ------------------------------------------------------------------ */

void fst_walk_begin(struct fst_walk *w, uint32_t n_nodes)
{
    fst_walk_done(w);
    w->n_nodes = n_nodes;
    w->left = fst_alloc(((size_t)n_nodes + 1) * sizeof *w->left);
    w->right = fst_alloc(((size_t)n_nodes + 1) * sizeof *w->right);
    for (uint32_t i = 0; i < n_nodes; i++)
        w->left[i] = w->right[i] = FST_NOWHERE;
    w->parent = FST_NOWHERE;
}

void fst_walk_done(struct fst_walk *w)
{
    free(w->left);
    free(w->right);
    *w = (struct fst_walk){0};
}

static void remember(struct fst_walk *w, uint32_t at, uint32_t parent, bool is_left)
{
    (is_left ? w->left : w->right)[at] = parent;
    w->parent = parent;
    w->parent_is_left = is_left;
}

/* The next one up or down of those that hang on the parent as this one does; `at` = none. */
static uint32_t sibling(const struct fst_layout *l, const struct fst_graph *g,
                        const struct fst_walk *w, uint32_t at, bool down)
{
    uint32_t best = at;

    for (size_t i = 0; i < g->n_edges; i++) {
        uint32_t parent = w->parent_is_left ? g->edges[i].from : g->edges[i].to;
        uint32_t child = w->parent_is_left ? g->edges[i].to : g->edges[i].from;
        int dy = down ? l->nodes[child].y - l->nodes[at].y : l->nodes[at].y - l->nodes[child].y;
        if (parent == w->parent && dy > 0 &&
            (best == at || dy < apart(l->nodes[best].y, l->nodes[at].y)))
            best = child;
    }
    return best;
}

uint32_t fst_layout_walk(const struct fst_layout *l, const struct fst_graph *g, struct fst_walk *w,
                         uint32_t at, enum fst_direction d)
{
    bool is_left = d == FST_LEFT;

    if (at >= l->n_nodes || w->n_nodes != l->n_nodes)
        return at;
    if (d == FST_LEFT || d == FST_RIGHT) {
        uint32_t to = (is_left ? w->left : w->right)[at];
        to = to != FST_NOWHERE ? to : fst_layout_move(l, g, at, d);
        if (to != at)
            remember(w, to, at, !is_left);
        return to;
    }
    uint32_t to = w->parent != FST_NOWHERE ? sibling(l, g, w, at, d == FST_DOWN) : at;
    if (to != at) {
        remember(w, to, w->parent, w->parent_is_left);
        return to;
    }
    to = fst_layout_move(l, g, at, d);
    w->parent = to == at ? w->parent : FST_NOWHERE;
    return to;
}
