/* Java's regular expressions, between the files of the functions that search with them. */
#ifndef ENGINE_LOCAL_REGEX_H
#define ENGINE_LOCAL_REGEX_H

#include "local_fn.h"

struct regex;
/* The compiled pattern in argument `i`, kept for as long as it stays the same; NULL after Spark's
 * error. */
struct regex *local_regex_at(const struct local_call *c, sqlite3_value **args, int i);
/* The first match from `from` on: 1 found, 0 not, -1 the statement is stopped. */
int local_regex_search(const struct local_call *c, struct regex *re, struct fst_str s, size_t from,
                       struct fst_str *match);
/* Where to search on after `match`, in bytes; -1 the statement is stopped. */
int64_t local_regex_after(const struct local_call *c, struct fst_str s, struct fst_str match);
#endif
