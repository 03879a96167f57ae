/* Runs, the newest first; of one resource when the target is its id. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

#define PAGE 200

struct runs {
    struct fst_list list;
    struct fst_runs runs;
    size_t *shown; /* indexes of those that the filter leaves */
    int64_t resource_id;
    bool loading, again, loaded;
    char keep[64], wanted[64]; /* the run to stay on; to go to when it is there */
};

struct runs_task {
    struct task task;
    int64_t resource_id;
    struct fst_runs runs;
};

static const struct fst_list_column columns[] = {{"run", 20, 20, false}, {"name", 14, 34, false},
                                                 {"state", 9, 9, false}, {"provider", 5, 10, false},
                                                 {"took", 6, 7, true},   {"rows", 6, 11, true},
                                                 {"error", 12, 0, false}};

static const struct fst_run_record *run_at(const struct runs *r, size_t row)
{
    return row < r->list.n_rows ? r->runs.runs[r->shown[row]] : NULL;
}

static enum fst_role cell(void *arg, size_t row, size_t col, struct fst_buf *out)
{
    const struct fst_run_record *run = run_at(arg, row);
    if (!run)
        return FST_ROLE_TEXT;
    int64_t end = run->finished_us ? run->finished_us : fst_now_us();
    switch (col) {
    case 0:
        fst_buf_adds(out, run->id);
        return FST_ROLE_TEXT;
    case 1:
        fst_buf_printf(out, "%s.%s", run->name, run->variant);
        return FST_ROLE_TEXT;
    case 2:
        fst_buf_adds(out, fst_states[run->state].name);
        return wb_state_role(run->state, false);
    case 3:
        fst_buf_adds(out, *run->provider ? run->provider : "local");
        return FST_ROLE_TEXT;
    case 4:
        fst_duration_text(out, end - (run->started_us ? run->started_us : run->created_us));
        return FST_ROLE_TEXT;
    case 5:
        if (run->rows >= 0)
            fst_count_text(out, run->rows);
        return FST_ROLE_TEXT;
    default:
        if (run->error)
            fst_buf_add(out, run->error, strcspn(run->error, "\n"));
        return FST_ROLE_DIM;
    }
}

/* ---- The filter ------------------------------------------------------------------------------ */

static bool fits(const struct fst_run_record *run, const char *filter)
{
    const char *texts[] = {run->id,
                           run->name,
                           run->variant,
                           fst_states[run->state].name,
                           *run->provider ? run->provider : "local",
                           run->error ? run->error : ""};
    for (size_t i = 0; i < FST_COUNT(texts); i++)
        if (strcasestr(texts[i], filter))
            return true;
    return false;
}

/* The cursor stays on the run `keep`, if that is among them. */
static void choose(struct runs *r, const char *keep)
{
    r->list.n_rows = 0;
    for (size_t i = 0; i < r->runs.n; i++) {
        if (r->list.filter[0] && !fits(r->runs.runs[i], r->list.filter))
            continue;
        if (strcmp(r->runs.runs[i]->id, keep) == 0)
            r->list.cursor = r->list.n_rows;
        r->shown[r->list.n_rows++] = i;
    }
    if (r->list.cursor >= r->list.n_rows)
        r->list.cursor = r->list.n_rows ? r->list.n_rows - 1 : 0;
}

static void filter(struct view *v, const char *text)
{
    struct runs *r = v->state;
    const struct fst_run_record *run = run_at(r, r->list.cursor);
    char *keep = fst_strdup(run ? run->id : "");
    snprintf(r->list.filter, sizeof r->list.filter, "%s", text);
    choose(r, keep);
    free(keep);
}

/* ---- Loading --------------------------------------------------------------------------------- */

static void work(struct task *t)
{
    struct runs_task *r = (struct runs_task *)t;
    struct fst_catalog *c;
    t->status = fst_app_take(t->wb->app, &c, &t->err);
    if (t->status != FST_OK)
        return;
    struct fst_run_query q = {.resource_id = r->resource_id, .limit = PAGE};
    t->status = fst_catalog_runs(c, &q, &r->runs, &t->err);
    fst_app_give(t->wb->app, c);
}

static void release(struct task *t)
{
    fst_runs_done(&((struct runs_task *)t)->runs);
}

static void load(struct view *v);

static void done(struct task *t, struct view *v)
{
    struct runs_task *rt = (struct runs_task *)t;
    if (!v)
        return;
    struct runs *r = v->state;
    r->loading = false;
    if (t->status != FST_OK) {
        wb_say_error(t->wb, &t->err);
    } else {
        /* on the first row one stays on the newest; elsewhere on the run that one looks at */
        const struct fst_run_record *run = run_at(r, r->list.cursor);
        snprintf(r->keep, sizeof r->keep, "%s", run && r->list.cursor ? run->id : "");
        fst_runs_done(&r->runs);
        r->runs = rt->runs;
        rt->runs = (struct fst_runs){0};
        free(r->shown);
        r->shown = fst_alloc((r->runs.n + 1) * sizeof *r->shown);
        choose(r, *r->wanted ? r->wanted : r->keep);
        r->wanted[0] = '\0';
        r->loaded = true;
        v->live = false;
        for (size_t i = 0; i < r->runs.n; i++)
            v->live |= !fst_states[r->runs.runs[i]->state].final;
    }
    if (r->again)
        load(v);
}

static void load(struct view *v)
{
    struct runs *r = v->state;
    r->again = r->loading;
    if (r->loading)
        return;
    struct runs_task *t = wb_task_new(v->wb, v, sizeof *t, work, done, release);
    t->resource_id = r->resource_id;
    r->loading = true;
    wb_task_start(&t->task, "listing runs");
}

static void open(struct view *v)
{
    struct runs *r = v->state;
    if (v->target)
        fst_parse_int64(v->target, strlen(v->target), &r->resource_id);
    r->list = (struct fst_list){
        .columns = columns, .n_columns = FST_COUNT(columns), .cell = cell, .arg = r};
    load(v);
}

static void close(struct view *v)
{
    struct runs *r = v->state;
    fst_runs_done(&r->runs);
    free(r->shown);
}

static bool action(struct view *v, const char *name)
{
    return fst_list_action(&((struct runs *)v->state)->list, name);
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct runs *r = v->state;
    fst_buf_printf(out, "Runs  %zu/%lld", r->list.n_rows ? r->list.cursor + 1 : 0,
                   r->list.filter[0] ? (long long)r->list.n_rows : (long long)r->runs.total);
    if (r->list.filter[0])
        fst_buf_printf(out, "%s  filter: %s",
                       (int64_t)r->runs.n < r->runs.total ? " of the newest" : "", r->list.filter);
    const struct fst_run_record *first = r->runs.n ? r->runs.runs[0] : NULL;
    if (r->resource_id && first)
        fst_buf_printf(out, "  of %s.%s", first->name, first->variant);
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct runs *r = v->state;
    fst_list_draw(&r->list, s);
    if (r->loaded && r->list.n_rows == 0 && s->rows > 3)
        fst_draws(s, 2, 2, FST_ROLE_DIM, r->list.filter[0] ? "nothing found" : "no runs yet");
}

static void place(struct view *v, struct fst_buf *out)
{
    const struct runs *r = v->state;
    if (run_at(r, r->list.cursor))
        fst_buf_adds(out, run_at(r, r->list.cursor)->id);
}

static void go_to(struct view *v, const char *place)
{
    struct runs *r = v->state;
    snprintf(r->wanted, sizeof r->wanted, "%s", place);
}

static const char *selected_run(struct view *v)
{
    const struct fst_run_record *run = run_at(v->state, ((struct runs *)v->state)->list.cursor);
    return run ? run->id : NULL;
}

const struct view_ops view_runs = {
    .name = "runs",
    .help = "runs, the newest first",
    .scopes = {"run", "list", NULL},
    .state_size = sizeof(struct runs),
    .open = open,
    .close = close,
    .action = action,
    .changed = load,
    .filter = filter,
    .title = title,
    .draw = draw,
    .is_list = true,
    .place = place,
    .go_to = go_to,
    .selected_run = selected_run,
};
