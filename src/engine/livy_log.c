/* The lines of a batch: one list, bounded, stdout first.
 *
 * Livy keeps the last few hundred lines only, and counts them from the oldest that it has: what is
 * new is told by what overlaps with the last look. */
#include <string.h>

#include "livy.h"

enum { LINES = 100000 };

static bool starts(const char *line, const char *words)
{
    return strncmp(line, words, strlen(words)) == 0;
}

static const char *line_at(const struct fst_doc *list, size_t i)
{
    return list->items[i].text.p ? list->items[i].text.p : "";
}

static void hash_line(const char *line, char out[17])
{
    char hex[65];
    fst_sha256_hex(line, strlen(line), hex);
    snprintf(out, 17, "%.16s", hex);
}

static void remember(struct livy_reading *x, const char *line)
{
    if (x->n_tail == LIVY_TAIL)
        memmove(x->tail[0], x->tail[1], sizeof x->tail[0] * (LIVY_TAIL - 1));
    else
        x->n_tail++;
    hash_line(line, x->tail[x->n_tail - 1]);
    x->lines++;
}

/* Do the lines before `end` end as what was read did? */
static bool overlaps(const struct livy_reading *x, const struct fst_doc *list, size_t begin,
                     size_t end)
{
    size_t n = x->n_tail < end - begin ? x->n_tail : end - begin;
    char hash[17];
    for (size_t i = 0; i < n; i++) {
        hash_line(line_at(list, end - 1 - i), hash);
        if (strcmp(hash, x->tail[x->n_tail - 1 - i]) != 0)
            return false;
    }
    return n > 0;
}

/* Where in [begin, end) the news begin. */
static size_t first_new(struct livy_reading *x, const struct fst_doc *list, size_t begin,
                        size_t end)
{
    if (x->n_tail == 0)
        return begin;
    for (size_t at = end; at > begin; at--)
        if (overlaps(x, list, begin, at))
            return at;
    x->gap |= end > begin;
    return begin;
}

static void feed_line(struct livy_reading *x, struct driver_report *r, struct fst_buf *log,
                      const char *line)
{
    driver_feed(r, &x->stream, line, strlen(line), log);
    driver_feed(r, &x->stream, "\n", 1, log);
}

/* "stdout: ", its lines, "\nstderr: ", its lines. The second part is read once, at the end. */
static void take_list(const struct livy_run *run, struct livy_reading *x, struct driver_report *r,
                      struct fst_buf *log, const struct fst_doc *list)
{
    size_t begin = 0, end = 0;
    while (end < list->n && !starts(line_at(list, end), "\nstderr: "))
        end++;
    begin = list->n && starts(line_at(list, 0), "stdout: ");
    size_t at = first_new(x, list, begin, end);
    if (x->gap && log)
        fst_buf_adds(log, "(lines were gone from Livy's list before they could be read)\n");
    x->gap = false;
    for (; at < end && (!log || log->n < log->max / 2); at++) {
        feed_line(x, r, log, line_at(list, at));
        remember(x, line_at(list, at));
    }
    if (!run->over || x->has_stderr || at < end)
        return;
    x->has_stderr = true;
    for (size_t i = end + 1; i < list->n; i++)
        if (!starts(line_at(list, i), "\nYARN Diagnostics: "))
            feed_line(x, r, log, line_at(list, i));
}

enum fst_status livy_read_lines(struct fst_session *s, struct livy_reading *x,
                                struct driver_report *r, struct fst_buf *log, struct fst_error *err)
{
    struct rest_answer a;
    FST_TRY(livy_ask(s, NULL, NULL, &a, err, "/batches/%lld/log?from=0&size=%d",
                     (long long)s->run->id, (int)LINES));
    const struct fst_doc *list = a.doc ? fst_doc_get(a.doc, "log") : NULL;
    if (list && list->kind == FST_DOC_LIST)
        take_list(s->run, x, r, log, list);
    rest_answer_done(&a);
    return FST_OK;
}

/* ---- The log of a run ------------------------------------------------------------------------ */

/* The cursor: how many lines, whether stderr was told, and the hashes of the last ones. */
static void take_cursor(struct livy_reading *x, const char *cursor)
{
    long long lines = 0;
    int told = 0, used = 0;
    if (sscanf(cursor, "%lld %d%n", &lines, &told, &used) < 2)
        return;
    x->lines = lines;
    x->has_stderr = told != 0;
    for (const char *p = cursor + used; *p == ' ' && strlen(p) >= 17 && x->n_tail < LIVY_TAIL;
         p += 17)
        snprintf(x->tail[x->n_tail++], 17, "%.16s", p + 1);
}

enum fst_status livy_log(struct fst_session *s, struct fst_buf *cursor, struct fst_buf *out,
                         struct fst_error *err)
{
    struct livy_reading *x = s->run ? &s->run->shown : NULL;
    if (!x)
        return fst_fail(err, FST_EINVAL, "no work was submitted");
    if (!s->run->shows)
        take_cursor(x, fst_buf_text(cursor));
    s->run->shows = true;
    if (s->run->gone)
        return FST_OK;
    FST_TRY(livy_read_lines(s, x, NULL, out, err));
    fst_buf_clear(cursor);
    fst_buf_printf(cursor, "%lld %d", (long long)x->lines, x->has_stderr);
    for (size_t i = 0; i < x->n_tail; i++)
        fst_buf_printf(cursor, " %s", x->tail[i]);
    return FST_OK;
}
