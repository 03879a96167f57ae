/* Inverse and hyperbolic functions, expm1, log1p and hypot as Java's StrictMath computes them, bit
 * for bit: the algorithms and constants of Sun's fdlibm (its licence permits free use with this
 * notice: Copyright (C) 1993-2004 by Sun Microsystems, Inc.). */
#include <math.h>
#include <string.h>

#include "local_math.h"

static const double PI_HI = 3.14159265358979311600e+00, PI_LO = 1.2246467991473531772E-16;
static const double PIO2_HI = 1.57079632679489655800e+00, PIO2_LO = 6.12323399573676603587e-17;
static const double PIO4 = 7.85398163397448278999e-01;
static const double LN2_HI = 6.93147180369123816490e-01, LN2_LO = 1.90821492927058770002e-10;

static uint64_t bits_of(double v)
{
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    return bits;
}

static double of_bits(uint64_t bits)
{
    double v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

static int32_t high_word(double v)
{
    return (int32_t)(bits_of(v) >> 32);
}

static double with_high(double v, int32_t high)
{
    return of_bits((uint64_t)(uint32_t)high << 32 | (bits_of(v) & 0xffffffff));
}

static double without_low(double v)
{
    return of_bits(bits_of(v) & UINT64_C(0xffffffff00000000));
}

/* ---- expm1 and log1p ------------------------------------------------------------------------- */

/* What is left of expm1 once 2^k is taken out: x is reduced, c is what that lost. */
static double expm1_scaled(double x, double c, int k)
{
    static const double Q[] = {-3.33333333333331316428e-02, 1.58730158725481460165e-03,
                               -7.93650757867487942473e-05, 4.00821782732936239552e-06,
                               -2.01099218183624371326e-07};
    double hfx = 0.5 * x, hxs = x * hfx, y;
    double r1 = 1 + hxs * (Q[0] + hxs * (Q[1] + hxs * (Q[2] + hxs * (Q[3] + hxs * Q[4]))));
    double t = 3 - r1 * hfx, e = hxs * ((r1 - t) / (6.0 - x * t));
    if (k == 0)
        return x - (x * e - hxs);
    e = x * (e - c) - c;
    e -= hxs;
    if (k == -1)
        return 0.5 * (x - e) - 0.5;
    if (k == 1)
        return x < -0.25 ? -2.0 * (e - (x + 0.5)) : 1 + 2.0 * (x - e);
    if (k <= -2 || k > 56) {
        y = 1 - (e - x);
        return with_high(y, high_word(y) + (int32_t)((uint32_t)k << 20)) - 1;
    }
    if (k < 20) {
        t = with_high(1, 0x3ff00000 - (0x200000 >> k));
        y = t - (e - x);
    } else {
        t = with_high(1, (0x3ff - k) << 20);
        y = x - (e + t);
        y += 1;
    }
    return with_high(y, high_word(y) + (k << 20));
}

double local_expm1(double x)
{
    uint32_t hx = (uint32_t)high_word(x) & 0x7fffffff;
    bool minus = signbit(x);
    double hi, lo, c = 0;
    int k = 0;
    if (isnan(x))
        return x;
    if (hx >= 0x4043687A) {
        if (x > 7.09782712893383973096e+02)
            return INFINITY;
        if (minus)
            return -1;
    }
    if (hx > 0x3fd62e42) {
        k = minus ? -1 : 1;
        if (hx >= 0x3FF0A2B2)
            k = (int)(1.44269504088896338700e+00 * x + (minus ? -0.5 : 0.5));
        hi = x - k * LN2_HI;
        lo = k * LN2_LO;
        x = hi - lo;
        c = (hi - x) - lo;
    } else if (hx < 0x3c900000) {
        return x;
    }
    return expm1_scaled(x, c, k);
}

/* log(2^k * (1 + f)), c the error of f; small says that f is as good as 0. */
static double log1p_scaled(double f, double c, int k, bool small)
{
    static const double L[] = {6.666666666666735130e-01, 3.999999999940941908e-01,
                               2.857142874366239149e-01, 2.222219843214978396e-01,
                               1.818357216161805012e-01, 1.531383769920937332e-01,
                               1.479819860511658591e-01};
    double hfsq = 0.5 * f * f, R;
    if (small) {
        if (f == 0)
            return k == 0 ? 0 : k * LN2_HI + (c + k * LN2_LO);
        R = hfsq * (1.0 - 0.66666666666666666 * f);
        return k == 0 ? f - R : k * LN2_HI - ((R - (k * LN2_LO + c)) - f);
    }
    double s = f / (2.0 + f), z = s * s;
    R = z * (L[0] + z * (L[1] + z * (L[2] + z * (L[3] + z * (L[4] + z * (L[5] + z * L[6]))))));
    if (k == 0)
        return f - (hfsq - s * (hfsq + R));
    return k * LN2_HI - ((hfsq - (s * (hfsq + R) + (k * LN2_LO + c))) - f);
}

double local_log1p(double x)
{
    int32_t hx = high_word(x), ax = hx & 0x7fffffff, hu = 1;
    double f = 0, c = 0, u;
    int k = 1;
    if (hx < 0x3FDA827A) {
        if (ax >= 0x3ff00000)
            return x == -1 ? -(double)INFINITY : (double)NAN;
        if (ax < 0x3e200000)
            return ax < 0x3c900000 ? x : x - x * x * 0.5;
        if (hx > 0 || hx <= (int32_t)0xbfd2bec3) {
            k = 0;
            f = x;
        }
    }
    if (hx >= 0x7ff00000)
        return x + x;
    if (k != 0) {
        u = hx < 0x43400000 ? 1.0 + x : x;
        hu = high_word(u);
        k = (hu >> 20) - 1023;
        if (hx < 0x43400000) {
            c = k > 0 ? 1.0 - (u - x) : x - (u - 1.0);
            c /= u;
        }
        hu &= 0x000fffff;
        if (hu < 0x6a09e) {
            u = with_high(u, hu | 0x3ff00000);
        } else {
            k += 1;
            u = with_high(u, hu | 0x3fe00000);
            hu = (0x00100000 - hu) >> 2;
        }
        f = u - 1.0;
    }
    return log1p_scaled(f, c, k, hu == 0);
}

/* ---- Inverse functions ----------------------------------------------------------------------- */

/* The rational part of asin and acos. */
static double asin_rest(double t)
{
    static const double P[] = {1.66666666666666657415e-01, -3.25565818622400915405e-01,
                               2.01212532134862925881e-01, -4.00555345006794114027e-02,
                               7.91534994289814532176e-04, 3.47933107596021167570e-05},
                        Q[] = {-2.40339491173441421878e+00, 2.02094576023350569471e+00,
                               -6.88283971605453293030e-01, 7.70381505559019352791e-02};
    double p = t * (P[0] + t * (P[1] + t * (P[2] + t * (P[3] + t * (P[4] + t * P[5])))));
    double q = 1 + t * (Q[0] + t * (Q[1] + t * (Q[2] + t * Q[3])));
    return p / q;
}

double local_asin(double x)
{
    uint32_t ix = (uint32_t)high_word(x) & 0x7fffffff;
    if (!(fabs(x) < 1))
        return fabs(x) == 1 ? x * PIO2_HI + x * PIO2_LO : (double)NAN;
    if (ix < 0x3e400000)
        return x;
    if (ix < 0x3fe00000)
        return x + x * asin_rest(x * x);
    double t = (1 - fabs(x)) * 0.5, r = asin_rest(t), s = sqrt(t);
    if (ix >= 0x3FEF3333) {
        t = PIO2_HI - (2.0 * (s + s * r) - PIO2_LO);
    } else {
        double w = without_low(s), c = (t - w * w) / (s + w);
        double p = 2.0 * s * r - (PIO2_LO - 2.0 * c), q = PIO4 - 2.0 * w;
        t = PIO4 - (p - q);
    }
    return x > 0 ? t : -t;
}

double local_acos(double x)
{
    uint32_t ix = (uint32_t)high_word(x) & 0x7fffffff;
    if (!(fabs(x) < 1))
        return x == 1 ? 0 : x == -1 ? PI_HI + 2.0 * PIO2_LO : (double)NAN;
    if (ix <= 0x3c600000)
        return PIO2_HI + PIO2_LO;
    if (ix < 0x3fe00000)
        return PIO2_HI - (x - (PIO2_LO - x * asin_rest(x * x)));
    if (x < 0) {
        double z = (1 + x) * 0.5, s = sqrt(z), w = asin_rest(z) * s - PIO2_LO;
        return PI_HI - 2.0 * (s + w);
    }
    double z = (1 - x) * 0.5, s = sqrt(z), df = without_low(s), c = (z - df * df) / (s + df);
    return 2.0 * (df + (asin_rest(z) * s + c));
}

double local_atan(double x)
{
    static const double hi[] = {4.63647609000806093515e-01, 7.85398163397448278999e-01,
                                9.82793723247329054082e-01, 1.57079632679489655800e+00},
                        lo[] = {2.26987774529616870924e-17, 3.06161699786838301793e-17,
                                1.39033110312309984516e-17, 6.12323399573676603587e-17},
                        T[] = {3.33333333333329318027e-01, -1.99999999998764832476e-01,
                               1.42857142725034663711e-01, -1.11111104054623557880e-01,
                               9.09088713343650656196e-02, -7.69187620504482999495e-02,
                               6.66107313738753120669e-02, -5.83357013379057348645e-02,
                               4.97687799461593236017e-02, -3.65315727442169155270e-02,
                               1.62858201153657823623e-02};
    uint32_t ix = (uint32_t)high_word(x) & 0x7fffffff;
    bool minus = signbit(x);
    int id = -1;
    if (isnan(x))
        return x;
    if (ix >= 0x44100000)
        return minus ? -hi[3] - lo[3] : hi[3] + lo[3];
    if (ix < 0x3fdc0000) {
        if (ix < 0x3e200000)
            return x;
    } else {
        x = fabs(x);
        id = ix < 0x3fe60000 ? 0 : ix < 0x3ff30000 ? 1 : ix < 0x40038000 ? 2 : 3;
        x = id == 0   ? (2.0 * x - 1) / (2.0 + x)
            : id == 1 ? (x - 1) / (x + 1)
            : id == 2 ? (x - 1.5) / (1 + 1.5 * x)
                      : -1.0 / x;
    }
    double z = x * x, w = z * z;
    double s1 = z * (T[0] + w * (T[2] + w * (T[4] + w * (T[6] + w * (T[8] + w * T[10])))));
    double s2 = w * (T[1] + w * (T[3] + w * (T[5] + w * (T[7] + w * T[9]))));
    if (id < 0)
        return x - x * (s1 + s2);
    z = hi[id] - ((x * (s1 + s2) - lo[id]) - x);
    return minus ? -z : z;
}

/* y and x that are not both finite and not 0. */
static double atan2_edge(double y, double x)
{
    double size = y == 0 || (isinf(x) && !isinf(y)) ? (signbit(x) ? PI_HI : 0)
                  : isinf(x) && isinf(y)            ? (signbit(x) ? 3.0 * PIO4 : PIO4)
                                                    : PIO2_HI;
    return signbit(y) ? -size : size;
}

double local_atan2(double y, double x)
{
    if (isnan(x) || isnan(y))
        return x + y;
    if (x == 1)
        return local_atan(y);
    if (y == 0 || x == 0 || isinf(x) || isinf(y))
        return atan2_edge(y, x);
    int32_t iy = high_word(y) & 0x7fffffff, ix = high_word(x) & 0x7fffffff, k = (iy - ix) >> 20;
    double z = k > 60 ? PIO2_HI + 0.5 * PI_LO : x < 0 && k < -60 ? 0 : local_atan(fabs(y / x));
    if (x > 0)
        return signbit(y) ? -z : z;
    return signbit(y) ? (z - PI_LO) - PI_HI : PI_HI - (z - PI_LO);
}

/* ---- Hyperbolic functions -------------------------------------------------------------------- */

/* Half of e^x where e^x itself may be too large. */
static double half_exp(double x)
{
    if (x <= 7.09782712893383973096e+02 && high_word(x) < 0x40862E42)
        return 0.5 * local_exp(x);
    if (!(x <= 7.10475860073943863426e+02))
        return INFINITY;
    double w = local_exp(0.5 * x);
    return (0.5 * w) * w;
}

double local_sinh(double x)
{
    int32_t ix = high_word(x) & 0x7fffffff;
    double h = signbit(x) ? -0.5 : 0.5;
    if (ix >= 0x7ff00000)
        return x + x;
    if (ix >= 0x40360000)
        return signbit(x) ? -half_exp(-x) : half_exp(x);
    if (ix < 0x3e300000)
        return x;
    double t = local_expm1(fabs(x));
    return ix < 0x3ff00000 ? h * (2.0 * t - t * t / (t + 1)) : h * (t + t / (t + 1));
}

double local_cosh(double x)
{
    int32_t ix = high_word(x) & 0x7fffffff;
    x = fabs(x);
    if (ix >= 0x7ff00000)
        return x * x;
    if (ix < 0x3fd62e43) {
        double t = local_expm1(x), w = 1 + t;
        return ix < 0x3c800000 ? w : 1 + (t * t) / (w + w);
    }
    if (ix < 0x40360000) {
        double t = local_exp(x);
        return 0.5 * t + 0.5 / t;
    }
    return half_exp(x);
}

double local_tanh(double x)
{
    int32_t ix = high_word(x) & 0x7fffffff;
    double z = 1;
    if (isnan(x))
        return x;
    if (ix < 0x3c800000)
        return x * (1 + x);
    if (ix < 0x40360000) {
        double t = local_expm1(ix >= 0x3ff00000 ? 2.0 * fabs(x) : -2.0 * fabs(x));
        z = ix >= 0x3ff00000 ? 1 - 2.0 / (t + 2.0) : -t / (t + 2.0);
    }
    return signbit(x) ? -z : z;
}

/* ---- hypot ----------------------------------------------------------------------------------- */

/* a >= b > 0, neither so large nor so small that a square is not finite and normal; ha and hb are
 * taken for their high words. */
static double hypot_medium(double a, double b, int32_t ha, int32_t hb)
{
    double w = a - b;
    if (w > b) {
        double t1 = with_high(0, ha), t2 = a - t1;
        return sqrt(t1 * t1 - (b * -b - t2 * (a + t1)));
    }
    double y1 = with_high(0, hb), y2 = b - y1, doubled = a + a;
    double t1 = with_high(0, ha + 0x00100000), t2 = doubled - t1;
    return sqrt(t1 * y1 - (w * -w - (t1 * y2 + t2 * b)));
}

static double hypot_scaled(double a, double b, int k)
{
    a = ldexp(a, k);
    b = ldexp(b, k);
    return ldexp(hypot_medium(a, b, high_word(a), high_word(b)), -k);
}

double local_hypot(double x, double y)
{
    double a = fabs(x), b = fabs(y);
    if (isinf(a) || isinf(b))
        return INFINITY;
    if (isnan(a) || isnan(b))
        return NAN;
    if (b > a) {
        double swap = a;
        a = b;
        b = swap;
    }
    int32_t ha = high_word(a), hb = high_word(b);
    if (ha - hb > 0x3c00000)
        return a + b;
    if (ha > 0x5f300000)
        return hypot_scaled(a, b, -600);
    if (b == 0)
        return a;
    if (hb < 0x00100000) /* the high words stay those before scaling, in Java as well */
        return ldexp(hypot_medium(ldexp(a, 1022), ldexp(b, 1022), ha, hb), -1022);
    return hb < 0x20b00000 ? hypot_scaled(a, b, 600) : hypot_medium(a, b, ha, hb);
}

/* ---- Functions ------------------------------------------------------------------------------- */

enum { ASIN, ACOS, ATAN, SINH, COSH, TANH, EXPM1, LOG1P, SIN, COS, SEC, CSC };

static void one(const struct local_call *c, sqlite3_value **args)
{
    static double (*const functions[])(double) = {
        [ASIN] = local_asin, [ACOS] = local_acos, [ATAN] = local_atan,   [SINH] = local_sinh,
        [COSH] = local_cosh, [TANH] = local_tanh, [EXPM1] = local_expm1, [LOG1P] = local_log1p};
    double x = local_double(args[0]);
    if (c->row->mode != LOG1P || !(x <= -1))
        local_give_double(c, functions[c->row->mode](x));
}

/* Java's sine takes another way for what is far from 0. */
static void sine(const struct local_call *c, sqlite3_value **args)
{
    double x = local_double(args[0]);
    if (isfinite(x) && fabs(x) >= LOCAL_SINE_LIMIT) {
        local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                    "sine and cosine of so large a number are not something the local engine "
                    "does.");
        return;
    }
    switch (c->row->mode) {
    case SIN:
        local_give_double(c, local_sin(x));
        return;
    case COS:
        local_give_double(c, local_cos(x));
        return;
    case SEC:
        local_give_double(c, 1 / local_cos(x));
        return;
    default:
        local_give_double(c, 1 / local_sin(x));
    }
}

static void two(const struct local_call *c, sqlite3_value **args)
{
    double a = local_double(args[0]), b = local_double(args[1]);
    local_give_double(c, c->row->mode ? local_hypot(a, b) : local_atan2(a + 0.0, b + 0.0));
}

const struct local_function local_trig_functions[] = {
    {"fd_asin", 1, true, one, ASIN},
    {"fd_acos", 1, true, one, ACOS},
    {"fd_atan", 1, true, one, ATAN},
    {"fd_sinh", 1, true, one, SINH},
    {"fd_cosh", 1, true, one, COSH},
    {"fd_tanh", 1, true, one, TANH},
    {"fd_expm1", 1, true, one, EXPM1},
    {"fd_log1p", 1, true, one, LOG1P},
    {"fd_atan2", 2, true, two, 0},
    {"fd_hypot", 2, true, two, 1},
    {"sin_of", 1, true, sine, SIN},
    {"cos_of", 1, true, sine, COS},
    {"sec_of", 1, true, sine, SEC},
    {"csc_of", 1, true, sine, CSC},
    {0},
};
