/* Which source columns each column of a resource is made of, by its SQL: as text. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

struct columns_task {
    struct task task;
    struct fst_resource *resource;
    struct fst_column_origins origins;
};

static size_t width_of(const char *text)
{
    return text ? fst_text_width(text, strlen(text)) : 0;
}

static size_t widest(const struct fst_column_origins *o)
{
    size_t most = width_of("(rows)");
    for (size_t i = 0; i < o->n; i++)
        if (width_of(o->items[i].column) > most)
            most = width_of(o->items[i].column);
    return most;
}

static void put_origin(struct fst_buf *out, const struct fst_column_origin *it)
{
    fst_text_escape(out, it->from, strlen(it->from));
    fst_buf_addc(out, '.');
    fst_text_escape(out, it->from_column, strlen(it->from_column));
    fst_buf_adds(out, "  ");
    fst_column_uses_text(out, it->uses);
    fst_buf_addc(out, '\n');
}

static bool is_same_column(const struct fst_column_origin *a, const struct fst_column_origin *b)
{
    return a->column && b->column ? strcmp(a->column, b->column) == 0 : a->column == b->column;
}

static char *text_of(const struct fst_column_origins *o)
{
    struct fst_buf out = FST_BUF_TEXT;
    size_t cols = widest(o) + 2;
    for (size_t i = 0; i < o->n; i++) {
        const struct fst_column_origin *it = &o->items[i];
        bool again = i && is_same_column(it, it - 1);
        const char *name = again ? "" : it->column ? it->column : "(rows)";
        fst_text_escape(&out, name, strlen(name));
        fst_buf_repeat(&out, ' ', cols - width_of(name));
        put_origin(&out, it);
    }
    for (size_t i = 0; i < o->n_notes; i++) {
        fst_buf_addc(&out, '\n');
        fst_text_escape(&out, o->notes[i], strlen(o->notes[i]));
    }
    if (!o->n && !o->n_notes)
        fst_buf_adds(&out, "no columns");
    return fst_buf_take(&out);
}

static void work(struct task *t)
{
    struct columns_task *c = (struct columns_task *)t;
    t->status = fst_app_column_origins(t->wb->app, c->resource, &c->origins, &t->err);
}

static void done(struct task *t, struct view *v)
{
    struct columns_task *c = (struct columns_task *)t;
    (void)v;
    if (t->status != FST_OK) {
        wb_say_error(t->wb, &t->err);
        return;
    }
    char *title = fst_asprintf("columns of %s", fst_resource_label(c->resource));
    wb_open_text(t->wb, title, text_of(&c->origins));
    free(title);
}

static void release(struct task *t)
{
    struct columns_task *c = (struct columns_task *)t;
    fst_column_origins_done(&c->origins);
    fst_resource_free(c->resource);
}

void wb_show_columns(struct wb *wb, const struct fst_resource *r)
{
    struct fst_resource *own;
    struct fst_error err;
    if (fst_catalog_get(wb->catalog, r->id, &own, &err) != FST_OK) {
        wb_say_error(wb, &err);
        return;
    }
    struct columns_task *t = wb_task_new(wb, NULL, sizeof *t, work, done, release);
    t->resource = own;
    wb_task_start(&t->task, "following columns");
}
