/* The plan: definitions in order, pinned, and compared with what the catalog has. */
#include "define.h"

#include <stdlib.h>
#include <string.h>

struct planner {
    struct fst_definitions *d;
    struct fst_catalog *c;
    int64_t now_us;
    struct fst__names *names;
    struct fst_plan *plan;
    struct fst_error *err;
};

/* ---- References ------------------------------------------------------------------------------ */

/* What a dependency means: another definition (borrowed) or a resource of the catalog (`*owned`).
 */
static enum fst_status look_up(struct planner *p, const struct fst_dependency *dep,
                               const struct fst_resource **out, struct fst_resource **owned)
{
    int64_t index = fst__names_find(p->names, dep->kind, &dep->ref);

    *owned = NULL;
    if (index >= 0) {
        *out = p->d->resources[index];
        return FST_OK;
    }
    FST_TRY(fst__find_dependency(p->c, dep, owned, p->err));
    *out = *owned;
    return FST_OK;
}

/* Features and label of a training set are about one entity. */
static enum fst_status check_entity(struct planner *p, const struct fst_resource *found,
                                    const char **entity)
{
    if (found->kind != FST_FEATURE && found->kind != FST_LABEL)
        return FST_OK;
    if (*entity && found->entity && strcmp(*entity, found->entity) != 0)
        return fst_fail(
            p->err, FST_EINVAL, "%s %s is about the entity %s, and what came before it about %s",
            fst_kinds[found->kind].name, fst_resource_label(found), found->entity, *entity);
    return FST_OK;
}

static enum fst_status bind_one(struct planner *p, struct fst_resource *r,
                                const struct fst_dependency *dep, const char **entity)
{
    const struct fst_resource *found;
    struct fst_resource *owned;

    FST_TRY(look_up(p, dep, &found, &owned));
    enum fst_status status = check_entity(p, found, entity);
    if (status == FST_OK && found->entity)
        *entity = fst_arena_strdup(r->arena, found->entity);
    if (status == FST_OK && !dep->ref.variant && fst_kinds[found->kind].has_variants)
        status = fst__pin(r, dep, found->variant, p->err);
    fst_resource_free(owned);
    return status;
}

static enum fst_status bind(struct planner *p, struct fst_resource *r)
{
    struct fst_dependency *deps;
    const char *entity = NULL;
    size_t n;

    FST_TRY(fst__dependencies(r, &deps, &n, p->err));
    for (size_t i = 0; i < n; i++)
        FST_TRY(bind_one(p, r, &deps[i], &entity));
    return FST_OK;
}

/* ---- Comparing ------------------------------------------------------------------------------- */

static char *text_of(const struct fst_resource *r)
{
    struct fst_buf out = FST_BUF_TEXT;

    fst_define_export(&out, &r, 1);
    return fst_buf_take(&out);
}

static char *diff_of(const struct fst_resource *old, const struct fst_resource *new)
{
    struct fst_buf out = FST_BUF_TEXT;
    char *a = text_of(old), *b = text_of(new);

    fst_diff_text(&out, a, b);
    free(a);
    free(b);
    return out.n ? fst_buf_take(&out) : NULL;
}

static void compare(struct fst_plan_row *row, const struct fst_resource *old)
{
    struct fst_resource *after = fst_resource_copy(row->resource);
    bool same = fst_resource_same(row->resource, old);

    row->resource->id = old->id;
    row->change = FST_CHANGE_FORBIDDEN;
    if (same || !fst_kinds[old->kind].has_variants) {
        fst_resource_inherit(after, old);
        row->change = FST_CHANGE_UPDATED;
        /* White space of an equal text stays as it is registered. */
        if (same) {
            after->sql = fst_arena_strdup(after->arena, old->sql);
            after->python = fst_arena_strdup(after->arena, old->python);
        }
    }
    fst_doc_sort(after->options); /* as they are kept */
    fst_doc_sort(after->conf);
    row->diff = diff_of(old, after);
    if (!row->diff && row->change == FST_CHANGE_UPDATED)
        row->change = FST_CHANGE_EQUAL;
    fst_resource_free(after);
}

/* ---- Variants -------------------------------------------------------------------------------- */

static const char *variant_of_now(struct fst_arena *a, int64_t now_us)
{
    struct fst_buf text = FST_BUF(64);

    fst_timestamp_iso(&text, now_us);
    char *variant = fst_arena_strndup(a, fst_buf_text(&text), 19);
    for (char *p = variant; *p; p++)
        *p = *p == 'T' ? 't' : *p == ':' ? '-' : *p;
    fst_buf_done(&text);
    return variant;
}

/* NULL = there is none, which is no error: most of what is planned is new. */
static enum fst_status find_if_any(struct planner *p, enum fst_resource_kind kind, const char *name,
                                   const char *variant, struct fst_resource **out)
{
    enum fst_status status = fst_catalog_find(p->c, kind, name, variant, out, NULL);

    if (status == FST_OK || status == FST_ENOTFOUND)
        return FST_OK;
    return fst_catalog_find(p->c, kind, name, variant, out, p->err);
}

static enum fst_status find_variant(struct planner *p, const struct fst_resource *r,
                                    struct fst_resource **out)
{
    return find_if_any(p, r->kind, r->name, r->variant, out);
}

/* The time as a variant, with -2, -3, ... when it is taken already. */
static enum fst_status new_variant(struct planner *p, struct fst_resource *r)
{
    const char *base = variant_of_now(r->arena, p->now_us);
    struct fst_resource *taken;

    r->variant = base;
    for (int i = 2; i < 1000; i++) {
        FST_TRY(find_variant(p, r, &taken));
        if (!taken)
            return FST_OK;
        fst_resource_free(taken);
        r->variant = fst_arena_printf(r->arena, "%s-%d", base, i);
    }
    return fst_fail(p->err, FST_ECONFLICT, "too many variants in one second; write a variant");
}

static enum fst_status reuse_or_name(struct planner *p, struct fst_plan_row *row)
{
    struct fst_resource *r = row->resource, *equal;
    struct fst_error inner;
    enum fst_status status = fst_catalog_find_equal(p->c, r, &equal, &inner);

    if (status == FST_ENOTFOUND)
        return new_variant(p, r);
    if (status != FST_OK) {
        *p->err = inner;
        return status;
    }
    r->variant = fst_arena_strdup(r->arena, equal->variant);
    r->id = equal->id;
    row->change = FST_CHANGE_REUSED;
    fst_resource_free(equal);
    return FST_OK;
}

/* ---- Downstream ------------------------------------------------------------------------------ */

static void list_labels(struct fst_plan_row *row, const struct fst_items *items, int64_t root)
{
    row->downstream = fst_alloc((items->n + 1) * sizeof *row->downstream);
    for (size_t i = 0; i < items->n; i++) {
        const struct fst_item *it = &items->items[i];
        if (it->id != root)
            row->downstream[row->n_downstream++] =
                *it->variant ? fst_asprintf("%s.%s", it->name, it->variant) : fst_strdup(it->name);
    }
}

static enum fst_status find_downstream(struct planner *p, struct fst_plan_row *row)
{
    const struct fst_resource *r = row->resource;
    struct fst_resource *standing;
    struct fst_neighbourhood around;

    FST_TRY(find_if_any(p, r->kind, r->name, NULL, &standing));
    if (!standing)
        return FST_OK;
    enum fst_status status =
        fst_catalog_neighbourhood(p->c, standing->id, false, true, 0, false, &around, p->err);
    if (status == FST_OK) {
        list_labels(row, &around.nodes, standing->id);
        fst_neighbourhood_done(&around);
    }
    fst_resource_free(standing);
    return status;
}

/* ---- Rows ------------------------------------------------------------------------------------ */

static enum fst_status refuse_shared_name(struct planner *p, const struct fst_resource *r)
{
    enum fst_resource_kind other = r->kind == FST_SOURCE ? FST_TRANSFORMATION : FST_SOURCE;
    struct fst_resource *taken;

    if (r->kind != FST_SOURCE && r->kind != FST_TRANSFORMATION)
        return FST_OK;
    FST_TRY(find_if_any(p, other, r->name, NULL, &taken));
    if (!taken)
        return FST_OK;
    fst_resource_free(taken);
    return fst_fail(p->err, FST_ECONFLICT,
                    "there is a %s of that name, and sources and transformations share their "
                    "names; choose another",
                    fst_kinds[other].name);
}

static enum fst_status plan_row(struct planner *p, struct fst_plan_row *row)
{
    struct fst_resource *r = row->resource, *old = NULL;

    FST_TRY(refuse_shared_name(p, r));
    FST_TRY(bind(p, r));
    if (!r->created_us)
        r->created_us = p->now_us;
    row->change = FST_CHANGE_NEW;
    if (!r->variant)
        FST_TRY(reuse_or_name(p, row));
    if (row->change != FST_CHANGE_REUSED)
        FST_TRY(find_variant(p, r, &old));
    if (old)
        compare(row, old);
    fst_resource_free(old);
    p->plan->forbidden |= row->change == FST_CHANGE_FORBIDDEN;
    if (row->change == FST_CHANGE_EQUAL || row->change == FST_CHANGE_REUSED)
        return FST_OK;
    return find_downstream(p, row);
}

static enum fst_status plan_all(struct planner *p, size_t *order)
{
    FST_TRY(fst__check_twice(p->d, p->err));
    FST_TRY(fst__order(p->d, p->names, order, p->err));
    for (size_t i = 0; i < p->d->n; i++) {
        struct fst_plan_row *row = &p->plan->rows[p->plan->n++];
        row->resource = p->d->resources[order[i]];
        enum fst_status status = plan_row(p, row);
        if (status != FST_OK) {
            fst__while_in(p->err, row->resource);
            return status;
        }
    }
    return FST_OK;
}

enum fst_status fst_define_plan(struct fst_definitions *d, struct fst_catalog *c, int64_t now_us,
                                struct fst_plan *out, struct fst_error *err)
{
    struct fst_error unheard;
    struct planner p = {d, c, now_us, fst__names_new(d), out, err ? err : &unheard};
    size_t *order = fst_alloc((d->n + 1) * sizeof *order);

    *out = (struct fst_plan){.rows = fst_alloc((d->n + 1) * sizeof *out->rows)};
    enum fst_status status = plan_all(&p, order);
    if (status != FST_OK)
        fst_plan_done(out);
    fst__names_free(p.names);
    free(order);
    return status;
}

void fst_plan_done(struct fst_plan *plan)
{
    for (size_t i = 0; i < plan->n; i++) {
        for (size_t k = 0; k < plan->rows[i].n_downstream; k++)
            free(plan->rows[i].downstream[k]);
        free(plan->rows[i].downstream);
        free(plan->rows[i].diff);
    }
    free(plan->rows);
    *plan = (struct fst_plan){NULL};
}
