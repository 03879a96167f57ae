#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "connect.h"
#include "engines.h"

static struct fst_arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = fst_arena_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fst_arena_free(arena);
    return 0;
}

static struct connect_target parsed(const char *url)
{
    struct connect_target t;
    struct fst_error err = {.text = ""};
    if (connect_url_parse(arena, url, &t, &err) != FST_OK)
        fail_msg("%s: %s", url, err.text);
    return t;
}

static void is_refused(const char *url, const char *says)
{
    struct connect_target t;
    struct fst_error err;
    assert_int_not_equal(connect_url_parse(arena, url, &t, &err), FST_OK);
    assert_non_null(strstr(err.text, says));
}

static void test_engine_connect_url__host_and_port(void **state)
{
    (void)state;
    struct connect_target t = parsed("sc://spark.example");
    assert_string_equal(t.authority, "spark.example:15002");
    assert_false(t.is_loopback);
    t = parsed("sc://localhost:7000/");
    assert_int_equal(t.port, 7000);
    assert_true(t.is_loopback);
    t = parsed("sc://[::1]:7000/;user_id=u");
    assert_string_equal(t.authority, "[::1]:7000");
    assert_string_equal(t.host, "::1");
    assert_true(t.is_loopback);
}

static void test_engine_connect_url__parameters(void **state)
{
    (void)state;
    struct connect_target t =
        parsed("sc://h:1/;user_id=ada%20l;token=abc==;use_ssl=true;x-tenant=42;;user_agent=me");
    assert_string_equal(t.user, "ada l");
    assert_string_equal(t.token, "abc==");
    assert_true(t.tls);
    assert_int_equal(t.n_headers, 1);
    assert_string_equal(t.headers[0].name, "x-tenant");
    assert_string_equal(t.headers[0].value, "42");
}

static void test_engine_connect_url__a_token_leaves_this_host_under_tls_only(void **state)
{
    (void)state;
    assert_true(parsed("sc://spark.example/;token=t").tls);
    assert_false(parsed("sc://127.0.0.1/;token=t").tls);
    assert_true(parsed("sc://127.example.com/;token=t").tls);
    is_refused("sc://spark.example/;token=t;use_ssl=false", "plain");
}

static void test_engine_connect_url__says_what_is_wrong(void **state)
{
    (void)state;
    is_refused("http://h:1", "sc://host:port");
    is_refused("sc://", "no host");
    is_refused("sc://h:0", "port");
    is_refused("sc://h:99999", "port");
    is_refused("sc://h:1/path", "no path");
    is_refused("sc://h:1/;token", "key=value");
    is_refused("sc://h:1/;a b=c", "key=value");
    is_refused("sc://h:1/;x-a=b%0d%0aevil: 1", "control character");
    is_refused("sc://h:1/;session_id=x", "session_id");
}

static enum fst_status reaches(const char *url, const char *uri)
{
    char *yaml = fst_asprintf("{\"url\": \"%s\"}", url);
    struct fst_doc *doc;
    struct fst_session *s;
    assert_int_equal(fst_json_parse(arena, "o", yaml, strlen(yaml), NULL, &doc, NULL), FST_OK);
    assert_int_equal(fst_engine_connect.open(doc, &s, NULL), FST_OK);
    enum fst_status status = fst_engine_connect.reaches(s, uri, NULL);
    fst_engine_connect.close(s);
    free(yaml);
    return status;
}

static void test_engine_connect__files_are_reached_by_a_server_here_only(void **state)
{
    (void)state;
    assert_int_equal(reaches("sc://127.0.0.1:1", "/data/x"), FST_OK);
    assert_int_equal(reaches("sc://127.0.0.1:1", "file:///data/x"), FST_OK);
    assert_int_equal(reaches("sc://spark.example", "/data/x"), FST_EUNSUPPORTED);
    assert_int_equal(reaches("sc://spark.example", "file:/data/x"), FST_EUNSUPPORTED);
    assert_int_equal(reaches("sc://spark.example", "s3a://b/x"), FST_OK);
    assert_int_equal(reaches("sc://127.0.0.1:1", "data/x"), FST_EINVAL);
}

static void test_engine_connect__a_missing_server_is_named(void **state)
{
    (void)state;
    static const char json[] = "{\"port\": 1}";
    struct fst_doc *doc;
    struct fst_session *s;
    struct fst_error err;
    struct fst_buf line = FST_BUF_TEXT;
    assert_int_equal(fst_json_parse(arena, "o", json, sizeof(json) - 1, NULL, &doc, NULL), FST_OK);
    assert_int_equal(fst_engine_connect.open(doc, &s, NULL), FST_OK);
    assert_int_equal(fst_engine_connect.ping(s, &line, &err), FST_ENET);
    assert_non_null(strstr(err.text, "127.0.0.1:1"));
    fst_engine_connect.close(s);
    fst_buf_done(&line);
}

static enum fst_status opens(const char *json, bool *tls, struct fst_error *err)
{
    struct fst_doc *doc;
    struct fst_session *s;
    assert_int_equal(fst_json_parse(arena, "o", json, strlen(json), NULL, &doc, NULL), FST_OK);
    enum fst_status status = fst_engine_connect.open(doc, &s, err);
    if (status == FST_OK) {
        *tls = s->target.tls && s->channel.tls;
        fst_engine_connect.close(s);
    }
    return status;
}

static void test_engine_connect__a_token_option_goes_to_another_host_over_tls_only(void **state)
{
    (void)state;
    static const char another[] = "{\"url\": \"sc://spark.example\", \"token\": \"secret\"}";
    static const char here[] = "{\"url\": \"sc://127.0.0.1\", \"token\": \"secret\"}";
    static const char plain[] =
        "{\"url\": \"sc://spark.example/;use_ssl=false\", \"token\": \"secret\"}";
    struct fst_error err;
    bool tls = false;
    assert_int_equal(opens(another, &tls, &err), FST_OK);
    assert_true(tls);
    assert_int_equal(opens(here, &tls, &err), FST_OK);
    assert_false(tls);
    assert_int_equal(opens(plain, &tls, &err), FST_EINVAL);
    assert_non_null(strstr(err.text, "use_ssl"));
    assert_null(strstr(err.text, "secret"));
}

static void test_engine_connect__a_file_of_authorities_is_looked_at_first(void **state)
{
    (void)state;
    struct fst_error err;
    bool tls;
    assert_int_equal(opens("{\"url\": \"sc://h\", \"ca_file\": \"/x\"}", &tls, &err), FST_EINVAL);
    assert_non_null(strstr(err.text, "use_ssl=true"));
    assert_int_equal(
        opens("{\"url\": \"sc://h/;use_ssl=true\", \"ca_file\": \"/no/such\"}", &tls, &err),
        FST_ENOTFOUND);
    assert_non_null(strstr(err.text, "/no/such"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_engine_connect_url__host_and_port, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_engine_connect_url__parameters, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_engine_connect_url__a_token_leaves_this_host_under_tls_only, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_engine_connect_url__says_what_is_wrong, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            test_engine_connect__files_are_reached_by_a_server_here_only, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_engine_connect__a_missing_server_is_named, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            test_engine_connect__a_token_option_goes_to_another_host_over_tls_only, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(
            test_engine_connect__a_file_of_authorities_is_looked_at_first, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
