/* The SQL editor: the text of a transformation with highlighting, a check while typing, completion,
 * drafts. This file opens, closes and draws it; what its keys do is a table. */
#include "editor.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "firesteel/sql/tree.h"

static enum fst_status find(struct wb *wb, const char *target, struct fst_resource **out,
                            struct fst_error *err)
{
    int64_t id;
    struct fst_target parsed;
    struct fst_arena *a = fst_arena_new();
    enum fst_status status;
    if (target && fst_parse_int64(target, strlen(target), &id))
        status = fst_catalog_get(wb->catalog, id, out, err);
    else if (target && fst_target_parse(a, target, &parsed))
        status = fst_catalog_resolve(wb->catalog, &parsed, out, err);
    else
        status = fst_fail(err, FST_EINVAL, "edit what? Say edit NAME");
    fst_arena_free(a);
    if (status == FST_OK && !(*out)->sql) {
        status = fst_fail(err, FST_EINVAL, "%s has no SQL to edit", fst_resource_label(*out));
        fst_resource_free(*out);
        *out = NULL;
    }
    return status;
}

static void begin(struct view *v)
{
    struct editor_view *e = v->state;
    e->editor = fst_editor_new(e->resource->sql);
    fst_editor_set_highlight(e->editor, editor_highlight, NULL);
    fst_editor_set_vi(e->editor, strcmp(fst_app_setting(v->wb->app, "editor.keys"), "vi") == 0);
    e->draft_path = editor_draft_path(v->wb, e->resource);
    e->checked = (uint64_t)-1;
    editor_restore_draft(v);
    editor_check(v);
}

static void open(struct view *v)
{
    struct editor_view *e = v->state;
    struct fst_error err;
    if (find(v->wb, v->target, &e->resource, &err) != FST_OK) {
        e->editor = fst_editor_new("");
        wb_say_error(v->wb, &err);
        return;
    }
    begin(v);
}

/* A resource that is nowhere: what it is for, is its draft. */
static void open_scratch(struct view *v)
{
    struct editor_view *e = v->state;
    e->resource = fst_resource_new(FST_TRANSFORMATION, "scratch", "");
    e->resource->sql = "";
    e->is_scratch = e->peek.keeps = true;
    begin(v);
}

static void close_editor(struct view *v)
{
    struct editor_view *e = v->state;
    editor_keep_last_draft(e, NULL);
    if (e->has_draft && !editor_is_changed(e))
        unlink(e->draft_path);
    if (e->drafting)
        editor_hand_over(e);
    peek_done(&e->peek);
    fst_editor_free(e->editor);
    fst_resource_free(e->resource);
    fst_schema_free(e->schema);
    fst_arena_free(e->names);
    free(e->items);
    free(e->draft_path);
    free(e->past.typed);
}

void editor_after_change(struct view *v)
{
    struct editor_view *e = v->state;
    if (!e->resource)
        return;
    size_t n;
    size_t from = (size_t)(editor_statement(v).p - fst_editor_text(e->editor, &n));
    if (from != e->statement) /* the cursor is in another statement */
        e->checked = (uint64_t)-1;
    e->statement = from;
    if (fst_editor_revision(e->editor) != e->checked)
        fst_editor_mark(e->editor, 0, 0, 0);
    editor_complete_refresh(v);
    editor_check(v);
    editor_keep_draft(v);
}

static void type(struct view *v, const char *text, size_t n)
{
    struct editor_view *e = v->state;
    if (!e->resource)
        return;
    fst_editor_insert(e->editor, text, n);
    editor_after_change(v);
    size_t offset, length;
    const char *all = fst_editor_text(e->editor, &length);
    fst_editor_place(e->editor, NULL, NULL, &offset);
    if (n == 1 && *text == '{' && offset >= 2 && all[offset - 2] == '{')
        editor_complete(v);
}

void editor_throw_away(struct view *v)
{
    struct editor_view *e = v->state;
    if (e->resource && !e->is_scratch) {
        unlink(e->draft_path);
        e->thrown_away = e->asked_back = true;
    }
    wb_back(v->wb);
}

static void back_choice(struct wb *wb, int choice, void *arg)
{
    struct view *v = wb_view_by_id(wb, (uint64_t)(uintptr_t)arg);
    if (!v || choice == 0)
        return;
    struct editor_view *e = v->state;
    struct fst_error err;
    if (choice == 1 && editor_keep_last_draft(e, &err) != FST_OK) {
        wb_say_error(wb, &err); /* the only copy is on the screen: it stays there */
        return;
    }
    if (choice == 2) {
        editor_throw_away(v);
        return;
    }
    e->asked_back = true;
    wb_back(wb);
}

static bool may_close(struct view *v)
{
    static const char *const choices[] = {"Go on editing", "Keep as draft", "Throw away", NULL};
    struct editor_view *e = v->state;
    struct fst_error err;
    if (e->asked_back || !e->resource || !editor_is_changed(e))
        return true;
    if (e->is_scratch) { /* its text is there the next time */
        bool kept = editor_keep_last_draft(e, &err) == FST_OK;
        if (!kept)
            wb_say_error(v->wb, &err);
        return kept;
    }
    editor_keep_draft(v);
    wb_dialog(v->wb, "Unsaved text",
              fst_strdup("The text has changed and is not saved as a variant."), choices, NULL,
              NULL, back_choice, (void *)(uintptr_t)v->id);
    return false;
}

static bool key(struct view *v, const struct fst_key *k)
{
    struct editor_view *e = v->state;
    return peek_key(v, &e->peek, k) || editor_key(v, k);
}

/* The nearest thing first: the popup, what was found, the rows, the editor. */
static void back(struct view *v)
{
    struct editor_view *e = v->state;
    if (fst_editor_completing(e->editor))
        fst_editor_complete(e->editor, 0, NULL, 0);
    else if (fst_editor_finds(e->editor) && !fst_editor_vi_mode(e->editor))
        editor_forget_found(e);
    else if (e->peek.open)
        peek_close(&e->peek);
    else
        wb_back(v->wb);
}

static void save(struct view *v)
{
    const struct editor_view *e = v->state;
    (e->is_scratch ? scratch_save : editor_save)(v);
}

static void choose_provider(struct view *v)
{
    wb_action(v->wb, "provider");
}

static void go_to_problem(struct view *v)
{
    struct editor_view *e = v->state;
    if (e->problem.line)
        fst_editor_goto(e->editor, e->problem.line, e->problem.col);
}

static const struct {
    const char *name;
    void (*act)(struct view *v);
} acts[] = {
    {"editor.back", back},
    {"editor.save", save},
    {"editor.complete", editor_complete},
    {"editor.explain", editor_explain},
    {"editor.find", editor_find},
    {"editor.replace", editor_replace},
    {"editor.format", editor_format},
    {"editor.line", editor_line},
    {"editor.outside", editor_outside},
    {"editor.provider", choose_provider},
    {"editor.next-problem", go_to_problem},
    {"editor.peek", editor_peek},
    {"editor.peek-part", editor_peek_part},
    {"editor.sent", editor_show_sent},
    {"editor.rows", editor_enter_rows},
    {"scratch.past", scratch_past},
    {"scratch.before", scratch_before},
    {"scratch.after", scratch_after},
};

static bool action(struct view *v, const char *name)
{
    struct editor_view *e = v->state;
    for (size_t i = 0; i < FST_COUNT(acts); i++)
        if (strcmp(name, acts[i].name) == 0 && (e->resource || acts[i].act == back)) {
            acts[i].act(v);
            return true;
        }
    if (!e->resource || !fst_editor_action(e->editor, name))
        return false;
    editor_after_change(v);
    if (strncmp(name, "editor.find-", 12) == 0)
        editor_say_found(v);
    return true;
}

/* Another provider, or the catalog moved: the answer may be another one. */
static void changed(struct view *v)
{
    struct editor_view *e = v->state;
    if (!e->resource)
        return;
    e->checked = (uint64_t)-1;
    editor_check(v);
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct editor_view *e = v->state;
    uint32_t line = 0, col = 0;
    if (!e->resource)
        return;
    fst_editor_place(e->editor, &line, &col, NULL);
    if (e->is_scratch)
        fst_buf_printf(out, "scratch  %u:%u", line, col);
    else
        fst_buf_printf(out, "edit %s%s  %u:%u", fst_resource_label(e->resource),
                       editor_is_changed(e) ? " [changed]" : "", line, col);
    editor_found_words(e, out);
    if (fst_editor_vi_mode(e->editor))
        fst_buf_printf(out, "  -- %s --", fst_editor_vi_mode(e->editor));
}

/* The function under the cursor, or the call that it is in, in a line above the verdict; rows
 * taken. */
static int draw_call(const struct editor_view *e, struct fst_surface *s, int row)
{
    size_t n, at;
    int argument;
    const char *text = fst_editor_text(e->editor, &n);
    fst_editor_place(e->editor, NULL, NULL, &at);
    const struct fst_function *f = editor_call_at(text, n, at, &argument);
    const struct fst_function *word = editor_function_at(text, n, at);
    if (row < 2 || (!f && !word))
        return 0;
    if (word) {
        fst_drawf(s, row, 1, FST_ROLE_INFO, "%s  %s", word->usage, word->help);
        return 1;
    }
    fst_drawf(s, row, 1, FST_ROLE_INFO, "%s  argument %d: %s", f->usage, argument, f->help);
    return 1;
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct editor_view *e = v->state;
    if (s->rows < 2)
        return;
    bool current = fst_editor_revision(e->editor) == e->checked;
    const char *text = e->check_running && !current ? "checking…" : e->status;
    int rows = fst_text_rows(text, strlen(text), s->cols - 2, s->rows / 4);
    int half_rows = e->peek.open && s->rows - rows > 8 ? (s->rows - rows) / 2 : 0;
    int call = e->resource ? draw_call(e, s, s->rows - rows - half_rows - 1) : 0;
    int below = half_rows;
    int upper = s->rows - rows - call - below;
    struct fst_surface body = fst_surface_window(s, 0, 0, upper, s->cols);
    struct fst_surface half = fst_surface_window(s, s->rows - rows - below, 0, below, s->cols);
    fst_editor_draw(e->editor, &body);
    if (below)
        peek_draw(&e->peek, &half);
    if (e->peek.focus)
        fst_surface_cursor(s, -1, -1);
    fst_draw_wrapped(s, s->rows - rows, 1, rows, current ? e->status_role : FST_ROLE_DIM, text,
                     strlen(text));
}

static int64_t selected(struct view *v)
{
    const struct editor_view *e = v->state;
    return e->resource && !e->is_scratch ? e->resource->id : 0;
}

const struct view_ops view_editor = {
    .name = "editor",
    .help = "the SQL of a transformation, checked while typing",
    .scopes = {"sql", "editor", NULL},
    .state_size = sizeof(struct editor_view),
    .open = open,
    .close = close_editor,
    .action = action,
    .text = type,
    .key = key,
    .takes = editor_takes,
    .changed = changed,
    .may_close = may_close,
    .title = title,
    .draw = draw,
    .selected = selected,
};

const struct view_ops view_scratch = {
    .name = "scratch",
    .help = "SQL to try out, its rows below; nothing is registered before one says so",
    .scopes = {"scratch", "sql", "editor", NULL},
    .state_size = sizeof(struct editor_view),
    .open = open_scratch,
    .close = close_editor,
    .action = action,
    .text = type,
    .key = key,
    .takes = editor_takes,
    .changed = changed,
    .may_close = may_close,
    .title = title,
    .draw = draw,
    .selected = selected,
};
