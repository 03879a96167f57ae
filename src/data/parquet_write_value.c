/* parquet_write_value: values of a frame's column as the format stores them, PLAIN. */
#include "parquet_write.h"

#include <string.h>

char *fst_pqw_room(struct fst_buf *b, size_t n)
{
    size_t cap = b->cap;
    fst_grow(&b->p, &cap, b->n + n + 1, 1);
    b->cap = cap;
    char *at = b->p + b->n;
    b->n += n;
    return at;
}

#define GATHER(name, from_type, to_type)                                                           \
    static void name(const struct fst_pqw_rows *r, void *out)                                      \
    {                                                                                              \
        const from_type *from = r->values->values;                                                 \
        to_type *to = out;                                                                         \
        for (size_t i = 0; i < r->n_values; i++)                                                   \
            to[i] = from[fst_pqw_row(r, i)];                                                       \
    }
GATHER(gather_bools, uint8_t, uint8_t)
GATHER(gather_bytes, int8_t, int32_t)
GATHER(gather_shorts, int16_t, int32_t)
GATHER(gather_32, uint32_t, uint32_t)
GATHER(gather_64, uint64_t, uint64_t)

static __int128 decimal_at(const struct fst_pqw_rows *r, size_t i)
{
    __int128 v;
    memcpy(&v, (const char *)r->values->values + fst_pqw_row(r, i) * sizeof(v), sizeof(v));
    return v;
}

static void gather_decimals(const struct fst_pqw_leaf *leaf, const struct fst_pqw_rows *r,
                            uint8_t *out)
{
    for (size_t i = 0; i < r->n_values; i++, out += leaf->width) {
        __int128 v = decimal_at(r, i);
        if (leaf->storage.physical != FST_PQ_FIXED) {
            memcpy(out, &v, leaf->width); /* little-endian */
            continue;
        }
        for (size_t k = leaf->width; k-- > 0; v >>= 8)
            out[k] = (uint8_t)v;
    }
}

void fst_pqw_gather(const struct fst_pqw_leaf *leaf, const struct fst_pqw_rows *r, void *out)
{
    if (r->n_values == 0)
        return;
    switch (leaf->storage.kind) {
    case FST_BOOLEAN:
        gather_bools(r, out);
        return;
    case FST_BYTE:
        gather_bytes(r, out);
        return;
    case FST_SHORT:
        gather_shorts(r, out);
        return;
    case FST_DECIMAL:
        gather_decimals(leaf, r, out);
        return;
    default:
        if (leaf->width == 4)
            gather_32(r, out);
        else
            gather_64(r, out);
    }
}

size_t fst_pqw_plain_size(const struct fst_pqw_leaf *leaf, const struct fst_pqw_rows *r)
{
    if (leaf->width)
        return leaf->width * r->n_values;
    size_t n = 4 * r->n_values;
    for (size_t i = 0; i < r->n_values; i++)
        n += fst_pqw_text(r, i).n;
    return n;
}
