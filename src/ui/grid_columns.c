/* Columns of a grid that are shown, and in which order. What is hidden has no place among them. */
#include <stdlib.h>
#include <string.h>

#include "grid.h"

size_t fst__grid_n_shown(const struct fst_grid *g)
{
    return g->order ? g->n_order : g->schema->n;
}

size_t fst__grid_shown_at(const struct fst_grid *g, size_t place)
{
    return g->order ? g->order[place] : place;
}

size_t fst__grid_place_of(const struct fst_grid *g, size_t column)
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
    for (size_t i = 0; i < fst__grid_n_shown(g); i++)
        out[i] = fst__grid_shown_at(g, i);
    return fst__grid_n_shown(g);
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
    g->n_pinned = g->n_pinned < fst__grid_n_shown(g) ? g->n_pinned : 0;
    if (n && fst__grid_place_of(g, g->col) == SIZE_MAX)
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
    if (fst__grid_place_of(g, column) == SIZE_MAX) {
        g->order = fst_realloc(g->order, (g->n_order + 1) * sizeof *g->order);
        g->order[g->n_order++] = column;
    }
    g->col = column;
}

/* The last one stays. */
void fst__grid_hide(struct fst_grid *g)
{
    own_order(g);
    size_t at = fst__grid_place_of(g, g->col);
    if (g->n_order < 2)
        return;
    g->n_order--;
    memmove(g->order + at, g->order + at + 1, (g->n_order - at) * sizeof *g->order);
    g->n_pinned -= at < g->n_pinned;
    g->col = g->order[at < g->n_order ? at : g->n_order - 1];
    g->selects = false;
}

void fst__grid_move_column(struct fst_grid *g, int step)
{
    own_order(g);
    size_t at = fst__grid_place_of(g, g->col), to = at + (size_t)step;
    if ((step < 0 && at == 0) || to >= g->n_order)
        return;
    g->order[at] = g->order[to];
    g->order[to] = g->col;
}

size_t fst_grid_in_sight(const struct fst_grid *g, size_t around, size_t *out, size_t max)
{
    size_t n = 0, last = g->sight + g->n_sight + around, n_shown = fst__grid_n_shown(g);
    size_t from = g->sight > around + g->n_sight_pinned ? g->sight - around : g->n_sight_pinned;
    for (size_t i = 0; i < g->n_sight_pinned && n < max; i++)
        out[n++] = fst__grid_shown_at(g, i);
    for (size_t i = from; g->n_sight && i < last && i < n_shown && n < max; i++)
        out[n++] = fst__grid_shown_at(g, i);
    return n;
}

bool fst_grid_lacks_columns(const struct fst_grid *g)
{
    bool lacks = false;
    for (size_t i = 0; g->part && i < g->n_sight_pinned; i++)
        lacks |= g->part[fst__grid_shown_at(g, i)] == SIZE_MAX;
    for (size_t i = 0; g->part && i < g->n_sight && !lacks; i++)
        lacks = g->part[fst__grid_shown_at(g, g->sight + i)] == SIZE_MAX;
    return lacks;
}

size_t fst_grid_part(const struct fst_grid *g, size_t *out)
{
    size_t n = 0;
    for (size_t i = 0; g->part && i < g->schema->n; i++)
        if (g->part[i] != SIZE_MAX) {
            out[g->part[i]] = i;
            n++;
        }
    return n;
}
