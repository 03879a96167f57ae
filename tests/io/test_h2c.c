/* Plain HTTP/2 against a server of three lines: a thread that takes one connection after another
 * and answers each with the bytes of a script. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "firesteel/io.h"

#define SETTINGS "\0\0\0\4\0\0\0\0\0"
#define HEADERS_200(stream) "\0\0\1\1\4\0\0\0" stream "\x88"
#define LAST_HEADERS_200(stream) "\0\0\1\1\5\0\0\0" stream "\x88"
#define LAST_HELLO(stream) "\0\0\5\0\1\0\0\0" stream "hello"
#define RESET(stream) "\0\0\4\3\0\0\0\0" stream "\0\0\0\2"
#define BYTES(text) (text), sizeof(text) - 1

/* What a connection is answered when its request has come whole (its last frame ends a stream).
 * After that it is closed, or held until the client goes. */
struct answer {
    const char *bytes;
    size_t n;
    bool close;
};
struct server {
    int fd, port;
    pthread_t thread;
    const struct answer *answers; /* of the connections in turn */
    size_t n_answers;
    _Atomic size_t n_connections;
};

/* Requests of `n` more streams; false when the client has gone. */
static bool await_request(int fd)
{
    char seen[4096];
    size_t n = 0;
    for (;;) {
        ssize_t got = recv(fd, seen + n, sizeof(seen) - n, 0);
        if (got <= 0 || n + (size_t)got == sizeof(seen))
            return false;
        n += (size_t)got;
        if (memmem(seen, n, "question", 8))
            return true;
    }
}

static void *serve(void *arg)
{
    struct server *s = arg;
    for (size_t i = 0; i < s->n_answers; i++) {
        int fd = accept(s->fd, NULL, NULL);
        if (fd < 0)
            return NULL;
        s->n_connections++;
        char byte;
        if (await_request(fd) &&
            send(fd, s->answers[i].bytes, s->answers[i].n, MSG_NOSIGNAL) >= 0 &&
            !s->answers[i].close)
            while (recv(fd, &byte, 1, 0) > 0)
                continue;
        close(fd);
    }
    return NULL;
}

static void start(struct server *s, const struct answer *answers, size_t n)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(at);
    *s = (struct server){.answers = answers, .n_answers = n};
    s->fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(s->fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(s->fd, 8), 0);
    assert_int_equal(getsockname(s->fd, (struct sockaddr *)&at, &len), 0);
    s->port = ntohs(at.sin_port);
    assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

static void stop(struct server *s)
{
    shutdown(s->fd, SHUT_RDWR);
    pthread_join(s->thread, NULL);
    close(s->fd);
}

static enum fst_status ask(const struct server *s, struct fst_http_client *client,
                           struct fst_http_response *rs, struct fst_error *err)
{
    char url[64];
    snprintf(url, sizeof(url), "http://127.0.0.1:%d/x", s->port);
    struct fst_http_request rq = {.client = client,
                                  .method = "POST",
                                  .url = url,
                                  .body = "question",
                                  .body_len = 8,
                                  .timeout_ms = 300,
                                  .http2_prior_knowledge = true};
    return fst_http(&rq, rs, err);
}

static void test_io_h2c__gets_status_and_body(void **state)
{
    static const struct answer all[] = {
        {BYTES(SETTINGS HEADERS_200("\1") LAST_HELLO("\1")), false}};
    struct server s;
    struct fst_http_response rs;
    (void)state;
    start(&s, all, 1);
    assert_int_equal(ask(&s, NULL, &rs, NULL), FST_OK);
    assert_int_equal(rs.status, 200);
    assert_string_equal(fst_buf_text(&rs.body), "hello");
    fst_http_response_done(&rs);
    stop(&s);
}

static void test_io_h2c__a_closed_connection_is_replaced(void **state)
{
    static const struct answer all[] = {{BYTES(SETTINGS LAST_HEADERS_200("\1")), true},
                                        {BYTES(SETTINGS LAST_HEADERS_200("\1")), false}};
    struct fst_http_client *client = fst_http_client_new();
    struct server s;
    struct fst_http_response rs;
    (void)state;
    start(&s, all, 2);
    assert_int_equal(ask(&s, client, &rs, NULL), FST_OK);
    fst_http_response_done(&rs);
    while (ask(&s, client, &rs, NULL) != FST_OK) /* the end may not have come yet */
        continue;
    assert_int_equal(rs.status, 200);
    assert_int_equal(s.n_connections, 2);
    fst_http_response_done(&rs);
    fst_http_client_free(client);
    stop(&s);
}

static void test_io_h2c__a_bad_answer_is_a_broken_line(void **state)
{
    static const struct answer all[] = {
        {BYTES(""), true},
        {BYTES("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"), true},
        {BYTES(SETTINGS HEADERS_200("\1") "\0\0\5\0\1\0\0\0\1he"), true},
        {BYTES(SETTINGS RESET("\1")), false},
        {BYTES(SETTINGS "\xff\xff\xff\1\4\0\0\0\1"), true},
        {BYTES(SETTINGS "\0\0\1\1\5\0\0\0\1\xff"), true}, /* no such entry in the header table */
        {BYTES(SETTINGS "\0\0\x8\7\0\0\0\0\0\0\0\0\0\0\0\0\2"), true}, /* goes away */
    };
    struct server s;
    struct fst_http_response rs;
    (void)state;
    start(&s, all, FST_COUNT(all));
    for (size_t i = 0; i < FST_COUNT(all); i++) {
        struct fst_error err;
        assert_int_equal(ask(&s, NULL, &rs, &err), FST_ENET);
        assert_true(err.retry);
        assert_non_null(strstr(err.text, "http://127.0.0.1:"));
    }
    stop(&s);
}

static void test_io_h2c__silence_ends_by_the_clock(void **state)
{
    static const struct answer all[] = {{BYTES(SETTINGS), false}};
    struct server s;
    struct fst_http_response rs;
    (void)state;
    start(&s, all, 1);
    assert_int_equal(ask(&s, NULL, &rs, NULL), FST_ETIMEOUT);
    stop(&s);
}

static void test_io_h2c__nobody_there_is_refused(void **state)
{
    struct server s;
    struct fst_http_response rs;
    struct fst_error err;
    (void)state;
    start(&s, NULL, 0);
    stop(&s);
    assert_int_equal(ask(&s, NULL, &rs, &err), FST_ENET);
    assert_int_equal(err.code, ECONNREFUSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_io_h2c__gets_status_and_body),
        cmocka_unit_test(test_io_h2c__a_closed_connection_is_replaced),
        cmocka_unit_test(test_io_h2c__a_bad_answer_is_a_broken_line),
        cmocka_unit_test(test_io_h2c__silence_ends_by_the_clock),
        cmocka_unit_test(test_io_h2c__nobody_there_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
