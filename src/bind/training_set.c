/* A training set's parts from the catalog: its label and features, their columns, the files they
 * lie in. */
#include <string.h>

#include "bind.h"
#include "firesteel/sql.h"

#define MAX_FEATURES 500

static const struct fst_field *column_of(const struct fst_schema *schema, const char *name)
{
    int i = schema ? fst_schema_find(schema, name) : -1;
    return i < 0 ? NULL : &schema->fields[i];
}

/* A column must be there under its name before anything is sent. */
static enum fst_status require(struct fst_binder *b, const struct fst_resource *r,
                               const char *table, const char *column)
{
    const struct fst_schema *schema = fst__bind_schema_of(b, table);
    if (!schema || !column || column_of(schema, column))
        return FST_OK;
    struct fst_buf names = FST_BUF(512);
    for (size_t i = 0; i < schema->n; i++)
        fst_buf_printf(&names, "%s%s", i ? ", " : "", schema->fields[i].name);
    fst_fail(b->err, FST_EINVAL, "%s: %s.%s has no column %s; it has %s", fst_resource_label(r),
             r->from.name, r->from.variant, column, fst_buf_text(&names));
    fst_buf_done(&names);
    return FST_EINVAL;
}

static enum fst_status part_of(struct fst_binder *b, const struct fst_resource *r,
                               struct fst_ts_part *out)
{
    struct fst_arena *a = b->out->arena;
    char *table = fst_arena_printf(a, "{%s.%s}", r->from.name, r->from.variant);
    FST_TRY(fst__bind_input(b, &r->from, table));
    FST_TRY(require(b, r, table, r->entity_column));
    FST_TRY(require(b, r, table, r->value_column));
    FST_TRY(require(b, r, table, r->timestamp_column));
    *out = (struct fst_ts_part){
        .column = fst_arena_printf(a, "%s__%s__%s", r->kind == FST_LABEL ? "Label" : "Feature",
                                   r->name, r->variant),
        .table = table,
        .entity = fst_arena_strdup(a, r->entity_column),
        .value = fst_arena_strdup(a, r->value_column),
        .timestamp = fst_arena_strdup(a, r->timestamp_column),
        .max_age_us = r->max_age_us,
    };
    const struct fst_schema *schema = fst__bind_schema_of(b, table);
    const struct fst_field *time = out->timestamp ? column_of(schema, out->timestamp) : NULL;
    if (time)
        out->timestamp_type = time->type;
    else if (out->timestamp)
        out->timestamp_type = fst_type(FST_TIMESTAMP);
    return FST_OK;
}

static enum fst_status part_of_feature(struct fst_binder *b, const struct fst_ref *ref,
                                       struct fst_ts_part *out)
{
    struct fst_resource *feature;
    FST_TRY(
        fst_catalog_find(b->cx->catalog, FST_FEATURE, ref->name, ref->variant, &feature, b->err));
    enum fst_status status = part_of(b, feature, out);
    fst_resource_free(feature);
    return status;
}

static const char *lag_column(struct fst_arena *a, const struct fst_lag *lag, const char *feature)
{
    if (lag->name)
        return fst_arena_strdup(a, lag->name);
    struct fst_buf age = FST_BUF(64);
    fst_duration_text(&age, lag->lag_us);
    const char *name = fst_arena_printf(a, "%s__lag_%s", feature, fst_buf_text(&age));
    fst_buf_done(&age);
    return name;
}

static enum fst_status all_features(struct fst_binder *b, const struct fst_resource *r,
                                    struct fst_ts_part *parts)
{
    for (size_t i = 0; i < r->n_features; i++)
        FST_TRY(part_of_feature(b, &r->features[i], &parts[i]));
    for (size_t i = 0; i < r->n_lags; i++) {
        struct fst_ts_part *part = &parts[r->n_features + i];
        FST_TRY(part_of_feature(b, &r->lags[i].feature, part));
        part->lag_us = r->lags[i].lag_us;
        part->column = lag_column(b->out->arena, &r->lags[i], part->column);
    }
    return FST_OK;
}

/* The run says how often the rule for ties decided. */
static void ask_for_ties(struct fst_binder *b, const struct fst_ts_part *parts, size_t n)
{
    struct fst_bound *out = b->out;
    out->questions = fst_arena_alloc(out->arena, n * sizeof *out->questions);
    for (size_t i = 0; i < n; i++) {
        struct fst_buf sql = FST_BUF(1 << 16);
        fst_bind_ties_sql(&parts[i], &sql);
        out->questions[out->n_questions++] = (struct fst_question){
            .what = fst_arena_printf(out->arena, "ties decided by the greater value in %s",
                                     parts[i].column),
            .sql = fst_arena_strdup(out->arena, fst_buf_text(&sql))};
        fst_buf_done(&sql);
    }
}

enum fst_status fst__bind_training_set(struct fst_binder *b, const struct fst_resource *r,
                                       char **sent)
{
    struct fst_arena *a = b->out->arena;
    size_t n = r->n_features + r->n_lags;
    if (n == 0 || n > MAX_FEATURES)
        return fst_fail(b->err, FST_EINVAL,
                        "%s: a training set has 1 to %d features and lags, not %zu",
                        fst_resource_label(r), MAX_FEATURES, n);
    struct fst_resource *label;
    FST_TRY(fst_catalog_find(b->cx->catalog, FST_LABEL, r->label.name, r->label.variant, &label,
                             b->err));
    struct fst_ts_part *parts = fst_arena_alloc(a, n * sizeof *parts);
    struct fst_ts_plan *plan = fst_arena_alloc(a, sizeof *plan);
    *plan = (struct fst_ts_plan){
        .entity_name = fst_arena_strdup(a, label->entity), .features = parts, .n_features = n};
    enum fst_status status = part_of(b, label, &plan->label);
    fst_resource_free(label);
    if (status == FST_OK)
        status = all_features(b, r, parts);
    struct fst_buf sql = FST_BUF(4 << 20);
    if (status == FST_OK)
        status =
            fst_bind_training_sql(plan, b->out->engine == fst_engine_named("local"), &sql, b->err);
    if (status == FST_OK) {
        *sent = fst_arena_strdup(a, fst_buf_text(&sql));
        b->out->work.training = plan;
        ask_for_ties(b, parts, r->n_features); /* lags look at the same rows */
    } else {
        fst_while(b->err, "training set %s", fst_resource_label(r));
    }
    fst_buf_done(&sql);
    return status;
}
