/* Tasks that remember queries and read what is remembered. */
#include "past.h"

#include <stdlib.h>
#include <string.h>

void past_done(struct past *p)
{
    fst_arena_free(p->arena);
    *p = (struct past){0};
}

void past_when(const struct fst_past_query *q, struct fst_buf *out)
{
    enum { TO_THE_MINUTE = 16 };
    struct fst_buf text = FST_BUF(64);
    fst_timestamp_text(&text, q->at_us);
    fst_buf_add(out, fst_buf_text(&text), text.n < TO_THE_MINUTE ? text.n : TO_THE_MINUTE);
    fst_buf_done(&text);
}

void past_words(const struct fst_past_query *q, struct fst_buf *out)
{
    if (q->error) {
        fst_buf_adds(out, q->error);
        return;
    }
    if (q->rows < 0) {
        fst_buf_adds(out, "opened in a screen of its own");
        return;
    }
    fst_count_text(out, q->rows);
    fst_buf_printf(out, "%s row%s in ", q->more ? "+" : "", q->rows == 1 ? "" : "s");
    fst_duration_text(out, q->took_us);
}

/* ---- Reading --------------------------------------------------------------------------------- */

struct read_task {
    struct task task;
    void (*got)(struct view *v, struct past *p);
    struct past past;
};

static void read_work(struct task *t)
{
    struct past *p = &((struct read_task *)t)->past;
    p->arena = fst_arena_new();
    t->status = fst_app_past_queries(t->wb->app, p->arena, &p->items, &p->n, &t->err);
}

static void read_done(struct task *t, struct view *v)
{
    struct read_task *r = (struct read_task *)t;
    if (t->status != FST_OK)
        wb_say_error(t->wb, &t->err);
    else if (v)
        r->got(v, &r->past);
}

static void read_release(struct task *t)
{
    past_done(&((struct read_task *)t)->past);
}

void past_read(struct view *v, void (*got)(struct view *v, struct past *p))
{
    struct read_task *t = wb_task_new(v->wb, v, sizeof *t, read_work, read_done, read_release);
    t->got = got;
    wb_task_start(&t->task, "reading what ran");
}

/* ---- Remembering ----------------------------------------------------------------------------- */

struct keep_task {
    struct task task;
    struct fst_past_query query;
    char *sql, *provider, *error;
};

static void keep_work(struct task *t)
{
    const struct keep_task *k = (const struct keep_task *)t;
    t->status = fst_app_keep_query(t->wb->app, &k->query, &t->err);
}

static void keep_release(struct task *t)
{
    struct keep_task *k = (struct keep_task *)t;
    free(k->sql);
    free(k->provider);
    free(k->error);
}

/* Without the space around it. */
static char *trimmed(const char *text)
{
    static const char space[] = " \t\r\n";
    const char *p = text + strspn(text, space);
    size_t n = strlen(p);
    while (n && strchr(space, p[n - 1]))
        n--;
    return fst_strndup(p, n);
}

void past_keep(struct wb *wb, const struct fst_past_query *q)
{
    const char *provider = q->provider ? q->provider : fst_app_setting(wb->app, "provider");
    struct keep_task *k = wb_task_new(wb, NULL, sizeof *k, keep_work, NULL, keep_release);
    k->query = *q;
    k->query.sql = k->sql = trimmed(q->sql);
    k->query.provider = k->provider = fst_strdup(provider && *provider ? provider : "local");
    k->query.error = k->error = fst_strdup(q->error);
    k->task.stays = true;
    wb_task_start(&k->task, "remembering the query");
}
