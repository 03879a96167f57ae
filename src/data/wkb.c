/* wkb: shapes on a map, from their well-known binary form to their well-known text.
 *
 * Every count is checked against the bytes that are left, so the work is bounded by the bytes. The
 * ISO numbers of types are read (1001 is POINT Z), and the flags that came before them. */
#include "wkb.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POINT = 1, LINE, POLYGON, MULTI_POINT, MULTI_LINE, MULTI_POLYGON, COLLECTION, N_TYPES };
enum { DEPTH_MAX = 32, HEADER_BYTES = 5, COUNT_BYTES = 4, NUMBER_BYTES = 8 };
#define FLAG_Z 0x80000000u
#define FLAG_M 0x40000000u
#define FLAG_SRID 0x20000000u

static const char *const names[N_TYPES] = {
    "",           "POINT",           "LINESTRING",   "POLYGON",
    "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION"};

struct reader {
    struct fst_buf *out;
    const uint8_t *p;
    size_t n;
    bool is_big; /* of the shape that is read */
};

struct shape {
    unsigned type;
    bool has_z, has_m;
};

static uint64_t take(struct reader *r, size_t width)
{
    uint64_t v = 0;
    for (size_t i = 0; i < width; i++)
        v |= (uint64_t)r->p[i] << 8 * (r->is_big ? width - 1 - i : i);
    r->p += width;
    r->n -= width;
    return v;
}

/* A count of things of at least `bytes` each. */
static bool take_count(struct reader *r, size_t bytes, size_t *out)
{
    if (r->n < COUNT_BYTES)
        return false;
    *out = (size_t)take(r, COUNT_BYTES);
    return *out <= r->n / bytes;
}

static bool take_header(struct reader *r, struct shape *out)
{
    if (r->n < HEADER_BYTES || r->p[0] > 1)
        return false;
    r->is_big = r->p[0] == 0;
    r->p++;
    r->n--;
    uint32_t code = (uint32_t)take(r, 4);
    if (code & FLAG_SRID && r->n < 4)
        return false;
    if (code & FLAG_SRID)
        take(r, 4);
    unsigned iso = code & 0xFFFFFFF;
    *out = (struct shape){.type = iso % 1000,
                          .has_z = code & FLAG_Z || iso / 1000 == 1 || iso / 1000 == 3,
                          .has_m = code & FLAG_M || iso / 1000 == 2 || iso / 1000 == 3};
    return out->type >= POINT && out->type < N_TYPES && iso < 4000;
}

/* ---- Coordinates ----------------------------------------------------------------------------- */

/* The fewest digits that say the same number. */
static void add_number(struct fst_buf *out, double v)
{
    char text[40];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, v);
        if (strtod(text, NULL) == v)
            break;
    }
    fst_buf_adds(out, text);
}

static size_t n_numbers(const struct shape *s)
{
    return 2u + s->has_z + s->has_m;
}

static double take_number(struct reader *r)
{
    uint64_t bits = take(r, NUMBER_BYTES);
    double v;
    memcpy(&v, &bits, sizeof(v));
    return v;
}

static void add_position(struct reader *r, const struct shape *s)
{
    for (size_t i = 0; i < n_numbers(s); i++) {
        fst_buf_adds(r->out, i ? " " : "");
        add_number(r->out, take_number(r));
    }
}

/* Nothing but NaN is a point that is nowhere. */
static bool is_empty_point(struct reader *r, const struct shape *s)
{
    struct reader look = *r;
    for (size_t i = 0; i < n_numbers(s); i++)
        if (!isnan(take_number(&look)))
            return false;
    *r = look;
    return true;
}

static bool add_point(struct reader *r, const struct shape *s)
{
    if (r->n < n_numbers(s) * NUMBER_BYTES)
        return false;
    if (is_empty_point(r, s)) {
        fst_buf_adds(r->out, "EMPTY");
        return true;
    }
    fst_buf_addc(r->out, '(');
    add_position(r, s);
    fst_buf_addc(r->out, ')');
    return true;
}

static bool add_line(struct reader *r, const struct shape *s)
{
    size_t n;
    if (!take_count(r, n_numbers(s) * NUMBER_BYTES, &n))
        return false;
    fst_buf_adds(r->out, n ? "(" : "EMPTY");
    for (size_t i = 0; i < n; i++) {
        fst_buf_adds(r->out, i ? ", " : "");
        add_position(r, s);
    }
    fst_buf_adds(r->out, n ? ")" : "");
    return true;
}

static bool add_polygon(struct reader *r, const struct shape *s)
{
    size_t n;
    if (!take_count(r, COUNT_BYTES, &n))
        return false;
    fst_buf_adds(r->out, n ? "(" : "EMPTY");
    for (size_t i = 0; i < n; i++) {
        fst_buf_adds(r->out, i ? ", " : "");
        if (!add_line(r, s))
            return false;
    }
    fst_buf_adds(r->out, n ? ")" : "");
    return true;
}

/* ---- Shapes ---------------------------------------------------------------------------------- */

static bool add_shape(struct reader *r, unsigned wanted, unsigned depth);

/* Members of a collection carry their names, others are of the one type that fits. */
static bool add_members(struct reader *r, const struct shape *s, unsigned depth)
{
    size_t n;
    if (!take_count(r, HEADER_BYTES, &n))
        return false;
    unsigned wanted = s->type == COLLECTION ? 0 : s->type - MULTI_POINT + POINT;
    fst_buf_adds(r->out, n ? "(" : "EMPTY");
    for (size_t i = 0; i < n; i++) {
        fst_buf_adds(r->out, i ? ", " : "");
        if (!add_shape(r, wanted, depth + 1))
            return false;
    }
    fst_buf_adds(r->out, n ? ")" : "");
    return true;
}

/* A shape with its name, or of the type `wanted` without. */
static bool add_shape(struct reader *r, unsigned wanted, unsigned depth)
{
    struct shape s;
    if (depth > DEPTH_MAX || !take_header(r, &s) || (wanted && s.type != wanted))
        return false;
    if (!wanted)
        fst_buf_printf(r->out, "%s%s%s%s ", names[s.type], s.has_z || s.has_m ? " " : "",
                       s.has_z ? "Z" : "", s.has_m ? "M" : "");
    switch (s.type) {
    case POINT:
        return add_point(r, &s);
    case LINE:
        return add_line(r, &s);
    case POLYGON:
        return add_polygon(r, &s);
    default:
        return add_members(r, &s, depth);
    }
}

bool fst_wkb_text(struct fst_buf *out, struct fst_str wkb)
{
    size_t from = out->n;
    struct reader r = {.out = out, .p = (const uint8_t *)wkb.p, .n = wkb.n};
    if (add_shape(&r, 0, 0) && r.n == 0)
        return true;
    out->n = from;
    if (out->p)
        out->p[from] = '\0';
    return false;
}
