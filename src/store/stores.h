/* The rows of the store table, one file each. */
#ifndef FIRESTEEL_STORE_STORES_H
#define FIRESTEEL_STORE_STORES_H

#include "firesteel/store.h"

extern const struct fst_store fst_store_file;

/* Length of the scheme of "scheme://rest", 0 when there is none (RFC 3986, 3.1). */
size_t fst__scheme_length(const char *uri);
/* With each %XX as its byte; NULL when that gives a NUL. Owned. */
char *fst__url_decoded(const char *p, size_t n);

#endif
