/* parquet_write_dictionary: the different values of a chunk, numbered as they appear.
 *
 * A hash table of entry numbers; the tag beside each keeps most probes off the entries. */
#include "parquet_write.h"

#include "sketch.h"

#include <stdlib.h>
#include <string.h>

static uint32_t hash_64(uint64_t v)
{
    v *= 0x9E3779B97F4A7C15u;
    return (uint32_t)(v >> 32 ^ v >> 7);
}

static uint32_t hash_bytes(const char *p, size_t n)
{
    return (uint32_t)fst_hash_bytes(p, n, 0);
}

static inline uint32_t hash_fixed(const char *p, size_t width)
{
    uint64_t v = 0;
    if (width > 8)
        return hash_bytes(p, width);
    memcpy(&v, p, width);
    return hash_64(v);
}

static size_t entry_start(const struct fst_pqw_dictionary *d, size_t entry)
{
    return entry ? d->ends[entry - 1] : 0;
}

struct fst_str fst_pqw_entry(const struct fst_pqw_dictionary *d, uint32_t entry)
{
    if (d->width)
        return (struct fst_str){d->entries.p + entry * d->width, d->width};
    size_t from = entry_start(d, entry) + 4;
    return (struct fst_str){d->entries.p + from, d->ends[entry] - from};
}

static void rehash(struct fst_pqw_dictionary *d)
{
    size_t n = d->n_slots ? d->n_slots * 2 : 1024;
    struct fst_pqw_slot *slots = fst_alloc(n * sizeof(*slots));
    for (size_t i = 0; i < d->n_slots; i++) {
        if (!d->slots[i].entry)
            continue;
        size_t at = d->slots[i].hash & (n - 1);
        while (slots[at].entry)
            at = (at + 1) & (n - 1);
        slots[at] = d->slots[i];
    }
    free(d->slots);
    d->slots = slots;
    d->n_slots = n;
}

static uint32_t take_number(struct fst_pqw_dictionary *d, size_t slot, uint32_t hash)
{
    d->slots[slot] = (struct fst_pqw_slot){hash, (uint32_t)++d->n};
    uint32_t number = (uint32_t)d->n - 1;
    if (d->n * 2 >= d->n_slots)
        rehash(d);
    return number;
}

static inline __attribute__((always_inline)) uint32_t number_of_fixed(struct fst_pqw_dictionary *d,
                                                                      const char *p, size_t width)
{
    uint32_t hash = hash_fixed(p, width);
    size_t at = hash & (d->n_slots - 1);
    for (; d->slots[at].entry; at = (at + 1) & (d->n_slots - 1))
        if (d->slots[at].hash == hash &&
            memcmp(d->entries.p + (d->slots[at].entry - 1) * width, p, width) == 0)
            return d->slots[at].entry - 1;
    memcpy(fst_pqw_room(&d->entries, width), p, width);
    return take_number(d, at, hash);
}

static void add_text(struct fst_pqw_dictionary *d, struct fst_str s)
{
    uint32_t n = (uint32_t)s.n;
    memcpy(fst_pqw_room(&d->entries, sizeof(n)), &n, sizeof(n));
    fst_buf_add(&d->entries, s.p, s.n);
    fst_grow(&d->ends, &d->ends_cap, d->n + 1, sizeof(*d->ends));
    fst_grow(&d->seen, &d->seen_cap, d->n + 1, sizeof(*d->seen));
    d->ends[d->n] = (uint32_t)d->entries.n;
    d->seen[d->n] = 0;
}

static uint32_t number_of_text(struct fst_pqw_dictionary *d, struct fst_str s)
{
    uint32_t hash = hash_bytes(s.p, s.n);
    size_t at = hash & (d->n_slots - 1);
    for (; d->slots[at].entry; at = (at + 1) & (d->n_slots - 1)) {
        if (d->slots[at].hash != hash)
            continue;
        struct fst_str entry = fst_pqw_entry(d, d->slots[at].entry - 1);
        if (entry.n == s.n && memcmp(entry.p, s.p, s.n) == 0)
            return d->slots[at].entry - 1;
    }
    add_text(d, s);
    return take_number(d, at, hash);
}

void fst_pqw_number(struct fst_pqw_dictionary *d, const struct fst_pqw_rows *r, const void *fixed,
                    uint32_t *out)
{
    const char *p = fixed;
    if (!d->n_slots)
        rehash(d);
    /* The widths that are common, so that the compiler knows them. */
    if (d->width == 4)
        for (size_t i = 0; i < r->n_values; i++)
            out[i] = number_of_fixed(d, p + i * 4, 4);
    else if (d->width == 8)
        for (size_t i = 0; i < r->n_values; i++)
            out[i] = number_of_fixed(d, p + i * 8, 8);
    else if (d->width)
        for (size_t i = 0; i < r->n_values; i++)
            out[i] = number_of_fixed(d, p + i * d->width, d->width);
    else
        for (size_t i = 0; i < r->n_values; i++)
            out[i] = number_of_text(d, fst_pqw_text(r, i));
}

void fst_pqw_denumber(const struct fst_pqw_dictionary *d, const uint32_t *numbers, size_t n,
                      struct fst_buf *out)
{
    for (size_t i = 0; i < n; i++) {
        size_t from = d->width ? numbers[i] * d->width : entry_start(d, numbers[i]);
        size_t end = d->width ? from + d->width : d->ends[numbers[i]];
        fst_buf_add(out, d->entries.p + from, end - from);
    }
}

size_t fst_pqw_dictionary_size(const struct fst_pqw_dictionary *d)
{
    return d->entries.n + d->n_slots * sizeof(*d->slots) + 8 * d->n;
}

void fst_pqw_dictionary_clear(struct fst_pqw_dictionary *d)
{
    size_t width = d->width;
    fst_pqw_dictionary_done(d);
    *d = (struct fst_pqw_dictionary){.width = width, .entries = FST_BUF(SIZE_MAX / 4)};
}

void fst_pqw_dictionary_done(struct fst_pqw_dictionary *d)
{
    fst_buf_done(&d->entries);
    free(d->ends);
    free(d->seen);
    free(d->slots);
}
