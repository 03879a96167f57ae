/* The first screen: how many of everything, what is running, what failed. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

#define N_ROWS (FST_RESOURCE_KINDS_ + 1)

struct home {
    struct fst_list list;
    struct fst_counts counts;
    struct fst_error err;
    bool loaded;
};

struct home_task {
    struct task task;
    struct fst_counts counts;
};

static const enum fst_resource_kind order[] = {
    FST_SOURCE,       FST_TRANSFORMATION, FST_FEATURE,  FST_LABEL,
    FST_TRAINING_SET, FST_ENTITY,         FST_PROVIDER, FST_JOB};

static const struct fst_list_column columns[] = {
    {"what", 18, 24, false}, {"names", 7, 9, true}, {"variants", 9, 9, true}, {"", 20, 0, false}};

static void runs_text(const struct fst_counts *c, struct fst_buf *out)
{
    const char *gap = "";
    for (size_t s = FST_STATE_CREATED; s < FST_STATES_; s++) {
        if (!c->runs[s])
            continue;
        fst_buf_printf(out, "%s%lld %s", gap, (long long)c->runs[s], fst_states[s].name);
        gap = ", ";
    }
}

static enum fst_role runs_role(const struct fst_counts *c)
{
    if (c->runs[FST_STATE_RUNNING] || c->runs[FST_STATE_PENDING] || c->runs[FST_STATE_CREATED])
        return FST_ROLE_RUNNING;
    return c->runs[FST_STATE_FAILED] || c->runs[FST_STATE_LOST] ? FST_ROLE_FAILED : FST_ROLE_TEXT;
}

static enum fst_role cell(void *arg, size_t row, size_t col, struct fst_buf *out)
{
    struct home *h = arg;
    if (row == FST_COUNT(order)) {
        int64_t total = 0;
        for (size_t s = 0; s < FST_STATES_; s++)
            total += h->counts.runs[s];
        if (col == 0)
            fst_buf_adds(out, "Runs");
        else if (col == 1)
            fst_buf_printf(out, "%lld", (long long)total);
        else if (col == 3) {
            runs_text(&h->counts, out);
            return runs_role(&h->counts);
        }
        return FST_ROLE_TEXT;
    }
    enum fst_resource_kind kind = order[row];
    if (col == 0)
        fst_buf_adds(out, fst_kinds[kind].title);
    else if (col == 1)
        fst_buf_printf(out, "%lld", (long long)h->counts.names[kind]);
    else if (col == 2 && fst_kinds[kind].has_variants)
        fst_buf_printf(out, "%lld", (long long)h->counts.variants[kind]);
    else if (col == 3)
        fst_buf_adds(out, fst_kinds[kind].help);
    return col == 3 ? FST_ROLE_DIM : FST_ROLE_TEXT;
}

static void work(struct task *t)
{
    struct home_task *h = (struct home_task *)t;
    struct fst_catalog *c;
    t->status = fst_app_take(t->wb->app, &c, &t->err);
    if (t->status != FST_OK)
        return;
    t->status = fst_catalog_counts(c, &h->counts, &t->err);
    fst_app_give(t->wb->app, c);
}

static void done(struct task *t, struct view *v)
{
    if (!v)
        return;
    struct home *h = v->state;
    if (t->status != FST_OK) {
        wb_say_error(t->wb, &t->err);
        return;
    }
    h->counts = ((struct home_task *)t)->counts;
    h->loaded = true;
    v->live = h->counts.runs[FST_STATE_RUNNING] || h->counts.runs[FST_STATE_PENDING] ||
              h->counts.runs[FST_STATE_CREATED];
}

static void changed(struct view *v)
{
    struct home_task *t = wb_task_new(v->wb, v, sizeof *t, work, done, NULL);
    wb_task_start(&t->task, "counting");
}

static void open(struct view *v)
{
    struct home *h = v->state;
    h->list = (struct fst_list){.columns = columns,
                                .n_columns = FST_COUNT(columns),
                                .n_rows = FST_COUNT(order) + 1,
                                .cell = cell,
                                .arg = h,
                                .cursor = 1};
    changed(v);
}

static bool action(struct view *v, const char *name)
{
    struct home *h = v->state;
    if (fst_list_action(&h->list, name))
        return true;
    if (strcmp(name, "open") != 0)
        return false;
    if (h->list.cursor == FST_COUNT(order))
        wb_open(v->wb, "runs", NULL);
    else
        wb_open(v->wb, "list", fst_kinds[order[h->list.cursor]].plural);
    return true;
}

static void title(struct view *v, struct fst_buf *out)
{
    fst_buf_printf(out, "firesteel  %s", fst_app_folder(v->wb->app));
}

static bool is_empty(const struct home *h)
{
    for (size_t i = 0; i < FST_COUNT(order); i++)
        if (h->counts.names[order[i]])
            return false;
    return h->loaded;
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct home *h = v->state;
    fst_list_draw(&h->list, s);
    if (is_empty(h) && s->rows > 14) {
        fst_draws(s, 11, 2, FST_ROLE_INFO, "Nothing is registered yet.");
        fst_draws(s, 12, 2, FST_ROLE_TEXT, "firesteel apply FILE.yaml registers definitions;");
        fst_draws(s, 13, 2, FST_ROLE_TEXT,
                  "firesteel init --demo in another folder shows how they look.");
    }
}

const struct view_ops view_home = {
    .name = "home",
    .help = "how many of everything, and the state of the runs",
    .scopes = {"list", NULL},
    .state_size = sizeof(struct home),
    .open = open,
    .action = action,
    .changed = changed,
    .title = title,
    .draw = draw,
};
