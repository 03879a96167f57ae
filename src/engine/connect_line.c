/* What to do about a line to Spark that did not come about.
 *
 * A server that speaks TLS answers a plain client with bytes that mean nothing to it, so whether it
 * does is asked only when the first call got no answer, and by a greeting that carries nothing: no
 * token, no user. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "connect.h"

enum { GREETING_MS = 3000 };

static const char *tls_remedy(long fault)
{
    static const struct {
        enum fst_tls_fault fault;
        const char *text;
    } rows[] = {
        {FST_TLS_UNTRUSTED,
         "set the provider's `ca_file` to the PEM file of the authority that signed it"},
        {FST_TLS_OTHER_HOST, "write the host in `url` as the certificate names it"},
        {FST_TLS_EXPIRED, "the server needs a new one, or the clock of this host is wrong"},
        {FST_TLS_CA_FILE, "`ca_file` must hold certificates in PEM"},
        {FST_TLS_NOT_SPOKEN, "leave use_ssl=true out of the url if this server is plain"},
    };
    for (size_t i = 0; i < FST_COUNT(rows); i++)
        if (rows[i].fault == fault)
            return rows[i].text;
    return NULL;
}

/* Any certificate will do as an answer, and any HTTP. */
static bool speaks_tls(const struct connect_target *t)
{
    char *url = fst_asprintf("https://%s/", t->authority);
    const struct fst_http_request rq = {
        .method = "HEAD", .url = url, .timeout_ms = GREETING_MS, .max_body = 1000};
    struct fst_http_response rs;
    struct fst_error err = {.status = FST_OK};
    enum fst_status status = fst_http(&rq, &rs, &err);
    if (status == FST_OK)
        fst_http_response_done(&rs);
    free(url);
    return status == FST_OK || (status == FST_EAUTH && err.code >= FST_TLS_UNTRUSTED);
}

enum fst_status connect_line_remedy(const struct connect_call *c, enum fst_status status,
                                    struct fst_error *err)
{
    const struct connect_target *t = &c->s->target;
    const char *remedy = err && t->tls ? tls_remedy(err->code) : NULL;
    if (remedy)
        fst_while(err, "Spark at %s: %s", t->authority, remedy);
    if (remedy || !err || status != FST_ENET)
        return status;
    if (!t->tls && !c->s->answered && err->code != ECONNREFUSED && speaks_tls(t))
        return fst_fail(
            err, FST_EINVAL,
            "Spark at %s speaks TLS, and the url asks for a plain line: add use_ssl=true to it",
            t->authority);
    fst_while(
        err,
        "Spark at %s cannot be reached (firesteel provider start NAME starts one on this host)",
        t->authority);
    return status;
}
