/* Exchanges over plain HTTP/2 with a server on this host.
 *
 * libcurl brings thirty libraries, and loading them costs more than all else that a short question
 * to a warm server takes from us. libnghttp2, one of the thirty, is enough for this case and loads
 * in a tenth of the time. Everything else (TLS, names, proxies, other hosts) stays with libcurl,
 * and so does this where the library cannot be loaded. What the server may send before it is read
 * is bounded by the window, so a slow reader slows the server. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "h2c.h"
#include "ng.h"

enum {
    WAIT_MS = 50, /* between two looks at `cancelled` */
    CONNECT_MS = 5000,
    MAX_HEADERS = 1000,
    MAX_SENT = 100, /* header lines of ours */
    WINDOW = 8 << 20,
    FRAME = 1 << 20, /* fewer heads between the rows than with the usual 16 KB */
    PIECE = 128 << 10,
    PIECES = 16, /* in one step */
};
#define MAX_HEADER_BYTES ((size_t)1 << 20)

struct h2c {
    struct ng_api api;
    void *session;
    int fd;
    struct sockaddr_in address;
    const uint8_t *out; /* not sent yet */
    size_t n_out;
    struct exchange *now;
};

struct exchange {
    const struct fst_http_request *rq;
    struct fst_http_response *rs;
    int32_t stream;
    size_t body_at, cap_headers, header_bytes;
    bool ended, stopped;
    uint32_t reset; /* why the server ended the stream; 0 = all is well */
    int64_t since_us, last_byte_us;
};

/* ---- What arrives ---------------------------------------------------------------------------- */

/* A status line begins a block: what an informational answer said is over. */
static void take_status(struct fst_http_response *rs, const char *text, size_t n)
{
    int64_t status;
    rs->n_headers = 0;
    if (fst_parse_int64(text, n, &status))
        rs->status = (long)status;
}

static int on_header(void *session, const void *frame, const uint8_t *name, size_t namelen,
                     const uint8_t *value, size_t valuelen, uint8_t flags, void *arg)
{
    struct exchange *x = ((struct h2c *)arg)->now;
    (void)session, (void)frame, (void)flags;
    if (!x)
        return 0;
    struct fst_http_response *rs = x->rs;
    if (fst_str_is((struct fst_str){(const char *)name, namelen}, ":status"))
        take_status(rs, (const char *)value, valuelen);
    x->header_bytes += namelen + valuelen;
    if (rs->n_headers >= MAX_HEADERS || x->header_bytes > MAX_HEADER_BYTES)
        return 0;
    fst_grow(&rs->headers, &x->cap_headers, rs->n_headers + 1, sizeof(*rs->headers));
    rs->headers[rs->n_headers++] =
        (struct fst_http_header){fst_arena_strndup(rs->arena, (const char *)name, namelen),
                                 fst_arena_strndup(rs->arena, (const char *)value, valuelen)};
    return 0;
}

static int on_data(void *session, uint8_t flags, int32_t stream, const uint8_t *p, size_t n,
                   void *arg)
{
    struct exchange *x = ((struct h2c *)arg)->now;
    (void)session, (void)flags;
    if (!x || stream != x->stream)
        return 0;
    if (x->rq->on_body)
        x->stopped = !x->rq->on_body(x->rq->arg, p, n);
    else
        fst_buf_add(&x->rs->body, p, n);
    return x->stopped || x->rs->body.over ? NG_CALLBACK_FAILURE : 0;
}

static int on_close(void *session, int32_t stream, uint32_t code, void *arg)
{
    struct exchange *x = ((struct h2c *)arg)->now;
    (void)session;
    if (x && stream == x->stream) {
        x->ended = true;
        x->reset = code;
    }
    return 0;
}

/* ---- The request ----------------------------------------------------------------------------- */

static ssize_t read_body(void *session, int32_t stream, uint8_t *buf, size_t n, uint32_t *flags,
                         union ng_source *source, void *arg)
{
    struct exchange *x = source->ptr;
    size_t left = x->rq->body_len - x->body_at, take = left < n ? left : n;
    (void)session, (void)stream, (void)arg;
    if (take)
        memcpy(buf, (const char *)x->rq->body + x->body_at, take);
    x->body_at += take;
    if (x->body_at == x->rq->body_len)
        *flags |= NG_DATA_FLAG_EOF;
    return (ssize_t)take;
}

static void add_nv(struct ng_nv *nv, size_t *n, const char *name, const char *value, size_t len)
{
    if (*n < MAX_SENT)
        nv[(*n)++] = (struct ng_nv){(uint8_t *)name, (uint8_t *)value, strlen(name), len, 0};
}

static char *lower(struct fst_arena *a, const char *name)
{
    char *copy = fst_arena_strdup(a, name);
    for (char *c = copy; *c; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
    return copy;
}

/* The library takes copies of the lines. */
static bool submit(struct h2c *c, struct exchange *x)
{
    const struct fst_http_request *rq = x->rq;
    const char *host = strstr(rq->url, "://") + 3, *path = strchr(host, '/');
    const char *method = rq->method ? rq->method : "GET";
    struct ng_nv nv[MAX_SENT];
    struct ng_provider body = {.source.ptr = x, .read = read_body};
    size_t n = 0;
    add_nv(nv, &n, ":method", method, strlen(method));
    add_nv(nv, &n, ":scheme", "http", 4);
    add_nv(nv, &n, ":authority", host, strcspn(host, "/?"));
    add_nv(nv, &n, ":path", path ? path : "/", strlen(path ? path : "/"));
    for (size_t i = 0; i < rq->n_headers; i++)
        add_nv(nv, &n, lower(x->rs->arena, rq->headers[i].name), rq->headers[i].value,
               strlen(rq->headers[i].value));
    x->stream = c->api.submit_request(c->session, NULL, nv, n, rq->body ? &body : NULL, NULL);
    return x->stream > 0;
}

/* ---- The connection -------------------------------------------------------------------------- */

/* http://127.x.x.x:port and http://localhost:port, the only addresses that this file takes. */
static bool address_of(const char *url, struct sockaddr_in *out)
{
    char host[32];
    int64_t port;
    if (strncmp(url, "http://", 7) != 0)
        return false;
    const char *p = url + 7;
    size_t n = strcspn(p, ":/?"), digits = p[n] == ':' ? strspn(p + n + 1, "0123456789") : 0;
    if (n >= sizeof(host) || digits == 0 || (p[n + 1 + digits] && p[n + 1 + digits] != '/') ||
        !fst_parse_int64(p + n + 1, digits, &port) || port < 1 || port > 65535)
        return false;
    snprintf(host, sizeof(host), "%.*s", (int)n, p);
    bool named = strcmp(host, "localhost") == 0;
    *out = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    return (named || strncmp(host, "127.", 4) == 0) &&
           inet_pton(AF_INET, named ? "127.0.0.1" : host, &out->sin_addr) == 1;
}

void h2c_close(struct h2c *c)
{
    if (!c)
        return;
    if (c->session)
        c->api.session_del(c->session);
    if (c->fd >= 0)
        close(c->fd);
    free(c);
}

static bool connect_within(int fd, const struct sockaddr_in *address, long limit_ms)
{
    struct pollfd ready = {.fd = fd, .events = POLLOUT};
    int failed = 0;
    socklen_t n = sizeof(failed);
    if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0)
        return true;
    return errno == EINPROGRESS && poll(&ready, 1, (int)limit_ms) == 1 &&
           getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &n) == 0 && !failed;
}

static bool start_session(struct h2c *c)
{
    const struct ng_setting settings[] = {{NG_SETTINGS_ENABLE_PUSH, 0},
                                          {NG_SETTINGS_INITIAL_WINDOW_SIZE, WINDOW},
                                          {NG_SETTINGS_MAX_FRAME_SIZE, FRAME}};
    void *callbacks;
    if (c->api.callbacks_new(&callbacks) != 0)
        return false;
    c->api.set_on_header(callbacks, on_header);
    c->api.set_on_data(callbacks, on_data);
    c->api.set_on_close(callbacks, on_close);
    bool ok = c->api.client_new(&c->session, callbacks, c) == 0;
    c->api.callbacks_del(callbacks);
    return ok && c->api.submit_settings(c->session, 0, settings, FST_COUNT(settings)) == 0 &&
           c->api.set_window(c->session, 0, 0, WINDOW) == 0;
}

static struct h2c *open_connection(const struct sockaddr_in *address, long limit_ms)
{
    const int one = 1;
    struct h2c *c = fst_alloc(sizeof(*c));
    c->address = *address;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd >= 0 && ng_load(&c->api) && connect_within(c->fd, address, limit_ms) &&
        start_session(c)) {
        setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
        return c;
    }
    h2c_close(c);
    return NULL;
}

/* Both ends are there, and it leads where we want. */
static bool is_usable(const struct h2c *c, const struct sockaddr_in *address)
{
    char byte;
    if (memcmp(&c->address, address, sizeof(*address)) != 0)
        return false;
    ssize_t n = recv(c->fd, &byte, 1, MSG_PEEK);
    return n > 0 || (n < 0 && errno == EAGAIN);
}

/* ---- Driving --------------------------------------------------------------------------------- */

static enum fst_status broken(const struct exchange *x, int os_errno, const char *why,
                              struct fst_error *err)
{
    const char *url = x->rq->url;
    fst_fail(err, FST_ENET, "%.*s: %s%s%s", (int)strcspn(url, "?"), url, why, os_errno ? ": " : "",
             os_errno ? strerror(os_errno) : "");
    if (err) {
        err->code = os_errno;
        err->retry = true;
    }
    return FST_ENET;
}

static enum fst_status push(struct h2c *c, struct fst_error *err)
{
    for (;;) {
        if (c->n_out == 0) {
            ssize_t n = c->api.mem_send(c->session, &c->out);
            if (n < 0)
                return broken(c->now, 0, c->api.strerror((int)n), err);
            if (n == 0)
                return FST_OK;
            c->n_out = (size_t)n;
        }
        ssize_t sent = send(c->fd, c->out, c->n_out, MSG_NOSIGNAL);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR))
            return FST_OK;
        if (sent < 0)
            return broken(c->now, errno, "the line broke", err);
        c->out += sent;
        c->n_out -= (size_t)sent;
    }
}

static enum fst_status take(struct h2c *c, const uint8_t *p, size_t n, struct fst_error *err)
{
    const struct exchange *x = c->now;
    const char *url = x->rq->url;
    ssize_t used = c->api.mem_recv(c->session, p, n);
    if (used >= 0)
        return FST_OK;
    if (x->stopped)
        return fst_fail(err, FST_ECANCELLED, "%.*s: stopped", (int)strcspn(url, "?"), url);
    if (x->rs->body.over)
        return fst_fail(err, FST_ENOMEM, "%.*s: the answer is larger than %zu bytes",
                        (int)strcspn(url, "?"), url, x->rs->body.max);
    return broken(x, 0, c->api.strerror((int)used), err);
}

static enum fst_status pull(struct h2c *c, bool *any, struct fst_error *err)
{
    uint8_t piece[PIECE];
    struct exchange *x = c->now;
    for (int i = 0; i < PIECES && !x->ended; i++) {
        ssize_t n = recv(c->fd, piece, sizeof(piece), 0);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            return FST_OK;
        if (n < 0)
            return broken(x, errno, "the line broke", err);
        if (n == 0)
            return broken(x, 0, "the line ended before the answer", err);
        *any = true;
        x->last_byte_us = fst_monotonic_us();
        FST_TRY(take(c, piece, (size_t)n, err));
        if ((size_t)n < sizeof(piece)) /* that was all */
            return FST_OK;
    }
    return FST_OK;
}

static enum fst_status check_patience(const struct exchange *x, struct fst_error *err)
{
    const struct fst_http_request *rq = x->rq;
    int64_t now = fst_monotonic_us(), all_ms = (now - x->since_us) / 1000;
    int64_t idle_ms = (now - x->last_byte_us) / 1000;
    int url = (int)strcspn(rq->url, "?");
    if (rq->cancelled && rq->cancelled(rq->cancel_arg))
        return fst_fail(err, FST_ECANCELLED, "%.*s: cancelled", url, rq->url);
    if ((rq->timeout_ms <= 0 || all_ms <= rq->timeout_ms) &&
        (rq->idle_timeout_ms <= 0 || idle_ms <= rq->idle_timeout_ms))
        return FST_OK;
    fst_fail(err, FST_ETIMEOUT, "%.*s: no answer in time", url, rq->url);
    if (err)
        err->retry = true;
    return FST_ETIMEOUT;
}

/* Send what there is, take what there is, wait a little when there was nothing. */
static enum fst_status step(struct h2c *c, struct fst_error *err)
{
    bool any = false;
    FST_TRY(push(c, err));
    FST_TRY(pull(c, &any, err));
    FST_TRY(push(c, err));
    if (any)
        return FST_OK;
    struct pollfd fd = {.fd = c->fd, .events = (short)(POLLIN | (c->n_out > 0 ? POLLOUT : 0))};
    poll(&fd, 1, WAIT_MS);
    return FST_OK;
}

static enum fst_status drive(struct h2c *c, struct exchange *x, struct fst_error *err)
{
    x->since_us = x->last_byte_us = fst_monotonic_us();
    while (!x->ended) {
        FST_TRY(check_patience(x, err));
        FST_TRY(step(c, err));
    }
    return x->reset ? broken(x, 0, "the server reset the stream", err) : FST_OK;
}

enum fst_status h2c_exchange(struct h2c **kept, const struct fst_http_request *rq,
                             struct fst_http_response *rs, struct fst_error *err)
{
    struct sockaddr_in address;
    struct h2c *c = *kept;
    *kept = NULL;
    if (!address_of(rq->url, &address))
        return fst_fail(err, FST_EUNSUPPORTED, "not a plain address of this host");
    if (c && !is_usable(c, &address)) {
        h2c_close(c);
        c = NULL;
    }
    if (!c)
        c = open_connection(&address, rq->connect_timeout_ms ? rq->connect_timeout_ms : CONNECT_MS);
    if (!c)
        return fst_fail(err, FST_EUNSUPPORTED, "no connection");
    struct exchange x = {.rq = rq, .rs = rs};
    c->now = &x;
    enum fst_status status =
        submit(c, &x) ? drive(c, &x, err) : broken(&x, 0, "the request was not taken", err);
    c->now = NULL;
    if (status == FST_OK)
        *kept = c;
    else
        h2c_close(c);
    return status;
}
