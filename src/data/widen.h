/* widen: a column as another type that holds all its values. */
#ifndef FIRESTEEL_DATA_WIDEN_H
#define FIRESTEEL_DATA_WIDEN_H

#include "firesteel/data.h"

/* Can every value of `from` be held by `to`? */
bool fst_can_widen(const struct fst_type *from, const struct fst_type *to);
/* The column as `to`. New memory is of `arena`; what is the same is shared with `c`. */
struct fst_column fst_widen(struct fst_arena *arena, const struct fst_column *c,
                            const struct fst_type *to);

#endif
