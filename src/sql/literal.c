/* Literals: text to typed values, and the names that Spark gives them. */
#include "resolve.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct fst_expr *literal(struct rx *rx, struct fst_type type, const struct sx *s,
                                const char *text)
{
    return make(rx, FST_EXPR_LITERAL, type, false, s->place, text);
}

/* ---- Numbers --------------------------------------------------------------------------------- */

static struct fst_expr *out_of_range(struct rx *rx, const struct sx *s, const char *type)
{
    return rx_fail(rx, &s->place, "INVALID_NUMERIC_LITERAL_RANGE", "22003",
                   "Numeric literal %s is outside the valid range for %s.", s->name, type);
}

static struct fst_expr *whole(struct rx *rx, const struct sx *s, size_t n, enum fst_kind kind)
{
    int64_t v;
    static const struct {
        enum fst_kind kind;
        int64_t min, max;
        const char *name;
    } rows[] = {{FST_BYTE, INT8_MIN, INT8_MAX, "tinyint"},
                {FST_SHORT, INT16_MIN, INT16_MAX, "smallint"},
                {FST_LONG, INT64_MIN, INT64_MAX, "bigint"}};
    for (size_t i = 0; i < FST_COUNT(rows); i++)
        if (rows[i].kind == kind &&
            (!fst_parse_int64(s->name, n, &v) || v < rows[i].min || v > rows[i].max))
            return out_of_range(rx, s, rows[i].name);
    struct fst_expr *e = literal(rx, fst_type(kind), s, text_of(rx, "%lld", (long long)v));
    e->value.i = v;
    return e;
}

static struct fst_expr *floating(struct rx *rx, const struct sx *s, size_t n, enum fst_kind kind)
{
    char *text = fst_arena_strndup(rx->a, s->name, n);
    double v = kind == FST_FLOAT ? (double)strtof(text, NULL) : strtod(text, NULL);
    if (isinf(v))
        return out_of_range(rx, s, kind == FST_FLOAT ? "float" : "double");
    struct fst_buf b = FST_BUF_TEXT;
    if (kind == FST_FLOAT)
        fst_float_java(&b, (float)v);
    else
        fst_double_java(&b, v);
    struct fst_expr *e = literal(rx, fst_type(kind), s, fst_arena_strdup(rx->a, fst_buf_text(&b)));
    fst_buf_done(&b);
    e->value.d = v;
    return e;
}

/* Digits, point and exponent to an exact decimal, as java.math.BigDecimal reads it. */
static struct fst_expr *exact(struct rx *rx, const struct sx *s, size_t n)
{
    const char *p = s->name;
    bool negative = n && p[0] == '-', point = false;
    int scale = 0, digits = 0;
    long exponent = 0;
    __int128 v = 0;
    for (size_t i = negative; i < n; i++) {
        if (p[i] == '.') {
            point = true;
        } else if ((p[i] | 32) == 'e') {
            char *text = fst_arena_strndup(rx->a, p + i + 1, n - i - 1);
            exponent = strtol(text, NULL, 10);
            break;
        } else {
            if (v != 0 || p[i] != '0')
                digits++;
            if (digits > 38)
                return rx_fail(rx, NULL, "DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION", "22003",
                               "Decimal precision %d exceeds max precision 38.", digits);
            v = v * 10 + (p[i] - '0');
            scale += point;
        }
    }
    if (labs(exponent) > 76)
        return rx_refuse(rx, &s->place, "a decimal with such an exponent");
    scale -= (int)exponent;
    for (; scale < 0; scale++) {
        if (++digits > 38)
            return rx_refuse(rx, &s->place, "a decimal of more than 38 digits");
        v *= 10;
    }
    if (scale > 38)
        return rx_refuse(rx, &s->place, "a decimal of scale %d", scale);
    int precision = digits > scale ? digits : scale;
    if (precision == 0)
        precision = 1;
    v = negative ? -v : v;
    struct fst_buf b = FST_BUF_TEXT;
    fst_decimal_text(&b, v, scale);
    struct fst_expr *e = literal(rx, fst_type_decimal(precision, scale), s,
                                 fst_arena_strdup(rx->a, fst_buf_text(&b)));
    fst_buf_done(&b);
    e->value.decimal = v;
    return e;
}

static struct fst_expr *plain_number(struct rx *rx, const struct sx *s, size_t n)
{
    int64_t v;
    if (strpbrk(s->name, "eE"))
        return floating(rx, s, n, FST_DOUBLE);
    if (memchr(s->name, '.', n) || !fst_parse_int64(s->name, n, &v))
        return exact(rx, s, n);
    enum fst_kind kind = v >= INT32_MIN && v <= INT32_MAX ? FST_INT : FST_LONG;
    struct fst_expr *e = literal(rx, fst_type(kind), s, text_of(rx, "%lld", (long long)v));
    e->value.i = v;
    return e;
}

static struct fst_expr *number(struct rx *rx, const struct sx *s)
{
    size_t n = strlen(s->name);
    switch (s->name[n - 1] | 32) {
    case 'l':
        return whole(rx, s, n - 1, FST_LONG);
    case 's':
        return whole(rx, s, n - 1, FST_SHORT);
    case 'y':
        return whole(rx, s, n - 1, FST_BYTE);
    case 'f':
        return floating(rx, s, n - 1, FST_FLOAT);
    case 'd':
        if ((s->name[n - 2] | 32) == 'b')
            return exact(rx, s, n - 2);
        return floating(rx, s, n - 1, FST_DOUBLE);
    default:
        return plain_number(rx, s, n);
    }
}

/* ---- Dates and timestamps -------------------------------------------------------------------- */

struct reader {
    const char *p, *end;
};

static bool take(struct reader *r, char c)
{
    bool is = r->p < r->end && *r->p == c;
    r->p += is;
    return is;
}

static bool digits(struct reader *r, int min, int max, int64_t *out)
{
    int n = 0;
    *out = 0;
    while (n < max && r->p < r->end && *r->p >= '0' && *r->p <= '9') {
        *out = *out * 10 + (*r->p++ - '0');
        n++;
    }
    return n >= min;
}

static bool valid_day(int64_t year, int64_t month, int64_t day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month >= 1 && month <= 12 && day >= 1 &&
           day <= lengths[month - 1] + (month == 2 && leap);
}

/* yyyy, yyyy-m or yyyy-m-d; the reader stands after it. */
static bool read_date(struct reader *r, int64_t *days)
{
    int64_t year, month = 1, day = 1;
    if (!digits(r, 4, 4, &year))
        return false;
    if (take(r, '-') && (!digits(r, 1, 2, &month) || (take(r, '-') && !digits(r, 1, 2, &day))))
        return false;
    if (!valid_day(year, month, day))
        return false;
    *days = fst_days_from_civil(year, (int)month, (int)day);
    return true;
}

static bool read_time(struct reader *r, int64_t *us)
{
    int64_t hour, minute = 0, second = 0, fraction = 0;
    if (!digits(r, 1, 2, &hour) || !take(r, ':') || !digits(r, 1, 2, &minute))
        return false;
    if (take(r, ':')) {
        if (!digits(r, 1, 2, &second))
            return false;
        if (take(r, '.')) {
            const char *start = r->p;
            if (!digits(r, 0, 6, &fraction))
                return false;
            for (long n = r->p - start; n < 6; n++)
                fraction *= 10;
            while (r->p < r->end && *r->p >= '0' && *r->p <= '9')
                r->p++;
        }
    }
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    *us = ((hour * 60 + minute) * 60 + second) * 1000000 + fraction;
    return true;
}

enum zone { ZONE_NONE, ZONE_FOUND, ZONE_UNSURE };

static enum zone read_zone(struct reader *r, int64_t *offset_us)
{
    int64_t hour, minute = 0;
    *offset_us = 0;
    while (take(r, ' '))
        ;
    if (r->p == r->end)
        return ZONE_NONE;
    if (r->end - r->p == 1 && take(r, 'Z'))
        return ZONE_FOUND;
    if (r->end - r->p == 3 && memcmp(r->p, "UTC", 3) == 0)
        return ZONE_FOUND;
    bool minus = *r->p == '-';
    if (!minus && *r->p != '+')
        return ZONE_UNSURE;
    r->p++;
    if (!digits(r, 2, 2, &hour) || !take(r, ':') || !digits(r, 2, 2, &minute) || r->p != r->end ||
        hour > 18 || minute > 59)
        return ZONE_UNSURE;
    *offset_us = (minus ? -1 : 1) * (hour * 60 + minute) * 60000000;
    return ZONE_FOUND;
}

static struct reader trimmed(struct fst_str s)
{
    struct reader r = {s.p, s.p + s.n};
    while (r.p < r.end && (unsigned char)*r.p <= ' ')
        r.p++;
    while (r.end > r.p && (unsigned char)r.end[-1] <= ' ')
        r.end--;
    return r;
}

static struct fst_expr *bad_literal(struct rx *rx, const struct sx *s)
{
    static const char *const words[] = {"epoch", "now", "today", "tomorrow", "yesterday"};
    struct reader r = trimmed(s->text);
    struct fst_str t = {r.p, (size_t)(r.end - r.p)};
    for (size_t i = 0; i < FST_COUNT(words); i++)
        if (fst_str_is_nocase(t, words[i]))
            return rx_refuse(rx, &s->place, "the literal '%s'", words[i]);
    if (t.n && (t.p[0] == '+' || t.p[0] == '-' || (t.n > 4 && t.p[4] >= '0' && t.p[4] <= '9')))
        return rx_refuse(rx, &s->place, "a year of more than four digits");
    return rx_fail(rx, &s->place, "INVALID_TYPED_LITERAL", "42604",
                   "The value of the typed literal \"%s\" is invalid: '%.*s'.", s->name,
                   (int)(s->text.n > 80 ? 80 : s->text.n), s->text.p);
}

static struct fst_expr *date_literal(struct rx *rx, const struct sx *s)
{
    struct reader r = trimmed(s->text);
    int64_t days;
    if (!read_date(&r, &days) || (r.p != r.end && *r.p != ' ' && *r.p != 'T'))
        return bad_literal(rx, s);
    struct fst_buf b = FST_BUF_TEXT;
    fst_date_text(&b, days);
    struct fst_expr *e =
        literal(rx, fst_type(FST_DATE), s, text_of(rx, "DATE '%s'", fst_buf_text(&b)));
    fst_buf_done(&b);
    e->value.i = days;
    return e;
}

static struct fst_expr *timestamp_literal(struct rx *rx, const struct sx *s)
{
    struct reader r = trimmed(s->text);
    int64_t days, us = 0, offset = 0;
    if (!read_date(&r, &days))
        return bad_literal(rx, s);
    enum zone zone = ZONE_NONE;
    if (r.p != r.end) {
        if ((!take(&r, ' ') && !take(&r, 'T')) || !read_time(&r, &us))
            return bad_literal(rx, s);
        zone = read_zone(&r, &offset);
    }
    bool ntz = strcmp(s->name, "TIMESTAMP_NTZ") == 0;
    if (zone == ZONE_UNSURE || (ntz && zone != ZONE_NONE))
        return rx_refuse(rx, &s->place, "a zone in this literal");
    us += days * 86400000000 - offset;
    struct fst_buf b = FST_BUF_TEXT;
    fst_timestamp_text(&b, us);
    struct fst_expr *e =
        literal(rx, fst_type(ntz ? FST_TIMESTAMP_NTZ : FST_TIMESTAMP), s,
                text_of(rx, "TIMESTAMP%s '%s'", ntz ? "_NTZ" : "", fst_buf_text(&b)));
    fst_buf_done(&b);
    e->value.i = us;
    return e;
}

/* ---- Binary ---------------------------------------------------------------------------------- */

static int nibble(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 87 : -1;
}

static struct fst_expr *binary_literal(struct rx *rx, const struct sx *s)
{
    size_t odd = s->text.n % 2, n = (s->text.n + 1) / 2;
    unsigned char *bytes = fst_arena_alloc(rx->a, n + 1);
    for (size_t i = 0; i < s->text.n; i++) {
        int v = nibble(s->text.p[i]);
        if (v < 0)
            return bad_literal(rx, s);
        size_t at = (i + odd) / 2;
        bytes[at] = (unsigned char)(bytes[at] << 4 | v);
    }
    struct fst_buf b = FST_BUF_TEXT;
    fst_hex(&b, bytes, n);
    char *hex = fst_arena_strdup(rx->a, fst_buf_text(&b));
    fst_buf_done(&b);
    for (char *c = hex; *c; c++)
        *c = *c >= 'a' ? (char)(*c - 32) : *c;
    struct fst_expr *e = literal(rx, fst_type(FST_BINARY), s, text_of(rx, "X'%s'", hex));
    e->value.s = (struct fst_str){(const char *)bytes, n};
    return e;
}

/* ---- Intervals ------------------------------------------------------------------------------- */

enum unit { U_YEAR, U_MONTH, U_DAY, U_HOUR, U_MINUTE, U_SECOND, U_COUNT };
static const char *const unit_names[] = {"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"};

struct interval {
    int64_t months, us;
    unsigned fields; /* bit by enum unit */
    bool bad, large;
};

static bool add_unit(struct interval *v, const char *unit, int64_t n, int64_t micros)
{
    static const struct {
        const char *name;
        enum unit field;
        int64_t months, us;
    } rows[] = {{"year", U_YEAR, 12, 0},          {"month", U_MONTH, 1, 0},
                {"week", U_DAY, 0, 604800000000}, {"day", U_DAY, 0, 86400000000},
                {"hour", U_HOUR, 0, 3600000000},  {"minute", U_MINUTE, 0, 60000000},
                {"second", U_SECOND, 0, 1000000}, {"millisecond", U_SECOND, 0, 1000},
                {"microsecond", U_SECOND, 0, 1}};
    struct fst_str u = fst_str(unit);
    if (u.n > 1 && (u.p[u.n - 1] | 32) == 's')
        u.n--;
    for (size_t i = 0; i < FST_COUNT(rows); i++) {
        if (!fst_str_is_nocase(u, rows[i].name))
            continue;
        if (micros && rows[i].field != U_SECOND)
            return false;
        int64_t months, us;
        v->fields |= 1u << rows[i].field;
        if (__builtin_mul_overflow(n, rows[i].months, &months) ||
            __builtin_mul_overflow(n, rows[i].us, &us) ||
            __builtin_add_overflow(v->months, months, &v->months) ||
            __builtin_add_overflow(v->us, us, &v->us) ||
            __builtin_add_overflow(v->us, micros, &v->us) || labs(v->months) > INT32_MAX)
            v->large = true;
        return !(micros && rows[i].us != 1000000);
    }
    return false;
}

/* -12 or 12.5 to whole and micros. */
static bool read_amount(struct fst_str s, bool negative, int64_t *n, int64_t *micros)
{
    struct reader r = trimmed(s);
    bool minus = take(&r, '-');
    if (!minus)
        take(&r, '+');
    *micros = 0;
    if (!digits(&r, 1, 18, n))
        return false;
    if (take(&r, '.')) {
        const char *start = r.p;
        if (!digits(&r, 0, 6, micros))
            return false;
        for (long k = r.p - start; k < 6; k++)
            *micros *= 10;
    }
    if (minus != negative) {
        *n = -*n;
        *micros = -*micros;
    }
    return r.p == r.end;
}

static void add_parts(const struct sx *s, struct interval *v)
{
    for (size_t i = 0; i < s->n_kids && !v->bad; i++) {
        const struct sx *k = s->kids[i];
        struct fst_str text = k->kind == SX_NUMBER ? fst_str(k->name) : k->text;
        int64_t n, micros;
        v->bad = !read_amount(text, k->kind == SX_STRING && k->flag, &n, &micros) ||
                 !add_unit(v, s->parts[i], n, micros);
    }
}

/* INTERVAL '1 day 2 hours'. */
static void add_words(struct rx *rx, const struct sx *s, struct interval *v)
{
    struct reader r = trimmed(s->kids[0]->text);
    v->bad = r.p == r.end;
    while (r.p < r.end && !v->bad) {
        const char *start = r.p;
        while (r.p < r.end && *r.p != ' ')
            r.p++;
        struct fst_str amount = {start, (size_t)(r.p - start)};
        while (take(&r, ' '))
            ;
        start = r.p;
        while (r.p < r.end && *r.p != ' ')
            r.p++;
        const char *unit = fst_arena_strndup(rx->a, start, (size_t)(r.p - start));
        while (take(&r, ' '))
            ;
        int64_t n, micros;
        v->bad =
            !read_amount(amount, s->kids[0]->flag, &n, &micros) || !add_unit(v, unit, n, micros);
    }
}

/* INTERVAL '1 02:03:04' DAY TO SECOND and '1-2' YEAR TO MONTH. */
static void add_range(const struct sx *s, struct interval *v)
{
    int from = -1, to = -1;
    for (int i = 0; i < U_COUNT; i++) {
        from = fst_str_is_nocase(fst_str(s->parts[0]), unit_names[i]) ? i : from;
        to = fst_str_is_nocase(fst_str(s->parts[1]), unit_names[i]) ? i : to;
    }
    v->bad = from < 0 || to <= from || (from < U_DAY) != (to < U_DAY);
    if (v->bad || s->kids[0]->kind != SX_STRING) {
        v->bad = true;
        return;
    }
    struct reader r = trimmed(s->kids[0]->text);
    bool negative = take(&r, '-') != s->kids[0]->flag;
    if (!negative)
        take(&r, '+');
    for (int i = from; i <= to && !v->bad; i++) {
        int64_t n, micros = 0;
        v->bad = !digits(&r, 1, 9, &n);
        if (i == U_SECOND && take(&r, '.')) {
            const char *start = r.p;
            v->bad |= !digits(&r, 0, 6, &micros);
            for (long k = r.p - start; k < 6; k++)
                micros *= 10;
        }
        static const int64_t most[] = {0, 11, 0, 23, 59, 59};
        v->bad |= i > from && n > most[i];
        v->bad |= !add_unit(v, unit_names[i], negative ? -n : n, negative ? -micros : micros);
        if (i < to)
            v->bad |= !take(&r, i == U_YEAR ? '-' : i == U_DAY ? ' ' : ':');
    }
    v->bad |= r.p != r.end;
}

/* The fields that are written, from the greatest to the least. */
static struct fst_type interval_type(const struct interval *v)
{
    int from = 0, to = U_COUNT - 1;
    while (!(v->fields & 1u << from))
        from++;
    while (!(v->fields & 1u << to))
        to--;
    return to <= U_MONTH ? fst_type_interval(FST_INTERVAL_YM, from, to)
                         : fst_type_interval(FST_INTERVAL_DT, from - U_DAY, to - U_DAY);
}

bool interval_micros(struct rx *rx, struct fst_str text, int64_t *us)
{
    struct interval v = {0};
    struct sx value = {.kind = SX_STRING, .text = text}, *kids[] = {&value};
    struct sx s = {.kids = kids, .n_kids = 1};
    add_words(rx, &s, &v);
    *us = v.us;
    return !v.bad && !v.large && v.fields && !(v.fields & 3);
}

static struct fst_expr *interval_literal(struct rx *rx, const struct sx *s)
{
    struct interval v = {0};
    if (s->flag)
        add_range(s, &v);
    else if (s->n_parts == 0)
        add_words(rx, s, &v);
    else
        add_parts(s, &v);
    unsigned years = v.fields & 3, times = v.fields & ~3u;
    if (v.bad || v.large || !v.fields || v.us == INT64_MIN || (years && times))
        return rx_refuse(rx, &s->place, "this interval");
    struct fst_type type = interval_type(&v);
    struct fst_buf b = FST_BUF_TEXT;
    fst_interval_text(&b, &type, years ? v.months : v.us);
    struct fst_expr *e = literal(rx, type, s, text_of(rx, "%s", fst_buf_text(&b)));
    fst_buf_done(&b);
    e->value.i = years ? v.months : v.us;
    return e;
}

/* ---- All of them ----------------------------------------------------------------------------- */

static struct fst_expr *typed(struct rx *rx, const struct sx *s)
{
    if (strcmp(s->name, "X") == 0)
        return binary_literal(rx, s);
    if (strcmp(s->name, "DATE") == 0)
        return date_literal(rx, s);
    if (strcmp(s->name, "TIME") == 0)
        return rx_refuse(rx, &s->place, "TIME");
    return timestamp_literal(rx, s);
}

struct fst_expr *resolve_literal(struct rx *rx, const struct sx *s)
{
    struct fst_expr *e;
    switch (s->kind) {
    case SX_NULL:
        return null_literal(rx, s->place);
    case SX_BOOLEAN:
        e = literal(rx, fst_type(FST_BOOLEAN), s, s->flag ? "true" : "false");
        e->value.i = s->flag;
        return e;
    case SX_NUMBER:
        return number(rx, s);
    case SX_STRING:
        e = literal(rx, fst_type(FST_STRING), s, fst_arena_strndup(rx->a, s->text.p, s->text.n));
        e->value.s = s->text;
        return e;
    case SX_INTERVAL:
        return interval_literal(rx, s);
    default:
        return typed(rx, s);
    }
}
