/* What is selected: rows, or a block of cells, between an anchor and the cursor. */
#include "grid.h"

bool fst_grid_selection(const struct fst_grid *g, uint64_t *from, uint64_t *n)
{
    if (!g->selects || !fst__grid_extent(g))
        return false;
    *from = g->anchor < g->row ? g->anchor : g->row;
    *n = (g->anchor < g->row ? g->row - g->anchor : g->anchor - g->row) + 1;
    return true;
}

/* The other kind goes on from the same anchor. */
void fst__grid_select(struct fst_grid *g, bool in_block)
{
    bool is_other = g->selects && g->in_block != in_block;
    g->selects = (is_other || !g->selects) && fst__grid_extent(g);
    g->in_block = in_block;
    g->anchor = is_other ? g->anchor : g->row;
    g->anchor_col = is_other ? g->anchor_col : g->col;
}

size_t fst_grid_selected_columns(const struct fst_grid *g, size_t *out)
{
    if (!g->selects || !g->in_block)
        return fst_grid_columns(g, out);
    size_t a = fst__grid_place_of(g, g->anchor_col), b = fst__grid_place_of(g, g->col), n = 0;
    for (size_t i = a < b ? a : b; i <= (a < b ? b : a); i++)
        out[n++] = fst__grid_shown_at(g, i);
    return n;
}

bool fst__grid_is_selected_cell(const struct fst_grid *g, size_t column)
{
    if (!g->in_block)
        return true;
    size_t a = fst__grid_place_of(g, g->anchor_col), b = fst__grid_place_of(g, g->col),
           at = fst__grid_place_of(g, column);
    return at >= (a < b ? a : b) && at <= (a < b ? b : a);
}

bool fst__grid_is_selected(const struct fst_grid *g, uint64_t row)
{
    uint64_t from, n;
    return fst_grid_selection(g, &from, &n) && row >= from && row - from < n;
}
