/* parquet_write: what the files of the Parquet writer share.
 *
 * From below: a leaf says how a column lies in the file; shredding turns rows into levels and a
 * list of values; values are gathered as the format stores them; a dictionary numbers them; a
 * column makes pages of them; the writer puts the columns of a row group one after the other, and
 * the footer last. */
#ifndef FIRESTEEL_DATA_PARQUET_WRITE_H
#define FIRESTEEL_DATA_PARQUET_WRITE_H

#include "parquet.h"

/* ---- The schema (parquet_write_schema.c) ----------------------------------------------------- */

enum fst_pqw_class { FST_PQW_INT, FST_PQW_DOUBLE, FST_PQW_BYTES, FST_PQW_FIXED };

/* How a type is stored: one row a kind, but for decimals. */
struct fst_pqw_storage {
    enum fst_kind kind;
    enum fst_pq_physical physical;
    enum fst_pqw_class class;
    int8_t converted; /* -1 = none */
    int8_t logical;   /* member of the union; 0 = none */
};

/* A node between the row and the value; `child` is where the way goes on. */
struct fst_pqw_step {
    bool is_nullable, is_repeated;
    uint16_t child;
};
struct fst_pqw_leaf {
    size_t column; /* of the frame */
    const struct fst_type *type;
    struct fst_pqw_storage storage;
    size_t width; /* bytes of a stored value; 0 = texts */
    const struct fst_pqw_step *steps;
    size_t n_steps;
    const char *const *path; /* names in the file */
    size_t n_path;
    const char *name; /* a.b.element */
    uint8_t max_def, max_rep;
};
struct fst_pqw_schema {
    struct fst_arena *arena;
    const struct fst_schema *fields; /* borrowed */
    struct fst_pqw_leaf *leaves;
    size_t n_leaves, leaves_cap;
    size_t n_elements; /* without the root */
};
/* Fails for types and names that a file cannot have. */
enum fst_status fst_pqw_schema(struct fst_pqw_schema *out, const struct fst_schema *fields,
                               struct fst_error *err);
void fst_pqw_schema_done(struct fst_pqw_schema *s);
/* Field 2 of the footer. */
void fst_pqw_schema_put(struct fst_thrift_out *o, const struct fst_pqw_schema *s);

/* ---- Rows into values (parquet_write_shred.c, parquet_write_value.c) ------------------------- */

/* Some rows of a leaf: levels, and where the values that are there lie in the leaf's column. */
struct fst_pqw_rows {
    const struct fst_column *values;
    size_t n_rows, n_levels, n_values;
    uint8_t *def, *rep;
    const uint32_t *at; /* n_values places; NULL = from `first` on */
    size_t first;
    /* private */
    uint32_t *places, *places2;
    uint8_t *def2, *rep2;
    size_t cap, cap2;
};
enum fst_status fst_pqw_shred(struct fst_pqw_rows *r, const struct fst_pqw_leaf *leaf,
                              const struct fst_column *column, size_t from, size_t n,
                              struct fst_error *err);
void fst_pqw_rows_done(struct fst_pqw_rows *r);

static inline size_t fst_pqw_row(const struct fst_pqw_rows *r, size_t i)
{
    return r->at ? r->at[i] : r->first + i;
}
static inline struct fst_str fst_pqw_text(const struct fst_pqw_rows *r, size_t i)
{
    const struct fst_column *c = r->values;
    size_t row = fst_pqw_row(r, i);
    const char *bytes = c->values ? c->values : "";
    return (struct fst_str){bytes + c->offsets[row], c->offsets[row + 1] - c->offsets[row]};
}
/* Bytes that the values take when they are stored PLAIN. */
size_t fst_pqw_plain_size(const struct fst_pqw_leaf *leaf, const struct fst_pqw_rows *r);
/* Values of a fixed width, as they are stored (booleans take a byte each). */
void fst_pqw_gather(const struct fst_pqw_leaf *leaf, const struct fst_pqw_rows *r, void *out);
/* More room at the end of `b`, to be written by the caller. */
char *fst_pqw_room(struct fst_buf *b, size_t n);

/* ---- The dictionary (parquet_write_dictionary.c) --------------------------------------------- */

struct fst_pqw_slot {
    uint32_t hash, entry; /* entry + 1; 0 = free */
};
struct fst_pqw_dictionary {
    size_t width;           /* 0 = texts */
    struct fst_buf entries; /* PLAIN, lengths of texts included */
    uint32_t *ends;         /* texts: where each entry ends */
    uint32_t *seen;         /* texts: the page that used the entry last, + 1 */
    size_t n, ends_cap, seen_cap;
    struct fst_pqw_slot *slots;
    size_t n_slots;
};
/* Numbers of the values: `fixed` holds those of a fixed width. */
void fst_pqw_number(struct fst_pqw_dictionary *d, const struct fst_pqw_rows *r, const void *fixed,
                    uint32_t *out);
struct fst_str fst_pqw_entry(const struct fst_pqw_dictionary *d, uint32_t entry);
/* Append the values again, PLAIN. */
void fst_pqw_denumber(const struct fst_pqw_dictionary *d, const uint32_t *numbers, size_t n,
                      struct fst_buf *out);
size_t fst_pqw_dictionary_size(const struct fst_pqw_dictionary *d); /* memory */
void fst_pqw_dictionary_clear(struct fst_pqw_dictionary *d);
void fst_pqw_dictionary_done(struct fst_pqw_dictionary *d);

/* ---- Bounds (parquet_write_range.c) ---------------------------------------------------------- */

struct fst_pqw_value {
    int64_t i;
    double d;
    struct fst_str s; /* texts, fixed bytes */
};
/* Least and greatest value so far; NaN does not count. */
struct fst_pqw_range {
    bool has;
    struct fst_pqw_value min, max;
    struct fst_buf min_bytes, max_bytes; /* what min.s and max.s borrow */
    int64_t n_nan;
};
/* As they are stored; NULL when there are none. */
struct fst_pqw_bounds {
    char *min, *max;
    size_t n_min, n_max;
    bool is_min_exact, is_max_exact;
};
/* Values of a fixed width, as gathered. */
void fst_pqw_range_fixed(struct fst_pqw_range *r, const struct fst_pqw_leaf *leaf, const void *p,
                         size_t n);
void fst_pqw_range_texts(struct fst_pqw_range *r, const struct fst_pqw_rows *rows);
/* Texts by number, each looked at once a page. */
void fst_pqw_range_numbers(struct fst_pqw_range *r, struct fst_pqw_dictionary *d,
                           const uint32_t *numbers, size_t n, uint32_t page);
void fst_pqw_range_merge(struct fst_pqw_range *r, const struct fst_pqw_leaf *leaf,
                         const struct fst_pqw_range *other);
void fst_pqw_range_clear(struct fst_pqw_range *r);
void fst_pqw_range_done(struct fst_pqw_range *r);
struct fst_pqw_bounds fst_pqw_bounds_of(const struct fst_pqw_range *r,
                                        const struct fst_pqw_leaf *leaf);
void fst_pqw_bounds_done(struct fst_pqw_bounds *b);
/* Order of two stored values. */
int fst_pqw_compare(const struct fst_pqw_leaf *leaf, struct fst_str a, struct fst_str b);

/* ---- Columns (parquet_write_column.c) -------------------------------------------------------- */

struct fst_pqw_limits {
    size_t page_rows, page_bytes, dictionary_bytes; /* dictionary_bytes 0 = none */
};
/* What the indexes say of a page. */
struct fst_pqw_page {
    uint64_t at;  /* in the pages of the chunk */
    size_t bytes; /* with its header */
    uint64_t first_row;
    int64_t n_values, n_nulls, n_nan;
    struct fst_pqw_bounds bounds;
    /* while it is held back */
    size_t n_levels, n_numbers, n_entries; /* n_entries: of the dictionary, when it ended */
};

/* A column chunk on its way: values are collected for a page, pages for the row group. Its first
 * pages are held back as levels and numbers until it shows whether the dictionary pays. */
struct fst_pqw_column {
    const struct fst_pqw_leaf *leaf;
    const struct fst_pqw_limits *limits;
    struct fst_compressor *compressor; /* borrowed */
    struct fst_pqw_rows rows;
    /* the page, behind those that are held back */
    struct fst_buf def, rep, plain; /* a byte a level, a byte a boolean */
    uint32_t *numbers;
    size_t n_numbers, numbers_cap;
    size_t n_held, held_levels, held_numbers;
    size_t page_rows;
    int64_t page_nulls;
    struct fst_pqw_range page_range;
    /* the chunk */
    bool by_dictionary, is_decided;
    struct fst_pqw_dictionary dictionary;
    struct fst_buf pages, content, fixed;
    struct fst_pqw_page *index;
    size_t n_pages, index_cap;
    uint64_t n_rows;
    uint64_t raw_bytes; /* of pages, uncompressed, with headers */
    int64_t n_values, n_nulls, n_dictionary_pages, n_plain_pages;
    struct fst_pqw_range range;
};
void fst_pqw_column_init(struct fst_pqw_column *c, const struct fst_pqw_leaf *leaf,
                         const struct fst_pqw_limits *limits, struct fst_compressor *compressor);
/* Append rows [from, from + n) of the frame's column that the leaf belongs to. */
enum fst_status fst_pqw_column_add(struct fst_pqw_column *c, const struct fst_column *values,
                                   size_t from, size_t n, struct fst_error *err);
/* Finish the page under way, which is the last. */
enum fst_status fst_pqw_column_end(struct fst_pqw_column *c, struct fst_error *err);
/* Append the page of the dictionary, when there is one. */
enum fst_status fst_pqw_dictionary_page(struct fst_pqw_column *c, struct fst_buf *out,
                                        struct fst_error *err);
/* Bytes without compression, about; and memory. */
size_t fst_pqw_column_size(const struct fst_pqw_column *c);
size_t fst_pqw_column_memory(const struct fst_pqw_column *c);
void fst_pqw_column_reset(struct fst_pqw_column *c); /* for the next row group */
void fst_pqw_column_done(struct fst_pqw_column *c);

/* Runs and bit-packed groups (parquet_write_rle.c). */
void fst_pqw_rle(struct fst_buf *out, const uint32_t *values, size_t n, unsigned width);
void fst_pqw_levels(struct fst_buf *out, const uint8_t *levels, size_t n, unsigned max);
unsigned fst_pqw_width(size_t max); /* bits that hold max; at least 1 */

/* ---- The footer (parquet_write_footer.c) ----------------------------------------------------- */

/* What the footer says of a finished chunk. */
struct fst_pqw_chunk {
    int64_t n_values, n_nulls, n_nan, raw_bytes, bytes, dictionary_at, data_at;
    int64_t n_dictionary_pages, n_plain_pages;
    struct fst_pqw_bounds bounds;
    size_t column_index, offset_index; /* their bytes; 0 = none */
};
struct fst_pqw_group {
    uint64_t rows, bytes, raw_bytes, at;
};
struct fst_pqw_sorting {
    size_t leaf;
    bool descending, nulls_first;
};
struct fst_pqw_file {
    struct fst_pqw_schema schema;
    enum fst_codec codec;
    struct fst_pqw_sorting *sorting;
    size_t n_sorting;
    uint64_t rows;
    struct fst_pqw_group *groups;
    size_t n_groups, groups_cap;
    struct fst_pqw_chunk *chunks; /* of all groups */
    size_t n_chunks, chunks_cap;
    struct fst_buf column_indexes, offset_indexes; /* of all chunks, as they are written */
};
/* Note a finished chunk whose first byte lies at `at`; its pages begin `dictionary` bytes later. */
void fst_pqw_note_chunk(struct fst_pqw_file *f, const struct fst_pqw_column *c, uint64_t at,
                        size_t dictionary);
/* Indexes, metadata, length and magic: the end of a file that has `at` bytes so far. */
void fst_pqw_footer(struct fst_buf *out, const struct fst_pqw_file *f, uint64_t at);
void fst_pqw_file_done(struct fst_pqw_file *f);

#endif
