/* table: rows as a table for people: a header, a line, cells aligned, numbers to the right.
 *
 * Rows are kept until there are enough of them to know the widths, then they are written and later
 * rows keep to these widths. With a limit the widest columns give way first; when even narrow ones
 * do not fit, the last columns are left out and a column of "…" says so. */
#include "writer.h"

#include <stdlib.h>
#include <string.h>

enum { FIT_ROWS = 500, FIT_BYTES = 4 << 20, NARROW_COLS = 6, GAP_COLS = 3 };

struct table_column {
    char *name; /* as it is shown */
    size_t width_cols;
    bool right;
};
struct table {
    struct fst_writer base;
    struct fst_outlet outlet;
    struct fst_buf cell;
    size_t cols; /* 0 = no limit */
    const char *ellipsis;
    struct table_column *columns;
    size_t n, n_shown;
    struct fst_arena *arena; /* the cells of rows that are kept */
    const char **cells;
    size_t n_cells, cells_cap, n_rows;
    bool fitted;
};

/* ---- Widths ---------------------------------------------------------------------------------- */

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t max_size(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Columns on the screen when none is wider than `limit`. */
static size_t total_width(const struct table *t, size_t limit)
{
    size_t total = t->n_shown ? (t->n_shown - 1) * GAP_COLS : 0;
    for (size_t i = 0; i < t->n_shown; i++)
        total += min_size(t->columns[i].width_cols, limit);
    return total + (t->n_shown < t->n ? GAP_COLS + 1 : 0);
}

static void leave_out_columns(struct table *t)
{
    while (t->n_shown > 1 && total_width(t, NARROW_COLS) > t->cols)
        t->n_shown--;
}

/* The widest limit that fits, found by halving; what is left over goes to the first cut columns. */
static void narrow_columns(struct table *t)
{
    size_t low = 1, high = t->cols;
    while (low < high) {
        size_t middle = (low + high + 1) / 2;
        if (total_width(t, middle) <= t->cols)
            low = middle;
        else
            high = middle - 1;
    }
    size_t used = total_width(t, low), left = used < t->cols ? t->cols - used : 0;
    for (size_t i = 0; i < t->n_shown; i++) {
        size_t extra = left && t->columns[i].width_cols > low;
        left -= extra;
        t->columns[i].width_cols = min_size(t->columns[i].width_cols, low + extra);
    }
}

/* ---- Lines ----------------------------------------------------------------------------------- */

static void add_cell(struct table *t, size_t i, const char *text, size_t n)
{
    const struct table_column *c = &t->columns[i];
    struct fst_buf *out = &t->outlet.buf;
    size_t used;
    size_t fits = fst_text_fit(text, n, c->width_cols, &used);
    bool is_cut = fits < n;
    if (is_cut) {
        fits = fst_text_fit(text, n, c->width_cols ? c->width_cols - 1 : 0, &used);
        used++;
    }
    size_t pad = used < c->width_cols ? c->width_cols - used : 0;
    if (c->right)
        fst_buf_repeat(out, ' ', pad);
    fst_buf_add(out, text, fits);
    if (is_cut)
        fst_buf_adds(out, t->ellipsis);
    if (!c->right && (i + 1 < t->n_shown || t->n_shown < t->n))
        fst_buf_repeat(out, ' ', pad);
}

static void end_line(struct table *t)
{
    if (t->n_shown < t->n)
        fst_buf_printf(&t->outlet.buf, " | %s", t->ellipsis);
    fst_buf_addc(&t->outlet.buf, '\n');
}

static void add_line(struct table *t, const char *const *cells)
{
    for (size_t i = 0; i < t->n_shown; i++) {
        if (i)
            fst_buf_adds(&t->outlet.buf, " | ");
        add_cell(t, i, cells[i], strlen(cells[i]));
    }
    end_line(t);
}

static void add_header(struct table *t)
{
    const char **names = fst_alloc((t->n + 1) * sizeof(*names));
    for (size_t i = 0; i < t->n; i++)
        names[i] = t->columns[i].name;
    add_line(t, names);
    free(names);

    for (size_t i = 0; i < t->n_shown; i++) {
        if (i)
            fst_buf_adds(&t->outlet.buf, "-+-");
        fst_buf_repeat(&t->outlet.buf, '-', t->columns[i].width_cols);
    }
    fst_buf_adds(&t->outlet.buf, t->n_shown < t->n ? "-+--\n" : "\n");
}

/* Fix the widths and write what was kept. */
static enum fst_status fit(struct table *t, struct fst_error *err)
{
    t->fitted = true;
    t->n_shown = t->n;
    if (t->cols && total_width(t, SIZE_MAX) > t->cols) {
        leave_out_columns(t);
        narrow_columns(t);
    }
    add_header(t);
    for (size_t row = 0; row < t->n_rows; row++) {
        add_line(t, t->cells + row * t->n);
        FST_TRY(fst_outlet_row(&t->outlet, err));
    }
    t->n_cells = t->n_rows = 0;
    fst_arena_free(t->arena);
    t->arena = fst_arena_new();
    return FST_OK;
}

/* ---- Rows ------------------------------------------------------------------------------------ */

/* The text of a cell, in t->cell. With a limit, no more of it than could be shown and be cut. */
static void cell_text(struct table *t, const struct fst_column *c, size_t row)
{
    fst_buf_clear(&t->cell);
    if (c->unreadable)
        fst_buf_adds(&t->cell, "unreadable");
    else if (!fst_cell_text(&t->cell, c, row, FST_CELL_SCREEN))
        fst_buf_adds(&t->cell, "NULL");
    t->outlet.buf.over |= t->cell.over;
}

static size_t kept_bytes(const struct table *t)
{
    const char *text = fst_buf_text(&t->cell);
    size_t used;
    if (!t->cols)
        return t->cell.n;
    size_t fits = fst_text_fit(text, t->cell.n, t->cols, &used);
    return fits < t->cell.n ? fits + fst_text_cluster(text + fits, t->cell.n - fits) : fits;
}

static void keep_row(struct table *t, const struct fst_frame *f, size_t row)
{
    fst_grow(&t->cells, &t->cells_cap, t->n_cells + t->n, sizeof(*t->cells));
    for (size_t i = 0; i < t->n; i++) {
        struct table_column *column = &t->columns[i];
        cell_text(t, &f->columns[i], row);
        size_t n = kept_bytes(t);
        const char *text = fst_arena_strndup(t->arena, fst_buf_text(&t->cell), n);
        t->cells[t->n_cells++] = text;
        column->width_cols = max_size(column->width_cols, fst_text_width(text, n));
    }
    t->n_rows++;
}

static void write_row(struct table *t, const struct fst_frame *f, size_t row)
{
    for (size_t i = 0; i < t->n_shown; i++) {
        if (i)
            fst_buf_adds(&t->outlet.buf, " | ");
        cell_text(t, &f->columns[i], row);
        add_cell(t, i, fst_buf_text(&t->cell), t->cell.n);
    }
    end_line(t);
}

static enum fst_status write_table(struct fst_writer *base, const struct fst_frame *f,
                                   struct fst_error *err)
{
    struct table *t = (struct table *)base;
    for (size_t row = 0; row < f->n_rows; row++) {
        if (t->fitted)
            write_row(t, f, row);
        else
            keep_row(t, f, row);
        if (!t->fitted && (t->n_rows == FIT_ROWS || fst_arena_size(t->arena) > FIT_BYTES))
            FST_TRY(fit(t, err));
        FST_TRY(fst_outlet_row(&t->outlet, err));
    }
    return t->fitted ? fst_outlet_flush(&t->outlet, err) : FST_OK;
}

static enum fst_status finish_table(struct fst_writer *base, struct fst_error *err)
{
    struct table *t = (struct table *)base;
    if (!t->fitted)
        FST_TRY(fit(t, err));
    return fst_outlet_flush(&t->outlet, err);
}

static void free_table(struct fst_writer *base)
{
    struct table *t = (struct table *)base;
    for (size_t i = 0; i < t->n; i++)
        free(t->columns[i].name);
    free(t->columns);
    free(t->cells);
    fst_arena_free(t->arena);
    fst_buf_done(&t->cell);
    fst_buf_done(&t->outlet.buf);
    free(t);
}

static void init_column(struct table_column *c, const struct fst_field *f)
{
    struct fst_buf name = FST_BUF_TEXT;
    fst_text_escape(&name, f->name, strlen(f->name));
    c->width_cols = fst_text_width(fst_buf_text(&name), name.n);
    c->name = fst_buf_take(&name);
    c->right = fst_type_is_right_aligned(&f->type);
}

enum fst_status fst_table_writer(const struct fst_schema *schema, struct fst_sink sink, size_t cols,
                                 bool ascii, struct fst_writer **out, struct fst_error *err)
{
    static const struct fst_writer_ops ops = {write_table, finish_table, free_table};
    (void)err;
    struct table *t = fst_alloc(sizeof(*t));
    t->base.ops = &ops;
    t->outlet = (struct fst_outlet){sink, FST_BUF_TEXT};
    t->cell = FST_BUF_TEXT;
    t->cols = cols;
    t->ellipsis = ascii ? "~" : "…";
    t->arena = fst_arena_new();
    t->n = schema->n;
    t->columns = fst_alloc((t->n + 1) * sizeof(*t->columns));
    for (size_t i = 0; i < t->n; i++)
        init_column(&t->columns[i], &schema->fields[i]);
    *out = &t->base;
    return FST_OK;
}
