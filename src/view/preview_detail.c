/* The row under the cursor, a column a line, for the pane below the grid. */
#include <string.h>

#include "preview.h"

static void add_value(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    if (c->unreadable)
        fst_buf_printf(out, "(%s)", c->unreadable);
    else if (!fst_cell_text(out, c, row, FST_CELL_SCREEN))
        fst_buf_adds(out, "NULL");
    fst_buf_addc(out, '\n');
}

bool preview_detail(struct view *v, struct detail *out)
{
    const struct preview *p = v->state;
    size_t row, widest = 0;
    const struct fst_frame *f = p->opened ? fst_grid_frame(&p->grid, &row) : NULL;
    if (!f && p->opened && p->grid.part) {
        preview_want(v, WANT_PANE);
        out->is_coming = p->loading;
        return p->loading;
    }
    if (!f)
        return false;
    struct fst_buf text = FST_BUF_TEXT;
    for (size_t i = 0; i < f->n_columns; i++) {
        const char *name = f->schema->fields[i].name;
        size_t w = fst_text_width(name, strlen(name));
        widest = w > widest ? w : widest;
    }
    for (size_t i = 0; i < f->n_columns; i++) {
        const char *name = f->schema->fields[i].name;
        fst_buf_adds(&text, name);
        fst_buf_repeat(&text, ' ', widest + 2 - fst_text_width(name, strlen(name)));
        add_value(&text, &f->columns[i], row);
    }
    out->view = "text";
    out->target = fst_asprintf("row %llu of %s", (unsigned long long)p->grid.row + 1,
                               p->label ? p->label : "");
    out->text = fst_buf_take(&text);
    return true;
}
