/* Pieces of one object, over plain HTTP or S3: what a server may do with a range, told apart.
 *
 * The first answer fixes which object it is (size, ETag, else its date); every later request says
 * so with If-Match, and every later answer is compared. Servers differ: some know no ranges and
 * send everything, some know none from the end, some answer no HEAD. What is found out stays with
 * the object, so that it is found out once. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "s3.h"

enum { PARALLEL = 16, IDLE_MS = 30000, MAX_REDIRECTS = 5 };
#define MAX_ERROR_BODY ((size_t)64 << 10)

/* ---- Requests
 * ------------------------------------------------------------------------------------ */

/* One request under way. */
struct piece {
    struct fst_object *o;
    struct fst_get *get; /* NULL = HEAD, or everything */
    struct fst_buf *whole;
    struct fst_http_response *rs;
    struct s3_call call;
    size_t landed;
    bool too_much; /* more bytes came than were asked for */
    char range[64];
};

static const char *range_text(struct piece *p)
{
    const struct fst_get *g = p->get;
    if (g->suffix)
        snprintf(p->range, sizeof p->range, "bytes=-%zu", g->len);
    else
        snprintf(p->range, sizeof p->range, "bytes=%llu-%llu", (unsigned long long)g->from,
                 (unsigned long long)(g->from + g->len - 1));
    return p->range;
}

/* Bytes of a 206 are what was asked for; those of a 200 are, too, when all of them fit. */
static bool land(void *arg, const void *bytes, size_t n)
{
    struct piece *p = arg;
    bool error = p->rs->status >= 300;
    if (error || p->whole) {
        struct fst_buf *to = error ? &p->rs->body : p->whole;
        fst_buf_add(to, bytes, n);
        p->too_much = p->whole && to->over;
        return error || !p->too_much;
    }
    if (!p->get)
        return true;
    if (n > p->get->len - p->landed) {
        p->too_much = true;
        return false;
    }
    memcpy((char *)p->get->into + p->landed, bytes, n);
    p->landed += n;
    return true;
}

static enum fst_status make_call(struct piece *p, const char *method, struct fst_error *err)
{
    struct fst_object *o = p->o;
    struct fst_http_header headers[2];
    size_t n = 0;
    if (p->get)
        headers[n++] = (struct fst_http_header){"range", range_text(p)};
    if (*o->etag == '"' && p->get) /* weak ones match nothing */
        headers[n++] = (struct fst_http_header){"if-match", o->etag};
    if (o->s3) {
        const struct s3_ask ask = {.method = method,
                                   .bucket = o->bucket,
                                   .key = o->key,
                                   .headers = headers,
                                   .n_headers = n};
        FST_TRY(s3_call_make(o->s3, &ask, &p->call, err));
    } else {
        p->call = (struct s3_call){.arena = fst_arena_new()};
        struct fst_http_header *kept = fst_arena_alloc(p->call.arena, sizeof headers);
        for (size_t i = 0; i < n; i++)
            kept[i] = (struct fst_http_header){headers[i].name,
                                               fst_arena_strdup(p->call.arena, headers[i].value)};
        p->call.rq = (struct fst_http_request){.client = o->client,
                                               .method = method,
                                               .url = fst_arena_strdup(p->call.arena, o->url),
                                               .headers = kept,
                                               .n_headers = n,
                                               .idle_timeout_ms = IDLE_MS};
    }
    p->call.rq.max_body = MAX_ERROR_BODY;
    p->call.rq.on_body = land;
    p->call.rq.arg = p;
    return FST_OK;
}

/* ---- Which object it is
 * --------------------------------------------------------------------------- */

static enum fst_status changed(const struct fst_object *o, struct fst_error *err)
{
    return fst_fail(err, FST_ECONFLICT, "%s: changed while it was read; read it again", o->name);
}

/* `total` UINT64_MAX = not told. */
static enum fst_status same_object(struct fst_object *o, const struct fst_http_response *rs,
                                   uint64_t total, struct fst_error *err)
{
    const char *etag = fst_http_header_get(rs, "etag");
    const char *modified = fst_http_header_get(rs, "last-modified");
    int64_t modified_us = modified ? http_date_us(modified) : 0;
    if (o->has_size && total != UINT64_MAX && total != o->size)
        return changed(o, err);
    if (*o->etag && etag && strcmp(o->etag, etag) != 0)
        return changed(o, err);
    if (!*o->etag && !etag && o->modified_us && modified_us && modified_us != o->modified_us)
        return changed(o, err);
    if (!*o->etag && etag && strlen(etag) < sizeof o->etag)
        strcpy(o->etag, etag);
    if (modified_us)
        o->modified_us = modified_us;
    if (total != UINT64_MAX) {
        o->size = total;
        o->has_size = true;
    }
    return FST_OK;
}

static bool parse_size(const char *text, size_t n, uint64_t *out)
{
    int64_t v;
    if (!fst_parse_int64(text, n, &v) || v < 0)
        return false;
    *out = (uint64_t)v;
    return true;
}

/* "bytes 0-9/100"; the total may be "*". */
static bool content_range(const struct fst_http_response *rs, uint64_t *from, uint64_t *to,
                          uint64_t *total)
{
    const char *text = fst_http_header_get(rs, "content-range");
    if (!text || strncasecmp(text, "bytes ", 6) != 0)
        return false;
    text += 6;
    const char *dash = strchr(text, '-'), *slash = strchr(text, '/');
    if (!dash || !slash || slash < dash || !parse_size(text, (size_t)(dash - text), from) ||
        !parse_size(dash + 1, (size_t)(slash - dash - 1), to))
        return false;
    *total = UINT64_MAX;
    return strcmp(slash, "/*") == 0 || parse_size(slash + 1, strlen(slash + 1), total);
}

static bool content_length(const struct fst_http_response *rs, uint64_t *out)
{
    const char *text = fst_http_header_get(rs, "content-length");
    return text && parse_size(text, strlen(text), out);
}

/* ---- Answers
 * -------------------------------------------------------------------------------------- */

static enum fst_status no_suffix(struct fst_object *o, struct fst_error *err)
{
    o->no_suffix = true;
    return fst_fail(err, FST_EUNSUPPORTED, "%s: the server gives no range from the end", o->name);
}

static enum fst_status no_ranges(struct fst_object *o, const struct fst_http_response *rs,
                                 struct fst_error *err)
{
    uint64_t size;
    o->no_ranges = true;
    if (content_length(rs, &size))
        FST_TRY(same_object(o, rs, size, err));
    return fst_fail(err, FST_EUNSUPPORTED, "%s: the server does not give parts of a file", o->name);
}

static enum fst_status take_part(struct piece *p, struct fst_error *err)
{
    struct fst_get *g = p->get;
    struct fst_object *o = p->o;
    uint64_t from, to, total;
    if (p->too_much || !content_range(p->rs, &from, &to, &total) || to < from ||
        to - from + 1 != p->landed || (!g->suffix && from != g->from) ||
        (total != UINT64_MAX && to >= total)) {
        if (g->suffix)
            return no_suffix(o, err);
        return fst_fail(err, FST_EFORMAT, "%s: the server sent another range than was asked for",
                        o->name);
    }
    if (g->suffix && (total == UINT64_MAX || to + 1 != total))
        return no_suffix(o, err);
    FST_TRY(same_object(o, p->rs, total, err));
    bool ends = total != UINT64_MAX && to + 1 == total;
    if (p->landed < g->len && !ends)
        return fst_fail(err, FST_EFORMAT, "%s: the server sent less than was asked for", o->name);
    g->from = from;
    g->got = p->landed;
    return FST_OK;
}

/* Everything, though a part was asked for: fine where that fits. */
static enum fst_status take_everything(struct piece *p, struct fst_error *err)
{
    struct fst_get *g = p->get;
    uint64_t size;
    bool whole = !p->too_much && (!content_length(p->rs, &size) || size == p->landed);
    if (!whole || (!g->suffix && g->from != 0))
        return no_ranges(p->o, p->rs, err);
    FST_TRY(same_object(p->o, p->rs, p->landed, err));
    g->from = 0;
    g->got = p->landed;
    return FST_OK;
}

static enum fst_status past_the_end(struct piece *p, struct fst_error *err)
{
    uint64_t total = UINT64_MAX;
    const char *text = fst_http_header_get(p->rs, "content-range"); /* bytes * / 100 */
    if (text && strncasecmp(text, "bytes */", 8) == 0)
        parse_size(text + 8, strlen(text + 8), &total);
    if (p->get->suffix && total != 0)
        return no_suffix(p->o, err);
    FST_TRY(same_object(p->o, p->rs, total, err));
    p->get->got = 0;
    return FST_OK;
}

static enum s3_verdict outcome(enum fst_status status)
{
    return status == FST_OK ? S3_FINE : S3_FAILED;
}

/* Only within https, or from http. The new place may be anywhere: nothing of ours goes with it. */
static bool follow(struct fst_object *o, const struct fst_http_response *rs)
{
    const char *to = fst_http_header_get(rs, "location");
    bool secure = strncasecmp(o->url, "https:", 6) == 0;
    if (!to)
        return false;
    char *url;
    if (to[0] == '/' && to[1] != '/') {
        const char *host = strstr(o->url, "://") + 3;
        url = fst_asprintf("%.*s%s", (int)(host - o->url + (long)strcspn(host, "/?")), o->url, to);
    } else if (strncasecmp(to, "https://", 8) == 0 ||
               (!secure && strncasecmp(to, "http://", 7) == 0)) {
        url = fst_strdup(to);
    } else {
        return false;
    }
    free(o->url);
    o->url = url;
    return true;
}

/* What one answer means for its piece. */
static enum s3_verdict judge(struct piece *p, struct fst_error *line, int tries,
                             struct fst_error *err)
{
    struct fst_object *o = p->o;
    long http = p->rs->status;
    bool stopped = line->status == FST_ECANCELLED && p->too_much;
    if (line->status != FST_OK && !stopped) {
        *err = *line;
        return s3_judge_line(err, tries);
    }
    if (p->whole && http == 200)
        return outcome(same_object(o, p->rs, p->too_much ? UINT64_MAX : p->whole->n, err));
    if (p->get && http == 206)
        return outcome(take_part(p, err));
    if (p->get && http == 200)
        return outcome(take_everything(p, err));
    if (p->get && http == 416)
        return outcome(past_the_end(p, err));
    if (p->get && http == 412)
        return outcome(changed(o, err));
    if (!o->s3 && http >= 301 && http <= 308 && http != 304 && tries <= MAX_REDIRECTS &&
        follow(o, p->rs)) {
        fst_fail(err, FST_ENET, "%s: is sent from place to place", o->name);
        return S3_AGAIN;
    }
    return s3_judge(o->s3, o->s3 ? o->bucket : NULL, o->name, p->rs, tries, err);
}

/* ---- Waves
 * ------------------------------------------------------------------------------------------ */

struct round {
    struct piece *pieces;
    struct fst_http_request *rqs;
    struct fst_http_response *rss;
    struct fst_error *errs;
    size_t n;
};

static enum fst_status prepare(struct round *r, const char *method, struct fst_error *err)
{
    for (size_t i = 0; i < r->n; i++) {
        struct piece *p = &r->pieces[i];
        p->rs = &r->rss[i];
        p->landed = 0;
        p->too_much = false;
        if (p->whole)
            fst_buf_clear(p->whole);
        FST_TRY(make_call(p, method, err));
        r->rqs[i] = p->call.rq;
    }
    return FST_OK;
}

static size_t body_bytes(const struct piece *p)
{
    return p->landed + (p->whole ? p->whole->n : 0);
}

/* One round trip of all pieces. Those that are done leave the round. */
static enum s3_verdict run_round(struct round *r, const char *method, int tries,
                                 struct fst_error *err)
{
    struct fst_object *o = r->pieces[0].o;
    struct fst_http_client *client = o->s3 ? s3_http(o->s3) : o->client;
    size_t left = 0;
    enum s3_verdict worst = S3_FINE;
    enum fst_status status = prepare(r, method, err);
    if (status == FST_OK)
        status = fst_http_wave(client, r->rqs, r->rss, r->errs, r->n, PARALLEL, err);
    bool sent = status == FST_OK;
    o->waves += sent;
    for (size_t i = 0; i < r->n; i++) {
        struct piece p = r->pieces[i];
        struct fst_error why = {.status = FST_OK};
        enum s3_verdict v = sent ? judge(&p, &r->errs[i], tries, &why) : S3_FAILED;
        p.o->bytes += body_bytes(&p);
        p.o->requests += sent;
        if (v > worst) {
            worst = v;
            if (sent && err)
                *err = why;
        }
        s3_call_done(&p.call);
        if (v != S3_FINE)
            r->pieces[left++] = p;
    }
    if (worst == S3_LATER)
        s3_wait(tries, &r->rss[0], NULL, NULL);
    for (size_t i = 0; sent && i < r->n; i++)
        fst_http_response_done(&r->rss[i]);
    r->n = left;
    return worst;
}

static enum fst_status run_pieces(struct piece *pieces, size_t n, const char *method,
                                  struct fst_error *err)
{
    struct fst_error why = {.status = FST_OK};
    struct round r = {.pieces = pieces,
                      .rqs = fst_alloc(n * sizeof *r.rqs),
                      .rss = fst_alloc(n * sizeof *r.rss),
                      .errs = fst_alloc(n * sizeof *r.errs),
                      .n = n};
    enum s3_verdict verdict = S3_FINE;
    for (int tries = 1; r.n && verdict != S3_FAILED && tries <= RETRY_TRIES + MAX_REDIRECTS;
         tries++)
        verdict = run_round(&r, method, tries, &why);
    free(r.rqs);
    free(r.rss);
    free(r.errs);
    if (r.n == 0 && verdict == S3_FINE)
        return FST_OK;
    if (err)
        *err = why;
    return why.status;
}

static enum fst_status get_pieces(struct fst_object *const *os, size_t step, struct fst_get *gets,
                                  size_t n, struct fst_error *err)
{
    struct piece *pieces = fst_alloc((n + 1) * sizeof *pieces);
    size_t wanted = 0;
    for (size_t i = 0; i < n; i++) {
        gets[i].got = 0;
        if (gets[i].len)
            pieces[wanted++] = (struct piece){.o = os[i * step], .get = &gets[i]};
    }
    enum fst_status status = wanted ? run_pieces(pieces, wanted, "GET", err) : FST_OK;
    free(pieces);
    return status;
}

enum fst_status fst_object_get(struct fst_object *o, struct fst_get *gets, size_t n,
                               struct fst_error *err)
{
    return get_pieces(&o, 0, gets, n, err);
}

enum fst_status fst_objects_get(struct fst_object *const *os, struct fst_get *gets, size_t n,
                                struct fst_error *err)
{
    return get_pieces(os, 1, gets, n, err);
}

/* Servers that know no HEAD, or do not say how long the file is, say it with a range. */
static enum fst_status head_by_range(struct fst_object *o, struct fst_error *err)
{
    char byte;
    struct fst_get get = {.len = 1, .into = &byte};
    enum fst_status status = fst_object_get(o, &get, 1, err);
    if (status == FST_EUNSUPPORTED && o->no_ranges)
        return FST_OK;
    return status;
}

/* What a HEAD said, which has no body: *odd = it did not say how large the object is. */
static enum s3_verdict judge_head(struct piece *p, enum fst_status status, int tries, bool *odd,
                                  struct fst_error *why)
{
    uint64_t size = 0;
    *odd = false;
    if (status != FST_OK)
        return s3_judge_line(why, tries);
    if (p->rs->status == 200 && content_length(p->rs, &size))
        return outcome(same_object(p->o, p->rs, size, why));
    enum s3_verdict v = judge(p, why, tries, why);
    long http = p->rs->status;
    *odd = v == S3_FINE || http == 405 || http == 501 || http == 403;
    return v;
}

static enum s3_verdict ask_head(struct fst_object *o, int tries, bool *odd, struct fst_error *why)
{
    struct fst_http_response rs;
    struct piece p = {.o = o, .rs = &rs};
    if (make_call(&p, "HEAD", why) != FST_OK)
        return S3_FAILED;
    p.call.rq.on_body = NULL;
    enum fst_status status = fst_http(&p.call.rq, &rs, why);
    s3_call_done(&p.call);
    o->requests++;
    o->waves++;
    enum s3_verdict v = judge_head(&p, status, tries, odd, why);
    if (v == S3_LATER)
        s3_wait(tries, status == FST_OK ? &rs : NULL, NULL, NULL);
    if (status == FST_OK)
        fst_http_response_done(&rs);
    return v;
}

enum fst_status fst_object_head(struct fst_object *o, struct fst_error *err)
{
    for (int tries = 1;; tries++) {
        struct fst_error why = {.status = FST_OK};
        bool odd = false;
        enum s3_verdict v = ask_head(o, tries, &odd, &why);
        if (odd)
            return head_by_range(o, err);
        if (v == S3_AGAIN || v == S3_LATER)
            continue;
        if (why.status != FST_OK && err)
            *err = why;
        return why.status;
    }
}

enum fst_status fst_object_whole(struct fst_object *o, size_t cap, struct fst_buf *out,
                                 struct fst_error *err)
{
    *out = FST_BUF(cap);
    struct piece p = {.o = o, .whole = out};
    struct fst_error why = {.status = FST_OK};
    enum fst_status status = run_pieces(&p, 1, "GET", &why);
    bool over = out->over;
    if (status == FST_OK && o->has_size && o->size != out->n)
        status = changed(o, &why);
    if (status != FST_OK || over)
        fst_buf_done(out);
    if (over)
        return fst_fail(err, FST_ENOMEM,
                        "%s: the server does not give parts of a file, and the file is larger than "
                        "%zu MB; copy it here first",
                        o->name, cap >> 20);
    if (status != FST_OK && err)
        *err = why;
    if (status == FST_OK) {
        o->size = out->n;
        o->has_size = true;
    }
    return status;
}
