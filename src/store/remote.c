/* Bytes of an object that is far away: few round trips, and no more bytes than needed.
 *
 * Opening reads the last 64 KiB. That tells size and ETag, holds the footer of most parquet files,
 * and is all of a small file. Ranges that are near each other become one request; those of one
 * read() go out together. Who reads on where the last read ended gets ever larger pieces. A server
 * that gives no parts is read whole, up to a limit. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "stores.h"

#define TAIL_BYTES ((size_t)64 << 10)
#define NEAR_BYTES ((uint64_t)64 << 10)   /* gaps up to this are read along */
#define REQUEST_BYTES ((uint64_t)8 << 20) /* of merged ranges */
#define AHEAD_BYTES ((size_t)4 << 20)     /* largest read-ahead */
#define WHOLE_BYTES ((size_t)256 << 20)   /* of a server without ranges */
#define KEEP_US (10 * 1000000LL)
enum { KEPT = 64 };

struct piece_kept {
    uint64_t from;
    size_t n;
    char *p; /* owned; NULL = nothing */
};

struct remote {
    struct fst_bytes base;
    struct fst_object object;
    struct fst__far far;
    char *uri;
    struct piece_kept tail, ahead;
    uint64_t last_end; /* of the last read */
    size_t step;       /* of the read-ahead */
};

void fst__far_done(struct fst__far *f)
{
    fst_s3_unref(f->s3);
    free(f->bucket);
    free(f->key);
    free(f->url);
    free(f->name);
    *f = (struct fst__far){0};
}

/* ---- Ends that were read a moment ago
 * -------------------------------------------------------------- */

/* What opening found out, for the next one who opens the same. */
static struct kept {
    char *uri;
    struct fst_s3 *s3; /* only compared */
    int64_t at_us;
    uint64_t size;
    int64_t modified_us;
    char etag[256];
    bool no_suffix;
    size_t n;
    char *tail;
} kept[KEPT];
static size_t next_kept;
static pthread_mutex_t kept_lock = PTHREAD_MUTEX_INITIALIZER;

static void kept_clear(struct kept *k)
{
    free(k->uri);
    free(k->tail);
    *k = (struct kept){0};
}

static struct kept *kept_find(const char *uri, const struct fst_s3 *s3)
{
    for (size_t i = 0; i < KEPT; i++)
        if (kept[i].uri && strcmp(kept[i].uri, uri) == 0 && kept[i].s3 == s3)
            return &kept[i];
    return NULL;
}

static void kept_forget(const struct remote *r)
{
    pthread_mutex_lock(&kept_lock);
    struct kept *k = kept_find(r->uri, r->far.s3);
    if (k)
        kept_clear(k);
    pthread_mutex_unlock(&kept_lock);
}

static void kept_add(const struct remote *r)
{
    if (r->object.no_ranges)
        return;
    pthread_mutex_lock(&kept_lock);
    struct kept *k = kept_find(r->uri, r->far.s3);
    if (!k)
        k = &kept[next_kept++ % KEPT];
    kept_clear(k);
    *k = (struct kept){.uri = fst_strdup(r->uri),
                       .s3 = r->far.s3,
                       .at_us = fst_monotonic_us(),
                       .size = r->object.size,
                       .modified_us = r->object.modified_us,
                       .no_suffix = r->object.no_suffix,
                       .n = r->tail.n};
    strcpy(k->etag, r->object.etag);
    k->tail = fst_alloc(k->n + 1);
    memcpy(k->tail, r->tail.p, k->n);
    pthread_mutex_unlock(&kept_lock);
}

static bool kept_take(struct remote *r)
{
    pthread_mutex_lock(&kept_lock);
    struct kept *k = kept_find(r->uri, r->far.s3);
    bool fresh = k && fst_monotonic_us() - k->at_us < KEEP_US;
    if (fresh) {
        r->object.size = k->size;
        r->object.has_size = true;
        r->object.modified_us = k->modified_us;
        r->object.no_suffix = k->no_suffix;
        strcpy(r->object.etag, k->etag);
        r->tail = (struct piece_kept){k->size - k->n, k->n, fst_alloc(k->n + 1)};
        memcpy(r->tail.p, k->tail, k->n);
    }
    pthread_mutex_unlock(&kept_lock);
    return fresh;
}

/* ---- Reading
 * ----------------------------------------------------------------------------------------- */

static void count(struct remote *r)
{
    r->base.reads = r->object.requests;
    r->base.waves = r->object.waves;
    r->base.bytes_read = r->object.bytes;
}

static bool serve(const struct piece_kept *k, struct fst_range *range)
{
    if (!k->p || range->offset < k->from || range->offset + range->len > k->from + k->n)
        return false;
    memcpy(range->into, k->p + (range->offset - k->from), range->len);
    range->got = range->len;
    return true;
}

static int by_offset(const void *a, const void *b)
{
    const struct fst_range *x = *(struct fst_range *const *)a, *y = *(struct fst_range *const *)b;
    return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* One request for ranges [first, next) of the sorted ones. */
struct merged {
    size_t first, next;
    char *scratch; /* owned; NULL = straight into the only range */
};

static size_t merge(struct fst_range **sorted, size_t n, struct merged *out, struct fst_get *gets)
{
    size_t n_out = 0;
    for (size_t i = 0; i < n;) {
        uint64_t from = sorted[i]->offset, end = from + sorted[i]->len;
        size_t next = i + 1;
        for (; next < n; next++) {
            uint64_t its_end = sorted[next]->offset + sorted[next]->len;
            if (sorted[next]->offset > end + NEAR_BYTES || its_end - from > REQUEST_BYTES)
                break;
            end = its_end > end ? its_end : end;
        }
        char *scratch = next - i > 1 ? fst_alloc((size_t)(end - from)) : NULL;
        out[n_out] = (struct merged){i, next, scratch};
        gets[n_out++] = (struct fst_get){
            .from = from, .len = (size_t)(end - from), .into = scratch ? scratch : sorted[i]->into};
        i = next;
    }
    return n_out;
}

static void hand_out(struct fst_range **sorted, const struct merged *m, const struct fst_get *get)
{
    if (!m->scratch) {
        sorted[m->first]->got = get->got;
        return;
    }
    for (size_t i = m->first; i < m->next; i++) {
        struct fst_range *range = sorted[i];
        size_t skip = (size_t)(range->offset - get->from);
        size_t there = get->got > skip ? get->got - skip : 0;
        range->got = there < range->len ? there : range->len;
        memcpy(range->into, m->scratch + skip, range->got);
    }
}

static enum fst_status fetch(struct remote *r, struct fst_range **wanted, size_t n,
                             struct fst_error *err)
{
    struct merged *merged = fst_alloc(n * sizeof *merged);
    struct fst_get *gets = fst_alloc(n * sizeof *gets);
    qsort(wanted, n, sizeof *wanted, by_offset);
    size_t n_gets = merge(wanted, n, merged, gets);
    enum fst_status status = fst_object_get(&r->object, gets, n_gets, err);
    for (size_t i = 0; i < n_gets; i++) {
        if (status == FST_OK)
            hand_out(wanted, &merged[i], &gets[i]);
        free(merged[i].scratch);
    }
    free(gets);
    free(merged);
    return status;
}

/* Reading on where the last read ended: fetch more than was asked for, twice as much each time. */
static enum fst_status read_on(struct remote *r, struct fst_range *range, struct fst_error *err)
{
    uint64_t left = r->base.size - range->offset;
    r->step = r->step * 2 < AHEAD_BYTES ? r->step * 2 : AHEAD_BYTES;
    size_t n = r->step > range->len ? r->step : range->len;
    n = n < left ? n : (size_t)left;
    char *p = fst_alloc_data(n, n);
    if (!p)
        return fst_fail(err, FST_ENOMEM, "%s: no memory for %zu bytes", r->base.name, n);
    struct fst_get get = {.from = range->offset, .len = n, .into = p};
    enum fst_status status = fst_object_get(&r->object, &get, 1, err);
    free(r->ahead.p);
    r->ahead = (struct piece_kept){range->offset, get.got, p};
    if (status != FST_OK)
        return status;
    range->got = range->len < get.got ? range->len : get.got;
    memcpy(range->into, p, range->got);
    return FST_OK;
}

/* Readers of text look at the beginning to know the columns, and begin again. */
static void keep(struct remote *r, const struct fst_range *range)
{
    if (range->got == 0 || range->got > AHEAD_BYTES)
        return;
    free(r->ahead.p);
    r->ahead = (struct piece_kept){range->offset, range->got, fst_alloc(range->got)};
    memcpy(r->ahead.p, range->into, range->got);
}

/* Cut at the end of the object; true when there is nothing to fetch. */
static bool is_served(struct remote *r, struct fst_range *range)
{
    uint64_t left = range->offset < r->base.size ? r->base.size - range->offset : 0;
    range->got = 0;
    if (range->len > left)
        range->len = (size_t)left;
    return range->len == 0 || serve(&r->tail, range) || serve(&r->ahead, range);
}

static enum fst_status fetch_missing(struct remote *r, struct fst_range *ranges, size_t n,
                                     struct fst_error *err)
{
    struct fst_range **wanted = fst_alloc((n + 1) * sizeof *wanted);
    size_t n_wanted = 0;
    for (size_t i = 0; i < n; i++)
        if (!is_served(r, &ranges[i]))
            wanted[n_wanted++] = &ranges[i];
    bool alone = n == 1 && n_wanted == 1;
    bool goes_on = alone && ranges[0].offset == r->last_end && r->last_end;
    enum fst_status status = FST_OK;
    if (goes_on)
        status = read_on(r, wanted[0], err);
    else if (n_wanted)
        status = fetch(r, wanted, n_wanted, err);
    if (alone && !goes_on && status == FST_OK)
        keep(r, wanted[0]);
    free(wanted);
    return status;
}

static enum fst_status remote_read(struct fst_bytes *b, struct fst_range *ranges, size_t n,
                                   struct fst_error *err)
{
    struct remote *r = (struct remote *)b;
    if (n == 0)
        return FST_OK;
    size_t *asked = fst_alloc(n * sizeof *asked);
    for (size_t i = 0; i < n; i++)
        asked[i] = ranges[i].len;
    enum fst_status status = fetch_missing(r, ranges, n, err);
    for (size_t i = 0; i < n; i++)
        ranges[i].len = asked[i];
    free(asked);
    r->last_end = ranges[n - 1].offset + ranges[n - 1].got;
    count(r);
    if (status == FST_ECONFLICT)
        kept_forget(r);
    bool odd = status == FST_EFORMAT || status == FST_EUNSUPPORTED;
    if (odd && err) /* of the line: a reader must not take it for its column's */
        err->status = FST_ENET;
    return odd ? FST_ENET : status;
}

static void remote_close(struct fst_bytes *b)
{
    struct remote *r = (struct remote *)b;
    fst_http_client_free(r->object.client);
    free(r->object.url);
    free(r->tail.p);
    free(r->ahead.p);
    free(r->uri);
    fst__far_done(&r->far);
    free(r);
}

/* ---- Opening
 * ------------------------------------------------------------------------------------------ */

/* Everything is the tail, then. */
static enum fst_status read_whole(struct remote *r, struct fst_error *err)
{
    struct fst_buf all;
    if (r->object.has_size && r->object.size > WHOLE_BYTES)
        return fst_fail(err, FST_ENOMEM,
                        "%s: the server does not give parts of a file, and the file has %llu MB; "
                        "copy it here first",
                        r->base.name, (unsigned long long)(r->object.size >> 20));
    FST_TRY(fst_object_whole(&r->object, WHOLE_BYTES, &all, err));
    free(r->tail.p);
    r->tail = (struct piece_kept){0, all.n, fst_buf_take(&all)};
    return FST_OK;
}

/* Servers that give no range from the end. */
static enum fst_status read_tail_by_size(struct remote *r, struct fst_error *err)
{
    FST_TRY(fst_object_head(&r->object, err));
    if (r->object.no_ranges || !r->object.has_size)
        return read_whole(r, err);
    size_t n = r->object.size < TAIL_BYTES ? (size_t)r->object.size : TAIL_BYTES;
    struct fst_get get = {.from = r->object.size - n, .len = n, .into = r->tail.p};
    FST_TRY(fst_object_get(&r->object, &get, 1, err));
    r->tail.from = get.from;
    r->tail.n = get.got;
    return FST_OK;
}

static enum fst_status after_suffix(struct remote *r, const struct fst_get *get,
                                    enum fst_status status, struct fst_error *err)
{
    if (status == FST_EUNSUPPORTED && r->object.no_ranges)
        return read_whole(r, err);
    if (status == FST_EUNSUPPORTED && r->object.no_suffix)
        return read_tail_by_size(r, err);
    r->tail.from = get->from;
    r->tail.n = get->got;
    return status;
}

static const struct fst_bytes_ops remote_ops = {remote_read, remote_close};

static struct remote *remote_new(const char *uri, struct fst__far *f)
{
    struct remote *r = fst_alloc(sizeof *r);
    r->uri = fst_strdup(uri);
    r->far = *f;
    *f = (struct fst__far){0};
    r->step = TAIL_BYTES;
    r->object = (struct fst_object){.s3 = r->far.s3,
                                    .bucket = r->far.bucket,
                                    .key = r->far.key,
                                    .url = fst_strdup(r->far.url),
                                    .name = r->far.name};
    if (!r->far.s3)
        r->object.client = fst_http_client_new();
    r->base = (struct fst_bytes){.ops = &remote_ops, .name = r->far.name};
    return r;
}

static struct fst_get suffix_get(struct remote *r)
{
    r->tail.p = fst_alloc(TAIL_BYTES);
    return (struct fst_get){.len = TAIL_BYTES, .suffix = true, .into = r->tail.p};
}

enum fst_status fst__far_open(const char *uri, struct fst__far *f, struct fst_bytes **out,
                              struct fst_error *err)
{
    struct remote *r = remote_new(uri, f);
    struct fst_error why = {.status = FST_OK};
    enum fst_status status = FST_OK;
    if (!kept_take(r)) {
        struct fst_get get = suffix_get(r);
        status = fst_object_get(&r->object, &get, 1, &why);
        status = after_suffix(r, &get, status, &why);
        if (status == FST_OK)
            kept_add(r);
    }
    r->base.size = r->object.size;
    count(r);
    if (status != FST_OK) {
        remote_close(&r->base);
        if (err)
            *err = why;
        return status;
    }
    *out = &r->base;
    return FST_OK;
}

void fst__far_warm(const char *const *uris, struct fst__far *fs, size_t n)
{
    struct remote **all = fst_alloc((n + 1) * sizeof *all);
    struct fst_object **objects = fst_alloc((n + 1) * sizeof *objects);
    struct fst_get *gets = fst_alloc((n + 1) * sizeof *gets);
    for (size_t i = 0; i < n; i++) {
        all[i] = remote_new(uris[i], &fs[i]);
        objects[i] = &all[i]->object;
        gets[i] = suffix_get(all[i]);
    }
    fst_objects_get(objects, gets, n, NULL);
    for (size_t i = 0; i < n; i++) {
        if (gets[i].got && after_suffix(all[i], &gets[i], FST_OK, NULL) == FST_OK)
            kept_add(all[i]);
        remote_close(&all[i]->base);
    }
    free(gets);
    free(objects);
    free(all);
}

int64_t fst__far_modified_us(const struct fst_bytes *b)
{
    return ((const struct remote *)b)->object.modified_us;
}
