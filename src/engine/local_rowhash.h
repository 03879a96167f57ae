/* Spark's hashes of one value, for hash(), xxhash64() and what counts by hash. */
#ifndef ENGINE_LOCAL_ROWHASH_H
#define ENGINE_LOCAL_ROWHASH_H

#include "local_fn.h"

/* `kind`: i int, l long, f float, d double, s bytes, m decimal of up to 18 digits, w a wider one.
 */
uint32_t local_murmur(sqlite3_value *v, char kind, uint32_t seed);
uint64_t local_xxhash(sqlite3_value *v, char kind, uint64_t seed);

#endif
