/* AWS Signature Version 4: a request as canonical text, and the HMAC of it.
 *
 * libcurl can sign, too, but not what we send: it signs queries as they are written and paths
 * unencoded, so that a key with `=` in it (every partition of a table) is refused. */
#include "sigv4.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define MAX_TEXT ((size_t)1 << 20)
enum { DIGEST_BYTES = 32, MAX_SIGNED_HEADERS = 64 };

void sigv4_encode(struct fst_buf *out, const char *p, size_t n, bool keep_slash)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)p[i];
        if (c < 0x80 && (isalnum(c) || strchr("-._~", c)) && c)
            fst_buf_addc(out, (char)c);
        else if (c == '/' && keep_slash)
            fst_buf_addc(out, '/');
        else
            fst_buf_printf(out, "%%%02X", c);
    }
}

void sigv4_date(int64_t us, char out[17])
{
    time_t seconds = (time_t)(us / 1000000);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    strftime(out, 17, "%Y%m%dT%H%M%SZ", &tm);
}

/* ---- The path ---------------------------------------------------------------------------------
 */

static void drop_segment(struct fst_buf *b)
{
    while (b->n > 0 && b->p[--b->n] != '/')
        ;
    if (b->p)
        b->p[b->n] = '\0';
}

/* Without empty and dot segments. */
static void tidied(struct fst_buf *out, const char *path)
{
    bool slash_at_end = false;
    for (const char *p = path; *p;) {
        p += strspn(p, "/");
        size_t n = strcspn(p, "/");
        bool dot = n == 1 && p[0] == '.', up = n == 2 && p[0] == '.' && p[1] == '.';
        slash_at_end = p[n] == '/' || dot || up || n == 0;
        if (up)
            drop_segment(out);
        else if (n && !dot) {
            fst_buf_addc(out, '/');
            fst_buf_add(out, p, n);
        }
        p += n;
    }
    if (slash_at_end || out->n == 0)
        fst_buf_addc(out, '/');
}

/* The path as it goes out, and as it is signed. */
static void add_path(const struct sigv4_request *rq, const char *service, struct sigv4_signed *out)
{
    sigv4_encode(&out->target, rq->path, strlen(rq->path), true);
    if (strcmp(service, "s3") == 0) {
        fst_buf_add(&out->canonical, fst_buf_text(&out->target), out->target.n);
        return;
    }
    struct fst_buf once = FST_BUF(MAX_TEXT);
    tidied(&once, fst_buf_text(&out->target));
    sigv4_encode(&out->canonical, fst_buf_text(&once), once.n, true);
    fst_buf_done(&once);
}

/* ---- The query --------------------------------------------------------------------------------
 */

struct pair {
    char *name, *value;
};

static int by_pair(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : strcmp(x->value, y->value);
}

static char *encoded(const char *text)
{
    struct fst_buf b = FST_BUF(MAX_TEXT);
    fst_buf_adds(&b, "");
    sigv4_encode(&b, text, strlen(text), false);
    return fst_buf_take(&b);
}

static void add_query(const struct sigv4_request *rq, struct sigv4_signed *out)
{
    if (rq->n_query == 0)
        return;
    struct pair *pairs = fst_alloc(rq->n_query * sizeof *pairs);
    for (size_t i = 0; i < rq->n_query; i++)
        pairs[i] = (struct pair){encoded(rq->query[i].name), encoded(rq->query[i].value)};
    qsort(pairs, rq->n_query, sizeof *pairs, by_pair);
    fst_buf_addc(&out->target, '?');
    size_t from = out->target.n;
    for (size_t i = 0; i < rq->n_query; i++) {
        fst_buf_printf(&out->target, "%s%s=%s", i ? "&" : "", pairs[i].name, pairs[i].value);
        free(pairs[i].name);
        free(pairs[i].value);
    }
    free(pairs);
    fst_buf_add(&out->canonical, out->target.p + from, out->target.n - from);
}

/* ---- The headers ------------------------------------------------------------------------------
 */

static int by_name(const void *a, const void *b)
{
    return strcasecmp(((const struct fst_http_header *)a)->name,
                      ((const struct fst_http_header *)b)->name);
}

/* Trimmed, with inner runs of blanks as one. */
static void add_value(struct fst_buf *out, const char *value)
{
    bool any = false, blank = false;
    for (; *value; value++) {
        if (*value == ' ') {
            blank = any;
            continue;
        }
        if (blank)
            fst_buf_addc(out, ' ');
        fst_buf_addc(out, *value);
        any = true;
        blank = false;
    }
}

static size_t all_headers(const struct sigv4_key *key, const struct sigv4_request *rq,
                          struct fst_http_header *out)
{
    size_t n = 0;
    out[n++] = (struct fst_http_header){"host", rq->host};
    out[n++] = (struct fst_http_header){"x-amz-date", key->date};
    if (rq->sends_payload_hash)
        out[n++] = (struct fst_http_header){"x-amz-content-sha256", rq->payload};
    if (key->session_token)
        out[n++] = (struct fst_http_header){"x-amz-security-token", key->session_token};
    for (size_t i = 0; i < rq->n_headers && n < MAX_SIGNED_HEADERS; i++)
        out[n++] = rq->headers[i];
    qsort(out, n, sizeof *out, by_name);
    return n;
}

static void add_lower(struct fst_buf *out, const char *name)
{
    for (; *name; name++)
        fst_buf_addc(out, (char)tolower((unsigned char)*name));
}

static void add_headers(const struct sigv4_key *key, const struct sigv4_request *rq,
                        struct fst_buf *canonical, struct fst_buf *names)
{
    struct fst_http_header headers[MAX_SIGNED_HEADERS];
    size_t n = all_headers(key, rq, headers);
    for (size_t i = 0; i < n; i++) {
        fst_buf_adds(names, i ? ";" : "");
        add_lower(names, headers[i].name);
        add_lower(canonical, headers[i].name);
        fst_buf_addc(canonical, ':');
        add_value(canonical, headers[i].value);
        fst_buf_addc(canonical, '\n');
    }
}

/* ---- The signature ----------------------------------------------------------------------------
 */

static void hmac(const void *key, size_t n_key, const char *text, uint8_t out[DIGEST_BYTES])
{
    fst_hmac_sha256(key, n_key, text, strlen(text), out);
}

static void signing_key(const struct sigv4_key *key, uint8_t out[DIGEST_BYTES])
{
    char *first = fst_asprintf("AWS4%s", key->secret_key);
    char day[9];
    memcpy(day, key->date, 8);
    day[8] = '\0';
    hmac(first, strlen(first), day, out);
    hmac(out, DIGEST_BYTES, key->region, out);
    hmac(out, DIGEST_BYTES, key->service, out);
    hmac(out, DIGEST_BYTES, "aws4_request", out);
    fst_wipe(first, strlen(first));
    free(first);
}

static void add_signature(const struct sigv4_key *key, const char *scope, struct sigv4_signed *out)
{
    char hash[65];
    uint8_t signing[DIGEST_BYTES], signature[DIGEST_BYTES];
    fst_sha256_hex(out->canonical.p, out->canonical.n, hash);
    char *text = fst_asprintf("AWS4-HMAC-SHA256\n%s\n%s\n%s", key->date, scope, hash);
    signing_key(key, signing);
    hmac(signing, DIGEST_BYTES, text, signature);
    fst_hex(&out->authorization, signature, DIGEST_BYTES);
    fst_wipe(signing, sizeof signing);
    free(text);
}

void sigv4_sign(const struct sigv4_key *key, const struct sigv4_request *rq,
                struct sigv4_signed *out)
{
    *out = (struct sigv4_signed){FST_BUF(MAX_TEXT), FST_BUF(MAX_TEXT), FST_BUF(MAX_TEXT)};
    struct fst_buf names = FST_BUF(MAX_TEXT);
    fst_buf_printf(&out->canonical, "%s\n", rq->method);
    add_path(rq, key->service, out);
    fst_buf_addc(&out->canonical, '\n');
    add_query(rq, out);
    fst_buf_addc(&out->canonical, '\n');
    add_headers(key, rq, &out->canonical, &names);
    fst_buf_printf(&out->canonical, "\n%s\n%s", fst_buf_text(&names), rq->payload);

    char *scope = fst_asprintf("%.8s/%s/%s/aws4_request", key->date, key->region, key->service);
    fst_buf_printf(&out->authorization,
                   "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=",
                   key->access_key, scope, fst_buf_text(&names));
    add_signature(key, scope, out);
    free(scope);
    fst_buf_done(&names);
}

void sigv4_signed_done(struct sigv4_signed *s)
{
    fst_buf_done(&s->target);
    fst_buf_done(&s->authorization);
    fst_buf_done(&s->canonical);
}
