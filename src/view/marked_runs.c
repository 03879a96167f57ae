/* Acts on several runs: what is marked in the list of runs is started again or ended together. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

#define MOST_NAMES 12 /* that a question lists */

struct runs_act {
    const char *action, *title, *choice, *did;
    enum fst_status (*act)(struct fst_app *a, const char *run_id, char **new_id,
                           struct fst_error *err);
    bool unfinished; /* only on these; else on those that ended */
};

struct many {
    const struct runs_act *act;
    char **ids;
    size_t n;
    char *provider; /* of production, that asks for its name; NULL = none is */
};

struct many_task {
    struct task task;
    struct many many;
    char **started;
    size_t n_done;
};

static void many_done(struct many *m)
{
    for (size_t i = 0; i < m->n; i++)
        free(m->ids[i]);
    free(m->ids);
    free(m->provider);
}

/* ---- Doing ----------------------------------------------------------------------------------- */

static enum fst_status cancel_run(struct fst_app *a, const char *id, char **new_id,
                                  struct fst_error *err)
{
    (void)new_id;
    return fst_app_cancel(a, id, err);
}

/* All are tried; the first that goes wrong is told. */
static void work(struct task *t)
{
    struct many_task *m = (struct many_task *)t;
    for (size_t i = 0; i < m->many.n && !fst_job_cancelled(&t->job); i++) {
        struct fst_error err = {0};
        if (m->many.act->act(t->wb->app, m->many.ids[i], &m->started[i], &err) == FST_OK)
            m->n_done++;
        else if (t->status == FST_OK) {
            t->status = err.status;
            t->err = err;
        }
    }
}

static void done(struct task *t, struct view *v)
{
    struct many_task *m = (struct many_task *)t;
    (void)v;
    for (size_t i = 0; i < m->many.n; i++)
        if (m->started[i])
            wb_watch(t->wb, m->started[i]);
    if (t->status != FST_OK)
        wb_say(t->wb, FST_ROLE_ERROR, "%s %zu of %zu; %s", m->many.act->did, m->n_done, m->many.n,
               t->err.text);
    else
        wb_say(t->wb, FST_ROLE_INFO, "%s %zu runs", m->many.act->did, m->n_done);
    wb_look_again(t->wb);
}

static void release(struct task *t)
{
    struct many_task *m = (struct many_task *)t;
    for (size_t i = 0; i < m->many.n; i++)
        free(m->started[i]);
    free(m->started);
    many_done(&m->many);
}

static void go(struct wb *wb, void *arg)
{
    struct many *m = arg;
    struct many_task *t = wb_task_new(wb, NULL, sizeof *t, work, done, release);
    t->many = *m;
    t->started = fst_alloc((m->n + 1) * sizeof *t->started);
    free(m);
    wb_task_start(&t->task, t->many.act->title);
}

static void give_up(void *arg)
{
    struct many *m = arg;
    many_done(m);
    free(m);
}

/* ---- Asking ---------------------------------------------------------------------------------- */

static void chosen(struct wb *wb, int choice, void *arg)
{
    struct many *m = arg;
    if (choice != 1)
        give_up(m);
    else if (m->provider)
        wb_confirm(wb, m->provider, m->act->title, go, give_up, m);
    else
        go(wb, m);
}

/* Takes the run along if the act is for it; false when it is of another production provider. */
static bool take(struct wb *wb, struct many *m, const struct fst_run_record *run,
                 struct fst_buf *text)
{
    const char *provider = *run->provider ? run->provider : "local";
    if (fst_states[run->state].final == m->act->unfinished)
        return true;
    if (fst_app_provider_is(wb->app, "production", provider)) {
        if (m->provider && strcmp(m->provider, provider) != 0)
            return false;
        free(m->provider);
        m->provider = fst_strdup(provider);
    }
    if (m->n < MOST_NAMES)
        fst_buf_printf(text, "%s.%s, run %s, is %s on %s\n", run->name, run->variant, run->id,
                       fst_states[run->state].name, provider);
    m->ids[m->n++] = fst_strdup(run->id);
    return true;
}

static bool ask(struct wb *wb, const struct runs_act *act, char *const *ids, size_t n)
{
    const char *const choices[] = {"Leave them", act->choice, NULL};
    struct fst_buf text = FST_BUF_TEXT;
    struct fst_run_record *run;
    bool one_production = true;
    struct many *m = fst_alloc(sizeof *m);
    *m = (struct many){.act = act, .ids = fst_alloc((n + 1) * sizeof *m->ids)};
    for (size_t i = 0; i < n && one_production; i++)
        if (fst_catalog_get_run(wb->catalog, ids[i], &run, NULL) == FST_OK) {
            one_production = take(wb, m, run, &text);
            fst_run_record_free(run);
        }
    if (m->n > MOST_NAMES)
        fst_buf_printf(&text, "and %zu more\n", m->n - MOST_NAMES);
    if (m->n && m->n < n)
        fst_buf_printf(&text, "(%zu others are left out: %s)\n", n - m->n,
                       act->unfinished ? "they have ended" : "they go on");
    if (one_production && m->n) {
        wb_dialog(wb, act->title, fst_buf_take(&text), choices, NULL, NULL, chosen, m);
        return true;
    }
    wb_say(wb, FST_ROLE_WARN,
           !one_production   ? "they are of several providers of production: one after the other"
           : act->unfinished ? "all that are marked have ended"
                             : "all that are marked go on");
    give_up(m);
    fst_buf_done(&text);
    return true;
}

static const struct runs_act acts[] = {
    {"run.retry", "Run again all that are marked", "Run them", "started again", fst_app_retry,
     false},
    {"run.cancel", "End all that are marked", "End them", "asked to end:", cancel_run, true},
};

bool wb_act_on_runs(struct wb *wb, const char *action, char *const *ids, size_t n)
{
    for (size_t i = 0; i < FST_COUNT(acts); i++)
        if (strcmp(acts[i].action, action) == 0)
            return ask(wb, &acts[i], ids, n);
    return false;
}
