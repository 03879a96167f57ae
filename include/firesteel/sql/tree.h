/* sql/tree: what does a query mean? Text -> syntax tree -> plan: relations and expressions with
 * names, types and places, where nothing is left to guess.
 *
 * A plan is small relational algebra, not SQL again: scoping, aliases, ordinals, stars, USING,
 * HAVING, QUALIFY and the rest are already turned into relations over relations, each with its own
 * columns, and expressions name columns by number. Every conversion of a value is a CAST node
 * (`implicit` where Spark inserts it), so who executes a plan never coerces. What is right for
 * Spark and not in here is refused with `problem->unsupported` and its name and place.
 *
 * Everything belongs to the arena that was given. */
#ifndef FIRESTEEL_SQL_TREE_H
#define FIRESTEEL_SQL_TREE_H

#include "firesteel/sql.h"

struct fst_sql_place {
    uint32_t offset, len; /* bytes */
    uint32_t line, col;   /* 1-based */
};

/* ---- Functions ---------------------------------------------------------------------------- */

enum fst_fn_kind {
    FST_FN_OPERATOR, /* written with signs or keywords, never called by name */
    FST_FN_SCALAR,
    FST_FN_AGGREGATE, /* also over a window */
    FST_FN_WINDOW,    /* only over a window */
};

/* What to compute. Argument types are those after the casts of the plan; "same" = all of one type.
 */
enum fst_fn {
    FST_FN_NONE,
    FST_FN_REWRITTEN, /* becomes other nodes while names are resolved (call_rewrite.c) */
    FST_FN_TRY_ADD,   /* NULL where +, -, *, / and % fail; so until TRY_MOD */
    FST_FN_TRY_SUBTRACT,
    FST_FN_TRY_MULTIPLY,
    FST_FN_TRY_DIVIDE,
    FST_FN_TRY_MOD,
    /* Arithmetic. Numbers have one type on both sides, but decimals keep each their own precision
     * and scale: the result's is in the expression. Overflow and a zero divisor are errors. */
    FST_FN_NEGATE, /* number or interval */
    FST_FN_ADD,
    FST_FN_SUBTRACT,
    FST_FN_MULTIPLY,
    FST_FN_DIVIDE, /* double or decimal only */
    FST_FN_DIV,    /* bigint or decimal -> bigint */
    FST_FN_MOD,    /* sign of the dividend; % and mod() */
    FST_FN_PMOD,
    FST_FN_BIT_AND, /* integers, same */
    FST_FN_BIT_OR,
    FST_FN_BIT_XOR,
    FST_FN_BIT_NOT,
    /* Comparison, same types; NaN equals itself and is the greatest. */
    FST_FN_EQ,
    FST_FN_NE,
    FST_FN_LT,
    FST_FN_LE,
    FST_FN_GT,
    FST_FN_GE,
    FST_FN_EQ_NULL, /* <=>, IS NOT DISTINCT FROM; never NULL */
    FST_FN_LIKE,    /* string, pattern, escape (a literal of one character) */
    FST_FN_ILIKE,
    FST_FN_RLIKE, /* Java regular expression, finds anywhere; regexp_like() */
    /* Dates with intervals and with each other. */
    FST_FN_DATE_ADD_YM,      /* date, interval year-month -> date */
    FST_FN_TIMESTAMP_ADD_YM, /* timestamp or timestamp_ntz, interval year-month */
    FST_FN_TIMESTAMP_ADD_DT, /* timestamp or timestamp_ntz, interval day-time */
    FST_FN_DATE_MINUS_DATE,  /* -> interval day-time */
    FST_FN_TIMESTAMP_MINUS,  /* two of one kind -> interval day-time */
    FST_FN_WINDOW_START,     /* timestamp, bigint literals width and start in microseconds */
    FST_FN_INTERVAL_TIMES,   /* interval, bigint or double or (decimal, int literal its scale) */
    FST_FN_INTERVAL_BY,      /* interval, bigint or double */
    FST_FN_INTERVAL_FIELD,   /* interval, string literal: YEAR, MONTH, ... SECOND */
    FST_FN_MAKE_DT_INTERVAL, /* int days, hours, minutes, decimal(18,6) seconds */
    FST_FN_MAKE_YM_INTERVAL, /* int years, months */

    /* Numbers. */
    FST_FN_ABS,
    FST_FN_CEIL, /* double -> bigint, decimal -> decimal */
    FST_FN_FLOOR,
    FST_FN_ROUND,  /* number, int literal; half up */
    FST_FN_BROUND, /* half even */
    FST_FN_SIGN,   /* double -> double; */
    FST_FN_SQRT,
    FST_FN_CBRT,
    FST_FN_POW,
    FST_FN_EXP,
    FST_FN_EXPM1,
    FST_FN_LN,  /* NULL where the argument is not positive; so the other logarithms */
    FST_FN_LOG, /* base, x */
    FST_FN_LOG10,
    FST_FN_LOG2,
    FST_FN_LOG1P,
    FST_FN_SIN,
    FST_FN_COS,
    FST_FN_TAN,
    FST_FN_ASIN,
    FST_FN_ACOS,
    FST_FN_ATAN,
    FST_FN_ATAN2,
    FST_FN_SINH,
    FST_FN_COSH,
    FST_FN_TANH,
    FST_FN_HYPOT,
    FST_FN_SEC,
    FST_FN_CSC,
    FST_FN_DEGREES,
    FST_FN_RADIANS,
    FST_FN_PI,
    FST_FN_E,
    FST_FN_GREATEST, /* same, two or more; skips NULL */
    FST_FN_LEAST,
    /* NULL and conditions. */
    FST_FN_COALESCE, /* same, one or more; lazy; also nvl, ifnull */
    FST_FN_NVL2,     /* any, then two of one type; lazy */
    FST_FN_NULLIF,   /* two of one comparable type; NULL when equal else the first */
    FST_FN_IF,       /* boolean, then two of one type; lazy */
    FST_FN_ISNAN,    /* double or float -> boolean; false for NULL */
    FST_FN_NANVL,
    FST_FN_BIN,        /* bigint -> string */
    FST_FN_CONV,       /* string, int base, int base -> string */
    FST_FN_BIT_COUNT,  /* whole number or boolean -> int */
    FST_FN_BIT_GET,    /* whole number, int -> tinyint */
    FST_FN_SHIFT_LEFT, /* int or bigint, int; so until SHIFT_RIGHT_UNSIGNED */
    FST_FN_SHIFT_RIGHT,
    FST_FN_SHIFT_RIGHT_UNSIGNED,
    FST_FN_FACTORIAL, /* int -> bigint */
    FST_FN_RINT,
    FST_FN_WIDTH_BUCKET, /* double, double, double, bigint -> bigint */
    FST_FN_HASH,         /* anything -> int */
    FST_FN_XXHASH64,     /* anything -> bigint */
    /* Text. Lengths and positions are code points from 1. */
    FST_FN_OVERLAY, /* string, replacement, int from, int length (negative = as long as that) */
    FST_FN_ELT,     /* int, strings */
    FST_FN_LUHN_CHECK,
    FST_FN_REGEXP_INSTR,       /* string, regex, int (ignored) */
    FST_FN_PARSE_URL,          /* string, string part [, string key] */
    FST_FN_MASK,               /* string, four strings or NULL (literals) */
    FST_FN_REGEXP_EXTRACT_ALL, /* string, regex, int group -> array */
    FST_FN_UPPER,
    FST_FN_LOWER,
    FST_FN_LENGTH, /* string or binary */
    FST_FN_OCTET_LENGTH,
    FST_FN_BIT_LENGTH,
    FST_FN_TRIM,  /* string [, characters]; blanks only by default */
    FST_FN_LTRIM, /* (string first, whatever the order of the words in the text) */
    FST_FN_RTRIM,
    FST_FN_LPAD, /* string, int, string */
    FST_FN_RPAD,
    FST_FN_SUBSTRING, /* string, int [, int] */
    FST_FN_LEFT,
    FST_FN_RIGHT,
    FST_FN_CONCAT,    /* strings, none or more; also || */
    FST_FN_CONCAT_WS, /* separator, strings */
    FST_FN_REPLACE,   /* string, search, replacement */
    FST_FN_REVERSE,
    FST_FN_REPEAT,
    FST_FN_INSTR,  /* string, substring */
    FST_FN_LOCATE, /* substring, string, int position; also position() */
    FST_FN_SPLIT_PART,
    FST_FN_SUBSTRING_INDEX,
    FST_FN_INITCAP,
    FST_FN_STARTSWITH,
    FST_FN_ENDSWITH,
    FST_FN_CONTAINS,
    FST_FN_REGEXP_REPLACE, /* string, regex, replacement, int position */
    FST_FN_REGEXP_EXTRACT, /* string, regex, int group */
    FST_FN_TRANSLATE,
    FST_FN_ASCII,
    FST_FN_CHR, /* bigint -> string */
    FST_FN_MD5, /* binary -> string */
    FST_FN_SHA1,
    FST_FN_SHA2, /* binary, int */
    FST_FN_CRC32,
    FST_FN_HEX, /* bigint, string or binary -> string */
    FST_FN_UNHEX,
    FST_FN_BASE64,
    FST_FN_UNBASE64,
    FST_FN_SPACE,
    FST_FN_LEVENSHTEIN,
    FST_FN_SOUNDEX,
    FST_FN_FIND_IN_SET, /* string, list with commas -> int */
    FST_FN_URL_ENCODE,
    FST_FN_URL_DECODE,
    FST_FN_TRY_URL_DECODE,
    FST_FN_REGEXP_COUNT, /* string, regex -> int */
    FST_FN_REGEXP_SUBSTR,
    FST_FN_RAISE_ERROR, /* string; NULL of no type */
    FST_FN_DECODE_UTF8, /* binary -> string */
    FST_FN_TO_NUMBER,   /* string, format (a literal, plainly spelled) -> decimal */
    FST_FN_TRY_TO_NUMBER,
    FST_FN_TO_CHAR,       /* decimal, format (the same) */
    FST_FN_FORMAT_STRING, /* format (a literal), values */
    FST_FN_FORMAT_NUMBER, /* number, int places -> string */
    /* Dates and times; fields are taken in the session's zone for timestamps. */
    FST_FN_YEAR, /* date -> int; so until WEEKOFYEAR */
    FST_FN_QUARTER,
    FST_FN_MONTH,
    FST_FN_DAY,
    FST_FN_DAYOFWEEK, /* Sunday = 1 */
    FST_FN_WEEKDAY,   /* Monday = 0 */
    FST_FN_DAYOFYEAR,
    FST_FN_WEEKOFYEAR,
    FST_FN_DAYNAME,
    FST_FN_MONTHNAME,
    FST_FN_YEAROFWEEK, /* date -> int; of ISO weeks */
    FST_FN_DAYOFWEEK_ISO,
    FST_FN_HOUR, /* timestamp or timestamp_ntz -> int; so until SECOND */
    FST_FN_MINUTE,
    FST_FN_SECOND,
    FST_FN_SECOND_FRACTION, /* extract(SECOND FROM timestamp) -> decimal(8,6) */
    FST_FN_DATE_ADD,        /* date, int -> date */
    FST_FN_DATE_SUB,
    FST_FN_DATE_DIFF, /* end date, start date -> int */
    FST_FN_ADD_MONTHS,
    FST_FN_MONTHS_BETWEEN, /* timestamp, timestamp, boolean round off -> double */
    FST_FN_LAST_DAY,
    FST_FN_NEXT_DAY,
    FST_FN_TRUNC,      /* date, string format -> date */
    FST_FN_DATE_TRUNC, /* string format, timestamp -> timestamp */
    FST_FN_TO_DATE,    /* string, string format -> date (without a format it is a CAST) */
    FST_FN_TO_TIMESTAMP,
    FST_FN_TO_TIMESTAMP_NTZ,
    FST_FN_TRY_TO_DATE, /* NULL where the text does not fit the format */
    FST_FN_TRY_TO_TIMESTAMP,
    FST_FN_MAKE_TIMESTAMP,     /* five ints, decimal(16,6) seconds */
    FST_FN_MAKE_TIMESTAMP_NTZ, /* the same */
    FST_FN_FROM_UTC,           /* timestamp, zone (a literal) */
    FST_FN_TO_UTC,
    FST_FN_DATE_FORMAT,    /* timestamp, string format -> string */
    FST_FN_UNIX_TIMESTAMP, /* () or (string, string format) or (date | timestamp, ignored) */
    FST_FN_FROM_UNIXTIME,  /* bigint, string format -> string */
    FST_FN_TIMESTAMP_SECONDS,
    FST_FN_TIMESTAMP_MILLIS,
    FST_FN_TIMESTAMP_MICROS,
    FST_FN_UNIX_SECONDS,
    FST_FN_UNIX_MILLIS,
    FST_FN_UNIX_MICROS,
    FST_FN_CURRENT_DATE,
    FST_FN_CURRENT_TIMESTAMP, /* also now() */
    FST_FN_LOCALTIMESTAMP,
    FST_FN_CURRENT_TIMEZONE,
    FST_FN_CONVERT_ZONE, /* timestamp_ntz, zone from, zone to (literals) */
    FST_FN_MAKE_DATE,
    FST_FN_UNIX_DATE,
    FST_FN_DATE_FROM_UNIX_DATE,
    FST_FN_TIMESTAMP_DIFF, /* string unit literal (upper case), start, end -> bigint */
    FST_FN_TIMESTAMP_ADD,  /* string unit literal, bigint, timestamp -> timestamp */

    /* Nested values. */
    FST_FN_FIELD,      /* struct, int literal: the field of that number from 0 */
    FST_FN_FIELDS,     /* array of structs, int literal -> array of the fields */
    FST_FN_ITEM,       /* array, int from 0; outside is an error */
    FST_FN_GET,        /* array, int from 0; outside is NULL */
    FST_FN_MAP_VALUE,  /* map, key */
    FST_FN_ELEMENT_AT, /* array, int from 1 (negative from the end), or map, key */
    FST_FN_TRY_ELEMENT_AT,
    FST_FN_SIZE, /* array or map */
    FST_FN_ARRAY_CONTAINS,
    FST_FN_MAP_HAS, /* map_contains_key() */
    FST_FN_MAP_KEYS,
    FST_FN_MAP_VALUES,
    FST_FN_ARRAY,        /* elements, same */
    FST_FN_MAP,          /* key, value, ...; keys same, values same */
    FST_FN_STRUCT,       /* fields */
    FST_FN_NAMED_STRUCT, /* fields: the names are in the type */
    FST_FN_SORT_ARRAY,   /* array, boolean literal: ascending, NULL first */
    FST_FN_ARRAY_MAX,
    FST_FN_ARRAY_MIN,
    FST_FN_ARRAY_POSITION, /* array, value -> bigint from 1, 0 = absent */
    FST_FN_SPLIT,          /* string, regex, int limit -> array of strings */
    FST_FN_ARRAY_JOIN,     /* array of strings, separator [, what stands for NULL] */
    FST_FN_ARRAY_DISTINCT,
    FST_FN_ARRAY_UNION, /* two of one type; so until ARRAYS_OVERLAP */
    FST_FN_ARRAY_INTERSECT,
    FST_FN_ARRAY_EXCEPT,
    FST_FN_ARRAYS_OVERLAP,
    FST_FN_SLICE,        /* array, int start from 1 (negative from the end), int length */
    FST_FN_ARRAY_REMOVE, /* array, value */
    FST_FN_ARRAY_APPEND,
    FST_FN_ARRAY_PREPEND,
    FST_FN_ARRAY_INSERT, /* array, int position from 1 (negative from the end), value */
    FST_FN_ARRAY_COMPACT,
    FST_FN_ARRAY_REPEAT, /* value, int times */
    FST_FN_SEQUENCE,     /* whole numbers, dates or timestamps: start, stop [, step] */
    FST_FN_FLATTEN,
    FST_FN_ARRAYS_ZIP,       /* arrays -> array of structs */
    FST_FN_MAP_FROM_ARRAYS,  /* keys, values */
    FST_FN_MAP_FROM_ENTRIES, /* array of structs of two */
    FST_FN_MAP_ENTRIES,
    FST_FN_MAP_CONCAT,
    FST_FN_STR_TO_MAP,      /* string, regex between pairs, regex between key and value */
    FST_FN_ARRAY_SORT,      /* array [, lambda]: NULL last */
    FST_FN_GET_JSON_OBJECT, /* string, path (a literal) */
    FST_FN_JSON_TUPLE,      /* string, name: one column of json_tuple() */
    FST_FN_JSON_ARRAY_LENGTH,
    FST_FN_JSON_OBJECT_KEYS,
    FST_FN_TO_JSON,
    FST_FN_FROM_JSON, /* string; what it becomes is the type */
    FST_FN_TRANSFORM, /* array, lambda; so until FORALL */
    FST_FN_FILTER,
    FST_FN_EXISTS_IN,
    FST_FN_FORALL,
    FST_FN_FOLD,     /* array, start, lambda [, lambda]: aggregate(), reduce() */
    FST_FN_ZIP_WITH, /* array, array, lambda */
    FST_FN_MAP_FILTER,
    FST_FN_TRANSFORM_KEYS,
    FST_FN_TRANSFORM_VALUES,

    /* Aggregates (all but count ignore NULL and give NULL over nothing). */
    FST_FN_COUNT_ALL, /* count(*), count(1): no argument */
    FST_FN_COUNT,     /* rows where no argument is NULL */
    FST_FN_SUM,       /* integers -> bigint, decimal -> decimal, double; intervals */
    FST_FN_AVG,       /* -> double, decimal -> decimal */
    FST_FN_MIN,
    FST_FN_MAX,
    FST_FN_MIN_BY, /* value, ordering */
    FST_FN_MAX_BY,
    FST_FN_FIRST, /* also first_value, any_value; NULLs count unless ignore_nulls */
    FST_FN_LAST,
    FST_FN_STDDEV_SAMP,
    FST_FN_STDDEV_POP,
    FST_FN_VAR_SAMP,
    FST_FN_VAR_POP,
    FST_FN_CORR,
    FST_FN_COVAR_SAMP,
    FST_FN_COVAR_POP,
    FST_FN_COUNT_IF,
    FST_FN_BOOL_AND,
    FST_FN_BOOL_OR,
    FST_FN_MEDIAN,
    FST_FN_COLLECT_SET,     /* -> array, each value once */
    FST_FN_COLLECT_SET_ANY, /* the same where its order does not show */
    FST_FN_COLLECT_LIST,    /* -> array, without NULLs, in the order of the rows */
    FST_FN_GROUPING,        /* only in the text: the resolver makes columns of these two */
    FST_FN_GROUPING_ID,
    FST_FN_PERCENTILE,        /* number, double literal from 0 to 1 */
    FST_FN_PERCENTILE_DISC,   /* number, double literal, int: 1 from the greatest down */
    FST_FN_LISTAGG,           /* string, separator, key, int: 1 descending + 2 NULL first */
    FST_FN_PERCENTILE_APPROX, /* anything with an order, double literal, int literal */
    FST_FN_MODE,
    FST_FN_SKEWNESS,
    FST_FN_KURTOSIS,
    FST_FN_BIT_AND_OF, /* whole numbers; so until BIT_XOR_OF */
    FST_FN_BIT_OR_OF,
    FST_FN_BIT_XOR_OF,
    FST_FN_TRY_SUM,
    FST_FN_TRY_AVG,
    FST_FN_APPROX_COUNT_DISTINCT,
    FST_FN_REGR_COUNT, /* double y, double x; so until REGR_R2 */
    FST_FN_REGR_AVGX,
    FST_FN_REGR_AVGY,
    FST_FN_REGR_SXX,
    FST_FN_REGR_SYY,
    FST_FN_REGR_SXY,
    FST_FN_REGR_SLOPE,
    FST_FN_REGR_INTERCEPT,
    FST_FN_REGR_R2,
    /* Windows only. */
    FST_FN_ROW_NUMBER,
    FST_FN_RANK,
    FST_FN_DENSE_RANK,
    FST_FN_PERCENT_RANK,
    FST_FN_CUME_DIST,
    FST_FN_NTILE,
    FST_FN_LAG, /* value, int literal, default of the same type (a NULL literal when not written) */
    FST_FN_LEAD,
    FST_FN_NTH_VALUE, /* value, int literal */

    FST_FN_COUNT_OF, /* how many there are */
};

/* A name and what it stands for; several names may share an id. One row feeds resolver, completion,
 * help and the executor's dispatch. */
struct fst_function {
    const char *name; /* lower case */
    enum fst_fn id;
    enum fst_fn_kind kind;
    uint8_t min_args, max_args; /* 255 = any number */
    /* One letter an argument, the last repeats: what it is cast to (see functions.c). */
    const char *takes;
    const char *gives; /* result type: a DDL name, or a letter rule (see functions.c) */
    char nulls;        /* 'a' NULL when any argument is, 'n' never, 'y' may always be */
    const char *usage; /* "substring(str, pos[, len])" */
    const char *help;  /* one line */
};
extern const struct fst_function fst_sql_functions[]; /* sorted by name, operators last */
extern const size_t fst_sql_n_functions;
/* The row of a name in any case, operators excluded; NULL when there is none. */
const struct fst_function *fst_sql_function(const char *name, size_t n);

/* ---- Expressions -------------------------------------------------------------------------- */

/* A value by the kind of its type: i for boolean, integers, date, timestamps, time and intervals;
 * d for float and double; decimal for decimals (unscaled); s for string and binary. */
struct fst_value {
    bool is_null;
    int64_t i;
    double d;
    __int128 decimal;
    struct fst_str s;
};

enum fst_expr_kind {
    FST_EXPR_LITERAL, /* value */
    FST_EXPR_COLUMN,  /* depth, index */
    FST_EXPR_CALL,    /* fn, args: operators and scalar functions */
    FST_EXPR_CAST,    /* args[0] to `type`; is_try gives NULL instead of an error */
    FST_EXPR_AND,     /* args[0], args[1]; three-valued */
    FST_EXPR_OR,
    FST_EXPR_NOT,
    FST_EXPR_IS_NULL,     /* args[0]; IS NOT NULL is NOT over it */
    FST_EXPR_CASE,        /* args: when, then, when, then, ... and else when n_args is odd; lazy */
    FST_EXPR_IN,          /* args[0] in args[1..], all of one type */
    FST_EXPR_IN_SUBQUERY, /* args = as many as the columns of `query`, of the same types */
    FST_EXPR_EXISTS,      /* query */
    FST_EXPR_SCALAR,      /* query of one column; no row is NULL, two rows are an error */
    FST_EXPR_AGGREGATE,   /* fn, args, call: only in aggregates of an AGGREGATE relation */
    FST_EXPR_WINDOW,      /* fn, args, call: only in calls of a WINDOW relation */
    /* An argument of a call: args[0] over `depth` variables, the first of which is number `index`.
     * Numbers count those that are in sight, so that equal lambdas are equal trees. */
    FST_EXPR_LAMBDA,
    FST_EXPR_VARIABLE, /* index */
};

struct fst_rel;
struct fst_expr;

struct fst_sort_key {
    struct fst_expr *expr;
    bool descending, nulls_first; /* nulls_first is always set as it is to be done */
};

enum fst_window_bound {
    FST_BOUND_UNBOUNDED_PRECEDING,
    FST_BOUND_PRECEDING, /* offset */
    FST_BOUND_CURRENT_ROW,
    FST_BOUND_FOLLOWING, /* offset */
    FST_BOUND_UNBOUNDED_FOLLOWING,
};
/* Always as it is to be done: Spark's default frames are written out. */
struct fst_window_frame {
    bool is_range; /* else rows */
    enum fst_window_bound start, end;
    /* Literals, not negative. Rows: int. Range: of the type to add to or take from the one order
     * key (a number, int days for dates, an interval); NULL when the bound has none. */
    struct fst_expr *start_offset, *end_offset;
};

/* What an aggregate or a window call has besides arguments. */
struct fst_call {
    bool distinct;
    bool ignore_nulls;
    struct fst_expr *filter; /* NULL = all rows */
    /* WINDOW only. */
    struct fst_expr **partition;
    size_t n_partition;
    struct fst_sort_key *order;
    size_t n_order;
    struct fst_window_frame frame;
};

struct fst_expr {
    enum fst_expr_kind kind;
    struct fst_type type;
    bool nullable;
    struct fst_sql_place place;
    const char *text; /* as Spark writes it: the column's name when it has no alias */

    struct fst_expr **args;
    size_t n_args;

    struct fst_value value;        /* LITERAL */
    uint32_t depth, index;         /* COLUMN, see struct fst_rel */
    const struct fst_function *fn; /* CALL, AGGREGATE, WINDOW: fn->id says what to compute */
    struct fst_call *call;         /* AGGREGATE, WINDOW */
    struct fst_rel *query;         /* IN_SUBQUERY, EXISTS, SCALAR */
    bool is_try, implicit;         /* CAST */
    /* IN_SUBQUERY: Spark runs it as an existence join: unknown counts as FALSE. Otherwise it is a
     * conjunct of a FILTER (perhaps below NOT) and has the standard's three values. With
     * `negated` it is NOT IN (no NOT node above); as an existence join unknown is FALSE too. */
    bool existence, negated;
};

/* Can nested values of this type be keys here: compared, sorted and grouped by their bytes? Not
 * with a map in them, nor with FLOAT and DOUBLE, of which two zeros are equal. */
bool fst_sql_is_nested_key(const struct fst_type *t);

/* ---- Relations ---------------------------------------------------------------------------- */

enum fst_rel_kind {
    FST_REL_SCAN,      /* table */
    FST_REL_ONE_ROW,   /* SELECT without FROM: one row without columns */
    FST_REL_VALUES,    /* rows of exprs: n_rows * n_columns */
    FST_REL_CTE,       /* cte: index into the plan's list */
    FST_REL_PROJECT,   /* exprs, one a column */
    FST_REL_FILTER,    /* condition over the input; columns = the input's */
    FST_REL_JOIN,      /* join, condition (NULL = all pairs) */
    FST_REL_AGGREGATE, /* groups then exprs (aggregates), one a column. n_groups 0: always one row
                        */
    FST_REL_WINDOW,    /* columns = the input's, then one for each of exprs (window calls) */
    FST_REL_DISTINCT,
    FST_REL_SORT, /* order, then offset, then limit. columns = the first n_columns of the input's:
                     the input may have more at its end, only to sort by */
    FST_REL_SET,  /* set, all: inputs have equal types */
    FST_REL_GENERATE, /* columns = the input's, [position from 0], then element, or key and value,
                         one row for each in the array or map exprs[0] */
};

enum fst_join_kind {
    FST_JOIN_INNER,
    FST_JOIN_LEFT,
    FST_JOIN_RIGHT,
    FST_JOIN_FULL,
    FST_JOIN_SEMI, /* columns = the left's */
    FST_JOIN_ANTI, /* columns = the left's; rows where the condition is never TRUE */
};

enum fst_set_kind { FST_SET_UNION, FST_SET_INTERSECT, FST_SET_EXCEPT };

/* A relation. COLUMN expressions in it with depth 0 number the columns of `input`; in a JOIN's
 * condition those of `input` and then those of `right`. depth 1 means the columns that the
 * expression which holds this subquery would have at depth 0, and so on outwards. */
struct fst_rel {
    enum fst_rel_kind kind;
    struct fst_sql_place place;
    struct fst_field *columns; /* names may repeat; nullability as Spark has it */
    size_t n_columns;

    struct fst_rel *input;
    struct fst_rel *right; /* JOIN, SET */

    size_t table; /* SCAN: index into the plan's list */
    size_t cte;   /* CTE */

    struct fst_expr **exprs; /* PROJECT, VALUES, AGGREGATE, WINDOW */
    size_t n_exprs;
    size_t n_rows;            /* VALUES */
    struct fst_expr **groups; /* AGGREGATE */
    size_t n_groups;

    struct fst_expr *condition; /* FILTER, JOIN */
    enum fst_join_kind join;
    enum fst_set_kind set;
    bool all;                        /* SET: keeps duplicates */
    bool with_position, keeps_empty; /* GENERATE; keeps_empty: one row of NULLs for none */

    struct fst_sort_key *order; /* SORT */
    size_t n_order;
    int64_t limit, offset; /* SORT: limit -1 = none */
};

/* A table that the text reads, once however often it is named. */
struct fst_plan_table {
    const char *const *parts; /* of its name as written, without backticks: {"a", "b"} for a.b */
    size_t n_parts;
    const struct fst_schema *schema; /* as the scope gave it: must outlive the plan */
    void *handle;                    /* as the scope gave it */
    struct fst_sql_place place;      /* the first time it is named */
};

struct fst_plan_cte {
    const char *name;
    struct fst_rel *query; /* never correlated; refers only to CTEs before it */
};

struct fst_sql_plan {
    struct fst_rel *root; /* root->columns is the answer's schema */
    struct fst_plan_table *tables;
    size_t n_tables;
    struct fst_plan_cte *ctes; /* all that are written, used or not */
    size_t n_ctes;
};

/* ---- From text to plan -------------------------------------------------------------------- */

/* The syntax tree of one query; what is in it is the resolver's own affair. */
struct fst_sql_tree;

/* Parse one query (a trailing semicolon is allowed). {{name.variant}} stands for the identifier of
 * fst_sql_bound_name. `text` must outlive the tree. FST_EINVAL with Spark's PARSE_SYNTAX_ERROR, or
 * FST_EUNSUPPORTED, place in `problem` (which may be NULL). */
enum fst_status fst_sql_parse(struct fst_arena *a, const char *text, size_t n,
                              struct fst_sql_tree **out, struct fst_problem *problem,
                              struct fst_error *err);

/* Schema of a table by the parts of its name. FST_ENOTFOUND when there is none; other failures go
 * through to the caller. `*handle` comes back in the plan's list. */
struct fst_sql_scope {
    enum fst_status (*table)(void *arg, const char *const *parts, size_t n_parts,
                             const struct fst_schema **schema, void **handle,
                             struct fst_error *err);
    void *arg;
};

enum fst_status fst_sql_resolve(struct fst_arena *a, const struct fst_sql_tree *tree,
                                const struct fst_sql_scope *scope, struct fst_sql_plan **out,
                                struct fst_problem *problem, struct fst_error *err);

/* The plan as an indented text, one relation a line: for explain and for tests. */
void fst_plan_text(struct fst_buf *out, const struct fst_sql_plan *plan);
void fst_expr_text(struct fst_buf *out, const struct fst_expr *e);

/* ---- Where columns come from ----------------------------------------------------------------
 */

/* What a column of a table does for a column of the answer, or for which rows there are. */
enum fst_use {
    FST_USE_AS_IS = 1,    /* its values, unchanged */
    FST_USE_COMPUTED = 2, /* its values go into a computation */
    FST_USE_FILTER = 4,   /* it decides which rows count: WHERE, ON, HAVING, CASE, FILTER, IN */
    FST_USE_ORDER = 8,    /* rows are grouped, partitioned or ordered by it */
};
/* What `inner` uses become where the value they make has the uses `outer`. */
unsigned fst_use_through(unsigned inner, unsigned outer);
struct fst_origin {
    size_t table, column; /* indexes into the plan's tables and that table's schema */
    unsigned uses;        /* fst_use together */
};
struct fst_origins {
    const struct fst_origin *items; /* by table, then column, each once */
    size_t n;
};
struct fst_plan_origins {
    struct fst_origins *columns; /* one a column of the plan's root */
    size_t n_columns;
    struct fst_origins rows; /* what decides which rows there are: FILTER and ORDER only */
};
/* Follow each column of the answer to the columns of tables that it is made of, through CTEs,
 * subqueries and set operations. `depth` of nesting is that of the plan. FST_ENOMEM when a plan
 * would give over FST_MAX_ORIGINS of them. */
#define FST_MAX_ORIGINS 4000000
enum fst_status fst_sql_origins(struct fst_arena *a, const struct fst_sql_plan *plan,
                                struct fst_plan_origins *out, struct fst_error *err);

#endif
