/* Inside of base: what the JSON and the YAML parser share. */
#ifndef FIRESTEEL_BASE_DOC_H
#define FIRESTEEL_BASE_DOC_H

#include "firesteel/base.h"

/* A parse: limits counted down, and where errors go. */
struct fst_doc_parse {
    struct fst_arena *arena;
    const char *name;
    size_t nodes_left, depth_left;
    struct fst_error *err;
};
enum fst_status fst__doc_begin(struct fst_doc_parse *s, struct fst_arena *arena, const char *name,
                               size_t n, const struct fst_doc_limits *limits,
                               struct fst_error *err);
/* "<name>:L:C: text" as FST_EFORMAT */
enum fst_status fst__doc_fail(struct fst_doc_parse *s, uint32_t line, uint32_t col, const char *fmt,
                              ...) FST_PRINTF(4, 5);
enum fst_status fst__doc_count(struct fst_doc_parse *s, uint32_t line, uint32_t col, size_t nodes);
/* Move `n` children (heap) into the arena under `parent`; refuses duplicate keys of maps. */
enum fst_status fst__doc_adopt(struct fst_doc_parse *s, struct fst_doc *parent,
                               const struct fst_doc *children, size_t n);

#endif
