/* Writing: an object from front to back, small ones in one request, larger ones in parts.
 *
 * A part is sent by a thread while the next one is filled, so memory is that of a few parts,
 * whatever the size of the object. Parts are waited for in their order. Nothing is to be seen
 * before the last request puts the parts together; an upload that is given up takes its parts back,
 * because they cost money and no listing shows them. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "s3.h"
#include "xml.h"

enum {
    SLOTS = 3, /* one is filled while the others are on their way */
    MAX_PARTS = 10000,
    GROW_EVERY = 1000, /* parts, and they get larger: objects of up to 400 GB */
    FINISH_TRIES = 3,
};
#define PART_BYTES ((size_t)8 << 20)
#define MAX_ANSWER ((size_t)1 << 20)

struct part {
    struct fst_s3_upload *u;
    struct fst_http_client *client; /* NULL = not used yet */
    struct fst_buf bytes;
    size_t number;
    pthread_t thread;
    bool runs; /* the thread owns the part */
    char *etag;
    enum fst_status status;
    struct fst_error err;
};

struct fst_s3_upload {
    struct fst_s3 *s3;
    char *bucket, *key;
    char *id; /* NULL = nothing was sent yet */
    struct part parts[SLOTS];
    size_t filling;         /* of parts */
    size_t n_parts;         /* begun */
    uint64_t n_bytes;       /* in all */
    struct fst_buf list;    /* the body of the request that ends it */
    enum fst_status status; /* of the first thing that failed */
    struct fst_error why;
    atomic_bool stop;
};

static bool is_stopped(void *arg)
{
    return atomic_load(&((struct fst_s3_upload *)arg)->stop);
}

/* ---- Requests ----------------------------------------------------------------------------------
 */

struct form {
    const char *method;
    const struct fst_http_header *query;
    size_t n_query;
    const void *body;
    size_t body_len;
    struct fst_http_client *client;
    bool to_the_end; /* also when the upload is given up */
};

static enum fst_status ask_for(struct fst_s3_upload *u, const struct form *f,
                               struct fst_http_response *rs, struct fst_error *err)
{
    const struct s3_ask ask = {.method = f->method,
                               .bucket = u->bucket,
                               .key = u->key,
                               .query = f->query,
                               .n_query = f->n_query,
                               .body = f->body,
                               .body_len = f->body_len,
                               .client = f->client,
                               .cancelled = f->to_the_end ? NULL : is_stopped,
                               .cancel_arg = u};
    return s3_do(u->s3, &ask, MAX_ANSWER, rs, err);
}

static enum fst_status begin(struct fst_s3_upload *u, struct fst_error *err)
{
    const struct fst_http_header query[] = {{"uploads", ""}};
    struct fst_http_response rs;
    FST_TRY(ask_for(u, &(struct form){"POST", query, 1, NULL, 0, NULL, false}, &rs, err));
    struct fst_arena *a = fst_arena_new();
    struct xml *root;
    enum fst_status status = xml_parse(a, fst_buf_text(&rs.body), rs.body.n, &root, err);
    const char *id = status == FST_OK ? xml_text(root, "UploadId") : NULL;
    if (status == FST_OK && (!id || !*id))
        status =
            fst_fail(err, FST_EFORMAT, "s3://%s/%s: an upload without an id", u->bucket, u->key);
    u->id = status == FST_OK ? fst_strdup(id) : NULL;
    fst_arena_free(a);
    fst_http_response_done(&rs);
    return status;
}

static enum fst_status put_whole(struct fst_s3_upload *u, const struct fst_buf *b,
                                 struct fst_error *err)
{
    struct fst_http_response rs;
    const void *p = b->n ? b->p : "";
    FST_TRY(ask_for(u, &(struct form){"PUT", NULL, 0, p, b->n, NULL, false}, &rs, err));
    fst_http_response_done(&rs);
    return FST_OK;
}

static void take_back(struct fst_s3_upload *u)
{
    const struct fst_http_header query[] = {{"uploadId", u->id}};
    struct fst_http_response rs;
    if (ask_for(u, &(struct form){"DELETE", query, 1, NULL, 0, NULL, true}, &rs, NULL) == FST_OK)
        fst_http_response_done(&rs);
}

/* ---- Parts -------------------------------------------------------------------------------------
 */

static enum fst_status send_part(struct part *p)
{
    char text[24];
    snprintf(text, sizeof text, "%zu", p->number);
    const struct fst_http_header query[] = {{"partNumber", text}, {"uploadId", p->u->id}};
    struct fst_http_response rs;
    FST_TRY(ask_for(p->u, &(struct form){"PUT", query, 2, p->bytes.p, p->bytes.n, p->client, false},
                    &rs, &p->err));
    p->etag = fst_strdup(fst_http_header_get(&rs, "etag"));
    fst_http_response_done(&rs);
    return p->etag ? FST_OK
                   : fst_fail(&p->err, FST_EFORMAT, "s3://%s/%s: a part without an ETag",
                              p->u->bucket, p->u->key);
}

static void *send_in_thread(void *arg)
{
    struct part *p = arg;
    p->status = send_part(p);
    return NULL;
}

/* An ETag may hold anything. */
static void add_escaped(struct fst_buf *out, const char *text)
{
    for (; *text; text++)
        if (strchr("<>&\"", *text))
            fst_buf_printf(out, "&#%d;", *text);
        else
            fst_buf_addc(out, *text);
}

/* Wait for a part, if it is on its way. */
static void collect(struct fst_s3_upload *u, struct part *p)
{
    if (!p->runs)
        return;
    pthread_join(p->thread, NULL);
    p->runs = false;
    if (p->status != FST_OK && u->status == FST_OK) {
        u->status = p->status;
        u->why = p->err;
    }
    fst_buf_printf(&u->list, "<Part><PartNumber>%zu</PartNumber><ETag>", p->number);
    add_escaped(&u->list, p->etag ? p->etag : "");
    fst_buf_adds(&u->list, "</ETag></Part>");
    free(p->etag);
    p->etag = NULL;
    fst_buf_clear(&p->bytes);
}

static size_t part_bytes(const struct fst_s3_upload *u)
{
    return PART_BYTES * (1 + u->n_parts / GROW_EVERY);
}

/* Send what was filled; the next slot is free after that. */
static enum fst_status launch(struct fst_s3_upload *u, struct fst_error *err)
{
    struct part *p = &u->parts[u->filling];
    if (!u->id)
        FST_TRY(begin(u, err));
    if (u->n_parts == MAX_PARTS)
        return fst_fail(err, FST_EUNSUPPORTED, "s3://%s/%s: an object has at most %d parts",
                        u->bucket, u->key, MAX_PARTS);
    if (!p->client)
        p->client = fst_http_client_new();
    p->number = ++u->n_parts;
    p->status = FST_OK;
    p->runs = pthread_create(&p->thread, NULL, send_in_thread, p) == 0;
    if (!p->runs)
        return fst_fail(err, FST_ENOMEM, "no thread could be started for an upload");
    u->filling = (u->filling + 1) % SLOTS;
    collect(u, &u->parts[u->filling]);
    if (u->status != FST_OK && err)
        *err = u->why;
    return u->status;
}

/* ---- The end -----------------------------------------------------------------------------------
 */

/* The answer is 200 before S3 knows how it ends: an error may stand in it. */
static enum fst_status put_together(struct fst_s3_upload *u, struct fst_error *err)
{
    const struct fst_http_header query[] = {{"uploadId", u->id}};
    struct fst_http_response rs;
    FST_TRY(
        ask_for(u, &(struct form){"POST", query, 1, u->list.p, u->list.n, NULL, false}, &rs, err));
    struct fst_arena *a = fst_arena_new();
    struct xml *root;
    enum fst_status status = xml_parse(a, fst_buf_text(&rs.body), rs.body.n, &root, err);
    if (status == FST_OK && strcmp(root->name, "Error") == 0) {
        const char *code = xml_text(root, "Code");
        status = fst_fail(err, FST_EREMOTE, "s3://%s/%s: the upload was not put together: %s",
                          u->bucket, u->key, code ? code : "no reason given");
        if (err)
            err->retry =
                code && (strcmp(code, "InternalError") == 0 || strcmp(code, "SlowDown") == 0);
    }
    fst_arena_free(a);
    fst_http_response_done(&rs);
    return status;
}

/* An upload that is not known any more may have been put together by a request whose answer was
 * lost. */
static bool is_there(struct fst_s3_upload *u)
{
    struct fst_object o = {.s3 = u->s3, .bucket = u->bucket, .key = u->key, .name = u->key};
    return fst_object_head(&o, NULL) == FST_OK && o.has_size && o.size == u->n_bytes;
}

static enum fst_status finish_parts(struct fst_s3_upload *u, struct fst_error *err)
{
    if (u->parts[u->filling].bytes.n)
        FST_TRY(launch(u, err));
    for (size_t i = 0; i < SLOTS; i++)
        collect(u, &u->parts[(u->filling + i) % SLOTS]);
    if (u->status != FST_OK && err)
        *err = u->why;
    FST_TRY(u->status);
    fst_buf_adds(&u->list, "</CompleteMultipartUpload>");
    struct fst_error why = {.status = FST_OK};
    enum fst_status status = put_together(u, &why);
    for (int tries = 1; why.retry && status != FST_OK && tries < FINISH_TRIES; tries++) {
        why = (struct fst_error){.status = FST_OK};
        status = put_together(u, &why);
    }
    if (status == FST_ENOTFOUND && is_there(u))
        return FST_OK;
    if (status != FST_OK && err)
        *err = why;
    return status;
}

/* ---- What others call --------------------------------------------------------------------------
 */

struct fst_s3_upload *fst_s3_upload_new(struct fst_s3 *s3, const char *bucket, const char *key)
{
    struct fst_s3_upload *u = fst_alloc(sizeof *u);
    u->s3 = fst_s3_ref(s3);
    u->bucket = fst_strdup(bucket);
    u->key = fst_strdup(key);
    u->list = FST_BUF((size_t)4 << 20);
    fst_buf_adds(&u->list, "<CompleteMultipartUpload>");
    for (size_t i = 0; i < SLOTS; i++) {
        u->parts[i].u = u;
        u->parts[i].bytes = FST_BUF(PART_BYTES * (1 + MAX_PARTS / GROW_EVERY));
    }
    return u;
}

enum fst_status fst_s3_upload_write(struct fst_s3_upload *u, const void *p, size_t n,
                                    struct fst_error *err)
{
    if (u->status != FST_OK && err)
        *err = u->why;
    FST_TRY(u->status);
    u->n_bytes += n;
    for (const char *at = p; n > 0;) {
        struct fst_buf *b = &u->parts[u->filling].bytes;
        size_t room = part_bytes(u) - b->n, some = n < room ? n : room;
        fst_buf_add(b, at, some);
        at += some;
        n -= some;
        if (some == room)
            FST_TRY(launch(u, err));
    }
    return FST_OK;
}

enum fst_status fst_s3_upload_finish(struct fst_s3_upload *u, struct fst_error *err)
{
    if (u->status != FST_OK && err)
        *err = u->why;
    FST_TRY(u->status);
    enum fst_status status =
        u->id ? finish_parts(u, err) : put_whole(u, &u->parts[u->filling].bytes, err);
    if (status == FST_OK && u->id) {
        free(u->id);
        u->id = NULL;
    }
    return status;
}

void fst_s3_upload_free(struct fst_s3_upload *u)
{
    if (!u)
        return;
    atomic_store(&u->stop, true);
    for (size_t i = 0; i < SLOTS; i++) {
        collect(u, &u->parts[i]);
        fst_http_client_free(u->parts[i].client);
        fst_buf_done(&u->parts[i].bytes);
    }
    if (u->id)
        take_back(u);
    fst_s3_unref(u->s3);
    fst_buf_done(&u->list);
    free(u->bucket);
    free(u->key);
    free(u->id);
    free(u);
}

enum fst_status fst_s3_put(struct fst_s3 *s3, const char *bucket, const char *key, const void *p,
                           size_t n, struct fst_error *err)
{
    struct fst_s3_upload *u = fst_s3_upload_new(s3, bucket, key);
    enum fst_status status = fst_s3_upload_write(u, p, n, err);
    if (status == FST_OK)
        status = fst_s3_upload_finish(u, err);
    fst_s3_upload_free(u);
    return status;
}

enum fst_status fst_s3_delete(struct fst_s3 *s3, const char *bucket, const char *key,
                              struct fst_error *err)
{
    const struct s3_ask ask = {.method = "DELETE", .bucket = bucket, .key = key};
    struct fst_http_response rs;
    FST_TRY(s3_do(s3, &ask, MAX_ANSWER, &rs, err));
    fst_http_response_done(&rs);
    return FST_OK;
}
