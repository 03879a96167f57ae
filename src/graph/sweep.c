/* The order within layers: sweeps to and fro put every spot at the mean position of its neighbours
 * (barycentre), the best order seen stays; small graphs then swap neighbours while that helps. */
#include "layout.h"

#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 12, PATIENCE = 3, SWAPPED_SPOTS = 600, SWAP_ROUNDS = 8 };

struct keyed {
    float key;
    uint32_t spot;
};
struct sweep {
    struct fst__routes *r;
    struct fst__piece *p;
    struct keyed *items, *merged; /* of the widest layer */
    uint32_t *counts;             /* tree of sums over positions */
    uint32_t *ends;
};

static void set_positions(struct fst__routes *r, const struct fst__piece *p, uint32_t layer)
{
    for (uint32_t i = p->start[layer]; i < p->start[layer + 1]; i++)
        r->position[p->spots[i]] = i - p->start[layer];
}

/* ---- Crossings ------------------------------------------------------------------------------- */

static void sort_numbers(uint32_t *items, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        uint32_t value = items[i], k = i;
        for (; k && items[k - 1] > value; k--)
            items[k] = items[k - 1];
        items[k] = value;
    }
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* Segments so far, `total` of them, that end after position `at`. */
static size_t after(const uint32_t *counts, uint32_t at, uint32_t total)
{
    size_t upto = 0;

    for (uint32_t i = at + 1; i; i &= i - 1)
        upto += counts[i];
    return total - upto;
}

static size_t gap_crossings(struct sweep *s, uint32_t layer)
{
    const struct fst__piece *p = s->p;
    uint32_t width = p->start[layer + 2] - p->start[layer + 1], total = 0;
    size_t crossings = 0;

    memset(s->counts, 0, ((size_t)width + 1) * sizeof *s->counts);
    for (uint32_t i = p->start[layer]; i < p->start[layer + 1]; i++) {
        const struct fst__lists *out = &s->r->out;
        uint32_t spot = p->spots[i], n = fst__list_size(out, spot);
        for (uint32_t k = 0; k < n; k++)
            s->ends[k] = s->r->position[out->items[out->start[spot] + k]];
        if (n > 32)
            qsort(s->ends, n, sizeof *s->ends, by_number);
        else
            sort_numbers(s->ends, n);
        for (uint32_t k = 0; k < n; k++)
            crossings += after(s->counts, s->ends[k], total);
        for (uint32_t k = 0; k < n; k++, total++)
            for (uint32_t t = s->ends[k] + 1; t <= width; t += t & -t)
                s->counts[t]++;
    }
    return crossings;
}

static size_t crossings(struct sweep *s)
{
    size_t sum = 0;

    for (uint32_t l = 0; l + 1 < s->p->n_layers; l++)
        sum += gap_crossings(s, l);
    return sum;
}

/* ---- Barycentres ----------------------------------------------------------------------------- */

static void merge_sort(struct keyed *items, struct keyed *room, uint32_t n)
{
    for (uint32_t width = 1; width < n; width *= 2) {
        for (uint32_t lo = 0; lo < n; lo += 2 * width) {
            uint32_t mid = lo + width < n ? lo + width : n;
            uint32_t hi = lo + 2 * width < n ? lo + 2 * width : n;
            for (uint32_t i = lo, j = mid, k = lo; k < hi; k++)
                room[k] =
                    i < mid && (j >= hi || items[i].key <= items[j].key) ? items[i++] : items[j++];
        }
        memcpy(items, room, n * sizeof *items);
    }
}

static float barycentre(const struct sweep *s, const struct fst__lists *lists, uint32_t spot)
{
    uint32_t n = fst__list_size(lists, spot);
    float sum = 0;

    if (!n)
        return (float)s->r->position[spot];
    for (uint32_t k = lists->start[spot]; k < lists->start[spot + 1]; k++)
        sum += (float)s->r->position[lists->items[k]];
    return sum / (float)n;
}

static void order_layer(struct sweep *s, uint32_t layer, const struct fst__lists *lists)
{
    uint32_t *spots = s->p->spots + s->p->start[layer];
    uint32_t n = s->p->start[layer + 1] - s->p->start[layer];

    for (uint32_t i = 0; i < n; i++)
        s->items[i] = (struct keyed){barycentre(s, lists, spots[i]), spots[i]};
    merge_sort(s->items, s->merged, n);
    for (uint32_t i = 0; i < n; i++)
        spots[i] = s->items[i].spot;
    set_positions(s->r, s->p, layer);
}

static void to_and_fro(struct sweep *s)
{
    for (uint32_t l = 1; l < s->p->n_layers; l++)
        order_layer(s, l, &s->r->in);
    for (uint32_t l = s->p->n_layers - 1; l-- > 0;)
        order_layer(s, l, &s->r->out);
}

/* ---- Swaps ----------------------------------------------------------------------------------- */

/* Crossings among the segments of a and b on one side when a stands before b. */
static int64_t pair_crossings(const struct fst__routes *r, const struct fst__lists *lists,
                              uint32_t a, uint32_t b)
{
    int64_t n = 0;

    for (uint32_t i = lists->start[a]; i < lists->start[a + 1]; i++)
        for (uint32_t k = lists->start[b]; k < lists->start[b + 1]; k++)
            n += r->position[lists->items[i]] > r->position[lists->items[k]];
    return n;
}

static bool swap_layer(struct sweep *s, uint32_t layer)
{
    const struct fst__routes *r = s->r;
    uint32_t *spots = s->p->spots;
    bool swapped = false;

    for (uint32_t i = s->p->start[layer]; i + 1 < s->p->start[layer + 1]; i++) {
        uint32_t a = spots[i], b = spots[i + 1];
        int64_t gain = pair_crossings(r, &r->in, a, b) + pair_crossings(r, &r->out, a, b) -
                       pair_crossings(r, &r->in, b, a) - pair_crossings(r, &r->out, b, a);
        if (gain <= 0)
            continue;
        spots[i] = b;
        spots[i + 1] = a;
        s->r->position[b]--;
        s->r->position[a]++;
        swapped = true;
    }
    return swapped;
}

static void swap_neighbours(struct sweep *s)
{
    bool swapped = true;

    for (int round = 0; swapped && round < SWAP_ROUNDS; round++) {
        swapped = false;
        for (uint32_t l = 0; l < s->p->n_layers; l++)
            swapped |= swap_layer(s, l);
    }
}

/* ---- All ------------------------------------------------------------------------------------- */

static void restore(struct sweep *s, const uint32_t *best, uint32_t n)
{
    memcpy(s->p->spots, best, n * sizeof *best);
    for (uint32_t l = 0; l < s->p->n_layers; l++)
        set_positions(s->r, s->p, l);
}

static void improve(struct sweep *s, uint32_t n)
{
    uint32_t *best = fst_alloc(((size_t)n + 1) * sizeof *best);
    size_t least = crossings(s);

    memcpy(best, s->p->spots, n * sizeof *best);
    for (int round = 0, idle = 0; round < ROUNDS && idle < PATIENCE && least; round++, idle++) {
        to_and_fro(s);
        if (n <= SWAPPED_SPOTS)
            swap_neighbours(s);
        size_t now = crossings(s);
        if (now >= least)
            continue;
        least = now;
        idle = -1;
        memcpy(best, s->p->spots, n * sizeof *best);
    }
    restore(s, best, n);
    s->r->crossings += least;
    free(best);
}

void fst__sweep(struct fst__routes *r, struct fst__piece *p)
{
    uint32_t widest = 0;

    for (uint32_t l = 0; l < p->n_layers; l++)
        if (p->start[l + 1] - p->start[l] > widest)
            widest = p->start[l + 1] - p->start[l];
    struct sweep s = {
        .r = r,
        .p = p,
        .items = fst_alloc(((size_t)widest + 1) * sizeof *s.items),
        .merged = fst_alloc(((size_t)widest + 1) * sizeof *s.merged),
        .counts = fst_alloc(((size_t)widest + 2) * sizeof *s.counts),
        .ends = fst_alloc(((size_t)widest + 1) * sizeof *s.ends),
    };
    improve(&s, p->start[p->n_layers]);
    free(s.items);
    free(s.merged);
    free(s.counts);
    free(s.ends);
}
