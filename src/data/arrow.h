/* arrow: what the files that decode Arrow streams share. */
#ifndef FIRESTEEL_DATA_ARROW_H
#define FIRESTEEL_DATA_ARROW_H

#include "firesteel/data.h"
#include "flatbuf.h"

/* How the buffers of a field lie, which is fewer ways than there are types. */
enum fst_arrow_layout {
    FST_ARROW_VOID,        /* no buffers */
    FST_ARROW_BITS,        /* validity, bits */
    FST_ARROW_FIXED,       /* validity, values of `width` bytes */
    FST_ARROW_BYTES,       /* validity, offsets of `width` bytes, data */
    FST_ARROW_FIXED_BYTES, /* validity, data of `width` bytes a value */
    FST_ARROW_LIST,        /* validity, offsets of `width` bytes; one child */
    FST_ARROW_FIXED_LIST,  /* validity; one child, `width` items a value */
    FST_ARROW_STRUCT,      /* validity; children */
};

struct fst_arrow_field;
/* Turn one stored value into what a frame holds; false when it is out of range. */
typedef bool fst_arrow_load(const struct fst_arrow_field *f, const uint8_t *p, void *out);

struct fst_arrow_field {
    const char *name;
    bool nullable;
    struct fst_type type; /* Spark's */
    enum fst_arrow_layout layout;
    size_t width;
    fst_arrow_load *load;  /* FIXED: NULL = the bytes as they are */
    int64_t scale, divide; /* units of time to microseconds */
    bool is_signed;
    bool is_calendar_interval; /* FIXED, becomes text */
    bool is_variant;           /* STRUCT, becomes text */
    struct fst_arrow_field *children;
    size_t n_children;
};

/* The fields of a schema message; everything lives in `arena`. */
enum fst_status fst_arrow_schema(struct fst_fb *b, struct fst_fb_table schema,
                                 struct fst_arena *arena, struct fst_arrow_field **fields,
                                 size_t *n, struct fst_error *err);
/* The frame of a record batch message; `budget` is how many bytes may still be spent. */
enum fst_status fst_arrow_batch(struct fst_fb *b, struct fst_fb_table batch, struct fst_str body,
                                const struct fst_arrow_field *fields, size_t n_fields,
                                size_t *budget, struct fst_frame **out, struct fst_error *err);
/* A struct that is a variant becomes its text; one that is damaged makes its column unreadable. */
enum fst_status fst_arrow_variants(const struct fst_arrow_field *f, struct fst_column *c,
                                   struct fst_arena *arena, size_t *budget, struct fst_error *err);
struct fst_schema *fst_arrow_spark_schema(const struct fst_arrow_field *fields, size_t n);

#endif
