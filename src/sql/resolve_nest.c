/* Nested values: fields of structs, elements of arrays, values of maps, and the functions that take
 * them apart or put them together. */
#include "call.h"

#include <string.h>
#include <strings.h>

/* ---- Types ----------------------------------------------------------------------------------- */

struct fst_type nested_type(struct rx *rx, enum fst_kind kind, const struct fst_field *fields,
                            size_t n)
{
    struct fst_field *copy = fst_arena_alloc(rx->a, (n + 1) * sizeof *copy);
    for (size_t i = 0; i < n; i++)
        copy[i] = fields[i];
    struct fst_type type = fst_type(kind);
    type.fields = copy;
    type.n_fields = (uint16_t)n;
    return type;
}

struct fst_type array_of(struct rx *rx, struct fst_type element, bool nullable)
{
    struct fst_field f = {.name = "element", .type = element, .nullable = nullable};
    return nested_type(rx, FST_ARRAY, &f, 1);
}

struct fst_type map_of(struct rx *rx, struct fst_type key, struct fst_type value, bool nullable)
{
    struct fst_field f[2] = {{.name = "key", .type = key},
                             {.name = "value", .type = value, .nullable = nullable}};
    return nested_type(rx, FST_MAP, f, 2);
}

bool fst_sql_is_nested_key(const struct fst_type *t)
{
    bool fine = t->kind != FST_MAP && t->kind != FST_FLOAT && t->kind != FST_DOUBLE &&
                t->kind < FST_VARIANT && t->kind != FST_TIME && t->kind != FST_VOID;
    for (size_t i = 0; fine && fst_type_is_nested(t) && i < t->n_fields; i++)
        fine = fst_sql_is_nested_key(&t->fields[i].type);
    return fine;
}

/* ---- Fields ---------------------------------------------------------------------------------- */

static void *no_field(struct rx *rx, const struct fst_type *type, const char *name,
                      struct fst_sql_place place)
{
    struct fst_buf all = FST_BUF_TEXT;
    for (size_t i = 0; i < type->n_fields; i++)
        fst_buf_printf(&all, "%s`%s`", i ? ", " : "", type->fields[i].name);
    rx_fail(rx, &place, "FIELD_NOT_FOUND", "42704", "No such struct field `%s` in %s.", name,
            fst_buf_text(&all));
    fst_buf_done(&all);
    return NULL;
}

/* The number of a field, or -1 after a failure. */
static int64_t find_field(struct rx *rx, const struct fst_type *type, const char *name,
                          struct fst_sql_place place)
{
    int64_t at = -1;
    size_t n = 0;
    for (size_t i = 0; i < type->n_fields; i++)
        if (strcasecmp(type->fields[i].name, name) == 0 && n++ == 0)
            at = (int64_t)i;
    if (n == 0)
        no_field(rx, type, name, place);
    if (n > 1)
        rx_fail(rx, &place, "AMBIGUOUS_REFERENCE_TO_FIELDS", "42000",
                "Ambiguous reference to the field `%s`. It appears %zu times in the schema.", name,
                n);
    return n == 1 ? at : -1;
}

static struct fst_expr *field_call(struct rx *rx, enum fst_fn id, struct fst_expr *base, int64_t at,
                                   struct fst_type type, bool nullable, const char *name,
                                   struct fst_sql_place place)
{
    return operator_call(rx, id, type, nullable, base, int_literal(rx, at, place), place,
                         text_of(rx, "%s.%s", base->text, name));
}

struct fst_expr *field_of(struct rx *rx, struct fst_expr *base, const char *name,
                          struct fst_sql_place place)
{
    const struct fst_type *t = &base->type;
    bool is_list = t->kind == FST_ARRAY && t->fields[0].type.kind == FST_STRUCT;
    if (t->kind == FST_MAP && t->fields[0].type.kind == FST_STRING)
        return element_of(rx, base, string_literal(rx, name, place), place);
    if (t->kind == FST_VARIANT || t->kind == FST_VOID || t->kind == FST_MAP)
        return rx_refuse(rx, &place, "fields of %s", type_sql(rx, t));
    if (t->kind != FST_STRUCT && !is_list)
        return t->kind == FST_ARRAY
                   ? rx_refuse(rx, &place, "fields of %s", type_sql(rx, t))
                   : rx_fail(rx, &place, "INVALID_EXTRACT_BASE_FIELD_TYPE", "42000",
                             "Can't extract a value from \"%s\". Need a complex type [STRUCT, "
                             "ARRAY, MAP] but got \"%s\".",
                             base->text, type_sql(rx, t));
    if (is_list && base->fn && base->fn->id == FST_FN_ARRAYS_ZIP)
        return rx_refuse(rx, &place, "a field of all that arrays_zip gives");
    const struct fst_type *s = is_list ? &t->fields[0].type : t;
    int64_t at = find_field(rx, s, name, place);
    if (at < 0)
        return NULL;
    const struct fst_field *f = &s->fields[at];
    if (!is_list)
        return field_call(rx, FST_FN_FIELD, base, at, f->type, base->nullable || f->nullable, name,
                          place);
    struct fst_type type = array_of(rx, f->type, t->fields[0].nullable || f->nullable);
    return field_call(rx, FST_FN_FIELDS, base, at, type, base->nullable, name, place);
}

/* ---- Elements -------------------------------------------------------------------------------- */

/* An index or a key as the nested value wants it; NULL when it is of an unlike type. */
struct fst_expr *as_key(struct rx *rx, struct fst_expr *key, const struct fst_type *wanted)
{
    struct fst_type common;
    if (key->type.kind == FST_VOID)
        return coerce(rx, key, wanted);
    bool like = fst_type_eq(&key->type, wanted) ||
                (is_numeric(&key->type) && is_numeric(wanted) &&
                 common_type(&key->type, wanted, false, &common) == COMMON_FOUND &&
                 fst_type_eq(&common, wanted));
    return like && !fst_type_is_nested(wanted) ? coerce(rx, key, wanted) : NULL;
}

static bool is_constant(const struct fst_expr *e)
{
    const struct fst_expr *inner = e;
    while (inner->kind == FST_EXPR_CAST || (inner->fn && inner->fn->id == FST_FN_NEGATE))
        inner = inner->args[0];
    return inner->kind == FST_EXPR_LITERAL && !inner->value.is_null && inner->type.kind != FST_VOID;
}

/* As Spark tells it: it looks into array(...) by a constant, and otherwise at the type. */
static bool element_nullable(const struct fst_expr *array, const struct fst_expr *at, bool strict,
                             bool from_one)
{
    if (!is_constant(at))
        return !strict || array->nullable || array->type.fields[0].nullable;
    if (!array->fn || array->fn->id != FST_FN_ARRAY)
        return true;
    int64_t i = at->kind == FST_EXPR_LITERAL ? at->value.i - from_one : -1;
    if (i >= 0 && (uint64_t)i < array->n_args)
        return array->args[i]->nullable;
    return !strict || array->type.fields[0].nullable;
}

struct fst_expr *element_of(struct rx *rx, struct fst_expr *base, struct fst_expr *key,
                            struct fst_sql_place place)
{
    const struct fst_type *t = &base->type;
    struct fst_type index = fst_type(FST_INT);
    if (t->kind == FST_STRUCT && key->kind == FST_EXPR_LITERAL && key->type.kind == FST_STRING &&
        !key->value.is_null)
        return field_of(rx, base, fst_arena_strndup(rx->a, key->value.s.p, key->value.s.n), place);
    if (t->kind != FST_ARRAY && t->kind != FST_MAP)
        return rx_refuse(rx, &place, "an element of %s", type_sql(rx, t));
    bool is_map = t->kind == FST_MAP;
    struct fst_expr *at = as_key(rx, key, is_map ? &t->fields[0].type : &index);
    if (!at)
        return rx_refuse(rx, &place, "an element of %s by %s", type_sql(rx, t),
                         type_sql(rx, &key->type));
    bool nullable = is_map || element_nullable(base, at, true, false);
    return operator_call(rx, is_map ? FST_FN_MAP_VALUE : FST_FN_ITEM, t->fields[is_map].type,
                         nullable, base, at, place, text_of(rx, "%s[%s]", base->text, key->text));
}

/* ---- Functions that take apart --------------------------------------------------------------- */

void *refuse_types(const struct call *c)
{
    struct fst_buf b = FST_BUF_TEXT;
    for (size_t i = 0; i < c->n; i++)
        fst_buf_printf(&b, "%s%s", i ? ", " : "", type_sql(c->rx, &c->args[i]->type));
    rx_refuse(c->rx, &c->s->place, "%s of %s", c->f->name, fst_buf_text(&b));
    fst_buf_done(&b);
    return NULL;
}

/* Argument 1 as a key or an index of argument 0. */
static struct fst_expr *element_call(struct call *c)
{
    const struct fst_type *t = &c->args[0]->type;
    struct fst_type index = fst_type(FST_INT);
    bool is_map = t->kind == FST_MAP && c->f->id != FST_FN_GET;
    if ((t->kind != FST_ARRAY && !is_map) || c->args[1]->type.kind == FST_VOID)
        return refuse_types(c);
    struct fst_expr *at = as_key(c->rx, c->args[1], is_map ? &t->fields[0].type : &index);
    if (!at)
        return refuse_types(c);
    c->args[1] = at;
    bool nullable = is_map || element_nullable(c->args[0], at, c->f->id == FST_FN_ELEMENT_AT,
                                               c->f->id != FST_FN_GET);
    return call_finish(c, t->fields[is_map].type, nullable);
}

static struct fst_expr *size_call(struct call *c)
{
    enum fst_kind kind = c->args[0]->type.kind;
    if (kind != FST_ARRAY && (kind != FST_MAP || strcmp(c->f->name, "array_size") == 0))
        return refuse_types(c);
    return call_finish(c, fst_type(FST_INT), c->args[0]->nullable);
}

static struct fst_expr *contains_call(struct call *c)
{
    const struct fst_type *t = &c->args[0]->type;
    bool is_map = c->f->id == FST_FN_MAP_HAS;
    if (t->kind != (is_map ? FST_MAP : FST_ARRAY) || c->args[1]->type.kind == FST_VOID)
        return refuse_types(c);
    struct fst_expr *value = as_key(c->rx, c->args[1], &t->fields[0].type);
    if (!value)
        return refuse_types(c);
    c->args[1] = value;
    bool nullable = is_map || c->args[0]->nullable || value->nullable || t->fields[0].nullable;
    return call_finish(c, fst_type(FST_BOOLEAN), nullable);
}

static struct fst_expr *half_call(struct call *c)
{
    const struct fst_type *t = &c->args[0]->type;
    bool keys = c->f->id == FST_FN_MAP_KEYS;
    if (t->kind != FST_MAP)
        return refuse_types(c);
    struct fst_type type = array_of(c->rx, t->fields[!keys].type, true);
    return call_finish(c, type, c->args[0]->nullable);
}

/* ---- Functions that put together ------------------------------------------------------------- */

/* The common type of every `step`th argument, which are cast to it; false when there is none that
 * is sure. */
static bool common_of_some(struct call *c, size_t from, size_t step, struct fst_type *type,
                           bool *nullable)
{
    struct fst_expr **some = fst_arena_alloc(c->rx->a, (c->n + 1) * sizeof *some);
    size_t n = 0;
    *nullable = false;
    for (size_t i = from; i < c->n; i += step)
        some[n++] = c->args[i];
    if (common_of(some, n, true, type) != COMMON_FOUND)
        return false;
    for (size_t i = from; i < c->n; i += step) {
        c->args[i] = coerce(c->rx, c->args[i], type);
        *nullable |= c->args[i]->nullable;
    }
    return true;
}

static struct fst_expr *array_call(struct call *c)
{
    struct fst_type type;
    bool nullable;
    if (!common_of_some(c, 0, 1, &type, &nullable))
        return refuse_types(c);
    return call_finish(c, array_of(c->rx, type, nullable), false);
}

static struct fst_expr *map_call(struct call *c)
{
    struct fst_type key, value;
    bool null_key, nullable;
    if (c->n % 2 || !common_of_some(c, 0, 2, &key, &null_key) ||
        !common_of_some(c, 1, 2, &value, &nullable))
        return refuse_types(c);
    if (fst_type_is_nested(&key) || key.kind == FST_FLOAT || key.kind == FST_DOUBLE)
        return refuse_types(c);
    return call_finish(c, map_of(c->rx, key, value, nullable), false);
}

struct fst_expr *named_value(struct rx *rx, const struct fst_expr *value, const char *name)
{
    struct fst_expr *copy = fst_arena_alloc(rx->a, sizeof *copy);
    *copy = *value;
    copy->text = text_of(rx, "%s AS %s", value->text, name);
    return copy;
}

/* What struct() calls its argument `i`; NULL after a refusal. */
static const char *name_of_arg(struct call *c, size_t i)
{
    const struct sx *s = c->n == c->s->n_kids ? c->s->kids[i] : NULL;
    const struct fst_expr *e = c->args[i];
    bool is_field = e->fn && (e->fn->id == FST_FN_FIELD || e->fn->id == FST_FN_FIELDS);
    if (s && s->kind == SX_NAMED)
        return s->name;
    if (s && s->kind == SX_NAME && strncmp(e->text, "lateral", 7) != 0)
        return s->parts[s->n_parts - 1];
    if (!s || s->kind == SX_STAR || s->kind == SX_NAME || is_field)
        return rx_refuse(c->rx, &c->s->place, "a struct of what has no name of its own: say AS");
    return text_of(c->rx, "col%zu", i + 1);
}

static struct fst_expr *struct_call(struct call *c)
{
    struct fst_field *f = fst_arena_alloc(c->rx->a, (c->n + 1) * sizeof *f);
    for (size_t i = 0; i < c->n; i++) {
        f[i] = (struct fst_field){
            .name = name_of_arg(c, i), .type = c->args[i]->type, .nullable = c->args[i]->nullable};
        if (!f[i].name)
            return NULL;
    }
    return call_finish(c, nested_type(c->rx, FST_STRUCT, f, c->n), false);
}

static struct fst_expr *named_struct_call(struct call *c)
{
    struct fst_field *f = fst_arena_alloc(c->rx->a, (c->n + 1) * sizeof *f);
    if (c->n % 2)
        return refuse_types(c);
    for (size_t i = 0; i < c->n; i += 2) {
        const struct fst_expr *name = c->args[i], *value = c->args[i + 1];
        if (name->kind != FST_EXPR_LITERAL || name->type.kind != FST_STRING || name->value.is_null)
            return rx_refuse(c->rx, &c->s->place, "named_struct with a name that is no literal");
        f[i / 2] = (struct fst_field){
            .name = fst_arena_strndup(c->rx->a, name->value.s.p, name->value.s.n),
            .type = value->type,
            .nullable = value->nullable};
        c->args[i / 2] = c->args[i + 1];
    }
    c->n /= 2;
    return call_finish(c, nested_type(c->rx, FST_STRUCT, f, c->n), false);
}

/* ---- Whole arrays ---------------------------------------------------------------------------- */

bool call_is_orderable(const struct fst_type *t)
{
    return t->kind == FST_FLOAT || t->kind == FST_DOUBLE || fst_sql_is_nested_key(t);
}

static struct fst_expr *sort_call(struct call *c)
{
    if (c->args[0]->type.kind != FST_ARRAY || !call_is_orderable(&c->args[0]->type.fields[0].type))
        return refuse_types(c);
    if (c->n == 2 && (c->args[1]->kind != FST_EXPR_LITERAL ||
                      c->args[1]->type.kind != FST_BOOLEAN || c->args[1]->value.is_null))
        return refuse_types(c);
    if (c->n == 1) {
        struct fst_expr *yes =
            make(c->rx, FST_EXPR_LITERAL, fst_type(FST_BOOLEAN), false, c->s->place, "true");
        yes->value.i = 1;
        c->args[c->n++] = yes;
        c->text = call_text(c->rx, c->f->name, c->args, c->n, false);
    }
    return call_finish(c, c->args[0]->type, c->args[0]->nullable);
}

static struct fst_expr *extreme_call(struct call *c)
{
    const struct fst_type *t = &c->args[0]->type;
    if (t->kind != FST_ARRAY || !call_is_orderable(&t->fields[0].type))
        return refuse_types(c);
    return call_finish(c, t->fields[0].type, true);
}

static struct fst_expr *collect_call(struct call *c)
{
    if (c->s->distinct || c->args[0]->type.kind == FST_VOID)
        return rx_refuse(c->rx, &c->s->place, "%s of these", c->f->name);
    c->text = call_text(c->rx, "collect_list", c->args, c->n, false);
    return call_finish(c, array_of(c->rx, c->args[0]->type, false), false);
}

static struct fst_expr *position_call(struct call *c)
{
    const struct fst_type *t = &c->args[0]->type;
    const struct fst_expr *value = c->args[1];
    if (t->kind != FST_ARRAY || !fst_type_eq(&value->type, &t->fields[0].type) ||
        !call_is_orderable(&value->type) || fst_type_is_nested(&value->type))
        return refuse_types(c);
    return call_finish(c, fst_type(FST_LONG), c->args[0]->nullable || value->nullable);
}

static struct fst_expr *collect_set(struct call *c)
{
    const struct fst_type *t = &c->args[0]->type;
    if (c->s->distinct ||
        (t->kind != FST_FLOAT && t->kind != FST_DOUBLE && !fst_sql_is_nested_key(t)))
        return rx_refuse(c->rx, &c->s->place, "%s of these", c->f->name);
    return call_finish(c, array_of(c->rx, *t, false), false);
}

/* Functions to which all orders of their array are one. */
static bool is_blind_to_order(const struct call *c)
{
    switch (c->f->id) {
    case FST_FN_SORT_ARRAY:
    case FST_FN_ARRAY_SORT:
    case FST_FN_SIZE:
    case FST_FN_ARRAY_CONTAINS:
    case FST_FN_ARRAY_MAX:
    case FST_FN_ARRAY_MIN:
        return true;
    default:
        return false;
    }
}

static void forget_order(struct call *c)
{
    static const struct fst_function any_order = {
        "collect_set", FST_FN_COLLECT_SET_ANY, FST_FN_AGGREGATE,   1, 1, "x", "*",
        'n',           "collect_set(x)",       "values, each once"};
    const struct fst_expr *e = c->n ? c->args[0] : NULL;
    if (!e || !e->fn || e->fn->id != FST_FN_COLLECT_SET || !is_blind_to_order(c))
        return;
    struct fst_expr *copy = fst_arena_alloc(c->rx->a, sizeof *copy);
    *copy = *e;
    copy->fn = &any_order;
    c->args[0] = copy;
}

struct fst_expr *call_nested(struct call *c)
{
    forget_order(c);
    switch (c->f->id) {
    case FST_FN_SORT_ARRAY:
        return sort_call(c);
    case FST_FN_ARRAY_MAX:
    case FST_FN_ARRAY_MIN:
        return extreme_call(c);
    case FST_FN_ARRAY_POSITION:
        return position_call(c);
    case FST_FN_COLLECT_LIST:
        return collect_call(c);
    case FST_FN_COLLECT_SET:
        return collect_set(c);
    case FST_FN_ELEMENT_AT:
    case FST_FN_TRY_ELEMENT_AT:
    case FST_FN_GET:
        return element_call(c);
    case FST_FN_SIZE:
        return size_call(c);
    case FST_FN_ARRAY_CONTAINS:
    case FST_FN_MAP_HAS:
        return contains_call(c);
    case FST_FN_MAP_KEYS:
    case FST_FN_MAP_VALUES:
        return half_call(c);
    case FST_FN_ARRAY:
        return array_call(c);
    case FST_FN_MAP:
        return map_call(c);
    case FST_FN_STRUCT:
        return struct_call(c);
    case FST_FN_NAMED_STRUCT:
        return named_struct_call(c);
    default:
        return call_list(c);
    }
}
