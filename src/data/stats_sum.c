/* stats_sum: sums that lose nothing, and moments that lose little. */
#include "stats.h"

#include <math.h>

void fst_sum_add(struct fst_sum *sum, __int128 v)
{
    unsigned __int128 before = sum->low;
    sum->low += (unsigned __int128)v;
    sum->high += (sum->low < before) - (v < 0);
}

double fst_sum_mean(const struct fst_sum *sum, uint64_t n)
{
    __int128 total = (__int128)sum->low, count = (__int128)n;
    return (double)((long double)(total / count) + (long double)(total % count) / (long double)n);
}

/* ---- Digits ---------------------------------------------------------------------------------- */

enum { LIMBS = 4, FRACTION = 4, DIGITS = LIMBS * 20 };

/* The size of the sum in words, the lowest first; true when it is negative. */
static bool limbs_of(const struct fst_sum *sum, uint64_t *limbs)
{
    bool negative = sum->high < 0;
    uint64_t words[LIMBS] = {(uint64_t)sum->low, (uint64_t)(sum->low >> 64), (uint64_t)sum->high,
                             negative ? UINT64_MAX : 0};
    unsigned carry = negative;
    for (size_t i = 0; i < LIMBS; i++) {
        limbs[i] = (negative ? ~words[i] : words[i]) + carry;
        carry = carry && limbs[i] == 0;
    }
    return negative;
}

static void multiply(uint64_t *limbs, uint64_t by)
{
    unsigned __int128 carry = 0;
    for (size_t i = 0; i < LIMBS; i++) {
        carry += (unsigned __int128)limbs[i] * by;
        limbs[i] = (uint64_t)carry;
        carry >>= 64;
    }
}

/* Returns the rest. */
static uint64_t divide(uint64_t *limbs, uint64_t by)
{
    unsigned __int128 rest = 0;
    for (size_t i = LIMBS; i-- > 0;) {
        rest = rest << 64 | limbs[i];
        limbs[i] = (uint64_t)(rest / by);
        rest %= by;
    }
    return (uint64_t)rest;
}

static void add_one(uint64_t *limbs)
{
    for (size_t i = 0; i < LIMBS && ++limbs[i] == 0;)
        i++;
}

void fst_sum_mean_text(struct fst_buf *out, const struct fst_sum *sum, uint64_t n, int scale)
{
    uint64_t limbs[LIMBS];
    char digits[DIGITS + 1];
    bool negative = limbs_of(sum, limbs);
    multiply(limbs, 10000);
    uint64_t rest = divide(limbs, n);
    if (rest >= n - rest)
        add_one(limbs);
    int behind = scale + FRACTION, at = DIGITS;
    bool is_zero = !(limbs[0] | limbs[1] | limbs[2] | limbs[3]);
    for (int i = 0; i <= behind || (limbs[0] | limbs[1] | limbs[2] | limbs[3]); i++)
        digits[--at] = (char)('0' + divide(limbs, 10));
    if (negative && !is_zero)
        fst_buf_addc(out, '-');
    fst_buf_add(out, digits + at, (size_t)(DIGITS - at - behind));
    fst_buf_addc(out, '.');
    fst_buf_add(out, digits + DIGITS - behind, (size_t)behind);
}

/* ---- Doubles --------------------------------------------------------------------------------- */

void fst_sum_double_add(struct fst_sum_double *s, double v)
{
    double sum = s->sum + v;
    s->lost += fabs(s->sum) >= fabs(v) ? (s->sum - sum) + v : (v - sum) + s->sum;
    s->sum = sum;
}

double fst_sum_double_get(const struct fst_sum_double *s)
{
    return isfinite(s->sum) ? s->sum + s->lost : s->sum;
}

void fst_moments_add(struct fst_moments *m, const double *values, size_t n)
{
    double sum = 0, squares = 0;
    if (n == 0)
        return;
    if (m->n == 0)
        m->origin = values[0];
    for (size_t i = 0; i < n; i++)
        sum += values[i] - m->origin;
    double mean = sum / (double)n;
    for (size_t i = 0; i < n; i++) {
        double off = values[i] - m->origin - mean;
        squares += off * off;
    }
    double apart = mean - m->mean, all = (double)(m->n + n);
    m->squares += squares + apart * apart * (double)m->n * (double)n / all;
    m->mean += apart * (double)n / all;
    m->n += n;
}

double fst_moments_stddev(const struct fst_moments *m)
{
    return sqrt(m->squares / (double)(m->n - 1));
}
