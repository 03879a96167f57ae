/* parquet_read: what the files that read rows share.
 *
 * parquet_read.c opens files and goes through row groups from front to back, parquet_take.c takes
 * rows of a column. With conditions parquet_prune.c says which rows cannot meet them,
 * parquet_where.c finds those that do, and parquet_found.c makes frames of these. */
#ifndef FIRESTEEL_DATA_PARQUET_READ_H
#define FIRESTEEL_DATA_PARQUET_READ_H

#include "filter.h"
#include "parquet.h"

struct fst_pq_where;

/* A wanted column. */
struct fst_pq_wanted {
    const struct fst_pq_column *from;
    size_t first, n;     /* streams */
    const char *refusal; /* borrowed: never readable */
    char *failed;        /* why not in this row group */
    enum fst_status status;
    struct fst_pq_pages pages; /* of this row group; none = go by the headers */
    uint64_t at;               /* the row of the group where its streams stand */
    bool is_tested;            /* conditions are on it */
};

struct fst_pq_reader {
    struct fst_reader base;
    struct fst_bytes *bytes;
    struct fst_pq_meta meta;
    struct fst_schema *schema;
    size_t *indexes;
    struct fst_read_options options; /* for cancelling only */
    size_t frame_cap, window_cap;
    double frame_bytes_per_row; /* of the frame before; 0 = none */
    size_t to_grant;            /* bytes that the budget may still grow by */
    size_t active;              /* the stream that is at work; n_streams = none may be parked */
    struct fst_pq_budget budget;
    struct fst_pq_batch *batch;
    struct fst_pq_wanted *columns;
    struct fst_pq_stream *streams;  /* of all columns, in their order */
    struct fst_pq_entries *entries; /* of each stream of a nested column */
    size_t n_streams;
    bool has_lists;
    size_t *places;
    struct fst_range *ranges;
    size_t *range_column, *range_stream;
    size_t group;         /* the one that is open, or the next */
    uint64_t group_first; /* the number of its first row in the file */
    bool is_open, has_pages;
    uint64_t group_left; /* rows of it */
    uint64_t to_skip;
    uint64_t wanted; /* rows that may still be asked for */
    struct fst_skipped *skipped;
    struct fst_pq_where *where; /* NULL = there are no conditions */
};

/* ---- Reading (parquet_read.c) ---- */
enum fst_pq_which { FST_PQ_ALL, FST_PQ_TESTED, FST_PQ_OTHERS };

static inline uint64_t fst_pq_group_rows(const struct fst_pq_reader *r)
{
    return (uint64_t)r->meta.groups[r->group].rows;
}
bool fst_pq_is_readable(const struct fst_pq_wanted *c);
/* Give up the column for this row group; returns what is not the column's own fault. */
enum fst_status fst_pq_give_up(struct fst_pq_reader *r, size_t i, enum fst_status status,
                               struct fst_error *err);
/* When nothing can be read and damage is the reason, there is no table to show. */
enum fst_status fst_pq_check_any(const struct fst_pq_reader *r, struct fst_error *err);
/* Read, in one go, what some columns will need for the next `rows` rows. */
enum fst_status fst_pq_read_wave(struct fst_pq_reader *r, enum fst_pq_which which, uint64_t rows,
                                 bool first, struct fst_error *err);
/* Where chunks lie (r->places), and then streams over them. Nothing is read. */
enum fst_status fst_pq_group_begin(struct fst_pq_reader *r, struct fst_error *err);
enum fst_status fst_pq_group_start(struct fst_pq_reader *r, struct fst_error *err);
void fst_pq_group_close(struct fst_pq_reader *r);
/* Tell whoever counts of the group at hand: read, or left out by something. */
void fst_pq_count_group(struct fst_pq_reader *r, enum fst_skip by);
/* Append the next `n` rows of column `i` to column `col`, or pass over them when `b` is NULL. */
enum fst_status fst_pq_take_column(struct fst_pq_reader *r, size_t i, uint64_t n,
                                   struct fst_builder *b, size_t col, struct fst_error *err);
/* Bring column `i` to a row of the group at or after the one where it stands. */
enum fst_status fst_pq_pass_to(struct fst_pq_reader *r, size_t i, uint64_t row,
                               struct fst_error *err);
/* From a far source: read in one wave what flat columns need to pass to a row: first their
 * dictionaries, then, when these were begun, the pages that have the row. */
enum fst_status fst_pq_approach(struct fst_pq_reader *r, enum fst_pq_which which, uint64_t row,
                                bool dictionaries, struct fst_error *err);
/* Who goes on reading may hold more. */
void fst_pq_grant(struct fst_pq_reader *r, size_t delivered);

/* ---- Conditions (parquet_where.c, parquet_prune.c) ---- */

/* A condition on a column of the file, made ready. */
struct fst_pq_ask {
    const struct fst_condition *condition;
    struct fst_test test;
    size_t leaf;
    int column;                    /* of the wanted ones, or -1 */
    struct fst_pq_hashes *hashes;  /* owned; NULL = no filter can be asked */
    struct fst_condition_use *use; /* or NULL */
};
/* Rows [from, to) of a group, in order. */
struct fst_pq_ranges {
    struct fst_pq_rows {
        uint64_t from, to;
    } * items;
    size_t n, cap;
};
/* Leave only what is in both. */
void fst_pq_ranges_meet(struct fst_pq_ranges *a, const struct fst_pq_ranges *b);
/* Say which of the rows of the group that comes (r->places is set) may meet all asks: `ranges`
 * holds those wanted before. Everything is read in one wave. `by` says what ruled the whole group
 * out, FST_N_SKIPS when nothing did. */
enum fst_status fst_pq_prune(struct fst_pq_reader *r, const struct fst_pq_ask *asks, size_t n,
                             struct fst_pq_ranges *ranges, enum fst_skip *by,
                             struct fst_error *err);
/* Are all pages of a chunk encoded by its dictionary? */
bool fst_pq_is_all_dictionary(const struct fst_pq_meta *m, const struct fst_pq_chunk *chunk);

/* A column with conditions. */
struct fst_pq_tested {
    size_t column;
    struct fst_pq_sieve sieve;
    uint64_t *rows; /* of the values that were kept */
    size_t n, cap, at;
    struct fst_frame *kept;
    bool is_broken; /* it failed: what was kept is not whole */
};

struct fst_pq_where {
    struct fst_arena *arena;
    struct fst_pq_ask *asks;
    size_t n_asks;
    struct fst_pq_tested *tested;
    size_t n_tested;
    struct fst_pq_ranges ranges; /* of the open group */
    size_t range;
    uint64_t at;      /* the row of it where the search goes on */
    enum fst_skip by; /* what ruled the whole group out, or FST_N_SKIPS */
    uint64_t *found;  /* rows of the group, and how many of them were taken */
    size_t n_found, found_cap, n_taken;
    uint64_t *numbers;
    size_t numbers_cap;
    size_t step; /* rows for the next frame */
};

/* NULL when no condition can be used. */
struct fst_pq_where *fst_pq_where_new(struct fst_pq_reader *r,
                                      const struct fst_read_options *options);
void fst_pq_where_free(struct fst_pq_where *w);
enum fst_status fst_pq_where_next(struct fst_pq_reader *r, size_t max_rows, struct fst_frame **out,
                                  struct fst_error *err);
/* Bring columns to a row of the group, those far away in two waves (parquet_found.c). */
enum fst_status fst_pq_where_approach(struct fst_pq_reader *r, enum fst_pq_which which,
                                      uint64_t row, struct fst_error *err);
/* Some of the rows that were found and not yet taken. */
enum fst_status fst_pq_where_take(struct fst_pq_reader *r, size_t max_rows, struct fst_frame **out,
                                  struct fst_error *err);

#endif
