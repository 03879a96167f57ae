/* parquet_write: what the files of the Parquet writer share. */
#ifndef FIRESTEEL_DATA_PARQUET_WRITE_H
#define FIRESTEEL_DATA_PARQUET_WRITE_H

#include "parquet.h"

/* One value on its way into a file: integers and decimals in i. */
struct fst_pqw_value {
    __int128 i;
    double d;
    struct fst_str s;
};
enum fst_pqw_class { FST_PQW_INT, FST_PQW_DOUBLE, FST_PQW_BYTES };

/* How a field is stored: one row a kind, but for decimals. */
struct fst_pqw_storage {
    enum fst_kind kind;
    enum fst_pq_physical physical;
    enum fst_pqw_class class;
    int8_t converted; /* -1 = none */
    int8_t logical;   /* member of the union; 0 = none */
};
/* False when the type cannot be written. */
bool fst_pqw_storage_of(const struct fst_type *type, struct fst_pqw_storage *out);
/* Bytes of a decimal that is stored with a fixed length. */
size_t fst_pqw_decimal_width(int precision);
/* The element of the schema for a field. */
void fst_pqw_element(struct fst_thrift_out *o, const struct fst_field *field,
                     const struct fst_pqw_storage *storage);

/* Least and greatest value so far. NaN does not count. */
struct fst_pqw_range {
    bool has;
    struct fst_pqw_value min, max;
    struct fst_buf min_bytes, max_bytes; /* what min.s and max.s borrow */
};

/* A column chunk on its way: values are collected for a page, pages for the row group. */
struct fst_pqw_column {
    const struct fst_field *field;
    struct fst_pqw_storage storage;
    size_t width; /* of a fixed decimal */
    enum fst_codec codec;
    /* the page */
    uint32_t *levels; /* 1 = there is a value */
    size_t n_rows, levels_cap;
    struct fst_buf plain; /* without a dictionary; a byte a boolean */
    uint32_t *indexes;
    size_t n_indexes, indexes_cap;
    size_t page_bytes;
    /* the dictionary */
    bool has_dictionary;
    struct fst_buf entries; /* PLAIN */
    size_t *entry_ends;
    size_t n_entries, entry_ends_cap;
    uint32_t *slots; /* hash table of entry + 1 */
    size_t n_slots;
    /* the chunk */
    struct fst_buf pages;
    uint64_t raw_bytes; /* of pages, uncompressed, with headers */
    int64_t n_values, n_nulls, n_dictionary_pages, n_plain_pages;
    struct fst_pqw_range range;
};

/* What the footer says of a finished chunk. */
struct fst_pqw_chunk {
    int64_t n_values, n_nulls, raw_bytes, bytes, dictionary_at, data_at;
    int64_t n_dictionary_pages, n_plain_pages;
    char *min, *max; /* PLAIN bytes or NULL */
    size_t n_min, n_max;
    bool is_min_exact, is_max_exact;
};

void fst_pqw_column_init(struct fst_pqw_column *c, const struct fst_field *field,
                         const struct fst_pqw_storage *storage, enum fst_codec codec);
/* Append rows [from, from + n) of a frame's column. */
enum fst_status fst_pqw_column_add(struct fst_pqw_column *c, const struct fst_column *values,
                                   size_t from, size_t n, struct fst_error *err);
/* Finish the page under way. */
enum fst_status fst_pqw_column_flush(struct fst_pqw_column *c, struct fst_error *err);
/* The page of the dictionary, when there is one, at the end of `out`; returns its size without
 * compression. */
enum fst_status fst_pqw_dictionary_page(struct fst_pqw_column *c, struct fst_buf *out,
                                        uint64_t *raw_bytes, struct fst_error *err);
size_t fst_pqw_column_size(const struct fst_pqw_column *c); /* memory that it holds */
void fst_pqw_column_reset(struct fst_pqw_column *c);        /* for the next row group */
void fst_pqw_column_done(struct fst_pqw_column *c);

/* PLAIN, without the length in front of texts. */
void fst_pqw_plain(struct fst_buf *out, const struct fst_pqw_column *c,
                   const struct fst_pqw_value *v);
void fst_pqw_range_add(struct fst_pqw_range *r, const struct fst_pqw_column *c,
                       const struct fst_pqw_value *v);
/* Fill min, max and their exactness. */
void fst_pqw_range_put(const struct fst_pqw_range *r, const struct fst_pqw_column *c,
                       struct fst_pqw_chunk *out);
/* Runs and bit-packed groups. */
void fst_pqw_rle(struct fst_buf *out, const uint32_t *values, size_t n, unsigned width);
unsigned fst_pqw_width(size_t max); /* bits that hold max; at least 1 */

#endif
