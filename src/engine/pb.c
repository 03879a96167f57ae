/* Reading checks every length against the end of the message it is in, so a reader never leaves its
 * bytes; whoever recurses bounds the depth. Writing a message inside another leaves one byte for
 * the length and moves the rest when that is not enough: most are short. */
#include <stdlib.h>
#include <string.h>

#include "pb.h"

enum { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_32 = 5 };

static size_t encode_varint(unsigned char out[10], uint64_t v)
{
    size_t n = 0;
    for (; v >= 0x80; v >>= 7)
        out[n++] = (unsigned char)(v | 0x80);
    out[n++] = (unsigned char)v;
    return n;
}

static void put_varint(struct fst_buf *b, uint64_t v)
{
    unsigned char bytes[10];
    fst_buf_add(b, bytes, encode_varint(bytes, v));
}

void pb_uint(struct fst_buf *b, uint32_t field, uint64_t v)
{
    put_varint(b, (uint64_t)field << 3 | WIRE_VARINT);
    put_varint(b, v);
}

void pb_bytes(struct fst_buf *b, uint32_t field, const void *p, size_t n)
{
    put_varint(b, (uint64_t)field << 3 | WIRE_BYTES);
    put_varint(b, n);
    fst_buf_add(b, p, n);
}

void pb_text(struct fst_buf *b, uint32_t field, const char *text)
{
    if (text)
        pb_bytes(b, field, text, strlen(text));
}

void pb_empty(struct fst_buf *b, uint32_t field)
{
    pb_bytes(b, field, "", 0);
}

size_t pb_open(struct fst_buf *b, uint32_t field)
{
    put_varint(b, (uint64_t)field << 3 | WIRE_BYTES);
    fst_buf_addc(b, 0);
    return b->n;
}

void pb_close(struct fst_buf *b, size_t mark)
{
    if (b->over)
        return;
    unsigned char bytes[10];
    size_t n = b->n - mark, n_bytes = encode_varint(bytes, n);
    fst_buf_add(b, "\0\0\0\0\0\0\0\0\0", n_bytes - 1);
    if (b->over)
        return;
    memmove(b->p + mark - 1 + n_bytes, b->p + mark, n);
    memcpy(b->p + mark - 1, bytes, n_bytes);
}

void pb_entry(struct fst_buf *b, uint32_t field, const char *key, const char *value)
{
    size_t entry = pb_open(b, field);
    pb_text(b, 1, key);
    pb_text(b, 2, value);
    pb_close(b, entry);
}

struct pb pb_reader(const void *p, size_t n)
{
    return (struct pb){.p = p, .end = n ? (const unsigned char *)p + n : p};
}

struct pb pb_inside(const struct pb_field *f)
{
    return pb_reader(f->p, f->wire == WIRE_BYTES ? f->n : 0);
}

static bool fail(struct pb *r)
{
    r->bad = true;
    r->p = r->end;
    return false;
}

static bool get_varint(struct pb *r, uint64_t *out)
{
    uint64_t v = 0;
    for (int shift = 0; shift < 70; shift += 7) {
        if (r->p == r->end)
            return fail(r);
        unsigned char c = *r->p++;
        if (shift < 64)
            v |= (uint64_t)(c & 0x7f) << shift;
        if (!(c & 0x80)) {
            *out = v;
            return true;
        }
    }
    return fail(r);
}

static bool get_fixed(struct pb *r, size_t n, uint64_t *out)
{
    if ((size_t)(r->end - r->p) < n)
        return fail(r);
    *out = 0;
    for (size_t i = 0; i < n; i++)
        *out |= (uint64_t)r->p[i] << (8 * i);
    r->p += n;
    return true;
}

static bool get_bytes(struct pb *r, struct pb_field *out)
{
    uint64_t n;
    if (!get_varint(r, &n))
        return false;
    if (n > (uint64_t)(r->end - r->p))
        return fail(r);
    out->p = r->p;
    out->n = (size_t)n;
    r->p += n;
    return true;
}

bool pb_next(struct pb *r, struct pb_field *out)
{
    uint64_t tag;
    *out = (struct pb_field){.number = 0};
    if (r->p == r->end || !get_varint(r, &tag))
        return false;
    out->wire = (int)(tag & 7);
    out->number = (uint32_t)(tag >> 3);
    if (out->number == 0 || tag >> 3 > 0x1fffffff)
        return fail(r);
    switch (out->wire) {
    case WIRE_VARINT:
        return get_varint(r, &out->v);
    case WIRE_64:
        return get_fixed(r, 8, &out->v);
    case WIRE_32:
        return get_fixed(r, 4, &out->v);
    case WIRE_BYTES:
        return get_bytes(r, out);
    default:
        return fail(r);
    }
}

bool pb_find(struct pb r, uint32_t number, struct pb_field *out)
{
    struct pb_field f;
    bool found = false;
    while (pb_next(&r, &f)) {
        if (f.number != number)
            continue;
        *out = f;
        found = true;
    }
    return found;
}

char *pb_strdup(const struct pb_field *f)
{
    return f->wire == WIRE_BYTES ? fst_strndup((const char *)f->p, f->n) : fst_strdup("");
}
