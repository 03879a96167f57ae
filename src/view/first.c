/* The first hour: what the first screen offers while nothing is there, and what makes something
 * new. Each by one key. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

/* ---- Files of definitions -------------------------------------------------------------------- */

struct apply_task {
    struct task task;
    char *path;
    struct fst_planned planned;
};

static void release(struct task *t)
{
    struct apply_task *a = (struct apply_task *)t;
    free(a->path);
    fst_planned_done(&a->planned);
}

static void apply_work(struct task *t)
{
    struct apply_task *a = (struct apply_task *)t;
    t->status =
        fst_app_apply(t->wb->app, &(struct fst_draft){.path = a->path}, &a->planned, &t->err);
}

static void apply_done(struct task *t, struct view *v)
{
    const struct apply_task *a = (struct apply_task *)t;
    (void)v;
    if (t->status != FST_OK)
        wb_say_error(t->wb, &t->err);
    else
        wb_say(t->wb, FST_ROLE_INFO, "applied %s: %zu new or changed", a->path, a->planned.changes);
    wb_look_again(t->wb);
}

static void chosen(struct wb *wb, int choice, void *arg)
{
    struct apply_task *a = NULL;
    if (choice == 1) {
        a = wb_task_new(wb, NULL, sizeof *a, apply_work, apply_done, release);
        a->path = fst_strdup(arg);
        wb_task_start(&a->task, "applying");
    }
    free(arg);
}

static void plan_work(struct task *t)
{
    struct apply_task *a = (struct apply_task *)t;
    t->status =
        fst_app_plan(t->wb->app, &(struct fst_draft){.path = a->path}, &a->planned, &t->err);
}

static void plan_done(struct task *t, struct view *v)
{
    static const char *const choices[] = {"Cancel", "Apply", NULL};
    static const char *const none[] = {"Go back", NULL};
    const struct apply_task *a = (struct apply_task *)t;
    bool can = a->planned.changes && !a->planned.forbidden;
    (void)v;
    if (t->status != FST_OK)
        wb_say_error(t->wb, &t->err);
    if (t->status != FST_OK)
        return;
    wb_dialog(t->wb, can ? "Apply" : "Nothing to apply", fst_strdup(a->planned.summary),
              can ? choices : none, NULL, NULL, chosen, fst_strdup(a->path));
    wb_dialog_suggest(t->wb);
}

void wb_apply_file(struct wb *wb, const char *path)
{
    if (!*path)
        return;
    struct apply_task *a = wb_task_new(wb, NULL, sizeof *a, plan_work, plan_done, release);
    a->path = fst_path_expand(path);
    wb_task_start(&a->task, "reading definitions");
}

/* ---- The demo -------------------------------------------------------------------------------- */

static void demo_work(struct task *t)
{
    t->status = fst_app_demo(t->wb->app, NULL, NULL, &t->err);
}

static void demo_done(struct task *t, struct view *v)
{
    (void)v;
    if (t->status != FST_OK)
        wb_say_error(t->wb, &t->err);
    else
        wb_say(t->wb, FST_ROLE_INFO, "the demo is there: enter opens what is under the cursor");
    wb_look_again(t->wb);
}

static void demo_chosen(struct wb *wb, int choice, void *arg)
{
    (void)arg;
    if (choice != 1)
        return;
    struct task *t = wb_task_new(wb, NULL, sizeof *t, demo_work, demo_done, NULL);
    wb_say(wb, FST_ROLE_INFO, "making the demo: data, definitions and runs");
    wb_task_start(t, "making the demo");
}

static void ask_demo(struct wb *wb)
{
    static const char *const choices[] = {"Leave it", "Make the demo", NULL};
    wb_dialog(wb, "The demo",
              fst_strdup("100,000 generated transactions with definitions and runs come into this "
                         "workspace; its files lie in the folder beside it."),
              choices, NULL, NULL, demo_chosen, NULL);
    wb_dialog_suggest(wb);
}

/* ---- One key each ---------------------------------------------------------------------------- */

/* What comes next, while there is nothing of a kind. */
static const struct {
    const char *action; /* whose key it is */
    const char *then;   /* and what to press there; NULL = nothing */
    const char *what;
    unsigned lacks, has; /* bits of kinds: there is none of one of these, and all of those */
} offers[] = {
    {"first.files", NULL, "browse files: look at them, make sources of them", 1u << FST_SOURCE, 0},
    {"first.provider", NULL, "add a provider: a Spark that runs the work", 1u << FST_PROVIDER, 0},
    {"first.apply", NULL, "apply a YAML file of definitions", 1u << FST_SOURCE, 0},
    {"first.demo", NULL, "make the demo, to try everything on", 1u << FST_SOURCE, 0},
    {"go.transformations", "n", "a query over the sources", 1u << FST_TRANSFORMATION,
     1u << FST_SOURCE},
    {"go.sources", "p m", "its rows, then features and a label of their columns",
     1u << FST_FEATURE | 1u << FST_LABEL, 1u << FST_SOURCE},
    {"go.training_sets", "n", "a training set of a label and features", 1u << FST_TRAINING_SET,
     1u << FST_FEATURE | 1u << FST_LABEL},
};

static const struct fst_action *action_named(const struct wb *wb, const char *name)
{
    for (size_t i = 0; i < wb->n_actions; i++)
        if (strcmp(wb->actions[i].name, name) == 0)
            return wb->actions[i].writes && wb_read_only(wb) ? NULL : &wb->actions[i];
    return NULL;
}

static void draw_offer(struct wb *wb, size_t i, struct fst_surface *s, int row)
{
    const struct fst_action *a = action_named(wb, offers[i].action);
    const char *keys = a ? fst_keymap_keys(wb->keys, a) : "";
    int col = 4 + fst_draw(s, row, 4, 8, FST_ROLE_KEY, keys, strcspn(keys, " "));
    if (offers[i].then)
        fst_drawf(s, row, col, FST_ROLE_KEY, " %s", offers[i].then);
    fst_draws(s, row, 12, FST_ROLE_TEXT, offers[i].what);
}

void wb_first_draw(struct wb *wb, const struct fst_counts *counts, struct fst_surface *s, int row)
{
    unsigned there = 0;
    bool any = false;
    for (int k = 0; k < FST_RESOURCE_KINDS_; k++)
        there |= counts->names[k] ? 1u << k : 0;
    bool is_made = (there & 1u << FST_TRAINING_SET) != 0;
    for (size_t i = 0; i < FST_COUNT(offers) && !is_made; i++) {
        if ((offers[i].lacks & ~there) == 0 || (offers[i].has & ~there) ||
            !action_named(wb, offers[i].action) || row + 1 >= s->rows)
            continue;
        if (!any)
            fst_draws(s, row++, 2, FST_ROLE_INFO,
                      there ? "What comes next:" : "Nothing is registered yet. One key begins:");
        any = true;
        draw_offer(wb, i, s, row++);
    }
    if (any && row < s->rows && !(there & 1u << FST_PROVIDER))
        fst_draws(s, row, 2, FST_ROLE_DIM,
                  "SQL over files runs here as it is (provider local); a Spark is not needed.");
}

bool wb_first_action(struct wb *wb, const char *name)
{
    if (strcmp(name, "first.provider") == 0)
        wb_provider_form(wb, NULL);
    else if (strcmp(name, "first.files") == 0)
        wb_open(wb, "files", NULL);
    else if (strcmp(name, "first.apply") == 0)
        wb_prompt_path(wb, "apply the YAML file: ", WB_PATH_YAML, "", wb_apply_file);
    else if (strcmp(name, "first.demo") == 0)
        ask_demo(wb);
    else
        return false;
    return true;
}

/* ---- Something new, of the kind that is listed ------------------------------------------------
 */

bool wb_new(struct wb *wb, const char *kind)
{
    enum fst_resource_kind k;
    if (!kind || !fst_kind_named(kind, &k))
        return false;
    if (k == FST_PROVIDER)
        wb_provider_form(wb, NULL);
    else if (k == FST_SOURCE)
        wb_open(wb, "files", NULL);
    else if (k == FST_TRAINING_SET)
        wb_make(wb, "training set", NULL, NULL, NULL, 0);
    else if (k == FST_TRANSFORMATION && !wb_open(wb, "scratch", NULL))
        wb_say(wb, FST_ROLE_INFO,
               "e on a transformation makes a variant of it; a YAML file makes "
               "the first one");
    else if (k == FST_FEATURE || k == FST_LABEL || k == FST_ENTITY)
        wb_say(wb, FST_ROLE_INFO,
               "p on a source or transformation shows its rows; there m makes features and labels "
               "of columns");
    else if (k == FST_JOB)
        wb_say(wb, FST_ROLE_INFO, "a YAML file makes a job");
    return true;
}
