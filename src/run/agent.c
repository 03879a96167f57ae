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

#include "agent.h"
#include "firesteel/io.h"

#define REATTACH_PATIENCE_US (300 * 1000000LL)
#define UNBORN_PATIENCE_US (20 * 1000000LL)

/* A full disk must not end the run, and a log with a gap must say so. */
static void log_line(const struct fst_buf *line)
{
    static long lost;
    static bool torn;
    struct fst_buf text = FST_BUF(70 * 1024);
    if (torn)
        fst_buf_addc(&text, '\n');
    if (lost)
        fst_buf_printf(&text, "(%ld line%s missing here: the log could not be written)\n", lost,
                       lost == 1 ? " is" : "s are");
    fst_buf_add(&text, line->p, line->n);
    ssize_t done = write(STDOUT_FILENO, text.p, text.n);
    bool whole = done == (ssize_t)text.n;
    lost = whole ? 0 : lost + 1;
    torn = done > 0 ? !whole : torn;
    fst_buf_done(&text);
}

void fst__say(const char *fmt, ...)
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
    log_line(&text);
    fst_buf_done(&text);
}

/* ---- Submitting and finding again ------------------------------------------------------------ */

static enum fst_status open_session(struct fst__agent *g, struct fst_error *err)
{
    g->engine = fst_engine_named(g->job.engine);
    if (!g->engine || !g->engine->submit)
        return fst_fail(err, FST_EUNSUPPORTED, "there is no engine %s that runs", g->job.engine);
    struct fst_bind_context cx = {.catalog = g->catalog, .allow_cmd = g->place->allow_cmd};
    fst_bind_set_places(&cx);
    return fst_bind_open(&cx, g->engine, g->job.options, &g->session, err);
}

static bool submit(struct fst__agent *g)
{
    struct fst_error err = {0};
    struct fst_problem problem = {0};
    struct fst_buf handle = FST_BUF(64 * 1024);
    if (!fst__event_submitting(&g->events, g->job.work.operation_id)) {
        fst_fail(&err, FST_EIO,
                 "nothing was submitted, because %s/events could not be written: no space is left "
                 "on the disk, or it may not be written to",
                 g->folder);
        fst__agent_end(g, FST_STATE_FAILED, err.text, NULL);
        fst_buf_done(&handle);
        return false;
    }
    fst__agent_enter(g, FST_STATE_PENDING);
    fst__say("submitting %s to %s%s%s", g->job.label,
             *g->job.provider ? g->job.provider : g->job.engine,
             g->job.work.output_uri ? ", output " : "",
             g->job.work.output_uri ? g->job.work.output_uri : "");
    enum fst_status status = g->engine->submit(g->session, &g->job.work, &handle, &problem, &err);
    if (status == FST_OK)
        fst__event_submitted(&g->events, fst_buf_text(&handle));
    else
        fst__agent_end_failed(g, &problem, &err);
    fst_buf_done(&handle);
    return status == FST_OK;
}

bool fst__agent_server_is_gone(const struct fst__agent *g)
{
    return g->server.pid > 0 && !fst_process_alive(g->server.pid, g->server.start_time);
}

/* Someone submitted this before us. A server that does not answer gets some patience; so does one
 * that does not know the work yet, when whoever sent it died before there was an answer. */
static bool reattach(struct fst__agent *g, const struct fst_history *h)
{
    struct fst_error err = {0};
    int64_t patience = g->place->patience_us ? g->place->patience_us : REATTACH_PATIENCE_US;
    int64_t began = fst_monotonic_us();
    enum fst_status status = FST_EUNSUPPORTED;
    fst__say("an earlier agent submitted this; looking for operation %s", g->job.work.operation_id);
    while (g->engine->reattach) {
        int64_t waited = fst_monotonic_us() - began;
        status = g->engine->reattach(g->session, &g->job.work, h->handle ? h->handle : "", &err);
        bool silent = status == FST_ENET || status == FST_ETIMEOUT;
        bool unborn = status == FST_ENOTFOUND && !h->submitted && !g->engine->is_local_host;
        bool gone = silent && fst__agent_server_is_gone(g);
        if (!(silent && !gone && waited < patience) && !(unborn && waited < UNBORN_PATIENCE_US))
            break;
        fst_pause_ms(1000);
    }
    if (status == FST_OK)
        return true;
    fst__agent_end_lost(g, err.text[0] ? err.text : "nobody knows what became of it");
    return false;
}

/* ---- From the beginning ---------------------------------------------------------------------- */

/* The events know an end that the row does not: the agent died in between. */
static bool ended_before(struct fst__agent *g, const struct fst_history *h)
{
    if (!fst_states[h->view.state].final || h->view.state == FST_STATE_NONE ||
        h->view.state == FST_STATE_LOST)
        return false;
    g->run->state = h->view.state;
    g->run->started_us = h->started_us;
    g->run->finished_us = h->finished_us;
    if (h->view.state == FST_STATE_READY)
        g->run->rows = h->rows >= 0 ? h->rows : fst__count_rows(g->run->output);
    g->run->error = *h->view.error ? fst_arena_strdup(g->run->arena, h->view.error) : NULL;
    fst__agent_write_row(g);
    return true;
}

/* How long it has run already. The clock since boot is one for all processes; after a start of the
 * host the other clock has to do. */
static void take_over_clock(struct fst__agent *g, const struct fst_history *h)
{
    int64_t mono = fst_monotonic_us(), ago = fst_now_us() - h->started_us;
    if (!h->started_us)
        return;
    g->run->started_us = h->started_us;
    g->running_us = h->running_mono_us > 0 && h->running_mono_us <= mono ? h->running_mono_us
                    : ago > 0                                            ? mono - ago
                                                                         : mono;
}

static void work(struct fst__agent *g, const struct fst_history *h)
{
    struct fst_error err = {0};
    if (ended_before(g, h))
        return;
    take_over_clock(g, h);
    fst__log_copy_begin(&g->log, STDOUT_FILENO, h);
    if (g->run->cancel_wanted && !h->submitting) {
        fst__agent_end(g, FST_STATE_CANCELLED, "cancelled before it began", NULL);
    } else if (open_session(g, &err) != FST_OK) {
        fst__agent_end(g, FST_STATE_FAILED, err.text, NULL);
    } else if (h->submitting ? reattach(g, h) : submit(g)) {
        fst__agent_follow(g);
    }
    if (g->session)
        g->engine->close(g->session);
}

static enum fst_status open_files(struct fst__agent *g, const char *id, struct fst_history *h,
                                  struct fst_error *err)
{
    char *job = fst__run_path(g->place, id, "job.json");
    char *events = fst__run_path(g->place, id, "events");
    enum fst_status status = fst__job_read(job, &g->job, err);
    if (status == FST_OK) {
        g->folder = fst__run_path(g->place, id, NULL);
        g->job.work.folder = g->folder;
        g->job.work.questions = g->job.questions;
        g->job.work.n_questions = g->job.n_questions;
        status = fst__events_history(events, h, err);
    }
    if (status == FST_OK)
        status = fst__events_open(&g->events, events, err);
    if (status == FST_OK &&
        fst_server_find(g->catalog, g->job.provider, &g->server, NULL) != FST_OK)
        g->server.pid = 0; /* a record of one that died before says nothing about who answers now */
    free(job);
    free(events);
    return status;
}

static enum fst_status run_agent(struct fst__agent *g, const char *id, struct fst_error *err)
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
        fst__agent_write_row(g);
    }
    fst__history_done(&history);
    fst__log_copy_done(&g->log);
    return status;
}

enum fst_status fst_run_agent(const struct fst_run_place *place, const char *id,
                              struct fst_error *err)
{
    struct fst__agent g = {.place = place, .events = {.fd = -1}, .lock = -1};
    char *lock = fst__run_path(place, id, "lock");
    enum fst_status status = FST_OK;
    signal(SIGHUP, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    fst_memory_thrift();
    g.lock = fst_lock_take(lock);
    free(lock);
    if (g.lock >= 0)
        status = run_agent(&g, id, err); /* else another agent lives: nothing to do */
    fst__events_close(&g.events);
    fst__job_done(&g.job);
    free(g.folder);
    fst_run_record_free(g.run);
    fst_catalog_close(g.catalog);
    if (g.lock >= 0)
        close(g.lock);
    return status;
}
