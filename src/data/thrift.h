/* thrift: the compact protocol, read by tables of wanted fields and written field by field.
 *
 * A structure that is wanted has a shape: rows of (field id, kind, place). Fields without a row,
 * or with a wire type that does not fit their row, are skipped, so newer files stay readable.
 * Nothing is copied: byte strings and lists are places in the buffer. Reading off the end sets
 * `cut` (more bytes may help) and anything malformed sets `bad`; both end the reading. */
#ifndef FIRESTEEL_DATA_THRIFT_H
#define FIRESTEEL_DATA_THRIFT_H

#include "firesteel/base.h"

enum fst_thrift_type {
    FST_THRIFT_STOP,
    FST_THRIFT_TRUE,
    FST_THRIFT_FALSE,
    FST_THRIFT_BYTE,
    FST_THRIFT_I16,
    FST_THRIFT_I32,
    FST_THRIFT_I64,
    FST_THRIFT_DOUBLE,
    FST_THRIFT_BINARY,
    FST_THRIFT_LIST,
    FST_THRIFT_SET,
    FST_THRIFT_MAP,
    FST_THRIFT_STRUCT,
    FST_THRIFT_UUID,
};

struct fst_thrift {
    const uint8_t *p;
    size_t n, at;
    bool bad, cut;
};

/* A list whose items begin at `at`; every item takes at least one byte, so `n` is bounded. */
struct fst_thrift_list {
    size_t at, n;
    enum fst_thrift_type type;
};

enum fst_thrift_kind {
    FST_THRIFT_INT,     /* int64_t: integers of any width and booleans */
    FST_THRIFT_INT32,   /* the same, but an i32 only: another type is damage */
    FST_THRIFT_BYTES,   /* struct fst_str; p is not NULL when present */
    FST_THRIFT_INNER,   /* a structure with a shape of its own */
    FST_THRIFT_ITEMS,   /* struct fst_thrift_list */
    FST_THRIFT_PRESENT, /* int64_t set to 1 by any structure (members of unions); with a shape, the
                           place is a structure that begins with it */
};
struct fst_thrift_slot {
    int16_t id;
    enum fst_thrift_kind kind;
    size_t offset;
    const struct fst_thrift_shape *inner;
};
struct fst_thrift_shape {
    const struct fst_thrift_slot *slots;
    size_t n;
};

/* Fill what the shape names in `*out` and leave the rest as it is; false when bad or cut. */
bool fst_thrift_read(struct fst_thrift *t, const struct fst_thrift_shape *shape, void *out);
bool fst_thrift_skip(struct fst_thrift *t, enum fst_thrift_type type);
uint64_t fst_thrift_varint(struct fst_thrift *t);
int64_t fst_thrift_zigzag(struct fst_thrift *t);
struct fst_str fst_thrift_bytes(struct fst_thrift *t);
struct fst_thrift_list fst_thrift_list(struct fst_thrift *t); /* the header only */
/* A reader at the first item of a list that was read from `t`. */
struct fst_thrift fst_thrift_at(const struct fst_thrift *t, struct fst_thrift_list list);

/* Writing: field ids ascend within a structure. */
struct fst_thrift_out {
    struct fst_buf *buf;
    int16_t last[16]; /* id of the field before, by depth */
    size_t depth;
};
void fst_thrift_put_int(struct fst_thrift_out *o, int16_t id, enum fst_thrift_type type, int64_t v);
void fst_thrift_put_bool(struct fst_thrift_out *o, int16_t id, bool v);
void fst_thrift_put_bytes(struct fst_thrift_out *o, int16_t id, const void *p, size_t n);
void fst_thrift_put_text(struct fst_thrift_out *o, int16_t id, const char *text);
void fst_thrift_open(struct fst_thrift_out *o, int16_t id); /* a structure in a field */
void fst_thrift_open_item(struct fst_thrift_out *o);        /* a structure in a list, or the root */
void fst_thrift_close(struct fst_thrift_out *o);
void fst_thrift_put_list(struct fst_thrift_out *o, int16_t id, enum fst_thrift_type type, size_t n);
void fst_thrift_item_int(struct fst_thrift_out *o, int64_t v);
void fst_thrift_item_bytes(struct fst_thrift_out *o, const void *p, size_t n);
void fst_thrift_item_bool(struct fst_thrift_out *o, bool v); /* in a list of FST_THRIFT_TRUE */
void fst_thrift_item_text(struct fst_thrift_out *o, const char *text);

#endif
