/* The shortest decimal of a double by Schubfach (R. Giulietti, "The Schubfach way to render
 * doubles", 2020), which Java's own Double.toString uses since 19.
 *
 * A double is c × 2^q. With 10^k just below the distance to its neighbours, at most one multiple of
 * 10^(k+1) rounds to it and at least one of 10^k does; which ones do is decided by comparing a few
 * integers, scaled by a power of ten that is known to 126 bits. The powers needed for everyday
 * numbers (10^0 to 10^37) fit into 128 bits exactly, so there is no table: the rest is left to the
 * slow way. Names are those of the paper. */
#include <string.h>

#include "shortest.h"

typedef unsigned __int128 u128;

enum { MOST_POWER = 37 };

/* floor(log10(2^e)), floor(log10(3/4 × 2^e)), floor(log2(10^e)) */
static int flog10_pow2(int e)
{
    return (int)(e * 661971961083 >> 41);
}

static int flog10_three_quarters_pow2(int e)
{
    return (int)((e * 661971961083 - 274743187321) >> 41);
}

static int flog2_pow10(int e)
{
    return (int)(e * 913124641741 >> 38);
}

/* floor(10^e × 2^-r) + 1 of 126 bits. Only powers of five take room. */
static u128 power_of_ten(int e)
{
    enum { HALF = 18 };
    static const uint64_t five[] = {
        1,          5,           25,           125,          625,          3125,      15625,
        78125,      390625,      1953125,      9765625,      48828125,     244140625, 1220703125,
        6103515625, 30517578125, 152587890625, 762939453125, 3814697265625};
    u128 p = five[e < HALF ? e : HALF];
    for (int rest = e - HALF; rest > 0; rest -= HALF)
        p *= five[rest < HALF ? rest : HALF];
    return (p << (125 - flog2_pow10(e) + e)) + 1;
}

static uint64_t high(uint64_t a, uint64_t b)
{
    return (uint64_t)((u128)a * b >> 64);
}

/* g × cp, cut, its last bit set when anything was cut off ("round to odd"). */
static uint64_t round_to_odd(u128 g, uint64_t cp)
{
    const uint64_t mask = ((uint64_t)1 << 63) - 1;
    uint64_t g1 = (uint64_t)(g >> 63), g0 = (uint64_t)g & mask;
    uint64_t z = (g1 * cp >> 1) + high(g0, cp);
    return (high(g1, cp) + (z >> 63)) | ((z & mask) + mask) >> 63;
}

static uint64_t round_to_odd_float(u128 g, uint64_t cp)
{
    const uint64_t mask = ((uint64_t)1 << 31) - 1;
    uint64_t x = high((uint64_t)(g >> 63) + 1, cp);
    return x >> 31 | ((x & mask) + mask) >> 31;
}

/* Of the candidates s and s + 1 (and the multiples of ten next to them) the one that is inside of
 * [vbl, vbr], four times as fine; odd c keeps the ends out. */
static uint64_t choose(uint64_t vb, uint64_t vbl, uint64_t vbr, unsigned out)
{
    uint64_t s = vb >> 2;
    if (s >= 100) {
        uint64_t low = s / 10 * 10, up = low + 10;
        bool low_in = vbl + out <= low << 2, up_in = (up << 2) + out <= vbr;
        if (low_in != up_in)
            return low_in ? low : up;
    }
    uint64_t t = s + 1;
    bool s_in = vbl + out <= s << 2, t_in = (t << 2) + out <= vbr;
    if (s_in != t_in)
        return s_in ? s : t;
    uint64_t middle = (s + t) << 1;
    return vb < middle || (vb == middle && s % 2 == 0) ? s : t;
}

bool shortest_of_double(double v, uint64_t *digits, int *exponent)
{
    const uint64_t hidden = (uint64_t)1 << 52;
    uint64_t bits;
    memcpy(&bits, &v, sizeof(bits));
    int biased = (int)(bits >> 52 & 0x7ff), q = biased - 1075;
    uint64_t c = hidden | (bits & (hidden - 1)), cb = c << 2;
    bool even_gaps = c != hidden;
    int k = even_gaps ? flog10_pow2(q) : flog10_three_quarters_pow2(q);
    if (biased == 0 || k > 0 || k < -MOST_POWER)
        return false;
    int h = q + flog2_pow10(-k) + 2;
    u128 g = power_of_ten(-k);
    *exponent = k;
    *digits = choose(round_to_odd(g, cb << h), round_to_odd(g, (cb - (even_gaps ? 2 : 1)) << h),
                     round_to_odd(g, (cb + 2) << h), (unsigned)(c & 1));
    return true;
}

bool shortest_of_float(float v, uint64_t *digits, int *exponent)
{
    const uint32_t hidden = (uint32_t)1 << 23;
    uint32_t bits;
    memcpy(&bits, &v, sizeof(bits));
    int biased = (int)(bits >> 23 & 0xff), q = biased - 150;
    uint64_t c = hidden | (bits & (hidden - 1)), cb = c << 2;
    bool even_gaps = c != hidden;
    int k = even_gaps ? flog10_pow2(q) : flog10_three_quarters_pow2(q);
    if (biased == 0 || k > 0 || k < -MOST_POWER)
        return false;
    int h = q + flog2_pow10(-k) + 33;
    u128 g = power_of_ten(-k);
    *exponent = k;
    *digits = choose(round_to_odd_float(g, cb << h),
                     round_to_odd_float(g, (cb - (even_gaps ? 2 : 1)) << h),
                     round_to_odd_float(g, (cb + 2) << h), (unsigned)(c & 1));
    return true;
}
