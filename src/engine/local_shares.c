/* Aggregates that look at all values: percentiles, the most frequent, bits. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "local_fn.h"

static void refuse(const struct local_call *c, const char *what)
{
    local_raise(c, "UNSUPPORTED_FEATURE", "0A000", "%s is not something the local engine does.",
                what);
}

/* ---- Percentiles ----------------------------------------------------------------------------- */

struct values {
    double *items;
    size_t n, cap;
    double share;
    int64_t accuracy;
    bool whole, wide;
    struct local_held held;
};

static void values_step(const struct local_call *c, void *state, sqlite3_value **args)
{
    struct values *v = state;
    v->share = sqlite3_value_double(args[1]);
    v->accuracy = c->n_args > 2 ? sqlite3_value_int64(args[2]) : 0;
    if (sqlite3_value_type(args[0]) == SQLITE_INTEGER) {
        int64_t whole = sqlite3_value_int64(args[0]);
        v->whole = true;
        v->wide |= whole > INT64_C(1) << 53 || whole < -(INT64_C(1) << 53);
    }
    if (v->n == v->cap && !local_hold(c, &v->held, (v->cap + 8) * sizeof *v->items))
        return;
    fst_grow(&v->items, &v->cap, v->n + 1, sizeof *v->items);
    v->items[v->n++] = local_double(args[0]);
}

/* -0.0 before 0.0, NaN last. */
static int total_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    if (isnan(x) || isnan(y))
        return !!isnan(x) - !!isnan(y);
    if (x == 0 && y == 0)
        return !!signbit(y) - !!signbit(x);
    return (x > y) - (x < y);
}

static void percentile(const struct local_call *c, void *state)
{
    struct values *v = state;
    if (!v->n)
        return;
    qsort(v->items, v->n, sizeof *v->items, total_order);
    double at = (double)(v->n - 1) * v->share, low = floor(at), high = ceil(at);
    double a = v->items[(size_t)low], b = v->items[(size_t)high];
    local_give_double(c, low == high || a == b ? a : a + (b - a) * (at - low));
}

/* The same from the greatest down. */
static void percentile_desc(const struct local_call *c, void *state)
{
    struct values *v = state;
    if (!v->n)
        return;
    qsort(v->items, v->n, sizeof *v->items, total_order);
    double at = (double)(v->n - 1) * v->share, low = floor(at), high = ceil(at);
    double a = v->items[v->n - 1 - (size_t)low], b = v->items[v->n - 1 - (size_t)high];
    local_give_double(c, low == high || a == b ? a : a + (b - a) * (at - low));
}

/* The first value, from the least or the greatest, whose share of the values is `share` or more. */
static void percentile_disc(const struct local_call *c, void *state)
{
    struct values *v = state;
    if (!v->n)
        return;
    qsort(v->items, v->n, sizeof *v->items, total_order);
    double count = ceil((double)v->n * v->share);
    size_t at = count < 1 ? 0 : (size_t)count - 1;
    at = at < v->n ? at : v->n - 1;
    local_give_double(c, v->items[v->accuracy ? v->n - 1 - at : at]);
}

/* Spark's sketch keeps every value as long as there are less than half as many as its accuracy. */
static void percentile_approx(const struct local_call *c, void *state)
{
    struct values *v = state;
    if (!v->n)
        return;
    double error = 1.0 / (double)v->accuracy;
    if ((int64_t)v->n >= v->accuracy / 2 || v->wide) {
        refuse(c, "percentile_approx of so many or so large values");
        return;
    }
    qsort(v->items, v->n, sizeof *v->items, total_order);
    double rank = ceil(v->share * (double)v->n);
    size_t i = rank < 1 ? v->n - 1 : (size_t)rank - 1;
    i = v->share <= error ? 0 : v->share >= 1 - error || i >= v->n ? v->n - 1 : i;
    if (v->whole)
        sqlite3_result_int64(c->ctx, (int64_t)v->items[i]);
    else
        local_give_double(c, v->items[i]);
}

static void values_done(void *state)
{
    struct values *v = state;
    free(v->items);
    local_let_go(&v->held);
    *v = (struct values){0};
}

/* ---- The most frequent ----------------------------------------------------------------------- */

enum { VALUE_BYTES = 96 }; /* of a value of SQLite's and what points to it, without its text */

struct seen {
    sqlite3_value **items;
    size_t n, cap;
    struct local_held held;
};

static void seen_step(const struct local_call *c, void *state, sqlite3_value **args)
{
    struct seen *s = state;
    if (!local_hold(c, &s->held, VALUE_BYTES + (uint64_t)sqlite3_value_bytes(args[0])))
        return;
    fst_grow(&s->items, &s->cap, s->n + 1, sizeof *s->items);
    s->items[s->n++] = sqlite3_value_dup(args[0]);
}

static int by_value(const void *a, const void *b)
{
    return local_compare(*(sqlite3_value *const *)a, *(sqlite3_value *const *)b);
}

/* Which of several equally frequent ones Spark gives depends on how it hashes them. */
static void mode(const struct local_call *c, void *state)
{
    struct seen *s = state;
    size_t best = 0, at = 0;
    bool tie = false;
    if (s->n)
        qsort(s->items, s->n, sizeof(sqlite3_value *), by_value);
    for (size_t i = 0, next; i < s->n; i = next) {
        for (next = i; next < s->n && local_compare(s->items[i], s->items[next]) == 0;)
            next++;
        tie = next - i == best || (tie && next - i < best);
        if (next - i > best) {
            best = next - i;
            at = i;
        }
    }
    if (tie)
        refuse(c, "mode where several values are equally frequent");
    else if (s->n)
        sqlite3_result_value(c->ctx, s->items[at]);
}

static void seen_done(void *state)
{
    struct seen *s = state;
    for (size_t i = 0; i < s->n; i++)
        sqlite3_value_free(s->items[i]);
    free(s->items);
    local_let_go(&s->held);
    *s = (struct seen){0};
}

/* ---- Bits ------------------------------------------------------------------------------------ */

struct bits {
    int64_t and_all, or_all, xor_all;
    bool any;
};

static void bits_step(const struct local_call *c, void *state, sqlite3_value **args)
{
    struct bits *b = state;
    int64_t v = sqlite3_value_int64(args[0]);
    (void)c;
    b->and_all = b->any ? b->and_all & v : v;
    b->or_all |= v;
    b->xor_all ^= v;
    b->any = true;
}

static void and_result(const struct local_call *c, void *state)
{
    struct bits *b = state;
    if (b->any)
        sqlite3_result_int64(c->ctx, b->and_all);
}

static void or_result(const struct local_call *c, void *state)
{
    struct bits *b = state;
    if (b->any)
        sqlite3_result_int64(c->ctx, b->or_all);
}

static void xor_result(const struct local_call *c, void *state)
{
    struct bits *b = state;
    if (b->any)
        sqlite3_result_int64(c->ctx, b->xor_all);
}

#define VALUES sizeof(struct values), values_step
const struct local_aggregate local_shares[] = {
    {"percentile_of", 2, true, VALUES, percentile, values_done, 0},
    {"percentile_desc_of", 3, true, VALUES, percentile_desc, values_done, 0},
    {"percentile_disc_of", 3, true, VALUES, percentile_disc, values_done, 0},
    {"percentile_approx_of", 3, true, VALUES, percentile_approx, values_done, 0},
    {"mode_of", 1, true, sizeof(struct seen), seen_step, mode, seen_done, 0},
    {"bit_and_all", 1, true, sizeof(struct bits), bits_step, and_result, NULL, 0},
    {"bit_or_all", 1, true, sizeof(struct bits), bits_step, or_result, NULL, 0},
    {"bit_xor_all", 1, true, sizeof(struct bits), bits_step, xor_result, NULL, 0},
    {0},
};
