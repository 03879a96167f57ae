/* sketch: what is known of a stream of values without keeping them: how many distinct ones, which
 * come often, where the quantiles lie.
 *
 * Values with an order are keys, __int128 that sort as the values do; text is bytes. All of it
 * takes the same steps for the same values, so that an answer can be had again. */
#ifndef FIRESTEEL_DATA_SKETCH_H
#define FIRESTEEL_DATA_SKETCH_H

#include "firesteel/base.h"

/* ---- Hashes (sketch_hash.c) ------------------------------------------------------------------ */

uint64_t fst_hash_key(__int128 key);
/* `seed` 0 and another give hashes that do not depend on each other. */
uint64_t fst_hash_bytes(const void *p, size_t n, uint64_t seed);

/* ---- How many distinct (sketch_distinct.c): HyperLogLog -------------------------------------- */

enum { FST_DISTINCT_BITS = 14, FST_DISTINCT_REGISTERS = 1 << FST_DISTINCT_BITS };
/* Two standard errors of 1.04 / sqrt(registers): 19 of 20 answers are within. */
#define FST_DISTINCT_ERROR 0.0163

struct fst_distinct {
    uint8_t registers[FST_DISTINCT_REGISTERS];
};
void fst_distinct_add(struct fst_distinct *d, uint64_t hash);
double fst_distinct_estimate(const struct fst_distinct *d);

/* ---- Quantiles (sketch_quantile.c): KLL ------------------------------------------------------ */

enum { FST_QUANTILE_K = 1024, FST_QUANTILE_LEVELS = 56 };
/* Of a rank, as a share of all; 99 of 100 answers are within (Karnin, Lang, Liberty; the constant
 * as measured by Apache DataSketches for this k). */
#define FST_QUANTILE_ERROR 0.0044

struct fst_quantiles {
    struct {
        __int128 *items;
        size_t n, cap;
    } levels[FST_QUANTILE_LEVELS]; /* an item of level i stands for 2^i values */
    size_t n_levels;
    size_t room; /* of level 0 */
    uint64_t random;
    __int128 *spare;
    size_t spare_cap;
};
void fst_quantiles_add(struct fst_quantiles *q, __int128 key);
void fst_quantiles_add_many(struct fst_quantiles *q, __int128 key, uint64_t n); /* the same key */
/* The keys at these shares of all ranks, 0..1, in rising order; false when nothing was added. */
bool fst_quantiles_get(const struct fst_quantiles *q, const double *shares, __int128 *out,
                       size_t n);
void fst_quantiles_done(struct fst_quantiles *q);
/* Sort keys; `spare` has room for as many. */
void fst_sort_keys(__int128 *keys, size_t n, __int128 *spare);

/* ---- Which come often (sketch_frequent.c) ---------------------------------------------------- */

enum { FST_FREQUENT_MAX = 4096, FST_FREQUENT_SLOTS = 16384, FST_FREQUENT_BYTES = 128 };

/* As long as there are no more than FST_FREQUENT_MAX values, all are kept with their counts.
 * After that the rare ones are forgotten from time to time, and every count may be too low, by at
 * most `lost`: what is not there came at most that often. */
struct fst_frequent {
    struct fst_frequent_value {
        uint64_t hash, count;
        union {
            __int128 key;
            struct {
                uint64_t hash2; /* instead of what is not kept */
                uint32_t at, n; /* in `bytes`: the first FST_FREQUENT_BYTES at most */
                uint32_t whole; /* bytes that there are, cut at 32 bits */
            } text;
        };
    } * values;
    size_t n, cap;
    uint16_t *slots; /* of a table by hash: 1 + index; 0 = free */
    char *bytes;
    size_t n_bytes, bytes_cap;
    uint64_t lost;
};
/* Room for a value that is not there may have to be made first, by fst_frequent_purge: then these
 * return false, and nothing was counted. */
bool fst_frequent_key(struct fst_frequent *f, uint64_t hash, __int128 key);
bool fst_frequent_text(struct fst_frequent *f, uint64_t hash, const void *p, size_t n);
void fst_frequent_purge(struct fst_frequent *f);
void fst_frequent_done(struct fst_frequent *f);

#endif
