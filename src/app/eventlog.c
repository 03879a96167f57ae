/* An event log on disk, line by line: a plain file, a zstd file, or the numbered files of a rolling
 * log, of which a compacted one stands for those before it. Never more than a line in memory. */
#include "eventlog.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zstd.h>

#define MAX_LINE ((size_t)16 << 20)
#define MAX_FILES 10000
#define PIECE ((size_t)128 << 10)

struct reading {
    struct fst_event_log *log;
    struct fst_buf line; /* begun; of one that is too long, its beginning: that counts as damaged */
};

static void take(struct reading *r, const char *p, size_t n)
{
    while (n) {
        const char *stop = memchr(p, '\n', n);
        size_t len = stop ? (size_t)(stop - p) : n;
        fst_buf_add(&r->line, p, len);
        if (!stop)
            return;
        fst_event_log_line(r->log, fst_buf_text(&r->line), r->line.n);
        fst_buf_clear(&r->line);
        r->line.over = false;
        p = stop + 1;
        n -= len + 1;
    }
}

static void take_rest(struct reading *r)
{
    if (r->line.n)
        fst_event_log_line(r->log, fst_buf_text(&r->line), r->line.n);
    fst_buf_clear(&r->line);
    r->line.over = false;
}

static enum fst_status read_plain(struct reading *r, FILE *f, char *in)
{
    for (size_t n; (n = fread(in, 1, PIECE, f)) > 0;)
        take(r, in, n);
    return FST_OK;
}

/* Frames one after another. A log of an application that still runs ends in the middle of one. */
static enum fst_status read_zstd(struct reading *r, FILE *f, char *in, const char *path,
                                 struct fst_error *err)
{
    ZSTD_DStream *stream = ZSTD_createDStream();
    char *text = fst_alloc(PIECE);
    enum fst_status status = FST_OK;
    for (size_t n; status == FST_OK && (n = fread(in, 1, PIECE, f)) > 0;) {
        ZSTD_inBuffer from = {in, n, 0};
        bool full = false;
        while (status == FST_OK && (from.pos < from.size || full)) {
            ZSTD_outBuffer to = {text, PIECE, 0};
            size_t rest = ZSTD_decompressStream(stream, &to, &from);
            if (ZSTD_isError(rest))
                status =
                    fst_fail(err, FST_EFORMAT, "%s: is damaged: %s", path, ZSTD_getErrorName(rest));
            take(r, text, to.pos);
            full = to.pos == to.size;
        }
    }
    ZSTD_freeDStream(stream);
    free(text);
    return status;
}

static bool ends_in(const char *name, size_t n, const char *end)
{
    size_t len = strlen(end);
    return n >= len && memcmp(name + n - len, end, len) == 0;
}

/* Length of the name without .inprogress and .compact. */
static size_t bare(const char *name)
{
    size_t n = strlen(name);
    if (ends_in(name, n, ".inprogress"))
        n -= strlen(".inprogress");
    if (ends_in(name, n, ".compact"))
        n -= strlen(".compact");
    return n;
}

static enum fst_status read_file(struct reading *r, const char *path, struct fst_error *err)
{
    static const char *const others[] = {".lz4", ".lzf", ".snappy", ".gz"};
    struct stat st;
    size_t n = bare(path);
    bool zstd = ends_in(path, n, ".zstd") || ends_in(path, n, ".zst");
    for (size_t i = 0; i < FST_COUNT(others); i++)
        if (ends_in(path, n, others[i]))
            return fst_fail(err, FST_EUNSUPPORTED,
                            "%s: event logs are read as plain text and as zstd, not as %s", path,
                            others[i] + 1);
    FILE *f = fopen(path, "rbe");
    if (!f)
        return fst_fail_errno(err, "%s", path);
    enum fst_status status = FST_OK;
    if (fstat(fileno(f), &st) != 0 || !S_ISREG(st.st_mode))
        status = fst_fail(err, FST_EINVAL, "%s: is no file", path);
    char *in = fst_alloc(PIECE);
    if (status == FST_OK)
        status = zstd ? read_zstd(r, f, in, path, err) : read_plain(r, f, in);
    if (status == FST_OK && ferror(f))
        status = fst_fail_errno(err, "reading %s", path);
    take_rest(r);
    fclose(f);
    free(in);
    return status;
}

/* ---- Rolling logs ------------------------------------------------------------------------------
 */

struct part {
    int64_t number;
    bool compact;
    char *path;
};

static int by_number(const void *a, const void *b)
{
    const struct part *x = a, *y = b;
    return x->number < y->number ? -1 : x->number > y->number;
}

static enum fst_status list_parts(const char *folder, struct part **parts, size_t *n,
                                  struct fst_error *err)
{
    size_t cap = 0;
    DIR *d = opendir(folder);
    if (!d)
        return fst_fail_errno(err, "%s", folder);
    for (struct dirent *e; (e = readdir(d)) && *n < MAX_FILES;) {
        int64_t number;
        if (strncmp(e->d_name, "events_", 7) != 0 ||
            !fst_parse_int64(e->d_name + 7, strcspn(e->d_name + 7, "_"), &number))
            continue;
        fst_grow(parts, &cap, *n + 1, sizeof **parts);
        (*parts)[(*n)++] = (struct part){number, ends_in(e->d_name, strlen(e->d_name), ".compact"),
                                         fst_path_join(folder, e->d_name)};
    }
    closedir(d);
    if (*n == 0)
        return fst_fail(err, FST_ENOTFOUND, "%s: holds no events_N_... of a rolling event log",
                        folder);
    qsort(*parts, *n, sizeof **parts, by_number);
    return FST_OK;
}

static enum fst_status read_folder(struct reading *r, const char *folder, struct fst_error *err)
{
    struct part *parts = NULL;
    size_t n = 0;
    int64_t from = INT64_MIN;
    enum fst_status status = list_parts(folder, &parts, &n, err);
    for (size_t i = 0; i < n; i++)
        if (parts[i].compact)
            from = parts[i].number;
    for (size_t i = 0; i < n; i++) {
        bool replaced = parts[i].number < from || (parts[i].number == from && !parts[i].compact);
        if (status == FST_OK && !replaced)
            status = read_file(r, parts[i].path, err);
        free(parts[i].path);
    }
    free(parts);
    return status;
}

enum fst_status fst__eventlog_read(const char *path, const char *tag, struct fst_profile **out,
                                   size_t *damaged, struct fst_error *err)
{
    struct reading r = {.log = fst_event_log_new(), .line = FST_BUF(MAX_LINE)};
    struct fst_error ignored;
    struct fst_profile *p = NULL;
    enum fst_status status =
        fst_path_is_dir(path) ? read_folder(&r, path, err) : read_file(&r, path, err);
    fst_buf_done(&r.line);
    enum fst_status ended =
        fst_event_log_finish(r.log, tag, &p, damaged, status == FST_OK ? err : &ignored);
    if (status == FST_OK && ended != FST_OK)
        fst_while(err, "%s", path);
    if (status == FST_OK)
        status = ended;
    if (status != FST_OK)
        fst_profile_free(p);
    else
        *out = p;
    return status;
}
