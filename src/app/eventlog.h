/* Inside of app: an event log on disk. */
#ifndef FIRESTEEL_APP_EVENTLOG_H
#define FIRESTEEL_APP_EVENTLOG_H

#include "firesteel/profile.h"

/* A file, plain or .zstd, or the folder of a rolling log (eventlog_v2_...). */
enum fst_status fst__eventlog_read(const char *path, const char *tag, struct fst_profile **out,
                                   size_t *damaged, struct fst_error *err);

#endif
