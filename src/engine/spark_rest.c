/* What a Spark application's web interface knows of its work.
 *
 * A profile is made of few large answers: jobs (which of them are ours), stages with their spreads
 * over tasks, executors, the SQL executions with the operators of their plans, and once the
 * settings. A server that many share remembers a thousand stages, of which the spreads are the dear
 * part: when that answer is too large or too slow, the stages come without them, and from then on.
 * The first request to a new web interface can take seconds. */
#include <stdlib.h>
#include <string.h>

#include "spark_rest.h"

#define MAX_BODY ((size_t)32 << 20)
#define QUANTILES "withSummaries=true&quantiles=0,0.25,0.5,0.75,0.95,1"
enum {
    CONNECT_TIMEOUT_MS = 2000,
    TIMEOUT_MS = 12000,
    MAX_EXECUTIONS = 64, /* asked for at once */
    MAX_NODES = 2000000,
};

struct spark_rest {
    char *base, *tag;
    struct fst_arena *kept; /* what is asked for once */
    struct fst_doc *application, *environment;
    bool environment_asked;
    bool without_spreads;
    struct fst_arena *arena; /* of the newest answers */
};

struct spark_rest *spark_rest_new(const char *base, const char *attempt, const char *tag)
{
    struct spark_rest *r = fst_alloc(sizeof(*r));
    r->base = attempt ? fst_asprintf("%s/%s", base, attempt) : fst_strdup(base);
    r->tag = fst_strdup(tag);
    r->kept = fst_arena_new();
    return r;
}

void spark_rest_free(struct spark_rest *r)
{
    if (!r)
        return;
    if (r->arena)
        fst_arena_free(r->arena);
    fst_arena_free(r->kept);
    free(r->base);
    free(r->tag);
    free(r);
}

/* ---- Requests -------------------------------------------------------------------------------- */

struct asking {
    const struct spark_rest *r;
    fst_cancelled_fn cancelled;
    void *cancel_arg;
};

static enum fst_status status_of(const char *url, long http, struct fst_error *err)
{
    enum fst_status status = http == 404                  ? FST_ENOTFOUND
                             : http == 401 || http == 403 ? FST_EAUTH
                                                          : FST_EREMOTE;
    fst_fail(err, status, "Spark's web interface answers %ld to %s", http, url);
    if (err)
        err->code = http;
    return status;
}

static enum fst_status get(const struct asking *q, struct fst_arena *a, const char *what,
                           struct fst_doc **out, struct fst_error *err)
{
    char *url = fst_arena_printf(a, "%s%s%s", q->r->base, *what ? "/" : "", what);
    const struct fst_http_request rq = {.url = url,
                                        .connect_timeout_ms = CONNECT_TIMEOUT_MS,
                                        .timeout_ms = TIMEOUT_MS,
                                        .max_body = MAX_BODY,
                                        .cancelled = q->cancelled,
                                        .cancel_arg = q->cancel_arg};
    const struct fst_doc_limits limits = {.bytes = MAX_BODY, .nodes = MAX_NODES};
    struct fst_http_response rs;
    *out = NULL;
    FST_TRY(fst_http(&rq, &rs, err));
    enum fst_status status = rs.status != 200 ? status_of(url, rs.status, err)
                                              : fst_json_parse(a, url, fst_buf_text(&rs.body),
                                                               rs.body.n, &limits, out, err);
    fst_http_response_done(&rs);
    return status;
}

static enum fst_status get_list(const struct asking *q, const char *what, struct fst_doc **out,
                                struct fst_error *err)
{
    FST_TRY(get(q, q->r->arena, what, out, err));
    if ((*out)->kind == FST_DOC_LIST)
        return FST_OK;
    *out = NULL;
    return fst_fail(err, FST_EFORMAT, "%s/%s is no list", q->r->base, what);
}

/* What a profile can do without; only a cancel is told. */
static enum fst_status get_if_there(const struct asking *q, struct fst_arena *a, const char *what,
                                    struct fst_doc **out, struct fst_error *err)
{
    struct fst_error why = {.status = FST_OK};
    if (get(q, a, what, out, &why) != FST_ECANCELLED)
        return FST_OK;
    return fst_fail(err, FST_ECANCELLED, "%s", why.text);
}

/* ---- Which jobs are ours --------------------------------------------------------------------- */

bool spark_rest_job_is_of(const struct fst_doc *job, const char *tag)
{
    const struct fst_doc *tags = fst_doc_get(job, "jobTags");
    size_t n = tag ? strlen(tag) : 0;
    if (!tag)
        return true;
    for (size_t i = 0; tags && tags->kind == FST_DOC_LIST && i < tags->n; i++) {
        struct fst_str t = tags->items[i].text;
        if (t.p && t.n >= n && memcmp(t.p + t.n - n, tag, n) == 0)
            return true;
    }
    return false;
}

/* SQL executions of our jobs: the least and the greatest number; -1 = none. */
struct executions {
    int64_t first, last;
    size_t jobs;
};

static void add_execution(struct executions *x, const struct fst_doc *job)
{
    static const char mark[] = "-execution-root-id-";
    const struct fst_doc *tags = fst_doc_get(job, "jobTags");
    for (size_t i = 0; tags && tags->kind == FST_DOC_LIST && i < tags->n; i++) {
        const char *at = tags->items[i].text.p ? strstr(tags->items[i].text.p, mark) : NULL;
        int64_t id;
        if (!at || !fst_parse_int64(at + sizeof(mark) - 1, strlen(at + sizeof(mark) - 1), &id))
            continue;
        x->first = x->first < 0 || id < x->first ? id : x->first;
        x->last = id > x->last ? id : x->last;
    }
}

static struct executions find_executions(const struct fst_doc *jobs, const char *tag)
{
    struct executions x = {-1, -1, 0};
    for (size_t i = 0; i < jobs->n; i++) {
        if (!spark_rest_job_is_of(&jobs->items[i], tag))
            continue;
        x.jobs++;
        add_execution(&x, &jobs->items[i]);
    }
    return x;
}

/* ---- Fetch ----------------------------------------------------------------------------------- */

/* One execution as a list of one, so that readers see one shape. */
static struct fst_doc *as_list(struct fst_arena *a, struct fst_doc *doc)
{
    if (!doc || doc->kind != FST_DOC_MAP)
        return doc;
    struct fst_doc *list = fst_arena_alloc(a, sizeof(*list));
    *list = (struct fst_doc){.kind = FST_DOC_LIST, .n = 1, .items = doc};
    return list;
}

/* Numbers are places in the list as long as Spark has not begun to forget; the one of a single
 * execution holds always. */
static enum fst_status fetch_sql(const struct asking *q, const struct executions *x,
                                 struct fst_doc **out, struct fst_error *err)
{
    static const char wish[] = "details=true&planDescription=false";
    struct fst_arena *a = q->r->arena;
    char *what;
    if (q->r->tag && x->first < 0)
        return FST_OK;
    if (!q->r->tag)
        what = fst_arena_printf(a, "sql?%s&offset=0&length=%d", wish, MAX_EXECUTIONS);
    else if (x->first == x->last)
        what = fst_arena_printf(a, "sql/%lld?%s", (long long)x->first, wish);
    else
        what = fst_arena_printf(a, "sql?%s&offset=%lld&length=%lld", wish, (long long)x->first,
                                (long long)(x->last - x->first < MAX_EXECUTIONS
                                                ? x->last - x->first + 1
                                                : MAX_EXECUTIONS));
    enum fst_status status = get_if_there(q, a, what, out, err);
    *out = as_list(a, *out);
    return status;
}

static enum fst_status fetch_stages(struct spark_rest *r, const struct asking *q,
                                    struct fst_doc **out, struct fst_error *err)
{
    if (!r->without_spreads) {
        enum fst_status status = get_list(q, "stages?" QUANTILES, out, err);
        if (status != FST_ENOMEM && status != FST_ETIMEOUT)
            return status;
        r->without_spreads = true;
    }
    return get_list(q, "stages", out, err);
}

/* What stays: first the settings, next time the application itself. */
static enum fst_status fetch_lasting(struct spark_rest *r, const struct asking *q,
                                     struct fst_error *err)
{
    if (!r->environment_asked) {
        r->environment_asked = true;
        return get_if_there(q, r->kept, "environment", &r->environment, err);
    }
    return r->application ? FST_OK : get_if_there(q, r->kept, "", &r->application, err);
}

enum fst_status spark_rest_fetch(struct spark_rest *r, fst_cancelled_fn cancelled, void *cancel_arg,
                                 struct fst_profile_rest *out, struct fst_error *err)
{
    const struct asking q = {r, cancelled, cancel_arg};
    struct fst_doc *jobs, *stages, *executors = NULL, *sql = NULL;
    if (r->arena)
        fst_arena_free(r->arena);
    r->arena = fst_arena_new();
    FST_TRY(get_list(&q, "jobs", &jobs, err));
    const struct executions x = find_executions(jobs, r->tag);
    if (x.jobs == 0)
        return fst_fail(err, FST_ENOTFOUND, "Spark's web interface at %s knows no job of this work",
                        r->base);
    FST_TRY(fetch_stages(r, &q, &stages, err));
    FST_TRY(get_if_there(&q, r->arena, "allexecutors", &executors, err));
    FST_TRY(fetch_sql(&q, &x, &sql, err));
    FST_TRY(fetch_lasting(r, &q, err));
    *out = (struct fst_profile_rest){.application = r->application,
                                     .jobs = jobs,
                                     .stages = stages,
                                     .executors = executors,
                                     .sql = sql,
                                     .environment = r->environment,
                                     .tag = r->tag};
    return FST_OK;
}
