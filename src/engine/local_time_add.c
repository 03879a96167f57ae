/* Arithmetic of dates and times: days, months, intervals, and what lies between two of them. */
#include <math.h>

#include "local_time.h"

/* ---- Days and months ------------------------------------------------------------------------- */

int64_t local_add_months(int64_t days, int64_t months)
{
    int64_t year;
    int month, day;
    fst_civil_from_days(days, &year, &month, &day);
    int64_t total = year * 12 + month - 1 + months;
    year = local_floor_div(total, 12);
    month = (int)(total - year * 12) + 1;
    int last = local_days_in_month(year, month);
    return fst_days_from_civil(year, month, day < last ? day : last);
}

/* Spark adds days as 32-bit integers that wrap. */
static void date_add(const struct local_call *c, sqlite3_value **args)
{
    int64_t days = sqlite3_value_int64(args[0]), n = sqlite3_value_int64(args[1]);
    uint32_t sum = (uint32_t)days + (uint32_t)(c->row->mode < 0 ? -n : n);
    sqlite3_result_int64(c->ctx, (int32_t)sum);
}

static void date_diff(const struct local_call *c, sqlite3_value **args)
{
    int64_t a = sqlite3_value_int64(args[0]), b = sqlite3_value_int64(args[1]);
    if (c->row->mode)
        sqlite3_result_int64(c->ctx, (a - b) * LOCAL_DAY_US);
    else
        sqlite3_result_int64(c->ctx, (int32_t)((uint32_t)a - (uint32_t)b));
}

static void date_add_months(const struct local_call *c, sqlite3_value **args)
{
    local_give_date(c,
                    local_add_months(sqlite3_value_int64(args[0]), sqlite3_value_int64(args[1])));
}

static void last_day(const struct local_call *c, sqlite3_value **args)
{
    int64_t days = sqlite3_value_int64(args[0]), year;
    int month, day;
    fst_civil_from_days(days, &year, &month, &day);
    sqlite3_result_int64(c->ctx, days - day + local_days_in_month(year, month));
}

static void next_day(const struct local_call *c, sqlite3_value **args)
{
    static const char *const names[][3] = {
        {"MO", "MON", "MONDAY"},   {"TU", "TUE", "TUESDAY"}, {"WE", "WED", "WEDNESDAY"},
        {"TH", "THU", "THURSDAY"}, {"FR", "FRI", "FRIDAY"},  {"SA", "SAT", "SATURDAY"},
        {"SU", "SUN", "SUNDAY"},
    };
    struct fst_str name = local_text(args[1]);
    int64_t days = sqlite3_value_int64(args[0]);
    for (int d = 0; d < 7; d++)
        for (int i = 0; i < 3; i++)
            if (fst_str_is_nocase(name, names[d][i])) {
                int ahead = (d - local_weekday(days) + 7) % 7;
                local_give_date(c, days + (ahead ? ahead : 7));
                return;
            }
    local_raise(c, "ILLEGAL_DAY_OF_WEEK", "22009", "Illegal input for day of week: %.*s.",
                name.n > 200 ? 200 : (int)name.n, name.p);
}

/* ---- Intervals ------------------------------------------------------------------------------- */

static void add_months_to(const struct local_call *c, int64_t us, int64_t months, bool ntz)
{
    int64_t wall = local_wall_clock(c, us, ntz);
    int64_t days = local_floor_div(wall, LOCAL_DAY_US);
    __int128 out =
        (__int128)local_add_months(days, months) * LOCAL_DAY_US + (wall - days * LOCAL_DAY_US);
    if (out > INT64_MAX || out < INT64_MIN)
        local_give_us(c, out);
    else
        local_give_us(c, local_instant(c, (int64_t)out, ntz));
}

static void timestamp_add_months(const struct local_call *c, sqlite3_value **args)
{
    add_months_to(c, sqlite3_value_int64(args[0]), sqlite3_value_int64(args[1]), c->row->mode);
}

/* Whole days of the interval move the wall clock, the rest the instant. */
static void add_days_and_us(const struct local_call *c, int64_t us, int64_t days, int64_t rest,
                            bool ntz)
{
    __int128 wall = (__int128)local_wall_clock(c, us, ntz) + (__int128)days * LOCAL_DAY_US;
    if (wall > INT64_MAX || wall < INT64_MIN)
        local_give_us(c, wall);
    else
        local_give_us(c, (__int128)(days ? local_instant(c, (int64_t)wall, ntz) : us) + rest);
}

static void timestamp_add_us(const struct local_call *c, sqlite3_value **args)
{
    int64_t dt = sqlite3_value_int64(args[1]);
    add_days_and_us(c, sqlite3_value_int64(args[0]), dt / LOCAL_DAY_US, dt % LOCAL_DAY_US,
                    c->row->mode);
}

static void timestamp_minus(const struct local_call *c, sqlite3_value **args)
{
    int64_t a = local_wall_clock(c, sqlite3_value_int64(args[0]), c->row->mode);
    int64_t b = local_wall_clock(c, sqlite3_value_int64(args[1]), c->row->mode);
    local_give_us(c, (__int128)a - b);
}

/* ---- Months between -------------------------------------------------------------------------- */

struct civil {
    int64_t year;
    int month, day;
    bool last;
    int64_t seconds; /* of the day */
};

static struct civil civil_of(int64_t wall)
{
    struct civil v;
    int64_t days = local_floor_div(wall, LOCAL_DAY_US);
    fst_civil_from_days(days, &v.year, &v.month, &v.day);
    v.last = v.day == local_days_in_month(v.year, v.month);
    v.seconds = (wall - days * LOCAL_DAY_US) / LOCAL_SECOND_US;
    return v;
}

static void months_between(const struct local_call *c, sqlite3_value **args)
{
    if (local_is_too_early(c, sqlite3_value_int64(args[0])) ||
        local_is_too_early(c, sqlite3_value_int64(args[1])))
        return;
    struct civil a = civil_of(local_wall_clock(c, sqlite3_value_int64(args[0]), false));
    struct civil b = civil_of(local_wall_clock(c, sqlite3_value_int64(args[1]), false));
    double months = (double)((a.year - b.year) * 12 + a.month - b.month);
    if (a.day == b.day || (a.last && b.last)) {
        local_give_double(c, months);
        return;
    }
    double seconds = (double)((a.day - b.day) * INT64_C(86400) + a.seconds - b.seconds);
    double diff = months + seconds / (31.0 * 86400.0);
    if (sqlite3_value_int(args[2]))
        diff = round(diff * 1e8) / 1e8;
    local_give_double(c, diff);
}

/* ---- Units in words: timestampdiff, timestampadd --------------------------------------------- */

static const struct {
    const char *name;
    int64_t us, months;
} spans[] = {
    {"MICROSECOND", 1, 0},
    {"MILLISECOND", 1000, 0},
    {"SECOND", LOCAL_SECOND_US, 0},
    {"MINUTE", 60 * LOCAL_SECOND_US, 0},
    {"HOUR", 3600 * LOCAL_SECOND_US, 0},
    {"DAY", LOCAL_DAY_US, 0},
    {"DAYOFYEAR", LOCAL_DAY_US, 0},
    {"WEEK", 7 * LOCAL_DAY_US, 0},
    {"MONTH", 0, 1},
    {"QUARTER", 0, 3},
    {"YEAR", 0, 12},
};

static int span_named(const struct local_call *c, struct fst_str name)
{
    for (size_t i = 0; i < FST_COUNT(spans); i++)
        if (fst_str_is_nocase(name, spans[i].name))
            return (int)i;
    local_raise(c, "INVALID_PARAMETER_VALUE.DATETIME_UNIT", "22023",
                "the unit %.*s is not one of timestamps.", (int)(name.n > 60 ? 60 : name.n),
                name.p);
    return -1;
}

/* Whole months from a to b as java.time counts them: days that the clock has not reached are taken
 * off the date first. */
static int64_t whole_months(int64_t a, int64_t b)
{
    int64_t day_a = local_floor_div(a, LOCAL_DAY_US), day_b = local_floor_div(b, LOCAL_DAY_US);
    int64_t clock_a = a - day_a * LOCAL_DAY_US, clock_b = b - day_b * LOCAL_DAY_US;
    if (day_b > day_a && clock_b < clock_a)
        day_b--;
    else if (day_b < day_a && clock_b > clock_a)
        day_b++;
    struct civil x = civil_of(day_a * LOCAL_DAY_US), y = civil_of(day_b * LOCAL_DAY_US);
    return ((y.year * 12 + y.month) * 32 + y.day - (x.year * 12 + x.month) * 32 - x.day) / 32;
}

static void timestamp_diff(const struct local_call *c, sqlite3_value **args)
{
    int i = span_named(c, local_text(args[0]));
    int64_t a = local_wall_clock(c, sqlite3_value_int64(args[1]), false);
    int64_t b = local_wall_clock(c, sqlite3_value_int64(args[2]), false);
    if (i < 0 || (spans[i].months && (local_is_too_early(c, a) || local_is_too_early(c, b))))
        return;
    if (spans[i].months)
        sqlite3_result_int64(c->ctx, whole_months(a, b) / spans[i].months);
    else
        local_give_us(c, ((__int128)b - a) / spans[i].us);
}

static void timestamp_add(const struct local_call *c, sqlite3_value **args)
{
    int i = span_named(c, local_text(args[0]));
    int64_t n = sqlite3_value_int64(args[1]), us = sqlite3_value_int64(args[2]);
    if (i < 0)
        return;
    if (n > INT64_C(100000000000000) || n < -INT64_C(100000000000000))
        local_raise(c, "DATETIME_OVERFLOW", "22008",
                    "Datetime operation overflow: add %lld %s to a timestamp.", (long long)n,
                    spans[i].name);
    else if (spans[i].months)
        add_months_to(c, us, n * spans[i].months, false);
    else if (spans[i].us >= LOCAL_DAY_US)
        add_days_and_us(c, us, n * (spans[i].us / LOCAL_DAY_US), 0, false);
    else
        local_give_us(c, (__int128)us + (__int128)n * spans[i].us);
}

const struct local_function local_time_add_functions[] = {
    {"days_add", 2, true, date_add, 1},
    {"days_subtract", 2, true, date_add, -1},
    {"days_between", 2, true, date_diff, 0},
    {"date_minus_date", 2, true, date_diff, 1},
    {"date_add_months", 2, true, date_add_months, 0},
    {"add_months_timestamp", 2, true, timestamp_add_months, 0},
    {"add_months_ntz", 2, true, timestamp_add_months, 1},
    {"add_us_timestamp", 2, true, timestamp_add_us, 0},
    {"add_us_ntz", 2, true, timestamp_add_us, 1},
    {"minus_timestamp", 2, true, timestamp_minus, 0},
    {"minus_ntz", 2, true, timestamp_minus, 1},
    {"months_between_of", 3, true, months_between, 0},
    {"date_last_day", 1, true, last_day, 0},
    {"date_next_day", 2, true, next_day, 0},
    {"timestamp_diff_of", 3, true, timestamp_diff, 0},
    {"timestamp_add_of", 3, true, timestamp_add, 0},
    {0},
};
