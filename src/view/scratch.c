/* The scratch screen: the editor without a transformation. Statements are parted by semicolons, the
 * one under the cursor is checked and run; its rows stand below. What is worth keeping becomes a
 * transformation, after it was shown what that would be. The text stays from one day to the next.
 */
#include <stdlib.h>
#include <string.h>

#include "editor.h"

struct keep_task {
    struct task task;
    char *yaml;
    struct fst_planned planned;
};

static void release(struct task *t)
{
    struct keep_task *k = (struct keep_task *)t;
    fst_planned_done(&k->planned);
    free(k->yaml);
}

static void apply_work(struct task *t)
{
    struct keep_task *k = (struct keep_task *)t;
    t->status =
        fst_app_apply(t->wb->app, &(struct fst_draft){.text = k->yaml}, &k->planned, &t->err);
}

static void apply_done(struct task *t, struct view *v)
{
    struct keep_task *k = (struct keep_task *)t;
    (void)v;
    if (t->status != FST_OK)
        wb_say_error(t->wb, &t->err);
    else
        wb_say(t->wb, FST_ROLE_OK, "registered %s; 2 lists it, r there runs it", k->planned.labels);
}

static void chosen(struct wb *wb, int choice, void *arg)
{
    char *yaml = arg;
    if (choice == 1) {
        struct keep_task *k = wb_task_new(wb, NULL, sizeof *k, apply_work, apply_done, release);
        k->yaml = fst_strdup(yaml);
        k->task.stays = true;
        wb_task_start(&k->task, "registering");
    }
    free(yaml);
}

static void plan_work(struct task *t)
{
    struct keep_task *k = (struct keep_task *)t;
    t->status =
        fst_app_plan(t->wb->app, &(struct fst_draft){.text = k->yaml}, &k->planned, &t->err);
}

static void plan_done(struct task *t, struct view *v)
{
    static const char *const choices[] = {"Go back", "Register", NULL};
    static const char *const none[] = {"Go back", NULL};
    struct keep_task *k = (struct keep_task *)t;
    if (!v)
        return;
    if (t->status != FST_OK) {
        wb_say_error(t->wb, &t->err);
        return;
    }
    const struct editor_view *e = v->state;
    bool can = k->planned.changes && !k->planned.forbidden;
    char *text = fst_asprintf("%s\n%s\n%s", k->planned.summary, k->planned.yaml, e->status);
    wb_dialog(t->wb, can ? "Register" : "Nothing to register", text, can ? choices : none, NULL,
              NULL, chosen, fst_strdup(k->yaml));
    wb_dialog_suggest(t->wb);
}

/* NAME or NAME.VARIANT; the text as JSON, which YAML takes whatever is in it. */
static char *yaml_of(const char *name, const char *provider, struct fst_str sql)
{
    struct fst_buf out = FST_BUF_TEXT;
    size_t n = strcspn(name, ".");
    fst_buf_adds(&out, "transformations:\n  - name: ");
    fst_json_quote(&out, name, n);
    if (name[n]) {
        fst_buf_adds(&out, "\n    variant: ");
        fst_json_quote(&out, name + n + 1, strlen(name + n + 1));
    }
    if (provider) {
        fst_buf_adds(&out, "\n    provider: ");
        fst_json_quote(&out, provider, strlen(provider));
    }
    fst_buf_adds(&out, "\n    sql: ");
    fst_json_quote(&out, sql.p, sql.n);
    fst_buf_addc(&out, '\n');
    return fst_buf_take(&out);
}

static void named(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    if (v->ops != &view_scratch || !*text)
        return;
    struct fst_str sql = editor_statement(v);
    struct keep_task *k = wb_task_new(wb, v, sizeof *k, plan_work, plan_done, release);
    k->yaml = yaml_of(text, wb_provider(wb), sql);
    wb_task_start(&k->task, "looking at what that would be");
}

void scratch_save(struct view *v)
{
    if (wb_read_only(v->wb))
        return;
    wb_prompt(v->wb, "name of the transformation: ", "", named);
}

const char scratch_hint[] =
    "SQL over {{name}} or parquet.`/path`; ctrl-r shows the rows of the statement under the "
    "cursor, "
    "ctrl-s makes a transformation of it; other files are sources first (:files, a)";
