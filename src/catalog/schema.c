/* The tables of the catalog, as the list of steps that made them: user_version counts the steps.
 *
 * A step, once released, never changes. `state`, `stale`, `ran` and `run_id` of a resource are kept
 * (status.c) so that lists read one table; everything they follow from is in the other columns. */
#include "catalog.h"

#include <stdlib.h>

enum { APPLICATION_ID = 0x46535443 }; /* "FSTC", at byte 68 of the file */

static const char *const migrations[] = {
    /* Kinds and states are the numbers of enum fst_resource_kind and enum fst_state; times are
     * microseconds since 1970. */
    "CREATE TABLE name("
    "  id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name TEXT NOT NULL,"
    "  n_variants INTEGER NOT NULL DEFAULT 0, default_id INTEGER, UNIQUE(kind, name));"
    "CREATE TABLE resource("
    "  id INTEGER PRIMARY KEY, kind INTEGER NOT NULL,"
    "  name_id INTEGER NOT NULL REFERENCES name(id), name TEXT NOT NULL, variant TEXT NOT NULL,"
    "  created INTEGER NOT NULL, archived INTEGER NOT NULL DEFAULT 0,"
    "  state INTEGER NOT NULL DEFAULT 0, stale INTEGER NOT NULL DEFAULT 0,"
    "  ran INTEGER NOT NULL DEFAULT 0, run_id TEXT, newest_run INTEGER, ready_run INTEGER,"
    "  modified INTEGER NOT NULL DEFAULT 0, looked INTEGER NOT NULL DEFAULT 0, look_error TEXT,"
    "  owner TEXT, provider TEXT, tags TEXT NOT NULL DEFAULT '', description TEXT, origin TEXT,"
    "  hash TEXT NOT NULL, UNIQUE(kind, name, variant));"
    /* Long texts lie apart, so that lists read few pages. */
    "CREATE TABLE definition("
    "  id INTEGER PRIMARY KEY REFERENCES resource(id), properties TEXT NOT NULL,"
    "  spec TEXT NOT NULL, body TEXT NOT NULL);"
    "CREATE INDEX resource_name ON resource(name_id);"
    "CREATE INDEX resource_hash ON resource(hash);"
    "CREATE TABLE tag(tag TEXT NOT NULL, resource INTEGER NOT NULL REFERENCES resource(id),"
    "  PRIMARY KEY(tag, resource)) WITHOUT ROWID;"
    "CREATE INDEX tag_resource ON tag(resource);"
    "CREATE TABLE edge("
    "  from_id INTEGER NOT NULL REFERENCES resource(id),"
    "  to_id INTEGER NOT NULL REFERENCES resource(id), role TEXT NOT NULL,"
    "  PRIMARY KEY(to_id, from_id, role)) WITHOUT ROWID;"
    "CREATE INDEX edge_from ON edge(from_id, to_id, role);"
    "CREATE TABLE run("
    "  id INTEGER PRIMARY KEY, run_id TEXT NOT NULL UNIQUE,"
    "  resource INTEGER NOT NULL REFERENCES resource(id), state INTEGER NOT NULL,"
    "  attempt INTEGER NOT NULL, provider TEXT, engine TEXT, host TEXT, user TEXT,"
    "  created INTEGER NOT NULL, started INTEGER NOT NULL, finished INTEGER NOT NULL,"
    "  output TEXT, error TEXT, rows INTEGER NOT NULL, cancel INTEGER NOT NULL DEFAULT 0);"
    "CREATE INDEX run_resource ON run(resource, created);"
    "CREATE INDEX run_created ON run(created);"
    "CREATE INDEX run_state ON run(state, created);"
    "CREATE TABLE run_input("
    "  run INTEGER NOT NULL REFERENCES run(id), position INTEGER NOT NULL, label TEXT NOT NULL,"
    "  resource INTEGER, read_run TEXT NOT NULL, uri TEXT,"
    "  PRIMARY KEY(run, position)) WITHOUT ROWID;"
    "CREATE TABLE tally(kind INTEGER PRIMARY KEY, names INTEGER NOT NULL,"
    "  variants INTEGER NOT NULL);"
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE VIEW searched AS SELECT r.id AS id, name, variant, owner, description, tags,"
    "  properties, body FROM resource r JOIN definition d ON d.id = r.id;"
    "CREATE VIRTUAL TABLE search USING fts5(name, variant, owner, description, tags, properties,"
    "  body, content='searched', content_rowid='id', detail=column, columnsize=0,"
    "  prefix='1 2 3', tokenize='unicode61 remove_diacritics 2');",
    /* The time of change of a source as the run found it: clocks need not agree. */
    "ALTER TABLE run_input ADD COLUMN modified INTEGER",
    /* Columns as they were last seen, to be found by name. */
    "CREATE TABLE seen_column("
    "  resource INTEGER NOT NULL REFERENCES resource(id), place INTEGER NOT NULL,"
    "  name TEXT NOT NULL COLLATE NOCASE, type TEXT NOT NULL, PRIMARY KEY(resource, place))"
    "  WITHOUT ROWID;"
    "CREATE INDEX seen_column_name ON seen_column(name);",
};
enum { NEWEST = FST_COUNT(migrations) };

static enum fst_status pragma(struct fst_catalog *c, const char *sql, int64_t *out,
                              struct fst_error *err)
{
    struct sqlite3_stmt *st;
    bool row;

    FST_TRY(fst_db_query(c->db, &st, err, sql, ""));
    enum fst_status status = fst_db_step(st, &row, err);
    *out = status == FST_OK && row ? fst_db_int(st, 0) : 0;
    fst_db_finish(st);
    return status;
}

/* Whose file is it? An empty one is nobody's. */
static enum fst_status check_owner(struct fst_catalog *c, int64_t *version, struct fst_error *err)
{
    int64_t application, tables;

    FST_TRY(pragma(c, "PRAGMA user_version", version, err));
    FST_TRY(pragma(c, "PRAGMA application_id", &application, err));
    FST_TRY(pragma(c, "SELECT count(*) FROM sqlite_master", &tables, err));
    if (application == APPLICATION_ID || (application == 0 && *version == 0 && tables == 0))
        return FST_OK;
    return fst_fail(err, FST_EFORMAT,
                    "%s: an SQLite database of another program, not a catalog; choose another "
                    "file with --catalog",
                    c->path);
}

static enum fst_status check_version(struct fst_catalog *c, int64_t version, unsigned flags,
                                     struct fst_error *err)
{
    if (version > NEWEST)
        return fst_fail(err, FST_EUNSUPPORTED,
                        "%s: made by a newer firesteel (catalog version %lld, this one knows %d); "
                        "update firesteel",
                        c->path, (long long)version, (int)NEWEST);
    if (version == NEWEST || !(flags & FST_CATALOG_READ_ONLY))
        return FST_OK;
    if (version == 0)
        return fst_fail(err, FST_EFORMAT, "%s: an empty file, not a catalog yet", c->path);
    return fst_fail(err, FST_EUNSUPPORTED,
                    "%s: catalog version %lld has to be brought to %d; open it once without "
                    "--read-only",
                    c->path, (long long)version, (int)NEWEST);
}

static enum fst_status step(struct fst_catalog *c, int64_t version, struct fst_error *err)
{
    char *pragmas = fst_asprintf("PRAGMA application_id = %d; PRAGMA user_version = %lld",
                                 (int)APPLICATION_ID, (long long)version + 1);
    enum fst_status status = fst_db_exec(c->db, migrations[version], err);

    if (status == FST_OK)
        status = fst_db_exec(c->db, pragmas, err);
    free(pragmas);
    return status;
}

/* Another process may be doing the same: look again once the lock is ours. */
static enum fst_status take_steps(struct fst_catalog *c, struct fst_error *err)
{
    int64_t version;

    FST_TRY(check_owner(c, &version, err));
    for (; version < NEWEST; version++)
        FST_TRY(step(c, version, err));
    return FST_OK;
}

enum fst_status fst__migrate(struct fst_catalog *c, unsigned flags, struct fst_error *err)
{
    int64_t version;
    bool own;

    FST_TRY(check_owner(c, &version, err));
    FST_TRY(check_version(c, version, flags, err));
    if (version == NEWEST)
        return FST_OK;
    FST_TRY(fst__begin(c, true, &own, err));
    return fst__end(c, own, take_steps(c, err), err);
}
