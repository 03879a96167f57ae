/* parquet_found: rows that were found to meet the conditions, as frames.
 *
 * Columns with conditions were kept when they were searched; the others are read now, run by run,
 * for as many rows as fit into a frame. */
#include "parquet_read.h"

#include <stdlib.h>

#include "frame.h"

enum { STEP_GROWTH = 4 };

/* Columns to a row, those far away in two waves: dictionaries, pages. */
enum fst_status fst_pq_where_approach(struct fst_pq_reader *r, enum fst_pq_which which,
                                      uint64_t row, struct fst_error *err)
{
    FST_TRY(fst_pq_approach(r, which, row, true, err));
    for (size_t i = 0; !r->bytes->is_near && i < r->schema->n; i++) {
        const struct fst_pq_wanted *c = &r->columns[i];
        struct fst_pq_stream *s = &r->streams[c->first];
        bool begins = c->pages.n && c->at < row && !s->is_parked && !s->page_left;
        if (begins && fst_pq_is_readable(c) && c->is_tested == (which == FST_PQ_TESTED))
            FST_TRY(fst_pq_give_up(r, i, fst_pq_stream_dictionary(s, err), err));
    }
    FST_TRY(fst_pq_approach(r, which, row, false, err));
    for (size_t i = 0; i < r->schema->n; i++)
        if (fst_pq_is_readable(&r->columns[i]) &&
            r->columns[i].is_tested == (which == FST_PQ_TESTED))
            FST_TRY(fst_pq_give_up(r, i, fst_pq_pass_to(r, i, row, err), err));
    return FST_OK;
}

/* The values of a tested column at the rows found, of what was kept. */
static struct fst_column take_kept(struct fst_pq_tested *t, struct fst_arena *arena,
                                   const uint64_t *rows, size_t n)
{
    uint32_t *at = fst_arena_alloc(arena, (n + 1) * sizeof(*at));
    for (size_t i = 0; i < n; i++) {
        while (t->rows[t->at] != rows[i])
            t->at++;
        at[i] = (uint32_t)t->at;
    }
    return fst_column_take(arena, &t->kept->columns[0], at, n);
}

/* Rows of a column that has no conditions, run by run. */
static enum fst_status take_rows(struct fst_pq_reader *r, size_t i, const uint64_t *rows, size_t n,
                                 struct fst_builder *b, size_t col, struct fst_error *err)
{
    for (size_t at = 0; at < n;) {
        size_t run = 1;
        while (at + run < n && rows[at + run] == rows[at] + run)
            run++;
        FST_TRY(fst_pq_pass_to(r, i, rows[at], err));
        FST_TRY(fst_pq_take_column(r, i, run, b, col, err));
        at += run;
    }
    return FST_OK;
}

static struct fst_schema *schema_of_others(const struct fst_pq_reader *r)
{
    struct fst_schema *schema = fst_schema_new();
    for (size_t i = 0; i < r->schema->n; i++) {
        const struct fst_field *f = &r->schema->fields[i];
        if (!r->columns[i].is_tested)
            fst_schema_add(schema, f->name, &f->type, f->nullable);
    }
    return schema;
}

static void set_unreadable(const struct fst_pq_wanted *c, struct fst_builder *b, size_t col)
{
    if (!fst_pq_is_readable(c))
        fst_builder_unreadable(b, col, c->refusal ? c->refusal : c->failed);
}

static enum fst_status take_others(struct fst_pq_reader *r, const uint64_t *rows, size_t n,
                                   struct fst_builder *b, struct fst_error *err)
{
    FST_TRY(fst_pq_where_approach(r, FST_PQ_OTHERS, rows[0], err));
    FST_TRY(fst_pq_read_wave(r, FST_PQ_OTHERS, rows[n - 1] - rows[0] + 1, false, err));
    for (size_t i = 0, col = 0; i < r->schema->n; i++) {
        const struct fst_pq_wanted *c = &r->columns[i];
        if (c->is_tested)
            continue;
        if (fst_pq_is_readable(c))
            FST_TRY(fst_pq_give_up(r, i, take_rows(r, i, rows, n, b, col, err), err));
        set_unreadable(c, b, col++);
    }
    r->active = r->n_streams;
    return fst_pq_check_any(r, err);
}

/* The frame: tested columns from what was kept, the others as they were read. */
static struct fst_frame *join(struct fst_pq_reader *r, const uint64_t *rows, size_t n,
                              struct fst_frame *others)
{
    struct fst_pq_where *w = r->where;
    struct fst_arena *arena = fst_arena_new();
    struct fst_schema *schema = fst_schema_copy(r->schema);
    struct fst_column *columns = fst_arena_alloc(arena, (schema->n + 1) * sizeof(*columns));
    for (size_t i = 0, other = 0, k = 0; i < schema->n; i++) {
        const struct fst_pq_wanted *c = &r->columns[i];
        if (!c->is_tested)
            columns[i] = others->columns[other++];
        else if (w->tested[k].is_broken)
            columns[i] = (struct fst_column){
                .n = n, .unreadable = fst_arena_strdup(arena, c->refusal ? c->refusal : c->failed)};
        else
            columns[i] = take_kept(&w->tested[k], arena, rows, n);
        k += c->is_tested;
        columns[i].type = schema->fields[i].type;
    }
    struct fst_frame *f = fst_frame_of_arena(schema, arena, columns, n);
    fst_frame_keep(f, others);
    fst_frame_unref(others);
    return f;
}

static void number_rows(struct fst_pq_reader *r, const uint64_t *rows, size_t n)
{
    struct fst_pq_where *w = r->where;
    fst_grow(&w->numbers, &w->numbers_cap, n, sizeof(*w->numbers));
    for (size_t i = 0; i < n; i++)
        w->numbers[i] = r->group_first + rows[i];
    r->base.numbers = w->numbers;
}

/* Rows for the next frame, so that a frame of wide values stays within its memory. */
static void set_step(struct fst_pq_reader *r, size_t used, size_t n)
{
    double per_row = (double)used / (double)n + 1;
    size_t fits = (size_t)((double)r->frame_cap / 2 / per_row) + 1;
    size_t step = r->where->step * STEP_GROWTH;
    r->where->step = step < fits ? step : fits;
}

enum fst_status fst_pq_where_take(struct fst_pq_reader *r, size_t max_rows, struct fst_frame **out,
                                  struct fst_error *err)
{
    struct fst_pq_where *w = r->where;
    size_t n = w->n_found - w->n_taken;
    n = n < max_rows ? n : max_rows;
    n = n < w->step ? n : w->step;
    n = n < r->wanted ? n : (size_t)r->wanted;
    const uint64_t *rows = w->found + w->n_taken;
    struct fst_builder *b = fst_builder_new(schema_of_others(r));
    enum fst_status status = take_others(r, rows, n, b, err);
    if (status != FST_OK) {
        fst_builder_free(b);
        return status;
    }
    size_t used = fst_builder_bytes_used(b);
    number_rows(r, rows, n);
    *out = join(r, rows, n, fst_builder_finish(b, n));
    w->n_taken += n;
    r->wanted -= n;
    set_step(r, used, n);
    fst_pq_grant(r, used);
    return FST_OK;
}
