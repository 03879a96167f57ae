/* Where keys for S3 come from, each place in turn, told by what a server that checks signatures
 * lets through (tests/support/far_server.py); and regions, clocks. */
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
                         "[profile login]\nlogin_session = x\n"
                         "[profile a]\nrole_arn = arn:x\nsource_profile = b\n"
                         "[profile b]\nrole_arn = arn:x\nsource_profile = a\n");
    set_path("AWS_SHARED_CREDENTIALS_FILE", "credentials");
    set_path("AWS_CONFIG_FILE", "config");
    refuses(&nothing, FST_EAUTH, "secret key");
    setenv("AWS_PROFILE", "lake", 1);
    lets_us_in(&nothing);
    const struct fst_s3_options conf = {.profile = "conf", .path_style = -1};
    lets_us_in(&conf);
    const struct fst_s3_options login = {.profile = "login", .path_style = -1};
    refuses(&login, FST_EUNSUPPORTED, "credential_process");
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

static void a_role_that_wants_a_code_says_what_to_do(void **state)
{
    (void)state;
    write_file("config3", "[profile code]\nrole_arn = arn:aws:iam::1:role/reader\n"
                          "source_profile = code\nmfa_serial = arn:aws:iam::1:mfa/me\n");
    set_path("AWS_CONFIG_FILE", "config3");
    const struct fst_s3_options code = {.profile = "code", .path_style = -1};
    refuses(&code, FST_EUNSUPPORTED, "mfa_serial");
}

/* A config whose profile `p` has these settings. */
static const struct fst_s3_options *with_profile(const char *settings)
{
    static const struct fst_s3_options p = {.profile = "p", .path_style = -1};
    char *text = fst_asprintf("[profile p]\n%s\n", settings);
    write_file("config4", text);
    set_path("AWS_CONFIG_FILE", "config4");
    free(text);
    return &p;
}

#define KEYS_AS_JSON                                                                               \
    "{\"Version\":1,\"AccessKeyId\":\"ASIAROLE\",\"SecretAccessKey\":\"role-secret\","             \
    "\"SessionToken\":\"SESSION\",\"Expiration\":\"2099-01-01T00:00:00Z\"}"

static void a_program_says_keys(void **state)
{
    (void)state;
    lets_us_in(with_profile("credential_process = printf %s '" KEYS_AS_JSON "'"));
    lets_us_in(with_profile("role_arn = arn:aws:iam::1:role/reader\nsource_profile = q\n"
                            "[profile q]\ncredential_process = printf %s '" KEYS_AS_JSON "'"));
}

static void a_program_that_says_no_keys_is_named_by_its_profile(void **state)
{
    (void)state;
    refuses(with_profile("credential_process = printf hello --password wJalr"), FST_EAUTH,
            "profile p: credential_process: the answer holds no keys");
    refuses(with_profile("credential_process = false wJalr"), FST_EAUTH, "ended with status 1");
    refuses(with_profile("credential_process = /nonexistent/tool wJalr"), FST_EAUTH, "profile p");
    refuses(with_profile("credential_process = yes wJalr"), FST_EAUTH, "says more than");
    refuses(with_profile("credential_process = echo $(touch x) `id` ; env"), FST_EAUTH, "no keys");
}

/* The first time the program gives keys whose session has ended. */
static void keys_that_end_in_the_middle_are_asked_for_again(void **state)
{
    (void)state;
    char *been = in_folder("been");
    write_file("keys.json", KEYS_AS_JSON);
    char *script = fst_asprintf("#!/bin/sh\nif test -f %s; then cat %s/keys.json; else touch %s; "
                                "echo '{\"AccessKeyId\":\"ASIAOLD\",\"SecretAccessKey\":"
                                "\"old-secret\",\"SessionToken\":\"SESSION\"}'; fi\n",
                                been, folder, been);
    write_file("tool.sh", script);
    char *settings = fst_asprintf("credential_process = sh \"%s/tool.sh\"", folder);
    lets_us_in(with_profile(settings));
    free(script);
    free(settings);
    free(been);
}

#define SSO_SETTINGS "sso_session = corp\nsso_account_id = 123\nsso_role_name = Reader\n"
#define SSO_SESSION                                                                                \
    "[sso-session corp]\nsso_start_url = https://corp.example.com/start\nsso_region = us-east-1\n"

/* The cache that `aws sso login` leaves, under HOME; `name` is the SHA-1 of the session's name. */
static void log_in(const char *name, const char *token, const char *until)
{
    char *path = fst_asprintf(".aws/sso/cache/%s.json", name);
    char *at = in_folder(".aws/sso/cache");
    char *text = fst_asprintf("{\"accessToken\":\"%s\",\"expiresAt\":\"%s\"}", token, until);
    assert_int_equal(fst_mkdirs(at, 0700, &err), FST_OK);
    write_file(path, text);
    setenv("HOME", folder, 1);
    free(text);
    free(at);
    free(path);
}

#define SHA1_OF_CORP "ee0bfd2552fbd840c02cc48b6e823320543c450f"
#define SHA1_OF_URL "320c065519a2fc37b0f28a1bd477dc924a630080"

static void an_sso_session_becomes_keys(void **state)
{
    (void)state;
    log_in(SHA1_OF_CORP, "sso-token", "2099-01-01T00:00:00Z");
    lets_us_in(with_profile(SSO_SETTINGS SSO_SESSION));
    log_in(SHA1_OF_URL, "sso-token", "2099-01-01T00:00:00Z");
    lets_us_in(with_profile("sso_start_url = https://corp.example.com/start\n"
                            "sso_region = us-east-1\nsso_account_id = 123\n"
                            "sso_role_name = Reader\n"));
    lets_us_in(with_profile("role_arn = arn:aws:iam::1:role/reader\nsource_profile = q\n"
                            "[profile q]\n" SSO_SETTINGS SSO_SESSION));
}

static void an_sso_session_that_ended_says_how_to_log_in(void **state)
{
    (void)state;
    static const char words[] = "aws sso login --profile p";
    log_in(SHA1_OF_CORP, "sso-token", "2020-01-01T00:00:00Z");
    refuses(with_profile(SSO_SETTINGS SSO_SESSION), FST_EAUTH, words);
    log_in(SHA1_OF_CORP, "wJalr", "2099-01-01T00:00:00Z"); /* the server does not know it */
    refuses(with_profile(SSO_SETTINGS SSO_SESSION), FST_EAUTH, words);
    refuses(with_profile("sso_session = other\n[sso-session other]\nsso_start_url = x\n"),
            FST_EAUTH, "sso_region is missing");
    setenv("HOME", "/nonexistent", 1);
    refuses(with_profile(SSO_SETTINGS SSO_SESSION), FST_EAUTH, words);
}

static void the_region_of_a_profile_counts(void **state)
{
    (void)state;
    char *settings = fst_asprintf("aws_access_key_id = AKIDEXAMPLE\nregion = eu-north-1\n"
                                  "aws_secret_access_key = %s",
                                  given.secret_key);
    struct fst_s3 *s3 = fst_s3_new(with_profile(settings));
    struct fst_s3_listing l = {0};
    assert_int_equal(fst_s3_list(s3, "elsewhere", "", NULL, 1, &l, &err), FST_OK);
    fst_s3_listing_done(&l);
    fst_s3_unref(s3);
    free(settings);
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
        CLEAN(a_role_that_wants_a_code_says_what_to_do),
        CLEAN(a_program_says_keys),
        CLEAN(a_program_that_says_no_keys_is_named_by_its_profile),
        CLEAN(keys_that_end_in_the_middle_are_asked_for_again),
        CLEAN(an_sso_session_becomes_keys),
        CLEAN(an_sso_session_that_ended_says_how_to_log_in),
        CLEAN(the_region_of_a_profile_counts),
        CLEAN(a_web_identity_becomes_keys),
        CLEAN(a_container_has_keys),
        CLEAN(an_instance_has_keys),
        CLEAN(the_region_of_a_bucket_is_found_out),
        CLEAN(a_clock_that_is_off_is_allowed_for),
        CLEAN(a_server_that_wants_a_pause_gets_it),
        CLEAN(keys_that_end_soon_are_old),
    };
    return cmocka_run_group_tests_name("aws_credentials", tests, start, stop);
}
