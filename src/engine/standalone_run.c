/* Work on a standalone cluster: a driver on some worker, known by the number that the master gave
 * it. Its words are read from the worker's log by byte offset; its end is what the driver itself
 * said, because the cluster knows only exit codes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "standalone.h"

enum {
    PIECE = 100 * 1000,
    POLL_STEP_MS = 250,
    MAX_DRIVERS = 200,
    UNANSWERED_MS = 3000,
    UNANSWERED_STEP_MS = 500
};

struct standalone_run {
    char *id, *operation, *folder, *shared, *text;
    bool is_program, cancel_asked;
    char *worker; /* http://host:port of its web interface; NULL = not known yet */
    struct driver_report report;
    struct driver_stream out;      /* stdout, for the report */
    struct driver_stream shown[2]; /* stdout, stderr, for the log */
    bool shows, over;
    char state[32];
};
static const char *const log_types[2] = {"stdout", "stderr"};

static struct standalone_run *run_new(const struct fst_session *s, const struct fst_work *w)
{
    struct standalone_run *run = fst_alloc(sizeof *run);
    const char *shared = fst_doc_string(s->options, "shared_dir", NULL);
    run->operation = fst_strdup(w->operation_id);
    run->folder = fst_strdup(standalone_folder(s, w));
    run->shared = shared ? fst_strdup(run->folder) : NULL;
    run->text = fst_strdup(w->sql ? w->sql : w->python);
    run->is_program = w->program != NULL;
    driver_report_init(&run->report, run->text);
    return run;
}

void standalone_run_free(struct standalone_run *run)
{
    if (!run)
        return;
    if (run->over && run->shared)
        fst_remove_tree(run->shared, NULL);
    driver_report_done(&run->report);
    driver_stream_done(&run->out);
    driver_stream_done(&run->shown[0]);
    driver_stream_done(&run->shown[1]);
    free(run->id);
    free(run->operation);
    free(run->folder);
    free(run->shared);
    free(run->text);
    free(run->worker);
    free(run);
}

/* ---- Submitting ------------------------------------------------------------------------------ */

/* What may stand in an address of ours, whoever said it. */
static bool is_driver_id(const char *id)
{
    size_t n = strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
    return n > 0 && n < 200 && id[n] == 0;
}

static enum fst_status post(struct fst_session *s, const struct fst_buf *body, char **id,
                            struct fst_error *err)
{
    struct rest_answer a;
    FST_TRY(standalone_ask_once(s, fst_buf_text(body), "/v1/submissions/create", &a, err));
    enum fst_status status = FST_OK;
    bool success = false;
    const struct fst_doc *flag = a.doc ? fst_doc_get(a.doc, "success") : NULL;
    const char *given = a.doc ? fst_doc_string(a.doc, "submissionId", NULL) : NULL;
    if (flag)
        fst_doc_bool(flag, &success);
    if (a.status == 200 && success && given && is_driver_id(given))
        *id = fst_strdup(given);
    else if (a.status == 200 && success && given)
        status = fst_fail(err, FST_EREMOTE, "the cluster gave the work an odd number");
    else
        status = rest_refused(&a, "the cluster did not take the work", err);
    rest_answer_done(&a);
    return status;
}

/* ---- The worker's log ------------------------------------------------------------------------ */

/* "==== Bytes 10-20 of 30 of /path ====\n" and the bytes; false when it is no such page. */
static bool page_of(const char *text, size_t n, uint64_t *from, uint64_t *to, const char **bytes)
{
    unsigned long long a, b, total;
    const char *line = memchr(text, '\n', n);
    if (!line || sscanf(text, "==== Bytes %llu-%llu of %llu of ", &a, &b, &total) != 3 || b < a)
        return false;
    *from = a;
    *to = b;
    *bytes = line + 1;
    return (size_t)(text + n - *bytes) >= b - a;
}

/* The next piece of a stream; *more when there may be another. */
static enum fst_status fetch_piece(const struct standalone_run *run, int which,
                                   struct driver_report *r, struct driver_stream *s,
                                   struct fst_buf *log, bool *more, struct fst_error *err)
{
    struct rest_answer a;
    uint64_t from, to;
    const char *bytes;
    char *url =
        fst_asprintf("%s/log/?driverId=%s&logType=%s&offset=%llu&byteLength=%d", run->worker,
                     run->id, log_types[which], (unsigned long long)s->fed, (int)PIECE);
    enum fst_status status = rest_ask(&(struct rest_request){.url = url}, &a, err);
    free(url);
    *more = false;
    FST_TRY(status);
    if (a.status == 200 && page_of(a.text, a.n, &from, &to, &bytes) && from == s->fed &&
        to > from) {
        driver_feed(r, s, bytes, (size_t)(to - from), log);
        *more = true;
    }
    rest_answer_done(&a);
    return FST_OK;
}

static bool host_is_usable(const char *url)
{
    return strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0;
}

/* workers[].id is what the status calls workerId. */
static char *worker_address(struct fst_session *s, const char *worker_id)
{
    struct rest_answer m;
    char *found = NULL;
    if (standalone_master(s, &m, NULL) != FST_OK)
        return NULL;
    const struct fst_doc *workers = fst_doc_get(m.doc, "workers");
    for (size_t i = 0; workers && i < workers->n && !found; i++)
        if (strcmp(fst_doc_string(&workers->items[i], "id", ""), worker_id) == 0) {
            const char *url = fst_doc_string(&workers->items[i], "webuiaddress", "");
            if (host_is_usable(url))
                found = fst_strdup(url);
        }
    rest_answer_done(&m);
    return found;
}

/* ---- Finding again --------------------------------------------------------------------------- */

/* A driver says in the first lines of its stderr how it was launched: our mark is among the words.
 */
static bool is_ours(struct fst_session *s, struct standalone_run *run, const struct fst_doc *driver)
{
    const char *worker = fst_doc_string(driver, "worker", "");
    const char *id = fst_doc_string(driver, "id", "");
    if (!is_driver_id(id))
        return false;
    run->id = fst_strdup(id);
    run->worker = worker_address(s, worker);
    struct rest_answer a;
    bool ours = false;
    char *url = run->worker
                    ? fst_asprintf("%s/log/?driverId=%s&logType=stderr&offset=0&byteLength=%d",
                                   run->worker, run->id, (int)PIECE)
                    : NULL;
    if (url && rest_ask(&(struct rest_request){.url = url}, &a, NULL) == FST_OK) {
        ours = a.text && strstr(a.text, run->operation) != NULL;
        rest_answer_done(&a);
    }
    free(url);
    if (!ours) {
        free(run->id);
        free(run->worker);
        run->id = run->worker = NULL;
    }
    return ours;
}

static enum fst_status search(struct fst_session *s, struct standalone_run *run,
                              struct fst_error *err)
{
    static const char *const lists[] = {"activedrivers", "completeddrivers"};
    struct rest_answer m;
    FST_TRY(standalone_master(s, &m, err));
    for (size_t k = 0; k < FST_COUNT(lists) && !run->id; k++) {
        const struct fst_doc *drivers = fst_doc_get(m.doc, lists[k]);
        for (size_t i = drivers ? drivers->n : 0; i-- > 0 && !run->id;)
            if (drivers->n - i <= MAX_DRIVERS)
                is_ours(s, run, &drivers->items[i]);
    }
    rest_answer_done(&m);
    return run->id ? FST_OK
                   : fst_fail(err, FST_ENOTFOUND,
                              "no driver at %s was launched for operation %s: the master did not "
                              "take it, or has forgotten it",
                              s->master, run->operation);
}

/* The line broke before the answer: was it taken all the same? */
static enum fst_status look_for_unanswered(struct fst_session *s, struct standalone_run *run,
                                           enum fst_status status, struct fst_error *err)
{
    for (int waited = 0; waited < UNANSWERED_MS; waited += UNANSWERED_STEP_MS) {
        if (search(s, run, NULL) == FST_OK)
            return FST_OK;
        fst_pause_ms(UNANSWERED_STEP_MS);
    }
    fst_while(err, "whether the cluster took the work is not known, look at %s",
              standalone_place(s)->ui);
    return status;
}

enum fst_status standalone_submit(struct fst_session *s, const struct fst_work *w,
                                  struct fst_buf *handle, struct fst_problem *problem,
                                  struct fst_error *err)
{
    struct fst_buf body = FST_BUF(4 << 20);
    const char *py, *job;
    (void)problem;
    if (s->run || !w->operation_id || !w->folder)
        return fst_fail(err, FST_EINVAL, "a run needs a session, a folder and an operation id");
    struct standalone_run *run = run_new(s, w);
    enum fst_status status = fst_mkdirs(run->folder, 0700, err);
    if (status == FST_OK)
        status = driver_files(s->arena, w, run->folder, &py, &job, err);
    if (status == FST_OK)
        status = driver_write_file(run->folder, STANDALONE_LOG, spark_log_config,
                                   strlen(spark_log_config), err);
    if (status == FST_OK)
        status = standalone_request(s, w, run->folder, false, &body, err);
    if (status == FST_OK)
        status = post(s, &body, &run->id, err);
    if (status == FST_ETIMEOUT || (status == FST_ENET && !(err && err->code == ECONNREFUSED)))
        status = look_for_unanswered(s, run, status, err);
    fst_buf_done(&body);
    if (status != FST_OK) {
        standalone_run_free(run);
        return status;
    }
    fst_buf_adds(handle, run->id);
    s->run = run;
    return FST_OK;
}

enum fst_status standalone_reattach(struct fst_session *s, const struct fst_work *w,
                                    const char *handle, struct fst_error *err)
{
    struct standalone_run *run = run_new(s, w);
    enum fst_status status = FST_OK;
    if (is_driver_id(handle))
        run->id = fst_strdup(handle);
    else
        status = search(s, run, err);
    if (status != FST_OK) {
        standalone_run_free(run);
        return status;
    }
    s->run = run;
    return FST_OK;
}

/* ---- Following ------------------------------------------------------------------------------- */

static void say_waiting(struct fst_session *s, struct fst_progress *out)
{
    struct rest_answer m;
    if (standalone_master(s, &m, NULL) != FST_OK)
        return;
    snprintf(
        out->detail, sizeof out->detail,
        "waiting for resources: the driver needs %s core(s) and %s; %lld cores and %lld MB are "
        "free on %lld workers",
        fst_doc_string(s->options, "driver_cores", "1"),
        fst_doc_string(s->options, "driver_memory", "1g"),
        (long long)(rest_int(m.doc, "cores", 0) - rest_int(m.doc, "coresused", 0)),
        (long long)(rest_int(m.doc, "memory", 0) - rest_int(m.doc, "memoryused", 0)),
        (long long)rest_int(m.doc, "aliveworkers", 0));
    rest_answer_done(&m);
}

/* The driver runs, its executors do not: the application waits for cores. */
static void say_no_executors(struct fst_session *s, const struct standalone_run *run,
                             struct fst_progress *out)
{
    if (run->report.app_id && standalone_app_cores(s, run->report.app_id) == 0)
        snprintf(out->detail, sizeof out->detail,
                 "no executors: the application waits for free cores");
}

static enum fst_status ask_state(struct fst_session *s, struct fst_error *err)
{
    struct standalone_run *run = s->run;
    struct rest_answer a;
    char *path = fst_asprintf("/v1/submissions/status/%s", run->id);
    enum fst_status status = standalone_ask(s, NULL, NULL, path, &a, err);
    free(path);
    FST_TRY(status);
    const char *state = a.doc ? fst_doc_string(a.doc, "driverState", NULL) : NULL;
    const char *worker = a.doc ? fst_doc_string(a.doc, "workerId", NULL) : NULL;
    bool found = true, told = a.doc && a.status == 200 && fst_doc_get(a.doc, "success") &&
                              fst_doc_bool(fst_doc_get(a.doc, "success"), &found);
    if (!told || (found && !state))
        status = fst_fail(err, FST_ENET, "%s answers with HTTP %ld and no state of the driver",
                          standalone_place(s)->rest, a.status);
    snprintf(run->state, sizeof run->state, "%s", state ? state : "");
    if (status == FST_OK && worker && !run->worker)
        run->worker = worker_address(s, worker);
    rest_answer_done(&a);
    return status;
}

static void read_report(struct standalone_run *run)
{
    bool more = run->worker != NULL;
    for (int i = 0; more && i < 50; i++)
        if (fetch_piece(run, 0, &run->report, &run->out, NULL, &more, NULL) != FST_OK)
            return;
}

static const struct {
    const char *name;
    bool over;
} states[] = {{"SUBMITTED", false}, {"RELAUNCHING", false}, {"RUNNING", false}, {"FINISHED", true},
              {"FAILED", true},     {"KILLED", true},       {"ERROR", true}};

static bool is_over(const struct standalone_run *run)
{
    for (size_t i = 0; i < FST_COUNT(states); i++)
        if (strcmp(states[i].name, run->state) == 0)
            return states[i].over;
    return false;
}

/* What the driver said last; where it said nothing, what the cluster says. */
static enum fst_run_state judge(const struct standalone_run *run, struct fst_problem *problem,
                                struct fst_error *err)
{
    const struct driver_report *r = &run->report;
    bool told = r->ended && !run->is_program;
    if (told && r->progress.state == FST_RUN_READY)
        return FST_RUN_READY;
    if (run->cancel_asked || strcmp(run->state, "KILLED") == 0 || (told && r->cancelled))
        return FST_RUN_CANCELLED;
    if (told && r->error.status) {
        *problem = r->problem;
        *err = r->error;
    } else if (strcmp(run->state, "FINISHED") == 0 && run->is_program) {
        return FST_RUN_READY;
    } else if (strcmp(run->state, "ERROR") == 0) {
        fst_fail(err, FST_EREMOTE,
                 "the cluster lost the driver: its worker died, or could not "
                 "start it (state ERROR)");
    } else {
        fst_fail(err, FST_EREMOTE,
                 "the driver ended (%s) without its last word: the reason is in the log",
                 run->state);
    }
    return FST_RUN_FAILED;
}

enum fst_status standalone_poll(struct fst_session *s, int wait_ms, struct fst_progress *out,
                                struct fst_problem *problem, struct fst_error *err)
{
    struct standalone_run *run = s->run;
    struct fst_problem no_problem = {0};
    struct fst_error no_error = {0};
    if (!run)
        return fst_fail(err, FST_EINVAL, "no work was submitted");
    fst_pause_ms(wait_ms < POLL_STEP_MS ? wait_ms : POLL_STEP_MS);
    FST_TRY(ask_state(s, err));
    read_report(run);
    *out = run->report.progress;
    if (!run->state[0]) {
        out->state = FST_RUN_LOST;
        return fst_fail(err, FST_ENOTFOUND, "%s does not know the submission %s any more",
                        standalone_place(s)->rest, run->id);
    }
    run->over = is_over(run);
    if (run->over) {
        read_report(run);
        driver_feed_end(&run->report, &run->out, NULL);
        out->state = judge(run, problem ? problem : &no_problem, err ? err : &no_error);
    } else if (strcmp(run->state, "RUNNING") != 0) {
        out->state = FST_RUN_PENDING;
        say_waiting(s, out);
    } else {
        out->state = run->report.has_session || run->is_program ? FST_RUN_RUNNING : FST_RUN_PENDING;
        if (run->report.has_session && run->report.progress.tasks_done <= 0)
            say_no_executors(s, run, out);
    }
    return FST_OK;
}

enum fst_status standalone_cancel(struct fst_session *s, struct fst_error *err)
{
    struct standalone_run *run = s->run;
    struct rest_answer a;
    if (!run)
        return fst_fail(err, FST_EINVAL, "no work was submitted");
    char *path = fst_asprintf("/v1/submissions/kill/%s", run->id);
    enum fst_status status = standalone_ask(s, "POST", "{}", path, &a, err);
    free(path);
    FST_TRY(status);
    bool success = false;
    const struct fst_doc *flag = a.doc ? fst_doc_get(a.doc, "success") : NULL;
    if (flag)
        fst_doc_bool(flag, &success);
    if (success)
        run->cancel_asked = true;
    else
        status = rest_refused(&a, "the cluster did not end the driver", err);
    rest_answer_done(&a);
    return status;
}

/* ---- The log --------------------------------------------------------------------------------- */

enum fst_status standalone_log(struct fst_session *s, struct fst_buf *cursor, struct fst_buf *out,
                               struct fst_error *err)
{
    struct standalone_run *run = s->run;
    unsigned long long at[2] = {0, 0};
    if (!run)
        return fst_fail(err, FST_EINVAL, "no work was submitted");
    if (!run->worker)
        return FST_OK;
    if (!run->shows) {
        sscanf(fst_buf_text(cursor), "%llu %llu", &at[0], &at[1]);
        run->shown[0] = driver_stream_at(at[0]);
        run->shown[1] = driver_stream_at(at[1]);
        run->shows = true;
    }
    for (int i = 1; i >= 0; i--) {
        bool more = true;
        while (more && out->n < out->max / 4)
            FST_TRY(fetch_piece(run, i, NULL, &run->shown[i], out, &more, err));
        if (!more && run->over)
            driver_feed_end(NULL, &run->shown[i], out);
    }
    fst_buf_clear(cursor);
    fst_buf_printf(cursor, "%llu %llu", (unsigned long long)run->shown[0].shown,
                   (unsigned long long)run->shown[1].shown);
    return FST_OK;
}

/* ---- What is known --------------------------------------------------------------------------- */

enum fst_status standalone_profile(struct fst_session *s, struct fst_profile **out,
                                   struct fst_error *err)
{
    if (!s->run)
        return fst_fail(err, FST_EINVAL, "no work was submitted");
    return driver_take_profile(&s->run->report, out, err);
}

enum fst_status standalone_outcome(struct fst_session *s, struct fst_outcome *out,
                                   struct fst_error *err)
{
    const struct driver_report *r = s->run ? &s->run->report : NULL;
    if (!r || !r->written)
        return fst_fail(err, FST_ENOTFOUND, "the driver has told nothing of its output");
    driver_copy_outcome(r, out);
    return FST_OK;
}
