/* parquet_write: rows into a file: row groups as they fill, the footer last.
 *
 * A row group is collected in memory, compressed page by page, and written whole, because a file
 * wants the columns one after the other. It ends at its rows or at its memory. */
#include "parquet_write.h"

#include "formats.h"

#include <stdlib.h>
#include <string.h>

enum { GROUP_ROWS = 1 << 20, GROUP_BYTES = 64 << 20, SLICE_ROWS = 4096 };

struct group {
    uint64_t rows, bytes, raw_bytes, at;
};

struct writer {
    struct fst_writer base;
    struct fst_schema *schema;
    struct fst_sink sink;
    enum fst_codec codec;
    uint64_t at; /* bytes written */
    size_t group_rows;
    uint64_t rows_in_group;
    struct fst_pqw_column *columns;
    struct group *groups;
    size_t n_groups, groups_cap;
    struct fst_pqw_chunk *chunks; /* of all groups */
    size_t n_chunks, chunks_cap;
};

static enum fst_status put(struct writer *w, const void *p, size_t n, struct fst_error *err)
{
    if (n && !w->sink.write(w->sink.arg, p, n))
        return fst_fail_errno(err, "writing Parquet");
    w->at += n;
    return FST_OK;
}

/* ---- Row groups ------------------------------------------------------------------------------ */

static enum fst_status write_chunk(struct writer *w, struct fst_pqw_column *c, struct group *g,
                                   struct fst_error *err)
{
    FST_TRY(fst_pqw_column_flush(c, err));
    struct fst_buf dictionary = FST_BUF(SIZE_MAX / 4);
    enum fst_status status = fst_pqw_dictionary_page(c, &dictionary, &c->raw_bytes, err);
    fst_grow(&w->chunks, &w->chunks_cap, w->n_chunks + 1, sizeof(*w->chunks));
    struct fst_pqw_chunk *chunk = &w->chunks[w->n_chunks++];
    *chunk = (struct fst_pqw_chunk){
        .n_values = c->n_values,
        .n_nulls = c->n_nulls,
        .raw_bytes = (int64_t)c->raw_bytes,
        .bytes = (int64_t)(dictionary.n + c->pages.n),
        .dictionary_at = dictionary.n ? (int64_t)w->at : 0,
        .data_at = (int64_t)(w->at + dictionary.n),
        .n_dictionary_pages = c->n_dictionary_pages,
        .n_plain_pages = c->n_plain_pages,
    };
    fst_pqw_range_put(&c->range, c, chunk);
    if (status == FST_OK)
        status = put(w, dictionary.p, dictionary.n, err);
    fst_buf_done(&dictionary);
    FST_TRY(status);
    g->bytes += (uint64_t)chunk->bytes;
    g->raw_bytes += c->raw_bytes;
    return put(w, c->pages.p, c->pages.n, err);
}

static enum fst_status close_group(struct writer *w, struct fst_error *err)
{
    if (w->rows_in_group == 0)
        return FST_OK;
    fst_grow(&w->groups, &w->groups_cap, w->n_groups + 1, sizeof(*w->groups));
    struct group *g = &w->groups[w->n_groups++];
    *g = (struct group){.rows = w->rows_in_group, .at = w->at};
    for (size_t i = 0; i < w->schema->n; i++) {
        FST_TRY(write_chunk(w, &w->columns[i], g, err));
        fst_pqw_column_reset(&w->columns[i]);
    }
    w->rows_in_group = 0;
    return FST_OK;
}

static size_t memory_of(const struct writer *w)
{
    size_t n = 0;
    for (size_t i = 0; i < w->schema->n; i++)
        n += fst_pqw_column_size(&w->columns[i]);
    return n;
}

static enum fst_status check_frame(const struct writer *w, const struct fst_frame *f,
                                   struct fst_error *err)
{
    if (f->n_columns != w->schema->n)
        return fst_fail(err, FST_EINVAL, "%zu columns where the file has %zu", f->n_columns,
                        w->schema->n);
    for (size_t i = 0; i < f->n_columns; i++) {
        const struct fst_column *c = &f->columns[i];
        const struct fst_field *field = &w->schema->fields[i];
        if (c->unreadable)
            return fst_fail(err, FST_EUNSUPPORTED, "column %s cannot be written: %s", field->name,
                            c->unreadable);
        if (c->type.kind != FST_VOID && !fst_type_eq(&c->type, &field->type))
            return fst_fail(err, FST_EINVAL, "column %s: another type than the file's",
                            field->name);
    }
    return FST_OK;
}

static enum fst_status add_rows(struct writer *w, const struct fst_frame *f, size_t from, size_t n,
                                struct fst_error *err)
{
    for (size_t i = 0; i < w->schema->n; i++)
        FST_TRY(fst_pqw_column_add(&w->columns[i], &f->columns[i], from, n, err));
    w->rows_in_group += n;
    w->base.rows += n;
    bool is_full = w->rows_in_group >= w->group_rows || memory_of(w) >= GROUP_BYTES;
    return is_full ? close_group(w, err) : FST_OK;
}

static enum fst_status writer_write(struct fst_writer *base, const struct fst_frame *f,
                                    struct fst_error *err)
{
    struct writer *w = (struct writer *)base;
    FST_TRY(check_frame(w, f, err));
    for (size_t at = 0; at < f->n_rows;) {
        size_t n = f->n_rows - at < SLICE_ROWS ? f->n_rows - at : SLICE_ROWS;
        uint64_t room = w->group_rows - w->rows_in_group;
        n = room < n ? (size_t)room : n;
        FST_TRY(add_rows(w, f, at, n, err));
        at += n;
    }
    return FST_OK;
}

/* ---- The footer ------------------------------------------------------------------------------ */

static void put_statistics(struct fst_thrift_out *o, const struct fst_pqw_chunk *c)
{
    fst_thrift_open(o, 12);
    fst_thrift_put_int(o, 3, FST_THRIFT_I64, c->n_nulls);
    if (c->max)
        fst_thrift_put_bytes(o, 5, c->max, c->n_max);
    if (c->min)
        fst_thrift_put_bytes(o, 6, c->min, c->n_min);
    if (c->max)
        fst_thrift_put_bool(o, 7, c->is_max_exact);
    if (c->min)
        fst_thrift_put_bool(o, 8, c->is_min_exact);
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

static void put_chunk(struct fst_thrift_out *o, const struct writer *w, size_t column,
                      const struct fst_pqw_chunk *c)
{
    fst_thrift_open_item(o);
    fst_thrift_put_int(o, 2, FST_THRIFT_I64, 0);
    fst_thrift_open(o, 3);
    fst_thrift_put_int(o, 1, FST_THRIFT_I32, w->columns[column].storage.physical);
    put_encodings(o, c);
    fst_thrift_put_list(o, 3, FST_THRIFT_BINARY, 1);
    fst_thrift_item_text(o, w->schema->fields[column].name);
    fst_thrift_put_int(o, 4, FST_THRIFT_I32, fst_codec_number(w->codec));
    fst_thrift_put_int(o, 5, FST_THRIFT_I64, c->n_values);
    fst_thrift_put_int(o, 6, FST_THRIFT_I64, c->raw_bytes);
    fst_thrift_put_int(o, 7, FST_THRIFT_I64, c->bytes);
    fst_thrift_put_int(o, 9, FST_THRIFT_I64, c->data_at);
    if (c->dictionary_at)
        fst_thrift_put_int(o, 11, FST_THRIFT_I64, c->dictionary_at);
    put_statistics(o, c);
    put_encoding_stats(o, c);
    fst_thrift_close(o);
    fst_thrift_close(o);
}

static void put_group(struct fst_thrift_out *o, const struct writer *w, size_t group)
{
    const struct group *g = &w->groups[group];
    size_t n = w->schema->n;
    fst_thrift_open_item(o);
    fst_thrift_put_list(o, 1, FST_THRIFT_STRUCT, n);
    for (size_t i = 0; i < n; i++)
        put_chunk(o, w, i, &w->chunks[group * n + i]);
    fst_thrift_put_int(o, 2, FST_THRIFT_I64, (int64_t)g->raw_bytes);
    fst_thrift_put_int(o, 3, FST_THRIFT_I64, (int64_t)g->rows);
    fst_thrift_put_int(o, 5, FST_THRIFT_I64, (int64_t)g->at);
    fst_thrift_put_int(o, 6, FST_THRIFT_I64, (int64_t)g->bytes);
    if (group <= INT16_MAX)
        fst_thrift_put_int(o, 7, FST_THRIFT_I16, (int64_t)group);
    fst_thrift_close(o);
}

static void put_schema(struct fst_thrift_out *o, const struct writer *w)
{
    fst_thrift_put_list(o, 2, FST_THRIFT_STRUCT, w->schema->n + 1);
    fst_thrift_open_item(o);
    fst_thrift_put_text(o, 4, "schema");
    fst_thrift_put_int(o, 5, FST_THRIFT_I32, (int64_t)w->schema->n);
    fst_thrift_close(o);
    for (size_t i = 0; i < w->schema->n; i++)
        fst_pqw_element(o, &w->schema->fields[i], &w->columns[i].storage);
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

static void put_footer(struct fst_buf *out, const struct writer *w)
{
    struct fst_thrift_out o = {.buf = out};
    fst_thrift_open_item(&o);
    fst_thrift_put_int(&o, 1, FST_THRIFT_I32, 1);
    put_schema(&o, w);
    fst_thrift_put_int(&o, 3, FST_THRIFT_I64, (int64_t)w->base.rows);
    fst_thrift_put_list(&o, 4, FST_THRIFT_STRUCT, w->n_groups);
    for (size_t i = 0; i < w->n_groups; i++)
        put_group(&o, w, i);
    /* In this form, or Java's reader distrusts the statistics of texts. */
    fst_thrift_put_text(&o, 6, "firesteel version " FST_VERSION " (build 0)");
    put_orders(&o, w->schema->n);
    fst_thrift_close(&o);
}

static enum fst_status writer_finish(struct fst_writer *base, struct fst_error *err)
{
    struct writer *w = (struct writer *)base;
    FST_TRY(close_group(w, err));
    struct fst_buf footer = FST_BUF(INT32_MAX);
    put_footer(&footer, w);
    uint32_t n = (uint32_t)footer.n;
    fst_buf_add(&footer, &n, sizeof(n));
    fst_buf_adds(&footer, "PAR1");
    enum fst_status status = footer.over ? fst_fail(err, FST_ENOMEM, "the footer is over 2 GB")
                                         : put(w, footer.p, footer.n, err);
    fst_buf_done(&footer);
    return status;
}

/* ---- Begin and end --------------------------------------------------------------------------- */

static void writer_free(struct fst_writer *base)
{
    struct writer *w = (struct writer *)base;
    for (size_t i = 0; w->columns && i < w->schema->n; i++)
        fst_pqw_column_done(&w->columns[i]);
    for (size_t i = 0; i < w->n_chunks; i++) {
        free(w->chunks[i].min);
        free(w->chunks[i].max);
    }
    free(w->columns);
    free(w->groups);
    free(w->chunks);
    fst_schema_free(w->schema);
    free(w);
}

static enum fst_status check_names(const struct fst_schema *schema, struct fst_error *err)
{
    struct fst_map *seen = fst_map_new();
    enum fst_status status = FST_OK;
    if (schema->n == 0)
        status = fst_fail(err, FST_EINVAL, "a Parquet file needs at least one column");
    for (size_t i = 0; i < schema->n && status == FST_OK; i++) {
        const char *name = schema->fields[i].name;
        if (!*name)
            status = fst_fail(err, FST_EINVAL, "column %zu has no name; Parquet wants one", i + 1);
        else if (fst_map_set(seen, name, seen))
            status = fst_fail(err, FST_EINVAL, "two columns are called %s; name them apart", name);
    }
    fst_map_free(seen, NULL);
    return status;
}

static enum fst_status init_columns(struct writer *w, struct fst_error *err)
{
    w->columns = fst_alloc((w->schema->n + 1) * sizeof(*w->columns));
    for (size_t i = 0; i < w->schema->n; i++) {
        const struct fst_field *field = &w->schema->fields[i];
        struct fst_pqw_storage storage;
        if (!fst_pqw_storage_of(&field->type, &storage)) {
            struct fst_buf type = FST_BUF_TEXT;
            fst_type_text(&type, &field->type);
            fst_fail(err, FST_EUNSUPPORTED, "column %s: Parquet files with %.200s are not written",
                     field->name, fst_buf_text(&type));
            fst_buf_done(&type);
            return FST_EUNSUPPORTED;
        }
        fst_pqw_column_init(&w->columns[i], field, &storage, w->codec);
    }
    return FST_OK;
}

enum fst_status fst_pq_create(const struct fst_schema *schema, struct fst_sink sink,
                              const struct fst_write_options *options, struct fst_writer **out,
                              struct fst_error *err)
{
    static const struct fst_writer_ops ops = {writer_write, writer_finish, writer_free};
    FST_TRY(check_names(schema, err));
    struct writer *w = fst_alloc(sizeof(*w));
    w->base.ops = &ops;
    w->schema = fst_schema_copy(schema);
    w->sink = sink;
    w->codec = options ? options->codec : FST_CODEC_ZSTD;
    w->group_rows = options && options->row_group_rows ? options->row_group_rows : GROUP_ROWS;
    enum fst_status status = init_columns(w, err);
    if (status == FST_OK)
        status = put(w, "PAR1", 4, err);
    if (status == FST_OK)
        *out = &w->base;
    else
        writer_free(&w->base);
    return status;
}
