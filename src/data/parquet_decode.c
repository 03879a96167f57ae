/* parquet_decode: values out of the body of a page, a batch at a time; one row an encoding.
 *
 * A decoder is started once a page and gives values as they are asked for, so a page is decoded
 * only as far as someone looks. Only BYTE_STREAM_SPLIT needs all of its page, by its nature. */
#include "parquet.h"

#include <stdlib.h>
#include <string.h>

#define BIT(physical) (1u << (physical))
#define ALL ((1u << FST_PQ_N_PHYSICAL) - 1)

/* ---- PLAIN ----------------------------------------------------------------------------------- */

static void load_fixed(enum fst_pq_physical physical, size_t width, const uint8_t *p,
                       struct fst_pq_batch *out)
{
    size_t n = out->n;
    for (size_t i = 0; i < n; i++, p += width) {
        int32_t v32;
        float f32;
        switch (physical) {
        case FST_PQ_INT32:
            memcpy(&v32, p, sizeof(v32));
            out->i[i] = v32;
            break;
        case FST_PQ_INT64:
            memcpy(&out->i[i], p, sizeof(out->i[i]));
            break;
        case FST_PQ_FLOAT:
            memcpy(&f32, p, sizeof(f32));
            out->d[i] = (double)f32;
            break;
        case FST_PQ_DOUBLE:
            memcpy(&out->d[i], p, sizeof(out->d[i]));
            break;
        default:
            out->s[i] = (struct fst_str){(const char *)p, width};
        }
    }
}

static enum fst_status decode_fixed(struct fst_pq_decoder *d, size_t want, struct fst_pq_batch *out,
                                    struct fst_error *err)
{
    size_t width = d->leaf->width;
    FST_TRY(fst_pq_body_fill(d->body, width, err));
    out->n = d->body->n / width < want ? d->body->n / width : want;
    load_fixed(d->leaf->physical, width, d->body->p, out);
    fst_pq_body_take(d->body, out->n * width);
    return FST_OK;
}

static enum fst_status decode_bits(struct fst_pq_decoder *d, size_t want, struct fst_pq_batch *out,
                                   struct fst_error *err)
{
    for (out->n = 0; out->n < want; out->n++) {
        FST_TRY(fst_pq_body_fill(d->body, 1, err));
        out->i[out->n] = d->body->p[0] >> d->bit & 1;
        d->bit = (d->bit + 1) & 7;
        if (d->bit == 0)
            fst_pq_body_take(d->body, 1);
    }
    return FST_OK;
}

static uint32_t load_le32(const uint8_t *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof(v));
    return v;
}

/* All values that are wholly there, and at least one. */
static enum fst_status decode_texts(struct fst_pq_decoder *d, size_t want, struct fst_pq_batch *out,
                                    struct fst_error *err)
{
    struct fst_pq_body *b = d->body;
    FST_TRY(fst_pq_body_fill(b, 4, err));
    uint32_t first = load_le32(b->p);
    if (first > INT32_MAX)
        return fst_fail(err, FST_EFORMAT, "a text of %u bytes", first);
    FST_TRY(fst_pq_body_fill(b, 4 + (size_t)first, err));
    for (out->n = 0; out->n < want && b->n >= 4; out->n++) {
        size_t n = load_le32(b->p);
        if (b->n - 4 < n)
            break;
        out->s[out->n] = (struct fst_str){(const char *)b->p + 4, n};
        fst_pq_body_take(b, 4 + n);
    }
    return FST_OK;
}

/* Over values that are wholly there; returns how many. */
static uint64_t skip_here(struct fst_pq_body *b, uint64_t n)
{
    size_t at = 0, last = b->n < 4 ? 0 : b->n - 4 + 1;
    uint64_t i = 0;
    while (i < n && at < last) {
        size_t next = at + 4 + load_le32(b->p + at);
        if (next > b->n)
            break;
        at = next;
        i++;
    }
    fst_pq_body_take(b, at);
    return i;
}

static enum fst_status skip_texts(struct fst_pq_decoder *d, uint64_t n, struct fst_error *err)
{
    for (uint64_t i = 0; i < n; i++) {
        i += skip_here(d->body, n - i);
        if (i == n)
            break;
        FST_TRY(fst_pq_body_fill(d->body, 4, err));
        uint32_t length = load_le32(d->body->p);
        fst_pq_body_take(d->body, 4);
        FST_TRY(fst_pq_body_skip(d->body, length, err));
    }
    return FST_OK;
}

static enum fst_status plain_decode(struct fst_pq_decoder *d, size_t want, struct fst_pq_batch *out,
                                    struct fst_error *err)
{
    if (d->leaf->physical == FST_PQ_BOOLEAN)
        return decode_bits(d, want, out, err);
    if (d->leaf->physical == FST_PQ_BYTE_ARRAY)
        return decode_texts(d, want, out, err);
    return decode_fixed(d, want, out, err);
}

static enum fst_status plain_skip(struct fst_pq_decoder *d, uint64_t n, struct fst_error *err)
{
    if (d->leaf->physical == FST_PQ_BYTE_ARRAY)
        return skip_texts(d, n, err);
    if (d->leaf->physical == FST_PQ_BOOLEAN) {
        uint64_t bits = d->bit + n;
        d->bit = bits & 7;
        return fst_pq_body_skip(d->body, bits >> 3, err);
    }
    return fst_pq_body_skip(d->body, n * d->leaf->width, err);
}

static enum fst_status plain_start(struct fst_pq_decoder *d, struct fst_error *err)
{
    (void)err;
    d->bit = 0;
    return FST_OK;
}

/* ---- Dictionary indexes ---------------------------------------------------------------------- */

static enum fst_status dictionary_start(struct fst_pq_decoder *d, struct fst_error *err)
{
    if (!d->dictionary)
        return fst_fail(err, FST_EFORMAT, "the page needs a dictionary and there is none");
    unsigned width = 0;
    if (fst_pq_body_left(d->body) > 0) {
        FST_TRY(fst_pq_body_fill(d->body, 1, err));
        width = d->body->p[0];
        fst_pq_body_take(d->body, 1);
    }
    return fst_pq_rle_start(&d->rle, d->body, width, err);
}

static enum fst_status dictionary_decode(struct fst_pq_decoder *d, size_t want,
                                         struct fst_pq_batch *out, struct fst_error *err)
{
    uint32_t at[FST_PQ_BATCH], max = 0;
    FST_TRY(fst_pq_rle_next(&d->rle, at, want, err));
    for (size_t i = 0; i < want; i++)
        max = at[i] > max ? at[i] : max;
    const struct fst_pq_dictionary *from = d->dictionary;
    FST_TRY(fst_pq_dictionary_need(d->dictionary, max, err));

    out->n = want;
    for (size_t i = 0; i < want; i++) {
        if (from->i) {
            out->i[i] = from->i[at[i]];
        } else if (from->d) {
            out->d[i] = from->d[at[i]];
        } else {
            size_t begin = at[i] ? from->ends[at[i] - 1] : 0;
            out->s[i] =
                (struct fst_str){(const char *)from->bytes + begin, from->ends[at[i]] - begin};
        }
    }
    return FST_OK;
}

static enum fst_status dictionary_skip(struct fst_pq_decoder *d, uint64_t n, struct fst_error *err)
{
    return fst_pq_rle_skip(&d->rle, n, err);
}

/* ---- Booleans in runs ------------------------------------------------------------------------ */

static enum fst_status runs_start(struct fst_pq_decoder *d, struct fst_error *err)
{
    FST_TRY(fst_pq_body_skip(d->body, 4, err)); /* the length of what follows */
    return fst_pq_rle_start(&d->rle, d->body, 1, err);
}

static enum fst_status runs_decode(struct fst_pq_decoder *d, size_t want, struct fst_pq_batch *out,
                                   struct fst_error *err)
{
    uint32_t values[FST_PQ_BATCH];
    FST_TRY(fst_pq_rle_next(&d->rle, values, want, err));
    out->n = want;
    for (size_t i = 0; i < want; i++)
        out->i[i] = values[i] & 1;
    return FST_OK;
}

/* ---- BYTE_STREAM_SPLIT ----------------------------------------------------------------------- */

static enum fst_status split_start(struct fst_pq_decoder *d, struct fst_error *err)
{
    uint64_t left = fst_pq_body_left(d->body);
    if (left % d->leaf->width)
        return fst_fail(err, FST_EFORMAT, "%llu bytes are not streams of %zu bytes a value",
                        (unsigned long long)left, d->leaf->width);
    if (left > SIZE_MAX / 2)
        return fst_fail(err, FST_ENOMEM, "the page is too large");
    d->split_n = (size_t)left / d->leaf->width;
    d->split_at = 0;
    return FST_OK;
}

static enum fst_status split_decode(struct fst_pq_decoder *d, size_t want, struct fst_pq_batch *out,
                                    struct fst_error *err)
{
    size_t width = d->leaf->width, n = d->split_n - d->split_at;
    if (n == 0)
        return fst_fail(err, FST_EFORMAT, "the page ends early");
    n = want < n ? want : n;
    FST_TRY(fst_pq_body_fill(d->body, d->split_n * width, err));
    if (n * width > d->budget->left)
        return fst_fail(err, FST_ENOMEM, "values of %zu bytes are over the memory allowed", width);

    fst_buf_clear(&d->scratch);
    d->scratch.max = SIZE_MAX / 4;
    fst_buf_repeat(&d->scratch, '\0', n * width);
    uint8_t *joined = (uint8_t *)d->scratch.p;
    for (size_t k = 0; k < width; k++) {
        const uint8_t *stream = d->body->p + k * d->split_n + d->split_at;
        for (size_t i = 0; i < n; i++)
            joined[i * width + k] = stream[i];
    }
    d->split_at += n;
    out->n = n;
    load_fixed(d->leaf->physical, width, joined, out);
    return FST_OK;
}

/* ---- The table ------------------------------------------------------------------------------- */

static const struct fst_pq_encoding rows[] = {
    {FST_PQ_PLAIN, "PLAIN", ALL, plain_start, plain_decode, plain_skip},
    {FST_PQ_PLAIN_DICTIONARY, "PLAIN_DICTIONARY", ALL, dictionary_start, dictionary_decode,
     dictionary_skip},
    {FST_PQ_RLE, "RLE", BIT(FST_PQ_BOOLEAN), runs_start, runs_decode, dictionary_skip},
    {FST_PQ_BIT_PACKED, "BIT_PACKED", 0, NULL, NULL, NULL}, /* levels only */
    {FST_PQ_RLE_DICTIONARY, "RLE_DICTIONARY", ALL, dictionary_start, dictionary_decode,
     dictionary_skip},
    {9, "BYTE_STREAM_SPLIT",
     BIT(FST_PQ_INT32) | BIT(FST_PQ_INT64) | BIT(FST_PQ_FLOAT) | BIT(FST_PQ_DOUBLE) |
         BIT(FST_PQ_FIXED),
     split_start, split_decode, NULL},
    {10, "ALP", 0, NULL, NULL, NULL},
};

static const struct fst_pq_encoding *row_of(int64_t id)
{
    for (size_t i = 0; i < FST_COUNT(rows); i++)
        if (rows[i].id == id)
            return &rows[i];
    for (size_t i = 0; i < FST_COUNT(fst_pq_encodings_delta); i++)
        if (fst_pq_encodings_delta[i].id == id)
            return &fst_pq_encodings_delta[i];
    return NULL;
}

const char *fst_pq_encoding_name(int64_t id)
{
    const struct fst_pq_encoding *row = row_of(id);
    return row ? row->name : NULL;
}

enum fst_status fst_pq_decoder_start(struct fst_pq_decoder *d, int64_t encoding,
                                     struct fst_error *err)
{
    const struct fst_pq_encoding *row = row_of(encoding);
    if (!row)
        return fst_fail(err, FST_EUNSUPPORTED, "encoding %lld is not known", (long long)encoding);
    if (!(row->physical & BIT(d->leaf->physical)))
        return fst_fail(err, FST_EUNSUPPORTED, "encoding %s of %s is not read", row->name,
                        fst_pq_physical_name(d->leaf->physical));
    fst_pq_deltas_free(d);
    d->encoding = row;
    return row->start ? row->start(d, err) : FST_OK;
}

enum fst_status fst_pq_decoder_skip(struct fst_pq_decoder *d, uint64_t n,
                                    struct fst_pq_batch *scratch, struct fst_error *err)
{
    if (d->encoding->skip)
        return d->encoding->skip(d, n, err);
    while (n > 0) {
        FST_TRY(d->encoding->decode(d, n < FST_PQ_BATCH ? (size_t)n : FST_PQ_BATCH, scratch, err));
        n -= scratch->n;
    }
    return FST_OK;
}

void fst_pq_decoder_done(struct fst_pq_decoder *d)
{
    fst_pq_deltas_free(d);
    fst_buf_done(&d->scratch);
}
