/* output_file: a local folder that a run or an export writes, complete or not there at all. */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct file_output {
    struct fst_output base;
    char *folder;
    bool is_made, is_committed;
};
struct file {
    int fd;
    char *hidden, *final;
    size_t root_n; /* of the path: the output's folder */
};

static char *folder_of(const char *path)
{
    char *folder = fst_strdup(path), *slash = strrchr(folder, '/');
    if (slash && slash > folder)
        *slash = '\0';
    else if (slash)
        slash[1] = '\0';
    return folder;
}

/* Made by us, or not at all: of two that want it one gets it. */
static enum fst_status make_folder(struct file_output *o, struct fst_error *err)
{
    char *above = folder_of(o->folder);
    enum fst_status status = fst_mkdirs(above, 0755, err);
    free(above);
    FST_TRY(status);
    o->is_made = mkdir(o->folder, 0755) == 0;
    if (!o->is_made && errno == EEXIST)
        return fst_fail(err, FST_ECONFLICT, "%s: it is there already; nothing writes over data",
                        o->folder);
    return o->is_made ? FST_OK : fst_fail_errno(err, "making the folder %s", o->folder);
}

static enum fst_status sync_folder(const char *folder, struct fst_error *err)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    enum fst_status status = ok ? FST_OK : fst_fail_errno(err, "syncing %s", folder);
    if (fd >= 0)
        close(fd);
    return status;
}

/* ---- Files ----------------------------------------------------------------------------------- */

static bool write_all(void *arg, const void *p, size_t n)
{
    const struct file *f = arg;
    for (const char *at = p; n > 0;) {
        ssize_t wrote = write(f->fd, at, n);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        at += wrote;
        n -= (size_t)wrote;
    }
    return true;
}

static void free_file(struct file *f)
{
    if (f->fd >= 0)
        close(f->fd);
    free(f->hidden);
    free(f->final);
    free(f);
}

static enum fst_status create(void *arg, const char *path, struct fst_sink *sink, void **out,
                              struct fst_error *err)
{
    const struct file_output *o = arg;
    struct file *f = fst_alloc(sizeof(*f));
    f->final = fst_path_join(o->folder, path);
    char *folder = folder_of(f->final);
    f->hidden = fst_asprintf("%s/.%s.%ld.tmp", folder, strrchr(f->final, '/') + 1, (long)getpid());
    f->fd = -1;
    f->root_n = strlen(o->folder);
    enum fst_status status = fst_mkdirs(folder, 0755, err);
    free(folder);
    if (status == FST_OK) {
        f->fd = open(f->hidden, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
        if (f->fd < 0)
            status = fst_fail_errno(err, "creating %s", f->hidden);
    }
    if (status != FST_OK) {
        free_file(f);
        return status;
    }
    *sink = (struct fst_sink){.write = write_all, .arg = f};
    *out = f;
    return FST_OK;
}

/* The file's folder and those above it that may be new. */
static enum fst_status sync_folders(const struct file *f, struct fst_error *err)
{
    char *folder = folder_of(f->final);
    enum fst_status status = sync_folder(folder, err);
    while (status == FST_OK && strlen(folder) > f->root_n) {
        *strrchr(folder, '/') = '\0';
        status = sync_folder(folder, err);
    }
    free(folder);
    return status;
}

static enum fst_status finish(struct file *f, struct fst_error *err)
{
    if (fsync(f->fd) != 0)
        return fst_fail_errno(err, "syncing %s", f->hidden);
    int fd = f->fd;
    f->fd = -1;
    if (close(fd) != 0)
        return fst_fail_errno(err, "closing %s", f->hidden);
    if (rename(f->hidden, f->final) != 0)
        return fst_fail_errno(err, "renaming %s", f->hidden);
    return sync_folders(f, err);
}

static enum fst_status commit(void *arg, void *file, struct fst_error *err)
{
    (void)arg;
    struct file *f = file;
    enum fst_status status = finish(f, err);
    if (status != FST_OK)
        unlink(f->hidden);
    free_file(f);
    return status;
}

static void discard(void *arg, void *file)
{
    (void)arg;
    struct file *f = file;
    unlink(f->hidden);
    free_file(f);
}

/* ---- The whole ------------------------------------------------------------------------------- */

static struct fst_folder folder_of_output(struct fst_output *o)
{
    return (struct fst_folder){create, commit, discard, o};
}

static enum fst_status commit_output(struct fst_output *base, struct fst_error *err)
{
    struct file_output *o = (struct file_output *)base;
    char *success = fst_path_join(o->folder, "_SUCCESS");
    enum fst_status status = sync_folder(o->folder, err);
    if (status == FST_OK)
        status = fst_file_write(success, "", 0, 0644, err);
    if (status == FST_OK)
        status = sync_folder(o->folder, err);
    free(success);
    o->is_committed = status == FST_OK;
    return status;
}

static void free_output(struct fst_output *base)
{
    struct file_output *o = (struct file_output *)base;
    if (o->is_made && !o->is_committed)
        fst_remove_tree(o->folder, NULL);
    free(o->folder);
    free(o);
}

enum fst_status fst__file_output_open(const char *uri, struct fst_output **out,
                                      struct fst_error *err)
{
    static const struct fst__output_ops ops = {folder_of_output, commit_output, NULL, free_output};
    char *folder = fst_store_local_path(uri);
    if (!folder)
        return fst_fail(err, FST_EINVAL, "%s: not an absolute path of this host", uri);
    for (size_t n = strlen(folder); n > 1 && folder[n - 1] == '/'; n--)
        folder[n - 1] = '\0';
    struct file_output *o = fst_alloc(sizeof(*o));
    o->base.ops = &ops;
    o->folder = folder;
    enum fst_status status = make_folder(o, err);
    if (status == FST_OK)
        *out = &o->base;
    else
        free_output(&o->base);
    return status;
}
