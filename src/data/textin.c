/* textin: see the header. The buffer is refilled in place; looking ahead moves what is left of it
 * to the front. */
#include "textin.h"

#include <stdlib.h>
#include <string.h>

enum { AHEAD_BYTES = 16 };

static enum fst_status read_more(struct fst_textin *in, void *into, size_t n, size_t *got)
{
    if (in->unpack)
        return fst_unpack_read(in->unpack, into, n, got, &in->err);
    struct fst_range range = {.offset = in->offset, .into = into, .len = n};
    enum fst_status status = in->bytes->ops->read(in->bytes, &range, 1, &in->err);
    *got = status == FST_OK ? range.got : 0;
    return status;
}

/* Bytes that are not yet read go to the front of the buffer, more are put behind them. */
static void refill(struct fst_textin *in)
{
    size_t left = in->n - in->at;
    memmove(in->buf, in->buf + in->at, left);
    in->at = 0;
    in->n = left;

    if (in->cancelled && in->cancelled(in->cancel_arg)) {
        in->status = fst_fail(&in->err, FST_ECANCELLED, "%s: cancelled", in->bytes->name);
        return;
    }
    size_t got = 0;
    in->status = read_more(in, in->buf + left, FST_TEXTIN_BYTES - left, &got);
    in->n += got;
    in->offset += got;
}

bool fst_textin_fill(struct fst_textin *in)
{
    if (in->at == in->n && in->status == FST_OK)
        refill(in);
    in->ended = in->at == in->n;
    return !in->ended;
}

bool fst_textin_take(struct fst_textin *in, const char *text, size_t n)
{
    if (in->n - in->at < AHEAD_BYTES && in->status == FST_OK)
        refill(in);
    if (in->n - in->at < n || memcmp(in->buf + in->at, text, n) != 0)
        return false;
    in->at += n;
    return true;
}

enum fst_status fst_textin_status(const struct fst_textin *in, struct fst_error *err)
{
    if (!in->ended || in->status == FST_OK)
        return FST_OK;
    if (err)
        *err = in->err;
    return in->status;
}

enum fst_status fst_textin_rewind(struct fst_textin *in, struct fst_error *err)
{
    in->at = in->n = 0;
    in->offset = 0;
    in->line = 1;
    in->after_cr = in->ended = false;
    in->status = FST_OK;
    if (in->unpack) {
        fst_unpack_free(in->unpack);
        in->unpack = fst_unpack_new(in->bytes, in->packing);
    }
    fst_textin_take(in, "\xEF\xBB\xBF", 3);
    FST_TRY(fst_textin_status(in, err));
    if (fst_textin_take(in, "\xFF\xFE", 2) || fst_textin_take(in, "\xFE\xFF", 2))
        return fst_fail(err, FST_EUNSUPPORTED, "%s: UTF-16 text is not read; convert it to UTF-8",
                        in->bytes->name);
    return FST_OK;
}

/* The bytes tell; a name that says otherwise is most likely a file that was damaged. */
static enum fst_status find_packing(struct fst_textin *in, struct fst_error *err)
{
    uint8_t head[AHEAD_BYTES];
    size_t n_name;
    const char *said = NULL, *is = NULL, *name = in->bytes->name;
    struct fst_range range = {.into = head, .len = sizeof(head)};
    FST_TRY(in->bytes->ops->read(in->bytes, &range, 1, err));
    enum fst_packing by_name = fst_packing_named(name, &n_name, &said);
    in->packing = range.got ? fst_packing_of(head, range.got, &is) : FST_PACKED_NOT;
    if (in->packing == FST_PACKED_OTHER || (by_name == FST_PACKED_OTHER && !in->packing))
        return fst_fail(err, FST_EUNSUPPORTED,
                        "%s: %s is not unpacked here (gzip and zstd are); unpack it first", name,
                        in->packing ? is : said);
    if (by_name && !in->packing && range.got)
        return fst_fail(err, FST_EFORMAT, "%s: it is no %s data, as its name says", name, said);
    if (in->packing)
        in->unpack = fst_unpack_new(in->bytes, in->packing);
    return FST_OK;
}

enum fst_status fst_textin_open(struct fst_textin *in, struct fst_bytes *bytes,
                                struct fst_error *err)
{
    *in = (struct fst_textin){.bytes = bytes, .buf = fst_alloc(FST_TEXTIN_BYTES)};
    enum fst_status status = find_packing(in, err);
    if (status == FST_OK)
        status = fst_textin_rewind(in, err);
    if (status != FST_OK)
        fst_textin_close(in);
    return status;
}

void fst_textin_close(struct fst_textin *in)
{
    fst_unpack_free(in->unpack);
    fst_bytes_close(in->bytes);
    free(in->buf);
    memset(in, 0, sizeof(*in));
}
