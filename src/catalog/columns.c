/* Columns as they were last seen: of sources when they are looked at, of outputs when a run has
 * written them. They are kept to be found by their names; what is there now may differ. */
#include <stdlib.h>
#include <string.h>

#include "catalog.h"

enum { MOST_COLUMNS = 5000 };

static enum fst_status write_column(struct fst_catalog *c, int64_t id, size_t place,
                                    const struct fst_field *f, struct fst_error *err)
{
    struct fst_buf type = FST_BUF_TEXT;
    fst_type_text(&type, &f->type);
    enum fst_status status =
        fst__run(c, err, "INSERT INTO seen_column(resource, place, name, type) VALUES(?, ?, ?, ?)",
                 "iiss", id, (int64_t)place, f->name, fst_buf_text(&type));
    fst_buf_done(&type);
    return status;
}

/* Nothing is written when they are those that are there: writes wake every screen. */
static enum fst_status are_there(struct fst_catalog *c, int64_t id, const struct fst_schema *s,
                                 bool *same, struct fst_error *err)
{
    struct sqlite3_stmt *st;
    enum fst_status status;
    bool row;
    size_t n = 0;
    *same = true;
    FST_TRY(fst__query(c, &st, err,
                       "SELECT name, type FROM seen_column WHERE resource = ? ORDER BY place", "i",
                       id));
    while ((status = fst_db_step(st, &row, err)) == FST_OK && row && *same) {
        struct fst_buf type = FST_BUF_TEXT;
        if (n < s->n)
            fst_type_text(&type, &s->fields[n].type);
        *same = n < s->n && strcmp(fst__column(st, 0), s->fields[n].name) == 0 &&
                strcmp(fst__column(st, 1), fst_buf_text(&type)) == 0;
        fst_buf_done(&type);
        n++;
    }
    fst__done(c, st);
    *same = *same && n == (s->n < MOST_COLUMNS ? s->n : MOST_COLUMNS);
    return status;
}

static enum fst_status replace(struct fst_catalog *c, int64_t id, const struct fst_schema *s,
                               struct fst_error *err)
{
    FST_TRY(fst__run(c, err, "DELETE FROM seen_column WHERE resource = ?", "i", id));
    for (size_t i = 0; i < s->n && i < MOST_COLUMNS; i++)
        FST_TRY(write_column(c, id, i, &s->fields[i], err));
    return FST_OK;
}

enum fst_status fst_catalog_set_columns(struct fst_catalog *c, int64_t id,
                                        const struct fst_schema *schema, struct fst_error *err)
{
    bool same, own;
    FST_TRY(are_there(c, id, schema, &same, err));
    if (same)
        return FST_OK;
    FST_TRY(fst__begin(c, true, &own, err));
    enum fst_status status = replace(c, id, schema, err);
    if (own)
        status = status == FST_OK ? fst_catalog_commit(c, err) : (fst_catalog_rollback(c), status);
    return status;
}

enum fst_status fst_catalog_get_columns(struct fst_catalog *c, int64_t id,
                                        void (*each)(void *to, const char *name, const char *type),
                                        void *to, struct fst_error *err)
{
    struct sqlite3_stmt *st;
    enum fst_status status;
    bool row;
    FST_TRY(fst__query(c, &st, err,
                       "SELECT name, type FROM seen_column WHERE resource = ? ORDER BY place", "i",
                       id));
    while ((status = fst_db_step(st, &row, err)) == FST_OK && row)
        each(to, fst__column(st, 0), fst__column(st, 1));
    fst__done(c, st);
    return status;
}

bool fst_catalog_knows_columns(struct fst_catalog *c, int64_t id)
{
    int64_t is;
    return fst__query_int(c, &is, 0, NULL, "SELECT 1 FROM seen_column WHERE resource = ? LIMIT 1",
                          "i", id) == FST_OK &&
           is;
}
