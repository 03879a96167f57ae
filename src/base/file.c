/* Files and paths: whole reads with a cap, writes that are whole or not at all. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "firesteel/base.h"

static enum fst_status read_all(int fd, const char *path, size_t cap, struct fst_buf *b,
                                struct fst_error *err)
{
    char piece[65536];
    for (;;) {
        ssize_t got = read(fd, piece, sizeof piece);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fst_fail_errno(err, "%s", path);
        if (got == 0)
            return FST_OK;
        fst_buf_add(b, piece, (size_t)got);
        if (b->over)
            return fst_fail(err, FST_ENOMEM, "%s: the file is over %zu bytes", path, cap);
    }
}

enum fst_status fst_file_read(const char *path, size_t cap_bytes, char **out, size_t *n,
                              struct fst_error *err)
{
    struct fst_buf b = FST_BUF(cap_bytes);
    *out = NULL;
    *n = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fst_fail_errno(err, "%s", path);
    enum fst_status status = read_all(fd, path, cap_bytes, &b, err);
    close(fd);
    if (status != FST_OK) {
        fst_buf_done(&b);
        return status;
    }
    *n = b.n;
    *out = fst_buf_take(&b);
    return FST_OK;
}

static bool write_all(int fd, const char *p, size_t n)
{
    while (n) {
        ssize_t done = write(fd, p, n);
        if (done < 0 && errno != EINTR)
            return false;
        p += done > 0 ? done : 0;
        n -= done > 0 ? (size_t)done : 0;
    }
    return true;
}

static void sync_folder(const char *path)
{
    char *folder = fst_asprintf("%s", path);
    char *slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder] = '\0';
    int fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    free(folder);
}

enum fst_status fst_file_write(const char *path, const void *bytes, size_t n, int mode,
                               struct fst_error *err)
{
    char unique[37];
    fst_uuid4(unique); /* two writers of one path must not share it */
    char *temporary = fst_asprintf("%s.%.8s.tmp", path, unique);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, (mode_t)mode);
    bool good = fd >= 0 && write_all(fd, bytes, n) && fsync(fd) == 0;
    int code = errno;
    if (fd >= 0 && close(fd) != 0 && good) {
        good = false;
        code = errno;
    }
    if (good && rename(temporary, path) != 0) {
        good = false;
        code = errno;
    }
    enum fst_status status = FST_OK;
    if (good) {
        sync_folder(path);
    } else {
        if (fd >= 0)
            unlink(temporary);
        errno = code;
        status = fst_fail_errno(err, "writing %s", path);
    }
    free(temporary);
    return status;
}

enum fst_status fst_mkdirs(const char *path, int mode, struct fst_error *err)
{
    char *copy = fst_strdup(path);
    enum fst_status status = FST_OK;
    for (char *p = copy + (copy[0] == '/'); status == FST_OK; p++) {
        char c = *p;
        if (c != '/' && c != '\0')
            continue;
        *p = '\0';
        if (p > copy && mkdir(copy, (mode_t)mode) != 0 && errno != EEXIST)
            status = fst_fail_errno(err, "making the folder %s", copy);
        *p = c;
        if (c == '\0')
            break;
    }
    if (status == FST_OK && !fst_path_is_dir(path))
        status = fst_fail(err, FST_ECONFLICT, "%s is there and is not a folder", path);
    free(copy);
    return status;
}

bool fst_path_exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

bool fst_path_is_dir(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

char *fst_path_join(const char *dir, const char *name)
{
    size_t n = strlen(dir);
    if (name[0] == '/' || n == 0)
        return fst_strdup(name);
    return fst_asprintf("%s%s%s", dir, dir[n - 1] == '/' ? "" : "/", name);
}

/* Drop "." and "name/.." in place; `path` begins with a slash. */
static void tidy(char *path)
{
    char *to = path;
    for (char *from = path; *from;) {
        char *next = strchrnul(from + 1, '/');
        size_t n = (size_t)(next - from);
        if (n == 1 || (n == 2 && from[1] == '.')) {
            /* "//" or "/." */
        } else if (n == 3 && from[1] == '.' && from[2] == '.') {
            while (to > path && *--to != '/')
                continue;
        } else {
            memmove(to, from, n);
            to += n;
        }
        from = next;
    }
    if (to == path)
        *to++ = '/';
    *to = '\0';
}

char *fst_path_absolute(const char *path)
{
    char here[4096];
    char *full;
    if (path[0] == '/')
        full = fst_strdup(path);
    else
        full = fst_path_join(getcwd(here, sizeof here) ? here : "/", path);
    tidy(full);
    return full;
}

char *fst_path_expand(const char *path)
{
    const char *home = getenv("HOME");
    bool is_below = path[0] == '~' && (path[1] == '/' || !path[1]);
    return is_below && home && *home ? fst_asprintf("%s%s", home, path + 1) : fst_strdup(path);
}

const char *fst_path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* What unlink says of a folder: EISDIR on Linux, EPERM by POSIX. */
static bool may_be_folder(int code)
{
    return code == EISDIR || code == EPERM;
}

/* Everything in an open folder; closes it. Links are removed, not followed. */
static bool empty_folder(int dir_fd)
{
    DIR *d = fdopendir(dir_fd);
    struct dirent *e;
    bool good = d != NULL;
    while (d && good && (e = readdir(d))) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        if (unlinkat(dirfd(d), e->d_name, 0) == 0)
            continue;
        if (!may_be_folder(errno)) {
            good = false;
            break;
        }
        int fd = openat(dirfd(d), e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        good = fd >= 0 && empty_folder(fd) && unlinkat(dirfd(d), e->d_name, AT_REMOVEDIR) == 0;
    }
    int code = errno;
    if (d)
        closedir(d);
    errno = code;
    return good;
}

enum fst_status fst_remove_tree(const char *path, struct fst_error *err)
{
    if (unlink(path) == 0 || errno == ENOENT)
        return FST_OK;
    if (!may_be_folder(errno))
        return fst_fail_errno(err, "removing %s", path);
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || !empty_folder(fd) || rmdir(path) != 0)
        return fst_fail_errno(err, "removing %s", path);
    return FST_OK;
}

void fst_file_tail(const char *path, size_t n, struct fst_buf *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    off_t end = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
    off_t from = end > (off_t)n ? end - (off_t)n : 0;
    char piece[4096];
    ssize_t got;
    while (fd >= 0 && (got = pread(fd, piece, sizeof piece, from)) > 0) {
        fst_buf_add(out, piece, (size_t)got);
        from += got;
    }
    if (fd >= 0)
        close(fd);
}
