/* spark-submit as a run: started detached, followed by its files, found again by whoever comes.
 *
 * A shell of one line is its parent, because an exit code can only be told by a parent and ours may
 * die: it writes the code into a file when all is over. What the driver says goes to files of the
 * run's folder from its first byte, so nothing depends on who reads them when. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "firesteel/io.h"
#include "submit.h"

#define KILL_AFTER_US ((int64_t)10 * 1000000)
enum { READ_BYTES = 64 * 1024, LOOK_MS = 100, TAIL_BYTES = 64 * 1024 };

/* A trap is not inherited, an ignored signal would be. */
#define SUPERVISOR                                                                                 \
    "trap : TERM INT HUP; exec 2>>\"$0/" SUBMIT_ERR "\"; \"$@\"; code=$?; "                        \
    "echo $code >\"$0/" SUBMIT_EXIT ".tmp\" && mv \"$0/" SUBMIT_EXIT ".tmp\" \"$0/" SUBMIT_EXIT    \
    "\""

static const char log4j[] =
    "rootLogger.level = warn\n"
    "rootLogger.appenderRef.c.ref = c\n"
    "appender.c.type = Console\n"
    "appender.c.name = c\n"
    "appender.c.target = SYSTEM_ERR\n"
    "appender.c.layout.type = PatternLayout\n"
    "appender.c.layout.pattern = %d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %p %c{1}: %m%notEmpty{ | "
    "%throwable{short.message}}%n\n"
    "logger.nc.name = org.apache.hadoop.util.NativeCodeLoader\n"
    "logger.nc.level = error\n";

/* What somebody reads from the beginning: the two files and what was understood. */
struct reading {
    struct driver_report report;
    struct driver_stream streams[2]; /* driver.out, driver.err */
};

struct submit_run {
    char *folder, *text;
    bool is_program;
    pid_t pid;
    uint64_t start_time;
    int64_t cancel_us; /* when it was asked to end; 0 = not */
    bool secrets_gone, over;
    int exit_code; /* -1 = not known */
    struct reading known, shown;
    bool shows;
    uint64_t shown_from[2];
};

static const char *const stream_files[2] = {SUBMIT_OUT, SUBMIT_ERR};

static struct submit_run *run_new(const struct fst_work *w)
{
    struct submit_run *run = fst_alloc(sizeof(*run));
    run->folder = fst_strdup(w->folder);
    run->text = fst_strdup(w->sql ? w->sql : w->python);
    run->is_program = w->program != NULL;
    run->exit_code = -1;
    driver_report_init(&run->known.report, run->text);
    return run;
}

static void reading_done(struct reading *r)
{
    driver_report_done(&r->report);
    driver_stream_done(&r->streams[0]);
    driver_stream_done(&r->streams[1]);
}

static char *file_of(const struct submit_run *run, const char *name)
{
    return fst_path_join(run->folder, name);
}

static void remove_secrets(struct submit_run *run)
{
    char *path = file_of(run, SUBMIT_SECRETS);
    if (!run->secrets_gone)
        unlink(path);
    run->secrets_gone = true;
    free(path);
}

void submit_run_free(struct submit_run *run)
{
    if (!run)
        return;
    reading_done(&run->known);
    if (run->shows)
        reading_done(&run->shown);
    free(run->folder);
    free(run->text);
    free(run);
}

/* ---- Starting -------------------------------------------------------------------------------- */

static enum fst_status spawn_supervised(struct submit_run *run, const struct submit_command *c,
                                        struct fst_error *err)
{
    size_t n = 0;
    while (c->argv[n])
        n++;
    char **argv = fst_arena_alloc(c->arena, (n + 5) * sizeof(*argv));
    char *out = file_of(run, SUBMIT_OUT);
    argv[0] = "/bin/sh";
    argv[1] = "-c";
    argv[2] = SUPERVISOR;
    argv[3] = run->folder;
    memcpy(argv + 4, c->argv, n * sizeof(*argv));
    struct fst_spawn spawn = {
        .argv = argv, .env = c->env, .cwd = run->folder, .output = out, .detached = true};
    enum fst_status status = fst_spawn(&spawn, &run->pid, err);
    run->start_time = status == FST_OK ? fst_process_start_time(run->pid) : 0;
    free(out);
    return status;
}

static enum fst_status write_files(const struct fst_work *w, const struct submit_command *c,
                                   struct fst_error *err)
{
    FST_TRY(driver_write_file(w->folder, SUBMIT_LOG4J, log4j, sizeof(log4j) - 1, err));
    if (c->masked.n)
        FST_TRY(driver_write_file(w->folder, SUBMIT_SECRETS, c->secrets.p, c->secrets.n, err));
    return FST_OK;
}

static void write_handle(const struct submit_run *run, struct fst_buf *handle)
{
    struct fst_json_writer w = fst_json_writer(handle);
    fst_jw_object(&w, NULL);
    fst_jw_int(&w, "pid", run->pid);
    fst_jw_int(&w, "start_time", (int64_t)run->start_time);
    fst_jw_end(&w, '}');
}

enum fst_status submit_start(struct fst_session *s, const struct fst_work *w,
                             struct fst_buf *handle, struct fst_problem *problem,
                             struct fst_error *err)
{
    struct submit_command command;
    struct fst_arena *a = fst_arena_new();
    const char *py, *job;
    (void)problem;
    if (s->run || !w->folder || !w->operation_id) {
        fst_arena_free(a);
        return fst_fail(err, FST_EINVAL, "a run needs a session, a folder and an operation id");
    }
    enum fst_status status = driver_files(a, w, w->folder, &py, &job, err);
    if (status == FST_OK)
        status = submit_command_make(s, w, py, job, true, &command, err);
    fst_arena_free(a);
    FST_TRY(status);
    struct submit_run *run = run_new(w);
    status = write_files(w, &command, err);
    if (status == FST_OK)
        status = spawn_supervised(run, &command, err);
    submit_command_done(&command);
    if (status != FST_OK) {
        remove_secrets(run);
        submit_run_free(run);
        return status;
    }
    write_handle(run, handle);
    s->run = run;
    return FST_OK;
}

/* ---- Finding again --------------------------------------------------------------------------- */

static void take_handle(struct submit_run *run, const char *handle)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_doc *doc;
    int64_t pid = 0, start_time = 0;
    if (*handle &&
        fst_json_parse(a, "handle", handle, strlen(handle), NULL, &doc, NULL) == FST_OK) {
        const struct fst_doc *p = fst_doc_get(doc, "pid"), *t = fst_doc_get(doc, "start_time");
        if (p)
            fst_doc_int(p, &pid);
        if (t)
            fst_doc_int(t, &start_time);
    }
    run->pid = (pid_t)pid;
    run->start_time = (uint64_t)start_time;
    fst_arena_free(a);
}

/* The handle was never stored: the driver itself may have told its own process. */
static bool is_anything_there(struct submit_run *run)
{
    char *out = file_of(run, SUBMIT_OUT), *code = file_of(run, SUBMIT_EXIT);
    bool there = fst_path_exists(code) || (run->pid > 0 && fst_path_exists(out));
    free(out);
    free(code);
    return there;
}

enum fst_status submit_reattach(struct fst_session *s, const struct fst_work *w, const char *handle,
                                struct fst_error *err)
{
    struct submit_run *run = run_new(w);
    take_handle(run, handle);
    if (run->pid <= 0)
        run->pid = fst_process_find(w->folder, &run->start_time);
    if (!is_anything_there(run)) {
        submit_run_free(run);
        return fst_fail(err, FST_ENOTFOUND,
                        "spark-submit left no exit code and its process is not there: it was never "
                        "started, or this host was started anew");
    }
    s->run = run;
    return FST_OK;
}

/* ---- Reading --------------------------------------------------------------------------------- */

/* Feed what the file has and the stream has not, at most until `log` holds `enough`. */
static bool feed_file(const struct submit_run *run, struct reading *r, int which, bool over,
                      struct fst_buf *log, size_t enough)
{
    struct driver_stream *s = &r->streams[which];
    char *path = file_of(run, stream_files[which]);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char piece[READ_BYTES];
    ssize_t got = 0;
    free(path);
    while (fd >= 0 && (!log || log->n < enough) &&
           (got = pread(fd, piece, sizeof(piece), (off_t)s->fed)) > 0)
        driver_feed(&r->report, s, piece, (size_t)got, log);
    if (fd >= 0)
        close(fd);
    bool all = got <= 0;
    if (all && over)
        driver_feed_end(&r->report, s, log);
    return all;
}

enum fst_status submit_log(struct fst_session *s, struct fst_buf *cursor, struct fst_buf *out,
                           struct fst_error *err)
{
    struct submit_run *run = s->run;
    unsigned long long at[2] = {0, 0};
    if (!run)
        return fst_fail(err, FST_EINVAL, "no work was submitted");
    if (!run->shows) {
        driver_report_init(&run->shown.report, run->text);
        sscanf(fst_buf_text(cursor), "%llu %llu", &at[0], &at[1]);
        for (int i = 0; i < 2; i++)
            run->shown.streams[i].shown = at[i];
        run->shows = true;
    }
    for (int i = 1; i >= 0; i--)
        feed_file(run, &run->shown, i, run->over, out, out->max / 2);
    fst_buf_clear(cursor);
    fst_buf_printf(cursor, "%llu %llu", (unsigned long long)run->shown.streams[0].shown,
                   (unsigned long long)run->shown.streams[1].shown);
    return FST_OK;
}

/* ---- Following ------------------------------------------------------------------------------- */

static bool read_exit_code(struct submit_run *run)
{
    char *path = file_of(run, SUBMIT_EXIT), *text;
    size_t n;
    bool found = fst_file_read(path, 64, &text, &n, NULL) == FST_OK;
    if (found) {
        int64_t code = 1;
        fst_parse_int64(text, strspn(text, "0123456789"), &code);
        run->exit_code = (int)code;
        free(text);
    }
    free(path);
    return found;
}

/* Anyone of the session that was started: its leader may have been killed alone. */
static bool is_alive(const struct submit_run *run)
{
    if (run->pid <= 0)
        return false;
    if (fst_process_alive(run->pid, run->start_time))
        return true;
    bool leader_is_another = fst_process_start_time(run->pid) != 0;
    return !leader_is_another && (kill(-run->pid, 0) == 0 || errno == EPERM);
}

static void press(struct submit_run *run)
{
    if (run->cancel_us && fst_monotonic_us() - run->cancel_us > KILL_AFTER_US && is_alive(run))
        kill(-run->pid, SIGKILL);
}

static void read_all(struct submit_run *run)
{
    for (int i = 0; i < 2; i++)
        feed_file(run, &run->known, i, run->over, NULL, 0);
}

/* The innermost cause, else the first exception, else the last line. */
static void last_words(const struct submit_run *run, struct fst_buf *out)
{
    static const char *const marks[] = {"Caused by: ", "Exception in thread", "Error: ", "ERROR "};
    struct fst_buf tail = FST_BUF(TAIL_BYTES + 1);
    char *path = file_of(run, SUBMIT_ERR);
    const char *line = NULL;
    fst_file_tail(path, TAIL_BYTES, &tail);
    free(path);
    const char *text = fst_buf_text(&tail);
    for (size_t i = 0; i < FST_COUNT(marks) && !line; i++)
        for (const char *p = strstr(text, marks[i]); p; p = strstr(p + 1, marks[i]))
            line = p;
    if (!line && tail.n) {
        line = text + tail.n - (text[tail.n - 1] == '\n');
        while (line > text && line[-1] != '\n')
            line--;
    }
    if (line)
        fst_text_escape(out, line, strcspn(line, "\n") < 600 ? strcspn(line, "\n") : 600);
    fst_buf_done(&tail);
}

static enum fst_run_state end_without_word(struct submit_run *run, struct fst_error *err)
{
    struct fst_buf why = FST_BUF(2048);
    last_words(run, &why);
    if (run->exit_code >= 0)
        fst_fail(err, FST_EREMOTE, "spark-submit ended with exit code %d%s%s%s", run->exit_code,
                 run->exit_code == 52 ? " (the JVM ran out of memory)" : "", why.n ? ": " : "",
                 fst_buf_text(&why));
    else
        fst_fail(err, FST_EREMOTE, "spark-submit was killed%s%s", why.n ? "; its last words: " : "",
                 fst_buf_text(&why));
    fst_buf_done(&why);
    return FST_RUN_FAILED;
}

/* What the driver said last counts; where it said nothing, the exit code. */
static enum fst_run_state judge(struct fst_session *s, struct fst_problem *problem,
                                struct fst_error *err)
{
    struct submit_run *run = s->run;
    const struct driver_report *r = &run->known.report;
    bool told = r->ended && !run->is_program;
    if (told && r->progress.state == FST_RUN_READY)
        return FST_RUN_READY;
    if (run->cancel_us || (told && r->cancelled))
        return FST_RUN_CANCELLED;
    if (r->error.status && !run->is_program) {
        *problem = r->problem;
        *err = r->error;
        return FST_RUN_FAILED;
    }
    bool is_elsewhere = s->is_cluster_mode; /* the driver's words are not here */
    if (run->exit_code == 0 && (run->is_program || is_elsewhere))
        return FST_RUN_READY;
    return end_without_word(run, err);
}

enum fst_status submit_poll(struct fst_session *s, int wait_ms, struct fst_progress *out,
                            struct fst_problem *problem, struct fst_error *err)
{
    struct submit_run *run = s->run;
    struct fst_problem ignored_problem = {0};
    struct fst_error ignored = {0};
    if (!run)
        return fst_fail(err, FST_EINVAL, "no work was submitted");
    for (int waited = 0; !run->over; waited += LOOK_MS) {
        bool alive = is_alive(run); /* asked first: what it wrote before it ended is then there */
        run->over = read_exit_code(run) || !alive;
        press(run);
        if (run->over || waited >= wait_ms)
            break;
        fst_pause_ms(LOOK_MS);
    }
    if (run->over)
        read_exit_code(run);
    read_all(run);
    if (run->known.report.has_session || run->over)
        remove_secrets(run);
    *out = run->known.report.progress;
    out->state = run->over ? judge(s, problem ? problem : &ignored_problem, err ? err : &ignored)
                 : run->known.report.has_session || run->is_program ? FST_RUN_RUNNING
                                                                    : FST_RUN_PENDING;
    return FST_OK;
}

enum fst_status submit_cancel(struct fst_session *s, struct fst_error *err)
{
    struct submit_run *run = s->run;
    if (!run)
        return fst_fail(err, FST_EINVAL, "no work was submitted");
    if (run->over || !is_alive(run))
        return FST_OK;
    if (!run->cancel_us)
        run->cancel_us = fst_monotonic_us();
    if (kill(-run->pid, SIGTERM) != 0 && errno != ESRCH)
        return fst_fail_errno(err, "ending spark-submit, process group %d", (int)run->pid);
    return FST_OK;
}

/* ---- What is known --------------------------------------------------------------------------- */

enum fst_status submit_profile(struct fst_session *s, struct fst_profile **out,
                               struct fst_error *err)
{
    struct driver_report *r = s->run ? &s->run->known.report : NULL;
    if (!r || !r->profile)
        return fst_fail(err, FST_ENOTFOUND, "the driver has told nothing of its stages");
    *out = r->profile;
    r->profile = NULL; /* the next one comes with the next report */
    return FST_OK;
}

enum fst_status submit_outcome(struct fst_session *s, struct fst_outcome *out,
                               struct fst_error *err)
{
    const struct driver_report *r = s->run ? &s->run->known.report : NULL;
    if (!r || !r->written)
        return fst_fail(err, FST_ENOTFOUND, "the driver has told nothing of its output");
    *out = r->outcome;
    out->schema = r->outcome.schema ? fst_schema_copy(r->outcome.schema) : NULL;
    return FST_OK;
}
