/* Aggregates with Spark's types and errors: sums that know overflow, averages, the first and last,
 * the value at the least and the greatest, the median. Each works in groups and over windows. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "local_fn.h"

/* ---- Sums ------------------------------------------------------------------------------------ */

struct sum_long {
    int64_t sum;
    bool any, over;
};

static void sum_long_step(const struct local_call *c, void *state, sqlite3_value **args)
{
    struct sum_long *s = state;
    (void)c;
    s->over |= __builtin_add_overflow(s->sum, sqlite3_value_int64(args[0]), &s->sum);
    s->any = true;
}

static void sum_long_result(const struct local_call *c, void *state)
{
    struct sum_long *s = state;
    if (s->over)
        local_raise_overflow(c, "long overflow", "try_add");
    else if (s->any)
        sqlite3_result_int64(c->ctx, s->sum);
}

struct sum_real {
    double sum;
    int64_t n;
};

static void sum_real_step(const struct local_call *c, void *state, sqlite3_value **args)
{
    struct sum_real *s = state;
    (void)c;
    s->sum += local_double(args[0]);
    s->n++;
}

static void sum_real_result(const struct local_call *c, void *state)
{
    struct sum_real *s = state;
    if (s->n)
        local_give_double(c, s->sum);
}

static void avg_real_result(const struct local_call *c, void *state)
{
    struct sum_real *s = state;
    if (s->n)
        local_give_double(c, s->sum / (double)s->n);
}

struct sum_decimal {
    int128_at_8 sum;
    int64_t n;
    bool over;
};

static void add_decimal(struct sum_decimal *s, __int128 v)
{
    __int128 top = local_pow10(38);
    __int128 sum = s->sum;
    if (!s->over)
        s->over = __builtin_add_overflow(sum, v, &sum);
    s->over |= sum >= top || sum <= -top;
    s->sum = sum;
}

static void sum_decimal_step(const struct local_call *c, void *state, sqlite3_value **args)
{
    struct sum_decimal *s = state;
    (void)c;
    add_decimal(s, local_decimal(args[0]));
    s->n++;
}

static void decimal_over(const struct local_call *c, const char *instead)
{
    local_raise_overflow(c, "Overflow in sum of decimals", instead);
}

static void sum_decimal_result(const struct local_call *c, void *state)
{
    struct sum_decimal *s = state;
    if (s->over)
        decimal_over(c, "try_sum");
    else if (s->n)
        local_give_decimal(c, s->sum);
}

/* Sum and count as one blob: the scalar function avg_of_decimal divides. */
static void avg_decimal_result(const struct local_call *c, void *state)
{
    struct sum_decimal *s = state;
    unsigned char blob[24];
    if (s->over) {
        decimal_over(c, "try_avg");
        return;
    }
    if (!s->n)
        return;
    local_decimal_blob(s->sum, blob);
    memcpy(blob + 16, &s->n, 8);
    sqlite3_result_blob(c->ctx, blob, sizeof blob, SQLITE_TRANSIENT);
}

/* ---- Values kept ----------------------------------------------------------------------------- */

struct kept {
    sqlite3_value *value, *order;
    bool any;
};

static void keep(sqlite3_value **slot, sqlite3_value *value)
{
    sqlite3_value_free(*slot);
    *slot = sqlite3_value_dup(value);
}

static void first_step(const struct local_call *c, void *state, sqlite3_value **args)
{
    struct kept *k = state;
    (void)c;
    if (!k->any)
        keep(&k->value, args[0]);
    k->any = true;
}

static void last_step(const struct local_call *c, void *state, sqlite3_value **args)
{
    struct kept *k = state;
    (void)c;
    keep(&k->value, args[0]);
    k->any = true;
}

static void kept_result(const struct local_call *c, void *state)
{
    struct kept *k = state;
    if (k->value)
        sqlite3_result_value(c->ctx, k->value);
}

static void kept_done(void *state)
{
    struct kept *k = state;
    sqlite3_value_free(k->value);
    sqlite3_value_free(k->order);
    *k = (struct kept){0};
}

/* Among equals the last one seen stays. */
static void by_step(struct kept *k, sqlite3_value **args, int direction)
{
    if (sqlite3_value_type(args[1]) == SQLITE_NULL)
        return;
    if (k->any && local_compare(k->order, args[1]) * direction > 0)
        return;
    keep(&k->value, args[0]);
    keep(&k->order, args[1]);
    k->any = true;
}

static void max_by_step(const struct local_call *c, void *state, sqlite3_value **args)
{
    (void)c;
    by_step(state, args, 1);
}

static void min_by_step(const struct local_call *c, void *state, sqlite3_value **args)
{
    (void)c;
    by_step(state, args, -1);
}

/* ---- The median ------------------------------------------------------------------------------ */

struct median {
    double *values;
    size_t n, cap;
    struct local_held held;
};

static void median_step(const struct local_call *c, void *state, sqlite3_value **args)
{
    struct median *m = state;
    if (m->n == m->cap && !local_hold(c, &m->held, (m->cap + 8) * sizeof *m->values))
        return;
    fst_grow(&m->values, &m->cap, m->n + 1, sizeof *m->values);
    m->values[m->n++] = local_double(args[0]);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    if (isnan(x) || isnan(y))
        return isnan(x) - isnan(y);
    return (x > y) - (x < y);
}

static void median_result(const struct local_call *c, void *state)
{
    struct median *m = state;
    if (!m->n)
        return;
    qsort(m->values, m->n, sizeof *m->values, by_value);
    double at = (double)(m->n - 1) * 0.5, low = floor(at), high = ceil(at);
    double a = m->values[(size_t)low], b = m->values[(size_t)high];
    local_give_double(c, low == high || a == b ? a : a + (b - a) * (at - low));
}

static void median_done(void *state)
{
    struct median *m = state;
    free(m->values);
    local_let_go(&m->held);
    *m = (struct median){0};
}

const struct local_aggregate local_aggregates[] = {
    {"sum_long", 1, true, sizeof(struct sum_long), sum_long_step, sum_long_result, NULL, 0},
    {"sum_double", 1, true, sizeof(struct sum_real), sum_real_step, sum_real_result, NULL, 0},
    {"avg_double", 1, true, sizeof(struct sum_real), sum_real_step, avg_real_result, NULL, 0},
    {"sum_decimal", 1, true, sizeof(struct sum_decimal), sum_decimal_step, sum_decimal_result, NULL,
     0},
    {"sum_and_count", 1, true, sizeof(struct sum_decimal), sum_decimal_step, avg_decimal_result,
     NULL, 0},
    {"first_of", 1, false, sizeof(struct kept), first_step, kept_result, kept_done, 0},
    {"last_of", 1, false, sizeof(struct kept), last_step, kept_result, kept_done, 0},
    {"first_not_null", 1, true, sizeof(struct kept), first_step, kept_result, kept_done, 0},
    {"last_not_null", 1, true, sizeof(struct kept), last_step, kept_result, kept_done, 0},
    {"max_by_of", 2, false, sizeof(struct kept), max_by_step, kept_result, kept_done, 0},
    {"min_by_of", 2, false, sizeof(struct kept), min_by_step, kept_result, kept_done, 0},
    {"median_of", 1, true, sizeof(struct median), median_step, median_result, median_done, 0},
    {0},
};

/* ---- Two states ------------------------------------------------------------------------------ */

static void sum_long_merge(void *state, const void *later)
{
    struct sum_long *s = state;
    const struct sum_long *l = later;
    s->over |= l->over || __builtin_add_overflow(s->sum, l->sum, &s->sum);
    s->any |= l->any;
}

static bool sum_long_is_over(const void *state)
{
    return ((const struct sum_long *)state)->over;
}

static void sum_real_merge(void *state, const void *later)
{
    struct sum_real *s = state;
    const struct sum_real *l = later;
    s->sum += l->sum;
    s->n += l->n;
}

static void sum_decimal_merge(void *state, const void *later)
{
    struct sum_decimal *s = state;
    const struct sum_decimal *l = later;
    s->over |= l->over;
    add_decimal(s, l->sum);
    s->n += l->n;
}

static bool sum_decimal_is_over(const void *state)
{
    return ((const struct sum_decimal *)state)->over;
}

const struct local_merge local_merges[] = {
    {"sum_long", sum_long_merge, sum_long_is_over},
    {"sum_double", sum_real_merge, NULL},
    {"avg_double", sum_real_merge, NULL},
    {"sum_decimal", sum_decimal_merge, sum_decimal_is_over},
    {"sum_and_count", sum_decimal_merge, sum_decimal_is_over},
    {0},
};
