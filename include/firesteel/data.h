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
    bool absent;     /* the file of these rows has no such column: all are NULL */
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
size_t fst_frame_size(const struct fst_frame *f); /* bytes of its values, roughly */
/* Rows [from, from + n) as a new frame (copies the rows). */
struct fst_frame *fst_frame_slice(struct fst_frame *f, size_t from, size_t n);
/* The same with these columns only, in this order. */
struct fst_frame *fst_frame_part(struct fst_frame *f, size_t from, size_t n, const size_t *columns,
                                 size_t n_columns);

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

/* Two values of one type, which is not nested, in Spark's order: NULL first, NaN last, zeros equal.
 */
int fst_column_compare(const struct fst_column *a, size_t i, const struct fst_column *b, size_t j);

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
/* A value of a column of the same type, which is not nested; or NULL. */
void fst_builder_copy(struct fst_builder *b, size_t col, const struct fst_column *c, size_t row);
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

/* ---- Conditions ------------------------------------------------------------------------------ */

enum fst_condition_op {
    FST_IS_EQ,
    FST_IS_LT,
    FST_IS_LE,
    FST_IS_GT,
    FST_IS_GE,
    FST_IS_IN,
    FST_IS_NULL,
    FST_IS_NOT_NULL,
};
/* A value by the kind of its type: n for booleans, whole numbers, dates, times and intervals (in
 * their columns' units) and for decimals (unscaled); d for FLOAT and DOUBLE; s for STRING, BINARY.
 */
struct fst_literal {
    __int128 n;
    double d;
    struct fst_str s;
};
/* What a row must meet: a column against values that are not NULL, by Spark's order (NaN equals
 * itself and is the greatest, zeros are equal, text and bytes by unsigned bytes). A NULL meets
 * FST_IS_NULL only. */
struct fst_condition {
    const char *column;
    enum fst_condition_op op;
    struct fst_type type;             /* of the values */
    const struct fst_literal *values; /* one; FST_IS_IN: any number; NULLs: none */
    size_t n_values;
};

/* By what rows were left out. */
enum fst_skip {
    FST_SKIP_PARTITION,  /* the value in a path */
    FST_SKIP_STATISTICS, /* of a row group */
    FST_SKIP_BLOOM,
    FST_SKIP_DICTIONARY,
    FST_SKIP_PAGES, /* the index of pages */
    FST_SKIP_VALUE, /* looked at, and not met */
    FST_N_SKIPS,
};
struct fst_skip_count {
    uint64_t files, groups, pages, rows;
    uint64_t bytes; /* of the columns that are read, as stored */
};
/* What a reader looked at and left out; counts of several readers add up. Pages count where an
 * index tells of them. */
struct fst_skipped {
    struct fst_skip_count all; /* come to, left out or not */
    struct fst_skip_count by[FST_N_SKIPS];
    uint64_t bytes_read; /* footers, indexes and filters as well */
    struct fst_condition_use {
        char text[128];   /* "column = value", shortened */
        unsigned can_use; /* bits: 1 << enum fst_skip, where a file had what it takes */
    } uses[16];
    size_t n_uses;
};

/* ---- Reading tables -------------------------------------------------------------------------- */

/* What to read. Zero means: every column, from the first row, no end. */
struct fst_read_options {
    const char *const *columns; /* names; NULL = all */
    size_t n_columns;
    uint64_t offset_rows;
    uint64_t tail_rows; /* only so many rows at the end, with offset_rows 0; 0 = all. A format may
                           give more: fst_reader_last sees to the rest */
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
    /* Rows that surely do not meet all of these may be left out, so that less is read; whoever asks
     * still checks those that come. One that a reader cannot use (a column that is not there, a
     * type that is not the values' own) is passed over. Borrowed while open. `offset_rows` counts
     * rows of the table, `last_rows` those that come. */
    const struct fst_condition *conditions;
    size_t n_conditions;
    bool no_numbers; /* nobody asks for the numbers of rows: files may be left out unopened */
    struct fst_skipped *skipped; /* added to until the reader is closed; NULL = not wanted */
    bool keep_void;     /* json: columns with NULLs only are VOID, to be united with others */
    size_t infer_bytes; /* of a text, to find types; 0 = all of it, which is what Spark looks at */
    struct fst_read_notes *notes; /* added to until the reader is closed; NULL = not wanted */
    bool (*cancelled)(void *);    /* asked now and then; true stops with FST_ECANCELLED */
    void *cancel_arg;
};
/* What a reader of texts met that did not stop it. */
struct fst_read_notes {
    uint64_t bad_records; /* they are not as the columns want: what could be read of them came */
    char first_bad[512];  /* of these: file, line, why */
    char guessed[256];    /* options that were guessed, as JSON */
    bool types_from_head; /* of the infer_bytes that were looked at */
};

struct fst_reader;
struct fst_reader_ops {
    /* At most `max_rows` more rows; *out = NULL at the end. The frame is the caller's. */
    enum fst_status (*next)(struct fst_reader *r, size_t max_rows, struct fst_frame **out,
                            struct fst_error *err);
    void (*close)(struct fst_reader *r);
    /* How many rows the table has, when that takes some work; -1 = still not known. NULL = what
     * total_rows says is all. */
    int64_t (*total)(struct fst_reader *r);
};
/* A table being read from front to back. Embedded as the first member of each kind. */
struct fst_reader {
    const struct fst_reader_ops *ops;
    const struct fst_schema
        *schema;        /* of the frames that come (the wanted columns, in their order) */
    int64_t total_rows; /* of the table, whatever the offset; -1 = nobody has counted them yet */
    const uint64_t *numbers; /* with conditions: the number in the table, from 0, of each row of the
                                frame that came last; NULL = each follows the one before */
};
enum fst_status fst_reader_next(struct fst_reader *r, size_t max_rows, struct fst_frame **out,
                                struct fst_error *err);
void fst_reader_close(struct fst_reader *r); /* NULL is fine */
/* Rows of the table, counted by the footers of its files where they are not too many; -1 = only
 * reading would tell. It reads files, so not for the thread that draws. */
int64_t fst_reader_total(struct fst_reader *r);
/* The last `n` rows of another, which it takes and reads to the end for them. */
struct fst_reader *fst_reader_last(struct fst_reader *inner, uint64_t n);
/* A reader over one frame (counted in). */
struct fst_reader *fst_reader_of_frame(struct fst_frame *f);

/* Files that make up one table, each opened when it is its turn. Columns are those of the first
 * file that has any; others are matched by name, a missing one is NULL, a type that does not fit is
 * an error that names the file, at its first value. Partition columns (k=v in the path) come last
 * or where the files have one of the name, over which they win; they are typed as Spark infers
 * them. */
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
    size_t merge; /* columns of so many files, not only of the first: each is opened for them */
    bool widen;   /* of texts: types that differ are united as in one file, not refused */
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

/* What `info` shows of a file: of columns, and of all leaves of nested ones. */
struct fst_column_info {
    const char *name; /* leaf path: a.b.element */
    const char *type; /* Spark's */
    const char *physical, *logical, *codec, *encodings;
    uint64_t compressed, uncompressed;
    int64_t null_count;    /* -1 unknown; of a leaf in lists, empty and NULL lists as well */
    const char *min, *max; /* text, cut when it is long, or NULL */
    const struct fst_column *least, *greatest; /* the same, whole: one row; or NULL */
    bool least_is_exact, greatest_is_exact;    /* not a bound that may be cut */
    bool has_no_values;                        /* only NULLs, or no rows */
    bool is_nested, is_encrypted;              /* in a row group at least */
    size_t chunks, offset_indexes, column_indexes, bloom_filters; /* how many have them */
};
/* A line of the schema as the format has it. */
struct fst_schema_line {
    const char *name;
    unsigned depth;                              /* columns 0 */
    const char *repetition, *physical, *logical; /* physical NULL = a group */
    const char *type;                            /* Spark's, of columns and leaves; else NULL */
};
struct fst_file_info {
    struct fst_arena *arena; /* owns everything here */
    const char *format, *writer;
    int64_t rows; /* -1 unknown */
    uint64_t size;
    size_t row_groups;
    uint64_t footer_bytes;
    const char *version;
    const char *sorted; /* columns that the rows of each row group are sorted by; or NULL */
    struct fst_column_info *columns;
    size_t n_columns;
    struct fst_schema_line *lines;
    size_t n_lines;
    struct {
        const char *key, *value;
    } * key_values;
    size_t n_key_values;
};
void fst_file_info_done(struct fst_file_info *info);
/* Types of the partition columns, as Spark infers them; and these columns of a part as columns of
 * what its file says. */
void fst_parts_partition_types(const struct fst_parts *parts, struct fst_type *out);
void fst_parts_add_info(const struct fst_parts *parts, size_t part, const struct fst_type *types,
                        struct fst_file_info *info);

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
/* Where written bytes go; returns false to stop (full disk): errno is then kept in the error. Text
 * may be handed over in buffers instead of copied: with `take`, writers of lines call that, now and
 * then, and it leaves an empty buffer behind. */
struct fst_sink {
    bool (*write)(void *arg, const void *p, size_t n);
    void *arg;
    bool (*take)(void *arg, struct fst_buf *text); /* or NULL */
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

/* A copy of rows: who is told of it, and how far it came. */
struct fst_copy {
    /* Called with each frame before it is written; false stops the copy: FST_ECANCELLED. NULL =
     * nobody. */
    bool (*tell)(void *arg, const struct fst_frame *f);
    void *arg;
    uint64_t rows;   /* out: those that were written, also when it failed */
    bool is_writers; /* out: an error came from the writer, not from reading */
};
/* Write all that the reader still has, as many rows at once as suit it, and finish the writer. Both
 * stay the caller's. */
enum fst_status fst_copy_rows(struct fst_reader *reader, struct fst_writer *w,
                              struct fst_copy *copy, struct fst_error *err);

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

/* How a csv or tsv file seems to be written, as options of its format, told from its first bytes
 * (of a packed file as well): for a look that nobody described. NULL for nothing to tell. */
const struct fst_doc *fst_csv_guess(struct fst_arena *arena, const struct fst_format *format,
                                    const void *head, size_t n);

/* Rows as an aligned table for a terminal or a pipe: collects up to `fit_rows` rows to fit widths,
 * total width `cols` (0 = no limit). Cells are escaped; cuts end in "…" (or "~" in ASCII). */
enum fst_status fst_table_writer(const struct fst_schema *schema, struct fst_sink sink, size_t cols,
                                 bool ascii, struct fst_writer **out, struct fst_error *err);

/* ---- Statistics --------------------------------------------------------------------------- */

/* What a figure is worth. */
enum fst_how {
    FST_NOT_SAID, /* there is none */
    FST_EXACT,
    FST_BOUND,       /* the least value is this or greater, the greatest this or less */
    FST_APPROXIMATE, /* see `error` */
};
enum fst_figure_id {
    FST_FIGURE_ROWS,
    FST_FIGURE_NULLS,
    FST_FIGURE_NANS, /* apart: the greatest of all in Spark's order, not in mean and stddev */
    FST_FIGURE_MIN,
    FST_FIGURE_MAX,
    FST_FIGURE_MEAN,
    FST_FIGURE_STDDEV,     /* of a sample, as Spark's */
    FST_FIGURE_MIN_LENGTH, /* characters of text, bytes of binary, elements of lists and maps */
    FST_FIGURE_MAX_LENGTH,
    FST_FIGURE_MEAN_LENGTH,
    FST_FIGURE_DISTINCT,
    FST_FIGURE_P5, /* the least value that so many are not above */
    FST_FIGURE_P25,
    FST_FIGURE_P50,
    FST_FIGURE_P75,
    FST_FIGURE_P95,
    FST_N_FIGURES,
};
extern const char *const fst_figure_names[FST_N_FIGURES];
extern const char *const fst_how_names[]; /* by fst_how */
struct fst_figure {
    enum fst_how how;
    const char *text, *json; /* as a cell shows it, and as JSON */
    const char *error;       /* "1.6 %"; NULL when there is none */
};
struct fst_top_value {
    const char *text, *json;
    bool is_cut;             /* the value is longer */
    uint64_t count, at_most; /* the count is not above that */
};
enum { FST_TOP_VALUES = 20 };
struct fst_column_stats {
    const char *name, *type;
    const char *unreadable; /* why there is not more, or NULL */
    struct fst_figure figures[FST_N_FIGURES];
    struct fst_top_value top[FST_TOP_VALUES];
    size_t n_top;
};
/* Statistics of rows as they pass, in memory that does not grow with them (at most 1.5 MB a
 * column). The schema must live as long. */
struct fst_stats;
struct fst_stats *fst_stats_new(const struct fst_schema *schema);
void fst_stats_add(struct fst_stats *s, const struct fst_frame *f);
/* What is known of column `col`; texts live in the arena. */
void fst_stats_get(const struct fst_stats *s, size_t col, struct fst_arena *arena,
                   struct fst_column_stats *out);
void fst_stats_free(struct fst_stats *s);

/* What the footers of all files of a table say together. */
struct fst_footer_column {
    struct fst_column_info info;
    int64_t rows; /* of the files that have it */
    size_t files;
    bool no_least, no_greatest; /* a file does not say, or says what cannot be compared */
};
/* A file whose footer cannot be read. */
struct fst_bad_footer {
    const char *name, *why;
};
enum { FST_BAD_FOOTERS = 20 };
struct fst_footers {
    struct fst_arena *arena;  /* owns everything here */
    size_t files, row_groups; /* of the files that could be read */
    int64_t rows;
    uint64_t size, footer_bytes;
    const char *writers, *sorted; /* lists of what there is, "; " between them */
    size_t encrypted_files;
    struct fst_footer_column *columns; /* in the order of the first file that has them */
    size_t n_columns, columns_cap;
    struct fst_map *by_name;
    struct fst_bad_footer bad[FST_BAD_FOOTERS]; /* the first of them */
    size_t n_bad;                               /* all of them */
};
void fst_footers_add(struct fst_footers *f, const struct fst_file_info *info);
void fst_footers_add_bad(struct fst_footers *f, const char *name, const char *why);
/* Rows, NULLs, least and greatest of a column. */
void fst_footers_get(const struct fst_footers *f, size_t col, struct fst_arena *arena,
                     struct fst_column_stats *out);
void fst_footers_done(struct fst_footers *f);

/* ---- Arrow IPC (what Spark Connect answers with)
 * ------------------------------------------------- */

/* Decode one IPC stream (schema message, record batches, end) held in memory into frames, copying
 * everything; at least one frame comes, if an empty one. zstd and lz4 buffers are read.
 * Dictionaries and views are refused with the column named, variants come as their JSON,
 * calendar intervals as text. An answer of more than 512 MB is FST_ENOMEM. The caller unrefs each
 * frame and frees the array. */
enum fst_status fst_arrow_decode(const void *p, size_t n, struct fst_frame ***frames,
                                 size_t *n_frames, struct fst_error *err);

/* ---- Nested values as bytes ------------------------------------------------------------------ */

/* An array, map or struct as bytes that compare, byte by byte, as Spark orders arrays and structs:
 * NULL before values, NaN last, shorter arrays first. The type says where each value ends; zeros
 * keep their sign. An element is 1 for NULL or 2 and a value, and a list ends with 0. */
enum { FST_NEST_END = 0, FST_NEST_NULL = 1, FST_NEST_VALUE = 2 };
void fst_nest_put(struct fst_buf *out, const struct fst_column *c, size_t row);
/* A value that is not nested; DOUBLE and FLOAT by d, STRING and BINARY by s, others by n. */
void fst_nest_put_scalar(struct fst_buf *out, enum fst_kind kind, const struct fst_literal *v);
/* The reverse: `*p` moves behind the value, `s` points into `text`. False when it is damaged. */
bool fst_nest_take_scalar(const uint8_t **p, const uint8_t *end, enum fst_kind kind,
                          struct fst_literal *out, struct fst_buf *text);
/* Add a whole value to a column; NULL is added for what is damaged, and told. */
bool fst_nest_add(struct fst_builder *b, size_t col, const struct fst_type *type, const void *p,
                  size_t n);

/* ---- SQLite over tables
 * --------------------------------------------------------------------------- */

/* Make `name` in `db` a virtual table that scans what `open` gives: a fresh reader at each scan,
 * for the wanted columns only. Values come as SQLite values by kind: integers, dates (days),
 * timestamps (microseconds) and booleans INTEGER; FLOAT and DOUBLE REAL (NaN as the blob "NaN":
 * SQLite would make it NULL); DECIMAL as a 16-byte blob, big-endian two's complement with the sign
 * bit flipped (so that it sorts); STRING TEXT; BINARY BLOB; nested as JSON TEXT; unreadable columns
 * fail the statement. Rowids count from 1. Nothing is written to the database (the module is
 * eponymous), and a real table of the same name wins. Names that repeat get ":2", empty ones "_c0".
 * A scan that uses no column asks for the narrowest one. Comparisons of a column with a value, IN
 * lists and tests for NULL are handed to the readers as conditions; bounds on the rowid are where a
 * scan begins and ends, and its order costs nothing. A table that is scanned again and again is
 * kept in memory when it is small. `table` is copied with its schema; `arg` must outlive the
 * connection. */
struct fst_vtab {
    bool nested_bytes; /* nested values as fst_nest_put has them, else as JSON */
    const struct fst_schema *schema;
    enum fst_status (*open)(void *arg, const struct fst_read_options *options,
                            struct fst_reader **out, struct fst_error *err);
    void *arg;
    int64_t estimated_rows;
    bool no_rowids; /* no statement names them: they need not be the numbers of rows then */
    /* A scan may be shared: one begins at `first_row`; one that comes to row `half` asks whether it
     * ends there (NULL = it does not). Not with no_rowids. */
    uint64_t first_row, half;
    bool (*ends_at_half)(void *arg);
    bool reads_ahead; /* rows are read on, in a thread, while others are worked on; `open` and what
                         it opens are then called from there, one at a time */
    struct fst_skipped *skipped; /* handed to the readers; NULL = not wanted */
    bool (*cancelled)(void *);   /* handed to the readers; SQLite's own interrupt works as well */
    void *cancel_arg;
};
enum fst_status fst_vtab_attach(struct sqlite3 *db, const char *name, const struct fst_vtab *table,
                                struct fst_error *err);

#endif
