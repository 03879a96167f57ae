/* sketch_frequent: values and how often they came, in a table of bounded size.
 *
 * When the table is full, the median of the counts is taken from all of them and those that reach
 * zero go (Anderson et al., "A high-performance algorithm for identifying frequent items in data
 * streams", 2017): half of the table is free again, and all that was ever taken from a count is
 * `lost`. Until then every count is right. */
#include "sketch.h"

#include <stdlib.h>
#include <string.h>

static void rebuild(struct fst_frequent *f)
{
    memset(f->slots, 0, FST_FREQUENT_SLOTS * sizeof(*f->slots));
    for (size_t i = 0; i < f->n; i++) {
        size_t at = f->values[i].hash % FST_FREQUENT_SLOTS;
        while (f->slots[at])
            at = (at + 1) % FST_FREQUENT_SLOTS;
        f->slots[at] = (uint16_t)(i + 1);
    }
}

/* A new value in a free slot. */
static struct fst_frequent_value *take_slot(struct fst_frequent *f, size_t at, uint64_t hash)
{
    if (f->n == f->cap)
        fst_grow(&f->values, &f->cap, f->n + 1, sizeof(*f->values));
    f->slots[at] = (uint16_t)(f->n + 1);
    struct fst_frequent_value *v = &f->values[f->n++];
    *v = (struct fst_frequent_value){.hash = hash, .count = 1};
    return v;
}

static void start(struct fst_frequent *f)
{
    if (!f->slots)
        f->slots = fst_alloc(FST_FREQUENT_SLOTS * sizeof(*f->slots));
}

bool fst_frequent_key(struct fst_frequent *f, uint64_t hash, __int128 key)
{
    start(f);
    size_t at = hash % FST_FREQUENT_SLOTS;
    for (; f->slots[at]; at = (at + 1) % FST_FREQUENT_SLOTS) {
        struct fst_frequent_value *v = &f->values[f->slots[at] - 1];
        if (v->hash == hash && v->key == key) {
            v->count++;
            return true;
        }
    }
    if (f->n == FST_FREQUENT_MAX)
        return false;
    take_slot(f, at, hash)->key = key;
    return true;
}

/* Text that is longer than what is kept of it is known by two hashes. */
static bool is_text(const struct fst_frequent *f, const struct fst_frequent_value *v, const char *p,
                    size_t n)
{
    if (v->text.whole != (uint32_t)n || (v->text.n && memcmp(f->bytes + v->text.at, p, v->text.n)))
        return false;
    return v->text.n == n || v->text.hash2 == fst_hash_bytes(p, n, 1);
}

bool fst_frequent_text(struct fst_frequent *f, uint64_t hash, const void *p, size_t n)
{
    start(f);
    size_t at = hash % FST_FREQUENT_SLOTS;
    for (; f->slots[at]; at = (at + 1) % FST_FREQUENT_SLOTS) {
        struct fst_frequent_value *v = &f->values[f->slots[at] - 1];
        if (v->hash == hash && is_text(f, v, p, n)) {
            v->count++;
            return true;
        }
    }
    if (f->n == FST_FREQUENT_MAX)
        return false;
    struct fst_frequent_value *v = take_slot(f, at, hash);
    size_t kept = n < FST_FREQUENT_BYTES ? n : FST_FREQUENT_BYTES;
    fst_grow(&f->bytes, &f->bytes_cap, f->n_bytes + kept + 1, 1);
    if (kept)
        memcpy(f->bytes + f->n_bytes, p, kept);
    v->text.at = (uint32_t)f->n_bytes;
    v->text.n = (uint32_t)kept;
    v->text.whole = (uint32_t)n;
    v->text.hash2 = kept < n ? fst_hash_bytes(p, n, 1) : 0;
    f->n_bytes += kept;
    return true;
}

/* ---- Forgetting ------------------------------------------------------------------------------ */

static int by_count(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Of some of the counts: near enough. */
static uint64_t median_count(const struct fst_frequent *f)
{
    enum { SAMPLE = 255 };
    uint64_t counts[SAMPLE];
    size_t n = f->n < SAMPLE ? f->n : SAMPLE, step = f->n / n;
    for (size_t i = 0; i < n; i++)
        counts[i] = f->values[i * step].count;
    qsort(counts, n, sizeof(*counts), by_count);
    return counts[n / 2];
}

/* Values keep their order, so their bytes move towards the front one after the other. */
static void keep_text(struct fst_frequent *f, struct fst_frequent_value *v, size_t *end)
{
    memmove(f->bytes + *end, f->bytes + v->text.at, v->text.n);
    v->text.at = (uint32_t)*end;
    *end += v->text.n;
}

void fst_frequent_purge(struct fst_frequent *f)
{
    size_t kept = 0, end = 0;
    if (!f->n)
        return;
    uint64_t take = median_count(f);
    for (size_t i = 0; i < f->n; i++) {
        struct fst_frequent_value v = f->values[i];
        if (v.count <= take)
            continue;
        v.count -= take;
        if (f->bytes)
            keep_text(f, &v, &end);
        f->values[kept++] = v;
    }
    f->n = kept;
    f->n_bytes = end;
    f->lost += take;
    rebuild(f);
}

void fst_frequent_done(struct fst_frequent *f)
{
    free(f->values);
    free(f->slots);
    free(f->bytes);
    *f = (struct fst_frequent){0};
}
