/* Dates and times: their fields, truncation, and numbers that stand for them. */
#include <math.h>

#include "local_time.h"

int local_days_in_month(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

int64_t local_wall_clock(const struct local_call *c, int64_t us, bool ntz)
{
    return ntz ? us : local_zone_to_local(c->env->zone, us);
}

int64_t local_instant(const struct local_call *c, int64_t wall, bool ntz)
{
    return ntz ? wall : local_zone_to_utc(c->env->zone, wall);
}

void local_give_date(const struct local_call *c, int64_t days)
{
    if (days > INT32_MAX || days < INT32_MIN)
        local_raise_overflow(c, "integer overflow", NULL);
    else
        sqlite3_result_int64(c->ctx, days);
}

/* Here Spark ends with an error of Java's that has no condition, and within try_cast gives the
 * start of 1970. */
void local_refuse_time(const struct local_call *c)
{
    local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                "a time beyond the years -290308 to 294247 is not something the local engine "
                "does; run it on Spark");
}

bool local_is_too_early(const struct local_call *c, int64_t us)
{
    bool is = us < INT64_MIN + 400 * LOCAL_DAY_US;
    if (is)
        local_refuse_time(c);
    return is;
}

void local_give_us(const struct local_call *c, __int128 us)
{
    if (us > INT64_MAX || us < INT64_MIN)
        local_refuse_time(c);
    else
        sqlite3_result_int64(c->ctx, (int64_t)us);
}

/* ---- Fields ---------------------------------------------------------------------------------- */

enum {
    YEAR,
    QUARTER,
    MONTH,
    DAY,
    DAYOFWEEK,
    WEEKDAY,
    DAYOFYEAR,
    WEEKOFYEAR,
    YEAROFWEEK,
    DAYOFWEEK_ISO,
    HOUR,
    MINUTE,
    SECOND,
    FRACTION
};

int local_weekday(int64_t days)
{
    return (int)(((days + 3) % 7 + 7) % 7); /* Monday = 0 */
}

static int day_of_year(int64_t days, int64_t year)
{
    return (int)(days - fst_days_from_civil(year, 1, 1)) + 1;
}

/* The week of ISO 8601 is that of its Thursday. */
static int64_t year_of_week(int64_t days)
{
    int64_t year;
    int month, day;
    fst_civil_from_days(days - local_weekday(days) + 3, &year, &month, &day);
    return year;
}

static int week_of_year(int64_t days)
{
    int64_t thursday = days - local_weekday(days) + 3, year;
    int month, day;
    fst_civil_from_days(thursday, &year, &month, &day);
    return (day_of_year(thursday, year) - 1) / 7 + 1;
}

static void date_field(const struct local_call *c, sqlite3_value **args)
{
    int64_t days = sqlite3_value_int64(args[0]), year;
    int month, day;
    fst_civil_from_days(days, &year, &month, &day);
    int64_t out[] = {
        [YEAR] = year,
        [QUARTER] = (month + 2) / 3,
        [MONTH] = month,
        [DAY] = day,
        [DAYOFWEEK] = (local_weekday(days) + 1) % 7 + 1,
        [WEEKDAY] = local_weekday(days),
        [DAYOFYEAR] = day_of_year(days, year),
        [WEEKOFYEAR] = week_of_year(days),
        [YEAROFWEEK] = year_of_week(days),
        [DAYOFWEEK_ISO] = local_weekday(days) + 1,
    };
    sqlite3_result_int64(c->ctx, out[c->row->mode]);
}

static void date_name(const struct local_call *c, sqlite3_value **args)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    static const char weekdays[] = "MonTueWedThuFriSatSun";
    int64_t days = sqlite3_value_int64(args[0]), year;
    int month, day;
    fst_civil_from_days(days, &year, &month, &day);
    local_give_text(
        c, c->row->mode == MONTH ? months + (month - 1) * 3 : weekdays + local_weekday(days) * 3,
        3);
}

/* Rows come in pairs: timestamp, and ntz with 100 added to the mode. */
static void time_field(const struct local_call *c, sqlite3_value **args)
{
    int64_t us = local_wall_clock(c, sqlite3_value_int64(args[0]), c->row->mode >= 100);
    int64_t of_day = us - local_floor_div(us, LOCAL_DAY_US) * LOCAL_DAY_US;
    switch (c->row->mode % 100) {
    case HOUR:
        sqlite3_result_int64(c->ctx, of_day / (3600 * LOCAL_SECOND_US));
        return;
    case MINUTE:
        sqlite3_result_int64(c->ctx, of_day / (60 * LOCAL_SECOND_US) % 60);
        return;
    case SECOND:
        sqlite3_result_int64(c->ctx, of_day / LOCAL_SECOND_US % 60);
        return;
    default:
        local_give_decimal(c, of_day % (60 * LOCAL_SECOND_US));
    }
}

/* ---- Truncation ------------------------------------------------------------------------------ */

enum unit {
    UNIT_NONE,
    UNIT_MICRO,
    UNIT_MILLI,
    UNIT_SECOND,
    UNIT_MINUTE,
    UNIT_HOUR,
    UNIT_DAY,
    UNIT_WEEK,
    UNIT_MONTH,
    UNIT_QUARTER,
    UNIT_YEAR
};

static const struct {
    const char *name;
    enum unit unit;
} trunc_units[] = {
    {"MICROSECOND", UNIT_MICRO},
    {"MILLISECOND", UNIT_MILLI},
    {"SECOND", UNIT_SECOND},
    {"MINUTE", UNIT_MINUTE},
    {"HOUR", UNIT_HOUR},
    {"DAY", UNIT_DAY},
    {"DD", UNIT_DAY},
    {"WEEK", UNIT_WEEK},
    {"MON", UNIT_MONTH},
    {"MONTH", UNIT_MONTH},
    {"MM", UNIT_MONTH},
    {"QUARTER", UNIT_QUARTER},
    {"YEAR", UNIT_YEAR},
    {"YYYY", UNIT_YEAR},
    {"YY", UNIT_YEAR},
};

static enum unit unit_named(struct fst_str name)
{
    for (size_t i = 0; i < FST_COUNT(trunc_units); i++)
        if (fst_str_is_nocase(name, trunc_units[i].name))
            return trunc_units[i].unit;
    return UNIT_NONE;
}

bool local_is_unit(struct fst_str name, bool of_dates)
{
    enum unit unit = unit_named(name);
    return of_dates ? unit >= UNIT_WEEK : unit != UNIT_NONE;
}

static int64_t truncate_days(int64_t days, enum unit unit)
{
    int64_t year;
    int month, day;
    fst_civil_from_days(days, &year, &month, &day);
    switch (unit) {
    case UNIT_WEEK:
        return days - local_weekday(days);
    case UNIT_MONTH:
        return fst_days_from_civil(year, month, 1);
    case UNIT_QUARTER:
        return fst_days_from_civil(year, (month - 1) / 3 * 3 + 1, 1);
    case UNIT_YEAR:
        return fst_days_from_civil(year, 1, 1);
    default:
        return days;
    }
}

/* (date, unit); a unit that dates do not have gives NULL */
static void date_truncate(const struct local_call *c, sqlite3_value **args)
{
    enum unit unit = unit_named(local_text(args[1]));
    if (unit >= UNIT_WEEK)
        local_give_date(c, truncate_days(sqlite3_value_int64(args[0]), unit));
}

static void timestamp_truncate(const struct local_call *c, sqlite3_value **args)
{
    static const int64_t sizes[] = {[UNIT_MICRO] = 1,
                                    [UNIT_MILLI] = 1000,
                                    [UNIT_SECOND] = LOCAL_SECOND_US,
                                    [UNIT_MINUTE] = 60 * LOCAL_SECOND_US};
    enum unit unit = unit_named(local_text(args[0]));
    int64_t us = sqlite3_value_int64(args[1]);
    if (unit == UNIT_NONE)
        return;
    if (unit <= UNIT_SECOND) {
        sqlite3_result_int64(c->ctx, local_floor_div(us, sizes[unit]) * sizes[unit]);
        return;
    }
    if (local_is_too_early(c, us))
        return;
    int64_t wall = local_wall_clock(c, us, false);
    int64_t size = unit == UNIT_MINUTE ? 60 * LOCAL_SECOND_US
                   : unit == UNIT_HOUR ? 3600 * LOCAL_SECOND_US
                                       : LOCAL_DAY_US;
    wall = local_floor_div(wall, size) * size;
    if (unit < UNIT_DAY) {
        int64_t back = local_wall_clock(c, us, false) - wall;
        sqlite3_result_int64(c->ctx, us - back);
        return;
    }
    int64_t days = truncate_days(wall / LOCAL_DAY_US, unit);
    local_give_us(c, local_instant(c, days * LOCAL_DAY_US, false));
}

/* ---- Numbers and times ----------------------------------------------------------------------- */

static void from_units(const struct local_call *c, sqlite3_value **args)
{
    int64_t n = sqlite3_value_int64(args[0]), us;
    if (__builtin_mul_overflow(n, (int64_t)c->row->mode, &us))
        local_raise(
            c, "DATETIME_OVERFLOW", "22008",
            "Datetime operation overflow: create a TIMESTAMP from %lldL %sseconds since the "
            "epoch.",
            (long long)n, c->row->mode == 1000 ? "milli" : "");
    else
        sqlite3_result_int64(c->ctx, us);
}

static void to_units(const struct local_call *c, sqlite3_value **args)
{
    sqlite3_result_int64(c->ctx, local_floor_div(sqlite3_value_int64(args[0]), c->row->mode));
}

/* unix_timestamp(timestamp) cuts towards zero, unlike unix_seconds. */
static void unix_timestamp(const struct local_call *c, sqlite3_value **args)
{
    sqlite3_result_int64(c->ctx, sqlite3_value_int64(args[0]) / LOCAL_SECOND_US);
}

static void seconds_to_timestamp(const struct local_call *c, sqlite3_value **args)
{
    double seconds = local_double(args[0]), us = seconds * 1000000.0;
    if (!isfinite(seconds))
        return;
    int64_t beyond = us < 0 ? INT64_MIN : INT64_MAX; /* as Java narrows */
    bool fits = us < 9223372036854775808.0 && us >= -9223372036854775808.0;
    sqlite3_result_int64(c->ctx, fits ? (int64_t)us : beyond);
}

static void make_date(const struct local_call *c, sqlite3_value **args)
{
    int64_t year = sqlite3_value_int64(args[0]), month = sqlite3_value_int64(args[1]);
    int64_t day = sqlite3_value_int64(args[2]);
    if (month >= 1 && month <= 12 && day >= 1 && year >= -999999999 && year <= 999999999 &&
        day <= local_days_in_month(year, (int)month))
        local_give_date(c, fst_days_from_civil(year, (int)month, (int)day));
    else
        local_raise(c, "DATETIME_FIELD_OUT_OF_BOUNDS.WITHOUT_SUGGESTION", "22023",
                    "Invalid date: year %lld, month %lld, day %lld.", (long long)year,
                    (long long)month, (long long)day);
}

static void current(const struct local_call *c, sqlite3_value **args)
{
    (void)args;
    int64_t us = c->env->now_us;
    sqlite3_result_int64(
        c->ctx, c->row->mode ? local_floor_div(local_wall_clock(c, us, false), LOCAL_DAY_US) : us);
}

static void local_timestamp(const struct local_call *c, sqlite3_value **args)
{
    (void)args;
    sqlite3_result_int64(c->ctx, local_wall_clock(c, c->env->now_us, false));
}

static void current_timezone(const struct local_call *c, sqlite3_value **args)
{
    (void)args;
    if (c->env->zone)
        local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                    "current_timezone() other than UTC is not something the local engine does.");
    else
        local_give_text(c, "UTC", 3);
}

/* (decimal, its scale, ...): at most microseconds */
static void decimal_seconds(const struct local_call *c, sqlite3_value **args)
{
    __int128 us;
    if (__builtin_mul_overflow(local_decimal(args[0]), local_pow10(6 - sqlite3_value_int(args[1])),
                               &us))
        local_raise_overflow(c, "long overflow", NULL);
    else
        local_give_us(c, us);
}

static void unix_now(const struct local_call *c, sqlite3_value **args)
{
    (void)args;
    sqlite3_result_int64(c->ctx, c->env->now_us / LOCAL_SECOND_US);
}

const struct local_function local_time_functions[] = {
    {"local_timestamp_of", 0, true, local_timestamp, 0},
    {"current_timezone_of", 0, true, current_timezone, 0},
    {"timestamp_of_seconds_decimal", 4, true, decimal_seconds, 0},
    {"date_year", 1, true, date_field, YEAR},
    {"date_quarter", 1, true, date_field, QUARTER},
    {"date_month", 1, true, date_field, MONTH},
    {"date_day", 1, true, date_field, DAY},
    {"date_dayofweek", 1, true, date_field, DAYOFWEEK},
    {"date_weekday", 1, true, date_field, WEEKDAY},
    {"date_dayofyear", 1, true, date_field, DAYOFYEAR},
    {"date_weekofyear", 1, true, date_field, WEEKOFYEAR},
    {"date_yearofweek", 1, true, date_field, YEAROFWEEK},
    {"date_dayofweek_iso", 1, true, date_field, DAYOFWEEK_ISO},
    {"date_dayname", 1, true, date_name, DAY},
    {"date_monthname", 1, true, date_name, MONTH},
    {"hour_timestamp", 1, true, time_field, HOUR},
    {"minute_timestamp", 1, true, time_field, MINUTE},
    {"second_timestamp", 1, true, time_field, SECOND},
    {"second_fraction_timestamp", 1, true, time_field, FRACTION},
    {"hour_ntz", 1, true, time_field, 100 + HOUR},
    {"minute_ntz", 1, true, time_field, 100 + MINUTE},
    {"second_ntz", 1, true, time_field, 100 + SECOND},
    {"second_fraction_ntz", 1, true, time_field, 100 + FRACTION},
    {"date_truncate", 2, true, date_truncate, 0},
    {"timestamp_truncate", 2, true, timestamp_truncate, 0},
    {"timestamp_of_seconds", 1, true, from_units, 1000000},
    {"timestamp_of_real_seconds", 1, true, seconds_to_timestamp, 0},
    {"timestamp_of_millis", 1, true, from_units, 1000},
    {"unix_seconds_of", 1, true, to_units, 1000000},
    {"unix_millis_of", 1, true, to_units, 1000},
    {"unix_timestamp_of", 1, true, unix_timestamp, 0},
    {"make_date_of", 3, true, make_date, 0},
    {"current_date_of", 0, true, current, 1},
    {"current_timestamp_of", 0, true, current, 0},
    {"unix_now_of", 0, true, unix_now, 0},
    {0},
};
