/* Saving: the diff and what is downstream first, then the new variant, then the offer to make new
 * variants of what stands on the old one. Nothing that exists is changed by any of it. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "editor.h"

struct save_task {
    struct task task;
    int64_t id, new_id;
    char *text, *variant, *label;
    struct fst_labels below;
};

static void release(struct task *t)
{
    struct save_task *s = (struct save_task *)t;
    fst_labels_free(&s->below);
    free(s->text);
    free(s->variant);
    free(s->label);
}

/* ---- The offer ------------------------------------------------------------------------------- */

struct offer {
    int64_t old_id, new_id;
};

static void repoint_work(struct task *t)
{
    struct save_task *s = (struct save_task *)t;
    t->status = fst_app_repoint(t->wb->app, s->id, s->new_id, false, &s->below, &t->err);
}

static void repoint_done(struct task *t, struct view *v)
{
    struct save_task *s = (struct save_task *)t;
    (void)v;
    if (t->status != FST_OK) {
        wb_say_error(t->wb, &t->err);
        return;
    }
    int64_t last = s->below.n ? s->below.ids[s->below.n - 1] : s->new_id;
    char *id = fst_asprintf("%lld", (long long)last);
    struct view *top = wb_open(t->wb, "lineage", id);
    free(id);
    if (top)
        wb_say(t->wb, FST_ROLE_OK, "made %zu new variants; R runs this one with all it stands on",
               s->below.n);
}

static void offer_choice(struct wb *wb, int choice, void *arg)
{
    struct offer *o = arg;
    if (choice == 1) {
        struct save_task *t = wb_task_new(wb, NULL, sizeof *t, repoint_work, repoint_done, release);
        t->id = o->old_id;
        t->new_id = o->new_id;
        t->task.stays = true;
        wb_task_start(&t->task, "making new variants");
    }
    free(o);
}

static void make_offer(struct wb *wb, const struct save_task *s)
{
    static const char *const choices[] = {"Not now", "Make new variants", NULL};
    struct fst_buf text = FST_BUF_TEXT;
    struct offer *o = fst_alloc(sizeof *o);
    *o = (struct offer){s->id, s->new_id};
    fst_buf_printf(
        &text,
        "Saved. Nothing stands on the new variant yet.\n\nOn the old one stand, in order:\n");
    for (size_t i = 0; i < s->below.n; i++)
        fst_buf_printf(&text, "  %s\n", s->below.labels[i]);
    fst_buf_adds(&text, "\nMake new variants of these that stand on the new one?");
    wb_dialog(wb, "What stands on the old variant", fst_buf_take(&text), choices, NULL, NULL,
              offer_choice, o);
}

/* ---- Saving ---------------------------------------------------------------------------------- */

static void save_work(struct task *t)
{
    struct save_task *s = (struct save_task *)t;
    t->status = fst_app_save_variant(t->wb->app, s->id, s->text, s->variant, &s->new_id, &t->err);
    if (t->status == FST_OK)
        t->status = fst_app_repoint(t->wb->app, s->id, s->new_id, true, &s->below, &t->err);
}

/* What goes on is the new variant; what was typed meanwhile is a draft of it. */
static void go_on_with(struct view *v, struct fst_resource *fresh)
{
    struct editor_view *e = v->state;
    unlink(e->draft_path);
    e->has_draft = false;
    fst_resource_free(e->resource);
    e->resource = fresh;
    free(e->draft_path);
    e->draft_path = editor_draft_path(v->wb, fresh);
    editor_keep_draft(v);
}

static void save_done(struct task *t, struct view *v)
{
    struct save_task *s = (struct save_task *)t;
    if (t->status != FST_OK) {
        wb_say_error(t->wb, &t->err);
        return;
    }
    if (v) {
        struct fst_resource *fresh;
        if (fst_catalog_get(t->wb->catalog, s->new_id, &fresh, NULL) == FST_OK) {
            go_on_with(v, fresh);
            wb_say(t->wb, FST_ROLE_OK, "saved as %s", fst_resource_label(fresh));
        }
    }
    if (s->below.n)
        make_offer(t->wb, s);
}

static void save_choice(struct wb *wb, int choice, void *arg)
{
    struct view *v = wb_view_by_id(wb, (uint64_t)(uintptr_t)arg);
    if (!v || choice != 1)
        return;
    struct editor_view *e = v->state;
    size_t n;
    const char *text = fst_editor_text(e->editor, &n);
    const char *variant = wb_dialog_input(wb);
    fst_editor_end_step(e->editor); /* undo comes to what is saved */
    struct save_task *t = wb_task_new(wb, v, sizeof *t, save_work, save_done, release);
    t->id = e->resource->id;
    t->text = fst_strndup(text, n);
    t->variant = *variant ? fst_strdup(variant) : NULL;
    t->task.stays = true;
    wb_task_start(&t->task, "saving");
}

/* ---- Before: the diff and what is below ------------------------------------------------------ */

static void look_work(struct task *t)
{
    struct save_task *s = (struct save_task *)t;
    t->status = fst_app_repoint(t->wb->app, s->id, 0, true, &s->below, &t->err);
}

static void look_done(struct task *t, struct view *v)
{
    static const char *const choices[] = {"Cancel", "Save as new variant", NULL};
    struct save_task *s = (struct save_task *)t;
    if (t->status != FST_OK)
        wb_say_error(t->wb, &t->err);
    if (t->status != FST_OK || !v)
        return;
    struct editor_view *e = v->state;
    struct fst_buf text = FST_BUF_TEXT;
    size_t n;
    const char *now = fst_editor_text(e->editor, &n);
    if (e->problem.line || e->status_role == FST_ROLE_ERROR)
        fst_buf_printf(&text, "The check says: %s\n\n", e->status);
    fst_diff_text(&text, e->resource->sql, now);
    if (s->below.n) {
        fst_buf_adds(&text, "\nDownstream of the old variant:");
        for (size_t i = 0; i < s->below.n; i++)
            fst_buf_printf(&text, "%s %s", i ? "," : "", s->below.labels[i]);
        fst_buf_addc(&text, '\n');
    }
    wb_dialog(v->wb, "Save as a new variant", fst_buf_take(&text), choices,
              "variant [the time]: ", "", save_choice, (void *)(uintptr_t)v->id);
    wb_dialog_suggest(v->wb);
}

void editor_save(struct view *v)
{
    struct editor_view *e = v->state;
    if (!editor_is_changed(e)) {
        wb_say(v->wb, FST_ROLE_DIM, "nothing has changed");
        return;
    }
    struct save_task *t = wb_task_new(v->wb, v, sizeof *t, look_work, look_done, release);
    t->id = e->resource->id;
    wb_task_start(&t->task, "looking downstream");
}

/* ---- The plan of the text as it is ----------------------------------------------------------- */

struct plan_task {
    struct task task;
    char *text, *provider;
    struct fst_buf plan;
};

static void plan_work(struct task *t)
{
    struct plan_task *p = (struct plan_task *)t;
    t->status = fst_app_explain(t->wb->app, p->text, p->provider, &p->plan, NULL, &t->err);
}

static void plan_done(struct task *t, struct view *v)
{
    struct plan_task *p = (struct plan_task *)t;
    if (t->status != FST_OK)
        wb_say_error(t->wb, &t->err);
    else if (v)
        wb_open_text(t->wb, "plan", fst_buf_take(&p->plan));
}

static void plan_release(struct task *t)
{
    struct plan_task *p = (struct plan_task *)t;
    fst_buf_done(&p->plan);
    free(p->text);
    free(p->provider);
}

void editor_explain(struct view *v)
{
    struct editor_view *e = v->state;
    size_t n;
    const char *text = fst_editor_text(e->editor, &n);
    struct plan_task *t = wb_task_new(v->wb, v, sizeof *t, plan_work, plan_done, plan_release);
    t->text = fst_strndup(text, n);
    t->provider = fst_strdup(wb_provider(v->wb) ? wb_provider(v->wb) : e->resource->provider);
    t->plan = FST_BUF_TEXT;
    wb_task_start(&t->task, "explaining");
}
