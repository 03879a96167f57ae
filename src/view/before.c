/* One row as it was in the run before: found there by what tells rows apart, and shown with only
 * the fields that changed. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

struct wb_before {
    char *target, *run_id;
    struct fst_frame *row; /* one */
};

struct before_task {
    struct task task;
    struct wb_before *of;
    struct fst_run_record *run; /* the one before */
    char *keys[2];
    size_t n_keys;
    struct fst_frame *was;
    bool several;
    struct fst_problem problem;
};

struct wb_before *wb_before_new(const char *target, const char *run_id,
                                const struct fst_frame *frame, size_t row)
{
    struct wb_before *b = fst_alloc(sizeof *b);
    b->target = fst_strdup(target);
    b->run_id = run_id && *run_id ? fst_strdup(run_id) : NULL;
    b->row = fst_frame_slice((struct fst_frame *)frame, row, 1); /* copies */
    return b;
}

void wb_before_free(struct wb_before *b)
{
    if (!b)
        return;
    fst_frame_unref(b->row);
    free(b->target);
    free(b->run_id);
    free(b);
}

/* ---- Finding it ------------------------------------------------------------------------------ */

static enum fst_status key_condition(struct before_task *t, struct fst_buf *where)
{
    const struct fst_frame *f = t->of->row;
    for (size_t i = 0; i < t->n_keys; i++) {
        int at = fst_schema_find(f->schema, t->keys[i]);
        if (at < 0)
            return fst_fail(&t->task.err, FST_ENOTFOUND, "these rows have no column %s",
                            t->keys[i]);
        fst_buf_adds(where, i ? " AND " : "");
        if (!fst_cell_condition(where, t->keys[i], &f->columns[at], 0))
            return fst_fail(&t->task.err, FST_EUNSUPPORTED,
                            "there are no conditions on values of the type of %s", t->keys[i]);
    }
    return FST_OK;
}

static enum fst_status take_keys(struct before_task *t)
{
    struct fst_place p;
    const char *keys[2], *of;
    FST_TRY(fst_app_find(t->task.wb->app, t->of->target, &p, &t->task.err));
    t->n_keys = fst_app_keys(t->task.wb->app, p.resource, p.arena, keys, &of);
    for (size_t i = 0; i < t->n_keys; i++)
        t->keys[i] = fst_strdup(keys[i]);
    fst_place_done(&p);
    if (t->n_keys)
        return FST_OK;
    return fst_fail(&t->task.err, FST_ENOTFOUND,
                    "nothing says which columns tell these rows apart: no feature or label stands "
                    "on them");
}

/* The columns that the row has and the run before, too. */
static enum fst_status read_row(struct before_task *t, const char *where)
{
    char *target = fst_asprintf("%s.%s@%s", t->run->name, t->run->variant, t->run->id);
    struct fst_preview_options o = {
        .where = where, .limit = 2, .cancelled = fst_job_cancelled, .cancel_arg = &t->task.job};
    struct fst_reader *reader;
    struct fst_place place;
    struct fst_frame *more;
    enum fst_status status =
        fst_app_preview(t->task.wb->app, target, &o, &reader, &place, &t->problem, &t->task.err);
    free(target);
    FST_TRY(status);
    status = fst_reader_next(reader, 1, &t->was, &t->task.err);
    if (status == FST_OK && t->was && fst_reader_next(reader, 1, &more, NULL) == FST_OK && more) {
        t->several = true;
        fst_frame_unref(more);
    }
    fst_reader_close(reader);
    fst_place_done(&place);
    return status;
}

static enum fst_status find(struct before_task *t)
{
    struct fst_buf where = FST_BUF_TEXT;
    FST_TRY(fst_app_run_before(t->task.wb->app, t->of->run_id, &t->run, &t->task.err));
    FST_TRY(take_keys(t));
    enum fst_status status = key_condition(t, &where);
    if (status == FST_OK)
        status = read_row(t, fst_buf_text(&where));
    fst_buf_done(&where);
    return status;
}

static void work(struct task *task)
{
    task->status = find((struct before_task *)task);
}

/* ---- Showing it ------------------------------------------------------------------------------ */

static void add_value(struct fst_buf *out, const struct fst_column *c)
{
    if (c->unreadable)
        fst_buf_printf(out, "(%s)", c->unreadable);
    else if (!fst_cell_text(out, c, 0, FST_CELL_SCREEN))
        fst_buf_adds(out, "NULL");
}

static bool is_key(const struct before_task *t, const char *name)
{
    for (size_t i = 0; i < t->n_keys; i++)
        if (strcmp(t->keys[i], name) == 0)
            return true;
    return false;
}

static void add_name(struct fst_buf *out, const char *name, size_t width)
{
    size_t n = fst_text_width(name, strlen(name));
    fst_text_escape(out, name, strlen(name));
    fst_buf_repeat(out, ' ', width > n ? width - n + 2 : 2);
}

static size_t name_width(const struct fst_schema *s)
{
    size_t widest = 0;
    for (size_t i = 0; i < s->n; i++) {
        size_t n = fst_text_width(s->fields[i].name, strlen(s->fields[i].name));
        widest = n > widest && n < 40 ? n : widest;
    }
    return widest;
}

static void add_field(struct before_task *t, size_t i, size_t width, struct fst_buf *out,
                      size_t *changed)
{
    const struct fst_frame *now = t->of->row;
    struct fst_buf a = FST_BUF_TEXT, b = FST_BUF_TEXT;
    const char *name = now->schema->fields[i].name;
    int at = fst_schema_find(t->was->schema, name);
    if (at >= 0)
        add_value(&a, &t->was->columns[at]);
    else
        fst_buf_adds(&a, "(no such column)");
    add_value(&b, &now->columns[i]);
    bool differs = strcmp(fst_buf_text(&a), fst_buf_text(&b)) != 0;
    if (differs || is_key(t, name)) {
        fst_buf_adds(out, differs ? "~ " : "  ");
        add_name(out, name, width);
        if (differs)
            fst_buf_printf(out, "%s -> ", fst_buf_text(&a));
        fst_buf_printf(out, "%s\n", fst_buf_text(&b));
    }
    *changed += differs;
    fst_buf_done(&a);
    fst_buf_done(&b);
}

static void show(struct before_task *t)
{
    struct wb *wb = t->task.wb;
    struct fst_buf out = FST_BUF_TEXT;
    size_t changed = 0, n = t->of->row->schema->n;
    for (size_t i = 0; i < n; i++)
        add_field(t, i, name_width(t->of->row->schema), &out, &changed);
    fst_buf_printf(&out,
                   changed ? "\n%zu of %zu fields changed since run %s"
                           : "\n%zu of %zu "
                             "fields changed "
                             "since run %s",
                   changed, n, t->run->id);
    fst_buf_adds(&out,
                 t->several ? "; several rows there have this key, this is the first\n" : "\n");
    char *title = fst_asprintf("the row now, and in run %s", t->run->id);
    wb_open_text(wb, title, fst_buf_take(&out));
    free(title);
}

static void done(struct task *task, struct view *v)
{
    struct before_task *t = (struct before_task *)task;
    if (!v || wb_top(task->wb) != v)
        return;
    if (task->status != FST_OK)
        wb_say_error(task->wb, &task->err);
    else if (!t->was || !t->was->n_rows)
        wb_say(task->wb, FST_ROLE_WARN, "run %s had no row with this key: it is new", t->run->id);
    else
        show(t);
}

static void release(struct task *task)
{
    struct before_task *t = (struct before_task *)task;
    if (t->run)
        fst_run_record_free(t->run);
    if (t->was)
        fst_frame_unref(t->was);
    for (size_t i = 0; i < t->n_keys; i++)
        free(t->keys[i]);
    wb_before_free(t->of);
}

void wb_before_show(struct view *v, const struct wb_before *b)
{
    if (!b || !b->run_id) {
        wb_say(v->wb, FST_ROLE_DIM, "only rows that a run wrote have a run before");
        return;
    }
    struct before_task *t = wb_task_new(v->wb, v, sizeof *t, work, done, release);
    t->of = wb_before_new(b->target, b->run_id, b->row, 0);
    wb_task_start(&t->task, "looking in the run before");
}
