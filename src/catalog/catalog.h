/* Inside the catalog: the handle, its prepared statements, and what its files share. */
#ifndef FIRESTEEL_CATALOG_CATALOG_H
#define FIRESTEEL_CATALOG_CATALOG_H

#include "firesteel/catalog.h"

struct sqlite3;
struct sqlite3_stmt;

/* Statements are kept by the address of their text, which is therefore always a literal. */
struct fst__slot {
    const char *sql;
    struct sqlite3_stmt *st;
    bool busy;
};
struct fst_catalog {
    struct sqlite3 *db;
    char *path;
    bool read_only;
    int64_t version, data_version;
    int64_t changes; /* of this handle, when its transaction began */
    int64_t piece;   /* the same for the last write inside of it */
    bool broken;     /* a write failed halfway: the transaction cannot be committed */
    struct fst__slot slots[96];
};

/* ---- statement.c ----------------------------------------------------------------------------- */

/* As fst_db_query with a literal `sql`; the statement goes back with fst__done. */
enum fst_status fst__query(struct fst_catalog *c, struct sqlite3_stmt **out, struct fst_error *err,
                           const char *sql, const char *binds, ...);
void fst__done(struct fst_catalog *c, struct sqlite3_stmt *st);
void fst__forget_statements(struct fst_catalog *c);
enum fst_status fst__run(struct fst_catalog *c, struct fst_error *err, const char *sql,
                         const char *binds, ...);
/* First column of the first row; `fallback` when there is none. */
enum fst_status fst__query_int(struct fst_catalog *c, int64_t *out, int64_t fallback,
                               struct fst_error *err, const char *sql, const char *binds, ...);
const char *fst__column(struct sqlite3_stmt *st, int col); /* NULL for NULL */

/* ---- catalog.c ------------------------------------------------------------------------------- */

/* A transaction of its own, or nothing when the caller already began one: `*own` tells. Inside of
 * the caller's no savepoint is taken (each makes FTS5 write out its words, which is slow in bulk):
 * what fails after it wrote leaves the transaction to be rolled back only. */
enum fst_status fst__begin(struct fst_catalog *c, bool write, bool *own, struct fst_error *err);
/* Commit when all went well, else roll back. */
enum fst_status fst__end(struct fst_catalog *c, bool own, enum fst_status status,
                         struct fst_error *err);

/* ---- schema.c -------------------------------------------------------------------------------- */

enum fst_status fst__migrate(struct fst_catalog *c, unsigned flags, struct fst_error *err);

/* ---- status.c -------------------------------------------------------------------------------- */

/* Bring state and staleness of `id` to the facts. */
enum fst_status fst__refresh(struct fst_catalog *c, int64_t id, enum fst_resource_kind kind,
                             struct fst_error *err);
/* The same for what shows or reads it, after it changed. */
enum fst_status fst__refresh_readers(struct fst_catalog *c, int64_t id, struct fst_error *err);

/* ---- list.c ---------------------------------------------------------------------------------- */

/* What every query for items selects, from name `n` and resource `r`. */
#define FST__ITEM_COLUMNS                                                                          \
    "r.id, r.kind, r.name, r.variant, r.owner, r.description, r.tags, r.provider, r.created, "     \
    "n.default_id IS r.id, n.n_variants, r.state, r.stale, r.ran, r.run_id "
void fst__add_functions(struct fst_catalog *c); /* fits(FILTER, TEXT, ...) */
/* Append the rows of `st` to `out`. */
enum fst_status fst__read_items(struct sqlite3_stmt *st, struct fst_items *out, size_t *cap,
                                struct fst_error *err);

/* ---- search.c -------------------------------------------------------------------------------- */

/* Take the words of a variant out of the index (before it changes), put them in (after). */
enum fst_status fst__unindex(struct fst_catalog *c, int64_t id, struct fst_error *err);
enum fst_status fst__index(struct fst_catalog *c, int64_t id, struct fst_error *err);

/* ---- names.c --------------------------------------------------------------------------------- */

/* FST_ENOTFOUND for a name or variant that is not there, with near misses. */
enum fst_status fst__not_found(struct fst_catalog *c, int kind, const char *name,
                               const char *variant, struct fst_error *err);
/* Id of a variant that is not archived (NULL = the default one); 0 = none. */
enum fst_status fst__find_id(struct fst_catalog *c, enum fst_resource_kind kind, const char *name,
                             const char *variant, int64_t *id, struct fst_error *err);

#endif
