/* Work that outlives us: written by the server into files, found again by anybody who knows its id.
 *
 * The operation is sent without the right to be reattached, because those with it are cancelled
 * minutes after their client is gone; one without runs to its end with nobody there. Its session is
 * named like the operation, an id that the caller stored before submitting: a client killed at any
 * moment leaves nothing behind that cannot be found. While we live a thread holds the stream, which
 * tells progress and, at the end, the error with its place. Once the stream is lost, GetStatus and
 * the server's web interface tell what they know, and _SUCCESS in the output is the last word. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "connect.h"

#define KEEP_ALIVE_US                                                                              \
    ((int64_t)60 * 1000000)                    /* a session is closed after an hour without calls  \
                                                */
#define LOST_AFTER_US ((int64_t)120 * 1000000) /* of silence of the server */
#define STATUS_EVERY_US ((int64_t)400 * 1000)
enum {
    MODE_ERROR_IF_EXISTS = 3,
    VISIBLE_EVERY_MS = 100,
    STACK_BYTES = 2 << 20,
    RELEASE_TIMEOUT_MS = 2000,
};

enum phase { STREAMING, DETACHED, ENDED };

struct connect_run {
    struct fst_session *s;
    char operation[37], session[37];
    char *user, *sql;
    char *success; /* path of _SUCCESS here, or NULL */
    char *ui;      /* of the server, or NULL */
    bool ui_asked, cancel_asked;
    int64_t last_call_us, silent_since_us, last_ui_us;
    struct fst_buf request;
    pthread_t thread;
    bool has_thread;
    _Atomic bool drop; /* let go of the stream */

    pthread_mutex_t lock; /* what follows is shared with the thread */
    pthread_cond_t news;
    enum phase phase;
    bool complete;    /* result_complete came */
    uint64_t version; /* of the progress */
    struct fst_progress progress;
    struct fst_problem problem;
    struct fst_error err;
};

/* ---- The run -------------------------------------------------------------------------------- */

static struct connect_run *run_new(struct fst_session *s, const struct fst_work *w,
                                   const char *session, const char *user, const char *operation)
{
    struct connect_run *run = fst_alloc(sizeof(*run));
    run->s = s;
    snprintf(run->session, sizeof(run->session), "%s", session);
    snprintf(run->operation, sizeof(run->operation), "%s", operation);
    run->user = fst_strdup(user);
    run->sql = fst_strdup(w->sql);
    char *output = w->output_uri ? connect_local_path(s, w->output_uri) : NULL;
    run->success = output ? fst_path_join(output, "_SUCCESS") : NULL;
    free(output);
    run->request = FST_BUF_TEXT;
    run->progress = (struct fst_progress){.state = FST_RUN_PENDING,
                                          .tasks_done = -1,
                                          .tasks_total = -1,
                                          .stages_done = -1,
                                          .stages_total = -1,
                                          .rows = -1};
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&run->news, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_init(&run->lock, NULL);
    run->last_call_us = fst_monotonic_us();
    return run;
}

static struct connect_call call_of(const struct connect_run *run)
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
    if (run->phase == ENDED && run->progress.state != FST_RUN_LOST) {
        struct connect_call c = call_of(run);
        c.timeout_ms = RELEASE_TIMEOUT_MS;
        connect_release_session(&c, NULL);
    }
    pthread_cond_destroy(&run->news);
    pthread_mutex_destroy(&run->lock);
    fst_buf_done(&run->request);
    free(run->user);
    free(run->sql);
    free(run->success);
    free(run->ui);
    free(run);
}

/* With the lock. */
static void end_run(struct connect_run *run, enum fst_run_state state)
{
    run->phase = ENDED;
    run->progress.state = state;
    if (state == FST_RUN_READY && run->progress.tasks_total > 0)
        run->progress.tasks_done = run->progress.tasks_total;
    run->version++;
    pthread_cond_broadcast(&run->news);
}

static bool has_success(const struct connect_run *run)
{
    return run->success && fst_path_exists(run->success);
}

/* ---- The stream -------------------------------------------------------------------------------
 */

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
    struct fst_progress p = {.state = FST_RUN_RUNNING, .rows = -1};
    while (pb_next(&r, &f))
        if (f.number == 1)
            add_stage(pb_inside(&f), &p);
    if (!p.detail[0])
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
    if (status == FST_OK && run->complete) {
        end_run(run, FST_RUN_READY);
    } else if (cancelled) {
        end_run(run, FST_RUN_CANCELLED);
    } else if (told) {
        run->err = *err;
        end_run(run, FST_RUN_FAILED);
    } else {
        run->phase = DETACHED;
        pthread_cond_broadcast(&run->news);
    }
    pthread_mutex_unlock(&run->lock);
}

static void *stream_main(void *arg)
{
    struct connect_run *run = arg;
    struct connect_call c = call_of(run);
    struct fst_error err = {.status = FST_OK};
    struct fst_problem problem = {.line = 0};
    c.sql = run->sql;
    c.running = true;
    c.cancelled = is_dropped;
    c.cancel_arg = run;
    c.problem = &problem;
    enum fst_status status =
        connect_stream(&c, "ExecutePlan", &run->request, on_response, run, &err);
    pthread_mutex_lock(&run->lock);
    run->problem = problem;
    pthread_mutex_unlock(&run->lock);
    stream_ended(run, status, &c, &err);
    return NULL;
}

static enum fst_status start_stream(struct connect_run *run, struct fst_error *err)
{
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK_BYTES);
    int failed = pthread_create(&run->thread, &attr, stream_main, run);
    pthread_attr_destroy(&attr);
    run->has_thread = !failed;
    return failed ? fst_fail(err, FST_EIO, "cannot start a thread for the run") : FST_OK;
}

/* ---- Submit -------------------------------------------------------------------------------------
 */

static const struct {
    const char *format, *spark, *key, *value;
} outputs[] = {
    {"parquet", "parquet", "compression", "snappy"},
    {"csv", "csv", "header", "true"},
    {"json", "json", NULL, NULL},
    {"jsonl", "json", NULL, NULL},
    {"orc", "orc", NULL, NULL},
};

/* WriteOperation { input = 1, source = 2, path = 3, mode = 5, options = 9 } as Plan.command */
static enum fst_status write_plan(struct fst_buf *out, const struct fst_work *w,
                                  struct fst_error *err)
{
    const char *format = w->output_format ? w->output_format : "parquet";
    size_t i = 0;
    while (i < FST_COUNT(outputs) && strcmp(outputs[i].format, format) != 0)
        i++;
    if (i == FST_COUNT(outputs))
        return fst_fail(err, FST_EUNSUPPORTED, "an output in the format %s; use parquet", format);
    size_t plan = pb_open(out, 3);
    size_t command = pb_open(out, 2);
    size_t write = pb_open(out, 2);
    FST_TRY(connect_plan_write(out, 1, w, 0, err));
    pb_text(out, 2, outputs[i].spark);
    pb_text(out, 3, w->output_uri);
    pb_uint(out, 5, MODE_ERROR_IF_EXISTS);
    if (outputs[i].key)
        pb_entry(out, 9, outputs[i].key, outputs[i].value);
    pb_close(out, write);
    pb_close(out, command);
    pb_close(out, plan);
    return FST_OK;
}

/* No request_options: an operation that may be reattached dies of being left alone. */
static enum fst_status write_request(struct connect_run *run, const struct fst_work *w,
                                     struct fst_error *err)
{
    struct connect_call c = call_of(run);
    connect_request(&c, &run->request);
    FST_TRY(write_plan(&run->request, w, err));
    pb_text(&run->request, 4, "firesteel");
    pb_text(&run->request, 6, run->operation);
    pb_text(&run->request, 7, "firesteel");
    return FST_OK;
}

static struct timespec after_ms(int64_t ms)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += ms % 1000 * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

/* Wait for something newer than `version`; true when there is. */
static bool wait_news(struct connect_run *run, uint64_t version, int64_t wait_ms)
{
    struct timespec until = after_ms(wait_ms);
    int rc = 0;
    pthread_mutex_lock(&run->lock);
    enum phase phase = run->phase;
    while (rc == 0 && run->version == version && run->phase == phase && phase != ENDED)
        rc = pthread_cond_timedwait(&run->news, &run->lock, &until);
    bool news = run->version != version || run->phase != phase || phase == ENDED;
    pthread_mutex_unlock(&run->lock);
    return news;
}

static enum phase phase_of(struct connect_run *run)
{
    pthread_mutex_lock(&run->lock);
    enum phase phase = run->phase;
    pthread_mutex_unlock(&run->lock);
    return phase;
}

/* Until the server has it: from then on it needs nobody. */
static enum fst_status wait_visible(struct connect_run *run, const struct fst_work *w,
                                    struct fst_error *err)
{
    struct connect_call c = call_of(run);
    int state = 0;
    for (;;) {
        if (connect_get_status(&c, run->operation, &state, NULL) == FST_OK &&
            state >= CONNECT_RUNNING)
            return FST_OK;
        if (wait_news(run, 0, VISIBLE_EVERY_MS))
            return FST_OK;
        if (w->cancelled && w->cancelled(w->cancel_arg))
            return fst_fail(err, FST_ECANCELLED, "cancelled before Spark had taken the work");
    }
}

static enum fst_status begin(struct connect_run *run, const struct fst_work *w,
                             struct fst_problem *problem, struct fst_error *err)
{
    struct connect_call c = call_of(run);
    const char *const pairs[] = {"spark.sql.session.timeZone", w->time_zone ? w->time_zone : "UTC",
                                 "spark.connect.progress.reportInterval", "500ms", NULL};
    c.cancelled = w->cancelled;
    c.cancel_arg = w->cancel_arg;
    FST_TRY(write_request(run, w, err));
    FST_TRY(connect_config_set(&c, pairs, err));
    FST_TRY(start_stream(run, err));
    FST_TRY(wait_visible(run, w, err));
    enum phase phase = phase_of(run);
    if (phase == DETACHED)
        return fst_fail(err, FST_ENET, "the line to Spark broke while the work was handed over");
    if (phase == ENDED && run->progress.state == FST_RUN_FAILED) {
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
    struct connect_run *run = run_new(s, w, w->operation_id, s->target.user, w->operation_id);
    enum fst_status status = begin(run, w, problem, err);
    if (status != FST_OK) {
        connect_run_free(run);
        return status;
    }
    write_handle(run, handle);
    s->run = run;
    return FST_OK;
}

/* ---- Reattach
 * -------------------------------------------------------------------------------------
 */

static enum fst_status run_of_handle(struct fst_session *s, const struct fst_work *w,
                                     const char *handle, struct connect_run **out,
                                     struct fst_error *err)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_doc *doc = NULL;
    const char *fallback = w->operation_id ? w->operation_id : "";
    if (*handle) {
        enum fst_status status =
            fst_json_parse(a, "handle", handle, strlen(handle), NULL, &doc, err);
        if (status != FST_OK) {
            fst_arena_free(a);
            return status;
        }
    }
    const char *operation = doc ? fst_doc_string(doc, "operation", fallback) : fallback;
    const char *session = doc ? fst_doc_string(doc, "session", operation) : operation;
    const char *user = doc ? fst_doc_string(doc, "user", s->target.user) : s->target.user;
    *out = run_new(s, w, session, user, operation);
    fst_arena_free(a);
    return FST_OK;
}

static enum fst_status find_again(struct connect_run *run, struct fst_error *err)
{
    struct connect_call c = call_of(run);
    int state = 0;
    enum fst_status status = connect_get_status(&c, run->operation, &state, err);
    if (status != FST_OK && !c.session_gone && err && err->status != FST_ENOTFOUND)
        return status;
    run->phase = DETACHED;
    run->progress.state = FST_RUN_RUNNING;
    if (status == FST_OK && state >= CONNECT_RUNNING)
        return FST_OK;
    if (has_success(run)) {
        end_run(run, FST_RUN_READY);
        return FST_OK;
    }
    return fst_fail(err, FST_ENOTFOUND,
                    "Spark at %s does not know operation %s (%s), and the output has no _SUCCESS: "
                    "LOST",
                    run->s->target.authority, run->operation,
                    status == FST_OK ? "it was started anew or forgot it"
                                     : "its session is gone: the server was started anew");
}

enum fst_status connect_reattach(struct fst_session *s, const struct fst_work *w,
                                 const char *handle, struct fst_error *err)
{
    struct fst_error local = {.status = FST_OK};
    struct connect_run *run;
    if (s->run)
        return fst_fail(err, FST_ECONFLICT, "this session has work already");
    FST_TRY(run_of_handle(s, w, handle, &run, err));
    enum fst_status status = find_again(run, &local);
    if (status != FST_OK) {
        if (err)
            *err = local;
        connect_run_free(run);
        return status;
    }
    s->run = run;
    return FST_OK;
}

/* ---- Poll
 * -----------------------------------------------------------------------------------------
 */

static const char *ui_of(struct connect_run *run)
{
    if (!run->ui_asked) {
        struct connect_call c = call_of(run);
        run->ui = connect_ui_find(&c);
        run->ui_asked = true;
    }
    return run->ui;
}

/* An error as the web interface shows it: the condition and what follows. */
static void take_ui_error(struct connect_run *run, const char *text)
{
    struct fst_grpc_result as_said = {.message = (char *)strchr(text, '[')};
    const char *head = text;
    for (; as_said.message; as_said.message = strchr(as_said.message + 1, '[')) {
        size_t n = strspn(as_said.message + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.");
        if (n > 3 && as_said.message[n + 1] == ']') {
            head = as_said.message;
            break;
        }
    }
    struct connect_failure f;
    as_said.message = (char *)head;
    as_said.status = 13;
    connect_failure_read(&as_said, &f);
    memcpy(run->problem.condition, f.condition, sizeof(run->problem.condition));
    connect_message_clean(f.message, run->problem.message, sizeof(run->problem.message));
    if (!connect_place_of_parser(f.message, run->sql, &run->problem))
        connect_place_of_message(f.message, run->sql, &run->problem);
    connect_fail(&f, &run->problem, true, &run->err);
    connect_failure_done(&f);
}

/* An interrupted driver says nothing else; an error of the work has a condition of its own. */
static bool is_cancel_text(const char *text)
{
    static const char *const heads[] = {"java.lang.InterruptedException", "[OPERATION_CANCELED",
                                        "[SPARK_JOB_CANCELLED", "[JOB_CANCELLED"};
    for (size_t i = 0; i < FST_COUNT(heads); i++)
        if (strncmp(text, heads[i], strlen(heads[i])) == 0)
            return true;
    return false;
}

/* GetStatus calls it cancelled when it was, and when it failed without a client. */
static void end_badly(struct connect_run *run)
{
    const char *ui = ui_of(run);
    char *why =
        ui && !run->cancel_asked ? connect_ui_error(ui, run->operation, run->session) : NULL;
    pthread_mutex_lock(&run->lock);
    if (has_success(run)) {
        end_run(run, FST_RUN_READY);
    } else if (run->cancel_asked || (why && is_cancel_text(why))) {
        end_run(run, FST_RUN_CANCELLED);
    } else {
        if (why)
            take_ui_error(run, why);
        else
            fst_fail(&run->err, FST_EREMOTE,
                     "Spark says that the work ended without success; the reason was told to a "
                     "client that is gone, and its web interface does not know it");
        end_run(run, FST_RUN_FAILED);
    }
    pthread_mutex_unlock(&run->lock);
    free(why);
}

static void lose(struct connect_run *run, const char *why)
{
    pthread_mutex_lock(&run->lock);
    if (has_success(run)) {
        end_run(run, FST_RUN_READY);
    } else {
        fst_fail(&run->err, FST_ENOTFOUND, "%s, and the output has no _SUCCESS", why);
        end_run(run, FST_RUN_LOST);
    }
    pthread_mutex_unlock(&run->lock);
}

static void note_silence(struct connect_run *run, const struct fst_error *err)
{
    int64_t now = fst_monotonic_us();
    if (!run->silent_since_us)
        run->silent_since_us = now;
    pthread_mutex_lock(&run->lock);
    snprintf(run->progress.detail, sizeof(run->progress.detail), "no answer: %.120s", err->text);
    pthread_mutex_unlock(&run->lock);
    if (now - run->silent_since_us > LOST_AFTER_US || (has_success(run)))
        lose(run, "Spark has not answered for two minutes");
}

static void refresh_progress(struct connect_run *run)
{
    const char *ui = ui_of(run);
    struct fst_progress p = run->progress;
    p.state = FST_RUN_RUNNING;
    p.detail[0] = 0;
    if (ui && connect_ui_progress(ui, run->operation, &p))
        snprintf(p.detail, sizeof(p.detail), "%lld/%lld tasks", (long long)p.tasks_done,
                 (long long)p.tasks_total);
    pthread_mutex_lock(&run->lock);
    run->progress = p;
    pthread_mutex_unlock(&run->lock);
}

/* Nobody tells us: ask. */
static void ask_status(struct connect_run *run)
{
    struct connect_call c = call_of(run);
    struct fst_error err = {.status = FST_OK};
    int state = 0;
    enum fst_status status = connect_get_status(&c, run->operation, &state, &err);
    run->last_call_us = fst_monotonic_us();
    if (status != FST_OK) {
        if (c.session_gone)
            lose(run, "the server has forgotten the session of this run");
        else
            note_silence(run, &err);
        return;
    }
    run->silent_since_us = 0;
    if (state == CONNECT_SUCCEEDED) {
        pthread_mutex_lock(&run->lock);
        end_run(run, FST_RUN_READY);
        pthread_mutex_unlock(&run->lock);
    } else if (state == CONNECT_FAILED || state == CONNECT_CANCELLED) {
        end_badly(run);
    } else if (state <= CONNECT_UNKNOWN) {
        lose(run, "the server does not know this operation any more");
    } else {
        refresh_progress(run);
    }
}

/* Running work does not keep its session alive; calls do. */
static void keep_alive(struct connect_run *run)
{
    int64_t now = fst_monotonic_us();
    if (now - run->last_call_us < KEEP_ALIVE_US)
        return;
    struct connect_call c = call_of(run);
    int state;
    connect_get_status(&c, run->operation, &state, NULL);
    run->last_call_us = now;
}

/* An interrupt that came before the work had begun found nothing: say it again. */
static enum fst_status interrupt(struct connect_run *run, struct fst_error *err)
{
    struct connect_call c = call_of(run);
    bool found;
    return connect_interrupt(&c, run->operation, &found, err);
}

enum fst_status connect_poll(struct fst_session *s, int wait_ms, struct fst_progress *out,
                             struct fst_problem *problem, struct fst_error *err)
{
    struct connect_run *run = s->run;
    if (!run)
        return fst_fail(err, FST_EINVAL, "no work was submitted");
    pthread_mutex_lock(&run->lock);
    uint64_t version = run->version;
    pthread_mutex_unlock(&run->lock);
    if (run->cancel_asked && phase_of(run) != ENDED)
        interrupt(run, NULL);
    if (phase_of(run) == STREAMING) {
        wait_news(run, version, wait_ms);
        keep_alive(run);
    } else if (phase_of(run) == DETACHED) {
        int64_t due_us = run->last_ui_us + STATUS_EVERY_US - fst_monotonic_us();
        int64_t pause_ms = due_us > 0 ? due_us / 1000 : 0;
        wait_news(run, version, pause_ms < wait_ms ? pause_ms : wait_ms);
        if (pause_ms <= wait_ms) {
            ask_status(run);
            run->last_ui_us = fst_monotonic_us();
        }
    }
    pthread_mutex_lock(&run->lock);
    *out = run->progress;
    bool bad = run->phase == ENDED && out->state != FST_RUN_READY;
    if (bad && problem)
        *problem = run->problem;
    if (bad && err)
        *err = run->err;
    pthread_mutex_unlock(&run->lock);
    return FST_OK;
}

enum fst_status connect_cancel(struct fst_session *s, struct fst_error *err)
{
    if (!s->run)
        return fst_fail(err, FST_EINVAL, "no work was submitted");
    if (phase_of(s->run) == ENDED)
        return FST_OK;
    s->run->cancel_asked = true;
    return interrupt(s->run, err);
}
