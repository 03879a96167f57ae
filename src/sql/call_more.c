/* Calls whose arguments or results the letters of functions.c cannot say: bits, buckets, shares,
 * and texts that become times or NULL. */
#include "call.h"

#include <string.h>

static void *odd_type(const struct call *c, size_t i)
{
    return rx_refuse(c->rx, &c->args[i]->place, "%s of %s", c->f->name,
                     type_sql(c->rx, &c->args[i]->type));
}

static bool any_nullable(const struct call *c)
{
    return call_nullable(c, 'a');
}

static struct fst_expr *bit_count(struct call *c)
{
    if (!is_integral(&c->args[0]->type) && c->args[0]->type.kind != FST_BOOLEAN)
        return odd_type(c, 0);
    return call_finish(c, fst_type(FST_INT), c->args[0]->nullable);
}

static struct fst_expr *bit_get(struct call *c)
{
    if (!is_integral(&c->args[0]->type))
        return odd_type(c, 0);
    if (!is_integral(&c->args[1]->type) || c->args[1]->type.kind == FST_LONG)
        return odd_type(c, 1);
    c->args[1] = call_as(c, 1, FST_INT);
    return call_finish(c, fst_type(FST_BYTE), any_nullable(c));
}

static struct fst_expr *shift(struct call *c)
{
    for (size_t i = 0; i < 2; i++)
        if (!is_integral(&c->args[i]->type) || (i == 1 && c->args[i]->type.kind == FST_LONG))
            return odd_type(c, i);
    if (c->args[0]->type.kind != FST_LONG)
        c->args[0] = call_as(c, 0, FST_INT);
    c->args[1] = call_as(c, 1, FST_INT);
    return call_finish(c, c->args[0]->type, any_nullable(c));
}

static struct fst_expr *bit_aggregate(struct call *c)
{
    if (!is_integral(&c->args[0]->type))
        return odd_type(c, 0);
    return call_finish(c, c->args[0]->type, true);
}

/* percentile(x, p): Spark prints how often each value counts. */
static bool literal_share(struct call *c, double *p)
{
    const struct fst_expr *e = c->args[1];
    if (e->kind != FST_EXPR_LITERAL || e->value.is_null)
        return false;
    if (e->type.kind == FST_DOUBLE || e->type.kind == FST_FLOAT) {
        *p = e->value.d;
    } else if (is_integral(&e->type)) {
        *p = (double)e->value.i;
    } else if (e->type.kind == FST_DECIMAL && e->type.precision <= 15) {
        double scale = 1;
        for (int i = 0; i < e->type.scale; i++)
            scale *= 10;
        *p = (double)e->value.decimal / scale;
    } else {
        return false;
    }
    return *p >= 0 && *p <= 1;
}

static struct fst_expr *real_literal(struct call *c, double v)
{
    const struct fst_expr *old = c->args[1];
    struct fst_expr *e =
        make(c->rx, FST_EXPR_LITERAL, fst_type(FST_DOUBLE), false, old->place, old->text);
    e->value.d = v;
    return e;
}

static struct fst_expr *percentile(struct call *c)
{
    const struct fst_type *t = &c->args[0]->type;
    double p;
    if (c->n != 2)
        return rx_refuse(c->rx, &c->s->place, "%s with a frequency", c->f->name);
    if (!is_numeric(t) || (t->kind == FST_DECIMAL && t->precision > 15))
        return odd_type(c, 0);
    if (!literal_share(c, &p))
        return rx_refuse(c->rx, &c->args[1]->place, "percentile at what is no literal from 0 to 1");
    c->text = text_of(c->rx, "%s(%s, %s, 1)", c->f->name, c->args[0]->text, c->args[1]->text);
    c->args[0] = call_as(c, 0, FST_DOUBLE);
    c->args[1] = real_literal(c, p);
    return call_finish(c, fst_type(FST_DOUBLE), true);
}

static struct fst_expr *percentile_approx(struct call *c)
{
    const struct fst_type *t = &c->args[0]->type;
    double p;
    if (!is_numeric(t) && t->kind != FST_DATE && t->kind != FST_TIMESTAMP &&
        t->kind != FST_TIMESTAMP_NTZ)
        return odd_type(c, 0);
    if (t->kind == FST_DECIMAL)
        return odd_type(c, 0); /* see through_double() of resolve_call.c */
    if (!literal_share(c, &p))
        return rx_refuse(c->rx, &c->args[1]->place, "%s at what is no literal from 0 to 1",
                         c->f->name);
    if (c->n == 2)
        c->args[c->n++] = int_literal(c->rx, 10000, c->s->place);
    const struct fst_expr *a = c->args[2];
    if (a->kind != FST_EXPR_LITERAL || a->type.kind != FST_INT || a->value.is_null ||
        a->value.i < 1)
        return rx_refuse(c->rx, &a->place, "this accuracy");
    c->text = call_text(c->rx, c->f->name, c->args, 3, c->s->distinct);
    c->args[1] = real_literal(c, p);
    return call_finish(c, *t, true);
}

static struct fst_expr *mode(struct call *c)
{
    if (c->n != 1 || c->s->distinct)
        return rx_refuse(c->rx, &c->s->place, "this form of mode");
    enum fst_kind kind = c->args[0]->type.kind;
    if (!is_integral(&c->args[0]->type) && kind != FST_STRING && kind != FST_DATE &&
        kind != FST_TIMESTAMP && kind != FST_TIMESTAMP_NTZ && kind != FST_BOOLEAN)
        return odd_type(c, 0);
    return call_finish(c, c->args[0]->type, true);
}

static struct fst_expr *format_number(struct call *c)
{
    enum fst_kind kind = c->args[0]->type.kind;
    if (!is_integral(&c->args[0]->type) && kind != FST_DOUBLE && kind != FST_FLOAT &&
        kind != FST_DECIMAL)
        return odd_type(c, 0);
    if (!is_integral(&c->args[1]->type) || c->args[1]->type.kind == FST_LONG)
        return odd_type(c, 1);
    c->args[1] = call_as(c, 1, FST_INT);
    return call_finish(c, fst_type(FST_STRING), true);
}

static struct fst_expr *format_string(struct call *c)
{
    if (c->args[0]->kind != FST_EXPR_LITERAL || c->args[0]->type.kind != FST_STRING ||
        c->args[0]->value.is_null)
        return rx_refuse(c->rx, &c->args[0]->place, "a format that is not a literal");
    for (size_t i = 1; i < c->n; i++)
        if (!is_integral(&c->args[i]->type) && c->args[i]->type.kind != FST_STRING &&
            c->args[i]->type.kind != FST_DOUBLE)
            return odd_type(c, i);
    return call_finish(c, fst_type(FST_STRING), c->args[0]->nullable);
}

static struct fst_expr *make_timestamp(struct call *c)
{
    struct fst_type seconds = fst_type_decimal(16, 6);
    if (c->n != 6)
        return rx_refuse(c->rx, &c->s->place, "%s of %zu arguments", c->f->name, c->n);
    for (size_t i = 0; i < 5; i++) {
        if (!is_integral(&c->args[i]->type) && c->args[i]->type.kind != FST_VOID)
            return odd_type(c, i);
        c->args[i] = call_as(c, i, FST_INT);
    }
    const struct fst_type *t = &c->args[5]->type;
    if (!is_integral(t) && t->kind != FST_VOID &&
        !(t->kind == FST_DECIMAL && t->scale <= 6 && t->precision - t->scale <= 10))
        return odd_type(c, 5);
    c->args[5] = coerce(c->rx, c->args[5], &seconds);
    bool ntz = c->f->id == FST_FN_MAKE_TIMESTAMP_NTZ;
    return call_finish(c, fst_type(ntz ? FST_TIMESTAMP_NTZ : FST_TIMESTAMP), any_nullable(c));
}

/* Without a format a cast that tries. */
static struct fst_expr *try_to_time(struct call *c, enum fst_kind kind)
{
    if (!(c->args[0]->type.kind == FST_STRING) ||
        (c->n == 2 && c->args[1]->type.kind != FST_STRING))
        return odd_type(c, 0);
    if (c->n == 2)
        return call_finish(c, fst_type(kind), true);
    struct fst_expr *e = make1(c->rx, FST_EXPR_CAST, fst_type(kind), true, c->args[0], c->text);
    e->place = c->s->place;
    e->is_try = true;
    return e;
}

static struct fst_expr *hashed(struct call *c)
{
    for (size_t i = 0; i < c->n; i++) {
        enum fst_kind kind = c->args[i]->type.kind;
        if (fst_type_is_nested(&c->args[i]->type) || kind == FST_VARIANT || kind == FST_TIME ||
            is_interval(&c->args[i]->type))
            return odd_type(c, i);
    }
    return call_finish(c, fst_type(c->f->id == FST_FN_HASH ? FST_INT : FST_LONG), false);
}

static struct fst_expr *count_approx(struct call *c)
{
    if (c->n != 1)
        return rx_refuse(c->rx, &c->s->place, "%s with a deviation", c->f->name);
    enum fst_kind kind = c->args[0]->type.kind;
    if (fst_type_is_nested(&c->args[0]->type) || kind == FST_VARIANT || kind == FST_TIME ||
        is_interval(&c->args[0]->type) || c->s->distinct)
        return odd_type(c, 0);
    return call_finish(c, fst_type(FST_LONG), false);
}

/* Parts that are left out are 0. */
static struct fst_expr *make_interval(struct call *c)
{
    bool months = c->f->id == FST_FN_MAKE_YM_INTERVAL;
    struct fst_type seconds = fst_type_decimal(18, 6);
    while (c->n < (months ? 2 : 3))
        c->args[c->n++] = int_literal(c->rx, 0, c->s->place);
    if (!months && c->n == 3)
        c->args[c->n++] = make(c->rx, FST_EXPR_LITERAL, seconds, false, c->s->place, "0.000000");
    c->text = call_text(c->rx, c->f->name, c->args, c->n, false);
    for (size_t i = 0; i < (months ? 2 : 3); i++)
        if (!(c->args[i] = call_argument(c, i, 'i')))
            return NULL;
    if (!months && !is_numeric(&c->args[3]->type) && c->args[3]->type.kind != FST_VOID)
        return odd_type(c, 3);
    if (!months)
        c->args[3] = coerce(c->rx, c->args[3], &seconds);
    bool nullable = false;
    for (size_t i = 0; i < c->n; i++)
        nullable |= c->args[i]->nullable;
    return call_finish(c, fst_type(months ? FST_INTERVAL_YM : FST_INTERVAL_DT), nullable);
}

static bool is_zone(struct call *c, const struct fst_expr *e)
{
    bool fine = e->type.kind == FST_STRING && !(e->kind == FST_EXPR_LITERAL && e->value.is_null);
    return fine || rx_refuse(c->rx, &e->place, "a time zone that is no text");
}

static struct fst_expr *zone_call(struct call *c)
{
    if (!(c->args[0] = call_argument(c, 0, 'T')))
        return NULL;
    if (!is_zone(c, c->args[1]))
        return NULL;
    return call_finish(c, fst_type(FST_TIMESTAMP), c->args[0]->nullable || c->args[1]->nullable);
}

/* convert_timezone([from, ]to, time): the zone of the session when there is none to come from. */
static struct fst_expr *convert_zone(struct call *c)
{
    struct fst_type wall = fst_type(FST_TIMESTAMP_NTZ);
    struct fst_expr *time = c->args[c->n - 1], *zones[2] = {NULL, NULL};
    enum fst_kind kind = time->type.kind;
    if (kind != FST_TIMESTAMP_NTZ && kind != FST_TIMESTAMP)
        return odd_type(c, c->n - 1);
    if (c->n == 2)
        c->text = text_of(c->rx, "convert_timezone(current_timezone(), %s, %s)", c->args[0]->text,
                          time->text);
    for (size_t i = 0; i + 1 < c->n; i++) {
        zones[i] = c->args[i];
        if (!is_zone(c, zones[i]))
            return NULL;
    }
    size_t n = c->n - 1;
    c->args[0] = coerce(c->rx, time, &wall);
    for (size_t i = 0; i < n; i++)
        c->args[1 + i] = zones[i];
    bool nullable = time->nullable || zones[0]->nullable || (zones[1] && zones[1]->nullable);
    return call_finish(c, wall, nullable);
}

/* What is not said to hide letters and digits by; a NULL leaves them. */
static struct fst_expr *mask(struct call *c)
{
    static const char *const by[] = {"X", "x", "n"};
    struct fst_type string = fst_type(FST_STRING);
    while (c->n < 4) {
        c->args[c->n] = string_literal(c->rx, by[c->n - 1], c->s->place);
        c->n++;
    }
    if (c->n == 4)
        c->args[c->n++] = null_literal(c->rx, c->s->place);
    c->text = call_text(c->rx, c->f->name, c->args, c->n, false);
    for (size_t i = 0; i < c->n; i++) {
        const struct fst_expr *e = c->args[i];
        bool one = e->kind == FST_EXPR_LITERAL &&
                   (e->type.kind == FST_VOID ||
                    (e->type.kind == FST_STRING && !e->value.is_null && e->value.s.n == 1));
        if (i > 0 && !one)
            return odd_type(c, i);
        if (i == 0 && e->type.kind != FST_STRING && e->type.kind != FST_VOID)
            return odd_type(c, i);
        c->args[i] = coerce(c->rx, c->args[i], &string);
    }
    return call_finish(c, string, true);
}

static struct fst_expr *elt(struct call *c)
{
    for (size_t i = 1; i < c->n; i++)
        if (c->args[i]->type.kind == FST_BINARY)
            return odd_type(c, i);
    return NULL;
}

struct fst_expr *call_more(struct call *c)
{
    switch (c->f->id) {
    case FST_FN_REWRITTEN:
        return call_rewritten(c);
    case FST_FN_BIT_COUNT:
        return bit_count(c);
    case FST_FN_BIT_GET:
        return bit_get(c);
    case FST_FN_SHIFT_LEFT:
    case FST_FN_SHIFT_RIGHT:
    case FST_FN_SHIFT_RIGHT_UNSIGNED:
        return shift(c);
    case FST_FN_BIT_AND_OF:
    case FST_FN_BIT_OR_OF:
    case FST_FN_BIT_XOR_OF:
        return bit_aggregate(c);
    case FST_FN_PERCENTILE:
        return percentile(c);
    case FST_FN_PERCENTILE_APPROX:
        return percentile_approx(c);
    case FST_FN_MODE:
        return mode(c);
    case FST_FN_FORMAT_NUMBER:
        return format_number(c);
    case FST_FN_FORMAT_STRING:
        return format_string(c);
    case FST_FN_MAKE_TIMESTAMP:
    case FST_FN_MAKE_TIMESTAMP_NTZ:
        return make_timestamp(c);
    case FST_FN_CONVERT_ZONE:
        return convert_zone(c);
    case FST_FN_MASK:
        return mask(c);
    case FST_FN_ELT:
        return elt(c);
    case FST_FN_OVERLAY:
    case FST_FN_LUHN_CHECK:
        return c->args[0]->type.kind == FST_BINARY ? odd_type(c, 0) : NULL;
    case FST_FN_TRY_TO_DATE:
        return try_to_time(c, FST_DATE);
    case FST_FN_TRY_TO_TIMESTAMP:
        return try_to_time(c, FST_TIMESTAMP);
    case FST_FN_MAKE_DT_INTERVAL:
    case FST_FN_MAKE_YM_INTERVAL:
        return make_interval(c);
    case FST_FN_HASH:
    case FST_FN_XXHASH64:
        return hashed(c);
    case FST_FN_APPROX_COUNT_DISTINCT:
        return count_approx(c);
    case FST_FN_FROM_UTC:
    case FST_FN_TO_UTC:
        return zone_call(c);
    default:
        return call_nested(c);
    }
}
