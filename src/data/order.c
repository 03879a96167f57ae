/* order: values in the order that Spark has for them. */
#include "frame.h"
#include "stats.h"

static __int128 key_of(const struct fst_column *c, size_t row)
{
    if (c->type.kind == FST_DECIMAL)
        return fst_column_decimal(c, row);
    return c->type.kind == FST_FLOAT || c->type.kind == FST_DOUBLE
               ? fst_stats_key(fst_column_double(c, row))
               : fst_column_int(c, row);
}

int fst_column_compare(const struct fst_column *a, size_t i, const struct fst_column *b, size_t j)
{
    bool no_a = fst_column_is_null(a, i), no_b = fst_column_is_null(b, j);
    if (no_a || no_b)
        return no_b - no_a;
    if (fst_kind_is_bytes(a->type.kind))
        return fst_str_compare(fst_column_bytes(a, i), fst_column_bytes(b, j));
    __int128 x = key_of(a, i), y = key_of(b, j);
    return (x > y) - (x < y);
}
