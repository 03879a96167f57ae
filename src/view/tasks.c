/* Tasks: a view's work on a worker. A task whose view is gone by the time it ends is told so and
 * freed; closing a view cancels what it has under way. */
#include <stdlib.h>

#include "view.h"

static void work(struct fst_job *job)
{
    struct task *t = (struct task *)job;
    if (fst_job_cancelled(job))
        return;
    t->status = FST_OK;
    t->err = (struct fst_error){0};
    t->work(t);
}

static void forget(struct wb *wb, struct task *t)
{
    struct task **at = &wb->tasks;
    while (*at != t)
        at = &(*at)->next;
    *at = t->next;
    wb->n_tasks--;
}

static void done(struct fst_job *job)
{
    struct task *t = (struct task *)job;
    struct wb *wb = t->wb;
    forget(wb, t);
    if (t->done)
        t->done(t, t->view_id ? wb_view_by_id(wb, t->view_id) : NULL);
    if (t->release)
        t->release(t);
    free(t->of);
    free(t);
    wb->dirty = true;
}

void *wb_task_new(struct wb *wb, struct view *v, size_t size, void (*work_fn)(struct task *),
                  void (*done_fn)(struct task *, struct view *), void (*release)(struct task *))
{
    struct task *t = fst_alloc(size);
    t->job.work = work;
    t->job.done = done;
    t->wb = wb;
    t->view_id = v ? v->id : 0;
    t->work = work_fn;
    t->done = done_fn;
    t->release = release;
    return t;
}

void wb_task_of(struct task *t, const char *of)
{
    t->of = fst_strdup(of);
}

void wb_task_start(struct task *t, const char *what)
{
    struct view *v = t->of ? NULL : wb_view_by_id(t->wb, t->view_id);
    if (v)
        t->of = underway_of(v);
    t->job.what = what;
    t->status = fst_fail(&t->err, FST_ECANCELLED, "%s was ended before it began", what);
    t->started_us = fst_monotonic_us();
    t->next = t->wb->tasks;
    t->wb->tasks = t;
    t->wb->n_tasks++;
    fst_app_submit(t->wb->app, &t->job);
}

static void read_done(struct task *t, struct view *v)
{
    if (!v)
        return;
    const struct reading *r = v->ops->reading;
    v->is_reading = false;
    if (t->status == FST_OK) {
        r->take(v, t);
        v->was_read = true;
    } else if (!r->says_why) {
        wb_say_error(t->wb, &t->err);
    } else if (!v->was_read) {
        snprintf(v->why, sizeof v->why, "%s", t->err.text);
    }
    if (v->read_again)
        wb_read(v);
}

void wb_read(struct view *v)
{
    const struct reading *r = v->ops->reading;
    v->read_again = v->is_reading;
    if (v->is_reading)
        return;
    struct task *t = wb_task_new(v->wb, v, r->size, r->work, read_done, r->release);
    r->ask(v, t);
    v->is_reading = true;
    wb_task_start(t, r->what);
}

bool wb_has_tasks(const struct wb *wb, uint64_t view_id)
{
    for (const struct task *t = wb->tasks; t; t = t->next)
        if (t->view_id == view_id)
            return true;
    return false;
}

void wb_tasks_cancel(struct wb *wb, uint64_t view_id)
{
    for (struct task *t = wb->tasks; t; t = t->next)
        if (t->view_id == view_id)
            fst_job_cancel(&t->job);
}
