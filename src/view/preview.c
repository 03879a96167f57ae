/* Rows of a target in a grid. The reader stays open with the view; more rows are fetched when the
 * cursor comes near the end of what is there, by one task at a time, which has the reader for
 * itself. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

#define FIRST_ROWS 200
#define MORE_ROWS 2000
#define MAX_ROWS 1000000 /* kept; WHERE and ORDER BY find what lies behind */

/* Rows being read, and the wish to stop: the reader asks for it as long as it lives, whoever has
 * it. The view and the task that reads hold it together. */
struct rows {
    struct fst_reader *reader;
    struct fst_place place; /* the reader borrows from it */
    _Atomic bool stop;
    _Atomic int holders;
};

struct preview {
    struct fst_grid grid;
    struct rows *rows; /* a task reads them while `loading` */
    struct fst_schema *schema;
    char *where, *sort_column, *label, *run_id;
    int sort; /* 0 as it lies, 1 ascending, -1 descending */
    bool loading, opened, ended;
    char status[512];
};

struct preview_task {
    struct task task;
    char *target, *where, *sort;
    struct rows *rows;
    struct fst_frame *frames[64];
    size_t n_frames;
    size_t wanted;
    bool opening, ended;
    struct fst_problem problem;
};

/* ---- Reading --------------------------------------------------------------------------------- */

static bool wants_stop(void *arg)
{
    return ((struct rows *)arg)->stop;
}

static struct rows *rows_hold(struct rows *r)
{
    r->holders++;
    return r;
}

static void rows_drop(struct rows *r)
{
    if (!r || --r->holders)
        return;
    fst_reader_close(r->reader);
    fst_place_done(&r->place);
    free(r);
}

static void rows_stop(struct rows **r)
{
    if (*r)
        (*r)->stop = true;
    rows_drop(*r);
    *r = NULL;
}

static enum fst_status open_reader(struct preview_task *p)
{
    struct fst_preview_options o = {.where = p->where,
                                    .sort = p->sort,
                                    .limit = MAX_ROWS,
                                    .cancelled = wants_stop,
                                    .cancel_arg = p->rows};
    return fst_app_preview(p->task.wb->app, p->target, &o, &p->rows->reader, &p->rows->place,
                           &p->problem, &p->task.err);
}

static void work(struct task *t)
{
    struct preview_task *p = (struct preview_task *)t;
    if (p->opening)
        t->status = open_reader(p);
    if (p->opening && t->status == FST_OK && !p->where)
        fst_reader_total(p->rows->reader); /* here, because it may take a while */
    size_t got = 0;
    while (t->status == FST_OK && got < p->wanted && p->n_frames < FST_COUNT(p->frames) &&
           !fst_job_cancelled(&t->job)) {
        struct fst_frame *f;
        t->status = fst_reader_next(p->rows->reader, p->wanted - got, &f, &t->err);
        if (t->status == FST_OK && !f) {
            p->ended = true;
            break;
        }
        if (t->status == FST_OK) {
            got += f->n_rows;
            p->frames[p->n_frames++] = f;
        }
    }
}

static void release(struct task *t)
{
    struct preview_task *p = (struct preview_task *)t;
    for (size_t i = 0; i < p->n_frames; i++)
        fst_frame_unref(p->frames[i]);
    rows_drop(p->rows);
    free(p->target);
    free(p->where);
    free(p->sort);
}

static void take_schema(struct preview *p, const struct preview_task *t)
{
    fst_grid_done(&p->grid);
    fst_schema_free(p->schema);
    p->schema = fst_schema_copy(t->rows->reader->schema);
    fst_grid_open(&p->grid, p->schema);
    p->grid.total_rows = p->where ? -1 : t->rows->reader->total_rows;
    free(p->label);
    free(p->run_id);
    p->label = fst_strdup(t->rows->place.label);
    p->run_id = fst_strdup(t->rows->place.run_id);
    p->opened = true;
}

static void say_problem(struct preview *p, const struct preview_task *t)
{
    const char *text = t->problem.message[0] ? t->problem.message : t->task.err.text;
    snprintf(p->status, sizeof p->status, "%.*s", (int)strcspn(text, "\n"), text);
}

static void done(struct task *t, struct view *v)
{
    struct preview_task *pt = (struct preview_task *)t;
    if (!v)
        return;
    struct preview *p = v->state;
    if (pt->rows != p->rows)
        return; /* of a question that was asked anew */
    p->loading = false;
    if (t->status == FST_OK && pt->opening)
        take_schema(p, pt);
    for (size_t i = 0; i < pt->n_frames; i++)
        fst_grid_append(&p->grid, pt->frames[i]);
    if (t->status != FST_OK) {
        say_problem(p, pt);
        if (p->opened)
            wb_say(t->wb, FST_ROLE_ERROR, "%s", p->status);
        p->ended = p->opened;
        return;
    }
    p->status[0] = '\0';
    p->ended = pt->ended;
    p->grid.complete = pt->ended;
}

static struct preview_task *new_task(struct view *v)
{
    struct preview *p = v->state;
    p->loading = true;
    return wb_task_new(v->wb, v, sizeof(struct preview_task), work, done, release);
}

static void start(struct view *v)
{
    struct preview *p = v->state;
    wb_tasks_cancel(v->wb, v->id);
    rows_stop(&p->rows);
    p->rows = fst_alloc(sizeof *p->rows);
    rows_hold(p->rows);
    struct preview_task *t = new_task(v);
    t->rows = rows_hold(p->rows);
    t->target = fst_strdup(v->target ? v->target : "");
    t->where = p->where && *p->where ? fst_strdup(p->where) : NULL;
    if (p->sort)
        t->sort = fst_asprintf("`%s`%s", p->sort_column, p->sort < 0 ? " DESC" : "");
    t->opening = true;
    t->wanted = FIRST_ROWS;
    wb_task_start(&t->task, "reading rows");
}

static void more(struct view *v)
{
    struct preview *p = v->state;
    if (p->loading || p->ended || !p->rows || !p->rows->reader || !fst_grid_wants_more(&p->grid))
        return;
    struct preview_task *t = new_task(v);
    t->rows = rows_hold(p->rows);
    t->wanted = MORE_ROWS;
    wb_task_start(&t->task, "reading rows");
}

/* ---- Acts ------------------------------------------------------------------------------------ */

static void where_done(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    if (v->ops != &view_preview)
        return;
    struct preview *p = v->state;
    free(p->where);
    p->where = *text ? fst_strdup(text) : NULL;
    start(v);
}

static void sort(struct view *v)
{
    struct preview *p = v->state;
    if (!p->schema || p->grid.col >= p->schema->n)
        return;
    const char *name = p->schema->fields[p->grid.col].name;
    bool same = p->sort && strcmp(p->sort_column, name) == 0;
    p->sort = !same ? 1 : p->sort > 0 ? -1 : 0;
    free(p->sort_column);
    p->sort_column = fst_strdup(name);
    start(v);
}

static void show_schema(struct view *v)
{
    struct preview *p = v->state;
    struct fst_buf text = FST_BUF_TEXT;
    for (size_t i = 0; p->schema && i < p->schema->n; i++) {
        fst_text_escape(&text, p->schema->fields[i].name, strlen(p->schema->fields[i].name));
        fst_buf_addc(&text, ' ');
        fst_buf_repeat(&text, ' ', text.n % 2);
        fst_type_text(&text, &p->schema->fields[i].type);
        fst_buf_addc(&text, '\n');
    }
    wb_open_text(v->wb, "schema", fst_buf_take(&text));
}

/* The frame and the row in it where the cursor is. */
static const struct fst_frame *row_under_cursor(const struct preview *p, size_t *row)
{
    uint64_t at = p->grid.row;
    for (size_t i = 0; i < p->grid.n_frames; i++) {
        if (at < p->grid.frames[i]->n_rows) {
            *row = (size_t)at;
            return p->grid.frames[i];
        }
        at -= p->grid.frames[i]->n_rows;
    }
    return NULL;
}

static void show_record(struct view *v)
{
    struct preview *p = v->state;
    size_t row, widest = 0;
    const struct fst_frame *f = row_under_cursor(p, &row);
    struct fst_buf text = FST_BUF_TEXT;
    for (size_t i = 0; f && i < f->n_columns; i++) {
        size_t w = fst_text_width(f->schema->fields[i].name, strlen(f->schema->fields[i].name));
        widest = w > widest ? w : widest;
    }
    for (size_t i = 0; f && i < f->n_columns; i++) {
        const char *name = f->schema->fields[i].name;
        fst_text_escape(&text, name, strlen(name));
        fst_buf_repeat(&text, ' ', widest + 2 - fst_text_width(name, strlen(name)));
        if (f->columns[i].unreadable)
            fst_buf_printf(&text, "(%s)", f->columns[i].unreadable);
        else if (!fst_cell_text(&text, &f->columns[i], row, FST_CELL_SCREEN))
            fst_buf_adds(&text, "NULL");
        fst_buf_addc(&text, '\n');
    }
    char *title = fst_asprintf("row %llu of %s", (unsigned long long)p->grid.row + 1,
                               p->label ? p->label : "");
    wb_open_text(v->wb, title, fst_buf_take(&text));
    free(title);
}

/* ---- The view -------------------------------------------------------------------------------- */

static void close(struct view *v)
{
    struct preview *p = v->state;
    rows_stop(&p->rows);
    fst_grid_done(&p->grid);
    fst_schema_free(p->schema);
    free(p->where);
    free(p->sort_column);
    free(p->label);
    free(p->run_id);
}

static bool action(struct view *v, const char *name)
{
    struct preview *p = v->state;
    if (strcmp(name, "preview.where") == 0)
        wb_prompt(v->wb, "where: ", p->where ? p->where : "", where_done);
    else if (strcmp(name, "preview.sort") == 0)
        sort(v);
    else if (strcmp(name, "preview.schema") == 0)
        show_schema(v);
    else if (strcmp(name, "preview.record") == 0)
        show_record(v);
    else if (strcmp(name, "refresh") == 0)
        start(v);
    else if (!p->opened || !fst_grid_action(&p->grid, name))
        return false;
    more(v);
    return true;
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct preview *p = v->state;
    struct fst_buf rows = FST_BUF(64), total = FST_BUF(64);
    const char *slash =
        v->target && strncmp(v->target, "/", 1) != 0 ? strchr(v->target, '/') : NULL;
    fst_buf_printf(out, "rows of %s",
                   p->label    ? p->label
                   : slash     ? slash + 1
                   : v->target ? v->target
                               : "");
    if (p->opened && p->grid.n_rows) {
        fst_count_text(&rows, (int64_t)p->grid.row + 1);
        fst_count_text(&total,
                       p->grid.total_rows >= 0 ? p->grid.total_rows : (int64_t)p->grid.n_rows);
        fst_buf_printf(out, "  %s/%s%s", fst_buf_text(&rows), fst_buf_text(&total),
                       p->grid.total_rows < 0 && !p->ended ? "+" : "");
    }
    if (p->where)
        fst_buf_printf(out, "  where %s", p->where);
    if (p->sort)
        fst_buf_printf(out, "  by %s%s", p->sort_column, p->sort < 0 ? " desc" : "");
    if (p->run_id)
        fst_buf_printf(out, "  run %s", p->run_id);
    fst_buf_done(&rows);
    fst_buf_done(&total);
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct preview *p = v->state;
    if (p->opened)
        fst_grid_draw(&p->grid, s);
    else if (p->status[0])
        fst_draw_wrapped(s, 1, 2, s->rows - 1, FST_ROLE_WARN, p->status, strlen(p->status));
    else
        fst_draws(s, 1, 2, FST_ROLE_DIM, s->ascii ? "reading..." : "reading…");
    if (p->opened && p->ended && p->grid.n_rows == 0 && s->rows > 3)
        fst_draws(s, 3, 2, FST_ROLE_DIM, "no rows");
}

const struct view_ops view_preview = {
    .name = "preview",
    .help = "rows of a resource, a run, a path or a URI",
    .scopes = {"preview", "grid", NULL},
    .state_size = sizeof(struct preview),
    .open = start,
    .close = close,
    .action = action,
    .title = title,
    .draw = draw,
};
