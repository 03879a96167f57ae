/* One gRPC call: a message out, messages back, a status at the end.
 *
 * Messages are framed by five bytes (a flag and a big-endian length) and cut anywhere by HTTP/2.
 * The status comes in trailers, or in the only header block when the server refuses at once; both
 * look the same here. A stream that ends without a status is a broken line, whatever HTTP said. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "firesteel/io.h"
#include "grpc.h"

#define DEFAULT_MAX_MESSAGE ((size_t)256 << 20)
enum { MAX_HEADERS = 64, FRAME_HEAD = 5 };

/* ---- Frames ---------------------------------------------------------------------------------- */

static enum fst_status frame_begin(struct grpc_frames *f, struct fst_error *err)
{
    if (f->head[0] != 0)
        return fst_fail(err, FST_EFORMAT,
                        "the server sent a compressed message, which was not offered");
    f->need =
        (size_t)f->head[1] << 24 | (size_t)f->head[2] << 16 | (size_t)f->head[3] << 8 | f->head[4];
    if (f->need > f->max_message)
        return fst_fail(err, FST_ENOMEM, "the server sent a message of %zu bytes; at most %zu",
                        f->need, f->max_message);
    fst_buf_clear(&f->body);
    f->body.max = f->max_message + 1;
    return FST_OK;
}

/* A message that lies whole in what arrived is handed on without a copy. */
static bool frame_deliver(struct grpc_frames *f, const char **p, size_t *n)
{
    size_t take = f->need - f->body.n < *n ? f->need - f->body.n : *n;
    bool whole = f->body.n == 0 && take == f->need;
    if (!whole)
        fst_buf_add(&f->body, *p, take);
    const char *message = whole ? *p : fst_buf_text(&f->body);
    *p += take;
    *n -= take;
    if (!whole && f->body.n < f->need)
        return true;
    f->n_head = 0;
    return f->on_message(f->arg, message, f->need);
}

enum fst_status grpc_frames_feed(struct grpc_frames *f, const void *bytes, size_t n,
                                 struct fst_error *err)
{
    const char *p = bytes;
    while (n > 0 || (f->n_head == FRAME_HEAD && f->body.n == f->need)) {
        if (f->n_head < FRAME_HEAD) {
            f->head[f->n_head++] = (unsigned char)*p++;
            n--;
            if (f->n_head == FRAME_HEAD)
                FST_TRY(frame_begin(f, err));
        } else if (!frame_deliver(f, &p, &n)) {
            return fst_fail(err, FST_ECANCELLED, "stopped");
        }
    }
    return FST_OK;
}

bool grpc_frames_cut(const struct grpc_frames *f)
{
    return f->n_head != 0;
}

/* ---- Text in headers ------------------------------------------------------------------------- */

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

char *grpc_percent_decode(const char *text)
{
    struct fst_buf out = FST_BUF_TEXT;
    for (const char *p = text; *p; p++) {
        int high = *p == '%' ? hex_value(p[1]) : -1;
        int low = high >= 0 ? hex_value(p[2]) : -1;
        if (low >= 0 && high * 16 + low != 0) {
            fst_buf_addc(&out, (char)(high * 16 + low));
            p += 2;
        } else {
            fst_buf_addc(&out, *p);
        }
    }
    return fst_buf_take(&out);
}

static int base64_value(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

bool grpc_base64_decode(struct fst_buf *out, const char *text)
{
    uint32_t bits = 0;
    int n_bits = 0;
    for (; *text && *text != '='; text++) {
        int v = base64_value(*text);
        if (v < 0)
            return false;
        bits = bits << 6 | (uint32_t)v;
        n_bits += 6;
        if (n_bits >= 8) {
            n_bits -= 8;
            fst_buf_addc(out, (char)(bits >> n_bits & 0xff));
        }
    }
    return strspn(text, "=") == strlen(text);
}

/* ---- The call -------------------------------------------------------------------------------- */

struct call {
    struct grpc_frames frames;
    struct fst_error error; /* of the frames */
    enum fst_status status;
};

static bool on_body(void *arg, const void *p, size_t n)
{
    struct call *c = arg;
    c->status = grpc_frames_feed(&c->frames, p, n, &c->error);
    return c->status == FST_OK;
}

static enum fst_status take_status(const char *authority, const struct fst_http_response *rs,
                                   struct fst_grpc_result *result, struct fst_error *err)
{
    const char *status = fst_http_header_get(rs, "grpc-status");
    int64_t code;
    if (!status || !fst_parse_int64(status, strlen(status), &code) || code < 0 || code > 1000) {
        enum fst_status failed = fst_fail(
            err, FST_ENET, "%s: the answer is not gRPC (HTTP status %ld, %s) or the line broke",
            authority, rs->status,
            fst_http_header_get(rs, "content-type") ? "no grpc-status" : "no content type");
        if (err)
            err->retry = rs->status == 200;
        return failed;
    }
    const char *message = fst_http_header_get(rs, "grpc-message");
    const char *details = fst_http_header_get(rs, "grpc-status-details-bin");
    result->status = (int)code;
    result->message = grpc_percent_decode(message ? message : "");
    if (details && !grpc_base64_decode(&result->details, details))
        fst_buf_clear(&result->details);
    return FST_OK;
}

static size_t fill_headers(const struct fst_grpc_channel *ch, const char *bearer,
                           const char *timeout, struct fst_http_header *out)
{
    size_t n = 0;
    out[n++] = (struct fst_http_header){"content-type", "application/grpc"};
    out[n++] = (struct fst_http_header){"te", "trailers"};
    out[n++] = (struct fst_http_header){"user-agent", "firesteel/" FST_VERSION};
    out[n++] = (struct fst_http_header){"grpc-accept-encoding", "identity"};
    if (timeout)
        out[n++] = (struct fst_http_header){"grpc-timeout", timeout};
    if (bearer)
        out[n++] = (struct fst_http_header){"authorization", bearer};
    for (size_t i = 0; i < ch->n_headers && n < MAX_HEADERS; i++)
        out[n++] = ch->headers[i];
    return n;
}

static void frame_request(struct fst_buf *out, const void *request, size_t n)
{
    const unsigned char head[FRAME_HEAD] = {0, (unsigned char)(n >> 24), (unsigned char)(n >> 16),
                                            (unsigned char)(n >> 8), (unsigned char)n};
    fst_buf_add(out, head, sizeof(head));
    fst_buf_add(out, request, n);
}

static enum fst_status exchange(const struct fst_grpc_channel *ch, struct fst_http_request *rq,
                                struct call *call, struct fst_grpc_result *result,
                                struct fst_error *err)
{
    struct fst_http_response rs;
    rq->arg = call;
    rq->on_body = on_body;
    enum fst_status status = fst_http(rq, &rs, err);
    if (call->status != FST_OK) {
        if (status == FST_OK)
            fst_http_response_done(&rs);
        if (err)
            *err = call->error;
        return call->status;
    }
    FST_TRY(status);
    status = take_status(ch->authority, &rs, result, err);
    if (status == FST_OK && result->status == 0 && grpc_frames_cut(&call->frames))
        status = fst_fail(err, FST_ENET, "%s: the last message is cut short", ch->authority);
    fst_http_response_done(&rs);
    return status;
}

enum fst_status fst_grpc_call(const struct fst_grpc_channel *ch, const char *path,
                              const void *request, size_t request_len,
                              bool (*on_message)(void *arg, const void *p, size_t n), void *arg,
                              fst_cancelled_fn cancelled, void *cancel_arg, long timeout_ms,
                              size_t max_message, struct fst_grpc_result *result,
                              struct fst_error *err)
{
    *result = (struct fst_grpc_result){.details = FST_BUF((size_t)1 << 20)};
    struct call call = {
        .frames = {.on_message = on_message,
                   .arg = arg,
                   .max_message = max_message ? max_message : DEFAULT_MAX_MESSAGE},
    };
    struct fst_buf body = FST_BUF(request_len + FRAME_HEAD + 1);
    frame_request(&body, request, request_len);
    char *url = fst_asprintf("%s://%s%s", ch->tls ? "https" : "http", ch->authority, path);
    char *bearer = ch->token ? fst_asprintf("Bearer %s", ch->token) : NULL;
    char *timeout = timeout_ms > 0 ? fst_asprintf("%ldm", timeout_ms) : NULL;
    struct fst_http_header headers[MAX_HEADERS];
    struct fst_http_request rq = {.client = ch->client,
                                  .method = "POST",
                                  .url = url,
                                  .headers = headers,
                                  .n_headers = fill_headers(ch, bearer, timeout, headers),
                                  .body = body.p,
                                  .body_len = body.n,
                                  .http2_prior_knowledge = true,
                                  .ca_file = ch->ca_file,
                                  .timeout_ms = timeout_ms,
                                  .cancelled = cancelled,
                                  .cancel_arg = cancel_arg};
    enum fst_status status = exchange(ch, &rq, &call, result, err);
    if (bearer)
        fst_wipe(bearer, strlen(bearer));
    free(bearer);
    free(timeout);
    free(url);
    fst_buf_done(&body);
    fst_buf_done(&call.frames.body);
    if (status != FST_OK)
        fst_grpc_result_done(result);
    return status;
}

void fst_grpc_result_done(struct fst_grpc_result *r)
{
    free(r->message);
    fst_buf_done(&r->details);
    *r = (struct fst_grpc_result){.status = 0};
}
