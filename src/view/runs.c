/* Runs, the newest first; of one resource when the target is its id. */
#include <stdlib.h>
#include <string.h>

#include "list_columns.h"

#define PAGE 200 /* at first; more as one goes down */
#define HOUR_US (3600 * INT64_C(1000000))
#define CHANGED_US 10000000 /* so long a run whose state changed is marked so */

struct runs {
    struct fst_list list;
    const struct list_column *columns[MOST_LIST_COLUMNS];
    struct fst_list_column shapes[MOST_LIST_COLUMNS];
    int64_t *changed_us; /* as runs: when the state was seen to change; 0 = not */
    int64_t limit;
    struct fst_runs runs;
    size_t *shown; /* indexes of those that the filter leaves */
    int64_t resource_id;
    int64_t unfinished; /* of all */
    char **marked;      /* ids */
    size_t n_marked, marked_cap;
    char keep[64], wanted[64]; /* the run to stay on; to go to when it is there */
};

struct runs_task {
    struct task task;
    int64_t resource_id, limit;
    struct fst_runs runs;
    int64_t unfinished;
};

static const struct fst_run_record *run_at(const struct runs *r, size_t row)
{
    return row < r->list.n_rows ? r->runs.runs[r->shown[row]] : NULL;
}

/* ---- Columns: one row each ---------------------------------------------------------------------
 */

static enum fst_role put(struct fst_buf *out, const char *text)
{
    fst_buf_adds(out, text ? text : "");
    return FST_ROLE_TEXT;
}

static const char *provider_of(const struct fst_run_record *run)
{
    return *run->provider ? run->provider : "local";
}

static enum fst_role id_cell(const struct fst_run_record *run, struct fst_buf *out)
{
    return put(out, run->id);
}
static enum fst_role name_cell(const struct fst_run_record *run, struct fst_buf *out)
{
    fst_buf_printf(out, "%s.%s", run->name, run->variant);
    return FST_ROLE_TEXT;
}
static enum fst_role state_cell(const struct fst_run_record *run, struct fst_buf *out)
{
    put(out, fst_states[run->state].name);
    return wb_state_role(run->state, false);
}
static enum fst_role attempt_cell(const struct fst_run_record *run, struct fst_buf *out)
{
    fst_buf_printf(out, "%d", run->attempt);
    return FST_ROLE_TEXT;
}
static enum fst_role provider_cell(const struct fst_run_record *run, struct fst_buf *out)
{
    return put(out, provider_of(run));
}
static enum fst_role engine_cell(const struct fst_run_record *run, struct fst_buf *out)
{
    return put(out, run->engine);
}
static enum fst_role host_cell(const struct fst_run_record *run, struct fst_buf *out)
{
    return put(out, run->host);
}
static enum fst_role user_cell(const struct fst_run_record *run, struct fst_buf *out)
{
    return put(out, run->user);
}
static enum fst_role began_cell(const struct fst_run_record *run, struct fst_buf *out)
{
    fst_timestamp_text(out, run->started_us ? run->started_us : run->created_us);
    return FST_ROLE_TEXT;
}
static enum fst_role took_cell(const struct fst_run_record *run, struct fst_buf *out)
{
    wb_took(out, run);
    return FST_ROLE_TEXT;
}
static enum fst_role rows_cell(const struct fst_run_record *run, struct fst_buf *out)
{
    if (run->rows >= 0)
        fst_count_text(out, run->rows);
    return FST_ROLE_TEXT;
}
static enum fst_role error_cell(const struct fst_run_record *run, struct fst_buf *out)
{
    if (run->error)
        fst_buf_add(out, run->error, strcspn(run->error, "\n"));
    return FST_ROLE_DIM;
}

static const struct list_column run_columns[] = {
    {{"run", 20, 20, false}, .run = id_cell},
    {{"name", 14, 34, false}, .run = name_cell},
    {{"state", 9, 9, false}, .run = state_cell},
    {{"attempt", 7, 7, true}, .run = attempt_cell},
    {{"provider", 5, 10, false}, .run = provider_cell},
    {{"engine", 6, 12, false}, .run = engine_cell},
    {{"host", 6, 16, false}, .run = host_cell},
    {{"user", 6, 12, false}, .run = user_cell},
    {{"began", 20, 20, false}, .run = began_cell},
    {{"took", 6, 7, true}, .run = took_cell},
    {{"rows", 6, 11, true}, .run = rows_cell},
    {{"error", 12, 0, false}, .run = error_cell},
    {.help = NULL},
};

static enum fst_role cell(void *arg, size_t row, size_t col, struct fst_buf *out)
{
    const struct runs *r = arg;
    const struct fst_run_record *run = run_at(r, row);
    return run ? r->columns[col]->run(run, out) : FST_ROLE_TEXT;
}

static void take_columns(struct view *v)
{
    struct runs *r = v->state;
    r->list.n_columns = list_columns_named(run_columns, fst_app_setting(v->wb->app, "columns.runs"),
                                           r->columns, r->shapes);
}

static void columns_given(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    char *set = fst_asprintf("columns.runs %s", text);
    if (*text)
        wb_set(wb, set);
    if (v->ops == &view_runs)
        take_columns(v);
    free(set);
}

static void ask_columns(struct view *v)
{
    wb_prompt(v->wb, "columns: ", fst_app_setting(v->wb->app, "columns.runs"), columns_given);
    list_columns_complete(v->wb, run_columns);
}

/* ---- The filter ------------------------------------------------------------------------------ */

static bool fits(const struct fst_run_record *run, const struct fst_filter *filter)
{
    const char *texts[] = {run->id,          run->name,
                           run->variant,     fst_states[run->state].name,
                           provider_of(run), run->error ? run->error : ""};
    return fst_filter_fits(filter, texts, FST_COUNT(texts));
}

/* The cursor stays on the run `keep`, if that is among them. */
static void choose(struct runs *r, const char *keep)
{
    struct fst_filter *filter = fst_filter_new(r->list.filter);
    r->list.n_rows = 0;
    for (size_t i = 0; i < r->runs.n; i++) {
        if (!fits(r->runs.runs[i], filter))
            continue;
        if (strcmp(r->runs.runs[i]->id, keep) == 0)
            r->list.cursor = r->list.n_rows;
        r->shown[r->list.n_rows++] = i;
    }
    fst_filter_free(filter);
    fst_list_clamp(&r->list);
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

/* Runs are the newest first, and old ones are only added behind. */
static void note_changes(struct runs *r, const struct fst_runs *now)
{
    int64_t *changed = fst_alloc((now->n + 1) * sizeof *changed);
    size_t old = 0;
    for (size_t i = 0; i < now->n && old < r->runs.n; i++) {
        if (strcmp(now->runs[i]->id, r->runs.runs[old]->id) != 0)
            continue;
        bool same = now->runs[i]->state == r->runs.runs[old]->state;
        changed[i] = same ? r->changed_us[old] : fst_monotonic_us();
        old++;
    }
    free(r->changed_us);
    r->changed_us = changed;
}

/* ---- Marks ----------------------------------------------------------------------------------- */

static size_t mark_of(const struct runs *r, const char *id)
{
    size_t i = 0;
    while (i < r->n_marked && strcmp(r->marked[i], id) != 0)
        i++;
    return i;
}

static void mark(struct runs *r, const char *id)
{
    fst_grow(&r->marked, &r->marked_cap, r->n_marked + 1, sizeof *r->marked);
    r->marked[r->n_marked++] = fst_strdup(id);
}

static void toggle_mark(struct runs *r)
{
    const struct fst_run_record *run = run_at(r, r->list.cursor);
    size_t at = run ? mark_of(r, run->id) : 0;
    if (!run)
        return;
    if (at < r->n_marked) {
        free(r->marked[at]);
        r->marked[at] = r->marked[--r->n_marked];
    } else {
        mark(r, run->id);
    }
    fst_list_action(&r->list, "list.down");
}

static void unmark_all(struct runs *r)
{
    while (r->n_marked)
        free(r->marked[--r->n_marked]);
}

/* All that are shown; when they all are marked, none. */
static void toggle_all(struct runs *r)
{
    size_t before = r->n_marked;
    for (size_t i = 0; i < r->list.n_rows; i++)
        if (mark_of(r, run_at(r, i)->id) == r->n_marked)
            mark(r, run_at(r, i)->id);
    if (r->n_marked == before)
        unmark_all(r);
}

static enum fst_list_sign sign(void *arg, size_t row)
{
    const struct runs *r = arg;
    if (row < r->list.n_rows && mark_of(r, run_at(r, row)->id) < r->n_marked)
        return FST_LIST_MARKED;
    int64_t at = row < r->list.n_rows ? r->changed_us[r->shown[row]] : 0;
    return at && fst_monotonic_us() - at < CHANGED_US ? FST_LIST_CHANGED : FST_LIST_PLAIN;
}

static void work(struct task *t)
{
    struct runs_task *r = (struct runs_task *)t;
    struct fst_catalog *c;
    t->status = fst_app_take(t->wb->app, &c, &t->err);
    if (t->status != FST_OK)
        return;
    struct fst_run_query q = {.resource_id = r->resource_id, .limit = r->limit};
    t->status = fst_catalog_runs(c, &q, &r->runs, &t->err);
    struct fst_run_query live = {.resource_id = r->resource_id, .unfinished = true, .limit = 1};
    struct fst_runs unfinished;
    if (t->status == FST_OK && fst_catalog_runs(c, &live, &unfinished, NULL) == FST_OK) {
        r->unfinished = unfinished.total;
        fst_runs_done(&unfinished);
    }
    fst_app_give(t->wb->app, c);
}

static void release(struct task *t)
{
    fst_runs_done(&((struct runs_task *)t)->runs);
}

static void ask(struct view *v, struct task *t)
{
    const struct runs *r = v->state;
    struct runs_task *rt = (struct runs_task *)t;
    rt->resource_id = r->resource_id;
    rt->limit = r->limit;
}

static void take(struct view *v, struct task *t)
{
    struct runs_task *rt = (struct runs_task *)t;
    struct runs *r = v->state;
    note_changes(r, &rt->runs);
    /* on the first row one stays on the newest; elsewhere on the run that one looks at */
    const struct fst_run_record *run = run_at(r, r->list.cursor);
    snprintf(r->keep, sizeof r->keep, "%s", run && r->list.cursor ? run->id : "");
    fst_runs_done(&r->runs);
    r->runs = rt->runs;
    rt->runs = (struct fst_runs){0};
    r->unfinished = rt->unfinished;
    free(r->shown);
    r->shown = fst_alloc((r->runs.n + 1) * sizeof *r->shown);
    choose(r, *r->wanted ? r->wanted : r->keep);
    r->wanted[0] = '\0';
    v->live = false;
    for (size_t i = 0; i < r->runs.n; i++)
        v->live |= !fst_states[r->runs.runs[i]->state].final;
}

static const struct reading reading = {
    "listing runs", sizeof(struct runs_task), ask, work, take, release, false};

static void open(struct view *v)
{
    struct runs *r = v->state;
    if (v->target)
        fst_parse_int64(v->target, strlen(v->target), &r->resource_id);
    r->list = (struct fst_list){.columns = r->shapes, .cell = cell, .sign = sign, .arg = r};
    r->limit = PAGE;
    take_columns(v);
    wb_read(v);
}

static void close(struct view *v)
{
    struct runs *r = v->state;
    fst_runs_done(&r->runs);
    free(r->shown);
    free(r->changed_us);
    unmark_all(r);
    free(r->marked);
}

/* Older ones are asked for before the end of those that are there is reached. */
static void want_more(struct view *v)
{
    struct runs *r = v->state;
    bool near = r->list.cursor + (size_t)r->list.page_rows >= r->list.n_rows;
    if (!near || v->is_reading || (int64_t)r->runs.n >= r->runs.total)
        return;
    r->limit *= 2;
    wb_read(v);
}

static bool action(struct view *v, const char *name)
{
    struct runs *r = v->state;
    if (strcmp(name, "runs.columns") == 0)
        ask_columns(v);
    else if (strcmp(name, "runs.mark") == 0)
        toggle_mark(r);
    else if (strcmp(name, "runs.mark-all") == 0)
        toggle_all(r);
    else if (r->n_marked && wb_act_on_runs(v->wb, name, r->marked, r->n_marked))
        return true;
    else if (!fst_list_action(&r->list, name))
        return false;
    want_more(v);
    return true;
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct runs *r = v->state;
    fst_buf_printf(out, "Runs  %zu/%lld", r->list.n_rows ? r->list.cursor + 1 : 0,
                   r->list.filter[0] ? (long long)r->list.n_rows : (long long)r->runs.total);
    if (r->n_marked)
        fst_buf_printf(out, "  %zu marked", r->n_marked);
    if (r->list.filter[0])
        fst_buf_printf(out, "%s  filter: %s",
                       (int64_t)r->runs.n < r->runs.total ? " of the newest" : "", r->list.filter);
    const struct fst_run_record *first = r->runs.n ? r->runs.runs[0] : NULL;
    if (r->resource_id && first)
        fst_buf_printf(out, "  of %s.%s", first->name, first->variant);
}

/* What goes on, and what failed of late: of those that were read, which are the newest. */
static void draw_summary(const struct runs *r, struct fst_surface *s, int row)
{
    size_t running = 0, failed = 0;
    int64_t since = fst_now_us() - HOUR_US;
    for (size_t i = 0; i < r->runs.n; i++) {
        const struct fst_run_record *run = r->runs.runs[i];
        running += run->state == FST_STATE_RUNNING;
        failed += (run->state == FST_STATE_FAILED || run->state == FST_STATE_LOST) &&
                  run->finished_us >= since;
    }
    const struct fst_run_record *last = r->runs.n ? r->runs.runs[r->runs.n - 1] : NULL;
    bool all = (int64_t)r->runs.n >= r->runs.total || (last && last->created_us < since);
    int64_t waiting = r->unfinished - (int64_t)running;
    int col =
        1 + fst_drawf(s, row, 1, running ? FST_ROLE_RUNNING : FST_ROLE_DIM, "%zu running", running);
    if (waiting > 0)
        col += fst_drawf(s, row, col, FST_ROLE_TEXT, ", %lld waiting", (long long)waiting);
    fst_drawf(s, row, col, failed ? FST_ROLE_FAILED : FST_ROLE_DIM,
              ", %zu%s failed in the last hour", failed, all ? "" : "+");
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct runs *r = v->state;
    bool has_room = v->was_read && s->rows > 6;
    struct fst_surface list = fst_surface_window(s, 0, 0, s->rows - has_room, s->cols);
    fst_list_draw(&r->list, &list);
    if (has_room)
        draw_summary(r, s, s->rows - 1);
    if (v->was_read && r->list.n_rows == 0 && s->rows > 3)
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
    .scopes = {"runs.open", "run", "runs", "list", NULL},
    .state_size = sizeof(struct runs),
    .open = open,
    .close = close,
    .action = action,
    .changed = wb_read,
    .filter = filter,
    .title = title,
    .draw = draw,
    .is_list = true,
    .place = place,
    .go_to = go_to,
    .selected_run = selected_run,
    .reading = &reading,
};
