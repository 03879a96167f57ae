/* The runs of one variant, attempts and earlier ones, beside the run that one came from: how each
 * went, and in what it was set up differently. Two of them are compared column by column. */
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "view.h"

#define MOST_RUNS 60 /* whose settings are read */

struct attempt {
    char *id;
    enum fst_state state;
    int number;
    int64_t took_us, rows;
    char *error, *differs;
    bool marked;
};
struct attempts {
    struct fst_list list;
    struct attempt *items;
    size_t n, cap;
    char *label, *base;
    int cols; /* that it was drawn in */
};
struct attempts_task {
    struct task task;
    char *run;
    struct attempts found; /* its items only */
    bool live;
};

/* ---- Loading --------------------------------------------------------------------------------- */

static void items_done(struct attempts *a)
{
    for (size_t i = 0; i < a->n; i++) {
        free(a->items[i].id);
        free(a->items[i].error);
        free(a->items[i].differs);
    }
    free(a->items);
    free(a->label);
    free(a->base);
    a->items = NULL;
    a->label = a->base = NULL;
    a->n = a->cap = 0;
}

static void add(struct attempts *to, const struct known_run *base, const struct known_run *k)
{
    const struct fst_run_record *run = k->run;
    int64_t end = run->finished_us ? run->finished_us : fst_now_us();
    struct fst_buf differs = FST_BUF_TEXT;
    compare_words(base, k, &differs);
    fst_grow(&to->items, &to->cap, to->n + 1, sizeof *to->items);
    to->items[to->n++] = (struct attempt){
        .id = fst_strdup(run->id),
        .state = run->state,
        .number = run->attempt,
        .took_us = end - (run->started_us ? run->started_us : run->created_us),
        .rows = run->rows,
        .error = run->error ? fst_strndup(run->error, strcspn(run->error, "\n")) : NULL,
        .differs = fst_buf_take(&differs)};
}

static enum fst_status find(struct attempts_task *t, struct fst_catalog *c, struct fst_error *err)
{
    struct known_run base, other;
    struct fst_runs runs;
    FST_TRY(known_run_read(t->task.wb->app, c, t->run, &base, err));
    struct fst_run_query q = {.resource_id = base.run->resource_id, .limit = MOST_RUNS};
    enum fst_status status = fst_catalog_runs(c, &q, &runs, err);
    for (size_t i = 0; status == FST_OK && i < runs.n; i++) {
        t->live |= !fst_states[runs.runs[i]->state].final;
        if (known_run_read(t->task.wb->app, c, runs.runs[i]->id, &other, NULL) == FST_OK)
            add(&t->found, &base, &other);
        known_run_done(&other);
    }
    if (status == FST_OK)
        fst_runs_done(&runs);
    t->found.label = fst_asprintf("%s.%s", base.run->name, base.run->variant);
    t->found.base = fst_strdup(base.run->id);
    known_run_done(&base);
    return status;
}

static void work(struct task *t)
{
    struct fst_catalog *c;
    t->status = fst_app_take(t->wb->app, &c, &t->err);
    if (t->status != FST_OK)
        return;
    t->status = find((struct attempts_task *)t, c, &t->err);
    fst_app_give(t->wb->app, c);
}

static void release(struct task *t)
{
    struct attempts_task *at = (struct attempts_task *)t;
    items_done(&at->found);
    free(at->run);
}

static bool is_marked(const struct attempts *a, const char *id)
{
    for (size_t i = 0; i < a->n; i++)
        if (strcmp(a->items[i].id, id) == 0)
            return a->items[i].marked;
    return false;
}

static void ask(struct view *v, struct task *t)
{
    ((struct attempts_task *)t)->run = fst_strdup(v->target ? v->target : "");
}

/* Marks and the cursor stay on their runs. */
static void take(struct view *v, struct task *t)
{
    struct attempts *a = v->state, *found = &((struct attempts_task *)t)->found;
    char *at = fst_strdup(a->list.cursor < a->n ? a->items[a->list.cursor].id : found->base);
    for (size_t i = 0; i < found->n; i++) {
        found->items[i].marked = is_marked(a, found->items[i].id);
        if (strcmp(found->items[i].id, at) == 0)
            a->list.cursor = i;
    }
    free(at);
    items_done(a);
    a->items = found->items;
    a->n = a->list.n_rows = found->n;
    a->cap = found->cap;
    a->label = found->label;
    a->base = found->base;
    *found = (struct attempts){0};
    v->live = ((struct attempts_task *)t)->live;
}

static const struct reading reading = {
    "reading the attempts", sizeof(struct attempts_task), ask, work, take, release, true};

/* ---- Comparing ------------------------------------------------------------------------------- */

struct compare_task {
    struct task task;
    char *ids[2];
    int cols;
    char *text;
};

static void compare_work(struct task *t)
{
    struct compare_task *ct = (struct compare_task *)t;
    struct known_run a = {0}, b = {0};
    struct fst_catalog *c;
    t->status = fst_app_take(t->wb->app, &c, &t->err);
    if (t->status != FST_OK)
        return;
    t->status = known_run_read(t->wb->app, c, ct->ids[0], &a, &t->err);
    if (t->status == FST_OK)
        t->status = known_run_read(t->wb->app, c, ct->ids[1], &b, &t->err);
    fst_app_give(t->wb->app, c);
    if (t->status == FST_OK)
        ct->text = compare_text(&a, &b, ct->cols);
    known_run_done(&a);
    known_run_done(&b);
}

static void compare_done(struct task *t, struct view *v)
{
    struct compare_task *ct = (struct compare_task *)t;
    if (t->status != FST_OK)
        wb_say_error(t->wb, &t->err);
    else if (v && v == wb_top(t->wb)) {
        char *title = fst_asprintf("runs %s and %s (* = differs)", ct->ids[0], ct->ids[1]);
        wb_open_text(t->wb, title, ct->text);
        ct->text = NULL;
        free(title);
    }
}

static void compare_release(struct task *t)
{
    struct compare_task *ct = (struct compare_task *)t;
    free(ct->ids[0]);
    free(ct->ids[1]);
    free(ct->text);
}

/* The marked ones, the older first; one that is marked with the one under the cursor; else that one
 * with the run that one came from. */
static void compare(struct view *v)
{
    struct attempts *a = v->state;
    size_t at[2], n = 0;
    for (size_t i = a->n; i-- > 0;)
        if (a->items[i].marked) {
            if (n == 2) {
                wb_say(v->wb, FST_ROLE_WARN, "two are compared: mark no more than two");
                return;
            }
            at[n++] = i;
        }
    if (n < 2 && a->list.cursor < a->n) {
        size_t other = a->list.cursor;
        for (size_t i = 0; !n && i < a->n; i++)
            if (strcmp(a->items[i].id, a->base) == 0)
                at[n++] = i;
        at[n++] = other;
    }
    if (n < 2 || at[0] == at[1]) {
        wb_say(v->wb, FST_ROLE_INFO, "choose another run: space marks one, d compares");
        return;
    }
    if (at[0] < at[1]) {
        size_t newer = at[0];
        at[0] = at[1];
        at[1] = newer;
    }
    struct compare_task *t =
        wb_task_new(v->wb, v, sizeof *t, compare_work, compare_done, compare_release);
    t->cols = a->cols;
    t->ids[0] = fst_strdup(a->items[at[0]].id);
    t->ids[1] = fst_strdup(a->items[at[1]].id);
    wb_task_start(&t->task, "comparing runs");
}

/* ---- The view -------------------------------------------------------------------------------- */

static const struct fst_list_column columns[] = {{"run", 20, 20, false}, {"state", 9, 9, false},
                                                 {"try", 3, 3, true},    {"took", 6, 7, true},
                                                 {"rows", 6, 11, true},  {"differs", 14, 60, false},
                                                 {"error", 10, 0, false}};

static enum fst_role cell(void *arg, size_t row, size_t col, struct fst_buf *out)
{
    const struct attempts *a = arg;
    if (row >= a->n)
        return FST_ROLE_TEXT;
    const struct attempt *it = &a->items[row];
    switch (col) {
    case 0:
        fst_buf_adds(out, it->id);
        return FST_ROLE_TEXT;
    case 1:
        fst_buf_adds(out, fst_states[it->state].name);
        return wb_state_role(it->state, false);
    case 2:
        fst_buf_printf(out, "%d", it->number);
        return FST_ROLE_TEXT;
    case 3:
        fst_duration_text(out, it->took_us);
        return FST_ROLE_TEXT;
    case 4:
        if (it->rows >= 0)
            fst_count_text(out, it->rows);
        return FST_ROLE_TEXT;
    case 5:
        fst_buf_adds(out, strcmp(it->id, a->base) == 0 ? "(this one)"
                          : *it->differs               ? it->differs
                                                       : "=");
        return *it->differs ? FST_ROLE_WARN : FST_ROLE_DIM;
    default:
        fst_buf_adds(out, it->error ? it->error : "");
        return FST_ROLE_DIM;
    }
}

static enum fst_list_sign sign(void *arg, size_t row)
{
    const struct attempts *a = arg;
    return row < a->n && a->items[row].marked ? FST_LIST_MARKED : FST_LIST_PLAIN;
}

static void open(struct view *v)
{
    struct attempts *a = v->state;
    a->list = (struct fst_list){
        .columns = columns, .n_columns = FST_COUNT(columns), .cell = cell, .sign = sign, .arg = a};
    wb_read(v);
}

static void close(struct view *v)
{
    items_done(v->state);
}

static bool action(struct view *v, const char *name)
{
    struct attempts *a = v->state;
    if (strcmp(name, "run.attempts") == 0)
        return true; /* they are here */
    if (strcmp(name, "attempts.compare") == 0) {
        compare(v);
    } else if (strcmp(name, "attempts.mark") == 0) {
        if (a->list.cursor < a->n)
            a->items[a->list.cursor].marked ^= true;
        fst_list_action(&a->list, "list.down");
    } else {
        return fst_list_action(&a->list, name);
    }
    return true;
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct attempts *a = v->state;
    fst_buf_printf(out, "runs of %s  %zu/%zu", a->label ? a->label : "",
                   a->n ? a->list.cursor + 1 : 0, a->n);
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct attempts *a = v->state;
    a->cols = s->cols;
    fst_list_draw(&a->list, s);
    if (v->why[0] && s->rows > 2)
        fst_draw(s, 2, 2, s->cols - 3, FST_ROLE_DIM, v->why, strlen(v->why));
}

static const char *selected_run(struct view *v)
{
    const struct attempts *a = v->state;
    return a->list.cursor < a->n ? a->items[a->list.cursor].id : NULL;
}

const struct view_ops view_attempts = {
    .name = "attempts",
    .help = "attempts and earlier runs of the same variant, side by side",
    .scopes = {"attempts", "runs.open", "run", "list", NULL},
    .state_size = sizeof(struct attempts),
    .open = open,
    .close = close,
    .action = action,
    .changed = wb_read,
    .reading = &reading,
    .title = title,
    .draw = draw,
    .selected_run = selected_run,
};
