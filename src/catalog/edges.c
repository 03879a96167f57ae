/* What hangs together: with a variant, everything up- and downstream of it, in one statement each;
 * all that is registered. */
#include "catalog.h"

#include <stdlib.h>

/* With a depth, a node counts once for each distance; without, once. Providers and entities count
 * when asked for, or when the walk begins at one. */
#define STEP(near, far)                                                                            \
    " UNION SELECT e." far ", CASE WHEN ?2 = 0 THEN 0 ELSE w.d + 1 END FROM walk w"                \
    " CROSS JOIN edge e ON e." near " = w.id WHERE (?2 = 0 OR w.d < ?2)"                           \
    " AND (?3 OR e.role NOT IN ('provider', 'entity') OR e.from_id = ?1)"
#define WALK(near, far)                                                                            \
    "WITH RECURSIVE walk(id, d) AS (SELECT ?1, 0" STEP(                                            \
        near, far) ")"                                                                             \
                   " INSERT OR IGNORE INTO temp.around SELECT id FROM walk WHERE ?4"

#define MAKE_ROOM "CREATE TEMP TABLE IF NOT EXISTS around(id INTEGER PRIMARY KEY)"

static enum fst_status walk(struct fst_catalog *c, int64_t id, bool upstream, bool downstream,
                            int depth, bool with_providers, struct fst_error *err)
{
    FST_TRY(fst__run(c, err, "DELETE FROM temp.around", ""));
    FST_TRY(fst__run(c, err, "INSERT INTO temp.around VALUES(?)", "i", id));
    FST_TRY(fst__run(c, err, WALK("to_id", "from_id"), "iiii", id, (int64_t)depth,
                     (int64_t)with_providers, (int64_t)upstream));
    return fst__run(c, err, WALK("from_id", "to_id"), "iiii", id, (int64_t)depth,
                    (int64_t)with_providers, (int64_t)downstream);
}

static enum fst_status read_nodes(struct fst_catalog *c, struct fst_items *out,
                                  struct fst_error *err)
{
    struct sqlite3_stmt *st;
    size_t cap = 0;

    FST_TRY(fst__query(c, &st, err,
                       "SELECT " FST__ITEM_COLUMNS "FROM temp.around a CROSS JOIN resource r"
                       " ON r.id = a.id JOIN name n ON n.id = r.name_id ORDER BY a.id",
                       ""));
    enum fst_status status = fst__read_items(st, out, &cap, err);
    fst__done(c, st);
    out->total = (int64_t)out->n;
    return status;
}

static enum fst_status read_edges(struct fst_catalog *c, int64_t id, bool with_providers,
                                  struct fst_neighbourhood *out, struct fst_error *err)
{
    struct sqlite3_stmt *st;
    enum fst_status status;
    size_t cap = 0;
    bool row;

    FST_TRY(fst__query(
        c, &st, err,
        "SELECT e.from_id, e.to_id, e.role FROM temp.around a"
        " CROSS JOIN edge e ON e.to_id = a.id CROSS JOIN temp.around b ON b.id = e.from_id"
        " WHERE ?2 OR e.role NOT IN ('provider', 'entity') OR e.from_id = ?1"
        " ORDER BY e.to_id, e.from_id, e.role",
        "ii", id, (int64_t)with_providers));
    while ((status = fst_db_step(st, &row, err)) == FST_OK && row) {
        fst_grow(&out->edges, &cap, out->n_edges + 1, sizeof *out->edges);
        out->edges[out->n_edges++] =
            (struct fst_catalog_edge){fst_db_int(st, 0), fst_db_int(st, 1),
                                      fst_arena_strdup(out->nodes.arena, fst_db_text(st, 2))};
    }
    fst__done(c, st);
    return status;
}

enum fst_status fst_catalog_neighbourhood(struct fst_catalog *c, int64_t id, bool upstream,
                                          bool downstream, int depth, bool with_providers,
                                          struct fst_neighbourhood *out, struct fst_error *err)
{
    bool own;

    *out = (struct fst_neighbourhood){.edges = NULL};
    FST_TRY(fst_db_exec(c->db, MAKE_ROOM, err));
    FST_TRY(fst__begin(c, false, &own, err));
    enum fst_status status = walk(c, id, upstream, downstream, depth, with_providers, err);
    if (status == FST_OK)
        status = read_nodes(c, &out->nodes, err);
    if (status == FST_OK)
        status = read_edges(c, id, with_providers, out, err);
    if (own)
        fst_catalog_rollback(c);
    if (status == FST_OK && out->nodes.n == 0)
        status =
            fst_fail(err, FST_ENOTFOUND, "%s: no resource has the id %lld", c->path, (long long)id);
    if (status != FST_OK)
        fst_neighbourhood_done(out);
    return status;
}

static enum fst_status read_whole(struct fst_catalog *c, struct fst_neighbourhood *out,
                                  struct fst_error *err)
{
    FST_TRY(fst__run(c, err, "DELETE FROM temp.around", ""));
    FST_TRY(fst__run(c, err,
                     "INSERT INTO temp.around SELECT id FROM resource"
                     " WHERE NOT archived AND kind NOT IN (?, ?)",
                     "ii", (int64_t)FST_PROVIDER, (int64_t)FST_ENTITY));
    FST_TRY(read_nodes(c, &out->nodes, err));
    return read_edges(c, 0, false, out, err);
}

enum fst_status fst_catalog_whole(struct fst_catalog *c, struct fst_neighbourhood *out,
                                  struct fst_error *err)
{
    bool own;

    *out = (struct fst_neighbourhood){.edges = NULL};
    FST_TRY(fst_db_exec(c->db, MAKE_ROOM, err));
    FST_TRY(fst__begin(c, false, &own, err));
    enum fst_status status = read_whole(c, out, err);
    if (own)
        fst_catalog_rollback(c);
    if (status != FST_OK)
        fst_neighbourhood_done(out);
    return status;
}

void fst_neighbourhood_done(struct fst_neighbourhood *n)
{
    free(n->edges);
    fst_items_done(&n->nodes);
    *n = (struct fst_neighbourhood){.edges = NULL};
}
