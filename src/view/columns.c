/* What the columns of a resource are made of, by its SQL: a list; enter opens the way of a column
 * through each resource, down to the sources, d what is made of it further on. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

struct columns {
    struct fst_list list;
    struct fst_column_origins origins;
    bool loaded;
};

struct columns_task {
    struct task task;
    struct fst_resource *resource;
    struct fst_column_origins origins;
    struct fst_column_way way;
    char *column;
    bool down;
};

/* ---- The list -------------------------------------------------------------------------------- */

static const struct fst_list_column columns[] = {
    {"column", 14, 30, false}, {"made of", 20, 50, false}, {"how", 10, 0, false}};

static bool is_again(const struct fst_column_origins *o, size_t row)
{
    const struct fst_column_origin *a = &o->items[row], *b = row ? a - 1 : NULL;
    if (!b)
        return false;
    return fst_text_same(a->column, b->column);
}

/* Rows of the list: the origins, then what could not be followed. */
static enum fst_role cell(void *arg, size_t row, size_t col, struct fst_buf *out)
{
    const struct fst_column_origins *o = &((const struct columns *)arg)->origins;
    if (row >= o->n) {
        if (col == 1 && row - o->n < o->n_notes)
            fst_buf_adds(out, o->notes[row - o->n]);
        return FST_ROLE_WARN;
    }
    const struct fst_column_origin *it = &o->items[row];
    if (col == 0)
        fst_buf_adds(out, is_again(o, row) ? "" : it->column ? it->column : "(rows)");
    else if (col == 1)
        fst_buf_printf(out, "%s.%s", it->from, it->from_column);
    else
        fst_column_uses_text(out, it->uses);
    return col == 2 ? FST_ROLE_DIM : FST_ROLE_TEXT;
}

/* ---- Tasks ----------------------------------------------------------------------------------- */

static void work(struct task *t)
{
    struct columns_task *c = (struct columns_task *)t;
    t->status = c->column ? fst_app_column_way(t->wb->app, c->resource, c->column, c->down, &c->way,
                                               &t->err)
                          : fst_app_column_origins(t->wb->app, c->resource, &c->origins, &t->err);
}

static char *way_text(const struct fst_column_way *way)
{
    struct fst_buf out = FST_BUF_TEXT;
    for (size_t i = 0; i < way->n; i++) {
        const struct fst_column_step *it = &way->items[i];
        fst_buf_repeat(&out, ' ', 2 * (size_t)it->depth);
        fst_text_escape(&out, it->label, strlen(it->label));
        fst_buf_addc(&out, '.');
        const char *column = it->column ? it->column : "(rows)";
        fst_text_escape(&out, column, strlen(column));
        fst_buf_adds(&out, it->depth ? "   " : "");
        fst_column_step_text(&out, it);
        fst_buf_addc(&out, '\n');
    }
    for (size_t i = 0; i < way->n_notes; i++) {
        fst_buf_addc(&out, '\n');
        fst_text_escape(&out, way->notes[i], strlen(way->notes[i]));
    }
    return fst_buf_take(&out);
}

static void show_way(struct columns_task *c)
{
    const char *label = fst_resource_label(c->resource);
    char *title = c->down ? fst_asprintf("what is made of %s.%s", label, c->column)
                          : fst_asprintf("the way of %s.%s", label, c->column);
    wb_open_text(c->task.wb, title, way_text(&c->way));
    free(title);
}

static void done(struct task *t, struct view *v)
{
    struct columns_task *c = (struct columns_task *)t;
    if (fst_job_cancelled(&t->job) || !v)
        return;
    if (t->status != FST_OK) {
        wb_say_error(t->wb, &t->err);
        return;
    }
    if (c->column) {
        show_way(c);
        return;
    }
    struct columns *s = v->state;
    s->origins = c->origins;
    c->origins = (struct fst_column_origins){0};
    s->list.n_rows = s->origins.n + s->origins.n_notes;
    s->loaded = true;
}

static void release(struct task *t)
{
    struct columns_task *c = (struct columns_task *)t;
    if (c->origins.arena)
        fst_column_origins_done(&c->origins);
    fst_column_way_done(&c->way);
    fst_resource_free(c->resource);
    free(c->column);
}

/* Its columns, or the way of one. */
static void start(struct view *v, const char *column, bool down)
{
    struct fst_resource *own;
    struct fst_place p;
    struct fst_error err;
    enum fst_status status = fst_app_find(v->wb->app, v->target ? v->target : "", &p, &err);
    if (status == FST_OK) {
        status = p.resource ? fst_catalog_get(v->wb->catalog, p.resource->id, &own, &err)
                            : fst_fail(&err, FST_ENOTFOUND, "%s is not registered", v->target);
        fst_place_done(&p);
    }
    if (status != FST_OK) {
        wb_say_error(v->wb, &err);
        return;
    }
    struct columns_task *t = wb_task_new(v->wb, v, sizeof *t, work, done, release);
    t->resource = own;
    t->column = fst_strdup(column);
    t->down = down;
    wb_task_start(&t->task, "following columns");
}

/* ---- The view -------------------------------------------------------------------------------- */

static void open(struct view *v)
{
    struct columns *s = v->state;
    s->list = (struct fst_list){
        .columns = columns, .n_columns = FST_COUNT(columns), .cell = cell, .arg = s};
    start(v, NULL, false);
}

static void close(struct view *v)
{
    struct columns *s = v->state;
    if (s->origins.arena)
        fst_column_origins_done(&s->origins);
}

static void open_way(struct view *v, bool down)
{
    struct columns *s = v->state;
    const struct fst_column_origin *it =
        s->list.cursor < s->origins.n ? &s->origins.items[s->list.cursor] : NULL;
    if (it && it->column)
        start(v, it->column, down);
    else
        wb_say(v->wb, FST_ROLE_WARN, "this row is no column: the way is that of a column");
}

static bool action(struct view *v, const char *name)
{
    struct columns *s = v->state;
    if (fst_list_action(&s->list, name))
        return true;
    if (strcmp(name, "open") == 0)
        open_way(v, false);
    else if (strcmp(name, "columns.down") == 0)
        open_way(v, true);
    else
        return false;
    return true;
}

static void title(struct view *v, struct fst_buf *out)
{
    fst_buf_printf(out, "columns of %s", fst_target_label(v->target));
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct columns *c = v->state;
    fst_list_draw(&c->list, s);
    if (c->loaded && c->list.n_rows == 0 && s->rows > 3)
        fst_draws(s, 2, 2, FST_ROLE_DIM, "no columns");
}

const struct view_ops view_columns = {
    .name = "columns",
    .help = "what each column is made of",
    .scopes = {"columns", "list", NULL},
    .state_size = sizeof(struct columns),
    .open = open,
    .close = close,
    .action = action,
    .title = title,
    .draw = draw,
    .is_list = true,
};

void wb_show_columns(struct wb *wb, const struct fst_resource *r)
{
    char *name = fst_asprintf("%s/%s", fst_kinds[r->kind].name, fst_resource_label(r));
    wb_open(wb, "columns", name);
    free(name);
}
