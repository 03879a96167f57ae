/* digits: integers in decimal, quickly. */
#ifndef FIRESTEEL_BASE_DIGITS_H
#define FIRESTEEL_BASE_DIGITS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static const uint64_t powers_of_ten[] = {
    1,
    10,
    100,
    1000,
    10000,
    100000,
    1000000,
    10000000,
    100000000,
    1000000000,
    10000000000,
    100000000000,
    1000000000000,
    10000000000000,
    100000000000000,
    1000000000000000,
    10000000000000000,
    100000000000000000,
    1000000000000000000,
    10000000000000000000u,
};

static inline size_t count_digits(uint64_t v)
{
    size_t bits = 64 - (size_t)__builtin_clzll(v | 1), n = bits * 1233 >> 12;
    return n + ((v | 1) >= powers_of_ten[n]); /* 0 has a digit */
}

/* Eight digits at once, as their text lies in memory: halves of four, of two and of one digit are
 * split by multiplications side by side in one word. */
static inline uint64_t eight_digits(uint32_t v)
{
    uint64_t fours = v / 10000 | (uint64_t)(v % 10000) << 32;
    uint64_t high_twos = (fours * 10486 >> 20) & 0x0000007f0000007f;
    uint64_t twos = high_twos | (fours - 100 * high_twos) << 16;
    uint64_t high_ones = (twos * 103 >> 10) & 0x000f000f000f000f;
    return (high_ones | (twos - 10 * high_ones) << 8) + 0x3030303030303030;
}

/* A number below 10^8 without zeros in front; eight bytes are written, whatever its length. */
static inline char *put_up_to_eight(char *p, uint32_t v)
{
    size_t n = count_digits(v);
    uint64_t text = eight_digits(v) >> (64 - 8 * n);
    memcpy(p, &text, 8);
    return p + n;
}

/* The last n digits of v; returns their end. */
static inline char *put_digits(char *p, size_t n, uint64_t v)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    char *end = p + n;
    for (; n >= 8; n -= 8, v /= 100000000) {
        uint64_t text = eight_digits((uint32_t)(v % 100000000));
        memcpy(p + n - 8, &text, 8);
    }
    for (; n >= 2; n -= 2, v /= 100)
        memcpy(p + n - 2, pairs + 2 * (v % 100), 2);
    if (n)
        *p = (char)('0' + v % 10);
    return end;
}

#endif
