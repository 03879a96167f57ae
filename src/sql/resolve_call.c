/* Calls of functions by the rows of functions.c: arguments counted, cast to what the row takes,
 * result typed; what a letter cannot say is a case in `special`. */
#include "resolve.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- Names of columns --------------------------------------------------------------------- */

/* Functions that Spark prints in upper case. */
static const char *const upper_names[] = {
    "sqrt", "power",      "exp",          "log",         "log10",   "log2", "log1p",
    "cbrt", "expm1",      "signum",       "sin",         "cos",     "tan",  "asin",
    "acos", "atan",       "atan2",        "degrees",     "radians", "pi",   "e",
    "rank", "dense_rank", "percent_rank", "regexp_like", NULL};

static const char *shown_name(struct rx *rx, const char *name, size_t n_args)
{
    char *out = fst_arena_strdup(rx->a, name);
    bool upper = (strcmp(name, "ceil") == 0 || strcmp(name, "floor") == 0) && n_args == 1;
    for (size_t i = 0; upper_names[i]; i++)
        upper |= strcmp(name, upper_names[i]) == 0;
    for (char *c = out; *c && upper; c++)
        *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c;
    return out;
}

static const char *call_text(struct rx *rx, const char *name, struct fst_expr **args, size_t n,
                             bool distinct)
{
    struct fst_buf b = FST_BUF_TEXT;
    fst_buf_printf(&b, "%s(%s", shown_name(rx, name, n), distinct ? "DISTINCT " : "");
    for (size_t i = 0; i < n; i++)
        fst_buf_printf(&b, "%s%s", i ? ", " : "", args[i]->text);
    fst_buf_addc(&b, ')');
    const char *text = text_of(rx, "%s", fst_buf_text(&b));
    fst_buf_done(&b);
    return text;
}

/* ---- Arguments ---------------------------------------------------------------------------- */

struct call {
    struct rx *rx;
    const struct fst_function *f;
    const struct sx *s;
    struct fst_expr **args;
    size_t n;
    const char *text;
};

static void *wrong_type(const struct call *c, size_t i, const char *wanted)
{
    static const char *const ordinals[] = {"first", "second", "third", "fourth"};
    struct fst_expr *e = c->args[i];
    if (fst_type_is_nested(&e->type) || is_interval(&e->type) || e->type.kind == FST_VARIANT ||
        e->type.kind == FST_TIME)
        return rx_refuse(c->rx, &c->s->place, "%s of %s", c->f->name, type_sql(c->rx, &e->type));
    return rx_fail(c->rx, &c->s->place, "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", "42K09",
                   "Cannot resolve \"%s\" due to data type mismatch: The %s parameter requires "
                   "the \"%s\" type, however \"%s\" has the type \"%s\".",
                   c->text, ordinals[i < 4 ? i : 3], wanted, e->text, type_sql(c->rx, &e->type));
}

static struct fst_expr *as(const struct call *c, size_t i, enum fst_kind kind)
{
    struct fst_type type = fst_type(kind);
    return coerce(c->rx, c->args[i], &type);
}

static struct fst_expr *number_argument(const struct call *c, size_t i, enum fst_kind kind)
{
    const struct fst_type *t = &c->args[i]->type;
    if (!is_numeric(t) && t->kind != FST_STRING && t->kind != FST_VOID)
        return wrong_type(c, i, kind == FST_DOUBLE ? "DOUBLE" : kind == FST_INT ? "INT" : "BIGINT");
    return as(c, i, kind);
}

static struct fst_expr *time_argument(const struct call *c, size_t i, enum fst_kind kind, bool ntz)
{
    enum fst_kind is = c->args[i]->type.kind;
    if (ntz && is == FST_TIMESTAMP_NTZ)
        return c->args[i];
    if (is != FST_DATE && is != FST_TIMESTAMP && is != FST_TIMESTAMP_NTZ && is != FST_STRING &&
        is != FST_VOID)
        return wrong_type(c, i, kind == FST_DATE ? "DATE" : "TIMESTAMP");
    return as(c, i, kind);
}

static struct fst_expr *string_argument(const struct call *c, size_t i)
{
    const struct fst_type *t = &c->args[i]->type;
    if (t->kind == FST_BINARY)
        return rx_refuse(c->rx, &c->s->place, "%s of a binary", c->f->name);
    if (fst_type_is_nested(t) || is_interval(t) || t->kind == FST_VARIANT || t->kind == FST_TIME)
        return rx_refuse(c->rx, &c->s->place, "%s of %s", c->f->name, type_sql(c->rx, t));
    return as(c, i, FST_STRING);
}

static struct fst_expr *whole_argument(const struct call *c, size_t i)
{
    enum fst_kind kind = c->args[i]->type.kind;
    if (kind == FST_LONG || kind == FST_DECIMAL || kind == FST_FLOAT || kind == FST_DOUBLE)
        return wrong_type(c, i, "INT");
    return number_argument(c, i, FST_INT);
}

static struct fst_expr *argument(const struct call *c, size_t i, char letter)
{
    const struct fst_type *t = &c->args[i]->type;
    switch (letter) {
    case 's':
        return string_argument(c, i);
    case 'b':
        if (t->kind != FST_BINARY && t->kind != FST_STRING && t->kind != FST_VOID)
            return wrong_type(c, i, "BINARY");
        return as(c, i, FST_BINARY);
    case 'i':
        return number_argument(c, i, FST_INT);
    case 'I':
        return whole_argument(c, i);
    case 'l':
        return number_argument(c, i, FST_LONG);
    case 'd':
        return number_argument(c, i, FST_DOUBLE);
    case 'n':
        return is_numeric(t) ? c->args[i] : number_argument(c, i, FST_DOUBLE);
    case 'N':
        return is_numeric(t) ? c->args[i] : wrong_type(c, i, "NUMERIC");
    case 'D':
        return time_argument(c, i, FST_DATE, false);
    case 'T':
        return time_argument(c, i, FST_TIMESTAMP, false);
    case 't':
        return time_argument(c, i, FST_TIMESTAMP, true);
    case 'B':
        if (t->kind != FST_BOOLEAN && t->kind != FST_STRING && t->kind != FST_VOID)
            return wrong_type(c, i, "BOOLEAN");
        return as(c, i, FST_BOOLEAN);
    default:
        return c->args[i];
    }
}

static bool cast_arguments(struct call *c)
{
    const char *letter = c->f->takes;
    for (size_t i = 0; i < c->n; i++) {
        if (!(c->args[i] = argument(c, i, *letter)))
            return false;
        if (letter[0] && letter[1])
            letter++;
    }
    return true;
}

static void *diff_types(const struct call *c)
{
    struct fst_buf b = FST_BUF_TEXT;
    for (size_t i = 0; i < c->n; i++)
        fst_buf_printf(&b, "%s\"%s\"", i ? ", " : "", type_sql(c->rx, &c->args[i]->type));
    rx_fail(c->rx, &c->s->place, "DATATYPE_MISMATCH.DATA_DIFF_TYPES", "42K09",
            "Cannot resolve \"%s\" due to data type mismatch: Input to `%s` should all be the same "
            "type, but it's [%s].",
            c->text, c->f->name, fst_buf_text(&b));
    fst_buf_done(&b);
    return NULL;
}

static bool common_arguments(struct call *c, bool strings, struct fst_type *type)
{
    enum common found = common_of(c->args, c->n, strings, type);
    if (found == COMMON_NONE)
        diff_types(c);
    if (found == COMMON_UNSURE)
        rx_refuse(c->rx, &c->s->place, "%s of these types", c->f->name);
    for (size_t i = 0; found == COMMON_FOUND && i < c->n; i++)
        c->args[i] = coerce(c->rx, c->args[i], type);
    return found == COMMON_FOUND;
}

static bool nullable_of(const struct call *c, char rule)
{
    size_t nullable = 0;
    for (size_t i = 0; i < c->n; i++)
        nullable += c->args[i]->nullable;
    switch (rule) {
    case 'n':
        return false;
    case 'a':
        return nullable > 0;
    case 'e':
        return nullable == c->n;
    case '1':
        return c->n && c->args[0]->nullable;
    case '*': /* timestamp_seconds: whole numbers are safe, fractions are not said to be */
        return nullable > 0 || (c->n && (c->args[0]->type.kind == FST_FLOAT ||
                                         c->args[0]->type.kind == FST_DOUBLE));
    default:
        return true;
    }
}

static struct fst_expr *finish(const struct call *c, struct fst_type type, bool nullable)
{
    struct fst_expr *e =
        make(c->rx, c->f->kind == FST_FN_AGGREGATE ? FST_EXPR_AGGREGATE : FST_EXPR_CALL, type,
             nullable, c->s->place, c->text);
    e->fn = c->f;
    set_args(c->rx, e, c->args, c->n);
    return e;
}

/* ---- What letters cannot say -------------------------------------------------------------- */

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
    if (e->kind == FST_EXPR_LITERAL || has_aggregate_call(e))
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
    if (!(c->args[0] = argument(c, 0, 'n')) || !literal_scale(c, &scale))
        return NULL;
    if (c->args[0]->type.kind == FST_DECIMAL && scale < -37)
        return rx_refuse(c->rx, &c->s->place, "this scale");
    return finish(c, rounded(&c->args[0]->type, scale), true);
}

static struct fst_expr *ceil_call(struct call *c)
{
    if (c->n == 2)
        return rx_refuse(c->rx, &c->s->place, "%s with a scale", c->f->name);
    const struct fst_type *t = &c->args[0]->type;
    if (t->kind == FST_DECIMAL) {
        int whole = t->precision - t->scale + 1;
        return finish(c,
                      fst_type_decimal(t->scale == 0 ? t->precision
                                       : whole > 38  ? 38
                                                     : whole,
                                       0),
                      true);
    }
    if (!(c->args[0] = argument(c, 0, 'd')))
        return NULL;
    return finish(c, fst_type(FST_LONG), true);
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
    if (c->args[0]->type.kind != FST_BINARY && !(c->args[0] = argument(c, 0, 's')))
        return NULL;
    return finish(c, fst_type(FST_INT), c->args[0]->nullable);
}

static struct fst_expr *hex_call(struct call *c)
{
    enum fst_kind kind = c->args[0]->type.kind;
    if (kind != FST_BINARY && kind != FST_STRING && !(c->args[0] = argument(c, 0, 'l')))
        return NULL;
    return finish(c, fst_type(FST_STRING), c->args[0]->nullable);
}

static struct fst_expr *nanvl_call(struct call *c)
{
    bool single = c->args[0]->type.kind == FST_FLOAT && c->args[1]->type.kind == FST_FLOAT;
    for (size_t i = 0; i < 2 && !single; i++)
        if (!(c->args[i] = argument(c, i, 'd')))
            return NULL;
    return finish(c, c->args[0]->type, c->args[0]->nullable || c->args[1]->nullable);
}

static struct fst_expr *isnan_call(struct call *c)
{
    if (c->args[0]->type.kind != FST_FLOAT && !(c->args[0] = argument(c, 0, 'd')))
        return NULL;
    return finish(c, fst_type(FST_BOOLEAN), false);
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
        if (!(c->args[1] = argument(c, 1, 's')))
            return NULL;
        return finish(c, fst_type(kind), c->args[0]->nullable || c->args[1]->nullable);
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
        return finish(c, fst_type(FST_LONG), false);
    }
    enum fst_kind is = c->args[0]->type.kind;
    if (is != FST_STRING && is != FST_DATE && is != FST_TIMESTAMP && is != FST_TIMESTAMP_NTZ)
        return wrong_type(c, 0, "STRING");
    if (c->n == 1) {
        c->args[1] = string_literal(c->rx, format, c->s->place);
        c->text = call_text(c->rx, c->f->name, c->args, 2, false);
    }
    c->n = 2;
    if (!(c->args[1] = argument(c, 1, 's')))
        return NULL;
    return finish(c, fst_type(FST_LONG), c->args[0]->nullable || c->args[1]->nullable);
}

static struct fst_expr *timestamp_of_whole(struct call *c)
{
    if (!is_integral(&c->args[0]->type))
        return wrong_type(c, 0, "INTEGRAL");
    c->args[0] = as(c, 0, FST_LONG);
    return finish(c, fst_type(FST_TIMESTAMP), c->args[0]->nullable);
}

static struct fst_expr *median_call(struct call *c)
{
    if (!is_numeric(&c->args[0]->type))
        return rx_refuse(c->rx, &c->s->place, "median of %s", type_sql(c->rx, &c->args[0]->type));
    if (c->args[0]->type.kind == FST_DECIMAL)
        return rx_refuse(c->rx, &c->s->place, "median of a decimal");
    c->args[0] = as(c, 0, FST_DOUBLE);
    return finish(c, fst_type(FST_DOUBLE), true);
}

static struct fst_expr *sum_call(struct call *c)
{
    const struct fst_type *t = &c->args[0]->type;
    struct fst_type type = fst_type(FST_DOUBLE);
    bool is_avg = c->f->id == FST_FN_AVG;
    if (is_interval(t))
        return rx_refuse(c->rx, &c->s->place, "%s of intervals", c->f->name);
    if (!(c->args[0] = argument(c, 0, 'n')))
        return NULL;
    t = &c->args[0]->type;
    if (t->kind == FST_DECIMAL) {
        int p = t->precision + (is_avg ? 4 : 10), s = t->scale + (is_avg ? 4 : 0);
        type = fst_type_decimal(p > 38 ? 38 : p, s > 38 ? 38 : s);
    } else if (is_integral(t) && !is_avg) {
        type = fst_type(FST_LONG);
    }
    return finish(c, type, true);
}

static bool orderable(const struct call *c, size_t i)
{
    const struct fst_type *t = &c->args[i]->type;
    if (!fst_type_is_nested(t) && t->kind != FST_VARIANT)
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
    struct fst_expr *e = finish(c, c->args[0]->type, true);
    e->call = fst_arena_alloc(c->rx->a, sizeof *e->call);
    e->call->ignore_nulls = ignore || c->s->ignore_nulls;
    return e;
}

static struct fst_expr *count_call(struct call *c)
{
    bool literal = c->n == 1 && c->args[0]->kind == FST_EXPR_LITERAL &&
                   !c->args[0]->value.is_null && !c->s->distinct;
    struct fst_expr *e = finish(c, fst_type(FST_LONG), false);
    if (literal)
        e->n_args = 0;
    return e;
}

static struct fst_expr *greatest_call(struct call *c, bool strings)
{
    struct fst_type type;
    bool everything = true;
    if (!common_arguments(c, strings, &type))
        return NULL;
    for (size_t i = 0; i < c->n; i++) {
        if (!strings && !orderable(c, i))
            return NULL;
        everything &= c->args[i]->nullable;
    }
    return finish(c, type, everything);
}

static struct fst_expr *trim_two(struct call *c)
{
    static const char *const sides[] = {"BOTH", "LEADING", "TRAILING"};
    size_t side = c->f->id == FST_FN_TRIM ? 0 : c->f->id == FST_FN_LTRIM ? 1 : 2;
    const char *text =
        text_of(c->rx, "TRIM(%s %s FROM %s)", sides[side], c->args[1]->text, c->args[0]->text);
    if (!(c->args[0] = argument(c, 0, 's')) || !(c->args[1] = argument(c, 1, 's')))
        return NULL;
    c->text = text;
    return finish(c, fst_type(FST_STRING), c->args[0]->nullable || c->args[1]->nullable);
}

/* NULL without failure when letters say it all. */
static struct fst_expr *special(struct call *c)
{
    if (is_cast_name(c->f))
        return cast_call(c);
    switch (c->f->id) {
    case FST_FN_NONE:
        if (strcmp(c->f->name, "positive") == 0) {
            struct fst_expr *e = argument(c, 0, 'n');
            if (!e)
                return NULL;
            struct fst_expr *copy = fst_arena_alloc(c->rx->a, sizeof *copy);
            *copy = *e;
            copy->text = text_of(c->rx, "(+ %s)", c->args[0]->text);
            return copy;
        }
        return null_test(c, c->f->name[2] == 'n' && c->f->name[3] == 'u');
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
    case FST_FN_UNIX_TIMESTAMP:
        return unix_timestamp_call(c);
    case FST_FN_TIMESTAMP_MILLIS:
    case FST_FN_TIMESTAMP_MICROS:
        return timestamp_of_whole(c);
    case FST_FN_MEDIAN:
        return median_call(c);
    case FST_FN_SUM:
    case FST_FN_AVG:
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
        return NULL;
    }
}

/* ---- Arguments that are not written ------------------------------------------------------- */

static void append(struct call *c, struct fst_expr *e)
{
    c->args[c->n++] = e;
}

static void add_defaults(struct call *c)
{
    struct fst_sql_place p = c->s->place;
    struct rx *rx = c->rx;
    switch (c->f->id) {
    case FST_FN_LPAD:
    case FST_FN_RPAD:
        if (c->n == 2)
            append(c, string_literal(rx, " ", p));
        break;
    case FST_FN_REPLACE:
        if (c->n == 2)
            append(c, string_literal(rx, "", p));
        break;
    case FST_FN_SUBSTRING:
        if (c->n == 2)
            append(c, int_literal(rx, INT32_MAX, p));
        break;
    case FST_FN_LOCATE:
    case FST_FN_REGEXP_EXTRACT:
        if (c->n == 2)
            append(c, int_literal(rx, 1, p));
        break;
    case FST_FN_REGEXP_REPLACE:
        if (c->n == 3)
            append(c, int_literal(rx, 1, p));
        break;
    case FST_FN_FROM_UNIXTIME:
        if (c->n == 1)
            append(c, string_literal(rx, "yyyy-MM-dd HH:mm:ss", p));
        break;
    case FST_FN_MONTHS_BETWEEN:
        if (c->n == 2) {
            struct fst_expr *yes =
                make(rx, FST_EXPR_LITERAL, fst_type(FST_BOOLEAN), false, p, "true");
            yes->value.i = 1;
            append(c, yes);
        }
        break;
    case FST_FN_LOG:
        if (c->n == 1) {
            struct fst_expr *e = make(rx, FST_EXPR_LITERAL, fst_type(FST_DOUBLE), false, p, "E()");
            e->value.d = 2.718281828459045;
            c->args[1] = c->args[0];
            c->args[0] = e;
            c->n = 2;
        }
        break;
    default:
        break;
    }
}

static void *wrong_count(struct rx *rx, const struct sx *s, const struct fst_function *f, size_t n)
{
    char wants[32];
    if (f->max_args == 255)
        snprintf(wants, sizeof wants, f->id == FST_FN_COUNT ? " >= %d" : "> %d",
                 f->id == FST_FN_COUNT ? f->min_args : f->min_args - 1);
    else if (f->min_args == f->max_args)
        snprintf(wants, sizeof wants, "%d", f->min_args);
    else
        snprintf(wants, sizeof wants, "[%d, %d]", f->min_args, f->max_args);
    bool nowhere = f->id == FST_FN_COALESCE || f->id == FST_FN_GREATEST || f->id == FST_FN_LEAST;
    return rx_fail(rx, nowhere && f->max_args == 255 ? NULL : &s->place,
                   f->id == FST_FN_COUNT ? "WRONG_NUM_ARGS.WITH_SUGGESTION"
                                         : "WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
                   "42605", "The `%s` requires %s parameters but the actual number is %zu.",
                   f->name, wants, n);
}

struct fst_expr *call_function(struct rx *rx, const struct where *w, const struct sx *s,
                               const struct fst_function *f, struct fst_expr **args, size_t n)
{
    (void)w;
    bool words = s->flag && n == 2; /* trim(BOTH x FROM y) */
    if (!words && (n < f->min_args || n > f->max_args))
        return wrong_count(rx, s, f, n);
    struct call c = {.rx = rx, .f = f, .s = s, .n = n};
    c.args = fst_arena_alloc(rx->a, (n + 3) * sizeof *args);
    for (size_t i = 0; i < n; i++)
        c.args[i] = args[i];
    add_defaults(&c);
    const char *shown = strcmp(f->name, "dateadd") == 0   ? "date_add"
                        : strcmp(f->name, "curdate") == 0 ? "current_date"
                                                          : f->name;
    c.text = call_text(rx, shown, c.args, c.n, s->distinct);
    struct fst_expr *e = special(&c);
    if (e || rx->status != FST_OK)
        return e;
    if (!cast_arguments(&c))
        return NULL;
    if ((f->id == FST_FN_MIN || f->id == FST_FN_MAX) && !orderable(&c, 0))
        return NULL;
    if ((f->id == FST_FN_MIN_BY || f->id == FST_FN_MAX_BY) && !orderable(&c, 1))
        return NULL;
    struct fst_type type = c.n ? c.args[0]->type : fst_type(FST_VOID);
    if (f->gives[0] != '0' && fst_type_parse(rx->a, f->gives, &type, NULL) != FST_OK)
        return rx_refuse(rx, &s->place, "%s()", f->name);
    return finish(&c, type, nullable_of(&c, f->nulls));
}

/* ---- Timestamps by unit ------------------------------------------------------------------- */

static const char *unit_of(const struct sx *s)
{
    static const char *const units[] = {"MICROSECOND", "MILLISECOND", "SECOND",    "MINUTE",
                                        "HOUR",        "DAY",         "DAYOFYEAR", "WEEK",
                                        "MONTH",       "QUARTER",     "YEAR"};
    if (s->kind != SX_NAME || s->n_parts != 1)
        return NULL;
    for (size_t i = 0; i < FST_COUNT(units); i++)
        if (strcasecmp(s->parts[0], units[i]) == 0)
            return units[i];
    return NULL;
}

static bool is_unit_call(const struct sx *s, bool *adds)
{
    static const char *const adders[] = {"timestampadd", "dateadd", "date_add"},
                             *const differs[] = {"timestampdiff", "datediff", "date_diff",
                                                 "timediff"};
    if (s->n_kids != 3 || !unit_of(s->kids[0]))
        return false;
    for (size_t i = 0; i < FST_COUNT(adders); i++)
        if (strcasecmp(s->name, adders[i]) == 0)
            return *adds = true;
    for (size_t i = 0; i < FST_COUNT(differs); i++)
        if (strcasecmp(s->name, differs[i]) == 0)
            return !(*adds = false);
    return false;
}

static struct fst_expr *unit_call(struct rx *rx, const struct where *w, const struct sx *s,
                                  bool adds)
{
    struct fst_expr *args[3] = {string_literal(rx, unit_of(s->kids[0]), s->kids[0]->place)};
    for (size_t i = 1; i < 3; i++)
        if (!(args[i] = resolve_expr(rx, w, s->kids[i])))
            return NULL;
    const char *name = adds ? "timestampadd" : "timestampdiff";
    struct call c = {
        .rx = rx, .s = s, .args = args, .n = 3, .f = fst_sql_function(name, strlen(name))};
    c.text =
        text_of(rx, "%s(%s, %s, %s)", name, s->kids[0]->parts[0], args[1]->text, args[2]->text);
    args[1] = adds ? argument(&c, 1, 'l') : argument(&c, 1, 'T');
    args[2] = args[1] ? argument(&c, 2, adds ? 't' : 'T') : NULL;
    if (!args[2])
        return NULL;
    return finish(&c, adds ? args[2]->type : fst_type(FST_LONG),
                  args[1]->nullable || args[2]->nullable);
}

struct fst_expr *resolve_extract(struct rx *rx, const struct where *w, const struct sx *s)
{
    static const struct {
        const char *field, *function;
    } rows[] = {
        {"year", "year"},           {"years", "year"},    {"quarter", "quarter"},
        {"month", "month"},         {"months", "month"},  {"week", "weekofyear"},
        {"weeks", "weekofyear"},    {"day", "day"},       {"days", "day"},
        {"dayofweek", "dayofweek"}, {"dow", "dayofweek"}, {"doy", "dayofyear"},
        {"hour", "hour"},           {"hours", "hour"},    {"minute", "minute"},
        {"minutes", "minute"},
    };
    struct fst_expr *source = resolve_expr(rx, w, s->kids[0]);
    if (!source)
        return NULL;
    const char *text = text_of(rx, "extract(%s FROM %s)", s->name, source->text);
    if (is_interval(&source->type))
        return rx_refuse(rx, &s->place, "extract from an interval");
    for (size_t i = 0; i < FST_COUNT(rows); i++) {
        if (strcasecmp(s->name, rows[i].field) != 0)
            continue;
        const struct fst_function *f = fst_sql_function(rows[i].function, strlen(rows[i].function));
        struct fst_expr *e = call_function(rx, w, s, f, &source, 1);
        if (e)
            e->text = text;
        return e;
    }
    if (strcasecmp(s->name, "second") == 0 || strcasecmp(s->name, "seconds") == 0) {
        struct call c = {.rx = rx, .s = s, .args = &source, .n = 1, .text = text};
        c.f = operator_row(FST_FN_SECOND_FRACTION);
        source = argument(&c, 0, 't');
        return source ? finish(&c, fst_type_decimal(8, 6), source->nullable) : NULL;
    }
    static const char *const known[] = {
        "y",    "yr",         "yrs",           "qtr",    "mon", "mons", "w", "d",
        "h",    "hr",         "hrs",           "m",      "min", "mins", "s", "sec",
        "secs", "yearofweek", "dayofweek_iso", "dow_iso"};
    for (size_t i = 0; i < FST_COUNT(known); i++)
        if (strcasecmp(s->name, known[i]) == 0)
            return rx_refuse(rx, &s->place, "extract(%s)", s->name);
    return rx_fail(rx, &s->place, "INVALID_EXTRACT_FIELD", "42601",
                   "Cannot extract `%s` from \"%s\".", s->name, source->text);
}

/* ---- The call as written ------------------------------------------------------------------ */

/* Names of Spark that are not in the table: right, but not done here. */
static bool is_spark_function(const char *name)
{
    static const char *const names[] = {"acosh",
                                        "aggregate",
                                        "approx_count_distinct",
                                        "approx_percentile",
                                        "array",
                                        "array_agg",
                                        "array_append",
                                        "array_compact",
                                        "array_contains",
                                        "array_distinct",
                                        "array_except",
                                        "array_insert",
                                        "array_intersect",
                                        "array_join",
                                        "array_max",
                                        "array_min",
                                        "array_position",
                                        "array_prepend",
                                        "array_remove",
                                        "array_repeat",
                                        "array_size",
                                        "array_sort",
                                        "array_union",
                                        "arrays_overlap",
                                        "arrays_zip",
                                        "asinh",
                                        "assert_true",
                                        "atanh",
                                        "bin",
                                        "bit_and",
                                        "bit_count",
                                        "bit_get",
                                        "bit_length",
                                        "bit_or",
                                        "bit_xor",
                                        "bitmap_count",
                                        "btrim",
                                        "cardinality",
                                        "charindex",
                                        "collate",
                                        "collation",
                                        "collect_list",
                                        "collect_set",
                                        "conv",
                                        "convert_timezone",
                                        "cosh",
                                        "cot",
                                        "count_min_sketch",
                                        "csc",
                                        "current_catalog",
                                        "current_database",
                                        "current_schema",
                                        "current_time",
                                        "current_timezone",
                                        "current_user",
                                        "date_part",
                                        "datepart",
                                        "days",
                                        "decode",
                                        "element_at",
                                        "elt",
                                        "encode",
                                        "equal_null",
                                        "exists",
                                        "explode",
                                        "explode_outer",
                                        "factorial",
                                        "filter",
                                        "find_in_set",
                                        "flatten",
                                        "forall",
                                        "format_number",
                                        "format_string",
                                        "from_csv",
                                        "from_json",
                                        "from_utc_timestamp",
                                        "from_xml",
                                        "get",
                                        "get_json_object",
                                        "getbit",
                                        "grouping",
                                        "grouping_id",
                                        "hash",
                                        "histogram_numeric",
                                        "hll_sketch_agg",
                                        "hypot",
                                        "ilike",
                                        "inline",
                                        "inline_outer",
                                        "input_file_name",
                                        "is_valid_utf8",
                                        "json_array_length",
                                        "json_object_keys",
                                        "json_tuple",
                                        "kurtosis",
                                        "like",
                                        "listagg",
                                        "localtimestamp",
                                        "luhn_check",
                                        "make_dt_interval",
                                        "make_interval",
                                        "make_timestamp",
                                        "make_timestamp_ltz",
                                        "make_timestamp_ntz",
                                        "make_ym_interval",
                                        "map",
                                        "map_concat",
                                        "map_contains_key",
                                        "map_entries",
                                        "map_filter",
                                        "map_from_arrays",
                                        "map_from_entries",
                                        "map_keys",
                                        "map_values",
                                        "map_zip_with",
                                        "mask",
                                        "mode",
                                        "monotonically_increasing_id",
                                        "named_struct",
                                        "not",
                                        "nullifzero",
                                        "overlay",
                                        "parse_json",
                                        "parse_url",
                                        "percentile",
                                        "percentile_approx",
                                        "percentile_cont",
                                        "percentile_disc",
                                        "posexplode",
                                        "posexplode_outer",
                                        "printf",
                                        "quote",
                                        "raise_error",
                                        "rand",
                                        "randn",
                                        "random",
                                        "randstr",
                                        "range",
                                        "reduce",
                                        "regexp",
                                        "regexp_count",
                                        "regexp_extract_all",
                                        "regexp_instr",
                                        "regexp_substr",
                                        "regr_avgx",
                                        "regr_avgy",
                                        "regr_count",
                                        "regr_intercept",
                                        "regr_r2",
                                        "regr_slope",
                                        "regr_sxx",
                                        "regr_sxy",
                                        "regr_syy",
                                        "rint",
                                        "rlike",
                                        "schema_of_csv",
                                        "schema_of_json",
                                        "sec",
                                        "sentences",
                                        "sequence",
                                        "session_user",
                                        "session_window",
                                        "shiftleft",
                                        "shiftright",
                                        "shiftrightunsigned",
                                        "shuffle",
                                        "sinh",
                                        "size",
                                        "skewness",
                                        "slice",
                                        "sort_array",
                                        "soundex",
                                        "spark_partition_id",
                                        "split",
                                        "stack",
                                        "str_to_map",
                                        "string_agg",
                                        "struct",
                                        "tanh",
                                        "time",
                                        "timediff",
                                        "timestampadd",
                                        "timestampdiff",
                                        "to_binary",
                                        "to_char",
                                        "to_csv",
                                        "to_json",
                                        "to_number",
                                        "to_time",
                                        "to_timestamp_ltz",
                                        "to_timestamp_ntz",
                                        "to_unix_timestamp",
                                        "to_utc_timestamp",
                                        "to_varchar",
                                        "to_xml",
                                        "transform",
                                        "transform_keys",
                                        "transform_values",
                                        "try_add",
                                        "try_aes_decrypt",
                                        "try_avg",
                                        "try_divide",
                                        "try_element_at",
                                        "try_mod",
                                        "try_multiply",
                                        "try_parse_json",
                                        "try_reflect",
                                        "try_subtract",
                                        "try_sum",
                                        "try_to_binary",
                                        "try_to_date",
                                        "try_to_number",
                                        "try_to_timestamp",
                                        "try_url_decode",
                                        "try_variant_get",
                                        "typeof",
                                        "uniform",
                                        "url_decode",
                                        "url_encode",
                                        "user",
                                        "uuid",
                                        "variant_get",
                                        "version",
                                        "width_bucket",
                                        "window",
                                        "window_time",
                                        "xpath",
                                        "xpath_string",
                                        "xxhash64",
                                        "zeroifnull",
                                        "zip_with"};
    for (size_t i = 0; i < FST_COUNT(names); i++)
        if (strcasecmp(name, names[i]) == 0)
            return true;
    return false;
}

static void *unknown_function(struct rx *rx, const struct sx *s)
{
    if (is_spark_function(s->name) || strncmp(s->name, "st_", 3) == 0)
        return rx_refuse(rx, &s->place, "function %s", s->name);
    return rx_fail(rx, &s->place, "UNRESOLVED_ROUTINE", "42883",
                   "Cannot resolve routine `%s` on search path [`system`.`builtin`, "
                   "`system`.`session`, `spark_catalog`.`default`].",
                   s->name);
}

/* Arguments with stars spread out; count(*) keeps none. */
static struct fst_expr **arguments(struct rx *rx, const struct where *w, const struct sx *s,
                                   const struct fst_function *f, size_t *n)
{
    struct where inner = *w;
    if (f->kind == FST_FN_AGGREGATE && !s->over)
        inner.in_aggregate = true;
    if (s->over)
        inner.in_window = true;
    struct fst_expr **out = NULL;
    size_t cap = 0;
    *n = 0;
    rx_grow(rx, &out, &cap, 0, s->n_kids + 1, sizeof *out);
    for (size_t i = 0; i < s->n_kids && rx->status == FST_OK; i++) {
        struct fst_expr *one, **many = &one;
        size_t count = 1;
        if (s->kids[i]->kind == SX_STAR)
            expand_star(rx, &inner, s->kids[i], &many, &count);
        else
            one = resolve_expr(rx, &inner, s->kids[i]);
        rx_grow(rx, &out, &cap, *n, *n + count + 1, sizeof *out);
        for (size_t k = 0; k < count; k++)
            out[(*n)++] = many[k];
    }
    return rx->status == FST_OK ? out : NULL;
}

static bool counts_rows(const struct sx *s, const struct fst_function *f)
{
    return f->id == FST_FN_COUNT && s->n_kids == 1 && s->kids[0]->kind == SX_STAR &&
           s->kids[0]->n_parts == 0 && s->kids[0]->n_kids == 0 && !s->distinct;
}

static struct fst_expr *checked_filter(struct rx *rx, const struct where *w, const struct sx *s)
{
    struct where inner = *w;
    inner.in_aggregate = true;
    struct fst_expr *filter = resolve_expr(rx, &inner, s->filter);
    if (!filter)
        return NULL;
    if (filter->type.kind != FST_BOOLEAN)
        return rx_fail(rx, &s->place, "INVALID_AGGREGATE_FILTER.NOT_BOOLEAN", "42903",
                       "The FILTER expression \"%s\" in an aggregate function is invalid. Expected "
                       "a FILTER expression of the BOOLEAN type.",
                       filter->text);
    if (has_aggregate_call(filter) || has_window(filter))
        return rx_refuse(rx, &s->filter->place, "an aggregate or a window in FILTER");
    return filter;
}

/* DISTINCT, FILTER and IGNORE NULLS of an aggregate. */
static struct fst_expr *dress(struct rx *rx, const struct where *w, const struct sx *s,
                              struct fst_expr *e)
{
    if (!e->call)
        e->call = fst_arena_alloc(rx->a, sizeof *e->call);
    e->call->distinct = s->distinct;
    if (s->distinct &&
        (e->fn->id == FST_FN_FIRST || e->fn->id == FST_FN_LAST || e->fn->id == FST_FN_MEDIAN ||
         e->fn->id == FST_FN_MIN_BY || e->fn->id == FST_FN_MAX_BY))
        return rx_refuse(rx, &s->place, "%s(DISTINCT)", e->fn->name);
    if (s->filter) {
        e->call->filter = checked_filter(rx, w, s);
        if (!e->call->filter)
            return NULL;
        e->text = text_of(rx, "%s FILTER (WHERE %s)", e->text, e->call->filter->text);
    }
    return e;
}

static void *bad_syntax(struct rx *rx, const struct sx *s, const char *what)
{
    return rx_fail(rx, &s->place, "INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX", "42000",
                   "Invalid SQL syntax: The function `%s` does not support %s.", s->name, what);
}

static struct fst_expr *scalar_call(struct rx *rx, const struct where *w, const struct sx *s,
                                    const struct fst_function *f)
{
    size_t n;
    if (s->distinct)
        return bad_syntax(rx, s, "DISTINCT");
    if (s->filter)
        return bad_syntax(rx, s, "FILTER CLAUSE");
    if (s->nulls_given)
        return bad_syntax(rx, s, s->ignore_nulls ? "IGNORE NULLS" : "RESPECT NULLS");
    struct fst_expr **args = arguments(rx, w, s, f, &n);
    struct fst_expr *e = args ? call_function(rx, w, s, f, args, n) : NULL;
    if (e && s->over)
        return rx_fail(rx, &s->place, "UNSUPPORTED_EXPR_FOR_WINDOW", "42P20",
                       "Expression \"%s\" not supported within a window function.", e->text);
    return e;
}

static bool check_nesting(struct rx *rx, const struct where *w, const struct sx *s,
                          struct fst_expr **args, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (has_window(args[i]))
            rx_refuse(rx, &args[i]->place, "a window inside an aggregate or a window");
        if (has_aggregate_call(args[i]) && !s->over)
            rx_fail(rx, &args[i]->place, "NESTED_AGGREGATE_FUNCTION", "42607",
                    "It is not allowed to use an aggregate function in the argument of another "
                    "aggregate function. Please use the inner aggregate function in a sub-query.");
    }
    (void)w;
    return rx->status == FST_OK;
}

static struct fst_expr *aggregate_call(struct rx *rx, const struct where *w, const struct sx *s,
                                       const struct fst_function *f)
{
    struct fst_expr **args = NULL;
    size_t n = 0;
    if (s->ignore_nulls && f->id != FST_FN_FIRST && f->id != FST_FN_LAST)
        return rx_refuse(rx, &s->place, "%s with IGNORE NULLS", f->name);
    if (f->id == FST_FN_COUNT && s->n_kids == 1 && s->kids[0]->kind == SX_STAR &&
        s->kids[0]->n_parts && !s->distinct)
        return rx_fail(rx, NULL, "INVALID_USAGE_OF_STAR_WITH_TABLE_IDENTIFIER_IN_COUNT", "42000",
                       "count(%s.*) is not allowed. Use count(*) or expand the columns manually.",
                       s->kids[0]->parts[0]);
    if (counts_rows(s, f)) {
        n = 1;
        args = fst_arena_alloc(rx->a, 2 * sizeof *args);
        args[0] = int_literal(rx, 1, s->place);
    } else if (!(args = arguments(rx, w, s, f, &n))) {
        return NULL;
    }
    if (!check_nesting(rx, w, s, args, n))
        return NULL;
    struct fst_expr *e = call_function(rx, w, s, f, args, n);
    if (e && e->kind != FST_EXPR_AGGREGATE)
        return rx_refuse(rx, &s->place, "%s here", f->name);
    if (e && e->fn->id == FST_FN_COUNT && e->n_args == 0) {
        static const struct fst_function all = {
            "count", FST_FN_COUNT_ALL, FST_FN_AGGREGATE, 0, 0, "", "bigint",
            'n',     "count(*)",       "number of rows"};
        e->fn = &all;
    }
    if (e && s->nulls_given && s->ignore_nulls && strcmp(f->name, "any_value") != 0)
        e->text = text_of(rx, "%s(%s)", f->id == FST_FN_FIRST ? "first" : "last", args[0]->text);
    e = e ? dress(rx, w, s, e) : NULL;
    return e && s->over ? window_call(rx, w, s, e) : e;
}

struct fst_expr *resolve_call(struct rx *rx, const struct where *w, const struct sx *s)
{
    bool adds;
    if (is_unit_call(s, &adds))
        return unit_call(rx, w, s, adds);
    const struct fst_function *f = fst_sql_function(s->name, strlen(s->name));
    if (!f || f->id == FST_FN_TIMESTAMP_ADD || f->id == FST_FN_TIMESTAMP_DIFF)
        return f ? rx_fail(rx, &s->place, "UNRESOLVED_ROUTINE", "42883",
                           "Cannot resolve routine `%s`.", s->name)
                 : unknown_function(rx, s);
    if ((f->id == FST_FN_TRIM || f->id == FST_FN_LTRIM || f->id == FST_FN_RTRIM) &&
        s->n_kids == 2 && !s->flag)
        return rx_refuse(rx, &s->place, "%s with two arguments: write trim(BOTH x FROM y)",
                         f->name);
    if (f->kind == FST_FN_AGGREGATE)
        return aggregate_call(rx, w, s, f);
    if (f->kind == FST_FN_WINDOW)
        return window_call(rx, w, s, NULL);
    return scalar_call(rx, w, s, f);
}

/* ---- What is below an expression ---------------------------------------------------------- */

static bool has_kind(const struct fst_expr *e, enum fst_expr_kind kind)
{
    if (e->kind == kind)
        return true;
    for (size_t i = 0; i < e->n_args; i++)
        if (has_kind(e->args[i], kind))
            return true;
    if (!e->call)
        return false;
    for (size_t i = 0; i < e->call->n_partition; i++)
        if (has_kind(e->call->partition[i], kind))
            return true;
    for (size_t i = 0; i < e->call->n_order; i++)
        if (has_kind(e->call->order[i].expr, kind))
            return true;
    return e->call->filter && has_kind(e->call->filter, kind);
}

bool has_window(const struct fst_expr *e)
{
    return has_kind(e, FST_EXPR_WINDOW);
}

bool has_aggregate_call(const struct fst_expr *e)
{
    return has_kind(e, FST_EXPR_AGGREGATE);
}

bool has_aggregate(const struct sx *s)
{
    if (s->kind == SX_CALL && !s->over) {
        const struct fst_function *f = fst_sql_function(s->name, strlen(s->name));
        if (f && f->kind == FST_FN_AGGREGATE)
            return true;
    }
    for (size_t i = 0; i < s->n_kids; i++)
        if (has_aggregate(s->kids[i]))
            return true;
    for (size_t i = 0; s->over && i < s->over->n_partition; i++)
        if (has_aggregate(s->over->partition[i]))
            return true;
    for (size_t i = 0; s->over && i < s->over->n_order; i++)
        if (has_aggregate(s->over->order[i].expr))
            return true;
    return s->filter && has_aggregate(s->filter);
}

bool has_over(const struct sx *s)
{
    if (s->kind == SX_CALL && s->over)
        return true;
    for (size_t i = 0; i < s->n_kids; i++)
        if (has_over(s->kids[i]))
            return true;
    return s->filter && has_over(s->filter);
}
