/* Clocks, the proleptic Gregorian calendar, and times, spans, sizes and counts as people read them.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "digits.h"
#include "firesteel/base.h"

#define DAY_US 86400000000LL

int64_t fst_now_us(void)
{
    const char *pinned = getenv("FIRESTEEL_NOW");
    int64_t us;
    if (pinned && fst_timestamp_parse_iso(pinned, strlen(pinned), &us))
        return us;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t fst_monotonic_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Years begin in March here, so that the leap day is the last; eras are 400 years. */
int64_t fst_days_from_civil(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

/* A day of an era, counted from its first of March. After C. Neri and L. Schneider, "Euclidean
 * affine functions and their application to calendar algorithms", 2022: divisions become
 * multiplications, the months of a year beginning in March a line of slope 2141 / 2^16. */
static void civil_of_era(uint32_t day_of_era, int64_t *year, int *month, int *day)
{
    uint32_t quarters = 4 * day_of_era + 3, century = quarters / 146097;
    uint64_t scaled = (uint64_t)2939745 * ((quarters % 146097) | 3);
    uint32_t day_of_year = (uint32_t)scaled / 2939745 / 4;
    uint32_t line = 2141 * day_of_year + 197913, march_month = line >> 16;
    bool next_year = day_of_year >= 306;
    *day = (int)((line & 0xffff) / 2141 + 1);
    *month = (int)(next_year ? march_month - 12 : march_month);
    *year = 100 * century + (uint32_t)(scaled >> 32) + next_year;
}

void fst_civil_from_days(int64_t days, int64_t *year, int *month, int *day)
{
    enum { ERA = 146097, YEARS = 400, ERAS = 14000 };
    days += 719468;
    if (days >= 0 && days < (int64_t)ERA * ERAS) { /* until the year 5,600,000: no sign, 32 bits */
        uint32_t n = (uint32_t)days, era = n / ERA;
        civil_of_era(n - era * ERA, year, month, day);
        *year += era * YEARS;
        return;
    }
    int64_t era = (days >= 0 ? days : days - (ERA - 1)) / ERA;
    civil_of_era((uint32_t)(days - era * ERA), year, month, day);
    *year += era * YEARS;
}

/* Days, and in *us_of_day what is left; the product of days and DAY_US may not fit. */
static int64_t split_day(int64_t us, int64_t *us_of_day)
{
    bool borrow = us % DAY_US < 0;
    *us_of_day = us % DAY_US + (borrow ? DAY_US : 0);
    return us / DAY_US - borrow;
}

static char *put_any_date(char *p, int64_t days)
{
    int64_t year;
    int month, day;
    fst_civil_from_days(days, &year, &month, &day);
    uint64_t size = year < 0 ? 0 - (uint64_t)year : (uint64_t)year;
    if (year < 0 || year > 9999)
        *p++ = year < 0 ? '-' : '+';
    p = put_digits(p, size > 9999 ? count_digits(size) : 4, size);
    *p++ = '-';
    p = put_digits(p, 2, (uint64_t)month);
    *p++ = '-';
    return put_digits(p, 2, (uint64_t)day);
}

/* Of all the days there are, a column has few, again and again: each thread remembers the text of
 * those that came last, one of a kind modulo their number. */
char *fst_put_date(char *p, int64_t days)
{
    enum { REMEMBERED = 1024, LENGTH = 10, YEAR_0 = -719528, YEAR_10000 = 2932897 };
    static _Thread_local struct {
        int32_t day;
        char text[LENGTH + 2];
    } seen[REMEMBERED];
    if (days < YEAR_0 || days >= YEAR_10000)
        return put_any_date(p, days);
    size_t i = (uint64_t)days % REMEMBERED;
    if (seen[i].day != (int32_t)days || !seen[i].text[0]) {
        put_any_date(seen[i].text, days);
        seen[i].day = (int32_t)days;
    }
    memcpy(p, seen[i].text, LENGTH);
    return p + LENGTH;
}

/* ".5" of 500000 microseconds; nothing of 0. */
static char *put_fraction(char *p, uint32_t us)
{
    size_t digits = 6;
    if (!us)
        return p;
    for (; us % 10 == 0; us /= 10)
        digits--;
    *p++ = '.';
    return put_digits(p, digits, us);
}

/* hh:mm:ss is a number of eight digits, two of which are then made colons. */
static char *put_seconds(char *p, uint64_t seconds)
{
    const uint64_t colons = (uint64_t)(':' - '0') << 16 | (uint64_t)(':' - '0') << 40;
    uint64_t hours = seconds / 3600, shown = hours % 100;
    if (hours > 99)
        p = put_digits(p, count_digits(hours) - 2, hours / 100);
    uint64_t parts = shown * 1000000 + seconds / 60 % 60 * 1000 + seconds % 60;
    uint64_t text = eight_digits((uint32_t)parts) + colons;
    memcpy(p, &text, sizeof(text));
    return p + sizeof(text);
}

/* Files may hold times that no clock shows; they are told as they are. */
static char *put_clock(char *p, int64_t us_of_day)
{
    uint64_t us = us_of_day < 0 ? 0 - (uint64_t)us_of_day : (uint64_t)us_of_day;
    if (us_of_day < 0)
        *p++ = '-';
    return put_fraction(put_seconds(p, us / 1000000), (uint32_t)(us % 1000000));
}

char *fst_put_timestamp(char *p, int64_t us)
{
    int64_t rest, days = split_day(us, &rest);
    p = fst_put_date(p, days);
    *p++ = ' ';
    return put_clock(p, rest);
}

void fst_date_text(struct fst_buf *out, int64_t days)
{
    char *p = fst_buf_room(out, FST_PUT_MAX);
    if (p)
        fst_buf_took(out, fst_put_date(p, days));
}

void fst_clock_text(struct fst_buf *out, int64_t us_of_day)
{
    char *p = fst_buf_room(out, FST_PUT_MAX);
    if (p)
        fst_buf_took(out, put_clock(p, us_of_day));
}

void fst_timestamp_text(struct fst_buf *out, int64_t us)
{
    char *p = fst_buf_room(out, FST_PUT_MAX);
    if (p)
        fst_buf_took(out, fst_put_timestamp(p, us));
}

void fst_timestamp_iso(struct fst_buf *out, int64_t us)
{
    int64_t rest, days = split_day(us, &rest);
    char *p = fst_buf_room(out, FST_PUT_MAX);
    if (!p)
        return;
    p = fst_put_date(p, days);
    *p++ = 'T';
    p = put_seconds(p, (uint64_t)rest / 1000000);
    *p++ = 'Z';
    fst_buf_took(out, p);
}

static bool take_digits(const char **p, const char *end, int count, int *out)
{
    if (end - *p < count)
        return false;
    *out = 0;
    for (; count > 0; count--, ++*p) {
        if (**p < '0' || **p > '9')
            return false;
        *out = *out * 10 + (**p - '0');
    }
    return true;
}

static bool take_char(const char **p, const char *end, const char *any_of)
{
    if (*p == end || **p == '\0' || !strchr(any_of, **p))
        return false;
    ++*p;
    return true;
}

static bool take_date(const char **p, const char *end, int64_t *days)
{
    int year, month, day, real_month, real_day;
    int64_t real_year;
    if (!take_digits(p, end, 4, &year) || !take_char(p, end, "-") ||
        !take_digits(p, end, 2, &month) || !take_char(p, end, "-") || !take_digits(p, end, 2, &day))
        return false;
    *days = fst_days_from_civil(year, month, day);
    fst_civil_from_days(*days, &real_year, &real_month, &real_day);
    return real_month == month && real_day == day; /* there is no 30th of February */
}

/* hh:mm[:ss[.digits]] */
static bool take_clock(const char **p, const char *end, int64_t *us)
{
    int hour, minute, second = 0, digit;
    if (!take_digits(p, end, 2, &hour) || !take_char(p, end, ":") ||
        !take_digits(p, end, 2, &minute))
        return false;
    bool seconds = take_char(p, end, ":");
    if ((seconds && !take_digits(p, end, 2, &second)) || hour > 23 || minute > 59 || second > 59)
        return false;
    *us = ((hour * 60LL + minute) * 60 + second) * 1000000;
    if (!seconds || !take_char(p, end, "."))
        return true;
    const char *from = *p;
    for (int64_t unit = 100000; take_digits(p, end, 1, &digit); unit /= 10)
        *us += unit * digit;
    return *p > from;
}

/* Nothing or Z for UTC, or +hh:mm */
static bool take_offset(const char **p, const char *end, int64_t *us)
{
    *us = 0;
    if (*p == end || take_char(p, end, "Z"))
        return true;
    bool west = **p == '-';
    if (!take_char(p, end, "+-") || end - *p != 5 || !take_clock(p, end, us))
        return false;
    *us = west ? -*us : *us;
    return true;
}

bool fst_timestamp_parse_iso(const char *p, size_t n, int64_t *us)
{
    const char *end = p + n;
    int64_t days, clock = 0, offset = 0;
    if (!take_date(&p, end, &days))
        return false;
    if (take_char(&p, end, "T ") &&
        (!take_clock(&p, end, &clock) || !take_offset(&p, end, &offset)))
        return false;
    *us = days * DAY_US + clock - offset;
    return p == end;
}

void fst_duration_text(struct fst_buf *out, int64_t us)
{
    int64_t ms = us / 1000, s = us / 1000000;
    if (us < 0)
        fst_buf_adds(out, "0ms");
    else if (ms < 1000)
        fst_buf_printf(out, "%lldms", (long long)ms);
    else if (s < 10 && ms % 1000)
        fst_buf_printf(out, "%lld.%llds", (long long)s, (long long)(ms % 1000 / 100));
    else if (s < 60)
        fst_buf_printf(out, "%llds", (long long)s);
    else if (s < 3600)
        fst_buf_printf(out, s % 60 ? "%lldm%02llds" : "%lldm", (long long)(s / 60),
                       (long long)(s % 60));
    else if (s < 86400)
        fst_buf_printf(out, s / 60 % 60 ? "%lldh%02lldm" : "%lldh", (long long)(s / 3600),
                       (long long)(s / 60 % 60));
    else
        fst_buf_printf(out, s / 3600 % 24 ? "%lldd%lldh" : "%lldd", (long long)(s / 86400),
                       (long long)(s / 3600 % 24));
}

void fst_size_text(struct fst_buf *out, uint64_t bytes)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
    double v = (double)bytes;
    size_t unit = 0;
    for (; v >= 999.5 && unit + 1 < FST_COUNT(units); unit++)
        v /= 1000;
    fst_buf_printf(out, unit && v < 9.95 ? "%.1f %s" : "%.0f %s", v, units[unit]);
}

void fst_count_text(struct fst_buf *out, int64_t n)
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%lld", (long long)n);
    for (int i = 0; i < len; i++) {
        fst_buf_addc(out, digits[i]);
        if (i + 1 < len && (len - i - 1) % 3 == 0 && digits[i] != '-')
            fst_buf_addc(out, ',');
    }
}

void fst_pause_ms(long ms)
{
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}
