/* sketch_hash: 64 bits that look random, of a key and of bytes.
 *
 * Both multiply two words into 128 bits and fold them, which mixes all of both at once. Not for
 * secrets: whoever wants to can make values that collide, and gains nothing but a slower count. */
#include "sketch.h"

#include <string.h>

static const uint64_t salts[] = {0xa0761d6478bd642fu, 0xe7037ed1a0b428dbu, 0x8ebc6af09c88c6e3u,
                                 0x589965cc75374cc3u};

static uint64_t fold(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t fst_hash_key(__int128 key)
{
    uint64_t low = (uint64_t)key, high = (uint64_t)((unsigned __int128)key >> 64);
    return fold(fold(low ^ salts[0], high ^ salts[1]) ^ low ^ salts[2], salts[3]);
}

static uint64_t word(const uint8_t *p)
{
    uint64_t w;
    memcpy(&w, p, sizeof(w));
    return w;
}

static uint64_t half(const uint8_t *p)
{
    uint32_t w;
    memcpy(&w, p, sizeof(w));
    return w;
}

/* Two words that together have all of up to 16 bytes; they may overlap. */
static void ends(const uint8_t *p, size_t n, uint64_t *a, uint64_t *b)
{
    *a = *b = 0;
    if (n >= 8) {
        *a = word(p);
        *b = word(p + n - 8);
    } else if (n >= 4) {
        *a = half(p);
        *b = half(p + n - 4);
    } else if (n > 0) {
        *a = (uint64_t)p[0] << 16 | (uint64_t)p[n / 2] << 8 | p[n - 1];
    }
}

uint64_t fst_hash_bytes(const void *bytes, size_t n, uint64_t seed)
{
    const uint8_t *p = bytes;
    uint64_t hash = fold(seed ^ salts[0], n ^ salts[1]), a, b;
    size_t left = n;
    for (; left > 16; p += 16, left -= 16)
        hash = fold(word(p) ^ salts[1], word(p + 8) ^ hash);
    ends(p, left, &a, &b);
    return fold(fold(a ^ salts[2], b ^ hash) ^ n, salts[3]);
}
