/* Looking at rows. A plain look reads the file from the front; what filters or sorts is a query on
 * the embedded engine over that one table, so a preview's WHERE means exactly what Spark's would.
 * A table of Spark's catalog is asked for where it is: the whole look is a query of its provider.
 */
#include <stdlib.h>
#include <string.h>

#include "app.h"

#define LOOK_BYTES ((size_t)1 << 20) /* of a text, to find the types of a look */
#define SORT_ROWS_CAP 5000000        /* a training set larger than this is shown as it lies */
#define TABLE_ROWS_CAP 100000        /* of Spark's catalog: its driver collects what is shown */

enum fst_status fst__nothing_there(const struct fst_place *p, struct fst_error *err)
{
    if (p->table)
        return fst_fail(err, FST_EUNSUPPORTED,
                        "%s is a table of Spark's catalog: preview and schema ask its provider; "
                        "where its files lie is not known here",
                        p->label);
    return fst_fail(err, FST_ENOTFOUND, "%s", p->why ? p->why : "there are no rows");
}

/* Columns of a feature or label: its own three. */
size_t fst__own_columns(const struct fst_resource *r, const char *out[3])
{
    size_t n = 0;
    if (!r || (r->kind != FST_FEATURE && r->kind != FST_LABEL))
        return 0;
    out[n++] = r->entity_column;
    out[n++] = r->value_column;
    if (r->timestamp_column)
        out[n++] = r->timestamp_column;
    return n;
}

/* ---- Plain ----------------------------------------------------------------------------------- */

/* A reader that ends after `left` rows. */
struct limited {
    struct fst_reader reader;
    struct fst_reader *inner;
    uint64_t left;
};

static enum fst_status limited_next(struct fst_reader *r, size_t max_rows, struct fst_frame **out,
                                    struct fst_error *err)
{
    struct limited *l = (struct limited *)r;
    *out = NULL;
    if (l->left == 0)
        return FST_OK;
    size_t n = max_rows < l->left ? max_rows : (size_t)l->left;
    FST_TRY(fst_reader_next(l->inner, n, out, err));
    l->left -= *out ? (*out)->n_rows : l->left;
    return FST_OK;
}

static void limited_close(struct fst_reader *r)
{
    fst_reader_close(((struct limited *)r)->inner);
    free(r);
}

static int64_t limited_total(struct fst_reader *r)
{
    return fst_reader_total(((struct limited *)r)->inner);
}

static const struct fst_reader_ops limited_ops = {
    .next = limited_next, .close = limited_close, .total = limited_total};

static struct fst_reader *limited(struct fst_reader *inner, uint64_t limit)
{
    struct limited *l = fst_alloc(sizeof *l);
    l->reader = (struct fst_reader){
        .ops = &limited_ops, .schema = inner->schema, .total_rows = inner->total_rows};
    l->inner = inner;
    l->left = limit;
    return &l->reader;
}

static enum fst_status plain(const struct fst_place *p, const struct fst_preview_options *o,
                             const char *const *columns, size_t n_columns, uint64_t limit,
                             struct fst_reader **out, struct fst_error *err)
{
    struct fst_read_options read = {.columns = columns,
                                    .n_columns = n_columns,
                                    .offset_rows = o->offset,
                                    .tail_rows = o->tail,
                                    .last_rows = o->tail ? 0 : limit,
                                    .memory_cap = o->memory_cap,
                                    /* who takes all rows gets types that hold all */
                                    .infer_bytes = limit < INT64_MAX ? LOOK_BYTES : 0,
                                    .notes = o->notes,
                                    .format = p->options,
                                    .skipped = o->skipped,
                                    .cancelled = o->cancelled,
                                    .cancel_arg = o->cancel_arg};
    struct fst_reader *reader;
    FST_TRY(fst_store_open_table(p->uri, p->format, &read, &reader, err));
    *out = limited(reader, limit);
    return FST_OK;
}

/* ---- With WHERE or ORDER BY ------------------------------------------------------------------ */

/* The user's expressions stand on lines of their own, so a problem's column is a column of what was
 * typed. */
static void add_clauses(struct fst_buf *sql, const struct fst_preview_options *o, const char *order,
                        uint64_t limit)
{
    if (o->where)
        fst_buf_printf(sql, " WHERE\n%s\n", o->where);
    if (order)
        fst_buf_printf(sql, " ORDER BY\n%s\n", order);
    if (limit <= INT32_MAX) /* Spark takes no more; beyond it means all */
        fst_buf_printf(sql, " LIMIT %llu", (unsigned long long)limit);
    if (o->offset)
        fst_buf_printf(sql, " OFFSET %llu", (unsigned long long)o->offset);
}

static enum fst_status queried(struct fst_app *a, const struct fst_place *p, const char *sql,
                               const struct fst_preview_options *o, uint64_t limit,
                               struct fst_reader **out, struct fst_problem *problem,
                               struct fst_error *err)
{
    struct fst_input input = {
        .name = "the rows", .uri = p->uri, .format = p->format, .options = p->options};
    return fst__query_over(a, &input, 1, sql, o, limit, out, problem, err);
}

/* ---- The order of a training set ------------------------------------------------------------- */

static bool has_order(const struct fst_type *t)
{
    return !fst_type_is_nested(t) && t->kind != FST_VARIANT && t->kind != FST_UNKNOWN;
}

/* By label time, and then by everything, so that equal sets are shown equally whoever wrote them.
 * NULL when the rows are shown as they lie. */
static enum fst_status training_order(const struct fst_place *p, char **order, int64_t *total,
                                      struct fst_error *err)
{
    struct fst_reader *reader;
    struct fst_read_options read = {.format = p->options};
    *order = NULL;
    FST_TRY(fst_store_open_table(p->uri, p->format, &read, &reader, err));
    *total = fst_reader_total(reader);
    if (fst_schema_find(reader->schema, "label_timestamp") >= 0 && *total <= SORT_ROWS_CAP) {
        struct fst_buf text = FST_BUF_TEXT;
        fst_buf_adds(&text, "label_timestamp");
        for (size_t i = 0; i < reader->schema->n; i++)
            if (has_order(&reader->schema->fields[i].type)) {
                fst_buf_adds(&text, ", ");
                fst_sql_quote(&text, reader->schema->fields[i].name);
            }
        *order = fst_buf_take(&text);
    }
    fst_reader_close(reader);
    return FST_OK;
}

static enum fst_status open_rows(struct fst_app *a, const struct fst_place *p,
                                 const struct fst_preview_options *o, struct fst_reader **out,
                                 struct fst_problem *problem, struct fst_error *err)
{
    const char *own[3];
    size_t n_own = fst__own_columns(p->resource, own);
    const char *const *columns = o->n_columns ? o->columns : n_own ? own : NULL;
    size_t n_columns = o->n_columns ? o->n_columns : n_own;
    uint64_t limit = o->limit ? o->limit : (uint64_t)fst_app_setting_int(a, "preview.rows");
    char *order = NULL;
    int64_t total = -1;
    bool own_order = !o->where && !o->sort && !o->any_order && !o->tail;
    if (own_order && p->resource && p->resource->kind == FST_TRAINING_SET)
        FST_TRY(training_order(p, &order, &total, err));
    if (!o->where && !o->sort && !order)
        return plain(p, o, columns, n_columns, limit, out, err);
    struct fst_buf sql = FST_BUF_TEXT;
    FST_TRY(fst__table_select("`the rows`", columns, n_columns, &sql, err));
    add_clauses(&sql, o, o->sort ? o->sort : order, limit);
    enum fst_status status = queried(a, p, fst_buf_text(&sql), o, limit, out, problem, err);
    if (status == FST_OK && order)
        (*out)->total_rows = total;
    fst_buf_done(&sql);
    free(order);
    return status;
}

static enum fst_status select_there(const struct fst_place *p, const char *const *columns, size_t n,
                                    struct fst_buf *sql, struct fst_error *err)
{
    if (!p->reference)
        return fst__table_select(p->table, columns, n, sql, err);
    fst__select_from(columns, n, sql);
    fst_buf_adds(sql, p->reference);
    return FST_OK;
}

static uint64_t limit_there(struct fst_app *a, const struct fst_preview_options *o)
{
    uint64_t limit = o->limit ? o->limit : (uint64_t)fst_app_setting_int(a, "preview.rows");
    return limit < TABLE_ROWS_CAP ? limit : TABLE_ROWS_CAP;
}

/* As it was typed where nothing is asked of its rows, so a problem's place is a place in it. */
static enum fst_status open_query(struct fst_app *a, const struct fst_place *p,
                                  const struct fst_preview_options *o, struct fst_reader **out,
                                  struct fst_problem *problem, struct fst_error *err)
{
    struct fst_buf sql = FST_BUF_TEXT;
    size_t n = strlen(p->query);
    uint64_t limit = limit_there(a, o);
    while (n && strchr("; \t\r\n", p->query[n - 1]))
        n--;
    if (o->n_columns || o->where || o->sort || o->offset) {
        fst__select_from(o->columns, o->n_columns, &sql);
        fst_buf_printf(&sql, "(\n%.*s\n) AS `the rows`", (int)n, p->query);
        add_clauses(&sql, o, o->sort, limit);
    } else {
        fst_buf_add(&sql, p->query, n);
    }
    enum fst_status status = fst_app_sql(a, fst_buf_text(&sql), p->provider, limit, o->cancelled,
                                         o->cancel_arg, out, problem, err);
    fst_buf_done(&sql);
    return status;
}

/* The provider does it all: only it sees the table. */
static enum fst_status open_table(struct fst_app *a, const struct fst_place *p,
                                  const struct fst_preview_options *o, struct fst_reader **out,
                                  struct fst_problem *problem, struct fst_error *err)
{
    const char *own[3];
    size_t n_own = fst__own_columns(p->resource, own);
    uint64_t limit = limit_there(a, o);
    struct fst_buf sql = FST_BUF_TEXT;
    FST_TRY(fst__wants_tables(a, p->provider, err));
    enum fst_status status = select_there(p, o->n_columns ? o->columns : own,
                                          o->n_columns ? o->n_columns : n_own, &sql, err);
    if (status == FST_OK) {
        add_clauses(&sql, o, o->sort, limit);
        status = fst_app_sql(a, fst_buf_text(&sql), p->provider, limit, o->cancelled, o->cancel_arg,
                             out, problem, err);
    }
    fst_buf_done(&sql);
    return status;
}

/* Features and labels are columns of something else: that has them. */
void fst__note_columns(struct fst_app *a, const struct fst_resource *r,
                       const struct fst_schema *schema)
{
    struct fst_catalog *c;
    if (!r || !schema || a->read_only || r->kind == FST_FEATURE || r->kind == FST_LABEL ||
        fst_app_take(a, &c, NULL) != FST_OK)
        return;
    fst_catalog_set_columns(c, r->id, schema, NULL);
    fst_app_give(a, c);
}

enum fst_status fst_app_preview(struct fst_app *a, const char *target,
                                const struct fst_preview_options *o, struct fst_reader **out,
                                struct fst_place *place, struct fst_problem *problem,
                                struct fst_error *err)
{
    struct fst_place p;
    struct fst_problem ignored;
    *out = NULL;
    if (o->tail && (o->offset || o->where || o->sort))
        return fst_fail(err, FST_EINVAL,
                        "the last rows are told by where they lie: they go with no offset, "
                        "condition or order (sort the other way round instead)");
    FST_TRY(fst_app_find(a, target, &p, err));
    enum fst_status status;
    problem = problem ? problem : &ignored;
    if ((p.table || p.query) && o->tail)
        status = fst_fail(err, FST_EUNSUPPORTED,
                          "%s is read by its provider, which has no last rows", p.label);
    else if (p.query)
        status = open_query(a, &p, o, out, problem, err);
    else if (p.table)
        status = open_table(a, &p, o, out, problem, err);
    else
        status = p.uri ? open_rows(a, &p, o, out, problem, err) : fst__nothing_there(&p, err);
    if (status == FST_OK && !o->n_columns)
        fst__note_columns(a, p.resource, (*out)->schema);
    if (status == FST_OK)
        *place = p;
    else
        fst_place_done(&p);
    return status;
}

/* ---- Facts ----------------------------------------------------------------------------------- */

static enum fst_status schema_of_rows(const struct fst_place *p, struct fst_schema **out,
                                      struct fst_error *err)
{
    const char *own[3];
    size_t n_own = fst__own_columns(p->resource, own);
    struct fst_read_options read = {.format = p->options,
                                    .columns = n_own ? own : NULL,
                                    .n_columns = n_own,
                                    .infer_bytes = LOOK_BYTES};
    struct fst_reader *reader;
    FST_TRY(fst_store_open_table(p->uri, p->format, &read, &reader, err));
    *out = fst_schema_copy(reader->schema);
    fst_reader_close(reader);
    return FST_OK;
}

static enum fst_status schema_of_table(struct fst_app *a, const struct fst_place *p,
                                       struct fst_schema **out, struct fst_problem *problem,
                                       struct fst_error *err)
{
    const char *own[3];
    struct fst_buf sql = FST_BUF_TEXT;
    FST_TRY(fst__wants_tables(a, p->provider, err));
    enum fst_status status = select_there(p, own, fst__own_columns(p->resource, own), &sql, err);
    if (status == FST_OK)
        status = fst_app_check(a, fst_buf_text(&sql), p->provider, NULL, NULL, out, problem, err);
    fst_buf_done(&sql);
    return status;
}

enum fst_status fst_app_schema(struct fst_app *a, const char *target, struct fst_schema **out,
                               struct fst_problem *problem, struct fst_error *err)
{
    struct fst_place p;
    *out = NULL;
    FST_TRY(fst_app_find(a, target, &p, err));
    enum fst_status status;
    if (p.table)
        status = schema_of_table(a, &p, out, problem, err);
    else if (p.uri)
        status = schema_of_rows(&p, out, err);
    else if (p.resource && (p.resource->sql || p.resource->python))
        status = fst_app_check_resource(a, p.resource, NULL, NULL, NULL, out, problem, err);
    else
        status = fst__nothing_there(&p, err);
    if (status == FST_OK)
        fst__note_columns(a, p.resource, *out);
    fst_place_done(&p);
    return status;
}
