/* The check of what is written by the provider's analyzer, while one goes on writing. The latest
 * text wins, and never are two checks in flight: when one ends and the text has moved on, the next
 * begins. */
#include <stdlib.h>
#include <string.h>

#include "editor.h"

struct check_task {
    struct task task;
    char *text, *provider, *not_local;
    struct fst_schema *schema;
    struct fst_problem problem;
};

static void check_work(struct task *t)
{
    struct check_task *c = (struct check_task *)t;
    t->status = fst_app_check(t->wb->app, c->text, c->provider, fst_job_cancelled, &t->job,
                              &c->schema, &c->problem, &t->err);
    if (t->status == FST_OK)
        c->not_local = fst_app_not_local(t->wb->app, c->text, NULL, c->provider);
}

static void check_release(struct task *t)
{
    struct check_task *c = (struct check_task *)t;
    fst_schema_free(c->schema);
    free(c->text);
    free(c->provider);
    free(c->not_local);
}

static void say_schema(struct editor_view *e, const char *not_local, bool elsewhere)
{
    struct fst_buf b = FST_BUF(sizeof e->status - 1);
    fst_buf_printf(&b, "right: %zu column%s, ", e->schema->n, e->schema->n == 1 ? "" : "s");
    if (not_local)
        fst_buf_printf(&b, "needs Spark (%s): ", not_local);
    else
        fst_buf_adds(&b, elsewhere ? "runs locally, too: " : "runs locally: ");
    for (size_t i = 0; i < e->schema->n && !b.over; i++) {
        fst_buf_printf(&b, "%s%s ", i ? ", " : "", e->schema->fields[i].name);
        fst_type_text(&b, &e->schema->fields[i].type);
    }
    snprintf(e->status, sizeof e->status, "%s", fst_buf_text(&b));
    e->status_role = FST_ROLE_OK;
    fst_buf_done(&b);
}

static void say_problem(struct editor_view *e, const struct fst_error *err)
{
    struct fst_buf text = FST_BUF(8192);
    fst_problem_text(&text, &e->problem, err->text);
    snprintf(e->status, sizeof e->status, "%.*s", (int)strcspn(fst_buf_text(&text), "\n"),
             fst_buf_text(&text));
    fst_buf_done(&text);
    e->status_role = e->problem.unsupported ? FST_ROLE_WARN : FST_ROLE_ERROR;
}

struct fst_str editor_statement(struct view *v)
{
    const struct editor_view *e = v->state;
    size_t n, at;
    const char *text = fst_editor_text(e->editor, &n);
    fst_editor_place(e->editor, NULL, NULL, &at);
    return e->is_scratch ? peek_statement(text, n, at) : (struct fst_str){text, n};
}

bool editor_is_blank(struct fst_str s)
{
    size_t i = 0;
    while (i < s.n && strchr(" \t\n\r", s.p[i]))
        i++;
    return i == s.n;
}

/* Where the statement begins, to find the place of a problem in the whole text. */
static void note_place(struct editor_view *e, struct fst_str statement)
{
    size_t n;
    const char *text = fst_editor_text(e->editor, &n);
    e->line_0 = e->col_0 = 0;
    for (const char *p = text; p < statement.p; p++) {
        e->line_0 += *p == '\n';
        e->col_0 = *p == '\n' ? 0 : e->col_0 + 1;
    }
}

static void check_done(struct task *t, struct view *v)
{
    struct check_task *c = (struct check_task *)t;
    if (!v)
        return;
    struct editor_view *e = v->state;
    e->check_running = false;
    e->checked = e->checking;
    if (t->status != FST_ECANCELLED) {
        e->problem = c->problem;
        fst_schema_free(e->schema);
        e->schema = c->schema;
        c->schema = NULL;
        if (t->status == FST_OK) {
            e->problem = (struct fst_problem){0};
            say_schema(e, c->not_local, c->provider && strcmp(c->provider, "local") != 0);
        } else {
            say_problem(e, &t->err);
            e->problem.col += e->problem.line == 1 ? e->col_0 : 0;
            e->problem.line += e->problem.line ? e->line_0 : 0;
        }
        if (fst_editor_revision(e->editor) == e->checked)
            fst_editor_mark(e->editor, e->problem.line, e->problem.col, e->problem.len);
    }
    editor_check(v);
}

void editor_check(struct view *v)
{
    struct editor_view *e = v->state;
    if (e->check_running || !e->editor || fst_editor_revision(e->editor) == e->checked)
        return;
    struct fst_str text = editor_statement(v);
    e->checking = fst_editor_revision(e->editor);
    if (e->is_scratch && editor_is_blank(text)) {
        e->checked = e->checking;
        snprintf(e->status, sizeof e->status, "%s", scratch_hint);
        e->status_role = FST_ROLE_DIM;
        return;
    }
    note_place(e, text);
    struct check_task *t = wb_task_new(v->wb, v, sizeof *t, check_work, check_done, check_release);
    t->text = fst_strndup(text.p, text.n);
    t->provider = fst_strdup(wb_provider(v->wb) ? wb_provider(v->wb) : e->resource->provider);
    e->check_running = true;
    wb_task_start(&t->task, "checking");
}
