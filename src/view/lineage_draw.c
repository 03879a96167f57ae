/* A lineage drawn: its edges and nodes, or all of it small as a map, and the node under the cursor
 * in words. */
#include <stdlib.h>
#include <string.h>

#include "lineage.h"

/* As little as needed for the node under the cursor to be on the screen. */
static int scrolled(int from, int lo, int hi, int size, int whole)
{
    if (whole <= size)
        return 0;
    if (hi > from + size)
        from = hi - size;
    if (lo < from)
        from = lo;
    return from > whole - size ? whole - size : from < 0 ? 0 : from;
}

static void scroll_to(struct lineage *l, int rows, int cols)
{
    const struct fst_layout_node *n = &l->pic.layout.nodes[l->at];
    l->rows = rows;
    l->cols = cols;
    l->left = scrolled(l->left, n->x, n->x + n->width, cols, l->pic.layout.width);
    l->top = scrolled(l->top, n->y, n->y + 1, rows, l->pic.layout.height);
}

static void draw_edges(const struct lineage *l, struct fst_surface *s)
{
    if (l->pic.too_many)
        return;
    uint32_t *cells = fst_alloc((size_t)s->rows * (size_t)s->cols * sizeof *cells);
    fst_layout_edges(&l->pic.layout, &l->pic.graph, l->left, l->top, s->cols, s->rows, s->ascii,
                     l->edge_way, cells);
    for (int y = 0; y < s->rows; y++)
        for (int x = 0; x < s->cols; x++) {
            uint32_t cell = cells[y * s->cols + x], cp = cell & 0x7FFFFFFF;
            char text[4];
            if (cp)
                fst_draw(s, y, x, 1, cell >> 31 ? FST_ROLE_KEY : FST_ROLE_DIM, text,
                         fst_utf8_encode(cp, text));
        }
    free(cells);
}

static enum fst_role role_of(const struct lineage *l, uint32_t i)
{
    const struct fst_item *it = lineage_item(l, i);
    if (i == l->at)
        return FST_ROLE_CURSOR;
    if (l->pic.nodes[i].id == l->mark_id)
        return FST_ROLE_SELECTED;
    if (l->is_hit && l->is_hit[i])
        return FST_ROLE_MATCH;
    if (!l->way[i])
        return FST_ROLE_DIM;
    return fst_kinds[it->kind].has_variants ? wb_state_role(it->state, it->stale) : FST_ROLE_TEXT;
}

static void draw_node(const struct lineage *l, uint32_t i, struct fst_surface *s)
{
    const struct fst_layout_node *n = &l->pic.layout.nodes[i];
    int x = n->x - l->left, y = n->y - l->top;
    const char *text = l->pic.labels[i];
    size_t len = strlen(text);
    if (y < 0 || y >= s->rows || x >= s->cols || x + n->width <= 0)
        return;
    if (x < 0) { /* cut at the left edge */
        size_t used;
        size_t skip = fst_text_fit(text, len, (size_t)-x, &used);
        text += skip;
        len -= skip;
        x = 0;
    }
    fst_draw(s, y, x, s->cols - x, role_of(l, i), text, len);
}

static bool in_sight(const struct lineage *l, uint32_t i)
{
    const struct fst_layout_node *n = &l->pic.layout.nodes[i];
    return n->y >= l->top && n->y < l->top + l->rows && n->x < l->left + l->cols &&
           n->x + n->width > l->left;
}

/* The ends of its edges that are off the screen. */
static int draw_ends(const struct lineage *l, struct fst_surface *s, int col, bool before)
{
    const char *sign = before ? (s->ascii ? "<-" : "←") : s->ascii ? "->" : "→";
    for (size_t i = 0; i < l->pic.graph.n_edges && col < s->cols; i++) {
        const struct fst_edge *e = &l->pic.edges[i];
        uint32_t here = before ? e->to : e->from, there = before ? e->from : e->to;
        if (here != l->at || in_sight(l, there))
            continue;
        col += fst_drawf(s, s->rows - 1, col, FST_ROLE_KEY, "%s %s  ", sign,
                         l->pic.labels[there] + 1 + (l->pic.labels[there][1] == ' '));
    }
    return col;
}

/* The node under the cursor in words, below the drawing. */
static void draw_legend(const struct lineage *l, struct fst_surface *s)
{
    const struct fst_item *it = lineage_item(l, l->at);
    bool states = fst_kinds[it->kind].has_variants;
    fst_draw_fill(s, s->rows - 1, 0, s->cols, FST_ROLE_TEXT);
    int col = 1 + fst_drawf(s, s->rows - 1, 1, FST_ROLE_HEADER, "%s ", fst_kinds[it->kind].name);
    if (l->pic.nodes[l->at].count > 1)
        col += fst_drawf(s, s->rows - 1, col, FST_ROLE_TEXT, "%u folded, one of them ",
                         l->pic.nodes[l->at].count);
    col += fst_drawf(s, s->rows - 1, col, FST_ROLE_TEXT, "%s%s%s ", it->name,
                     *it->variant ? "." : "", it->variant);
    if (states)
        col += fst_drawf(s, s->rows - 1, col, wb_state_role(it->state, it->stale), "%s%s  ",
                         wb_state_word(it->state),
                         wb_is_outdated(it->state, it->stale) ? ", stale" : "");
    col = draw_ends(l, s, col, true);
    col = draw_ends(l, s, col, false);
    if (col < s->cols)
        fst_draws(s, s->rows - 1, col, FST_ROLE_DIM, it->description ? it->description : "");
}

/* The whole graph in blocks, the part that the screen would show in the role of what is selected.
 */
static int scale(int at, int whole, int size)
{
    return whole <= size ? at : (int)((int64_t)at * size / whole);
}

static void draw_map(const struct lineage *l, struct fst_surface *s)
{
    const struct fst_layout *o = &l->pic.layout;
    int x1 = scale(l->left + s->cols - 1, o->width, s->cols),
        y1 = scale(l->top + s->rows - 1, o->height, s->rows);
    for (int y = scale(l->top, o->height, s->rows); y <= y1 && y < s->rows; y++)
        for (int x = scale(l->left, o->width, s->cols); x <= x1 && x < s->cols; x++)
            fst_draws(s, y, x, FST_ROLE_SELECTED, " ");
    for (uint32_t i = 0; i <= o->n_nodes; i++) { /* the one under the cursor over all others */
        uint32_t k = i < o->n_nodes ? i : l->at;
        const struct fst_layout_node *n = &o->nodes[k];
        int y = scale(n->y, o->height, s->rows), x = scale(n->x, o->width, s->cols);
        int end = scale(n->x + n->width - 1, o->width, s->cols);
        for (; x <= end; x++)
            fst_draws(s, y, x, role_of(l, k), s->ascii ? "#" : "■");
    }
}

void lineage_draw(struct view *v, struct fst_surface *s)
{
    struct lineage *l = v->state;
    if (!l->loaded || s->rows < 2)
        return;
    struct fst_surface body = fst_surface_window(s, 0, 0, s->rows - 1, s->cols);
    scroll_to(l, body.rows, body.cols);
    lineage_follow(v);
    if (l->map) {
        draw_map(l, &body);
    } else {
        draw_edges(l, &body);
        int end = l->top + body.rows;
        end = end < l->pic.layout.height ? end : l->pic.layout.height;
        for (uint32_t k = l->pic.row_start[l->top]; k < l->pic.row_start[end]; k++)
            draw_node(l, l->pic.by_row[k], &body);
    }
    draw_legend(l, s);
}
