/* Sine and cosine with the answers of Java's Math.sin and Math.cos on x86-64, bit for bit, which
 * are not those of StrictMath: a table of sin and cos at multiples of pi/32, short polynomials for
 * what is left, and sums that keep what they lose. The order of operations is the answer: do not
 * rearrange. Checked against Java on random values. */
#include <math.h>

#include "local_math.h"

/* cos(B) - sigma, sin(B) high and low, sigma: a power of two close to cos(B); B = i * pi/32 */
/* clang-format off */
static const double table[64][4] = {
    {0x0.0p+0, 0x0.0p+0, 0x0.0p+0, 0x1.0000000000000p+0},
    {-0x1.3b92e176d6d31p-8, 0x1.917a6bc29b42cp-4, -0x1.e2718d26ed688p-60, 0x1.0000000000000p+0},
    {-0x1.3ad06011469fbp-6, 0x1.8f8b83c69a60bp-3, -0x1.26d19b9ff8d82p-57, 0x1.0000000000000p+0},
    {-0x1.60bea939d225ap-5, 0x1.294062ed59f06p-2, -0x1.5d28da2c4612dp-56, 0x1.0000000000000p+0},
    {-0x1.37ca1866b95cfp-4, 0x1.87de2a6aea963p-2, -0x1.72cedd3d5a610p-57, 0x1.0000000000000p+0},
    {-0x1.e3a6873fa1279p-4, 0x1.e2b5d3806f63bp-2, 0x1.e0d891d3c6841p-58, 0x1.0000000000000p+0},
    {-0x1.592675bc57974p-3, 0x1.1c73b39ae68c8p-1, 0x1.b25dd267f6600p-55, 0x1.0000000000000p+0},
    {-0x1.d0dfe53aba2fdp-3, 0x1.44cf325091dd6p-1, 0x1.8076a2cfdc6b3p-57, 0x1.0000000000000p+0},
    {0x1.a827999fcef32p-3, 0x1.6a09e667f3bcdp-1, -0x1.bdd3413b26456p-55, 0x1.0000000000000p-1},
    {0x1.133cc94247758p-3, 0x1.8bc806b151741p-1, -0x1.2c5e12ed1336dp-55, 0x1.0000000000000p-1},
    {0x1.c73b39ae68c87p-5, 0x1.a9b66290ea1a3p-1, 0x1.9f630e8b6dac8p-60, 0x1.0000000000000p-1},
    {-0x1.d4a2c7f909c4ep-6, 0x1.c38b2f180bdb1p-1, -0x1.6e0b1757c8d07p-56, 0x1.0000000000000p-1},
    {-0x1.e087565455a75p-4, 0x1.d906bcf328d46p-1, 0x1.457e610231ac2p-56, 0x1.0000000000000p-1},
    {0x1.4a03176acf82dp-5, 0x1.e9f4156c62ddap-1, 0x1.760b1e2e3f81ep-55, 0x1.0000000000000p-2},
    {-0x1.c1d1f0e5967d5p-5, 0x1.f6297cff75cb0p-1, 0x1.562172a361fd3p-56, 0x1.0000000000000p-2},
    {-0x1.ba1650f592f50p-6, 0x1.fd88da3d12526p-1, -0x1.87df6378811c7p-55, 0x1.0000000000000p-3},
    {0x0.0p+0, 0x1.0000000000000p+0, 0x0.0p+0, 0x0.0p+0},
    {0x1.ba1650f592f50p-6, 0x1.fd88da3d12526p-1, -0x1.87df6378811c7p-55, -0x1.0000000000000p-3},
    {0x1.c1d1f0e5967d5p-5, 0x1.f6297cff75cb0p-1, 0x1.562172a361fd3p-56, -0x1.0000000000000p-2},
    {-0x1.4a03176acf82dp-5, 0x1.e9f4156c62ddap-1, 0x1.760b1e2e3f81ep-55, -0x1.0000000000000p-2},
    {0x1.e087565455a75p-4, 0x1.d906bcf328d46p-1, 0x1.457e610231ac2p-56, -0x1.0000000000000p-1},
    {0x1.d4a2c7f909c4ep-6, 0x1.c38b2f180bdb1p-1, -0x1.6e0b1757c8d07p-56, -0x1.0000000000000p-1},
    {-0x1.c73b39ae68c87p-5, 0x1.a9b66290ea1a3p-1, 0x1.9f630e8b6dac8p-60, -0x1.0000000000000p-1},
    {-0x1.133cc94247758p-3, 0x1.8bc806b151741p-1, -0x1.2c5e12ed1336dp-55, -0x1.0000000000000p-1},
    {-0x1.a827999fcef32p-3, 0x1.6a09e667f3bcdp-1, -0x1.bdd3413b26456p-55, -0x1.0000000000000p-1},
    {0x1.d0dfe53aba2fdp-3, 0x1.44cf325091dd6p-1, 0x1.8076a2cfdc6b3p-57, -0x1.0000000000000p+0},
    {0x1.592675bc57974p-3, 0x1.1c73b39ae68c8p-1, 0x1.b25dd267f6600p-55, -0x1.0000000000000p+0},
    {0x1.e3a6873fa1279p-4, 0x1.e2b5d3806f63bp-2, 0x1.e0d891d3c6841p-58, -0x1.0000000000000p+0},
    {0x1.37ca1866b95cfp-4, 0x1.87de2a6aea963p-2, -0x1.72cedd3d5a610p-57, -0x1.0000000000000p+0},
    {0x1.60bea939d225ap-5, 0x1.294062ed59f06p-2, -0x1.5d28da2c4612dp-56, -0x1.0000000000000p+0},
    {0x1.3ad06011469fbp-6, 0x1.8f8b83c69a60bp-3, -0x1.26d19b9ff8d82p-57, -0x1.0000000000000p+0},
    {0x1.3b92e176d6d31p-8, 0x1.917a6bc29b42cp-4, -0x1.e2718d26ed688p-60, -0x1.0000000000000p+0},
    {0x0.0p+0, 0x0.0p+0, 0x0.0p+0, -0x1.0000000000000p+0},
    {0x1.3b92e176d6d31p-8, -0x1.917a6bc29b42cp-4, 0x1.e2718d26ed688p-60, -0x1.0000000000000p+0},
    {0x1.3ad06011469fbp-6, -0x1.8f8b83c69a60bp-3, 0x1.26d19b9ff8d82p-57, -0x1.0000000000000p+0},
    {0x1.60bea939d225ap-5, -0x1.294062ed59f06p-2, 0x1.5d28da2c4612dp-56, -0x1.0000000000000p+0},
    {0x1.37ca1866b95cfp-4, -0x1.87de2a6aea963p-2, 0x1.72cedd3d5a610p-57, -0x1.0000000000000p+0},
    {0x1.e3a6873fa1279p-4, -0x1.e2b5d3806f63bp-2, -0x1.e0d891d3c6841p-58, -0x1.0000000000000p+0},
    {0x1.592675bc57974p-3, -0x1.1c73b39ae68c8p-1, -0x1.b25dd267f6600p-55, -0x1.0000000000000p+0},
    {0x1.d0dfe53aba2fdp-3, -0x1.44cf325091dd6p-1, -0x1.8076a2cfdc6b3p-57, -0x1.0000000000000p+0},
    {-0x1.a827999fcef32p-3, -0x1.6a09e667f3bcdp-1, 0x1.bdd3413b26456p-55, -0x1.0000000000000p-1},
    {-0x1.133cc94247758p-3, -0x1.8bc806b151741p-1, 0x1.2c5e12ed1336dp-55, -0x1.0000000000000p-1},
    {-0x1.c73b39ae68c87p-5, -0x1.a9b66290ea1a3p-1, -0x1.9f630e8b6dac8p-60, -0x1.0000000000000p-1},
    {0x1.d4a2c7f909c4ep-6, -0x1.c38b2f180bdb1p-1, 0x1.6e0b1757c8d07p-56, -0x1.0000000000000p-1},
    {0x1.e087565455a75p-4, -0x1.d906bcf328d46p-1, -0x1.457e610231ac2p-56, -0x1.0000000000000p-1},
    {-0x1.4a03176acf82dp-5, -0x1.e9f4156c62ddap-1, -0x1.760b1e2e3f81ep-55, -0x1.0000000000000p-2},
    {0x1.c1d1f0e5967d5p-5, -0x1.f6297cff75cb0p-1, -0x1.562172a361fd3p-56, -0x1.0000000000000p-2},
    {0x1.ba1650f592f50p-6, -0x1.fd88da3d12526p-1, 0x1.87df6378811c7p-55, -0x1.0000000000000p-3},
    {0x0.0p+0, -0x1.0000000000000p+0, 0x0.0p+0, 0x0.0p+0},
    {-0x1.ba1650f592f50p-6, -0x1.fd88da3d12526p-1, 0x1.87df6378811c7p-55, 0x1.0000000000000p-3},
    {-0x1.c1d1f0e5967d5p-5, -0x1.f6297cff75cb0p-1, -0x1.562172a361fd3p-56, 0x1.0000000000000p-2},
    {0x1.4a03176acf82dp-5, -0x1.e9f4156c62ddap-1, -0x1.760b1e2e3f81ep-55, 0x1.0000000000000p-2},
    {-0x1.e087565455a75p-4, -0x1.d906bcf328d46p-1, -0x1.457e610231ac2p-56, 0x1.0000000000000p-1},
    {-0x1.d4a2c7f909c4ep-6, -0x1.c38b2f180bdb1p-1, 0x1.6e0b1757c8d07p-56, 0x1.0000000000000p-1},
    {0x1.c73b39ae68c87p-5, -0x1.a9b66290ea1a3p-1, -0x1.9f630e8b6dac8p-60, 0x1.0000000000000p-1},
    {0x1.133cc94247758p-3, -0x1.8bc806b151741p-1, 0x1.2c5e12ed1336dp-55, 0x1.0000000000000p-1},
    {0x1.a827999fcef32p-3, -0x1.6a09e667f3bcdp-1, 0x1.bdd3413b26456p-55, 0x1.0000000000000p-1},
    {-0x1.d0dfe53aba2fdp-3, -0x1.44cf325091dd6p-1, -0x1.8076a2cfdc6b3p-57, 0x1.0000000000000p+0},
    {-0x1.592675bc57974p-3, -0x1.1c73b39ae68c8p-1, -0x1.b25dd267f6600p-55, 0x1.0000000000000p+0},
    {-0x1.e3a6873fa1279p-4, -0x1.e2b5d3806f63bp-2, -0x1.e0d891d3c6841p-58, 0x1.0000000000000p+0},
    {-0x1.37ca1866b95cfp-4, -0x1.87de2a6aea963p-2, 0x1.72cedd3d5a610p-57, 0x1.0000000000000p+0},
    {-0x1.60bea939d225ap-5, -0x1.294062ed59f06p-2, 0x1.5d28da2c4612dp-56, 0x1.0000000000000p+0},
    {-0x1.3ad06011469fbp-6, -0x1.8f8b83c69a60bp-3, 0x1.26d19b9ff8d82p-57, 0x1.0000000000000p+0},
    {-0x1.3b92e176d6d31p-8, -0x1.917a6bc29b42cp-4, 0x1.e2718d26ed688p-60, 0x1.0000000000000p+0},
};
/* clang-format on */

/* Taylor's coefficients: of sin(r) - r, and of cos(r) - 1. */
static const double sine_terms[] = {-1.0 / 6, 1.0 / 120, -1.0 / 5040, 1.0 / 362880},
                    cosine_terms[] = {-1.0 / 2, 1.0 / 24, -1.0 / 720, 1.0 / 40320};

static double polynomial(const double *terms, double r1, double r)
{
    double r2 = r * r;
    return (terms[0] + terms[1] * r2) + (terms[2] + terms[3] * r1 * r) * (r2 * r2);
}

/* sin(x + turn * pi/32) for |x| below the limit */
static double turned_sine(double x, int turn)
{
    /* pi/32 in three parts, of which multiples of the first two are exact */
    static const double first = 0x1.921fb544p-4, second = 0x1.0b4611a6p-38,
                        third = 0x1.3198a2e037073p-73;
    int whole = (int)(x * 0x1.45f306dc9c883p+3 + copysign(0.5, x));
    double n = whole, m2 = n * second;
    const double *t = table[(whole + turn) & 63];
    double r1 = x - n * first, r = r1 - m2;
    double minus_c = n * third - ((r1 - r) - m2);
    double slope = t[0] + t[3], minus_d = t[1] * r - slope;
    double turned = t[3] * r, mid = t[0] * r, high = turned + t[1], sum = mid + high;
    double of_sine = polynomial(sine_terms, r1, r) * (slope * r * (r * r));
    double of_cosine = polynomial(cosine_terms, r1, r) * (t[1] * (r * r));
    double low = minus_c * minus_d + t[2];
    low += (t[1] - high) + turned;
    low += (high - sum) + mid;
    low += of_sine;
    low += of_cosine;
    return sum + low;
}

double local_sin(double x)
{
    if (!isfinite(x))
        return NAN;
    return fabs(x) < 0x1p-252 ? x : turned_sine(x, 0);
}

double local_cos(double x)
{
    if (!isfinite(x))
        return NAN;
    return fabs(x) < 0x1p-252 ? 1 : turned_sine(x, 16);
}
