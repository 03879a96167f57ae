#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "firesteel/io.h"
#include "grpc.h"

struct heard {
    char text[64];
    size_t n_messages;
    size_t stop_after;
};

static bool hear(void *arg, const void *p, size_t n)
{
    struct heard *h = arg;
    size_t at = strlen(h->text);
    memcpy(h->text + at, p, n);
    h->text[at + n] = '|';
    h->text[at + n + 1] = 0;
    return ++h->n_messages != h->stop_after;
}

static const char two_messages[] = "\0\0\0\0\3abc\0\0\0\0\0\0\0\0\0\2de";
#define TWO_MESSAGES (sizeof(two_messages) - 1)

static void test_io_grpc__puts_messages_together_wherever_they_are_cut(void **state)
{
    (void)state;
    for (size_t cut = 0; cut <= TWO_MESSAGES; cut++) {
        struct heard h = {.n_messages = 0};
        struct grpc_frames f = {.on_message = hear, .arg = &h, .max_message = 100};
        assert_int_equal(grpc_frames_feed(&f, two_messages, cut, NULL), FST_OK);
        assert_int_equal(grpc_frames_feed(&f, two_messages + cut, TWO_MESSAGES - cut, NULL),
                         FST_OK);
        assert_string_equal(h.text, "abc||de|");
        assert_false(grpc_frames_cut(&f));
        fst_buf_done(&f.body);
    }
}

static void test_io_grpc__sees_a_message_that_is_cut_short(void **state)
{
    (void)state;
    struct heard h = {.n_messages = 0};
    struct grpc_frames f = {.on_message = hear, .arg = &h, .max_message = 100};
    assert_int_equal(grpc_frames_feed(&f, two_messages, TWO_MESSAGES - 1, NULL), FST_OK);
    assert_true(grpc_frames_cut(&f));
    fst_buf_done(&f.body);
}

static void test_io_grpc__refuses_large_and_compressed_messages(void **state)
{
    (void)state;
    struct heard h = {.n_messages = 0};
    struct grpc_frames f = {.on_message = hear, .arg = &h, .max_message = 2};
    assert_int_equal(grpc_frames_feed(&f, two_messages, TWO_MESSAGES, NULL), FST_ENOMEM);
    struct grpc_frames g = {.on_message = hear, .arg = &h, .max_message = 100};
    assert_int_equal(grpc_frames_feed(&g, "\1\0\0\0\1x", 6, NULL), FST_EFORMAT);
    assert_int_equal(h.n_messages, 0);
}

static void test_io_grpc__stops_when_told(void **state)
{
    (void)state;
    struct heard h = {.stop_after = 1};
    struct grpc_frames f = {.on_message = hear, .arg = &h, .max_message = 100};
    assert_int_equal(grpc_frames_feed(&f, two_messages, TWO_MESSAGES, NULL), FST_ECANCELLED);
    assert_string_equal(h.text, "abc|");
    fst_buf_done(&f.body);
}

static void test_io_grpc__decodes_percent_escapes(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"plain", "plain"}, {"a%20b%0Ac", "a b\nc"}, {"%E6%97%A5", "\xe6\x97\xa5"},
        {"50%", "50%"},     {"%zz%4", "%zz%4"},      {"x%00y", "x%00y"},
    };
    for (size_t i = 0; i < FST_COUNT(rows); i++) {
        char *text = grpc_percent_decode(rows[i][0]);
        assert_string_equal(text, rows[i][1]);
        free(text);
    }
}

static void test_io_grpc__decodes_base64_with_and_without_padding(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"aGVsbG8=", "hello"}, {"aGVsbG8", "hello"}, {"aGk", "hi"}, {"", ""}, {"YWJj", "abc"},
    };
    for (size_t i = 0; i < FST_COUNT(rows); i++) {
        struct fst_buf out = FST_BUF(100);
        assert_true(grpc_base64_decode(&out, rows[i][0]));
        assert_string_equal(fst_buf_text(&out), rows[i][1]);
        fst_buf_done(&out);
    }
    struct fst_buf out = FST_BUF(100);
    assert_false(grpc_base64_decode(&out, "a*b"));
    assert_false(grpc_base64_decode(&out, "aG=k"));
    fst_buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_io_grpc__puts_messages_together_wherever_they_are_cut),
        cmocka_unit_test(test_io_grpc__sees_a_message_that_is_cut_short),
        cmocka_unit_test(test_io_grpc__refuses_large_and_compressed_messages),
        cmocka_unit_test(test_io_grpc__stops_when_told),
        cmocka_unit_test(test_io_grpc__decodes_percent_escapes),
        cmocka_unit_test(test_io_grpc__decodes_base64_with_and_without_padding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
