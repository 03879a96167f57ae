/* Functions that Spark has: a query that calls one which the table has not is right, and refused.
 * Some are in the table as well. */
#include "call.h"

#include <strings.h>

/* clang-format off */
static const char *const names[] = {
    "acosh", "asinh", "assert_true", "atanh", "bitmap_count", "collate", "collation",
    "convert_timezone", "cosh", "cot", "count_min_sketch", "csc", "current_time",
    "current_timezone", "current_user", "days", "elt", "explode", "explode_outer", "from_csv",
    "from_xml", "histogram_numeric", "hll_sketch_agg", "hypot",
    "inline", "inline_outer", "input_file_name", "is_valid_utf8",
    "json_tuple", "listagg", "localtimestamp", "luhn_check", "make_interval",
    "make_timestamp_ltz", "make_timestamp_ntz", "map_zip_with", "mask",
    "monotonically_increasing_id", "not", "overlay", "parse_json", "parse_url", "percentile_cont", "posexplode", "posexplode_outer", "quote", "raise_error", "rand", "randn",
    "random", "randstr", "range", "regexp_extract_all", "regexp_instr", "schema_of_csv",
    "schema_of_json", "sec", "sentences", "session_user", "session_window", "shuffle", "sinh",
    "spark_partition_id", "stack", "string_agg", "tanh", "time", "timediff", "to_binary", "to_char",
    "to_csv", "to_number", "to_time", "to_timestamp_ltz", "to_timestamp_ntz",
    "to_varchar", "to_xml", "try_aes_decrypt", "try_parse_json", "try_reflect", "try_to_binary",
    "try_to_number", "try_variant_get", "uniform", "user", "uuid", "variant_get", "version",
    "window_time", "xpath", "xpath_string",
};
/* clang-format on */

bool is_spark_function(const char *name)
{
    for (size_t i = 0; i < FST_COUNT(names); i++)
        if (strcasecmp(name, names[i]) == 0)
            return true;
    return false;
}
