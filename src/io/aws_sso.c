/* Keys of an SSO session (IAM Identity Center): the token that `aws sso login` left in its cache
 * becomes keys of an account and a role.
 *
 * The cache is AWS's tools' own. It is read each time and never written: a token that has ended is
 * renewed by them, and whoever logs in anew in the middle is believed at the next request. */
#include <stdlib.h>
#include <string.h>

#include "aws_credentials.h"
#include "sigv4.h"

#define MAX_FILE ((size_t)256 << 10)
enum { TIMEOUT_MS = 20000 };

struct sso {
    const char *profile;
    char *session, *start_url, *region, *account, *role; /* owned; session NULL = the older kind */
    char *token;                                         /* wiped */
};

static void sso_done(struct sso *s)
{
    char *const texts[] = {s->session, s->start_url, s->region, s->account, s->role, s->token};
    if (s->token)
        fst_wipe(s->token, strlen(s->token));
    for (size_t i = 0; i < FST_COUNT(texts); i++)
        free(texts[i]);
}

/* Newer profiles name a session, older ones say all themselves. */
static char *of_session(const struct sso *s, const char *key)
{
    return s->session ? aws_session_value(s->session, key) : aws_profile_value(s->profile, key);
}

static enum fst_status read_profile(struct sso *s, struct fst_error *err)
{
    s->session = aws_profile_value(s->profile, "sso_session");
    s->start_url = of_session(s, "sso_start_url");
    if (!s->session && !s->start_url)
        return FST_ENOTFOUND;
    s->region = of_session(s, "sso_region");
    s->account = aws_profile_value(s->profile, "sso_account_id");
    s->role = aws_profile_value(s->profile, "sso_role_name");
    const struct {
        const char *name, *value;
    } needed[] = {{"sso_start_url", s->start_url},
                  {"sso_region", s->region},
                  {"sso_account_id", s->account},
                  {"sso_role_name", s->role}};
    for (size_t i = 0; i < FST_COUNT(needed); i++)
        if (!needed[i].value)
            return fst_fail(err, FST_EAUTH, "profile %s: %s is missing; run aws configure sso",
                            s->profile, needed[i].name);
    return FST_OK;
}

/* ---- The token ---------------------------------------------------------------------------------
 */

/* Cache files are named by the SHA-1 of the session's name, or of the URL. */
static char *cache_path(const struct sso *s)
{
    const char *name = s->session ? s->session : s->start_url, *home = getenv("HOME");
    uint8_t digest[FST_DIGEST_MAX];
    size_t n = fst_digest(FST_SHA1, name, strlen(name), digest);
    struct fst_buf path = FST_BUF(4096);
    fst_buf_printf(&path, "%s/.aws/sso/cache/", home ? home : "");
    fst_hex(&path, digest, n);
    fst_buf_adds(&path, ".json");
    return fst_buf_take(&path);
}

static enum fst_status log_in(const struct sso *s, const char *why, struct fst_error *err)
{
    return fst_fail(err, FST_EAUTH, "profile %s: %s; run: aws sso login --profile %s", s->profile,
                    why, s->profile);
}

static enum fst_status take_token(struct sso *s, const struct fst_doc *doc, struct fst_error *err)
{
    const char *token = fst_doc_string(doc, "accessToken", NULL);
    const char *until = fst_doc_string(doc, "expiresAt", NULL);
    int64_t until_us = 0;
    if (!token || !until || !fst_timestamp_parse_iso(until, strlen(until), &until_us))
        return log_in(s, "its SSO session has no token", err);
    s->token = fst_strdup(token);
    fst_wipe((char *)token, strlen(token));
    return until_us > aws_now_us() ? FST_OK : log_in(s, "its SSO session has ended", err);
}

static enum fst_status read_token(struct sso *s, struct fst_error *err)
{
    char *path = cache_path(s), *text = NULL;
    size_t n = 0;
    struct fst_doc *doc = NULL;
    struct fst_arena *a = fst_arena_new();
    enum fst_status status = fst_file_read(path, MAX_FILE, &text, &n, NULL);
    if (status == FST_OK)
        status = fst_json_parse(a, path, text, n, NULL, &doc, NULL);
    status = status == FST_OK ? take_token(s, doc, err)
                              : log_in(s, "nobody is logged in to its SSO session", err);
    if (text)
        fst_wipe(text, n);
    fst_arena_free(a);
    free(text);
    free(path);
    return status;
}

/* ---- The keys ----------------------------------------------------------------------------------
 */

static char *portal(const struct sso *s)
{
    static const char *const variables[] = {"AWS_ENDPOINT_URL_SSO", "AWS_ENDPOINT_URL"};
    struct fst_buf url = FST_BUF(16 << 10);
    const char *base = NULL;
    for (size_t i = 0; i < FST_COUNT(variables) && (!base || !*base); i++)
        base = getenv(variables[i]);
    if (base && *base)
        fst_buf_add(&url, base, strlen(base) - (base[strlen(base) - 1] == '/'));
    else
        fst_buf_printf(&url, "https://portal.sso.%s.amazonaws.com%s", s->region,
                       strncmp(s->region, "cn-", 3) == 0 ? ".cn" : "");
    fst_buf_adds(&url, "/federation/credentials?account_id=");
    sigv4_encode(&url, s->account, strlen(s->account), false);
    fst_buf_adds(&url, "&role_name=");
    sigv4_encode(&url, s->role, strlen(s->role), false);
    return fst_buf_take(&url);
}

static enum fst_status take_keys(const struct sso *s, const struct fst_http_response *rs,
                                 struct aws_credentials *out, struct fst_error *err)
{
    static const struct aws_key_names names = {"accessKeyId", "secretAccessKey", "sessionToken",
                                               "expiration"};
    char source[64];
    snprintf(source, sizeof source, "profile %s", s->profile);
    if (rs->status == 401)
        return log_in(s, "its SSO session has ended", err);
    if (rs->status == 200)
        return aws_keys_of_json(fst_buf_text(&rs->body), "roleCredentials", &names, source, source,
                                out, err);
    fst_fail(err, FST_EAUTH, "profile %s: SSO does not give keys for %s of account %s (HTTP %ld)",
             s->profile, s->role, s->account, rs->status);
    if (err)
        err->retry = rs->status >= 500 || rs->status == 429;
    return FST_EAUTH;
}

static enum fst_status fetch_keys(const struct sso *s, const char *ca_file,
                                  struct fst_http_client *client, struct aws_credentials *out,
                                  struct fst_error *err)
{
    char *url = portal(s);
    const struct fst_http_header header = {"x-amz-sso_bearer_token", s->token};
    const struct fst_http_request rq = {.client = client,
                                        .url = url,
                                        .headers = &header,
                                        .n_headers = 1,
                                        .ca_file = ca_file,
                                        .timeout_ms = TIMEOUT_MS,
                                        .max_body = 64 << 10};
    struct fst_http_response rs;
    enum fst_status status = fst_http(&rq, &rs, err);
    if (status == FST_OK) {
        status = take_keys(s, &rs, out, err);
        if (rs.body.p)
            fst_wipe(rs.body.p, rs.body.n);
        fst_http_response_done(&rs);
    }
    free(url);
    return status;
}

enum fst_status aws_sso_credentials(const char *profile, const char *ca_file,
                                    struct fst_http_client *client, struct aws_credentials *out,
                                    struct fst_error *err)
{
    struct sso s = {.profile = profile};
    enum fst_status status = read_profile(&s, err);
    if (status == FST_OK)
        status = read_token(&s, err);
    if (status == FST_OK)
        status = fetch_keys(&s, ca_file, client, out, err);
    sso_done(&s);
    return status;
}
