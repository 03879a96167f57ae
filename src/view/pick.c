/* Rows of a grid by their numbers, as a reader: those that are at hand are taken as they are,
 * others are read again where they lie. It is made on the thread that draws, and read on a worker.
 */
#include <stdlib.h>
#include <string.h>

#include "view.h"

enum { READ_THROUGH = 10000 }; /* rows between two pieces that cost less than to begin anew */

/* Rows [from, from + n) of a frame that is at hand; of the table when there is none. */
struct piece {
    struct fst_frame *frame;
    uint64_t from, n;
};
struct picked {
    struct fst_reader base;
    struct fst_app *app;
    char *target, *run_id;
    bool can_seek;
    struct fst_schema *whole, *schema; /* of the table, of the columns that are wanted */
    size_t *columns;
    struct piece *pieces;
    size_t n, cap, at;
    uint64_t done;            /* of the piece it is at */
    struct fst_reader *table; /* where rows are read again, from row `table_at` on */
    struct fst_place place;
    uint64_t table_at, end;
    bool (*cancelled)(void *);
    void *cancel_arg;
};

/* ---- Reading again --------------------------------------------------------------------------- */

static void close_table(struct picked *p)
{
    if (!p->table)
        return;
    fst_reader_close(p->table);
    fst_place_done(&p->place);
    p->table = NULL;
}

static bool has_columns_of(const struct fst_schema *a, const struct fst_schema *b)
{
    struct fst_buf x = FST_BUF_TEXT, y = FST_BUF_TEXT;
    bool is_same = a->n == b->n;
    for (size_t i = 0; is_same && i < a->n; i++) {
        fst_buf_clear(&x);
        fst_buf_clear(&y);
        fst_type_text(&x, &a->fields[i].type);
        fst_type_text(&y, &b->fields[i].type);
        is_same = strcmp(a->fields[i].name, b->fields[i].name) == 0 &&
                  strcmp(fst_buf_text(&x), fst_buf_text(&y)) == 0;
    }
    fst_buf_done(&x);
    fst_buf_done(&y);
    return is_same;
}

static enum fst_status open_table(struct picked *p, uint64_t from, struct fst_error *err)
{
    struct fst_preview_options o = {.offset = from,
                                    .limit = p->end - from,
                                    .cancelled = p->cancelled,
                                    .cancel_arg = p->cancel_arg};
    struct fst_problem problem;
    close_table(p);
    FST_TRY(fst_app_preview(p->app, p->target, &o, &p->table, &p->place, &problem, err));
    p->table_at = from;
    if (fst_text_same(p->run_id, p->place.run_id) && has_columns_of(p->whole, p->table->schema))
        return FST_OK;
    return fst_fail(err, FST_ECONFLICT,
                    "%s is another table now than the one on the screen: look at it anew (ctrl-r)",
                    p->place.label);
}

/* The reader to row `from`. */
static enum fst_status go_to(struct picked *p, uint64_t from, struct fst_error *err)
{
    if (!p->table || from < p->table_at || from - p->table_at > READ_THROUGH)
        return open_table(p, from, err);
    while (p->table_at < from) {
        struct fst_frame *f;
        FST_TRY(fst_reader_next(p->table, (size_t)(from - p->table_at), &f, err));
        if (!f)
            break;
        p->table_at += f->n_rows;
        fst_frame_unref(f);
    }
    return FST_OK;
}

static enum fst_status read_again(struct picked *p, uint64_t from, size_t n, struct fst_frame **out,
                                  struct fst_error *err)
{
    struct fst_frame *f = NULL;
    if (!p->can_seek)
        return fst_fail(err, FST_ENOTFOUND, "row %llu is not at hand: G reads all rows, then again",
                        (unsigned long long)(from + 1));
    FST_TRY(go_to(p, from, err));
    FST_TRY(fst_reader_next(p->table, n, &f, err));
    if (!f)
        return fst_fail(err, FST_ENOTFOUND, "%s has no row %llu any more: look at it anew (ctrl-r)",
                        p->place.label, (unsigned long long)(from + 1));
    p->table_at += f->n_rows;
    *out = fst_frame_part(f, 0, f->n_rows, p->columns, p->schema->n);
    fst_frame_unref(f);
    return FST_OK;
}

/* ---- As a reader ----------------------------------------------------------------------------- */

static enum fst_status picked_next(struct fst_reader *r, size_t max_rows, struct fst_frame **out,
                                   struct fst_error *err)
{
    struct picked *p = (struct picked *)r;
    *out = NULL;
    if (p->at == p->n)
        return FST_OK;
    const struct piece *piece = &p->pieces[p->at];
    uint64_t from = piece->from + p->done, left = piece->n - p->done;
    size_t n = left < max_rows ? (size_t)left : max_rows;
    if (piece->frame)
        *out = fst_frame_part(piece->frame, (size_t)from, n, p->columns, p->schema->n);
    else
        FST_TRY(read_again(p, from, n, out, err));
    p->done += (*out)->n_rows;
    if (p->done == piece->n) {
        p->done = 0;
        p->at++;
    }
    return FST_OK;
}

static void picked_close(struct fst_reader *r)
{
    struct picked *p = (struct picked *)r;
    close_table(p);
    for (size_t i = 0; i < p->n; i++)
        fst_frame_unref(p->pieces[i].frame);
    free(p->pieces);
    free(p->columns);
    fst_schema_free(p->schema);
    fst_schema_free(p->whole);
    free(p->target);
    free(p->run_id);
    free(p);
}

static const struct fst_reader_ops picked_ops = {.next = picked_next, .close = picked_close};

/* ---- Picking --------------------------------------------------------------------------------- */

static void add_piece(struct picked *p, struct fst_frame *frame, uint64_t from, uint64_t n)
{
    struct piece *last = p->n ? &p->pieces[p->n - 1] : NULL;
    if (last && !frame && !last->frame && last->from + last->n == from) {
        last->n += n;
        return;
    }
    fst_grow(&p->pieces, &p->cap, p->n + 1, sizeof *p->pieces);
    p->pieces[p->n++] = (struct piece){frame ? fst_frame_ref(frame) : NULL, from, n};
}

/* Rows at hand are those of whole frames; before them, between and behind is the table. */
static void pick_span(struct picked *p, const struct fst_grid *g, struct fst_span s)
{
    for (uint64_t at = s.from, end = s.from + s.n, n; at < end; at += n) {
        size_t row;
        struct fst_frame *f = fst_grid_frame_at(g, at, &row);
        uint64_t there = f ? f->n_rows - row : at < g->first ? g->first - at : end - at;
        n = there < end - at ? there : end - at;
        add_piece(p, f, f ? row : at, n);
    }
}

struct fst_reader *wb_pick(struct wb *wb, const struct fst_grid *g, const struct wb_cells *cells)
{
    struct picked *p = fst_alloc(sizeof *p);
    p->app = wb->app;
    p->target = fst_strdup(cells->target);
    p->run_id = fst_strdup(cells->run_id);
    p->can_seek = g->can_seek;
    p->whole = fst_schema_copy(g->schema);
    p->schema = fst_schema_part(g->schema, cells->columns, cells->n_columns);
    p->columns = fst_alloc((cells->n_columns + 1) * sizeof *p->columns);
    memcpy(p->columns, cells->columns, cells->n_columns * sizeof *p->columns);
    p->base = (struct fst_reader){.ops = &picked_ops, .schema = p->schema};
    for (size_t i = 0; i < cells->n_spans; i++) {
        pick_span(p, g, cells->spans[i]);
        p->base.total_rows += (int64_t)cells->spans[i].n;
        p->end = cells->spans[i].from + cells->spans[i].n;
    }
    return &p->base;
}

void wb_pick_cancel(struct fst_reader *r, bool (*cancelled)(void *), void *arg)
{
    struct picked *p = (struct picked *)r;
    p->cancelled = cancelled;
    p->cancel_arg = arg;
}
