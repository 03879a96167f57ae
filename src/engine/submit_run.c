/* Work that was submitted: started, found again, followed, ended.
 *
 * spark-submit runs under a small shell, in a session of its own, that notes its process id first
 * and the exit code last; so both are there for whoever comes later, and what became of the work
 * never depends on who was watching. Its output goes to two files. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "firesteel/io.h"
#include "submit_run.h"

enum { MAX_PAUSE_MS = 250, KILL_AFTER_US = 10 * 1000 * 1000 };

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

void submit_run_free(struct submit_run *run)
{
    if (!run)
        return;
    struct submit_stream *const streams[] = {&run->out, &run->err};
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
    run->out = (struct submit_stream){.path = fst_path_join(w->folder, "driver.out"), .fd = -1};
    run->err = (struct submit_stream){.path = fst_path_join(w->folder, "driver.err"), .fd = -1};
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
    if (!submit_read_number(run->pid_path, &pid) || pid <= 1 || pid > INT32_MAX)
        return false;
    run->pid = (pid_t)pid;
    run->start_time = fst_process_start_time(run->pid);
    if (run->start_time != 0 && !is_supervisor(run, run->pid))
        run->start_time = SUBMIT_NOT_OURS;
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

/* ---- The slots ------------------------------------------------------------------------------- */

enum fst_status submit_no_work(struct fst_error *err)
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

/* The driver is on YARN: what becomes of it is what YARN says, and spark-submit only while YARN
 * says nothing. */
static enum fst_status poll_yarn(struct submit_run *run, int wait_ms, struct fst_progress *out,
                                 struct fst_problem *problem, struct fst_error *err)
{
    enum fst_status status;
    if (run->gone)
        fst_pause_ms(wait_ms < MAX_PAUSE_MS ? wait_ms : MAX_PAUSE_MS);
    else
        submit_wait(run, wait_ms);
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
        return submit_decide(run, out, problem, err);
    show_newest(run, out);
    return FST_OK;
}

enum fst_status submit_poll(struct fst_session *s, int wait_ms, struct fst_progress *out,
                            struct fst_problem *problem, struct fst_error *err)
{
    struct submit_run *run = s->run;
    if (!run)
        return submit_no_work(err);
    if (run->yarn)
        return poll_yarn(run, wait_ms, out, problem, err);
    submit_wait(run, wait_ms);
    remove_secrets(run);
    *out = run->report.progress;
    if (submit_is_over(run)) {
        if (!run->decided)
            driver_feed_end(&run->report, &run->out.fed, NULL);
        run->decided = true;
        return submit_decide(run, out, problem, err);
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
        return submit_no_work(err);
    submit_look(run);
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

enum fst_status submit_profile(struct fst_session *s, struct fst_profile **out,
                               struct fst_error *err)
{
    if (!s->run)
        return submit_no_work(err);
    return driver_take_profile(&s->run->report, out, err);
}

enum fst_status submit_outcome(struct fst_session *s, struct fst_outcome *out,
                               struct fst_error *err)
{
    if (!s->run)
        return submit_no_work(err);
    driver_copy_outcome(&s->run->report, out);
    return FST_OK;
}
