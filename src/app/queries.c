/* Queries that ran, from one start to the next: a JSON object a line in the state directory, the
 * newest last. Who adds one holds a lock beside the file, reads it, and writes it whole:
 * workbenches beside each other lose nothing, and a crash leaves the file as it was. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app.h"

enum {
    MOST = 500,
    TEXT_BYTES = 64 << 10, /* of one query */
    FILE_BYTES = 4 << 20,
    READ_BYTES = 16 << 20, /* of a file that something else made larger */
    LOCK_TRIES = 200,      /* of 10 ms */
};

static char *path_of(const struct fst_app *a, const char *name)
{
    return fst_path_join(fst_app_state_dir(a), name);
}

/* ---- The file -------------------------------------------------------------------------------- */

/* None is an empty one. */
static enum fst_status read_file(const char *path, char **text, struct fst_error *err)
{
    size_t n;
    enum fst_status status = fst_file_read(path, READ_BYTES, text, &n, err);
    if (status != FST_ENOTFOUND)
        return status;
    *text = fst_strdup("");
    return FST_OK;
}

/* The last lines, at most MOST - 1, that fit into the file with `more` bytes. */
static const char *last_lines(const char *text, size_t more)
{
    size_t n = strlen(text), from = n;
    for (size_t lines = 1; lines < MOST && from > 0; lines++) {
        size_t at = from - 1;
        while (at > 0 && text[at - 1] != '\n')
            at--;
        if (n - at + more > FILE_BYTES)
            break;
        from = at;
    }
    return text + from;
}

static enum fst_status add_line(const char *path, const struct fst_buf *line, struct fst_error *err)
{
    char *text;
    struct fst_buf all = FST_BUF(FILE_BYTES + 1);
    FST_TRY(read_file(path, &text, err));
    fst_buf_adds(&all, last_lines(text, line->n + 1));
    if (all.n && all.p[all.n - 1] != '\n')
        fst_buf_addc(&all, '\n');
    fst_buf_add(&all, line->p, line->n);
    free(text);
    enum fst_status status = fst_file_write(path, fst_buf_text(&all), all.n, 0600, err);
    fst_buf_done(&all);
    return status;
}

/* ---- The lock -------------------------------------------------------------------------------- */

/* A file descriptor, to be closed; -1 = `err` says why. One who was stopped while he had it is not
 * waited for. */
static int lock(const char *path, struct fst_error *err)
{
    int fd = fst_lock_take(path);
    for (int i = 1; fd < 0 && errno == EAGAIN && i < LOCK_TRIES; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
        fd = fst_lock_take(path);
    }
    if (fd < 0)
        fst_fail_errno(err, "%s", path);
    return fd;
}

/* ---- Adding ---------------------------------------------------------------------------------- */

/* What fails quotes what was asked: of a query with secrets no word of it is kept. */
static void write_line(const struct fst_past_query *q, const char *sql, bool hidden,
                       struct fst_buf *out)
{
    struct fst_json_writer w = fst_json_writer(out);
    char *error = q->error ? fst_strndup(q->error, strcspn(q->error, "\n")) : NULL;
    fst_jw_object(&w, NULL);
    fst_jw_int(&w, "at", q->at_us);
    fst_jw_int(&w, "took", q->took_us);
    fst_jw_int(&w, "rows", q->rows);
    fst_jw_bool(&w, "more", q->more);
    fst_jw_string(&w, "provider", q->provider);
    fst_jw_string(&w, "error", error && hidden ? "failed; why is not kept beside a secret" : error);
    fst_jw_string(&w, "sql", sql);
    fst_jw_end(&w, '}');
    fst_buf_addc(out, '\n');
    free(error);
}

static enum fst_status add_locked(struct fst_app *a, const struct fst_buf *line,
                                  struct fst_error *err)
{
    char *beside = path_of(a, "queries.lock"), *path = path_of(a, "queries");
    int fd = lock(beside, err);
    enum fst_status status = fd < 0 ? FST_EIO : add_line(path, line, err);
    if (fd >= 0)
        close(fd);
    free(path);
    free(beside);
    return status;
}

enum fst_status fst_app_keep_query(struct fst_app *a, const struct fst_past_query *q,
                                   struct fst_error *err)
{
    struct fst_buf sql = FST_BUF(TEXT_BYTES), line = FST_BUF(FILE_BYTES);
    bool hidden = fst_sql_mask(q->sql, strlen(q->sql), &sql);
    enum fst_status status = sql.over ? FST_OK : fst_mkdirs(fst_app_state_dir(a), 0700, err);
    if (status == FST_OK && !sql.over) {
        write_line(q, fst_buf_text(&sql), hidden, &line);
        status = add_locked(a, &line, err);
    }
    fst_buf_done(&line);
    fst_buf_done(&sql);
    return status;
}

/* ---- Reading --------------------------------------------------------------------------------- */

static int64_t number(const struct fst_doc *doc, const char *key, int64_t fallback)
{
    int64_t v;
    return fst_doc_int(fst_doc_get(doc, key), &v) ? v : fallback;
}

/* False: it is no query, from another hand or torn. */
static bool read_line(struct fst_arena *arena, const char *p, size_t n, struct fst_past_query *q)
{
    struct fst_doc *doc;
    if (fst_json_parse(arena, "queries", p, n, NULL, &doc, NULL) != FST_OK ||
        doc->kind != FST_DOC_MAP)
        return false;
    *q = (struct fst_past_query){.at_us = number(doc, "at", 0),
                                 .took_us = number(doc, "took", 0),
                                 .rows = number(doc, "rows", -1),
                                 .sql = fst_doc_string(doc, "sql", NULL),
                                 .provider = fst_doc_string(doc, "provider", "local"),
                                 .error = fst_doc_string(doc, "error", NULL)};
    const struct fst_doc *more = fst_doc_get(doc, "more");
    if (more)
        fst_doc_bool(more, &q->more);
    return q->sql && *q->sql;
}

enum fst_status fst_app_past_queries(struct fst_app *a, struct fst_arena *arena,
                                     struct fst_past_query **out, size_t *n, struct fst_error *err)
{
    char *path = path_of(a, "queries"), *text;
    enum fst_status status = read_file(path, &text, err);
    *out = fst_arena_alloc(arena, MOST * sizeof **out);
    *n = 0;
    free(path);
    if (status != FST_OK)
        return status;
    for (size_t end = strlen(text), from; end > 0 && *n < MOST; end = from ? from - 1 : 0) {
        for (from = end; from > 0 && text[from - 1] != '\n';)
            from--;
        if (end > from && read_line(arena, text + from, end - from, &(*out)[*n]))
            ++*n;
    }
    free(text);
    return FST_OK;
}
