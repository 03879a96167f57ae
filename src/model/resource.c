/* A resource's memory: birth, copies, tags and properties, its label, and what it stands on. */
#include "fields.h"

#include <stdlib.h>
#include <string.h>

struct fst_resource *fst_resource_new(enum fst_resource_kind kind, const char *name,
                                      const char *variant)
{
    struct fst_arena *arena = fst_arena_new();
    struct fst_resource *r = fst_arena_alloc(arena, sizeof *r);

    r->arena = arena;
    r->kind = kind;
    r->name = fst_arena_strdup(arena, name);
    r->variant = fst_kinds[kind].has_variants ? fst_arena_strdup(arena, variant) : "";
    return r;
}

void fst_resource_free(struct fst_resource *r)
{
    if (r)
        fst_arena_free(r->arena);
}

const char *fst_resource_label(const struct fst_resource *r)
{
    if (!r->variant || !*r->variant)
        return r->name;
    return fst_arena_printf(r->arena, "%s.%s", r->name, r->variant);
}

/* ---- Copies ---------------------------------------------------------------------------------- */

static struct fst_doc doc_copy(struct fst_arena *a, const struct fst_doc *from)
{
    struct fst_doc to = *from;

    to.key = fst_arena_strdup(a, from->key);
    if (from->text.p)
        to.text.p = fst_arena_strndup(a, from->text.p, from->text.n);
    to.items = from->n ? fst_arena_alloc(a, from->n * sizeof *to.items) : NULL;
    for (size_t i = 0; i < from->n; i++)
        to.items[i] = doc_copy(a, &from->items[i]);
    return to;
}

static struct fst_doc *map_copy(struct fst_arena *a, const struct fst_doc *from)
{
    struct fst_doc *to = from ? fst_arena_alloc(a, sizeof *to) : NULL;

    if (to)
        *to = doc_copy(a, from);
    return to;
}

static struct fst_ref ref_copy(struct fst_arena *a, struct fst_ref from)
{
    return (struct fst_ref){fst_arena_strdup(a, from.name), fst_arena_strdup(a, from.variant)};
}

static void *list_copy(struct fst_arena *a, const void *items, size_t n, size_t elem_bytes)
{
    return n ? memcpy(fst_arena_alloc(a, n * elem_bytes), items, n * elem_bytes) : NULL;
}

/* The fields of `r` still point into the original's memory: make them its own. */
static void own_lists(struct fst_resource *r)
{
    struct fst_arena *a = r->arena;

    r->tags = list_copy(a, r->tags, r->n_tags, sizeof *r->tags);
    for (size_t i = 0; i < r->n_tags; i++)
        r->tags[i] = fst_arena_strdup(a, r->tags[i]);
    r->properties = list_copy(a, r->properties, r->n_properties, sizeof *r->properties);
    for (size_t i = 0; i < r->n_properties; i++)
        r->properties[i] = (struct fst_property){fst_arena_strdup(a, r->properties[i].key),
                                                 fst_arena_strdup(a, r->properties[i].value)};
    r->features = list_copy(a, r->features, r->n_features, sizeof *r->features);
    for (size_t i = 0; i < r->n_features; i++)
        r->features[i] = ref_copy(a, r->features[i]);
    r->inputs = list_copy(a, r->inputs, r->n_inputs, sizeof *r->inputs);
    for (size_t i = 0; i < r->n_inputs; i++)
        r->inputs[i] = ref_copy(a, r->inputs[i]);
    r->args = list_copy(a, r->args, r->n_args, sizeof *r->args);
    for (size_t i = 0; i < r->n_args; i++)
        r->args[i] = fst_arena_strdup(a, r->args[i]);
    r->lags = list_copy(a, r->lags, r->n_lags, sizeof *r->lags);
    for (size_t i = 0; i < r->n_lags; i++) {
        r->lags[i].feature = ref_copy(a, r->lags[i].feature);
        r->lags[i].name = fst_arena_strdup(a, r->lags[i].name);
    }
}

static void own_scalar(struct fst_resource *r, const struct fst_field_row *f)
{
    void *at = fst__field_at(r, f);

    switch (f->type) {
    case FST_FIELD_TEXT:
    case FST_FIELD_NAME:
    case FST_FIELD_SQL:
    case FST_FIELD_FILE:
    case FST_FIELD_CODE:
        *(const char **)at = fst_arena_strdup(r->arena, *(const char **)at);
        break;
    case FST_FIELD_REF:
        *(struct fst_ref *)at = ref_copy(r->arena, *(struct fst_ref *)at);
        break;
    case FST_FIELD_OPTIONS:
        *(struct fst_doc **)at = map_copy(r->arena, *(struct fst_doc **)at);
        break;
    default:
        break;
    }
}

struct fst_resource *fst_resource_copy(const struct fst_resource *from)
{
    struct fst_resource *r = fst_resource_new(from->kind, from->name, from->variant);
    struct fst_arena *arena = r->arena;
    const char *name = r->name, *variant = r->variant;

    *r = *from;
    r->arena = arena;
    r->name = name;
    r->variant = variant;
    r->origin = fst_arena_strdup(arena, from->origin);
    for (size_t i = 0; i < fst_n_fields; i++)
        own_scalar(r, &fst_fields[i]);
    own_lists(r);
    return r;
}

/* ---- Tags and properties --------------------------------------------------------------------- */

void fst_resource_add_tag(struct fst_resource *r, const char *tag)
{
    size_t at = 0;

    while (at < r->n_tags && strcmp(r->tags[at], tag) < 0)
        at++;
    if (at < r->n_tags && strcmp(r->tags[at], tag) == 0)
        return;
    const char **tags = fst_arena_alloc(r->arena, (r->n_tags + 1) * sizeof *tags);
    for (size_t i = 0; i < r->n_tags; i++)
        tags[i + (i >= at)] = r->tags[i];
    tags[at] = fst_arena_strdup(r->arena, tag);
    r->tags = tags;
    r->n_tags++;
}

void fst_resource_remove_tag(struct fst_resource *r, const char *tag)
{
    size_t kept = 0;

    for (size_t i = 0; i < r->n_tags; i++)
        if (strcmp(r->tags[i], tag) != 0)
            r->tags[kept++] = r->tags[i];
    r->n_tags = kept;
}

void fst_resource_set_property(struct fst_resource *r, const char *key, const char *value)
{
    struct fst_property *list;
    size_t kept = 0;
    bool placed = value == NULL;

    list = fst_arena_alloc(r->arena, (r->n_properties + 1) * sizeof *list);
    struct fst_property added = {fst_arena_strdup(r->arena, key),
                                 fst_arena_strdup(r->arena, value)};
    for (size_t i = 0; i < r->n_properties; i++) {
        int order = strcmp(r->properties[i].key, key);
        if (!placed && order >= 0) {
            list[kept++] = added;
            placed = true;
        }
        if (order != 0)
            list[kept++] = r->properties[i];
    }
    if (!placed)
        list[kept++] = added;
    r->properties = list;
    r->n_properties = kept;
}

static bool has_property(const struct fst_resource *r, const char *key)
{
    for (size_t i = 0; i < r->n_properties; i++)
        if (strcmp(r->properties[i].key, key) == 0)
            return true;
    return false;
}

void fst_resource_inherit(struct fst_resource *r, const struct fst_resource *old)
{
    if (!r->owner)
        r->owner = fst_arena_strdup(r->arena, old->owner);
    if (!r->description)
        r->description = fst_arena_strdup(r->arena, old->description);
    if (!r->origin)
        r->origin = fst_arena_strdup(r->arena, old->origin);
    for (size_t i = 0; i < old->n_tags; i++)
        fst_resource_add_tag(r, old->tags[i]);
    for (size_t i = 0; i < old->n_properties; i++)
        if (!has_property(r, old->properties[i].key))
            fst_resource_set_property(r, old->properties[i].key, old->properties[i].value);
}

/* ---- What it stands on ----------------------------------------------------------------------- */

struct dependencies {
    struct fst_dependency *items;
    size_t n;
};

static void depend(struct dependencies *d, enum fst_resource_kind kind, struct fst_ref ref,
                   const char *role)
{
    if (!ref.name)
        return;
    for (size_t i = 0; i < d->n; i++)
        if (d->items[i].kind == kind && fst_ref_eq(&d->items[i].ref, &ref))
            return;
    d->items[d->n++] = (struct fst_dependency){kind, ref, role};
}

size_t fst_resource_dependencies(const struct fst_resource *r, struct fst_dependency **out)
{
    size_t most = 4 + r->n_inputs + r->n_features + r->n_lags;
    struct dependencies d = {fst_arena_alloc(r->arena, most * sizeof *d.items), 0};

    depend(&d, FST_PROVIDER, (struct fst_ref){r->provider, NULL}, "provider");
    depend(&d, FST_ENTITY, (struct fst_ref){r->entity, NULL}, "entity");
    depend(&d, FST_SOURCE, r->from, "input");
    for (size_t i = 0; i < r->n_inputs; i++)
        depend(&d, FST_SOURCE, r->inputs[i], "input");
    depend(&d, FST_LABEL, r->label, "label");
    for (size_t i = 0; i < r->n_features; i++)
        depend(&d, FST_FEATURE, r->features[i], "feature");
    for (size_t i = 0; i < r->n_lags; i++)
        depend(&d, FST_FEATURE, r->lags[i].feature, "feature");
    *out = d.items;
    return d.n;
}
