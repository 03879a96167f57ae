/* Queries that ran, for the scratch screen and the list of them. */
#ifndef FIRESTEEL_VIEW_PAST_H
#define FIRESTEEL_VIEW_PAST_H

#include "view.h"

struct past {
    struct fst_arena *arena; /* NULL = not read */
    struct fst_past_query *items;
    size_t n; /* the newest first */
};

/* Read them with a task; `got` may take what it is given (it leaves an empty one then). What is in
 * the way is said, and `got` is not called. */
void past_read(struct view *v, void (*got)(struct view *v, struct past *p));
void past_done(struct past *p);
/* Remember one, copied; nobody waits for it. */
void past_keep(struct wb *wb, const struct fst_past_query *q);
void past_when(const struct fst_past_query *q, struct fst_buf *out); /* to the minute */
/* Rows and how long it took, or why it failed: one line. */
void past_words(const struct fst_past_query *q, struct fst_buf *out);

#endif
