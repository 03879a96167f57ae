/* codec: compressed bytes to bytes, a piece at a time, and the reverse for whole pages.
 *
 * One row a codec; parquet's numbers. Every decoder here stops when its input or the room for
 * output ends and goes on later. Arrow's buffers use the whole-buffer function at the end. */
#ifndef FIRESTEEL_DATA_CODEC_H
#define FIRESTEEL_DATA_CODEC_H

#include "firesteel/data.h"
#include "lz.h"

enum fst_parquet_codec {
    FST_PARQUET_PLAIN,
    FST_PARQUET_SNAPPY,
    FST_PARQUET_GZIP,
    FST_PARQUET_LZO,
    FST_PARQUET_BROTLI,
    FST_PARQUET_LZ4_HADOOP,
    FST_PARQUET_ZSTD,
    FST_PARQUET_LZ4,
    FST_PARQUET_N_CODECS,
};

const char *fst_codec_name(int64_t codec); /* NULL when there is no such codec */
bool fst_codec_is_readable(int64_t codec);
/* Bytes of earlier output that must stay in front of `out_at`. */
size_t fst_codec_history(int64_t codec);

/* Up to this many bytes of output a page is better inflated at once, with a decoder that is shared:
 * the library's memory for one that waits is more than that. 0 = never. */
size_t fst_codec_whole(int64_t codec);

struct fst_inflate;
/* A decoder for a readable codec that compresses (not FST_PARQUET_PLAIN). */
struct fst_inflate *fst_inflate_new(int64_t codec);
/* Bytes that the library holds for it. */
size_t fst_inflate_held(const struct fst_inflate *z);
void fst_inflate_free(struct fst_inflate *z);
void fst_inflate_reset(struct fst_inflate *z); /* for the next page */
/* Go on as far as input and room allow. FST_EFORMAT for damage, FST_ENOMEM for a window that is too
 * large or a copy from before the history that was kept. */
enum fst_status fst_inflate_run(struct fst_inflate *z, struct fst_codec_io *io);

/* Compresses one page after the other. Level 0 is ours (zstd 1, gzip 6); others are the codec's. */
struct fst_compressor;
struct fst_compressor *fst_compressor_new(enum fst_codec codec, int level);
void fst_compressor_free(struct fst_compressor *z);
/* Append one compressed page; false when the library fails. */
bool fst_compressor_run(struct fst_compressor *z, struct fst_buf *out, const void *p, size_t n);
/* Codec of a file that is written. */
enum fst_parquet_codec fst_codec_number(enum fst_codec codec);

uint32_t fst_crc32(uint32_t crc, const void *p, size_t n); /* 0 to begin with */

#endif
