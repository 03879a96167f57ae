/* sketch_quantile: KLL (Karnin, Lang and Liberty, 2016). Values gather in level 0; a level that is
 * full is sorted, every second one of it goes up, where each stands for twice as many, and the
 * others are forgotten. Lower levels have less room, since what they lose matters less. */
#include "sketch.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM_MIN = 256, RUN = 12 };

/* ---- Sorting --------------------------------------------------------------------------------- */

static void sort_run(__int128 *keys, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        __int128 key = keys[i];
        size_t k = i;
        for (; k > 0 && keys[k - 1] > key; k--)
            keys[k] = keys[k - 1];
        keys[k] = key;
    }
}

static void merge(const __int128 *a, size_t n_a, const __int128 *b, size_t n_b, __int128 *out)
{
    size_t i = 0, k = 0;
    while (i < n_a && k < n_b) {
        bool second = b[k] < a[i];
        *out++ = second ? b[k] : a[i];
        k += second;
        i += !second;
    }
    memcpy(out, a + i, (n_a - i) * sizeof(*a));
    memcpy(out + (n_a - i), b + k, (n_b - k) * sizeof(*b));
}

static bool is_sorted(const __int128 *keys, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (keys[i] < keys[i - 1])
            return false;
    return true;
}

/* Short runs by insertion, then merged from one place to the other: no input makes it slow. */
void fst_sort_keys(__int128 *keys, size_t n, __int128 *spare)
{
    __int128 *from = keys, *to = spare;
    if (is_sorted(keys, n))
        return;
    for (size_t i = 0; i < n; i += RUN)
        sort_run(keys + i, n - i < RUN ? n - i : RUN);
    for (size_t width = RUN; width < n; width *= 2) {
        for (size_t i = 0; i < n; i += 2 * width) {
            size_t n_a = n - i < width ? n - i : width;
            size_t n_b = n - i - n_a < width ? n - i - n_a : width;
            merge(from + i, n_a, from + i + n_a, n_b, to + i);
        }
        __int128 *done = to;
        to = from;
        from = done;
    }
    if (from != keys)
        memcpy(keys, from, n * sizeof(*keys));
}

/* ---- Levels ---------------------------------------------------------------------------------- */

/* Two thirds of the room of the level above. */
static size_t room_of(const struct fst_quantiles *q, size_t level)
{
    double room = FST_QUANTILE_K;
    for (size_t i = q->n_levels; i > level + 1 && room > ROOM_MIN; i--)
        room *= 2.0 / 3;
    return room > ROOM_MIN ? (size_t)room : ROOM_MIN;
}

static void append(struct fst_quantiles *q, size_t level, const __int128 *items, size_t n,
                   size_t step)
{
    while (q->n_levels <= level)
        q->n_levels++;
    fst_grow(&q->levels[level].items, &q->levels[level].cap, q->levels[level].n + n,
             sizeof(*items));
    for (size_t i = 0; i < n; i++)
        q->levels[level].items[q->levels[level].n++] = items[i * step];
    q->room = room_of(q, 0);
}

static bool coin(struct fst_quantiles *q)
{
    q->random = q->random * 6364136223846793005u + 1442695040888963407u;
    return q->random >> 63;
}

/* Half of a level goes up; an odd one stays. */
static void compact(struct fst_quantiles *q, size_t level)
{
    size_t n = q->levels[level].n, odd = n & 1;
    fst_grow(&q->spare, &q->spare_cap, n, sizeof(*q->spare));
    __int128 *items = q->levels[level].items;
    fst_sort_keys(items, n, q->spare);
    bool first = coin(q);
    append(q, level + 1, items + odd + (first ? 0 : 1), (n - odd) / 2, 2);
    q->levels[level].n = odd;
}

static void make_room(struct fst_quantiles *q)
{
    for (size_t level = 0; level < q->n_levels && level + 1 < FST_QUANTILE_LEVELS; level++)
        if (q->levels[level].n >= room_of(q, level))
            compact(q, level);
}

void fst_quantiles_add(struct fst_quantiles *q, __int128 key)
{
    if (q->levels[0].n == q->levels[0].cap || q->levels[0].n >= q->room) {
        append(q, 0, &key, 1, 1);
        if (q->levels[0].n >= q->room)
            make_room(q);
        return;
    }
    q->levels[0].items[q->levels[0].n++] = key;
}

void fst_quantiles_add_many(struct fst_quantiles *q, __int128 key, uint64_t n)
{
    for (size_t level = 0; n && level + 1 < FST_QUANTILE_LEVELS; level++, n >>= 1)
        if (n & 1)
            append(q, level, &key, 1, 1);
    make_room(q);
}

void fst_quantiles_done(struct fst_quantiles *q)
{
    for (size_t i = 0; i < q->n_levels; i++)
        free(q->levels[i].items);
    free(q->spare);
    *q = (struct fst_quantiles){0};
}

/* ---- Answers --------------------------------------------------------------------------------- */

struct weighted {
    __int128 key;
    uint64_t weight;
};

static int by_key(const void *a, const void *b)
{
    const struct weighted *x = a, *y = b;
    return (x->key > y->key) - (x->key < y->key);
}

static struct weighted *all_items(const struct fst_quantiles *q, size_t *n, uint64_t *total)
{
    *n = 0;
    *total = 0;
    for (size_t i = 0; i < q->n_levels; i++)
        *n += q->levels[i].n;
    struct weighted *all = fst_alloc((*n + 1) * sizeof(*all));
    size_t at = 0;
    for (size_t i = 0; i < q->n_levels; i++)
        for (size_t k = 0; k < q->levels[i].n; k++) {
            all[at++] = (struct weighted){q->levels[i].items[k], (uint64_t)1 << i};
            *total += (uint64_t)1 << i;
        }
    qsort(all, *n, sizeof(*all), by_key);
    return all;
}

bool fst_quantiles_get(const struct fst_quantiles *q, const double *shares, __int128 *out,
                       size_t n_shares)
{
    size_t n, at = 0;
    uint64_t total, below = 0;
    struct weighted *all = all_items(q, &n, &total);
    for (size_t i = 0; i < n_shares && n; i++) {
        double rank = shares[i] * (double)total;
        while (at + 1 < n && (double)(below + all[at].weight) < rank)
            below += all[at++].weight;
        out[i] = all[at].key;
    }
    free(all);
    return n > 0;
}
