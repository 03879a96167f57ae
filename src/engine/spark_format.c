/* Formats by Spark's names, with the options that make them mean the same there. */
#include <string.h>
#include <strings.h>

#include "spark.h"

static const struct spark_format inputs[] = {
    {"tsv", "csv", "sep", "\t"},
    {"jsonl", "json", NULL, NULL},
    {"ndjson", "json", NULL, NULL},
    {"json", "json", "multiLine", "true"},
};

static const struct spark_format outputs[] = {
    {"parquet", "parquet", "compression", "snappy"},
    {"csv", "csv", "header", "true"},
    {"json", "json", NULL, NULL},
    {"jsonl", "json", NULL, NULL},
    {"orc", "orc", NULL, NULL},
};

const struct spark_format *spark_format_named(const char *name)
{
    for (size_t i = 0; i < FST_COUNT(inputs); i++)
        if (strcasecmp(inputs[i].name, name) == 0)
            return &inputs[i];
    return NULL;
}

enum fst_status spark_output_format(const struct fst_work *w, const struct spark_format **out,
                                    struct fst_error *err)
{
    const char *format = w->output_format ? w->output_format : "parquet";
    for (size_t i = 0; i < FST_COUNT(outputs); i++) {
        *out = &outputs[i];
        if (strcmp(outputs[i].name, format) == 0)
            return FST_OK;
    }
    return fst_fail(err, FST_EUNSUPPORTED, "an output in the format %s; use parquet", format);
}
