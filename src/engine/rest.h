/* JSON over HTTP, as the cluster engines speak it: one request, one document, whatever comes. */
#ifndef ENGINE_REST_H
#define ENGINE_REST_H

#include "firesteel/io.h"

struct rest_answer {
    struct fst_arena *arena;
    long status;               /* HTTP */
    const struct fst_doc *doc; /* NULL when the body is no JSON */
    const char *text;          /* the body */
    size_t n;
    const char *location; /* header, or NULL */
};
struct rest_request {
    const char *method; /* NULL = GET */
    const char *url;
    const char *body; /* JSON, or NULL */
    const struct fst_http_header *headers;
    size_t n_headers;
};
/* FST_OK for every answer, whatever its status; otherwise the line is to blame. */
enum fst_status rest_ask(const struct rest_request *rq, struct rest_answer *out,
                         struct fst_error *err);
void rest_answer_done(struct rest_answer *a);
/* The error of an answer that is none of the good ones, in a sentence: "msg" or "message" of the
 * body, cut before any stack. */
enum fst_status rest_refused(const struct rest_answer *a, const char *what, struct fst_error *err);
int64_t rest_int(const struct fst_doc *doc, const char *key, int64_t fallback);

#endif
