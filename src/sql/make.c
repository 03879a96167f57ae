/* Expression nodes, casts, and failing. */
#include "resolve.h"

#include <string.h>

void *rx_fail(struct rx *rx, const struct fst_sql_place *where, const char *condition,
              const char *sqlstate, const char *fmt, ...)
{
    if (rx->status != FST_OK)
        return NULL;
    char message[900];
    va_list args;
    va_start(args, fmt);
    vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    rx->status = sx_fail(rx->problem, rx->err, where, condition, sqlstate, "%s", message);
    return NULL;
}

void *rx_refuse(struct rx *rx, const struct fst_sql_place *where, const char *fmt, ...)
{
    if (rx->status != FST_OK)
        return NULL;
    char message[300];
    va_list args;
    va_start(args, fmt);
    vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    rx->status = sx_unsupported(rx->problem, rx->err, where, "%s", message);
    return NULL;
}

void rx_grow(struct rx *rx, void *items, size_t *cap, size_t n, size_t need, size_t elem_bytes)
{
    if (need <= *cap)
        return;
    size_t bigger = *cap * 2 > need ? *cap * 2 : need + 4;
    void **list = items, *fresh = fst_arena_alloc(rx->a, bigger * elem_bytes);
    if (n)
        memcpy(fresh, *list, n * elem_bytes);
    *list = fresh;
    *cap = bigger;
}

/* Names of columns are made of these; past this size they end in an ellipsis, so that nested
 * expressions cannot ask for memory without bound. */
enum { TEXT_MAX = 16384 };

char *text_of(struct rx *rx, const char *fmt, ...)
{
    struct fst_buf b = FST_BUF_TEXT;
    va_list args;
    va_start(args, fmt);
    fst_buf_vprintf(&b, fmt, args);
    va_end(args);
    char *out = b.n > TEXT_MAX ? fst_arena_strdup(rx->a, "...")
                               : fst_arena_strndup(rx->a, fst_buf_text(&b), b.n);
    fst_buf_done(&b);
    return out;
}

struct fst_expr *make(struct rx *rx, enum fst_expr_kind kind, struct fst_type type, bool nullable,
                      struct fst_sql_place place, const char *text)
{
    struct fst_expr *e = fst_arena_alloc(rx->a, sizeof *e);
    e->kind = kind;
    e->type = type;
    e->nullable = nullable;
    e->place = place;
    e->text = text;
    return e;
}

void set_args(struct rx *rx, struct fst_expr *e, struct fst_expr *const *args, size_t n)
{
    e->args = fst_arena_alloc(rx->a, (n ? n : 1) * sizeof(struct fst_expr *));
    for (size_t i = 0; i < n; i++)
        e->args[i] = args[i];
    e->n_args = n;
}

struct fst_expr *make1(struct rx *rx, enum fst_expr_kind kind, struct fst_type type, bool nullable,
                       struct fst_expr *arg, const char *text)
{
    struct fst_expr *e = make(rx, kind, type, nullable, arg->place, text);
    set_args(rx, e, &arg, 1);
    return e;
}

struct fst_expr *under_text(struct rx *rx, struct fst_expr *e, struct fst_sql_place place,
                            const char *text)
{
    struct fst_expr *same = make1(rx, FST_EXPR_CAST, e->type, e->nullable, e, text);
    same->implicit = true;
    same->place = place;
    return same;
}

struct fst_expr *make2(struct rx *rx, enum fst_expr_kind kind, struct fst_type type, bool nullable,
                       struct fst_expr *a, struct fst_expr *b, const char *text)
{
    struct fst_expr *e = make(rx, kind, type, nullable, a->place, text);
    set_args(rx, e, (struct fst_expr *[]){a, b}, 2);
    return e;
}

struct fst_expr *coerce(struct rx *rx, struct fst_expr *e, const struct fst_type *to)
{
    if (fst_type_eq(&e->type, to))
        return e;
    struct fst_expr *cast =
        make1(rx, FST_EXPR_CAST, *to, e->nullable || cast_may_fail(&e->type, to), e, e->text);
    cast->implicit = true;
    return cast;
}

/* What ANSI mode casts at all. */
static bool can_cast(const struct fst_type *from, const struct fst_type *to)
{
    bool clock_from = from->kind == FST_TIMESTAMP || from->kind == FST_TIMESTAMP_NTZ;
    if (from->kind == FST_VOID || fst_type_eq(from, to) || is_interval(from))
        return true;
    switch (to->kind) {
    case FST_ARRAY:
    case FST_MAP:
    case FST_STRUCT:
        return false;
    case FST_STRING:
        return true;
    case FST_BINARY:
        return from->kind == FST_STRING;
    case FST_DATE:
        return from->kind == FST_STRING || clock_from;
    case FST_TIMESTAMP:
        return from->kind == FST_STRING || from->kind == FST_DATE || clock_from || is_numeric(from);
    case FST_TIMESTAMP_NTZ:
        return from->kind == FST_STRING || from->kind == FST_DATE || clock_from;
    default:
        return from->kind == FST_STRING || from->kind == FST_BOOLEAN || is_numeric(from) ||
               (from->kind == FST_TIMESTAMP && to->kind != FST_BOOLEAN && is_numeric(to));
    }
}

/* Nested values to text, or part by part to their like. */
static bool nested_cast(const struct fst_type *from, const struct fst_type *to)
{
    if (fst_type_eq(from, to) || from->kind == FST_VOID)
        return true;
    if (!fst_type_is_nested(from))
        return !fst_type_is_nested(to) && can_cast(from, to);
    if (to->kind == FST_STRING)
        return true;
    bool fine = from->kind == to->kind && from->n_fields == to->n_fields;
    for (size_t i = 0; fine && i < from->n_fields; i++)
        fine = nested_cast(&from->fields[i].type, &to->fields[i].type);
    return fine;
}

static const char *cast_text(struct rx *rx, const struct fst_expr *e, const struct fst_type *to,
                             bool is_try)
{
    if (fst_type_is_nested(to)) /* Spark writes no cast to these */
        return e->text;
    return text_of(rx, "%sCAST(%s AS %s)", is_try ? "TRY_" : "", e->text, type_sql(rx, to));
}

struct fst_expr *explicit_cast(struct rx *rx, struct fst_expr *e, struct fst_type to, bool is_try,
                               struct fst_sql_place place)
{
    const char *text = cast_text(rx, e, &to, is_try);
    if (fst_type_is_nested(&e->type) && !is_try && nested_cast(&e->type, &to)) {
        const char *shown = fst_type_is_nested(&to) ? e->text : text; /* as Spark prints it */
        struct fst_expr *cast = make1(rx, FST_EXPR_CAST, to, e->nullable, e, shown);
        cast->place = place;
        return cast;
    }
    bool gap =
        is_interval(&e->type) && to.kind != FST_STRING && to.kind != FST_INT && to.kind != FST_LONG;
    if (fst_type_is_nested(&e->type) || gap || is_interval(&to) || e->type.kind == FST_UNKNOWN ||
        e->type.kind == FST_TIME || e->type.kind == FST_VARIANT)
        return rx_refuse(rx, &place, "a cast from %s", type_sql(rx, &e->type));
    if (!can_cast(&e->type, &to)) {
        bool days = (e->type.kind == FST_DATE && is_numeric(&to)) ||
                    (to.kind == FST_DATE && is_numeric(&e->type));
        bool conf = (to.kind == FST_BINARY && is_integral(&e->type)) || to.kind == FST_BOOLEAN ||
                    (e->type.kind == FST_BOOLEAN && to.kind == FST_TIMESTAMP);
        return rx_fail(rx, &place,
                       days && (is_integral(&to) || is_integral(&e->type))
                           ? "DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION"
                       : days || conf ? "DATATYPE_MISMATCH.CAST_WITH_CONF_SUGGESTION"
                                      : "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION",
                       "42K09",
                       "Cannot resolve \"%s\" due to data type mismatch: cannot cast "
                       "\"%s\" to \"%s\".",
                       text, type_sql(rx, &e->type), type_sql(rx, &to));
    }
    bool safe = fst_type_eq(&e->type, &to) || to.kind == FST_STRING ||
                (is_integral(&e->type) && is_numeric(&to) && to.kind > e->type.kind &&
                 to.kind != FST_DECIMAL) ||
                (e->type.kind == FST_FLOAT && to.kind == FST_DOUBLE) ||
                (e->type.kind == FST_DATE && to.kind == FST_TIMESTAMP);
    if (is_try && to.kind == FST_DECIMAL && is_integral(&e->type)) {
        struct fst_type exact = decimal_of(&e->type);
        safe = to.precision - to.scale >= exact.precision;
    }
    bool nullable = e->nullable || (is_try ? !safe : cast_may_fail(&e->type, &to));
    struct fst_expr *cast = make1(rx, FST_EXPR_CAST, to, nullable, e, text);
    cast->place = place;
    cast->is_try = is_try;
    return cast;
}

struct fst_expr *int_literal(struct rx *rx, int64_t v, struct fst_sql_place place)
{
    struct fst_expr *e = make(rx, FST_EXPR_LITERAL, fst_type(FST_INT), false, place,
                              text_of(rx, "%lld", (long long)v));
    e->value.i = v;
    return e;
}

struct fst_expr *string_literal(struct rx *rx, const char *text, struct fst_sql_place place)
{
    struct fst_expr *e = make(rx, FST_EXPR_LITERAL, fst_type(FST_STRING), false, place, text);
    e->value.s = fst_str(text);
    return e;
}

struct fst_expr *null_literal(struct rx *rx, struct fst_sql_place place)
{
    struct fst_expr *e = make(rx, FST_EXPR_LITERAL, fst_type(FST_VOID), true, place, "NULL");
    e->value.is_null = true;
    return e;
}

const struct fst_function *operator_row(enum fst_fn id)
{
    for (size_t i = fst_sql_n_functions; i-- > 0;)
        if (fst_sql_functions[i].id == id)
            return &fst_sql_functions[i];
    return NULL;
}

struct fst_expr *operator_call(struct rx *rx, enum fst_fn id, struct fst_type type, bool nullable,
                               struct fst_expr *a, struct fst_expr *b, struct fst_sql_place place,
                               const char *text)
{
    struct fst_expr *e = make(rx, FST_EXPR_CALL, type, nullable, place, text);
    set_args(rx, e, (struct fst_expr *[]){a, b}, b ? 2 : 1);
    e->fn = operator_row(id);
    return e;
}
