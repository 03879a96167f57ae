/* Functions of whole arrays and maps: the types they want in common, and what they give. */
#include "call.h"

#include <string.h>

static bool is_array(const struct call *c, size_t i)
{
    return c->args[i]->type.kind == FST_ARRAY;
}

/* ---- Arguments ------------------------------------------------------------------------------- */

/* The array with elements of another type; nothing to do but for the text when they have none. */
static struct fst_expr *array_as(struct call *c, struct fst_expr *e, const struct fst_type *element)
{
    const struct fst_field *f = &e->type.fields[0];
    if (fst_type_eq(&f->type, element))
        return e;
    bool nullable = f->nullable || cast_may_fail(&f->type, element);
    struct fst_expr *cast =
        make1(c->rx, FST_EXPR_CAST, array_of(c->rx, *element, nullable), e->nullable, e, e->text);
    cast->implicit = true;
    return cast;
}

/* Do whole numbers widen to this one? More is not known for sure to be what Spark does. */
static bool common_element(const struct fst_type *a, const struct fst_type *b, struct fst_type *out)
{
    if (fst_type_eq(a, b) || b->kind == FST_VOID || a->kind == FST_VOID) {
        *out = a->kind == FST_VOID ? *b : *a;
        return true;
    }
    return is_integral(a) && is_integral(b) && common_type(a, b, false, out) == COMMON_FOUND;
}

/* Arrays of one type in all arguments. */
static bool common_arrays(struct call *c, struct fst_type *element)
{
    *element = fst_type(FST_VOID);
    for (size_t i = 0; i < c->n; i++) {
        struct fst_type now = *element;
        if (!is_array(c, i) || !common_element(&now, &c->args[i]->type.fields[0].type, element)) {
            refuse_types(c);
            return false;
        }
    }
    for (size_t i = 0; i < c->n; i++)
        c->args[i] = array_as(c, c->args[i], element);
    return true;
}

/* An array, and in argument `i` a value of its elements' type. */
static bool array_and_value(struct call *c, size_t i)
{
    struct fst_type type;
    const struct fst_type *value = &c->args[i]->type;
    if (!is_array(c, 0)) {
        refuse_types(c);
        return false;
    }
    const struct fst_type *element = &c->args[0]->type.fields[0].type;
    struct fst_expr *key = element->kind == FST_VOID ? NULL : as_key(c->rx, c->args[i], element);
    if (key) {
        c->args[i] = key;
        return true;
    }
    if (!common_element(element, value, &type) || element->kind == FST_VOID) {
        refuse_types(c);
        return false;
    }
    c->args[0] = array_as(c, c->args[0], &type);
    c->args[i] = coerce(c->rx, c->args[i], &type);
    return true;
}

static bool any_nullable(const struct call *c)
{
    return call_nullable(c, 'a');
}

static bool elements_nullable(const struct call *c, size_t i)
{
    return c->args[i]->type.fields[0].nullable;
}

/* An int, or what is cast to one without asking. */
static bool int_argument(struct call *c, size_t i)
{
    const struct fst_type *t = &c->args[i]->type;
    struct fst_type whole = fst_type(FST_INT);
    if (t->kind != FST_INT && t->kind != FST_SHORT && t->kind != FST_BYTE) {
        refuse_types(c);
        return false;
    }
    c->args[i] = coerce(c->rx, c->args[i], &whole);
    return true;
}

/* Are these elements told apart by their bytes, or are they plain numbers? */
static bool is_set_element(const struct fst_type *t)
{
    return t->kind == FST_FLOAT || t->kind == FST_DOUBLE || t->kind == FST_VOID ||
           fst_sql_is_nested_key(t);
}

/* ---- Text ------------------------------------------------------------------------------------ */

static bool text_arguments(struct call *c, size_t from)
{
    for (size_t i = from; i < c->n; i++)
        if (!(c->args[i] = call_argument(c, i, 's')))
            return false;
    return true;
}

static struct fst_expr *split_call(struct call *c)
{
    if (c->n == 2) {
        c->args[c->n++] = int_literal(c->rx, -1, c->s->place);
        c->text = call_text(c->rx, c->f->name, c->args, c->n, false);
    }
    if (!int_argument(c, 2))
        return NULL;
    for (size_t i = 0; i < 2; i++)
        if (!(c->args[i] = call_argument(c, i, 's')))
            return NULL;
    return call_finish(c, array_of(c->rx, fst_type(FST_STRING), false), any_nullable(c));
}

static struct fst_expr *str_to_map(struct call *c)
{
    static const char *const marks[] = {"", ",", ":"};
    for (; c->n < 3; c->n++)
        c->args[c->n] = string_literal(c->rx, marks[c->n], c->s->place);
    c->text = call_text(c->rx, c->f->name, c->args, c->n, false);
    if (!text_arguments(c, 0))
        return NULL;
    struct fst_type text = fst_type(FST_STRING);
    return call_finish(c, map_of(c->rx, text, text, true), any_nullable(c));
}

static struct fst_expr *join_call(struct call *c)
{
    struct fst_type text = fst_type(FST_STRING);
    if (!is_array(c, 0) || fst_type_is_nested(&c->args[0]->type.fields[0].type) ||
        c->args[0]->type.fields[0].type.kind == FST_BINARY)
        return refuse_types(c);
    c->args[0] = array_as(c, c->args[0], &text);
    if (!text_arguments(c, 1))
        return NULL;
    return call_finish(c, text, any_nullable(c));
}

/* Arrays of strings are as their elements. */
static struct fst_expr *concat_ws(struct call *c)
{
    for (size_t i = 0; i < c->n; i++) {
        bool strings = i && is_array(c, i) && c->args[i]->type.fields[0].type.kind == FST_STRING;
        if (!strings && !(c->args[i] = call_argument(c, i, 's')))
            return NULL;
    }
    return call_finish(c, fst_type(FST_STRING), c->args[0]->nullable);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

/* Paths of names, indexes and one [*]. */
static bool is_plain_path(struct fst_str path)
{
    size_t all = 0;
    for (size_t i = 0; i < path.n; i++) {
        bool star = path.p[i] == '*', inside = i && i + 1 < path.n && path.p[i - 1] == '[';
        all += star;
        bool odd = path.p[i] == ' ' && (!i || strchr(".[]'$", path.p[i - 1]));
        if ((star && (!inside || path.p[i + 1] != ']')) || path.p[i] == '?' || odd ||
            path.p[i] == '@' || (unsigned char)path.p[i] < ' ')
            return false;
    }
    return all < 2;
}

static struct fst_expr *get_json_object(struct call *c)
{
    if (!text_arguments(c, 0))
        return NULL;
    const struct fst_expr *path = c->args[1];
    if (path->kind != FST_EXPR_LITERAL || (!path->value.is_null && !is_plain_path(path->value.s)))
        return rx_refuse(c->rx, &path->place, "this path into JSON");
    return call_finish(c, fst_type(FST_STRING), true);
}

static struct fst_expr *json_text(struct call *c)
{
    struct fst_type text = fst_type(FST_STRING);
    if (c->args[0]->type.kind != FST_STRING && c->args[0]->type.kind != FST_VOID)
        return refuse_types(c);
    c->args[0] = coerce(c->rx, c->args[0], &text);
    if (c->f->id == FST_FN_JSON_ARRAY_LENGTH)
        return call_finish(c, fst_type(FST_INT), true);
    return call_finish(c, array_of(c->rx, text, true), true);
}

static bool has_json(const struct fst_type *t)
{
    bool fine = t->kind != FST_INTERVAL_YM && t->kind != FST_INTERVAL_DT && t->kind < FST_VARIANT &&
                t->kind != FST_BINARY && t->kind != FST_TIME &&
                (t->kind != FST_MAP || t->fields[0].type.kind == FST_STRING);
    for (size_t i = 0; fine && fst_type_is_nested(t) && i < t->n_fields; i++)
        fine = has_json(&t->fields[i].type);
    return fine;
}

/* What from_json() reads as Spark does. */
static bool reads_json(const struct fst_type *t)
{
    bool fine = fst_type_is_nested(t) || is_integral(t) || t->kind == FST_FLOAT ||
                t->kind == FST_DOUBLE || t->kind == FST_STRING || t->kind == FST_BOOLEAN ||
                t->kind == FST_DATE || t->kind == FST_TIMESTAMP || t->kind == FST_DECIMAL;
    fine &= t->kind != FST_MAP || t->fields[0].type.kind == FST_STRING;
    for (size_t i = 0; fine && fst_type_is_nested(t) && i < t->n_fields; i++) {
        fine = reads_json(&t->fields[i].type) && (t->kind == FST_MAP || t->fields[i].nullable);
        for (size_t k = 0; t->kind == FST_STRUCT && k < i; k++)
            fine &= strcmp(t->fields[k].name, t->fields[i].name) != 0;
    }
    return fine;
}

/* A type, or the fields of a struct. */
static bool json_schema(struct call *c, struct fst_str text, struct fst_type *out)
{
    const char *whole = fst_arena_strndup(c->rx->a, text.p, text.n);
    if (fst_type_parse(c->rx->a, whole, out, NULL) == FST_OK && fst_type_is_nested(out))
        return true;
    const char *fields = text_of(c->rx, "struct<%s>", whole);
    return fst_type_parse(c->rx->a, fields, out, NULL) == FST_OK && out->n_fields > 0;
}

/* Options as the local engine takes them: letters (F: FAILFAST, N: fields that are NULL are
 * written), the format of days, that of instants, a line each. NULL when there is another one. */
static struct fst_expr *json_options(struct call *c, const struct fst_expr *map, bool writes)
{
    const char *dates = "", *times = "", *letters = "";
    bool fine = map->kind == FST_EXPR_CALL && map->fn->id == FST_FN_MAP && map->n_args > 0;
    for (size_t i = 0; fine && i < map->n_args; i++)
        fine = map->args[i]->kind == FST_EXPR_LITERAL && map->args[i]->type.kind == FST_STRING &&
               !map->args[i]->value.is_null &&
               !memchr(map->args[i]->value.s.p, '\n', map->args[i]->value.s.n);
    for (size_t i = 0; fine && i + 1 < map->n_args; i += 2) {
        struct fst_str key = map->args[i]->value.s, value = map->args[i + 1]->value.s;
        const char *text = fst_arena_strndup(c->rx->a, value.p, value.n);
        for (size_t k = 0; k < i; k += 2)
            fine &= !fst_str_eq(map->args[k]->value.s, key);
        if (fst_str_is_nocase(key, "dateFormat"))
            dates = text;
        else if (fst_str_is_nocase(key, "timestampFormat"))
            times = text;
        else if (!writes && fst_str_is_nocase(key, "mode") &&
                 (fst_str_is_nocase(value, "failfast") || fst_str_is_nocase(value, "permissive")))
            letters = fst_str_is_nocase(value, "failfast") ? "F" : "";
        else if (writes && fst_str_is_nocase(key, "ignoreNullFields") &&
                 (fst_str_is_nocase(value, "true") || fst_str_is_nocase(value, "false")))
            letters = fst_str_is_nocase(value, "false") ? "N" : "";
        else
            fine = false;
        fine = fine && (value.n > 0);
    }
    if (!fine)
        return rx_refuse(c->rx, &map->place, "these options of %s", c->f->name);
    return string_literal(c->rx, text_of(c->rx, "%s\n%s\n%s", letters, dates, times), map->place);
}

static struct fst_expr *from_json(struct call *c)
{
    struct fst_type type, text = fst_type(FST_STRING);
    const struct fst_expr *schema = c->args[1];
    if (c->args[0]->type.kind != FST_STRING && c->args[0]->type.kind != FST_VOID)
        return refuse_types(c);
    if (schema->kind != FST_EXPR_LITERAL || schema->type.kind != FST_STRING ||
        schema->value.is_null || !json_schema(c, schema->value.s, &type) || !reads_json(&type))
        return rx_refuse(c->rx, &schema->place, "this schema of from_json");
    c->text = type.kind == FST_MAP ? "entries" : text_of(c->rx, "from_json(%s)", c->args[0]->text);
    c->args[0] = coerce(c->rx, c->args[0], &text);
    if (c->n > 2 && !(c->args[1] = json_options(c, c->args[2], false)))
        return NULL;
    c->n--;
    return call_finish(c, type, true);
}

static struct fst_expr *to_json(struct call *c)
{
    const struct fst_type *t = &c->args[0]->type;
    bool back =
        c->args[0]->fn && c->args[0]->fn->id == FST_FN_FROM_JSON; /* Spark leaves both out */
    if (!fst_type_is_nested(t) || !has_json(t) || back)
        return refuse_types(c);
    c->text = text_of(c->rx, "to_json(%s)", c->args[0]->text);
    if (c->n > 1 && !(c->args[1] = json_options(c, c->args[1], true)))
        return NULL;
    return call_finish(c, fst_type(FST_STRING), true);
}

/* ---- Sets ------------------------------------------------------------------------------------ */

static struct fst_expr *set_call(struct call *c)
{
    struct fst_type element;
    if (!common_arrays(c, &element))
        return NULL;
    if (!is_set_element(&element))
        return refuse_types(c);
    bool nullable = any_nullable(c), left = elements_nullable(c, 0);
    bool right = elements_nullable(c, c->n - 1);
    switch (c->f->id) {
    case FST_FN_ARRAYS_OVERLAP:
        return call_finish(c, fst_type(FST_BOOLEAN), nullable || left || right);
    case FST_FN_ARRAY_UNION:
        return call_finish(c, array_of(c->rx, element, left || right), nullable);
    case FST_FN_ARRAY_INTERSECT:
        return call_finish(c, array_of(c->rx, element, left && right), nullable);
    default: /* array_distinct, array_except */
        return call_finish(c, array_of(c->rx, element, left), nullable);
    }
}

static struct fst_expr *concat_call(struct call *c)
{
    struct fst_type element;
    bool any = false, nullable = false;
    for (size_t i = 0; i < c->n; i++)
        any |= is_array(c, i);
    if (!any)
        return NULL;
    if (!common_arrays(c, &element))
        return NULL;
    for (size_t i = 0; i < c->n; i++)
        nullable |= elements_nullable(c, i);
    return call_finish(c, array_of(c->rx, element, nullable), any_nullable(c));
}

struct fst_expr *concat_arrays(struct rx *rx, struct fst_expr *a, struct fst_expr *b,
                               struct fst_sql_place place)
{
    struct sx *s = fst_arena_alloc(rx->a, sizeof *s);
    struct fst_expr *args[] = {a, b};
    s->place = place;
    struct call c = {.rx = rx, .s = s, .args = args, .n = 2, .f = fst_sql_function("concat", 6)};
    c.text = call_text(rx, "concat", args, 2, false);
    return concat_call(&c);
}

/* ---- Elements -------------------------------------------------------------------------------- */

static struct fst_expr *slice_call(struct call *c)
{
    if (!is_array(c, 0) || !int_argument(c, 1) || !int_argument(c, 2))
        return c->rx->status == FST_OK ? refuse_types(c) : NULL;
    return call_finish(c, c->args[0]->type, any_nullable(c));
}

static struct fst_expr *reverse_call(struct call *c)
{
    return is_array(c, 0) ? call_finish(c, c->args[0]->type, c->args[0]->nullable) : NULL;
}

static struct fst_expr *remove_call(struct call *c)
{
    if (!array_and_value(c, 1))
        return NULL;
    if (!is_set_element(&c->args[1]->type))
        return refuse_types(c);
    return call_finish(c, c->args[0]->type, any_nullable(c));
}

/* Spark says that what was added to may hold NULL, whatever was added. */
static struct fst_expr *append_call(struct call *c)
{
    if (!array_and_value(c, 1))
        return NULL;
    return call_finish(c, array_of(c->rx, c->args[1]->type, true), c->args[0]->nullable);
}

static struct fst_expr *insert_call(struct call *c)
{
    if (!int_argument(c, 1) || !array_and_value(c, 2))
        return NULL;
    return call_finish(c, array_of(c->rx, c->args[2]->type, true),
                       c->args[0]->nullable || c->args[1]->nullable);
}

static struct fst_expr *compact_call(struct call *c)
{
    if (!is_array(c, 0))
        return refuse_types(c);
    return call_finish(c, array_of(c->rx, c->args[0]->type.fields[0].type, false),
                       c->args[0]->nullable);
}

static struct fst_expr *repeat_call(struct call *c)
{
    struct fst_type whole = fst_type(FST_INT);
    if (c->args[1]->type.kind == FST_VOID)
        c->args[1] = coerce(c->rx, c->args[1], &whole);
    if (!int_argument(c, 1))
        return NULL;
    return call_finish(c, array_of(c->rx, c->args[0]->type, c->args[0]->nullable),
                       c->args[1]->nullable);
}

static struct fst_expr *flatten_call(struct call *c)
{
    const struct fst_type *t = &c->args[0]->type;
    if (t->kind != FST_ARRAY || t->fields[0].type.kind != FST_ARRAY)
        return refuse_types(c);
    return call_finish(c, t->fields[0].type, c->args[0]->nullable || t->fields[0].nullable);
}

static const char *zipped_name(struct call *c, size_t i)
{
    const struct sx *s = c->n == c->s->n_kids ? c->s->kids[i] : NULL;
    const struct fst_expr *e = c->args[i];
    if (s && s->kind == SX_NAME && strncmp(e->text, "lateral", 7) != 0)
        return s->parts[s->n_parts - 1];
    if (!s || s->kind == SX_STAR || s->kind == SX_NAME || s->kind == SX_FIELD)
        return NULL;
    return text_of(c->rx, "%zu", i);
}

static struct fst_expr *zip_call(struct call *c)
{
    struct fst_field *f = fst_arena_alloc(c->rx->a, c->n * sizeof *f);
    for (size_t i = 0; i < c->n; i++) {
        if (!is_array(c, i))
            return refuse_types(c);
        f[i] = (struct fst_field){
            .name = zipped_name(c, i), .type = c->args[i]->type.fields[0].type, .nullable = true};
        if (!f[i].name)
            return rx_refuse(c->rx, &c->s->place, "arrays_zip of what has no plain name");
    }
    struct fst_type pair = nested_type(c->rx, FST_STRUCT, f, c->n);
    return call_finish(c, array_of(c->rx, pair, false), any_nullable(c));
}

/* ---- Sequences ------------------------------------------------------------------------------- */

static bool sequence_of_times(struct call *c)
{
    bool dates = c->args[0]->type.kind == FST_DATE && c->args[1]->type.kind == FST_DATE;
    struct fst_type type = fst_type(dates ? FST_DATE : FST_TIMESTAMP);
    for (size_t i = 0; i < 2; i++) {
        enum fst_kind kind = c->args[i]->type.kind;
        if (kind != FST_DATE && kind != FST_TIMESTAMP)
            return false;
        c->args[i] = coerce(c->rx, c->args[i], &type);
    }
    return c->n == 2 || is_interval(&c->args[2]->type);
}

static struct fst_expr *sequence_call(struct call *c)
{
    bool whole = true;
    for (size_t i = 0; i < c->n; i++)
        whole &= is_integral(&c->args[i]->type) || (i && c->args[i]->type.kind == FST_VOID);
    struct fst_type type;
    if (whole ? common_of(c->args, c->n, false, &type) != COMMON_FOUND : !sequence_of_times(c))
        return refuse_types(c);
    for (size_t i = 0; whole && i < c->n; i++)
        c->args[i] = coerce(c->rx, c->args[i], &type);
    return call_finish(c, array_of(c->rx, c->args[0]->type, false), any_nullable(c));
}

/* ---- Maps ------------------------------------------------------------------------------------ */

/* Keys that are told apart by their bytes. */
static bool is_key(const struct fst_type *t)
{
    return t->kind != FST_ARRAY && t->kind != FST_STRUCT && fst_sql_is_nested_key(t);
}

static struct fst_expr *map_from_arrays(struct call *c)
{
    if (!is_array(c, 0) || !is_array(c, 1) || !is_key(&c->args[0]->type.fields[0].type))
        return refuse_types(c);
    const struct fst_field *value = &c->args[1]->type.fields[0];
    return call_finish(c,
                       map_of(c->rx, c->args[0]->type.fields[0].type, value->type, value->nullable),
                       any_nullable(c));
}

static struct fst_expr *map_from_entries(struct call *c)
{
    const struct fst_type *pair = is_array(c, 0) ? &c->args[0]->type.fields[0].type : NULL;
    if (!pair || pair->kind != FST_STRUCT || pair->n_fields != 2 || !is_key(&pair->fields[0].type))
        return refuse_types(c);
    return call_finish(
        c, map_of(c->rx, pair->fields[0].type, pair->fields[1].type, pair->fields[1].nullable),
        c->args[0]->nullable || elements_nullable(c, 0));
}

static struct fst_expr *map_entries(struct call *c)
{
    const struct fst_type *t = &c->args[0]->type;
    if (t->kind != FST_MAP)
        return refuse_types(c);
    struct fst_field f[2] = {
        {.name = "key", .type = t->fields[0].type},
        {.name = "value", .type = t->fields[1].type, .nullable = t->fields[1].nullable}};
    struct fst_type pair = nested_type(c->rx, FST_STRUCT, f, 2);
    return call_finish(c, array_of(c->rx, pair, false), c->args[0]->nullable);
}

static struct fst_expr *map_concat(struct call *c)
{
    struct fst_type text = fst_type(FST_STRING);
    bool nullable = false;
    if (!c->n)
        return call_finish(c, map_of(c->rx, text, text, false), false);
    const struct fst_type *t = &c->args[0]->type;
    for (size_t i = 0; i < c->n; i++) {
        if (t->kind != FST_MAP || !fst_type_eq(&c->args[i]->type, t) || !is_key(&t->fields[0].type))
            return refuse_types(c);
        nullable |= c->args[i]->type.fields[1].nullable;
    }
    return call_finish(c, map_of(c->rx, t->fields[0].type, t->fields[1].type, nullable),
                       any_nullable(c));
}

/* ---- Order ----------------------------------------------------------------------------------- */

/* The comparison that Spark writes where none is given. */
#define PLAIN_ORDER                                                                                \
    "lambdafunction((IF(((namedlambdavariable() IS NULL) AND (namedlambdavariable() IS NULL)), "   \
    "0, (IF((namedlambdavariable() IS NULL), 1, (IF((namedlambdavariable() IS NULL), -1, "         \
    "(IF((namedlambdavariable() < namedlambdavariable()), -1, (IF((namedlambdavariable() > "       \
    "namedlambdavariable()), 1, 0)))))))))), namedlambdavariable(), namedlambdavariable())"

static struct fst_expr *array_sort(struct call *c)
{
    if (c->n != 1 || !is_array(c, 0) || !call_is_orderable(&c->args[0]->type.fields[0].type))
        return refuse_types(c);
    c->text = text_of(c->rx, "array_sort(%s, " PLAIN_ORDER ")", c->args[0]->text);
    return call_finish(c, c->args[0]->type, c->args[0]->nullable);
}

static const struct {
    enum fst_fn id;
    struct fst_expr *(*make)(struct call *c);
} makers[] = {
    {FST_FN_SPLIT, split_call},
    {FST_FN_ARRAY_JOIN, join_call},
    {FST_FN_ARRAY_DISTINCT, set_call},
    {FST_FN_ARRAY_UNION, set_call},
    {FST_FN_ARRAY_INTERSECT, set_call},
    {FST_FN_ARRAY_EXCEPT, set_call},
    {FST_FN_ARRAYS_OVERLAP, set_call},
    {FST_FN_CONCAT, concat_call},
    {FST_FN_CONCAT_WS, concat_ws},
    {FST_FN_REVERSE, reverse_call},
    {FST_FN_SLICE, slice_call},
    {FST_FN_ARRAY_REMOVE, remove_call},
    {FST_FN_ARRAY_APPEND, append_call},
    {FST_FN_ARRAY_PREPEND, append_call},
    {FST_FN_ARRAY_INSERT, insert_call},
    {FST_FN_ARRAY_COMPACT, compact_call},
    {FST_FN_ARRAY_REPEAT, repeat_call},
    {FST_FN_SEQUENCE, sequence_call},
    {FST_FN_FLATTEN, flatten_call},
    {FST_FN_ARRAYS_ZIP, zip_call},
    {FST_FN_MAP_FROM_ARRAYS, map_from_arrays},
    {FST_FN_MAP_FROM_ENTRIES, map_from_entries},
    {FST_FN_MAP_ENTRIES, map_entries},
    {FST_FN_MAP_CONCAT, map_concat},
    {FST_FN_STR_TO_MAP, str_to_map},
    {FST_FN_GET_JSON_OBJECT, get_json_object},
    {FST_FN_JSON_ARRAY_LENGTH, json_text},
    {FST_FN_JSON_OBJECT_KEYS, json_text},
    {FST_FN_TO_JSON, to_json},
    {FST_FN_FROM_JSON, from_json},
    {FST_FN_ARRAY_SORT, array_sort},
    {FST_FN_RAISE_ERROR, call_raise},
    {FST_FN_TO_NUMBER, call_to_number},
    {FST_FN_TRY_TO_NUMBER, call_to_number},
    {FST_FN_TO_CHAR, call_to_char},
};

struct fst_expr *call_list(struct call *c)
{
    for (size_t i = 0; i < FST_COUNT(makers); i++)
        if (makers[i].id == c->f->id)
            return makers[i].make(c);
    return NULL;
}
