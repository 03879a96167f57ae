/* A screen of cells to draw on in tests, and its rows as text. */
#ifndef FIRESTEEL_UI_TEST_H
#define FIRESTEEL_UI_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "firesteel/ui.h"

struct screen {
    struct fst_surface s;
    int cursor_row, cursor_col;
    char row[4096];
};

static inline struct screen *screen_new(int rows, int cols)
{
    struct screen *t = fst_alloc(sizeof *t);
    t->s = (struct fst_surface){.cells = fst_alloc((size_t)(rows * cols) * sizeof *t->s.cells),
                                .stride = cols,
                                .rows = rows,
                                .cols = cols,
                                .cursor_row = &t->cursor_row,
                                .cursor_col = &t->cursor_col};
    t->cursor_row = t->cursor_col = -1;
    fst_surface_clear(&t->s, FST_ROLE_TEXT);
    return t;
}

static inline void screen_free(struct screen *t)
{
    free(t->s.cells);
    free(t);
}

static inline const struct fst_cell *screen_cell(const struct screen *t, int row, int col)
{
    return &t->s.cells[row * t->s.stride + col];
}

/* A row without trailing spaces; valid until the next call. */
static inline const char *screen_row(struct screen *t, int row)
{
    size_t n = 0;
    t->row[0] = '\0';
    for (int col = 0; col < t->s.stride; col++)
        n += (size_t)snprintf(t->row + n, sizeof t->row - n, "%s", screen_cell(t, row, col)->text);
    while (n > 0 && t->row[n - 1] == ' ')
        t->row[--n] = '\0';
    return t->row;
}

static inline int screen_role(const struct screen *t, int row, int col)
{
    return screen_cell(t, row, col)->role;
}

static inline struct fst_key key_named(const char *name)
{
    struct fst_key key = {0};
    snprintf(key.name, sizeof key.name, "%s", name);
    return key;
}

static inline struct fst_key key_typed(const char *text)
{
    struct fst_key key = key_named(strcmp(text, " ") == 0 ? "space" : text);
    snprintf(key.text, sizeof key.text, "%s", text);
    return key;
}

#endif
