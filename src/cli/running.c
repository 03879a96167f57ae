/* Verbs for runs and chains of them: run, runs, log, cancel, retry, and the hidden agent. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"

#define FOLLOW_MS 150

/* ---- run ------------------------------------------------------------------------------------- */

struct following {
    char label[256], detail[160];
    enum fst_state state;
    bool detached;
};

static void on_started(void *arg, const char *run_id, const char *label)
{
    struct following *f = arg;
    snprintf(f->label, sizeof f->label, "%s", label);
    f->state = FST_STATE_NONE;
    f->detail[0] = '\0';
    if (f->detached)
        printf("%s\n", run_id);
    else
        cli_note("%s: run %s", label, run_id);
}

static void on_left_out(void *arg, const char *label, const char *because)
{
    (void)arg;
    cli_note("%s: left out, as it stands on %s", label, because);
}

static void on_chain(void *arg, const char *chain_id)
{
    (void)arg;
    cli_note("chain %s", chain_id);
}

static void on_progress(void *arg, const char *run_id, const struct fst_run_view *view)
{
    struct following *f = arg;
    (void)run_id;
    if (view->state != f->state && view->state != FST_STATE_NONE &&
        view->state != FST_STATE_CREATED)
        cli_note("%s: %s", f->label, fst_states[view->state].name);
    else if (view->state == FST_STATE_RUNNING && view->progress.detail[0] &&
             strcmp(view->progress.detail, f->detail) != 0)
        cli_note("%s: %s", f->label, view->progress.detail);
    f->state = view->state;
    snprintf(f->detail, sizeof f->detail, "%s", view->progress.detail);
}

static int show_command(struct fst_cli *c)
{
    struct fst_buf out = FST_BUF_TEXT;
    struct fst_error err = {0};
    enum fst_status status =
        fst_app_command(c->app, c->operands[0], cli_option(c, "--provider"), &out, &err);
    if (status == FST_OK) {
        cli_text(fst_buf_text(&out));
        if (out.n && out.p[out.n - 1] != '\n')
            putchar('\n');
    }
    fst_buf_done(&out);
    return status == FST_OK ? 0 : cli_fail(&err);
}

/* What would run, in order. Without --upstream and --downstream that is the target alone. */
static int show_plan(struct fst_cli *c)
{
    static const struct cli_column columns[] = {{"step", FST_LONG}, {"name", FST_STRING}};
    bool down = cli_option(c, "--downstream") != NULL, up = cli_option(c, "--upstream") != NULL;
    struct fst_labels plan;
    struct fst_error err;
    if (!up && !down)
        return cli_usage(c, "--plan is of --upstream, --downstream or --stale");
    if (fst_app_run_plan(c->app, c->operands[0], up, down, &plan, &err) != FST_OK)
        return cli_fail(&err);
    struct cli_rows *rows = cli_rows_new(c, columns, FST_COUNT(columns));
    for (size_t i = 0; i < plan.n; i++) {
        char step[32];
        snprintf(step, sizeof step, "%zu", i + 1);
        cli_row(rows, (const char *const[]){step, plan.labels[i]});
    }
    fst_labels_free(&plan);
    return cli_rows_finish(c, rows);
}

/* ---- run --stale ----------------------------------------------------------------------------- */

static void stale_row(struct cli_rows *rows, size_t step, const struct fst_impact_node *it)
{
    char at[32], took[32], hash[13], ran[13];
    snprintf(at, sizeof at, "%zu", step);
    snprintf(took, sizeof took, "%lld", (long long)(it->took_us / 1000));
    snprintf(hash, sizeof hash, "%.12s", it->hash);
    snprintf(ran, sizeof ran, "%.12s", it->hash_ran);
    cli_row(rows, (const char *const[]){at, it->label, fst_kinds[it->kind].name, it->why,
                                        it->took_us >= 0 ? took : NULL, hash, *ran ? ran : NULL});
}

static int show_stale(struct fst_cli *c, const struct fst_impact *plan)
{
    static const struct cli_column columns[] = {
        {"step", FST_LONG},    {"name", FST_STRING}, {"type", FST_STRING},    {"why", FST_STRING},
        {"took_ms", FST_LONG}, {"hash", FST_STRING}, {"hash_ran", FST_STRING}};
    struct cli_rows *rows = cli_rows_new(c, columns, FST_COUNT(columns));
    for (size_t i = 0; i < plan->n; i++)
        stale_row(rows, i + 1, &plan->items[i]);
    return cli_rows_finish(c, rows);
}

static void note_total(const struct fst_impact *plan)
{
    struct fst_buf total = FST_BUF(256);
    if (plan->n_runs)
        fst_impact_total(plan, &total);
    else
        fst_buf_adds(&total, "nothing is out of date");
    cli_note("%s", fst_buf_text(&total));
    fst_buf_done(&total);
}

/* The plan is told before the first of it starts, and what runs is what was told. */
static int run_stale(struct fst_cli *c, const struct fst_impact *plan,
                     const struct fst_run_request *rq)
{
    struct fst_labels labels;
    struct fst_error err = {0};
    for (size_t i = 0; i < plan->n; i++)
        cli_note("%zu. %s: %s", i + 1, plan->items[i].label, plan->items[i].why);
    note_total(plan);
    if (plan->n == 0)
        return 0;
    fst_impact_labels(plan, &labels);
    enum fst_status status = fst_app_run_planned(c->app, &labels, rq, &err);
    fst_labels_free(&labels);
    return status == FST_OK ? 0 : cli_fail(&err);
}

static int stale(struct fst_cli *c, const struct fst_run_request *rq)
{
    struct fst_impact plan;
    struct fst_error err = {0};
    int code;
    if (fst_app_refresh_sources(c->app, &err) != FST_OK ||
        fst_app_stale(c->app, &plan, &err) != FST_OK)
        return cli_fail(&err);
    if (cli_option(c, "--plan")) {
        code = show_stale(c, &plan);
        note_total(&plan);
    } else {
        code = run_stale(c, &plan, rq);
    }
    fst_impact_done(&plan);
    return code;
}

/* What `run` is meant for: a name, or all that is out of date. 0 = it can be told. */
static int check_run(struct fst_cli *c)
{
    static const char *const of_a_name[] = {"--upstream", "--downstream", "--show-command"};
    if (!cli_option(c, "--stale"))
        return c->n_operands ? 0 : cli_usage(c, "run needs NAME[.VARIANT] or --stale");
    if (c->n_operands)
        return cli_usage(c, "--stale is of the whole workspace, and takes no name");
    for (size_t i = 0; i < FST_COUNT(of_a_name); i++)
        if (cli_option(c, of_a_name[i]))
            return cli_usage(c, "%s is of a name, --stale of the whole workspace", of_a_name[i]);
    return 0;
}

int cli_run(struct fst_cli *c)
{
    struct following f = {.detached = cli_option(c, "--detach") != NULL};
    struct fst_run_request rq = {.target = c->operands[0],
                                 .provider = cli_option(c, "--provider"),
                                 .upstream = cli_option(c, "--upstream") != NULL,
                                 .downstream = cli_option(c, "--downstream") != NULL,
                                 .wait = !f.detached,
                                 .started = on_started,
                                 .left_out = on_left_out,
                                 .chain = on_chain,
                                 .progress = on_progress,
                                 .arg = &f,
                                 .cancelled = cli_interrupted};
    struct fst_error err = {0};
    int code = check_run(c);
    if (code != 0)
        return code;
    if (cli_option(c, "--stale"))
        return stale(c, &rq);
    if (cli_option(c, "--plan"))
        return show_plan(c);
    if (cli_option(c, "--show-command"))
        return show_command(c);
    return fst_app_run(c->app, &rq, &err) == FST_OK ? 0 : cli_fail(&err);
}

/* ---- runs ------------------------------------------------------------------------------------ */

static void run_row(struct cli_rows *rows, const struct fst_run_record *r)
{
    struct fst_buf when = FST_BUF(64), took = FST_BUF(64);
    int64_t end = r->finished_us ? r->finished_us : fst_now_us();
    fst_timestamp_iso(&when, r->created_us);
    fst_duration_text(&took, end - (r->started_us ? r->started_us : r->created_us));
    char *label = fst_asprintf("%s.%s", r->name, r->variant);
    char *count = r->rows >= 0 ? fst_asprintf("%lld", (long long)r->rows) : NULL;
    char *first = r->error ? fst_strndup(r->error, strcspn(r->error, "\n")) : NULL;
    cli_row(rows, (const char *const[]){r->id, label, fst_states[r->state].name,
                                        *r->provider ? r->provider : "local", fst_buf_text(&when),
                                        fst_buf_text(&took), count, first});
    free(label);
    free(count);
    free(first);
    fst_buf_done(&when);
    fst_buf_done(&took);
}

/* The resource of --of; -1 = it is none, 0 = none was given. */
static enum fst_status find_of(struct fst_cli *c, int64_t *id, struct fst_error *err)
{
    const char *of = cli_option(c, "--of");
    struct fst_place p;
    *id = 0;
    if (!of)
        return FST_OK;
    FST_TRY(fst_app_find(c->app, of, &p, err));
    *id = p.resource ? p.resource->id : -1;
    fst_place_done(&p);
    return FST_OK;
}

static enum fst_status query_runs(struct fst_cli *c, struct fst_run_query *q, struct fst_runs *out,
                                  struct fst_error *err)
{
    struct fst_catalog *catalog;
    FST_TRY(find_of(c, &q->resource_id, err));
    FST_TRY(fst_app_take(c->app, &catalog, err));
    enum fst_status status = fst_catalog_runs(catalog, q, out, err);
    fst_app_give(c->app, catalog);
    return status;
}

static void chain_row(struct cli_rows *rows, const struct fst_chain_row *r)
{
    struct fst_buf began = FST_BUF(64), took = FST_BUF(64);
    bool is_over = fst_states[r->state].final;
    char done[32], steps[32];
    snprintf(done, sizeof done, "%zu", r->done);
    snprintf(steps, sizeof steps, "%zu", r->n);
    fst_timestamp_iso(&began, r->began_us);
    fst_duration_text(&took, (is_over ? r->ended_us : fst_now_us()) - r->began_us);
    char *first = r->error ? fst_strndup(r->error, strcspn(r->error, "\n")) : NULL;
    cli_row(rows,
            (const char *const[]){r->id, fst_states[r->state].name, done, steps, r->now,
                                  r->began_us ? fst_buf_text(&began) : NULL,
                                  r->began_us ? fst_buf_text(&took) : NULL, r->target, first});
    free(first);
    fst_buf_done(&began);
    fst_buf_done(&took);
}

static int show_chains(struct fst_cli *c, uint64_t limit)
{
    static const struct cli_column columns[] = {
        {"chain", FST_STRING}, {"state", FST_STRING},  {"done", FST_LONG},
        {"steps", FST_LONG},   {"now", FST_STRING},    {"began", FST_STRING},
        {"took", FST_STRING},  {"target", FST_STRING}, {"error", FST_STRING}};
    struct fst_chain_rows chains;
    struct fst_error err;
    int64_t of;
    if (find_of(c, &of, &err) != FST_OK ||
        fst_app_chains(c->app, of, (size_t)limit, &chains, &err) != FST_OK)
        return cli_fail(&err);
    struct cli_rows *rows = cli_rows_new(c, columns, FST_COUNT(columns));
    for (size_t i = 0; i < chains.n; i++)
        chain_row(rows, &chains.rows[i]);
    int code = cli_rows_finish(c, rows);
    if (chains.total > chains.n)
        cli_note("%zu of %zu chains; -n N shows more", chains.n, chains.total);
    fst_chain_rows_done(&chains);
    return code;
}

int cli_runs(struct fst_cli *c)
{
    static const struct cli_column columns[] = {{"run", FST_STRING},     {"name", FST_STRING},
                                                {"state", FST_STRING},   {"provider", FST_STRING},
                                                {"created", FST_STRING}, {"took", FST_STRING},
                                                {"rows", FST_LONG},      {"error", FST_STRING}};
    struct fst_error err;
    struct fst_runs runs;
    uint64_t limit = 20;
    if (!cli_count(c, "--limit", &limit))
        return 2;
    if (cli_option(c, "--chains"))
        return show_chains(c, limit);
    struct fst_run_query q = {.limit = (int64_t)limit};
    if (query_runs(c, &q, &runs, &err) != FST_OK)
        return cli_fail(&err);
    struct cli_rows *rows = cli_rows_new(c, columns, FST_COUNT(columns));
    for (size_t i = 0; i < runs.n; i++)
        run_row(rows, runs.runs[i]);
    int code = cli_rows_finish(c, rows);
    if (runs.total > (int64_t)runs.n)
        cli_note("%zu of %lld runs; -n N shows more", runs.n, (long long)runs.total);
    fst_runs_done(&runs);
    return code;
}

/* ---- log, cancel, retry ---------------------------------------------------------------------- */

static enum fst_status get_run(struct fst_cli *c, struct fst_run_record **out,
                               struct fst_error *err)
{
    struct fst_catalog *catalog;
    FST_TRY(fst_app_take(c->app, &catalog, err));
    enum fst_status status = fst_catalog_get_run(catalog, c->operands[0], out, err);
    fst_app_give(c->app, catalog);
    return status;
}

static enum fst_status print_log(struct fst_cli *c, const char *id, uint64_t *offset,
                                 struct fst_error *err)
{
    struct fst_buf text = FST_BUF(2 << 20);
    uint64_t before;
    enum fst_status status;
    do {
        before = *offset;
        fst_buf_clear(&text);
        status = fst_run_read_log(fst_app_run_place(c->app), id, offset, 1 << 20, &text, err);
        cli_text(fst_buf_text(&text));
    } while (status == FST_OK && *offset > before);
    fst_buf_done(&text);
    fflush(stdout);
    return status;
}

static bool is_over(struct fst_cli *c)
{
    struct fst_run_record *run;
    if (get_run(c, &run, NULL) != FST_OK)
        return true;
    bool over = fst_states[run->state].final;
    fst_run_record_free(run);
    return over;
}

int cli_log(struct fst_cli *c)
{
    struct fst_run_record *run;
    struct fst_error err;
    uint64_t offset = 0;
    bool follow = cli_option(c, "--follow") != NULL, over;
    struct timespec pause = {.tv_nsec = FOLLOW_MS * 1000000L};
    if (get_run(c, &run, &err) != FST_OK)
        return cli_fail(&err);
    enum fst_status status;
    do {
        over = !follow || is_over(c);
        status = print_log(c, run->id, &offset, &err);
        if (!over)
            nanosleep(&pause, NULL);
    } while (status == FST_OK && !over && !cli_interrupted(NULL));
    fst_run_record_free(run);
    return status == FST_OK ? 0 : cli_fail(&err);
}

int cli_cancel(struct fst_cli *c)
{
    struct fst_error err;
    enum fst_status status = fst_app_cancel(c->app, c->operands[0], &err);
    bool is_run = status != FST_ENOTFOUND;
    if (!is_run)
        status = fst_app_cancel_chain(c->app, c->operands[0], &err);
    if (status != FST_OK)
        return cli_fail(&err);
    cli_note("asked to end; firesteel runs%s shows when it has", is_run ? "" : " --chains");
    return 0;
}

int cli_retry(struct fst_cli *c)
{
    struct fst_error err;
    char *id;
    if (fst_app_retry(c->app, c->operands[0], &id, &err) != FST_OK)
        return cli_fail(&err);
    printf("%s\n", id);
    free(id);
    return 0;
}

int cli_agent(struct fst_cli *c)
{
    struct fst_error err = {0};
    enum fst_status status = fst_run_agent(fst_app_run_place(c->app), c->operands[0], &err);
    return status == FST_OK ? 0 : cli_fail(&err);
}

int cli_chain(struct fst_cli *c)
{
    struct fst_error err = {0};
    return fst_app_chain(c->app, c->operands[0], &err) == FST_OK ? 0 : cli_fail(&err);
}

int cli_reattach(struct fst_cli *c)
{
    struct fst_error err = {0};
    if (fst_app_look_again(c->app, c->operands[0], &err) != FST_OK)
        return cli_fail(&err);
    cli_note("looking; firesteel runs shows what it turns out to be");
    return 0;
}
