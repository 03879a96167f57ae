/* Calls of a plan, between the files that write them: local_call.c has the table and the common
 * forms, local_call_special.c those of their own, local_call_cast.c casts. */
#ifndef ENGINE_LOCAL_CALL_H
#define ENGINE_LOCAL_CALL_H

#include "local_sql.h"

/* The ending of a function of ours for values of a type: "int", "decimal", ... or "". */
const char *tr_kind_name(const struct fst_type *type);
/* What a value is to hash(): a letter of local_rowhash.h. */
char tr_hash_kind(const struct fst_type *type);
void tr_refuse_call(struct tr *t, const struct fst_expr *e);
/* The arguments, with commas. */
void tr_args(struct tr *t, struct fst_buf *out, const struct fst_expr *e, const struct scope *s);
/* name(args), with what Spark fills in for arguments that are left out. */
void tr_plain_call(struct tr *t, struct fst_buf *out, const struct fst_expr *e, const char *name,
                   const struct scope *s);
/* name_<kind>(args), for decimals with the scales of the arguments and the type of the result. */
void tr_kind_call(struct tr *t, struct fst_buf *out, const struct fst_expr *e, const char *name,
                  const struct fst_type *kind, const struct scope *s);
bool tr_unlike_scales(const struct fst_expr *a, const struct fst_expr *b);
bool tr_same_encoding(const struct fst_expr *a, const struct fst_expr *b);
/* Is argument i a pattern that we do as Java does? Refused if not: it must be known before the
 * statement starts. `how` as in the table of local_call.c. */
bool tr_pattern_ok(struct tr *t, const struct fst_expr *e, size_t i, char how);
/* Functions with a form of their own; false when it is none of them. */
bool tr_special_call(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                     const struct scope *s);

#endif
