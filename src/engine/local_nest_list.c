/* Whole arrays: in order, their greatest and least, the place of a value; and arrays of the values
 * of a group. */
#include "local_nest.h"

#include <stdlib.h>
#include <string.h>

/* ---- Elements as pieces of the bytes --------------------------------------------------------- */

struct pieces nest_pieces(const char *sig, struct fst_str bytes)
{
    bool is_map = *sig == 'M';
    struct nest n = {sig + 1, (const uint8_t *)bytes.p, (const uint8_t *)bytes.p + bytes.n, false};
    struct pieces all = {.sig = n.sig};
    bool is_null;
    while (nest_next(&n, &is_null)) {
        const uint8_t *from = n.p;
        if (!is_null)
            nest_pass(&n);
        fst_grow(&all.items, &all.cap, all.n + 1, sizeof *all.items);
        all.items[all.n++] = (struct piece){from, (size_t)(n.p - from), is_null};
        n.sig = is_map && all.n % 2 ? nest_sig_after(all.sig) : all.sig;
    }
    return all;
}

void nest_put_piece(struct fst_buf *out, const struct piece *p)
{
    fst_buf_addc(out, p->is_null ? FST_NEST_NULL : FST_NEST_VALUE);
    if (!p->is_null)
        fst_buf_add(out, p->p, p->n);
}

static struct pieces pieces_of(sqlite3_value **args)
{
    return nest_pieces((const char *)sqlite3_value_text(args[0]), local_text(args[1]));
}

static int compare(const char *sig, const struct piece *a, const struct piece *b)
{
    if (a->is_null || b->is_null)
        return b->is_null - a->is_null;
    return nest_compare(sig, a->p, a->n, b->p, b->n);
}

static int compare_last(const char *sig, const struct piece *a, const struct piece *b)
{
    return a->is_null || b->is_null ? a->is_null - b->is_null : compare(sig, a, b);
}

/* Equals keep their order, as in Java. `sign` 1 ascending, -1 descending, 0 ascending with NULL
 * last. */
static void merge_sort(const char *sig, struct piece *items, struct piece *room, size_t n, int sign)
{
    size_t half = n / 2, a = 0, b = half;
    if (n < 2)
        return;
    merge_sort(sig, items, room, half, sign);
    merge_sort(sig, items + half, room, n - half, sign);
    for (size_t i = 0; i < n; i++) {
        bool left = b >= n || (a < half && (sign ? compare(sig, &items[a], &items[b]) * sign
                                                 : compare_last(sig, &items[a], &items[b])) <= 0);
        room[i] = left ? items[a++] : items[b++];
    }
    memcpy(items, room, n * sizeof *items);
}

/* (signature, array, ascending) */
static void sort(const struct local_call *c, sqlite3_value **args)
{
    struct pieces all = pieces_of(args);
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    struct piece *room = fst_alloc((all.n + 1) * sizeof *room);
    merge_sort(all.sig, all.items, room, all.n,
               c->n_args < 3                ? 0
               : sqlite3_value_int(args[2]) ? 1
                                            : -1);
    for (size_t i = 0; i < all.n; i++)
        nest_put_piece(&out, &all.items[i]);
    fst_buf_addc(&out, FST_NEST_END);
    free(room);
    free(all.items);
    nest_give_bytes(c, &out);
}

/* The greatest (mode 1) or least (-1) that is not NULL. */
static void extreme(const struct local_call *c, sqlite3_value **args)
{
    struct pieces all = pieces_of(args);
    const struct piece *best = NULL;
    for (size_t i = 0; i < all.n; i++) {
        const struct piece *p = &all.items[i];
        if (!p->is_null && (!best || compare(all.sig, p, best) * c->row->mode > 0))
            best = p;
    }
    if (best) {
        struct nest n = {all.sig, best->p, best->p + best->n, false};
        nest_give(c, &n);
    }
    free(all.items);
}

static void position(const struct local_call *c, sqlite3_value **args)
{
    struct pieces all = pieces_of(args);
    struct fst_buf wanted = FST_BUF(LOCAL_MAX_TEXT);
    int64_t found = 0;
    nest_put(&wanted, all.sig, args[2]);
    struct piece one = {(const uint8_t *)wanted.p + 1, wanted.n - 1, false};
    for (size_t i = 0; !found && i < all.n; i++)
        if (!all.items[i].is_null && compare(all.sig, &all.items[i], &one) == 0)
            found = (int64_t)i + 1;
    sqlite3_result_int64(c->ctx, found);
    fst_buf_done(&wanted);
    free(all.items);
}

const struct local_function local_nest_list_functions[] = {
    {"nest_sort", 3, true, sort, 0, "sort_array"},
    {"nest_array_sort", 2, true, sort, 0, "array_sort"},
    {"nest_max", 2, true, extreme, 1, "array_max"},
    {"nest_min", 2, true, extreme, -1, "array_min"},
    {"nest_position", 3, true, position, 0, "array_position"},
    {0},
};

/* ---- Values of a group ----------------------------------------------------------------------- */

struct list {
    struct fst_buf bytes;
};

static void collect_step(const struct local_call *c, void *state, sqlite3_value **args)
{
    struct list *l = state;
    (void)c;
    l->bytes.max = LOCAL_MAX_TEXT;
    nest_put(&l->bytes, (const char *)sqlite3_value_text(args[0]), args[1]);
}

static void collect_result(const struct local_call *c, void *state)
{
    struct list *l = state;
    struct fst_buf copy = FST_BUF(LOCAL_MAX_TEXT);
    fst_buf_add(&copy, l->bytes.n ? l->bytes.p : "", l->bytes.n);
    fst_buf_addc(&copy, FST_NEST_END);
    copy.over |= l->bytes.over;
    nest_give_bytes(c, &copy);
}

static void collect_done(void *state)
{
    struct list *l = state;
    fst_buf_done(&l->bytes);
}

const struct local_aggregate local_nest_aggregates[] = {
    {"nest_collect", 2, true, sizeof(struct list), collect_step, collect_result, collect_done, 0},
    {0},
};
