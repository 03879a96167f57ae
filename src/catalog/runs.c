/* Runs: written once, moved from state to state, found by their ids; and looks at sources. */
#include "catalog.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* ---- Writing --------------------------------------------------------------------------------- */

/* Id of the source or transformation that the label name.variant names; 0 = none. */
static enum fst_status input_id(struct fst_catalog *c, const char *label, int64_t *id,
                                struct fst_error *err)
{
    const char *dot = strchr(label, '.');
    char *name = dot ? fst_strndup(label, (size_t)(dot - label)) : fst_strdup(label);
    enum fst_status status = fst__query_int(
        c, id, 0, err, "SELECT id FROM resource WHERE kind IN (2, 3) AND name = ? AND variant = ?",
        "ss", name, dot ? dot + 1 : "");

    free(name);
    return status;
}

static enum fst_status write_inputs(struct fst_catalog *c, int64_t run,
                                    const struct fst_run_record *r, struct fst_error *err)
{
    for (size_t i = 0; i < r->n_inputs; i++) {
        const struct fst_run_input *input = &r->inputs[i];
        int64_t id;
        FST_TRY(input_id(c, input->label, &id, err));
        FST_TRY(fst__run(c, err,
                         "INSERT INTO run_input(run, position, label, resource, read_run, uri,"
                         " modified) VALUES(?, ?, ?, ?, ?, ?, (SELECT modified FROM resource"
                         " WHERE id = ? AND kind = 2 AND modified > 0))",
                         "iisissi", run, (int64_t)i, input->label, id,
                         input->run_id ? input->run_id : "", input->uri, id));
    }
    return FST_OK;
}

/* The resource of a run, and what reads its output, follow the run. */
static enum fst_status follow(struct fst_catalog *c, int64_t resource, struct fst_error *err)
{
    int64_t kind;

    FST_TRY(
        fst__query_int(c, &kind, 0, err, "SELECT kind FROM resource WHERE id = ?", "i", resource));
    FST_TRY(fst__refresh(c, resource, (enum fst_resource_kind)kind, err));
    return fst__refresh_readers(c, resource, err);
}

static enum fst_status add_run(struct fst_catalog *c, const struct fst_run_record *r,
                               struct fst_error *err)
{
    int64_t there;

    FST_TRY(fst__query_int(c, &there, 0, err, "SELECT 1 FROM run WHERE run_id = ?", "s", r->id));
    if (there)
        return fst_fail(err, FST_ECONFLICT, "there is a run %s already", r->id);
    FST_TRY(fst__query_int(c, &there, 0, err, "SELECT 1 FROM resource WHERE id = ?", "i",
                           r->resource_id));
    if (!there)
        return fst_fail(err, FST_ENOTFOUND, "run %s: no resource has the id %lld", r->id,
                        (long long)r->resource_id);
    FST_TRY(fst__run(c, err,
                     "INSERT INTO run(run_id, resource, state, attempt, provider, engine, host,"
                     " user, created, started, finished, output, error, rows, cancel)"
                     " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                     "siiissssiiissii", r->id, r->resource_id, (int64_t)r->state,
                     (int64_t)r->attempt, r->provider, r->engine, r->host, r->user, r->created_us,
                     r->started_us, r->finished_us, r->output, r->error, r->rows,
                     (int64_t)r->cancel_wanted));
    FST_TRY(write_inputs(c, sqlite3_last_insert_rowid(c->db), r, err));
    return follow(c, r->resource_id, err);
}

enum fst_status fst_catalog_add_run(struct fst_catalog *c, const struct fst_run_record *r,
                                    struct fst_error *err)
{
    bool own;

    FST_TRY(fst__begin(c, true, &own, err));
    return fst__end(c, own, add_run(c, r, err), err);
}

/* State and resource of a run: FST_ENOTFOUND when there is none. */
static enum fst_status look_up(struct fst_catalog *c, const char *id, enum fst_state *state,
                               int64_t *resource, struct fst_error *err)
{
    struct sqlite3_stmt *st;
    bool row = false;

    FST_TRY(fst__query(c, &st, err, "SELECT state, resource FROM run WHERE run_id = ?", "s", id));
    enum fst_status status = fst_db_step(st, &row, err);
    if (row) {
        *state = (enum fst_state)fst_db_int(st, 0);
        *resource = fst_db_int(st, 1);
    }
    fst__done(c, st);
    if (status == FST_OK && !row)
        return fst_fail(err, FST_ENOTFOUND, "there is no run %s", id);
    return status;
}

static bool is_over(enum fst_state state)
{
    return state < FST_STATES_ && fst_states[state].final && state != FST_STATE_LOST;
}

static enum fst_status update_run(struct fst_catalog *c, const struct fst_run_record *r,
                                  struct fst_error *err)
{
    enum fst_state state = FST_STATE_NONE;
    int64_t resource;

    FST_TRY(look_up(c, r->id, &state, &resource, err));
    if (is_over(state) && state != r->state)
        return fst_fail(err, FST_ECONFLICT, "run %s is %s and stays so", r->id,
                        fst_states[state].name);
    FST_TRY(fst__run(c, err,
                     "UPDATE run SET state = ?, attempt = ?, started = ?, finished = ?,"
                     " output = ?, error = ?, rows = ? WHERE run_id = ?",
                     "iiiissis", (int64_t)r->state, (int64_t)r->attempt, r->started_us,
                     r->finished_us, r->output, r->error, r->rows, r->id));
    return follow(c, resource, err);
}

enum fst_status fst_catalog_update_run(struct fst_catalog *c, const struct fst_run_record *r,
                                       struct fst_error *err)
{
    bool own;

    FST_TRY(fst__begin(c, true, &own, err));
    return fst__end(c, own, update_run(c, r, err), err);
}

static enum fst_status want_cancel(struct fst_catalog *c, const char *id, struct fst_error *err)
{
    enum fst_state state = FST_STATE_NONE;
    int64_t resource;

    FST_TRY(look_up(c, id, &state, &resource, err));
    if (is_over(state))
        return fst_fail(err, FST_ECONFLICT, "run %s is %s already", id, fst_states[state].name);
    return fst__run(c, err, "UPDATE run SET cancel = 1 WHERE run_id = ?", "s", id);
}

enum fst_status fst_catalog_want_cancel(struct fst_catalog *c, const char *id,
                                        struct fst_error *err)
{
    bool own;

    FST_TRY(fst__begin(c, true, &own, err));
    return fst__end(c, own, want_cancel(c, id, err), err);
}

/* ---- Reading --------------------------------------------------------------------------------- */

#define RUN_COLUMNS                                                                                \
    "u.run_id, u.resource, r.kind, r.name, r.variant, u.state, u.attempt, u.provider, u.engine,"   \
    " u.host, u.user, u.created, u.started, u.finished, u.output, u.error, u.rows, u.cancel, u.id"
#define RUNS "FROM run u JOIN resource r ON r.id = u.resource "

static struct fst_run_record *read_run(struct sqlite3_stmt *st)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_run_record *r = fst_arena_alloc(a, sizeof *r);

    r->arena = a;
    r->id = fst_arena_strdup(a, fst_db_text(st, 0));
    r->resource_id = fst_db_int(st, 1);
    r->kind = (enum fst_resource_kind)fst_db_int(st, 2);
    r->name = fst_arena_strdup(a, fst_db_text(st, 3));
    r->variant = fst_arena_strdup(a, fst_db_text(st, 4));
    r->state = (enum fst_state)fst_db_int(st, 5);
    r->attempt = (int)fst_db_int(st, 6);
    r->provider = fst_arena_strdup(a, fst__column(st, 7));
    r->engine = fst_arena_strdup(a, fst__column(st, 8));
    r->host = fst_arena_strdup(a, fst__column(st, 9));
    r->user = fst_arena_strdup(a, fst__column(st, 10));
    r->created_us = fst_db_int(st, 11);
    r->started_us = fst_db_int(st, 12);
    r->finished_us = fst_db_int(st, 13);
    r->output = fst_arena_strdup(a, fst__column(st, 14));
    r->error = fst_arena_strdup(a, fst__column(st, 15));
    r->rows = fst_db_int(st, 16);
    r->cancel_wanted = fst_db_int(st, 17);
    return r;
}

static enum fst_status read_inputs(struct fst_catalog *c, int64_t run, struct fst_run_record *r,
                                   struct fst_error *err)
{
    struct sqlite3_stmt *st;
    struct fst_run_input *inputs = NULL;
    enum fst_status status;
    size_t cap = 0;
    bool row;

    FST_TRY(fst__query(c, &st, err,
                       "SELECT label, read_run, uri FROM run_input WHERE run = ? ORDER BY position",
                       "i", run));
    while ((status = fst_db_step(st, &row, err)) == FST_OK && row) {
        fst_grow(&inputs, &cap, r->n_inputs + 1, sizeof *inputs);
        inputs[r->n_inputs++] =
            (struct fst_run_input){fst_arena_strdup(r->arena, fst_db_text(st, 0)),
                                   fst_arena_strdup(r->arena, fst_db_text(st, 1)),
                                   fst_arena_strdup(r->arena, fst__column(st, 2))};
    }
    fst__done(c, st);
    if (r->n_inputs) {
        r->inputs = fst_arena_alloc(r->arena, r->n_inputs * sizeof *inputs);
        memcpy(r->inputs, inputs, r->n_inputs * sizeof *inputs);
    }
    free(inputs);
    return status;
}

/* The run of the first row of `st` with its inputs; NULL when there is no row. Ends `st`. */
static enum fst_status read_one(struct fst_catalog *c, struct sqlite3_stmt *st,
                                struct fst_run_record **out, struct fst_error *err)
{
    int64_t run = 0;
    bool row = false;

    enum fst_status status = fst_db_step(st, &row, err);
    if (row) {
        *out = read_run(st);
        run = fst_db_int(st, 18);
    }
    fst__done(c, st);
    if (row)
        status = read_inputs(c, run, *out, err);
    if (status != FST_OK) {
        fst_run_record_free(*out);
        *out = NULL;
    }
    return status;
}

/* The ids that begin or end with `part`, at most three, into `ids`. */
static enum fst_status find_part(struct fst_catalog *c, const char *part, struct fst_arena *a,
                                 const char *ids[3], int *n, struct fst_error *err)
{
    struct sqlite3_stmt *st;
    enum fst_status status;
    bool row;

    *n = 0;
    FST_TRY(fst__query(c, &st, err,
                       "SELECT run_id FROM run WHERE substr(run_id, 1, length(?1)) = ?1"
                       " OR substr(run_id, -length(?1)) = ?1 ORDER BY id DESC LIMIT 3",
                       "s", part));
    while ((status = fst_db_step(st, &row, err)) == FST_OK && row)
        ids[(*n)++] = fst_arena_strdup(a, fst_db_text(st, 0));
    fst__done(c, st);
    return status;
}

static enum fst_status get_exact(struct fst_catalog *c, const char *id, struct fst_run_record **out,
                                 struct fst_error *err)
{
    struct sqlite3_stmt *st;

    FST_TRY(fst__query(c, &st, err, "SELECT " RUN_COLUMNS " " RUNS "WHERE u.run_id = ?", "s", id));
    return read_one(c, st, out, err);
}

static enum fst_status get_by_part(struct fst_catalog *c, const char *part,
                                   struct fst_run_record **out, struct fst_error *err)
{
    struct fst_arena *a = fst_arena_new();
    const char *ids[3];
    int n = 0;
    enum fst_status status = *part ? find_part(c, part, a, ids, &n, err) : FST_OK;

    if (status == FST_OK && n == 0)
        status = fst_fail(err, FST_ENOTFOUND, "there is no run %s", part);
    else if (status == FST_OK && n > 1)
        status = fst_fail(err, FST_EINVAL, "several runs begin or end with %s: %s, %s%s", part,
                          ids[0], ids[1], n > 2 ? ", ..." : "");
    else if (status == FST_OK)
        status = get_exact(c, ids[0], out, err);
    fst_arena_free(a);
    return status;
}

enum fst_status fst_catalog_get_run(struct fst_catalog *c, const char *id,
                                    struct fst_run_record **out, struct fst_error *err)
{
    *out = NULL;
    FST_TRY(get_exact(c, id, out, err));
    return *out ? FST_OK : get_by_part(c, id, out, err);
}

enum fst_status fst_catalog_ready_run(struct fst_catalog *c, int64_t resource_id,
                                      struct fst_run_record **out, struct fst_error *err)
{
    struct sqlite3_stmt *st;

    *out = NULL;
    FST_TRY(fst__query(c, &st, err,
                       "SELECT " RUN_COLUMNS " FROM resource r JOIN run u ON u.id = r.ready_run"
                       " WHERE r.id = ?",
                       "i", resource_id));
    FST_TRY(read_one(c, st, out, err));
    if (!*out)
        return fst_fail(err, FST_ENOTFOUND, "it has no READY run: run it first");
    return FST_OK;
}

enum fst_status fst_catalog_ran_before(struct fst_catalog *c, int64_t resource_id,
                                       struct fst_resource **out, struct fst_error *err)
{
    int64_t id;

    *out = NULL;
    FST_TRY(fst__query_int(c, &id, 0, err,
                           "SELECT r.id FROM resource x JOIN resource r ON r.name_id = x.name_id"
                           " WHERE x.id = ?1 AND r.id <> ?1 AND r.ready_run IS NOT NULL"
                           " ORDER BY r.ready_run DESC LIMIT 1",
                           "i", resource_id));
    if (!id)
        return fst_fail(err, FST_ENOTFOUND, "no other variant of it has a READY run");
    return fst_catalog_get(c, id, out, err);
}

/* ---- Lists of runs --------------------------------------------------------------------------- */

static void write_where(struct fst_buf *sql, const struct fst_run_query *q)
{
    fst_buf_adds(sql, RUNS);
    fst_buf_adds(sql, q->resource_id ? "WHERE u.resource = ?1 " : "WHERE ?1 = 0 ");
    fst_buf_adds(sql, q->state != FST_STATE_NONE ? "AND u.state = ?2 " : "AND ?2 = 0 ");
    if (q->unfinished)
        fst_buf_adds(sql, "AND u.state IN (1, 2, 3) ");
}

static enum fst_status query_runs(struct fst_catalog *c, const struct fst_run_query *q,
                                  const char *head, const char *tail, struct sqlite3_stmt **st,
                                  struct fst_error *err)
{
    struct fst_buf sql = FST_BUF_TEXT;

    fst_buf_adds(&sql, head);
    write_where(&sql, q);
    fst_buf_adds(&sql, tail);
    enum fst_status status =
        fst_db_query(c->db, st, err, fst_buf_text(&sql), "iiii", q->resource_id, (int64_t)q->state,
                     q->limit > 0 ? q->limit : INT64_C(-1), q->offset);
    fst_buf_done(&sql);
    return status;
}

static enum fst_status read_page(struct fst_catalog *c, const struct fst_run_query *q,
                                 struct fst_runs *out, struct fst_error *err)
{
    struct sqlite3_stmt *st;
    enum fst_status status;
    size_t cap = 0;
    bool row;

    FST_TRY(query_runs(c, q, "SELECT " RUN_COLUMNS " ", "ORDER BY u.id DESC LIMIT ?3 OFFSET ?4",
                       &st, err));
    while ((status = fst_db_step(st, &row, err)) == FST_OK && row) {
        fst_grow(&out->runs, &cap, out->n + 1, sizeof *out->runs);
        out->runs[out->n++] = read_run(st);
    }
    fst_db_finish(st);
    return status;
}

static enum fst_status list_runs(struct fst_catalog *c, const struct fst_run_query *q,
                                 struct fst_runs *out, struct fst_error *err)
{
    struct sqlite3_stmt *st;
    bool row;

    FST_TRY(read_page(c, q, out, err));
    out->total = (int64_t)out->n;
    if (q->offset == 0 && (q->limit <= 0 || (int64_t)out->n < q->limit))
        return FST_OK;
    FST_TRY(
        query_runs(c, q, "SELECT count(*) ", "AND ?3 IS NOT NULL AND ?4 IS NOT NULL", &st, err));
    enum fst_status status = fst_db_step(st, &row, err);
    if (status == FST_OK)
        out->total = fst_db_int(st, 0);
    fst_db_finish(st);
    return status;
}

enum fst_status fst_catalog_runs(struct fst_catalog *c, const struct fst_run_query *q,
                                 struct fst_runs *out, struct fst_error *err)
{
    bool own;

    *out = (struct fst_runs){NULL};
    FST_TRY(fst__begin(c, false, &own, err));
    enum fst_status status = list_runs(c, q, out, err);
    if (own)
        fst_catalog_rollback(c);
    if (status != FST_OK)
        fst_runs_done(out);
    return status;
}

void fst_runs_done(struct fst_runs *runs)
{
    for (size_t i = 0; i < runs->n; i++)
        fst_run_record_free(runs->runs[i]);
    free(runs->runs);
    *runs = (struct fst_runs){NULL};
}
