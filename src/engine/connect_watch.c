/* Following a run to its end, by whoever has its handle.
 *
 * While the stream is held, this only waits for its news. Without it the server is asked; what it
 * calls cancelled may have failed, and what it does not know any more may have succeeded, so the
 * web interface and the output have their say before a run is called failed or lost. */
#include <stdlib.h>
#include <string.h>

#include "connect_run.h"
#include "spark.h"

/* A session is closed after an hour without calls; a line that is dead without a word is noticed
 * by them, too. */
#define KEEP_ALIVE_US ((int64_t)20 * 1000000)
#define SOON_US ((int64_t)2 * 1000000)
#define STATUS_EVERY_US ((int64_t)400 * 1000)
#define UI_EVERY_US ((int64_t)2000 * 1000)

/* ---- Reattach -------------------------------------------------------------------------------- */

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
    *out = connect_run_new(s, w, session, user, operation);
    fst_arena_free(a);
    return FST_OK;
}

const char *connect_run_ui(struct connect_run *run)
{
    if (!run->ui_asked) {
        struct connect_call c = connect_run_call(run);
        run->ui = connect_ui_find(&c);
        run->ui_asked = true;
    }
    return run->ui;
}

/* A Spark without GetStatus forgets what has ended, also what failed; its web interface may know
 * that, and why. */
static bool failed_by_ui(struct connect_run *run)
{
    const char *ui = run->s->no_status ? connect_run_ui(run) : NULL;
    char *why = ui ? connect_ui_error(ui, run->operation, run->session) : NULL;
    free(why);
    return why != NULL;
}

static enum fst_status find_again(struct connect_run *run, struct fst_error *err)
{
    struct connect_call c = connect_run_call(run);
    int state = 0;
    enum fst_status status = connect_get_status(&c, run->operation, &state, err);
    if (status != FST_OK && status != FST_ENOTFOUND && !connect_run_has_success(run))
        return status;
    run->phase = CONNECT_DETACHED;
    run->progress.state = FST_RUN_RUNNING;
    if (status == FST_OK && state >= CONNECT_RUNNING)
        return FST_OK;
    if (connect_run_has_success(run)) {
        connect_run_end(run, FST_RUN_READY);
        return FST_OK;
    }
    if (status == FST_OK && failed_by_ui(run))
        return FST_OK; /* as the next look at it tells */
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

/* ---- Poll ------------------------------------------------------------------------------------ */

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
    if (run->python)
        connect_python_place(f.message, &run->problem);
    else if (!connect_place_of_parser(f.message, run->sql, &run->problem))
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
    size_t digits = strncmp(text, "Job ", 4) == 0 ? strspn(text + 4, "0123456789") : 0;
    return digits > 0 && strncmp(text + 4 + digits, " cancelled ", 11) == 0; /* Spark 3.5 */
}

/* GetStatus calls it cancelled when it was, and when it failed without a client. */
static void end_badly(struct connect_run *run)
{
    const char *ui = connect_run_ui(run);
    char *why =
        ui && !run->cancel_asked ? connect_ui_error(ui, run->operation, run->session) : NULL;
    pthread_mutex_lock(&run->lock);
    if (connect_run_has_success(run)) {
        connect_run_end(run, FST_RUN_READY);
    } else if (run->cancel_asked || (why && is_cancel_text(why))) {
        connect_run_end(run, FST_RUN_CANCELLED);
    } else {
        if (why)
            take_ui_error(run, why);
        else
            fst_fail(&run->err, FST_EREMOTE,
                     "Spark says that the work ended without success; the reason was told to a "
                     "client that is gone, and its web interface does not know it");
        connect_run_end(run, FST_RUN_FAILED);
    }
    pthread_mutex_unlock(&run->lock);
    free(why);
}

static void lose(struct connect_run *run, const char *why)
{
    pthread_mutex_lock(&run->lock);
    if (connect_run_has_success(run)) {
        connect_run_end(run, FST_RUN_READY);
    } else {
        fst_fail(&run->err, FST_ENOTFOUND, "%s, and the output has no _SUCCESS", why);
        connect_run_end(run, FST_RUN_LOST);
    }
    pthread_mutex_unlock(&run->lock);
}

/* How long it may last is for whoever polls to say. */
static void note_silence(struct connect_run *run, const struct fst_error *err)
{
    if (connect_run_has_success(run)) {
        lose(run, "Spark does not answer");
        return;
    }
    if (!run->silent_since_us)
        run->silent_since_us = fst_monotonic_us();
    pthread_mutex_lock(&run->lock);
    run->err = *err;
    pthread_mutex_unlock(&run->lock);
}

/* A list of all jobs that the server remembers: not as often as the status. */
static void refresh_progress(struct connect_run *run)
{
    if (run->last_ui_us && fst_monotonic_us() - run->last_ui_us < UI_EVERY_US)
        return;
    run->last_ui_us = fst_monotonic_us();
    const char *ui = connect_run_ui(run);
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

static void end_unknown(struct connect_run *run)
{
    if ((run->s->no_status && run->cancel_asked) || failed_by_ui(run))
        end_badly(run);
    else
        lose(run, "the server does not know this operation any more");
}

/* Nobody tells us: ask. */
static void ask_status(struct connect_run *run)
{
    struct connect_call c = connect_run_call(run);
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
        connect_run_end(run, FST_RUN_READY);
        pthread_mutex_unlock(&run->lock);
    } else if (state == CONNECT_FAILED || state == CONNECT_CANCELLED) {
        end_badly(run);
    } else if (state <= CONNECT_UNKNOWN) {
        end_unknown(run);
    } else {
        refresh_progress(run);
    }
}

/* Running work does not keep its session alive; calls do. And a stream may be dead without knowing:
 * what it does not tell although it has ended, twice, is asked for. */
static void keep_alive(struct connect_run *run)
{
    int64_t now = fst_monotonic_us();
    bool soon = run->silent_since_us || run->is_late;
    if (now - run->last_call_us < (soon ? SOON_US : KEEP_ALIVE_US))
        return;
    struct connect_call c = connect_run_call(run);
    struct fst_error err = {.status = FST_OK};
    int state = 0;
    enum fst_status status = connect_get_status(&c, run->operation, &state, &err);
    run->last_call_us = fst_monotonic_us();
    if (status == FST_ENET || status == FST_ETIMEOUT) {
        note_silence(run, &err);
        return;
    }
    run->silent_since_us = 0;
    bool over = status == FST_OK ? state != CONNECT_RUNNING : c.session_gone;
    pthread_mutex_lock(&run->lock);
    if (over && run->is_late && run->phase == CONNECT_STREAMING) {
        run->phase = CONNECT_DETACHED;
        atomic_store(&run->drop, true);
    }
    pthread_mutex_unlock(&run->lock);
    run->is_late = over;
}

/* An interrupt that came before the work had begun found nothing: say it again. */
static enum fst_status interrupt(struct connect_run *run, struct fst_error *err)
{
    struct connect_call c = connect_run_call(run);
    bool found;
    return connect_interrupt(&c, run->operation, &found, err);
}

/* Asked about every STATUS_EVERY_US, waiting no longer than `wait_ms`. */
static void ask_when_due(struct connect_run *run, uint64_t version, int wait_ms)
{
    int64_t due_us = run->last_status_us + STATUS_EVERY_US - fst_monotonic_us();
    int64_t pause_ms = due_us > 0 ? due_us / 1000 : 0;
    connect_run_wait_news(run, version, pause_ms < wait_ms ? pause_ms : wait_ms);
    if (pause_ms > wait_ms)
        return;
    ask_status(run);
    run->last_status_us = fst_monotonic_us();
}

static void wait_for_news(struct connect_run *run, int wait_ms)
{
    pthread_mutex_lock(&run->lock);
    uint64_t version = run->version;
    pthread_mutex_unlock(&run->lock);
    enum connect_phase phase = connect_run_phase(run);
    if (phase == CONNECT_ENDED)
        return;
    if (run->cancel_asked)
        interrupt(run, NULL);
    if (phase == CONNECT_DETACHED) {
        ask_when_due(run, version, wait_ms);
    } else {
        bool news = connect_run_wait_news(run, version, wait_ms);
        if (!news && run->s->no_status && version == 0)
            refresh_progress(run); /* Spark 3.5 has none in its stream */
        keep_alive(run);
    }
}

enum fst_status connect_poll(struct fst_session *s, int wait_ms, struct fst_progress *out,
                             struct fst_problem *problem, struct fst_error *err)
{
    struct connect_run *run = s->run;
    if (!run)
        return fst_fail(err, FST_EINVAL, "no work was submitted");
    wait_for_news(run, wait_ms);
    pthread_mutex_lock(&run->lock);
    *out = run->progress;
    bool ended = run->phase == CONNECT_ENDED;
    bool bad = ended && out->state != FST_RUN_READY;
    bool silent = !ended && run->silent_since_us;
    if (bad && problem)
        *problem = run->problem;
    if ((bad || silent) && err)
        *err = run->err;
    pthread_mutex_unlock(&run->lock);
    return silent ? FST_ENET : FST_OK;
}

enum fst_status connect_cancel(struct fst_session *s, struct fst_error *err)
{
    if (!s->run)
        return fst_fail(err, FST_EINVAL, "no work was submitted");
    if (connect_run_phase(s->run) == CONNECT_ENDED)
        return FST_OK;
    s->run->cancel_asked = true;
    return interrupt(s->run, err);
}
