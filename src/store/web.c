/* The store of web servers: one file at an http:// or https:// URL. There are no folders. */
#include <stdlib.h>
#include <string.h>

#include "stores.h"

/* Without a query, which may hold a signature. */
static void far_of(const char *uri, struct fst__far *out)
{
    *out = (struct fst__far){.url = fst_strndup(uri, strcspn(uri, "#")),
                             .name = fst_strndup(uri, strcspn(uri, "?#"))};
}

static enum fst_status web_open(const char *uri, struct fst_bytes **out, struct fst_error *err)
{
    struct fst__far f;
    far_of(uri, &f);
    return fst__far_open(uri, &f, out, err);
}

static enum fst_status web_stat(const char *uri, struct fst_arena *a, struct fst_entry *out,
                                struct fst_error *err)
{
    struct fst_bytes *bytes;
    FST_TRY(web_open(uri, &bytes, err));
    *out = (struct fst_entry){.uri = fst_arena_strdup(a, uri),
                              .size = bytes->size,
                              .modified_us = fst__far_modified_us(bytes)};
    fst_bytes_close(bytes);
    return FST_OK;
}

static enum fst_status web_list(const char *uri, size_t max, struct fst_listing *out,
                                struct fst_error *err)
{
    (void)max;
    (void)out;
    return fst_fail(err, FST_EUNSUPPORTED, "%.*s: a web server has no listing; name one file",
                    (int)strcspn(uri, "?#"), uri);
}

static const char *const schemes[] = {"https", "http", NULL};

const struct fst_store fst_store_web = {
    .name = "web",
    .help = "one file of a web server: https://host/path",
    .schemes = schemes,
    .is_far = true,
    .stat = web_stat,
    .list = web_list,
    .open = web_open,
};
