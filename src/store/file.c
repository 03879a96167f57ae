/* The store of this host's files: plain paths and file:// URIs.
 *
 * Listings are deep, sorted by path, follow no symbolic link to a folder (so they end), and leave
 * out what Spark leaves out: names that begin with '.', or with '_' and have no '='. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "output.h"

#define MAX_DEPTH 32

char *fst_store_local_path(const char *uri)
{
    if (strncasecmp(uri, "file:", 5) == 0) {
        const char *rest = uri + 5;
        if (strncmp(rest, "//localhost/", 12) == 0)
            rest += 11;
        else if (strncmp(rest, "///", 3) == 0)
            rest += 2;
        return rest[0] == '/' && rest[1] != '/' ? fst__url_decoded(rest, strlen(rest)) : NULL;
    }
    return fst__scheme_length(uri) ? NULL : fst_path_absolute(uri);
}

static enum fst_status local_path(const char *uri, char **out, struct fst_error *err)
{
    *out = fst_store_local_path(uri);
    if (!*out)
        return fst_fail(err, FST_EINVAL, "%s: not a file of this host: write file:///path", uri);
    return FST_OK;
}

static int64_t modified_us(const struct stat *st)
{
    return (int64_t)st->st_mtim.tv_sec * 1000000 + st->st_mtim.tv_nsec / 1000;
}

static struct fst_entry entry_of(struct fst_arena *a, const char *path, const struct stat *st)
{
    return (struct fst_entry){.uri = fst_arena_strdup(a, path),
                              .is_dir = S_ISDIR(st->st_mode),
                              .size = (uint64_t)st->st_size,
                              .modified_us = modified_us(st)};
}

/* A pattern stands for the folder in front of it; a name that is there as it is written is no
 * pattern. */
static char *fixed_folder(const char *path)
{
    size_t n = fst__glob_fixed(path);
    while (n > 1 && path[n - 1] == '/')
        n--;
    return fst_strndup(path, n);
}

static bool is_pattern(const char *path)
{
    struct stat st;
    return fst__has_glob(path) && lstat(path, &st) != 0;
}

static enum fst_status file_stat(const char *uri, struct fst_arena *a, struct fst_entry *out,
                                 struct fst_error *err)
{
    char *path;
    FST_TRY(local_path(uri, &path, err));
    if (is_pattern(path)) {
        char *folder = fixed_folder(path);
        free(path);
        path = folder;
    }
    struct stat st;
    enum fst_status status = FST_OK;
    if (stat(path, &st) != 0)
        status = fst_fail_errno(err, "%s", path);
    else
        *out = entry_of(a, path, &st);
    free(path);
    return status;
}

struct walk {
    struct fst_listing *out;
    size_t cap, max;
    bool names_only; /* what the folder says of its entries is enough: no question for each */
    struct fst_error *err;
};

static enum fst_status walk_dir(struct walk *w, const char *dir, int depth);

static enum fst_status add_file(struct walk *w, const char *dir, const char *name,
                                const struct stat *st)
{
    if (w->out->n >= w->max)
        return fst_fail(w->err, FST_ENOMEM, "more than %zu files: choose a folder further down",
                        w->max);
    fst_grow(&w->out->entries, &w->cap, w->out->n + 1, sizeof *w->out->entries);
    size_t n_dir = strlen(dir), n_name = strlen(name);
    bool slash = n_dir && dir[n_dir - 1] != '/';
    char *uri = fst_arena_alloc(w->out->arena, n_dir + slash + n_name + 1);
    memcpy(uri, dir, n_dir);
    uri[n_dir] = '/';
    memcpy(uri + n_dir + slash, name, n_name + 1);
    w->out->entries[w->out->n++] = (struct fst_entry){.uri = uri,
                                                      .size = st ? (uint64_t)st->st_size : 0,
                                                      .modified_us = st ? modified_us(st) : 0};
    return FST_OK;
}

static enum fst_status walk_below(struct walk *w, const char *dir, const char *name, int depth)
{
    char *path = fst_path_join(dir, name);
    enum fst_status status = walk_dir(w, path, depth + 1);
    free(path);
    return status;
}

static enum fst_status walk_entry(struct walk *w, DIR *d, const char *dir, const struct dirent *e,
                                  int depth)
{
    struct stat st;
    if (e->d_type == DT_DIR)
        return walk_below(w, dir, e->d_name, depth);
    if (e->d_type == DT_REG && w->names_only)
        return add_file(w, dir, e->d_name, NULL);
    if (fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? FST_OK : fst_fail_errno(w->err, "%s/%s", dir, e->d_name);
    if (S_ISDIR(st.st_mode))
        return walk_below(w, dir, e->d_name, depth);
    bool is_link = S_ISLNK(st.st_mode);
    if (is_link && fstatat(dirfd(d), e->d_name, &st, 0) != 0)
        return errno == ENOENT ? FST_OK : fst_fail_errno(w->err, "%s/%s", dir, e->d_name);
    return S_ISREG(st.st_mode) ? add_file(w, dir, e->d_name, &st) : FST_OK;
}

static enum fst_status walk_dir(struct walk *w, const char *dir, int depth)
{
    if (depth > MAX_DEPTH)
        return fst_fail(w->err, FST_EFORMAT, "%s: folders are nested over %d deep", dir, MAX_DEPTH);
    DIR *d = opendir(dir);
    if (!d)
        return fst_fail_errno(w->err, "%s", dir);
    enum fst_status status = FST_OK;
    struct dirent *e;
    while (status == FST_OK && (e = readdir(d)))
        if (!fst__is_hidden(e->d_name, strlen(e->d_name)))
            status = walk_entry(w, d, dir, e, depth);
    closedir(d);
    return status;
}

/* ---- Patterns -------------------------------------------------------------------------------- */

/* A name without its backslashes. */
static char *meant(const char *p, size_t n)
{
    struct fst_buf b = FST_BUF(n + 1);
    for (size_t i = 0; i < n; i++) {
        i += p[i] == '\\' && i + 1 < n;
        fst_buf_addc(&b, p[i]);
    }
    return fst_buf_take(&b);
}

static enum fst_status glob_below(struct walk *w, const char *dir, const char *pattern, int depth);

/* `name` in `dir` matched; `rest` of the pattern is still to come. */
static enum fst_status glob_name(struct walk *w, const char *dir, const char *name,
                                 const char *rest, int depth)
{
    char *path = fst_path_join(dir, name);
    struct stat st;
    enum fst_status status = FST_OK;
    bool there = stat(path, &st) == 0;
    if (there && *rest && S_ISDIR(st.st_mode))
        status = glob_below(w, path, rest, depth + 1);
    else if (there && !*rest && S_ISDIR(st.st_mode))
        status = walk_dir(w, path, depth + 1);
    else if (there && !*rest && S_ISREG(st.st_mode) && !fst__is_hidden(name, strlen(name)))
        status = add_file(w, dir, name, &st);
    free(path);
    return status;
}

static enum fst_status glob_dir(struct walk *w, const char *dir, const char *pattern, size_t n,
                                const char *rest, int depth)
{
    DIR *d = opendir(dir);
    if (!d) /* a folder that is not for us has nothing that matches */
        return FST_OK;
    enum fst_status status = FST_OK;
    struct dirent *e;
    while (status == FST_OK && (e = readdir(d)))
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 &&
            fst__glob_name(pattern, n, e->d_name))
            status = glob_name(w, dir, e->d_name, rest, depth);
    closedir(d);
    return status;
}

static enum fst_status glob_below(struct walk *w, const char *dir, const char *pattern, int depth)
{
    size_t n = strcspn(pattern, "/");
    const char *rest = pattern + n + strspn(pattern + n, "/");
    if (depth > MAX_DEPTH)
        return fst_fail(w->err, FST_EFORMAT, "%s: folders are nested over %d deep", dir, MAX_DEPTH);
    if (strcspn(pattern, "*?[") < n)
        return glob_dir(w, dir, pattern, n, rest, depth);
    char *name = meant(pattern, n);
    enum fst_status status = glob_name(w, dir, name, rest, depth);
    free(name);
    return status;
}

static enum fst_status glob_files(struct walk *w, const char *path)
{
    const char *const *patterns;
    size_t n;
    struct fst_arena *a = fst_arena_new();
    char *folder = fixed_folder(path);
    enum fst_status status =
        fst__glob_expand(path + fst__glob_fixed(path), a, &patterns, &n, w->err);
    for (size_t i = 0; status == FST_OK && i < n; i++)
        status = glob_below(w, folder, patterns[i], 0);
    free(folder);
    fst_arena_free(a);
    return status;
}

/* ---- Listings -------------------------------------------------------------------------------- */

static int by_uri(const void *a, const void *b)
{
    return strcmp(((const struct fst_entry *)a)->uri, ((const struct fst_entry *)b)->uri);
}

/* What several of a pattern's braces mean counts once. */
static void drop_repeated(struct fst_listing *out, struct fst_entry *sorted)
{
    size_t n = 1;
    for (size_t i = 1; i < out->n; i++)
        if (strcmp(sorted[i].uri, sorted[n - 1].uri) != 0)
            sorted[n++] = sorted[i];
    out->n = n;
}

static enum fst_status walked(const char *uri, size_t max, bool names_only, struct fst_listing *out,
                              struct fst_error *err)
{
    char *path;
    *out = (struct fst_listing){0};
    FST_TRY(local_path(uri, &path, err));
    out->arena = fst_arena_new();
    struct walk w = {.out = out, .max = max, .names_only = names_only, .err = err};
    enum fst_status status = is_pattern(path) ? glob_files(&w, path) : walk_dir(&w, path, 0);
    free(path);
    /* entries live in a growing array; the listing's arena must own them in the end */
    struct fst_entry *owned = NULL;
    if (status == FST_OK && out->n) {
        owned = fst_arena_alloc(out->arena, out->n * sizeof *owned);
        memcpy(owned, out->entries, out->n * sizeof *owned);
        qsort(owned, out->n, sizeof *owned, by_uri);
        drop_repeated(out, owned);
    }
    free(out->entries);
    out->entries = owned;
    if (status != FST_OK)
        fst_listing_done(out);
    return status;
}

static enum fst_status file_list(const char *uri, size_t max, struct fst_listing *out,
                                 struct fst_error *err)
{
    return walked(uri, max, false, out, err);
}

static enum fst_status file_names(const char *uri, size_t max, struct fst_listing *out,
                                  struct fst_error *err)
{
    return walked(uri, max, true, out, err);
}

static enum fst_status file_open(const char *uri, struct fst_bytes **out, struct fst_error *err)
{
    char *path;
    FST_TRY(local_path(uri, &path, err));
    enum fst_status status = fst_bytes_open_file(path, out, err);
    free(path);
    return status;
}

static const char *const schemes[] = {"", "file", NULL};

const struct fst_store fst_store_file = {
    .name = "file",
    .help = "files of this host: a path or file:///path",
    .schemes = schemes,
    .stat = file_stat,
    .list = file_list,
    .names = file_names,
    .open = file_open,
    .open_output = fst__file_output_open,
};
