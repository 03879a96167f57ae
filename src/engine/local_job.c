/* A text from end to end: parse and resolve it against its inputs, translate it, prepare it on a
 * database in memory, step through it into frames.
 *
 * SQLite's progress handler asks for cancellation every few thousand instructions. Temporary tables
 * and sorts go to files. */
#include "local_job.h"
#include "local_asof.h"
#include "local_temp.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { PROGRESS_STEPS = 2000, ASK_EVERY_US = 50000, FRAME_BYTES = 16 << 20 };

/* ---- Cancelling ------------------------------------------------------------------------------ */

static bool is_cancelled(void *arg)
{
    struct local_job *job = arg;
    if (atomic_load(&job->stop))
        job->was_cancelled = true;
    int64_t now = fst_monotonic_us();
    if (job->cancelled && now - job->asked_us >= ASK_EVERY_US) {
        job->asked_us = now;
        job->was_cancelled |= job->cancelled(job->cancel_arg);
    }
    return job->was_cancelled;
}

static int on_progress(void *arg)
{
    const struct local_env *env = arg;
    return env->cancelled(env->cancel_arg);
}

#define MAX_FILES 64 /* named in one text; inputs are pointed at, so they do not move */

/* ---- Names to tables ------------------------------------------------------------------------- */

static enum fst_status resolve(struct local_job *job, const char *sql, size_t n_inputs,
                               struct fst_sql_plan **out, struct fst_problem *problem,
                               struct fst_error *err);

static struct fst_schema *schema_of(const struct fst_sql_plan *plan)
{
    struct fst_schema *schema = fst_schema_new();
    for (size_t i = 0; i < plan->root->n_columns; i++)
        fst_schema_add(schema, plan->root->columns[i].name, &plan->root->columns[i].type,
                       plan->root->columns[i].nullable);
    return schema;
}

/* The plan of an input that is a query over the inputs before it. */
static enum fst_status input_plan(struct local_job *job, struct local_input *in,
                                  struct fst_error *err)
{
    struct fst_sql_plan *plan;
    if (in->source.plan)
        return FST_OK;
    if (in->opening)
        return fst_fail(err, FST_EINVAL, "%s reads itself", in->name);
    in->opening = true;
    enum fst_status status = resolve(job, in->query, (size_t)(in - job->inputs), &plan, NULL, err);
    in->opening = false;
    if (status != FST_OK) {
        fst_while(err, "in %s", in->name);
        return status;
    }
    in->source.plan = plan;
    in->schema = schema_of(plan);
    in->source.schema = in->schema;
    return FST_OK;
}

struct lookup {
    struct local_job *job;
    size_t n_inputs;
};

/* parquet.`path`: an input that the text itself brings along; relative to the current folder. */
static enum fst_status file_input(struct local_job *job, const char *format, const char *path,
                                  struct local_input **out, struct fst_error *err)
{
    for (size_t i = job->n_given; i < job->n_inputs; i++)
        if (strcmp(job->inputs[i].name, path) == 0) {
            *out = &job->inputs[i];
            return FST_OK;
        }
    if (strcasecmp(format, "parquet") != 0)
        return fst_fail(err, FST_EUNSUPPORTED,
                        "%s.`%s`: of files named in the text the local engine reads parquet only; "
                        "make a dataset of it, or run it on Spark",
                        format, path);
    if (strpbrk(path, "*?[{"))
        return fst_fail(err, FST_EUNSUPPORTED, "parquet.`%s`: a pattern of files; run it on Spark",
                        path);
    if (job->n_inputs == job->n_given + MAX_FILES)
        return fst_fail(err, FST_EUNSUPPORTED, "more than %d files named in the text", MAX_FILES);
    struct local_input *in = &job->inputs[job->n_inputs];
    in->name = fst_strdup(path);
    in->uri = strstr(path, ":/") ? fst_strdup(path) : fst_path_absolute(path);
    in->format = fst_strdup("parquet");
    in->rows = -1;
    in->source.name = fst_arena_printf(job->arena, "t%zu", job->n_inputs++);
    *out = in;
    return FST_OK;
}

/* Formats that Spark takes for the name of a source when no database is called so. */
static bool is_format(const char *word)
{
    static const char *const formats[] = {"parquet", "csv", "json", "text", "orc", "delta", "avro"};
    for (size_t i = 0; i < FST_COUNT(formats); i++)
        if (strcasecmp(word, formats[i]) == 0)
            return true;
    return false;
}

static enum fst_status find_table(void *arg, const char *const *parts, size_t n_parts,
                                  const struct fst_schema **schema, void **handle,
                                  struct fst_error *err)
{
    const struct lookup *look = arg;
    for (size_t i = 0; n_parts == 1 && i < look->n_inputs; i++) {
        struct local_input *in = &look->job->inputs[i];
        if (strcmp(in->name, parts[0]) != 0)
            continue;
        *handle = in;
        if (!in->query)
            return local_input_schema(in, schema, err);
        FST_TRY(input_plan(look->job, in, err));
        *schema = in->schema;
        return FST_OK;
    }
    if (n_parts == 2 && is_format(parts[0])) {
        struct local_input *in = NULL;
        FST_TRY(file_input(look->job, parts[0], parts[1], &in, err));
        *handle = in;
        enum fst_status status = local_input_schema(in, schema, err);
        return status == FST_ENOTFOUND ? FST_EIO : status;
    }
    return fst_fail(err, FST_ENOTFOUND, "there is no table %s here", parts[n_parts - 1]);
}

static enum fst_status resolve(struct local_job *job, const char *sql, size_t n_inputs,
                               struct fst_sql_plan **out, struct fst_problem *problem,
                               struct fst_error *err)
{
    struct fst_sql_tree *tree;
    struct lookup look = {job, n_inputs};
    struct fst_sql_scope scope = {.table = find_table, .arg = &look};
    FST_TRY(fst_sql_parse(job->arena, sql, strlen(sql), &tree, problem, err));
    return fst_sql_resolve(job->arena, tree, &scope, out, problem, err);
}

/* ---- Making a job ---------------------------------------------------------------------------- */

/* Rows may outlive the caller's document. */
static const struct fst_doc *copy_options(struct fst_arena *a, const struct fst_doc *options)
{
    struct fst_buf json = FST_BUF_TEXT;
    struct fst_doc *copy = NULL;
    if (!options)
        return NULL;
    fst_doc_to_json(&json, options);
    fst_json_parse(a, "options", fst_arena_strndup(a, fst_buf_text(&json), json.n), json.n, NULL,
                   &copy, NULL);
    fst_buf_done(&json);
    return copy;
}

static void take_inputs(struct local_job *job, const struct fst_work *w)
{
    job->n_inputs = job->n_given = w->n_inputs;
    job->inputs = fst_alloc((w->n_inputs + MAX_FILES) * sizeof *job->inputs);
    for (size_t i = 0; i < w->n_inputs; i++) {
        struct local_input *in = &job->inputs[i];
        in->name = fst_strdup(w->inputs[i].name);
        in->uri = fst_strdup(w->inputs[i].uri);
        in->format = fst_strdup(w->inputs[i].format);
        in->query = fst_strdup(w->inputs[i].query);
        in->options = copy_options(job->arena, w->inputs[i].options);
        if (w->inputs[i].schema)
            in->known = fst_schema_copy(w->inputs[i].schema);
        in->rows = -1;
        in->source.name = fst_arena_printf(job->arena, "t%zu", i);
    }
}

static struct fst_ts_part copy_part(struct fst_arena *a, const struct fst_ts_part *p)
{
    struct fst_ts_part out = *p;
    out.column = fst_arena_strdup(a, p->column);
    out.table = fst_arena_strdup(a, p->table);
    out.entity = fst_arena_strdup(a, p->entity);
    out.value = fst_arena_strdup(a, p->value);
    out.timestamp = fst_arena_strdup(a, p->timestamp);
    return out;
}

static const struct fst_ts_plan *copy_training(struct fst_arena *a, const struct fst_ts_plan *p)
{
    if (!p)
        return NULL;
    struct fst_ts_part *features = fst_arena_alloc(a, (p->n_features + 1) * sizeof *features);
    for (size_t i = 0; i < p->n_features; i++)
        features[i] = copy_part(a, &p->features[i]);
    struct fst_ts_plan *out = fst_arena_alloc(a, sizeof *out);
    *out = (struct fst_ts_plan){fst_arena_strdup(a, p->entity_name), copy_part(a, &p->label),
                                features, p->n_features};
    return out;
}

static uint64_t quarter_of_machine(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    return pages > 0 && size > 0 ? (uint64_t)pages / 4 * (uint64_t)size : UINT64_C(1) << 30;
}

enum fst_status local_job_new(const struct fst_work *w, struct local_job **out,
                              struct fst_problem *problem, struct fst_error *err)
{
    struct fst_problem unwanted;
    if (!problem)
        problem = &unwanted;
    *problem = (struct fst_problem){0};
    struct local_job *job = fst_alloc(sizeof *job);
    job->arena = fst_arena_new();
    job->sql = fst_arena_strdup(job->arena, w->sql);
    job->training = copy_training(job->arena, w->training);
    job->skipped = w->skipped;
    job->temp_bytes = w->temp_bytes;
    job->half_rows = w->half_rows;
    job->memory.cap = w->memory_bytes ? w->memory_bytes : quarter_of_machine();
    job->cancelled = w->cancelled;
    job->cancel_arg = w->cancel_arg;
    job->env = (struct local_env){.now_us = fst_now_us(),
                                  .memory = &job->memory,
                                  .cancelled = is_cancelled,
                                  .cancel_arg = job};
    take_inputs(job, w);
    enum fst_status status = local_zone_open(w->time_zone, &job->zone, err);
    job->env.zone = job->zone;
    job->env.lambdas = local_lambdas_new();
    if (status == FST_OK)
        status = resolve(job, job->sql, job->n_inputs, &job->plan, problem, err);
    if (status == FST_OK)
        job->schema = schema_of(job->plan);
    if (status == FST_OK)
        status =
            local_translate(job->arena, job->sql, job->plan, true, &job->statement, problem, err);
    if (status != FST_OK) {
        local_job_free(job);
        return status;
    }
    *out = job;
    return FST_OK;
}

static enum fst_status bind_all(sqlite3 *db, const struct local_statement *s, sqlite3_stmt *stmt,
                                struct fst_error *err)
{
    size_t n = (size_t)sqlite3_bind_parameter_count(stmt);
    for (size_t i = 0; i < s->n_binds && i < n; i++) {
        const struct local_bind *b = &s->binds[i];
        int rc = b->is_text ? sqlite3_bind_text64(stmt, (int)i + 1, b->text.p, b->text.n,
                                                  SQLITE_STATIC, SQLITE_UTF8)
                            : sqlite3_bind_double(stmt, (int)i + 1, b->real);
        if (rc != SQLITE_OK)
            return fst_db_fail(db, err, "binding a literal");
    }
    return FST_OK;
}

enum fst_status local_prepare(sqlite3 *db, const struct local_statement *s, const char *sql,
                              sqlite3_stmt **out, struct fst_error *err)
{
    if (sqlite3_prepare_v2(db, sql, -1, out, NULL) == SQLITE_OK)
        return bind_all(db, s, *out, err);
    const char *why = sqlite3_errmsg(db);
    bool deep = strstr(why, "stack overflow") || strstr(why, "depth");
    if (deep)
        return fst_fail(
            err, FST_EUNSUPPORTED,
            "the local engine does not do expressions nested this deep; run it on Spark");
    return fst_fail(err, FST_EUNSUPPORTED,
                    "the local engine cannot run this query (SQLite: %s); run it on Spark", why);
}

static enum fst_status prepare(struct local_job *job, const char *sql, sqlite3_stmt **out,
                               struct fst_error *err)
{
    return local_prepare(job->db, &job->statement, sql, out, err);
}

/* unsure_to(unsure_from(whether), value) gives the value; where it holds, Spark computes that or
 * not, and an error in it refuses the statement. */
static void unsure_from(sqlite3_context *ctx, int n, sqlite3_value **args)
{
    (void)n;
    int whether = sqlite3_value_int(args[0]);
    *(int *)sqlite3_user_data(ctx) += whether;
    sqlite3_result_int(ctx, whether);
}

static void unsure_to(sqlite3_context *ctx, int n, sqlite3_value **args)
{
    (void)n;
    *(int *)sqlite3_user_data(ctx) -= sqlite3_value_int(args[0]);
    sqlite3_result_value(ctx, args[1]);
}

static enum fst_status register_unsure(sqlite3 *db, int *count, struct fst_error *err)
{
    if (sqlite3_create_function_v2(db, "unsure_from", 1, SQLITE_UTF8, count, unsure_from, NULL,
                                   NULL, NULL) ||
        sqlite3_create_function_v2(db, "unsure_to", 2, SQLITE_UTF8, count, unsure_to, NULL, NULL,
                                   NULL))
        return fst_db_fail(db, err, "registering functions");
    return FST_OK;
}

/* Does a constant fail? */
static enum fst_status try_constants(struct local_job *job, struct fst_error *err)
{
    sqlite3_stmt *stmt = NULL;
    if (!job->statement.constants)
        return FST_OK;
    enum fst_status status = prepare(job, job->statement.constants, &stmt, err);
    if (status == FST_OK && sqlite3_step(stmt) != SQLITE_ROW)
        job->failing = fst_arena_strdup(job->arena, sqlite3_errmsg(job->db));
    sqlite3_finalize(stmt);
    return status;
}

static void close_database(struct local_job *job)
{
    sqlite3_finalize(job->stmt);
    for (size_t i = 0; job->fills && i < job->statement.n_steps; i++)
        sqlite3_finalize(job->fills[i]);
    free(job->fills);
    local_lambdas_free(job->env.lambdas);
    if (job->db)
        sqlite3_close(job->db);
    for (size_t i = 0; job->tables && i < job->statement.n_steps; i++)
        local_table_free(job->tables[i]);
    free(job->tables);
    local_temp_free(job->temp);
    job->stmt = NULL;
    job->fills = NULL;
    job->env.lambdas = NULL;
    job->db = NULL;
    job->tables = NULL;
    job->temp = NULL;
}

static enum fst_status prepare_on_disk(struct local_job *job, size_t i, struct fst_error *err)
{
    FST_TRY(fst_db_exec(job->db, job->statement.steps[i].create, err));
    return prepare(job, job->statement.steps[i].fill, &job->fills[i], err);
}

static enum fst_status prepare_step(struct local_job *job, size_t i, struct fst_error *err)
{
    const struct local_table_plan *memory = job->statement.steps[i].memory;
    if (!memory)
        return prepare_on_disk(job, i, err);
    FST_TRY(local_table_attach(job->db, memory, &job->env, &job->memory, &job->tables[i], err));
    return prepare(job, memory->fill, &job->fills[i], err);
}

enum fst_status local_database_open(const struct local_temp *temp, const struct local_env *env,
                                    int *unsure, sqlite3 **out, struct fst_error *err)
{
    if (sqlite3_open_v2(":memory:", out,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        local_temp_vfs(temp)) != SQLITE_OK)
        return fst_db_fail(*out, err, "opening a database in memory");
    sqlite3_db_config(*out, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    FST_TRY(fst_db_exec(*out,
                        "PRAGMA trusted_schema=OFF; PRAGMA temp_store=FILE; "
                        "PRAGMA cache_size=-32768; PRAGMA temp.cache_size=-32768; "
                        "PRAGMA temp.journal_mode=OFF;",
                        err));
    sqlite3_progress_handler(*out, PROGRESS_STEPS, on_progress, (void *)env);
    FST_TRY(local_register(*out, env, err));
    return register_unsure(*out, unsure, err);
}

static enum fst_status attach_input(struct local_job *job, struct local_input *in,
                                    struct fst_error *err)
{
    if (!in->source.wanted || in->query)
        return FST_OK;
    FST_TRY(local_input_look(in, err));
    local_half_choose(job, in);
    return local_input_attach(in, job->db, &job->env, job->skipped, err);
}

enum fst_status local_job_start_sql(struct local_job *job, struct fst_error *err)
{
    job->temp = local_temp_new(job->temp_bytes);
    FST_TRY(local_database_open(job->temp, &job->env, &job->unsure, &job->db, err));
    for (size_t i = 0; i < job->n_inputs; i++)
        FST_TRY(attach_input(job, &job->inputs[i], err));
    job->fills = fst_alloc((job->statement.n_steps + 1) * sizeof *job->fills);
    job->tables = fst_alloc((job->statement.n_steps + 1) * sizeof(struct local_table *));
    for (size_t i = 0; i < job->statement.n_steps; i++)
        FST_TRY(prepare_step(job, i, err));
    FST_TRY(prepare(job, job->statement.sql, &job->stmt, err));
    return try_constants(job, err);
}

enum fst_status local_job_start(struct local_job *job, struct fst_error *err)
{
    if (job->training)
        job->asof = local_asof_new(job, job->training);
    return job->asof ? FST_OK : local_job_start_sql(job, err);
}

/* ---- Rows ------------------------------------------------------------------------------------ */

static void add_value(struct fst_builder *b, size_t col, const struct fst_type *type,
                      sqlite3_value *v)
{
    if (sqlite3_value_type(v) == SQLITE_NULL || type->kind == FST_VOID) {
        fst_builder_null(b, col);
        return;
    }
    struct fst_str s;
    switch (type->kind) {
    case FST_FLOAT:
    case FST_DOUBLE:
        fst_builder_double(b, col, local_double(v));
        return;
    case FST_DECIMAL:
        fst_builder_decimal(b, col, local_decimal(v));
        return;
    case FST_STRING:
    case FST_BINARY:
        s = local_text(v);
        fst_builder_bytes(b, col, s.p, s.n);
        return;
    case FST_ARRAY:
    case FST_MAP:
    case FST_STRUCT:
        s = local_text(v);
        fst_nest_add(b, col, type, s.p, s.n);
        return;
    default:
        fst_builder_int(b, col, sqlite3_value_int64(v));
        return;
    }
}

/* "[CONDITION] message SQLSTATE: 22003", as our functions raise it, into the problem. */
static void problem_of(const char *text, struct fst_problem *problem)
{
    const char *end = text[0] == '[' ? strchr(text, ']') : NULL;
    *problem = (struct fst_problem){0};
    if (!end) {
        snprintf(problem->message, sizeof problem->message, "%s", text);
        return;
    }
    snprintf(problem->condition, sizeof problem->condition, "%.*s", (int)(end - text - 1),
             text + 1);
    const char *state = NULL;
    for (const char *p = text; (p = strstr(p, " SQLSTATE: ")); p++)
        state = p;
    size_t n = state ? (size_t)(state - end) - 1 : strlen(end + 1);
    const char *message = end + 1 + (end[1] == ' ');
    n -= end[1] == ' ' && n > 0;
    snprintf(problem->message, sizeof problem->message, "%.*s", (int)n, message);
    if (state)
        snprintf(problem->sqlstate, sizeof problem->sqlstate, "%s", state + 11);
}

static enum fst_status step_failed(struct local_job *job, struct fst_problem *problem,
                                   struct fst_error *err)
{
    const char *text = sqlite3_errmsg(job->db);
    int code = sqlite3_errcode(job->db) & 0xFF;
    if (job->was_cancelled || code == SQLITE_INTERRUPT)
        return fst_fail(err, FST_ECANCELLED, "cancelled");
    if (code == SQLITE_FULL && local_temp_is_over(job->temp, err))
        return FST_ENOMEM;
    if (code == SQLITE_TOOBIG)
        return fst_fail(err, FST_EUNSUPPORTED,
                        "a value of more than a billion bytes is not something the local engine "
                        "does; run it on Spark");
    if (strncmp(text, "[UNSUPPORTED_FEATURE]", 21) == 0) {
        const char *state = strstr(text, " SQLSTATE: ");
        size_t n = state ? (size_t)(state - text) - 22 : strcspn(text + 22, "\n");
        return fst_fail(err, FST_EUNSUPPORTED, "%.*s", (int)n, text + 22);
    }
    if (code != SQLITE_NOMEM && code != SQLITE_FULL) {
        if (job->unsure > 0 || job->statement.unsure)
            return fst_fail(err, FST_EUNSUPPORTED,
                            "a value that cannot be computed, where Spark may not compute it (%s)",
                            text);
        text = job->failing ? job->failing : text;
    }
    if (problem)
        problem_of(text, problem);
    if (code == SQLITE_NOMEM || code == SQLITE_FULL)
        return fst_db_fail(job->db, err, "running the query");
    return fst_fail(err, FST_EREMOTE, "%s", text);
}

/* Fill a table in memory; *fits = false when that is too small, and nothing is lost then. */
static enum fst_status run_in_memory(struct local_job *job, size_t i, bool *fits,
                                     struct fst_problem *problem, struct fst_error *err)
{
    struct fst_skipped before = {0};
    if (job->skipped)
        before = *job->skipped;
    struct local_half *second = local_half_start(job, i);
    bool filled = sqlite3_step(job->fills[i]) == SQLITE_ROW;
    if (second && filled)
        local_half_give(second);
    local_half_free(second);
    *fits = !local_table_is_over(job->tables[i]);
    if (!filled && *fits)
        return step_failed(job, problem, err);
    sqlite3_finalize(job->fills[i]);
    job->fills[i] = NULL;
    if (*fits)
        return FST_OK;
    if (job->skipped)
        *job->skipped = before;
    local_table_clear(job->tables[i]);
    return prepare_on_disk(job, i, err);
}

/* Fill the tables of the statement's own, each once. */
static enum fst_status run_steps(struct local_job *job, struct fst_problem *problem,
                                 struct fst_error *err)
{
    for (size_t i = 0; i < job->statement.n_steps; i++) {
        bool done = !job->fills[i];
        if (!done && job->tables[i])
            FST_TRY(run_in_memory(job, i, &done, problem, err));
        if (done)
            continue;
        if (sqlite3_step(job->fills[i]) != SQLITE_DONE)
            return step_failed(job, problem, err);
        sqlite3_finalize(job->fills[i]);
        job->fills[i] = NULL;
        const char *index = job->statement.steps[i].index;
        if (index && sqlite3_exec(job->db, index, NULL, NULL, NULL) != SQLITE_OK)
            return step_failed(job, problem, err);
    }
    return FST_OK;
}

/* Groups that cannot be computed ahead may not be asked for at all, as with a filter above them:
 * then the statement runs once more with SQLite's own, which computes what is read. */
static enum fst_status run_lazily(struct local_job *job, struct fst_problem *problem,
                                  struct fst_error *err)
{
    struct fst_problem unwanted;
    close_database(job);
    job->env.lambdas = local_lambdas_new();
    job->lazy = true;
    job->unsure = 0;
    job->failing = NULL;
    FST_TRY(local_translate(job->arena, job->sql, job->plan, false, &job->statement,
                            problem ? problem : &unwanted, err));
    FST_TRY(local_job_start_sql(job, err));
    return run_steps(job, problem, err);
}

static bool has_groups(const struct local_job *job)
{
    for (size_t i = 0; i < job->statement.n_steps; i++)
        if (job->statement.steps[i].memory && job->statement.steps[i].memory->grouped)
            return true;
    return false;
}

static enum fst_status prepare_tables(struct local_job *job, struct fst_problem *problem,
                                      struct fst_error *err)
{
    struct fst_skipped before = {0};
    if (job->skipped)
        before = *job->skipped;
    enum fst_status status = run_steps(job, problem, err);
    if (job->lazy || !has_groups(job) || (status != FST_EREMOTE && status != FST_EUNSUPPORTED))
        return status;
    if (job->skipped)
        *job->skipped = before;
    return run_lazily(job, problem, err);
}

static enum fst_status sql_rows(struct local_job *job, size_t max_rows, struct fst_frame **out,
                                bool *done, struct fst_problem *problem, struct fst_error *err)
{
    FST_TRY(prepare_tables(job, problem, err));
    struct fst_builder *b = fst_builder_new(fst_schema_copy(job->schema));
    size_t n = 0;
    int rc = SQLITE_ROW;
    while (n < max_rows && (rc = sqlite3_step(job->stmt)) == SQLITE_ROW) {
        for (size_t i = 0; i < job->schema->n; i++)
            add_value(b, i, &job->schema->fields[i].type, sqlite3_column_value(job->stmt, (int)i));
        n++;
        if ((n & 63) == 0 && fst_builder_bytes_used(b) > FRAME_BYTES)
            break;
    }
    *done = rc == SQLITE_DONE;
    bool failed = rc != SQLITE_ROW && rc != SQLITE_DONE;
    bool unsure = job->failing && !failed;
    if (n == 0 || unsure || failed)
        fst_builder_free(b);
    else
        *out = fst_builder_finish(b, n);
    if (unsure)
        return fst_fail(err, FST_EUNSUPPORTED,
                        "a constant that cannot be computed, where no row needs it (%s)",
                        job->failing);
    return failed ? step_failed(job, problem, err) : FST_OK;
}

enum fst_status local_job_rows(struct local_job *job, size_t max_rows, struct fst_frame **out,
                               bool *done, struct fst_problem *problem, struct fst_error *err)
{
    *out = NULL;
    *done = false;
    if (job->asof) {
        struct fst_error why = {0};
        enum fst_status status = local_asof_rows(job->asof, max_rows, out, &why);
        if (status != FST_EUNSUPPORTED) {
            *done = status == FST_OK && !*out;
            if (status != FST_OK && err)
                *err = why;
            return status;
        }
        local_asof_free(job->asof); /* by SQL, then */
        job->asof = NULL;
        FST_TRY(local_job_start_sql(job, err));
    }
    return sql_rows(job, max_rows, out, done, problem, err);
}

/* ---- Explain --------------------------------------------------------------------------------- */

/* One statement and how SQLite means to run it. */
static enum fst_status explain_one(struct local_job *job, const char *text, struct fst_buf *out,
                                   struct fst_error *err)
{
    sqlite3_stmt *stmt = NULL;
    char *sql = fst_asprintf("EXPLAIN QUERY PLAN %s", text);
    enum fst_status status = prepare(job, sql, &stmt, err);
    free(sql);
    fst_buf_printf(out, "%s\n", text);
    int depth_of[64] = {0};
    while (status == FST_OK && sqlite3_step(stmt) == SQLITE_ROW) {
        int id = sqlite3_column_int(stmt, 0), parent = sqlite3_column_int(stmt, 1), depth = 0;
        for (int d = 1; d < 64 && parent; d++)
            if (depth_of[d] == parent)
                depth = d;
        if (depth + 1 < 64)
            depth_of[depth + 1] = id;
        fst_buf_adds(out, "-- ");
        fst_buf_repeat(out, ' ', (size_t)depth * 2);
        fst_buf_printf(out, "%s\n", (const char *)sqlite3_column_text(stmt, 3));
    }
    sqlite3_finalize(stmt);
    return status;
}

enum fst_status local_job_explain(struct local_job *job, struct fst_buf *out, struct fst_error *err)
{
    fst_buf_adds(out, "== Plan ==\n");
    fst_plan_text(out, job->plan);
    struct local_asof *asof = job->training ? local_asof_new(job, job->training) : NULL;
    if (asof)
        fst_buf_adds(out,
                     "\n== Merge ==\nA run joins it as one merge of its parts, in memory; what "
                     "follows is done when they do not fit.\n");
    local_asof_free(asof);
    fst_buf_adds(out, "\n== SQLite ==\n");
    for (size_t i = 0; i < job->statement.n_steps; i++) {
        const struct local_step *step = &job->statement.steps[i];
        FST_TRY(explain_one(job, step->memory ? step->memory->fill : step->fill, out, err));
        if (step->index && !step->memory)
            fst_buf_printf(out, "%s\n", step->index);
        if (step->index && !step->memory)
            FST_TRY(fst_db_exec(job->db, step->index, err));
        fst_buf_addc(out, '\n');
    }
    return explain_one(job, job->statement.sql, out, err);
}

void local_job_free(struct local_job *job)
{
    if (!job)
        return;
    local_asof_free(job->asof);
    close_database(job);
    for (size_t i = 0; i < job->n_inputs; i++)
        local_input_done(&job->inputs[i]);
    free(job->inputs);
    local_zone_free(job->zone);
    fst_schema_free(job->schema);
    fst_arena_free(job->arena);
    free(job);
}
