/* Paths in prompts: what lies in the folder that is written is offered, `~` is the user's. Folders
 * are listed by a task, and the prompt goes on meanwhile: those of this host as soon as they are
 * written, far ones when Tab is pressed. A listing that was cut is asked for again with what the
 * name begins with. A Tab that came before the answer is done with it, if nothing else was pressed.
 */
#include <stdlib.h>
#include <string.h>

#include "view.h"

enum { MAX_ENTRIES = 1000, MAX_LISTINGS = 2 }; /* listings: a folder may hang, and its worker */

struct paths_task {
    struct task task;
    char *folder, *begins;
    struct fst_browsed found;
};

struct paths {
    enum wb_path kind, here; /* of the prompt, of what is written in it */
    char *folder, *begins;   /* wanted: a folder, and what names in it begin with; NULL = nothing */
    struct paths_task *task; /* on its way to it; NULL = it came, or waits for its turn */
    bool is_there;
    struct fst_browsed found;
    char why[200];      /* it could not be listed */
    struct fst_key tab; /* that waits for it; name "" = none */
    struct fst_candidate *fitting;
    size_t n_fitting, cap;
    struct fst_arena *arena;
};

/* ---- What is offered ------------------------------------------------------------------------- */

static bool is_folder(const struct fst_entry *e)
{
    return e->is_dir;
}

static bool is_definitions(const struct fst_entry *e)
{
    return e->is_dir || strcmp(wb_file_kind(e), "definitions") == 0;
}

static bool is_table(const struct fst_entry *e)
{
    return e->is_dir || (*wb_file_kind(e) && !is_definitions(e));
}

static bool (*const is_offered[])(const struct fst_entry *e) = {
    [WB_PATH_FOLDER] = is_folder, [WB_PATH_TABLE] = is_table, [WB_PATH_YAML] = is_definitions};

static void offer(struct paths *x, const char *text, const char *detail)
{
    fst_grow(&x->fitting, &x->cap, x->n_fitting + 1, sizeof *x->fitting);
    x->fitting[x->n_fitting++] = (struct fst_candidate){text, detail};
}

/* Names of the catalog that begin with what is written; they have no slash. */
static void offer_names(struct wb *wb, const char *written)
{
    enum fst_resource_kind kind;
    for (size_t i = 0; i < wb->n_names; i++)
        if (fst_kind_named(wb->names[i].detail, &kind) &&
            strncmp(wb->names[i].text, written, strlen(written)) == 0)
            offer(wb->paths, wb->names[i].text, wb->names[i].detail);
}

/* `folder` is as it was written. What would be something else than a file here is told by "./". */
static void offer_entry(struct paths *x, const char *folder, const struct fst_entry *e, bool quoted)
{
    const char *name = fst_path_base(e->uri);
    const char *here = !*folder && (*name == '~' || strchr(name, ':')) ? "./" : "";
    char *path = fst_asprintf("%s%s%s%s", folder, here, name, e->is_dir ? "/" : "");
    char *text = wb_path_write(path, quoted, e->is_dir);
    struct fst_buf detail = FST_BUF(128);
    fst_buf_adds(&detail, wb_file_kind(e));
    if (!e->is_dir) {
        fst_buf_adds(&detail, detail.n ? "  " : "");
        fst_size_text(&detail, e->size);
    }
    offer(x, fst_arena_strdup(x->arena, text), fst_arena_strdup(x->arena, fst_buf_text(&detail)));
    fst_buf_done(&detail);
    free(text);
    free(path);
}

static void offer_all(struct wb *wb, const char *written, bool quoted)
{
    struct paths *x = wb->paths;
    const char *name = fst_path_base(written);
    char *folder = fst_strndup(written, (size_t)(name - written));
    bool is_command = x->kind == WB_PATH_COMMAND;
    fst_arena_free(x->arena);
    x->arena = fst_arena_new();
    x->n_fitting = 0;
    if (is_command && x->here == WB_PATH_TABLE && !*folder)
        offer_names(wb, written);
    if (strcmp(name, "..") == 0 || strcmp(written, "~") == 0)
        offer(x, fst_arena_printf(x->arena, "%s/", written), "folder");
    for (size_t i = 0; i < x->found.listing.n; i++) {
        const struct fst_entry *e = &x->found.listing.entries[i];
        if (strncmp(fst_path_base(e->uri), name, strlen(name)) == 0 &&
            (!is_offered[x->here] || is_offered[x->here](e)))
            offer_entry(x, folder, e, quoted);
    }
    wb->prompt.candidates = x->fitting;
    wb->prompt.n_candidates = x->n_fitting;
    free(folder);
}

/* ---- Listing --------------------------------------------------------------------------------- */

enum fst_status wb_browse(struct wb *wb, const char *folder, const char *begins, size_t max,
                          struct fst_browsed *out, struct fst_error *err)
{
    struct fst_catalog *c; /* taken so that the stores know the providers' places */
    FST_TRY(fst_app_take(wb->app, &c, err));
    fst_app_give(wb->app, c);
    return fst_store_browse(folder, begins, max, out, err);
}

static void work(struct task *t)
{
    struct paths_task *p = (struct paths_task *)t;
    t->status = wb_browse(t->wb, p->folder, p->begins, MAX_ENTRIES, &p->found, &t->err);
}

static void release(struct task *t)
{
    struct paths_task *p = (struct paths_task *)t;
    fst_listing_done(&p->found.listing);
    free(p->folder);
    free(p->begins);
}

static void follow(struct wb *wb, bool is_tab);

/* The Tab that waited, unless it has to go on waiting. */
static void press(struct wb *wb)
{
    struct paths *x = wb->paths;
    struct fst_key tab = x->tab;
    wb->prompt.looking = *tab.name && x->folder && !x->is_there;
    if (!*tab.name || wb->prompt.looking)
        return;
    x->tab = (struct fst_key){0};
    snprintf(wb->prompt.note, sizeof wb->prompt.note, "%s", x->why);
    fst_prompt_key(&wb->prompt, &tab);
    follow(wb, false);
}

static void take(struct wb *wb, struct paths_task *t)
{
    struct paths *x = wb->paths;
    x->task = NULL;
    x->is_there = true;
    x->found = t->found;
    t->found = (struct fst_browsed){0};
    if (t->task.status != FST_OK)
        snprintf(x->why, sizeof x->why, "%s", t->task.err.text);
    follow(wb, *x->tab.name);
    press(wb);
}

static void start(struct wb *wb);

static void done(struct task *t, struct view *v)
{
    struct wb *wb = t->wb;
    (void)v;
    wb->n_listings--;
    if (wb->paths && wb->paths->task == (struct paths_task *)t)
        take(wb, (struct paths_task *)t);
    start(wb); /* what waited for its turn */
}

static void start(struct wb *wb)
{
    struct paths *x = wb->paths;
    if (!x || !x->folder || x->is_there || x->task || wb->n_listings == MAX_LISTINGS)
        return;
    x->task = wb_task_new(wb, NULL, sizeof *x->task, work, done, release);
    x->task->folder = fst_strdup(x->folder);
    x->task->begins = fst_strdup(x->begins);
    wb->n_listings++;
    wb_task_of(&x->task->task, x->folder);
    wb_task_start(&x->task->task, "listing files");
}

static void forget(struct paths *x)
{
    if (x->task)
        fst_job_cancel(&x->task->task.job);
    x->task = NULL;
    x->is_there = false;
    x->why[0] = '\0';
    fst_listing_done(&x->found.listing);
    x->found = (struct fst_browsed){0};
    free(x->folder);
    free(x->begins);
    x->folder = x->begins = NULL;
}

/* Is it what is wanted already? What is listed whole has all longer names, too. */
static bool is_wanted(const struct paths *x, const char *folder, const char *name)
{
    bool is_of_it = x->folder && strcmp(x->folder, folder) == 0 &&
                    strncmp(name, x->begins, strlen(x->begins)) == 0;
    return is_of_it && (!x->found.cut || strcmp(name, x->begins) == 0);
}

static bool is_near(const char *folder)
{
    const struct fst_store *store;
    return fst_store_of(folder, &store, NULL) == FST_OK && !store->is_far;
}

static void want(struct wb *wb, const char *written, bool is_tab)
{
    struct paths *x = wb->paths;
    const char *name = fst_path_base(written);
    char *typed =
        name == written ? fst_strdup(".") : fst_strndup(written, (size_t)(name - written));
    char *folder = fst_path_expand(typed);
    bool is_larger = x->found.cut && x->folder && strcmp(x->folder, folder) == 0;
    if (!is_wanted(x, folder, name)) {
        bool is_at_hand = is_near(folder);
        forget(x);
        if (is_tab || is_at_hand) {
            x->folder = fst_strdup(folder);
            x->begins = fst_strdup(is_at_hand && !is_larger ? "" : name);
            start(wb);
        }
    }
    free(folder);
    free(typed);
}

/* ---- With the prompt ------------------------------------------------------------------------- */

/* Where the path begins in what is written; false = it is none. */
static bool begin(struct wb *wb)
{
    struct paths *x = wb->paths;
    struct fst_prompt *p = &wb->prompt;
    p->word = 0;
    x->here = x->kind;
    p->fitted = x->kind != WB_PATH_COMMAND || wb_command_path(wb, p->text, &x->here, &p->word);
    return p->fitted && p->word <= p->cursor;
}

/* What is written may have changed. While Tab goes through what is offered, that stays. */
static void follow(struct wb *wb, bool is_tab)
{
    struct fst_prompt *p = &wb->prompt;
    if (p->cycling)
        return;
    if (!begin(wb)) {
        forget(wb->paths);
        p->candidates = p->fitted ? NULL : wb->names;
        p->n_candidates = p->fitted ? 0 : wb->n_names;
        return;
    }
    char *text = fst_strndup(p->text + p->word, p->cursor - p->word);
    char *written = wb_path_read(text);
    want(wb, written, is_tab);
    offer_all(wb, written, wb_path_is_quoted(text));
    free(written);
    free(text);
}

void paths_follow(struct wb *wb)
{
    if (wb->paths)
        follow(wb, false);
}

bool paths_key(struct wb *wb, const struct fst_key *key)
{
    struct paths *x = wb->paths;
    struct fst_prompt *p = &wb->prompt;
    bool is_tab = strcmp(key->name, "tab") == 0 || strcmp(key->name, "shift-tab") == 0;
    if (!x)
        return false;
    x->tab = (struct fst_key){0};
    p->looking = false;
    p->note[0] = '\0';
    if (!is_tab || p->cycling)
        return false;
    if (x->why[0])
        forget(x); /* it may be there by now */
    x->tab = *key;
    follow(wb, true);
    press(wb);
    return true;
}

void paths_begin(struct wb *wb, enum wb_path kind)
{
    paths_end(wb);
    wb->paths = fst_alloc(sizeof *wb->paths);
    wb->paths->kind = kind;
    follow(wb, false);
}

void paths_end(struct wb *wb)
{
    struct paths *x = wb->paths;
    if (!x)
        return;
    forget(x);
    wb->prompt.candidates = NULL;
    wb->prompt.n_candidates = 0;
    fst_arena_free(x->arena);
    free(x->fitting);
    free(x);
    wb->paths = NULL;
}

char *paths_text(const struct wb *wb)
{
    bool is_path = wb->paths && wb->paths->kind != WB_PATH_COMMAND;
    return is_path ? wb_path_read(wb->prompt.text) : fst_strdup(wb->prompt.text);
}

void wb_prompt_path(struct wb *wb, const char *label, enum wb_path kind, const char *path,
                    void (*given)(struct wb *wb, const char *path))
{
    char *text = wb_path_write(path, false, false);
    wb_prompt(wb, label, text, given);
    paths_begin(wb, kind);
    free(text);
}
