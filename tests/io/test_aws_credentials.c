/* Where keys for S3 come from, each place in turn, told by what a server that checks signatures
 * lets through (tests/support/far_server.py); and uploads, regions, clocks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "aws_credentials.h"
#include "test_server.h"

static struct test_server server;
static struct fst_error err;
static char folder[] = "/tmp/firesteel-aws-XXXXXX";
static char endpoint[64];

static const char *const variables[] = {
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    "AWS_CA_BUNDLE",
    "AWS_ENDPOINT_URL_S3",
    "AWS_ENDPOINT_URL_STS",
};

static char *in_folder(const char *name)
{
    return fst_path_join(folder, name);
}

static void write_file(const char *name, const char *text)
{
    char *path = in_folder(name);
    assert_int_equal(fst_file_write(path, text, strlen(text), 0600, &err), FST_OK);
    free(path);
}

static void set_path(const char *variable, const char *name)
{
    char *path = in_folder(name);
    setenv(variable, path, 1);
    free(path);
}

static int start(void **state)
{
    static const char *const arguments[] = {"tests/support/far_server.py", NULL};
    (void)state;
    if (!mkdtemp(folder) || test_server_start(&server, arguments) != 0)
        return -1;
    snprintf(endpoint, sizeof endpoint, "http://127.0.0.1:%d", server.port);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    test_server_stop(&server);
    return fst_remove_tree(folder, NULL) == FST_OK ? 0 : -1;
}

/* An environment that says nothing. */
static int clean(void **state)
{
    (void)state;
    for (size_t i = 0; i < FST_COUNT(variables); i++)
        unsetenv(variables[i]);
    setenv("AWS_ENDPOINT_URL", endpoint, 1);
    setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
    set_path("AWS_SHARED_CREDENTIALS_FILE", "none");
    set_path("AWS_CONFIG_FILE", "none");
    err = (struct fst_error){.status = FST_OK};
    return 0;
}

static enum fst_status put(const struct fst_s3_options *o, const char *bucket)
{
    struct fst_s3 *s3 = fst_s3_new(o);
    enum fst_status status = fst_s3_put(s3, bucket, "k", "x", 1, &err);
    fst_s3_unref(s3);
    return status;
}

static void lets_us_in(const struct fst_s3_options *o)
{
    if (put(o, "lake") != FST_OK)
        fail_msg("%s", err.text);
}

static void refuses(const struct fst_s3_options *o, enum fst_status status, const char *words)
{
    assert_int_equal(put(o, "lake"), status);
    if (!strstr(err.text, words))
        fail_msg("\"%s\" lacks \"%s\"", err.text, words);
    assert_null(strstr(err.text, "wJalr"));
}

static const struct fst_s3_options nothing = {.path_style = -1};
static const struct fst_s3_options given = {.access_key = "AKIDEXAMPLE",
                                            .secret_key =
                                                "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                                            .path_style = -1};

static void nothing_anywhere_says_where_was_looked(void **state)
{
    (void)state;
    refuses(&nothing, FST_EAUTH, "AWS_ACCESS_KEY_ID");
}

static void keys_of_the_options_come_first(void **state)
{
    (void)state;
    setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "wrong", 1);
    lets_us_in(&given);
    refuses(&nothing, FST_EAUTH, "secret key");
}

static void half_a_pair_of_keys_is_told(void **state)
{
    (void)state;
    setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", 1);
    refuses(&nothing, FST_EAUTH, "AWS_SECRET_ACCESS_KEY is not");
}

static void profiles_are_read_from_both_files(void **state)
{
    (void)state;
    write_file("credentials", "# keys\n[default]\naws_access_key_id=AKIDEXAMPLE\n"
                              "aws_secret_access_key = wrong\n\n[lake]\n"
                              "AWS_ACCESS_KEY_ID = AKIDEXAMPLE\n"
                              "aws_secret_access_key=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY\n");
    write_file("config", "[profile conf]\naws_access_key_id = AKIDEXAMPLE\n"
                         "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY\n"
                         "s3 =\n  addressing_style = path\n"
                         "[profile sso]\nsso_session = corp\n"
                         "[profile a]\nrole_arn = arn:x\nsource_profile = b\n"
                         "[profile b]\nrole_arn = arn:x\nsource_profile = a\n");
    set_path("AWS_SHARED_CREDENTIALS_FILE", "credentials");
    set_path("AWS_CONFIG_FILE", "config");
    refuses(&nothing, FST_EAUTH, "secret key");
    setenv("AWS_PROFILE", "lake", 1);
    lets_us_in(&nothing);
    const struct fst_s3_options conf = {.profile = "conf", .path_style = -1};
    lets_us_in(&conf);
    const struct fst_s3_options sso = {.profile = "sso", .path_style = -1};
    refuses(&sso, FST_EUNSUPPORTED, "sso_session");
    const struct fst_s3_options missing = {.profile = "nix", .path_style = -1};
    refuses(&missing, FST_EAUTH, "no profile nix");
    const struct fst_s3_options circle = {.profile = "a", .path_style = -1};
    refuses(&circle, FST_EAUTH, "circle");
}

static void a_role_is_assumed(void **state)
{
    (void)state;
    struct fst_s3_options o = given;
    o.role_arn = "arn:aws:iam::1:role/reader";
    lets_us_in(&o);
    o.role_arn = "arn:aws:iam::1:role/nobody";
    refuses(&o, FST_EAUTH, "AccessDenied");
    write_file("config2", "[profile role]\nrole_arn = arn:aws:iam::1:role/reader\n"
                          "source_profile = base\n[profile base]\n"
                          "aws_access_key_id = AKIDEXAMPLE\n"
                          "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY\n");
    set_path("AWS_CONFIG_FILE", "config2");
    const struct fst_s3_options role = {.profile = "role", .path_style = -1};
    lets_us_in(&role);
}

static void a_web_identity_becomes_keys(void **state)
{
    (void)state;
    write_file("token", "a.web.token\n");
    set_path("AWS_WEB_IDENTITY_TOKEN_FILE", "token");
    setenv("AWS_ROLE_ARN", "arn:aws:iam::1:role/reader", 1);
    lets_us_in(&nothing);
    set_path("AWS_WEB_IDENTITY_TOKEN_FILE", "gone");
    refuses(&nothing, FST_EAUTH, "gone");
}

static void a_container_has_keys(void **state)
{
    (void)state;
    char *url = fst_asprintf("%s/container", endpoint);
    setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", url, 1);
    setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "box-token", 1);
    lets_us_in(&nothing);
    setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://keys.example.com/", 1);
    refuses(&nothing, FST_EDENIED, "plain HTTP");
    free(url);
}

static void an_instance_has_keys(void **state)
{
    (void)state;
    setenv("AWS_EC2_METADATA_DISABLED", "false", 1);
    setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", endpoint, 1);
    lets_us_in(&nothing);
}

static void the_region_of_a_bucket_is_found_out(void **state)
{
    (void)state;
    if (put(&given, "elsewhere") != FST_OK)
        fail_msg("%s", err.text);
}

static void a_clock_that_is_off_is_allowed_for(void **state)
{
    (void)state;
    if (put(&given, "skewed") != FST_OK)
        fail_msg("%s", err.text);
}

static void a_server_that_wants_a_pause_gets_it(void **state)
{
    (void)state;
    if (put(&given, "slow") != FST_OK)
        fail_msg("%s", err.text);
}

static void large_objects_go_in_parts(void **state)
{
    (void)state;
    size_t n = (size_t)65 << 20;
    char *p = fst_alloc(n);
    memset(p, 'x', n);
    struct fst_s3 *s3 = fst_s3_new(&given);
    if (fst_s3_put(s3, "lake", "large", p, n, &err) != FST_OK)
        fail_msg("%s", err.text);
    assert_int_equal(fst_s3_put(s3, "broken", "large", p, n, &err), FST_EREMOTE);
    struct fst_s3_listing l;
    assert_int_equal(fst_s3_list(s3, "lake", "large", NULL, 10, &l, &err), FST_OK);
    assert_int_equal(l.n, 1);
    assert_int_equal(l.entries[0].size, n);
    fst_s3_listing_done(&l);
    fst_s3_unref(s3);
    free(p);
}

static void keys_that_end_soon_are_old(void **state)
{
    (void)state;
    struct aws_credentials c = {.expires_us = 1000000000000};
    assert_true(aws_credentials_are_old(&c, 1000000000000 - 60 * 1000000LL));
    assert_false(aws_credentials_are_old(&c, 1000000000000 - 3600 * 1000000LL));
    c.expires_us = 0;
    assert_false(aws_credentials_are_old(&c, 1000000000000));
}

int main(void)
{
#define CLEAN(test) cmocka_unit_test_setup(test, clean)
    const struct CMUnitTest tests[] = {
        CLEAN(nothing_anywhere_says_where_was_looked),
        CLEAN(keys_of_the_options_come_first),
        CLEAN(half_a_pair_of_keys_is_told),
        CLEAN(profiles_are_read_from_both_files),
        CLEAN(a_role_is_assumed),
        CLEAN(a_web_identity_becomes_keys),
        CLEAN(a_container_has_keys),
        CLEAN(an_instance_has_keys),
        CLEAN(the_region_of_a_bucket_is_found_out),
        CLEAN(a_clock_that_is_off_is_allowed_for),
        CLEAN(a_server_that_wants_a_pause_gets_it),
        CLEAN(large_objects_go_in_parts),
        CLEAN(keys_that_end_soon_are_old),
    };
    return cmocka_run_group_tests_name("aws_credentials", tests, start, stop);
}
