/* State and staleness, computed by SQL when one of the facts behind them changes.
 *
 * Facts are runs, looks at sources, and edges. A transformation or training set shows its newest
 * run; it is stale when an input is newer than what its newest READY run read, or when it never ran
 * although its inputs are there. A job is the same, but one that never ran waits for nobody and is
 * not stale. A feature or label shows its source. A change reaches one step
 * downstream (through features two), never further: standing on something stale is not stale. */
#include "catalog.h"

/* The numbers of kinds and states in the statements below. */
_Static_assert(FST_SOURCE == 2 && FST_TRANSFORMATION == 3 && FST_FEATURE == 4 && FST_LABEL == 5 &&
                   FST_TRAINING_SET == 6 && FST_JOB == 7 && FST_STATE_READY == 4,
               "statements name kinds and states by number");

/* Inputs `s` of x: sources and transformations, looked up through features and labels. */
#define FROM_INPUTS                                                                                \
    "FROM edge e JOIN resource d ON d.id = e.from_id "                                             \
    "LEFT JOIN edge f ON d.kind IN (4, 5) AND f.to_id = d.id AND f.role = 'input' "                \
    "JOIN resource s ON s.id = coalesce(f.from_id, d.id) "                                         \
    "WHERE e.to_id = x.id AND e.role IN ('input', 'feature', 'label') AND "
#define INPUTS "SELECT 1 " FROM_INPUTS

#define IS_THERE "CASE s.kind WHEN 2 THEN s.state = 4 ELSE s.ready_run IS NOT NULL END"

/* The run of s that x's newest READY run read: NULL when it wrote down none. */
#define WAS_READ                                                                                   \
    "(SELECT q.id FROM run_input i JOIN run q ON q.run_id = i.read_run "                           \
    " WHERE i.run = x.ready_run AND i.resource = s.id)"
#define BEGAN "(SELECT max(b.created, b.started) FROM run b WHERE b.id = x.ready_run)"
#define ENDED "(SELECT z.finished FROM run z WHERE z.id = s.ready_run)"
#define WAS_MODIFIED                                                                               \
    "(SELECT i.modified FROM run_input i WHERE i.run = x.ready_run AND i.resource = s.id)"
#define IS_NEWER                                                                                   \
    "CASE WHEN s.kind = 2 THEN s.modified > 0 AND coalesce(s.modified <> " WAS_MODIFIED            \
    ", s.modified > " BEGAN ")"                                                                    \
    " WHEN s.ready_run IS NULL THEN 0"                                                             \
    " ELSE coalesce(s.ready_run <> " WAS_READ ", " ENDED " > " BEGAN ") END"

#define STALE                                                                                      \
    "CASE WHEN x.ready_run IS NULL THEN x.kind <> 7 AND NOT EXISTS(" INPUTS "NOT (" IS_THERE "))"  \
    " ELSE EXISTS(" INPUTS IS_NEWER ") END"

/* A plus sign before a column keeps an index of it out of the plan: the ids are few. */
static const char newest_runs[] =
    "UPDATE resource SET"
    " newest_run = (SELECT id FROM run WHERE resource = ?1 ORDER BY id DESC LIMIT 1),"
    " ready_run = (SELECT id FROM run WHERE resource = ?1 AND +state = 4"
    "              ORDER BY id DESC LIMIT 1) WHERE id = ?1";

static const char own_state[] =
    "UPDATE resource AS x SET"
    " state = coalesce((SELECT state FROM run WHERE id = x.newest_run), 0),"
    " run_id = (SELECT run_id FROM run WHERE id = x.newest_run),"
    " ran = coalesce((SELECT finished FROM run WHERE id = x.ready_run), 0), stale = " STALE
    " WHERE x.id = ?1";

#define SHOWN                                                                                      \
    "FROM edge e JOIN resource s ON s.id = e.from_id WHERE e.to_id = x.id"                         \
    " AND e.role = 'input'"
static const char own_columns[] = "UPDATE resource AS x SET (state, stale, ran, run_id) ="
                                  " (SELECT s.state, s.stale, s.ran, s.run_id " SHOWN ")"
                                  " WHERE x.id = ?1 AND EXISTS(SELECT 1 " SHOWN ")";

static const char readers_stale[] =
    "UPDATE resource AS x SET stale = " STALE " WHERE x.id IN ("
    " SELECT a.to_id FROM edge a WHERE a.from_id = ?1 AND a.role = 'input'"
    " UNION SELECT b.to_id FROM edge a JOIN edge b ON b.from_id = a.to_id"
    "  WHERE a.from_id = ?1 AND a.role = 'input' AND b.role IN ('feature', 'label'))"
    " AND +x.kind IN (3, 6, 7) AND x.stale IS NOT (" STALE ")";

static const char readers_columns[] =
    "UPDATE resource AS x SET state = s.state, stale = s.stale, ran = s.ran, run_id = s.run_id"
    " FROM edge e JOIN resource s ON s.id = e.from_id"
    " WHERE e.to_id = x.id AND e.role = 'input' AND +x.kind IN (4, 5) AND x.id IN ("
    " SELECT to_id FROM edge WHERE from_id = ?1 AND role = 'input'"
    " UNION SELECT b.to_id FROM edge a JOIN edge b ON b.from_id = a.to_id"
    "  WHERE a.from_id = ?1 AND a.role = 'input' AND b.role = 'input')";

enum fst_status fst__refresh(struct fst_catalog *c, int64_t id, enum fst_resource_kind kind,
                             struct fst_error *err)
{
    if (kind == FST_FEATURE || kind == FST_LABEL)
        return fst__run(c, err, own_columns, "i", id);
    if (kind != FST_TRANSFORMATION && kind != FST_TRAINING_SET && kind != FST_JOB)
        return FST_OK;
    FST_TRY(fst__run(c, err, newest_runs, "i", id));
    return fst__run(c, err, own_state, "i", id);
}

enum fst_status fst__refresh_readers(struct fst_catalog *c, int64_t id, struct fst_error *err)
{
    FST_TRY(fst__run(c, err, readers_stale, "i", id));
    return fst__run(c, err, readers_columns, "i", id);
}

/* Commas are in no name. */
static const char newer_inputs[] =
    "SELECT (SELECT replace(group_concat(DISTINCT s.name || '.' || s.variant), ',', ', ')"
    " " FROM_INPUTS IS_NEWER ") FROM resource x WHERE x.id = ?1";

char *fst_catalog_newer_inputs(struct fst_catalog *c, int64_t id)
{
    struct sqlite3_stmt *st;
    char *names = NULL;
    bool row = false;

    if (fst__query(c, &st, NULL, newer_inputs, "i", id) != FST_OK)
        return NULL;
    if (fst_db_step(st, &row, NULL) == FST_OK && row)
        names = fst_strdup(fst__column(st, 0));
    fst__done(c, st);
    return names;
}
