/* Rows below an editor. The first ones are read by a task, as the query of an ad hoc target; keys
 * go on meanwhile, and only the answer to the last question is shown. */
#include "peek.h"

#include <stdlib.h>
#include <string.h>

#include "past.h"

enum { FIRST_ROWS = 200 };

struct peek_task {
    struct task task;
    char *target, *sql, *provider, *sent;
    struct peek *(*of)(struct view *v);
    struct fst_frame **frames;
    size_t n_frames, frames_cap;
    struct fst_schema *schema;
    struct fst_problem problem;
    unsigned number;
    int64_t asked_us, rows;
    bool cut, keeps;
};

static void read_rows(struct peek_task *p, struct fst_reader *reader)
{
    struct task *t = &p->task;
    size_t got = 0;
    p->schema = fst_schema_copy(reader->schema);
    while (t->status == FST_OK && got < FIRST_ROWS && !fst_job_cancelled(&t->job)) {
        struct fst_frame *f;
        t->status = fst_reader_next(reader, FIRST_ROWS - got, &f, &t->err);
        if (t->status != FST_OK || !f)
            break;
        got += f->n_rows;
        fst_grow(&p->frames, &p->frames_cap, p->n_frames + 1, sizeof *p->frames);
        p->frames[p->n_frames++] = f;
    }
    p->rows = (int64_t)got;
    p->cut = got >= FIRST_ROWS;
}

static void work(struct task *t)
{
    struct peek_task *p = (struct peek_task *)t;
    struct fst_preview_options o = {
        .limit = FIRST_ROWS, .cancelled = fst_job_cancelled, .cancel_arg = &t->job};
    struct fst_reader *reader;
    struct fst_place place;
    struct fst_buf sent = FST_BUF_TEXT;
    if (fst_app_sent(t->wb->app, p->sql, p->provider, &sent, NULL) == FST_OK)
        p->sent = fst_buf_take(&sent);
    t->status = fst_app_preview(t->wb->app, p->target, &o, &reader, &place, &p->problem, &t->err);
    if (t->status != FST_OK)
        return;
    read_rows(p, reader);
    fst_reader_close(reader);
    fst_place_done(&place);
}

static void take(struct peek *p, struct peek_task *t)
{
    if (p->schema)
        fst_grid_done(&p->grid);
    fst_schema_free(p->schema);
    p->schema = t->schema;
    t->schema = NULL;
    fst_grid_open(&p->grid, p->schema);
    for (size_t i = 0; i < t->n_frames; i++)
        fst_grid_append(&p->grid, t->frames[i]);
    t->n_frames = 0;
    p->grid.complete = true;
    p->cut = t->cut;
}

static void say_problem(struct peek *p, const struct peek_task *t)
{
    struct fst_buf text = FST_BUF(8192);
    fst_problem_text(&text, &t->problem, t->task.err.text);
    free(p->error);
    p->error = fst_buf_take(&text);
}

/* What was given up, or asked anew before it came, ran as well. */
static void remember(const struct peek_task *t)
{
    const struct task *task = &t->task;
    bool failed = task->status != FST_OK;
    struct fst_past_query q = {.at_us = t->asked_us,
                               .took_us = fst_monotonic_us() - task->started_us,
                               .rows = failed ? -1 : t->rows,
                               .more = !failed && t->cut,
                               .sql = t->sql,
                               .provider = t->provider,
                               .error = task->status == FST_ECANCELLED ? "given up"
                                        : failed                       ? task->err.text
                                                                       : NULL};
    past_keep(task->wb, &q);
}

static void done(struct task *task, struct view *v)
{
    struct peek_task *t = (struct peek_task *)task;
    struct peek *p = v ? t->of(v) : NULL;
    if (t->keeps)
        remember(t);
    if (!p || p->number != t->number)
        return;
    p->loading = false;
    p->sent = t->sent;
    t->sent = NULL;
    if (task->status == FST_OK)
        take(p, t);
    else if (task->status != FST_ECANCELLED)
        say_problem(p, t);
}

static void release(struct task *task)
{
    struct peek_task *t = (struct peek_task *)task;
    for (size_t i = 0; i < t->n_frames; i++)
        fst_frame_unref(t->frames[i]);
    free(t->frames);
    fst_schema_free(t->schema);
    free(t->target);
    free(t->sql);
    free(t->provider);
    free(t->sent);
}

void peek_ask(struct view *v, struct peek *(*of)(struct view *v), const char *provider,
              const char *what, char *sql)
{
    struct peek *p = of(v);
    struct peek_task *t = wb_task_new(v->wb, v, sizeof *t, work, done, release);
    t->of = of;
    t->target = fst_asprintf("sql:%s%s%s", provider ? provider : "", provider ? "/" : "", sql);
    t->sql = sql;
    t->provider = fst_strdup(provider);
    t->number = ++p->number;
    t->asked_us = fst_now_us();
    t->keeps = p->keeps;
    free(p->sent);
    free(p->what);
    free(p->error);
    p->sent = NULL;
    p->what = fst_strdup(what);
    p->error = NULL;
    p->open = p->loading = true;
    wb_task_start(&t->task, "reading rows");
}

void peek_close(struct peek *p)
{
    p->open = p->focus = p->loading = false;
    p->number++;
    if (p->schema)
        fst_grid_done(&p->grid);
    fst_schema_free(p->schema);
    p->schema = NULL;
}

void peek_done(struct peek *p)
{
    peek_close(p);
    free(p->sent);
    free(p->what);
    free(p->error);
}

/* ---- Drawing --------------------------------------------------------------------------------- */

static void draw_head(const struct peek *p, struct fst_surface *s)
{
    enum fst_role role = p->focus ? FST_ROLE_TITLE : FST_ROLE_HEADER;
    struct fst_buf text = FST_BUF(1024), rows = FST_BUF(64);
    fst_buf_printf(&text, "rows of %s", p->what ? p->what : "the text");
    if (p->loading)
        fst_buf_adds(&text, s->ascii ? "  reading..." : "  reading…");
    else if (!p->error && p->schema) {
        fst_count_text(&rows, (int64_t)p->grid.row + (p->grid.n_rows > 0));
        fst_buf_printf(&text, "  %s/%llu%s", fst_buf_text(&rows),
                       (unsigned long long)p->grid.n_rows, p->cut ? "+" : "");
    }
    fst_draw_fill(s, 0, 0, s->cols, role);
    fst_draw(s, 0, 1, s->cols - 2, role, fst_buf_text(&text), text.n);
    fst_buf_done(&text);
    fst_buf_done(&rows);
}

void peek_draw(struct peek *p, struct fst_surface *s)
{
    struct fst_surface body = fst_surface_window(s, 1, 0, s->rows - 1, s->cols);
    draw_head(p, s);
    if (p->error)
        fst_draw_wrapped(&body, 0, 1, body.rows, FST_ROLE_ERROR, p->error, strlen(p->error));
    else if (p->schema)
        fst_grid_draw(&p->grid, &body);
    if (!p->error && p->schema && p->grid.n_rows == 0 && body.rows > 2)
        fst_draws(&body, 2, 2, FST_ROLE_DIM, "no rows");
}

/* ---- Keys ------------------------------------------------------------------------------------ */

bool peek_key(struct view *v, struct peek *p, const struct fst_key *key)
{
    static const char *const scopes[] = {"grid", NULL};
    if (!p->open || !p->focus)
        return false;
    const struct fst_action *a = fst_keymap_look(v->wb->keys, scopes, key, true);
    if (strcmp(key->name, "esc") == 0 || strcmp(key->name, "ctrl-t") == 0)
        p->focus = false;
    else if (strcmp(key->name, "y") == 0 && p->schema)
        wb_copy_cell(v->wb, &p->grid);
    else if (a && p->schema)
        fst_grid_action(&p->grid, a->name);
    else
        return !!key->text[0]; /* letters are not for the text while the rows have the focus */
    return true;
}
