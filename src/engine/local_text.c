/* Text functions as Spark has them: positions and lengths are code points from 1, bytes that are
 * not UTF-8 count as one each. */
#include <stdlib.h>
#include <string.h>

#include "local_chars.h"
#include "local_nest.h"

static int64_t char_count(struct fst_str s)
{
    int64_t n = 0;
    for (size_t at = 0; at < s.n; at = local_next_char(s, at))
        n++;
    return n;
}

/* The characters [from, to) counted from 0; a negative `from` begins at the start. */
static struct fst_str slice(struct fst_str s, int64_t from, int64_t to)
{
    size_t at = 0;
    int64_t i = 0;
    for (; i < from && at < s.n; i++)
        at = local_next_char(s, at);
    size_t begin = at;
    for (; i < to && at < s.n; i++)
        at = local_next_char(s, at);
    return (struct fst_str){s.p + begin, at - begin};
}

static void give(const struct local_call *c, struct fst_str s)
{
    local_give_text(c, s.p, s.n);
}

/* The byte at which `what` is first found at or after byte `from`, or -1. */
static int64_t find(struct fst_str s, struct fst_str what, size_t from)
{
    if (what.n > s.n || from > s.n - what.n)
        return -1;
    if (what.n == 0)
        return (int64_t)from;
    const char *p = memmem(s.p + from, s.n - from, what.p, what.n);
    return p ? p - s.p : -1;
}

/* The last at or before byte `from`, or -1. */
static int64_t find_back(struct fst_str s, struct fst_str what, int64_t from)
{
    for (int64_t at = from; at >= 0; at--)
        if ((size_t)at + what.n <= s.n && memcmp(s.p + at, what.p, what.n) == 0)
            return at;
    return -1;
}

/* ---- Lengths and parts ----------------------------------------------------------------------- */

static void length(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]);
    bool binary = sqlite3_value_type(args[0]) == SQLITE_BLOB;
    sqlite3_result_int64(c->ctx, binary ? (int64_t)s.n : char_count(s));
}

static void byte_length(const struct local_call *c, sqlite3_value **args)
{
    sqlite3_result_int64(c->ctx, (int64_t)local_text(args[0]).n * c->row->mode);
}

static void substring(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]);
    int64_t at = sqlite3_value_int64(args[1]);
    int64_t count = c->n_args > 2 ? sqlite3_value_int64(args[2]) : INT32_MAX;
    int64_t from = at > 0 ? at - 1 : at < 0 ? char_count(s) + at : 0;
    give(c, slice(s, from, from + count));
}

/* (text, part, from, length): what is before, the part, what is after */
static void overlay(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]), part = local_text(args[1]);
    int64_t at = sqlite3_value_int64(args[2]), count = sqlite3_value_int64(args[3]);
    int64_t after = at + (count >= 0 ? count : char_count(part));
    int64_t from = after > 0 ? after - 1 : after < 0 ? char_count(s) + after : 0;
    struct fst_str before = slice(s, 0, at - 1), rest = slice(s, from, from + INT32_MAX);
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    fst_buf_add(&out, before.p, before.n);
    fst_buf_add(&out, part.p, part.n);
    fst_buf_add(&out, rest.p, rest.n);
    local_give_buf(c, &out);
}

static void elt(const struct local_call *c, sqlite3_value **args)
{
    int64_t n = sqlite3_value_int64(args[0]);
    if (sqlite3_value_type(args[0]) == SQLITE_NULL)
        return;
    if (n < 1 || n >= c->n_args)
        local_raise(c, "INVALID_ARRAY_INDEX", "22003",
                    "The index %lld is out of bounds. The array has %d elements. Use the SQL "
                    "function `get()` to tolerate accessing element at invalid index and return "
                    "NULL instead.",
                    (long long)n, c->n_args - 1);
    else if (sqlite3_value_type(args[n]) != SQLITE_NULL)
        give(c, local_text(args[n]));
}

static void luhn_check(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]);
    bool digits = s.n > 0, twice = false;
    int sum = 0;
    for (size_t i = s.n; i-- > 0 && digits; twice = !twice) {
        int digit = s.p[i] - '0';
        digits = digit >= 0 && digit <= 9;
        sum += !twice ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
    }
    local_give_bool(c, digits && sum % 10 == 0);
}

static void left(const struct local_call *c, sqlite3_value **args)
{
    give(c, slice(local_text(args[0]), 0, sqlite3_value_int64(args[1])));
}

static void right(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]);
    int64_t n = sqlite3_value_int64(args[1]), all = char_count(s);
    give(c, n <= 0 ? slice(s, 0, 0) : slice(s, all - n, all));
}

static bool in_set(struct fst_str set, const char *p, size_t n)
{
    for (size_t at = 0; at < set.n; at = local_next_char(set, at))
        if (local_next_char(set, at) - at == n && memcmp(set.p + at, p, n) == 0)
            return true;
    return false;
}

enum { TRIM_LEFT = 1, TRIM_RIGHT = 2 };

static size_t previous_char(struct fst_str s)
{
    size_t at = s.n - 1;
    while (at > 0 && ((unsigned char)s.p[at] & 0xC0) == 0x80 && s.n - at < 4)
        at--;
    return local_next_char(s, at) == s.n ? at : s.n - 1;
}

static void trim(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]);
    struct fst_str set = c->n_args > 1 ? local_text(args[1]) : fst_str(" ");
    while (c->row->mode & TRIM_LEFT && s.n > 0) {
        size_t n = local_next_char(s, 0);
        if (!in_set(set, s.p, n))
            break;
        s = (struct fst_str){s.p + n, s.n - n};
    }
    while (c->row->mode & TRIM_RIGHT && s.n > 0) {
        size_t at = previous_char(s);
        if (!in_set(set, s.p + at, s.n - at))
            break;
        s.n = at;
    }
    give(c, s);
}

static void pad(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]);
    struct fst_str with = c->n_args > 2 ? local_text(args[2]) : fst_str(" ");
    int64_t want = sqlite3_value_int64(args[1]), have = char_count(s);
    if (want <= have || with.n == 0) {
        give(c, slice(s, 0, want));
        return;
    }
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    int64_t each = char_count(with), missing = want - have;
    if (c->row->mode == TRIM_RIGHT)
        fst_buf_add(&out, s.p, s.n);
    for (; missing >= each && !out.over; missing -= each)
        fst_buf_add(&out, with.p, with.n);
    struct fst_str rest = slice(with, 0, missing);
    fst_buf_add(&out, rest.p, rest.n);
    if (c->row->mode == TRIM_LEFT)
        fst_buf_add(&out, s.p, s.n);
    local_give_buf(c, &out);
}

static void repeat_text(const struct local_call *c, struct fst_str s, int64_t times)
{
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    for (; times > 0 && s.n > 0 && !out.over; times--)
        fst_buf_add(&out, s.p, s.n);
    local_give_buf(c, &out);
}

static void repeat(const struct local_call *c, sqlite3_value **args)
{
    repeat_text(c, local_text(args[0]), sqlite3_value_int64(args[1]));
}

static void space(const struct local_call *c, sqlite3_value **args)
{
    repeat_text(c, fst_str(" "), sqlite3_value_int64(args[0]));
}

static void reverse(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]);
    if (s.n == 0) {
        give(c, s);
        return;
    }
    char *out = fst_alloc(s.n);
    for (size_t at = 0, next; at < s.n; at = next) {
        next = local_next_char(s, at);
        memcpy(out + s.n - next, s.p + at, next - at);
    }
    sqlite3_result_text64(c->ctx, out, s.n, free, SQLITE_UTF8);
}

/* ---- Search ---------------------------------------------------------------------------------- */

static int64_t position_of(struct fst_str s, struct fst_str what, int64_t from)
{
    if (from < 1)
        return 0;
    if (what.n == 0)
        return 1;
    struct fst_str head = slice(s, 0, from - 1);
    int64_t at = find(s, what, head.n);
    return at < 0 ? 0 : char_count((struct fst_str){s.p, (size_t)at}) + 1;
}

static void instr(const struct local_call *c, sqlite3_value **args)
{
    sqlite3_result_int64(c->ctx, position_of(local_text(args[0]), local_text(args[1]), 1));
}

/* A NULL position gives 0, not NULL. */
static void locate(const struct local_call *c, sqlite3_value **args)
{
    int64_t from = c->n_args > 2 ? sqlite3_value_int64(args[2]) : 1;
    if (c->n_args > 2 && sqlite3_value_type(args[2]) == SQLITE_NULL)
        sqlite3_result_int(c->ctx, 0);
    else if (sqlite3_value_type(args[0]) != SQLITE_NULL &&
             sqlite3_value_type(args[1]) != SQLITE_NULL)
        sqlite3_result_int64(c->ctx, position_of(local_text(args[1]), local_text(args[0]), from));
}

static void starts_with(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]), head = local_text(args[1]);
    local_give_bool(c, head.n <= s.n && memcmp(s.p, head.p, head.n) == 0);
}

static void ends_with(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]), tail = local_text(args[1]);
    local_give_bool(c, tail.n <= s.n && memcmp(s.p + s.n - tail.n, tail.p, tail.n) == 0);
}

static void contains(const struct local_call *c, sqlite3_value **args)
{
    local_give_bool(c, find(local_text(args[0]), local_text(args[1]), 0) >= 0);
}

static void split_part(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]), by = local_text(args[1]);
    int64_t want = sqlite3_value_int64(args[2]), parts = 1;
    if (want == 0) {
        local_raise(c, "INVALID_INDEX_OF_ZERO", "22003",
                    "The index 0 is invalid. An index shall be either < 0 or > 0 (the first "
                    "element has index 1).");
        return;
    }
    for (int64_t at = 0; by.n && (at = find(s, by, (size_t)at)) >= 0; at += (int64_t)by.n)
        parts++;
    want = want < 0 ? parts + want : want - 1;
    if (want < 0 || want >= parts) {
        give(c, fst_str(""));
        return;
    }
    size_t from = 0;
    for (; want > 0; want--)
        from = (size_t)find(s, by, from) + by.n;
    int64_t end = by.n ? find(s, by, from) : -1;
    give(c, (struct fst_str){s.p + from, (end < 0 ? s.n : (size_t)end) - from});
}

/* Finds may overlap, as in Spark. */
static void substring_index(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]), by = local_text(args[1]);
    int64_t count = sqlite3_value_int64(args[2]);
    if (count == 0 || by.n == 0) {
        give(c, fst_str(""));
        return;
    }
    int64_t at = count > 0 ? -1 : (int64_t)s.n - (int64_t)by.n + 1;
    for (int64_t left_over = count > 0 ? count : -count; left_over > 0; left_over--) {
        at = count > 0 ? find(s, by, (size_t)(at + 1)) : find_back(s, by, at - 1);
        if (at < 0) {
            give(c, s);
            return;
        }
    }
    size_t cut = (size_t)at;
    give(c, count > 0 ? (struct fst_str){s.p, cut}
                      : (struct fst_str){s.p + cut + by.n, s.n - cut - by.n});
}

static void replace(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]), what = local_text(args[1]);
    struct fst_str with = c->n_args > 2 ? local_text(args[2]) : fst_str("");
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    size_t from = 0;
    for (int64_t at; what.n && (at = find(s, what, from)) >= 0; from = (size_t)at + what.n) {
        fst_buf_add(&out, s.p + from, (size_t)at - from);
        fst_buf_add(&out, with.p, with.n);
    }
    fst_buf_add(&out, s.p + from, s.n - from);
    local_give_buf(c, &out);
}

/* The first character of `from` that is this one decides; without a partner it goes. */
static void translate(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]), from = local_text(args[1]), to = local_text(args[2]);
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    for (size_t at = 0, next; at < s.n; at = next) {
        next = local_next_char(s, at);
        size_t in_from = 0, in_to = 0;
        while (in_from < from.n) {
            size_t n = local_next_char(from, in_from) - in_from;
            if (n == next - at && memcmp(from.p + in_from, s.p + at, n) == 0)
                break;
            in_from += n;
            in_to = in_to < to.n ? local_next_char(to, in_to) : to.n;
        }
        if (in_from >= from.n)
            fst_buf_add(&out, s.p + at, next - at);
        else if (in_to < to.n)
            fst_buf_add(&out, to.p + in_to, local_next_char(to, in_to) - in_to);
    }
    local_give_buf(c, &out);
}

/* ---- Joining, and letters as numbers --------------------------------------------------------- */

static void concat(const struct local_call *c, sqlite3_value **args)
{
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    for (int i = 0; i < c->n_args; i++) {
        struct fst_str s = local_text(args[i]);
        fst_buf_add(&out, s.p, s.n);
    }
    local_give_buf(c, &out);
}

static void add_with(struct fst_buf *out, struct fst_str by, struct fst_str s, bool *first)
{
    if (!*first)
        fst_buf_add(out, by.p, by.n);
    fst_buf_add(out, s.p, s.n);
    *first = false;
}

/* The elements of an array of strings, without NULL. */
static void add_elements(struct fst_buf *out, struct fst_str by, struct fst_str array, bool *first)
{
    struct pieces all = nest_pieces("As", array);
    struct fst_buf text = FST_BUF(LOCAL_MAX_TEXT);
    struct fst_literal v;
    for (size_t i = 0; i < all.n; i++) {
        const uint8_t *at = all.items[i].p;
        if (!all.items[i].is_null &&
            fst_nest_take_scalar(&at, at + all.items[i].n, FST_STRING, &v, &text))
            add_with(out, by, v.s, first);
    }
    fst_buf_done(&text);
    free(all.items);
}

static void concat_ws(const struct local_call *c, sqlite3_value **args)
{
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    bool first = true;
    if (sqlite3_value_type(args[0]) == SQLITE_NULL)
        return;
    for (int i = 1; i < c->n_args; i++) {
        if (sqlite3_value_type(args[i]) == SQLITE_NULL)
            continue;
        struct fst_str by = local_text(args[0]), s = local_text(args[i]);
        if (sqlite3_value_type(args[i]) == SQLITE_BLOB)
            add_elements(&out, by, s, &first);
        else
            add_with(&out, by, s, &first);
    }
    local_give_buf(c, &out);
}

static void ascii(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]);
    uint32_t cp = 0;
    fst_utf8_decode(s.p, s.n, &cp);
    sqlite3_result_int64(c->ctx, s.n ? cp : 0);
}

static void chr(const struct local_call *c, sqlite3_value **args)
{
    int64_t v = sqlite3_value_int64(args[0]);
    char bytes[4];
    size_t n = v < 0 ? 0 : fst_utf8_encode((uint32_t)(v & 0xFF), bytes);
    local_give_text(c, bytes, v >= 0 && (v & 0xFF) == 0 ? 1 : n);
}

static void levenshtein(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str a = local_text(args[0]), b = local_text(args[1]);
    size_t width = (size_t)char_count(b);
    if (a.n > 10000 || b.n > 10000) {
        sqlite3_result_error_toobig(c->ctx);
        return;
    }
    int *row = fst_alloc((width + 1) * sizeof *row);
    for (size_t j = 0; j <= width; j++)
        row[j] = (int)j;
    for (size_t at = 0, i = 1; at < a.n; i++) {
        size_t next = local_next_char(a, at);
        int corner = row[0];
        row[0] = (int)i;
        for (size_t in_b = 0, j = 1; in_b < b.n; j++) {
            size_t n = local_next_char(b, in_b) - in_b;
            bool same = n == next - at && memcmp(a.p + at, b.p + in_b, n) == 0;
            int best = corner + !same;
            best = row[j] + 1 < best ? row[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            corner = row[j];
            row[j] = best;
            in_b += n;
        }
        at = next;
    }
    bool many = c->n_args > 2 && row[width] > sqlite3_value_int64(args[2]);
    sqlite3_result_int(c->ctx, many ? -1 : row[width]);
    free(row);
}

const struct local_function local_text_functions[] = {
    {"text_length", 1, true, length, 0},
    {"octet_length_of", 1, true, byte_length, 1},
    {"bit_length_of", 1, true, byte_length, 8},
    {"text_substring", -1, true, substring, 0},
    {"text_overlay", 4, true, overlay, 0},
    {"text_elt", -1, false, elt, 0},
    {"luhn_check_of", 1, true, luhn_check, 0},
    {"text_left", 2, true, left, 0},
    {"text_right", 2, true, right, 0},
    {"text_trim", -1, true, trim, TRIM_LEFT | TRIM_RIGHT},
    {"text_ltrim", -1, true, trim, TRIM_LEFT},
    {"text_rtrim", -1, true, trim, TRIM_RIGHT},
    {"text_lpad", -1, true, pad, TRIM_LEFT},
    {"text_rpad", -1, true, pad, TRIM_RIGHT},
    {"text_repeat", 2, true, repeat, 0},
    {"text_space", 1, true, space, 0},
    {"text_reverse", 1, true, reverse, 0},
    {"text_instr", 2, true, instr, 0},
    {"text_locate", -1, false, locate, 0},
    {"starts_with", 2, true, starts_with, 0},
    {"ends_with", 2, true, ends_with, 0},
    {"text_contains", 2, true, contains, 0},
    {"text_split_part", 3, true, split_part, 0},
    {"text_substring_index", 3, true, substring_index, 0},
    {"text_replace", -1, true, replace, 0},
    {"text_translate", 3, true, translate, 0},
    {"text_concat", -1, true, concat, 0},
    {"text_concat_ws", -1, false, concat_ws, 0},
    {"text_ascii", 1, true, ascii, 0},
    {"text_chr", 1, true, chr, 0},
    {"text_levenshtein", -1, true, levenshtein, 0},
    {0},
};
