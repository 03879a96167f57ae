/* unpack: a text file that is packed with gzip or zstd, as the stream of bytes that was packed.
 *
 * Several members or frames one after the other are one text. Memory is flat, whatever comes out: a
 * window of more than 16 MB is refused. */
#ifndef FIRESTEEL_DATA_UNPACK_H
#define FIRESTEEL_DATA_UNPACK_H

#include "firesteel/data.h"

enum fst_packing { FST_PACKED_NOT, FST_PACKED_GZIP, FST_PACKED_ZSTD, FST_PACKED_OTHER };

/* How a file is packed, by its first bytes (at least six, or all there are); FST_PACKED_OTHER is a
 * way that is not read here, named in `name`. */
enum fst_packing fst_packing_of(const void *head, size_t n, const char **name);
/* The same by the end of its name; `n` = bytes of the name without that end. */
enum fst_packing fst_packing_named(const char *path, size_t *n, const char **name);

struct fst_unpack;
/* Borrows the bytes. */
struct fst_unpack *fst_unpack_new(struct fst_bytes *bytes, enum fst_packing packing);
void fst_unpack_free(struct fst_unpack *u); /* NULL is fine */
/* Up to `n` bytes more; fewer come only at the end, or before an error. */
enum fst_status fst_unpack_read(struct fst_unpack *u, void *into, size_t n, size_t *got,
                                struct fst_error *err);
/* What the first bytes of a packed file begin with, as far as they tell; returns how much. */
size_t fst_unpack_head(const void *head, size_t n, void *into, size_t into_n);

#endif
