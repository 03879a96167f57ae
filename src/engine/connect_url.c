/* Connection strings: sc://host[:port]/;key=value;key=value
 *
 * As Spark's clients read them: no path, keys are case-sensitive, values are percent-encoded, a key
 * that is not known is a header of every call. One thing is stricter: a token goes over a plain
 * connection to this host only. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "connect.h"

struct parse {
    struct fst_arena *a;
    const char *url;
    struct connect_target *out;
    size_t cap_headers;
};

/* By the address, not by how a name begins: 127.example.com is anybody's. */
static bool is_loopback(const char *host)
{
    struct in_addr v4;
    return strcasecmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
           (inet_pton(AF_INET, host, &v4) == 1 && ntohl(v4.s_addr) >> 24 == 127);
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) & 15 : -1;
}

void connect_percent_decode(struct fst_buf *out, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int high = p[i] == '%' && i + 2 < n ? hex_digit(p[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(p[i + 2]) : -1;
        bool escape = low >= 0 && high + low > 0;
        fst_buf_addc(out, escape ? (char)(high * 16 + low) : p[i]);
        i += escape ? 2 : 0;
    }
}

static char *decode(struct fst_arena *a, const char *p, size_t n)
{
    struct fst_buf text = FST_BUF(n + 1);
    connect_percent_decode(&text, p, n);
    char *out = fst_arena_strdup(a, fst_buf_text(&text));
    fst_buf_done(&text);
    return out;
}

/* A header must not be able to begin another one. */
static bool is_header_safe(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return false;
    return true;
}

static enum fst_status take_parameter(struct parse *x, const char *key, char *value,
                                      struct fst_error *err)
{
    struct connect_target *t = x->out;
    if (!is_header_safe(value))
        return fst_fail(err, FST_EINVAL,
                        "the value of %s in the connection string has a control "
                        "character",
                        key);
    if (strcmp(key, "token") == 0)
        t->token = value;
    else if (strcmp(key, "user_id") == 0)
        t->user = value;
    else if (strcmp(key, "use_ssl") == 0)
        t->use_ssl = strcmp(value, "true") == 0;
    else if (strcmp(key, "user_agent") == 0 || strcmp(key, "grpc_max_message_size") == 0)
        return FST_OK;
    else if (strcmp(key, "session_id") == 0)
        return fst_fail(err, FST_EUNSUPPORTED,
                        "session_id in a connection string: sessions are made for each use");
    else {
        fst_grow(&t->headers, &x->cap_headers, t->n_headers + 1, sizeof(*t->headers));
        t->headers[t->n_headers++] = (struct fst_http_header){key, value};
    }
    return FST_OK;
}

static bool is_key(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!((p[i] >= 'a' && p[i] <= 'z') || (p[i] >= 'A' && p[i] <= 'Z') ||
              (p[i] >= '0' && p[i] <= '9') || p[i] == '-' || p[i] == '_' || p[i] == '.'))
            return false;
    return n > 0;
}

static enum fst_status parse_parameters(struct parse *x, const char *p, struct fst_error *err)
{
    while (*p) {
        size_t n = strcspn(p, ";"), key = strcspn(p, "=");
        if (n > 0 && (key >= n || !is_key(p, key)))
            return fst_fail(err, FST_EINVAL,
                            "the connection string has a parameter without \"key=value\"; "
                            "write sc://host:port/;key=value");
        if (n > 0)
            FST_TRY(take_parameter(x, fst_arena_strndup(x->a, p, key),
                                   decode(x->a, p + key + 1, n - key - 1), err));
        p += n + (p[n] == ';');
    }
    return FST_OK;
}

static enum fst_status parse_authority(struct parse *x, const char *p, size_t n,
                                       struct fst_error *err)
{
    struct connect_target *t = x->out;
    const char *close = *p == '[' ? memchr(p, ']', n) : NULL;
    const char *after = close ? close + 1 : p;
    const char *colon = memchr(after, ':', (size_t)(p + n - after));
    size_t host = (size_t)((colon ? colon : p + n) - p);
    int64_t port = CONNECT_DEFAULT_PORT;
    if (colon && (!fst_parse_int64(colon + 1, (size_t)(p + n - colon - 1), &port) || port < 1 ||
                  port > 65535))
        return fst_fail(err, FST_EINVAL, "%.*s: the port must be a number from 1 to 65535", (int)n,
                        p);
    if (host == 0 || memchr(p, '@', n) || memchr(p, ' ', n))
        return fst_fail(err, FST_EINVAL, "\"%.*s\" names no host; write sc://host:port", (int)n, p);
    t->port = (int)port;
    t->host = close ? fst_arena_strndup(x->a, p + 1, (size_t)(close - p - 1))
                    : fst_arena_strndup(x->a, p, host);
    t->authority = fst_arena_printf(x->a, "%.*s:%d", (int)host, p, t->port);
    t->is_loopback = is_loopback(t->host);
    return FST_OK;
}

enum fst_status connect_decide_tls(struct connect_target *t, struct fst_error *err)
{
    t->tls = t->use_ssl == 1 || (t->use_ssl < 0 && t->token && !t->is_loopback);
    if (t->token && !t->tls && !t->is_loopback)
        return fst_fail(err, FST_EINVAL,
                        "%s: a token is not sent over a plain connection to another host; leave "
                        "out use_ssl=false",
                        t->authority);
    return FST_OK;
}

enum fst_status connect_url_parse(struct fst_arena *a, const char *url, struct connect_target *out,
                                  struct fst_error *err)
{
    *out = (struct connect_target){.use_ssl = -1};
    struct parse x = {.a = a, .url = url, .out = out};
    if (strncmp(url, "sc://", 5) != 0)
        return fst_fail(err, FST_EINVAL,
                        "\"%.60s\" is not a Spark Connect address; write sc://host:port", url);
    const char *p = url + 5;
    size_t n = strcspn(p, "/;");
    FST_TRY(parse_authority(&x, p, n, err));
    p += n;
    p += *p == '/';
    if (*p && *p != ';')
        return fst_fail(err, FST_EINVAL,
                        "%s: a Spark Connect address has no path; parameters come after \"/;\"",
                        out->authority);
    enum fst_status status = parse_parameters(&x, p, err);
    if (status == FST_OK)
        status = connect_decide_tls(out, err);
    struct fst_http_header *headers = out->headers;
    out->headers = NULL;
    if (out->n_headers > 0) {
        out->headers = fst_arena_alloc(a, out->n_headers * sizeof(*headers));
        memcpy(out->headers, headers, out->n_headers * sizeof(*headers));
    }
    free(headers);
    return status;
}
