/* Relations of a plan as bodies of common table expressions, between the files that write them:
 * local_rel.c has one function a kind, local_join.c joins, local_needs.c which columns are needed,
 * local_sql.c the definitions and the whole. */
#ifndef ENGINE_LOCAL_REL_H
#define ENGINE_LOCAL_REL_H

#include "local_sql.h"

/* ---- Which columns are needed (local_needs.c) ---- */
struct needs {
    bool *of; /* by number of the column */
    size_t n;
};
struct needs tr_needs_none(struct tr *t, size_t n);
struct needs tr_needs_all(struct tr *t, size_t n);
/* Mark the columns of an expression that belong `depth` queries further out. */
void tr_need_expr(const struct fst_expr *e, uint32_t depth, struct needs *out);

/* ---- Definitions (local_sql.c) ---- */
/* The name under which a relation can stand in FROM; relations that are not there yet are added to
 * the definitions. */
const char *tr_define(struct tr *t, const struct fst_rel *rel, const struct needs *needed,
                      bool materialized, const struct scope *outer);
void tr_add_definition(struct tr *t, const char *name, bool materialized, struct fst_buf *text);
/* A temporary table, filled by `text` over the definitions so far. Frees `text`. */
struct local_step *tr_add_step(struct tr *t, const char *name, const struct fst_buf *columns,
                               struct fst_buf *text, const struct fst_buf *index);
/* The same text as a statement of its own over the definitions so far. */
char *tr_with(struct tr *t, const char *text);

/* ---- Bodies (local_rel.c, local_join.c) ---- */
void tr_body(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
             const struct needs *needed, const struct scope *outer);
void tr_join(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
             const struct needs *needed, const struct scope *outer);
/* Whose columns an expression reads, with so many on the left. */
enum { TR_SIDE_LEFT = 1, TR_SIDE_RIGHT = 2, TR_SIDE_OTHER = 4 };
int tr_sides_of(const struct fst_expr *e, size_t n_left);
/* A join, and what a WHERE stands over, with the terms of one side below it where they may fail
 * (local_push.c); or the same. */
const struct fst_rel *tr_push_on(struct tr *t, const struct fst_rel *join);
const struct fst_rel *tr_push_where(struct tr *t, const struct fst_rel *rel,
                                    const struct fst_expr *where);
/* Groups in memory (local_group.c); false where they must be SQLite's. */
bool tr_groups(struct tr *t, struct fst_buf *out, const struct fst_rel *rel,
               const struct needs *needed, const char *from, const struct scope *s);
void tr_key_expr(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                 const struct scope *s);
/* Comma before all columns but the first. */
void tr_comma(struct fst_buf *out, bool *first);
void tr_no_columns(struct fst_buf *out, bool first);
/* The needed columns of relation `from`, renamed with `shift` added. */
void tr_pass_columns(struct fst_buf *out, const struct needs *needed, size_t n, unsigned from,
                     size_t shift, bool *first);
void tr_name_columns(struct fst_buf *out, const struct needs *needed, bool *first);

#endif
