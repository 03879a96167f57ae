/* The job description of driver.py, and the files of a submission: driver and description, in the
 * run's own folder. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "connect.h"
#include "driver.h"
#include "embedded.h"
#include "spark.h"
#include "spark_conf.h"

enum { JOB_VERSION = 1 };
#define MAX_JOB_BYTES ((size_t)16 << 20)

static bool has_option(const struct fst_doc *options, const char *key)
{
    for (size_t i = 0; options && i < options->n; i++)
        if (strcasecmp(options->items[i].key, key) == 0)
            return true;
    return false;
}

static enum fst_status write_options(struct fst_json_writer *w, const struct fst_input *in,
                                     struct fst_error *err)
{
    const struct spark_format *format = spark_format_named(in->format ? in->format : "parquet");
    fst_jw_object(w, "options");
    if (format && format->key && !has_option(in->options, format->key))
        fst_jw_string(w, format->key, format->value);
    for (size_t i = 0; in->options && i < in->options->n; i++) {
        const struct fst_doc *o = &in->options->items[i];
        if (o->kind == FST_DOC_LIST || o->kind == FST_DOC_MAP)
            return fst_fail(err, FST_EINVAL, "%s: option %s must be one value", in->name, o->key);
        if (o->kind != FST_DOC_NULL)
            fst_jw_string(w, o->key, o->text.p);
    }
    fst_jw_end(w, '}');
    return FST_OK;
}

/* With a known schema no job runs to find it. One that cannot be said is found by Spark. */
static void write_schema(struct fst_json_writer *w, const struct fst_schema *schema)
{
    struct fst_buf ddl = FST_BUF_TEXT;
    if (schema && connect_schema_ddl(schema, &ddl))
        fst_jw_string(w, "schema", fst_buf_text(&ddl));
    fst_buf_done(&ddl);
}

static enum fst_status write_input(struct fst_json_writer *w, const struct fst_input *in,
                                   struct fst_error *err)
{
    fst_jw_object(w, NULL);
    fst_jw_string(w, "name", in->name);
    if (in->query) {
        fst_jw_string(w, "query", in->query);
    } else if (in->table) {
        fst_jw_string(w, "table", in->table);
    } else if (in->uri) {
        const char *name = in->format ? in->format : "parquet";
        const struct spark_format *format = spark_format_named(name);
        fst_jw_string(w, "uri", in->uri);
        fst_jw_string(w, "format", format ? format->spark : name);
        FST_TRY(write_options(w, in, err));
        write_schema(w, in->schema);
    } else {
        return fst_fail(err, FST_EINVAL, "%s has no place, table or query", in->name);
    }
    fst_jw_end(w, '}');
    return FST_OK;
}

static void write_conf(struct fst_json_writer *w, const struct spark_conf *c)
{
    fst_jw_object(w, "conf");
    for (size_t i = 0; i < c->n; i++)
        if (!c->items[i].secret)
            fst_jw_string(w, c->items[i].key, c->items[i].value);
    fst_jw_end(w, '}');
}

static void write_questions(struct fst_json_writer *w, const struct fst_work *work)
{
    fst_jw_list(w, "questions");
    for (size_t i = 0; i < work->n_questions; i++) {
        fst_jw_object(w, NULL);
        fst_jw_string(w, "what", work->questions[i].what);
        fst_jw_string(w, "sql", work->questions[i].sql);
        fst_jw_end(w, '}');
    }
    fst_jw_end(w, ']');
}

static void write_output(struct fst_json_writer *w, const struct fst_work *work,
                         const struct spark_format *format)
{
    fst_jw_bool(w, "check", !work->output_uri);
    if (!work->output_uri)
        return;
    fst_jw_object(w, "output");
    fst_jw_string(w, "uri", work->output_uri);
    fst_jw_string(w, "format", format->spark);
    fst_jw_object(w, "options");
    if (format->key)
        fst_jw_string(w, format->key, format->value);
    fst_jw_end(w, '}');
    fst_jw_end(w, '}');
}

static enum fst_status write_job(struct fst_json_writer *w, const struct fst_work *work,
                                 const struct spark_conf *conf, struct fst_error *err)
{
    const struct spark_format *format;
    FST_TRY(spark_output_format(work, &format, err));
    fst_jw_object(w, NULL);
    fst_jw_int(w, "v", JOB_VERSION);
    fst_jw_string(w, "kind", work->sql ? "sql" : work->python ? "python" : "copy");
    if (work->sql || work->python)
        fst_jw_string(w, "text", work->sql ? work->sql : work->python);
    fst_jw_string(w, "name", work->name ? work->name : "");
    fst_jw_string(w, "operation_id", work->operation_id ? work->operation_id : "");
    fst_jw_string(w, "time_zone", work->time_zone ? work->time_zone : "UTC");
    write_conf(w, conf);
    fst_jw_list(w, "inputs");
    for (size_t i = 0; i < work->n_inputs; i++)
        FST_TRY(write_input(w, &work->inputs[i], err));
    fst_jw_end(w, ']');
    write_output(w, work, format);
    write_questions(w, work);
    fst_jw_end(w, '}');
    return FST_OK;
}

enum fst_status driver_job_write(const struct fst_work *work, struct fst_buf *json,
                                 struct fst_error *err)
{
    struct spark_conf conf = {0};
    struct fst_json_writer w = fst_json_writer(json);
    enum fst_status status = spark_conf_add(&conf, work->conf, err);
    if (status == FST_OK && !work->sql && !work->python && work->n_inputs != 1)
        status = fst_fail(err, FST_EINVAL, "a copy takes one input, not %zu", work->n_inputs);
    if (status == FST_OK)
        status = write_job(&w, work, &conf, err);
    if (status == FST_OK && json->over)
        status = fst_fail(err, FST_ENOMEM, "the job description is over %zu bytes", json->max);
    spark_conf_done(&conf);
    return status;
}

enum fst_status driver_write_file(const char *folder, const char *name, const void *p, size_t n,
                                  struct fst_error *err)
{
    char *path = fst_path_join(folder, name);
    enum fst_status status = fst_file_write(path, p, n, 0600, err);
    free(path);
    return status;
}

enum fst_status driver_files(struct fst_arena *a, const struct fst_work *w, const char *folder,
                             const char **py, const char **job, struct fst_error *err)
{
    *py = *job = NULL;
    if (w->program)
        return FST_OK;
    struct fst_buf json = FST_BUF(MAX_JOB_BYTES);
    enum fst_status status = driver_job_write(w, &json, err);
    if (status == FST_OK)
        status = driver_write_file(folder, DRIVER_JOB, json.p, json.n, err);
    if (status == FST_OK)
        status = driver_write_file(folder, DRIVER_PY, fst_embedded_driver_py,
                                   sizeof(fst_embedded_driver_py) - 1, err);
    fst_buf_done(&json);
    *py = fst_arena_printf(a, "%s/" DRIVER_PY, folder);
    *job = fst_arena_printf(a, "%s/" DRIVER_JOB, folder);
    return status;
}
