/* The work as driver.py reads it: one JSON object, and the two files that go with a submission. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "connect.h"
#include "driver.h"
#include "embedded.h"
#include "spark.h"

#define MAX_JOB_BYTES ((size_t)16 << 20)

static bool has_option(const struct fst_doc *options, const char *key)
{
    for (size_t i = 0; options && i < options->n; i++)
        if (strcasecmp(options->items[i].key, key) == 0)
            return true;
    return false;
}

/* Options are texts, as Spark's readers take them. */
static void write_options(struct fst_json_writer *w, const struct fst_input *in,
                          const struct spark_format *format)
{
    fst_jw_object(w, "options");
    if (format && format->key && !has_option(in->options, format->key))
        fst_jw_string(w, format->key, format->value);
    for (size_t i = 0; in->options && i < in->options->n; i++)
        if (in->options->items[i].text.p)
            fst_jw_string(w, in->options->items[i].key, in->options->items[i].text.p);
    fst_jw_end(w, '}');
}

/* A plain path is a file of this host, whatever the cluster's default file system is. */
static void write_uri(struct fst_json_writer *w, const char *uri)
{
    char *file = uri[0] == '/' ? fst_asprintf("file:%s", uri) : NULL;
    fst_jw_string(w, "uri", file ? file : uri);
    free(file);
}

static void write_place(struct fst_json_writer *w, const struct fst_input *in)
{
    const char *name = in->format ? in->format : "parquet";
    const struct spark_format *format = spark_format_named(name);
    struct fst_buf ddl = FST_BUF_TEXT;
    write_uri(w, in->uri);
    fst_jw_string(w, "format", format ? format->spark : name);
    write_options(w, in, format);
    if (in->schema && connect_schema_ddl(in->schema, &ddl))
        fst_jw_string(w, "schema", fst_buf_text(&ddl));
    fst_buf_done(&ddl);
}

static void write_inputs(struct fst_json_writer *w, const struct fst_work *work)
{
    fst_jw_list(w, "inputs");
    for (size_t i = 0; i < work->n_inputs; i++) {
        const struct fst_input *in = &work->inputs[i];
        fst_jw_object(w, NULL);
        fst_jw_string(w, "name", in->name);
        if (in->table)
            fst_jw_string(w, "table", in->table);
        else if (in->query)
            fst_jw_string(w, "query", in->query);
        else
            write_place(w, in);
        fst_jw_end(w, '}');
    }
    fst_jw_end(w, ']');
}

/* Secrets stay out: they go with the submission, in a file of their own. */
static void write_conf(struct fst_json_writer *w, const struct fst_doc *conf)
{
    fst_jw_object(w, "conf");
    for (size_t i = 0; conf && i < conf->n; i++)
        if (conf->items[i].text.p && !spark_is_secret_name(conf->items[i].key))
            fst_jw_string(w, conf->items[i].key, conf->items[i].text.p);
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

static void write_output(struct fst_json_writer *w, const char *uri,
                         const struct spark_format *format)
{
    fst_jw_object(w, "output");
    write_uri(w, uri);
    fst_jw_string(w, "format", format->spark);
    fst_jw_object(w, "options");
    if (format->key)
        fst_jw_string(w, format->key, format->value);
    fst_jw_end(w, '}');
    fst_jw_end(w, '}');
}

enum fst_status driver_job_write(const struct fst_work *work, struct fst_buf *json,
                                 struct fst_error *err)
{
    const struct spark_format *format;
    FST_TRY(spark_output_format(work, &format, err));
    struct fst_json_writer w = fst_json_writer(json);
    fst_jw_object(&w, NULL);
    fst_jw_int(&w, "v", 1);
    fst_jw_string(&w, "name", work->name);
    fst_jw_string(&w, "operation", work->operation_id);
    fst_jw_string(&w, "time_zone", work->time_zone ? work->time_zone : "UTC");
    fst_jw_string(&w, "kind", work->output_uri ? "write" : "check");
    if (work->sql)
        fst_jw_string(&w, "sql", work->sql);
    if (work->python)
        fst_jw_string(&w, "python", work->python);
    write_conf(&w, work->conf);
    write_inputs(&w, work);
    if (work->output_uri)
        write_output(&w, work->output_uri, format);
    write_questions(&w, work);
    fst_jw_end(&w, '}');
    return json->over ? fst_fail(err, FST_ENOMEM, "the job is over %zu MB", json->max >> 20)
                      : FST_OK;
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
    struct fst_buf json = FST_BUF(MAX_JOB_BYTES);
    *py = *job = NULL;
    if (w->program)
        return FST_OK;
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
