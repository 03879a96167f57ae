/* The engine's log, copied into the run's own: every byte once, whoever dies when.
 *
 * Before a piece is appended, an event says where it will lie (`at`, `n`) and which cursor is right
 * before and after it. An agent that takes over looks how much of the last piece is there: all of
 * it, and it goes on after; less, and the beginning is cut off again and fetched anew. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run.h"

enum { PIECE_BYTES = 256 * 1024 };

static int64_t size_of(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? (int64_t)st.st_size : -1;
}

void fst__log_copy_done(struct fst_log_copy *l)
{
    fst_buf_done(&l->cursor);
}

void fst__log_copy_begin(struct fst_log_copy *l, int fd, const struct fst_history *h)
{
    int64_t size = size_of(fd);
    bool torn = h->log_n > 0 && size >= 0 && size < h->log_at + h->log_n;
    const char *cursor = torn ? h->log_before : h->log_after;
    *l = (struct fst_log_copy){.fd = fd, .cursor = FST_BUF(64 * 1024)};
    fst_buf_adds(&l->cursor, cursor ? cursor : "");
    if (torn && size > h->log_at && ftruncate(fd, (off_t)h->log_at) != 0)
        l->broken = true; /* better a line twice than none at all: go on after what is there */
}

static bool write_whole(int fd, const char *p, size_t n)
{
    for (size_t done = 0; done < n;) {
        ssize_t got = write(fd, p + done, n - done);
        if (got <= 0)
            return false;
        done += (size_t)got;
    }
    return true;
}

/* False when the piece is not there: it is fetched again the next time. */
static bool append(struct fst_log_copy *l, struct fst_events *events, const char *after,
                   const struct fst_buf *piece)
{
    int64_t at = size_of(l->fd);
    if (!fst__event_log(events, fst_buf_text(&l->cursor), after, at < 0 ? 0 : at,
                        (int64_t)piece->n))
        return false;
    if (write_whole(l->fd, piece->p, piece->n))
        return true;
    return at >= 0 && ftruncate(l->fd, (off_t)at) != 0; /* cannot be undone: count it as there */
}

bool fst__log_copy_some(struct fst_log_copy *l, struct fst_events *events,
                        const struct fst_engine *engine, struct fst_session *session)
{
    struct fst_buf piece = FST_BUF(PIECE_BYTES), after = FST_BUF(64 * 1024);
    struct fst_error err = {0};
    bool any = false;
    if (!engine->log || l->broken)
        return false;
    fst_buf_adds(&after, fst_buf_text(&l->cursor));
    if (engine->log(session, &after, &piece, &err) == FST_OK &&
        strcmp(fst_buf_text(&after), fst_buf_text(&l->cursor)) != 0) {
        bool there = piece.n == 0 || append(l, events, fst_buf_text(&after), &piece);
        any = there && piece.n > 0;
        if (there) {
            struct fst_buf old = l->cursor;
            l->cursor = after;
            after = old;
        }
    }
    fst_buf_done(&piece);
    fst_buf_done(&after);
    return any;
}
