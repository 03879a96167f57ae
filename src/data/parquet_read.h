/* parquet_read: what the files that read rows share.
 *
 * parquet_read.c opens files and goes through row groups from front to back; parquet_far.c plans
 * what is read from afar; parquet_where.c reads what meets conditions, parquet_prune.c says
 * beforehand which rows cannot. */
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
    struct fst_range *ranges; /* of a wave: two a stream, its values, its dictionary */
    size_t *range_column;
    struct fst_pq_window **range_window;
    struct fst_pq_gather gather; /* from afar */
    bool is_scan;                /* from afar, and a group was read to its end */
    uint64_t tried;              /* so many of the next rows: there is nothing to read for them */
    size_t group;                /* the one that is open, or the next */
    uint64_t group_first;        /* the number of its first row in the file */
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
/* Where chunks lie (r->places), and then streams over them. Nothing is read. */
enum fst_status fst_pq_group_begin(struct fst_pq_reader *r, struct fst_error *err);
enum fst_status fst_pq_group_start(struct fst_pq_reader *r, struct fst_error *err);
void fst_pq_group_close(struct fst_pq_reader *r);
/* Tell whoever counts of the group at hand: read, or left out by something. */
void fst_pq_count_group(struct fst_pq_reader *r, enum fst_skip by);
/* The streams of a column at the first row of the group again. */
enum fst_status fst_pq_column_restart(struct fst_pq_reader *r, size_t i, struct fst_error *err);
/* Where the pages of flat columns lie, once a group. */
enum fst_status fst_pq_load_pages(struct fst_pq_reader *r, struct fst_error *err);
/* Append the next `n` rows of column `i` to column `col`, or pass over them when `b` is NULL. */
enum fst_status fst_pq_take_column(struct fst_pq_reader *r, size_t i, uint64_t n,
                                   struct fst_builder *b, size_t col, struct fst_error *err);
/* Bring column `i` to a row of the group at or after the one where it stands. */
enum fst_status fst_pq_pass_to(struct fst_pq_reader *r, size_t i, uint64_t row,
                               struct fst_error *err);
/* Who goes on reading may hold more. */
void fst_pq_grant(struct fst_pq_reader *r, size_t delivered);

/* Rows [from, to) of a group, in order. */
struct fst_pq_ranges {
    struct fst_pq_rows {
        uint64_t from, to;
    } * items;
    size_t n, cap;
};

/* ---- From afar (parquet_far.c) ---- */

enum { FST_PQ_JUMP_ROWS = 1 << 10 }; /* from so many on, an index is worth its read */
/* Read what some columns need for rows of the group that was started, in few waves. From near by
 * nothing is read. */
enum fst_status fst_pq_read_far(struct fst_pq_reader *r, enum fst_pq_which which,
                                const struct fst_pq_rows *ranges, size_t n, struct fst_error *err);
/* Read, in one go, what some columns will need for the next `rows` rows. */
enum fst_status fst_pq_read_wave(struct fst_pq_reader *r, enum fst_pq_which which, uint64_t rows,
                                 struct fst_error *err);

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

/* NULL when no condition can be used. */
struct fst_pq_where *fst_pq_where_new(struct fst_pq_reader *r,
                                      const struct fst_read_options *options);
void fst_pq_where_free(struct fst_pq_where *w);
enum fst_status fst_pq_where_next(struct fst_pq_reader *r, size_t max_rows, struct fst_frame **out,
                                  struct fst_error *err);

#endif
