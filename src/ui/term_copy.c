/* Bytes to the clipboard of the terminal, by OSC 52: the one escape that carries what comes from
 * data, and that as base64. Inside of tmux it is tmux that writes it; inside of screen it goes in
 * pieces, each wrapped so that screen hands it on. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "term_copy.h"

#define SCREEN_PIECE 250 /* screen hands on strings of at most 768 bytes, older ones of 256 */
#define TMUX_MS 3000

extern char **environ;

enum fst_status fst__copy_way(enum fst_copy_way *way, struct fst_error *err)
{
    static const char *const without[] = {"dumb", "linux", "vt100", "vt102", "vt220", "cons25"};
    const char *term = getenv("TERM"), *tmux = getenv("TMUX"), *screen = getenv("STY");
    *way = tmux && *tmux ? FST_COPY_TMUX : screen && *screen ? FST_COPY_SCREEN : FST_COPY_PLAIN;
    for (size_t i = 0; *way == FST_COPY_PLAIN && i < FST_COUNT(without); i++)
        if (!term || strcmp(term, without[i]) == 0)
            return fst_fail(err, FST_EUNSUPPORTED,
                            "not copied: a terminal of TERM=%s has no clipboard", term ? term : "");
    return FST_OK;
}

/* ---- The escape ------------------------------------------------------------------------------ */

static void add_pieces(struct fst_buf *out, const char *p, size_t n)
{
    for (size_t at = 0; at < n; at += SCREEN_PIECE) {
        fst_buf_adds(out, "\033P");
        fst_buf_add(out, p + at, n - at < SCREEN_PIECE ? n - at : SCREEN_PIECE);
        fst_buf_adds(out, "\033\\");
    }
}

void fst__copy_escape(struct fst_buf *out, enum fst_copy_way way, const void *bytes, size_t n)
{
    struct fst_buf escape = FST_BUF(FST_COPY_MAX + 64);
    fst_buf_adds(&escape, "\033]52;c;");
    fst_base64(&escape, bytes, n);
    fst_buf_adds(&escape, "\a");
    if (way == FST_COPY_SCREEN)
        add_pieces(out, escape.p, escape.n);
    else
        fst_buf_add(out, escape.p, escape.n);
    fst_buf_done(&escape);
}

/* ---- tmux ------------------------------------------------------------------------------------ */

/* A pipe with all of the bytes in it: they fit, and so nobody waits for who reads. */
static enum fst_status fill_pipe(const void *bytes, size_t n, int *from, struct fst_error *err)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return fst_fail_errno(err, "not copied: a pipe to tmux");
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    bool is_whole = write(ends[1], bytes, n) == (ssize_t)n;
    close(ends[1]);
    *from = ends[0];
    if (is_whole)
        return FST_OK;
    close(ends[0]);
    return fst_fail(err, FST_EIO, "not copied: a pipe to tmux takes fewer than %zu bytes here", n);
}

static enum fst_status spawn_tmux(int in, int out, pid_t *pid, struct fst_error *err)
{
    static char *const argv[] = {"tmux", "load-buffer", "-w", "-", NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, out, STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    posix_spawnattr_init(&attr);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setsigdefault(&attr, &all);
    errno = posix_spawnp(pid, argv[0], &files, &attr, argv, environ);
    int failed = errno;
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&files);
    errno = failed;
    return failed ? fst_fail_errno(err, "not copied: cannot start tmux") : FST_OK;
}

/* What it says until it ends; false when it does not end in time. */
static bool listen(int fd, char *said, size_t size)
{
    int64_t end = fst_monotonic_us() + TMUX_MS * 1000;
    size_t n = 0;
    for (;;) {
        char rest[256];
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int64_t left = (end - fst_monotonic_us()) / 1000;
        int ready = left > 0 ? poll(&p, 1, (int)left) : 0;
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            return false;
        bool has_room = n + 1 < size;
        ssize_t got = read(fd, has_room ? said + n : rest, has_room ? size - 1 - n : sizeof rest);
        if (got <= 0)
            return true;
        n += has_room ? (size_t)got : 0;
        said[n] = '\0';
    }
}

static enum fst_status wait_for_tmux(pid_t pid, int from, struct fst_error *err)
{
    char said[256] = "";
    int status = 0;
    bool ended = listen(from, said, sizeof said);
    if (!ended)
        kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (!ended)
        return fst_fail(err, FST_ETIMEOUT, "not copied: tmux did not answer in %d s",
                        TMUX_MS / 1000);
    said[strcspn(said, "\r\n")] = '\0';
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return fst_fail(err, FST_EIO, "not copied: tmux load-buffer -w says: %s",
                        *said ? said : "nothing, and failed");
    return FST_OK;
}

enum fst_status fst__copy_to_tmux(const void *bytes, size_t n, struct fst_error *err)
{
    int in = -1, out[2];
    pid_t pid;
    FST_TRY(fill_pipe(bytes, n, &in, err));
    if (pipe2(out, O_CLOEXEC) != 0) {
        close(in);
        return fst_fail_errno(err, "not copied: a pipe from tmux");
    }
    enum fst_status status = spawn_tmux(in, out[1], &pid, err);
    close(in);
    close(out[1]);
    if (status == FST_OK)
        status = wait_for_tmux(pid, out[0], err);
    close(out[0]);
    return status;
}
