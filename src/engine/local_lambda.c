/* Functions of functions: each runs the statement that a lambda's body is, with the variables and
 * the values from outside bound to it, once an element.
 *
 * Arguments: the statement, the number of its variables, signatures, values, what it takes from
 * outside. */
#include "local_nest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- Statements ------------------------------------------------------------------------------ */

struct prepared {
    char *sql;
    sqlite3_stmt *stmt;
    bool busy;
};
struct local_lambdas {
    struct prepared *items;
    size_t n, cap;
};

struct local_lambdas *local_lambdas_new(void)
{
    return fst_alloc(sizeof(struct local_lambdas));
}

void local_lambdas_free(struct local_lambdas *l)
{
    for (size_t i = 0; l && i < l->n; i++) {
        sqlite3_finalize(l->items[i].stmt);
        free(l->items[i].sql);
    }
    if (l)
        free(l->items);
    free(l);
}

/* A lambda at work. */
struct lambda {
    const struct local_call *c;
    sqlite3_stmt *stmt;
    size_t slot;
    int n; /* variables */
    bool failed;
    uint32_t steps;
};

static size_t find_prepared(struct local_lambdas *all, sqlite3 *db, const char *sql)
{
    for (size_t i = 0; i < all->n; i++)
        if (!all->items[i].busy && strcmp(all->items[i].sql, sql) == 0)
            return i;
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) != SQLITE_OK)
        return SIZE_MAX;
    fst_grow(&all->items, &all->cap, all->n + 1, sizeof *all->items);
    all->items[all->n] = (struct prepared){fst_strdup(sql), stmt, false};
    return all->n++;
}

static void fail(struct lambda *l)
{
    sqlite3 *db = sqlite3_context_db_handle(l->c->ctx);
    if (!l->failed && sqlite3_errcode(db) == SQLITE_INTERRUPT)
        sqlite3_result_error_code(l->c->ctx, SQLITE_INTERRUPT);
    else if (!l->failed)
        sqlite3_result_error(l->c->ctx, sqlite3_errmsg(db), -1);
    l->failed = true;
}

/* `outside`: the number of the first argument that the statement takes from outside. */
static struct lambda begin(const struct local_call *c, sqlite3_value **args, int outside)
{
    struct lambda l = {.c = c, .n = sqlite3_value_int(args[1])};
    struct local_lambdas *all = c->env->lambdas;
    l.slot = find_prepared(all, sqlite3_context_db_handle(c->ctx),
                           (const char *)sqlite3_value_text(args[0]));
    if (l.slot == SIZE_MAX) {
        fail(&l);
        return l;
    }
    all->items[l.slot].busy = true;
    l.stmt = all->items[l.slot].stmt;
    for (int i = outside; i < c->n_args; i++)
        sqlite3_bind_value(l.stmt, l.n + 1 + i - outside, args[i]);
    return l;
}

static void end(struct lambda *l)
{
    if (!l->stmt)
        return;
    sqlite3_reset(l->stmt);
    sqlite3_clear_bindings(l->stmt);
    l->c->env->lambdas->items[l->slot].busy = false;
}

static void bind_scalar(struct lambda *l, int i, enum fst_kind kind, const struct fst_literal *v)
{
    unsigned char blob[16];
    if ((kind == FST_FLOAT || kind == FST_DOUBLE) && isnan(v->d)) {
        sqlite3_bind_blob(l->stmt, i, "NaN", 3, SQLITE_STATIC);
    } else if (kind == FST_FLOAT || kind == FST_DOUBLE) {
        sqlite3_bind_double(l->stmt, i, v->d);
    } else if (kind == FST_DECIMAL) {
        local_decimal_blob(v->n, blob);
        sqlite3_bind_blob(l->stmt, i, blob, 16, SQLITE_TRANSIENT);
    } else if (kind == FST_STRING) {
        sqlite3_bind_text64(l->stmt, i, v->s.p, v->s.n, SQLITE_TRANSIENT, SQLITE_UTF8);
    } else if (kind == FST_BINARY) {
        sqlite3_bind_blob64(l->stmt, i, v->s.p, v->s.n, SQLITE_TRANSIENT);
    } else {
        sqlite3_bind_int64(l->stmt, i, (int64_t)v->n);
    }
}

/* Variable `i` (from 1) is this piece; the statement must not be at work. */
static void set_piece(struct lambda *l, int i, const char *sig, const struct piece *p)
{
    struct fst_literal v = {0};
    struct fst_buf text = FST_BUF(LOCAL_MAX_TEXT);
    const uint8_t *at = p->p;
    if (!l->stmt || i > l->n)
        return;
    if (p->is_null)
        sqlite3_bind_null(l->stmt, i);
    else if (!nest_is_scalar(sig))
        sqlite3_bind_blob64(l->stmt, i, p->p, p->n, SQLITE_TRANSIENT);
    else if (fst_nest_take_scalar(&at, p->p + p->n, nest_kind(*sig), &v, &text))
        bind_scalar(l, i, nest_kind(*sig), &v);
    fst_buf_done(&text);
}

static void set_index(struct lambda *l, int i, size_t index)
{
    if (l->stmt && i <= l->n)
        sqlite3_bind_int64(l->stmt, i, (int64_t)index);
}

static void rest(struct lambda *l)
{
    if (l->stmt)
        sqlite3_reset(l->stmt);
}

/* What the body is for the variables as they are set; NULL once something failed. */
static sqlite3_value *run(struct lambda *l)
{
    const struct local_env *env = l->c->env;
    if (l->failed)
        return NULL;
    if ((++l->steps & 255) == 0 && env->cancelled && env->cancelled(env->cancel_arg)) {
        sqlite3_result_error_code(l->c->ctx, SQLITE_INTERRUPT);
        l->failed = true;
        return NULL;
    }
    if (sqlite3_step(l->stmt) == SQLITE_ROW)
        return sqlite3_column_value(l->stmt, 0);
    fail(l);
    return NULL;
}

static const char *sig_at(sqlite3_value **args, int i)
{
    return (const char *)sqlite3_value_text(args[i]);
}

static void give(const struct local_call *c, struct lambda *l, struct fst_buf *out)
{
    end(l);
    fst_buf_addc(out, FST_NEST_END);
    if (l->failed)
        fst_buf_done(out);
    else
        nest_give_bytes(c, out);
}

static bool is_null(sqlite3_value *v)
{
    return sqlite3_value_type(v) == SQLITE_NULL;
}

/* ---- Arrays: (statement, n, signature of the body, signature, array, ...) -------------------- */

enum { SIG_BODY = 2, SIG = 3, VALUE = 4, OUTSIDE = 5 };

static void transform(const struct local_call *c, sqlite3_value **args)
{
    if (is_null(args[VALUE]))
        return;
    struct pieces all = nest_pieces(sig_at(args, SIG), local_text(args[VALUE]));
    struct lambda l = begin(c, args, OUTSIDE);
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    for (size_t i = 0; i < all.n && !l.failed && !out.over; i++) {
        set_piece(&l, 1, all.sig, &all.items[i]);
        set_index(&l, 2, i);
        sqlite3_value *v = run(&l);
        if (v)
            nest_put(&out, sig_at(args, SIG_BODY), v);
        rest(&l);
    }
    free(all.items);
    give(c, &l, &out);
}

/* Is the condition true for this element? *unknown is set where it is NULL. */
static bool holds(struct lambda *l, bool *unknown)
{
    sqlite3_value *v = run(l);
    bool yes = v && !is_null(v) && sqlite3_value_int(v);
    *unknown |= v && is_null(v);
    rest(l);
    return yes;
}

static void filter(const struct local_call *c, sqlite3_value **args)
{
    if (is_null(args[VALUE]))
        return;
    struct pieces all = nest_pieces(sig_at(args, SIG), local_text(args[VALUE]));
    struct lambda l = begin(c, args, OUTSIDE);
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    bool unknown = false;
    for (size_t i = 0; i < all.n && !l.failed; i++) {
        set_piece(&l, 1, all.sig, &all.items[i]);
        set_index(&l, 2, i);
        if (holds(&l, &unknown))
            nest_put_piece(&out, &all.items[i]);
    }
    free(all.items);
    give(c, &l, &out);
}

/* exists (mode 1) and forall (mode 0) stop at the first element that decides. */
static void quantify(const struct local_call *c, sqlite3_value **args)
{
    if (is_null(args[VALUE]))
        return;
    struct pieces all = nest_pieces(sig_at(args, SIG), local_text(args[VALUE]));
    struct lambda l = begin(c, args, OUTSIDE);
    bool unknown = false, decided = false;
    for (size_t i = 0; i < all.n && !l.failed && !decided; i++) {
        bool null_here = false;
        set_piece(&l, 1, all.sig, &all.items[i]);
        bool yes = holds(&l, &null_here);
        decided = !null_here && yes == (c->row->mode == 1);
        unknown |= null_here;
    }
    if (!l.failed && (decided || !unknown))
        local_give_bool(c, decided == (c->row->mode == 1));
    free(all.items);
    end(&l);
}

/* (statement, n, signature of the body, 2 signatures, 2 arrays, ...) */
static void zip_with(const struct local_call *c, sqlite3_value **args)
{
    static const struct piece nothing = {.is_null = true};
    if (is_null(args[5]) || is_null(args[6]))
        return;
    struct pieces a = nest_pieces(sig_at(args, 3), local_text(args[5]));
    struct pieces b = nest_pieces(sig_at(args, 4), local_text(args[6]));
    struct lambda l = begin(c, args, 7);
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    for (size_t i = 0; (i < a.n || i < b.n) && !l.failed && !out.over; i++) {
        set_piece(&l, 1, a.sig, i < a.n ? &a.items[i] : &nothing);
        set_piece(&l, 2, b.sig, i < b.n ? &b.items[i] : &nothing);
        sqlite3_value *v = run(&l);
        if (v)
            nest_put(&out, sig_at(args, SIG_BODY), v);
        rest(&l);
    }
    free(a.items);
    free(b.items);
    give(c, &l, &out);
}

/* (statement, n, signature, array, start, ...) */
static void fold(const struct local_call *c, sqlite3_value **args)
{
    if (is_null(args[3]))
        return;
    struct pieces all = nest_pieces(sig_at(args, 2), local_text(args[3]));
    struct lambda l = begin(c, args, 5);
    sqlite3_value *acc = sqlite3_value_dup(args[4]);
    for (size_t i = 0; i < all.n && !l.failed; i++) {
        sqlite3_bind_value(l.stmt, 1, acc);
        set_piece(&l, 2, all.sig, &all.items[i]);
        sqlite3_value *v = run(&l);
        if (v) {
            sqlite3_value_free(acc);
            acc = sqlite3_value_dup(v);
        }
        rest(&l);
    }
    if (!l.failed)
        sqlite3_result_value(c->ctx, acc);
    sqlite3_value_free(acc);
    free(all.items);
    end(&l);
}

/* (statement, n, value, ...) */
static void apply(const struct local_call *c, sqlite3_value **args)
{
    struct lambda l = begin(c, args, 3);
    if (l.stmt)
        sqlite3_bind_value(l.stmt, 1, args[2]);
    sqlite3_value *v = run(&l);
    if (v)
        sqlite3_result_value(c->ctx, v);
    end(&l);
}

/* ---- Order ----------------------------------------------------------------------------------- */

struct order {
    struct lambda l;
    const char *sig;
    bool unsure; /* the comparison contradicts itself */
};

static int compare(struct order *o, const struct piece *a, const struct piece *b)
{
    set_piece(&o->l, 1, o->sig, a);
    set_piece(&o->l, 2, o->sig, b);
    sqlite3_value *v = run(&o->l);
    int64_t sign = v && !is_null(v) ? sqlite3_value_int64(v) : 0;
    if (v && is_null(v) && !o->l.failed) {
        local_raise(
            o->l.c, "COMPARATOR_RETURNS_NULL", "22004",
            "The comparator has returned a NULL for a comparison. It should return a "
            "positive integer for \"greater than\", 0 for \"equal\" and a negative integer "
            "for \"less than\". To revert to deprecated behavior where NULL is treated as "
            "0 (equal), you must set \"spark.sql.legacy.allowNullComparisonResultInArraySort"
            "\" to \"true\".");
        o->l.failed = true;
    }
    rest(&o->l);
    return (sign > 0) - (sign < 0);
}

/* Of fewer than 32 elements Java makes one run and puts the others in by halving. */
static size_t first_run(struct order *o, struct piece *p, size_t n)
{
    size_t run = 2;
    if (n < 2)
        return n;
    if (compare(o, &p[1], &p[0]) >= 0) {
        while (run < n && compare(o, &p[run], &p[run - 1]) >= 0)
            run++;
        return run;
    }
    while (run < n && compare(o, &p[run], &p[run - 1]) < 0)
        run++;
    for (size_t i = 0; i < run / 2; i++) {
        struct piece other = p[i];
        p[i] = p[run - 1 - i];
        p[run - 1 - i] = other;
    }
    return run;
}

static void insert_rest(struct order *o, struct piece *p, size_t n, size_t sorted)
{
    for (size_t i = sorted; i < n && !o->l.failed; i++) {
        struct piece pivot = p[i];
        size_t left = 0, right = i;
        while (left < right) {
            size_t middle = (left + right) / 2;
            if (compare(o, &pivot, &p[middle]) < 0)
                right = middle;
            else
                left = middle + 1;
        }
        memmove(p + left + 1, p + left, (i - left) * sizeof *p);
        p[left] = pivot;
    }
}

static void merge_sort(struct order *o, struct piece *p, struct piece *room, size_t n)
{
    size_t half = n / 2, a = 0, b = half;
    if (n < 2 || o->l.failed)
        return;
    merge_sort(o, p, room, half);
    merge_sort(o, p + half, room, n - half);
    for (size_t i = 0; i < n; i++) {
        bool left = b >= n || (a < half && compare(o, &p[a], &p[b]) <= 0);
        room[i] = left ? p[a++] : p[b++];
    }
    memcpy(p, room, n * sizeof *p);
}

/* Of more, every way of sorting gives the same as long as the comparison is one. */
static void check_order(struct order *o, const struct piece *p, size_t n)
{
    for (size_t i = 1; i < n && !o->l.failed; i++) {
        int there = compare(o, &p[i - 1], &p[i]), back = compare(o, &p[i], &p[i - 1]);
        o->unsure |= there > 0 || there != -back;
    }
}

static void sort_by(const struct local_call *c, sqlite3_value **args)
{
    if (is_null(args[VALUE]))
        return;
    struct pieces all = nest_pieces(sig_at(args, SIG), local_text(args[VALUE]));
    struct order o = {.l = begin(c, args, OUTSIDE), .sig = all.sig};
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    if (all.n < 32) {
        insert_rest(&o, all.items, all.n, first_run(&o, all.items, all.n));
    } else {
        struct piece *room = fst_alloc(all.n * sizeof *room);
        merge_sort(&o, all.items, room, all.n);
        check_order(&o, all.items, all.n);
        free(room);
    }
    if (o.unsure && !o.l.failed) {
        local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                    "array_sort by a comparison that contradicts itself is not something the local "
                    "engine does.");
        o.l.failed = true;
    }
    for (size_t i = 0; i < all.n; i++)
        nest_put_piece(&out, &all.items[i]);
    free(all.items);
    give(c, &o.l, &out);
}

/* ---- Maps: (statement, n, signature of the body, signature, map, ...) ------------------------ */

static bool was_put(const struct fst_buf *keys, const size_t *ends, size_t n, size_t from)
{
    size_t start = 0, len = keys->n - from;
    for (size_t i = 0; i < n; start = ends[i++])
        if (ends[i] - start == len && memcmp(keys->p + start, keys->p + from, len) == 0)
            return true;
    return false;
}

enum { VALUES, KEYS, FILTER };

/* Keys must be there, and each once. */
static bool put_key(struct lambda *l, const char *sig, sqlite3_value *v, struct fst_buf *keys,
                    size_t *ends, size_t n)
{
    size_t from = keys->n;
    nest_put(keys, sig, v);
    ends[n] = keys->n;
    bool twice = was_put(keys, ends, n, from);
    if (is_null(v))
        local_raise(l->c, "NULL_MAP_KEY", "2200E", "Cannot use null as map key.");
    else if (twice)
        local_raise(l->c, "DUPLICATED_MAP_KEY", "23505", "Duplicate map key was found.");
    l->failed |= is_null(v) || twice;
    return !l->failed;
}

static void map_each(const struct local_call *c, sqlite3_value **args)
{
    if (is_null(args[VALUE]))
        return;
    const char *sig = sig_at(args, SIG), *body = sig_at(args, SIG_BODY);
    struct pieces all = nest_pieces(sig, local_text(args[VALUE]));
    struct lambda l = begin(c, args, OUTSIDE);
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT), keys = FST_BUF(LOCAL_MAX_TEXT);
    size_t *ends = fst_alloc((all.n + 1) * sizeof *ends);
    for (size_t i = 0; i + 1 < all.n && !l.failed && !out.over; i += 2) {
        set_piece(&l, 1, all.sig, &all.items[i]);
        set_piece(&l, 2, nest_sig_after(all.sig), &all.items[i + 1]);
        sqlite3_value *v = run(&l);
        bool kept = v && (c->row->mode != FILTER || (!is_null(v) && sqlite3_value_int(v)));
        if (kept && c->row->mode == KEYS && put_key(&l, body, v, &keys, ends, i / 2))
            nest_put(&out, body, v);
        else if (kept)
            nest_put_piece(&out, &all.items[i]);
        if (kept && c->row->mode == VALUES)
            nest_put(&out, body, v);
        else if (kept)
            nest_put_piece(&out, &all.items[i + 1]);
        rest(&l);
    }
    free(ends);
    fst_buf_done(&keys);
    free(all.items);
    give(c, &l, &out);
}

/* ---- Text and structs ------------------------------------------------------------------------ */

/* (statement, n, signature of the body, signature, array or map, ...): the bodies with commas */
static void text_of(const struct local_call *c, sqlite3_value **args)
{
    if (is_null(args[VALUE]))
        return;
    bool is_map = c->row->mode == 1;
    struct pieces all = nest_pieces(sig_at(args, SIG), local_text(args[VALUE]));
    struct lambda l = begin(c, args, OUTSIDE);
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    fst_buf_addc(&out, is_map ? '{' : '[');
    for (size_t i = 0; i < all.n && !l.failed && !out.over; i += is_map ? 2 : 1) {
        fst_buf_adds(&out, i ? ", " : "");
        set_piece(&l, 1, all.sig, &all.items[i]);
        if (is_map)
            set_piece(&l, 2, nest_sig_after(all.sig), &all.items[i + 1]);
        sqlite3_value *v = run(&l);
        struct fst_str s = v && !is_null(v) ? local_text(v) : fst_str("null");
        fst_buf_add(&out, s.p, s.n);
        rest(&l);
    }
    fst_buf_addc(&out, is_map ? '}' : ']');
    free(all.items);
    end(&l);
    if (l.failed)
        fst_buf_done(&out);
    else
        local_give_buf(c, &out);
}

/* (statement, n, signature, struct, ...): the variables are the fields */
static void of_fields(const struct local_call *c, sqlite3_value **args)
{
    if (is_null(args[3]))
        return;
    struct nest n = nest_of(args[2], args[3]);
    struct lambda l = begin(c, args, 4);
    n.sig++;
    for (int i = 1; i <= l.n && !n.bad; i++) {
        struct piece p = {.is_null = true};
        const char *sig = n.sig;
        bool null_here = true;
        if (nest_next(&n, &null_here) && !null_here) {
            p = (struct piece){n.p, 0, false};
            nest_skip(&n);
            p.n = (size_t)(n.p - p.p);
        } else {
            n.sig = nest_sig_after(n.sig);
        }
        set_piece(&l, i, sig, &p);
    }
    sqlite3_value *v = run(&l);
    if (v)
        sqlite3_result_value(c->ctx, v);
    end(&l);
}

const struct local_function local_lambda_functions[] = {
    {"nest_transform", -1, false, transform, 0, "transform"},
    {"nest_filter", -1, false, filter, 0, "filter"},
    {"nest_exists", -1, false, quantify, 1, "exists"},
    {"nest_forall", -1, false, quantify, 0, "forall"},
    {"nest_zip_with", -1, false, zip_with, 0, "zip_with"},
    {"nest_fold", -1, false, fold, 0, "aggregate"},
    {"nest_apply", -1, false, apply, 0, "aggregate"},
    {"nest_sort_by", -1, false, sort_by, 0, "array_sort"},
    {"nest_map_filter", -1, false, map_each, FILTER, "map_filter"},
    {"nest_transform_keys", -1, false, map_each, KEYS, "transform_keys"},
    {"nest_transform_values", -1, false, map_each, VALUES, "transform_values"},
    {"nest_array_text", -1, false, text_of, 0, "cast"},
    {"nest_map_text", -1, false, text_of, 1, "cast"},
    {"nest_of_fields", -1, false, of_fields, 0, "cast"},
    {0},
};
