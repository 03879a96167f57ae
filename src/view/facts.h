/* What the views of figures share: bars, conditions on values, work that says how far it is. */
#ifndef FIRESTEEL_VIEW_FACTS_H
#define FIRESTEEL_VIEW_FACTS_H

#include "view.h"

/* How far work is, and the wish to end it. The view and the task hold it together. */
struct facts_work {
    _Atomic bool stop;
    _Atomic uint64_t rows;
    _Atomic int64_t of; /* -1 = not known */
    _Atomic int holders;
};
struct facts_work *facts_work_new(void);
struct facts_work *facts_work_hold(struct facts_work *w);
void facts_work_drop(struct facts_work *w);
void facts_work_end(struct facts_work **w); /* ask it to stop, and let go of it */
bool facts_work_stops(void *w);
void facts_work_progress(void *w, uint64_t rows, int64_t of);
/* "12,345 of 100,000 rows". */
void facts_work_text(const struct facts_work *w, struct fst_buf *out);

/* A bar of at most `cells` cells for a share of 0..1; what is there at all has a trace. */
void facts_bar(struct fst_buf *out, double share, int cells, bool ascii);
/* "12.3 %". */
void facts_percent(struct fst_buf *out, uint64_t n, uint64_t of);
/* Both conditions, where there are two; owned. */
char *facts_both(const char *where, const char *and_where);
/* What failed, in a line; owned. */
char *facts_error(const struct fst_problem *problem, const struct fst_error *err);
/* Draw rows from `top` on so that `cursor` is among them. */
void facts_scroll(size_t cursor, size_t n, int rows, size_t *top);

/* ---- Lines of pieces with roles, a cursor, and what each line stands for (facts_lines.c) --------
 */
struct facts_piece {
    char *text;
    enum fst_role role;
};
struct facts_line {
    struct facts_piece *pieces;
    size_t n, cap;
    size_t item; /* of the owner; SIZE_MAX = nothing */
};
enum { FACTS_WRAPPED = 5 };
struct facts_lines {
    struct facts_line *items;
    size_t n, cap, cursor, top;
    int page;
    bool wraps; /* the last piece of a line goes on below itself, up to FACTS_WRAPPED rows */
};
void facts_lines_clear(struct facts_lines *l); /* the cursor stays where it was */
void facts_lines_done(struct facts_lines *l);
void facts_add_line(struct facts_lines *l, size_t item);
/* To the line that was added last. */
void facts_add(struct facts_lines *l, enum fst_role role, const char *fmt, ...) FST_PRINTF(3, 4);
/* The same, filled up with spaces to `cols` columns. */
void facts_add_filled(struct facts_lines *l, enum fst_role role, int cols, const char *text);
bool facts_lines_move(struct facts_lines *l, const char *action);
void facts_lines_draw(struct facts_lines *l, struct fst_surface *s);
/* What the line under the cursor stands for; SIZE_MAX = nothing. */
size_t facts_lines_item(const struct facts_lines *l);

#endif
