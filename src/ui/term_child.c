/* A program that takes the terminal for a while: an editor, a pager, a command of one's own. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include "screen.h"

extern char **environ;

static enum fst_status start(char *const *argv, bool silent, pid_t *pid, struct fst_error *err)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attr);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    fst_spawn_signals(&attr);
    if (silent) {
        posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    }
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    int failed = posix_spawnp(pid, argv[0], &files, &attr, argv, environ);
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&files);
    errno = failed;
    return failed ? fst_fail_errno(err, "cannot start %s", argv[0]) : FST_OK;
}

/* While the program has the terminal, its ctrl-c and ctrl-\ are not for us. */
enum fst_status fst_term_run(struct fst_term *t, char *const *argv, int *exit_status,
                             struct fst_error *err)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN}, old_int, old_quit;
    pid_t pid;
    int how = 0;
    sigemptyset(&ignore.sa_mask);
    fst_term_suspend(t);
    sigaction(SIGINT, &ignore, &old_int);
    sigaction(SIGQUIT, &ignore, &old_quit);
    enum fst_status status = start(argv, t->headless, &pid, err);
    while (status == FST_OK && waitpid(pid, &how, 0) < 0 && errno == EINTR) {
    }
    sigaction(SIGINT, &old_int, NULL);
    sigaction(SIGQUIT, &old_quit, NULL);
    fst_term_resume(t);
    *exit_status = WIFSIGNALED(how) ? 128 + WTERMSIG(how) : WEXITSTATUS(how);
    return status;
}
