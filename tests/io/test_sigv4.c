/* Signatures against those that another signer (botocore) made for the same requests:
 * data/sigv4.json. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sigv4.h"

#define MAX_PAIRS 40

static size_t pairs(const struct fst_doc *list, struct fst_http_header *out)
{
    assert_true(list->n <= MAX_PAIRS);
    for (size_t i = 0; i < list->n; i++)
        out[i] = (struct fst_http_header){list->items[i].items[0].text.p,
                                          list->items[i].items[1].text.p};
    return list->n;
}

/* One case; how many of canonical text and authorization are wrong. */
static int wrong(const struct fst_doc *c)
{
    struct fst_http_header query[MAX_PAIRS], headers[MAX_PAIRS];
    struct sigv4_key key = {
        .access_key = fst_doc_string(c, "access_key", NULL),
        .secret_key = fst_doc_string(c, "secret_key", NULL),
        .session_token = fst_doc_string(c, "session_token", NULL),
        .region = fst_doc_string(c, "region", NULL),
        .service = fst_doc_string(c, "service", NULL),
    };
    snprintf(key.date, sizeof key.date, "%s", fst_doc_string(c, "date", ""));
    const char *payload = fst_doc_string(c, "payload", "");
    const char *body = fst_doc_string(c, "body", "");
    char hash[65];
    fst_sha256_hex(body, strlen(body), hash);
    struct sigv4_request rq = {
        .method = fst_doc_string(c, "method", NULL),
        .host = fst_doc_string(c, "host", NULL),
        .path = fst_doc_string(c, "path", NULL),
        .query = query,
        .n_query = pairs(fst_doc_get(c, "query"), query),
        .headers = headers,
        .n_headers = pairs(fst_doc_get(c, "headers"), headers),
        .payload = strcmp(payload, "unsigned") == 0 ? "UNSIGNED-PAYLOAD" : hash,
        .sends_payload_hash = strcmp(payload, "none") != 0,
    };
    struct sigv4_signed s;
    sigv4_sign(&key, &rq, &s);
    int n = strcmp(fst_buf_text(&s.canonical), fst_doc_string(c, "canonical", "")) != 0;
    if (n)
        print_error("%s:\n%s\nshould be\n%s\n", fst_doc_string(c, "name", ""),
                    fst_buf_text(&s.canonical), fst_doc_string(c, "canonical", ""));
    n += strcmp(fst_buf_text(&s.authorization), fst_doc_string(c, "authorization", "")) != 0;
    sigv4_signed_done(&s);
    return n;
}

static void every_request_is_signed_as_botocore_signs_it(void **state)
{
    (void)state;
    char *text;
    size_t n;
    struct fst_error err = {0};
    assert_int_equal(fst_file_read("tests/io/data/sigv4.json", 1 << 20, &text, &n, &err), FST_OK);
    struct fst_arena *a = fst_arena_new();
    struct fst_doc *cases;
    if (fst_json_parse(a, "sigv4.json", text, n, NULL, &cases, &err) != FST_OK)
        fail_msg("%s", err.text);
    assert_true(cases->n > 50);
    int bad = 0;
    for (size_t i = 0; i < cases->n; i++)
        bad += wrong(&cases->items[i]);
    assert_int_equal(bad, 0);
    fst_arena_free(a);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_request_is_signed_as_botocore_signs_it),
    };
    return cmocka_run_group_tests_name("sigv4", tests, NULL, NULL);
}
