/* calendar: intervals of months, days and time, as text: no type of a frame holds all three. */
#ifndef FIRESTEEL_DATA_CALENDAR_H
#define FIRESTEEL_DATA_CALENDAR_H

#include "firesteel/data.h"

/* "1 years 2 months 3 days 4 hours 5 minutes 6.5 seconds", as Spark writes it. */
void fst_calendar_text(struct fst_buf *out, int64_t months, int64_t days, int64_t us);

#endif
