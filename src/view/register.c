/* Making a source of what is looked at: files, or a table of Spark's catalog. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

struct register_task {
    struct task task;
    char *name, *path, *table, *provider, *label;
};

static void register_work(struct task *t)
{
    struct register_task *r = (struct register_task *)t;
    t->status = fst_app_register(t->wb->app, r->name, r->path, r->table, r->provider, NULL,
                                 &r->label, &t->err);
    if (t->status == FST_OK && r->path)
        fst_app_refresh_sources(t->wb->app, NULL); /* is it there? */
}

static void register_told(struct task *t, struct view *v)
{
    struct register_task *r = (struct register_task *)t;
    (void)v;
    if (t->status == FST_OK)
        wb_say(
            t->wb, FST_ROLE_INFO,
            "%s is registered as source %s; 1 lists it, p there shows its rows, m makes features",
            r->path ? r->path : r->table, r->label);
    else
        wb_say_error(t->wb, &t->err);
}

static void register_release(struct task *t)
{
    struct register_task *r = (struct register_task *)t;
    free(r->name);
    free(r->path);
    free(r->table);
    free(r->provider);
    free(r->label);
}

void wb_register(struct wb *wb, const char *name, const char *path, const char *table,
                 const char *provider)
{
    struct register_task *r =
        wb_task_new(wb, NULL, sizeof *r, register_work, register_told, register_release);
    r->name = fst_strdup(name);
    r->path = fst_strdup(path);
    r->table = fst_strdup(table);
    r->provider = fst_strdup(provider);
    r->task.stays = true;
    wb_task_start(&r->task, "registering");
}

char *wb_source_name(const char *path)
{
    size_t n = strlen(path);
    while (n && path[n - 1] == '/')
        n--;
    const char *end = path + n, *start = end;
    while (start > path && start[-1] != '/')
        start--;
    const char *dot = memchr(start, '.', (size_t)(end - start));
    char *name = fst_strndup(start, (size_t)((dot ? dot : end) - start));
    for (char *p = name; *p; p++)
        if (strchr("*?[]{}=,", *p))
            *p = '_';
    struct fst_error ignored;
    if (fst_name_check("source", name, &ignored) == FST_OK)
        return name;
    free(name);
    return fst_strdup("");
}
