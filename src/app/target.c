/* Targets: NAME[.VARIANT][@RUN] in the catalog, table:[PROVIDER/]db.table of Spark's catalog, else
 * a path or URI. `./` forces a path. And sql:[PROVIDER/]QUERY, the rows of a query. */
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "firesteel/store.h"

static bool is_path(const char *text)
{
    return strstr(text, "://") || text[0] == '/' || text[0] == '~' || strncmp(text, "./", 2) == 0 ||
           strncmp(text, "../", 3) == 0 || strncmp(text, "file:", 5) == 0 || strcmp(text, ".") == 0;
}

static void take_path(struct fst_place *p, const char *text)
{
    const char *home = getenv("HOME");
    if (text[0] == '~' && text[1] == '/' && home)
        p->uri = fst_arena_printf(p->arena, "%s%s", home, text + 1);
    else
        p->uri = fst_arena_strdup(p->arena, text);
    p->label = fst_arena_strdup(p->arena, text);
    struct fst_doc *guess = NULL;
    static const char options[] = "{\"" FST_GUESS_OPTION "\":true}";
    fst_json_parse(p->arena, "options", options, strlen(options), NULL, &guess, NULL);
    p->options = guess;
}

/* The provider is what comes before a slash that is not part of the table's name. */
static enum fst_status take_table(struct fst_place *p, const char *text, struct fst_error *err)
{
    const char *table = text, *cut = text + strcspn(text, "/`.");
    struct fst_buf sql = FST_BUF(4096);
    if (*cut == '/' && cut > text) {
        p->provider = fst_arena_strndup(p->arena, text, (size_t)(cut - text));
        table = cut + 1;
    }
    bool good = fst_table_sql(table, &sql);
    fst_buf_done(&sql);
    if (!good)
        return fst_fail(err, FST_EINVAL,
                        "table:%s is not a table: write table:db.table or table:PROVIDER/db.table, "
                        "odd parts in `backticks`",
                        text);
    p->table = fst_arena_strdup(p->arena, table);
    p->label = fst_arena_strdup(p->arena, table);
    return FST_OK;
}

/* No query begins with a word and a slash. */
static void take_query(struct fst_place *p, const char *text)
{
    size_t n = strcspn(text, "/ \t\n(");
    char *provider = fst_arena_strndup(p->arena, text, n);
    if (text[n] == '/' && fst_name_check("provider", provider, NULL) == FST_OK) {
        p->provider = provider;
        text += n + 1;
    }
    p->query = fst_arena_strdup(p->arena, text);
    p->label = "a query";
    p->why = "of a query only its rows can be looked at: preview";
}

static void take_run(struct fst_place *p, const struct fst_run_record *run)
{
    p->run_id = fst_arena_strdup(p->arena, run->id);
    p->format = "parquet";
    if (run->state == FST_STATE_READY && !*run->output)
        p->why = fst_arena_printf(p->arena, "the output of run %s was taken away", run->id);
    else if (run->state == FST_STATE_READY)
        p->uri = fst_arena_strdup(p->arena, run->output);
    else
        p->why = fst_arena_printf(p->arena, "run %s is %s and has no output", run->id,
                                  fst_states[run->state].name);
}

/* The run that a target names, or the newest READY one. */
static enum fst_status output_of(struct fst_catalog *c, struct fst_place *p,
                                 const struct fst_resource *r, const char *run_id,
                                 struct fst_error *err)
{
    struct fst_run_record *run;
    enum fst_status status = run_id ? fst_catalog_get_run(c, run_id, &run, err)
                                    : fst_catalog_ready_run(c, r->id, &run, NULL);
    if (status == FST_OK && run->resource_id != r->id)
        status = fst_fail(err, FST_ENOTFOUND, "run %s is one of %s.%s, not of %s", run->id,
                          run->name, run->variant, fst_resource_label(r));
    else if (status == FST_OK)
        take_run(p, run);
    if (status == FST_ENOTFOUND && !run_id) {
        p->why = fst_arena_printf(p->arena, "%s has no READY run yet: firesteel run %s --upstream",
                                  fst_resource_label(r), fst_resource_label(r));
        return FST_OK;
    }
    if (status == FST_OK || (run_id && status != FST_OK && run))
        fst_run_record_free(run);
    return status;
}

static enum fst_status place_of(struct fst_catalog *c, struct fst_place *p,
                                const struct fst_resource *r, const char *run_id,
                                struct fst_error *err);

/* A feature's rows are those of what it stands on. */
static enum fst_status place_of_origin(struct fst_catalog *c, struct fst_place *p,
                                       const struct fst_resource *r, struct fst_error *err)
{
    struct fst_resource *from;
    enum fst_status status =
        fst_catalog_find(c, FST_SOURCE, r->from.name, r->from.variant, &from, NULL);
    if (status != FST_OK)
        status = fst_catalog_find(c, FST_TRANSFORMATION, r->from.name, r->from.variant, &from, err);
    FST_TRY(status);
    status = place_of(c, p, from, NULL, err);
    if (p->options && from->options) { /* the options live in `from`: keep a copy */
        struct fst_buf json = FST_BUF_TEXT;
        struct fst_doc *copy = NULL;
        fst_doc_to_json(&json, from->options);
        fst_json_parse(p->arena, "options", fst_buf_text(&json), json.n, NULL, &copy, NULL);
        p->options = copy;
        fst_buf_done(&json);
    }
    if (p->uri && from->kind == FST_SOURCE) {
        p->uri = fst_arena_strdup(p->arena, p->uri);
        p->format = fst_arena_strdup(p->arena, p->format);
    }
    fst_resource_free(from);
    return status;
}

/* Files that only Spark reads are asked of the source's provider, by the source's own name. */
static void take_foreign(struct fst_place *p, const struct fst_resource *r)
{
    const char *format = r->path ? fst_store_foreign_format(r->path, r->format) : NULL;
    if (!format)
        return;
    p->table = fst_arena_printf(p->arena, "%s.`%s`", format, r->path);
    p->reference = fst_arena_printf(p->arena, "{{%s.%s}}", r->name, r->variant);
}

static enum fst_status place_of(struct fst_catalog *c, struct fst_place *p,
                                const struct fst_resource *r, const char *run_id,
                                struct fst_error *err)
{
    switch (r->kind) {
    case FST_SOURCE:
        p->table = fst_arena_strdup(p->arena, r->table);
        take_foreign(p, r);
        p->provider = p->table ? fst_arena_strdup(p->arena, r->provider) : NULL;
        p->uri = p->table ? NULL : r->path;
        p->format = r->format;
        p->options = r->options;
        return FST_OK;
    case FST_TRANSFORMATION:
    case FST_TRAINING_SET:
        return output_of(c, p, r, run_id, err);
    case FST_FEATURE:
    case FST_LABEL:
        return place_of_origin(c, p, r, err);
    default:
        p->why = fst_arena_printf(p->arena, "a %s has no rows", fst_kinds[r->kind].name);
        return FST_OK;
    }
}

static enum fst_status find_in_catalog(struct fst_app *a, const char *text, struct fst_place *p,
                                       struct fst_error *err)
{
    struct fst_target target;
    struct fst_catalog *c;
    if (!fst_target_parse(p->arena, text, &target))
        return fst_fail(err, FST_ENOTFOUND, "%s is neither a name nor a path that is there", text);
    FST_TRY(fst_app_take(a, &c, err));
    enum fst_status status = fst_catalog_resolve(c, &target, &p->resource, err);
    if (status == FST_OK) {
        p->label = fst_arena_strdup(p->arena, fst_resource_label(p->resource));
        status = place_of(c, p, p->resource, target.run, err);
    }
    fst_app_give(a, c);
    return status;
}

enum fst_status fst_app_find(struct fst_app *a, const char *target, struct fst_place *out,
                             struct fst_error *err)
{
    *out = (struct fst_place){.arena = fst_arena_new()};
    enum fst_status status = FST_OK;
    if (strncmp(target, "table:", 6) == 0)
        status = take_table(out, target + 6, err);
    else if (strncmp(target, "sql:", 4) == 0)
        take_query(out, target + 4);
    else if (is_path(target))
        take_path(out, target);
    else
        status = find_in_catalog(a, target, out, err);
    bool is_there = fst_path_exists(target) || strpbrk(target, "*?[");
    if (status == FST_ENOTFOUND && !out->resource && is_there) {
        take_path(out, target);
        status = FST_OK;
    }
    if (status != FST_OK)
        fst_place_done(out);
    return status;
}

void fst_place_done(struct fst_place *p)
{
    fst_resource_free(p->resource);
    fst_arena_free(p->arena);
    *p = (struct fst_place){0};
}
