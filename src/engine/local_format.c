/* Java's date patterns: the letters whose meaning does not depend on a locale, in both directions.
 *
 * Writing does y yy yyyy M L d D Q H h K k m s S a E G, the zones V z O X x Z of UTC, and literals;
 * reading does yy yyyy M MM MMM MMMM d dd DDD H HH h hh with a, m mm s ss S, the offsets X x Z and
 * literals; both do optional sections. Other patterns are refused by local_format_ok before a
 * statement starts. */
#include <stdlib.h>
#include <string.h>

#include "local_fn.h"

#define US INT64_C(1000000)
#define MAX_ITEMS 64

/* A run of one letter, a literal (letter 0), or the bracket of an optional section. */
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

static bool is_field(const struct item *item)
{
    return is_letter(item->letter);
}

/* From behind a quote up to the next one, which `at` ends behind. */
static bool quoted(struct fst_str p, size_t *at, struct item *out)
{
    const char *end = memchr(p.p + *at, '\'', p.n - *at);
    if (!end)
        return false;
    out->literal = (struct fst_str){p.p + *at, (size_t)(end - p.p) - *at};
    *at = (size_t)(end - p.p) + 1;
    return true;
}

/* What stands at `at`; false where it is no pattern that is done. */
static bool item_at(struct fst_str p, size_t *at, struct item *out)
{
    char ch = p.p[*at];
    *out = (struct item){.literal = {p.p + *at, 1}};
    if (strchr("{}#", ch))
        return false;
    if (ch == '\'' && *at + 1 < p.n && p.p[*at + 1] == '\'') {
        *at += 2;
        return true;
    }
    if (ch == '\'') {
        ++*at;
        bool ok = quoted(p, at, out);
        if (ok && *at < p.n && p.p[*at] == '\'') /* a quote within quotes */
            out->literal.n++;
        return ok;
    }
    if (is_letter(ch) || ch == '[' || ch == ']')
        out->letter = ch;
    do {
        out->count++;
        ++*at;
    } while (is_letter(ch) && *at < p.n && p.p[*at] == ch);
    return true;
}

static size_t items_of(struct fst_str p, struct item *items)
{
    size_t n = 0;
    int depth = 0;
    for (size_t at = 0; at < p.n; n++) {
        if (n == MAX_ITEMS || !item_at(p, &at, &items[n]))
            return 0;
        depth += items[n].letter == '[';
        depth -= items[n].letter == ']';
        if (depth < 0)
            return 0;
    }
    return depth == 0 ? n : 0;
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
    {'L', UP_TO(4)},
    {'d', UP_TO(2)},
    {'D', UP_TO(3)},
    {'Q', UP_TO(4)},
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
    {'G', UP_TO(3)},
    {'V', 1u << 2},
    {'z', UP_TO(3)},
    {'O', 1u << 1},
    {'X', UP_TO(3)},
    {'x', UP_TO(3)},
    {'Z', UP_TO(3)},
};
static const struct letter reads[] = {
    {'y', 1u << 2 | 1u << 4}, {'M', UP_TO(4)}, {'d', UP_TO(2)}, {'D', 1u << 3},  {'H', UP_TO(2)},
    {'h', UP_TO(2)},          {'m', UP_TO(2)}, {'s', UP_TO(2)}, {'S', UP_TO(9)}, {'a', 1u << 1},
    {'X', UP_TO(3)},          {'x', UP_TO(3)}, {'Z', UP_TO(3)},
};

static bool known(const struct letter *table, size_t n, const struct item *item)
{
    for (size_t i = 0; i < n; i++)
        if (table[i].letter == item->letter)
            return item->count < 32 && (table[i].counts >> item->count & 1);
    return false;
}

/* Fields whose width is not said and that others follow directly are not done. */
static bool readable(const struct item *items, size_t n, size_t i, unsigned *seen)
{
    const struct item *item = &items[i];
    bool loose = (item->count == 1 && !strchr("aXxZ", item->letter)) || item->letter == 'S';
    bool beside = i + 1 < n && is_field(&items[i + 1]) && !strchr("XxZ", items[i + 1].letter);
    if (item->letter == 'X' && item->count == 1 && beside)
        return false;
    return known(reads, FST_COUNT(reads), item) && !seen[(int)item->letter]++ && !(loose && beside);
}

bool local_format_ok(struct fst_str pattern, bool parsing)
{
    struct item items[MAX_ITEMS];
    size_t n = items_of(pattern, items);
    unsigned seen[128] = {0};
    for (size_t i = 0; i < n; i++)
        if (is_field(&items[i]) &&
            !(parsing ? readable(items, n, i, seen) : known(writes, FST_COUNT(writes), &items[i])))
            return false;
    bool halves = !seen['h'] == !seen['a'] && !(seen['h'] && seen['H']);
    bool days = !seen['D'] || (seen['y'] && !seen['M'] && !seen['d']);
    bool offsets = seen['X'] + seen['x'] + seen['Z'] <= 1;
    return n > 0 && (!parsing || (halves && days && offsets));
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

/* Of UTC: the statement stops where the session has another zone. */
static void add_zone(struct fst_buf *out, const struct item *item)
{
    static const char *const offsets[] = {"+00", "+0000", "+00:00"};
    fst_buf_adds(out, item->letter == 'X'   ? "Z"
                      : item->letter == 'x' ? offsets[item->count - 1]
                      : item->letter == 'Z' ? offsets[1]
                      : item->letter == 'O' ? "GMT"
                                            : "UTC");
}

static void add_quarter(struct fst_buf *out, int quarter, size_t count)
{
    static const char *const names[] = {"1st", "2nd", "3rd", "4th"};
    if (count == 3)
        fst_buf_printf(out, "Q%d", quarter);
    else
        fst_buf_printf(out, "%s quarter", names[quarter - 1]);
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
    case '[':
    case ']':
        return;
    case 'G':
        fst_buf_adds(out, "AD");
        return;
    case 'V':
    case 'z':
    case 'O':
    case 'X':
    case 'x':
    case 'Z':
        add_zone(out, item);
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
        if (item->count > 2) {
            add_quarter(out, number, item->count);
            return;
        }
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

static bool writable(const struct local_call *c, const struct item *item, const struct clock *v)
{
    bool zone = is_field(item) && strchr("VzOXxZ", item->letter) && c->env->zone;
    bool era = item->letter == 'G' && v->year < 1;
    if (zone || era)
        local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                    "date_format with %s is not something the local engine does.",
                    zone ? "a zone that is not UTC" : "an era before Christ");
    return !zone && !era;
}

bool local_format_write(const struct local_call *c, struct fst_buf *out, int64_t wall,
                        struct fst_str pattern)
{
    struct item items[MAX_ITEMS];
    struct clock v = clock_of(wall);
    size_t n = items_of(pattern, items);
    for (size_t i = 0; i < n; i++) {
        if (!writable(c, &items[i], &v))
            return false;
        add_item(out, &items[i], &v);
    }
    return true;
}

static void format_wall(const struct local_call *c, int64_t wall, struct fst_str pattern)
{
    struct fst_buf out = FST_BUF(4096);
    if (local_format_write(c, &out, wall, pattern))
        local_give_buf(c, &out);
    else
        fst_buf_done(&out);
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
    int64_t day_of_year;     /* 0 = not written */
    int64_t offset;          /* seconds */
    bool has_offset;
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

/* +hh:mm as XXX, +hhmm as XX and Z, +hh with or without mm as X; Z is 0 for the X. */
static bool read_offset(struct fst_str s, size_t *at, const struct item *item, struct fields *f)
{
    f->has_offset = true;
    f->offset = 0;
    if (*at >= s.n)
        return false;
    char sign = s.p[*at];
    if (item->letter == 'X' && (sign == 'Z' || sign == 'z')) {
        ++*at;
        return true;
    }
    int64_t hour, minute = 0;
    bool colon = item->count == 3 && item->letter != 'Z';
    bool brief = item->count == 1 && item->letter != 'Z';
    ++*at;
    if ((sign != '+' && sign != '-') || !read_digits(s, at, 2, 2, &hour))
        return false;
    if (colon && !(*at < s.n && s.p[(*at)++] == ':'))
        return false;
    size_t from = *at;
    if (!read_digits(s, at, 2, 2, &minute)) {
        *at = from;
        minute = 0;
        if (!brief)
            return false;
    }
    f->offset = (hour * 60 + minute) * 60 * (sign == '-' ? -1 : 1);
    return minute < 60 && hour * 60 + minute <= 18 * 60;
}

/* Digits of the fields of fixed width that stand right behind item i. */
static size_t fixed_behind(const struct item *items, size_t i, size_t end)
{
    size_t width = 0;
    for (i++; i < end && is_field(&items[i]) && strchr("MdHhmsD", items[i].letter); i++) {
        if (items[i].count != (items[i].letter == 'D' ? 3 : 2))
            break;
        width += items[i].count;
    }
    return width;
}

/* Java lets yyyy take all digits but those of the fixed fields behind it: more than four fail. */
static bool read_year(struct fst_str s, size_t *at, size_t count, size_t behind, int64_t *year)
{
    size_t run = 0;
    while (*at + run < s.n && s.p[*at + run] >= '0' && s.p[*at + run] <= '9')
        run++;
    if (!read_digits(s, at, count, count, year))
        return false;
    if (count == 2)
        *year += 2000;
    return count == 2 || run <= 4 + behind;
}

static bool read_item(struct fst_str s, size_t *at, const struct item *item, size_t behind,
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
    if (item->letter == 'y')
        return read_year(s, at, item->count, behind, &f->year);
    if (item->letter == 'D')
        return read_digits(s, at, 3, 3, &f->day_of_year) && f->day_of_year > 0;
    if (strchr("XxZ", item->letter))
        return read_offset(s, at, item, f);
    return read_digits(s, at, item->count, item->count == 1 ? 19 : 2, into);
}

/* The item behind the section that begins at `i`. */
static size_t section_end(const struct item *items, size_t n, size_t i)
{
    int depth = 0;
    for (; i < n; i++) {
        depth += items[i].letter == '[';
        depth -= items[i].letter == ']';
        if (depth == 0)
            return i + 1;
    }
    return n;
}

/* All items from `i` to `end`; a section that does not fit is as if it were not there. */
static bool read_items(struct fst_str s, size_t *at, const struct item *items, size_t i, size_t end,
                       struct fields *f)
{
    while (i < end) {
        if (items[i].letter == '[') {
            size_t behind = section_end(items, end, i), start = *at;
            struct fields before = *f;
            if (!read_items(s, at, items, i + 1, behind - 1, f)) {
                *at = start;
                *f = before;
            }
            i = behind;
            continue;
        }
        if (!read_item(s, at, &items[i], fixed_behind(items, i, end), f))
            return false;
        i++;
    }
    return true;
}

static bool in_range(const struct fields *f)
{
    int64_t days = 365 + (local_days_in_month(f->year, 2) == 29);
    return f->day_of_year <= days && f->month >= 1 && f->month <= 12 && f->day >= 1 &&
           f->day <= local_days_in_month(f->year, (int)f->month) && f->hour < 24 &&
           f->minute < 60 && f->second < 60;
}

/* The wall clock that `s` spells; `offset` of what is in `f`. Nothing where it is none, and *at the
 * place of that; STOPPED where we do not read it. */
enum parsed { NOTHING, PARSED, STOPPED };
static enum parsed parse_wall(const struct local_call *c, struct fst_str s, struct fst_str pattern,
                              int64_t *wall, struct fields *fields, size_t *failed_at)
{
    struct item items[MAX_ITEMS];
    struct fields f = {.year = 1970, .month = 1, .day = 1, .half = -1, .half_hour = -1};
    size_t n = items_of(pattern, items), at = 0;
    bool fits = read_items(s, &at, items, 0, n, &f);
    if (fits && (f.half >= 0) != (f.half_hour >= 0)) {
        local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                    "a text without some of the optional fields of its pattern is not something "
                    "the local engine reads.");
        return STOPPED;
    }
    bool half_ok = f.half < 0 || (f.half_hour >= 1 && f.half_hour <= 12);
    if (f.half >= 0)
        f.hour = f.half_hour % 12 + 12 * f.half;
    *failed_at = at;
    if (!fits || at < s.n || !half_ok || !in_range(&f))
        return NOTHING;
    int64_t days = f.day_of_year ? fst_days_from_civil(f.year, 1, 1) + f.day_of_year - 1
                                 : fst_days_from_civil(f.year, (int)f.month, (int)f.day);
    *fields = f;
    *wall = days * LOCAL_DAY_US + ((f.hour * 60 + f.minute) * 60 + f.second) * US + f.us;
    return PARSED;
}

static int64_t value_of(const struct local_call *c, char kind, int64_t wall, const struct fields *f)
{
    int64_t us = kind == 'n'     ? wall
                 : f->has_offset ? wall - f->offset * US
                                 : local_zone_to_utc(c->env->zone, wall);
    if (f->has_offset && kind == 'd')
        wall = local_zone_to_local(c->env->zone, us);
    return kind == 'd'   ? local_floor_div(wall, LOCAL_DAY_US)
           : kind == 'u' ? local_floor_div(us, US)
                         : us;
}

int local_format_read(const struct local_call *c, struct fst_str s, struct fst_str pattern,
                      char kind, int64_t *value)
{
    struct fields f;
    int64_t wall;
    size_t at;
    enum parsed parsed = parse_wall(c, s, pattern, &wall, &f, &at);
    if (parsed == PARSED)
        *value = value_of(c, kind, wall, &f);
    return parsed == PARSED ? 1 : parsed == NOTHING ? 0 : -1;
}

static void parse_text(const struct local_call *c, sqlite3_value **args)
{
    struct fields f;
    int64_t wall;
    size_t at;
    struct fst_str s = local_text(args[0]);
    enum parsed parsed = parse_wall(c, s, local_text(args[1]), &wall, &f, &at);
    if (parsed == PARSED)
        sqlite3_result_int64(c->ctx, value_of(c, (char)c->row->mode, wall, &f));
    else if (parsed == NOTHING)
        local_raise(c, "CANNOT_PARSE_TIMESTAMP", "22007",
                    "Text '%.*s' could not be parsed at index %zu. Use `try_to_%s` to tolerate "
                    "invalid input string and return NULL instead.",
                    s.n > 500 ? 500 : (int)s.n, s.p, at,
                    c->row->mode == 'd' ? "date" : "timestamp");
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
