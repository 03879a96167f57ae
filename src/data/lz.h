/* lz: Snappy and LZ4 blocks, decoded piece by piece.
 *
 * Both formats are literals and copies of earlier output. A decoder stops whenever input or room
 * for output ends and goes on later, so the first rows of a page cost only its first bytes. The
 * caller keeps earlier output in front of `out_at` for the copies. */
#ifndef FIRESTEEL_DATA_LZ_H
#define FIRESTEEL_DATA_LZ_H

#include "firesteel/base.h"

/* One step of decoding: input from `in`, output at out[out_at]; both move on. */
struct fst_codec_io {
    const uint8_t *in;
    size_t in_n;
    uint8_t *out;
    size_t out_at, out_cap;
};

struct fst_lz {
    uint64_t literal_left, copy_left;
    size_t offset;
    uint64_t made; /* bytes of output so far */
    bool started;  /* past Snappy's length */
    bool in_match; /* LZ4: literals are done, the offset comes */
    uint8_t token;
};

/* FST_OK, FST_EFORMAT, or FST_ENOMEM for a copy from before what the caller kept. */
enum fst_status fst_snappy_run(struct fst_lz *s, struct fst_codec_io *io);
enum fst_status fst_lz4_run(struct fst_lz *s, struct fst_codec_io *io);

/* Append `n` bytes (under 4 GB) in Snappy's format. */
void fst_snappy_compress(struct fst_buf *out, const void *p, size_t n);

#endif
