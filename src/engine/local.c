/* The local engine: SQLite over parquet and CSV files of this host, with Spark's meaning.
 *
 * What it can do it does with Spark's answer; the rest it refuses by name and place before anything
 * runs; what only the data shows stops with Spark's error. Everything happens within the calls, but
 * for submitted work, which has a thread. */
#include <stdlib.h>

#include "engines.h"
#include "local_job.h"

struct fst_session {
    struct local_run *run;
};

static enum fst_status local_open(const struct fst_doc *options, struct fst_session **out,
                                  struct fst_error *err)
{
    (void)options, (void)err;
    *out = fst_alloc(sizeof **out);
    return FST_OK;
}

static void local_close(struct fst_session *s)
{
    if (!s)
        return;
    local_run_free(s->run);
    free(s);
}

static enum fst_status local_ping(struct fst_session *s, struct fst_buf *line,
                                  struct fst_error *err)
{
    (void)s, (void)err;
    fst_buf_printf(line, "local: SQLite %s over parquet and CSV", sqlite3_libversion());
    return FST_OK;
}

static enum fst_status local_reach(struct fst_session *s, const char *uri, struct fst_error *err)
{
    (void)s;
    return local_reads(uri, err);
}

static enum fst_status local_check(struct fst_session *s, const struct fst_work *w,
                                   struct fst_schema **out, struct fst_problem *problem,
                                   struct fst_error *err)
{
    (void)s;
    struct local_job *job;
    FST_TRY(local_job_new(w, &job, problem, err));
    *out = fst_schema_copy(job->schema);
    local_job_free(job);
    return FST_OK;
}

static enum fst_status local_explain(struct fst_session *s, const struct fst_work *w,
                                     struct fst_buf *out, struct fst_problem *problem,
                                     struct fst_error *err)
{
    (void)s;
    struct local_job *job;
    FST_TRY(local_job_new(w, &job, problem, err));
    enum fst_status status = local_job_start_sql(job, err);
    if (status == FST_OK)
        status = local_job_explain(job, out, err);
    local_job_free(job);
    return status;
}

/* ---- Rows back ------------------------------------------------------------------------------- */

struct rows {
    struct fst_reader reader;
    struct local_job *job;
    uint64_t left;
    bool limited, done;
    struct fst_frame *first; /* the rows that query has read already */
};

static enum fst_status rows_next(struct fst_reader *r, size_t max_rows, struct fst_frame **out,
                                 struct fst_error *err)
{
    struct rows *rows = (struct rows *)r;
    *out = NULL;
    if (rows->first) {
        *out = rows->first;
        rows->first = NULL;
        if ((*out)->n_rows <= max_rows)
            return FST_OK;
        struct fst_frame *whole = *out;
        rows->first = fst_frame_slice(whole, max_rows, whole->n_rows - max_rows);
        *out = fst_frame_slice(whole, 0, max_rows);
        fst_frame_unref(whole);
        return FST_OK;
    }
    if (rows->limited && rows->left < max_rows)
        max_rows = (size_t)rows->left;
    if (rows->done || max_rows == 0)
        return FST_OK;
    FST_TRY(local_job_rows(rows->job, max_rows, out, &rows->done, NULL, err));
    rows->left -= *out ? (*out)->n_rows : 0;
    return FST_OK;
}

static void rows_close(struct fst_reader *r)
{
    struct rows *rows = (struct rows *)r;
    if (rows->first)
        fst_frame_unref(rows->first);
    local_job_free(rows->job);
    free(rows);
}

static const struct fst_reader_ops rows_ops = {.next = rows_next, .close = rows_close};

enum { FIRST_ROWS = 256 };

/* The first rows are read before answering, so that their errors come with a problem. */
static enum fst_status local_query(struct fst_session *s, const struct fst_work *w, uint64_t limit,
                                   struct fst_reader **out, struct fst_problem *problem,
                                   struct fst_error *err)
{
    (void)s;
    struct local_job *job;
    FST_TRY(local_job_new(w, &job, problem, err));
    struct rows *rows = fst_alloc(sizeof *rows);
    *rows = (struct rows){.reader = {.ops = &rows_ops, .schema = job->schema, .total_rows = -1},
                          .job = job,
                          .left = limit,
                          .limited = limit > 0};
    enum fst_status status = local_job_start(job, err);
    size_t first = limit > 0 && limit < FIRST_ROWS ? (size_t)limit : FIRST_ROWS;
    if (status == FST_OK)
        status = local_job_rows(job, first, &rows->first, &rows->done, problem, err);
    if (status != FST_OK) {
        rows_close(&rows->reader);
        return status;
    }
    rows->left -= rows->limited && rows->first ? rows->first->n_rows : 0;
    *out = &rows->reader;
    return FST_OK;
}

/* ---- Work ------------------------------------------------------------------------------------ */

static enum fst_status local_submit(struct fst_session *s, const struct fst_work *w,
                                    struct fst_buf *handle, struct fst_problem *problem,
                                    struct fst_error *err)
{
    (void)handle;
    struct local_job *job;
    if (s->run)
        return fst_fail(err, FST_ECONFLICT, "this session has a run already; open another one");
    FST_TRY(local_job_new(w, &job, problem, err));
    return local_run_new(w, job, &s->run, err);
}

static enum fst_status local_reattach(struct fst_session *s, const struct fst_work *w,
                                      const char *handle, struct fst_error *err)
{
    (void)s, (void)w, (void)handle;
    return fst_fail(err, FST_ENOTFOUND,
                    "the local engine lives in its agent: with the agent gone the run is gone");
}

static enum fst_status local_poll(struct fst_session *s, int wait_ms, struct fst_progress *out,
                                  struct fst_problem *problem, struct fst_error *err)
{
    if (!s->run)
        return fst_fail(err, FST_EINVAL, "there is no run to ask for");
    return local_run_poll(s->run, wait_ms, out, problem, err);
}

static enum fst_status local_cancel(struct fst_session *s, struct fst_error *err)
{
    (void)err;
    if (s->run)
        local_run_cancel(s->run);
    return FST_OK;
}

const struct fst_engine fst_engine_local = {
    .name = "local",
    .help = "SQLite in this program, with Spark's meaning, over files of this host",
    .is_local_host = true,
    .open = local_open,
    .close = local_close,
    .ping = local_ping,
    .reaches = local_reach,
    .check = local_check,
    .explain = local_explain,
    .query = local_query,
    .submit = local_submit,
    .reattach = local_reattach,
    .poll = local_poll,
    .cancel = local_cancel,
};
