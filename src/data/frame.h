/* frame: what frames are made of, for the files of this room that make them.
 *
 * A frame's storage is a schema, an arena and a few large blocks; all die with the last reference.
 */
#ifndef FIRESTEEL_DATA_FRAME_H
#define FIRESTEEL_DATA_FRAME_H

#include "firesteel/data.h"

/* Bytes of one value of a kind that has fixed-width values; 0 for text, nested and void kinds. */
size_t fst_kind_width(enum fst_kind kind);
/* Kinds whose values are bytes with offsets (VARIANT and UNKNOWN travel as text). */
bool fst_kind_is_bytes(enum fst_kind kind);

/* A frame over columns whose memory lives in `arena` and in `blocks` (each freed with it, and the
 * list as well). Takes the schema, the arena and the blocks. */
struct fst_frame *fst_frame_of_blocks(struct fst_schema *schema, struct fst_arena *arena,
                                      void **blocks, size_t n_blocks,
                                      const struct fst_column *columns, size_t n_rows);
/* The same without blocks. */
struct fst_frame *fst_frame_of_arena(struct fst_schema *schema, struct fst_arena *arena,
                                     const struct fst_column *columns, size_t n_rows);
/* Keep `other` (counted) as long as `f` lives: its columns point there. At most FST_FRAME_KEEPS. */
enum { FST_FRAME_KEEPS = 2 };
void fst_frame_keep(struct fst_frame *f, struct fst_frame *other);
/* `n` NULLs of a type (nested types get empty children). */
struct fst_column fst_column_nulls(struct fst_arena *arena, const struct fst_type *type, size_t n);
/* Rows [from, from + n) of `c`, copied. */
struct fst_column fst_column_copy(struct fst_arena *arena, const struct fst_column *c, size_t from,
                                  size_t n);
/* The one value of a builder's only column, in `arena`; frees the builder. */
const struct fst_column *fst_builder_keep_value(struct fst_builder *b, struct fst_arena *arena);
/* Rows at these places, copied. */
struct fst_column fst_column_take(struct fst_arena *arena, const struct fst_column *c,
                                  const uint32_t *rows, size_t n);
size_t fst_column_size(const struct fst_column *c); /* bytes of its values, roughly */

/* Columns below a column of a builder: a field of a struct, the element of a list, key and value of
 * a map. They are filled by themselves, and by the finish must hold a row for each row of a struct,
 * each element of a list. */
size_t fst_builder_child(const struct fst_builder *b, size_t col, size_t i);
/* Add a row to a nested column and nothing below it: a list or map of so many elements (0 under a
 * NULL), or a struct. fst_builder_null adds the NULLs below a struct, too. */
void fst_builder_slot(struct fst_builder *b, size_t col, bool is_valid, size_t n_elements);
/* Memory of one column, without those below it. */
size_t fst_builder_column_bytes(const struct fst_builder *b, size_t col);

#endif
