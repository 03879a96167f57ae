/* What tells the rows of a resource apart, and the run before another. */
#include <string.h>

#include "app.h"

/* Of a feature or label: its entity, and its timestamp where it has one. */
static size_t keys_of_value(const struct fst_resource *r, struct fst_arena *arena,
                            const char *keys[2], const char **of)
{
    size_t n = 0;
    keys[n++] = fst_arena_strdup(arena, r->entity_column);
    if (r->timestamp_column)
        keys[n++] = fst_arena_strdup(arena, r->timestamp_column);
    *of = fst_arena_printf(arena, "%s %s", fst_kinds[r->kind].name, fst_resource_label(r));
    return n;
}

static size_t keys_of_training_set(struct fst_catalog *c, const struct fst_resource *r,
                                   struct fst_arena *arena, const char *keys[2], const char **of)
{
    struct fst_resource *label;
    size_t n = 0;
    if (fst_catalog_find(c, FST_LABEL, r->label.name, r->label.variant, &label, NULL) != FST_OK)
        return 0;
    keys[n++] = fst_arena_strdup(arena, label->entity);
    if (label->timestamp_column)
        keys[n++] = "label_timestamp";
    *of = fst_arena_printf(arena, "label %s", fst_resource_label(label));
    fst_resource_free(label);
    return n;
}

/* Of the features and labels that stand on it, the first one with a timestamp, else the first. */
static size_t keys_of_dependents(struct fst_catalog *c, const struct fst_resource *r,
                                 struct fst_arena *arena, const char *keys[2], const char **of)
{
    struct fst_neighbourhood near;
    size_t n = 0;
    if (fst_catalog_neighbourhood(c, r->id, false, true, 1, false, &near, NULL) != FST_OK)
        return 0;
    for (size_t i = 0; i < near.nodes.n && n < 2; i++) {
        const struct fst_item *item = &near.nodes.items[i];
        struct fst_resource *value;
        if ((item->kind != FST_FEATURE && item->kind != FST_LABEL) ||
            fst_catalog_get(c, item->id, &value, NULL) != FST_OK)
            continue;
        if (n == 0 || value->timestamp_column)
            n = keys_of_value(value, arena, keys, of);
        fst_resource_free(value);
    }
    fst_neighbourhood_done(&near);
    return n;
}

size_t fst_app_keys(struct fst_app *a, const struct fst_resource *r, struct fst_arena *arena,
                    const char *keys[2], const char **of)
{
    struct fst_catalog *c;
    size_t n = 0;
    *of = NULL;
    if (!r || fst_app_take(a, &c, NULL) != FST_OK)
        return 0;
    if (r->kind == FST_FEATURE || r->kind == FST_LABEL)
        n = keys_of_value(r, arena, keys, of);
    else if (r->kind == FST_TRAINING_SET)
        n = keys_of_training_set(c, r, arena, keys, of);
    else
        n = keys_of_dependents(c, r, arena, keys, of);
    fst_app_give(a, c);
    return n;
}

static enum fst_status run_before(struct fst_catalog *c, const char *run_id,
                                  struct fst_run_record **out, struct fst_error *err)
{
    struct fst_run_record *run;
    struct fst_runs runs;
    FST_TRY(fst_catalog_get_run(c, run_id, &run, err));
    struct fst_run_query q = {.resource_id = run->resource_id, .state = FST_STATE_READY};
    enum fst_status status = fst_catalog_runs(c, &q, &runs, err);
    if (status == FST_OK) {
        const struct fst_run_record *found = NULL;
        for (size_t i = 0; i < runs.n && !found; i++)
            if (runs.runs[i]->created_us < run->created_us ||
                (runs.runs[i]->created_us == run->created_us &&
                 strcmp(runs.runs[i]->id, run->id) < 0))
                found = runs.runs[i];
        status = found ? fst_catalog_get_run(c, found->id, out, err)
                       : fst_fail(err, FST_ENOTFOUND, "%s.%s has no READY run before %s", run->name,
                                  run->variant, run->id);
        fst_runs_done(&runs);
    }
    fst_run_record_free(run);
    return status;
}

enum fst_status fst_app_run_before(struct fst_app *a, const char *run_id,
                                   struct fst_run_record **out, struct fst_error *err)
{
    struct fst_catalog *c;
    *out = NULL;
    FST_TRY(fst_app_take(a, &c, err));
    enum fst_status status = run_before(c, run_id, out, err);
    fst_app_give(a, c);
    return status;
}
