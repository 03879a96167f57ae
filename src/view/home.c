/* The first screen: how many of everything, and below what wants to be looked at. */
#include <stdlib.h>
#include <string.h>

#include "attention.h"

enum { TEXT_COL = 11 };

struct home {
    struct fst_list list;
    struct fst_counts counts;
    struct attention attention;
    int64_t since_us; /* the last visit */
};

struct home_task {
    struct task task;
    struct fst_counts counts;
    struct attention attention;
    int64_t since_us;
};

static const enum fst_resource_kind order[] = {
    FST_SOURCE,       FST_TRANSFORMATION, FST_FEATURE,  FST_LABEL,
    FST_TRAINING_SET, FST_ENTITY,         FST_PROVIDER, FST_JOB};

static const struct fst_list_column columns[] = {
    {"what", 18, 24, false}, {"names", 7, 9, true}, {"variants", 9, 9, true}, {"", 20, 0, false}};

static void runs_text(const struct fst_counts *c, struct fst_buf *out)
{
    const char *gap = "";
    for (size_t s = FST_STATE_CREATED; s < FST_STATES_; s++) {
        if (!c->runs[s])
            continue;
        fst_buf_printf(out, "%s%lld %s", gap, (long long)c->runs[s], fst_states[s].name);
        gap = ", ";
    }
}

static enum fst_role runs_role(const struct fst_counts *c)
{
    if (c->runs[FST_STATE_RUNNING] || c->runs[FST_STATE_PENDING] || c->runs[FST_STATE_CREATED])
        return FST_ROLE_RUNNING;
    return c->runs[FST_STATE_FAILED] || c->runs[FST_STATE_LOST] ? FST_ROLE_FAILED : FST_ROLE_TEXT;
}

static const struct attention_item *attention_at(const struct home *h, size_t row)
{
    return row > FST_COUNT(order) ? &h->attention.items[row - FST_COUNT(order) - 1] : NULL;
}

static enum fst_role attention_cell(const struct attention_item *it, size_t col,
                                    struct fst_buf *out)
{
    if (col == 0)
        fst_buf_adds(out, it->word);
    return it->role;
}

static enum fst_role cell(void *arg, size_t row, size_t col, struct fst_buf *out)
{
    struct home *h = arg;
    if (attention_at(h, row))
        return attention_cell(attention_at(h, row), col, out);
    if (row == FST_COUNT(order)) {
        int64_t total = 0;
        for (size_t s = 0; s < FST_STATES_; s++)
            total += h->counts.runs[s];
        if (col == 0)
            fst_buf_adds(out, "Runs");
        else if (col == 1)
            fst_buf_printf(out, "%lld", (long long)total);
        else if (col == 3) {
            runs_text(&h->counts, out);
            return runs_role(&h->counts);
        }
        return FST_ROLE_TEXT;
    }
    enum fst_resource_kind kind = order[row];
    if (col == 0)
        fst_buf_adds(out, fst_kinds[kind].title);
    else if (col == 1)
        fst_buf_printf(out, "%lld", (long long)h->counts.names[kind]);
    else if (col == 2 && fst_kinds[kind].has_variants)
        fst_buf_printf(out, "%lld", (long long)h->counts.variants[kind]);
    else if (col == 3)
        fst_buf_adds(out, fst_kinds[kind].help);
    return col == 3 ? FST_ROLE_DIM : FST_ROLE_TEXT;
}

static void work(struct task *t)
{
    struct home_task *h = (struct home_task *)t;
    struct fst_catalog *c;
    t->status = fst_app_take(t->wb->app, &c, &t->err);
    if (t->status != FST_OK)
        return;
    t->status = fst_catalog_counts(c, &h->counts, &t->err);
    if (t->status == FST_OK)
        t->status = attention_find(c, h->since_us, &h->attention, &t->err);
    fst_app_give(t->wb->app, c);
}

static void release(struct task *t)
{
    attention_done(&((struct home_task *)t)->attention);
}

static void ask(struct view *v, struct task *t)
{
    ((struct home_task *)t)->since_us = ((struct home *)v->state)->since_us;
}

static void take(struct view *v, struct task *t)
{
    struct home_task *ht = (struct home_task *)t;
    struct home *h = v->state;
    h->counts = ht->counts;
    attention_done(&h->attention);
    h->attention = ht->attention;
    ht->attention = (struct attention){0};
    h->list.n_rows = FST_COUNT(order) + 1 + h->attention.n;
    fst_list_clamp(&h->list);
    v->live = h->counts.runs[FST_STATE_RUNNING] || h->counts.runs[FST_STATE_PENDING] ||
              h->counts.runs[FST_STATE_CREATED];
}

static const struct reading reading = {
    "counting", sizeof(struct home_task), ask, work, take, release, false};

static void open(struct view *v)
{
    struct home *h = v->state;
    h->list = (struct fst_list){.columns = columns,
                                .n_columns = FST_COUNT(columns),
                                .n_rows = FST_COUNT(order) + 1,
                                .cell = cell,
                                .arg = h,
                                .cursor = 1};
    h->since_us = attention_last_visit(v->wb);
    wb_read(v);
}

static void close(struct view *v)
{
    attention_done(&((struct home *)v->state)->attention);
}

static void open_attention(struct view *v, const struct attention_item *it)
{
    char *id = fst_asprintf("%lld", (long long)it->id);
    if (it->run_id)
        wb_open(v->wb, "run", it->run_id);
    else if (it->id)
        wb_open(v->wb, "page", id);
    free(id);
}

/* Whoever goes back with esc until there is no more to go back to has not asked to leave. */
static bool stay(struct wb *wb)
{
    if (!wb_back_leaves(wb))
        return wb_action(wb, "back");
    wb_say(wb, FST_ROLE_DIM, "this is the first screen; q leaves");
    return true;
}

static bool action(struct view *v, const char *name)
{
    struct home *h = v->state;
    if (strcmp(name, "home.stay") == 0)
        return stay(v->wb);
    if (fst_list_action(&h->list, name) || wb_first_action(v->wb, name))
        return true;
    if (strcmp(name, "open") != 0)
        return false;
    if (attention_at(h, h->list.cursor))
        open_attention(v, attention_at(h, h->list.cursor));
    else if (h->list.cursor == FST_COUNT(order))
        wb_open(v->wb, "runs", NULL);
    else
        wb_open(v->wb, "list", fst_kinds[order[h->list.cursor]].plural);
    return true;
}

static bool detail(struct view *v, struct detail *out)
{
    const struct home *h = v->state;
    const struct attention_item *it = attention_at(h, h->list.cursor);
    if (it && it->run_id)
        *out = (struct detail){.view = "run", .target = fst_strdup(it->run_id)};
    else if (it && it->id)
        *out = (struct detail){.view = "page", .target = fst_asprintf("%lld", (long long)it->id)};
    else if (!it && h->list.cursor == FST_COUNT(order))
        *out = (struct detail){.view = "runs"};
    else if (!it)
        *out = (struct detail){.view = "list",
                               .target = fst_strdup(fst_kinds[order[h->list.cursor]].plural)};
    return out->view != NULL;
}

static void place(struct view *v, struct fst_buf *out)
{
    fst_buf_printf(out, "%zu", ((struct home *)v->state)->list.cursor);
}

static void go_to(struct view *v, const char *place)
{
    struct home *h = v->state;
    int64_t row;
    if (fst_parse_int64(place, strlen(place), &row) && row >= 0 && row <= (int64_t)FST_COUNT(order))
        h->list.cursor = (size_t)row;
}

static bool has_stale(const struct home *h)
{
    for (size_t i = 0; i < h->attention.n; i++)
        if (h->attention.items[i].role == FST_ROLE_STALE)
            return true;
    return false;
}

static bool offers(struct view *v, const char *action)
{
    if (strcmp(action, "go.stale") == 0)
        return has_stale(v->state);
    return wb_act_suits(action, FST_TRANSFORMATION);
}

static void title(struct view *v, struct fst_buf *out)
{
    const char *folder = fst_app_folder(v->wb->app), *home = getenv("HOME");
    size_t n = home ? strlen(home) : 0;
    bool is_below = n > 1 && strncmp(folder, home, n) == 0 && folder[n] == '/';
    fst_buf_printf(out, "firesteel  %s%s", is_below ? "~" : "", folder + (is_below ? n : 0));
}

static int64_t selected(struct view *v)
{
    const struct home *h = v->state;
    const struct attention_item *it = attention_at(h, h->list.cursor);
    return it ? it->id : 0;
}

/* Their texts take the columns that counts leave empty. */
static void draw_attention(const struct home *h, struct fst_surface *s)
{
    for (size_t i = h->list.top; i < h->list.n_rows && i - h->list.top + 1 < (size_t)s->rows; i++) {
        const struct attention_item *it = attention_at(h, i);
        if (!it)
            continue;
        enum fst_role role = i == h->list.cursor        ? FST_ROLE_CURSOR
                             : it->role == FST_ROLE_DIM ? FST_ROLE_DIM
                                                        : FST_ROLE_TEXT;
        fst_draw(s, (int)(i - h->list.top) + 1, TEXT_COL, s->cols - TEXT_COL - 1, role, it->text,
                 strlen(it->text));
    }
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct home *h = v->state;
    fst_list_draw(&h->list, s);
    draw_attention(h, s);
    if (v->was_read && s->rows > (int)h->list.n_rows + 4)
        wb_first_draw(v->wb, &h->counts, s, (int)h->list.n_rows + 2);
}

const struct view_ops view_home = {
    .name = "home",
    .help = "how many of everything, what runs, failed, is stale, is new",
    .scopes = {"home", "list", NULL},
    .state_size = sizeof(struct home),
    .open = open,
    .close = close,
    .selected = selected,
    .action = action,
    .changed = wb_read,
    .title = title,
    .draw = draw,
    .is_list = true,
    .place = place,
    .go_to = go_to,
    .detail = detail,
    .offers = offers,
    .reading = &reading,
};
