/* frame: immutable columns that are counted, copies of them, and single values.
 *
 * The builder gives its blocks; everything else (slices, decoded streams) puts whole columns into
 * an arena. Two ways in, one way out: the storage below. */
#include "frame.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct storage {
    struct fst_schema *schema;
    struct fst_arena *arena;
    void **blocks;
    size_t n_blocks;
    struct fst_frame *keeps[FST_FRAME_KEEPS];
    size_t n_keeps;
};

size_t fst_kind_width(enum fst_kind kind)
{
    switch (kind) {
    case FST_BOOLEAN:
    case FST_BYTE:
        return 1;
    case FST_SHORT:
        return 2;
    case FST_INT:
    case FST_DATE:
    case FST_INTERVAL_YM:
    case FST_FLOAT:
        return 4;
    case FST_LONG:
    case FST_TIMESTAMP:
    case FST_TIMESTAMP_NTZ:
    case FST_TIME:
    case FST_INTERVAL_DT:
    case FST_DOUBLE:
        return 8;
    case FST_DECIMAL:
        return sizeof(__int128);
    default:
        return 0;
    }
}

bool fst_kind_is_bytes(enum fst_kind kind)
{
    return kind == FST_STRING || kind == FST_BINARY || kind == FST_VARIANT || kind == FST_UNKNOWN;
}

/* ---- Frames ---------------------------------------------------------------------------------- */

struct fst_frame *fst_frame_of_blocks(struct fst_schema *schema, struct fst_arena *arena,
                                      void **blocks, size_t n_blocks,
                                      const struct fst_column *columns, size_t n_rows)
{
    struct storage *storage = fst_alloc(sizeof(*storage));
    storage->schema = schema;
    storage->arena = arena;
    storage->blocks = blocks;
    storage->n_blocks = n_blocks;

    struct fst_frame *f = fst_alloc(sizeof(*f));
    f->schema = schema;
    f->n_rows = n_rows;
    f->n_columns = schema->n;
    f->columns = columns;
    f->storage = storage;
    atomic_init(&f->refs, 1);
    return f;
}

struct fst_frame *fst_frame_of_arena(struct fst_schema *schema, struct fst_arena *arena,
                                     const struct fst_column *columns, size_t n_rows)
{
    return fst_frame_of_blocks(schema, arena, NULL, 0, columns, n_rows);
}

void fst_frame_keep(struct fst_frame *f, struct fst_frame *other)
{
    struct storage *storage = f->storage;
    assert(storage->n_keeps < FST_FRAME_KEEPS);
    storage->keeps[storage->n_keeps++] = fst_frame_ref(other);
}

struct fst_frame *fst_frame_ref(struct fst_frame *f)
{
    atomic_fetch_add_explicit(&f->refs, 1, memory_order_relaxed);
    return f;
}

void fst_frame_unref(struct fst_frame *f)
{
    if (!f || atomic_fetch_sub_explicit(&f->refs, 1, memory_order_acq_rel) != 1)
        return;

    struct storage *storage = f->storage;
    for (size_t i = 0; i < storage->n_blocks; i++)
        free(storage->blocks[i]);
    free(storage->blocks);
    for (size_t i = 0; i < storage->n_keeps; i++)
        fst_frame_unref(storage->keeps[i]);
    fst_arena_free(storage->arena);
    fst_schema_free(storage->schema);
    free(storage);
    free(f);
}

/* ---- Copies ---------------------------------------------------------------------------------- */

static void *arena_bytes(struct fst_arena *arena, size_t n_bytes)
{
    return fst_arena_alloc(arena, n_bytes ? n_bytes : 1);
}

struct fst_column fst_column_nulls(struct fst_arena *arena, const struct fst_type *type, size_t n)
{
    struct fst_column c = {.type = *type, .n = n};
    if (type->kind == FST_VOID)
        return c;

    c.valid = arena_bytes(arena, (n + 7) / 8);
    size_t width = fst_kind_width(type->kind);
    if (width)
        c.values = arena_bytes(arena, n * width);
    if (fst_kind_is_bytes(type->kind))
        c.values = arena_bytes(arena, 1);
    if (!width && type->kind != FST_STRUCT)
        c.offsets = arena_bytes(arena, (n + 1) * sizeof(*c.offsets));
    if (type->n_fields) {
        struct fst_column *children = arena_bytes(arena, type->n_fields * sizeof(*children));
        for (size_t i = 0; i < type->n_fields; i++)
            children[i] =
                fst_column_nulls(arena, &type->fields[i].type, type->kind == FST_STRUCT ? n : 0);
        c.children = children;
    }
    return c;
}

static uint8_t *copy_valid(struct fst_arena *arena, const uint8_t *valid, size_t from, size_t n)
{
    if (!valid)
        return NULL;
    uint8_t *copy = arena_bytes(arena, (n + 7) / 8);
    for (size_t i = 0; i < n; i++)
        copy[i >> 3] |= (uint8_t)(((valid[(from + i) >> 3] >> ((from + i) & 7)) & 1) << (i & 7));
    return copy;
}

static uint32_t *copy_offsets(struct fst_arena *arena, const uint32_t *offsets, size_t from,
                              size_t n)
{
    uint32_t *copy = arena_bytes(arena, (n + 1) * sizeof(*copy));
    for (size_t i = 0; i <= n; i++)
        copy[i] = offsets[from + i] - offsets[from];
    return copy;
}

static void *copy_bytes(struct fst_arena *arena, const void *p, size_t from, size_t n_bytes)
{
    void *copy = arena_bytes(arena, n_bytes);
    if (n_bytes)
        memcpy(copy, (const char *)p + from, n_bytes);
    return copy;
}

struct fst_column fst_column_copy(struct fst_arena *arena, const struct fst_column *c, size_t from,
                                  size_t n)
{
    struct fst_column copy = {.type = c->type, .n = n, .absent = c->absent};
    if (c->unreadable) {
        copy.unreadable = fst_arena_strdup(arena, c->unreadable);
        return copy;
    }

    copy.valid = copy_valid(arena, c->valid, from, n);
    size_t first = from, count = n, width = fst_kind_width(c->type.kind);
    if (c->offsets) {
        copy.offsets = copy_offsets(arena, c->offsets, from, n);
        first = c->offsets[from];
        count = c->offsets[from + n] - first;
    }
    if (width)
        copy.values = copy_bytes(arena, c->values, from * width, n * width);
    else if (fst_kind_is_bytes(c->type.kind))
        copy.values = copy_bytes(arena, c->values, first, count);
    if (c->nanos)
        copy.nanos = copy_bytes(arena, c->nanos, from * sizeof(*c->nanos), n * sizeof(*c->nanos));
    if (c->children) {
        struct fst_column *children = arena_bytes(arena, c->type.n_fields * sizeof(*children));
        for (size_t i = 0; i < c->type.n_fields; i++)
            children[i] = fst_column_copy(arena, &c->children[i], first, count);
        copy.children = children;
    }
    return copy;
}

/* The type of a schema that lives as long as the column, for all columns below it, too. */
static void set_type(struct fst_arena *arena, struct fst_column *c, const struct fst_type *type)
{
    c->type = *type;
    if (!c->children)
        return;
    struct fst_column *children = arena_bytes(arena, type->n_fields * sizeof(*children));
    for (size_t i = 0; i < type->n_fields; i++) {
        children[i] = c->children[i];
        set_type(arena, &children[i], &type->fields[i].type);
    }
    c->children = children;
}

/* `columns` NULL = all. Takes the schema of those. */
static struct fst_frame *copy_rows(const struct fst_frame *f, size_t from, size_t n,
                                   const size_t *columns, struct fst_schema *schema)
{
    from = from < f->n_rows ? from : f->n_rows;
    n = n < f->n_rows - from ? n : f->n_rows - from;

    struct fst_arena *arena = fst_arena_new();
    struct fst_column *copies = arena_bytes(arena, schema->n * sizeof(*copies));
    for (size_t i = 0; i < schema->n; i++) {
        copies[i] = fst_column_copy(arena, &f->columns[columns ? columns[i] : i], from, n);
        set_type(arena, &copies[i], &schema->fields[i].type);
    }
    return fst_frame_of_arena(schema, arena, copies, n);
}

struct fst_frame *fst_frame_slice(struct fst_frame *f, size_t from, size_t n)
{
    return copy_rows(f, from, n, NULL, fst_schema_copy(f->schema));
}

struct fst_frame *fst_frame_part(struct fst_frame *f, size_t from, size_t n, const size_t *columns,
                                 size_t n_columns)
{
    return copy_rows(f, from, n, columns, fst_schema_part(f->schema, columns, n_columns));
}

/* ---- Values ---------------------------------------------------------------------------------- */

int64_t fst_column_int(const struct fst_column *c, size_t row)
{
    if (fst_column_is_null(c, row))
        return 0;
    switch (c->type.kind) {
    case FST_BOOLEAN:
        return ((const uint8_t *)c->values)[row];
    case FST_BYTE:
        return ((const int8_t *)c->values)[row];
    case FST_SHORT:
        return ((const int16_t *)c->values)[row];
    case FST_INT:
    case FST_DATE:
    case FST_INTERVAL_YM:
        return ((const int32_t *)c->values)[row];
    case FST_LONG:
    case FST_TIMESTAMP:
    case FST_TIMESTAMP_NTZ:
    case FST_TIME:
    case FST_INTERVAL_DT:
        return ((const int64_t *)c->values)[row];
    default:
        return 0;
    }
}

double fst_column_double(const struct fst_column *c, size_t row)
{
    if (fst_column_is_null(c, row))
        return 0;
    if (c->type.kind == FST_FLOAT)
        return ((const float *)c->values)[row];
    return c->type.kind == FST_DOUBLE ? ((const double *)c->values)[row] : 0;
}

__int128 fst_column_decimal(const struct fst_column *c, size_t row)
{
    if (c->type.kind != FST_DECIMAL || fst_column_is_null(c, row))
        return 0;
    __int128 v;
    memcpy(&v, (const char *)c->values + row * sizeof(v), sizeof(v));
    return v;
}

struct fst_str fst_column_bytes(const struct fst_column *c, size_t row)
{
    if (!fst_kind_is_bytes(c->type.kind) || fst_column_is_null(c, row))
        return (struct fst_str){"", 0};
    return (struct fst_str){(const char *)c->values + c->offsets[row],
                            c->offsets[row + 1] - c->offsets[row]};
}
