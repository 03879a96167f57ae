/* Finding in the grid: hits in the rows that were read are counted while one types, marked where
 * they are drawn, and gone through with n and N. What was not read is never counted: the title says
 * of how many rows it speaks. */
#include <stdlib.h>
#include <string.h>

#include "preview.h"

#define MOST_HITS 10000
#define AT_ONCE_US 60000 /* of looking, on the thread that draws */

/* ---- The text -------------------------------------------------------------------------------- */

bool finder_set(struct finder *f, const char *text)
{
    fst_filter_free(f->filter);
    snprintf(f->text, sizeof f->text, "%s", text);
    f->filter = f->text[0] ? fst_filter_new(f->text) : NULL;
    return f->filter != NULL;
}

bool finder_find(void *finder, const char *text, size_t n, size_t *from, size_t *len)
{
    const struct finder *f = finder;
    return f->filter && fst_filter_find(f->filter, text, n, from, len);
}

bool finder_finds(struct finder *f, const struct fst_column *c, size_t row, struct fst_buf *scratch)
{
    size_t from, len;
    if (fst_column_is_null(c, row))
        return false;
    if (c->type.kind == FST_STRING) {
        struct fst_str text = fst_column_bytes(c, row);
        return text.n && finder_find(f, text.p, text.n, &from, &len);
    }
    fst_buf_clear(scratch);
    fst_cell_text(scratch, c, row, FST_CELL_PLAIN);
    return finder_find(f, fst_buf_text(scratch), scratch->n, &from, &len);
}

/* ---- Hits in the rows that were read --------------------------------------------------------- */

void preview_find_again(struct preview *p)
{
    p->hits.n = 0;
    p->hits.from = p->hits.end = p->grid.first;
    p->hits.is_cut = false;
    p->grid.find = p->finder.text[0] ? finder_find : NULL;
    p->grid.find_arg = &p->finder;
}

static void add_hit(struct hits *h, struct hit hit)
{
    h->is_cut |= h->n == MOST_HITS;
    if (h->n == MOST_HITS)
        return;
    fst_grow(&h->items, &h->cap, h->n + 1, sizeof *h->items);
    h->items[h->n++] = hit;
}

/* Go on looking where rows came, for a moment; anew when they are others. */
static void look(struct preview *p)
{
    struct hits *h = &p->hits;
    uint64_t end = p->grid.first + p->grid.n_rows;
    if (!p->opened || !p->finder.text[0])
        return;
    if (h->from != p->grid.first || h->end > end)
        preview_find_again(p);
    struct fst_buf scratch = FST_BUF_TEXT;
    size_t *columns = fst_alloc((p->schema->n + 1) * sizeof *columns), row;
    size_t n = fst_grid_columns(&p->grid, columns);
    int64_t until = fst_monotonic_us() + AT_ONCE_US;
    for (; h->end < end && !h->is_cut && fst_monotonic_us() < until; h->end++)
        for (size_t i = 0; i < n; i++) {
            const struct fst_column *c = fst_grid_column_at(&p->grid, h->end, columns[i], &row);
            if (c && finder_finds(&p->finder, c, row, &scratch))
                add_hit(h, (struct hit){h->end, columns[i], i});
        }
    free(columns);
    fst_buf_done(&scratch);
}

static size_t place_of_cursor(const struct preview *p)
{
    size_t *columns = fst_alloc((p->schema->n + 1) * sizeof *columns), at = 0;
    size_t n = fst_grid_columns(&p->grid, columns);
    while (at < n && columns[at] != p->grid.col)
        at++;
    free(columns);
    return at;
}

/* The first hit at the cell or behind it; n = none. */
static size_t hit_from(const struct hits *h, uint64_t row, size_t place)
{
    size_t i = 0;
    while (i < h->n &&
           (h->items[i].row < row || (h->items[i].row == row && h->items[i].place < place)))
        i++;
    return i;
}

static void go(struct view *v, size_t i)
{
    struct preview *p = v->state;
    p->grid.row = p->hits.items[i].row;
    p->grid.col = p->hits.items[i].column;
    preview_more(v);
}

/* The first one from the cursor on, or of all. */
static void to_first(struct view *v)
{
    struct preview *p = v->state;
    look(p);
    size_t i = hit_from(&p->hits, p->grid.row, place_of_cursor(p));
    if (p->hits.n)
        go(v, i < p->hits.n ? i : 0);
}

/* Columns came that were out of sight: till one moves, what was typed goes on. It waits for them,
 * so that the first place does not hang on how fast they come. */
void preview_find_came(struct view *v)
{
    const struct preview *p = v->state;
    if (p->finder.text[0] && p->grid.row == p->origin && p->grid.col == p->origin_col)
        to_first(v);
}

void preview_find(struct view *v, const char *text)
{
    struct preview *p = v->state;
    bool begins = !p->finder.text[0];
    if (!p->opened || strcmp(p->finder.text, text) == 0)
        return;
    if (begins) {
        p->origin = p->grid.row;
        p->origin_col = p->grid.col;
    }
    preview_seek_stop(p);
    bool looks = finder_set(&p->finder, text);
    preview_find_again(p);
    p->grid.row = p->origin;
    p->grid.col = p->origin_col;
    if (looks && !p->grid.part)
        to_first(v);
}

static void say_none(struct view *v)
{
    const struct preview *p = v->state;
    bool is_all = p->grid.complete && p->grid.first == 0;
    if (!p->finder.text[0])
        wb_say(v->wb, FST_ROLE_DIM, "nothing is looked for: / begins");
    else
        wb_say(v->wb, FST_ROLE_WARN, "%s is not in the rows that were read%s", p->finder.text,
               is_all ? ", which are all" : "; ctrl-n looks in the others");
}

void preview_find_next(struct view *v, int step)
{
    struct preview *p = v->state;
    if (!p->opened)
        return;
    look(p);
    size_t n = p->hits.n, place = place_of_cursor(p);
    if (!n) {
        say_none(v);
        return;
    }
    size_t i = hit_from(&p->hits, p->grid.row, place + (step > 0));
    if (step > 0 && i == n)
        wb_say(v->wb, FST_ROLE_DIM, "from the first hit again");
    else if (step < 0 && i == 0)
        wb_say(v->wb, FST_ROLE_DIM, "from the last hit again");
    go(v, step > 0 ? i % n : (i + n - 1) % n);
    p->origin = p->grid.row;
    p->origin_col = p->grid.col;
}

bool preview_find_behind(struct view *v)
{
    struct preview *p = v->state;
    look(p);
    size_t i = hit_from(&p->hits, p->grid.row, place_of_cursor(p) + 1);
    if (i < p->hits.n)
        go(v, i);
    return i < p->hits.n;
}

/* "3 of 17 in 200 rows read" */
void preview_find_title(struct view *v, struct fst_buf *out)
{
    struct preview *p = v->state;
    struct fst_buf hits = FST_BUF(64), rows = FST_BUF(64);
    if (!p->opened || !p->finder.text[0])
        return;
    look(p);
    size_t i = hit_from(&p->hits, p->grid.row, place_of_cursor(p));
    bool is_hit = i < p->hits.n && p->hits.items[i].row == p->grid.row &&
                  p->hits.items[i].column == p->grid.col;
    fst_buf_adds(out, "  /");
    fst_text_escape(out, p->finder.text, strlen(p->finder.text));
    fst_buf_addc(out, ' ');
    if (!preview_seek_title(p, out)) {
        fst_count_text(&hits, (int64_t)p->hits.n);
        fst_count_text(&rows, (int64_t)(p->hits.end - p->hits.from));
        if (is_hit)
            fst_buf_printf(out, "%zu of ", i + 1);
        fst_buf_printf(out, "%s%s in %s rows read", fst_buf_text(&hits), p->hits.is_cut ? "+" : "",
                       fst_buf_text(&rows));
    }
    fst_buf_done(&hits);
    fst_buf_done(&rows);
}

void preview_find_done(struct preview *p)
{
    finder_set(&p->finder, "");
    free(p->hits.items);
    p->hits = (struct hits){0};
}
