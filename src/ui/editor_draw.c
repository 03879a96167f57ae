/* Drawing the editor: line numbers, clusters with the roles that highlighting, selection and the
 * problem's mark give them, and the popup of completions. */
#include <stdint.h>
#include <string.h>

#include "editor.h"
#include "widget.h"

#define POPUP_ROWS 8
#define MIN_COLS_FOR_NUMBERS 24
#define MARGIN_COLS 4

/* ---- Highlighting ---------------------------------------------------------------------------- */

static void add_span(void *to, struct fst_editor_span s)
{
    struct fst_editor *e = to;
    size_t last = e->n_spans ? e->spans[e->n_spans - 1].offset + e->spans[e->n_spans - 1].len : 0;
    if (s.offset < last || s.offset > e->n || s.len > e->n - s.offset)
        return;
    fst_grow(&e->spans, &e->spans_cap, e->n_spans + 1, sizeof *e->spans);
    e->spans[e->n_spans++] = s;
}

static void refresh_spans(struct fst_editor *e)
{
    if (!e->highlight || e->spans_revision == e->revision)
        return;
    e->n_spans = 0;
    e->highlight(e->highlight_arg, e->text, e->n, add_span, e);
    e->spans_revision = e->revision;
}

/* The first span that ends behind `offset`. */
static size_t span_from(const struct fst_editor *e, size_t offset)
{
    size_t low = 0, high = e->n_spans;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (e->spans[middle].offset + e->spans[middle].len <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static enum fst_role span_role(const struct fst_editor *e, size_t offset, size_t *span)
{
    while (*span < e->n_spans && e->spans[*span].offset + e->spans[*span].len <= offset)
        (*span)++;
    bool inside = *span < e->n_spans && e->spans[*span].offset <= offset;
    return inside ? e->spans[*span].role : FST_ROLE_TEXT;
}

static bool is_selected(const struct fst_editor *e, size_t offset)
{
    size_t from = e->anchor < e->cursor ? e->anchor : e->cursor;
    size_t to = e->anchor < e->cursor ? e->cursor : e->anchor;
    if (e->vi.on && e->selecting)
        fst__vi_selection(e, &from, &to);
    return e->selecting && offset >= from && offset < to;
}

/* ---- One line -------------------------------------------------------------------------------- */

static void draw_cluster(struct fst_surface *s, int row, int col, enum fst_role role, const char *p,
                         size_t n, size_t width)
{
    if (*p == '\t')
        fst_draw_fill(s, row, col, (int)width, role);
    else
        fst_draw(s, row, col, (int)width, role, p, n);
}

static void draw_line(const struct fst_editor *e, struct fst_surface *s, int row, size_t line)
{
    size_t end = fst__editor_line_end(e, line), col = 0, len, at = e->lines[line];
    size_t span = span_from(e, at), hit = fst__editor_hit_from(e, at),
           right = e->left + (size_t)s->cols;
    while (at < end && col < right) {
        size_t width = fst__editor_cluster(e, at, end, col, &len);
        enum fst_role role = span_role(e, at, &span);
        while (hit < e->n_hits && e->hits[hit].at + e->hits[hit].len <= at)
            hit++;
        if ((hit < e->n_hits && e->hits[hit].at <= at) || at == e->partner)
            role = FST_ROLE_MATCH;
        if (is_selected(e, at))
            role = FST_ROLE_SELECTED;
        if (col >= e->left)
            draw_cluster(s, row, (int)(col - e->left), role, e->text + at, len, width);
        col += width;
        at += len;
    }
    if (at == end && end < e->n && is_selected(e, end) && col >= e->left && col < right)
        fst_draw_fill(s, row, (int)(col - e->left), 1, FST_ROLE_SELECTED);
    if (at < end && s->cols > 1)
        fst_draws(s, row, s->cols - 1, FST_ROLE_DIM, s->ascii ? ">" : "…");
}

/* At least one cell, also behind the end of a line: an unexpected end is a place as well. */
static void draw_mark(const struct fst_editor *e, struct fst_surface *s)
{
    size_t line = e->mark_line ? e->mark_line - 1 : e->n_lines, col = 0, from = 0, len;
    if (line < e->top || line >= e->top + (size_t)s->rows || line >= e->n_lines)
        return;
    size_t at = e->lines[line], end = fst__editor_line_end(e, line);
    for (uint32_t points = 1; at < end && points < e->mark_col + e->mark_len; at += len) {
        size_t width = fst__editor_cluster(e, at, end, col, &len);
        if (points < e->mark_col)
            from = col + width;
        points += (uint32_t)fst_utf8_length(e->text + at, len);
        col += width;
    }
    int first = (int)from - (int)e->left, last = (int)col - (int)e->left;
    fst_draw_role(s, (int)(line - e->top), first, last > first ? last - first : 1,
                  FST_ROLE_SQL_ERROR);
}

/* ---- All lines ------------------------------------------------------------------------------- */

static int gutter_cols(const struct fst_editor *e, int cols)
{
    int digits = 1;
    for (size_t n = e->n_lines; n >= 10; n /= 10)
        digits++;
    return cols < MIN_COLS_FOR_NUMBERS ? 0 : (digits < 3 ? 3 : digits) + 1;
}

static void scroll(struct fst_editor *e, int rows, int cols)
{
    size_t col = fst__editor_col_of(e, e->cursor), wide = cols > 1 ? (size_t)cols : 1;
    size_t margin = wide > 4 * MARGIN_COLS ? MARGIN_COLS : 0;
    e->page_rows = rows;
    e->top = (size_t)fst__scroll(e->top, fst__editor_line_of(e, e->cursor), e->n_lines, rows);
    if (col + 1 < wide)
        e->left = 0;
    else if (col < e->left + margin)
        e->left = col > margin ? col - margin : 0;
    else if (col + 1 + margin >= e->left + wide)
        e->left = col + 2 + margin - wide;
}

static void draw_lines(struct fst_editor *e, struct fst_surface *s, int gutter)
{
    struct fst_surface text = fst_surface_window(s, 0, gutter, s->rows, s->cols - gutter);
    for (int row = 0; row < s->rows; row++) {
        size_t line = e->top + (size_t)row;
        fst_draw_fill(s, row, 0, s->cols, FST_ROLE_TEXT);
        if (line >= e->n_lines)
            continue;
        if (gutter)
            fst_drawf(s, row, 0, FST_ROLE_LINE, "%*zu", gutter - 1, line + 1);
        draw_line(e, &text, row, line);
    }
    draw_mark(e, &text);
    fst_surface_cursor(&text, (int)(fst__editor_line_of(e, e->cursor) - e->top),
                       (int)(fst__editor_col_of(e, e->cursor) - e->left));
}

/* ---- The popup ------------------------------------------------------------------------------- */

static int width_of(const char *text)
{
    return text ? (int)fst_text_width(text, strlen(text)) : 0;
}

static void popup_cols(const struct fst_editor *e, size_t first, size_t rows, int *text,
                       int *detail)
{
    *text = *detail = 0;
    for (size_t i = first; i < first + rows; i++) {
        int t = width_of(e->items[i].text), d = width_of(e->items[i].detail);
        *text = t > *text ? t : *text;
        *detail = d > *detail ? d : *detail;
    }
}

static void draw_item(const struct fst_editor *e, struct fst_surface *s, int row, size_t i,
                      int text_cols)
{
    bool chosen = i == e->item;
    const char *detail = e->items[i].detail;
    fst_draw_fill(s, row, 0, s->cols, chosen ? FST_ROLE_CURSOR : FST_ROLE_STATUS);
    fst_draw(s, row, 1, s->cols - 2, chosen ? FST_ROLE_CURSOR : FST_ROLE_KEY, e->items[i].text,
             strlen(e->items[i].text));
    if (detail && *detail && text_cols + 3 < s->cols - 1)
        fst_draw(s, row, text_cols + 3, s->cols - text_cols - 4,
                 chosen ? FST_ROLE_CURSOR : FST_ROLE_DIM, detail, strlen(detail));
}

/* Below the word when there is room, else above it; never over the word's own line. */
static void draw_popup(const struct fst_editor *e, struct fst_surface *s, int gutter)
{
    int row = (int)(fst__editor_line_of(e, e->cursor) - e->top), text_cols, detail_cols;
    int col = (int)fst__editor_col_of(e, e->from) - (int)e->left + gutter - 1;
    int below = s->rows - row - 1;
    size_t rows = e->n_items < POPUP_ROWS ? e->n_items : POPUP_ROWS;
    size_t room = (size_t)(below >= (int)rows || below >= row ? below : row);
    rows = rows < room ? rows : room;
    if (rows == 0)
        return;
    size_t first = e->item >= rows ? e->item - rows + 1 : 0;
    popup_cols(e, first, rows, &text_cols, &detail_cols);
    int cols = text_cols + 2 + (detail_cols ? detail_cols + 2 : 0);
    cols = cols < s->cols ? cols : s->cols;
    col = col + cols > s->cols ? s->cols - cols : col < 0 ? 0 : col;
    int top = below >= (int)rows ? row + 1 : row - (int)rows;
    struct fst_surface box = fst_surface_window(s, top, col, (int)rows, cols);
    for (size_t i = 0; i < rows; i++)
        draw_item(e, &box, (int)i, first + i, text_cols);
}

void fst_editor_draw(struct fst_editor *e, struct fst_surface *s)
{
    int gutter = gutter_cols(e, s->cols);
    if (s->rows < 1 || s->cols < 1)
        return;
    refresh_spans(e);
    fst__editor_look(e);
    e->partner = fst__editor_bracket(e, e->cursor);
    if (e->partner == e->cursor)
        e->partner = SIZE_MAX;
    scroll(e, s->rows, s->cols - gutter);
    draw_lines(e, s, gutter);
    if (e->n_items)
        draw_popup(e, s, gutter);
}
