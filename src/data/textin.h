/* textin: the bytes of a text file one by one, with lines counted, read in pieces.
 *
 * CR, LF and CR LF all come as one '\n'. A byte order mark is skipped; UTF-16 is refused. Packed
 * files (gzip, zstd; by their bytes) are unpacked on the way. */
#ifndef FIRESTEEL_DATA_TEXTIN_H
#define FIRESTEEL_DATA_TEXTIN_H

#include "firesteel/data.h"
#include "unpack.h"

enum { FST_TEXTIN_BYTES = 1 << 18, FST_TEXTIN_END = -1 };

struct fst_textin {
    struct fst_bytes *bytes; /* owned */
    enum fst_packing packing;
    struct fst_unpack *unpack; /* NULL = the bytes are the text */
    bool latin1;               /* to be made UTF-8 */
    uint64_t raw;              /* in the file, of what was read of it */
    uint8_t *buf;
    size_t at, n;
    uint64_t offset; /* in the text, of the end of `buf` */
    uint64_t line;   /* of the next byte, from 1 */
    bool after_cr;
    uint64_t line_from;     /* the byte of the file where line 1 begins */
    bool ended;             /* the end was seen */
    enum fst_status status; /* what ended it, when it was not the end of the file */
    struct fst_error err;
    bool (*cancelled)(void *); /* asked at each piece */
    void *cancel_arg;
};

/* Takes the bytes, also on failure. */
enum fst_status fst_textin_open(struct fst_textin *in, struct fst_bytes *bytes,
                                struct fst_error *err);
enum fst_status fst_textin_rewind(struct fst_textin *in, struct fst_error *err);
void fst_textin_close(struct fst_textin *in);
/* Read on when the buffer is used up; false at the end. */
bool fst_textin_fill(struct fst_textin *in);
/* Go to where the last `n` lines begin that are not blank, not before the present place. Only of
 * files that are not packed: false when it stays where it is. Lines are counted from there then. */
bool fst_textin_seek_last(struct fst_textin *in, uint64_t n);
/* "12", or where it is counted from as well. */
const char *fst_textin_line(const struct fst_textin *in, uint64_t line, char out[64]);
/* Do the next bytes spell `text` (at most 16)? They are consumed when they do. */
bool fst_textin_take(struct fst_textin *in, const char *text, size_t n);
/* Say what stopped the reading, once all before it was taken; FST_OK at a plain end. */
enum fst_status fst_textin_status(const struct fst_textin *in, struct fst_error *err);

static inline int fst_textin_next(struct fst_textin *in)
{
    for (;;) {
        if (in->at == in->n && !fst_textin_fill(in))
            return FST_TEXTIN_END;
        int c = in->buf[in->at++];
        bool is_second_half = in->after_cr && c == '\n';
        in->after_cr = c == '\r';
        if (is_second_half)
            continue;
        if (c == '\r' || c == '\n') {
            in->line++;
            return '\n';
        }
        return c;
    }
}

#endif
