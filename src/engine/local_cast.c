/* CAST as Spark's ANSI mode does it: what does not fit or does not read stops the statement with
 * Spark's condition; try_cast (the argument `is_try`) gives NULL instead.
 *
 * Names of types come as arguments, for the texts of errors. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "local_fn.h"
#include "local_time.h"

static bool is_try(const struct local_call *c, sqlite3_value **args)
{
    return sqlite3_value_int(args[c->n_args - 1]) != 0;
}

static void invalid(const struct local_call *c, sqlite3_value **args, const char *type)
{
    if (is_try(c, args))
        return;
    struct fst_str text = local_text(args[0]);
    int n = text.n > 2000 ? 2000 : (int)text.n;
    local_raise(c, "CAST_INVALID_INPUT", "22018",
                "The value '%.*s' of the type \"STRING\" cannot be cast to \"%s\" because it is "
                "malformed. Correct the value as per the syntax, or change its target type. Use "
                "`try_cast` to tolerate malformed input and return NULL instead.",
                n, text.p, type);
}

static void malformed_real(const struct local_call *c, bool quiet, double v, const char *type)
{
    if (quiet)
        return;
    local_raise(c, "CAST_INVALID_INPUT", "22018",
                "The value %s of the type \"DOUBLE\" cannot be cast to \"%s\" because it is "
                "malformed. Correct the value as per the syntax, or change its target type. Use "
                "`try_cast` to tolerate malformed input and return NULL instead.",
                isnan(v) ? "NaN"
                : v > 0  ? "Infinity"
                         : "-Infinity",
                type);
}

static void overflow(const struct local_call *c, bool quiet, const char *value, const char *from,
                     const char *to)
{
    if (quiet)
        return;
    local_raise(c, "CAST_OVERFLOW", "22003",
                "The value %s of the type \"%s\" cannot be cast to \"%s\" due to an overflow. Use "
                "`try_cast` to tolerate overflow and return NULL instead.",
                value, from, to);
}

/* ---- Targets that are integers: mode is the width in bits ------------------------------------ */

static const char *int_name(int bits)
{
    return bits == 8 ? "TINYINT" : bits == 16 ? "SMALLINT" : bits == 32 ? "INT" : "BIGINT";
}

static bool fits(__int128 v, int bits)
{
    __int128 top = (__int128)1 << (bits - 1);
    return v >= -top && v < top;
}

/* (value, type's name, is_try) */
static void int_to_int(const struct local_call *c, sqlite3_value **args)
{
    int64_t v = sqlite3_value_int64(args[0]);
    if (fits(v, c->row->mode)) {
        sqlite3_result_int64(c->ctx, v);
        return;
    }
    const char *from = (const char *)sqlite3_value_text(args[1]);
    const char *suffix = strcmp(from, "BIGINT") == 0     ? "L"
                         : strcmp(from, "SMALLINT") == 0 ? "S"
                                                         : "";
    char text[32];
    snprintf(text, sizeof text, "%lld%s", (long long)v, suffix);
    overflow(c, is_try(c, args), text, from, int_name(c->row->mode));
}

/* (value, is_float, is_try); towards zero */
static void real_to_int(const struct local_call *c, sqlite3_value **args)
{
    double v = local_double(args[0]);
    bool is_float = sqlite3_value_int(args[1]);
    double whole = trunc(v);
    int bits = c->row->mode;
    double top = ldexp(1, bits - 1);
    if (bits == 64 && v == top) {
        sqlite3_result_int64(c->ctx, INT64_MAX);
        return;
    }
    /* Java's own test lets the bigint's top through, and asks floor and ceil of the others. */
    if (!isnan(v) && whole >= -top && whole < top && (bits != 64 || v >= -top)) {
        sqlite3_result_int64(c->ctx, (int64_t)whole);
        return;
    }
    struct fst_buf text = FST_BUF(64);
    if (is_float)
        fst_float_java(&text, (float)v);
    else
        fst_double_java(&text, v);
    if (!is_float && isfinite(v))
        fst_buf_addc(&text, 'D');
    overflow(c, is_try(c, args), fst_buf_text(&text), is_float ? "FLOAT" : "DOUBLE",
             int_name(bits));
    fst_buf_done(&text);
}

/* (value, scale, type's name, is_try) */
static void decimal_to_int(const struct local_call *c, sqlite3_value **args)
{
    __int128 v = local_decimal(args[0]);
    int scale = sqlite3_value_int(args[1]);
    __int128 whole = v / local_pow10(scale);
    if (fits(whole, c->row->mode)) {
        sqlite3_result_int64(c->ctx, (int64_t)whole);
        return;
    }
    struct fst_buf text = FST_BUF(64);
    fst_decimal_text(&text, v, scale);
    fst_buf_adds(&text, "BD");
    overflow(c, is_try(c, args), fst_buf_text(&text), (const char *)sqlite3_value_text(args[2]),
             int_name(c->row->mode));
    fst_buf_done(&text);
}

static bool is_space(unsigned char ch)
{
    return ch <= ' ' || ch == 0x7F;
}

struct fst_str local_trim_space(struct fst_str s)
{
    while (s.n > 0 && is_space((unsigned char)s.p[0]))
        s = (struct fst_str){s.p + 1, s.n - 1};
    while (s.n > 0 && is_space((unsigned char)s.p[s.n - 1]))
        s.n--;
    return s;
}

static void text_to_int(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_trim_space(local_text(args[0]));
    size_t sign = s.n > 0 && (s.p[0] == '+' || s.p[0] == '-');
    __int128 v = 0;
    bool ok = s.n > sign;
    for (size_t i = sign; i < s.n && ok; i++) {
        ok = s.p[i] >= '0' && s.p[i] <= '9' && v < (__int128)1 << 64;
        v = v * 10 + (s.p[i] - '0');
    }
    if (sign && s.p[0] == '-')
        v = -v;
    if (ok && fits(v, c->row->mode))
        sqlite3_result_int64(c->ctx, (int64_t)v);
    else
        invalid(c, args, int_name(c->row->mode));
}

/* (microseconds, is_try) */
static void timestamp_to_int(const struct local_call *c, sqlite3_value **args)
{
    int64_t us = sqlite3_value_int64(args[0]);
    int64_t seconds = local_floor_div(us, 1000000);
    if (fits(seconds, c->row->mode)) {
        sqlite3_result_int64(c->ctx, seconds);
        return;
    }
    struct fst_buf text = FST_BUF(96);
    fst_buf_adds(&text, "TIMESTAMP '");
    fst_timestamp_text(&text, local_zone_to_local(c->env->zone, us));
    fst_buf_addc(&text, '\'');
    overflow(c, is_try(c, args), fst_buf_text(&text), "TIMESTAMP", int_name(c->row->mode));
    fst_buf_done(&text);
}

/* ---- Doubles --------------------------------------------------------------------------------- */

static void give_width(const struct local_call *c, double v)
{
    local_give_double(c, c->row->mode == 32 ? (double)(float)v : v);
}

static void int_to_real(const struct local_call *c, sqlite3_value **args)
{
    int64_t v = sqlite3_value_int64(args[0]);
    local_give_double(c, c->row->mode == 32 ? (double)(float)v : (double)v);
}

static void real_to_real(const struct local_call *c, sqlite3_value **args)
{
    give_width(c, local_double(args[0]));
}

/* (value, scale) */
static void decimal_to_real(const struct local_call *c, sqlite3_value **args)
{
    struct fst_buf text = FST_BUF(64);
    fst_decimal_text(&text, local_decimal(args[0]), sqlite3_value_int(args[1]));
    double v = c->row->mode == 32 ? (double)strtof(fst_buf_text(&text), NULL)
                                  : strtod(fst_buf_text(&text), NULL);
    local_give_double(c, v);
    fst_buf_done(&text);
}

static bool nocase(struct fst_str s, const char *word)
{
    return fst_str_is_nocase(s, word);
}

/* The words that Spark takes for doubles. */
static bool special_real(struct fst_str s, double *out)
{
    bool minus = s.n > 0 && s.p[0] == '-';
    size_t sign = minus || (s.n > 0 && s.p[0] == '+');
    struct fst_str word = {s.p + sign, s.n - sign};
    if (nocase(word, "inf") || nocase(word, "infinity"))
        *out = minus ? (double)-INFINITY : (double)INFINITY;
    else if (nocase(s, "nan"))
        *out = (double)NAN;
    else
        return false;
    return true;
}

static size_t digits_at(const char *p)
{
    size_t n = 0;
    while (p[n] >= '0' && p[n] <= '9')
        n++;
    return n;
}

/* Decimal literals of Java's parseDouble, with a suffix d or f; length 0 when it is none. */
static size_t decimal_literal(const char *p)
{
    const char *start = p;
    p += *p == '+' || *p == '-';
    size_t whole = digits_at(p), part = 0;
    p += whole;
    if (*p == '.') {
        part = digits_at(p + 1);
        p += 1 + part;
    }
    if (whole + part == 0)
        return 0;
    if (*p == 'e' || *p == 'E') {
        const char *q = p + 1 + (p[1] == '+' || p[1] == '-');
        size_t digits = digits_at(q);
        if (digits == 0)
            return 0;
        p = q + digits;
    }
    return (size_t)(p - start);
}

static bool hex_literal(const char *p)
{
    p += *p == '+' || *p == '-';
    return p[0] == '0' && (p[1] == 'x' || p[1] == 'X') && (strchr(p, 'p') || strchr(p, 'P'));
}

static bool parse_real(struct fst_str s, bool is_float, double *out)
{
    if (special_real(s, out))
        return true;
    if (s.n == 0 || s.n > 100000 || memchr(s.p, '\0', s.n))
        return false;
    char *text = fst_strndup(s.p, s.n);
    size_t n = s.n;
    bool suffix = strchr("dDfF", text[n - 1]) != NULL;
    bool hex = hex_literal(text);
    if (suffix)
        text[--n] = '\0';
    char *end = text;
    bool ok = hex || (n > 0 && decimal_literal(text) == n);
    if (ok)
        *out = is_float ? (double)strtof(text, &end) : strtod(text, &end);
    ok = ok && end == text + n;
    free(text);
    return ok;
}

static void text_to_real(const struct local_call *c, sqlite3_value **args)
{
    double v;
    if (parse_real(local_trim_space(local_text(args[0])), c->row->mode == 32, &v))
        local_give_double(c, v);
    else
        invalid(c, args, c->row->mode == 32 ? "FLOAT" : "DOUBLE");
}

static void timestamp_to_real(const struct local_call *c, sqlite3_value **args)
{
    give_width(c, (double)sqlite3_value_int64(args[0]) / 1000000.0);
}

/* ---- Decimals: (..., precision, scale, is_try) ----------------------------------------------- */

static void give_at(const struct local_call *c, sqlite3_value **args, const struct local_wide *w,
                    int from_scale, int at)
{
    local_give_wide(c, w, from_scale, sqlite3_value_int(args[at]), sqlite3_value_int(args[at + 1]),
                    is_try(c, args));
}

static void int_to_decimal(const struct local_call *c, sqlite3_value **args)
{
    struct local_wide w = local_wide_of(sqlite3_value_int64(args[0]));
    give_at(c, args, &w, 0, 1);
}

static void decimal_to_decimal(const struct local_call *c, sqlite3_value **args)
{
    struct local_wide w = local_wide_of(local_decimal(args[0]));
    give_at(c, args, &w, sqlite3_value_int(args[1]), 2);
}

/* More digits than any decimal has. */
static void raise_huge(const struct local_call *c, const struct local_wide *w, int zeros,
                       sqlite3_value **args)
{
    struct fst_buf text = FST_BUF(1024);
    local_wide_text(&text, w, 0);
    while (zeros-- > 0)
        fst_buf_addc(&text, '0');
    local_raise(c, "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION", "22003",
                " %s cannot be represented as Decimal(%d, %d). " LOCAL_ANSI_HINT
                ", and return NULL instead.",
                fst_buf_text(&text), sqlite3_value_int(args[1]), sqlite3_value_int(args[2]));
    fst_buf_done(&text);
}

static void give_real_as_decimal(const struct local_call *c, sqlite3_value **args, double v)
{
    struct local_wide w;
    int scale;
    if (!local_wide_of_double(v, false, &w, &scale))
        return;
    if (scale < -100) {
        if (!is_try(c, args))
            raise_huge(c, &w, -scale, args);
        return;
    }
    if (scale > 100)
        w = local_wide_of(0);
    give_at(c, args, &w, scale, 1);
}

static void real_to_decimal(const struct local_call *c, sqlite3_value **args)
{
    give_real_as_decimal(c, args, local_double(args[0]));
}

static void timestamp_to_decimal(const struct local_call *c, sqlite3_value **args)
{
    struct local_wide w = local_wide_of(sqlite3_value_int64(args[0]));
    give_at(c, args, &w, 6, 1);
}

/* Digits and exponent of a decimal literal; at most 38 digits before the point. */
struct literal {
    struct local_wide digits;
    int64_t scale;
    bool too_long;
};

static bool parse_decimal(struct fst_str s, struct literal *out)
{
    char *text = fst_strndup(s.p, s.n);
    bool ok = s.n > 0 && !memchr(s.p, '\0', s.n) && decimal_literal(text) == s.n;
    *out = (struct literal){0};
    bool after = false;
    int kept = 0;
    int64_t skipped = 0; /* digits beyond what can matter */
    const char *p = text;
    for (; ok && *p && *p != 'e' && *p != 'E'; p++) {
        if (*p == '.')
            after = true;
        if (*p < '0' || *p > '9')
            continue;
        if (kept < 100) {
            struct local_wide digit = local_wide_of(*p - '0');
            out->digits = local_wide_shift(&out->digits, 1);
            out->digits = local_wide_add(&out->digits, &digit);
            kept += kept > 0 || *p != '0';
            out->scale += after;
        } else {
            skipped += !after;
        }
    }
    out->scale -= skipped;
    if (ok && *p) {
        errno = 0;
        long long exponent = strtoll(p + 1, NULL, 10);
        ok = errno == 0 && exponent < INT32_MAX && exponent > -INT32_MAX;
        out->scale -= exponent;
    }
    out->digits.negative = text[0] == '-';
    free(text);
    return ok;
}

static void text_to_decimal(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_trim_space(local_text(args[0]));
    struct literal v;
    if (!parse_decimal(s, &v)) {
        char type[32];
        snprintf(type, sizeof type, "DECIMAL(%d,%d)", sqlite3_value_int(args[1]),
                 sqlite3_value_int(args[2]));
        invalid(c, args, type);
        return;
    }
    if (local_wide_is_zero(&v.digits) || v.scale > 200) {
        local_give_decimal(c, 0);
        return;
    }
    if (local_wide_digits(&v.digits) - v.scale > 38) {
        if (!is_try(c, args))
            local_raise(c, "NUMERIC_OUT_OF_SUPPORTED_RANGE", "22003",
                        "The value %.*s cannot be interpreted as a numeric since it has more than "
                        "38 digits.",
                        s.n > 2000 ? 2000 : (int)s.n, s.p);
        return;
    }
    give_at(c, args, &v.digits, (int)v.scale, 1);
}

/* ---- Text ------------------------------------------------------------------------------------ */

static void bool_to_text(const struct local_call *c, sqlite3_value **args)
{
    sqlite3_result_text(c->ctx, sqlite3_value_int(args[0]) ? "true" : "false", -1, SQLITE_STATIC);
}

static void int_to_text(const struct local_call *c, sqlite3_value **args)
{
    char text[32];
    int n = snprintf(text, sizeof text, "%lld", (long long)sqlite3_value_int64(args[0]));
    local_give_text(c, text, (size_t)n);
}

static void real_to_text(const struct local_call *c, sqlite3_value **args)
{
    struct fst_buf text = FST_BUF(64);
    if (c->row->mode == 32)
        fst_float_java(&text, (float)local_double(args[0]));
    else
        fst_double_java(&text, local_double(args[0]));
    local_give_buf(c, &text);
}

static void decimal_to_text(const struct local_call *c, sqlite3_value **args)
{
    struct fst_buf text = FST_BUF(64);
    fst_decimal_text(&text, local_decimal(args[0]), sqlite3_value_int(args[1]));
    local_give_buf(c, &text);
}

static void date_to_text(const struct local_call *c, sqlite3_value **args)
{
    struct fst_buf text = FST_BUF(64);
    fst_date_text(&text, sqlite3_value_int64(args[0]));
    local_give_buf(c, &text);
}

static void timestamp_to_text(const struct local_call *c, sqlite3_value **args)
{
    struct fst_buf text = FST_BUF(64);
    int64_t us = sqlite3_value_int64(args[0]);
    fst_timestamp_text(&text, c->row->mode ? us : local_zone_to_local(c->env->zone, us));
    local_give_buf(c, &text);
}

static void bytes_to_text(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]);
    local_give_text(c, s.p, s.n);
}

static void text_to_bytes(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]);
    sqlite3_result_blob64(c->ctx, s.p, s.n, SQLITE_TRANSIENT);
}

static void text_to_bool(const struct local_call *c, sqlite3_value **args)
{
    static const char *const yes[] = {"t", "true", "y", "yes", "1"};
    static const char *const no[] = {"f", "false", "n", "no", "0"};
    struct fst_str s = local_trim_space(local_text(args[0]));
    for (size_t i = 0; i < FST_COUNT(yes); i++)
        if (nocase(s, yes[i]) || nocase(s, no[i])) {
            local_give_bool(c, nocase(s, yes[i]));
            return;
        }
    invalid(c, args, "BOOLEAN");
}

/* ---- Dates and times ------------------------------------------------------------------------- */

static void text_to_date(const struct local_call *c, sqlite3_value **args)
{
    int64_t days;
    if (local_text_to_date(local_text(args[0]), &days))
        sqlite3_result_int64(c->ctx, days);
    else
        invalid(c, args, "DATE");
}

static void text_to_timestamp(const struct local_call *c, sqlite3_value **args)
{
    int64_t us;
    if (local_text_to_timestamp(local_text(args[0]), c->env, c->row->mode, &us))
        sqlite3_result_int64(c->ctx, us);
    else
        invalid(c, args, c->row->mode ? "TIMESTAMP_NTZ" : "TIMESTAMP");
}

static void give_product(const struct local_call *c, int64_t a, int64_t b)
{
    int64_t v;
    if (__builtin_mul_overflow(a, b, &v))
        local_raise_overflow(c, "long overflow", NULL);
    else
        sqlite3_result_int64(c->ctx, v);
}

/* A date as the midnight that begins it: mode 1 without zone. */
static void date_to_timestamp(const struct local_call *c, sqlite3_value **args)
{
    int64_t us;
    if (__builtin_mul_overflow(sqlite3_value_int64(args[0]), LOCAL_DAY_US, &us))
        local_refuse_time(c);
    else
        sqlite3_result_int64(c->ctx, c->row->mode ? us : local_zone_to_utc(c->env->zone, us));
}

static void timestamp_to_date(const struct local_call *c, sqlite3_value **args)
{
    int64_t us = sqlite3_value_int64(args[0]);
    if (!c->row->mode)
        us = local_zone_to_local(c->env->zone, us);
    sqlite3_result_int64(c->ctx, local_floor_div(us, LOCAL_DAY_US));
}

static void timestamp_to_ntz(const struct local_call *c, sqlite3_value **args)
{
    sqlite3_result_int64(c->ctx, local_zone_to_local(c->env->zone, sqlite3_value_int64(args[0])));
}

static void ntz_to_timestamp(const struct local_call *c, sqlite3_value **args)
{
    sqlite3_result_int64(c->ctx, local_zone_to_utc(c->env->zone, sqlite3_value_int64(args[0])));
}

/* Seconds; out of range they stop at the ends, as Java's TimeUnit. */
static void int_to_timestamp(const struct local_call *c, sqlite3_value **args)
{
    int64_t us, seconds = sqlite3_value_int64(args[0]);
    if (__builtin_mul_overflow(seconds, INT64_C(1000000), &us))
        us = seconds < 0 ? INT64_MIN : INT64_MAX;
    sqlite3_result_int64(c->ctx, us);
}

static void real_to_timestamp(const struct local_call *c, sqlite3_value **args)
{
    double seconds = local_double(args[0]), us = seconds * 1000000.0;
    if (!isfinite(seconds))
        malformed_real(c, is_try(c, args), seconds, "TIMESTAMP");
    else if (us >= -9223372036854775808.0 && us < 9223372036854775808.0)
        sqlite3_result_int64(c->ctx, (int64_t)us);
    else
        overflow(c, is_try(c, args), "of seconds", "DOUBLE", "BIGINT");
}

/* (value, scale) */
static void decimal_to_timestamp(const struct local_call *c, sqlite3_value **args)
{
    struct local_wide w = local_wide_of(local_decimal(args[0])), rest;
    struct local_wide unit = local_wide_of(local_pow10(sqlite3_value_int(args[1])));
    w = local_wide_shift(&w, 6);
    w = local_wide_div(&w, &unit, &rest);
    __int128 us;
    if (local_wide_to(&w, &us) && fits(us, 64))
        sqlite3_result_int64(c->ctx, (int64_t)us);
    else
        give_product(c, INT64_MAX, 2);
}

#define TO_INTS(from, n, fn)                                                                       \
    {from "_to_byte", n, true, fn, 8}, {from "_to_short", n, true, fn, 16},                        \
        {from "_to_int", n, true, fn, 32},                                                         \
    {                                                                                              \
        from "_to_long", n, true, fn, 64                                                           \
    }

const struct local_function local_cast_functions[] = {
    TO_INTS("int", 3, int_to_int),
    TO_INTS("real", 3, real_to_int),
    TO_INTS("decimal", 4, decimal_to_int),
    TO_INTS("text", 2, text_to_int),
    TO_INTS("timestamp", 2, timestamp_to_int),
    {"int_to_float", 1, true, int_to_real, 32},
    {"int_to_double", 1, true, int_to_real, 64},
    {"double_to_float", 1, true, real_to_real, 32},
    {"decimal_to_float", 2, true, decimal_to_real, 32},
    {"decimal_to_double", 2, true, decimal_to_real, 64},
    {"text_to_float", 2, true, text_to_real, 32},
    {"text_to_double", 2, true, text_to_real, 64},
    {"timestamp_to_float", 1, true, timestamp_to_real, 32},
    {"timestamp_to_double", 1, true, timestamp_to_real, 64},
    {"int_to_decimal", 4, true, int_to_decimal, 0},
    {"real_to_decimal", 4, true, real_to_decimal, 0},
    {"decimal_to_decimal", 5, true, decimal_to_decimal, 0},
    {"text_to_decimal", 4, true, text_to_decimal, 0},
    {"timestamp_to_decimal", 4, true, timestamp_to_decimal, 0},
    {"bool_to_text", 1, true, bool_to_text, 0},
    {"int_to_text", 1, true, int_to_text, 0},
    {"float_to_text", 1, true, real_to_text, 32},
    {"double_to_text", 1, true, real_to_text, 64},
    {"decimal_to_text", 2, true, decimal_to_text, 0},
    {"date_to_text", 1, true, date_to_text, 0},
    {"timestamp_to_text", 1, true, timestamp_to_text, 0},
    {"ntz_to_text", 1, true, timestamp_to_text, 1},
    {"bytes_to_text", 1, true, bytes_to_text, 0},
    {"text_to_bytes", 1, true, text_to_bytes, 0},
    {"text_to_bool", 2, true, text_to_bool, 0},
    {"text_to_date", 2, true, text_to_date, 0},
    {"text_to_timestamp", 2, true, text_to_timestamp, 0},
    {"text_to_ntz", 2, true, text_to_timestamp, 1},
    {"date_to_timestamp", 1, true, date_to_timestamp, 0},
    {"date_to_ntz", 1, true, date_to_timestamp, 1},
    {"timestamp_to_date", 1, true, timestamp_to_date, 0},
    {"ntz_to_date", 1, true, timestamp_to_date, 1},
    {"timestamp_to_ntz", 1, true, timestamp_to_ntz, 0},
    {"ntz_to_timestamp", 1, true, ntz_to_timestamp, 0},
    {"int_to_timestamp", 1, true, int_to_timestamp, 0},
    {"real_to_timestamp", 2, true, real_to_timestamp, 0},
    {"decimal_to_timestamp", 2, true, decimal_to_timestamp, 0},
    {0},
};
