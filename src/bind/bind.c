/* From a text or a resource to work that an engine can take.
 *
 * The text as sent has each {{name.variant}} as the identifier `{name.variant}`, equally long, so
 * that places in an engine's answer are places in the editor. Each distinct identifier is one
 * input. A Python function's inputs are its arguments, in order; a program gets none. */
#include "bind.h"

#include <stdlib.h>
#include <string.h>

#include "firesteel/store.h"

#define LONGEST_RUN_US (INT64_C(48) * 3600 * 1000000)

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

/* ---- Functions and programs ------------------------------------------------------------------ */

static enum fst_status bind_python(struct fst_binder *b, const struct fst_resource *r)
{
    FST_TRY(fst__bind_wants(b->cx, b->out, FST_TAKES_PYTHON, b->err));
    b->wants_rows = true;
    for (size_t i = 0; i < r->n_inputs; i++) {
        char *as = fst__bind_label(b, r->inputs[i].name, r->inputs[i].variant);
        FST_TRY(fst__bind_input(b, &r->inputs[i], as));
    }
    b->out->work.python = fst_arena_strdup(b->out->arena, r->python);
    return FST_OK;
}

static enum fst_status bind_program(struct fst_binder *b, const struct fst_resource *r)
{
    struct fst_arena *a = b->out->arena;
    struct fst_program *program = fst_arena_alloc(a, sizeof *program);
    const char **args = fst_arena_alloc(a, (r->n_args + 1) * sizeof *args);
    FST_TRY(fst__bind_wants(b->cx, b->out, FST_TAKES_PROGRAMS, b->err));
    b->wants_rows = true;
    for (size_t i = 0; i < r->n_inputs; i++)
        FST_TRY(fst__bind_read(b, &r->inputs[i]));
    for (size_t i = 0; i < r->n_args; i++)
        args[i] = fst_arena_strdup(a, r->args[i]);
    *program = (struct fst_program){fst_arena_strdup(a, r->file), fst_arena_strdup(a, r->class_),
                                    args, r->n_args};
    b->out->work.program = program;
    return FST_OK;
}

static enum fst_status finish(struct fst_binder *b, enum fst_status status, const char *sent,
                              const char *name)
{
    struct fst_bound *out = b->out;
    if (status == FST_OK)
        status = check_reach(b);
    struct fst_input *inputs = NULL;
    if (b->n_inputs) {
        inputs = fst_arena_alloc(out->arena, b->n_inputs * sizeof *inputs);
        memcpy(inputs, b->inputs, b->n_inputs * sizeof *inputs);
    }
    free(b->inputs);
    out->work = (struct fst_work){
        .sql = sent,
        .training = out->work.training,
        .python = out->work.python,
        .program = out->work.program,
        .conf = out->work.conf,
        .inputs = inputs,
        .n_inputs = b->n_inputs,
        .name = name,
        .time_zone = fst_arena_strdup(out->arena, b->cx->time_zone ? b->cx->time_zone : "UTC"),
        .memory_bytes = b->cx->local_memory,
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
    return finish(&b, status, sent, "sql");
}

static enum fst_status bind_by_kind(struct fst_binder *b, const struct fst_resource *r, char **sent)
{
    if (r->kind == FST_TRANSFORMATION)
        return r->python ? bind_python(b, r) : fst__bind_references(b, r->sql, sent);
    if (r->kind == FST_TRAINING_SET)
        return fst__bind_training_set(b, r, sent);
    if (r->kind == FST_JOB)
        return bind_program(b, r);
    return fst_fail(b->err, FST_EINVAL, "%s: a %s has nothing to run", fst_resource_label(r),
                    fst_kinds[r->kind].name);
}

enum fst_status fst_bind_resource(const struct fst_bind_context *cx, const struct fst_resource *r,
                                  const char *provider, enum fst_bind_mode mode,
                                  struct fst_bound *out, struct fst_problem *problem,
                                  struct fst_error *err)
{
    struct fst_binder b = binder_new(cx, mode, out, problem, err);
    char *sent = NULL;
    enum fst_status status = fst__bind_provider(&b, provider ? provider : r->provider);
    if (status == FST_OK)
        status = bind_by_kind(&b, r, &sent);
    out->work.conf = fst__bind_doc(&b, r->conf);
    out->max_duration_us = r->max_job_duration_us ? r->max_job_duration_us : LONGEST_RUN_US;
    return finish(&b, status, sent, fst_arena_strdup(out->arena, fst_resource_label(r)));
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
