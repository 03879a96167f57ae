/* A call of a function on its way to a typed node. */
#ifndef FST_SQL_CALL_H
#define FST_SQL_CALL_H

#include "resolve.h"

struct call {
    struct rx *rx;
    const struct fst_function *f;
    const struct sx *s;
    struct fst_expr **args;
    size_t n;
    const char *text;
};

/* "name(a, b)" as Spark prints it. */
const char *call_text(struct rx *rx, const char *name, struct fst_expr **args, size_t n,
                      bool distinct);
/* Argument `i` as its letter in functions.c asks; NULL after a failure. */
struct fst_expr *call_argument(const struct call *c, size_t i, char letter);
struct fst_expr *call_as(const struct call *c, size_t i, enum fst_kind kind);
bool call_cast_arguments(struct call *c);
/* Refuses what is not known well enough. */
bool call_is_unsure(const struct call *c);
bool call_common_arguments(struct call *c, bool strings, struct fst_type *type);
bool call_nullable(const struct call *c, char rule);
void *call_wrong_type(const struct call *c, size_t i, const char *wanted);
struct fst_expr *call_finish(const struct call *c, struct fst_type type, bool nullable);
bool call_orderable(const struct call *c, size_t i); /* else refused */
/* raise_error() (call_rewrite.c). */
struct fst_expr *call_raise(struct call *c);
/* Numbers as formats say (call_number.c). */
struct fst_expr *call_to_number(struct call *c);
struct fst_expr *call_to_char(struct call *c);
/* NULL without failure when the letters say it all. */
struct fst_expr *call_special(struct call *c);
/* The same, in call_more.c and call_rewrite.c. */
struct fst_expr *call_more(struct call *c);
struct fst_expr *call_rewritten(struct call *c);
/* The same for functions of nested values (resolve_nest.c). */
struct fst_expr *call_nested(struct call *c);
/* Those of whole arrays and maps (call_list.c). */
struct fst_expr *call_list(struct call *c);
struct fst_type nested_type(struct rx *rx, enum fst_kind kind, const struct fst_field *fields,
                            size_t n);
struct fst_type array_of(struct rx *rx, struct fst_type element, bool nullable);
struct fst_type map_of(struct rx *rx, struct fst_type key, struct fst_type value, bool nullable);
void *refuse_types(const struct call *c);
bool call_is_orderable(const struct fst_type *t);
/* An index or a key as the nested value wants it; NULL when it is of an unlike type. */
struct fst_expr *as_key(struct rx *rx, struct fst_expr *key, const struct fst_type *wanted);
bool is_spark_function(const char *name);

/* WITHIN GROUP (within.c) */
bool is_ordered_set(const struct sx *s, const struct fst_function *f);
struct fst_expr *ordered_set(struct rx *rx, const struct where *w, const struct sx *s,
                             const struct fst_function *f);

#endif
