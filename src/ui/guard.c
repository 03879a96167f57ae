/* The terminal is put back on every way out.
 *
 * Signals that ask (resize, stop, hangup) are bytes in a pipe that the UI thread reads. Signals
 * that kill write what was prepared for them with calls that are allowed in a handler, give the
 * signal back to whoever had it, and raise it again, so that cores and exit statuses stay what they
 * are.
 *
 * A handler gets no argument: this is the one place of the room with state of its own. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "crash.h"
#include "guard.h"

static const int asking[] = {SIGWINCH, SIGTSTP, SIGCONT, SIGHUP, SIGTERM, SIGINT};
#define PATIENCE_S 1
static const int killing[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};

static struct {
    volatile sig_atomic_t armed;
    bool open, at_exit;
    int fd, pipe[2];
    struct termios modes;
    bool has_modes;
    char bytes[512];
    size_t n;
    struct sigaction old_asking[FST_COUNT(asking)], old_killing[FST_COUNT(killing)], old_alarm;
    void *stack; /* to stand on when the usual stack is what ended */
} guard = {.pipe = {-1, -1}};

/* ---- Handlers: async-signal-safe calls only -------------------------------------------------- */

static void put_back(void)
{
    if (!guard.armed)
        return;
    guard.armed = 0;
    for (size_t done = 0; done < guard.n;) {
        ssize_t n = write(guard.fd, guard.bytes + done, guard.n - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    if (guard.has_modes)
        tcsetattr(guard.fd, TCSANOW, &guard.modes);
}

static bool is_end(int signal_number)
{
    return signal_number == SIGHUP || signal_number == SIGTERM || signal_number == SIGINT;
}

static void on_asking(int signal_number)
{
    int kept = errno;
    unsigned char byte = (unsigned char)signal_number;
    if (is_end(signal_number))
        alarm(PATIENCE_S);
    if (write(guard.pipe[1], &byte, 1) < 0) {
        /* full: enough is known */
    }
    errno = kept;
}

/* Asked to end, and still here: if nobody reads what was written, the write waits for ever. What
 * the line has not taken is thrown away, until the end is reached. */
static void on_alarm(int signal_number)
{
    int kept = errno;
    (void)signal_number;
    tcflow(guard.fd, TCOON);
    tcflush(guard.fd, TCOFLUSH);
    alarm(PATIENCE_S);
    errno = kept;
}

static void on_killing(int signal_number)
{
    put_back();
    fst__crash_write(signal_number);
    for (size_t i = 0; i < FST_COUNT(killing); i++)
        sigaction(killing[i], &guard.old_killing[i], NULL);
    raise(signal_number);
}

/* ---- Opening and closing --------------------------------------------------------------------- */

static void catch_signals(void)
{
    struct sigaction act = {.sa_handler = on_asking, .sa_flags = SA_RESTART};
    sigemptyset(&act.sa_mask);
    for (size_t i = 0; i < FST_COUNT(asking); i++)
        sigaction(asking[i], &act, &guard.old_asking[i]);
    act.sa_handler = on_alarm;
    sigaction(SIGALRM, &act, &guard.old_alarm);
    act = (struct sigaction){.sa_handler = on_killing, .sa_flags = SA_ONSTACK | SA_NODEFER};
    sigemptyset(&act.sa_mask);
    for (size_t i = 0; i < FST_COUNT(killing); i++)
        sigaction(killing[i], &act, &guard.old_killing[i]);
}

static void stand_aside(void)
{
    stack_t old, stack = {.ss_size = 64 * 1024};
    if (sigaltstack(NULL, &old) != 0 || !(old.ss_flags & SS_DISABLE))
        return;
    stack.ss_sp = guard.stack = fst_alloc(stack.ss_size);
    sigaltstack(&stack, NULL);
}

enum fst_status fst__guard_open(int fd, struct fst_error *err)
{
    if (guard.open)
        return fst_fail(err, FST_EINVAL, "the terminal is already open");
    if (pipe2(guard.pipe, O_CLOEXEC | O_NONBLOCK) != 0)
        return fst_fail_errno(err, "a pipe for signals");
    guard.fd = fd;
    guard.n = 0;
    guard.has_modes = tcgetattr(fd, &guard.modes) == 0;
    stand_aside();
    catch_signals();
    if (!guard.at_exit)
        atexit(put_back);
    guard.open = guard.at_exit = true;
    return FST_OK;
}

void fst__guard_set_bytes(const char *p, size_t n)
{
    guard.n = n < sizeof guard.bytes ? n : sizeof guard.bytes;
    memcpy(guard.bytes, p, guard.n);
}

void fst__guard_arm(bool armed)
{
    guard.armed = armed;
}

static void release_stack(void)
{
    stack_t none = {.ss_flags = SS_DISABLE};
    if (!guard.stack)
        return;
    sigaltstack(&none, NULL);
    free(guard.stack);
    guard.stack = NULL;
}

void fst__guard_close(void)
{
    if (!guard.open)
        return;
    guard.armed = 0;
    for (size_t i = 0; i < FST_COUNT(asking); i++)
        sigaction(asking[i], &guard.old_asking[i], NULL);
    for (size_t i = 0; i < FST_COUNT(killing); i++)
        sigaction(killing[i], &guard.old_killing[i], NULL);
    release_stack();
    if (guard.has_modes)
        tcsetattr(guard.fd, TCSADRAIN, &guard.modes);
    alarm(0);
    sigaction(SIGALRM, &guard.old_alarm, NULL);
    close(guard.pipe[0]);
    close(guard.pipe[1]);
    guard.pipe[0] = guard.pipe[1] = -1;
    guard.open = false;
}

/* ---- News ------------------------------------------------------------------------------------ */

int fst__guard_fd(void)
{
    return guard.pipe[0];
}

struct fst_guard_news fst__guard_take(void)
{
    struct fst_guard_news news = {0};
    unsigned char byte;
    while (read(guard.pipe[0], &byte, 1) == 1) {
        news.resized |= byte == SIGWINCH;
        news.stop |= byte == SIGTSTP;
        news.continued |= byte == SIGCONT;
        news.hangup |= is_end(byte);
    }
    return news;
}
