/* The places of the stack, into a file: no values, so that nothing secret is in it. Written in a
 * signal handler with what may be called there; backtrace() is called once before, since its first
 * call loads a library.
 *
 * A line is PROGRAM(+0xOFFSET): `addr2line -e PROGRAM 0xOFFSET` tells the source of a build with
 * debug information. */
#include <execinfo.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "crash.h"

enum { MOST_PLACES = 64 };

static struct {
    char path[4096];
} crash;

void fst__crash_prepare(const char *path)
{
    void *places[2];
    size_t n = path ? strlen(path) : sizeof crash.path;
    crash.path[0] = '\0';
    if (n >= sizeof crash.path)
        return;
    memcpy(crash.path, path, n + 1);
    backtrace(places, 2);
}

static void say(int fd, const char *text)
{
    if (write(fd, text, strlen(text)) < 0) {
        /* there is nobody left to tell */
    }
}

static void say_number(int fd, unsigned n)
{
    char digits[12];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + n % 10);
    while (n /= 10);
    if (write(fd, digits + at, sizeof digits - at) < 0) {
        /* as above */
    }
}

void fst__crash_write(int signal_number)
{
    void *places[MOST_PLACES];
    if (!crash.path[0])
        return;
    int fd = open(crash.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return;
    say(fd, "firesteel " FST_VERSION ", signal ");
    say_number(fd, (unsigned)signal_number);
    say(fd, ", process ");
    say_number(fd, (unsigned)getpid());
    say(fd, "\n");
    backtrace_symbols_fd(places, backtrace(places, MOST_PLACES), fd);
    close(fd);
    say(STDERR_FILENO, "firesteel: ended by signal ");
    say_number(STDERR_FILENO, (unsigned)signal_number);
    say(STDERR_FILENO, "; where it was is in ");
    say(STDERR_FILENO, crash.path);
    say(STDERR_FILENO, "\n");
}
