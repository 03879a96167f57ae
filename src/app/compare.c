/* Two runs of one resource: schema and sizes, figures of each column, and rows by key. Rows are
 * joined by the embedded engine, whole outputs at a time; only rows that differ come back. */
#include "compare.h"

#include <string.h>

const char *const fst_row_change_names[] = {"changed", "gone", "new"};

/* ---- Which runs ------------------------------------------------------------------------------ */

/* The resource whose runs are meant: of a feature or label that of what it stands on. */
static enum fst_status find_resource(struct fst_catalog *c, const char *target, int64_t *id,
                                     const char **label, struct fst_arena *arena,
                                     struct fst_error *err)
{
    struct fst_target t;
    struct fst_resource *r, *from;
    if (!fst_target_parse(arena, target, &t))
        return fst_fail(err, FST_EINVAL, "%s is not a name: runs of a resource are compared",
                        target);
    FST_TRY(fst_catalog_resolve(c, &t, &r, err));
    enum fst_status status = FST_OK;
    if (r->kind == FST_FEATURE || r->kind == FST_LABEL) {
        status = fst_catalog_find(c, FST_TRANSFORMATION, r->from.name, r->from.variant, &from, err);
        if (status == FST_OK) {
            fst_resource_free(r);
            r = from;
        }
    }
    if (status == FST_OK && r->kind != FST_TRANSFORMATION && r->kind != FST_TRAINING_SET)
        status = fst_fail(err, FST_EINVAL, "%s: a %s has no runs with rows to compare",
                          fst_resource_label(r), fst_kinds[r->kind].name);
    *id = r->id;
    *label = fst_arena_strdup(arena, fst_resource_label(r));
    fst_resource_free(r);
    return status;
}

static enum fst_status take_run(struct comparing *x, const struct fst_run_record *run,
                                struct fst_compared_run *to, struct fst_error *err)
{
    struct fst_arena *arena = x->out->arena;
    if (run->resource_id != x->resource_id)
        return fst_fail(err, FST_ENOTFOUND, "run %s is one of %s.%s, not of %s", run->id, run->name,
                        run->variant, x->out->label);
    if (run->state != FST_STATE_READY)
        return fst_fail(err, FST_EINVAL, "run %s is %s and has no output", run->id,
                        fst_states[run->state].name);
    *to = (struct fst_compared_run){
        .id = fst_arena_strdup(arena, run->id),
        .target = fst_arena_printf(arena, "%s@%s", x->out->label, run->id),
        .finished_us = run->finished_us,
        .rows = run->rows,
    };
    return FST_OK;
}

static enum fst_status named_run(struct comparing *x, struct fst_catalog *c, const char *id,
                                 struct fst_compared_run *to, struct fst_error *err)
{
    struct fst_run_record *run;
    enum fst_status status = id ? fst_catalog_get_run(c, id, &run, err)
                                : fst_catalog_ready_run(c, x->resource_id, &run, err);
    if (status == FST_ENOTFOUND && !id)
        fst_fail(err, FST_ENOTFOUND, "%s has no READY run yet", x->out->label);
    FST_TRY(status);
    status = take_run(x, run, to, err);
    fst_run_record_free(run);
    return status;
}

static enum fst_status find_runs(struct comparing *x, const char *target, struct fst_error *err)
{
    struct fst_catalog *c;
    struct fst_run_record *before = NULL;
    FST_TRY(fst_app_take(x->app, &c, err));
    enum fst_status status =
        find_resource(c, target, &x->resource_id, &x->out->label, x->out->arena, err);
    if (status == FST_OK)
        status = named_run(x, c, x->o->after, &x->out->after, err);
    if (status == FST_OK && x->o->before)
        status = named_run(x, c, x->o->before, &x->out->before, err);
    fst_app_give(x->app, c);
    if (status != FST_OK || x->o->before)
        return status;
    FST_TRY(fst_app_run_before(x->app, x->out->after.id, &before, err));
    status = take_run(x, before, &x->out->before, err);
    fst_run_record_free(before);
    return status;
}

static void take_size(struct comparing *x, struct fst_compared_run *run)
{
    struct fst_place p;
    struct fst_table_stat stat;
    struct fst_error err = {0};
    if (fst_app_find(x->app, run->target, &p, &err) != FST_OK)
        return;
    if (p.uri && fst_store_stat_table(p.uri, p.format, &stat, &err) == FST_OK)
        run->bytes = stat.size;
    fst_place_done(&p);
}

/* ---- Columns --------------------------------------------------------------------------------- */

static const char *type_text(struct fst_arena *arena, const struct fst_type *t)
{
    struct fst_buf text = FST_BUF_TEXT;
    fst_type_text(&text, t);
    const char *copy = fst_arena_strdup(arena, fst_buf_text(&text));
    fst_buf_done(&text);
    return copy;
}

static bool has_order(const struct fst_type *t)
{
    return !fst_type_is_nested(t) && t->kind != FST_VARIANT && t->kind != FST_UNKNOWN;
}

static void add_column(struct comparing *x, const struct fst_field *before,
                       const struct fst_field *after)
{
    struct fst_comparison *out = x->out;
    struct fst_compared_column *c = &out->columns[out->n_columns++];
    *c = (struct fst_compared_column){
        .name = fst_arena_strdup(out->arena, after ? after->name : before->name),
        .before_type = before ? type_text(out->arena, &before->type) : NULL,
        .after_type = after ? type_text(out->arena, &after->type) : NULL,
        .type = fst_type(FST_UNKNOWN)};
    if (before && after && fst_type_eq(&before->type, &after->type) && has_order(&after->type)) {
        c->is_compared = true;
        c->type = after->type;
    }
}

static enum fst_status take_columns(struct comparing *x, struct fst_error *err)
{
    struct fst_comparison *out = x->out;
    struct fst_schema *before, *after;
    FST_TRY(fst_app_schema(x->app, out->before.target, &before, NULL, err));
    enum fst_status status = fst_app_schema(x->app, out->after.target, &after, NULL, err);
    if (status != FST_OK) {
        fst_schema_free(before);
        return status;
    }
    out->columns = fst_arena_alloc(out->arena, (before->n + after->n + 1) * sizeof *out->columns);
    for (size_t i = 0; i < after->n; i++) {
        int at = fst_schema_find(before, after->fields[i].name);
        add_column(x, at < 0 ? NULL : &before->fields[at], &after->fields[i]);
    }
    for (size_t i = 0; i < before->n; i++)
        if (fst_schema_find(after, before->fields[i].name) < 0)
            add_column(x, &before->fields[i], NULL);
    fst_schema_free(before);
    fst_schema_free(after);
    return FST_OK;
}

static bool add_key(struct fst_comparison *out, const char *name)
{
    for (size_t i = 0; i < out->n_columns; i++)
        if (strcmp(out->columns[i].name, name) == 0 && out->columns[i].is_compared) {
            out->columns[i].is_key = true;
            out->keys[out->n_keys++] = i;
            return true;
        }
    return false;
}

static enum fst_status take_keys(struct comparing *x, struct fst_error *err)
{
    struct fst_comparison *out = x->out;
    const char *own[2], *const *names = x->o->keys;
    size_t n = x->o->n_keys;
    struct fst_place p;
    if (n == 0) {
        FST_TRY(fst_app_find(x->app, x->out->label, &p, err));
        names = own;
        n = fst_app_keys(x->app, p.resource, out->arena, own, &out->keys_of);
        fst_place_done(&p);
    } else {
        out->keys_of = "given";
    }
    out->keys = fst_arena_alloc(out->arena, (n + 1) * sizeof *out->keys);
    for (size_t i = 0; i < n; i++) {
        if (add_key(out, names[i]))
            continue;
        if (x->o->n_keys)
            return fst_fail(err, FST_EINVAL,
                            "%s: no column %s that both runs have with the same plain type",
                            out->label, names[i]);
        out->n_keys = 0; /* what stands on it says more than it has */
        return FST_OK;
    }
    return FST_OK;
}

/* ---- Figures --------------------------------------------------------------------------------- */

static void share_progress(void *arg, uint64_t rows, int64_t of)
{
    const struct comparing *x = arg;
    int64_t all = x->out->before.rows >= 0 && x->out->after.rows >= 0
                      ? x->out->before.rows + x->out->after.rows
                      : -1;
    (void)of;
    if (x->o->progress)
        x->o->progress(x->o->arg, x->seen + rows, all);
}

static enum fst_status figures_of(struct comparing *x, struct fst_compared_run *run, bool is_after,
                                  struct fst_error *err)
{
    struct fst_comparison *out = x->out;
    struct fst_table_stats t;
    struct fst_stats_options o = {.scan = true,
                                  .progress = share_progress,
                                  .arg = x,
                                  .cancelled = x->o->cancelled,
                                  .cancel_arg = x->o->cancel_arg};
    FST_TRY(fst_app_stats(x->app, run->target, &o, &t, NULL, err));
    run->rows = (int64_t)t.rows;
    x->seen += t.rows;
    for (size_t i = 0; i < out->n_columns; i++)
        for (size_t k = 0; k < t.n_columns; k++)
            if (strcmp(out->columns[i].name, t.columns[k].name) == 0)
                *(is_after ? &out->columns[i].after : &out->columns[i].before) = &t.columns[k];
    x->kept[is_after] = t.arena; /* lives on with the comparison */
    return FST_OK;
}

static enum fst_status take_figures(struct comparing *x, struct fst_error *err)
{
    FST_TRY(figures_of(x, &x->out->before, false, err));
    FST_TRY(figures_of(x, &x->out->after, true, err));
    x->out->has_figures = true;
    return FST_OK;
}

/* ---- All of it ------------------------------------------------------------------------------- */

static enum fst_status compare(struct comparing *x, const char *target, struct fst_error *err)
{
    FST_TRY(find_runs(x, target, err));
    take_size(x, &x->out->before);
    take_size(x, &x->out->after);
    FST_TRY(take_columns(x, err));
    FST_TRY(take_keys(x, err));
    if (x->o->figures)
        FST_TRY(take_figures(x, err));
    if (x->o->rows && x->out->n_keys)
        FST_TRY(fst__compare_rows(x, err));
    return FST_OK;
}

enum fst_status fst_app_compare(struct fst_app *a, const char *target,
                                const struct fst_compare_options *o, struct fst_comparison *out,
                                struct fst_error *err)
{
    *out = (struct fst_comparison){.arena = fst_arena_new()};
    struct comparing x = {.app = a, .o = o, .out = out};
    enum fst_status status = compare(&x, target, err);
    out->kept[0] = x.kept[0];
    out->kept[1] = x.kept[1];
    if (status != FST_OK)
        fst_comparison_done(out);
    return status;
}

void fst_comparison_done(struct fst_comparison *c)
{
    for (size_t i = 0; i < FST_COUNT(c->kept); i++)
        if (c->kept[i])
            fst_arena_free(c->kept[i]);
    if (c->arena)
        fst_arena_free(c->arena);
    free(c->rows);
    *c = (struct fst_comparison){0};
}

/* ---- In words -------------------------------------------------------------------------------- */

static void add_change(struct fst_buf *out, const char *word, const struct fst_figure *before,
                       const struct fst_figure *after, const char *arrow)
{
    bool said = before->how != FST_NOT_SAID || after->how != FST_NOT_SAID;
    const char *from = before->how != FST_NOT_SAID ? before->text : "none";
    const char *to = after->how != FST_NOT_SAID ? after->text : "none";
    if (!said || strcmp(from, to) == 0)
        return;
    bool is_about = before->how == FST_APPROXIMATE || after->how == FST_APPROXIMATE;
    fst_buf_printf(out, "%s%s %s%s%s%s", out->n ? ", " : "", word, from, arrow, to,
                   is_about ? " (about)" : "");
}

void fst_column_changes_text(struct fst_buf *out, const struct fst_compared_column *c,
                             const char *arrow)
{
    static const struct {
        enum fst_figure_id id;
        const char *word;
    } said[] = {{FST_FIGURE_NULLS, "NULLs"},
                {FST_FIGURE_MIN, "least"},
                {FST_FIGURE_MAX, "greatest"},
                {FST_FIGURE_DISTINCT, "distinct"}};
    for (size_t i = 0; c->before && c->after && i < FST_COUNT(said); i++)
        add_change(out, said[i].word, &c->before->figures[said[i].id],
                   &c->after->figures[said[i].id], arrow);
    if (!c->changed)
        return;
    fst_buf_adds(out, out->n ? ", " : "");
    fst_count_text(out, (int64_t)c->changed);
    fst_buf_adds(out, c->changed == 1 ? " cell changed" : " cells changed");
}
