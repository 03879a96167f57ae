/* collect_set(): the values of a group, each once, in the order in which Spark's hash set of few
 * values is walked. With more values that order depends on how the rows were spread, so it is
 * refused where it shows. */
#include "local_nest.h"
#include "local_rowhash.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Beyond this the table of Scala's mutable.HashSet may have grown or not; until then it has 16
 * places. */
enum { FEW = 11, PLACES = 16 };

struct member {
    char *bytes; /* mark and value */
    size_t n;
    int32_t hash; /* Scala's, improved */
};
struct members {
    struct member *items;
    size_t n, cap;
    size_t *slots, n_slots; /* 1 + number of the member */
    char letter;            /* of the signature */
};

/* ---- Scala's ## ------------------------------------------------------------------------------ */

static int32_t hash_of_long(int64_t v)
{
    return v == (int32_t)v ? (int32_t)v : (int32_t)(uint32_t)((uint64_t)v ^ (uint64_t)v >> 32);
}

/* Numbers with a point are kept by their bits. */
static int32_t hash_of_real(double v, bool single)
{
    int64_t bits = INT64_C(0x7FF8000000000000);
    int32_t word = 0x7FC00000;
    float f = (float)(v == 0 ? 0 : v);
    double d = v == 0 ? 0 : v;
    if (!isnan(v)) {
        memcpy(&bits, &d, sizeof bits);
        memcpy(&word, &f, sizeof word);
    }
    return single ? word : hash_of_long(bits);
}

static int32_t scala_hash(char letter, sqlite3_value *v)
{
    uint32_t h;
    switch (letter) {
    case 'f':
    case 'd':
        h = (uint32_t)hash_of_real(local_double(v), letter == 'f');
        break;
    case 's':
        h = local_murmur(v, 's', 42);
        break;
    case 'o':
        h = sqlite3_value_int(v) ? 1231 : 1237;
        break;
    default:
        h = (uint32_t)hash_of_long(sqlite3_value_int64(v));
        break;
    }
    return (int32_t)(h ^ h >> 16);
}

static bool hash_is_known(char letter)
{
    return letter && strchr("o1248fdstTN", letter);
}

/* ---- Members --------------------------------------------------------------------------------- */

static uint64_t bytes_hash(const char *p, size_t n)
{
    uint64_t h = 1469598103934665603u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (uint8_t)p[i]) * 1099511628211u;
    return h ^ h >> 31;
}

static size_t *slot_of(struct members *m, const char *p, size_t n)
{
    size_t at = bytes_hash(p, n) & (m->n_slots - 1);
    for (; m->slots[at]; at = (at + 1) & (m->n_slots - 1)) {
        const struct member *is = &m->items[m->slots[at] - 1];
        if (is->n == n && memcmp(is->bytes, p, n) == 0)
            break;
    }
    return &m->slots[at];
}

static void grow_slots(struct members *m)
{
    if (m->n_slots && m->n * 2 < m->n_slots)
        return;
    free(m->slots);
    m->n_slots = m->n_slots ? m->n_slots * 2 : 32;
    m->slots = fst_alloc(m->n_slots * sizeof *m->slots);
    for (size_t i = 0; i < m->n; i++)
        *slot_of(m, m->items[i].bytes, m->items[i].n) = i + 1;
}

/* (signature, value) */
static void step(const struct local_call *c, void *state, sqlite3_value **args)
{
    struct members *m = state;
    struct fst_buf bytes = FST_BUF(LOCAL_MAX_TEXT);
    const char *sig = (const char *)sqlite3_value_text(args[0]);
    (void)c;
    if (nest_is_real(sig) && local_double(args[1]) == 0) {
        struct fst_literal zero = {0};
        fst_buf_addc(&bytes, FST_NEST_VALUE);
        fst_nest_put_scalar(&bytes, FST_DOUBLE, &zero);
    } else {
        nest_put(&bytes, sig, args[1]);
    }
    m->letter = *sig;
    grow_slots(m);
    size_t *slot = slot_of(m, bytes.p, bytes.n);
    if (!*slot) {
        fst_grow(&m->items, &m->cap, m->n + 1, sizeof *m->items);
        size_t n = bytes.n;
        m->items[m->n] = (struct member){fst_buf_take(&bytes), n, 0};
        if (hash_is_known(*sig))
            m->items[m->n].hash = scala_hash(*sig, args[1]);
        *slot = ++m->n;
    }
    fst_buf_done(&bytes);
}

static bool comes_before(const struct member *a, const struct member *b)
{
    uint32_t x = (uint32_t)a->hash & (PLACES - 1), y = (uint32_t)b->hash & (PLACES - 1);
    return x != y ? x < y : a->hash < b->hash;
}

static void give(const struct local_call *c, const struct members *m, const size_t *order)
{
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    for (size_t i = 0; i < m->n; i++) {
        const struct member *is = &m->items[order ? order[i] : i];
        fst_buf_add(&out, is->bytes, is->n);
    }
    fst_buf_addc(&out, FST_NEST_END);
    nest_give_bytes(c, &out);
}

static void in_any_order(const struct local_call *c, void *state)
{
    give(c, state, NULL);
}

static void in_order(const struct local_call *c, void *state)
{
    const struct members *m = state;
    size_t order[FEW];
    bool unsure = m->n > FEW || (m->n > 1 && !hash_is_known(m->letter));
    for (size_t i = 0; !unsure && i < m->n; i++) {
        size_t at = i;
        for (; at > 0 && comes_before(&m->items[i], &m->items[order[at - 1]]); at--)
            order[at] = order[at - 1];
        order[at] = i;
        unsure |= at > 0 && m->items[order[at - 1]].hash == m->items[i].hash;
    }
    if (unsure)
        local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                    "the order of collect_set over these values depends on how Spark spreads the "
                    "rows; sort it: sort_array(collect_set(...)).");
    else
        give(c, m, order);
}

static void done(void *state)
{
    struct members *m = state;
    for (size_t i = 0; i < m->n; i++)
        free(m->items[i].bytes);
    free(m->items);
    free(m->slots);
    *m = (struct members){0};
}

const struct local_aggregate local_sets[] = {
    {"nest_set", 2, true, sizeof(struct members), step, in_order, done, 0},
    {"nest_set_any", 2, true, sizeof(struct members), step, in_any_order, done, 0},
    {0},
};
