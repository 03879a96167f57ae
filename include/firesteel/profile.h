/* profile: how did the work spend its time? Stages and their tasks of a Spark application, from its
 * REST API, its event log or our driver's reports; and findings: in words, with the number that
 * shows them.
 *
 * Pure functions on documents and lines: nothing here waits. All times are microseconds, all sizes
 * bytes; -1 is "not told". */
#ifndef FIRESTEEL_PROFILE_H
#define FIRESTEEL_PROFILE_H

#include "firesteel/base.h"

/* A measure over all successful tasks of a stage: quantiles at 0, 0.25, 0.5, 0.75, 0.95, 1. */
enum { FST_QUANTILES = 6 };
struct fst_spread {
    int64_t at[FST_QUANTILES]; /* at[0] = -1: not told */
};

struct fst_stage {
    int64_t id;
    int attempt;
    const char *state;      /* PENDING ACTIVE COMPLETE FAILED SKIPPED */
    const char *name;       /* as Spark calls it, escaped by whoever shows it */
    int64_t job, execution; /* Spark's numbers of its job and SQL execution; -1 */
    const char *nodes;      /* operators of the SQL plan that it ran, joined by ", "; or NULL */
    const char *node; /* the one of them that its time is about: the join, else the ...; or NULL */
    const char
        *words; /* names that this operator speaks of, by blanks: keys, a path's parts; or NULL */
    int64_t submitted_us, completed_us; /* 0 = not yet */
    int64_t tasks, tasks_done, tasks_active, tasks_failed;
    int64_t run_us, cpu_us, gc_us, fetch_wait_us; /* summed over tasks */
    int64_t input_bytes, input_rows, output_bytes, output_rows;
    int64_t shuffle_read_bytes, shuffle_read_rows, shuffle_write_bytes, shuffle_write_rows;
    int64_t spill_memory_bytes, spill_disk_bytes, peak_memory_bytes;
    int64_t files, file_bytes; /* that its scans read, as the plan's metrics tell; -1 */
    int64_t executors;         /* that ran tasks of it; -1 */
    int64_t hot_bytes;         /* of what it read, most by one executor; -1 */
    int64_t sampled;           /* spreads are of so many tasks only; 0 = of all */
    /* duration: the time that a task ran (executorRunTime), without waiting to be started */
    struct fst_spread duration_us, gc_spread_us, input_spread, shuffle_read_spread, spill_spread;
    const char *failure; /* why, or NULL */
};
struct fst_profile {
    struct fst_arena *arena; /* owns everything here */
    const char *app_id, *app_name, *spark_version;
    const char *source;           /* "rest", "event log", "driver", "connect": where it is from */
    int64_t started_us, ended_us; /* first job's start and last job's end; 0 = not yet */
    bool finished;                /* no job of it runs, or the application has ended */
    int64_t executors, cores, executors_lost; /* -1 unknown */
    int64_t core_us;                          /* cores times the time that the work had them; -1 */
    struct fst_stage *stages;                 /* in order of their numbers */
    size_t n_stages;
    struct fst_property_pair {
        const char *key, *value;
    } * conf; /* settings that findings speak of, as they are in force */
    size_t n_conf;
};
struct fst_profile *fst_profile_new(const char *source);
void fst_profile_free(struct fst_profile *p);

/* ---- From the application's REST API: pass what was fetched; each may be NULL. `stages` is the
 * answer of /stages?withSummaries=true&quantiles=0,0.25,0.5,0.75,0.95,1. Of a shared application
 * only the work's own stages are kept: those of jobs with a tag that ends in `tag` (NULL = all). */
struct fst_profile_rest {
    const struct fst_doc *application, *jobs, *stages, *executors, *sql, *environment;
    const char *tag;
};
enum fst_status fst_profile_of_rest(const struct fst_profile_rest *in, struct fst_profile **out,
                                    struct fst_error *err);

/* ---- From an event log: lines in order, one JSON object each; damaged lines are counted. */
struct fst_event_log;
struct fst_event_log *fst_event_log_new(void);
void fst_event_log_line(struct fst_event_log *l, const char *p, size_t n);
/* Ends the log; frees it. Only stages of jobs with `tag` (NULL = all). */
enum fst_status fst_event_log_finish(struct fst_event_log *l, const char *tag,
                                     struct fst_profile **out, size_t *damaged,
                                     struct fst_error *err);

/* ---- Kept with a run: profile.json, and back. */
void fst_profile_write(const struct fst_profile *p, struct fst_buf *json);
enum fst_status fst_profile_read(const char *name, const char *json, size_t n,
                                 struct fst_profile **out, struct fst_error *err);

/* ---- Findings */

/* A rule's numbers, which settings may change within bounds: X(name, fallback, least, most, help).
 * A table in a macro, because the settings are rows of it too. */
#define FST_THRESHOLDS(X)                                                                          \
    X("share.percent", 5, 0, 100, "findings on less of the wall time than this are left out")      \
    X("skew.ratio", 3, 1.1, 10000, "slowest (largest) task against the median")                    \
    X("skew.seconds", 5, 0, 86400, "skew of shorter tasks is left out")                            \
    X("skew.mb", 10, 0, 1000000, "skew of smaller tasks is left out, MiB read")                    \
    X("spill.disk.mb", 1, 0, 1000000, "MiB spilled to disk by a stage")                            \
    X("spill.memory.mb", 50, 0, 1000000, "MiB spilled by a stage that never reached the disk")     \
    X("gc.percent", 20, 1, 100, "garbage collection, of the tasks' time")                          \
    X("gc.seconds", 10, 0, 86400, "stages with less task time are left out")                       \
    X("fetch.percent", 25, 1, 100, "waiting for shuffled data, of the tasks' time")                \
    X("fetch.seconds", 10, 0, 86400, "stages with less task time are left out")                    \
    X("small.mb", 3, 0.001, 1024, "files smaller than this on average are small, MiB")             \
    X("small.files", 100, 1, 10000000, "fewer files are left out")                                 \
    X("idle.percent", 50, 1, 100, "cores without work, of the time they were there")               \
    X("idle.seconds", 30, 0, 86400, "shorter work is left out")                                    \
    X("single.seconds", 30, 0, 86400, "a stage of one task that takes longer")                     \
    X("tiny.tasks", 5000, 10, 10000000, "tasks of a stage")                                        \
    X("tiny.seconds", 0.5, 0.001, 60, "median of tasks that are tiny")                             \
    X("few.mb", 1024, 1, 1000000, "MiB a task, on half of the cores or fewer")                     \
    X("rows.ratio", 10, 1.1, 1000000, "rows out against rows in")                                  \
    X("rows.rows", 1000000, 1, 1000000000000, "fewer rows out are left out")                       \
    X("failures.tasks", 1, 1, 1000000, "failed tasks of a stage")                                  \
    X("lost.executors", 1, 1, 1000000, "executors that went away by themselves")                   \
    X("cross.rows", 100000, 1, 1000000000000, "rows read by a stage that compares all pairs")      \
    X("hotspot.percent", 50, 1, 100, "of a stage's data read by one executor of several")          \
    X("hotspot.mb", 100, 0, 1000000, "stages that read less are left out, MiB")                    \
    X("slower.ratio", 1.5, 1.01, 1000, "wall time against the run before")                         \
    X("slower.seconds", 10, 0, 86400, "smaller differences are left out")
struct fst_threshold {
    const char *name; /* "skew.ratio" */
    double fallback, least, most;
    const char *help;
};
extern const struct fst_threshold fst_thresholds[];
extern const size_t fst_n_thresholds;

struct fst_rule {
    const char *name, *help; /* the word that mutes it, and what it finds */
};
extern const struct fst_rule fst_rules[];
extern const size_t fst_n_rules;

struct fst_finding {
    const char *rule;   /* "skew": the word it is muted by */
    int severity;       /* 1 note, 2 warning, 3 bad */
    double share;       /* of the work's wall time that it is about, 0..1; the order of the list */
    const char *text;   /* one sentence with the number that shows it */
    const char *advice; /* one sentence; never a value that is in force already; or NULL */
    const char *measured, *threshold; /* "max 41 s against median 2.1 s, 19.5 ×", "3 × and 5 s" */
    int64_t stage;                    /* -1 = the whole */
    const char *node;                 /* SQL operator, or NULL */
    uint32_t line;                    /* of the transformation's text; 0 = not known */
    const char *setting, *setting_value; /* that it speaks of, and what it is now; or NULL */
    bool muted;
};
struct fst_findings {
    struct fst_arena *arena;
    struct fst_finding *items; /* largest share first */
    size_t n;
};
struct fst_findings_options {
    const struct fst_profile *before; /* the previous good run of the same resource; or NULL */
    const char *sql;                  /* the work's text, for lines; or NULL */
    const char *const *muted;         /* rules, NULL-ended; or NULL */
    double (*threshold)(void *arg, const char *name); /* NULL = the fallbacks */
    void *arg;
    int64_t now_us; /* for work that runs */
};
void fst_findings_of(const struct fst_profile *p, const struct fst_findings_options *o,
                     struct fst_findings *out);
void fst_findings_done(struct fst_findings *f);

/* What changed since the run before: duration, input, shuffle, spill, tasks, stage by stage
 * (matched by what they do, not by number). Empty when equal. */
struct fst_profile_change {
    const char *what;   /* "stage 3 (SortMergeJoin)", "the whole" */
    const char *metric; /* "duration", "input", ... */
    int64_t before, now;
    bool is_bytes, is_time;
};
size_t fst_profile_changes(const struct fst_profile *before, const struct fst_profile *now,
                           struct fst_arena *a, struct fst_profile_change **out);

/* ---- Stages on the clock */

struct fst_timeline_bar {
    const struct fst_stage *stage;
    int64_t from_us, to_us; /* to: now, while it runs */
    bool running;
    bool critical; /* the whole waited for it: nothing else ended later before the next began */
};
struct fst_timeline {
    int64_t from_us, to_us;
    struct fst_timeline_bar *bars; /* of stages that began, in order of their numbers */
    size_t n;
};
void fst_timeline_of(const struct fst_profile *p, int64_t now_us, struct fst_arena *a,
                     struct fst_timeline *out);
/* A bar in `width` cells that stand for first..last: where it begins, and how long it is; at least
 * one cell. */
void fst_timeline_cells(int64_t from_us, int64_t to_us, int64_t first_us, int64_t last_us,
                        int width, int *at, int *n);

/* ---- For people and for programs */

/* A table of stages, a line each (escape before a terminal sees it); then what the whole is. */
void fst_profile_text(const struct fst_profile *p, int64_t now_us, struct fst_buf *out);
/* "1. skew  60 % of the time  stage 7 (SortMergeJoin), line 3" and the sentences below it. */
void fst_findings_text(const struct fst_findings *f, struct fst_buf *out);
/* A list with an object for each finding. */
void fst_findings_json(const struct fst_findings *f, struct fst_buf *out);
void fst_profile_changes_text(const struct fst_profile_change *c, size_t n, struct fst_buf *out);
void fst_profile_changes_json(const struct fst_profile_change *c, size_t n, struct fst_buf *out);

#endif
