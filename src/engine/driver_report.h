/* A report of the driver, between the files that take it: driver_stream.c finds it among the lines,
 * driver_report.c adds it up, driver_error.c is for errors. */
#ifndef ENGINE_DRIVER_REPORT_H
#define ENGINE_DRIVER_REPORT_H

#include "driver.h"

/* Take a report; false when it is none, and so a line of the log. */
bool driver_take_report(struct driver_report *r, const char *p, size_t n, struct fst_buf *log);
/* What people are told of an error, and what the report keeps of it. */
void driver_tell_causes(const struct fst_doc *doc, struct fst_buf *log);
void driver_on_error(struct driver_report *r, const struct fst_doc *doc);
/* A whole number of a report, or what stands for it. */
int64_t driver_int_of(const struct fst_doc *doc, const char *key, int64_t fallback);

#endif
