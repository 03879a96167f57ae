/* parquet_levels: repetition or definition levels of one page, as runs of equal ones.
 *
 * Levels lie before the values of a page, so they go aside as they are encoded and are decoded
 * beside the values. A run can be looked at before it is taken, whole or in part. */
#include "parquet.h"

#include <string.h>

static unsigned width_of(unsigned max)
{
    unsigned width = 0;
    while (max >> width)
        width++;
    return width;
}

void fst_pq_levels_forget(struct fst_pq_levels *l, struct fst_pq_budget *budget)
{
    budget->left += l->bytes.n;
    fst_buf_clear(&l->bytes);
    l->bytes.max = SIZE_MAX / 4; /* the budget bounds it */
    l->is_there = l->bit_packed = false;
    l->at = l->run_left = 0;
}

void fst_pq_levels_done(struct fst_pq_levels *l, struct fst_pq_budget *budget)
{
    fst_pq_levels_forget(l, budget);
    fst_buf_done(&l->bytes);
}

enum fst_status fst_pq_levels_keep(struct fst_pq_levels *l, struct fst_pq_body *body, uint64_t n,
                                   unsigned max, struct fst_pq_budget *budget,
                                   struct fst_error *err)
{
    FST_TRY(fst_pq_body_copy(body, n, &l->bytes, budget, err));
    fst_pq_body_of_memory(&l->body, fst_buf_text(&l->bytes), l->bytes.n);
    l->is_there = true;
    l->max = max;
    return fst_pq_rle_start(&l->rle, &l->body, width_of(max), err);
}

/* The four bytes that say how long the levels are, and the levels. */
static enum fst_status keep_with_length(struct fst_pq_levels *l, struct fst_pq_body *body,
                                        unsigned max, struct fst_pq_budget *budget,
                                        struct fst_error *err)
{
    FST_TRY(fst_pq_body_fill(body, 4, err));
    uint32_t n;
    memcpy(&n, body->p, sizeof(n));
    fst_pq_body_take(body, 4);
    return fst_pq_levels_keep(l, body, n, max, budget, err);
}

enum fst_status fst_pq_levels_keep_v1(struct fst_pq_levels *l, struct fst_pq_body *body,
                                      int64_t encoding, uint64_t n_values, unsigned max,
                                      struct fst_pq_budget *budget, struct fst_error *err)
{
    if (encoding == FST_PQ_RLE)
        return keep_with_length(l, body, max, budget, err);
    if (encoding != FST_PQ_BIT_PACKED)
        return fst_fail(err, FST_EUNSUPPORTED, "levels in encoding %lld are not read",
                        (long long)encoding);
    l->bit_packed = true;
    return fst_pq_levels_keep(l, body, (n_values * width_of(max) + 7) / 8, max, budget, err);
}

/* The deprecated kind: the first bit of a byte is its highest. */
static uint32_t next_packed(struct fst_pq_levels *l)
{
    uint32_t level = 0;
    for (unsigned i = 0; i < l->rle.width; i++, l->at++) {
        uint8_t byte = l->at >> 3 < l->bytes.n ? (uint8_t)l->bytes.p[l->at >> 3] : 0;
        level = level << 1 | (byte >> (7 - (l->at & 7)) & 1);
    }
    return level;
}

enum fst_status fst_pq_levels_peek(struct fst_pq_levels *l, uint64_t max_run, uint64_t *n,
                                   unsigned *level, struct fst_error *err)
{
    *n = max_run;
    *level = 0;
    if (!l->is_there)
        return FST_OK;
    if (l->run_left == 0 && l->bit_packed) {
        l->level = next_packed(l);
        l->run_left = 1;
    }
    if (l->run_left == 0)
        FST_TRY(fst_pq_rle_run(&l->rle, max_run, &l->run_left, &l->level, err));
    if (l->level > l->max)
        return fst_fail(err, FST_EFORMAT, "a level of %u, at most %u is right", l->level, l->max);
    *n = l->run_left < max_run ? l->run_left : max_run;
    *level = l->level;
    return FST_OK;
}

void fst_pq_levels_take(struct fst_pq_levels *l, uint64_t n)
{
    if (l->is_there)
        l->run_left -= n;
}

enum fst_status fst_pq_levels_skip(struct fst_pq_levels *l, uint64_t n, uint64_t *n_max,
                                   struct fst_error *err)
{
    *n_max = 0;
    while (n > 0) {
        uint64_t part = n;
        if (l->is_there && !l->bit_packed && l->max == 1 && l->run_left == 0) {
            uint64_t ones;
            FST_TRY(fst_pq_rle_ones(&l->rle, n, &ones, err));
            *n_max += ones;
        } else {
            unsigned level;
            FST_TRY(fst_pq_levels_peek(l, n, &part, &level, err));
            fst_pq_levels_take(l, part);
            *n_max += !l->is_there || level == l->max ? part : 0;
        }
        n -= part;
    }
    return FST_OK;
}
