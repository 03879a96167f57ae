/* Reading resources: by id, by kind and name, by what a person wrote. */
#include "catalog.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static void read_tags(struct fst_resource *r, const char *tags)
{
    size_t n = 0;

    r->tags = fst_arena_alloc(r->arena, (strlen(tags) / 2 + 1) * sizeof *r->tags);
    for (const char *p = tags; *p;) {
        size_t len = strcspn(p, " ");
        r->tags[n++] = fst_arena_strndup(r->arena, p, len);
        p += len + (p[len] == ' ');
    }
    r->n_tags = n;
}

static enum fst_status read_properties(struct fst_resource *r, const char *json,
                                       struct fst_error *err)
{
    struct fst_doc *doc;

    if (!*json)
        return FST_OK;
    FST_TRY(fst_json_parse(r->arena, "properties", json, strlen(json), NULL, &doc, err));
    r->properties = fst_arena_alloc(r->arena, (doc->n + 1) * sizeof *r->properties);
    for (size_t i = 0; i < doc->n; i++)
        r->properties[i] = (struct fst_property){doc->items[i].key, doc->items[i].text.p};
    r->n_properties = doc->n;
    return FST_OK;
}

static enum fst_status read_row(struct sqlite3_stmt *st, struct fst_resource *r,
                                struct fst_error *err)
{
    r->id = fst_db_int(st, 0);
    r->created_us = fst_db_int(st, 4);
    r->archived = fst_db_int(st, 5);
    r->is_default = fst_db_int(st, 6);
    r->owner = fst_arena_strdup(r->arena, fst__column(st, 7));
    r->description = fst_arena_strdup(r->arena, fst__column(st, 8));
    r->origin = fst_arena_strdup(r->arena, fst__column(st, 9));
    read_tags(r, fst_db_text(st, 10));
    FST_TRY(read_properties(r, fst_db_text(st, 11), err));
    return fst_resource_read_spec(r, fst_db_text(st, 12), err);
}

static enum fst_status read_resource(struct fst_catalog *c, struct sqlite3_stmt *st,
                                     struct fst_resource **out, struct fst_error *err)
{
    int64_t kind = fst_db_int(st, 1);

    if (kind < 0 || kind >= FST_RESOURCE_KINDS_)
        return fst_fail(err, FST_EFORMAT, "%s: a resource of the unknown kind %lld", c->path,
                        (long long)kind);
    struct fst_resource *r =
        fst_resource_new((enum fst_resource_kind)kind, fst_db_text(st, 2), fst_db_text(st, 3));
    enum fst_status status = read_row(st, r, err);
    if (status != FST_OK) {
        fst_while(err, "%s: reading %s", c->path, fst_resource_label(r));
        fst_resource_free(r);
        return status;
    }
    *out = r;
    return FST_OK;
}

enum fst_status fst_catalog_get(struct fst_catalog *c, int64_t id, struct fst_resource **out,
                                struct fst_error *err)
{
    struct sqlite3_stmt *st;
    bool row = false;

    *out = NULL;
    FST_TRY(fst__query(c, &st, err,
                       "SELECT r.id, r.kind, r.name, r.variant, r.created, r.archived,"
                       " n.default_id IS r.id, r.owner, r.description, r.origin, r.tags,"
                       " d.properties, d.spec FROM resource r JOIN name n ON n.id = r.name_id"
                       " JOIN definition d ON d.id = r.id WHERE r.id = ?",
                       "i", id));
    enum fst_status status = fst_db_step(st, &row, err);
    if (status == FST_OK && row)
        status = read_resource(c, st, out, err);
    fst__done(c, st);
    if (status == FST_OK && !row)
        return fst_fail(err, FST_ENOTFOUND, "%s: no resource has the id %lld", c->path,
                        (long long)id);
    return status;
}

enum fst_status fst_catalog_find(struct fst_catalog *c, enum fst_resource_kind kind,
                                 const char *name, const char *variant, struct fst_resource **out,
                                 struct fst_error *err)
{
    int64_t id;

    *out = NULL;
    FST_TRY(fst__find_id(c, kind, name, variant, &id, err));
    if (!id)
        return fst__not_found(c, (int)kind, name, variant, err);
    return fst_catalog_get(c, id, out, err);
}

enum fst_status fst_catalog_find_equal(struct fst_catalog *c, const struct fst_resource *r,
                                       struct fst_resource **out, struct fst_error *err)
{
    char hash[65];
    int64_t id;

    *out = NULL;
    fst_resource_hash(r, hash);
    FST_TRY(fst__query_int(c, &id, 0, err,
                           "SELECT max(id) FROM resource WHERE hash = ? AND kind = ? AND name = ?"
                           " AND NOT archived",
                           "sis", hash, (int64_t)r->kind, r->name));
    if (!id)
        return fst_fail(err, FST_ENOTFOUND, "no variant of %s has this definition", r->name);
    return fst_catalog_get(c, id, out, err);
}

/* "feature/NAME or label/NAME" of the kinds that have it; *id of the last one, *n of them. */
static enum fst_status find_in_kinds(struct fst_catalog *c, const struct fst_target *t, int64_t *id,
                                     int *n, struct fst_buf *choices, struct fst_error *err)
{
    *n = 0;
    for (int kind = 0; kind < FST_RESOURCE_KINDS_; kind++) {
        int64_t found = 0;
        if (!t->variant || fst_kinds[kind].has_variants)
            FST_TRY(
                fst__find_id(c, (enum fst_resource_kind)kind, t->name, t->variant, &found, err));
        if (!found)
            continue;
        *id = found;
        fst_buf_printf(choices, "%s%s/%s", (*n)++ ? " or " : "", fst_kinds[kind].name, t->name);
    }
    return FST_OK;
}

enum fst_status fst_catalog_resolve(struct fst_catalog *c, const struct fst_target *target,
                                    struct fst_resource **out, struct fst_error *err)
{
    struct fst_buf choices = FST_BUF(4096);
    enum fst_resource_kind kind;
    int64_t id = 0;
    int n;

    *out = NULL;
    if (target->kind && fst_kind_named(target->kind, &kind))
        return fst_catalog_find(c, kind, target->name, target->variant, out, err);
    enum fst_status status = find_in_kinds(c, target, &id, &n, &choices, err);
    if (status == FST_OK && n > 1)
        status = fst_fail(err, FST_EINVAL, "\"%s\" is the name of several things; say %s",
                          target->name, fst_buf_text(&choices));
    fst_buf_done(&choices);
    FST_TRY(status);
    if (n == 0)
        return fst__not_found(c, -1, target->name, target->variant, err);
    return fst_catalog_get(c, id, out, err);
}
