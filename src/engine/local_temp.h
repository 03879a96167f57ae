/* local_temp: how much disk a query of the local engine may take. */
#ifndef FIRESTEEL_ENGINE_LOCAL_TEMP_H
#define FIRESTEEL_ENGINE_LOCAL_TEMP_H

#include <sqlite3.h>

#include "firesteel/base.h"

/* SQLite's temporary files (sorting, grouping, steps), counted. They have no name from the moment
 * they are opened, so nothing is left of them whoever dies. */
struct local_temp;
/* `cap_bytes` 0 = 4 GB. */
struct local_temp *local_temp_new(uint64_t cap_bytes);
void local_temp_free(struct local_temp *t); /* after the database was closed; NULL is fine */
const char *local_temp_vfs(const struct local_temp *t); /* the name to open the database with */
/* Was the cap, or the room on the disk, what ended it? The error says so then. */
bool local_temp_is_over(const struct local_temp *t, struct fst_error *err);

#endif
