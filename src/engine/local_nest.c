/* Nested values: walking their bytes, taking values out and putting them in; and the functions that
 * take them apart: fields, elements, values of maps. */
#include "local_nest.h"

#include <math.h>
#include <string.h>

/* ---- Signatures ------------------------------------------------------------------------------ */

static const struct {
    char letter;
    enum fst_kind kind;
} letters[] = {
    {'v', FST_VOID},      {'o', FST_BOOLEAN},       {'1', FST_BYTE},        {'2', FST_SHORT},
    {'4', FST_INT},       {'8', FST_LONG},          {'f', FST_FLOAT},       {'d', FST_DOUBLE},
    {'D', FST_DECIMAL},   {'s', FST_STRING},        {'b', FST_BINARY},      {'t', FST_DATE},
    {'T', FST_TIMESTAMP}, {'N', FST_TIMESTAMP_NTZ}, {'y', FST_INTERVAL_YM}, {'i', FST_INTERVAL_DT},
    {'A', FST_ARRAY},     {'M', FST_MAP},           {'S', FST_STRUCT},
};

enum fst_kind nest_kind(char letter)
{
    for (size_t i = 0; i < FST_COUNT(letters); i++)
        if (letters[i].letter == letter)
            return letters[i].kind;
    return FST_UNKNOWN;
}

void local_nest_signature(struct fst_buf *out, const struct fst_type *type)
{
    for (size_t i = 0; i < FST_COUNT(letters); i++)
        if (letters[i].kind == type->kind)
            fst_buf_addc(out, letters[i].letter);
    if (type->kind == FST_DECIMAL)
        fst_buf_addc(out, (char)('@' + type->scale));
    for (size_t i = 0; fst_type_is_nested(type) && i < type->n_fields; i++)
        local_nest_signature(out, &type->fields[i].type);
    if (type->kind == FST_STRUCT)
        fst_buf_addc(out, '.');
}

bool nest_is_scalar(const char *sig)
{
    return *sig != 'A' && *sig != 'M' && *sig != 'S';
}

bool nest_is_real(const char *sig)
{
    return *sig == 'f' || *sig == 'd';
}

const char *nest_sig_after(const char *sig)
{
    switch (*sig) {
    case 0:
        return sig;
    case 'D':
        return sig + (sig[1] ? 2 : 1);
    case 'A':
        return nest_sig_after(sig + 1);
    case 'M':
        return nest_sig_after(nest_sig_after(sig + 1));
    case 'S':
        for (sig++; *sig && *sig != '.';)
            sig = nest_sig_after(sig);
        return sig + (*sig == '.');
    default:
        return sig + 1;
    }
}

/* ---- Walking --------------------------------------------------------------------------------- */

struct nest nest_of(sqlite3_value *sig, sqlite3_value *bytes)
{
    struct fst_str s = local_text(sig), b = local_text(bytes);
    return (struct nest){s.p, (const uint8_t *)b.p, (const uint8_t *)b.p + b.n, false};
}

bool nest_next(struct nest *n, bool *is_null)
{
    if (n->bad || n->p >= n->end)
        n->bad = true;
    else if (*n->p == FST_NEST_NULL || *n->p == FST_NEST_VALUE) {
        *is_null = *n->p++ == FST_NEST_NULL;
        return true;
    } else {
        n->bad |= *n->p++ != FST_NEST_END;
    }
    *is_null = true;
    return false;
}

static void pass_scalar(struct nest *n)
{
    static const uint8_t widths[] = {
        [FST_BOOLEAN] = 1, [FST_BYTE] = 1,     [FST_SHORT] = 2,      [FST_INT] = 4,
        [FST_DATE] = 4,    [FST_DECIMAL] = 16, [FST_INTERVAL_YM] = 4};
    enum fst_kind kind = nest_kind(*n->sig);
    size_t width = (size_t)kind < FST_COUNT(widths) && widths[kind] ? widths[kind] : 8;
    if (kind == FST_STRING || kind == FST_BINARY) {
        const uint8_t *zero = n->p;
        do {
            zero = zero < n->end ? memchr(zero, 0, (size_t)(n->end - zero)) : NULL;
            zero = zero && zero + 1 < n->end ? zero + 2 : NULL;
        } while (zero && zero[-1] == 0xFF);
        n->bad |= !zero;
        n->p = zero ? zero : n->end;
        return;
    }
    n->bad |= (size_t)(n->end - n->p) < width;
    n->p = n->bad ? n->end : n->p + width;
}

void nest_skip(struct nest *n)
{
    const char *whole = n->sig, *from = n->sig + 1;
    bool is_null;
    if (nest_is_scalar(whole)) {
        pass_scalar(n);
    } else if (*whole == 'S') {
        for (n->sig = from; *n->sig && *n->sig != '.' && !n->bad;)
            if (nest_next(n, &is_null) && !is_null)
                nest_skip(n);
            else
                n->sig = nest_sig_after(n->sig);
    } else {
        for (n->sig = from; nest_next(n, &is_null); n->sig = from) {
            if (!is_null)
                nest_skip(n);
            if (*whole == 'A')
                continue;
            n->sig = nest_sig_after(from);
            if (nest_next(n, &is_null) && !is_null)
                nest_skip(n);
        }
    }
    n->sig = nest_sig_after(whole);
}

void nest_pass(struct nest *n)
{
    const char *sig = n->sig;
    nest_skip(n);
    n->sig = sig;
}

/* ---- Values in and out ----------------------------------------------------------------------- */

static void give_scalar(const struct local_call *c, enum fst_kind kind, const struct fst_literal *v)
{
    if (kind == FST_FLOAT || kind == FST_DOUBLE)
        local_give_double(c, v->d);
    else if (kind == FST_DECIMAL)
        local_give_decimal(c, v->n);
    else if (kind == FST_STRING)
        local_give_text(c, v->s.p, v->s.n);
    else if (kind == FST_BINARY)
        sqlite3_result_blob64(c->ctx, v->s.p, v->s.n, SQLITE_TRANSIENT);
    else
        sqlite3_result_int64(c->ctx, (int64_t)v->n);
}

void nest_give(const struct local_call *c, struct nest *n)
{
    struct fst_literal v = {0};
    if (!nest_is_scalar(n->sig)) {
        const uint8_t *from = n->p;
        nest_skip(n);
        sqlite3_result_blob64(c->ctx, from, (uint64_t)(n->p - from), SQLITE_TRANSIENT);
        return;
    }
    struct fst_buf text = FST_BUF(LOCAL_MAX_TEXT);
    enum fst_kind kind = nest_kind(*n->sig);
    if (fst_nest_take_scalar(&n->p, n->end, kind, &v, &text))
        give_scalar(c, kind, &v);
    fst_buf_done(&text);
    n->sig = nest_sig_after(n->sig);
}

void nest_put(struct fst_buf *out, const char *sig, sqlite3_value *v)
{
    struct fst_literal one = {0};
    enum fst_kind kind = nest_kind(*sig);
    if (sqlite3_value_type(v) == SQLITE_NULL || kind == FST_VOID) {
        fst_buf_addc(out, FST_NEST_NULL);
        return;
    }
    fst_buf_addc(out, FST_NEST_VALUE);
    if (!nest_is_scalar(sig)) {
        struct fst_str bytes = local_text(v);
        fst_buf_add(out, bytes.p, bytes.n);
        return;
    }
    if (kind == FST_FLOAT || kind == FST_DOUBLE)
        one.d = local_double(v);
    else if (kind == FST_DECIMAL)
        one.n = local_decimal(v);
    else if (kind == FST_STRING || kind == FST_BINARY)
        one.s = local_text(v);
    else
        one.n = sqlite3_value_int64(v);
    fst_nest_put_scalar(out, kind, &one);
}

void nest_give_bytes(const struct local_call *c, struct fst_buf *b)
{
    if (b->over)
        sqlite3_result_error_toobig(c->ctx);
    else
        sqlite3_result_blob64(c->ctx, b->n ? b->p : "", b->n, SQLITE_TRANSIENT);
    fst_buf_done(b);
}

static double real_at(const uint8_t *p, size_t n)
{
    struct fst_literal v = {0};
    struct fst_buf none = FST_BUF(16);
    fst_nest_take_scalar(&p, p + n, FST_DOUBLE, &v, &none);
    fst_buf_done(&none);
    return v.d;
}

int nest_compare(const char *sig, const uint8_t *a, size_t n_a, const uint8_t *b, size_t n_b)
{
    if (nest_is_real(sig) && n_a == 8 && n_b == 8 && real_at(a, 8) == real_at(b, 8))
        return 0;
    int order = memcmp(a, b, n_a < n_b ? n_a : n_b);
    return order ? order : (n_a > n_b) - (n_a < n_b);
}

/* ---- Taking apart ---------------------------------------------------------------------------- */

/* (signature, struct, number of the field) */
static void field(const struct local_call *c, sqlite3_value **args)
{
    struct nest n = nest_of(args[0], args[1]);
    bool is_null = true;
    n.sig++;
    for (int64_t i = sqlite3_value_int64(args[2]); i > 0 && !n.bad; i--)
        if (nest_next(&n, &is_null) && !is_null)
            nest_skip(&n);
        else
            n.sig = nest_sig_after(n.sig);
    if (nest_next(&n, &is_null) && !is_null)
        nest_give(c, &n);
}

/* (signature, array of structs, number of the field): an array of the fields */
static void fields(const struct local_call *c, sqlite3_value **args)
{
    struct nest n = nest_of(args[0], args[1]);
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    int64_t wanted = sqlite3_value_int64(args[2]);
    bool is_null;
    n.sig++;
    for (const char *sig = n.sig; nest_next(&n, &is_null); n.sig = sig) {
        if (is_null) {
            fst_buf_addc(&out, FST_NEST_NULL);
            continue;
        }
        n.sig++;
        for (int64_t i = 0; *n.sig && *n.sig != '.' && !n.bad; i++) {
            const uint8_t *from = n.p;
            if (nest_next(&n, &is_null) && !is_null)
                nest_skip(&n);
            else
                n.sig = nest_sig_after(n.sig);
            if (i == wanted)
                fst_buf_add(&out, from, (size_t)(n.p - from));
        }
    }
    fst_buf_addc(&out, FST_NEST_END);
    nest_give_bytes(c, &out);
}

static int64_t count(struct nest n, bool is_map)
{
    int64_t total = 0;
    bool is_null;
    const char *key = n.sig + 1, *value = is_map ? nest_sig_after(key) : key;
    for (n.sig = key; nest_next(&n, &is_null); total++) {
        n.sig = total % 2 ? value : key;
        if (!is_null)
            nest_pass(&n);
    }
    return is_map ? total / 2 : total;
}

/* Give element `at`, which must be there. */
static void give_element(const struct local_call *c, struct nest n, int64_t at)
{
    bool is_null;
    n.sig++;
    for (; nest_next(&n, &is_null) && at > 0; at--)
        if (!is_null)
            nest_pass(&n);
    if (!is_null)
        nest_give(c, &n);
}

enum { ITEM, ITEM_OR_NULL, ELEMENT, ELEMENT_OR_NULL };

/* Where no element is NULL, Spark takes it that no answer is: a NULL index gives it 0, or an
 * error inside of it. */
static bool has_index(const struct local_call *c, sqlite3_value **args)
{
    bool has_array = sqlite3_value_type(args[1]) != SQLITE_NULL;
    bool has = sqlite3_value_type(args[2]) != SQLITE_NULL;
    if (has_array && !has)
        local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                    "an index that is NULL, into an array without NULL: Spark's answer is none; "
                    "get() and try_element_at() give NULL");
    return has_array && has;
}

/* (signature, array, index) */
static void item(const struct local_call *c, sqlite3_value **args)
{
    if (!has_index(c, args))
        return;
    struct nest n = nest_of(args[0], args[1]);
    int64_t i = sqlite3_value_int64(args[2]), size = count(n, false);
    bool from_one = c->row->mode >= ELEMENT, or_null = c->row->mode & 1;
    int64_t at = !from_one ? i : i > 0 ? i - 1 : size + i;
    if (from_one && i == 0)
        local_raise(c, "INVALID_INDEX_OF_ZERO", "22003",
                    "The index 0 is invalid. An index shall be either < 0 or > 0 (the first "
                    "element has index 1).");
    else if (at >= 0 && at < size)
        give_element(c, n, at);
    else if (!or_null && from_one)
        local_raise(c, "INVALID_ARRAY_INDEX_IN_ELEMENT_AT", "22003",
                    "The index %lld is out of bounds. The array has %lld elements. Use "
                    "`try_element_at` to tolerate accessing element at invalid index and return "
                    "NULL instead.",
                    (long long)i, (long long)size);
    else if (!or_null)
        local_raise(c, "INVALID_ARRAY_INDEX", "22003",
                    "The index %lld is out of bounds. The array has %lld elements. Use the SQL "
                    "function `get()` to tolerate accessing element at invalid index and return "
                    "NULL instead.",
                    (long long)i, (long long)size);
}

/* Is the element at hand (behind its mark) this one? Moves behind it. */
static bool is_this(struct nest *n, const struct fst_buf *wanted)
{
    const uint8_t *from = n->p;
    nest_pass(n);
    return nest_compare(n->sig, from, (size_t)(n->p - from), (const uint8_t *)wanted->p + 1,
                        wanted->n - 1) == 0;
}

enum { MAP_VALUE, MAP_HAS };

/* (signature, map, key) */
static void map_value(const struct local_call *c, sqlite3_value **args)
{
    struct nest n = nest_of(args[0], args[1]);
    struct fst_buf key = FST_BUF(LOCAL_MAX_TEXT);
    const char *sig = n.sig + 1;
    bool is_null = true, found = false;
    nest_put(&key, sig, args[2]);
    for (n.sig = sig; !found && nest_next(&n, &is_null); n.sig = sig) {
        found = !is_null && is_this(&n, &key);
        n.sig = nest_sig_after(sig);
        if (nest_next(&n, &is_null) && !is_null && !found)
            nest_pass(&n);
        if (found)
            break;
    }
    fst_buf_done(&key);
    if (c->row->mode == MAP_HAS)
        local_give_bool(c, found);
    else if (found && !is_null)
        nest_give(c, &n);
}

static void size_of(const struct local_call *c, sqlite3_value **args)
{
    struct nest n = nest_of(args[0], args[1]);
    sqlite3_result_int64(c->ctx, count(n, *n.sig == 'M'));
}

/* (signature, array, value) */
static void contains(const struct local_call *c, sqlite3_value **args)
{
    struct nest n = nest_of(args[0], args[1]);
    struct fst_buf wanted = FST_BUF(LOCAL_MAX_TEXT);
    bool is_null, any_null = false, found = false;
    n.sig++;
    nest_put(&wanted, n.sig, args[2]);
    while (!found && nest_next(&n, &is_null)) {
        any_null |= is_null;
        found = !is_null && is_this(&n, &wanted);
    }
    fst_buf_done(&wanted);
    if (found || !any_null)
        local_give_bool(c, found);
}

/* (signature, map): its keys or its values */
static void half(const struct local_call *c, sqlite3_value **args)
{
    struct nest n = nest_of(args[0], args[1]);
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    const char *sig = n.sig + 1;
    bool is_null;
    n.sig = sig;
    for (int64_t i = 0;; i++) {
        const uint8_t *from = n.p;
        n.sig = i % 2 ? nest_sig_after(sig) : sig;
        if (!nest_next(&n, &is_null))
            break;
        if (!is_null)
            nest_pass(&n);
        if (i % 2 == c->row->mode)
            fst_buf_add(&out, from, (size_t)(n.p - from));
    }
    fst_buf_addc(&out, FST_NEST_END);
    nest_give_bytes(c, &out);
}

/* ---- Putting together ------------------------------------------------------------------------ */

/* (signature, values...): an array (its signature is the element's), or a struct */
static void make(const struct local_call *c, sqlite3_value **args)
{
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT);
    const char *sig = (const char *)sqlite3_value_text(args[0]);
    bool is_array = *sig++ == 'A';
    for (int i = 1; i < c->n_args; i++) {
        nest_put(&out, sig, args[i]);
        sig = is_array ? sig : nest_sig_after(sig);
    }
    if (is_array)
        fst_buf_addc(&out, FST_NEST_END);
    nest_give_bytes(c, &out);
}

/* Is this key among the entries put so far? */
static bool has_key(const struct fst_buf *entries, const char *sig, const struct fst_buf *key)
{
    struct nest n = {sig, (const uint8_t *)entries->p, (const uint8_t *)entries->p + entries->n,
                     false};
    bool is_null;
    while (n.p < n.end && !n.bad) {
        n.sig = sig;
        if (nest_next(&n, &is_null) && is_this(&n, key))
            return true;
        n.sig = nest_sig_after(sig);
        if (nest_next(&n, &is_null) && !is_null)
            nest_pass(&n);
    }
    return false;
}

/* (signature, key, value, ...) */
static void make_map(const struct local_call *c, sqlite3_value **args)
{
    struct fst_buf out = FST_BUF(LOCAL_MAX_TEXT), key = FST_BUF(LOCAL_MAX_TEXT);
    const char *sig = (const char *)sqlite3_value_text(args[0]) + 1;
    for (int i = 1; i + 1 < c->n_args; i += 2) {
        fst_buf_clear(&key);
        nest_put(&key, sig, args[i]);
        bool is_null = key.p && key.p[0] == FST_NEST_NULL, twice = has_key(&out, sig, &key);
        if (is_null)
            local_raise(c, "NULL_MAP_KEY", "2200E", "Cannot use null as map key.");
        else if (twice)
            local_raise(c, "DUPLICATED_MAP_KEY", "23505", "Duplicate map key was found.");
        if (is_null || twice) {
            fst_buf_done(&out);
            fst_buf_done(&key);
            return;
        }
        fst_buf_add(&out, key.p, key.n);
        nest_put(&out, nest_sig_after(sig), args[i + 1]);
    }
    fst_buf_done(&key);
    fst_buf_addc(&out, FST_NEST_END);
    nest_give_bytes(c, &out);
}

const struct local_function local_nest_functions[] = {
    {"nest_field", 3, true, field, 0, "struct.field"},
    {"nest_fields", 3, true, fields, 0, "array.field"},
    {"nest_item", 3, true, item, ITEM, "array[i]"},
    {"nest_item_of_all", 3, false, item, ITEM, "array[i]"},
    {"nest_get", 3, true, item, ITEM_OR_NULL, "get"},
    {"nest_element_at", 3, true, item, ELEMENT, "element_at"},
    {"nest_element_at_of_all", 3, false, item, ELEMENT, "element_at"},
    {"nest_try_element_at", 3, true, item, ELEMENT_OR_NULL, "try_element_at"},
    {"nest_map_value", 3, true, map_value, MAP_VALUE, "map[key]"},
    {"nest_map_has", 3, true, map_value, MAP_HAS, "map_contains_key"},
    {"nest_size", 2, true, size_of, 0, "size"},
    {"nest_contains", 3, true, contains, 0, "array_contains"},
    {"nest_keys", 2, true, half, 0, "map_keys"},
    {"nest_values", 2, true, half, 1, "map_values"},
    {"nest_map", -1, false, make_map, 0, "map"},
    {"nest_make", -1, false, make, 0, "array, struct"},
    {0},
};
