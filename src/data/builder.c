/* builder: a frame in the making, row by row or column by column.
 *
 * It keeps one growing block for values, one for offsets and one for validity a column, and the
 * frame takes these blocks over as they are. Nested columns are columns with children, which are
 * columns in the making as well and are filled by themselves. */
#include "frame.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* One column being built. `valid` exists from the first NULL on. */
struct build {
    enum fst_kind kind;
    size_t width;    /* of a value; 0 for text and nested kinds */
    size_t children; /* index of the first; 0 = none */
    size_t n_children;
    size_t n, n_bytes; /* rows; bytes of text or elements of lists */
    char *values;
    size_t values_cap;
    uint32_t *offsets;
    size_t offsets_cap;
    uint8_t *valid;
    size_t valid_cap;
    uint16_t *nanos; /* of the first nanos_n rows; the rest has none */
    size_t nanos_n, nanos_cap;
    char *unreadable;
};

/* The columns of the schema, then those below them. */
struct fst_builder {
    struct fst_schema *schema;
    struct build *columns;
    size_t n, cap;
};

/* ---- Columns --------------------------------------------------------------------------------- */

static void init_column(struct fst_builder *b, size_t col, const struct fst_type *type)
{
    struct build c = {.kind = type->kind, .width = fst_kind_width(type->kind)};
    if (fst_type_is_nested(type) && type->n_fields) {
        c.children = b->n;
        c.n_children = type->n_fields;
        fst_grow(&b->columns, &b->cap, b->n + c.n_children, sizeof(*b->columns));
        b->n += c.n_children;
        for (size_t i = 0; i < c.n_children; i++)
            init_column(b, c.children + i, &type->fields[i].type);
    }
    b->columns[col] = c;
}

struct fst_builder *fst_builder_new(struct fst_schema *schema)
{
    struct fst_builder *b = fst_alloc(sizeof(*b));
    b->schema = schema;
    b->n = schema->n;
    fst_grow(&b->columns, &b->cap, schema->n + 1, sizeof(*b->columns));
    for (size_t i = 0; i < schema->n; i++)
        init_column(b, i, &schema->fields[i].type);
    return b;
}

size_t fst_builder_child(const struct fst_builder *b, size_t col, size_t i)
{
    assert(col < b->n && i < b->columns[col].n_children);
    return b->columns[col].children + i;
}

/* The column to append to, or NULL when it has been given up as unreadable. */
static struct build *column_at(struct fst_builder *b, size_t col)
{
    assert(col < b->n);
    return b->columns[col].unreadable ? NULL : &b->columns[col];
}

/* ---- Values ---------------------------------------------------------------------------------- */

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
    else if (c->kind != FST_VOID && c->kind != FST_STRUCT)
        append_offset(c);
    append_valid(c, false);
    for (size_t i = 0; c->kind == FST_STRUCT && i < c->n_children; i++)
        fst_builder_null(b, c->children + i);
}

void fst_builder_slot(struct fst_builder *b, size_t col, bool is_valid, size_t n_elements)
{
    struct build *c = column_at(b, col);
    if (!c)
        return;
    assert(c->kind == FST_STRUCT || c->kind == FST_ARRAY || c->kind == FST_MAP);
    if (n_elements > UINT32_MAX - c->n_bytes) {
        fst_builder_unreadable(b, col, "more than 4 thousand million elements in one frame");
        return;
    }
    c->n_bytes += n_elements;
    if (c->kind != FST_STRUCT)
        append_offset(c);
    append_valid(c, is_valid);
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

/* Nanoseconds of the row to come, with zeros for the rows before that have none. */
static void append_nanos(struct build *c, size_t row, unsigned nanos)
{
    if (row + 1 > c->nanos_cap)
        fst_grow(&c->nanos, &c->nanos_cap, row + 1, sizeof(*c->nanos));
    memset(c->nanos + c->nanos_n, 0, (row - c->nanos_n) * sizeof(*c->nanos));
    c->nanos[row] = (uint16_t)nanos;
    c->nanos_n = row + 1;
}

void fst_builder_time(struct fst_builder *b, size_t col, int64_t us, unsigned nanos)
{
    struct build *c = column_at(b, col);
    if (c && nanos)
        append_nanos(c, c->n, nanos);
    fst_builder_int(b, col, us);
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

void fst_builder_copy(struct fst_builder *b, size_t col, const struct fst_column *c, size_t row)
{
    if (fst_column_is_null(c, row)) {
        fst_builder_null(b, col);
    } else if (fst_kind_is_bytes(c->type.kind)) {
        struct fst_str bytes = fst_column_bytes(c, row);
        fst_builder_bytes(b, col, bytes.p, bytes.n);
    } else if (c->type.kind == FST_FLOAT || c->type.kind == FST_DOUBLE) {
        fst_builder_double(b, col, fst_column_double(c, row));
    } else if (c->type.kind == FST_DECIMAL) {
        fst_builder_decimal(b, col, fst_column_decimal(c, row));
    } else {
        fst_builder_time(b, col, fst_column_int(c, row), c->nanos ? c->nanos[row] : 0);
    }
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

/* ---- Memory ---------------------------------------------------------------------------------- */

size_t fst_builder_column_bytes(const struct fst_builder *b, size_t col)
{
    const struct build *c = &b->columns[col];
    return c->values_cap + c->valid_cap + c->offsets_cap * sizeof(*c->offsets) +
           c->nanos_cap * sizeof(*c->nanos);
}

size_t fst_builder_bytes_used(const struct fst_builder *b)
{
    size_t used = 0;
    for (size_t i = 0; i < b->n; i++)
        used += fst_builder_column_bytes(b, i);
    return used;
}

/* Everything but the schema. */
static void free_columns(struct fst_builder *b)
{
    for (size_t i = 0; i < b->n; i++) {
        free(b->columns[i].values);
        free(b->columns[i].offsets);
        free(b->columns[i].valid);
        free(b->columns[i].nanos);
        free(b->columns[i].unreadable);
    }
    free(b->columns);
    free(b);
}

void fst_builder_free(struct fst_builder *b)
{
    if (!b)
        return;
    fst_schema_free(b->schema);
    free_columns(b);
}

/* ---- The frame ------------------------------------------------------------------------------- */

/* What columns move into. */
struct room {
    struct fst_builder *b;
    struct fst_arena *arena;
    void **blocks;
    size_t n_blocks;
};

/* Without what it grew by and did not need: frames are kept longer than they are made. */
static void *take_block(struct room *room, void *block, size_t used, size_t cap)
{
    if (!block)
        return NULL;
    if (used && cap - used > cap / 4)
        block = fst_realloc(block, used);
    return room->blocks[room->n_blocks++] = block;
}

static struct fst_column finish_column(struct room *room, size_t col, const struct fst_type *type,
                                       size_t n_rows);

static const struct fst_column *finish_children(struct room *room, const struct build *c,
                                                const struct fst_type *type)
{
    if (!c->n_children)
        return NULL;
    size_t n = type->kind == FST_STRUCT ? c->n : c->n_bytes;
    struct fst_column *children = fst_arena_alloc(room->arena, c->n_children * sizeof(*children));
    for (size_t i = 0; i < c->n_children; i++)
        children[i] = finish_column(room, c->children + i, &type->fields[i].type, n);
    return children;
}

/* The column of a frame; its blocks go over to the room. */
static struct fst_column finish_column(struct room *room, size_t col, const struct fst_type *type,
                                       size_t n_rows)
{
    struct build *c = &room->b->columns[col];
    struct fst_column out = {.type = *type, .n = n_rows};
    if (c->unreadable) {
        out.unreadable = fst_arena_strdup(room->arena, c->unreadable);
        return out;
    }
    assert(c->n == n_rows);
    if (type->kind == FST_VOID)
        return out;

    bool has_offsets = fst_kind_is_bytes(c->kind) || c->kind == FST_ARRAY || c->kind == FST_MAP;
    if (has_offsets && !c->offsets)
        fst_grow(&c->offsets, &c->offsets_cap, 1, sizeof(*c->offsets));
    if (!c->values && !fst_type_is_nested(type))
        fst_grow(&c->values, &c->values_cap, 1, 1);
    size_t bytes = c->width ? c->n * c->width : c->n_bytes, word = sizeof(*c->offsets);
    out.values = take_block(room, c->values, bytes, c->values_cap);
    out.offsets = take_block(room, c->offsets, (c->n + 1) * word, c->offsets_cap * word);
    out.valid = take_block(room, c->valid, c->n / 8 + 1, c->valid_cap);
    if (c->nanos_n && c->nanos_n < c->n)
        append_nanos(c, c->n - 1, 0);
    out.nanos =
        take_block(room, c->nanos, c->n * sizeof(*c->nanos), c->nanos_cap * sizeof(*c->nanos));
    c->values = NULL;
    c->offsets = NULL;
    c->valid = NULL;
    c->nanos = NULL;
    out.children = finish_children(room, c, type);
    return out;
}

struct fst_frame *fst_builder_finish(struct fst_builder *b, size_t n_rows)
{
    struct room room = {.b = b, .arena = fst_arena_new()};
    room.blocks = fst_alloc((b->n * 4 + 1) * sizeof(*room.blocks));
    size_t n = b->schema->n;
    struct fst_column *columns = fst_arena_alloc(room.arena, (n ? n : 1) * sizeof(*columns));
    for (size_t i = 0; i < n; i++)
        columns[i] = finish_column(&room, i, &b->schema->fields[i].type, n_rows);

    struct fst_frame *f =
        fst_frame_of_blocks(b->schema, room.arena, room.blocks, room.n_blocks, columns, n_rows);
    free_columns(b);
    return f;
}

const struct fst_column *fst_builder_keep_value(struct fst_builder *b, struct fst_arena *arena)
{
    struct fst_frame *f = fst_builder_finish(b, 1);
    struct fst_column *copy = fst_arena_alloc(arena, sizeof(*copy));
    *copy = fst_column_copy(arena, &f->columns[0], 0, 1);
    fst_frame_unref(f);
    return copy;
}
