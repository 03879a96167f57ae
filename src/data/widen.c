/* widen: see the header. Whole numbers become wider ones or doubles (32 bits at most, so that
 * nothing is lost), floats become doubles, decimals gain digits. Lists, maps and structs do so
 * inside; a struct's fields go by name, and one that is not there is NULL. */
#include "widen.h"

#include <string.h>
#include <strings.h>

#include "frame.h"

static bool is_whole(enum fst_kind kind)
{
    return kind >= FST_BYTE && kind <= FST_LONG;
}

static int field_called(const struct fst_type *t, const char *name)
{
    for (size_t i = 0; i < t->n_fields; i++)
        if (strcasecmp(t->fields[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* Where a field of the wider type comes from; -1 = nowhere. */
static int source_of(const struct fst_type *from, const struct fst_type *to, size_t i)
{
    return to->kind == FST_STRUCT ? field_called(from, to->fields[i].name) : (int)i;
}

static bool can_widen_inside(const struct fst_type *from, const struct fst_type *to)
{
    bool any = false;
    for (size_t i = 0; i < to->n_fields; i++) {
        int at = source_of(from, to, i);
        if (at >= 0 && !fst_can_widen(&from->fields[at].type, &to->fields[i].type))
            return false;
        any |= at >= 0;
    }
    return any;
}

bool fst_can_widen(const struct fst_type *from, const struct fst_type *to)
{
    if (fst_type_eq(from, to) || from->kind == FST_VOID)
        return true;
    if (fst_type_is_nested(to) && from->kind == to->kind)
        return can_widen_inside(from, to);
    if (to->kind == FST_DOUBLE)
        return from->kind == FST_FLOAT || (is_whole(from->kind) && from->kind != FST_LONG);
    if (is_whole(from->kind) && is_whole(to->kind))
        return from->kind < to->kind;
    return from->kind == FST_DECIMAL && to->kind == FST_DECIMAL && from->scale == to->scale &&
           from->precision <= to->precision;
}

static void put_int(enum fst_kind kind, void *values, size_t row, int64_t v)
{
    if (kind == FST_SHORT)
        ((int16_t *)values)[row] = (int16_t)v;
    else if (kind == FST_INT)
        ((int32_t *)values)[row] = (int32_t)v;
    else
        ((int64_t *)values)[row] = v;
}

static const struct fst_column *widen_children(struct fst_arena *arena, const struct fst_column *c,
                                               const struct fst_type *to)
{
    struct fst_column *children = fst_arena_alloc(arena, to->n_fields * sizeof(*children));
    for (size_t i = 0; i < to->n_fields; i++) {
        int at = source_of(&c->type, to, i);
        const struct fst_type *type = &to->fields[i].type;
        children[i] =
            at < 0 ? fst_column_nulls(arena, type, c->n) : fst_widen(arena, &c->children[at], type);
    }
    return children;
}

struct fst_column fst_widen(struct fst_arena *arena, const struct fst_column *c,
                            const struct fst_type *to)
{
    struct fst_column wide = *c;
    wide.type = *to;
    if (c->children && !c->unreadable && !fst_type_eq(&c->type, to)) {
        wide.children = widen_children(arena, c, to);
        return wide;
    }
    if (c->type.kind == to->kind || c->unreadable)
        return wide;
    if (c->type.kind == FST_VOID)
        return fst_column_nulls(arena, to, c->n);

    void *values = fst_arena_alloc(arena, c->n ? c->n * fst_kind_width(to->kind) : 1);
    for (size_t row = 0; row < c->n; row++)
        if (to->kind == FST_DOUBLE)
            ((double *)values)[row] = c->type.kind == FST_FLOAT ? fst_column_double(c, row)
                                                                : (double)fst_column_int(c, row);
        else
            put_int(to->kind, values, row, fst_column_int(c, row));
    wide.values = values;
    return wide;
}
