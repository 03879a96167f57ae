/* Rows of a grid: frames in their order, a window on a table. Of one that can be read from anywhere
 * some thousand rows around the cursor are kept. */
#include <stdlib.h>
#include <string.h>

#include "grid.h"

#define KEEP_ROWS 20000              /* of those that can be had again, */
#define KEEP_BYTES ((size_t)4 << 20) /* and fewer where rows are long */
#define AHEAD 3                      /* pages that should be there on either side, */
#define AHEAD_LONG 1                 /* of long rows */

void fst_grid_open(struct fst_grid *g, const struct fst_schema *schema)
{
    *g = (struct fst_grid){.schema = schema, .total_rows = -1};
    g->widths = fst_alloc((schema->n + 1) * sizeof *g->widths);
    g->fitted = fst_alloc((schema->n + 1) * sizeof *g->fitted);
    fst__grid_first_widths(g);
}

void fst_grid_done(struct fst_grid *g)
{
    for (size_t i = 0; i < g->n_frames; i++)
        fst_frame_unref(g->frames[i]);
    fst_frame_unref(g->whole);
    free(g->frames);
    free(g->widths);
    free(g->fitted);
    free(g->part);
    free(g->order);
    free(g->marks);
    *g = (struct fst_grid){.total_rows = -1};
}

/* ---- Frames that come and go ------------------------------------------------------------------
 */

static void keep(struct fst_grid *g, size_t at, struct fst_frame *f)
{
    fst_grow(&g->frames, &g->frames_cap, g->n_frames + 1, sizeof(struct fst_frame *));
    memmove(g->frames + at + 1, g->frames + at, (g->n_frames - at) * sizeof *g->frames);
    g->frames[at] = fst_frame_ref(f);
    g->n_frames++;
    g->n_rows += f->n_rows;
    g->bytes += fst_frame_size(f);
}

static void drop(struct fst_grid *g, size_t at)
{
    g->n_rows -= g->frames[at]->n_rows;
    g->bytes -= fst_frame_size(g->frames[at]);
    fst_frame_unref(g->frames[at]);
    g->n_frames--;
    memmove(g->frames + at, g->frames + at + 1, (g->n_frames - at) * sizeof *g->frames);
}

size_t fst_grid_row_bytes(const struct fst_grid *g)
{
    return g->n_rows ? g->bytes / (size_t)g->n_rows + 1 : 1;
}

/* Pages that should be there on either side. */
static uint64_t ahead(const struct fst_grid *g)
{
    size_t page = (size_t)g->page_rows * fst_grid_row_bytes(g);
    return page * (2 * AHEAD + 2) > KEEP_BYTES ? AHEAD_LONG : AHEAD;
}

/* What is on the screen, and pages on either side, whatever they take. */
static uint64_t most_rows(const struct fst_grid *g)
{
    uint64_t least = (uint64_t)g->page_rows * (2 * ahead(g) + 2);
    uint64_t n = KEEP_BYTES / fst_grid_row_bytes(g);
    n = n < KEEP_ROWS ? n : KEEP_ROWS;
    return n > least ? n : least;
}

/* Rows around the screen that are never let go of. */
static uint64_t near(const struct fst_grid *g)
{
    return g->page_rows * (ahead(g) + 1);
}

void fst_grid_append(struct fst_grid *g, struct fst_frame *f)
{
    keep(g, g->n_frames, f);
    while (g->can_seek && g->n_rows > most_rows(g) && g->n_frames > 1 &&
           g->first + g->frames[0]->n_rows + near(g) <= g->top && g->top <= g->row) {
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
    while (g->n_rows > most_rows(g) && g->n_frames > n + 1 &&
           g->first + g->n_rows - g->frames[g->n_frames - 1]->n_rows >= g->top + near(g)) {
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
    fst__grid_fit_on(g); /* far away values may be wider */
}

void fst_grid_restart_part(struct fst_grid *g, uint64_t first, const size_t *columns, size_t n)
{
    fst_grid_restart(g, first);
    g->part = fst_alloc((g->schema->n + 1) * sizeof *g->part);
    memset(g->part, 0xFF, g->schema->n * sizeof *g->part);
    for (size_t i = 0; i < n; i++)
        g->part[columns[i]] = i;
}

void fst_grid_keep_whole(struct fst_grid *g, uint64_t row, struct fst_frame *f)
{
    fst_frame_unref(g->whole);
    g->whole = fst_frame_ref(f);
    g->whole_row = row;
}

/* ---- Where a row is ---------------------------------------------------------------------------
 */

uint64_t fst__grid_extent(const struct fst_grid *g)
{
    uint64_t there = g->first + g->n_rows;
    return g->can_seek && (uint64_t)g->total_rows > there && !g->complete ? (uint64_t)g->total_rows
                                                                          : there;
}

void fst_grid_goto(struct fst_grid *g, uint64_t row)
{
    uint64_t n = fst__grid_extent(g);
    g->row = row < n ? row : n ? n - 1 : 0;
}

const struct fst_column *fst__grid_column_of(const struct fst_grid *g, const struct fst_frame *f,
                                             size_t col)
{
    size_t at = g->part ? g->part[col] : col;
    return at < f->n_columns ? &f->columns[at] : NULL;
}

struct fst_frame *fst__grid_frame_of(const struct fst_grid *g, uint64_t *at)
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
    bool is_whole = g->part && g->whole && at == g->whole_row;
    struct fst_frame *f = g->part ? NULL : fst__grid_frame_of(g, &at);
    *row = is_whole ? 0 : (size_t)at;
    return is_whole ? g->whole : f;
}

const struct fst_frame *fst_grid_frame(const struct fst_grid *g, size_t *row)
{
    return fst_grid_frame_at(g, g->row, row);
}

/* The frame that has a value, and where it is there. */
static struct fst_frame *find_value(const struct fst_grid *g, uint64_t at, size_t col, size_t *row,
                                    const struct fst_column **column)
{
    struct fst_frame *f = fst_grid_frame_at(g, at, row);
    *column = f ? &f->columns[col] : NULL;
    if (f)
        return f;
    f = fst__grid_frame_of(g, &at);
    *row = (size_t)at;
    *column = f ? fst__grid_column_of(g, f, col) : NULL;
    return f;
}

const struct fst_column *fst_grid_column_at(const struct fst_grid *g, uint64_t at, size_t column,
                                            size_t *row)
{
    const struct fst_column *found;
    find_value(g, at, column, row, &found);
    return found;
}

bool fst_grid_cell(const struct fst_grid *g, const struct fst_column **column, size_t *row)
{
    *column = g->col < g->schema->n ? fst_grid_column_at(g, g->row, g->col, row) : NULL;
    return *column != NULL;
}

struct fst_frame *fst_grid_slice(const struct fst_grid *g, size_t *column)
{
    size_t row;
    const struct fst_column *c = NULL;
    struct fst_frame *f = g->col < g->schema->n ? find_value(g, g->row, g->col, &row, &c) : NULL;
    if (!c)
        return NULL;
    *column = (size_t)(c - f->columns);
    return fst_frame_slice(f, row, 1);
}

enum fst_grid_want fst_grid_wants(const struct fst_grid *g, uint64_t *from)
{
    uint64_t page = g->page_rows > 0 ? (uint64_t)g->page_rows : 50, end = g->first + g->n_rows;
    uint64_t top = fst__scroll(g->top, g->row, fst__grid_extent(g), (int)page);
    bool is_apart = top > end || top + page < g->first;
    if (g->can_seek && is_apart && top < fst__grid_extent(g)) {
        *from = top > page ? top - page : 0;
        return FST_GRID_ANEW;
    }
    if (g->can_seek && g->first > 0 && top < g->first + ahead(g) * page) {
        *from = g->first;
        return FST_GRID_BEFORE;
    }
    *from = end;
    return !g->complete && g->row + ahead(g) * page >= end ? FST_GRID_AFTER : FST_GRID_NOTHING;
}
