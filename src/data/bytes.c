/* bytes: the two byte sources that need no network, a local file and a piece of memory.
 *
 * Files are read with pread and never mapped: a file that shrinks while it is read must give an
 * error, not a signal. */
#include "firesteel/data.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void fst_bytes_close(struct fst_bytes *b)
{
    if (b)
        b->ops->close(b);
}

/* ---- A file ---------------------------------------------------------------------------------- */

struct file_bytes {
    struct fst_bytes base;
    int fd;
    char *path;
};

static enum fst_status read_file_range(struct file_bytes *f, struct fst_range *range,
                                       struct fst_error *err)
{
    range->got = 0;
    while (range->got < range->len) {
        ssize_t n = pread(f->fd, (char *)range->into + range->got, range->len - range->got,
                          (off_t)(range->offset + range->got));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fst_fail_errno(err, "reading %s", f->path);
        if (n == 0)
            break;
        range->got += (size_t)n;
    }
    f->base.bytes_read += range->got;
    f->base.reads++;
    return FST_OK;
}

static enum fst_status read_file(struct fst_bytes *b, struct fst_range *ranges, size_t n,
                                 struct fst_error *err)
{
    for (size_t i = 0; i < n; i++)
        FST_TRY(read_file_range((struct file_bytes *)b, &ranges[i], err));
    return FST_OK;
}

static void close_file(struct fst_bytes *b)
{
    struct file_bytes *f = (struct file_bytes *)b;
    close(f->fd);
    free(f->path);
    free(f);
}

enum fst_status fst_bytes_open_file(const char *path, struct fst_bytes **out, struct fst_error *err)
{
    static const struct fst_bytes_ops ops = {read_file, close_file};
    /* O_NONBLOCK: opening a pipe that nobody writes must not hang */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return fst_fail_errno(err, "%s", path);

    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        return fst_fail(err, FST_EINVAL, "%s: not a regular file", path);
    }
    struct file_bytes *f = fst_alloc(sizeof(*f));
    f->fd = fd;
    f->path = fst_strdup(path);
    f->base = (struct fst_bytes){
        .ops = &ops, .name = f->path, .size = (uint64_t)st.st_size, .is_near = true};
    *out = &f->base;
    return FST_OK;
}

/* ---- Memory ---------------------------------------------------------------------------------- */

struct memory_bytes {
    struct fst_bytes base;
    const char *p;
    char *name;
};

static enum fst_status read_memory(struct fst_bytes *b, struct fst_range *ranges, size_t n,
                                   struct fst_error *err)
{
    (void)err;
    struct memory_bytes *m = (struct memory_bytes *)b;
    for (size_t i = 0; i < n; i++) {
        uint64_t left = ranges[i].offset < b->size ? b->size - ranges[i].offset : 0;
        ranges[i].got = left < ranges[i].len ? (size_t)left : ranges[i].len;
        if (ranges[i].got)
            memcpy(ranges[i].into, m->p + ranges[i].offset, ranges[i].got);
        b->bytes_read += ranges[i].got;
        b->reads++;
    }
    return FST_OK;
}

static void close_memory(struct fst_bytes *b)
{
    struct memory_bytes *m = (struct memory_bytes *)b;
    free(m->name);
    free(m);
}

struct fst_bytes *fst_bytes_of_memory(const char *name, const void *p, size_t n)
{
    static const struct fst_bytes_ops ops = {read_memory, close_memory};
    struct memory_bytes *m = fst_alloc(sizeof(*m));
    m->p = p;
    m->name = fst_strdup(name);
    m->base = (struct fst_bytes){.ops = &ops, .name = m->name, .size = n};
    return &m->base;
}
