/* What people type to leave rows out. */
#include "firesteel/base.h"

#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

static bool fits(const char *filter, const char *text)
{
    struct fst_filter *f = fst_filter_new(filter);
    bool is = fst_filter_fits(f, &text, 1);
    fst_filter_free(f);
    return is;
}

static void test_base_filter__a_text_is_found_in_either_case(void **state)
{
    (void)state;
    assert_true(fits("", "anything"));
    assert_true(fits("SPEND", "daily_spend"));
    assert_false(fits("spent", "daily_spend"));
    assert_true(fits("a.b", "A.B"));
    assert_false(fits("a.b", "axb"));
}

static void test_base_filter__a_mark_turns_it_round(void **state)
{
    const char *texts[] = {"daily_spend", NULL, "v1"};
    (void)state;
    assert_false(fits("!spend", "daily_spend"));
    assert_true(fits("!spend", "customers"));
    assert_true(fits("!", "anything"));
    struct fst_filter *f = fst_filter_new("!v1");
    assert_false(fst_filter_fits(f, texts, 3));
    assert_true(fst_filter_fits(f, texts, 2));
    fst_filter_free(f);
}

static void test_base_filter__signs_make_an_expression(void **state)
{
    (void)state;
    assert_true(fits("^daily|weekly$", "Daily_spend"));
    assert_false(fits("^spend", "daily_spend"));
    assert_true(fits("!^spend", "daily_spend"));
    assert_true(fits("sp[ea]+nd", "daily_spend"));
    /* while it is typed it is none: as it stands */
    assert_true(fits("f(", "f(x)"));
    assert_false(fits("f(", "f x"));
}

static void test_base_filter__letters_in_their_order(void **state)
{
    size_t at, len;
    (void)state;
    assert_true(fits("~dsp", "daily_spend"));
    assert_false(fits("~psd", "daily_spend"));
    assert_true(fits("!~psd", "daily_spend"));
    struct fst_filter *f = fst_filter_new("~lsp");
    assert_true(fst_filter_find(f, "daily_spend", 11, &at, &len));
    assert_int_equal(at, 3);
    assert_int_equal(len, 5);
    fst_filter_free(f);
}

static void test_base_filter__no_expression_takes_for_ever(void **state)
{
    char text[5000];
    (void)state;
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_false(fits("(a+)+$b", text));
    assert_false(fits("((a*)*)*b\\1", text));
}

static void test_base_filter__bytes_that_are_no_text_are_looked_through(void **state)
{
    (void)state;
    assert_true(fits("b+$", "\xff\xfe bb"));
    assert_true(fits("BB", "\xff\xfe bb"));
    assert_false(fits("[", "\xff"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base_filter__a_text_is_found_in_either_case),
        cmocka_unit_test(test_base_filter__a_mark_turns_it_round),
        cmocka_unit_test(test_base_filter__signs_make_an_expression),
        cmocka_unit_test(test_base_filter__letters_in_their_order),
        cmocka_unit_test(test_base_filter__no_expression_takes_for_ever),
        cmocka_unit_test(test_base_filter__bytes_that_are_no_text_are_looked_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
