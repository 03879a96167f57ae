/* The layout as a whole: pieces one below the other, layers as columns, gaps as wide as their
 * tracks need. */
#include "layout.h"

#include <stdlib.h>
#include <string.h>

enum { FEW_TRACKS = 4 };

/* ---- Columns --------------------------------------------------------------------------------- */

/* A few lines stand apart, many side by side. */
static int pitch(int tracks)
{
    return tracks <= FEW_TRACKS ? 2 : 1;
}

/* " ─┬─ ": a blank and a dash on each side of the tracks. */
static int gap_width(int tracks)
{
    return 4 + (tracks ? (tracks - 1) * pitch(tracks) + 1 : 1);
}

int fst__track_x(const struct fst__routes *r, uint32_t gap, int track)
{
    return r->column_x[gap] + r->column_width[gap] + 2 + track * pitch(r->tracks[gap]);
}

static void place_columns(struct fst__routes *r, const int *widths, struct fst_layout *out)
{
    int x = 0;

    for (uint32_t i = 0; i < r->n_nodes; i++)
        if (widths[i] > r->column_width[r->layer[i]])
            r->column_width[r->layer[i]] = widths[i];
    for (uint32_t l = 0; l < r->n_layers; l++) {
        r->column_x[l] = x;
        x += r->column_width[l];
        x += l + 1 < r->n_layers ? gap_width(r->tracks[l]) : 0;
    }
    out->width = x;
}

/* ---- Pieces ---------------------------------------------------------------------------------- */

static void move_down(struct fst__routes *r, const struct fst__piece *p, uint32_t first_bus, int by)
{
    for (uint32_t i = 0; i < p->start[p->n_layers]; i++)
        r->y[p->spots[i]] += by;
    for (uint32_t i = first_bus; i < r->n_buses; i++) {
        r->buses[i].lo += by;
        r->buses[i].hi += by;
    }
}

static int lay_out_pieces(struct fst__routes *r)
{
    size_t cap = 0;
    int y = 0;

    for (uint32_t i = 0; i < r->n_pieces; i++) {
        struct fst__piece *p = &r->pieces[i];
        uint32_t first_bus = r->n_buses;
        fst__sweep(r, p);
        fst__place(r, p);
        fst__route(r, p, &cap);
        move_down(r, p, first_bus, y);
        y += p->height + 1;
    }
    return y ? y - 1 : 0;
}

static void list_buses(struct fst__routes *r)
{
    uint32_t *gaps = fst_alloc(((size_t)r->n_buses + 1) * sizeof *gaps);
    uint32_t *items = fst_alloc(((size_t)r->n_buses + 1) * sizeof *items);

    for (uint32_t i = 0; i < r->n_buses; i++) {
        gaps[i] = r->buses[i].gap;
        items[i] = i;
    }
    r->gap_buses = fst__lists_make(r->arena, r->n_layers, gaps, items, r->n_buses);
    free(gaps);
    free(items);
}

static void own_buses(struct fst__routes *r)
{
    size_t bytes = ((size_t)r->n_buses + 1) * sizeof *r->buses;
    struct fst__bus *kept = fst_arena_alloc(r->arena, bytes);

    if (r->n_buses)
        memcpy(kept, r->buses, r->n_buses * sizeof *kept);
    free(r->buses);
    r->buses = kept;
}

/* Rows within a layer count nodes only, over all pieces. */
static void fill_nodes(const struct fst__routes *r, const int *widths, struct fst_layout *out)
{
    uint32_t *rows = fst_alloc(((size_t)r->n_layers + 1) * sizeof *rows);

    out->nodes = fst_arena_alloc(r->arena, ((size_t)r->n_nodes + 1) * sizeof *out->nodes);
    for (uint32_t i = 0; i < r->n_pieces; i++)
        for (uint32_t k = 0; k < r->pieces[i].start[r->pieces[i].n_layers]; k++) {
            uint32_t spot = r->pieces[i].spots[k];
            if (spot < r->n_nodes)
                out->nodes[spot] =
                    (struct fst_layout_node){r->layer[spot], rows[r->layer[spot]]++,
                                             r->column_x[r->layer[spot]], r->y[spot], widths[spot]};
        }
    free(rows);
}

static enum fst_status check_widths(const struct fst_graph *g, const int *widths,
                                    struct fst_error *err)
{
    for (uint32_t i = 0; i < g->n_nodes; i++)
        if (widths[i] < 0 || widths[i] > 4096)
            return fst_fail(err, FST_EINVAL, "node %u of the graph is %d cells wide", i, widths[i]);
    return FST_OK;
}

static enum fst_status lay_out(struct fst__routes *r, const struct fst_graph *g, const int *widths,
                               struct fst_layout *out, struct fst_error *err)
{
    FST_TRY(check_widths(g, widths, err));
    FST_TRY(fst__make_layers(r, g, err));
    size_t layers = (size_t)r->n_layers + 1, spots = (size_t)r->n_spots + 1;
    r->y = fst_arena_alloc(r->arena, spots * sizeof *r->y);
    r->bus_of = fst_arena_alloc(r->arena, spots * sizeof *r->bus_of);
    r->tracks = fst_arena_alloc(r->arena, layers * sizeof *r->tracks);
    r->column_x = fst_arena_alloc(r->arena, layers * sizeof *r->column_x);
    r->column_width = fst_arena_alloc(r->arena, layers * sizeof *r->column_width);
    out->height = lay_out_pieces(r);
    own_buses(r);
    list_buses(r);
    place_columns(r, widths, out);
    fill_nodes(r, widths, out);
    out->n_nodes = r->n_nodes;
    out->n_layers = r->n_layers;
    out->crossings = r->crossings;
    return FST_OK;
}

enum fst_status fst_graph_layout(const struct fst_graph *g, const int *widths,
                                 struct fst_layout *out, struct fst_error *err)
{
    struct fst_arena *arena = fst_arena_new();
    struct fst__routes *r = fst_arena_alloc(arena, sizeof *r);

    r->arena = arena;
    *out = (struct fst_layout){.arena = arena, .routes = r};
    enum fst_status status = lay_out(r, g, widths, out, err);
    if (status != FST_OK)
        fst_layout_done(out);
    return status;
}

void fst_layout_done(struct fst_layout *l)
{
    fst_arena_free(l->arena);
    *l = (struct fst_layout){NULL};
}
