/* The livy engine: batches of a Livy server, for those who have one before their cluster.
 *
 * A batch is named by us, so that it is found again whoever knows its number. Its log is one list
 * of lines, bounded, stdout first; the driver's last word in it is the only reason that Livy has
 * for a failure: it knows no exit codes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "driver.h"
#include "engines.h"
#include "rest.h"
#include "spark.h"
#include "spark_conf.h"

enum {
    UNANSWERED_MS = 3000,
    LINES = 100000,
    TAIL = 4,
    LAST_WORD_MS = 3000,
    POLL_STEP_MS = 250,
    MAX_LISTED = 2000,
    PAGE = 100
};

static const struct fst_option options[] = {
    {"url", "string", NULL, true, "http://host:8998 of the Livy server"},
    {"user", "string", NULL, false, "user name, for a server that asks for one (basic)"},
    {"password", "secret", NULL, false, "its password"},
    {"token", "secret", NULL, false, "bearer token, for a gateway that asks for one"},
    {"proxy_user", "string", NULL, false, "user that the work runs as"},
    {"file_dir", "string", NULL, false,
     "folder or URI that Livy's Spark sees, for the driver and its job; a folder of Livy's own "
     "host "
     "has to be in its livy.file.local-dir-whitelist"},
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

/* The list of lines as somebody has read it. Livy keeps the last few hundred lines only, and counts
 * them from the oldest that it has: what is new is told by what overlaps with the last look. */
struct reading {
    struct driver_stream stream;
    char tail[TAIL][17]; /* hashes of the last lines that were read */
    size_t n_tail;
    int64_t lines; /* so many in all */
    bool gap;      /* lines were dropped between two looks */
    bool has_stderr;
};

struct livy_run {
    int64_t id; /* of the batch; -1 = not known */
    char *folder, *text;
    bool is_program, cancel_asked, over, gone;
    struct driver_report report;
    struct reading known, shown; /* for the report, and for the log */
    bool shows;
    char state[32];
};
struct fst_session {
    struct fst_arena *arena;
    const struct fst_doc *options;
    const char *url;
    struct fst_http_header headers[3];
    size_t n_headers;
    bool is_loopback;
    struct livy_run *run;
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

static enum fst_status ask(const struct fst_session *s, const char *method, const char *body,
                           struct rest_answer *out, struct fst_error *err, const char *fmt, ...)
    FST_PRINTF(6, 7);
static enum fst_status ask(const struct fst_session *s, const char *method, const char *body,
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
    FST_TRY(ask(s, NULL, NULL, &a, err, "/version"));
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

/* ---- The request ----------------------------------------------------------------------------- */

static const struct {
    const char *option, *key;
    bool is_number;
} fields[] = {
    {"proxy_user", "proxyUser", false},
    {"driver_memory", "driverMemory", false},
    {"driver_cores", "driverCores", true},
    {"executor_memory", "executorMemory", false},
    {"executor_cores", "executorCores", true},
    {"num_executors", "numExecutors", true},
    {"queue", "queue", false},
};

static enum fst_status write_conf(struct fst_json_writer *j, const struct fst_session *s,
                                  const struct fst_work *w, bool masked, struct fst_error *err)
{
    struct spark_conf conf = {0};
    const char *python = fst_doc_string(s->options, "python", NULL);
    char *own = !python && s->is_loopback ? spark_find_python(s->options) : NULL;
    enum fst_status status = spark_conf_add(&conf, fst_doc_get(s->options, "conf"), err);
    if (status == FST_OK)
        status = spark_conf_add(&conf, w->conf, err);
    if (python || own)
        spark_conf_default(&conf, "spark.pyspark.python", python ? python : own);
    spark_conf_default(&conf, "spark.ui.port", "0");
    spark_conf_default(&conf, "spark.log.level", "WARN"); /* the list is short */
    fst_jw_object(j, "conf");
    for (size_t i = 0; status == FST_OK && i < conf.n; i++) {
        if (conf.items[i].secret && !masked)
            status =
                fst_fail(err, FST_EUNSUPPORTED,
                         "%s is a secret, and Livy shows the settings of a batch: set it on the "
                         "cluster",
                         conf.items[i].key);
        else
            fst_jw_string(j, conf.items[i].key, conf.items[i].secret ? "***" : conf.items[i].value);
    }
    fst_jw_end(j, '}');
    spark_conf_done(&conf);
    free(own);
    return status;
}

static const char *as_uri(struct fst_arena *a, const char *path)
{
    return path[0] == '/' ? fst_arena_printf(a, "file://%s", path) : path;
}

static void write_program(struct fst_json_writer *j, const struct fst_session *s,
                          const struct fst_work *w, const char *folder)
{
    if (w->program) {
        fst_jw_string(j, "file", as_uri(s->arena, w->program->file));
        if (w->program->class_)
            fst_jw_string(j, "className", w->program->class_);
        fst_jw_list(j, "args");
        for (size_t i = 0; i < w->program->n_args; i++)
            fst_jw_string(j, NULL, w->program->args[i]);
        fst_jw_end(j, ']');
        return;
    }
    fst_jw_string(j, "file", fst_arena_printf(s->arena, "%s/" DRIVER_PY, as_uri(s->arena, folder)));
    fst_jw_list(j, "args");
    fst_jw_string(j, NULL, fst_arena_printf(s->arena, "%s/" DRIVER_JOB, folder));
    fst_jw_end(j, ']');
}

static const struct {
    const char *option, *key;
} lists[] = {{"jars", "jars"}, {"py_files", "pyFiles"}, {"files", "files"}};

/* Joined by commas with us, a list with Livy. */
static void write_lists(struct fst_json_writer *j, const struct fst_session *s)
{
    for (size_t i = 0; i < FST_COUNT(lists); i++) {
        const char *p = fst_doc_string(s->options, lists[i].option, "");
        if (!*p)
            continue;
        fst_jw_list(j, lists[i].key);
        for (size_t n; *p; p += n + (p[n] == ',')) {
            n = strcspn(p, ",");
            if (n)
                fst_jw_string(j, NULL, as_uri(s->arena, fst_arena_strndup(s->arena, p, n)));
        }
        fst_jw_end(j, ']');
    }
}

static enum fst_status request(const struct fst_session *s, const struct fst_work *w,
                               const char *folder, bool masked, struct fst_buf *json,
                               struct fst_error *err)
{
    struct fst_json_writer j = fst_json_writer(json);
    fst_jw_object(&j, NULL);
    write_program(&j, s, w, folder);
    fst_jw_string(&j, "name", fst_arena_printf(s->arena, "firesteel-%s", w->operation_id));
    for (size_t i = 0; i < FST_COUNT(fields); i++) {
        const char *value = fst_doc_string(s->options, fields[i].option, NULL);
        if (value && fields[i].is_number)
            fst_jw_raw(&j, fields[i].key, value);
        else if (value)
            fst_jw_string(&j, fields[i].key, value);
    }
    write_lists(&j, s);
    enum fst_status status = write_conf(&j, s, w, masked, err);
    fst_jw_end(&j, '}');
    return status;
}

/* Where the driver lies: a folder that we write and Livy's Spark reads. */
static enum fst_status folder_of(const struct fst_session *s, const struct fst_work *w,
                                 const char **out, struct fst_error *err)
{
    const char *dir = fst_doc_string(s->options, "file_dir", NULL);
    const char *path = dir && strncmp(dir, "file://", 7) == 0 ? dir + 7 : dir;
    *out = w->folder;
    if (!path)
        return s->is_loopback ? FST_OK
                              : fst_fail(err, FST_EINVAL,
                                         "set file_dir to a folder that this host and Livy's Spark "
                                         "both see: the driver goes there");
    if (path[0] != '/')
        return fst_fail(err, FST_EUNSUPPORTED,
                        "file_dir %s: only folders of this host can be written yet", dir);
    *out = fst_arena_printf(s->arena, "%s/firesteel-%s", path, w->operation_id);
    return FST_OK;
}

static enum fst_status livy_command(struct fst_session *s, const struct fst_work *w,
                                    struct fst_buf *out, struct fst_error *err)
{
    struct fst_buf json = FST_BUF(1 << 20);
    const char *folder;
    FST_TRY(folder_of(s, w, &folder, err));
    enum fst_status status = request(s, w, folder ? folder : "RUN_FOLDER", true, &json, err);
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

/* ---- Submitting and finding again ------------------------------------------------------------ */

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

/* Only the number of an accepted batch counts: a refused one leaves a ghost that takes a number. */
static enum fst_status post(const struct fst_session *s, const char *body, int64_t *id,
                            struct fst_error *err)
{
    struct rest_answer a;
    FST_TRY(ask(s, "POST", body, &a, err, "/batches"));
    enum fst_status status = FST_OK;
    *id = a.status == 201 ? rest_int(a.doc, "id", -1) : -1;
    if (*id < 0)
        status = rest_refused(&a, "Livy did not take the work", err);
    if (*id < 0 && a.status == 400 && strstr(a.text, "cannot be added to user sessions"))
        fst_fail(err, status,
                 "Livy takes no file of that folder of its host: add the folder to "
                 "livy.file.local-dir-whitelist in its livy.conf, or set file_dir to one that is "
                 "there or to a place that its Spark reads");
    rest_answer_done(&a);
    return status;
}

static enum fst_status search(const struct fst_session *s, const struct fst_work *w, int64_t *id,
                              struct fst_error *err)
{
    char *name = fst_asprintf("firesteel-%s", w->operation_id);
    enum fst_status status = FST_OK;
    *id = -1;
    for (int from = 0; status == FST_OK && *id < 0 && from < MAX_LISTED; from += PAGE) {
        struct rest_answer a;
        status = ask(s, NULL, NULL, &a, err, "/batches?from=%d&size=%d", from, (int)PAGE);
        if (status != FST_OK)
            break;
        const struct fst_doc *list = a.doc ? fst_doc_get(a.doc, "sessions") : NULL;
        if (!list)
            status = a.status >= 400 && a.status < 500
                         ? rest_refused(&a, "Livy does not tell its batches", err)
                         : fst_fail(err, FST_ENET, "Livy at %s answers with HTTP %ld and no list",
                                    s->url, a.status);
        for (size_t i = 0; list && i < list->n; i++)
            if (strcmp(fst_doc_string(&list->items[i], "name", ""), name) == 0)
                *id = rest_int(&list->items[i], "id", -1);
        bool last = !list || list->n < (size_t)PAGE;
        rest_answer_done(&a);
        if (last)
            break;
    }
    free(name);
    if (status == FST_OK && *id < 0)
        status =
            fst_fail(err, FST_ENOTFOUND,
                     "Livy at %s has no batch of this run: it was not taken, or the server was "
                     "started anew",
                     s->url);
    return status;
}

/* The line broke before the answer: was it taken all the same? */
static enum fst_status look_for_unanswered(const struct fst_session *s, const struct fst_work *w,
                                           int64_t *id, enum fst_status status,
                                           struct fst_error *err)
{
    for (int waited = 0; waited < UNANSWERED_MS; waited += POLL_STEP_MS) {
        if (search(s, w, id, NULL) == FST_OK)
            return FST_OK;
        fst_pause_ms(POLL_STEP_MS);
    }
    fst_while(err, "whether Livy took the work is not known, look at %s", s->url);
    return status;
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
    FST_TRY(folder_of(s, w, &folder, err));
    struct livy_run *run = run_new(w, folder);
    enum fst_status status = fst_mkdirs(folder, 0700, err);
    if (status == FST_OK)
        status = driver_files(s->arena, w, folder, &py, &job, err);
    if (status == FST_OK)
        status = request(s, w, folder, false, &body, err);
    if (status == FST_OK)
        status = post(s, fst_buf_text(&body), &run->id, err);
    if (status == FST_ETIMEOUT || (status == FST_ENET && !(err && err->code == ECONNREFUSED)))
        status = look_for_unanswered(s, w, &run->id, status, err);
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
    FST_TRY(folder_of(s, w, &folder, err));
    if (!*handle || !fst_parse_int64(handle, strlen(handle), &id))
        FST_TRY(search(s, w, &id, err));
    s->run = run_new(w, folder);
    s->run->id = id;
    return FST_OK;
}

/* ---- Following ------------------------------------------------------------------------------- */

static bool starts(const char *line, const char *words)
{
    return strncmp(line, words, strlen(words)) == 0;
}

static const char *line_at(const struct fst_doc *list, size_t i)
{
    return list->items[i].text.p ? list->items[i].text.p : "";
}

static void hash_line(const char *line, char out[17])
{
    char hex[65];
    fst_sha256_hex(line, strlen(line), hex);
    snprintf(out, 17, "%.16s", hex);
}

static void remember(struct reading *x, const char *line)
{
    if (x->n_tail == TAIL)
        memmove(x->tail[0], x->tail[1], sizeof x->tail[0] * (TAIL - 1));
    else
        x->n_tail++;
    hash_line(line, x->tail[x->n_tail - 1]);
    x->lines++;
}

/* Do the lines before `end` end as what was read did? */
static bool overlaps(const struct reading *x, const struct fst_doc *list, size_t begin, size_t end)
{
    size_t n = x->n_tail < end - begin ? x->n_tail : end - begin;
    char hash[17];
    for (size_t i = 0; i < n; i++) {
        hash_line(line_at(list, end - 1 - i), hash);
        if (strcmp(hash, x->tail[x->n_tail - 1 - i]) != 0)
            return false;
    }
    return n > 0;
}

/* Where in [begin, end) the news begin. */
static size_t first_new(struct reading *x, const struct fst_doc *list, size_t begin, size_t end)
{
    if (x->n_tail == 0)
        return begin;
    for (size_t at = end; at > begin; at--)
        if (overlaps(x, list, begin, at))
            return at;
    x->gap |= end > begin;
    return begin;
}

static void feed_line(struct reading *x, struct driver_report *r, struct fst_buf *log,
                      const char *line)
{
    driver_feed(r, &x->stream, line, strlen(line), log);
    driver_feed(r, &x->stream, "\n", 1, log);
}

/* "stdout: ", its lines, "\nstderr: ", its lines. The second part is read once, at the end. */
static void take_list(const struct livy_run *run, struct reading *x, struct driver_report *r,
                      struct fst_buf *log, const struct fst_doc *list)
{
    size_t begin = 0, end = 0;
    while (end < list->n && !starts(line_at(list, end), "\nstderr: "))
        end++;
    begin = list->n && starts(line_at(list, 0), "stdout: ");
    size_t at = first_new(x, list, begin, end);
    if (x->gap && log)
        fst_buf_adds(log, "(lines were gone from Livy's list before they could be read)\n");
    x->gap = false;
    for (; at < end && (!log || log->n < log->max / 2); at++) {
        feed_line(x, r, log, line_at(list, at));
        remember(x, line_at(list, at));
    }
    if (!run->over || x->has_stderr || at < end)
        return;
    x->has_stderr = true;
    for (size_t i = end + 1; i < list->n; i++)
        if (!starts(line_at(list, i), "\nYARN Diagnostics: "))
            feed_line(x, r, log, line_at(list, i));
}

static enum fst_status read_lines(struct fst_session *s, struct reading *x, struct driver_report *r,
                                  struct fst_buf *log, struct fst_error *err)
{
    struct rest_answer a;
    FST_TRY(ask(s, NULL, NULL, &a, err, "/batches/%lld/log?from=0&size=%d", (long long)s->run->id,
                (int)LINES));
    const struct fst_doc *list = a.doc ? fst_doc_get(a.doc, "log") : NULL;
    if (list && list->kind == FST_DOC_LIST)
        take_list(s->run, x, r, log, list);
    rest_answer_done(&a);
    return FST_OK;
}

/* A batch is dead before its last words have come through: wait for them. */
static void read_report(struct fst_session *s)
{
    struct livy_run *run = s->run;
    for (int waited = 0;; waited += POLL_STEP_MS) {
        read_lines(s, &run->known, &run->report, NULL, NULL);
        if (!run->over || run->is_program || run->report.ended || waited >= LAST_WORD_MS)
            return;
        fst_pause_ms(POLL_STEP_MS);
    }
}

static enum fst_status ask_state(struct fst_session *s, struct fst_error *err)
{
    struct livy_run *run = s->run;
    struct rest_answer a;
    FST_TRY(ask(s, NULL, NULL, &a, err, "/batches/%lld/state", (long long)run->id));
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

static enum fst_status livy_poll(struct fst_session *s, int wait_ms, struct fst_progress *out,
                                 struct fst_problem *problem, struct fst_error *err)
{
    struct livy_run *run = s->run;
    struct fst_problem no_problem = {0};
    struct fst_error no_error = {0};
    enum fst_run_state means = FST_RUN_PENDING;
    if (!run)
        return fst_fail(err, FST_EINVAL, "no work was submitted");
    fst_pause_ms(wait_ms < POLL_STEP_MS ? wait_ms : POLL_STEP_MS);
    FST_TRY(ask_state(s, err));
    for (size_t i = 0; i < FST_COUNT(states); i++)
        if (strcmp(states[i].name, run->state) == 0) {
            means = states[i].means;
            run->over = states[i].over;
        }
    if (run->gone) {
        *out = run->report.progress;
        run->over = true;
        out->state = run->cancel_asked   ? FST_RUN_CANCELLED
                     : run->report.ended ? run->report.progress.state
                                         : FST_RUN_LOST;
        return out->state == FST_RUN_LOST
                   ? fst_fail(err, FST_ENOTFOUND, "Livy at %s does not know batch %lld any more",
                              s->url, (long long)run->id)
                   : FST_OK;
    }
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
    FST_TRY(ask(s, "DELETE", NULL, &a, err, "/batches/%lld", (long long)s->run->id));
    enum fst_status status = FST_OK;
    if (a.status == 200 || a.status == 404)
        s->run->cancel_asked = true;
    else
        status = rest_refused(&a, "Livy did not end the batch", err);
    rest_answer_done(&a);
    return status;
}

/* The cursor: how many lines, whether stderr was told, and the hashes of the last ones. */
static void take_cursor(struct reading *x, const char *cursor)
{
    long long lines = 0;
    int told = 0, used = 0;
    if (sscanf(cursor, "%lld %d%n", &lines, &told, &used) < 2)
        return;
    x->lines = lines;
    x->has_stderr = told != 0;
    for (const char *p = cursor + used; *p == ' ' && strlen(p) >= 17 && x->n_tail < TAIL; p += 17)
        snprintf(x->tail[x->n_tail++], 17, "%.16s", p + 1);
}

static enum fst_status livy_log(struct fst_session *s, struct fst_buf *cursor, struct fst_buf *out,
                                struct fst_error *err)
{
    struct reading *x = s->run ? &s->run->shown : NULL;
    if (!x)
        return fst_fail(err, FST_EINVAL, "no work was submitted");
    if (!s->run->shows)
        take_cursor(x, fst_buf_text(cursor));
    s->run->shows = true;
    if (s->run->gone)
        return FST_OK;
    FST_TRY(read_lines(s, x, NULL, out, err));
    fst_buf_clear(cursor);
    fst_buf_printf(cursor, "%lld %d", (long long)x->lines, x->has_stderr);
    for (size_t i = 0; i < x->n_tail; i++)
        fst_buf_printf(cursor, " %s", x->tail[i]);
    return FST_OK;
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
