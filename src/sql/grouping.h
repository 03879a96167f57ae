/* Grouping sets: which groups each has, and the relation that has every row once a set. */
#ifndef FST_SQL_GROUPING_H
#define FST_SQL_GROUPING_H

#include "resolve.h"

#define SETS_MAX_GROUPS 60

struct sets {
    uint64_t *of; /* bit i: group i is in it */
    size_t n, cap;
};

void sets_add(struct rx *rx, struct sets *s, uint64_t bits, const struct fst_sql_place *where);
void sets_rollup(struct rx *rx, struct sets *s, const uint64_t *parts, size_t n,
                 const struct fst_sql_place *where);
void sets_cube(struct rx *rx, struct sets *s, const uint64_t *parts, size_t n,
               const struct fst_sql_place *where);
struct sets sets_product(struct rx *rx, const struct sets *a, const struct sets *b,
                         const struct fst_sql_place *where);
bool sets_leave_out(const struct sets *s, size_t group);

/* The input's columns and then those of the sets. `*groups` (n of them) become what is to be
 * grouped by: the groups, NULL where the set has them not; grouping_id(); grouping() of each; the
 * set. */
struct fst_rel *expand_sets(struct rx *rx, struct fst_rel *input, const struct sets *sets,
                            struct fst_expr ***groups, size_t *n, struct fst_sql_place place);

#endif
