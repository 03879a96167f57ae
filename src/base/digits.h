/* digits: integers in decimal, quickly. */
#ifndef FIRESTEEL_BASE_DIGITS_H
#define FIRESTEEL_BASE_DIGITS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline size_t count_digits(uint64_t v)
{
    static const uint64_t tens[] = {
        0,
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
    size_t bits = 64 - (size_t)__builtin_clzll(v | 1), n = bits * 1233 >> 12;
    return n + (v >= tens[n]);
}

/* The last n digits of v, two at a time; returns their end. */
static inline char *put_digits(char *p, size_t n, uint64_t v)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    char *end = p + n;
    for (; n >= 2; n -= 2, v /= 100)
        memcpy(p + n - 2, pairs + 2 * (v % 100), 2);
    if (n)
        *p = (char)('0' + v % 10);
    return end;
}

#endif
