/* lateral: queries that read the rows of what stands before them in FROM. */
#ifndef FST_SQL_LATERAL_H
#define FST_SQL_LATERAL_H

#include "resolve.h"

/* The left's columns, then the query's, whose outer columns are the left's; `on` (or
 * NULL) is over both; `outer` keeps rows of the left for which there is none. */
struct fst_rel *lateral_query(struct rx *rx, struct fst_rel *left, struct fst_rel *query,
                              struct fst_expr *on, bool outer);

#endif
