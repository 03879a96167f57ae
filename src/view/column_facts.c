/* Figures of one column: from footers at once, then from a scan of all rows, or of a sample where
 * there are very many; frequent values and how numbers and times are spread, each with a bar. What
 * each figure is worth stands beside it. */
#include <stdlib.h>
#include <string.h>

#include "facts.h"

enum { NAME_COLS = 11, COUNT_COLS = 11, PERCENT_COLS = 8, VALUE_COLS = 40 };
#define SAMPLE_ABOVE 5000000 /* rows; fewer are looked at all */
#define SAMPLE_ROWS 1000000

struct line {
    enum { HEADING, FIGURE, BAR } kind;
    char *name, *text, *worth;
    uint64_t count, of;
    double share;
    char *where; /* of the rows that a bar stands for; NULL = none */
};

struct column {
    char *where, *name;
    struct fst_table_stats footers, scan; /* arena NULL = not there */
    struct facts_work *work;
    bool scans, all; /* all: also where a sample would do */
    char *error;
    struct fst_type type; /* of scalar columns */
    struct line *lines;
    size_t n_lines, lines_cap, cursor, top;
    int page;
};

struct column_task {
    struct task task;
    char *target, *where, *name;
    bool scans, all;
    struct facts_work *work;
    struct fst_table_stats out;
    struct fst_type type;
    struct fst_problem problem;
};

/* ---- Lines ----------------------------------------------------------------------------------- */

static void forget_lines(struct column *c)
{
    for (size_t i = 0; i < c->n_lines; i++) {
        free(c->lines[i].name);
        free(c->lines[i].text);
        free(c->lines[i].worth);
        free(c->lines[i].where);
    }
    c->n_lines = 0;
}

static struct line *add_line(struct column *c, int kind, const char *name, const char *text)
{
    fst_grow(&c->lines, &c->lines_cap, c->n_lines + 1, sizeof *c->lines);
    struct line *l = &c->lines[c->n_lines++];
    *l = (struct line){.name = fst_strdup(name), .text = fst_strdup(text)};
    l->kind = kind;
    return l;
}

/* "sampled (1,000,000 of 7,000,000 rows)", "from footers, a bound", "exact". */
static char *worth_of(const struct fst_table_stats *t, const struct fst_figure *f)
{
    struct fst_buf out = FST_BUF(512);
    bool is_exact = f->how == FST_EXACT;
    if (t->source == FST_FROM_FOOTERS)
        fst_buf_adds(&out, "from footers");
    if (t->source == FST_FROM_SAMPLE) {
        fst_buf_adds(&out, "sampled (");
        fst_count_text(&out, (int64_t)t->rows);
        fst_buf_adds(&out, t->total_rows >= 0 ? " of " : " rows of more");
        if (t->total_rows >= 0)
            fst_count_text(&out, t->total_rows);
        fst_buf_addc(&out, ')');
    }
    if (!is_exact || t->source == FST_FROM_SCAN)
        fst_buf_printf(&out, "%s%s", t->source == FST_FROM_SCAN ? "" : ", ", fst_how_names[f->how]);
    if (f->error)
        fst_buf_printf(&out, " (%s)", f->error);
    return fst_buf_take(&out);
}

static const struct {
    enum fst_figure_id id;
    const char *name;
    bool is_count;
} shown[] = {
    {FST_FIGURE_ROWS, "rows", true},
    {FST_FIGURE_NULLS, "NULLs", true},
    {FST_FIGURE_NANS, "NaNs", true},
    {FST_FIGURE_DISTINCT, "distinct", true},
    {FST_FIGURE_MIN, "least", false},
    {FST_FIGURE_MAX, "greatest", false},
    {FST_FIGURE_MEAN, "mean", false},
    {FST_FIGURE_STDDEV, "stddev", false},
    {FST_FIGURE_P5, "5 %", false},
    {FST_FIGURE_P25, "25 %", false},
    {FST_FIGURE_P50, "median", false},
    {FST_FIGURE_P75, "75 %", false},
    {FST_FIGURE_P95, "95 %", false},
    {FST_FIGURE_MIN_LENGTH, "shortest", true},
    {FST_FIGURE_MEAN_LENGTH, "mean length", false},
    {FST_FIGURE_MAX_LENGTH, "longest", true},
};

static const struct fst_figure *figure_in(const struct fst_table_stats *t, size_t id)
{
    const struct fst_figure *f = t->arena && t->n_columns ? &t->columns[0].figures[id] : NULL;
    return f && f->how != FST_NOT_SAID ? f : NULL;
}

/* What footers say of all rows is better than what a sample says of them. */
static const struct fst_table_stats *best(const struct column *c, size_t id)
{
    const struct fst_figure *scan = figure_in(&c->scan, id), *footer = figure_in(&c->footers, id);
    bool is_sample = scan && c->scan.source == FST_FROM_SAMPLE;
    if (footer && footer->how == FST_EXACT && (!scan || is_sample))
        return &c->footers;
    return scan ? &c->scan : footer ? &c->footers : NULL;
}

static void add_figures(struct column *c)
{
    for (size_t i = 0; i < FST_COUNT(shown); i++) {
        const struct fst_table_stats *t = best(c, shown[i].id);
        if (!t)
            continue;
        const struct fst_figure *f = figure_in(t, shown[i].id);
        struct fst_buf count = FST_BUF(64);
        int64_t n;
        if (shown[i].is_count && fst_parse_int64(f->text, strlen(f->text), &n))
            fst_count_text(&count, n);
        struct line *l =
            add_line(c, FIGURE, shown[i].name, count.n ? fst_buf_text(&count) : f->text);
        l->worth = worth_of(t, f);
        fst_buf_done(&count);
    }
}

static char *condition_of(const struct column *c, const char *op, const char *text)
{
    struct fst_buf sql = FST_BUF_TEXT;
    fst_sql_quote(&sql, c->name);
    fst_buf_printf(&sql, " %s ", op);
    bool good = fst_text_literal(&sql, &c->type, text, strlen(text)) && !sql.over;
    char *copy = good ? fst_buf_take(&sql) : NULL;
    fst_buf_done(&sql);
    return copy;
}

static void add_bar(struct column *c, const char *text, uint64_t count, uint64_t most, char *where)
{
    struct line *l = add_line(c, BAR, NULL, text);
    l->count = count;
    l->of = c->scan.rows;
    l->share = most ? (double)count / (double)most : 0;
    l->where = where;
}

static void add_frequent(struct column *c)
{
    const struct fst_column_stats *s = &c->scan.columns[0];
    const struct fst_figure *nulls = &s->figures[FST_FIGURE_NULLS];
    int64_t n_null = 0;
    if (!s->n_top)
        return;
    struct line *l = add_line(c, HEADING, "frequent values", NULL);
    bool is_exact = s->top[0].count == s->top[0].at_most;
    l->worth =
        worth_of(&c->scan, &(struct fst_figure){.how = is_exact ? FST_EXACT : FST_APPROXIMATE,
                                                .error = is_exact ? NULL : "these at least"});
    if (nulls->how != FST_NOT_SAID)
        fst_parse_int64(nulls->text, strlen(nulls->text), &n_null);
    uint64_t most = s->top[0].count > (uint64_t)n_null ? s->top[0].count : (uint64_t)n_null;
    if (n_null) {
        struct fst_buf where = FST_BUF_TEXT;
        fst_sql_quote(&where, c->name);
        fst_buf_adds(&where, " IS NULL");
        add_bar(c, "NULL", (uint64_t)n_null, most, fst_buf_take(&where));
    }
    for (size_t i = 0; i < s->n_top; i++)
        add_bar(c, s->top[i].text, s->top[i].count, most,
                s->top[i].is_cut ? NULL : condition_of(c, "=", s->top[i].text));
}

static char *bin_condition(const struct column *c, const struct fst_bin *b, bool is_last)
{
    if (strcmp(b->from, b->to) == 0)
        return condition_of(c, "=", b->from);
    char *from = condition_of(c, ">=", b->from), *to = condition_of(c, is_last ? "<=" : "<", b->to);
    char *both = from && to ? fst_asprintf("%s AND %s", from, to) : NULL;
    free(from);
    free(to);
    return both;
}

static void add_bins(struct column *c)
{
    const struct fst_table_stats *t = &c->scan;
    uint64_t most = 0;
    if (!t->n_bins)
        return;
    struct line *l = add_line(c, HEADING, "spread", NULL);
    l->worth = worth_of(t, &(struct fst_figure){.how = FST_EXACT});
    for (size_t i = 0; i < t->n_bins; i++)
        most = t->bins[i].count > most ? t->bins[i].count : most;
    for (size_t i = 0; i < t->n_bins; i++) {
        const struct fst_bin *b = &t->bins[i];
        bool is_one = strcmp(b->from, b->to) == 0;
        char *text = is_one ? fst_strdup(b->from) : fst_asprintf("%s .. %s", b->from, b->to);
        add_bar(c, text, b->count, most, bin_condition(c, b, i + 1 == t->n_bins));
        free(text);
    }
}

static void build(struct column *c)
{
    forget_lines(c);
    add_figures(c);
    if (c->scan.arena && c->scan.n_columns) {
        add_frequent(c);
        add_bins(c);
    }
    if (c->cursor >= c->n_lines)
        c->cursor = c->n_lines ? c->n_lines - 1 : 0;
}

/* ---- The work -------------------------------------------------------------------------------- */

/* Types of values that conditions can be made of have nothing that they point to. */
static void take_type(struct column_task *t)
{
    struct fst_schema *schema;
    int at;
    t->type = fst_type(FST_UNKNOWN);
    if (fst_app_schema(t->task.wb->app, t->target, &schema, NULL, NULL) != FST_OK)
        return;
    if ((at = fst_schema_find(schema, t->name)) >= 0 && !schema->fields[at].type.n_fields)
        t->type = schema->fields[at].type;
    fst_schema_free(schema);
}

static uint64_t sample_of(const struct column_task *t)
{
    struct fst_table_info info;
    struct fst_error err = {0};
    if (t->all || t->where)
        return 0;
    if (fst_app_info(t->task.wb->app, t->target, facts_work_stops, t->work, &info, &err) != FST_OK)
        return 0;
    bool many = info.all.rows > SAMPLE_ABOVE;
    fst_table_info_done(&info);
    return many ? SAMPLE_ROWS : 0;
}

static void work(struct task *task)
{
    struct column_task *t = (struct column_task *)task;
    const char *const names[] = {t->name};
    struct fst_stats_options o = {.columns = names,
                                  .n_columns = 1,
                                  .scan = t->scans,
                                  .where = t->where,
                                  .bins = true,
                                  .progress = facts_work_progress,
                                  .arg = t->work,
                                  .cancelled = facts_work_stops,
                                  .cancel_arg = t->work};
    if (t->scans) {
        take_type(t);
        o.sample = sample_of(t);
    }
    task->status = fst_app_stats(task->wb->app, t->target, &o, &t->out, &t->problem, &task->err);
}

static void release(struct task *task)
{
    struct column_task *t = (struct column_task *)task;
    free(t->target);
    free(t->where);
    free(t->name);
    facts_work_drop(t->work);
    fst_table_stats_done(&t->out);
}

static void begin(struct view *v, bool scans);

static void done(struct task *task, struct view *v)
{
    struct column_task *t = (struct column_task *)task;
    struct column *c = v ? v->state : NULL;
    if (!c || t->work != c->work)
        return;
    struct fst_table_stats *to = t->scans ? &c->scan : &c->footers;
    if (task->status == FST_OK) {
        fst_table_stats_done(to);
        *to = t->out;
        t->out = (struct fst_table_stats){0};
    } else if (t->scans && task->status != FST_ECANCELLED) {
        free(c->error);
        c->error = facts_error(&t->problem, &task->err);
    }
    if (t->scans)
        c->type = t->type;
    facts_work_end(&c->work);
    v->live = false;
    build(c);
    if (!t->scans)
        begin(v, true);
}

static void begin(struct view *v, bool scans)
{
    struct column *c = v->state;
    facts_work_end(&c->work);
    if (!c->name || !v->target)
        return; /* it was not opened from a grid */
    c->work = facts_work_new();
    c->scans = scans;
    free(c->error);
    c->error = NULL;
    struct column_task *t = wb_task_new(v->wb, v, sizeof *t, work, done, release);
    t->target = fst_strdup(v->target);
    t->where = fst_strdup(c->where);
    t->name = fst_strdup(c->name);
    t->scans = scans;
    t->all = c->all;
    t->work = facts_work_hold(c->work);
    v->live = true;
    wb_task_start(&t->task, "looking at a column");
}

/* ---- The view -------------------------------------------------------------------------------- */

void wb_open_column(struct wb *wb, const char *target, const char *where, const char *name)
{
    struct view *v = wb_open(wb, "column", target);
    struct column *c = v->state;
    c->where = where && *where ? fst_strdup(where) : NULL;
    c->name = fst_strdup(name);
    begin(v, c->where != NULL); /* footers know nothing of a condition */
}

static void open(struct view *v)
{
    (void)v;
}

static void close(struct view *v)
{
    struct column *c = v->state;
    facts_work_end(&c->work);
    forget_lines(c);
    free(c->lines);
    free(c->where);
    free(c->name);
    free(c->error);
    fst_table_stats_done(&c->footers);
    fst_table_stats_done(&c->scan);
}

static void end_work(struct view *v)
{
    struct column *c = v->state;
    if (!c->work) {
        wb_say(v->wb, FST_ROLE_DIM, "nothing is under way");
        return;
    }
    facts_work_end(&c->work);
    v->live = false;
    wb_say(v->wb, FST_ROLE_INFO, "ended; a looks at all rows again");
}

static void open_rows(struct view *v)
{
    struct column *c = v->state;
    const struct line *l = c->cursor < c->n_lines ? &c->lines[c->cursor] : NULL;
    if (!l || l->kind != BAR)
        wb_say(v->wb, FST_ROLE_DIM, "enter opens the rows of a value or of a span");
    else if (!l->where)
        wb_say(v->wb, FST_ROLE_WARN, "this value is too long, or of a type without conditions");
    else {
        char *where = facts_both(c->where, l->where);
        wb_open_rows(v->wb, v->target, where);
        free(where);
    }
}

static bool move(struct column *c, const char *name)
{
    struct fst_list l = {.n_rows = c->n_lines, .cursor = c->cursor, .page_rows = c->page};
    if (!fst_list_action(&l, name))
        return false;
    c->cursor = l.cursor;
    return true;
}

static bool action(struct view *v, const char *name)
{
    struct column *c = v->state;
    if (strcmp(name, "column.rows") == 0)
        open_rows(v);
    else if (strcmp(name, "column.end") == 0)
        end_work(v);
    else if (strcmp(name, "column.groups") == 0 && c->name)
        wb_open_groups(v->wb, v->target, c->where, c->name);
    else if (strcmp(name, "column.all") == 0 || strcmp(name, "refresh") == 0) {
        c->all |= strcmp(name, "column.all") == 0;
        begin(v, true);
    } else
        return move(c, name);
    return true;
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct column *c = v->state;
    fst_buf_printf(out, "column %s of %s", c->name ? c->name : "", v->target ? v->target : "");
    if (c->where)
        fst_buf_printf(out, "  where %s", c->where);
    if (c->work && c->scans) {
        fst_buf_adds(out, "  looking at ");
        facts_work_text(c->work, out);
    }
}

static void draw_bar(const struct line *l, struct fst_surface *s, int row, int width)
{
    struct fst_buf count = FST_BUF(64), percent = FST_BUF(64), bar = FST_BUF(4096);
    int col = 3 + width;
    fst_draw(s, row, 3, width, FST_ROLE_TEXT, l->text, strlen(l->text));
    fst_count_text(&count, (int64_t)l->count);
    facts_percent(&percent, l->count, l->of);
    fst_draws(s, row, col + COUNT_COLS - (int)count.n, FST_ROLE_NUMBER, fst_buf_text(&count));
    col += COUNT_COLS;
    fst_draws(s, row, col + PERCENT_COLS - (int)percent.n, FST_ROLE_DIM, fst_buf_text(&percent));
    col += PERCENT_COLS + 1;
    if (col < s->cols)
        facts_bar(&bar, l->share, s->cols - col - 1, s->ascii);
    fst_draw(s, row, col, s->cols - col, FST_ROLE_RUNNING, fst_buf_text(&bar), bar.n);
    fst_buf_done(&count);
    fst_buf_done(&percent);
    fst_buf_done(&bar);
}

static void draw_line(const struct line *l, struct fst_surface *s, int row, int width)
{
    int col = 1 + NAME_COLS + 1;
    if (l->kind == BAR) {
        draw_bar(l, s, row, width);
        return;
    }
    fst_draws(s, row, 1, l->kind == HEADING ? FST_ROLE_HEADER : FST_ROLE_DIM, l->name);
    if (l->kind == FIGURE)
        col += fst_draw(s, row, col, s->cols / 2, FST_ROLE_TEXT, l->text, strlen(l->text));
    else
        col = 1 + (int)strlen(l->name);
    if (l->worth && col + 2 < s->cols)
        fst_draws(s, row, col + 2, FST_ROLE_DIM, l->worth);
}

static int value_width(const struct column *c, const struct fst_surface *s)
{
    int width = 8, most = s->cols - 2 - COUNT_COLS - PERCENT_COLS - 12;
    for (size_t i = 0; i < c->n_lines; i++)
        if (c->lines[i].kind == BAR) {
            int w = (int)fst_text_width(c->lines[i].text, strlen(c->lines[i].text));
            width = w > width ? w : width;
        }
    most = most < VALUE_COLS + 20 ? most : VALUE_COLS + 20;
    return width < most ? width : most > 4 ? most : 4;
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct column *c = v->state;
    int width = value_width(c, s), rows = s->rows, row = 0;
    if (!c->name)
        fst_draws(s, 1, 2, FST_ROLE_DIM, "f on a column of a grid shows its figures");
    if (c->error && rows > 2) {
        int used = fst_draw_wrapped(s, 0, 1, 3, FST_ROLE_ERROR, c->error, strlen(c->error));
        row += used;
        rows -= used;
    }
    c->page = rows;
    facts_scroll(c->cursor, c->n_lines, rows, &c->top);
    for (size_t i = c->top; i < c->n_lines && rows-- > 0; i++, row++) {
        draw_line(&c->lines[i], s, row, width);
        if (i == c->cursor)
            fst_draw_role(s, row, 0, s->cols, FST_ROLE_CURSOR);
    }
    if (c->work && c->scans && rows > 0)
        fst_draws(s, row, 1, FST_ROLE_RUNNING,
                  s->ascii ? "looking at the rows..." : "looking at the rows…");
}

static void changed(struct view *v)
{
    v->wb->dirty = true; /* how far it is */
}

const struct view_ops view_column = {
    .name = "column",
    .help = "figures of a column",
    .scopes = {"column", "list", NULL},
    .state_size = sizeof(struct column),
    .open = open,
    .close = close,
    .action = action,
    .changed = changed,
    .title = title,
    .draw = draw,
};
