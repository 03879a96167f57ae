/* take: chosen rows of a frame as a frame of their own. */
#include "frame.h"

#include <string.h>

static uint8_t *take_valid(struct fst_arena *arena, const uint8_t *valid, const uint32_t *rows,
                           size_t n)
{
    if (!valid)
        return NULL;
    uint8_t *out = fst_arena_alloc(arena, n / 8 + 1);
    for (size_t i = 0; i < n; i++)
        out[i >> 3] |= (uint8_t)(((valid[rows[i] >> 3] >> (rows[i] & 7)) & 1) << (i & 7));
    return out;
}

static void *take_values(struct fst_arena *arena, const void *values, size_t width,
                         const uint32_t *rows, size_t n)
{
    char *out = fst_arena_alloc(arena, n * width + 1);
    for (size_t i = 0; i < n; i++)
        memcpy(out + i * width, (const char *)values + rows[i] * width, width);
    return out;
}

static uint32_t *take_offsets(struct fst_arena *arena, const uint32_t *offsets,
                              const uint32_t *rows, size_t n)
{
    uint32_t *out = fst_arena_alloc(arena, (n + 1) * sizeof(*out));
    for (size_t i = 0; i < n; i++)
        out[i + 1] = out[i] + offsets[rows[i] + 1] - offsets[rows[i]];
    return out;
}

static void *take_bytes(struct fst_arena *arena, const struct fst_column *c, const uint32_t *ends,
                        const uint32_t *rows, size_t n)
{
    char *out = fst_arena_alloc(arena, (size_t)ends[n] + 1);
    for (size_t i = 0; i < n; i++)
        if (ends[i + 1] > ends[i])
            memcpy(out + ends[i], (const char *)c->values + c->offsets[rows[i]],
                   ends[i + 1] - ends[i]);
    return out;
}

/* The elements of the chosen lists, as rows of the column below. */
static uint32_t *element_rows(struct fst_arena *arena, const struct fst_column *c,
                              const uint32_t *ends, const uint32_t *rows, size_t n)
{
    uint32_t *out = fst_arena_alloc(arena, ((size_t)ends[n] + 1) * sizeof(*out));
    for (size_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < ends[i + 1] - ends[i]; k++)
            out[ends[i] + k] = c->offsets[rows[i]] + k;
    return out;
}

struct fst_column fst_column_take(struct fst_arena *arena, const struct fst_column *c,
                                  const uint32_t *rows, size_t n)
{
    struct fst_column out = {.type = c->type, .n = n};
    size_t width = fst_kind_width(c->type.kind), n_below = n;
    if (c->unreadable || c->type.kind == FST_VOID) {
        out.unreadable = c->unreadable ? fst_arena_strdup(arena, c->unreadable) : NULL;
        return out;
    }
    out.valid = take_valid(arena, c->valid, rows, n);
    if (width)
        out.values = take_values(arena, c->values, width, rows, n);
    const uint32_t *below = rows;
    if (c->offsets) {
        out.offsets = take_offsets(arena, c->offsets, rows, n);
        n_below = out.offsets[n];
        if (fst_kind_is_bytes(c->type.kind))
            out.values = take_bytes(arena, c, out.offsets, rows, n);
        else
            below = element_rows(arena, c, out.offsets, rows, n);
    }
    if (c->children) {
        struct fst_column *children = fst_arena_alloc(arena, c->type.n_fields * sizeof(*children));
        for (size_t i = 0; i < c->type.n_fields; i++)
            children[i] = fst_column_take(arena, &c->children[i], below, n_below);
        out.children = children;
    }
    return out;
}

size_t fst_column_size(const struct fst_column *c)
{
    size_t n = c->n * fst_kind_width(c->type.kind) + (c->valid ? c->n / 8 + 1 : 0);
    if (c->offsets)
        n += (c->n + 1) * sizeof(*c->offsets);
    if (c->offsets && fst_kind_is_bytes(c->type.kind))
        n += c->offsets[c->n] - c->offsets[0];
    for (size_t i = 0; c->children && i < c->type.n_fields; i++)
        n += fst_column_size(&c->children[i]);
    return n;
}

size_t fst_frame_size(const struct fst_frame *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n_columns; i++)
        n += fst_column_size(&f->columns[i]);
    return n;
}
