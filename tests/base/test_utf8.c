/* Code points, clusters, columns, and data made safe to show. */
#include "firesteel/base.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static size_t width(const char *text)
{
    return fst_text_width(text, strlen(text));
}

static void assert_escaped(const char *text, size_t n, const char *expected)
{
    struct fst_buf out = FST_BUF_TEXT;
    fst_text_escape(&out, text, n);
    assert_string_equal(fst_buf_text(&out), expected);
    fst_buf_done(&out);
}

static void test_base_utf8__decodes_what_it_encodes(void **state)
{
    static const uint32_t all[] = {1, 0x7F, 0x80, 0x7FF, 0x800, 0xFFFD, 0xFFFF, 0x10000, 0x10FFFF};
    char bytes[4];
    uint32_t cp;

    (void)state;
    for (size_t i = 0; i < FST_COUNT(all); i++) {
        size_t n = fst_utf8_encode(all[i], bytes);
        assert_int_equal(fst_utf8_decode(bytes, n, &cp), n);
        assert_int_equal(cp, all[i]);
    }
    assert_int_equal(fst_utf8_encode(0xD800, bytes), 3);
    assert_memory_equal(bytes, "\xEF\xBF\xBD", 3);
}

static void test_base_utf8__steps_one_byte_over_what_is_malformed(void **state)
{
    static const char *const bad[] = {
        "\x80", "\xC3", "\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE2\x82", "\xF0\x9F\x98"};
    uint32_t cp;

    (void)state;
    for (size_t i = 0; i < FST_COUNT(bad); i++) {
        assert_int_equal(fst_utf8_decode(bad[i], strlen(bad[i]), &cp), 1);
        assert_int_equal(cp, 0xFFFD);
        assert_false(fst_utf8_valid(bad[i], strlen(bad[i])));
    }
    assert_int_equal(fst_utf8_decode("", 0, &cp), 0);
    assert_true(fst_utf8_valid("\xEF\xBF\xBD", 3));
}

static void test_base_utf8__reads_no_byte_past_the_given_length(void **state)
{
    char *three = malloc(3); /* the heap, so that the sanitizer sees a byte too many */
    uint32_t cp;

    (void)state;
    memcpy(three, "\xF0\x9F\x98", 3);
    assert_int_equal(fst_utf8_decode(three, 3, &cp), 1);
    assert_int_equal(fst_utf8_length(three, 3), 3);
    assert_int_equal(fst_text_width(three, 3), 12);
    assert_escaped(three, 3, "\\xF0\\x9F\\x98");
    free(three);
}

static void test_base_utf8__makes_control_characters_and_reordering_visible(void **state)
{
    (void)state;
    assert_escaped("a\tb\n\r\x1b[31m", 10, "a\\tb\\n\\r\\e[31m");
    assert_escaped("\0x\x7f", 3, "\\x00x\\x7F");
    assert_escaped("\xC2\x9B", 2, "\\x9B"); /* C1: CSI in one character */
    assert_escaped("a\xE2\x80\xAE"
                   "b",
                   5, "a\\u{202E}b"); /* right-to-left override */
    assert_escaped("\xFF\xC3", 2, "\\xFF\\xC3");
    assert_escaped("\xEF\xBF\xBD", 3, "\xEF\xBF\xBD"); /* a real replacement character */
    assert_escaped("größe 名", strlen("größe 名"), "größe 名");
}

static void test_base_utf8__what_does_not_fit_is_cut_at_a_character(void **state)
{
    struct fst_buf seven = FST_BUF(7), three = FST_BUF(3), none = FST_BUF(4);
    (void)state;
    fst_text_escape(&seven, "ab\tgröße\n", strlen("ab\tgröße\n"));
    assert_string_equal(fst_buf_text(&seven), "ab\\tgr");
    fst_text_escape(&three, "größe", strlen("größe"));
    assert_string_equal(fst_buf_text(&three), "gr");
    fst_text_escape(&none, "\t\t\tabc", 6);
    assert_string_equal(fst_buf_text(&none), "\\t\\t");
    assert_true(seven.over && three.over && none.over);
    fst_buf_done(&seven);
    fst_buf_done(&three);
    fst_buf_done(&none);
}

static void test_base_utf8__counts_columns_as_a_terminal_does(void **state)
{
    (void)state;
    assert_int_equal(width(""), 0);
    assert_int_equal(width("größe"), 5);
    assert_int_equal(width("gro\xCC\x88\xC3\x9F"
                           "e"),
                     5); /* a combining mark takes no column */
    assert_int_equal(width("名前"), 4);
    assert_int_equal(width("\xF0\x9F\x98\x80"), 2);
    assert_int_equal(width("\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7"), 2); /* joined */
    assert_int_equal(width("\t"), 2); /* as it is shown: \t */
}

static void test_base_utf8__is_as_wide_as_what_it_shows(void **state)
{
    static const char *const all[] = {"a\x1b[0m", "\xC2\x85", "\xE2\x80\xAE", "\xFFz", "名\n前"};

    (void)state;
    for (size_t i = 0; i < FST_COUNT(all); i++) {
        struct fst_buf shown = FST_BUF_TEXT;
        fst_text_escape(&shown, all[i], strlen(all[i]));
        assert_int_equal(width(all[i]), width(fst_buf_text(&shown)));
        fst_buf_done(&shown);
    }
}

static void test_base_utf8__fits_whole_clusters(void **state)
{
    const char *text = "a名o\xCC\x88z";
    size_t n = strlen(text), used;

    (void)state;
    assert_int_equal(fst_text_fit(text, n, 0, &used), 0);
    assert_int_equal(fst_text_fit(text, n, 2, &used), 1); /* no half of a wide character */
    assert_int_equal(used, 1);
    assert_int_equal(fst_text_fit(text, n, 4, &used), 7); /* the mark stays with its letter */
    assert_int_equal(used, 4);
    assert_int_equal(fst_text_fit(text, n, 99, NULL), n);
}

static void test_base_utf8__clusters_cover_any_bytes(void **state)
{
    char bytes[256];

    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(255 - i);
    size_t at = 0;
    for (size_t step; (step = fst_text_cluster(bytes + at, sizeof bytes - at)) > 0;)
        at += step;
    assert_int_equal(at, sizeof bytes);
    assert_int_equal(fst_text_cluster("", 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base_utf8__decodes_what_it_encodes),
        cmocka_unit_test(test_base_utf8__steps_one_byte_over_what_is_malformed),
        cmocka_unit_test(test_base_utf8__reads_no_byte_past_the_given_length),
        cmocka_unit_test(test_base_utf8__makes_control_characters_and_reordering_visible),
        cmocka_unit_test(test_base_utf8__what_does_not_fit_is_cut_at_a_character),
        cmocka_unit_test(test_base_utf8__counts_columns_as_a_terminal_does),
        cmocka_unit_test(test_base_utf8__is_as_wide_as_what_it_shows),
        cmocka_unit_test(test_base_utf8__fits_whole_clusters),
        cmocka_unit_test(test_base_utf8__clusters_cover_any_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
