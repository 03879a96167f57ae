/* nest_rows(signature, bytes, keep): a row for each element of an array (position, element) or map
 * (position, key, value), as a table of SQLite's with hidden arguments. With `keep`, nothing gives
 * one row of NULLs. */
#include "local_rows.h"

#include <stdlib.h>
#include <string.h>

#include "local_nest.h"

enum { COL_POS, COL_ITEM, COL_VALUE, COL_SIG, COL_BYTES, COL_KEEP };

struct table {
    sqlite3_vtab base;
    const struct local_env *env;
};

struct element {
    struct nest at;
    bool is_null;
};

struct cursor {
    sqlite3_vtab_cursor base;
    sqlite3_value *sig, *bytes; /* own copies */
    const char *element;        /* its signature */
    bool is_map, eof, lonely;
    int64_t pos;
    struct nest rest;
    struct element item, value;
};

static int connect(sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **out,
                   char **message)
{
    (void)argc;
    (void)argv;
    (void)message;
    int rc = sqlite3_declare_vtab(
        db, "CREATE TABLE x(pos, item, value, sig HIDDEN, bytes HIDDEN, keep HIDDEN)");
    if (rc != SQLITE_OK)
        return rc;
    struct table *t = fst_alloc(sizeof *t);
    *t = (struct table){.env = aux};
    *out = &t->base;
    return SQLITE_OK;
}

static int disconnect(sqlite3_vtab *t)
{
    free(t);
    return SQLITE_OK;
}

/* The three arguments have to be known; nothing else is looked at. */
static int best_index(sqlite3_vtab *t, sqlite3_index_info *info)
{
    int found = 0;
    (void)t;
    for (int i = 0; i < info->nConstraint; i++) {
        int column = info->aConstraint[i].iColumn;
        if (column < COL_SIG || info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ)
            continue;
        if (!info->aConstraint[i].usable)
            return SQLITE_CONSTRAINT;
        info->aConstraintUsage[i].argvIndex = column - COL_SIG + 1;
        info->aConstraintUsage[i].omit = 1;
        found |= 1 << (column - COL_SIG);
    }
    info->estimatedCost = 10;
    info->estimatedRows = 10;
    return found == 7 ? SQLITE_OK : SQLITE_CONSTRAINT;
}

static int open_cursor(sqlite3_vtab *t, sqlite3_vtab_cursor **out)
{
    (void)t;
    struct cursor *c = fst_alloc(sizeof *c);
    *c = (struct cursor){.eof = true};
    *out = &c->base;
    return SQLITE_OK;
}

static void drop_copies(struct cursor *c)
{
    sqlite3_value_free(c->sig);
    sqlite3_value_free(c->bytes);
    c->sig = c->bytes = NULL;
}

static int close_cursor(sqlite3_vtab_cursor *base)
{
    drop_copies((struct cursor *)base);
    free(base);
    return SQLITE_OK;
}

/* The next value at `sig`; false at the end. */
static bool take(struct cursor *c, const char *sig, struct element *out)
{
    c->rest.sig = sig;
    if (!nest_next(&c->rest, &out->is_null))
        return false;
    out->at = c->rest;
    if (!out->is_null)
        nest_skip(&c->rest);
    return !c->rest.bad;
}

static void advance(struct cursor *c)
{
    c->eof = !take(c, c->element, &c->item) ||
             (c->is_map && !take(c, nest_sig_after(c->element), &c->value));
}

static int filter(sqlite3_vtab_cursor *base, int number, const char *name, int n,
                  sqlite3_value **args)
{
    struct cursor *c = (struct cursor *)base;
    (void)number;
    (void)name;
    drop_copies(c);
    c->pos = 0;
    c->eof = true;
    if (n == 3 && sqlite3_value_type(args[1]) != SQLITE_NULL) {
        c->sig = sqlite3_value_dup(args[0]);
        c->bytes = sqlite3_value_dup(args[1]);
        if (!c->sig || !c->bytes)
            return SQLITE_NOMEM;
        c->rest = nest_of(c->sig, c->bytes);
        c->is_map = *c->rest.sig == 'M';
        c->element = c->rest.sig + 1;
        advance(c);
        if (c->rest.bad)
            return SQLITE_CORRUPT;
    }
    c->lonely = c->eof && n == 3 && sqlite3_value_int(args[2]);
    return SQLITE_OK;
}

static int next(sqlite3_vtab_cursor *base)
{
    struct cursor *c = (struct cursor *)base;
    if (c->lonely) {
        c->lonely = false;
        return SQLITE_OK;
    }
    c->pos++;
    advance(c);
    return c->rest.bad ? SQLITE_CORRUPT : SQLITE_OK;
}

static int at_end(sqlite3_vtab_cursor *base)
{
    const struct cursor *c = (const struct cursor *)base;
    return c->eof && !c->lonely;
}

static int column(sqlite3_vtab_cursor *base, sqlite3_context *ctx, int i)
{
    struct cursor *c = (struct cursor *)base;
    const struct local_call call = {.ctx = ctx, .env = ((struct table *)base->pVtab)->env};
    struct element p = i == COL_VALUE ? c->value : c->item;
    if (c->lonely || i > COL_VALUE || (i == COL_VALUE && !c->is_map))
        sqlite3_result_null(ctx);
    else if (i == COL_POS)
        sqlite3_result_int64(ctx, c->pos);
    else if (p.is_null)
        sqlite3_result_null(ctx);
    else
        nest_give(&call, &p.at);
    return SQLITE_OK;
}

static int rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
    *out = ((struct cursor *)base)->pos;
    return SQLITE_OK;
}

static const sqlite3_module module = {
    .xConnect = connect,
    .xBestIndex = best_index,
    .xDisconnect = disconnect,
    .xDestroy = disconnect,
    .xOpen = open_cursor,
    .xClose = close_cursor,
    .xFilter = filter,
    .xNext = next,
    .xEof = at_end,
    .xColumn = column,
    .xRowid = rowid,
};

int local_rows_register(sqlite3 *db, const struct local_env *env)
{
    return sqlite3_create_module(db, "nest_rows", &module, (void *)(uintptr_t)env);
}
