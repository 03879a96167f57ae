/* The REST interface of the Spark UI.
 *
 * The stream of an operation tells its progress and its error, but only to whoever holds it. For
 * work found again, GetStatus tells that it ended and not why; the rest is here: jobs carry the
 * operation's id among their tags, and the number of the SQL execution that holds the error. */
#include <stdlib.h>
#include <string.h>

#include "connect.h"

enum { UI_TIMEOUT_MS = 4000, MAX_EXECUTIONS = 2000 };
#define UI_MAX_BODY ((size_t)32 << 20)

static struct fst_doc *get_json(struct fst_arena *a, const char *url)
{
    struct fst_http_request rq = {.url = url,
                                  .connect_timeout_ms = UI_TIMEOUT_MS / 2,
                                  .timeout_ms = UI_TIMEOUT_MS,
                                  .max_body = UI_MAX_BODY};
    struct fst_http_response rs;
    struct fst_doc *doc = NULL;
    const struct fst_doc_limits limits = {.bytes = UI_MAX_BODY};
    if (fst_http(&rq, &rs, NULL) != FST_OK)
        return NULL;
    if (rs.status != 200 ||
        fst_json_parse(a, url, fst_buf_text(&rs.body), rs.body.n, &limits, &doc, NULL) != FST_OK)
        doc = NULL;
    fst_http_response_done(&rs);
    return doc;
}

char *connect_ui_find(struct connect_call *c)
{
    char *port = NULL, *app = NULL, *ui = NULL;
    struct connect_call quiet = *c;
    quiet.problem = NULL;
    if (connect_config_get(&quiet, "spark.app.id", &app, NULL) == FST_OK && app &&
        connect_config_get(&quiet, "spark.ui.port", &port, NULL) == FST_OK) {
        bool v6 = strchr(c->s->target.host, ':') != NULL;
        ui = fst_asprintf("http://%s%s%s:%s/api/v1/applications/%s", v6 ? "[" : "",
                          c->s->target.host, v6 ? "]" : "", port ? port : "4040", app);
    }
    free(port);
    free(app);
    return ui;
}

/* Does a tag end in _Operation_<id>? And the number after execution-root-id-, -1 when none. */
static bool is_of_operation(const struct fst_doc *job, const char *operation, int64_t *execution)
{
    static const char root[] = "-execution-root-id-";
    const struct fst_doc *tags = fst_doc_get(job, "jobTags");
    bool found = false;
    *execution = -1;
    for (size_t i = 0; tags && tags->kind == FST_DOC_LIST && i < tags->n; i++) {
        const char *tag = tags->items[i].text.p;
        const char *op = tag ? strstr(tag, "_Operation_") : NULL;
        const char *at = tag ? strstr(tag, root) : NULL;
        if (op && strcmp(op + strlen("_Operation_"), operation) == 0)
            found = true;
        if (at)
            fst_parse_int64(at + sizeof(root) - 1, strlen(at + sizeof(root) - 1), execution);
    }
    return found;
}

static int64_t number(const struct fst_doc *map, const char *key)
{
    int64_t v = 0;
    const struct fst_doc *node = fst_doc_get(map, key);
    return node && fst_doc_int(node, &v) ? v : 0;
}

static void add_job(const struct fst_doc *job, struct fst_progress *out)
{
    const struct fst_doc *stages = fst_doc_get(job, "stageIds");
    out->tasks_total += number(job, "numTasks") - number(job, "numSkippedTasks");
    out->tasks_done += number(job, "numCompletedTasks");
    out->stages_total += stages ? (int64_t)stages->n - number(job, "numSkippedStages") : 0;
    out->stages_done += number(job, "numCompletedStages");
}

static struct fst_doc *get_jobs(struct fst_arena *a, const char *ui)
{
    char *url = fst_asprintf("%s/jobs", ui);
    struct fst_doc *jobs = get_json(a, url);
    free(url);
    return jobs && jobs->kind == FST_DOC_LIST ? jobs : NULL;
}

bool connect_ui_progress(const char *ui, const char *operation, struct fst_progress *out)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_doc *jobs = get_jobs(a, ui);
    bool any = false;
    int64_t execution;
    for (size_t i = 0; jobs && i < jobs->n; i++) {
        if (!is_of_operation(&jobs->items[i], operation, &execution))
            continue;
        if (!any)
            out->tasks_total = out->tasks_done = out->stages_total = out->stages_done = 0;
        any = true;
        add_job(&jobs->items[i], out);
    }
    fst_arena_free(a);
    return any;
}

static char *execution_error(struct fst_arena *a, const char *ui, int64_t execution)
{
    char *url =
        fst_asprintf("%s/sql/%lld?details=false&planDescription=false", ui, (long long)execution);
    struct fst_doc *sql = get_json(a, url);
    free(url);
    const char *text = sql ? fst_doc_string(sql, "errorMessage", "") : "";
    return *text ? fst_strdup(text) : NULL;
}

/* Before 4.2 the execution's error is not told; that of the job's stage is. */
static char *stage_error(struct fst_arena *a, const char *ui, const struct fst_doc *job)
{
    const struct fst_doc *stages = fst_doc_get(job, "stageIds");
    char *error = NULL;
    if (strcmp(fst_doc_string(job, "status", ""), "FAILED") != 0)
        return NULL;
    for (size_t i = 0; stages && stages->kind == FST_DOC_LIST && i < stages->n && !error; i++) {
        int64_t id;
        if (!fst_doc_int(&stages->items[i], &id))
            continue;
        char *url = fst_asprintf("%s/stages/%lld?details=false", ui, (long long)id);
        const struct fst_doc *attempts = get_json(a, url);
        free(url);
        for (size_t k = 0; attempts && attempts->kind == FST_DOC_LIST && k < attempts->n; k++) {
            const char *why = fst_doc_string(&attempts->items[k], "failureReason", "");
            if (*why && !error)
                error = fst_strdup(why);
        }
    }
    return error;
}

/* Work that failed before its first job has no tags, but its session in the description. */
static char *session_error(struct fst_arena *a, const char *ui, const char *session)
{
    char *url =
        fst_asprintf("%s/sql?details=false&planDescription=false&length=%d", ui, MAX_EXECUTIONS);
    struct fst_doc *list = get_json(a, url);
    free(url);
    for (size_t i = list && list->kind == FST_DOC_LIST ? list->n : 0; i-- > 0;) {
        const char *error = fst_doc_string(&list->items[i], "errorMessage", "");
        if (*error && strstr(fst_doc_string(&list->items[i], "description", ""), session))
            return fst_strdup(error);
    }
    return NULL;
}

char *connect_ui_error(const char *ui, const char *operation, const char *session)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_doc *jobs = get_jobs(a, ui);
    char *error = NULL;
    int64_t execution;
    for (size_t i = 0; jobs && i < jobs->n && !error; i++) {
        if (!is_of_operation(&jobs->items[i], operation, &execution))
            continue;
        if (execution >= 0)
            error = execution_error(a, ui, execution);
        if (!error)
            error = stage_error(a, ui, &jobs->items[i]);
    }
    if (!error)
        error = session_error(a, ui, session);
    fst_arena_free(a);
    return error;
}
