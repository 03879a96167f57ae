/* to_number() and to_char(): numbers as a format says, [S|M][$]999,999[.99][S|M], which room sql
 * has checked and spelled so. A group of digits that begins with 0 has all its digits. */
#include <string.h>

#include "local_fn.h"

enum { MAX_GROUPS = 40, MAX_DIGITS = 40 };

struct format {
    char sign_before, sign_behind; /* S, M or 0 */
    bool dollar;
    struct group {
        bool exact;
        int n;
    } groups[MAX_GROUPS];
    int n_groups, before, after; /* after: 0 without a point */
};

static struct format format_of(struct fst_str s)
{
    struct format f = {0};
    const char *p = s.p, *end = s.p + s.n;
    if (p < end && (*p == 'S' || *p == 'M'))
        f.sign_before = *p++;
    if (p < end && *p == '$') {
        f.dollar = true;
        p++;
    }
    for (; p < end && *p != '.' && *p != 'S' && *p != 'M'; p++) {
        if (*p == ',')
            continue;
        struct group *g = &f.groups[f.n_groups];
        for (g->exact = *p == '0'; p < end && (*p == '0' || *p == '9'); p++)
            g->n++;
        p--;
        f.before += g->n;
        f.n_groups += f.n_groups < MAX_GROUPS - 1;
    }
    if (p < end && *p == '.')
        for (p++; p < end && (*p == '0' || *p == '9'); p++)
            f.after++;
    if (p < end)
        f.sign_behind = *p;
    return f;
}

/* ---- Reading --------------------------------------------------------------------------------- */

struct reader {
    const char *p, *end;
    bool negative, odd;
    char digits[MAX_DIGITS * 2];
    int n_digits;
};

/* White space of Java's among ASCII. */
static bool is_space(char ch)
{
    return ch == ' ' || (ch >= '\t' && ch <= '\r') || (ch >= 0x1c && ch <= 0x1f);
}

static void read_sign(struct reader *r, char sign)
{
    if (!sign || r->p == r->end)
        return;
    r->negative |= *r->p == '-';
    r->p += *r->p == '-' || (sign == 'S' && *r->p == '+');
}

/* Digits of one group, blanks among them left out; false when there are too many of them. */
static bool read_digits(struct reader *r, int *n)
{
    for (*n = 0; r->p < r->end; r->p++) {
        if (is_space(*r->p))
            continue;
        if (*r->p < '0' || *r->p > '9')
            break;
        if (++*n > MAX_DIGITS || r->n_digits == (int)sizeof r->digits)
            return false;
        r->digits[r->n_digits++] = *r->p;
    }
    return true;
}

/* Groups are compared from the right. */
static bool read_groups(struct reader *r, const struct format *f)
{
    int sizes[MAX_GROUPS] = {0}, n = 0;
    for (;;) {
        if (n == f->n_groups || !read_digits(r, &sizes[n]))
            return false;
        n++;
        if (r->p == r->end || *r->p != ',')
            break;
        r->p++;
    }
    for (int i = 0; i < f->n_groups; i++) {
        const struct group *g = &f->groups[f->n_groups - 1 - i];
        int size = i < n ? sizes[n - 1 - i] : 0;
        if (g->exact ? size != g->n : size > g->n)
            return false;
    }
    return true;
}

static bool read_number(struct reader *r, const struct format *f)
{
    int after = 0;
    read_sign(r, f->sign_before);
    if (f->dollar && (r->p == r->end || *r->p++ != '$'))
        return false;
    if (!read_groups(r, f))
        return false;
    if (f->after && r->p < r->end && *r->p == '.') {
        r->p++;
        if (!read_digits(r, &after) || after > f->after)
            return false;
    }
    read_sign(r, f->sign_behind);
    if (r->p != r->end || !r->n_digits)
        return false;
    for (; after < f->after; after++)
        r->digits[r->n_digits++] = '0';
    return true;
}

/* (text, format) */
static void to_number(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str s = local_text(args[0]), format = local_text(args[1]);
    struct format f = format_of(format);
    struct reader r = {.p = s.p, .end = s.p + s.n};
    bool ascii = true;
    for (size_t i = 0; i < s.n; i++)
        ascii = ascii && (unsigned char)s.p[i] < 0x80;
    if (!ascii) {
        local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                    "to_number of text that is not ASCII is not something the local engine does.");
    } else if (read_number(&r, &f)) {
        __int128 v = 0;
        for (int i = 0; i < r.n_digits; i++)
            v = v * 10 + (r.digits[i] - '0');
        local_give_decimal(c, r.negative ? -v : v);
    } else if (!c->row->mode) {
        local_raise(c, "INVALID_FORMAT.MISMATCH_INPUT", "42601",
                    "The format is invalid: '%.*s'. The input \"STRING\" '%.*s' does not match the "
                    "format.",
                    (int)format.n, format.p, s.n > 200 ? 200 : (int)s.n, s.p);
    }
}

/* ---- Writing --------------------------------------------------------------------------------- */

struct writer {
    char text[200];
    int n;
};

static void add(struct writer *w, char ch)
{
    if (w->n < (int)sizeof w->text)
        w->text[w->n++] = ch;
}

/* A blank goes before a sign, which stays beside the digits. */
static void add_blank(struct writer *w)
{
    char last = w->n ? w->text[w->n - 1] : 0;
    bool sign = last == '+' || last == '-';
    if (sign)
        w->n--;
    add(w, ' ');
    if (sign)
        add(w, last);
}

static void add_sign(struct writer *w, char sign, bool negative)
{
    int blanks = 0;
    if (!sign)
        return;
    if (sign == 'M' && !negative) {
        add(w, ' ');
        return;
    }
    while (w->n && w->text[w->n - 1] == ' ') {
        w->n--;
        blanks++;
    }
    add(w, negative ? '-' : '+');
    for (; blanks; blanks--)
        add(w, ' ');
}

/* `digits`: those before the point, without zeros in front; `over`: there are too many. */
static void write_groups(struct writer *w, const struct format *f, const char *digits, int n,
                         bool over)
{
    int left = f->before;
    bool begun = false;
    for (int i = 0; i < f->n_groups; i++) {
        if (i && (begun && !over))
            add(w, ',');
        else if (i)
            add_blank(w);
        for (int k = 0; k < f->groups[i].n; k++, left--) {
            if (over) {
                add(w, '#');
            } else if (left <= n) {
                add(w, digits[n - left]);
                begun = true;
            } else if (f->groups[i].exact) {
                add(w, '0');
                begun = true;
            } else {
                add_blank(w);
            }
        }
    }
}

/* (decimal, its scale, format) */
static void to_char(const struct local_call *c, sqlite3_value **args)
{
    struct format f = format_of(local_text(args[2]));
    int scale = sqlite3_value_int(args[1]);
    __int128 v = local_decimal(args[0]);
    bool negative = v < 0;
    struct fst_buf digits = FST_BUF(200);
    for (v = negative ? -v : v; scale && v % 10 == 0; scale--)
        v /= 10;
    fst_decimal_text(&digits, v, 0);
    const char *d = fst_buf_text(&digits);
    int n = v ? (int)digits.n : 0, zeros = scale > n ? scale - n : 0;
    int before = n > scale ? n - scale : 0;
    bool over = before > f.before || scale > f.after;
    struct writer w = {.n = 0};
    add_sign(&w, f.sign_before, negative);
    if (f.dollar)
        add(&w, '$');
    write_groups(&w, &f, d, before, over);
    if (f.after) {
        if (w.n && w.text[w.n - 1] == ' ')
            w.text[w.n - 1] = '0';
        add(&w, '.');
    }
    for (int i = 0; i < f.after; i++)
        add(&w, over ? '#' : i < zeros || i >= scale ? '0' : d[before + i - zeros]);
    add_sign(&w, f.sign_behind, negative);
    fst_buf_done(&digits);
    local_give_text(c, w.text, (size_t)w.n);
}

const struct local_function local_number_functions[] = {
    {"to_number_of", 2, true, to_number, 0, "to_number"},
    {"try_to_number_of", 2, true, to_number, 1, "try_to_number"},
    {"to_char_of", 3, true, to_char, 0, "to_char"},
    {0},
};
