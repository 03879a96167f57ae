/* Prepared statements, kept for the next call: most calls of the catalog cost no parse. */
#include "catalog.h"

#include <sqlite3.h>

static struct fst__slot *slot_for(struct fst_catalog *c, const char *sql)
{
    for (size_t i = 0; i < FST_COUNT(c->slots); i++) {
        struct fst__slot *slot = &c->slots[i];
        if (!slot->sql || (slot->sql == sql && !slot->busy))
            return slot;
    }
    return NULL;
}

static enum fst_status prepare(struct fst_catalog *c, const char *sql, struct sqlite3_stmt **st,
                               struct fst_error *err)
{
    struct fst__slot *slot = slot_for(c, sql);

    if (slot && slot->st) {
        slot->busy = true;
        *st = slot->st;
        return FST_OK;
    }
    if (sqlite3_prepare_v3(c->db, sql, -1, SQLITE_PREPARE_PERSISTENT, st, NULL) != SQLITE_OK)
        return fst_db_fail(c->db, err, "catalog query");
    if (slot)
        *slot = (struct fst__slot){sql, *st, true};
    return FST_OK;
}

static int bind(struct sqlite3_stmt *st, int at, char letter, va_list *args)
{
    switch (letter) {
    case 's':
        return sqlite3_bind_text(st, at, va_arg(*args, const char *), -1, SQLITE_TRANSIENT);
    case 'i':
        return sqlite3_bind_int64(st, at, va_arg(*args, int64_t));
    default:
        return sqlite3_bind_null(st, at);
    }
}

static enum fst_status query(struct fst_catalog *c, struct sqlite3_stmt **out,
                             struct fst_error *err, const char *sql, const char *binds,
                             va_list *args)
{
    struct sqlite3_stmt *st;

    FST_TRY(prepare(c, sql, &st, err));
    for (int i = 0; binds[i]; i++) {
        if (bind(st, i + 1, binds[i], args) == SQLITE_OK)
            continue;
        enum fst_status status = fst_db_fail(c->db, err, "catalog query");
        fst__done(c, st);
        return status;
    }
    *out = st;
    return FST_OK;
}

enum fst_status fst__query(struct fst_catalog *c, struct sqlite3_stmt **out, struct fst_error *err,
                           const char *sql, const char *binds, ...)
{
    va_list args;

    va_start(args, binds);
    enum fst_status status = query(c, out, err, sql, binds, &args);
    va_end(args);
    return status;
}

void fst__done(struct fst_catalog *c, struct sqlite3_stmt *st)
{
    for (size_t i = 0; st && i < FST_COUNT(c->slots) && c->slots[i].sql; i++) {
        if (c->slots[i].st != st)
            continue;
        sqlite3_reset(st);
        sqlite3_clear_bindings(st);
        c->slots[i].busy = false;
        return;
    }
    sqlite3_finalize(st);
}

void fst__forget_statements(struct fst_catalog *c)
{
    for (size_t i = 0; i < FST_COUNT(c->slots); i++) {
        sqlite3_finalize(c->slots[i].st);
        c->slots[i] = (struct fst__slot){NULL};
    }
}

enum fst_status fst__run(struct fst_catalog *c, struct fst_error *err, const char *sql,
                         const char *binds, ...)
{
    struct sqlite3_stmt *st;
    va_list args;
    bool row;

    va_start(args, binds);
    enum fst_status status = query(c, &st, err, sql, binds, &args);
    va_end(args);
    FST_TRY(status);
    status = fst_db_step(st, &row, err);
    fst__done(c, st);
    return status;
}

enum fst_status fst__query_int(struct fst_catalog *c, int64_t *out, int64_t fallback,
                               struct fst_error *err, const char *sql, const char *binds, ...)
{
    struct sqlite3_stmt *st;
    va_list args;
    bool row = false;

    *out = fallback;
    va_start(args, binds);
    enum fst_status status = query(c, &st, err, sql, binds, &args);
    va_end(args);
    FST_TRY(status);
    status = fst_db_step(st, &row, err);
    if (status == FST_OK && row && sqlite3_column_type(st, 0) != SQLITE_NULL)
        *out = sqlite3_column_int64(st, 0);
    fst__done(c, st);
    return status;
}

const char *fst__column(struct sqlite3_stmt *st, int col)
{
    return (const char *)sqlite3_column_text(st, col);
}
