/* What becomes of a form: its text is tried, planned, shown, and registered. */
#include <stdlib.h>
#include <string.h>

#include "form.h"

struct form_task {
    struct task task;
    char *text;
    struct fst_buf line;
    struct fst_planned planned;
};

static void task_release(struct task *t)
{
    struct form_task *x = (struct form_task *)t;
    free(x->text);
    fst_buf_done(&x->line);
    fst_planned_done(&x->planned);
}

static char *text_of(struct form *f)
{
    struct fst_buf out = FST_BUF_TEXT;
    char why[256] = "";
    form_take_text(f);
    if (f->ops->text(f, &out, why))
        return fst_buf_take(&out);
    wb_say(f->view->wb, FST_ROLE_WARN, "%s", why);
    fst_buf_done(&out);
    return NULL;
}

static void start(struct form *f, void (*work)(struct task *),
                  void (*done)(struct task *, struct view *), const char *what)
{
    char *text = f->busy ? NULL : text_of(f);
    if (!text)
        return;
    struct form_task *t = wb_task_new(f->view->wb, f->view, sizeof *t, work, done, task_release);
    t->text = text;
    t->line = FST_BUF(4096);
    f->busy = true;
    wb_task_start(&t->task, what);
}

static void test_work(struct task *t)
{
    struct form_task *x = (struct form_task *)t;
    t->status = fst_app_try_provider(t->wb->app, x->text, &x->line, &t->err);
}

static void test_done(struct task *t, struct view *v)
{
    struct form_task *x = (struct form_task *)t;
    if (!v)
        return;
    struct form *f = v->state;
    f->busy = false;
    free(f->tested);
    f->test_failed = t->status != FST_OK;
    f->tested = fst_strdup(t->status == FST_OK ? fst_buf_text(&x->line) : t->err.text);
    wb_say(t->wb, f->test_failed ? FST_ROLE_ERROR : FST_ROLE_OK, "%s", f->tested);
}

static void plan_work(struct task *t)
{
    struct form_task *x = (struct form_task *)t;
    t->status =
        fst_app_plan(t->wb->app, &(struct fst_draft){.text = x->text}, &x->planned, &t->err);
}

static void apply_work(struct task *t)
{
    struct form_task *x = (struct form_task *)t;
    t->status =
        fst_app_apply(t->wb->app, &(struct fst_draft){.text = x->text}, &x->planned, &t->err);
}

static void apply_done(struct task *t, struct view *v)
{
    struct form_task *x = (struct form_task *)t;
    if (v)
        ((struct form *)v->state)->busy = false;
    if (t->status != FST_OK) {
        wb_say_error(t->wb, &t->err);
        return;
    }
    if (v && wb_top(t->wb) == v) {
        ((struct form *)v->state)->discard = true;
        wb_back(t->wb);
    }
    wb_say(t->wb, FST_ROLE_INFO, "registered %s", x->planned.labels);
}

static void chosen(struct wb *wb, int choice, void *arg)
{
    struct view *v = wb_top(wb);
    char *text = arg;
    if (choice == 1 && v->ops == &view_form) {
        struct form *f = v->state;
        struct form_task *t = wb_task_new(wb, v, sizeof *t, apply_work, apply_done, task_release);
        t->text = fst_strdup(text);
        f->busy = true;
        wb_task_start(&t->task, "registering");
    }
    free(text);
}

static void plan_done(struct task *t, struct view *v)
{
    static const char *const choices[] = {"Go back", "Register", NULL};
    static const char *const none[] = {"Go back", NULL};
    struct form_task *x = (struct form_task *)t;
    if (!v)
        return;
    struct form *f = v->state;
    f->busy = false;
    if (t->status != FST_OK) {
        wb_say_error(t->wb, &t->err);
        return;
    }
    bool can = x->planned.changes && !x->planned.forbidden;
    char *text = fst_asprintf("%s\n%s%s%s", x->planned.summary, x->planned.yaml,
                              f->tested ? "\ntested: " : "", f->tested ? f->tested : "");
    wb_dialog(t->wb, can ? "Register" : "Nothing to register", text, can ? choices : none, NULL,
              NULL, chosen, fst_strdup(x->text));
    wb_dialog_suggest(t->wb);
}

void form_register(struct form *f)
{
    start(f, plan_work, plan_done, "planning");
}

void form_test(struct form *f)
{
    if (!f->ops->can_test) {
        wb_say(f->view->wb, FST_ROLE_DIM, "only a provider is tested");
        return;
    }
    wb_say(f->view->wb, FST_ROLE_INFO, "asking");
    start(f, test_work, test_done, "asking");
}
