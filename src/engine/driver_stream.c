/* Lines of the driver's output, the reports among them.
 *
 * The stream comes from a process, a server or a file and may hold anything. A report that is not
 * what it should be is no report: it is shown as a line of the log. */
#include <string.h>

#include "driver_report.h"

static void add_line(struct fst_buf *log, const char *p, size_t n)
{
    if (!log)
        return;
    size_t room = log->max > log->n + 1 ? log->max - log->n - 1 : 0;
    fst_buf_add(log, p, n < room ? n : room);
    fst_buf_addc(log, '\n');
}

/* The work may have left a line open when the driver spoke: a report stands at the end of a line,
 * not always at its head. */
static void take_line(struct driver_report *r, const char *p, size_t n, struct fst_buf *log)
{
    size_t mark_len = strlen(DRIVER_MARK);
    if (n > 0 && p[n - 1] == '\r')
        n--;
    const char *mark = n ? memmem(p, n, DRIVER_MARK, mark_len) : NULL;
    size_t before = mark ? (size_t)(mark - p) : 0;
    if (!mark) {
        add_line(log, p, n);
        return;
    }
    if (before > 0)
        add_line(log, p, before);
    if (!driver_take_report(r, mark + mark_len, n - before - mark_len, log))
        add_line(log, mark, n - before);
}

/* The line in `part` is over, or as long as a line may be. */
static void end_line(struct driver_report *r, struct driver_stream *s, struct fst_buf *log)
{
    take_line(r, fst_buf_text(&s->part), s->part.n, s->line_at >= s->shown ? log : NULL);
    fst_buf_clear(&s->part);
    s->line_at = s->fed;
    if (log && s->fed > s->shown)
        s->shown = s->fed;
}

/* Bytes within a line. */
static void feed_part(struct driver_report *r, struct driver_stream *s, const char *p, size_t n,
                      struct fst_buf *log)
{
    s->part.max = DRIVER_MAX_LINE;
    while (n > 0) {
        size_t room = DRIVER_MAX_LINE - s->part.n, take = n < room ? n : room;
        fst_buf_add(&s->part, p, take);
        s->fed += take;
        p += take;
        n -= take;
        if (s->part.n >= DRIVER_MAX_LINE)
            end_line(r, s, log);
    }
}

void driver_feed(struct driver_report *r, struct driver_stream *s, const char *p, size_t n,
                 struct fst_buf *log)
{
    while (n > 0) {
        const char *newline = memchr(p, '\n', n);
        size_t take = newline ? (size_t)(newline - p) : n;
        feed_part(r, s, p, take, log);
        if (!newline)
            return;
        s->fed++;
        end_line(r, s, log);
        p += take + 1;
        n -= take + 1;
    }
}

void driver_feed_end(struct driver_report *r, struct driver_stream *s, struct fst_buf *log)
{
    if (s->part.n > 0)
        end_line(r, s, log);
}

struct driver_stream driver_stream_at(uint64_t offset)
{
    return (struct driver_stream){.fed = offset, .line_at = offset, .shown = offset};
}

void driver_stream_done(struct driver_stream *s)
{
    fst_buf_done(&s->part);
    *s = (struct driver_stream){0};
}
