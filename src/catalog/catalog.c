/* The handle: opening, versions, transactions. */
#include "catalog.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static enum fst_status open_file(struct fst_catalog *c, unsigned flags, struct fst_error *err)
{
    unsigned db_flags = flags & FST_CATALOG_READ_ONLY ? FST_DB_READ_ONLY : 0;

    if (flags & FST_CATALOG_CREATE)
        db_flags |= FST_DB_CREATE;
    FST_TRY(fst_db_open(c->path, db_flags, &c->db, err));
    fst__add_functions(c);
    /* SQLite's 2 MB are read through again for every list of 10,000. */
    FST_TRY(fst_db_exec(c->db, "PRAGMA cache_size = -4096", err));
    /* A file that cannot be written opens read-only in SQLite, whatever was asked for. */
    c->read_only = flags & FST_CATALOG_READ_ONLY || sqlite3_db_readonly(c->db, "main") == 1;
    return fst__migrate(c, c->read_only ? flags | FST_CATALOG_READ_ONLY : flags, err);
}

enum fst_status fst_catalog_open(const char *path, unsigned flags, struct fst_catalog **out,
                                 struct fst_error *err)
{
    struct fst_catalog *c = fst_alloc(sizeof *c);

    *out = NULL;
    c->path = fst_strdup(path);
    enum fst_status status = open_file(c, flags, err);
    if (status != FST_OK)
        fst_catalog_close(c);
    else
        *out = c;
    return status;
}

void fst_catalog_close(struct fst_catalog *c)
{
    if (!c)
        return;
    fst__forget_statements(c);
    fst_db_close(c->db);
    free(c->path);
    free(c);
}

bool fst_catalog_is_read_only(const struct fst_catalog *c)
{
    return c->read_only;
}

int64_t fst_catalog_version(struct fst_catalog *c)
{
    int64_t data_version;

    if (fst__query_int(c, &data_version, 0, NULL, "PRAGMA data_version", "") != FST_OK)
        return c->version;
    if (data_version != c->data_version)
        c->version++;
    c->data_version = data_version;
    return c->version;
}

int fst_catalog_schema_version(struct fst_catalog *c)
{
    int64_t version;

    fst__query_int(c, &version, 0, NULL, "PRAGMA user_version", "");
    return (int)version;
}

/* ---- Transactions ---------------------------------------------------------------------------- */

static enum fst_status refuse_write(struct fst_catalog *c, struct fst_error *err)
{
    return fst_fail(err, FST_EDENIED, "%s: the catalog is open read-only", c->path);
}

/* data_version tells of others' changes only: ours are those of a transaction that wrote a row. */
enum fst_status fst_catalog_begin(struct fst_catalog *c, struct fst_error *err)
{
    if (c->read_only)
        return refuse_write(c, err);
    FST_TRY(fst__run(c, err, "BEGIN IMMEDIATE", ""));
    c->changes = sqlite3_total_changes64(c->db);
    c->broken = false;
    return FST_OK;
}

enum fst_status fst_catalog_commit(struct fst_catalog *c, struct fst_error *err)
{
    if (c->broken)
        return fst_fail(err, FST_ECONFLICT, "%s: a change failed halfway, so none is kept",
                        c->path);
    FST_TRY(fst__run(c, err, "COMMIT", ""));
    c->version += sqlite3_total_changes64(c->db) != c->changes;
    return FST_OK;
}

void fst_catalog_rollback(struct fst_catalog *c)
{
    if (!sqlite3_get_autocommit(c->db))
        fst__run(c, NULL, "ROLLBACK", "");
}

enum fst_status fst__begin(struct fst_catalog *c, bool write, bool *own, struct fst_error *err)
{
    *own = sqlite3_get_autocommit(c->db);
    c->piece = sqlite3_total_changes64(c->db);
    if (write && c->read_only)
        return refuse_write(c, err);
    if (!*own)
        return FST_OK;
    return write ? fst_catalog_begin(c, err) : fst__run(c, err, "BEGIN", "");
}

enum fst_status fst__end(struct fst_catalog *c, bool own, enum fst_status status,
                         struct fst_error *err)
{
    if (status == FST_OK && own)
        status = fst_catalog_commit(c, err);
    if (status != FST_OK && own)
        fst_catalog_rollback(c);
    else if (status != FST_OK)
        c->broken |= sqlite3_total_changes64(c->db) != c->piece;
    return status;
}
