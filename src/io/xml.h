/* The XML that S3 and STS answer with: elements and their text. */
#ifndef FIRESTEEL_IO_XML_H
#define FIRESTEEL_IO_XML_H

#include "firesteel/io.h"

/* An element. Attributes, comments and instructions are passed over; text between children is
 * dropped. */
struct xml {
    const char *name; /* without its prefix */
    const char *text; /* of a leaf, decoded; "" where there is none */
    struct xml *child, *next;
};
/* The root of a document, in `a`. FST_EFORMAT for what is not well formed or nested over 32 deep,
 * FST_ENOMEM over a million elements. Entities of one's own (DOCTYPE) are refused. */
enum fst_status xml_parse(struct fst_arena *a, const char *p, size_t n, struct xml **out,
                          struct fst_error *err);
const struct xml *xml_get(const struct xml *x, const char *name); /* x may be NULL */
const char *xml_text(const struct xml *x, const char *name);      /* of a child, or NULL */
/* The first element of that name, however deep. */
const struct xml *xml_find(const struct xml *x, const char *name);

#endif
