/* Two runs of one resource beside each other: schema and sizes at once; then, when one says so
 * where they are large, figures of columns and rows by key. Only what differs is shown. */
#include <stdlib.h>
#include <string.h>

#include "facts.h"

enum { MAX_KEYS = 16, KEPT_ROWS = 1000, NAME_COLS = 9 };
#define LARGE 4000000 /* rows of both together: more are not looked at unasked */

struct compare {
    char *before, *after; /* runs; NULL = the newest, and the one before it */
    char *keys[MAX_KEYS];
    size_t n_keys;
    struct fst_comparison c; /* arena NULL = not there yet */
    bool whole;              /* rows were looked at, too */
    struct facts_work *work;
    bool looks; /* the work looks at rows */
    char *error;
    const char *arrow;
    struct facts_lines lines;
};

struct compare_task {
    struct task task;
    char *target, *before, *after;
    char *keys[MAX_KEYS];
    size_t n_keys;
    bool whole;
    struct facts_work *work;
    struct fst_comparison out;
};

/* ---- Lines ----------------------------------------------------------------------------------- */

static void add_run(struct compare *c, const char *word, const struct fst_compared_run *r)
{
    struct fst_buf text = FST_BUF(512);
    if (r->rows >= 0)
        fst_count_text(&text, r->rows);
    fst_buf_adds(&text, r->rows >= 0 ? " rows, " : "");
    fst_size_text(&text, r->bytes);
    fst_buf_adds(&text, ", ended ");
    struct fst_buf ended = FST_BUF(64);
    fst_timestamp_text(&ended, r->finished_us);
    fst_buf_printf(&text, "%.19s", fst_buf_text(&ended)); /* seconds are enough */
    fst_buf_done(&ended);
    facts_add_line(&c->lines, SIZE_MAX);
    facts_add_filled(&c->lines, FST_ROLE_DIM, NAME_COLS, word);
    facts_add(&c->lines, FST_ROLE_TEXT, "%s  %s", r->id, fst_buf_text(&text));
    fst_buf_done(&text);
}

static bool is_same_type(const struct fst_compared_column *k)
{
    return k->before_type && k->after_type && strcmp(k->before_type, k->after_type) == 0;
}

static void add_schema(struct compare *c)
{
    bool any = false;
    for (size_t i = 0; i < c->c.n_columns; i++) {
        const struct fst_compared_column *k = &c->c.columns[i];
        if (is_same_type(k))
            continue;
        facts_add_line(&c->lines, SIZE_MAX);
        facts_add_filled(&c->lines, FST_ROLE_HEADER, NAME_COLS, any ? "" : "schema");
        any = true;
        if (k->before_type)
            facts_add(&c->lines, FST_ROLE_DIFF_DEL, "- %s %s  ", k->name, k->before_type);
        if (k->after_type)
            facts_add(&c->lines, FST_ROLE_DIFF_ADD, "+ %s %s", k->name, k->after_type);
    }
    if (any)
        return;
    facts_add_line(&c->lines, SIZE_MAX);
    facts_add_filled(&c->lines, FST_ROLE_HEADER, NAME_COLS, "schema");
    facts_add(&c->lines, FST_ROLE_DIM, "the same");
}

static void add_figures(struct compare *c)
{
    struct fst_buf text = FST_BUF_TEXT;
    size_t same = 0;
    int width = 8;
    facts_add_line(&c->lines, SIZE_MAX);
    facts_add(&c->lines, FST_ROLE_HEADER, "columns");
    for (size_t i = 0; i < c->c.n_columns; i++) {
        int w = (int)fst_text_width(c->c.columns[i].name, strlen(c->c.columns[i].name));
        width = w > width && w < 40 ? w : width;
    }
    for (size_t i = 0; i < c->c.n_columns; i++) {
        const struct fst_compared_column *k = &c->c.columns[i];
        fst_buf_clear(&text);
        fst_column_changes_text(&text, k, c->arrow);
        same += !text.n && k->before && k->after;
        if (!text.n)
            continue;
        facts_add_line(&c->lines, SIZE_MAX);
        facts_add(&c->lines, FST_ROLE_TEXT, "  ");
        facts_add_filled(&c->lines, FST_ROLE_TEXT, width + 2, k->name);
        facts_add(&c->lines, FST_ROLE_WARN, "%s", fst_buf_text(&text));
    }
    if (same) {
        facts_add_line(&c->lines, SIZE_MAX);
        facts_add(&c->lines, FST_ROLE_DIM, "  %zu with the same figures", same);
    }
    fst_buf_done(&text);
}

static void add_value(struct compare *c, enum fst_role role, const char *text)
{
    facts_add(&c->lines, role, "%s", text ? text : "NULL");
}

static void add_row(struct compare *c, size_t at)
{
    static const char *const signs[] = {"~", "-", "+"};
    static const enum fst_role roles[] = {FST_ROLE_WARN, FST_ROLE_DIFF_DEL, FST_ROLE_DIFF_ADD};
    const struct fst_changed_row *r = &c->c.rows[at];
    bool is_new = r->change == FST_ROW_NEW, is_changed = r->change == FST_ROW_CHANGED;
    facts_add_line(&c->lines, at);
    facts_add(&c->lines, roles[r->change], "  %s", signs[r->change]);
    for (size_t i = 0; i < c->c.n_keys; i++) {
        facts_add(&c->lines, FST_ROLE_TEXT, " ");
        add_value(c, is_changed ? FST_ROLE_TEXT : roles[r->change],
                  is_new ? r->keys[i].after : r->keys[i].before);
    }
    for (size_t i = 0; i < r->n_cells; i++) {
        facts_add(&c->lines, FST_ROLE_DIM, "  %s ", c->c.columns[r->cells[i].column].name);
        if (!is_new)
            add_value(c, FST_ROLE_DIFF_DEL, r->cells[i].before);
        facts_add(&c->lines, FST_ROLE_DIM, "%s", is_changed ? c->arrow : "");
        if (r->change != FST_ROW_GONE)
            add_value(c, FST_ROLE_DIFF_ADD, r->cells[i].after);
    }
}

static void add_keys(struct compare *c)
{
    for (size_t i = 0; i < c->c.n_keys; i++)
        facts_add(&c->lines, FST_ROLE_TEXT, "%s%s", i ? ", " : "", c->c.columns[c->c.keys[i]].name);
}

static void add_counts(struct compare *c)
{
    static const enum fst_role roles[] = {FST_ROLE_WARN, FST_ROLE_DIFF_DEL, FST_ROLE_DIFF_ADD};
    for (size_t i = 0; i < FST_ROW_CHANGES_; i++) {
        struct fst_buf count = FST_BUF(64);
        fst_count_text(&count, (int64_t)c->c.counts[i]);
        facts_add(&c->lines, c->c.counts[i] ? roles[i] : FST_ROLE_DIM, "%s %s, ",
                  fst_buf_text(&count), fst_row_change_names[i]);
        fst_buf_done(&count);
    }
    struct fst_buf same = FST_BUF(64);
    fst_count_text(&same, (int64_t)c->c.same);
    facts_add(&c->lines, FST_ROLE_DIM, "%s the same", fst_buf_text(&same));
    fst_buf_done(&same);
}

static void add_rows(struct compare *c)
{
    uint64_t all = 0;
    facts_add_line(&c->lines, SIZE_MAX);
    facts_add_filled(&c->lines, FST_ROLE_HEADER, NAME_COLS, "rows");
    if (!c->c.n_keys) {
        facts_add(&c->lines, FST_ROLE_WARN, "K says by which columns rows are told apart");
        return;
    }
    facts_add(&c->lines, FST_ROLE_DIM, "by ");
    add_keys(c);
    facts_add(&c->lines, FST_ROLE_DIM, " (%s)", c->c.keys_of);
    if (!c->c.has_rows)
        return;
    facts_add_line(&c->lines, SIZE_MAX);
    facts_add_filled(&c->lines, FST_ROLE_DIM, NAME_COLS, "");
    add_counts(c);
    if (c->c.repeated) {
        facts_add_line(&c->lines, SIZE_MAX);
        facts_add(&c->lines, FST_ROLE_DIM,
                  "  %llu keys come several times: their rows are paired in their order",
                  (unsigned long long)c->c.repeated);
    }
    for (size_t i = 0; i < FST_ROW_CHANGES_; i++)
        all += c->c.counts[i];
    for (size_t i = 0; i < c->c.n_rows; i++)
        add_row(c, i);
    if (all <= c->c.n_rows)
        return;
    facts_add_line(&c->lines, SIZE_MAX);
    facts_add(&c->lines, FST_ROLE_DIM, "  the first %zu of %llu", c->c.n_rows,
              (unsigned long long)all);
}

static bool is_large(const struct fst_comparison *c)
{
    return c->before.rows < 0 || c->after.rows < 0 || c->before.rows + c->after.rows > LARGE;
}

static void build(struct compare *c)
{
    facts_lines_clear(&c->lines);
    if (!c->c.arena)
        return;
    add_run(c, "before", &c->c.before);
    add_run(c, "after", &c->c.after);
    add_schema(c);
    if (c->c.has_figures)
        add_figures(c);
    add_rows(c);
    if (!c->whole && is_large(&c->c)) {
        facts_add_line(&c->lines, SIZE_MAX);
        facts_add(&c->lines, FST_ROLE_WARN, "These are many rows: a looks at all of them.");
    }
}

/* ---- The work -------------------------------------------------------------------------------- */

static void work(struct task *task)
{
    struct compare_task *t = (struct compare_task *)task;
    struct fst_compare_options o = {.before = t->before,
                                    .after = t->after,
                                    .keys = (const char *const *)t->keys,
                                    .n_keys = t->n_keys,
                                    .figures = t->whole,
                                    .rows = t->whole,
                                    .limit = KEPT_ROWS,
                                    .progress = facts_work_progress,
                                    .arg = t->work,
                                    .cancelled = facts_work_stops,
                                    .cancel_arg = t->work};
    task->status = fst_app_compare(task->wb->app, t->target, &o, &t->out, &task->err);
}

static void release(struct task *task)
{
    struct compare_task *t = (struct compare_task *)task;
    for (size_t i = 0; i < t->n_keys; i++)
        free(t->keys[i]);
    free(t->target);
    free(t->before);
    free(t->after);
    facts_work_drop(t->work);
    fst_comparison_done(&t->out);
}

static void begin(struct view *v, bool whole);

static void done(struct task *task, struct view *v)
{
    struct compare_task *t = (struct compare_task *)task;
    struct compare *c = v ? v->state : NULL;
    if (!c || t->work != c->work)
        return;
    facts_work_end(&c->work);
    v->live = false;
    if (task->status == FST_OK) {
        fst_comparison_done(&c->c);
        c->c = t->out;
        t->out = (struct fst_comparison){0};
        c->whole = t->whole;
    } else if (task->status != FST_ECANCELLED) {
        c->error = fst_strdup(task->err.text);
    }
    build(c);
    if (task->status == FST_OK && !t->whole && !is_large(&c->c))
        begin(v, true);
}

static void begin(struct view *v, bool whole)
{
    struct compare *c = v->state;
    facts_work_end(&c->work);
    free(c->error);
    c->error = NULL;
    if (!v->target)
        return;
    c->work = facts_work_new();
    c->looks = whole;
    struct compare_task *t = wb_task_new(v->wb, v, sizeof *t, work, done, release);
    t->target = fst_strdup(v->target);
    t->before = fst_strdup(c->before);
    t->after = fst_strdup(c->after);
    for (size_t i = 0; i < c->n_keys; i++)
        t->keys[t->n_keys++] = fst_strdup(c->keys[i]);
    t->whole = whole;
    t->work = facts_work_hold(c->work);
    v->live = whole;
    wb_task_start(&t->task, "comparing runs");
}

/* ---- What is compared ------------------------------------------------------------------------ */

static void forget_keys(struct compare *c)
{
    for (size_t i = 0; i < c->n_keys; i++)
        free(c->keys[i]);
    c->n_keys = 0;
}

static void keys_done(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    if (v->ops != &view_compare)
        return;
    struct compare *c = v->state;
    forget_keys(c);
    while (*text && c->n_keys < MAX_KEYS) {
        text += strspn(text, ", ");
        size_t n = strcspn(text, ","), end = n;
        while (end && text[end - 1] == ' ')
            end--;
        if (end)
            c->keys[c->n_keys++] = fst_strndup(text, end);
        text += n;
    }
    begin(v, !is_large(&c->c));
}

static void ask_keys(struct view *v)
{
    struct compare *c = v->state;
    const char *names[1000], *details[1000];
    size_t n = 0;
    struct fst_buf now = FST_BUF(512);
    for (size_t i = 0; i < c->c.n_keys; i++)
        fst_buf_printf(&now, "%s%s", i ? ", " : "", c->c.columns[c->c.keys[i]].name);
    for (size_t i = 0; i < c->c.n_columns && n < FST_COUNT(names); i++)
        if (c->c.columns[i].is_compared) {
            names[n] = c->c.columns[i].name;
            details[n++] = c->c.columns[i].after_type;
        }
    wb_prompt(v->wb, "columns that tell rows apart: ", fst_buf_text(&now), keys_done);
    wb_prompt_names(v->wb, names, details, n);
    fst_buf_done(&now);
}

static void take_run(struct wb *wb, const char *text, bool is_after)
{
    struct view *v = wb_top(wb);
    if (v->ops != &view_compare || !*text)
        return;
    struct compare *c = v->state;
    char **to = is_after ? &c->after : &c->before;
    free(*to);
    *to = fst_strdup(text);
    begin(v, false);
}

static void before_done(struct wb *wb, const char *text)
{
    take_run(wb, text, false);
}

static void after_done(struct wb *wb, const char *text)
{
    take_run(wb, text, true);
}

/* The READY runs of the resource, as candidates. */
static void offer_runs(struct view *v)
{
    struct compare *c = v->state;
    struct fst_run_record *run;
    struct fst_runs runs;
    const char *names[100], *details[100];
    struct fst_arena *arena = fst_arena_new();
    size_t n = 0;
    if (c->c.arena && fst_catalog_get_run(v->wb->catalog, c->c.after.id, &run, NULL) == FST_OK) {
        struct fst_run_query q = {
            .resource_id = run->resource_id, .state = FST_STATE_READY, .limit = FST_COUNT(names)};
        if (fst_catalog_runs(v->wb->catalog, &q, &runs, NULL) == FST_OK) {
            for (; n < runs.n; n++) {
                names[n] = fst_arena_strdup(arena, runs.runs[n]->id);
                details[n] = fst_arena_printf(arena, "%lld rows", (long long)runs.runs[n]->rows);
            }
            fst_runs_done(&runs);
        }
        fst_run_record_free(run);
    }
    wb_prompt_names(v->wb, names, details, n);
    fst_arena_free(arena);
}

/* ---- The view -------------------------------------------------------------------------------- */

void wb_open_compare(struct wb *wb, const char *target, const char *after)
{
    struct view *v = wb_open(wb, "compare", target);
    struct compare *c = v->state;
    c->after = fst_strdup(after);
    if (after)
        begin(v, false);
}

static void open(struct view *v)
{
    struct compare *c = v->state;
    c->arrow = " -> ";
    begin(v, false);
}

static void close(struct view *v)
{
    struct compare *c = v->state;
    facts_work_end(&c->work);
    facts_lines_done(&c->lines);
    fst_comparison_done(&c->c);
    forget_keys(c);
    free(c->before);
    free(c->after);
    free(c->error);
}

/* The row in its newer run, or where it was last. */
static void open_row(struct view *v)
{
    struct compare *c = v->state;
    size_t at = facts_lines_item(&c->lines);
    struct fst_buf where = FST_BUF_TEXT;
    if (at >= c->c.n_rows) {
        wb_say(v->wb, FST_ROLE_DIM, "enter opens a row that differs");
        return;
    }
    const struct fst_changed_row *r = &c->c.rows[at];
    bool is_gone = r->change == FST_ROW_GONE;
    for (size_t i = 0; i < c->c.n_keys; i++) {
        const struct fst_compared_column *k = &c->c.columns[c->c.keys[i]];
        const char *text = is_gone ? r->keys[i].before : r->keys[i].after;
        fst_buf_adds(&where, i ? " AND " : "");
        fst_sql_quote(&where, k->name);
        fst_buf_adds(&where, text ? " = " : " IS NULL");
        if (text)
            fst_text_literal(&where, &k->type, text, strlen(text));
    }
    wb_open_rows(v->wb, is_gone ? c->c.before.target : c->c.after.target, fst_buf_text(&where));
    fst_buf_done(&where);
}

static bool action(struct view *v, const char *name)
{
    struct compare *c = v->state;
    if (strcmp(name, "compare.row") == 0)
        open_row(v);
    else if (strcmp(name, "compare.all") == 0)
        begin(v, true);
    else if (strcmp(name, "refresh") == 0)
        begin(v, false);
    else if (strcmp(name, "compare.keys") == 0)
        ask_keys(v);
    else if (strcmp(name, "compare.end") == 0) {
        facts_work_end(&c->work);
        v->live = false;
        wb_say(v->wb, FST_ROLE_INFO, "ended; a looks at all rows again");
    } else if (strcmp(name, "compare.before") == 0) {
        wb_prompt(v->wb, "the run before: ", "", before_done);
        offer_runs(v);
    } else if (strcmp(name, "compare.after") == 0) {
        wb_prompt(v->wb, "the run after: ", "", after_done);
        offer_runs(v);
    } else
        return facts_lines_move(&c->lines, name);
    return true;
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct compare *c = v->state;
    fst_buf_printf(out, "runs of %s", c->c.arena ? c->c.label : v->target ? v->target : "");
    if (c->work && c->looks) {
        fst_buf_adds(out, "  comparing, ");
        facts_work_text(c->work, out);
    }
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct compare *c = v->state;
    const char *arrow = s->ascii ? " -> " : " → ";
    if (strcmp(arrow, c->arrow) != 0) {
        c->arrow = arrow;
        build(c);
    }
    if (c->error)
        fst_draw_wrapped(s, 0, 1, s->rows, FST_ROLE_ERROR, c->error, strlen(c->error));
    else if (c->c.arena)
        facts_lines_draw(&c->lines, s);
    else
        fst_draws(s, 1, 2, FST_ROLE_DIM,
                  !v->target ? "say of what: compare NAME"
                  : s->ascii ? "looking..."
                             : "looking…");
}

static void changed(struct view *v)
{
    v->wb->dirty = true; /* how far it is */
}

const struct view_ops view_compare = {
    .name = "compare",
    .help = "what changed between two runs of a resource",
    .scopes = {"compare", "list", NULL},
    .state_size = sizeof(struct compare),
    .open = open,
    .close = close,
    .action = action,
    .changed = changed,
    .title = title,
    .draw = draw,
};
