/* parquet_write_footer: what stands after the row groups: the indexes of pages, the metadata.
 *
 * Indexes are put together when their chunk ends and kept as the bytes that they will be, so that a
 * long file costs little memory. A chunk has no column index when one of its pages has values but
 * no bounds (nothing but NaN): readers would have to guess. */
#include "parquet_write.h"

#include <stdlib.h>
#include <string.h>

/* ---- Indexes --------------------------------------------------------------------------------- */

static bool has_only_nulls(const struct fst_pqw_page *p)
{
    return p->n_nulls == p->n_values;
}

static bool has_column_index(const struct fst_pqw_column *c)
{
    for (size_t i = 0; i < c->n_pages; i++)
        if (!c->index[i].bounds.min && !has_only_nulls(&c->index[i]))
            return false;
    return c->n_pages > 0;
}

enum { UNORDERED, ASCENDING, DESCENDING };

static int order_of(const struct fst_pqw_leaf *leaf, const struct fst_pqw_page *a,
                    const struct fst_pqw_page *b)
{
    const struct fst_pqw_bounds *x = &a->bounds, *y = &b->bounds;
    struct fst_str min_x = {x->min, x->n_min}, min_y = {y->min, y->n_min};
    struct fst_str max_x = {x->max, x->n_max}, max_y = {y->max, y->n_max};
    int of_min = fst_pqw_compare(leaf, min_x, min_y), of_max = fst_pqw_compare(leaf, max_x, max_y);
    bool up = of_min <= 0 && of_max <= 0, down = of_min >= 0 && of_max >= 0;
    return (up ? 1 << ASCENDING : 0) | (down ? 1 << DESCENDING : 0);
}

/* Pages of nothing but NULL do not count. */
static int boundary_order(const struct fst_pqw_column *c)
{
    const struct fst_pqw_page *before = NULL;
    int may = 1 << ASCENDING | 1 << DESCENDING;
    for (size_t i = 0; i < c->n_pages; i++) {
        if (has_only_nulls(&c->index[i]))
            continue;
        if (before)
            may &= order_of(c->leaf, before, &c->index[i]);
        before = &c->index[i];
    }
    return may & 1 << ASCENDING ? ASCENDING : may ? DESCENDING : UNORDERED;
}

static void put_numbers(struct fst_thrift_out *o, int16_t id, const struct fst_pqw_column *c,
                        size_t offset)
{
    fst_thrift_put_list(o, id, FST_THRIFT_I64, c->n_pages);
    for (size_t i = 0; i < c->n_pages; i++) {
        int64_t v;
        memcpy(&v, (const char *)&c->index[i] + offset, sizeof(v));
        fst_thrift_item_int(o, v);
    }
}

static void put_column_index(struct fst_buf *out, const struct fst_pqw_column *c)
{
    struct fst_thrift_out o = {.buf = out};
    fst_thrift_open_item(&o);
    fst_thrift_put_list(&o, 1, FST_THRIFT_TRUE, c->n_pages);
    for (size_t i = 0; i < c->n_pages; i++)
        fst_thrift_item_bool(&o, has_only_nulls(&c->index[i]));
    fst_thrift_put_list(&o, 2, FST_THRIFT_BINARY, c->n_pages);
    for (size_t i = 0; i < c->n_pages; i++)
        fst_thrift_item_bytes(&o, c->index[i].bounds.min, c->index[i].bounds.n_min);
    fst_thrift_put_list(&o, 3, FST_THRIFT_BINARY, c->n_pages);
    for (size_t i = 0; i < c->n_pages; i++)
        fst_thrift_item_bytes(&o, c->index[i].bounds.max, c->index[i].bounds.n_max);
    fst_thrift_put_int(&o, 4, FST_THRIFT_I32, boundary_order(c));
    put_numbers(&o, 5, c, offsetof(struct fst_pqw_page, n_nulls));
    if (c->leaf->storage.class == FST_PQW_DOUBLE)
        put_numbers(&o, 8, c, offsetof(struct fst_pqw_page, n_nan));
    fst_thrift_close(&o);
}

static void put_offset_index(struct fst_buf *out, const struct fst_pqw_column *c, uint64_t at)
{
    struct fst_thrift_out o = {.buf = out};
    fst_thrift_open_item(&o);
    fst_thrift_put_list(&o, 1, FST_THRIFT_STRUCT, c->n_pages);
    for (size_t i = 0; i < c->n_pages; i++) {
        fst_thrift_open_item(&o);
        fst_thrift_put_int(&o, 1, FST_THRIFT_I64, (int64_t)(at + c->index[i].at));
        fst_thrift_put_int(&o, 2, FST_THRIFT_I32, (int64_t)c->index[i].bytes);
        fst_thrift_put_int(&o, 3, FST_THRIFT_I64, (int64_t)c->index[i].first_row);
        fst_thrift_close(&o);
    }
    fst_thrift_close(&o);
}

void fst_pqw_note_chunk(struct fst_pqw_file *f, const struct fst_pqw_column *c, uint64_t at,
                        size_t dictionary)
{
    size_t columns_before = f->column_indexes.n, offsets_before = f->offset_indexes.n;
    if (has_column_index(c))
        put_column_index(&f->column_indexes, c);
    put_offset_index(&f->offset_indexes, c, at + dictionary);
    fst_grow(&f->chunks, &f->chunks_cap, f->n_chunks + 1, sizeof(*f->chunks));
    f->chunks[f->n_chunks++] = (struct fst_pqw_chunk){
        .n_values = c->n_values,
        .n_nulls = c->n_nulls,
        .n_nan = c->range.n_nan,
        .raw_bytes = (int64_t)c->raw_bytes,
        .bytes = (int64_t)(dictionary + c->pages.n),
        .dictionary_at = dictionary ? (int64_t)at : 0,
        .data_at = (int64_t)(at + dictionary),
        .n_dictionary_pages = c->n_dictionary_pages,
        .n_plain_pages = c->n_plain_pages,
        .bounds = fst_pqw_bounds_of(&c->range, c->leaf),
        .column_index = f->column_indexes.n - columns_before,
        .offset_index = f->offset_indexes.n - offsets_before,
    };
}

/* ---- Chunks ---------------------------------------------------------------------------------- */

static void put_statistics(struct fst_thrift_out *o, const struct fst_pqw_leaf *leaf,
                           const struct fst_pqw_chunk *c)
{
    const struct fst_pqw_bounds *b = &c->bounds;
    fst_thrift_open(o, 12);
    fst_thrift_put_int(o, 3, FST_THRIFT_I64, c->n_nulls);
    if (b->min) {
        fst_thrift_put_bytes(o, 5, b->max, b->n_max);
        fst_thrift_put_bytes(o, 6, b->min, b->n_min);
        fst_thrift_put_bool(o, 7, b->is_max_exact);
        fst_thrift_put_bool(o, 8, b->is_min_exact);
    }
    if (leaf->storage.class == FST_PQW_DOUBLE)
        fst_thrift_put_int(o, 9, FST_THRIFT_I64, c->n_nan);
    fst_thrift_close(o);
}

static void put_encodings(struct fst_thrift_out *o, const struct fst_pqw_chunk *c)
{
    bool by_dictionary = c->n_dictionary_pages > 0;
    fst_thrift_put_list(o, 2, FST_THRIFT_I32, by_dictionary ? 3 : 2);
    fst_thrift_item_int(o, FST_PQ_PLAIN);
    fst_thrift_item_int(o, FST_PQ_RLE);
    if (by_dictionary)
        fst_thrift_item_int(o, FST_PQ_RLE_DICTIONARY);
}

/* How many pages of which kind and encoding: readers filter by dictionary when all agree. */
static void put_encoding_stats(struct fst_thrift_out *o, const struct fst_pqw_chunk *c)
{
    const int64_t rows[3][3] = {{2, FST_PQ_PLAIN, c->n_dictionary_pages ? 1 : 0},
                                {0, FST_PQ_RLE_DICTIONARY, c->n_dictionary_pages},
                                {0, FST_PQ_PLAIN, c->n_plain_pages}};
    size_t n = 0;
    for (size_t i = 0; i < 3; i++)
        n += rows[i][2] > 0;
    fst_thrift_put_list(o, 13, FST_THRIFT_STRUCT, n);
    for (size_t i = 0; i < 3; i++) {
        if (rows[i][2] == 0)
            continue;
        fst_thrift_open_item(o);
        for (int16_t k = 0; k < 3; k++)
            fst_thrift_put_int(o, (int16_t)(k + 1), FST_THRIFT_I32, rows[i][k]);
        fst_thrift_close(o);
    }
}

static void put_metadata(struct fst_thrift_out *o, const struct fst_pqw_file *f,
                         const struct fst_pqw_leaf *leaf, const struct fst_pqw_chunk *c)
{
    fst_thrift_open(o, 3);
    fst_thrift_put_int(o, 1, FST_THRIFT_I32, leaf->storage.physical);
    put_encodings(o, c);
    fst_thrift_put_list(o, 3, FST_THRIFT_BINARY, leaf->n_path);
    for (size_t i = 0; i < leaf->n_path; i++)
        fst_thrift_item_text(o, leaf->path[i]);
    fst_thrift_put_int(o, 4, FST_THRIFT_I32, fst_codec_number(f->codec));
    fst_thrift_put_int(o, 5, FST_THRIFT_I64, c->n_values);
    fst_thrift_put_int(o, 6, FST_THRIFT_I64, c->raw_bytes);
    fst_thrift_put_int(o, 7, FST_THRIFT_I64, c->bytes);
    fst_thrift_put_int(o, 9, FST_THRIFT_I64, c->data_at);
    if (c->dictionary_at)
        fst_thrift_put_int(o, 11, FST_THRIFT_I64, c->dictionary_at);
    put_statistics(o, leaf, c);
    put_encoding_stats(o, c);
    fst_thrift_close(o);
}

/* Where the next indexes lie in the file. */
struct places {
    uint64_t column, offset;
};

static void put_place(struct fst_thrift_out *o, int16_t id, uint64_t *at, size_t n)
{
    if (n == 0)
        return;
    fst_thrift_put_int(o, id, FST_THRIFT_I64, (int64_t)*at);
    fst_thrift_put_int(o, (int16_t)(id + 1), FST_THRIFT_I32, (int64_t)n);
    *at += n;
}

static void put_chunk(struct fst_thrift_out *o, const struct fst_pqw_file *f,
                      const struct fst_pqw_leaf *leaf, const struct fst_pqw_chunk *c,
                      struct places *at)
{
    fst_thrift_open_item(o);
    fst_thrift_put_int(o, 2, FST_THRIFT_I64, 0);
    put_metadata(o, f, leaf, c);
    put_place(o, 4, &at->offset, c->offset_index);
    put_place(o, 6, &at->column, c->column_index);
    fst_thrift_close(o);
}

/* ---- Groups and the file --------------------------------------------------------------------- */

static void put_sorting(struct fst_thrift_out *o, const struct fst_pqw_file *f)
{
    if (f->n_sorting == 0)
        return;
    fst_thrift_put_list(o, 4, FST_THRIFT_STRUCT, f->n_sorting);
    for (size_t i = 0; i < f->n_sorting; i++) {
        fst_thrift_open_item(o);
        fst_thrift_put_int(o, 1, FST_THRIFT_I32, (int64_t)f->sorting[i].leaf);
        fst_thrift_put_bool(o, 2, f->sorting[i].descending);
        fst_thrift_put_bool(o, 3, f->sorting[i].nulls_first);
        fst_thrift_close(o);
    }
}

static void put_group(struct fst_thrift_out *o, const struct fst_pqw_file *f, size_t group,
                      struct places *at)
{
    const struct fst_pqw_group *g = &f->groups[group];
    size_t n = f->schema.n_leaves;
    fst_thrift_open_item(o);
    fst_thrift_put_list(o, 1, FST_THRIFT_STRUCT, n);
    for (size_t i = 0; i < n; i++)
        put_chunk(o, f, &f->schema.leaves[i], &f->chunks[group * n + i], at);
    fst_thrift_put_int(o, 2, FST_THRIFT_I64, (int64_t)g->raw_bytes);
    fst_thrift_put_int(o, 3, FST_THRIFT_I64, (int64_t)g->rows);
    put_sorting(o, f);
    fst_thrift_put_int(o, 5, FST_THRIFT_I64, (int64_t)g->at);
    fst_thrift_put_int(o, 6, FST_THRIFT_I64, (int64_t)g->bytes);
    if (group <= INT16_MAX)
        fst_thrift_put_int(o, 7, FST_THRIFT_I16, (int64_t)group);
    fst_thrift_close(o);
}

/* Readers use least and greatest values only where the order is said. */
static void put_orders(struct fst_thrift_out *o, size_t n)
{
    fst_thrift_put_list(o, 7, FST_THRIFT_STRUCT, n);
    for (size_t i = 0; i < n; i++) {
        fst_thrift_open_item(o);
        fst_thrift_open(o, 1);
        fst_thrift_close(o);
        fst_thrift_close(o);
    }
}

static void put_file(struct fst_buf *out, const struct fst_pqw_file *f, uint64_t at)
{
    struct fst_thrift_out o = {.buf = out};
    struct places places = {at, at + f->column_indexes.n};
    fst_thrift_open_item(&o);
    fst_thrift_put_int(&o, 1, FST_THRIFT_I32, 1);
    fst_pqw_schema_put(&o, &f->schema);
    fst_thrift_put_int(&o, 3, FST_THRIFT_I64, (int64_t)f->rows);
    fst_thrift_put_list(&o, 4, FST_THRIFT_STRUCT, f->n_groups);
    for (size_t i = 0; i < f->n_groups; i++)
        put_group(&o, f, i, &places);
    /* In this form, or Java's reader distrusts the statistics of texts. */
    fst_thrift_put_text(&o, 6, "firesteel version " FST_VERSION " (build 0)");
    put_orders(&o, f->schema.n_leaves);
    fst_thrift_close(&o);
}

void fst_pqw_footer(struct fst_buf *out, const struct fst_pqw_file *f, uint64_t at)
{
    fst_buf_add(out, f->column_indexes.p, f->column_indexes.n);
    fst_buf_add(out, f->offset_indexes.p, f->offset_indexes.n);
    size_t before = out->n;
    put_file(out, f, at);
    uint32_t n = (uint32_t)(out->n - before);
    fst_buf_add(out, &n, sizeof(n));
    fst_buf_adds(out, "PAR1");
}

void fst_pqw_file_done(struct fst_pqw_file *f)
{
    for (size_t i = 0; i < f->n_chunks; i++)
        fst_pqw_bounds_done(&f->chunks[i].bounds);
    fst_buf_done(&f->column_indexes);
    fst_buf_done(&f->offset_indexes);
    free(f->sorting);
    free(f->groups);
    free(f->chunks);
    fst_pqw_schema_done(&f->schema);
}
