/* project: which of a file's columns are wanted, and in what order. */
#ifndef FIRESTEEL_DATA_PROJECT_H
#define FIRESTEEL_DATA_PROJECT_H

#include "firesteel/data.h"

/* A new schema of the wanted columns of `all`, and for each the index it has there (owned). `where`
 * names the file in the error for a column that is not there. */
enum fst_status fst_project(const struct fst_schema *all, const struct fst_read_options *options,
                            const char *where, struct fst_schema **schema, size_t **indexes,
                            struct fst_error *err);
/* The ceiling in bytes. */
size_t fst_read_cap(const struct fst_read_options *options);
bool fst_read_cancelled(const struct fst_read_options *options);

#endif
