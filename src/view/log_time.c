/* Times in a log: those that lines begin with, as log4j, Spark, Python and we write them, and what
 * people type for a piece of time. Whatever zone they are of, they are compared among themselves.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"

#define DAY_US (86400 * INT64_C(1000000))
#define TIME_BYTES 24 /* a time stands this near to the start */

/* ---- Of lines -------------------------------------------------------------------------------- */

/* A number of `digits` digits at *at, which goes behind it. */
static bool number(const char *p, size_t n, size_t *at, int digits, int *out)
{
    *out = 0;
    for (int i = 0; i < digits; i++, (*at)++) {
        if (*at >= n || !isdigit((unsigned char)p[*at]))
            return false;
        *out = *out * 10 + (p[*at] - '0');
    }
    return true;
}

static bool one_of(const char *p, size_t n, size_t *at, const char *set)
{
    if (*at >= n || !strchr(set, p[*at]) || !p[*at])
        return false;
    (*at)++;
    return true;
}

/* hh:mm[:ss[.digits]], the end in *at. */
static bool clock_at(const char *p, size_t n, size_t *at, bool needs_seconds, int64_t *us)
{
    int h, m, s = 0;
    if (!number(p, n, at, 2, &h) || !one_of(p, n, at, ":") || !number(p, n, at, 2, &m))
        return false;
    bool seconds = one_of(p, n, at, ":");
    if ((seconds && !number(p, n, at, 2, &s)) || (needs_seconds && !seconds) || h > 23 || m > 59 ||
        s > 60)
        return false;
    *us = ((h * 60 + m) * INT64_C(60) + s) * 1000000;
    if (seconds && one_of(p, n, at, ".,"))
        for (int64_t unit = 100000; *at < n && isdigit((unsigned char)p[*at]); (*at)++, unit /= 10)
            *us += (p[*at] - '0') * unit;
    return true;
}

/* 2026-01-02, 2026/01/02 or 26/01/02. */
static bool date_at(const char *p, size_t n, size_t *at, int64_t *days)
{
    int y, m, d;
    size_t from = *at;
    if (!number(p, n, at, 4, &y)) {
        *at = from;
        if (!number(p, n, at, 2, &y))
            return false;
        y += 2000;
    }
    if (!one_of(p, n, at, "-/") || !number(p, n, at, 2, &m) || !one_of(p, n, at, "-/") ||
        !number(p, n, at, 2, &d) || m < 1 || m > 12 || d < 1 || d > 31)
        return false;
    *days = fst_days_from_civil(y, m, d);
    return true;
}

static bool moment_at(const char *p, size_t n, size_t at, bool needs_seconds, int64_t *us)
{
    int64_t days, clock;
    if (!date_at(p, n, &at, &days) || !one_of(p, n, &at, " Tt") ||
        !clock_at(p, n, &at, needs_seconds, &clock))
        return false;
    *us = days * DAY_US + clock;
    return true;
}

/* A time of day alone is that which is nearest to the line before. */
static int64_t nearest(int64_t clock, int64_t before_us)
{
    int64_t us = before_us / DAY_US * DAY_US + clock;
    if (us < before_us - DAY_US / 2)
        return us + DAY_US;
    return us > before_us + DAY_US / 2 && us >= DAY_US ? us - DAY_US : us;
}

bool log_time_of(const char *p, size_t n, int64_t before_us, int64_t *us)
{
    size_t end = n && p[0] == '[';
    for (size_t at = 0; at < n && at < TIME_BYTES; at++) {
        bool begins = isdigit((unsigned char)p[at]) && (!at || !isalnum((unsigned char)p[at - 1]));
        if (begins && moment_at(p, n, at, true, us))
            return true;
    }
    if (!clock_at(p, n, &end, true, us))
        return false;
    *us = nearest(*us, before_us);
    return true;
}

/* ---- Typed ----------------------------------------------------------------------------------- */

static bool lasting(const char *p, int64_t *us)
{
    static const struct {
        char unit;
        int64_t us;
    } units[] = {{'s', 1000000}, {'m', 60000000}, {'h', INT64_C(3600000000)}, {'d', DAY_US}};
    char *end;
    long long v = strtoll(p, &end, 10);
    end += strspn(end, " ");
    for (size_t i = 0; i < FST_COUNT(units); i++)
        if (end > p && v > 0 && v < 1000000 && end[0] == units[i].unit && !end[1]) {
            *us = v * units[i].us;
            return true;
        }
    return false;
}

static bool moment(const char *p, size_t n, int64_t newest_us, int64_t *us)
{
    size_t at = 0;
    int64_t days;
    while (n && *p == ' ')
        p++, n--;
    while (n && p[n - 1] == ' ')
        n--;
    if (moment_at(p, n, 0, false, us))
        return true;
    if (date_at(p, n, &at, &days) && at == n) {
        *us = days * DAY_US;
        return true;
    }
    at = 0;
    if (!clock_at(p, n, &at, false, us) || at != n)
        return false;
    *us += newest_us / DAY_US * DAY_US;
    if (*us > newest_us)
        *us -= DAY_US;
    return true;
}

bool log_time_parse(const char *text, int64_t newest_us, struct log_time *out)
{
    *out = (struct log_time){0};
    text += strspn(text, " ");
    if (strncmp(text, "last ", 5) == 0)
        text += 5;
    const char *dots = strstr(text, "..");
    if (!*text || lasting(text, &out->last_us))
        return true;
    if (!dots || (dots == text && !dots[2]))
        return false;
    if (dots > text && !moment(text, (size_t)(dots - text), newest_us, &out->from_us))
        return false;
    if (dots[2] && !moment(dots + 2, strlen(dots + 2), newest_us, &out->to_us))
        return false;
    if (dots[2] && out->to_us < out->from_us && out->to_us + DAY_US > out->from_us)
        out->to_us += out->to_us + DAY_US <= newest_us + DAY_US ? DAY_US : 0; /* over midnight */
    return true;
}
