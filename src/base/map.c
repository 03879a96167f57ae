/* String keys to pointers: entries in order of insertion, an open-addressed index over them. The
 * hash is keyed by random bytes of the process, for keys come from files and servers: nobody can
 * make ones that all fall on one slot. */
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include "firesteel/base.h"

struct entry {
    char *key;
    size_t n;
    uint64_t hash;
    void *value;
};

struct fst_map {
    struct entry *entries;
    size_t n, cap;
    uint32_t *slots; /* entry + 1, 0 = free; a power of two, at most half full */
    size_t n_slots;
};

static uint64_t rotate(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

static void sip_rounds(uint64_t v[4], int rounds)
{
    while (rounds-- > 0) {
        v[0] += v[1], v[2] += v[3];
        v[1] = rotate(v[1], 13) ^ v[0], v[3] = rotate(v[3], 16) ^ v[2];
        v[0] = rotate(v[0], 32);
        v[2] += v[1], v[0] += v[3];
        v[1] = rotate(v[1], 17) ^ v[2], v[3] = rotate(v[3], 21) ^ v[0];
        v[2] = rotate(v[2], 32);
    }
}

/* SipHash-1-3, its key the random bytes that the kernel gives every process at its start. */
static uint64_t hash_of(const char *key, size_t n)
{
    uint64_t k[2] = {0, 0}, word;
    const void *random = (const void *)getauxval(AT_RANDOM); /* NOLINT: an address by contract */
    if (random)
        memcpy(k, random, sizeof k);
    uint64_t v[4] = {k[0] ^ 0x736f6d6570736575u, k[1] ^ 0x646f72616e646f6du,
                     k[0] ^ 0x6c7967656e657261u, k[1] ^ 0x7465646279746573u};
    for (size_t i = 0; i <= n / 8; i++) {
        size_t left = n - i * 8;
        word = left < 8 ? (uint64_t)n << 56 : 0;
        memcpy(&word, key + i * 8, left < 8 ? left : 8);
        v[3] ^= word;
        sip_rounds(v, 1);
        v[0] ^= word;
    }
    v[2] ^= 0xff;
    sip_rounds(v, 3);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

struct fst_map *fst_map_new(void)
{
    return fst_alloc(sizeof(struct fst_map));
}

void fst_map_free(struct fst_map *m, void (*free_value)(void *))
{
    if (!m)
        return;
    for (size_t i = 0; i < m->n; i++) {
        free(m->entries[i].key);
        if (free_value && m->entries[i].value)
            free_value(m->entries[i].value);
    }
    free(m->entries);
    free(m->slots);
    free(m);
}

/* The slot of a key, or the free one where it would go. */
static size_t slot_of(const struct fst_map *m, const char *key, size_t n, uint64_t hash)
{
    size_t i = hash & (m->n_slots - 1);
    while (m->slots[i]) {
        const struct entry *e = &m->entries[m->slots[i] - 1];
        if (e->hash == hash && e->n == n && memcmp(e->key, key, n) == 0)
            break;
        i = (i + 1) & (m->n_slots - 1);
    }
    return i;
}

static void rehash(struct fst_map *m, size_t n_slots)
{
    free(m->slots);
    m->slots = fst_alloc(n_slots * sizeof *m->slots);
    m->n_slots = n_slots;
    for (size_t i = 0; i < m->n; i++) {
        const struct entry *e = &m->entries[i];
        m->slots[slot_of(m, e->key, e->n, e->hash)] = (uint32_t)(i + 1);
    }
}

void *fst_map_getn(const struct fst_map *m, const char *key, size_t n)
{
    if (m->n == 0)
        return NULL;
    uint32_t at = m->slots[slot_of(m, key, n, hash_of(key, n))];
    return at ? m->entries[at - 1].value : NULL;
}

void *fst_map_get(const struct fst_map *m, const char *key)
{
    return fst_map_getn(m, key, strlen(key));
}

void *fst_map_set(struct fst_map *m, const char *key, void *value)
{
    size_t n = strlen(key);
    uint64_t hash = hash_of(key, n);
    if ((m->n + 1) * 2 > m->n_slots)
        rehash(m, m->n_slots ? m->n_slots * 2 : 16);
    size_t slot = slot_of(m, key, n, hash);
    if (m->slots[slot]) {
        struct entry *e = &m->entries[m->slots[slot] - 1];
        void *old = e->value;
        e->value = value;
        return old;
    }
    fst_grow(&m->entries, &m->cap, m->n + 1, sizeof *m->entries);
    m->entries[m->n++] = (struct entry){fst_strndup(key, n), n, hash, value};
    m->slots[slot] = (uint32_t)m->n;
    return NULL;
}

size_t fst_map_size(const struct fst_map *m)
{
    return m->n;
}

const char *fst_map_key_at(const struct fst_map *m, size_t i)
{
    return m->entries[i].key;
}

void *fst_map_value_at(const struct fst_map *m, size_t i)
{
    return m->entries[i].value;
}
