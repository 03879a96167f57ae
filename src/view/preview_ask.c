/* What is asked of rows: a condition, an order, a place; and files that become sources or are
 * written. */
#include <stdlib.h>
#include <string.h>

#include "firesteel/sql.h"
#include "preview.h"

static void where_done(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    if (v->ops != &view_preview)
        return;
    struct preview *p = v->state;
    free(p->asked.where);
    p->asked.where = *text ? fst_strdup(text) : NULL;
    grids_add_condition(wb, text);
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
bool preview_is_of_files(const struct preview *p)
{
    const struct fst_place *place = preview_place(p);
    return place && place->uri && !place->resource;
}

static void register_done(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    if (v->ops == &view_preview && *text && preview_is_of_files(v->state))
        wb_register(wb, text, preview_place(v->state)->uri, NULL, NULL);
}

void preview_ask_source_name(struct view *v)
{
    const struct preview *p = v->state;
    if (!preview_is_of_files(p)) {
        wb_say(v->wb, FST_ROLE_DIM, "only files that are not registered yet become a source");
        return;
    }
    char *name = wb_source_name(preview_place(p)->uri);
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
    char *sort = preview_order_text(q);
    struct wb_rows rows = {.target = v->target ? v->target : "",
                           .where = q->where && *q->where ? q->where : NULL,
                           .sort = sort};
    const char **names = shown_names(wb, p, &rows.n_columns);
    rows.columns = names;
    if (rows.n_columns != SIZE_MAX) {
        rows.picked = preview_pick_marked(v);
        wb_export(wb, &rows, text);
    }
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
        fst_grid_goto_column(&p->grid, at);
    else
        wb_say(wb, FST_ROLE_ERROR, "there is no column %s", text);
    preview_more(v);
}

void preview_ask_with_columns(struct view *v, const char *label, const char *text, bool quoted,
                              void (*done)(struct wb *wb, const char *text))
{
    const struct preview *p = v->state;
    struct fst_buf buf = FST_BUF_TEXT;
    struct fst_arena *a = fst_arena_new();
    size_t n = p->schema ? p->schema->n : 0;
    const char **names = fst_arena_alloc(a, (n + 1) * sizeof *names);
    const char **details = fst_arena_alloc(a, (n + 1) * sizeof *details);
    for (size_t i = 0; i < n; i++) {
        const char *name = p->schema->fields[i].name;
        bool is_plain = !name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
                                           "0123456789")] &&
                        !strchr("0123456789", name[0]);
        fst_buf_clear(&buf);
        if (quoted && !is_plain)
            fst_sql_quote(&buf, name);
        else
            fst_buf_adds(&buf, name);
        names[i] = fst_arena_strdup(a, fst_buf_text(&buf));
        fst_buf_clear(&buf);
        fst_type_text(&buf, &p->schema->fields[i].type);
        details[i] = fst_arena_strdup(a, fst_buf_text(&buf));
    }
    wb_prompt(v->wb, label, text, done);
    wb_prompt_names(v->wb, names, details, n);
    fst_arena_free(a);
    fst_buf_done(&buf);
}

void preview_ask_column(struct view *v)
{
    if (((struct preview *)v->state)->schema)
        preview_ask_with_columns(v, "column: ", "", false, column_done);
}

/* ---- Which columns are shown, and how wide --------------------------------------------------- */

/* Names with commas between; "" = all as they are. Those that there are not are told. */
static void columns_done(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    struct preview *p = v->state;
    if (v->ops != &view_preview || !p->opened)
        return;
    size_t *columns = fst_alloc((p->schema->n + 1) * sizeof *columns), n = 0;
    bool is_right = true;
    for (const char *at = text + strspn(text, ", "); *at && is_right; at += strspn(at, ", ")) {
        size_t len = strcspn(at, ",");
        while (len && at[len - 1] == ' ')
            len--;
        char *name = fst_strndup(at, len);
        size_t column = column_named(p->schema, name), i = 0;
        while (i < n && columns[i] != column)
            i++;
        if (column == p->schema->n) {
            wb_say(wb, FST_ROLE_ERROR, "there is no column %s", name);
            is_right = false;
        } else if (i == n) {
            columns[n++] = column;
        }
        free(name);
        at += len;
    }
    if (is_right) {
        fst_grid_arrange(&p->grid, columns, n);
        preview_find_again(p);
        preview_more(v);
    }
    free(columns);
}

void preview_ask_columns(struct view *v)
{
    const struct preview *p = v->state;
    struct fst_buf text = FST_BUF(500); /* what a prompt holds */
    if (!p->opened)
        return;
    for (size_t i = 0; p->grid.order && i < p->grid.n_order; i++)
        fst_buf_printf(&text, "%s%s", i ? ", " : "", p->schema->fields[p->grid.order[i]].name);
    preview_ask_with_columns(v, "show the columns: ", text.over ? "" : fst_buf_text(&text), false,
                             columns_done);
    fst_buf_done(&text);
}

void preview_columns_as_they_were(struct view *v)
{
    struct preview *p = v->state;
    if (!p->opened)
        return;
    fst_grid_arrange(&p->grid, NULL, 0);
    p->grid.n_pinned = 0;
    fst_grid_fit_again(&p->grid);
    preview_find_again(p);
    wb_say(v->wb, FST_ROLE_INFO, "all columns, as they were");
}

static void width_done(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    int64_t width = 0;
    if (v->ops != &view_preview)
        return;
    struct preview *p = v->state;
    if (*text && (!fst_parse_int64(text, strlen(text), &width) || width < 1 || width > 400))
        wb_say(wb, FST_ROLE_ERROR, "a width is a number from 1 to 400, not %s", text);
    else if (p->opened)
        fst_grid_set_width(&p->grid, (int)width);
}

void preview_ask_width(struct view *v)
{
    const struct preview *p = v->state;
    if (p->opened && p->grid.col < p->schema->n)
        wb_prompt(v->wb, "width (nothing: fitted): ", "", width_done);
}

/* ---- Schema ---------------------------------------------------------------------------------- */

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

/* Up and down go through the conditions that were given before. */
void preview_ask_where(struct view *v)
{
    const struct preview *p = v->state;
    preview_ask_with_columns(v, "where: ", p->asked.where ? p->asked.where : "", true, where_done);
    v->wb->prompt.history = grids_conditions(v->wb, &v->wb->prompt.n_history);
    v->wb->prompt.history_at = v->wb->prompt.n_history;
}

void preview_ask_row(struct view *v)
{
    wb_prompt(v->wb, "row: ", "", row_done);
}

/* Short enough to be seen whole on 80 columns. */
void preview_ask_export(struct view *v)
{
    const struct preview *p = v->state;
    struct fst_buf label = FST_BUF(64);
    if (!p->opened)
        return;
    if (p->grid.n_marks)
        fst_count_text(&label, (int64_t)fst_grid_marked(&p->grid));
    fst_buf_adds(&label, p->grid.n_marks ? " marked to (.parquet .csv ...): "
                                         : "export to (.parquet .csv .jsonl ...): ");
    wb_prompt_path(v->wb, fst_buf_text(&label), WB_PATH_ANY, "", export_done);
    fst_buf_done(&label);
}
