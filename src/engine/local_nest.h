/* Nested values as functions see them: bytes (see firesteel/data.h) and a signature, one letter a
 * type in the order of the bytes: `A` element, `M` key value, `S` fields `.`; scalars as in the
 * table of local_nest.c, a decimal with its scale as a letter. */
#ifndef ENGINE_LOCAL_NEST_H
#define ENGINE_LOCAL_NEST_H

#include "firesteel/data.h"
#include "local_fn.h"

/* A place in a value; `bad` once the bytes are not as the signature wants. */
struct nest {
    const char *sig;
    const uint8_t *p, *end;
    bool bad;
};
struct nest nest_of(sqlite3_value *sig, sqlite3_value *bytes);
/* Is there another element? It moves behind the element's mark; NULL is told by `is_null`. */
bool nest_next(struct nest *n, bool *is_null);
/* Behind the value at hand, bytes and signature, or only the bytes. */
void nest_skip(struct nest *n);
void nest_pass(struct nest *n);
const char *nest_sig_after(const char *sig);
bool nest_is_scalar(const char *sig);
bool nest_is_real(const char *sig);
enum fst_kind nest_kind(char letter);
/* The value at hand as SQLite's; moves behind it. */
void nest_give(const struct local_call *c, struct nest *n);
/* An element of SQLite's value: mark and value, by the type at `sig`. */
void nest_put(struct fst_buf *out, const char *sig, sqlite3_value *v);
/* Gives a buffer as a nested value, and frees it. */
void nest_give_bytes(const struct local_call *c, struct fst_buf *b);
/* Elements as pieces of the bytes; of a map: key, value, key, ... Free the items. */
struct piece {
    const uint8_t *p; /* behind the mark */
    size_t n;
    bool is_null;
};
struct pieces {
    const char *sig; /* of an element or a key */
    struct piece *items;
    size_t n, cap;
};
struct pieces nest_pieces(const char *sig, struct fst_str bytes);
void nest_put_piece(struct fst_buf *out, const struct piece *p);
/* Order of two values in bytes of one type: as Spark's, zeros are equal. */
int nest_compare(const char *sig, const uint8_t *a, size_t n_a, const uint8_t *b, size_t n_b);
#endif
