/* local_fn: Spark's functions as SQLite functions.
 *
 * Each local_*.c file of functions ends in one table of rows; local_fn.c registers them. Values
 * travel in the encoding of firesteel/data.h (virtual tables): NaN is the blob "NaN", decimals are
 * sortable blobs of 16 bytes, dates are days, timestamps microseconds. */
#ifndef ENGINE_LOCAL_FN_H
#define ENGINE_LOCAL_FN_H

#include <sqlite3.h>

#include "firesteel/base.h"

/* What the rows and values that one job holds may take. */
struct local_memory {
    uint64_t used, cap;
};

/* What a function may know besides its arguments; belongs to one connection. */
struct local_env {
    int64_t now_us;
    const struct local_zone *zone; /* of the session; NULL = UTC */
    struct local_memory *memory;   /* NULL = no cap */
    bool (*cancelled)(void *);
    void *cancel_arg;
    struct local_lambdas *lambdas; /* the bodies that were prepared */
};

struct local_call;
struct local_function {
    const char *name;
    int n_args;  /* -1 = any number */
    bool strict; /* NULL when any argument is NULL, without asking `run` */
    void (*run)(const struct local_call *c, sqlite3_value **args);
    int mode;         /* the function's own */
    const char *help; /* what it stands for in Spark, for explain */
};
struct local_call {
    sqlite3_context *ctx;
    const struct local_env *env;
    const struct local_function *row;
    int n_args;
    bool tries; /* an error of Spark's gives NULL */
};

/* SQLite aligns states of aggregates to 8 bytes only. */
typedef __int128 int128_at_8 __attribute__((aligned(8)));

/* An aggregate: `step` sees each row in order; `result` may be asked after every step. A frame that
 * moves at its start is computed anew from the values in it, as Spark does, so that doubles add up
 * in the same order. */
struct local_aggregate {
    const char *name;
    int n_args;
    bool strict; /* rows with a NULL argument are skipped */
    size_t state_bytes;
    void (*step)(const struct local_call *c, void *state, sqlite3_value **args);
    void (*result)(const struct local_call *c, void *state);
    void (*done)(void *state); /* frees what the state holds; may be NULL */
    int mode;
};

/* What makes one state of two, the second of rows after the first's; for aggregates whose answer
 * does not depend on how rows were divided, the rounding of doubles aside. `is_over`: rows before
 * these could have kept the state in its range; may be NULL. */
struct local_merge {
    const char *name; /* of the aggregate */
    void (*merge)(void *state, const void *later);
    bool (*is_over)(const void *state);
};
extern const struct local_merge local_merges[];

extern const struct local_function local_num_functions[], local_decimal_functions[],
    local_cast_functions[], local_text_functions[], local_case_functions[], local_like_functions[],
    local_regex_functions[], local_hash_functions[], local_time_functions[],
    local_time_add_functions[], local_format_functions[], local_math_functions[],
    local_bits_functions[], local_code_functions[], local_zone_functions[],
    local_printf_functions[], local_nest_functions[], local_nest_list_functions[],
    local_interval_functions[], local_trig_functions[], local_url_functions[],
    local_list_functions[], local_split_functions[], local_lambda_functions[],
    local_json_functions[], local_json_value_functions[], local_json_read_functions[],
    local_frame_functions[], local_number_functions[];
extern const struct local_aggregate local_aggregates[], local_moments[], local_shares[],
    local_hll[], local_nest_aggregates[], local_interval_aggregates[], local_sets[],
    local_frame_aggregates[], local_listagg[];

/* Registers everything; `env` must outlive the connection. The aggregate `x` is also there as
 * `x_moving` for frames whose start moves. */
enum fst_status local_register(sqlite3 *db, const struct local_env *env, struct fst_error *err);
/* Is there a function or an aggregate of this name? */
bool local_has_function(const char *name);

/* Statements that lambdas are, kept for the next row. To be freed before the connection is. */
struct local_lambdas;
struct local_lambdas *local_lambdas_new(void);
void local_lambdas_free(struct local_lambdas *l);

/* Memory of a state that keeps all values; what is small is not counted. False = over the cap: the
 * statement is refused. */
struct local_held {
    struct local_memory *memory;
    uint64_t bytes;
};
bool local_hold(const struct local_call *c, struct local_held *h, uint64_t more);
void local_let_go(struct local_held *h);
/* To be asked where a call may take long: true = the statement stops, the call gives nothing. */
bool local_is_cancelled(const struct local_call *c);
/* Stop the statement with one of Spark's error conditions. */
void local_raise(const struct local_call *c, const char *condition, const char *sqlstate,
                 const char *fmt, ...) FST_PRINTF(4, 5);
void local_raise_overflow(const struct local_call *c, const char *what, const char *instead);
#define LOCAL_ANSI_HINT                                                                            \
    "If necessary set \"spark.sql.ansi.enabled\" to \"false\" to bypass this error"

/* Values in and out. */
bool local_is_nan(sqlite3_value *v);
double local_double(sqlite3_value *v);
struct fst_str local_text(sqlite3_value *v);
__int128 local_decimal(sqlite3_value *v);
__int128 local_decimal_of(const unsigned char blob[16]);
/* Order of two values of one kind that are not NULL: NaN is the greatest. */
int local_compare(sqlite3_value *a, sqlite3_value *b);
void local_decimal_blob(__int128 v, unsigned char out[16]);
void local_give_double(const struct local_call *c, double v);
void local_give_float(const struct local_call *c, double v);
void local_give_decimal(const struct local_call *c, __int128 v);
void local_give_bool(const struct local_call *c, bool v);
void local_give_text(const struct local_call *c, const char *p, size_t n);
/* Takes the buffer's memory; too long is an error. */
void local_give_buf(const struct local_call *c, struct fst_buf *b);
#define LOCAL_MAX_TEXT ((size_t)256 << 20)

/* ---- Exact arithmetic on wide integers (decimals) -------------------------------------------- */

/* Magnitude and sign; wide enough for the product of two decimals shifted by 39 digits. */
#define LOCAL_WIDE_LIMBS 16
struct local_wide {
    bool negative;
    uint32_t limbs[LOCAL_WIDE_LIMBS]; /* least first */
};
struct local_wide local_wide_of(__int128 v);
int local_wide_digits(const struct local_wide *w);
struct local_wide local_wide_mul(const struct local_wide *a, const struct local_wide *b);
struct local_wide local_wide_shift(const struct local_wide *a, int digits); /* times 10^digits */
struct local_wide local_wide_add(const struct local_wide *a, const struct local_wide *b);
/* Divide by a divisor that is not zero; `rest` has the dividend's sign. */
struct local_wide local_wide_div(const struct local_wide *a, const struct local_wide *b,
                                 struct local_wide *rest);
bool local_wide_is_zero(const struct local_wide *w);
/* Drop `digits` decimal digits, rounding half up (or half even). */
struct local_wide local_wide_drop(const struct local_wide *a, int digits, bool half_even);
bool local_wide_to(const struct local_wide *w, __int128 *out);
void local_wide_text(struct fst_buf *out, const struct local_wide *w, int scale);
/* Give `w` (at `from_scale`) as decimal(precision, scale), or NUMERIC_VALUE_OUT_OF_RANGE; with
 * `is_try`, NULL. */
void local_give_wide(const struct local_call *c, const struct local_wide *w, int from_scale,
                     int precision, int scale, bool is_try);
bool local_wide_fit(const struct local_wide *w, int from_scale, int precision, int scale,
                    __int128 *out);
/* The decimal that a double's shortest text spells; false for NaN and infinities. */
bool local_wide_of_double(double v, bool is_float, struct local_wide *out, int *scale);
__int128 local_pow10(int n);

/* ---- Dates and times ------------------------------------------------------------------------- */

#define LOCAL_DAY_US INT64_C(86400000000)
static inline int64_t local_floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

/* A time zone; NULL is UTC everywhere. */
struct local_zone;
/* FST_EUNSUPPORTED when this host does not know it. UTC gives NULL. */
enum fst_status local_zone_open(const char *name, struct local_zone **out, struct fst_error *err);
void local_zone_free(struct local_zone *z);
/* The zone that a function is given by name: false where we do not know it as Spark does. */
bool local_zone_of(struct fst_str name, struct local_zone **out);
int64_t local_zone_to_local(const struct local_zone *z, int64_t us); /* instant -> wall clock */
int64_t local_zone_to_utc(const struct local_zone *z, int64_t us);   /* wall clock -> instant, as
                                            Java: a gap moves forward, an overlap takes the first */
bool local_text_to_date(struct fst_str s, int64_t *days);
/* `zone` NULL with `ntz`: a zone in the text is dropped. */
bool local_text_to_timestamp(struct fst_str s, const struct local_env *env, bool ntz, int64_t *us);
int local_days_in_month(int64_t year, int month);
int64_t local_add_months(int64_t days, int64_t months);

/* Is this pattern of date_format and the like one that local_format.c does as Java? */
bool local_format_ok(struct fst_str pattern, bool parsing);
/* A wall clock as the pattern says; false when the statement is stopped. */
bool local_format_write(const struct local_call *c, struct fst_buf *out, int64_t wall,
                        struct fst_str pattern);
/* What a text says: 1 read, 0 it does not fit, -1 the statement is stopped. `kind`: d days, t an
 * instant, n a wall clock. */
int local_format_read(const struct local_call *c, struct fst_str s, struct fst_str pattern,
                      char kind, int64_t *value);
/* Is this format of printf one that local_printf.c does, for arguments of these kinds: i whole, d
 * double, s text? */
bool local_printf_ok(struct fst_str format, const char *kinds);
/* Is this Java regular expression one that local_regex.c does the same? `why` names the construct.
 */
bool local_regex_ok(struct fst_str pattern, char *why, size_t why_bytes);

/* The type of nested values, for our functions (local_nest.h). */
void local_nest_signature(struct fst_buf *out, const struct fst_type *type);

/* ---- Text ------------------------------------------------------------------------------------ */

struct fst_str local_trim_space(struct fst_str s); /* white space as casts see it */
/* Append in upper or lower case, as Java's root locale. */
void local_case_text(struct fst_buf *out, struct fst_str s, bool upper);

#endif
