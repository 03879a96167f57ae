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
    bool is_short = wb_rows_text(&p->grid, p->grid.row, 1, "jsonl", true, &text, &err) == FST_OK;
    char *title = title_of_row(p);
    wb_open_record(v->wb, fst_frame_slice(f, row, 1), is_short ? fst_buf_take(&text) : NULL, title);
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

/* What was selected stays so when it could not be copied. */
void preview_copy_selected(struct view *v, const char *format)
{
    struct preview *p = v->state;
    uint64_t from, n;
    if (p->to_end)
        wb_say(v->wb, FST_ROLE_WARN, "not copied: the rows up to the end are still being read");
    else if (fst_grid_selection(&p->grid, &from, &n) &&
             wb_copy_rows(v->wb, &p->grid, from, n, format))
        p->grid.selects = false;
}

static void format_done(struct wb *wb, const char *text)
{
    if (wb_top(wb)->ops == &view_preview && *text)
        preview_copy_selected(wb_top(wb), text);
}

void preview_ask_format(struct view *v)
{
    static const char *const names[] = {"tsv", "csv", "jsonl"};
    static const char *const details[] = {"separated by tabs, with a header",
                                          "separated by commas, with a header",
                                          "a JSON object a line"};
    wb_prompt(v->wb, "copy the rows as (tsv, csv, jsonl): ", "", format_done);
    wb_prompt_names(v->wb, names, details, FST_COUNT(names));
}

static void copy(struct view *v, bool of_row)
{
    struct preview *p = v->state;
    if (of_row)
        wb_copy_rows(v->wb, &p->grid, p->grid.row, 1, fst_app_setting(v->wb->app, "copy.format"));
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
