/* unpack: see the header. Damage is told with its place in the file, and what came out before it is
 * given first: a download that was cut still shows its rows. */
#include "unpack.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>
#include <zstd.h>

enum { INPUT_BYTES = 1 << 16, WINDOW_LOG_MAX = 24 };

struct fst_unpack {
    struct fst_bytes *bytes;
    enum fst_packing packing;
    uint8_t *input;
    size_t at, n;
    uint64_t offset; /* in the file, of the end of the input */
    uint64_t made;
    bool is_inside; /* a member or frame has begun and not ended */
    bool is_full;   /* there was no room for all that the input gives */
    bool ended;
    z_stream gzip;
    ZSTD_DCtx *zstd;
};

/* ---- How it is packed ------------------------------------------------------------------------ */

static const struct way {
    const char *name, *magic, *extension;
    enum fst_packing packing;
} ways[] = {
    {"gzip", "\x1F\x8B\x08", ".gz", FST_PACKED_GZIP},
    {"zstd", "\x28\xB5\x2F\xFD", ".zst", FST_PACKED_ZSTD},
    {"zstd", "\x28\xB5\x2F\xFD", ".zstd", FST_PACKED_ZSTD},
    {"bzip2", "BZh", ".bz2", FST_PACKED_OTHER},
    {"xz", "\xFD\x37zXZ", ".xz", FST_PACKED_OTHER},
    {"lz4", "\x04\x22\x4D\x18", ".lz4", FST_PACKED_OTHER},
    {"deflate", NULL, ".deflate", FST_PACKED_OTHER},
    {"snappy", NULL, ".snappy", FST_PACKED_OTHER},
};

/* "BZh" may begin a text: bzip2 goes on with a digit and the digits of pi. */
static bool has_magic(const struct way *way, const uint8_t *p, size_t n)
{
    size_t len = way->magic ? strlen(way->magic) : 0;
    if (!len || n < len || memcmp(p, way->magic, len) != 0)
        return false;
    return strcmp(way->name, "bzip2") != 0 || (n >= 6 && memcmp(p + 4, "\x31\x41", 2) == 0);
}

/* A zstd file may begin with a frame that is to be skipped. */
static bool is_skippable(const uint8_t *p, size_t n)
{
    return n >= 4 && (p[0] & 0xF0) == 0x50 && memcmp(p + 1, "\x2A\x4D\x18", 3) == 0;
}

enum fst_packing fst_packing_of(const void *head, size_t n, const char **name)
{
    for (size_t i = 0; i < FST_COUNT(ways); i++)
        if (has_magic(&ways[i], head, n)) {
            *name = ways[i].name;
            return ways[i].packing;
        }
    *name = "zstd";
    return is_skippable(head, n) ? FST_PACKED_ZSTD : FST_PACKED_NOT;
}

enum fst_packing fst_packing_named(const char *path, size_t *n, const char **name)
{
    size_t len = strlen(path);
    for (size_t i = 0; i < FST_COUNT(ways); i++) {
        size_t n_ext = strlen(ways[i].extension);
        if (len <= n_ext || strcasecmp(path + len - n_ext, ways[i].extension) != 0)
            continue;
        *n = len - n_ext;
        *name = ways[i].name;
        return ways[i].packing;
    }
    *n = len;
    return FST_PACKED_NOT;
}

/* ---- Libraries ------------------------------------------------------------------------------- */

static bool start(struct fst_unpack *u)
{
    if (u->packing == FST_PACKED_GZIP)
        return inflateInit2(&u->gzip, 15 + 16) == Z_OK;
    u->zstd = ZSTD_createDCtx();
    return u->zstd &&
           !ZSTD_isError(ZSTD_DCtx_setParameter(u->zstd, ZSTD_d_windowLogMax, WINDOW_LOG_MAX));
}

/* Go on as far as input and room allow; NULL or what is wrong. */
static const char *run_gzip(struct fst_unpack *u, uint8_t *out, size_t room, size_t *made)
{
    u->gzip.next_in = u->input + u->at;
    u->gzip.avail_in = (uInt)(u->n - u->at);
    u->gzip.next_out = out;
    u->gzip.avail_out = (uInt)room;
    int status = inflate(&u->gzip, Z_NO_FLUSH);
    u->at = u->n - u->gzip.avail_in;
    *made = room - u->gzip.avail_out;
    u->is_inside = status != Z_STREAM_END;
    if (status == Z_STREAM_END)
        inflateReset(&u->gzip);
    bool fine = status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR;
    return fine ? NULL : u->gzip.msg ? u->gzip.msg : "not gzip";
}

static const char *run_zstd(struct fst_unpack *u, uint8_t *out, size_t room, size_t *made)
{
    ZSTD_inBuffer in = {u->input, u->n, u->at};
    ZSTD_outBuffer to = {out, room, 0};
    size_t left = ZSTD_decompressStream(u->zstd, &to, &in);
    u->at = in.pos;
    *made = to.pos;
    u->is_inside = left != 0;
    return ZSTD_isError(left) ? ZSTD_getErrorName(left) : NULL;
}

static const char *run(struct fst_unpack *u, uint8_t *out, size_t room, size_t *made)
{
    return u->packing == FST_PACKED_GZIP ? run_gzip(u, out, room, made)
                                         : run_zstd(u, out, room, made);
}

/* ---- The stream ------------------------------------------------------------------------------ */

struct fst_unpack *fst_unpack_new(struct fst_bytes *bytes, enum fst_packing packing)
{
    struct fst_unpack *u = fst_alloc(sizeof(*u));
    u->bytes = bytes;
    u->packing = packing;
    if (!start(u))
        abort(); /* memory has ended */
    u->input = fst_alloc(INPUT_BYTES);
    return u;
}

void fst_unpack_free(struct fst_unpack *u)
{
    if (!u)
        return;
    if (u->packing == FST_PACKED_GZIP)
        inflateEnd(&u->gzip);
    ZSTD_freeDCtx(u->zstd);
    free(u->input);
    free(u);
}

static const char *way_name(const struct fst_unpack *u)
{
    return u->packing == FST_PACKED_GZIP ? "gzip" : "zstd";
}

static enum fst_status damaged(const struct fst_unpack *u, const char *why, struct fst_error *err)
{
    bool window = strstr(why, "requires too much memory") != NULL;
    if (window)
        return fst_fail(err, FST_ENOMEM,
                        "%s: its zstd window is larger than %d MB; pack it without --long and "
                        "--ultra",
                        u->bytes->name, 1 << (WINDOW_LOG_MAX - 20));
    return fst_fail(err, FST_EFORMAT,
                    "%s: damaged %s data before byte %llu of the file, after %llu bytes of text: "
                    "%s",
                    u->bytes->name, way_name(u), (unsigned long long)(u->offset - (u->n - u->at)),
                    (unsigned long long)u->made, why);
}

static enum fst_status more_input(struct fst_unpack *u, struct fst_error *err)
{
    struct fst_range range = {.offset = u->offset, .into = u->input, .len = INPUT_BYTES};
    FST_TRY(u->bytes->ops->read(u->bytes, &range, 1, err));
    u->at = 0;
    u->n = range.got;
    u->offset += range.got;
    u->ended = !range.got;
    if (u->ended && u->is_inside)
        return fst_fail(err, FST_EFORMAT,
                        "%s: the %s data is cut off at byte %llu, after %llu bytes of text",
                        u->bytes->name, way_name(u), (unsigned long long)u->offset,
                        (unsigned long long)u->made);
    return FST_OK;
}

enum fst_status fst_unpack_read(struct fst_unpack *u, void *into, size_t n, size_t *got,
                                struct fst_error *err)
{
    uint8_t *out = into;
    for (*got = 0; *got < n && !u->ended;) {
        if (u->at == u->n && !u->is_full) {
            FST_TRY(more_input(u, err));
            continue;
        }
        size_t made = 0, before = u->at;
        const char *wrong = run(u, out + *got, n - *got, &made);
        *got += made;
        u->made += made;
        if (wrong)
            return damaged(u, wrong, err);
        u->is_full = u->is_inside && *got == n;
        if (!made && u->at == before && u->at < u->n)
            return damaged(u, "it does not go on", err);
    }
    return FST_OK;
}

size_t fst_unpack_head(const void *head, size_t n, void *into, size_t into_n)
{
    const char *name;
    size_t got = 0;
    enum fst_packing packing = fst_packing_of(head, n, &name);
    if (packing != FST_PACKED_GZIP && packing != FST_PACKED_ZSTD)
        return 0;
    struct fst_bytes *bytes = fst_bytes_of_memory("head", head, n);
    struct fst_unpack *u = fst_unpack_new(bytes, packing);
    fst_unpack_read(u, into, into_n, &got, NULL); /* a head is always cut off */
    fst_unpack_free(u);
    fst_bytes_close(bytes);
    return got;
}
