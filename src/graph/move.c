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
