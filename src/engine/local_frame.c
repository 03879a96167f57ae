/* What frames need: order keys that an offset can be added to, and the n-th value that is not NULL.
 */
#include <stdlib.h>
#include <string.h>

#include "local_fn.h"

/* ---- Keys ------------------------------------------------------------------------------------ */

/* (key, down, up, least, greatest): the key. Where key - down or key + up leaves its type, Spark
 * may fail or may never compute it. */
static void range_key(const struct local_call *c, sqlite3_value **args)
{
    __int128 key = sqlite3_value_int64(args[0]);
    if (key - sqlite3_value_int64(args[1]) < sqlite3_value_int64(args[3]) ||
        key + sqlite3_value_int64(args[2]) > sqlite3_value_int64(args[4]))
        local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                    "A range frame beyond the limits of its order key is not something the local "
                    "engine does.");
    else
        sqlite3_result_value(c->ctx, args[0]);
}

/* A decimal of 18 digits at most, as a whole number. */
static void range_decimal(const struct local_call *c, sqlite3_value **args)
{
    sqlite3_result_int64(c->ctx, (int64_t)local_decimal(args[0]));
}

const struct local_function local_frame_functions[] = {
    {"range_key", 5, true, range_key, 0, "order key of a range"},
    {"range_decimal", 1, true, range_decimal, 0, "order key of a range"},
    {0},
};

/* ---- The n-th value -------------------------------------------------------------------------- */

struct nth {
    sqlite3_value **values; /* FIRST: only the one; LAST: the last n, as a ring */
    size_t n, seen;
};

enum { FIRST, LAST };

/* (value, n) */
static void nth_step(struct nth *s, sqlite3_value **args, int mode)
{
    size_t n = (size_t)sqlite3_value_int64(args[1]);
    if (!s->values) {
        s->n = mode == LAST ? n : 1;
        s->values = fst_alloc(s->n * sizeof *s->values);
        memset(s->values, 0, s->n * sizeof *s->values);
    }
    if (mode == LAST || s->seen + 1 == n) {
        sqlite3_value **at = &s->values[s->seen % s->n];
        sqlite3_value_free(*at);
        *at = sqlite3_value_dup(args[0]);
    }
    s->seen++;
}

static void nth_first_step(const struct local_call *c, void *state, sqlite3_value **args)
{
    (void)c;
    nth_step(state, args, FIRST);
}

static void nth_last_step(const struct local_call *c, void *state, sqlite3_value **args)
{
    (void)c;
    nth_step(state, args, LAST);
}

static void nth_first_result(const struct local_call *c, void *state)
{
    const struct nth *s = state;
    if (s->values && s->values[0])
        sqlite3_result_value(c->ctx, s->values[0]);
}

static void nth_last_result(const struct local_call *c, void *state)
{
    const struct nth *s = state;
    if (s->values && s->seen >= s->n)
        sqlite3_result_value(c->ctx, s->values[s->seen % s->n]);
}

static void nth_done(void *state)
{
    struct nth *s = state;
    for (size_t i = 0; s->values && i < s->n; i++)
        sqlite3_value_free(s->values[i]);
    free(s->values);
    *s = (struct nth){0};
}

const struct local_aggregate local_frame_aggregates[] = {
    {"nth_not_null", 2, true, sizeof(struct nth), nth_first_step, nth_first_result, nth_done, 0},
    {"nth_last_not_null", 2, true, sizeof(struct nth), nth_last_step, nth_last_result, nth_done, 0},
    {0},
};
