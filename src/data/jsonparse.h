/* jsonparse: one JSON text as a tree, as forgiving as the options say. */
#ifndef FIRESTEEL_DATA_JSONPARSE_H
#define FIRESTEEL_DATA_JSONPARSE_H

#include "jsonoptions.h"

/* The first value in the text; what follows it is left alone, as in Spark. Lists and maps carry
 * their own text, so that they can be shown as they were written; NaN and infinities without quotes
 * are strings that are marked `quoted`. NULL, or what is wrong (static). */
const char *fst_json_record(struct fst_arena *arena, const struct fst_json_options *options,
                            const char *p, size_t n, struct fst_doc **out);

/* Append a value to a column, NULL when it is not of the type: false then, also for one inside. */
bool fst_json_append(struct fst_builder *b, size_t col, const struct fst_type *type,
                     const struct fst_doc *d);

#endif
