/* parquet_write_column: one column chunk: values into pages, with a dictionary while it pays.
 *
 * Pages are V1, encoded PLAIN or by dictionary, always with a checksum. The dictionary is given up
 * when it grows too large, or at once when the first page shows mostly different values. */
#include "parquet_write.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_ROWS = 20000, PAGE_BYTES = 1 << 20, DICTIONARY_BYTES = 1 << 20 };
enum { PAGE_DATA = 0, PAGE_DICTIONARY = 2 };
#define UNBOUNDED FST_BUF(SIZE_MAX / 4)

void fst_pqw_column_init(struct fst_pqw_column *c, const struct fst_field *field,
                         const struct fst_pqw_storage *storage, enum fst_codec codec)
{
    *c = (struct fst_pqw_column){.field = field,
                                 .storage = *storage,
                                 .codec = codec,
                                 .plain = UNBOUNDED,
                                 .entries = UNBOUNDED,
                                 .pages = UNBOUNDED};
    c->width = fst_pqw_decimal_width(field->type.precision);
    c->has_dictionary = storage->physical != FST_PQ_BOOLEAN;
}

/* ---- PLAIN ----------------------------------------------------------------------------------- */

static void plain_int(struct fst_buf *out, __int128 v, size_t width)
{
    for (size_t i = 0; i < width; i++, v >>= 8)
        fst_buf_addc(out, (char)v);
}

static void plain_big_endian(struct fst_buf *out, __int128 v, size_t width)
{
    for (size_t i = width; i-- > 0;)
        fst_buf_addc(out, (char)(v >> (8 * i)));
}

void fst_pqw_plain(struct fst_buf *out, const struct fst_pqw_column *c,
                   const struct fst_pqw_value *v)
{
    float f = (float)v->d;
    switch (c->storage.physical) {
    case FST_PQ_BOOLEAN:
        plain_int(out, v->i, 1);
        return;
    case FST_PQ_INT32:
        plain_int(out, v->i, 4);
        return;
    case FST_PQ_INT64:
        plain_int(out, v->i, 8);
        return;
    case FST_PQ_FLOAT:
        fst_buf_add(out, &f, sizeof(f));
        return;
    case FST_PQ_DOUBLE:
        fst_buf_add(out, &v->d, sizeof(v->d));
        return;
    case FST_PQ_FIXED:
        plain_big_endian(out, v->i, c->width);
        return;
    default:
        fst_buf_add(out, v->s.p, v->s.n);
    }
}

static void plain_value(struct fst_buf *out, const struct fst_pqw_column *c,
                        const struct fst_pqw_value *v)
{
    if (c->storage.physical == FST_PQ_BYTE_ARRAY)
        plain_int(out, (__int128)v->s.n, 4);
    fst_pqw_plain(out, c, v);
}

/* ---- The dictionary -------------------------------------------------------------------------- */

static size_t entry_start(const struct fst_pqw_column *c, size_t entry)
{
    return entry ? c->entry_ends[entry - 1] : 0;
}

static uint32_t hash(const char *p, size_t n)
{
    uint64_t h = n * 0x9E3779B97F4A7C15u;
    for (; n >= 8; p += 8, n -= 8) {
        uint64_t word;
        memcpy(&word, p, sizeof(word));
        h = (h ^ word) * 0xFF51AFD7ED558CCDu;
        h ^= h >> 32;
    }
    for (; n > 0; p++, n--)
        h = (h ^ (uint8_t)*p) * 0x100000001B3u;
    return (uint32_t)(h ^ h >> 29);
}

static void rehash(struct fst_pqw_column *c)
{
    c->n_slots = c->n_slots ? c->n_slots * 2 : 1024;
    free(c->slots);
    c->slots = fst_alloc(c->n_slots * sizeof(*c->slots));
    for (size_t i = 0; i < c->n_entries; i++) {
        size_t from = entry_start(c, i);
        size_t at = hash(c->entries.p + from, c->entry_ends[i] - from) & (c->n_slots - 1);
        while (c->slots[at])
            at = (at + 1) & (c->n_slots - 1);
        c->slots[at] = (uint32_t)i + 1;
    }
}

/* The number of the entry that was just put at the end of `entries`, which goes again if it is not
 * new. */
static uint32_t entry_of_last(struct fst_pqw_column *c)
{
    if (c->n_entries * 2 >= c->n_slots)
        rehash(c);
    size_t from = entry_start(c, c->n_entries), n = c->entries.n - from;
    size_t at = hash(c->entries.p + from, n) & (c->n_slots - 1);
    for (; c->slots[at]; at = (at + 1) & (c->n_slots - 1)) {
        uint32_t entry = c->slots[at] - 1;
        size_t start = entry_start(c, entry);
        if (c->entry_ends[entry] - start == n &&
            memcmp(c->entries.p + start, c->entries.p + from, n) == 0) {
            c->entries.n = from;
            return entry;
        }
    }
    c->slots[at] = (uint32_t)++c->n_entries;
    fst_grow(&c->entry_ends, &c->entry_ends_cap, c->n_entries, sizeof(*c->entry_ends));
    c->entry_ends[c->n_entries - 1] = c->entries.n;
    return (uint32_t)c->n_entries - 1;
}

static void forget_dictionary(struct fst_pqw_column *c)
{
    c->has_dictionary = false;
    c->n_entries = 0;
    fst_buf_clear(&c->entries);
}

static bool is_mostly_different(const struct fst_pqw_column *c)
{
    return c->n_indexes > 100 && c->n_entries * 2 > c->n_indexes;
}

/* The page by values instead of by numbers; the dictionary is not used by any page yet. */
static void expand_page(struct fst_pqw_column *c)
{
    for (size_t i = 0; i < c->n_indexes; i++) {
        size_t from = entry_start(c, c->indexes[i]);
        fst_buf_add(&c->plain, c->entries.p + from, c->entry_ends[c->indexes[i]] - from);
    }
    c->n_indexes = 0;
    forget_dictionary(c);
}

/* ---- Pages ----------------------------------------------------------------------------------- */

static enum fst_status put_page(struct fst_buf *out, enum fst_codec codec, int type, int64_t n,
                                int encoding, const struct fst_buf *content, uint64_t *raw_bytes,
                                struct fst_error *err)
{
    struct fst_buf stored = UNBOUNDED;
    if (content->n > INT32_MAX ||
        !fst_codec_compress(codec, &stored, fst_buf_text(content), content->n)) {
        fst_buf_done(&stored);
        return fst_fail(err, FST_ENOMEM, "a page of %zu bytes cannot be compressed", content->n);
    }
    size_t before = out->n;
    struct fst_thrift_out o = {.buf = out};
    fst_thrift_open_item(&o);
    fst_thrift_put_int(&o, 1, FST_THRIFT_I32, type);
    fst_thrift_put_int(&o, 2, FST_THRIFT_I32, (int64_t)content->n);
    fst_thrift_put_int(&o, 3, FST_THRIFT_I32, (int64_t)stored.n);
    fst_thrift_put_int(&o, 4, FST_THRIFT_I32, (int32_t)fst_crc32(0, stored.p, stored.n));
    fst_thrift_open(&o, type == PAGE_DICTIONARY ? 7 : 5);
    fst_thrift_put_int(&o, 1, FST_THRIFT_I32, n);
    fst_thrift_put_int(&o, 2, FST_THRIFT_I32, encoding);
    if (type == PAGE_DATA) { /* said even where there are no levels: some readers insist */
        fst_thrift_put_int(&o, 3, FST_THRIFT_I32, FST_PQ_RLE);
        fst_thrift_put_int(&o, 4, FST_THRIFT_I32, FST_PQ_RLE);
    }
    fst_thrift_close(&o);
    fst_thrift_close(&o);
    *raw_bytes += out->n - before + content->n;
    fst_buf_add(out, stored.p, stored.n);
    fst_buf_done(&stored);
    return FST_OK;
}

static void put_levels(struct fst_pqw_column *c, struct fst_buf *out)
{
    if (!c->field->nullable)
        return;
    size_t at = out->n;
    plain_int(out, 0, 4);
    fst_pqw_rle(out, c->levels, c->n_rows, 1);
    uint32_t n = (uint32_t)(out->n - at - 4);
    memcpy(out->p + at, &n, sizeof(n));
}

static void put_bits(const struct fst_buf *bytes, struct fst_buf *out)
{
    for (size_t i = 0; i < bytes->n; i += 8) {
        uint8_t bits = 0;
        for (size_t k = 0; k < 8 && i + k < bytes->n; k++)
            bits |= (uint8_t)(bytes->p[i + k] << k);
        fst_buf_addc(out, (char)bits);
    }
}

static int put_values(struct fst_pqw_column *c, struct fst_buf *out)
{
    if (c->n_indexes) {
        unsigned width = fst_pqw_width(c->n_entries - 1);
        fst_buf_addc(out, (char)width);
        fst_pqw_rle(out, c->indexes, c->n_indexes, width);
        c->n_dictionary_pages++;
        return FST_PQ_RLE_DICTIONARY;
    }
    if (c->storage.physical == FST_PQ_BOOLEAN)
        put_bits(&c->plain, out);
    else
        fst_buf_add(out, fst_buf_text(&c->plain), c->plain.n);
    c->n_plain_pages++;
    return FST_PQ_PLAIN;
}

enum fst_status fst_pqw_column_flush(struct fst_pqw_column *c, struct fst_error *err)
{
    if (c->n_rows == 0)
        return FST_OK;
    if (c->has_dictionary && c->n_dictionary_pages == 0 && is_mostly_different(c))
        expand_page(c);

    struct fst_buf content = UNBOUNDED;
    put_levels(c, &content);
    int encoding = put_values(c, &content);
    enum fst_status status = put_page(&c->pages, c->codec, PAGE_DATA, (int64_t)c->n_rows, encoding,
                                      &content, &c->raw_bytes, err);
    fst_buf_done(&content);

    c->n_values += (int64_t)c->n_rows;
    c->n_rows = c->n_indexes = c->page_bytes = 0;
    fst_buf_clear(&c->plain);
    if (c->entries.n > DICTIONARY_BYTES)
        c->has_dictionary = false; /* the entries stay for the pages that use them */
    return status;
}

enum fst_status fst_pqw_dictionary_page(struct fst_pqw_column *c, struct fst_buf *out,
                                        uint64_t *raw_bytes, struct fst_error *err)
{
    if (c->n_dictionary_pages == 0)
        return FST_OK;
    return put_page(out, c->codec, PAGE_DICTIONARY, (int64_t)c->n_entries, FST_PQ_PLAIN,
                    &c->entries, raw_bytes, err);
}

/* ---- Rows ------------------------------------------------------------------------------------ */

static struct fst_pqw_value load(const struct fst_pqw_column *c, const struct fst_column *values,
                                 size_t row)
{
    struct fst_pqw_value v = {0};
    if (c->storage.kind == FST_DECIMAL)
        v.i = fst_column_decimal(values, row);
    else if (c->storage.class == FST_PQW_INT)
        v.i = fst_column_int(values, row);
    else if (c->storage.class == FST_PQW_DOUBLE)
        v.d = fst_column_double(values, row);
    else
        v.s = fst_column_bytes(values, row);
    return v;
}

static void add_value(struct fst_pqw_column *c, const struct fst_pqw_value *v)
{
    fst_pqw_range_add(&c->range, c, v);
    if (!c->has_dictionary) {
        plain_value(&c->plain, c, v);
        c->page_bytes = c->plain.n;
        return;
    }
    size_t before = c->entries.n;
    plain_value(&c->entries, c, v);
    c->page_bytes += c->entries.n - before;
    fst_grow(&c->indexes, &c->indexes_cap, c->n_indexes + 1, sizeof(*c->indexes));
    c->indexes[c->n_indexes] = entry_of_last(c);
    c->n_indexes++;
}

static enum fst_status add_row(struct fst_pqw_column *c, const struct fst_column *values,
                               size_t row, struct fst_error *err)
{
    bool is_null = fst_column_is_null(values, row);
    if (is_null && !c->field->nullable)
        return fst_fail(err, FST_EINVAL, "column %s: a NULL where none is allowed", c->field->name);
    fst_grow(&c->levels, &c->levels_cap, c->n_rows + 1, sizeof(*c->levels));
    c->levels[c->n_rows++] = !is_null;
    c->n_nulls += is_null;
    if (is_null)
        return FST_OK;
    struct fst_pqw_value v = load(c, values, row);
    add_value(c, &v);
    return FST_OK;
}

enum fst_status fst_pqw_column_add(struct fst_pqw_column *c, const struct fst_column *values,
                                   size_t from, size_t n, struct fst_error *err)
{
    for (size_t i = 0; i < n; i++) {
        FST_TRY(add_row(c, values, from + i, err));
        if (c->n_rows >= PAGE_ROWS || c->page_bytes >= PAGE_BYTES)
            FST_TRY(fst_pqw_column_flush(c, err));
    }
    return FST_OK;
}

size_t fst_pqw_column_size(const struct fst_pqw_column *c)
{
    return c->pages.n + c->entries.n + c->page_bytes;
}

void fst_pqw_column_reset(struct fst_pqw_column *c)
{
    struct fst_pqw_column again;
    fst_pqw_column_init(&again, c->field, &c->storage, c->codec);
    fst_pqw_column_done(c);
    *c = again;
}

void fst_pqw_column_done(struct fst_pqw_column *c)
{
    free(c->levels);
    free(c->indexes);
    free(c->entry_ends);
    free(c->slots);
    fst_buf_done(&c->plain);
    fst_buf_done(&c->entries);
    fst_buf_done(&c->pages);
    fst_buf_done(&c->range.min_bytes);
    fst_buf_done(&c->range.max_bytes);
}
