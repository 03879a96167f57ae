/* Inside a layout: the layered graph with dummies, its pieces, and the routes through the gaps.
 *
 * A *spot* is a node of the graph (index below n_nodes) or a dummy, where a long edge passes a
 * layer. All long edges of a node share one chain of dummies. A *segment* joins spots of
 * neighbouring layers. A *piece* is a connected component, laid out by itself. The space between
 * two layers is a *gap*; in it, spots with equal targets share a *bus*: their lines meet in one
 * vertical line, from which lines leave to the targets. */
#ifndef FIRESTEEL_GRAPH_LAYOUT_H
#define FIRESTEEL_GRAPH_LAYOUT_H

#include "firesteel/graph.h"

/* Lists of numbers, one for each of n owners: list i is items[start[i] .. start[i + 1]). */
struct fst__lists {
    uint32_t *start, *items;
};

struct fst__piece {
    uint32_t n_layers;
    uint32_t *spots; /* layer by layer, each in order */
    uint32_t *start; /* n_layers + 1 */
    int height;
    int distance; /* rows from one text to the next in a column */
};

struct fst__bus {
    uint32_t gap;
    int lo, hi; /* rows of its vertical line; lo == hi: a straight line without one */
    int track;
    uint32_t first; /* a spot whose targets are the bus's */
};

struct fst__routes {
    struct fst_arena *arena;
    uint32_t n_nodes, n_spots, n_layers;
    uint32_t *layer, *position; /* of each spot; position within its piece's layer */
    int *y;
    uint32_t *chain; /* of each node: its first dummy; that of layer l + 1 + k is chain + k */
    struct fst__lists out, in; /* segments between spots */
    struct fst__piece *pieces;
    uint32_t n_pieces;
    size_t crossings;

    uint32_t *bus_of; /* of each spot that has segments out; UINT32_MAX without */
    struct fst__bus *buses;
    uint32_t n_buses;
    struct fst__lists gap_buses;  /* buses of each gap */
    int *tracks;                  /* how many in each gap */
    int *column_x, *column_width; /* of each layer */
};

/* layers.c: layers, dummies, segments and pieces; FST_EINVAL on a cycle. */
enum fst_status fst__make_layers(struct fst__routes *r, const struct fst_graph *g,
                                 struct fst_error *err);
/* sweep.c: the order within each layer. */
void fst__sweep(struct fst__routes *r, struct fst__piece *p);
/* place.c: rows. */
void fst__place(struct fst__routes *r, struct fst__piece *p);
/* route.c: buses and tracks of one piece (which may move spots down), after which its rows are
 * final. */
void fst__route(struct fst__routes *r, struct fst__piece *p, size_t *cap);

/* Column of a bus's vertical line. */
int fst__track_x(const struct fst__routes *r, uint32_t gap, int track);
/* The lists of `n` owners from pairs (owner, item), in the order of the pairs. */
struct fst__lists fst__lists_make(struct fst_arena *a, uint32_t n, const uint32_t *owners,
                                  const uint32_t *items, size_t n_pairs);
static inline uint32_t fst__list_size(const struct fst__lists *lists, uint32_t i)
{
    return lists->start[i + 1] - lists->start[i];
}

#endif
