/* variant: the binary form of a value of any type, as JSON.
 *
 * A variant is two pieces of bytes: metadata, which is the dictionary of the names of fields, and a
 * value. Numbers are exact, binary is base64, times are ISO 8601 text: as fst_cell_json does it.
 *
 * Nothing is copied, every offset is checked, and children may not overlap: so the work is bounded
 * by the bytes times the depth, whatever they say. What is returned as text is what is wrong. */
#ifndef FIRESTEEL_DATA_VARIANT_H
#define FIRESTEEL_DATA_VARIANT_H

#include "firesteel/data.h"

enum { FST_VARIANT_DEPTH = 128 };

/* The dictionary of names. */
struct fst_variant_names {
    const uint8_t *offsets, *text;
    unsigned width; /* of an offset */
    size_t n, text_n;
};
const char *fst_variant_names(struct fst_str metadata, struct fst_variant_names *out);

/* The fields of an object, in the order of their names. */
struct fst_variant_object {
    const struct fst_variant_names *names;
    const uint8_t *ids, *offsets, *values;
    unsigned id_width, offset_width;
    size_t n, values_n;
};
bool fst_variant_is_object(struct fst_str value);
const char *fst_variant_object(const struct fst_variant_names *names, struct fst_str value,
                               struct fst_variant_object *out);
const char *fst_variant_field(const struct fst_variant_object *o, size_t i, struct fst_str *name,
                              struct fst_str *value);

/* Append a value as JSON; `depth` is how deep it lies already. NULL, or what is wrong. */
const char *fst_variant_json(struct fst_buf *out, const struct fst_variant_names *names,
                             struct fst_str value, unsigned depth);

/* 8-4-4-4-12 digits of sixteen bytes. */
void fst_uuid_text(const uint8_t *p, char out[36]);

#endif
