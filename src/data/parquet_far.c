/* parquet_far: rows from afar, in few round trips.
 *
 * Before the first rows of a row group are read, what they will probably need is read for all
 * columns at once, and then they are tried: see parquet_gather.c. Who reads on reads ahead, for all
 * columns that are short of something together. From near by each column reads for itself when its
 * turn comes, and its memory is the next one's after that. */
#include "parquet_read.h"

#include <stdlib.h>

enum {
    AHEAD_MIN = 4 << 10,
    AHEAD_MAX = 4 << 20,
    TRY_ROWS = 1 << 10, /* so many are tried before they are read */
    TRIES = 32,
    FEW_ROWS = 16,
};

static bool is_of(const struct fst_pq_wanted *c, enum fst_pq_which which)
{
    bool fits = which == FST_PQ_ALL || c->is_tested == (which == FST_PQ_TESTED);
    return fits && fst_pq_is_readable(c);
}

/* ---- Reading on ------------------------------------------------------------------------------ */

/* Plan the read that makes `want` bytes available to a window of column `i`, unless they are here
 * or do not fit into memory now: then they are read when their turn comes. */
static enum fst_status plan_window(struct fst_pq_reader *r, size_t i, struct fst_pq_window *w,
                                   size_t want, size_t *n, struct fst_error *err)
{
    struct fst_range *range = &r->ranges[*n];
    want = want < r->window_cap ? want : r->window_cap;
    if (fst_pq_window_plan(w, want, range, NULL) != FST_OK || !range->len)
        return FST_OK;
    if (fst_pq_gather_take(&r->gather, w, range, want - (w->n - w->pos), NULL) == FST_OK)
        return fst_pq_window_landed(w, range, err);
    r->range_window[*n] = w;
    r->range_column[(*n)++] = i;
    return FST_OK;
}

/* What a stream will need for the next `rows` rows. */
static enum fst_status plan_stream(struct fst_pq_reader *r, size_t i, struct fst_pq_stream *s,
                                   uint64_t rows, size_t *n, struct fst_error *err)
{
    size_t block = fst_pq_stream_block(s);
    double want = s->bytes_per_row * (double)rows * 1.1 + (double)block + 1;
    if (s->is_parked)
        return FST_OK;
    if (s->dictionary && !s->dictionary->closed) {
        fst_pq_body_settle(&s->dictionary->body);
        FST_TRY(plan_window(r, i, &s->dictionary->window, block ? block : AHEAD_MIN, n, err));
    }
    if (s->work)
        fst_pq_body_settle(&s->work->body);
    return plan_window(r, i, &s->window, want < AHEAD_MAX ? (size_t)want : AHEAD_MAX, n, err);
}

static enum fst_status plan_all(struct fst_pq_reader *r, enum fst_pq_which which, uint64_t rows,
                                size_t *n, struct fst_error *err)
{
    for (size_t i = 0; i < r->schema->n; i++) {
        const struct fst_pq_wanted *c = &r->columns[i];
        for (size_t k = c->first; is_of(c, which) && k < c->first + c->n; k++)
            FST_TRY(fst_pq_give_up(r, i, plan_stream(r, i, &r->streams[k], rows, n, err), err));
    }
    return FST_OK;
}

enum fst_status fst_pq_read_wave(struct fst_pq_reader *r, enum fst_pq_which which, uint64_t rows,
                                 struct fst_error *err)
{
    size_t n = 0;
    bool is_tried = which == FST_PQ_ALL && rows <= r->tried;
    if (r->bytes->is_near || is_tried)
        return FST_OK;
    r->tried = 0;
    FST_TRY(plan_all(r, which, rows, &n, err));
    if (which == FST_PQ_ALL)
        fst_pq_gather_forget(&r->gather);
    if (n == 0)
        return FST_OK;
    FST_TRY(r->bytes->ops->read(r->bytes, r->ranges, n, err));
    for (size_t k = 0; k < n; k++) {
        size_t i = r->range_column[k];
        if (fst_pq_is_readable(&r->columns[i]))
            FST_TRY(fst_pq_give_up(
                r, i, fst_pq_window_landed(r->range_window[k], &r->ranges[k], err), err));
    }
    return FST_OK;
}

/* ---- Trying ---------------------------------------------------------------------------------- */

/* Rows [from, to) of the group for each of some ranges, TRY_ROWS in all. */
struct trial {
    enum fst_pq_which which;
    const struct fst_pq_rows *ranges;
    size_t n;
};

/* Bring a stream of column `i` from row `at` to another one. */
static enum fst_status pass(struct fst_pq_reader *r, size_t i, size_t k, uint64_t at, uint64_t to)
{
    struct fst_error err;
    if (!r->columns[i].from->nest)
        return fst_pq_pass_to(r, i, to, &err);
    return at == to ? FST_OK : fst_pq_stream_entries(&r->streams[k], to - at, NULL, &err);
}

static enum fst_status read_rows(struct fst_pq_reader *r, size_t i, size_t k, uint64_t n,
                                 struct fst_builder *b)
{
    struct fst_error err;
    struct fst_pq_wanted *c = &r->columns[i];
    if (c->from->nest)
        return fst_pq_stream_entries(&r->streams[k], n, &r->entries[k], &err);
    c->at += n;
    return fst_pq_stream_rows(&r->streams[k], n, b, 0, &err);
}

/* Does a stream lack bytes? Rows go to `b`, which is thrown away; what is wrong will be told when
 * they are read in earnest. */
static bool stream_lacks(struct fst_pq_reader *r, const struct trial *t, size_t i, size_t k,
                         struct fst_builder *b)
{
    uint64_t at = 0, left = TRY_ROWS;
    enum fst_status status = FST_OK;
    r->gather.lacks = false;
    for (size_t x = 0; x < t->n && left && status == FST_OK; x++) {
        const struct fst_pq_rows *range = &t->ranges[x];
        uint64_t n = range->to - range->from < left ? range->to - range->from : left;
        status = pass(r, i, k, at, range->from);
        if (status == FST_OK)
            status = read_rows(r, i, k, n, b);
        at = range->from + n;
        left -= n;
    }
    return r->gather.lacks;
}

static struct fst_builder *builder_of(const struct fst_pq_column *from)
{
    struct fst_schema *schema = fst_schema_new();
    fst_schema_add(schema, from->field.name, from->stored ? from->stored : &from->field.type, true);
    return fst_builder_new(schema);
}

/* Each stream notes the first thing that it lacks. They begin anew after that. */
static enum fst_status try_column(struct fst_pq_reader *r, const struct trial *t, size_t i,
                                  bool *lacks, struct fst_error *err)
{
    const struct fst_pq_wanted *c = &r->columns[i];
    struct fst_builder *b = builder_of(c->from);
    if (c->from->nest)
        fst_pq_nest_bind(c->from->nest, b, 0, &r->entries[c->first]);
    *lacks = false;
    r->gather.trying = true;
    for (size_t k = c->first; k < c->first + c->n; k++)
        *lacks |= stream_lacks(r, t, i, k, b);
    r->gather.trying = r->gather.lacks = false;
    r->active = r->n_streams;
    fst_builder_free(b);
    return fst_pq_column_restart(r, i, err);
}

/* Rows that are far down, and not few, ask for entries from all over a dictionary. */
static bool asks_for_all(const struct trial *t)
{
    uint64_t n = 0;
    for (size_t x = 0; x < t->n && n < FEW_ROWS; x++)
        n += t->ranges[x].to - t->ranges[x].from;
    return n >= FEW_ROWS && t->ranges[t->n - 1].to > TRY_ROWS;
}

static void foresee(struct fst_pq_reader *r, const struct trial *t)
{
    for (size_t i = 0; i < r->schema->n; i++) {
        const struct fst_pq_wanted *c = &r->columns[i];
        for (size_t k = c->first; is_of(c, t->which) && k < c->first + c->n; k++) {
            for (size_t x = 0; x < t->n; x++)
                fst_pq_stream_foresee(&r->streams[k], &r->gather, &c->pages, t->ranges[x].from,
                                      t->ranges[x].to);
            if (c->at == 0)
                fst_pq_stream_foresee_dictionary(&r->streams[k], &r->gather, &c->pages,
                                                 asks_for_all(t));
        }
    }
}

/* Columns that have begun cannot try: their streams would have to begin anew. */
static size_t choose(const struct fst_pq_reader *r, const struct trial *t, bool *lacks)
{
    size_t n = 0;
    for (size_t i = 0; i < r->schema->n; i++) {
        lacks[i] = is_of(&r->columns[i], t->which) && r->columns[i].at == 0;
        n += lacks[i];
    }
    return n;
}

static enum fst_status try_all(struct fst_pq_reader *r, const struct trial *t, bool *lacks,
                               struct fst_error *err)
{
    bool any = choose(r, t, lacks);
    bool any_read;
    enum fst_status status = fst_pq_gather_read(&r->gather, &any_read, err);
    for (int tries = 0; any && status == FST_OK && tries < TRIES; tries++) {
        for (size_t i = 0; status == FST_OK && i < r->schema->n; i++)
            if (lacks[i])
                status = try_column(r, t, i, &lacks[i], err);
        if (status == FST_OK)
            status = fst_pq_gather_read(&r->gather, &any, err);
    }
    return status;
}

enum fst_status fst_pq_read_far(struct fst_pq_reader *r, enum fst_pq_which which,
                                const struct fst_pq_rows *ranges, size_t n, struct fst_error *err)
{
    if (r->bytes->is_near || n == 0)
        return FST_OK;
    const struct trial t = {which, ranges, n};
    if (r->gather.held > r->budget.left / 3) /* of what was read for rows before these */
        fst_pq_gather_forget(&r->gather);
    if (!r->has_pages && ranges[n - 1].from >= FST_PQ_JUMP_ROWS)
        FST_TRY(fst_pq_load_pages(r, err));
    foresee(r, &t);
    bool *lacks = fst_alloc(r->schema->n + 1);
    enum fst_status status = try_all(r, &t, lacks, err);
    free(lacks);
    r->tried = which == FST_PQ_ALL ? ranges[0].to - ranges[0].from : 0;
    return status;
}
