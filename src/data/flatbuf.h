/* flatbuf: reading a flatbuffer that nobody vouches for.
 *
 * Every access is checked against the block. The first one that leads outside sets `bad` and from
 * then on all give zeros, so a caller checks once, at its end. */
#ifndef FIRESTEEL_DATA_FLATBUF_H
#define FIRESTEEL_DATA_FLATBUF_H

#include "firesteel/base.h"

struct fst_fb {
    const uint8_t *p;
    size_t n;
    bool bad;
};
/* A table, or nothing when `at` is 0. */
struct fst_fb_table {
    size_t at, vtable, n_slots;
};
struct fst_fb_vector {
    size_t at, n; /* of the first element; elements */
};

uint64_t fst_fb_load(struct fst_fb *b, size_t at, size_t width); /* little-endian, unsigned */
struct fst_fb_table fst_fb_root(struct fst_fb *b);
/* Scalars of 1, 2, 4 or 8 bytes, sign-extended; `absent` when the slot is empty. */
int64_t fst_fb_int(struct fst_fb *b, struct fst_fb_table t, size_t slot, size_t width,
                   int64_t absent);
struct fst_fb_table fst_fb_table_at(struct fst_fb *b, struct fst_fb_table t, size_t slot);
struct fst_str fst_fb_string(struct fst_fb *b, struct fst_fb_table t, size_t slot);
struct fst_fb_vector fst_fb_vector_at(struct fst_fb *b, struct fst_fb_table t, size_t slot,
                                      size_t elem_bytes);
/* Element `i` of a vector of tables. */
struct fst_fb_table fst_fb_item(struct fst_fb *b, struct fst_fb_vector v, size_t i);

#endif
