/* How often each value of a column comes, or each combination of several: counted over all rows of
 * the grid, the most frequent first. */
#include <stdlib.h>
#include <string.h>

#include "facts.h"

enum { MAX_BY = 8, BAR_CELLS = 30 };
#define MAX_GROUPS 10000 /* that are kept; all are counted */
#define ROWS_AT_ONCE 4096

struct group {
    uint64_t count;
    char *texts[MAX_BY]; /* NULL = NULL */
    char *where;         /* NULL = values of a type without conditions */
};

/* What was counted. */
struct counts {
    struct group *items;
    size_t n, cap;
    uint64_t groups, rows;
    bool is_part; /* a provider gave no more groups */
};

struct groups {
    char *where;
    char *by[MAX_BY];
    size_t n_by;
    char **names; /* of all columns, to choose from */
    size_t n_names;
    struct counts counts;
    struct fst_list list;
    struct fst_list_column shapes[MAX_BY + 3];
    bool ascii, loaded;
    struct facts_work *work;
    char *error;
};

struct groups_task {
    struct task task;
    char *target, *where;
    char *by[MAX_BY];
    size_t n_by;
    struct facts_work *work;
    struct counts out;
    char **names;
    size_t n_names;
    struct fst_problem problem;
};

static void counts_done(struct counts *c, size_t n_by)
{
    for (size_t i = 0; i < c->n; i++) {
        for (size_t k = 0; k < n_by; k++)
            free(c->items[i].texts[k]);
        free(c->items[i].where);
    }
    free(c->items);
    *c = (struct counts){0};
}

static void names_done(char ***names, size_t *n)
{
    for (size_t i = 0; i < *n; i++)
        free((*names)[i]);
    free(*names);
    *names = NULL;
    *n = 0;
}

/* ---- The work -------------------------------------------------------------------------------- */

static void add_group(struct groups_task *t, const struct fst_frame *f, size_t row)
{
    struct counts *c = &t->out;
    uint64_t count = (uint64_t)fst_column_int(&f->columns[t->n_by], row);
    c->groups++;
    c->rows += count;
    if (c->n == MAX_GROUPS)
        return;
    fst_grow(&c->items, &c->cap, c->n + 1, sizeof *c->items);
    struct group *g = &c->items[c->n++];
    *g = (struct group){.count = count};
    struct fst_buf where = FST_BUF_TEXT;
    bool good = true;
    for (size_t i = 0; i < t->n_by; i++) {
        struct fst_buf text = FST_BUF(1 << 16);
        if (fst_cell_text(&text, &f->columns[i], row, FST_CELL_PLAIN))
            g->texts[i] = fst_buf_take(&text);
        fst_buf_done(&text);
        fst_buf_adds(&where, i ? " AND " : "");
        good &= fst_cell_condition(&where, t->by[i], &f->columns[i], row);
    }
    g->where = good && !where.over ? fst_buf_take(&where) : NULL;
    fst_buf_done(&where);
}

static void take_rows(struct groups_task *t, struct fst_reader *reader)
{
    struct task *task = &t->task;
    while (task->status == FST_OK) {
        struct fst_frame *f;
        if (t->work->stop) {
            task->status = FST_ECANCELLED;
            return;
        }
        task->status = fst_reader_next(reader, ROWS_AT_ONCE, &f, &task->err);
        if (task->status != FST_OK || !f)
            return;
        for (size_t row = 0; row < f->n_rows; row++)
            add_group(t, f, row);
        fst_frame_unref(f);
    }
}

static void take_names(struct groups_task *t)
{
    struct fst_schema *schema;
    if (fst_app_schema(t->task.wb->app, t->target, &schema, NULL, NULL) != FST_OK)
        return;
    t->names = fst_alloc((schema->n + 1) * sizeof *t->names);
    for (size_t i = 0; i < schema->n; i++)
        t->names[t->n_names++] = fst_strdup(schema->fields[i].name);
    fst_schema_free(schema);
}

static void work(struct task *task)
{
    struct groups_task *t = (struct groups_task *)task;
    struct fst_buf by = FST_BUF_TEXT, select = FST_BUF_TEXT, rest = FST_BUF_TEXT;
    struct fst_preview_options o = {.where = t->where,
                                    .limit = INT64_MAX,
                                    .cancelled = facts_work_stops,
                                    .cancel_arg = t->work};
    struct fst_reader *reader;
    struct fst_place place;
    for (size_t i = 0; i < t->n_by; i++) {
        fst_buf_adds(&by, i ? ", " : "");
        fst_sql_quote(&by, t->by[i]);
    }
    fst_buf_printf(&select, "%s, count(*) AS `how often`", fst_buf_text(&by));
    fst_buf_printf(&rest, "GROUP BY %s ORDER BY `how often` DESC, %s", fst_buf_text(&by),
                   fst_buf_text(&by));
    take_names(t);
    task->status =
        fst_app_select(task->wb->app, t->target, fst_buf_text(&select), fst_buf_text(&rest), &o,
                       &reader, &place, &t->problem, &task->err);
    if (task->status == FST_OK) {
        take_rows(t, reader);
        fst_reader_close(reader);
        fst_place_done(&place);
    }
    fst_buf_done(&by);
    fst_buf_done(&select);
    fst_buf_done(&rest);
}

static void release(struct task *task)
{
    struct groups_task *t = (struct groups_task *)task;
    counts_done(&t->out, t->n_by);
    names_done(&t->names, &t->n_names);
    for (size_t i = 0; i < t->n_by; i++)
        free(t->by[i]);
    free(t->target);
    free(t->where);
    facts_work_drop(t->work);
}

static void done(struct task *task, struct view *v)
{
    struct groups_task *t = (struct groups_task *)task;
    struct groups *g = v ? v->state : NULL;
    if (!g || t->work != g->work)
        return;
    facts_work_end(&g->work);
    if (task->status == FST_OK) {
        counts_done(&g->counts, g->n_by);
        g->counts = t->out;
        t->out = (struct counts){0};
        g->list.n_rows = g->counts.n;
        g->list.cursor = g->list.top = 0;
        g->loaded = true;
    } else if (task->status != FST_ECANCELLED) {
        g->error = facts_error(&t->problem, &task->err);
    }
    if (t->n_names) {
        names_done(&g->names, &g->n_names);
        g->names = t->names;
        g->n_names = t->n_names;
        t->names = NULL;
        t->n_names = 0;
    }
}

static void begin(struct view *v)
{
    struct groups *g = v->state;
    facts_work_end(&g->work);
    free(g->error);
    g->error = NULL;
    if (!g->n_by || !v->target)
        return; /* it was not opened from a grid */
    g->work = facts_work_new();
    struct groups_task *t = wb_task_new(v->wb, v, sizeof *t, work, done, release);
    t->target = fst_strdup(v->target);
    t->where = fst_strdup(g->where);
    for (size_t i = 0; i < g->n_by; i++)
        t->by[t->n_by++] = fst_strdup(g->by[i]);
    t->work = facts_work_hold(g->work);
    wb_task_start(&t->task, "counting groups");
}

/* ---- What it is grouped by ------------------------------------------------------------------- */

static void forget_by(struct groups *g)
{
    counts_done(&g->counts, g->n_by);
    for (size_t i = 0; i < g->n_by; i++)
        free(g->by[i]);
    g->n_by = g->list.n_rows = 0;
    g->loaded = false;
}

static bool is_a_name(const struct groups *g, const char *name)
{
    bool found = !g->n_names;
    for (size_t i = 0; i < g->n_names && !found; i++)
        found = strcmp(g->names[i], name) == 0;
    return found;
}

/* A name with a comma in it may be given alone. */
static void take_by(struct groups *g, const char *text)
{
    if (g->n_names && is_a_name(g, text)) {
        g->by[g->n_by++] = fst_strdup(text);
        return;
    }
    for (const char *p = text; *p && g->n_by < MAX_BY;) {
        p += strspn(p, ", ");
        size_t n = strcspn(p, ",");
        size_t end = n;
        while (end && p[end - 1] == ' ')
            end--;
        if (end)
            g->by[g->n_by++] = fst_strndup(p, end);
        p += n;
    }
}

static void by_done(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    if (v->ops != &view_groups || !*text)
        return;
    forget_by(v->state);
    take_by(v->state, text);
    begin(v);
}

static void ask_by(struct view *v)
{
    struct groups *g = v->state;
    struct fst_buf now = FST_BUF(512);
    for (size_t i = 0; i < g->n_by; i++)
        fst_buf_printf(&now, "%s, ", g->by[i]);
    wb_prompt(v->wb, "count by (columns, commas between): ", fst_buf_text(&now), by_done);
    if (g->n_names) {
        const char **details = fst_alloc(g->n_names * sizeof *details);
        for (size_t i = 0; i < g->n_names; i++)
            details[i] = "";
        wb_prompt_names(v->wb, (const char *const *)g->names, details, g->n_names);
        free(details);
    }
    fst_buf_done(&now);
}

/* ---- The view -------------------------------------------------------------------------------- */

static enum fst_role cell(void *arg, size_t row, size_t col, struct fst_buf *out)
{
    const struct groups *g = arg;
    const struct group *at = &g->counts.items[row];
    if (col < g->n_by) {
        fst_buf_adds(out, at->texts[col] ? at->texts[col] : "NULL");
        return at->texts[col] ? FST_ROLE_TEXT : FST_ROLE_NULL;
    }
    if (col == g->n_by) {
        fst_count_text(out, (int64_t)at->count);
        return FST_ROLE_NUMBER;
    }
    if (col == g->n_by + 1) {
        facts_percent(out, at->count, g->counts.rows);
        return FST_ROLE_DIM;
    }
    uint64_t most = g->counts.items[0].count;
    facts_bar(out, (double)at->count / (double)most, g->shapes[col].min_cols, g->ascii);
    return FST_ROLE_RUNNING;
}

void wb_open_groups(struct wb *wb, const char *target, const char *where, const char *by)
{
    struct view *v = wb_open(wb, "groups", target);
    struct groups *g = v->state;
    g->where = where && *where ? fst_strdup(where) : NULL;
    g->by[g->n_by++] = fst_strdup(by);
    begin(v);
}

static void open(struct view *v)
{
    struct groups *g = v->state;
    g->list = (struct fst_list){.cell = cell, .arg = g, .columns = g->shapes};
}

static void close(struct view *v)
{
    struct groups *g = v->state;
    facts_work_end(&g->work);
    forget_by(g);
    names_done(&g->names, &g->n_names);
    free(g->where);
    free(g->error);
}

static void open_rows(struct view *v)
{
    struct groups *g = v->state;
    const struct group *at = g->list.n_rows ? &g->counts.items[g->list.cursor] : NULL;
    if (at && !at->where)
        wb_say(v->wb, FST_ROLE_WARN, "there are no conditions on values of this type");
    if (!at || !at->where)
        return;
    char *where = facts_both(g->where, at->where);
    wb_open_rows(v->wb, v->target, where);
    free(where);
}

static bool action(struct view *v, const char *name)
{
    struct groups *g = v->state;
    if (strcmp(name, "groups.rows") == 0)
        open_rows(v);
    else if (strcmp(name, "groups.by") == 0)
        ask_by(v);
    else if (strcmp(name, "groups.end") == 0)
        facts_work_end(&g->work);
    else if (strcmp(name, "refresh") == 0)
        begin(v);
    else
        return fst_list_action(&g->list, name);
    return true;
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct groups *g = v->state;
    fst_buf_adds(out, "groups by ");
    for (size_t i = 0; i < g->n_by; i++)
        fst_buf_printf(out, "%s%s", i ? ", " : "", g->by[i]);
    fst_buf_printf(out, " of %s", v->target ? v->target : "");
    if (g->loaded) {
        fst_buf_adds(out, "  ");
        fst_count_text(out, (int64_t)g->counts.groups);
        fst_buf_adds(out, g->counts.groups > g->counts.n ? " groups, the first 10,000 shown, "
                                                         : " groups, ");
        fst_count_text(out, (int64_t)g->counts.rows);
        fst_buf_adds(out, " rows");
    }
    if (g->where)
        fst_buf_printf(out, "  where %s", g->where);
}

static void set_shapes(struct groups *g, int cols)
{
    int bar = cols / 3 < BAR_CELLS ? cols / 3 : BAR_CELLS;
    for (size_t i = 0; i < g->n_by; i++)
        g->shapes[i] = (struct fst_list_column){g->by[i], 10, 40, false};
    g->shapes[g->n_by] = (struct fst_list_column){"count", 9, 14, true};
    g->shapes[g->n_by + 1] = (struct fst_list_column){"share", 7, 7, true};
    g->shapes[g->n_by + 2] = (struct fst_list_column){"", bar, bar, false};
    g->list.n_columns = g->n_by + 3;
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct groups *g = v->state;
    g->ascii = s->ascii;
    set_shapes(g, s->cols);
    if (g->error)
        fst_draw_wrapped(s, 1, 2, s->rows - 1, FST_ROLE_ERROR, g->error, strlen(g->error));
    else if (g->loaded)
        fst_list_draw(&g->list, s);
    else
        fst_draws(s, 1, 2, FST_ROLE_DIM,
                  !g->n_by   ? "b says by which columns; F on a column of a grid"
                  : !g->work ? "ended"
                  : s->ascii ? "counting..."
                             : "counting…");
    if (g->loaded && !g->counts.n && s->rows > 3)
        fst_draws(s, 2, 2, FST_ROLE_DIM, "no rows");
}

const struct view_ops view_groups = {
    .name = "groups",
    .help = "how often each value comes",
    .scopes = {"groups", "list", NULL},
    .state_size = sizeof(struct groups),
    .open = open,
    .close = close,
    .action = action,
    .title = title,
    .draw = draw,
};
