/* Calls whose result the letters of functions.c cannot say. */
#include "call.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- What letters cannot say ----------------------------------------------------------------- */

static bool is_cast_name(const struct fst_function *f)
{
    return f->id == FST_FN_NONE && f->takes[0] == 'x' && strncmp(f->name, "is", 2) != 0;
}

static struct fst_expr *cast_call(struct call *c)
{
    struct fst_type type;
    if (fst_type_parse(c->rx->a, c->f->gives, &type, NULL) != FST_OK)
        return rx_refuse(c->rx, &c->s->place, "%s()", c->f->name);
    const char *text = c->args[0]->text;
    struct fst_expr *e = explicit_cast(c->rx, c->args[0], type, false, c->s->place);
    if (e)
        e->text = text; /* Spark prints such a cast as if it were its own */
    return e;
}

static bool reads_rows(const struct fst_expr *e)
{
    bool reads = e->kind == FST_EXPR_COLUMN || e->query;
    for (size_t i = 0; !reads && i < e->n_args; i++)
        reads = reads_rows(e->args[i]);
    return reads;
}

/* round, bround: the scale is a literal. */
static bool literal_scale(struct call *c, int64_t *scale)
{
    *scale = 0;
    if (c->n == 1)
        return true;
    struct fst_expr *e = c->args[1];
    if (e->kind == FST_EXPR_LITERAL && is_integral(&e->type) && !e->value.is_null &&
        llabs(e->value.i) <= INT32_MAX) {
        *scale = e->value.i;
        struct fst_type whole = fst_type(FST_INT);
        c->args[1] = coerce(c->rx, e, &whole);
        return true;
    }
    if (!reads_rows(e) || has_aggregate_call(e))
        rx_refuse(c->rx, &e->place, "this scale");
    else
        rx_fail(c->rx, &c->s->place, "DATATYPE_MISMATCH.NON_FOLDABLE_INPUT", "42K09",
                "Cannot resolve \"%s\" due to data type mismatch: the input `scale` should be a "
                "foldable \"INT\" expression; however, got \"%s\".",
                c->text, e->text);
    return false;
}

static struct fst_type rounded(const struct fst_type *t, int64_t scale)
{
    if (t->kind != FST_DECIMAL)
        return *t;
    int whole = t->precision - t->scale + 1;
    if (scale < 0) {
        int64_t wide = whole > -scale + 1 ? whole : -scale + 1;
        return fst_type_decimal(wide > 38 ? 38 : (int)wide, 0);
    }
    int keep = t->scale < scale ? t->scale : (int)scale;
    return fst_type_decimal(whole + keep > 38 ? 38 : whole + keep, keep);
}

static struct fst_expr *round_call(struct call *c)
{
    int64_t scale;
    if (c->n == 1) {
        c->args[1] = int_literal(c->rx, 0, c->s->place);
        c->n = 2;
        c->text = call_text(c->rx, c->f->name, c->args, 2, false);
    }
    if (!(c->args[0] = call_argument(c, 0, 'n')) || !literal_scale(c, &scale))
        return NULL;
    if (c->args[0]->type.kind == FST_DECIMAL && scale < -37)
        return rx_refuse(c->rx, &c->s->place, "this scale");
    return call_finish(c, rounded(&c->args[0]->type, scale), true);
}

/* With a scale everything is a decimal. */
static struct fst_expr *ceil_to_scale(struct call *c)
{
    struct fst_type exact = decimal_of(&c->args[0]->type);
    int64_t scale;
    if (!is_numeric(&exact) || reads_rows(c->args[1]))
        return rx_refuse(c->rx, &c->s->place, "%s of %s with a scale", c->f->name,
                         type_sql(c->rx, &exact));
    if (exact.kind == FST_FLOAT)
        exact = fst_type_decimal(14, 7);
    else if (exact.kind == FST_DOUBLE)
        exact = fst_type_decimal(30, 15);
    if (!literal_scale(c, &scale))
        return NULL;
    if (scale < -20)
        return rx_refuse(c->rx, &c->args[1]->place, "this scale");
    c->args[0] = coerce(c->rx, c->args[0], &exact);
    return call_finish(c, rounded(&exact, scale), true);
}

static struct fst_expr *ceil_call(struct call *c)
{
    const struct fst_type *t = &c->args[0]->type;
    if (c->n == 2)
        return ceil_to_scale(c);
    if (t->kind == FST_DECIMAL) {
        int whole = t->precision - t->scale + 1;
        return call_finish(c,
                           fst_type_decimal(t->scale == 0 ? t->precision
                                            : whole > 38  ? 38
                                                          : whole,
                                            0),
                           true);
    }
    if (!(c->args[0] = call_argument(c, 0, 'd')))
        return NULL;
    return call_finish(c, fst_type(FST_LONG), true);
}

static struct fst_expr *remainder_call(struct call *c)
{
    struct fst_expr *e = binary(c->rx, "%", c->args[0], c->args[1], c->s->place);
    if (!e)
        return NULL;
    e->text = c->text;
    e->fn = c->f;
    return e;
}

static struct fst_expr *null_test(struct call *c, bool is_null)
{
    const char *text = text_of(c->rx, "(%s IS %sNULL)", c->args[0]->text, is_null ? "" : "NOT ");
    struct fst_expr *e =
        make1(c->rx, FST_EXPR_IS_NULL, fst_type(FST_BOOLEAN), false, c->args[0], text);
    e->place = c->s->place;
    return is_null ? e : make1(c->rx, FST_EXPR_NOT, fst_type(FST_BOOLEAN), false, e, text);
}

static struct fst_expr *if_call(struct call *c)
{
    const char *text =
        text_of(c->rx, "(IF(%s, %s, %s))", c->args[0]->text, c->args[1]->text, c->args[2]->text);
    return case_of(c->rx, c->args, 3, c->s->place, text, "if");
}

static struct fst_expr *nvl2_call(struct call *c)
{
    const char *text = c->text;
    c->args[0] = null_test(c, false);
    return case_of(c->rx, c->args, 3, c->s->place, text, "if");
}

static struct fst_expr *nullif_call(struct call *c)
{
    struct fst_expr *same = comparison(c->rx, FST_FN_EQ, c->args[0], c->args[1], c->s->place);
    if (!same)
        return NULL;
    struct fst_expr *args[] = {same, null_literal(c->rx, c->s->place), c->args[0]};
    return case_of(c->rx, args, 3, c->s->place, c->text, "nullif");
}

static struct fst_expr *length_call(struct call *c)
{
    if (c->args[0]->type.kind != FST_BINARY && !(c->args[0] = call_argument(c, 0, 's')))
        return NULL;
    return call_finish(c, fst_type(FST_INT), c->args[0]->nullable);
}

static struct fst_expr *hex_call(struct call *c)
{
    enum fst_kind kind = c->args[0]->type.kind;
    if (kind != FST_BINARY && kind != FST_STRING && !(c->args[0] = call_argument(c, 0, 'l')))
        return NULL;
    return call_finish(c, fst_type(FST_STRING), c->args[0]->nullable);
}

static struct fst_expr *nanvl_call(struct call *c)
{
    bool single = c->args[0]->type.kind == FST_FLOAT && c->args[1]->type.kind == FST_FLOAT;
    for (size_t i = 0; i < 2 && !single; i++)
        if (!(c->args[i] = call_argument(c, i, 'd')))
            return NULL;
    return call_finish(c, c->args[0]->type, c->args[0]->nullable || c->args[1]->nullable);
}

static struct fst_expr *isnan_call(struct call *c)
{
    if (c->args[0]->type.kind != FST_FLOAT && !(c->args[0] = call_argument(c, 0, 'd')))
        return NULL;
    return call_finish(c, fst_type(FST_BOOLEAN), false);
}

/* to_date, to_timestamp: without a format a cast, named as the call. */
static struct fst_expr *to_time(struct call *c, enum fst_kind kind)
{
    enum fst_kind is = c->args[0]->type.kind;
    bool timely = is == FST_DATE || is == FST_TIMESTAMP || is == FST_TIMESTAMP_NTZ;
    if (is != FST_STRING && is != FST_VOID && !timely)
        return rx_refuse(c->rx, &c->s->place, "%s of %s", c->f->name,
                         type_sql(c->rx, &c->args[0]->type));
    if (c->n == 2 && is != FST_STRING)
        return rx_refuse(c->rx, &c->s->place, "%s with a format of %s", c->f->name,
                         type_sql(c->rx, &c->args[0]->type));
    if (c->n == 2) {
        if (!(c->args[1] = call_argument(c, 1, 's')))
            return NULL;
        return call_finish(c, fst_type(kind), c->args[0]->nullable || c->args[1]->nullable);
    }
    struct fst_type type = fst_type(kind);
    struct fst_expr *e =
        make1(c->rx, FST_EXPR_CAST, type,
              c->args[0]->nullable || cast_may_fail(&c->args[0]->type, &type), c->args[0], c->text);
    e->place = c->s->place;
    return e;
}

static struct fst_expr *unix_timestamp_call(struct call *c)
{
    static const char format[] = "yyyy-MM-dd HH:mm:ss";
    if (c->n == 0) {
        c->text = text_of(c->rx, "unix_timestamp(current_timestamp(), %s)", format);
        return call_finish(c, fst_type(FST_LONG), false);
    }
    enum fst_kind is = c->args[0]->type.kind;
    if (is != FST_STRING && is != FST_DATE && is != FST_TIMESTAMP && is != FST_TIMESTAMP_NTZ)
        return call_wrong_type(c, 0, "STRING");
    if (c->n == 1) {
        c->args[1] = string_literal(c->rx, format, c->s->place);
        c->text = call_text(c->rx, c->f->name, c->args, 2, false);
    }
    c->n = 2;
    if (!(c->args[1] = call_argument(c, 1, 's')))
        return NULL;
    return call_finish(c, fst_type(FST_LONG), c->args[0]->nullable || c->args[1]->nullable);
}

static struct fst_expr *timestamp_of_whole(struct call *c)
{
    if (!is_integral(&c->args[0]->type))
        return call_wrong_type(c, 0, "INTEGRAL");
    c->args[0] = call_as(c, 0, FST_LONG);
    return call_finish(c, fst_type(FST_TIMESTAMP), c->args[0]->nullable);
}

static struct fst_expr *median_call(struct call *c)
{
    if (!is_numeric(&c->args[0]->type))
        return rx_refuse(c->rx, &c->s->place, "median of %s", type_sql(c->rx, &c->args[0]->type));
    if (c->args[0]->type.kind == FST_DECIMAL && c->args[0]->type.precision > 15)
        return rx_refuse(c->rx, &c->s->place, "median of so wide a decimal");
    c->args[0] = call_as(c, 0, FST_DOUBLE);
    return call_finish(c, fst_type(FST_DOUBLE), true);
}

static struct fst_expr *sum_call(struct call *c)
{
    const struct fst_type *t = &c->args[0]->type;
    struct fst_type type = fst_type(FST_DOUBLE);
    bool is_avg = c->f->id == FST_FN_AVG || c->f->id == FST_FN_TRY_AVG;
    if (t->kind == FST_INTERVAL_YM && !is_avg)
        return rx_refuse(c->rx, &c->s->place, "%s of intervals of months", c->f->name);
    if (is_interval(t) && c->f->id != FST_FN_TRY_AVG)
        return call_finish(c, is_avg ? fst_type(t->kind) : *t, true);
    if (!(c->args[0] = call_argument(c, 0, 'n')))
        return NULL;
    t = &c->args[0]->type;
    if (t->kind == FST_DECIMAL) {
        int p = t->precision + (is_avg ? 4 : 10), s = t->scale + (is_avg ? 4 : 0);
        type = fst_type_decimal(p > 38 ? 38 : p, s > 38 ? 38 : s);
    } else if (is_integral(t) && !is_avg) {
        type = fst_type(FST_LONG);
    }
    return call_finish(c, type, true);
}

bool call_orderable(const struct call *c, size_t i)
{
    const struct fst_type *t = &c->args[i]->type;
    if (fst_type_is_nested(t) ? fst_sql_is_nested_key(t) && c->f->kind == FST_FN_AGGREGATE
                              : t->kind != FST_VARIANT)
        return true;
    rx_refuse(c->rx, &c->s->place, "%s of %s", c->f->name, type_sql(c->rx, t));
    return false;
}

/* first(x, true): the flag becomes ignore_nulls. */
static struct fst_expr *first_call(struct call *c)
{
    bool ignore = false;
    if (c->n == 2) {
        const struct fst_expr *flag = c->args[1];
        if (flag->kind != FST_EXPR_LITERAL || flag->type.kind != FST_BOOLEAN)
            return rx_refuse(c->rx, &c->s->place, "%s whose second argument is no boolean literal",
                             c->f->name);
        ignore = flag->value.i != 0;
        c->n = 1;
        c->text = call_text(c->rx, c->f->name, c->args, 1, c->s->distinct);
    }
    struct fst_expr *e = call_finish(c, c->args[0]->type, true);
    e->call = fst_arena_alloc(c->rx->a, sizeof *e->call);
    e->call->ignore_nulls = ignore || c->s->ignore_nulls;
    return e;
}

static struct fst_expr *count_call(struct call *c)
{
    bool literal = c->n == 1 && c->args[0]->kind == FST_EXPR_LITERAL &&
                   !c->args[0]->value.is_null && !c->s->distinct;
    struct fst_expr *e = call_finish(c, fst_type(FST_LONG), false);
    if (literal)
        e->n_args = 0;
    return e;
}

static struct fst_expr *greatest_call(struct call *c, bool strings)
{
    struct fst_type type;
    bool everything = true;
    if (!call_common_arguments(c, strings, &type))
        return NULL;
    for (size_t i = 0; i < c->n; i++) {
        if (!strings && !call_orderable(c, i))
            return NULL;
        everything &= c->args[i]->nullable;
    }
    return call_finish(c, type, everything);
}

static struct fst_expr *trim_two(struct call *c)
{
    static const char *const sides[] = {"BOTH", "LEADING", "TRAILING"};
    if (!c->s->flag && strcmp(c->f->name, "btrim") != 0) { /* ltrim(characters, text) */
        struct fst_expr *first = c->args[0];
        c->args[0] = c->args[1];
        c->args[1] = first;
    }
    size_t side = c->f->id == FST_FN_TRIM ? 0 : c->f->id == FST_FN_LTRIM ? 1 : 2;
    const char *text =
        text_of(c->rx, "TRIM(%s %s FROM %s)", sides[side], c->args[1]->text, c->args[0]->text);
    if (!(c->args[0] = call_argument(c, 0, 's')) || !(c->args[1] = call_argument(c, 1, 's')))
        return NULL;
    if (strcmp(c->f->name, "btrim") != 0)
        c->text = text;
    return call_finish(c, fst_type(FST_STRING), c->args[0]->nullable || c->args[1]->nullable);
}

/* NULL without failure when letters say it all. */
struct fst_expr *call_special(struct call *c)
{
    if (is_cast_name(c->f))
        return cast_call(c);
    switch (c->f->id) {
    case FST_FN_NONE:
        if (strcmp(c->f->name, "positive") == 0) {
            struct fst_expr *e = call_argument(c, 0, 'v');
            if (!e)
                return NULL;
            return under_text(c->rx, e, c->s->place, text_of(c->rx, "(+ %s)", c->args[0]->text));
        }
        return null_test(c, c->f->name[2] == 'n' && c->f->name[3] == 'u');
    case FST_FN_SIGN:
        return is_interval(&c->args[0]->type) ? call_finish(c, fst_type(FST_DOUBLE), true) : NULL;
    case FST_FN_ROUND:
    case FST_FN_BROUND:
        return round_call(c);
    case FST_FN_CEIL:
    case FST_FN_FLOOR:
        return ceil_call(c);
    case FST_FN_MOD:
    case FST_FN_PMOD:
        return remainder_call(c);
    case FST_FN_IF:
        return if_call(c);
    case FST_FN_NVL2:
        return nvl2_call(c);
    case FST_FN_NULLIF:
        return nullif_call(c);
    case FST_FN_LENGTH:
    case FST_FN_OCTET_LENGTH:
    case FST_FN_BIT_LENGTH:
        return length_call(c);
    case FST_FN_HEX:
        return hex_call(c);
    case FST_FN_NANVL:
        return nanvl_call(c);
    case FST_FN_ISNAN:
        return isnan_call(c);
    case FST_FN_TO_DATE:
        return to_time(c, FST_DATE);
    case FST_FN_TO_TIMESTAMP:
        return to_time(c, FST_TIMESTAMP);
    case FST_FN_TO_TIMESTAMP_NTZ:
        return to_time(c, FST_TIMESTAMP_NTZ);
    case FST_FN_UNIX_TIMESTAMP:
        return unix_timestamp_call(c);
    case FST_FN_TIMESTAMP_MILLIS:
    case FST_FN_TIMESTAMP_MICROS:
        return timestamp_of_whole(c);
    case FST_FN_MEDIAN:
        return median_call(c);
    case FST_FN_SUM:
    case FST_FN_AVG:
    case FST_FN_TRY_SUM:
    case FST_FN_TRY_AVG:
        return sum_call(c);
    case FST_FN_FIRST:
    case FST_FN_LAST:
        return first_call(c);
    case FST_FN_COUNT:
        return count_call(c);
    case FST_FN_COALESCE:
        return greatest_call(c, true);
    case FST_FN_GREATEST:
    case FST_FN_LEAST:
        return greatest_call(c, false);
    case FST_FN_TRIM:
    case FST_FN_LTRIM:
    case FST_FN_RTRIM:
        return c->n == 2 ? trim_two(c) : NULL;
    default:
        return call_more(c);
    }
}
