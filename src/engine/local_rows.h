/* local_rows: the elements of nested values as rows. */
#ifndef ENGINE_LOCAL_ROWS_H
#define ENGINE_LOCAL_ROWS_H

#include "local_fn.h"

/* SQLite's code. `env` must outlive the connection. */
int local_rows_register(sqlite3 *db, const struct local_env *env);

#endif
