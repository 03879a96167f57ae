/* Dates and times, between the files of their functions: local_time.c has fields, truncation and
 * numbers, local_time_add.c arithmetic, local_time_text.c reading them from text. */
#ifndef ENGINE_LOCAL_TIME_H
#define ENGINE_LOCAL_TIME_H

#include "local_fn.h"

#define LOCAL_SECOND_US INT64_C(1000000)

int local_weekday(int64_t days); /* Monday = 0 */
/* Between the instant and the clock of the session's zone; `ntz` has no zone. */
int64_t local_wall_clock(const struct local_call *c, int64_t us, bool ntz);
int64_t local_instant(const struct local_call *c, int64_t wall, bool ntz);
/* Give the result, or Spark's overflow. */
void local_give_date(const struct local_call *c, int64_t days);
/* What trunc() or date_trunc() cuts at. */
bool local_is_unit(struct fst_str name, bool of_dates);
void local_refuse_time(const struct local_call *c);
/* So early that the start of its day, month or year is beyond 64 bits; refuses then. */
bool local_is_too_early(const struct local_call *c, int64_t us);
void local_give_us(const struct local_call *c, __int128 us);

#endif
