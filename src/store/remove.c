/* Taking a folder away, with all that is below it: the mark that it is whole goes first, so that
 * what is left of an interrupted removal counts as nothing. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stores.h"

enum { PAGE = 10000 };

static enum fst_status remove_local(const char *uri, struct fst_error *err)
{
    char *path = fst_store_local_path(uri);
    if (!path)
        return fst_fail(err, FST_EINVAL, "%s: not a folder of this host", uri);
    char *success = fst_path_join(path, "_SUCCESS");
    unlink(success);
    enum fst_status status = fst_path_is_dir(path) ? fst_remove_tree(path, err) : FST_OK;
    free(success);
    free(path);
    return status;
}

static enum fst_status remove_page(struct fst_s3 *s3, const char *bucket, const char *prefix,
                                   bool *more, struct fst_error *err)
{
    struct fst_s3_listing l = {.may_cut = true};
    enum fst_status status = fst_s3_list(s3, bucket, prefix, NULL, PAGE, &l, err);
    for (size_t i = 0; status == FST_OK && i < l.n; i++)
        status = fst_s3_delete(s3, bucket, l.entries[i].key, err);
    *more = status == FST_OK && l.cut;
    fst_s3_listing_done(&l);
    return status;
}

static enum fst_status remove_s3(const char *uri, struct fst_error *err)
{
    const char *bucket = strstr(uri, "://") + 3;
    size_t n = strcspn(bucket, "/");
    struct fst_s3 *s3;
    bool more = true;
    if (n == 0 || !bucket[n] || !bucket[n + 1])
        return fst_fail(err, FST_EINVAL, "%s names a whole bucket", uri);
    FST_TRY(fst__s3_client_of(uri, &s3, err));
    char *name = fst_strndup(bucket, n);
    char *prefix = fst_asprintf("%s/", bucket + n + 1);
    char *success = fst_asprintf("%s_SUCCESS", prefix);
    enum fst_status status = fst_s3_delete(s3, name, success, err);
    while (status == FST_OK && more)
        status = remove_page(s3, name, prefix, &more, err);
    fst_s3_unref(s3);
    free(success);
    free(prefix);
    free(name);
    return status;
}

enum fst_status fst_store_remove(const char *uri, struct fst_error *err)
{
    const struct fst_store *store;
    FST_TRY(fst_store_of(uri, &store, err));
    if (store == &fst_store_file)
        return remove_local(uri, err);
    if (store == &fst_store_s3)
        return remove_s3(uri, err);
    return fst_fail(err, FST_EUNSUPPORTED, "%s: nothing is taken away there", uri);
}
