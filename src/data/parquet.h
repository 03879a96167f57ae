/* parquet: what the files of the Parquet reader and writer share.
 *
 * From below: a budget bounds what data may make us hold; a window is the part of a column chunk
 * that was read; a body is the content of one page as it is decompressed; decoders take values from
 * a body; a stream goes through the pages of a chunk; the reader asks its streams for rows. Each
 * does no more than the rows asked for need. */
#ifndef FIRESTEEL_DATA_PARQUET_H
#define FIRESTEEL_DATA_PARQUET_H

#include "codec.h"
#include "thrift.h"

struct fst_test;

enum { FST_PQ_BATCH = 256 };

enum fst_pq_physical {
    FST_PQ_BOOLEAN,
    FST_PQ_INT32,
    FST_PQ_INT64,
    FST_PQ_INT96,
    FST_PQ_FLOAT,
    FST_PQ_DOUBLE,
    FST_PQ_BYTE_ARRAY,
    FST_PQ_FIXED,
    FST_PQ_N_PHYSICAL,
};

enum fst_pq_encoding_id {
    FST_PQ_PLAIN = 0,
    FST_PQ_PLAIN_DICTIONARY = 2,
    FST_PQ_RLE = 3,
    FST_PQ_BIT_PACKED = 4,
    FST_PQ_RLE_DICTIONARY = 8,
};

/* ---- Values ---------------------------------------------------------------------------------- */

/* Some values that are not NULL, as they are stored: i for BOOLEAN, INT32, INT64; d for FLOAT,
 * DOUBLE; s for the rest, borrowed until the next decode. */
struct fst_pq_batch {
    size_t n;
    union {
        int64_t i[FST_PQ_BATCH];
        double d[FST_PQ_BATCH];
        struct fst_str s[FST_PQ_BATCH];
    };
};

struct fst_pq_leaf;
/* Append a batch as values of the leaf's type; NULL, or what is wrong with one of them. */
typedef const char *fst_pq_put(struct fst_builder *b, size_t col, const struct fst_pq_leaf *leaf,
                               const struct fst_pq_batch *values);

/* ---- Metadata (parquet_meta.c, parquet_schema.c, parquet_type.c) ----------------------------- */

/* A member of the union of units. */
struct fst_pq_time {
    int64_t is_utc; /* -1 = not there at all */
    int64_t millis, micros, nanos;
};
/* A type of shapes on a map. */
struct fst_pq_shapes {
    int64_t is_there;
    struct fst_str crs; /* empty = longitude and latitude, OGC:CRS84 */
    int64_t algorithm;  /* of edges */
};
/* One element of the schema; numbers are -1 and flags 0 where there are none. */
struct fst_pq_element {
    int64_t physical, type_length, repetition, n_children, converted, scale, precision;
    struct fst_str name;
    struct {
        int64_t string, map, list, enumeration, date, unknown, json, bson, uuid, float16, variant;
        struct fst_pq_shapes geometry, geography;
        int64_t scale, precision; /* decimal */
        int64_t bits, is_signed;  /* integer */
        struct fst_pq_time time, timestamp;
    } logical;
};

/* The tree of elements. */
struct fst_pq_node {
    const char *name;
    struct fst_pq_element e;
    struct fst_type type; /* leaves */
    size_t leaf;          /* leaves */
    bool is_empty;        /* a group of nothing */
    unsigned def, rep;    /* levels from which on it is there */
    struct fst_pq_node *children;
    size_t n;
};

struct fst_pq_leaf {
    const char *path;
    struct fst_type type;
    enum fst_pq_physical physical;
    size_t width;   /* bytes of a stored value; FIXED: of the schema; BYTE_ARRAY, BOOLEAN: 0 */
    int64_t factor; /* integers of time: multiply */
    uint16_t scale; /* decimals that are text */
    uint64_t mask;  /* unsigned integers: the bits that count; 0 = all, signed */
    uint8_t max_def, max_rep;
    bool has_no_order;   /* bounds in the file do not sort as its text */
    bool order_is_known; /* the footer says by what order min_value and max_value are */
    bool has_nanos;      /* many stored values may be one of ours */
    bool is_bytes;       /* values are shown as they are stored */
    bool is_nested;      /* part of a column of lists, maps or structs */
    const char *logical; /* for people; NULL when there is none */
    fst_pq_put *put;
    const char *refusal; /* why its values are not shown, or NULL */
};

struct fst_pq_nest;
struct fst_pq_column {
    struct fst_field field;
    size_t first_leaf, n_leaves;
    const struct fst_pq_nest *nest; /* NULL = flat */
    const struct fst_type *stored;  /* columns with variants: the type with these as structs */
    const size_t *streams;          /* the leaves that are read, n_streams of them */
    size_t n_streams;
    const char *refusal;
};

struct fst_pq_statistics {
    struct fst_str min_value, max_value;
    struct fst_str old_min, old_max; /* the older fields, right for signed numbers only */
    int64_t null_count, nan_count, min_is_exact, max_is_exact; /* -1 = not said */
};

struct fst_pq_chunk {
    struct fst_str file_path;
    int64_t codec, n_values, compressed, uncompressed, data_page, dictionary_page;
    int64_t is_encrypted; /* has crypto metadata */
    int64_t offset_index_at, offset_index_n, column_index_at, column_index_n; /* 0 = none */
    int64_t bloom_at, bloom_n;
    struct fst_thrift_list encodings, encoding_stats;
    struct fst_pq_statistics statistics;
};

struct fst_pq_group {
    struct fst_thrift_list chunks, sorting;
    int64_t rows;
};

struct fst_pq_meta {
    struct fst_arena *arena;
    char *footer; /* owned */
    size_t footer_n;
    uint64_t footer_at;
    struct fst_thrift thrift; /* over the footer */
    struct fst_pq_node *root;
    struct fst_pq_leaf *leaves;
    struct fst_pq_column *columns;
    struct fst_pq_group *groups;
    size_t n_leaves, n_columns, n_groups;
    int64_t rows, version;
    struct fst_str created_by;
    struct fst_thrift_list key_values;
    bool has_spark_variants; /* Spark's own schema speaks of some */
};
/* One of the key_values; false at damage. */
struct fst_pq_pair {
    struct fst_str key, value;
};
bool fst_pq_pair_read(struct fst_thrift *t, struct fst_pq_pair *out);
/* A sorting column of a row group; false at damage. */
struct fst_pq_sorting {
    int64_t column, is_descending, nulls_first;
};
bool fst_pq_sorting_read(struct fst_thrift *t, struct fst_pq_sorting *out);
enum fst_status fst_pq_meta_load(struct fst_bytes *bytes, struct fst_pq_meta *out,
                                 struct fst_error *err);
void fst_pq_meta_done(struct fst_pq_meta *m);
/* Where the chunks of a group lie in the footer: n_leaves places. */
enum fst_status fst_pq_group_places(const struct fst_pq_meta *m, size_t group, size_t *places,
                                    struct fst_error *err);
/* The chunk at a place; sizes and offsets are checked against the file. */
enum fst_status fst_pq_chunk_load(const struct fst_pq_meta *m, size_t place,
                                  struct fst_pq_chunk *out, struct fst_error *err);

/* The tree of elements into leaves and columns of `m`. */
enum fst_status fst_pq_schema(struct fst_pq_meta *m, struct fst_thrift_list elements,
                              struct fst_error *err);
/* Type, put and refusal of a leaf by its element. */
void fst_pq_leaf_type(struct fst_arena *arena, const struct fst_pq_element *e,
                      struct fst_pq_leaf *leaf);
const char *fst_pq_physical_name(int64_t physical);
bool fst_pq_decimal(struct fst_str bytes, __int128 *out); /* big-endian; false when too wide */

/* ---- Bytes (parquet_window.c, parquet_body.c) ------------------------------------------------ */

/* What the streams of a reader share: memory they may still take, decoders for small pages. */
struct fst_pq_budget {
    size_t left;
    /* Asked to set memory free when there is too little; may be NULL. */
    void (*reclaim)(void *arg, size_t n);
    void *reclaim_arg;
    struct fst_inflate *shared[FST_PARQUET_N_CODECS];
};
bool fst_pq_spend(struct fst_pq_budget *b, size_t n);
void fst_pq_budget_done(struct fst_pq_budget *b);

struct fst_pq_gather;
/* Bytes [pos, n) of buf are read and not consumed; `next` is where the file goes on, up to `end`.
 */
struct fst_pq_window {
    struct fst_bytes *bytes;      /* borrowed */
    struct fst_pq_gather *gather; /* borrowed; NULL = nothing is here before it is read */
    struct fst_pq_budget *budget;
    uint8_t *buf;
    size_t cap, pos, n;
    uint64_t next, end;
    size_t step, step_max;
    bool hopped; /* bytes were passed over that nobody read, and none were read since */
    uint64_t hop_at,
        stride;     /* where the last such leap ended, how far it was from the one before */
    uint64_t drift; /* by how much the last two of these differ */
    unsigned n_hops;
};
uint64_t fst_pq_window_left(const struct fst_pq_window *w);
/* Prepare the read that makes `want` bytes available: *range is empty (len 0) when they are, or
 * when the chunk ends. After the read call fst_pq_window_landed. */
enum fst_status fst_pq_window_plan(struct fst_pq_window *w, size_t want, struct fst_range *range,
                                   struct fst_error *err);
enum fst_status fst_pq_window_landed(struct fst_pq_window *w, const struct fst_range *range,
                                     struct fst_error *err);
/* Read until `min` bytes are available or the chunk ends. */
enum fst_status fst_pq_window_need(struct fst_pq_window *w, size_t min, struct fst_error *err);
void fst_pq_window_skip(struct fst_pq_window *w, uint64_t n);
void fst_pq_window_release(struct fst_pq_window *w); /* its memory only */
void fst_pq_window_done(struct fst_pq_window *w);

/* What a page holds: p[0, n) can be taken now. Over a window, or over memory (no window). */
struct fst_pq_body {
    const uint8_t *p;
    size_t n;
    struct fst_pq_window *in;
    struct fst_pq_budget *budget; /* what `buf` is paid from */
    struct fst_inflate *inflate;  /* borrowed; NULL = stored */
    size_t history;
    uint64_t in_left;  /* stored bytes of the page that were not consumed */
    uint64_t raw_left; /* bytes that are still to come out of the codec */
    uint64_t made;     /* bytes that came out of it */
    bool is_own;       /* the decoder is not shared */
    size_t spent;      /* for the decoder */
    size_t lent;       /* stored: bytes of the window that p and n stand for */
    uint8_t *buf;
    size_t buf_cap, buf_end, chunk;
    bool check_crc;
    uint32_t crc, crc_so_far;
};
void fst_pq_body_of_memory(struct fst_pq_body *b, const void *p, size_t n);
/* The next `size` bytes of the window, as they are stored. `crc` may be NULL. */
enum fst_status fst_pq_body_start(struct fst_pq_body *b, struct fst_pq_window *in, uint64_t size,
                                  const uint32_t *crc, struct fst_error *err);
/* From here on the bytes are compressed and become `raw` bytes. `own` is the owner's decoder, made
 * when there is none yet and one is needed. */
enum fst_status fst_pq_body_inflate(struct fst_pq_body *b, int64_t codec, uint64_t raw,
                                    struct fst_inflate **own, struct fst_error *err);
/* Forget what points into the window: others are about to read more into it. */
void fst_pq_body_settle(struct fst_pq_body *b);
/* Make at least `min` bytes available; the page being shorter is FST_EFORMAT. */
enum fst_status fst_pq_body_fill(struct fst_pq_body *b, size_t min, struct fst_error *err);
uint64_t fst_pq_body_left(const struct fst_pq_body *b); /* available and to come */
enum fst_status fst_pq_body_skip(struct fst_pq_body *b, uint64_t n, struct fst_error *err);
/* Copy `n` bytes to the end of `out`, paying for them. */
enum fst_status fst_pq_body_copy(struct fst_pq_body *b, uint64_t n, struct fst_buf *out,
                                 struct fst_pq_budget *budget, struct fst_error *err);
/* Move the window to the end of the page, checking its sum when all of it was seen. */
enum fst_status fst_pq_body_end(struct fst_pq_body *b, struct fst_error *err);
void fst_pq_body_done(struct fst_pq_body *b);

static inline void fst_pq_body_take(struct fst_pq_body *b, size_t n)
{
    b->p += n;
    b->n -= n;
}
enum fst_status fst_pq_body_varint(struct fst_pq_body *b, uint64_t *out, struct fst_error *err);

/* ---- Decoders (parquet_rle.c, parquet_delta.c, parquet_decode.c) ----------------------------- */

/* Runs and bit-packed groups of eight. */
struct fst_pq_rle {
    struct fst_pq_body *body;
    unsigned width;
    uint64_t run_left;
    bool is_run;
    uint32_t value;
    uint32_t group[8];
    unsigned group_at, group_n;
};
enum fst_status fst_pq_rle_start(struct fst_pq_rle *r, struct fst_pq_body *body, unsigned width,
                                 struct fst_error *err);
enum fst_status fst_pq_rle_next(struct fst_pq_rle *r, uint32_t *out, size_t n,
                                struct fst_error *err);
enum fst_status fst_pq_rle_skip(struct fst_pq_rle *r, uint64_t n, struct fst_error *err);
/* The next run of equal values: 1..max of them. */
enum fst_status fst_pq_rle_run(struct fst_pq_rle *r, uint64_t max, uint64_t *n, uint32_t *value,
                               struct fst_error *err);
/* Pass over `n` numbers of one bit, telling how many are 1. */
enum fst_status fst_pq_rle_ones(struct fst_pq_rle *r, uint64_t n, uint64_t *ones,
                                struct fst_error *err);

/* DELTA_BINARY_PACKED. */
struct fst_pq_delta {
    struct fst_pq_body *body;
    uint64_t left; /* values to come */
    size_t n_mini, mini_values;
    size_t mini;               /* the one we are in */
    uint64_t mini_left;        /* values in it that were not unpacked */
    uint64_t value, min_delta; /* wrap around */
    bool first;
    uint8_t widths[512];
    uint64_t unpacked[32];
    size_t at, n;
};
enum fst_status fst_pq_delta_start(struct fst_pq_delta *d, struct fst_pq_body *body,
                                   struct fst_error *err);
enum fst_status fst_pq_delta_next(struct fst_pq_delta *d, int64_t *out, size_t n,
                                  struct fst_error *err);
/* Copy the encoded deltas from `body` without decoding them. */
enum fst_status fst_pq_delta_copy(struct fst_pq_body *body, struct fst_buf *out,
                                  struct fst_pq_budget *budget, struct fst_error *err);

/* Of the encodings made of deltas: one or two runs of them; texts keep a copy of their lengths. */
struct fst_pq_deltas {
    struct fst_pq_delta delta, delta2;
    struct fst_pq_body lengths, lengths2;
    struct fst_buf copy, copy2; /* paid from the budget */
};
struct fst_pq_dictionary;
struct fst_pq_encoding;
struct fst_pq_decoder {
    const struct fst_pq_encoding *encoding;
    const struct fst_pq_leaf *leaf;
    struct fst_pq_body *body;
    struct fst_pq_dictionary *dictionary; /* or NULL */
    struct fst_pq_budget *budget;
    struct fst_pq_rle rle;
    unsigned bit;                 /* PLAIN booleans: of the first byte, those that were taken */
    struct fst_pq_deltas *deltas; /* NULL unless the encoding has them */
    struct fst_buf scratch;
    size_t last_at, last_n; /* in scratch: the value before */
    int64_t pending;        /* a length that was taken before its bytes were there; -1 = none */
    size_t split_n, split_at;
};
/* One row an encoding. */
struct fst_pq_encoding {
    int64_t id;
    const char *name;
    unsigned physical; /* bits: what it may hold */
    enum fst_status (*start)(struct fst_pq_decoder *d, struct fst_error *err); /* may be NULL */
    /* At least one and at most `want` (1..FST_PQ_BATCH) values. */
    enum fst_status (*decode)(struct fst_pq_decoder *d, size_t want, struct fst_pq_batch *out,
                              struct fst_error *err);
    /* NULL = decode and forget. */
    enum fst_status (*skip)(struct fst_pq_decoder *d, uint64_t n, struct fst_error *err);
};
void fst_pq_deltas_free(struct fst_pq_decoder *d);
const char *fst_pq_encoding_name(int64_t id); /* also of those that we do not read; or NULL */
/* Begin with the values of a page. */
enum fst_status fst_pq_decoder_start(struct fst_pq_decoder *d, int64_t encoding,
                                     struct fst_error *err);
enum fst_status fst_pq_decoder_skip(struct fst_pq_decoder *d, uint64_t n,
                                    struct fst_pq_batch *scratch, struct fst_error *err);
void fst_pq_decoder_done(struct fst_pq_decoder *d);
extern const struct fst_pq_encoding fst_pq_encodings_delta[3]; /* parquet_delta_decode.c */

/* A dictionary is decoded as far as its largest index asked for. */
struct fst_pq_dictionary {
    const struct fst_pq_leaf *leaf;
    struct fst_pq_budget *budget;
    struct fst_pq_window window;
    struct fst_inflate *inflate; /* owned */
    struct fst_pq_body body;
    struct fst_pq_decoder decoder;
    uint64_t n_total;
    size_t n;
    int64_t *i;
    double *d;
    size_t *ends; /* of values in bytes */
    uint8_t *bytes;
    size_t i_cap, d_cap, ends_cap, bytes_cap;
    uint8_t *verdicts; /* entries that meet what the column must: the first n_tested */
    size_t n_tested, verdicts_cap;
    size_t spent;
    bool closed;
};
/* Begin with the next `size` bytes of `in`, which moves past them. */
enum fst_status fst_pq_dictionary_new(struct fst_pq_dictionary **out, struct fst_pq_window *in,
                                      const struct fst_pq_leaf *leaf, int64_t codec, uint64_t size,
                                      uint64_t raw, uint64_t n_values, const uint32_t *crc,
                                      struct fst_error *err);
/* Entries [from, from + out->n) as a batch. */
void fst_pq_dictionary_batch(const struct fst_pq_dictionary *d, size_t from,
                             struct fst_pq_batch *out);
/* Room for a verdict on each entry so far; false when there is no memory for it. */
bool fst_pq_dictionary_verdicts(struct fst_pq_dictionary *d);
enum fst_status fst_pq_dictionary_need(struct fst_pq_dictionary *d, uint32_t index,
                                       struct fst_error *err);
void fst_pq_dictionary_free(struct fst_pq_dictionary *d);

/* ---- Levels (parquet_levels.c) --------------------------------------------------------------- */

struct fst_pq_levels {
    bool is_there, bit_packed; /* the deprecated kind */
    unsigned max;
    struct fst_buf bytes; /* as they are encoded; paid from the budget */
    struct fst_pq_body body;
    struct fst_pq_rle rle;
    uint64_t at; /* bit_packed: bits that were taken */
    uint64_t run_left;
    uint32_t level; /* of the run */
};
/* Put the next `n` bytes of a page aside: levels of at most `max`. */
enum fst_status fst_pq_levels_keep(struct fst_pq_levels *l, struct fst_pq_body *body, uint64_t n,
                                   unsigned max, struct fst_pq_budget *budget,
                                   struct fst_error *err);
/* The same in pages of the first kind, where the encoding says how long they are. */
enum fst_status fst_pq_levels_keep_v1(struct fst_pq_levels *l, struct fst_pq_body *body,
                                      int64_t encoding, uint64_t n_values, unsigned max,
                                      struct fst_pq_budget *budget, struct fst_error *err);
/* The next run of equal levels, 1..max_run of them, which stays: zeros where there are none. A
 * level over the greatest is FST_EFORMAT. */
enum fst_status fst_pq_levels_peek(struct fst_pq_levels *l, uint64_t max_run, uint64_t *n,
                                   unsigned *level, struct fst_error *err);
void fst_pq_levels_take(struct fst_pq_levels *l, uint64_t n); /* at most a run */
/* Pass over `n` levels, telling how many are the greatest. */
enum fst_status fst_pq_levels_skip(struct fst_pq_levels *l, uint64_t n, uint64_t *n_max,
                                   struct fst_error *err);
void fst_pq_levels_forget(struct fst_pq_levels *l, struct fst_pq_budget *budget);
void fst_pq_levels_done(struct fst_pq_levels *l, struct fst_pq_budget *budget);

/* ---- Streams (parquet_stream.c) -------------------------------------------------------------- */

struct fst_pq_page {
    int64_t type, raw, size, crc;
    struct {
        int64_t n_values, encoding, def_encoding, rep_encoding;
    } v1;
    struct {
        int64_t n_values, n_rows, encoding, def_bytes, rep_bytes, is_compressed;
    } v2;
    struct {
        int64_t n_values, encoding;
    } dictionary;
};

/* What a page is taken apart with. Of a thousand streams few have it at a time. */
struct fst_pq_work {
    struct fst_pq_body body;
    struct fst_pq_levels rep, def;
    struct fst_pq_decoder decoder;
};
struct fst_pq_stream {
    const struct fst_pq_leaf *leaf;
    struct fst_pq_budget *budget;
    struct fst_pq_batch *batch; /* shared by the streams of a reader */
    int64_t codec;
    uint64_t start, end; /* of the chunk, in the file */
    uint64_t values_at;  /* its first page of values, as the footer has it: after a dictionary */
    double ratio;        /* of stored to raw bytes */
    uint64_t page_at;    /* where the header of the page lies */
    uint64_t page_done;  /* values of the page that were given */
    size_t step;
    bool is_parked, had_dictionary;
    double bytes_per_row; /* on average, as stored */
    struct fst_pq_window window;
    struct fst_inflate *inflate;
    struct fst_pq_dictionary *dictionary;
    struct fst_pq_page page;
    bool in_page;       /* past the header: the body was begun */
    uint64_t page_left; /* values of the page, NULLs included */
    uint64_t left;      /* values of the chunk, as the footer counts them; nested columns only */
    uint64_t behind;    /* values of the page that were passed over and not yet decoded */
    struct fst_pq_work *work; /* owned; there from the first page that is begun */
    bool decoding;            /* the decoder was started: there is a value in the page */
    uint64_t n_begun;         /* pages that were looked into */
};
/* The chunk must be loaded from `meta`. Reads nothing yet. */
enum fst_status fst_pq_stream_start(struct fst_pq_stream *s, const struct fst_pq_leaf *leaf,
                                    const struct fst_pq_chunk *chunk, struct fst_bytes *bytes,
                                    uint64_t limit, struct fst_pq_budget *budget, size_t step,
                                    size_t step_max, struct fst_pq_batch *batch,
                                    struct fst_error *err);
/* Append `n` rows to column `col`, or pass over them when `b` is NULL. */
enum fst_status fst_pq_stream_rows(struct fst_pq_stream *s, uint64_t n, struct fst_builder *b,
                                   size_t col, struct fst_error *err);
/* Set the stream's memory free; the next rows begin again with the page. */
void fst_pq_stream_park(struct fst_pq_stream *s);
void fst_pq_stream_done(struct fst_pq_stream *s);
/* From row `from`, where the stream of a flat column stands, to row `to`, where by an index the
 * page at `at` of `rows` rows begins; the first page of the chunk is at `first_at`. An index that
 * does not tell the truth is not followed. */
struct fst_pq_jump {
    uint64_t from, to, at, rows, bytes, first_at;
};
enum fst_status fst_pq_stream_seek(struct fst_pq_stream *s, const struct fst_pq_jump *j,
                                   struct fst_error *err);

/* The parts of it that nested columns are read with: go to the header of the next page that has
 * values (page_left of them); begin with what it holds, or pass it; append at most `want` values
 * (batch->n of them). */
enum fst_status fst_pq_stream_next_page(struct fst_pq_stream *s, struct fst_error *err);
enum fst_status fst_pq_stream_start_page(struct fst_pq_stream *s, struct fst_error *err);
void fst_pq_stream_skip_page(struct fst_pq_stream *s);
enum fst_status fst_pq_stream_batch(struct fst_pq_stream *s, size_t want, struct fst_builder *b,
                                    size_t col, struct fst_error *err);
enum fst_status fst_pq_stream_unpark(struct fst_pq_stream *s, struct fst_error *err);
/* Make the decoder stand at the next value that was not passed over. */
enum fst_status fst_pq_stream_ready(struct fst_pq_stream *s, struct fst_error *err);
/* Begin with the dictionary, if there is one and it was not passed yet. */
enum fst_status fst_pq_stream_dictionary(struct fst_pq_stream *s, struct fst_error *err);

/* ---- Sifting (parquet_sift.c) ---------------------------------------------------------------- */

/* What the values of a flat column must meet, and where those that do go. */
struct fst_pq_sieve {
    const struct fst_test *tests;
    size_t n_tests;
    bool null_passes;
    struct fst_builder *b; /* of the one column */
};
/* Of the next `n` rows, at most FST_PQ_BATCH, clear pass[i] where the value does not meet the
 * tests; append the others' values. */
enum fst_status fst_pq_stream_sift(struct fst_pq_stream *s, size_t n, struct fst_pq_sieve *v,
                                   uint8_t *pass, struct fst_error *err);
/* Does any entry of the dictionary meet the tests? */
enum fst_status fst_pq_stream_dictionary_may(struct fst_pq_stream *s, struct fst_pq_sieve *v,
                                             bool *may, struct fst_error *err);

/* ---- Indexes (parquet_index.c) --------------------------------------------------------------- */

/* Where the pages of a chunk lie and with which row of the group each begins. */
struct fst_pq_pages {
    size_t n;
    struct fst_pq_place {
        uint64_t at, first_row;
    } * places;
    uint64_t n_rows; /* of the group */
    size_t spent;
};
/* A range for reading [at, at + n), with memory from the budget; false when there is none. */
bool fst_pq_index_plan(struct fst_pq_budget *budget, int64_t at, int64_t n, uint64_t limit,
                       struct fst_range *range);
/* False when the index contradicts itself or the chunk; then there is no index. */
bool fst_pq_pages_parse(struct fst_pq_pages *out, const void *p, size_t n,
                        const struct fst_pq_chunk *chunk, uint64_t n_rows,
                        struct fst_pq_budget *budget);
/* The page that has a row. */
size_t fst_pq_pages_find(const struct fst_pq_pages *pages, uint64_t row);
uint64_t fst_pq_pages_end(const struct fst_pq_pages *pages, size_t page); /* its last row + 1 */
void fst_pq_pages_done(struct fst_pq_pages *pages, struct fst_pq_budget *budget);
/* The pages of some leaves of a group, in one wave; none for those without an index. `chunks` are
 * n places in the footer. */
enum fst_status fst_pq_pages_load(const struct fst_pq_meta *m, struct fst_bytes *bytes,
                                  const size_t *chunks, size_t n, uint64_t n_rows,
                                  struct fst_pq_budget *budget, struct fst_pq_pages *out,
                                  struct fst_error *err);

/* What the pages of a chunk hold: bounds by page. */
struct fst_pq_bounds {
    size_t n; /* as many as there are pages */
    struct fst_thrift thrift;
    struct fst_thrift_list null_pages, min, max, null_counts, nan_counts;
};
bool fst_pq_bounds_parse(struct fst_pq_bounds *out, const void *p, size_t n, size_t n_pages);

/* ---- Bounds (parquet_bounds.c) --------------------------------------------------------------- */

/* Do bounds of this leaf sort as its values? */
bool fst_pq_has_order(const struct fst_pq_leaf *leaf);
/* A bound as it is stored into a batch of one; false when it has another length than its type, or
 * is NaN. */
bool fst_pq_bound_load(const struct fst_pq_leaf *leaf, struct fst_str s, struct fst_pq_batch *out);

/* What is known of the values of a chunk, or of a page. */
struct fst_pq_extent {
    struct fst_str min, max; /* p NULL = not known */
    bool has_nulls, has_values;
};
/* Of a chunk, as far as its statistics can be trusted. */
struct fst_pq_extent fst_pq_chunk_extent(const struct fst_pq_meta *m,
                                         const struct fst_pq_leaf *leaf,
                                         const struct fst_pq_chunk *chunk);
/* Of the pages of a chunk: n of them into `out`; false when the index is damaged. */
bool fst_pq_page_extents(const struct fst_pq_meta *m, const struct fst_pq_leaf *leaf,
                         const struct fst_pq_bounds *bounds, struct fst_pq_extent *out);
/* Clear may[i] where no value of extent i meets the test. */
void fst_pq_extents_test(const struct fst_pq_leaf *leaf, const struct fst_pq_extent *extents,
                         size_t n, const struct fst_test *test, bool *may);

/* ---- Bloom filters (parquet_bloom.c) --------------------------------------------------------- */

uint64_t fst_xxh64(const void *bytes, size_t n); /* seed 0 */
/* What a condition asks a filter for, or NULL when it cannot be asked. Owned: free() it. */
struct fst_pq_hashes;
struct fst_pq_hashes *fst_pq_hashes_new(const struct fst_pq_leaf *leaf, const struct fst_test *test,
                                        const struct fst_condition *c);
/* Where the front of a chunk's filter lies: all of it when that is not much. False: none. */
bool fst_pq_bloom_range(const struct fst_pq_chunk *chunk, uint64_t limit, struct fst_range *range);
/* May the chunk have one of the values? `head` is the range above once it was read. */
enum fst_status fst_pq_bloom_may(const struct fst_pq_hashes *h, struct fst_bytes *bytes,
                                 const struct fst_range *head, uint64_t limit, bool *is_filter,
                                 bool *may, struct fst_error *err);

/* ---- From afar (parquet_gather.c) ------------------------------------------------------------ */

struct fst_pq_gather {
    struct fst_bytes *bytes; /* borrowed */
    struct fst_pq_budget *budget;
    struct fst_pq_piece *pieces;
    size_t n, cap;
    size_t n_streams; /* that share it */
    size_t held;      /* of the budget */
    int round;        /* waves so far, of this row group */
    bool trying;      /* nothing is read: what is lacking is noted instead */
    bool lacks;       /* the stream under trial lacked something */
};
/* Note that `len` bytes at `at` are wanted, as far as they are not here. */
void fst_pq_gather_want(struct fst_pq_gather *g, uint64_t at, size_t len);
/* Read all that is wanted, in one wave; *any = there was something. */
enum fst_status fst_pq_gather_read(struct fst_pq_gather *g, bool *any, struct fst_error *err);
/* Fill the range that a window planned, shorter but not under `must` bytes, from what is here.
 * FST_ENOTFOUND when there is less; in a trial FST_ENET then, and from there on. */
enum fst_status fst_pq_gather_take(struct fst_pq_gather *g, const struct fst_pq_window *w,
                                   struct fst_range *range, size_t must, struct fst_error *err);
void fst_pq_gather_forget(struct fst_pq_gather *g); /* the pieces */
void fst_pq_gather_done(struct fst_pq_gather *g);
/* Want what a stream will probably need for rows [from, to) of its group; then what it needs of its
 * dictionary, all of which rows that are far down may ask for. */
void fst_pq_stream_foresee(const struct fst_pq_stream *s, struct fst_pq_gather *g,
                           const struct fst_pq_pages *pages, uint64_t from, uint64_t to);
void fst_pq_stream_foresee_dictionary(const struct fst_pq_stream *s, struct fst_pq_gather *g,
                                      const struct fst_pq_pages *pages, bool is_far);
/* Stored bytes that its codec wants to see before it gives any; 0 = few. */
size_t fst_pq_stream_block(const struct fst_pq_stream *s);

/* ---- Nested columns (parquet_entries.c, parquet_nest.c) -------------------------------------- */

/* What a leaf of a nested column gives: the levels of its values, NULLs and empty lists, and in
 * column `col` of `b` a row for each that is a value or a NULL where a value could be. */
struct fst_pq_entries {
    struct fst_builder *b;
    size_t col;
    unsigned slot_def; /* from this level on there is a row */
    uint8_t *rep, *def;
    size_t n, rep_cap, def_cap;
    size_t batch; /* values to decode at once */
    size_t spent; /* of the budget */
};
/* Append what `n` rows have of a nested column's leaf, or pass over them when `e` is NULL. Beyond
 * the last row wanted, the stream goes up to where the next one begins. */
enum fst_status fst_pq_stream_entries(struct fst_pq_stream *s, uint64_t n, struct fst_pq_entries *e,
                                      struct fst_error *err);
/* Pass over `n` values of the page under way or the next, as unpark does. */
enum fst_status fst_pq_stream_pass(struct fst_pq_stream *s, uint64_t n, struct fst_error *err);
/* Forget the levels, keeping the memory for them unless it is much; what was paid goes back. */
void fst_pq_entries_reset(struct fst_pq_entries *e, struct fst_pq_budget *budget);
void fst_pq_entries_done(struct fst_pq_entries *e, struct fst_pq_budget *budget);

/* A node of a nested column: what its levels mean. A leaf, a struct, or a list or map of elements
 * with one child (two for a map). */
struct fst_pq_nest {
    enum fst_kind kind;
    bool is_missing; /* no leaf: a map without values, a struct without fields */
    bool is_variant; /* a struct that is read as one value */
    uint8_t slot_rep,
        slot_def; /* where there is a place for it: rep <= slot_rep, def >= slot_def */
    uint8_t def;  /* from here on it is not NULL */
    uint8_t element_rep, element_def; /* lists and maps: where there is an element */
    size_t stream;                    /* the first of its leaves, counted in the column */
    size_t n;
    const struct fst_pq_nest *children;
};
/* Where in the builder the leaves go: sets entries[i].b, col and slot_def. */
void fst_pq_nest_bind(const struct fst_pq_nest *nest, struct fst_builder *b, size_t col,
                      struct fst_pq_entries *entries);
/* Append rows to column `col` and to all below it but the leaves, from the levels that the leaves
 * gave. FST_EFORMAT when they contradict themselves or each other. */
enum fst_status fst_pq_nest_append(const struct fst_pq_nest *nest, struct fst_builder *b,
                                   size_t col, const struct fst_pq_entries *entries,
                                   struct fst_error *err);

/* ---- Variants (parquet_variant.c) ------------------------------------------------------------ */

/* The type to show for what is stored: variants in place of their structs. */
struct fst_type fst_pq_variant_type(struct fst_arena *arena, const struct fst_type *stored,
                                    const struct fst_pq_nest *nest);
/* Why a struct cannot be a variant, or NULL. */
const char *fst_pq_variant_refusal(const struct fst_type *stored);
/* Why a leaf cannot be a part of one, or NULL. */
const char *fst_pq_variant_leaf_refusal(const struct fst_pq_leaf *leaf);
/* Append rows as they are stored to column `col`, with variants put together. */
enum fst_status fst_pq_variant_append(const struct fst_pq_nest *nest, const struct fst_column *c,
                                      struct fst_builder *b, size_t col,
                                      struct fst_pq_budget *budget, struct fst_error *err);

/* ---- Facts (parquet_info.c, parquet_lines.c) ------------------------------------------------- */

const char *fst_pq_type_text(struct fst_arena *arena, const struct fst_type *type);
/* The schema as lines, and what the rows are sorted by (NULL when that is not said). */
void fst_pq_lines(const struct fst_pq_meta *m, struct fst_file_info *out);
const char *fst_pq_sorted(const struct fst_pq_meta *m, struct fst_arena *arena);

/* ---- The rows of the format ------------------------------------------------------------------ */

enum fst_status fst_pq_open(struct fst_bytes *bytes, const struct fst_read_options *options,
                            struct fst_reader **out, struct fst_error *err);
enum fst_status fst_pq_info(struct fst_bytes *bytes, struct fst_file_info *out,
                            struct fst_error *err);
enum fst_status fst_pq_create(const struct fst_schema *schema, struct fst_sink sink,
                              const struct fst_write_options *options, struct fst_writer **out,
                              struct fst_error *err);

#endif
