/* Looking on in rows that were not read: a task with a reader of its own, which says how far it is
 * and can be ended at any time. */
#include <stdlib.h>
#include <string.h>

#include "firesteel/sql.h"
#include "preview.h"

#define AT_ONCE 4000 /* rows */

/* Shared by the view and the task. */
struct seeking {
    _Atomic bool stop;
    _Atomic uint64_t rows; /* that were looked through */
    _Atomic int holders;
    uint64_t from;
    int64_t of; /* -1 = not known */
};

struct seek_task {
    struct task task;
    struct seeking *seeking;
    struct finder finder;
    char *target, *where, *sort;
    size_t *columns; /* of the schema, which is shown */
    size_t n_columns;
    bool is_found;
    uint64_t row;
    size_t column;
    struct fst_problem problem;
};

static void drop(struct seeking *s)
{
    if (s && --s->holders == 0)
        free(s);
}

static bool wants_stop(void *arg)
{
    struct seek_task *t = arg;
    return t->seeking->stop || fst_job_cancelled(&t->task.job);
}

/* ---- On a worker ----------------------------------------------------------------------------- */

static bool look_through(struct seek_task *t, const struct fst_frame *f, struct fst_buf *scratch)
{
    for (size_t row = 0; row < f->n_rows; row++, t->seeking->rows++) {
        if (row % 64 == 0 && wants_stop(t))
            return false;
        for (size_t i = 0; i < t->n_columns; i++) {
            if (t->columns[i] >= f->n_columns ||
                !finder_finds(&t->finder, &f->columns[t->columns[i]], row, scratch))
                continue;
            t->is_found = true;
            t->row = t->seeking->from + t->seeking->rows;
            t->column = t->columns[i];
            return false;
        }
    }
    return true;
}

static void work(struct task *task)
{
    struct seek_task *t = (struct seek_task *)task;
    struct fst_preview_options o = {.where = t->where,
                                    .sort = t->sort,
                                    .offset = t->seeking->from,
                                    .limit = INT64_MAX,
                                    .cancelled = wants_stop,
                                    .cancel_arg = t};
    struct fst_buf scratch = FST_BUF_TEXT;
    struct fst_reader *reader;
    struct fst_place place;
    task->status =
        fst_app_preview(task->wb->app, t->target, &o, &reader, &place, &t->problem, &task->err);
    if (task->status != FST_OK)
        return;
    for (bool goes_on = true; goes_on && task->status == FST_OK;) {
        struct fst_frame *f;
        task->status = fst_reader_next(reader, AT_ONCE, &f, &task->err);
        goes_on = task->status == FST_OK && f && look_through(t, f, &scratch);
        if (task->status == FST_OK)
            fst_frame_unref(f);
    }
    fst_reader_close(reader);
    fst_place_done(&place);
    fst_buf_done(&scratch);
}

static void release(struct task *task)
{
    struct seek_task *t = (struct seek_task *)task;
    finder_set(&t->finder, "");
    drop(t->seeking);
    free(t->target);
    free(t->where);
    free(t->sort);
    free(t->columns);
}

/* ---- On the screen --------------------------------------------------------------------------- */

static void done(struct task *task, struct view *v)
{
    struct seek_task *t = (struct seek_task *)task;
    struct preview *p = v ? v->state : NULL;
    struct fst_buf rows = FST_BUF(64), from = FST_BUF(64);
    if (!p || p->seeking != t->seeking)
        return;
    bool was_stopped = t->seeking->stop;
    fst_count_text(&rows, (int64_t)t->seeking->rows);
    fst_count_text(&from, (int64_t)t->seeking->from + 1);
    drop(p->seeking);
    p->seeking = NULL;
    v->live = false;
    if (t->is_found)
        preview_goto_cell(v, t->row, t->column);
    else if (was_stopped)
        wb_say(task->wb, FST_ROLE_WARN, "ended: %s rows were looked through", fst_buf_text(&rows));
    else if (task->status != FST_OK)
        wb_say_error(task->wb, &task->err);
    else if (t->seeking->from)
        wb_say(task->wb, FST_ROLE_WARN,
               "%s is not in the %s rows from row %s on, to the end; # 1 goes to the first",
               t->finder.text, fst_buf_text(&rows), fst_buf_text(&from));
    else
        wb_say(task->wb, FST_ROLE_WARN, "%s is in none of all %s rows", t->finder.text,
               fst_buf_text(&rows));
    fst_buf_done(&rows);
    fst_buf_done(&from);
}

bool preview_seek_stop(struct preview *p)
{
    bool is_going = p->seeking && !p->seeking->stop;
    if (is_going)
        p->seeking->stop = true;
    return is_going;
}

/* With the view. */
void preview_seek_done(struct preview *p)
{
    preview_seek_stop(p);
    drop(p->seeking);
    p->seeking = NULL;
}

bool preview_seek_title(const struct preview *p, struct fst_buf *out)
{
    struct fst_buf rows = FST_BUF(64), of = FST_BUF(64);
    if (!p->seeking)
        return false;
    fst_count_text(&rows, (int64_t)p->seeking->rows);
    fst_count_text(&of, p->seeking->of);
    fst_buf_printf(out, "looking: %s%s%s rows, esc ends", fst_buf_text(&rows),
                   p->seeking->of >= 0 ? " of " : "", p->seeking->of >= 0 ? fst_buf_text(&of) : "");
    fst_buf_done(&rows);
    fst_buf_done(&of);
    return true;
}

/* ---- Beginning ------------------------------------------------------------------------------- */

static uint64_t start_row(const struct preview *p)
{
    return p->grid.first + p->grid.n_rows;
}

static int64_t rows_left(const struct preview *p)
{
    uint64_t from = start_row(p);
    return p->grid.total_rows < 0                ? -1
           : (uint64_t)p->grid.total_rows > from ? p->grid.total_rows - (int64_t)from
                                                 : 0;
}

static void begin(struct view *v)
{
    struct preview *p = v->state;
    const struct question *q = &p->answered;
    struct seek_task *t = wb_task_new(v->wb, v, sizeof *t, work, done, release);
    struct seeking *s = fst_alloc(sizeof *s);
    s->holders = 2;
    s->from = start_row(p);
    s->of = rows_left(p);
    p->seeking = t->seeking = s;
    finder_set(&t->finder, p->finder.text);
    t->target = fst_strdup(v->target ? v->target : "");
    t->where = q->where && *q->where ? fst_strdup(q->where) : NULL;
    t->sort = preview_order_text(q);
    t->columns = fst_alloc((p->schema->n + 1) * sizeof *t->columns);
    t->n_columns = fst_grid_columns(&p->grid, t->columns);
    v->live = true;
    wb_task_start(&t->task, "looking through rows");
}

/* The same as a condition that a provider is asked. */
static void ask_provider(struct view *v)
{
    struct preview *p = v->state;
    size_t *columns = fst_alloc((p->schema->n + 1) * sizeof *columns);
    size_t n = fst_grid_columns(&p->grid, columns);
    bool is_expression = fst_filter_is_expression(p->finder.filter);
    struct fst_buf found = FST_BUF_TEXT, text = FST_BUF(1024);
    fst_buf_printf(&text, "%s%s", is_expression ? "(?i)" : "", p->finder.text);
    for (size_t i = 0; i < n; i++) {
        fst_buf_adds(&found, i ? " OR " : "(");
        fst_buf_adds(&found, is_expression ? "CAST(" : "contains(lower(CAST(");
        fst_sql_quote(&found, p->schema->fields[columns[i]].name);
        fst_buf_adds(&found, is_expression ? " AS STRING) RLIKE " : " AS STRING)), lower(");
        wb_sql_text(&found, (struct fst_str){fst_buf_text(&text), text.n});
        fst_buf_adds(&found, is_expression ? "" : "))");
    }
    fst_buf_addc(&found, ')');
    preview_ask_provider(v, p->answered.where, fst_buf_text(&found), NULL);
    fst_buf_done(&found);
    fst_buf_done(&text);
    free(columns);
}

static const struct preview_much seeking_much = {"looking through", begin, ask_provider, NULL};

void preview_seek(struct view *v)
{
    struct preview *p = v->state;
    if (!p->opened || !p->finder.text[0] || p->seeking || p->loading) {
        wb_say(v->wb, FST_ROLE_DIM, "%s",
               p->seeking                ? "it is being looked for"
               : p->opened && p->loading ? "rows are still being read"
                                         : "nothing is looked for: / begins");
        return;
    }
    if (preview_find_behind(v))
        return;
    if (p->grid.complete) {
        wb_say(v->wb, FST_ROLE_WARN, "there are no rows behind those that were read");
        return;
    }
    char *what = fst_asprintf("look for %s", p->finder.text);
    preview_weigh(v, &seeking_much, what, rows_left(p));
    free(what);
}
