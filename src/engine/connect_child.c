/* A child process that is somebody else's program, for a while: it has a limit of time and of
 * words, can be called off, and takes what it started with it when it is ended. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "connect.h"

enum { LOOK_EVERY_MS = 20, LAST_WORDS = 4096, LAST_LINE = 400 };

static bool says_too_much(const struct connect_child *c)
{
    struct stat st;
    return stat(c->output, &st) == 0 && (uint64_t)st.st_size > c->max_output;
}

/* Why it must end now; FST_OK when it may go on. */
static enum fst_status over_limit(const struct connect_child *c, int64_t until_us,
                                  struct fst_error *err)
{
    if (c->cancelled && c->cancelled(c->cancel_arg))
        return fst_fail(err, FST_ECANCELLED, "cancelled");
    if (fst_monotonic_us() > until_us)
        return fst_fail(err, FST_ETIMEOUT, "%s took longer than %ld s and was stopped", c->argv[0],
                        c->timeout_ms / 1000);
    if (says_too_much(c))
        return fst_fail(err, FST_ENOMEM, "%s prints more than %zu MB and was stopped", c->argv[0],
                        c->max_output >> 20);
    return FST_OK;
}

static enum fst_status wait_for(const struct connect_child *c, pid_t pid, int *ended,
                                struct fst_error *err)
{
    const struct timespec step = {.tv_nsec = LOOK_EVERY_MS * 1000000L};
    int64_t until_us = fst_monotonic_us() + (int64_t)c->timeout_ms * 1000;
    for (;;) {
        pid_t got = waitpid(pid, ended, WNOHANG);
        if (got == pid)
            return FST_OK;
        if (got < 0 && errno != EINTR)
            return fst_fail_errno(err, "waiting for %s", c->argv[0]);
        enum fst_status status = over_limit(c, until_us, err);
        if (status != FST_OK)
            return status;
        nanosleep(&step, NULL);
    }
}

enum fst_status connect_child_run(const struct connect_child *c, int *ended, struct fst_error *err)
{
    const struct fst_spawn s = {
        .argv = c->argv, .env = c->env, .cwd = c->cwd, .output = c->output, .detached = true};
    pid_t pid;
    FST_TRY(fst_spawn(&s, &pid, err));
    enum fst_status status = wait_for(c, pid, ended, err);
    if (status == FST_OK)
        return FST_OK;
    kill(-pid, SIGKILL);
    while (waitpid(pid, ended, 0) < 0 && errno == EINTR)
        ;
    return status;
}

/* The end of a file: at most LAST_WORDS bytes of it. */
static size_t read_end(const char *path, char *out)
{
    FILE *f = fopen(path, "rbe");
    size_t n = 0;
    if (!f)
        return 0;
    if (fseek(f, -LAST_WORDS, SEEK_END) != 0)
        rewind(f);
    n = fread(out, 1, LAST_WORDS, f);
    fclose(f);
    return n;
}

void connect_child_last_words(const char *path, struct fst_buf *out)
{
    char text[LAST_WORDS];
    size_t n = read_end(path, text);
    while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\r'))
        n--;
    size_t start = n;
    while (start > 0 && text[start - 1] != '\n')
        start--;
    fst_text_escape(out, text + start, n - start < LAST_LINE ? n - start : LAST_LINE);
}
