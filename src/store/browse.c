/* One folder of a store, not deep: what is in it, folders first. A large one is cut. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "stores.h"

struct browse {
    struct fst_browsed *out;
    const char *begins;
    size_t cap, max;
};

static void add(struct browse *b, const char *uri, bool is_dir, uint64_t size, int64_t modified_us)
{
    struct fst_listing *l = &b->out->listing;
    if (l->n >= b->max) {
        b->out->cut = true;
        return;
    }
    fst_grow(&l->entries, &b->cap, l->n + 1, sizeof *l->entries);
    l->entries[l->n++] =
        (struct fst_entry){fst_arena_strdup(l->arena, uri), is_dir, size, modified_us};
}

static int compare(const void *a, const void *b)
{
    const struct fst_entry *x = a, *y = b;
    return x->is_dir != y->is_dir ? (x->is_dir ? -1 : 1) : strcmp(x->uri, y->uri);
}

static enum fst_status browse_local(struct browse *b, const char *uri, struct fst_error *err)
{
    char *path = fst_store_local_path(uri);
    if (!path)
        return fst_fail(err, FST_EINVAL, "%s: not a folder of this host", uri);
    DIR *dir = opendir(path);
    enum fst_status status = dir ? FST_OK : fst_fail_errno(err, "%s", path);
    struct dirent *e;
    while (dir && !b->out->cut && (e = readdir(dir))) {
        struct stat st;
        if (e->d_name[0] == '.' || strncmp(e->d_name, b->begins, strlen(b->begins)) != 0 ||
            fstatat(dirfd(dir), e->d_name, &st, 0) != 0)
            continue;
        char *whole = fst_path_join(path, e->d_name);
        add(b, whole, S_ISDIR(st.st_mode), (uint64_t)st.st_size,
            (int64_t)st.st_mtim.tv_sec * 1000000 + st.st_mtim.tv_nsec / 1000);
        free(whole);
    }
    if (dir)
        closedir(dir);
    free(path);
    return status;
}

static enum fst_status browse_s3(struct browse *b, const char *uri, struct fst_error *err)
{
    const char *bucket = strstr(uri, "://") + 3;
    size_t n = strcspn(bucket, "/"), n_scheme = (size_t)(bucket - uri);
    struct fst_s3_listing l = {0};
    struct fst_s3 *s3;
    if (n == 0)
        return fst_fail(err, FST_EINVAL, "%s names no bucket: write s3://bucket/folder", uri);
    FST_TRY(fst__s3_client_of(uri, &s3, err));
    char *name = fst_strndup(bucket, n);
    const char *key = bucket + n + (bucket[n] == '/');
    size_t n_key = strlen(key);
    char *prefix = fst_asprintf("%s%s", key, n_key && key[n_key - 1] != '/' ? "/" : "");
    char *begins = fst_asprintf("%s%s", prefix, b->begins);
    l.may_cut = true;
    enum fst_status status = fst_s3_list(s3, name, begins, "/", b->max, &l, err);
    for (size_t i = 0; status == FST_OK && i < l.n_prefixes + l.n; i++) {
        bool is_dir = i < l.n_prefixes;
        const char *k = is_dir ? l.prefixes[i] : l.entries[i - l.n_prefixes].key;
        size_t length = strlen(k) - (is_dir && k[0] ? 1 : 0);
        if (strcmp(k, prefix) == 0)
            continue; /* the mark of the folder itself */
        char *whole = fst_asprintf("%.*s%s/%.*s", (int)n_scheme, uri, name, (int)length, k);
        add(b, whole, is_dir, is_dir ? 0 : l.entries[i - l.n_prefixes].size,
            is_dir ? 0 : l.entries[i - l.n_prefixes].modified_us);
        free(whole);
    }
    b->out->cut |= l.cut;
    fst_s3_listing_done(&l);
    fst_s3_unref(s3);
    free(begins);
    free(prefix);
    free(name);
    return status;
}

enum fst_status fst_store_browse(const char *uri, const char *begins, size_t max,
                                 struct fst_browsed *out, struct fst_error *err)
{
    const struct fst_store *store;
    *out = (struct fst_browsed){.listing = {.arena = fst_arena_new()}};
    struct browse b = {.out = out, .begins = begins ? begins : "", .max = max};
    enum fst_status status = fst_store_of(uri, &store, err);
    if (status == FST_OK && store == &fst_store_file)
        status = browse_local(&b, uri, err);
    else if (status == FST_OK && store == &fst_store_s3)
        status = browse_s3(&b, uri, err);
    else if (status == FST_OK)
        status =
            fst_fail(err, FST_EUNSUPPORTED,
                     "%s: the web has no listings; the address of one file can be looked at", uri);
    struct fst_listing *l = &out->listing;
    if (l->n)
        qsort(l->entries, l->n, sizeof *l->entries, compare);
    struct fst_entry *kept = fst_arena_alloc(l->arena, (l->n + 1) * sizeof *kept);
    if (l->n)
        memcpy(kept, l->entries, l->n * sizeof *kept);
    free(l->entries);
    l->entries = kept;
    if (status != FST_OK)
        fst_listing_done(l);
    return status;
}
