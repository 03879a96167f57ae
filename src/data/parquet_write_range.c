/* parquet_write_range: the least and the greatest value of a page or chunk, as statistics say them.
 *
 * Long texts are cut: a lower bound to its prefix, an upper bound to a prefix whose last character
 * is the next one. Zeros of floats are written as -0.0 and +0.0, as the format asks. Values are
 * taken some at a time, so that bytes are copied once for many of them. */
#include "parquet_write.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CUT_BYTES = 64, WHOLE_BYTES = 1024 };

/* Big-endian two's complement, equally long. */
static int compare_signed(struct fst_str a, struct fst_str b)
{
    int order = a.n ? (int8_t)a.p[0] - (int8_t)b.p[0] : 0;
    return order ? order : fst_str_compare(a, b);
}

static int compare(enum fst_pqw_class class, const struct fst_pqw_value *a,
                   const struct fst_pqw_value *b)
{
    if (class == FST_PQW_DOUBLE)
        return (a->d > b->d) - (a->d < b->d);
    if (class == FST_PQW_INT)
        return (a->i > b->i) - (a->i < b->i);
    return class == FST_PQW_FIXED ? compare_signed(a->s, b->s) : fst_str_compare(a->s, b->s);
}

static void keep(struct fst_pqw_value *place, struct fst_buf *bytes, struct fst_pqw_value v)
{
    *place = v;
    if (!v.s.p)
        return;
    fst_buf_clear(bytes);
    bytes->max = SIZE_MAX / 4;
    fst_buf_add(bytes, v.s.p, v.s.n);
    place->s = (struct fst_str){fst_buf_text(bytes), bytes->n};
}

static void widen(struct fst_pqw_range *r, enum fst_pqw_class class, struct fst_pqw_value min,
                  struct fst_pqw_value max)
{
    if (!r->has || compare(class, &min, &r->min) < 0)
        keep(&r->min, &r->min_bytes, min);
    if (!r->has || compare(class, &max, &r->max) > 0)
        keep(&r->max, &r->max_bytes, max);
    r->has = true;
}

/* ---- Many values ----------------------------------------------------------------------------- */

#define INT_RANGE(name, type)                                                                      \
    static void name(struct fst_pqw_range *r, const type *v, size_t n)                             \
    {                                                                                              \
        type min = v[0], max = v[0];                                                               \
        for (size_t i = 1; i < n; i++) {                                                           \
            min = v[i] < min ? v[i] : min;                                                         \
            max = v[i] > max ? v[i] : max;                                                         \
        }                                                                                          \
        widen(r, FST_PQW_INT, (struct fst_pqw_value){.i = min}, (struct fst_pqw_value){.i = max}); \
    }
INT_RANGE(range_8, uint8_t)
INT_RANGE(range_32, int32_t)
INT_RANGE(range_64, int64_t)

#define FLOAT_RANGE(name, type)                                                                    \
    static void name(struct fst_pqw_range *r, const type *v, size_t n)                             \
    {                                                                                              \
        type min = (type)INFINITY, max = (type)-INFINITY;                                          \
        size_t n_nan = 0;                                                                          \
        for (size_t i = 0; i < n; i++) {                                                           \
            n_nan += v[i] != v[i];                                                                 \
            min = v[i] < min ? v[i] : min;                                                         \
            max = v[i] > max ? v[i] : max;                                                         \
        }                                                                                          \
        r->n_nan += (int64_t)n_nan;                                                                \
        if (n_nan < n)                                                                             \
            widen(r, FST_PQW_DOUBLE, (struct fst_pqw_value){.d = min},                             \
                  (struct fst_pqw_value){.d = max});                                               \
    }
FLOAT_RANGE(range_float, float)
FLOAT_RANGE(range_double, double)

static void range_decimals(struct fst_pqw_range *r, const char *p, size_t n, size_t width)
{
    struct fst_str min = {p, width}, max = min;
    for (size_t i = 1; i < n; i++) {
        struct fst_str v = {p + i * width, width};
        if (compare_signed(v, min) < 0)
            min = v;
        else if (compare_signed(v, max) > 0)
            max = v;
    }
    widen(r, FST_PQW_FIXED, (struct fst_pqw_value){.s = min}, (struct fst_pqw_value){.s = max});
}

void fst_pqw_range_fixed(struct fst_pqw_range *r, const struct fst_pqw_leaf *leaf, const void *p,
                         size_t n)
{
    if (n == 0)
        return;
    switch (leaf->storage.physical) {
    case FST_PQ_BOOLEAN:
        range_8(r, p, n);
        return;
    case FST_PQ_INT32:
        range_32(r, p, n);
        return;
    case FST_PQ_INT64:
        range_64(r, p, n);
        return;
    case FST_PQ_FLOAT:
        range_float(r, p, n);
        return;
    case FST_PQ_DOUBLE:
        range_double(r, p, n);
        return;
    default:
        range_decimals(r, p, n, leaf->width);
    }
}

static void take_text(struct fst_str *min, struct fst_str *max, struct fst_str v)
{
    if (!min->p)
        *min = *max = v;
    else if (fst_str_compare(v, *min) < 0)
        *min = v;
    else if (fst_str_compare(v, *max) > 0)
        *max = v;
}

static void widen_texts(struct fst_pqw_range *r, struct fst_str min, struct fst_str max)
{
    if (min.p)
        widen(r, FST_PQW_BYTES, (struct fst_pqw_value){.s = min}, (struct fst_pqw_value){.s = max});
}

void fst_pqw_range_texts(struct fst_pqw_range *r, const struct fst_pqw_rows *rows)
{
    struct fst_str min = {0}, max = {0};
    for (size_t i = 0; i < rows->n_values; i++)
        take_text(&min, &max, fst_pqw_text(rows, i));
    widen_texts(r, min, max);
}

void fst_pqw_range_numbers(struct fst_pqw_range *r, struct fst_pqw_dictionary *d,
                           const uint32_t *numbers, size_t n, uint32_t page)
{
    struct fst_str min = {0}, max = {0};
    for (size_t i = 0; i < n; i++) {
        if (d->seen[numbers[i]] == page)
            continue;
        d->seen[numbers[i]] = page;
        take_text(&min, &max, fst_pqw_entry(d, numbers[i]));
    }
    widen_texts(r, min, max);
}

void fst_pqw_range_merge(struct fst_pqw_range *r, const struct fst_pqw_leaf *leaf,
                         const struct fst_pqw_range *other)
{
    r->n_nan += other->n_nan;
    if (other->has)
        widen(r, leaf->storage.class, other->min, other->max);
}

void fst_pqw_range_clear(struct fst_pqw_range *r)
{
    r->has = false;
    r->n_nan = 0;
}

void fst_pqw_range_done(struct fst_pqw_range *r)
{
    fst_buf_done(&r->min_bytes);
    fst_buf_done(&r->max_bytes);
    *r = (struct fst_pqw_range){0};
}

/* ---- As they are stored ---------------------------------------------------------------------- */

static size_t cut_at_character(struct fst_str s, size_t n)
{
    while (n > 0 && ((uint8_t)s.p[n] & 0xC0) == 0x80)
        n--;
    return n;
}

/* How much of a text its bound keeps: all of it, or whole characters. */
static size_t cut(const struct fst_pqw_leaf *leaf, struct fst_str s)
{
    if (s.n <= CUT_BYTES)
        return s.n;
    size_t n = leaf->storage.kind == FST_BINARY ? CUT_BYTES : cut_at_character(s, CUT_BYTES);
    return n ? n : CUT_BYTES; /* not a text after all */
}

/* Make the prefix in `text` greater than all that begin with it, which may take some bytes more; 0
 * when that cannot be said. */
static size_t next_bytes(char *text, size_t n)
{
    for (; n > 0; n--)
        if ((uint8_t)text[n - 1] < 0xFF) {
            text[n - 1]++;
            return n;
        }
    return 0;
}

/* The same for a text, which stays one: its last character becomes the next. */
static size_t next_text(char *text, size_t n)
{
    while (n > 0) {
        size_t last = cut_at_character((struct fst_str){text, n}, n - 1);
        uint32_t cp;
        if (fst_utf8_decode(text + last, n - last, &cp) != n - last)
            return 0; /* not a text after all */
        cp = cp == 0xD7FF ? 0xE000 : cp + 1;
        if (cp <= 0x10FFFF)
            return last + fst_utf8_encode(cp, text + last);
        n = last;
    }
    return 0;
}

static char *stored(const struct fst_pqw_leaf *leaf, const struct fst_pqw_value *v, size_t *n)
{
    float f = (float)v->d;
    const void *p = leaf->storage.physical == FST_PQ_FLOAT  ? (const void *)&f
                    : leaf->storage.class == FST_PQW_DOUBLE ? (const void *)&v->d
                                                            : (const void *)&v->i;
    if (leaf->storage.class == FST_PQW_BYTES || leaf->storage.class == FST_PQW_FIXED)
        p = v->s.p, *n = v->s.n;
    else
        *n = leaf->width;
    char *copy = fst_alloc(*n + 1);
    memcpy(copy, p, *n);
    return copy;
}

static void put_max(const struct fst_pqw_leaf *leaf, struct fst_pqw_value v,
                    struct fst_pqw_bounds *out)
{
    out->is_max_exact = true;
    out->max = stored(leaf, &v, &out->n_max);
    if (leaf->storage.class != FST_PQW_BYTES || v.s.n <= CUT_BYTES)
        return;
    char *prefix = fst_alloc(CUT_BYTES + 8);
    size_t n = cut(leaf, v.s);
    memcpy(prefix, v.s.p, n);
    n = leaf->storage.kind == FST_BINARY ? next_bytes(prefix, n) : next_text(prefix, n);
    if (n == 0 && v.s.n <= WHOLE_BYTES) { /* no prefix is greater: the whole value */
        free(prefix);
        return;
    }
    free(out->max);
    out->max = n ? prefix : NULL;
    out->n_max = n;
    out->is_max_exact = false;
    if (n == 0)
        free(prefix);
}

static void put_min(const struct fst_pqw_leaf *leaf, struct fst_pqw_value v,
                    struct fst_pqw_bounds *out)
{
    out->is_min_exact = leaf->storage.class != FST_PQW_BYTES || v.s.n <= CUT_BYTES;
    if (!out->is_min_exact)
        v.s.n = cut(leaf, v.s);
    out->min = stored(leaf, &v, &out->n_min);
}

void fst_pqw_bounds_done(struct fst_pqw_bounds *b)
{
    free(b->min);
    free(b->max);
}

struct fst_pqw_bounds fst_pqw_bounds_of(const struct fst_pqw_range *r,
                                        const struct fst_pqw_leaf *leaf)
{
    struct fst_pqw_bounds out = {0};
    if (!r->has)
        return out;
    struct fst_pqw_value min = r->min, max = r->max;
    if (min.d == 0)
        min.d = -0.0;
    if (max.d == 0)
        max.d = 0.0;
    put_min(leaf, min, &out);
    put_max(leaf, max, &out);
    if (!out.max) { /* both or none */
        fst_pqw_bounds_done(&out);
        return (struct fst_pqw_bounds){0};
    }
    return out;
}

int fst_pqw_compare(const struct fst_pqw_leaf *leaf, struct fst_str a, struct fst_str b)
{
    struct fst_pqw_value x = {.s = a}, y = {.s = b};
    float f, g;
    switch (leaf->storage.physical) {
    case FST_PQ_BOOLEAN:
        x.i = (uint8_t)a.p[0], y.i = (uint8_t)b.p[0];
        break;
    case FST_PQ_INT32: {
        int32_t i, k;
        memcpy(&i, a.p, sizeof(i)), memcpy(&k, b.p, sizeof(k));
        x.i = i, y.i = k;
        break;
    }
    case FST_PQ_INT64:
        memcpy(&x.i, a.p, sizeof(x.i)), memcpy(&y.i, b.p, sizeof(y.i));
        break;
    case FST_PQ_FLOAT:
        memcpy(&f, a.p, sizeof(f)), memcpy(&g, b.p, sizeof(g));
        x.d = (double)f, y.d = (double)g;
        break;
    case FST_PQ_DOUBLE:
        memcpy(&x.d, a.p, sizeof(x.d)), memcpy(&y.d, b.p, sizeof(y.d));
        break;
    default:
        break;
    }
    return compare(leaf->storage.class, &x, &y);
}
