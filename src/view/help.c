/* Help: every action of the view that it was called from, with its keys, then those of everywhere.
 * Made from the registry, so it is never behind. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

struct help {
    struct fst_pager pager;
    struct fst_arena *arena;
    struct fst_pager_line *lines;
    size_t cap;
};

static struct fst_pager_line line(void *arg, size_t i)
{
    return ((const struct help *)arg)->lines[i];
}

static void add(struct help *h, enum fst_role role, const char *text)
{
    fst_grow(&h->lines, &h->cap, h->pager.n_lines + 1, sizeof *h->lines);
    const char *own = fst_arena_strdup(h->arena, text);
    h->lines[h->pager.n_lines++] = (struct fst_pager_line){own, strlen(own), role};
}

static void add_scope(struct help *h, struct wb *wb, const char *scope)
{
    for (size_t i = 0; i < wb->n_actions; i++) {
        const struct fst_action *a = &wb->actions[i];
        if (strcmp(a->scope, scope) != 0)
            continue;
        const char *keys = fst_keymap_keys(wb->keys, a);
        const char *note = a->writes && wb_read_only(wb) ? " (not in read-only mode)" : "";
        add(h, FST_ROLE_TEXT,
            fst_arena_printf(h->arena, "  %-18s %-20s %s%s", *keys ? keys : "-", a->name, a->help,
                             note));
    }
    add(h, FST_ROLE_TEXT, "");
}

static void open(struct view *v)
{
    struct help *h = v->state;
    h->arena = fst_arena_new();
    h->pager = (struct fst_pager){.line = line, .arg = h};
    const struct view_ops *ops = v->target ? wb_view_named(v->target) : NULL;
    if (ops) {
        add(h, FST_ROLE_HEADER, fst_arena_printf(h->arena, "%s: %s", ops->name, ops->help));
        add(h, FST_ROLE_TEXT, "");
        for (size_t k = 0; k < WB_MAX_SCOPES && ops->scopes[k]; k++)
            add_scope(h, v->wb, ops->scopes[k]);
    }
    add(h, FST_ROLE_HEADER, "everywhere");
    add(h, FST_ROLE_TEXT, "");
    add_scope(h, v->wb, "global");
    add(h, FST_ROLE_HEADER, "the : line");
    add(h, FST_ROLE_TEXT, "");
    add(h, FST_ROLE_TEXT,
        "  run NAME, run-upstream NAME, edit NAME, tag NAME, provider NAME, search TEXT");
    add(h, FST_ROLE_TEXT,
        "  sources, transformations, ...; preview TARGET; any action by its name; Tab completes");
}

static void close(struct view *v)
{
    struct help *h = v->state;
    fst_arena_free(h->arena);
    free(h->lines);
}

static bool action(struct view *v, const char *name)
{
    return wb_pager_action(v->wb, &((struct help *)v->state)->pager, name);
}

static void filter(struct view *v, const char *text)
{
    struct help *h = v->state;
    wb_pager_find(v->wb, &h->pager, text);
}

static void title(struct view *v, struct fst_buf *out)
{
    fst_buf_printf(out, "help: %s", v->target ? v->target : "everywhere");
}

static void draw(struct view *v, struct fst_surface *s)
{
    fst_pager_draw(&((struct help *)v->state)->pager, s);
}

const struct view_ops view_help = {
    .name = "help",
    .help = "all keys of a view",
    .scopes = {"pager", NULL},
    .state_size = sizeof(struct help),
    .open = open,
    .close = close,
    .action = action,
    .filter = filter,
    .title = title,
    .draw = draw,
};
