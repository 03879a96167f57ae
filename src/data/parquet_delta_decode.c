/* parquet_delta_decode: the three encodings made of deltas.
 *
 * DELTA_LENGTH_BYTE_ARRAY and DELTA_BYTE_ARRAY put all lengths of a page before all bytes. The
 * lengths are kept as they are encoded and decoded in step with the bytes. */
#include "parquet.h"

#include <stdlib.h>
#include <string.h>

/* What only these encodings need, and other columns should not pay for. */
static void begin(struct fst_pq_decoder *d)
{
    fst_pq_deltas_free(d);
    d->deltas = fst_alloc(sizeof(*d->deltas));
}

void fst_pq_deltas_free(struct fst_pq_decoder *d)
{
    if (!d->deltas)
        return;
    d->budget->left += d->deltas->copy.n + d->deltas->copy2.n;
    fst_buf_done(&d->deltas->copy);
    fst_buf_done(&d->deltas->copy2);
    free(d->deltas);
    d->deltas = NULL;
}

static enum fst_status delta_start(struct fst_pq_decoder *d, struct fst_error *err)
{
    begin(d);
    return fst_pq_delta_start(&d->deltas->delta, d->body, err);
}

static enum fst_status delta_decode(struct fst_pq_decoder *d, size_t want, struct fst_pq_batch *out,
                                    struct fst_error *err)
{
    FST_TRY(fst_pq_delta_next(&d->deltas->delta, out->i, want, err));
    out->n = want;
    for (size_t i = 0; d->leaf->physical == FST_PQ_INT32 && i < want; i++)
        out->i[i] = (int32_t)out->i[i];
    return FST_OK;
}

/* Set lengths aside, and begin to decode the copy. */
static enum fst_status keep_lengths(struct fst_pq_decoder *d, struct fst_pq_delta *delta,
                                    struct fst_pq_body *lengths, struct fst_buf *copy,
                                    struct fst_error *err)
{
    copy->max = SIZE_MAX / 4; /* the budget bounds it */
    FST_TRY(fst_pq_delta_copy(d->body, copy, d->budget, err));
    fst_pq_body_of_memory(lengths, copy->p, copy->n);
    return fst_pq_delta_start(delta, lengths, err);
}

static enum fst_status lengths_start(struct fst_pq_decoder *d, struct fst_error *err)
{
    begin(d);
    d->pending = -1;
    return keep_lengths(d, &d->deltas->delta, &d->deltas->lengths, &d->deltas->copy, err);
}

static enum fst_status next_length(struct fst_pq_decoder *d, struct fst_pq_delta *delta,
                                   int64_t *out, struct fst_error *err)
{
    if (d->pending >= 0) {
        *out = d->pending;
        d->pending = -1;
        return FST_OK;
    }
    FST_TRY(fst_pq_delta_next(delta, out, 1, err));
    return *out >= 0 && *out <= INT32_MAX ? FST_OK
                                          : fst_fail(err, FST_EFORMAT, "a text of negative length");
}

static enum fst_status lengths_decode(struct fst_pq_decoder *d, size_t want,
                                      struct fst_pq_batch *out, struct fst_error *err)
{
    for (out->n = 0; out->n < want; out->n++) {
        int64_t length;
        FST_TRY(next_length(d, &d->deltas->delta, &length, err));
        if ((uint64_t)length > d->body->n && out->n > 0) {
            d->pending = length; /* getting its bytes would move the others */
            return FST_OK;
        }
        FST_TRY(fst_pq_body_fill(d->body, (size_t)length, err));
        out->s[out->n] = (struct fst_str){(const char *)d->body->p, (size_t)length};
        fst_pq_body_take(d->body, (size_t)length);
    }
    return FST_OK;
}

static enum fst_status lengths_skip(struct fst_pq_decoder *d, uint64_t n, struct fst_error *err)
{
    for (uint64_t i = 0; i < n; i++) {
        int64_t length;
        FST_TRY(next_length(d, &d->deltas->delta, &length, err));
        FST_TRY(fst_pq_body_skip(d->body, (uint64_t)length, err));
    }
    return FST_OK;
}

/* ---- Prefixes of the value before ------------------------------------------------------------ */

enum { SCRATCH_BYTES = 64 << 10 };

static enum fst_status prefixes_start(struct fst_pq_decoder *d, struct fst_error *err)
{
    begin(d);
    d->pending = -1;
    d->last_at = d->last_n = 0;
    fst_buf_clear(&d->scratch);
    d->scratch.max = SIZE_MAX / 4;
    FST_TRY(keep_lengths(d, &d->deltas->delta, &d->deltas->lengths, &d->deltas->copy, err));
    return keep_lengths(d, &d->deltas->delta2, &d->deltas->lengths2, &d->deltas->copy2, err);
}

/* The next value at the end of `scratch`. */
static enum fst_status next_prefixed(struct fst_pq_decoder *d, struct fst_error *err)
{
    int64_t prefix, suffix;
    FST_TRY(next_length(d, &d->deltas->delta, &prefix, err));
    FST_TRY(next_length(d, &d->deltas->delta2, &suffix, err));
    if ((uint64_t)prefix > d->last_n)
        return fst_fail(err, FST_EFORMAT, "a prefix that is longer than the value before");
    FST_TRY(fst_pq_body_fill(d->body, (size_t)suffix, err));
    size_t n = (size_t)(prefix + suffix), at = d->scratch.n;
    if (n > d->budget->left)
        return fst_fail(err, FST_ENOMEM, "a text of %zu bytes is over the memory allowed", n);

    fst_buf_repeat(&d->scratch, '\0', n);
    if (prefix)
        memmove(d->scratch.p + at, d->scratch.p + d->last_at, (size_t)prefix);
    if (suffix)
        memcpy(d->scratch.p + at + prefix, d->body->p, (size_t)suffix);
    fst_pq_body_take(d->body, (size_t)suffix);
    d->last_at = at;
    d->last_n = n;
    return FST_OK;
}

static void keep_last_only(struct fst_pq_decoder *d)
{
    if (d->scratch.n)
        memmove(d->scratch.p, d->scratch.p + d->last_at, d->last_n);
    d->scratch.n = d->last_n;
    d->last_at = 0;
}

static enum fst_status prefixes_decode(struct fst_pq_decoder *d, size_t want,
                                       struct fst_pq_batch *out, struct fst_error *err)
{
    size_t at[FST_PQ_BATCH];
    bool fixed = d->leaf->physical == FST_PQ_FIXED;
    keep_last_only(d);
    size_t limit = d->scratch.n + SCRATCH_BYTES;
    for (out->n = 0; out->n < want && d->scratch.n < limit; out->n++) {
        FST_TRY(next_prefixed(d, err));
        if (fixed && d->last_n != d->leaf->width)
            return fst_fail(err, FST_EFORMAT, "a value of another length than its type");
        at[out->n] = d->last_at;
        out->s[out->n].n = d->last_n;
    }
    for (size_t i = 0; i < out->n; i++) /* only now does the scratch stay where it is */
        out->s[i].p = d->scratch.p ? d->scratch.p + at[i] : "";
    return FST_OK;
}

#define BIT(physical) (1u << (physical))

const struct fst_pq_encoding fst_pq_encodings_delta[3] = {
    {5, "DELTA_BINARY_PACKED", BIT(FST_PQ_INT32) | BIT(FST_PQ_INT64), delta_start, delta_decode},
    {6, "DELTA_LENGTH_BYTE_ARRAY", BIT(FST_PQ_BYTE_ARRAY), lengths_start, lengths_decode,
     lengths_skip},
    {7, "DELTA_BYTE_ARRAY", BIT(FST_PQ_BYTE_ARRAY) | BIT(FST_PQ_FIXED), prefixes_start,
     prefixes_decode},
};
