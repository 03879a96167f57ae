/* What is taken out of the grid: a record, a value, rows for the clipboard. */
#include <stdlib.h>
#include <string.h>

#include "preview.h"

static void show_record(struct view *v)
{
    struct preview *p = v->state;
    size_t row, widest = 0;
    const struct fst_frame *f = fst_grid_frame(&p->grid, &row);
    if (!f)
        return;
    struct fst_buf text = FST_BUF_TEXT;
    for (size_t i = 0; i < f->n_columns; i++) {
        size_t w = fst_text_width(f->schema->fields[i].name, strlen(f->schema->fields[i].name));
        widest = w > widest ? w : widest;
    }
    for (size_t i = 0; i < f->n_columns; i++) {
        const char *name = f->schema->fields[i].name;
        fst_text_escape(&text, name, strlen(name));
        fst_buf_repeat(&text, ' ', widest + 2 - fst_text_width(name, strlen(name)));
        if (f->columns[i].unreadable)
            fst_buf_printf(&text, "(%s)", f->columns[i].unreadable);
        else if (!fst_cell_text(&text, &f->columns[i], row, FST_CELL_SCREEN))
            fst_buf_adds(&text, "NULL");
        fst_buf_addc(&text, '\n');
    }
    char *title = fst_asprintf("row %llu of %s", (unsigned long long)p->grid.row + 1,
                               p->label ? p->label : "");
    wb_open_text(v->wb, title, fst_buf_take(&text));
    struct fst_error err;
    if (wb_rows_text(&p->grid, p->grid.row, 1, "jsonl", true, &text, &err) == FST_OK)
        wb_text_copies(v->wb, "the row as jsonl", fst_buf_take(&text));
    fst_buf_done(&text);
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
    bool is_there = what == WANT_CELL ? p->opened && fst_grid_cell(&p->grid, &c, &row)
                                      : p->opened && fst_grid_frame(&p->grid, &row);
    p->wants = !is_there && p->loading ? what : WANT_NOTHING;
    if (!is_there)
        return;
    if (what == WANT_RECORD)
        show_record(v);
    else
        copy(v, what == WANT_ROW);
}
