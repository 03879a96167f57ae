/* Functions that Spark has: a query that calls one which the table has not is right, and refused.
 * Some are in the table as well. */
#include "call.h"

#include <strings.h>

/* clang-format off */
static const char *const names[] = {
    "acosh", "aes_decrypt", "aes_encrypt", "and", "approx_top_k", "approx_top_k_accumulate",
    "approx_top_k_combine", "approx_top_k_estimate", "asinh", "assert_true", "atanh", "between",
    "bitmap_and_agg", "bitmap_bit_position", "bitmap_bucket_number", "bitmap_construct_agg",
    "bitmap_count", "bitmap_or_agg", "case", "cast", "collate", "collation", "collations",
    "collect_union", "convert_timezone", "cosh", "cot", "count_min_sketch", "counter_diff", "csc",
    "current_path", "current_time", "current_timezone", "current_user", "days", "div", "elt", "explode",
    "explode_outer", "extract", "from_avro", "from_base32", "from_csv", "from_protobuf", "from_xml",
    "histogram_numeric", "hll_sketch_agg", "hll_sketch_estimate", "hll_union", "hll_union_agg",
    "hmac", "hypot", "in", "inline", "inline_outer", "input_file_block_length",
    "input_file_block_start", "input_file_name", "is_valid_utf8", "is_valid_variant",
    "is_variant_null", "jaro_winkler_similarity", "java_method", "json_tuple",
    "kll_merge_agg_bigint", "kll_merge_agg_double", "kll_merge_agg_float", "kll_sketch_agg_bigint",
    "kll_sketch_agg_double", "kll_sketch_agg_float", "kll_sketch_get_n_bigint",
    "kll_sketch_get_n_double", "kll_sketch_get_n_float", "kll_sketch_get_quantile_bigint",
    "kll_sketch_get_quantile_double", "kll_sketch_get_quantile_float", "kll_sketch_get_rank_bigint",
    "kll_sketch_get_rank_double", "kll_sketch_get_rank_float", "kll_sketch_merge_bigint",
    "kll_sketch_merge_double", "kll_sketch_merge_float", "kll_sketch_to_string_bigint",
    "kll_sketch_to_string_double", "kll_sketch_to_string_float", "listagg", "localtime",
    "localtimestamp", "luhn_check", "make_interval", "make_time", "make_timestamp_ltz",
    "make_timestamp_ntz", "make_valid_utf8", "map_zip_with", "mask", "measure",
    "monotonically_increasing_id", "not", "or", "overlay", "parse_json", "parse_url",
    "percentile_cont", "posexplode", "posexplode_outer", "python_worker_logs", "quote",
    "raise_error", "rand", "randn", "random", "randstr", "range", "reflect", "regexp_extract_all",
    "regexp_instr", "schema_of_avro", "schema_of_csv", "schema_of_json", "schema_of_variant",
    "schema_of_variant_agg", "schema_of_xml", "sec", "sentences", "session_user", "session_window",
    "shuffle", "sinh", "spark_partition_id", "sql_keywords", "st_asbinary", "st_geogfromwkb",
    "st_geomfromwkb", "st_setsrid", "st_srid", "stack", "string_agg", "tanh", "theta_difference",
    "theta_intersection", "theta_intersection_agg", "theta_sketch_agg", "theta_sketch_estimate",
    "theta_union", "theta_union_agg", "time", "time_bucket", "time_diff", "time_from_micros",
    "time_from_millis", "time_from_seconds", "time_to_micros", "time_to_millis", "time_to_seconds",
    "time_trunc", "timediff", "timestamp_nanos", "to_avro", "to_base32", "to_binary", "to_char",
    "to_csv", "to_number", "to_protobuf", "to_time", "to_timestamp_ltz", "to_timestamp_ntz",
    "to_varchar", "to_variant_object", "to_xml", "try_aes_decrypt", "try_make_interval",
    "try_make_timestamp", "try_make_timestamp_ltz", "try_make_timestamp_ntz", "try_parse_json",
    "try_parse_url", "try_reflect", "try_to_binary", "try_to_number", "try_to_time",
    "try_validate_utf8", "try_variant_array_append", "try_variant_get", "try_variant_insert",
    "try_variant_set", "tuple_difference_double", "tuple_difference_integer",
    "tuple_difference_theta_double", "tuple_difference_theta_integer",
    "tuple_intersection_agg_double", "tuple_intersection_agg_integer", "tuple_intersection_double",
    "tuple_intersection_integer", "tuple_intersection_theta_double",
    "tuple_intersection_theta_integer", "tuple_sketch_agg_double", "tuple_sketch_agg_integer",
    "tuple_sketch_estimate_double", "tuple_sketch_estimate_integer", "tuple_sketch_summary_double",
    "tuple_sketch_summary_integer", "tuple_sketch_theta_double", "tuple_sketch_theta_integer",
    "tuple_union_agg_double", "tuple_union_agg_integer", "tuple_union_double",
    "tuple_union_integer", "tuple_union_theta_double", "tuple_union_theta_integer", "uniform",
    "unix_nanos", "user", "uuid", "validate_utf8", "variant_array_append", "variant_delete",
    "variant_explode", "variant_explode_outer", "variant_get", "variant_insert", "variant_set",
    "variant_strip_nulls", "vector_avg", "vector_cosine_similarity", "vector_inner_product",
    "vector_l2_distance", "vector_norm", "vector_normalize", "vector_sum", "version", "when",
    "window_time", "xpath", "xpath_boolean", "xpath_double", "xpath_float", "xpath_int",
    "xpath_long", "xpath_number", "xpath_short", "xpath_string",
};
/* clang-format on */

bool is_spark_function(const char *name)
{
    for (size_t i = 0; i < FST_COUNT(names); i++)
        if (strcasecmp(name, names[i]) == 0)
            return true;
    return false;
}
