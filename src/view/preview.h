/* Inside of the view of rows: what is asked, what is read, and what is shown of it. */
#ifndef FIRESTEEL_VIEW_PREVIEW_H
#define FIRESTEEL_VIEW_PREVIEW_H

#include "view.h"

/* Rows being read, and the wish to stop: the reader asks for it as long as it lives, whoever has
 * it. The view and the task that reads hold it together. */
struct rows {
    struct fst_reader *reader;
    struct fst_place place; /* the reader borrows from it */
    uint64_t at;            /* the row that comes next */
    _Atomic bool stop;
    _Atomic int holders;
};

/* What is asked of the rows. */
struct question {
    char *where, *sort_column;
    int sort; /* 0 as it lies, 1 ascending, -1 descending */
};

struct preview {
    struct fst_grid grid;
    struct rows *rows;   /* a task reads them while `loading` */
    struct rows *before; /* the same, of rows before those that are there */
    unsigned number;     /* of the question that is open: answers to others are not wanted */
    struct question asked, answered; /* answered: the one whose rows are in the grid */
    struct fst_schema *schema;
    char *label, *run_id;
    bool loading, opened, ended;
    bool to_end; /* read on until the last row is there, with the cursor at the end */
    /* of the row under the cursor, when it comes */
    enum { WANT_NOTHING, WANT_RECORD, WANT_CELL, WANT_VALUE, WANT_ROW } wants;
    char status[512];
};

/* ---- Reading (preview_rows.c) ---------------------------------------------------------------- */
void preview_start(struct view *v); /* ask anew */
void preview_more(struct view *v);  /* what the cursor comes near to */
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
void preview_ask_source_name(struct view *v);
void preview_ask_export(struct view *v);
void preview_ask_column(struct view *v);
void preview_sort(struct view *v);
void preview_show_schema(struct view *v);

/* ---- Copying, records, values (preview_copy.c) ----------------------------------------------- */
/* What is wanted of the row under the cursor: now, or when it is there. */
void preview_want(struct view *v, int what);
void preview_copy_selected(struct view *v, const char *format);
void preview_ask_format(struct view *v);
void preview_ask_format_of_all(struct view *v);

#endif
