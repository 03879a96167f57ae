/* Runs that were started here: each is told of when it ends, whichever view is open. Of a chain,
 * whose runs a process of its own starts one after the other, each step is said and the end is
 * told: its file says what was started, and how it ended. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

#define CHAIN_LOOK_US 500000

void wb_watch(struct wb *wb, const char *run_id)
{
    for (size_t i = 0; i < wb->n_watched; i++)
        if (strcmp(wb->watched[i], run_id) == 0)
            return;
    fst_grow(&wb->watched, &wb->watched_cap, wb->n_watched + 1, sizeof *wb->watched);
    wb->watched[wb->n_watched++] = fst_strdup(run_id);
}

static void say_end(struct wb *wb, const struct fst_run_record *run)
{
    struct fst_buf took = FST_BUF(64);
    bool well = run->state == FST_STATE_READY;
    int64_t began = run->started_us ? run->started_us : run->created_us;
    int64_t took_us = run->finished_us > began ? run->finished_us - began : 0;
    fst_duration_text(&took, took_us);
    wb_say(wb, well ? FST_ROLE_OK : FST_ROLE_ERROR, "%s.%s is %s after %s (run %s)", run->name,
           run->variant, fst_states[run->state].name, fst_buf_text(&took), run->id);
    char *name = fst_asprintf("%s.%s", run->name, run->variant);
    char *text =
        fst_asprintf("%s is %s after %s", name, fst_states[run->state].name, fst_buf_text(&took));
    wb_notify(wb, &(struct run_end){name, fst_states[run->state].name, run->id, text, took_us});
    free(text);
    free(name);
    fst_buf_done(&took);
}

static void look_at_runs(struct wb *wb)
{
    for (size_t i = 0; i < wb->n_watched;) {
        struct fst_run_record *run = NULL;
        bool is = fst_catalog_get_run(wb->catalog, wb->watched[i], &run, NULL) == FST_OK;
        bool ended = is && fst_states[run->state].final;
        if (ended)
            say_end(wb, run);
        fst_run_record_free(run);
        if (!ended) {
            i++;
            continue;
        }
        free(wb->watched[i]);
        wb->watched[i] = wb->watched[--wb->n_watched];
    }
}

/* ---- Chains ---------------------------------------------------------------------------------- */

void wb_watch_chain(struct wb *wb, const char *chain_id)
{
    struct watched_chain *w;
    fst_grow(&wb->chains, &wb->chains_cap, wb->n_chains + 1, sizeof *wb->chains);
    w = &wb->chains[wb->n_chains++];
    *w = (struct watched_chain){
        .id = fst_strdup(chain_id), .since_us = fst_monotonic_us(), .n_said = 1};
}

struct chain_task {
    struct task task;
    char *id;
    struct fst_chain chain;
    size_t step; /* that was started last, from 1 */
    size_t n_ready;
};

static void count_ready(struct chain_task *t)
{
    struct fst_app *app = t->task.wb->app;
    struct fst_catalog *c;
    t->task.status = fst_app_take(app, &c, &t->task.err);
    if (t->task.status != FST_OK)
        return;
    t->n_ready = fst_chain_ready(&t->chain, c);
    fst_app_give(app, c);
}

/* The run that was started last; NULL = none was. */
static const char *last_run(const struct chain_task *t)
{
    return t->step ? t->chain.runs[t->step - 1] : NULL;
}

static void chain_work(struct task *t)
{
    struct chain_task *c = (struct chain_task *)t;
    t->status = fst_chain_read(fst_app_run_place(t->wb->app), c->id, &c->chain, &t->err);
    if (t->status != FST_OK)
        return;
    c->step = fst_chain_started(&c->chain);
    if (c->chain.ended)
        count_ready(c);
}

static void chain_release(struct task *t)
{
    struct chain_task *c = (struct chain_task *)t;
    if (c->chain.arena)
        fst_chain_done(&c->chain);
    free(c->id);
}

static struct watched_chain *find_chain(struct wb *wb, const char *id)
{
    for (size_t i = 0; i < wb->n_chains; i++)
        if (strcmp(wb->chains[i].id, id) == 0)
            return &wb->chains[i];
    return NULL;
}

static void forget_chain(struct wb *wb, struct watched_chain *w)
{
    free(w->id);
    *w = wb->chains[--wb->n_chains];
}

static void say_step(struct wb *wb, const struct chain_task *c)
{
    struct fst_run_record *run;
    const char *last = last_run(c);
    if (!last || fst_catalog_get_run(wb->catalog, last, &run, NULL) != FST_OK)
        return;
    wb_say(wb, FST_ROLE_INFO, "%s: step %zu of %zu, %s.%s (T on the run shows the chain)",
           fst_target_label(c->chain.target), c->step, c->chain.n, run->name, run->variant);
    fst_run_record_free(run);
}

static void say_chain_end(struct wb *wb, const struct chain_task *c, int64_t took_us)
{
    struct fst_buf took = FST_BUF(64);
    const struct fst_chain *chain = &c->chain;
    bool well = chain->end.status == FST_OK;
    const char *state = fst_states[fst_chain_state(chain)].name;
    fst_duration_text(&took, took_us);
    char *text = well ? fst_asprintf("%s is READY, all %zu runs, after %s",
                                     fst_target_label(chain->target), chain->n, fst_buf_text(&took))
                      : fst_asprintf("%s ended with %zu of %zu runs READY after %s: %.*s",
                                     fst_target_label(chain->target), c->n_ready, chain->n,
                                     fst_buf_text(&took), (int)strcspn(chain->end.text, "\n"),
                                     chain->end.text);
    wb_say(wb, well ? FST_ROLE_OK : FST_ROLE_ERROR, "%s", text);
    wb_notify(wb, &(struct run_end){fst_target_label(chain->target), state,
                                    c->step ? last_run(c) : "", text, took_us});
    free(text);
    fst_buf_done(&took);
}

static void chain_read(struct task *t, struct view *v)
{
    struct chain_task *c = (struct chain_task *)t;
    struct watched_chain *w = find_chain(t->wb, c->id);
    (void)v;
    if (!w)
        return;
    w->asked = false;
    if (t->status != FST_OK) {
        wb_say_error(t->wb, &t->err);
        forget_chain(t->wb, w);
    } else if (c->chain.ended) {
        say_chain_end(t->wb, c, fst_monotonic_us() - w->since_us);
        forget_chain(t->wb, w);
    } else if (c->step > w->n_said) {
        say_step(t->wb, c);
        w->n_said = c->step;
    }
}

static void look_at_chains(struct wb *wb)
{
    int64_t now = fst_monotonic_us();
    for (size_t i = 0; i < wb->n_chains; i++) {
        struct watched_chain *w = &wb->chains[i];
        if (w->asked || now - w->looked_us < CHAIN_LOOK_US)
            continue;
        struct chain_task *c =
            wb_task_new(wb, NULL, sizeof *c, chain_work, chain_read, chain_release);
        c->id = fst_strdup(w->id);
        w->asked = true;
        w->looked_us = now;
        wb_task_start(&c->task, "looking at a chain");
    }
}

void wb_watch_look(struct wb *wb)
{
    look_at_runs(wb);
    look_at_chains(wb);
}

void wb_watch_done(struct wb *wb)
{
    for (size_t i = 0; i < wb->n_watched; i++)
        free(wb->watched[i]);
    free(wb->watched);
    for (size_t i = 0; i < wb->n_chains; i++)
        free(wb->chains[i].id);
    free(wb->chains);
}
