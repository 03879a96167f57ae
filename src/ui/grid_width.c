/* Widths of columns: fitted to the first rows once, and then they stay, so that nothing moves while
 * one scrolls, until somebody sets them. */
#include <string.h>

#include "grid.h"

#define FIT_ROWS 200
#define FIT_COLS 40 /* a column starts out no wider */
#define MAX_WIDTH 400
#define BY_HAND UINT16_MAX

/* What name and type need. */
static int first_width(const struct fst_field *f, struct fst_buf *type)
{
    fst_buf_clear(type);
    fst_type_text(type, &f->type);
    size_t width = fst_text_width(f->name, strlen(f->name));
    width = type->n > width && type->n <= 14 ? type->n : width; /* long types are cut */
    return width < 4 ? 4 : width > FIT_COLS ? FIT_COLS : (int)width;
}

void fst__grid_first_widths(struct fst_grid *g)
{
    struct fst_buf type = FST_BUF(256);
    for (size_t i = 0; i < g->schema->n; i++)
        g->widths[i] = first_width(&g->schema->fields[i], &type);
    fst_buf_done(&type);
}

/* Kinds whose values are mostly wider than their types' names. */
static const int value_widths[] = {
    [FST_FLOAT] = 10,     [FST_DOUBLE] = 12,        [FST_DATE] = 10,
    [FST_TIMESTAMP] = 26, [FST_TIMESTAMP_NTZ] = 19, [FST_STRING] = 10};

size_t fst_grid_first_columns(const struct fst_schema *schema, int cols)
{
    struct fst_buf type = FST_BUF(256);
    size_t n = 0;
    for (int col = 1; n < schema->n && col < cols; n++) {
        enum fst_kind kind = schema->fields[n].type.kind;
        int width = first_width(&schema->fields[n], &type);
        int of_values = (size_t)kind < FST_COUNT(value_widths) ? value_widths[kind] : 0;
        col += (of_values > width ? of_values : width) + FST__GRID_GAP;
    }
    fst_buf_done(&type);
    return n;
}

/* Rows that came since the column was fitted, as long as they are among the first. Only columns in
 * sight are: there may be thousands. */
static void fit(struct fst_grid *g, size_t col)
{
    struct fst_buf text = FST_BUF(FST__CELL_BYTES);
    size_t at = 0;
    for (size_t i = 0; i < g->n_frames && g->fitted[col] < FIT_ROWS; i++) {
        const struct fst_frame *f = g->frames[i];
        const struct fst_column *c = fst__grid_column_of(g, f, col);
        for (; c && g->fitted[col] < FIT_ROWS && g->fitted[col] < at + f->n_rows;
             g->fitted[col]++) {
            size_t width = fst__grid_cell_width(c, g->fitted[col] - at, &text);
            if ((int)(width < FIT_COLS ? width : FIT_COLS) > g->widths[col])
                g->widths[col] = (int)(width < FIT_COLS ? width : FIT_COLS);
        }
        at += f->n_rows;
    }
    fst_buf_done(&text);
}

int fst__grid_width_of(struct fst_grid *g, size_t col)
{
    if (g->fitted[col] < FIT_ROWS)
        fit(g, col);
    return g->widths[col];
}

static void fit_in_sight(struct fst_grid *g)
{
    struct fst_buf text = FST_BUF(FST__CELL_BYTES);
    const char *name = g->schema->fields[g->col].name;
    size_t width = fst_text_width(name, strlen(name));
    for (int i = 0; i < g->page_rows; i++) {
        uint64_t at = g->top + (uint64_t)i;
        const struct fst_frame *f = fst__grid_frame_of(g, &at);
        size_t w =
            f ? fst__grid_cell_width(fst__grid_column_of(g, f, g->col), (size_t)at, &text) : 0;
        width = w > width ? w : width;
    }
    g->widths[g->col] = width < 4 ? 4 : width > MAX_WIDTH ? MAX_WIDTH : (int)width;
    g->fitted[g->col] = BY_HAND;
    fst_buf_done(&text);
}

static void set_width(struct fst_grid *g, int width)
{
    g->widths[g->col] = width < 2 ? 2 : width > MAX_WIDTH ? MAX_WIDTH : width;
    g->fitted[g->col] = BY_HAND;
}

void fst_grid_set_width(struct fst_grid *g, int width)
{
    if (!g->schema || g->col >= g->schema->n)
        return;
    if (width > 0)
        set_width(g, width);
    else
        fit_in_sight(g);
}

bool fst_grid_is_set_by_hand(const struct fst_grid *g, size_t column)
{
    return g->fitted[column] == BY_HAND;
}

void fst__grid_fit_on(struct fst_grid *g)
{
    for (size_t i = 0; i < g->schema->n; i++)
        g->fitted[i] = g->fitted[i] == BY_HAND ? BY_HAND : 0;
}

void fst_grid_fit_again(struct fst_grid *g)
{
    fst__grid_first_widths(g);
    memset(g->fitted, 0, g->schema->n * sizeof *g->fitted);
}
