/* Objects that are written: in one request or in parts, whole or not at all. The server is
 * tests/support/far_server.py; a bucket's name says how it misbehaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "firesteel/io.h"
#include "test_server.h"

#define PIECE ((size_t)3 << 20)

static struct test_server server;
static struct fst_error err;
static struct fst_s3 *s3;
static char *piece;

/* What the server says at a path of its own. Owned. */
static char *told(const char *path)
{
    char *url = fst_asprintf("http://127.0.0.1:%d%s", server.port, path);
    const struct fst_http_request rq = {.url = url};
    struct fst_http_response rs;
    assert_int_equal(fst_http(&rq, &rs, &err), FST_OK);
    char *text = fst_strdup(fst_buf_text(&rs.body));
    fst_http_response_done(&rs);
    free(url);
    return text;
}

static int start(void **state)
{
    static const char *const arguments[] = {"tests/support/far_server.py", NULL};
    (void)state;
    if (test_server_start(&server, arguments) != 0)
        return -1;
    char *endpoint = fst_asprintf("http://127.0.0.1:%d", server.port);
    const struct fst_s3_options options = {.endpoint = endpoint,
                                           .region = "us-east-1",
                                           .access_key = "AKIDEXAMPLE",
                                           .secret_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                                           .path_style = -1};
    s3 = fst_s3_new(&options);
    piece = fst_alloc(PIECE);
    for (size_t i = 0; i < PIECE; i++)
        piece[i] = (char)(i * 31 + i / 65521);
    free(endpoint);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    fst_s3_unref(s3);
    free(piece);
    test_server_stop(&server);
    return 0;
}

static int forget_log(void **state)
{
    (void)state;
    free(told("/log"));
    return 0;
}

/* No parts are left behind. */
static int nothing_under_way(void **state)
{
    (void)state;
    char *n = told("/uploads");
    int status = strcmp(n, "0") == 0 ? 0 : -1;
    free(n);
    return status;
}

static enum fst_status write_pieces(const char *bucket, const char *key, size_t n)
{
    struct fst_s3_upload *u = fst_s3_upload_new(s3, bucket, key);
    enum fst_status status = FST_OK;
    for (size_t i = 0; i < n && status == FST_OK; i++)
        status = fst_s3_upload_write(u, piece, PIECE, &err);
    if (status == FST_OK)
        status = fst_s3_upload_finish(u, &err);
    fst_s3_upload_free(u);
    return status;
}

static void is_whole(const char *bucket, const char *key, size_t n)
{
    struct fst_object o = {.s3 = s3, .bucket = bucket, .key = key, .name = key};
    struct fst_buf all;
    assert_int_equal(fst_object_whole(&o, n * PIECE + 1, &all, &err), FST_OK);
    assert_int_equal(all.n, n * PIECE);
    for (size_t i = 0; i < n; i++)
        assert_memory_equal(all.p + i * PIECE, piece, PIECE);
    fst_buf_done(&all);
}

static void is_missing(const char *bucket, const char *key)
{
    struct fst_object o = {.s3 = s3, .bucket = bucket, .key = key, .name = key};
    assert_int_equal(fst_object_head(&o, &err), FST_ENOTFOUND);
}

static void writes(const char *bucket, size_t n)
{
    if (write_pieces(bucket, "k", n) != FST_OK)
        fail_msg("%s", err.text);
    is_whole(bucket, "k", n);
}

static void a_small_object_is_one_request(void **state)
{
    (void)state;
    if (write_pieces("lake", "small one", 2) != FST_OK)
        fail_msg("%s", err.text);
    char *log = told("/log");
    assert_string_equal(log, "PUT /lake/small%20one");
    free(log);
    is_whole("lake", "small one", 2);
}

static void an_empty_object_is_written(void **state)
{
    (void)state;
    assert_int_equal(write_pieces("lake", "empty", 0), FST_OK);
    is_whole("lake", "empty", 0);
}

static void larger_ones_go_in_parts_of_8_MB(void **state)
{
    (void)state;
    writes("lake", 12); /* 36 MB */
    char *log = told("/log");
    size_t parts = 0;
    for (const char *at = log; (at = strstr(at, "partNumber=")); at++)
        parts++;
    assert_int_equal(parts, 5);
    free(log);
}

static void parts_and_ends_that_fail_are_tried_again(void **state)
{
    (void)state;
    writes("flakyparts", 7);
}

static void an_end_whose_answer_was_lost_is_found_out(void **state)
{
    (void)state;
    writes("lostend", 4);
}

static void a_part_that_is_refused_ends_the_upload(void **state)
{
    (void)state;
    err = (struct fst_error){.status = FST_OK};
    assert_int_equal(write_pieces("refuses", "k", 20), FST_EDENIED);
    assert_non_null(strstr(err.text, "s3://refuses/k"));
    is_missing("refuses", "k");
}

static void an_end_that_fails_inside_of_200_is_an_error(void **state)
{
    (void)state;
    assert_int_equal(write_pieces("broken", "k", 4), FST_EREMOTE);
    assert_non_null(strstr(err.text, "not put together: InternalError"));
    is_missing("broken", "k");
}

static void who_stops_in_the_middle_leaves_nothing(void **state)
{
    (void)state;
    struct fst_s3_upload *u = fst_s3_upload_new(s3, "lake", "half");
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(fst_s3_upload_write(u, piece, PIECE, &err), FST_OK);
    char *n = told("/uploads");
    assert_string_equal(n, "1");
    free(n);
    fst_s3_upload_free(u);
    is_missing("lake", "half");
}

static void an_object_is_deleted(void **state)
{
    (void)state;
    assert_int_equal(write_pieces("lake", "a b+c", 0), FST_OK);
    assert_int_equal(fst_s3_delete(s3, "lake", "a b+c", &err), FST_OK);
    is_missing("lake", "a b+c");
    assert_int_equal(fst_s3_delete(s3, "lake", "a b+c", &err), FST_OK);
}

int main(void)
{
#define WITH(test) cmocka_unit_test_setup_teardown(test, forget_log, nothing_under_way)
    const struct CMUnitTest tests[] = {
        WITH(a_small_object_is_one_request),
        WITH(an_empty_object_is_written),
        WITH(larger_ones_go_in_parts_of_8_MB),
        WITH(parts_and_ends_that_fail_are_tried_again),
        WITH(an_end_whose_answer_was_lost_is_found_out),
        WITH(a_part_that_is_refused_ends_the_upload),
        WITH(an_end_that_fails_inside_of_200_is_an_error),
        WITH(who_stops_in_the_middle_leaves_nothing),
        WITH(an_object_is_deleted),
    };
    return cmocka_run_group_tests_name("s3_upload", tests, start, stop);
}
