/* parquet_index: where the pages of a chunk lie, and what is least and greatest in each.
 *
 * Indexes lie apart from what they tell of, so they can contradict it. One that contradicts itself
 * or the footer is as good as none: whoever asks goes by the headers of pages then. Lists are used
 * only when all are as long as there are pages. */
#include "parquet.h"

#include <stdlib.h>

enum { INDEX_MAX = 2 << 20 };

/* ---- Shapes ---------------------------------------------------------------------------------- */

struct location {
    int64_t at, size, first_row;
};
static const struct fst_thrift_shape location_shape = {
    (const struct fst_thrift_slot[]){
        {1, FST_THRIFT_INT, offsetof(struct location, at)},
        {2, FST_THRIFT_INT, offsetof(struct location, size)},
        {3, FST_THRIFT_INT, offsetof(struct location, first_row)},
    },
    3};
static const struct fst_thrift_shape locations_shape = {
    (const struct fst_thrift_slot[]){{1, FST_THRIFT_ITEMS, 0}}, 1};

#define BOUNDS_AT(member) offsetof(struct fst_pq_bounds, member)
static const struct fst_thrift_shape bounds_shape = {
    (const struct fst_thrift_slot[]){
        {1, FST_THRIFT_ITEMS, BOUNDS_AT(null_pages)},
        {2, FST_THRIFT_ITEMS, BOUNDS_AT(min)},
        {3, FST_THRIFT_ITEMS, BOUNDS_AT(max)},
        {5, FST_THRIFT_ITEMS, BOUNDS_AT(null_counts)},
        {8, FST_THRIFT_ITEMS, BOUNDS_AT(nan_counts)},
    },
    5};

/* ---- Pages ----------------------------------------------------------------------------------- */

bool fst_pq_index_plan(struct fst_pq_budget *budget, int64_t at, int64_t n, uint64_t limit,
                       struct fst_range *range)
{
    bool inside = at > 0 && n > 0 && n <= INDEX_MAX && (uint64_t)at <= limit &&
                  (uint64_t)n <= limit - (uint64_t)at;
    if (!inside || !fst_pq_spend(budget, (size_t)n))
        return false;
    *range =
        (struct fst_range){.offset = (uint64_t)at, .len = (size_t)n, .into = fst_alloc((size_t)n)};
    return true;
}

/* Does a page follow the one before, within its chunk? */
static bool follows(const struct fst_pq_pages *pages, const struct location *l,
                    const struct fst_pq_chunk *chunk)
{
    const struct fst_pq_place *last = pages->n ? &pages->places[pages->n - 1] : NULL;
    int64_t begin = chunk->data_page;
    if (chunk->dictionary_page > 0 && chunk->dictionary_page < begin)
        begin = chunk->dictionary_page;
    if (l->at < begin || l->size <= 0 || l->at - begin > chunk->compressed ||
        l->size > chunk->compressed - (l->at - begin))
        return false;
    if (!last)
        return l->first_row == 0;
    return (uint64_t)l->at > last->at && (uint64_t)l->first_row > last->first_row &&
           l->first_row >= 0 && (uint64_t)l->first_row < pages->n_rows;
}

static bool parse_places(struct fst_pq_pages *out, struct fst_thrift *t, size_t n,
                         const struct fst_pq_chunk *chunk)
{
    for (size_t i = 0; i < n; i++) {
        struct location l = {-1, -1, -1};
        if (!fst_thrift_read(t, &location_shape, &l) || !follows(out, &l, chunk))
            return false;
        out->places[out->n++] = (struct fst_pq_place){(uint64_t)l.at, (uint64_t)l.first_row};
    }
    return true;
}

bool fst_pq_pages_parse(struct fst_pq_pages *out, const void *p, size_t n,
                        const struct fst_pq_chunk *chunk, uint64_t n_rows,
                        struct fst_pq_budget *budget)
{
    struct fst_thrift t = {.p = p, .n = n};
    struct fst_thrift_list list = {0};
    *out = (struct fst_pq_pages){.n_rows = n_rows};
    if (!fst_thrift_read(&t, &locations_shape, &list) || list.type != FST_THRIFT_STRUCT || !list.n)
        return false;
    size_t size = list.n * sizeof(*out->places);
    if (!fst_pq_spend(budget, size))
        return false;
    out->spent = size;
    out->places = fst_alloc(size);
    struct fst_thrift items = {.p = p, .n = n, .at = list.at};
    if (parse_places(out, &items, list.n, chunk))
        return true;
    fst_pq_pages_done(out, budget);
    return false;
}

size_t fst_pq_pages_find(const struct fst_pq_pages *pages, uint64_t row)
{
    size_t low = 0, high = pages->n;
    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        if (pages->places[mid].first_row <= row)
            low = mid;
        else
            high = mid;
    }
    return low;
}

uint64_t fst_pq_pages_end(const struct fst_pq_pages *pages, size_t page)
{
    return page + 1 < pages->n ? pages->places[page + 1].first_row : pages->n_rows;
}

void fst_pq_pages_done(struct fst_pq_pages *pages, struct fst_pq_budget *budget)
{
    budget->left += pages->spent;
    free(pages->places);
    *pages = (struct fst_pq_pages){0};
}

/* The range of each chunk's index; len 0 where there is none. */
static size_t plan_all(const struct fst_pq_meta *m, const struct fst_pq_chunk *chunks, size_t n,
                       struct fst_pq_budget *budget, struct fst_range *ranges, size_t *which)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (fst_pq_index_plan(budget, chunks[i].offset_index_at, chunks[i].offset_index_n,
                              m->footer_at, &ranges[count]))
            which[count++] = i;
    return count;
}

static void parse_all(const struct fst_range *ranges, const size_t *which, size_t count,
                      const struct fst_pq_chunk *chunks, uint64_t n_rows,
                      struct fst_pq_budget *budget, struct fst_pq_pages *out)
{
    for (size_t k = 0; k < count; k++)
        fst_pq_pages_parse(&out[which[k]], ranges[k].into, ranges[k].got, &chunks[which[k]], n_rows,
                           budget);
}

enum fst_status fst_pq_pages_load(const struct fst_pq_meta *m, struct fst_bytes *bytes,
                                  const size_t *places, size_t n, uint64_t n_rows,
                                  struct fst_pq_budget *budget, struct fst_pq_pages *out,
                                  struct fst_error *err)
{
    struct fst_pq_chunk *chunks = fst_alloc((n + 1) * sizeof(*chunks));
    struct fst_range *ranges = fst_alloc((n + 1) * sizeof(*ranges));
    size_t *which = fst_alloc((n + 1) * sizeof(*which)), count = 0;
    enum fst_status status = FST_OK;
    for (size_t i = 0; i < n && status == FST_OK; i++)
        status = fst_pq_chunk_load(m, places[i], &chunks[i], err);
    if (status == FST_OK)
        count = plan_all(m, chunks, n, budget, ranges, which);
    if (count)
        status = bytes->ops->read(bytes, ranges, count, err);
    if (status == FST_OK)
        parse_all(ranges, which, count, chunks, n_rows, budget, out);
    for (size_t k = 0; k < count; k++) {
        budget->left += ranges[k].len;
        free(ranges[k].into);
    }
    free(chunks);
    free(ranges);
    free(which);
    return status;
}

/* ---- Bounds ---------------------------------------------------------------------------------- */

static bool is_list(const struct fst_thrift_list *l, size_t n, enum fst_thrift_type type)
{
    return l->n == n && l->type == type;
}

bool fst_pq_bounds_parse(struct fst_pq_bounds *out, const void *p, size_t n, size_t n_pages)
{
    struct fst_thrift t = {.p = p, .n = n};
    *out = (struct fst_pq_bounds){.n = n_pages};
    if (!fst_thrift_read(&t, &bounds_shape, out))
        return false;
    out->thrift = (struct fst_thrift){.p = p, .n = n};
    bool flags = is_list(&out->null_pages, n_pages, FST_THRIFT_TRUE) ||
                 is_list(&out->null_pages, n_pages, FST_THRIFT_FALSE);
    if (!is_list(&out->null_counts, n_pages, FST_THRIFT_I64))
        out->null_counts.n = 0;
    if (!is_list(&out->nan_counts, n_pages, FST_THRIFT_I64))
        out->nan_counts.n = 0;
    return flags && is_list(&out->min, n_pages, FST_THRIFT_BINARY) &&
           is_list(&out->max, n_pages, FST_THRIFT_BINARY);
}
