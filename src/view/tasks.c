/* Tasks: a view's work on a worker. A task whose view is gone by the time it ends is told so and
 * freed; closing a view cancels what it has under way. */
#include <stdlib.h>

#include "view.h"

#define BUSY_MS 150 /* what is done sooner is not worth a sign that comes and goes */

static void work(struct fst_job *job)
{
    struct task *t = (struct task *)job;
    if (!fst_job_cancelled(job))
        t->work(t);
    else
        t->status = FST_ECANCELLED;
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

void wb_task_start(struct task *t, const char *what)
{
    t->job.what = what;
    t->next = t->wb->tasks;
    t->wb->tasks = t;
    if (t->wb->n_tasks++ == 0)
        t->wb->busy_since_us = fst_monotonic_us();
    fst_app_submit(t->wb->app, &t->job);
}

void wb_tasks_cancel(struct wb *wb, uint64_t view_id)
{
    for (struct task *t = wb->tasks; t; t = t->next)
        if (t->view_id == view_id)
            fst_job_cancel(&t->job);
}

bool wb_is_busy(const struct wb *wb)
{
    return wb->n_tasks && fst_monotonic_us() - wb->busy_since_us >= BUSY_MS * 1000;
}

int wb_busy_in(const struct wb *wb)
{
    int64_t left = BUSY_MS * 1000 - (fst_monotonic_us() - wb->busy_since_us);
    return wb->n_tasks && left > 0 ? (int)(left / 1000) + 1 : -1;
}
