/* The livy engine: batches of a Livy server, for those who have one before their cluster.
 *
 * What becomes of a batch is what Livy says, but the driver's last word in its log is the only
 * reason that Livy has for a failure: it knows no exit codes. */
#include <stdlib.h>
#include <string.h>

#include "engines.h"
#include "livy.h"
#include "spark.h"

enum { LAST_WORD_MS = 3000 };

static const struct fst_option options[] = {
    {"url", "string", NULL, true, "http://host:8998 of the Livy server"},
    {"user", "string", NULL, false, "user name, for a server that asks for one (basic)"},
    {"password", "secret", NULL, false, "its password"},
    {"token", "secret", NULL, false, "bearer token, for a gateway that asks for one"},
    {"proxy_user", "string", NULL, false, "user that the work runs as"},
    {"file_dir", "string", NULL, false,
     "folder or URI that Livy's Spark sees, for the driver and its job; a folder of Livy's own "
     "host has to be in its livy.file.local-dir-whitelist"},
    {"driver_memory", "string", NULL, false, "heap of the driver"},
    {"driver_cores", "int", NULL, false, "cores of the driver"},
    {"executor_memory", "string", NULL, false, "heap of each executor"},
    {"executor_cores", "int", NULL, false, "cores of each executor"},
    {"num_executors", "int", NULL, false, "executors"},
    {"queue", "string", NULL, false, "queue, on YARN"},
    {"jars", "string", NULL, false, "jars for driver and executors, joined by commas"},
    {"py_files", "string", NULL, false, ".py, .zip or .egg for Python, joined by commas"},
    {"files", "string", NULL, false, "files for each executor's folder, joined by commas"},
    {"python", "string", NULL, false, "Python of driver and workers, over there"},
    {"shared_files", "bool", NULL, false, "the cluster sees this host's files (true on 127.0.0.1)"},
    {"conf", "map", NULL, false, "spark.* settings; no secrets: Livy shows them to all its users"},
};

/* ---- Opening --------------------------------------------------------------------------------- */

static void add_header(struct fst_session *s, const char *name, const char *value)
{
    s->headers[s->n_headers++] = (struct fst_http_header){name, value};
}

static void add_credentials(struct fst_session *s)
{
    const char *user = fst_doc_string(s->options, "user", NULL);
    const char *password = fst_doc_string(s->options, "password", "");
    const char *token = fst_doc_string(s->options, "token", NULL);
    add_header(s, "x-requested-by", "firesteel");
    if (token) {
        add_header(s, "authorization", fst_arena_printf(s->arena, "Bearer %s", token));
    } else if (user) {
        struct fst_buf base64 = FST_BUF(4096);
        char *pair = fst_asprintf("%s:%s", user, password);
        fst_base64(&base64, pair, strlen(pair));
        add_header(s, "authorization",
                   fst_arena_printf(s->arena, "Basic %s", fst_buf_text(&base64)));
        fst_wipe(pair, strlen(pair));
        free(pair);
        fst_buf_done(&base64);
    }
}

static void livy_run_free(struct livy_run *run)
{
    if (!run)
        return;
    driver_report_done(&run->report);
    driver_stream_done(&run->known.stream);
    driver_stream_done(&run->shown.stream);
    free(run->folder);
    free(run->text);
    free(run);
}

static void livy_close(struct fst_session *s)
{
    if (!s)
        return;
    livy_run_free(s->run);
    fst_arena_free(s->arena);
    free(s);
}

/* The host is all of the name, and not only its beginning. */
static bool is_loopback(const char *host)
{
    size_t n = strcspn(host, ":/?#");
    if (memchr(host, '@', strcspn(host, "/?#")))
        return false;
    return (n == 9 && strncmp(host, "localhost", 9) == 0) ||
           (strncmp(host, "[::1]", 5) == 0 && (!host[5] || strchr(":/", host[5]))) ||
           (strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") == n);
}

static enum fst_status livy_open(const struct fst_doc *doc, struct fst_session **out,
                                 struct fst_error *err)
{
    struct fst_session *s = fst_alloc(sizeof *s);
    s->arena = fst_arena_new();
    enum fst_status status = spark_copy_options(s->arena, doc, &s->options, err);
    const char *url = fst_doc_string(s->options, "url", "");
    bool plain = strncmp(url, "http://", 7) == 0;
    if (status == FST_OK && !plain && strncmp(url, "https://", 8) != 0)
        status = fst_fail(err, FST_EINVAL, "url \"%s\": write http://host:8998", url);
    s->is_loopback = status == FST_OK && is_loopback(url + (plain ? 7 : 8));
    bool has_secret =
        s->options && (fst_doc_get(s->options, "token") || fst_doc_get(s->options, "password"));
    if (status == FST_OK && has_secret && plain && !s->is_loopback)
        status = fst_fail(err, FST_EINVAL,
                          "%s: a password or token is not sent over a plain connection to another "
                          "host: use https://",
                          url);
    const char *token = fst_doc_string(s->options, "token", "");
    if (status == FST_OK && strpbrk(token, "\r\n"))
        status = fst_fail(err, FST_EINVAL, "the token has a line end in it");
    if (status != FST_OK) {
        livy_close(s);
        return status;
    }
    size_t n = strlen(url);
    s->url = fst_arena_strndup(s->arena, url, n && url[n - 1] == '/' ? n - 1 : n);
    add_credentials(s);
    *out = s;
    return FST_OK;
}

enum fst_status livy_ask(const struct fst_session *s, const char *method, const char *body,
                         struct rest_answer *out, struct fst_error *err, const char *fmt, ...)
{
    struct fst_buf url = FST_BUF(4096);
    va_list args;
    fst_buf_adds(&url, s->url);
    va_start(args, fmt);
    fst_buf_vprintf(&url, fmt, args);
    va_end(args);
    enum fst_status status = rest_ask(&(struct rest_request){.method = method,
                                                             .url = fst_buf_text(&url),
                                                             .body = body,
                                                             .headers = s->headers,
                                                             .n_headers = s->n_headers},
                                      out, err);
    fst_buf_done(&url);
    if (status != FST_OK)
        fst_while(err, "Livy at %s", s->url);
    return status;
}

static enum fst_status livy_ping(struct fst_session *s, struct fst_buf *line, struct fst_error *err)
{
    struct rest_answer a;
    FST_TRY(livy_ask(s, NULL, NULL, &a, err, "/version"));
    enum fst_status status = FST_OK;
    const char *version = a.doc ? fst_doc_string(a.doc, "version", NULL) : NULL;
    if (a.status == 200 && version)
        fst_buf_printf(line, "Livy %s at %s", version, s->url);
    else
        status = rest_refused(&a, "this is no Livy server", err);
    rest_answer_done(&a);
    return status;
}

static enum fst_status livy_reaches(struct fst_session *s, const char *uri, struct fst_error *err)
{
    const struct fst_doc *flag = fst_doc_get(s->options, "shared_files");
    bool shared = s->is_loopback;
    if (flag)
        fst_doc_bool(flag, &shared);
    if (shared || (uri[0] != '/' && strncmp(uri, "file:", 5) != 0))
        return FST_OK;
    return fst_fail(err, FST_EUNSUPPORTED,
                    "the cluster behind %s cannot see the file or folder %s of this host: put the "
                    "data where both reach it, or set shared_files",
                    s->url, uri);
}

/* ---- Submitting and finding again ------------------------------------------------------------ */

static enum fst_status livy_command(struct fst_session *s, const struct fst_work *w,
                                    struct fst_buf *out, struct fst_error *err)
{
    struct fst_buf json = FST_BUF(1 << 20);
    const char *folder;
    FST_TRY(livy_folder(s, w, &folder, err));
    enum fst_status status = livy_request(s, w, folder ? folder : "RUN_FOLDER", true, &json, err);
    if (status == FST_OK)
        fst_buf_printf(out, "POST %s/batches\n%s\n", s->url, fst_buf_text(&json));
    fst_buf_done(&json);
    if (status == FST_OK && !w->program) {
        fst_buf_adds(out, "# " DRIVER_JOB ":\n");
        status = driver_job_write(w, out, err);
        fst_buf_addc(out, '\n');
    }
    return status;
}

static struct livy_run *run_new(const struct fst_work *w, const char *folder)
{
    struct livy_run *run = fst_alloc(sizeof *run);
    run->id = -1;
    run->folder = fst_strdup(folder);
    run->text = fst_strdup(w->sql ? w->sql : w->python);
    run->is_program = w->program != NULL;
    driver_report_init(&run->report, run->text);
    return run;
}

static enum fst_status livy_submit(struct fst_session *s, const struct fst_work *w,
                                   struct fst_buf *handle, struct fst_problem *problem,
                                   struct fst_error *err)
{
    struct fst_buf body = FST_BUF(4 << 20);
    const char *folder, *py, *job;
    (void)problem;
    if (s->run || !w->operation_id || !w->folder)
        return fst_fail(err, FST_EINVAL, "a run needs a session, a folder and an operation id");
    FST_TRY(livy_folder(s, w, &folder, err));
    struct livy_run *run = run_new(w, folder);
    enum fst_status status = fst_mkdirs(folder, 0700, err);
    if (status == FST_OK)
        status = driver_files(s->arena, w, folder, &py, &job, err);
    if (status == FST_OK)
        status = livy_request(s, w, folder, false, &body, err);
    if (status == FST_OK)
        status = livy_post(s, w, fst_buf_text(&body), &run->id, err);
    fst_buf_done(&body);
    if (status != FST_OK) {
        livy_run_free(run);
        return status;
    }
    fst_buf_printf(handle, "%lld", (long long)run->id);
    s->run = run;
    return FST_OK;
}

static enum fst_status livy_reattach(struct fst_session *s, const struct fst_work *w,
                                     const char *handle, struct fst_error *err)
{
    const char *folder;
    int64_t id = -1;
    FST_TRY(livy_folder(s, w, &folder, err));
    if (!*handle || !fst_parse_int64(handle, strlen(handle), &id))
        FST_TRY(livy_search(s, w, &id, err));
    s->run = run_new(w, folder);
    s->run->id = id;
    return FST_OK;
}

/* ---- Following ------------------------------------------------------------------------------- */

/* A batch is dead before its last words have come through: wait for them. */
static void read_report(struct fst_session *s)
{
    struct livy_run *run = s->run;
    for (int waited = 0;; waited += LIVY_POLL_STEP_MS) {
        livy_read_lines(s, &run->known, &run->report, NULL, NULL);
        if (!run->over || run->is_program || run->report.ended || waited >= LAST_WORD_MS)
            return;
        fst_pause_ms(LIVY_POLL_STEP_MS);
    }
}

static enum fst_status ask_state(struct fst_session *s, struct fst_error *err)
{
    struct livy_run *run = s->run;
    struct rest_answer a;
    FST_TRY(livy_ask(s, NULL, NULL, &a, err, "/batches/%lld/state", (long long)run->id));
    const char *state = a.doc ? fst_doc_string(a.doc, "state", NULL) : NULL;
    enum fst_status status = FST_OK;
    run->gone = a.status == 404 && a.doc && fst_doc_get(a.doc, "msg");
    if (!run->gone && !state)
        status = a.status >= 400 && a.status < 500 && a.status != 404
                     ? rest_refused(&a, "Livy", err)
                     : fst_fail(err, FST_ENET, "Livy at %s answers with HTTP %ld and no state",
                                s->url, a.status);
    snprintf(run->state, sizeof run->state, "%s", state ? state : "");
    rest_answer_done(&a);
    return status;
}

static const struct {
    const char *name;
    enum fst_run_state means;
    bool over;
} states[] = {{"not_started", FST_RUN_PENDING, false}, {"starting", FST_RUN_PENDING, false},
              {"recovering", FST_RUN_RUNNING, false},  {"running", FST_RUN_RUNNING, false},
              {"idle", FST_RUN_RUNNING, false},        {"busy", FST_RUN_RUNNING, false},
              {"success", FST_RUN_READY, true},        {"dead", FST_RUN_FAILED, true},
              {"error", FST_RUN_FAILED, true},         {"killed", FST_RUN_CANCELLED, true}};

static enum fst_run_state judge(const struct livy_run *run, enum fst_run_state told_by_livy,
                                struct fst_problem *problem, struct fst_error *err)
{
    const struct driver_report *r = &run->report;
    if (r->ended && !run->is_program && r->progress.state == FST_RUN_READY)
        return FST_RUN_READY;
    if (run->cancel_asked || told_by_livy == FST_RUN_CANCELLED || r->cancelled)
        return FST_RUN_CANCELLED;
    if (r->error.status && !run->is_program) {
        *problem = r->problem;
        *err = r->error;
        return FST_RUN_FAILED;
    }
    if (told_by_livy == FST_RUN_READY)
        return FST_RUN_READY;
    fst_fail(err, FST_EREMOTE,
             "the batch is %s, and its driver left no last word: the reason is in the log",
             run->state);
    return FST_RUN_FAILED;
}

/* What the server says, in our words. */
static enum fst_run_state meaning(struct livy_run *run)
{
    for (size_t i = 0; i < FST_COUNT(states); i++)
        if (strcmp(states[i].name, run->state) == 0) {
            run->over = states[i].over;
            return states[i].means;
        }
    return FST_RUN_PENDING;
}

/* The server has forgotten it: what the driver said last still holds. */
static enum fst_status end_forgotten(const struct fst_session *s, struct fst_progress *out,
                                     struct fst_error *err)
{
    struct livy_run *run = s->run;
    run->over = true;
    if (run->cancel_asked)
        out->state = FST_RUN_CANCELLED;
    else if (run->report.ended)
        out->state = run->report.progress.state;
    else
        out->state = FST_RUN_LOST;
    return out->state == FST_RUN_LOST
               ? fst_fail(err, FST_ENOTFOUND, "Livy at %s does not know batch %lld any more",
                          s->url, (long long)run->id)
               : FST_OK;
}

static enum fst_status livy_poll(struct fst_session *s, int wait_ms, struct fst_progress *out,
                                 struct fst_problem *problem, struct fst_error *err)
{
    struct livy_run *run = s->run;
    struct fst_problem no_problem = {0};
    struct fst_error no_error = {0};
    if (!run)
        return fst_fail(err, FST_EINVAL, "no work was submitted");
    fst_pause_ms(wait_ms < LIVY_POLL_STEP_MS ? wait_ms : LIVY_POLL_STEP_MS);
    FST_TRY(ask_state(s, err));
    enum fst_run_state means = meaning(run);
    *out = run->report.progress;
    if (run->gone)
        return end_forgotten(s, out, err);
    read_report(s);
    *out = run->report.progress;
    if (run->over)
        out->state = judge(run, means, problem ? problem : &no_problem, err ? err : &no_error);
    else
        out->state = run->report.has_session || (run->is_program && means == FST_RUN_RUNNING)
                         ? FST_RUN_RUNNING
                         : FST_RUN_PENDING;
    return FST_OK;
}

static enum fst_status livy_cancel(struct fst_session *s, struct fst_error *err)
{
    struct rest_answer a;
    if (!s->run)
        return fst_fail(err, FST_EINVAL, "no work was submitted");
    FST_TRY(livy_ask(s, "DELETE", NULL, &a, err, "/batches/%lld", (long long)s->run->id));
    enum fst_status status = FST_OK;
    if (a.status == 200 || a.status == 404)
        s->run->cancel_asked = true;
    else
        status = rest_refused(&a, "Livy did not end the batch", err);
    rest_answer_done(&a);
    return status;
}

static enum fst_status livy_profile(struct fst_session *s, struct fst_profile **out,
                                    struct fst_error *err)
{
    if (!s->run)
        return fst_fail(err, FST_EINVAL, "no work was submitted");
    return driver_take_profile(&s->run->report, out, err);
}

static enum fst_status livy_outcome(struct fst_session *s, struct fst_outcome *out,
                                    struct fst_error *err)
{
    const struct driver_report *r = s->run ? &s->run->report : NULL;
    if (!r || !r->written)
        return fst_fail(err, FST_ENOTFOUND, "the driver has told nothing of its output");
    driver_copy_outcome(r, out);
    return FST_OK;
}

/* ---- Doctor ---------------------------------------------------------------------------------- */

/* Which folders it takes files from, Livy tells nobody: what can be said is which one it has to be.
 */
static void livy_doctor(const struct fst_doc *doc,
                        void (*tell)(void *arg, bool ok, const char *what, const char *remedy),
                        void *arg)
{
    const struct spark_report r = {tell, arg};
    struct fst_session *s;
    struct fst_error err = {0};
    struct fst_buf line = FST_BUF(1024);
    if (livy_open(doc, &s, &err) != FST_OK) {
        spark_say(&r, false, "correct the provider's options", "%s", err.text);
        return;
    }
    bool answers = livy_ping(s, &line, &err) == FST_OK;
    spark_say(&r, answers,
              err.status == FST_EAUTH || err.status == FST_EDENIED
                  ? "correct user and password, or token"
                  : "start the Livy server, or correct url",
              "%s", answers ? fst_buf_text(&line) : err.text);
    const char *dir = fst_doc_string(s->options, "file_dir", NULL);
    if (!dir && !s->is_loopback)
        spark_say(&r, false, "set file_dir to a folder that this host and Livy's Spark both see",
                  "Livy is another host, and there is no file_dir for the driver");
    else
        spark_say(&r, true, NULL, "livy.file.local-dir-whitelist has to have %s in it",
                  dir ? dir : "the workspace's folder of runs");
    fst_buf_done(&line);
    livy_close(s);
}

static const struct fst_server_ops livy_server = {.doctor = livy_doctor};

const struct fst_engine fst_engine_livy = {
    .name = "livy",
    .help = "batches of a Livy server",
    .options = options,
    .n_options = FST_COUNT(options),
    .takes_python = true,
    .takes_programs = true,
    .takes_tables = true,
    .open = livy_open,
    .close = livy_close,
    .ping = livy_ping,
    .reaches = livy_reaches,
    .submit = livy_submit,
    .reattach = livy_reattach,
    .poll = livy_poll,
    .cancel = livy_cancel,
    .log = livy_log,
    .profile = livy_profile,
    .outcome = livy_outcome,
    .command = livy_command,
    .server = &livy_server,
};
