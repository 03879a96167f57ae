/* exp, log, log10, cbrt and pow as Java's StrictMath computes them, bit for bit: the algorithms and
 * constants of Sun's fdlibm (its licence permits free use with this notice: Copyright (C) 1993-2004
 * by Sun Microsystems, Inc.). The host's libm is more exact in places, and so different. */
#include <math.h>
#include <string.h>

#include "local_math.h"

static int32_t high_word(double v)
{
    int64_t bits;
    memcpy(&bits, &v, sizeof bits);
    return (int32_t)(bits >> 32);
}

static uint32_t low_word(double v)
{
    int64_t bits;
    memcpy(&bits, &v, sizeof bits);
    return (uint32_t)bits;
}

static double with_words(int32_t high, uint32_t low)
{
    uint64_t bits = (uint64_t)(uint32_t)high << 32 | low;
    double v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

static double with_high(double v, int32_t high)
{
    return with_words(high, low_word(v));
}

static double without_low(double v)
{
    return with_words(high_word(v), 0);
}

static const double LN2_HI = 6.93147180369123816490e-01, LN2_LO = 1.90821492927058770002e-10;
static const double TWO54 = 1.80143985094819840000e+16;
static const double P1 = 1.66666666666666019037e-01, P2 = -2.77777777770155933842e-03,
                    P3 = 6.61375632143793436117e-05, P4 = -1.65339022054652515390e-06,
                    P5 = 4.13813679705723846039e-08;

static double fd_exp(double x)
{
    uint32_t hx = (uint32_t)high_word(x) & 0x7fffffff;
    bool minus = signbit(x);
    double hi = 0, lo = 0;
    int k = 0;
    if (isnan(x) || x > 7.09782712893383973096e+02)
        return isnan(x) ? x : (double)INFINITY;
    if (x < -7.45133219101941108420e+02)
        return 0;
    if (hx > 0x3fd62e42) {
        if (hx < 0x3FF0A2B2) {
            k = minus ? -1 : 1;
            hi = x - (minus ? -LN2_HI : LN2_HI);
            lo = minus ? -LN2_LO : LN2_LO;
        } else {
            k = (int)(1.44269504088896338700e+00 * x + (minus ? -0.5 : 0.5));
            hi = x - k * LN2_HI;
            lo = k * LN2_LO;
        }
        x = hi - lo;
    } else if (hx < 0x3e300000) {
        return 1 + x;
    }
    double t = x * x;
    double c = x - t * (P1 + t * (P2 + t * (P3 + t * (P4 + t * P5))));
    if (k == 0)
        return 1 - ((x * c) / (c - 2.0) - x);
    double y = 1 - ((lo - (x * c) / (2.0 - c)) - hi);
    if (k >= -1021)
        return with_high(y, (int32_t)((uint32_t)high_word(y) + ((uint32_t)k << 20)));
    y = with_high(y, (int32_t)((uint32_t)high_word(y) + ((uint32_t)(k + 1000) << 20)));
    return y * 9.33263618503218878990e-302;
}

static double fd_log(double x)
{
    static const double L1 = 6.666666666666735130e-01, L2 = 3.999999999940941908e-01,
                        L3 = 2.857142874366239149e-01, L4 = 2.222219843214978396e-01,
                        L5 = 1.818357216161805012e-01, L6 = 1.531383769920937332e-01,
                        L7 = 1.479819860511658591e-01;
    int k = 0;
    if (isnan(x) || x < 0)
        return (double)NAN;
    if (x == 0)
        return (double)-INFINITY;
    if (isinf(x))
        return x;
    if (high_word(x) < 0x00100000) {
        k -= 54;
        x *= TWO54;
    }
    int32_t hx = high_word(x);
    k += (hx >> 20) - 1023;
    hx &= 0x000fffff;
    int32_t i = (hx + 0x95f64) & 0x100000;
    x = with_high(x, hx | (i ^ 0x3ff00000));
    k += i >> 20;
    double f = x - 1.0, dk = k;
    if ((0x000fffff & (2 + hx)) < 3) {
        if (f == 0)
            return k == 0 ? 0 : dk * LN2_HI + dk * LN2_LO;
        double r = f * f * (0.5 - 0.33333333333333333 * f);
        return k == 0 ? f - r : dk * LN2_HI - ((r - dk * LN2_LO) - f);
    }
    double s = f / (2.0 + f), z = s * s, w = z * z;
    int32_t j = 0x6b851 - hx;
    i = (hx - 0x6147a) | j;
    double t1 = w * (L2 + w * (L4 + w * L6));
    double t2 = z * (L1 + w * (L3 + w * (L5 + w * L7)));
    double r = t2 + t1;
    if (i > 0) {
        double half = 0.5 * f * f;
        return k == 0 ? f - (half - s * (half + r))
                      : dk * LN2_HI - ((half - (s * (half + r) + dk * LN2_LO)) - f);
    }
    return k == 0 ? f - s * (f - r) : dk * LN2_HI - ((s * (f - r) - dk * LN2_LO) - f);
}

static double fd_log10(double x)
{
    int k = 0;
    if (isnan(x) || x <= 0 || isinf(x))
        return fd_log(x);
    if (high_word(x) < 0x00100000) {
        k -= 54;
        x *= TWO54;
    }
    int32_t hx = high_word(x);
    k += (hx >> 20) - 1023;
    int i = k < 0;
    x = with_high(x, (hx & 0x000fffff) | ((0x3ff - i) << 20));
    double y = k + i;
    double z = y * 3.69423907715893078616e-13 + 4.34294481903251816668e-01 * fd_log(x);
    return z + y * 3.01029995663611771306e-01;
}

static double fd_cbrt(double x)
{
    double size = fabs(x), t;
    if (isnan(x) || isinf(x) || x == 0)
        return x;
    if (high_word(size) < 0x00100000) {
        t = TWO54 * size;
        t = with_high(t, high_word(t) / 3 + 696219795);
    } else {
        t = with_words(high_word(size) / 3 + 715094163, 0);
    }
    double r = t * t / size;
    double s = 5.42857142857142815906e-01 + r * t;
    t *= 3.57142857142857150787e-01 +
         1.60714285714285720630e+00 /
             (s + 1.41428571428571436819e+00 + -7.05306122448979611050e-01 / s);
    t = with_words(high_word(t) + 1, 0);
    s = t * t;
    r = size / s;
    r = (r - t) / ((t + t) + r);
    t = t + t * r;
    return x < 0 ? -t : t;
}

/* ---- pow ------------------------------------------------------------------------------------- */

/* A number in two parts. */
struct pair {
    double high, low;
};

/* 0 not an integer, 1 odd, 2 even */
static int parity(double y)
{
    if (!isfinite(y) || y != floor(y))
        return 0;
    return fmod(y, 2.0) == 0 ? 2 : 1;
}

/* log2 of a positive number near 1. */
static struct pair log2_near_one(double ax)
{
    double t = ax - 1.0;
    double w = (t * t) * (0.5 - t * (0.3333333333333333333333 - t * 0.25));
    double u = 1.44269502162933349609e+00 * t;
    double v = t * 1.92596299112661746887e-08 - w * 1.44269504088896338700e+00;
    double high = without_low(u + v);
    return (struct pair){high, v - (high - u)};
}

static struct pair log2_of(double ax)
{
    static const double bp[] = {1.0, 1.5}, dp_h[] = {0.0, 5.84962487220764160156e-01},
                        dp_l[] = {0.0, 1.35003920212974897128e-08};
    static const double L1 = 5.99999999999994648725e-01, L2 = 4.28571428578550184252e-01,
                        L3 = 3.33333329818377432918e-01, L4 = 2.72728123808534006489e-01,
                        L5 = 2.30660745775561754067e-01, L6 = 2.06975017800338417784e-01;
    int n = 0, k;
    if (high_word(ax) < 0x00100000) {
        ax *= 9007199254740992.0;
        n -= 53;
    }
    int32_t ix = high_word(ax);
    n += (ix >> 20) - 0x3ff;
    int32_t j = ix & 0x000fffff;
    ix = j | 0x3ff00000;
    if (j <= 0x3988E) {
        k = 0;
    } else if (j < 0xBB67A) {
        k = 1;
    } else {
        k = 0;
        n += 1;
        ix -= 0x00100000;
    }
    ax = with_high(ax, ix);
    double u = ax - bp[k], v = 1.0 / (ax + bp[k]);
    double ss = u * v;
    double s_h = without_low(ss);
    double t_h = with_words(((ix >> 1) | 0x20000000) + 0x00080000 + (k << 18), 0);
    double t_l = ax - (t_h - bp[k]);
    double s_l = v * ((u - s_h * t_h) - s_h * t_l);
    double s2 = ss * ss;
    double r = s2 * s2 * (L1 + s2 * (L2 + s2 * (L3 + s2 * (L4 + s2 * (L5 + s2 * L6)))));
    r += s_l * (s_h + ss);
    s2 = s_h * s_h;
    t_h = without_low(3.0 + s2 + r);
    t_l = r - ((t_h - 3.0) - s2);
    u = s_h * t_h;
    v = s_l * t_h + t_l * ss;
    double p_h = without_low(u + v);
    double p_l = v - (p_h - u);
    double z_h = 9.61796700954437255859e-01 * p_h;
    double z_l = -7.02846165095275826516e-09 * p_h + p_l * 9.61796693925975554329e-01 + dp_l[k];
    double t = n;
    double t1 = without_low(((z_h + z_l) + dp_h[k]) + t);
    return (struct pair){t1, z_l - (((t1 - t) - dp_h[k]) - z_h)};
}

/* sign * 2^(p_h + p_l) */
static double exp2_of(double p_h, double p_l, double sign)
{
    double z = p_l + p_h;
    int32_t j = high_word(z);
    int32_t i = j & 0x7fffffff;
    if (j >= 0x40900000) {
        if ((j - 0x40900000) | (int32_t)low_word(z) || p_l + 8.0085662595372944372e-17 > z - p_h)
            return sign * (double)INFINITY;
    } else if (i >= 0x4090cc00) {
        if ((int32_t)((uint32_t)j - 0xc090cc00) | (int32_t)low_word(z) || p_l <= z - p_h)
            return sign * 0.0;
    }
    int k = (i >> 20) - 0x3ff, n = 0;
    if (i > 0x3fe00000) {
        n = j + (0x00100000 >> (k + 1));
        k = ((n & 0x7fffffff) >> 20) - 0x3ff;
        double t = with_words(n & ~(0x000fffff >> k), 0);
        n = ((n & 0x000fffff) | 0x00100000) >> (20 - k);
        if (j < 0)
            n = -n;
        p_h -= t;
    }
    double t = without_low(p_l + p_h);
    double u = t * 6.93147182464599609375e-01;
    double v = (p_l - (t - p_h)) * 6.93147180559945286227e-01 + t * -1.90465429995776804525e-09;
    z = u + v;
    double w = v - (z - u);
    t = z * z;
    double t1 = z - t * (P1 + t * (P2 + t * (P3 + t * (P4 + t * P5))));
    double r = (z * t1) / (t1 - 2.0) - (w + z * w);
    z = 1.0 - (r - z);
    j = (int32_t)((uint32_t)high_word(z) + ((uint32_t)n << 20));
    z = (j >> 20) <= 0 ? scalbn(z, n) : with_high(z, j);
    return sign * z;
}

static double pow_of_infinity(double ax, double y)
{
    if (ax == 1)
        return (double)NAN;
    return (ax > 1) == (y > 0) ? (double)INFINITY : 0;
}

static double fd_pow(double x, double y)
{
    double ax = fabs(x);
    int whole = parity(y);
    if (y == 0)
        return 1;
    if (isnan(x) || isnan(y))
        return (double)NAN;
    if (isinf(y))
        return pow_of_infinity(ax, y);
    if (y == 1)
        return x;
    if (y == -1)
        return 1 / x;
    if (y == 2)
        return x * x;
    if (y == 0.5 && !signbit(x))
        return sqrt(x);
    if (isinf(x) || ax == 0 || ax == 1) {
        double z = y < 0 ? 1 / ax : ax;
        if (signbit(x) && ax == 1 && !whole)
            return (double)NAN;
        return signbit(x) && whole == 1 ? -z : z;
    }
    if (x < 0 && !whole)
        return (double)NAN;
    double sign = x < 0 && whole == 1 ? -1 : 1;
    int32_t ix = high_word(ax), iy = high_word(y) & 0x7fffffff;
    struct pair log;
    if (iy > 0x41e00000) {
        if (iy > 0x43f00000)
            return (ix <= 0x3fefffff) == (y < 0) ? (double)INFINITY : 0.0;
        if (ix < 0x3fefffff)
            return sign * (y < 0 ? (double)INFINITY : 0.0);
        if (ix > 0x3ff00000)
            return sign * (y > 0 ? (double)INFINITY : 0.0);
        log = log2_near_one(ax);
    } else {
        log = log2_of(ax);
    }
    double y1 = without_low(y);
    double p_l = (y - y1) * log.high + y * log.low;
    return exp2_of(y1 * log.high, p_l, sign);
}

/* ---- Functions ------------------------------------------------------------------------------- */

static void math_exp(const struct local_call *c, sqlite3_value **args)
{
    local_give_double(c, fd_exp(local_double(args[0])));
}

/* Logarithms are NULL where the argument is not positive; NaN stays. */
static void math_log(const struct local_call *c, sqlite3_value **args)
{
    double x = local_double(args[0]);
    if (x <= 0)
        return;
    local_give_double(c, c->row->mode == 10  ? fd_log10(x)
                         : c->row->mode == 2 ? fd_log(x) / fd_log(2.0)
                                             : fd_log(x));
}

static void math_log_base(const struct local_call *c, sqlite3_value **args)
{
    double base = local_double(args[0]), x = local_double(args[1]);
    if (x <= 0 || base <= 0)
        return;
    local_give_double(c, fd_log(x) / fd_log(base));
}

static void math_cbrt(const struct local_call *c, sqlite3_value **args)
{
    local_give_double(c, fd_cbrt(local_double(args[0])));
}

static void math_pow(const struct local_call *c, sqlite3_value **args)
{
    local_give_double(c, fd_pow(local_double(args[0]), local_double(args[1])));
}

double local_exp(double x)
{
    return fd_exp(x);
}

const struct local_function local_math_functions[] = {
    {"fd_exp", 1, true, math_exp, 0},           {"fd_log", 1, true, math_log, 0},
    {"fd_log10", 1, true, math_log, 10},        {"fd_log2", 1, true, math_log, 2},
    {"fd_log_base", 2, true, math_log_base, 0}, {"fd_cbrt", 1, true, math_cbrt, 0},
    {"fd_pow", 2, true, math_pow, 0},           {0},
};
