/* texttime: dates and timestamps in text, as Spark's casts read them.
 *
 * Named zones (Europe/Paris) are not read: the tables of the operating system are global state, and
 * Spark's differ from them. Such text is then no timestamp. */
#include "textvalue.h"

#include <string.h>

enum { US = 1000000 };

struct cursor {
    const char *p, *end;
};

static struct cursor trimmed(struct fst_str text)
{
    struct cursor c = {text.p, text.p + text.n};
    while (c.p < c.end && (uint8_t)*c.p <= ' ')
        c.p++;
    while (c.p < c.end && (uint8_t)c.end[-1] <= ' ')
        c.end--;
    return c;
}

static bool take(struct cursor *c, char wanted)
{
    if (c->p == c->end || *c->p != wanted)
        return false;
    c->p++;
    return true;
}

/* A number of `min` to `max` digits. */
static bool digits(struct cursor *c, int min, int max, int64_t *out)
{
    int n = 0;
    *out = 0;
    for (; n < max && c->p < c->end && *c->p >= '0' && *c->p <= '9'; n++)
        *out = *out * 10 + (*c->p++ - '0');
    return n >= min && (c->p == c->end || *c->p < '0' || *c->p > '9');
}

static bool is_day(int64_t year, int64_t month, int64_t day)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12 || day < 1)
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= days[month - 1] + (month == 2 && leap);
}

/* year[-month[-day]]; `full` tells whether there was a day. */
static bool scan_date(struct cursor *c, int max_year_digits, int64_t *out_days, bool *full)
{
    int64_t year, month = 1, day = 1;
    bool negative = take(c, '-');
    if (!negative)
        take(c, '+');
    if (!digits(c, 4, max_year_digits, &year))
        return false;
    year = negative ? -year : year;
    if (take(c, '-') && !digits(c, 1, 2, &month))
        return false;
    *full = c->p[-1] != '-' && take(c, '-');
    if (*full && !digits(c, 1, 2, &day))
        return false;
    if (!is_day(year, month, day))
        return false;
    *out_days = fst_days_from_civil(year, (int)month, (int)day);
    return true;
}

bool fst_text_date(struct fst_str text, int64_t *days)
{
    struct cursor c = trimmed(text);
    bool full;
    if (!scan_date(&c, 7, days, &full) || *days != (int32_t)*days)
        return false;
    return c.p == c.end || (full && (*c.p == ' ' || *c.p == 'T'));
}

/* Digits after the point: six count, the rest is dropped. */
static bool scan_fraction(struct cursor *c, int64_t *us)
{
    int n = 0;
    for (; c->p < c->end && *c->p >= '0' && *c->p <= '9'; n++, c->p++)
        if (n < 6)
            *us = *us * 10 + (*c->p - '0');
    for (int i = n; i < 6; i++)
        *us *= 10;
    return true;
}

/* hour[:minute[:second[.fraction]]] */
static bool scan_time(struct cursor *c, int64_t *out_us)
{
    int64_t hour, minute = 0, second = 0, us = 0;
    if (!digits(c, 1, 2, &hour))
        return false;
    if (take(c, ':')) {
        if (!digits(c, 1, 2, &minute))
            return false;
        if (take(c, ':')) {
            if (!digits(c, 1, 2, &second) || (take(c, '.') && !scan_fraction(c, &us)))
                return false;
        }
    }
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    *out_us = ((hour * 60 + minute) * 60 + second) * US + us;
    return true;
}

/* h, hh, h:mm, hh:mm, hhmm, hh:mm:ss after the sign. */
static bool scan_offset(struct cursor *c, int64_t *out_s)
{
    int64_t hour, minute = 0, second = 0;
    if (c->end - c->p == 4 && !memchr(c->p, ':', 4)) {
        if (!digits(c, 4, 4, &hour))
            return false;
        minute = hour % 100;
        hour /= 100;
    } else if (!digits(c, 1, 2, &hour) || (take(c, ':') && !digits(c, 1, 2, &minute)) ||
               (take(c, ':') && !digits(c, 1, 2, &second))) {
        return false;
    }
    *out_s = (hour * 60 + minute) * 60 + second;
    return c->p == c->end && minute < 60 && second < 60 && *out_s <= 18 * 3600;
}

static bool scan_zone(struct cursor *c, int64_t *out_s)
{
    static const char *const names[] = {"Z", "UTC", "GMT", "UT"};
    size_t left = (size_t)(c->end - c->p);
    *out_s = 0;
    for (size_t i = 0; i < FST_COUNT(names); i++) {
        size_t n = strlen(names[i]);
        if (left < n || memcmp(c->p, names[i], n) != 0)
            continue;
        if (left == n)
            return true;
        if (i > 0 && (c->p[n] == '+' || c->p[n] == '-')) {
            c->p += n;
            break;
        }
    }
    bool negative = take(c, '-');
    if ((!negative && !take(c, '+')) || !scan_offset(c, out_s))
        return false;
    *out_s = negative ? -*out_s : *out_s;
    return true;
}

/* The date when there is one, else today; leaves the cursor at the time. */
static bool scan_day(struct cursor *c, int64_t *days, bool *time_follows)
{
    size_t n = (size_t)(c->end - c->p);
    bool is_time = take(c, 'T') || (n > 1 && (c->p[1] == ':' || (n > 2 && c->p[2] == ':')));
    if (is_time) {
        *days = fst_now_us() / ((int64_t)86400 * US);
        *time_follows = true;
        return true;
    }
    bool full;
    if (!scan_date(c, 6, days, &full))
        return false;
    *time_follows = full && (take(c, 'T') || take(c, ' '));
    return true;
}

bool fst_text_timestamp(struct fst_str text, bool *zoned, int64_t *us)
{
    struct cursor c = trimmed(text);
    int64_t days, time = 0, zone_s = 0;
    bool time_follows, has_zone = false;
    if (c.p == c.end || !scan_day(&c, &days, &time_follows))
        return false;
    if (time_follows) {
        if (!scan_time(&c, &time))
            return false;
        take(&c, ' ');
        has_zone = c.p < c.end;
        if (has_zone && (!zoned || !scan_zone(&c, &zone_s)))
            return false;
    } else if (c.p != c.end) {
        return false;
    }
    if (zoned)
        *zoned = has_zone;
    return !__builtin_mul_overflow(days, (int64_t)86400 * US, us) &&
           !__builtin_add_overflow(*us, time - zone_s * US, us);
}
