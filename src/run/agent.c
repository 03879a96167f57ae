/* The agent: one process for one run, from its submission to its end.
 *
 * It holds the lock of the run's folder, appends events and log, and writes the catalog's row when
 * the state changes. An agent that finds the events of an earlier one goes on from there: what was
 * submitted is reattached, by the operation id that was stored before submitting; what nobody knows
 * any more is LOST. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "firesteel/store.h"
#include "run.h"

#define POLL_MS 500
#define CANCEL_LOOK_US 1000000
#define PROGRESS_EVERY_US 300000
#define UNREACHABLE_PATIENCE_US (60 * 1000000LL)

struct agent {
    const struct fst_run_place *place;
    struct fst_catalog *catalog;
    struct fst_run_record *run;
    struct fst_job_file job;
    struct fst_events events;
    struct fst_session *session;
    const struct fst_engine *engine;
    int lock;
    bool cancel_sent;
    int64_t looked_us, progress_us, unreachable_us;
    struct fst_progress last;
};

/* ---- Saying what happens --------------------------------------------------------------------- */

/* stdout is the run's log. */
static void say(const char *fmt, ...)
{
    struct fst_buf text = FST_BUF(64 * 1024);
    int64_t day_seconds = fst_now_us() / 1000000 % 86400;
    fst_buf_printf(&text, "%02d:%02d:%02d ", (int)(day_seconds / 3600),
                   (int)(day_seconds / 60 % 60), (int)(day_seconds % 60));
    va_list args;
    va_start(args, fmt);
    fst_buf_vprintf(&text, fmt, args);
    va_end(args);
    fst_buf_addc(&text, '\n');
    if (write(STDOUT_FILENO, text.p, text.n) < 0) {
        /* a full disk must not end the run; the events say so too */
    }
    fst_buf_done(&text);
}

/* The row is an index of the events: try for a while, then leave it to the next one who opens the
 * workspace. */
static void write_row(struct agent *g)
{
    struct fst_error err;
    for (int i = 0; i < 5; i++)
        if (fst_catalog_update_run(g->catalog, g->run, &err) == FST_OK)
            return;
    say("the catalog could not be written: %s", err.text);
}

static void enter(struct agent *g, enum fst_state state)
{
    if (g->run->state == state)
        return;
    g->run->state = state;
    if (state == FST_STATE_RUNNING && !g->run->started_us)
        g->run->started_us = fst_now_us();
    fst__event_state(&g->events, state);
    say("%s", fst_states[state].name);
    write_row(g);
}

static void end(struct agent *g, enum fst_state state, const char *error,
                const struct fst_problem *problem)
{
    g->run->state = state;
    g->run->finished_us = fst_now_us();
    g->run->error = error && *error ? fst_arena_strdup(g->run->arena, error) : NULL;
    if (error && *error)
        fst__event_failed(&g->events, state, error, problem);
    else
        fst__event_state(&g->events, state);
    say("%s%s%s", fst_states[state].name, error && *error ? ": " : "", error ? error : "");
    write_row(g);
}

/* An error with the place in the text, when there is one. */
static void end_failed(struct agent *g, const struct fst_problem *problem,
                       const struct fst_error *err)
{
    struct fst_buf text = FST_BUF(8192);
    fst_problem_text(&text, problem, err->text);
    end(g, err->status == FST_ECANCELLED ? FST_STATE_CANCELLED : FST_STATE_FAILED,
        fst_buf_text(&text), problem);
    fst_buf_done(&text);
}

/* ---- The end of good runs -------------------------------------------------------------------- */

static int64_t count_rows(const char *uri)
{
    struct fst_reader *reader;
    struct fst_read_options options = {0};
    if (fst_store_open_table(uri, "parquet", &options, &reader, NULL) != FST_OK)
        return -1;
    int64_t rows = reader->total_rows;
    fst_reader_close(reader);
    return rows;
}

/* The first cell of the answer; -1 when there is none. */
static int64_t ask_number(struct agent *g, const char *sql)
{
    struct fst_work work = g->job.work;
    struct fst_problem problem = {0};
    struct fst_reader *reader;
    struct fst_frame *f = NULL;
    int64_t answer = -1;
    work.sql = sql;
    if (!g->engine->query ||
        g->engine->query(g->session, &work, 1, &reader, &problem, NULL) != FST_OK)
        return -1;
    if (fst_reader_next(reader, 1, &f, NULL) == FST_OK && f && f->n_rows && f->n_columns)
        answer = fst_column_int(&f->columns[0], 0);
    fst_frame_unref(f);
    fst_reader_close(reader);
    return answer;
}

static void answer_questions(struct agent *g)
{
    for (size_t i = 0; i < g->job.n_questions; i++) {
        int64_t n = ask_number(g, g->job.questions[i].sql);
        char *text = n < 0 ? fst_asprintf("%s: not known", g->job.questions[i].what)
                           : fst_asprintf("%s: %lld", g->job.questions[i].what, (long long)n);
        fst__event_note(&g->events, text);
        say("%s", text);
        free(text);
    }
}

/* READY means that the output is there, whole; a program has none. */
static void end_ready(struct agent *g, const struct fst_progress *p)
{
    if (!g->job.work.output_uri) {
        end(g, FST_STATE_READY, NULL, NULL);
        return;
    }
    char *local = fst_store_local_path(g->run->output);
    char *success = local ? fst_path_join(local, "_SUCCESS") : NULL;
    if (success && !fst_path_exists(success)) {
        end(g, FST_STATE_FAILED, "the engine says that it is done, but the output has no _SUCCESS",
            NULL);
    } else {
        answer_questions(g);
        g->run->rows = p->rows >= 0 ? p->rows : local ? count_rows(g->run->output) : -1;
        end(g, FST_STATE_READY, NULL, NULL);
    }
    free(success);
    free(local);
}

/* ---- Submitting and finding again ------------------------------------------------------------ */

static enum fst_status open_session(struct agent *g, struct fst_error *err)
{
    g->engine = fst_engine_named(g->job.engine);
    if (!g->engine || !g->engine->submit)
        return fst_fail(err, FST_EUNSUPPORTED, "there is no engine %s that runs", g->job.engine);
    struct fst_bind_context cx = {.allow_cmd = g->place->allow_cmd};
    return fst_bind_open(&cx, g->engine, g->job.options, &g->session, err);
}

static bool submit(struct agent *g)
{
    struct fst_error err = {0};
    struct fst_problem problem = {0};
    struct fst_buf handle = FST_BUF(64 * 1024);
    fst__event_submitting(&g->events, g->job.work.operation_id);
    enter(g, FST_STATE_PENDING);
    say("submitting %s to %s, output %s", g->job.label,
        *g->job.provider ? g->job.provider : g->job.engine,
        g->job.work.output_uri ? g->job.work.output_uri : "its own");
    enum fst_status status = g->engine->submit(g->session, &g->job.work, &handle, &problem, &err);
    if (status == FST_OK)
        fst__event_submitted(&g->events, fst_buf_text(&handle));
    else
        end_failed(g, &problem, &err);
    fst_buf_done(&handle);
    return status == FST_OK;
}

static void pause_ms(long ms)
{
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

/* Someone submitted this before us. A server that does not answer gets some patience. */
static bool reattach(struct agent *g, const struct fst_history *h)
{
    struct fst_error err = {0};
    int64_t until = fst_monotonic_us() + UNREACHABLE_PATIENCE_US;
    enum fst_status status = FST_EUNSUPPORTED;
    say("an earlier agent submitted this; looking for operation %s", g->job.work.operation_id);
    while (g->engine->reattach) {
        status = g->engine->reattach(g->session, &g->job.work, h->handle ? h->handle : "", &err);
        if ((status != FST_ENET && status != FST_ETIMEOUT) || fst_monotonic_us() > until)
            break;
        pause_ms(1000);
    }
    if (status == FST_OK)
        return true;
    end(g, FST_STATE_LOST, err.text[0] ? err.text : "nobody knows what became of it", NULL);
    return false;
}

/* ---- Following ------------------------------------------------------------------------------- */

static void look_for_cancel(struct agent *g)
{
    int64_t now = fst_monotonic_us();
    struct fst_run_record *row;
    if (g->cancel_sent || now - g->looked_us < CANCEL_LOOK_US)
        return;
    g->looked_us = now;
    if (fst_catalog_get_run(g->catalog, g->run->id, &row, NULL) != FST_OK)
        return;
    bool wanted = row->cancel_wanted;
    fst_run_record_free(row);
    if (!wanted)
        return;
    struct fst_error err = {0};
    g->cancel_sent = true;
    say("cancelling");
    if (!g->engine->cancel || g->engine->cancel(g->session, &err) != FST_OK)
        say("could not cancel: %s", err.text);
}

static void note_progress(struct agent *g, const struct fst_progress *p)
{
    int64_t now = fst_monotonic_us();
    if (p->state != FST_RUN_RUNNING || memcmp(p, &g->last, sizeof *p) == 0 ||
        now - g->progress_us < PROGRESS_EVERY_US)
        return;
    if (strcmp(p->detail, g->last.detail) != 0)
        say("%s", p->detail);
    g->progress_us = now;
    g->last = *p;
    fst__event_progress(&g->events, p);
}

/* True while there is more to wait for. */
static bool follow_once(struct agent *g)
{
    struct fst_progress p = {.tasks_done = -1, .tasks_total = -1, .rows = -1};
    struct fst_problem problem = {0};
    struct fst_error err = {0};
    enum fst_status status = g->engine->poll(g->session, POLL_MS, &p, &problem, &err);
    if (status == FST_ENET || status == FST_ETIMEOUT) {
        if (!g->unreachable_us)
            say("not reachable: %s", err.text);
        g->unreachable_us = g->unreachable_us ? g->unreachable_us : fst_monotonic_us();
        if (fst_monotonic_us() - g->unreachable_us > UNREACHABLE_PATIENCE_US) {
            end(g, FST_STATE_LOST, err.text, NULL);
            return false;
        }
        pause_ms(POLL_MS);
        return true;
    }
    g->unreachable_us = 0;
    if (status != FST_OK && p.state != FST_RUN_CANCELLED && p.state != FST_RUN_LOST)
        p.state = FST_RUN_FAILED;
    switch (p.state) {
    case FST_RUN_READY:
        fst__event_progress(&g->events, &p);
        end_ready(g, &p);
        return false;
    case FST_RUN_FAILED:
        end_failed(g, &problem, &err);
        return false;
    case FST_RUN_CANCELLED:
        end(g, FST_STATE_CANCELLED,
            g->cancel_sent ? "cancelled as asked" : "cancelled by the engine", NULL);
        return false;
    case FST_RUN_LOST:
        end(g, FST_STATE_LOST, err.text, NULL);
        return false;
    case FST_RUN_RUNNING:
        enter(g, FST_STATE_RUNNING);
        break;
    default:
        break;
    }
    note_progress(g, &p);
    return true;
}

static void follow(struct agent *g)
{
    do
        look_for_cancel(g);
    while (follow_once(g));
}

/* ---- From the beginning ---------------------------------------------------------------------- */

/* The events know an end that the row does not: the agent died in between. */
static bool ended_before(struct agent *g, const struct fst_history *h)
{
    if (!fst_states[h->view.state].final || h->view.state == FST_STATE_NONE)
        return false;
    g->run->state = h->view.state;
    g->run->started_us = h->started_us;
    g->run->finished_us = h->finished_us;
    g->run->rows = h->view.state == FST_STATE_READY && g->job.work.output_uri
                       ? count_rows(g->run->output)
                       : -1;
    g->run->error = *h->view.error ? fst_arena_strdup(g->run->arena, h->view.error) : NULL;
    write_row(g);
    return true;
}

static void work(struct agent *g, const struct fst_history *h)
{
    struct fst_error err = {0};
    if (ended_before(g, h))
        return;
    if (g->run->cancel_wanted && !h->submitting) {
        end(g, FST_STATE_CANCELLED, "cancelled before it began", NULL);
    } else if (open_session(g, &err) != FST_OK) {
        end(g, FST_STATE_FAILED, err.text, NULL);
    } else if (h->submitting ? reattach(g, h) : submit(g)) {
        follow(g);
    }
    if (g->session)
        g->engine->close(g->session);
}

static enum fst_status open_files(struct agent *g, const char *id, struct fst_history *h,
                                  struct fst_error *err)
{
    char *job = fst__run_path(g->place, id, "job.json");
    char *events = fst__run_path(g->place, id, "events");
    enum fst_status status = fst__job_read(job, &g->job, err);
    if (status == FST_OK)
        status = fst__events_history(events, h, err);
    if (status == FST_OK)
        status = fst__events_open(&g->events, events, err);
    free(job);
    free(events);
    return status;
}

static enum fst_status run_agent(struct agent *g, const char *id, struct fst_error *err)
{
    struct fst_history history = {0};
    FST_TRY(fst_catalog_open(g->place->catalog_path, 0, &g->catalog, err));
    FST_TRY(fst_catalog_get_run(g->catalog, id, &g->run, err));
    if (fst_states[g->run->state].final && g->run->state != FST_STATE_LOST)
        return FST_OK;
    enum fst_status status = open_files(g, g->run->id, &history, err);
    if (status == FST_OK) {
        work(g, &history);
    } else {
        g->run->state = FST_STATE_FAILED;
        g->run->finished_us = fst_now_us();
        g->run->error = err ? err->text : NULL;
        write_row(g);
    }
    fst__history_done(&history);
    return status;
}

enum fst_status fst_run_agent(const struct fst_run_place *place, const char *id,
                              struct fst_error *err)
{
    struct agent g = {.place = place, .events = {.fd = -1}, .lock = -1};
    char *lock = fst__run_path(place, id, "lock");
    enum fst_status status = FST_OK;
    signal(SIGHUP, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    g.lock = fst__lock_take(lock);
    free(lock);
    if (g.lock >= 0)
        status = run_agent(&g, id, err); /* else another agent lives: nothing to do */
    fst__events_close(&g.events);
    fst__job_done(&g.job);
    fst_run_record_free(g.run);
    fst_catalog_close(g.catalog);
    if (g.lock >= 0)
        close(g.lock);
    return status;
}
