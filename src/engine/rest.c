/* One request of a cluster's REST API. */
#include "rest.h"

#include <stdlib.h>
#include <string.h>

enum { TIMEOUT_MS = 15000, CONNECT_MS = 5000 };
#define MAX_BODY ((size_t)8 << 20)

enum fst_status rest_ask(const struct rest_request *rq, struct rest_answer *out,
                         struct fst_error *err)
{
    struct fst_http_header headers[8] = {{"content-type", "application/json"},
                                         {"accept", "application/json"}};
    size_t n = 2;
    struct fst_http_response rs;
    *out = (struct rest_answer){0};
    for (size_t i = 0; i < rq->n_headers && n < FST_COUNT(headers); i++)
        headers[n++] = rq->headers[i];
    struct fst_http_request http = {.method = rq->method,
                                    .url = rq->url,
                                    .headers = headers,
                                    .n_headers = n,
                                    .body = rq->body,
                                    .body_len = rq->body ? strlen(rq->body) : 0,
                                    .connect_timeout_ms = CONNECT_MS,
                                    .timeout_ms = TIMEOUT_MS,
                                    .max_body = MAX_BODY};
    FST_TRY(fst_http(&http, &rs, err));
    struct fst_doc *doc = NULL;
    const struct fst_doc_limits limits = {.bytes = MAX_BODY};
    out->arena = fst_arena_new();
    out->status = rs.status;
    out->n = rs.body.n;
    out->text = fst_arena_strndup(out->arena, fst_buf_text(&rs.body), rs.body.n);
    out->location = fst_arena_strdup(out->arena, fst_http_header_get(&rs, "location"));
    if (fst_json_parse(out->arena, rq->url, out->text, strlen(out->text), &limits, &doc, NULL) ==
        FST_OK)
        out->doc = doc;
    fst_http_response_done(&rs);
    return FST_OK;
}

void rest_answer_done(struct rest_answer *a)
{
    fst_arena_free(a->arena);
    *a = (struct rest_answer){0};
}

static const struct {
    long status;
    enum fst_status means;
} statuses[] = {{400, FST_EINVAL},    {401, FST_EAUTH},    {403, FST_EDENIED},
                {404, FST_ENOTFOUND}, {429, FST_ETIMEOUT}, {468, FST_EUNSUPPORTED},
                {502, FST_ENET},      {503, FST_ENET},     {504, FST_ETIMEOUT}};

enum fst_status rest_refused(const struct rest_answer *a, const char *what, struct fst_error *err)
{
    enum fst_status means = FST_EREMOTE;
    const char *text = a->doc ? fst_doc_string(a->doc, "msg", NULL) : NULL;
    for (size_t i = 0; i < FST_COUNT(statuses); i++)
        if (statuses[i].status == a->status)
            means = statuses[i].means;
    if (!text && a->doc)
        text = fst_doc_string(a->doc, "message", NULL);
    if (!text)
        text = a->text && a->text[0] != '<' ? a->text : "";
    struct fst_buf clean = FST_BUF(1024);
    fst_text_escape(&clean, text, strcspn(text, "\r\n") < 500 ? strcspn(text, "\r\n") : 500);
    fst_fail(err, means, "%s (HTTP %ld)%s%s", what, a->status, clean.n ? ": " : "",
             fst_buf_text(&clean));
    fst_buf_done(&clean);
    if (err)
        err->code = a->status;
    return means;
}

int64_t rest_int(const struct fst_doc *doc, const char *key, int64_t fallback)
{
    int64_t v;
    const struct fst_doc *node = doc ? fst_doc_get(doc, key) : NULL;
    return node && fst_doc_int(node, &v) ? v : fallback;
}
