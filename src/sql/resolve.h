/* What the parts of the resolver share. Functions that give a pointer give NULL once something has
 * failed; the status is in the resolver. */
#ifndef FST_SQL_RESOLVE_H
#define FST_SQL_RESOLVE_H

#include "syntax.h"

/* A column in sight. */
struct col {
    const char *name;
    const char *const *quals; /* what may stand before the name: db.table or alias */
    size_t n_quals;
    struct fst_type type;
    bool nullable;
    bool hidden;     /* only with its qualifier: the two sides of a USING column */
    bool aside;      /* hidden, and not the side that the merged column is: looked for last */
    bool lost;       /* Spark no longer finds it */
    bool apart;      /* not among * */
    bool merged;     /* a USING column: not among t.* of either side */
    uint32_t source; /* which column of the query below it is, from 1; 0 = none */
    uint32_t index;
};

struct scope {
    struct col *cols;
    size_t n;
    struct scope *outer; /* of the expression that holds this query */
    /* Which columns of outer scopes were used, by name, for the name of the subquery. */
    struct list_of_text {
        const char **items;
        size_t n, cap;
    } outer_names;
    bool correlated;
    const struct time_window *window; /* window() adds the last column */
    bool lateral; /* of what stands before in FROM: seen from the SELECT list too */
};

struct alias {
    const char *name;
    struct fst_expr *expr; /* over the FROM columns */
};

enum alias_use { ALIAS_NONE, ALIAS_LAST, ALIAS_FIRST, ALIAS_ONLY };

/* The variables of a lambda. */
struct variables {
    const char *const *names;
    struct fst_expr **exprs;
    size_t n;
    uint32_t first; /* number of the first */
    const struct variables *outer;
};

/* Where an expression stands. */
struct where {
    struct scope *scope;
    const char *clause; /* SELECT, WHERE, ... */
    const struct alias *aliases;
    size_t n_aliases;
    enum alias_use use;
    bool lateral_windows; /* lateral aliases may stand for windows */
    bool lateral;         /* aliases of the same SELECT list: named lateralAliasReference() */
    const struct sx_named_window *windows;
    size_t n_windows;
    bool in_aggregate, in_window;
    const struct variables *variables; /* of the lambdas around it */
    /* Names that suggestions are taken from when it is not the scope. */
    const struct fst_sql_place *query_place;
};

struct cte {
    const char *name;
    const char **names; /* of its columns */
    struct fst_rel *query;
    size_t index;
    struct cte *next; /* outwards */
};

struct rx {
    struct fst_arena *a;
    const struct fst_sql_scope *tables_of;
    struct fst_problem *problem;
    struct fst_error *err;
    enum fst_status status;
    struct fst_plan_table *tables;
    size_t n_tables, cap_tables;
    struct cte *ctes;
    struct cte **all_ctes;
    size_t n_ctes, cap_ctes;
};

/* ---- Failing (rx.c) ---- */
void *rx_fail(struct rx *rx, const struct fst_sql_place *where, const char *condition,
              const char *sqlstate, const char *fmt, ...) FST_PRINTF(5, 6);
void *rx_refuse(struct rx *rx, const struct fst_sql_place *where, const char *fmt, ...)
    FST_PRINTF(3, 4);
/* An array in the arena that grows by doubling. */
void rx_grow(struct rx *rx, void *items, size_t *cap, size_t n, size_t need, size_t elem_bytes);

/* ---- Types (coerce.c) ---- */
bool is_integral(const struct fst_type *t);
bool is_numeric(const struct fst_type *t);
bool is_interval(const struct fst_type *t);
const char *type_sql(struct rx *rx, const struct fst_type *t); /* "DECIMAL(10,2)" */
struct fst_type decimal_of(const struct fst_type *t);          /* exact decimal for an integral */
/* Spark's least common type; false when there is none. `strings`: promote strings as CASE does. */
enum common { COMMON_NONE, COMMON_FOUND, COMMON_UNSURE };
enum common common_type(const struct fst_type *a, const struct fst_type *b, bool strings,
                        struct fst_type *out);
enum common common_of(struct fst_expr *const *args, size_t n, bool strings, struct fst_type *out);
bool cast_may_fail(const struct fst_type *from, const struct fst_type *to); /* so it is nullable */

/* ---- Nodes (make.c) ---- */
struct fst_expr *make(struct rx *rx, enum fst_expr_kind kind, struct fst_type type, bool nullable,
                      struct fst_sql_place place, const char *text);
void set_args(struct rx *rx, struct fst_expr *e, struct fst_expr *const *args, size_t n);
struct fst_expr *make1(struct rx *rx, enum fst_expr_kind kind, struct fst_type type, bool nullable,
                       struct fst_expr *arg, const char *text);
/* The same under another text: no literal any more. */
struct fst_expr *under_text(struct rx *rx, struct fst_expr *e, struct fst_sql_place place,
                            const char *text);
struct fst_expr *make2(struct rx *rx, enum fst_expr_kind kind, struct fst_type type, bool nullable,
                       struct fst_expr *a, struct fst_expr *b, const char *text);
/* Cast unless it is of that type already; the text stays that of `e`. */
struct fst_expr *coerce(struct rx *rx, struct fst_expr *e, const struct fst_type *to);
struct fst_expr *explicit_cast(struct rx *rx, struct fst_expr *e, struct fst_type to, bool is_try,
                               struct fst_sql_place place);
struct fst_expr *int_literal(struct rx *rx, int64_t v, struct fst_sql_place place);
struct fst_expr *string_literal(struct rx *rx, const char *text, struct fst_sql_place place);
struct fst_expr *null_literal(struct rx *rx, struct fst_sql_place place);
struct fst_expr *operator_call(struct rx *rx, enum fst_fn id, struct fst_type type, bool nullable,
                               struct fst_expr *a, struct fst_expr *b, struct fst_sql_place place,
                               const char *text);
const struct fst_function *operator_row(enum fst_fn id);
char *text_of(struct rx *rx, const char *fmt, ...) FST_PRINTF(2, 3);

/* ---- Literals (literal.c) ---- */
struct fst_expr *resolve_literal(struct rx *rx, const struct sx *s);

/* ---- Expressions ---- */
struct fst_expr *resolve_expr(struct rx *rx, const struct where *w, const struct sx *s);
struct fst_expr *resolve_condition(struct rx *rx, const struct where *w, const struct sx *s);
/* Is the word of a function without parentheses, as user, a column's name here? */
bool names_column(struct rx *rx, const struct where *w, const struct sx *s);
struct fst_expr *resolve_name(struct rx *rx, const struct where *w, const struct sx *s);
void expand_star(struct rx *rx, const struct where *w, const struct sx *s, struct fst_expr ***out,
                 size_t *n);
/* value AS name */
struct fst_expr *named_value(struct rx *rx, const struct fst_expr *value, const char *name);
/* base.name and base[key] (resolve_nest.c) */
struct fst_expr *field_of(struct rx *rx, struct fst_expr *base, const char *name,
                          struct fst_sql_place place);
struct fst_expr *element_of(struct rx *rx, struct fst_expr *base, struct fst_expr *key,
                            struct fst_sql_place place);
struct fst_expr *resolve_call(struct rx *rx, const struct where *w, const struct sx *s);
struct fst_expr *call_function(struct rx *rx, const struct where *w, const struct sx *s,
                               const struct fst_function *f, struct fst_expr **args, size_t n);
/* A call with lambdas among its arguments, or of a function that takes them (resolve_lambda.c). */
struct fst_expr *resolve_lambda_call(struct rx *rx, const struct where *w, const struct sx *s,
                                     const struct fst_function *f);
bool takes_lambda(const struct sx *s, const struct fst_function *f);
/* The variable of a name or a field of it; NULL without failure when it is none. */
struct fst_expr *resolve_variable(struct rx *rx, const struct where *w, const struct sx *s);
/* window(time, duration) (time_window.c): its column beside those of FROM, and a call of it. */
bool add_time_window(struct rx *rx, const struct where *w, const struct sx_select *s,
                     struct scope *scope, struct fst_rel **rel);
struct fst_expr *time_window_call(struct rx *rx, const struct where *w, const struct sx *s);
struct fst_expr *resolve_extract(struct rx *rx, const struct where *w, const struct sx *s);
struct fst_expr *resolve_subquery(struct rx *rx, const struct where *w, const struct sx *s);
struct fst_expr *binary(struct rx *rx, const char *op, struct fst_expr *a, struct fst_expr *b,
                        struct fst_sql_place place);
/* Intervals (interval.c): arithmetic, NULL without failure when there is none of them; the type
 * with the fields of both; one field; extract(). */
struct fst_expr *interval_arithmetic(struct rx *rx, enum fst_fn id, struct fst_expr *a,
                                     struct fst_expr *b, struct fst_sql_place place,
                                     const char *text);
/* '1 day 2 hours' in microseconds (literal.c). */
bool interval_micros(struct rx *rx, struct fst_str text, int64_t *us);
struct fst_type interval_union(const struct fst_type *a, const struct fst_type *b);
struct fst_expr *interval_field(struct rx *rx, struct fst_expr *e, const char *field,
                                struct fst_type type, struct fst_sql_place place, const char *text);
struct fst_expr *interval_extract(struct rx *rx, struct fst_expr *source, const char *field,
                                  struct fst_sql_place place, const char *text);
struct fst_expr *concat_arrays(struct rx *rx, struct fst_expr *a, struct fst_expr *b,
                               struct fst_sql_place place);
struct fst_expr *comparison(struct rx *rx, enum fst_fn id, struct fst_expr *a, struct fst_expr *b,
                            struct fst_sql_place place);
struct fst_expr *case_of(struct rx *rx, struct fst_expr **args, size_t n,
                         struct fst_sql_place place, const char *text, const char *function);
struct fst_expr *need_type(struct rx *rx, struct fst_expr *e, enum fst_kind kind, size_t index,
                           struct fst_sql_place place, const char *whole);
struct fst_expr *window_call(struct rx *rx, const struct where *w, const struct sx *s,
                             struct fst_expr *call);
bool has_over(const struct sx *s);
bool has_aggregate(const struct sx *s); /* written here, not below a subquery */
bool has_window(const struct fst_expr *e);
bool has_aggregate_call(const struct fst_expr *e);

/* ---- Generators (generate.c) ---- */
bool is_generator(const struct sx *s);
void *misplaced_generator(struct rx *rx, const struct where *w, const struct sx *s);
/* The input's columns and those that the call makes; `outer` keeps rows for which it makes none. */
struct fst_rel *generate(struct rx *rx, const struct where *w, const struct sx *s,
                         struct fst_rel *input, bool outer);
/* The same in two steps. */
struct fst_expr **generator_arguments(struct rx *rx, const struct where *w, const struct sx *s);
struct fst_rel *generated(struct rx *rx, const struct sx *s, struct fst_expr **args,
                          struct fst_rel *input, bool outer);
/* range(), as a table. */
struct fst_rel *range_rel(struct rx *rx, const struct sx *s);
/* A row of the input for each of `n_rows` rows of cells, which are new columns. */
struct fst_rel *rows_of(struct rx *rx, struct fst_rel *input, struct fst_expr **cells,
                        size_t n_rows, struct fst_field *fields, size_t width,
                        struct fst_sql_place place);
/* Are the aliases none, or as many as there are new columns? */
bool generator_names(struct rx *rx, const struct fst_sql_place *place, size_t n,
                     const char *const *aliases, size_t n_aliases);

/* ---- PIVOT and UNPIVOT (pivot.c) ---- */
struct fst_rel *pivot(struct rx *rx, const struct sx_from *f, struct fst_rel *input,
                      const struct scope *in, struct scope *scope);
struct fst_rel *unpivot(struct rx *rx, const struct sx_from *f, struct fst_rel *input,
                        const struct scope *in, struct scope *scope);

/* ---- Rewriting (rewrite.c) ---- */
/* Gives what stands for `e`, or NULL to go on below it. `level` counts subqueries entered. */
typedef struct fst_expr *(*rewriter)(struct rx *rx, struct fst_expr *e, uint32_t level, void *arg);
struct fst_expr *rewrite(struct rx *rx, struct fst_expr *e, rewriter fn, void *arg);
bool same_expr(const struct fst_expr *a, const struct fst_expr *b);

/* ---- Relations ---- */
struct fst_rel *make_rel(struct rx *rx, enum fst_rel_kind kind, struct fst_sql_place place,
                         struct fst_rel *input);
void set_columns(struct rx *rx, struct fst_rel *r, size_t n);
struct fst_rel *project(struct rx *rx, struct fst_rel *input, struct fst_expr **exprs,
                        const char *const *names, size_t n, struct fst_sql_place place);
struct fst_rel *resolve_from(struct rx *rx, const struct sx_from *f, struct scope *scope,
                             struct scope *outer);
/* `names` are the output's names. `order` etc. belong to the query around it. */
struct fst_rel *resolve_select(struct rx *rx, const struct sx_query *q, const struct sx_select *s,
                               struct fst_sql_place place, struct scope *outer);
struct fst_rel *resolve_query(struct rx *rx, const struct sx_query *q, struct scope *outer);
struct fst_rel *limited(struct rx *rx, const struct sx_query *q, struct fst_rel *r);
struct cte *find_cte(struct rx *rx, const char *name);
/* Wraps the columns of a set's side so that they have these types. */
struct fst_rel *cast_columns(struct rx *rx, struct fst_rel *r, const struct fst_type *types);
/* Output columns as a scope of their own. */
struct scope output_scope(struct rx *rx, const struct fst_rel *r, const char *alias);
void suggest(struct fst_buf *out, const struct scope *scope, const char *const *parts,
             size_t n_parts);

#endif
