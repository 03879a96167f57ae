/* How work spent its time: from a run's profile.json, an event log, or a Spark UI; with findings by
 * the workspace's thresholds, and what changed since the good run before. */
#include "firesteel/profile.h"

#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "eventlog.h"

#define MAX_PROFILE ((size_t)64 << 20)
#define MAX_ANSWER ((size_t)64 << 20)
#define MAX_MUTED 64
#define RUNS_LOOKED_AT 50 /* for a good run before */

/* ---- Findings by the workspace's settings ------------------------------------------------------
 */

static double threshold(void *arg, const char *name)
{
    char *key = fst_asprintf("findings.%s", name);
    const char *value = fst_app_setting(arg, key);
    double v = value ? strtod(value, NULL) : 0;
    free(key);
    return v;
}

/* Words between commas and blanks, up to MAX_MUTED in all. */
static void add_words(struct fst_arena *a, const char *text, const char **out, size_t *n)
{
    for (const char *p = text; *p && *n < MAX_MUTED;) {
        size_t len = strcspn(p, ", ");
        if (len)
            out[(*n)++] = fst_arena_strndup(a, p, len);
        p += len + strspn(p + len, ", ");
    }
}

static const char *property(const struct fst_resource *r, const char *key)
{
    for (size_t i = 0; r && i < r->n_properties; i++)
        if (strcmp(r->properties[i].key, key) == 0)
            return r->properties[i].value;
    return "";
}

static void conclude(struct fst_app *a, const struct fst_resource *r, struct fst_app_profile *p)
{
    const char *muted[MAX_MUTED + 1] = {NULL};
    size_t n = 0;
    const char *everywhere = fst_app_setting(a, "findings.muted");
    add_words(p->arena, everywhere ? everywhere : "", muted, &n);
    add_words(p->arena, property(r, "mute"), muted, &n);
    struct fst_findings_options o = {.before = p->before,
                                     .sql = r ? r->sql : NULL,
                                     .muted = muted,
                                     .threshold = threshold,
                                     .arg = a,
                                     .now_us = p->profile->finished ? 0 : fst_now_us()};
    fst_findings_of(p->profile, &o, &p->findings);
    if (p->before)
        p->n_changes = fst_profile_changes(p->before, p->profile, p->arena, &p->changes);
}

void fst_app_profile_done(struct fst_app_profile *p)
{
    fst_profile_free(p->profile);
    fst_profile_free(p->before);
    fst_findings_done(&p->findings);
    if (p->arena)
        fst_arena_free(p->arena);
    *p = (struct fst_app_profile){0};
}

/* ---- Of a run ----------------------------------------------------------------------------------
 */

static char *profile_path(const struct fst_app *a, const char *run_id)
{
    return fst_asprintf("%s/%s/profile.json", a->place.runs_dir, run_id);
}

static enum fst_status read_profile(const struct fst_app *a, const char *run_id,
                                    struct fst_profile **out, struct fst_error *err)
{
    char *path = profile_path(a, run_id), *text = NULL;
    size_t n;
    enum fst_status status = fst_file_read(path, MAX_PROFILE, &text, &n, err);
    if (status == FST_OK)
        status = fst_profile_read(path, text, n, out, err);
    else if (status == FST_ENOTFOUND)
        fst_fail(err, status,
                 "run %s has no profile: Spark tells stages, from the first one on; other engines "
                 "do not",
                 run_id);
    free(path);
    free(text);
    return status;
}

/* The newest READY run of the same resource before this one that has a profile. */
static void find_before(struct fst_app *a, struct fst_catalog *c, const struct fst_run_record *run,
                        struct fst_app_profile *p)
{
    struct fst_runs runs;
    struct fst_error err;
    struct fst_run_query q = {
        .resource_id = run->resource_id, .state = FST_STATE_READY, .limit = RUNS_LOOKED_AT};
    if (fst_catalog_runs(c, &q, &runs, &err) != FST_OK)
        return;
    for (size_t i = 0; i < runs.n && !p->before; i++) {
        const struct fst_run_record *r = runs.runs[i];
        if (r->created_us < run->created_us && strcmp(r->id, run->id) != 0 &&
            read_profile(a, r->id, &p->before, &err) == FST_OK)
            p->before_run = fst_arena_strdup(p->arena, r->id);
    }
    fst_runs_done(&runs);
}

static enum fst_status profile_of_run(struct fst_app *a, struct fst_catalog *c, const char *run_id,
                                      struct fst_app_profile *p, struct fst_error *err)
{
    struct fst_run_record *run;
    struct fst_resource *r = NULL;
    FST_TRY(fst_catalog_get_run(c, run_id, &run, err));
    enum fst_status status = read_profile(a, run->id, &p->profile, err);
    if (status == FST_OK) {
        find_before(a, c, run, p);
        if (fst_catalog_get(c, run->resource_id, &r, NULL) != FST_OK)
            r = NULL; /* lines and muting need it, the rest does not */
        conclude(a, r, p);
    }
    fst_resource_free(r);
    fst_run_record_free(run);
    return status;
}

enum fst_status fst_app_profile(struct fst_app *a, const char *run_id, struct fst_app_profile *out,
                                struct fst_error *err)
{
    struct fst_catalog *c;
    *out = (struct fst_app_profile){.arena = fst_arena_new()};
    enum fst_status status = fst_app_take(a, &c, err);
    if (status == FST_OK) {
        status = profile_of_run(a, c, run_id, out, err);
        fst_app_give(a, c);
    }
    if (status != FST_OK)
        fst_app_profile_done(out);
    return status;
}

/* ---- Of an event log ---------------------------------------------------------------------------
 */

enum fst_status fst_app_profile_of_log(struct fst_app *a, const char *path, const char *tag,
                                       struct fst_app_profile *out, struct fst_error *err)
{
    *out = (struct fst_app_profile){.arena = fst_arena_new()};
    enum fst_status status = fst__eventlog_read(path, tag, &out->profile, &out->damaged, err);
    if (status == FST_OK)
        conclude(a, NULL, out);
    else
        fst_app_profile_done(out);
    return status;
}

/* ---- From a Spark UI ---------------------------------------------------------------------------
 */

struct asking {
    struct fst_arena *arena;
    struct fst_http_client *client;
    const char *url;
    fst_cancelled_fn cancelled;
    void *cancel_arg;
};

/* GET url/api/v1/applications... as a document; `*out` stays NULL when the server has no such page.
 */
static enum fst_status ask(const struct asking *q, const char *path, const struct fst_doc **out,
                           struct fst_error *err)
{
    char *url =
        fst_asprintf("%.*s/api/v1/applications%s",
                     (int)(strlen(q->url) - (q->url[strlen(q->url) - 1] == '/')), q->url, path);
    struct fst_http_request rq = {.client = q->client,
                                  .url = url,
                                  .timeout_ms = 60000,
                                  .max_body = MAX_ANSWER,
                                  .cancelled = q->cancelled,
                                  .cancel_arg = q->cancel_arg};
    struct fst_http_response rs = {0};
    struct fst_doc_limits limits = {.bytes = MAX_ANSWER, .nodes = (size_t)8 << 20};
    struct fst_doc *doc = NULL;
    enum fst_status status = fst_http(&rq, &rs, err);
    *out = NULL;
    if (status == FST_OK && rs.status == 200)
        status =
            fst_json_parse(q->arena, url, fst_buf_text(&rs.body), rs.body.n, &limits, &doc, err);
    else if (status == FST_OK && rs.status != 404)
        status = fst_fail(err, rs.status == 401 || rs.status == 403 ? FST_EDENIED : FST_EREMOTE,
                          "%s answered with status %ld", url, rs.status);
    *out = doc;
    fst_http_response_done(&rs);
    free(url);
    return status;
}

/* The only application there, or the words to choose one. */
static enum fst_status only_application(const struct asking *q, const char **id,
                                        struct fst_error *err)
{
    const struct fst_doc *list;
    FST_TRY(ask(q, "", &list, err));
    if (!list || list->kind != FST_DOC_LIST || list->n == 0)
        return fst_fail(err, FST_ENOTFOUND, "%s: there is no Spark application", q->url);
    const struct fst_doc *first = &list->items[0];
    *id = first->kind == FST_DOC_MAP ? fst_doc_string(first, "id", "") : "";
    if (list->n > 1)
        return fst_fail(err, FST_EINVAL,
                        "%s: there are %zu applications, the newest is %s: name one", q->url,
                        list->n, *id);
    return FST_OK;
}

static bool is_application(const char *id)
{
    size_t n = strlen(id);
    return n > 0 && n < 256 && !strstr(id, "..") &&
           strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./") == n;
}

static enum fst_status ask_all(const struct asking *q, const char *id, struct fst_profile_rest *in,
                               struct fst_error *err)
{
    const char *alone = fst_arena_strndup(q->arena, id, strcspn(id, "/"));
    const struct {
        const char *path;
        const struct fst_doc **to;
    } pages[] = {
        {"/stages?withSummaries=true&quantiles=0,0.25,0.5,0.75,0.95,1", &in->stages},
        {"/jobs", &in->jobs},
        {"/allexecutors", &in->executors},
        {"/sql?details=true&length=1000", &in->sql},
        {"/environment", &in->environment},
    };
    FST_TRY(ask(q, fst_arena_printf(q->arena, "/%s", alone), &in->application, err));
    for (size_t i = 0; i < FST_COUNT(pages); i++)
        FST_TRY(ask(q, fst_arena_printf(q->arena, "/%s%s", id, pages[i].path), pages[i].to, err));
    if (!in->stages)
        return fst_fail(err, FST_ENOTFOUND, "%s: there is no application %s", q->url, id);
    return FST_OK;
}

static enum fst_status profile_of_url(const struct asking *q, const char *id, const char *tag,
                                      struct fst_profile **out, struct fst_error *err)
{
    struct fst_profile_rest in = {.tag = tag};
    if (!id)
        FST_TRY(only_application(q, &id, err));
    if (!is_application(id))
        return fst_fail(err, FST_EINVAL, "this is no application's id: %.100s", id);
    FST_TRY(ask_all(q, id, &in, err));
    return fst_profile_of_rest(&in, out, err);
}

enum fst_status fst_app_profile_of_url(struct fst_app *a, const char *url, const char *application,
                                       const char *tag, fst_cancelled_fn cancelled,
                                       void *cancel_arg, struct fst_app_profile *out,
                                       struct fst_error *err)
{
    *out = (struct fst_app_profile){.arena = fst_arena_new()};
    struct asking q = {.arena = fst_arena_new(),
                       .client = fst_http_client_new(),
                       .url = url,
                       .cancelled = cancelled,
                       .cancel_arg = cancel_arg};
    bool is_http = strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0;
    enum fst_status status =
        is_http ? profile_of_url(&q, application, tag, &out->profile, err)
                : fst_fail(err, FST_EINVAL, "%.100s: is no http:// or https:// address", url);
    if (status == FST_OK)
        conclude(a, NULL, out);
    else
        fst_app_profile_done(out);
    fst_http_client_free(q.client);
    fst_arena_free(q.arena);
    return status;
}
