/* The SQL editor: the text of a transformation with highlighting, a check by the provider's
 * analyzer while typing, completion, drafts.
 *
 * The latest text wins, and never are two checks in flight: when one ends and the text has moved
 * on, the next begins. A draft is kept beside the check, so that a dropped line or a crash loses at
 * most what was typed since. */
#include "editor.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "firesteel/sql.h"
#include "firesteel/sql/tree.h"

/* ---- Highlighting ---------------------------------------------------------------------------- */

static enum fst_role role_of(const struct fst_token *t, const char *text, size_t n)
{
    switch (t->kind) {
    case FST_TOK_COMMENT:
        return FST_ROLE_SQL_COMMENT;
    case FST_TOK_HINT:
        return FST_ROLE_SQL_KEYWORD;
    case FST_TOK_STRING:
        return FST_ROLE_SQL_STRING;
    case FST_TOK_NUMBER:
        return FST_ROLE_SQL_NUMBER;
    case FST_TOK_REFERENCE:
    case FST_TOK_PARAMETER:
        return FST_ROLE_SQL_REFERENCE;
    case FST_TOK_BAD:
        return FST_ROLE_SQL_ERROR;
    case FST_TOK_WORD: {
        size_t end = t->offset + t->len;
        while (end < n && text[end] == ' ')
            end++;
        if (t->keyword)
            return FST_ROLE_SQL_KEYWORD;
        return end < n && text[end] == '(' ? FST_ROLE_SQL_FUNCTION : FST_ROLE_TEXT;
    }
    default:
        return FST_ROLE_TEXT;
    }
}

void editor_highlight(void *arg, const char *text, size_t n,
                      void (*span)(void *to, struct fst_editor_span s), void *to)
{
    struct fst_lexer lx = {.text = text, .n = n};
    (void)arg;
    for (;;) {
        struct fst_token t = fst_sql_next(&lx);
        if (t.kind == FST_TOK_END)
            return;
        enum fst_role role = role_of(&t, text, n);
        if (role != FST_ROLE_TEXT)
            span(to, (struct fst_editor_span){t.offset, t.len, role});
    }
}

/* ---- Checking -------------------------------------------------------------------------------- */

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

static void check(struct view *v);

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
    check(v);
}

static void check(struct view *v)
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

/* ---- Drafts ---------------------------------------------------------------------------------- */

struct draft_task {
    struct task task;
    char *path, *text;
    char *last;  /* of an editor that was closed meanwhile: what is to be there in the end */
    bool closed; /* it was, and `last` holds; NULL = no draft */
};

static void draft_work(struct task *t)
{
    struct draft_task *d = (struct draft_task *)t;
    char *folder = fst_strndup(d->path, (size_t)(strrchr(d->path, '/') - d->path));
    t->status = fst_mkdirs(folder, 0700, &t->err);
    if (t->status == FST_OK)
        t->status = fst_file_write(d->path, d->text, strlen(d->text), 0600, &t->err);
    free(folder);
}

static void draft_release(struct task *t)
{
    struct draft_task *d = (struct draft_task *)t;
    free(d->path);
    free(d->text);
    free(d->last);
}

static void keep_draft(struct view *v);

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
    if (strcmp(d->path, e->draft_path) != 0 || !fst_editor_is_changed(e->editor))
        unlink(d->path);
    keep_draft(v);
}

static void keep_draft(struct view *v)
{
    struct editor_view *e = v->state;
    size_t n;
    if (e->draft_running || !fst_editor_is_changed(e->editor) ||
        e->drafted == fst_editor_revision(e->editor))
        return;
    struct draft_task *t = wb_task_new(v->wb, v, sizeof *t, draft_work, draft_done, draft_release);
    const char *text = fst_editor_text(e->editor, &n);
    t->path = fst_strdup(e->draft_path);
    t->text = fst_strndup(text, n);
    e->drafted = fst_editor_revision(e->editor);
    e->draft_running = true;
    e->drafting = t;
    wb_task_start(&t->task, "keeping a draft");
}

/* On the way out there is no later: written at once. */
static enum fst_status keep_last_draft(struct editor_view *e, struct fst_error *err)
{
    size_t n;
    char *slash = e->draft_path ? strrchr(e->draft_path, '/') : NULL;
    if (!slash || e->thrown_away || !fst_editor_is_changed(e->editor))
        return FST_OK;
    char *folder = fst_strndup(e->draft_path, (size_t)(slash - e->draft_path));
    const char *text = fst_editor_text(e->editor, &n);
    enum fst_status status = fst_mkdirs(folder, 0700, err);
    if (status == FST_OK)
        status = fst_file_write(e->draft_path, text, n, 0600, err);
    free(folder);
    return status;
}

static void restore_draft(struct view *v)
{
    struct editor_view *e = v->state;
    char *text;
    size_t n;
    if (fst_file_read(e->draft_path, 1 << 20, &text, &n, NULL) != FST_OK)
        return;
    if (strcmp(text, e->resource->sql) != 0) {
        fst_editor_set_text(e->editor, text);
        if (!e->is_scratch)
            wb_say(v->wb, FST_ROLE_WARN,
                   "a draft was kept here and is restored; undo goes back to the saved text");
    }
    free(text);
}

/* ---- The view -------------------------------------------------------------------------------- */

/* Workspaces have drafts of their own: two may know the same name. */
char *editor_draft_path(const struct wb *wb, const struct fst_resource *r)
{
    char id[65];
    const char *folder = fst_app_folder(wb->app);
    fst_sha256_hex(folder, strlen(folder), id);
    return fst_asprintf("%s/drafts/%.12s/%s.%s.sql", fst_app_state_dir(wb->app), id, r->name,
                        r->variant);
}

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
    restore_draft(v);
    check(v);
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
    e->is_scratch = true;
    begin(v);
}

/* To the task that writes an older draft: what is to be there when it has. */
static void hand_over(struct editor_view *e)
{
    size_t n;
    const char *text = fst_editor_text(e->editor, &n);
    bool same = strcmp(e->drafting->path, e->draft_path) == 0;
    e->drafting->closed = true;
    if (same && !e->thrown_away && fst_editor_is_changed(e->editor))
        e->drafting->last = fst_strndup(text, n);
}

static void close_editor(struct view *v)
{
    struct editor_view *e = v->state;
    keep_last_draft(e, NULL);
    if (e->is_scratch && !fst_editor_is_changed(e->editor)) /* emptied */
        unlink(e->draft_path);
    if (e->drafting)
        hand_over(e);
    peek_done(&e->peek);
    fst_editor_free(e->editor);
    fst_resource_free(e->resource);
    fst_schema_free(e->schema);
    fst_arena_free(e->names);
    free(e->items);
    free(e->draft_path);
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
    check(v);
    keep_draft(v);
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

static void back_choice(struct wb *wb, int choice, void *arg)
{
    struct view *v = wb_view_by_id(wb, (uint64_t)(uintptr_t)arg);
    if (!v || choice == 0)
        return;
    struct editor_view *e = v->state;
    struct fst_error err;
    if (choice == 1 && keep_last_draft(e, &err) != FST_OK) {
        wb_say_error(wb, &err); /* the only copy is on the screen: it stays there */
        return;
    }
    if (choice == 2)
        unlink(e->draft_path);
    e->thrown_away = choice == 2;
    e->asked_back = true;
    wb_back(wb);
}

static bool may_close(struct view *v)
{
    static const char *const choices[] = {"Go on editing", "Keep as draft", "Throw away", NULL};
    struct editor_view *e = v->state;
    struct fst_error err;
    if (e->asked_back || !e->resource || !fst_editor_is_changed(e->editor))
        return true;
    if (e->is_scratch) { /* its text is there the next time */
        bool kept = keep_last_draft(e, &err) == FST_OK;
        if (!kept)
            wb_say_error(v->wb, &err);
        return kept;
    }
    keep_draft(v);
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

void editor_forget_found(struct editor_view *e)
{
    size_t offset;
    fst_editor_place(e->editor, NULL, NULL, &offset);
    fst_editor_find(e->editor, "", offset);
}

static bool action(struct view *v, const char *name)
{
    struct editor_view *e = v->state;
    if (strcmp(name, "editor.back") == 0 && fst_editor_completing(e->editor))
        fst_editor_complete(e->editor, 0, NULL, 0);
    else if (strcmp(name, "editor.back") == 0 && fst_editor_finds(e->editor) &&
             !fst_editor_vi_mode(e->editor))
        editor_forget_found(e);
    else if (e->resource && editor_act_on_rows(v, name))
        return true;
    else if (strcmp(name, "editor.back") == 0)
        wb_back(v->wb);
    else if (!e->resource)
        return false;
    else if (strcmp(name, "editor.save") == 0 && e->is_scratch)
        scratch_save(v);
    else if (strcmp(name, "editor.save") == 0)
        editor_save(v);
    else if (strcmp(name, "editor.complete") == 0)
        editor_complete(v);
    else if (strcmp(name, "editor.explain") == 0)
        editor_explain(v);
    else if (strcmp(name, "editor.find") == 0)
        editor_find(v);
    else if (strcmp(name, "editor.replace") == 0)
        editor_replace(v);
    else if (strcmp(name, "editor.format") == 0)
        editor_format(v);
    else if (strcmp(name, "editor.line") == 0)
        editor_line(v);
    else if (strcmp(name, "editor.outside") == 0) {
        editor_outside(v);
        editor_after_change(v);
    } else if (strcmp(name, "editor.provider") == 0)
        wb_action(v->wb, "provider");
    else if (strcmp(name, "editor.next-problem") == 0) {
        if (e->problem.line)
            fst_editor_goto(e->editor, e->problem.line, e->problem.col);
    } else if (fst_editor_action(e->editor, name)) {
        editor_after_change(v);
        if (strncmp(name, "editor.find-", 12) == 0)
            editor_say_found(v);
    } else {
        return false;
    }
    return true;
}

/* Another provider, or the catalog moved: the answer may be another one. */
static void changed(struct view *v)
{
    struct editor_view *e = v->state;
    if (!e->resource)
        return;
    e->checked = (uint64_t)-1;
    check(v);
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
                       fst_editor_is_changed(e->editor) ? " [changed]" : "", line, col);
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
    .changed = changed,
    .may_close = may_close,
    .title = title,
    .draw = draw,
    .selected = selected,
};

const struct view_ops view_scratch = {
    .name = "scratch",
    .help = "SQL to try out, its rows below; nothing is registered before one says so",
    .scopes = {"sql", "editor", NULL},
    .state_size = sizeof(struct editor_view),
    .open = open_scratch,
    .close = close_editor,
    .action = action,
    .text = type,
    .key = key,
    .changed = changed,
    .may_close = may_close,
    .title = title,
    .draw = draw,
    .selected = selected,
};
