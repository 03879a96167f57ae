/* The grid as it is drawn: which columns are in sight, their names and types, rows. */
#include <string.h>

#include "grid.h"

#define HEADER_ROWS 2

/* ---- Columns in sight ------------------------------------------------------------------------ */

/* Pinned columns in sight: never more than half of the screen, so that others can be seen. */
static size_t pinned(struct fst_grid *g, int cols, int *used)
{
    size_t n = 0;
    *used = 0;
    while (n < g->n_pinned && n < fst__grid_n_shown(g) &&
           *used + fst__grid_width_of(g, fst__grid_shown_at(g, n)) + FST__GRID_GAP <= cols / 2)
        *used += g->widths[fst__grid_shown_at(g, n++)] + FST__GRID_GAP;
    return n;
}

/* Scroll sideways so that the cursor's column is in sight, whole if it can be. */
static void scroll_sideways(struct fst_grid *g, int cols, size_t n_pinned)
{
    size_t at = fst__grid_place_of(g, g->col);
    if (g->left < n_pinned)
        g->left = n_pinned;
    if (at < n_pinned)
        return;
    if (at < g->left)
        g->left = at;
    for (; g->left < at; g->left++) {
        int need = 0;
        for (size_t i = g->left; i <= at; i++)
            need += fst__grid_width_of(g, fst__grid_shown_at(g, i)) + (i < at ? FST__GRID_GAP : 0);
        if (need <= cols)
            break;
    }
}

struct place {
    size_t column;
    int col, width;
};
#define MAX_PLACES 512

static size_t place_columns(struct fst_grid *g, int cols, struct place *places)
{
    size_t n = 0, n_pinned;
    int col = 1, used;
    n_pinned = pinned(g, cols - 1, &used);
    scroll_sideways(g, cols - 1 - used, n_pinned);
    g->n_sight_pinned = n_pinned;
    g->n_sight = 0;
    for (size_t i = 0; i < fst__grid_n_shown(g) && col < cols && n < MAX_PLACES; i++) {
        if (i >= n_pinned && i < g->left)
            continue;
        size_t column = fst__grid_shown_at(g, i);
        int width =
            fst__grid_width_of(g, column) < cols - col ? fst__grid_width_of(g, column) : cols - col;
        if (i >= n_pinned && g->n_sight++ == 0)
            g->sight = i;
        places[n++] = (struct place){column, col, width};
        col += width + FST__GRID_GAP;
    }
    return n;
}

/* ---- Drawing --------------------------------------------------------------------------------- */

static void draw_aligned(struct fst_surface *s, int row, const struct place *p, bool right,
                         enum fst_role role, const char *text, size_t n)
{
    size_t used = right ? fst_text_width(text, n) : 0;
    int shift = right && used < (size_t)p->width ? p->width - (int)used : 0;
    fst_draw(s, row, p->col + shift, p->width - shift, role, text, n);
}

static void draw_header(const struct fst_grid *g, struct fst_surface *s, const struct place *places,
                        size_t n)
{
    struct fst_buf type = FST_BUF(FST__CELL_BYTES);
    fst_draw_fill(s, 0, 0, s->cols, FST_ROLE_HEADER);
    fst_draw_fill(s, 1, 0, s->cols, FST_ROLE_DIM);
    for (size_t i = 0; i < n; i++) {
        const struct fst_field *f = &g->schema->fields[places[i].column];
        bool right = fst_type_is_right_aligned(&f->type);
        fst_buf_clear(&type);
        fst_type_text(&type, &f->type);
        draw_aligned(s, 0, &places[i], right, FST_ROLE_HEADER, f->name, strlen(f->name));
        draw_aligned(s, 1, &places[i], right, FST_ROLE_DIM, fst_buf_text(&type), type.n);
    }
    fst_buf_done(&type);
}

/* The places of what is looked for in a value that was drawn. */
static void mark_found(const struct fst_grid *g, struct fst_surface *s, int row,
                       const struct place *p, bool right, const struct fst_buf *text)
{
    const char *shown = fst_buf_text(text);
    size_t at = 0, from, len, width = right ? fst_text_width(shown, text->n) : 0;
    int col = p->col + (width < (size_t)p->width && right ? p->width - (int)width : 0);
    while (at < text->n && g->find(g->find_arg, shown + at, text->n - at, &from, &len) && len) {
        size_t before = fst_text_width(shown, at + from);
        size_t cols = fst_text_width(shown + at + from, len);
        size_t room = (size_t)(p->col + p->width - col);
        if (before >= room)
            return;
        fst_draw_role(s, row, col + (int)before, (int)(cols < room - before ? cols : room - before),
                      FST_ROLE_MATCH);
        at += from + len;
    }
}

/* What a row is drawn with. */
struct row {
    uint64_t number;
    const struct fst_frame *frame; /* NULL = it is not there */
    size_t in_frame;
    enum fst_role whole; /* TEXT = each cell has its own */
    bool has_block;
};

static enum fst_role role_of(const struct fst_grid *g, uint64_t number)
{
    if (number == g->row)
        return FST_ROLE_CURSOR;
    bool is_selected = !g->in_block && fst__grid_is_selected(g, number);
    return is_selected || fst__grid_is_marked(g, number) ? FST_ROLE_SELECTED : FST_ROLE_TEXT;
}

static void draw_cell(const struct fst_grid *g, struct fst_surface *s, int at, const struct row *r,
                      const struct place *p, struct fst_buf *text)
{
    const struct fst_column *c = fst__grid_column_of(g, r->frame, p->column);
    enum fst_role role = fst__grid_cell_text(c, r->in_frame, s->ascii, text);
    bool right = fst_type_is_right_aligned(&g->schema->fields[p->column].type);
    bool stands_out = (r->number == g->row && p->column == g->col) ||
                      (r->has_block && fst__grid_is_selected_cell(g, p->column));
    if (stands_out)
        fst_draw_fill(s, at, p->col, p->width, FST_ROLE_SELECTED);
    role = stands_out ? FST_ROLE_SELECTED : r->whole != FST_ROLE_TEXT ? r->whole : role;
    draw_aligned(s, at, p, right, role, fst_buf_text(text), text->n);
    if (g->find && c && !fst_column_is_null(c, r->in_frame))
        mark_found(g, s, at, p, right, text);
}

static void draw_row(const struct fst_grid *g, struct fst_surface *s, int at, uint64_t number,
                     const struct place *places, size_t n, struct fst_buf *text)
{
    uint64_t in_frame = number;
    const struct fst_frame *f = fst__grid_frame_of(g, &in_frame);
    struct row r = {number, f, (size_t)in_frame, role_of(g, number),
                    g->in_block && fst__grid_is_selected(g, number)};
    bool is_coming = !f && number < fst__grid_extent(g);
    fst_draw_fill(s, at, 0, s->cols, f || is_coming ? r.whole : FST_ROLE_TEXT);
    if (fst__grid_is_marked(g, number))
        fst_draws(s, at, 0, r.whole, "*");
    if (is_coming)
        fst_draws(s, at, 1, FST_ROLE_DIM, s->ascii ? "..." : "…");
    for (size_t i = 0; f && i < n; i++)
        draw_cell(g, s, at, &r, &places[i], text);
}

void fst_grid_draw(struct fst_grid *g, struct fst_surface *s)
{
    struct place places[MAX_PLACES];
    struct fst_buf text = FST_BUF(FST__CELL_BYTES);
    if (!g->schema || s->cols < 2)
        return;
    g->page_rows = s->rows > HEADER_ROWS ? s->rows - HEADER_ROWS : 1;
    fst_grid_goto(g, g->row);
    g->top = fst__scroll(g->top, g->row, fst__grid_extent(g), g->page_rows);
    size_t n = place_columns(g, s->cols, places);
    draw_header(g, s, places, n);
    for (int i = HEADER_ROWS; i < s->rows; i++)
        draw_row(g, s, i, g->top + (uint64_t)(i - HEADER_ROWS), places, n, &text);
    fst_buf_done(&text);
}
