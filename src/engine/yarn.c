/* The resource manager's REST API, and the log of an application's master at its node.
 *
 * Of several resource managers one is active; the others send on or say that they stand by, so
 * they are asked in turn. A node gives a log as a whole, or so many bytes of its end, wrapped in a
 * few lines that tell its length: that is enough to read on from any byte, and to stop when there
 * is no more room. */
#include "yarn.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "rest.h"

enum {
    MAX_DIAGNOSTICS = 64 * 1024,
    LOG_TIMEOUT_MS = 60000,
    CONNECT_MS = 5000,
    SLACK = 8 * 1024, /* of a log's end: what may have come since it was looked at */
    MAX_HEAD = 16 * 1024,
    TRIES = 3,
};

/* ---- Asking ---------------------------------------------------------------------------------- */

static bool stands_by(const struct rest_answer *a)
{
    return (a->status >= 300 && a->status < 400) ||
           (!a->doc && a->text && strstr(a->text, "standby RM"));
}

static enum fst_status ask_one(const struct yarn_place *p, size_t i, const char *method,
                               const char *body, const char *path, struct rest_answer *out,
                               struct fst_error *err)
{
    char *url = fst_asprintf("%s/ws/v1/cluster%s%cuser.name=%s", p->urls[i], path,
                             strchr(path, '?') ? '&' : '?', p->user);
    enum fst_status status =
        rest_ask(&(struct rest_request){.method = method, .url = url, .body = body}, out, err);
    free(url);
    if (status != FST_OK) {
        fst_while(err, "YARN's resource manager at %s", p->urls[i]);
        return status;
    }
    if (!stands_by(out))
        return FST_OK;
    rest_answer_done(out);
    return fst_fail(err, FST_ENET, "the resource manager at %s stands by for another", p->urls[i]);
}

/* The one that answered last, then the others. */
static enum fst_status ask(struct yarn_place *p, const char *method, const char *body,
                           const char *path, struct rest_answer *out, struct fst_error *err)
{
    enum fst_status status = FST_ENET;
    for (size_t k = 0; k < p->n; k++) {
        size_t i = (p->active + k) % p->n;
        status = ask_one(p, i, method, body, path, out, err);
        if (status == FST_OK) {
            p->active = i;
            return FST_OK;
        }
    }
    return status;
}

/* {"RemoteException":{"message":..}}; what is no JSON comes from something in between. */
static enum fst_status refused(struct rest_answer *a, const char *what, struct fst_error *err)
{
    const struct fst_doc *e = a->doc ? fst_doc_get(a->doc, "RemoteException") : NULL;
    if (e)
        a->doc = e;
    enum fst_status status = rest_refused(a, what, err);
    if (a->status == 401)
        return fst_fail(
            err, FST_EAUTH,
            "%s: the resource manager asks for Kerberos, which is not spoken here (HTTP "
            "401)",
            what);
    if (a->status >= 500 || !a->doc) {
        status = FST_ENET;
        if (err)
            err->status = status;
    }
    return status;
}

/* ---- Applications ---------------------------------------------------------------------------- */

void yarn_app_done(struct yarn_app *app)
{
    free(app->diagnostics);
    *app = (struct yarn_app){.containers = -1};
}

bool yarn_app_is_over(const struct yarn_app *app)
{
    return strcmp(app->state, "FINISHED") == 0 || strcmp(app->state, "FAILED") == 0 ||
           strcmp(app->state, "KILLED") == 0;
}

static bool is_word(const char *text)
{
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
    return n > 0 && text[n] == 0;
}

static void take(char *out, size_t cap, const struct fst_doc *doc, const char *key)
{
    const char *text = fst_doc_string(doc, key, "");
    snprintf(out, cap, "%s", strlen(text) < cap ? text : "");
}

static bool is_plain_url(const char *url)
{
    for (const char *c = url; *c; c++)
        if (*c <= ' ' || *c >= 127 || strchr("\"<>\\^`{|}", *c))
            return false;
    return strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0;
}

/* "http://node:8042/node/containerlogs/CONTAINER/USER" is for people; programs are answered at
 * "http://node:8042/ws/v1/node/containers/CONTAINER/logs". */
static void take_log_url(struct yarn_app *app, const struct fst_doc *doc)
{
    static const char words[] = "/node/containerlogs/";
    const char *url = fst_doc_string(doc, "amContainerLogs", "");
    const char *at = strstr(url, words);
    const char *container = at ? at + sizeof words - 1 : "";
    size_t n = strcspn(container, "/");
    int used =
        n > 0 && n < 128 && is_plain_url(url)
            ? snprintf(app->log_url, sizeof app->log_url, "%.*s/ws/v1/node/containers/%.*s/logs",
                       (int)(at - url), url, (int)n, container)
            : 0;
    if (used <= 0 || (size_t)used >= sizeof app->log_url)
        app->log_url[0] = 0;
}

static bool take_app(const struct fst_doc *doc, struct yarn_app *out)
{
    *out = (struct yarn_app){.containers = -1};
    take(out->id, sizeof out->id, doc, "id");
    take(out->state, sizeof out->state, doc, "state");
    take(out->final, sizeof out->final, doc, "finalStatus");
    take(out->tracking, sizeof out->tracking, doc, "trackingUrl");
    take_log_url(out, doc);
    const struct fst_doc *progress = fst_doc_get(doc, "progress");
    double percent = progress ? fst_doc_double(progress, 0) : 0;
    out->percent = percent >= 0 && percent <= 100 ? (int)percent : 0;
    out->containers = rest_int(doc, "runningContainers", -1);
    const char *said = fst_doc_string(doc, "diagnostics", "");
    size_t n = strlen(said), skip = n > MAX_DIAGNOSTICS ? n - MAX_DIAGNOSTICS : 0;
    out->diagnostics = n ? fst_strdup(said + skip) : NULL; /* the end tells why */
    if (is_word(out->id) && is_word(out->state))
        return true;
    yarn_app_done(out);
    return false;
}

static const struct fst_doc *newest_app(const struct fst_doc *doc)
{
    const struct fst_doc *apps = doc ? fst_doc_get(doc, "apps") : NULL;
    const struct fst_doc *list = apps ? fst_doc_get(apps, "app") : NULL;
    const struct fst_doc *best = NULL;
    for (size_t i = 0; list && list->kind == FST_DOC_LIST && i < list->n; i++)
        if (!best || rest_int(&list->items[i], "startedTime", 0) > rest_int(best, "startedTime", 0))
            best = &list->items[i];
    return best;
}

enum fst_status yarn_app_find(struct yarn_place *p, const char *tag, struct yarn_app *out,
                              struct fst_error *err)
{
    struct rest_answer a;
    *out = (struct yarn_app){.containers = -1};
    char *path = fst_asprintf("/apps?applicationTags=%s", tag);
    enum fst_status status = ask(p, NULL, NULL, path, &a, err);
    free(path);
    FST_TRY(status);
    const struct fst_doc *app = newest_app(a.doc);
    if (a.status != 200 || !a.doc || !fst_doc_get(a.doc, "apps"))
        status = refused(&a, "YARN does not tell its applications", err);
    else if (!app)
        status = fst_fail(err, FST_ENOTFOUND, "YARN at %s knows no application with the tag %s",
                          p->urls[p->active], tag);
    else if (!take_app(app, out))
        status = fst_fail(err, FST_ENET, "YARN at %s describes an application that is none",
                          p->urls[p->active]);
    rest_answer_done(&a);
    return status;
}

enum fst_status yarn_app_ask(struct yarn_place *p, const char *id, struct yarn_app *out,
                             struct fst_error *err)
{
    struct rest_answer a;
    *out = (struct yarn_app){.containers = -1};
    char *path = fst_asprintf("/apps/%s", id);
    enum fst_status status = ask(p, NULL, NULL, path, &a, err);
    free(path);
    FST_TRY(status);
    const struct fst_doc *app = a.doc ? fst_doc_get(a.doc, "app") : NULL;
    if (a.status != 200 || !app)
        status = refused(&a, "YARN does not tell of the application", err);
    else if (!take_app(app, out))
        status = fst_fail(err, FST_ENET, "YARN at %s describes an application that is none",
                          p->urls[p->active]);
    rest_answer_done(&a);
    return status;
}

enum fst_status yarn_app_kill(struct yarn_place *p, const char *id, struct fst_error *err)
{
    struct rest_answer a;
    char *path = fst_asprintf("/apps/%s/state", id);
    enum fst_status status = ask(p, "PUT", "{\"state\":\"KILLED\"}", path, &a, err);
    free(path);
    FST_TRY(status);
    if (a.status != 200 && a.status != 202)
        status = refused(&a, "YARN did not end the application", err);
    rest_answer_done(&a);
    return status;
}

void yarn_free_text(struct yarn_place *p, char *out, size_t cap)
{
    struct rest_answer a;
    out[0] = 0;
    if (ask(p, NULL, NULL, "/metrics", &a, NULL) != FST_OK)
        return;
    const struct fst_doc *m = a.doc ? fst_doc_get(a.doc, "clusterMetrics") : NULL;
    if (a.status == 200 && m)
        snprintf(out, cap, "%lld MB and %lld cores are free on %lld nodes",
                 (long long)rest_int(m, "availableMB", 0),
                 (long long)rest_int(m, "availableVirtualCores", 0),
                 (long long)rest_int(m, "activeNodes", 0));
    rest_answer_done(&a);
}

/* ---- Logs ------------------------------------------------------------------------------------ */

/* An answer as it comes: lines about the log, the bytes that were asked for, lines at the end. */
struct tail {
    struct fst_buf head;
    bool is_in, is_gap, is_bad, is_full;
    uint64_t asked;      /* so many bytes of the end */
    uint64_t length, at; /* of the log, and of the next byte that comes */
    uint64_t from;
    size_t room;
    struct fst_buf *out;
};

static bool read_head(struct tail *t, const char *marker)
{
    static const char words[] = "\nLogLength:";
    const char *line = memmem(t->head.p, (size_t)(marker - t->head.p), words, sizeof words - 1);
    const char *digits = line ? line + sizeof words - 1 : "";
    int64_t length = -1;
    if (!fst_parse_int64(digits, strspn(digits, "0123456789"), &length) || length < 0) {
        t->is_bad = true;
        return false;
    }
    t->is_in = true;
    t->length = (uint64_t)length;
    t->at = t->asked < t->length ? t->length - t->asked : 0;
    t->is_gap = t->at > t->from;
    return !t->is_gap;
}

static bool take_bytes(struct tail *t, const char *p, size_t n)
{
    uint64_t left = t->length > t->at ? t->length - t->at : 0;
    n = n < left ? n : (size_t)left;
    uint64_t skip = t->from > t->at ? t->from - t->at : 0;
    if (skip < n) {
        size_t take_n = n - (size_t)skip < t->room ? n - (size_t)skip : t->room;
        fst_buf_add(t->out, p + skip, take_n);
        t->room -= take_n;
    }
    t->at += n;
    t->is_full = t->room == 0;
    return !t->is_full;
}

static bool on_bytes(void *arg, const void *p, size_t n)
{
    static const char words[] = "\nLogContents:\n";
    struct tail *t = arg;
    if (t->is_in)
        return take_bytes(t, p, n);
    fst_buf_add(&t->head, p, n);
    const char *marker = t->head.n ? memmem(t->head.p, t->head.n, words, sizeof words - 1) : NULL;
    if (!marker) {
        t->is_bad = t->head.over;
        return !t->is_bad;
    }
    const char *first = marker + sizeof words - 1;
    if (!read_head(t, marker))
        return false;
    return take_bytes(t, first, (size_t)(t->head.p + t->head.n - first));
}

static enum fst_status fetch_tail(const struct yarn_place *p, const struct yarn_app *app,
                                  const char *file, struct tail *t, struct fst_error *err)
{
    struct fst_http_response rs;
    const struct fst_http_header headers[] = {{"accept", "text/plain"}};
    char *url = fst_asprintf("%s/%s?size=-%llu&user.name=%s", app->log_url, file,
                             (unsigned long long)t->asked, p->user);
    const struct fst_http_request rq = {.url = url,
                                        .headers = headers,
                                        .n_headers = 1,
                                        .connect_timeout_ms = CONNECT_MS,
                                        .timeout_ms = LOG_TIMEOUT_MS,
                                        .max_body = SIZE_MAX,
                                        .on_body = on_bytes,
                                        .arg = t};
    enum fst_status status = fst_http(&rq, &rs, err);
    free(url);
    if (status == FST_ECANCELLED && (t->is_gap || t->is_full))
        return FST_OK; /* by us */
    if (status == FST_ECANCELLED)
        return fst_fail(err, FST_EFORMAT, "%s: what the node sends is no log", app->log_url);
    FST_TRY(status);
    long said = rs.status;
    fst_http_response_done(&rs);
    if (said == 404 || (said >= 300 && said < 400))
        return fst_fail(err, FST_ENOTFOUND, "the node has no %s of the driver (any more)", file);
    return said == 200 ? FST_OK
                       : fst_fail(err, said == 401 ? FST_EAUTH : FST_ENET,
                                  "%s: HTTP %ld for the driver's %s", app->log_url, said, file);
}

enum fst_status yarn_log_read(const struct yarn_place *p, const struct yarn_app *app,
                              const char *file, uint64_t from, size_t cap, struct fst_buf *out,
                              struct fst_error *err)
{
    uint64_t asked = SLACK;
    if (!app->log_url[0] || cap == 0)
        return FST_OK;
    for (int i = 0; i < TRIES; i++) {
        struct tail t = {
            .head = FST_BUF(MAX_HEAD), .asked = asked, .from = from, .room = cap, .out = out};
        enum fst_status status = fetch_tail(p, app, file, &t, err);
        fst_buf_done(&t.head);
        if (status != FST_OK || !t.is_gap)
            return status;
        asked = t.length - from + SLACK;
    }
    return FST_OK; /* it grows faster than it is read: the next time */
}
