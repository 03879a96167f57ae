/* local_sql: a plan of room sql as one statement of SQLite.
 *
 * Every relation becomes a common table expression with columns c0, c1, ... (only those that are
 * needed), so that the text stays flat however deep the plan is; groups, and what a
 * join searches in, become tables in memory, or temporary ones where they do not fit
 * (local_table.h). Expressions become operators where SQLite's have Spark's meaning on our
 * encoding, and calls of our own functions everywhere else. */
#ifndef ENGINE_LOCAL_SQL_H
#define ENGINE_LOCAL_SQL_H

#include "firesteel/sql/tree.h"

/* A value that cannot be written as text exactly. */
struct local_bind {
    bool is_text;
    double real;
    struct fst_str text; /* borrowed from the plan */
};

/* A table of a plan, as the handle of the scope: a file (attached as `name`), or a query over the
 * tables before it. */
struct local_source {
    const char *name; /* t0, t1, ... */
    const struct fst_schema *schema;
    const struct fst_sql_plan *plan; /* NULL for files */
    bool wanted;                     /* set by the translation: some statement reads it */
};

/* A table of the statement's own, filled before it runs: what a join searches in, and what is read
 * more than once. */
struct local_step {
    char *create, *fill, *index;           /* owned by the arena; index may be NULL */
    const struct local_table_plan *memory; /* tried before, in memory; or NULL */
};

struct local_statement {
    char *sql; /* owned by the arena */
    struct local_step *steps;
    size_t n_steps;
    struct local_bind *binds;
    size_t n_binds;
    char *constants; /* a SELECT of those that may fail, or NULL */
    bool unsure;     /* a failure here need not be one in Spark: see tr_is_unsure() */
};

/* FST_EUNSUPPORTED names what SQLite cannot do as Spark does, with its place in `problem`. `text`
 * is what the plan was made from. `groups`: tables of groups are filled before the statement runs.
 */
enum fst_status local_translate(struct fst_arena *a, const char *text,
                                const struct fst_sql_plan *plan, bool groups,
                                struct local_statement *out, struct fst_problem *problem,
                                struct fst_error *err);

/* ---- Between the files of the translation ---------------------------------------------------- */

struct tr {
    struct fst_arena *arena;
    const char *text;
    struct fst_problem *problem;
    struct fst_error *err;
    enum fst_status status; /* the first failure stays */
    unsigned next;          /* number of the next relation */
    int depth;
    bool groups; /* may be tables */
    bool unread; /* what is translated is not read by anything */
    struct local_bind *binds;
    size_t n_binds, cap_binds;
    const struct fst_sql_plan *plan; /* whose relations are being translated */
    const char **cte_names;
    size_t *cte_uses;
    struct fst_buf *with; /* definitions of the statement or subquery at hand */
    struct fst_buf *top;  /* definitions of the statement */
    struct local_step *steps;
    size_t n_steps, cap_steps;
    struct fst_buf *constants; /* see tr_constants */
    size_t n_constants;
    struct tr_lambda *lambda; /* whose body is being translated (local_call_lambda.c) */
    bool unsure;
};

/* What columns of depth 0 are called: those of one relation, or of the two of a join. */
struct scope {
    unsigned left, right;
    size_t n_left;
    const struct scope *outer;
};

/* Remember the first refusal, with its place. */
void tr_refuse(struct tr *t, const struct fst_sql_place *place, const char *fmt, ...)
    FST_PRINTF(3, 4);
bool tr_failed(const struct tr *t);
/* Types whose values our encoding carries and our functions know. */
bool tr_type_ok(const struct fst_type *type);
void tr_expr(struct tr *t, struct fst_buf *out, const struct fst_expr *e, const struct scope *s);
/* Can it be an error to compute it? Itself: once its arguments are there. */
bool tr_may_fail(const struct fst_expr *e);
bool tr_fails_itself(const struct fst_expr *e);
/* Of what computes its arguments as they are needed: is one of the conditions a constant? */
bool tr_chooses_ahead(const struct fst_expr *e);
/* Are its arguments computed as they are needed? */
bool tr_has_branches(const struct fst_expr *e);
/* Is there something that may fail where Spark may not compute it? */
bool tr_is_unsure(const struct fst_sql_plan *plan);
/* Does it read no rows? */
bool tr_is_constant(const struct fst_expr *e);
/* Constants of a plan that may fail, into t->constants. */
void tr_constants(struct tr *t, const struct fst_sql_plan *plan);
void tr_bind_real(struct tr *t, struct fst_buf *out, double v);
void tr_bind_text(struct tr *t, struct fst_buf *out, struct fst_str s);
/* Functions, aggregates and casts. */
void tr_call(struct tr *t, struct fst_buf *out, const struct fst_expr *e, const struct scope *s);
/* Opens what Spark need not compute when one of the items is NULL; true = it is to be closed by one
 * more parenthesis. */
bool tr_unsure_from(struct tr *t, struct fst_buf *out, const struct fst_expr *const *items,
                    size_t n, const struct scope *s);
/* Refuses branches of zeros with both signs. */
void tr_refuse_zeros(struct tr *t, const struct fst_expr *e);
/* The same with all arguments computed, whatever the first of them is: an equality stays one that
 * can be searched for. */
void tr_call_at_once(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                     const struct scope *s);
void tr_cast(struct tr *t, struct fst_buf *out, const struct fst_expr *e, const struct scope *s);
void tr_aggregate(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                  const struct scope *s);
/* An aggregate as a function of a group in memory: before name(args) after. */
struct tr_group_function {
    const char *name, *before, *after;
    const char *args; /* "" = count(*) */
};
/* False where SQLite has to do it; nothing is refused then. */
bool tr_group_function(struct tr *t, const struct fst_expr *e, const struct scope *s,
                       struct tr_group_function *out);
void tr_window(struct tr *t, struct fst_buf *out, const struct fst_expr *e, const struct scope *s);
/* Lambdas are statements of their own. Text of the statement at hand, within a lambda as what it
 * is given from outside; and the variable of a number. */
void tr_from_outside(struct tr *t, struct fst_buf *out, const char *text);
void tr_variable(struct tr *t, struct fst_buf *out, uint32_t number);
bool tr_lambda_call(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                    const struct scope *s);
/* Casts from and to nested values: is it one that is done? */
bool tr_nested_cast(const struct fst_expr *e);
void tr_cast_nested(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                    const struct scope *s);
/* Does a call, or a cast, know what to do with the nested values it takes or gives? */
bool tr_nested_call(const struct fst_expr *e);
/* The terms of a conjunction, at most TR_MAX_TERMS (what is beyond stays one term). */
enum { TR_MAX_TERMS = 256 };
size_t tr_conjuncts(const struct fst_expr *e, const struct fst_expr **terms);
/* A conjunction as the planner likes it, for WHERE and ON. */
void tr_condition(struct tr *t, struct fst_buf *out, const struct fst_expr *e,
                  const struct scope *s);
/* A whole query within an expression: "WITH ... SELECT ..."; `one_row` makes a second row an error
 * where there could be one; `all` asks for its columns. */
void tr_subquery(struct tr *t, struct fst_buf *out, const struct fst_rel *rel, bool one_row,
                 bool all, const struct scope *outer);

#endif
