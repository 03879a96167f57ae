/* data: what is a table? Columns, frames, readers and writers of table formats, cells as text.
 *
 * Bytes in, values out: nothing here opens a socket, and files are reached only through the small
 * byte source below. Frames are immutable and may cross threads; readers and writers belong to one
 * thread at a time. */
#ifndef FIRESTEEL_DATA_H
#define FIRESTEEL_DATA_H

#include <stdatomic.h>

#include "firesteel/base.h"

/* ---- Frames ------------------------------------------------------------------------------ */

/* Values of one column. `values` holds, by kind:
 *   BOOLEAN uint8_t (0/1); BYTE int8_t; SHORT int16_t; INT, DATE, INTERVAL_YM int32_t;
 *   LONG, TIMESTAMP, TIMESTAMP_NTZ, TIME, INTERVAL_DT int64_t; FLOAT float; DOUBLE double;
 *   DECIMAL __int128 (unscaled); STRING, BINARY bytes with `offsets` (n + 1 of them);
 *   ARRAY, MAP `offsets` into children; STRUCT, MAP, ARRAY `children`.
 * A value under a NULL is zero or empty. */
struct fst_column {
    struct fst_type type;
    size_t n;
    const uint8_t *valid; /* bit i (LSB first) = row i is not NULL; NULL pointer = no NULLs */
    const void *values;
    const uint32_t *offsets;
    const uint16_t *nanos; /* TIME, TIMESTAMP, TIMESTAMP_NTZ of files that have them: nanoseconds
                              beyond the microsecond, 0..999; NULL = none */
    const struct fst_column *children; /* type.n_fields of them; ARRAY 1, MAP 2 */
    const char
        *unreadable; /* why there are no values (an encoding we lack, a damaged page); else NULL */
};

/* A piece of a table: `n_columns` columns of `n_rows` rows each. Immutable, counted. */
struct fst_frame {
    const struct fst_schema *schema;
    size_t n_rows, n_columns;
    const struct fst_column *columns;
    _Atomic int refs; /* private */
    void *storage;    /* private: what ref/unref free */
};
struct fst_frame *fst_frame_ref(struct fst_frame *f);
void fst_frame_unref(struct fst_frame *f);
/* Rows [from, from + n) as a new frame (copies the rows). */
struct fst_frame *fst_frame_slice(struct fst_frame *f, size_t from, size_t n);

static inline bool fst_column_is_null(const struct fst_column *c, size_t row)
{
    return c->unreadable || c->type.kind == FST_VOID ||
           (c->valid && !(c->valid[row >> 3] & (1u << (row & 7))));
}
int64_t fst_column_int(const struct fst_column *c,
                       size_t row); /* any integer, date, time kind, boolean */
double fst_column_double(const struct fst_column *c, size_t row); /* FLOAT, DOUBLE */
__int128 fst_column_decimal(const struct fst_column *c, size_t row);
struct fst_str fst_column_bytes(const struct fst_column *c,
                                size_t row); /* STRING, BINARY; borrowed */

/* Making a frame row by row or column by column. Every append adds one row to one column;
 * fst_frame_finish checks that all columns are equally long, takes the schema, and frees the
 * builder. */
struct fst_builder;
struct fst_builder *fst_builder_new(struct fst_schema *schema); /* takes the schema */
void fst_builder_null(struct fst_builder *b, size_t col);
void fst_builder_int(struct fst_builder *b, size_t col, int64_t v);
/* A time, and nanoseconds (0..999) that come on top of its microseconds. */
void fst_builder_time(struct fst_builder *b, size_t col, int64_t us, unsigned nanos);
void fst_builder_double(struct fst_builder *b, size_t col, double v);
void fst_builder_decimal(struct fst_builder *b, size_t col, __int128 v);
void fst_builder_bytes(struct fst_builder *b, size_t col, const void *p, size_t n);
void fst_builder_unreadable(struct fst_builder *b, size_t col, const char *why); /* and no rows */
size_t fst_builder_rows(const struct fst_builder *b);                            /* of column 0 */
size_t fst_builder_bytes_used(const struct fst_builder *b);                      /* memory so far */
struct fst_frame *fst_builder_finish(struct fst_builder *b, size_t n_rows);
void fst_builder_free(struct fst_builder *b);

/* ---- Cells as text ------------------------------------------------------------------------ */

enum fst_cell_style {
    FST_CELL_PLAIN,  /* as Spark's CAST(x AS STRING); binary as hex; nested values as JSON */
    FST_CELL_SCREEN, /* the same with everything escaped that a terminal could obey */
};
/* Append one value; NULL appends nothing and returns false. */
bool fst_cell_text(struct fst_buf *out, const struct fst_column *c, size_t row,
                   enum fst_cell_style style);
/* Is the text of every value at most FST_PUT_MAX bytes, none of which needs quotes anywhere? Then
 * fst_cell_put puts that of a value that is not NULL at `p` and returns its end. */
bool fst_cell_is_short(const struct fst_column *c);
char *fst_cell_put(char *p, const struct fst_column *c, size_t row);
/* Append one value as JSON (numbers exact, NaN and infinities as strings, binary as base64, times
 * as ISO 8601 strings, NULL and unreadable as null). */
void fst_cell_json(struct fst_buf *out, const struct fst_column *c, size_t row);
bool fst_type_is_right_aligned(const struct fst_type *t); /* numbers */

/* ---- Bytes from anywhere ------------------------------------------------------------------- */

struct fst_range {
    uint64_t offset;
    size_t len;
    void *into; /* len bytes of the caller's */
    size_t got; /* set by read: less than len only at the end of the object */
};
struct fst_bytes;
struct fst_bytes_ops {
    /* Read all ranges, as one wave where that helps. Blocking; worker threads only. */
    enum fst_status (*read)(struct fst_bytes *b, struct fst_range *ranges, size_t n,
                            struct fst_error *err);
    void (*close)(struct fst_bytes *b);
};
/* One object that does not change while it is open. Embedded as the first member of each kind. */
struct fst_bytes {
    const struct fst_bytes_ops *ops;
    const char *name;    /* for error texts; owned by the implementation */
    uint64_t size;       /* bytes in all */
    bool is_near;        /* a read is no round trip: nothing is won by reading ahead */
    uint64_t bytes_read; /* counters for tests and the bench */
    uint64_t reads;
    uint64_t waves; /* round trips one after the other; far sources only */
};
void fst_bytes_close(struct fst_bytes *b); /* NULL is fine */
/* A local file, and a piece of memory (borrowed). */
enum fst_status fst_bytes_open_file(const char *path, struct fst_bytes **out,
                                    struct fst_error *err);
struct fst_bytes *fst_bytes_of_memory(const char *name, const void *p, size_t n);

/* ---- Reading tables -------------------------------------------------------------------------- */

/* What to read. Zero means: every column, from the first row, no end. */
struct fst_read_options {
    const char *const *columns; /* names; NULL = all */
    size_t n_columns;
    uint64_t offset_rows;
    uint64_t last_rows; /* no more than so many will be asked for: what they do not need is let go
                           of at once; 0 = not known. The reader ends there */
    const struct fst_doc
        *format; /* options of the format, by Spark's names and with its defaults
                    (csv: header, sep, quote, escape, nullValue, inferSchema,
                    multiLine: true here); others are refused; borrowed while open */
    const struct fst_schema
        *schema;       /* wanted types where the format has none (csv); borrowed while open */
    size_t memory_cap; /* bytes for the first rows; 0 = 24 MB. A parquet scan may grow to 12 times
                          as much; beyond, columns are read again and again, never lost */
    bool (*cancelled)(void *); /* asked now and then; true stops with FST_ECANCELLED */
    void *cancel_arg;
};

struct fst_reader;
struct fst_reader_ops {
    /* At most `max_rows` more rows; *out = NULL at the end. The frame is the caller's. */
    enum fst_status (*next)(struct fst_reader *r, size_t max_rows, struct fst_frame **out,
                            struct fst_error *err);
    void (*close)(struct fst_reader *r);
};
/* A table being read from front to back. Embedded as the first member of each kind. */
struct fst_reader {
    const struct fst_reader_ops *ops;
    const struct fst_schema
        *schema;        /* of the frames that come (the wanted columns, in their order) */
    int64_t total_rows; /* of the table, whatever the offset; -1 = not known without reading */
};
enum fst_status fst_reader_next(struct fst_reader *r, size_t max_rows, struct fst_frame **out,
                                struct fst_error *err);
void fst_reader_close(struct fst_reader *r); /* NULL is fine */
/* A reader over one frame (counted in). */
struct fst_reader *fst_reader_of_frame(struct fst_frame *f);

/* Files that make up one table, each opened when it is its turn. Columns are those of the first
 * file that has any; others are matched by name, a missing one is NULL, a type that does not fit is
 * an error that names the file, at its first value. Partition columns (k=v in the path) come last,
 * win over columns of the files, and are typed as Spark infers them. */
struct fst_part {
    const char *name;             /* URI or path */
    int64_t rows;                 /* -1 unknown */
    const char *const *partition; /* values by fst_parts.partition_names; NULL entry = NULL value */
};
struct fst_parts {
    const struct fst_part *parts;
    size_t n;
    const char *const *partition_names;
    size_t n_partition;
    /* Called on the reading thread when part i's turn comes; the bytes belong to the reader. */
    enum fst_status (*open)(void *arg, size_t i, struct fst_bytes **out, struct fst_error *err);
    void *arg;
};
struct fst_format;
enum fst_status fst_parts_open(const struct fst_format *format, const struct fst_parts *parts,
                               const struct fst_read_options *options, struct fst_reader **out,
                               struct fst_error *err);

/* ---- Formats ----------------------------------------------------------------------------------
 */

/* What `info` shows of a file. */
struct fst_column_info {
    const char *name; /* leaf path: a.b.element */
    const char *physical, *logical, *codec, *encodings;
    uint64_t compressed, uncompressed;
    int64_t null_count;    /* -1 unknown */
    const char *min, *max; /* text or NULL */
};
struct fst_file_info {
    struct fst_arena *arena; /* owns everything here */
    const char *format, *writer;
    int64_t rows; /* -1 unknown */
    uint64_t size;
    size_t row_groups;
    uint64_t footer_bytes;
    const char *version;
    struct fst_column_info *columns;
    size_t n_columns;
    struct {
        const char *key, *value;
    } * key_values;
    size_t n_key_values;
};
void fst_file_info_done(struct fst_file_info *info);

enum fst_codec { FST_CODEC_NONE, FST_CODEC_SNAPPY, FST_CODEC_GZIP, FST_CODEC_ZSTD };
struct fst_sorted_column {
    const char *column;
    bool descending, nulls_first;
};
struct fst_write_options {
    bool no_header; /* csv, tsv */
    /* parquet, as is all that follows; 0 = the default */
    enum fst_codec codec;
    int codec_level;        /* zstd 1, gzip 6 */
    size_t row_group_rows;  /* 1,048,576 */
    size_t row_group_bytes; /* 128 MiB, before compression */
    size_t page_rows;       /* 20,000 */
    size_t page_bytes;      /* 1 MiB, before compression */
    bool no_dictionary;
    /* The order that the rows are known to be in: told to readers, not checked. Columns that are
     * not in the file, or nested, end the list. */
    const struct fst_sorted_column *sorted;
    size_t n_sorted;
};
/* Where written bytes go; returns false to stop (full disk): errno is then kept in the error. */
struct fst_sink {
    bool (*write)(void *arg, const void *p, size_t n);
    void *arg;
};
struct fst_writer;
struct fst_writer_ops {
    enum fst_status (*write)(struct fst_writer *w, const struct fst_frame *f,
                             struct fst_error *err);
    /* Finish the file (footer). Not called after an error. */
    enum fst_status (*finish)(struct fst_writer *w, struct fst_error *err);
    void (*free)(struct fst_writer *w);
};
struct fst_writer {
    const struct fst_writer_ops *ops;
    uint64_t rows;
};
enum fst_status fst_writer_write(struct fst_writer *w, const struct fst_frame *f,
                                 struct fst_error *err);
enum fst_status fst_writer_finish(struct fst_writer *w, struct fst_error *err);
void fst_writer_free(struct fst_writer *w);

/* Where the files of an output go. A file is there, whole, once it is committed. Paths are relative
 * and have '/' between their parts. */
struct fst_folder {
    enum fst_status (*create)(void *arg, const char *path, struct fst_sink *sink, void **file,
                              struct fst_error *err);
    enum fst_status (*commit)(void *arg, void *file, struct fst_error *err); /* frees the file */
    void (*discard)(void *arg, void *file);                                  /* this as well */
    void *arg;
};
struct fst_dataset_options {
    const struct fst_format *format; /* one that can be created */
    struct fst_write_options write;
    const char *name;                /* files are part-00000-NAME */
    const char *const *partition_by; /* columns that become folders k=v instead */
    size_t n_partition_by;
    size_t pending_bytes; /* of partitioned rows in memory; 0 = 256 MiB */
};
/* A writer of many files in a folder. The schema must live as long as the writer; frames that were
 * written are kept for a while. */
enum fst_status fst_dataset_create(const struct fst_schema *schema, struct fst_folder folder,
                                   const struct fst_dataset_options *options,
                                   struct fst_writer **out, struct fst_error *err);

/* One row a format. NULL = not offered. */
struct fst_format {
    const char *name, *help;
    const char *const *extensions;             /* ".parquet", ...; NULL-ended */
    bool (*probe)(const void *head, size_t n); /* by magic; NULL = by extension only */
    bool is_lines; /* written, it is a head and then row by row: pieces can be put together */
    enum fst_status (*open)(struct fst_bytes *bytes, const struct fst_read_options *options,
                            struct fst_reader **out,
                            struct fst_error *err); /* takes the bytes, also on failure */
    enum fst_status (*info)(struct fst_bytes *bytes, struct fst_file_info *out,
                            struct fst_error *err);
    enum fst_status (*create)(const struct fst_schema *schema, struct fst_sink sink,
                              const struct fst_write_options *options, struct fst_writer **out,
                              struct fst_error *err);
};
extern const struct fst_format
    *const fst_formats[]; /* NULL-ended: parquet, csv, tsv, json (array), jsonl */
const struct fst_format *fst_format_named(const char *name); /* or NULL; "ndjson" is jsonl */
/* By name and, when that does not tell, by the head of the file. NULL when nobody claims it. */
const struct fst_format *fst_format_guess(const char *path, const void *head, size_t n);

/* A writer of a format of lines that puts frames into words on two threads of its own, once there
 * are several; the sink is called on the caller's. Frames are kept for a while. */
enum fst_status fst_team_create(const struct fst_format *format, const struct fst_schema *schema,
                                struct fst_sink sink, const struct fst_write_options *options,
                                struct fst_writer **out, struct fst_error *err);

/* Rows as an aligned table for a terminal or a pipe: collects up to `fit_rows` rows to fit widths,
 * total width `cols` (0 = no limit). Cells are escaped; cuts end in "…" (or "~" in ASCII). */
enum fst_status fst_table_writer(const struct fst_schema *schema, struct fst_sink sink, size_t cols,
                                 bool ascii, struct fst_writer **out, struct fst_error *err);

/* ---- Arrow IPC (what Spark Connect answers with)
 * ------------------------------------------------- */

/* Decode one IPC stream (schema message, record batches, end) held in memory into frames, copying
 * everything; at least one frame comes, if an empty one. zstd and lz4 buffers are read.
 * Dictionaries and views are refused with the column named, variants come as unreadable columns,
 * calendar intervals as text. An answer of more than 512 MB is FST_ENOMEM. The caller unrefs each
 * frame and frees the array. */
enum fst_status fst_arrow_decode(const void *p, size_t n, struct fst_frame ***frames,
                                 size_t *n_frames, struct fst_error *err);

/* ---- SQLite over tables
 * --------------------------------------------------------------------------- */

/* Make `name` in `db` a virtual table that scans what `open` gives: a fresh reader at each scan,
 * for the wanted columns only. Values come as SQLite values by kind: integers, dates (days),
 * timestamps (microseconds) and booleans INTEGER; FLOAT and DOUBLE REAL (NaN as the blob "NaN":
 * SQLite would make it NULL); DECIMAL as a 16-byte blob, big-endian two's complement with the sign
 * bit flipped (so that it sorts); STRING TEXT; BINARY BLOB; nested as JSON TEXT; unreadable columns
 * fail the statement. Rowids count from 1. Nothing is written to the database (the module is
 * eponymous), and a real table of the same name wins. Names that repeat get ":2", empty ones "_c0".
 * A scan that uses no column asks for the narrowest one. `table` is copied with its schema; `arg`
 * must outlive the connection. */
struct fst_vtab {
    const struct fst_schema *schema;
    enum fst_status (*open)(void *arg, const struct fst_read_options *options,
                            struct fst_reader **out, struct fst_error *err);
    void *arg;
    int64_t estimated_rows;
    bool (*cancelled)(void *); /* handed to the readers; SQLite's own interrupt works as well */
    void *cancel_arg;
};
enum fst_status fst_vtab_attach(struct sqlite3 *db, const char *name, const struct fst_vtab *table,
                                struct fst_error *err);

#endif
