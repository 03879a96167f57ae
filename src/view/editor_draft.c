/* Drafts: what is written and not saved, kept beside the check, so that a dropped line or a crash
 * loses at most what was typed since. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "editor.h"

enum { DRAFT_BYTES = 4 << 20 }; /* as much as the editor holds */

bool editor_is_changed(const struct editor_view *e)
{
    size_t n;
    const char *text = fst_editor_text(e->editor, &n);
    return e->resource && (n != strlen(e->resource->sql) || memcmp(text, e->resource->sql, n) != 0);
}

/* Workspaces have drafts of their own: two may know the same name. */
char *editor_draft_path(const struct wb *wb, const struct fst_resource *r)
{
    char id[65];
    const char *folder = fst_app_folder(wb->app);
    fst_sha256_hex(folder, strlen(folder), id);
    return fst_asprintf("%s/drafts/%.12s/%s.%s.sql", fst_app_state_dir(wb->app), id, r->name,
                        r->variant);
}

struct draft_task {
    struct task task;
    char *path, *text;
    char *last;  /* of an editor that was closed meanwhile: what is to be there in the end */
    bool closed; /* it was, and `last` holds; NULL = no draft */
};

static enum fst_status write_draft(const char *path, const char *text, size_t n,
                                   struct fst_error *err)
{
    char *folder = fst_strndup(path, (size_t)(strrchr(path, '/') - path));
    enum fst_status status = fst_mkdirs(folder, 0700, err);
    if (status == FST_OK)
        status = fst_file_write(path, text, n, 0600, err);
    free(folder);
    return status;
}

static void draft_work(struct task *t)
{
    struct draft_task *d = (struct draft_task *)t;
    t->status = write_draft(d->path, d->text, strlen(d->text), &t->err);
}

static void draft_release(struct task *t)
{
    struct draft_task *d = (struct draft_task *)t;
    free(d->path);
    free(d->text);
    free(d->last);
}

/* An editor that is closed has written its last text, or thrown it away, while an older one was on
 * its way to the same file: the older one must not stay. */
static void draft_settle(struct draft_task *d)
{
    if (d->last)
        fst_file_write(d->path, d->last, strlen(d->last), 0600, NULL);
    else
        unlink(d->path);
}

/* What was typed meanwhile is kept too; what was saved meanwhile is no draft. */
static void draft_done(struct task *t, struct view *v)
{
    struct draft_task *d = (struct draft_task *)t;
    struct editor_view *e = v ? v->state : NULL;
    if (t->status != FST_OK)
        wb_say_error(t->wb, &t->err);
    if (d->closed)
        draft_settle(d);
    if (!e)
        return;
    e->draft_running = false;
    e->drafting = NULL;
    if (strcmp(d->path, e->draft_path) != 0) {
        unlink(d->path);
        e->has_draft = false;
    }
    editor_keep_draft(v);
}

/* Undo and redo may have come to what the catalog has: what stood elsewhere on the way is no draft
 * any more. */
static void drop_draft(struct editor_view *e)
{
    if (e->has_draft)
        unlink(e->draft_path);
    e->has_draft = false;
}

void editor_keep_draft(struct view *v)
{
    struct editor_view *e = v->state;
    size_t n;
    if (e->draft_running)
        return;
    if (!editor_is_changed(e)) {
        drop_draft(e);
        return;
    }
    if (e->has_draft && e->drafted == fst_editor_revision(e->editor))
        return;
    struct draft_task *t = wb_task_new(v->wb, v, sizeof *t, draft_work, draft_done, draft_release);
    const char *text = fst_editor_text(e->editor, &n);
    t->path = fst_strdup(e->draft_path);
    t->text = fst_strndup(text, n);
    e->drafted = fst_editor_revision(e->editor);
    e->draft_running = e->has_draft = true;
    e->drafting = t;
    wb_task_start(&t->task, "keeping a draft");
}

enum fst_status editor_keep_last_draft(struct editor_view *e, struct fst_error *err)
{
    size_t n;
    if (!e->draft_path || e->thrown_away || !editor_is_changed(e))
        return FST_OK;
    const char *text = fst_editor_text(e->editor, &n);
    return write_draft(e->draft_path, text, n, err);
}

void editor_restore_draft(struct view *v)
{
    struct editor_view *e = v->state;
    struct fst_error err;
    char *text;
    size_t n;
    enum fst_status status = fst_file_read(e->draft_path, DRAFT_BYTES, &text, &n, &err);
    if (status != FST_OK && status != FST_ENOTFOUND)
        wb_say_error(v->wb, &err);
    if (status != FST_OK)
        return;
    e->has_draft = true;
    if (strcmp(text, e->resource->sql) != 0) {
        fst_editor_set_text(e->editor, text);
        e->drafted = fst_editor_revision(e->editor);
        if (!e->is_scratch)
            wb_say(v->wb, FST_ROLE_WARN,
                   "a draft was kept here and is restored; undo goes back to the saved text");
    }
    free(text);
}

void editor_hand_over(struct editor_view *e)
{
    size_t n;
    const char *text = fst_editor_text(e->editor, &n);
    bool same = strcmp(e->drafting->path, e->draft_path) == 0;
    e->drafting->closed = true;
    if (same && !e->thrown_away && editor_is_changed(e))
        e->drafting->last = fst_strndup(text, n);
}
