/* Listing: pages of a thousand keys, until there are no more. */
#include <stdlib.h>
#include <string.h>

#include "s3.h"
#include "xml.h"

#define MAX_PAGE ((size_t)16 << 20)
#define MAX_TOKEN 4096

struct list {
    const char *bucket;
    size_t max, cap, cap_prefixes;
    bool encoded;
    struct fst_s3_listing *out;
    struct fst_error *err;
};

static int hex_digit(char c)
{
    const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c | 0x20) : NULL;
    return at && c != ' ' ? (int)(at - digits) : -1;
}

/* %XX, and + for a blank; NULL when a NUL is in it. */
static char *decoded(struct fst_arena *a, const char *p)
{
    char *out = fst_arena_strdup(a, p), *to = out;
    for (; *p; p++) {
        int high = *p == '%' ? hex_digit(p[1]) : -1;
        int low = high >= 0 ? hex_digit(p[2]) : -1;
        *to = (char)(low >= 0 ? high * 16 + low : *p == '+' ? ' ' : *p);
        if (!*to++)
            return NULL;
        p += low >= 0 ? 2 : 0;
    }
    *to = '\0';
    return out;
}

static const char *key_of(struct list *l, const struct xml *x, const char *name)
{
    const char *text = xml_text(x, name);
    return !text        ? NULL
           : l->encoded ? decoded(l->out->arena, text)
                        : fst_arena_strdup(l->out->arena, text);
}

static enum fst_status add_object(struct list *l, const struct xml *x)
{
    struct fst_s3_listing *out = l->out;
    const char *size = xml_text(x, "Size"), *modified = xml_text(x, "LastModified");
    struct fst_s3_entry e = {.key = key_of(l, x, "Key")};
    int64_t n = 0;
    if (!e.key || !size || !fst_parse_int64(size, strlen(size), &n) || n < 0)
        return fst_fail(l->err, FST_EFORMAT,
                        "s3://%s: the listing has an entry without key or size", l->bucket);
    if (l->max == 1 && out->n)
        return FST_OK; /* some servers send more than was asked for */
    out->cut |= out->may_cut && out->n >= l->max;
    if (out->cut)
        return FST_OK;
    if (out->n >= l->max)
        return fst_fail(l->err, FST_ENOMEM, "more than %zu files: choose a folder further down",
                        l->max);
    e.size = (uint64_t)n;
    if (modified)
        fst_timestamp_parse_iso(modified, strlen(modified), &e.modified_us);
    fst_grow(&out->entries, &l->cap, out->n + 1, sizeof *out->entries);
    out->entries[out->n++] = e;
    return FST_OK;
}

static void add_prefix(struct list *l, const struct xml *x)
{
    struct fst_s3_listing *out = l->out;
    const char *prefix = key_of(l, x, "Prefix");
    out->cut |= out->may_cut && out->n_prefixes >= l->max;
    if (!prefix || out->n_prefixes >= l->max)
        return;
    fst_grow(&out->prefixes, &l->cap_prefixes, out->n_prefixes + 1, sizeof *out->prefixes);
    out->prefixes[out->n_prefixes++] = prefix;
}

/* `token`: where the next page begins, "" = there is none. */
static enum fst_status take_page(struct list *l, const struct xml *root, char token[MAX_TOKEN])
{
    const char *next = xml_text(root, "NextContinuationToken");
    const char *more = xml_text(root, "IsTruncated"), *encoding = xml_text(root, "EncodingType");
    l->encoded = encoding && strcmp(encoding, "url") == 0; /* some servers ignore that we ask */
    for (const struct xml *x = root->child; x; x = x->next) {
        if (strcmp(x->name, "Contents") == 0)
            FST_TRY(add_object(l, x));
        else if (strcmp(x->name, "CommonPrefixes") == 0)
            add_prefix(l, x);
    }
    bool goes_on = more && strcmp(more, "true") == 0;
    if (goes_on && (!next || !*next || strlen(next) >= MAX_TOKEN || strcmp(next, token) == 0))
        return fst_fail(l->err, FST_EFORMAT,
                        "s3://%s: the listing goes on, but not to another page", l->bucket);
    snprintf(token, MAX_TOKEN, "%s", goes_on ? next : "");
    return FST_OK;
}

static enum fst_status read_page(struct fst_s3 *s3, struct list *l, const char *prefix,
                                 const char *delimiter, char token[MAX_TOKEN])
{
    struct fst_http_header query[6] = {{"list-type", "2"}, {"encoding-type", "url"}};
    size_t n = 2;
    query[n++] = (struct fst_http_header){"prefix", prefix};
    if (l->max == 1)
        query[n++] = (struct fst_http_header){"max-keys", "1"};
    if (delimiter)
        query[n++] = (struct fst_http_header){"delimiter", delimiter};
    if (*token)
        query[n++] = (struct fst_http_header){"continuation-token", token};
    const struct s3_ask ask = {
        .method = "GET", .bucket = l->bucket, .key = "", .query = query, .n_query = n};
    struct fst_http_response rs;
    FST_TRY(s3_do(s3, &ask, MAX_PAGE, &rs, l->err));
    struct fst_arena *a = fst_arena_new();
    struct xml *root;
    enum fst_status status = xml_parse(a, fst_buf_text(&rs.body), rs.body.n, &root, l->err);
    if (status == FST_OK && strcmp(root->name, "ListBucketResult") != 0)
        status = fst_fail(l->err, FST_EFORMAT, "the answer is not a listing; is `endpoint` an S3?");
    if (status != FST_OK)
        fst_while(l->err, "listing s3://%s/%s", l->bucket, prefix);
    else
        status = take_page(l, root, token);
    fst_arena_free(a);
    fst_http_response_done(&rs);
    return status;
}

enum fst_status fst_s3_list(struct fst_s3 *s3, const char *bucket, const char *prefix,
                            const char *delimiter, size_t max, struct fst_s3_listing *out,
                            struct fst_error *err)
{
    bool may_cut = out->may_cut;
    *out = (struct fst_s3_listing){.arena = fst_arena_new(), .may_cut = may_cut};
    struct list l = {.bucket = bucket, .max = max, .out = out, .err = err};
    char token[MAX_TOKEN] = "";
    enum fst_status status;
    do
        status = read_page(s3, &l, prefix, delimiter, token);
    while (status == FST_OK && *token && max > 1 && !out->cut);
    if (status != FST_OK)
        fst_s3_listing_done(out);
    return status;
}

void fst_s3_listing_done(struct fst_s3_listing *l)
{
    free(l->entries);
    free(l->prefixes);
    fst_arena_free(l->arena);
    *l = (struct fst_s3_listing){0};
}
