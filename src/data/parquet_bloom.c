/* parquet_bloom: may a chunk have a value? Split-block Bloom filters, as the format defines them.
 *
 * A filter is a header and blocks of 32 bytes; a value's hash says which block, and sets a bit in
 * each of its eight words. So a question needs one block: a filter that did not come with its
 * header is read block by block. A filter that is damaged, or of a kind we do not know, is as good
 * as none. */
#include "parquet.h"

#include <stdlib.h>
#include <string.h>

#include "filter.h"

enum { BLOCK = 32, ASKED_MAX = 64, WHOLE = 64 << 10, HEAD = 256 };

/* ---- XXH64, seed 0 --------------------------------------------------------------------------- */

#define P1 0x9E3779B185EBCA87ull
#define P2 0xC2B2AE3D27D4EB4Full
#define P3 0x165667B19E3779F9ull
#define P4 0x85EBCA77C2B2AE63ull
#define P5 0x27D4EB2F165667C5ull

static uint64_t rotate(uint64_t v, unsigned n)
{
    return v << n | v >> (64 - n);
}

static uint64_t load64(const uint8_t *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof(v));
    return v;
}

static uint64_t stripe(uint64_t lane, uint64_t v)
{
    return rotate(lane + v * P2, 31) * P1;
}

/* Four lanes over stripes of 32 bytes; what remains is the caller's. */
static uint64_t lanes(const uint8_t **p, const uint8_t *end)
{
    uint64_t lane[4] = {P1 + P2, P2, 0, 0 - P1};
    for (; end - *p >= 32; *p += 32)
        for (size_t i = 0; i < 4; i++)
            lane[i] = stripe(lane[i], load64(*p + 8 * i));
    uint64_t h =
        rotate(lane[0], 1) + rotate(lane[1], 7) + rotate(lane[2], 12) + rotate(lane[3], 18);
    for (size_t i = 0; i < 4; i++)
        h = (h ^ stripe(0, lane[i])) * P1 + P4;
    return h;
}

uint64_t fst_xxh64(const void *bytes, size_t n)
{
    const uint8_t *p = bytes, *end = p + n;
    uint64_t h = n >= 32 ? lanes(&p, end) : P5;
    h += n;
    for (; end - p >= 8; p += 8)
        h = rotate(h ^ stripe(0, load64(p)), 27) * P1 + P4;
    if (end - p >= 4) {
        uint32_t v;
        memcpy(&v, p, sizeof(v));
        h = rotate(h ^ v * P1, 23) * P2 + P3;
        p += 4;
    }
    for (; p < end; p++)
        h = rotate(h ^ *p * P5, 11) * P1;
    h = (h ^ h >> 33) * P2;
    h = (h ^ h >> 29) * P3;
    return h ^ h >> 32;
}

/* ---- Values as they are stored --------------------------------------------------------------- */

/* Hashes of what is asked for; more than one a value where it has several stored forms. */
struct fst_pq_hashes {
    uint64_t items[2 * ASKED_MAX];
    size_t n;
};

static void add_hash(struct fst_pq_hashes *h, const void *p, size_t n)
{
    h->items[h->n++] = fst_xxh64(p, n);
}

/* A whole number of our column as the file stores it; nothing is added when it cannot. */
static void add_int(struct fst_pq_hashes *h, const struct fst_pq_leaf *leaf, __int128 v)
{
    if (leaf->factor > 1) {
        if (v % leaf->factor)
            return;
        v /= leaf->factor;
    }
    if (leaf->physical == FST_PQ_INT64) {
        int64_t v64 = (int64_t)v;
        if (v >= INT64_MIN && v <= INT64_MAX)
            add_hash(h, &v64, sizeof(v64));
        return;
    }
    uint32_t v32 = (uint32_t)v;
    if (v >= INT32_MIN && v <= UINT32_MAX)
        add_hash(h, &v32, sizeof(v32));
}

static void add_fixed_decimal(struct fst_pq_hashes *h, const struct fst_pq_leaf *leaf, __int128 v)
{
    uint8_t bytes[64];
    for (size_t i = leaf->width; i-- > 0; v >>= 8)
        bytes[i] = (uint8_t)v;
    add_hash(h, bytes, leaf->width);
}

/* Zeros are equal and stored in two ways. */
static void add_real(struct fst_pq_hashes *h, const struct fst_pq_leaf *leaf, double v)
{
    for (int i = 0; i < (v == 0 ? 2 : 1); i++) {
        double d = v == 0 ? (i ? -0.0 : 0.0) : v;
        float f = (float)d;
        if (leaf->physical == FST_PQ_DOUBLE)
            add_hash(h, &d, sizeof(d));
        else if ((double)f == d)
            add_hash(h, &f, sizeof(f));
    }
}

/* Can values of the leaf be looked for, other than NaN? */
static bool can_hash(const struct fst_pq_leaf *leaf, const struct fst_test *test)
{
    bool is_int = leaf->physical == FST_PQ_INT32 || leaf->physical == FST_PQ_INT64;
    switch (test->how) {
    case FST_TEST_INT:
        return is_int && !leaf->has_nanos;
    case FST_TEST_REAL:
        return leaf->physical == FST_PQ_FLOAT || leaf->physical == FST_PQ_DOUBLE;
    case FST_TEST_DECIMAL: /* of varying length, a number has many forms */
        return (is_int && leaf->type.precision <= 18) ||
               (leaf->physical == FST_PQ_FIXED && leaf->width >= 1 && leaf->width <= 64);
    case FST_TEST_TEXT:
        return leaf->is_bytes;
    default:
        return false;
    }
}

static void add_value(struct fst_pq_hashes *h, const struct fst_pq_leaf *leaf,
                      const struct fst_test *test, const struct fst_condition *c, size_t i)
{
    struct fst_str text = c->values[i].s;
    __int128 number = test->set ? test->set[i] : test->least;
    if (test->how == FST_TEST_REAL)
        add_real(h, leaf, c->values[i].d);
    else if (test->how == FST_TEST_TEXT)
        add_hash(h, text.p, text.n);
    else if (leaf->physical == FST_PQ_FIXED)
        add_fixed_decimal(h, leaf, number);
    else
        add_int(h, leaf, number);
}

struct fst_pq_hashes *fst_pq_hashes_new(const struct fst_pq_leaf *leaf, const struct fst_test *test,
                                        const struct fst_condition *c)
{
    bool is_equal = c->op == FST_IS_EQ || c->op == FST_IS_IN;
    if (!is_equal || c->n_values > ASKED_MAX || !can_hash(leaf, test))
        return NULL;
    for (size_t i = 0; test->how == FST_TEST_REAL && i < c->n_values; i++)
        if (c->values[i].d != c->values[i].d)
            return NULL;
    struct fst_pq_hashes *h = fst_alloc(sizeof(*h));
    for (size_t i = 0; i < c->n_values; i++)
        add_value(h, leaf, test, c, i);
    return h;
}

/* ---- Filters --------------------------------------------------------------------------------- */

struct header {
    int64_t n_bytes;
    struct {
        int64_t is_known;
    } algorithm, hash, compression;
};
static const struct fst_thrift_shape known_shape = {
    (const struct fst_thrift_slot[]){{1, FST_THRIFT_PRESENT, 0}}, 1};
static const struct fst_thrift_shape header_shape = {
    (const struct fst_thrift_slot[]){
        {1, FST_THRIFT_INT32, offsetof(struct header, n_bytes)},
        {2, FST_THRIFT_INNER, offsetof(struct header, algorithm), &known_shape},
        {3, FST_THRIFT_INNER, offsetof(struct header, hash), &known_shape},
        {4, FST_THRIFT_INNER, offsetof(struct header, compression), &known_shape},
    },
    4};

static bool block_has(const uint8_t *block, uint64_t hash)
{
    static const uint32_t salts[8] = {0x47b6137bu, 0x44974d91u, 0x8824ad5bu, 0xa2b7289du,
                                      0x705495c7u, 0x2df1424bu, 0x9efc4947u, 0x5c6bfb31u};
    for (size_t i = 0; i < FST_COUNT(salts); i++) {
        uint32_t word;
        memcpy(&word, block + 4 * i, sizeof(word));
        if (!(word >> (((uint32_t)hash * salts[i]) >> 27) & 1))
            return false;
    }
    return true;
}

bool fst_pq_bloom_range(const struct fst_pq_chunk *chunk, uint64_t limit, struct fst_range *range)
{
    if (chunk->bloom_at <= 0 || (uint64_t)chunk->bloom_at >= limit)
        return false;
    uint64_t left = limit - (uint64_t)chunk->bloom_at;
    uint64_t want = chunk->bloom_n > 0 && chunk->bloom_n <= WHOLE ? (uint64_t)chunk->bloom_n : HEAD;
    *range = (struct fst_range){.offset = (uint64_t)chunk->bloom_at,
                                .len = (size_t)(want < left ? want : left)};
    return true;
}

/* The blocks of hashes, where they are not in what was read. */
static enum fst_status read_blocks(struct fst_bytes *bytes, uint64_t at, const uint64_t *blocks,
                                   size_t n, uint8_t *out, struct fst_error *err)
{
    struct fst_range ranges[2 * ASKED_MAX];
    for (size_t i = 0; i < n; i++)
        ranges[i] = (struct fst_range){
            .offset = at + blocks[i] * BLOCK, .len = BLOCK, .into = out + i * BLOCK};
    return bytes->ops->read(bytes, ranges, n, err);
}

enum fst_status fst_pq_bloom_may(const struct fst_pq_hashes *h, struct fst_bytes *bytes,
                                 const struct fst_range *head, uint64_t limit, bool *is_filter,
                                 bool *may, struct fst_error *err)
{
    struct header header = {-1};
    struct fst_thrift t = {.p = head->into, .n = head->got};
    *may = true;
    *is_filter = false;
    bool fine = fst_thrift_read(&t, &header_shape, &header) && header.algorithm.is_known &&
                header.hash.is_known && header.compression.is_known;
    if (!fine || header.n_bytes < BLOCK || header.n_bytes % BLOCK ||
        (uint64_t)header.n_bytes > limit - head->offset - t.at)
        return FST_OK;

    uint64_t n_blocks = (uint64_t)header.n_bytes / BLOCK, blocks[2 * ASKED_MAX];
    uint8_t read[2 * ASKED_MAX * BLOCK];
    for (size_t i = 0; i < h->n; i++)
        blocks[i] = (h->items[i] >> 32) * n_blocks >> 32;
    bool is_whole = head->got - t.at >= (size_t)header.n_bytes;
    if (!is_whole && h->n)
        FST_TRY(read_blocks(bytes, head->offset + t.at, blocks, h->n, read, err));
    *is_filter = true;
    *may = false;
    for (size_t i = 0; i < h->n && !*may; i++)
        *may = block_has(is_whole ? t.p + t.at + blocks[i] * BLOCK : read + i * BLOCK, h->items[i]);
    return FST_OK;
}
