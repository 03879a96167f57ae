/* Inside of ui: a terminal is a screen of cells and one of two backends, curses or a key script. */
#ifndef FIRESTEEL_UI_TERM_H
#define FIRESTEEL_UI_TERM_H

#include "theme.h"

struct term_backend {
    void (*size)(struct fst_term *t, int *rows, int *cols);
    void (*flush)(struct fst_term *t);
    enum fst_term_wake (*wait)(struct fst_term *t, const int *fds, size_t n_fds, int timeout_ms,
                               bool idle, struct fst_key *key);
    void (*suspend)(struct fst_term *t);
    void (*resume)(struct fst_term *t);
    void (*close)(struct fst_term *t);
};

struct fst_term {
    const struct term_backend *backend;
    const struct fst_theme *theme;
    bool no_color, ascii;
    int rows, cols;
    struct fst_cell *cells, *shown; /* shown: what the last flush put out */
    int cursor_row, cursor_col, shown_row, shown_col;
    void *own; /* the backend's */
};

enum fst_status term_curses_open(struct fst_term *t, struct fst_error *err);
enum fst_status term_script_open(struct fst_term *t, const struct fst_term_options *o,
                                 struct fst_error *err);
int term_script_result(const struct fst_term *t);
/* Forget what was shown: the next flush puts out everything. */
void term_forget(struct fst_term *t);
bool term_cell_differs(const struct fst_cell *a, const struct fst_cell *b);

#endif
