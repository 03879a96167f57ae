/* A list of resources: of one kind, or what a search found. */
#include <stdlib.h>
#include <string.h>

#include "list_columns.h"

#define CHANGED_US 10000000 /* so long a row that changed is marked so */

/* What was seen of a row, to tell what changed. */
struct seen {
    int64_t id, changed_us;
    enum fst_state state;
    bool stale;
};

struct list {
    struct fst_list list;
    const struct list_column *columns[MOST_LIST_COLUMNS];
    struct fst_list_column shapes[MOST_LIST_COLUMNS]; /* fitted to what they show */
    struct fst_items items;
    size_t *order;     /* indexes of items */
    struct seen *seen; /* as items */
    int64_t *marked;   /* ids, ascending */
    size_t n_marked, marked_cap, n_seen;
    int kind; /* -1 = all, a search */
    char *search;
    char sort[64]; /* a column's name, "-" before it turns it round; "" = as it comes */
    bool all_variants;
    int64_t keep_id; /* the row to stay on */
};

struct list_task {
    struct task task;
    struct fst_items items;
    int kind;
    bool all_variants;
    char *search, *filter;
};

static const struct fst_item *item_at(const struct list *l, size_t row)
{
    return row < l->items.n ? &l->items.items[l->order[row]] : NULL;
}

static enum fst_role cell(void *arg, size_t row, size_t col, struct fst_buf *out)
{
    const struct list *l = arg;
    const struct fst_item *it = item_at(l, row);
    if (!it)
        return FST_ROLE_TEXT;
    enum fst_role role = l->columns[col]->cell(it, out);
    if (!l->all_variants && it->n_variants > 1 &&
        strcmp(l->columns[col]->shape.name, "variant") == 0)
        fst_buf_printf(out, " +%d", it->n_variants - 1);
    return role;
}

/* ---- Columns --------------------------------------------------------------------------------- */

static void setting_name(const struct list *l, char *out, size_t n)
{
    snprintf(out, n, "columns.%s", l->kind < 0 ? "search" : fst_kinds[l->kind].plural);
}

static void take_columns(struct view *v)
{
    struct list *l = v->state;
    char name[64];
    setting_name(l, name, sizeof name);
    l->list.n_columns =
        list_columns_named(list_columns, fst_app_setting(v->wb->app, name), l->columns, l->shapes);
}

/* Columns as wide as what is in them, within their limits; the last one takes the rest. */
static void fit_columns(struct list *l)
{
    struct fst_buf text = FST_BUF_TEXT;
    for (size_t col = 0; col + 1 < l->list.n_columns; col++) {
        const struct fst_list_column *wanted = &l->columns[col]->shape;
        size_t widest = (size_t)wanted->min_cols;
        for (size_t row = 0; row < l->items.n && row < 1000; row++) {
            fst_buf_clear(&text);
            cell(l, row, col, &text);
            size_t w = fst_text_width(fst_buf_text(&text), text.n);
            widest = w > widest ? w : widest;
        }
        bool cuts = wanted->max_cols && (int)widest > wanted->max_cols;
        l->shapes[col].max_cols = cuts ? wanted->max_cols : (int)widest;
    }
    if (l->list.n_columns)
        l->shapes[l->list.n_columns - 1].max_cols = 0;
    fst_buf_done(&text);
}

/* ---- Order ----------------------------------------------------------------------------------- */

struct sorting {
    const struct list_column *column;
    const struct fst_item *items;
    bool down;
};

static int by_text(const struct sorting *s, const struct fst_item *a, const struct fst_item *b)
{
    struct fst_buf left = FST_BUF(4096), right = FST_BUF(4096);
    s->column->cell(a, &left);
    s->column->cell(b, &right);
    int order = strcasecmp(fst_buf_text(&left), fst_buf_text(&right));
    fst_buf_done(&left);
    fst_buf_done(&right);
    return order;
}

/* What is equal stays as it came. */
static int compare(const void *a, const void *b, void *arg)
{
    const struct sorting *s = arg;
    size_t i = *(const size_t *)a, k = *(const size_t *)b;
    int order;
    if (s->column->number) {
        int64_t left = s->column->number(&s->items[i]), right = s->column->number(&s->items[k]);
        order = (left > right) - (left < right);
    } else {
        order = by_text(s, &s->items[i], &s->items[k]);
    }
    order = s->down ? -order : order;
    return order ? order : (i > k) - (i < k);
}

static void put_in_order(struct list *l)
{
    bool down = l->sort[0] == '-';
    struct sorting s = {list_column_named(list_columns, l->sort + down, strlen(l->sort + down)),
                        l->items.items, down};
    for (size_t i = 0; i < l->items.n; i++)
        l->order[i] = i;
    if (s.column && l->items.n > 1)
        qsort_r(l->order, l->items.n, sizeof *l->order, compare, &s);
}

/* ---- Marks ----------------------------------------------------------------------------------- */

static size_t mark_place(const struct list *l, int64_t id)
{
    size_t from = 0, to = l->n_marked;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (l->marked[middle] < id)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

static bool is_marked(const struct list *l, int64_t id)
{
    size_t at = mark_place(l, id);
    return at < l->n_marked && l->marked[at] == id;
}

static void toggle_mark(struct list *l)
{
    const struct fst_item *it = item_at(l, l->list.cursor);
    if (!it)
        return;
    size_t at = mark_place(l, it->id);
    if (at < l->n_marked && l->marked[at] == it->id) {
        memmove(l->marked + at, l->marked + at + 1, (--l->n_marked - at) * sizeof *l->marked);
    } else {
        fst_grow(&l->marked, &l->marked_cap, l->n_marked + 1, sizeof *l->marked);
        memmove(l->marked + at + 1, l->marked + at, (l->n_marked++ - at) * sizeof *l->marked);
        l->marked[at] = it->id;
    }
    fst_list_action(&l->list, "list.down");
}

/* All that are shown; when they all are marked, none. */
static void toggle_all(struct list *l)
{
    size_t before = l->n_marked;
    l->n_marked = 0;
    if (before == l->items.n)
        return;
    fst_grow(&l->marked, &l->marked_cap, l->items.n + 1, sizeof *l->marked);
    for (size_t i = 0; i < l->items.n; i++)
        l->marked[l->n_marked++] = l->items.items[i].id;
    qsort(l->marked, l->n_marked, sizeof *l->marked, wb_compare_ids);
}

static const int64_t *marked(struct view *v, size_t *n)
{
    struct list *l = v->state;
    *n = l->n_marked;
    return l->marked;
}

static enum fst_list_sign sign(void *arg, size_t row)
{
    const struct list *l = arg;
    const struct fst_item *it = item_at(l, row);
    if (it && is_marked(l, it->id))
        return FST_LIST_MARKED;
    const struct seen *s = it ? &l->seen[l->order[row]] : NULL;
    return s && s->changed_us && fst_monotonic_us() - s->changed_us < CHANGED_US ? FST_LIST_CHANGED
                                                                                 : FST_LIST_PLAIN;
}

/* ---- What changed ---------------------------------------------------------------------------- */

static int compare_seen(const void *a, const void *b)
{
    int64_t x = ((const struct seen *)a)->id, y = ((const struct seen *)b)->id;
    return (x > y) - (x < y);
}

/* What the rows are now, and since when, beside what they were. */
static void note_changes(struct list *l)
{
    struct seen *now = fst_alloc((l->items.n + 1) * sizeof *now);
    if (l->seen)
        qsort(l->seen, l->n_seen, sizeof *l->seen, compare_seen);
    for (size_t i = 0; i < l->items.n; i++) {
        const struct fst_item *it = &l->items.items[i];
        now[i] = (struct seen){it->id, 0, it->state, it->stale};
        const struct seen *old =
            l->seen ? bsearch(&now[i], l->seen, l->n_seen, sizeof *now, compare_seen) : NULL;
        if (!old)
            continue;
        bool same = old->state == it->state && old->stale == it->stale;
        now[i].changed_us = same ? old->changed_us : fst_monotonic_us();
    }
    free(l->seen);
    l->seen = now;
    l->n_seen = l->items.n;
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

static void keep_cursor(struct list *l)
{
    for (size_t i = 0; i < l->items.n; i++)
        if (item_at(l, i)->id == l->keep_id) {
            l->list.cursor = i;
            return;
        }
    fst_list_clamp(&l->list);
}

static bool any_running(const struct list *l)
{
    for (size_t i = 0; i < l->items.n; i++)
        if (l->items.items[i].state != FST_STATE_NONE && !fst_states[l->items.items[i].state].final)
            return true;
    return false;
}

static void take(struct view *v, struct task *t)
{
    struct list_task *lt = (struct list_task *)t;
    struct list *l = v->state;
    const struct fst_item *it = item_at(l, l->list.cursor);
    l->keep_id = it ? it->id : l->keep_id; /* it may have moved since one asked */
    fst_items_done(&l->items);
    l->items = lt->items;
    lt->items = (struct fst_items){0};
    free(l->order);
    l->order = fst_alloc((l->items.n + 1) * sizeof *l->order);
    l->list.n_rows = l->items.n;
    note_changes(l);
    put_in_order(l);
    fit_columns(l);
    keep_cursor(l);
    v->live = any_running(l);
}

static void release(struct task *t)
{
    struct list_task *l = (struct list_task *)t;
    fst_items_done(&l->items);
    free(l->search);
    free(l->filter);
}

static void ask(struct view *v, struct task *t)
{
    const struct list *l = v->state;
    struct list_task *lt = (struct list_task *)t;
    lt->kind = l->kind;
    lt->all_variants = l->all_variants;
    lt->search = fst_strdup(l->search);
    lt->filter = l->list.filter[0] ? fst_strdup(l->list.filter) : NULL;
}

static const struct reading reading = {
    "listing", sizeof(struct list_task), ask, work, take, release, false};

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
    l->list = (struct fst_list){.columns = l->shapes, .cell = cell, .sign = sign, .arg = l};
    take_columns(v);
    wb_read(v);
}

static void close(struct view *v)
{
    struct list *l = v->state;
    fst_items_done(&l->items);
    free(l->search);
    free(l->order);
    free(l->seen);
    free(l->marked);
}

/* ---- Asking for columns and an order --------------------------------------------------------- */

static void columns_given(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    char name[64], *set;
    if (v->ops != &view_list)
        return;
    setting_name(v->state, name, sizeof name);
    set = fst_asprintf("%s %s", name, text);
    if (*text)
        wb_set(wb, set);
    take_columns(v);
    fit_columns(v->state);
    free(set);
}

static void order_given(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    struct list *l = v->ops == &view_list ? v->state : NULL;
    size_t n = strcspn(text, " ");
    bool down = *text == '-';
    if (!l)
        return;
    if (n && !list_column_named(list_columns, text + down, n - down)) {
        wb_say(wb, FST_ROLE_ERROR, "there is no column %.*s", (int)(n - down), text + down);
        return;
    }
    const struct fst_item *it = item_at(l, l->list.cursor);
    l->keep_id = it ? it->id : 0;
    snprintf(l->sort, sizeof l->sort, "%.*s", (int)n, text);
    put_in_order(l);
    keep_cursor(l);
}

static void ask_columns(struct view *v, bool for_columns)
{
    struct list *l = v->state;
    char setting[64], label[32];
    setting_name(l, setting, sizeof setting);
    snprintf(label, sizeof label, for_columns ? "columns: " : "order by (-name: descending): ");
    wb_prompt(v->wb, label, for_columns ? fst_app_setting(v->wb->app, setting) : l->sort,
              for_columns ? columns_given : order_given);
    list_columns_complete(v->wb, list_columns);
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
        wb_read(v);
    } else if (strcmp(name, "list.mark") == 0) {
        toggle_mark(l);
    } else if (strcmp(name, "list.mark-all") == 0) {
        toggle_all(l);
    } else if (strcmp(name, "list.restore") == 0) {
        wb_restore(v->wb);
    } else if (strcmp(name, "list.new") == 0) {
        return wb_new(v->wb, v->target);
    } else if (strcmp(name, "list.columns") == 0) {
        ask_columns(v, true);
    } else if (strcmp(name, "list.order") == 0) {
        ask_columns(v, false);
    } else {
        return false;
    }
    return true;
}

static void filter(struct view *v, const char *text)
{
    struct list *l = v->state;
    snprintf(l->list.filter, sizeof l->list.filter, "%s", text);
    wb_read(v);
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
    if (l->sort[0])
        fst_buf_printf(out, "  by %s%s", l->sort + (l->sort[0] == '-'),
                       l->sort[0] == '-' ? " down" : "");
    if (l->n_marked)
        fst_buf_printf(out, "  %zu marked", l->n_marked);
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
    if (v->was_read && l->items.n == 0 && s->rows > 3)
        fst_draws(s, 2, 2, FST_ROLE_DIM,
                  l->list.filter[0] || l->search ? "nothing found" : "none yet: n makes one");
}

static int64_t selected(struct view *v)
{
    const struct list *l = v->state;
    const struct fst_item *it = item_at(l, l->list.cursor);
    return it ? it->id : 0;
}

/* By the kind that is listed; a search that stands on nothing offers everything. */
static bool offers(struct view *v, const char *action)
{
    const struct list *l = v->state;
    const struct fst_item *it = item_at(l, l->list.cursor);
    if (strcmp(action, "list.new") == 0)
        return l->kind >= 0;
    if (l->kind < 0 && !it)
        return true;
    return wb_act_suits(action, l->kind < 0 ? it->kind : (enum fst_resource_kind)l->kind);
}

const struct view_ops view_list = {
    .name = "list",
    .help = "resources of one kind, or found by a search",
    .scopes = {"list", "resources", "resource", NULL},
    .state_size = sizeof(struct list),
    .open = open,
    .close = close,
    .action = action,
    .changed = wb_read,
    .filter = filter,
    .offers = offers,
    .title = title,
    .draw = draw,
    .is_list = true,
    .crumb = crumb,
    .place = place,
    .go_to = go_to,
    .selected = selected,
    .marked = marked,
    .reading = &reading,
};
