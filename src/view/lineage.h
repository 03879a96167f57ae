/* Inside of the lineage: a picture is made by a worker, and shown and walked on the UI thread. */
#ifndef FIRESTEEL_VIEW_LINEAGE_H
#define FIRESTEEL_VIEW_LINEAGE_H

#include "firesteel/graph.h"
#include "view.h"

/* More nodes than this are not drawn as a graph but listed. */
#define LINEAGE_MAX 20000

struct lineage_node {
    int64_t id;           /* of a group: below zero */
    uint32_t item, count; /* the first of what it stands for, and how many they are */
};
struct lineage_fold {
    int64_t id;
    int group;
};
/* What is wanted of the picture. */
struct lineage_ask {
    bool up, down, bad; /* bad: only what failed or is stale, and what connects it */
    int levels;         /* around the root; 0 = all */
    struct lineage_fold *folds;
    size_t n_folds;
};
struct lineage_picture {
    struct fst_neighbourhood around; /* sorted by name; owns everything but the layout */
    struct lineage_node *nodes;
    struct fst_edge *edges;
    const char **labels;
    struct fst_graph graph;
    struct fst_layout layout;
    uint32_t *by_row, *row_start; /* nodes by row and column; row_start[height + 1] */
    bool too_many, none_bad, unfolded;
};

/* Takes p->around and makes the rest of it. */
enum fst_status lineage_picture_make(struct lineage_picture *p, const struct lineage_ask *ask,
                                     int64_t root, struct fst_error *err);
void lineage_picture_done(struct lineage_picture *p);
uint32_t lineage_picture_find(const struct lineage_picture *p, int64_t id); /* or n_nodes */
bool lineage_is_bad(const struct fst_item *it);

/* The view's state. */
struct lineage {
    int64_t root;
    struct lineage_ask ask;
    int n_groups;
    uint32_t graph_nodes;
    bool loading, again, loaded, map;
    struct lineage_picture pic;
    struct fst_walk walk;
    uint32_t at;
    int64_t at_id, mark_id; /* mark_id 0 = none */
    int left, top, rows, cols;
    bool *way, *edge_way; /* what stands out; made again when `way_of` is not `at` for a while */
    uint32_t way_of, n_way;
    struct fst_filter *looked_for;
    uint32_t *hits, n_hits; /* by row */
    bool *is_hit;           /* of each node; NULL = nothing is looked for */
};
const struct fst_item *lineage_item(const struct lineage *l, uint32_t node);
void lineage_go(struct lineage *l, uint32_t to);

void lineage_load(struct view *v); /* lineage_load.c: what is wanted now */

/* ---- What is wanted (lineage_ask.c) ---------------------------------------------------------- */
bool lineage_show(struct view *v, bool up, bool down); /* true */
void lineage_levels(struct view *v, int step);
void lineage_fold_here(struct view *v); /* with those like the node under the cursor */
void lineage_unfold(struct view *v);

/* ---- What is kept of a centre (lineage_keep.c) ----------------------------------------------- */
void lineage_keep(struct view *v);
/* What was kept of it is wanted again; false = there is nothing. Once: who closes keeps it anew. */
bool lineage_recall(struct view *v, int64_t root);

/* ---- What stands out (lineage_way.c) --------------------------------------------------------- */
void lineage_follow(struct view *v); /* the cursor, once it rests */
void lineage_mark(struct lineage *l);

/* ---- What is looked for (lineage_find.c) ----------------------------------------------------- */
void lineage_find(struct lineage *l);
uint32_t lineage_hit(const struct lineage *l, uint32_t node); /* which one; n_hits = none */
void lineage_next_hit(struct view *v, int step);

void lineage_draw(struct view *v, struct fst_surface *s); /* lineage_draw.c */

#endif
