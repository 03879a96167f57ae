/* From the answers of an application's REST API (a live UI or a History Server). Each may be
 * missing or damaged; what is there counts. */
#include <stdlib.h>
#include <string.h>

#include "profile.h"

/* Each map of a list. */
#define EACH(item, list)                                                                           \
    for (const struct fst_doc *item = (list) ? (list)->items : NULL,                               \
                              *item##_end = (list) ? (list)->items + (list)->n : NULL;             \
         item < item##_end; item++)                                                                \
        if (item->kind == FST_DOC_MAP)

static const struct fst_doc *as_list(const struct fst_doc *d)
{
    return d && d->kind == FST_DOC_LIST ? d : NULL;
}

static const struct fst_doc *map_at(const struct fst_doc *map, const char *key)
{
    const struct fst_doc *d = map && map->kind == FST_DOC_MAP ? fst_doc_get(map, key) : NULL;
    return d && d->kind == FST_DOC_MAP ? d : NULL;
}

/* 2015-02-03T16:42:40.000GMT; 0 = not there. */
static int64_t time_at(const struct fst_doc *map, const char *key)
{
    const char *text = fst_doc_string(map, key, "");
    size_t n = strnlen(text, 64);
    int64_t us;
    if (n > 3 && strcmp(text + n - 3, "GMT") == 0)
        n -= 3;
    return fst_timestamp_parse_iso(text, n, &us) && us > 0 ? us : 0;
}

static int64_t scaled(int64_t v, int64_t by)
{
    return v > 0 && v < INT64_MAX / by ? v * by : 0;
}

/* ---- Application, executors, settings ----------------------------------------------------------
 */

static void take_application(struct work *w, const struct fst_doc *d)
{
    struct fst_profile *p = w->profile;
    const struct fst_doc *attempts = doc_list(d, "attempts");
    p->app_id = doc_text(p->arena, d, "id");
    p->app_name = doc_text(p->arena, d, "name");
    EACH(a, attempts)
    {
        bool done = false;
        const struct fst_doc *completed = fst_doc_get(a, "completed");
        p->spark_version = doc_text(p->arena, a, "appSparkVersion");
        if (completed && fst_doc_bool(completed, &done) && done)
            w->app_ended_us = time_at(a, "endTime");
        return; /* the first is the newest */
    }
}

static void take_executors(struct work *w, const struct fst_doc *list)
{
    EACH(e, as_list(list))
    {
        struct work_executor *to = work_executor(w, fst_doc_string(e, "id", ""));
        if (!to)
            return;
        to->cores = doc_int(e, "totalCores", 0);
        to->cores = to->cores < 100000 ? to->cores : 0;
        to->added_us = time_at(e, "addTime");
        to->removed_us = time_at(e, "removeTime");
        to->reason = doc_text(w->profile->arena, e, "removeReason");
    }
}

static void take_environment(struct work *w, const struct fst_doc *d)
{
    const struct fst_doc *pairs = doc_list(d, "sparkProperties");
    for (size_t i = 0; pairs && i < pairs->n; i++) {
        const struct fst_doc *pair = &pairs->items[i];
        if (pair->kind == FST_DOC_LIST && pair->n == 2 && pair->items[0].kind == FST_DOC_STRING &&
            pair->items[1].kind == FST_DOC_STRING)
            conf_set(w->profile, pair->items[0].text.p, pair->items[1].text);
    }
}

/* ---- Jobs --------------------------------------------------------------------------------------
 */

static const char *tags_of(struct fst_arena *a, const struct fst_doc *job)
{
    const struct fst_doc *list = doc_list(job, "jobTags");
    struct fst_buf tags = FST_BUF(64 << 10);
    for (size_t i = 0; list && i < list->n; i++)
        if (list->items[i].kind == FST_DOC_STRING) {
            fst_buf_add(&tags, list->items[i].text.p, list->items[i].text.n);
            fst_buf_addc(&tags, ',');
        }
    const char *out = fst_arena_strdup(a, fst_buf_text(&tags));
    fst_buf_done(&tags);
    return out;
}

static void take_jobs(struct work *w, const struct fst_doc *list)
{
    EACH(d, as_list(list))
    {
        int64_t id = doc_int(d, "jobId", -1), stage;
        struct work_job *j = id >= 0 ? work_job(w, id) : NULL;
        const struct fst_doc *stages = doc_list(d, "stageIds");
        if (!j || j->stages)
            continue;
        j->submitted_us = time_at(d, "submissionTime");
        j->completed_us = time_at(d, "completionTime");
        j->tags = tags_of(w->profile->arena, d);
        j->stages = fst_alloc(((stages ? stages->n : 0) + 1) * sizeof *j->stages);
        for (size_t i = 0; stages && i < stages->n; i++)
            if (fst_doc_int(&stages->items[i], &stage))
                j->stages[j->n_stages++] = stage;
    }
}

/* ---- Stages ------------------------------------------------------------------------------------
 */

static const char *state_of(const char *text)
{
    static const char *const states[] = {"PENDING", "ACTIVE", "COMPLETE", "FAILED", "SKIPPED"};
    for (size_t i = 0; i < FST_COUNT(states); i++)
        if (strcmp(states[i], text) == 0)
            return states[i];
    return "PENDING";
}

/* The fields that are plain numbers: name, place, and what makes them ours. */
static const struct {
    const char *name;
    size_t offset;
    int64_t times, divide;
} numbers[] = {
#define N(name, member, times, divide)                                                             \
    {                                                                                              \
        name, offsetof(struct fst_stage, member), times, divide                                    \
    }
    N("numTasks", tasks, 1, 1),
    N("numCompleteTasks", tasks_done, 1, 1),
    N("numActiveTasks", tasks_active, 1, 1),
    N("numFailedTasks", tasks_failed, 1, 1),
    N("executorRunTime", run_us, 1000, 1),
    N("executorCpuTime", cpu_us, 1, 1000),
    N("jvmGcTime", gc_us, 1000, 1),
    N("shuffleFetchWaitTime", fetch_wait_us, 1000, 1),
    N("inputBytes", input_bytes, 1, 1),
    N("inputRecords", input_rows, 1, 1),
    N("outputBytes", output_bytes, 1, 1),
    N("outputRecords", output_rows, 1, 1),
    N("shuffleReadBytes", shuffle_read_bytes, 1, 1),
    N("shuffleReadRecords", shuffle_read_rows, 1, 1),
    N("shuffleWriteBytes", shuffle_write_bytes, 1, 1),
    N("shuffleWriteRecords", shuffle_write_rows, 1, 1),
    N("memoryBytesSpilled", spill_memory_bytes, 1, 1),
    N("diskBytesSpilled", spill_disk_bytes, 1, 1),
    N("peakExecutionMemory", peak_memory_bytes, 1, 1),
#undef N
};

static struct fst_spread spread_at(const struct fst_doc *map, const char *key, double times)
{
    const struct fst_doc *list = doc_list(map, key);
    struct fst_spread s = {{-1}};
    for (size_t i = 0; list && list->n == FST_QUANTILES && i < FST_QUANTILES; i++) {
        double v = fst_doc_double(&list->items[i], -1) * times;
        if (!(v >= 0 && v < 9e18))
            return (struct fst_spread){{-1}};
        s.at[i] = (int64_t)v;
    }
    return s;
}

/* Of what all executors read, how much the one with the most did. */
static void take_hottest(struct work_stage *s, const struct fst_doc *d)
{
    const struct fst_doc *spread = map_at(d, "executorMetricsDistributions");
    bool shuffled = s->st.shuffle_read_bytes > s->st.input_bytes;
    struct fst_spread read = spread_at(spread, shuffled ? "shuffleRead" : "inputBytes", 1);
    if (read.at[0] >= 0)
        s->st.hot_bytes = read.at[FST_QUANTILES - 1];
}

static void take_stage(struct work *w, const struct fst_doc *d)
{
    struct fst_arena *a = w->profile->arena;
    int64_t id = doc_int(d, "stageId", -1);
    struct work_stage *s = id >= 0 ? work_stage(w, id, doc_int(d, "attemptId", 0)) : NULL;
    const struct fst_doc *tasks = map_at(d, "taskMetricsDistributions");
    const char *name = doc_text(a, d, "name");
    if (!s || s->ended)
        return;
    s->ended = true;
    s->st.state = state_of(fst_doc_string(d, "status", ""));
    s->st.name = name ? name : "";
    s->st.submitted_us = time_at(d, "submissionTime");
    s->st.completed_us = time_at(d, "completionTime");
    s->st.failure = doc_text(a, d, "failureReason");
    for (size_t i = 0; i < FST_COUNT(numbers); i++)
        *(int64_t *)(void *)((char *)&s->st + numbers[i].offset) =
            scaled(doc_int(d, numbers[i].name, 0), numbers[i].times) / numbers[i].divide;
    /* Spark's quantiles of `duration` mix the times of failed tasks in (4.3); these do not. */
    s->st.duration_us = spread_at(tasks, "executorRunTime", 1000);
    s->st.gc_spread_us = spread_at(tasks, "jvmGcTime", 1000);
    s->st.input_spread = spread_at(map_at(tasks, "inputMetrics"), "bytesRead", 1);
    s->st.shuffle_read_spread = spread_at(map_at(tasks, "shuffleReadMetrics"), "readBytes", 1);
    s->st.spill_spread = spread_at(tasks, "diskBytesSpilled", 1);
    take_hottest(s, d);
}

/* ---- Plans -------------------------------------------------------------------------------------
 */

/* The number in "... (stage 4.0: task 158))": where the largest was measured; -1 when not told. */
static int64_t stage_in(const char *value)
{
    const char *at = strstr(value, "(stage ");
    int64_t stage;
    return at && fst_parse_int64(at + 7, strcspn(at + 7, "."), &stage) ? stage : -1;
}

/* "1,234" or "53.3 KiB", or of several "total (min, ...)\n53.3 KiB (...". */
static int64_t value_in(const char *value, char what)
{
    char text[64];
    size_t n = 0;
    const char *line = strchr(value, '\n');
    for (const char *p = line ? line + 1 : value; *p && *p != '(' && n + 1 < sizeof text; p++)
        if (*p != ',')
            text[n++] = *p;
    while (n && text[n - 1] == ' ')
        n--;
    text[n] = '\0';
    int64_t v;
    if (what == 'b')
        return plan_size(text);
    return fst_parse_int64(text, n, &v) ? v : -1;
}

static void take_node(struct plan *p, const struct fst_doc *d)
{
    struct plan_node *n =
        plan_add_node(p, doc_int(d, "nodeId", -1), fst_doc_string(d, "nodeName", ""),
                      fst_doc_string(d, "desc", ""));
    size_t at = p->n_nodes - 1;
    if (!n)
        return;
    if (!n->is_cluster)
        n->codegen = doc_int(d, "wholeStageCodegenId", -1);
    EACH(m, doc_list(d, "metrics"))
    {
        const char *value = fst_doc_string(m, "value", "");
        struct plan_metric *to = plan_add_metric(p, at, fst_doc_string(m, "name", ""));
        if (!to)
            return;
        to->stage = stage_in(value);
        if (to->what)
            to->value = value_in(value, to->what);
    }
}

static void take_execution(struct work *w, const struct fst_doc *d)
{
    static const char *const lists[] = {"runningJobIds", "successJobIds", "failedJobIds"};
    int64_t id = doc_int(d, "id", -1), job;
    struct plan *p = id >= 0 ? work_plan(w, id) : NULL;
    if (!p)
        return;
    for (size_t k = 0; k < FST_COUNT(lists); k++) {
        const struct fst_doc *jobs = doc_list(d, lists[k]);
        for (size_t i = 0; jobs && i < jobs->n; i++)
            if (fst_doc_int(&jobs->items[i], &job))
                work_plan_job(w, id, job);
    }
    work_changed(w, id, map_at(d, "modifiedConfigs"));
    plan_describe(p, d, "planDescription");
    EACH(n, doc_list(d, "nodes"))
    {
        take_node(p, n);
    }
    EACH(e, doc_list(d, "edges"))
    {
        plan_add_edge(p, doc_int(e, "fromId", -1), doc_int(e, "toId", -1));
    }
}

enum fst_status fst_profile_of_rest(const struct fst_profile_rest *in, struct fst_profile **out,
                                    struct fst_error *err)
{
    struct work *w = work_new("rest");
    take_application(w, in->application);
    take_executors(w, in->executors);
    take_environment(w, in->environment);
    take_jobs(w, in->jobs);
    EACH(s, as_list(in->stages))
    {
        take_stage(w, s);
    }
    EACH(e, as_list(in->sql))
    {
        take_execution(w, e);
    }
    if (!as_list(in->stages)) {
        work_free(w);
        return fst_fail(err, FST_EFORMAT, "the answer to /stages is not a list of stages");
    }
    *out = work_finish(w, in->tag);
    return FST_OK;
}
