/* parquet_write_range: the least and the greatest value of a chunk, as its statistics say them.
 *
 * Long texts are cut: a lower bound to its prefix, an upper bound to a prefix whose last character
 * is the next one. Zeros of floats are written as -0.0 and +0.0, as the format asks. */
#include "parquet_write.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CUT_BYTES = 64 };

static int compare(const struct fst_pqw_column *c, const struct fst_pqw_value *a,
                   const struct fst_pqw_value *b)
{
    if (c->storage.class == FST_PQW_DOUBLE)
        return (a->d > b->d) - (a->d < b->d);
    if (c->storage.class == FST_PQW_INT)
        return (a->i > b->i) - (a->i < b->i);
    size_t n = a->s.n < b->s.n ? a->s.n : b->s.n;
    int order = n ? memcmp(a->s.p, b->s.p, n) : 0;
    return order ? order : (a->s.n > b->s.n) - (a->s.n < b->s.n);
}

static void keep(struct fst_pqw_value *place, struct fst_buf *bytes, const struct fst_pqw_column *c,
                 const struct fst_pqw_value *v)
{
    *place = *v;
    if (c->storage.class != FST_PQW_BYTES)
        return;
    fst_buf_clear(bytes);
    bytes->max = SIZE_MAX / 4;
    fst_buf_add(bytes, v->s.p, v->s.n);
    place->s = (struct fst_str){fst_buf_text(bytes), bytes->n};
}

void fst_pqw_range_add(struct fst_pqw_range *r, const struct fst_pqw_column *c,
                       const struct fst_pqw_value *v)
{
    if (c->storage.class == FST_PQW_DOUBLE && isnan(v->d))
        return;
    if (!r->has || compare(c, v, &r->min) < 0)
        keep(&r->min, &r->min_bytes, c, v);
    if (!r->has || compare(c, v, &r->max) > 0)
        keep(&r->max, &r->max_bytes, c, v);
    r->has = true;
}

static size_t cut_at_character(struct fst_str s, size_t n)
{
    while (n > 0 && ((uint8_t)s.p[n] & 0xC0) == 0x80)
        n--;
    return n;
}

/* Make the prefix in `text` greater than all that begin with it; 0 when that cannot be said. */
static size_t next_after(char *text, size_t n, bool is_text)
{
    for (uint8_t top = is_text ? 0x7E : 0xFE; n > 0; n--)
        if ((uint8_t)text[n - 1] <= top) {
            text[n - 1]++;
            return n;
        }
    return 0;
}

static char *plain_of(const struct fst_pqw_column *c, const struct fst_pqw_value *v, size_t *n)
{
    struct fst_buf out = FST_BUF(SIZE_MAX / 4);
    fst_pqw_plain(&out, c, v);
    *n = out.n;
    return fst_buf_take(&out);
}

static void put_max(const struct fst_pqw_column *c, struct fst_pqw_value v,
                    struct fst_pqw_chunk *out)
{
    bool is_text = c->storage.kind == FST_STRING;
    out->is_max_exact = c->storage.class != FST_PQW_BYTES || v.s.n <= CUT_BYTES;
    if (!out->is_max_exact)
        v.s.n = is_text ? cut_at_character(v.s, CUT_BYTES) : CUT_BYTES;
    out->max = plain_of(c, &v, &out->n_max);
    if (out->is_max_exact)
        return;
    out->n_max = next_after(out->max, out->n_max, is_text);
    if (out->n_max == 0) {
        free(out->max);
        out->max = NULL;
    }
}

static void put_min(const struct fst_pqw_column *c, struct fst_pqw_value v,
                    struct fst_pqw_chunk *out)
{
    out->is_min_exact = c->storage.class != FST_PQW_BYTES || v.s.n <= CUT_BYTES;
    if (!out->is_min_exact)
        v.s.n = c->storage.kind == FST_STRING ? cut_at_character(v.s, CUT_BYTES) : CUT_BYTES;
    out->min = plain_of(c, &v, &out->n_min);
}

void fst_pqw_range_put(const struct fst_pqw_range *r, const struct fst_pqw_column *c,
                       struct fst_pqw_chunk *out)
{
    if (!r->has)
        return;
    struct fst_pqw_value min = r->min, max = r->max;
    if (min.d == 0)
        min.d = -0.0;
    if (max.d == 0)
        max.d = 0.0;
    put_min(c, min, out);
    put_max(c, max, out);
}
