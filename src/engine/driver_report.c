/* What driver.py said, added up.
 *
 * What is told once (the session, the schema, the error) is taken once, so that nothing grows with
 * a stream that repeats itself. */
#include <stdlib.h>
#include <string.h>

#include "driver_report.h"

enum { MAX_FIELDS = 100000, MAX_STAGES = 20000, MAX_WORD = 4096 };
static const struct fst_doc_limits report_limits = {
    .bytes = DRIVER_MAX_LINE, .nodes = 300000, .depth = 40};

void driver_report_init(struct driver_report *r, const char *text)
{
    *r = (struct driver_report){.arena = fst_arena_new()};
    r->text = fst_arena_strdup(r->arena, text);
    r->progress = (struct fst_progress){.state = FST_RUN_PENDING,
                                        .tasks_done = -1,
                                        .tasks_total = -1,
                                        .stages_done = -1,
                                        .stages_total = -1,
                                        .rows = -1,
                                        .bytes_read = -1,
                                        .bytes_written = -1};
    r->outcome = (struct fst_outcome){.rows = -1, .bytes = -1, .files = -1};
}

void driver_report_done(struct driver_report *r)
{
    fst_schema_free(r->outcome.schema);
    fst_profile_free(r->profile);
    free(r->stages);
    fst_arena_free(r->arena);
    *r = (struct driver_report){.rc = 0};
}

enum fst_status driver_take_profile(struct driver_report *r, struct fst_profile **out,
                                    struct fst_error *err)
{
    if (!r->profile)
        return fst_fail(err, FST_ENOTFOUND, "the driver has told nothing of its stages yet");
    *out = r->profile;
    r->profile = NULL;
    return FST_OK;
}

void driver_copy_outcome(const struct driver_report *r, struct fst_outcome *out)
{
    *out = r->outcome;
    out->schema = out->schema ? fst_schema_copy(out->schema) : NULL;
}

/* ---- Reading fields -------------------------------------------------------------------------- */

/* A text of the report's own; NULL when it is missing or absurdly long. */
static const char *take_text(struct driver_report *r, const struct fst_doc *doc, const char *key)
{
    const char *text = fst_doc_string(doc, key, NULL);
    return text && strlen(text) <= MAX_WORD ? fst_arena_strdup(r->arena, text) : NULL;
}

static int64_t int_at(const struct fst_doc *list, size_t i)
{
    int64_t v = 0;
    return i < list->n && fst_doc_int(&list->items[i], &v) && v >= 0 ? v : 0;
}

int64_t driver_int_of(const struct fst_doc *map, const char *key, int64_t fallback)
{
    const struct fst_doc *node = fst_doc_get(map, key);
    int64_t v;
    return node && fst_doc_int(node, &v) ? v : fallback;
}

/* ---- Beginning ------------------------------------------------------------------------------- */

static void on_start(struct driver_report *r, const struct fst_doc *doc)
{
    if (!r->started)
        r->python_version = take_text(r, doc, "python");
    r->started = true;
}

static void on_session(struct driver_report *r, const struct fst_doc *doc)
{
    if (!r->has_session) {
        r->app_id = take_text(r, doc, "app");
        r->ui = take_text(r, doc, "ui");
        r->spark_version = take_text(r, doc, "spark");
    }
    r->started = r->has_session = true;
    if (r->progress.state == FST_RUN_PENDING)
        r->progress.state = FST_RUN_RUNNING;
}

static void add_field(struct fst_schema *schema, const struct fst_doc *item)
{
    struct fst_type type;
    bool nullable = true;
    const char *name = fst_doc_string(item, "name", NULL);
    const char *text = fst_doc_string(item, "type", NULL);
    const struct fst_doc *flag = fst_doc_get(item, "nullable");
    if (!name || !text || schema->n >= MAX_FIELDS)
        return;
    if (fst_type_parse(schema->arena, text, &type, NULL) != FST_OK)
        type = fst_type(FST_UNKNOWN);
    if (flag)
        fst_doc_bool(flag, &nullable);
    fst_schema_add(schema, name, &type, nullable);
}

static void on_schema(struct driver_report *r, const struct fst_doc *doc)
{
    const struct fst_doc *fields = fst_doc_get(doc, "fields"), *flag = fst_doc_get(doc, "more");
    bool more = false;
    if (r->has_schema || !fields || fields->kind != FST_DOC_LIST)
        return;
    if (!r->outcome.schema)
        r->outcome.schema = fst_schema_new();
    for (size_t i = 0; i < fields->n; i++)
        add_field(r->outcome.schema, &fields->items[i]);
    r->has_schema = !(flag && fst_doc_bool(flag, &more) && more);
}

/* ---- Stages ---------------------------------------------------------------------------------- */

static struct driver_stage *stage_of(struct driver_report *r, int64_t id, int64_t attempt)
{
    for (size_t i = r->n_stages; i-- > 0;)
        if (r->stages[i].id == id && r->stages[i].attempt == attempt)
            return &r->stages[i];
    if (r->n_stages >= MAX_STAGES)
        return NULL;
    fst_grow(&r->stages, &r->stages_cap, r->n_stages + 1, sizeof *r->stages);
    struct driver_stage *s = &r->stages[r->n_stages++];
    *s = (struct driver_stage){.id = id, .attempt = attempt};
    return s;
}

/* A stage that is told no more has ended: well, unless a task of it failed last. */
static void settle_stages(struct driver_report *r)
{
    for (size_t i = 0; i < r->n_stages; i++) {
        struct driver_stage *s = &r->stages[i];
        if (s->active && s->failed == 0)
            s->done = s->total;
        s->active = false;
    }
}

static void sum_stages(struct driver_report *r)
{
    struct fst_progress *p = &r->progress;
    const struct driver_stage *shown = NULL;
    p->tasks_done = p->tasks_total = p->stages_done = 0;
    for (size_t i = 0; i < r->n_stages; i++) {
        const struct driver_stage *s = &r->stages[i];
        p->tasks_done += s->done;
        p->tasks_total += s->total;
        p->stages_done += !s->active;
        if (s->active && !shown)
            shown = s;
    }
    p->stages_total = (int64_t)r->n_stages;
    if (!shown)
        return;
    int n = snprintf(p->detail, sizeof(p->detail), "stage %lld: %lld/%lld tasks",
                     (long long)shown->id, (long long)shown->done, (long long)shown->total);
    if (shown->failed && n > 0 && (size_t)n < sizeof(p->detail))
        snprintf(p->detail + n, sizeof(p->detail) - (size_t)n, ", %lld failed",
                 (long long)shown->failed);
}

/* Only a driver that is on a cluster counts them. Until the first is there the work waits. */
static void tell_executors(struct driver_report *r, const struct fst_doc *doc)
{
    static const char waits[] = "no executors yet: waiting for resources of the cluster";
    struct fst_progress *p = &r->progress;
    int64_t n = driver_int_of(doc, "executors", -1);
    if (n == 0 && p->tasks_done == 0)
        snprintf(p->detail, sizeof p->detail, "%s", waits);
    else if (strcmp(p->detail, waits) == 0)
        p->detail[0] = 0;
}

static void on_progress(struct driver_report *r, const struct fst_doc *doc)
{
    const struct fst_doc *stages = fst_doc_get(doc, "stages");
    const int64_t most = INT32_MAX;
    if (!stages || stages->kind != FST_DOC_LIST)
        return;
    settle_stages(r);
    for (size_t i = 0; i < stages->n && i < MAX_STAGES; i++) {
        const struct fst_doc *row = &stages->items[i];
        if (row->kind != FST_DOC_LIST || row->n < 6)
            continue;
        struct driver_stage *s = stage_of(r, int_at(row, 0), int_at(row, 1));
        if (!s)
            break;
        int64_t done = int_at(row, 2), total = int_at(row, 3), failed = int_at(row, 5);
        s->total = total < most ? total : most;
        s->done = done < s->total ? done : s->total;
        s->failed = failed < most ? failed : most;
        s->active = true;
    }
    sum_stages(r);
    tell_executors(r, doc);
}

/* ---- The application's own figures ----------------------------------------------------------- */

static void on_rest(struct driver_report *r, const struct fst_doc *doc)
{
    const struct fst_profile_rest in = {
        .jobs = fst_doc_get(doc, "jobs"),
        .stages = fst_doc_get(doc, "stages"),
        .executors = fst_doc_get(doc, "executors"),
        .sql = fst_doc_get(doc, "sql"),
        .environment = fst_doc_get(doc, "environment"),
        .application = fst_doc_get(doc, "application"),
    };
    struct fst_profile *profile = NULL;
    if (fst_profile_of_rest(&in, &profile, NULL) != FST_OK)
        return;
    fst_profile_free(r->profile);
    r->profile = profile;
    profile->source = "driver";
    if (!profile->app_id)
        profile->app_id = fst_arena_strdup(profile->arena, r->app_id);
    if (!profile->spark_version)
        profile->spark_version = fst_arena_strdup(profile->arena, r->spark_version);
}

/* ---- The end --------------------------------------------------------------------------------- */

static void on_result(struct driver_report *r, const struct fst_doc *doc)
{
    r->written = true;
    r->outcome.rows = driver_int_of(doc, "rows", -1);
    r->outcome.bytes = driver_int_of(doc, "bytes", -1);
    r->outcome.files = driver_int_of(doc, "files", -1);
    r->progress.rows = r->outcome.rows;
    r->progress.bytes_written = r->outcome.bytes;
}

/* For the log, after the words that it answers. */
static void tell_answer(const struct fst_doc *doc, struct fst_buf *log)
{
    int64_t n = driver_int_of(doc, "n", -1);
    const char *what = fst_doc_string(doc, "what", "");
    if (n < 0)
        fst_buf_printf(log, "%.1000s: not known\n", what);
    else
        fst_buf_printf(log, "%.1000s: %lld\n", what, (long long)n);
}

static void on_cancelled(struct driver_report *r, const struct fst_doc *doc)
{
    (void)doc;
    r->cancelled = true;
}

/* Ready is what was written whole, or what was only looked at and has a schema. */
static void on_end(struct driver_report *r, const struct fst_doc *doc)
{
    if (r->ended)
        return;
    int64_t rc = driver_int_of(doc, "rc", 1);
    r->ended = true;
    r->rc = rc >= 0 && rc <= 255 ? (int)rc : 1;
    settle_stages(r);
    if (r->n_stages)
        sum_stages(r);
    r->progress.state = r->cancelled                                  ? FST_RUN_CANCELLED
                        : r->rc == 0 && (r->written || r->has_schema) ? FST_RUN_READY
                                                                      : FST_RUN_FAILED;
    if (r->progress.state == FST_RUN_FAILED && r->error.status == FST_OK)
        fst_fail(&r->error, FST_EREMOTE, "the driver ended with %d and gave no reason", r->rc);
}

/* ---- A report -------------------------------------------------------------------------------- */

static const struct {
    const char *event;
    void (*take)(struct driver_report *r, const struct fst_doc *doc); /* or NULL */
    void (*tell)(const struct fst_doc *doc, struct fst_buf *log);     /* or NULL */
} events[] = {
    {"start", on_start, NULL},         {"session", on_session, NULL},
    {"schema", on_schema, NULL},       {"progress", on_progress, NULL},
    {"rest", on_rest, NULL},           {"result", on_result, NULL},
    {"answer", NULL, tell_answer},     {"error", driver_on_error, driver_tell_causes},
    {"cancelled", on_cancelled, NULL}, {"end", on_end, NULL},
};

static void take_event(struct driver_report *r, const struct fst_doc *doc, struct fst_buf *log)
{
    const char *event = fst_doc_string(doc, "event", "");
    for (size_t i = 0; i < FST_COUNT(events); i++) {
        if (strcmp(event, events[i].event) != 0)
            continue;
        if (r && events[i].take)
            events[i].take(r, doc);
        if (log && events[i].tell)
            events[i].tell(doc, log);
    }
}

bool driver_take_report(struct driver_report *r, const char *p, size_t n, struct fst_buf *log)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_doc *doc;
    bool is_report = fst_json_parse(a, "report", p, n, &report_limits, &doc, NULL) == FST_OK &&
                     doc->kind == FST_DOC_MAP && fst_doc_string(doc, "event", NULL);
    if (is_report)
        take_event(r, doc, log);
    fst_arena_free(a);
    return is_report;
}
