/* The store of S3: s3://bucket/key, a prefix as a folder, or a pattern.
 *
 * S3 has no folders; a prefix is one when keys lie below it. A name without a dot is looked for as
 * a folder first, one with a dot as an object, because that is what they mostly are: one request
 * less. */
#include <stdlib.h>
#include <string.h>

#include "output.h"

struct address {
    struct fst_s3 *s3;
    char *bucket, *key; /* key "" = the bucket */
    const char *scheme; /* as the user wrote it, "s3a" */
    size_t n_scheme;
};

static void address_done(struct address *at)
{
    fst_s3_unref(at->s3);
    free(at->bucket);
    free(at->key);
}

static enum fst_status address_of(const char *uri, struct address *out, struct fst_error *err)
{
    size_t n = fst__scheme_length(uri);
    const char *bucket = uri + n + 3;
    size_t n_bucket = strcspn(bucket, "/");
    *out = (struct address){.scheme = uri, .n_scheme = n};
    if (n_bucket == 0)
        return fst_fail(err, FST_EINVAL, "%s: names no bucket: write s3://bucket/key", uri);
    if (memchr(bucket, '@', n_bucket) || memchr(bucket, '?', n_bucket) ||
        memchr(bucket, '#', n_bucket))
        return fst_fail(err, FST_EINVAL, "s3://: a bucket's name is letters, digits, dots, dashes");
    FST_TRY(fst__s3_client_of(uri, &out->s3, err));
    out->bucket = fst_strndup(bucket, n_bucket);
    out->key = fst_strdup(bucket[n_bucket] ? bucket + n_bucket + 1 : "");
    return FST_OK;
}

static char *uri_of(const struct address *at, const char *key)
{
    return fst_asprintf("%.*s://%s/%s", (int)at->n_scheme, at->scheme, at->bucket, key);
}

/* ---- One object
 * ---------------------------------------------------------------------------------------- */

static enum fst_status far_of(const char *uri, struct fst__far *out, struct fst_error *err)
{
    struct address at;
    FST_TRY(address_of(uri, &at, err));
    *out =
        (struct fst__far){.s3 = at.s3, .bucket = at.bucket, .key = at.key, .name = fst_strdup(uri)};
    return FST_OK;
}

static enum fst_status s3_open(const char *uri, struct fst_bytes **out, struct fst_error *err)
{
    struct fst__far f;
    FST_TRY(far_of(uri, &f, err));
    return fst__far_open(uri, &f, out, err);
}

static enum fst_status s3_open_output(const char *uri, struct fst_output **out,
                                      struct fst_error *err)
{
    struct fst__far f;
    FST_TRY(far_of(uri, &f, err));
    return fst__s3_output_open(uri, &f, out, err);
}

static void s3_warm(const char *const *uris, size_t n)
{
    struct fst__far *fs = fst_alloc((n + 1) * sizeof *fs);
    size_t made = 0;
    while (made < n && far_of(uris[made], &fs[made], NULL) == FST_OK)
        made++;
    fst__far_warm(uris, fs, made);
    free(fs);
}

static enum fst_status stat_object(const char *uri, struct fst_arena *a, struct fst_entry *out,
                                   struct fst_error *err)
{
    struct fst_bytes *bytes;
    FST_TRY(s3_open(uri, &bytes, err));
    *out = (struct fst_entry){.uri = fst_arena_strdup(a, uri),
                              .size = bytes->size,
                              .modified_us = fst__far_modified_us(bytes)};
    fst_bytes_close(bytes);
    return FST_OK;
}

/* ---- Folders
 * -------------------------------------------------------------------------------------------- */

/* Up to the last slash before a wildcard; else the key without slashes at its end. Owned. */
static char *folder_of(const char *key)
{
    size_t n = fst__has_glob(key) ? fst__glob_fixed(key) : strlen(key);
    while (n && key[n - 1] == '/')
        n--;
    return fst_strndup(key, n);
}

static enum fst_status stat_folder(const struct address *at, const char *uri, struct fst_arena *a,
                                   struct fst_entry *out, struct fst_error *err)
{
    char *folder = folder_of(at->key);
    char *prefix = fst_asprintf("%s%s", folder, *folder ? "/" : "");
    struct fst_s3_listing l = {0};
    enum fst_status status = fst_s3_list(at->s3, at->bucket, prefix, NULL, 1, &l, err);
    if (status == FST_OK && l.n == 0)
        status =
            fst_fail(err, FST_ENOTFOUND, "%s: there is no such object, and nothing below it", uri);
    if (status == FST_OK) {
        char *own = uri_of(at, folder);
        *out = (struct fst_entry){.uri = fst_arena_strdup(a, own),
                                  .is_dir = true,
                                  .modified_us = l.entries[0].modified_us};
        size_t n = strlen(own); /* of a bucket: its slash stays out */
        if (n && own[n - 1] == '/')
            out->uri = fst_arena_strndup(a, own, n - 1);
        free(own);
    }
    fst_s3_listing_done(&l);
    free(prefix);
    free(folder);
    return status;
}

static enum fst_status stat_either(const struct address *at, const char *uri, struct fst_arena *a,
                                   struct fst_entry *out, struct fst_error *err)
{
    size_t n = strlen(at->key);
    const char *name = fst_path_base(at->key);
    bool only_folder = n == 0 || at->key[n - 1] == '/' || fst__has_glob(at->key);
    bool object_first = !only_folder && strchr(name, '.');
    enum fst_status status =
        object_first ? stat_object(uri, a, out, err) : stat_folder(at, uri, a, out, err);
    if (status != FST_ENOTFOUND || only_folder)
        return status;
    return object_first ? stat_folder(at, uri, a, out, err) : stat_object(uri, a, out, err);
}

static enum fst_status s3_stat(const char *uri, struct fst_arena *a, struct fst_entry *out,
                               struct fst_error *err)
{
    struct address at;
    FST_TRY(address_of(uri, &at, err));
    enum fst_status status = stat_either(&at, uri, a, out, err);
    address_done(&at);
    return status;
}

/* ---- Listing
 * -------------------------------------------------------------------------------------------- */

/* Is any name below the folder one that is not data? Keys that end with a slash, or as Hadoop's old
 * markers do, are folders. */
static bool is_data(const char *below)
{
    size_t n = strlen(below);
    if (n == 0 || below[n - 1] == '/' || (n > 9 && strcmp(below + n - 9, "_$folder$") == 0))
        return false;
    for (const char *name = below;; name += strcspn(name, "/") + 1) {
        size_t length = strcspn(name, "/");
        if (fst__is_hidden(name, length))
            return false;
        if (!name[length])
            return true;
    }
}

/* What keys are to be like: patterns of files, or of folders above them, without the fixed part. */
struct wanted {
    struct fst_arena *arena;
    const char *const *patterns;
    size_t n, fixed;
};

static enum fst_status wanted_of(const char *key, struct wanted *out, struct fst_error *err)
{
    *out = (struct wanted){.arena = fst_arena_new()};
    if (!fst__has_glob(key))
        return FST_OK;
    out->fixed = fst__glob_fixed(key);
    return fst__glob_expand(key + out->fixed, out->arena, &out->patterns, &out->n, err);
}

static bool matches(const struct wanted *w, const char *key)
{
    for (size_t i = 0; i < w->n; i++)
        if (strlen(key) >= w->fixed && fst__glob_match_path(w->patterns[i], key + w->fixed))
            return true;
    return w->n == 0;
}

static int by_uri(const void *a, const void *b)
{
    return strcmp(((const struct fst_entry *)a)->uri, ((const struct fst_entry *)b)->uri);
}

static void take_entries(const struct address *at, const struct wanted *wanted,
                         const struct fst_s3_listing *l, size_t skip, struct fst_listing *out)
{
    out->arena = fst_arena_new();
    out->entries = fst_arena_alloc(out->arena, (l->n + 1) * sizeof *out->entries);
    for (size_t i = 0; i < l->n; i++) {
        const struct fst_s3_entry *e = &l->entries[i];
        if (strlen(e->key) < skip || !is_data(e->key + skip) || !matches(wanted, e->key))
            continue;
        char *uri = uri_of(at, e->key);
        out->entries[out->n++] = (struct fst_entry){.uri = fst_arena_strdup(out->arena, uri),
                                                    .size = e->size,
                                                    .modified_us = e->modified_us};
        free(uri);
    }
    if (out->n)
        qsort(out->entries, out->n, sizeof *out->entries, by_uri);
}

static enum fst_status s3_list(const char *uri, size_t max, struct fst_listing *out,
                               struct fst_error *err)
{
    struct address at;
    struct fst_s3_listing l = {0};
    *out = (struct fst_listing){0};
    FST_TRY(address_of(uri, &at, err));
    char *folder = folder_of(at.key);
    char *prefix = fst__has_glob(at.key) ? fst_strndup(at.key, strcspn(at.key, "*?[{\\"))
                                         : fst_asprintf("%s%s", folder, *folder ? "/" : "");
    struct wanted wanted;
    enum fst_status status = wanted_of(at.key, &wanted, err);
    if (status == FST_OK)
        status = fst_s3_list(at.s3, at.bucket, prefix, NULL, max, &l, err);
    if (status == FST_OK)
        take_entries(&at, &wanted, &l, *folder ? strlen(folder) + 1 : 0, out);
    fst_arena_free(wanted.arena);
    fst_s3_listing_done(&l);
    free(prefix);
    free(folder);
    address_done(&at);
    return status;
}

static const char *const schemes[] = {"s3", "s3a", "s3n", NULL};

const struct fst_store fst_store_s3 = {
    .name = "s3",
    .help = "S3 and what speaks as it does: s3://bucket/key, a prefix, or a pattern",
    .schemes = schemes,
    .is_far = true,
    .stat = s3_stat,
    .list = s3_list,
    .open = s3_open,
    .open_output = s3_open_output,
    .warm = s3_warm,
};
