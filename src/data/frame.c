/* frame: immutable columns that are counted, and the builder that makes them.
 *
 * A builder keeps one growing block for values, one for offsets and one for validity a column, and
 * the frame takes these blocks over as they are. Everything else (slices, decoded streams) puts
 * whole columns into an arena. Two ways in, one way out: the storage below. */
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

static struct fst_frame *frame_new(struct storage *storage, const struct fst_column *columns,
                                   size_t n_rows)
{
    struct fst_frame *f = fst_alloc(sizeof(*f));
    f->schema = storage->schema;
    f->n_rows = n_rows;
    f->n_columns = storage->schema->n;
    f->columns = columns;
    f->storage = storage;
    atomic_init(&f->refs, 1);
    return f;
}

struct fst_frame *fst_frame_of_arena(struct fst_schema *schema, struct fst_arena *arena,
                                     const struct fst_column *columns, size_t n_rows)
{
    struct storage *storage = fst_alloc(sizeof(*storage));
    storage->schema = schema;
    storage->arena = arena;
    return frame_new(storage, columns, n_rows);
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
    struct fst_column copy = {.type = c->type, .n = n};
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
    if (c->children) {
        struct fst_column *children = arena_bytes(arena, c->type.n_fields * sizeof(*children));
        for (size_t i = 0; i < c->type.n_fields; i++)
            children[i] = fst_column_copy(arena, &c->children[i], first, count);
        copy.children = children;
    }
    return copy;
}

struct fst_frame *fst_frame_slice(struct fst_frame *f, size_t from, size_t n)
{
    from = from < f->n_rows ? from : f->n_rows;
    n = n < f->n_rows - from ? n : f->n_rows - from;

    struct fst_arena *arena = fst_arena_new();
    struct fst_schema *schema = fst_schema_copy(f->schema);
    struct fst_column *columns = arena_bytes(arena, f->n_columns * sizeof(*columns));
    for (size_t i = 0; i < f->n_columns; i++) {
        columns[i] = fst_column_copy(arena, &f->columns[i], from, n);
        columns[i].type = schema->fields[i].type;
    }
    return fst_frame_of_arena(schema, arena, columns, n);
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

/* ---- The builder ----------------------------------------------------------------------------- */

/* One column being built. `valid` exists from the first NULL on. */
struct build {
    enum fst_kind kind;
    size_t width; /* of a value; 0 for text and nested kinds */
    size_t n, n_bytes;
    char *values;
    size_t values_cap;
    uint32_t *offsets;
    size_t offsets_cap;
    uint8_t *valid;
    size_t valid_cap;
    char *unreadable;
};

struct fst_builder {
    struct fst_schema *schema;
    struct build *columns;
};

struct fst_builder *fst_builder_new(struct fst_schema *schema)
{
    struct fst_builder *b = fst_alloc(sizeof(*b));
    b->schema = schema;
    b->columns = fst_alloc((schema->n + 1) * sizeof(*b->columns));
    for (size_t i = 0; i < schema->n; i++) {
        b->columns[i].kind = schema->fields[i].type.kind;
        b->columns[i].width = fst_kind_width(b->columns[i].kind);
    }
    return b;
}

/* The column to append to, or NULL when it has been given up as unreadable. */
static struct build *column_at(struct fst_builder *b, size_t col)
{
    assert(col < b->schema->n);
    return b->columns[col].unreadable ? NULL : &b->columns[col];
}

static void start_valid(struct build *c)
{
    fst_grow(&c->valid, &c->valid_cap, c->n / 8 + 1, 1);
    memset(c->valid, 0xFF, c->n / 8);
    c->valid[c->n / 8] = (uint8_t)((1u << (c->n & 7)) - 1);
}

static void append_valid(struct build *c, bool is_valid)
{
    if (!c->valid && !is_valid)
        start_valid(c);
    if (c->valid) {
        fst_grow(&c->valid, &c->valid_cap, c->n / 8 + 1, 1);
        c->valid[c->n >> 3] |= (uint8_t)(is_valid << (c->n & 7));
    }
    c->n++;
}

static void append_fixed(struct build *c, const void *value)
{
    size_t at = c->n * c->width;
    if (at + c->width > c->values_cap)
        fst_grow(&c->values, &c->values_cap, at + c->width, 1);
    memcpy(c->values + at, value, c->width);
}

static void append_offset(struct build *c)
{
    if (c->n + 2 > c->offsets_cap)
        fst_grow(&c->offsets, &c->offsets_cap, c->n + 2, sizeof(*c->offsets));
    c->offsets[c->n + 1] = (uint32_t)c->n_bytes;
}

void fst_builder_null(struct fst_builder *b, size_t col)
{
    static const char zero[sizeof(__int128)];
    struct build *c = column_at(b, col);
    if (!c)
        return;
    if (c->width)
        append_fixed(c, zero);
    else if (c->kind != FST_VOID)
        append_offset(c);
    append_valid(c, false);
}

void fst_builder_int(struct fst_builder *b, size_t col, int64_t v)
{
    struct build *c = column_at(b, col);
    if (!c)
        return;
    assert(c->width && c->width <= 8 && c->kind != FST_FLOAT && c->kind != FST_DOUBLE);
    int8_t v8 = (int8_t)v;
    int16_t v16 = (int16_t)v;
    int32_t v32 = (int32_t)v;
    append_fixed(c, c->width == 1   ? (void *)&v8
                    : c->width == 2 ? (void *)&v16
                    : c->width == 4 ? (void *)&v32
                                    : (void *)&v);
    append_valid(c, true);
}

void fst_builder_double(struct fst_builder *b, size_t col, double v)
{
    struct build *c = column_at(b, col);
    if (!c)
        return;
    assert(c->kind == FST_FLOAT || c->kind == FST_DOUBLE);
    float v32 = (float)v;
    append_fixed(c, c->kind == FST_FLOAT ? (void *)&v32 : (void *)&v);
    append_valid(c, true);
}

void fst_builder_decimal(struct fst_builder *b, size_t col, __int128 v)
{
    struct build *c = column_at(b, col);
    if (!c)
        return;
    assert(c->kind == FST_DECIMAL);
    append_fixed(c, &v);
    append_valid(c, true);
}

void fst_builder_bytes(struct fst_builder *b, size_t col, const void *p, size_t n)
{
    struct build *c = column_at(b, col);
    if (!c)
        return;
    assert(fst_kind_is_bytes(c->kind));
    if (n > UINT32_MAX - c->n_bytes) {
        fst_builder_unreadable(b, col, "more than 4 GB of text in one frame");
        return;
    }
    if (c->n_bytes + n > c->values_cap)
        fst_grow(&c->values, &c->values_cap, c->n_bytes + n, 1);
    if (n)
        memcpy(c->values + c->n_bytes, p, n);
    c->n_bytes += n;
    append_offset(c);
    append_valid(c, true);
}

void fst_builder_unreadable(struct fst_builder *b, size_t col, const char *why)
{
    struct build *c = column_at(b, col);
    if (c)
        c->unreadable = fst_strdup(why);
}

size_t fst_builder_rows(const struct fst_builder *b)
{
    return b->schema->n ? b->columns[0].n : 0;
}

size_t fst_builder_bytes_used(const struct fst_builder *b)
{
    size_t used = 0;
    for (size_t i = 0; i < b->schema->n; i++) {
        const struct build *c = &b->columns[i];
        used += c->values_cap + c->valid_cap + c->offsets_cap * sizeof(*c->offsets);
    }
    return used;
}

/* Everything but the schema. */
static void free_columns(struct fst_builder *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(b->columns[i].values);
        free(b->columns[i].offsets);
        free(b->columns[i].valid);
        free(b->columns[i].unreadable);
    }
    free(b->columns);
    free(b);
}

/* The column of a frame; its blocks go over to `storage`. */
static struct fst_column finish_column(struct storage *storage, struct build *c,
                                       const struct fst_type *type, size_t n_rows)
{
    struct fst_column out = {.type = *type, .n = n_rows};
    if (c->unreadable) {
        out.unreadable = fst_arena_strdup(storage->arena, c->unreadable);
        return out;
    }
    assert(c->n == n_rows);
    if (fst_type_is_nested(type))
        return fst_column_nulls(storage->arena, type, n_rows);
    if (type->kind == FST_VOID)
        return out;

    if (fst_kind_is_bytes(c->kind) && !c->offsets)
        fst_grow(&c->offsets, &c->offsets_cap, 1, sizeof(*c->offsets));
    if (!c->values)
        fst_grow(&c->values, &c->values_cap, 1, 1);
    storage->blocks[storage->n_blocks++] = c->values;
    out.values = c->values;
    storage->blocks[storage->n_blocks++] = c->offsets;
    storage->blocks[storage->n_blocks++] = c->valid;
    out.offsets = c->offsets;
    out.valid = c->valid;
    c->values = NULL;
    c->offsets = NULL;
    c->valid = NULL;
    return out;
}

struct fst_frame *fst_builder_finish(struct fst_builder *b, size_t n_rows)
{
    struct storage *storage = fst_alloc(sizeof(*storage));
    storage->schema = b->schema;
    storage->arena = fst_arena_new();
    storage->blocks = fst_alloc((b->schema->n * 3 + 1) * sizeof(*storage->blocks));

    size_t n = b->schema->n;
    struct fst_column *columns = arena_bytes(storage->arena, n * sizeof(*columns));
    for (size_t i = 0; i < n; i++)
        columns[i] = finish_column(storage, &b->columns[i], &b->schema->fields[i].type, n_rows);

    struct fst_frame *f = frame_new(storage, columns, n_rows);
    free_columns(b, n);
    return f;
}

void fst_builder_free(struct fst_builder *b)
{
    if (!b)
        return;
    size_t n = b->schema->n;
    fst_schema_free(b->schema);
    free_columns(b, n);
}
