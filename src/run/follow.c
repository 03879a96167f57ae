/* Following a run: news, log, the wish to end it, its time limit, and silence. */
#include <stdlib.h>
#include <string.h>

#include "agent.h"

#define POLL_MS 500
#define CANCEL_LOOK_US 1000000
#define CANCEL_AGAIN_US (5 * 1000000LL)
#define PROGRESS_EVERY_US 300000
#define PROFILE_EVERY_US (10 * 1000000LL)
#define PATIENCE_US (300 * 1000000LL)

/* ---- Ending it before its time --------------------------------------------------------------- */

static bool cancel_is_wanted(struct fst__agent *g)
{
    struct fst_run_record *row;
    int64_t now = fst_monotonic_us();
    if (g->run->cancel_wanted || now - g->looked_us < CANCEL_LOOK_US)
        return g->run->cancel_wanted;
    g->looked_us = now;
    if (fst_catalog_get_run(g->catalog, g->run->id, &row, NULL) == FST_OK) {
        g->run->cancel_wanted = row->cancel_wanted;
        fst_run_record_free(row);
    }
    return g->run->cancel_wanted;
}

static bool is_over_time(struct fst__agent *g)
{
    return g->job.max_duration_us > 0 && g->running_us &&
           fst_monotonic_us() - g->running_us > g->job.max_duration_us;
}

static void say_limit(struct fst__agent *g)
{
    struct fst_buf limit = FST_BUF(64);
    fst_duration_text(&limit, g->job.max_duration_us);
    fst__say("over its time limit of %s (max_job_duration)", fst_buf_text(&limit));
    fst_buf_done(&limit);
}

/* A cluster that does not take the wish is asked again. */
static void cancel(struct fst__agent *g)
{
    struct fst_error err = {0};
    int64_t now = fst_monotonic_us();
    if (g->cancel_sent || (g->cancel_us && now - g->cancel_us < CANCEL_AGAIN_US))
        return;
    bool first = !g->cancel_us;
    g->cancel_us = now;
    if (first)
        fst__say("cancelling");
    if (!g->engine->cancel)
        fst_fail(&err, FST_EUNSUPPORTED, "the %s engine cannot end work", g->engine->name);
    else if (g->engine->cancel(g->session, &err) == FST_OK)
        g->cancel_sent = true;
    if (!g->cancel_sent && first) {
        char *text = fst_asprintf("could not be cancelled yet, trying on: %s", err.text);
        fst__event_note(&g->events, text);
        fst__say("%s", text);
        free(text);
    }
}

static void look_for_an_end(struct fst__agent *g)
{
    if (!g->deadline_passed && is_over_time(g)) {
        g->deadline_passed = true;
        say_limit(g);
    }
    if (g->deadline_passed || cancel_is_wanted(g))
        cancel(g);
}

/* ---- News ------------------------------------------------------------------------------------ */

static void note_progress(struct fst__agent *g, const struct fst_progress *p)
{
    int64_t now = fst_monotonic_us();
    bool is_news = p->state == FST_RUN_RUNNING || p->detail[0]; /* why it waits, too */
    if (!is_news || memcmp(p, &g->last, sizeof *p) == 0 || now - g->progress_us < PROGRESS_EVERY_US)
        return;
    if (p->detail[0] && strcmp(p->detail, g->last.detail) != 0)
        fst__say("%s", p->detail);
    g->progress_us = now;
    g->last = *p;
    fst__event_progress(&g->events, p);
}

/* Work that waits for its first task has nothing to tell, and many may wait. */
static void note_profile(struct fst__agent *g, const struct fst_progress *p)
{
    int64_t now = fst_monotonic_us();
    bool begun = p->state == FST_RUN_RUNNING && (p->tasks_done > 0 || g->job.work.program);
    if (!begun || now - g->profile_us < PROFILE_EVERY_US)
        return;
    g->profile_us = now;
    fst__agent_keep_profile(g);
    fst_memory_trim();
}

static void copy_log(struct fst__agent *g)
{
    while (fst__log_copy_some(&g->log, &g->events, g->engine, g->session))
        ;
}

/* What is shown of a run that nobody answers for: its last state, and that it is old. */
static void tell_silence(struct fst__agent *g, const struct fst_error *err)
{
    fst__say("not reachable: %s", err->text);
    snprintf(g->last.detail, sizeof g->last.detail, "no answer: %s", err->text);
    fst__event_progress(&g->events, &g->last);
}

static void tell_answer(struct fst__agent *g, const struct fst_progress *p)
{
    fst__say("reachable again");
    g->last = *p;
    fst__event_progress(&g->events, p);
}

/* True while there is patience left. */
static bool bear_silence(struct fst__agent *g, const struct fst_error *err)
{
    int64_t patience = g->place->patience_us ? g->place->patience_us : PATIENCE_US;
    int64_t now = fst_monotonic_us();
    if (!g->unreachable_us) {
        tell_silence(g, err);
        g->unreachable_us = now;
    }
    if (fst__agent_server_is_gone(g) || now - g->unreachable_us > patience) {
        fst__agent_end_lost(g, err->text);
        return false;
    }
    fst_pause_ms(POLL_MS);
    return true;
}

static void end_cancelled(struct fst__agent *g)
{
    struct fst_buf limit = FST_BUF(64);
    fst_duration_text(&limit, g->job.max_duration_us);
    char *text = g->deadline_passed
                     ? fst_asprintf("ended at its time limit of %s: raise max_job_duration if it "
                                    "has to run longer",
                                    fst_buf_text(&limit))
                     : fst_strdup(g->cancel_us ? "cancelled as asked" : "cancelled by the engine");
    fst__agent_end(g, g->deadline_passed ? FST_STATE_FAILED : FST_STATE_CANCELLED, text, NULL);
    free(text);
    fst_buf_done(&limit);
}

static void end_as_told(struct fst__agent *g, const struct fst_progress *p,
                        const struct fst_problem *problem, const struct fst_error *err)
{
    copy_log(g);
    fst__agent_keep_profile(g);
    switch (p->state) {
    case FST_RUN_READY:
        fst__event_progress(&g->events, p);
        fst__agent_end_ready(g, p);
        break;
    case FST_RUN_CANCELLED:
        end_cancelled(g);
        break;
    case FST_RUN_LOST:
        fst__agent_end_lost(g, err->text);
        break;
    default:
        fst__agent_end_failed(g, problem, err);
        break;
    }
}

/* True while there is more to wait for. */
static bool follow_once(struct fst__agent *g)
{
    struct fst_progress p = {.tasks_done = -1,
                             .tasks_total = -1,
                             .stages_done = -1,
                             .stages_total = -1,
                             .rows = -1,
                             .bytes_read = -1,
                             .bytes_written = -1};
    struct fst_problem problem = {0};
    struct fst_error err = {0};
    enum fst_status status = g->engine->poll(g->session, POLL_MS, &p, &problem, &err);
    if (status == FST_ENET || status == FST_ETIMEOUT)
        return bear_silence(g, &err);
    if (g->unreachable_us)
        tell_answer(g, &p);
    g->unreachable_us = 0;
    if (status != FST_OK && p.state != FST_RUN_CANCELLED && p.state != FST_RUN_LOST)
        p.state = FST_RUN_FAILED;
    if (p.state > FST_RUN_RUNNING) {
        end_as_told(g, &p, &problem, &err);
        return false;
    }
    if (p.state == FST_RUN_RUNNING)
        fst__agent_enter(g, FST_STATE_RUNNING);
    copy_log(g);
    note_progress(g, &p);
    note_profile(g, &p);
    return true;
}

void fst__agent_follow(struct fst__agent *g)
{
    g->profile_us = fst_monotonic_us();
    fst_memory_trim(); /* many agents wait at once */
    do
        look_for_an_end(g);
    while (follow_once(g));
}
