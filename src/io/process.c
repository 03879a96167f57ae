/* Child processes: started, watched, run to the end.
 *
 * Children inherit no descriptor but the three standard ones, no blocked signal and no ignored one:
 * whatever the terminal process holds open (locks above all) must not live on in a server that
 * outlives it. A process is named by its id and the time it started, because ids are used again. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "firesteel/io.h"

extern char **environ;

/* ---- Starting -------------------------------------------------------------------------------- */

static bool names_same(const char *setting, const char *entry)
{
    size_t n = strcspn(setting, "=");
    return strncmp(setting, entry, n) == 0 && entry[n] == '=';
}

/* Ours, without what `changes` names, and then what it sets. The entries are borrowed. */
static char **merged_environment(char *const *changes)
{
    size_t n = 0, cap = 0;
    char **out = NULL;
    for (char **e = environ; *e; e++) {
        bool kept = true;
        for (size_t i = 0; kept && changes[i]; i++)
            kept = !names_same(changes[i], *e);
        fst_grow(&out, &cap, n + 2, sizeof(*out));
        if (kept)
            out[n++] = *e;
    }
    for (size_t i = 0; changes[i]; i++) {
        fst_grow(&out, &cap, n + 2, sizeof(*out));
        if (strchr(changes[i], '='))
            out[n++] = changes[i];
    }
    fst_grow(&out, &cap, n + 1, sizeof(*out));
    out[n] = NULL;
    return out;
}

static enum fst_status spawn(char *const *argv, char *const *env, short flags,
                             posix_spawn_file_actions_t *files, pid_t *pid, struct fst_error *err)
{
    posix_spawnattr_t attr;
    posix_spawnattr_init(&attr);
    posix_spawnattr_setflags(&attr,
                             (short)(flags | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
    fst_spawn_signals(&attr);
    posix_spawn_file_actions_addclosefrom_np(files, 3);
    char **merged = env ? merged_environment(env) : NULL;
    errno = posix_spawnp(pid, argv[0], files, &attr, argv, merged ? merged : environ);
    int failed = errno;
    free(merged);
    posix_spawnattr_destroy(&attr);
    errno = failed;
    return failed ? fst_fail_errno(err, "cannot start %s", argv[0]) : FST_OK;
}

enum fst_status fst_spawn(const struct fst_spawn *s, pid_t *pid, struct fst_error *err)
{
    if (s->cwd && !fst_path_is_dir(s->cwd))
        return fst_fail(err, FST_ENOTFOUND, "cannot start %s in %s: no such folder", s->argv[0],
                        s->cwd);
    const char *output = s->output ? s->output : "/dev/null";
    int fd = open(output, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0)
        return fst_fail_errno(err, "cannot write %s", output);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    if (s->detached)
        posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, fd, 1);
    posix_spawn_file_actions_adddup2(&files, fd, 2);
    if (s->cwd)
        posix_spawn_file_actions_addchdir_np(&files, s->cwd);
    enum fst_status status =
        spawn(s->argv, s->env, s->detached ? POSIX_SPAWN_SETSID : 0, &files, pid, err);
    posix_spawn_file_actions_destroy(&files);
    close(fd);
    return status;
}

/* ---- Running to the end ---------------------------------------------------------------------- */

static enum fst_status spawn_reading(char *const *argv, int write_fd, pid_t *pid,
                                     struct fst_error *err)
{
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, write_fd, 1);
    posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    enum fst_status status = spawn(argv, NULL, POSIX_SPAWN_SETPGROUP, &files, pid, err);
    posix_spawn_file_actions_destroy(&files);
    return status;
}

static enum fst_status read_all(int fd, const char *name, int64_t until_us, struct fst_buf *out,
                                struct fst_error *err)
{
    char piece[4096];
    for (;;) {
        int64_t left_ms = (until_us - fst_monotonic_us()) / 1000;
        struct pollfd p = {.fd = fd, .events = POLLIN};
        if (left_ms <= 0 || poll(&p, 1, (int)left_ms) == 0)
            return fst_fail(err, FST_ETIMEOUT, "%s took too long and was stopped", name);
        ssize_t n = read(fd, piece, sizeof(piece));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fst_fail_errno(err, "reading what %s says", name);
        if (n == 0)
            return FST_OK;
        fst_buf_add(out, piece, (size_t)n);
        if (out->over)
            return fst_fail(err, FST_ENOMEM, "%s says more than %zu bytes", name, out->max);
    }
}

enum fst_status fst_run(char *const *argv, long timeout_ms, size_t cap, struct fst_buf *out,
                        int *exit_status, struct fst_error *err)
{
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0)
        return fst_fail_errno(err, "no pipe for %s", argv[0]);
    *out = FST_BUF(cap);
    pid_t pid;
    enum fst_status status = spawn_reading(argv, fds[1], &pid, err);
    close(fds[1]);
    if (status != FST_OK) {
        close(fds[0]);
        return status;
    }
    status = read_all(fds[0], argv[0], fst_monotonic_us() + timeout_ms * 1000, out, err);
    close(fds[0]);
    if (status != FST_OK)
        kill(-pid, SIGKILL);
    int ended = 0;
    while (waitpid(pid, &ended, 0) < 0 && errno == EINTR)
        ;
    if (status != FST_OK)
        fst_buf_done(out);
    *exit_status = WIFEXITED(ended) ? WEXITSTATUS(ended) : 128 + WTERMSIG(ended);
    return status;
}

/* ---- Watching -------------------------------------------------------------------------------- */

/* State letter and start time out of /proc/PID/stat. The name in it may hold anything, so the
 * fields are counted from its last parenthesis on. */
static bool read_stat(pid_t pid, char *state, uint64_t *start_time)
{
    char path[64], text[2048];
    snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t n = read(fd, text, sizeof(text) - 1);
    close(fd);
    if (n <= 0)
        return false;
    text[n] = 0;
    const char *p = strrchr(text, ')');
    if (!p || p[1] != ' ' || !p[2])
        return false;
    *state = p[2];
    p += 2;
    for (int field = 3; field < 22 && p; field++) {
        p = strchr(p, ' ');
        p = p ? p + 1 : NULL;
    }
    *start_time = p ? strtoull(p, NULL, 10) : 0;
    return p != NULL;
}

uint64_t fst_process_start_time(pid_t pid)
{
    char state;
    uint64_t started;
    return read_stat(pid, &state, &started) && state != 'Z' && state != 'X' ? started : 0;
}

bool fst_process_alive(pid_t pid, uint64_t start_time)
{
    uint64_t started = pid > 0 ? fst_process_start_time(pid) : 0;
    return started != 0 && (start_time == 0 || started == start_time);
}

bool fst_port_is_free(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    /* As servers do it: a port whose old connections linger is free. */
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    bool bound = bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0;
    close(fd);
    return bound;
}

char *fst_find_program(const char *name)
{
    if (strchr(name, '/'))
        return access(name, X_OK) == 0 ? fst_strdup(name) : NULL;
    const char *path = getenv("PATH");
    for (const char *p = path ? path : "/usr/bin:/bin"; *p;) {
        size_t n = strcspn(p, ":");
        char *dir = n ? fst_strndup(p, n) : fst_strdup(".");
        char *full = fst_path_join(dir, name);
        free(dir);
        if (access(full, X_OK) == 0 && !fst_path_is_dir(full))
            return full;
        free(full);
        p += n + (p[n] == ':');
    }
    return NULL;
}
