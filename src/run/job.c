/* job.json: everything an agent needs to run the work again from nothing, secrets excepted - those
 * stay references, which the agent resolves for itself. */
#include <stdlib.h>
#include <string.h>

#include "run.h"

#define MAX_JOB_BYTES (16u << 20)

static void write_doc(struct fst_json_writer *w, const char *key, const struct fst_doc *doc)
{
    if (!doc)
        return;
    struct fst_buf json = FST_BUF_TEXT;
    fst_doc_to_json(&json, doc);
    fst_jw_raw(w, key, fst_buf_text(&json));
    fst_buf_done(&json);
}

void fst__schema_write(struct fst_json_writer *w, const struct fst_schema *schema)
{
    if (!schema)
        return;
    fst_jw_list(w, "schema");
    for (size_t i = 0; i < schema->n; i++) {
        struct fst_buf type = FST_BUF_TEXT;
        fst_type_text(&type, &schema->fields[i].type);
        fst_jw_object(w, NULL);
        fst_jw_string(w, "name", schema->fields[i].name);
        fst_jw_string(w, "type", fst_buf_text(&type));
        fst_jw_end(w, '}');
        fst_buf_done(&type);
    }
    fst_jw_end(w, ']');
}

static void write_inputs(struct fst_json_writer *w, const struct fst_work *work)
{
    fst_jw_list(w, "inputs");
    for (size_t i = 0; i < work->n_inputs; i++) {
        const struct fst_input *input = &work->inputs[i];
        fst_jw_object(w, NULL);
        fst_jw_string(w, "name", input->name);
        fst_jw_string(w, "uri", input->uri);
        fst_jw_string(w, "table", input->table);
        fst_jw_string(w, "format", input->format);
        write_doc(w, "options", input->options);
        fst__schema_write(w, input->schema);
        fst_jw_end(w, '}');
    }
    fst_jw_end(w, ']');
}

static void write_program(struct fst_json_writer *w, const struct fst_program *program)
{
    if (!program)
        return;
    fst_jw_object(w, "program");
    fst_jw_string(w, "file", program->file);
    fst_jw_string(w, "class", program->class_);
    fst_jw_list(w, "args");
    for (size_t i = 0; i < program->n_args; i++)
        fst_jw_string(w, NULL, program->args[i]);
    fst_jw_end(w, ']');
    fst_jw_end(w, '}');
}

static void write_questions(struct fst_json_writer *w, const struct fst_bound *bound)
{
    fst_jw_list(w, "questions");
    for (size_t i = 0; i < bound->n_questions; i++) {
        fst_jw_object(w, NULL);
        fst_jw_string(w, "what", bound->questions[i].what);
        fst_jw_string(w, "sql", bound->questions[i].sql);
        fst_jw_end(w, '}');
    }
    fst_jw_end(w, ']');
}

static void write_part(struct fst_json_writer *w, const char *name, const struct fst_ts_part *p)
{
    fst_jw_object(w, name);
    fst_jw_string(w, "table", p->table);
    fst_jw_string(w, "entity", p->entity);
    fst_jw_string(w, "value", p->value);
    fst_jw_string(w, "timestamp", p->timestamp);
    fst_jw_int(w, "lag_us", p->lag_us);
    fst_jw_int(w, "max_age_us", p->max_age_us);
    fst_jw_end(w, '}');
}

static void write_training(struct fst_json_writer *w, const struct fst_ts_plan *plan)
{
    if (!plan)
        return;
    fst_jw_object(w, "training");
    write_part(w, "label", &plan->label);
    fst_jw_list(w, "features");
    for (size_t i = 0; i < plan->n_features; i++)
        write_part(w, NULL, &plan->features[i]);
    fst_jw_end(w, ']');
    fst_jw_end(w, '}');
}

enum fst_status fst__job_write(const char *path, const struct fst_bound *bound, const char *label,
                               int attempt, struct fst_error *err)
{
    const struct fst_work *work = &bound->work;
    struct fst_buf json = FST_BUF(MAX_JOB_BYTES);
    struct fst_json_writer w = fst_json_writer(&json);
    fst_jw_object(&w, NULL);
    fst_jw_string(&w, "label", label);
    fst_jw_string(&w, "provider", bound->provider);
    fst_jw_string(&w, "engine", bound->engine->name);
    write_doc(&w, "options", bound->options);
    fst_jw_string(&w, "sql", work->sql);
    write_training(&w, work->training);
    fst_jw_string(&w, "python", work->python);
    write_program(&w, work->program);
    write_doc(&w, "conf", work->conf);
    fst_jw_int(&w, "max_duration_us", bound->max_duration_us);
    fst_jw_string(&w, "output", work->output_uri);
    fst_jw_string(&w, "operation_id", work->operation_id);
    fst_jw_string(&w, "time_zone", work->time_zone);
    if (work->memory_bytes && work->memory_bytes <= INT64_MAX)
        fst_jw_int(&w, "memory_bytes", (int64_t)work->memory_bytes);
    fst_jw_int(&w, "attempt", attempt);
    write_inputs(&w, work);
    write_questions(&w, bound);
    fst_jw_end(&w, '}');
    enum fst_status status = json.over
                                 ? fst_fail(err, FST_ENOMEM, "%s: the job is over 16 MB", path)
                                 : fst_file_write(path, json.p, json.n, 0600, err);
    fst_buf_done(&json);
    return status;
}

/* ---- Reading --------------------------------------------------------------------------------- */

static enum fst_status read_schema(struct fst_arena *a, const struct fst_doc *list,
                                   const struct fst_schema **out, struct fst_error *err)
{
    if (!list)
        return FST_OK;
    struct fst_schema *schema = fst_arena_alloc(a, sizeof *schema);
    schema->n = list->n;
    schema->fields = fst_arena_alloc(a, (list->n + 1) * sizeof *schema->fields);
    for (size_t i = 0; i < list->n; i++) {
        struct fst_field *field = &schema->fields[i];
        field->name = fst_doc_string(&list->items[i], "name", "");
        field->nullable = true;
        FST_TRY(fst_type_parse(a, fst_doc_string(&list->items[i], "type", ""), &field->type, err));
    }
    *out = schema;
    return FST_OK;
}

static enum fst_status read_inputs(struct fst_arena *a, const struct fst_doc *list,
                                   struct fst_work *work, struct fst_error *err)
{
    if (!list || list->n == 0)
        return FST_OK;
    struct fst_input *inputs = fst_arena_alloc(a, list->n * sizeof *inputs);
    for (size_t i = 0; i < list->n; i++) {
        const struct fst_doc *item = &list->items[i];
        inputs[i] = (struct fst_input){
            .name = fst_doc_string(item, "name", ""),
            .uri = fst_doc_string(item, "uri", NULL),
            .table = fst_doc_string(item, "table", NULL),
            .format = fst_doc_string(item, "format", "parquet"),
            .options = fst_doc_get(item, "options"),
        };
        FST_TRY(read_schema(a, fst_doc_get(item, "schema"), &inputs[i].schema, err));
    }
    work->inputs = inputs;
    work->n_inputs = list->n;
    return FST_OK;
}

static const struct fst_program *read_program(struct fst_arena *a, const struct fst_doc *doc)
{
    const struct fst_doc *args = doc ? fst_doc_get(doc, "args") : NULL;
    size_t n = args ? args->n : 0;
    if (!doc || !fst_doc_string(doc, "file", NULL))
        return NULL;
    struct fst_program *program = fst_arena_alloc(a, sizeof *program);
    const char **texts = fst_arena_alloc(a, (n + 1) * sizeof *texts);
    for (size_t i = 0; i < n; i++)
        texts[i] = args->items[i].text.p ? args->items[i].text.p : "";
    *program = (struct fst_program){.file = fst_doc_string(doc, "file", NULL),
                                    .class_ = fst_doc_string(doc, "class", NULL),
                                    .args = texts,
                                    .n_args = n};
    return program;
}

static void read_questions(struct fst_job_file *out, const struct fst_doc *list)
{
    size_t n = list ? list->n : 0;
    out->questions = n ? fst_arena_alloc(out->arena, n * sizeof *out->questions) : NULL;
    for (size_t i = 0; i < n; i++)
        out->questions[out->n_questions++] =
            (struct fst_question){fst_doc_string(&list->items[i], "what", ""),
                                  fst_doc_string(&list->items[i], "sql", "SELECT 0")};
}

static struct fst_ts_part read_part(const struct fst_doc *doc)
{
    struct fst_ts_part p = {.table = fst_doc_string(doc, "table", ""),
                            .entity = fst_doc_string(doc, "entity", ""),
                            .value = fst_doc_string(doc, "value", ""),
                            .timestamp = fst_doc_string(doc, "timestamp", NULL)};
    const struct fst_doc *lag = fst_doc_get(doc, "lag_us"), *age = fst_doc_get(doc, "max_age_us");
    if (lag)
        fst_doc_int(lag, &p.lag_us);
    if (age)
        fst_doc_int(age, &p.max_age_us);
    return p;
}

static const struct fst_ts_plan *read_training(struct fst_arena *a, const struct fst_doc *doc)
{
    const struct fst_doc *label = doc ? fst_doc_get(doc, "label") : NULL;
    const struct fst_doc *list = doc ? fst_doc_get(doc, "features") : NULL;
    if (!label || !list || list->n == 0)
        return NULL;
    struct fst_ts_part *features = fst_arena_alloc(a, list->n * sizeof *features);
    for (size_t i = 0; i < list->n; i++)
        features[i] = read_part(&list->items[i]);
    struct fst_ts_plan *plan = fst_arena_alloc(a, sizeof *plan);
    *plan = (struct fst_ts_plan){
        .label = read_part(label), .features = features, .n_features = list->n};
    return plan;
}

static int number_of_texts(const struct fst_work *work)
{
    return (work->sql != NULL) + (work->python != NULL) + (work->program != NULL);
}

static enum fst_status read_fields(struct fst_job_file *out, const struct fst_doc *doc,
                                   const char *path, struct fst_error *err)
{
    int64_t attempt = 1;
    out->label = fst_doc_string(doc, "label", "");
    out->provider = fst_doc_string(doc, "provider", "");
    out->engine = fst_doc_string(doc, "engine", "");
    out->options = (struct fst_doc *)fst_doc_get(doc, "options");
    const struct fst_doc *number = fst_doc_get(doc, "attempt");
    if (number)
        fst_doc_int(number, &attempt);
    out->attempt = (int)attempt;
    number = fst_doc_get(doc, "max_duration_us");
    if (number)
        fst_doc_int(number, &out->max_duration_us);
    out->work = (struct fst_work){
        .sql = fst_doc_string(doc, "sql", NULL),
        .training = read_training(out->arena, fst_doc_get(doc, "training")),
        .python = fst_doc_string(doc, "python", NULL),
        .program = read_program(out->arena, fst_doc_get(doc, "program")),
        .conf = fst_doc_get(doc, "conf"),
        .output_uri = fst_doc_string(doc, "output", NULL),
        .operation_id = fst_doc_string(doc, "operation_id", NULL),
        .time_zone = fst_doc_string(doc, "time_zone", "UTC"),
        .name = out->label,
    };
    int64_t memory = 0;
    number = fst_doc_get(doc, "memory_bytes");
    if (number && fst_doc_int(number, &memory) && memory > 0)
        out->work.memory_bytes = (uint64_t)memory;
    if (out->work.program)
        out->work.output_uri = NULL;
    if (number_of_texts(&out->work) != 1 || (!out->work.output_uri && !out->work.program) ||
        !out->work.operation_id)
        return fst_fail(err, FST_EFORMAT,
                        "%s: the job lacks its sql, python or program, its output or operation_id",
                        path);
    read_questions(out, fst_doc_get(doc, "questions"));
    enum fst_status status = read_inputs(out->arena, fst_doc_get(doc, "inputs"), &out->work, err);
    if (status != FST_OK)
        fst_while(err, "%s", path);
    return status;
}

enum fst_status fst__job_read(const char *path, struct fst_job_file *out, struct fst_error *err)
{
    char *text;
    size_t n;
    *out = (struct fst_job_file){0};
    FST_TRY(fst_file_read(path, MAX_JOB_BYTES, &text, &n, err));
    out->arena = fst_arena_new();
    struct fst_doc *doc;
    enum fst_status status = fst_json_parse(out->arena, path, text, n, NULL, &doc, err);
    if (status == FST_OK)
        status = read_fields(out, doc, path, err);
    free(text);
    if (status != FST_OK)
        fst__job_done(out);
    return status;
}

void fst__job_done(struct fst_job_file *job)
{
    fst_arena_free(job->arena);
    *job = (struct fst_job_file){0};
}
