/* parquet_write_column: one column chunk: values into pages, with a dictionary while it pays.
 *
 * Pages are V1, encoded PLAIN or by dictionary, always with a checksum, and begin with a row. The
 * dictionary is taken once every value came twice in the mean; until then pages are held back, and
 * when it grows too large before, or the chunk ends, they are written without. One that is taken
 * and grows too large stays for the pages before. */
#include "parquet_write.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_DATA = 0, PAGE_DICTIONARY = 2, STEP_ROWS = 1000 };
#define UNBOUNDED FST_BUF(SIZE_MAX / 4)

void fst_pqw_column_init(struct fst_pqw_column *c, const struct fst_pqw_leaf *leaf,
                         const struct fst_pqw_limits *limits, struct fst_compressor *compressor)
{
    *c = (struct fst_pqw_column){.leaf = leaf,
                                 .limits = limits,
                                 .compressor = compressor,
                                 .def = UNBOUNDED,
                                 .rep = UNBOUNDED,
                                 .plain = UNBOUNDED,
                                 .pages = UNBOUNDED,
                                 .content = UNBOUNDED,
                                 .fixed = UNBOUNDED};
    c->dictionary = (struct fst_pqw_dictionary){.width = leaf->width, .entries = UNBOUNDED};
    c->by_dictionary = leaf->storage.physical != FST_PQ_BOOLEAN && limits->dictionary_bytes;
}

/* ---- Pages ----------------------------------------------------------------------------------- */

static void put_header(struct fst_buf *out, int type, int64_t n, int encoding, size_t raw,
                       const struct fst_buf *stored)
{
    struct fst_thrift_out o = {.buf = out};
    fst_thrift_open_item(&o);
    fst_thrift_put_int(&o, 1, FST_THRIFT_I32, type);
    fst_thrift_put_int(&o, 2, FST_THRIFT_I32, (int64_t)raw);
    fst_thrift_put_int(&o, 3, FST_THRIFT_I32, (int64_t)stored->n);
    fst_thrift_put_int(&o, 4, FST_THRIFT_I32, (int32_t)fst_crc32(0, stored->p, stored->n));
    fst_thrift_open(&o, type == PAGE_DICTIONARY ? 7 : 5);
    fst_thrift_put_int(&o, 1, FST_THRIFT_I32, n);
    fst_thrift_put_int(&o, 2, FST_THRIFT_I32, encoding);
    if (type == PAGE_DATA) { /* said even where there are no levels: some readers insist */
        fst_thrift_put_int(&o, 3, FST_THRIFT_I32, FST_PQ_RLE);
        fst_thrift_put_int(&o, 4, FST_THRIFT_I32, FST_PQ_RLE);
    }
    fst_thrift_close(&o);
    fst_thrift_close(&o);
}

static enum fst_status put_page(struct fst_pqw_column *c, struct fst_buf *out, int type, int64_t n,
                                int encoding, const struct fst_buf *content, struct fst_error *err)
{
    struct fst_buf stored = UNBOUNDED;
    if (content->n > INT32_MAX || n > INT32_MAX ||
        !fst_compressor_run(c->compressor, &stored, fst_buf_text(content), content->n)) {
        fst_buf_done(&stored);
        return fst_fail(err, FST_ENOMEM, "column %s: a page of %zu bytes cannot be compressed",
                        c->leaf->name, content->n);
    }
    size_t before = out->n;
    put_header(out, type, n, encoding, content->n, &stored);
    c->raw_bytes += out->n - before + content->n;
    fst_buf_add(out, stored.p, stored.n);
    fst_buf_done(&stored);
    return FST_OK;
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

/* The values of a page, whose numbers begin at `numbers`. */
static int put_values(struct fst_pqw_column *c, const struct fst_pqw_page *page,
                      const uint32_t *numbers, struct fst_buf *out)
{
    if (page->n_numbers && c->by_dictionary) {
        unsigned width = fst_pqw_width(page->n_entries - 1);
        fst_buf_addc(out, (char)width);
        fst_pqw_rle(out, numbers, page->n_numbers, width);
        c->n_dictionary_pages++;
        return FST_PQ_RLE_DICTIONARY;
    }
    if (page->n_numbers)
        fst_pqw_denumber(&c->dictionary, numbers, page->n_numbers, out);
    else if (c->leaf->storage.physical == FST_PQ_BOOLEAN)
        put_bits(&c->plain, out);
    else
        fst_buf_add(out, fst_buf_text(&c->plain), c->plain.n);
    c->n_plain_pages++;
    return FST_PQ_PLAIN;
}

static enum fst_status write_page(struct fst_pqw_column *c, struct fst_pqw_page *page,
                                  size_t levels, size_t numbers, struct fst_error *err)
{
    const uint8_t *rep = (const uint8_t *)fst_buf_text(&c->rep) + levels;
    const uint8_t *def = (const uint8_t *)fst_buf_text(&c->def) + levels;
    fst_buf_clear(&c->content);
    if (c->leaf->max_rep)
        fst_pqw_levels(&c->content, rep, page->n_levels, c->leaf->max_rep);
    if (c->leaf->max_def)
        fst_pqw_levels(&c->content, def, page->n_levels, c->leaf->max_def);
    int encoding = put_values(c, page, c->numbers + numbers, &c->content);
    page->at = c->pages.n;
    FST_TRY(put_page(c, &c->pages, PAGE_DATA, page->n_values, encoding, &c->content, err));
    page->bytes = c->pages.n - page->at;
    return FST_OK;
}

/* All pages that were held back. */
static enum fst_status write_held(struct fst_pqw_column *c, struct fst_error *err)
{
    size_t levels = 0, numbers = 0;
    for (; c->n_held; c->n_held--) {
        struct fst_pqw_page *page = &c->index[c->n_pages - c->n_held];
        FST_TRY(write_page(c, page, levels, numbers, err));
        levels += page->n_levels;
        numbers += page->n_numbers;
    }
    fst_buf_clear(&c->def);
    fst_buf_clear(&c->rep);
    fst_buf_clear(&c->plain);
    c->n_numbers = c->held_levels = c->held_numbers = 0;
    return FST_OK;
}

static bool is_dictionary_full(const struct fst_pqw_column *c)
{
    return c->dictionary.entries.n > c->limits->dictionary_bytes;
}

/* Is it known how the pages so far are written? */
static bool decide(struct fst_pqw_column *c, bool is_last)
{
    enum { FEW_VALUES = 100 };
    if (!c->by_dictionary || c->is_decided)
        return true;
    bool pays = c->dictionary.n * 2 <= c->n_numbers || (is_last && c->n_numbers <= FEW_VALUES);
    c->is_decided = pays || is_last || is_dictionary_full(c);
    c->by_dictionary = pays || !c->is_decided;
    return c->is_decided;
}

static enum fst_status write_pages(struct fst_pqw_column *c, bool is_last, struct fst_error *err)
{
    if (!decide(c, is_last))
        return FST_OK;
    FST_TRY(write_held(c, err));
    if (!c->by_dictionary && c->n_dictionary_pages == 0)
        fst_pqw_dictionary_clear(&c->dictionary); /* given up */
    else if (is_dictionary_full(c))
        c->by_dictionary = false; /* the entries stay for the pages that use them */
    return FST_OK;
}

static void end_page(struct fst_pqw_column *c)
{
    fst_grow(&c->index, &c->index_cap, c->n_pages + 1, sizeof(*c->index));
    size_t n_levels = c->def.n - c->held_levels;
    c->index[c->n_pages++] = (struct fst_pqw_page){
        .first_row = c->n_rows,
        .n_values = (int64_t)n_levels,
        .n_nulls = c->page_nulls,
        .n_nan = c->page_range.n_nan,
        .bounds = fst_pqw_bounds_of(&c->page_range, c->leaf),
        .n_levels = n_levels,
        .n_numbers = c->n_numbers - c->held_numbers,
        .n_entries = c->dictionary.n,
    };
    fst_pqw_range_merge(&c->range, c->leaf, &c->page_range);
    fst_pqw_range_clear(&c->page_range);
    c->n_rows += c->page_rows;
    c->n_values += (int64_t)n_levels;
    c->n_nulls += c->page_nulls;
    c->n_held++;
    c->held_levels = c->def.n;
    c->held_numbers = c->n_numbers;
    c->page_rows = 0;
    c->page_nulls = 0;
}

static enum fst_status flush(struct fst_pqw_column *c, bool is_last, struct fst_error *err)
{
    if (c->page_rows)
        end_page(c);
    return c->n_held ? write_pages(c, is_last, err) : FST_OK;
}

enum fst_status fst_pqw_column_end(struct fst_pqw_column *c, struct fst_error *err)
{
    return flush(c, true, err);
}

enum fst_status fst_pqw_dictionary_page(struct fst_pqw_column *c, struct fst_buf *out,
                                        struct fst_error *err)
{
    if (c->n_dictionary_pages == 0)
        return FST_OK;
    return put_page(c, out, PAGE_DICTIONARY, (int64_t)c->dictionary.n, FST_PQ_PLAIN,
                    &c->dictionary.entries, err);
}

/* ---- Rows ------------------------------------------------------------------------------------ */

static void add_numbers(struct fst_pqw_column *c, const void *fixed)
{
    size_t n = c->rows.n_values;
    fst_grow(&c->numbers, &c->numbers_cap, c->n_numbers + n, sizeof(*c->numbers));
    uint32_t *numbers = c->numbers + c->n_numbers;
    fst_pqw_number(&c->dictionary, &c->rows, fixed, numbers);
    if (!c->leaf->width)
        fst_pqw_range_numbers(&c->page_range, &c->dictionary, numbers, n, (uint32_t)c->n_pages + 1);
    c->n_numbers += n;
}

static void add_fixed(struct fst_pqw_column *c)
{
    struct fst_buf *out = c->by_dictionary ? &c->fixed : &c->plain;
    fst_buf_clear(&c->fixed);
    char *p = fst_pqw_room(out, c->rows.n_values * c->leaf->width);
    fst_pqw_gather(c->leaf, &c->rows, p);
    fst_pqw_range_fixed(&c->page_range, c->leaf, p, c->rows.n_values);
    if (c->by_dictionary)
        add_numbers(c, p);
}

static void add_texts(struct fst_pqw_column *c, size_t plain_size)
{
    if (c->by_dictionary) {
        add_numbers(c, NULL);
        return;
    }
    fst_pqw_range_texts(&c->page_range, &c->rows);
    char *to = fst_pqw_room(&c->plain, plain_size);
    for (size_t i = 0; i < c->rows.n_values; i++) {
        struct fst_str s = fst_pqw_text(&c->rows, i);
        uint32_t n = (uint32_t)s.n;
        memcpy(to, &n, sizeof(n));
        memcpy(to + sizeof(n), s.p, s.n);
        to += sizeof(n) + s.n;
    }
}

static size_t page_size(const struct fst_pqw_column *c)
{
    return c->plain.n + (c->n_numbers - c->held_numbers) * 2 +
           (c->leaf->max_rep ? c->def.n - c->held_levels : 0);
}

static bool is_full(const struct fst_pqw_column *c)
{
    return c->page_rows >= c->limits->page_rows || page_size(c) >= c->limits->page_bytes ||
           (c->by_dictionary && is_dictionary_full(c));
}

/* Rows that go into a page whole. */
static enum fst_status add_some(struct fst_pqw_column *c, size_t plain_size, struct fst_error *err)
{
    const struct fst_pqw_rows *r = &c->rows;
    fst_buf_add(&c->def, r->def, r->n_levels);
    if (c->leaf->max_rep)
        fst_buf_add(&c->rep, r->rep, r->n_levels);
    c->page_rows += r->n_rows;
    c->page_nulls += (int64_t)(r->n_levels - r->n_values);
    if (c->leaf->width)
        add_fixed(c);
    else
        add_texts(c, plain_size);
    return is_full(c) ? flush(c, false, err) : FST_OK;
}

static size_t step_of(const struct fst_pqw_column *c, size_t n)
{
    size_t room = c->limits->page_rows - c->page_rows;
    n = n < room ? n : room;
    return n < STEP_ROWS ? n : STEP_ROWS;
}

enum fst_status fst_pqw_column_add(struct fst_pqw_column *c, const struct fst_column *values,
                                   size_t from, size_t n, struct fst_error *err)
{
    size_t step = step_of(c, n);
    while (n > 0) {
        FST_TRY(fst_pqw_shred(&c->rows, c->leaf, values, from, step, err));
        size_t size = fst_pqw_plain_size(c->leaf, &c->rows);
        if (step > 1 && size + c->rows.n_levels > c->limits->page_bytes) {
            step /= 2; /* large values: fewer rows at once */
            continue;
        }
        FST_TRY(add_some(c, size, err));
        from += step;
        n -= step;
        step = step_of(c, n);
    }
    return FST_OK;
}

size_t fst_pqw_column_size(const struct fst_pqw_column *c)
{
    unsigned width = fst_pqw_width(c->dictionary.n);
    return c->raw_bytes + c->dictionary.entries.n + c->plain.n + c->n_numbers * width / 8;
}

size_t fst_pqw_column_memory(const struct fst_pqw_column *c)
{
    return c->pages.n + fst_pqw_dictionary_size(&c->dictionary) + c->plain.n + c->def.n + c->rep.n +
           4 * c->n_numbers;
}

void fst_pqw_column_reset(struct fst_pqw_column *c)
{
    struct fst_pqw_column again;
    fst_pqw_column_init(&again, c->leaf, c->limits, c->compressor);
    fst_pqw_column_done(c);
    *c = again;
}

void fst_pqw_column_done(struct fst_pqw_column *c)
{
    for (size_t i = 0; i < c->n_pages; i++)
        fst_pqw_bounds_done(&c->index[i].bounds);
    free(c->index);
    free(c->numbers);
    struct fst_buf *const bufs[] = {&c->def, &c->rep, &c->plain, &c->pages, &c->content, &c->fixed};
    for (size_t i = 0; i < FST_COUNT(bufs); i++)
        fst_buf_done(bufs[i]);
    fst_pqw_rows_done(&c->rows);
    fst_pqw_dictionary_done(&c->dictionary);
    fst_pqw_range_done(&c->page_range);
    fst_pqw_range_done(&c->range);
}
