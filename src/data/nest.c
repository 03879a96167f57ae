/* nest: arrays, maps and structs as bytes, for who carries values one at a time (SQLite).
 *
 * The order of the bytes is Spark's order of the values: whole numbers are big-endian with the sign
 * turned over, doubles likewise, text ends with two zeros and escapes its own. So a comparison, a
 * group or a sort of nested values is one of blobs. */
#include <math.h>
#include <string.h>

#include "frame.h"

/* ---- Scalars --------------------------------------------------------------------------------- */

/* Floats travel as doubles. */
static size_t bytes_of(enum fst_kind kind)
{
    size_t n = kind == FST_FLOAT ? 0 : fst_kind_width(kind);
    return n ? n : sizeof(int64_t);
}

static void put_whole(struct fst_buf *out, __int128 v, size_t n)
{
    unsigned __int128 bits = (unsigned __int128)v ^ (unsigned __int128)1 << (8 * n - 1);
    for (size_t i = n; i-- > 0;)
        fst_buf_addc(out, (char)(uint8_t)(bits >> (8 * i)));
}

static __int128 whole_of(const uint8_t *p, size_t n)
{
    unsigned __int128 bits = 0;
    for (size_t i = 0; i < n; i++)
        bits = bits << 8 | p[i];
    bits ^= (unsigned __int128)1 << (8 * n - 1);
    unsigned up = (unsigned)(128 - 8 * n);
    return (__int128)(bits << up) >> up;
}

/* Negative ones are turned over as a whole; the least bit pattern above infinity is NaN. */
static int64_t ordered_of(double v)
{
    int64_t bits;
    v = isnan(v) ? (double)NAN : v;
    memcpy(&bits, &v, sizeof bits);
    if (isnan(v))
        bits &= INT64_MAX;
    return bits < 0 ? bits ^ INT64_MAX : bits;
}

static double double_of(int64_t bits)
{
    double v;
    bits = bits < 0 ? bits ^ INT64_MAX : bits;
    memcpy(&v, &bits, sizeof v);
    return v;
}

static void put_text(struct fst_buf *out, struct fst_str s)
{
    for (const char *zero; s.n && (zero = memchr(s.p, 0, s.n));) {
        size_t n = (size_t)(zero - s.p) + 1;
        fst_buf_add(out, s.p, n);
        fst_buf_addc(out, (char)0xFF);
        s.p += n;
        s.n -= n;
    }
    fst_buf_add(out, s.p, s.n);
    fst_buf_add(out, "\0\0", 2);
}

static bool take_text(const uint8_t **p, const uint8_t *end, struct fst_str *out,
                      struct fst_buf *text)
{
    fst_buf_clear(text);
    for (;;) {
        const uint8_t *zero = *p < end ? memchr(*p, 0, (size_t)(end - *p)) : NULL;
        if (!zero || zero + 1 >= end || (zero[1] != 0 && zero[1] != 0xFF))
            return false;
        fst_buf_add(text, *p, (size_t)(zero - *p) + (zero[1] != 0));
        *p = zero + 2;
        if (zero[1] == 0)
            break;
    }
    *out = (struct fst_str){fst_buf_text(text), text->n};
    return !text->over;
}

void fst_nest_put_scalar(struct fst_buf *out, enum fst_kind kind, const struct fst_literal *v)
{
    if (fst_kind_is_bytes(kind))
        put_text(out, v->s);
    else if (kind == FST_FLOAT || kind == FST_DOUBLE)
        put_whole(out, ordered_of(v->d), 8);
    else
        put_whole(out, v->n, bytes_of(kind));
}

bool fst_nest_take_scalar(const uint8_t **p, const uint8_t *end, enum fst_kind kind,
                          struct fst_literal *out, struct fst_buf *text)
{
    size_t n = bytes_of(kind);
    if (fst_kind_is_bytes(kind))
        return take_text(p, end, &out->s, text);
    if ((size_t)(end - *p) < n)
        return false;
    out->n = whole_of(*p, n);
    *p += n;
    if (kind == FST_FLOAT || kind == FST_DOUBLE)
        out->d = double_of((int64_t)out->n);
    return true;
}

/* ---- From columns ---------------------------------------------------------------------------- */

static void put_element(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    bool is_null = fst_column_is_null(c, row);
    fst_buf_addc(out, is_null ? FST_NEST_NULL : FST_NEST_VALUE);
    if (!is_null)
        fst_nest_put(out, c, row);
}

static void put_plain(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    struct fst_literal v = {0};
    if (fst_kind_is_bytes(c->type.kind))
        v.s = fst_column_bytes(c, row);
    else if (c->type.kind == FST_FLOAT || c->type.kind == FST_DOUBLE)
        v.d = fst_column_double(c, row);
    else if (c->type.kind == FST_DECIMAL)
        v.n = fst_column_decimal(c, row);
    else
        v.n = fst_column_int(c, row);
    fst_nest_put_scalar(out, c->type.kind, &v);
}

void fst_nest_put(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    bool is_list = c->type.kind == FST_ARRAY || c->type.kind == FST_MAP;
    if (!fst_type_is_nested(&c->type)) {
        put_plain(out, c, row);
        return;
    }
    size_t from = is_list ? c->offsets[row] : row, to = is_list ? c->offsets[row + 1] : row + 1;
    for (size_t i = from; i < to && !out->over; i++)
        for (size_t k = 0; k < c->type.n_fields; k++)
            put_element(out, &c->children[k], i);
    if (is_list)
        fst_buf_addc(out, FST_NEST_END);
}

/* ---- Into columns ---------------------------------------------------------------------------- */

struct cut {
    struct fst_builder *b;
    const uint8_t *p, *end;
    struct fst_buf text;
};

static bool add_value(struct cut *c, size_t col, const struct fst_type *type);

static bool add_element(struct cut *c, size_t col, const struct fst_type *type)
{
    if (c->p < c->end && *c->p == FST_NEST_VALUE && type->kind != FST_VOID) {
        c->p++;
        return add_value(c, col, type);
    }
    bool fine = c->p < c->end && *c->p == FST_NEST_NULL;
    c->p += fine;
    fst_builder_null(c->b, col);
    return fine;
}

static bool add_fields(struct cut *c, size_t col, const struct fst_type *type)
{
    bool fine = true;
    for (size_t i = 0; i < type->n_fields; i++)
        fine &= add_element(c, fst_builder_child(c->b, col, i), &type->fields[i].type);
    return fine;
}

static bool add_list(struct cut *c, size_t col, const struct fst_type *type)
{
    size_t n = 0;
    bool fine = true;
    for (; fine && c->p < c->end && *c->p != FST_NEST_END; n++)
        fine = add_fields(c, col, type);
    fst_builder_slot(c->b, col, true, n);
    fine &= c->p < c->end;
    c->p += c->p < c->end;
    return fine;
}

static void add_plain(struct cut *c, size_t col, enum fst_kind kind, const struct fst_literal *v)
{
    if (fst_kind_is_bytes(kind))
        fst_builder_bytes(c->b, col, v->s.p, v->s.n);
    else if (kind == FST_FLOAT || kind == FST_DOUBLE)
        fst_builder_double(c->b, col, v->d);
    else if (kind == FST_DECIMAL)
        fst_builder_decimal(c->b, col, v->n);
    else
        fst_builder_int(c->b, col, (int64_t)v->n);
}

static bool add_value(struct cut *c, size_t col, const struct fst_type *type)
{
    struct fst_literal v;
    if (type->kind == FST_ARRAY || type->kind == FST_MAP)
        return add_list(c, col, type);
    if (type->kind == FST_STRUCT) {
        fst_builder_slot(c->b, col, true, 0);
        return add_fields(c, col, type);
    }
    bool fine = fst_nest_take_scalar(&c->p, c->end, type->kind, &v, &c->text);
    if (fine)
        add_plain(c, col, type->kind, &v);
    else
        fst_builder_null(c->b, col);
    return fine;
}

bool fst_nest_add(struct fst_builder *b, size_t col, const struct fst_type *type, const void *p,
                  size_t n)
{
    struct cut c = {
        .b = b, .p = p, .end = (const uint8_t *)p + n, .text = FST_BUF((size_t)1 << 30)};
    bool fine = add_value(&c, col, type) && c.p == c.end;
    fst_buf_done(&c.text);
    return fine;
}
