/* The glue around SQLite: one way to open, query, step and fail. */
#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

#include "firesteel/base.h"

#define BUSY_MS 5000
#define NFS_MAGIC 0x6969
#define SMB_MAGIC 0xFF534D42
#define SMB2_MAGIC 0xFE534D42
#define FUSE_MAGIC 0x65735546

static enum fst_status status_of(int code)
{
    switch (code & 0xFF) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return FST_EFORMAT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return FST_ETIMEOUT;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return FST_EDENIED;
    case SQLITE_NOMEM:
    case SQLITE_TOOBIG:
    case SQLITE_FULL:
        return FST_ENOMEM;
    case SQLITE_INTERRUPT:
        return FST_ECANCELLED;
    case SQLITE_CONSTRAINT:
        return FST_ECONFLICT;
    default:
        return FST_EIO;
    }
}

static const char *remedy_of(int code)
{
    switch (code & 0xFF) {
    case SQLITE_NOTADB:
        return ": it holds something else, or is encrypted; check the path";
    case SQLITE_CORRUPT:
        return ": the file is damaged; restore it from a copy, or make it anew from exported "
               "definitions";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ": another process holds it; try again, or see who has it open (fuser)";
    case SQLITE_FULL:
        return ": no space is left on the disk";
    default:
        return "";
    }
}

/* The index beside a database has errors of its own for a full disk, which do not say so. */
static int real_code(struct sqlite3 *db, const char *file)
{
    int code = sqlite3_extended_errcode(db);
    struct statvfs room;
    bool is_full = (code & 0xFF) == SQLITE_IOERR &&
                   (sqlite3_system_errno(db) == ENOSPC ||
                    (file && *file && statvfs(file, &room) == 0 && room.f_bavail == 0));
    return is_full ? SQLITE_FULL : code;
}

enum fst_status fst_db_fail(struct sqlite3 *db, struct fst_error *err, const char *what)
{
    const char *file = sqlite3_db_filename(db, "main");
    int code = real_code(db, file);
    enum fst_status status =
        fst_fail(err, status_of(code), "%s%s%s: %s%s", file ? file : "", file && *file ? ": " : "",
                 what, sqlite3_errmsg(db), remedy_of(code));
    if (err) {
        err->code = code;
        err->retry = status == FST_ETIMEOUT;
    }
    return status;
}

/* The library's own words for a file it cannot open leave out why. */
static enum fst_status fail_to_open(struct sqlite3 *db, const char *path, struct fst_error *err)
{
    int code = db ? sqlite3_extended_errcode(db) : SQLITE_NOMEM;
    if (db && (code & 0xFF) == SQLITE_CANTOPEN && sqlite3_system_errno(db)) {
        errno = sqlite3_system_errno(db);
        return fst_fail_errno(err, "%s: cannot open the database", path);
    }
    return fst_fail(err, status_of(code), "%s: cannot open the database: %s", path,
                    sqlite3_errstr(code));
}

static bool is_on_network(const char *path)
{
    struct statfs fs;
    if (statfs(path, &fs) != 0)
        return false;
    unsigned long type = (unsigned long)fs.f_type;
    return type == NFS_MAGIC || type == SMB_MAGIC || type == SMB2_MAGIC || type == FUSE_MAGIC;
}

static enum fst_status configure(struct sqlite3 *db, const char *path, unsigned flags,
                                 struct fst_error *err)
{
    sqlite3_busy_timeout(db, BUSY_MS);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    FST_TRY(fst_db_exec(db,
                        "PRAGMA trusted_schema=OFF; PRAGMA foreign_keys=ON; "
                        "SELECT count(*) FROM sqlite_schema;",
                        err));
    if (flags & FST_DB_READ_ONLY || strcmp(path, ":memory:") == 0)
        return FST_OK;
    if (is_on_network(path))
        return fst_db_exec(db, "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL;", err);
    return fst_db_exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;", err);
}

enum fst_status fst_db_open(const char *path, unsigned flags, struct sqlite3 **out,
                            struct fst_error *err)
{
    int mode = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
    mode |= flags & FST_DB_READ_ONLY ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    mode |= flags & FST_DB_CREATE ? SQLITE_OPEN_CREATE : 0;
    *out = NULL;
    if (!(flags & FST_DB_CREATE) && strcmp(path, ":memory:") != 0 && !fst_path_exists(path)) {
        errno = ENOENT;
        return fst_fail_errno(err, "%s", path);
    }
    sqlite3 *db = NULL;
    enum fst_status status = FST_OK;
    if (sqlite3_open_v2(path, &db, mode, NULL) != SQLITE_OK)
        status = fail_to_open(db, path, err);
    if (status == FST_OK)
        status = configure(db, path, flags, err);
    if (status != FST_OK) {
        sqlite3_close_v2(db);
        return status;
    }
    *out = db;
    return FST_OK;
}

void fst_db_close(struct sqlite3 *db)
{
    sqlite3_close_v2(db);
}

enum fst_status fst_db_exec(struct sqlite3 *db, const char *sql, struct fst_error *err)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return fst_db_fail(db, err, "database statement");
    return FST_OK;
}

static int bind_all(struct sqlite3_stmt *st, const char *binds, va_list args)
{
    int code = SQLITE_OK;
    for (int i = 0; binds[i] && code == SQLITE_OK; i++) {
        switch (binds[i]) {
        case 's':
            code = sqlite3_bind_text(st, i + 1, va_arg(args, const char *), -1, SQLITE_TRANSIENT);
            break;
        case 'i':
            code = sqlite3_bind_int64(st, i + 1, va_arg(args, int64_t));
            break;
        case 'd':
            code = sqlite3_bind_double(st, i + 1, va_arg(args, double));
            break;
        default:
            code = sqlite3_bind_null(st, i + 1);
            break;
        }
    }
    return code;
}

static enum fst_status prepare(struct sqlite3 *db, struct sqlite3_stmt **out, struct fst_error *err,
                               const char *sql, const char *binds, va_list args)
{
    *out = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, out, NULL) != SQLITE_OK ||
        bind_all(*out, binds ? binds : "", args) != SQLITE_OK) {
        enum fst_status status = fst_db_fail(db, err, "database query");
        sqlite3_finalize(*out);
        *out = NULL;
        return status;
    }
    return FST_OK;
}

enum fst_status fst_db_query(struct sqlite3 *db, struct sqlite3_stmt **out, struct fst_error *err,
                             const char *sql, const char *binds, ...)
{
    va_list args;
    va_start(args, binds);
    enum fst_status status = prepare(db, out, err, sql, binds, args);
    va_end(args);
    return status;
}

enum fst_status fst_db_step(struct sqlite3_stmt *st, bool *row, struct fst_error *err)
{
    int code = sqlite3_step(st);
    *row = code == SQLITE_ROW;
    if (code == SQLITE_ROW || code == SQLITE_DONE)
        return FST_OK;
    return fst_db_fail(sqlite3_db_handle(st), err, "database query");
}

const char *fst_db_text(struct sqlite3_stmt *st, int col)
{
    const unsigned char *text = sqlite3_column_text(st, col);
    return text ? (const char *)text : "";
}

int64_t fst_db_int(struct sqlite3_stmt *st, int col)
{
    return sqlite3_column_int64(st, col);
}

void fst_db_finish(struct sqlite3_stmt *st)
{
    sqlite3_finalize(st);
}

enum fst_status fst_db_run(struct sqlite3 *db, struct fst_error *err, const char *sql,
                           const char *binds, ...)
{
    struct sqlite3_stmt *st;
    va_list args;
    bool row = true;
    va_start(args, binds);
    enum fst_status status = prepare(db, &st, err, sql, binds, args);
    va_end(args);
    while (status == FST_OK && row)
        status = fst_db_step(st, &row, err);
    fst_db_finish(st);
    return status;
}
