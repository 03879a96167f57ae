/* engine: where does it run? One row an engine, each offering what it can.
 *
 * Callers ask for the ability (a slot that is not NULL), never for the engine's name. All calls
 * block and belong on worker threads or in agents; one session is used by one thread at a time,
 * `cancelled` is the only thing asked across threads. An engine never sees the catalog: it gets
 * bound work. */
#ifndef FIRESTEEL_ENGINE_H
#define FIRESTEEL_ENGINE_H

#include "firesteel/base.h"
#include "firesteel/data.h"
#include "firesteel/profile.h"
#include "firesteel/sql.h"

/* A table that the text names. */
struct fst_input {
    const char *name;   /* the identifier in the text, without backticks: {transactions.kaggle} */
    const char *uri;    /* file or folder: absolute path or URI; NULL with `query` or `table` */
    const char *table;  /* instead of a place: a table of Spark's catalog, "db.table" */
    const char *format; /* parquet, csv, ... */
    const struct fst_doc *options;   /* of the format; may be NULL */
    const struct fst_schema *schema; /* when known without asking Spark, else NULL */
    const char *query; /* instead of a place: SQL over the inputs before this one (checks of what
                          never ran) */
};

/* A program that is not ours: a Python file, or a jar with a main class. */
struct fst_program {
    const char *file;   /* absolute path or URI, .py or .jar */
    const char *class_; /* NULL for Python */
    const char *const *args;
    size_t n_args;
};

/* Asked once the output is there, over the same inputs; the answer is one number, for the log. */
struct fst_question {
    const char *what; /* "ties decided by the greater value in Feature__x__v1" */
    const char *sql;
};

/* One column of a training set: where it comes from, typed. */
struct fst_ts_part {
    const char *column;                     /* name in the output */
    const char *table;                      /* identifier in the text, without backticks */
    const char *entity, *value, *timestamp; /* columns; timestamp NULL = none */
    struct fst_type timestamp_type;
    int64_t lag_us, max_age_us;
};
struct fst_ts_plan {
    const char *entity_name; /* output column of the entity */
    struct fst_ts_part label;
    const struct fst_ts_part *features; /* features, then lags */
    size_t n_features;
};

/* A text with everything it needs, as sent. One of sql, python and program is set; with none of
 * them batch engines copy the only input. */
struct fst_work {
    const char *sql;
    const struct fst_ts_plan *training; /* what the SQL of a training set says, in parts, for an
                                           engine that can join better; or NULL */
    const char *python; /* source with one top-level function over the inputs, in order, whose
                           returned DataFrame is the output */
    const struct fst_program *program; /* has no inputs, no output */
    const struct fst_doc *conf; /* spark.* settings of this work alone, over the provider's; or NULL
                                 */
    const char *folder; /* submit: the run's own folder (absolute, there, 0700), for what the engine
                           must keep: job description, driver's output; NULL elsewhere */
    const struct fst_input *inputs;
    size_t n_inputs;
    const struct fst_question *questions; /* of engines that cannot be asked by query */
    size_t n_questions;
    const char *output_uri;    /* submit: the folder to write, which does not exist yet; without
                                  one batch engines only look: schema or error */
    const char *output_format; /* NULL = parquet */
    const char *operation_id;  /* submit: a UUID that we chose and stored before */
    const char *name;          /* for people: monthly_spend.v3 */
    const char *time_zone;     /* IANA name; NULL = UTC */
    bool (*cancelled)(void *); /* asked at least every 200 ms; may be NULL */
    void *cancel_arg;
    /* local, query: what the scans of files leave out is added here until the reader is closed;
     * NULL = not wanted. */
    struct fst_skipped *skipped;
    uint64_t temp_bytes;   /* local: of temporary files that sorting may write; 0 = 4 GB */
    uint64_t memory_bytes; /* local: of rows held in memory; 0 = a quarter of the machine's */
    uint64_t half_rows; /* local: tables of so many rows are grouped by two threads, a half each; 0
                           = where it pays */
};

enum fst_run_state {
    FST_RUN_CREATED,
    FST_RUN_PENDING,
    FST_RUN_RUNNING,
    FST_RUN_READY,
    FST_RUN_FAILED,
    FST_RUN_CANCELLED,
    FST_RUN_LOST,
};

/* What an engine knows of submitted work. */
struct fst_progress {
    enum fst_run_state state;
    int64_t tasks_done, tasks_total; /* -1 unknown */
    int64_t stages_done, stages_total;
    int64_t rows;                      /* written so far; -1 unknown */
    int64_t bytes_read, bytes_written; /* so far; -1 unknown */
    char detail[160];                  /* one line for people: "stage 3: 12/40 tasks" */
};

/* What READY work left behind, as the engine knows it. */
struct fst_outcome {
    int64_t rows, bytes, files; /* of the output; -1 unknown */
    struct fst_schema *schema;  /* owned by the caller; NULL = not told */
};

struct fst_session;
struct fst_engine {
    const char *name, *help;
    const struct fst_option *options;
    size_t n_options;
    bool is_local_host; /* reads files of this host by itself */
    /* What it takes besides SQL. */
    bool takes_python, takes_programs, takes_tables;

    /* `options`: a map document by option name, secrets already resolved by the caller through
     * `secret`. Opening does not wait for a network. */
    enum fst_status (*open)(const struct fst_doc *options, struct fst_session **out,
                            struct fst_error *err);
    void (*close)(struct fst_session *s);

    /* Reach it: what and which version answers, as one line for people ("Spark 4.3.0 at ..."). */
    enum fst_status (*ping)(struct fst_session *s, struct fst_buf *line, struct fst_error *err);
    /* Can this engine read and write at `uri` as it stands? FST_EUNSUPPORTED with the reason if
     * not. */
    enum fst_status (*reaches)(struct fst_session *s, const char *uri, struct fst_error *err);

    /* Schema of the text, or FST_EINVAL/FST_EUNSUPPORTED with the place in `problem`. Runs no job.
     */
    enum fst_status (*check)(struct fst_session *s, const struct fst_work *w,
                             struct fst_schema **out, struct fst_problem *problem,
                             struct fst_error *err);
    enum fst_status (*explain)(struct fst_session *s, const struct fst_work *w, struct fst_buf *out,
                               struct fst_problem *problem, struct fst_error *err);
    /* Rows back, at most `limit` (0 = no limit, and then the rows may take the way over files that
     * the engine writes and removes); the reader owns what it needs of the session. Rows stream:
     * memory does not grow with their number. */
    enum fst_status (*query)(struct fst_session *s, const struct fst_work *w, uint64_t limit,
                             struct fst_reader **out, struct fst_problem *problem,
                             struct fst_error *err);

    /* Begin to write w->output_uri. A handle that finds the work again (a remote id, or "") goes
     * into `handle`. An engine that runs inside this process does the work in `poll`. */
    enum fst_status (*submit)(struct fst_session *s, const struct fst_work *w,
                              struct fst_buf *handle, struct fst_problem *problem,
                              struct fst_error *err);
    /* Find work again after a crash of whoever submitted it: FST_ENOTFOUND when nobody knows it. */
    enum fst_status (*reattach)(struct fst_session *s, const struct fst_work *w, const char *handle,
                                struct fst_error *err);
    /* Wait up to `wait_ms` for news. In a final state FAILED, `problem` and `err` tell why. */
    enum fst_status (*poll)(struct fst_session *s, int wait_ms, struct fst_progress *out,
                            struct fst_problem *problem, struct fst_error *err);
    /* End the work where it runs. FST_OK when the engine took the wish: what became of it is what
     * poll says; otherwise why it could not be ended. */
    enum fst_status (*cancel)(struct fst_session *s, struct fst_error *err);

    /* The work's own log: append to `out` what came after `cursor`, and move the cursor. The cursor
     * is text of the engine's ("" = the beginning) that also another session understands after
     * reattach, so that no byte is lost or told twice. Lines of our own protocol are left out.
     * NULL: the engine has no log. */
    enum fst_status (*log)(struct fst_session *s, struct fst_buf *cursor, struct fst_buf *out,
                           struct fst_error *err);
    /* How the work spends its time so far, from whatever there is: the application's REST API, the
     * driver's own reports, the event log. FST_ENOTFOUND when there is nothing (yet). */
    enum fst_status (*profile)(struct fst_session *s, struct fst_profile **out,
                               struct fst_error *err);
    /* After READY. */
    enum fst_status (*outcome)(struct fst_session *s, struct fst_outcome *out,
                               struct fst_error *err);
    /* Exactly what submit would run, as a shell command or a request with its body, secrets masked.
     * Starts nothing. */
    enum fst_status (*command)(struct fst_session *s, const struct fst_work *w, struct fst_buf *out,
                               struct fst_error *err);

    /* Sessions at a server that outlive this program. `session_name`: what another process needs to
     * go on with this one ("" = there is none yet; borrowed). `adopt`: go on with that one ("":
     * with the one that the first call makes); an adopted session is left open by close. A name
     * that the server has forgotten is replaced by a new session at the first call. `end`: close it
     * at the server. */
    const char *(*session_name)(struct fst_session *s);
    void (*adopt)(struct fst_session *s, const char *name);
    enum fst_status (*end)(struct fst_session *s, struct fst_error *err);

    /* Engines with a server that we can start on this host: argv and environment of the server
     * (NULL-ended, owned by the arena), and how to tell from its log that it is ready. */
    const struct fst_server_ops *server;
};

/* A server of the engine on this host. */
struct fst_server_plan {
    char **argv;           /* NULL-ended */
    char **env;            /* NAME=value, added to ours; NULL-ended */
    char *properties;      /* text of the file that holds settings which are secrets: to be there,
                              mode 0600, until the server is up; NULL = none. Wiped by its user */
    const char *log_ready; /* the log has a line with this text once it is up */
    int port;              /* where it will listen */
};
struct fst_server_ops {
    /* Find Java and Spark, choose the port; fails with what is missing and how to get it.
     * `properties` is where the file of that name will lie. */
    enum fst_status (*plan)(struct fst_arena *a, const struct fst_doc *options,
                            const char *properties, struct fst_server_plan *out,
                            struct fst_error *err);
    /* One line for each thing that `doctor` looks at: ok or not, what, remedy. `plan` may be NULL
     * where an engine has things to look at and no server. */
    void (*doctor)(const struct fst_doc *options,
                   void (*say)(void *arg, bool ok, const char *what, const char *remedy),
                   void *arg);
};

/* A failure that people meet often, known by its real words. */
struct fst_remedy {
    const char *name;          /* "java_missing" */
    const char *const *words;  /* all of them are in the text; NULL-ended */
    const char *what, *remedy; /* one sentence each */
};
extern const struct fst_remedy fst_remedies[]; /* ended by a row without a name */
/* The first that the text (an error, a log; any bytes) fits, or NULL. */
const struct fst_remedy *fst_remedy_of(const char *text, size_t n);

/* What the embedded engine does of Spark SQL beyond functions, a row a construct. */
struct fst_construct {
    const char *area, *name; /* in Markdown */
    bool answered;           /* else refused by name and place */
    const char *example;     /* a whole statement that has it */
};
extern const struct fst_construct fst_local_constructs[]; /* by area */
extern const size_t fst_n_local_constructs;

extern const struct fst_engine *const fst_engines[];         /* NULL-ended */
const struct fst_engine *fst_engine_named(const char *name); /* or NULL */

#endif
