/* A row of a training set, feature by feature: which row of the feature's source it was taken from,
 * how old that was, and what decided. The sources are those that the run read; the questions are
 * those that the point-in-time join answers, asked for one entity. */
#include <stdlib.h>
#include <string.h>

#include "app.h"

const char *const fst_taken_names[] = {"taken", "too_old", "later", "no_rows", "no_key", "unknown"};

struct tracing {
    struct fst_app *app;
    const struct fst_trace_options *o;
    struct fst_trace *out;
    struct fst_resource *resource;
    struct fst_run_record *run;
    struct fst_bound bound;
    struct fst_frame *row; /* of the training set */
    char *entity, *time;   /* as SQL; NULL = NULL */
    bool has_time_us;
    int64_t time_us;
};

/* ---- Values ---------------------------------------------------------------------------------- */

static struct fst_traced_cell cell_of(struct fst_arena *arena, const char *name,
                                      const struct fst_column *c, size_t row)
{
    struct fst_buf text = FST_BUF(1 << 20), json = FST_BUF(1 << 20);
    bool there = fst_cell_text(&text, c, row, FST_CELL_PLAIN);
    fst_cell_json(&json, c, row);
    struct fst_traced_cell cell = {fst_arena_strdup(arena, name),
                                   there ? fst_arena_strdup(arena, fst_buf_text(&text)) : NULL,
                                   fst_arena_strdup(arena, fst_buf_text(&json))};
    fst_buf_done(&text);
    fst_buf_done(&json);
    return cell;
}

static char *sql_of(const struct fst_column *c)
{
    struct fst_buf sql = FST_BUF_TEXT;
    bool good = !fst_column_is_null(c, 0) && fst_cell_literal(&sql, c, 0);
    char *copy = good ? fst_buf_take(&sql) : NULL;
    fst_buf_done(&sql);
    return copy;
}

static bool micros_of(const struct fst_column *c, int64_t *us)
{
    enum fst_kind kind = c->type.kind;
    bool is_time = kind == FST_TIMESTAMP || kind == FST_TIMESTAMP_NTZ || kind == FST_DATE;
    if (!is_time || fst_column_is_null(c, 0))
        return false;
    *us = fst_column_int(c, 0) * (kind == FST_DATE ? INT64_C(86400000000) : 1);
    return true;
}

/* ---- The row of the training set ------------------------------------------------------------- */

static bool add_key(struct fst_buf *where, const struct fst_schema *s, size_t at, const char *text)
{
    fst_buf_adds(where, where->n ? " AND " : "");
    fst_sql_quote(where, s->fields[at].name);
    fst_buf_adds(where, " = ");
    return fst_text_literal(where, &s->fields[at].type, text, strlen(text));
}

static enum fst_status condition(struct tracing *x, const char *target, char **out,
                                 struct fst_error *err)
{
    struct fst_schema *s;
    struct fst_buf where = FST_BUF_TEXT;
    bool good = true;
    *out = fst_strdup(x->o->where);
    if (!x->o->key)
        return FST_OK;
    FST_TRY(fst_app_schema(x->app, target, &s, NULL, err));
    good = s->n > 0 && add_key(&where, s, 0, x->o->key);
    int at = fst_schema_find(s, "label_timestamp");
    if (x->o->at && at < 0)
        good = false;
    else if (x->o->at)
        good &= add_key(&where, s, (size_t)at, x->o->at);
    fst_schema_free(s);
    if (good)
        *out = fst_buf_take(&where);
    fst_buf_done(&where);
    return good ? FST_OK
                : fst_fail(err, FST_EINVAL, "%s has no label_timestamp to look for", x->out->label);
}

static enum fst_status read_row(struct tracing *x, const char *target, const char *where,
                                struct fst_error *err)
{
    struct fst_preview_options o = {.where = where,
                                    .offset = x->o->row ? x->o->row - 1 : 0,
                                    .limit = 1,
                                    .cancelled = x->o->cancelled,
                                    .cancel_arg = x->o->cancel_arg};
    struct fst_reader *reader;
    struct fst_place place;
    FST_TRY(fst_app_preview(x->app, target, &o, &reader, &place, NULL, err));
    enum fst_status status = fst_reader_next(reader, 1, &x->row, err);
    fst_reader_close(reader);
    fst_place_done(&place);
    FST_TRY(status);
    if (!x->row || !x->row->n_rows)
        return fst_fail(err, FST_ENOTFOUND, "%s has no such row", x->out->label);
    return FST_OK;
}

static enum fst_status find_row(struct tracing *x, struct fst_error *err)
{
    char *target = fst_asprintf("training_set/%s@%s", x->out->label, x->run->id), *where = NULL;
    enum fst_status status = condition(x, target, &where, err);
    if (status == FST_OK)
        status = read_row(x, target, where, err);
    free(target);
    free(where);
    FST_TRY(status);
    const struct fst_schema *s = x->row->schema;
    struct fst_arena *arena = x->out->arena;
    size_t last = s->n - 1;
    x->out->entity = cell_of(arena, s->fields[0].name, &x->row->columns[0], 0);
    x->out->answer = cell_of(arena, s->fields[last].name, &x->row->columns[last], 0);
    x->entity = sql_of(&x->row->columns[0]);
    int at = fst_schema_find(s, "label_timestamp");
    if (at < 0)
        return FST_OK;
    x->out->time = cell_of(arena, "label_timestamp", &x->row->columns[at], 0);
    x->time = sql_of(&x->row->columns[at]);
    x->has_time_us = micros_of(&x->row->columns[at], &x->time_us);
    return FST_OK;
}

/* ---- Which rows a feature has ---------------------------------------------------------------- */

static void add_interval(struct fst_buf *b, int64_t us)
{
    fst_buf_printf(b, " + INTERVAL '%lld.%06lld' SECOND", (long long)(us / 1000000),
                   (long long)(us % 1000000));
}

/* As the join has it: text is read as a timestamp. */
static void add_time(struct fst_buf *b, const struct fst_ts_part *p)
{
    bool text = p->timestamp_type.kind == FST_STRING;
    fst_buf_adds(b, text ? "CAST(" : "");
    fst_sql_quote(b, p->timestamp);
    fst_buf_adds(b, text ? " AS TIMESTAMP)" : "");
}

static void add_begins(struct fst_buf *b, const struct fst_ts_part *p)
{
    add_time(b, p);
    if (p->lag_us)
        add_interval(b, p->lag_us);
}

static void add_rows_of_entity(struct fst_buf *b, const struct tracing *x,
                               const struct fst_ts_part *p)
{
    fst_buf_adds(b, " FROM `rows` WHERE ");
    fst_sql_quote(b, p->entity);
    fst_buf_printf(b, " = %s", x->entity);
    if (!p->timestamp)
        return;
    fst_buf_adds(b, " AND ");
    fst_sql_quote(b, p->timestamp);
    fst_buf_adds(b, " IS NOT NULL");
}

static bool is_number(const struct fst_ts_part *p)
{
    enum fst_kind k = p->timestamp_type.kind;
    return k != FST_STRING && k != FST_DATE && k != FST_TIMESTAMP && k != FST_TIMESTAMP_NTZ;
}

static enum fst_status ask_one(struct tracing *x, const struct fst_input *input, const char *sql,
                               struct fst_frame **out, struct fst_error *err)
{
    struct fst_preview_options o = {.cancelled = x->o->cancelled, .cancel_arg = x->o->cancel_arg};
    struct fst_reader *reader;
    *out = NULL;
    FST_TRY(fst__query_over(x->app, input, 1, sql, &o, 1, &reader, NULL, err));
    enum fst_status status = fst_reader_next(reader, 1, out, err);
    fst_reader_close(reader);
    if (status == FST_OK && *out && !(*out)->n_rows) {
        fst_frame_unref(*out);
        *out = NULL;
    }
    return status;
}

static enum fst_status count_rows(struct tracing *x, const struct fst_ts_part *p,
                                  const struct fst_input *input, struct fst_traced *t,
                                  struct fst_error *err)
{
    struct fst_buf sql = FST_BUF_TEXT;
    struct fst_frame *f;
    fst_buf_adds(&sql, "SELECT count(*) AS n, ");
    if (t->by_time) {
        fst_buf_adds(&sql, "count(CASE WHEN ");
        add_begins(&sql, p);
        fst_buf_printf(&sql, " <= %s THEN 1 END)", x->time);
    } else {
        fst_buf_adds(&sql, "count(*)");
    }
    fst_buf_adds(&sql, " AS b");
    add_rows_of_entity(&sql, x, p);
    enum fst_status status = ask_one(x, input, fst_buf_text(&sql), &f, err);
    fst_buf_done(&sql);
    if (status != FST_OK || !f)
        return status;
    t->rows = (uint64_t)fst_column_int(&f->columns[0], 0);
    t->before = (uint64_t)fst_column_int(&f->columns[1], 0);
    fst_frame_unref(f);
    return FST_OK;
}

/* The row that the join takes: the newest that counts, and of several the greatest value. */
static enum fst_status newest(struct tracing *x, const struct fst_ts_part *p,
                              const struct fst_input *input, bool by_time, struct fst_frame **out,
                              struct fst_error *err)
{
    struct fst_buf sql = FST_BUF_TEXT;
    fst_buf_adds(&sql, "SELECT *, ");
    if (p->timestamp && !is_number(p)) {
        fst_buf_adds(&sql, "CAST(");
        add_time(&sql, p);
        fst_buf_adds(&sql, " AS TIMESTAMP)");
    } else {
        fst_buf_adds(&sql, "NULL");
    }
    fst_buf_adds(&sql, " AS `when it was`");
    add_rows_of_entity(&sql, x, p);
    if (by_time) {
        fst_buf_adds(&sql, " AND ");
        add_begins(&sql, p);
        fst_buf_printf(&sql, " <= %s", x->time);
    }
    fst_buf_adds(&sql, " ORDER BY ");
    if (p->timestamp) {
        add_time(&sql, p);
        fst_buf_adds(&sql, " DESC, ");
    }
    fst_sql_quote(&sql, p->value);
    fst_buf_adds(&sql, " DESC LIMIT 1");
    enum fst_status status = ask_one(x, input, fst_buf_text(&sql), out, err);
    fst_buf_done(&sql);
    return status;
}

static enum fst_status count_ties(struct tracing *x, const struct fst_ts_part *p,
                                  const struct fst_input *input, const struct fst_frame *row,
                                  struct fst_traced *t, struct fst_error *err)
{
    struct fst_buf sql = FST_BUF_TEXT;
    struct fst_frame *f;
    const struct fst_column *time =
        p->timestamp && p->timestamp_type.kind == FST_STRING ? &row->columns[row->n_columns - 1]
        : p->timestamp ? &row->columns[fst_schema_find(row->schema, p->timestamp)]
                       : NULL;
    t->ties = 1;
    fst_buf_adds(&sql, "SELECT count(*) AS n");
    add_rows_of_entity(&sql, x, p);
    if (time) {
        fst_buf_adds(&sql, " AND ");
        add_time(&sql, p);
        fst_buf_adds(&sql, " = ");
    }
    enum fst_status status = FST_OK;
    if (!time || fst_cell_literal(&sql, time, 0)) {
        status = ask_one(x, input, fst_buf_text(&sql), &f, err);
        if (status == FST_OK && f) {
            t->ties = (uint64_t)fst_column_int(&f->columns[0], 0);
            fst_frame_unref(f);
        }
    }
    fst_buf_done(&sql);
    return status;
}

/* ---- One feature ----------------------------------------------------------------------------- */

static void take_cells(struct tracing *x, const struct fst_frame *row, struct fst_traced *t)
{
    t->cells = fst_arena_alloc(x->out->arena, (row->n_columns + 1) * sizeof *t->cells);
    for (size_t i = 0; i + 1 < row->n_columns; i++)
        t->cells[t->n_cells++] =
            cell_of(x->out->arena, row->schema->fields[i].name, &row->columns[i], 0);
}

static void take_age(struct tracing *x, const struct fst_frame *row, struct fst_traced *t)
{
    int64_t us;
    t->has_age = x->has_time_us && t->by_time && micros_of(&row->columns[row->n_columns - 1], &us);
    if (!t->has_age)
        return;
    t->age_us = x->time_us - us;
    if (t->max_age_us && t->age_us - t->lag_us > t->max_age_us)
        t->taken = FST_TAKEN_TOO_OLD;
}

static enum fst_status take_row(struct tracing *x, const struct fst_ts_part *p,
                                const struct fst_input *input, const struct fst_frame *row,
                                struct fst_traced *t, struct fst_error *err)
{
    int value = fst_schema_find(row->schema, p->value);
    int time = p->timestamp ? fst_schema_find(row->schema, p->timestamp) : -1;
    if (value < 0 || (p->timestamp && time < 0))
        return fst_fail(err, FST_ENOTFOUND, "it has no column %s any more",
                        value < 0 ? p->value : p->timestamp);
    t->taken = FST_TAKEN;
    take_cells(x, row, t);
    take_age(x, row, t);
    if (time >= 0)
        t->time = t->cells[time].text;
    if (t->taken == FST_TAKEN)
        t->value = cell_of(x->out->arena, t->column, &row->columns[value], 0);
    return count_ties(x, p, input, row, t, err);
}

static enum fst_status trace_rows(struct tracing *x, const struct fst_ts_part *p,
                                  const struct fst_input *input, struct fst_traced *t,
                                  struct fst_error *err)
{
    struct fst_frame *row;
    FST_TRY(count_rows(x, p, input, t, err));
    t->taken = t->rows ? FST_TAKEN_LATER : FST_TAKEN_NO_ROWS;
    if (!t->before)
        return FST_OK;
    FST_TRY(newest(x, p, input, t->by_time, &row, err));
    if (!row)
        return FST_OK;
    enum fst_status status = take_row(x, p, input, row, t, err);
    fst_frame_unref(row);
    return status;
}

/* What the run read is kept in its record; where that is gone the newest is all there is. */
static struct fst_input input_of(struct tracing *x, const struct fst_ts_part *p,
                                 struct fst_traced *t)
{
    struct fst_input input = {0};
    for (size_t i = 0; i < x->bound.work.n_inputs; i++)
        if (strcmp(x->bound.work.inputs[i].name, p->table) == 0)
            input = x->bound.work.inputs[i];
    size_t n = strlen(p->table);
    t->source = fst_arena_strndup(x->out->arena, p->table + 1, n > 2 ? n - 2 : 0);
    t->run_id = "";
    for (size_t i = 0; i < x->run->n_inputs; i++) {
        const struct fst_run_input *was = &x->run->inputs[i];
        if (strcmp(was->label, t->source) != 0)
            continue;
        t->run_id = fst_arena_strdup(x->out->arena, was->run_id ? was->run_id : "");
        if (*t->run_id)
            input.uri = was->uri;
    }
    t->uri = fst_arena_strdup(x->out->arena, input.uri);
    input.name = "rows";
    return input;
}

static void take_target(struct tracing *x, const struct fst_ts_part *p, struct fst_traced *t)
{
    struct fst_arena *arena = x->out->arena;
    struct fst_buf where = FST_BUF_TEXT;
    t->rows_target =
        *t->run_id ? fst_arena_printf(arena, "%s@%s", t->source, t->run_id) : t->source;
    if (x->entity) {
        fst_sql_quote(&where, p->entity);
        fst_buf_printf(&where, " = %s", x->entity);
        t->rows_where = fst_arena_strdup(arena, fst_buf_text(&where));
    }
    fst_buf_done(&where);
}

static enum fst_status trace_feature(struct tracing *x, const struct fst_ts_part *p,
                                     struct fst_traced *t, struct fst_error *err)
{
    struct fst_arena *arena = x->out->arena;
    struct fst_error why = {0};
    *t = (struct fst_traced){.column = fst_arena_strdup(arena, p->column),
                             .entity_column = fst_arena_strdup(arena, p->entity),
                             .value_column = fst_arena_strdup(arena, p->value),
                             .time_column = fst_arena_strdup(arena, p->timestamp),
                             .by_time = p->timestamp && x->out->time.name,
                             .lag_us = p->lag_us,
                             .max_age_us = p->max_age_us};
    struct fst_input input = input_of(x, p, t);
    enum fst_status status = FST_OK;
    int at = fst_schema_find(x->row->schema, p->column);
    take_target(x, p, t);
    t->taken = FST_TAKEN_NO_KEY;
    if (!input.uri)
        status = fst_fail(&why, FST_EUNSUPPORTED, "its rows cannot be read by the embedded engine");
    else if (x->entity && (!t->by_time || x->time))
        status = trace_rows(x, p, &input, t, &why);
    if (status == FST_ECANCELLED)
        return fst_fail(err, status, "tracing was cancelled");
    if (status != FST_OK) {
        t->taken = FST_TAKEN_UNKNOWN;
        t->error = fst_arena_strdup(arena, why.text);
    }
    if (at >= 0)
        t->in_row = cell_of(arena, p->column, &x->row->columns[at], 0);
    t->agrees = at >= 0 && fst_text_same(t->value.text, t->in_row.text);
    return FST_OK;
}

/* ---- All of it ------------------------------------------------------------------------------- */

static enum fst_status find_set(struct tracing *x, struct fst_catalog *c, const char *target,
                                struct fst_error *err)
{
    struct fst_target t;
    if (!fst_target_parse(x->out->arena, target, &t))
        return fst_fail(err, FST_EINVAL, "%s is not the name of a training set", target);
    FST_TRY(fst_catalog_resolve(c, &t, &x->resource, err));
    x->out->label = fst_arena_strdup(x->out->arena, fst_resource_label(x->resource));
    if (x->resource->kind != FST_TRAINING_SET)
        return fst_fail(err, FST_EINVAL, "%s is a %s: rows of training sets are traced",
                        x->out->label, fst_kinds[x->resource->kind].name);
    char *id = fst_strdup(t.run);
    struct fst_run_record *newest = NULL;
    if (!id) {
        FST_TRY(fst_catalog_ready_run(c, x->resource->id, &newest, err));
        id = fst_strdup(newest->id);
        fst_run_record_free(newest);
    }
    enum fst_status status = fst_catalog_get_run(c, id, &x->run, err);
    free(id);
    FST_TRY(status);
    if (x->run->resource_id != x->resource->id)
        return fst_fail(err, FST_EINVAL, "run %s is not one of %s", x->run->id, x->out->label);
    x->out->run_id = fst_arena_strdup(x->out->arena, x->run->id);
    struct fst_bind_context cx = fst__bind_context(x->app, c);
    return fst_bind_resource(&cx, x->resource, "local", FST_BIND_CHECK, &x->bound, NULL, err);
}

static enum fst_status trace(struct tracing *x, const char *target, struct fst_error *err)
{
    struct fst_catalog *c;
    FST_TRY(fst_app_take(x->app, &c, err));
    enum fst_status status = find_set(x, c, target, err);
    fst_app_give(x->app, c);
    FST_TRY(status);
    FST_TRY(find_row(x, err));
    const struct fst_ts_plan *plan = x->bound.work.training;
    x->out->features = fst_arena_alloc(x->out->arena, plan->n_features * sizeof(struct fst_traced));
    for (size_t i = 0; i < plan->n_features; i++) {
        FST_TRY(trace_feature(x, &plan->features[i], &x->out->features[i], err));
        x->out->n_features++;
    }
    return FST_OK;
}

enum fst_status fst_app_trace(struct fst_app *a, const char *target,
                              const struct fst_trace_options *o, struct fst_trace *out,
                              struct fst_error *err)
{
    *out = (struct fst_trace){.arena = fst_arena_new()};
    struct tracing x = {.app = a, .o = o, .out = out};
    enum fst_status status = trace(&x, target, err);
    if (x.bound.arena)
        fst_bound_done(&x.bound);
    if (x.row)
        fst_frame_unref(x.row);
    if (x.run)
        fst_run_record_free(x.run);
    fst_resource_free(x.resource);
    free(x.entity);
    free(x.time);
    if (status != FST_OK)
        fst_trace_done(out);
    return status;
}

void fst_trace_done(struct fst_trace *t)
{
    if (t->arena)
        fst_arena_free(t->arena);
    *t = (struct fst_trace){0};
}
