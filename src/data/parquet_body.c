/* parquet_body: the content of one page, decompressed only as far as it is looked at.
 *
 * A stored page is looked at in the window itself. A compressed one goes through a buffer that
 * keeps as much earlier output as the codec's copies may reach back to. The page's checksum is
 * verified before anything is decoded when the page is wholly in the window, and otherwise at its
 * end, when all of it went through. */
#include "parquet.h"

#include <stdlib.h>
#include <string.h>

enum {
    CHUNK_FIRST = 4 << 10,
    CHUNK_MAX = 64 << 10,
    LEAP_MIN = 2 << 20,   /* from so many on it pays not to read on */
    DRAIN_MAX = 64 << 10, /* what is worth reading for a checksum alone */
    FAR_AT_ONCE = 1 << 20,
    HISTORY_MIN = 64 << 10,
    DECODER_BYTES = 192 << 10, /* zstd's tables and input */
};

void fst_pq_body_of_memory(struct fst_pq_body *b, const void *p, size_t n)
{
    *b = (struct fst_pq_body){.p = p, .n = n};
}

static enum fst_status wrong_sum(struct fst_error *err)
{
    return fst_fail(err, FST_EFORMAT, "the page is damaged: its checksum does not fit");
}

enum fst_status fst_pq_body_start(struct fst_pq_body *b, struct fst_pq_window *in, uint64_t size,
                                  const uint32_t *crc, struct fst_error *err)
{
    if (size > fst_pq_window_left(in))
        return fst_fail(err, FST_EFORMAT, "a page of %llu bytes goes over the end of its column",
                        (unsigned long long)size);
    *b = (struct fst_pq_body){.in = in,
                              .budget = in->budget,
                              .in_left = size,
                              .buf = b->buf,
                              .buf_cap = b->buf_cap,
                              .spent = b->spent,
                              .chunk = CHUNK_FIRST};
    if (!crc)
        return FST_OK;
    if (size > in->n - in->pos) {
        b->check_crc = true;
        b->crc = *crc;
        return FST_OK;
    }
    return fst_crc32(0, in->buf + in->pos, (size_t)size) == *crc ? FST_OK : wrong_sum(err);
}

/* Bytes of the page that the window holds. */
static size_t in_window(const struct fst_pq_body *b)
{
    size_t have = b->in->n - b->in->pos;
    return b->in_left < have ? (size_t)b->in_left : have;
}

static void consume(struct fst_pq_body *b, size_t n)
{
    if (b->check_crc)
        b->crc_so_far = fst_crc32(b->crc_so_far, b->in->buf + b->in->pos, n);
    b->in->pos += n;
    b->in_left -= n;
}

/* Stored: what was taken from the lent part leaves the window. */
static void give_back(struct fst_pq_body *b)
{
    consume(b, b->lent - b->n);
    b->lent = b->n = 0;
}

uint64_t fst_pq_body_left(const struct fst_pq_body *b)
{
    if (!b->in)
        return b->n;
    return b->inflate ? b->n + b->raw_left : b->in_left - (b->lent - b->n);
}

static enum fst_status ends_early(struct fst_error *err)
{
    return fst_fail(err, FST_EFORMAT, "the page ends early");
}

static enum fst_status fill_stored(struct fst_pq_body *b, size_t min, struct fst_error *err)
{
    give_back(b);
    if (min > b->in_left)
        return ends_early(err);
    FST_TRY(fst_pq_window_need(b->in, min, err));
    b->p = b->in->buf + b->in->pos;
    b->lent = b->n = in_window(b);
    return b->n < min ? ends_early(err) : FST_OK;
}

/* Room for `more` bytes behind the output, keeping what is unread and the history. */
static enum fst_status make_room(struct fst_pq_body *b, size_t more, struct fst_error *err)
{
    size_t unread = b->n, keep = unread > b->history ? unread : b->history;
    if (keep > b->buf_end)
        keep = b->buf_end;
    if (b->buf_end + more > b->buf_cap && b->buf_end - keep >= keep) {
        if (keep)
            memmove(b->buf, b->buf + b->buf_end - keep, keep);
        b->buf_end = keep;
    }
    if (b->buf_end + more > b->buf_cap) {
        size_t cap = b->buf_end + more;
        if (cap < b->buf_cap * 2)
            cap = b->buf_cap * 2;
        if (!fst_pq_spend(b->budget, cap - b->buf_cap))
            return fst_fail(err, FST_ENOMEM, "%zu bytes at once are over the memory allowed", cap);
        b->buf = fst_realloc(b->buf, cap);
        b->buf_cap = cap;
    }
    b->p = b->buf + b->buf_end - unread;
    return FST_OK;
}

static enum fst_status codec_failed(enum fst_status status, struct fst_error *err)
{
    return status == FST_ENOMEM
               ? fst_fail(err, status, "the compressed data need more history than is allowed")
               : fst_fail(err, status, "the compressed data are damaged");
}

/* One run of the codec: up to `room` bytes more. */
static enum fst_status inflate_some(struct fst_pq_body *b, size_t room, struct fst_error *err)
{
    for (size_t want = 1;;) {
        FST_TRY(fst_pq_window_need(b->in, want < b->in_left ? want : (size_t)b->in_left, err));
        struct fst_codec_io io = {.in = b->in->buf + b->in->pos,
                                  .in_n = in_window(b),
                                  .out = b->buf,
                                  .out_at = b->buf_end,
                                  .out_cap = b->buf_end + room};
        size_t offered = io.in_n;
        enum fst_status status = fst_inflate_run(b->inflate, &io);
        if (status != FST_OK)
            return codec_failed(status, err);

        size_t made = io.out_at - b->buf_end;
        consume(b, offered - io.in_n);
        b->buf_end = io.out_at;
        b->n += made;
        b->raw_left -= made;
        b->made += made;
        if (made)
            return FST_OK;
        if (io.in_n == b->in_left && io.in_n == offered)
            return ends_early(err);
        want = io.in_n + 1;
    }
}

/* Pay for what the decoder holds: a library takes room for its window at once, and the system gives
 * it when output fills it. */
static enum fst_status pay_decoder(struct fst_pq_body *b, struct fst_error *err)
{
    if (!b->is_own)
        return FST_OK;
    size_t held = fst_inflate_held(b->inflate), touched = DECODER_BYTES;
    touched += b->made < held ? (size_t)b->made : held;
    held = touched < held ? touched : held;
    if (held <= b->spent)
        return FST_OK;
    if (!fst_pq_spend(b->budget, held - b->spent))
        return fst_fail(err, FST_ENOMEM, "a decoder of %zu bytes is over the memory allowed", held);
    b->spent = held;
    return FST_OK;
}

static enum fst_status fill_inflated(struct fst_pq_body *b, size_t min, struct fst_error *err)
{
    if (min - b->n > b->raw_left)
        return ends_early(err);
    while (b->n < min) {
        /* As bytes arrive, not as the header promises. */
        size_t room = min - b->n > b->chunk ? b->chunk : min - b->n;
        if (room < b->chunk)
            room = b->chunk;
        if (room > b->raw_left)
            room = (size_t)b->raw_left;
        FST_TRY(make_room(b, room, err));
        FST_TRY(inflate_some(b, room, err));
        FST_TRY(pay_decoder(b, err));
        b->chunk = b->chunk < CHUNK_MAX ? b->chunk * 2 : b->n > CHUNK_MAX ? b->n : CHUNK_MAX;
    }
    return FST_OK;
}

static struct fst_inflate *decoder_for(struct fst_inflate **own, int64_t codec)
{
    if (*own)
        fst_inflate_reset(*own);
    else
        *own = fst_inflate_new(codec);
    return *own;
}

enum fst_status fst_pq_body_inflate(struct fst_pq_body *b, int64_t codec, uint64_t raw,
                                    struct fst_inflate **own, struct fst_error *err)
{
    size_t whole = fst_codec_whole(codec), history = fst_codec_history(codec);
    bool at_once = raw <= whole && b->in_left <= 2 * whole;
    give_back(b);
    b->is_own = !at_once;
    b->inflate = decoder_for(at_once ? &b->budget->shared[codec] : own, codec);
    b->raw_left = raw;
    b->buf_end = 0;
    b->p = b->buf;
    b->history = raw < history ? (size_t)raw : history ? HISTORY_MIN : 0;
    if (!at_once || raw == 0)
        return FST_OK;
    b->chunk = (size_t)raw;
    return fill_inflated(b, (size_t)raw, err);
}

enum fst_status fst_pq_body_fill(struct fst_pq_body *b, size_t min, struct fst_error *err)
{
    if (b->n >= min)
        return FST_OK;
    if (!b->in)
        return ends_early(err);
    return b->inflate ? fill_inflated(b, min, err) : fill_stored(b, min, err);
}

/* From afar a long piece that is stored as it is costs one round trip. */
static size_t at_once(const struct fst_pq_body *b, uint64_t n)
{
    bool is_far = b->in && b->in->gather && !b->inflate;
    size_t most = is_far ? FAR_AT_ONCE : 1;
    return n < most ? (size_t)n : most;
}

/* Over bytes of a stored page that are not even read; its sum cannot be checked then. */
static void leap(struct fst_pq_body *b, uint64_t n)
{
    n -= b->n;
    fst_pq_body_take(b, b->n);
    give_back(b);
    fst_pq_window_skip(b->in, n);
    b->in_left -= n;
    b->check_crc = false;
}

enum fst_status fst_pq_body_skip(struct fst_pq_body *b, uint64_t n, struct fst_error *err)
{
    if (n > fst_pq_body_left(b))
        return ends_early(err);
    if (b->in && !b->inflate && n > LEAP_MIN) {
        leap(b, n);
        return FST_OK;
    }
    while (n > 0) {
        FST_TRY(fst_pq_body_fill(b, at_once(b, n), err));
        size_t part = n < b->n ? (size_t)n : b->n;
        fst_pq_body_take(b, part);
        n -= part;
    }
    return FST_OK;
}

enum fst_status fst_pq_body_copy(struct fst_pq_body *b, uint64_t n, struct fst_buf *out,
                                 struct fst_pq_budget *budget, struct fst_error *err)
{
    if (n > fst_pq_body_left(b))
        return ends_early(err);
    while (n > 0) {
        FST_TRY(fst_pq_body_fill(b, at_once(b, n), err));
        size_t part = n < b->n ? (size_t)n : b->n;
        if (!fst_pq_spend(budget, part))
            return fst_fail(err, FST_ENOMEM, "lengths or levels are over the memory allowed");
        fst_buf_add(out, b->p, part);
        fst_pq_body_take(b, part);
        n -= part;
    }
    return FST_OK;
}

enum fst_status fst_pq_body_varint(struct fst_pq_body *b, uint64_t *out, struct fst_error *err)
{
    *out = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        FST_TRY(fst_pq_body_fill(b, 1, err));
        uint8_t byte = b->p[0];
        fst_pq_body_take(b, 1);
        *out |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80))
            return FST_OK;
    }
    return fst_fail(err, FST_EFORMAT, "a number in the page has no end");
}

enum fst_status fst_pq_body_end(struct fst_pq_body *b, struct fst_error *err)
{
    if (!b->in)
        return FST_OK;
    if (!b->inflate)
        give_back(b);
    while (b->check_crc && b->in_left > 0 && b->in_left <= DRAIN_MAX) {
        FST_TRY(fst_pq_window_need(b->in, 1, err));
        if (in_window(b) == 0)
            break;
        consume(b, in_window(b));
    }
    if (b->check_crc && b->in_left == 0 && b->crc_so_far != b->crc)
        return wrong_sum(err);
    fst_pq_window_skip(b->in, b->in_left);
    b->in_left = 0;
    b->in = NULL;
    b->n = 0;
    return FST_OK;
}

void fst_pq_body_settle(struct fst_pq_body *b)
{
    if (b->in && !b->inflate)
        give_back(b);
}

void fst_pq_body_done(struct fst_pq_body *b)
{
    if (b->budget)
        b->budget->left += b->buf_cap + b->spent;
    free(b->buf);
    memset(b, 0, sizeof(*b));
}
