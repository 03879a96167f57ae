/* Inside of the home view: what wants to be looked at. */
#ifndef FIRESTEEL_VIEW_ATTENTION_H
#define FIRESTEEL_VIEW_ATTENTION_H

#include "view.h"

struct attention_item {
    const char *word; /* "running", "failed", "stale", "new"; "" = as the one before */
    enum fst_role role;
    const char *text;
    int64_t id;         /* of the resource; 0 = none */
    const char *run_id; /* that tells why; NULL = none */
};
struct attention {
    struct fst_arena *arena;
    struct attention_item *items;
    size_t n, cap;
};
/* What runs, what failed, what is stale, what is new since then (0 = nothing is): some of each, and
 * how many more. Reads the whole catalog: for a worker. */
enum fst_status attention_find(struct fst_catalog *c, int64_t since_us, struct attention *out,
                               struct fst_error *err);
void attention_done(struct attention *a);

/* When this workspace was left last; 0 = it was not here yet. */
int64_t attention_last_visit(const struct wb *wb);
void attention_leave(const struct wb *wb);

#endif
