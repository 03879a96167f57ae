/* What is taken out of the grid: a record, a value, rows for the clipboard. */
#include <stdlib.h>
#include <string.h>

#include "preview.h"

static char *title_of_row(const struct preview *p)
{
    struct fst_buf number = FST_BUF(64);
    fst_count_text(&number, (int64_t)p->grid.row + 1);
    char *title = fst_asprintf("row %s of %s", fst_buf_text(&number), p->label ? p->label : "");
    fst_buf_done(&number);
    return title;
}

static void show_record(struct view *v)
{
    struct preview *p = v->state;
    struct fst_buf text = FST_BUF_TEXT;
    struct fst_error err;
    size_t row;
    struct fst_frame *f = fst_grid_frame_at(&p->grid, p->grid.row, &row);
    if (!f)
        return;
    size_t *columns = fst_alloc((f->n_columns + 1) * sizeof *columns);
    for (size_t i = 0; i < f->n_columns; i++)
        columns[i] = i;
    struct wb_cells cells = {p->grid.row, 1, columns, f->n_columns, NULL};
    bool is_short = wb_rows_text(&p->grid, &cells, "jsonl", true, &text, &err) == FST_OK;
    char *title = title_of_row(p);
    wb_open_record(v->wb, fst_frame_slice(f, row, 1), is_short ? fst_buf_take(&text) : NULL, title);
    wb_record_before(v->wb, wb_before_new(v->target, p->run_id, f, row));
    free(columns);
    fst_buf_done(&text);
    free(title);
}

static void show_value(struct view *v)
{
    struct preview *p = v->state;
    size_t column;
    struct fst_frame *row = fst_grid_slice(&p->grid, &column);
    if (!row)
        return;
    char *title = title_of_row(p);
    wb_open_value(v->wb, row, column, title);
    free(title);
}

/* ---- Rows and blocks ------------------------------------------------------------------------- */

/* What code calls the rows. */
static const char *name_of(const struct preview *p)
{
    const struct fst_resource *r = p->rows ? p->rows->place.resource : NULL;
    return r ? r->name : "rows";
}

static bool copy_cells(struct view *v, uint64_t from, uint64_t n, const char *format)
{
    struct preview *p = v->state;
    size_t *columns = fst_alloc((p->schema->n + 1) * sizeof *columns);
    struct wb_cells cells = {from, n, columns, fst_grid_selected_columns(&p->grid, columns),
                             name_of(p)};
    bool is_copied = wb_copy_rows(v->wb, &p->grid, &cells, format);
    free(columns);
    return is_copied;
}

/* What was selected stays so when it could not be copied. */
void preview_copy_selected(struct view *v, const char *format)
{
    struct preview *p = v->state;
    uint64_t from, n;
    if (p->to_end)
        wb_say(v->wb, FST_ROLE_WARN, "not copied: the rows up to the end are still being read");
    else if (fst_grid_selection(&p->grid, &from, &n) && copy_cells(v, from, n, format))
        p->grid.selects = false;
}

static void format_done(struct wb *wb, const char *text)
{
    if (wb_top(wb)->ops == &view_preview && *text)
        preview_copy_selected(wb_top(wb), text);
}

static void all_done(struct wb *wb, const char *text)
{
    const struct preview *p = wb_top(wb)->state;
    if (wb_top(wb)->ops == &view_preview && *text && p->schema)
        copy_cells(wb_top(wb), p->grid.first, p->grid.n_rows, text);
}

static void ask(struct view *v, const char *label, void (*done)(struct wb *wb, const char *text))
{
    size_t n = 0;
    while (wb_copy_formats[n])
        n++;
    wb_prompt(v->wb, label, "", done);
    wb_prompt_names(v->wb, wb_copy_formats, wb_copy_helps, n);
}

void preview_ask_format(struct view *v)
{
    ask(v, "copy the rows as (tab: formats): ", format_done);
}

void preview_ask_format_of_all(struct view *v)
{
    const struct preview *p = v->state;
    struct fst_buf rows = FST_BUF(64);
    if (!p->opened)
        return;
    fst_count_text(&rows, (int64_t)p->grid.n_rows);
    char *label = fst_asprintf("copy the %s rows read as (tab: formats): ", fst_buf_text(&rows));
    ask(v, label, all_done);
    free(label);
    fst_buf_done(&rows);
}

static void copy(struct view *v, bool of_row)
{
    struct preview *p = v->state;
    if (of_row)
        copy_cells(v, p->grid.row, 1, fst_app_setting(v->wb->app, "copy.format"));
    else
        wb_copy_cell(v->wb, &p->grid);
}

/* What is wanted of the row under the cursor: now, or when it is there. */
void preview_want(struct view *v, int what)
{
    struct preview *p = v->state;
    const struct fst_column *c;
    size_t row;
    bool is_there = what == WANT_CELL || what == WANT_VALUE
                        ? p->opened && fst_grid_cell(&p->grid, &c, &row)
                        : p->opened && fst_grid_frame(&p->grid, &row);
    p->wants = !is_there && p->loading ? what : WANT_NOTHING;
    if (!is_there)
        return;
    if (what == WANT_RECORD)
        show_record(v);
    else if (what == WANT_VALUE)
        show_value(v);
    else
        copy(v, what == WANT_ROW);
}

/* Features, a label, a training set of the columns of the block, or of the one under the cursor. */
void preview_make(struct view *v)
{
    const struct preview *p = v->state;
    if (!p->opened)
        return;
    size_t *columns = fst_alloc((p->schema->n + 1) * sizeof *columns), n = 1;
    columns[0] = p->grid.col;
    if (p->grid.in_block)
        n = fst_grid_selected_columns(&p->grid, columns);
    wb_make_of_place(v->wb, p->rows ? &p->rows->place : NULL, p->schema, columns, n);
    free(columns);
}
