/* parquet_dictionary: values by number, decoded as far as the largest number that was asked for.
 *
 * Writers number values in the order in which they appear, so the first rows touch the first
 * entries. The dictionary has a window of its own and goes on reading when more is needed. */
#include "parquet.h"

#include <stdlib.h>
#include <string.h>

/* A window over the next `size` bytes of `in`, with what is already read of them. */
static enum fst_status split_window(struct fst_pq_window *out, struct fst_pq_window *in,
                                    uint64_t size, struct fst_error *err)
{
    size_t have = in->n - in->pos;
    if (size < have)
        have = (size_t)size;
    *out = (struct fst_pq_window){.bytes = in->bytes,
                                  .gather = in->gather,
                                  .budget = in->budget,
                                  .next = in->next - (in->n - in->pos) + have,
                                  .end = in->next - (in->n - in->pos) + size,
                                  .step = in->step,
                                  .step_max = in->step_max};
    if (!fst_pq_spend(in->budget, have))
        return fst_fail(err, FST_ENOMEM, "the dictionary is over the memory allowed");
    out->buf = fst_alloc(have + 1);
    out->cap = out->n = have;
    memcpy(out->buf, in->buf + in->pos, have);
    fst_pq_window_skip(in, size);
    return FST_OK;
}

enum fst_status fst_pq_dictionary_new(struct fst_pq_dictionary **out, struct fst_pq_window *in,
                                      const struct fst_pq_leaf *leaf, int64_t codec, uint64_t size,
                                      uint64_t raw, uint64_t n_values, const uint32_t *crc,
                                      struct fst_error *err)
{
    if (size > fst_pq_window_left(in))
        return fst_fail(err, FST_EFORMAT, "a dictionary of %llu bytes goes over the end",
                        (unsigned long long)size);
    struct fst_pq_dictionary *d = fst_alloc(sizeof(*d));
    *out = d;
    d->leaf = leaf;
    d->budget = in->budget;
    d->n_total = n_values;
    FST_TRY(split_window(&d->window, in, size, err));
    FST_TRY(fst_pq_body_start(&d->body, &d->window, size, crc, err));
    if (codec != FST_PARQUET_PLAIN)
        FST_TRY(fst_pq_body_inflate(&d->body, codec, raw, &d->inflate, err));
    d->decoder = (struct fst_pq_decoder){.leaf = leaf, .body = &d->body, .budget = d->budget};
    return fst_pq_decoder_start(&d->decoder, FST_PQ_PLAIN, err);
}

/* Room for `more` elements in a block whose size data decide. */
static bool grow(struct fst_pq_dictionary *d, void *items, size_t *cap, size_t need, size_t elem)
{
    if (need <= *cap)
        return true;
    size_t wanted = *cap * 2 > need ? *cap * 2 : need < 64 ? 64 : need;
    size_t more = (wanted - *cap) * elem;
    if (!fst_pq_spend(d->budget, more))
        return false;
    d->spent += more;
    void *p;
    memcpy(&p, items, sizeof(p));
    p = fst_realloc(p, wanted * elem);
    memcpy(items, &p, sizeof(p));
    *cap = wanted;
    return true;
}

static bool add_texts(struct fst_pq_dictionary *d, const struct fst_pq_batch *batch)
{
    if (!grow(d, &d->ends, &d->ends_cap, d->n + batch->n, sizeof(*d->ends)))
        return false;
    for (size_t i = 0; i < batch->n; i++) {
        size_t at = d->n ? d->ends[d->n - 1] : 0;
        if (!grow(d, &d->bytes, &d->bytes_cap, at + batch->s[i].n + 1, 1))
            return false;
        memcpy(d->bytes + at, batch->s[i].p, batch->s[i].n);
        d->ends[d->n++] = at + batch->s[i].n;
    }
    return true;
}

static bool add_batch(struct fst_pq_dictionary *d, const struct fst_pq_batch *batch)
{
    switch (d->leaf->physical) {
    case FST_PQ_BOOLEAN:
    case FST_PQ_INT32:
    case FST_PQ_INT64:
        if (!grow(d, &d->i, &d->i_cap, d->n + batch->n, sizeof(*d->i)))
            return false;
        memcpy(d->i + d->n, batch->i, batch->n * sizeof(*d->i));
        break;
    case FST_PQ_FLOAT:
    case FST_PQ_DOUBLE:
        if (!grow(d, &d->d, &d->d_cap, d->n + batch->n, sizeof(*d->d)))
            return false;
        memcpy(d->d + d->n, batch->d, batch->n * sizeof(*d->d));
        break;
    default:
        return add_texts(d, batch);
    }
    d->n += batch->n;
    return true;
}

/* Nothing more will be decoded. */
static void close_source(struct fst_pq_dictionary *d)
{
    fst_pq_decoder_done(&d->decoder);
    fst_pq_body_done(&d->body);
    fst_pq_window_done(&d->window);
    fst_inflate_free(d->inflate);
    d->inflate = NULL;
    d->decoder.budget = NULL;
    d->closed = true;
}

static enum fst_status decode_some(struct fst_pq_dictionary *d, size_t want, struct fst_error *err)
{
    struct fst_pq_batch batch;
    FST_TRY(d->decoder.encoding->decode(&d->decoder, want, &batch, err));
    if (!add_batch(d, &batch))
        return fst_fail(err, FST_ENOMEM, "the dictionary is over the memory allowed");
    if (d->n < d->n_total)
        return FST_OK;
    enum fst_status status = fst_pq_body_end(&d->body, err);
    close_source(d);
    return status;
}

enum fst_status fst_pq_dictionary_need(struct fst_pq_dictionary *d, uint32_t index,
                                       struct fst_error *err)
{
    if (index < d->n)
        return FST_OK;
    if (index >= d->n_total || d->closed)
        return fst_fail(err, FST_EFORMAT, "entry %u of a dictionary of %llu", index,
                        (unsigned long long)d->n_total);
    while (d->n <= index) {
        uint64_t left = d->n_total - d->n;
        FST_TRY(decode_some(d, left < FST_PQ_BATCH ? (size_t)left : FST_PQ_BATCH, err));
    }
    return FST_OK;
}

void fst_pq_dictionary_batch(const struct fst_pq_dictionary *d, size_t from,
                             struct fst_pq_batch *out)
{
    for (size_t i = 0; i < out->n; i++) {
        size_t at = from + i;
        if (d->i) {
            out->i[i] = d->i[at];
        } else if (d->d) {
            out->d[i] = d->d[at];
        } else {
            size_t begin = at ? d->ends[at - 1] : 0;
            out->s[i] = (struct fst_str){(const char *)d->bytes + begin, d->ends[at] - begin};
        }
    }
}

bool fst_pq_dictionary_verdicts(struct fst_pq_dictionary *d)
{
    return grow(d, &d->verdicts, &d->verdicts_cap, d->n, 1);
}

void fst_pq_dictionary_free(struct fst_pq_dictionary *d)
{
    if (!d)
        return;
    if (!d->closed)
        close_source(d);
    d->budget->left += d->spent;
    free(d->i);
    free(d->d);
    free(d->ends);
    free(d->bytes);
    free(d->verdicts);
    free(d);
}
