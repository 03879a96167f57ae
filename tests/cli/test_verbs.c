/* The table of verbs, and statuses as exit codes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli.h"

static void test_cli_verbs__names_are_unique_and_complete(void **state)
{
    (void)state;
    for (size_t i = 0; i < fst_n_verbs; i++) {
        assert_non_null(fst_verbs[i].run);
        assert_true(fst_verbs[i].help[0] != '\0');
        for (size_t k = i + 1; k < fst_n_verbs; k++)
            assert_string_not_equal(fst_verbs[i].name, fst_verbs[k].name);
    }
}

static void test_cli_verbs__no_option_hides_a_global_one(void **state)
{
    (void)state;
    for (size_t i = 0; i < fst_n_verbs; i++)
        for (size_t k = 0; k < fst_verbs[i].n_options; k++)
            for (size_t g = 0; g < fst_n_global_options; g++) {
                const struct fst_cli_option *own = &fst_verbs[i].options[k],
                                            *all = &fst_global_options[g];
                assert_string_not_equal(own->name, all->name);
                if (own->letter && own->letter == all->letter)
                    fail_msg("%s: -%c is global", fst_verbs[i].name, own->letter);
            }
}

static void test_cli_answer__statuses_have_their_exit_codes(void **state)
{
    (void)state;
    assert_int_equal(cli_exit_code(FST_OK), 0);
    assert_int_equal(cli_exit_code(FST_EREMOTE), 1);
    assert_int_equal(cli_exit_code(FST_EINVAL), 2);
    assert_int_equal(cli_exit_code(FST_ENOTFOUND), 3);
    assert_int_equal(cli_exit_code(FST_ECONFLICT), 3);
    assert_int_equal(cli_exit_code(FST_ENET), 4);
    assert_int_equal(cli_exit_code(FST_EDENIED), 4);
    assert_int_equal(cli_exit_code(FST_ECANCELLED), 130);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cli_verbs__names_are_unique_and_complete),
        cmocka_unit_test(test_cli_verbs__no_option_hides_a_global_one),
        cmocka_unit_test(test_cli_answer__statuses_have_their_exit_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
