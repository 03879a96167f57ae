/* Rows that are marked: spans of their numbers, in their order, of which none touches the next. So
 * a row costs nothing when all of a large table are marked, and marks outlive the rows that were
 * read. */
#include <stdlib.h>
#include <string.h>

#include "grid.h"

static uint64_t end_of(const struct fst_span *s)
{
    return s->from + s->n;
}

/* The first span that ends behind `row`. */
static size_t span_at(const struct fst_grid *g, uint64_t row)
{
    size_t from = 0, to = g->n_marks;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (end_of(&g->marks[middle]) <= row)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

bool fst__grid_is_marked(const struct fst_grid *g, uint64_t row)
{
    size_t at = span_at(g, row);
    return at < g->n_marks && g->marks[at].from <= row;
}

static bool are_marked(const struct fst_grid *g, uint64_t from, uint64_t n)
{
    size_t at = span_at(g, from);
    return at < g->n_marks && g->marks[at].from <= from && end_of(&g->marks[at]) >= from + n;
}

/* Put `n` spans where those of [first, last) are. */
static void replace(struct fst_grid *g, size_t first, size_t last, const struct fst_span *spans,
                    size_t n)
{
    size_t behind = g->n_marks - last;
    fst_grow(&g->marks, &g->marks_cap, first + n + behind, sizeof *g->marks);
    memmove(g->marks + first + n, g->marks + last, behind * sizeof *g->marks);
    if (n)
        memcpy(g->marks + first, spans, n * sizeof *spans);
    g->n_marks = first + n + behind;
}

static void mark(struct fst_grid *g, uint64_t from, uint64_t n)
{
    uint64_t end = from + n;
    size_t first = span_at(g, from ? from - 1 : 0), last = first;
    for (; last < g->n_marks && g->marks[last].from <= end; last++) {
        from = g->marks[last].from < from ? g->marks[last].from : from;
        end = end_of(&g->marks[last]) > end ? end_of(&g->marks[last]) : end;
    }
    replace(g, first, last, &(struct fst_span){from, end - from}, 1);
}

static void unmark(struct fst_grid *g, uint64_t from, uint64_t n)
{
    struct fst_span left[2];
    size_t n_left = 0, first = span_at(g, from), last = first;
    for (; last < g->n_marks && g->marks[last].from < from + n; last++) {
        struct fst_span s = g->marks[last];
        if (s.from < from)
            left[n_left++] = (struct fst_span){s.from, from - s.from};
        if (end_of(&s) > from + n)
            left[n_left++] = (struct fst_span){from + n, end_of(&s) - (from + n)};
    }
    replace(g, first, last, left, n_left);
}

static void toggle(struct fst_grid *g, uint64_t from, uint64_t n)
{
    if (are_marked(g, from, n))
        unmark(g, from, n);
    else
        mark(g, from, n);
}

void fst_grid_toggle_marks(struct fst_grid *g)
{
    uint64_t from, n;
    if (fst_grid_selection(g, &from, &n)) {
        toggle(g, from, n);
        g->selects = false;
    } else if (fst__grid_extent(g)) {
        toggle(g, g->row, 1);
        fst_grid_goto(g, g->row + 1);
    }
}

void fst_grid_toggle_all_marks(struct fst_grid *g)
{
    if (fst__grid_extent(g))
        toggle(g, 0, fst__grid_extent(g));
}

void fst_grid_unmark(struct fst_grid *g)
{
    g->n_marks = 0;
}

uint64_t fst_grid_marked(const struct fst_grid *g)
{
    uint64_t n = 0;
    for (size_t i = 0; i < g->n_marks; i++)
        n += g->marks[i].n;
    return n;
}
