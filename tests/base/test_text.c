/* Near misses, hashes, identifiers; widths beside the C library's own. */
#include "firesteel/base.h"

#include <locale.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

static void test_base_text__suggests_the_nearest_name_or_none(void **state)
{
    static const char *const names[] = {"apply", "plan", "preview", "status"};

    (void)state;
    assert_string_equal(fst_text_nearest("aply", names, 4), "apply");
    assert_string_equal(fst_text_nearest("pre-view", names, 4), "preview");
    assert_null(fst_text_nearest("xyzzy", names, 4));
    assert_null(fst_text_nearest("plan", names, 0));
}

static void test_base_text__measures_distance_up_to_the_cut_off(void **state)
{
    char longer[300];

    (void)state;
    assert_int_equal(fst_text_distance("kitten", "sitting", 9), 3);
    assert_int_equal(fst_text_distance("", "abc", 9), 3);
    assert_true(fst_text_distance("abcdef", "uvwxyz", 2) > 2);
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    assert_true(fst_text_distance(longer, "a", 5) > 5);
}

static void test_base_text__hashes_as_the_standard_says(void **state)
{
    char hex[65];

    (void)state;
    fst_sha256_hex("abc", 3, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    fst_sha256_hex(NULL, 0, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

/* Short ones are made here, long ones by the library: the same, at every length around the ends of
 * blocks. */
static void test_base_text__hashes_short_texts_as_the_library_does(void **state)
{
    enum { MOST = 70000 };
    char *bytes = fst_alloc(MOST), hex[65];
    uint8_t digest[FST_DIGEST_MAX];
    struct fst_buf expected = FST_BUF(64);

    (void)state;
    for (size_t i = 0; i < MOST; i++)
        bytes[i] = (char)(i * 31 + i / 251);
    for (size_t n = 0; n <= MOST; n += n < 300 ? 1 : 6971) {
        assert_int_equal(fst_digest(FST_SHA256, bytes, n, digest), 32);
        fst_buf_clear(&expected);
        fst_hex(&expected, digest, 32);
        fst_sha256_hex(bytes, n, hex);
        if (strcmp(hex, fst_buf_text(&expected)) != 0)
            fail_msg("%zu bytes: %s, not %s", n, hex, fst_buf_text(&expected));
    }
    fst_buf_done(&expected);
    free(bytes);
}

static void test_base_text__makes_random_uuids_of_version_four(void **state)
{
    char a[37], b[37];

    (void)state;
    fst_uuid4(a);
    fst_uuid4(b);
    assert_int_equal(strlen(a), 36);
    assert_int_equal(a[14], '4');
    assert_non_null(strchr("89ab", a[19]));
    assert_string_not_equal(a, b);
}

/* Every character that the C library gives a width and that is not shown escaped. */
static void test_base_text__agrees_with_wcwidth_on_every_character(void **state)
{
    char bytes[4];
    struct fst_buf shown = FST_BUF_TEXT;
    int compared = 0;

    (void)state;
    if (!setlocale(LC_CTYPE, "C.UTF-8")) {
        print_message("SKIP no C.UTF-8 locale\n");
        return;
    }
    for (uint32_t cp = 0x20; cp < 0x110000; cp++) {
        int expected = wcwidth((wchar_t)cp);
        size_t n = fst_utf8_encode(cp, bytes);
        fst_buf_clear(&shown);
        fst_text_escape(&shown, bytes, n);
        if (expected < 0 || shown.n != n)
            continue;
        if (fst_text_width(bytes, n) != (size_t)expected)
            fail_msg("U+%04X: %zu columns, not %d", cp, fst_text_width(bytes, n), expected);
        compared++;
    }
    assert_true(compared > 200000);
    fst_buf_done(&shown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base_text__suggests_the_nearest_name_or_none),
        cmocka_unit_test(test_base_text__measures_distance_up_to_the_cut_off),
        cmocka_unit_test(test_base_text__hashes_as_the_standard_says),
        cmocka_unit_test(test_base_text__hashes_short_texts_as_the_library_does),
        cmocka_unit_test(test_base_text__makes_random_uuids_of_version_four),
        cmocka_unit_test(test_base_text__agrees_with_wcwidth_on_every_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
