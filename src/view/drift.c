/* Drift: what differs between files of definitions and the catalog, with the diff of what is under
 * the cursor, and a key for each side. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

struct drift {
    struct fst_list list;
    struct fst_drifts all;
};

struct drift_task {
    struct task task;
    char *target; /* files, with blanks between; NULL = those of the catalog */
    struct fst_drifts found;
    /* of taking a side */
    int64_t id;
    char *path, *name;
    enum fst_resource_kind kind;
    struct fst_buf diff;
};

static const char *const words[] = {"only in the file", "differs", "only in the catalog"};
static const struct fst_list_column columns[] = {{"what", 20, 20, false},
                                                 {"type", 14, 14, false},
                                                 {"name", 20, 40, false},
                                                 {"file", 10, 0, false}};

static const struct fst_drift *at(const struct drift *d, size_t row)
{
    return row < d->all.n ? &d->all.items[row] : NULL;
}

static enum fst_role cell(void *arg, size_t row, size_t col, struct fst_buf *out)
{
    const struct fst_drift *it = at(arg, row);
    if (!it)
        return FST_ROLE_TEXT;
    fst_buf_adds(out, col == 0   ? words[it->side]
                      : col == 1 ? fst_kinds[it->kind].name
                      : col == 2 ? it->label
                      : it->file ? fst_path_base(it->file)
                                 : "none");
    return it->side == FST_DRIFT_BOTH ? FST_ROLE_STALE : FST_ROLE_TEXT;
}

/* ---- Looking --------------------------------------------------------------------------------- */

static void work(struct task *t)
{
    struct drift_task *x = (struct drift_task *)t;
    const char *paths[64];
    size_t n = 0;
    char *copy = fst_strdup(x->target ? x->target : ""), *rest = copy, *word;
    while ((word = strsep(&rest, " ")) && n < FST_COUNT(paths))
        if (*word)
            paths[n++] = word;
    t->status = fst_app_drift(t->wb->app, paths, n, NULL, &x->found, &t->err);
    free(copy);
}

static void take(struct view *v, struct task *t)
{
    struct drift_task *x = (struct drift_task *)t;
    struct drift *d = v->state;
    fst_drifts_done(&d->all);
    d->all = x->found;
    x->found = (struct fst_drifts){0};
    d->list.n_rows = d->all.n;
    fst_list_clamp(&d->list);
}

static void release(struct task *t)
{
    struct drift_task *x = (struct drift_task *)t;
    fst_drifts_done(&x->found);
    fst_buf_done(&x->diff);
    free(x->target);
    free(x->path);
    free(x->name);
}

static void ask(struct view *v, struct task *t)
{
    ((struct drift_task *)t)->target = fst_strdup(v->target);
}

static const struct reading reading = {
    "comparing", sizeof(struct drift_task), ask, work, take, release, false};

/* ---- The catalog's side ---------------------------------------------------------------------- */

struct writing {
    int64_t id;
    char *path;
};

static void write_work(struct task *t)
{
    struct drift_task *x = (struct drift_task *)t;
    x->diff = FST_BUF_TEXT;
    t->status = fst_app_write_back(t->wb->app, x->id, x->path, NULL, false, &x->diff, &t->err);
}

static void taken(struct task *t, struct view *v)
{
    const struct drift_task *x = (struct drift_task *)t;
    (void)v;
    if (t->status != FST_OK)
        wb_say_error(t->wb, &t->err);
    else
        wb_say(t->wb, FST_ROLE_INFO, "%s",
               x->path ? "written; comments and all else stayed" : "applied");
    struct view *top = wb_top(t->wb);
    if (top && top->ops == &view_drift)
        wb_read(top);
    else
        wb_look_again(t->wb);
}

static void write_chosen(struct wb *wb, int choice, void *arg)
{
    struct writing *w = arg;
    if (choice == 1) {
        struct drift_task *t = wb_task_new(wb, NULL, sizeof *t, write_work, taken, release);
        t->id = w->id;
        t->path = fst_strdup(w->path);
        wb_task_start(&t->task, "writing");
    }
    free(w->path);
    free(w);
}

static void diff_work(struct task *t)
{
    struct drift_task *x = (struct drift_task *)t;
    x->diff = FST_BUF_TEXT;
    t->status = fst_app_write_back(t->wb->app, x->id, x->path, NULL, true, &x->diff, &t->err);
}

static void diff_done(struct task *t, struct view *v)
{
    static const char *const choices[] = {"Leave it", "Write", NULL};
    struct drift_task *x = (struct drift_task *)t;
    (void)v;
    if (t->status != FST_OK) {
        wb_say_error(t->wb, &t->err);
    } else if (x->diff.n == 0) {
        wb_say(t->wb, FST_ROLE_INFO, "the file has it already");
    } else {
        struct writing *w = fst_alloc(sizeof *w);
        *w = (struct writing){x->id, fst_strdup(x->path)};
        wb_dialog(t->wb, "Write into the file", fst_buf_take(&x->diff), choices, NULL, NULL,
                  write_chosen, w);
    }
}

static void write_into(struct wb *wb, int64_t id, const char *path)
{
    struct drift_task *t = wb_task_new(wb, NULL, sizeof *t, diff_work, diff_done, release);
    t->id = id;
    t->path = fst_path_expand(path);
    wb_task_start(&t->task, "comparing");
}

static void path_given(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    int64_t id = v->ops->selected ? v->ops->selected(v) : 0;
    if (*text && id) {
        snprintf(wb->wrote, sizeof wb->wrote, "%s", text);
        write_into(wb, id, text);
    }
}

static void ask_path(struct wb *wb)
{
    wb_prompt_path(wb, "write it into the file: ", WB_PATH_YAML,
                   *wb->wrote ? wb->wrote : "definitions.yaml", path_given);
}

void wb_write_back(struct wb *wb, const struct fst_resource *r)
{
    if (r->origin && fst_path_exists(r->origin))
        write_into(wb, r->id, r->origin);
    else
        ask_path(wb);
}

/* ---- The file's side ------------------------------------------------------------------------- */

static void take_work(struct task *t)
{
    struct drift_task *x = (struct drift_task *)t;
    t->status = fst_app_take_file(t->wb->app, x->target, x->kind, x->name, NULL, &t->err);
}

static void take_chosen(struct wb *wb, int choice, void *arg)
{
    struct drift_task *t = arg;
    if (choice == 1) {
        struct drift_task *now = wb_task_new(wb, NULL, sizeof *now, take_work, taken, release);
        now->target = fst_strdup(t->target);
        now->name = fst_strdup(t->name);
        now->kind = t->kind;
        wb_task_start(&now->task, "applying");
    }
    release(&t->task);
    free(t);
}

static void to_catalog(struct view *v, const struct fst_drift *it)
{
    static const char *const choices[] = {"Leave it", "Apply", NULL};
    if (it->side == FST_DRIFT_CATALOG) {
        wb_archive(v->wb, it->id);
        return;
    }
    if (it->has_more) {
        wb_say(v->wb, FST_ROLE_WARN,
               "the catalog has more than the file, and applying takes nothing away: f writes it, "
               "t on the resource takes tags away");
        return;
    }
    if (it->has_variant) {
        wb_say(v->wb, FST_ROLE_WARN,
               "a variant never changes: give the definition in %s another variant",
               fst_path_base(it->file));
        return;
    }
    struct drift_task *t = fst_alloc(sizeof *t);
    t->target = fst_strdup(it->file);
    t->name = fst_strndup(it->label, strcspn(it->label, "."));
    t->kind = it->kind;
    wb_dialog(v->wb, "Take the file's side", fst_strdup(it->diff), choices, NULL, NULL, take_chosen,
              t);
}

static void to_file(struct view *v, const struct fst_drift *it)
{
    if (it->side == FST_DRIFT_FILE)
        wb_say(v->wb, FST_ROLE_WARN,
               "only the file has it: c applies it; nothing is deleted from "
               "files here");
    else if (it->file && fst_path_exists(it->file))
        write_into(v->wb, it->id, it->file);
    else
        ask_path(v->wb);
}

/* ---- The view -------------------------------------------------------------------------------- */

static void open(struct view *v)
{
    struct drift *d = v->state;
    d->list = (struct fst_list){
        .columns = columns, .n_columns = FST_COUNT(columns), .cell = cell, .arg = d};
    wb_read(v);
}

static void close(struct view *v)
{
    fst_drifts_done(&((struct drift *)v->state)->all);
}

static bool action(struct view *v, const char *name)
{
    struct drift *d = v->state;
    const struct fst_drift *it = at(d, d->list.cursor);
    if (d->list.n_rows && fst_list_action(&d->list, name))
        return true;
    if (strcmp(name, "refresh") == 0) {
        wb_read(v);
        return true;
    }
    bool mine = strcmp(name, "open") == 0 || strncmp(name, "drift.", 6) == 0;
    if (!mine || !it)
        return mine;
    if (strcmp(name, "open") == 0)
        wb_open_text(v->wb, it->label, fst_strdup(it->diff ? it->diff : ""));
    else if (strcmp(name, "drift.to-file") == 0)
        to_file(v, it);
    else if (strcmp(name, "drift.to-catalog") == 0)
        to_catalog(v, it);
    return true;
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct drift *d = v->state;
    fst_buf_printf(out, "drift between %zu file%s and the catalog  %zu/%zu", d->all.files,
                   d->all.files == 1 ? "" : "s", d->list.n_rows ? d->list.cursor + 1 : 0,
                   d->list.n_rows);
}

static int64_t selected(struct view *v)
{
    const struct drift *d = v->state;
    const struct fst_drift *it = at(d, d->list.cursor);
    return it ? it->id : 0;
}

/* The list above, the diff of what is under the cursor below. */
static void draw(struct view *v, struct fst_surface *s)
{
    struct drift *d = v->state;
    int rows = s->rows > 12 ? s->rows / 2 : s->rows;
    struct fst_surface top = fst_surface_window(s, 0, 0, rows, s->cols);
    fst_list_draw(&d->list, &top);
    const struct fst_drift *it = at(d, d->list.cursor);
    if (v->was_read && d->all.n == 0)
        fst_draws(s, 2, 2, FST_ROLE_OK,
                  d->all.files ? "files and catalog agree"
                               : "nothing was applied from a file: drift FILE compares with one");
    const char *p = it && it->diff && rows < s->rows ? it->diff : "";
    fst_draws(s, rows, 1, FST_ROLE_DIM, *p ? "catalog -, file +" : "");
    for (int row = rows + 1; *p && row < s->rows; row++) {
        size_t n = strcspn(p, "\n");
        fst_draw(s, row, 1, s->cols - 2,
                 *p == '+'   ? FST_ROLE_DIFF_ADD
                 : *p == '-' ? FST_ROLE_DIFF_DEL
                             : FST_ROLE_TEXT,
                 p, n);
        p += n + (p[n] == '\n');
    }
}

const struct view_ops view_drift = {
    .name = "drift",
    .help = "what differs between files of definitions and the catalog: drift [FILES]",
    .scopes = {"drift", "list", NULL},
    .state_size = sizeof(struct drift),
    .open = open,
    .close = close,
    .action = action,
    .title = title,
    .draw = draw,
    .selected = selected,
    .reading = &reading,
};
