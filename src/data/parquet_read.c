/* parquet_read: rows of a file, from front to back, a stream for each wanted column.
 *
 * A row group begins with one wave of reads: the first window of every column. What a column cannot
 * give (an encoding we lack, a damaged page, too much memory) makes that column unreadable in the
 * row group and leaves the others as they are; what the byte source cannot give ends the reading.
 */
#include "parquet_read.h"

#include "formats.h"
#include "frame.h"
#include "project.h"

#include <stdlib.h>
#include <string.h>

enum {
    STEP_CELLS_FIRST = 16 << 10, /* of values as long as they are: nobody knows yet how long */
    STEP_ROWS_FIRST = 64,        /* at least, */
    STEP_ROWS_MOST = 256,        /* and at most */
    STEP_ROWS_LISTS = 1, /* the same where a row may have any number of values, and variants */
    STEP_ROWS_MAX = 8192,
    STEP_SHARE = 8,   /* of a frame, for a step with lists */
    SCAN_FACTOR = 11, /* a scan may hold 12 times as much as a preview */
    WINDOW_MIN = 4 << 10,
    WINDOW_FIRST = 64 << 10,
    WINDOW_MAX = 1 << 20,
    FAR_WINDOW_MAX = 4 << 20,
};

/* ---- Columns that fail ----------------------------------------------------------------------- */

static bool is_of_the_column(enum fst_status status)
{
    return status == FST_EFORMAT || status == FST_EUNSUPPORTED || status == FST_ENOMEM;
}

bool fst_pq_is_readable(const struct fst_pq_wanted *c)
{
    return !c->refusal && !c->failed;
}

static void stop_streams(struct fst_pq_reader *r, const struct fst_pq_wanted *c)
{
    for (size_t k = c->first; k < c->first + c->n; k++) {
        fst_pq_entries_done(&r->entries[k], &r->budget);
        fst_pq_stream_done(&r->streams[k]);
    }
}

/* Give up the column for this row group; returns what is not the column's own fault. */
enum fst_status fst_pq_give_up(struct fst_pq_reader *r, size_t i, enum fst_status status,
                               struct fst_error *err)
{
    if (status == FST_OK || !is_of_the_column(status))
        return status;
    struct fst_pq_wanted *c = &r->columns[i];
    c->failed = fst_asprintf("row group %zu: %s", r->group, err->text);
    c->status = status;
    stop_streams(r, c);
    return FST_OK;
}

/* When nothing can be read and damage is the reason, there is no table to show. */
enum fst_status fst_pq_check_any(const struct fst_pq_reader *r, struct fst_error *err)
{
    size_t damaged = r->schema->n;
    for (size_t i = 0; i < r->schema->n; i++) {
        const struct fst_pq_wanted *c = &r->columns[i];
        if (fst_pq_is_readable(c))
            return FST_OK;
        if (c->failed && c->status != FST_EUNSUPPORTED)
            damaged = i;
    }
    if (damaged == r->schema->n)
        return FST_OK;
    const struct fst_pq_wanted *c = &r->columns[damaged];
    return fst_fail(err, c->status, "%s: column %s: %s", r->bytes->name, c->from->field.name,
                    c->failed);
}

/* Memory is short: forget what was read for later, park streams, first those whose turn comes last.
 */
static void reclaim(void *arg, size_t n)
{
    struct fst_pq_reader *r = arg;
    if (!r->gather.trying)
        fst_pq_gather_forget(&r->gather);
    size_t count = r->n_streams;
    if (r->active >= count)
        return;
    for (size_t k = 1; k < count && r->budget.left < n; k++)
        fst_pq_stream_park(&r->streams[(r->active + count - k) % count]);
}

/* ---- Row groups ------------------------------------------------------------------------------ */

void fst_pq_group_close(struct fst_pq_reader *r)
{
    for (size_t i = 0; i < r->schema->n; i++) {
        stop_streams(r, &r->columns[i]);
        fst_pq_pages_done(&r->columns[i].pages, &r->budget);
        free(r->columns[i].failed);
        r->columns[i].failed = NULL;
        r->columns[i].at = 0;
    }
    fst_pq_gather_forget(&r->gather);
    r->is_open = r->has_pages = false;
    r->tried = 0;
    r->group_first += r->group < r->meta.n_groups ? fst_pq_group_rows(r) : 0;
    r->group++;
}

static enum fst_status start_streams(struct fst_pq_reader *r, const struct fst_pq_wanted *c,
                                     struct fst_error *err)
{
    size_t step = r->window_cap < WINDOW_FIRST || r->is_scan ? r->window_cap : WINDOW_FIRST;
    uint64_t rows = (uint64_t)r->meta.groups[r->group].rows;
    for (size_t k = 0; k < c->n; k++) {
        size_t leaf = c->from->streams[k];
        struct fst_pq_stream *s = &r->streams[c->first + k];
        struct fst_pq_chunk chunk;
        FST_TRY(fst_pq_chunk_load(&r->meta, r->places[leaf], &chunk, err));
        FST_TRY(fst_pq_stream_start(s, &r->meta.leaves[leaf], &chunk, r->bytes, r->meta.footer_at,
                                    &r->budget, step, r->window_cap, r->batch, err));
        s->window.gather = r->bytes->is_near ? NULL : &r->gather;
        /* Of a leaf in lists, per row and not per value. */
        s->bytes_per_row = rows ? (double)chunk.compressed / (double)rows : 0;
    }
    return FST_OK;
}

enum fst_status fst_pq_column_restart(struct fst_pq_reader *r, size_t i, struct fst_error *err)
{
    struct fst_pq_wanted *c = &r->columns[i];
    stop_streams(r, c);
    c->at = 0;
    return fst_pq_give_up(r, i, start_streams(r, c, err), err);
}

static uint64_t bytes_of_group(struct fst_pq_reader *r)
{
    uint64_t total = 0;
    for (size_t i = 0; i < r->schema->n; i++) {
        const struct fst_pq_wanted *c = &r->columns[i];
        for (size_t k = 0; k < c->n; k++) {
            struct fst_pq_chunk chunk;
            if (fst_pq_chunk_load(&r->meta, r->places[c->from->streams[k]], &chunk, NULL) ==
                    FST_OK &&
                chunk.compressed > 0)
                total += (uint64_t)chunk.compressed;
        }
    }
    return total;
}

void fst_pq_count_group(struct fst_pq_reader *r, enum fst_skip by)
{
    struct fst_skipped *s = r->skipped;
    if (!s)
        return;
    uint64_t rows = fst_pq_group_rows(r), bytes = bytes_of_group(r);
    s->all.groups++;
    s->all.rows += rows;
    s->all.bytes += bytes;
    if (by == FST_N_SKIPS)
        return;
    s->by[by].groups++;
    s->by[by].rows += rows;
    s->by[by].bytes += bytes;
}

enum fst_status fst_pq_group_begin(struct fst_pq_reader *r, struct fst_error *err)
{
    r->group_left = fst_pq_group_rows(r);
    r->is_open = true;
    return fst_pq_group_places(&r->meta, r->group, r->places, err);
}

enum fst_status fst_pq_group_start(struct fst_pq_reader *r, struct fst_error *err)
{
    for (size_t i = 0; i < r->schema->n; i++)
        if (!r->columns[i].refusal)
            FST_TRY(fst_pq_give_up(r, i, start_streams(r, &r->columns[i], err), err));
    return FST_OK;
}

/* Who reads on from afar reads larger pieces, as far as memory goes. */
static void widen(struct fst_pq_reader *r)
{
    size_t cap = r->budget.left / 3 / (r->n_streams ? r->n_streams : 1);
    if (r->is_scan && cap > r->window_cap)
        r->window_cap = cap < FAR_WINDOW_MAX ? cap : FAR_WINDOW_MAX;
}

static enum fst_status open_group(struct fst_pq_reader *r, uint64_t rows, struct fst_error *err)
{
    widen(r);
    FST_TRY(fst_pq_group_begin(r, err));
    FST_TRY(fst_pq_group_start(r, err));
    fst_pq_count_group(r, FST_N_SKIPS);
    uint64_t left = r->group_left - r->to_skip, n = rows < left && !r->is_scan ? rows : left;
    const struct fst_pq_rows wanted = {r->to_skip, r->to_skip + n};
    return fst_pq_read_far(r, FST_PQ_ALL, &wanted, 1, err);
}

/* Make a row group with rows to give the open one; false at the end. */
static enum fst_status reach_rows(struct fst_pq_reader *r, uint64_t rows, bool *more,
                                  struct fst_error *err)
{
    for (;;) {
        if (r->is_open && r->group_left > 0) {
            *more = true;
            return FST_OK;
        }
        r->is_scan |= r->is_open && !r->bytes->is_near;
        if (r->is_open)
            fst_pq_group_close(r);
        *more = r->group < r->meta.n_groups;
        if (!*more)
            return FST_OK;
        uint64_t in_group = (uint64_t)r->meta.groups[r->group].rows;
        if (in_group <= r->to_skip) {
            r->to_skip -= in_group;
            r->group_first += in_group;
            r->group++;
            continue;
        }
        FST_TRY(open_group(r, rows, err));
    }
}

/* ---- Rows ------------------------------------------------------------------------------------ */

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

/* Between columns, too: there may be thousands of them, and nobody waits for the rest. */
static enum fst_status check_cancelled(const struct fst_pq_reader *r, struct fst_error *err)
{
    return fst_read_cancelled(&r->options) ? fst_fail(err, FST_ECANCELLED, "cancelled") : FST_OK;
}

/* Where the pages of flat columns lie, once a group. */
enum fst_status fst_pq_load_pages(struct fst_pq_reader *r, struct fst_error *err)
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
    if (!r->has_pages && row - c->at >= FST_PQ_JUMP_ROWS)
        FST_TRY(fst_pq_load_pages(r, err));
    return c->pages.n ? seek_column(r, c, row, err)
                      : fst_pq_take_column(r, i, row - c->at, NULL, 0, err);
}

/* The next `n` rows of a column behind those to be passed over. One after the other, so that what
 * it takes to get there is held for one column only. */
static enum fst_status reach_and_take(struct fst_pq_reader *r, size_t i, uint64_t n,
                                      struct fst_builder *b, struct fst_error *err)
{
    uint64_t from = fst_pq_group_rows(r) - r->group_left + r->to_skip;
    FST_TRY(fst_pq_pass_to(r, i, from, err));
    return fst_pq_take_column(r, i, n, b, i, err);
}

/* Append `n` rows to every column. */
static enum fst_status take_rows(struct fst_pq_reader *r, uint64_t n, struct fst_builder *b,
                                 struct fst_error *err)
{
    for (size_t i = 0; i < r->schema->n; i++) {
        const struct fst_pq_wanted *c = &r->columns[i];
        FST_TRY(check_cancelled(r, err));
        if (fst_pq_is_readable(c))
            FST_TRY(fst_pq_give_up(r, i, reach_and_take(r, i, n, b, err), err));
        for (size_t k = c->first; n == r->wanted && k < c->first + c->n; k++)
            fst_pq_stream_done(&r->streams[k]); /* its memory is the next one's */
        if (!fst_pq_is_readable(c))
            fst_builder_unreadable(b, i, c->refusal ? c->refusal : c->failed);
    }
    r->active = r->n_streams;
    r->group_left -= r->to_skip + n;
    r->to_skip = 0;
    r->tried -= n < r->tried ? n : r->tried;
    return fst_pq_check_any(r, err);
}

/* Bytes of a row where the types say it all; 0 = some values are as long as they are. */
static size_t fixed_row_bytes(const struct fst_schema *schema)
{
    size_t bytes = 0;
    for (size_t i = 0; i < schema->n; i++) {
        size_t width = fst_kind_width(schema->fields[i].type.kind);
        if (width == 0)
            return 0;
        bytes += width + 1;
    }
    return bytes;
}

static size_t first_step(const struct fst_pq_reader *r)
{
    size_t n = STEP_CELLS_FIRST / (r->schema->n + 1);
    if (r->has_lists)
        return STEP_ROWS_LISTS;
    return n < STEP_ROWS_FIRST ? STEP_ROWS_FIRST : n > STEP_ROWS_MOST ? STEP_ROWS_MOST : n;
}

/* Rows for the next step, so that a frame of wide values stays within its memory. */
static size_t next_step(const struct fst_pq_reader *r, const struct fst_builder *b, size_t rows)
{
    size_t used = fst_builder_bytes_used(b), step = STEP_ROWS_MAX;
    double per_row = rows ? (double)used / (double)rows + 1 : r->frame_bytes_per_row;
    size_t fixed = per_row == 0 ? fixed_row_bytes(r->schema) : 0;
    if (fixed)
        return r->frame_cap / fixed + 1 < step ? r->frame_cap / fixed + 1 : step;
    if (per_row == 0)
        return first_step(r);
    if (rows && rows < step)
        step = rows;
    size_t left = used < r->frame_cap ? r->frame_cap - used : 0;
    size_t fits = (size_t)((double)left / per_row);
    /* A guess from another frame may be wrong: half of it, but something. */
    fits = rows ? fits : fits / 2 + 1;
    /* Until they are put together, lists take a few times what they take in the frame. */
    size_t list_fits = (size_t)((double)r->frame_cap / STEP_SHARE / per_row) + 1;
    if (r->has_lists && list_fits < fits)
        fits = list_fits;
    return step < fits ? step : fits;
}

static enum fst_status fill(struct fst_pq_reader *r, size_t max_rows, struct fst_builder *b,
                            size_t *rows, struct fst_error *err)
{
    for (*rows = 0; *rows < max_rows && r->wanted > 0;) {
        if (fst_read_cancelled(&r->options))
            return fst_fail(err, FST_ECANCELLED, "cancelled");
        uint64_t wanted = max_rows - *rows;
        wanted = wanted < r->wanted ? wanted : r->wanted;
        bool more;
        FST_TRY(reach_rows(r, wanted, &more, err));
        if (!more)
            return FST_OK;
        FST_TRY(fst_pq_read_wave(r, FST_PQ_ALL, wanted, err));

        uint64_t n = next_step(r, b, *rows);
        n = n < wanted ? n : wanted;
        n = n < r->group_left - r->to_skip ? n : r->group_left - r->to_skip;
        if (n == 0)
            return FST_OK; /* the frame is full */
        FST_TRY(take_rows(r, n, b, err));
        r->wanted -= n;
        *rows += (size_t)n;
    }
    return FST_OK;
}

/* Who goes on reading may hold more: what streams hold (windows of decoders, dictionaries) grows
 * with what they give, and to park them for a few first rows is cheap, for a scan it is not. */
void fst_pq_grant(struct fst_pq_reader *r, size_t delivered)
{
    size_t more = delivered < r->to_grant / 2 ? delivered * 2 : r->to_grant;
    r->budget.left += more;
    r->to_grant -= more;
}

static enum fst_status reader_next(struct fst_reader *base, size_t max_rows, struct fst_frame **out,
                                   struct fst_error *err)
{
    struct fst_pq_reader *r = (struct fst_pq_reader *)base;
    struct fst_error own = {0};
    struct fst_error *e = err ? err : &own; /* its text becomes the reason of a column */
    if (r->where)
        return fst_pq_where_next(r, max_rows, out, e);
    struct fst_builder *b = fst_builder_new(fst_schema_copy(r->schema));
    size_t rows = 0;
    enum fst_status status = fill(r, max_rows, b, &rows, e);
    if (status != FST_OK || rows == 0)
        fst_builder_free(b);
    if (status != FST_OK || rows == 0)
        return status;
    size_t used = fst_builder_bytes_used(b);
    r->frame_bytes_per_row = (double)used / (double)rows + 1;
    fst_pq_grant(r, used);
    *out = fst_builder_finish(b, rows);
    return FST_OK;
}

/* ---- Open and close -------------------------------------------------------------------------- */

static void reader_close(struct fst_reader *base)
{
    struct fst_pq_reader *r = (struct fst_pq_reader *)base;
    if (r->columns)
        fst_pq_group_close(r);
    fst_pq_gather_done(&r->gather);
    if (r->skipped)
        r->skipped->bytes_read += r->bytes->bytes_read;
    fst_pq_where_free(r->where);
    fst_pq_budget_done(&r->budget);
    free(r->columns);
    free(r->streams);
    free(r->entries);
    free(r->places);
    free(r->ranges);
    free(r->range_column);
    free(r->range_window);
    free(r->batch);
    free(r->indexes);
    fst_schema_free(r->schema);
    fst_pq_meta_done(&r->meta);
    fst_bytes_close(r->bytes);
    free(r);
}

static struct fst_schema *whole_schema(const struct fst_pq_meta *m)
{
    struct fst_schema *all = fst_schema_new();
    for (size_t i = 0; i < m->n_columns; i++) {
        const struct fst_field *f = &m->columns[i].field;
        fst_schema_add(all, f->name, &f->type, f->nullable);
    }
    return all;
}

static void set_limits(struct fst_pq_reader *r, const struct fst_read_options *options)
{
    size_t cap = fst_read_cap(options), n = r->n_streams ? r->n_streams : 1;
    r->frame_cap = cap / 3;
    r->budget.left = cap - r->frame_cap;
    r->to_grant = cap * SCAN_FACTOR;
    r->gather = (struct fst_pq_gather){.bytes = r->bytes, .budget = &r->budget, .n_streams = n};
    r->budget.reclaim = reclaim;
    r->budget.reclaim_arg = r;
    r->active = r->n_streams;
    r->window_cap = r->budget.left / 3 / n;
    if (r->window_cap > WINDOW_MAX)
        r->window_cap = WINDOW_MAX;
    if (r->window_cap < WINDOW_MIN)
        r->window_cap = WINDOW_MIN;
}

/* A column that is refused has no streams. */
static void count_streams(struct fst_pq_reader *r, struct fst_pq_wanted *c)
{
    c->first = r->n_streams;
    c->n = c->refusal ? 0 : c->from->n_streams;
    r->n_streams += c->n;
    for (size_t k = 0; k < c->n; k++)
        r->has_lists |= c->from->stored || r->meta.leaves[c->from->streams[k]].max_rep > 0;
}

static void make_columns(struct fst_pq_reader *r)
{
    r->columns = fst_alloc((r->schema->n + 1) * sizeof(*r->columns));
    for (size_t i = 0; i < r->schema->n; i++) {
        r->columns[i].from = &r->meta.columns[r->indexes[i]];
        r->columns[i].refusal = r->columns[i].from->refusal;
        count_streams(r, &r->columns[i]);
    }
    size_t n = r->n_streams + 1;
    r->streams = fst_alloc(n * sizeof(*r->streams));
    r->entries = fst_alloc(n * sizeof(*r->entries));
    r->ranges = fst_alloc(2 * n * sizeof(*r->ranges));
    r->range_column = fst_alloc(2 * n * sizeof(*r->range_column));
    r->range_window = fst_alloc(2 * n * sizeof(*r->range_window));
    r->places = fst_alloc((r->meta.n_leaves + 1) * sizeof(*r->places));
    r->batch = fst_alloc(sizeof(*r->batch));
}

static enum fst_status reader_init(struct fst_pq_reader *r, const struct fst_read_options *options,
                                   struct fst_error *err)
{
    FST_TRY(fst_pq_meta_load(r->bytes, &r->meta, err));
    struct fst_schema *all = whole_schema(&r->meta);
    enum fst_status status =
        fst_project(all, options, r->bytes->name, &r->schema, &r->indexes, err);
    fst_schema_free(all);
    FST_TRY(status);

    make_columns(r);
    set_limits(r, options);
    r->base.schema = r->schema;
    r->base.total_rows = r->meta.rows;
    r->wanted = options && options->last_rows ? options->last_rows : UINT64_MAX;
    if (options) {
        r->to_skip = options->offset_rows;
        r->options.cancelled = options->cancelled;
        r->options.cancel_arg = options->cancel_arg;
        r->skipped = options->skipped;
    }
    if (r->skipped)
        r->skipped->all.files++;
    r->where = options && options->n_conditions ? fst_pq_where_new(r, options) : NULL;
    return FST_OK;
}

enum fst_status fst_pq_open(struct fst_bytes *bytes, const struct fst_read_options *options,
                            struct fst_reader **out, struct fst_error *err)
{
    static const struct fst_reader_ops ops = {reader_next, reader_close};
    struct fst_pq_reader *r = fst_alloc(sizeof(*r));
    r->base.ops = &ops;
    r->bytes = bytes;
    enum fst_status status = reader_init(r, options, err);
    if (status == FST_OK)
        *out = &r->base;
    else
        reader_close(&r->base);
    return status;
}
