/* textin: see the header. The buffer is refilled in place; looking ahead moves what is left of it
 * to the front. */
#include "textin.h"

#include <stdlib.h>
#include <string.h>

enum { AHEAD_BYTES = 16 };

static enum fst_status read_raw(struct fst_textin *in, void *into, size_t n, size_t *got)
{
    if (in->unpack)
        return fst_unpack_read(in->unpack, into, n, got, &in->err);
    struct fst_range range = {.offset = in->raw, .into = into, .len = n};
    enum fst_status status = in->bytes->ops->read(in->bytes, &range, 1, &in->err);
    *got = status == FST_OK ? range.got : 0;
    in->raw += *got;
    return status;
}

/* Latin-1 takes up to twice as much as UTF-8: it is read into the second half. */
static enum fst_status read_more(struct fst_textin *in, uint8_t *into, size_t n, size_t *got)
{
    if (!in->latin1)
        return read_raw(in, into, n, got);
    size_t half = n / 2, made = 0, raw;
    const uint8_t *from = into + (n - half);
    enum fst_status status = read_raw(in, into + (n - half), half, &raw);
    for (size_t i = 0; i < raw; i++) {
        uint8_t c = from[i];
        if (c >= 0x80)
            into[made++] = (uint8_t)(0xC0 | c >> 6);
        into[made++] = c >= 0x80 ? (uint8_t)(0x80 | (c & 0x3F)) : c;
    }
    *got = made;
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

/* ---- The end of a file ----------------------------------------------------------------------- */

/* A look from the end: at the bytes of [from, from + n), last first. */
struct backwards {
    uint64_t wanted, place; /* lines still to find; where the last one found begins */
    bool has_text;          /* of the line that is looked at */
};

static bool look_back(struct backwards *b, const uint8_t *p, uint64_t from, size_t n)
{
    for (size_t i = n; i-- > 0;) {
        if (p[i] != '\n' && p[i] != '\r') {
            b->has_text |= p[i] > ' ';
            continue;
        }
        if (b->has_text && --b->wanted == 0) {
            b->place = from + i + 1;
            return true;
        }
        b->has_text = false;
    }
    return false;
}

bool fst_textin_seek_last(struct fst_textin *in, uint64_t n)
{
    uint64_t first = in->offset - (in->n - in->at), end = in->bytes->size;
    struct backwards b = {.wanted = n, .place = first};
    if (in->unpack || in->latin1 || !n || end <= first)
        return false;
    uint8_t *piece = fst_alloc(FST_TEXTIN_BYTES);
    bool found = false;
    for (size_t size = AHEAD_BYTES << 8; !found && end > first; size = FST_TEXTIN_BYTES) {
        size = end - first < size ? (size_t)(end - first) : size;
        struct fst_range range = {.offset = end - size, .len = size, .into = piece};
        bool stops = in->cancelled && in->cancelled(in->cancel_arg);
        if (stops || in->bytes->ops->read(in->bytes, &range, 1, NULL) != FST_OK ||
            range.got != size)
            break; /* whoever reads on will meet it again */
        found = look_back(&b, piece, end - size, size);
        end -= size;
    }
    free(piece);
    if (!found)
        return false;
    in->at = in->n = 0;
    in->offset = in->raw = in->line_from = b.place;
    in->line = 1;
    in->after_cr = in->ended = false;
    return true;
}

const char *fst_textin_line(const struct fst_textin *in, uint64_t line, char out[64])
{
    if (in->line_from)
        snprintf(out, 64, "%llu lines after byte %llu", (unsigned long long)line,
                 (unsigned long long)in->line_from);
    else
        snprintf(out, 64, "%llu", (unsigned long long)line);
    return out;
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
    in->offset = in->raw = in->line_from = 0;
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
