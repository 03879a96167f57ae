/* What driver.py said: lines of a stream, the reports among them, and what they add up to.
 *
 * The stream comes from a process, a server or a file and may hold anything. A report that is not
 * what it should be is no report: it is shown as a line of the log. What is told once (the session,
 * the schema, the error) is taken once, so that nothing grows with a stream that repeats itself. */
#include <stdlib.h>
#include <string.h>

#include "connect.h"
#include "driver.h"

enum {
    MAX_FIELDS = 100000,
    MAX_STAGES = 20000,
    MAX_WORD = 4096,
};
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

static void copy_text(char *out, size_t cap, const char *text)
{
    size_t n = strlen(text);
    if (n >= cap)
        for (n = cap - 1; n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80;)
            n--;
    memcpy(out, text, n);
    out[n] = 0;
}

static int64_t int_at(const struct fst_doc *list, size_t i)
{
    int64_t v = 0;
    return i < list->n && fst_doc_int(&list->items[i], &v) && v >= 0 ? v : 0;
}

static int64_t int_of(const struct fst_doc *map, const char *key, int64_t fallback)
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
    int64_t n = int_of(doc, "executors", -1);
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
    r->outcome.rows = int_of(doc, "rows", -1);
    r->outcome.bytes = int_of(doc, "bytes", -1);
    r->outcome.files = int_of(doc, "files", -1);
    r->progress.rows = r->outcome.rows;
    r->progress.bytes_written = r->outcome.bytes;
}

/* For the log, after the words that it answers. */
static void tell_answer(const struct fst_doc *doc, struct fst_buf *log)
{
    int64_t n = int_of(doc, "n", -1);
    const char *what = fst_doc_string(doc, "what", "");
    if (n < 0)
        fst_buf_printf(log, "%.1000s: not known\n", what);
    else
        fst_buf_printf(log, "%.1000s: %lld\n", what, (long long)n);
}

/* The root cause first, then what it led to: a line each. */
static void tell_causes(const struct fst_doc *doc, struct fst_buf *log)
{
    const struct fst_doc *chain = fst_doc_get(doc, "chain");
    for (size_t i = 0; chain && chain->kind == FST_DOC_LIST && i < chain->n && i < 12; i++) {
        const char *text = chain->items[i].text.p;
        if (text)
            fst_buf_printf(log, "%s%.*s\n",
                           i ? "  led to: " : "root cause: ", (int)strcspn(text, "\n"), text);
    }
}

/* "org.apache.spark.SparkArithmeticException: words" -> "words" where a class is named first. */
static const char *without_class(const char *text)
{
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._$");
    bool qualified = memchr(text, '.', n) != NULL;
    return qualified && text[n] == ':' && text[n + 1] == ' ' ? text + n + 2 : text;
}

/* Spark's words: the message where it has a condition; else the innermost cause. */
static const char *words_of(const struct fst_doc *doc)
{
    const char *message = fst_doc_string(doc, "msg", "");
    const char *condition = fst_doc_string(doc, "cond", "");
    const struct fst_doc *chain = fst_doc_get(doc, "chain");
    if (*condition || !chain || chain->kind != FST_DOC_LIST || chain->n == 0 ||
        chain->items[0].kind != FST_DOC_STRING)
        return message;
    return chain->items[0].text.p;
}

/* The whole line, without the white space around it. */
static void place_by_line(struct driver_report *r, int64_t line)
{
    size_t n = r->text ? strlen(r->text) : 0;
    if (n == 0 || line < 1 || line > INT32_MAX)
        return;
    const char *p = r->text + fst_sql_offset(r->text, n, (uint32_t)line, 1);
    size_t indent = strspn(p, " \t"), end = strcspn(p, "\r\n");
    while (end > indent && (p[end - 1] == ' ' || p[end - 1] == '\t'))
        end--;
    r->problem.line = (uint32_t)line;
    r->problem.col = (uint32_t)indent + 1;
    r->problem.len = end > indent ? (uint32_t)fst_utf8_length(p + indent, end - indent) : 1;
}

static void find_place(struct driver_report *r, const struct fst_doc *doc, const char *words)
{
    const struct fst_doc *contexts = fst_doc_get(doc, "ctx");
    int64_t line = int_of(doc, "line", 0);
    if (!r->text)
        return;
    if (line > 0) {
        place_by_line(r, line);
        return;
    }
    if (contexts && contexts->kind == FST_DOC_LIST && contexts->n > 0) {
        int64_t start = int_of(&contexts->items[0], "start", -1);
        int64_t stop = int_of(&contexts->items[0], "stop", -1);
        if (start >= 0 && stop >= start && (uint64_t)start < strlen(r->text)) {
            connect_place_of_range(r->text, (uint64_t)start, (uint64_t)stop, &r->problem);
            return;
        }
    }
    if (!connect_place_of_parser(words, r->text, &r->problem))
        connect_place_of_message(words, r->text, &r->problem);
}

static void say_error(struct driver_report *r, const char *cls)
{
    const struct fst_problem *p = &r->problem;
    bool refused = strcmp(cls, "Refused") == 0;
    bool about_text = p->sqlstate[0] == '4' && p->sqlstate[1] == '2';
    char place[48] = "";
    if (p->line)
        snprintf(place, sizeof(place), "line %u:%u: ", p->line, p->col);
    fst_fail(&r->error, refused || about_text ? FST_EINVAL : FST_EREMOTE, "%s%s%s%s", place,
             p->condition, p->condition[0] ? ": " : "", p->message[0] ? p->message : cls);
}

static void on_error(struct driver_report *r, const struct fst_doc *doc)
{
    if (r->error.status != FST_OK)
        return;
    const char *words = without_class(words_of(doc));
    copy_text(r->problem.condition, sizeof(r->problem.condition), fst_doc_string(doc, "cond", ""));
    copy_text(r->problem.sqlstate, sizeof(r->problem.sqlstate),
              fst_doc_string(doc, "sqlstate", ""));
    if (!r->problem.condition[0]) {
        const struct fst_grpc_result as = {.status = 0, .message = (char *)words};
        struct connect_failure f;
        connect_failure_read(&as, &f);
        copy_text(r->problem.condition, sizeof(r->problem.condition), f.condition);
        connect_failure_done(&f);
    }
    find_place(r, doc, words);
    connect_message_clean(words, r->problem.message, sizeof(r->problem.message));
    say_error(r, fst_doc_string(doc, "cls", "the driver failed"));
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
    int64_t rc = int_of(doc, "rc", 1);
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

/* ---- Lines ----------------------------------------------------------------------------------- */

static const struct {
    const char *event;
    void (*take)(struct driver_report *r, const struct fst_doc *doc); /* or NULL */
    void (*tell)(const struct fst_doc *doc, struct fst_buf *log);     /* or NULL */
} events[] = {
    {"start", on_start, NULL},         {"session", on_session, NULL},
    {"schema", on_schema, NULL},       {"progress", on_progress, NULL},
    {"rest", on_rest, NULL},           {"result", on_result, NULL},
    {"answer", NULL, tell_answer},     {"error", on_error, tell_causes},
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

/* Is it a report? Then take it. */
static bool take_report(struct driver_report *r, const char *p, size_t n, struct fst_buf *log)
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

static void add_line(struct fst_buf *log, const char *p, size_t n)
{
    if (!log)
        return;
    size_t room = log->max > log->n + 1 ? log->max - log->n - 1 : 0;
    fst_buf_add(log, p, n < room ? n : room);
    fst_buf_addc(log, '\n');
}

/* The work may have left a line open when the driver spoke: a report stands at the end of a line,
 * not always at its head. */
static void take_line(struct driver_report *r, const char *p, size_t n, struct fst_buf *log)
{
    size_t mark_len = strlen(DRIVER_MARK);
    if (n > 0 && p[n - 1] == '\r')
        n--;
    const char *mark = n ? memmem(p, n, DRIVER_MARK, mark_len) : NULL;
    size_t before = mark ? (size_t)(mark - p) : 0;
    if (!mark) {
        add_line(log, p, n);
        return;
    }
    if (before > 0)
        add_line(log, p, before);
    if (!take_report(r, mark + mark_len, n - before - mark_len, log))
        add_line(log, mark, n - before);
}

/* The line in `part` is over, or as long as a line may be. */
static void end_line(struct driver_report *r, struct driver_stream *s, struct fst_buf *log)
{
    take_line(r, fst_buf_text(&s->part), s->part.n, s->line_at >= s->shown ? log : NULL);
    fst_buf_clear(&s->part);
    s->line_at = s->fed;
    if (log && s->fed > s->shown)
        s->shown = s->fed;
}

/* Bytes within a line. */
static void feed_part(struct driver_report *r, struct driver_stream *s, const char *p, size_t n,
                      struct fst_buf *log)
{
    s->part.max = DRIVER_MAX_LINE;
    while (n > 0) {
        size_t room = DRIVER_MAX_LINE - s->part.n, take = n < room ? n : room;
        fst_buf_add(&s->part, p, take);
        s->fed += take;
        p += take;
        n -= take;
        if (s->part.n >= DRIVER_MAX_LINE)
            end_line(r, s, log);
    }
}

void driver_feed(struct driver_report *r, struct driver_stream *s, const char *p, size_t n,
                 struct fst_buf *log)
{
    while (n > 0) {
        const char *newline = memchr(p, '\n', n);
        size_t take = newline ? (size_t)(newline - p) : n;
        feed_part(r, s, p, take, log);
        if (!newline)
            return;
        s->fed++;
        end_line(r, s, log);
        p += take + 1;
        n -= take + 1;
    }
}

void driver_feed_end(struct driver_report *r, struct driver_stream *s, struct fst_buf *log)
{
    if (s->part.n > 0)
        end_line(r, s, log);
}

struct driver_stream driver_stream_at(uint64_t offset)
{
    return (struct driver_stream){.fed = offset, .line_at = offset, .shown = offset};
}

void driver_stream_done(struct driver_stream *s)
{
    fst_buf_done(&s->part);
    *s = (struct driver_stream){0};
}
