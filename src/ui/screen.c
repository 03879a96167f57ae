/* The terminal as the rest of the program sees it: a screen of cells whose size may change. */
#include <stdlib.h>
#include <string.h>

#include "term.h"

#define MAX_SIDE 4096

static void set_size(struct fst_term *t, int rows, int cols)
{
    rows = rows < 1 ? 1 : rows > MAX_SIDE ? MAX_SIDE : rows;
    cols = cols < 1 ? 1 : cols > MAX_SIDE ? MAX_SIDE : cols;
    if (t->cells && rows == t->rows && cols == t->cols)
        return;
    size_t n = (size_t)rows * (size_t)cols;
    free(t->cells);
    free(t->shown);
    t->cells = fst_alloc(n * sizeof *t->cells);
    t->shown = fst_alloc(n * sizeof *t->shown);
    t->rows = rows;
    t->cols = cols;
    struct fst_surface s = fst_term_surface(t);
    fst_surface_clear(&s, FST_ROLE_TEXT);
}

void term_forget(struct fst_term *t)
{
    memset(t->shown, 0, (size_t)t->rows * (size_t)t->cols * sizeof *t->shown);
    t->shown_row = t->shown_col = -2;
}

bool term_cell_differs(const struct fst_cell *a, const struct fst_cell *b)
{
    return a->role != b->role || a->width != b->width || strcmp(a->text, b->text) != 0;
}

enum fst_status fst_term_open(const struct fst_term_options *o, struct fst_term **out,
                              struct fst_error *err)
{
    struct fst_term *t = fst_alloc(sizeof *t);
    t->theme = o->theme;
    t->no_color = o->no_color;
    t->ascii = o->ascii;
    t->cursor_row = t->cursor_col = -1;
    enum fst_status status = o->script ? term_script_open(t, o, err) : term_curses_open(t, err);
    if (status != FST_OK) {
        free(t);
        *out = NULL;
        return status;
    }
    int rows, cols;
    t->backend->size(t, &rows, &cols);
    set_size(t, rows, cols);
    *out = t;
    return FST_OK;
}

void fst_term_close(struct fst_term *t)
{
    if (!t)
        return;
    t->backend->close(t);
    free(t->cells);
    free(t->shown);
    free(t);
}

struct fst_surface fst_term_surface(struct fst_term *t)
{
    int rows, cols;
    t->backend->size(t, &rows, &cols);
    if (rows != t->rows || cols != t->cols)
        set_size(t, rows, cols);
    return (struct fst_surface){.cells = t->cells,
                                .stride = t->cols,
                                .rows = t->rows,
                                .cols = t->cols,
                                .ascii = t->ascii,
                                .cursor_row = &t->cursor_row,
                                .cursor_col = &t->cursor_col};
}

void fst_term_flush(struct fst_term *t)
{
    t->backend->flush(t);
    memcpy(t->shown, t->cells, (size_t)t->rows * (size_t)t->cols * sizeof *t->shown);
    t->shown_row = t->cursor_row;
    t->shown_col = t->cursor_col;
}

enum fst_term_wake fst_term_wait(struct fst_term *t, const int *fds, size_t n_fds, int timeout_ms,
                                 bool idle, struct fst_key *key)
{
    *key = (struct fst_key){0};
    return t->backend->wait(t, fds, n_fds, timeout_ms, idle, key);
}

void fst_term_suspend(struct fst_term *t)
{
    t->backend->suspend(t);
}

void fst_term_resume(struct fst_term *t)
{
    t->backend->resume(t);
    term_forget(t);
}

int fst_term_script_result(const struct fst_term *t)
{
    return term_script_result(t);
}
