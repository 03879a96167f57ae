/* Through a gap: buses, and tracks for their vertical lines, so that a drawing says no more than
 * the graph.
 *
 * In a row where the line of bus a comes from the left and a line of another bus b leaves to the
 * right, a's vertical line has to be left of b's, or the two would run over each other. Such rules
 * can go in a circle; then a spot on the right moves to a row where no line comes from the left. */
#include "layout.h"

#include <stdlib.h>
#include <string.h>

enum { PASSES = 8, NO_BUS = UINT32_MAX };

struct rule {
    uint32_t before, after, target;
};
struct channel {
    struct fst__routes *r;
    struct fst__piece *p;
    struct fst_arena *scratch;
    uint32_t layer;
    uint32_t *sources, n_sources; /* with segments out, by row */
    struct fst__bus *buses;
    uint32_t n_buses;
    struct rule *rules;
    uint32_t n_rules;
    int n_tracks;
    bool *moves; /* of each spot of the next layer: it is in a circle */
    bool any_move;
};

/* ---- Buses ----------------------------------------------------------------------------------- */

static int by_targets(const void *a, const void *b, void *arg)
{
    const struct fst__routes *r = arg;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    uint32_t n = fst__list_size(&r->out, x), m = fst__list_size(&r->out, y);

    if (n != m)
        return n < m ? -1 : 1;
    int order = memcmp(r->out.items + r->out.start[x], r->out.items + r->out.start[y],
                       n * sizeof *r->out.items);
    return order ? order : x < y ? -1 : x > y;
}

static bool same_targets(const struct fst__routes *r, uint32_t x, uint32_t y)
{
    uint32_t n = fst__list_size(&r->out, x);

    return n == fst__list_size(&r->out, y) &&
           memcmp(r->out.items + r->out.start[x], r->out.items + r->out.start[y],
                  n * sizeof *r->out.items) == 0;
}

static void reach(struct fst__bus *b, int y)
{
    b->lo = y < b->lo ? y : b->lo;
    b->hi = y > b->hi ? y : b->hi;
}

static void find_sources(struct channel *c)
{
    const struct fst__piece *p = c->p;
    uint32_t first = p->start[c->layer], end = p->start[c->layer + 1];

    c->sources = fst_arena_alloc(c->scratch, ((size_t)end - first + 1) * sizeof *c->sources);
    for (uint32_t i = first; i < end; i++)
        if (fst__list_size(&c->r->out, p->spots[i]))
            c->sources[c->n_sources++] = p->spots[i];
}

static void make_buses(struct channel *c)
{
    struct fst__routes *r = c->r;
    size_t bytes = ((size_t)c->n_sources + 1) * sizeof *c->sources;
    uint32_t *sorted = memcpy(fst_arena_alloc(c->scratch, bytes), c->sources, bytes);

    qsort_r(sorted, c->n_sources, sizeof *sorted, by_targets, r);
    c->buses = fst_arena_alloc(c->scratch, ((size_t)c->n_sources + 1) * sizeof *c->buses);
    for (uint32_t i = 0; i < c->n_sources; i++) {
        uint32_t spot = sorted[i];
        if (!i || !same_targets(r, spot, sorted[i - 1]))
            c->buses[c->n_buses++] = (struct fst__bus){c->layer, r->y[spot], r->y[spot], 0, spot};
        struct fst__bus *b = &c->buses[c->n_buses - 1];
        r->bus_of[spot] = c->n_buses - 1;
        reach(b, r->y[spot]);
        for (uint32_t k = r->out.start[spot]; k < r->out.start[spot + 1]; k++)
            reach(b, r->y[r->out.items[k]]);
    }
}

/* ---- Rules ----------------------------------------------------------------------------------- */

/* The bus whose line comes from the left in row y, or NO_BUS. */
static uint32_t bus_in_row(const struct channel *c, int y)
{
    uint32_t lo = 0, hi = c->n_sources;

    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (c->r->y[c->sources[mid]] < y)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < c->n_sources && c->r->y[c->sources[lo]] == y ? c->r->bus_of[c->sources[lo]]
                                                             : NO_BUS;
}

static bool is_straight(const struct fst__bus *b)
{
    return b->lo == b->hi;
}

static void add_rules(struct channel *c, uint32_t target)
{
    const struct fst__routes *r = c->r;
    uint32_t a = bus_in_row(c, r->y[target]);

    if (a == NO_BUS || is_straight(&c->buses[a]))
        return;
    for (uint32_t k = r->in.start[target]; k < r->in.start[target + 1]; k++) {
        uint32_t b = r->bus_of[r->in.items[k]];
        if (b != a && !is_straight(&c->buses[b]))
            c->rules[c->n_rules++] = (struct rule){a, b, target};
    }
}

static void make_rules(struct channel *c)
{
    const struct fst__piece *p = c->p;
    size_t most = 1;

    for (uint32_t i = p->start[c->layer + 1]; i < p->start[c->layer + 2]; i++)
        most += fst__list_size(&c->r->in, p->spots[i]);
    c->rules = fst_arena_alloc(c->scratch, most * sizeof *c->rules);
    for (uint32_t i = p->start[c->layer + 1]; i < p->start[c->layer + 2]; i++)
        add_rules(c, p->spots[i]);
}

/* ---- Tracks ---------------------------------------------------------------------------------- */

/* Buses in the order of the rules; `wait` counts those that have to come before. */
struct tracker {
    struct channel *c;
    struct fst__lists after; /* rules that each bus is the first of */
    uint32_t *wait;
    int *key, *least; /* least: the first track that the rules allow */
    bool *done;
    uint32_t *head, *next; /* of each track: its buses */
};

/* Lines that go up turn first from above, lines that go down first from below: so those that begin
 * and end in the same order do not cross. */
static int key_of(const struct channel *c, uint32_t bus)
{
    const struct fst__routes *r = c->r;
    uint32_t spot = c->buses[bus].first, n = fst__list_size(&r->out, spot);
    int64_t sum = 0;

    for (uint32_t k = r->out.start[spot]; k < r->out.start[spot + 1]; k++)
        sum += r->y[r->out.items[k]];
    return sum > (int64_t)n * r->y[spot] ? -r->y[spot] : r->y[spot];
}

static bool fits(const struct tracker *t, int track, const struct fst__bus *b)
{
    for (uint32_t i = t->head[track]; i; i = t->next[i - 1]) {
        const struct fst__bus *other = &t->c->buses[i - 1];
        if (b->lo <= other->hi && other->lo <= b->hi)
            return false;
    }
    return true;
}

static void take_track(struct tracker *t, uint32_t bus)
{
    struct channel *c = t->c;
    int track = t->least[bus];

    while (!fits(t, track, &c->buses[bus]))
        track++;
    c->buses[bus].track = track;
    t->next[bus] = t->head[track];
    t->head[track] = bus + 1;
    c->n_tracks = track + 1 > c->n_tracks ? track + 1 : c->n_tracks;
    t->done[bus] = true;
    for (uint32_t k = t->after.start[bus]; k < t->after.start[bus + 1]; k++) {
        uint32_t b = c->rules[t->after.items[k]].after;
        t->wait[b]--;
        t->least[b] = track + 1 > t->least[b] ? track + 1 : t->least[b];
    }
}

/* The bus to come next: one that waits for none, else (in a circle) for the fewest. */
static uint32_t next_bus(const struct tracker *t)
{
    uint32_t best = NO_BUS;

    for (uint32_t i = 0; i < t->c->n_buses; i++) {
        if (t->done[i])
            continue;
        if (best == NO_BUS || t->wait[i] < t->wait[best] ||
            (t->wait[i] == t->wait[best] && t->key[i] < t->key[best]))
            best = i;
    }
    return best;
}

/* The spots because of which `bus` waits for others leave their rows. */
static void break_circle(struct tracker *t, uint32_t bus)
{
    struct channel *c = t->c;

    for (uint32_t i = 0; i < c->n_rules; i++)
        if (c->rules[i].after == bus && !t->done[c->rules[i].before]) {
            c->moves[c->r->position[c->rules[i].target]] = true;
            c->any_move = true;
        }
}

static struct tracker tracker(struct channel *c)
{
    size_t n = (size_t)c->n_buses + 1;
    uint32_t *owners = fst_arena_alloc(c->scratch, ((size_t)c->n_rules + 1) * sizeof *owners);
    uint32_t *items = fst_arena_alloc(c->scratch, ((size_t)c->n_rules + 1) * sizeof *items);
    struct tracker t = {
        .c = c,
        .wait = fst_arena_alloc(c->scratch, n * sizeof *t.wait),
        .key = fst_arena_alloc(c->scratch, n * sizeof *t.key),
        .least = fst_arena_alloc(c->scratch, n * sizeof *t.least),
        .done = fst_arena_alloc(c->scratch, n),
        .head = fst_arena_alloc(c->scratch, (n + c->n_rules) * sizeof *t.head),
        .next = fst_arena_alloc(c->scratch, n * sizeof *t.next),
    };

    for (uint32_t i = 0; i < c->n_rules; i++) {
        owners[i] = c->rules[i].before;
        items[i] = i;
        t.wait[c->rules[i].after]++;
    }
    t.after = fst__lists_make(c->scratch, c->n_buses, owners, items, c->n_rules);
    return t;
}

static void assign_tracks(struct channel *c)
{
    struct tracker t = tracker(c);
    uint32_t bus;

    for (uint32_t i = 0; i < c->n_buses; i++) {
        t.key[i] = key_of(c, i);
        t.done[i] = is_straight(&c->buses[i]);
    }
    while ((bus = next_bus(&t)) != NO_BUS) {
        if (t.wait[bus])
            break_circle(&t, bus);
        take_track(&t, bus);
    }
}

/* ---- Moving ---------------------------------------------------------------------------------- */

/* A row near y between the neighbours where no line comes from the left; false when there is
 * none. */
static bool find_row(const struct channel *c, int y, int lo, int hi, int *out)
{
    for (int d = 1; y + d <= hi || y - d >= lo; d++) {
        if (y + d <= hi && bus_in_row(c, y + d) == NO_BUS) {
            *out = y + d;
            return true;
        }
        if (y - d >= lo && bus_in_row(c, y - d) == NO_BUS) {
            *out = y - d;
            return true;
        }
    }
    return false;
}

static void move_spots(struct channel *c)
{
    const uint32_t *spots = c->p->spots + c->p->start[c->layer + 1];
    uint32_t n = c->p->start[c->layer + 2] - c->p->start[c->layer + 1];
    int *y = c->r->y;

    for (uint32_t i = 0; i < n; i++) {
        int lo = i ? y[spots[i - 1]] + 1 : 0;
        int hi = i + 1 < n ? y[spots[i + 1]] - 1 : y[spots[i]] + 2;
        if (y[spots[i]] < lo)
            y[spots[i]] = lo;
        if (!c->moves[i] || find_row(c, y[spots[i]], lo, hi, &y[spots[i]]))
            continue;
        do
            y[spots[i]]++;
        while (bus_in_row(c, y[spots[i]]) != NO_BUS);
    }
}

/* ---- All ------------------------------------------------------------------------------------- */

static void keep_buses(struct channel *c, size_t *cap)
{
    struct fst__routes *r = c->r;

    fst_grow(&r->buses, cap, (size_t)r->n_buses + c->n_buses + 1, sizeof *r->buses);
    if (c->n_buses)
        memcpy(r->buses + r->n_buses, c->buses, c->n_buses * sizeof *c->buses);
    for (uint32_t i = 0; i < c->n_sources; i++)
        r->bus_of[c->sources[i]] += r->n_buses;
    r->n_buses += c->n_buses;
    if (c->n_tracks > r->tracks[c->layer])
        r->tracks[c->layer] = c->n_tracks;
}

static void route_gap(struct fst__routes *r, struct fst__piece *p, uint32_t layer, size_t *cap)
{
    uint32_t n_next = p->start[layer + 2] - p->start[layer + 1];

    for (int pass = 0; pass < PASSES; pass++) {
        struct channel c = {.r = r, .p = p, .layer = layer, .scratch = fst_arena_new()};
        c.moves = fst_arena_alloc(c.scratch, (size_t)n_next + 1);
        find_sources(&c);
        make_buses(&c);
        make_rules(&c);
        assign_tracks(&c);
        bool last = !c.any_move || pass + 1 == PASSES;
        if (last)
            keep_buses(&c, cap);
        else
            move_spots(&c);
        fst_arena_free(c.scratch);
        if (last)
            return;
    }
}

static void begin_at_zero(struct fst__routes *r, const struct fst__piece *p)
{
    uint32_t n = p->start[p->n_layers];
    int top = r->y[p->spots[0]];

    for (uint32_t i = 0; i < n; i++)
        top = r->y[p->spots[i]] < top ? r->y[p->spots[i]] : top;
    for (uint32_t i = 0; i < n; i++)
        r->y[p->spots[i]] -= top;
}

void fst__route(struct fst__routes *r, struct fst__piece *p, size_t *cap)
{
    begin_at_zero(r, p);
    for (uint32_t l = 0; l + 1 < p->n_layers; l++)
        route_gap(r, p, l, cap);
    for (uint32_t i = 0; i < p->start[p->n_layers]; i++)
        if (r->y[p->spots[i]] + 1 > p->height)
            p->height = r->y[p->spots[i]] + 1;
}
