/* From a text or a resource to work that an engine can take.
 *
 * The text as sent has each {{name.variant}} as the identifier `{name.variant}`, equally long, so
 * that places in an engine's answer are places in the editor. Each distinct identifier is one
 * input. */
#include "bind.h"

#include <stdlib.h>
#include <string.h>

#include "firesteel/store.h"

#define DEFAULT_DURATION_US ((int64_t)48 * 3600 * 1000000)

static struct fst_binder binder_new(const struct fst_bind_context *cx, enum fst_bind_mode mode,
                                    struct fst_bound *out, struct fst_problem *problem,
                                    struct fst_error *err)
{
    *out = (struct fst_bound){.arena = fst_arena_new()};
    if (problem)
        *problem = (struct fst_problem){0};
    return (struct fst_binder){.cx = cx, .mode = mode, .out = out, .problem = problem, .err = err};
}

/* Does the engine see every place? A remote Spark and a folder of this host is refused before
 * anything runs. */
static enum fst_status check_reach(struct fst_binder *b)
{
    const struct fst_engine *engine = b->out->engine;
    if (!engine->reaches)
        return FST_OK;
    struct fst_session *session;
    FST_TRY(fst_bind_open(b->cx, engine, b->out->options, &session, b->err));
    enum fst_status status = FST_OK;
    for (size_t i = 0; status == FST_OK && i < b->n_inputs; i++)
        if (b->inputs[i].uri)
            status = engine->reaches(session, b->inputs[i].uri, b->err);
    engine->close(session);
    return status;
}

static enum fst_status lacks(struct fst_binder *b, const char *what)
{
    struct fst_buf able = FST_BUF(512);
    for (size_t i = 0; fst_engines[i]; i++)
        if (fst_engines[i]->takes_python)
            fst_buf_printf(&able, "%s%s", able.n ? ", " : "", fst_engines[i]->name);
    enum fst_status status =
        fst_fail(b->err, FST_EUNSUPPORTED,
                 "the %s engine does not run %s: choose a provider with the engine %s",
                 b->out->engine->name, what, fst_buf_text(&able));
    fst_buf_done(&able);
    return status;
}

/* Can the engine do it at all? Said before anything runs. */
static enum fst_status check_ability(struct fst_binder *b, const struct fst_work *w)
{
    const struct fst_engine *engine = b->out->engine;
    if (w->python && !engine->takes_python)
        return lacks(b, "Python functions");
    if (w->program && !engine->takes_programs)
        return lacks(b, "programs");
    for (size_t i = 0; i < b->n_inputs && !engine->takes_tables; i++)
        if (b->inputs[i].table)
            return lacks(b, "over tables of Spark's catalog");
    return FST_OK;
}

static enum fst_status finish(struct fst_binder *b, enum fst_status status,
                              const struct fst_work *what, const char *name)
{
    struct fst_bound *out = b->out;
    if (status == FST_OK)
        status = check_ability(b, what);
    if (status == FST_OK)
        status = check_reach(b);
    struct fst_input *inputs = NULL;
    if (b->n_inputs) {
        inputs = fst_arena_alloc(out->arena, b->n_inputs * sizeof *inputs);
        memcpy(inputs, b->inputs, b->n_inputs * sizeof *inputs);
    }
    free(b->inputs);
    out->work = (struct fst_work){
        .sql = what->sql,
        .python = what->python,
        .program = what->program,
        .conf = what->conf,
        .inputs = inputs,
        .n_inputs = b->n_inputs,
        .name = name,
        .time_zone = fst_arena_strdup(out->arena, b->cx->time_zone ? b->cx->time_zone : "UTC"),
    };
    fst_grow(&out->schemas, &b->cap_schemas, b->n_schemas + 1, sizeof(struct fst_schema *));
    out->schemas[b->n_schemas] = NULL;
    if (status != FST_OK)
        fst_bound_done(out);
    return status;
}

enum fst_status fst_bind_text(const struct fst_bind_context *cx, const char *text,
                              const char *provider, enum fst_bind_mode mode, struct fst_bound *out,
                              struct fst_problem *problem, struct fst_error *err)
{
    struct fst_binder b = binder_new(cx, mode, out, problem, err);
    char *sent = NULL;
    enum fst_status status = fst__bind_provider(&b, provider);
    if (status == FST_OK)
        status = fst__bind_references(&b, text, &sent);
    return finish(&b, status, &(struct fst_work){.sql = sent}, "sql");
}

/* ---- Resources ------------------------------------------------------------------------------- */

/* The function's arguments, in order, as tables named by what they are. */
static enum fst_status bind_python(struct fst_binder *b, const struct fst_resource *r,
                                   struct fst_work *what)
{
    for (size_t i = 0; i < r->n_inputs; i++) {
        char *label = fst__bind_label(b, r->inputs[i].name, r->inputs[i].variant);
        FST_TRY(fst__bind_input(b, &r->inputs[i], label));
    }
    what->python = fst_arena_strdup(b->out->arena, r->python);
    return FST_OK;
}

/* What a job reads it finds by itself; that it is there is looked at, and remembered. */
static enum fst_status bind_job(struct fst_binder *b, const struct fst_resource *r,
                                struct fst_work *what)
{
    struct fst_arena *a = b->out->arena;
    struct fst_program *program = fst_arena_alloc(a, sizeof *program);
    const char **args = fst_arena_alloc(a, (r->n_args + 1) * sizeof *args);
    for (size_t i = 0; i < r->n_args; i++)
        args[i] = fst_arena_strdup(a, r->args[i]);
    *program = (struct fst_program){.file = fst_arena_strdup(a, r->file),
                                    .class_ = fst_arena_strdup(a, r->class_),
                                    .args = args,
                                    .n_args = r->n_args};
    what->program = program;
    for (size_t i = 0; i < r->n_inputs; i++) {
        char *label = fst__bind_label(b, r->inputs[i].name, r->inputs[i].variant);
        FST_TRY(fst__bind_input(b, &r->inputs[i], label));
    }
    b->n_inputs = 0;
    return FST_OK;
}

static enum fst_status bind_what(struct fst_binder *b, const struct fst_resource *r,
                                 struct fst_work *what)
{
    char *sent = NULL;
    enum fst_status status;
    what->conf = fst__bind_copy(b->out->arena, r->conf);
    switch (r->kind) {
    case FST_TRANSFORMATION:
        if (r->python)
            return bind_python(b, r, what);
        status = fst__bind_references(b, r->sql, &sent);
        break;
    case FST_TRAINING_SET:
        status = fst__bind_training_set(b, r, &sent);
        break;
    case FST_JOB:
        return bind_job(b, r, what);
    default:
        return fst_fail(b->err, FST_EINVAL, "%s: a %s has nothing to run", fst_resource_label(r),
                        fst_kinds[r->kind].name);
    }
    what->sql = sent;
    return status;
}

enum fst_status fst_bind_resource(const struct fst_bind_context *cx, const struct fst_resource *r,
                                  const char *provider, enum fst_bind_mode mode,
                                  struct fst_bound *out, struct fst_problem *problem,
                                  struct fst_error *err)
{
    struct fst_binder b = binder_new(cx, mode, out, problem, err);
    struct fst_work what = {.sql = NULL};
    enum fst_status status = fst__bind_provider(&b, provider ? provider : r->provider);
    if (status == FST_OK)
        status = bind_what(&b, r, &what);
    out->max_duration_us = r->max_job_duration_us ? r->max_job_duration_us : DEFAULT_DURATION_US;
    return finish(&b, status, &what, fst_arena_strdup(out->arena, fst_resource_label(r)));
}

void fst_bound_done(struct fst_bound *b)
{
    for (size_t i = 0; b->schemas && b->schemas[i]; i++)
        fst_schema_free(b->schemas[i]);
    free(b->schemas);
    free(b->reads);
    fst_arena_free(b->arena);
    *b = (struct fst_bound){0};
}
