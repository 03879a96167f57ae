/* The screen that views draw on, whatever shows it: the terminal (term.c) or nothing but a dump
 * (term_script.c). */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>

#include "screen.h"

#define MAX_FDS 16

enum fst_status fst_term_open(const struct fst_term_options *o, struct fst_term **out,
                              struct fst_error *err)
{
    *out = NULL;
    return o->script ? fst__term_open_script(o, out, err) : fst__term_open_curses(o, out, err);
}

void fst_term_close(struct fst_term *t)
{
    if (!t)
        return;
    t->ops->close(t);
    free(t->cells);
    free(t);
}

void fst__term_resize(struct fst_term *t, int rows, int cols)
{
    t->rows = rows < 1 ? 1 : rows > FST_TERM_MAX ? FST_TERM_MAX : rows;
    t->cols = cols < 1 ? 1 : cols > FST_TERM_MAX ? FST_TERM_MAX : cols;
    free(t->cells);
    t->cells = fst_alloc((size_t)t->rows * (size_t)t->cols * sizeof *t->cells);
    t->cursor_row = t->cursor_col = -1;
    struct fst_surface s = fst_term_surface(t);
    fst_surface_clear(&s, FST_ROLE_TEXT);
}

struct fst_surface fst_term_surface(struct fst_term *t)
{
    return (struct fst_surface){.cells = t->cells,
                                .stride = t->cols,
                                .rows = t->rows,
                                .cols = t->cols,
                                .ascii = t->ascii,
                                .cursor_row = &t->cursor_row,
                                .cursor_col = &t->cursor_col};
}

void fst_term_flush(struct fst_term *t)
{
    t->ops->flush(t);
}

enum fst_term_wake fst_term_wait(struct fst_term *t, const int *fds, size_t n_fds, int timeout_ms,
                                 bool idle, struct fst_key *key)
{
    *key = (struct fst_key){0};
    return t->ops->wait(t, fds, n_fds < MAX_FDS ? n_fds : MAX_FDS, timeout_ms, idle, key);
}

void fst_term_suspend(struct fst_term *t)
{
    t->ops->suspend(t);
}

void fst_term_stop(struct fst_term *t)
{
    if (t->headless)
        return;
    fst_term_suspend(t);
    raise(SIGSTOP);
    fst_term_resume(t);
}

void fst_term_resume(struct fst_term *t)
{
    t->ops->resume(t);
}

enum fst_status fst_term_copy(struct fst_term *t, const void *bytes, size_t n,
                              struct fst_error *err)
{
    enum { MOST = FST_COPY_MAX / 4 * 3 };
    struct fst_buf size = FST_BUF(64), most = FST_BUF(64);
    if (n == 0)
        return fst_fail(err, FST_EINVAL, "not copied: there is nothing in it");
    if (n <= MOST)
        return t->ops->copy(t, bytes, n, err);
    fst_count_text(&size, (int64_t)n);
    fst_count_text(&most, MOST);
    fst_fail(err, FST_ENOMEM, "not copied: these are %s bytes, and terminals take %s",
             fst_buf_text(&size), fst_buf_text(&most));
    fst_buf_done(&size);
    fst_buf_done(&most);
    return err->status;
}

enum fst_status fst_term_mouse(struct fst_term *t, bool on, struct fst_error *err)
{
    return t->ops->mouse(t, on, err);
}

void fst_term_bell(struct fst_term *t)
{
    if (t->ops->bell)
        t->ops->bell(t);
}

enum fst_status fst_term_restyle(struct fst_term *t, const struct fst_theme *theme, bool ascii,
                                 struct fst_error *err)
{
    if (t->ops->restyle)
        FST_TRY(t->ops->restyle(t, theme, err));
    t->ascii = ascii || !t->utf8;
    return FST_OK;
}

int fst_term_script_result(const struct fst_term *t)
{
    return t->ops->result(t);
}

enum fst_term_wake fst__term_poll(const int *fds, size_t n_fds, int timeout_ms)
{
    struct pollfd polled[MAX_FDS];
    for (size_t i = 0; i < n_fds; i++)
        polled[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    int ready = poll(polled, n_fds, timeout_ms);
    return ready > 0 ? FST_WAKE_FD : FST_WAKE_TIMEOUT;
}
