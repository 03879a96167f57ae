/* Tables of Spark's catalog at a provider: the target, else the one chosen here, else the default.
 */
#include <stdlib.h>
#include <string.h>

#include "view.h"

struct tables {
    struct fst_list list;
    struct fst_spark_tables all;
    size_t *shown; /* indexes of those that the filter leaves */
};

struct tables_task {
    struct task task;
    char *provider;
    struct fst_spark_tables tables;
};

static const struct fst_list_column columns[] = {{"database", 16, 40, false},
                                                 {"table", 20, 0, false}};

static const char *provider_of(struct view *v)
{
    return v->target ? v->target : wb_provider(v->wb);
}

static const struct fst_spark_table *table_at(const struct tables *t, size_t row)
{
    return row < t->list.n_rows ? &t->all.items[t->shown[row]] : NULL;
}

static enum fst_role cell(void *arg, size_t row, size_t col, struct fst_buf *out)
{
    const struct fst_spark_table *it = table_at(arg, row);
    if (!it)
        return FST_ROLE_TEXT;
    fst_buf_adds(out, col == 0 ? it->database : *it->name ? it->name : "no tables");
    return col == 1 && !*it->name ? FST_ROLE_DIM : FST_ROLE_TEXT;
}

/* "db.table", owned; NULL when there is no table under the cursor. */
static char *selected_table(const struct tables *t)
{
    const struct fst_spark_table *it = table_at(t, t->list.cursor);
    return it && *it->name ? fst_asprintf("%s.%s", it->database, it->name) : NULL;
}

static void choose(struct tables *t)
{
    struct fst_filter *filter = fst_filter_new(t->list.filter);
    t->list.n_rows = 0;
    for (size_t i = 0; i < t->all.n; i++) {
        const char *texts[] = {t->all.items[i].database, t->all.items[i].name};
        if (fst_filter_fits(filter, texts, FST_COUNT(texts)))
            t->shown[t->list.n_rows++] = i;
    }
    fst_filter_free(filter);
    fst_list_clamp(&t->list);
}

/* ---- Loading --------------------------------------------------------------------------------- */

static void work(struct task *t)
{
    struct tables_task *tt = (struct tables_task *)t;
    t->status = fst_app_tables(t->wb->app, tt->provider, NULL, fst_job_cancelled, &t->job,
                               &tt->tables, &t->err);
}

static void take(struct view *v, struct task *t)
{
    struct tables_task *tt = (struct tables_task *)t;
    struct tables *s = v->state;
    fst_spark_tables_done(&s->all);
    s->all = tt->tables;
    tt->tables = (struct fst_spark_tables){0};
    free(s->shown);
    s->shown = fst_alloc((s->all.n + 1) * sizeof *s->shown);
    choose(s);
}

static void release(struct task *t)
{
    struct tables_task *tt = (struct tables_task *)t;
    fst_spark_tables_done(&tt->tables);
    free(tt->provider);
}

static void ask(struct view *v, struct task *t)
{
    ((struct tables_task *)t)->provider = fst_strdup(provider_of(v));
}

static const struct reading reading = {
    "listing tables", sizeof(struct tables_task), ask, work, take, release, false};

/* ---- Acts ------------------------------------------------------------------------------------ */

static char *selected_target(struct view *v)
{
    char *table = selected_table(v->state);
    const char *provider = provider_of(v);
    char *target =
        table ? fst_asprintf("table:%s%s%s", provider ? provider : "", provider ? "/" : "", table)
              : NULL;
    free(table);
    return target;
}

static void preview(struct view *v)
{
    char *target = selected_target(v);
    if (target)
        wb_open(v->wb, "preview", target);
    free(target);
}

static bool detail(struct view *v, struct detail *out)
{
    *out = (struct detail){.view = "preview", .target = selected_target(v)};
    return out->target != NULL;
}

static void open_tree(struct view *v)
{
    char *target = fst_asprintf("tables:%s", provider_of(v) ? provider_of(v) : "");
    wb_open(v->wb, "tree", target);
    free(target);
}

/* The prompt's answer; the view on top is still the one that asked. */
static void register_named(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    if (v->ops != &view_tables || !*text)
        return;
    char *table = selected_table(v->state);
    if (!table)
        return;
    wb_register(wb, text, NULL, table, provider_of(v));
    free(table);
}

static void ask_name(struct view *v)
{
    const struct tables *s = v->state;
    const struct fst_spark_table *it = table_at(s, s->list.cursor);
    if (!it || !*it->name)
        return;
    struct fst_error ignored;
    bool fits = fst_name_check("source", it->name, &ignored) == FST_OK;
    wb_prompt(v->wb, "name of the source: ", fits ? it->name : "", register_named);
}

/* ---- The view -------------------------------------------------------------------------------- */

static void open(struct view *v)
{
    struct tables *s = v->state;
    s->list = (struct fst_list){
        .columns = columns, .n_columns = FST_COUNT(columns), .cell = cell, .arg = s};
    wb_read(v);
}

static void close(struct view *v)
{
    struct tables *s = v->state;
    fst_spark_tables_done(&s->all);
    free(s->shown);
}

static bool action(struct view *v, const char *name)
{
    struct tables *s = v->state;
    if (fst_list_action(&s->list, name))
        return true;
    if (strcmp(name, "open") == 0 || strcmp(name, "tables.preview") == 0)
        preview(v);
    else if (strcmp(name, "tables.tree") == 0)
        open_tree(v);
    else if (strcmp(name, "tables.register") == 0)
        ask_name(v);
    else if (strcmp(name, "refresh") == 0)
        wb_read(v);
    else
        return false;
    return true;
}

static void filter(struct view *v, const char *text)
{
    struct tables *s = v->state;
    snprintf(s->list.filter, sizeof s->list.filter, "%s", text);
    choose(s);
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct tables *s = v->state;
    const char *provider = provider_of(v);
    fst_buf_printf(out, "Tables of %s  %zu/%zu%s", provider ? provider : "the default provider",
                   s->list.n_rows ? s->list.cursor + 1 : 0, s->list.n_rows,
                   s->all.cut ? "  (there are more databases)" : "");
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct tables *t = v->state;
    fst_list_draw(&t->list, s);
    if (!v->is_reading && t->list.n_rows == 0 && s->rows > 3)
        fst_draws(s, 2, 2, FST_ROLE_DIM, t->list.filter[0] ? "nothing found" : "no tables");
}

const struct view_ops view_tables = {
    .name = "tables",
    .help = "databases and tables of Spark's catalog: tables [PROVIDER]",
    .scopes = {"tables", "list", NULL},
    .state_size = sizeof(struct tables),
    .open = open,
    .close = close,
    .action = action,
    .filter = filter,
    .title = title,
    .draw = draw,
    .is_list = true,
    .detail = detail,
    .reading = &reading,
};
