/* From routes to cells: every cell gets the arms that meet in it, and then the sign for them.
 *
 * Horizontal lines come first, vertical ones over them. A vertical line shows its own arms only: it
 * hides a line that it crosses, and a line that it joins from the side touches it, so that no way
 * can be read that is not there. Only lines with equal targets meet in ┬ ┴ ├ ┤ ┼. */
#include "layout.h"

#include <stdlib.h>
#include <string.h>

enum { LEFT = 1, RIGHT = 2, UP = 4, DOWN = 8 };
#define MARK (UINT32_C(1) << 31)

struct canvas {
    const struct fst__routes *r;
    const struct fst_layout_node *nodes;
    int x, y, cols, rows;
    uint32_t *cells;
};

static uint32_t *cell(const struct canvas *c, int x, int y)
{
    if (x < c->x || x >= c->x + c->cols || y < c->y || y >= c->y + c->rows)
        return NULL;
    return &c->cells[(size_t)(y - c->y) * (size_t)c->cols + (size_t)(x - c->x)];
}

static int column_end(const struct fst__routes *r, uint32_t layer)
{
    return r->column_x[layer] + r->column_width[layer];
}

/* First and last cell of the line from a spot, and to one: a blank beside texts, none beside
 * dummies. */
static int line_from(const struct canvas *c, uint32_t spot)
{
    if (spot >= c->r->n_nodes)
        return column_end(c->r, c->r->layer[spot]);
    return c->nodes[spot].x + c->nodes[spot].width + 1;
}

static int line_to(const struct canvas *c, uint32_t spot)
{
    int x = c->r->column_x[c->r->layer[spot]];

    return spot >= c->r->n_nodes ? x - 1 : x - 2;
}

static bool is_straight(const struct fst__bus *b)
{
    return b->lo == b->hi;
}

static void horizontal(const struct canvas *c, int from, int to, int y)
{
    if (y < c->y || y >= c->y + c->rows)
        return;
    from = from < c->x ? c->x : from;
    to = to >= c->x + c->cols ? c->x + c->cols - 1 : to;
    for (int x = from; x <= to; x++) {
        uint32_t *at = cell(c, x, y);
        if (at)
            *at |= LEFT | RIGHT;
    }
}

/* ---- Lines ----------------------------------------------------------------------------------- */

/* The spots of layer `gap` with this bus are the inputs of any of its targets, as far as they are
 * on it. */
static void each_source(const struct canvas *c, uint32_t bus,
                        void (*act)(const struct canvas *, const struct fst__bus *, uint32_t))
{
    const struct fst__routes *r = c->r;
    const struct fst__bus *b = &r->buses[bus];
    uint32_t target = r->out.items[r->out.start[b->first]];

    for (uint32_t k = r->in.start[target]; k < r->in.start[target + 1]; k++)
        if (r->bus_of[r->in.items[k]] == bus)
            act(c, b, r->in.items[k]);
}

static void each_target(const struct canvas *c, uint32_t bus,
                        void (*act)(const struct canvas *, const struct fst__bus *, uint32_t))
{
    const struct fst__routes *r = c->r;
    const struct fst__bus *b = &r->buses[bus];

    for (uint32_t k = r->out.start[b->first]; k < r->out.start[b->first + 1]; k++)
        act(c, b, r->out.items[k]);
}

static void draw_in(const struct canvas *c, const struct fst__bus *b, uint32_t source)
{
    int to =
        is_straight(b) ? fst__track_x(c->r, b->gap, 0) : fst__track_x(c->r, b->gap, b->track) - 1;

    horizontal(c, line_from(c, source), to, c->r->y[source]);
}

static void draw_out(const struct canvas *c, const struct fst__bus *b, uint32_t target)
{
    int from =
        is_straight(b) ? fst__track_x(c->r, b->gap, 0) : fst__track_x(c->r, b->gap, b->track) + 1;

    horizontal(c, from, line_to(c, target), c->r->y[target]);
}

static void draw_vertical(const struct canvas *c, const struct fst__bus *b)
{
    int x = fst__track_x(c->r, b->gap, b->track);

    for (int y = b->lo > c->y ? b->lo : c->y; y <= b->hi && y < c->y + c->rows; y++) {
        uint32_t *at = cell(c, x, y);
        if (at)
            *at = (y > b->lo ? UP : 0u) | (y < b->hi ? DOWN : 0u);
    }
}

static void open_left(const struct canvas *c, const struct fst__bus *b, uint32_t source)
{
    uint32_t *at = cell(c, fst__track_x(c->r, b->gap, b->track), c->r->y[source]);

    if (at)
        *at |= LEFT;
}

static void open_right(const struct canvas *c, const struct fst__bus *b, uint32_t target)
{
    uint32_t *at = cell(c, fst__track_x(c->r, b->gap, b->track), c->r->y[target]);

    if (at)
        *at |= RIGHT;
}

static bool is_seen(const struct canvas *c, const struct fst__bus *b)
{
    return b->hi >= c->y && b->lo < c->y + c->rows;
}

static void draw_gap(const struct canvas *c, uint32_t gap)
{
    const struct fst__lists *lists = &c->r->gap_buses;

    for (uint32_t k = lists->start[gap]; k < lists->start[gap + 1]; k++)
        if (is_seen(c, &c->r->buses[lists->items[k]])) {
            each_source(c, lists->items[k], draw_in);
            each_target(c, lists->items[k], draw_out);
        }
    for (uint32_t k = lists->start[gap]; k < lists->start[gap + 1]; k++) {
        const struct fst__bus *b = &c->r->buses[lists->items[k]];
        if (!is_seen(c, b) || is_straight(b))
            continue;
        draw_vertical(c, b);
        each_source(c, lists->items[k], open_left);
        each_target(c, lists->items[k], open_right);
    }
}

/* Long edges run through the columns of the layers that they pass. */
static void draw_passes(const struct canvas *c)
{
    const struct fst__routes *r = c->r;

    for (uint32_t spot = r->n_nodes; spot < r->n_spots; spot++)
        horizontal(c, r->column_x[r->layer[spot]], column_end(r, r->layer[spot]) - 1, r->y[spot]);
}

static bool gap_is_seen(const struct canvas *c, uint32_t gap)
{
    return column_end(c->r, gap + 1) > c->x && c->r->column_x[gap] < c->x + c->cols;
}

static void draw_lines(const struct canvas *c)
{
    draw_passes(c);
    for (uint32_t gap = 0; gap + 1 < c->r->n_layers; gap++)
        if (gap_is_seen(c, gap))
            draw_gap(c, gap);
}

/* ---- Marks ----------------------------------------------------------------------------------- */

/* A cell where another line lies over this one is not this one's. */
static void mark(const struct canvas *c, int x, int y, uint32_t not_these)
{
    uint32_t *at = cell(c, x, y);

    if (at && (*at & ~MARK) && (*at & ~MARK) != not_these)
        *at |= MARK;
}

static void mark_row(const struct canvas *c, int from, int to, int y)
{
    if (y < c->y || y >= c->y + c->rows)
        return;
    from = from < c->x ? c->x : from;
    to = to >= c->x + c->cols ? c->x + c->cols - 1 : to;
    for (int x = from; x <= to; x++)
        mark(c, x, y, UP | DOWN);
}

static void mark_segment(const struct canvas *c, uint32_t from, uint32_t to)
{
    const struct fst__routes *r = c->r;
    const struct fst__bus *b = &r->buses[r->bus_of[from]];
    int x = fst__track_x(r, b->gap, is_straight(b) ? 0 : b->track);
    int lo = r->y[from] < r->y[to] ? r->y[from] : r->y[to];
    int hi = r->y[from] < r->y[to] ? r->y[to] : r->y[from];

    mark_row(c, line_from(c, from), x - 1, r->y[from]);
    mark_row(c, x + 1, line_to(c, to), r->y[to]);
    for (int y = lo > c->y ? lo : c->y; y <= hi && y < c->y + c->rows; y++)
        mark(c, x, y, is_straight(b) ? UP | DOWN : 0);
    if (to >= r->n_nodes)
        mark_row(c, r->column_x[r->layer[to]], column_end(r, r->layer[to]) - 1, r->y[to]);
}

static void mark_edge(const struct canvas *c, const struct fst_edge *e)
{
    const struct fst__routes *r = c->r;
    uint32_t from = e->from, dummies = r->layer[e->to] - r->layer[e->from] - 1;

    for (uint32_t k = 0; k < dummies; k++) {
        mark_segment(c, from, r->chain[e->from] + k);
        from = r->chain[e->from] + k;
    }
    mark_segment(c, from, e->to);
}

/* ---- Signs ----------------------------------------------------------------------------------- */

static const uint32_t signs[16] = {
    [LEFT] = 0x2500,
    [RIGHT] = 0x2500,
    [LEFT | RIGHT] = 0x2500,
    [UP] = 0x2502,
    [DOWN] = 0x2502,
    [UP | DOWN] = 0x2502,
    [RIGHT | DOWN] = 0x256D,
    [LEFT | DOWN] = 0x256E,
    [LEFT | UP] = 0x256F,
    [RIGHT | UP] = 0x2570,
    [UP | DOWN | RIGHT] = 0x251C,
    [UP | DOWN | LEFT] = 0x2524,
    [LEFT | RIGHT | DOWN] = 0x252C,
    [LEFT | RIGHT | UP] = 0x2534,
    [LEFT | RIGHT | UP | DOWN] = 0x253C,
};

static uint32_t sign(uint32_t arms, bool ascii)
{
    if (!arms || !ascii)
        return signs[arms];
    return arms & (UP | DOWN) ? arms & (LEFT | RIGHT) ? '+' : '|' : '-';
}

void fst_layout_edges(const struct fst_layout *l, const struct fst_graph *g, int x, int y, int cols,
                      int rows, bool ascii, const bool *marked, uint32_t *cells)
{
    struct canvas c = {l->routes, l->nodes, x, y, cols, rows, cells};
    size_t n = cols > 0 && rows > 0 ? (size_t)cols * (size_t)rows : 0;

    if (!n || !l->routes)
        return;
    memset(cells, 0, n * sizeof *cells);
    draw_lines(&c);
    for (size_t i = 0; marked && i < g->n_edges; i++)
        if (marked[i])
            mark_edge(&c, &g->edges[i]);
    for (size_t i = 0; i < n; i++)
        cells[i] = sign(cells[i] & ~MARK, ascii) | (cells[i] & MARK);
}
