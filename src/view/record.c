/* One row, a column a line, with a cursor: enter shows the value under it whole. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

struct record {
    struct fst_frame *row;    /* of one row; NULL = there is none */
    char *exact;              /* as jsonl, to be copied */
    struct wb_before *before; /* to look at it in the run before; NULL = there is none */
    size_t widest, cursor;
    bool ascii;
    struct fst_buf scratch;
    struct fst_pager pager;
};

static void add_value(struct record *r, const struct fst_column *c)
{
    struct fst_str text = {0};
    if (c->type.kind == FST_STRING)
        text = fst_column_bytes(c, 0);
    bool is_like = text.n && text.n <= 32 && fst_grid_reads_like_mark(text.p, text.n, r->ascii);
    fst_buf_adds(&r->scratch, is_like ? "\"" : "");
    fst_cell_text(&r->scratch, c, 0, FST_CELL_SCREEN);
    fst_buf_adds(&r->scratch, is_like ? "\"" : "");
}

static struct fst_pager_line line(void *arg, size_t i)
{
    struct record *r = arg;
    const struct fst_column *c = &r->row->columns[i];
    const char *name = r->row->schema->fields[i].name;
    fst_buf_clear(&r->scratch);
    fst_text_escape(&r->scratch, name, strlen(name));
    fst_buf_repeat(&r->scratch, ' ', r->widest + 2 - fst_text_width(name, strlen(name)));
    if (c->unreadable)
        fst_buf_printf(&r->scratch, "(%s)", c->unreadable);
    else if (!fst_grid_mark(&r->scratch, c, 0, r->ascii))
        add_value(r, c);
    return (struct fst_pager_line){fst_buf_text(&r->scratch), r->scratch.n, FST_ROLE_TEXT};
}

void wb_open_record(struct wb *wb, struct fst_frame *row, char *exact, const char *title)
{
    struct record *r = wb_open(wb, "record", title)->state;
    r->row = row;
    r->exact = exact;
    r->pager.n_lines = row->n_columns;
    for (size_t i = 0; i < row->n_columns; i++) {
        const char *name = row->schema->fields[i].name;
        size_t w = fst_text_width(name, strlen(name));
        r->widest = w > r->widest ? w : r->widest;
    }
}

void wb_record_before(struct wb *wb, struct wb_before *b)
{
    ((struct record *)wb_top(wb)->state)->before = b;
}

static void open(struct view *v)
{
    struct record *r = v->state;
    r->scratch = FST_BUF_TEXT;
    r->pager = (struct fst_pager){.line = line, .arg = r};
}

static void close(struct view *v)
{
    struct record *r = v->state;
    fst_frame_unref(r->row);
    free(r->exact);
    wb_before_free(r->before);
    fst_buf_done(&r->scratch);
}

static void copy(struct view *v)
{
    const struct record *r = v->state;
    if (r->exact)
        wb_copy(v->wb, "the row as jsonl", r->exact, strlen(r->exact));
    else
        wb_say(v->wb, FST_ROLE_WARN, "not copied: the row is too long");
}

static void open_value(struct view *v)
{
    struct record *r = v->state;
    wb_open_value(v->wb, fst_frame_ref(r->row), r->cursor, v->target);
}

static bool move(struct record *r, const char *name)
{
    size_t n = r->pager.n_lines, page = r->pager.page_rows > 1 ? (size_t)r->pager.page_rows - 1 : 1;
    size_t step = strncmp(name, "pager.half", 10) == 0   ? page / 2 + 1
                  : strncmp(name, "pager.page", 10) == 0 ? page
                                                         : 1;
    size_t len = strlen(name);
    if (strcmp(name, "pager.top") == 0)
        r->cursor = 0;
    else if (strcmp(name, "pager.bottom") == 0)
        r->cursor = n - 1;
    else if (len > 4 && strcmp(name + len - 4, "down") == 0)
        r->cursor = r->cursor + step < n ? r->cursor + step : n - 1;
    else if (len > 2 && strcmp(name + len - 2, "up") == 0)
        r->cursor = r->cursor > step ? r->cursor - step : 0;
    else
        return false;
    return true;
}

static bool action(struct view *v, const char *name)
{
    struct record *r = v->state;
    if (!r->row || !r->row->n_columns)
        return false;
    if (strcmp(name, "record.value") == 0)
        open_value(v);
    else if (strcmp(name, "record.before") == 0)
        wb_before_show(v, r->before);
    else if (strcmp(name, "text.copy") == 0)
        copy(v);
    else if (move(r, name))
        return true;
    else if (!fst_pager_action(&r->pager, name))
        return false;
    else if (r->pager.find[0])
        r->cursor = r->pager.match;
    return true;
}

static void filter(struct view *v, const char *text)
{
    struct record *r = v->state;
    snprintf(r->pager.find, sizeof r->pager.find, "%s", text);
    fst_pager_action(&r->pager, "pager.next");
    if (*text && r->pager.match < r->pager.n_lines)
        r->cursor = r->pager.match;
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct record *r = v->state;
    fst_buf_printf(out, "%s  %zu/%zu", v->target ? v->target : "", r->row ? r->cursor + 1 : 0,
                   r->pager.n_lines);
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct record *r = v->state;
    size_t rows = (size_t)s->rows;
    r->ascii = s->ascii;
    if (r->cursor < r->pager.top)
        r->pager.top = r->cursor;
    if (r->cursor >= r->pager.top + rows)
        r->pager.top = r->cursor - rows + 1;
    r->pager.mark = r->cursor + 1;
    fst_pager_draw(&r->pager, s);
}

const struct view_ops view_record = {
    .name = "record",
    .help = "one row, a column a line",
    .scopes = {"record", "text", "pager", NULL},
    .state_size = sizeof(struct record),
    .open = open,
    .close = close,
    .action = action,
    .filter = filter,
    .title = title,
    .draw = draw,
};
