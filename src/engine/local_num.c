/* Arithmetic of integers and doubles as Java does it in Spark's ANSI mode: overflow and a zero
 * divisor stop the statement, doubles keep NaN and infinities, and rounding goes through the
 * shortest decimal text of a double. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "local_fn.h"

enum { INT8 = 8, INT16 = 16, INT32 = 32, INT64 = 64, FLOAT32 = -32, FLOAT64 = -64 };

static bool in_range(__int128 v, int bits)
{
    __int128 top = (__int128)1 << (bits - 1);
    return v >= -top && v < top;
}

/* ---- Integers -------------------------------------------------------------------------------- */

static void give_int(const struct local_call *c, __int128 v, const char *instead)
{
    if (in_range(v, c->row->mode))
        sqlite3_result_int64(c->ctx, (int64_t)v);
    else
        local_raise_overflow(c, c->row->mode == INT64 ? "long overflow" : "integer overflow",
                             instead);
}

static void small_overflow(const struct local_call *c, int64_t a, int64_t b, char sign,
                           const char *instead)
{
    local_raise(c, "BINARY_ARITHMETIC_OVERFLOW", "22003",
                "%lldS %c %lldS caused overflow. Use `%s` to ignore overflow problem and return "
                "NULL.",
                (long long)a, sign, (long long)b, instead);
}

static void int_operation(const struct local_call *c, sqlite3_value **args, char sign,
                          const char *instead)
{
    int64_t a = sqlite3_value_int64(args[0]), b = sqlite3_value_int64(args[1]);
    __int128 v = sign == '+' ? (__int128)a + b : sign == '-' ? (__int128)a - b : (__int128)a * b;
    if (c->row->mode < INT32 && !in_range(v, c->row->mode))
        small_overflow(c, a, b, sign, instead);
    else
        give_int(c, v, instead);
}

static void int_add(const struct local_call *c, sqlite3_value **args)
{
    int_operation(c, args, '+', "try_add");
}

static void int_subtract(const struct local_call *c, sqlite3_value **args)
{
    int_operation(c, args, '-', "try_subtract");
}

static void int_multiply(const struct local_call *c, sqlite3_value **args)
{
    int_operation(c, args, '*', "try_multiply");
}

static void int_negate(const struct local_call *c, sqlite3_value **args)
{
    give_int(c, -(__int128)sqlite3_value_int64(args[0]), NULL);
}

static void int_abs(const struct local_call *c, sqlite3_value **args)
{
    __int128 v = sqlite3_value_int64(args[0]);
    give_int(c, v < 0 ? -v : v, NULL);
}

static void raise_zero_divisor(const struct local_call *c, bool remainder)
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

static void int_div(const struct local_call *c, sqlite3_value **args)
{
    int64_t a = sqlite3_value_int64(args[0]), b = sqlite3_value_int64(args[1]);
    if (b == 0)
        raise_zero_divisor(c, false);
    else if (a == INT64_MIN && b == -1)
        local_raise_overflow(c, "Overflow in integral divide", "try_divide");
    else
        sqlite3_result_int64(c->ctx, a / b);
}

static int64_t remainder_of(int64_t a, int64_t b)
{
    return b == -1 ? 0 : a % b;
}

static void int_mod(const struct local_call *c, sqlite3_value **args)
{
    int64_t b = sqlite3_value_int64(args[1]);
    if (b == 0)
        raise_zero_divisor(c, true);
    else
        sqlite3_result_int64(c->ctx, remainder_of(sqlite3_value_int64(args[0]), b));
}

static void int_pmod(const struct local_call *c, sqlite3_value **args)
{
    int64_t a = sqlite3_value_int64(args[0]), b = sqlite3_value_int64(args[1]);
    if (b == 0) {
        raise_zero_divisor(c, true);
        return;
    }
    int64_t r = remainder_of(a, b);
    if (r < 0) {
        int64_t sum = (int64_t)((uint64_t)r + (uint64_t)b);
        r = remainder_of(c->row->mode == INT64 ? sum : (int32_t)sum, b);
    }
    sqlite3_result_int64(c->ctx, r);
}

static void bit_xor(const struct local_call *c, sqlite3_value **args)
{
    sqlite3_result_int64(c->ctx, sqlite3_value_int64(args[0]) ^ sqlite3_value_int64(args[1]));
}

/* Round an integer to tens, hundreds, ...: `places` below zero. */
static void int_round(const struct local_call *c, sqlite3_value **args)
{
    int places = sqlite3_value_int(args[1]);
    bool half_even = strncmp(c->row->name, "bround", 6) == 0;
    int64_t v = sqlite3_value_int64(args[0]);
    if (places >= 0) {
        sqlite3_result_int64(c->ctx, v);
        return;
    }
    int digits = places < -30 ? 30 : -places;
    struct local_wide wide = local_wide_of(v);
    wide = local_wide_drop(&wide, digits, half_even);
    wide = local_wide_shift(&wide, digits);
    __int128 rounded;
    if (local_wide_to(&wide, &rounded) && in_range(rounded, c->row->mode))
        sqlite3_result_int64(c->ctx, (int64_t)rounded);
    else
        local_raise_overflow(c, "Overflow", NULL);
}

/* ---- Doubles --------------------------------------------------------------------------------- */

static void give_real(const struct local_call *c, double v)
{
    if (c->row->mode == FLOAT32)
        local_give_float(c, v);
    else
        local_give_double(c, v);
}

static void real_add(const struct local_call *c, sqlite3_value **args)
{
    give_real(c, local_double(args[0]) + local_double(args[1]));
}

static void real_subtract(const struct local_call *c, sqlite3_value **args)
{
    give_real(c, local_double(args[0]) - local_double(args[1]));
}

static void real_multiply(const struct local_call *c, sqlite3_value **args)
{
    give_real(c, local_double(args[0]) * local_double(args[1]));
}

static void real_divide(const struct local_call *c, sqlite3_value **args)
{
    double b = local_double(args[1]);
    if (b == 0)
        raise_zero_divisor(c, false);
    else
        give_real(c, local_double(args[0]) / b);
}

static void real_mod(const struct local_call *c, sqlite3_value **args)
{
    double b = local_double(args[1]);
    if (b == 0)
        raise_zero_divisor(c, true);
    else
        give_real(c, fmod(local_double(args[0]), b));
}

static void real_pmod(const struct local_call *c, sqlite3_value **args)
{
    double b = local_double(args[1]);
    if (b == 0) {
        raise_zero_divisor(c, true);
        return;
    }
    double r = fmod(local_double(args[0]), b);
    if (r < 0 && c->row->mode == FLOAT32)
        r = fmod((double)((float)r + (float)b), b);
    else if (r < 0)
        r = fmod(r + b, b);
    give_real(c, r);
}

static void real_negate(const struct local_call *c, sqlite3_value **args)
{
    give_real(c, -local_double(args[0]));
}

static void real_abs(const struct local_call *c, sqlite3_value **args)
{
    give_real(c, fabs(local_double(args[0])));
}

/* A value as the key of a group: one zero. */
static void real_key(const struct local_call *c, sqlite3_value **args)
{
    double v = local_double(args[0]);
    local_give_double(c, v == 0 ? 0.0 : v);
}

static void is_nan(const struct local_call *c, sqlite3_value **args)
{
    local_give_bool(c, sqlite3_value_type(args[0]) == SQLITE_BLOB);
}

static void nanvl(const struct local_call *c, sqlite3_value **args)
{
    if (sqlite3_value_type(args[0]) != SQLITE_NULL)
        sqlite3_result_value(c->ctx, args[local_is_nan(args[0])]);
}

static void give_whole(const struct local_call *c, double v)
{
    if (isnan(v)) /* as Java narrows it, and nothing tests it */
        sqlite3_result_int64(c->ctx, 0);
    else if (v >= -9223372036854775808.0 && v < 9223372036854775808.0)
        sqlite3_result_int64(c->ctx, (int64_t)v);
    else
        local_raise_overflow(c, "overflow", NULL);
}

static void real_ceil(const struct local_call *c, sqlite3_value **args)
{
    give_whole(c, ceil(local_double(args[0])));
}

static void real_floor(const struct local_call *c, sqlite3_value **args)
{
    give_whole(c, floor(local_double(args[0])));
}

static void real_sign(const struct local_call *c, sqlite3_value **args)
{
    double v = local_double(args[0]);
    local_give_double(c, v > 0 ? 1 : v < 0 ? -1 : v);
}

static void real_sqrt(const struct local_call *c, sqlite3_value **args)
{
    local_give_double(c, sqrt(local_double(args[0])));
}

static void real_degrees(const struct local_call *c, sqlite3_value **args)
{
    local_give_double(c, local_double(args[0]) * 57.29577951308232);
}

static void real_radians(const struct local_call *c, sqlite3_value **args)
{
    local_give_double(c, local_double(args[0]) * 0.017453292519943295);
}

/* A double at `places` after the point by way of its decimal text, as BigDecimal(d).setScale. */
static double rounded(double v, int places, bool half_even)
{
    struct local_wide digits;
    int scale;
    if (!local_wide_of_double(v, false, &digits, &scale))
        return v;
    if (scale <= places)
        return v == 0 ? 0.0 : v;
    int drop = scale - places > 40 ? 40 : scale - places;
    digits = local_wide_drop(&digits, drop, half_even);
    __int128 whole;
    if (!local_wide_to(&digits, &whole))
        return v;
    char text[64];
    snprintf(text, sizeof text, "%llde%lld", (long long)whole, -(long long)places);
    return strtod(text, NULL);
}

static void real_round(const struct local_call *c, sqlite3_value **args)
{
    int places = sqlite3_value_int(args[1]);
    bool half_even = strncmp(c->row->name, "bround", 6) == 0;
    give_real(c, rounded(local_double(args[0]), places, half_even));
}

/* ---- Any kind -------------------------------------------------------------------------------- */

static void extreme(const struct local_call *c, sqlite3_value **args)
{
    sqlite3_value *best = NULL;
    for (int i = 0; i < c->n_args; i++) {
        if (sqlite3_value_type(args[i]) == SQLITE_NULL)
            continue;
        if (!best || local_compare(args[i], best) * c->row->mode > 0)
            best = args[i];
    }
    if (best)
        sqlite3_result_value(c->ctx, best);
}

/* Several values as one, for count(DISTINCT a, b): NULL when any is. */
static void tuple(const struct local_call *c, sqlite3_value **args)
{
    struct fst_buf key = FST_BUF(LOCAL_MAX_TEXT);
    for (int i = 0; i < c->n_args; i++) {
        double real = sqlite3_value_double(args[i]);
        int64_t whole = sqlite3_value_int64(args[i]);
        struct fst_str text = {NULL, 0};
        int type = sqlite3_value_type(args[i]);
        fst_buf_addc(&key, (char)type);
        if (type == SQLITE_INTEGER)
            text = (struct fst_str){(const char *)&whole, sizeof whole};
        else if (type == SQLITE_FLOAT)
            text = (struct fst_str){(const char *)&real, sizeof real};
        else
            text = local_text(args[i]);
        uint64_t n = text.n;
        if (type == SQLITE_FLOAT && real == 0)
            real = 0.0;
        fst_buf_add(&key, &n, sizeof n);
        fst_buf_add(&key, text.p, text.n);
    }
    if (key.over)
        sqlite3_result_error_toobig(c->ctx);
    else
        sqlite3_result_blob64(c->ctx, fst_buf_text(&key), key.n, SQLITE_TRANSIENT);
    fst_buf_done(&key);
}

static void must_be_one_row(const struct local_call *c, sqlite3_value **args)
{
    if (sqlite3_value_int64(args[0]) > 1)
        local_raise(c, "SCALAR_SUBQUERY_TOO_MANY_ROWS", "21000",
                    "More than one row returned by a subquery used as an expression.");
    else
        sqlite3_result_value(c->ctx, args[1]);
}

#define INTEGERS(name, n, fn)                                                                      \
    {name "_byte", n, true, fn, INT8}, {name "_short", n, true, fn, INT16},                        \
        {name "_int", n, true, fn, INT32},                                                         \
    {                                                                                              \
        name "_long", n, true, fn, INT64                                                           \
    }
#define REALS(name, n, fn)                                                                         \
    {name "_float", n, true, fn, FLOAT32},                                                         \
    {                                                                                              \
        name "_double", n, true, fn, FLOAT64                                                       \
    }

const struct local_function local_num_functions[] = {
    INTEGERS("add", 2, int_add),
    INTEGERS("subtract", 2, int_subtract),
    INTEGERS("multiply", 2, int_multiply),
    INTEGERS("negate", 1, int_negate),
    INTEGERS("abs", 1, int_abs),
    INTEGERS("mod", 2, int_mod),
    INTEGERS("pmod", 2, int_pmod),
    INTEGERS("round", 2, int_round),
    INTEGERS("bround", 2, int_round),
    {"div_long", 2, true, int_div, INT64},
    {"bit_xor", 2, true, bit_xor, INT64},
    REALS("add", 2, real_add),
    REALS("subtract", 2, real_subtract),
    REALS("multiply", 2, real_multiply),
    REALS("divide", 2, real_divide),
    REALS("mod", 2, real_mod),
    REALS("pmod", 2, real_pmod),
    REALS("negate", 1, real_negate),
    REALS("abs", 1, real_abs),
    REALS("round", 2, real_round),
    REALS("bround", 2, real_round),
    {"ceil_double", 1, true, real_ceil, FLOAT64},
    {"floor_double", 1, true, real_floor, FLOAT64},
    {"sign_double", 1, true, real_sign, FLOAT64},
    {"sqrt_double", 1, true, real_sqrt, FLOAT64},
    {"degrees_double", 1, true, real_degrees, FLOAT64},
    {"radians_double", 1, true, real_radians, FLOAT64},
    {"real_key", 1, true, real_key, FLOAT64},
    {"is_nan", 1, false, is_nan, 0},
    {"nanvl_double", 2, false, nanvl, 0},
    {"greatest_of", -1, false, extreme, 1},
    {"least_of", -1, false, extreme, -1},
    {"tuple_of", -1, true, tuple, 0},
    {"must_be_one_row", 2, false, must_be_one_row, 0},
    {0},
};
