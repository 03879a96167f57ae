/* local_table: see the header. SQLite hands each row to the aggregate fill_<name>, which puts it
 * into the table; a module of the table's name gives the rows back, all of them or those of a key.
 * What a function of a group says is asked where it is read. */
#include "local_table.h"

#include <stdlib.h>
#include <string.h>

#include "local_table_rows.h"

/* One function of a group. */
struct column {
    const struct native *native;           /* SQLite's own, done here, or */
    const struct local_aggregate *of_ours; /* ours */
    const struct local_merge *merge;       /* of ours, or NULL */
    bool tries;
    int first, n_args; /* of the arguments of fill_<name> */
    size_t at;         /* of its state in a row */
};

struct local_table {
    struct rows rows;
    const struct local_table_plan *plan;
    const struct local_env *env;
    struct column *columns; /* one a function */
    size_t state_bytes;
    char *declaration;
};

/* ---- SQLite's aggregates --------------------------------------------------------------------- */

struct best {
    struct cell cell;
    uint32_t room; /* for its bytes */
    bool any;
};

struct native {
    const char *name;
    size_t bytes;
    bool (*step)(struct local_table *t, const struct column *f, void *state, sqlite3_value **args);
    void (*result)(sqlite3_context *ctx, void *state);
    bool (*merge)(struct local_table *t, void *state, const void *later);
};

static bool count_step(struct local_table *t, const struct column *f, void *state,
                       sqlite3_value **args)
{
    (void)t;
    *(int64_t *)state += f->n_args == 0 || sqlite3_value_type(args[0]) != SQLITE_NULL;
    return true;
}

static void count_result(sqlite3_context *ctx, void *state)
{
    sqlite3_result_int64(ctx, *(int64_t *)state);
}

static bool count_merge(struct local_table *t, void *state, const void *later)
{
    (void)t;
    *(int64_t *)state += *(const int64_t *)later;
    return true;
}

/* Its bytes into the place of the last best ones, where they fit. */
static bool keep_best(struct local_table *t, struct best *b, sqlite3_value *v)
{
    int type = sqlite3_value_type(v);
    size_t n = type == SQLITE_TEXT || type == SQLITE_BLOB ? (size_t)sqlite3_value_bytes(v) : 0;
    b->any = true;
    if (n == 0 || n > b->room || (b->cell.type != SQLITE_TEXT && b->cell.type != SQLITE_BLOB)) {
        b->room = (uint32_t)n;
        return cell_take(&t->rows.store, &b->cell, v);
    }
    memcpy((char *)b->cell.bytes, sqlite3_value_blob(v), n);
    b->cell.n = (uint32_t)n;
    b->cell.type = (uint8_t)type;
    return true;
}

static bool best_step(struct local_table *t, void *state, sqlite3_value *v, int direction)
{
    struct best *b = state;
    if (sqlite3_value_type(v) == SQLITE_NULL ||
        (b->any && value_order(v, &b->cell) * direction <= 0))
        return true;
    return keep_best(t, b, v);
}

static bool min_step(struct local_table *t, const struct column *f, void *state,
                     sqlite3_value **args)
{
    (void)f;
    return best_step(t, state, args[0], -1);
}

static bool max_step(struct local_table *t, const struct column *f, void *state,
                     sqlite3_value **args)
{
    (void)f;
    return best_step(t, state, args[0], 1);
}

static void best_result(sqlite3_context *ctx, void *state)
{
    struct best *b = state;
    if (b->any)
        cell_give(ctx, &b->cell);
}

static bool best_merge(struct local_table *t, struct best *b, const struct best *later,
                       int direction)
{
    const struct cell *c = &later->cell;
    if (!later->any || (b->any && cell_order(c, &b->cell) * direction <= 0))
        return true;
    b->any = true;
    b->room = c->type == SQLITE_TEXT || c->type == SQLITE_BLOB ? c->n : 0;
    return cell_copy(&t->rows.store, &b->cell, c);
}

static bool min_merge(struct local_table *t, void *state, const void *later)
{
    return best_merge(t, state, later, -1);
}

static bool max_merge(struct local_table *t, void *state, const void *later)
{
    return best_merge(t, state, later, 1);
}

static const struct native natives[] = {
    {"count", sizeof(int64_t), count_step, count_result, count_merge},
    {"min", sizeof(struct best), min_step, best_result, min_merge},
    {"max", sizeof(struct best), max_step, best_result, max_merge},
};

/* ---- Which functions ------------------------------------------------------------------------- */

/* Of ours those whose state has one size and whose step needs nothing of SQLite's. */
static const char *const computed[] = {
    "sum_long",        "sum_double",       "avg_double",  "sum_decimal",   "sum_and_count",
    "var_samp_of",     "var_pop_of",       "corr_of",     "covar_samp_of", "covar_pop_of",
    "stddev_samp_of",  "stddev_pop_of",    "skewness_of", "kurtosis_of",   "try_sum_long",
    "try_sum_decimal", "try_sum_and_count"};

static const struct local_aggregate *ours_named(const char *name)
{
    static const struct local_aggregate *const tables[] = {local_aggregates, local_moments};
    for (size_t t = 0; t < FST_COUNT(tables); t++)
        for (const struct local_aggregate *a = tables[t]; a->name; a++)
            if (strcmp(a->name, name) == 0)
                return a;
    return NULL;
}

static const struct native *native_named(const char *name)
{
    for (size_t i = 0; i < FST_COUNT(natives); i++)
        if (strcmp(natives[i].name, name) == 0)
            return &natives[i];
    return NULL;
}

static bool is_tried(const char *name)
{
    return strncmp(name, "try_", 4) == 0;
}

bool local_table_computes(const char *function)
{
    for (size_t i = 0; i < FST_COUNT(computed); i++)
        if (strcmp(computed[i], function) == 0)
            return ours_named(function + (is_tried(function) ? 4 : 0));
    return native_named(function);
}

static const struct local_merge *merge_named(const char *name)
{
    for (const struct local_merge *m = local_merges; m->name; m++)
        if (strcmp(m->name, name) == 0)
            return m;
    return NULL;
}

bool local_table_merges(const char *function)
{
    return native_named(function) || merge_named(function + (is_tried(function) ? 4 : 0));
}

/* "count/0" is count(*). */
static void set_columns(struct local_table *t)
{
    const struct local_table_plan *plan = t->plan;
    int next = (int)plan->n_columns;
    t->columns = fst_alloc((plan->n_functions + 1) * sizeof *t->columns);
    for (size_t i = 0; i < plan->n_functions; i++) {
        struct column *f = &t->columns[i];
        const char *name = plan->functions[i];
        bool all = strcmp(name, "count/0") == 0;
        f->tries = is_tried(name);
        f->native = native_named(all ? "count" : name);
        f->of_ours = f->native ? NULL : ours_named(name + (f->tries ? 4 : 0));
        f->merge = f->native ? NULL : merge_named(f->of_ours->name);
        f->first = next;
        f->n_args = all ? 0 : f->native ? 1 : f->of_ours->n_args;
        f->at = t->state_bytes;
        next += f->n_args;
        size_t bytes = f->native ? f->native->bytes : f->of_ours->state_bytes;
        t->state_bytes += (bytes + 7) & ~(size_t)7;
    }
}

/* ---- Filling --------------------------------------------------------------------------------- */

static void *state_of(const struct local_table *t, struct row *row, const struct column *f)
{
    return (char *)(row->cells + t->plan->n_columns) + f->at;
}

static bool any_null(sqlite3_value **args, int n)
{
    for (int i = 0; i < n; i++)
        if (sqlite3_value_type(args[i]) == SQLITE_NULL)
            return true;
    return false;
}

static bool add_to_group(struct local_table *t, sqlite3_context *ctx, struct row *row,
                         sqlite3_value **args)
{
    for (size_t i = 0; i < t->plan->n_functions; i++) {
        const struct column *f = &t->columns[i];
        void *state = state_of(t, row, f);
        sqlite3_value **own = args + f->first;
        if (f->native) {
            if (!f->native->step(t, f, state, own))
                return false;
            continue;
        }
        struct local_call c = {ctx, t->env, NULL, f->n_args, f->tries};
        if (!f->of_ours->strict || !any_null(own, f->n_args))
            f->of_ours->step(&c, state, own);
    }
    return true;
}

static uint64_t hash_of(const struct local_table *t, sqlite3_value **args)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < t->plan->n_keys; i++)
        hash = value_hash(hash, args[t->plan->keys[i]]);
    return hash;
}

static struct row *new_row(struct local_table *t, uint64_t hash, sqlite3_value **args)
{
    struct row *row = rows_add(&t->rows);
    if (!row)
        return NULL;
    row->hash = (uint32_t)hash;
    for (size_t i = 0; i < t->plan->n_columns; i++)
        if (!cell_take(&t->rows.store, &row->cells[i], args[i]))
            return NULL;
    return row;
}

static struct row *group_of(struct local_table *t, sqlite3_value **args)
{
    uint64_t hash = hash_of(t, args);
    for (struct row *row = rows_slot(&t->rows, hash); row; row = rows_at(&t->rows, row->next)) {
        size_t i = 0, n = row->hash == (uint32_t)hash ? t->plan->n_columns : 0;
        while (i < n && value_is(args[i], &row->cells[i]))
            i++;
        if (n && i == n)
            return row;
    }
    struct row *row = new_row(t, hash, args);
    return row && rows_link(&t->rows) ? row : NULL;
}

static void fill_step(sqlite3_context *ctx, int n, sqlite3_value **args)
{
    (void)n;
    struct local_table *t = sqlite3_user_data(ctx);
    bool ok = !t->rows.store.over;
    if (ok && t->plan->grouped) {
        struct row *row = group_of(t, args);
        ok = row && add_to_group(t, ctx, row, args);
    } else if (ok) {
        ok = new_row(t, hash_of(t, args), args);
    }
    if (!ok)
        sqlite3_result_error(ctx, "over the cap of memory", -1);
}

static void fill_final(sqlite3_context *ctx)
{
    struct local_table *t = sqlite3_user_data(ctx);
    if (!t->rows.store.over && t->plan->n_keys && !t->plan->grouped)
        rows_link_all(&t->rows, t->plan->keys, t->plan->n_keys);
    if (t->rows.store.over)
        sqlite3_result_error(ctx, "over the cap of memory", -1);
}

/* ---- Groups of two tables -------------------------------------------------------------------- */

static struct row *row_like(struct local_table *t, const struct row *like)
{
    size_t n = t->plan->n_columns;
    for (struct row *row = rows_slot(&t->rows, like->hash); row;
         row = rows_at(&t->rows, row->next)) {
        size_t i = 0;
        while (i < n && row->hash == like->hash && cell_is(&like->cells[i], &row->cells[i]))
            i++;
        if (i == n)
            return row;
    }
    struct row *row = rows_add(&t->rows);
    if (!row)
        return NULL;
    row->hash = like->hash;
    for (size_t i = 0; i < n; i++)
        if (!cell_copy(&t->rows.store, &row->cells[i], &like->cells[i]))
            return NULL;
    return rows_link(&t->rows) ? row : NULL;
}

static bool merge_row(struct local_table *t, struct row *row, const struct local_table *from,
                      struct row *later)
{
    for (size_t i = 0; i < t->plan->n_functions; i++) {
        const struct column *f = &t->columns[i];
        void *state = state_of(t, row, f);
        const void *other = state_of(from, later, f);
        if (!f->native)
            f->merge->merge(state, other);
        else if (!f->native->merge(t, state, other))
            return false;
    }
    return true;
}

bool local_table_merge(struct local_table *t, const struct local_table *later)
{
    for (size_t i = 1; i <= later->rows.n; i++) {
        struct row *from = rows_at(&later->rows, (uint32_t)i), *row = row_like(t, from);
        if (!row || !merge_row(t, row, later, from))
            return false;
    }
    return true;
}

bool local_table_is_doubtful(const struct local_table *t)
{
    for (size_t i = 0; i < t->plan->n_functions; i++) {
        const struct column *f = &t->columns[i];
        for (size_t row = 1; f->merge && f->merge->is_over && row <= t->rows.n; row++)
            if (f->merge->is_over(state_of(t, rows_at(&t->rows, (uint32_t)row), f)))
                return true;
    }
    return false;
}

/* ---- Reading --------------------------------------------------------------------------------- */

struct face {
    sqlite3_vtab base;
    struct local_table *table;
};
struct cursor {
    sqlite3_vtab_cursor base;
    struct local_table *table;
    struct row *row; /* NULL at the end */
    size_t at;       /* of a scan */
    bool by_key;
};

static int connect_table(sqlite3 *db, void *client, int argc, const char *const *argv,
                         sqlite3_vtab **out, char **error)
{
    (void)argc, (void)argv;
    struct local_table *t = client;
    int rc = sqlite3_declare_vtab(db, t->declaration);
    if (rc != SQLITE_OK) {
        *error = sqlite3_mprintf("%s", sqlite3_errmsg(db));
        return rc;
    }
    sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
    struct face *f = fst_alloc(sizeof *f);
    f->table = t;
    *out = &f->base;
    return SQLITE_OK;
}

static int disconnect(sqlite3_vtab *base)
{
    free(base);
    return SQLITE_OK;
}

/* A usable equality with a column; `is` asks for IS, which finds NULLs. */
static int equality(const sqlite3_index_info *info, int column, bool *is)
{
    for (int i = 0; i < info->nConstraint; i++) {
        *is = info->aConstraint[i].op == SQLITE_INDEX_CONSTRAINT_IS;
        if (info->aConstraint[i].usable && info->aConstraint[i].iColumn == column &&
            (*is || info->aConstraint[i].op == SQLITE_INDEX_CONSTRAINT_EQ))
            return i;
    }
    return -1;
}

/* The number of a plan: 0 scans, otherwise 1 + a bit for each key that is compared with IS. */
static int best_index(sqlite3_vtab *base, sqlite3_index_info *info)
{
    const struct local_table_plan *plan = ((struct face *)base)->table->plan;
    int found[LOCAL_TABLE_KEYS], number = 1;
    bool is = false, all = plan->n_keys > 0 && !plan->grouped;
    for (size_t i = 0; i < plan->n_keys && all; i++) {
        found[i] = equality(info, plan->keys[i], &is);
        all = found[i] >= 0;
        number |= is ? 2 << i : 0;
    }
    info->idxNum = all ? number : 0;
    info->estimatedCost = all ? 1 : 1e6;
    info->estimatedRows = all ? 1 : 1000000;
    for (size_t i = 0; i < plan->n_keys && all; i++) {
        info->aConstraintUsage[found[i]].argvIndex = (int)i + 1;
        info->aConstraintUsage[found[i]].omit = 1;
    }
    return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *base, sqlite3_vtab_cursor **out)
{
    struct cursor *c = fst_alloc(sizeof *c);
    c->table = ((struct face *)base)->table;
    *out = &c->base;
    return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *base)
{
    free(base);
    return SQLITE_OK;
}

static bool has_keys(const struct local_table *t, const struct row *row, sqlite3_value **args)
{
    for (size_t i = 0; i < t->plan->n_keys; i++)
        if (!value_is(args[i], &row->cells[t->plan->keys[i]]))
            return false;
    return true;
}

static struct row *row_with(const struct local_table *t, sqlite3_value **args)
{
    uint64_t hash = 0;
    if (t->rows.is_direct)
        return rows_with(&t->rows, args[0]);
    for (size_t i = 0; i < t->plan->n_keys; i++)
        hash = value_hash(hash, args[i]);
    struct row *row = rows_slot(&t->rows, hash);
    while (row && !has_keys(t, row, args))
        row = rows_at(&t->rows, row->next);
    return row;
}

static void find(struct cursor *c, int number, sqlite3_value **args)
{
    const struct local_table *t = c->table;
    bool can = true;
    for (size_t i = 0; i < t->plan->n_keys; i++)
        can &= (number & 2 << i) || sqlite3_value_type(args[i]) != SQLITE_NULL;
    c->row = can ? row_with(t, args) : NULL;
}

static void stand(struct cursor *c)
{
    const struct rows *r = &c->table->rows;
    c->row = c->at < r->n ? rows_at(r, (uint32_t)c->at + 1) : NULL;
}

static int filter(sqlite3_vtab_cursor *base, int number, const char *text, int n,
                  sqlite3_value **args)
{
    (void)text, (void)n;
    struct cursor *c = (struct cursor *)base;
    c->by_key = number > 0;
    c->at = 0;
    if (c->by_key)
        find(c, number, args);
    else
        stand(c);
    return SQLITE_OK;
}

static int next_row(sqlite3_vtab_cursor *base)
{
    struct cursor *c = (struct cursor *)base;
    if (c->by_key) {
        c->row = rows_at(&c->table->rows, c->row->same);
        return SQLITE_OK;
    }
    c->at++;
    stand(c);
    return SQLITE_OK;
}

static int is_at_end(sqlite3_vtab_cursor *base)
{
    return !((struct cursor *)base)->row;
}

static int row_id(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
    *out = (sqlite3_int64)(intptr_t)((struct cursor *)base)->row;
    return SQLITE_OK;
}

static int give_column(sqlite3_vtab_cursor *base, sqlite3_context *ctx, int i)
{
    struct cursor *c = (struct cursor *)base;
    struct local_table *t = c->table;
    size_t n = t->plan->n_columns;
    if ((size_t)i < n) {
        cell_give(ctx, &c->row->cells[i]);
        return SQLITE_OK;
    }
    if ((size_t)i - n >= t->plan->n_functions)
        return SQLITE_OK;
    const struct column *f = &t->columns[(size_t)i - n];
    void *state = state_of(t, c->row, f);
    struct local_call call = {ctx, t->env, NULL, f->n_args, f->tries};
    if (f->native)
        f->native->result(ctx, state);
    else
        f->of_ours->result(&call, state);
    return SQLITE_OK;
}

static const sqlite3_module module = {
    .xConnect = connect_table,
    .xBestIndex = best_index,
    .xDisconnect = disconnect,
    .xOpen = open_cursor,
    .xClose = close_cursor,
    .xFilter = filter,
    .xNext = next_row,
    .xEof = is_at_end,
    .xColumn = give_column,
    .xRowid = row_id,
};

/* ---- From outside ---------------------------------------------------------------------------- */

enum fst_status local_table_attach(sqlite3 *db, const struct local_table_plan *plan,
                                   const struct local_env *env, struct local_memory *memory,
                                   struct local_table **out, struct fst_error *err)
{
    struct local_table *t = fst_alloc(sizeof *t);
    t->plan = plan;
    t->env = env;
    t->rows.store.memory = memory;
    t->declaration = fst_asprintf("CREATE TABLE x(%s)", plan->columns);
    set_columns(t);
    t->rows.stride = sizeof(struct row) + plan->n_columns * sizeof(struct cell) + t->state_bytes;
    *out = t;
    char *name = fst_asprintf("fill_%s", plan->name);
    int rc =
        sqlite3_create_function_v2(db, name, -1, SQLITE_UTF8, t, NULL, fill_step, fill_final, NULL);
    free(name);
    if (rc != SQLITE_OK || sqlite3_create_module(db, plan->name, &module, t) != SQLITE_OK)
        return fst_db_fail(db, err, plan->name);
    return FST_OK;
}

bool local_table_is_over(const struct local_table *t)
{
    return t->rows.store.over;
}

void local_table_clear(struct local_table *t)
{
    rows_clear(&t->rows);
}

void local_table_free(struct local_table *t)
{
    if (!t)
        return;
    rows_clear(&t->rows);
    free(t->columns);
    free(t->declaration);
    free(t);
}
