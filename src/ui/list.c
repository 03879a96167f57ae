/* The list: rows of columns with a cursor. Rows come from the owner, cell by cell, at each draw.
 *
 * Column widths follow from the columns' limits and the width of the screen, never from the rows in
 * sight: a list whose columns move while it scrolls costs a whole screen a line. */
#include <string.h>

#include "widget.h"

#define MAX_COLUMNS 32
#define GAP 1

const struct fst_action fst_list_actions[] = {
    {"list.down", "list", "j down", NULL, "One row down", false},
    {"list.up", "list", "k up", NULL, "One row up", false},
    {"list.pagedown", "list", "pgdn ctrl-f", NULL, "One page down", false},
    {"list.pageup", "list", "pgup ctrl-b", NULL, "One page up", false},
    {"list.halfdown", "list", "ctrl-d", NULL, "Half a page down", false},
    {"list.halfup", "list", "ctrl-u", NULL, "Half a page up", false},
    {"list.top", "list", "g home", NULL, "To the first row", false},
    {"list.bottom", "list", "G end", NULL, "To the last row", false},
};
const size_t fst_n_list_actions = FST_COUNT(fst_list_actions);

bool fst_list_action(struct fst_list *l, const char *action)
{
    const char *verb = fst__verb(action, "list");
    uint64_t cursor = l->cursor;
    if (!verb || !fst__move(verb, l->n_rows, l->page_rows, &cursor))
        return false;
    l->cursor = (size_t)cursor;
    return true;
}

/* ---- Widths ---------------------------------------------------------------------------------- */

/* How many columns fit by their least widths; the first one always does. */
static size_t fit_columns(const struct fst_list *l, int cols, int *widths, int *left)
{
    size_t n = 0;
    for (; n < l->n_columns && n < MAX_COLUMNS; n++) {
        int need = l->columns[n].min_cols + (n ? GAP : 0);
        if (n > 0 && need > cols)
            break;
        widths[n] = need - (n ? GAP : 0) < cols ? l->columns[n].min_cols : cols;
        cols -= need;
    }
    *left = cols > 0 ? cols : 0;
    return n;
}

static bool may_grow(const struct fst_list_column *c, int width)
{
    return c->max_cols == 0 || width < c->max_cols;
}

/* What is left goes around one column of the screen at a time. */
static void grow_columns(const struct fst_list *l, size_t n, int *widths, int left)
{
    bool grew = true;
    while (left > 0 && grew) {
        grew = false;
        for (size_t i = 0; i < n && left > 0; i++)
            if (may_grow(&l->columns[i], widths[i])) {
                widths[i]++;
                left--;
                grew = true;
            }
    }
}

/* ---- Drawing --------------------------------------------------------------------------------- */

static void draw_text(struct fst_surface *s, int row, int col, int width, bool right,
                      enum fst_role role, const char *text, size_t n)
{
    size_t used = right ? fst_text_width(text, n) : 0;
    int shift = right && used < (size_t)width ? width - (int)used : 0;
    fst_draw(s, row, col + shift, width - shift, role, text, n);
}

static void draw_header(const struct fst_list *l, struct fst_surface *s, const int *widths,
                        size_t n)
{
    int col = 1;
    fst_draw_fill(s, 0, 0, s->cols, FST_ROLE_HEADER);
    for (size_t i = 0; i < n; i++) {
        const char *name = l->columns[i].name;
        draw_text(s, 0, col, widths[i], l->columns[i].right, FST_ROLE_HEADER, name, strlen(name));
        col += widths[i] + GAP;
    }
}

/* What stands before a row: marked by people, or changed since it was looked at. */
static enum fst_role draw_sign(const struct fst_list *l, struct fst_surface *s, int row, size_t at)
{
    enum fst_list_sign sign = l->sign ? l->sign(l->arg, at) : FST_LIST_PLAIN;
    enum fst_role role = at == l->cursor           ? FST_ROLE_CURSOR
                         : sign == FST_LIST_MARKED ? FST_ROLE_SELECTED
                                                   : FST_ROLE_TEXT;
    fst_draw_fill(s, row, 0, s->cols, role);
    if (sign != FST_LIST_PLAIN)
        fst_draws(s, row, 0, role, sign == FST_LIST_MARKED ? "*" : "~");
    return role;
}

static void draw_row(const struct fst_list *l, struct fst_surface *s, int row, size_t at,
                     const int *widths, size_t n, const struct fst_filter *filter,
                     struct fst_buf *text)
{
    enum fst_role whole = draw_sign(l, s, row, at);
    int col = 1;
    for (size_t i = 0; i < n; i++) {
        fst_buf_clear(text);
        enum fst_role role = l->cell(l->arg, at, i, text);
        draw_text(s, row, col, widths[i], l->columns[i].right,
                  whole == FST_ROLE_TEXT ? role : whole, fst_buf_text(text), text->n);
        if (filter)
            fst__mark_matches(s, row, col, widths[i], filter);
        col += widths[i] + GAP;
    }
}

void fst_list_clamp(struct fst_list *l)
{
    if (l->cursor >= l->n_rows)
        l->cursor = l->n_rows ? l->n_rows - 1 : 0;
}

void fst_list_draw(struct fst_list *l, struct fst_surface *s)
{
    int widths[MAX_COLUMNS], left;
    struct fst_buf text = FST_BUF_TEXT;
    if (s->rows < 1 || s->cols < 2)
        return;
    l->page_rows = s->rows - 1;
    fst_list_clamp(l);
    l->top = (size_t)fst__scroll(l->top, l->cursor, l->n_rows, l->page_rows);
    size_t n = fit_columns(l, s->cols - 1, widths, &left);
    grow_columns(l, n, widths, left);
    draw_header(l, s, widths, n);
    struct fst_filter *filter =
        l->filter[0] && l->filter[0] != '!' ? fst_filter_new(l->filter) : NULL;
    for (int row = 1; row < s->rows; row++) {
        size_t at = l->top + (size_t)row - 1;
        if (at < l->n_rows)
            draw_row(l, s, row, at, widths, n, filter, &text);
        else
            fst_draw_fill(s, row, 0, s->cols, FST_ROLE_TEXT);
    }
    fst_filter_free(filter);
    fst_buf_done(&text);
}
