/* Intervals: months or microseconds. Arithmetic with Spark's overflows and its rounding of halves
 * away from zero, fields, and text. */
#include <math.h>
#include <string.h>

#include "local_time.h"

enum { MONTHS = 1, MICROS = 2 }; /* modes of rows */

static void overflow(const struct local_call *c, const char *instead)
{
    if (instead)
        local_raise(c, "INTERVAL_ARITHMETIC_OVERFLOW.WITH_SUGGESTION", "22015",
                    "Integer overflow while operating with intervals. Use `%s` to tolerate "
                    "overflow and return NULL instead.",
                    instead);
    else
        local_raise(c, "INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION", "22015",
                    "Integer overflow while operating with intervals. Try devising appropriate "
                    "values for the interval parameters.");
}

static bool fits(__int128 v, int mode)
{
    return (mode & MONTHS) ? v >= INT32_MIN && v <= INT32_MAX : v >= INT64_MIN && v <= INT64_MAX;
}

static void give(const struct local_call *c, __int128 v, const char *instead)
{
    if (fits(v, c->row->mode))
        sqlite3_result_int64(c->ctx, (int64_t)v);
    else
        overflow(c, instead);
}

static void add(const struct local_call *c, sqlite3_value **args)
{
    give(c, (__int128)sqlite3_value_int64(args[0]) + sqlite3_value_int64(args[1]), "try_add");
}

static void subtract(const struct local_call *c, sqlite3_value **args)
{
    give(c, (__int128)sqlite3_value_int64(args[0]) - sqlite3_value_int64(args[1]), "try_subtract");
}

static void negate(const struct local_call *c, sqlite3_value **args)
{
    give(c, -(__int128)sqlite3_value_int64(args[0]), NULL);
}

static void absolute(const struct local_call *c, sqlite3_value **args)
{
    __int128 v = sqlite3_value_int64(args[0]);
    give(c, v < 0 ? -v : v, NULL);
}

static void sign(const struct local_call *c, sqlite3_value **args)
{
    int64_t v = sqlite3_value_int64(args[0]);
    local_give_double(c, (double)((v > 0) - (v < 0)));
}

static __int128 half_up(__int128 v, __int128 by)
{
    if (by < 0) {
        v = -v;
        by = -by;
    }
    __int128 whole = v / by, rest = v % by;
    if (rest * 2 >= by)
        whole++;
    if (-rest * 2 >= by)
        whole--;
    return whole;
}

/* A real number of months or microseconds, halves away from zero. */
static void give_real(const struct local_call *c, double v)
{
    double limit = c->row->mode == MONTHS ? 2147483648.0 : 9223372036854775808.0;
    double whole = trunc(v);
    if (fabs(v - whole) >= 0.5)
        whole += v < 0 ? -1 : 1;
    if (!(whole < limit && whole >= -limit))
        local_raise_overflow(c, "rounded interval is out of range", NULL);
    else
        sqlite3_result_int64(c->ctx, (int64_t)whole);
}

static void times(const struct local_call *c, sqlite3_value **args)
{
    int64_t v = sqlite3_value_int64(args[0]);
    if (c->n_args == 3)
        give(c, half_up(v * local_decimal(args[1]), local_pow10(sqlite3_value_int(args[2]))), NULL);
    else if (sqlite3_value_type(args[1]) != SQLITE_INTEGER)
        give_real(c, (double)v * local_double(args[1]));
    else if (fits((__int128)v * sqlite3_value_int64(args[1]), c->row->mode))
        sqlite3_result_int64(c->ctx, v * sqlite3_value_int64(args[1]));
    else
        local_raise_overflow(c, c->row->mode == MONTHS ? "integer overflow" : "long overflow",
                             NULL);
}

static void divided(const struct local_call *c, sqlite3_value **args)
{
    int64_t v = sqlite3_value_int64(args[0]);
    bool real = sqlite3_value_type(args[1]) != SQLITE_INTEGER;
    if (real ? local_double(args[1]) == 0 : sqlite3_value_int64(args[1]) == 0)
        local_raise(c, "INTERVAL_DIVIDED_BY_ZERO", "22012",
                    "Division by zero. Use `try_divide` to tolerate divisor being 0 and return "
                    "NULL instead.");
    else if (real)
        give_real(c, (double)v / local_double(args[1]));
    else
        give(c, half_up(v, sqlite3_value_int64(args[1])), NULL);
}

static void field(const struct local_call *c, sqlite3_value **args)
{
    static const struct {
        const char *name;
        int64_t within, unit; /* 0 = of all */
    } rows[] = {
        {"YEAR", 0, 12},
        {"MONTH", 12, 1},
        {"DAY", 0, LOCAL_DAY_US},
        {"HOUR", LOCAL_DAY_US, 3600 * LOCAL_SECOND_US},
        {"MINUTE", 3600 * LOCAL_SECOND_US, 60 * LOCAL_SECOND_US},
    };
    int64_t v = sqlite3_value_int64(args[0]);
    struct fst_str name = local_text(args[1]);
    for (size_t i = 0; i < FST_COUNT(rows); i++)
        if (fst_str_is(name, rows[i].name)) {
            int64_t part = rows[i].within ? v % rows[i].within : v;
            sqlite3_result_int64(c->ctx, part / rows[i].unit);
            return;
        }
    local_give_decimal(c, v % (60 * LOCAL_SECOND_US));
}

/* (days, hours, minutes, seconds as decimal(18,6)) */
static void make_times(const struct local_call *c, sqlite3_value **args)
{
    __int128 us = sqlite3_value_int64(args[0]) * (__int128)LOCAL_DAY_US +
                  sqlite3_value_int64(args[1]) * (__int128)(3600 * LOCAL_SECOND_US) +
                  sqlite3_value_int64(args[2]) * (__int128)(60 * LOCAL_SECOND_US) +
                  local_decimal(args[3]);
    give(c, us, NULL);
}

static void make_months(const struct local_call *c, sqlite3_value **args)
{
    give(c, (__int128)sqlite3_value_int64(args[0]) * 12 + sqlite3_value_int64(args[1]), NULL);
}

/* (timestamp, width, start): the start of its window */
static void window_start(const struct local_call *c, sqlite3_value **args)
{
    __int128 us = sqlite3_value_int64(args[0]);
    int64_t width = sqlite3_value_int64(args[1]);
    __int128 rest = (us - sqlite3_value_int64(args[2])) % width;
    local_give_us(c, us - (rest < 0 ? rest + width : rest));
}

/* (interval, from, to) */
static void to_text(const struct local_call *c, sqlite3_value **args)
{
    struct fst_type type =
        fst_type_interval(c->row->mode == MONTHS ? FST_INTERVAL_YM : FST_INTERVAL_DT,
                          sqlite3_value_int(args[1]), sqlite3_value_int(args[2]));
    struct fst_buf out = FST_BUF(200);
    fst_interval_text(&out, &type, sqlite3_value_int64(args[0]));
    local_give_buf(c, &out);
}

/* (sum, count): the mean. SQLite's memory is aligned to 8 bytes. */
struct mean {
    int128_at_8 sum;
    int64_t n;
};

static void mean_step(const struct local_call *c, void *state, sqlite3_value **args)
{
    struct mean *m = state;
    (void)c;
    m->sum += sqlite3_value_int64(args[0]);
    m->n++;
}

static void mean_result(const struct local_call *c, void *state)
{
    struct mean *m = state;
    if (m->n && fits(m->sum, MICROS))
        sqlite3_result_int64(c->ctx, (int64_t)half_up(m->sum, m->n));
    else if (m->n)
        overflow(c, NULL);
}

const struct local_function local_interval_functions[] = {
    {"add_ym", 2, true, add, MONTHS},
    {"add_dt", 2, true, add, MICROS},
    {"subtract_ym", 2, true, subtract, MONTHS},
    {"subtract_dt", 2, true, subtract, MICROS},
    {"negate_ym", 1, true, negate, MONTHS},
    {"negate_dt", 1, true, negate, MICROS},
    {"abs_ym", 1, true, absolute, MONTHS},
    {"abs_dt", 1, true, absolute, MICROS},
    {"sign_ym", 1, true, sign, MONTHS},
    {"sign_dt", 1, true, sign, MICROS},
    {"times_ym", -1, true, times, MONTHS},
    {"times_dt", -1, true, times, MICROS},
    {"by_ym", 2, true, divided, MONTHS},
    {"by_dt", 2, true, divided, MICROS},
    {"window_start_of", 3, true, window_start, 0},
    {"interval_field_of", 2, true, field, 0},
    {"make_dt_interval_of", 4, true, make_times, MICROS},
    {"make_ym_interval_of", 2, true, make_months, MONTHS},
    {"ym_to_text", 3, true, to_text, MONTHS},
    {"dt_to_text", 3, true, to_text, MICROS},
    {0},
};

const struct local_aggregate local_interval_aggregates[] = {
    {"avg_interval", 1, true, sizeof(struct mean), mean_step, mean_result, NULL, 0},
    {0},
};
