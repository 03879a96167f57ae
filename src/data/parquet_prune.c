/* parquet_prune: which rows of a row group cannot meet the conditions, before any is decoded.
 *
 * Statistics are in the footer and cost nothing. What is left asks its Bloom filters and its
 * indexes of pages, all in one wave of reads. Nothing here can fail the reading but the byte
 * source: what is damaged or unknown rules nothing out. */
#include "parquet_read.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_COST = 160 }; /* memory to judge a page by its bounds, about */

/* ---- Ranges ---------------------------------------------------------------------------------- */

static void add_range(struct fst_pq_ranges *r, uint64_t from, uint64_t to)
{
    if (from >= to)
        return;
    if (r->n && r->items[r->n - 1].to == from) {
        r->items[r->n - 1].to = to;
        return;
    }
    fst_grow(&r->items, &r->cap, r->n + 1, sizeof(*r->items));
    r->items[r->n++] = (struct fst_pq_rows){from, to};
}

void fst_pq_ranges_meet(struct fst_pq_ranges *a, const struct fst_pq_ranges *b)
{
    struct fst_pq_ranges both = {0};
    for (size_t i = 0, k = 0; i < a->n && k < b->n;) {
        const struct fst_pq_rows *x = &a->items[i], *y = &b->items[k];
        add_range(&both, x->from > y->from ? x->from : y->from, x->to < y->to ? x->to : y->to);
        if (x->to < y->to)
            i++;
        else
            k++;
    }
    free(a->items);
    *a = both;
}

/* ---- Statistics and dictionaries ------------------------------------------------------------- */

static void note(const struct fst_pq_ask *ask, enum fst_skip by)
{
    if (ask->use)
        ask->use->can_use |= 1u << by;
}

static bool statistics_may(const struct fst_pq_reader *r, const struct fst_pq_ask *ask,
                           const struct fst_pq_chunk *chunk)
{
    const struct fst_pq_leaf *leaf = &r->meta.leaves[ask->leaf];
    struct fst_pq_extent extent = fst_pq_chunk_extent(&r->meta, leaf, chunk);
    bool about_nulls = ask->test.how == FST_TEST_NULLS && chunk->statistics.null_count >= 0;
    bool may = true;
    if (extent.min.p || extent.max.p || about_nulls)
        note(ask, FST_SKIP_STATISTICS);
    fst_pq_extents_test(leaf, &extent, 1, &ask->test, &may);
    return may;
}

struct encoding_count {
    int64_t page_type, encoding;
};
static const struct fst_thrift_shape count_shape = {
    (const struct fst_thrift_slot[]){
        {1, FST_THRIFT_INT, offsetof(struct encoding_count, page_type)},
        {2, FST_THRIFT_INT, offsetof(struct encoding_count, encoding)},
    },
    2};

/* Without counts: PLAIN_DICTIONARY and no PLAIN says it as well (levels are RLE or BIT_PACKED). */
static bool has_only_dictionary(const struct fst_pq_meta *m, struct fst_thrift_list encodings)
{
    struct fst_thrift t = fst_thrift_at(&m->thrift, encodings);
    bool any = false;
    for (size_t i = 0; i < encodings.n && encodings.type == FST_THRIFT_I32; i++) {
        int64_t id = fst_thrift_zigzag(&t);
        any |= id == FST_PQ_PLAIN_DICTIONARY;
        if (id != FST_PQ_PLAIN_DICTIONARY && id != FST_PQ_RLE && id != FST_PQ_BIT_PACKED)
            return false;
    }
    return any && !t.bad && !t.cut;
}

bool fst_pq_is_all_dictionary(const struct fst_pq_meta *m, const struct fst_pq_chunk *chunk)
{
    enum { DATA = 0, DATA_V2 = 3 };
    struct fst_thrift_list list = chunk->encoding_stats;
    struct fst_thrift t = fst_thrift_at(&m->thrift, list);
    bool any = false;
    if (!list.n)
        return has_only_dictionary(m, chunk->encodings);
    for (size_t i = 0; i < list.n && list.type == FST_THRIFT_STRUCT; i++) {
        struct encoding_count c = {-1, -1};
        if (!fst_thrift_read(&t, &count_shape, &c))
            return false;
        bool is_data = c.page_type == DATA || c.page_type == DATA_V2;
        if (is_data && c.encoding != FST_PQ_PLAIN_DICTIONARY && c.encoding != FST_PQ_RLE_DICTIONARY)
            return false;
        any |= is_data;
    }
    return any;
}

/* ---- One wave -------------------------------------------------------------------------------- */

enum what { BLOOM, BOUNDS, PAGES };

/* Something to read: of an ask, or where the pages of a column lie. */
struct item {
    enum what what;
    size_t of; /* ask, or column */
};
struct wave {
    struct item *items;
    struct fst_range *ranges;
    size_t n, items_cap, ranges_cap;
};

static void add_item(struct wave *w, enum what what, size_t of, const struct fst_range *range)
{
    fst_grow(&w->items, &w->items_cap, w->n + 1, sizeof(*w->items));
    fst_grow(&w->ranges, &w->ranges_cap, w->n + 1, sizeof(*w->ranges));
    w->items[w->n] = (struct item){what, of};
    w->ranges[w->n++] = *range;
}

static void plan_bloom(struct fst_pq_reader *r, const struct fst_pq_ask *ask, size_t i,
                       const struct fst_pq_chunk *chunk, struct wave *w)
{
    struct fst_range range;
    if (!ask->hashes || !fst_pq_bloom_range(chunk, r->meta.footer_at, &range) ||
        !fst_pq_spend(&r->budget, range.len))
        return;
    range.into = fst_alloc(range.len);
    add_item(w, BLOOM, i, &range);
}

/* Bounds of pages are of use where the pages' places are known. */
static bool plan_bounds(struct fst_pq_reader *r, const struct fst_pq_ask *ask, size_t i,
                        const struct fst_pq_chunk *chunk, struct wave *w)
{
    struct fst_range range;
    if (ask->column < 0 || !chunk->offset_index_n ||
        !fst_pq_index_plan(&r->budget, chunk->column_index_at, chunk->column_index_n,
                           r->meta.footer_at, &range))
        return false;
    add_item(w, BOUNDS, i, &range);
    return true;
}

static enum fst_status plan_pages(struct fst_pq_reader *r, struct wave *w, struct fst_error *err)
{
    struct fst_range range;
    struct fst_pq_chunk chunk;
    r->has_pages = true;
    for (size_t i = 0; i < r->schema->n; i++) {
        const struct fst_pq_wanted *c = &r->columns[i];
        if (!fst_pq_is_readable(c) || c->from->nest)
            continue;
        FST_TRY(fst_pq_chunk_load(&r->meta, r->places[c->from->streams[0]], &chunk, err));
        if (fst_pq_index_plan(&r->budget, chunk.offset_index_at, chunk.offset_index_n,
                              r->meta.footer_at, &range))
            add_item(w, PAGES, i, &range);
    }
    return FST_OK;
}

static void wave_done(struct fst_pq_reader *r, struct wave *w)
{
    for (size_t i = 0; i < w->n; i++) {
        r->budget.left += w->ranges[i].len;
        free(w->ranges[i].into);
    }
    free(w->items);
    free(w->ranges);
}

/* ---- What the wave says ---------------------------------------------------------------------- */

static enum fst_status take_pages(struct fst_pq_reader *r, const struct wave *w,
                                  struct fst_error *err)
{
    for (size_t i = 0; i < w->n; i++) {
        struct fst_pq_wanted *c = &r->columns[w->items[i].of];
        struct fst_pq_chunk chunk;
        if (w->items[i].what != PAGES)
            continue;
        FST_TRY(fst_pq_chunk_load(&r->meta, r->places[c->from->streams[0]], &chunk, err));
        fst_pq_pages_parse(&c->pages, w->ranges[i].into, w->ranges[i].got, &chunk,
                           fst_pq_group_rows(r), &r->budget);
    }
    return FST_OK;
}

static enum fst_status blooms_may(struct fst_pq_reader *r, const struct fst_pq_ask *asks,
                                  const struct wave *w, bool *may, struct fst_error *err)
{
    *may = true;
    for (size_t i = 0; i < w->n && *may; i++) {
        const struct fst_pq_ask *ask = &asks[w->items[i].of];
        bool is_filter;
        if (w->items[i].what != BLOOM)
            continue;
        FST_TRY(fst_pq_bloom_may(ask->hashes, r->bytes, &w->ranges[i], r->meta.footer_at,
                                 &is_filter, may, err));
        if (is_filter)
            note(ask, FST_SKIP_BLOOM);
    }
    return FST_OK;
}

/* Rows of the pages that may meet one ask. */
static void meet_bounds(struct fst_pq_reader *r, const struct fst_pq_ask *ask,
                        const struct fst_range *read, struct fst_pq_ranges *ranges)
{
    const struct fst_pq_leaf *leaf = &r->meta.leaves[ask->leaf];
    const struct fst_pq_pages *pages = &r->columns[ask->column].pages;
    struct fst_pq_bounds bounds;
    size_t cost = pages->n * PAGE_COST;
    if (!pages->n || !fst_pq_bounds_parse(&bounds, read->into, read->got, pages->n) ||
        !fst_pq_spend(&r->budget, cost))
        return;
    struct fst_pq_extent *extents = fst_alloc(pages->n * sizeof(*extents));
    bool *may = fst_alloc(pages->n * sizeof(*may));
    memset(may, 1, pages->n * sizeof(*may));
    struct fst_pq_ranges met = {0};
    if (fst_pq_page_extents(&r->meta, leaf, &bounds, extents)) {
        note(ask, FST_SKIP_PAGES);
        fst_pq_extents_test(leaf, extents, pages->n, &ask->test, may);
        for (size_t i = 0; i < pages->n; i++)
            if (may[i])
                add_range(&met, pages->places[i].first_row, fst_pq_pages_end(pages, i));
        fst_pq_ranges_meet(ranges, &met);
    }
    r->budget.left += cost;
    free(met.items);
    free(extents);
    free(may);
}

static enum fst_status read_indexes(struct fst_pq_reader *r, const struct fst_pq_ask *asks,
                                    struct wave *w, struct fst_pq_ranges *ranges, enum fst_skip *by,
                                    struct fst_error *err)
{
    bool may;
    if (!w->n)
        return FST_OK;
    FST_TRY(r->bytes->ops->read(r->bytes, w->ranges, w->n, err));
    FST_TRY(take_pages(r, w, err));
    FST_TRY(blooms_may(r, asks, w, &may, err));
    if (!may) {
        *by = FST_SKIP_BLOOM;
        return FST_OK;
    }
    for (size_t i = 0; i < w->n; i++)
        if (w->items[i].what == BOUNDS)
            meet_bounds(r, &asks[w->items[i].of], &w->ranges[i], ranges);
    if (!ranges->n)
        *by = FST_SKIP_PAGES;
    return FST_OK;
}

/* By the footer alone; what is left to ask goes into the wave. */
static enum fst_status ask_footer(struct fst_pq_reader *r, const struct fst_pq_ask *asks, size_t n,
                                  struct wave *w, enum fst_skip *by, struct fst_error *err)
{
    bool has_bounds = false;
    for (size_t i = 0; i < n; i++) {
        struct fst_pq_chunk chunk;
        FST_TRY(fst_pq_chunk_load(&r->meta, r->places[asks[i].leaf], &chunk, err));
        if (!statistics_may(r, &asks[i], &chunk)) {
            *by = FST_SKIP_STATISTICS;
            return FST_OK;
        }
        plan_bloom(r, &asks[i], i, &chunk, w);
        has_bounds |= plan_bounds(r, &asks[i], i, &chunk, w);
    }
    return has_bounds ? plan_pages(r, w, err) : FST_OK;
}

enum fst_status fst_pq_prune(struct fst_pq_reader *r, const struct fst_pq_ask *asks, size_t n,
                             struct fst_pq_ranges *ranges, enum fst_skip *by, struct fst_error *err)
{
    struct wave w = {0};
    *by = FST_N_SKIPS;
    enum fst_status status = ask_footer(r, asks, n, &w, by, err);
    if (status == FST_OK && *by == FST_N_SKIPS)
        status = read_indexes(r, asks, &w, ranges, by, err);
    wave_done(r, &w);
    return status;
}
