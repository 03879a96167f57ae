/* The fields of definitions, one row each: key, type, place, who has it, who needs it, help.
 *
 * The order of the rows is the order in which a definition is written. */
#include "fields.h"

#include <string.h>

#define PROVIDER (1u << FST_PROVIDER)
#define ENTITY (1u << FST_ENTITY)
#define SOURCE (1u << FST_SOURCE)
#define TRANSFORMATION (1u << FST_TRANSFORMATION)
#define FEATURE (1u << FST_FEATURE)
#define LABEL (1u << FST_LABEL)
#define TRAINING_SET (1u << FST_TRAINING_SET)
#define JOB (1u << FST_JOB)
#define COLUMNS (FEATURE | LABEL)
#define SPARK (TRANSFORMATION | TRAINING_SET | JOB) /* what runs, with settings of its own */
#define ALL ((1u << FST_RESOURCE_KINDS_) - 1)
#define AT(member) offsetof(struct fst_resource, member), 0
#define LIST(member)                                                                               \
    offsetof(struct fst_resource, member), offsetof(struct fst_resource, n_##member)

const struct fst_field_row fst_fields[] = {
    {"description", FST_FIELD_TEXT, AT(description), ALL, 0, true, "what it is, for people"},
    {"owner", FST_FIELD_TEXT, AT(owner), ALL, 0, true, "who looks after it"},
    {"tags", FST_FIELD_TAGS, LIST(tags), ALL, 0, true, "words to find it by"},
    {"properties", FST_FIELD_PROPERTIES, LIST(properties), ALL, 0, true,
     "keys and values of your own"},
    {"engine", FST_FIELD_TEXT, AT(engine), PROVIDER, PROVIDER, false,
     "what runs the work: local, connect, ..."},
    {"path", FST_FIELD_TEXT, AT(path), SOURCE, 0, false,
     "file, folder or URI; relative to the file that defines it", true},
    {"table", FST_FIELD_TEXT, AT(table), SOURCE, 0, false,
     "a table of Spark's catalog, as `db.table`", true},
    {"format", FST_FIELD_TEXT, AT(format), SOURCE, 0, false,
     "parquet, csv, json, ...; told from the path when left out"},
    {"provider", FST_FIELD_NAME, AT(provider), SOURCE | SPARK, 0, false,
     "where it runs or lies; the workspace's default when left out"},
    {"options", FST_FIELD_OPTIONS, AT(options), PROVIDER | SOURCE, 0, false,
     "options of the engine or of the format"},
    {"output", FST_FIELD_TEXT, AT(output), PROVIDER, 0, false,
     "folder or URI that runs write under; the workspace's own when left out"},
    {"entity", FST_FIELD_NAME, AT(entity), COLUMNS, COLUMNS, false, "what the value is about"},
    {"from", FST_FIELD_REF, AT(from), COLUMNS, COLUMNS, false,
     "the source or transformation with the columns"},
    {"entity_column", FST_FIELD_TEXT, AT(entity_column), COLUMNS, COLUMNS, false,
     "column with the entity's key"},
    {"value_column", FST_FIELD_TEXT, AT(value_column), COLUMNS, COLUMNS, false,
     "column with the value"},
    {"timestamp_column", FST_FIELD_TEXT, AT(timestamp_column), COLUMNS, 0, false,
     "column that says since when the value holds"},
    {"max_age", FST_FIELD_DURATION, AT(max_age_us), FEATURE, 0, false,
     "older values count as missing: 30d, 12h, 15m"},
    {"label", FST_FIELD_REF, AT(label), TRAINING_SET, TRAINING_SET, false, "the label"},
    {"features", FST_FIELD_REFS, LIST(features), TRAINING_SET, TRAINING_SET, false,
     "the features, in order"},
    {"lags", FST_FIELD_LAGS, LIST(lags), TRAINING_SET, 0, false,
     "features as they were some time before: {feature, lag, name}"},
    {"sql", FST_FIELD_SQL, AT(sql), TRANSFORMATION, 0, false,
     "Spark SQL; {{name}} or {{name.variant}} stand for inputs", true},
    {"sql_file", FST_FIELD_FILE, AT(sql_file), TRANSFORMATION, 0, false, "a file with the SQL",
     true},
    {"file", FST_FIELD_TEXT, AT(file), JOB, JOB, false,
     "the program: a .py or .jar file or URI; relative to the file that defines it"},
    {"class", FST_FIELD_TEXT, AT(class_), JOB, 0, false, "main class of a .jar"},
    {"args", FST_FIELD_TEXTS, LIST(args), JOB, 0, false, "arguments of the program, in order"},
    {"inputs", FST_FIELD_REFS, LIST(inputs), TRANSFORMATION | JOB, 0, false,
     "arguments of the Python function, in order; of a job: what it reads"},
    {"python", FST_FIELD_CODE, AT(python), TRANSFORMATION, 0, false,
     "source of a function of PySpark DataFrames, one for each of `inputs`, that returns one",
     true},
    {"python_file", FST_FIELD_FILE, AT(python_file), TRANSFORMATION, 0, false,
     "a file with that source", true},
    {"conf", FST_FIELD_OPTIONS, AT(conf), SPARK, 0, false,
     "`spark.*` settings of this alone, over the provider's; secrets as references"},
    {"max_job_duration", FST_FIELD_DURATION, AT(max_job_duration_us), SPARK, 0, false,
     "longest time that a run may take: 30m, 12h; 48h when left out"},
};
const size_t fst_n_fields = FST_COUNT(fst_fields);

const struct fst_field_row *fst_field_named(enum fst_resource_kind kind, const char *key)
{
    for (size_t i = 0; i < fst_n_fields; i++)
        if ((fst_fields[i].kinds & 1u << kind) && strcmp(fst_fields[i].key, key) == 0)
            return &fst_fields[i];
    return NULL;
}

void *fst__field_at(const struct fst_resource *r, const struct fst_field_row *f)
{
    return (char *)r + f->offset;
}

size_t *fst__field_count(const struct fst_resource *r, const struct fst_field_row *f)
{
    return (size_t *)(void *)((char *)r + f->count_offset);
}
