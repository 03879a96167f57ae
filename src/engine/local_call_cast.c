/* Casts of a plan: one row for each pair of families of kinds. */
#include <string.h>
#include <strings.h>

#include "local_call.h"
#include "local_fn.h"

/* One letter a family of kinds that cast alike. */
static char family(enum fst_kind kind)
{
    static const char letters[] = {
        [FST_VOID] = 'v',        [FST_BOOLEAN] = 'b',       [FST_BYTE] = 'i',
        [FST_SHORT] = 'i',       [FST_INT] = 'i',           [FST_LONG] = 'i',
        [FST_FLOAT] = 'f',       [FST_DOUBLE] = 'd',        [FST_DECIMAL] = 'D',
        [FST_STRING] = 's',      [FST_BINARY] = 'B',        [FST_DATE] = 'a',
        [FST_TIMESTAMP] = 't',   [FST_TIMESTAMP_NTZ] = 'n', [FST_INTERVAL_YM] = 'y',
        [FST_INTERVAL_DT] = 'e',
    };
    return (size_t)kind < FST_COUNT(letters) && letters[kind] ? letters[kind] : '?';
}

/* What follows the value in the call: S scale of the source, P precision and scale of the target, N
 * name of the source's type, F is it a float, T is_try; = no call, z is not zero. `*` after a name:
 * the target's kind. */
static const struct {
    char from, to;
    const char *name, *tail;
} casts[] = {
    {'b', 'i', NULL, "="},
    {'b', 'f', "int_to_float", ""},
    {'b', 'd', "int_to_double", ""},
    {'b', 'D', "int_to_decimal", "PT"},
    {'b', 's', "bool_to_text", ""},
    {'i', 'b', NULL, "z"},
    {'i', 'i', "int_to_*", "NT"},
    {'i', 'f', "int_to_float", ""},
    {'i', 'd', "int_to_double", ""},
    {'i', 'D', "int_to_decimal", "PT"},
    {'i', 's', "int_to_text", ""},
    {'i', 't', "int_to_timestamp", ""},
    {'f', 'b', NULL, "z"},
    {'f', 'd', NULL, "="},
    {'f', 'i', "real_to_*", "FT"},
    {'f', 'D', "real_to_decimal", "PT"},
    {'f', 's', "float_to_text", ""},
    {'f', 't', "real_to_timestamp", "T"},
    {'d', 'b', NULL, "z"},
    {'d', 'f', "double_to_float", ""},
    {'d', 'i', "real_to_*", "FT"},
    {'d', 'D', "real_to_decimal", "PT"},
    {'d', 's', "double_to_text", ""},
    {'d', 't', "real_to_timestamp", "T"},
    {'D', 'b', NULL, "z"},
    {'D', 'i', "decimal_to_*", "SNT"},
    {'D', 'f', "decimal_to_float", "S"},
    {'D', 'd', "decimal_to_double", "S"},
    {'D', 'D', "decimal_to_decimal", "SPT"},
    {'D', 's', "decimal_to_text", "S"},
    {'D', 't', "decimal_to_timestamp", "S"},
    {'s', 'b', "text_to_bool", "T"},
    {'s', 'i', "text_to_*", "T"},
    {'s', 'f', "text_to_float", "T"},
    {'s', 'd', "text_to_double", "T"},
    {'s', 'D', "text_to_decimal", "PT"},
    {'s', 'B', "text_to_bytes", ""},
    {'s', 'a', "text_to_date", "T"},
    {'s', 't', "text_to_timestamp", "T"},
    {'s', 'n', "text_to_ntz", "T"},
    {'B', 's', "bytes_to_text", ""},
    {'a', 's', "date_to_text", ""},
    {'a', 't', "date_to_timestamp", ""},
    {'a', 'n', "date_to_ntz", ""},
    {'t', 's', "timestamp_to_text", ""},
    {'t', 'a', "timestamp_to_date", ""},
    {'t', 'n', "timestamp_to_ntz", ""},
    {'t', 'i', "timestamp_to_*", "T"},
    {'t', 'f', "timestamp_to_float", ""},
    {'t', 'd', "timestamp_to_double", ""},
    {'t', 'D', "timestamp_to_decimal", "PT"},
    {'n', 's', "ntz_to_text", ""},
    {'y', 's', "ym_to_text", "R"},
    {'e', 's', "dt_to_text", "R"},
    {'n', 'a', "ntz_to_date", ""},
    {'n', 't', "ntz_to_timestamp", ""},
};

static const char *sql_name(enum fst_kind kind)
{
    return kind == FST_BYTE    ? "TINYINT"
           : kind == FST_SHORT ? "SMALLINT"
           : kind == FST_INT   ? "INT"
                               : "BIGINT";
}

static void cast_tail(struct fst_buf *out, const char *tail, const struct fst_expr *e)
{
    const struct fst_type *from = &e->args[0]->type;
    for (; *tail; tail++) {
        fst_buf_adds(out, ", ");
        if (*tail == 'S')
            fst_buf_printf(out, "%d", from->scale);
        else if (*tail == 'P')
            fst_buf_printf(out, "%d, %d", e->type.precision, e->type.scale);
        else if (*tail == 'F')
            fst_buf_printf(out, "%d", from->kind == FST_FLOAT);
        else if (*tail == 'R')
            fst_buf_printf(out, "%d, %d", fst_interval_from(from), fst_interval_to(from));
        else if (*tail == 'T')
            fst_buf_printf(out, "%d", e->is_try);
        else if (from->kind == FST_DECIMAL)
            fst_buf_printf(out, "'DECIMAL(%d,%d)'", from->precision, from->scale);
        else
            fst_buf_printf(out, "'%s'", sql_name(from->kind));
    }
}

static void not_zero(struct tr *t, struct fst_buf *out, const struct fst_expr *value,
                     const struct scope *s)
{
    fst_buf_addc(out, '(');
    tr_expr(t, out, value, s);
    fst_buf_adds(out, value->type.kind == FST_DECIMAL ? " <> x'80000000000000000000000000000000')"
                                                      : " <> 0)");
}

/* Whole units of its last field. */
static void whole_interval(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                           const struct scope *s)
{
    static const char *const units[] = {"12",         "1",        "86400000000",
                                        "3600000000", "60000000", "1000000"};
    const struct fst_type *from = &e->args[0]->type;
    int unit = fst_interval_to(from) + (from->kind == FST_INTERVAL_DT ? 2 : 0);
    fst_buf_adds(out, e->type.kind == FST_INT ? "int_to_int((" : "((");
    tr_expr(t, out, e->args[0], s);
    fst_buf_printf(out, ") / %s", units[unit]);
    if (e->type.kind == FST_INT)
        fst_buf_printf(out, ", 'INTERVAL', %d", e->is_try);
    fst_buf_addc(out, ')');
}

/* Is the value, as it is encoded, already one of the target's? */
static bool keeps_value(const struct fst_type *from, const struct fst_type *to)
{
    if (from->kind == FST_DECIMAL && to->kind == FST_DECIMAL)
        return from->scale == to->scale && to->precision >= from->precision;
    bool widens = family(from->kind) == 'i' && family(to->kind) == 'i' && to->kind >= from->kind;
    return from->kind == to->kind || widens;
}

/* Texts that Spark reads in constants only: 'today', ' EPOCH UTC'. */
static bool is_special_time(const struct fst_expr *value, char to)
{
    static const char *const words[] = {"epoch", "now", "today", "tomorrow", "yesterday"};
    if (!to || !strchr("atn", to) || value->kind != FST_EXPR_LITERAL || value->value.is_null ||
        value->type.kind != FST_STRING)
        return false;
    struct fst_str s = local_trim_space(value->value.s);
    for (size_t i = 0; i < FST_COUNT(words); i++)
        if (s.n >= strlen(words[i]) && strncasecmp(s.p, words[i], strlen(words[i])) == 0)
            return true;
    return false;
}

/* Spark takes a float between a whole number and a double for wider than the one and narrower than
 * the other, and leaves it out: no digit is lost. (Constants are computed before that.) */
static const struct fst_expr *value_of(const struct fst_expr *e)
{
    const struct fst_expr *v = e->args[0];
    bool through_float = e->type.kind == FST_DOUBLE && !e->is_try && v->kind == FST_EXPR_CAST &&
                         !v->is_try && v->type.kind == FST_FLOAT && !tr_is_constant(v);
    enum fst_kind first = through_float ? v->args[0]->type.kind : FST_VOID;
    return first == FST_INT || first == FST_LONG ? v->args[0] : v;
}

void tr_cast(struct tr *t, struct fst_buf *out, const struct fst_expr *e, const struct scope *s)
{
    const struct fst_expr *value = value_of(e);
    char from = family(value->type.kind), to = family(e->type.kind);
    if (is_special_time(value, to)) {
        tr_refuse(t, &e->place, "the text of a time that is a word");
        return;
    }
    if (from == 'v' || (!fst_type_is_nested(&value->type) && keeps_value(&value->type, &e->type))) {
        tr_expr(t, out, value, s);
        return;
    }
    if (fst_type_is_nested(&value->type)) {
        tr_cast_nested(t, out, e, s);
        return;
    }
    if ((from == 'y' || from == 'e') && to == 'i') {
        whole_interval(t, out, e, s);
        return;
    }
    for (size_t i = 0; i < FST_COUNT(casts); i++) {
        if (casts[i].from != from || casts[i].to != to)
            continue;
        const char *name = casts[i].name, *tail = casts[i].tail;
        if (*tail == '=') {
            tr_expr(t, out, value, s);
        } else if (*tail == 'z') {
            not_zero(t, out, value, s);
        } else {
            const char *star = strchr(name, '*');
            fst_buf_add(out, name, star ? (size_t)(star - name) : strlen(name));
            fst_buf_printf(out, "%s(", star ? tr_kind_name(&e->type) : "");
            tr_expr(t, out, value, s);
            cast_tail(out, tail, e);
            fst_buf_addc(out, ')');
        }
        return;
    }
    struct fst_buf types = FST_BUF(200);
    fst_type_text(&types, &value->type);
    fst_buf_adds(&types, " to ");
    fst_type_text(&types, &e->type);
    tr_refuse(t, &e->place, "a cast of %s", fst_buf_text(&types));
    fst_buf_done(&types);
}
