/* lz: literals and copies, the engine below both formats; and LZ4 blocks. See the header. */
#include "lz_run.h"

#include <string.h>

static void run_literal(struct fst_lz *s, struct fst_codec_io *io)
{
    size_t n = io->in_n < io->out_cap - io->out_at ? io->in_n : io->out_cap - io->out_at;
    n = s->literal_left < n ? (size_t)s->literal_left : n;
    if (n)
        memcpy(io->out + io->out_at, io->in, n);
    io->in += n;
    io->in_n -= n;
    io->out_at += n;
    s->literal_left -= n;
    s->made += n;
}

/* A copy may overlap itself: then it repeats its last `offset` bytes. */
static void copy_within(uint8_t *out, size_t offset, size_t n)
{
    const uint8_t *from = out - offset;
    if (offset >= n) {
        memcpy(out, from, n);
        return;
    }
    for (size_t i = 0; i < n; i++)
        out[i] = from[i];
}

static enum fst_status run_copy(struct fst_lz *s, struct fst_codec_io *io)
{
    if (s->offset == 0 || s->offset > s->made)
        return FST_EFORMAT;
    if (s->offset > io->out_at)
        return FST_ENOMEM;
    size_t room = io->out_cap - io->out_at;
    size_t n = s->copy_left < room ? (size_t)s->copy_left : room;
    copy_within(io->out + io->out_at, s->offset, n);
    io->out_at += n;
    s->copy_left -= n;
    s->made += n;
    return FST_OK;
}

enum fst_status fst_lz_pending(struct fst_lz *s, struct fst_codec_io *io)
{
    if (s->literal_left)
        run_literal(s, io);
    else if (s->copy_left)
        return run_copy(s, io);
    return FST_OK;
}

/* ---- LZ4 blocks ------------------------------------------------------------------------------ */

/* The rest of a length whose nibble was 15: bytes until one is not 255. False when input ends. */
static bool long_length(const struct fst_codec_io *io, size_t *at, uint64_t *length)
{
    for (uint8_t byte = 255; byte == 255; *length += byte) {
        if (*at == io->in_n)
            return false;
        byte = io->in[(*at)++];
    }
    return true;
}

static bool lz4_literal(struct fst_lz *s, struct fst_codec_io *io)
{
    size_t at = 1;
    uint64_t length = io->in[0] >> 4;
    if (length == 15 && !long_length(io, &at, &length))
        return false;
    s->token = io->in[0];
    s->literal_left = length;
    s->in_match = true;
    io->in += at;
    io->in_n -= at;
    return true;
}

static bool lz4_match(struct fst_lz *s, struct fst_codec_io *io)
{
    size_t at = 2;
    uint64_t length = s->token & 15;
    if (io->in_n < 2 || (length == 15 && !long_length(io, &at, &length)))
        return false;
    s->offset = (size_t)io->in[0] | (size_t)io->in[1] << 8;
    s->copy_left = length + 4;
    s->in_match = false;
    io->in += at;
    io->in_n -= at;
    return true;
}

enum fst_status fst_lz4_run(struct fst_lz *s, struct fst_codec_io *io)
{
    while (io->out_at < io->out_cap) {
        FST_TRY(fst_lz_pending(s, io));
        if (s->literal_left || s->copy_left) {
            if (s->literal_left && io->in_n == 0)
                return FST_OK;
            continue;
        }
        if (io->in_n == 0 || !(s->in_match ? lz4_match(s, io) : lz4_literal(s, io)))
            return FST_OK;
    }
    return FST_OK;
}
