/* Commands of one's own, from the settings: an argv on what is under the cursor. Words in braces
 * are filled in, each word stays one argument, and no shell reads any of it. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

enum { MOST_BYTES = 4 << 20 };

struct own {
    const struct fst_own_command *command;
    char **argv; /* NULL-ended; owned */
};

struct own_task {
    struct task task;
    struct own own;
    struct fst_buf out;
    int exit_status;
};

static void free_own(struct own *o)
{
    for (size_t i = 0; o->argv && o->argv[i]; i++)
        free(o->argv[i]);
    free(o->argv);
}

/* ---- Filling in ------------------------------------------------------------------------------ */

struct facts {
    const char *name, *variant, *kind, *run, *workspace, *provider, *input;
    char *uri;
    struct fst_resource *resource;
    struct fst_run_record *record;
};

static void find_facts(struct wb *wb, const char *input, struct facts *f)
{
    struct view *v = wb_top(wb);
    *f = (struct facts){.workspace = fst_app_folder(wb->app), .input = input};
    const char *run = v->ops->selected_run ? v->ops->selected_run(v) : NULL;
    int64_t id = v->ops->selected ? v->ops->selected(v) : 0;
    if (run && fst_catalog_get_run(wb->catalog, run, &f->record, NULL) == FST_OK) {
        f->run = f->record->id;
        f->uri = fst_strdup(f->record->output);
        id = f->record->resource_id;
    }
    if (id && fst_catalog_get(wb->catalog, id, &f->resource, NULL) == FST_OK) {
        f->name = f->resource->name;
        f->variant = f->resource->variant;
        f->kind = fst_kinds[f->resource->kind].name;
    }
    f->provider = wb_provider(wb) ? wb_provider(wb) : fst_app_setting(wb->app, "provider");
}

static void find_uri(struct wb *wb, struct facts *f)
{
    struct fst_place place;
    if (f->uri || !f->resource)
        return;
    char *target = fst_asprintf("%s/%s", f->kind, fst_resource_label(f->resource));
    if (fst_app_find(wb->app, target, &place, NULL) == FST_OK) {
        f->uri = fst_strdup(place.uri);
        fst_place_done(&place);
    }
    free(target);
}

static void facts_done(struct facts *f)
{
    fst_resource_free(f->resource);
    fst_run_record_free(f->record);
    free(f->uri);
}

static const char *fact(struct wb *wb, struct facts *f, const char *word, size_t n)
{
    const struct {
        const char *word, *value;
    } all[] = {{"name", f->name},  {"variant", f->variant},     {"kind", f->kind},
               {"run", f->run},    {"workspace", f->workspace}, {"provider", f->provider},
               {"input", f->input}};
    for (size_t i = 0; i < FST_COUNT(all); i++)
        if (strlen(all[i].word) == n && memcmp(all[i].word, word, n) == 0)
            return all[i].value ? all[i].value : "";
    if (n != 3 || memcmp(word, "uri", 3) != 0)
        return NULL;
    find_uri(wb, f);
    return f->uri ? f->uri : "";
}

/* What is no known word in braces stays as it is. */
static char *fill(struct wb *wb, struct facts *f, const char *text)
{
    struct fst_buf out = FST_BUF_TEXT;
    for (const char *p = text; *p;) {
        const char *end = *p == '{' ? strchr(p, '}') : NULL;
        const char *value = end ? fact(wb, f, p + 1, (size_t)(end - p - 1)) : NULL;
        if (value)
            fst_buf_adds(&out, value);
        else
            fst_buf_add(&out, p, 1);
        p = value ? end + 1 : p + 1;
    }
    return fst_buf_take(&out);
}

static struct own make_own(struct wb *wb, const struct fst_own_command *c, const char *input)
{
    struct facts f;
    struct own o = {c, fst_alloc((c->n_argv + 1) * sizeof(char *))};
    find_facts(wb, input, &f);
    for (size_t i = 0; i < c->n_argv; i++)
        o.argv[i] = fill(wb, &f, c->argv[i]);
    facts_done(&f);
    return o;
}

/* ---- Starting -------------------------------------------------------------------------------- */

static void work(struct task *t)
{
    struct own_task *o = (struct own_task *)t;
    t->status = fst_app_run_own(o->own.argv, MOST_BYTES, &o->out, &o->exit_status, &t->err);
}

static void done(struct task *t, struct view *v)
{
    struct own_task *o = (struct own_task *)t;
    (void)v;
    if (t->status != FST_OK) {
        wb_say_error(t->wb, &t->err);
        return;
    }
    if (o->out.n)
        wb_open_text(t->wb, o->own.argv[0], fst_buf_take(&o->out));
    if (o->exit_status || !o->out.n)
        wb_say(t->wb, o->exit_status ? FST_ROLE_WARN : FST_ROLE_INFO, "%s ended with %d%s",
               o->own.argv[0], o->exit_status, o->exit_status ? "" : ", and said nothing");
}

static void release(struct task *t)
{
    struct own_task *o = (struct own_task *)t;
    free_own(&o->own);
    fst_buf_done(&o->out);
}

static void on_terminal(struct wb *wb, struct own *o)
{
    struct fst_error err;
    int exit_status = 0;
    if (fst_term_run(wb->term, o->argv, &exit_status, &err) != FST_OK)
        wb_say_error(wb, &err);
    else
        wb_say(wb, exit_status ? FST_ROLE_WARN : FST_ROLE_INFO, "%s ended with %d", o->argv[0],
               exit_status);
    free_own(o);
}

static void start(struct wb *wb, struct own o)
{
    if (!o.command->show) {
        on_terminal(wb, &o);
        return;
    }
    struct own_task *t = wb_task_new(wb, NULL, sizeof *t, work, done, release);
    t->own = o;
    t->out = FST_BUF(MOST_BYTES);
    wb_task_start(&t->task, o.command->name);
}

static void chosen(struct wb *wb, int choice, void *arg)
{
    struct own *o = arg;
    if (choice == 1)
        start(wb, *o);
    else
        free_own(o);
    free(o);
}

static void confirm(struct wb *wb, struct own o)
{
    static const char *const choices[] = {"Leave it", "Start it", NULL};
    struct fst_buf text = FST_BUF_TEXT;
    struct own *kept = fst_alloc(sizeof *kept);
    *kept = o;
    for (size_t i = 0; o.argv[i]; i++)
        fst_buf_printf(&text, "%s%s", i ? "\n  " : "", o.argv[i]);
    wb_dialog(wb, "Your own command", fst_buf_take(&text), choices, NULL, NULL, chosen, kept);
}

static void go_on(struct wb *wb, const struct fst_own_command *c, const char *input)
{
    struct own o = make_own(wb, c, input);
    if (c->confirm)
        confirm(wb, o);
    else
        start(wb, o);
}

static const struct fst_own_command *find(struct wb *wb, const char *name)
{
    size_t n;
    const struct fst_own_command *all = fst_app_own_commands(wb->app, &n);
    for (size_t i = 0; i < n; i++)
        if (strcmp(all[i].name, name) == 0)
            return &all[i];
    return NULL;
}

static void answered(struct wb *wb, const char *input)
{
    const struct fst_own_command *c = find(wb, wb->own_asked);
    if (c)
        go_on(wb, c, input);
}

bool wb_own_command(struct wb *wb, const char *action)
{
    const struct fst_own_command *c = find(wb, action);
    if (!c)
        return false;
    if (!c->ask) {
        go_on(wb, c, "");
        return true;
    }
    snprintf(wb->own_asked, sizeof wb->own_asked, "%s", action);
    wb_prompt(wb, c->ask, "", answered);
    return true;
}
