/* Doubles and floats as Java up to 18 prints them, which is what Spark runs on (scientific outside
 * of [1e-3, 1e7)), and decimals of up to 38 digits, exact. In the middle the shortest digits that
 * read back are Java's, too. */
#include <math.h>
#include <string.h>

#include "digits.h"
#include "firesteel/base.h"
#include "java_digits.h"
#include "shortest.h"

/* digits d1 d2 … and the exponent so that the value is d1.d2… × 10^exponent */
struct digits {
    char text[24];
    int n, exponent;
};

static char *put(char *p, const char *text, int n)
{
    memcpy(p, text, (size_t)n);
    return p + n;
}

static char *put_zeros(char *p, int n)
{
    memset(p, '0', (size_t)n);
    return p + n;
}

static char *put_scientific(char *p, const struct digits *d)
{
    *p++ = d->text[0];
    *p++ = '.';
    p = d->n > 1 ? put(p, d->text + 1, d->n - 1) : put_zeros(p, 1);
    *p++ = 'E';
    return fst_put_int(p, d->exponent);
}

static char *java_layout(char *p, const struct digits *d)
{
    if (d->exponent >= -3 && d->exponent < 0) {
        p = put_zeros(put(p, "0.", 2), -d->exponent - 1);
        return put(p, d->text, d->n);
    }
    if (d->exponent < 0 || d->exponent >= 7)
        return put_scientific(p, d);
    int whole = d->exponent + 1, have = d->n < whole ? d->n : whole;
    p = put_zeros(put(p, d->text, have), whole - have);
    *p++ = '.';
    return d->n > whole ? put(p, d->text + whole, d->n - whole) : put_zeros(p, 1);
}

/* The digits of an integer × 10^exponent; it does not end in 0. */
static struct digits digits_of(uint64_t v, int exponent)
{
    struct digits d;
    d.n = (int)count_digits(v);
    put_digits(d.text, (size_t)d.n, v);
    d.text[d.n] = '\0';
    d.exponent = exponent + d.n - 1;
    return d;
}

/* Zeros and what is no number; NULL for all others. */
static const char *special(double v)
{
    if (isnan(v))
        return "NaN";
    if (isinf(v))
        return v < 0 ? "-Infinity" : "Infinity";
    if (v == 0)
        return signbit(v) ? "-0.0" : "0.0";
    return NULL;
}

/* Whole numbers that have more bits than the type keeps, and powers of two: Java does not shorten
 * all of them. */
static bool is_of_java(double v, bool is_float)
{
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    return v >= (is_float ? 0x1p24 : 0x1p53) || !(bits << 12);
}

static struct digits digits_of_java(double v, bool is_float)
{
    struct digits d;
    d.n = java_digits(v, is_float, d.text, &d.exponent);
    d.text[d.n] = '\0';
    d.exponent--;
    return d;
}

/* How many of eight digits are zeros, counted from the last; not all of them. */
static size_t zeros_at_end(uint64_t eight)
{
    return (size_t)__builtin_clzll(eight ^ 0x3030303030303030) / 8;
}

/* v × 10^-places, of at most 7 digits before the point and 16 after it, not all of which are zeros.
 * The digits after the point become two words of eight; nothing is read back from where it was
 * written, nor decided by how many digits there are. */
static char *put_within(char *p, uint64_t v, size_t places)
{
    enum { MOST = 16 };
    const uint64_t *tens = powers_of_ten;
    uint64_t whole = v / tens[places], after = v % tens[places] * tens[MOST - places];
    uint64_t high = eight_digits((uint32_t)(after / 100000000));
    uint32_t rest = (uint32_t)(after % 100000000);
    uint64_t low = eight_digits(rest);
    p = put_up_to_eight(p, (uint32_t)whole);
    *p++ = '.';
    memcpy(p, &high, sizeof(high));
    memcpy(p + sizeof(high), &low, sizeof(low));
    return p + (rest ? MOST - zeros_at_end(low) : MOST / 2 - zeros_at_end(high));
}

/* v × 10^exponent, which is no whole number below 10^7. */
static char *put_quick(char *p, uint64_t v, int exponent)
{
    int whole = (int)count_digits(v) + exponent;
    if (whole > 0 && whole <= 7)
        return put_within(p, v, (size_t)-exponent);
    while (v >= 10 && v % 10 == 0) {
        v /= 10;
        exponent++;
    }
    struct digits d = digits_of(v, exponent);
    return java_layout(p, &d);
}

static char *java(char *p, double v, bool is_float)
{
    const char *name = special(v);
    uint64_t digits;
    int exponent;
    if (name)
        return put(p, name, (int)strlen(name));
    if (v < 0)
        *p++ = '-';
    v = fabs(v);
    if (v < 1e7 && v == (double)(uint32_t)v)
        return put(put_up_to_eight(p, (uint32_t)v), ".0", 2);
    if (!is_of_java(v, is_float) && (is_float ? shortest_of_float((float)v, &digits, &exponent)
                                              : shortest_of_double(v, &digits, &exponent)))
        return put_quick(p, digits, exponent);
    struct digits d = digits_of_java(v, is_float);
    return java_layout(p, &d);
}

char *fst_put_double(char *p, double v)
{
    return java(p, v, false);
}

char *fst_put_float(char *p, float v)
{
    return java(p, (double)v, true);
}

void fst_double_java(struct fst_buf *out, double v)
{
    char *p = fst_buf_room(out, FST_PUT_MAX);
    if (p)
        fst_buf_took(out, fst_put_double(p, v));
}

void fst_float_java(struct fst_buf *out, float v)
{
    char *p = fst_buf_room(out, FST_PUT_MAX);
    if (p)
        fst_buf_took(out, fst_put_float(p, v));
}

/* ---- Decimals -------------------------------------------------------------------------------- */

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
        fst_buf_addc(out, i > 0 ? digits[i - 1] : '0');
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
    if (scale < 0)
        return false;
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
    if (!any)
        return false;
    *out = p[0] == '-' ? -(__int128)v : (__int128)v;
    return true;
}
