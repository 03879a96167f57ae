/* Arrays made of arrays: sets, pieces, places, sequences. */
#include "local_nest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct pieces pieces_at(sqlite3_value **args, int i)
{
    return nest_pieces((const char *)sqlite3_value_text(args[0]), local_text(args[i]));
}

static void give_pieces(const struct local_call *c, const struct piece *items, size_t n)
{
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    for (size_t i = 0; i < n; i++)
        nest_put_piece(&out, &items[i]);
    fst_buf_addc(&out, FST_NEST_END);
    nest_give_bytes(c, &out);
}

/* ---- Sets ------------------------------------------------------------------------------------ */

/* Pieces by their bytes; slots hold 1 + the number of a piece. */
struct set {
    struct pieces has;
    size_t *slots, n_slots;
};

static const uint8_t zero_bits[8] = {0x80};

/* Spark's sets know one zero. */
static void one_zero(const char *sig, struct piece *p)
{
    static const uint8_t negative_zero[8] = {0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    if (nest_is_real(sig) && !p->is_null && p->n == 8 &&
        (memcmp(p->p, negative_zero, 8) == 0 || nest_compare(sig, p->p, 8, zero_bits, 8) == 0))
        p->p = zero_bits;
}

static uint64_t hash_of(const struct piece *p)
{
    uint64_t h = p->is_null ? 7 : 1469598103934665603u;
    for (size_t i = 0; !p->is_null && i < p->n; i++)
        h = (h ^ p->p[i]) * 1099511628211u;
    return h ^ h >> 29;
}

static bool same(const struct piece *a, const struct piece *b)
{
    if (a->is_null || b->is_null)
        return a->is_null && b->is_null;
    return a->n == b->n && memcmp(a->p, b->p, a->n) == 0;
}

static size_t *slot_of(struct set *s, const struct piece *p)
{
    size_t at = hash_of(p) & (s->n_slots - 1);
    while (s->slots[at] && !same(&s->has.items[s->slots[at] - 1], p))
        at = (at + 1) & (s->n_slots - 1);
    return &s->slots[at];
}

static struct set set_for(size_t most)
{
    struct set s = {.n_slots = 16};
    while (s.n_slots < most * 2)
        s.n_slots *= 2;
    s.slots = fst_alloc(s.n_slots * sizeof *s.slots);
    return s;
}

static bool set_has(struct set *s, const struct piece *p)
{
    return *slot_of(s, p) != 0;
}

/* Was it new? */
static bool set_add(struct set *s, const struct piece *p)
{
    size_t *slot = slot_of(s, p);
    if (*slot)
        return false;
    fst_grow(&s->has.items, &s->has.cap, s->has.n + 1, sizeof *s->has.items);
    s->has.items[s->has.n++] = *p;
    *slot = s->has.n;
    return true;
}

static void set_done(struct set *s)
{
    free(s->has.items);
    free(s->slots);
}

enum { DISTINCT, UNION, INTERSECT, EXCEPT };

/* (signature, array [, array]) */
static void set_operation(const struct local_call *c, sqlite3_value **args)
{
    struct pieces a = pieces_at(args, 1), b = {0};
    if (c->n_args > 2)
        b = pieces_at(args, 2);
    struct set out = set_for(a.n + b.n), other = set_for(b.n);
    for (size_t i = 0; i < b.n; i++) {
        one_zero(a.sig, &b.items[i]);
        set_add(&other, &b.items[i]);
    }
    for (size_t i = 0; i < a.n; i++) {
        one_zero(a.sig, &a.items[i]);
        bool wanted =
            c->row->mode < INTERSECT || set_has(&other, &a.items[i]) == (c->row->mode == INTERSECT);
        if (wanted)
            set_add(&out, &a.items[i]);
    }
    for (size_t i = 0; c->row->mode == UNION && i < b.n; i++)
        set_add(&out, &b.items[i]);
    give_pieces(c, out.has.items, out.has.n);
    set_done(&out);
    set_done(&other);
    free(a.items);
    free(b.items);
}

/* (signature, array, array): NULL when only a NULL might be in common */
static void overlap(const struct local_call *c, sqlite3_value **args)
{
    struct pieces a = pieces_at(args, 1), b = pieces_at(args, 2);
    struct set other = set_for(b.n);
    bool found = false, any_null = false;
    for (size_t i = 0; i < b.n; i++) {
        one_zero(a.sig, &b.items[i]);
        any_null |= b.items[i].is_null;
        set_add(&other, &b.items[i]);
    }
    for (size_t i = 0; i < a.n && !found; i++) {
        one_zero(a.sig, &a.items[i]);
        any_null |= a.items[i].is_null;
        found = !a.items[i].is_null && set_has(&other, &a.items[i]);
    }
    for (size_t i = 0; i < a.n; i++)
        any_null |= a.items[i].is_null;
    if (found || !any_null || !a.n || !b.n)
        local_give_bool(c, found);
    set_done(&other);
    free(a.items);
    free(b.items);
}

/* ---- Pieces ---------------------------------------------------------------------------------- */

/* (signature, arrays...) */
static void concat(const struct local_call *c, sqlite3_value **args)
{
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    for (int i = 1; i < c->n_args; i++) {
        struct fst_str bytes = local_text(args[i]);
        fst_buf_add(&out, bytes.p, bytes.n ? bytes.n - 1 : 0);
    }
    fst_buf_addc(&out, FST_NEST_END);
    nest_give_bytes(c, &out);
}

/* (signature of arrays of arrays, array) */
static void flatten(const struct local_call *c, sqlite3_value **args)
{
    struct pieces all = pieces_at(args, 1);
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    bool any_null = false;
    for (size_t i = 0; i < all.n; i++) {
        any_null |= all.items[i].is_null;
        fst_buf_add(&out, all.items[i].p, all.items[i].n ? all.items[i].n - 1 : 0);
    }
    fst_buf_addc(&out, FST_NEST_END);
    free(all.items);
    if (any_null)
        fst_buf_done(&out);
    else
        nest_give_bytes(c, &out);
}

/* (signature, array, start, length) */
static void slice(const struct local_call *c, sqlite3_value **args)
{
    int64_t start = sqlite3_value_int64(args[2]), length = sqlite3_value_int64(args[3]);
    if (start == 0) {
        local_raise(c, "INVALID_PARAMETER_VALUE.START", "22023",
                    "The value of parameter(s) `start` in `slice` is invalid: Expects a positive "
                    "or a negative value for `start`, but got 0.");
        return;
    }
    if (length < 0) {
        local_raise(c, "INVALID_PARAMETER_VALUE.LENGTH", "22023",
                    "The value of parameter(s) `length` in `slice` is invalid: Expects `length` "
                    "greater than or equal to 0, but got %lld.",
                    (long long)length);
        return;
    }
    struct pieces all = pieces_at(args, 1);
    int64_t size = (int64_t)all.n, from = start > 0 ? start - 1 : size + start;
    if (from < 0 || from >= size)
        length = 0;
    else if (length > size - from)
        length = size - from;
    give_pieces(c, length ? all.items + from : NULL, (size_t)length);
    free(all.items);
}

static void reverse(const struct local_call *c, sqlite3_value **args)
{
    struct pieces all = pieces_at(args, 1);
    for (size_t i = 0; i < all.n / 2; i++) {
        struct piece other = all.items[i];
        all.items[i] = all.items[all.n - 1 - i];
        all.items[all.n - 1 - i] = other;
    }
    give_pieces(c, all.items, all.n);
    free(all.items);
}

/* (signature, array [, value]): without the value, or without NULL */
static void drop(const struct local_call *c, sqlite3_value **args)
{
    struct pieces all = pieces_at(args, 1);
    struct fst_buf value = FST_BUF(LOCAL_MAX_TEXT);
    size_t n = 0;
    if (c->n_args > 2)
        nest_put(&value, all.sig, args[2]);
    for (size_t i = 0; i < all.n; i++) {
        const struct piece *p = &all.items[i];
        bool is_it = c->n_args < 3 ? p->is_null
                                   : !p->is_null && nest_compare(all.sig, p->p, p->n,
                                                                 (const uint8_t *)value.p + 1,
                                                                 value.n - 1) == 0;
        if (!is_it)
            all.items[n++] = *p;
    }
    give_pieces(c, all.items, n);
    fst_buf_done(&value);
    free(all.items);
}

/* (signature, array, value): mode 1 at the end */
static void append(const struct local_call *c, sqlite3_value **args)
{
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    const char *sig = (const char *)sqlite3_value_text(args[0]) + 1;
    struct fst_str bytes = local_text(args[1]);
    if (sqlite3_value_type(args[1]) == SQLITE_NULL)
        return;
    if (!c->row->mode)
        nest_put(&out, sig, args[2]);
    fst_buf_add(&out, bytes.p, bytes.n ? bytes.n - 1 : 0);
    if (c->row->mode)
        nest_put(&out, sig, args[2]);
    fst_buf_addc(&out, FST_NEST_END);
    nest_give_bytes(c, &out);
}

enum { MAX_GAP = 1000000 };

/* (signature, array, position, value) */
static void insert(const struct local_call *c, sqlite3_value **args)
{
    static const struct piece nothing = {.is_null = true};
    int64_t at = sqlite3_value_int64(args[2]);
    if (sqlite3_value_type(args[1]) == SQLITE_NULL || sqlite3_value_type(args[2]) == SQLITE_NULL)
        return;
    if (at == 0) {
        local_raise(c, "INVALID_INDEX_OF_ZERO", "22003",
                    "The index 0 is invalid. An index shall be either < 0 or > 0 (the first "
                    "element has index 1).");
        return;
    }
    struct pieces all = pieces_at(args, 1);
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    int64_t size = (int64_t)all.n, before = at > 0 ? at - 1 : size + at + 1;
    int64_t gap = before < 0 ? -before : before > size ? before - size : 0;
    if (gap > MAX_GAP) {
        local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                    "array_insert this far outside of the array is not something the local engine "
                    "does.");
        free(all.items);
        return;
    }
    if (before < 0)
        nest_put(&out, all.sig, args[3]);
    for (int64_t i = 0; before < 0 && i < gap; i++)
        nest_put_piece(&out, &nothing);
    for (int64_t i = 0; i < size; i++) {
        if (i == before)
            nest_put(&out, all.sig, args[3]);
        nest_put_piece(&out, &all.items[i]);
    }
    for (int64_t i = 0; before >= size && i < gap; i++)
        nest_put_piece(&out, &nothing);
    if (before >= size)
        nest_put(&out, all.sig, args[3]);
    fst_buf_addc(&out, FST_NEST_END);
    free(all.items);
    nest_give_bytes(c, &out);
}

/* (signature of the result, value, times) */
static void repeat(const struct local_call *c, sqlite3_value **args)
{
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    const char *sig = (const char *)sqlite3_value_text(args[0]) + 1;
    if (sqlite3_value_type(args[2]) == SQLITE_NULL)
        return;
    for (int64_t i = sqlite3_value_int64(args[2]); i > 0 && !out.over; i--)
        nest_put(&out, sig, args[1]);
    fst_buf_addc(&out, FST_NEST_END);
    nest_give_bytes(c, &out);
}

/* (signature of an array of strings, array, separator [, what stands for NULL]) */
static void join(const struct local_call *c, sqlite3_value **args)
{
    struct nest n = nest_of(args[0], args[1]);
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT), text = FST_BUF(LOCAL_MAX_TEXT);
    struct fst_str separator = local_text(args[2]);
    struct fst_literal v = {0};
    bool is_null, first = true;
    n.sig++;
    while (nest_next(&n, &is_null) && !out.over) {
        if (is_null && c->n_args < 4)
            continue;
        if (!first)
            fst_buf_add(&out, separator.p, separator.n);
        first = false;
        if (is_null)
            v.s = local_text(args[3]);
        else if (!fst_nest_take_scalar(&n.p, n.end, FST_STRING, &v, &text))
            break;
        fst_buf_add(&out, v.s.p, v.s.n);
    }
    fst_buf_done(&text);
    local_give_buf(c, &out);
}

/* (signatures of the arrays..., arrays...): as long as the longest */
static void zip(const struct local_call *c, sqlite3_value **args)
{
    int n = c->n_args / 2;
    struct pieces *all = fst_alloc((size_t)n * sizeof *all);
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    size_t longest = 0;
    for (int k = 0; k < n; k++) {
        all[k] = nest_pieces((const char *)sqlite3_value_text(args[k]), local_text(args[n + k]));
        longest = all[k].n > longest ? all[k].n : longest;
    }
    for (size_t i = 0; i < longest; i++) {
        fst_buf_addc(&out, FST_NEST_VALUE);
        for (int k = 0; k < n; k++)
            nest_put_piece(&out,
                           i < all[k].n ? &all[k].items[i] : &(struct piece){.is_null = true});
    }
    fst_buf_addc(&out, FST_NEST_END);
    for (int k = 0; k < n; k++)
        free(all[k].items);
    free(all);
    nest_give_bytes(c, &out);
}

/* ---- Sequences ------------------------------------------------------------------------------- */

static void no_sequence(const struct local_call *c)
{
    local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                "the bounds of this sequence do not fit its step; the local engine does not tell "
                "it as Spark does.");
}

static bool put_step(struct fst_buf *out, const char *sig, int64_t v)
{
    struct fst_literal one = {.n = v};
    fst_buf_addc(out, FST_NEST_VALUE);
    fst_nest_put_scalar(out, nest_kind(*sig), &one);
    return !out->over;
}

/* (signature of the result, start, stop [, step]): whole numbers; dates and timestamps by `day`s,
 * a step in microseconds */
static void sequence(const struct local_call *c, sqlite3_value **args)
{
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    const char *sig = (const char *)sqlite3_value_text(args[0]) + 1;
    int64_t from = sqlite3_value_int64(args[1]), to = sqlite3_value_int64(args[2]);
    int64_t unit = *sig == 'T' ? LOCAL_DAY_US : 1;
    int64_t step = c->n_args > 3 ? sqlite3_value_int64(args[3]) : from <= to ? unit : -unit;
    if (*sig == 't' && c->n_args > 3) {
        if (step % LOCAL_DAY_US) {
            no_sequence(c);
            return;
        }
        step /= LOCAL_DAY_US;
    }
    bool fits = from == to || (step > 0 ? from < to : step < 0 && from > to);
    if (!fits || (*sig == 't' || *sig == 'T' ? !step : 0)) {
        no_sequence(c);
        return;
    }
    for (__int128 v = from; (step > 0 ? v <= to : v >= to) && put_step(&out, sig, (int64_t)v);
         v += step)
        if (!step)
            break;
    fst_buf_addc(&out, FST_NEST_END);
    nest_give_bytes(c, &out);
}

static int64_t months_later(const char *sig, int64_t from, int64_t months)
{
    if (*sig == 't')
        return local_add_months(from, months);
    int64_t day = local_floor_div(from, LOCAL_DAY_US);
    return local_add_months(day, months) * LOCAL_DAY_US + (from - day * LOCAL_DAY_US);
}

/* The same with a step in months, each counted from the start. */
static void sequence_months(const struct local_call *c, sqlite3_value **args)
{
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    const char *sig = (const char *)sqlite3_value_text(args[0]) + 1;
    int64_t from = sqlite3_value_int64(args[1]), to = sqlite3_value_int64(args[2]);
    int64_t step = sqlite3_value_int64(args[3]);
    if (!step || (from != to && (step > 0) != (from < to)) || (*sig == 'T' && c->env->zone)) {
        no_sequence(c);
        return;
    }
    int64_t v = from;
    for (int64_t i = 1; (step > 0 ? v <= to : v >= to) && i < 200000; i++) {
        put_step(&out, sig, v);
        v = months_later(sig, from, i * step);
    }
    fst_buf_addc(&out, FST_NEST_END);
    nest_give_bytes(c, &out);
}

/* ---- Maps ------------------------------------------------------------------------------------ */

static void give_map(const struct local_call *c, const struct pieces *keys,
                     const struct pieces *values)
{
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    struct set seen = set_for(keys->n);
    bool fine = true;
    for (size_t i = 0; fine && i < keys->n; i++) {
        const struct piece *key = &keys->items[i];
        fine = !key->is_null && set_add(&seen, key);
        if (key->is_null)
            local_raise(c, "NULL_MAP_KEY", "2200E", "Cannot use null as map key.");
        else if (!fine)
            local_raise(c, "DUPLICATED_MAP_KEY", "23505", "Duplicate map key was found.");
        nest_put_piece(&out, key);
        nest_put_piece(&out, &values->items[i]);
    }
    fst_buf_addc(&out, FST_NEST_END);
    set_done(&seen);
    if (fine)
        nest_give_bytes(c, &out);
    else
        fst_buf_done(&out);
}

/* (signature of the keys, signature of the values, keys, values) */
static void from_arrays(const struct local_call *c, sqlite3_value **args)
{
    struct pieces keys =
        nest_pieces((const char *)sqlite3_value_text(args[0]), local_text(args[2]));
    struct pieces values =
        nest_pieces((const char *)sqlite3_value_text(args[1]), local_text(args[3]));
    if (keys.n == values.n)
        give_map(c, &keys, &values);
    else
        local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                    "map_from_arrays of arrays of unlike lengths fails in Spark without a name "
                    "for it; the local engine does not do it.");
    free(keys.items);
    free(values.items);
}

static void add_piece(struct pieces *all, const struct piece *p)
{
    fst_grow(&all->items, &all->cap, all->n + 1, sizeof *all->items);
    all->items[all->n++] = *p;
}

/* (signature of an array of structs, array) */
static void from_entries(const struct local_call *c, sqlite3_value **args)
{
    struct pieces all = pieces_at(args, 1), keys = {0}, values = {0};
    bool any_null = false;
    for (size_t i = 0; i < all.n; i++) {
        const struct piece *p = &all.items[i];
        struct nest n = {all.sig + 1, p->p, p->p + p->n, false};
        any_null |= p->is_null;
        for (int k = 0; k < 2 && !p->is_null; k++) {
            bool is_null = true;
            if (!nest_next(&n, &is_null))
                is_null = true;
            struct piece one = {n.p, 0, is_null};
            if (is_null)
                n.sig = nest_sig_after(n.sig);
            else
                nest_skip(&n);
            one.n = (size_t)(n.p - one.p);
            add_piece(k ? &values : &keys, &one);
        }
    }
    if (!any_null)
        give_map(c, &keys, &values);
    free(all.items);
    free(keys.items);
    free(values.items);
}

/* (signature, map): the bytes of an entry are those of a struct */
static void entries(const struct local_call *c, sqlite3_value **args)
{
    struct pieces all = pieces_at(args, 1);
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    for (size_t i = 0; i + 1 < all.n; i += 2) {
        fst_buf_addc(&out, FST_NEST_VALUE);
        nest_put_piece(&out, &all.items[i]);
        nest_put_piece(&out, &all.items[i + 1]);
    }
    fst_buf_addc(&out, FST_NEST_END);
    free(all.items);
    nest_give_bytes(c, &out);
}

/* (signature, maps...) */
static void concat_maps(const struct local_call *c, sqlite3_value **args)
{
    struct pieces keys = {0}, values = {0};
    for (int i = 1; i < c->n_args; i++) {
        struct pieces all = pieces_at(args, i);
        for (size_t k = 0; k < all.n; k++)
            add_piece(k % 2 ? &values : &keys, &all.items[k]);
        free(all.items);
    }
    give_map(c, &keys, &values);
    free(keys.items);
    free(values.items);
}

const struct local_function local_list_functions[] = {
    {"nest_distinct", 2, true, set_operation, DISTINCT, "array_distinct"},
    {"nest_union", 3, true, set_operation, UNION, "array_union"},
    {"nest_intersect", 3, true, set_operation, INTERSECT, "array_intersect"},
    {"nest_except", 3, true, set_operation, EXCEPT, "array_except"},
    {"nest_overlap", 3, true, overlap, 0, "arrays_overlap"},
    {"nest_concat", -1, true, concat, 0, "concat"},
    {"nest_flatten", 2, true, flatten, 0, "flatten"},
    {"nest_slice", 4, true, slice, 0, "slice"},
    {"nest_reverse", 2, true, reverse, 0, "reverse"},
    {"nest_remove", 3, true, drop, 0, "array_remove"},
    {"nest_compact", 2, true, drop, 0, "array_compact"},
    {"nest_append", 3, false, append, 1, "array_append"},
    {"nest_prepend", 3, false, append, 0, "array_prepend"},
    {"nest_insert", 4, false, insert, 0, "array_insert"},
    {"nest_repeat", 3, false, repeat, 0, "array_repeat"},
    {"nest_join", -1, true, join, 0, "array_join"},
    {"nest_zip", -1, true, zip, 0, "arrays_zip"},
    {"nest_sequence", -1, true, sequence, 0, "sequence"},
    {"nest_sequence_months", 4, true, sequence_months, 0, "sequence"},
    {"nest_from_arrays", 4, true, from_arrays, 0, "map_from_arrays"},
    {"nest_from_entries", 2, true, from_entries, 0, "map_from_entries"},
    {"nest_entries", 2, true, entries, 0, "map_entries"},
    {"nest_concat_maps", -1, true, concat_maps, 0, "map_concat"},
    {0},
};
