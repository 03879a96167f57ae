/* thrift: see the header. */
#include "thrift.h"

#include <assert.h>
#include <string.h>

enum { DEPTH_MAX = 32 };

static uint8_t next_byte(struct fst_thrift *t)
{
    if (t->at >= t->n || t->bad) {
        t->cut = t->cut || !t->bad;
        return 0;
    }
    return t->p[t->at++];
}

static bool is_fine(const struct fst_thrift *t)
{
    return !t->bad && !t->cut;
}

uint64_t fst_thrift_varint(struct fst_thrift *t)
{
    uint64_t v = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
        uint8_t byte = next_byte(t);
        v |= (uint64_t)(byte & 0x7F) << (shift < 64 ? shift : 63);
        if (!(byte & 0x80))
            return v;
    }
    t->bad = true;
    return 0;
}

int64_t fst_thrift_zigzag(struct fst_thrift *t)
{
    uint64_t v = fst_thrift_varint(t);
    return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

static void advance(struct fst_thrift *t, uint64_t n)
{
    if (n > t->n - t->at)
        t->cut = true;
    else
        t->at += (size_t)n;
}

struct fst_str fst_thrift_bytes(struct fst_thrift *t)
{
    uint64_t n = fst_thrift_varint(t);
    if (n > INT32_MAX)
        t->bad = true;
    if (!is_fine(t))
        return (struct fst_str){"", 0};
    size_t at = t->at;
    advance(t, n);
    return is_fine(t) ? (struct fst_str){(const char *)t->p + at, (size_t)n}
                      : (struct fst_str){"", 0};
}

struct fst_thrift_list fst_thrift_list(struct fst_thrift *t)
{
    uint8_t head = next_byte(t);
    uint64_t n = head >> 4;
    if (n == 15)
        n = fst_thrift_varint(t);
    if (n > INT32_MAX)
        t->bad = true;
    else if (n > t->n - t->at)
        t->cut = true;
    return (struct fst_thrift_list){t->at, is_fine(t) ? (size_t)n : 0, head & 0x0F};
}

struct fst_thrift fst_thrift_at(const struct fst_thrift *t, struct fst_thrift_list list)
{
    return (struct fst_thrift){.p = t->p, .n = t->n, .at = list.at};
}

/* ---- Skipping -------------------------------------------------------------------------------- */

static void skip_value(struct fst_thrift *t, enum fst_thrift_type type, int depth);

static bool next_field(struct fst_thrift *t, int16_t *id, enum fst_thrift_type *type)
{
    uint8_t head = next_byte(t);
    *type = head & 0x0F;
    if (!is_fine(t) || *type == FST_THRIFT_STOP)
        return false;
    int64_t next = head >> 4 ? *id + (head >> 4) : fst_thrift_zigzag(t);
    if (next < INT16_MIN || next > INT16_MAX)
        t->bad = true;
    *id = (int16_t)next;
    return is_fine(t);
}

static void skip_struct(struct fst_thrift *t, int depth)
{
    int16_t id = 0;
    enum fst_thrift_type type;
    while (next_field(t, &id, &type))
        skip_value(t, type, depth);
}

/* In a list a boolean takes a byte; in a field it is the type itself. */
static void skip_item(struct fst_thrift *t, enum fst_thrift_type type, int depth)
{
    if (type == FST_THRIFT_TRUE || type == FST_THRIFT_FALSE)
        advance(t, 1);
    else
        skip_value(t, type, depth);
}

static void skip_items(struct fst_thrift *t, int depth)
{
    struct fst_thrift_list list = fst_thrift_list(t);
    for (size_t i = 0; i < list.n && is_fine(t); i++)
        skip_item(t, list.type, depth);
}

static void skip_map(struct fst_thrift *t, int depth)
{
    uint64_t n = fst_thrift_varint(t);
    if (n > t->n - t->at)
        t->cut = true;
    if (n == 0 || !is_fine(t))
        return;
    uint8_t types = next_byte(t);
    for (uint64_t i = 0; i < n && is_fine(t); i++) {
        skip_item(t, types >> 4, depth);
        skip_item(t, types & 0x0F, depth);
    }
}

static void skip_value(struct fst_thrift *t, enum fst_thrift_type type, int depth)
{
    if (depth >= DEPTH_MAX) {
        t->bad = true;
        return;
    }
    switch (type) {
    case FST_THRIFT_TRUE:
    case FST_THRIFT_FALSE:
        return;
    case FST_THRIFT_BYTE:
        advance(t, 1);
        return;
    case FST_THRIFT_I16:
    case FST_THRIFT_I32:
    case FST_THRIFT_I64:
        fst_thrift_varint(t);
        return;
    case FST_THRIFT_DOUBLE:
        advance(t, 8);
        return;
    case FST_THRIFT_BINARY:
        fst_thrift_bytes(t);
        return;
    case FST_THRIFT_LIST:
    case FST_THRIFT_SET:
        skip_items(t, depth + 1);
        return;
    case FST_THRIFT_MAP:
        skip_map(t, depth + 1);
        return;
    case FST_THRIFT_STRUCT:
        skip_struct(t, depth + 1);
        return;
    case FST_THRIFT_UUID:
        advance(t, 16);
        return;
    default:
        t->bad = true;
    }
}

bool fst_thrift_skip(struct fst_thrift *t, enum fst_thrift_type type)
{
    skip_item(t, type, 0);
    return is_fine(t);
}

/* ---- Reading by shape ------------------------------------------------------------------------ */

static bool fits(enum fst_thrift_kind kind, enum fst_thrift_type type)
{
    switch (kind) {
    case FST_THRIFT_INT:
        return type >= FST_THRIFT_TRUE && type <= FST_THRIFT_I64;
    case FST_THRIFT_INT32:
        return type == FST_THRIFT_I32;
    case FST_THRIFT_BYTES:
        return type == FST_THRIFT_BINARY;
    case FST_THRIFT_ITEMS:
        return type == FST_THRIFT_LIST || type == FST_THRIFT_SET;
    default:
        return type == FST_THRIFT_STRUCT;
    }
}

static int64_t read_int(struct fst_thrift *t, enum fst_thrift_type type)
{
    if (type == FST_THRIFT_TRUE || type == FST_THRIFT_FALSE)
        return type == FST_THRIFT_TRUE;
    return type == FST_THRIFT_BYTE ? (int8_t)next_byte(t) : fst_thrift_zigzag(t);
}

static void read_struct(struct fst_thrift *t, const struct fst_thrift_shape *shape, void *out,
                        int depth);

static void read_slot(struct fst_thrift *t, const struct fst_thrift_slot *slot,
                      enum fst_thrift_type type, void *out, int depth)
{
    void *place = (char *)out + slot->offset;
    switch (slot->kind) {
    case FST_THRIFT_INT:
    case FST_THRIFT_INT32:
        *(int64_t *)place = read_int(t, type);
        return;
    case FST_THRIFT_BYTES:
        *(struct fst_str *)place = fst_thrift_bytes(t);
        return;
    case FST_THRIFT_INNER:
        read_struct(t, slot->inner, place, depth + 1);
        return;
    case FST_THRIFT_ITEMS: {
        struct fst_thrift_list list = fst_thrift_list(t);
        for (size_t i = 0; i < list.n && is_fine(t); i++)
            skip_item(t, list.type, depth + 1);
        *(struct fst_thrift_list *)place = list;
        return;
    }
    case FST_THRIFT_PRESENT:
        *(int64_t *)place = 1;
        if (slot->inner)
            read_struct(t, slot->inner, place, depth + 1);
        else
            skip_value(t, type, depth);
        return;
    }
}

static const struct fst_thrift_slot *slot_of(const struct fst_thrift_shape *shape, int16_t id,
                                             enum fst_thrift_type type)
{
    for (size_t i = 0; i < shape->n; i++)
        if (shape->slots[i].id == id && fits(shape->slots[i].kind, type))
            return &shape->slots[i];
    return NULL;
}

static void read_struct(struct fst_thrift *t, const struct fst_thrift_shape *shape, void *out,
                        int depth)
{
    int16_t id = 0;
    enum fst_thrift_type type;
    while (next_field(t, &id, &type)) {
        const struct fst_thrift_slot *slot = slot_of(shape, id, type);
        if (slot)
            read_slot(t, slot, type, out, depth);
        else
            skip_value(t, type, depth);
    }
}

bool fst_thrift_read(struct fst_thrift *t, const struct fst_thrift_shape *shape, void *out)
{
    read_struct(t, shape, out, 0);
    return is_fine(t);
}

/* ---- Writing --------------------------------------------------------------------------------- */

static void put_varint(struct fst_thrift_out *o, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        fst_buf_addc(o->buf, (char)(v | 0x80));
    fst_buf_addc(o->buf, (char)v);
}

static void put_zigzag(struct fst_thrift_out *o, int64_t v)
{
    put_varint(o, ((uint64_t)v << 1) ^ (uint64_t)(v >> 63));
}

static void put_head(struct fst_thrift_out *o, int16_t id, enum fst_thrift_type type)
{
    int delta = id - o->last[o->depth];
    assert(delta > 0);
    fst_buf_addc(o->buf, (char)((delta < 16 ? delta << 4 : 0) | (int)type));
    if (delta >= 16)
        put_zigzag(o, id);
    o->last[o->depth] = id;
}

void fst_thrift_put_int(struct fst_thrift_out *o, int16_t id, enum fst_thrift_type type, int64_t v)
{
    put_head(o, id, type);
    if (type == FST_THRIFT_BYTE)
        fst_buf_addc(o->buf, (char)v);
    else
        put_zigzag(o, v);
}

void fst_thrift_put_bool(struct fst_thrift_out *o, int16_t id, bool v)
{
    put_head(o, id, v ? FST_THRIFT_TRUE : FST_THRIFT_FALSE);
}

void fst_thrift_put_bytes(struct fst_thrift_out *o, int16_t id, const void *p, size_t n)
{
    put_head(o, id, FST_THRIFT_BINARY);
    put_varint(o, n);
    fst_buf_add(o->buf, p, n);
}

void fst_thrift_put_text(struct fst_thrift_out *o, int16_t id, const char *text)
{
    fst_thrift_put_bytes(o, id, text, strlen(text));
}

void fst_thrift_open(struct fst_thrift_out *o, int16_t id)
{
    put_head(o, id, FST_THRIFT_STRUCT);
    fst_thrift_open_item(o);
}

void fst_thrift_open_item(struct fst_thrift_out *o)
{
    assert(o->depth + 1 < FST_COUNT(o->last));
    o->last[++o->depth] = 0;
}

void fst_thrift_close(struct fst_thrift_out *o)
{
    assert(o->depth > 0);
    fst_buf_addc(o->buf, FST_THRIFT_STOP);
    o->depth--;
}

void fst_thrift_put_list(struct fst_thrift_out *o, int16_t id, enum fst_thrift_type type, size_t n)
{
    put_head(o, id, FST_THRIFT_LIST);
    fst_buf_addc(o->buf, (char)((n < 15 ? (int)n << 4 : 0xF0) | (int)type));
    if (n >= 15)
        put_varint(o, n);
}

void fst_thrift_item_int(struct fst_thrift_out *o, int64_t v)
{
    put_zigzag(o, v);
}

void fst_thrift_item_bytes(struct fst_thrift_out *o, const void *p, size_t n)
{
    put_varint(o, n);
    fst_buf_add(o->buf, p, n);
}

void fst_thrift_item_bool(struct fst_thrift_out *o, bool v)
{
    fst_buf_addc(o->buf, v ? FST_THRIFT_TRUE : FST_THRIFT_FALSE);
}

void fst_thrift_item_text(struct fst_thrift_out *o, const char *text)
{
    put_varint(o, strlen(text));
    fst_buf_adds(o->buf, text);
}
