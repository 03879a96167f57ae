/* Against a small server in Python, which prints its port and serves until it is killed. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "test_server.h"

static const char server_py[] =
    "import http.server, sys, time\n"
    "class H(http.server.BaseHTTPRequestHandler):\n"
    "    protocol_version = 'HTTP/1.1'\n"
    "    def log_message(self, *a): pass\n"
    "    def say(self, status, body, **headers):\n"
    "        self.send_response(status)\n"
    "        for k, v in headers.items(): self.send_header(k.replace('_', '-'), v)\n"
    "        self.send_header('Content-Length', str(len(body)))\n"
    "        self.end_headers()\n"
    "        if self.command != 'HEAD': self.wfile.write(body)\n"
    "    def do_GET(self):\n"
    "        if self.path == '/slow': time.sleep(30)\n"
    "        if self.path == '/big': return self.say(200, b'x' * 3000000)\n"
    "        if self.path == '/none': return self.say(404, b'no')\n"
    "        self.say(200, b'hello', X_Seen=self.headers.get('X-Ask', ''), "
    "X_Port=str(self.client_address[1]))\n"
    "    do_HEAD = do_GET\n"
    "    def do_PUT(self):\n"
    "        n = int(self.headers.get('Content-Length', 0))\n"
    "        while self.path == '/slow' and n > 1000:\n"
    "            n -= len(self.rfile.read(min(n - 1000, 1 << 20)))\n"
    "            time.sleep(0.1)\n"
    "        self.say(201, self.command.encode() + b':' + self.rfile.read(n))\n"
    "    do_POST = do_PUT\n"
    "s = http.server.ThreadingHTTPServer(('127.0.0.1', 0), H)\n"
    "print(s.server_address[1], flush=True)\n"
    "s.serve_forever()\n";

static int start_server(void **state)
{
    static struct test_server s;
    *state = &s;
    return test_server_start(&s, (const char *const[]){"-c", server_py});
}

static int stop_server(void **state)
{
    test_server_stop(*state);
    return 0;
}

static char *url_of(void **state, const char *path)
{
    return fst_asprintf("http://127.0.0.1:%d%s", ((struct test_server *)*state)->port, path);
}

static void test_io_http__gets_body_headers_and_status(void **state)
{
    char *url = url_of(state, "/");
    struct fst_http_header ask = {"X-Ask", "one two"};
    struct fst_http_request rq = {.url = url, .headers = &ask, .n_headers = 1};
    struct fst_http_response rs;
    assert_int_equal(fst_http(&rq, &rs, NULL), FST_OK);
    assert_int_equal(rs.status, 200);
    assert_string_equal(fst_buf_text(&rs.body), "hello");
    assert_string_equal(fst_http_header_get(&rs, "x-seen"), "one two");
    fst_http_response_done(&rs);
    free(url);
}

/* It takes over two seconds to read, and says nothing meanwhile. */
static void test_io_http__what_is_being_sent_is_not_idle(void **state)
{
    char *url = url_of(state, "/slow");
    size_t n = (size_t)28 << 20;
    char *body = fst_alloc(n);
    struct fst_http_request rq = {
        .url = url, .method = "PUT", .body = body, .body_len = n, .idle_timeout_ms = 1500};
    struct fst_http_response rs;
    struct fst_error err = {0};
    if (fst_http(&rq, &rs, &err) != FST_OK)
        fail_msg("%s", err.text);
    assert_int_equal(rs.status, 201);
    fst_http_response_done(&rs);
    free(body);
    free(url);
}

static void test_io_http__every_status_is_an_answer(void **state)
{
    char *url = url_of(state, "/none");
    struct fst_http_request rq = {.url = url};
    struct fst_http_response rs;
    assert_int_equal(fst_http(&rq, &rs, NULL), FST_OK);
    assert_int_equal(rs.status, 404);
    fst_http_response_done(&rs);
    free(url);
}

static void test_io_http__sends_bodies_by_any_method(void **state)
{
    static const char *const methods[] = {"PUT", "POST"};
    char *url = url_of(state, "/x");
    for (size_t i = 0; i < FST_COUNT(methods); i++) {
        struct fst_http_request rq = {
            .method = methods[i], .url = url, .body = "a\0b", .body_len = 3};
        struct fst_http_response rs;
        assert_int_equal(fst_http(&rq, &rs, NULL), FST_OK);
        assert_int_equal(rs.status, 201);
        assert_int_equal(rs.body.n, strlen(methods[i]) + 4);
        assert_memory_equal(rs.body.p + strlen(methods[i]), ":a\0b", 4);
        fst_http_response_done(&rs);
    }
    free(url);
}

static void test_io_http__head_has_headers_and_no_body(void **state)
{
    char *url = url_of(state, "/big");
    struct fst_http_request rq = {.method = "HEAD", .url = url};
    struct fst_http_response rs;
    assert_int_equal(fst_http(&rq, &rs, NULL), FST_OK);
    assert_string_equal(fst_http_header_get(&rs, "Content-Length"), "3000000");
    assert_int_equal(rs.body.n, 0);
    fst_http_response_done(&rs);
    free(url);
}

static void test_io_http__bounds_the_body(void **state)
{
    char *url = url_of(state, "/big");
    struct fst_http_request rq = {.url = url, .max_body = 1000000};
    struct fst_http_response rs;
    struct fst_error err;
    assert_int_equal(fst_http(&rq, &rs, &err), FST_ENOMEM);
    assert_non_null(strstr(err.text, "1000000"));
    free(url);
}

static bool yes(void *arg)
{
    (void)arg;
    return true;
}

static void test_io_http__cancels_within_a_tenth_of_a_second(void **state)
{
    char *url = url_of(state, "/slow");
    struct fst_http_request rq = {.url = url, .cancelled = yes};
    struct fst_http_response rs;
    int64_t before = fst_monotonic_us();
    assert_int_equal(fst_http(&rq, &rs, NULL), FST_ECANCELLED);
    assert_true(fst_monotonic_us() - before < 1000000);
    free(url);
}

static void test_io_http__gives_up_when_no_byte_comes(void **state)
{
    char *url = url_of(state, "/slow");
    struct fst_http_request rq = {.url = url, .idle_timeout_ms = 100};
    struct fst_http_response rs;
    assert_int_equal(fst_http(&rq, &rs, NULL), FST_ETIMEOUT);
    free(url);
}

static bool stop_at_once(void *arg, const void *p, size_t n)
{
    (void)p;
    *(size_t *)arg = n;
    return false;
}

static void test_io_http__a_reader_can_stop_the_body(void **state)
{
    char *url = url_of(state, "/big");
    size_t seen = 0;
    struct fst_http_request rq = {.url = url, .on_body = stop_at_once, .arg = &seen};
    struct fst_http_response rs;
    assert_int_equal(fst_http(&rq, &rs, NULL), FST_ECANCELLED);
    assert_true(seen > 0 && seen < 3000000);
    free(url);
}

static void test_io_http__a_client_keeps_its_connection(void **state)
{
    char *url = url_of(state, "/");
    struct fst_http_client *client = fst_http_client_new();
    char *ports[2];
    for (int i = 0; i < 2; i++) {
        struct fst_http_request rq = {.client = client, .url = url};
        struct fst_http_response rs;
        assert_int_equal(fst_http(&rq, &rs, NULL), FST_OK);
        ports[i] = fst_strdup(fst_http_header_get(&rs, "x-port"));
        fst_http_response_done(&rs);
    }
    assert_string_equal(ports[0], ports[1]);
    free(ports[0]);
    free(ports[1]);
    fst_http_client_free(client);
    free(url);
}

static void test_io_http__names_the_server_and_never_the_query(void **state)
{
    (void)state;
    struct fst_http_request rq = {.url = "http://127.0.0.1:1/p?signature=secret"};
    struct fst_http_response rs;
    struct fst_error err;
    assert_int_equal(fst_http(&rq, &rs, &err), FST_ENET);
    assert_true(err.retry);
    assert_int_equal(err.code, ECONNREFUSED);
    assert_non_null(strstr(err.text, "http://127.0.0.1:1/p"));
    assert_null(strstr(err.text, "secret"));
    rq.url = "http://me:secret@127.0.0.1:1/";
    assert_int_equal(fst_http(&rq, &rs, &err), FST_EINVAL);
    assert_null(strstr(err.text, "secret"));
    rq.url = "file:///etc/passwd";
    assert_int_equal(fst_http(&rq, &rs, &err), FST_EINVAL);
}

static void test_io_grpc__an_answer_that_is_not_grpc_is_a_broken_line(void **state)
{
    char *authority = fst_asprintf("127.0.0.1:%d", ((struct test_server *)*state)->port);
    struct fst_grpc_channel ch = {.authority = authority};
    struct fst_grpc_result result;
    struct fst_error err;
    enum fst_status status =
        fst_grpc_call(&ch, "/x", "", 0, NULL, NULL, NULL, NULL, 5000, 0, &result, &err);
    assert_true(status == FST_ENET || status == FST_ETIMEOUT);
    free(authority);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_io_http__gets_body_headers_and_status),
        cmocka_unit_test(test_io_http__what_is_being_sent_is_not_idle),
        cmocka_unit_test(test_io_http__every_status_is_an_answer),
        cmocka_unit_test(test_io_http__sends_bodies_by_any_method),
        cmocka_unit_test(test_io_http__head_has_headers_and_no_body),
        cmocka_unit_test(test_io_http__bounds_the_body),
        cmocka_unit_test(test_io_http__cancels_within_a_tenth_of_a_second),
        cmocka_unit_test(test_io_http__gives_up_when_no_byte_comes),
        cmocka_unit_test(test_io_http__a_reader_can_stop_the_body),
        cmocka_unit_test(test_io_http__a_client_keeps_its_connection),
        cmocka_unit_test(test_io_http__names_the_server_and_never_the_query),
        cmocka_unit_test(test_io_grpc__an_answer_that_is_not_grpc_is_a_broken_line),
    };
    char *python = fst_find_program("python3");
    if (!python) {
        printf("SKIP test_http: no python3\n");
        return 0;
    }
    free(python);
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
