/* textin: see the header. The buffer is refilled in place; looking ahead moves what is left of it
 * to the front. */
#include "textin.h"

#include <stdlib.h>
#include <string.h>

enum { AHEAD_BYTES = 16 };

/* Bytes that are not yet read go to the front of the buffer, more are put behind them. */
static void refill(struct fst_textin *in)
{
    size_t left = in->n - in->at;
    memmove(in->buf, in->buf + in->at, left);
    in->at = 0;
    in->n = left;

    struct fst_range range = {
        .offset = in->offset, .into = in->buf + left, .len = FST_TEXTIN_BYTES - left};
    in->status = in->bytes->ops->read(in->bytes, &range, 1, &in->err);
    if (in->status != FST_OK)
        return;
    in->n += range.got;
    in->offset += range.got;
}

bool fst_textin_fill(struct fst_textin *in)
{
    if (in->at == in->n && in->status == FST_OK)
        refill(in);
    return in->at < in->n;
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
    if (in->status != FST_OK && err)
        *err = in->err;
    return in->status;
}

enum fst_status fst_textin_rewind(struct fst_textin *in, struct fst_error *err)
{
    in->at = in->n = 0;
    in->offset = 0;
    in->line = 1;
    in->after_cr = false;
    in->status = FST_OK;
    fst_textin_take(in, "\xEF\xBB\xBF", 3);
    FST_TRY(fst_textin_status(in, err));
    if (fst_textin_take(in, "\xFF\xFE", 2) || fst_textin_take(in, "\xFE\xFF", 2))
        return fst_fail(err, FST_EUNSUPPORTED, "%s: UTF-16 text is not read; convert it to UTF-8",
                        in->bytes->name);
    return FST_OK;
}

enum fst_status fst_textin_open(struct fst_textin *in, struct fst_bytes *bytes,
                                struct fst_error *err)
{
    *in = (struct fst_textin){.bytes = bytes, .buf = fst_alloc(FST_TEXTIN_BYTES)};
    enum fst_status status = fst_textin_rewind(in, err);
    if (status != FST_OK)
        fst_textin_close(in);
    return status;
}

void fst_textin_close(struct fst_textin *in)
{
    fst_bytes_close(in->bytes);
    free(in->buf);
    memset(in, 0, sizeof(*in));
}
