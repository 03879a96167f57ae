/* Calls that take or give nested values: ours get the signature of the type first. */
#include "local_call.h"
#include "local_fn.h"

static const struct {
    enum fst_fn id;
    const char *array, *map; /* by the kind of the first argument */
} calls[] = {
    {FST_FN_FIELD, "nest_field", NULL},
    {FST_FN_FIELDS, "nest_fields", NULL},
    {FST_FN_ITEM, "nest_item", NULL},
    {FST_FN_GET, "nest_get", NULL},
    {FST_FN_MAP_VALUE, NULL, "nest_map_value"},
    {FST_FN_ELEMENT_AT, "nest_element_at", "nest_map_value"},
    {FST_FN_TRY_ELEMENT_AT, "nest_try_element_at", "nest_map_value"},
    {FST_FN_SIZE, "nest_size", "nest_size"},
    {FST_FN_SORT_ARRAY, "nest_sort", NULL},
    {FST_FN_ARRAY_MAX, "nest_max", NULL},
    {FST_FN_ARRAY_MIN, "nest_min", NULL},
    {FST_FN_ARRAY_POSITION, "nest_position", NULL},
    {FST_FN_ARRAY_CONTAINS, "nest_contains", NULL},
    {FST_FN_MAP_HAS, NULL, "nest_map_has"},
    {FST_FN_MAP_KEYS, NULL, "nest_keys"},
    {FST_FN_MAP_VALUES, NULL, "nest_values"},
};

static const char *call_of(const struct fst_expr *e)
{
    for (size_t i = 0; e->n_args && i < FST_COUNT(calls); i++)
        if (calls[i].id == e->fn->id)
            return e->args[0]->type.kind == FST_MAP ? calls[i].map : calls[i].array;
    return NULL;
}

static bool makes(enum fst_fn id)
{
    return id == FST_FN_ARRAY || id == FST_FN_MAP || id == FST_FN_STRUCT ||
           id == FST_FN_NAMED_STRUCT;
}

bool tr_nested_call(const struct fst_expr *e)
{
    if (!e->fn)
        return false;
    switch (e->fn->id) {
    case FST_FN_COALESCE:
    case FST_FN_NVL2:
    case FST_FN_IF:
    case FST_FN_FIRST:
    case FST_FN_LAST:
    case FST_FN_LAG:
    case FST_FN_LEAD:
    case FST_FN_COLLECT_LIST:
        return true;
    case FST_FN_COUNT:
        return !e->call || !e->call->distinct ||
               (e->n_args == 1 && fst_sql_is_nested_key(&e->args[0]->type));
    case FST_FN_EQ:
    case FST_FN_NE:
    case FST_FN_LT:
    case FST_FN_LE:
    case FST_FN_GT:
    case FST_FN_GE:
    case FST_FN_EQ_NULL:
        return fst_type_eq(&e->args[0]->type, &e->args[1]->type) &&
               fst_sql_is_nested_key(&e->args[0]->type);
    case FST_FN_MIN_BY:
    case FST_FN_MAX_BY:
        return !fst_type_is_nested(&e->args[1]->type);
    default:
        return makes(e->fn->id) || call_of(e);
    }
}

bool tr_nest_call(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                  const struct scope *s)
{
    bool is_made = makes(e->fn->id);
    const char *name = is_made ? e->fn->id == FST_FN_MAP ? "nest_map" : "nest_make" : call_of(e);
    if (!name)
        return false;
    /* SQLite takes 127 arguments at most, older ones 100. */
    if (e->n_args > 90) {
        tr_refuse(t, &e->place, "%s with so many arguments", e->fn->name);
        return true;
    }
    fst_buf_printf(out, "%s('", name);
    local_nest_signature(out, is_made ? &e->type : &e->args[0]->type);
    fst_buf_adds(out, e->n_args ? "', " : "'");
    tr_args(t, out, e, s);
    fst_buf_addc(out, ')');
    return true;
}
