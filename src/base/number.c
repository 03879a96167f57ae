/* Doubles and floats as Java prints them (the shortest digits that read back; scientific outside of
 * [1e-3, 1e7)), and decimals of up to 38 digits, exact. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "firesteel/base.h"

/* digits d1 d2 … and the exponent so that the value is d1.d2… × 10^exponent */
struct digits {
    char text[24];
    int n, exponent;
};

static struct digits split(const char *scientific)
{
    struct digits d = {0};
    const char *p = scientific;
    for (; *p && *p != 'e'; p++)
        if (*p >= '0' && *p <= '9')
            d.text[d.n++] = *p;
    d.exponent = *p ? atoi(p + 1) : 0;
    while (d.n > 1 && d.text[d.n - 1] == '0')
        d.n--;
    d.text[d.n] = '\0';
    return d;
}

static void java_layout(struct fst_buf *out, const struct digits *d)
{
    if (d->exponent >= -3 && d->exponent < 0) {
        fst_buf_adds(out, "0.");
        fst_buf_repeat(out, '0', (size_t)(-d->exponent - 1));
        fst_buf_add(out, d->text, (size_t)d->n);
    } else if (d->exponent >= 0 && d->exponent < 7) {
        int whole = d->exponent + 1, have = d->n < whole ? d->n : whole;
        fst_buf_add(out, d->text, (size_t)have);
        fst_buf_repeat(out, '0', (size_t)(whole - have));
        fst_buf_addc(out, '.');
        fst_buf_adds(out, d->n > whole ? d->text + whole : "0");
    } else {
        fst_buf_printf(out, "%c.%sE%d", d->text[0], d->n > 1 ? d->text + 1 : "0", d->exponent);
    }
}

static bool special(struct fst_buf *out, double v)
{
    if (isnan(v))
        fst_buf_adds(out, "NaN");
    else if (isinf(v))
        fst_buf_adds(out, v < 0 ? "-Infinity" : "Infinity");
    else if (v == 0)
        fst_buf_adds(out, signbit(v) ? "-0.0" : "0.0");
    else
        return false;
    return true;
}

void fst_double_java(struct fst_buf *out, double v)
{
    char text[40];
    if (special(out, v))
        return;
    for (int precision = 0; precision < 17; precision++) {
        snprintf(text, sizeof text, "%.*e", precision, v);
        if (strtod(text, NULL) == v)
            break;
    }
    struct digits d = split(text);
    if (v < 0)
        fst_buf_addc(out, '-');
    java_layout(out, &d);
}

void fst_float_java(struct fst_buf *out, float v)
{
    char text[40];
    if (special(out, v))
        return;
    for (int precision = 0; precision < 9; precision++) {
        snprintf(text, sizeof text, "%.*e", precision, (double)v);
        if (strtof(text, NULL) == v)
            break;
    }
    struct digits d = split(text);
    if (v < 0)
        fst_buf_addc(out, '-');
    java_layout(out, &d);
}

/* ---- Decimals
 * --------------------------------------------------------------------------------------- */

void fst_decimal_text(struct fst_buf *out, __int128 unscaled, int scale)
{
    char digits[48];
    int n = 0;
    unsigned __int128 rest =
        unscaled < 0 ? -(unsigned __int128)unscaled : (unsigned __int128)unscaled;
    do {
        digits[n++] = (char)('0' + (int)(rest % 10));
        rest /= 10;
    } while (rest);
    if (unscaled < 0)
        fst_buf_addc(out, '-');
    if (n <= scale)
        fst_buf_adds(out, "0");
    for (int i = n; i > scale; i--)
        fst_buf_addc(out, digits[i - 1]);
    if (scale <= 0)
        return;
    fst_buf_addc(out, '.');
    for (int i = scale; i > 0; i--)
        fst_buf_addc(out, i <= n ? digits[i - 1] : '0');
}

static bool add_digit(unsigned __int128 *v, int digit, int *count)
{
    if (*v || digit)
        (*count)++;
    *v = *v * 10 + (unsigned)digit;
    return *count <= 38;
}

bool fst_decimal_parse(const char *p, size_t n, int scale, __int128 *out)
{
    size_t i = n > 0 && (p[0] == '-' || p[0] == '+');
    unsigned __int128 v = 0;
    int count = 0, after = 0;
    bool point = false, any = false;
    for (; i < n; i++) {
        if (p[i] == '.' && !point) {
            point = true;
            continue;
        }
        if (p[i] < '0' || p[i] > '9')
            return false;
        any = true;
        if (point && after == scale && p[i] != '0')
            return false;
        if (point && after == scale)
            continue;
        after += point;
        if (!add_digit(&v, p[i] - '0', &count))
            return false;
    }
    for (; after < scale; after++)
        if (!add_digit(&v, 0, &count))
            return false;
    *out = p[0] == '-' ? -(__int128)v : (__int128)v;
    return any;
}
