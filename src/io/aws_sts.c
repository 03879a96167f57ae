/* Credentials for a role, from STS: signed with keys that one has (AssumeRole), or unsigned with
 * the token of another identity. */
#include <stdlib.h>
#include <string.h>

#include "aws_credentials.h"
#include "sigv4.h"
#include "xml.h"

enum { TIMEOUT_MS = 20000 };
#define MAX_FORM ((size_t)128 << 10)
#define FORM_TYPE "application/x-www-form-urlencoded; charset=utf-8"

static char *sts_endpoint(const char *region)
{
    static const char *const variables[] = {"AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"};
    for (size_t i = 0; i < FST_COUNT(variables); i++) {
        const char *set = getenv(variables[i]);
        if (set && *set)
            return fst_strndup(set, strlen(set) - (set[strlen(set) - 1] == '/'));
    }
    return fst_asprintf("https://sts.%s.amazonaws.com%s", region,
                        strncmp(region, "cn-", 3) == 0 ? ".cn" : "");
}

static void add_field(struct fst_buf *form, const char *name, const char *value)
{
    if (!value)
        return;
    fst_buf_printf(form, "%s%s=", form->n ? "&" : "", name);
    sigv4_encode(form, value, strlen(value), false);
}

static void write_form(const struct aws_role *role, struct fst_buf *form)
{
    add_field(form, "Action",
              role->web_identity_token ? "AssumeRoleWithWebIdentity" : "AssumeRole");
    add_field(form, "Version", "2011-06-15");
    add_field(form, "RoleArn", role->arn);
    add_field(form, "RoleSessionName", role->session_name ? role->session_name : "firesteel");
    add_field(form, "ExternalId", role->external_id);
    add_field(form, "WebIdentityToken", role->web_identity_token);
}

static enum fst_status refused(const struct aws_role *role, const struct fst_http_response *rs,
                               const struct xml *root, struct fst_error *err)
{
    const struct xml *e = xml_find(root, "Error");
    const char *code = xml_text(e, "Code"), *message = xml_text(e, "Message");
    fst_fail(err, FST_EAUTH, "STS does not give credentials for %s: %s%s%.300s (HTTP %ld)",
             role->arn, code ? code : "", code ? ": " : "", message ? message : "no reason given",
             rs->status);
    if (err) {
        err->code = rs->status;
        err->retry = rs->status >= 500 || rs->status == 429;
    }
    return FST_EAUTH;
}

static enum fst_status take(const struct aws_role *role, const struct fst_http_response *rs,
                            struct aws_credentials *out, struct fst_error *err)
{
    struct fst_arena *a = fst_arena_new();
    struct xml *root = NULL;
    enum fst_status status = xml_parse(a, fst_buf_text(&rs->body), rs->body.n, &root, NULL);
    const struct xml *c = status == FST_OK ? xml_find(root, "Credentials") : NULL;
    const char *access = xml_text(c, "AccessKeyId"), *secret = xml_text(c, "SecretAccessKey");
    if (rs->status != 200 || !access || !secret) {
        status = refused(role, rs, status == FST_OK ? root : NULL, err);
    } else {
        const char *until = xml_text(c, "Expiration");
        *out = (struct aws_credentials){.access_key = fst_strdup(access),
                                        .secret_key = fst_strdup(secret),
                                        .session_token = fst_strdup(xml_text(c, "SessionToken"))};
        if (until)
            fst_timestamp_parse_iso(until, strlen(until), &out->expires_us);
        snprintf(out->source, sizeof out->source, "an assumed role");
        fst_wipe((char *)secret, strlen(secret));
    }
    fst_arena_free(a);
    return status;
}

/* A form on its way. */
struct post {
    struct fst_buf form;
    char *url;
    struct sigv4_key key;
    struct sigv4_signed proof;
    struct fst_http_header headers[4];
    size_t n_headers;
};

static void add_header(struct post *p, const char *name, const char *value)
{
    p->headers[p->n_headers++] = (struct fst_http_header){name, value};
}

static void make_post(struct post *p, const struct aws_role *role, const char *region)
{
    char *endpoint = sts_endpoint(region);
    *p = (struct post){.form = FST_BUF(MAX_FORM),
                       .url = fst_asprintf("%s/", endpoint),
                       .key = {.region = region, .service = "sts"},
                       .proof = {.target = FST_BUF(1)}};
    write_form(role, &p->form);
    add_header(p, "Content-Type", FORM_TYPE);
    free(endpoint);
}

static void sign_post(struct post *p, const struct aws_credentials *base)
{
    char hash[65], *host = fst_strdup(strstr(p->url, "://") + 3);
    host[strlen(host) - 1] = '\0'; /* the slash at its end */
    fst_sha256_hex(p->form.p, p->form.n, hash);
    p->key.access_key = base->access_key;
    p->key.secret_key = base->secret_key;
    p->key.session_token = base->session_token;
    sigv4_date(aws_now_us(), p->key.date);
    const struct sigv4_request rq = {.method = "POST",
                                     .host = host,
                                     .path = "/",
                                     .headers = p->headers,
                                     .n_headers = p->n_headers,
                                     .payload = hash};
    sigv4_sign(&p->key, &rq, &p->proof);
    add_header(p, "X-Amz-Date", p->key.date);
    add_header(p, "Authorization", fst_buf_text(&p->proof.authorization));
    if (base->session_token)
        add_header(p, "X-Amz-Security-Token", base->session_token);
    free(host);
}

static void post_done(struct post *p)
{
    fst_wipe(p->form.p, p->form.n);
    fst_buf_done(&p->form);
    sigv4_signed_done(&p->proof);
    free(p->url);
}

enum fst_status aws_sts_assume(const struct aws_role *role, const struct aws_credentials *base,
                               const char *region, const char *ca_file,
                               struct fst_http_client *client, struct aws_credentials *out,
                               struct fst_error *err)
{
    struct post p;
    make_post(&p, role, region);
    if (base)
        sign_post(&p, base);
    const struct fst_http_request rq = {.client = client,
                                        .method = "POST",
                                        .url = p.url,
                                        .headers = p.headers,
                                        .n_headers = p.n_headers,
                                        .body = p.form.p,
                                        .body_len = p.form.n,
                                        .ca_file = ca_file,
                                        .timeout_ms = TIMEOUT_MS,
                                        .max_body = 1 << 20};
    struct fst_http_response rs;
    enum fst_status status = fst_http(&rq, &rs, err);
    if (status == FST_OK) {
        status = take(role, &rs, out, err);
        if (rs.body.p)
            fst_wipe(rs.body.p, rs.body.n);
        fst_http_response_done(&rs);
    }
    post_done(&p);
    return status;
}
