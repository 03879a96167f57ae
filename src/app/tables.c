/* Tables of Spark's own catalog (its warehouse, Hive, Glue): listed, looked at and registered
 * through a provider that has such a catalog. Names are quoted part by part, so that no name is
 * ever SQL. */
#include <stdlib.h>
#include <string.h>

#include "app.h"

enum fst_status fst__table_identifier(const char *name, struct fst_buf *out, struct fst_error *err)
{
    if (fst_table_sql(name, out))
        return FST_OK;
    return fst_fail(err, FST_EINVAL, "\"%s\" is no name of a table: write db.table", name);
}

enum fst_status fst_app_tables(struct fst_app *a, const char *database, const char *provider,
                               struct fst_reader **out, struct fst_error *err)
{
    struct fst_buf sql = FST_BUF(4096);
    enum fst_status status = FST_OK;
    if (database)
        fst_buf_adds(&sql, "SHOW TABLES IN ");
    else
        fst_buf_adds(&sql, "SHOW DATABASES");
    if (database)
        status = fst__table_identifier(database, &sql, err);
    if (status == FST_OK)
        status = fst_app_sql(a, fst_buf_text(&sql), provider, 10000, NULL, NULL, out, NULL, err);
    fst_buf_done(&sql);
    return status;
}

/* As `apply` would: one definition, made here. */
enum fst_status fst_app_register(struct fst_app *a, const char *name, const char *path,
                                 const char *table, const char *provider, const char *format,
                                 struct fst_error *err)
{
    FST_TRY(fst__writable(a, "registering", err));
    FST_TRY(fst_name_check("name", name, err));
    struct fst_resource *r = fst_resource_new(FST_SOURCE, name, NULL);
    char *whole = path && !strstr(path, "://") ? fst_path_absolute(path) : fst_strdup(path);
    r->path = fst_arena_strdup(r->arena, whole);
    r->table = fst_arena_strdup(r->arena, table);
    r->provider = fst_arena_strdup(r->arena, provider);
    r->format = fst_arena_strdup(r->arena, format);
    free(whole);
    struct fst_definitions d = {0};
    struct fst_catalog *c;
    fst_definitions_add(&d, r);
    enum fst_status status = fst_app_take(a, &c, err);
    if (status == FST_OK) {
        int64_t id;
        status = fst__apply(&d, c, &id, err);
        fst_app_give(a, c);
    }
    fst_definitions_done(&d);
    return status;
}
