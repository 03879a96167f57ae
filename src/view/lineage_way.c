/* What stands out in a lineage: the way of the node under the cursor. */
#include <stdlib.h>
#include <string.h>

#include "lineage.h"

/* Both ways from the cursor; with a mark, what lies between it and the cursor. */
static void find_way(struct lineage *l)
{
    const struct fst_graph *g = &l->pic.graph;
    uint32_t mark = l->mark_id ? lineage_picture_find(&l->pic, l->mark_id) : g->n_nodes;
    bool marked = mark < g->n_nodes, *up = fst_alloc((size_t)g->n_nodes + 1),
         *down = fst_alloc((size_t)g->n_nodes + 1);
    l->way_of = l->at;
    l->n_way = 0;
    memset(up, 0, g->n_nodes);
    memset(down, 0, g->n_nodes);
    fst_graph_reach(g, l->at, false, up);
    fst_graph_reach(g, l->at, true, down);
    if (marked) {
        bool above = up[mark], *other = fst_alloc((size_t)g->n_nodes + 1);
        memset(other, 0, g->n_nodes);
        fst_graph_reach(g, mark, above, other);
        for (uint32_t i = 0; i < g->n_nodes; i++)
            up[i] = down[i] = i == mark || i == l->at || (other[i] && (above ? up[i] : down[i]));
        free(other);
    }
    for (uint32_t i = 0; i < g->n_nodes; i++)
        l->n_way += l->way[i] = up[i] || down[i];
    for (size_t i = 0; i < g->n_edges; i++) {
        const struct fst_edge *e = &g->edges[i];
        l->edge_way[i] = (up[e->from] && up[e->to]) || (down[e->from] && down[e->to]);
    }
    free(up);
    free(down);
}

/* Moving costs few bytes: what stands out is drawn when the cursor rests. */
void lineage_follow(struct view *v)
{
    struct lineage *l = v->state;
    if (l->way_of != l->at && (l->way_of == UINT32_MAX || wb_rests(v->wb)))
        find_way(l);
}

void lineage_mark(struct lineage *l)
{
    l->mark_id = l->mark_id ? 0 : l->at_id;
    l->way_of = UINT32_MAX;
}
