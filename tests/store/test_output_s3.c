/* Outputs on S3: a folder is complete or not there. The server is tests/support/far_server.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "firesteel/store.h"
#include "test_server.h"

static struct test_server server;
static struct fst_error err;
static struct fst_s3 *s3;

static int start(void **state)
{
    static const char *const arguments[] = {"tests/support/far_server.py", NULL};
    (void)state;
    if (test_server_start(&server, arguments) != 0)
        return -1;
    char *endpoint = fst_asprintf("http://127.0.0.1:%d", server.port);
    setenv("AWS_ENDPOINT_URL", endpoint, 1);
    setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
    setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent", 1);
    setenv("AWS_CONFIG_FILE", "/nonexistent", 1);
    setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", 1);
    unsetenv("AWS_PROFILE");
    unsetenv("AWS_SESSION_TOKEN");
    unsetenv("AWS_ENDPOINT_URL_S3");
    free(endpoint);
    const struct fst_s3_options options = {.path_style = -1};
    s3 = fst_s3_new(&options);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    fst_s3_unref(s3);
    test_server_stop(&server);
    return 0;
}

/* Keys of a bucket, by blanks. */
static void keys_are(const char *bucket, const char *prefix, const char *expected)
{
    struct fst_s3_listing l = {0};
    struct fst_buf text = FST_BUF_TEXT;
    assert_int_equal(fst_s3_list(s3, bucket, prefix, NULL, 100, &l, &err), FST_OK);
    fst_buf_adds(&text, "");
    for (size_t i = 0; i < l.n; i++)
        fst_buf_printf(&text, "%s%s", i ? " " : "", l.entries[i].key);
    assert_string_equal(fst_buf_text(&text), expected);
    fst_buf_done(&text);
    fst_s3_listing_done(&l);
}

static struct fst_output *opened(const char *uri)
{
    struct fst_output *o = NULL;
    if (fst_output_open(uri, &o, &err) != FST_OK)
        fail_msg("%s", err.text);
    return o;
}

/* A file of `n` bytes; false when the sink takes no more. */
static bool write_file(struct fst_output *o, const char *path, size_t n, bool keep)
{
    struct fst_folder folder = fst_output_folder(o);
    struct fst_sink sink;
    void *file;
    char *bytes = fst_alloc(n + 1);
    assert_int_equal(folder.create(folder.arg, path, &sink, &file, &err), FST_OK);
    bool ok = sink.write(sink.arg, bytes, n);
    if (ok && keep)
        assert_int_equal(folder.commit(folder.arg, file, &err), FST_OK);
    else
        folder.discard(folder.arg, file);
    free(bytes);
    return ok;
}

static void success_comes_last(void **state)
{
    (void)state;
    struct fst_output *o = opened("s3a://lake/out/a b/");
    write_file(o, "dt=2024-01-01/part-0", 10, true);
    write_file(o, "part-1", (size_t)17 << 20, true);
    write_file(o, "part-2", 10, false);
    keys_are("lake", "out/", "out/a b/dt=2024-01-01/part-0 out/a b/part-1");
    assert_int_equal(fst_output_commit(o, &err), FST_OK);
    fst_output_free(o);
    keys_are("lake", "out/", "out/a b/_SUCCESS out/a b/dt=2024-01-01/part-0 out/a b/part-1");
}

static void an_output_that_is_given_up_leaves_nothing(void **state)
{
    (void)state;
    struct fst_output *o = opened("s3://lake/given/up");
    write_file(o, "a/b", 10, true);
    write_file(o, "c", (size_t)9 << 20, true);
    fst_output_free(o);
    keys_are("lake", "given", "");
}

static void an_output_whose_success_is_refused_leaves_nothing(void **state)
{
    (void)state;
    struct fst_output *o = opened("s3://unfinished/x");
    write_file(o, "a", 10, true);
    assert_int_equal(fst_output_commit(o, &err), FST_EDENIED);
    fst_output_free(o);
    keys_are("unfinished", "", "");
}

static void nothing_writes_over_data(void **state)
{
    (void)state;
    struct fst_output *o;
    fst_s3_put(s3, "lake", "old/part-0", "x", 1, &err);
    fst_s3_put(s3, "lake", "older", "x", 1, &err);
    assert_int_equal(fst_output_open("s3://lake/old", &o, &err), FST_ECONFLICT);
    assert_non_null(strstr(err.text, "s3://lake/old: there are objects already"));
    fst_output_free(opened("s3://lake/olde"));
}

static void what_is_no_place_to_write_to_is_said(void **state)
{
    (void)state;
    struct fst_output *o;
    assert_int_equal(fst_output_open("s3://lake/x*", &o, &err), FST_EINVAL);
    assert_int_equal(fst_output_open("s3://", &o, &err), FST_EINVAL);
    assert_int_equal(fst_output_open("https://host/x", &o, &err), FST_EUNSUPPORTED);
    assert_int_equal(fst_output_open("gs://b/x", &o, &err), FST_EUNSUPPORTED);
}

static void the_reason_of_a_write_that_failed_is_told(void **state)
{
    (void)state;
    struct fst_output *o = opened("s3://refuses/x");
    assert_false(write_file(o, "a", (size_t)60 << 20, true));
    err = (struct fst_error){.status = FST_EIO};
    fst_output_explain(o, &err);
    assert_int_equal(err.status, FST_EDENIED);
    assert_non_null(strstr(err.text, "s3://refuses/x/a: "));
    fst_output_free(o);
    keys_are("refuses", "", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(success_comes_last),
        cmocka_unit_test(an_output_that_is_given_up_leaves_nothing),
        cmocka_unit_test(an_output_whose_success_is_refused_leaves_nothing),
        cmocka_unit_test(nothing_writes_over_data),
        cmocka_unit_test(what_is_no_place_to_write_to_is_said),
        cmocka_unit_test(the_reason_of_a_write_that_failed_is_told),
    };
    return cmocka_run_group_tests_name("output_s3", tests, start, stop);
}
