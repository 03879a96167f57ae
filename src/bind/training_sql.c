/* The point-in-time join as SQL: one sort a feature, never a product of rows.
 *
 * Each feature is one stage over the stage before: label rows (src 1) and the feature's rows (src
 * 0) in one stream ordered by entity, time, src and value; the newest feature row so far is what a
 * label row takes, also when its value is NULL. Feature rows sort before label rows of the same
 * instant, so "at or before" includes the instant; of two feature rows at one instant the greater
 * value wins.
 *
 * Engines with structs carry that row along as a struct (last_value that ignores NULL structs). The
 * plain form numbers the feature rows with a running sum and takes the first value of each number:
 * same rows, no structs. Features without a timestamp, and labels without one, are one value an
 * entity: a left join on a grouped side, which has at most one row for each entity. */
#include <string.h>

#include "bind.h"

#define KEYS "__e, __t, __y"

static void identifier(struct fst_buf *b, const char *name)
{
    fst_buf_addc(b, '`');
    for (const char *p = name; *p; p++) {
        if (*p == '`')
            fst_buf_addc(b, '`');
        fst_buf_addc(b, *p);
    }
    fst_buf_addc(b, '`');
}

/* A timestamp column as something that can be ordered and shifted: text is read as a timestamp. */
static void time_column(struct fst_buf *b, const struct fst_ts_part *part)
{
    bool text = part->timestamp_type.kind == FST_STRING;
    fst_buf_adds(b, text ? "CAST(" : "");
    identifier(b, part->timestamp);
    fst_buf_adds(b, text ? " AS TIMESTAMP)" : "");
}

static void interval(struct fst_buf *b, int64_t us)
{
    fst_buf_printf(b, "INTERVAL '%lld.%06lld' SECOND", (long long)(us / 1000000),
                   (long long)(us % 1000000));
}

/* ", __f0, __f1, ..." as names, or that many NULLs. */
static void earlier(struct fst_buf *b, size_t n, bool nulls)
{
    for (size_t i = 0; i < n; i++)
        if (nulls)
            fst_buf_adds(b, ", NULL");
        else
            fst_buf_printf(b, ", __f%zu", i);
}

static void label_stage(struct fst_buf *b, const struct fst_ts_part *label)
{
    fst_buf_adds(b, "SELECT ");
    identifier(b, label->entity);
    fst_buf_adds(b, " AS __e, ");
    if (label->timestamp)
        time_column(b, label);
    else
        fst_buf_adds(b, "NULL");
    fst_buf_adds(b, " AS __t, ");
    identifier(b, label->value);
    fst_buf_adds(b, " AS __y FROM ");
    identifier(b, label->table);
}

/* Feature rows that can count at all: WHERE entity (and time) is there. */
static void from_feature(struct fst_buf *b, const struct fst_ts_part *f)
{
    fst_buf_adds(b, " FROM ");
    identifier(b, f->table);
    fst_buf_adds(b, " WHERE ");
    identifier(b, f->entity);
    fst_buf_adds(b, " IS NOT NULL");
    if (f->timestamp) {
        fst_buf_adds(b, " AND ");
        identifier(b, f->timestamp);
        fst_buf_adds(b, " IS NOT NULL");
    }
}

/* Both kinds of rows in one stream: __s, __k (when it counts), keys, earlier features, __v. */
static void merged_rows(struct fst_buf *b, const struct fst_ts_part *f, size_t n,
                        const char *before)
{
    fst_buf_adds(b, "SELECT 1 AS __s, __t AS __k, " KEYS);
    earlier(b, n, false);
    fst_buf_printf(b, ", NULL AS __v FROM (%s) UNION ALL SELECT 0, ", before);
    time_column(b, f);
    if (f->lag_us) {
        fst_buf_adds(b, " + ");
        interval(b, f->lag_us);
    }
    fst_buf_adds(b, ", ");
    identifier(b, f->entity);
    fst_buf_adds(b, ", NULL, NULL");
    earlier(b, n, true);
    fst_buf_adds(b, ", ");
    identifier(b, f->value);
    from_feature(b, f);
}

#define IN_ORDER "ORDER BY __k, __s, __v ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW"

/* The value taken, unless it is too old. `value` and `when` are SQL. */
static void not_too_old(struct fst_buf *b, const struct fst_ts_part *f, size_t n, const char *value,
                        const char *when)
{
    if (f->max_age_us) {
        fst_buf_printf(b, ", CASE WHEN %s >= __t - ", when);
        interval(b, f->max_age_us);
        fst_buf_printf(b, " THEN %s END AS __f%zu", value, n);
    } else {
        fst_buf_printf(b, ", %s AS __f%zu", value, n);
    }
}

static void struct_stage(struct fst_buf *b, const struct fst_ts_part *f, size_t n,
                         const char *before)
{
    fst_buf_adds(b, "SELECT " KEYS);
    earlier(b, n, false);
    not_too_old(b, f, n, "__w.x", "__w.t");
    fst_buf_adds(b, " FROM (SELECT __s, " KEYS);
    earlier(b, n, false);
    fst_buf_adds(b,
                 ", last_value(CASE WHEN __s = 0 THEN named_struct('x', __v, 't', __k) END, true) "
                 "OVER (PARTITION BY __e " IN_ORDER ") AS __w FROM (");
    merged_rows(b, f, n, before);
    fst_buf_adds(b, ")) WHERE __s > 0");
}

static void plain_stage(struct fst_buf *b, const struct fst_ts_part *f, size_t n,
                        const char *before)
{
    fst_buf_adds(b, "SELECT " KEYS);
    earlier(b, n, false);
    not_too_old(b, f, n, "__x", "__a");
    fst_buf_adds(b, " FROM (SELECT __s, " KEYS);
    earlier(b, n, false);
    fst_buf_adds(b, ", first_value(__v) OVER (PARTITION BY __e, __g " IN_ORDER ") AS __x");
    if (f->max_age_us)
        fst_buf_adds(b, ", first_value(__k) OVER (PARTITION BY __e, __g " IN_ORDER ") AS __a");
    fst_buf_adds(b, " FROM (SELECT __s, __k, " KEYS);
    earlier(b, n, false);
    fst_buf_adds(b, ", __v, sum(1 - __s) OVER (PARTITION BY __e " IN_ORDER ") AS __g FROM (");
    merged_rows(b, f, n, before);
    fst_buf_adds(b, "))) WHERE __s > 0");
}

/* One value an entity, joined to the rows so far. */
static void joined_stage(struct fst_buf *b, const struct fst_ts_part *f, size_t n,
                         const char *before)
{
    fst_buf_adds(b, "SELECT " KEYS);
    earlier(b, n, false);
    fst_buf_printf(b, ", __v AS __f%zu FROM (%s) AS __l LEFT JOIN (SELECT __fe, __v FROM (SELECT ",
                   n, before);
    identifier(b, f->entity);
    fst_buf_adds(b, " AS __fe, ");
    identifier(b, f->value);
    fst_buf_adds(b, " AS __v, row_number() OVER (PARTITION BY ");
    identifier(b, f->entity);
    fst_buf_adds(b, " ORDER BY ");
    if (f->timestamp) {
        time_column(b, f);
        fst_buf_adds(b, " DESC, ");
    }
    identifier(b, f->value);
    fst_buf_adds(b, " DESC) AS __n");
    from_feature(b, f);
    fst_buf_adds(b, ") WHERE __n = 1) AS __r ON __e = __fe");
}

static void last_select(struct fst_buf *sql, const struct fst_ts_plan *p, const char *rows)
{
    fst_buf_adds(sql, "SELECT __e AS ");
    identifier(sql, p->entity_name);
    if (p->label.timestamp)
        fst_buf_adds(sql, ", __t AS label_timestamp");
    for (size_t i = 0; i < p->n_features; i++) {
        fst_buf_printf(sql, ", __f%zu AS ", i);
        identifier(sql, p->features[i].column);
    }
    fst_buf_adds(sql, ", __y AS ");
    identifier(sql, p->label.column);
    fst_buf_printf(sql, " FROM (%s)", rows);
}

static enum fst_status check_part(const struct fst_ts_plan *p, const struct fst_ts_part *f,
                                  struct fst_error *err)
{
    enum fst_kind kind = f->timestamp_type.kind;
    bool is_time = kind == FST_DATE || kind == FST_TIMESTAMP || kind == FST_TIMESTAMP_NTZ ||
                   kind == FST_STRING;
    if (f->lag_us && (!f->timestamp || !p->label.timestamp))
        return fst_fail(err, FST_EINVAL,
                        "%s: a lag needs a timestamp on the feature and on the label", f->column);
    if ((f->lag_us || f->max_age_us) && f->timestamp && !is_time)
        return fst_fail(err, FST_EINVAL,
                        "%s: a lag or max_age needs a timestamp or date column; %s is a number",
                        f->column, f->timestamp);
    return FST_OK;
}

static enum fst_status too_large(struct fst_error *err)
{
    return fst_fail(err, FST_ENOMEM, "the training set's SQL is over 4 MB: use fewer features");
}

enum fst_status fst_bind_training_sql(const struct fst_ts_plan *p, bool plain, struct fst_buf *sql,
                                      struct fst_error *err)
{
    struct fst_buf rows = FST_BUF(4 << 20), next = FST_BUF(4 << 20);
    label_stage(&rows, &p->label);
    enum fst_status status = rows.over ? too_large(err) : FST_OK;
    for (size_t i = 0; status == FST_OK && i < p->n_features; i++) {
        const struct fst_ts_part *f = &p->features[i];
        status = check_part(p, f, err);
        fst_buf_clear(&next);
        if (!f->timestamp || !p->label.timestamp)
            joined_stage(&next, f, i, fst_buf_text(&rows));
        else if (plain)
            plain_stage(&next, f, i, fst_buf_text(&rows));
        else
            struct_stage(&next, f, i, fst_buf_text(&rows));
        struct fst_buf swap = rows;
        rows = next;
        next = swap;
        if (status == FST_OK && rows.over)
            status = too_large(err);
    }
    if (status == FST_OK)
        last_select(sql, p, fst_buf_text(&rows));
    if (status == FST_OK && sql->over)
        status = too_large(err);
    fst_buf_done(&rows);
    fst_buf_done(&next);
    return status;
}

void fst_bind_ties_sql(const struct fst_ts_part *f, struct fst_buf *sql)
{
    fst_buf_adds(sql, "SELECT count(*) AS ties FROM (SELECT ");
    identifier(sql, f->entity);
    from_feature(sql, f);
    fst_buf_adds(sql, " GROUP BY ");
    identifier(sql, f->entity);
    if (f->timestamp) {
        fst_buf_adds(sql, ", ");
        identifier(sql, f->timestamp);
    }
    fst_buf_adds(sql, " HAVING count(*) > 1)");
}
