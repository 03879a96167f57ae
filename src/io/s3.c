/* The S3 client: where a bucket answers, and requests signed for it.
 *
 * Keys are found at the first request and again before they end; the region of a bucket is learned
 * from the first answer that names another one. Both are shared by all threads. */
#include "s3.h"

#include <ctype.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "aws_credentials.h"
#include "sigv4.h"

enum { IDLE_MS = 30000 };
#define DEFAULT_REGION "us-east-1"

struct fst_s3 {
    _Atomic int refs;
    struct fst_arena *arena;
    struct fst_s3_options o;
    char *endpoint; /* NULL = AWS's own; without a slash at its end */
    char *region;
    struct fst_http_client *http;
    pthread_mutex_t lock; /* all below */
    struct aws_credentials keys;
    char *ended;             /* the session token that was refused last; NULL = none; wiped */
    struct fst_map *regions; /* of buckets, where it is not `region` */
    int64_t clock_off_us;
};

/* ---- Making ------------------------------------------------------------------------------------
 */

static const char *set_or(const char *option, const char *const *variables)
{
    for (; (!option || !*option) && *variables; variables++)
        option = getenv(*variables);
    return option && *option ? option : NULL;
}

/* From the options, the environment, the profile; owned or NULL. */
static char *setting(const struct fst_s3_options *o, const char *option,
                     const char *const *variables, const char *profile_key)
{
    const char *found = set_or(option, variables);
    return found ? fst_strdup(found) : aws_profile_value(o->profile, profile_key);
}

static void copy_options(struct fst_s3 *s3, const struct fst_s3_options *o)
{
    s3->o = *o;
    const char **texts[] = {
        &s3->o.endpoint,    &s3->o.region,     &s3->o.profile,
        &s3->o.access_key,  &s3->o.secret_key, &s3->o.role_arn,
        &s3->o.external_id, &s3->o.ca_file,    &s3->o.session_token,
    };
    for (size_t i = 0; i < FST_COUNT(texts); i++)
        *texts[i] = *texts[i] && **texts[i] ? fst_arena_strdup(s3->arena, *texts[i]) : NULL;
    if (!s3->o.ca_file) {
        const char *bundle = getenv("AWS_CA_BUNDLE");
        s3->o.ca_file = bundle && *bundle ? fst_arena_strdup(s3->arena, bundle) : NULL;
    }
}

struct fst_s3 *fst_s3_new(const struct fst_s3_options *o)
{
    static const char *const endpoints[] = {"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", NULL};
    static const char *const regions[] = {"AWS_REGION", "AWS_DEFAULT_REGION", NULL};
    struct fst_s3 *s3 = fst_alloc(sizeof *s3);
    atomic_init(&s3->refs, 1);
    s3->arena = fst_arena_new();
    copy_options(s3, o);
    s3->endpoint = setting(o, o->endpoint, endpoints, "endpoint_url");
    s3->region = setting(o, o->region, regions, "region");
    if (!s3->region)
        s3->region = fst_strdup(DEFAULT_REGION);
    if (s3->endpoint && s3->endpoint[strlen(s3->endpoint) - 1] == '/')
        s3->endpoint[strlen(s3->endpoint) - 1] = '\0';
    s3->http = fst_http_client_new();
    s3->regions = fst_map_new();
    pthread_mutex_init(&s3->lock, NULL);
    return s3;
}

struct fst_s3 *fst_s3_ref(struct fst_s3 *s3)
{
    if (s3)
        atomic_fetch_add(&s3->refs, 1);
    return s3;
}

static void wipe_text(char *text)
{
    if (text)
        fst_wipe(text, strlen(text));
    free(text);
}

void fst_s3_unref(struct fst_s3 *s3)
{
    if (!s3 || atomic_fetch_sub(&s3->refs, 1) != 1)
        return;
    const char *const secrets[] = {s3->o.access_key, s3->o.secret_key, s3->o.session_token};
    for (size_t i = 0; i < FST_COUNT(secrets); i++)
        if (secrets[i])
            fst_wipe((char *)secrets[i], strlen(secrets[i]));
    aws_credentials_wipe(&s3->keys);
    wipe_text(s3->ended);
    fst_map_free(s3->regions, free);
    fst_http_client_free(s3->http);
    pthread_mutex_destroy(&s3->lock);
    free(s3->endpoint);
    free(s3->region);
    fst_arena_free(s3->arena);
    free(s3);
}

struct fst_http_client *s3_http(struct fst_s3 *s3)
{
    return s3->http;
}

/* ---- What is learned ----------------------------------------------------------------------------
 */

static const char *region_of(const struct fst_s3 *s3, const char *bucket)
{
    const char *known = fst_map_get(s3->regions, bucket);
    return known ? known : s3->region;
}

/* Regions become part of a host's name. */
static bool is_region(const char *text)
{
    return *text && strlen(text) < 40 &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(text);
}

bool s3_learn_region(struct fst_s3 *s3, const char *bucket, const char *region)
{
    if (!region || !is_region(region))
        return false;
    pthread_mutex_lock(&s3->lock);
    bool news = strcmp(region_of(s3, bucket), region) != 0;
    if (news)
        free(fst_map_set(s3->regions, bucket, fst_strdup(region)));
    pthread_mutex_unlock(&s3->lock);
    return news;
}

bool s3_learn_clock(struct fst_s3 *s3, const char *http_date, long *minutes_off)
{
    int64_t theirs = http_date ? http_date_us(http_date) : 0;
    if (!theirs)
        return false;
    int64_t off = theirs - aws_now_us();
    *minutes_off = (long)(off / 60000000);
    pthread_mutex_lock(&s3->lock);
    bool news = llabs(off - s3->clock_off_us) > 60 * 1000000LL;
    s3->clock_off_us = off;
    pthread_mutex_unlock(&s3->lock);
    return news;
}

/* The session of our keys has ended. Where they come from there may be newer ones by now; false
 * when the same were refused before, or keys have no end. */
bool s3_forget_keys(struct fst_s3 *s3)
{
    pthread_mutex_lock(&s3->lock);
    const char *token = s3->keys.session_token;
    bool changes = token && !(s3->ended && strcmp(s3->ended, token) == 0);
    if (changes) {
        wipe_text(s3->ended);
        s3->ended = fst_strdup(token);
        aws_credentials_wipe(&s3->keys);
    }
    pthread_mutex_unlock(&s3->lock);
    return changes;
}

/* ---- Addresses ---------------------------------------------------------------------------------
 */

/* A bucket's name may be part of the host's: letters, digits and dashes. */
static bool is_host_label(const char *bucket)
{
    size_t n = strlen(bucket);
    return n > 0 && n < 64 && strspn(bucket, "abcdefghijklmnopqrstuvwxyz0123456789-") == n &&
           bucket[0] != '-';
}

static bool uses_path(const struct fst_s3 *s3, const char *bucket)
{
    if (s3->o.path_style == 0 && is_host_label(bucket))
        return false;
    return s3->o.path_style == 1 || s3->endpoint || !is_host_label(bucket);
}

struct address {
    const char *origin; /* scheme and host */
    const char *host;
    const char *path; /* raw */
};

static const char *without_default_port(struct fst_arena *a, const char *origin)
{
    bool tls = strncasecmp(origin, "https:", 6) == 0;
    size_t n = strlen(origin), end = strlen(tls ? ":443" : ":80");
    if (n > end && strcmp(origin + n - end, tls ? ":443" : ":80") == 0)
        return fst_arena_strndup(a, origin, n - end);
    return origin;
}

static enum fst_status address_of(const struct fst_s3 *s3, struct fst_arena *a, const char *bucket,
                                  const char *key, const char *region, struct address *out,
                                  struct fst_error *err)
{
    const char *suffix = strncmp(region, "cn-", 3) == 0 ? ".cn" : "";
    const char *origin = s3->endpoint
                             ? s3->endpoint
                             : fst_arena_printf(a, "https://s3.%s.amazonaws.com%s", region, suffix);
    const char *host = strstr(origin, "://");
    if (!host || strchr(host + 3, '/') || strchr(host + 3, '@') || !host[3])
        return fst_fail(err, FST_EINVAL,
                        "%s: not an endpoint of S3: write https://host or http://host:port",
                        origin);
    origin = without_default_port(a, origin);
    bool in_path = uses_path(s3, bucket);
    size_t scheme = (size_t)(strstr(origin, "://") + 3 - origin);
    out->origin =
        in_path ? origin
                : fst_arena_printf(a, "%.*s%s.%s", (int)scheme, origin, bucket, origin + scheme);
    out->host = strstr(out->origin, "://") + 3;
    out->path = in_path ? fst_arena_printf(a, "/%s%s%s", bucket, *key ? "/" : "", key)
                        : fst_arena_printf(a, "/%s", key);
    return FST_OK;
}

/* ---- Requests ----------------------------------------------------------------------------------
 */

static enum fst_status need_keys(struct fst_s3 *s3, struct fst_error *err)
{
    if (s3->keys.access_key && !aws_credentials_are_old(&s3->keys, aws_now_us()))
        return FST_OK;
    struct aws_credentials fresh;
    enum fst_status status = aws_credentials_find(&s3->o, s3->region, s3->http, &fresh, err);
    bool still_good = s3->keys.access_key && s3->keys.expires_us > aws_now_us();
    if (status != FST_OK)
        return still_good ? FST_OK : status;
    aws_credentials_wipe(&s3->keys);
    s3->keys = fresh;
    return FST_OK;
}

static void add(struct s3_call *c, struct fst_http_header *headers, const char *name,
                const char *value)
{
    headers[c->rq.n_headers++] = (struct fst_http_header){name, fst_arena_strdup(c->arena, value)};
}

/* Who signs, as of now. */
static struct sigv4_key key_for(const struct fst_s3 *s3, const char *region)
{
    struct sigv4_key key = {.access_key = s3->keys.access_key,
                            .secret_key = s3->keys.secret_key,
                            .session_token = s3->keys.session_token,
                            .region = region,
                            .service = "s3"};
    sigv4_date(aws_now_us() + s3->clock_off_us, key.date);
    return key;
}

static void add_proof(struct s3_call *out, struct fst_http_header *headers,
                      const struct sigv4_key *key, const char *hash, struct sigv4_signed *s)
{
    add(out, headers, "x-amz-date", key->date);
    add(out, headers, "x-amz-content-sha256", hash);
    add(out, headers, "Authorization", fst_buf_text(&s->authorization));
    if (key->session_token)
        add(out, headers, "x-amz-security-token", key->session_token);
}

/* Under the lock. */
static enum fst_status sign(struct fst_s3 *s3, const struct s3_ask *ask, struct s3_call *out,
                            struct fst_error *err)
{
    static const struct sigv4_key nobody = {.access_key = "", .secret_key = "", .service = "s3"};
    struct address at = {NULL, NULL, NULL};
    const char *region = region_of(s3, ask->bucket);
    FST_TRY(address_of(s3, out->arena, ask->bucket, ask->key, region, &at, err));
    if (!s3->o.anonymous)
        FST_TRY(need_keys(s3, err));
    char hash[65];
    fst_sha256_hex(ask->body ? ask->body : "", ask->body_len, hash);
    struct sigv4_key key = s3->o.anonymous ? nobody : key_for(s3, region);
    key.region = region;
    const struct sigv4_request rq = {.method = ask->method,
                                     .host = at.host,
                                     .path = at.path,
                                     .query = ask->query,
                                     .n_query = ask->n_query,
                                     .headers = ask->headers,
                                     .n_headers = ask->n_headers,
                                     .payload = hash,
                                     .sends_payload_hash = true};
    struct sigv4_signed s;
    sigv4_sign(&key, &rq, &s);
    struct fst_http_header *headers =
        fst_arena_alloc(out->arena, (ask->n_headers + 4) * sizeof *headers);
    for (size_t i = 0; i < ask->n_headers; i++)
        add(out, headers, ask->headers[i].name, ask->headers[i].value);
    if (!s3->o.anonymous)
        add_proof(out, headers, &key, hash, &s);
    out->rq.headers = headers;
    out->rq.url = fst_arena_printf(out->arena, "%s%s", at.origin, fst_buf_text(&s.target));
    sigv4_signed_done(&s);
    return FST_OK;
}

enum fst_status s3_call_make(struct fst_s3 *s3, const struct s3_ask *ask, struct s3_call *out,
                             struct fst_error *err)
{
    *out = (struct s3_call){.arena = fst_arena_new()};
    out->rq = (struct fst_http_request){.client = ask->client ? ask->client : s3->http,
                                        .method = ask->method,
                                        .body = ask->body,
                                        .body_len = ask->body_len,
                                        .ca_file = s3->o.ca_file,
                                        .cancelled = ask->cancelled,
                                        .cancel_arg = ask->cancel_arg,
                                        .idle_timeout_ms = IDLE_MS};
    pthread_mutex_lock(&s3->lock);
    enum fst_status status = sign(s3, ask, out, err);
    pthread_mutex_unlock(&s3->lock);
    if (status != FST_OK)
        s3_call_done(out);
    return status;
}

void s3_call_done(struct s3_call *c)
{
    for (size_t i = 0; i < c->rq.n_headers; i++)
        fst_wipe((char *)c->rq.headers[i].value, strlen(c->rq.headers[i].value));
    fst_arena_free(c->arena);
    *c = (struct s3_call){0};
}

enum fst_status s3_do(struct fst_s3 *s3, const struct s3_ask *ask, size_t max_body,
                      struct fst_http_response *rs, struct fst_error *err)
{
    char *what = fst_asprintf("s3://%s/%s", ask->bucket, ask->key);
    enum fst_status status = FST_OK;
    struct fst_error why = {.status = FST_OK};
    for (int tries = 1;; tries++) {
        struct s3_call call;
        enum s3_verdict verdict;
        status = s3_call_make(s3, ask, &call, &why);
        if (status != FST_OK)
            break;
        call.rq.max_body = max_body;
        status = fst_http(&call.rq, rs, &why);
        s3_call_done(&call);
        bool answered = status == FST_OK;
        verdict = answered ? s3_judge(s3, ask->bucket, what, rs, tries, &why)
                           : s3_judge_line(&why, tries);
        if (verdict == S3_FINE)
            break;
        if (verdict == S3_LATER)
            s3_wait(tries, answered ? rs : NULL, ask->cancelled, ask->cancel_arg);
        if (answered)
            fst_http_response_done(rs);
        status = why.status;
        if (verdict == S3_FAILED)
            break;
    }
    free(what);
    if (status != FST_OK && err)
        *err = why;
    return status;
}
