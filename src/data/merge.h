/* merge: one type from two, by the rules of Spark's option mergeSchema. */
#ifndef FIRESTEEL_DATA_MERGE_H
#define FIRESTEEL_DATA_MERGE_H

#include "firesteel/data.h"

/* The type that holds both; new memory is of the arena. False when Spark would refuse: types must
 * be equal, but for digits of a decimal and fields of structs; with `widen` as JSON's are. */
bool fst_merge_types(struct fst_arena *arena, const struct fst_type *a, const struct fst_type *b,
                     bool widen, struct fst_type *out);

/* Columns of many files, in the order in which they were first seen. */
struct fst_merged {
    struct fst_arena *arena;
    struct fst_field *fields;
    const char **from; /* the file that first had it */
    size_t n, cap, from_cap;
    struct fst_map *by_name; /* in lower case, unless `widen` */
    bool widen;
};
/* FST_EFORMAT names the column, both types and both files. */
enum fst_status fst_merge_schema(struct fst_merged *m, const struct fst_schema *schema,
                                 const char *file, struct fst_error *err);
void fst_merged_done(struct fst_merged *m);

#endif
