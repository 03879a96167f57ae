/* Watching what was submitted: its process, and the two files that it writes. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "firesteel/io.h"
#include "submit_run.h"

enum {
    LOOK_MS = 100,
    LINGER_US = 30 * 1000 * 1000, /* between the driver's last word and its end */
};

/* ---- Files ----------------------------------------------------------------------------------- */

bool submit_read_number(const char *path, int64_t *out)
{
    char *text;
    size_t n;
    if (fst_file_read(path, 64, &text, &n, NULL) != FST_OK)
        return false;
    bool ok = fst_parse_int64(text, strcspn(text, "\n"), out);
    free(text);
    return ok;
}

size_t submit_read_more(struct submit_stream *f, uint64_t offset, char *into, size_t cap)
{
    if (f->fd < 0)
        f->fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (f->fd < 0)
        return 0;
    ssize_t n;
    do
        n = pread(f->fd, into, cap, (off_t)offset);
    while (n < 0 && errno == EINTR);
    return n > 0 ? (size_t)n : 0;
}

static void keep_tail(struct submit_run *run, const char *p, size_t n)
{
    if (n > sizeof run->tail) {
        p += n - sizeof run->tail;
        n = sizeof run->tail;
    }
    size_t keep = run->tail_n + n > sizeof run->tail ? sizeof run->tail - n : run->tail_n;
    memmove(run->tail, run->tail + run->tail_n - keep, keep);
    memcpy(run->tail + keep, p, n);
    run->tail_n = keep + n;
}

/* All that is there now; true when there was something. */
static bool read_streams(struct submit_run *run)
{
    char piece[SUBMIT_PIECE];
    bool any = false;
    size_t n;
    while (run->has_driver &&
           (n = submit_read_more(&run->out, run->out.fed.fed, piece, SUBMIT_PIECE)) > 0) {
        driver_feed(&run->report, &run->out.fed, piece, n, NULL);
        any = true;
    }
    while ((n = submit_read_more(&run->err, run->err.fed.fed, piece, SUBMIT_PIECE)) > 0) {
        keep_tail(run, piece, n);
        run->err.fed.fed += n;
        any = true;
    }
    return any;
}

/* ---- The process ----------------------------------------------------------------------------- */

/* The shell, or where that was killed, what it had started: its process group is its own id, which
 * nobody else can have while one of the group lives. */
static bool is_alive(const struct submit_run *run)
{
    uint64_t now = fst_process_start_time(run->pid);
    if (now != 0)
        return now == run->start_time;
    return run->start_time != SUBMIT_NOT_OURS && kill(-run->pid, 0) == 0;
}

void submit_look(struct submit_run *run)
{
    int64_t code;
    int ended;
    if (run->gone)
        return;
    waitpid(run->pid, &ended, WNOHANG); /* when it is our child: no zombie is left */
    bool alive = is_alive(run);
    if (submit_read_number(run->exit_path,
                           &code)) { /* after looking: it is written before the end */
        run->exit_code = (int)code;
        run->gone = true;
    }
    run->gone = run->gone || !alive;
    if (run->gone)
        run->gone_us = fst_monotonic_us();
}

static void push_cancel(struct submit_run *run)
{
    if (run->kill_at_us && !run->gone && fst_monotonic_us() > run->kill_at_us) {
        kill(-run->pid, SIGKILL);
        run->kill_at_us = 0;
    }
}

bool submit_is_over(struct submit_run *run)
{
    if (run->gone || run->decided)
        return true;
    if (run->report.ended && !run->last_word_us)
        run->last_word_us = fst_monotonic_us();
    if (!run->last_word_us || fst_monotonic_us() - run->last_word_us <= LINGER_US)
        return false;
    kill(-run->pid, SIGKILL);
    return true;
}

void submit_wait(struct submit_run *run, int wait_ms)
{
    for (;;) {
        submit_look(run); /* before reading: then nothing that was said is missed */
        bool news = read_streams(run);
        push_cancel(run);
        if (news || submit_is_over(run) || wait_ms <= 0)
            return;
        int step = wait_ms < LOOK_MS ? wait_ms : LOOK_MS;
        fst_pause_ms(step);
        wait_ms -= step;
    }
}
