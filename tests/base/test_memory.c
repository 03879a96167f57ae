/* Buffers that know their maximum, arenas, maps that grow, errors. */
#include "firesteel/base.h"

#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_base_buf__bounds_single_characters_too(void **state)
{
    struct fst_buf b = FST_BUF(3);
    (void)state;
    for (int i = 0; i < 5; i++)
        fst_buf_addc(&b, 'x');
    assert_string_equal(fst_buf_text(&b), "xxx");
    assert_true(b.over);
    fst_buf_done(&b);
}

static void test_base_buf__writes_integers_as_printf_does(void **state)
{
    static const int64_t all[] = {0, 7, -7, 10, 1234567890123, INT64_MAX, INT64_MIN};
    (void)state;
    for (size_t i = 0; i < FST_COUNT(all); i++)
        for (int width = 0; width < 24; width += 4) {
            struct fst_buf b = FST_BUF_TEXT, expected = FST_BUF_TEXT;
            fst_buf_int(&b, all[i], width);
            fst_buf_printf(&expected, "%0*lld", width + (all[i] < 0), (long long)all[i]);
            assert_string_equal(fst_buf_text(&b), fst_buf_text(&expected));
            fst_buf_done(&b);
            fst_buf_done(&expected);
        }
}

static void test_base_buf__knows_how_many_digits_there_are(void **state)
{
    (void)state;
    for (uint64_t ten = 1; ten <= INT64_MAX / 10; ten *= 10)
        for (int64_t v = (int64_t)ten * 10 - 1; v <= (int64_t)ten * 10 + 1; v++) {
            char put[FST_PUT_MAX + 1] = "", expected[32];
            *fst_put_int(put, -v) = '\0';
            snprintf(expected, sizeof(expected), "-%lld", (long long)v);
            assert_string_equal(put, expected);
        }
}

static void test_base_buf__drops_what_goes_over_its_maximum(void **state)
{
    struct fst_buf b = FST_BUF(8);

    (void)state;
    assert_string_equal(fst_buf_text(&b), "");
    fst_buf_adds(&b, "12345");
    fst_buf_adds(&b, "6789");
    assert_true(b.over);
    assert_string_equal(fst_buf_text(&b), "12345");
    fst_buf_repeat(&b, 'x', 3);
    assert_string_equal(fst_buf_text(&b), "12345xxx");
    fst_buf_add(&b, "", SIZE_MAX);
    assert_int_equal(b.n, 8);
    fst_buf_clear(&b);
    assert_false(b.over);
    assert_string_equal(fst_buf_text(&b), "");
    fst_buf_done(&b);
}

static void test_base_buf__prints_long_texts_and_gives_them_away(void **state)
{
    struct fst_buf b = FST_BUF_TEXT;
    char long_text[1001];

    (void)state;
    memset(long_text, 'a', 1000);
    long_text[1000] = '\0';
    fst_buf_printf(&b, "%s-%d", long_text, 7);
    assert_int_equal(b.n, 1002);
    char *taken = fst_buf_take(&b);
    assert_string_equal(taken + 1000, "-7");
    free(taken);
    assert_int_equal(b.n, 0);
    taken = fst_buf_take(&b);
    assert_string_equal(taken, "");
    free(taken);
}

static void test_base_arena__gives_zeroed_aligned_memory_of_any_size(void **state)
{
    struct fst_arena *a = fst_arena_new();

    (void)state;
    for (size_t n = 0; n < 3000; n += 7) {
        char *p = fst_arena_alloc(a, n);
        assert_int_equal((uintptr_t)p % 16, 0);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xAA, n);
    }
    memset(fst_arena_alloc(a, 5 << 20), 1, 5 << 20);
    assert_string_equal(fst_arena_printf(a, "%s=%d", "x", 3), "x=3");
    assert_string_equal(fst_arena_strndup(a, "abc", 2), "ab");
    assert_null(fst_arena_strdup(a, NULL));
    assert_true(fst_arena_size(a) >= 5 << 20);
    fst_arena_free(a);
    fst_arena_free(NULL);
}

static void test_base_map__finds_every_key_and_keeps_their_order(void **state)
{
    struct fst_map *m = fst_map_new();
    char key[16];

    (void)state;
    assert_null(fst_map_get(m, "k0"));
    for (int i = 0; i < 5000; i++) {
        snprintf(key, sizeof key, "k%d", i);
        assert_null(fst_map_set(m, key, fst_strdup(key)));
    }
    for (int i = 0; i < 5000; i++) {
        snprintf(key, sizeof key, "k%d", i);
        assert_string_equal(fst_map_get(m, key), key);
        assert_string_equal(fst_map_key_at(m, (size_t)i), key);
    }
    char *old = fst_map_set(m, "k7", NULL);
    assert_string_equal(old, "k7");
    free(old);
    assert_int_equal(fst_map_size(m), 5000);
    assert_null(fst_map_get(m, "k7"));
    assert_string_equal(fst_map_getn(m, "k12xx", 3), "k12");
    assert_null(fst_map_get(m, ""));
    fst_map_free(m, free);
}

static void test_base_error__keeps_what_fits_and_says_where(void **state)
{
    struct fst_error err = {0};
    char long_text[3000];

    (void)state;
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    assert_int_equal(fst_fail(&err, FST_EINVAL, "%s", long_text), FST_EINVAL);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    fst_fail(&err, FST_EFORMAT, "bad %d", 1);
    fst_fail(&err, err.status, "again: %s", err.text);
    fst_while(&err, "reading %s", "f");
    assert_string_equal(err.text, "reading f: again: bad 1");
    errno = EACCES;
    assert_int_equal(fst_fail_errno(&err, "f"), FST_EDENIED);
    assert_int_equal(err.code, EACCES);
    assert_int_equal(fst_fail(NULL, FST_ENET, "x"), FST_ENET);
    for (int s = FST_OK; s <= FST_ECONFLICT; s++)
        assert_string_not_equal(fst_status_name((enum fst_status)s), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base_buf__bounds_single_characters_too),
        cmocka_unit_test(test_base_buf__writes_integers_as_printf_does),
        cmocka_unit_test(test_base_buf__knows_how_many_digits_there_are),
        cmocka_unit_test(test_base_buf__drops_what_goes_over_its_maximum),
        cmocka_unit_test(test_base_buf__prints_long_texts_and_gives_them_away),
        cmocka_unit_test(test_base_arena__gives_zeroed_aligned_memory_of_any_size),
        cmocka_unit_test(test_base_map__finds_every_key_and_keeps_their_order),
        cmocka_unit_test(test_base_error__keeps_what_fits_and_says_where),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
