/* The log of submitted work: its two files, and with them the driver's own where that is on YARN.
 *
 * Each is continued where the cursor left it, in whole lines; the driver's reports take no room. */
#include <string.h>

#include "submit_run.h"

enum { SLACK = 64, DRIVER_LOG_EVERY_US = 1000 * 1000 };

/* Where each stream's log goes on. The driver's own are there when it is on YARN. */
enum { OUT, ERR, DRIVER_ERR, DRIVER_OUT, N_STREAMS };
static const char *const stream_names[N_STREAMS] = {"out", "err", "driver_err", "driver_out"};

/* "out:OFFSET err:OFFSET" */
static void read_cursor(const char *cursor, uint64_t at[N_STREAMS])
{
    for (size_t i = 0; i < N_STREAMS; i++) {
        size_t n = strlen(stream_names[i]), digits;
        int64_t v = 0;
        at[i] = 0;
        if (strncmp(cursor, stream_names[i], n) != 0 || cursor[n] != ':')
            continue;
        digits = strspn(cursor + n + 1, "0123456789");
        if (fst_parse_int64(cursor + n + 1, digits, &v) && v > 0)
            at[i] = (uint64_t)v;
        cursor += n + 1 + digits + (cursor[n + 1 + digits] == ' ');
    }
}

static void write_cursor(struct fst_buf *cursor, const uint64_t *at, size_t n)
{
    fst_buf_clear(cursor);
    for (size_t i = 0; i < n; i++)
        fst_buf_printf(cursor, "%s%s:%llu", i ? " " : "", stream_names[i],
                       (unsigned long long)at[i]);
}

static size_t read_stream(struct submit_run *run, size_t which, uint64_t from, char *into,
                          size_t cap)
{
    switch (which) {
    case OUT:
        return submit_read_more(&run->out, from, into, cap);
    case ERR:
        return submit_read_more(&run->err, from, into, cap);
    case DRIVER_ERR:
        return submit_yarn_read(run->yarn, "stderr", from, into, cap);
    default:
        return submit_yarn_read(run->yarn, "stdout", from, into, cap);
    }
}

/* A report is read to its end, however little room there is for lines: it takes none. */
static bool is_in_report(const struct driver_stream *lines, uint64_t from)
{
    return lines->shown == from &&
           memmem(fst_buf_text(&lines->part), lines->part.n, DRIVER_MARK, strlen(DRIVER_MARK));
}

/* As much as there is room for: a line is never longer in the log than it was. A line longer than
 * the room is cut. */
static uint64_t log_of_stream(struct submit_run *run, size_t which, uint64_t from,
                              struct fst_buf *out)
{
    char piece[SUBMIT_PIECE];
    size_t room = out->max > out->n + SLACK ? out->max - out->n - SLACK : 0, n = 1;
    bool is_over = which < DRIVER_ERR ? run->gone : run->decided;
    struct driver_stream lines = driver_stream_at(from);
    while (n > 0 && (room > 0 || is_in_report(&lines, from))) {
        size_t want = room > 0 && room < SUBMIT_PIECE ? room : SUBMIT_PIECE;
        n = read_stream(run, which, lines.fed, piece, want);
        driver_feed(NULL, &lines, piece, n, out);
        room = room > n ? room - n : 0;
    }
    bool is_long = n > 0 && lines.shown == from;
    if (is_long || (n == 0 && is_over))
        driver_feed_end(NULL, &lines, out);
    uint64_t shown = lines.shown;
    driver_stream_done(&lines);
    return shown;
}

/* Files of this host may be looked at as often as one likes, a node of a cluster not. */
static bool is_time_for_driver_log(struct submit_run *run)
{
    int64_t now = fst_monotonic_us();
    if (!run->yarn || (!run->decided && now - run->yarn->log_us < DRIVER_LOG_EVERY_US))
        return false;
    run->yarn->log_us = now;
    return true;
}

enum fst_status submit_log(struct fst_session *s, struct fst_buf *cursor, struct fst_buf *out,
                           struct fst_error *err)
{
    uint64_t at[N_STREAMS];
    struct submit_run *run = s->run;
    if (!run)
        return submit_no_work(err);
    submit_look(run);
    read_cursor(fst_buf_text(cursor), at);
    size_t n = is_time_for_driver_log(run) ? N_STREAMS : DRIVER_ERR;
    for (size_t i = 0; i < n; i++)
        at[i] = log_of_stream(run, i, at[i], out);
    write_cursor(cursor, at, run->yarn ? N_STREAMS : DRIVER_ERR);
    return FST_OK;
}
