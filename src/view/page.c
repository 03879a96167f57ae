/* The page of one resource: what it is, its state, its definition, its neighbours. The target is
 * its id, or its name. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

struct page {
    struct fst_pager pager;
    struct fst_arena *arena;
    struct fst_pager_line *lines;
    size_t cap;
    struct fst_resource *resource;
};

struct page_task {
    struct task task;
    char *target;
    struct fst_resource *resource;
    struct fst_neighbourhood around;
    struct fst_runs runs;
};

/* ---- Loading --------------------------------------------------------------------------------- */

static enum fst_status find(struct fst_catalog *c, const char *target, struct fst_resource **out,
                            struct fst_error *err)
{
    int64_t id;
    struct fst_target parsed;
    if (fst_parse_int64(target, strlen(target), &id))
        return fst_catalog_get(c, id, out, err);
    struct fst_arena *a = fst_arena_new();
    enum fst_status status = fst_target_parse(a, target, &parsed)
                                 ? fst_catalog_resolve(c, &parsed, out, err)
                                 : fst_fail(err, FST_EINVAL, "%s is not a name", target);
    fst_arena_free(a);
    return status;
}

static void work(struct task *t)
{
    struct page_task *p = (struct page_task *)t;
    struct fst_catalog *c;
    t->status = fst_app_take(t->wb->app, &c, &t->err);
    if (t->status != FST_OK)
        return;
    t->status = find(c, p->target, &p->resource, &t->err);
    if (t->status == FST_OK)
        t->status =
            fst_catalog_neighbourhood(c, p->resource->id, true, true, 1, true, &p->around, &t->err);
    if (t->status == FST_OK) {
        struct fst_run_query q = {.resource_id = p->resource->id, .limit = 5};
        t->status = fst_catalog_runs(c, &q, &p->runs, &t->err);
    }
    fst_app_give(t->wb->app, c);
}

static void release(struct task *t)
{
    struct page_task *p = (struct page_task *)t;
    fst_resource_free(p->resource);
    fst_neighbourhood_done(&p->around);
    fst_runs_done(&p->runs);
    free(p->target);
}

/* ---- Lines ----------------------------------------------------------------------------------- */

static struct fst_pager_line line(void *arg, size_t i)
{
    return ((const struct page *)arg)->lines[i];
}

static void add(struct page *p, enum fst_role role, const char *text)
{
    fst_grow(&p->lines, &p->cap, p->pager.n_lines + 1, sizeof *p->lines);
    p->lines[p->pager.n_lines++] = (struct fst_pager_line){text, strlen(text), role};
}

static void add_text(struct page *p, const char *text)
{
    char *copy = fst_arena_strdup(p->arena, text);
    while (copy && *copy) {
        char *end = strchrnul(copy, '\n');
        bool more = *end == '\n';
        *end = '\0';
        add(p, FST_ROLE_TEXT, copy);
        copy = more ? end + 1 : end;
    }
}

static void add_neighbours(struct page *p, const struct page_task *t, bool upstream,
                           const char *title)
{
    bool any = false;
    for (size_t i = 0; i < t->around.n_edges; i++) {
        const struct fst_catalog_edge *e = &t->around.edges[i];
        int64_t other = upstream ? e->from : e->to;
        if ((upstream ? e->to : e->from) != p->resource->id)
            continue;
        for (size_t k = 0; k < t->around.nodes.n; k++) {
            const struct fst_item *it = &t->around.nodes.items[k];
            if (it->id != other)
                continue;
            if (!any)
                add(p, FST_ROLE_HEADER, title);
            any = true;
            bool states = fst_kinds[it->kind].has_variants;
            add(p, states ? wb_state_role(it->state, it->stale) : FST_ROLE_TEXT,
                fst_arena_printf(p->arena, "  %-9s %s%s%s  %s%s", e->role, it->name,
                                 *it->variant ? "." : "", it->variant,
                                 states ? wb_state_word(it->state) : "",
                                 wb_is_outdated(it->state, it->stale) ? ", stale" : ""));
        }
    }
    if (any)
        add(p, FST_ROLE_TEXT, "");
}

static void add_runs(struct page *p, const struct fst_runs *runs)
{
    if (runs->n == 0)
        return;
    add(p, FST_ROLE_HEADER, "runs");
    for (size_t i = 0; i < runs->n; i++) {
        const struct fst_run_record *r = runs->runs[i];
        struct fst_buf when = FST_BUF(64);
        fst_timestamp_iso(&when, r->created_us);
        add(p, wb_state_role(r->state, false),
            fst_arena_printf(p->arena, "  %s  %-9s  %s  %s", fst_buf_text(&when),
                             fst_states[r->state].name, *r->provider ? r->provider : "local",
                             r->error ? r->error : r->id));
        fst_buf_done(&when);
    }
    add(p, FST_ROLE_TEXT, "");
}

static void build(struct page *p, const struct page_task *t)
{
    struct fst_buf yaml = FST_BUF_TEXT;
    fst_arena_free(p->arena);
    p->arena = fst_arena_new();
    p->pager.n_lines = 0;
    if (p->resource->description && *p->resource->description) {
        add(p, FST_ROLE_TEXT, fst_arena_strdup(p->arena, p->resource->description));
        add(p, FST_ROLE_TEXT, "");
    }
    add_runs(p, &t->runs);
    add_neighbours(p, t, true, "stands on");
    add_neighbours(p, t, false, "stands below");
    add(p, FST_ROLE_HEADER, "definition");
    fst_define_export(&yaml, (const struct fst_resource *const *)&p->resource, 1);
    add_text(p, fst_buf_text(&yaml));
    fst_buf_done(&yaml);
}

static void done(struct task *t, struct view *v)
{
    struct page_task *pt = (struct page_task *)t;
    if (!v)
        return;
    struct page *p = v->state;
    if (t->status != FST_OK) {
        wb_say_error(t->wb, &t->err);
        return;
    }
    fst_resource_free(p->resource);
    p->resource = pt->resource;
    pt->resource = NULL;
    build(p, pt);
    v->live = pt->runs.n && !fst_states[pt->runs.runs[0]->state].final;
}

static void load(struct view *v)
{
    struct page_task *t = wb_task_new(v->wb, v, sizeof *t, work, done, release);
    t->target = fst_strdup(v->target ? v->target : "");
    wb_task_start(&t->task, "reading");
}

/* ---- The view -------------------------------------------------------------------------------- */

static void open(struct view *v)
{
    struct page *p = v->state;
    p->pager = (struct fst_pager){.line = line, .arg = p};
    load(v);
}

static void close(struct view *v)
{
    struct page *p = v->state;
    fst_resource_free(p->resource);
    fst_arena_free(p->arena);
    free(p->lines);
}

static bool action(struct view *v, const char *name)
{
    return wb_pager_action(v->wb, &((struct page *)v->state)->pager, name);
}

static void filter(struct view *v, const char *text)
{
    struct page *p = v->state;
    wb_pager_find(v->wb, &p->pager, text);
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct page *p = v->state;
    if (p->resource)
        fst_buf_printf(out, "%s  %s%s", fst_kinds[p->resource->kind].name,
                       fst_resource_label(p->resource),
                       p->resource->is_default && *p->resource->variant ? "  default" : "");
}

static bool detail(struct view *v, struct detail *out)
{
    const struct page *p = v->state;
    if (!p->resource || !fst_kinds[p->resource->kind].has_variants)
        return false;
    *out = (struct detail){.view = "preview",
                           .target = fst_asprintf("%s/%s", fst_kinds[p->resource->kind].name,
                                                  fst_resource_label(p->resource))};
    return true;
}

static void crumb(struct view *v, struct fst_buf *out)
{
    const struct page *p = v->state;
    fst_buf_adds(out, p->resource ? fst_resource_label(p->resource) : "page");
}

static void draw(struct view *v, struct fst_surface *s)
{
    fst_pager_draw(&((struct page *)v->state)->pager, s);
}

static int64_t selected(struct view *v)
{
    const struct page *p = v->state;
    return p->resource ? p->resource->id : 0;
}

static bool offers(struct view *v, const char *action)
{
    const struct page *p = v->state;
    return !p->resource || wb_act_suits(action, p->resource->kind);
}

const struct view_ops view_page = {
    .name = "page",
    .help = "one resource: state, neighbours, definition",
    .scopes = {"resource", "pager", NULL},
    .state_size = sizeof(struct page),
    .open = open,
    .close = close,
    .action = action,
    .changed = load,
    .filter = filter,
    .offers = offers,
    .title = title,
    .draw = draw,
    .detail = detail,
    .crumb = crumb,
    .selected = selected,
};
