/* Java's date patterns: the letters whose meaning does not depend on a locale, in both directions.
 *
 * Writing does y yy yyyy M MM MMM MMMM L d D Q H h K k m s S a E and literals; reading does yyyy M
 * MM MMM MMMM d dd H HH h hh with a, m mm s ss S and literals. Other patterns are refused by
 * local_format_ok before a statement starts. */
#include <stdlib.h>
#include <string.h>

#include "local_fn.h"

#define US INT64_C(1000000)
#define MAX_ITEMS 64

/* A run of one letter, or a literal (letter 0). */
struct item {
    char letter;
    size_t count;
    struct fst_str literal;
};

static const char *const month_names[] = {"January",   "February", "March",    "April",
                                          "May",       "June",     "July",     "August",
                                          "September", "October",  "November", "December"};
static const char *const day_names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday"};

static const char *const half_names[] = {"AM", "PM"};

static bool is_letter(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
}

/* 'text' or ''; false at a missing quote. */
static bool quoted(struct fst_str p, size_t *at, struct item *out)
{
    size_t from = *at + 1;
    if (from < p.n && p.p[from] == '\'') {
        out->literal = (struct fst_str){p.p + from, 1};
        *at += 2;
        return true;
    }
    const char *end = memchr(p.p + from, '\'', p.n - from);
    if (!end)
        return false;
    out->literal = (struct fst_str){p.p + from, (size_t)(end - p.p) - from};
    *at = (size_t)(end - p.p) + 1;
    return !(*at < p.n && p.p[*at] == '\''); /* a quote within quotes is not done */
}

static size_t items_of(struct fst_str p, struct item *items)
{
    size_t n = 0;
    for (size_t at = 0; at < p.n; n++) {
        if (n == MAX_ITEMS)
            return 0;
        items[n] = (struct item){0};
        char ch = p.p[at];
        if (strchr("{}[]#", ch))
            return 0;
        if (ch == '\'') {
            if (!quoted(p, &at, &items[n]))
                return 0;
            continue;
        }
        items[n].literal = (struct fst_str){p.p + at, 1};
        if (is_letter(ch))
            items[n].letter = ch;
        while (at < p.n && p.p[at] == ch && items[n].letter) {
            items[n].count++;
            at++;
        }
        at += !items[n].letter;
    }
    return n;
}

/* Letters with the counts that are done: a bit for each count. */
struct letter {
    char letter;
    unsigned counts;
};
#define UP_TO(n) ((1u << ((n) + 1)) - 2)
static const struct letter writes[] = {
    {'y', 1u << 1 | 1u << 2 | 1u << 4},
    {'M', UP_TO(4)},
    {'L', UP_TO(2)},
    {'d', UP_TO(2)},
    {'D', UP_TO(3)},
    {'Q', UP_TO(2)},
    {'q', UP_TO(2)},
    {'H', UP_TO(2)},
    {'h', UP_TO(2)},
    {'K', UP_TO(2)},
    {'k', UP_TO(2)},
    {'m', UP_TO(2)},
    {'s', UP_TO(2)},
    {'S', UP_TO(9)},
    {'a', 1u << 1},
    {'E', UP_TO(4)},
};
static const struct letter reads[] = {
    {'y', 1u << 4},  {'M', UP_TO(4)}, {'d', UP_TO(2)}, {'H', UP_TO(2)}, {'h', UP_TO(2)},
    {'m', UP_TO(2)}, {'s', UP_TO(2)}, {'S', UP_TO(9)}, {'a', 1u << 1},
};

static bool known(const struct letter *table, size_t n, const struct item *item)
{
    for (size_t i = 0; i < n; i++)
        if (table[i].letter == item->letter)
            return item->count < 32 && (table[i].counts >> item->count & 1);
    return false;
}

bool local_format_ok(struct fst_str pattern, bool parsing)
{
    struct item items[MAX_ITEMS];
    size_t n = items_of(pattern, items);
    unsigned seen[128] = {0};
    for (size_t i = 0; i < n; i++) {
        const struct item *item = &items[i];
        if (!item->letter)
            continue;
        bool ok =
            parsing ? known(reads, FST_COUNT(reads), item) : known(writes, FST_COUNT(writes), item);
        bool loose = (item->count == 1 && item->letter != 'a') || item->letter == 'S';
        bool beside = i + 1 < n && items[i + 1].letter;
        if (!ok || (parsing && (seen[(int)item->letter]++ || (loose && beside))))
            return false;
    }
    bool halves = !seen['h'] == !seen['a'] && !(seen['h'] && seen['H']);
    return n > 0 && (!parsing || halves);
}

/* ---- Writing --------------------------------------------------------------------------------- */

struct clock {
    int64_t year, days;
    int month, day, hour, minute, second, us;
};

static struct clock clock_of(int64_t wall)
{
    struct clock v = {.days = local_floor_div(wall, LOCAL_DAY_US)};
    int64_t rest = wall - v.days * LOCAL_DAY_US;
    fst_civil_from_days(v.days, &v.year, &v.month, &v.day);
    v.us = (int)(rest % US);
    v.second = (int)(rest / US % 60);
    v.minute = (int)(rest / US / 60 % 60);
    v.hour = (int)(rest / US / 3600);
    return v;
}

static void add_year(struct fst_buf *out, int64_t year, size_t count)
{
    long long size = year < 0 ? -year : year;
    if (count == 2)
        fst_buf_printf(out, "%02lld", size % 100);
    else if (count == 1)
        fst_buf_printf(out, "%lld", (long long)year);
    else
        fst_buf_printf(out, "%s%04lld", year < 0 ? "-" : year > 9999 ? "+" : "", size);
}

static void add_name(struct fst_buf *out, const char *name, bool full)
{
    fst_buf_add(out, name, full ? strlen(name) : 3);
}

static void add_fraction(struct fst_buf *out, int us, size_t count)
{
    char digits[16];
    snprintf(digits, sizeof digits, "%06d000", us);
    fst_buf_add(out, digits, count);
}

static void add_item(struct fst_buf *out, const struct item *item, const struct clock *v)
{
    int number = 0;
    switch (item->letter) {
    case 0:
        fst_buf_add(out, item->literal.p, item->literal.n);
        return;
    case 'y':
        add_year(out, v->year, item->count);
        return;
    case 'S':
        add_fraction(out, v->us, item->count);
        return;
    case 'a':
        fst_buf_adds(out, v->hour < 12 ? "AM" : "PM");
        return;
    case 'E':
        add_name(out, day_names[((v->days + 3) % 7 + 7) % 7], item->count == 4);
        return;
    case 'M':
    case 'L':
        if (item->count > 2) {
            add_name(out, month_names[v->month - 1], item->count == 4);
            return;
        }
        number = v->month;
        break;
    case 'd':
        number = v->day;
        break;
    case 'D':
        number = (int)(v->days - fst_days_from_civil(v->year, 1, 1)) + 1;
        break;
    case 'Q':
    case 'q':
        number = (v->month + 2) / 3;
        break;
    case 'H':
        number = v->hour;
        break;
    case 'k':
        number = v->hour ? v->hour : 24;
        break;
    case 'K':
        number = v->hour % 12;
        break;
    case 'h':
        number = v->hour % 12 ? v->hour % 12 : 12;
        break;
    case 'm':
        number = v->minute;
        break;
    default:
        number = v->second;
        break;
    }
    fst_buf_printf(out, "%0*d", (int)item->count, number);
}

static void format_wall(const struct local_call *c, int64_t wall, struct fst_str pattern)
{
    struct item items[MAX_ITEMS];
    struct fst_buf out = FST_BUF(4096);
    struct clock v = clock_of(wall);
    size_t n = items_of(pattern, items);
    for (size_t i = 0; i < n; i++)
        add_item(&out, &items[i], &v);
    local_give_buf(c, &out);
}

static void format_timestamp(const struct local_call *c, sqlite3_value **args)
{
    format_wall(c, local_zone_to_local(c->env->zone, sqlite3_value_int64(args[0])),
                local_text(args[1]));
}

static void format_unix(const struct local_call *c, sqlite3_value **args)
{
    int64_t us;
    if (__builtin_mul_overflow(sqlite3_value_int64(args[0]), US, &us))
        local_raise_overflow(c, "long overflow", NULL);
    else
        format_wall(c, local_zone_to_local(c->env->zone, us), local_text(args[1]));
}

/* ---- Reading --------------------------------------------------------------------------------- */

struct fields {
    int64_t year, month, day, hour, minute, second, us;
    int64_t half_hour, half; /* 1 to 12, and 0 = AM; -1 when not written */
};

static bool read_digits(struct fst_str s, size_t *at, size_t min, size_t max, int64_t *out)
{
    size_t from = *at;
    for (*out = 0; *at < s.n && *at - from < max; ++*at) {
        if (s.p[*at] < '0' || s.p[*at] > '9')
            break;
        if (*out < INT32_MAX)
            *out = *out * 10 + (s.p[*at] - '0');
    }
    return *at - from >= min;
}

static bool read_literal(struct fst_str s, size_t *at, struct fst_str literal)
{
    if (s.n - *at < literal.n)
        return false;
    struct fst_str have = {s.p + *at, literal.n};
    char *want = fst_strndup(literal.p, literal.n);
    bool same = fst_str_is_nocase(have, want);
    free(want);
    *at += literal.n;
    return same;
}

static bool read_fraction(struct fst_str s, size_t *at, size_t max, int64_t *us)
{
    size_t from = *at;
    int64_t unit = US / 10;
    for (*us = 0; *at < s.n && *at - from < max; ++*at, unit /= 10) {
        if (s.p[*at] < '0' || s.p[*at] > '9')
            break;
        *us += unit * (s.p[*at] - '0');
    }
    return *at > from;
}

/* One of the names, as long as the pattern says. */
static bool read_name(struct fst_str s, size_t *at, const char *const *names, size_t n, size_t len,
                      int64_t *out)
{
    for (size_t i = 0; i < n; i++) {
        char name[16];
        snprintf(name, sizeof name, "%.*s", len ? (int)len : 15, names[i]);
        size_t bytes = strlen(name);
        if (s.n - *at >= bytes && fst_str_is_nocase((struct fst_str){s.p + *at, bytes}, name)) {
            *at += bytes;
            *out = (int64_t)i;
            return true;
        }
    }
    return false;
}

static bool read_month(struct fst_str s, size_t *at, size_t count, int64_t *month)
{
    bool ok = read_name(s, at, month_names, 12, count == 3 ? 3 : 0, month);
    ++*month;
    return ok;
}

static bool read_item(struct fst_str s, size_t *at, const struct item *item, bool beside,
                      struct fields *f)
{
    int64_t *into = item->letter == 'M'   ? &f->month
                    : item->letter == 'd' ? &f->day
                    : item->letter == 'H' ? &f->hour
                    : item->letter == 'h' ? &f->half_hour
                    : item->letter == 'm' ? &f->minute
                                          : &f->second;
    if (!item->letter)
        return read_literal(s, at, item->literal);
    if (item->letter == 'a')
        return read_name(s, at, half_names, 2, 0, &f->half);
    if (item->letter == 'M' && item->count > 2)
        return read_month(s, at, item->count, &f->month);
    if (item->letter == 'S')
        return read_fraction(s, at, item->count, &f->us);
    if (item->letter == 'y') {
        bool ok = read_digits(s, at, 4, 4, &f->year);
        return ok && (beside || *at == s.n || s.p[*at] < '0' || s.p[*at] > '9');
    }
    return read_digits(s, at, item->count, item->count == 1 ? 19 : 2, into);
}

static bool in_range(const struct fields *f)
{
    return f->month >= 1 && f->month <= 12 && f->day >= 1 &&
           f->day <= local_days_in_month(f->year, (int)f->month) && f->hour < 24 &&
           f->minute < 60 && f->second < 60;
}

/* The wall clock that `s` spells, or CANNOT_PARSE_TIMESTAMP. */
static bool parse_wall(const struct local_call *c, struct fst_str s, struct fst_str pattern,
                       int64_t *wall)
{
    struct item items[MAX_ITEMS];
    struct fields f = {.year = 1970, .month = 1, .day = 1, .half = -1};
    size_t n = items_of(pattern, items), at = 0, i = 0;
    while (i < n && read_item(s, &at, &items[i], i + 1 < n && items[i + 1].letter, &f))
        i++;
    bool half_ok = f.half < 0 || (f.half_hour >= 1 && f.half_hour <= 12);
    if (f.half >= 0)
        f.hour = f.half_hour % 12 + 12 * f.half;
    if (i < n || at < s.n || !half_ok || !in_range(&f)) {
        local_raise(c, "CANNOT_PARSE_TIMESTAMP", "22007",
                    "Text '%.*s' could not be parsed at index %zu. Use `try_to_%s` to tolerate "
                    "invalid input string and return NULL instead.",
                    s.n > 500 ? 500 : (int)s.n, s.p, at,
                    c->row->mode == 'd' ? "date" : "timestamp");
        return false;
    }
    int64_t days = fst_days_from_civil(f.year, (int)f.month, (int)f.day);
    *wall = days * LOCAL_DAY_US + ((f.hour * 60 + f.minute) * 60 + f.second) * US + f.us;
    return true;
}

static void parse_text(const struct local_call *c, sqlite3_value **args)
{
    int64_t wall;
    if (!parse_wall(c, local_text(args[0]), local_text(args[1]), &wall))
        return;
    int64_t us = c->row->mode == 'n' ? wall : local_zone_to_utc(c->env->zone, wall);
    sqlite3_result_int64(c->ctx, c->row->mode == 'd'   ? local_floor_div(wall, LOCAL_DAY_US)
                                 : c->row->mode == 'u' ? local_floor_div(us, US)
                                                       : us);
}

const struct local_function local_format_functions[] = {
    {"format_timestamp", 2, true, format_timestamp, 0},
    {"format_unix", 2, true, format_unix, 0},
    {"parse_date", 2, true, parse_text, 'd'},
    {"parse_timestamp", 2, true, parse_text, 't'},
    {"parse_ntz", 2, true, parse_text, 'n'},
    {"parse_unix", 2, true, parse_text, 'u'},
    {0},
};
