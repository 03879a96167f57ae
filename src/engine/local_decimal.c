/* Decimals: exact arithmetic on wide integers, then Spark's roundings to the type of the result.
 *
 * Spark computes on BigDecimal in several steps that each round (products to 38 digits, quotients
 * to 39 places, unary minus of wide values to 34 digits), and the steps show: they are done here
 * one by one. Scales and precisions come as arguments after the values. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "local_fn.h"

#define MAX_DIGITS 38

/* ---- Wide integers --------------------------------------------------------------------------- */

__int128 local_pow10(int n)
{
    static const uint64_t tens[] = {
        UINT64_C(1),
        UINT64_C(10),
        UINT64_C(100),
        UINT64_C(1000),
        UINT64_C(10000),
        UINT64_C(100000),
        UINT64_C(1000000),
        UINT64_C(10000000),
        UINT64_C(100000000),
        UINT64_C(1000000000),
        UINT64_C(10000000000),
        UINT64_C(100000000000),
        UINT64_C(1000000000000),
        UINT64_C(10000000000000),
        UINT64_C(100000000000000),
        UINT64_C(1000000000000000),
        UINT64_C(10000000000000000),
        UINT64_C(100000000000000000),
        UINT64_C(1000000000000000000),
        UINT64_C(10000000000000000000),
    };
    if (n < 0)
        return 1;
    if (n < 20)
        return (__int128)tens[n];
    unsigned __int128 v = (unsigned __int128)tens[19];
    for (n -= 19; n >= 20; n -= 19) /* beyond 38 it wraps, as ever */
        v *= tens[19];
    return (__int128)(v * tens[n]);
}

struct local_wide local_wide_of(__int128 v)
{
    struct local_wide w = {.negative = v < 0};
    unsigned __int128 u = v < 0 ? -(unsigned __int128)v : (unsigned __int128)v;
    for (int i = 0; u; i++, u >>= 32)
        w.limbs[i] = (uint32_t)u;
    return w;
}

bool local_wide_is_zero(const struct local_wide *w)
{
    for (int i = 0; i < LOCAL_WIDE_LIMBS; i++)
        if (w->limbs[i])
            return false;
    return true;
}

bool local_wide_to(const struct local_wide *w, __int128 *out)
{
    unsigned __int128 u = 0;
    for (int i = LOCAL_WIDE_LIMBS - 1; i >= 0; i--) {
        if (i >= 4 && w->limbs[i])
            return false;
        u = u << 32 | w->limbs[i];
    }
    if (u >> 127)
        return false;
    *out = w->negative ? -(__int128)u : (__int128)u;
    return true;
}

static void multiply_small(struct local_wide *w, uint32_t by)
{
    uint64_t carry = 0;
    for (int i = 0; i < LOCAL_WIDE_LIMBS; i++) {
        carry += (uint64_t)w->limbs[i] * by;
        w->limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

static uint32_t divide_small(struct local_wide *w, uint32_t by)
{
    uint64_t rest = 0;
    for (int i = LOCAL_WIDE_LIMBS - 1; i >= 0; i--) {
        rest = rest << 32 | w->limbs[i];
        w->limbs[i] = (uint32_t)(rest / by);
        rest %= by;
    }
    return (uint32_t)rest;
}

int local_wide_digits(const struct local_wide *w)
{
    struct local_wide rest = *w;
    int digits = 0;
    for (; !local_wide_is_zero(&rest); digits++)
        divide_small(&rest, 10);
    return digits ? digits : 1;
}

struct local_wide local_wide_mul(const struct local_wide *a, const struct local_wide *b)
{
    struct local_wide out = {.negative = a->negative != b->negative};
    for (int i = 0; i < LOCAL_WIDE_LIMBS; i++) {
        uint64_t carry = 0;
        for (int j = 0; i + j < LOCAL_WIDE_LIMBS && a->limbs[i]; j++) {
            carry += (uint64_t)a->limbs[i] * b->limbs[j] + out.limbs[i + j];
            out.limbs[i + j] = (uint32_t)carry;
            carry >>= 32;
        }
    }
    return out;
}

struct local_wide local_wide_shift(const struct local_wide *a, int digits)
{
    struct local_wide out = *a;
    for (; digits >= 9; digits -= 9)
        multiply_small(&out, 1000000000);
    for (; digits > 0; digits--)
        multiply_small(&out, 10);
    return out;
}

static int compare_size(const struct local_wide *a, const struct local_wide *b)
{
    for (int i = LOCAL_WIDE_LIMBS - 1; i >= 0; i--)
        if (a->limbs[i] != b->limbs[i])
            return a->limbs[i] > b->limbs[i] ? 1 : -1;
    return 0;
}

static void subtract_size(struct local_wide *a, const struct local_wide *b)
{
    uint64_t borrow = 0;
    for (int i = 0; i < LOCAL_WIDE_LIMBS; i++) {
        uint64_t v = (uint64_t)a->limbs[i] - b->limbs[i] - borrow;
        a->limbs[i] = (uint32_t)v;
        borrow = v >> 63;
    }
}

struct local_wide local_wide_add(const struct local_wide *a, const struct local_wide *b)
{
    struct local_wide out = *a;
    if (a->negative == b->negative) {
        uint64_t carry = 0;
        for (int i = 0; i < LOCAL_WIDE_LIMBS; i++) {
            carry += (uint64_t)a->limbs[i] + b->limbs[i];
            out.limbs[i] = (uint32_t)carry;
            carry >>= 32;
        }
    } else if (compare_size(a, b) >= 0) {
        subtract_size(&out, b);
    } else {
        out = *b;
        subtract_size(&out, a);
    }
    return out;
}

/* Shift and subtract, one bit a turn: a few hundred turns for a wide quotient. */
struct local_wide local_wide_div(const struct local_wide *a, const struct local_wide *b,
                                 struct local_wide *rest)
{
    struct local_wide q = {.negative = a->negative != b->negative}, r = {0};
    __int128 small_a, small_b;
    if (local_wide_to(a, &small_a) && local_wide_to(b, &small_b)) {
        *rest = local_wide_of(small_a % small_b);
        rest->negative = a->negative;
        q = local_wide_of(small_a / small_b);
        q.negative = a->negative != b->negative;
        return q;
    }
    int top = LOCAL_WIDE_LIMBS;
    while (top > 1 && !a->limbs[top - 1])
        top--;
    for (int bit = top * 32 - 1; bit >= 0; bit--) {
        for (int i = LOCAL_WIDE_LIMBS - 1; i > 0; i--)
            r.limbs[i] = r.limbs[i] << 1 | r.limbs[i - 1] >> 31;
        r.limbs[0] = r.limbs[0] << 1 | (a->limbs[bit / 32] >> (bit % 32) & 1);
        if (compare_size(&r, b) >= 0) {
            subtract_size(&r, b);
            q.limbs[bit / 32] |= 1u << (bit % 32);
        }
    }
    r.negative = a->negative;
    *rest = r;
    return q;
}

static void increment(struct local_wide *w)
{
    for (int i = 0; i < LOCAL_WIDE_LIMBS && ++w->limbs[i] == 0; i++)
        ;
}

struct local_wide local_wide_drop(const struct local_wide *a, int digits, bool half_even)
{
    struct local_wide out = *a;
    uint32_t last = 0;
    bool below = false; /* something was dropped before the last digit */
    for (; digits > 0; digits--) {
        below |= last != 0;
        last = divide_small(&out, 10);
    }
    bool up = half_even ? last > 5 || (last == 5 && (below || (out.limbs[0] & 1))) : last >= 5;
    if (up)
        increment(&out);
    return out;
}

void local_wide_text(struct fst_buf *out, const struct local_wide *w, int scale)
{
    char digits[LOCAL_WIDE_LIMBS * 10];
    int n = 0;
    struct local_wide rest = *w;
    while (!local_wide_is_zero(&rest) || n <= scale)
        digits[n++] = (char)('0' + divide_small(&rest, 10));
    if (w->negative && !local_wide_is_zero(w))
        fst_buf_addc(out, '-');
    for (int i = n; i > 0; i--) {
        if (i == scale)
            fst_buf_addc(out, '.');
        fst_buf_addc(out, digits[i - 1]);
    }
}

bool local_wide_of_double(double v, bool is_float, struct local_wide *out, int *scale)
{
    struct fst_buf text = FST_BUF(64);
    if (!isfinite(v))
        return false;
    if (is_float)
        fst_float_java(&text, (float)v);
    else
        fst_double_java(&text, v);
    int64_t digits = 0;
    int places = 0, exponent = 0;
    bool after = false;
    for (const char *p = fst_buf_text(&text); *p; p++) {
        if (*p == 'E') {
            exponent = atoi(p + 1);
            break;
        }
        after |= *p == '.';
        if (*p >= '0' && *p <= '9') {
            digits = digits * 10 + (*p - '0');
            places += after;
        }
    }
    while (places > 0 && digits % 10 == 0) {
        digits /= 10;
        places--;
    }
    fst_buf_done(&text);
    *out = local_wide_of(v < 0 ? -digits : digits);
    *scale = places - exponent;
    return true;
}

/* ---- To the type of the result --------------------------------------------------------------- */

bool local_wide_fit(const struct local_wide *w, int from_scale, int precision, int scale,
                    __int128 *out)
{
    struct local_wide v = *w;
    if (local_wide_is_zero(w)) {
        *out = 0;
        return true;
    }
    if (from_scale > scale)
        v = local_wide_drop(w, from_scale - scale, false);
    else if (local_wide_digits(w) + scale - from_scale > MAX_DIGITS + 1)
        return false;
    else
        v = local_wide_shift(w, scale - from_scale);
    return local_wide_digits(&v) <= precision && local_wide_to(&v, out);
}

void local_give_wide(const struct local_call *c, const struct local_wide *w, int from_scale,
                     int precision, int scale, bool is_try)
{
    __int128 v;
    if (local_wide_fit(w, from_scale, precision, scale, &v)) {
        local_give_decimal(c, v);
        return;
    }
    if (is_try)
        return;
    struct fst_buf text = FST_BUF(1024);
    struct local_wide whole =
        from_scale < 0 && from_scale > -100 ? local_wide_shift(w, -from_scale) : *w;
    local_wide_text(&text, &whole, from_scale < 0 ? 0 : from_scale);
    local_raise(c, "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION", "22003",
                " %s cannot be represented as Decimal(%d, %d). " LOCAL_ANSI_HINT
                ", and return NULL instead.",
                fst_buf_text(&text), precision, scale);
    fst_buf_done(&text);
}

/* ---- Operators: (a, b, scale of a, scale of b, precision, scale) ----------------------------- */

struct operands {
    struct local_wide a, b;
    int scale_a, scale_b, precision, scale;
};

static struct operands operands_of(sqlite3_value **args)
{
    return (struct operands){
        .a = local_wide_of(local_decimal(args[0])),
        .b = local_wide_of(local_decimal(args[1])),
        .scale_a = sqlite3_value_int(args[2]),
        .scale_b = sqlite3_value_int(args[3]),
        .precision = sqlite3_value_int(args[4]),
        .scale = sqlite3_value_int(args[5]),
    };
}

/* Both at the greater scale, which is returned. */
static int align(struct operands *o)
{
    int scale = o->scale_a > o->scale_b ? o->scale_a : o->scale_b;
    o->a = local_wide_shift(&o->a, scale - o->scale_a);
    o->b = local_wide_shift(&o->b, scale - o->scale_b);
    return scale;
}

static void decimal_add(const struct local_call *c, sqlite3_value **args)
{
    struct operands o = operands_of(args);
    if (c->row->mode < 0)
        o.b.negative = !o.b.negative;
    int scale = align(&o);
    struct local_wide sum = local_wide_add(&o.a, &o.b);
    local_give_wide(c, &sum, scale, o.precision, o.scale, false);
}

/* Keep the first `digits` digits; returns the new scale. */
static int round_to_digits(struct local_wide *w, int scale, int digits, bool half_even)
{
    int over = local_wide_digits(w) - digits;
    if (over <= 0)
        return scale;
    *w = local_wide_drop(w, over, half_even);
    return scale - over;
}

static void decimal_multiply(const struct local_call *c, sqlite3_value **args)
{
    struct operands o = operands_of(args);
    struct local_wide product = local_wide_mul(&o.a, &o.b);
    int scale = round_to_digits(&product, o.scale_a + o.scale_b, MAX_DIGITS, false);
    local_give_wide(c, &product, scale, o.precision, o.scale, false);
}

static void raise_zero(const struct local_call *c, bool remainder)
{
    if (remainder)
        local_raise(c, "REMAINDER_BY_ZERO", "22012",
                    "Remainder by zero. Use `try_mod` to tolerate divisor being 0 and return NULL "
                    "instead. " LOCAL_ANSI_HINT ".");
    else
        local_raise(c, "DIVIDE_BY_ZERO", "22012",
                    "Division by zero. Use `try_divide` to tolerate divisor being 0 and return "
                    "NULL instead. " LOCAL_ANSI_HINT ".");
}

/* a / b at `places`, rounded half up. */
static struct local_wide quotient(const struct operands *o, int places)
{
    struct local_wide rest;
    struct local_wide shifted = local_wide_shift(&o->a, places + o->scale_b - o->scale_a);
    struct local_wide q = local_wide_div(&shifted, &o->b, &rest);
    struct local_wide twice = local_wide_add(&rest, &rest);
    if (compare_size(&twice, &o->b) >= 0)
        increment(&q);
    return q;
}

static void decimal_divide(const struct local_call *c, sqlite3_value **args)
{
    struct operands o = operands_of(args);
    if (local_wide_is_zero(&o.b)) {
        raise_zero(c, false);
        return;
    }
    struct local_wide q = quotient(&o, MAX_DIGITS + 1);
    local_give_wide(c, &q, MAX_DIGITS + 1, o.precision, o.scale, false);
}

static void decimal_div(const struct local_call *c, sqlite3_value **args)
{
    struct operands o = operands_of(args);
    if (local_wide_is_zero(&o.b)) {
        raise_zero(c, false);
        return;
    }
    align(&o);
    struct local_wide rest;
    struct local_wide q = local_wide_div(&o.a, &o.b, &rest);
    uint64_t low = q.limbs[0] | (uint64_t)q.limbs[1] << 32;
    sqlite3_result_int64(c->ctx, (int64_t)(q.negative ? 0 - low : low));
}

static void decimal_mod(const struct local_call *c, sqlite3_value **args)
{
    struct operands o = operands_of(args);
    if (local_wide_is_zero(&o.b)) {
        raise_zero(c, true);
        return;
    }
    int scale = align(&o);
    struct local_wide rest;
    local_wide_div(&o.a, &o.b, &rest);
    if (c->row->mode && rest.negative && !local_wide_is_zero(&rest)) {
        struct local_wide sum = local_wide_add(&rest, &o.b);
        local_wide_div(&sum, &o.b, &rest);
    }
    local_give_wide(c, &rest, scale, o.precision, o.scale, false);
}

/* Order of decimals of different scales: -1, 0 or 1. */
static void decimal_compare(const struct local_call *c, sqlite3_value **args)
{
    struct operands o = {.a = local_wide_of(local_decimal(args[0])),
                         .b = local_wide_of(local_decimal(args[1])),
                         .scale_a = sqlite3_value_int(args[2]),
                         .scale_b = sqlite3_value_int(args[3])};
    align(&o);
    o.b.negative = !o.b.negative;
    struct local_wide d = local_wide_add(&o.a, &o.b);
    sqlite3_result_int(c->ctx, local_wide_is_zero(&d) ? 0 : d.negative ? -1 : 1);
}

/* ---- Functions: (a, scale of a, precision, scale) -------------------------------------------- */

static struct local_wide one_of(sqlite3_value **args)
{
    return local_wide_of(local_decimal(args[0]));
}

/* Scala's BigDecimal negates with 34 digits. */
static void decimal_negate(const struct local_call *c, sqlite3_value **args)
{
    struct local_wide w = one_of(args);
    bool turn = c->row->mode == 0 || w.negative;
    int scale = sqlite3_value_int(args[1]);
    if (turn) {
        w.negative = !w.negative;
        if (local_wide_digits(&w) > 18)
            scale = round_to_digits(&w, scale, 34, true);
    }
    local_give_wide(c, &w, scale, sqlite3_value_int(args[2]), sqlite3_value_int(args[3]), false);
}

static void decimal_whole(const struct local_call *c, sqlite3_value **args)
{
    struct local_wide w = one_of(args), rest;
    struct local_wide unit = local_wide_of(local_pow10(sqlite3_value_int(args[1])));
    struct local_wide q = local_wide_div(&w, &unit, &rest);
    bool up = c->row->mode > 0;
    if (!local_wide_is_zero(&rest) && w.negative != up)
        increment(&q);
    q.negative = w.negative;
    local_give_wide(c, &q, 0, sqlite3_value_int(args[2]), sqlite3_value_int(args[3]), false);
}

/* (a, scale, places, precision, scale): up or down to so many places */
static void decimal_whole_to(const struct local_call *c, sqlite3_value **args)
{
    struct local_wide w = one_of(args), rest;
    int scale = sqlite3_value_int(args[1]), places = sqlite3_value_int(args[2]);
    int drop = scale > places ? scale - places : 0;
    struct local_wide one = local_wide_of(1), unit = local_wide_shift(&one, drop);
    struct local_wide q = local_wide_div(&w, &unit, &rest);
    if (!local_wide_is_zero(&rest) && w.negative != (c->row->mode > 0))
        increment(&q);
    q.negative = w.negative;
    if (places < 0)
        q = local_wide_shift(&q, -places);
    local_give_wide(c, &q, places < 0 ? 0 : scale - drop, sqlite3_value_int(args[3]),
                    sqlite3_value_int(args[4]), false);
}

/* (a, scale, places, precision, scale) */
static void decimal_round(const struct local_call *c, sqlite3_value **args)
{
    struct local_wide w = one_of(args);
    int scale = sqlite3_value_int(args[1]), places = sqlite3_value_int(args[2]);
    if (places < scale) {
        int drop = scale - places > 80 ? 80 : scale - places;
        w = local_wide_drop(&w, drop, c->row->mode == 'e');
        if (places < 0 && !local_wide_is_zero(&w))
            w = local_wide_shift(&w, -places);
        scale = places < 0 ? 0 : places;
    }
    local_give_wide(c, &w, scale, sqlite3_value_int(args[3]), sqlite3_value_int(args[4]), false);
}

/* (sum and count, scale of the sum, precision, scale) */
static void decimal_average(const struct local_call *c, sqlite3_value **args)
{
    const unsigned char *blob = sqlite3_value_blob(args[0]);
    int64_t n;
    if (!blob || sqlite3_value_bytes(args[0]) != 24)
        return;
    memcpy(&n, blob + 16, 8);
    struct operands o = {.a = local_wide_of(local_decimal_of(blob)),
                         .b = local_wide_of(n),
                         .scale_a = sqlite3_value_int(args[1])};
    struct local_wide q = quotient(&o, MAX_DIGITS + 1);
    local_give_wide(c, &q, MAX_DIGITS + 1, sqlite3_value_int(args[2]), sqlite3_value_int(args[3]),
                    false);
}

const struct local_function local_decimal_functions[] = {
    {"avg_of_decimal", 4, true, decimal_average, 0},
    {"add_decimal", 6, true, decimal_add, 1},
    {"subtract_decimal", 6, true, decimal_add, -1},
    {"multiply_decimal", 6, true, decimal_multiply, 0},
    {"divide_decimal", 6, true, decimal_divide, 0},
    {"div_decimal", 6, true, decimal_div, 0},
    {"mod_decimal", 6, true, decimal_mod, 0},
    {"pmod_decimal", 6, true, decimal_mod, 1},
    {"compare_decimal", 4, true, decimal_compare, 0},
    {"negate_decimal", 4, true, decimal_negate, 0},
    {"abs_decimal", 4, true, decimal_negate, 1},
    {"ceil_decimal", 4, true, decimal_whole, 1},
    {"floor_decimal", 4, true, decimal_whole, -1},
    {"ceil_to_decimal", 5, true, decimal_whole_to, 1},
    {"floor_to_decimal", 5, true, decimal_whole_to, -1},
    {"round_decimal", 5, true, decimal_round, 'u'},
    {"bround_decimal", 5, true, decimal_round, 'e'},
    {0},
};
