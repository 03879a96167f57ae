/* parquet_entries: the leaf of a nested column, rows at a time: its levels and its values.
 *
 * A row goes from an entry of repetition level 0 to the next one, and may begin in one page and end
 * in another. Between calls the stream stands where a row begins, or at its end. How many entries a
 * row has is up to the data: everything they take is paid from the budget as they come. */
#include "parquet.h"

#include <stdlib.h>
#include <string.h>

#include "frame.h"

enum {
    PAGE_V2 = 3,
    NULLS = 4096,      /* at once */
    BATCH_FIRST = 4,   /* values: nobody knows how long they are */
    GROWTH = 64 << 10, /* what a batch may add before the next one is smaller */
    KEEP = 64 << 10,   /* levels whose memory is kept */
};

/* ---- Memory ---------------------------------------------------------------------------------- */

static enum fst_status pay(struct fst_pq_stream *s, struct fst_pq_entries *e, size_t n,
                           struct fst_error *err)
{
    if (!fst_pq_spend(s->budget, n))
        return fst_fail(err, FST_ENOMEM, "%s: its rows are over the memory allowed", s->leaf->path);
    e->spent += n;
    return FST_OK;
}

void fst_pq_entries_reset(struct fst_pq_entries *e, struct fst_pq_budget *budget)
{
    if (e->rep_cap + e->def_cap > KEEP) {
        fst_pq_entries_done(e, budget);
        return;
    }
    size_t kept = e->rep_cap + e->def_cap;
    budget->left += e->spent > kept ? e->spent - kept : 0;
    e->spent = e->spent > kept ? kept : e->spent;
    e->n = 0;
}

void fst_pq_entries_done(struct fst_pq_entries *e, struct fst_pq_budget *budget)
{
    budget->left += e->spent;
    free(e->rep);
    free(e->def);
    memset(e, 0, sizeof(*e));
}

/* ---- Entries --------------------------------------------------------------------------------- */

/* Levels, and an offset and a bit in each inner list that they may become a part of. */
static enum fst_status add_levels(struct fst_pq_stream *s, struct fst_pq_entries *e, size_t n,
                                  unsigned rep, unsigned def, struct fst_error *err)
{
    size_t before = e->rep_cap + e->def_cap;
    fst_grow(&e->rep, &e->rep_cap, e->n + n, 1);
    fst_grow(&e->def, &e->def_cap, e->n + n, 1);
    memset(e->rep + e->n, (int)rep, n);
    memset(e->def + e->n, (int)def, n);
    e->n += n;
    size_t inner = s->leaf->max_rep > 1 ? s->leaf->max_rep - 1u : 0;
    return pay(s, e, e->rep_cap + e->def_cap - before + n * inner * 5, err);
}

static enum fst_status add_values(struct fst_pq_stream *s, struct fst_pq_entries *e, size_t n,
                                  struct fst_error *err)
{
    if (!e->batch)
        e->batch = BATCH_FIRST;
    while (n > 0) {
        size_t before = fst_builder_column_bytes(e->b, e->col);
        FST_TRY(fst_pq_stream_batch(s, n < e->batch ? n : e->batch, e->b, e->col, err));
        n -= s->batch->n;
        size_t more = fst_builder_column_bytes(e->b, e->col) - before;
        FST_TRY(pay(s, e, more, err));
        if (more < GROWTH && e->batch < FST_PQ_BATCH)
            e->batch *= 2;
        else if (more >= GROWTH && e->batch > BATCH_FIRST)
            e->batch /= 2;
    }
    return FST_OK;
}

static enum fst_status add_nulls(struct fst_pq_stream *s, struct fst_pq_entries *e, size_t n,
                                 struct fst_error *err)
{
    size_t before = fst_builder_column_bytes(e->b, e->col);
    for (size_t i = 0; i < n; i++)
        fst_builder_null(e->b, e->col);
    return pay(s, e, fst_builder_column_bytes(e->b, e->col) - before, err);
}

static enum fst_status add_part(struct fst_pq_stream *s, struct fst_pq_entries *e, size_t n,
                                unsigned rep, unsigned def, struct fst_error *err)
{
    FST_TRY(add_levels(s, e, n, rep, def, err));
    if (def == s->leaf->max_def)
        return add_values(s, e, n, err);
    return def >= e->slot_def ? add_nulls(s, e, n, err) : FST_OK;
}

/* `n` entries of one repetition level, all in the page. */
static enum fst_status take_run(struct fst_pq_stream *s, uint64_t n, unsigned rep,
                                struct fst_pq_entries *e, struct fst_error *err)
{
    fst_pq_levels_take(&s->work->rep, n);
    while (n > 0) {
        uint64_t part;
        unsigned def;
        FST_TRY(fst_pq_levels_peek(&s->work->def, e && n > NULLS ? NULLS : n, &part, &def, err));
        fst_pq_levels_take(&s->work->def, part);
        if (e)
            FST_TRY(add_part(s, e, (size_t)part, rep, def, err));
        else if (def == s->leaf->max_def)
            s->behind += part;
        s->page_left -= part;
        s->page_done += part;
        s->left -= part;
        n -= part;
    }
    return s->page_left ? FST_OK : fst_pq_body_end(&s->work->body, err);
}

/* ---- Rows ------------------------------------------------------------------------------------ */

static enum fst_status reach_page(struct fst_pq_stream *s, struct fst_error *err)
{
    if (s->page_left || !s->left)
        return FST_OK;
    FST_TRY(fst_pq_stream_next_page(s, err));
    if (s->page_left > s->left)
        return fst_fail(err, FST_EFORMAT, "%s: more values than the footer says", s->leaf->path);
    return FST_OK;
}

/* Rows of a page that was not begun; 0 = not known, or there may be parts of rows. */
static uint64_t whole_rows(const struct fst_pq_stream *s)
{
    if (s->leaf->max_rep == 0)
        return s->page_left;
    return s->page.type == PAGE_V2 && s->page.v2.n_rows > 0 ? (uint64_t)s->page.v2.n_rows : 0;
}

/* Pass over the page that comes next, when all of it is to be passed over. */
static bool skips_page(struct fst_pq_stream *s, uint64_t max_rows, uint64_t *rows)
{
    uint64_t n = whole_rows(s);
    if (s->in_page || n == 0 || n > max_rows)
        return false;
    s->left -= s->page_left;
    fst_pq_stream_skip_page(s);
    *rows += n;
    return true;
}

/* Is the stream at the end of a row without a look at what comes? */
static bool ends_here(const struct fst_pq_stream *s)
{
    return s->leaf->max_rep == 0 || s->left == 0 || (!s->in_page && s->page.type == PAGE_V2);
}

static enum fst_status take_entries(struct fst_pq_stream *s, uint64_t n, struct fst_pq_entries *e,
                                    struct fst_error *err)
{
    for (uint64_t rows = 0;;) {
        FST_TRY(reach_page(s, err));
        if (rows == n && ends_here(s))
            return FST_OK;
        if (s->left == 0)
            return fst_fail(err, FST_EFORMAT, "%s: it ends before its last row", s->leaf->path);
        if (!e && skips_page(s, n - rows, &rows))
            continue;
        if (!s->in_page)
            FST_TRY(fst_pq_stream_start_page(s, err));

        uint64_t part;
        unsigned rep;
        FST_TRY(fst_pq_levels_peek(&s->work->rep, s->page_left, &part, &rep, err));
        if (rep == 0 && rows == n)
            return FST_OK;
        if (rep != 0 && rows == 0)
            return fst_fail(err, FST_EFORMAT, "%s: it begins inside of a row", s->leaf->path);
        if (rep == 0)
            part = part < n - rows ? part : n - rows;
        rows += rep == 0 ? part : 0;
        FST_TRY(take_run(s, part, rep, e, err));
    }
}

enum fst_status fst_pq_stream_entries(struct fst_pq_stream *s, uint64_t n, struct fst_pq_entries *e,
                                      struct fst_error *err)
{
    FST_TRY(fst_pq_stream_unpark(s, err));
    return take_entries(s, n, e, err);
}

enum fst_status fst_pq_stream_pass(struct fst_pq_stream *s, uint64_t n, struct fst_error *err)
{
    while (n > 0) {
        FST_TRY(reach_page(s, err));
        if (s->page_left == 0)
            return fst_fail(err, FST_EFORMAT, "%s: it is shorter than before", s->leaf->path);
        if (!s->in_page)
            FST_TRY(fst_pq_stream_start_page(s, err));
        uint64_t part;
        unsigned rep;
        FST_TRY(fst_pq_levels_peek(&s->work->rep, n < s->page_left ? n : s->page_left, &part, &rep,
                                   err));
        FST_TRY(take_run(s, part, rep, NULL, err));
        n -= part;
    }
    return FST_OK;
}
