/* codec: the libraries behind one small table. See the header. */
#include "codec.h"

#include <brotli/decode.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

struct fst_inflate {
    const struct row *row;
    struct fst_lz lz;
    uint64_t frame_left, block_left; /* Hadoop's framing */
    bool probed, framed;
    ZSTD_DCtx *zstd;
    z_stream gzip;
    BrotliDecoderState *brotli;
};

struct row {
    const char *name;
    size_t history, whole;
    bool (*start)(struct fst_inflate *z); /* also starts anew */
    enum fst_status (*run)(struct fst_inflate *z, struct fst_codec_io *io);
    void (*stop)(struct fst_inflate *z);
};

/* ---- Snappy and LZ4 -------------------------------------------------------------------------- */

static bool lz_start(struct fst_inflate *z)
{
    z->lz = (struct fst_lz){0};
    z->frame_left = z->block_left = 0;
    z->probed = z->framed = false;
    return true;
}

static enum fst_status snappy_run(struct fst_inflate *z, struct fst_codec_io *io)
{
    return fst_snappy_run(&z->lz, io);
}

static enum fst_status lz4_run(struct fst_inflate *z, struct fst_codec_io *io)
{
    return fst_lz4_run(&z->lz, io);
}

static uint32_t take_be32(struct fst_codec_io *io)
{
    const uint8_t *p = io->in;
    io->in += 4;
    io->in_n -= 4;
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Lengths in front of a block: of the frame's output (when a frame begins), of the block. */
static bool hadoop_header(struct fst_inflate *z, struct fst_codec_io *io)
{
    if (z->frame_left == 0) {
        if (io->in_n < 8)
            return false;
        z->frame_left = take_be32(io);
    }
    if (io->in_n < 4)
        return false;
    z->block_left = take_be32(io);
    z->lz = (struct fst_lz){0};
    return true;
}

static enum fst_status hadoop_block(struct fst_inflate *z, struct fst_codec_io *io)
{
    struct fst_codec_io part = *io;
    part.in_n = z->block_left < io->in_n ? (size_t)z->block_left : io->in_n;
    size_t offered = part.in_n;
    FST_TRY(fst_lz4_run(&z->lz, &part));

    size_t used = offered - part.in_n, made = part.out_at - io->out_at;
    io->in += used;
    io->in_n -= used;
    io->out_at = part.out_at;
    z->block_left -= used;
    if (made > z->frame_left)
        return FST_EFORMAT;
    z->frame_left -= made;
    return FST_OK;
}

/* Hadoop frames its blocks and others do not, under the same codec number. A frame begins with a
 * length whose first byte is small; a bare block that begins so would copy from nothing. */
static enum fst_status hadoop_run(struct fst_inflate *z, struct fst_codec_io *io)
{
    if (!z->probed && io->in_n) {
        z->framed = io->in[0] < 0x10;
        z->probed = true;
    }
    if (!z->framed)
        return fst_lz4_run(&z->lz, io);

    for (;;) {
        if (z->block_left == 0 && z->lz.copy_left == 0 && !hadoop_header(z, io))
            return FST_OK;
        size_t in_n = io->in_n, out_at = io->out_at;
        FST_TRY(hadoop_block(z, io));
        if ((in_n == io->in_n && out_at == io->out_at) || io->out_at == io->out_cap)
            return FST_OK;
    }
}

/* ---- Libraries ------------------------------------------------------------------------------- */

enum { WINDOW_LOG_MAX = 25 }; /* 32 MB */

static bool zstd_start(struct fst_inflate *z)
{
    if (!z->zstd) {
        z->zstd = ZSTD_createDCtx();
        if (!z->zstd ||
            ZSTD_isError(ZSTD_DCtx_setParameter(z->zstd, ZSTD_d_windowLogMax, WINDOW_LOG_MAX)))
            return false;
    }
    return !ZSTD_isError(ZSTD_DCtx_reset(z->zstd, ZSTD_reset_session_only));
}

static enum fst_status zstd_run(struct fst_inflate *z, struct fst_codec_io *io)
{
    ZSTD_inBuffer in = {io->in, io->in_n, 0};
    ZSTD_outBuffer out = {io->out, io->out_cap, io->out_at};
    size_t left = ZSTD_decompressStream(z->zstd, &out, &in);
    io->in += in.pos;
    io->in_n -= in.pos;
    io->out_at = out.pos;
    if (!ZSTD_isError(left))
        return FST_OK;
    static const char window[] = "Frame requires too much memory for decoding";
    return fst_str_is(fst_str(ZSTD_getErrorName(left)), window) ? FST_ENOMEM : FST_EFORMAT;
}

static void zstd_stop(struct fst_inflate *z)
{
    ZSTD_freeDCtx(z->zstd);
}

static bool gzip_start(struct fst_inflate *z)
{
    if (z->gzip.state)
        return inflateReset(&z->gzip) == Z_OK;
    return inflateInit2(&z->gzip, 15 + 32) == Z_OK; /* zlib or gzip by their heads */
}

/* A page may be several gzip members one after the other. */
static enum fst_status gzip_run(struct fst_inflate *z, struct fst_codec_io *io)
{
    int status;
    do {
        z->gzip.next_in = (Bytef *)io->in;
        z->gzip.avail_in = (uInt)io->in_n;
        z->gzip.next_out = io->out + io->out_at;
        z->gzip.avail_out = (uInt)(io->out_cap - io->out_at);
        status = inflate(&z->gzip, Z_NO_FLUSH);
        io->in += io->in_n - z->gzip.avail_in;
        io->in_n = z->gzip.avail_in;
        io->out_at = io->out_cap - z->gzip.avail_out;
        if (status == Z_STREAM_END && inflateReset(&z->gzip) != Z_OK)
            return FST_EFORMAT;
    } while (status == Z_STREAM_END && io->in_n && io->out_at < io->out_cap);
    bool fine = status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR;
    return fine ? FST_OK : FST_EFORMAT;
}

static void gzip_stop(struct fst_inflate *z)
{
    inflateEnd(&z->gzip);
}

static void brotli_stop(struct fst_inflate *z)
{
    if (z->brotli)
        BrotliDecoderDestroyInstance(z->brotli);
}

static bool brotli_start(struct fst_inflate *z)
{
    brotli_stop(z);
    z->brotli = BrotliDecoderCreateInstance(NULL, NULL, NULL);
    return z->brotli;
}

static enum fst_status brotli_run(struct fst_inflate *z, struct fst_codec_io *io)
{
    size_t room = io->out_cap - io->out_at;
    uint8_t *out = io->out + io->out_at;
    BrotliDecoderResult result =
        BrotliDecoderDecompressStream(z->brotli, &io->in_n, &io->in, &room, &out, NULL);
    io->out_at = io->out_cap - room;
    return result == BROTLI_DECODER_RESULT_ERROR ? FST_EFORMAT : FST_OK;
}

/* ---- The table ------------------------------------------------------------------------------- */

enum { LZ4_HISTORY = 1 << 16, SNAPPY_HISTORY = 1 << 20 };

/* Snappy's compressors work in blocks of 64 KB, but its format has no limit: some room for others.
 */
static const struct row rows[FST_PARQUET_N_CODECS] = {
    [FST_PARQUET_PLAIN] = {"UNCOMPRESSED"},
    [FST_PARQUET_SNAPPY] = {"SNAPPY", SNAPPY_HISTORY, 0, lz_start, snappy_run},
    [FST_PARQUET_GZIP] = {"GZIP", 0, 32 << 10, gzip_start, gzip_run, gzip_stop},
    [FST_PARQUET_LZO] = {"LZO"},
    [FST_PARQUET_BROTLI] = {"BROTLI", 0, 32 << 10, brotli_start, brotli_run, brotli_stop},
    [FST_PARQUET_LZ4_HADOOP] = {"LZ4", LZ4_HISTORY, 0, lz_start, hadoop_run},
    [FST_PARQUET_ZSTD] = {"ZSTD", 0, 128 << 10, zstd_start, zstd_run, zstd_stop},
    [FST_PARQUET_LZ4] = {"LZ4_RAW", LZ4_HISTORY, 0, lz_start, lz4_run},
};

static const struct row *row_of(int64_t codec)
{
    return codec >= 0 && codec < (int64_t)FST_COUNT(rows) ? &rows[codec] : NULL;
}

const char *fst_codec_name(int64_t codec)
{
    const struct row *row = row_of(codec);
    return row ? row->name : NULL;
}

bool fst_codec_is_readable(int64_t codec)
{
    const struct row *row = row_of(codec);
    return row && (row->run || codec == FST_PARQUET_PLAIN);
}

size_t fst_codec_history(int64_t codec)
{
    return rows[codec].history;
}

size_t fst_codec_whole(int64_t codec)
{
    return rows[codec].whole;
}

struct fst_inflate *fst_inflate_new(int64_t codec)
{
    struct fst_inflate *z = fst_alloc(sizeof(*z));
    z->row = row_of(codec);
    if (!z->row->start(z))
        abort(); /* memory has ended */
    return z;
}

void fst_inflate_reset(struct fst_inflate *z)
{
    if (!z->row->start(z))
        abort();
}

size_t fst_inflate_held(const struct fst_inflate *z)
{
    enum { GZIP_BYTES = 48 << 10, BROTLI_BYTES = 16 << 20 };
    if (z->zstd)
        return ZSTD_sizeof_DCtx(z->zstd);
    return z->gzip.state ? GZIP_BYTES : z->brotli ? BROTLI_BYTES : 0;
}

void fst_inflate_free(struct fst_inflate *z)
{
    if (z && z->row->stop)
        z->row->stop(z);
    free(z);
}

enum fst_status fst_inflate_run(struct fst_inflate *z, struct fst_codec_io *io)
{
    return z->row->run(z, io);
}

/* ---- Compressing ----------------------------------------------------------------------------- */

struct fst_compressor {
    enum fst_codec codec;
    int level;
    ZSTD_CCtx *zstd;
};

struct fst_compressor *fst_compressor_new(enum fst_codec codec, int level)
{
    struct fst_compressor *z = fst_alloc(sizeof(*z));
    *z = (struct fst_compressor){.codec = codec, .level = level};
    if (codec == FST_CODEC_ZSTD)
        z->zstd = ZSTD_createCCtx();
    return z;
}

void fst_compressor_free(struct fst_compressor *z)
{
    if (z)
        ZSTD_freeCCtx(z->zstd);
    free(z);
}

static char *room_for(struct fst_buf *out, size_t n)
{
    size_t cap = out->cap;
    fst_grow(&out->p, &cap, out->n + n + 1, 1);
    out->cap = cap;
    return out->p + out->n;
}

static bool compress_zstd(struct fst_compressor *z, struct fst_buf *out, const void *p, size_t n)
{
    size_t bound = ZSTD_compressBound(n);
    if (!z->zstd)
        return false;
    size_t made =
        ZSTD_compressCCtx(z->zstd, room_for(out, bound), bound, p, n, z->level ? z->level : 1);
    if (ZSTD_isError(made))
        return false;
    out->n += made;
    return true;
}

static bool compress_gzip(const struct fst_compressor *c, struct fst_buf *out, const void *p,
                          size_t n)
{
    z_stream z = {0};
    int level = c->level ? c->level : Z_DEFAULT_COMPRESSION;
    if (deflateInit2(&z, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    uLong bound = deflateBound(&z, n);
    z.next_in = (Bytef *)p;
    z.avail_in = (uInt)n;
    z.next_out = (Bytef *)room_for(out, bound);
    z.avail_out = (uInt)bound;
    bool done = deflate(&z, Z_FINISH) == Z_STREAM_END;
    out->n += z.total_out;
    deflateEnd(&z);
    return done;
}

bool fst_compressor_run(struct fst_compressor *z, struct fst_buf *out, const void *p, size_t n)
{
    switch (z->codec) {
    case FST_CODEC_SNAPPY:
        fst_snappy_compress(out, p, n);
        return !out->over;
    case FST_CODEC_GZIP:
        return compress_gzip(z, out, p, n);
    case FST_CODEC_ZSTD:
        return compress_zstd(z, out, p, n);
    default:
        fst_buf_add(out, p, n);
        return true;
    }
}

enum fst_parquet_codec fst_codec_number(enum fst_codec codec)
{
    static const enum fst_parquet_codec numbers[] = {
        [FST_CODEC_NONE] = FST_PARQUET_PLAIN,
        [FST_CODEC_SNAPPY] = FST_PARQUET_SNAPPY,
        [FST_CODEC_GZIP] = FST_PARQUET_GZIP,
        [FST_CODEC_ZSTD] = FST_PARQUET_ZSTD,
    };
    return numbers[codec];
}

uint32_t fst_crc32(uint32_t crc, const void *p, size_t n)
{
    for (size_t at = 0; at < n;) { /* the library counts in 32 bits */
        size_t part = n - at < 1u << 30 ? n - at : 1u << 30;
        crc = (uint32_t)crc32(crc, (const Bytef *)p + at, (uInt)part);
        at += part;
    }
    return crc;
}
