/* Arithmetic with intervals on both sides, or on one: after BinaryArithmetic and
 * intervalExpressions of Spark 4. Dates and timestamps with intervals are in operators.c. */
#include "resolve.h"

#include <string.h>

static struct fst_type whole_range(const struct fst_type *t)
{
    return fst_type(t->kind);
}

struct fst_type interval_union(const struct fst_type *a, const struct fst_type *b)
{
    int from = fst_interval_from(a), to = fst_interval_to(a);
    if (fst_interval_from(b) < from)
        from = fst_interval_from(b);
    if (fst_interval_to(b) > to)
        to = fst_interval_to(b);
    return fst_type_interval(a->kind, from, to);
}

struct fst_expr *interval_field(struct rx *rx, struct fst_expr *e, const char *field,
                                struct fst_type type, struct fst_sql_place place, const char *text)
{
    return operator_call(rx, FST_FN_INTERVAL_FIELD, type, e->nullable, e,
                         string_literal(rx, field, place), place, text);
}

static struct fst_expr *sum_of(struct rx *rx, enum fst_fn id, struct fst_expr *a,
                               struct fst_expr *b, struct fst_sql_place place, const char *text)
{
    if (a->type.kind == FST_VOID)
        a = coerce(rx, a, &b->type);
    if (b->type.kind == FST_VOID)
        b = coerce(rx, b, &a->type);
    if (a->type.kind != b->type.kind)
        return rx_refuse(rx, &place, "%s and %s together", type_sql(rx, &a->type),
                         type_sql(rx, &b->type));
    struct fst_type type = interval_union(&a->type, &b->type);
    a = coerce(rx, a, &type);
    b = coerce(rx, b, &type);
    return operator_call(rx, id, type, a->nullable || b->nullable, a, b, place, text);
}

/* A whole number, a double or, to multiply by, a decimal that 34 digits hold. */
static struct fst_expr *factor(struct rx *rx, struct fst_expr *n, bool divides)
{
    struct fst_type whole = fst_type(FST_LONG), real = fst_type(FST_DOUBLE);
    if (is_integral(&n->type))
        return coerce(rx, n, &whole);
    if (n->type.kind == FST_DOUBLE || n->type.kind == FST_FLOAT)
        return coerce(rx, n, &real);
    if (n->type.kind == FST_DECIMAL && n->type.precision <= 15 && !divides)
        return n;
    return NULL;
}

static struct fst_expr *scaled(struct rx *rx, enum fst_fn id, struct fst_expr *v,
                               struct fst_expr *n, struct fst_sql_place place)
{
    bool divides = id == FST_FN_DIVIDE;
    const char *text = text_of(rx, "(%s %c %s)", v->text, divides ? '/' : '*', n->text);
    struct fst_expr *by = factor(rx, n, divides);
    if (!by)
        return rx_refuse(rx, &place, "an interval %s %s", divides ? "divided by" : "times",
                         type_sql(rx, &n->type));
    struct fst_expr *e =
        operator_call(rx, divides ? FST_FN_INTERVAL_BY : FST_FN_INTERVAL_TIMES,
                      whole_range(&v->type), v->nullable || by->nullable, v, by, place, text);
    if (e && by->type.kind == FST_DECIMAL) {
        struct fst_expr *args[] = {v, by, int_literal(rx, by->type.scale, place)};
        set_args(rx, e, args, 3);
    }
    return e;
}

struct fst_expr *interval_arithmetic(struct rx *rx, enum fst_fn id, struct fst_expr *a,
                                     struct fst_expr *b, struct fst_sql_place place,
                                     const char *text)
{
    bool first = is_interval(&a->type), second = is_interval(&b->type);
    bool nulls = a->type.kind == FST_VOID || b->type.kind == FST_VOID;
    if (!first && !second)
        return NULL;
    if ((id == FST_FN_ADD || id == FST_FN_SUBTRACT) && ((first && second) || nulls))
        return sum_of(rx, id, a, b, place, text);
    if (id == FST_FN_MULTIPLY && first != second)
        return scaled(rx, id, first ? a : b, first ? b : a, place);
    if (id == FST_FN_DIVIDE && first && !second)
        return scaled(rx, id, a, b, place);
    return NULL;
}

/* ---- Fields ---------------------------------------------------------------------------------- */

/* extract(field FROM interval); the field has to be one that the type has. */
struct fst_expr *interval_extract(struct rx *rx, struct fst_expr *source, const char *field,
                                  struct fst_sql_place place, const char *text)
{
    static const struct {
        const char *names, *word;
        enum fst_kind kind, gives;
        int field;
    } rows[] = {
        {" YEAR Y YEARS YR YRS ", "YEAR", FST_INTERVAL_YM, FST_INT, 0},
        {" MONTH MON MONS MONTHS ", "MONTH", FST_INTERVAL_YM, FST_BYTE, 1},
        {" DAY D DAYS ", "DAY", FST_INTERVAL_DT, FST_INT, 0},
        {" HOUR H HOURS HR HRS ", "HOUR", FST_INTERVAL_DT, FST_BYTE, 1},
        {" MINUTE M MIN MINS MINUTES ", "MINUTE", FST_INTERVAL_DT, FST_BYTE, 2},
        {" SECOND S SEC SECONDS SECS ", "SECOND", FST_INTERVAL_DT, FST_DECIMAL, 3},
    };
    char *wanted = text_of(rx, " %s ", field);
    for (char *c = wanted; *c; c++)
        *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c;
    for (size_t i = 0; i < FST_COUNT(rows); i++) {
        if (!strstr(rows[i].names, wanted) || rows[i].kind != source->type.kind ||
            rows[i].field < fst_interval_from(&source->type) ||
            rows[i].field > fst_interval_to(&source->type))
            continue;
        struct fst_type type =
            rows[i].gives == FST_DECIMAL ? fst_type_decimal(8, 6) : fst_type(rows[i].gives);
        return interval_field(rx, source, rows[i].word, type, place, text);
    }
    return rx_fail(rx, &place, "INVALID_EXTRACT_FIELD", "42601", "Cannot extract `%s` from \"%s\".",
                   field, source->text);
}
