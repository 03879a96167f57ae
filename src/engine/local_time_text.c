/* Text to dates and timestamps, as casts read them. */
#include <stdlib.h>
#include <string.h>

#include "local_time.h"

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

/* h{1,2}[:m{1,2}[:s{1,2}[.fraction]]] in microseconds; only behind seconds may more come. */
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
    if (parts[0] > 23 || parts[1] > 59 || parts[2] > 59 || (n < 3 && *at < s.n))
        return false;
    *us = ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * LOCAL_SECOND_US;
    if (n == 3 && *at < s.n && s.p[*at] == '.') {
        int64_t unit = LOCAL_SECOND_US / 10;
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
        *us -= seconds * LOCAL_SECOND_US;
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

/* "10:20", "T10": a time of the day that it is, where that zone is. */
static bool is_time_alone(struct fst_str s)
{
    size_t n = 0;
    while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
        n++;
    return (s.n > 0 && s.p[0] == 'T') || (n > 0 && n < s.n && s.p[n] == ':');
}

static bool time_today(struct fst_str s, const struct local_env *env, int64_t *us)
{
    int64_t of_day, days = local_floor_div(env->now_us, LOCAL_DAY_US) - 1;
    size_t at = s.p[0] == 'T';
    if (!time_fields(s, &at, &of_day))
        return false;
    struct fst_str zone = local_trim_space((struct fst_str){s.p + at, s.n - at});
    for (int i = 0; i < 3; i++, days++) {
        int64_t from = days * LOCAL_DAY_US, to = from + LOCAL_DAY_US;
        *us = from + of_day;
        if (!zone.n) {
            from = local_zone_to_utc(env->zone, from);
            to = local_zone_to_utc(env->zone, to);
            *us = local_zone_to_utc(env->zone, *us);
        } else if (zone.n > 64 || !apply_zone(zone, &from) || !apply_zone(zone, &to) ||
                   !apply_zone(zone, us)) {
            return false;
        }
        if (from <= env->now_us && env->now_us < to)
            return true;
    }
    return false;
}

bool local_text_to_timestamp(struct fst_str s, const struct local_env *env, bool ntz, int64_t *us)
{
    s = local_trim_space(s);
    size_t at = 0;
    int count;
    int64_t days, of_day = 0;
    if (is_time_alone(s))
        return !ntz && time_today(s, env, us);
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
