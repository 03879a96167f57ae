/* filter: conditions on values, tested many at a time.
 *
 * Every comparison becomes a closed range of whole numbers (doubles by a key that orders as Spark
 * does), so that one loop does them all; texts are compared by their bytes. What a condition says
 * of a value is exact; only its use on bounds is a guess that errs towards "may". */
#include "filter.h"

#include <stdlib.h>
#include <string.h>

#include "frame.h"

enum { BLOCK = 256 };

#define WIDEST ((__int128)(~(unsigned __int128)0 >> 1))
#define SMALLEST (-WIDEST - 1)

/* ---- Making ---------------------------------------------------------------------------------- */

int64_t fst_real_key(double v)
{
    int64_t bits;
    if (v != v)
        return INT64_MAX;
    v = v == 0 ? 0 : v;
    memcpy(&bits, &v, sizeof(bits));
    return bits ^ (int64_t)((uint64_t)(bits >> 63) >> 1);
}

static bool is_whole(enum fst_kind kind)
{
    return kind >= FST_BYTE && kind <= FST_LONG;
}

static bool is_real(enum fst_kind kind)
{
    return kind == FST_FLOAT || kind == FST_DOUBLE;
}

/* How values of one kind are tested against those of another; FST_TEST_NULLS: not at all. */
static enum fst_test_how how_to(const struct fst_type *values, const struct fst_type *column)
{
    enum fst_kind a = values->kind, b = column->kind;
    if (is_whole(a) && is_whole(b))
        return FST_TEST_INT;
    if (is_real(a) && is_real(b))
        return FST_TEST_REAL;
    if (a != b)
        return FST_TEST_NULLS;
    switch (a) {
    case FST_BOOLEAN:
    case FST_DATE:
    case FST_TIMESTAMP:
    case FST_TIMESTAMP_NTZ:
        return FST_TEST_INT;
    case FST_DECIMAL:
        return FST_TEST_DECIMAL;
    case FST_STRING:
    case FST_BINARY:
        return FST_TEST_TEXT;
    default:
        return FST_TEST_NULLS;
    }
}

static int by_number(const void *a, const void *b)
{
    __int128 x, y;
    memcpy(&x, a, sizeof(x));
    memcpy(&y, b, sizeof(y));
    return (x > y) - (x < y);
}

static int by_text(const void *a, const void *b)
{
    return fst_str_compare(*(const struct fst_str *)a, *(const struct fst_str *)b);
}

/* The literal as a number in the column's scale; false when it has no place there. */
static bool number_of(const struct fst_condition *c, const struct fst_type *column, size_t i,
                      __int128 *out)
{
    *out = c->values[i].n;
    if (is_real(c->type.kind))
        *out = fst_real_key(c->values[i].d);
    if (c->type.kind != FST_DECIMAL)
        return true;
    for (int scale = c->type.scale; scale < column->scale; scale++)
        if (__builtin_mul_overflow(*out, (__int128)10, out))
            return false;
    for (int scale = c->type.scale; scale > column->scale; scale--, *out /= 10)
        if (*out % 10)
            return false;
    return true;
}

static bool make_numbers(struct fst_test *t, const struct fst_condition *c,
                         const struct fst_type *column, struct fst_arena *arena)
{
    __int128 *set = fst_arena_alloc(arena, (c->n_values + 1) * sizeof(*set));
    for (size_t i = 0; i < c->n_values; i++)
        if (!number_of(c, column, i, &set[i]))
            return false;
    __int128 v = set[0];
    bool below = c->op == FST_IS_LT || c->op == FST_IS_LE;
    bool above = c->op == FST_IS_GT || c->op == FST_IS_GE;
    t->least = below ? SMALLEST : v;
    t->most = above ? WIDEST : v;
    t->most -= c->op == FST_IS_LT;
    t->least += c->op == FST_IS_GT;
    if (c->op != FST_IS_IN)
        return true;
    qsort(set, c->n_values, sizeof(*set), by_number);
    t->set = set;
    t->n_set = c->n_values;
    t->least = set[0];
    t->most = set[c->n_values - 1];
    return true;
}

static void make_texts(struct fst_test *t, const struct fst_condition *c, struct fst_arena *arena)
{
    struct fst_str *set = fst_arena_alloc(arena, (c->n_values + 1) * sizeof(*set));
    for (size_t i = 0; i < c->n_values; i++) {
        struct fst_str s = c->values[i].s;
        set[i] = (struct fst_str){fst_arena_strndup(arena, s.n ? s.p : "", s.n), s.n};
    }
    bool below = c->op == FST_IS_LT || c->op == FST_IS_LE;
    bool above = c->op == FST_IS_GT || c->op == FST_IS_GE;
    if (c->op == FST_IS_IN) {
        qsort(set, c->n_values, sizeof(*set), by_text);
        t->texts = set;
        t->n_set = c->n_values;
    }
    t->from = (struct fst_text_end){set[0], !below, c->op == FST_IS_GT};
    t->to =
        (struct fst_text_end){t->n_set ? set[t->n_set - 1] : set[0], !above, c->op == FST_IS_LT};
}

bool fst_test_make(struct fst_test *out, const struct fst_condition *c, const struct fst_type *type,
                   struct fst_arena *arena)
{
    *out = (struct fst_test){.null_passes = c->op == FST_IS_NULL,
                             .value_passes = c->op == FST_IS_NOT_NULL};
    if (c->op == FST_IS_NULL || c->op == FST_IS_NOT_NULL)
        return true;
    out->how = how_to(&c->type, type);
    if (out->how == FST_TEST_NULLS || !c->n_values)
        return false;
    if (out->how != FST_TEST_TEXT)
        return make_numbers(out, c, type, arena);
    make_texts(out, c, arena);
    return true;
}

/* ---- Numbers --------------------------------------------------------------------------------- */

/* The first of the set that is not less than `v`. */
static size_t place_in_set(const struct fst_test *t, __int128 v)
{
    size_t low = 0, high = t->n_set;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (t->set[mid] < v)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static bool in_set(const struct fst_test *t, __int128 v)
{
    size_t at = place_in_set(t, v);
    return at < t->n_set && t->set[at] == v;
}

void fst_test_ints(const struct fst_test *t, const int64_t *v, size_t n, uint8_t *pass)
{
    if (t->least > t->most || t->least > INT64_MAX || t->most < INT64_MIN) {
        memset(pass, 0, n);
        return;
    }
    int64_t least = t->least < INT64_MIN ? INT64_MIN : (int64_t)t->least;
    int64_t most = t->most > INT64_MAX ? INT64_MAX : (int64_t)t->most;
    uint64_t base = (uint64_t)least, span = (uint64_t)most - base;
    for (size_t i = 0; i < n; i++)
        pass[i] &= (uint64_t)v[i] - base <= span;
    for (size_t i = 0; t->set && i < n; i++)
        if (pass[i])
            pass[i] = in_set(t, v[i]);
}

void fst_test_reals(const struct fst_test *t, const double *v, size_t n, uint8_t *pass)
{
    int64_t keys[BLOCK];
    for (size_t at = 0; at < n; at += BLOCK) {
        size_t part = n - at < BLOCK ? n - at : BLOCK;
        for (size_t i = 0; i < part; i++)
            keys[i] = fst_real_key(v[at + i]);
        fst_test_ints(t, keys, part, pass + at);
    }
}

static void test_wide(const struct fst_test *t, const struct fst_column *c, uint8_t *pass)
{
    for (size_t i = 0; i < c->n; i++) {
        __int128 v = fst_column_decimal(c, i);
        pass[i] &= v >= t->least && v <= t->most && (!t->set || in_set(t, v));
    }
}

/* ---- Texts ----------------------------------------------------------------------------------- */

static bool above(const struct fst_text_end *from, struct fst_str s)
{
    if (!from->is_there)
        return true;
    int order = fst_str_compare(s, from->s);
    return from->is_open ? order > 0 : order >= 0;
}

static bool below(const struct fst_text_end *to, struct fst_str s)
{
    if (!to->is_there)
        return true;
    int order = fst_str_compare(s, to->s);
    return to->is_open ? order < 0 : order <= 0;
}

static size_t place_in_texts(const struct fst_test *t, struct fst_str s)
{
    size_t low = 0, high = t->n_set;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (fst_str_compare(t->texts[mid], s) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static bool is_one_text(const struct fst_test *t)
{
    return !t->texts && t->from.is_there && t->to.is_there;
}

static bool text_passes(const struct fst_test *t, struct fst_str s)
{
    if (t->texts)
        return bsearch(&s, t->texts, t->n_set, sizeof(s), by_text) != NULL;
    return above(&t->from, s) && below(&t->to, s);
}

void fst_test_texts(const struct fst_test *t, const struct fst_str *v, size_t n, uint8_t *pass)
{
    struct fst_str one = t->from.s;
    if (is_one_text(t)) {
        for (size_t i = 0; i < n; i++)
            pass[i] &= v[i].n == one.n && memcmp(v[i].p, one.p, one.n) == 0;
        return;
    }
    for (size_t i = 0; i < n; i++)
        if (pass[i])
            pass[i] = text_passes(t, v[i]);
}

/* ---- Columns --------------------------------------------------------------------------------- */

/* Values of a column from `at` on, as what is tested. */
static void test_block(const struct fst_test *t, const struct fst_column *c, size_t at, size_t n,
                       uint8_t *pass)
{
    union {
        int64_t i[BLOCK];
        double d[BLOCK];
        struct fst_str s[BLOCK];
    } v;
    for (size_t i = 0; i < n; i++) {
        if (t->how == FST_TEST_INT)
            v.i[i] = fst_column_int(c, at + i);
        else if (t->how == FST_TEST_REAL)
            v.d[i] = fst_column_double(c, at + i);
        else
            v.s[i] = fst_column_bytes(c, at + i);
    }
    if (t->how == FST_TEST_INT)
        fst_test_ints(t, v.i, n, pass);
    else if (t->how == FST_TEST_REAL)
        fst_test_reals(t, v.d, n, pass);
    else
        fst_test_texts(t, v.s, n, pass);
}

static void test_values(const struct fst_test *t, const struct fst_column *c, uint8_t *pass)
{
    if (t->how == FST_TEST_DECIMAL) {
        test_wide(t, c, pass);
        return;
    }
    for (size_t at = 0; at < c->n; at += BLOCK)
        test_block(t, c, at, c->n - at < BLOCK ? c->n - at : BLOCK, pass + at);
}

void fst_test_column(const struct fst_test *t, const struct fst_column *c, uint8_t *pass)
{
    if (c->unreadable)
        return; /* nobody knows; who reads it is told */
    if (t->how == FST_TEST_NULLS) {
        for (size_t i = 0; i < c->n; i++)
            pass[i] &= fst_column_is_null(c, i) ? t->null_passes : t->value_passes;
        return;
    }
    if (c->type.kind == FST_VOID) {
        memset(pass, 0, c->n);
        return;
    }
    test_values(t, c, pass);
    for (size_t i = 0; c->valid && i < c->n; i++)
        pass[i] &= c->valid[i >> 3] >> (i & 7) & 1;
}

/* ---- Bounds ---------------------------------------------------------------------------------- */

static __int128 number_at(const struct fst_test *t, const struct fst_column *c, size_t row)
{
    if (t->how == FST_TEST_DECIMAL)
        return fst_column_decimal(c, row);
    if (t->how == FST_TEST_REAL)
        return fst_real_key(fst_column_double(c, row));
    return fst_column_int(c, row);
}

static bool may_number(const struct fst_test *t, __int128 min, __int128 max)
{
    if (t->least > t->most || t->least > max || t->most < min)
        return false;
    if (!t->set)
        return true;
    size_t at = place_in_set(t, min);
    return at < t->n_set && t->set[at] <= max;
}

static bool may_text(const struct fst_test *t, const struct fst_str *min, const struct fst_str *max)
{
    if ((max && !above(&t->from, *max)) || (min && !below(&t->to, *min)))
        return false;
    if (!t->texts)
        return true;
    size_t at = min ? place_in_texts(t, *min) : 0;
    return at < t->n_set && (!max || fst_str_compare(t->texts[at], *max) <= 0);
}

bool fst_test_may(const struct fst_test *t, const struct fst_column *min,
                  const struct fst_column *max, size_t row, bool has_nulls, bool has_values)
{
    if (t->null_passes && has_nulls)
        return true;
    if (!has_values)
        return false;
    if (t->how == FST_TEST_NULLS)
        return t->value_passes;
    bool has_min = min && !fst_column_is_null(min, row);
    bool has_max = max && !fst_column_is_null(max, row);
    if (t->how != FST_TEST_TEXT)
        return may_number(t, has_min ? number_at(t, min, row) : SMALLEST,
                          has_max ? number_at(t, max, row) : WIDEST);
    struct fst_str low = has_min ? fst_column_bytes(min, row) : (struct fst_str){"", 0};
    struct fst_str high = has_max ? fst_column_bytes(max, row) : (struct fst_str){"", 0};
    return may_text(t, has_min ? &low : NULL, has_max ? &high : NULL);
}

/* ---- For people ------------------------------------------------------------------------------ */

static void append_literal(struct fst_builder *b, const struct fst_condition *c, size_t i)
{
    const struct fst_literal *v = &c->values[i];
    if (fst_kind_is_bytes(c->type.kind))
        fst_builder_bytes(b, 0, v->s.p, v->s.n);
    else if (c->type.kind == FST_DECIMAL)
        fst_builder_decimal(b, 0, v->n);
    else if (is_real(c->type.kind))
        fst_builder_double(b, 0, v->d);
    else
        fst_builder_int(b, 0, (int64_t)v->n);
}

static void add_literals(struct fst_buf *out, const struct fst_condition *c)
{
    struct fst_schema *schema = fst_schema_new();
    fst_schema_add(schema, "value", &c->type, true);
    struct fst_builder *b = fst_builder_new(schema);
    for (size_t i = 0; i < c->n_values; i++)
        append_literal(b, c, i);
    struct fst_frame *f = fst_builder_finish(b, c->n_values);
    const char *quote = c->type.kind == FST_STRING ? "'" : "";
    for (size_t i = 0; i < c->n_values; i++) {
        fst_buf_printf(out, "%s%s", i ? ", " : "", quote);
        fst_cell_text(out, &f->columns[0], i, FST_CELL_SCREEN);
        fst_buf_adds(out, quote);
    }
    fst_frame_unref(f);
}

void fst_condition_text(struct fst_buf *out, const struct fst_condition *c)
{
    static const char *const signs[] = {
        [FST_IS_EQ] = "=",         [FST_IS_LT] = "<",
        [FST_IS_LE] = "<=",        [FST_IS_GT] = ">",
        [FST_IS_GE] = ">=",        [FST_IS_IN] = "IN",
        [FST_IS_NULL] = "IS NULL", [FST_IS_NOT_NULL] = "IS NOT NULL"};
    fst_buf_printf(out, "%s %s", c->column, signs[c->op]);
    if (c->op == FST_IS_NULL || c->op == FST_IS_NOT_NULL)
        return;
    fst_buf_adds(out, c->op == FST_IS_IN ? " (" : " ");
    add_literals(out, c);
    fst_buf_adds(out, c->op == FST_IS_IN ? ")" : "");
}

struct fst_condition_use *fst_skipped_use(struct fst_skipped *s, const struct fst_condition *c)
{
    if (!s)
        return NULL;
    struct fst_buf text = FST_BUF_TEXT;
    fst_condition_text(&text, c);
    struct fst_condition_use use = {0};
    snprintf(use.text, sizeof(use.text), "%s", fst_buf_text(&text));
    fst_buf_done(&text);
    for (size_t i = 0; i < s->n_uses; i++)
        if (strcmp(s->uses[i].text, use.text) == 0)
            return &s->uses[i];
    if (s->n_uses == FST_COUNT(s->uses))
        return NULL;
    s->uses[s->n_uses] = use;
    return &s->uses[s->n_uses++];
}
