/* What must run again, in the order in which it would run, and how long that took the last time: if
 * a resource changes, all that stands on it; or what is out of date in the whole workspace with all
 * that stands on that. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

struct impact {
    struct fst_list list;
    struct fst_impact all;
    size_t *shown, n_shown, shown_cap; /* rows after the filter */
    size_t told;                       /* of all: the one that is told whole; SIZE_MAX = none yet */
    const int *order;                  /* what each column is */
    bool looked;                       /* at the sources */
};

struct impact_task {
    struct task task;
    char *target; /* NULL of what is out of date */
    bool looks;   /* at the sources, before */
    struct fst_impact all;
};

enum { NAME, TYPE, STATE, TOOK, WHY, READERS, HASH };
static const struct fst_list_column columns[] = {
    {"name", 18, 34, false},     {"type", 9, 14, false}, {"state", 7, 11, false},
    {"took", 6, 9, true},        {"why", 20, 0, false},  {"read by", 10, 40, false},
    {"definition", 8, 12, false}};
static const int order[] = {NAME, TYPE, STATE, TOOK, WHY, READERS, HASH};

/* Of a plan the reasons are what is read, on narrow screens before the rest. */
static const struct fst_list_column plan_columns[] = {
    {"name", 22, 34, false},     {"took", 6, 9, true},   {"why", 38, 0, false},
    {"state", 7, 11, false},     {"type", 9, 14, false}, {"read by", 10, 40, false},
    {"definition", 8, 12, false}};
static const int plan_order[] = {NAME, TOOK, WHY, STATE, TYPE, READERS, HASH};

static bool is_of_all(const struct view *v)
{
    return v->ops == &view_stale;
}

static const char *nothing_text(const struct view *v)
{
    return is_of_all(v) ? "nothing is out of date" : "nothing that runs stands on it";
}

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
    const struct impact *m = arg;
    const struct fst_impact_node *it = node_at(m, row);
    if (!it)
        return FST_ROLE_TEXT;
    switch (m->order[col]) {
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

static void work_stale(struct task *t)
{
    struct impact_task *it = (struct impact_task *)t;
    t->status = it->looks ? fst_app_refresh_sources(t->wb->app, &t->err) : FST_OK;
    if (t->status == FST_OK)
        t->status = fst_app_stale(t->wb->app, &it->all, &t->err);
}

/* Sources are looked at once: each look is written down, and that would wake this view again. */
static void ask(struct view *v, struct task *t)
{
    struct impact_task *it = (struct impact_task *)t;
    struct impact *m = v->state;
    it->target = fst_strdup(v->target);
    it->looks = !m->looked;
    m->looked = true;
}

static void take(struct view *v, struct task *t)
{
    struct impact_task *it = (struct impact_task *)t;
    struct impact *m = v->state;
    fst_impact_done(&m->all);
    m->all = it->all;
    it->all = (struct fst_impact){0};
    m->told = SIZE_MAX;
    choose_rows(m);
}

static void release(struct task *t)
{
    struct impact_task *it = (struct impact_task *)t;
    fst_impact_done(&it->all);
    free(it->target);
}

static const struct reading reading = {
    "looking at what stands on it", sizeof(struct impact_task), ask, work, take, release, false};
static const struct reading reading_stale = {"looking for what is out of date",
                                             sizeof(struct impact_task),
                                             ask,
                                             work_stale,
                                             take,
                                             release,
                                             false};

static void load(struct view *v)
{
    if (is_of_all(v) || v->target)
        wb_read(v);
}

/* ---- Running it ------------------------------------------------------------------------------ */

struct asked {
    char *target, *provider;
    struct fst_labels plan; /* of what is out of date, as it was shown */
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
    if (choice == 1 && a->target)
        wb_run_downstream(wb, a->target, a->provider);
    else if (choice == 1)
        wb_run_planned(wb, &a->plan, a->provider);
    free(a->target);
    free(a->provider);
    fst_labels_free(&a->plan);
    free(a);
}

static bool is_under_way(const struct fst_impact_node *it)
{
    return it->runs && it->state != FST_STATE_NONE && !fst_states[it->state].final;
}

/* Running it twice is allowed, and said before. */
static void put_under_way(const struct impact *m, struct fst_buf *out)
{
    size_t n = 0;
    for (size_t i = 0; i < m->all.n; i++)
        n += is_under_way(&m->all.items[i]);
    if (n)
        fst_buf_printf(out, " %zu of them %s under way already.", n, n == 1 ? "is" : "are");
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
    put_under_way(m, out);
}

static void ask_to_run(struct view *v)
{
    static const char *const choices[] = {"Leave it", "Run them", NULL};
    const struct impact *m = v->state;
    struct fst_buf text = FST_BUF_TEXT;
    if (!v->was_read)
        return;
    if (m->all.n_runs == 0) {
        wb_say(v->wb, FST_ROLE_WARN, "%s", nothing_text(v));
        return;
    }
    struct asked *a = fst_alloc(sizeof *a);
    *a = (struct asked){.provider = fst_strdup(provider_of(v->wb, m))};
    if (is_of_all(v))
        fst_impact_labels(&m->all, &a->plan);
    else
        a->target = fst_strdup(v->target);
    put_plan(m, &text);
    wb_dialog(v->wb, "Run in this order", fst_buf_take(&text), choices, NULL, NULL, run_choice, a);
}

/* ---- The view -------------------------------------------------------------------------------- */

static void open(struct view *v)
{
    struct impact *m = v->state;
    m->order = is_of_all(v) ? plan_order : order;
    m->list = (struct fst_list){.columns = is_of_all(v) ? plan_columns : columns,
                                .n_columns = FST_COUNT(columns),
                                .cell = cell,
                                .arg = m};
    m->told = SIZE_MAX;
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

static void title(struct view *v, struct fst_buf *out)
{
    const struct impact *m = v->state;
    if (is_of_all(v))
        fst_buf_adds(out, "Out of date  ");
    else
        fst_buf_printf(out, "Impact of %s  ", fst_target_label(v->target));
    if (v->was_read)
        fst_impact_total(&m->all, out);
}

/* Moving costs few bytes: the whole why follows when the cursor rests. */
static void follow_cursor(struct view *v)
{
    struct impact *m = v->state;
    size_t here = m->n_shown ? m->shown[m->list.cursor] : SIZE_MAX;
    if (m->told != here && (m->told == SIZE_MAX || here == SIZE_MAX || wb_rests(v->wb)))
        m->told = here;
}

/* Columns cut it: below the list it is whole, in up to a third of the rows. Returns how many. */
static int draw_told(const struct impact *m, struct fst_surface *s)
{
    struct fst_buf text = FST_BUF_TEXT;
    if (m->told >= m->all.n || s->rows < 6)
        return 0;
    const struct fst_impact_node *it = &m->all.items[m->told];
    fst_buf_printf(&text, "%s %s", it->label, it->why);
    if (*it->readers)
        fst_buf_printf(&text, "; read by %s", it->readers);
    int rows = fst_text_rows(fst_buf_text(&text), text.n, s->cols - 2, s->rows / 3);
    fst_draw_wrapped(s, s->rows - rows, 1, rows, FST_ROLE_TEXT, fst_buf_text(&text), text.n);
    fst_buf_done(&text);
    return rows;
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct impact *m = v->state;
    follow_cursor(v);
    int told = draw_told(m, s);
    struct fst_surface rows = fst_surface_window(s, 0, 0, s->rows - told, s->cols);
    fst_list_draw(&m->list, &rows);
    if (v->was_read && m->all.n_runs == 0 && s->rows > 4)
        fst_draws(s, (int)m->n_shown + 2, 2, FST_ROLE_DIM, nothing_text(v));
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
    .reading = &reading,
};

const struct view_ops view_stale = {
    .name = "stale",
    .help = "what is out of date and all that stands on it, in order",
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
    .reading = &reading_stale,
};
