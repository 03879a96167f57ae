/* What the driver says, line by line: reports into what is known, everything else into the log.
 *
 * Reports come from a process that also runs the user's code: any of them may be forged or broken,
 * so a report can be wrong about the work and about nothing else. */
#include <stdlib.h>
#include <string.h>

#include "connect.h"
#include "driver.h"
#include "spark.h"

#define MAX_LOG_LINE ((size_t)64 << 10)
#define MAX_REPORT_BYTES ((size_t)1 << 20)

void driver_report_init(struct driver_report *r, const char *text)
{
    *r = (struct driver_report){
        .arena = fst_arena_new(), .text = text, .outcome = {.rows = -1, .bytes = -1, .files = -1}};
    r->progress = (struct fst_progress){.state = FST_RUN_PENDING,
                                        .tasks_done = -1,
                                        .tasks_total = -1,
                                        .stages_done = -1,
                                        .stages_total = -1,
                                        .rows = -1,
                                        .bytes_read = -1,
                                        .bytes_written = -1};
}

void driver_report_done(struct driver_report *r)
{
    fst_schema_free(r->outcome.schema);
    fst_profile_free(r->profile);
    fst_arena_free(r->arena);
    *r = (struct driver_report){0};
}

static int64_t int_of(const struct fst_doc *doc, const char *key, int64_t fallback)
{
    int64_t v;
    const struct fst_doc *node = fst_doc_get(doc, key);
    return node && fst_doc_int(node, &v) ? v : fallback;
}

static const char *keep(struct driver_report *r, const struct fst_doc *doc, const char *key)
{
    const char *text = fst_doc_string(doc, key, NULL);
    return text ? fst_arena_strdup(r->arena, text) : NULL;
}

/* ---- Reports --------------------------------------------------------------------------------- */

static void on_start(struct driver_report *r, const struct fst_doc *doc)
{
    r->started = true;
    r->python_version = keep(r, doc, "python");
}

static void on_session(struct driver_report *r, const struct fst_doc *doc)
{
    r->has_session = true;
    r->app_id = keep(r, doc, "app");
    r->ui = keep(r, doc, "ui");
    r->spark_version = keep(r, doc, "spark");
    r->progress.state = FST_RUN_RUNNING;
}

static void on_schema(struct driver_report *r, const struct fst_doc *doc)
{
    const struct fst_doc *fields = fst_doc_get(doc, "fields");
    struct fst_schema *schema = fst_schema_new();
    struct fst_arena *a = fst_arena_new();
    for (size_t i = 0; fields && fields->kind == FST_DOC_LIST && i < fields->n; i++) {
        const struct fst_doc *f = &fields->items[i];
        struct fst_type type = fst_type(FST_UNKNOWN);
        bool nullable = true;
        const struct fst_doc *flag = fst_doc_get(f, "nullable");
        fst_type_parse(a, fst_doc_string(f, "type", ""), &type, NULL);
        if (flag)
            fst_doc_bool(flag, &nullable);
        fst_schema_add(schema, fst_doc_string(f, "name", ""), &type, nullable);
    }
    fst_arena_free(a);
    fst_schema_free(r->outcome.schema);
    r->outcome.schema = schema;
}

/* [id, attempt, done, total, active, failed] */
static bool stage_numbers(const struct fst_doc *stage, int64_t out[6])
{
    if (stage->kind != FST_DOC_LIST || stage->n < 6)
        return false;
    for (size_t i = 0; i < 6; i++)
        if (!fst_doc_int(&stage->items[i], &out[i]) || out[i] < 0)
            return false;
    return true;
}

static void on_progress(struct driver_report *r, const struct fst_doc *doc)
{
    const struct fst_doc *stages = fst_doc_get(doc, "stages");
    struct fst_progress *p = &r->progress;
    int64_t n[6];
    if (!stages || stages->kind != FST_DOC_LIST || stages->n == 0)
        return;
    p->tasks_done = p->tasks_total = p->stages_done = p->stages_total = 0;
    p->detail[0] = 0;
    for (size_t i = 0; i < stages->n; i++) {
        if (!stage_numbers(&stages->items[i], n))
            continue;
        p->tasks_done += n[2] < n[3] ? n[2] : n[3];
        p->tasks_total += n[3];
        p->stages_total++;
        p->stages_done += n[2] >= n[3];
        if (n[4] > 0)
            snprintf(p->detail, sizeof(p->detail), "stage %lld: %lld/%lld tasks", (long long)n[0],
                     (long long)n[2], (long long)n[3]);
    }
    if (!p->detail[0])
        snprintf(p->detail, sizeof(p->detail), "%lld/%lld tasks", (long long)p->tasks_done,
                 (long long)p->tasks_total);
}

static void on_rest(struct driver_report *r, const struct fst_doc *doc)
{
    const struct fst_profile_rest in = {
        .jobs = fst_doc_get(doc, "jobs"),
        .stages = fst_doc_get(doc, "stages"),
        .executors = fst_doc_get(doc, "executors"),
        .sql = fst_doc_get(doc, "sql"),
        .environment = fst_doc_get(doc, "environment"),
    };
    struct fst_profile *profile = NULL;
    if (fst_profile_of_rest(&in, &profile, NULL) != FST_OK)
        return;
    fst_profile_free(r->profile);
    r->profile = profile;
    profile->app_id = fst_arena_strdup(profile->arena, r->app_id);
    profile->spark_version = fst_arena_strdup(profile->arena, r->spark_version);
    profile->source = "driver";
}

static void on_result(struct driver_report *r, const struct fst_doc *doc)
{
    r->written = true;
    r->outcome.rows = int_of(doc, "rows", -1);
    r->outcome.bytes = int_of(doc, "bytes", -1);
    r->outcome.files = int_of(doc, "files", -1);
    r->progress.rows = r->outcome.rows;
    r->progress.bytes_written = r->outcome.bytes;
}

static void on_answer(struct driver_report *r, const struct fst_doc *doc, struct fst_buf *log)
{
    int64_t n = int_of(doc, "n", -1);
    (void)r;
    if (!log)
        return;
    fst_buf_adds(log, fst_doc_string(doc, "what", "?"));
    if (n >= 0)
        fst_buf_printf(log, ": %lld\n", (long long)n);
    else
        fst_buf_adds(log, ": not known\n");
}

/* ---- Errors ---------------------------------------------------------------------------------- */

/* Code points from `start` to `stop`, the last one inside, as a place. */
static void place_of_range(const char *text, int64_t start, int64_t stop, struct fst_problem *out)
{
    size_t n = strlen(text), offset = 0;
    out->line = out->col = 1;
    for (int64_t i = 0; i < start && offset < n; i++) {
        uint32_t cp;
        offset += fst_utf8_decode(text + offset, n - offset, &cp);
        out->col = cp == '\n' ? 1 : out->col + 1;
        out->line += cp == '\n';
    }
    uint64_t left = fst_utf8_length(text + offset, n - offset);
    uint64_t len = stop >= start ? (uint64_t)(stop - start) + 1 : 1;
    out->len = (uint32_t)(len <= left ? len : left > 0 ? left : 1);
}

static void find_place(struct driver_report *r, const struct fst_doc *doc, const char *message)
{
    const struct fst_doc *contexts = fst_doc_get(doc, "ctx");
    int64_t line = int_of(doc, "line", 0);
    if (line > 0 && line < 1000000) {
        r->problem.line = (uint32_t)line;
        r->problem.col = r->problem.len = 1;
        return;
    }
    if (!r->text || connect_place_of_parser(message, r->text, &r->problem))
        return;
    if (contexts && contexts->kind == FST_DOC_LIST && contexts->n > 0) {
        int64_t start = int_of(&contexts->items[0], "start", -1);
        int64_t stop = int_of(&contexts->items[0], "stop", -1);
        if (start >= 0 && start <= (int64_t)strlen(r->text))
            place_of_range(r->text, start, stop, &r->problem);
        if (r->problem.line)
            return;
    }
    connect_place_of_message(message, r->text, &r->problem);
}

/* The root cause first, then what it led to, indented. */
static void log_chain(const struct fst_doc *doc, struct fst_buf *log)
{
    const struct fst_doc *chain = fst_doc_get(doc, "chain");
    for (size_t i = 0; log && chain && chain->kind == FST_DOC_LIST && i < chain->n; i++)
        if (chain->items[i].text.p)
            fst_buf_printf(log, "%s%.*s\n", i ? "  led to: " : "root cause: ",
                           (int)strcspn(chain->items[i].text.p, "\n"), chain->items[i].text.p);
}

static void on_error(struct driver_report *r, const struct fst_doc *doc, struct fst_buf *log)
{
    const char *message = fst_doc_string(doc, "msg", "");
    const char *condition = fst_doc_string(doc, "cond", NULL);
    struct fst_problem *p = &r->problem;
    *p = (struct fst_problem){0};
    snprintf(p->condition, sizeof(p->condition), "%s",
             condition ? condition : fst_doc_string(doc, "cls", ""));
    snprintf(p->sqlstate, sizeof(p->sqlstate), "%.5s", fst_doc_string(doc, "sqlstate", ""));
    connect_message_clean(message, p->message, sizeof(p->message));
    find_place(r, doc, message);
    char place[48] = "";
    if (p->line)
        snprintf(place, sizeof(place), "line %u: ", p->line);
    fst_fail(&r->error, FST_EREMOTE, "%s%s%s%.800s", place, p->condition,
             p->condition[0] ? ": " : "", p->message);
    log_chain(doc, log);
}

static void on_end(struct driver_report *r, const struct fst_doc *doc)
{
    r->ended = true;
    r->rc = (int)int_of(doc, "rc", 1);
    r->progress.state = r->cancelled                     ? FST_RUN_CANCELLED
                        : r->rc == 0 && !r->error.status ? FST_RUN_READY
                                                         : FST_RUN_FAILED;
    if (r->progress.state == FST_RUN_READY && r->progress.tasks_total > 0)
        r->progress.tasks_done = r->progress.tasks_total;
    if (r->progress.state == FST_RUN_FAILED && !r->error.status)
        fst_fail(&r->error, FST_EREMOTE, "the driver ended with exit code %d", r->rc);
}

static void take_report(struct driver_report *r, const char *p, size_t n, struct fst_buf *log)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_doc *doc;
    const struct fst_doc_limits limits = {.bytes = MAX_REPORT_BYTES};
    if (fst_json_parse(a, "report", p, n, &limits, &doc, NULL) == FST_OK &&
        doc->kind == FST_DOC_MAP && !r->ended) {
        const char *event = fst_doc_string(doc, "event", "");
        static const struct {
            const char *name;
            void (*quiet)(struct driver_report *r, const struct fst_doc *doc);
            void (*telling)(struct driver_report *r, const struct fst_doc *doc,
                            struct fst_buf *log);
        } events[] = {
            {"start", on_start, NULL},   {"session", on_session, NULL},
            {"schema", on_schema, NULL}, {"progress", on_progress, NULL},
            {"rest", on_rest, NULL},     {"result", on_result, NULL},
            {"answer", NULL, on_answer}, {"error", NULL, on_error},
            {"end", on_end, NULL},
        };
        for (size_t i = 0; i < FST_COUNT(events); i++) {
            if (strcmp(event, events[i].name) != 0)
                continue;
            if (events[i].quiet)
                events[i].quiet(r, doc);
            else
                events[i].telling(r, doc, log);
        }
        if (strcmp(event, "cancelled") == 0)
            r->cancelled = true;
    }
    fst_arena_free(a);
}

/* ---- Lines ----------------------------------------------------------------------------------- */

static void take_line(struct driver_report *r, struct driver_stream *s, const char *p, size_t n,
                      uint64_t began, struct fst_buf *log)
{
    size_t mark = strlen(DRIVER_MARK);
    struct fst_buf *into = began >= s->shown ? log : NULL;
    if (n >= mark && memcmp(p, DRIVER_MARK, mark) == 0) {
        take_report(r, p + mark, n - mark, into);
    } else if (into) {
        fst_buf_add(into, p, n < MAX_LOG_LINE ? n : MAX_LOG_LINE);
        fst_buf_adds(into, n < MAX_LOG_LINE ? "\n" : " (cut)\n");
    }
}

void driver_feed(struct driver_report *r, struct driver_stream *s, const char *p, size_t n,
                 struct fst_buf *log)
{
    const char *end;
    if (!s->part.max)
        s->part = FST_BUF(DRIVER_MAX_LINE);
    while ((end = memchr(p, '\n', n))) {
        size_t len = (size_t)(end - p);
        fst_buf_add(&s->part, p, len);
        uint64_t began = s->line_at;
        s->line_at = s->fed + len + 1;
        take_line(r, s, fst_buf_text(&s->part), s->part.n, began, log);
        if (log && s->line_at > s->shown)
            s->shown = s->line_at;
        fst_buf_clear(&s->part);
        s->part.over = false;
        s->fed += len + 1;
        p += len + 1;
        n -= len + 1;
    }
    fst_buf_add(&s->part, p, n);
    s->fed += n;
}

void driver_feed_end(struct driver_report *r, struct driver_stream *s, struct fst_buf *log)
{
    if (s->part.n)
        driver_feed(r, s, "\n", 1, log);
}

void driver_stream_done(struct driver_stream *s)
{
    fst_buf_done(&s->part);
    *s = (struct driver_stream){0};
}
