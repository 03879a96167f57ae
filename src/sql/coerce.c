/* Spark's types under ANSI rules: which type two values have in common, and which casts can fail.
 * After AnsiTypeCoercion, TypeCoercionBase and Cast of Spark 4; where a rule is not known for sure
 * it says so instead of guessing. */
#include "resolve.h"

bool is_integral(const struct fst_type *t)
{
    return t->kind == FST_BYTE || t->kind == FST_SHORT || t->kind == FST_INT || t->kind == FST_LONG;
}

bool is_numeric(const struct fst_type *t)
{
    return is_integral(t) || t->kind == FST_FLOAT || t->kind == FST_DOUBLE ||
           t->kind == FST_DECIMAL;
}

bool is_interval(const struct fst_type *t)
{
    return t->kind == FST_INTERVAL_DT || t->kind == FST_INTERVAL_YM;
}

static bool is_datetime(const struct fst_type *t)
{
    return t->kind == FST_DATE || t->kind == FST_TIMESTAMP || t->kind == FST_TIMESTAMP_NTZ;
}

const char *type_sql(struct rx *rx, const struct fst_type *t)
{
    struct fst_buf b = FST_BUF_TEXT;
    fst_type_text(&b, t);
    char *out = fst_arena_strdup(rx->a, fst_buf_text(&b));
    fst_buf_done(&b);
    for (char *c = out; *c; c++)
        *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c;
    return out;
}

struct fst_type decimal_of(const struct fst_type *t)
{
    switch (t->kind) {
    case FST_BYTE:
        return fst_type_decimal(3, 0);
    case FST_SHORT:
        return fst_type_decimal(5, 0);
    case FST_INT:
        return fst_type_decimal(10, 0);
    case FST_LONG:
        return fst_type_decimal(20, 0);
    default:
        return *t;
    }
}

static enum common found(struct fst_type *out, struct fst_type type)
{
    *out = type;
    return COMMON_FOUND;
}

static enum common common_decimal(struct fst_type a, struct fst_type b, struct fst_type *out)
{
    if (a.kind == FST_FLOAT || a.kind == FST_DOUBLE || b.kind == FST_FLOAT || b.kind == FST_DOUBLE)
        return found(out, fst_type(FST_DOUBLE));
    a = decimal_of(&a);
    b = decimal_of(&b);
    int scale = a.scale > b.scale ? a.scale : b.scale;
    int whole_a = a.precision - a.scale, whole_b = b.precision - b.scale;
    int precision = (whole_a > whole_b ? whole_a : whole_b) + scale;
    if (precision > 38)
        return COMMON_UNSURE;
    return found(out, fst_type_decimal(precision, scale));
}

static enum common common_numeric(const struct fst_type *a, const struct fst_type *b,
                                  struct fst_type *out)
{
    if (a->kind == FST_DECIMAL || b->kind == FST_DECIMAL)
        return common_decimal(*a, *b, out);
    enum fst_kind wide = a->kind > b->kind ? a->kind : b->kind; /* kinds are in order of width */
    return found(out, fst_type(wide == FST_FLOAT ? FST_DOUBLE : wide));
}

static enum common common_string(const struct fst_type *other, struct fst_type *out)
{
    if (is_integral(other))
        return found(out, fst_type(FST_LONG));
    if (is_numeric(other))
        return found(out, fst_type(FST_DOUBLE));
    if (is_interval(other) || fst_type_is_nested(other) || other->kind == FST_TIME ||
        other->kind == FST_VARIANT || other->kind == FST_UNKNOWN)
        return COMMON_UNSURE;
    return found(out, *other);
}

static enum common common_datetime(const struct fst_type *a, const struct fst_type *b,
                                   struct fst_type *out)
{
    if (a->kind == FST_TIMESTAMP || b->kind == FST_TIMESTAMP)
        return found(out, fst_type(FST_TIMESTAMP));
    return found(out, fst_type(FST_TIMESTAMP_NTZ));
}

/* May every part of `a` be NULL that may be so in `b`? */
static bool takes_nulls_of(const struct fst_type *a, const struct fst_type *b)
{
    for (size_t i = 0; fst_type_is_nested(a) && i < a->n_fields; i++)
        if ((b->fields[i].nullable && !a->fields[i].nullable) ||
            !takes_nulls_of(&a->fields[i].type, &b->fields[i].type))
            return false;
    return true;
}

/* Of equal types the one that takes the other's NULLs; an array without a type is as the other. */
static enum common common_nested(const struct fst_type *a, const struct fst_type *b,
                                 struct fst_type *out)
{
    if (fst_type_eq(a, b))
        return takes_nulls_of(a, b)   ? found(out, *a)
               : takes_nulls_of(b, a) ? found(out, *b)
                                      : COMMON_UNSURE;
    if (a->kind != FST_ARRAY || b->kind != FST_ARRAY)
        return COMMON_UNSURE;
    const struct fst_field *x = &a->fields[0], *y = &b->fields[0];
    if (y->type.kind == FST_VOID && x->nullable >= y->nullable)
        return found(out, *a);
    if (x->type.kind == FST_VOID && y->nullable >= x->nullable)
        return found(out, *b);
    return COMMON_UNSURE;
}

enum common common_type(const struct fst_type *a, const struct fst_type *b, bool strings,
                        struct fst_type *out)
{
    if (fst_type_is_nested(a) && fst_type_is_nested(b))
        return common_nested(a, b, out);
    if (fst_type_eq(a, b) || b->kind == FST_VOID)
        return found(out, *a);
    if (a->kind == FST_VOID)
        return found(out, *b);
    if (a->kind == FST_UNKNOWN || b->kind == FST_UNKNOWN || fst_type_is_nested(a) ||
        fst_type_is_nested(b))
        return COMMON_UNSURE;
    if (is_interval(a) && a->kind == b->kind)
        return found(out, interval_union(a, b));
    if (is_numeric(a) && is_numeric(b))
        return common_numeric(a, b, out);
    if (is_datetime(a) && is_datetime(b))
        return common_datetime(a, b, out);
    if (strings && a->kind == FST_STRING)
        return common_string(b, out);
    if (strings && b->kind == FST_STRING)
        return common_string(a, out);
    return COMMON_NONE;
}

/* From left to right, as Spark does in ANSI mode. */
enum common common_of(struct fst_expr *const *args, size_t n, bool strings, struct fst_type *out)
{
    enum common found_one = COMMON_FOUND;
    *out = fst_type(FST_VOID);
    for (size_t i = 0; i < n && found_one == COMMON_FOUND; i++) {
        struct fst_type now = *out;
        found_one = common_type(&now, &args[i]->type, strings, out);
    }
    return found_one;
}

static bool safe_decimal(const struct fst_type *from, const struct fst_type *to)
{
    struct fst_type f = *from;
    if (f.kind == FST_BOOLEAN)
        f = fst_type_decimal(1, 0);
    else if (f.kind == FST_FLOAT)
        f = fst_type_decimal(14, 7);
    else if (f.kind == FST_DOUBLE)
        f = fst_type_decimal(30, 15);
    else if (!is_numeric(&f))
        return false;
    else
        f = decimal_of(&f);
    int whole_from = f.precision - f.scale, whole_to = to->precision - to->scale;
    if (whole_from <= whole_to && f.scale <= to->scale)
        return true;
    return from->kind == FST_DECIMAL && whole_to > whole_from;
}

bool cast_may_fail(const struct fst_type *from, const struct fst_type *to)
{
    if (is_interval(from))
        return false;
    if (from->kind == FST_VOID || fst_type_eq(from, to))
        return false;
    if (from->kind == FST_STRING)
        return to->kind != FST_BINARY;
    if (to->kind == FST_STRING)
        return false;
    if (from->kind == FST_TIMESTAMP)
        return to->kind == FST_BYTE || to->kind == FST_SHORT || to->kind == FST_INT ||
               to->kind == FST_DECIMAL;
    if (to->kind == FST_TIMESTAMP)
        return from->kind == FST_FLOAT || from->kind == FST_DOUBLE;
    if (to->kind == FST_DATE)
        return true;
    if (from->kind == FST_DATE)
        return to->kind != FST_TIMESTAMP_NTZ;
    if (to->kind == FST_DECIMAL)
        return !safe_decimal(from, to);
    bool fraction =
        from->kind == FST_FLOAT || from->kind == FST_DOUBLE || from->kind == FST_DECIMAL;
    return fraction && is_integral(to);
}
