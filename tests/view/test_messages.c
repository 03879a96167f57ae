/* What was said: the last ones stay, the same twice is one, what is dim is not kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "view.h"

static struct wb wb;

static int forget(void **state)
{
    (void)state;
    messages_done(&wb);
    return 0;
}

static void say(enum fst_role role, size_t number)
{
    char text[32];
    snprintf(text, sizeof text, "message %zu", number);
    messages_keep(&wb, role, text);
}

static const char *text_of(size_t i)
{
    return wb.said[i].line + wb.said[i].text_at;
}

static void test_messages__the_last_ones_stay(void **state)
{
    (void)state;
    for (size_t i = 0; i < FST_COUNT(wb.said) + 3; i++)
        say(FST_ROLE_INFO, i);
    assert_int_equal(wb.n_said, FST_COUNT(wb.said));
    assert_string_equal(text_of(0), "message 3");
    assert_string_equal(text_of(wb.n_said - 1), "message 202");
}

static void test_messages__the_same_twice_is_one(void **state)
{
    (void)state;
    say(FST_ROLE_INFO, 1);
    say(FST_ROLE_ERROR, 1);
    say(FST_ROLE_INFO, 2);
    assert_int_equal(wb.n_said, 2);
    assert_int_equal(wb.said[0].role, FST_ROLE_ERROR);
}

static void test_messages__hints_are_not_kept(void **state)
{
    (void)state;
    say(FST_ROLE_DIM, 1);
    assert_int_equal(wb.n_said, 0);
}

#define WITH_NONE(test) cmocka_unit_test_teardown(test, forget)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_NONE(test_messages__the_last_ones_stay),
        WITH_NONE(test_messages__the_same_twice_is_one),
        WITH_NONE(test_messages__hints_are_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
