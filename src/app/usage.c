/* How much the outputs of runs take, which of them nobody needs any more, and taking those away.
 *
 * An output stays while its run may still be written, while it is the newest READY one of its
 * variant, while the newest run of anything else was made from it, and while a source lies there.
 */
#include <stdlib.h>
#include <string.h>

#include "app.h"

enum { MAX_FILES = 200000 };

/* ---- Who reads what -------------------------------------------------------------------------- */

struct need {
    struct fst_map *why; /* run id -> label of who reads its output */
    struct fst_map *newest;
    struct fst_map *sources; /* path -> which one lies there */
};

static bool may_be_written(const struct fst_run_record *r)
{
    return !fst_states[r->state].final || r->state == FST_STATE_LOST;
}

static enum fst_status note_inputs(struct fst_catalog *c, const char *id, const struct need *n,
                                   struct fst_arena *a, struct fst_error *err)
{
    struct fst_run_record *r;
    FST_TRY(fst_catalog_get_run(c, id, &r, err));
    for (size_t i = 0; i < r->n_inputs; i++)
        if (r->inputs[i].run_id && *r->inputs[i].run_id)
            fst_map_set(n->why, r->inputs[i].run_id,
                        fst_arena_printf(a, "read by %s.%s", r->name, r->variant));
    fst_run_record_free(r);
    return FST_OK;
}

/* Runs come with the newest first. */
static enum fst_status note_needs(struct fst_catalog *c, const struct fst_runs *runs,
                                  const struct need *n, struct fst_arena *a, struct fst_error *err)
{
    for (size_t i = 0; i < runs->n; i++) {
        const struct fst_run_record *r = runs->runs[i];
        char key[32];
        snprintf(key, sizeof key, "%lld", (long long)r->resource_id);
        bool newest = r->state == FST_STATE_READY && !fst_map_get(n->newest, key);
        if (newest)
            fst_map_set(n->newest, key, (void *)r);
        if (newest || may_be_written(r))
            FST_TRY(note_inputs(c, r->id, n, a, err));
    }
    return FST_OK;
}

/* One of them is below the other, or both are the same. */
static bool overlap(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    size_t least = n < m ? n : m;
    const char *rest = n < m ? b + n : a + m;
    return least && strncmp(a, b, least) == 0 && (!*rest || *rest == '/' || rest[-1] == '/');
}

/* Sources, of all variants, and where they lie. */
static enum fst_status note_sources(struct fst_catalog *c, const struct need *n,
                                    struct fst_arena *a, struct fst_error *err)
{
    struct fst_list_query q = {.kind = FST_SOURCE, .all_variants = true};
    struct fst_items items;
    FST_TRY(fst_catalog_list(c, &q, &items, err));
    enum fst_status status = FST_OK;
    for (size_t i = 0; status == FST_OK && i < items.n; i++) {
        struct fst_resource *r;
        status = fst_catalog_get(c, items.items[i].id, &r, err);
        if (status != FST_OK)
            break;
        char *local = r->path ? fst_store_local_path(r->path) : NULL;
        if (r->path)
            fst_map_set(n->sources, local ? local : r->path,
                        fst_arena_printf(a, "source %s lies there", fst_resource_label(r)));
        free(local);
        fst_resource_free(r);
    }
    fst_items_done(&items);
    return status;
}

static const char *source_at(const struct need *n, const char *output)
{
    char *local = fst_store_local_path(output);
    const char *why = NULL;
    for (size_t i = 0; !why && i < fst_map_size(n->sources); i++)
        if (overlap(fst_map_key_at(n->sources, i), local ? local : output))
            why = fst_map_value_at(n->sources, i);
    free(local);
    return why;
}

static const char *why_kept(const struct need *n, const struct fst_run_record *r)
{
    char key[32];
    snprintf(key, sizeof key, "%lld", (long long)r->resource_id);
    const char *base = r->output ? fst_path_base(r->output) : "";
    if (may_be_written(r))
        return "may still be written";
    if (fst_map_get(n->newest, key) == r)
        return "the newest READY one";
    if (fst_map_get(n->why, r->id))
        return fst_map_get(n->why, r->id);
    return strcmp(base, r->id) != 0 ? "not a folder of its own" : source_at(n, r->output);
}

/* ---- Sizes ----------------------------------------------------------------------------------- */

/* Not there: nothing to show. */
static bool measure(const char *uri, struct fst_usage_row *row)
{
    const struct fst_store *store;
    struct fst_listing l = {0};
    struct fst_error err;
    if (fst_store_of(uri, &store, &err) != FST_OK)
        return false;
    enum fst_status status = store->list(uri, MAX_FILES, &l, &err);
    for (size_t i = 0; status == FST_OK && i < l.n; i++)
        row->bytes += l.entries[i].size;
    row->files = status == FST_OK ? l.n : 0;
    bool there = status == FST_OK && l.n > 0;
    char *local = status == FST_OK ? fst_store_local_path(uri) : NULL;
    there |= local && fst_path_is_dir(local); /* hidden rests of a failed one */
    free(local);
    if (status == FST_OK)
        fst_listing_done(&l);
    if (status != FST_OK && status != FST_ENOTFOUND) {
        row->problem = true;
        there = true;
    }
    return there;
}

static int larger_first(const void *a, const void *b)
{
    const struct fst_usage_row *x = a, *y = b;
    return x->bytes != y->bytes ? (x->bytes < y->bytes ? 1 : -1) : strcmp(x->run_id, y->run_id);
}

static bool is_wanted(const struct fst_run_record *r, int64_t resource_id)
{
    return r->output && *r->output && (!resource_id || r->resource_id == resource_id);
}

static void add(struct fst_usage *u, const struct fst_run_record *r, const struct need *n)
{
    struct fst_usage_row row = {
        .resource_id = r->resource_id, .state = r->state, .ended_us = r->finished_us};
    if (!measure(r->output, &row))
        return;
    row.label = fst_arena_printf(u->arena, "%s.%s", r->name, r->variant);
    row.run_id = fst_arena_strdup(u->arena, r->id);
    row.uri = fst_arena_strdup(u->arena, r->output);
    row.kept = fst_arena_strdup(u->arena, row.problem ? "cannot be listed" : why_kept(n, r));
    fst_grow(&u->rows, &u->cap, u->n + 1, sizeof *u->rows);
    u->rows[u->n++] = row;
    u->bytes += row.bytes;
    u->n_free += !row.kept;
    u->free_bytes += row.kept ? 0 : row.bytes;
}

static enum fst_status usage_of(struct fst_catalog *c, int64_t resource_id,
                                bool (*cancelled)(void *), void *arg, struct fst_usage *out,
                                struct fst_error *err)
{
    struct fst_run_query q = {0};
    struct fst_runs runs;
    FST_TRY(fst_catalog_runs(c, &q, &runs, err));
    struct need n = {fst_map_new(), fst_map_new(), fst_map_new()};
    enum fst_status status = note_needs(c, &runs, &n, out->arena, err);
    if (status == FST_OK)
        status = note_sources(c, &n, out->arena, err);
    for (size_t i = 0; status == FST_OK && i < runs.n; i++) {
        if (cancelled && cancelled(arg))
            status = fst_fail(err, FST_ECANCELLED, "cancelled");
        else if (is_wanted(runs.runs[i], resource_id))
            add(out, runs.runs[i], &n);
    }
    fst_map_free(n.why, NULL);
    fst_map_free(n.newest, NULL);
    fst_map_free(n.sources, NULL);
    fst_runs_done(&runs);
    return status;
}

enum fst_status fst_app_usage(struct fst_app *a, const char *target, bool (*cancelled)(void *),
                              void *arg, struct fst_usage *out, struct fst_error *err)
{
    struct fst_catalog *c;
    struct fst_place p = {0};
    *out = (struct fst_usage){.arena = fst_arena_new()};
    enum fst_status status = target ? fst_app_find(a, target, &p, err) : FST_OK;
    if (status == FST_OK && target && !p.resource)
        status = fst_fail(err, FST_ENOTFOUND, "%s is not registered", target);
    if (status == FST_OK)
        status = fst_app_take(a, &c, err);
    if (status == FST_OK) {
        status = usage_of(c, p.resource ? p.resource->id : 0, cancelled, arg, out, err);
        fst_app_give(a, c);
    }
    fst_place_done(&p);
    if (status == FST_OK && out->n)
        qsort(out->rows, out->n, sizeof *out->rows, larger_first);
    if (status != FST_OK)
        fst_usage_done(out);
    return status;
}

void fst_usage_done(struct fst_usage *u)
{
    free(u->rows);
    fst_arena_free(u->arena);
    *u = (struct fst_usage){0};
}

/* ---- Pruning --------------------------------------------------------------------------------- */

/* The record says no more where its rows were. */
static enum fst_status forget(struct fst_catalog *c, const char *run_id, struct fst_error *err)
{
    struct fst_run_record *r;
    FST_TRY(fst_catalog_get_run(c, run_id, &r, err));
    r->output = "";
    enum fst_status status = fst_catalog_update_run(c, r, err);
    fst_run_record_free(r);
    return status;
}

/* What may go is found anew: somebody may have read it in the meantime. */
enum fst_status fst_app_prune(struct fst_app *a, const char *target, bool (*cancelled)(void *),
                              void *arg, struct fst_usage *out, struct fst_error *err)
{
    struct fst_catalog *c;
    FST_TRY(fst__writable(a, "pruning", err));
    FST_TRY(fst_app_usage(a, target, cancelled, arg, out, err));
    enum fst_status status = fst_app_take(a, &c, err);
    if (status != FST_OK)
        return status;
    for (size_t i = 0; status == FST_OK && i < out->n; i++) {
        if (out->rows[i].kept)
            continue;
        if (cancelled && cancelled(arg))
            status = fst_fail(err, FST_ECANCELLED, "cancelled");
        else
            status = fst_store_remove(out->rows[i].uri, err);
        if (status == FST_OK)
            status = forget(c, out->rows[i].run_id, err);
        out->pruned += status == FST_OK;
    }
    fst_app_give(a, c);
    if (status != FST_OK)
        fst_usage_done(out);
    return status;
}

/* ---- Archived variants ----------------------------------------------------------------------- */

enum fst_status fst_app_restore(struct fst_app *a, int64_t id, struct fst_error *err)
{
    struct fst_catalog *c;
    struct fst_resource *r;
    FST_TRY(fst__writable(a, "bringing back", err));
    FST_TRY(fst_app_take(a, &c, err));
    enum fst_status status = fst_catalog_get(c, id, &r, err);
    if (status == FST_OK) {
        status = fst_catalog_put(c, r, NULL, 0, err);
        fst_resource_free(r);
    }
    fst_app_give(a, c);
    return status;
}

enum fst_status fst_app_restore_named(struct fst_app *a, const char *name, struct fst_error *err)
{
    struct fst_list_query q = {.kind = -1, .all_variants = true, .archived = true};
    struct fst_catalog *c;
    struct fst_items items;
    int64_t id = 0;
    const char *slash = strchr(name, '/');
    FST_TRY(fst_app_take(a, &c, err));
    enum fst_status status = fst_catalog_list(c, &q, &items, err);
    for (size_t i = 0; status == FST_OK && i < items.n; i++) {
        const struct fst_item *it = &items.items[i];
        struct fst_resource *r;
        char *label = fst_asprintf("%s%s%s", it->name, *it->variant ? "." : "", it->variant);
        bool named =
            strcmp(label, slash ? slash + 1 : name) == 0 &&
            (!slash || strncmp(fst_kinds[it->kind].name, name, (size_t)(slash - name)) == 0);
        if (named && fst_catalog_get(c, it->id, &r, NULL) == FST_OK) {
            id = r->archived ? r->id : id;
            fst_resource_free(r);
        }
        free(label);
    }
    if (status == FST_OK)
        fst_items_done(&items);
    fst_app_give(a, c);
    if (status == FST_OK && !id)
        status = fst_fail(err, FST_ENOTFOUND,
                          "nothing that is archived is called %s: say NAME.VARIANT", name);
    return status == FST_OK ? fst_app_restore(a, id, err) : status;
}
