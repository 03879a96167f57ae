/* What wants to be looked at, for the first screen: runs under way, failures with their reason,
 * what is stale, what came since the workspace was left. */
#include "attention.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SHOWN = 5 };

static struct attention_item *add(struct attention *a, const char *word, enum fst_role role)
{
    fst_grow(&a->items, &a->cap, a->n + 1, sizeof *a->items);
    struct attention_item *it = &a->items[a->n++];
    *it = (struct attention_item){.word = word, .role = role};
    return it;
}

static void add_more(struct attention *a, size_t n)
{
    if (n > SHOWN)
        add(a, "", FST_ROLE_DIM)->text = fst_arena_printf(a->arena, "and %zu more", n - SHOWN);
}

/* ---- Runs ------------------------------------------------------------------------------------ */

static enum fst_status add_running(struct attention *a, struct fst_catalog *c,
                                   struct fst_error *err)
{
    struct fst_run_query q = {.unfinished = true, .limit = SHOWN};
    struct fst_runs runs;
    FST_TRY(fst_catalog_runs(c, &q, &runs, err));
    for (size_t i = 0; i < runs.n; i++) {
        const struct fst_run_record *r = runs.runs[i];
        struct attention_item *it = add(a, i ? "" : "running", FST_ROLE_RUNNING);
        it->text =
            fst_arena_printf(a->arena, "%s.%s  %s", r->name, r->variant, fst_states[r->state].name);
        it->run_id = fst_arena_strdup(a->arena, r->id);
    }
    add_more(a, (size_t)runs.total);
    fst_runs_done(&runs);
    return FST_OK;
}

/* The first line of why it failed; owned by the arena. */
static const char *reason(struct attention *a, struct fst_catalog *c, const struct fst_item *it)
{
    struct fst_run_query q = {.resource_id = it->id, .limit = 1};
    struct fst_runs runs;
    const char *text = "";
    if (fst_catalog_runs(c, &q, &runs, NULL) != FST_OK)
        return text;
    if (runs.n && runs.runs[0]->error)
        text = fst_arena_strndup(a->arena, runs.runs[0]->error, strcspn(runs.runs[0]->error, "\n"));
    fst_runs_done(&runs);
    return text;
}

/* ---- Resources ------------------------------------------------------------------------------- */

static bool has_failed(const struct fst_item *it, int64_t since_us)
{
    (void)since_us;
    return it->state == FST_STATE_FAILED || it->state == FST_STATE_LOST;
}

static bool is_stale(const struct fst_item *it, int64_t since_us)
{
    (void)since_us;
    return wb_is_outdated(it->state, it->stale);
}

static bool is_new(const struct fst_item *it, int64_t since_us)
{
    return since_us && it->created_us > since_us;
}

static const struct {
    const char *word;
    enum fst_role role;
    bool (*is)(const struct fst_item *it, int64_t since_us);
} kinds[] = {
    {"failed", FST_ROLE_FAILED, has_failed},
    {"stale", FST_ROLE_STALE, is_stale},
    {"new", FST_ROLE_INFO, is_new},
};

static void add_item(struct attention *a, struct fst_catalog *c, size_t kind,
                     const struct fst_item *it, bool is_first)
{
    struct attention_item *row = add(a, is_first ? kinds[kind].word : "", kinds[kind].role);
    const char *why = kinds[kind].is == has_failed ? reason(a, c, it) : fst_kinds[it->kind].name;
    row->text = fst_arena_printf(a->arena, "%s%s%s  %s", it->name, *it->variant ? "." : "",
                                 it->variant, why);
    row->id = it->id;
    if (kinds[kind].is == has_failed && *it->run_id)
        row->run_id = fst_arena_strdup(a->arena, it->run_id);
}

enum fst_status attention_find(struct fst_catalog *c, int64_t since_us, struct attention *out,
                               struct fst_error *err)
{
    struct fst_list_query q = {.kind = -1};
    struct fst_items items;
    *out = (struct attention){.arena = fst_arena_new()};
    enum fst_status status = add_running(out, c, err);
    if (status == FST_OK)
        status = fst_catalog_list(c, &q, &items, err);
    if (status != FST_OK) {
        attention_done(out);
        return status;
    }
    for (size_t k = 0; k < FST_COUNT(kinds); k++) {
        size_t n = 0;
        for (size_t i = 0; i < items.n; i++)
            if (kinds[k].is(&items.items[i], since_us) && n++ < SHOWN)
                add_item(out, c, k, &items.items[i], n == 1);
        add_more(out, n);
    }
    fst_items_done(&items);
    return FST_OK;
}

void attention_done(struct attention *a)
{
    fst_arena_free(a->arena);
    free(a->items);
    *a = (struct attention){0};
}

/* ---- Visits ---------------------------------------------------------------------------------- */

/* Its time of modification is the visit. */
static char *visit_path(const struct wb *wb)
{
    char id[65];
    const char *folder = fst_app_folder(wb->app);
    fst_sha256_hex(folder, strlen(folder), id);
    return fst_asprintf("%s/visits/%.12s", fst_app_state_dir(wb->app), id);
}

int64_t attention_last_visit(const struct wb *wb)
{
    struct stat s;
    char *path = visit_path(wb);
    int64_t us = stat(path, &s) == 0 ? (int64_t)s.st_mtime * 1000000 : 0;
    free(path);
    return us;
}

void attention_leave(const struct wb *wb)
{
    char *path = visit_path(wb), *folder = fst_path_join(fst_app_state_dir(wb->app), "visits");
    if (fst_mkdirs(folder, 0700, NULL) == FST_OK)
        fst_file_write(path, "", 0, 0600, NULL);
    free(folder);
    free(path);
}
