/* Acts on a resource or a run, the same from every view that has one selected. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "view.h"

struct act_task {
    struct task task;
    char *name, *provider;
    const char *what; /* is done; a literal */
    bool upstream, downstream;
    struct fst_labels plan; /* exactly this instead of what a name needs */
    char said[512];
    char run_id[64]; /* that was started */
    char chain_id[64];
};

static void release(struct task *t)
{
    struct act_task *a = (struct act_task *)t;
    free(a->name);
    free(a->provider);
    fst_labels_free(&a->plan);
}

static void told(struct task *t, struct view *v)
{
    struct act_task *a = (struct act_task *)t;
    (void)v;
    if (t->status != FST_OK)
        wb_say_error(t->wb, &t->err);
    else if (a->said[0])
        wb_say(t->wb, FST_ROLE_INFO, "%s", a->said);
    if (a->chain_id[0])
        wb_watch_chain(t->wb, a->chain_id);
    else if (a->run_id[0])
        wb_watch(t->wb, a->run_id);
    wb_look_again(t->wb);
}

static struct act_task *new_task(struct wb *wb, const char *name, void (*work)(struct task *))
{
    struct act_task *a = wb_task_new(wb, NULL, sizeof *a, work, told, release);
    a->name = fst_strdup(name);
    a->provider = fst_strdup(wb_provider(wb));
    a->task.stays = true;
    return a;
}

/* A task that was made and not started. */
static void drop(void *arg)
{
    struct act_task *a = arg;
    release(&a->task);
    free(a);
}

/* ---- Running --------------------------------------------------------------------------------- */

static void run_started(void *arg, const char *run_id, const char *label)
{
    struct act_task *a = arg;
    snprintf(a->run_id, sizeof a->run_id, "%s", run_id);
    snprintf(a->said, sizeof a->said, "started %s, run %s%s (8 shows the runs)", label, run_id,
             a->upstream || a->downstream || a->plan.n > 1 ? ", the rest follows" : "");
}

static void chain_started(void *arg, const char *chain_id)
{
    struct act_task *a = arg;
    snprintf(a->chain_id, sizeof a->chain_id, "%s", chain_id);
}

static void run_work(struct task *t)
{
    struct act_task *a = (struct act_task *)t;
    struct fst_run_request rq = {.target = a->name,
                                 .provider = a->provider,
                                 .upstream = a->upstream,
                                 .downstream = a->downstream,
                                 .started = run_started,
                                 .chain = chain_started,
                                 .arg = a};
    t->status = a->plan.n ? fst_app_run_planned(t->wb->app, &a->plan, &rq, &t->err)
                          : fst_app_run(t->wb->app, &rq, &t->err);
    if (t->status == FST_OK && !a->said[0])
        snprintf(a->said, sizeof a->said, "%s: looked at again", a->name);
}

static void start_confirmed(struct wb *wb, void *arg)
{
    struct act_task *a = arg;
    const char *slash = strchr(a->name, '/');
    wb_say(wb, FST_ROLE_INFO, "starting %s", slash ? slash + 1 : a->name);
    wb_task_start(&a->task, "starting a run");
}

static void start_run(struct wb *wb, const struct fst_resource *r, bool upstream)
{
    char *name = fst_asprintf("%s/%s", fst_kinds[r->kind].name, fst_resource_label(r));
    char *what =
        fst_asprintf("Run %s%s", fst_resource_label(r), upstream ? " and what it needs" : "");
    struct act_task *a = new_task(wb, name, run_work);
    a->upstream = upstream;
    wb_confirm(wb, a->provider ? a->provider : r->provider, what, start_confirmed, drop, a);
    free(what);
    free(name);
}

void wb_run_downstream(struct wb *wb, const char *target, const char *provider)
{
    struct act_task *a = new_task(wb, target, run_work);
    char *what = fst_asprintf("Run all that stands on %s", fst_target_label(target));
    a->downstream = true;
    wb_confirm(wb, a->provider ? a->provider : provider, what, start_confirmed, drop, a);
    free(what);
}

void wb_run_planned(struct wb *wb, struct fst_labels *plan, const char *provider)
{
    struct act_task *a = new_task(wb, "the rebuild", run_work);
    a->plan = *plan;
    *plan = (struct fst_labels){0};
    wb_confirm(wb, a->provider ? a->provider : provider, "Run all that is out of date",
               start_confirmed, drop, a);
}

/* ---- Plans, tags, servers -------------------------------------------------------------------- */

struct explain_task {
    struct act_task act;
    struct fst_buf plan;
};

static void explain_work(struct task *t)
{
    struct explain_task *x = (struct explain_task *)t;
    struct fst_problem problem = {0};
    char *text = NULL;
    t->status = fst_app_explain_named(t->wb->app, x->act.name, x->act.provider, &x->plan, &text,
                                      &problem, &t->err);
    free(text);
}

static void explain_done(struct task *t, struct view *v)
{
    struct explain_task *x = (struct explain_task *)t;
    (void)v;
    if (fst_job_cancelled(&t->job))
        return;
    if (t->status == FST_OK)
        wb_open_text(t->wb, x->act.name, fst_buf_take(&x->plan));
    else
        wb_say_error(t->wb, &t->err);
}

static void explain_release(struct task *t)
{
    fst_buf_done(&((struct explain_task *)t)->plan);
    release(t);
}

static void explain(struct wb *wb, const struct fst_resource *r)
{
    struct explain_task *x =
        wb_task_new(wb, NULL, sizeof *x, explain_work, explain_done, explain_release);
    x->act.name = fst_strdup(fst_resource_label(r));
    x->act.provider = fst_strdup(wb_provider(wb));
    x->plan = FST_BUF_TEXT;
    wb_task_start(&x->act.task, "explaining");
}

bool wb_tag(struct wb *wb, int64_t id, const char *text)
{
    char *copy = fst_strdup(text), *rest = copy, *word;
    struct fst_error err = {0};
    enum fst_status status = FST_OK;
    while (status == FST_OK && (word = strsep(&rest, " "))) {
        const char *tag = word + (*word == '-' || *word == '+');
        if (*tag)
            status =
                fst_catalog_set_tags(wb->catalog, id, &tag, *word != '-', &tag, *word == '-', &err);
    }
    free(copy);
    if (status != FST_OK)
        wb_say_error(wb, &err);
    return status == FST_OK;
}

static void tag_done(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    int64_t id = v->ops->selected ? v->ops->selected(v) : 0;
    if (id)
        wb_tag(wb, id, text);
    if (v->ops->changed)
        v->ops->changed(v);
}

static void server_say(void *arg, const char *line)
{
    struct act_task *a = arg;
    snprintf(a->said, sizeof a->said, "%s", line);
}

static bool wants_end(void *arg)
{
    return fst_job_cancelled(&((struct act_task *)arg)->task.job);
}

static void start_work(struct task *t)
{
    struct act_task *a = (struct act_task *)t;
    t->status = fst_app_provider_start(t->wb->app, a->name, server_say, a, wants_end, &t->err);
    if (t->status != FST_OK && wants_end(a))
        fst_fail(&t->err, FST_EIO, "%s: not waited for any longer", a->name);
    snprintf(a->said, sizeof a->said, "%s is ready", a->name);
}

static void stop_work(struct task *t)
{
    struct act_task *a = (struct act_task *)t;
    t->status = fst_app_provider_stop(t->wb->app, a->name, &t->err);
    snprintf(a->said, sizeof a->said, "%s is stopped", a->name);
}

static void test_work(struct task *t)
{
    struct act_task *a = (struct act_task *)t;
    struct fst_buf line = FST_BUF(4096);
    t->status = fst_app_provider_test(t->wb->app, a->name, &line, &t->err);
    snprintf(a->said, sizeof a->said, "%s: %s", a->name, fst_buf_text(&line));
    fst_buf_done(&line);
}

static void provider_task(struct wb *wb, const struct fst_resource *r, void (*work)(struct task *),
                          const char *what)
{
    wb_say(wb, FST_ROLE_INFO, "%s %s", what, r->name);
    struct act_task *a = new_task(wb, r->name, work);
    a->task.stays = work == stop_work;
    wb_task_start(&a->task, what);
}

/* ---- The table ------------------------------------------------------------------------------- */

static void act_lineage(struct wb *wb, const struct fst_resource *r)
{
    char *id = fst_asprintf("%lld", (long long)r->id);
    wb_open(wb, "lineage", id);
    free(id);
}
static void act_impact(struct wb *wb, const struct fst_resource *r)
{
    char *name = fst_asprintf("%s/%s", fst_kinds[r->kind].name, fst_resource_label(r));
    wb_open(wb, "impact", name);
    free(name);
}
static void act_preview(struct wb *wb, const struct fst_resource *r)
{
    char *name = fst_asprintf("%s/%s", fst_kinds[r->kind].name, fst_resource_label(r));
    wb_open(wb, "preview", name);
    free(name);
}
static void act_tree(struct wb *wb, const struct fst_resource *r)
{
    char *name = fst_asprintf("%s/%s", fst_kinds[r->kind].name, fst_resource_label(r));
    wb_open(wb, "tree", name);
    free(name);
}
static void act_edit(struct wb *wb, const struct fst_resource *r)
{
    if (r->kind == FST_PROVIDER) {
        wb_provider_form(wb, r);
        return;
    }
    if (!r->sql) {
        wb_say(wb, FST_ROLE_WARN, "%s is a Python function: change its definition",
               fst_resource_label(r));
        return;
    }
    char *id = fst_asprintf("%lld", (long long)r->id);
    wb_open(wb, "editor", id);
    free(id);
}
static void act_run(struct wb *wb, const struct fst_resource *r)
{
    start_run(wb, r, false);
}
static void act_run_upstream(struct wb *wb, const struct fst_resource *r)
{
    start_run(wb, r, true);
}
static void act_runs(struct wb *wb, const struct fst_resource *r)
{
    char *id = fst_asprintf("%lld", (long long)r->id);
    wb_open(wb, "runs", id);
    free(id);
}
static void act_tag(struct wb *wb, const struct fst_resource *r)
{
    (void)r;
    wb_prompt(wb, "tags to add, or -tag to take away: ", "", tag_done);
}
static void act_copy(struct wb *wb, const struct fst_resource *r)
{
    const char *label = fst_resource_label(r);
    wb_copy(wb, label, label, strlen(label));
}
static void act_start(struct wb *wb, const struct fst_resource *r)
{
    provider_task(wb, r, start_work, "starting the server of");
}
static void stop_confirmed(struct wb *wb, void *arg)
{
    struct act_task *a = arg;
    wb_say(wb, FST_ROLE_INFO, "stopping the server of %s", a->name);
    wb_task_start(&a->task, "stopping the server of");
}
static void stop_choice(struct wb *wb, int choice, void *arg)
{
    char *name = arg;
    if (choice == 1)
        wb_confirm(wb, name, "Stop the server", stop_confirmed, drop,
                   new_task(wb, name, stop_work));
    free(name);
}
static void act_stop(struct wb *wb, const struct fst_resource *r)
{
    static const char *const choices[] = {"Leave it", "Stop the server", NULL};
    wb_dialog(wb, "Stop the server",
              fst_asprintf("What runs on the server of %s ends with it.", r->name), choices, NULL,
              NULL, stop_choice, fst_strdup(r->name));
}
static void act_test(struct wb *wb, const struct fst_resource *r)
{
    provider_task(wb, r, test_work, "asking");
}

static void act_usage(struct wb *wb, const struct fst_resource *r)
{
    char *name = fst_asprintf("%s/%s", fst_kinds[r->kind].name, fst_resource_label(r));
    wb_open(wb, "usage", name);
    free(name);
}

#define OF(kind) (1u << (kind))
enum {
    ANY = ~0u,
    SERVERS = OF(FST_PROVIDER),
    QUERIES = OF(FST_TRANSFORMATION),
    RUNS = QUERIES | OF(FST_TRAINING_SET) | OF(FST_JOB),
    ROWS = QUERIES | OF(FST_SOURCE) | OF(FST_FEATURE) | OF(FST_LABEL) | OF(FST_TRAINING_SET),
    VARIANTS = ROWS | OF(FST_JOB),
};
static const struct {
    const char *name;
    unsigned kinds; /* that it has a meaning for */
    void (*act)(struct wb *wb, const struct fst_resource *r);
} acts[] = {
    {"act.archive", VARIANTS, wb_act_archive},
    {"act.write", ANY, wb_write_back},
    {"act.usage", RUNS, act_usage},
    {"act.lineage", ANY, act_lineage},
    {"act.preview", ROWS, act_preview},
    {"act.edit", QUERIES | SERVERS, act_edit},
    {"act.run", VARIANTS, act_run},
    {"act.run-upstream", VARIANTS, act_run_upstream},
    {"act.runs", VARIANTS, act_runs},
    {"act.explain", QUERIES | OF(FST_TRAINING_SET), explain},
    {"act.impact", ANY, act_impact},
    {"act.columns", ROWS, wb_show_columns},
    {"act.tree", ROWS, act_tree},
    {"act.beside", VARIANTS, wb_act_beside},
    {"act.tag", ANY, act_tag},
    {"act.copy", ANY, act_copy},
    {"act.start", SERVERS, act_start},
    {"act.stop", SERVERS, act_stop},
    {"act.test", SERVERS, act_test},
};

bool wb_act_suits(const char *action, enum fst_resource_kind kind)
{
    for (size_t i = 0; i < FST_COUNT(acts); i++)
        if (strcmp(acts[i].name, action) == 0)
            return acts[i].kinds & OF(kind);
    return true;
}

/* Where a view does not say, what it shows is no server. */
bool wb_offers(struct view *v, const char *action)
{
    return v->ops->offers ? v->ops->offers(v, action) : wb_act_suits(action, FST_TRANSFORMATION);
}

bool wb_act(struct wb *wb, const char *action, int64_t id)
{
    struct fst_resource *r;
    struct fst_error err;
    for (size_t i = 0; i < FST_COUNT(acts); i++) {
        if (strcmp(acts[i].name, action) != 0)
            continue;
        if (fst_catalog_get(wb->catalog, id, &r, &err) != FST_OK) {
            wb_say_error(wb, &err);
            return true;
        }
        if (acts[i].kinds & OF(r->kind))
            acts[i].act(wb, r);
        else
            wb_say(wb, FST_ROLE_WARN, "%s is %s %s: %s is not for those", fst_resource_label(r),
                   r->kind == FST_ENTITY ? "an" : "a", fst_kinds[r->kind].name,
                   strchr(action, '.') + 1);
        fst_resource_free(r);
        return true;
    }
    return false;
}

/* ---- Runs ------------------------------------------------------------------------------------ */

static void cancel_work(struct task *t)
{
    struct act_task *a = (struct act_task *)t;
    t->status = fst_app_cancel(t->wb->app, a->name, &t->err);
    snprintf(a->said, sizeof a->said, "asked run %s to end", a->name);
}

static void start_quietly(struct wb *wb, void *arg)
{
    (void)wb;
    struct act_task *a = arg;
    wb_task_start(&a->task, a->what);
}

/* On the run's own provider, whatever is chosen here. */
static void start_on_run(struct wb *wb, const struct fst_run_record *run,
                         void (*work)(struct task *), const char *what)
{
    struct act_task *a = new_task(wb, run->id, work);
    char *said = fst_asprintf("%c%s run %s of %s.%s", toupper((unsigned char)*what), what + 1,
                              run->id, run->name, run->variant);
    a->what = what;
    wb_confirm(wb, *run->provider ? run->provider : "local", said, start_quietly, drop, a);
    free(said);
}

static void cancel_choice(struct wb *wb, int choice, void *arg)
{
    char *id = arg;
    struct fst_run_record *run;
    struct fst_error err;
    if (choice == 1 && fst_catalog_get_run(wb->catalog, id, &run, &err) != FST_OK)
        wb_say_error(wb, &err);
    else if (choice == 1) {
        start_on_run(wb, run, cancel_work, "cancelling");
        fst_run_record_free(run);
    }
    free(id);
}

/* One that has ended already is not asked about: the answer is that it has. */
static void cancel(struct wb *wb, const struct fst_run_record *run)
{
    static const char *const choices[] = {"Let it run", "End the run", NULL};
    char *id = fst_strdup(run->id);
    if (fst_states[run->state].final)
        cancel_choice(wb, 1, id);
    else
        wb_dialog(wb, "End the run",
                  fst_asprintf("%s.%s, run %s, is %s.", run->name, run->variant, run->id,
                               fst_states[run->state].name),
                  choices, NULL, NULL, cancel_choice, id);
}

static void cancel_chain_work(struct task *t)
{
    struct act_task *a = (struct act_task *)t;
    t->status = fst_app_cancel_chain(t->wb->app, a->name, &t->err);
    snprintf(a->said, sizeof a->said, "asked chain %s to end", a->name);
}

static void chain_choice(struct wb *wb, int choice, void *arg)
{
    struct act_task *a = arg;
    if (choice == 1)
        wb_confirm(wb, a->provider, "Ending the chain", start_quietly, drop, a);
    else
        drop(a);
}

void wb_cancel_chain(struct wb *wb, const char *id, const char *provider, bool ended, char *text)
{
    static const char *const choices[] = {"Let it run", "End the chain", NULL};
    struct act_task *a = new_task(wb, id, cancel_chain_work);
    a->what = "cancelling";
    free(a->provider);
    a->provider = fst_strdup(provider);
    if (!ended) {
        wb_dialog(wb, "End the chain", text, choices, NULL, NULL, chain_choice, a);
        return;
    }
    free(text);
    start_quietly(wb, a); /* the answer is that it has */
}

static void retry_work(struct task *t)
{
    struct act_task *a = (struct act_task *)t;
    char *id = NULL;
    t->status = fst_app_retry(t->wb->app, a->name, &id, &t->err);
    snprintf(a->run_id, sizeof a->run_id, "%s", id ? id : "");
    snprintf(a->said, sizeof a->said, "started again as run %s", id ? id : "");
    free(id);
}

static void open_resource_of(struct wb *wb, const struct fst_run_record *run, const char *view)
{
    char *id = fst_asprintf("%lld", (long long)run->resource_id);
    wb_open(wb, view, id);
    free(id);
}

static void compare_run(struct wb *wb, const struct fst_run_record *run)
{
    char *target = fst_asprintf("%s.%s", run->name, run->variant);
    wb_open_compare(wb, target, run->id);
    free(target);
}

static void preview_run(struct wb *wb, const struct fst_run_record *run)
{
    char *target =
        fst_asprintf("%s/%s.%s@%s", fst_kinds[run->kind].name, run->name, run->variant, run->id);
    wb_open(wb, "preview", target);
    free(target);
}

bool wb_act_on_run(struct wb *wb, const char *action, const char *run_id)
{
    struct fst_run_record *run;
    struct fst_error err;
    if (fst_catalog_get_run(wb->catalog, run_id, &run, &err) != FST_OK) {
        wb_say_error(wb, &err);
        return true;
    }
    if (strcmp(action, "run.log") == 0)
        wb_open(wb, "run", run->id);
    else if (strcmp(action, "run.stages") == 0)
        wb_open(wb, "stages", run->id);
    else if (strcmp(action, "run.attempts") == 0)
        wb_open(wb, "attempts", run->id);
    else if (strcmp(action, "run.chain") == 0)
        wb_open(wb, "chain", run->id);
    else if (strcmp(action, "run.preview") == 0)
        preview_run(wb, run);
    else if (strcmp(action, "run.compare") == 0)
        compare_run(wb, run);
    else if (strcmp(action, "run.copy") == 0)
        wb_copy(wb, run->id, run->id, strlen(run->id));
    else if (strcmp(action, "run.cancel") == 0)
        cancel(wb, run);
    else if (strcmp(action, "run.retry") == 0)
        start_on_run(wb, run, retry_work, "starting again");
    else if (strcmp(action, "run.resource") == 0)
        open_resource_of(wb, run, "page");
    else if (strcmp(action, "run.lineage") == 0)
        open_resource_of(wb, run, "lineage");
    fst_run_record_free(run);
    return true;
}
