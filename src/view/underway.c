/* What is under way, of whatever view, with how long and how far; and ending it. What changes the
 * catalog is not ended half-way: that is said. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

#define SHOWN_US 150000 /* what is done sooner is not worth a sign that comes and goes */
#define SAID_US 1000000 /* what takes less needs no words */

struct underway {
    struct fst_list list;
};

static const struct fst_list_column columns[] = {{"what", 16, 30, false},
                                                 {"of", 12, 40, false},
                                                 {"for", 6, 8, true},
                                                 {"rows", 8, 14, true},
                                                 {"", 10, 0, false}};

static struct task *task_at(const struct wb *wb, size_t row)
{
    struct task *t = wb->tasks;
    while (t && row--)
        t = t->next;
    return t;
}

static void add_age(const struct task *t, struct fst_buf *out)
{
    int64_t us = fst_monotonic_us() - t->started_us;
    fst_duration_text(out, us > SAID_US ? us / SAID_US * SAID_US : us);
}

static enum fst_role cell(void *arg, size_t row, size_t col, struct fst_buf *out)
{
    const struct view *v = arg;
    struct task *t = task_at(v->wb, row);
    if (!t)
        return FST_ROLE_TEXT;
    if (col == 0)
        fst_buf_adds(out, t->job.what);
    else if (col == 1 && t->of)
        fst_buf_adds(out, t->of);
    else if (col == 2)
        add_age(t, out);
    else if (col == 3 && t->rows)
        fst_count_text(out, (int64_t)t->rows);
    else if (col == 4)
        fst_buf_adds(out, fst_job_cancelled(&t->job) ? "ending"
                          : t->stays                 ? "changes the catalog: cannot be ended"
                                                     : "");
    return col == 4 ? FST_ROLE_DIM : FST_ROLE_TEXT;
}

char *underway_of(struct view *v)
{
    struct fst_buf out = FST_BUF(1024);
    if (v->ops->crumb)
        v->ops->crumb(v, &out);
    else
        fst_buf_adds(&out, v->target ? v->target : v->ops->name);
    char *of = fst_strdup(fst_buf_text(&out));
    fst_buf_done(&out);
    return of;
}

/* ---- In the title ---------------------------------------------------------------------------- */

/* The one that goes on for longest, of those that are wanted. */
static struct task *longest(const struct wb *wb)
{
    struct task *found = NULL;
    for (struct task *t = wb->tasks; t; t = t->next)
        if (!fst_job_cancelled(&t->job) && (!found || t->started_us < found->started_us))
            found = t;
    return found;
}

bool underway_is_long(const struct wb *wb)
{
    const struct task *t = longest(wb);
    return t && fst_monotonic_us() - t->started_us >= SAID_US;
}

bool underway_is_shown(const struct wb *wb)
{
    const struct task *t = longest(wb);
    return t && fst_monotonic_us() - t->started_us >= SHOWN_US;
}

int underway_shown_in(const struct wb *wb)
{
    const struct task *t = longest(wb);
    int64_t left = t ? SHOWN_US - (fst_monotonic_us() - t->started_us) : 0;
    return left > 0 ? (int)(left / 1000) + 1 : -1;
}

void underway_words(struct wb *wb, struct fst_buf *out)
{
    struct task *t = longest(wb);
    wb->busy_shown = underway_is_shown(wb);
    if (!wb->busy_shown)
        return;
    if (underway_is_long(wb)) {
        fst_buf_printf(out, "%s ", t->job.what);
        add_age(t, out);
        if (t->rows) {
            fst_buf_adds(out, ", ");
            fst_count_text(out, (int64_t)t->rows);
            fst_buf_adds(out, " rows");
        }
        fst_buf_addc(out, ' ');
    }
    fst_buf_adds(out, "… ");
}

/* ---- Leaving --------------------------------------------------------------------------------- */

/* What belongs to no view is ended; true when something has to come to its end. */
bool underway_leave(struct wb *wb)
{
    bool stays = false;
    for (struct task *t = wb->tasks; t; t = t->next) {
        stays |= t->stays;
        if (!t->stays)
            fst_job_cancel(&t->job);
    }
    return stays;
}

/* ---- The view -------------------------------------------------------------------------------- */

static void changed(struct view *v)
{
    struct underway *u = v->state;
    u->list.n_rows = v->wb->n_tasks;
    fst_list_clamp(&u->list);
    v->wb->dirty = true;
}

static void open(struct view *v)
{
    struct underway *u = v->state;
    u->list = (struct fst_list){
        .columns = columns, .n_columns = FST_COUNT(columns), .cell = cell, .arg = v};
    v->live = true;
    changed(v);
}

static void end(struct view *v)
{
    struct underway *u = v->state;
    struct task *t = task_at(v->wb, u->list.cursor);
    if (!t)
        wb_say(v->wb, FST_ROLE_DIM, "nothing is under way");
    else if (t->stays)
        wb_say(v->wb, FST_ROLE_WARN, "%s changes the catalog and is not ended half-way",
               t->job.what);
    else {
        fst_job_cancel(&t->job);
        wb_say(v->wb, FST_ROLE_INFO, "ending: %s", t->job.what);
    }
}

static bool action(struct view *v, const char *name)
{
    struct underway *u = v->state;
    if (strcmp(name, "task.end") != 0)
        return fst_list_action(&u->list, name);
    end(v);
    return true;
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct underway *u = v->state;
    fst_buf_printf(out, "Under way  %zu/%zu", u->list.n_rows ? u->list.cursor + 1 : 0,
                   v->wb->n_tasks);
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct underway *u = v->state;
    u->list.n_rows = v->wb->n_tasks;
    fst_list_draw(&u->list, s);
    if (v->wb->n_tasks == 0 && s->rows > 3)
        fst_draws(s, 2, 2, FST_ROLE_DIM, "nothing is under way; runs go on by themselves (8)");
}

const struct view_ops view_tasks = {
    .name = "tasks",
    .help = "what is under way in the workbench, and ending it",
    .scopes = {"task", "list", NULL},
    .state_size = sizeof(struct underway),
    .open = open,
    .action = action,
    .changed = changed,
    .title = title,
    .draw = draw,
    .is_list = true,
};
