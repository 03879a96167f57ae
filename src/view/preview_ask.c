/* What is asked of rows: a condition, an order, a place; and files that become sources or are
 * written. */
#include <stdlib.h>
#include <string.h>

#include "preview.h"

static void where_done(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    if (v->ops != &view_preview)
        return;
    struct preview *p = v->state;
    free(p->asked.where);
    p->asked.where = *text ? fst_strdup(text) : NULL;
    preview_start(v);
}

static void row_done(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    if (v->ops != &view_preview)
        return;
    struct preview *p = v->state;
    int64_t row;
    if (!fst_parse_int64(text, strlen(text), &row) || row < 1) {
        if (*text)
            wb_say(wb, FST_ROLE_ERROR, "%s is not the number of a row", text);
        return;
    }
    fst_grid_goto(&p->grid, (uint64_t)row - 1);
    preview_more(v);
}

/* Only files and folders: what is named is registered, and a query has no place. */
static bool is_of_files(const struct preview *p)
{
    return p->rows && p->rows->place.uri && !p->rows->place.resource;
}

static void register_done(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    if (v->ops == &view_preview && *text && is_of_files(v->state))
        wb_register(wb, text, ((struct preview *)v->state)->rows->place.uri, NULL, NULL);
}

void preview_ask_source_name(struct view *v)
{
    const struct preview *p = v->state;
    if (!is_of_files(p)) {
        wb_say(v->wb, FST_ROLE_DIM, "only files that are not registered yet become a source");
        return;
    }
    char *name = wb_source_name(p->rows->place.uri);
    wb_prompt(v->wb, "name of the source: ", name, register_done);
    free(name);
}

/* The columns to export: n 0 = all as they are, SIZE_MAX = a name does not tell them apart. */
static const char **shown_names(struct wb *wb, const struct preview *p, size_t *n)
{
    const struct fst_schema *s = p->schema;
    size_t *columns = fst_alloc((s->n + 1) * sizeof *columns);
    const char **names = fst_alloc((s->n + 1) * sizeof *names);
    *n = p->grid.order ? fst_grid_columns(&p->grid, columns) : 0;
    for (size_t i = 0; i < *n; i++) {
        names[i] = s->fields[columns[i]].name;
        if (fst_schema_find(s, names[i]) == (int)columns[i])
            continue;
        wb_say(wb, FST_ROLE_ERROR,
               "not exported: several columns are called %s; U shows all columns as they were",
               names[i]);
        *n = SIZE_MAX;
        break;
    }
    free(columns);
    return names;
}

static void export_done(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    const struct preview *p = v->state;
    if (v->ops != &view_preview || !*text)
        return;
    const struct question *q = &p->answered;
    char *sort = q->sort ? preview_order_text(q) : NULL;
    const char *where = q->where && *q->where ? q->where : NULL;
    size_t n;
    const char **names = shown_names(wb, p, &n);
    if (n != SIZE_MAX)
        wb_export(wb, v->target ? v->target : "", where, sort, names, n, text);
    free(names);
    free(sort);
}

/* Names may differ in case, or be given by their beginning or some other part. */
static size_t column_named(const struct fst_schema *s, const char *text)
{
    int at = fst_schema_find(s, text);
    size_t starts = s->n, contains = s->n;
    for (size_t i = s->n; at < 0 && i-- > 0;) {
        const char *name = s->fields[i].name;
        if (strcasecmp(name, text) == 0)
            return i;
        starts = strncasecmp(name, text, strlen(text)) == 0 ? i : starts;
        contains = strcasestr(name, text) ? i : contains;
    }
    return at >= 0 ? (size_t)at : starts < s->n ? starts : contains;
}

static void column_done(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    struct preview *p = v->state;
    if (v->ops != &view_preview || !p->schema || !*text)
        return;
    size_t at = column_named(p->schema, text);
    if (at < p->schema->n)
        p->grid.col = at;
    else
        wb_say(wb, FST_ROLE_ERROR, "there is no column %s", text);
    preview_more(v);
}

void preview_ask_column(struct view *v)
{
    const struct preview *p = v->state;
    struct fst_buf types = FST_BUF_TEXT;
    struct fst_arena *a = fst_arena_new();
    if (p->schema) {
        const char **names = fst_arena_alloc(a, (p->schema->n + 1) * sizeof *names);
        const char **details = fst_arena_alloc(a, (p->schema->n + 1) * sizeof *details);
        for (size_t i = 0; i < p->schema->n; i++) {
            fst_buf_clear(&types);
            fst_type_text(&types, &p->schema->fields[i].type);
            names[i] = p->schema->fields[i].name;
            details[i] = fst_arena_strdup(a, fst_buf_text(&types));
        }
        wb_prompt(v->wb, "column: ", "", column_done);
        wb_prompt_names(v->wb, names, details, p->schema->n);
    }
    fst_arena_free(a);
    fst_buf_done(&types);
}

void preview_sort(struct view *v)
{
    struct preview *p = v->state;
    if (!p->schema || p->grid.col >= p->schema->n)
        return;
    const char *name = p->schema->fields[p->grid.col].name;
    bool same = p->asked.sort && strcmp(p->asked.sort_column, name) == 0;
    p->asked.sort = !same ? 1 : p->asked.sort > 0 ? -1 : 0;
    free(p->asked.sort_column);
    p->asked.sort_column = fst_strdup(name);
    preview_start(v);
}

void preview_show_schema(struct view *v)
{
    struct preview *p = v->state;
    struct fst_buf text = FST_BUF_TEXT;
    for (size_t i = 0; p->schema && i < p->schema->n; i++) {
        fst_text_escape(&text, p->schema->fields[i].name, strlen(p->schema->fields[i].name));
        fst_buf_addc(&text, ' ');
        fst_buf_repeat(&text, ' ', text.n % 2);
        fst_type_text(&text, &p->schema->fields[i].type);
        fst_buf_addc(&text, '\n');
    }
    wb_open_text(v->wb, "schema", fst_buf_take(&text));
}

void preview_ask_where(struct view *v)
{
    const struct preview *p = v->state;
    wb_prompt(v->wb, "where: ", p->asked.where ? p->asked.where : "", where_done);
}

void preview_ask_row(struct view *v)
{
    wb_prompt(v->wb, "row: ", "", row_done);
}

void preview_ask_export(struct view *v)
{
    wb_prompt(v->wb, "export to (.parquet .csv .tsv .json .jsonl): ", "", export_done);
}
