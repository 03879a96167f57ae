/* parquet_type: what a stored value means: the logical and converted types as Spark's types.
 *
 * Spark's rules, but that what Spark refuses is shown: times in nanoseconds keep their digits, and
 * decimals of more than 38 digits, intervals and shapes are text. What is not known falls back to
 * the physical type. */
#include "parquet.h"

#include "calendar.h"
#include "variant.h"
#include "wkb.h"

#include <string.h>

/* ---- Putting values -------------------------------------------------------------------------- */

static const char *put_int(struct fst_builder *b, size_t col, const struct fst_pq_leaf *leaf,
                           const struct fst_pq_batch *v)
{
    uint64_t mask = leaf->mask ? leaf->mask : UINT64_MAX;
    for (size_t i = 0; i < v->n; i++)
        fst_builder_int(b, col, (int64_t)((uint64_t)v->i[i] & mask));
    return NULL;
}

static const char *put_unsigned64(struct fst_builder *b, size_t col, const struct fst_pq_leaf *leaf,
                                  const struct fst_pq_batch *v)
{
    (void)leaf;
    for (size_t i = 0; i < v->n; i++)
        fst_builder_decimal(b, col, (__int128)(uint64_t)v->i[i]);
    return NULL;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static const char *put_time(struct fst_builder *b, size_t col, const struct fst_pq_leaf *leaf,
                            const struct fst_pq_batch *v)
{
    for (size_t i = 0; i < v->n; i++) {
        int64_t us;
        if (__builtin_mul_overflow(v->i[i], leaf->factor, &us))
            return "a time that is too far away";
        fst_builder_int(b, col, us);
    }
    return NULL;
}

static const char *put_nanos(struct fst_builder *b, size_t col, const struct fst_pq_leaf *leaf,
                             const struct fst_pq_batch *v)
{
    (void)leaf;
    for (size_t i = 0; i < v->n; i++) {
        int64_t us = floor_div(v->i[i], 1000);
        fst_builder_time(b, col, us, (unsigned)(v->i[i] - us * 1000));
    }
    return NULL;
}

static const char *put_double(struct fst_builder *b, size_t col, const struct fst_pq_leaf *leaf,
                              const struct fst_pq_batch *v)
{
    (void)leaf;
    for (size_t i = 0; i < v->n; i++)
        fst_builder_double(b, col, v->d[i]);
    return NULL;
}

static double half_to_double(uint16_t half)
{
    uint64_t sign = (uint64_t)(half >> 15) << 63, mantissa = half & 0x3FF;
    int exponent = half >> 10 & 0x1F;
    if (exponent == 0) { /* subnormal: units of 2^-24 */
        double v = (double)mantissa / (1 << 24);
        return sign ? -v : v;
    }
    uint64_t bits = sign | mantissa << 42;
    bits |= exponent == 0x1F ? (uint64_t)0x7FF << 52 : (uint64_t)(exponent - 15 + 1023) << 52;
    double v;
    memcpy(&v, &bits, sizeof(v));
    return v;
}

static const char *put_half(struct fst_builder *b, size_t col, const struct fst_pq_leaf *leaf,
                            const struct fst_pq_batch *v)
{
    (void)leaf;
    for (size_t i = 0; i < v->n; i++) {
        const uint8_t *p = (const uint8_t *)v->s[i].p;
        fst_builder_double(b, col, half_to_double((uint16_t)(p[0] | p[1] << 8)));
    }
    return NULL;
}

static const char *put_bytes(struct fst_builder *b, size_t col, const struct fst_pq_leaf *leaf,
                             const struct fst_pq_batch *v)
{
    (void)leaf;
    for (size_t i = 0; i < v->n; i++)
        fst_builder_bytes(b, col, v->s[i].p, v->s[i].n);
    return NULL;
}

static const char *put_decimal_int(struct fst_builder *b, size_t col,
                                   const struct fst_pq_leaf *leaf, const struct fst_pq_batch *v)
{
    (void)leaf;
    for (size_t i = 0; i < v->n; i++)
        fst_builder_decimal(b, col, v->i[i]);
    return NULL;
}

bool fst_pq_decimal(struct fst_str bytes, __int128 *out)
{
    const uint8_t *p = (const uint8_t *)bytes.p;
    size_t n = bytes.n;
    uint8_t sign = n && p[0] & 0x80 ? 0xFF : 0;
    for (; n > 16; p++, n--)
        if (*p != sign || (p[1] ^ sign) & 0x80)
            return false;
    unsigned __int128 v = sign ? ~(unsigned __int128)0 : 0;
    for (size_t i = 0; i < n; i++)
        v = v << 8 | p[i];
    *out = (__int128)v;
    return true;
}

static const char *put_decimal(struct fst_builder *b, size_t col, const struct fst_pq_leaf *leaf,
                               const struct fst_pq_batch *v)
{
    (void)leaf;
    for (size_t i = 0; i < v->n; i++) {
        __int128 decimal;
        if (!fst_pq_decimal(v->s[i], &decimal))
            return "a decimal of more than 38 digits";
        fst_builder_decimal(b, col, decimal);
    }
    return NULL;
}

/* Decimals of any size: text from digits in base 10^9, the least first. */
enum {
    WIDE_BYTES = 256, /* the time it takes grows with the square */
    WIDE_LIMBS = WIDE_BYTES * 8 / 29 + 1,
    WIDE_SCALE = 616, /* digits of so many bytes */
    LIMB = 1000000000,
};

/* v * 256 + byte */
static size_t shift_in(uint32_t *limbs, size_t n, uint8_t byte)
{
    uint64_t carry = byte;
    for (size_t i = 0; i < n; i++) {
        carry += (uint64_t)limbs[i] << 8;
        limbs[i] = (uint32_t)(carry % LIMB);
        carry /= LIMB;
    }
    if (carry)
        limbs[n++] = (uint32_t)carry;
    return n;
}

/* The absolute value of two's complement; true when it was negative. */
static bool absolute(struct fst_str value, uint8_t *out)
{
    bool negative = value.n && (uint8_t)value.p[0] & 0x80;
    unsigned carry = negative;
    for (size_t i = value.n; i-- > 0;) {
        carry += (uint8_t)((uint8_t)value.p[i] ^ (negative ? 0xFF : 0));
        out[i] = (uint8_t)carry;
        carry >>= 8;
    }
    return negative;
}

/* Digits of the absolute value, and the point `scale` places from their end. */
static void wide_text(struct fst_buf *out, struct fst_str value, size_t scale)
{
    uint8_t bytes[WIDE_BYTES];
    uint32_t limbs[WIDE_LIMBS] = {0};
    size_t n = 1;
    bool negative = absolute(value, bytes);
    for (size_t i = 0; i < value.n; i++)
        n = shift_in(limbs, n, bytes[i]);

    struct fst_buf digits = FST_BUF(WIDE_LIMBS * 9 + 1);
    fst_buf_int(&digits, limbs[n - 1], 0);
    while (n-- > 1)
        fst_buf_int(&digits, limbs[n - 1], 9);
    fst_buf_adds(out, negative ? "-" : "");
    size_t whole = digits.n > scale ? digits.n - scale : 0;
    fst_buf_add(out, whole ? digits.p : "0", whole ? whole : 1);
    if (scale) {
        fst_buf_addc(out, '.');
        fst_buf_repeat(out, '0', whole ? 0 : scale - digits.n);
        fst_buf_add(out, digits.p + whole, digits.n - whole);
    }
    fst_buf_done(&digits);
}

static const char *put_wide(struct fst_builder *b, size_t col, const struct fst_pq_leaf *leaf,
                            const struct fst_pq_batch *v)
{
    struct fst_buf text = FST_BUF_TEXT;
    for (size_t i = 0; i < v->n; i++) {
        if (v->s[i].n > WIDE_BYTES)
            break;
        fst_buf_clear(&text);
        wide_text(&text, v->s[i], leaf->scale);
        fst_builder_bytes(b, col, text.p, text.n);
    }
    fst_buf_done(&text);
    for (size_t i = 0; i < v->n; i++)
        if (v->s[i].n > WIDE_BYTES)
            return "a decimal of more than 616 digits";
    return NULL;
}

/* Months, days and milliseconds, all unsigned. */
static const char *put_interval(struct fst_builder *b, size_t col, const struct fst_pq_leaf *leaf,
                                const struct fst_pq_batch *v)
{
    (void)leaf;
    struct fst_buf text = FST_BUF_TEXT;
    for (size_t i = 0; i < v->n; i++) {
        uint32_t part[3];
        memcpy(part, v->s[i].p, sizeof(part));
        fst_buf_clear(&text);
        fst_calendar_text(&text, part[0], part[1], (int64_t)part[2] * 1000);
        fst_builder_bytes(b, col, text.p, text.n);
    }
    fst_buf_done(&text);
    return NULL;
}

/* Shapes as text; what is damaged as its bytes, which no shape looks like. */
static const char *put_shape(struct fst_builder *b, size_t col, const struct fst_pq_leaf *leaf,
                             const struct fst_pq_batch *v)
{
    (void)leaf;
    struct fst_buf text = FST_BUF(SIZE_MAX / 4);
    for (size_t i = 0; i < v->n; i++) {
        fst_buf_clear(&text);
        if (!fst_wkb_text(&text, v->s[i])) {
            fst_buf_adds(&text, "0x");
            fst_hex(&text, v->s[i].p, v->s[i].n);
        }
        fst_builder_bytes(b, col, text.p, text.n);
    }
    fst_buf_done(&text);
    return NULL;
}

enum { JULIAN_1970 = 2440588 };

/* Nanoseconds of the day, then the Julian day. Never through nanoseconds since 1970, which do not
 * reach far enough; like Java, it wraps around. */
static const char *put_int96(struct fst_builder *b, size_t col, const struct fst_pq_leaf *leaf,
                             const struct fst_pq_batch *v)
{
    (void)leaf;
    for (size_t i = 0; i < v->n; i++) {
        int64_t nanos;
        int32_t day;
        memcpy(&nanos, v->s[i].p, sizeof(nanos));
        memcpy(&day, v->s[i].p + 8, sizeof(day));
        uint64_t us = (uint64_t)((int64_t)day - JULIAN_1970) * 86400000000u;
        int64_t of_day = floor_div(nanos, 1000);
        fst_builder_time(b, col, (int64_t)(us + (uint64_t)of_day),
                         (unsigned)(nanos - of_day * 1000));
    }
    return NULL;
}

static const char *put_uuid(struct fst_builder *b, size_t col, const struct fst_pq_leaf *leaf,
                            const struct fst_pq_batch *v)
{
    (void)leaf;
    for (size_t i = 0; i < v->n; i++) {
        char text[36];
        fst_uuid_text((const uint8_t *)v->s[i].p, text);
        fst_builder_bytes(b, col, text, sizeof(text));
    }
    return NULL;
}

static const char *put_nothing(struct fst_builder *b, size_t col, const struct fst_pq_leaf *leaf,
                               const struct fst_pq_batch *v)
{
    (void)leaf;
    for (size_t i = 0; i < v->n; i++)
        fst_builder_null(b, col);
    return NULL;
}

/* ---- Converted types, which are older, as logical ones --------------------------------------- */

static void from_converted(struct fst_pq_element *e)
{
    static const struct {
        int64_t converted, bits, is_signed;
    } integers[] = {{11, 8, 0}, {12, 16, 0}, {13, 32, 0}, {14, 64, 0},
                    {15, 8, 1}, {16, 16, 1}, {17, 32, 1}, {18, 64, 1}};
    for (size_t i = 0; i < FST_COUNT(integers); i++)
        if (integers[i].converted == e->converted && e->logical.bits < 0) {
            e->logical.bits = integers[i].bits;
            e->logical.is_signed = integers[i].is_signed;
        }
    switch (e->converted) {
    case 0:
        e->logical.string = 1;
        break;
    case 4:
        e->logical.enumeration = 1;
        break;
    case 5:
        if (e->logical.precision < 0) {
            e->logical.precision = e->precision;
            e->logical.scale = e->scale < 0 ? 0 : e->scale;
        }
        break;
    case 6:
        e->logical.date = 1;
        break;
    case 7:
    case 8:
        if (e->logical.time.is_utc < 0)
            e->logical.time = (struct fst_pq_time){1, e->converted == 7, e->converted == 8, 0};
        break;
    case 9:
    case 10:
        if (e->logical.timestamp.is_utc < 0)
            e->logical.timestamp =
                (struct fst_pq_time){1, e->converted == 9, e->converted == 10, 0};
        break;
    case 19:
        e->logical.json = 1;
        break;
    case 20:
        e->logical.bson = 1;
        break;
    default:
        break;
    }
}

enum { CONVERTED_INTERVAL = 21 };

/* ---- Leaves ---------------------------------------------------------------------------------- */

static void set(struct fst_pq_leaf *leaf, enum fst_kind kind, const char *logical, fst_pq_put *put)
{
    leaf->type = fst_type(kind);
    leaf->logical = logical;
    leaf->put = put;
}

/* What remains when no logical type applies. */
static void set_physical(struct fst_pq_leaf *leaf)
{
    switch (leaf->physical) {
    case FST_PQ_BOOLEAN:
        set(leaf, FST_BOOLEAN, NULL, put_int);
        break;
    case FST_PQ_INT32:
        set(leaf, FST_INT, NULL, put_int);
        break;
    case FST_PQ_INT64:
        set(leaf, FST_LONG, NULL, put_int);
        break;
    case FST_PQ_INT96:
        set(leaf, FST_TIMESTAMP, NULL, put_int96);
        break;
    case FST_PQ_FLOAT:
        set(leaf, FST_FLOAT, NULL, put_double);
        break;
    case FST_PQ_DOUBLE:
        set(leaf, FST_DOUBLE, NULL, put_double);
        break;
    default:
        set(leaf, FST_BINARY, NULL, put_bytes);
    }
}

static void set_width(const struct fst_pq_element *e, struct fst_pq_leaf *leaf)
{
    static const uint8_t widths[FST_PQ_N_PHYSICAL] = {
        [FST_PQ_INT32] = 4, [FST_PQ_INT64] = 8,  [FST_PQ_INT96] = 12,
        [FST_PQ_FLOAT] = 4, [FST_PQ_DOUBLE] = 8,
    };
    leaf->width = e->physical == FST_PQ_FIXED ? (size_t)e->type_length : widths[e->physical];
}

static void set_integer(struct fst_arena *arena, const struct fst_pq_element *e,
                        struct fst_pq_leaf *leaf)
{
    static const struct {
        int64_t bits;
        enum fst_kind as_signed, as_unsigned;
        enum fst_pq_physical physical;
    } rows[] = {{8, FST_BYTE, FST_SHORT, FST_PQ_INT32},
                {16, FST_SHORT, FST_INT, FST_PQ_INT32},
                {32, FST_INT, FST_LONG, FST_PQ_INT32},
                {64, FST_LONG, FST_DECIMAL, FST_PQ_INT64}};
    bool is_signed = e->logical.is_signed != 0;
    for (size_t i = 0; i < FST_COUNT(rows); i++) {
        if (rows[i].bits != e->logical.bits || rows[i].physical != leaf->physical)
            continue;
        const char *name =
            fst_arena_printf(arena, "INT(%d,%s)", (int)rows[i].bits, is_signed ? "true" : "false");
        set(leaf, is_signed ? rows[i].as_signed : rows[i].as_unsigned, name, put_int);
        if (!is_signed && rows[i].bits == 64) {
            leaf->type = fst_type_decimal(20, 0);
            leaf->put = put_unsigned64;
        } else if (!is_signed) {
            leaf->mask = ((uint64_t)1 << rows[i].bits) - 1;
        }
    }
}

static bool is_int(const struct fst_pq_leaf *leaf)
{
    return leaf->physical == FST_PQ_INT32 || leaf->physical == FST_PQ_INT64;
}

/* What Spark has no type for: exact text. */
static void set_wide(struct fst_pq_leaf *leaf, int64_t precision, int64_t scale)
{
    leaf->has_no_order = true;
    leaf->type = fst_type(FST_STRING);
    leaf->scale = (uint16_t)scale;
    leaf->put = put_wide;
    if (precision >= 1 && scale <= precision && scale <= WIDE_SCALE && !is_int(leaf) &&
        leaf->width <= WIDE_BYTES)
        return;
    leaf->type = fst_type(FST_UNKNOWN);
    leaf->put = NULL;
    leaf->refusal = precision < 1 || scale > precision || is_int(leaf)
                        ? "its type is damaged: a decimal cannot have such digits"
                        : "decimals of more than 616 digits are not shown";
}

static void set_decimal(struct fst_arena *arena, const struct fst_pq_element *e,
                        struct fst_pq_leaf *leaf)
{
    int64_t precision = e->logical.precision, scale = e->logical.scale < 0 ? 0 : e->logical.scale;
    if (!is_int(leaf) && leaf->physical != FST_PQ_BYTE_ARRAY && leaf->physical != FST_PQ_FIXED)
        return;
    leaf->logical =
        fst_arena_printf(arena, "DECIMAL(%lld,%lld)", (long long)precision, (long long)scale);
    if (precision < 1 || precision > 38 || scale > precision) {
        set_wide(leaf, precision, scale);
        return;
    }
    leaf->type = fst_type_decimal((int)precision, (int)scale);
    leaf->put = is_int(leaf) ? put_decimal_int : put_decimal;
}

static void set_time(struct fst_arena *arena, const struct fst_pq_time *time, const char *name,
                     enum fst_kind kind, struct fst_pq_leaf *leaf)
{
    bool fits = time->millis && kind == FST_TIME ? leaf->physical == FST_PQ_INT32
                                                 : leaf->physical == FST_PQ_INT64;
    if (!fits || !(time->millis || time->micros || time->nanos))
        return;
    set(leaf, kind, NULL, time->nanos ? put_nanos : put_time);
    leaf->factor = time->millis ? 1000 : 1;
    leaf->has_nanos = time->nanos != 0;
    leaf->logical = fst_arena_printf(arena, "%s(%s,%s)", name, time->is_utc ? "true" : "false",
                                     time->millis   ? "MILLIS"
                                     : time->micros ? "MICROS"
                                                    : "NANOS");
}

static void set_shapes(struct fst_arena *arena, const struct fst_pq_shapes *shapes,
                       bool is_geography, struct fst_pq_leaf *leaf)
{
    static const char *const algorithms[] = {"SPHERICAL", "VINCENTY", "THOMAS", "ANDOYER",
                                             "KARNEY"};
    const char *crs =
        shapes->crs.n ? fst_arena_strndup(arena, shapes->crs.p, shapes->crs.n) : "OGC:CRS84";
    size_t i = (uint64_t)shapes->algorithm < FST_COUNT(algorithms) ? (size_t)shapes->algorithm : 0;
    if (leaf->physical != FST_PQ_BYTE_ARRAY)
        return;
    set(leaf, FST_STRING, NULL, put_shape);
    leaf->has_no_order = true;
    leaf->logical = is_geography ? fst_arena_printf(arena, "GEOGRAPHY(%s,%s)", crs, algorithms[i])
                                 : fst_arena_printf(arena, "GEOMETRY(%s)", crs);
}

static void set_bytes(struct fst_arena *arena, const struct fst_pq_element *e,
                      struct fst_pq_leaf *leaf)
{
    bool is_fixed = leaf->physical == FST_PQ_FIXED;
    if (e->logical.string)
        set(leaf, FST_STRING, "STRING", put_bytes);
    else if (e->logical.enumeration)
        set(leaf, FST_STRING, "ENUM", put_bytes);
    else if (e->logical.json)
        set(leaf, FST_STRING, "JSON", put_bytes);
    else if (e->logical.bson)
        leaf->logical = "BSON";
    else if (e->logical.geometry.is_there)
        set_shapes(arena, &e->logical.geometry, false, leaf);
    else if (e->logical.geography.is_there)
        set_shapes(arena, &e->logical.geography, true, leaf);
    else if (e->logical.uuid && is_fixed && leaf->width == 16)
        set(leaf, FST_STRING, "UUID", put_uuid);
    else if (e->logical.float16 && is_fixed && leaf->width == 2)
        set(leaf, FST_FLOAT, "FLOAT16", put_half);
    else if (e->converted == CONVERTED_INTERVAL && is_fixed && leaf->width == 12) {
        set(leaf, FST_STRING, "INTERVAL", put_interval);
        leaf->has_no_order = true;
    }
}

void fst_pq_leaf_type(struct fst_arena *arena, const struct fst_pq_element *element,
                      struct fst_pq_leaf *leaf)
{
    struct fst_pq_element e = *element;
    from_converted(&e);
    set_width(&e, leaf);
    set_physical(leaf);
    if (e.logical.unknown)
        set(leaf, FST_VOID, "UNKNOWN", put_nothing);
    else if (e.logical.precision >= 0)
        set_decimal(arena, &e, leaf);
    else if (e.logical.bits >= 0)
        set_integer(arena, &e, leaf);
    else if (e.logical.date && leaf->physical == FST_PQ_INT32)
        set(leaf, FST_DATE, "DATE", put_int);
    else if (e.logical.time.is_utc >= 0)
        set_time(arena, &e.logical.time, "TIME", FST_TIME, leaf);
    else if (e.logical.timestamp.is_utc >= 0)
        set_time(arena, &e.logical.timestamp, "TIMESTAMP",
                 e.logical.timestamp.is_utc ? FST_TIMESTAMP : FST_TIMESTAMP_NTZ, leaf);
    else if (leaf->physical == FST_PQ_BYTE_ARRAY || leaf->physical == FST_PQ_FIXED)
        set_bytes(arena, &e, leaf);
    leaf->is_bytes = leaf->put == put_bytes;
    leaf->has_nanos |= leaf->physical == FST_PQ_INT96;
}

const char *fst_pq_physical_name(int64_t physical)
{
    static const char *const names[FST_PQ_N_PHYSICAL] = {
        "BOOLEAN", "INT32",  "INT64",      "INT96",
        "FLOAT",   "DOUBLE", "BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY",
    };
    return physical >= 0 && physical < FST_PQ_N_PHYSICAL ? names[physical] : "?";
}
