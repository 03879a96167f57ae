/* vtab_scan: what SQLite knows of a scan before it begins, as conditions of ours.
 *
 * SQLite's comparisons of our values are Spark's (see the encoding in data.h), so a comparison of a
 * column with a value of the column's own kind is a condition; any other is left to SQLite, which
 * checks all of them again in any case. The plan travels from xBestIndex to xFilter as text: the
 * columns that are used, then an operator and a column for each argument. */
#include "vtab.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- Operators ------------------------------------------------------------------------------- */

static const struct sign {
    unsigned char sqlite;
    char letter;
    enum fst_condition_op op;
    double share; /* of the rows, as a guess */
} signs[] = {
    {SQLITE_INDEX_CONSTRAINT_EQ, '=', FST_IS_EQ, 0.05},
    {SQLITE_INDEX_CONSTRAINT_IS, 'i', FST_IS_EQ, 0.05},
    {SQLITE_INDEX_CONSTRAINT_LT, '<', FST_IS_LT, 0.3},
    {SQLITE_INDEX_CONSTRAINT_LE, 'l', FST_IS_LE, 0.3},
    {SQLITE_INDEX_CONSTRAINT_GT, '>', FST_IS_GT, 0.3},
    {SQLITE_INDEX_CONSTRAINT_GE, 'g', FST_IS_GE, 0.3},
    {SQLITE_INDEX_CONSTRAINT_ISNULL, 'n', FST_IS_NULL, 0.2},
    {SQLITE_INDEX_CONSTRAINT_ISNOTNULL, 'v', FST_IS_NOT_NULL, 0.9},
};
#define IN_LIST 'I'

static const struct sign *sign_of(unsigned char sqlite)
{
    for (size_t i = 0; i < FST_COUNT(signs); i++)
        if (signs[i].sqlite == sqlite)
            return &signs[i];
    return NULL;
}

static const struct sign *sign_called(char letter)
{
    for (size_t i = 0; i < FST_COUNT(signs); i++)
        if (signs[i].letter == letter)
            return &signs[i];
    return NULL;
}

/* ---- Choosing -------------------------------------------------------------------------------- */

static bool has_conditions_on(enum fst_kind kind)
{
    switch (kind) {
    case FST_BOOLEAN:
    case FST_BYTE:
    case FST_SHORT:
    case FST_INT:
    case FST_LONG:
    case FST_FLOAT:
    case FST_DOUBLE:
    case FST_DECIMAL:
    case FST_DATE:
    case FST_TIMESTAMP:
    case FST_TIMESTAMP_NTZ:
    case FST_STRING:
    case FST_BINARY:
        return true;
    default:
        return false;
    }
}

static bool is_of_use(const struct fst_schema *schema, bool has_conditions,
                      sqlite3_index_info *info, int i)
{
    int column = info->aConstraint[i].iColumn;
    const struct sign *sign = sign_of(info->aConstraint[i].op);
    if (!info->aConstraint[i].usable || !sign)
        return false;
    if (column < 0)
        return sign->op != FST_IS_NULL && sign->op != FST_IS_NOT_NULL &&
               !sqlite3_vtab_in(info, i, -1);
    return has_conditions && has_conditions_on(schema->fields[column].type.kind) &&
           sqlite3_stricmp(sqlite3_vtab_collation(info, i), "BINARY") == 0;
}

/* Take a constraint; the share of rows that it may leave. */
static double take(sqlite3_index_info *info, int i, int argument, struct fst_buf *plan)
{
    int column = info->aConstraint[i].iColumn;
    const struct sign *sign = sign_of(info->aConstraint[i].op);
    bool is_list = column >= 0 && sqlite3_vtab_in(info, i, 1);
    info->aConstraintUsage[i].argvIndex = argument;
    fst_buf_printf(plan, " %c%d", is_list ? IN_LIST : sign->letter, column);
    return sign->share;
}

/* A scan reads what it must decode: conditions make it cheaper, though never so much that SQLite
 * would rather have many scans than one. */
int vtab_best_index(const struct fst_schema *schema, bool has_conditions, int64_t estimated_rows,
                    sqlite3_index_info *info)
{
    double rows = estimated_rows > 0 ? (double)estimated_rows : 1e6, share = 1, cost = 1;
    struct fst_buf plan = FST_BUF_TEXT;
    int argument = 0;
    fst_buf_printf(&plan, "%llx", (unsigned long long)info->colUsed);
    for (int i = 0; i < info->nConstraint; i++) {
        if (!is_of_use(schema, has_conditions, info, i))
            continue;
        bool is_row = info->aConstraint[i].iColumn < 0 &&
                      info->aConstraint[i].op == SQLITE_INDEX_CONSTRAINT_EQ;
        share *= take(info, i, ++argument, &plan);
        cost = is_row ? 0.01 : cost < 0.7 ? cost : 0.7;
        share = is_row ? 0 : share;
        info->idxFlags |= is_row ? SQLITE_INDEX_SCAN_UNIQUE : 0;
    }
    info->idxStr = sqlite3_mprintf("%s", fst_buf_text(&plan));
    fst_buf_done(&plan);
    if (!info->idxStr)
        return SQLITE_NOMEM;
    info->needToFreeIdxStr = 1;
    info->orderByConsumed =
        info->nOrderBy == 1 && info->aOrderBy[0].iColumn < 0 && !info->aOrderBy[0].desc;
    info->estimatedRows = (sqlite3_int64)(rows * share) + 1;
    info->estimatedCost = rows * cost * (1 + __builtin_popcountll(info->colUsed));
    return SQLITE_OK;
}

/* ---- Values ---------------------------------------------------------------------------------- */

static bool real_of(sqlite3_value *v, double *out)
{
    enum { EXACT_BITS = 53 };
    int64_t i = sqlite3_value_int64(v);
    switch (sqlite3_value_type(v)) {
    case SQLITE_FLOAT:
        *out = sqlite3_value_double(v);
        return true;
    case SQLITE_INTEGER:
        *out = (double)i;
        return i >= -((int64_t)1 << EXACT_BITS) && i <= (int64_t)1 << EXACT_BITS;
    case SQLITE_BLOB:
        *out = NAN;
        return sqlite3_value_bytes(v) == 3 && memcmp(sqlite3_value_blob(v), "NaN", 3) == 0;
    default:
        return false;
    }
}

/* The reverse of what the table gives for a decimal. */
static bool decimal_of(sqlite3_value *v, __int128 *out)
{
    unsigned __int128 bits = 0;
    if (sqlite3_value_type(v) != SQLITE_BLOB || sqlite3_value_bytes(v) != sizeof(bits))
        return false;
    const uint8_t *p = sqlite3_value_blob(v);
    for (size_t i = 0; i < sizeof(bits); i++)
        bits = bits << 8 | p[i];
    *out = (__int128)(bits ^ (unsigned __int128)1 << 127);
    return true;
}

static bool bytes_of(struct fst_arena *arena, sqlite3_value *v, int type, struct fst_str *out)
{
    if (sqlite3_value_type(v) != type)
        return false;
    const void *p =
        type == SQLITE_TEXT ? (const void *)sqlite3_value_text(v) : sqlite3_value_blob(v);
    size_t n = (size_t)sqlite3_value_bytes(v);
    *out = (struct fst_str){fst_arena_strndup(arena, n ? p : "", n), n};
    return true;
}

/* False when it is of another kind than the column's values. */
static bool literal_of(struct fst_arena *arena, const struct fst_type *type, sqlite3_value *v,
                       struct fst_literal *out)
{
    switch (type->kind) {
    case FST_FLOAT:
    case FST_DOUBLE:
        return real_of(v, &out->d);
    case FST_DECIMAL:
        return decimal_of(v, &out->n);
    case FST_STRING:
        return bytes_of(arena, v, SQLITE_TEXT, &out->s);
    case FST_BINARY:
        return bytes_of(arena, v, SQLITE_BLOB, &out->s);
    default:
        out->n = sqlite3_value_int64(v);
        return sqlite3_value_type(v) == SQLITE_INTEGER;
    }
}

/* All of an IN list; NULLs in it are met by nothing. False when one is of another kind. */
static bool list_of(struct fst_arena *arena, const struct fst_type *type, sqlite3_value *list,
                    struct fst_condition *c)
{
    struct fst_literal *values = NULL;
    size_t cap = 0;
    sqlite3_value *v = NULL;
    bool fine = true;
    c->n_values = 0;
    for (int rc = sqlite3_vtab_in_first(list, &v); fine && rc == SQLITE_OK && v;
         rc = sqlite3_vtab_in_next(list, &v)) {
        if (sqlite3_value_type(v) == SQLITE_NULL)
            continue;
        fst_grow(&values, &cap, c->n_values + 1, sizeof(*values));
        fine = literal_of(arena, type, v, &values[c->n_values++]);
    }
    struct fst_literal *copy = fst_arena_alloc(arena, (c->n_values + 1) * sizeof(*copy));
    if (c->n_values)
        memcpy(copy, values, c->n_values * sizeof(*copy));
    free(values);
    c->values = copy;
    return fine;
}

/* ---- The scan -------------------------------------------------------------------------------- */

/* Rowids count from 1. */
static void bound_rows(struct vtab_scan *s, enum fst_condition_op op, sqlite3_value *v)
{
    if (sqlite3_value_type(v) != SQLITE_INTEGER)
        return;
    int64_t id = sqlite3_value_int64(v);
    uint64_t row = id > 0 ? (uint64_t)id - 1 : 0, after = id > 0 ? (uint64_t)id : 0;
    uint64_t from = op == FST_IS_GT ? after : op == FST_IS_GE || op == FST_IS_EQ ? row : 0;
    uint64_t to = op == FST_IS_LT ? row : op == FST_IS_LE || op == FST_IS_EQ ? after : UINT64_MAX;
    s->from = from > s->from ? from : s->from;
    s->to = to < s->to ? to : s->to;
    s->is_bounded = true;
}

static void add_condition(struct vtab_scan *s, const struct fst_schema *schema, size_t column,
                          char letter, sqlite3_value *v)
{
    const struct fst_field *f = &schema->fields[column];
    const struct sign *sign = sign_called(letter);
    struct fst_literal *value = fst_arena_alloc(s->arena, sizeof(*value));
    bool is_whole = f->type.kind >= FST_BYTE && f->type.kind <= FST_LONG;
    struct fst_condition c = {
        .column = f->name, .type = is_whole ? fst_type(FST_LONG) : f->type, .values = value};
    c.op = letter == IN_LIST ? FST_IS_IN : sign->op;
    bool is_null = letter != IN_LIST && sqlite3_value_type(v) == SQLITE_NULL;
    bool about_null = c.op == FST_IS_NULL || c.op == FST_IS_NOT_NULL;
    if (is_null && letter == 'i')
        c.op = FST_IS_NULL;
    else if (is_null && !about_null)
        s->is_empty = true;
    else if (letter == IN_LIST && !list_of(s->arena, &f->type, v, &c))
        return;
    else if (letter != IN_LIST && !about_null && (c.n_values = 1) &&
             !literal_of(s->arena, &f->type, v, value))
        return;
    s->is_empty |= c.op == FST_IS_IN && !c.n_values;
    s->conditions[s->n] = c;
    s->of[s->n] = column;
    s->can_test[s->n] = fst_test_make(&s->tests[s->n], &c, &f->type, s->arena);
    s->n++;
}

struct vtab_scan *vtab_scan_new(const struct fst_schema *schema, const char *text, int argc,
                                sqlite3_value **argv)
{
    struct fst_arena *arena = fst_arena_new();
    struct vtab_scan *s = fst_arena_alloc(arena, sizeof(*s));
    size_t n = (size_t)argc + 1;
    char *rest;
    *s = (struct vtab_scan){.arena = arena, .used = strtoull(text, &rest, 16), .to = UINT64_MAX};
    s->conditions = fst_arena_alloc(arena, n * sizeof(*s->conditions));
    s->tests = fst_arena_alloc(arena, n * sizeof(*s->tests));
    s->can_test = fst_arena_alloc(arena, n * sizeof(*s->can_test));
    s->of = fst_arena_alloc(arena, n * sizeof(*s->of));
    for (int i = 0; i < argc && *rest == ' '; i++) {
        char letter = rest[1];
        long column = strtol(rest + 2, &rest, 10);
        if (column < 0)
            bound_rows(s, sign_called(letter)->op, argv[i]);
        else
            add_condition(s, schema, (size_t)column, letter, argv[i]);
    }
    s->is_empty |= s->from >= s->to;
    return s;
}

void vtab_scan_from(struct vtab_scan *s, uint64_t row)
{
    if (row <= s->from)
        return;
    s->from = row;
    s->is_bounded = true;
    s->is_empty |= s->from >= s->to;
}

void vtab_scan_free(struct vtab_scan *s)
{
    if (s)
        fst_arena_free(s->arena);
}
