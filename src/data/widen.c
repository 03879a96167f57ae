/* widen: see the header. Whole numbers become wider ones or doubles (32 bits at most, so that
 * nothing is lost), floats become doubles, decimals gain digits. */
#include "widen.h"

#include <string.h>

#include "frame.h"

static bool is_whole(enum fst_kind kind)
{
    return kind >= FST_BYTE && kind <= FST_LONG;
}

bool fst_can_widen(const struct fst_type *from, const struct fst_type *to)
{
    if (fst_type_eq(from, to) || from->kind == FST_VOID)
        return true;
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

struct fst_column fst_widen(struct fst_arena *arena, const struct fst_column *c,
                            const struct fst_type *to)
{
    struct fst_column wide = *c;
    wide.type = *to;
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
