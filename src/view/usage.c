/* The room that outputs take: each with why it stays, the largest first, and taking away what
 * nobody needs. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

struct usage {
    struct fst_list list;
    struct fst_usage all;
};

struct usage_task {
    struct task task;
    char *target;
    struct fst_usage found;
};

static const struct fst_list_column columns[] = {{"name", 20, 40, false},
                                                 {"run", 20, 20, false},
                                                 {"state", 9, 9, false},
                                                 {"size", 9, 9, true},
                                                 {"stays because", 14, 0, false}};

static enum fst_role cell(void *arg, size_t row, size_t col, struct fst_buf *out)
{
    const struct usage *u = arg;
    if (row >= u->all.n)
        return FST_ROLE_TEXT;
    const struct fst_usage_row *r = &u->all.rows[row];
    if (col == 3)
        fst_size_text(out, r->bytes);
    else
        fst_buf_adds(out, col == 0   ? r->label
                          : col == 1 ? r->run_id
                          : col == 2 ? fst_states[r->state].name
                          : r->kept  ? r->kept
                                     : "not needed");
    return r->kept ? FST_ROLE_TEXT : FST_ROLE_WARN;
}

static void work(struct task *t)
{
    struct usage_task *x = (struct usage_task *)t;
    t->status =
        fst_app_usage(t->wb->app, x->target, fst_job_cancelled, &t->job, &x->found, &t->err);
}

static void take(struct view *v, struct task *t)
{
    struct usage_task *x = (struct usage_task *)t;
    struct usage *u = v->state;
    fst_usage_done(&u->all);
    u->all = x->found;
    x->found = (struct fst_usage){0};
    u->list.n_rows = u->all.n;
    fst_list_clamp(&u->list);
}

static void release(struct task *t)
{
    struct usage_task *x = (struct usage_task *)t;
    fst_usage_done(&x->found);
    free(x->target);
}

static void ask(struct view *v, struct task *t)
{
    ((struct usage_task *)t)->target = fst_strdup(v->target);
}

static const struct reading reading = {
    "measuring outputs", sizeof(struct usage_task), ask, work, take, release, false};

/* ---- Pruning --------------------------------------------------------------------------------- */

static void prune_work(struct task *t)
{
    struct usage_task *x = (struct usage_task *)t;
    t->status =
        fst_app_prune(t->wb->app, x->target, fst_job_cancelled, &t->job, &x->found, &t->err);
}

static void prune_done(struct task *t, struct view *v)
{
    const struct usage_task *x = (struct usage_task *)t;
    struct fst_buf size = FST_BUF(64);
    (void)v;
    fst_size_text(&size, x->found.free_bytes);
    if (t->status != FST_OK)
        wb_say_error(t->wb, &t->err);
    else
        wb_say(t->wb, FST_ROLE_INFO, "%zu outputs taken away, %s", x->found.pruned,
               fst_buf_text(&size));
    fst_buf_done(&size);
    struct view *top = wb_top(t->wb);
    if (top && top->ops == &view_usage)
        wb_read(top);
}

static void chosen(struct wb *wb, int choice, void *arg)
{
    if (choice == 1) {
        struct usage_task *t = wb_task_new(wb, NULL, sizeof *t, prune_work, prune_done, release);
        t->target = arg;
        wb_task_start(&t->task, "pruning");
    } else {
        free(arg);
    }
}

static void ask_to_prune(struct view *v)
{
    static const char *const choices[] = {"Leave them", "Take them away", NULL};
    const struct usage *u = v->state;
    struct fst_buf text = FST_BUF_TEXT, size = FST_BUF(64);
    if (!u->all.n_free) {
        wb_say(v->wb, FST_ROLE_INFO, "every output here is needed");
        return;
    }
    fst_size_text(&size, u->all.free_bytes);
    fst_buf_printf(&text,
                   "%zu outputs, %s. Their rows cannot be brought back, but be made anew.\n\n",
                   u->all.n_free, fst_buf_text(&size));
    for (size_t i = 0; i < u->all.n; i++)
        if (!u->all.rows[i].kept)
            fst_buf_printf(&text, "%s  run %s\n", u->all.rows[i].label, u->all.rows[i].run_id);
    wb_dialog(v->wb, "Take away what is not needed", fst_buf_take(&text), choices, NULL, NULL,
              chosen, fst_strdup(v->target));
    fst_buf_done(&size);
}

/* ---- The view -------------------------------------------------------------------------------- */

static void open(struct view *v)
{
    struct usage *u = v->state;
    u->list = (struct fst_list){
        .columns = columns, .n_columns = FST_COUNT(columns), .cell = cell, .arg = u};
    wb_read(v);
}

static void close(struct view *v)
{
    fst_usage_done(&((struct usage *)v->state)->all);
}

static bool action(struct view *v, const char *name)
{
    struct usage *u = v->state;
    if (u->list.n_rows && fst_list_action(&u->list, name))
        return true;
    if (strcmp(name, "usage.prune") == 0)
        ask_to_prune(v);
    else if (strcmp(name, "refresh") == 0)
        wb_read(v);
    else if (strcmp(name, "open") == 0 && u->list.cursor < u->all.n)
        wb_open(v->wb, "run", u->all.rows[u->list.cursor].run_id);
    else
        return false;
    return true;
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct usage *u = v->state;
    struct fst_buf all = FST_BUF(64), can = FST_BUF(64);
    fst_size_text(&all, u->all.bytes);
    fst_size_text(&can, u->all.free_bytes);
    fst_buf_printf(out, "outputs%s%s: %s in %zu, not needed %s in %zu", v->target ? " of " : "",
                   v->target ? v->target : "", fst_buf_text(&all), u->all.n, fst_buf_text(&can),
                   u->all.n_free);
    fst_buf_done(&all);
    fst_buf_done(&can);
}

static const char *selected_run(struct view *v)
{
    const struct usage *u = v->state;
    return u->list.cursor < u->all.n ? u->all.rows[u->list.cursor].run_id : NULL;
}

static int64_t selected(struct view *v)
{
    const struct usage *u = v->state;
    return u->list.cursor < u->all.n ? u->all.rows[u->list.cursor].resource_id : 0;
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct usage *u = v->state;
    fst_list_draw(&u->list, s);
    if (u->all.n == 0 && s->rows > 3)
        fst_draws(s, 2, 2, FST_ROLE_DIM, v->is_reading ? "measuring" : "no outputs");
}

const struct view_ops view_usage = {
    .name = "usage",
    .help = "the room that outputs take, and which of them are not needed: usage [NAME]",
    .scopes = {"usage", "list", NULL},
    .state_size = sizeof(struct usage),
    .open = open,
    .close = close,
    .action = action,
    .title = title,
    .draw = draw,
    .selected = selected,
    .selected_run = selected_run,
    .reading = &reading,
};
