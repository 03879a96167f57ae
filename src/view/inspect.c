/* A row of a training set traced back: each feature with the row that it was taken from and what
 * decided. Enter opens the rows of the entity at its source. */
#include <stdlib.h>
#include <string.h>

#include "facts.h"

struct inspect {
    char *where;
    uint64_t row; /* by number, from 1; 0 = by the condition */
    struct fst_trace trace;
    struct facts_work *work;
    char *error;
    struct facts_lines lines;
};

struct inspect_task {
    struct task task;
    char *target, *where;
    uint64_t row;
    struct facts_work *work;
    struct fst_trace out;
};

/* ---- Lines ----------------------------------------------------------------------------------- */

static void add_cell(struct inspect *v, const struct fst_traced_cell *c, int width)
{
    facts_add_line(&v->lines, SIZE_MAX);
    facts_add_filled(&v->lines, FST_ROLE_DIM, width, c->name);
    facts_add(&v->lines, c->text ? FST_ROLE_TEXT : FST_ROLE_NULL, "%s", c->text ? c->text : "NULL");
}

static bool is_odd(const struct fst_traced *t)
{
    return t->taken == FST_TAKEN_UNKNOWN || !t->agrees;
}

static void add_reasons(struct inspect *v, const struct fst_traced *t, size_t at)
{
    struct fst_buf why = FST_BUF_TEXT;
    fst_traced_text(&why, t);
    for (const char *p = fst_buf_text(&why); *p;) {
        size_t n = strcspn(p, "\n");
        bool stands_out = strncmp(p, "a tie", 5) == 0 || strncmp(p, "NULL", 4) == 0 ||
                          (t->taken == FST_TAKEN_TOO_OLD && strncmp(p, "max_age", 7) == 0);
        facts_add_line(&v->lines, at);
        facts_add(&v->lines,
                  is_odd(t)    ? FST_ROLE_ERROR
                  : stands_out ? FST_ROLE_WARN
                               : FST_ROLE_DIM,
                  "  %.*s", (int)n, p);
        p += n + (p[n] == '\n');
    }
    fst_buf_done(&why);
}

/* The source row: what the value and the choice are made of stands out. */
static void add_row(struct inspect *v, const struct fst_traced *t, size_t at)
{
    if (!t->n_cells)
        return;
    facts_add_line(&v->lines, at);
    facts_add(&v->lines, FST_ROLE_TEXT, "  ");
    for (size_t i = 0; i < t->n_cells; i++) {
        const struct fst_traced_cell *c = &t->cells[i];
        bool is_value = strcmp(c->name, t->value_column) == 0;
        facts_add(&v->lines, FST_ROLE_DIM, "%s ", c->name);
        facts_add(&v->lines, is_value ? FST_ROLE_MATCH : FST_ROLE_TEXT, "%s",
                  c->text ? c->text : "NULL");
        facts_add(&v->lines, FST_ROLE_TEXT, "  ");
    }
}

static void build(struct inspect *v)
{
    const struct fst_trace *t = &v->trace;
    facts_lines_clear(&v->lines);
    if (!t->arena)
        return;
    int width = 18;
    size_t label = strlen(t->answer.name) + 2;
    width = (int)label > width && label < 40 ? (int)label : width;
    add_cell(v, &t->entity, width);
    if (t->time.name)
        add_cell(v, &t->time, width);
    add_cell(v, &t->answer, width);
    for (size_t i = 0; i < t->n_features; i++) {
        const struct fst_traced *f = &t->features[i];
        facts_add_line(&v->lines, SIZE_MAX);
        facts_add_line(&v->lines, i);
        facts_add(&v->lines, FST_ROLE_HEADER, "%s  ", f->column);
        facts_add(&v->lines, f->in_row.text ? FST_ROLE_TEXT : FST_ROLE_NULL, "%s",
                  f->in_row.text ? f->in_row.text : "NULL");
        add_reasons(v, f, i);
        add_row(v, f, i);
    }
}

/* ---- The work -------------------------------------------------------------------------------- */

static void work(struct task *task)
{
    struct inspect_task *t = (struct inspect_task *)task;
    struct fst_trace_options o = {
        .row = t->row, .where = t->where, .cancelled = facts_work_stops, .cancel_arg = t->work};
    task->status = fst_app_trace(task->wb->app, t->target, &o, &t->out, &task->err);
}

static void release(struct task *task)
{
    struct inspect_task *t = (struct inspect_task *)task;
    free(t->target);
    free(t->where);
    facts_work_drop(t->work);
    fst_trace_done(&t->out);
}

static void done(struct task *task, struct view *view)
{
    struct inspect_task *t = (struct inspect_task *)task;
    struct inspect *v = view ? view->state : NULL;
    if (!v || t->work != v->work)
        return;
    facts_work_end(&v->work);
    fst_trace_done(&v->trace);
    if (task->status == FST_OK) {
        v->trace = t->out;
        t->out = (struct fst_trace){0};
    } else if (task->status != FST_ECANCELLED) {
        v->error = fst_strdup(task->err.text);
    }
    build(v);
}

static void begin(struct view *view)
{
    struct inspect *v = view->state;
    v->lines.wraps = true;
    facts_work_end(&v->work);
    free(v->error);
    v->error = NULL;
    if (!view->target)
        return;
    v->work = facts_work_new();
    struct inspect_task *t = wb_task_new(view->wb, view, sizeof *t, work, done, release);
    t->target = fst_strdup(view->target);
    t->where = fst_strdup(v->where);
    t->row = v->row;
    t->work = facts_work_hold(v->work);
    wb_task_start(&t->task, "tracing a row");
}

/* ---- The view -------------------------------------------------------------------------------- */

void wb_open_inspect(struct wb *wb, const char *target, const char *where)
{
    struct view *view = wb_open(wb, "inspect", target);
    struct inspect *v = view->state;
    v->where = fst_strdup(where);
    v->row = 0;
    begin(view);
}

static void open(struct view *view)
{
    struct inspect *v = view->state;
    v->row = 1;
    begin(view);
}

static void close(struct view *view)
{
    struct inspect *v = view->state;
    facts_work_end(&v->work);
    facts_lines_done(&v->lines);
    fst_trace_done(&v->trace);
    free(v->where);
    free(v->error);
}

static void open_rows(struct view *view)
{
    const struct inspect *v = view->state;
    size_t at = facts_lines_item(&v->lines);
    if (at >= v->trace.n_features)
        wb_say(view->wb, FST_ROLE_DIM, "enter opens the rows of a feature's source");
    else
        wb_open_rows(view->wb, v->trace.features[at].rows_target, v->trace.features[at].rows_where);
}

static void row_done(struct wb *wb, const char *text)
{
    struct view *view = wb_top(wb);
    int64_t row;
    if (view->ops != &view_inspect || !*text)
        return;
    struct inspect *v = view->state;
    if (!fst_parse_int64(text, strlen(text), &row) || row < 1) {
        wb_say(wb, FST_ROLE_ERROR, "%s is not the number of a row", text);
        return;
    }
    free(v->where);
    v->where = NULL;
    v->row = (uint64_t)row;
    begin(view);
}

static void step(struct view *view, int by)
{
    struct inspect *v = view->state;
    if (!v->row)
        wb_say(view->wb, FST_ROLE_DIM, "this row was not asked for by its number (#)");
    else if (by > 0 || v->row > 1) {
        v->row += (uint64_t)by;
        begin(view);
    }
}

static bool action(struct view *view, const char *name)
{
    struct inspect *v = view->state;
    if (strcmp(name, "inspect.rows") == 0)
        open_rows(view);
    else if (strcmp(name, "inspect.row") == 0)
        wb_prompt(view->wb, "row: ", "", row_done);
    else if (strcmp(name, "inspect.next") == 0)
        step(view, 1);
    else if (strcmp(name, "inspect.previous") == 0)
        step(view, -1);
    else if (strcmp(name, "refresh") == 0)
        begin(view);
    else
        return facts_lines_move(&v->lines, name);
    return true;
}

static void title(struct view *view, struct fst_buf *out)
{
    const struct inspect *v = view->state;
    fst_buf_adds(out, "where a row ");
    if (v->row)
        fst_buf_printf(out, "(%llu) ", (unsigned long long)v->row);
    fst_buf_printf(out, "of %s comes from",
                   v->trace.arena ? v->trace.label
                   : view->target ? view->target
                                  : "a training set");
    if (v->trace.arena)
        fst_buf_printf(out, "  run %s", v->trace.run_id);
}

static void draw(struct view *view, struct fst_surface *s)
{
    struct inspect *v = view->state;
    if (v->error)
        fst_draw_wrapped(s, 0, 1, s->rows, FST_ROLE_ERROR, v->error, strlen(v->error));
    else if (v->trace.arena)
        facts_lines_draw(&v->lines, s);
    else
        fst_draws(s, 1, 2, FST_ROLE_DIM,
                  !view->target ? "say of what: inspect TRAINING_SET"
                  : s->ascii    ? "looking..."
                                : "looking…");
}

const struct view_ops view_inspect = {
    .name = "inspect",
    .help = "where the values of a training row come from",
    .scopes = {"inspect", "list", NULL},
    .state_size = sizeof(struct inspect),
    .open = open,
    .close = close,
    .action = action,
    .title = title,
    .draw = draw,
};
