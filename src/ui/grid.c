/* The grid: a window on rows of frames, which may still be coming. Widths are fitted to the first
 * rows once and then stay, so that nothing moves while one scrolls; pinned columns stay at the
 * left.
 *
 * Frames are kept in order; only what is in sight is turned into text. Of a table that can be read
 * from anywhere some thousand rows around the cursor are kept. */
#include <stdlib.h>
#include <string.h>

#include "widget.h"

#define FIT_ROWS 200
#define FIT_COLS 40 /* a column starts out no wider */
#define MAX_WIDTH 400
#define GAP 2
#define HEADER_ROWS 2
#define CELL_BYTES 4096 /* of a value: more is not seen */
#define LONG_BYTES ((size_t)64 << 20)
#define KEEP_ROWS 20000 /* of those that can be had again */
#define BY_HAND UINT16_MAX
#define AHEAD 3 /* pages that should be there on either side */

const struct fst_action fst_grid_actions[] = {
    {"grid.left", "grid", "h left", NULL, "One column to the left", false},
    {"grid.down", "grid", "j down", NULL, "One row down", false},
    {"grid.up", "grid", "k up", NULL, "One row up", false},
    {"grid.right", "grid", "l right", NULL, "One column to the right", false},
    {"grid.pagedown", "grid", "pgdn space ctrl-f", NULL, "One page down", false},
    {"grid.pageup", "grid", "pgup ctrl-b", NULL, "One page up", false},
    {"grid.halfdown", "grid", "ctrl-d", NULL, "Half a page down", false},
    {"grid.halfup", "grid", "ctrl-u", NULL, "Half a page up", false},
    {"grid.top", "grid", "g home", NULL, "To the first row", false},
    {"grid.bottom", "grid", "G end", NULL, "To the last row", false},
    {"grid.first", "grid", "^ H", NULL, "To the first column", false},
    {"grid.last", "grid", "$ L", NULL, "To the last column", false},
    {"grid.pin", "grid", "z", NULL, "Keep the columns up to this one at the left; again: no more",
     false},
    {"grid.widen", "grid", ">", NULL, "Make the column wider", false},
    {"grid.narrow", "grid", "<", NULL, "Make the column narrower", false},
    {"grid.select", "grid", "v", NULL,
     "Begin to select rows, as far as one moves; again, or esc: end", false},
    {"grid.block", "grid", "V ctrl-v", NULL,
     "Begin to select a block of cells, as far as one moves; again, or esc: end", false},
    {"grid.hide", "grid", "-", NULL, "Hide the column (C shows columns by name, U all)", false},
    {"grid.move-left", "grid", "(", NULL, "Move the column one place to the left", false},
    {"grid.move-right", "grid", ")", NULL, "Move the column one place to the right", false},
    {"grid.fit", "grid", "=", NULL, "Fit the column to the rows in sight", false},
};
const size_t fst_n_grid_actions = FST_COUNT(fst_grid_actions);

/* ---- Rows ------------------------------------------------------------------------------------ */

static void set_first_widths(struct fst_grid *g)
{
    struct fst_buf type = FST_BUF(256);
    for (size_t i = 0; i < g->schema->n; i++) {
        const char *name = g->schema->fields[i].name;
        fst_buf_clear(&type);
        fst_type_text(&type, &g->schema->fields[i].type);
        size_t width = fst_text_width(name, strlen(name));
        width = type.n > width && type.n <= 14 ? type.n : width; /* long types are cut */
        g->widths[i] = width < 4 ? 4 : width > FIT_COLS ? FIT_COLS : (int)width;
    }
    fst_buf_done(&type);
}

void fst_grid_open(struct fst_grid *g, const struct fst_schema *schema)
{
    *g = (struct fst_grid){.schema = schema, .total_rows = -1};
    g->widths = fst_alloc((schema->n + 1) * sizeof *g->widths);
    g->fitted = fst_alloc((schema->n + 1) * sizeof *g->fitted);
    set_first_widths(g);
}

/* NULL when it is not there. */
static const struct fst_column *column_of(const struct fst_grid *g, const struct fst_frame *f,
                                          size_t col)
{
    size_t at = g->part ? g->part[col] : col;
    return at < f->n_columns ? &f->columns[at] : NULL;
}

/* Most values are short. What is in a nested value goes into its text whole or not at all, so that
 * a long one is put down in full; of a text its beginning is enough. */
static bool value_text(struct fst_buf *text, const struct fst_column *c, size_t row)
{
    fst_buf_clear(text);
    text->max = CELL_BYTES;
    bool is_there = fst_cell_text(text, c, row, FST_CELL_SCREEN);
    if (text->over && c->type.kind != FST_STRING) {
        fst_buf_clear(text);
        text->max = LONG_BYTES;
        fst_cell_text(text, c, row, FST_CELL_SCREEN);
    }
    return is_there;
}

static const char *absent_mark(bool ascii)
{
    return ascii ? "--" : "—";
}

bool fst_grid_mark(struct fst_buf *out, const struct fst_column *c, size_t row, bool ascii)
{
    if (c->unreadable)
        return false;
    if (c->absent)
        fst_buf_adds(out, absent_mark(ascii));
    else if (fst_column_is_null(c, row))
        fst_buf_adds(out, "NULL");
    else if (c->type.kind == FST_STRING && fst_column_bytes(c, row).n == 0)
        fst_buf_adds(out, "\"\"");
    else
        return false;
    return true;
}

/* In quotes of its own as well. */
bool fst_grid_reads_like_mark(const char *text, size_t n, bool ascii)
{
    while (n > 2 && text[0] == '"' && text[n - 1] == '"') {
        text++;
        n -= 2;
    }
    struct fst_str it = {text, n};
    return fst_str_is(it, "NULL") || fst_str_is(it, "\"\"") || fst_str_is(it, absent_mark(ascii));
}

static void quote_what_reads_like_mark(struct fst_buf *text, bool ascii)
{
    char quoted[64];
    if (text->n > 32 || !fst_grid_reads_like_mark(fst_buf_text(text), text->n, ascii))
        return;
    snprintf(quoted, sizeof quoted, "\"%s\"", fst_buf_text(text));
    fst_buf_clear(text);
    fst_buf_adds(text, quoted);
}

static size_t cell_width(const struct fst_column *c, size_t row, struct fst_buf *text)
{
    fst_buf_clear(text);
    if (!c)
        return 1;
    if (c->unreadable || !value_text(text, c, row))
        return 4;
    if (c->type.kind == FST_STRING)
        quote_what_reads_like_mark(text, false);
    return fst_text_width(fst_buf_text(text), text->n);
}

/* Rows that came since the column was fitted, as long as they are among the first. Only columns in
 * sight are: there may be thousands. */
static void fit(struct fst_grid *g, size_t col)
{
    struct fst_buf text = FST_BUF(CELL_BYTES);
    size_t at = 0;
    for (size_t i = 0; i < g->n_frames && g->fitted[col] < FIT_ROWS; i++) {
        const struct fst_frame *f = g->frames[i];
        const struct fst_column *c = column_of(g, f, col);
        for (; c && g->fitted[col] < FIT_ROWS && g->fitted[col] < at + f->n_rows;
             g->fitted[col]++) {
            size_t width = cell_width(c, g->fitted[col] - at, &text);
            if ((int)(width < FIT_COLS ? width : FIT_COLS) > g->widths[col])
                g->widths[col] = (int)(width < FIT_COLS ? width : FIT_COLS);
        }
        at += f->n_rows;
    }
    fst_buf_done(&text);
}

static int width_of(struct fst_grid *g, size_t col)
{
    if (g->fitted[col] < FIT_ROWS)
        fit(g, col);
    return g->widths[col];
}

static void keep(struct fst_grid *g, size_t at, struct fst_frame *f)
{
    fst_grow(&g->frames, &g->frames_cap, g->n_frames + 1, sizeof(struct fst_frame *));
    memmove(g->frames + at + 1, g->frames + at, (g->n_frames - at) * sizeof *g->frames);
    g->frames[at] = fst_frame_ref(f);
    g->n_frames++;
    g->n_rows += f->n_rows;
}

static void drop(struct fst_grid *g, size_t at)
{
    g->n_rows -= g->frames[at]->n_rows;
    fst_frame_unref(g->frames[at]);
    g->n_frames--;
    memmove(g->frames + at, g->frames + at + 1, (g->n_frames - at) * sizeof *g->frames);
}

void fst_grid_append(struct fst_grid *g, struct fst_frame *f)
{
    keep(g, g->n_frames, f);
    uint64_t near = (uint64_t)g->page_rows * (AHEAD + 1);
    while (g->can_seek && g->n_rows > KEEP_ROWS && g->n_frames > 1 &&
           g->first + g->frames[0]->n_rows + near <= g->top && g->top <= g->row) {
        g->first += g->frames[0]->n_rows;
        drop(g, 0);
    }
}

void fst_grid_prepend(struct fst_grid *g, struct fst_frame *const *frames, size_t n)
{
    for (size_t i = n; i-- > 0;) {
        g->first -= frames[i]->n_rows;
        keep(g, 0, frames[i]);
    }
    while (g->n_rows > KEEP_ROWS && g->n_frames > n + 1) {
        drop(g, g->n_frames - 1);
        g->complete = false;
    }
}

void fst_grid_restart(struct fst_grid *g, uint64_t first)
{
    while (g->n_frames)
        drop(g, g->n_frames - 1);
    free(g->part);
    g->part = NULL;
    g->first = first;
    g->complete = false;
    for (size_t i = 0; i < g->schema->n; i++) /* far away values may be wider */
        g->fitted[i] = g->fitted[i] == BY_HAND ? BY_HAND : 0;
}

void fst_grid_restart_part(struct fst_grid *g, uint64_t first, const size_t *columns, size_t n)
{
    fst_grid_restart(g, first);
    g->part = fst_alloc((g->schema->n + 1) * sizeof *g->part);
    memset(g->part, 0xFF, g->schema->n * sizeof *g->part);
    for (size_t i = 0; i < n; i++)
        g->part[columns[i]] = i;
}

/* ---- Columns that are shown ------------------------------------------------------------------ */

static size_t n_shown(const struct fst_grid *g)
{
    return g->order ? g->n_order : g->schema->n;
}

/* The column at a place, and the place of a column: what is hidden has none. */
static size_t shown_at(const struct fst_grid *g, size_t place)
{
    return g->order ? g->order[place] : place;
}

static size_t place_of(const struct fst_grid *g, size_t column)
{
    if (!g->order)
        return column;
    for (size_t i = 0; i < g->n_order; i++)
        if (g->order[i] == column)
            return i;
    return SIZE_MAX;
}

size_t fst_grid_columns(const struct fst_grid *g, size_t *out)
{
    for (size_t i = 0; i < n_shown(g); i++)
        out[i] = shown_at(g, i);
    return n_shown(g);
}

void fst_grid_arrange(struct fst_grid *g, const size_t *columns, size_t n)
{
    size_t *order = n ? fst_alloc(n * sizeof *order) : NULL;
    if (n)
        memcpy(order, columns, n * sizeof *order);
    free(g->order);
    g->order = order;
    g->n_order = n;
    g->left = 0;
    g->n_pinned = g->n_pinned < n_shown(g) ? g->n_pinned : 0;
    if (n && place_of(g, g->col) == SIZE_MAX)
        g->col = order[0];
    g->selects = g->selects && !g->in_block;
}

/* The order as one that can be changed. */
static void own_order(struct fst_grid *g)
{
    if (g->order)
        return;
    g->n_order = g->schema->n;
    g->order = fst_alloc((g->n_order + 1) * sizeof *g->order);
    for (size_t i = 0; i < g->n_order; i++)
        g->order[i] = i;
}

void fst_grid_goto_column(struct fst_grid *g, size_t column)
{
    if (place_of(g, column) == SIZE_MAX) {
        g->order = fst_realloc(g->order, (g->n_order + 1) * sizeof *g->order);
        g->order[g->n_order++] = column;
    }
    g->col = column;
}

/* The last one stays. */
static void hide(struct fst_grid *g)
{
    own_order(g);
    size_t at = place_of(g, g->col);
    if (g->n_order < 2)
        return;
    g->n_order--;
    memmove(g->order + at, g->order + at + 1, (g->n_order - at) * sizeof *g->order);
    g->n_pinned -= at < g->n_pinned;
    g->col = g->order[at < g->n_order ? at : g->n_order - 1];
    g->selects = false;
}

static void move_column(struct fst_grid *g, int step)
{
    own_order(g);
    size_t at = place_of(g, g->col), to = at + (size_t)step;
    if ((step < 0 && at == 0) || to >= g->n_order)
        return;
    g->order[at] = g->order[to];
    g->order[to] = g->col;
}

size_t fst_grid_selected_columns(const struct fst_grid *g, size_t *out)
{
    if (!g->selects || !g->in_block)
        return fst_grid_columns(g, out);
    size_t a = place_of(g, g->anchor_col), b = place_of(g, g->col), n = 0;
    for (size_t i = a < b ? a : b; i <= (a < b ? b : a); i++)
        out[n++] = shown_at(g, i);
    return n;
}

size_t fst_grid_in_sight(const struct fst_grid *g, size_t *out, size_t max)
{
    size_t n = 0;
    for (size_t i = 0; i < g->n_sight_pinned && n < max; i++)
        out[n++] = shown_at(g, i);
    for (size_t i = 0; i < g->n_sight && n < max; i++)
        out[n++] = shown_at(g, g->sight + i);
    return n;
}

void fst_grid_done(struct fst_grid *g)
{
    for (size_t i = 0; i < g->n_frames; i++)
        fst_frame_unref(g->frames[i]);
    free(g->frames);
    free(g->widths);
    free(g->fitted);
    free(g->part);
    free(g->order);
    *g = (struct fst_grid){.total_rows = -1};
}

/* Rows that the cursor moves over. */
static uint64_t extent(const struct fst_grid *g)
{
    uint64_t there = g->first + g->n_rows;
    return g->can_seek && (uint64_t)g->total_rows > there && !g->complete ? (uint64_t)g->total_rows
                                                                          : there;
}

/* The frame that has row `at`, which becomes the row in it. */
static struct fst_frame *frame_of(const struct fst_grid *g, uint64_t *at)
{
    if (*at < g->first)
        return NULL;
    *at -= g->first;
    for (size_t i = 0; i < g->n_frames; i++) {
        if (*at < g->frames[i]->n_rows)
            return g->frames[i];
        *at -= g->frames[i]->n_rows;
    }
    return NULL;
}

struct fst_frame *fst_grid_frame_at(const struct fst_grid *g, uint64_t at, size_t *row)
{
    struct fst_frame *f = frame_of(g, &at);
    *row = (size_t)at;
    return g->part ? NULL : f;
}

const struct fst_frame *fst_grid_frame(const struct fst_grid *g, size_t *row)
{
    return fst_grid_frame_at(g, g->row, row);
}

bool fst_grid_cell(const struct fst_grid *g, const struct fst_column **column, size_t *row)
{
    uint64_t at = g->row;
    const struct fst_frame *f = frame_of(g, &at);
    *row = (size_t)at;
    *column = f && g->col < g->schema->n ? column_of(g, f, g->col) : NULL;
    return *column != NULL;
}

const struct fst_column *fst_grid_column_at(const struct fst_grid *g, uint64_t at, size_t column,
                                            size_t *row)
{
    const struct fst_frame *f = frame_of(g, &at);
    *row = (size_t)at;
    return f ? column_of(g, f, column) : NULL;
}

struct fst_frame *fst_grid_slice(const struct fst_grid *g, size_t *column)
{
    uint64_t at = g->row;
    struct fst_frame *f = frame_of(g, &at);
    const struct fst_column *c = f && g->col < g->schema->n ? column_of(g, f, g->col) : NULL;
    if (!c)
        return NULL;
    *column = (size_t)(c - f->columns);
    return fst_frame_slice(f, (size_t)at, 1);
}

bool fst_grid_selection(const struct fst_grid *g, uint64_t *from, uint64_t *n)
{
    if (!g->selects || !extent(g))
        return false;
    *from = g->anchor < g->row ? g->anchor : g->row;
    *n = (g->anchor < g->row ? g->row - g->anchor : g->anchor - g->row) + 1;
    return true;
}

/* The other kind goes on from the same anchor. */
static void begin_selection(struct fst_grid *g, bool in_block)
{
    bool is_other = g->selects && g->in_block != in_block;
    g->selects = (is_other || !g->selects) && extent(g);
    g->in_block = in_block;
    g->anchor = is_other ? g->anchor : g->row;
    g->anchor_col = is_other ? g->anchor_col : g->col;
}

enum fst_grid_want fst_grid_wants(const struct fst_grid *g, uint64_t *from)
{
    uint64_t page = g->page_rows > 0 ? (uint64_t)g->page_rows : 50, end = g->first + g->n_rows;
    uint64_t top = fst__scroll(g->top, g->row, extent(g), (int)page);
    bool is_apart = top > end || top + page < g->first;
    if (g->can_seek && is_apart && top < extent(g)) {
        *from = top > page ? top - page : 0;
        return FST_GRID_ANEW;
    }
    if (g->can_seek && g->first > 0 && top < g->first + AHEAD * page) {
        *from = g->first;
        return FST_GRID_BEFORE;
    }
    *from = end;
    return !g->complete && g->row + AHEAD * page >= end ? FST_GRID_AFTER : FST_GRID_NOTHING;
}

void fst_grid_goto(struct fst_grid *g, uint64_t row)
{
    uint64_t n = extent(g);
    g->row = row < n ? row : n ? n - 1 : 0;
}

/* ---- Actions --------------------------------------------------------------------------------- */

static void fit_in_sight(struct fst_grid *g)
{
    struct fst_buf text = FST_BUF(CELL_BYTES);
    const char *name = g->schema->fields[g->col].name;
    size_t width = fst_text_width(name, strlen(name));
    for (int i = 0; i < g->page_rows; i++) {
        uint64_t at = g->top + (uint64_t)i;
        const struct fst_frame *f = frame_of(g, &at);
        size_t w = f ? cell_width(column_of(g, f, g->col), (size_t)at, &text) : 0;
        width = w > width ? w : width;
    }
    g->widths[g->col] = width < 4 ? 4 : width > MAX_WIDTH ? MAX_WIDTH : (int)width;
    g->fitted[g->col] = BY_HAND;
    fst_buf_done(&text);
}

static void set_width(struct fst_grid *g, int width)
{
    g->widths[g->col] = width < 2 ? 2 : width > MAX_WIDTH ? MAX_WIDTH : width;
    g->fitted[g->col] = BY_HAND;
}

void fst_grid_set_width(struct fst_grid *g, int width)
{
    if (!g->schema || g->col >= g->schema->n)
        return;
    if (width > 0)
        set_width(g, width);
    else
        fit_in_sight(g);
}

bool fst_grid_is_set_by_hand(const struct fst_grid *g, size_t column)
{
    return g->fitted[column] == BY_HAND;
}

void fst_grid_fit_again(struct fst_grid *g)
{
    set_first_widths(g);
    memset(g->fitted, 0, g->schema->n * sizeof *g->fitted);
}

static bool column_action(struct fst_grid *g, const char *verb)
{
    size_t n = n_shown(g), at = n ? place_of(g, g->col) : 0;
    if (n == 0)
        return false;
    if (strcmp(verb, "left") == 0)
        g->col = shown_at(g, at - (at > 0));
    else if (strcmp(verb, "right") == 0)
        g->col = shown_at(g, at + (at + 1 < n));
    else if (strcmp(verb, "first") == 0)
        g->col = shown_at(g, g->left = 0);
    else if (strcmp(verb, "last") == 0)
        g->col = shown_at(g, n - 1);
    else if (strcmp(verb, "pin") == 0)
        g->n_pinned = g->n_pinned == at + 1 ? 0 : at + 1;
    else if (strcmp(verb, "hide") == 0)
        hide(g);
    else if (strcmp(verb, "move-left") == 0)
        move_column(g, -1);
    else if (strcmp(verb, "move-right") == 0)
        move_column(g, 1);
    else if (strcmp(verb, "widen") == 0)
        set_width(g, width_of(g, g->col) + 4);
    else if (strcmp(verb, "narrow") == 0)
        set_width(g, width_of(g, g->col) - 4);
    else if (strcmp(verb, "fit") == 0)
        fit_in_sight(g);
    else
        return false;
    return true;
}

bool fst_grid_action(struct fst_grid *g, const char *action)
{
    const char *verb = fst__verb(action, "grid");
    if (!verb || !g->schema)
        return false;
    bool in_block = strcmp(verb, "block") == 0;
    if (in_block || strcmp(verb, "select") == 0) {
        begin_selection(g, in_block);
        return true;
    }
    return fst__move(verb, extent(g), g->page_rows, &g->row) || column_action(g, verb);
}

/* ---- Columns in sight ------------------------------------------------------------------------ */

/* Pinned columns in sight: never more than half of the screen, so that others can be seen. */
static size_t pinned(struct fst_grid *g, int cols, int *used)
{
    size_t n = 0;
    *used = 0;
    while (n < g->n_pinned && n < n_shown(g) &&
           *used + width_of(g, shown_at(g, n)) + GAP <= cols / 2)
        *used += g->widths[shown_at(g, n++)] + GAP;
    return n;
}

/* Scroll sideways so that the cursor's column is in sight, whole if it can be. */
static void scroll_sideways(struct fst_grid *g, int cols, size_t n_pinned)
{
    size_t at = place_of(g, g->col);
    if (g->left < n_pinned)
        g->left = n_pinned;
    if (at < n_pinned)
        return;
    if (at < g->left)
        g->left = at;
    for (; g->left < at; g->left++) {
        int need = 0;
        for (size_t i = g->left; i <= at; i++)
            need += width_of(g, shown_at(g, i)) + (i < at ? GAP : 0);
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
    for (size_t i = 0; i < n_shown(g) && col < cols && n < MAX_PLACES; i++) {
        if (i >= n_pinned && i < g->left)
            continue;
        size_t column = shown_at(g, i);
        int width = width_of(g, column) < cols - col ? width_of(g, column) : cols - col;
        if (i >= n_pinned && g->n_sight++ == 0)
            g->sight = i;
        places[n++] = (struct place){column, col, width};
        col += width + GAP;
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
    struct fst_buf type = FST_BUF(CELL_BYTES);
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

static enum fst_role cell_text(const struct fst_column *c, size_t row, bool ascii,
                               struct fst_buf *text)
{
    fst_buf_clear(text);
    if (!c) {
        fst_buf_adds(text, ascii ? "..." : "…");
        return FST_ROLE_DIM;
    }
    if (c->unreadable) {
        fst_buf_printf(text, "(%s)", c->unreadable);
        return FST_ROLE_WARN;
    }
    if (fst_grid_mark(text, c, row, ascii))
        return FST_ROLE_NULL;
    value_text(text, c, row);
    if (c->type.kind == FST_STRING)
        quote_what_reads_like_mark(text, ascii);
    return fst_type_is_right_aligned(&c->type) ? FST_ROLE_NUMBER : FST_ROLE_TEXT;
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

/* Of a block, whether it has the column. */
static bool is_selected_cell(const struct fst_grid *g, size_t column)
{
    if (!g->in_block)
        return true;
    size_t a = place_of(g, g->anchor_col), b = place_of(g, g->col), at = place_of(g, column);
    return at >= (a < b ? a : b) && at <= (a < b ? b : a);
}

static bool is_selected(const struct fst_grid *g, uint64_t row)
{
    uint64_t from, n;
    return fst_grid_selection(g, &from, &n) && row >= from && row - from < n;
}

static void draw_row(const struct fst_grid *g, struct fst_surface *s, int at, uint64_t row,
                     const struct place *places, size_t n, struct fst_buf *text)
{
    bool cursor = row == g->row, selected = !cursor && !g->in_block && is_selected(g, row);
    bool has_block = g->in_block && is_selected(g, row);
    uint64_t in_frame = row;
    const struct fst_frame *f = frame_of(g, &in_frame);
    bool is_coming = !f && row < extent(g);
    enum fst_role all = cursor ? FST_ROLE_CURSOR : selected ? FST_ROLE_SELECTED : FST_ROLE_TEXT;
    fst_draw_fill(s, at, 0, s->cols, f || is_coming ? all : FST_ROLE_TEXT);
    if (is_coming)
        fst_draws(s, at, 1, FST_ROLE_DIM, s->ascii ? "..." : "…");
    for (size_t i = 0; f && i < n; i++) {
        const struct place *p = &places[i];
        const struct fst_column *c = column_of(g, f, p->column);
        enum fst_role role = cell_text(c, (size_t)in_frame, s->ascii, text);
        bool stands_out =
            (cursor && p->column == g->col) || (has_block && is_selected_cell(g, p->column));
        if (cursor || selected || stands_out)
            role = stands_out ? FST_ROLE_SELECTED : all;
        if (stands_out)
            fst_draw_fill(s, at, p->col, p->width, FST_ROLE_SELECTED);
        bool right = fst_type_is_right_aligned(&g->schema->fields[p->column].type);
        draw_aligned(s, at, p, right, role, fst_buf_text(text), text->n);
        if (g->find && c && !fst_column_is_null(c, (size_t)in_frame))
            mark_found(g, s, at, p, right, text);
    }
}

void fst_grid_draw(struct fst_grid *g, struct fst_surface *s)
{
    struct place places[MAX_PLACES];
    struct fst_buf text = FST_BUF(CELL_BYTES);
    if (!g->schema || s->cols < 2)
        return;
    g->page_rows = s->rows > HEADER_ROWS ? s->rows - HEADER_ROWS : 1;
    fst_grid_goto(g, g->row);
    g->top = fst__scroll(g->top, g->row, extent(g), g->page_rows);
    size_t n = place_columns(g, s->cols, places);
    draw_header(g, s, places, n);
    for (int i = HEADER_ROWS; i < s->rows; i++)
        draw_row(g, s, i, g->top + (uint64_t)(i - HEADER_ROWS), places, n, &text);
    fst_buf_done(&text);
}
