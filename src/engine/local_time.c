/* Dates and times: reading them from text as casts do, their fields, arithmetic, truncation. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "local_fn.h"

#define US INT64_C(1000000)

int local_days_in_month(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

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

/* ---- Text to dates and timestamps ------------------------------------------------------------ */

/* Digits of one field; a field has between `min` and `max` of them. */
static bool field(struct fst_str s, size_t *at, size_t min, size_t max, int64_t *out)
{
    size_t from = *at;
    *out = 0;
    while (*at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9' && *at - from < max)
        *out = *out * 10 + (s.p[(*at)++] - '0');
    bool more = *at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9';
    return *at - from >= min && !more;
}

/* [+-]y{4,7}[-m[-d]]; stops after the last field that is there. */
static bool date_fields(struct fst_str s, size_t *at, size_t max_year, int64_t *days, int *count)
{
    int64_t year, month = 1, day = 1;
    bool minus = *at < s.n && s.p[*at] == '-';
    *at += *at < s.n && (s.p[*at] == '-' || s.p[*at] == '+');
    *count = 1;
    if (!field(s, at, 4, max_year, &year))
        return false;
    if (*at < s.n && s.p[*at] == '-') {
        ++*at;
        *count = 2;
        if (!field(s, at, 1, 2, &month))
            return false;
        if (*at < s.n && s.p[*at] == '-') {
            ++*at;
            *count = 3;
            if (!field(s, at, 1, 2, &day))
                return false;
        }
    }
    if (minus)
        year = -year;
    if (month < 1 || month > 12 || day < 1 || day > local_days_in_month(year, (int)month))
        return false;
    *days = fst_days_from_civil(year, (int)month, (int)day);
    return true;
}

bool local_text_to_date(struct fst_str s, int64_t *days)
{
    s = local_trim_space(s);
    size_t at = 0;
    int count;
    if (!date_fields(s, &at, 7, days, &count))
        return false;
    if (*days > INT32_MAX || *days < INT32_MIN)
        return false;
    return at == s.n || (count == 3 && (s.p[at] == ' ' || s.p[at] == 'T'));
}

/* h{1,2}[:m{1,2}[:s{1,2}[.fraction]]] in microseconds */
static bool time_fields(struct fst_str s, size_t *at, int64_t *us)
{
    int64_t parts[3] = {0};
    int n = 0;
    for (; n < 3; n++) {
        if (n > 0 && !(*at < s.n && s.p[*at] == ':'))
            break;
        *at += n > 0;
        if (!field(s, at, 1, 2, &parts[n]))
            return false;
    }
    if (parts[0] > 23 || parts[1] > 59 || parts[2] > 59)
        return false;
    *us = ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * US;
    if (n == 3 && *at < s.n && s.p[*at] == '.') {
        int64_t unit = US / 10;
        for (++*at; *at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9'; ++*at, unit /= 10)
            *us += unit * (s.p[*at] - '0');
    }
    return true;
}

/* +h, +hh, +hh:mm, +hhmm, +hh:mm:ss as java.time.ZoneOffset, and +h:m as Spark mends it. */
static bool offset_seconds(struct fst_str s, int64_t *out)
{
    int64_t parts[3] = {0};
    if (s.n < 2 || (s.p[0] != '+' && s.p[0] != '-'))
        return false;
    size_t at = 1;
    bool colons = memchr(s.p, ':', s.n) != NULL;
    for (int n = 0; n < 3 && at < s.n; n++) {
        if (n > 0 && colons && s.p[at++] != ':')
            return false;
        size_t from = at;
        while (at < s.n && at - from < 2 && s.p[at] >= '0' && s.p[at] <= '9')
            parts[n] = parts[n] * 10 + (s.p[at++] - '0');
        if (at == from)
            return false;
    }
    int64_t total = (parts[0] * 60 + parts[1]) * 60 + parts[2];
    if (at != s.n || parts[1] > 59 || parts[2] > 59 || total > 18 * 3600)
        return false;
    *out = s.p[0] == '-' ? -total : total;
    return true;
}

/* Turn the wall clock `us` of the zone named by `s` into an instant. */
static bool apply_zone(struct fst_str s, int64_t *us)
{
    int64_t seconds = 0;
    struct fst_str rest = s;
    if (fst_str_is(s, "Z") || fst_str_is(s, "UTC") || fst_str_is(s, "GMT") || fst_str_is(s, "UT"))
        return true;
    if (s.n > 3 && (memcmp(s.p, "UTC", 3) == 0 || memcmp(s.p, "GMT", 3) == 0))
        rest = (struct fst_str){s.p + 3, s.n - 3};
    if (offset_seconds(rest, &seconds)) {
        *us -= seconds * US;
        return true;
    }
    char *name = fst_strndup(s.p, s.n);
    struct local_zone *zone = NULL;
    bool known = local_zone_open(name, &zone, NULL) == FST_OK;
    if (known)
        *us = local_zone_to_utc(zone, *us);
    local_zone_free(zone);
    free(name);
    return known;
}

bool local_text_to_timestamp(struct fst_str s, const struct local_env *env, bool ntz, int64_t *us)
{
    s = local_trim_space(s);
    size_t at = 0;
    int count;
    int64_t days, of_day = 0;
    if (!date_fields(s, &at, 6, &days, &count))
        return false;
    bool timed = at < s.n && (s.p[at] == ' ' || s.p[at] == 'T');
    if (timed && (count != 3 || (++at, !time_fields(s, &at, &of_day))))
        return false;
    if (__builtin_mul_overflow(days, LOCAL_DAY_US, us) || __builtin_add_overflow(*us, of_day, us))
        return false;
    if (at == s.n) {
        if (!ntz)
            *us = local_zone_to_utc(env->zone, *us);
        return true;
    }
    struct fst_str zone = local_trim_space((struct fst_str){s.p + at, s.n - at});
    int64_t instant = *us;
    if (!timed || zone.n > 64 || !apply_zone(zone, &instant))
        return false;
    if (!ntz)
        *us = instant;
    return true;
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
    HOUR,
    MINUTE,
    SECOND,
    FRACTION
};

static int weekday_of(int64_t days)
{
    return (int)(((days + 3) % 7 + 7) % 7); /* Monday = 0 */
}

static int day_of_year(int64_t days, int64_t year)
{
    return (int)(days - fst_days_from_civil(year, 1, 1)) + 1;
}

/* The week of ISO 8601: that of its Thursday. */
static int week_of_year(int64_t days)
{
    int64_t thursday = days - weekday_of(days) + 3, year;
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
        [DAYOFWEEK] = (weekday_of(days) + 1) % 7 + 1,
        [WEEKDAY] = weekday_of(days),
        [DAYOFYEAR] = day_of_year(days, year),
        [WEEKOFYEAR] = week_of_year(days),
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
        c, c->row->mode == MONTH ? months + (month - 1) * 3 : weekdays + weekday_of(days) * 3, 3);
}

static int64_t wall_clock(const struct local_call *c, int64_t us, bool ntz)
{
    return ntz ? us : local_zone_to_local(c->env->zone, us);
}

/* Rows come in pairs: timestamp, and ntz with 100 added to the mode. */
static void time_field(const struct local_call *c, sqlite3_value **args)
{
    int64_t us = wall_clock(c, sqlite3_value_int64(args[0]), c->row->mode >= 100);
    int64_t of_day = us - local_floor_div(us, LOCAL_DAY_US) * LOCAL_DAY_US;
    switch (c->row->mode % 100) {
    case HOUR:
        sqlite3_result_int64(c->ctx, of_day / (3600 * US));
        return;
    case MINUTE:
        sqlite3_result_int64(c->ctx, of_day / (60 * US) % 60);
        return;
    case SECOND:
        sqlite3_result_int64(c->ctx, of_day / US % 60);
        return;
    default:
        local_give_decimal(c, of_day % (60 * US));
    }
}

/* ---- Arithmetic ------------------------------------------------------------------------------ */

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

static void give_date(const struct local_call *c, int64_t days)
{
    if (days > INT32_MAX || days < INT32_MIN)
        local_raise_overflow(c, "integer overflow", NULL);
    else
        sqlite3_result_int64(c->ctx, days);
}

static void date_add_months(const struct local_call *c, sqlite3_value **args)
{
    give_date(c, local_add_months(sqlite3_value_int64(args[0]), sqlite3_value_int64(args[1])));
}

static void give_us(const struct local_call *c, __int128 us)
{
    if (us > INT64_MAX || us < INT64_MIN)
        local_raise_overflow(c, "long overflow", NULL);
    else
        sqlite3_result_int64(c->ctx, (int64_t)us);
}

static int64_t instant(const struct local_call *c, int64_t wall, bool ntz)
{
    return ntz ? wall : local_zone_to_utc(c->env->zone, wall);
}

static void add_months_to(const struct local_call *c, int64_t us, int64_t months, bool ntz)
{
    int64_t wall = wall_clock(c, us, ntz);
    int64_t days = local_floor_div(wall, LOCAL_DAY_US);
    __int128 out =
        (__int128)local_add_months(days, months) * LOCAL_DAY_US + (wall - days * LOCAL_DAY_US);
    if (out > INT64_MAX || out < INT64_MIN)
        give_us(c, out);
    else
        give_us(c, instant(c, (int64_t)out, ntz));
}

static void timestamp_add_months(const struct local_call *c, sqlite3_value **args)
{
    add_months_to(c, sqlite3_value_int64(args[0]), sqlite3_value_int64(args[1]), c->row->mode);
}

/* Whole days of the interval move the wall clock, the rest the instant. */
static void add_days_and_us(const struct local_call *c, int64_t us, int64_t days, int64_t rest,
                            bool ntz)
{
    __int128 wall = (__int128)wall_clock(c, us, ntz) + (__int128)days * LOCAL_DAY_US;
    if (wall > INT64_MAX || wall < INT64_MIN)
        give_us(c, wall);
    else
        give_us(c, (__int128)(days ? instant(c, (int64_t)wall, ntz) : us) + rest);
}

static void timestamp_add_us(const struct local_call *c, sqlite3_value **args)
{
    int64_t dt = sqlite3_value_int64(args[1]);
    add_days_and_us(c, sqlite3_value_int64(args[0]), dt / LOCAL_DAY_US, dt % LOCAL_DAY_US,
                    c->row->mode);
}

static void timestamp_minus(const struct local_call *c, sqlite3_value **args)
{
    int64_t a = wall_clock(c, sqlite3_value_int64(args[0]), c->row->mode);
    int64_t b = wall_clock(c, sqlite3_value_int64(args[1]), c->row->mode);
    give_us(c, (__int128)a - b);
}

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
    v.seconds = (wall - days * LOCAL_DAY_US) / US;
    return v;
}

static void months_between(const struct local_call *c, sqlite3_value **args)
{
    struct civil a = civil_of(wall_clock(c, sqlite3_value_int64(args[0]), false));
    struct civil b = civil_of(wall_clock(c, sqlite3_value_int64(args[1]), false));
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
                int ahead = (d - weekday_of(days) + 7) % 7;
                give_date(c, days + (ahead ? ahead : 7));
                return;
            }
    local_raise(c, "ILLEGAL_DAY_OF_WEEK", "22009", "Illegal input for day of week: %.*s.",
                name.n > 200 ? 200 : (int)name.n, name.p);
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

static int64_t truncate_days(int64_t days, enum unit unit)
{
    int64_t year;
    int month, day;
    fst_civil_from_days(days, &year, &month, &day);
    switch (unit) {
    case UNIT_WEEK:
        return days - weekday_of(days);
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
        give_date(c, truncate_days(sqlite3_value_int64(args[0]), unit));
}

static void timestamp_truncate(const struct local_call *c, sqlite3_value **args)
{
    static const int64_t sizes[] = {
        [UNIT_MICRO] = 1, [UNIT_MILLI] = 1000, [UNIT_SECOND] = US, [UNIT_MINUTE] = 60 * US};
    enum unit unit = unit_named(local_text(args[0]));
    int64_t us = sqlite3_value_int64(args[1]);
    if (unit == UNIT_NONE)
        return;
    if (unit <= UNIT_SECOND) {
        sqlite3_result_int64(c->ctx, local_floor_div(us, sizes[unit]) * sizes[unit]);
        return;
    }
    int64_t wall = wall_clock(c, us, false);
    int64_t size = unit == UNIT_MINUTE ? 60 * US : unit == UNIT_HOUR ? 3600 * US : LOCAL_DAY_US;
    wall = local_floor_div(wall, size) * size;
    if (unit < UNIT_DAY) {
        int64_t back = wall_clock(c, us, false) - wall;
        sqlite3_result_int64(c->ctx, us - back);
        return;
    }
    int64_t days = truncate_days(wall / LOCAL_DAY_US, unit);
    give_us(c, instant(c, days * LOCAL_DAY_US, false));
}

/* ---- Units in words: timestampdiff, timestampadd --------------------------------------------- */

static const struct {
    const char *name;
    int64_t us, months;
} spans[] = {
    {"MICROSECOND", 1, 0},
    {"MILLISECOND", 1000, 0},
    {"SECOND", US, 0},
    {"MINUTE", 60 * US, 0},
    {"HOUR", 3600 * US, 0},
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
    int64_t a = wall_clock(c, sqlite3_value_int64(args[1]), false);
    int64_t b = wall_clock(c, sqlite3_value_int64(args[2]), false);
    if (i < 0)
        return;
    if (spans[i].months)
        sqlite3_result_int64(c->ctx, whole_months(a, b) / spans[i].months);
    else
        give_us(c, ((__int128)b - a) / spans[i].us);
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
        give_us(c, (__int128)us + (__int128)n * spans[i].us);
}

/* ---- Numbers and times ----------------------------------------------------------------------- */

static void from_units(const struct local_call *c, sqlite3_value **args)
{
    give_us(c, (__int128)sqlite3_value_int64(args[0]) * c->row->mode);
}

static void to_units(const struct local_call *c, sqlite3_value **args)
{
    sqlite3_result_int64(c->ctx, local_floor_div(sqlite3_value_int64(args[0]), c->row->mode));
}

/* unix_timestamp(timestamp) cuts towards zero, unlike unix_seconds. */
static void unix_timestamp(const struct local_call *c, sqlite3_value **args)
{
    sqlite3_result_int64(c->ctx, sqlite3_value_int64(args[0]) / US);
}

static void seconds_to_timestamp(const struct local_call *c, sqlite3_value **args)
{
    double us = local_double(args[0]) * 1000000.0;
    if (!isfinite(us))
        return;
    if (us >= 9223372036854775808.0 || us < -9223372036854775808.0)
        local_raise_overflow(c, "long overflow", NULL);
    else
        sqlite3_result_int64(c->ctx, (int64_t)us);
}

static void make_date(const struct local_call *c, sqlite3_value **args)
{
    int64_t year = sqlite3_value_int64(args[0]), month = sqlite3_value_int64(args[1]);
    int64_t day = sqlite3_value_int64(args[2]);
    if (month >= 1 && month <= 12 && day >= 1 && year >= -999999999 && year <= 999999999 &&
        day <= local_days_in_month(year, (int)month))
        give_date(c, fst_days_from_civil(year, (int)month, (int)day));
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
        c->ctx, c->row->mode ? local_floor_div(wall_clock(c, us, false), LOCAL_DAY_US) : us);
}

static void unix_now(const struct local_call *c, sqlite3_value **args)
{
    (void)args;
    sqlite3_result_int64(c->ctx, c->env->now_us / US);
}

const struct local_function local_time_functions[] = {
    {"date_year", 1, true, date_field, YEAR},
    {"date_quarter", 1, true, date_field, QUARTER},
    {"date_month", 1, true, date_field, MONTH},
    {"date_day", 1, true, date_field, DAY},
    {"date_dayofweek", 1, true, date_field, DAYOFWEEK},
    {"date_weekday", 1, true, date_field, WEEKDAY},
    {"date_dayofyear", 1, true, date_field, DAYOFYEAR},
    {"date_weekofyear", 1, true, date_field, WEEKOFYEAR},
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
    {"date_truncate", 2, true, date_truncate, 0},
    {"timestamp_truncate", 2, true, timestamp_truncate, 0},
    {"timestamp_diff_of", 3, true, timestamp_diff, 0},
    {"timestamp_add_of", 3, true, timestamp_add, 0},
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
