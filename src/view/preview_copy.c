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
    struct fst_frame *one = fst_frame_slice(f, row, 1);
    struct fst_reader *reader = fst_reader_of_frame(one);
    bool is_short = wb_rows_text(reader, "rows", "jsonl", true, &text, &err) == FST_OK;
    fst_reader_close(reader);
    char *title = title_of_row(p);
    wb_open_record(v->wb, one, is_short ? fst_buf_take(&text) : NULL, title);
    wb_record_before(v->wb, wb_before_new(v->target, p->run_id, f, row));
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
    const struct fst_resource *r = preview_resource(p);
    return r ? r->name : "rows";
}

/* These rows, with the columns that are selected. To be freed. */
static struct wb_cells cells_of(const struct view *v, const struct fst_span *spans, size_t n,
                                size_t **columns)
{
    const struct preview *p = v->state;
    *columns = fst_alloc((p->schema->n + 1) * sizeof **columns);
    return (struct wb_cells){.spans = spans,
                             .n_spans = n,
                             .columns = *columns,
                             .n_columns = fst_grid_selected_columns(&p->grid, *columns),
                             .name = name_of(p),
                             .target = v->target ? v->target : "",
                             .run_id = p->run_id};
}

static void copy_spans(struct view *v, const struct fst_span *spans, size_t n, const char *format,
                       void (*copied)(struct view *v))
{
    struct preview *p = v->state;
    size_t *columns;
    struct wb_cells cells = cells_of(v, spans, n, &columns);
    wb_copy_rows(v, &p->grid, &cells, format, copied);
    free(columns);
}

/* What was selected stays so when it could not be copied. */
static void copied_selected(struct view *v)
{
    ((struct preview *)v->state)->grid.selects = false;
}

static void copy_meant(struct view *v, const char *format)
{
    struct preview *p = v->state;
    struct fst_span one;
    if (!fst_grid_selection(&p->grid, &one.from, &one.n))
        copy_spans(v, p->grid.marks, p->grid.n_marks, format, NULL);
    else if (p->to_end)
        wb_say(v->wb, FST_ROLE_WARN, "not copied: the rows up to the end are still being read");
    else
        copy_spans(v, &one, 1, format, copied_selected);
}

/* Rows that are meant by what is done: selected, or else marked. */
static bool are_meant(const struct preview *p)
{
    uint64_t from, n;
    return p->opened && (fst_grid_selection(&p->grid, &from, &n) || p->grid.n_marks);
}

struct fst_reader *preview_pick_marked(struct view *v)
{
    struct preview *p = v->state;
    size_t *columns;
    if (!p->grid.n_marks)
        return NULL;
    struct wb_cells cells = cells_of(v, p->grid.marks, p->grid.n_marks, &columns);
    cells.n_columns = fst_grid_columns(&p->grid, columns); /* whatever block is selected */
    struct fst_reader *picked = wb_pick(v->wb, &p->grid, &cells);
    free(columns);
    return picked;
}

static void format_done(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    if (v->ops == &view_preview && *text && are_meant(v->state))
        copy_meant(v, text);
}

static void all_done(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    const struct preview *p = v->state;
    if (v->ops == &view_preview && *text && p->schema)
        copy_spans(v, &(struct fst_span){p->grid.first, p->grid.n_rows}, 1, text, NULL);
}

static void ask(struct view *v, const char *label, void (*done)(struct wb *wb, const char *text))
{
    size_t n = 0;
    while (wb_copy_formats[n])
        n++;
    wb_prompt(v->wb, label, "", done);
    wb_prompt_names(v->wb, wb_copy_formats, wb_copy_helps, n);
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

static const char *set_format(const struct view *v)
{
    return fst_app_setting(v->wb->app, "copy.format");
}

void preview_copy(struct view *v)
{
    if (are_meant(v->state))
        copy_meant(v, set_format(v));
    else
        preview_want(v, WANT_CELL);
}

void preview_copy_row(struct view *v)
{
    if (are_meant(v->state))
        ask(v, "copy the rows as (tab: formats): ", format_done);
    else
        preview_want(v, WANT_ROW);
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
    if (p->opened && !is_there)
        preview_read_whole_row(v);
    p->wants = !is_there && p->loading ? what : WANT_NOTHING;
    if (!is_there)
        return;
    if (what == WANT_RECORD)
        show_record(v);
    else if (what == WANT_VALUE)
        show_value(v);
    else if (what == WANT_CELL)
        wb_copy_cell(v->wb, &p->grid);
    else if (what == WANT_ROW)
        copy_spans(v, &(struct fst_span){p->grid.row, 1}, 1, set_format(v), NULL);
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
    wb_make_of_place(v->wb, preview_place(p), p->schema, columns, n);
    free(columns);
}
