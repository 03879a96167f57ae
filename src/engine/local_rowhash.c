/* Spark's hashes of values: Murmur3 (x86, 32 bits, with its own way of the last bytes) and
 * XXHash64. NULL leaves the seed as it is; the seed of the first value is 42. */
#include "local_rowhash.h"

#include <math.h>
#include <string.h>

/* What a value is to a hash: four bytes, eight, or many. */
struct input {
    int width; /* 4, 8, or 0: bytes */
    uint64_t bits;
    const unsigned char *p;
    size_t n;
    unsigned char decimal[16];
};

/* As short as java.math.BigInteger writes it. */
static void wide_bytes(struct input *in, __int128 v)
{
    for (int i = 15; i >= 0; i--, v >>= 8)
        in->decimal[i] = (unsigned char)v;
    size_t from = 0;
    while (from < 15 && (in->decimal[from] == 0 || in->decimal[from] == 0xFF) &&
           (in->decimal[from] & 0x80) == (in->decimal[from + 1] & 0x80))
        from++;
    in->p = in->decimal + from;
    in->n = 16 - from;
}

static uint64_t real_bits(double v, bool single)
{
    float f = (float)v;
    uint32_t word;
    uint64_t bits;
    if (isnan(v))
        return single ? 0x7FC00000 : UINT64_C(0x7FF8000000000000);
    v = v == 0 ? 0 : v;
    f = f == 0 ? 0 : f;
    memcpy(&word, &f, sizeof word);
    memcpy(&bits, &v, sizeof bits);
    return single ? word : bits;
}

static void read_input(struct input *in, sqlite3_value *v, char kind)
{
    switch (kind) {
    case 'i':
        in->width = 4;
        in->bits = (uint32_t)sqlite3_value_int64(v);
        return;
    case 'f':
    case 'd':
        in->width = kind == 'f' ? 4 : 8;
        in->bits = real_bits(local_double(v), kind == 'f');
        return;
    case 'l':
        in->width = 8;
        in->bits = (uint64_t)sqlite3_value_int64(v);
        return;
    case 'm':
        in->width = 8;
        in->bits = (uint64_t)local_decimal(v);
        return;
    case 'w':
        wide_bytes(in, local_decimal(v));
        return;
    default: {
        struct fst_str s = local_text(v);
        in->p = (const unsigned char *)s.p;
        in->n = s.n;
    }
    }
}

static uint64_t little(const unsigned char *p, int bytes)
{
    uint64_t v = 0;
    for (int i = 0; i < bytes; i++)
        v |= (uint64_t)p[i] << (8 * i);
    return v;
}

/* ---- Murmur3 --------------------------------------------------------------------------------- */

static uint32_t turn32(uint32_t v, int n)
{
    return v << n | v >> (32 - n);
}

static uint32_t mix(uint32_t h, uint32_t k)
{
    k = turn32(k * 0xCC9E2D51, 15) * 0x1B873593;
    return turn32(h ^ k, 13) * 5 + 0xE6546B64;
}

static uint32_t murmur_end(uint32_t h, size_t n)
{
    h ^= (uint32_t)n;
    h = (h ^ h >> 16) * 0x85EBCA6B;
    h = (h ^ h >> 13) * 0xC2B2AE35;
    return h ^ h >> 16;
}

uint32_t local_murmur(sqlite3_value *v, char kind, uint32_t seed)
{
    struct input in = {0};
    if (sqlite3_value_type(v) == SQLITE_NULL)
        return seed;
    read_input(&in, v, kind);
    if (in.width == 4)
        return murmur_end(mix(seed, (uint32_t)in.bits), 4);
    if (in.width == 8)
        return murmur_end(mix(mix(seed, (uint32_t)in.bits), (uint32_t)(in.bits >> 32)), 8);
    size_t i = 0;
    for (; i + 4 <= in.n; i += 4)
        seed = mix(seed, (uint32_t)little(in.p + i, 4));
    for (; i < in.n; i++)
        seed = mix(seed, (uint32_t)(int32_t)(signed char)in.p[i]);
    return murmur_end(seed, in.n);
}

/* ---- XXHash64 -------------------------------------------------------------------------------- */

#define P1 UINT64_C(0x9E3779B185EBCA87)
#define P2 UINT64_C(0xC2B2AE3D27D4EB4F)
#define P3 UINT64_C(0x165667B19E3779F9)
#define P4 UINT64_C(0x85EBCA77C2B2AE63)
#define P5 UINT64_C(0x27D4EB2F165667C5)

static uint64_t turn64(uint64_t v, int n)
{
    return v << n | v >> (64 - n);
}

static uint64_t lane(uint64_t acc, uint64_t word)
{
    return turn64(acc + word * P2, 31) * P1;
}

static uint64_t take8(uint64_t h, uint64_t word)
{
    return turn64(h ^ lane(0, word), 27) * P1 + P4;
}

static uint64_t take4(uint64_t h, uint32_t word)
{
    return turn64(h ^ (word * P1), 23) * P2 + P3;
}

static uint64_t xx_end(uint64_t h)
{
    h = (h ^ h >> 33) * P2;
    h = (h ^ h >> 29) * P3;
    return h ^ h >> 32;
}

static uint64_t xx_start(const unsigned char **p, size_t *n, uint64_t seed)
{
    uint64_t v[4] = {seed + P1 + P2, seed + P2, seed, seed - P1};
    if (*n < 32)
        return seed + P5;
    for (; *n >= 32; *n -= 32, *p += 32)
        for (int i = 0; i < 4; i++)
            v[i] = lane(v[i], little(*p + i * 8, 8));
    uint64_t h = turn64(v[0], 1) + turn64(v[1], 7) + turn64(v[2], 12) + turn64(v[3], 18);
    for (int i = 0; i < 4; i++)
        h = (h ^ lane(0, v[i])) * P1 + P4;
    return h;
}

static uint64_t xx_bytes(const unsigned char *p, size_t n, uint64_t seed)
{
    uint64_t whole = n, h = xx_start(&p, &n, seed) + whole;
    for (; n >= 8; n -= 8, p += 8)
        h = take8(h, little(p, 8));
    for (; n >= 4; n -= 4, p += 4)
        h = take4(h, (uint32_t)little(p, 4));
    for (; n > 0; n--, p++)
        h = turn64(h ^ (*p * P5), 11) * P1;
    return xx_end(h);
}

uint64_t local_xxhash(sqlite3_value *v, char kind, uint64_t seed)
{
    struct input in = {0};
    if (sqlite3_value_type(v) == SQLITE_NULL)
        return seed;
    read_input(&in, v, kind);
    if (in.width == 4)
        return xx_end(take4(seed + P5 + 4, (uint32_t)in.bits));
    if (in.width == 8)
        return xx_end(take8(seed + P5 + 8, in.bits));
    return xx_bytes(in.p, in.n, seed);
}
