/* Operators: which types meet, what is cast, what comes out. After BinaryArithmetic,
 * DecimalPrecision and AnsiTypeCoercion of Spark 4, with date arithmetic rewritten as Spark does
 * it. */
#include "resolve.h"

#include <stdlib.h>
#include <string.h>

static enum fst_fn op_id(const char *op)
{
    for (size_t i = 0; i < fst_sql_n_functions; i++)
        if (fst_sql_functions[i].kind == FST_FN_OPERATOR &&
            strcmp(fst_sql_functions[i].name, op) == 0)
            return fst_sql_functions[i].id;
    return FST_FN_NONE;
}

static void *diff_types(struct rx *rx, struct fst_expr *a, struct fst_expr *b,
                        struct fst_sql_place place, const char *text)
{
    bool odd_a = fst_type_is_nested(&a->type) || is_interval(&a->type),
         odd_b = fst_type_is_nested(&b->type) || is_interval(&b->type);
    if (odd_a || odd_b)
        return rx_refuse(rx, &place, "this operator on %s and %s", type_sql(rx, &a->type),
                         type_sql(rx, &b->type));
    if (fst_type_eq(&a->type, &b->type))
        return rx_fail(rx, &place, "DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE", "42K09",
                       "Cannot resolve \"%s\" due to data type mismatch: the binary operator does "
                       "not take the type \"%s\".",
                       text, type_sql(rx, &a->type));
    return rx_fail(rx, &place, "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES", "42K09",
                   "Cannot resolve \"%s\" due to data type mismatch: the left and right operands "
                   "of the binary operator have incompatible types (\"%s\" and \"%s\").",
                   text, type_sql(rx, &a->type), type_sql(rx, &b->type));
}

/* ---- Decimals -------------------------------------------------------------------------------- */

static int count_digits(int64_t v)
{
    int n = 1;
    while ((v /= 10) != 0)
        n++;
    return n;
}

/* The decimal that an operand counts as: a whole literal is as wide as it is written, but for
 * tinyints, which Spark leaves as wide as their type. */
static struct fst_type operand_decimal(const struct fst_expr *e)
{
    if (e->kind == FST_EXPR_LITERAL && is_integral(&e->type) && e->type.kind != FST_BYTE &&
        !e->value.is_null)
        return fst_type_decimal(count_digits(e->value.i), 0);
    return decimal_of(&e->type);
}

static struct fst_type adjusted(int precision, int scale)
{
    if (precision <= 38)
        return fst_type_decimal(precision, scale);
    int whole = precision - scale, least = scale < 6 ? scale : 6;
    int fits = 38 - whole > least ? 38 - whole : least;
    return fst_type_decimal(38, fits);
}

static int max(int a, int b)
{
    return a > b ? a : b;
}

static struct fst_type decimal_result(enum fst_fn id, struct fst_type a, struct fst_type b)
{
    int p1 = a.precision, s1 = a.scale, p2 = b.precision, s2 = b.scale, scale = max(s1, s2);
    switch (id) {
    case FST_FN_MULTIPLY:
        return adjusted(p1 + p2 + 1, s1 + s2);
    case FST_FN_DIVIDE:
        scale = max(6, s1 + p2 + 1);
        return adjusted(p1 - s1 + s2 + scale, scale);
    case FST_FN_MOD:
    case FST_FN_PMOD: {
        int whole = p1 - s1 < p2 - s2 ? p1 - s1 : p2 - s2;
        return adjusted(whole + scale, scale);
    }
    default:
        return adjusted(max(p1 - s1, p2 - s2) + scale + 1, scale);
    }
}

static bool may_be_null(enum fst_fn id)
{
    return id == FST_FN_DIVIDE || id == FST_FN_DIV || id == FST_FN_MOD || id == FST_FN_PMOD;
}

static struct fst_expr *decimal_arithmetic(struct rx *rx, enum fst_fn id, struct fst_expr *a,
                                           struct fst_expr *b, struct fst_sql_place place,
                                           const char *text)
{
    struct fst_type ta = operand_decimal(a), tb = operand_decimal(b);
    struct fst_type result = id == FST_FN_DIV ? fst_type(FST_LONG) : decimal_result(id, ta, tb);
    a = coerce(rx, a, &ta);
    b = coerce(rx, b, &tb);
    return operator_call(rx, id, result, a->nullable || b->nullable || may_be_null(id), a, b, place,
                         text);
}

/* ---- Numbers --------------------------------------------------------------------------------- */

static bool is_floating(const struct fst_type *t)
{
    return t->kind == FST_FLOAT || t->kind == FST_DOUBLE;
}

/* A string beside a number: bigint beside whole numbers, double beside the rest. */
static struct fst_expr *string_as_number(struct rx *rx, struct fst_expr *e,
                                         const struct fst_expr *other)
{
    struct fst_type to = fst_type(is_integral(&other->type) ? FST_LONG : FST_DOUBLE);
    return e->type.kind == FST_STRING ? coerce(rx, e, &to) : e;
}

static struct fst_expr *numeric(struct rx *rx, enum fst_fn id, struct fst_expr *a,
                                struct fst_expr *b, struct fst_sql_place place, const char *text)
{
    bool fraction = is_floating(&a->type) || is_floating(&b->type);
    bool decimal = a->type.kind == FST_DECIMAL || b->type.kind == FST_DECIMAL;
    bool bits = id == FST_FN_BIT_AND || id == FST_FN_BIT_OR || id == FST_FN_BIT_XOR;
    if ((id == FST_FN_DIV && fraction) || (bits && (fraction || decimal)))
        return diff_types(rx, a, b, place, text);
    if (decimal && !fraction)
        return decimal_arithmetic(rx, id, a, b, place, text);
    struct fst_type type;
    common_type(&a->type, &b->type, false, &type);
    if (id == FST_FN_DIVIDE)
        type = fst_type(FST_DOUBLE);
    if (id == FST_FN_DIV)
        type = fst_type(FST_LONG);
    a = coerce(rx, a, &type);
    b = coerce(rx, b, &type);
    return operator_call(rx, id, type, a->nullable || b->nullable || may_be_null(id), a, b, place,
                         text);
}

/* ---- Dates ----------------------------------------------------------------------------------- */

static bool is_clock(const struct fst_type *t)
{
    return t->kind == FST_TIMESTAMP || t->kind == FST_TIMESTAMP_NTZ;
}

static bool is_whole_days(const struct fst_type *t)
{
    return t->kind == FST_INTERVAL_DT && fst_interval_to(t) == 0;
}

/* -v, computed here where it is a literal; its text stays. */
static struct fst_expr *negated_interval(struct rx *rx, struct fst_expr *v)
{
    if (v->kind != FST_EXPR_LITERAL)
        return operator_call(rx, FST_FN_NEGATE, v->type, v->nullable, v, NULL, v->place, v->text);
    struct fst_expr *copy = fst_arena_alloc(rx->a, sizeof *copy);
    *copy = *v;
    copy->value.i = -v->value.i;
    return copy;
}

static struct fst_expr *date_plus_days(struct rx *rx, struct fst_expr *date, struct fst_expr *days,
                                       bool minus, struct fst_sql_place place)
{
    const char *function = minus ? "date_sub" : "date_add";
    const char *text = text_of(rx, "%s(%s, %s)", function, date->text, days->text);
    struct fst_type whole = fst_type(FST_INT);
    if (days->type.kind != FST_INT && days->type.kind != FST_SHORT && days->type.kind != FST_BYTE)
        return rx_fail(rx, &place, "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", "42K09",
                       "Cannot resolve \"%s\" due to data type mismatch: The second parameter "
                       "requires the (\"INT\" or \"SMALLINT\" or \"TINYINT\") type, however \"%s\" "
                       "has the type \"%s\".",
                       text, days->text, type_sql(rx, &days->type));
    struct fst_expr *e =
        operator_call(rx, FST_FN_NONE, fst_type(FST_DATE), date->nullable || days->nullable, date,
                      coerce(rx, days, &whole), place, text);
    e->fn = fst_sql_function(function, 8);
    return e;
}

/* date_add(date, extractansiintervaldays(interval)) */
static struct fst_expr *date_plus_whole_days(struct rx *rx, struct fst_expr *date,
                                             struct fst_expr *v, bool minus,
                                             struct fst_sql_place place)
{
    int64_t sign = minus ? -1 : 1, days = v->value.i / 86400000000;
    struct fst_type whole = fst_type(FST_INT);
    struct fst_expr *n;
    if (v->kind == FST_EXPR_LITERAL)
        n = int_literal(rx, sign * days, v->place);
    else
        n = interval_field(rx, v, "DAY", whole, v->place, v->text);
    if (v->kind != FST_EXPR_LITERAL && minus)
        n = operator_call(rx, FST_FN_NEGATE, whole, n->nullable, n, NULL, v->place, v->text);
    if (llabs(days) > INT32_MAX)
        return rx_refuse(rx, &place, "so many days");
    struct fst_expr *e = date_plus_days(rx, date, n, false, place);
    e->text = text_of(rx,
                      minus ? "date_add(%s, (- extractansiintervaldays(%s)))"
                            : "date_add(%s, extractansiintervaldays(%s))",
                      date->text, v->text);
    return e;
}

static struct fst_expr *date_plus_interval(struct rx *rx, struct fst_expr *date, struct fst_expr *v,
                                           bool minus, struct fst_sql_place place)
{
    const char *text = text_of(rx, "%s %c %s", date->text, minus ? '-' : '+', v->text);
    if (v->kind == FST_EXPR_LITERAL && v->value.i == INT64_MIN)
        return rx_refuse(rx, &place, "so large an interval");
    if (date->type.kind == FST_DATE && is_whole_days(&v->type))
        return date_plus_whole_days(rx, date, v, minus, place);
    bool months = v->type.kind == FST_INTERVAL_YM;
    struct fst_type clock = fst_type(FST_TIMESTAMP);
    if (date->type.kind == FST_DATE && !months)
        date = coerce(rx, date, &clock);
    enum fst_fn id = date->type.kind == FST_DATE ? FST_FN_DATE_ADD_YM
                     : months                    ? FST_FN_TIMESTAMP_ADD_YM
                                                 : FST_FN_TIMESTAMP_ADD_DT;
    return operator_call(rx, id, date->type, date->nullable || v->nullable, date,
                         minus ? negated_interval(rx, v) : v, place, text);
}

static struct fst_expr *date_minus_date(struct rx *rx, struct fst_expr *a, struct fst_expr *b,
                                        struct fst_sql_place place, const char *text)
{
    struct fst_type type = fst_type(FST_DATE);
    bool days = !is_clock(&a->type) && !is_clock(&b->type);
    if (!days && common_type(&a->type, &b->type, true, &type) != COMMON_FOUND)
        return diff_types(rx, a, b, place, text);
    a = coerce(rx, a, &type);
    b = coerce(rx, b, &type);
    return operator_call(rx, days ? FST_FN_DATE_MINUS_DATE : FST_FN_TIMESTAMP_MINUS,
                         days ? fst_type_interval(FST_INTERVAL_DT, 0, 0)
                              : fst_type(FST_INTERVAL_DT),
                         a->nullable || b->nullable, a, b, place, text);
}

static bool is_date_like(const struct fst_type *t)
{
    return t->kind == FST_DATE || is_clock(t);
}

/* + and - with a date or a timestamp on a side; NULL without failure when it is none of that. */
static struct fst_expr *date_arithmetic(struct rx *rx, enum fst_fn id, struct fst_expr *a,
                                        struct fst_expr *b, struct fst_sql_place place,
                                        const char *text)
{
    bool minus = id == FST_FN_SUBTRACT;
    if (id != FST_FN_ADD && !minus)
        return NULL;
    if (!minus && is_date_like(&b->type) && !is_date_like(&a->type)) {
        struct fst_expr *swap = a;
        a = b;
        b = swap;
    }
    if (minus && a->type.kind == FST_STRING && is_date_like(&b->type))
        return date_minus_date(rx, a, b, place, text);
    if (!is_date_like(&a->type))
        return NULL;
    if (b->type.kind == FST_VOID)
        return rx_refuse(rx, &place, "a date with NULL");
    if (is_interval(&b->type))
        return date_plus_interval(rx, a, b, minus, place);
    if (minus && (is_date_like(&b->type) || b->type.kind == FST_STRING))
        return date_minus_date(rx, a, b, place, text);
    if (a->type.kind == FST_DATE &&
        (is_numeric(&b->type) || b->type.kind == FST_STRING || b->type.kind == FST_DATE))
        return date_plus_days(rx, a, b, minus, place);
    return NULL;
}

/* ---- All arithmetic -------------------------------------------------------------------------- */

static struct fst_expr *arithmetic(struct rx *rx, enum fst_fn id, struct fst_expr *a,
                                   struct fst_expr *b, struct fst_sql_place place, const char *text)
{
    struct fst_expr *e = date_arithmetic(rx, id, a, b, place, text);
    if (!e && rx->status == FST_OK)
        e = interval_arithmetic(rx, id, a, b, place, text);
    if (e || rx->status != FST_OK)
        return e;
    if (a->type.kind == FST_VOID && b->type.kind == FST_VOID)
        return rx_refuse(rx, &place, "arithmetic of NULL and NULL");
    if (a->type.kind == FST_VOID)
        a = coerce(rx, a, &b->type);
    if (b->type.kind == FST_VOID)
        b = coerce(rx, b, &a->type);
    bool one_string = (a->type.kind == FST_STRING) != (b->type.kind == FST_STRING);
    if (one_string && (is_numeric(&a->type) || is_numeric(&b->type))) {
        struct fst_expr *was = a;
        a = string_as_number(rx, a, b);
        b = string_as_number(rx, b, was);
        if (a->type.kind == FST_DOUBLE || b->type.kind == FST_DOUBLE) {
            struct fst_type real = fst_type(FST_DOUBLE);
            a = coerce(rx, a, &real);
            b = coerce(rx, b, &real);
        }
    }
    if (!is_numeric(&a->type) || !is_numeric(&b->type))
        return diff_types(rx, a, b, place, text);
    return numeric(rx, id, a, b, place, text);
}

/* ---- Comparison ------------------------------------------------------------------------------ */

/* Spark compares a whole number with a decimal literal by the literal's floor or ceiling: the same
 * truth, another name. NULL for an end that no bigint reaches. */
static const char *whole_side(struct rx *rx, const struct fst_expr *e, bool up)
{
    __int128 scale = 1;
    for (int i = 0; i < e->type.scale; i++)
        scale *= 10;
    __int128 v = e->value.decimal / scale, rest = e->value.decimal % scale;
    if (rest > 0 && up)
        v++;
    if (rest < 0 && !up)
        v--;
    if (v > INT64_MAX || v < INT64_MIN)
        return NULL;
    return text_of(rx, "%lld", (long long)v);
}

static bool is_decimal_literal(const struct fst_expr *e)
{
    return e->kind == FST_EXPR_LITERAL && e->type.kind == FST_DECIMAL && !e->value.is_null;
}

static const char *comparison_text(struct rx *rx, enum fst_fn id, const struct fst_expr *a,
                                   const struct fst_expr *b)
{
    const char *left = a->text, *right = b->text;
    bool less = id == FST_FN_LT || id == FST_FN_GE, more = id == FST_FN_GT || id == FST_FN_LE;
    if ((less || more) && is_integral(&a->type) && is_decimal_literal(b))
        right = whole_side(rx, b, less);
    else if ((less || more) && is_integral(&b->type) && is_decimal_literal(a))
        left = whole_side(rx, a, more);
    return left && right ? text_of(rx, "(%s %s %s)", left, operator_row(id)->name, right) : NULL;
}

struct fst_expr *comparison(struct rx *rx, enum fst_fn id, struct fst_expr *a, struct fst_expr *b,
                            struct fst_sql_place place)
{
    const char *text = comparison_text(rx, id, a, b);
    if (!text)
        return rx_refuse(rx, &place, "a whole number compared with so large a decimal");
    struct fst_type ta = a->type, tb = b->type, type;
    if (is_numeric(&ta) && is_numeric(&tb) && (ta.kind == FST_DECIMAL || tb.kind == FST_DECIMAL)) {
        ta = operand_decimal(a);
        tb = operand_decimal(b);
    }
    bool nested = fst_type_is_nested(&ta) || fst_type_is_nested(&tb);
    if ((nested && (!fst_type_eq(&ta, &tb) || !fst_sql_is_nested_key(&ta))) ||
        ta.kind == FST_VARIANT)
        return rx_refuse(rx, &place, "comparing %s", type_sql(rx, &ta));
    switch (common_type(&ta, &tb, true, &type)) {
    case COMMON_NONE:
        return diff_types(rx, a, b, place, text);
    case COMMON_UNSURE:
        return rx_refuse(rx, &place, "comparing %s with %s", type_sql(rx, &ta), type_sql(rx, &tb));
    case COMMON_FOUND:
        break;
    }
    a = coerce(rx, a, &type);
    b = coerce(rx, b, &type);
    bool nullable = id != FST_FN_EQ_NULL && (a->nullable || b->nullable);
    return operator_call(rx, id, fst_type(FST_BOOLEAN), nullable, a, b, place, text);
}

static struct fst_expr *negation(struct rx *rx, struct fst_expr *e, struct fst_sql_place place)
{
    struct fst_expr *out = make1(rx, FST_EXPR_NOT, fst_type(FST_BOOLEAN), e->nullable, e,
                                 text_of(rx, "(NOT %s)", e->text));
    out->place = place;
    return out;
}

static struct fst_expr *concatenation(struct rx *rx, struct fst_expr *a, struct fst_expr *b,
                                      struct fst_sql_place place)
{
    struct fst_type string = fst_type(FST_STRING);
    struct fst_expr *sides[] = {a, b};
    if (a->type.kind == FST_ARRAY && b->type.kind == FST_ARRAY)
        return concat_arrays(rx, a, b, place);
    for (size_t i = 0; i < 2; i++)
        if (sides[i]->type.kind == FST_BINARY || fst_type_is_nested(&sides[i]->type))
            return rx_refuse(rx, &place, "|| of %s", type_sql(rx, &sides[i]->type));
    struct fst_expr *e = operator_call(rx, FST_FN_CONCAT, string, a->nullable || b->nullable,
                                       coerce(rx, a, &string), coerce(rx, b, &string), place,
                                       text_of(rx, "concat(%s, %s)", a->text, b->text));
    e->fn = fst_sql_function("concat", 6);
    return e;
}

static struct fst_expr *shifted(struct rx *rx, const char *op, struct fst_expr *a,
                                struct fst_expr *b, struct fst_sql_place place)
{
    struct sx *s = fst_arena_alloc(rx->a, sizeof *s);
    struct fst_expr *args[] = {a, b};
    const char *name = op[0] == '<' ? "shiftleft" : op[2] ? "shiftrightunsigned" : "shiftright";
    s->place = place;
    struct fst_expr *e = call_function(rx, NULL, s, fst_sql_function(name, strlen(name)), args, 2);
    if (e)
        e->text = text_of(rx, "(%s %s %s)", a->text, op, b->text);
    return e;
}

struct fst_expr *binary(struct rx *rx, const char *op, struct fst_expr *a, struct fst_expr *b,
                        struct fst_sql_place place)
{
    if (strcmp(op, "||") == 0)
        return concatenation(rx, a, b, place);
    if (strcmp(op, "<>") == 0) {
        struct fst_expr *eq = comparison(rx, FST_FN_EQ, a, b, place);
        return eq ? negation(rx, eq, place) : NULL;
    }
    if (op[0] == op[1] && (op[0] == '<' || op[0] == '>'))
        return shifted(rx, op, a, b, place);
    enum fst_fn id = op_id(op);
    if (id == FST_FN_NONE)
        return rx_refuse(rx, &place, "operator %s", op);
    if (id >= FST_FN_EQ && id <= FST_FN_EQ_NULL)
        return comparison(rx, id, a, b, place);
    return arithmetic(rx, id, a, b, place, text_of(rx, "(%s %s %s)", a->text, op, b->text));
}
