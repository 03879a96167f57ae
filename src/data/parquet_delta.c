/* parquet_delta: DELTA_BINARY_PACKED: blocks of differences, bit-packed in miniblocks.
 *
 * Arithmetic wraps around. A body of deltas can be copied without being decoded: encodings that put
 * all lengths of a page before its bytes keep the short form and decode it as they go. */
#include "parquet.h"

#include <string.h>

enum { UNPACK = 32 };

struct header {
    uint64_t block, mini, total, first;
};

static enum fst_status check_header(const struct header *h, struct fst_error *err)
{
    bool fine = h->block > 0 && h->block % 128 == 0 && h->block <= 1 << 24 && h->mini > 0 &&
                h->mini <= 512 && h->block % h->mini == 0 && (h->block / h->mini) % UNPACK == 0 &&
                h->total <= INT32_MAX;
    return fine ? FST_OK
                : fst_fail(err, FST_EFORMAT, "a page of deltas with a header that cannot be");
}

static int64_t unzigzag(uint64_t v)
{
    return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

enum fst_status fst_pq_delta_start(struct fst_pq_delta *d, struct fst_pq_body *body,
                                   struct fst_error *err)
{
    struct header h = {0};
    FST_TRY(fst_pq_body_varint(body, &h.block, err));
    FST_TRY(fst_pq_body_varint(body, &h.mini, err));
    FST_TRY(fst_pq_body_varint(body, &h.total, err));
    FST_TRY(fst_pq_body_varint(body, &h.first, err));
    FST_TRY(check_header(&h, err));
    d->body = body;
    d->left = h.total;
    d->n_mini = d->mini = (size_t)h.mini;
    d->mini_values = (size_t)(h.block / h.mini);
    d->mini_left = 0;
    d->value = (uint64_t)unzigzag(h.first);
    d->first = true;
    d->at = d->n = 0;
    return FST_OK;
}

static enum fst_status next_block(struct fst_pq_delta *d, struct fst_error *err)
{
    uint64_t min;
    FST_TRY(fst_pq_body_varint(d->body, &min, err));
    d->min_delta = (uint64_t)unzigzag(min);
    FST_TRY(fst_pq_body_fill(d->body, d->n_mini, err));
    memcpy(d->widths, d->body->p, d->n_mini);
    fst_pq_body_take(d->body, d->n_mini);
    d->mini = 0;
    d->mini_left = d->mini_values;
    return FST_OK;
}

static void unpack(uint64_t *out, const uint8_t *bytes, unsigned width)
{
    size_t bit = 0;
    for (size_t i = 0; i < UNPACK; i++, bit += width) {
        uint64_t low;
        memcpy(&low, bytes + (bit >> 3), sizeof(low));
        low >>= bit & 7;
        if ((bit & 7) + width > 64)
            low |= (uint64_t)bytes[(bit >> 3) + 8] << (64 - (bit & 7));
        out[i] = width == 64 ? low : low & (((uint64_t)1 << width) - 1);
    }
}

static enum fst_status next_unpacked(struct fst_pq_delta *d, struct fst_error *err)
{
    if (d->mini_left == 0 && d->mini + 1 < d->n_mini) {
        d->mini++;
        d->mini_left = d->mini_values;
    } else if (d->mini_left == 0) {
        FST_TRY(next_block(d, err));
    }
    unsigned width = d->widths[d->mini];
    if (width > 64)
        return fst_fail(err, FST_EFORMAT, "deltas of %u bits", width);

    uint8_t bytes[UNPACK * 8 + 16] = {0};
    size_t n = (size_t)width * UNPACK / 8;
    FST_TRY(fst_pq_body_fill(d->body, n, err));
    if (n)
        memcpy(bytes, d->body->p, n);
    fst_pq_body_take(d->body, n);
    unpack(d->unpacked, bytes, width);
    d->mini_left -= UNPACK;
    d->at = 0;
    d->n = UNPACK;
    return FST_OK;
}

enum fst_status fst_pq_delta_next(struct fst_pq_delta *d, int64_t *out, size_t n,
                                  struct fst_error *err)
{
    if (n > d->left)
        return fst_fail(err, FST_EFORMAT, "the page has fewer deltas than values");
    d->left -= n;
    for (size_t i = 0; i < n; i++) {
        if (d->first) {
            d->first = false;
        } else {
            if (d->at == d->n)
                FST_TRY(next_unpacked(d, err));
            d->value += d->min_delta + d->unpacked[d->at++];
        }
        out[i] = (int64_t)d->value;
    }
    return FST_OK;
}

/* ---- Copying without decoding ---------------------------------------------------------------- */

static enum fst_status copy_varint(struct fst_pq_body *body, uint64_t *v, struct fst_buf *out,
                                   struct fst_error *err)
{
    FST_TRY(fst_pq_body_varint(body, v, err));
    uint64_t rest = *v;
    for (; rest >= 0x80; rest >>= 7)
        fst_buf_addc(out, (char)(rest | 0x80));
    fst_buf_addc(out, (char)rest);
    return FST_OK;
}

static enum fst_status copy_block(struct fst_pq_body *body, const struct header *h, uint64_t *left,
                                  struct fst_buf *out, struct fst_pq_budget *budget,
                                  struct fst_error *err)
{
    uint64_t min, per_mini = h->block / h->mini;
    FST_TRY(copy_varint(body, &min, out, err));
    size_t widths_at = out->n;
    FST_TRY(fst_pq_body_copy(body, h->mini, out, budget, err));
    for (size_t i = 0; i<h->mini && * left> 0; i++) {
        uint8_t width = (uint8_t)out->p[widths_at + i];
        if (width > 64)
            return fst_fail(err, FST_EFORMAT, "deltas of %u bits", width);
        FST_TRY(fst_pq_body_copy(body, per_mini / 8 * width, out, budget, err));
        *left -= *left < per_mini ? *left : per_mini;
    }
    return FST_OK;
}

enum fst_status fst_pq_delta_copy(struct fst_pq_body *body, struct fst_buf *out,
                                  struct fst_pq_budget *budget, struct fst_error *err)
{
    struct header h = {0};
    FST_TRY(copy_varint(body, &h.block, out, err));
    FST_TRY(copy_varint(body, &h.mini, out, err));
    FST_TRY(copy_varint(body, &h.total, out, err));
    FST_TRY(copy_varint(body, &h.first, out, err));
    FST_TRY(check_header(&h, err));
    for (uint64_t left = h.total ? h.total - 1 : 0; left > 0;)
        FST_TRY(copy_block(body, &h, &left, out, budget, err));
    return FST_OK;
}
