/* The syntax tree: what was written, with places, before names and types. Everything is in the
 * parser's arena. */
#ifndef FST_SQL_SYNTAX_H
#define FST_SQL_SYNTAX_H

#include "firesteel/sql/tree.h"

/* Nesting, both of the parser's calls and of the trees it builds: safe for small stacks. */
#define SX_MAX_DEPTH 150
#define SX_MAX_TEXT ((size_t)1 << 20)

enum sx_kind {
    SX_NULL,
    SX_BOOLEAN,  /* flag */
    SX_NUMBER,   /* name = as written */
    SX_STRING,   /* text */
    SX_TYPED,    /* name = DATE, TIMESTAMP, ..., X; text */
    SX_INTERVAL, /* kids = values; name = units from .. to, see parse_expr.c */
    SX_NAME,     /* parts */
    SX_STAR,     /* parts = qualifier; kids = EXCEPT names */
    SX_UNARY,    /* name: - + ~ NOT */
    SX_BINARY,   /* name: the operator as Spark writes it */
    SX_AND,      /* kids, two or more */
    SX_OR,
    SX_IS,      /* name: NULL TRUE FALSE UNKNOWN; flag = NOT */
    SX_BETWEEN, /* flag = NOT; so for IN and LIKE */
    SX_IN,      /* kids[0] in kids[1..] or query */
    SX_LIKE,    /* name: LIKE ILIKE RLIKE; kids = value, pattern [, escape] */
    SX_CASE,    /* kids: when, then, ..., [else]; base in `filter` when it is a simple CASE */
    SX_CAST,    /* type; flag = TRY */
    SX_CALL,    /* name, kids, and the rest below */
    SX_EXTRACT, /* name = field; kids[0] */
    SX_EXISTS,  /* query */
    SX_SUBQUERY,
    SX_FIELD,   /* name of kids[0] */
    SX_ELEMENT, /* kids[0] at kids[1] */
    SX_NAMED,   /* kids[0] AS name, an argument of struct() */
    SX_LAMBDA,  /* parts -> kids[0], an argument of a call */
    SX_TUPLE,   /* (a, b): left of IN, and in grouping sets */
    SX_SETS,    /* name: ROLLUP, CUBE or SETS; kids = expressions, tuples, and sets within SETS */
};

struct sx_query;
struct sx;

struct sx_key {
    struct sx *expr;
    bool descending, nulls_given, nulls_first;
};

struct sx_window {
    const char *base; /* OVER w or OVER (w ...): refers to a named window */
    struct sx **partition;
    size_t n_partition;
    struct sx_key *order;
    size_t n_order;
    bool has_frame, is_range;
    enum fst_window_bound start, end;
    struct sx *start_offset, *end_offset;
    struct fst_sql_place place;
};

struct sx {
    enum sx_kind kind;
    struct fst_sql_place place;
    uint16_t height;
    bool flag;
    const char *name;
    struct fst_str text;
    const char **parts;
    size_t n_parts;
    struct sx **kids;
    size_t n_kids;
    struct fst_type type; /* SX_CAST */
    struct sx_query *query;
    struct sx *filter;
    /* SX_CALL */
    struct sx_window *over;
    bool distinct, nulls_given, ignore_nulls;
    struct sx_key *within; /* WITHIN GROUP (ORDER BY ...) */
    size_t n_within;
};

struct sx_item {
    struct sx *expr;
    const char *alias;    /* NULL when not written */
    const char **aliases; /* AS (a, b) */
    size_t n_aliases;
    struct fst_sql_place place;
};

enum sx_from_kind {
    SX_FROM_TABLE,
    SX_FROM_QUERY,
    SX_FROM_JOIN,
    SX_FROM_CALL,    /* call: a table function */
    SX_FROM_VIEW,    /* left LATERAL VIEW [OUTER] call */
    SX_FROM_PIVOT,   /* left, pivot */
    SX_FROM_UNPIVOT, /* left, pivot */
};

/* PIVOT: aggregates FOR columns IN values. UNPIVOT: values FOR name IN columns. */
struct sx_pivot {
    struct sx_item *items; /* PIVOT: aggregates */
    size_t n_items;
    struct sx **columns; /* PIVOT: what is pivoted */
    size_t n_columns;
    struct sx_item *values; /* PIVOT: literals; UNPIVOT: columns; tuples when there are several */
    size_t n_values;
    const char **value_names; /* UNPIVOT */
    size_t n_value_names;
    const char *name_column;
    bool include_nulls;
};

struct sx_from {
    enum sx_from_kind kind;
    struct fst_sql_place place;
    const char **parts; /* TABLE */
    size_t n_parts;
    struct sx_query *query;
    struct sx *call;
    bool lateral, outer;
    struct sx_pivot *pivot;
    const char *alias;
    const char **column_aliases;
    size_t n_column_aliases;
    /* JOIN */
    struct sx_from *left, *right;
    enum fst_join_kind join;
    bool natural;
    struct sx *on;
    const char **using_names;
    struct fst_sql_place *using_places;
    size_t n_using;
};

struct sx_named_window {
    const char *name;
    struct sx_window *window;
};

struct sx_select {
    bool distinct;
    struct sx_item *items;
    size_t n_items;
    struct sx_from *from; /* NULL: one row */
    struct sx *where, *having, *qualify;
    bool has_group, group_all;
    struct sx **groups;
    size_t n_groups;
    struct sx *only_sets; /* GROUP BY a, b GROUPING SETS (...) */
    struct sx_named_window *windows;
    size_t n_windows;
};

enum sx_body_kind { SX_BODY_SELECT, SX_BODY_SET, SX_BODY_VALUES, SX_BODY_QUERY, SX_BODY_TABLE };

struct sx_body {
    enum sx_body_kind kind;
    struct fst_sql_place place;
    uint16_t height;
    struct sx_select *select;
    enum fst_set_kind set;
    bool all;
    struct sx_body *left, *right;
    struct sx ***rows; /* VALUES: each a NULL-ended list */
    size_t n_rows;
    struct sx_from *table;
    struct sx_query *query;
};

struct sx_cte {
    const char *name;
    const char **columns;
    size_t n_columns;
    struct sx_query *query;
    struct fst_sql_place place;
};

struct sx_query {
    struct fst_sql_place place;
    struct sx_cte *ctes;
    size_t n_ctes;
    struct sx_body *body;
    struct sx_key *order;
    size_t n_order;
    size_t n_spread; /* the last keys: DISTRIBUTE BY, that orders nothing */
    bool order_all;
    struct fst_sql_place order_place;
    struct sx *limit, *offset;
    /* Column names given to the query as a whole: (VALUES ...) AS t(a, b). */
};

struct fst_sql_tree {
    const char *text;
    size_t n;
    struct sx_query *query;
};

/* Set problem and error; `where` may be NULL. Text of `problem` is the message with the place. */
enum fst_status sx_fail(struct fst_problem *problem, struct fst_error *err,
                        const struct fst_sql_place *where, const char *condition,
                        const char *sqlstate, const char *fmt, ...) FST_PRINTF(6, 7);
enum fst_status sx_unsupported(struct fst_problem *problem, struct fst_error *err,
                               const struct fst_sql_place *where, const char *fmt, ...)
    FST_PRINTF(4, 5);

#endif
