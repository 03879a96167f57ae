/* Inside of profile: what both sources gather before it becomes a profile.
 *
 * REST answers and event logs fill the same `struct work`; linking, choosing by tag and summing
 * happen once, in work.c, so that both sources tell the same. */
#ifndef FIRESTEEL_PROFILE_PRIVATE_H
#define FIRESTEEL_PROFILE_PRIVATE_H

#include "firesteel/profile.h"

#define MAX_STAGES 100000
#define MAX_JOBS 100000
#define MAX_PLANS 10000
#define MAX_NODES 4000    /* of a plan */
#define MAX_METRICS 20000 /* of a plan, and accumulators of a stage */
#define MAX_EXECUTORS 20000
#define MAX_CHANGES 100000
#define MAX_NAME 4096 /* bytes kept of a name or a reason */
#define MAX_DESCRIPTION 65536

/* ---- Settings of Spark that findings speak of (conf.c) -----------------------------------------
 */

struct conf_row {
    const char *key;
    const char *fallback; /* Spark's own default; NULL = has none that we know */
    bool is_static;       /* only at the start of an application */
};
const struct conf_row *conf_row(const char *key); /* NULL = not one of ours */
/* Keep a value if the key is one of ours; the last one counts. */
void conf_set(struct fst_profile *p, const char *key, struct fst_str value);
/* In force now: what was told, else Spark's default, else NULL. */
const char *conf_get(const struct fst_profile *p, const char *key);

/* ---- The plan of a SQL execution (plan.c) ------------------------------------------------------
 */

struct plan_node {
    int64_t id; /* in order of the plan, from its top */
    const char *name, *text;
    int64_t codegen; /* of the cluster that it is in, or that it is; -1 */
    bool is_cluster; /* WholeStageCodegen: no operator, but it has metrics */
    size_t root;     /* union-find: the first node of its piece */
};
struct plan_edge {
    int64_t child, parent;
};
struct plan_metric {
    size_t node;
    int64_t accumulator; /* -1 */
    int64_t stage;       /* that it was measured in; -1 = see accumulator, or not told */
    int64_t value;       /* of file metrics; -1 */
    bool is_read;        /* an exchange's: measured where the data is read */
    char what;           /* 'f' files, 'b' their bytes, 0 */
};
struct plan {
    struct fst_arena *arena;
    int64_t execution;
    const char *description; /* the plan as a text; or NULL */
    struct plan_node *nodes;
    struct plan_edge *edges;
    struct plan_metric *metrics;
    size_t n_nodes, n_edges, n_metrics, nodes_cap, edges_cap, metrics_cap;
};
struct plan *plan_new(int64_t execution);
void plan_free(struct plan *p);
struct plan_node *plan_add_node(struct plan *p, int64_t id, const char *name, const char *text);
void plan_add_edge(struct plan *p, int64_t child, int64_t parent);
struct plan_metric *plan_add_metric(struct plan *p, size_t node, const char *name);
void plan_describe(struct plan *p, const struct fst_doc *map, const char *key);
/* What a plan's text says of the operators called so; "" when it says several things (describe.c).
 */
const char *plan_described(struct fst_arena *a, const char *description, const char *name);
/* Bytes as Spark's metrics show them ("53.3 KiB"), and a value as it would show it. */
int64_t plan_size(const char *text);
int64_t plan_rounded_size(int64_t bytes);

/* ---- Work (work.c) -----------------------------------------------------------------------------
 */

struct samples { /* of successful tasks, until the stage ends */
    int64_t *values[5];
    size_t n, cap;
    uint64_t seen;
};
struct work_stage {
    struct fst_stage st;
    struct samples samples;
    struct fst_map *executors; /* id -> int64_t[2]: input and shuffle bytes read; event logs only */
    int64_t *accumulators;     /* of SQL metrics, sorted at the end */
    size_t n_accumulators, accumulators_cap;
    bool ended, ours;
};
struct work_job {
    int64_t id, execution;
    int64_t submitted_us, completed_us;
    bool ours;
    const char *tags; /* each with a comma behind it */
    int64_t *stages;
    size_t n_stages;
};
struct work_executor {
    const char *id;
    int64_t cores, added_us, removed_us; /* removed 0 = is there */
    const char *reason;
};
struct work_change { /* a setting that a session had changed when it asked */
    int64_t execution;
    const char *key;
    struct fst_str value;
};
struct work {
    struct fst_profile *profile;
    struct fst_map *stage_map, *plan_map, *job_map; /* numbers as text -> struct */
    struct work_stage **stages;
    struct work_job **jobs;
    struct plan **plans;
    struct work_executor *executors;
    struct work_change *changes;
    size_t n_stages, n_jobs, n_plans, n_executors, n_changes;
    size_t stages_cap, jobs_cap, plans_cap, executors_cap, changes_cap;
    struct fst_map *accumulators; /* "execution:accumulator" -> int64_t, told by the driver */
    size_t kept;                  /* task samples over all stages */
    int64_t app_ended_us;         /* 0 = it goes on */
    bool over;                    /* a cap was reached */
};
struct work *work_new(const char *source);
void work_free(struct work *w); /* the profile too, if it is still here */
struct work_stage *work_stage(struct work *w, int64_t id, int64_t attempt);
struct work_job *work_job(struct work *w, int64_t id);
struct plan *work_plan(struct work *w, int64_t execution); /* a new, empty one in its place */
void work_plan_job(struct work *w, int64_t execution, int64_t job);
void work_changed(struct work *w, int64_t execution, const struct fst_doc *map); /* may be NULL */
struct work_executor *work_executor(struct work *w, const char *id);
/* Choose by tag, link, sort, sum. Frees the work. */
struct fst_profile *work_finish(struct work *w, const char *tag);

void samples_add(struct work *w, struct work_stage *s, const int64_t values[5]);
void samples_close(struct work *w, struct work_stage *s); /* to spreads */

/* Operators to stages, for all plans (link.c). */
void work_link(struct work *w);

/* ---- Small readers of documents ----------------------------------------------------------------
 */

int64_t doc_int(const struct fst_doc *map, const char *key, int64_t fallback);
const char *doc_text(struct fst_arena *a, const struct fst_doc *map, const char *key); /* capped */
const struct fst_doc *doc_list(const struct fst_doc *map, const char *key); /* NULL: is none */

#endif
