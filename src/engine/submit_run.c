/* Work that was submitted: started, found again, followed, ended.
 *
 * spark-submit runs under a small shell, in a session of its own, that notes its process id first
 * and the exit code last; so both are there for whoever comes later, and what became of the work
 * never depends on who was watching. Its output goes to two files. The driver's reports say how it
 * ends; without them (a program that is not ours, a driver on the cluster, a crash) the exit code
 * does, and the last words. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "firesteel/io.h"
#include "submit.h"

enum {
    LOOK_MS = 100,
    MAX_PAUSE_MS = 250,
    DRIVER_LOG_EVERY_US = 1000 * 1000,
    KILL_AFTER_US = 10 * 1000 * 1000,
    LINGER_US = 30 * 1000 * 1000, /* between the driver's last word and its end */
    PIECE = 64 * 1024,
    SLACK = 64,
    LAST_WORDS = 64 * 1024,
    NOT_OURS = 1, /* a start time that no process of ours has: the id is in use by another */
    RC_OUT_OF_MEMORY = 52, /* of Spark's executors, and so of a local driver */
};

/* $1 exit file, $2 pid file, $3 file to remove, $4 stdout, $5 stderr; the rest is the command. A
 * signal to the group is the command's to obey; the shell stays to tell how that went. */
static const char supervisor[] =
    "umask 077; trap : TERM INT HUP QUIT\n"
    "exitfile=$1 pidfile=$2 remove=$3 out=$4 err=$5; shift 5\n"
    "echo $$ >\"$pidfile.tmp\" && mv \"$pidfile.tmp\" \"$pidfile\"\n"
    "\"$@\" >>\"$out\" 2>>\"$err\"\n"
    "code=$?\n"
    "[ -z \"$remove\" ] || rm -f \"$remove\"\n"
    "echo $code >\"$exitfile.tmp\" && mv \"$exitfile.tmp\" \"$exitfile\"\n";

/* One file of output, as far as it was read. */
struct stream {
    char *path;
    int fd;
    struct driver_stream fed;
};
struct submit_run {
    char *operation_id, *folder, *exit_path, *pid_path, *properties_path;
    pid_t pid;
    uint64_t start_time; /* 0 = not known */
    bool has_driver;     /* ours, here: it reports on stdout */
    bool is_check, is_program;
    struct submit_yarn *yarn; /* the driver is there; NULL = elsewhere */
    int64_t gone_us;
    struct driver_report report;
    struct stream out, err;
    char tail[LAST_WORDS]; /* the end of stderr */
    size_t tail_n;
    bool cancelling, gone, decided;
    int exit_code; /* -1 = not known */
    int64_t kill_at_us, last_word_us;
};

void submit_run_free(struct submit_run *run)
{
    if (!run)
        return;
    struct stream *const streams[] = {&run->out, &run->err};
    for (size_t i = 0; i < FST_COUNT(streams); i++) {
        if (streams[i]->fd >= 0)
            close(streams[i]->fd);
        driver_stream_done(&streams[i]->fed);
        free(streams[i]->path);
    }
    submit_yarn_free(run->yarn);
    driver_report_done(&run->report);
    free(run->operation_id);
    free(run->folder);
    free(run->exit_path);
    free(run->pid_path);
    free(run->properties_path);
    free(run);
}

static struct submit_run *run_new(const struct fst_session *s, const struct fst_work *w)
{
    struct submit_run *run = fst_alloc(sizeof *run);
    run->operation_id = fst_strdup(w->operation_id ? w->operation_id : "");
    run->folder = fst_strdup(w->folder);
    run->exit_path = fst_path_join(w->folder, "driver.exit");
    run->pid_path = fst_path_join(w->folder, "driver.pid");
    run->properties_path = fst_path_join(w->folder, "driver.properties");
    run->out = (struct stream){.path = fst_path_join(w->folder, "driver.out"), .fd = -1};
    run->err = (struct stream){.path = fst_path_join(w->folder, "driver.err"), .fd = -1};
    run->has_driver = !w->program && !s->cluster_mode;
    run->is_check = !w->output_uri;
    run->is_program = w->program != NULL;
    if (s->kind == SUBMIT_YARN && s->cluster_mode && w->operation_id)
        run->yarn = submit_yarn_new(s, w->operation_id);
    run->exit_code = -1;
    driver_report_init(&run->report, w->sql ? w->sql : w->python);
    return run;
}

/* ---- Submitting ------------------------------------------------------------------------------ */

static enum fst_status write_files(const struct fst_work *w, const struct submit_plan *plan,
                                   struct fst_arena *a, struct fst_error *err)
{
    const char *py, *job;
    FST_TRY(driver_files(a, w, w->folder, &py, &job, err));
    FST_TRY(fst_file_write(plan->log_path, plan->log_config, strlen(plan->log_config), 0600, err));
    if (plan->properties)
        FST_TRY(fst_file_write(plan->properties_path, plan->properties, strlen(plan->properties),
                               0600, err));
    return FST_OK;
}

static enum fst_status start(struct submit_run *run, const struct submit_plan *plan,
                             struct fst_error *err)
{
    const char *const head[] = {"/bin/sh",
                                "-c",
                                supervisor,
                                "firesteel-submit",
                                run->exit_path,
                                run->pid_path,
                                plan->properties ? plan->properties_path : "",
                                run->out.path,
                                run->err.path};
    size_t n = 0;
    while (plan->argv[n])
        n++;
    char **argv = fst_alloc((FST_COUNT(head) + n + 1) * sizeof *argv);
    memcpy(argv, head, sizeof head);
    memcpy(argv + FST_COUNT(head), plan->argv, n * sizeof *argv);
    const struct fst_spawn spawn = {.argv = argv,
                                    .env = plan->env,
                                    .cwd = run->folder,
                                    .output = run->err.path,
                                    .detached = true};
    enum fst_status status = fst_spawn(&spawn, &run->pid, err);
    if (status == FST_OK)
        run->start_time = fst_process_start_time(run->pid);
    free(argv);
    return status;
}

static void write_handle(const struct submit_run *run, struct fst_buf *handle)
{
    struct fst_json_writer w = fst_json_writer(handle);
    fst_jw_object(&w, NULL);
    fst_jw_int(&w, "pid", run->pid);
    fst_jw_int(&w, "start_time", (int64_t)run->start_time);
    fst_jw_string(&w, "exit", fst_path_base(run->exit_path));
    fst_jw_end(&w, '}');
}

enum fst_status submit_submit(struct fst_session *s, const struct fst_work *w,
                              struct fst_buf *handle, struct fst_problem *problem,
                              struct fst_error *err)
{
    (void)problem;
    if (!w->folder)
        return fst_fail(err, FST_EINVAL, "there is no folder for what spark-submit says");
    struct fst_arena *a = fst_arena_new();
    struct submit_plan plan;
    struct submit_run *run = run_new(s, w);
    enum fst_status status = submit_plan_make(s, w, false, a, &plan, err);
    if (status == FST_OK && fst_path_exists(run->pid_path))
        status = fst_fail(err, FST_ECONFLICT, "%s: something was submitted from there already",
                          w->folder);
    if (status == FST_OK)
        status = write_files(w, &plan, a, err);
    if (status == FST_OK)
        status = start(run, &plan, err);
    submit_plan_wipe(&plan);
    fst_arena_free(a);
    if (status != FST_OK) {
        submit_run_free(run);
        return status;
    }
    write_handle(run, handle);
    submit_run_free(s->run);
    s->run = run;
    return FST_OK;
}

/* ---- Finding again --------------------------------------------------------------------------- */

static bool read_number(const char *path, int64_t *out)
{
    char *text;
    size_t n;
    if (fst_file_read(path, 64, &text, &n, NULL) != FST_OK)
        return false;
    bool ok = fst_parse_int64(text, strcspn(text, "\n"), out);
    free(text);
    return ok;
}

static bool read_handle(struct submit_run *run, const char *handle)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_doc *doc;
    int64_t pid = 0, since = 0;
    bool ok = fst_json_parse(a, "handle", handle, strlen(handle), NULL, &doc, NULL) == FST_OK &&
              fst_doc_get(doc, "pid") && fst_doc_int(fst_doc_get(doc, "pid"), &pid) && pid > 1 &&
              pid <= INT32_MAX && fst_doc_get(doc, "start_time") &&
              fst_doc_int(fst_doc_get(doc, "start_time"), &since);
    run->pid = (pid_t)pid;
    run->start_time = (uint64_t)since;
    fst_arena_free(a);
    return ok;
}

/* Is that process the shell of this run? Its arguments name the run's own exit file. */
static bool is_supervisor(const struct submit_run *run, pid_t pid)
{
    char path[64], *text;
    size_t n;
    snprintf(path, sizeof path, "/proc/%ld/cmdline", (long)pid);
    if (fst_file_read(path, 1 << 20, &text, &n, NULL) != FST_OK)
        return false;
    bool found = memmem(text, n, run->exit_path, strlen(run->exit_path) + 1) != NULL;
    free(text);
    return found;
}

/* Nobody stored a handle: the shell's own note tells. */
static bool read_note(struct submit_run *run)
{
    int64_t pid;
    if (!read_number(run->pid_path, &pid) || pid <= 1 || pid > INT32_MAX)
        return false;
    run->pid = (pid_t)pid;
    run->start_time = fst_process_start_time(run->pid);
    if (run->start_time != 0 && !is_supervisor(run, run->pid))
        run->start_time = NOT_OURS;
    return true;
}

enum fst_status submit_reattach(struct fst_session *s, const struct fst_work *w, const char *handle,
                                struct fst_error *err)
{
    if (!w->folder)
        return fst_fail(err, FST_ENOTFOUND, "there is no folder of this work");
    struct submit_run *run = run_new(s, w);
    if (!(handle && *handle && read_handle(run, handle)) && !read_note(run)) {
        submit_run_free(run);
        return fst_fail(err, FST_ENOTFOUND,
                        "%s has no trace of a spark-submit: it was never started", w->folder);
    }
    submit_run_free(s->run);
    s->run = run;
    return FST_OK;
}

/* ---- Following ------------------------------------------------------------------------------- */

/* The next bytes of a file that may not be there yet; 0 at its end. */
static size_t read_more(struct stream *f, uint64_t offset, char *into, size_t cap)
{
    if (f->fd < 0)
        f->fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (f->fd < 0)
        return 0;
    ssize_t n;
    do
        n = pread(f->fd, into, cap, (off_t)offset);
    while (n < 0 && errno == EINTR);
    return n > 0 ? (size_t)n : 0;
}

static void keep_tail(struct submit_run *run, const char *p, size_t n)
{
    if (n > sizeof run->tail) {
        p += n - sizeof run->tail;
        n = sizeof run->tail;
    }
    size_t keep = run->tail_n + n > sizeof run->tail ? sizeof run->tail - n : run->tail_n;
    memmove(run->tail, run->tail + run->tail_n - keep, keep);
    memcpy(run->tail + keep, p, n);
    run->tail_n = keep + n;
}

/* All that is there now; true when there was something. */
static bool read_streams(struct submit_run *run)
{
    char piece[PIECE];
    bool any = false;
    size_t n;
    while (run->has_driver && (n = read_more(&run->out, run->out.fed.fed, piece, PIECE)) > 0) {
        driver_feed(&run->report, &run->out.fed, piece, n, NULL);
        any = true;
    }
    while ((n = read_more(&run->err, run->err.fed.fed, piece, PIECE)) > 0) {
        keep_tail(run, piece, n);
        run->err.fed.fed += n;
        any = true;
    }
    return any;
}

/* The shell, or where that was killed, what it had started: its process group is its own id, which
 * nobody else can have while one of the group lives. */
static bool is_alive(const struct submit_run *run)
{
    uint64_t now = fst_process_start_time(run->pid);
    if (now != 0)
        return now == run->start_time;
    return run->start_time != NOT_OURS && kill(-run->pid, 0) == 0;
}

static void look_at_process(struct submit_run *run)
{
    int64_t code;
    int ended;
    if (run->gone)
        return;
    waitpid(run->pid, &ended, WNOHANG); /* when it is our child: no zombie is left */
    bool alive = is_alive(run);
    if (read_number(run->exit_path, &code)) { /* after looking: it is written before the end */
        run->exit_code = (int)code;
        run->gone = true;
    }
    run->gone = run->gone || !alive;
    if (run->gone)
        run->gone_us = fst_monotonic_us();
}

static void push_cancel(struct submit_run *run)
{
    if (run->kill_at_us && !run->gone && fst_monotonic_us() > run->kill_at_us) {
        kill(-run->pid, SIGKILL);
        run->kill_at_us = 0;
    }
}

/* Nothing is left to wait for? The driver's last word is enough: a Spark that does not stop after
 * it is ended. */
static bool is_over(struct submit_run *run)
{
    if (run->gone || run->decided)
        return true;
    if (run->report.ended && !run->last_word_us)
        run->last_word_us = fst_monotonic_us();
    if (!run->last_word_us || fst_monotonic_us() - run->last_word_us <= LINGER_US)
        return false;
    kill(-run->pid, SIGKILL);
    return true;
}

/* ---- How it ended ---------------------------------------------------------------------------- */

/* The line at p, without spaces around. */
static struct fst_str line_at(const char *p, const char *end)
{
    const char *stop = memchr(p, '\n', (size_t)(end - p));
    stop = stop ? stop : end;
    while (p < stop && (*p == ' ' || *p == '\t'))
        p++;
    while (stop > p && (stop[-1] == ' ' || stop[-1] == '\r'))
        stop--;
    return (struct fst_str){p, (size_t)(stop - p)};
}

static bool has(struct fst_str line, const char *word)
{
    return memmem(line.p, line.n, word, strlen(word)) != NULL;
}

static bool begins(struct fst_str line, const char *word)
{
    size_t n = strlen(word);
    return line.n >= n && memcmp(line.p, word, n) == 0;
}

void submit_last_words(const char *p, size_t n, char *out, size_t cap)
{
    struct fst_str cause = {0}, error = {0}, last = {0};
    for (const char *end = p + n; p < end;) {
        struct fst_str line = line_at(p, end);
        const char *newline = memchr(p, '\n', (size_t)(end - p));
        p = newline ? newline + 1 : end;
        if (line.n == 0)
            continue;
        last = line;
        if (begins(line, "Caused by: "))
            cause = (struct fst_str){line.p + 11, line.n - 11};
        else if (!begins(line, "at ") && (has(line, "Exception") || has(line, "Error") ||
                                          has(line, " ERROR ") || begins(line, "Error:")))
            error = line;
    }
    struct fst_str best = cause.n ? cause : error.n ? error : last;
    size_t take = best.n < cap ? best.n : cap - 1;
    if (take)
        memcpy(out, best.p, take);
    out[take] = 0;
}

/* stderr first; a Python program's traceback is on stdout. */
static void find_words(struct submit_run *run, char *out, size_t cap)
{
    char piece[PIECE];
    struct stat st;
    submit_last_words(run->tail, run->tail_n, out, cap);
    if (strstr(out, "Exception") || strstr(out, "Error") || strstr(out, "ERROR") ||
        stat(run->out.path, &st) != 0)
        return;
    uint64_t from = st.st_size > PIECE ? (uint64_t)(st.st_size - PIECE) : 0;
    size_t n = read_more(&run->out, from, piece, sizeof piece);
    struct driver_stream lines = driver_stream_at(from);
    struct fst_buf text = FST_BUF(2 * PIECE);
    driver_feed(NULL, &lines, piece, n, &text);
    driver_feed_end(NULL, &lines, &text);
    driver_stream_done(&lines);
    if (text.n)
        submit_last_words(text.p, text.n, out, cap);
    fst_buf_done(&text);
}

static enum fst_status fail_crash(struct submit_run *run, struct fst_error *err)
{
    char words[700], how[96];
    find_words(run, words, sizeof words);
    if (run->exit_code < 0)
        snprintf(how, sizeof how, "spark-submit is gone and left no exit code");
    else if (run->exit_code > 128)
        snprintf(how, sizeof how, "spark-submit was ended by signal %d", run->exit_code - 128);
    else
        snprintf(how, sizeof how, "spark-submit ended with exit code %d", run->exit_code);
    const char *memory = run->exit_code == RC_OUT_OF_MEMORY || strstr(words, "OutOfMemoryError")
                             ? "; Java's heap was too small: give more driver_memory "
                               "(executor_memory on a cluster)"
                             : "";
    return fst_fail(err, FST_EREMOTE, "%s%s%s%s", how, memory, words[0] ? ": " : "", words);
}

static enum fst_status decide_without_driver(struct submit_run *run, struct fst_progress *out,
                                             struct fst_error *err)
{
    out->state = FST_RUN_READY;
    if (run->exit_code == 0)
        return FST_OK;
    out->state = run->cancelling      ? FST_RUN_CANCELLED
                 : run->exit_code < 0 ? FST_RUN_LOST
                                      : FST_RUN_FAILED;
    return run->cancelling ? FST_OK : fail_crash(run, err);
}

/* What was written whole is there, whatever became of the process after that. */
static enum fst_status decide(struct submit_run *run, struct fst_progress *out,
                              struct fst_problem *problem, struct fst_error *err)
{
    struct driver_report *r = &run->report;
    if (!run->has_driver)
        return decide_without_driver(run, out, err);
    if (r->written || (run->is_check && r->ended && r->rc == 0)) {
        out->state = FST_RUN_READY;
        return FST_OK;
    }
    if (r->cancelled || run->cancelling) {
        out->state = FST_RUN_CANCELLED;
        return FST_OK;
    }
    out->state = FST_RUN_FAILED;
    if (r->error.status == FST_OK || run->exit_code == RC_OUT_OF_MEMORY)
        return fail_crash(run, err); /* a JVM without memory does not know what it says */
    if (problem)
        *problem = r->problem;
    if (err)
        *err = r->error;
    return r->error.status;
}

/* ---- The slots ------------------------------------------------------------------------------- */

static enum fst_status no_work(struct fst_error *err)
{
    return fst_fail(err, FST_ENOTFOUND, "nothing was submitted in this session");
}

/* Once Spark has read its secrets, nobody else needs to. */
static void remove_secrets(struct submit_run *run)
{
    if (run->report.started || run->gone)
        unlink(run->properties_path);
}

/* Of work that reports nothing here: the newest line of what spark-submit says. */
static void show_newest(const struct submit_run *run, struct fst_progress *out)
{
    struct fst_buf line = FST_BUF_TEXT;
    size_t end = run->tail_n;
    while (end > 0 && run->tail[end - 1] == '\n')
        end--;
    size_t from = end;
    while (from > 0 && run->tail[from - 1] != '\n')
        from--;
    size_t n = end - from < sizeof out->detail / 2 ? end - from : sizeof out->detail / 2;
    fst_text_escape(&line, run->tail + from, n);
    snprintf(out->detail, sizeof out->detail, "%s", fst_buf_text(&line));
    fst_buf_done(&line);
}

static void wait_for_news(struct submit_run *run, int wait_ms)
{
    for (;;) {
        look_at_process(run); /* before reading: then nothing that was said is missed */
        bool news = read_streams(run);
        push_cancel(run);
        if (news || is_over(run) || wait_ms <= 0)
            return;
        int step = wait_ms < LOOK_MS ? wait_ms : LOOK_MS;
        fst_pause_ms(step);
        wait_ms -= step;
    }
}

/* The driver is on YARN: what becomes of it is what YARN says, and spark-submit only while YARN
 * says nothing. */
static enum fst_status poll_yarn(struct submit_run *run, int wait_ms, struct fst_progress *out,
                                 struct fst_problem *problem, struct fst_error *err)
{
    enum fst_status status;
    if (run->gone)
        fst_pause_ms(wait_ms < MAX_PAUSE_MS ? wait_ms : MAX_PAUSE_MS);
    else
        wait_for_news(run, wait_ms);
    submit_yarn_look(run->yarn, &run->report);
    remove_secrets(run);
    *out = run->report.progress;
    const struct submit_waiter w = {run->gone, run->is_program, run->cancelling, run->exit_code,
                                    run->gone_us};
    if (submit_yarn_judge(run->yarn, &w, &run->report, out, problem, &status, err)) {
        run->decided = true;
        return status;
    }
    if (status != FST_ENOTFOUND)
        return status;
    run->decided = run->gone;
    if (run->gone)
        return decide_without_driver(run, out, err);
    show_newest(run, out);
    return FST_OK;
}

enum fst_status submit_poll(struct fst_session *s, int wait_ms, struct fst_progress *out,
                            struct fst_problem *problem, struct fst_error *err)
{
    struct submit_run *run = s->run;
    if (!run)
        return no_work(err);
    if (run->yarn)
        return poll_yarn(run, wait_ms, out, problem, err);
    wait_for_news(run, wait_ms);
    remove_secrets(run);
    *out = run->report.progress;
    if (is_over(run)) {
        if (!run->decided)
            driver_feed_end(&run->report, &run->out.fed, NULL);
        run->decided = true;
        return decide(run, out, problem, err);
    }
    if (!run->has_driver)
        show_newest(run, out);
    if (!run->has_driver || run->report.ended)
        out->state = FST_RUN_RUNNING;
    return FST_OK;
}

/* Without an application there is spark-submit to end; with one, it sees that end by itself. */
static enum fst_status cancel_yarn(struct submit_run *run, struct fst_error *err)
{
    run->cancelling = true;
    enum fst_status status = submit_yarn_kill(run->yarn, err);
    if (!run->yarn->app.id[0] && !run->gone && kill(-run->pid, SIGTERM) == 0)
        run->kill_at_us = fst_monotonic_us() + KILL_AFTER_US;
    return status;
}

/* Work on a cluster does not end with the process here that waits for it. */
static enum fst_status cancel_on_cluster(struct fst_session *s, const struct submit_run *run,
                                         struct fst_error *err)
{
    if (s->kind != SUBMIT_K8S)
        return fst_fail(err, FST_EUNSUPPORTED,
                        "spark-submit was ended here, but the application may go on at %s: end it "
                        "there",
                        s->master);
    struct fst_arena *a = fst_arena_new();
    struct submit_plan plan;
    pid_t pid;
    enum fst_status status = submit_kill_plan(s, run->operation_id, a, &plan, err);
    if (status == FST_OK) {
        const struct fst_spawn spawn = {
            .argv = plan.argv, .env = plan.env, .output = run->err.path, .detached = true};
        status = fst_spawn(&spawn, &pid, err);
    }
    fst_arena_free(a);
    return status;
}

enum fst_status submit_cancel(struct fst_session *s, struct fst_error *err)
{
    struct submit_run *run = s->run;
    if (!run)
        return no_work(err);
    look_at_process(run);
    if (run->yarn)
        return cancel_yarn(run, err);
    if (run->gone)
        return FST_OK;
    if (kill(-run->pid, SIGTERM) != 0)
        return fst_fail_errno(err, "cannot end process group %ld", (long)run->pid);
    run->cancelling = true;
    run->kill_at_us = fst_monotonic_us() + KILL_AFTER_US;
    return s->cluster_mode ? cancel_on_cluster(s, run, err) : FST_OK;
}

/* Where each stream's log goes on. The driver's own are there when it is on YARN. */
enum { OUT, ERR, DRIVER_ERR, DRIVER_OUT, N_STREAMS };
static const char *const stream_names[N_STREAMS] = {"out", "err", "driver_err", "driver_out"};

/* "out:OFFSET err:OFFSET" */
static void read_cursor(const char *cursor, uint64_t at[N_STREAMS])
{
    for (size_t i = 0; i < N_STREAMS; i++) {
        size_t n = strlen(stream_names[i]), digits;
        int64_t v = 0;
        at[i] = 0;
        if (strncmp(cursor, stream_names[i], n) != 0 || cursor[n] != ':')
            continue;
        digits = strspn(cursor + n + 1, "0123456789");
        if (fst_parse_int64(cursor + n + 1, digits, &v) && v > 0)
            at[i] = (uint64_t)v;
        cursor += n + 1 + digits + (cursor[n + 1 + digits] == ' ');
    }
}

static void write_cursor(struct fst_buf *cursor, const uint64_t *at, size_t n)
{
    fst_buf_clear(cursor);
    for (size_t i = 0; i < n; i++)
        fst_buf_printf(cursor, "%s%s:%llu", i ? " " : "", stream_names[i],
                       (unsigned long long)at[i]);
}

static size_t read_stream(struct submit_run *run, size_t which, uint64_t from, char *into,
                          size_t cap)
{
    switch (which) {
    case OUT:
        return read_more(&run->out, from, into, cap);
    case ERR:
        return read_more(&run->err, from, into, cap);
    case DRIVER_ERR:
        return submit_yarn_read(run->yarn, "stderr", from, into, cap);
    default:
        return submit_yarn_read(run->yarn, "stdout", from, into, cap);
    }
}

/* A report is read to its end, however little room there is for lines: it takes none. */
static bool is_in_report(const struct driver_stream *lines, uint64_t from)
{
    return lines->shown == from &&
           memmem(fst_buf_text(&lines->part), lines->part.n, DRIVER_MARK, strlen(DRIVER_MARK));
}

/* As much as there is room for: a line is never longer in the log than it was. A line longer than
 * the room is cut. */
static uint64_t log_of_stream(struct submit_run *run, size_t which, uint64_t from,
                              struct fst_buf *out)
{
    char piece[PIECE];
    size_t room = out->max > out->n + SLACK ? out->max - out->n - SLACK : 0, n = 1;
    bool is_over = which < DRIVER_ERR ? run->gone : run->decided;
    struct driver_stream lines = driver_stream_at(from);
    while (n > 0 && (room > 0 || is_in_report(&lines, from))) {
        size_t want = room > 0 && room < PIECE ? room : PIECE;
        n = read_stream(run, which, lines.fed, piece, want);
        driver_feed(NULL, &lines, piece, n, out);
        room = room > n ? room - n : 0;
    }
    bool is_long = n > 0 && lines.shown == from;
    if (is_long || (n == 0 && is_over))
        driver_feed_end(NULL, &lines, out);
    uint64_t shown = lines.shown;
    driver_stream_done(&lines);
    return shown;
}

/* Files of this host may be looked at as often as one likes, a node of a cluster not. */
static bool is_time_for_driver_log(struct submit_run *run)
{
    int64_t now = fst_monotonic_us();
    if (!run->yarn || (!run->decided && now - run->yarn->log_us < DRIVER_LOG_EVERY_US))
        return false;
    run->yarn->log_us = now;
    return true;
}

enum fst_status submit_log(struct fst_session *s, struct fst_buf *cursor, struct fst_buf *out,
                           struct fst_error *err)
{
    uint64_t at[N_STREAMS];
    struct submit_run *run = s->run;
    if (!run)
        return no_work(err);
    look_at_process(run);
    read_cursor(fst_buf_text(cursor), at);
    size_t n = is_time_for_driver_log(run) ? N_STREAMS : DRIVER_ERR;
    for (size_t i = 0; i < n; i++)
        at[i] = log_of_stream(run, i, at[i], out);
    write_cursor(cursor, at, run->yarn ? N_STREAMS : DRIVER_ERR);
    return FST_OK;
}

enum fst_status submit_profile(struct fst_session *s, struct fst_profile **out,
                               struct fst_error *err)
{
    if (!s->run)
        return no_work(err);
    return driver_take_profile(&s->run->report, out, err);
}

enum fst_status submit_outcome(struct fst_session *s, struct fst_outcome *out,
                               struct fst_error *err)
{
    if (!s->run)
        return no_work(err);
    driver_copy_outcome(&s->run->report, out);
    return FST_OK;
}
