/* Registering functions and aggregates with SQLite, and values in and out of them. */
#include "local_fn.h"
#include "local_rows.h"

#include <endian.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const struct local_function *const function_tables[] = {
    local_num_functions,       local_decimal_functions,  local_cast_functions,
    local_text_functions,      local_case_functions,     local_like_functions,
    local_regex_functions,     local_hash_functions,     local_time_functions,
    local_time_add_functions,  local_format_functions,   local_math_functions,
    local_bits_functions,      local_code_functions,     local_zone_functions,
    local_printf_functions,    local_number_functions,   local_nest_functions,
    local_nest_list_functions, local_interval_functions, local_trig_functions,
    local_url_functions,       local_list_functions,     local_split_functions,
    local_lambda_functions,    local_json_functions,     local_json_value_functions,
    local_json_read_functions, local_frame_functions,
};
static const struct local_aggregate *const aggregate_tables[] = {
    local_aggregates, local_moments,          local_shares,
    local_hll,        local_nest_aggregates,  local_interval_aggregates,
    local_sets,       local_frame_aggregates, local_listagg};

/* ---- Values ---------------------------------------------------------------------------------- */

bool local_is_nan(sqlite3_value *v)
{
    return sqlite3_value_type(v) == SQLITE_BLOB;
}

double local_double(sqlite3_value *v)
{
    return local_is_nan(v) ? (double)NAN : sqlite3_value_double(v);
}

struct fst_str local_text(sqlite3_value *v)
{
    const char *p = sqlite3_value_type(v) == SQLITE_BLOB ? sqlite3_value_blob(v)
                                                         : (const char *)sqlite3_value_text(v);
    return (struct fst_str){p ? p : "", (size_t)sqlite3_value_bytes(v)};
}

__int128 local_decimal_of(const unsigned char blob[16])
{
    uint64_t high, low;
    memcpy(&high, blob, 8);
    memcpy(&low, blob + 8, 8);
    unsigned __int128 u = (unsigned __int128)be64toh(high) << 64 | be64toh(low);
    return (__int128)(u ^ (unsigned __int128)1 << 127);
}

__int128 local_decimal(sqlite3_value *v)
{
    const unsigned char *p = sqlite3_value_blob(v);
    return p && sqlite3_value_bytes(v) == 16 ? local_decimal_of(p) : 0;
}

int local_compare(sqlite3_value *a, sqlite3_value *b)
{
    int type_a = sqlite3_value_type(a), type_b = sqlite3_value_type(b);
    if (type_a == SQLITE_INTEGER && type_b == SQLITE_INTEGER) {
        int64_t x = sqlite3_value_int64(a), y = sqlite3_value_int64(b);
        return (x > y) - (x < y);
    }
    if (type_a == SQLITE_FLOAT && type_b == SQLITE_FLOAT) {
        double x = sqlite3_value_double(a), y = sqlite3_value_double(b);
        return (x > y) - (x < y);
    }
    if (type_a != type_b)
        return type_a == SQLITE_BLOB ? 1 : -1;
    return fst_str_compare(local_text(a), local_text(b));
}

void local_decimal_blob(__int128 v, unsigned char out[16])
{
    unsigned __int128 u = (unsigned __int128)v ^ (unsigned __int128)1 << 127;
    uint64_t high = htobe64((uint64_t)(u >> 64)), low = htobe64((uint64_t)u);
    memcpy(out, &high, 8);
    memcpy(out + 8, &low, 8);
}

void local_give_double(const struct local_call *c, double v)
{
    if (isnan(v))
        sqlite3_result_blob(c->ctx, "NaN", 3, SQLITE_STATIC);
    else
        sqlite3_result_double(c->ctx, v);
}

void local_give_float(const struct local_call *c, double v)
{
    local_give_double(c, (double)(float)v);
}

void local_give_decimal(const struct local_call *c, __int128 v)
{
    unsigned char blob[16];
    local_decimal_blob(v, blob);
    sqlite3_result_blob(c->ctx, blob, 16, SQLITE_TRANSIENT);
}

void local_give_bool(const struct local_call *c, bool v)
{
    sqlite3_result_int(c->ctx, v);
}

void local_give_text(const struct local_call *c, const char *p, size_t n)
{
    sqlite3_result_text64(c->ctx, p, n, SQLITE_TRANSIENT, SQLITE_UTF8);
}

void local_give_buf(const struct local_call *c, struct fst_buf *b)
{
    if (b->over) {
        sqlite3_result_error_toobig(c->ctx);
        fst_buf_done(b);
        return;
    }
    size_t n = b->n;
    sqlite3_result_text64(c->ctx, fst_buf_take(b), n, free, SQLITE_UTF8);
}

/* ---- Errors ---------------------------------------------------------------------------------- */

void local_raise(const struct local_call *c, const char *condition, const char *sqlstate,
                 const char *fmt, ...)
{
    if (c->tries && strcmp(condition, "UNSUPPORTED_FEATURE") != 0)
        return;
    struct fst_buf text = FST_BUF(8192);
    fst_buf_printf(&text, "[%s] ", condition);
    va_list args;
    va_start(args, fmt);
    fst_buf_vprintf(&text, fmt, args);
    va_end(args);
    fst_buf_printf(&text, " SQLSTATE: %s", sqlstate);
    sqlite3_result_error(c->ctx, fst_buf_text(&text), (int)text.n);
    fst_buf_done(&text);
}

void local_raise_overflow(const struct local_call *c, const char *what, const char *instead)
{
    if (instead)
        local_raise(c, "ARITHMETIC_OVERFLOW", "22003",
                    "%s. Use '%s' to tolerate overflow and return NULL instead. " LOCAL_ANSI_HINT
                    ".",
                    what, instead);
    else
        local_raise(c, "ARITHMETIC_OVERFLOW", "22003", "%s. " LOCAL_ANSI_HINT ".", what);
}

/* ---- Memory ---------------------------------------------------------------------------------- */

enum { SMALL_BYTES = 64 << 10 };

static uint64_t counted(const struct local_held *h)
{
    return h->memory && h->bytes > SMALL_BYTES ? h->bytes - SMALL_BYTES : 0;
}

bool local_hold(const struct local_call *c, struct local_held *h, uint64_t more)
{
    h->memory = c->env->memory;
    uint64_t before = counted(h);
    h->bytes += more;
    uint64_t wanted = counted(h) - before;
    if (wanted == 0)
        return true;
    if (wanted <= h->memory->cap - h->memory->used) {
        h->memory->used += wanted;
        return true;
    }
    h->bytes -= more;
    local_raise(c, "UNSUPPORTED_FEATURE", "0A000",
                "an aggregate that keeps all its values needs more memory than %llu MB, which is "
                "the setting local.memory; raise it, or run it on Spark",
                (unsigned long long)(h->memory->cap >> 20));
    return false;
}

void local_let_go(struct local_held *h)
{
    if (h->memory)
        h->memory->used -= counted(h);
    h->bytes = 0;
}

/* ---- Functions ------------------------------------------------------------------------------- */

struct bound {
    const struct local_env *env;
    const struct local_function *function;
    const struct local_aggregate *aggregate;
    bool tries;
};

static bool any_null(sqlite3_value **args, int n)
{
    for (int i = 0; i < n; i++)
        if (sqlite3_value_type(args[i]) == SQLITE_NULL)
            return true;
    return false;
}

/* SQLite asks after so many instructions, of which a call is one however long it takes. */
bool local_is_cancelled(const struct local_call *c)
{
    if (!c->env->cancelled || !c->env->cancelled(c->env->cancel_arg))
        return false;
    sqlite3_result_error_code(c->ctx, SQLITE_INTERRUPT);
    return true;
}

static void run_function(sqlite3_context *ctx, int n, sqlite3_value **args)
{
    const struct bound *b = sqlite3_user_data(ctx);
    static _Thread_local unsigned calls;
    if (b->function->strict && any_null(args, n))
        return;
    struct local_call c = {ctx, b->env, b->function, n, b->tries};
    if ((++calls & 15) == 0 && local_is_cancelled(&c))
        return;
    b->function->run(&c, args);
}

/* ---- Aggregates ------------------------------------------------------------------------------ */

/* The rows of a frame whose start moves, oldest first. */
struct moving {
    sqlite3_value **values; /* n_args a row */
    size_t first, n, cap;   /* rows */
};

static void *state_of(sqlite3_context *ctx, const struct local_aggregate *a)
{
    return sqlite3_aggregate_context(ctx, (int)a->state_bytes);
}

static void aggregate_step(sqlite3_context *ctx, int n, sqlite3_value **args)
{
    const struct bound *b = sqlite3_user_data(ctx);
    void *state = state_of(ctx, b->aggregate);
    if (!state || (b->aggregate->strict && any_null(args, n)))
        return;
    struct local_call c = {ctx, b->env, NULL, n, b->tries};
    b->aggregate->step(&c, state, args);
}

static void aggregate_value(sqlite3_context *ctx)
{
    const struct bound *b = sqlite3_user_data(ctx);
    void *state = state_of(ctx, b->aggregate);
    struct local_call c = {ctx, b->env, NULL, b->aggregate->n_args, b->tries};
    if (state)
        b->aggregate->result(&c, state);
}

static void aggregate_final(sqlite3_context *ctx)
{
    const struct bound *b = sqlite3_user_data(ctx);
    aggregate_value(ctx);
    void *state = state_of(ctx, b->aggregate);
    if (state && b->aggregate->done)
        b->aggregate->done(state);
}

/* Frames that begin at the partition's first row never lose one. */
static void aggregate_inverse(sqlite3_context *ctx, int n, sqlite3_value **args)
{
    (void)n;
    (void)args;
    sqlite3_result_error(ctx, "a growing frame lost a row", -1);
}

static size_t width_of(const struct local_aggregate *a)
{
    return a->n_args > 0 ? (size_t)a->n_args : 1;
}

static void moving_step(sqlite3_context *ctx, int n, sqlite3_value **args)
{
    const struct bound *b = sqlite3_user_data(ctx);
    struct moving *m = sqlite3_aggregate_context(ctx, sizeof *m);
    if (!m)
        return;
    size_t width = width_of(b->aggregate);
    if (m->first > 64 && m->first * 2 > m->n) {
        memmove(m->values, m->values + m->first * width,
                (m->n - m->first) * width * sizeof *m->values);
        m->n -= m->first;
        m->first = 0;
    }
    fst_grow(&m->values, &m->cap, (m->n + 1) * width, sizeof *m->values);
    for (int i = 0; i < n; i++)
        m->values[m->n * width + (size_t)i] = sqlite3_value_dup(args[i]);
    m->n++;
}

static void drop_row(struct moving *m, size_t row, size_t width)
{
    for (size_t i = 0; i < width; i++) {
        sqlite3_value_free(m->values[row * width + i]);
        m->values[row * width + i] = NULL;
    }
}

static void moving_inverse(sqlite3_context *ctx, int n, sqlite3_value **args)
{
    (void)n;
    (void)args;
    const struct bound *b = sqlite3_user_data(ctx);
    struct moving *m = sqlite3_aggregate_context(ctx, sizeof *m);
    if (m && m->first < m->n)
        drop_row(m, m->first++, width_of(b->aggregate));
}

static void moving_value(sqlite3_context *ctx)
{
    const struct bound *b = sqlite3_user_data(ctx);
    const struct local_aggregate *a = b->aggregate;
    struct moving *m = sqlite3_aggregate_context(ctx, sizeof *m);
    struct local_call c = {ctx, b->env, NULL, a->n_args, b->tries};
    void *state = fst_alloc(a->state_bytes);
    for (size_t row = m ? m->first : 0; m && row < m->n; row++) {
        sqlite3_value **args = m->values + row * width_of(a);
        if (!a->strict || !any_null(args, a->n_args))
            a->step(&c, state, args);
        if ((row & 1023) == 0 && b->env->cancelled && b->env->cancelled(b->env->cancel_arg)) {
            sqlite3_result_error_code(ctx, SQLITE_INTERRUPT);
            break;
        }
    }
    a->result(&c, state);
    if (a->done)
        a->done(state);
    free(state);
}

static void moving_final(sqlite3_context *ctx)
{
    const struct bound *b = sqlite3_user_data(ctx);
    moving_value(ctx);
    struct moving *m = sqlite3_aggregate_context(ctx, sizeof *m);
    if (!m)
        return;
    for (size_t row = m->first; row < m->n; row++)
        drop_row(m, row, width_of(b->aggregate));
    free(m->values);
    *m = (struct moving){0};
}

/* ---- Registration ---------------------------------------------------------------------------- */

/* Functions that are also there as try_<name>, which gives NULL instead of Spark's errors. */
static bool is_tried(const char *name)
{
    static const char *const tried[] = {
        "add_",     "subtract_",   "multiply_", "divide_",    "mod_", "parse_date",   "parse_ti",
        "sum_long", "sum_decimal", "sum_and_c", "sum_double", "avg_", "url_decode_of"};
    for (size_t i = 0; i < FST_COUNT(tried); i++)
        if (strncmp(name, tried[i], strlen(tried[i])) == 0)
            return true;
    return false;
}

static int add_function(sqlite3 *db, const struct local_env *env, const struct local_function *f,
                        bool tries)
{
    struct bound *b = fst_alloc(sizeof *b);
    *b = (struct bound){.env = env, .function = f, .tries = tries};
    char name[64];
    snprintf(name, sizeof name, "%s%s", tries ? "try_" : "", f->name);
    return sqlite3_create_function_v2(db, name, f->n_args, SQLITE_UTF8 | SQLITE_DETERMINISTIC, b,
                                      run_function, NULL, NULL, free);
}

static int add_aggregate(sqlite3 *db, const struct local_env *env, const struct local_aggregate *a,
                         bool tries)
{
    char name[64];
    const char *before = tries ? "try_" : "";
    struct bound *grow = fst_alloc(sizeof *grow), *move = fst_alloc(sizeof *move);
    *grow = *move = (struct bound){.env = env, .aggregate = a, .tries = tries};
    snprintf(name, sizeof name, "%s%s", before, a->name);
    int rc =
        sqlite3_create_window_function(db, name, a->n_args, SQLITE_UTF8, grow, aggregate_step,
                                       aggregate_final, aggregate_value, aggregate_inverse, free);
    snprintf(name, sizeof name, "%s%s_moving", before, a->name);
    int rc2 = sqlite3_create_window_function(db, name, a->n_args, SQLITE_UTF8, move, moving_step,
                                             moving_final, moving_value, moving_inverse, free);
    return rc ? rc : rc2;
}

enum fst_status local_register(sqlite3 *db, const struct local_env *env, struct fst_error *err)
{
    int rc = SQLITE_OK;
    for (size_t t = 0; t < FST_COUNT(function_tables); t++)
        for (const struct local_function *f = function_tables[t]; f->name && !rc; f++)
            for (int tries = 0; tries <= is_tried(f->name) && !rc; tries++)
                rc = add_function(db, env, f, tries);
    for (size_t t = 0; t < FST_COUNT(aggregate_tables); t++)
        for (const struct local_aggregate *a = aggregate_tables[t]; a->name && !rc; a++)
            for (int tries = 0; tries <= is_tried(a->name) && !rc; tries++)
                rc = add_aggregate(db, env, a, tries);
    rc = rc ? rc : local_rows_register(db, env);
    return rc ? fst_db_fail(db, err, "registering functions") : FST_OK;
}

bool local_has_function(const char *name)
{
    if (strncmp(name, "try_", 4) == 0 && is_tried(name + 4))
        name += 4;
    for (size_t t = 0; t < FST_COUNT(function_tables); t++)
        for (const struct local_function *f = function_tables[t]; f->name; f++)
            if (*f->name == *name && strcmp(f->name, name) == 0)
                return true;
    for (size_t t = 0; t < FST_COUNT(aggregate_tables); t++)
        for (const struct local_aggregate *a = aggregate_tables[t]; a->name; a++)
            if (*a->name == *name && strcmp(a->name, name) == 0)
                return true;
    return false;
}
