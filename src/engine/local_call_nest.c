/* Calls that take or give nested values: ours get the signature of the type first. */
#include "local_call.h"
#include "local_json.h"

static const struct {
    enum fst_fn id;
    const char *array, *map; /* by the kind of the first argument */
    char signature;          /* of the first argument; r of the result, e of each argument */
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
    {FST_FN_SPLIT, "text_split", NULL, '-'},
    {FST_FN_REGEXP_EXTRACT_ALL, "regexp_extract_all_of", NULL, '-'},
    {FST_FN_FROM_JSON, "nest_from_json", NULL, 'm'},
    {FST_FN_TO_JSON, "nest_to_json", "nest_to_json", 'n'},
    {FST_FN_JSON_OBJECT_KEYS, "json_keys_of", NULL, '-'},
    {FST_FN_STR_TO_MAP, "text_to_map", NULL, '-'},
    {FST_FN_ARRAY_JOIN, "nest_join", NULL},
    {FST_FN_ARRAY_DISTINCT, "nest_distinct", NULL},
    {FST_FN_ARRAY_UNION, "nest_union", NULL, 'r'},
    {FST_FN_ARRAY_INTERSECT, "nest_intersect", NULL, 'r'},
    {FST_FN_ARRAY_EXCEPT, "nest_except", NULL, 'r'},
    {FST_FN_ARRAYS_OVERLAP, "nest_overlap", NULL},
    {FST_FN_SLICE, "nest_slice", NULL},
    {FST_FN_ARRAY_REMOVE, "nest_remove", NULL},
    {FST_FN_ARRAY_APPEND, "nest_append", NULL, 'r'},
    {FST_FN_ARRAY_PREPEND, "nest_prepend", NULL, 'r'},
    {FST_FN_ARRAY_INSERT, "nest_insert", NULL, 'r'},
    {FST_FN_ARRAY_COMPACT, "nest_compact", NULL},
    {FST_FN_ARRAY_REPEAT, "nest_repeat", "nest_repeat", 'r'},
    {FST_FN_SEQUENCE, "nest_sequence", NULL, 'r'},
    {FST_FN_FLATTEN, "nest_flatten", NULL},
    {FST_FN_ARRAYS_ZIP, "nest_zip", NULL, 'e'},
    {FST_FN_MAP_FROM_ARRAYS, "nest_from_arrays", NULL, 'e'},
    {FST_FN_MAP_FROM_ENTRIES, "nest_from_entries", NULL},
    {FST_FN_MAP_ENTRIES, NULL, "nest_entries"},
    {FST_FN_MAP_CONCAT, NULL, "nest_concat_maps", 'r'},
    {FST_FN_ARRAY_SORT, "nest_array_sort", NULL},
};

/* The number of its row, or -1. */
static int row_of(const struct fst_expr *e)
{
    for (size_t i = 0; e->n_args && i < FST_COUNT(calls); i++)
        if (calls[i].id == e->fn->id)
            return (int)i;
    return -1;
}

/* An element, by an index that may be NULL, of an array that has no NULL. */
static bool is_never_null(const struct fst_expr *e)
{
    bool is_element = e->fn->id == FST_FN_ITEM || e->fn->id == FST_FN_ELEMENT_AT;
    return is_element && e->args[0]->type.kind == FST_ARRAY &&
           !e->args[0]->type.fields[0].nullable && e->args[1]->nullable;
}

static const char *call_of(const struct fst_expr *e)
{
    int row = row_of(e);
    bool of_array = e->n_args && e->args[0]->type.kind == FST_ARRAY;
    if (e->fn->id == FST_FN_CONCAT && of_array)
        return "nest_concat";
    if (e->fn->id == FST_FN_REVERSE && of_array)
        return "nest_reverse";
    if (is_never_null(e))
        return e->fn->id == FST_FN_ITEM ? "nest_item_of_all" : "nest_element_at_of_all";
    if (e->fn->id == FST_FN_SEQUENCE && e->n_args == 3 && e->args[2]->type.kind == FST_INTERVAL_YM)
        return "nest_sequence_months";
    if (row < 0)
        return NULL;
    return e->args[0]->type.kind == FST_MAP ? calls[row].map : calls[row].array;
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
    case FST_FN_COLLECT_SET:
    case FST_FN_COLLECT_SET_ANY:
    case FST_FN_CONCAT_WS:
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
    case FST_FN_MIN:
    case FST_FN_MAX:
        return fst_sql_is_nested_key(&e->args[0]->type);
    case FST_FN_MIN_BY:
    case FST_FN_MAX_BY:
        return !fst_type_is_nested(&e->args[1]->type) || fst_sql_is_nested_key(&e->args[1]->type);
    default:
        return makes(e->fn->id) || call_of(e) ||
               (e->fn->id >= FST_FN_TRANSFORM && e->fn->id <= FST_FN_TRANSFORM_VALUES);
    }
}

static void one_signature(struct fst_buf *out, const struct fst_type *type, bool more)
{
    fst_buf_addc(out, '\'');
    local_nest_signature(out, type);
    fst_buf_adds(out, more ? "', " : "'");
}

/* The names of all fields, quoted, a line each. */
static void field_names(struct fst_buf *out, const struct fst_type *type)
{
    for (size_t i = 0; fst_type_is_nested(type) && i < type->n_fields; i++) {
        if (type->kind == FST_STRUCT) {
            json_quote(out, fst_str(type->fields[i].name));
            fst_buf_addc(out, '\n');
        }
        field_names(out, &type->fields[i].type);
    }
}

/* The precisions of all decimals, two digits each, in the order of the signature. */
static void precisions(struct fst_buf *out, const struct fst_type *type)
{
    if (type->kind == FST_DECIMAL)
        fst_buf_printf(out, "%02d", type->precision);
    for (size_t i = 0; fst_type_is_nested(type) && i < type->n_fields; i++)
        precisions(out, &type->fields[i].type);
}

static void put_names(struct fst_buf *out, const struct fst_type *type)
{
    struct fst_buf names = FST_BUF_TEXT;
    field_names(&names, type);
    fst_buf_addc(out, '\'');
    for (size_t i = 0; i < names.n; i++) {
        if (names.p[i] == '\'')
            fst_buf_addc(out, '\'');
        fst_buf_addc(out, names.p[i]);
    }
    fst_buf_adds(out, "', ");
    fst_buf_done(&names);
}

static void signatures(struct fst_buf *out, const struct fst_expr *e, char which)
{
    bool more = e->n_args > 0;
    if (which == '-')
        return;
    for (size_t i = 0; which == 'e' && i < e->n_args; i++)
        one_signature(out, &e->args[i]->type, more);
    if (which == 'r' || !which)
        one_signature(out, which == 'r' ? &e->type : &e->args[0]->type, more);
}

/* Are the formats among the options ones that we do? */
static bool json_formats(struct tr *t, const struct fst_expr *e)
{
    if (e->n_args < 2)
        return true;
    struct json_options o = json_options_of(e->args[1]->value.s);
    bool reads = e->fn->id == FST_FN_FROM_JSON;
    bool fine = (!o.dates.n || local_format_ok(o.dates, reads)) &&
                (!o.times.n || local_format_ok(o.times, reads));
    if (!fine)
        tr_refuse(t, &e->place, "these formats in the options of %s", e->fn->name);
    return fine;
}

bool tr_nest_call(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                  const struct scope *s)
{
    bool is_made = makes(e->fn->id);
    if (tr_lambda_call(t, out, e, s))
        return true;
    const char *name = is_made ? e->fn->id == FST_FN_MAP ? "nest_map" : "nest_make" : call_of(e);
    if (!name)
        return false;
    /* SQLite takes 127 arguments at most, older ones 100. */
    if (e->n_args > 90) {
        tr_refuse(t, &e->place, "%s with so many arguments", e->fn->name);
        return true;
    }
    bool parts = e->fn->id == FST_FN_SPLIT || e->fn->id == FST_FN_REGEXP_EXTRACT_ALL;
    if ((parts && !tr_pattern_ok(t, e, 1, 'x')) ||
        (e->fn->id == FST_FN_STR_TO_MAP &&
         (!tr_pattern_ok(t, e, 1, 'x') || !tr_pattern_ok(t, e, 2, 'x'))))
        return true;
    int row = row_of(e);
    if ((e->fn->id == FST_FN_FROM_JSON || e->fn->id == FST_FN_TO_JSON) && !json_formats(t, e))
        return true;
    fst_buf_printf(out, "%s(", name);
    if (row >= 0 && (calls[row].signature == 'n' || calls[row].signature == 'm')) {
        const struct fst_type *named = calls[row].signature == 'n' ? &e->args[0]->type : &e->type;
        one_signature(out, named, true);
        put_names(out, named);
    }
    if (e->fn->id == FST_FN_FROM_JSON) {
        fst_buf_addc(out, '\'');
        precisions(out, &e->type);
        fst_buf_adds(out, "', ");
    }
    signatures(out, e, is_made ? 'r' : row < 0 ? 0 : calls[row].signature);
    tr_args(t, out, e, s);
    fst_buf_addc(out, ')');
    return true;
}
