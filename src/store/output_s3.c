/* output_s3: a folder of S3 that a run or an export writes, complete or not there at all.
 *
 * S3 shows an object when it is whole, so there are no hidden names; until _SUCCESS is there, which
 * comes last, the folder does not count as an output. What was written is deleted when it does not
 * come to that. Nobody can be kept from making the same folder at the same moment; names of runs
 * are their own. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"

struct s3_output {
    struct fst_output base;
    struct fst_s3 *s3;
    char *bucket, *prefix; /* "folder/"; "" = the bucket itself */
    char **keys;           /* of what was written */
    size_t n_keys, cap_keys;
    bool is_committed;
    struct fst_error why; /* of the sink that failed */
};
struct s3_file {
    struct s3_output *o;
    struct fst_s3_upload *upload;
    char *key;
};

/* ---- Files ----------------------------------------------------------------------------------- */

static bool write_some(void *arg, const void *p, size_t n)
{
    struct s3_file *f = arg;
    bool ok = fst_s3_upload_write(f->upload, p, n, &f->o->why) == FST_OK;
    if (!ok)
        errno = EIO;
    return ok;
}

static void free_file(struct s3_file *f)
{
    fst_s3_upload_free(f->upload);
    free(f->key);
    free(f);
}

static enum fst_status create(void *arg, const char *path, struct fst_sink *sink, void **out,
                              struct fst_error *err)
{
    struct s3_output *o = arg;
    struct s3_file *f = fst_alloc(sizeof(*f));
    (void)err;
    f->o = o;
    f->key = fst_asprintf("%s%s", o->prefix, path);
    f->upload = fst_s3_upload_new(o->s3, o->bucket, f->key);
    *sink = (struct fst_sink){.write = write_some, .arg = f};
    *out = f;
    return FST_OK;
}

/* A write that fails may have come about all the same: it is to be deleted as well. */
static enum fst_status commit(void *arg, void *file, struct fst_error *err)
{
    struct s3_output *o = arg;
    struct s3_file *f = file;
    fst_grow(&o->keys, &o->cap_keys, o->n_keys + 1, sizeof(*o->keys));
    o->keys[o->n_keys++] = fst_strdup(f->key);
    enum fst_status status = fst_s3_upload_finish(f->upload, err);
    free_file(f);
    return status;
}

static void discard(void *arg, void *file)
{
    (void)arg;
    free_file(file);
}

/* ---- The whole ------------------------------------------------------------------------------- */

static struct fst_folder folder_of(struct fst_output *base)
{
    return (struct fst_folder){create, commit, discard, base};
}

static enum fst_status commit_output(struct fst_output *base, struct fst_error *err)
{
    struct s3_output *o = (struct s3_output *)base;
    char *success = fst_asprintf("%s_SUCCESS", o->prefix);
    enum fst_status status = fst_s3_put(o->s3, o->bucket, success, "", 0, err);
    free(success);
    o->is_committed = status == FST_OK;
    return status;
}

static void explain(const struct fst_output *base, struct fst_error *err)
{
    const struct s3_output *o = (const struct s3_output *)base;
    if (o->why.status != FST_OK)
        *err = o->why;
}

static void free_output(struct fst_output *base)
{
    struct s3_output *o = (struct s3_output *)base;
    for (size_t i = 0; i < o->n_keys; i++) {
        if (!o->is_committed)
            fst_s3_delete(o->s3, o->bucket, o->keys[i], NULL);
        free(o->keys[i]);
    }
    free(o->keys);
    fst_s3_unref(o->s3);
    free(o->bucket);
    free(o->prefix);
    free(o);
}

static enum fst_status check_empty(const struct s3_output *o, const char *uri,
                                   struct fst_error *err)
{
    struct fst_s3_listing l = {0};
    FST_TRY(fst_s3_list(o->s3, o->bucket, o->prefix, NULL, 1, &l, err));
    bool any = l.n > 0;
    fst_s3_listing_done(&l);
    return any ? fst_fail(err, FST_ECONFLICT,
                          "%s: there are objects already; nothing writes over data", uri)
               : FST_OK;
}

enum fst_status fst__s3_output_open(const char *uri, struct fst__far *far, struct fst_output **out,
                                    struct fst_error *err)
{
    static const struct fst__output_ops ops = {folder_of, commit_output, explain, free_output};
    struct s3_output *o = fst_alloc(sizeof(*o));
    size_t n = strlen(far->key);
    while (n && far->key[n - 1] == '/')
        n--;
    o->base.ops = &ops;
    o->s3 = fst_s3_ref(far->s3);
    o->bucket = fst_strdup(far->bucket);
    o->prefix = fst_asprintf("%.*s%s", (int)n, far->key, n ? "/" : "");
    enum fst_status status =
        strpbrk(far->key, "*?[")
            ? fst_fail(err, FST_EINVAL, "%s: a pattern is not a place to write to", uri)
            : check_empty(o, uri, err);
    fst__far_done(far);
    if (status == FST_OK)
        *out = &o->base;
    else
        free_output(&o->base);
    return status;
}
