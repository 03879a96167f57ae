/* A small server in Python for a test to speak to: it prints its port and serves until it is
 * killed. Include after cmocka.h. */
#ifndef TEST_SERVER_H
#define TEST_SERVER_H

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "firesteel/io.h"

struct test_server {
    pid_t pid;
    int port;
    char out[32]; /* the file that it prints to */
};

static inline int test_server_read_port(const char *path)
{
    char *text;
    size_t n;
    if (fst_file_read(path, 1000, &text, &n, NULL) != FST_OK)
        return 0;
    int port = strchr(text, '\n') ? (int)strtol(text, NULL, 10) : 0;
    free(text);
    return port;
}

/* `arguments` of Python: a file, or "-c" and a text. 0, or -1 when it did not start. */
static inline int test_server_start(struct test_server *s, const char *const arguments[2])
{
    strcpy(s->out, "/tmp/fst-server-XXXXXX");
    close(mkstemp(s->out));
    const char *python = getenv("FIRESTEEL_PYTHON");
    char *found = fst_find_program(python && access(python, X_OK) == 0 ? python : "python3");
    char *argv[] = {found, (char *)arguments[0], (char *)arguments[1], NULL};
    const struct fst_spawn spawn = {.argv = argv, .output = s->out, .detached = true};
    enum fst_status status = found ? fst_spawn(&spawn, &s->pid, NULL) : FST_ENOTFOUND;
    free(found);
    for (int64_t until = fst_monotonic_us() + 20000000;
         status == FST_OK && s->port == 0 && fst_monotonic_us() < until;)
        s->port = test_server_read_port(s->out);
    return s->port ? 0 : -1;
}

static inline void test_server_stop(struct test_server *s)
{
    kill(s->pid, SIGKILL);
    waitpid(s->pid, NULL, 0);
    unlink(s->out);
}

#endif
