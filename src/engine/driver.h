/* The PySpark driver (driver.py) as the batch engines see it: the job description that it reads,
 * and the reports that it writes.
 *
 * It says everything on stdout, because that is the one thing that every way of submitting brings
 * back: a report is one line, the marker and a JSON object; every other line is the work's own
 * output. A stream is fed from its first byte whenever somebody begins to follow it, so that what
 * is known never depends on who followed before; only the log is continued where it was left. */
#ifndef ENGINE_DRIVER_H
#define ENGINE_DRIVER_H

#include "firesteel/engine.h"

#define DRIVER_MARK "@@FST "
enum { DRIVER_MAX_LINE = 1 << 20 };

/* ---- The job (driver_job.c) ---- */
/* The work as driver.py reads it: one JSON object. Settings that are secrets (spark_conf.h) are
 * left out: they go the way that the engine has for them. */
enum fst_status driver_job_write(const struct fst_work *w, struct fst_buf *json,
                                 struct fst_error *err);
#define DRIVER_PY "driver.py"
#define DRIVER_JOB "driver-job.json"
/* Write both into `folder`, which the driver can see; the paths are the arena's. A program
 * (w->program) needs neither: both are NULL. */
enum fst_status driver_files(struct fst_arena *a, const struct fst_work *w, const char *folder,
                             const char **py, const char **job, struct fst_error *err);
enum fst_status driver_write_file(const char *folder, const char *name, const void *p, size_t n,
                                  struct fst_error *err); /* 0600 */

/* ---- Its reports (driver_report.c, driver_stream.c, driver_error.c) ---- */
struct driver_report {
    struct fst_arena *arena;
    bool started;     /* driver.py runs */
    bool has_session; /* and has its Spark */
    bool written;     /* the output is whole, with _SUCCESS */
    bool cancelled;
    bool ended; /* said its last word; `rc` is its exit code */
    int rc;
    const char *app_id, *ui, *spark_version, *python_version; /* NULL = not told yet */
    struct fst_progress progress; /* state PENDING or RUNNING, or final after `ended` */
    struct fst_outcome outcome;   /* schema owned by the report */
    struct fst_problem problem;   /* after an error: place in the work's text */
    struct fst_error error;       /* status FST_OK = none */
    struct fst_profile *profile;  /* the newest; owned; NULL = none */

    const char *text; /* the rest is private */
    struct driver_stage {
        int64_t id, attempt, done, total, failed;
        bool active;
    } * stages;
    size_t n_stages, stages_cap;
    bool has_schema; /* whole */
};
void driver_report_init(struct driver_report *r, const char *text /* sql or python; may be NULL */);
void driver_report_done(struct driver_report *r);
/* The newest profile, handed over: the next report brings another. */
enum fst_status driver_take_profile(struct driver_report *r, struct fst_profile **out,
                                    struct fst_error *err);
/* What is known of the output, with a schema of the caller's own. */
void driver_copy_outcome(const struct driver_report *r, struct fst_outcome *out);

/* One stream of output. `shown` is where the log goes on: lines that begin before are not told. */
struct driver_stream {
    uint64_t fed;        /* bytes so far */
    uint64_t line_at;    /* where the line begins that `part` is of */
    uint64_t shown;      /* byte after the last line that went to a log */
    struct fst_buf part; /* of a line, max DRIVER_MAX_LINE */
};
/* Take the next bytes. `r` NULL: only the log is wanted. Lines that are no reports are appended to
 * `log`, and what reports have to say to people: answers, and the root cause of an error; s->shown
 * moves behind each line. Lines that begin before s->shown are not told again. With `log` NULL
 * s->shown stays. A line that does not end within DRIVER_MAX_LINE is taken in pieces. To go on from
 * a cursor without the reports before it: driver_stream_at(cursor). */
void driver_feed(struct driver_report *r, struct driver_stream *s, const char *p, size_t n,
                 struct fst_buf *log);
/* The stream is over: a last line without its end counts as one. */
void driver_feed_end(struct driver_report *r, struct driver_stream *s, struct fst_buf *log);
struct driver_stream driver_stream_at(uint64_t offset);
void driver_stream_done(struct driver_stream *s);

#endif
