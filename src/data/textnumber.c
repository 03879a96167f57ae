/* textnumber: decimal numbers in text, exactly as far as a decimal goes, and doubles as Java reads
 * them. */
#include "textvalue.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The exponent after 'e'; false when it is not one. Values are cut at +-100000, past any use. */
static bool scan_exponent(const char *p, size_t n, int64_t *out)
{
    bool negative = n && *p == '-';
    if (n && (*p == '-' || *p == '+')) {
        p++;
        n--;
    }
    if (!n)
        return false;
    int64_t e = 0;
    for (size_t i = 0; i < n; i++) {
        if (!is_digit(p[i]))
            return false;
        e = e < 100000 ? e * 10 + (p[i] - '0') : e;
    }
    *out = negative ? -e : e;
    return true;
}

/* Bytes of digits with at most one point among them; how many digits come after it in `scale`. */
static size_t scan_mantissa(struct fst_number *number, const char *p, size_t n, size_t *n_seen)
{
    bool after_point = false;
    size_t i = 0;
    for (; i < n && (is_digit(p[i]) || (p[i] == '.' && !after_point)); i++) {
        if (p[i] == '.') {
            after_point = true;
            continue;
        }
        ++*n_seen;
        number->scale += after_point;
        if (number->n_digits || p[i] != '0')
            number->n_digits++;
    }
    return i;
}

bool fst_number_scan(struct fst_number *out, struct fst_str text)
{
    *out = (struct fst_number){0};
    if (text.n && (*text.p == '-' || *text.p == '+')) {
        out->negative = *text.p == '-';
        text.p++;
        text.n--;
    }
    size_t n_seen = 0;
    out->p = text.p;
    out->n = scan_mantissa(out, text.p, text.n, &n_seen);
    if (!n_seen)
        return false;
    if (out->n == text.n)
        return true;

    int64_t exponent;
    if ((text.p[out->n] | 0x20) != 'e' ||
        !scan_exponent(text.p + out->n + 1, text.n - out->n - 1, &exponent))
        return false;
    out->scale -= exponent;
    return true;
}

/* The first `keep` digits as an integer, rounded half up by the digit that follows. */
static __int128 leading_digits(const struct fst_number *number, int64_t keep)
{
    __int128 v = 0;
    bool started = false;
    for (size_t i = 0; i < number->n; i++) {
        started |= is_digit(number->p[i]) && number->p[i] != '0';
        if (!started || !is_digit(number->p[i]))
            continue;
        if (keep-- <= 0)
            return v + (keep == -1 && number->p[i] >= '5');
        v = v * 10 + (number->p[i] - '0');
    }
    return v;
}

bool fst_number_decimal(const struct fst_number *number, int precision, int scale, __int128 *out)
{
    int64_t keep = (int64_t)number->n_digits - (number->scale - scale);
    if (keep > precision && number->n_digits)
        return false;

    __int128 v = keep < 0 ? 0 : leading_digits(number, keep);
    if (number->n_digits)
        for (int64_t i = (int64_t)number->n_digits; i < keep; i++)
            v *= 10;
    __int128 limit = 1;
    for (int i = 0; i < precision; i++)
        limit *= 10;
    if (v >= limit)
        return false;
    *out = number->negative ? -v : v;
    return true;
}

/* ---- Doubles --------------------------------------------------------------------------------- */

static bool named_double(struct fst_str text, double *out)
{
    bool negative = text.n && *text.p == '-';
    if (text.n && (*text.p == '-' || *text.p == '+')) {
        text.p++;
        text.n--;
    }
    if (fst_str_is(text, "NaN"))
        *out = NAN;
    else if (fst_str_is(text, "Infinity") || fst_str_is(text, "Inf"))
        *out = negative ? -INFINITY : INFINITY;
    else
        return false;
    return true;
}

/* 0x1.8p3: Java wants the exponent. */
static bool is_hex_double(struct fst_str text)
{
    if (text.n && (*text.p == '-' || *text.p == '+')) {
        text.p++;
        text.n--;
    }
    return text.n > 3 && text.p[0] == '0' && (text.p[1] | 0x20) == 'x' &&
           (memchr(text.p, 'p', text.n) || memchr(text.p, 'P', text.n));
}

bool fst_text_double(struct fst_str text, bool is_float, double *out)
{
    while (text.n && (uint8_t)text.p[text.n - 1] <= ' ')
        text.n--;
    while (text.n && (uint8_t)*text.p <= ' ') {
        text.p++;
        text.n--;
    }
    if (named_double(text, out))
        return true;
    if (text.n > 1 && strchr("fFdD", text.p[text.n - 1]))
        text.n--;

    char copy[512];
    struct fst_number number;
    if (text.n >= sizeof(copy) || (!is_hex_double(text) && !fst_number_scan(&number, text)))
        return false;
    memcpy(copy, text.p, text.n);
    copy[text.n] = '\0';
    char *end;
    *out = is_float ? (double)strtof(copy, &end) : strtod(copy, &end);
    return *end == '\0';
}
