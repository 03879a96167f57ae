/* Digits of a double by division of whole numbers, as Java up to 18 has them: d = B / S, the next
 * digit is 10 × B / S, and M is half the distance to the next double, in the same units; it stops
 * where what is left is within M of a digit. Whole numbers that fit 64 bits lose the digits that
 * their bits do not tell.
 *
 * That is Steele and White's method ("How to print floating-point numbers accurately", 1990) with
 * the stops of Java's own; where it stops late or early the digits are not the shortest, and Spark
 * on Java 17 shows them so. */
#include "java_digits.h"

#include <math.h>
#include <string.h>

enum { WORDS = 48, DOUBLE_BITS = 53, FLOAT_BITS = 24, EASY_POINT = 8 };

/* ---- Whole numbers of any size --------------------------------------------------------------- */

struct big {
    uint32_t words[WORDS]; /* the least first */
    int n;
};

static void big_times(struct big *b, uint32_t factor)
{
    uint64_t carry = 0;
    for (int i = 0; i < b->n; i++) {
        carry += (uint64_t)b->words[i] * factor;
        b->words[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry)
        b->words[b->n++] = (uint32_t)carry;
}

static void big_shift(struct big *b, int bits)
{
    int words = bits / 32;
    memmove(b->words + words, b->words, (size_t)b->n * sizeof(b->words[0]));
    memset(b->words, 0, (size_t)words * sizeof(b->words[0]));
    b->n += words;
    big_times(b, 1u << bits % 32);
}

/* v × 5^fives × 2^twos */
static struct big big_of(uint64_t v, int fives, int twos)
{
    struct big b = {.words = {(uint32_t)v, (uint32_t)(v >> 32)}, .n = v >> 32 ? 2 : 1};
    for (; fives >= 13; fives -= 13)
        big_times(&b, 1220703125);
    for (; fives > 0; fives--)
        big_times(&b, 5);
    big_shift(&b, twos);
    return b;
}

static int big_order(const struct big *a, const struct big *b)
{
    if (a->n != b->n)
        return a->n > b->n ? 1 : -1;
    for (int i = a->n - 1; i >= 0; i--)
        if (a->words[i] != b->words[i])
            return a->words[i] > b->words[i] ? 1 : -1;
    return 0;
}

static void big_subtract(struct big *a, const struct big *b)
{
    int64_t borrow = 0;
    for (int i = 0; i < a->n; i++) {
        borrow += (int64_t)a->words[i] - (i < b->n ? b->words[i] : 0);
        a->words[i] = (uint32_t)borrow;
        borrow >>= 32;
    }
    while (a->n > 1 && !a->words[a->n - 1])
        a->n--;
}

static struct big big_sum(const struct big *a, const struct big *b)
{
    struct big sum = {.n = a->n > b->n ? a->n : b->n};
    uint64_t carry = 0;
    for (int i = 0; i < sum.n; i++) {
        carry += (uint64_t)(i < a->n ? a->words[i] : 0) + (i < b->n ? b->words[i] : 0);
        sum.words[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry)
        sum.words[sum.n++] = (uint32_t)carry;
    return sum;
}

/* ---- The value ------------------------------------------------------------------------------- */

struct parts {
    uint64_t bits;   /* without zeros at the end */
    int n_bits;      /* of them */
    int exponent;    /* of the first one */
    int significant; /* bits that the type has there */
    int point;       /* the decimal exponent: d1.d2… × 10^point */
    char *digits;
    int n;
};

static void take_apart(struct parts *p, double v, bool is_float)
{
    int exponent, least = is_float ? -126 : -1022;
    double fraction = frexp(v, &exponent); /* 0.5 ≤ fraction < 1 */
    p->exponent = exponent - 1;
    p->significant = is_float ? FLOAT_BITS : DOUBLE_BITS;
    if (p->exponent < least)
        p->significant -= least - p->exponent;
    p->bits = (uint64_t)ldexp(fraction, DOUBLE_BITS);
    int zeros = __builtin_ctzll(p->bits);
    p->bits >>= zeros;
    p->n_bits = DOUBLE_BITS - zeros;
}

static void round_up(struct parts *p)
{
    int i = p->n - 1;
    while (i > 0 && p->digits[i] == '9')
        p->digits[i--] = '0';
    if (p->digits[i] == '9') {
        p->digits[i] = '1';
        p->point++;
    } else {
        p->digits[i]++;
    }
}

/* ---- Whole numbers of 64 bits ---------------------------------------------------------------- */

static void whole_digits(struct parts *p)
{
    uint64_t v = p->bits << (p->exponent + 1 - p->n_bits), ten = 1;
    int beyond = p->exponent > p->significant ? p->exponent - p->significant - 1 : 0, n = 0;
    for (int lost = beyond > 1 ? (int)(beyond * 0.30102999566398120) : 0; lost > 0; lost--) {
        ten *= 10;
        n++;
    }
    v = v / ten + (ten > 1 && v % ten >= ten / 2);
    for (; v % 10 == 0; v /= 10)
        n++;
    char text[24];
    p->n = snprintf(text, sizeof text, "%llu", (unsigned long long)v);
    memcpy(p->digits, text, (size_t)p->n);
    p->point = n + p->n - 1;
}

/* ---- All others ------------------------------------------------------------------------------ */

struct scale {
    int b2, b5, s2, s5, m2;
};

/* Java's guess of floor(log10 v), which may be one too large. */
static int guess(const struct parts *p)
{
    double fraction = ldexp((double)p->bits, 1 - p->n_bits);
    return (int)floor((fraction - 1.5) * 0.289529654 + 0.176091259 +
                      (double)p->exponent * 0.301029995663981);
}

static struct scale scale_of(const struct parts *p)
{
    int tiny = p->n_bits - p->exponent - 1 > 0 ? p->n_bits - p->exponent - 1 : 0;
    struct scale k;
    k.b5 = p->point < 0 ? -p->point : 0;
    k.b2 = k.b5 + tiny + p->exponent;
    k.s5 = p->point > 0 ? p->point : 0;
    k.s2 = k.s5 + tiny;
    k.m2 = k.b2 - p->significant;
    k.b2 -= p->n_bits - 1;
    int common = k.b2 < k.s2 ? k.b2 : k.s2;
    k.b2 -= common;
    k.s2 -= common;
    k.m2 -= common + (p->n_bits == 1);
    if (k.m2 < 0) {
        k.b2 -= k.m2;
        k.s2 -= k.m2;
        k.m2 = 0;
    }
    return k;
}

static int bits_of_fives(int n)
{
    static const uint8_t bits[] = {0,  3,  5,  7,  10, 12, 14, 17, 19, 21, 24, 26, 28, 31,
                                   33, 35, 38, 40, 42, 45, 47, 49, 52, 54, 56, 59, 61};
    return n < (int)FST_COUNT(bits) ? bits[n] : n * 3;
}

static int64_t power_of_five(int n)
{
    int64_t v = 1;
    while (n-- > 0)
        v *= 5;
    return v;
}

static void put_first(struct parts *p, int digit, bool high)
{
    p->n = 0;
    if (digit == 0 && !high)
        p->point--;
    else
        p->digits[p->n++] = (char)('0' + digit);
}

static bool wants_more(const struct parts *p)
{
    return p->point < -3 || p->point >= EASY_POINT;
}

static void finish(struct parts *p, bool low, bool high, int rest)
{
    bool odd = p->digits[p->n - 1] & 1;
    if (high && (!low || rest > 0 || (rest == 0 && odd)))
        round_up(p);
}

/* As a number of 32 or 64 bits that wraps. */
static int64_t wrapped(uint64_t v, bool is_int)
{
    return is_int ? (int32_t)(uint32_t)v : (int64_t)v;
}

static void small_digits(struct parts *p, const struct scale *k, bool is_int)
{
    int64_t b = wrapped((p->bits * (uint64_t)power_of_five(k->b5)) << k->b2, is_int);
    int64_t s = wrapped((uint64_t)power_of_five(k->s5) << k->s2, is_int);
    int64_t m = wrapped((uint64_t)power_of_five(k->b5) << k->m2, is_int);
    int64_t tens = wrapped((uint64_t)s * 10, is_int);
    bool low = false, high = false;
    for (bool first = true; first || (!low && !high); first = false) {
        int digit = (int)(b / s);
        b = wrapped((uint64_t)(b % s) * 10, is_int);
        m = wrapped((uint64_t)m * 10, is_int);
        bool fits = first || m > 0; /* one that wrapped is larger than all */
        low = !fits || b < m;
        high = !fits || wrapped((uint64_t)b + (uint64_t)m, is_int) > tens;
        if (!first)
            p->digits[p->n++] = (char)('0' + digit);
        else
            put_first(p, digit, high);
        if (first && wants_more(p))
            low = high = false;
    }
    int64_t rest = wrapped((uint64_t)b * 2 - (uint64_t)tens, is_int);
    finish(p, low, high, (rest > 0) - (rest < 0));
}

/* The quotient, a digit; ten times the rest stays. */
static int next_digit(struct big *b, const struct big *s)
{
    int digit = 0;
    for (; big_order(b, s) >= 0; digit++)
        big_subtract(b, s);
    big_times(b, 10);
    return digit;
}

static void big_digits(struct parts *p, const struct scale *k)
{
    struct big b = big_of(p->bits, k->b5, k->b2), s = big_of(1, k->s5, k->s2);
    struct big m = big_of(1, k->b5, k->m2), tens = s;
    bool low = false, high = false;
    big_times(&tens, 10);
    for (bool first = true; first || (!low && !high); first = false) {
        int digit = next_digit(&b, &s);
        big_times(&m, 10);
        struct big sum = big_sum(&b, &m);
        low = big_order(&b, &m) < 0;
        high = big_order(&tens, &sum) <= 0;
        if (!first)
            p->digits[p->n++] = (char)('0' + digit);
        else
            put_first(p, digit, high);
        if (first && wants_more(p))
            low = high = false;
    }
    big_times(&b, 2);
    finish(p, low, high, big_order(&b, &tens));
}

int java_digits(double v, bool is_float, char *digits, int *point)
{
    struct parts p = {.digits = digits};
    take_apart(&p, v, is_float);
    bool is_whole = p.n_bits <= p.exponent + 1 && p.exponent <= 62;
    if (is_whole) {
        whole_digits(&p);
    } else {
        p.point = guess(&p);
        struct scale k = scale_of(&p);
        int b_bits = p.n_bits + k.b2 + bits_of_fives(k.b5);
        int tens_bits = k.s2 + 1 + bits_of_fives(k.s5 + 1);
        if (b_bits < 64 && tens_bits < 64)
            small_digits(&p, &k, b_bits < 32 && tens_bits < 32);
        else
            big_digits(&p, &k);
    }
    while (p.n > 1 && digits[p.n - 1] == '0')
        p.n--;
    *point = p.point + 1;
    return p.n;
}
