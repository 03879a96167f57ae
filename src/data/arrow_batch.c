/* arrow_batch: a record batch becomes a frame. Nodes and buffers are used up in the order of a walk
 * through the fields, parents first.
 *
 * Nothing of the stream is kept: values are copied, NULLs are made zero or empty, offsets are
 * checked to climb and to stay inside. What is spent on memory is counted against a budget, so that
 * a few bytes that claim to be a gigabyte are refused. */
#include "arrow.h"
#include "calendar.h"

#include <lz4frame.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "frame.h"

enum { ROWS_MAX = 1 << 26, CODEC_NONE = -1, CODEC_LZ4 = 0, CODEC_ZSTD = 1 };

struct batch {
    struct fst_fb *fb;
    struct fst_str body;
    struct fst_fb_vector nodes, buffers;
    size_t next_node, next_buffer;
    int64_t codec;
    size_t *budget;
    struct fst_arena *arena;   /* of the frame */
    struct fst_arena *scratch; /* of inflated buffers */
    const char *column;        /* for errors */
    struct fst_error *err;
};

static enum fst_status damaged(struct batch *b, const char *what)
{
    return fst_fail(b->err, FST_EFORMAT, "arrow: column \"%s\": %s", b->column, what);
}

static enum fst_status charge(struct batch *b, size_t n_bytes)
{
    if (n_bytes > *b->budget)
        return fst_fail(b->err, FST_ENOMEM,
                        "arrow: column \"%s\": the result is too large; ask for fewer rows",
                        b->column);
    *b->budget -= n_bytes;
    return FST_OK;
}

/* Memory within the budget; zeroed. */
static enum fst_status spend(struct batch *b, struct fst_arena *arena, size_t n_bytes, void **out)
{
    *out = NULL;
    FST_TRY(charge(b, n_bytes));
    *out = fst_arena_alloc(arena, n_bytes ? n_bytes : 1);
    return FST_OK;
}

/* A copy of bytes, within the budget. */
static enum fst_status copied(struct batch *b, const char *p, size_t n_bytes, const void **out)
{
    FST_TRY(charge(b, n_bytes));
    void *copy = fst_arena_room(b->arena, n_bytes ? n_bytes : 1);
    if (n_bytes)
        memcpy(copy, p, n_bytes);
    *out = copy;
    return FST_OK;
}

/* ---- Buffers --------------------------------------------------------------------------------- */

static bool inflate_lz4(void *into, size_t n, const char *p, size_t n_packed)
{
    LZ4F_dctx *ctx = NULL;
    if (LZ4F_isError(LZ4F_createDecompressionContext(&ctx, LZ4F_VERSION)))
        return false;
    size_t got = n, used = n_packed;
    size_t rest = LZ4F_decompress(ctx, into, &got, p, &used, NULL);
    LZ4F_freeDecompressionContext(ctx);
    return rest == 0 && got == n;
}

/* A compressed buffer: its length, or -1 for stored as it is, then a frame of the codec. */
static enum fst_status inflate(struct batch *b, struct fst_str *buffer)
{
    int64_t length;
    if (!buffer->n)
        return FST_OK;
    if (buffer->n < sizeof(length))
        return damaged(b, "a compressed buffer is too short");
    memcpy(&length, buffer->p, sizeof(length));
    buffer->p += sizeof(length);
    buffer->n -= sizeof(length);
    if (length == -1)
        return FST_OK;
    if (length < 0)
        return damaged(b, "a compressed buffer has a negative length");

    void *into;
    size_t n = (size_t)length;
    FST_TRY(spend(b, b->scratch, n, &into));
    bool ok = b->codec == CODEC_ZSTD ? ZSTD_decompress(into, n, buffer->p, buffer->n) == n
                                     : inflate_lz4(into, n, buffer->p, buffer->n);
    *buffer = (struct fst_str){into, n};
    return ok ? FST_OK : damaged(b, "a compressed buffer does not unpack");
}

static enum fst_status next_buffer(struct batch *b, struct fst_str *out)
{
    if (b->next_buffer == b->buffers.n)
        return damaged(b, "a buffer is missing");
    size_t at = b->buffers.at + 16 * b->next_buffer++;
    uint64_t offset = fst_fb_load(b->fb, at, 8), length = fst_fb_load(b->fb, at + 8, 8);
    if (offset > b->body.n || length > b->body.n - offset)
        return damaged(b, "a buffer leads outside the message");
    *out = (struct fst_str){b->body.p + offset, (size_t)length};
    return b->codec == CODEC_NONE ? FST_OK : inflate(b, out);
}

static enum fst_status next_node(struct batch *b, size_t *n, bool *has_nulls)
{
    if (b->next_node == b->nodes.n)
        return damaged(b, "a node is missing");
    size_t at = b->nodes.at + 16 * b->next_node++;
    uint64_t length = fst_fb_load(b->fb, at, 8);
    if (length > ROWS_MAX)
        return damaged(b, "too many values in one batch");
    *n = (size_t)length;
    *has_nulls = fst_fb_load(b->fb, at + 8, 8) != 0;
    return FST_OK;
}

static bool bit(const void *bits, size_t i)
{
    return ((const uint8_t *)bits)[i >> 3] >> (i & 7) & 1;
}

static enum fst_status read_valid(struct batch *b, size_t n, bool has_nulls, const uint8_t **out)
{
    struct fst_str buffer;
    FST_TRY(next_buffer(b, &buffer));
    if (!has_nulls || !n)
        return FST_OK;
    size_t n_bytes = (n + 7) / 8;
    if (buffer.n < n_bytes)
        return damaged(b, "the validity is too short");
    void *copy;
    FST_TRY(spend(b, b->arena, n_bytes, &copy));
    memcpy(copy, buffer.p, n_bytes);
    *out = copy;
    return FST_OK;
}

/* ---- Columns --------------------------------------------------------------------------------- */

static enum fst_status read_bits(struct batch *b, struct fst_column *c)
{
    struct fst_str buffer;
    void *values;
    FST_TRY(next_buffer(b, &buffer));
    if (buffer.n < (c->n + 7) / 8)
        return damaged(b, "the values are too short");
    FST_TRY(spend(b, b->arena, c->n, &values));
    uint8_t *into = values;
    for (size_t i = 0; i < c->n; i++)
        into[i] = bit(buffer.p, i);
    for (size_t i = 0; c->valid && i < c->n; i++)
        into[i] &= bit(c->valid, i);
    c->values = values;
    return FST_OK;
}

static enum fst_status convert(struct batch *b, const struct fst_arrow_field *f,
                               const struct fst_column *c, const char *p, char *values)
{
    size_t width = fst_kind_width(c->type.kind);
    for (size_t i = 0; i < c->n; i++) {
        if (fst_column_is_null(c, i))
            continue;
        const uint8_t *from = (const uint8_t *)p + i * f->width;
        if (!f->load)
            memcpy(values + i * width, from, width);
        else if (!f->load(f, from, values + i * width))
            return damaged(b, "a time is out of range");
    }
    return FST_OK;
}

static void interval_text(struct fst_buf *out, const char *p)
{
    int32_t part[2];
    int64_t ns;
    memcpy(part, p, sizeof(part));
    memcpy(&ns, p + sizeof(part), sizeof(ns));
    fst_calendar_text(out, part[0], part[1], ns / 1000);
}

enum { INTERVAL_TEXT_BYTES = 128 };

static enum fst_status read_intervals(struct batch *b, struct fst_column *c, const char *p)
{
    void *values, *offsets;
    FST_TRY(spend(b, b->arena, c->n * INTERVAL_TEXT_BYTES, &values));
    FST_TRY(spend(b, b->arena, (c->n + 1) * sizeof(uint32_t), &offsets));
    uint32_t *ends = offsets;
    struct fst_buf text = FST_BUF(INTERVAL_TEXT_BYTES - 1);
    for (size_t i = 0; i < c->n; i++) {
        fst_buf_clear(&text);
        if (!fst_column_is_null(c, i))
            interval_text(&text, p + 16 * i);
        memcpy((char *)values + ends[i], fst_buf_text(&text), text.n);
        ends[i + 1] = ends[i] + (uint32_t)text.n;
    }
    fst_buf_done(&text);
    c->values = values;
    c->offsets = offsets;
    return FST_OK;
}

static enum fst_status read_fixed(struct batch *b, const struct fst_arrow_field *f,
                                  struct fst_column *c)
{
    struct fst_str buffer;
    void *values;
    FST_TRY(next_buffer(b, &buffer));
    if (buffer.n / f->width < c->n)
        return damaged(b, "the values are too short");
    if (f->is_calendar_interval)
        return read_intervals(b, c, buffer.p);
    if (!f->load && !c->valid && f->width == fst_kind_width(c->type.kind))
        return copied(b, buffer.p, c->n * f->width, &c->values);
    FST_TRY(spend(b, b->arena, c->n * fst_kind_width(c->type.kind), &values));
    c->values = values;
    return convert(b, f, c, buffer.p, values);
}

static uint64_t offset_at(struct fst_str offsets, size_t width, size_t i)
{
    uint64_t wide;
    uint32_t narrow;
    if (width == sizeof(narrow)) {
        memcpy(&narrow, offsets.p + i * sizeof(narrow), sizeof(narrow));
        return narrow;
    }
    memcpy(&wide, offsets.p + i * sizeof(wide), sizeof(wide));
    return wide;
}

/* n + 1 offsets that climb and end at most at `limit`; none at all are tolerated for no values. */
static enum fst_status check_offsets(struct batch *b, struct fst_str offsets, size_t width,
                                     size_t n, uint64_t limit)
{
    if (!n)
        return FST_OK;
    if (offsets.n / width < n + 1)
        return damaged(b, "the offsets are too short");
    uint64_t before = offset_at(offsets, width, 0);
    for (size_t i = 1; i <= n; i++) {
        uint64_t at = offset_at(offsets, width, i);
        if (at < before)
            return damaged(b, "the offsets go backwards");
        before = at;
    }
    return before <= limit ? FST_OK : damaged(b, "the offsets lead outside the values");
}

/* What lies under a NULL is left out. */
static void copy_some(const struct fst_column *c, struct fst_str offsets, size_t width,
                      const char *data, uint32_t *end, char *values)
{
    for (size_t i = 0; i < c->n; i++) {
        uint64_t from = offset_at(offsets, width, i), to = offset_at(offsets, width, i + 1);
        size_t len = fst_column_is_null(c, i) ? 0 : (size_t)(to - from);
        if (len)
            memcpy(values + end[i], data + from, len);
        end[i + 1] = end[i] + (uint32_t)len;
    }
}

static void set_ends(const struct fst_column *c, struct fst_str offsets, size_t width,
                     uint32_t *end)
{
    uint64_t first = c->n ? offset_at(offsets, width, 0) : 0;
    for (size_t i = 0; c->n && i <= c->n; i++)
        end[i] = (uint32_t)(offset_at(offsets, width, i) - first);
}

static enum fst_status read_bytes(struct batch *b, const struct fst_arrow_field *f,
                                  struct fst_column *c)
{
    struct fst_str offsets, data;
    void *ends, *values;
    FST_TRY(next_buffer(b, &offsets));
    FST_TRY(next_buffer(b, &data));
    FST_TRY(check_offsets(b, offsets, f->width, c->n, data.n));
    if (data.n > UINT32_MAX)
        return damaged(b, "more than 4 GB of text in one batch");
    uint64_t first = c->n ? offset_at(offsets, f->width, 0) : 0;
    uint64_t last = c->n ? offset_at(offsets, f->width, c->n) : 0;
    FST_TRY(spend(b, b->arena, (c->n + 1) * sizeof(uint32_t), &ends));
    c->offsets = ends;
    if (!c->valid) {
        set_ends(c, offsets, f->width, ends);
        return copied(b, data.p + first, (size_t)(last - first), &c->values);
    }
    FST_TRY(spend(b, b->arena, (size_t)(last - first), &values));
    c->values = values;
    copy_some(c, offsets, f->width, data.p, ends, values);
    return FST_OK;
}

static enum fst_status read_fixed_bytes(struct batch *b, const struct fst_arrow_field *f,
                                        struct fst_column *c)
{
    struct fst_str data;
    void *ends, *values;
    FST_TRY(next_buffer(b, &data));
    if (f->width && data.n / f->width < c->n)
        return damaged(b, "the values are too short");
    if (f->width && c->n > UINT32_MAX / f->width)
        return damaged(b, "more than 4 GB in one batch");
    FST_TRY(spend(b, b->arena, (c->n + 1) * sizeof(uint32_t), &ends));
    FST_TRY(spend(b, b->arena, c->n * f->width, &values));

    uint32_t *end = ends;
    for (size_t i = 0; i < c->n; i++) {
        size_t len = fst_column_is_null(c, i) ? 0 : f->width;
        if (len)
            memcpy((char *)values + end[i], data.p + i * f->width, len);
        end[i + 1] = end[i] + (uint32_t)len;
    }
    c->offsets = ends;
    c->values = values;
    return FST_OK;
}

static enum fst_status read_column(struct batch *b, const struct fst_arrow_field *f,
                                   const struct fst_type *type, struct fst_column *c);

/* The children of a field. A map's are those of the struct between. */
static enum fst_status read_children(struct batch *b, const struct fst_arrow_field *f,
                                     struct fst_column *c)
{
    void *memory;
    if (c->type.kind == FST_MAP) {
        size_t n;
        bool has_nulls;
        const uint8_t *valid = NULL;
        FST_TRY(next_node(b, &n, &has_nulls));
        FST_TRY(read_valid(b, n, has_nulls, &valid));
        f = &f->children[0];
    }
    FST_TRY(spend(b, b->arena, f->n_children * sizeof(struct fst_column), &memory));
    struct fst_column *children = memory;
    for (size_t i = 0; i < f->n_children; i++) {
        const struct fst_type *type =
            c->type.n_fields ? &c->type.fields[i].type : &f->children[i].type;
        FST_TRY(read_column(b, &f->children[i], type, &children[i]));
    }
    c->children = children;
    return FST_OK;
}

static enum fst_status check_child_lengths(struct batch *b, const struct fst_arrow_field *f,
                                           const struct fst_column *c, uint64_t need)
{
    size_t n = c->type.kind == FST_MAP ? 2 : f->n_children;
    for (size_t i = 0; i < n; i++)
        if (c->children[i].n < need)
            return damaged(b, "a nested column is too short");
    return FST_OK;
}

static enum fst_status read_list(struct batch *b, const struct fst_arrow_field *f,
                                 struct fst_column *c)
{
    struct fst_str offsets = {0};
    void *memory;
    if (f->layout == FST_ARROW_LIST)
        FST_TRY(next_buffer(b, &offsets));
    FST_TRY(spend(b, b->arena, (c->n + 1) * sizeof(uint32_t), &memory));
    uint32_t *out = memory;
    if (f->layout == FST_ARROW_LIST) {
        FST_TRY(check_offsets(b, offsets, f->width, c->n, ROWS_MAX));
        for (size_t i = 0; i <= c->n && c->n; i++)
            out[i] = (uint32_t)offset_at(offsets, f->width, i);
    } else {
        if (f->width && c->n > ROWS_MAX / f->width)
            return damaged(b, "too many values in one batch");
        for (size_t i = 0; i <= c->n; i++)
            out[i] = (uint32_t)(i * f->width);
    }
    c->offsets = out;
    FST_TRY(read_children(b, f, c));
    return check_child_lengths(b, f, c, out[c->n]);
}

static enum fst_status read_struct(struct batch *b, const struct fst_arrow_field *f,
                                   struct fst_column *c)
{
    FST_TRY(read_children(b, f, c));
    return check_child_lengths(b, f, c, c->n);
}

/* What is within a column cannot be shown as NULL when it could not be read. */
static void pass_reason_up(struct fst_column *c, size_t n_children)
{
    const char *reason = NULL;
    for (size_t i = 0; i < n_children && !reason; i++)
        reason = c->children[i].unreadable;
    if (reason)
        *c = (struct fst_column){.type = c->type, .n = c->n, .unreadable = reason};
}

static enum fst_status read_column(struct batch *b, const struct fst_arrow_field *f,
                                   const struct fst_type *type, struct fst_column *c)
{
    size_t n;
    bool has_nulls;
    FST_TRY(next_node(b, &n, &has_nulls));
    *c = (struct fst_column){.type = *type, .n = n};
    if (f->layout == FST_ARROW_VOID)
        return FST_OK;
    FST_TRY(read_valid(b, n, has_nulls, &c->valid));

    enum fst_status status = FST_OK;
    switch (f->layout) {
    case FST_ARROW_VOID:
        break;
    case FST_ARROW_BITS:
        status = read_bits(b, c);
        break;
    case FST_ARROW_FIXED:
        status = read_fixed(b, f, c);
        break;
    case FST_ARROW_BYTES:
        status = read_bytes(b, f, c);
        break;
    case FST_ARROW_FIXED_BYTES:
        status = read_fixed_bytes(b, f, c);
        break;
    case FST_ARROW_LIST:
    case FST_ARROW_FIXED_LIST:
        status = read_list(b, f, c);
        break;
    case FST_ARROW_STRUCT:
        status = read_struct(b, f, c);
        break;
    }
    if (status == FST_OK && f->is_variant)
        return fst_arrow_variants(f, c, b->arena, b->budget, b->err);
    if (status == FST_OK && c->children)
        pass_reason_up(c, c->type.kind == FST_MAP ? 2 : f->n_children);
    return status;
}

/* ---- The batch ------------------------------------------------------------------------------- */

static enum fst_status read_columns(struct batch *b, const struct fst_arrow_field *fields,
                                    const struct fst_schema *schema, size_t n_rows,
                                    struct fst_column *columns)
{
    for (size_t i = 0; i < schema->n; i++) {
        b->column = fields[i].name;
        FST_TRY(read_column(b, &fields[i], &schema->fields[i].type, &columns[i]));
        if (columns[i].n != n_rows)
            return damaged(b, "it has another length than the batch");
    }
    return FST_OK;
}

static enum fst_status open_batch(struct batch *b, struct fst_fb_table t, size_t *n_rows)
{
    int64_t length = fst_fb_int(b->fb, t, 0, 8, 0);
    struct fst_fb_table compression = fst_fb_table_at(b->fb, t, 3);
    b->nodes = fst_fb_vector_at(b->fb, t, 1, 16);
    b->buffers = fst_fb_vector_at(b->fb, t, 2, 16);
    b->codec = compression.at ? fst_fb_int(b->fb, compression, 0, 1, 0) : CODEC_NONE;
    *n_rows = (size_t)length;
    if (b->fb->bad || length < 0 || length > ROWS_MAX)
        return fst_fail(b->err, FST_EFORMAT, "arrow: a damaged record batch");
    if (b->codec < CODEC_NONE || b->codec > CODEC_ZSTD)
        return fst_fail(b->err, FST_EUNSUPPORTED, "arrow: unknown compression %lld",
                        (long long)b->codec);
    return FST_OK;
}

enum fst_status fst_arrow_batch(struct fst_fb *fb, struct fst_fb_table t, struct fst_str body,
                                const struct fst_arrow_field *fields, size_t n_fields,
                                size_t *budget, struct fst_frame **out, struct fst_error *err)
{
    struct batch b = {.fb = fb, .body = body, .budget = budget, .column = "", .err = err};
    size_t n_rows;
    FST_TRY(open_batch(&b, t, &n_rows));

    b.arena = fst_arena_new();
    b.scratch = fst_arena_new();
    struct fst_schema *schema = fst_arrow_spark_schema(fields, n_fields);
    struct fst_column *columns = fst_arena_alloc(b.arena, (n_fields + 1) * sizeof(*columns));
    enum fst_status status = read_columns(&b, fields, schema, n_rows, columns);
    fst_arena_free(b.scratch);
    if (status == FST_OK) {
        *out = fst_frame_of_arena(schema, b.arena, columns, n_rows);
        return FST_OK;
    }
    fst_arena_free(b.arena);
    fst_schema_free(schema);
    return status;
}
