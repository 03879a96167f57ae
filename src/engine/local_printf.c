/* Java's String.format as far as it is everyday: %s, %d, %f and %%, with widths,
 * the flags - 0 , and places of %f. Anything else is refused before a statement starts. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "local_chars.h"

struct spec {
    bool left, zero, commas;
    int width, places; /* -1: not said */
    char letter;
};

/* The specification after a percent sign at `at`; false when it is none of ours. */
static bool read_spec(struct fst_str f, size_t *at, struct spec *out)
{
    bool twice = false;
    *out = (struct spec){.places = -1};
    for (++*at; *at < f.n && strchr("-0,", f.p[*at]); ++*at) {
        twice |= f.p[*at] == '-' ? out->left : f.p[*at] == '0' ? out->zero : out->commas;
        out->left |= f.p[*at] == '-';
        out->zero |= f.p[*at] == '0';
        out->commas |= f.p[*at] == ',';
    }
    for (; *at < f.n && f.p[*at] >= '0' && f.p[*at] <= '9' && out->width < 1000; ++*at)
        out->width = out->width * 10 + f.p[*at] - '0';
    if (*at + 1 < f.n && f.p[*at] == '.' && f.p[*at + 1] >= '0' && f.p[*at + 1] <= '9') {
        out->places = f.p[*at + 1] - '0';
        *at += 2;
    }
    if (*at >= f.n || out->width >= 1000 || twice)
        return false;
    out->letter = f.p[(*at)++];
    return true;
}

/* Does the argument's kind (i whole, d double, s text) fit? */
static bool spec_ok(const struct spec *s, char kind)
{
    bool flags = s->zero || s->commas;
    if ((s->left || s->zero) && s->width == 0)
        return false;
    if (s->left && s->zero)
        return false;
    switch (s->letter) {
    case 's':
        return (kind == 's' || kind == 'i') && !flags && s->places < 0;
    case 'd':
        return kind == 'i' && s->places < 0;
    case 'f':
        return kind == 'd';
    default:
        return false;
    }
}

bool local_printf_ok(struct fst_str f, const char *kinds)
{
    struct spec s;
    for (size_t at = 0; at < f.n;) {
        if (f.p[at] != '%') {
            at++;
        } else if (at + 1 < f.n && f.p[at + 1] == '%') {
            at += 2;
        } else if (!read_spec(f, &at, &s) || !*kinds || !spec_ok(&s, *kinds++)) {
            return false;
        }
    }
    return true;
}

static void add_padded(struct fst_buf *out, const struct spec *s, struct fst_str text)
{
    int have = 0; /* as Java counts: one beyond U+FFFF is two */
    for (size_t at = 0, next; at < text.n; at = next, have++) {
        next = local_next_char(text, at);
        have += next - at == 4;
    }
    for (int i = have; i < s->width && !s->left; i++)
        fst_buf_addc(out, ' ');
    fst_buf_add(out, text.p, text.n);
    for (int i = have; i < s->width && s->left; i++)
        fst_buf_addc(out, ' ');
}

/* Digits with a sign, commas and zeros at the front, as asked. */
static void add_number(struct fst_buf *out, const struct spec *s, bool negative, const char *digits)
{
    struct fst_buf body = FST_BUF(4096);
    size_t whole = strcspn(digits, ".");
    for (size_t i = 0; i < whole; i++) {
        fst_buf_addc(&body, digits[i]);
        if (s->commas && i + 1 < whole && (whole - i - 1) % 3 == 0)
            fst_buf_addc(&body, ',');
    }
    fst_buf_adds(&body, digits + whole);
    struct fst_buf text = FST_BUF(8192);
    fst_buf_adds(&text, negative ? "-" : "");
    for (size_t i = body.n + negative; s->zero && i < (size_t)s->width; i++)
        fst_buf_addc(&text, '0');
    fst_buf_adds(&text, fst_buf_text(&body));
    add_padded(out, s, (struct fst_str){fst_buf_text(&text), text.n});
    fst_buf_done(&body);
    fst_buf_done(&text);
}

static void add_whole(struct fst_buf *out, const struct spec *s, int64_t v)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%llu",
             v < 0 ? 0 - (unsigned long long)v : (unsigned long long)v);
    add_number(out, s, v < 0, digits);
}

/* Half up on the shortest text of the double, as Java does. */
static bool add_real(struct fst_buf *out, const struct spec *s, double v)
{
    struct local_wide w;
    int scale, places = s->places < 0 ? 6 : s->places;
    if (!isfinite(v) || fabs(v) >= 1e15 || (v != 0 && fabs(v) < 1e-15) ||
        !local_wide_of_double(v, false, &w, &scale))
        return false;
    w = scale > places ? local_wide_drop(&w, scale - places, false)
                       : local_wide_shift(&w, places - scale);
    w.negative = false;
    struct fst_buf digits = FST_BUF(512);
    local_wide_text(&digits, &w, places);
    add_number(out, s, signbit(v) != 0, fst_buf_text(&digits));
    fst_buf_done(&digits);
    return true;
}

static bool add_argument(struct fst_buf *out, struct spec *s, sqlite3_value *v)
{
    static const struct fst_str null = {"null", 4};
    if (sqlite3_value_type(v) == SQLITE_NULL) {
        add_padded(out, s, null);
        return s->letter == 's' || s->places < 0;
    }
    if (s->letter == 'd')
        add_whole(out, s, sqlite3_value_int64(v));
    else if (s->letter == 's')
        add_padded(out, s, local_text(v));
    else
        return add_real(out, s, local_double(v));
    return true;
}

/* (format, values): the format is checked before */
static void format_string(const struct local_call *c, sqlite3_value **args)
{
    struct fst_str f = local_text(args[0]);
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    struct spec s;
    int next = 1;
    bool ok = true;
    if (sqlite3_value_type(args[0]) == SQLITE_NULL)
        return;
    for (size_t at = 0; at < f.n && ok;) {
        if (f.p[at] != '%') {
            fst_buf_addc(&out, f.p[at++]);
        } else if (f.p[at + 1] == '%') {
            fst_buf_addc(&out, '%');
            at += 2;
        } else {
            ok = read_spec(f, &at, &s) && next < c->n_args && add_argument(&out, &s, args[next++]);
        }
    }
    if (ok) {
        local_give_buf(c, &out);
        return;
    }
    fst_buf_done(&out);
    local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                "a number so large or small in this format is not something the local engine "
                "does.");
}

const struct local_function local_printf_functions[] = {
    {"format_string_of", -1, false, format_string, 0},
    {0},
};
