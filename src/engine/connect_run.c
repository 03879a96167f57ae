/* Work that outlives us: written by the server into files, found again by anybody who knows its id.
 *
 * The operation is sent without the right to be reattached, because those with it are cancelled
 * minutes after their client is gone; one without runs to its end with nobody there. Its session is
 * named like the operation, an id that the caller stored before submitting: a client killed at any
 * moment leaves nothing behind that cannot be found. While we live a thread holds the stream, which
 * tells progress and, at the end, the error with its place. Once the stream is lost, GetStatus and
 * the server's web interface tell what they know, and _SUCCESS in the output is the last word. */
#include <stdlib.h>
#include <string.h>

#include "connect_run.h"
#include "spark.h"
#include "spark_rest.h"

#define PROGRESS_INTERVAL "500ms"
enum {
    MODE_ERROR_IF_EXISTS = 3,
    VISIBLE_EVERY_MS = 100,
    STACK_BYTES = 2 << 20,
    RELEASE_TIMEOUT_MS = 2000,
};

/* ---- The run --------------------------------------------------------------------------------- */

struct connect_run *connect_run_new(struct fst_session *s, const struct fst_work *w,
                                    const char *session, const char *user, const char *operation)
{
    struct connect_run *run = fst_alloc(sizeof(*run));
    run->s = s;
    snprintf(run->session, sizeof(run->session), "%s", session);
    snprintf(run->operation, sizeof(run->operation), "%s", operation);
    run->user = fst_strdup(user);
    run->sql = fst_strdup(w->sql);
    run->python = w->python != NULL;
    char *output = w->output_uri ? connect_local_path(s, w->output_uri) : NULL;
    run->success = output ? fst_path_join(output, "_SUCCESS") : NULL;
    free(output);
    run->request = FST_BUF_TEXT;
    run->progress = (struct fst_progress){.state = FST_RUN_PENDING,
                                          .tasks_done = -1,
                                          .tasks_total = -1,
                                          .stages_done = -1,
                                          .stages_total = -1,
                                          .rows = -1,
                                          .bytes_read = -1,
                                          .bytes_written = -1};
    run->causes = FST_BUF(1 << 20);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&run->news, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_init(&run->lock, NULL);
    run->last_call_us = fst_monotonic_us();
    return run;
}

struct connect_call connect_run_call(const struct connect_run *run)
{
    return (struct connect_call){.s = run->s, .session_id = run->session, .user = run->user};
}

/* The session of an ended run has nothing left to tell. */
void connect_run_free(struct connect_run *run)
{
    if (!run)
        return;
    atomic_store(&run->drop, true);
    if (run->has_thread)
        pthread_join(run->thread, NULL);
    if (run->phase == CONNECT_ENDED && run->progress.state != FST_RUN_LOST) {
        struct connect_call c = connect_run_call(run);
        c.timeout_ms = RELEASE_TIMEOUT_MS;
        connect_release_session(&c, NULL);
    }
    pthread_cond_destroy(&run->news);
    pthread_mutex_destroy(&run->lock);
    fst_buf_done(&run->request);
    fst_buf_done(&run->causes);
    free(run->user);
    free(run->sql);
    free(run->success);
    free(run->ui);
    spark_rest_free(run->rest);
    free(run);
}

void connect_run_end(struct connect_run *run, enum fst_run_state state)
{
    run->phase = CONNECT_ENDED;
    run->progress.state = state;
    run->progress.detail[0] = 0;
    if (state == FST_RUN_READY && run->progress.tasks_total > 0)
        run->progress.tasks_done = run->progress.tasks_total;
    run->version++;
    pthread_cond_broadcast(&run->news);
}

bool connect_run_has_success(const struct connect_run *run)
{
    return run->success && fst_path_exists(run->success);
}

/* ---- The stream ------------------------------------------------------------------------------ */

/* StageInfo { stage_id = 1, num_tasks = 2, num_completed_tasks = 3, done = 5 } */
static void add_stage(struct pb r, struct fst_progress *out)
{
    struct pb_field f;
    uint64_t id = 0, tasks = 0, completed = 0, done = 0;
    while (pb_next(&r, &f)) {
        uint64_t *const into[] = {NULL, &id, &tasks, &completed, NULL, &done};
        if (f.number < FST_COUNT(into) && into[f.number])
            *into[f.number] = f.v;
    }
    completed = done || completed > tasks ? tasks : completed;
    out->tasks_total += (int64_t)tasks;
    out->tasks_done += (int64_t)completed;
    out->stages_total++;
    out->stages_done += done != 0;
    if (!done && completed > 0)
        snprintf(out->detail, sizeof(out->detail), "stage %llu: %llu/%llu tasks",
                 (unsigned long long)id, (unsigned long long)completed, (unsigned long long)tasks);
}

/* ExecutionProgress { stages = 1*, num_inflight_tasks = 2 } */
static void take_progress(struct connect_run *run, struct pb r)
{
    struct pb_field f;
    struct fst_progress p = {
        .state = FST_RUN_RUNNING, .rows = -1, .bytes_read = -1, .bytes_written = -1};
    while (pb_next(&r, &f))
        if (f.number == 1)
            add_stage(pb_inside(&f), &p);
    if (p.stages_total == 0)
        p.tasks_total = p.tasks_done = p.stages_total = p.stages_done = -1;
    else if (!p.detail[0])
        snprintf(p.detail, sizeof(p.detail), "%lld/%lld tasks", (long long)p.tasks_done,
                 (long long)p.tasks_total);
    pthread_mutex_lock(&run->lock);
    if (memcmp(&p, &run->progress, sizeof(p)) != 0) {
        run->progress = p;
        run->version++;
        pthread_cond_broadcast(&run->news);
    }
    pthread_mutex_unlock(&run->lock);
}

static bool on_response(void *arg, const void *p, size_t n)
{
    struct connect_run *run = arg;
    struct pb r = pb_reader(p, n);
    struct pb_field f;
    while (pb_next(&r, &f)) {
        if (f.number == 18)
            take_progress(run, pb_inside(&f));
        if (f.number == 14)
            run->complete = true;
    }
    return true;
}

static bool is_dropped(void *arg)
{
    return atomic_load(&((struct connect_run *)arg)->drop);
}

/* The stream ended: with the work, or before it. */
static void stream_ended(struct connect_run *run, enum fst_status status,
                         const struct connect_call *c, const struct fst_error *err)
{
    bool cancelled = strncmp(c->condition, "OPERATION_CANCELED", 18) == 0;
    bool told = status != FST_OK && err->status != FST_ENET && err->status != FST_ETIMEOUT &&
                !atomic_load(&run->drop);
    pthread_mutex_lock(&run->lock);
    if (run->phase == CONNECT_ENDED) {
        /* whoever watched was told before */
    } else if (status == FST_OK && run->complete) {
        connect_run_end(run, FST_RUN_READY);
    } else if (cancelled) {
        connect_run_end(run, FST_RUN_CANCELLED);
    } else if (told) {
        run->err = *err;
        connect_run_end(run, FST_RUN_FAILED);
    } else {
        run->phase = CONNECT_DETACHED;
        pthread_cond_broadcast(&run->news);
    }
    pthread_mutex_unlock(&run->lock);
}

static void *stream_main(void *arg)
{
    struct connect_run *run = arg;
    struct connect_call c = connect_run_call(run);
    struct fst_error err = {.status = FST_OK};
    struct fst_problem problem = {.line = 0};
    c.sql = run->sql;
    c.python = run->python;
    c.running = true;
    c.cancelled = is_dropped;
    c.cancel_arg = run;
    c.problem = &problem;
    struct fst_buf causes = FST_BUF(1 << 20);
    c.causes = &causes;
    enum fst_status status =
        connect_stream(&c, "ExecutePlan", &run->request, on_response, run, &err);
    pthread_mutex_lock(&run->lock);
    fst_buf_add(&run->causes, causes.p, causes.n);
    fst_buf_done(&causes);
    run->problem = problem;
    pthread_mutex_unlock(&run->lock);
    stream_ended(run, status, &c, &err);
    return NULL;
}

static enum fst_status start_stream(struct connect_run *run, struct fst_error *err)
{
    run->has_thread = fst_thread_start(&run->thread, STACK_BYTES, stream_main, run);
    return run->has_thread ? FST_OK : fst_fail(err, FST_EIO, "cannot start a thread for the run");
}

/* ---- Submit ---------------------------------------------------------------------------------- */

/* WriteOperation { input = 1, source = 2, path = 3, mode = 5, options = 9 } as Plan.command */
static enum fst_status write_plan(struct fst_buf *out, const struct fst_work *w,
                                  const struct fst_buf *made, struct fst_error *err)
{
    const struct spark_format *format;
    FST_TRY(spark_output_format(w, &format, err));
    size_t plan = pb_open(out, 3);
    size_t command = pb_open(out, 2);
    size_t write = pb_open(out, 2);
    FST_TRY(connect_plan_write(out, 1, w, made, 0, err));
    pb_text(out, 2, format->spark);
    pb_text(out, 3, w->output_uri);
    pb_uint(out, 5, MODE_ERROR_IF_EXISTS);
    if (format->key)
        pb_entry(out, 9, format->key, format->value);
    pb_close(out, write);
    pb_close(out, command);
    pb_close(out, plan);
    return FST_OK;
}

/* No request_options: an operation that may be reattached dies of being left alone. */
static enum fst_status write_request(struct connect_run *run, const struct fst_work *w,
                                     struct fst_error *err)
{
    struct connect_call c = connect_run_call(run);
    connect_request(&c, &run->request);
    FST_TRY(write_plan(&run->request, w, &run->s->relation, err));
    pb_text(&run->request, 4, "firesteel");
    pb_text(&run->request, 6, run->operation);
    pb_text(&run->request, 7, "firesteel");
    return FST_OK;
}

bool connect_run_wait_news(struct connect_run *run, uint64_t version, int64_t wait_ms)
{
    struct timespec until = fst_monotonic_in(wait_ms);
    int rc = 0;
    pthread_mutex_lock(&run->lock);
    enum connect_phase phase = run->phase;
    while (rc == 0 && run->version == version && run->phase == phase && phase != CONNECT_ENDED)
        rc = pthread_cond_timedwait(&run->news, &run->lock, &until);
    bool news = run->version != version || run->phase != phase || phase == CONNECT_ENDED;
    pthread_mutex_unlock(&run->lock);
    return news;
}

enum connect_phase connect_run_phase(struct connect_run *run)
{
    pthread_mutex_lock(&run->lock);
    enum connect_phase phase = run->phase;
    pthread_mutex_unlock(&run->lock);
    return phase;
}

static bool run_has_progress(struct connect_run *run)
{
    pthread_mutex_lock(&run->lock);
    bool any = run->version > 0;
    pthread_mutex_unlock(&run->lock);
    return any;
}

/* Until the server has it: from then on it needs nobody. A stream that ended before is no news:
 * short work is over by then. */
static enum fst_status wait_visible(struct connect_run *run, const struct fst_work *w,
                                    struct fst_error *err)
{
    struct connect_call c = connect_run_call(run);
    for (int state = 0;;) {
        enum connect_phase phase = connect_run_phase(run);
        if (phase == CONNECT_ENDED ||
            (connect_get_status(&c, run->operation, &state, NULL) == FST_OK &&
             state >= CONNECT_RUNNING))
            return FST_OK;
        if (phase == CONNECT_DETACHED)
            return fst_fail(err, FST_ENET, "the line to Spark at %s broke before it had the work",
                            run->s->target.authority);
        if (w->cancelled && w->cancelled(w->cancel_arg))
            return fst_fail(err, FST_ECANCELLED, "cancelled before Spark had the work");
        if (connect_run_wait_news(run, 0, VISIBLE_EVERY_MS) && run_has_progress(run))
            return FST_OK;
    }
}

/* The work's settings, one after another, so that a refusal has its name. */
static enum fst_status set_conf(struct connect_call *c, const struct fst_work *w,
                                struct fst_error *err)
{
    for (size_t i = 0; w->conf && i < w->conf->n; i++) {
        const struct fst_doc *item = &w->conf->items[i];
        const char *const pairs[] = {item->key, item->text.p ? item->text.p : "", NULL};
        enum fst_status status = connect_config_set(c, pairs, err);
        if (strncmp(c->condition, "CANNOT_MODIFY_", 14) == 0)
            return fst_fail(err, FST_EINVAL,
                            "setting %s: Spark takes it when its server starts only; it belongs to "
                            "the provider's conf",
                            item->key);
        if (status != FST_OK) {
            fst_while(err, "setting %s", item->key);
            return status;
        }
    }
    return FST_OK;
}

static enum fst_status begin(struct connect_run *run, const struct fst_work *w,
                             struct fst_problem *problem, struct fst_error *err)
{
    struct connect_call c = connect_run_call(run);
    const char *const pairs[] = {"spark.sql.session.timeZone", w->time_zone ? w->time_zone : "UTC",
                                 "spark.connect.progress.reportInterval", PROGRESS_INTERVAL, NULL};
    struct fst_work bound; /* views that are made for it go with the session */
    c.cancelled = w->cancelled;
    c.cancel_arg = w->cancel_arg;
    FST_TRY(connect_config_set(&c, pairs, err));
    FST_TRY(set_conf(&c, w, err));
    c.problem = problem;
    if (connect_has_bound(w))
        FST_TRY(connect_learn_binding(&c, err));
    FST_TRY(connect_bind_views(&c, w, &bound, err));
    FST_TRY(write_request(run, &bound, err));
    FST_TRY(start_stream(run, err));
    FST_TRY(wait_visible(run, w, err));
    if (connect_run_phase(run) == CONNECT_ENDED && run->progress.state == FST_RUN_FAILED) {
        if (problem)
            *problem = run->problem;
        if (err)
            *err = run->err;
        return run->err.status;
    }
    return FST_OK;
}

static void write_handle(const struct connect_run *run, struct fst_buf *handle)
{
    struct fst_json_writer w = fst_json_writer(handle);
    fst_jw_object(&w, NULL);
    fst_jw_string(&w, "session", run->session);
    fst_jw_string(&w, "user", run->user);
    fst_jw_string(&w, "operation", run->operation);
    fst_jw_end(&w, '}');
}

enum fst_status connect_submit(struct fst_session *s, const struct fst_work *w,
                               struct fst_buf *handle, struct fst_problem *problem,
                               struct fst_error *err)
{
    if (s->run)
        return fst_fail(err, FST_ECONFLICT, "this session has work already");
    if (!w->operation_id || strlen(w->operation_id) != 36 || !w->output_uri)
        return fst_fail(err, FST_EINVAL, "a run needs an operation id and an output");
    FST_TRY(connect_python_prepare_run(s, w, problem, err));
    struct connect_run *run =
        connect_run_new(s, w, w->operation_id, s->target.user, w->operation_id);
    enum fst_status status = begin(run, w, problem, err);
    if (status != FST_OK) {
        struct connect_call c = connect_run_call(run);
        bool found;
        if (status == FST_ECANCELLED)
            connect_interrupt(&c, run->operation, &found, NULL);
        connect_run_free(run);
        return status;
    }
    write_handle(run, handle);
    s->run = run;
    return FST_OK;
}

/* ---- Log ------------------------------------------------------------------------------------- */

/* A server's log is everybody's; what is of one run alone is what its failure stands on. The cursor
 * says that it was told. */
enum fst_status connect_log(struct fst_session *s, struct fst_buf *cursor, struct fst_buf *out,
                            struct fst_error *err)
{
    struct connect_run *run = s->run;
    if (!run)
        return fst_fail(err, FST_EINVAL, "no work was submitted");
    pthread_mutex_lock(&run->lock);
    if (run->causes.n && !cursor->n) {
        fst_buf_add(out, run->causes.p, run->causes.n);
        fst_buf_adds(cursor, "told");
    }
    pthread_mutex_unlock(&run->lock);
    return FST_OK;
}
