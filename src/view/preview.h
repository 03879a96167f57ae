/* Inside of the view of rows: what is asked, what is read, and what is shown of it. */
#ifndef FIRESTEEL_VIEW_PREVIEW_H
#define FIRESTEEL_VIEW_PREVIEW_H

#include "view.h"

/* Rows being read, and the wish to stop: the reader asks for it as long as it lives, whoever has
 * it. The view and the task that reads hold it together. */
struct rows {
    struct fst_reader *reader;
    struct fst_place place;     /* the reader borrows from it */
    uint64_t at;                /* the row that comes next */
    bool is_counted;            /* rows that are looked for: what is read for them, which is */
    struct fst_skipped skipped; /* whole once the reader is closed */
    _Atomic bool stop;
    _Atomic int holders;
};

/* What is asked of the rows. */
struct question {
    char *where, *sort_column;
    int sort;    /* 0 as it lies, 1 ascending, -1 descending */
    char *order; /* typed, instead of these; NULL = none */
};

/* What is looked for, as fst_filter. */
struct finder {
    char text[128];
    struct fst_filter *filter; /* NULL = nothing */
};
bool finder_set(struct finder *f, const char *text); /* "" = nothing */
bool finder_find(void *finder, const char *text, size_t n, size_t *from, size_t *len);
/* In a value as it is; `scratch` is for values that are no text. */
bool finder_finds(struct finder *f, const struct fst_column *c, size_t row,
                  struct fst_buf *scratch);

struct hit {
    uint64_t row;
    size_t column, place; /* place: among the columns that are shown */
};
/* Where it is in the rows that were read. */
struct hits {
    struct hit *items;
    size_t n, cap;
    uint64_t from, end; /* rows that were looked through */
    bool is_cut;        /* there are more hits than are kept */
};

struct seeking; /* through rows that were not read (preview_seek.c) */

struct preview {
    struct fst_grid grid;
    struct rows *rows;   /* a task reads them while `loading` */
    struct rows *before; /* the same, of rows before those that are there, */
    struct rows *one;    /* and of a row with all of its columns: */
    struct rows *told;   /* opened last: its place is known, and no task changes it */
    uint64_t tried;      /* the one that was asked for last, whether it came or not */
    unsigned number;     /* of the question that is open: answers to others are not wanted */
    struct question asked, answered; /* answered: the one whose rows are in the grid */
    struct fst_schema *schema;
    char *label, *run_id;
    bool loading, opened, ended;
    bool failed; /* nothing is read by itself till one moves */
    bool to_end; /* read on until the last row is there, with the cursor at the end */
    /* of the row under the cursor, when it comes */
    enum { WANT_NOTHING, WANT_RECORD, WANT_CELL, WANT_VALUE, WANT_ROW, WANT_PANE } wants;
    char status[512];
    uint64_t read_bytes, all_bytes; /* for rows that were looked for, when all are there; else 0 */
    struct finder finder;
    struct hits hits;
    uint64_t origin; /* row at which finding began */
    size_t origin_col;
    struct seeking *seeking;
    bool to_row; /* read on until there is row `wanted` */
    uint64_t wanted;
    size_t wanted_col;
};

/* ---- Reading (preview_rows.c) ---------------------------------------------------------------- */
void preview_forget_marks(struct view *v); /* and say so, if there are any */
void preview_start(struct view *v);        /* ask anew */
/* Where the rows that were opened last are from; NULL = none were. `rows` is a task's to change. */
const struct fst_place *preview_place(const struct preview *p);
const struct fst_resource *preview_resource(const struct preview *p); /* NULL = of none */
void preview_more(struct view *v);  /* what the cursor comes near to */
void preview_drawn(struct view *v); /* what the drawing wanted and was not there */
/* All columns of the row under the cursor, of which some are there: once. */
void preview_read_whole_row(struct view *v);
/* Rows that can be read from the front only, and not all of which are there. */
bool preview_is_front_only(const struct preview *p);
/* On the way to the end the cursor keeps to it; no key stops that but one that moves. */
void preview_keep_to_end(struct view *v);
void preview_take_question(struct question *to, const struct question *from);
char *preview_order_text(const struct question *q); /* owned */
void preview_rows_stop(struct rows **r);

/* ---- Asking (preview_ask.c) ------------------------------------------------------------------ */
void preview_ask_where(struct view *v);
void preview_ask_row(struct view *v);
bool preview_is_of_files(const struct preview *p); /* that are not registered yet */
void preview_ask_source_name(struct view *v);
void preview_ask_export(struct view *v);
void preview_ask_column(struct view *v);
void preview_ask_columns(struct view *v);
void preview_columns_as_they_were(struct view *v);
void preview_ask_width(struct view *v);

/* Ask with the names of the columns to complete; `quoted` as SQL has them. */
void preview_ask_with_columns(struct view *v, const char *label, const char *text, bool quoted,
                              void (*done)(struct wb *wb, const char *text));

/* ---- Ordering (preview_sort.c), and what reads much (preview_much.c) --------------------------
 */
void preview_ask_order(struct view *v);
void preview_sort(struct view *v);
bool preview_sort_stop(struct view *v); /* false = nothing is being sorted */
struct preview_much {
    const char *doing;             /* "sorting" */
    void (*here)(struct view *v);  /* read them */
    void (*there)(struct view *v); /* ask the provider */
    void (*leave)(struct view *v); /* it was not read here; NULL = nothing to take back */
};
/* Tell what is read to `what` ("order by a"), and do it; of what is much, ask first. */
void preview_weigh(struct view *v, const struct preview_much *m, const char *what, int64_t rows);
/* Its rows by the provider, in a screen of their own: those for which both conditions hold, in an
 * order; each may be NULL. Of what is registered alone. */
void preview_ask_provider(struct view *v, const char *where, const char *and_where,
                          const char *order);

/* ---- What is kept of grids while the workbench runs (preview_keep.c) ------------------------- */
void grids_keep(struct view *v);   /* how the columns of this target are shown */
void grids_recall(struct view *v); /* show them so again */
void grids_add_condition(struct wb *wb, const char *text);
const char *const *grids_conditions(struct wb *wb, size_t *n);
void preview_show_schema(struct view *v);

/* ---- Finding (preview_find.c, preview_seek.c) ------------------------------------------------ */
void preview_find(struct view *v, const char *text); /* live; "" ends it */
void preview_find_next(struct view *v, int step);
void preview_find_title(struct view *v, struct fst_buf *out);
void preview_find_again(struct preview *p); /* the rows or columns are others */
void preview_find_came(struct view *v);     /* and what was typed last may be in them */
bool preview_find_behind(struct view *v);   /* to a hit behind the cursor, in the rows read */
void preview_find_done(struct preview *p);
void preview_goto_cell(struct view *v, uint64_t row, size_t column);
void preview_seek(struct view *v);
bool preview_seek_stop(struct preview *p); /* false = none was going on */
void preview_seek_done(struct preview *p);
/* What is under way, for the title; false = nothing. */
bool preview_seek_title(const struct preview *p, struct fst_buf *out);

/* ---- Copying, records, values (preview_copy.c) ----------------------------------------------- */
/* What is wanted of the row under the cursor: now, or when it is there. */
void preview_want(struct view *v, int what);
/* The rows that are selected, else those that are marked, else a value or a row. */
void preview_copy(struct view *v);
void preview_copy_row(struct view *v); /* in a format that one chooses, when there are several */
struct fst_reader *preview_pick_marked(struct view *v); /* NULL = none are */
void preview_ask_format_of_all(struct view *v);
void preview_make(struct view *v);

/* The row under the cursor as a text, for the pane below. */
bool preview_detail(struct view *v, struct detail *out);

#endif
