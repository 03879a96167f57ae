/* textpattern: dates and times by a pattern of Java's, as Spark's dateFormat has it. */
#ifndef FIRESTEEL_DATA_TEXTPATTERN_H
#define FIRESTEEL_DATA_TEXTPATTERN_H

#include "firesteel/data.h"

/* NULL when the pattern is understood, else what is not (static). */
const char *fst_pattern_problem(const char *pattern);
/* Microseconds since 1970 of a text that is wholly as the pattern says; without a zone it is UTC.
 */
bool fst_pattern_parse(const char *pattern, struct fst_str text, int64_t *us);

#endif
