/* parquet_rle: runs and bit-packed groups of eight, as levels and indexes are stored. */
#include "parquet.h"

#include <string.h>

enum fst_status fst_pq_rle_start(struct fst_pq_rle *r, struct fst_pq_body *body, unsigned width,
                                 struct fst_error *err)
{
    if (width > 32)
        return fst_fail(err, FST_EFORMAT, "numbers of %u bits in a dictionary page", width);
    *r = (struct fst_pq_rle){.body = body, .width = width};
    return FST_OK;
}

static enum fst_status next_header(struct fst_pq_rle *r, struct fst_error *err)
{
    uint64_t header;
    FST_TRY(fst_pq_body_varint(r->body, &header, err));
    r->is_run = !(header & 1);
    r->run_left = r->is_run ? header >> 1 : (header >> 1) * 8;
    if (r->run_left > (uint64_t)INT32_MAX + 8)
        return fst_fail(err, FST_EFORMAT, "a run of %llu values", (unsigned long long)r->run_left);
    if (!r->is_run)
        return FST_OK;

    size_t n = (r->width + 7) / 8;
    FST_TRY(fst_pq_body_fill(r->body, n, err));
    r->value = 0;
    for (size_t i = 0; i < n; i++)
        r->value |= (uint32_t)r->body->p[i] << (8 * i);
    fst_pq_body_take(r->body, n);
    return FST_OK;
}

static enum fst_status next_group(struct fst_pq_rle *r, struct fst_error *err)
{
    uint8_t bytes[32 + 8] = {0};
    enum fst_status status = fst_pq_body_fill(r->body, r->width, NULL);
    /* Some writers do not pad the last group. */
    size_t n = r->width < r->body->n ? r->width : r->body->n;
    if (status != FST_OK && (n == 0 || fst_pq_body_left(r->body) >= r->width))
        return fst_pq_body_fill(r->body, r->width, err);
    memcpy(bytes, r->body->p, n);
    fst_pq_body_take(r->body, n);

    uint64_t mask = ((uint64_t)1 << r->width) - 1;
    for (unsigned i = 0; i < 8; i++) {
        uint64_t word;
        memcpy(&word, bytes + (i * r->width >> 3), sizeof(word));
        r->group[i] = (uint32_t)(word >> (i * r->width & 7) & mask);
    }
    r->group_at = 0;
    r->group_n = 8;
    return FST_OK;
}

enum fst_status fst_pq_rle_run(struct fst_pq_rle *r, uint64_t max, uint64_t *n, uint32_t *value,
                               struct fst_error *err)
{
    while (r->run_left == 0)
        FST_TRY(next_header(r, err));
    if (r->is_run) {
        *n = r->run_left < max ? r->run_left : max;
        *value = r->value;
        r->run_left -= *n;
        return FST_OK;
    }

    if (r->group_at == r->group_n)
        FST_TRY(next_group(r, err));
    *value = r->group[r->group_at];
    for (*n = 0; *n < max && r->group_at < r->group_n && r->group[r->group_at] == *value; (*n)++)
        r->group_at++;
    r->run_left -= *n;
    return FST_OK;
}

static size_t take_run(struct fst_pq_rle *r, uint32_t *out, size_t n)
{
    size_t part = r->run_left < n ? (size_t)r->run_left : n;
    for (size_t i = 0; i < part; i++)
        out[i] = r->value;
    r->run_left -= part;
    return part;
}

static size_t take_group(struct fst_pq_rle *r, uint32_t *out, size_t n)
{
    size_t part = r->group_n - r->group_at;
    part = n < part ? n : part;
    memcpy(out, r->group + r->group_at, part * sizeof(*out));
    r->group_at += (unsigned)part;
    r->run_left -= part;
    return part;
}

enum fst_status fst_pq_rle_next(struct fst_pq_rle *r, uint32_t *out, size_t n,
                                struct fst_error *err)
{
    if (r->width == 0) {
        memset(out, 0, n * sizeof(*out));
        return FST_OK;
    }
    for (size_t made = 0; made < n;) {
        if (r->run_left == 0) {
            FST_TRY(next_header(r, err));
            continue;
        }
        if (!r->is_run && r->group_at == r->group_n)
            FST_TRY(next_group(r, err));
        made += r->is_run ? take_run(r, out + made, n - made) : take_group(r, out + made, n - made);
    }
    return FST_OK;
}

/* Whole groups of a packed run, without unpacking them. */
static enum fst_status skip_groups(struct fst_pq_rle *r, uint64_t n, struct fst_error *err)
{
    FST_TRY(fst_pq_body_skip(r->body, n * r->width, err));
    r->run_left -= n * 8;
    return FST_OK;
}

/* Ones among the next `n` numbers of one bit in whole groups that are here. */
static uint64_t count_bits(struct fst_pq_rle *r, uint64_t *n)
{
    struct fst_pq_body *b = r->body;
    uint64_t ones = 0, groups = *n / 8, i = 0;
    groups = groups < b->n ? groups : b->n;
    for (; i + 8 <= groups; i += 8) {
        uint64_t word;
        memcpy(&word, b->p + i, sizeof(word));
        ones += (unsigned)__builtin_popcountll(word);
    }
    for (; i < groups; i++)
        ones += (unsigned)__builtin_popcount(b->p[i]);
    fst_pq_body_take(b, (size_t)groups);
    *n = groups * 8;
    return ones;
}

enum fst_status fst_pq_rle_ones(struct fst_pq_rle *r, uint64_t n, uint64_t *ones,
                                struct fst_error *err)
{
    for (*ones = 0; n > 0;) {
        while (r->run_left == 0)
            FST_TRY(next_header(r, err));
        uint64_t part = r->run_left < n ? r->run_left : n;
        bool is_between = !r->is_run && r->group_at == r->group_n;
        if (is_between && part >= 8 && r->body->n > 0) {
            *ones += count_bits(r, &part);
            r->run_left -= part;
        } else {
            uint32_t value;
            FST_TRY(fst_pq_rle_run(r, n, &part, &value, err));
            *ones += value == 1 ? part : 0;
        }
        n -= part;
    }
    return FST_OK;
}

enum fst_status fst_pq_rle_skip(struct fst_pq_rle *r, uint64_t n, struct fst_error *err)
{
    while (n > 0 && r->width > 0) {
        if (r->run_left == 0) {
            FST_TRY(next_header(r, err));
            continue;
        }
        uint64_t part = r->run_left < n ? r->run_left : n, groups = part / 8;
        if (!r->is_run && r->group_at == r->group_n) {
            if (groups && fst_pq_body_left(r->body) >= groups * r->width) {
                FST_TRY(skip_groups(r, groups, err));
                n -= groups * 8;
                continue;
            }
            FST_TRY(next_group(r, err));
        }
        uint64_t in_group = r->group_n - r->group_at;
        if (!r->is_run) {
            part = part < in_group ? part : in_group;
            r->group_at += (unsigned)part;
        }
        r->run_left -= part;
        n -= part;
    }
    return FST_OK;
}
