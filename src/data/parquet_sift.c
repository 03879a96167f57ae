/* parquet_sift: values of a flat column against what they must meet, as they are decoded.
 *
 * Values by dictionary are tested once an entry, the others a batch at a time where they are stored
 * as they are compared, and through a column of their type where not. Only what passes is kept. */
#include "parquet.h"

#include <string.h>

#include "filter.h"

/* ---- Tests ----------------------------------------------------------------------------------- */

static bool is_stored_int(const struct fst_pq_leaf *leaf)
{
    return leaf->physical == FST_PQ_BOOLEAN || leaf->physical == FST_PQ_INT32 ||
           leaf->physical == FST_PQ_INT64;
}

/* As the column will hold it; false when only the leaf's own way knows. */
static bool map_ints(const struct fst_pq_leaf *leaf, const struct fst_pq_batch *in, int64_t *out)
{
    uint64_t mask = leaf->mask ? leaf->mask : UINT64_MAX;
    enum fst_kind kind = leaf->type.kind;
    if (leaf->has_nanos)
        return false;
    for (size_t i = 0; i < in->n; i++)
        out[i] = (int64_t)((uint64_t)in->i[i] & mask);
    for (size_t i = 0; leaf->factor > 1 && i < in->n; i++)
        if (__builtin_mul_overflow(in->i[i], leaf->factor, &out[i]))
            return false;
    for (size_t i = 0; kind == FST_BYTE && i < in->n; i++)
        out[i] = (int8_t)out[i];
    for (size_t i = 0; kind == FST_SHORT && i < in->n; i++)
        out[i] = (int16_t)out[i];
    return true;
}

/* False when the batch must be tested as a column. */
static bool test_stored(const struct fst_pq_leaf *leaf, const struct fst_test *t,
                        const struct fst_pq_batch *in, uint8_t *pass)
{
    int64_t ints[FST_PQ_BATCH];
    bool is_real = leaf->physical == FST_PQ_FLOAT || leaf->physical == FST_PQ_DOUBLE;
    if (t->how == FST_TEST_NULLS && !t->value_passes)
        memset(pass, 0, in->n);
    else if (t->how == FST_TEST_REAL && is_real)
        fst_test_reals(t, in->d, in->n, pass);
    else if (t->how == FST_TEST_TEXT && leaf->is_bytes)
        fst_test_texts(t, in->s, in->n, pass);
    else if (t->how == FST_TEST_INT && is_stored_int(leaf) && map_ints(leaf, in, ints))
        fst_test_ints(t, ints, in->n, pass);
    else if (t->how == FST_TEST_DECIMAL && is_stored_int(leaf) && leaf->type.precision <= 18)
        fst_test_ints(t, in->i, in->n, pass);
    else
        return t->how == FST_TEST_NULLS;
    return true;
}

static enum fst_status test_as_column(const struct fst_pq_leaf *leaf, const struct fst_test *t,
                                      const struct fst_pq_batch *in, uint8_t *pass,
                                      struct fst_error *err)
{
    struct fst_schema *schema = fst_schema_new();
    fst_schema_add(schema, "value", &leaf->type, true);
    struct fst_builder *b = fst_builder_new(schema);
    const char *wrong = leaf->put(b, 0, leaf, in);
    if (wrong) {
        fst_builder_free(b);
        return fst_fail(err, FST_EFORMAT, "%s", wrong);
    }
    struct fst_frame *f = fst_builder_finish(b, in->n);
    fst_test_column(t, &f->columns[0], pass);
    fst_frame_unref(f);
    return FST_OK;
}

static enum fst_status test_batch(const struct fst_pq_leaf *leaf, const struct fst_pq_sieve *v,
                                  const struct fst_pq_batch *in, uint8_t *pass,
                                  struct fst_error *err)
{
    for (size_t i = 0; i < v->n_tests; i++)
        if (!test_stored(leaf, &v->tests[i], in, pass))
            FST_TRY(test_as_column(leaf, &v->tests[i], in, pass, err));
    return FST_OK;
}

/* Append those of a batch that pass. */
static enum fst_status keep(struct fst_pq_stream *s, struct fst_pq_sieve *v, const uint8_t *pass,
                            struct fst_error *err)
{
    struct fst_pq_batch *batch = s->batch;
    size_t n = 0, width = is_stored_int(s->leaf) || s->leaf->physical == FST_PQ_FLOAT ||
                                  s->leaf->physical == FST_PQ_DOUBLE
                              ? sizeof(batch->i[0])
                              : sizeof(batch->s[0]);
    char *items = (char *)batch->i;
    for (size_t i = 0; i < batch->n; i++)
        if (pass[i]) {
            if (i != n)
                memcpy(items + n * width, items + i * width, width);
            n++;
        }
    batch->n = n;
    const char *wrong = n ? s->leaf->put(v->b, 0, s->leaf, batch) : NULL;
    return wrong ? fst_fail(err, FST_EFORMAT, "%s", wrong) : FST_OK;
}

/* ---- Dictionaries ---------------------------------------------------------------------------- */

/* Verdicts on the entries that are new. */
static enum fst_status judge(struct fst_pq_dictionary *d, const struct fst_pq_sieve *v,
                             struct fst_error *err)
{
    if (d->n_tested == d->n)
        return FST_OK;
    if (!fst_pq_dictionary_verdicts(d))
        return fst_fail(err, FST_ENOMEM, "the dictionary is over the memory allowed");
    memset(d->verdicts + d->n_tested, 1, d->n - d->n_tested);
    while (d->n_tested < d->n) {
        size_t left = d->n - d->n_tested;
        struct fst_pq_batch batch = {.n = left < FST_PQ_BATCH ? left : FST_PQ_BATCH};
        fst_pq_dictionary_batch(d, d->n_tested, &batch);
        FST_TRY(test_batch(d->leaf, v, &batch, d->verdicts + d->n_tested, err));
        d->n_tested += batch.n;
    }
    return FST_OK;
}

static void take_entry(const struct fst_pq_dictionary *d, uint32_t at, struct fst_pq_batch *out)
{
    if (d->i) {
        out->i[out->n++] = d->i[at];
    } else if (d->d) {
        out->d[out->n++] = d->d[at];
    } else {
        size_t begin = at ? d->ends[at - 1] : 0;
        out->s[out->n++] = (struct fst_str){(const char *)d->bytes + begin, d->ends[at] - begin};
    }
}

static enum fst_status sift_numbers(struct fst_pq_stream *s, size_t n, struct fst_pq_sieve *v,
                                    uint8_t *pass, struct fst_error *err)
{
    uint32_t at[FST_PQ_BATCH], max = 0;
    struct fst_pq_dictionary *d = s->work->decoder.dictionary;
    FST_TRY(fst_pq_rle_next(&s->work->decoder.rle, at, n, err));
    for (size_t i = 0; i < n; i++)
        max = at[i] > max ? at[i] : max;
    FST_TRY(fst_pq_dictionary_need(d, max, err));
    FST_TRY(judge(d, v, err));

    s->batch->n = 0;
    for (size_t i = 0; i < n; i++)
        pass[i] &= d->verdicts[at[i]];
    for (size_t i = 0; i < n; i++)
        if (pass[i])
            take_entry(d, at[i], s->batch);
    const char *wrong = s->batch->n ? s->leaf->put(v->b, 0, s->leaf, s->batch) : NULL;
    return wrong ? fst_fail(err, FST_EFORMAT, "%s", wrong) : FST_OK;
}

enum fst_status fst_pq_stream_dictionary_may(struct fst_pq_stream *s, struct fst_pq_sieve *v,
                                             bool *may, struct fst_error *err)
{
    *may = true;
    FST_TRY(fst_pq_stream_unpark(s, err));
    FST_TRY(fst_pq_stream_dictionary(s, err));
    struct fst_pq_dictionary *d = s->dictionary;
    if (!d)
        return FST_OK;
    if (d->n_total)
        FST_TRY(fst_pq_dictionary_need(d, (uint32_t)(d->n_total - 1), err));
    FST_TRY(judge(d, v, err));
    *may = d->n && memchr(d->verdicts, 1, d->n) != NULL;
    return FST_OK;
}

/* ---- Rows ------------------------------------------------------------------------------------ */

static bool is_by_dictionary(const struct fst_pq_decoder *d)
{
    return d->encoding->id == FST_PQ_PLAIN_DICTIONARY || d->encoding->id == FST_PQ_RLE_DICTIONARY;
}

static enum fst_status sift_values(struct fst_pq_stream *s, size_t n, struct fst_pq_sieve *v,
                                   uint8_t *pass, struct fst_error *err)
{
    FST_TRY(fst_pq_stream_ready(s, err));
    if (is_by_dictionary(&s->work->decoder))
        return sift_numbers(s, n, v, pass, err);
    for (size_t done = 0; done < n;) {
        FST_TRY(s->work->decoder.encoding->decode(&s->work->decoder, n - done, s->batch, err));
        size_t part = s->batch->n;
        FST_TRY(test_batch(s->leaf, v, s->batch, pass + done, err));
        FST_TRY(keep(s, v, pass + done, err));
        done += part;
    }
    return FST_OK;
}

static enum fst_status sift_part(struct fst_pq_stream *s, size_t n, bool is_null,
                                 struct fst_pq_sieve *v, uint8_t *pass, struct fst_error *err)
{
    bool any = memchr(pass, 1, n) != NULL;
    if (!is_null && !any)
        s->behind += n;
    else if (!is_null)
        FST_TRY(sift_values(s, n, v, pass, err));
    else if (!v->null_passes)
        memset(pass, 0, n);
    for (size_t i = 0; is_null && i < n; i++)
        if (pass[i])
            fst_builder_null(v->b, 0);
    return FST_OK;
}

/* Rows that are all in the page. */
static enum fst_status sift_page(struct fst_pq_stream *s, size_t n, struct fst_pq_sieve *v,
                                 uint8_t *pass, struct fst_error *err)
{
    while (n > 0) {
        uint64_t part;
        unsigned level;
        FST_TRY(fst_pq_levels_peek(&s->work->def, n, &part, &level, err));
        fst_pq_levels_take(&s->work->def, part);
        FST_TRY(sift_part(s, (size_t)part, level < s->leaf->max_def, v, pass, err));
        s->page_left -= part;
        s->page_done += part;
        pass += part;
        n -= (size_t)part;
    }
    return s->page_left ? FST_OK : fst_pq_body_end(&s->work->body, err);
}

enum fst_status fst_pq_stream_sift(struct fst_pq_stream *s, size_t n, struct fst_pq_sieve *v,
                                   uint8_t *pass, struct fst_error *err)
{
    FST_TRY(fst_pq_stream_unpark(s, err));
    while (n > 0) {
        if (s->page_left == 0) {
            FST_TRY(fst_pq_stream_next_page(s, err));
            continue;
        }
        if (!s->in_page)
            FST_TRY(fst_pq_stream_start_page(s, err));
        size_t part = n < s->page_left ? n : (size_t)s->page_left;
        FST_TRY(sift_page(s, part, v, pass, err));
        pass += part;
        n -= part;
    }
    return FST_OK;
}
