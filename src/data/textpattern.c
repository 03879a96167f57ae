/* textpattern: see the header. Letters: y u M L d H h K k a m s S E X x Z, 'text', and [optional]
 * pieces; two and more of a letter are that many digits, three and four M or E are names. */
#include "textpattern.h"

#include <string.h>
#include <strings.h>

struct fields {
    int64_t year, month, day, hour, minute, second, us, offset_s;
    bool is_pm, has_half, has_12;
};

struct scan {
    const char *p, *end;
    struct fields f;
};

const char *fst_pattern_problem(const char *pattern)
{
    int open = 0;
    bool quoted = false;
    for (const char *p = pattern; *p; p++) {
        quoted ^= *p == '\'';
        if (quoted || *p == '\'')
            continue;
        open += (*p == '[') - (*p == ']');
        bool is_letter = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z');
        if (is_letter && !strchr("yuMLdHhKkamsSEXxZ", *p))
            return "one of its letters is not supported here";
        if (open < 0 || open > 8 || strchr("{}#", *p))
            return "its brackets do not fit together";
    }
    return quoted ? "its quotes do not close" : open ? "its brackets do not fit together" : NULL;
}

static bool digits(struct scan *s, int min, int max, int64_t *out)
{
    int n = 0;
    *out = 0;
    for (; n < max && s->p < s->end && *s->p >= '0' && *s->p <= '9'; n++)
        *out = *out * 10 + (*s->p++ - '0');
    return n >= min;
}

/* One of `n` names, shortened to three letters or whole. */
static bool name(struct scan *s, const char *const *names, int n, bool whole, int64_t *out)
{
    for (int i = 0; i < n; i++) {
        size_t length = whole ? strlen(names[i]) : 3;
        if ((size_t)(s->end - s->p) < length || strncasecmp(s->p, names[i], length) != 0)
            continue;
        s->p += length;
        *out = i + 1;
        return true;
    }
    return false;
}

static bool month(struct scan *s, int n)
{
    static const char *const names[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
    if (n > 2)
        return name(s, names, 12, n > 3, &s->f.month);
    return digits(s, n, 2, &s->f.month);
}

static bool weekday(struct scan *s, int n)
{
    static const char *const names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday"};
    int64_t ignored;
    return name(s, names, 7, n > 3, &ignored);
}

static bool year(struct scan *s, int n)
{
    if (n != 2)
        return digits(s, n, n == 1 ? 6 : n, &s->f.year);
    bool good = digits(s, 2, 2, &s->f.year);
    s->f.year += 2000;
    return good;
}

static bool fraction(struct scan *s, int n)
{
    const char *from = s->p;
    int64_t v;
    if (!digits(s, 1, n < 9 ? n : 9, &v))
        return false;
    for (long length = s->p - from; length < 6; length++)
        v *= 10;
    for (long length = s->p - from; length > 6; length--)
        v /= 10;
    s->f.us = v;
    return true;
}

static bool half(struct scan *s)
{
    if (s->end - s->p < 2 || (s->p[1] | 0x20) != 'm' ||
        ((*s->p | 0x20) != 'a' && (*s->p | 0x20) != 'p'))
        return false;
    s->f.is_pm = (*s->p | 0x20) == 'p';
    s->f.has_half = true;
    s->p += 2;
    return true;
}

/* X: Z, +hh, +hhmm, +hh:mm; x and Z without the letter. */
static bool zone(struct scan *s, char letter)
{
    int64_t h, m = 0;
    if (letter == 'X' && s->p < s->end && *s->p == 'Z') {
        s->p++;
        return true;
    }
    if (s->p == s->end || (*s->p != '+' && *s->p != '-'))
        return false;
    bool negative = *s->p++ == '-';
    if (!digits(s, 2, 2, &h))
        return false;
    bool colon = s->p < s->end && *s->p == ':';
    s->p += colon;
    if (!digits(s, 2, 2, &m) && colon)
        return false;
    s->f.offset_s = (h * 60 + m) * (negative ? -60 : 60);
    return h <= 18 && m < 60;
}

static bool letters(struct scan *s, char letter, int n)
{
    switch (letter) {
    case 'y':
    case 'u':
        return year(s, n);
    case 'M':
    case 'L':
        return month(s, n);
    case 'd':
        return digits(s, n, n > 2 ? n : 2, &s->f.day);
    case 'h':
    case 'K':
        s->f.has_12 = true;
        return digits(s, n, 2, &s->f.hour);
    case 'H':
    case 'k':
        return digits(s, n, 2, &s->f.hour);
    case 'm':
        return digits(s, n, 2, &s->f.minute);
    case 's':
        return digits(s, n, 2, &s->f.second);
    case 'S':
        return fraction(s, n);
    case 'a':
        return half(s);
    case 'E':
        return weekday(s, n);
    default:
        return zone(s, letter);
    }
}

/* The pattern up to `limit`, from where the text is; true when all of it was there. */
static bool match(struct scan *s, const char *p, const char *limit);

static const char *closing(const char *p, const char *limit)
{
    int depth = 0;
    for (; p < limit; p++) {
        depth += (*p == '[') - (*p == ']');
        if (!depth)
            break;
    }
    return p;
}

static bool match_text(struct scan *s, const char **p, const char *limit)
{
    const char *from = *p + 1, *close = memchr(from, '\'', (size_t)(limit - from));
    size_t n = close ? (size_t)(close - from) : 0;
    if (!close)
        return false;
    *p = close + 1;
    const char *text = n ? from : "'";
    n = n ? n : 1;
    if ((size_t)(s->end - s->p) < n || strncasecmp(s->p, text, n) != 0)
        return false;
    s->p += n;
    return true;
}

static bool match(struct scan *s, const char *p, const char *limit)
{
    while (p < limit) {
        if (*p == '[') {
            const char *close = closing(p, limit);
            struct scan before = *s;
            if (!match(s, p + 1, close))
                *s = before;
            p = close + 1;
            continue;
        }
        if (*p == '\'') {
            if (!match_text(s, &p, limit))
                return false;
            continue;
        }
        bool is_letter = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z');
        int n = 1;
        while (is_letter && p + n < limit && p[n] == *p)
            n++;
        if (is_letter ? !letters(s, *p, n) : s->p == s->end || *s->p++ != *p)
            return false;
        p += n;
    }
    return true;
}

static bool is_date(const struct fields *f)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (f->month < 1 || f->month > 12 || f->day < 1)
        return false;
    bool leap = (f->year % 4 == 0 && f->year % 100 != 0) || f->year % 400 == 0;
    return f->day <= days[f->month - 1] + (f->month == 2 && leap);
}

static bool is_time(struct fields *f)
{
    if (f->has_12 && f->has_half) {
        if (f->hour > 12)
            return false;
        f->hour = f->hour % 12 + (f->is_pm ? 12 : 0);
    }
    return f->hour < 24 && f->minute < 60 && f->second < 60;
}

bool fst_pattern_parse(const char *pattern, struct fst_str text, int64_t *us)
{
    struct scan s = {text.p, text.p + text.n, {.year = 1970, .month = 1, .day = 1}};
    if (!match(&s, pattern, pattern + strlen(pattern)) || s.p != s.end || !is_date(&s.f) ||
        !is_time(&s.f))
        return false;
    int64_t days = fst_days_from_civil(s.f.year, (int)s.f.month, (int)s.f.day);
    int64_t seconds = (s.f.hour * 60 + s.f.minute) * 60 + s.f.second - s.f.offset_s;
    *us = (days * 86400 + seconds) * 1000000 + s.f.us;
    return true;
}
