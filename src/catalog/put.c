/* Writing resources: new variants, changes to what may change, archiving.
 *
 * A new variant is one row and its edges, and is at once its name's default. Under an existing one
 * only description, owner, tags and properties change. Whatever changes leaves the search index
 * before and comes back after. */
#include "catalog.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* ---- Columns of a resource ------------------------------------------------------------------- */

struct columns {
    char hash[65];
    char *spec;
    struct fst_buf tags, properties, body;
};

static void join_words(struct fst_buf *out, const char *text)
{
    if (text)
        fst_buf_printf(out, "%s%s", out->n ? "\n" : "", text);
}

static void join_ref(struct fst_buf *out, const struct fst_ref *ref)
{
    if (!ref->name)
        return;
    join_words(out, ref->name);
    join_words(out, ref->variant);
}

/* The words of a definition that people may search for. */
static void write_body(struct fst_buf *out, const struct fst_resource *r)
{
    const char *const texts[] = {r->engine,        r->output,       r->path,
                                 r->format,        r->provider,     r->entity,
                                 r->entity_column, r->value_column, r->timestamp_column,
                                 r->sql,           r->python,       r->table,
                                 r->file,          r->class_};

    for (size_t i = 0; i < FST_COUNT(texts); i++)
        join_words(out, texts[i]);
    join_ref(out, &r->from);
    join_ref(out, &r->label);
    for (size_t i = 0; i < r->n_features; i++)
        join_ref(out, &r->features[i]);
    for (size_t i = 0; i < r->n_inputs; i++)
        join_ref(out, &r->inputs[i]);
    for (size_t i = 0; i < r->n_args; i++)
        join_words(out, r->args[i]);
}

static void write_properties(struct fst_buf *out, const struct fst_resource *r)
{
    struct fst_json_writer w = fst_json_writer(out);

    if (!r->n_properties)
        return;
    fst_jw_object(&w, NULL);
    for (size_t i = 0; i < r->n_properties; i++)
        fst_jw_string(&w, r->properties[i].key, r->properties[i].value);
    fst_jw_end(&w, '}');
}

static struct columns columns_of(const struct fst_resource *r)
{
    struct columns k = {.tags = FST_BUF_TEXT, .properties = FST_BUF_TEXT, .body = FST_BUF_TEXT};

    fst_resource_hash(r, k.hash);
    k.spec = fst_resource_spec(r);
    for (size_t i = 0; i < r->n_tags; i++)
        fst_buf_printf(&k.tags, "%s%s", i ? " " : "", r->tags[i]);
    write_properties(&k.properties, r);
    write_body(&k.body, r);
    return k;
}

static void columns_done(struct columns *k)
{
    free(k->spec);
    fst_buf_done(&k->tags);
    fst_buf_done(&k->properties);
    fst_buf_done(&k->body);
}

static enum fst_status write_tags(struct fst_catalog *c, const struct fst_resource *r,
                                  struct fst_error *err)
{
    for (size_t i = 0; i < r->n_tags; i++)
        FST_TRY(fst__run(c, err, "INSERT OR IGNORE INTO tag(tag, resource) VALUES(?, ?)", "si",
                         r->tags[i], r->id));
    return FST_OK;
}

/* ---- A new variant --------------------------------------------------------------------------- */

static enum fst_status count(struct fst_catalog *c, enum fst_resource_kind kind, int names,
                             int variants, struct fst_error *err)
{
    return fst__run(c, err,
                    "INSERT INTO tally(kind, names, variants) VALUES(?1, ?2, ?3)"
                    " ON CONFLICT(kind) DO UPDATE SET names = names + ?2, variants = variants + ?3",
                    "iii", (int64_t)kind, (int64_t)names, (int64_t)variants);
}

/* The variant becomes visible, and the default: both when it is new and when it comes back. */
static enum fst_status join_name(struct fst_catalog *c, int64_t name_id,
                                 const struct fst_resource *r, struct fst_error *err)
{
    int64_t others;

    FST_TRY(fst__query_int(c, &others, 0, err, "SELECT n_variants FROM name WHERE id = ?", "i",
                           name_id));
    FST_TRY(count(c, r->kind, others == 0, 1, err));
    return fst__run(c, err,
                    "UPDATE name SET n_variants = n_variants + 1, default_id = (SELECT max(id)"
                    " FROM resource WHERE name_id = ?1 AND NOT archived) WHERE id = ?1",
                    "i", name_id);
}

static enum fst_status name_row(struct fst_catalog *c, const struct fst_resource *r, int64_t *id,
                                struct fst_error *err)
{
    FST_TRY(fst__run(c, err, "INSERT OR IGNORE INTO name(kind, name) VALUES(?, ?)", "is",
                     (int64_t)r->kind, r->name));
    return fst__query_int(c, id, 0, err, "SELECT id FROM name WHERE kind = ? AND name = ?", "is",
                          (int64_t)r->kind, r->name);
}

static enum fst_status insert_columns(struct fst_catalog *c, struct fst_resource *r,
                                      int64_t name_id, const struct columns *k,
                                      struct fst_error *err)
{
    FST_TRY(fst__run(c, err,
                     "INSERT INTO resource(kind, name_id, name, variant, created, owner, provider,"
                     " tags, description, origin, hash) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                     "iississssss", (int64_t)r->kind, name_id, r->name, r->variant, r->created_us,
                     r->owner, r->provider, fst_buf_text(&k->tags), r->description, r->origin,
                     k->hash));
    r->id = sqlite3_last_insert_rowid(c->db);
    return fst__run(c, err, "INSERT INTO definition(id, properties, spec, body) VALUES(?, ?, ?, ?)",
                    "isss", r->id, fst_buf_text(&k->properties), k->spec, fst_buf_text(&k->body));
}

static enum fst_status insert_row(struct fst_catalog *c, struct fst_resource *r, int64_t name_id,
                                  struct fst_error *err)
{
    struct columns k = columns_of(r);
    enum fst_status status = insert_columns(c, r, name_id, &k, err);

    columns_done(&k);
    return status;
}

static enum fst_status check_edges(struct fst_catalog *c, const struct fst_edge_in *depends_on,
                                   size_t n, struct fst_error *err)
{
    for (size_t i = 0; i < n; i++) {
        int64_t there;
        FST_TRY(fst__query_int(c, &there, 0, err, "SELECT 1 FROM resource WHERE id = ?", "i",
                               depends_on[i].id));
        if (!there)
            return fst_fail(err, FST_ENOTFOUND, "the catalog has no resource with id %lld",
                            (long long)depends_on[i].id);
    }
    return FST_OK;
}

static enum fst_status insert_edges(struct fst_catalog *c, int64_t id,
                                    const struct fst_edge_in *depends_on, size_t n,
                                    struct fst_error *err)
{
    for (size_t i = 0; i < n; i++)
        FST_TRY(fst__run(c, err, "INSERT OR IGNORE INTO edge(from_id, to_id, role) VALUES(?, ?, ?)",
                         "iis", depends_on[i].id, id, depends_on[i].role));
    return FST_OK;
}

static enum fst_status insert(struct fst_catalog *c, struct fst_resource *r,
                              const struct fst_edge_in *depends_on, size_t n, struct fst_error *err)
{
    int64_t name_id;

    if (!r->created_us)
        r->created_us = fst_now_us();
    FST_TRY(check_edges(c, depends_on, n, err));
    FST_TRY(name_row(c, r, &name_id, err));
    FST_TRY(insert_row(c, r, name_id, err));
    FST_TRY(join_name(c, name_id, r, err));
    FST_TRY(insert_edges(c, r->id, depends_on, n, err));
    FST_TRY(write_tags(c, r, err));
    FST_TRY(fst__index(c, r->id, err));
    r->is_default = true;
    return fst__refresh(c, r->id, r->kind, err);
}

/* ---- An existing one ------------------------------------------------------------------------- */

static enum fst_status update_columns(struct fst_catalog *c, const struct fst_resource *r,
                                      const struct columns *k, struct fst_error *err)
{
    FST_TRY(fst__run(c, err,
                     "UPDATE resource SET owner = ?, description = ?, tags = ?, hash = ?,"
                     " origin = ? WHERE id = ?",
                     "sssssi", r->owner, r->description, fst_buf_text(&k->tags), k->hash, r->origin,
                     r->id));
    return fst__run(c, err, "UPDATE definition SET properties = ?, spec = ?, body = ? WHERE id = ?",
                    "sssi", fst_buf_text(&k->properties), k->spec, fst_buf_text(&k->body), r->id);
}

/* Write all columns that may change of `r`, which is in the catalog. */
static enum fst_status rewrite(struct fst_catalog *c, const struct fst_resource *r,
                               struct fst_error *err)
{
    FST_TRY(fst__unindex(c, r->id, err));
    struct columns k = columns_of(r);
    enum fst_status status = update_columns(c, r, &k, err);
    columns_done(&k);
    FST_TRY(status);
    FST_TRY(fst__run(c, err, "DELETE FROM tag WHERE resource = ?", "i", r->id));
    FST_TRY(write_tags(c, r, err));
    return fst__index(c, r->id, err);
}

static const char *property(const struct fst_resource *r, const char *key)
{
    for (size_t i = 0; i < r->n_properties; i++)
        if (strcmp(r->properties[i].key, key) == 0)
            return r->properties[i].value;
    return NULL;
}

/* What `old` becomes when `r` is put over it, as a copy of `r`; *changed when that differs. */
static struct fst_resource *merged(const struct fst_resource *old, const struct fst_resource *r,
                                   bool *changed)
{
    struct fst_resource *m = fst_resource_copy(r);

    m->id = old->id;
    fst_resource_inherit(m, old);
    /* An equal text keeps the white space that it was registered with. */
    if (fst_kinds[r->kind].has_variants) {
        m->sql = fst_arena_strdup(m->arena, old->sql);
        m->python = fst_arena_strdup(m->arena, old->python);
    }
    *changed = !fst_text_same(m->owner, old->owner) ||
               !fst_text_same(m->description, old->description) || m->n_tags != old->n_tags ||
               m->n_properties != old->n_properties || !fst_resource_same(m, old);
    for (size_t i = 0; i < old->n_properties; i++)
        *changed |= !fst_text_same(property(m, old->properties[i].key), old->properties[i].value);
    return m;
}

static enum fst_status bring_back(struct fst_catalog *c, const struct fst_resource *old,
                                  struct fst_error *err)
{
    int64_t name_id;

    FST_TRY(fst__run(c, err, "UPDATE resource SET archived = 0 WHERE id = ?", "i", old->id));
    FST_TRY(name_row(c, old, &name_id, err));
    return join_name(c, name_id, old, err);
}

static enum fst_status change(struct fst_catalog *c, const struct fst_resource *old,
                              struct fst_resource *r, struct fst_error *err)
{
    bool changed;

    if (fst_kinds[r->kind].has_variants && !fst_resource_same(old, r))
        return fst_fail(err, FST_ECONFLICT,
                        "%s %s is registered with another definition; give the new one another "
                        "variant",
                        fst_kinds[r->kind].name, fst_resource_label(r));
    struct fst_resource *m = merged(old, r, &changed);
    enum fst_status status = old->archived ? bring_back(c, old, err) : FST_OK;
    if (status == FST_OK && changed)
        status = rewrite(c, m, err);
    fst_resource_free(m);
    if (status != FST_OK)
        return status;
    r->id = old->id;
    r->created_us = old->created_us;
    return FST_OK;
}

/* ---- Put ------------------------------------------------------------------------------------- */

/* Sources and transformations share their names: {{name}} stands for either. */
static enum fst_status check_shared_name(struct fst_catalog *c, const struct fst_resource *r,
                                         struct fst_error *err)
{
    enum fst_resource_kind other = r->kind == FST_SOURCE ? FST_TRANSFORMATION : FST_SOURCE;
    int64_t taken = 0;

    if (r->kind == FST_SOURCE || r->kind == FST_TRANSFORMATION)
        FST_TRY(fst__query_int(c, &taken, 0, err, "SELECT 1 FROM name WHERE kind = ? AND name = ?",
                               "is", (int64_t)other, r->name));
    if (!taken)
        return FST_OK;
    return fst_fail(err, FST_ECONFLICT,
                    "there is a %s called \"%s\", and sources and transformations share their "
                    "names; choose another name for the %s",
                    fst_kinds[other].name, r->name, fst_kinds[r->kind].name);
}

static enum fst_status check_words(const struct fst_resource *r, struct fst_error *err)
{
    FST_TRY(fst_name_check(fst_kinds[r->kind].name, r->name, err));
    if (fst_kinds[r->kind].has_variants)
        FST_TRY(fst_name_check("variant", r->variant, err));
    for (size_t i = 0; i < r->n_tags; i++)
        FST_TRY(fst_tag_check(r->tags[i], err));
    return FST_OK;
}

static enum fst_status put(struct fst_catalog *c, struct fst_resource *r,
                           const struct fst_edge_in *depends_on, size_t n, struct fst_error *err)
{
    struct fst_resource *old;
    int64_t id;

    FST_TRY(check_words(r, err));
    FST_TRY(fst__query_int(c, &id, 0, err,
                           "SELECT id FROM resource WHERE kind = ? AND name = ? AND variant = ?",
                           "iss", (int64_t)r->kind, r->name, r->variant));
    if (!id) {
        FST_TRY(check_shared_name(c, r, err));
        return insert(c, r, depends_on, n, err);
    }
    FST_TRY(fst_catalog_get(c, id, &old, err));
    enum fst_status status = change(c, old, r, err);
    fst_resource_free(old);
    return status;
}

enum fst_status fst_catalog_put(struct fst_catalog *c, struct fst_resource *r,
                                const struct fst_edge_in *depends_on, size_t n,
                                struct fst_error *err)
{
    bool own;

    FST_TRY(fst__begin(c, true, &own, err));
    return fst__end(c, own, put(c, r, depends_on, n, err), err);
}

/* ---- Tags, properties, archive --------------------------------------------------------------- */

static enum fst_status set_tags(struct fst_catalog *c, struct fst_resource *r,
                                const char *const *add, size_t n_add, const char *const *drop,
                                size_t n_drop, struct fst_error *err)
{
    for (size_t i = 0; i < n_drop; i++)
        fst_resource_remove_tag(r, drop[i]);
    for (size_t i = 0; i < n_add; i++) {
        FST_TRY(fst_tag_check(add[i], err));
        fst_resource_add_tag(r, add[i]);
    }
    return rewrite(c, r, err);
}

enum fst_status fst_catalog_set_tags(struct fst_catalog *c, int64_t id, const char *const *add,
                                     size_t n_add, const char *const *drop, size_t n_drop,
                                     struct fst_error *err)
{
    struct fst_resource *r = NULL;
    bool own;

    FST_TRY(fst__begin(c, true, &own, err));
    enum fst_status status = fst_catalog_get(c, id, &r, err);
    if (status == FST_OK)
        status = set_tags(c, r, add, n_add, drop, n_drop, err);
    fst_resource_free(r);
    return fst__end(c, own, status, err);
}

enum fst_status fst_catalog_set_property(struct fst_catalog *c, int64_t id, const char *key,
                                         const char *value, struct fst_error *err)
{
    struct fst_resource *r = NULL;
    bool own;

    FST_TRY(fst__begin(c, true, &own, err));
    enum fst_status status = fst_catalog_get(c, id, &r, err);
    if (status == FST_OK) {
        fst_resource_set_property(r, key, value);
        status = rewrite(c, r, err);
    }
    fst_resource_free(r);
    return fst__end(c, own, status, err);
}

enum fst_status fst_catalog_set_origin(struct fst_catalog *c, int64_t id, const char *path,
                                       struct fst_error *err)
{
    return fst__run(c, err, "UPDATE resource SET origin = ? WHERE id = ?", "si", path, id);
}

/* "a.v1, b.v2 and 3 more": what stands on `id`. */
static enum fst_status name_readers(struct fst_catalog *c, int64_t id, struct fst_buf *out,
                                    struct fst_error *err)
{
    struct sqlite3_stmt *st;
    enum fst_status status;
    int n = 0;
    bool row = true;

    FST_TRY(fst__query(c, &st, err,
                       "SELECT DISTINCT r.kind, r.name, r.variant FROM edge e JOIN resource r"
                       " ON r.id = e.to_id WHERE e.from_id = ? AND NOT r.archived"
                       " ORDER BY r.kind, r.name, r.variant",
                       "i", id));
    while ((status = fst_db_step(st, &row, err)) == FST_OK && row)
        if (n++ < 8)
            fst_buf_printf(out, "%s%s %s.%s", n > 1 ? ", " : "", fst_kinds[fst_db_int(st, 0)].name,
                           fst_db_text(st, 1), fst_db_text(st, 2));
    fst__done(c, st);
    if (n > 8)
        fst_buf_printf(out, " and %d more", n - 8);
    return status;
}

static enum fst_status leave_name(struct fst_catalog *c, const struct fst_resource *r,
                                  struct fst_error *err)
{
    int64_t name_id, left;

    FST_TRY(name_row(c, r, &name_id, err));
    FST_TRY(fst__run(c, err, "UPDATE resource SET archived = 1 WHERE id = ?", "i", r->id));
    FST_TRY(fst__run(c, err,
                     "UPDATE name SET n_variants = n_variants - 1, default_id = (SELECT max(id)"
                     " FROM resource WHERE name_id = ?1 AND NOT archived) WHERE id = ?1",
                     "i", name_id));
    FST_TRY(
        fst__query_int(c, &left, 0, err, "SELECT n_variants FROM name WHERE id = ?", "i", name_id));
    return count(c, r->kind, left == 0 ? -1 : 0, -1, err);
}

static enum fst_status archive(struct fst_catalog *c, const struct fst_resource *r,
                               struct fst_error *err)
{
    struct fst_buf readers = FST_BUF(4096);
    enum fst_status status = name_readers(c, r->id, &readers, err);

    if (status == FST_OK && readers.n)
        status = fst_fail(err, FST_ECONFLICT, "%s %s cannot be deleted: %s stand on it",
                          fst_kinds[r->kind].name, fst_resource_label(r), readers.p);
    fst_buf_done(&readers);
    if (status != FST_OK || r->archived)
        return status;
    return leave_name(c, r, err);
}

enum fst_status fst_catalog_archive(struct fst_catalog *c, int64_t id, struct fst_error *err)
{
    struct fst_resource *r = NULL;
    bool own;

    FST_TRY(fst__begin(c, true, &own, err));
    enum fst_status status = fst_catalog_get(c, id, &r, err);
    if (status == FST_OK)
        status = archive(c, r, err);
    fst_resource_free(r);
    return fst__end(c, own, status, err);
}
