/* stats: what the files of statistics share: the state of one column, and its parts. */
#ifndef FIRESTEEL_DATA_STATS_H
#define FIRESTEEL_DATA_STATS_H

#include "firesteel/data.h"
#include "sketch.h"

/* ---- Sums (stats_sum.c) ---------------------------------------------------------------------- */

/* Of 192 bits, two's complement: as many decimals of 38 digits as can be counted. */
struct fst_sum {
    unsigned __int128 low;
    int64_t high;
};
void fst_sum_add(struct fst_sum *sum, __int128 v);
/* sum / n: the nearest double, for sums of 64-bit integers; and in digits with `scale` + 4 behind
 * the point, halves away from zero. */
double fst_sum_mean(const struct fst_sum *sum, uint64_t n);
void fst_sum_mean_text(struct fst_buf *out, const struct fst_sum *sum, uint64_t n, int scale);

/* A sum of doubles with what rounding lost (Neumaier). */
struct fst_sum_double {
    double sum, lost;
};
void fst_sum_double_add(struct fst_sum_double *s, double v);
double fst_sum_double_get(const struct fst_sum_double *s);

/* Mean and squared distances from it, batch by batch (Chan); counted from the first value, since
 * large numbers that lie close together would lose what tells them apart. */
struct fst_moments {
    uint64_t n;
    double origin, mean, squares;
};
void fst_moments_add(struct fst_moments *m, const double *values, size_t n);
double fst_moments_stddev(const struct fst_moments *m); /* n > 1 */

/* ---- Columns (stats.c) ----------------------------------------------------------------------- */

enum fst_stats_family {
    FST_STATS_NONE, /* only rows and NULLs */
    FST_STATS_INTS,
    FST_STATS_DOUBLES,
    FST_STATS_DECIMALS,
    FST_STATS_BYTES,
    FST_STATS_LISTS,
};

/* The least or the greatest text. */
struct fst_stats_end {
    struct fst_buf bytes;
    bool is_cut; /* of a longer one: it is not the value but a bound */
};

struct fst_stats_column {
    struct fst_type type;
    enum fst_stats_family family;
    bool is_number; /* has a mean and a standard deviation */
    char *unreadable;
    uint64_t rows, nulls, nans;
    uint64_t n; /* values that are neither NULL nor NaN */
    __int128 min, max;
    struct fst_stats_end least, greatest;
    struct fst_sum sum;
    struct fst_sum_double sum_double;
    struct fst_moments moments;
    uint64_t min_length, max_length;
    struct fst_sum lengths;
    struct fst_frequent frequent;
    struct fst_distinct *distinct;   /* both from when values had to be forgotten; else NULL */
    struct fst_quantiles *quantiles; /* of keys only */
};

/* Doubles as keys in Spark's order: zeros are equal, NaN is equal to itself and the greatest. */
__int128 fst_stats_key(double v);
double fst_stats_double(__int128 key);

/* ---- Answers (stats_figures.c) --------------------------------------------------------------- */

void fst_stats_figures(const struct fst_stats_column *c, struct fst_arena *arena,
                       struct fst_column_stats *out);
/* Text and JSON of row 0 of a column into a figure. */
void fst_stats_say(struct fst_arena *arena, const struct fst_column *value, enum fst_how how,
                   struct fst_figure *out);

#endif
