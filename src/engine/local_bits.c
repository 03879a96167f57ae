/* Bits, bases and buckets of numbers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "local_fn.h"

static void bin(const struct local_call *c, sqlite3_value **args)
{
    uint64_t v = (uint64_t)sqlite3_value_int64(args[0]);
    char digits[64];
    int at = 64;
    do
        digits[--at] = (char)('0' + (v & 1));
    while (v >>= 1);
    local_give_text(c, digits + at, (size_t)(64 - at));
}

static int digit_of(char ch, int base)
{
    int v = ch >= '0' && ch <= '9'   ? ch - '0'
            : ch >= 'a' && ch <= 'z' ? ch - 'a' + 10
            : ch >= 'A' && ch <= 'Z' ? ch - 'A' + 10
                                     : 99;
    return v < base ? v : -1;
}

/* The digits at the front as an unsigned number; false when they do not fit. */
static bool read_base(struct fst_str s, int base, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < s.n; i++) {
        int d = digit_of(s.p[i], base);
        if (d < 0)
            break;
        if (__builtin_mul_overflow(*out, (uint64_t)base, out) ||
            __builtin_add_overflow(*out, (uint64_t)d, out))
            return false;
    }
    return true;
}

static void conv(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]);
    int64_t from = sqlite3_value_int64(args[1]), to = sqlite3_value_int64(args[2]);
    int64_t base = to < 0 ? -to : to;
    while (s.n && s.p[0] == ' ')
        s = (struct fst_str){s.p + 1, s.n - 1};
    while (s.n && s.p[s.n - 1] == ' ')
        s.n--;
    if (from < 2 || from > 36 || base < 2 || base > 36 || s.n == 0)
        return;
    bool negative = s.p[0] == '-';
    uint64_t v;
    if (!read_base((struct fst_str){s.p + negative, s.n - negative}, (int)from, &v)) {
        local_raise_overflow(c, "Overflow in function conv()", NULL);
        return;
    }
    if (negative && to > 0)
        v = (int64_t)v < 0 ? UINT64_MAX : 0 - v;
    if (to < 0 && (int64_t)v < 0) {
        v = 0 - v;
        negative = true;
    }
    char digits[65];
    int at = 65;
    do
        digits[--at] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[v % (uint64_t)base];
    while (v /= (uint64_t)base);
    if (negative && to < 0)
        digits[--at] = '-';
    local_give_text(c, digits + at, (size_t)(65 - at));
}

static void bit_count(const struct local_call *c, sqlite3_value **args)
{
    sqlite3_result_int(c->ctx, __builtin_popcountll((uint64_t)sqlite3_value_int64(args[0])));
}

static void bit_get(const struct local_call *c, sqlite3_value **args)
{
    int64_t at = sqlite3_value_int64(args[1]);
    if (at < 0 || at >= c->row->mode)
        local_raise(c, "INVALID_PARAMETER_VALUE.BIT_POSITION_RANGE", "22023",
                    "The value of parameter(s) `pos` in `bit_get` is invalid: Expects an integer "
                    "value in [0, %d), but got %lld.",
                    c->row->mode, (long long)at);
    else
        sqlite3_result_int(c->ctx, (int)((uint64_t)sqlite3_value_int64(args[0]) >> at & 1));
}

static void shift_left(const struct local_call *c, sqlite3_value **args)
{
    uint64_t v = (uint64_t)sqlite3_value_int64(args[0]), n = (uint64_t)sqlite3_value_int64(args[1]);
    if (c->row->mode == 64)
        sqlite3_result_int64(c->ctx, (int64_t)(v << (n & 63)));
    else
        sqlite3_result_int64(c->ctx, (int32_t)((uint32_t)v << (n & 31)));
}

static void shift_right(const struct local_call *c, sqlite3_value **args)
{
    int64_t v = sqlite3_value_int64(args[0]), n = sqlite3_value_int64(args[1]);
    sqlite3_result_int64(c->ctx, v >> (n & (c->row->mode - 1)));
}

static void shift_right_unsigned(const struct local_call *c, sqlite3_value **args)
{
    uint64_t v = (uint64_t)sqlite3_value_int64(args[0]), n = (uint64_t)sqlite3_value_int64(args[1]);
    if (c->row->mode == 64)
        sqlite3_result_int64(c->ctx, (int64_t)(v >> (n & 63)));
    else
        sqlite3_result_int64(c->ctx, (int32_t)((uint32_t)v >> (n & 31)));
}

static void factorial(const struct local_call *c, sqlite3_value **args)
{
    int64_t n = sqlite3_value_int64(args[0]), v = 1;
    if (n < 0 || n > 20)
        return;
    for (int64_t i = 2; i <= n; i++)
        v *= i;
    sqlite3_result_int64(c->ctx, v);
}

static void round_even(const struct local_call *c, sqlite3_value **args)
{
    local_give_double(c, rint(local_double(args[0])));
}

static void width_bucket(const struct local_call *c, sqlite3_value **args)
{
    double v = local_double(args[0]), a = local_double(args[1]), b = local_double(args[2]);
    int64_t n = sqlite3_value_int64(args[3]);
    if (n <= 0 || n == INT64_MAX || isnan(v) || !isfinite(a) || !isfinite(b) || a == b)
        return;
    double into = a < b ? v - a : a - v, wide = a < b ? b - a : a - b;
    bool before = a < b ? v < a : v > a, after = a < b ? v >= b : v <= b;
    int64_t bucket = before ? 0 : after ? n + 1 : (int64_t)((double)n * into / wide) + 1;
    sqlite3_result_int64(c->ctx, bucket);
}

const struct local_function local_bits_functions[] = {
    {"bin_of", 1, true, bin, 0},
    {"conv_of", 3, true, conv, 0},
    {"bit_count_of", 1, true, bit_count, 0},
    {"bit_get_byte", 2, true, bit_get, 8},
    {"bit_get_short", 2, true, bit_get, 16},
    {"bit_get_int", 2, true, bit_get, 32},
    {"bit_get_long", 2, true, bit_get, 64},
    {"shift_left_int", 2, true, shift_left, 32},
    {"shift_left_long", 2, true, shift_left, 64},
    {"shift_right_int", 2, true, shift_right, 32},
    {"shift_right_long", 2, true, shift_right, 64},
    {"shift_right_unsigned_int", 2, true, shift_right_unsigned, 32},
    {"shift_right_unsigned_long", 2, true, shift_right_unsigned, 64},
    {"factorial_of", 1, true, factorial, 0},
    {"rint_of", 1, true, round_even, 0},
    {"width_bucket_of", 4, true, width_bucket, 0},
    {0},
};
