/* Small facts beside the definitions: what a look at a source found, values of the workspace. */
#include "catalog.h"

/* A look that finds what the last one found writes nothing, so that nobody reads again. */
static enum fst_status note_look(struct fst_catalog *c, int64_t id, enum fst_state state,
                                 int64_t modified_us, const char *error, struct fst_error *err)
{
    int64_t kind, same;

    FST_TRY(fst__query_int(c, &kind, -1, err, "SELECT kind FROM resource WHERE id = ?", "i", id));
    if (kind != FST_SOURCE)
        return fst_fail(err, kind < 0 ? FST_ENOTFOUND : FST_EINVAL,
                        "the resource with id %lld is not a source", (long long)id);
    FST_TRY(fst__query_int(c, &same, 0, err,
                           "SELECT 1 FROM resource WHERE id = ? AND state = ? AND modified = ?"
                           " AND look_error IS ?",
                           "iiis", id, (int64_t)state, modified_us, error));
    if (same)
        return FST_OK;
    FST_TRY(fst__run(c, err,
                     "UPDATE resource SET state = ?, modified = ?, look_error = ?, looked = ?"
                     " WHERE id = ?",
                     "iisii", (int64_t)state, modified_us, error, fst_now_us(), id));
    return fst__refresh_readers(c, id, err);
}

enum fst_status fst_catalog_set_source_state(struct fst_catalog *c, int64_t id,
                                             enum fst_state state, int64_t modified_us,
                                             const char *error, struct fst_error *err)
{
    bool own;

    FST_TRY(fst__begin(c, true, &own, err));
    return fst__end(c, own, note_look(c, id, state, modified_us, error, err), err);
}

enum fst_status fst_catalog_source_look(struct fst_catalog *c, int64_t id,
                                        struct fst_source_look *out, struct fst_error *err)
{
    struct sqlite3_stmt *st;
    bool row = false;

    *out = (struct fst_source_look){FST_STATE_NONE};
    FST_TRY(fst__query(c, &st, err,
                       "SELECT state, modified, looked, look_error FROM resource"
                       " WHERE id = ? AND kind = 2",
                       "i", id));
    enum fst_status status = fst_db_step(st, &row, err);
    if (row)
        *out = (struct fst_source_look){(enum fst_state)fst_db_int(st, 0), fst_db_int(st, 1),
                                        fst_db_int(st, 2), fst_strdup(fst__column(st, 3))};
    fst__done(c, st);
    if (status == FST_OK && !row)
        return fst_fail(err, FST_ENOTFOUND, "no source has the id %lld", (long long)id);
    return status;
}

static enum fst_status set_meta(struct fst_catalog *c, const char *key, const char *value,
                                struct fst_error *err)
{
    if (!value)
        return fst__run(c, err, "DELETE FROM meta WHERE key = ?", "s", key);
    return fst__run(c, err,
                    "INSERT INTO meta(key, value) VALUES(?1, ?2)"
                    " ON CONFLICT(key) DO UPDATE SET value = ?2",
                    "ss", key, value);
}

enum fst_status fst_catalog_set_meta(struct fst_catalog *c, const char *key, const char *value,
                                     struct fst_error *err)
{
    bool own;

    FST_TRY(fst__begin(c, true, &own, err));
    return fst__end(c, own, set_meta(c, key, value, err), err);
}

char *fst_catalog_meta(struct fst_catalog *c, const char *key)
{
    struct sqlite3_stmt *st;
    char *value = NULL;
    bool row;

    if (fst__query(c, &st, NULL, "SELECT value FROM meta WHERE key = ?", "s", key) != FST_OK)
        return NULL;
    if (fst_db_step(st, &row, NULL) == FST_OK && row)
        value = fst_strdup(fst_db_text(st, 0));
    fst__done(c, st);
    return value;
}
