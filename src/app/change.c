/* Changing what is registered: a text as a new variant, and new variants of what stands on an old
 * one.
 *
 * A variant's definition never changes; everything here adds. The new definitions go through the
 * same plan as files do, so the same checks hold. */
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "firesteel/sql.h"

/* Plan and apply `d` in one go; `last_id` gets the id of the last resource in the order of `d`. */
enum fst_status fst__apply(struct fst_definitions *d, struct fst_catalog *c, int64_t *ids,
                           struct fst_error *err)
{
    struct fst_plan plan;
    FST_TRY(fst_define_plan(d, c, fst_now_us(), &plan, err));
    enum fst_status status = fst_define_apply(&plan, c, err);
    for (size_t i = 0; status == FST_OK && i < d->n; i++) {
        struct fst_resource *saved;
        status = fst_catalog_find(c, d->resources[i]->kind, d->resources[i]->name,
                                  d->resources[i]->variant, &saved, err);
        if (status == FST_OK) {
            ids[i] = saved->id;
            fst_resource_free(saved);
        }
    }
    fst_plan_done(&plan);
    return status;
}

/* A variant of the same name whose text says the same. */
static enum fst_status refuse_equal(struct fst_catalog *c, const struct fst_resource *r,
                                    const char *sql, struct fst_error *err)
{
    struct fst_list_query q = {.kind = (int)r->kind, .filter = r->name, .all_variants = true};
    struct fst_items items;
    FST_TRY(fst_catalog_list(c, &q, &items, err));
    enum fst_status status = FST_OK;
    for (size_t i = 0; status == FST_OK && i < items.n; i++) {
        struct fst_resource *other;
        if (strcmp(items.items[i].name, r->name) != 0)
            continue;
        status = fst_catalog_get(c, items.items[i].id, &other, err);
        if (status == FST_OK && other->sql && fst_sql_same(other->sql, sql))
            status =
                fst_fail(err, FST_ECONFLICT, "%s says the same already", fst_resource_label(other));
        fst_resource_free(other);
    }
    fst_items_done(&items);
    return status;
}

/* A copy without what belongs to the old variant alone. */
static struct fst_resource *successor(const struct fst_resource *r, const char *variant)
{
    struct fst_resource *copy = fst_resource_copy(r);
    copy->id = 0;
    copy->variant = variant ? fst_arena_strdup(copy->arena, variant) : NULL;
    copy->origin = NULL;
    copy->created_us = 0;
    return copy;
}

static enum fst_status save(struct fst_catalog *c, const struct fst_resource *r, const char *sql,
                            const char *variant, int64_t *new_id, struct fst_error *err)
{
    if (r->kind != FST_TRANSFORMATION)
        return fst_fail(err, FST_EINVAL, "%s: only a transformation has SQL to edit",
                        fst_resource_label(r));
    if (!r->sql)
        return fst_fail(err, FST_EINVAL,
                        "%s is a Python function; change its definition and apply it",
                        fst_resource_label(r));
    FST_TRY(refuse_equal(c, r, sql, err));
    struct fst_definitions d = {0};
    struct fst_resource *copy = successor(r, variant);
    copy->sql = fst_arena_strdup(copy->arena, sql);
    copy->sql_file = NULL;
    fst_definitions_add(&d, copy);
    enum fst_status status = fst__apply(&d, c, new_id, err);
    fst_definitions_done(&d);
    return status;
}

enum fst_status fst_app_save_variant(struct fst_app *a, int64_t id, const char *sql,
                                     const char *variant, int64_t *new_id, struct fst_error *err)
{
    struct fst_catalog *c;
    struct fst_resource *r;
    FST_TRY(fst__writable(a, "saving", err));
    FST_TRY(fst_app_take(a, &c, err));
    enum fst_status status = fst_catalog_get(c, id, &r, err);
    if (status == FST_OK) {
        status = save(c, r, sql, variant, new_id, err);
        fst_resource_free(r);
    }
    fst_app_give(a, c);
    return status;
}

/* ---- What stands on the old variant ---------------------------------------------------------- */

struct move {
    const char *old_name, *old_variant,
        *new_variant; /* new NULL = not known before it is planned */
};

static bool moves(const struct move *m, const struct fst_ref *ref)
{
    return ref->name && strcmp(ref->name, m->old_name) == 0 && ref->variant &&
           strcmp(ref->variant, m->old_variant) == 0;
}

static void move_ref(const struct move *list, size_t n, struct fst_ref *ref)
{
    for (size_t i = 0; i < n; i++)
        if (moves(&list[i], ref)) {
            ref->variant = list[i].new_variant;
            return;
        }
}

/* {{name.old}} to {{name.new}} in a text, references only. */
static const char *move_sql(struct fst_arena *a, const struct move *list, size_t n, const char *sql)
{
    struct fst_reference *refs;
    size_t count, done = 0;
    struct fst_buf out = FST_BUF_TEXT;
    if (!sql || fst_sql_references(a, sql, strlen(sql), &refs, &count, NULL, NULL) != FST_OK)
        return sql;
    for (size_t i = 0; i < count; i++) {
        struct fst_ref ref = {refs[i].name, refs[i].variant};
        move_ref(list, n, &ref);
        fst_buf_add(&out, sql + done, refs[i].offset - done);
        if (ref.variant)
            fst_buf_printf(&out, "{{%s.%s}}", ref.name, ref.variant);
        else
            fst_buf_add(&out, sql + refs[i].offset, refs[i].len);
        done = refs[i].offset + refs[i].len;
    }
    fst_buf_adds(&out, sql + done);
    const char *moved = fst_arena_strdup(a, fst_buf_text(&out));
    fst_buf_done(&out);
    return moved;
}

static void move_references(struct fst_resource *r, const struct move *list, size_t n)
{
    r->sql = move_sql(r->arena, list, n, r->sql);
    move_ref(list, n, &r->from);
    move_ref(list, n, &r->label);
    for (size_t i = 0; i < r->n_inputs; i++)
        move_ref(list, n, &r->inputs[i]);
    for (size_t i = 0; i < r->n_features; i++)
        move_ref(list, n, &r->features[i]);
    for (size_t i = 0; i < r->n_lags; i++)
        move_ref(list, n, &r->lags[i].feature);
}

/* The variant that every successor gets: the time, as for definitions without one. */
static const char *variant_of_now(struct fst_arena *a)
{
    struct fst_buf t = FST_BUF(64);
    fst_timestamp_iso(&t, fst_now_us());
    char *text = fst_arena_strdup(a, fst_buf_text(&t));
    for (char *p = text; *p; p++)
        if (*p == ':')
            *p = '-';
        else if (*p == 'T')
            *p = 't';
        else if (*p == 'Z')
            *p = '\0';
    fst_buf_done(&t);
    return text;
}

static void add_label(struct fst_labels *out, size_t *cap, const struct fst_resource *r)
{
    size_t ids_cap = *cap;
    fst_grow(&out->labels, cap, out->n + 1, sizeof *out->labels);
    fst_grow(&out->ids, &ids_cap, out->n + 1, sizeof *out->ids);
    out->labels[out->n++] = fst_strdup(fst_resource_label(r));
}

/* Everything downstream in dependency order, each with its references moved. */
static enum fst_status successors(struct fst_catalog *c, const struct fst_neighbourhood *down,
                                  int64_t old_id, struct move *list, size_t n_moves,
                                  struct fst_definitions *d, struct fst_error *err)
{
    struct fst_arena *a = down->nodes.arena;
    const char *variant = variant_of_now(a);
    for (size_t i = 0; i < down->nodes.n; i++) {
        const struct fst_item *item = &down->nodes.items[i];
        if (item->id == old_id)
            continue;
        list[n_moves++] = (struct move){item->name, item->variant, variant};
    }
    for (size_t i = 0; i < down->nodes.n; i++) {
        struct fst_resource *r;
        if (down->nodes.items[i].id == old_id)
            continue;
        FST_TRY(fst_catalog_get(c, down->nodes.items[i].id, &r, err));
        struct fst_resource *copy = successor(r, variant);
        fst_resource_free(r);
        move_references(copy, list, n_moves);
        fst_definitions_add(d, copy);
    }
    return FST_OK;
}

static enum fst_status repoint(struct fst_catalog *c, const struct fst_resource *old,
                               const struct fst_resource *new, bool dry, struct fst_labels *out,
                               struct fst_error *err)
{
    struct fst_neighbourhood down;
    struct fst_definitions d = {0};
    FST_TRY(fst_catalog_neighbourhood(c, old->id, false, true, 0, false, &down, err));
    struct move *list = fst_arena_alloc(down.nodes.arena, (down.nodes.n + 1) * sizeof *list);
    list[0] = (struct move){old->name, old->variant, new ? new->variant : old->variant};
    enum fst_status status = successors(c, &down, old->id, list, 1, &d, err);
    size_t cap = 0;
    for (size_t i = 0; status == FST_OK && i < d.n; i++)
        if (dry) { /* what is there now, under its own name */
            d.resources[i]->variant = list[i + 1].old_variant;
            add_label(out, &cap, d.resources[i]);
        } else {
            add_label(out, &cap, d.resources[i]);
        }
    if (status == FST_OK && !dry && d.n)
        status = fst__apply(&d, c, out->ids, err);
    fst_definitions_done(&d);
    fst_neighbourhood_done(&down);
    return status;
}

enum fst_status fst_app_repoint(struct fst_app *a, int64_t old_id, int64_t new_id, bool dry,
                                struct fst_labels *out, struct fst_error *err)
{
    struct fst_catalog *c;
    struct fst_resource *old = NULL, *new = NULL;
    *out = (struct fst_labels){0};
    if (!dry)
        FST_TRY(fst__writable(a, "saving", err));
    FST_TRY(fst_app_take(a, &c, err));
    enum fst_status status = fst_catalog_get(c, old_id, &old, err);
    if (status == FST_OK && new_id)
        status = fst_catalog_get(c, new_id, &new, err);
    if (status == FST_OK)
        status = repoint(c, old, new, dry, out, err);
    fst_resource_free(old);
    fst_resource_free(new);
    fst_app_give(a, c);
    if (status != FST_OK)
        fst_labels_free(out);
    return status;
}

void fst_labels_free(struct fst_labels *l)
{
    for (size_t i = 0; i < l->n; i++)
        free(l->labels[i]);
    free(l->labels);
    free(l->ids);
    *l = (struct fst_labels){0};
}

/* ---- Export ---------------------------------------------------------------------------------- */

static enum fst_status load_all(struct fst_app *a, const char *const *targets, size_t n,
                                struct fst_definitions *d, struct fst_error *err)
{
    struct fst_catalog *c;
    struct fst_items items;
    struct fst_list_query q = {.kind = -1, .all_variants = true};
    for (size_t i = 0; i < n; i++) {
        struct fst_place p;
        FST_TRY(fst_app_find(a, targets[i], &p, err));
        if (!p.resource) {
            fst_place_done(&p);
            return fst_fail(err, FST_ENOTFOUND, "%s is not registered", targets[i]);
        }
        fst_definitions_add(d, fst_resource_copy(p.resource));
        fst_place_done(&p);
    }
    if (n)
        return FST_OK;
    FST_TRY(fst_app_take(a, &c, err));
    enum fst_status status = fst_catalog_list(c, &q, &items, err);
    for (size_t i = 0; status == FST_OK && i < items.n; i++) {
        struct fst_resource *r;
        status = fst_catalog_get(c, items.items[i].id, &r, err);
        if (status == FST_OK)
            fst_definitions_add(d, r);
    }
    fst_items_done(&items);
    fst_app_give(a, c);
    return status;
}

enum fst_status fst_app_export(struct fst_app *a, const char *const *targets, size_t n,
                               struct fst_buf *out, struct fst_error *err)
{
    struct fst_definitions d = {0};
    enum fst_status status = load_all(a, targets, n, &d, err);
    if (status == FST_OK)
        fst_define_export(out, (const struct fst_resource *const *)d.resources, d.n);
    fst_definitions_done(&d);
    return status;
}
