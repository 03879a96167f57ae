/* A list of resources: of one kind, or what a search found. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

#define MAX_COLUMNS 6

struct list {
    struct fst_list list;
    struct fst_list_column columns[MAX_COLUMNS]; /* fitted to what they show */
    struct fst_items items;
    int kind; /* -1 = all, a search */
    char *search;
    bool all_variants, loading, again, loaded;
    int64_t keep_id; /* the row to stay on */
};

struct list_task {
    struct task task;
    struct fst_items items;
    int kind;
    bool all_variants;
    char *search, *filter;
};

static const struct fst_list_column columns[MAX_COLUMNS] = {
    {"name", 16, 34, false}, {"variant", 7, 20, false}, {"state", 9, 9, false},
    {"stale", 5, 5, false},  {"owner", 6, 12, false},   {"description", 10, 0, false}};
static const struct fst_list_column search_columns[MAX_COLUMNS] = {
    {"name", 16, 34, false}, {"variant", 7, 20, false}, {"type", 10, 14, false},
    {"state", 9, 9, false},  {"owner", 6, 12, false},   {"description", 10, 0, false}};

/* Providers and entities: no variants, no runs. */
static const struct fst_list_column plain_columns[MAX_COLUMNS] = {{"name", 12, 30, false},
                                                                  {"owner", 6, 12, false},
                                                                  {"tags", 6, 20, false},
                                                                  {"description", 10, 0, false}};

static const struct fst_list_column *wanted_columns(const struct list *l, size_t *n)
{
    bool plain = l->kind >= 0 && !fst_kinds[l->kind].has_variants;
    *n = plain ? 4 : MAX_COLUMNS;
    return plain ? plain_columns : l->kind < 0 ? search_columns : columns;
}

static const struct fst_item *item_at(const struct list *l, size_t row)
{
    return row < l->items.n ? &l->items.items[row] : NULL;
}

static enum fst_role state_cell(const struct fst_item *it, struct fst_buf *out)
{
    if (!fst_kinds[it->kind].has_variants)
        return FST_ROLE_DIM;
    fst_buf_adds(out, it->state == FST_STATE_NONE ? "-" : fst_states[it->state].name);
    return wb_state_role(it->state, it->stale);
}

static enum fst_role cell(void *arg, size_t row, size_t col, struct fst_buf *out)
{
    const struct list *l = arg;
    const struct fst_item *it = item_at(l, row);
    const char *name = l->list.columns[col].name;
    if (!it)
        return FST_ROLE_TEXT;
    if (strcmp(name, "name") == 0)
        fst_buf_adds(out, it->name);
    else if (strcmp(name, "variant") == 0) {
        fst_buf_adds(out, it->variant);
        if (it->n_variants > 1 && !l->all_variants)
            fst_buf_printf(out, " +%d", it->n_variants - 1);
    } else if (strcmp(name, "type") == 0)
        fst_buf_adds(out, fst_kinds[it->kind].name);
    else if (strcmp(name, "state") == 0)
        return state_cell(it, out);
    else if (strcmp(name, "stale") == 0) {
        fst_buf_adds(out, wb_is_outdated(it->state, it->stale) ? "stale" : "");
        return FST_ROLE_STALE;
    } else if (strcmp(name, "owner") == 0)
        fst_buf_adds(out, it->owner ? it->owner : "");
    else if (strcmp(name, "tags") == 0)
        fst_buf_adds(out, it->tags ? it->tags : "");
    else
        fst_buf_adds(out, it->description ? it->description : "");
    return strcmp(name, "description") == 0 ? FST_ROLE_DIM : FST_ROLE_TEXT;
}

/* ---- Loading --------------------------------------------------------------------------------- */

static void work(struct task *t)
{
    struct list_task *l = (struct list_task *)t;
    struct fst_catalog *c;
    t->status = fst_app_take(t->wb->app, &c, &t->err);
    if (t->status != FST_OK)
        return;
    struct fst_list_query q = {
        .kind = l->kind, .filter = l->filter, .all_variants = l->all_variants};
    if (l->search)
        t->status = fst_catalog_search(c, l->search, 500, &l->items, &t->err);
    else
        t->status = fst_catalog_list(c, &q, &l->items, &t->err);
    fst_app_give(t->wb->app, c);
}

static void load(struct view *v);

/* Columns as wide as what is in them, within their limits; the last one takes the rest. */
static void fit_columns(struct list *l)
{
    size_t n;
    const struct fst_list_column *wanted = wanted_columns(l, &n);
    struct fst_buf text = FST_BUF_TEXT;
    for (size_t col = 0; col + 1 < n; col++) {
        size_t widest = (size_t)wanted[col].min_cols;
        for (size_t row = 0; row < l->items.n && row < 1000; row++) {
            fst_buf_clear(&text);
            cell(l, row, col, &text);
            size_t w = fst_text_width(fst_buf_text(&text), text.n);
            widest = w > widest ? w : widest;
        }
        int most = wanted[col].max_cols;
        l->columns[col].min_cols = wanted[col].min_cols;
        l->columns[col].max_cols = (int)widest < most ? (int)widest : most;
    }
    fst_buf_done(&text);
}

static void keep_cursor(struct list *l)
{
    for (size_t i = 0; i < l->items.n; i++)
        if (l->items.items[i].id == l->keep_id) {
            l->list.cursor = i;
            return;
        }
    if (l->list.cursor >= l->items.n)
        l->list.cursor = l->items.n ? l->items.n - 1 : 0;
}

static bool any_running(const struct list *l)
{
    for (size_t i = 0; i < l->items.n; i++)
        if (l->items.items[i].state != FST_STATE_NONE && !fst_states[l->items.items[i].state].final)
            return true;
    return false;
}

static void done(struct task *t, struct view *v)
{
    struct list_task *lt = (struct list_task *)t;
    if (!v)
        return;
    struct list *l = v->state;
    l->loading = false;
    if (t->status != FST_OK) {
        wb_say_error(t->wb, &t->err);
    } else {
        const struct fst_item *it = item_at(l, l->list.cursor);
        l->keep_id = it ? it->id : l->keep_id; /* it may have moved since one asked */
        fst_items_done(&l->items);
        l->items = lt->items;
        lt->items = (struct fst_items){0};
        l->list.n_rows = l->items.n;
        l->loaded = true;
        fit_columns(l);
        keep_cursor(l);
        v->live = any_running(l);
    }
    if (l->again)
        load(v);
}

static void release(struct task *t)
{
    struct list_task *l = (struct list_task *)t;
    fst_items_done(&l->items);
    free(l->search);
    free(l->filter);
}

/* One query at a time; what changed meanwhile is asked again afterwards. */
static void load(struct view *v)
{
    struct list *l = v->state;
    l->again = l->loading;
    if (l->loading)
        return;
    struct list_task *t = wb_task_new(v->wb, v, sizeof *t, work, done, release);
    t->kind = l->kind;
    t->all_variants = l->all_variants;
    t->search = fst_strdup(l->search);
    t->filter = l->list.filter[0] ? fst_strdup(l->list.filter) : NULL;
    l->loading = true;
    wb_task_start(&t->task, "listing");
}

/* ---- The view -------------------------------------------------------------------------------- */

static void open(struct view *v)
{
    struct list *l = v->state;
    enum fst_resource_kind kind;
    l->kind = -1;
    if (v->target && strncmp(v->target, "search:", 7) == 0)
        l->search = fst_strdup(v->target + 7);
    else if (v->target && fst_kind_named(v->target, &kind))
        l->kind = (int)kind;
    size_t n;
    memcpy(l->columns, wanted_columns(l, &n), sizeof l->columns);
    l->list = (struct fst_list){.columns = l->columns, .n_columns = n, .cell = cell, .arg = l};
    load(v);
}

static void close(struct view *v)
{
    struct list *l = v->state;
    fst_items_done(&l->items);
    free(l->search);
}

static bool action(struct view *v, const char *name)
{
    struct list *l = v->state;
    if (fst_list_action(&l->list, name))
        return true;
    if (strcmp(name, "open") == 0 && item_at(l, l->list.cursor)) {
        char *id = fst_asprintf("%lld", (long long)item_at(l, l->list.cursor)->id);
        wb_open(v->wb, "page", id);
        free(id);
        return true;
    }
    if (strcmp(name, "variants") == 0) {
        l->all_variants = !l->all_variants;
        load(v);
        return true;
    }
    return false;
}

static void filter(struct view *v, const char *text)
{
    struct list *l = v->state;
    snprintf(l->list.filter, sizeof l->list.filter, "%s", text);
    load(v);
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct list *l = v->state;
    if (l->search)
        fst_buf_printf(out, "search “%s”", l->search);
    else
        fst_buf_adds(out, l->kind < 0 ? "everything" : fst_kinds[l->kind].title);
    fst_buf_printf(out, "  %zu/%lld", l->items.n ? l->list.cursor + 1 : 0,
                   (long long)l->items.total);
    if (l->list.filter[0])
        fst_buf_printf(out, "  filter: %s", l->list.filter);
    fst_buf_adds(out, l->all_variants ? "  every variant" : "");
}

static void crumb(struct view *v, struct fst_buf *out)
{
    const struct list *l = v->state;
    if (l->search)
        fst_buf_printf(out, "search “%s”", l->search);
    else
        fst_buf_adds(out, l->kind < 0 ? "everything" : fst_kinds[l->kind].plural);
}

static void place(struct view *v, struct fst_buf *out)
{
    const struct list *l = v->state;
    const struct fst_item *it = item_at(l, l->list.cursor);
    if (it)
        fst_buf_printf(out, "%lld", (long long)it->id);
}

static void go_to(struct view *v, const char *place)
{
    fst_parse_int64(place, strlen(place), &((struct list *)v->state)->keep_id);
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct list *l = v->state;
    fst_list_draw(&l->list, s);
    if (l->loaded && l->items.n == 0 && s->rows > 3)
        fst_draws(s, 2, 2, FST_ROLE_DIM,
                  l->list.filter[0] || l->search ? "nothing found" : "none yet");
}

static int64_t selected(struct view *v)
{
    const struct list *l = v->state;
    const struct fst_item *it = item_at(l, l->list.cursor);
    return it ? it->id : 0;
}

const struct view_ops view_list = {
    .name = "list",
    .help = "resources of one kind, or found by a search",
    .scopes = {"list", "resource", NULL},
    .state_size = sizeof(struct list),
    .open = open,
    .close = close,
    .action = action,
    .changed = load,
    .filter = filter,
    .title = title,
    .draw = draw,
    .is_list = true,
    .crumb = crumb,
    .place = place,
    .go_to = go_to,
    .selected = selected,
};
