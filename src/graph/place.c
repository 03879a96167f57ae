/* Rows: each layer in turn is put where its lines to the neighbouring layer are shortest, keeping
 * order and distance; to and fro until it settles.
 *
 * For one layer that is a regression under an order: with z = row - distance from the first spot,
 * the z may only grow, and each spot would like the median of its neighbours. Blocks of spots that
 * get in each other's way share the median of all their wishes (pool adjacent violators). Lines of
 * long edges weigh most, so that they run straight. */
#include "layout.h"

#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 6, ROOMY = 11 };

/* A row that a spot would like, less its distance from the layer's first spot. */
struct wish {
    int z, weight;
};
/* Spots [first, last) that move together, with their wishes in order at [from, to). */
struct block {
    uint32_t first, last;
    size_t from, to;
    int z;
};
struct placer {
    struct fst__routes *r;
    struct fst__piece *p;
    struct wish *wishes, *merged;
    struct block *blocks;
    size_t n_wishes;
    uint32_t n_blocks;
};

/* Texts keep a row between them while that fits a terminal; lines may lie side by side. */
static int distance(const struct fst__routes *r, const struct fst__piece *p, uint32_t a, uint32_t b)
{
    return a < r->n_nodes && b < r->n_nodes ? p->distance : 1;
}

static int text_distance(const struct fst__routes *r, const struct fst__piece *p)
{
    for (uint32_t l = 0; l < p->n_layers; l++) {
        int texts = 0;
        for (uint32_t i = p->start[l]; i < p->start[l + 1]; i++)
            texts += p->spots[i] < r->n_nodes;
        if (texts > ROOMY)
            return 1;
    }
    return 2;
}

static int weight(const struct fst__routes *r, uint32_t a, uint32_t b)
{
    bool x = a >= r->n_nodes, y = b >= r->n_nodes;
    return x && y ? 8 : x || y ? 2 : 1;
}

static int floor_half(int sum)
{
    return sum >= 0 ? sum / 2 : -((1 - sum) / 2);
}

/* The weighted median; the middle of two when both are as good. */
static int median(const struct wish *wishes, size_t n)
{
    int total = 0, upto = 0;

    for (size_t i = 0; i < n; i++)
        total += wishes[i].weight;
    for (size_t i = 0; i < n; i++) {
        upto += wishes[i].weight;
        if (2 * upto == total && i + 1 < n)
            return floor_half(wishes[i].z + wishes[i + 1].z);
        if (2 * upto >= total)
            return wishes[i].z;
    }
    return 0;
}

static void add_wish(struct placer *s, size_t from, int z, int w)
{
    size_t at = s->n_wishes++;

    for (; at > from && s->wishes[at - 1].z > z; at--)
        s->wishes[at] = s->wishes[at - 1];
    s->wishes[at] = (struct wish){z, w};
}

static void add_wishes(struct placer *s, const struct fst__lists *lists, uint32_t spot, int offset,
                       size_t from)
{
    for (uint32_t k = lists->start[spot]; k < lists->start[spot + 1]; k++)
        add_wish(s, from, s->r->y[lists->items[k]] - offset, weight(s->r, spot, lists->items[k]));
}

/* The last two blocks become one. */
static void pool(struct placer *s)
{
    struct block *a = &s->blocks[s->n_blocks - 2], *b = &s->blocks[s->n_blocks - 1];
    size_t i = a->from, j = b->from, n = 0;

    while (i < a->to || j < b->to)
        s->merged[n++] = j == b->to || (i < a->to && s->wishes[i].z <= s->wishes[j].z)
                             ? s->wishes[i++]
                             : s->wishes[j++];
    memcpy(s->wishes + a->from, s->merged, n * sizeof *s->merged);
    a->last = b->last;
    a->to = b->to;
    a->z = median(s->wishes + a->from, n);
    s->n_blocks--;
}

static void place_spot(struct placer *s, uint32_t i, int offset, bool left, bool right)
{
    uint32_t spot = s->p->spots[i];
    size_t from = s->n_wishes;

    if (left)
        add_wishes(s, &s->r->in, spot, offset, from);
    if (right)
        add_wishes(s, &s->r->out, spot, offset, from);
    if (s->n_wishes == from)
        add_wish(s, from, s->r->y[spot] - offset, 1);
    s->blocks[s->n_blocks++] =
        (struct block){i, i + 1, from, s->n_wishes, median(s->wishes + from, s->n_wishes - from)};
    while (s->n_blocks > 1 && s->blocks[s->n_blocks - 2].z > s->blocks[s->n_blocks - 1].z)
        pool(s);
}

static void place_layer(struct placer *s, uint32_t layer, bool left, bool right)
{
    const uint32_t *spots = s->p->spots;
    uint32_t first = s->p->start[layer], end = s->p->start[layer + 1];
    int offset = 0;

    s->n_wishes = 0;
    s->n_blocks = 0;
    for (uint32_t i = first; i < end; i++) {
        offset += i > first ? distance(s->r, s->p, spots[i - 1], spots[i]) : 0;
        place_spot(s, i, offset, left, right);
    }
    offset = 0;
    for (uint32_t b = 0; b < s->n_blocks; b++)
        for (uint32_t i = s->blocks[b].first; i < s->blocks[b].last; i++) {
            offset += i > first ? distance(s->r, s->p, spots[i - 1], spots[i]) : 0;
            s->r->y[spots[i]] = s->blocks[b].z + offset;
        }
}

static void stack(struct fst__routes *r, const struct fst__piece *p)
{
    for (uint32_t l = 0; l < p->n_layers; l++)
        for (uint32_t i = p->start[l], y = 0; i < p->start[l + 1]; i++) {
            y += i > p->start[l] ? (uint32_t)distance(r, p, p->spots[i - 1], p->spots[i]) : 0;
            r->y[p->spots[i]] = (int)y;
        }
}

static void settle(struct placer *s)
{
    uint32_t n = s->p->n_layers;

    for (int round = 0; round < ROUNDS; round++) {
        for (uint32_t l = 1; l < n; l++)
            place_layer(s, l, true, false);
        for (uint32_t l = n - 1; l-- > 0;)
            place_layer(s, l, false, true);
    }
    for (int round = 0; round < 2; round++) {
        for (uint32_t l = 0; l < n; l++)
            place_layer(s, l, true, true);
        for (uint32_t l = n; l-- > 0;)
            place_layer(s, l, true, true);
    }
}

void fst__place(struct fst__routes *r, struct fst__piece *p)
{
    uint32_t n = p->start[p->n_layers];
    size_t most = 1;

    for (uint32_t i = 0; i < n; i++)
        most += 1 + fst__list_size(&r->in, p->spots[i]) + fst__list_size(&r->out, p->spots[i]);
    struct placer s = {
        .r = r,
        .p = p,
        .wishes = fst_alloc(most * sizeof *s.wishes),
        .merged = fst_alloc(most * sizeof *s.merged),
        .blocks = fst_alloc(((size_t)n + 1) * sizeof *s.blocks),
    };
    p->distance = text_distance(r, p);
    stack(r, p);
    settle(&s);
    free(s.wishes);
    free(s.merged);
    free(s.blocks);
}
