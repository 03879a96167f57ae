/* snappy: Snappy's elements, decoded over the engine in lz.c; and a compressor.
 *
 * The library of that name is C++ and decodes whole buffers only. The format: the length of the
 * output as a varint, then elements whose two low bits tell a literal (0) or a copy with an offset
 * of 11, 16 or 32 bits. */
#include "lz_run.h"

#include <string.h>

/* ---- Decoding -------------------------------------------------------------------------------- */

static enum fst_status skip_length(struct fst_lz *s, struct fst_codec_io *io)
{
    for (size_t i = 0; i < io->in_n && i < 5; i++)
        if (!(io->in[i] & 0x80)) {
            io->in += i + 1;
            io->in_n -= i + 1;
            s->started = true;
            return FST_OK;
        }
    return io->in_n >= 5 ? FST_EFORMAT : FST_OK;
}

static uint32_t load_le(const uint8_t *p, size_t n)
{
    uint32_t v = 0;
    for (size_t i = 0; i < n; i++)
        v |= (uint32_t)p[i] << (8 * i);
    return v;
}

/* Bytes after the tag. */
static size_t extra_bytes(uint8_t tag)
{
    static const uint8_t copies[] = {0, 1, 2, 4};
    if (tag & 3)
        return copies[tag & 3];
    return tag >> 2 < 60 ? 0 : (size_t)(tag >> 2) - 59;
}

/* False when the element is not wholly there. */
static bool next_element(struct fst_lz *s, struct fst_codec_io *io)
{
    uint8_t tag = io->in[0];
    size_t n = extra_bytes(tag);
    if (io->in_n < 1 + n)
        return false;
    uint32_t extra = load_le(io->in + 1, n);
    if ((tag & 3) == 0) {
        s->literal_left = (uint64_t)(n ? extra : (uint32_t)tag >> 2) + 1;
    } else if ((tag & 3) == 1) {
        s->copy_left = 4 + ((tag >> 2) & 7);
        s->offset = extra | (size_t)(tag >> 5) << 8;
    } else {
        s->copy_left = (tag >> 2) + 1;
        s->offset = extra;
    }
    io->in += 1 + n;
    io->in_n -= 1 + n;
    return true;
}

enum fst_status fst_snappy_run(struct fst_lz *s, struct fst_codec_io *io)
{
    if (!s->started)
        FST_TRY(skip_length(s, io));
    if (!s->started)
        return FST_OK;
    while (io->out_at < io->out_cap) {
        FST_TRY(fst_lz_pending(s, io));
        if (s->literal_left && io->in_n == 0)
            return FST_OK;
        if (s->literal_left || s->copy_left)
            continue;
        if (io->in_n == 0 || !next_element(s, io))
            return FST_OK;
    }
    return FST_OK;
}

/* ---- Compressing ----------------------------------------------------------------------------- */

enum { BLOCK_BYTES = 1 << 16, HASH_BITS = 14, MIN_MATCH = 4, LONG_COPY = 64 };
enum { NEAR = 1 << 11, SHORT_COPY = 11 }; /* what a copy of two bytes reaches */

static uint32_t load32(const uint8_t *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof(v));
    return v;
}

static uint32_t hash_at(const uint8_t *p)
{
    return (load32(p) * 0x1E35A7BDu) >> (32 - HASH_BITS);
}

static uint8_t *put_literal(uint8_t *to, const uint8_t *p, size_t n)
{
    if (n == 0)
        return to;
    size_t length = n - 1;
    if (length < 60) {
        *to++ = (uint8_t)(length << 2);
    } else {
        size_t n_bytes = length < 1 << 8 ? 1 : 2; /* a block is 64 KB */
        *to++ = (uint8_t)((59 + n_bytes) << 2);
        for (size_t i = 0; i < n_bytes; i++)
            *to++ = (uint8_t)(length >> (8 * i));
    }
    memcpy(to, p, n);
    return to + n;
}

static uint8_t *put_copy(uint8_t *to, size_t offset, size_t n)
{
    while (n > SHORT_COPY || (n && offset >= NEAR)) {
        /* Other decoders are quicker when no part is under four bytes. */
        size_t part = n < LONG_COPY ? n : n < LONG_COPY + 4 && n > LONG_COPY ? 60 : LONG_COPY;
        *to++ = (uint8_t)(((part - 1) << 2) | 2);
        *to++ = (uint8_t)offset;
        *to++ = (uint8_t)(offset >> 8);
        n -= part;
    }
    if (n) {
        *to++ = (uint8_t)(offset >> 8 << 5 | (n - 4) << 2 | 1);
        *to++ = (uint8_t)offset;
    }
    return to;
}

static size_t match_length(const uint8_t *a, const uint8_t *b, const uint8_t *end)
{
    size_t n = 0;
    for (uint64_t x, y; b + n + sizeof(x) <= end; n += sizeof(x)) {
        memcpy(&x, a + n, sizeof(x));
        memcpy(&y, b + n, sizeof(y));
        if (x != y)
            return n + (size_t)__builtin_ctzll(x ^ y) / 8;
    }
    while (b + n < end && a[n] == b[n])
        n++;
    return n;
}

static uint8_t *compress_block(uint8_t *to, const uint8_t *p, size_t n, uint16_t *seen)
{
    memset(seen, 0, sizeof(*seen) << HASH_BITS);
    size_t literal = 0, at = 1;
    while (at + MIN_MATCH <= n) {
        uint32_t hash = hash_at(p + at);
        size_t before = seen[hash];
        seen[hash] = (uint16_t)at;
        if (load32(p + before) != load32(p + at)) {
            at += 1 + ((at - literal) >> 5); /* hurry over what does not compress */
            continue;
        }
        to = put_literal(to, p + literal, at - literal);
        size_t length = match_length(p + before, p + at, p + n);
        to = put_copy(to, at - before, length);
        at += length;
        literal = at;
        if (at + MIN_MATCH <= n) /* the end of what repeats is where more of it may begin */
            seen[hash_at(p + at - 1)] = (uint16_t)(at - 1);
    }
    return put_literal(to, p + literal, n - literal);
}

void fst_snappy_compress(struct fst_buf *out, const void *p, size_t n)
{
    size_t v = n;
    for (; v >= 0x80; v >>= 7)
        fst_buf_addc(out, (char)(v | 0x80));
    fst_buf_addc(out, (char)v);

    /* A literal costs three bytes at most, and there is one for each copy of four or more that
     * takes three or less: a sixth more is enough. */
    uint8_t *to = (uint8_t *)fst_buf_room(out, n + n / 6 + 32);
    if (!to)
        return;
    uint16_t seen[1 << HASH_BITS];
    for (size_t at = 0; at < n; at += BLOCK_BYTES)
        to = compress_block(to, (const uint8_t *)p + at,
                            n - at < BLOCK_BYTES ? n - at : BLOCK_BYTES, seen);
    fst_buf_took(out, (char *)to);
}
