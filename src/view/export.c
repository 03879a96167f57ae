/* Rows into a file: what a view's question gives, all of it and not only what was looked at. It
 * goes on when the view is closed, and ends with the workbench. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

struct export
{
    struct task task;
    char *target, *where, *sort, *path;
    char **columns; /* NULL = all */
    size_t n_columns;
    struct fst_reader *picked; /* or NULL */
    struct fst_copy copy;
    struct fst_problem problem;
    struct fst_error unreadable; /* why a column has no values */
};

static bool go_on(void *arg, const struct fst_frame *f)
{
    struct export *x = arg;
    for (size_t i = 0; i < f->n_columns; i++)
        if (f->columns[i].unreadable) {
            fst_fail(&x->unreadable, FST_EUNSUPPORTED, "not exported: column %s cannot be read: %s",
                     f->schema->fields[i].name, f->columns[i].unreadable);
            return false;
        }
    return !fst_job_cancelled(&x->task.job);
}

static enum fst_status write_rows(struct export *x, struct fst_reader *rows)
{
    x->copy = (struct fst_copy){.tell = go_on, .arg = x};
    enum fst_status status = fst_app_write_file(rows, x->path, &x->copy, &x->task.err);
    if (status != FST_OK && x->unreadable.status != FST_OK)
        x->task.err = x->unreadable;
    return status;
}

static void work(struct task *t)
{
    struct export *x = (struct export *)t;
    struct fst_preview_options o = {.where = x->where,
                                    .sort = x->sort,
                                    .limit = INT64_MAX,
                                    .columns = (const char *const *)x->columns,
                                    .n_columns = x->n_columns,
                                    .cancelled = fst_job_cancelled,
                                    .cancel_arg = &t->job};
    struct fst_reader *reader;
    struct fst_place place;
    if (x->picked) {
        t->status = write_rows(x, x->picked);
        return;
    }
    t->status = fst_app_preview(t->wb->app, x->target, &o, &reader, &place, &x->problem, &t->err);
    if (t->status != FST_OK)
        return;
    t->status = write_rows(x, reader);
    fst_reader_close(reader);
    fst_place_done(&place);
}

static void done(struct task *t, struct view *v)
{
    struct export *x = (struct export *)t;
    struct fst_buf rows = FST_BUF(64);
    (void)v;
    fst_count_text(&rows, (int64_t)x->copy.rows);
    if (t->status == FST_OK)
        wb_say(t->wb, FST_ROLE_INFO, "wrote %s row%s into %s", fst_buf_text(&rows),
               x->copy.rows == 1 ? "" : "s", x->path);
    else
        wb_say_error(t->wb, &t->err);
    fst_buf_done(&rows);
}

static void release(struct task *t)
{
    struct export *x = (struct export *)t;
    fst_reader_close(x->picked);
    free(x->target);
    free(x->where);
    free(x->sort);
    free(x->path);
    for (size_t i = 0; i < x->n_columns; i++)
        free(x->columns[i]);
    free(x->columns);
}

static void say_begin(struct wb *wb, const struct wb_rows *rows, const char *path)
{
    struct fst_buf n = FST_BUF(64);
    if (rows->picked) {
        fst_count_text(&n, rows->picked->total_rows);
        wb_say(wb, FST_ROLE_INFO, "writing the %s marked row%s into %s", fst_buf_text(&n),
               rows->picked->total_rows == 1 ? "" : "s", path);
    } else if (rows->n_columns) {
        wb_say(wb, FST_ROLE_INFO, "writing the rows with the %zu columns that are shown into %s",
               rows->n_columns, path);
    } else {
        wb_say(wb, FST_ROLE_INFO, "writing the rows into %s", path);
    }
    fst_buf_done(&n);
}

void wb_export(struct wb *wb, const struct wb_rows *rows, const char *path)
{
    struct export *x = wb_task_new(wb, NULL, sizeof *x, work, done, release);
    x->task.view_id = WB_EXPORTS;
    x->target = fst_strdup(rows->target);
    x->where = fst_strdup(rows->where);
    x->sort = fst_strdup(rows->sort);
    x->path = fst_path_expand(path);
    x->n_columns = rows->n_columns;
    x->columns = rows->n_columns ? fst_alloc(rows->n_columns * sizeof *x->columns) : NULL;
    for (size_t i = 0; i < rows->n_columns; i++)
        x->columns[i] = fst_strdup(rows->columns[i]);
    x->picked = rows->picked;
    if (x->picked)
        wb_pick_cancel(x->picked, fst_job_cancelled, &x->task.job);
    say_begin(wb, rows, path);
    wb_task_start(&x->task, "writing rows");
}
