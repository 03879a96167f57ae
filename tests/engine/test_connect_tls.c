/* TLS and tokens: a proxy that speaks TLS before a real Spark Connect server that asks for a token
 * ($FIRESTEEL_SPARK_TOKEN_URL, $FIRESTEEL_SPARK_TOKEN). Certificates are made here, each its own
 * authority. */
#include "spark_fixture.h"

static const struct fst_work one = {.sql = "SELECT 1"};

static int set_up_tls(void **state)
{
    setenv("FIRESTEEL_SPARK_URL", getenv("FIRESTEEL_SPARK_TOKEN_URL"), 1);
    return set_up(state);
}

static char *place(struct fixture *f, const char *name, const char *end)
{
    return fst_arena_printf(f->arena, "%s/%s%s", f->dir, name, end);
}

static void openssl(char *const *argv)
{
    struct fst_buf out = FST_BUF_TEXT;
    int status = -1;
    assert_int_equal(fst_run(argv, 20000, 100000, &out, &status, NULL), FST_OK);
    fst_buf_done(&out);
    assert_int_equal(status, 0);
}

/* `name`.pem and `name`.key for the hosts in `names` ("IP:127.0.0.1,DNS:localhost"). */
static void make_certificate(struct fixture *f, const char *name, char *names, bool expired)
{
    char *request[] = {"openssl",  "req",
                       "-x509",    "-newkey",
                       "rsa:2048", "-nodes",
                       "-keyout",  place(f, name, ".key"),
                       "-out",     place(f, name, ".pem"),
                       "-days",    "2",
                       "-subj",    fst_arena_printf(f->arena, "/CN=%s", name),
                       "-addext",  fst_arena_printf(f->arena, "subjectAltName=%s", names),
                       NULL};
    openssl(request);
    char *again[] = {
        "openssl", "x509", "-in",  place(f, name, ".pem"), "-signkey", place(f, name, ".key"),
        "-days",   "-1",   "-out", place(f, name, ".pem"), NULL};
    if (expired)
        openssl(again);
}

/* A session through a proxy with certificate `has` that trusts `trusted` (NULL = the system's). */
static struct fst_session *open_tls(struct fixture *f, const char *has, const char *trusted,
                                    const char *token)
{
    int port = start_proxy(f, getenv("FIRESTEEL_SPARK_TOKEN_URL"), "--tls", place(f, has, ".pem"),
                           place(f, has, ".key"));
    char *more = fst_arena_printf(f->arena, ", \"token\": \"%s\"%s%s%s", token,
                                  trusted ? ", \"ca_file\": \"" : "",
                                  trusted ? place(f, trusted, ".pem") : "", trusted ? "\"" : "");
    return open_at(f->arena,
                   fst_arena_printf(f->arena,
                                    "sc://127.0.0.1:%d/;use_ssl=true;x-team=features;user_id=ann",
                                    port),
                   more);
}

/* One line with the remedy, at once, and never the token. */
static void says(struct fixture *f, struct fst_session *s, enum fst_status status,
                 const char *words, const char *remedy)
{
    struct fst_reader *r;
    struct fst_error err = {.text = ""};
    int64_t since = fst_monotonic_us();
    (void)f;
    if (fst_engine_connect.query(s, &one, 1, &r, NULL, &err) != status)
        fail_msg("\"%s\" is of another kind", err.text);
    assert_true(fst_monotonic_us() - since < 10000000); /* not tried again and again */
    if (!strstr(err.text, words) || !strstr(err.text, remedy))
        fail_msg("\"%s\" does not say \"%s\" and \"%s\"", err.text, words, remedy);
    assert_null(strchr(err.text, '\n'));
    assert_null(strstr(err.text, "not-the-token"));
    assert_null(strstr(err.text, getenv("FIRESTEEL_SPARK_TOKEN")));
    fst_engine_connect.close(s);
}

static void test_engine_connect__rows_come_over_tls_with_a_token(void **state)
{
    struct fixture *f = *state;
    make_certificate(f, "good", "IP:127.0.0.1,DNS:localhost", false);
    struct fst_session *s = open_tls(f, "good", "good", getenv("FIRESTEEL_SPARK_TOKEN"));
    const struct fst_work w = {.sql = "SELECT count(*) FROM range(100)"};
    assert_string_equal(rows_in(f, s, &w, 1), "100\n");
    const struct fst_work many = {.sql = "SELECT sum(id) FROM range(100000)"};
    assert_string_equal(rows_in(f, s, &many, 0), "4999950000\n");
    struct fst_buf line = FST_BUF_TEXT;
    assert_int_equal(fst_engine_connect.ping(s, &line, NULL), FST_OK);
    fst_buf_done(&line);
    fst_engine_connect.close(s);
}

static void test_engine_connect__a_plan_of_python_is_made_over_tls(void **state)
{
    struct fixture *f = *state;
    make_certificate(f, "good", "IP:127.0.0.1,DNS:localhost", false);
    struct fst_session *s = open_tls(f, "good", "good", getenv("FIRESTEEL_SPARK_TOKEN"));
    char *folder = place(f, "function", "");
    const struct fst_input in = {.name = "t", .query = "SELECT * FROM range(0, 9, 1, 1)"};
    const struct fst_work w = {.python = "def f(t):\n    return t.select(t.columns).limit(3)\n",
                               .inputs = &in,
                               .n_inputs = 1,
                               .folder = folder};
    assert_int_equal(fst_mkdirs(folder, 0700, NULL), FST_OK);
    assert_string_equal(rows_in(f, s, &w, 5), "0\n1\n2\n");
    fst_engine_connect.close(s);
}

static void test_engine_connect__a_wrong_token_is_said_to_be_one(void **state)
{
    struct fixture *f = *state;
    make_certificate(f, "good", "IP:127.0.0.1", false);
    says(f, open_tls(f, "good", "good", "not-the-token"), FST_EAUTH, "refuses the token",
         "set the provider's `token`");
}

/* Over the plain line to this host, too; and without one. */
static void test_engine_connect__a_server_with_a_token_wants_it(void **state)
{
    struct fixture *f = *state;
    const char *url = getenv("FIRESTEEL_SPARK_TOKEN_URL");
    says(f, open_at(f->arena, url, ""), FST_EAUTH, "refuses", "set the provider's `token`");
    says(f, open_at(f->arena, url, ", \"token\": \"not-the-token\""), FST_EAUTH, "refuses",
         "set the provider's `token`");
    struct fst_session *s = open_at(
        f->arena, fst_arena_printf(f->arena, "%s/;token=%s", url, getenv("FIRESTEEL_SPARK_TOKEN")),
        "");
    assert_string_equal(rows_in(f, s, &one, 1), "1\n");
    fst_engine_connect.close(s);
}

static void test_engine_connect__a_certificate_of_nobody_is_refused(void **state)
{
    struct fixture *f = *state;
    make_certificate(f, "good", "IP:127.0.0.1", false);
    says(f, open_tls(f, "good", NULL, "not-the-token"), FST_EAUTH, "not of an authority",
         "`ca_file`");
}

static void test_engine_connect__another_authority_is_refused(void **state)
{
    struct fixture *f = *state;
    make_certificate(f, "good", "IP:127.0.0.1", false);
    make_certificate(f, "other", "IP:127.0.0.1", false);
    says(f, open_tls(f, "good", "other", "not-the-token"), FST_EAUTH, "not of an authority",
         "`ca_file`");
}

static void test_engine_connect__a_certificate_of_another_host_is_refused(void **state)
{
    struct fixture *f = *state;
    make_certificate(f, "else", "DNS:elsewhere.example", false);
    says(f, open_tls(f, "else", "else", "not-the-token"), FST_EAUTH, "for another host",
         "as the certificate names it");
}

static void test_engine_connect__an_expired_certificate_is_refused(void **state)
{
    struct fixture *f = *state;
    make_certificate(f, "old", "IP:127.0.0.1", true);
    says(f, open_tls(f, "old", "old", "not-the-token"), FST_EAUTH, "has expired",
         "the server needs a new one");
}

static void test_engine_connect__a_file_without_certificates_is_named(void **state)
{
    struct fixture *f = *state;
    make_certificate(f, "good", "IP:127.0.0.1", false);
    assert_int_equal(fst_file_write(place(f, "empty", ".pem"), "none", 4, 0600, NULL), FST_OK);
    says(f, open_tls(f, "good", "empty", "not-the-token"), FST_EINVAL, "trusted authorities",
         "`ca_file` must hold certificates");
}

static void test_engine_connect__a_plain_server_on_a_tls_url_is_said(void **state)
{
    struct fixture *f = *state;
    char *url = fst_arena_printf(f->arena, "%s/;use_ssl=true", getenv("FIRESTEEL_SPARK_TOKEN_URL"));
    says(f, open_at(f->arena, url, ", \"token\": \"not-the-token\""), FST_ENET,
         "does not speak TLS", "leave use_ssl=true out");
}

static void test_engine_connect__a_tls_server_on_a_plain_url_is_said(void **state)
{
    struct fixture *f = *state;
    make_certificate(f, "good", "IP:127.0.0.1", false);
    int port = start_proxy(f, getenv("FIRESTEEL_SPARK_TOKEN_URL"), "--tls",
                           place(f, "good", ".pem"), place(f, "good", ".key"));
    char *url = fst_arena_printf(f->arena, "sc://127.0.0.1:%d", port);
    says(f, open_at(f->arena, url, ", \"token\": \"not-the-token\""), FST_EINVAL, "speaks TLS",
         "add use_ssl=true");
}

#define TLS_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_tls, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TLS_TEST(test_engine_connect__rows_come_over_tls_with_a_token),
        TLS_TEST(test_engine_connect__a_plan_of_python_is_made_over_tls),
        TLS_TEST(test_engine_connect__a_wrong_token_is_said_to_be_one),
        TLS_TEST(test_engine_connect__a_server_with_a_token_wants_it),
        TLS_TEST(test_engine_connect__a_certificate_of_nobody_is_refused),
        TLS_TEST(test_engine_connect__another_authority_is_refused),
        TLS_TEST(test_engine_connect__a_certificate_of_another_host_is_refused),
        TLS_TEST(test_engine_connect__an_expired_certificate_is_refused),
        TLS_TEST(test_engine_connect__a_file_without_certificates_is_named),
        TLS_TEST(test_engine_connect__a_plain_server_on_a_tls_url_is_said),
        TLS_TEST(test_engine_connect__a_tls_server_on_a_plain_url_is_said),
    };
    if (!getenv("FIRESTEEL_SPARK_TOKEN_URL")) {
        printf("SKIP test_connect_tls: FIRESTEEL_SPARK_TOKEN_URL names no server\n");
        return 0;
    }
    if (getenv("FIRESTEEL_TEST_ONLY"))
        cmocka_set_test_filter(getenv("FIRESTEEL_TEST_ONLY"));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
