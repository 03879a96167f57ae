/* Lists: a page of items with their total, and how many there are of each kind. */
#include "catalog.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static const char *keep(struct fst_arena *a, const char *text)
{
    return text && *text ? fst_arena_strdup(a, text) : "";
}

static struct fst_item read_item(struct fst_arena *a, struct sqlite3_stmt *st)
{
    return (struct fst_item){
        .id = fst_db_int(st, 0),
        .kind = (enum fst_resource_kind)fst_db_int(st, 1),
        .name = keep(a, fst__column(st, 2)),
        .variant = keep(a, fst__column(st, 3)),
        .owner = keep(a, fst__column(st, 4)),
        .description = keep(a, fst__column(st, 5)),
        .tags = keep(a, fst__column(st, 6)),
        .provider = keep(a, fst__column(st, 7)),
        .created_us = fst_db_int(st, 8),
        .is_default = fst_db_int(st, 9),
        .n_variants = (int)fst_db_int(st, 10),
        .state = (enum fst_state)fst_db_int(st, 11),
        .stale = fst_db_int(st, 12),
        .ran_us = fst_db_int(st, 13),
        .run_id = keep(a, fst__column(st, 14)),
        .found = sqlite3_column_count(st) > 15 ? keep(a, fst__column(st, 15)) : "",
    };
}

enum fst_status fst__read_items(struct sqlite3_stmt *st, struct fst_items *out, size_t *cap,
                                struct fst_error *err)
{
    enum fst_status status;
    bool row;

    if (!out->arena)
        out->arena = fst_arena_new();
    while ((status = fst_db_step(st, &row, err)) == FST_OK && row) {
        fst_grow(&out->items, cap, out->n + 1, sizeof *out->items);
        out->items[out->n++] = read_item(out->arena, st);
    }
    return status;
}

void fst_items_done(struct fst_items *items)
{
    free(items->items);
    fst_arena_free(items->arena);
    *items = (struct fst_items){NULL};
}

/* ---- Lists ----------------------------------------------------------------------------------- */

/* %text% with LIKE's own signs escaped by a backslash. */
static char *like_pattern(const char *text)
{
    struct fst_buf out = FST_BUF_TEXT;

    fst_buf_addc(&out, '%');
    for (; *text; text++) {
        if (strchr("%_\\", *text))
            fst_buf_addc(&out, '\\');
        fst_buf_addc(&out, *text);
    }
    fst_buf_addc(&out, '%');
    return fst_buf_take(&out);
}

/* A list that is asked for, with what its filter is bound as. */
struct asked {
    struct fst_list_query q;
    char *pattern; /* NULL = there is no filter */
    bool is_odd;   /* LIKE cannot tell: a function of ours does */
};

static struct asked understood(const struct fst_list_query *q)
{
    struct asked a = {.q = *q};
    struct fst_filter *f = q->filter && *q->filter ? fst_filter_new(q->filter) : NULL;
    a.is_odd = f && !fst_filter_is_plain(f);
    a.pattern = a.is_odd ? fst_strdup(q->filter) : f ? like_pattern(q->filter) : NULL;
    fst_filter_free(f);
    return a;
}

static const char *which_variants(const struct fst_list_query *q)
{
    if (q->all_variants)
        return "FROM name n JOIN resource r ON r.name_id = n.id ";
    if (q->archived)
        return "FROM name n JOIN resource r ON r.id = coalesce(n.default_id,"
               " (SELECT max(id) FROM resource WHERE name_id = n.id)) ";
    return "FROM name n JOIN resource r ON r.id = n.default_id ";
}

/* Every parameter is used in every form of the statement, so that they bind alike. */
static void write_from(struct fst_buf *sql, const struct asked *a)
{
    const struct fst_list_query *q = &a->q;
    fst_buf_adds(sql, which_variants(q));
    fst_buf_adds(sql, q->kind < 0 ? "WHERE ?1 < 0 " : "WHERE n.kind = ?1 ");
    if (!q->archived)
        fst_buf_adds(sql, "AND NOT r.archived ");
    if (a->is_odd)
        fst_buf_adds(sql, "AND fits(?2, r.name, r.variant, r.owner, r.tags) ");
    else
        fst_buf_adds(sql, a->pattern
                              ? "AND (r.name LIKE ?2 ESCAPE '\\' OR r.variant LIKE ?2 ESCAPE '\\'"
                                " OR r.owner LIKE ?2 ESCAPE '\\' OR r.tags LIKE ?2 ESCAPE '\\') "
                              : "AND ?2 IS NULL ");
    fst_buf_adds(sql, q->tag ? "AND r.id IN (SELECT resource FROM tag WHERE tag = ?3) "
                             : "AND ?3 IS NULL ");
}

static enum fst_status query(struct fst_catalog *c, const struct asked *a, const char *sql,
                             struct sqlite3_stmt **st, struct fst_error *err)
{
    const struct fst_list_query *q = &a->q;
    return fst_db_query(c->db, st, err, sql, "issii", (int64_t)q->kind, a->pattern, q->tag,
                        q->limit > 0 ? q->limit : INT64_C(-1), q->offset);
}

static enum fst_status read_page(struct fst_catalog *c, const struct asked *a,
                                 struct fst_items *out, struct fst_error *err)
{
    struct fst_buf sql = FST_BUF_TEXT;
    struct sqlite3_stmt *st;
    size_t cap = 0;

    fst_buf_adds(&sql, "SELECT " FST__ITEM_COLUMNS);
    write_from(&sql, a);
    fst_buf_adds(&sql, "ORDER BY n.kind, n.name, r.id DESC LIMIT ?4 OFFSET ?5");
    enum fst_status status = query(c, a, fst_buf_text(&sql), &st, err);
    fst_buf_done(&sql);
    FST_TRY(status);
    status = fst__read_items(st, out, &cap, err);
    fst_db_finish(st);
    return status;
}

/* What a list without filters would count row by row is kept in `tally`. */
static enum fst_status count_kept(struct fst_catalog *c, const struct fst_list_query *q,
                                  int64_t *total, struct fst_error *err)
{
    if (q->all_variants)
        return fst__query_int(c, total, 0, err,
                              "SELECT sum(variants) FROM tally WHERE ?1 < 0 OR kind = ?1", "i",
                              (int64_t)q->kind);
    return fst__query_int(c, total, 0, err,
                          "SELECT sum(names) FROM tally WHERE ?1 < 0 OR kind = ?1", "i",
                          (int64_t)q->kind);
}

static enum fst_status count_rows(struct fst_catalog *c, const struct asked *a, int64_t *total,
                                  struct fst_error *err)
{
    struct fst_buf sql = FST_BUF_TEXT;
    struct sqlite3_stmt *st;
    bool row;

    fst_buf_adds(&sql, "SELECT count(*) ");
    write_from(&sql, a);
    fst_buf_adds(&sql, "AND ?4 IS NOT NULL AND ?5 IS NOT NULL");
    enum fst_status status = query(c, a, fst_buf_text(&sql), &st, err);
    fst_buf_done(&sql);
    FST_TRY(status);
    status = fst_db_step(st, &row, err);
    *total = status == FST_OK ? fst_db_int(st, 0) : 0;
    fst_db_finish(st);
    return status;
}

static enum fst_status list(struct fst_catalog *c, const struct asked *a, struct fst_items *out,
                            struct fst_error *err)
{
    const struct fst_list_query *q = &a->q;
    bool narrowed = a->pattern || q->tag || q->archived;

    FST_TRY(read_page(c, a, out, err));
    out->total = (int64_t)out->n;
    if (q->offset == 0 && (q->limit <= 0 || (int64_t)out->n < q->limit))
        return FST_OK;
    return narrowed ? count_rows(c, a, &out->total, err) : count_kept(c, q, &out->total, err);
}

enum fst_status fst_catalog_list(struct fst_catalog *c, const struct fst_list_query *q,
                                 struct fst_items *out, struct fst_error *err)
{
    bool own;

    *out = (struct fst_items){NULL};
    FST_TRY(fst__begin(c, false, &own, err));
    struct asked a = understood(q);
    enum fst_status status = list(c, &a, out, err);
    free(a.pattern);
    if (own)
        fst_catalog_rollback(c);
    if (status != FST_OK)
        fst_items_done(out);
    return status;
}

/* ---- Counts ---------------------------------------------------------------------------------- */

static enum fst_status count_runs(struct fst_catalog *c, struct fst_counts *out,
                                  struct fst_error *err)
{
    struct sqlite3_stmt *st;
    enum fst_status status;
    bool row;

    FST_TRY(fst__query(c, &st, err, "SELECT state, count(*) FROM run GROUP BY state", ""));
    while ((status = fst_db_step(st, &row, err)) == FST_OK && row) {
        int64_t state = fst_db_int(st, 0);
        if (state >= 0 && state < FST_STATES_)
            out->runs[state] = fst_db_int(st, 1);
    }
    fst__done(c, st);
    return status;
}

enum fst_status fst_catalog_counts(struct fst_catalog *c, struct fst_counts *out,
                                   struct fst_error *err)
{
    struct sqlite3_stmt *st;
    enum fst_status status;
    bool row;

    *out = (struct fst_counts){{0}};
    FST_TRY(fst__query(c, &st, err, "SELECT kind, names, variants FROM tally", ""));
    while ((status = fst_db_step(st, &row, err)) == FST_OK && row) {
        int64_t kind = fst_db_int(st, 0);
        if (kind < 0 || kind >= FST_RESOURCE_KINDS_)
            continue;
        out->names[kind] = fst_db_int(st, 1);
        out->variants[kind] = fst_db_int(st, 2);
    }
    fst__done(c, st);
    FST_TRY(status);
    return count_runs(c, out, err);
}
