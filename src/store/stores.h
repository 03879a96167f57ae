/* The rows of the store table, one file each. */
#ifndef FIRESTEEL_STORE_STORES_H
#define FIRESTEEL_STORE_STORES_H

#include "firesteel/store.h"

extern const struct fst_store fst_store_file;

#endif
