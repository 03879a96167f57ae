/* Writing: small objects in one request, larger ones in parts. A write that fails takes its parts
 * back, because they cost money and no listing shows them. */
#include <stdlib.h>
#include <string.h>

#include "s3.h"
#include "xml.h"

enum { MAX_PARTS = 10000 };
#define PART_BYTES ((size_t)64 << 20)
#define MAX_ANSWER ((size_t)1 << 20)

struct upload {
    struct fst_s3 *s3;
    const char *bucket, *key;
    char *id;
    struct fst_buf parts; /* the body of the request that ends it */
};

static enum fst_status ask_for(struct upload *u, const char *method,
                               const struct fst_http_header *query, size_t n_query, const void *p,
                               size_t n, struct fst_http_response *rs, struct fst_error *err)
{
    const struct s3_ask ask = {.method = method,
                               .bucket = u->bucket,
                               .key = u->key,
                               .query = query,
                               .n_query = n_query,
                               .body = p,
                               .body_len = n};
    return s3_do(u->s3, &ask, MAX_ANSWER, rs, err);
}

static enum fst_status begin(struct upload *u, struct fst_error *err)
{
    const struct fst_http_header query[] = {{"uploads", ""}};
    struct fst_http_response rs;
    FST_TRY(ask_for(u, "POST", query, 1, NULL, 0, &rs, err));
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

/* An ETag may hold anything. */
static void add_escaped(struct fst_buf *out, const char *text)
{
    for (; *text; text++)
        if (strchr("<>&\"", *text))
            fst_buf_printf(out, "&#%d;", *text);
        else
            fst_buf_addc(out, *text);
}

static enum fst_status put_part(struct upload *u, size_t number, const char *p, size_t n,
                                struct fst_error *err)
{
    char text[24];
    snprintf(text, sizeof text, "%zu", number);
    const struct fst_http_header query[] = {{"partNumber", text}, {"uploadId", u->id}};
    struct fst_http_response rs;
    FST_TRY(ask_for(u, "PUT", query, 2, p, n, &rs, err));
    const char *etag = fst_http_header_get(&rs, "etag");
    fst_buf_printf(&u->parts, "<Part><PartNumber>%zu</PartNumber><ETag>", number);
    add_escaped(&u->parts, etag ? etag : "");
    fst_buf_adds(&u->parts, "</ETag></Part>");
    fst_http_response_done(&rs);
    return etag ? FST_OK
                : fst_fail(err, FST_EFORMAT, "s3://%s/%s: a part without an ETag", u->bucket,
                           u->key);
}

/* The answer is 200 before S3 knows how it ends: an error may stand in it. */
static enum fst_status finish(struct upload *u, struct fst_error *err)
{
    const struct fst_http_header query[] = {{"uploadId", u->id}};
    struct fst_http_response rs;
    fst_buf_adds(&u->parts, "</CompleteMultipartUpload>");
    FST_TRY(ask_for(u, "POST", query, 1, u->parts.p, u->parts.n, &rs, err));
    struct fst_arena *a = fst_arena_new();
    struct xml *root;
    enum fst_status status = xml_parse(a, fst_buf_text(&rs.body), rs.body.n, &root, err);
    if (status == FST_OK && strcmp(root->name, "Error") == 0)
        status = fst_fail(err, FST_EREMOTE, "s3://%s/%s: the upload was not put together: %s",
                          u->bucket, u->key, xml_text(root, "Code") ? xml_text(root, "Code") : "");
    fst_arena_free(a);
    fst_http_response_done(&rs);
    return status;
}

static void take_back(struct upload *u)
{
    const struct fst_http_header query[] = {{"uploadId", u->id}};
    struct fst_http_response rs;
    if (ask_for(u, "DELETE", query, 1, NULL, 0, &rs, NULL) == FST_OK)
        fst_http_response_done(&rs);
}

static enum fst_status put_parts(struct upload *u, const char *p, size_t n, struct fst_error *err)
{
    size_t step = n / MAX_PARTS < PART_BYTES ? PART_BYTES : n / MAX_PARTS + 1;
    FST_TRY(begin(u, err));
    u->parts = FST_BUF((size_t)4 << 20);
    fst_buf_adds(&u->parts, "<CompleteMultipartUpload>");
    enum fst_status status = FST_OK;
    for (size_t at = 0, number = 1; status == FST_OK && at < n; at += step, number++)
        status = put_part(u, number, p + at, n - at < step ? n - at : step, err);
    if (status == FST_OK)
        status = finish(u, err);
    if (status != FST_OK)
        take_back(u);
    free(u->id);
    fst_buf_done(&u->parts);
    return status;
}

enum fst_status fst_s3_put(struct fst_s3 *s3, const char *bucket, const char *key, const void *p,
                           size_t n, struct fst_error *err)
{
    struct upload u = {.s3 = s3, .bucket = bucket, .key = key};
    struct fst_http_response rs;
    if (n > PART_BYTES)
        return put_parts(&u, p, n, err);
    FST_TRY(ask_for(&u, "PUT", NULL, 0, n ? p : "", n, &rs, err));
    fst_http_response_done(&rs);
    return FST_OK;
}
