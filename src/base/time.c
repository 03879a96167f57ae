/* Clocks, the proleptic Gregorian calendar, and times, spans, sizes and counts as people read them.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

void fst_civil_from_days(int64_t days, int64_t *year, int *month, int *day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153;
    *day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1);
    *month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    *year = year_of_era + era * 400 + (*month <= 2);
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

void fst_date_text(struct fst_buf *out, int64_t days)
{
    int64_t year;
    int month, day;
    fst_civil_from_days(days, &year, &month, &day);
    const char *sign = year < 0 ? "-" : year > 9999 ? "+" : "";
    fst_buf_printf(out, "%s%04lld-%02d-%02d", sign, (long long)(year < 0 ? -year : year), month,
                   day);
}

static void clock_text(struct fst_buf *out, int64_t us_of_day)
{
    int seconds = (int)(us_of_day / 1000000);
    fst_buf_printf(out, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

void fst_timestamp_text(struct fst_buf *out, int64_t us)
{
    int64_t days = floor_div(us, DAY_US), rest = us - days * DAY_US;
    fst_date_text(out, days);
    fst_buf_addc(out, ' ');
    clock_text(out, rest);
    char fraction[16];
    snprintf(fraction, sizeof fraction, ".%06d", (int)(rest % 1000000));
    size_t n = 7;
    while (n > 1 && fraction[n - 1] == '0')
        n--;
    fst_buf_add(out, fraction, n > 1 ? n : 0);
}

void fst_timestamp_iso(struct fst_buf *out, int64_t us)
{
    int64_t days = floor_div(us, DAY_US);
    fst_date_text(out, days);
    fst_buf_addc(out, 'T');
    clock_text(out, us - days * DAY_US);
    fst_buf_addc(out, 'Z');
}

bool fst_timestamp_parse_iso(const char *p, size_t n, int64_t *us)
{
    char text[40];
    int year, month, day, hour = 0, minute = 0, second = 0, used = 0;
    if (n == 0 || n >= sizeof text)
        return false;
    memcpy(text, p, n);
    text[n] = '\0';
    if (sscanf(text, "%d-%d-%d%n", &year, &month, &day, &used) != 3)
        return false;
    int64_t fraction = 0;
    const char *rest = text + used;
    if (*rest == 'T' || *rest == ' ') {
        int more = 0;
        if (sscanf(rest + 1, "%d:%d:%d%n", &hour, &minute, &second, &more) != 3)
            return false;
        rest += 1 + more;
        if (*rest == '.')
            for (int64_t unit = 100000; *++rest >= '0' && *rest <= '9'; unit /= 10)
                fraction += unit * (*rest - '0');
    }
    if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59)
        return false;
    if (*rest && strcmp(rest, "Z") != 0)
        return false;
    *us = fst_days_from_civil(year, month, day) * DAY_US +
          ((hour * 60LL + minute) * 60 + second) * 1000000 + fraction;
    return true;
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
