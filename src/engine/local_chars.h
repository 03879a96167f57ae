/* Characters as Spark counts them: code points; bytes that are not UTF-8 count as one each. */
#ifndef ENGINE_LOCAL_CHARS_H
#define ENGINE_LOCAL_CHARS_H

#include "local_fn.h"

/* Bytes that the first byte announces; a stray one stands for itself. */
static inline size_t local_char_bytes(unsigned char first)
{
    return first < 0xC2 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 1;
}

static inline size_t local_next_char(struct fst_str s, size_t at)
{
    size_t n = local_char_bytes((unsigned char)s.p[at]);
    return at + n > s.n ? s.n : at + n;
}

/* Stops the statement, and is true, where upper and lower case are not the same on every Java. */
bool local_refuse_case(const struct local_call *c, struct fst_str s); /* local_case.c */

#endif
