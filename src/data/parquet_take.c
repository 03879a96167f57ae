/* parquet_take: rows of one column of a row group: taken, passed over, jumped to by the index.
 *
 * A nested column is put together of what its leaves give, a variant of what is stored. Where an
 * index tells of pages, a jump reads the page that has the row; from afar, all columns that jump
 * read together. */
#include "parquet_read.h"

#include <stdlib.h>

enum { JUMP_ROWS = 1 << 10 }; /* from so many on, an index is worth its read */

/* ---- Taking ---------------------------------------------------------------------------------- */

/* The leaves of a nested column, and the column out of what they say. */
static enum fst_status take_nested(struct fst_pq_reader *r, const struct fst_pq_wanted *c,
                                   size_t col, uint64_t n, struct fst_builder *b,
                                   struct fst_error *err)
{
    struct fst_pq_entries *entries = &r->entries[c->first];
    if (b)
        fst_pq_nest_bind(c->from->nest, b, col, entries);
    for (size_t k = 0; k < c->n; k++) {
        struct fst_pq_stream *s = &r->streams[c->first + k];
        r->active = c->first + k;
        FST_TRY(fst_pq_stream_entries(s, n, b ? &entries[k] : NULL, err));
        if (c->at + n == fst_pq_group_rows(r) && s->left)
            return fst_fail(err, FST_EFORMAT, "%s: more rows than the row group has",
                            s->leaf->path);
    }
    if (!b)
        return FST_OK;
    FST_TRY(fst_pq_nest_append(c->from->nest, b, col, entries, err));
    for (size_t k = 0; k < c->n; k++)
        fst_pq_entries_reset(&entries[k], &r->budget);
    return FST_OK;
}

/* The same by way of a frame of what is stored. */
static enum fst_status take_variants(struct fst_pq_reader *r, const struct fst_pq_wanted *c,
                                     size_t col, uint64_t n, struct fst_builder *b,
                                     struct fst_error *err)
{
    if (!b)
        return take_nested(r, c, col, n, NULL, err);
    struct fst_schema *schema = fst_schema_new();
    fst_schema_add(schema, c->from->field.name, c->from->stored, true);
    struct fst_builder *stored = fst_builder_new(schema);
    enum fst_status status = take_nested(r, c, 0, n, stored, err);
    if (status != FST_OK) {
        fst_builder_free(stored);
        return status;
    }
    struct fst_frame *f = fst_builder_finish(stored, (size_t)n);
    status = fst_pq_variant_append(c->from->nest, &f->columns[0], b, col, &r->budget, err);
    fst_frame_unref(f);
    return status;
}

static enum fst_status take(struct fst_pq_reader *r, size_t i, uint64_t n, struct fst_builder *b,
                            size_t col, struct fst_error *err)
{
    const struct fst_pq_wanted *c = &r->columns[i];
    if (c->from->stored)
        return take_variants(r, c, col, n, b, err);
    if (c->from->nest)
        return take_nested(r, c, col, n, b, err);
    r->active = c->first;
    return fst_pq_stream_rows(&r->streams[c->first], n, b, col, err);
}

enum fst_status fst_pq_take_column(struct fst_pq_reader *r, size_t i, uint64_t n,
                                   struct fst_builder *b, size_t col, struct fst_error *err)
{
    FST_TRY(take(r, i, n, b, col, err));
    r->columns[i].at += n;
    return FST_OK;
}

/* ---- Passing over -------------------------------------------------------------------------- */

/* Where the pages of flat columns lie, once a group. */
static enum fst_status load_pages(struct fst_pq_reader *r, struct fst_error *err)
{
    size_t n = 0;
    size_t *chunks = fst_alloc((r->schema->n + 1) * sizeof(*chunks));
    size_t *which = fst_alloc((r->schema->n + 1) * sizeof(*which));
    struct fst_pq_pages *pages = fst_alloc((r->schema->n + 1) * sizeof(*pages));
    for (size_t i = 0; i < r->schema->n; i++)
        if (fst_pq_is_readable(&r->columns[i]) && !r->columns[i].from->nest) {
            which[n] = i;
            chunks[n++] = r->places[r->columns[i].from->streams[0]];
        }
    enum fst_status status =
        fst_pq_pages_load(&r->meta, r->bytes, chunks, n, (uint64_t)r->meta.groups[r->group].rows,
                          &r->budget, pages, err);
    for (size_t k = 0; k < n; k++)
        r->columns[which[k]].pages = pages[k];
    free(chunks);
    free(which);
    free(pages);
    r->has_pages = true;
    return status;
}

/* To the page that has row `to`, if it is not the one where the column stands. */
static enum fst_status seek_column(struct fst_pq_reader *r, struct fst_pq_wanted *c, uint64_t to,
                                   struct fst_error *err)
{
    struct fst_pq_stream *s = &r->streams[c->first];
    r->active = c->first;
    size_t page = fst_pq_pages_find(&c->pages, to);
    uint64_t first = c->pages.places[page].first_row;
    if (first > c->at) {
        const struct fst_pq_place *p = c->pages.places;
        uint64_t end = page + 1 < c->pages.n ? p[page + 1].at : s->end;
        struct fst_pq_jump jump = {.from = c->at,
                                   .to = first,
                                   .at = p[page].at,
                                   .rows = fst_pq_pages_end(&c->pages, page) - first,
                                   .bytes = end > p[page].at ? end - p[page].at : 0,
                                   .first_at = p[0].at};
        FST_TRY(fst_pq_stream_seek(s, &jump, err));
        c->at = first;
    }
    FST_TRY(fst_pq_stream_rows(s, to - c->at, NULL, 0, err));
    c->at = to;
    return FST_OK;
}

enum fst_status fst_pq_pass_to(struct fst_pq_reader *r, size_t i, uint64_t row,
                               struct fst_error *err)
{
    struct fst_pq_wanted *c = &r->columns[i];
    if (c->at >= row)
        return FST_OK;
    if (!r->has_pages && row - c->at >= JUMP_ROWS)
        FST_TRY(load_pages(r, err));
    return c->pages.n ? seek_column(r, c, row, err)
                      : fst_pq_take_column(r, i, row - c->at, NULL, 0, err);
}

/* ---- From afar, together --------------------------------------------------------------------- */

typedef bool plan_fn(struct fst_pq_stream *s, const struct fst_pq_pages *pages, uint64_t row,
                     struct fst_range *range);

/* One wave of what flat columns with an index need to go to a row. */
static enum fst_status wave_of(struct fst_pq_reader *r, enum fst_pq_which which, uint64_t row,
                               plan_fn *plan, struct fst_error *err)
{
    size_t n = 0;
    for (size_t i = 0; i < r->schema->n; i++) {
        const struct fst_pq_wanted *c = &r->columns[i];
        bool is_asked = which == FST_PQ_ALL || c->is_tested == (which == FST_PQ_TESTED);
        struct fst_pq_stream *s = &r->streams[c->first];
        if (is_asked && fst_pq_is_readable(c) && c->pages.n && c->at < row && !s->is_parked &&
            !s->page_left && plan(s, &c->pages, row, &r->ranges[n]) && r->ranges[n].len)
            r->range_column[n++] = i;
    }
    if (!n)
        return FST_OK;
    FST_TRY(r->bytes->ops->read(r->bytes, r->ranges, n, err));
    for (size_t k = 0; k < n; k++) {
        size_t i = r->range_column[k];
        struct fst_pq_window *w = &r->streams[r->columns[i].first].window;
        FST_TRY(fst_pq_give_up(r, i, fst_pq_window_landed(w, &r->ranges[k], err), err));
    }
    return FST_OK;
}

enum fst_status fst_pq_approach(struct fst_pq_reader *r, enum fst_pq_which which, uint64_t row,
                                bool dictionaries, struct fst_error *err)
{
    if (r->bytes->is_near || row == 0)
        return FST_OK;
    if (!r->has_pages && row >= JUMP_ROWS)
        FST_TRY(load_pages(r, err));
    return wave_of(r, which, row,
                   dictionaries ? fst_pq_stream_plan_dictionary : fst_pq_stream_plan_page, err);
}
