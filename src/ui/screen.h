/* screen: what a screen is made of, for the kinds of screen: the terminal and the headless one. */
#ifndef FIRESTEEL_UI_SCREEN_H
#define FIRESTEEL_UI_SCREEN_H

#include "firesteel/ui.h"

struct fst_term_ops {
    void (*flush)(struct fst_term *t);
    enum fst_term_wake (*wait)(struct fst_term *t, const int *fds, size_t n_fds, int timeout_ms,
                               bool idle, struct fst_key *key);
    void (*suspend)(struct fst_term *t);
    void (*resume)(struct fst_term *t);
    enum fst_status (*copy)(struct fst_term *t, const void *bytes, size_t n, struct fst_error *err);
    enum fst_status (*mouse)(struct fst_term *t, bool on, struct fst_error *err);
    void (*bell)(struct fst_term *t); /* NULL = has none */
    /* NULL = looks are of no account */
    enum fst_status (*restyle)(struct fst_term *t, const struct fst_theme *theme,
                               struct fst_error *err);
    int (*result)(const struct fst_term *t);
    void (*close)(struct fst_term *t); /* frees what is its own, not `t` */
};
/* Embedded as the first member of each kind. */
struct fst_term {
    const struct fst_term_ops *ops;
    struct fst_cell *cells;
    int rows, cols, cursor_row, cursor_col;
    bool utf8, ascii, headless;
};

/* Fresh cells for a size, which is kept between 1 and FST_TERM_MAX. */
enum { FST_TERM_MAX = 1000 };
void fst__term_resize(struct fst_term *t, int rows, int cols);

enum fst_status fst__term_open_curses(const struct fst_term_options *o, struct fst_term **out,
                                      struct fst_error *err);
enum fst_status fst__term_open_script(const struct fst_term_options *o, struct fst_term **out,
                                      struct fst_error *err);

/* Wait until one of `fds` is readable: a wake of FD or TIMEOUT. */
enum fst_term_wake fst__term_poll(const int *fds, size_t n_fds, int timeout_ms);

#endif
