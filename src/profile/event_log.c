/* From an event log: one JSON object a line, in order. Unknown events are skipped, damaged lines
 * are counted; memory is bounded by the caps of work.c. */
#include <stdlib.h>
#include <string.h>

#include "profile.h"

#define MAX_LINE ((size_t)16 << 20)

struct fst_event_log {
    struct work *work;
    size_t damaged;
    int64_t next_node; /* numbers operators of the plan that is read */
};

struct fst_event_log *fst_event_log_new(void)
{
    struct fst_event_log *l = fst_alloc(sizeof *l);
    l->work = work_new("event log");
    return l;
}

static const struct fst_doc *map_at(const struct fst_doc *map, const char *key)
{
    const struct fst_doc *d = map && map->kind == FST_DOC_MAP ? fst_doc_get(map, key) : NULL;
    return d && d->kind == FST_DOC_MAP ? d : NULL;
}

/* Counts and sizes are never negative, and never near the end of the numbers: sums stay sums. */
static int64_t count_at(const struct fst_doc *map, const char *key)
{
    int64_t v = doc_int(map, key, 0);
    return v > 0 && v < (int64_t)1 << 53 ? v : 0;
}

static int64_t ms_at(const struct fst_doc *map, const char *key)
{
    int64_t v = count_at(map, key);
    return v < INT64_MAX / 1000 ? v * 1000 : 0;
}

static void add(int64_t *to, int64_t v)
{
    if (*to < INT64_MAX / 2)
        *to += v;
}

/* ---- The application ---------------------------------------------------------------------------
 */

static void log_start(struct fst_event_log *l, const struct fst_doc *e)
{
    struct fst_profile *p = l->work->profile;
    p->spark_version = doc_text(p->arena, e, "Spark Version");
}

static void app_start(struct fst_event_log *l, const struct fst_doc *e)
{
    struct fst_profile *p = l->work->profile;
    p->app_id = doc_text(p->arena, e, "App ID");
    p->app_name = doc_text(p->arena, e, "App Name");
}

static void app_end(struct fst_event_log *l, const struct fst_doc *e)
{
    l->work->app_ended_us = ms_at(e, "Timestamp");
}

static void settings_of(struct fst_event_log *l, const struct fst_doc *map)
{
    for (size_t i = 0; map && i < map->n; i++)
        if (map->items[i].kind == FST_DOC_STRING)
            conf_set(l->work->profile, map->items[i].key, map->items[i].text);
}

static void environment(struct fst_event_log *l, const struct fst_doc *e)
{
    settings_of(l, map_at(e, "Spark Properties"));
}

static void executor_added(struct fst_event_log *l, const struct fst_doc *e)
{
    struct work_executor *to = work_executor(l->work, fst_doc_string(e, "Executor ID", ""));
    int64_t cores = count_at(map_at(e, "Executor Info"), "Total Cores");
    if (!to)
        return;
    to->cores = cores < 100000 ? cores : 0;
    to->added_us = ms_at(e, "Timestamp");
}

static void executor_removed(struct fst_event_log *l, const struct fst_doc *e)
{
    struct work_executor *to = work_executor(l->work, fst_doc_string(e, "Executor ID", ""));
    if (!to)
        return;
    to->removed_us = ms_at(e, "Timestamp");
    to->reason = doc_text(l->work->profile->arena, e, "Removed Reason");
}

/* ---- Jobs and stages ---------------------------------------------------------------------------
 */

static struct work_stage *stage_at(struct fst_event_log *l, const struct fst_doc *info)
{
    int64_t id = doc_int(info, "Stage ID", -1);
    return id >= 0 ? work_stage(l->work, id, doc_int(info, "Stage Attempt ID", 0)) : NULL;
}

static struct work_stage *stage_described(struct fst_event_log *l, const struct fst_doc *info)
{
    struct work_stage *s = stage_at(l, info);
    if (!s || *s->st.name)
        return s;
    const char *name = doc_text(l->work->profile->arena, info, "Stage Name");
    s->st.name = name ? name : "";
    s->st.tasks = count_at(info, "Number of Tasks");
    return s;
}

static void job_start(struct fst_event_log *l, const struct fst_doc *e)
{
    struct fst_arena *a = l->work->profile->arena;
    int64_t id = doc_int(e, "Job ID", -1), stage;
    struct work_job *j = id >= 0 ? work_job(l->work, id) : NULL;
    const struct fst_doc *stages = doc_list(e, "Stage IDs"), *infos = doc_list(e, "Stage Infos");
    const struct fst_doc *properties = map_at(e, "Properties");
    const char *execution = fst_doc_string(properties, "spark.sql.execution.id", "");
    const char *tags = properties ? fst_doc_string(properties, "spark.job.tags", "") : "";
    if (!j || j->stages)
        return;
    j->submitted_us = ms_at(e, "Submission Time");
    j->tags = *tags ? fst_arena_printf(a, "%s,", tags) : "";
    fst_parse_int64(execution, strlen(execution), &j->execution);
    j->stages = fst_alloc(((stages ? stages->n : 0) + 1) * sizeof *j->stages);
    for (size_t i = 0; stages && i < stages->n; i++)
        if (fst_doc_int(&stages->items[i], &stage))
            j->stages[j->n_stages++] = stage;
    for (size_t i = 0; infos && i < infos->n; i++)
        stage_described(l, &infos->items[i]);
}

static void job_end(struct fst_event_log *l, const struct fst_doc *e)
{
    int64_t id = doc_int(e, "Job ID", -1);
    struct work_job *j = id >= 0 ? work_job(l->work, id) : NULL;
    if (!j)
        return;
    j->completed_us = ms_at(e, "Completion Time");
    for (size_t i = 0; i < j->n_stages; i++) {
        struct work_stage *s = work_stage(l->work, j->stages[i], 0);
        if (s && strcmp(s->st.state, "PENDING") == 0)
            s->st.state = "SKIPPED";
    }
}

static void stage_submitted(struct fst_event_log *l, const struct fst_doc *e)
{
    const struct fst_doc *info = map_at(e, "Stage Info");
    struct work_stage *s = stage_described(l, info);
    if (!s || s->ended)
        return;
    s->st.state = "ACTIVE";
    s->st.submitted_us = ms_at(info, "Submission Time");
}

static void take_accumulators(struct work_stage *s, const struct fst_doc *list)
{
    int64_t id;
    for (size_t i = 0; list && i < list->n && s->n_accumulators < MAX_METRICS; i++) {
        const struct fst_doc *acc = &list->items[i];
        if (acc->kind != FST_DOC_MAP || strcmp(fst_doc_string(acc, "Metadata", ""), "sql") != 0)
            continue;
        id = doc_int(acc, "ID", -1);
        if (id < 0)
            continue;
        fst_grow(&s->accumulators, &s->accumulators_cap, s->n_accumulators + 1, sizeof id);
        s->accumulators[s->n_accumulators++] = id;
    }
}

static void stage_completed(struct fst_event_log *l, const struct fst_doc *e)
{
    const struct fst_doc *info = map_at(e, "Stage Info");
    struct work_stage *s = stage_described(l, info);
    if (!s || s->ended)
        return;
    s->st.failure = doc_text(l->work->profile->arena, info, "Failure Reason");
    s->st.state = s->st.failure ? "FAILED" : "COMPLETE";
    s->st.submitted_us = ms_at(info, "Submission Time");
    s->st.completed_us = ms_at(info, "Completion Time");
    s->st.tasks_active = 0;
    take_accumulators(s, doc_list(info, "Accumulables"));
    samples_close(l->work, s);
}

/* ---- Tasks -------------------------------------------------------------------------------------
 */

static void task_start(struct fst_event_log *l, const struct fst_doc *e)
{
    struct work_stage *s = stage_at(l, e);
    if (s && !s->ended)
        s->st.tasks_active++;
}

static void sum_task(struct fst_stage *s, const struct fst_doc *m)
{
    const struct fst_doc *in = map_at(m, "Input Metrics"), *out = map_at(m, "Output Metrics");
    const struct fst_doc *read = map_at(m, "Shuffle Read Metrics");
    const struct fst_doc *write = map_at(m, "Shuffle Write Metrics");
    add(&s->run_us, ms_at(m, "Executor Run Time"));
    add(&s->cpu_us, count_at(m, "Executor CPU Time")); /* nanoseconds until the end */
    add(&s->gc_us, ms_at(m, "JVM GC Time"));
    add(&s->spill_memory_bytes, count_at(m, "Memory Bytes Spilled"));
    add(&s->spill_disk_bytes, count_at(m, "Disk Bytes Spilled"));
    add(&s->peak_memory_bytes, count_at(m, "Peak Execution Memory"));
    add(&s->input_bytes, count_at(in, "Bytes Read"));
    add(&s->input_rows, count_at(in, "Records Read"));
    add(&s->output_bytes, count_at(out, "Bytes Written"));
    add(&s->output_rows, count_at(out, "Records Written"));
    add(&s->shuffle_read_bytes, count_at(read, "Remote Bytes Read"));
    add(&s->shuffle_read_bytes, count_at(read, "Local Bytes Read"));
    add(&s->shuffle_read_rows, count_at(read, "Total Records Read"));
    add(&s->fetch_wait_us, ms_at(read, "Fetch Wait Time"));
    add(&s->shuffle_write_bytes, count_at(write, "Shuffle Bytes Written"));
    add(&s->shuffle_write_rows, count_at(write, "Shuffle Records Written"));
}

static void by_executor(struct work_stage *s, const char *id, int64_t input, int64_t shuffled)
{
    if (!s->executors)
        s->executors = fst_map_new();
    int64_t *read = fst_map_get(s->executors, id);
    if (!read && fst_map_size(s->executors) >= MAX_EXECUTORS)
        return;
    if (!read) {
        read = fst_alloc(2 * sizeof *read);
        fst_map_set(s->executors, id, read);
    }
    add(&read[0], input);
    add(&read[1], shuffled);
}

/* Killed on purpose is not failed. */
static void count_end(struct fst_stage *s, const char *reason)
{
    if (strcmp(reason, "Success") == 0)
        s->tasks_done++;
    else if (strcmp(reason, "TaskKilled") != 0 && strcmp(reason, "TaskCommitDenied") != 0)
        s->tasks_failed++;
    if (s->tasks_active > 0)
        s->tasks_active--;
}

static void task_end(struct fst_event_log *l, const struct fst_doc *e)
{
    struct work_stage *s = stage_at(l, e);
    const struct fst_doc *info = map_at(e, "Task Info"), *m = map_at(e, "Task Metrics");
    const struct fst_doc *end = map_at(e, "Task End Reason");
    const struct fst_doc *read = map_at(m, "Shuffle Read Metrics");
    const char *reason = end ? fst_doc_string(end, "Reason", "") : "";
    int64_t input = count_at(map_at(m, "Input Metrics"), "Bytes Read");
    int64_t shuffled = count_at(read, "Remote Bytes Read") + count_at(read, "Local Bytes Read");
    if (!s)
        return;
    count_end(&s->st, reason);
    sum_task(&s->st, m);
    by_executor(s, info ? fst_doc_string(info, "Executor ID", "") : "", input, shuffled);
    if (strcmp(reason, "Success") == 0)
        samples_add(l->work, s,
                    (const int64_t[]){ms_at(m, "Executor Run Time"), ms_at(m, "JVM GC Time"), input,
                                      shuffled, count_at(m, "Disk Bytes Spilled")});
}

/* ---- Plans -------------------------------------------------------------------------------------
 */

static void metrics_of(struct plan *p, const struct fst_doc *info)
{
    const struct fst_doc *list = doc_list(info, "metrics");
    size_t at = p->n_nodes - 1;
    for (size_t i = 0; list && i < list->n; i++) {
        const struct fst_doc *d = &list->items[i];
        if (d->kind != FST_DOC_MAP)
            continue;
        struct plan_metric *m = plan_add_metric(p, at, fst_doc_string(d, "name", ""));
        if (!m)
            return;
        m->accumulator = doc_int(d, "accumulatorId", -1);
    }
}

/* As Spark's own graph of a plan: wrappers are no operators, what is used again is not told twice.
 */
static void take_node(struct fst_event_log *l, struct plan *p, const struct fst_doc *info,
                      int64_t parent, int64_t codegen)
{
    const char *name = fst_doc_string(info, "nodeName", "");
    const struct fst_doc *children = doc_list(info, "children");
    bool wraps = strcmp(name, "InputAdapter") == 0 || strstr(name, "QueryStage");
    bool again = strncmp(name, "Reused", 6) == 0;
    if (again)
        return;
    if (strcmp(name, "InputAdapter") == 0 || strstr(name, "Exchange"))
        codegen = -1; /* the cluster ends here */
    if (!wraps) {
        int64_t id = l->next_node++;
        struct plan_node *n = plan_add_node(p, id, name, fst_doc_string(info, "simpleString", ""));
        if (!n)
            return;
        metrics_of(p, info);
        if (n->is_cluster)
            codegen = n->codegen;
        else {
            n->codegen = codegen;
            if (parent >= 0)
                plan_add_edge(p, id, parent);
            parent = id;
        }
    }
    for (size_t i = 0; children && i < children->n; i++)
        if (children->items[i].kind == FST_DOC_MAP)
            take_node(l, p, &children->items[i], parent, codegen);
}

static void sql_plan(struct fst_event_log *l, const struct fst_doc *e)
{
    int64_t id = doc_int(e, "executionId", -1);
    const struct fst_doc *info = map_at(e, "sparkPlanInfo");
    struct plan *p = id >= 0 && info ? work_plan(l->work, id) : NULL;
    l->next_node = 0;
    if (p) {
        plan_describe(p, e, "physicalPlanDescription");
        take_node(l, p, info, -1, -1);
    }
    work_changed(l->work, id, map_at(e, "modifiedConfigs"));
}

static void driver_updates(struct fst_event_log *l, const struct fst_doc *e)
{
    const struct fst_doc *list = doc_list(e, "accumUpdates");
    int64_t execution = doc_int(e, "executionId", -1), id, v;
    char key[64];
    for (size_t i = 0; list && i < list->n; i++) {
        const struct fst_doc *pair = &list->items[i];
        if (pair->kind != FST_DOC_LIST || pair->n != 2 || !fst_doc_int(&pair->items[0], &id) ||
            !fst_doc_int(&pair->items[1], &v) || v < 0 ||
            fst_map_size(l->work->accumulators) >= 1000000)
            continue;
        snprintf(key, sizeof key, "%lld:%lld", (long long)execution, (long long)id);
        int64_t *kept = fst_map_get(l->work->accumulators, key);
        if (!kept) {
            kept = fst_alloc(sizeof *kept);
            fst_map_set(l->work->accumulators, key, kept);
        }
        *kept = v;
    }
}

/* ---- Lines -------------------------------------------------------------------------------------
 */

static const struct {
    const char *name;
    void (*take)(struct fst_event_log *l, const struct fst_doc *e);
} events[] = {
    {"SparkListenerLogStart", log_start},
    {"SparkListenerApplicationStart", app_start},
    {"SparkListenerApplicationEnd", app_end},
    {"SparkListenerEnvironmentUpdate", environment},
    {"SparkListenerExecutorAdded", executor_added},
    {"SparkListenerExecutorRemoved", executor_removed},
    {"SparkListenerJobStart", job_start},
    {"SparkListenerJobEnd", job_end},
    {"SparkListenerStageSubmitted", stage_submitted},
    {"SparkListenerStageCompleted", stage_completed},
    {"SparkListenerTaskStart", task_start},
    {"SparkListenerTaskEnd", task_end},
    {"SparkListenerSQLExecutionStart", sql_plan},
    {"SparkListenerSQLAdaptiveExecutionUpdate", sql_plan},
    {"SparkListenerDriverAccumUpdates", driver_updates},
};

static bool take_event(struct fst_event_log *l, const struct fst_doc *e)
{
    const char *name = e->kind == FST_DOC_MAP ? fst_doc_string(e, "Event", "") : "";
    const char *dot = strrchr(name, '.');
    if (!*name)
        return false;
    for (size_t i = 0; i < FST_COUNT(events); i++)
        if (strcmp(events[i].name, dot ? dot + 1 : name) == 0)
            events[i].take(l, e);
    return true;
}

void fst_event_log_line(struct fst_event_log *l, const char *p, size_t n)
{
    struct fst_doc *doc;
    struct fst_error err;
    while (n && (p[n - 1] == '\n' || p[n - 1] == '\r'))
        n--;
    if (n == 0)
        return;
    struct fst_arena *a = fst_arena_new();
    struct fst_doc_limits limits = {.bytes = MAX_LINE, .depth = 512};
    if (fst_json_parse(a, "event", p, n, &limits, &doc, &err) != FST_OK || !take_event(l, doc))
        l->damaged++;
    fst_arena_free(a);
}

enum fst_status fst_event_log_finish(struct fst_event_log *l, const char *tag,
                                     struct fst_profile **out, size_t *damaged,
                                     struct fst_error *err)
{
    struct work *w = l->work;
    bool any = w->n_stages || w->n_jobs || w->profile->app_id || w->n_plans;
    if (damaged)
        *damaged = l->damaged;
    free(l);
    for (size_t i = 0; i < w->n_stages; i++)
        w->stages[i]->st.cpu_us /= 1000;
    if (!any) {
        work_free(w);
        return fst_fail(err, FST_EFORMAT, "there is no event of an application in it");
    }
    *out = work_finish(w, tag);
    return FST_OK;
}
