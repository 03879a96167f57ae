/* local_job: one statement of the local engine from text to rows. */
#ifndef ENGINE_LOCAL_JOB_H
#define ENGINE_LOCAL_JOB_H

#include <stdatomic.h>

#include "firesteel/engine.h"
#include "local_fn.h"
#include "local_sql.h"
#include "local_table.h"

/* ---- Inputs ---------------------------------------------------------------------------------- */

/* One of work->inputs: a place, or a query over those before it. */
struct local_input {
    struct local_source source; /* first: the handle of the scope */
    char *name, *uri, *format;
    char *query;
    const struct fst_doc *options; /* a copy in the job's arena */
    struct fst_schema *known;      /* as the work gave it, or NULL */
    struct fst_schema *schema;     /* of the place, once it was asked for */
    struct fst_schema *numbered;   /* the same with columns c0, c1, ... */
    int64_t rows;                  /* -1 unknown */
    uint64_t half;                 /* from this row on a second thread may read; 0 = from none */
    struct local_half *second;     /* what does so now, or NULL */
    bool reads_ahead;              /* or a second thread reads on while rows are worked on */
    bool opening;
};

/* Can this engine write here as it stands, and read from here? */
enum fst_status local_writes(const char *uri, struct fst_error *err);
enum fst_status local_reads(const char *uri, struct fst_error *err);
/* The columns of the place; opens the first file. */
enum fst_status local_input_schema(struct local_input *in, const struct fst_schema **out,
                                   struct fst_error *err);
/* Rows of the place, as `options` want them. */
enum fst_status local_input_open(const struct local_input *in,
                                 const struct fst_read_options *options, struct fst_reader **out,
                                 struct fst_error *err);
/* Can its columns be told apart? And how many rows are there? */
enum fst_status local_input_look(struct local_input *in, struct fst_error *err);
/* Make it the table source.name of `db`; `skipped` counts what its scans leave out, or is NULL. */
enum fst_status local_input_attach(struct local_input *in, sqlite3 *db, const struct local_env *env,
                                   struct fst_skipped *skipped, struct fst_error *err);
/* The same from in->half on. */
enum fst_status local_input_attach_rest(struct local_input *in, sqlite3 *db,
                                        const struct local_env *env, struct fst_error *err);
void local_input_done(struct local_input *in);

/* ---- Jobs ------------------------------------------------------------------------------------ */

/* Everything of one text: it owns what it needs, so that it may outlive the session. */
struct local_job {
    struct fst_arena *arena;
    char *sql;
    struct local_input *inputs;
    size_t n_inputs, n_given; /* after the given ones, up to MAX_FILES that the text names */
    struct fst_sql_plan *plan;
    struct fst_schema *schema;
    const struct fst_ts_plan *training; /* of a training set, or NULL */
    struct local_asof *asof;            /* it, as one merge; NULL = by SQL */
    struct local_statement statement;
    struct local_env env;
    struct local_zone *zone;
    struct fst_skipped *skipped; /* the caller's, or NULL */
    bool (*cancelled)(void *);   /* the caller's */
    void *cancel_arg;
    atomic_bool stop; /* ours: cancel of a run */
    int64_t asked_us; /* when the caller was last asked */
    bool was_cancelled;
    bool lazy; /* groups are SQLite's, for tables of them failed */
    uint64_t temp_bytes, half_rows;
    struct local_temp *temp;
    struct local_memory memory;
    struct local_table **tables; /* of the steps that are tried in memory */
    sqlite3 *db;
    sqlite3_stmt **fills; /* of the steps; NULL once done */
    char *failing;        /* what a constant of the statement fails with, until it does, or NULL */
    int unsure;           /* within what Spark may not compute: see unsure_from() */
    sqlite3_stmt *stmt;
};

/* Parse, resolve and translate: the schema is known, nothing runs. */
enum fst_status local_job_new(const struct fst_work *w, struct local_job **out,
                              struct fst_problem *problem, struct fst_error *err);
/* Open the database and the inputs, prepare the statements; nothing runs. */
enum fst_status local_job_start(struct local_job *job, struct fst_error *err);
enum fst_status local_job_start_sql(struct local_job *job,
                                    struct fst_error *err); /* without merge */
/* Up to `max_rows` rows as a frame, fewer when they are large; *out = NULL when there is none;
 * *done once all were read. */
enum fst_status local_job_rows(struct local_job *job, size_t max_rows, struct fst_frame **out,
                               bool *done, struct fst_problem *problem, struct fst_error *err);
/* A database in memory with all functions; `unsure` counts what lies between unsure_from() and
 * unsure_to(). To be closed by the caller even when this fails. */
enum fst_status local_database_open(const struct local_temp *temp, const struct local_env *env,
                                    int *unsure, sqlite3 **out, struct fst_error *err);
/* A text of the statement's, with its literals bound. */
enum fst_status local_prepare(sqlite3 *db, const struct local_statement *s, const char *sql,
                              sqlite3_stmt **out, struct fst_error *err);
enum fst_status local_job_explain(struct local_job *job, struct fst_buf *out,
                                  struct fst_error *err);
void local_job_free(struct local_job *job);

/* ---- Halves ---------------------------------------------------------------------------------- */

/* A second thread that fills a table in memory from half of an input's rows. */
struct local_half;
/* Whether a second thread pays: in->half and in->reads_ahead. */
void local_half_choose(const struct local_job *job, struct local_input *in);
/* NULL when the table of this step is filled alone. */
struct local_half *local_half_start(struct local_job *job, size_t step);
/* Waits for it: true = it has all rows from the half on, and whoever asks has to leave them out. */
bool local_half_is_whole(struct local_half *h);
/* What it has goes to the step's table, if its rows were left out. */
void local_half_give(struct local_half *h);
void local_half_free(struct local_half *h); /* stops it; NULL is fine */

/* ---- Runs ------------------------------------------------------------------------------------ */

/* A job that writes its rows: folder/part-00000-<operation>.zstd.parquet, then _SUCCESS. */
struct local_run;
enum fst_status local_run_new(const struct fst_work *w, struct local_job *job,
                              struct local_run **out, struct fst_error *err);
enum fst_status local_run_poll(struct local_run *run, int wait_ms, struct fst_progress *out,
                               struct fst_problem *problem, struct fst_error *err);
void local_run_cancel(struct local_run *run);
void local_run_free(struct local_run *run); /* removes what an unfinished run wrote */

#endif
