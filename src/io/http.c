/* One HTTP exchange over libcurl.
 *
 * libcurl costs 4 ms and 8 MB, so it is loaded by the first exchange and not by the program's
 * start; this is the only file that knows it. Every exchange is driven through a multi handle: that
 * is what lets a caller cancel within a tenth of a second, whatever the server does. Plain HTTP/2
 * to this host is h2c.c's. Where libcurl speaks HTTP/2, each exchange has a connection of its own:
 * libcurl 7.88 fails on the second request of a connection with prior knowledge. */
#include <ctype.h>
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "firesteel/io.h"
#include "h2c.h"

enum {
    WAIT_MS = 50, /* between two looks at `cancelled` */
    MAX_HEADERS = 1000,
};
#define MAX_HEADER_BYTES ((size_t)1 << 20)
#define DEFAULT_MAX_BODY ((size_t)16 << 20)

struct curl_api {
    CURL *(*easy_init)(void);
    CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
    CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
    void (*easy_cleanup)(CURL *);
    const char *(*easy_strerror)(CURLcode);
    struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
    void (*slist_free_all)(struct curl_slist *);
    CURLM *(*multi_init)(void);
    CURLMcode (*multi_add_handle)(CURLM *, CURL *);
    CURLMcode (*multi_remove_handle)(CURLM *, CURL *);
    CURLMcode (*multi_perform)(CURLM *, int *);
    CURLMcode (*multi_poll)(CURLM *, struct curl_waitfd *, unsigned, int, int *);
    CURLMsg *(*multi_info_read)(CURLM *, int *);
    CURLMcode (*multi_cleanup)(CURLM *);
};

#define CURL_SYMBOL(member)                                                                        \
    {                                                                                              \
        "curl_" #member, offsetof(struct curl_api, member)                                         \
    }
static const struct {
    const char *name;
    size_t offset;
} curl_symbols[] = {
    CURL_SYMBOL(easy_init),           CURL_SYMBOL(easy_setopt),   CURL_SYMBOL(easy_getinfo),
    CURL_SYMBOL(easy_cleanup),        CURL_SYMBOL(easy_strerror), CURL_SYMBOL(slist_append),
    CURL_SYMBOL(slist_free_all),      CURL_SYMBOL(multi_init),    CURL_SYMBOL(multi_add_handle),
    CURL_SYMBOL(multi_remove_handle), CURL_SYMBOL(multi_perform), CURL_SYMBOL(multi_poll),
    CURL_SYMBOL(multi_info_read),     CURL_SYMBOL(multi_cleanup),
};

/* Loading again is counting: it is never unloaded, so there is nothing to keep in a global. */
static enum fst_status curl_load(struct curl_api *api, struct fst_error *err)
{
    void *lib = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!lib)
        return fst_fail(err, FST_EUNSUPPORTED,
                        "libcurl.so.4 cannot be loaded (%s); install it (Debian: libcurl4)",
                        dlerror());
    for (size_t i = 0; i < FST_COUNT(curl_symbols); i++) {
        void *symbol = dlsym(lib, curl_symbols[i].name);
        if (!symbol)
            return fst_fail(err, FST_EUNSUPPORTED,
                            "libcurl.so.4 is too old: it has no %s; 7.66 or newer is needed",
                            curl_symbols[i].name);
        memcpy((char *)api + curl_symbols[i].offset, &symbol, sizeof(symbol));
    }
    return FST_OK;
}

struct fst_http_client {
    struct curl_api api;
    CURLM *multi;    /* NULL = not needed yet */
    struct h2c *h2c; /* the connection that is kept open; NULL = none */
    atomic_flag busy;
};

struct fst_http_client *fst_http_client_new(void)
{
    struct fst_http_client *c = fst_alloc(sizeof(*c));
    atomic_flag_clear(&c->busy);
    return c;
}

void fst_http_client_free(struct fst_http_client *c)
{
    if (!c)
        return;
    h2c_close(c->h2c);
    if (c->multi)
        c->api.multi_cleanup(c->multi);
    free(c);
}

static enum fst_status need_curl(struct fst_http_client *c, struct fst_error *err)
{
    if (c->multi)
        return FST_OK;
    FST_TRY(curl_load(&c->api, err));
    c->multi = c->api.multi_init();
    return c->multi ? FST_OK : fst_fail(err, FST_ENOMEM, "libcurl gave no handle");
}

/* What one exchange needs while libcurl calls back. */
struct exchange {
    const struct fst_http_request *rq;
    struct fst_http_response *rs;
    const struct curl_api *api;
    CURL *easy;
    struct curl_slist *headers;
    size_t cap_headers, header_bytes, max_body;
    int64_t last_byte_us; /* that came, or went */
    curl_off_t sent;      /* of the body */
    bool stopped;         /* on_body said so */
    bool too_large;
    char detail[CURL_ERROR_SIZE];
};

static void add_header(struct exchange *x, const char *line, size_t n)
{
    const char *colon = memchr(line, ':', n);
    if (!colon || x->rs->n_headers >= MAX_HEADERS || (x->header_bytes += n) > MAX_HEADER_BYTES)
        return;
    struct fst_http_response *rs = x->rs;
    char *name = fst_arena_strndup(rs->arena, line, (size_t)(colon - line));
    for (char *c = name; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    const char *end = line + n, *value = colon + 1;
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    while (end > value && isspace((unsigned char)end[-1]))
        end--;
    fst_grow(&rs->headers, &x->cap_headers, rs->n_headers + 1, sizeof(*rs->headers));
    rs->headers[rs->n_headers++] =
        (struct fst_http_header){name, fst_arena_strndup(rs->arena, value, (size_t)(end - value))};
}

/* HTTP/1.1 206 Partial Content */
static long status_of(const char *line, size_t n)
{
    const char *blank = memchr(line, ' ', n);
    long status = 0;
    for (const char *p = blank;
         p && ++p < line + n && p <= blank + 3 && isdigit((unsigned char)*p);)
        status = status * 10 + (*p - '0');
    return status;
}

/* A status line begins a block: what an informational answer (100) said is over. Trailers come
 * after the body without one. */
static size_t on_header(char *line, size_t one, size_t n, void *arg)
{
    struct exchange *x = arg;
    x->last_byte_us = fst_monotonic_us();
    if (n * one >= 5 && memcmp(line, "HTTP/", 5) == 0) {
        x->rs->n_headers = 0;
        x->rs->status = status_of(line, n * one);
    } else {
        add_header(x, line, n * one);
    }
    return n * one;
}

static size_t on_bytes(char *p, size_t one, size_t n, void *arg)
{
    struct exchange *x = arg;
    x->last_byte_us = fst_monotonic_us();
    if (x->rq->on_body) {
        x->stopped = !x->rq->on_body(x->rq->arg, p, n * one);
        return x->stopped ? 0 : n * one;
    }
    fst_buf_add(&x->rs->body, p, n * one);
    x->too_large = x->rs->body.over;
    return x->too_large ? 0 : n * one;
}

/* The host of a URL is this machine: no proxy may stand between. */
static bool is_loopback(const char *url)
{
    const char *host = strstr(url, "://") + 3;
    size_t n = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/?");
    struct fst_str name = {host, n};
    return fst_str_is_nocase(name, "localhost") || fst_str_is(name, "[::1]") ||
           (strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") == n);
}

static void set_body(struct exchange *x)
{
    const struct fst_http_request *rq = x->rq;
    const char *method = rq->method ? rq->method : "GET";
    if (strcmp(method, "HEAD") == 0) {
        x->api->easy_setopt(x->easy, CURLOPT_NOBODY, 1L);
        return;
    }
    if (rq->body || strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0) {
        x->api->easy_setopt(x->easy, CURLOPT_POSTFIELDS, rq->body ? rq->body : "");
        x->api->easy_setopt(x->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)rq->body_len);
    }
    x->api->easy_setopt(x->easy, CURLOPT_CUSTOMREQUEST, method);
}

static void set_headers(struct exchange *x)
{
    static const char *const ours[] = {"Expect:", "Accept:", "Content-Type:"};
    for (size_t i = 0; i < FST_COUNT(ours); i++)
        x->headers = x->api->slist_append(x->headers, ours[i]);
    for (size_t i = 0; i < x->rq->n_headers; i++) {
        /* "Name;" is how libcurl is told to send a header without a value. */
        const struct fst_http_header *h = &x->rq->headers[i];
        char *line =
            *h->value ? fst_asprintf("%s: %s", h->name, h->value) : fst_asprintf("%s;", h->name);
        x->headers = x->api->slist_append(x->headers, line);
        fst_wipe(line, strlen(line));
        free(line);
    }
    x->api->easy_setopt(x->easy, CURLOPT_HTTPHEADER, x->headers);
}

static void set_options(struct exchange *x)
{
    const struct fst_http_request *rq = x->rq;
    long version = CURL_HTTP_VERSION_NONE;
    if (rq->http2_prior_knowledge)
        version = strncmp(rq->url, "https:", 6) == 0 ? CURL_HTTP_VERSION_2TLS
                                                     : CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE;
    long connect_ms = rq->connect_timeout_ms ? rq->connect_timeout_ms : 5000;
    const struct {
        CURLoption option;
        long value;
    } numbers[] = {
        {CURLOPT_NOSIGNAL, 1},
        {CURLOPT_HTTP_VERSION, version},
        {CURLOPT_CONNECTTIMEOUT_MS, connect_ms},
        {CURLOPT_TIMEOUT_MS, rq->timeout_ms},
        {CURLOPT_TCP_KEEPALIVE, 1},
        {CURLOPT_PATH_AS_IS, 1}, /* keys of objects may be a/../b */
        {CURLOPT_FRESH_CONNECT, version == CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE},
        {CURLOPT_FORBID_REUSE, version == CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE},
    };
    for (size_t i = 0; i < FST_COUNT(numbers); i++)
        x->api->easy_setopt(x->easy, numbers[i].option, numbers[i].value);
    x->api->easy_setopt(x->easy, CURLOPT_URL, rq->url);
    if (is_loopback(rq->url))
        x->api->easy_setopt(x->easy, CURLOPT_PROXY, "");
    if (rq->ca_file) {
        x->api->easy_setopt(x->easy, CURLOPT_CAINFO, rq->ca_file);
        x->api->easy_setopt(x->easy, CURLOPT_CAPATH, NULL);
    }
    x->api->easy_setopt(x->easy, CURLOPT_ERRORBUFFER, x->detail);
    x->api->easy_setopt(x->easy, CURLOPT_HEADERFUNCTION, on_header);
    x->api->easy_setopt(x->easy, CURLOPT_HEADERDATA, x);
    x->api->easy_setopt(x->easy, CURLOPT_WRITEFUNCTION, on_bytes);
    x->api->easy_setopt(x->easy, CURLOPT_WRITEDATA, x);
}

/* Queries of URLs hold signatures: they do not belong in an error text. */
static int url_shown(const char *url)
{
    return (int)strcspn(url, "?");
}

/* OpenSSL's words for bytes that are no TLS differ; that it was no certificate is all they share.
 */
static enum fst_tls_fault tls_fault(CURLcode rc, const char *why)
{
    if (rc == CURLE_SSL_CACERT_BADFILE)
        return FST_TLS_CA_FILE;
    if (rc == CURLE_SSL_CONNECT_ERROR)
        return FST_TLS_NOT_SPOKEN;
    if (rc != CURLE_PEER_FAILED_VERIFICATION)
        return 0;
    return strstr(why, "subject name") ? FST_TLS_OTHER_HOST
           : strstr(why, "expired")    ? FST_TLS_EXPIRED
                                       : FST_TLS_UNTRUSTED;
}

static enum fst_status tls_error(const struct exchange *x, enum fst_tls_fault fault,
                                 const char *why, struct fst_error *err)
{
    static const struct {
        enum fst_status status;
        const char *text;
    } rows[] = {
        {FST_EAUTH, "the certificate of the server is not of an authority that is trusted here"},
        {FST_EAUTH, "the certificate of the server is for another host"},
        {FST_EAUTH, "the certificate of the server has expired"},
        {FST_EINVAL, "the file of trusted authorities cannot be used"},
        {FST_ENET, "the server does not speak TLS as we do"},
    };
    const char *url = x->rq->url;
    size_t row = (size_t)(fault - FST_TLS_UNTRUSTED);
    enum fst_status status =
        fst_fail(err, rows[row].status, "%.*s: %s (%s)", url_shown(url), url, rows[row].text, why);
    if (err)
        err->code = fault;
    return status;
}

static enum fst_status line_error(const struct exchange *x, CURLcode rc, struct fst_error *err)
{
    const char *url = x->rq->url;
    const char *why = x->detail[0] ? x->detail : x->api->easy_strerror(rc);
    enum fst_tls_fault fault = tls_fault(rc, why);
    if (fault)
        return tls_error(x, fault, why, err);
    bool late = rc == CURLE_OPERATION_TIMEDOUT;
    enum fst_status status =
        fst_fail(err, late ? FST_ETIMEOUT : FST_ENET, "%.*s: %s", url_shown(url), url, why);
    long os_errno = 0;
    x->api->easy_getinfo(x->easy, CURLINFO_OS_ERRNO, &os_errno);
    if (err) {
        err->code = os_errno;
        err->retry = rc != CURLE_URL_MALFORMAT;
    }
    return status;
}

static enum fst_status exchange_error(const struct exchange *x, CURLcode rc, struct fst_error *err)
{
    const char *url = x->rq->url;
    if (x->stopped)
        return fst_fail(err, FST_ECANCELLED, "%.*s: stopped", url_shown(url), url);
    if (x->too_large)
        return fst_fail(err, FST_ENOMEM, "%.*s: the answer is larger than %zu bytes",
                        url_shown(url), url, x->max_body);
    return line_error(x, rc, err);
}

static bool is_idle_too_long(struct exchange *x)
{
    curl_off_t sent = 0;
    if (x->rq->body_len)
        x->api->easy_getinfo(x->easy, CURLINFO_SIZE_UPLOAD_T, &sent);
    if (sent != x->sent)
        x->last_byte_us = fst_monotonic_us();
    x->sent = sent;
    return x->rq->idle_timeout_ms > 0 &&
           fst_monotonic_us() - x->last_byte_us > x->rq->idle_timeout_ms * 1000;
}

static enum fst_status drive(struct exchange *x, CURLM *multi, struct fst_error *err)
{
    const struct fst_http_request *rq = x->rq;
    for (int running = 1;;) {
        CURLMcode rc = x->api->multi_perform(multi, &running);
        if (rc != CURLM_OK)
            return fst_fail(err, FST_ENET, "%.*s: libcurl's loop failed (%d)", url_shown(rq->url),
                            rq->url, (int)rc);
        if (!running)
            break;
        if (rq->cancelled && rq->cancelled(rq->cancel_arg))
            return fst_fail(err, FST_ECANCELLED, "%.*s: cancelled", url_shown(rq->url), rq->url);
        if (is_idle_too_long(x))
            return fst_fail(err, FST_ETIMEOUT, "%.*s: no byte for %ld ms", url_shown(rq->url),
                            rq->url, rq->idle_timeout_ms);
        x->api->multi_poll(multi, NULL, 0, WAIT_MS, NULL);
    }
    int left;
    CURLMsg *done = x->api->multi_info_read(multi, &left);
    CURLcode rc = done ? done->data.result : CURLE_FAILED_INIT;
    if (rc != CURLE_OK)
        return exchange_error(x, rc, err);
    x->api->easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &x->rs->status);
    return FST_OK;
}

static enum fst_status begin_exchange(struct fst_http_client *client, struct exchange *x,
                                      struct fst_error *err)
{
    x->easy = x->api->easy_init();
    if (!x->easy)
        return fst_fail(err, FST_ENOMEM, "libcurl gave no handle");
    set_options(x);
    set_body(x);
    set_headers(x);
    x->last_byte_us = fst_monotonic_us();
    client->api.multi_add_handle(client->multi, x->easy);
    return FST_OK;
}

static void end_exchange(struct fst_http_client *client, struct exchange *x)
{
    client->api.multi_remove_handle(client->multi, x->easy);
    x->api->easy_cleanup(x->easy);
    x->easy = NULL;
    for (struct curl_slist *h = x->headers; h; h = h->next)
        fst_wipe(h->data, strlen(h->data));
    x->api->slist_free_all(x->headers);
}

static enum fst_status run_exchange(struct fst_http_client *client, struct exchange *x,
                                    struct fst_error *err)
{
    FST_TRY(begin_exchange(client, x, err));
    enum fst_status status = drive(x, client->multi, err);
    end_exchange(client, x);
    return status;
}

static enum fst_status check_url(const char *url, struct fst_error *err)
{
    if (strncasecmp(url, "http://", 7) != 0 && strncasecmp(url, "https://", 8) != 0)
        return fst_fail(err, FST_EINVAL, "%.*s: not an http:// or https:// URL", url_shown(url),
                        url);
    const char *host = strstr(url, "://") + 3;
    if (memchr(host, '@', strcspn(host, "/?")))
        return fst_fail(err, FST_EINVAL, "a URL with a user or password in it is not used");
    return FST_OK;
}

static enum fst_status exchange_with(struct fst_http_client *client,
                                     const struct fst_http_request *rq,
                                     struct fst_http_response *rs, struct fst_error *err)
{
    if (rq->http2_prior_knowledge) {
        struct fst_error why = {.status = FST_OK};
        enum fst_status status = h2c_exchange(&client->h2c, rq, rs, &why);
        if (status != FST_OK && status != FST_EUNSUPPORTED && err)
            *err = why;
        if (status != FST_EUNSUPPORTED)
            return status;
    }
    FST_TRY(need_curl(client, err));
    struct exchange x = {.rq = rq, .rs = rs, .api = &client->api, .max_body = rs->body.max};
    return run_exchange(client, &x, err);
}

enum fst_status fst_http(const struct fst_http_request *rq, struct fst_http_response *rs,
                         struct fst_error *err)
{
    *rs = (struct fst_http_response){.arena = NULL};
    FST_TRY(check_url(rq->url, err));
    rs->arena = fst_arena_new();
    rs->body = FST_BUF(rq->max_body ? rq->max_body : DEFAULT_MAX_BODY);
    bool own = !rq->client || atomic_flag_test_and_set(&rq->client->busy);
    struct fst_http_client *client = own ? fst_http_client_new() : rq->client;
    enum fst_status status = exchange_with(client, rq, rs, err);
    if (own)
        fst_http_client_free(client);
    else
        atomic_flag_clear(&client->busy);
    if (status != FST_OK)
        fst_http_response_done(rs);
    return status;
}

const char *fst_http_header_get(const struct fst_http_response *rs, const char *name)
{
    for (size_t i = rs->n_headers; i-- > 0;)
        if (strcasecmp(rs->headers[i].name, name) == 0)
            return rs->headers[i].value;
    return NULL;
}

void fst_http_response_done(struct fst_http_response *rs)
{
    free(rs->headers);
    fst_arena_free(rs->arena);
    fst_buf_done(&rs->body);
    *rs = (struct fst_http_response){.arena = NULL};
}

/* ---- Many at once ---------------------------------------------------------------------------- */

struct wave {
    struct fst_http_client *client;
    struct exchange *all;
    struct fst_error *errs;
    size_t n, begun, running, parallel;
};

static void end_one(struct wave *w, struct exchange *x, enum fst_status status)
{
    w->errs[x - w->all].status = status;
    end_exchange(w->client, x);
    w->running--;
}

static void begin_more(struct wave *w)
{
    for (; w->begun < w->n && w->running < w->parallel; w->begun++) {
        struct exchange *x = &w->all[w->begun];
        struct fst_error *err = &w->errs[w->begun];
        if (check_url(x->rq->url, err) == FST_OK && begin_exchange(w->client, x, err) == FST_OK)
            w->running++;
    }
}

static void take_finished(struct wave *w)
{
    int left;
    for (CURLMsg *m; (m = w->client->api.multi_info_read(w->client->multi, &left));) {
        struct exchange *x = w->all;
        while (x->easy != m->easy_handle)
            x++;
        CURLcode rc = m->data.result;
        struct fst_error *err = &w->errs[x - w->all];
        end_one(w, x, rc == CURLE_OK ? FST_OK : exchange_error(x, rc, err));
    }
}

/* Those that were idle for too long, or all when the caller lost interest. */
static void stop_some(struct wave *w)
{
    const struct fst_http_request *first = w->all[0].rq;
    bool cancelled = first->cancelled && first->cancelled(first->cancel_arg);
    if (cancelled)
        w->n = w->begun;
    for (size_t i = 0; i < w->begun; i++) {
        struct exchange *x = &w->all[i];
        const char *url = x->rq->url;
        if (!x->easy || (!cancelled && !is_idle_too_long(x)))
            continue;
        end_one(w, x,
                cancelled
                    ? fst_fail(&w->errs[i], FST_ECANCELLED, "%.*s: cancelled", url_shown(url), url)
                    : fst_fail(&w->errs[i], FST_ETIMEOUT, "%.*s: no byte for %ld ms",
                               url_shown(url), url, x->rq->idle_timeout_ms));
        w->errs[i].retry = !cancelled;
    }
}

static void drive_wave(struct wave *w)
{
    const struct curl_api *api = &w->client->api;
    for (begin_more(w); w->running; begin_more(w)) {
        int running;
        api->multi_perform(w->client->multi, &running);
        take_finished(w);
        stop_some(w);
        if (w->running)
            api->multi_poll(w->client->multi, NULL, 0, WAIT_MS, NULL);
    }
}

enum fst_status fst_http_wave(struct fst_http_client *client, const struct fst_http_request *rqs,
                              struct fst_http_response *rss, struct fst_error *errs, size_t n,
                              size_t parallel, struct fst_error *err)
{
    bool own = !client || atomic_flag_test_and_set(&client->busy);
    if (own)
        client = fst_http_client_new();
    enum fst_status status = n ? need_curl(client, err) : FST_OK;
    struct exchange *all = fst_alloc((n + 1) * sizeof *all);
    for (size_t i = 0; i < n; i++) {
        size_t max = rqs[i].max_body ? rqs[i].max_body : DEFAULT_MAX_BODY;
        rss[i] = (struct fst_http_response){.arena = fst_arena_new(), .body = FST_BUF(max)};
        errs[i] = (struct fst_error){.status = FST_ECANCELLED, .text = "cancelled"};
        all[i] =
            (struct exchange){.rq = &rqs[i], .rs = &rss[i], .api = &client->api, .max_body = max};
    }
    struct wave w = {client, all, errs, n, 0, 0, parallel};
    if (status == FST_OK && n)
        drive_wave(&w);
    free(all);
    if (own)
        fst_http_client_free(client);
    else
        atomic_flag_clear(&client->busy);
    return status;
}
