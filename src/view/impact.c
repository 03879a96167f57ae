/* What must run again if a resource changes: all that stands on it, in the order in which it would
 * run, and how long that took the last time. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

struct impact {
    struct fst_list list;
    struct fst_impact all;
    size_t *shown, n_shown, shown_cap; /* rows after the filter */
    bool loading, loaded;
};

struct impact_task {
    struct task task;
    char *target;
    struct fst_impact all;
};

enum { NAME, TYPE, STATE, TOOK, WHY, READERS, HASH };
static const struct fst_list_column columns[] = {
    {"name", 18, 34, false},     {"type", 9, 14, false}, {"state", 7, 11, false},
    {"took", 6, 9, true},        {"why", 20, 0, false},  {"read by", 10, 40, false},
    {"definition", 8, 12, false}};

static const struct fst_impact_node *node_at(const struct impact *m, size_t row)
{
    return row < m->n_shown ? &m->all.items[m->shown[row]] : NULL;
}

static void put_took(const struct fst_impact_node *it, struct fst_buf *out)
{
    if (!it->runs)
        fst_buf_adds(out, "-");
    else if (it->took_us < 0)
        fst_buf_adds(out, "?");
    else
        fst_duration_text(out, it->took_us);
}

static enum fst_role cell(void *arg, size_t row, size_t col, struct fst_buf *out)
{
    const struct fst_impact_node *it = node_at(arg, row);
    if (!it)
        return FST_ROLE_TEXT;
    switch (col) {
    case NAME:
        fst_buf_adds(out, it->label);
        return it->runs ? FST_ROLE_TEXT : FST_ROLE_DIM;
    case TYPE:
        fst_buf_adds(out, fst_kinds[it->kind].name);
        return FST_ROLE_DIM;
    case STATE:
        fst_buf_adds(out,
                     wb_is_outdated(it->state, it->stale) ? "stale" : wb_state_word(it->state));
        return wb_state_role(it->state, it->stale);
    case TOOK:
        put_took(it, out);
        return FST_ROLE_TEXT;
    case WHY:
        fst_buf_adds(out, it->why);
        return FST_ROLE_TEXT;
    case READERS:
        fst_buf_adds(out, it->readers);
        return FST_ROLE_DIM;
    default:
        fst_buf_printf(out, "%.12s", it->hash);
        return FST_ROLE_DIM;
    }
}

static bool is_wanted(const struct impact *m, const struct fst_impact_node *it)
{
    const char *texts[] = {it->label, fst_kinds[it->kind].name, it->why, it->readers};
    for (size_t i = 0; i < FST_COUNT(texts); i++)
        if (!m->list.filter[0] || strstr(texts[i], m->list.filter))
            return true;
    return false;
}

static void choose_rows(struct impact *m)
{
    m->n_shown = 0;
    fst_grow(&m->shown, &m->shown_cap, m->all.n + 1, sizeof *m->shown);
    for (size_t i = 0; i < m->all.n; i++)
        if (is_wanted(m, &m->all.items[i]))
            m->shown[m->n_shown++] = i;
    m->list.n_rows = m->n_shown;
    fst_list_clamp(&m->list);
}

/* ---- Reading --------------------------------------------------------------------------------- */

static void work(struct task *t)
{
    struct impact_task *it = (struct impact_task *)t;
    t->status = fst_app_impact(t->wb->app, it->target, &it->all, &t->err);
}

static void done(struct task *t, struct view *v)
{
    struct impact_task *it = (struct impact_task *)t;
    if (!v)
        return;
    struct impact *m = v->state;
    m->loading = false;
    if (t->status != FST_OK) {
        wb_say_error(t->wb, &t->err);
        return;
    }
    m->loaded = true;
    fst_impact_done(&m->all);
    m->all = it->all;
    it->all = (struct fst_impact){0};
    choose_rows(m);
}

static void release(struct task *t)
{
    struct impact_task *it = (struct impact_task *)t;
    fst_impact_done(&it->all);
    free(it->target);
}

static void load(struct view *v)
{
    struct impact *m = v->state;
    if (m->loading || !v->target)
        return;
    struct impact_task *t = wb_task_new(v->wb, v, sizeof *t, work, done, release);
    t->target = fst_strdup(v->target);
    m->loading = true;
    wb_task_start(&t->task, "looking at what stands on it");
}

/* ---- Running it ------------------------------------------------------------------------------ */

struct asked {
    char *target, *provider;
};

/* Where the first of them runs that is production; else where the first one runs. */
static const char *provider_of(const struct wb *wb, const struct impact *m)
{
    const char *first = "";
    for (size_t i = 0; i < m->all.n; i++) {
        const struct fst_impact_node *it = &m->all.items[i];
        if (it->runs && fst_app_provider_is(wb->app, "production", it->provider))
            return it->provider;
        if (it->runs && !*first)
            first = it->provider;
    }
    return first;
}

static void run_choice(struct wb *wb, int choice, void *arg)
{
    struct asked *a = arg;
    if (choice == 1)
        wb_run_downstream(wb, a->target, a->provider);
    free(a->target);
    free(a->provider);
    free(a);
}

static void put_plan(const struct impact *m, struct fst_buf *out)
{
    size_t n = 0;
    for (size_t i = 0; i < m->all.n; i++)
        if (m->all.items[i].runs && ++n <= 8)
            fst_buf_printf(out, "%s%s", n > 1 ? ", then " : "", m->all.items[i].label);
    if (n > 8)
        fst_buf_printf(out, ", and %zu more", n - 8);
    fst_buf_adds(out, ". ");
    fst_impact_total(&m->all, out);
    fst_buf_addc(out, '.');
}

static void ask_to_run(struct view *v)
{
    static const char *const choices[] = {"Leave it", "Run them", NULL};
    const struct impact *m = v->state;
    struct fst_buf text = FST_BUF_TEXT;
    if (m->all.n_runs == 0) {
        wb_say(v->wb, FST_ROLE_WARN, "nothing of this runs");
        return;
    }
    struct asked *a = fst_alloc(sizeof *a);
    *a = (struct asked){fst_strdup(v->target), fst_strdup(provider_of(v->wb, m))};
    put_plan(m, &text);
    wb_dialog(v->wb, "Run in this order", fst_buf_take(&text), choices, NULL, NULL, run_choice, a);
}

/* ---- The view -------------------------------------------------------------------------------- */

static void open(struct view *v)
{
    struct impact *m = v->state;
    m->list = (struct fst_list){
        .columns = columns, .n_columns = FST_COUNT(columns), .cell = cell, .arg = m};
    load(v);
}

static void close(struct view *v)
{
    struct impact *m = v->state;
    fst_impact_done(&m->all);
    free(m->shown);
}

static int64_t selected(struct view *v)
{
    const struct impact *m = v->state;
    const struct fst_impact_node *it = node_at(m, m->list.cursor);
    return it ? it->id : 0;
}

static bool action(struct view *v, const char *name)
{
    struct impact *m = v->state;
    if (fst_list_action(&m->list, name))
        return true;
    if (strcmp(name, "open") == 0 && selected(v)) {
        char *id = fst_asprintf("%lld", (long long)selected(v));
        wb_open(v->wb, "page", id);
        free(id);
    } else if (strcmp(name, "impact.run") == 0) {
        ask_to_run(v);
    } else {
        return false;
    }
    return true;
}

static void filter(struct view *v, const char *text)
{
    struct impact *m = v->state;
    snprintf(m->list.filter, sizeof m->list.filter, "%s", text);
    choose_rows(m);
}

static const char *bare(const struct view *v)
{
    const char *slash = v->target ? strchr(v->target, '/') : NULL;
    return slash ? slash + 1 : v->target ? v->target : "";
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct impact *m = v->state;
    fst_buf_printf(out, "Impact of %s  ", bare(v));
    if (m->loaded)
        fst_impact_total(&m->all, out);
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct impact *m = v->state;
    fst_list_draw(&m->list, s);
    if (m->loaded && m->all.n_runs == 0 && s->rows > 4)
        fst_draws(s, (int)m->n_shown + 2, 2, FST_ROLE_DIM, "nothing that runs stands on it");
}

const struct view_ops view_impact = {
    .name = "impact",
    .help = "what must run again if something changes, in order",
    .scopes = {"impact", "list", NULL},
    .state_size = sizeof(struct impact),
    .open = open,
    .close = close,
    .action = action,
    .changed = load,
    .filter = filter,
    .title = title,
    .draw = draw,
    .is_list = true,
    .selected = selected,
};
