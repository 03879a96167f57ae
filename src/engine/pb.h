/* Protocol buffers by hand: a writer into a buffer, and a reader that pulls one field after
 * another.
 *
 * Spark Connect needs some forty messages of hundreds; written by number they are shorter than
 * generated code and live with every version of the server, because unknown fields are skipped. */
#ifndef ENGINE_PB_H
#define ENGINE_PB_H

#include "firesteel/base.h"

/* ---- Writing ---- */
void pb_uint(struct fst_buf *b, uint32_t field, uint64_t v); /* varint; int32 and bool too */
void pb_bytes(struct fst_buf *b, uint32_t field, const void *p, size_t n);
void pb_text(struct fst_buf *b, uint32_t field, const char *text); /* NULL writes nothing */
/* A message inside: everything written between open and close. Opens nest. */
size_t pb_open(struct fst_buf *b, uint32_t field);
void pb_close(struct fst_buf *b, size_t mark);
void pb_empty(struct fst_buf *b, uint32_t field); /* present, with nothing in it */
/* An entry of a map of texts. */
void pb_entry(struct fst_buf *b, uint32_t field, const char *key, const char *value);

/* ---- Reading ---- */
struct pb {
    const unsigned char *p, *end;
    bool bad; /* malformed: what was read before holds, the rest does not */
};
struct pb_field {
    uint32_t number;
    int wire;               /* 0 varint, 1 eight bytes, 2 bytes, 5 four bytes */
    uint64_t v;             /* wire 0, 1, 5 */
    const unsigned char *p; /* wire 2 */
    size_t n;
};
struct pb pb_reader(const void *p, size_t n);
struct pb pb_inside(const struct pb_field *f);    /* a reader of a message field */
bool pb_next(struct pb *r, struct pb_field *out); /* false at the end and when bad */
/* The last field with this number, as messages are merged; false when it is not there. */
bool pb_find(struct pb r, uint32_t number, struct pb_field *out);
char *pb_strdup(const struct pb_field *f); /* owned, cut at a NUL inside */

#endif
