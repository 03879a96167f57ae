/* Which definition a reference means, what is defined twice, and an order in which everything
 * comes after what it stands on. */
#include "define.h"

#include <stdlib.h>
#include <string.h>

/* ---- Names ----------------------------------------------------------------------------------- */

struct fst__names {
    struct fst_map *map; /* "kind/name" and "kind/name.variant" to index + 1 */
};

static char *key_of(enum fst_resource_kind kind, const char *name, const char *variant)
{
    /* Sources and transformations share their names. */
    const char *word =
        kind == FST_TRANSFORMATION ? fst_kinds[FST_SOURCE].name : fst_kinds[kind].name;

    return variant && *variant ? fst_asprintf("%s/%s.%s", word, name, variant)
                               : fst_asprintf("%s/%s", word, name);
}

static void remember(struct fst_map *map, const struct fst_resource *r, const char *variant,
                     size_t index)
{
    char *key = key_of(r->kind, r->name, variant);

    fst_map_set(map, key, (void *)(uintptr_t)(index + 1));
    free(key);
}

struct fst__names *fst__names_new(const struct fst_definitions *d)
{
    struct fst__names *names = fst_alloc(sizeof *names);

    names->map = fst_map_new();
    for (size_t i = 0; i < d->n; i++) {
        remember(names->map, d->resources[i], NULL, i);
        if (d->resources[i]->variant)
            remember(names->map, d->resources[i], d->resources[i]->variant, i);
    }
    return names;
}

void fst__names_free(struct fst__names *names)
{
    if (names)
        fst_map_free(names->map, NULL);
    free(names);
}

int64_t fst__names_find(const struct fst__names *names, enum fst_resource_kind kind,
                        const struct fst_ref *ref)
{
    char *key = key_of(kind, ref->name, ref->variant);
    uintptr_t found = (uintptr_t)fst_map_get(names->map, key);

    free(key);
    return (int64_t)found - 1;
}

/* ---- Twice ----------------------------------------------------------------------------------- */

static enum fst_status refuse_twice(const struct fst_resource *r, const struct fst_resource *first,
                                    struct fst_error *err)
{
    if (r->kind != first->kind)
        fst_fail(err, FST_EINVAL,
                 "%s is a source and a transformation; they share their names, so one needs "
                 "another name",
                 r->name);
    else if (!r->variant)
        fst_fail(err, FST_EINVAL, "defined twice without a variant; write one");
    else
        fst_fail(err, FST_EINVAL, "defined twice");
    fst__while_in(err, r);
    return FST_EINVAL;
}

enum fst_status fst__check_twice(const struct fst_definitions *d, struct fst_error *err)
{
    struct fst_map *whole = fst_map_new(), *names = fst_map_new();
    enum fst_status status = FST_OK;

    for (size_t i = 0; status == FST_OK && i < d->n; i++) {
        struct fst_resource *r = d->resources[i];
        char *key = key_of(r->kind, r->name, r->variant), *name = key_of(r->kind, r->name, NULL);
        char *marked = fst_asprintf("%s%s", key, r->variant ? "" : ".");
        const struct fst_resource *same = fst_map_set(whole, marked, r);
        const struct fst_resource *other = fst_map_set(names, name, r);
        if (same || (other && other->kind != r->kind))
            status = refuse_twice(r, same ? same : other, err);
        free(marked);
        free(key);
        free(name);
    }
    fst_map_free(whole, NULL);
    fst_map_free(names, NULL);
    return status;
}

/* ---- Order ----------------------------------------------------------------------------------- */

/* A walk into depth with a stack of its own: `next` is the dependency to look at. */
struct visit {
    size_t index, next, n;
    struct fst_dependency *dependencies;
};
struct walk {
    const struct fst_definitions *d;
    const struct fst__names *names;
    char *state; /* 0 unseen, 1 on the stack, 2 done */
    struct visit *stack;
    size_t depth;
    size_t *order, n_order;
    struct fst_error *err;
};

static enum fst_status enter(struct walk *w, size_t index)
{
    struct visit *v = &w->stack[w->depth];

    *v = (struct visit){.index = index};
    w->state[index] = 1;
    enum fst_status status =
        fst__dependencies(w->d->resources[index], &v->dependencies, &v->n, w->err);
    if (status != FST_OK)
        fst__while_in(w->err, w->d->resources[index]);
    w->depth++;
    return status;
}

/* Name the circle that closes at `index`: everything on the stack from there. */
static enum fst_status refuse_circle(struct walk *w, size_t index)
{
    struct fst_buf text = FST_BUF(4096);
    size_t from = 0;

    while (w->stack[from].index != index)
        from++;
    for (size_t i = from; i < w->depth; i++)
        fst_buf_printf(&text, "%s stands on ",
                       fst_resource_label(w->d->resources[w->stack[i].index]));
    fst_buf_adds(&text, fst_resource_label(w->d->resources[index]));
    fst_fail(w->err, FST_EINVAL, "a circle: %s", fst_buf_text(&text));
    fst_buf_done(&text);
    return FST_EINVAL;
}

static enum fst_status step(struct walk *w)
{
    struct visit *v = &w->stack[w->depth - 1];

    if (v->next == v->n) {
        w->order[w->n_order++] = v->index;
        w->state[v->index] = 2;
        w->depth--;
        return FST_OK;
    }
    const struct fst_dependency *dep = &v->dependencies[v->next++];
    int64_t found = fst__names_find(w->names, dep->kind, &dep->ref);
    if (found < 0 || w->state[found] == 2)
        return FST_OK;
    return w->state[found] == 1 ? refuse_circle(w, (size_t)found) : enter(w, (size_t)found);
}

enum fst_status fst__order(const struct fst_definitions *d, const struct fst__names *names,
                           size_t *order, struct fst_error *err)
{
    struct walk w = {
        d, names, fst_alloc(d->n + 1), fst_alloc((d->n + 1) * sizeof *w.stack), 0, order, 0, err};
    enum fst_status status = FST_OK;

    for (size_t i = 0; status == FST_OK && i < d->n; i++) {
        if (w.state[i] == 0)
            status = enter(&w, i);
        while (status == FST_OK && w.depth)
            status = step(&w);
    }
    free(w.state);
    free(w.stack);
    return status;
}
