/* Files: a folder of this host or of a bucket, one level at a time. What can be looked at is opened
 * as rows; a folder of parts is one table; either becomes a source. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

enum { MAX_FILES = 5000 };

struct files {
    struct fst_list list;
    struct fst_browsed all;
    size_t *shown; /* indexes of those that the filter leaves */
    char *folder;  /* that is shown, or read just now */
    char *from;    /* the folder that one came from: the cursor goes to it */
    char *error;
    bool loading, loaded;
};

struct files_task {
    struct task task;
    char *folder;
    struct fst_browsed found;
};

static const struct fst_list_column columns[] = {
    {"name", 24, 0, false}, {"size", 9, 9, true}, {"changed", 19, 19, false}, {"", 8, 12, false}};

/* ---- What is there --------------------------------------------------------------------------- */

static const struct fst_entry *entry_at(const struct files *f, size_t row)
{
    return row < f->list.n_rows ? &f->all.listing.entries[f->shown[row]] : NULL;
}

const char *wb_file_kind(const struct fst_entry *e)
{
    const char *name = fst_path_base(e->uri);
    size_t n = strlen(name);
    if (e->is_dir)
        return strchr(name, '=') ? "partition" : "folder";
    if (n > 5 && (strcmp(name + n - 5, ".yaml") == 0 || strcmp(name + n - 4, ".yml") == 0))
        return "definitions";
    const struct fst_format *format = fst_format_guess(e->uri, "", 0);
    return format && *name != '_' ? format->name : "";
}

static enum fst_role cell(void *arg, size_t row, size_t col, struct fst_buf *out)
{
    const struct fst_entry *e = entry_at(arg, row);
    if (!e)
        return FST_ROLE_TEXT;
    if (col == 0)
        fst_buf_printf(out, "%s%s", fst_path_base(e->uri), e->is_dir ? "/" : "");
    else if (col == 1 && !e->is_dir)
        fst_size_text(out, e->size);
    else if (col == 2 && e->modified_us)
        fst_timestamp_text(out, e->modified_us - e->modified_us % 1000000);
    else if (col == 3)
        fst_buf_adds(out, wb_file_kind(e));
    return e->is_dir ? FST_ROLE_KEY : *wb_file_kind(e) ? FST_ROLE_TEXT : FST_ROLE_DIM;
}

static void choose(struct files *f)
{
    struct fst_filter *filter = fst_filter_new(f->list.filter);
    f->list.n_rows = 0;
    for (size_t i = 0; i < f->all.listing.n; i++) {
        const char *texts[] = {fst_path_base(f->all.listing.entries[i].uri)};
        if (fst_filter_fits(filter, texts, 1))
            f->shown[f->list.n_rows++] = i;
    }
    fst_filter_free(filter);
    fst_list_clamp(&f->list);
}

/* ---- Reading a folder ------------------------------------------------------------------------ */

static void work(struct task *t)
{
    struct files_task *x = (struct files_task *)t;
    t->status = wb_browse(t->wb, x->folder, NULL, MAX_FILES, &x->found, &t->err);
}

static void to_where_one_came_from(struct files *f)
{
    f->list.cursor = f->list.top = 0;
    for (size_t i = 0; f->from && i < f->list.n_rows; i++)
        if (strcmp(entry_at(f, i)->uri, f->from) == 0)
            f->list.cursor = i;
    free(f->from);
    f->from = NULL;
}

static void done(struct task *t, struct view *v)
{
    struct files_task *x = (struct files_task *)t;
    struct files *f = v ? v->state : NULL;
    if (!f || strcmp(x->folder, f->folder) != 0)
        return;
    bool again = f->loaded && !f->error;
    f->loading = false;
    f->loaded = true;
    free(f->error);
    f->error = t->status == FST_OK ? NULL : fst_strdup(t->err.text);
    fst_listing_done(&f->all.listing);
    f->all = x->found;
    x->found = (struct fst_browsed){0};
    free(f->shown);
    f->shown = fst_alloc((f->all.listing.n + 1) * sizeof *f->shown);
    size_t cursor = f->list.cursor;
    choose(f);
    if (!again || f->from || cursor == SIZE_MAX)
        to_where_one_came_from(f);
}

static void release(struct task *t)
{
    struct files_task *x = (struct files_task *)t;
    fst_listing_done(&x->found.listing);
    free(x->folder);
}

static void load(struct view *v)
{
    struct files *f = v->state;
    struct files_task *t = wb_task_new(v->wb, v, sizeof *t, work, done, release);
    t->folder = fst_strdup(f->folder);
    f->loading = true;
    wb_task_of(&t->task, f->folder);
    wb_task_start(&t->task, "listing files");
}

/* ---- Going about ----------------------------------------------------------------------------- */

/* Taken whole: of this host absolute, without slashes at the end. Owned. */
static char *whole_folder(const char *text)
{
    char *own = fst_path_expand(*text ? text : ".");
    char *whole = strstr(own, "://") ? fst_strdup(own) : NULL;
    if (!whole)
        whole = fst_path_absolute(strcmp(own, ".") == 0 ? "" : own);
    size_t n = strlen(whole);
    while (n > 1 && whole[n - 1] == '/' && !(n > 2 && whole[n - 2] == '/'))
        whole[--n] = '\0';
    free(own);
    return whole;
}

static void go(struct view *v, const char *folder)
{
    struct files *f = v->state;
    char *whole = whole_folder(folder);
    free(f->folder);
    f->folder = whole;
    f->list.filter[0] = '\0';
    f->list.n_rows = 0;
    f->list.cursor = SIZE_MAX;
    load(v);
}

static void go_up(struct view *v)
{
    struct files *f = v->state;
    const char *host = strstr(f->folder, "://");
    char *slash = strrchr(f->folder, '/');
    if (!slash || slash[1] == '\0' || (host && slash < host + 3))
        return;
    char *from = fst_strdup(f->folder);
    char *up =
        slash == f->folder ? fst_strdup("/") : fst_strndup(f->folder, (size_t)(slash - f->folder));
    go(v, up);
    free(f->from);
    f->from = from;
    free(up);
}

static void go_typed(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    if (*text && v->ops == &view_files)
        go(v, text);
}

/* ---- Acts ------------------------------------------------------------------------------------ */

/* Rows of what is under the cursor. */
static void preview(struct view *v, const struct fst_entry *e)
{
    if (!e->is_dir && !*wb_file_kind(e)) {
        wb_say(v->wb, FST_ROLE_WARN, "%s is no table that can be read here", fst_path_base(e->uri));
        return;
    }
    wb_open(v->wb, "preview", e->uri);
}

static void open_entry(struct view *v, const struct fst_entry *e)
{
    if (e->is_dir) {
        char *folder = fst_strdup(e->uri);
        go(v, folder);
        free(folder);
    } else if (strcmp(wb_file_kind(e), "definitions") == 0) {
        wb_apply_file(v->wb, e->uri);
    } else {
        preview(v, e);
    }
}

static void register_named(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    if (v->ops != &view_files || !*text)
        return;
    const struct files *f = v->state;
    const struct fst_entry *e = entry_at(f, f->list.cursor);
    if (e)
        wb_register(wb, text, e->uri, NULL, NULL);
}

static void ask_name(struct view *v, const struct fst_entry *e)
{
    if (!e->is_dir && (!*wb_file_kind(e) || strcmp(wb_file_kind(e), "definitions") == 0)) {
        wb_say(v->wb, FST_ROLE_WARN, "%s is no table that can be read here", fst_path_base(e->uri));
        return;
    }
    char *name = wb_source_name(e->uri);
    wb_prompt(v->wb, "name of the source: ", name, register_named);
    free(name);
}

static void copy(struct view *v, const struct fst_entry *e)
{
    wb_copy(v->wb, e->uri, e->uri, strlen(e->uri));
}

/* ---- The view -------------------------------------------------------------------------------- */

static void open(struct view *v)
{
    struct files *f = v->state;
    f->list = (struct fst_list){
        .columns = columns, .n_columns = FST_COUNT(columns), .cell = cell, .arg = f};
    go(v, v->target ? v->target : ".");
}

static void close_files(struct view *v)
{
    struct files *f = v->state;
    fst_listing_done(&f->all.listing);
    free(f->shown);
    free(f->folder);
    free(f->from);
    free(f->error);
}

static bool action(struct view *v, const char *name)
{
    struct files *f = v->state;
    const struct fst_entry *e = entry_at(f, f->list.cursor);
    static const struct {
        const char *name;
        void (*act)(struct view *v, const struct fst_entry *e);
    } acts[] = {{"open", open_entry},
                {"files.preview", preview},
                {"files.register", ask_name},
                {"files.copy", copy}};
    if (f->list.n_rows && fst_list_action(&f->list, name))
        return true;
    for (size_t i = 0; i < FST_COUNT(acts); i++)
        if (strcmp(acts[i].name, name) == 0) {
            if (e)
                acts[i].act(v, e);
            return true;
        }
    if (strcmp(name, "files.up") == 0)
        go_up(v);
    else if (strcmp(name, "files.go") == 0)
        wb_prompt_path(v->wb, "folder or URI: ", WB_PATH_FOLDER, "", go_typed);
    else if (strcmp(name, "files.home") == 0)
        go(v, "~");
    else if (strcmp(name, "refresh") == 0)
        load(v);
    else
        return false;
    return true;
}

static void filter(struct view *v, const char *text)
{
    struct files *f = v->state;
    snprintf(f->list.filter, sizeof f->list.filter, "%s", text);
    choose(f);
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct files *f = v->state;
    fst_buf_printf(out, "files %s  %zu/%zu%s", f->folder, f->list.n_rows ? f->list.cursor + 1 : 0,
                   f->list.n_rows, f->all.cut ? "  (cut: there are more)" : "");
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct files *f = v->state;
    fst_list_draw(&f->list, s);
    if (f->error)
        fst_draw_wrapped(s, 2, 2, s->rows - 2, FST_ROLE_WARN, f->error, strlen(f->error));
    else if (f->list.n_rows == 0 && s->rows > 3)
        fst_draws(s, 2, 2, FST_ROLE_DIM,
                  f->loading        ? "reading"
                  : *f->list.filter ? "nothing found"
                                    : "an empty folder: backspace goes up, c to another one");
}

const struct view_ops view_files = {
    .name = "files",
    .help = "a folder of this host or of a bucket: files [URI]",
    .scopes = {"files", "list", NULL},
    .state_size = sizeof(struct files),
    .open = open,
    .close = close_files,
    .action = action,
    .filter = filter,
    .title = title,
    .draw = draw,
};
