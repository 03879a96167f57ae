/* Functions that Spark has: a query that calls one which the table has not is right, and refused.
 * Some are in the table as well. */
#include "call.h"

#include <strings.h>

/* clang-format off */
static const char *const names[] = {
    "acosh", "aggregate", "array_append", "array_compact", "array_distinct", "array_except",
    "array_insert", "array_intersect", "array_join", "array_prepend", "array_remove",
    "array_repeat", "array_sort", "array_union", "arrays_overlap", "arrays_zip", "asinh",
    "assert_true", "atanh", "bitmap_count", "collate", "collation", "collect_set",
    "convert_timezone", "cosh", "cot", "count_min_sketch", "csc", "current_time",
    "current_timezone", "current_user", "days", "elt", "exists", "explode", "explode_outer",
    "filter", "flatten", "forall", "from_csv", "from_json", "from_xml", "get_json_object",
    "histogram_numeric", "hll_sketch_agg", "hypot", "inline", "inline_outer", "input_file_name",
    "is_valid_utf8", "json_array_length", "json_object_keys", "json_tuple", "listagg",
    "localtimestamp", "luhn_check", "make_dt_interval", "make_interval", "make_timestamp_ltz",
    "make_timestamp_ntz", "make_ym_interval", "map_concat", "map_entries", "map_filter",
    "map_from_arrays", "map_from_entries", "map_zip_with", "mask", "monotonically_increasing_id",
    "not", "overlay", "parse_json", "parse_url", "percentile_cont", "percentile_disc",
    "posexplode", "posexplode_outer", "quote", "raise_error", "rand", "randn", "random",
    "randstr", "range", "reduce", "regexp_extract_all", "regexp_instr", "schema_of_csv",
    "schema_of_json", "sec", "sentences", "sequence", "session_user", "session_window", "shuffle",
    "sinh", "slice", "spark_partition_id", "split", "stack", "str_to_map", "string_agg", "tanh",
    "time", "timediff", "to_binary", "to_char", "to_csv", "to_json", "to_number", "to_time",
    "to_timestamp_ltz", "to_timestamp_ntz", "to_varchar", "to_xml", "transform", "transform_keys",
    "transform_values", "try_aes_decrypt", "try_parse_json", "try_reflect", "try_to_binary",
    "try_to_number", "try_variant_get", "uniform", "user", "uuid", "variant_get", "version",
    "window", "window_time", "xpath", "xpath_string", "zip_with",
};
/* clang-format on */

bool is_spark_function(const char *name)
{
    for (size_t i = 0; i < FST_COUNT(names); i++)
        if (strcasecmp(name, names[i]) == 0)
            return true;
    return false;
}
