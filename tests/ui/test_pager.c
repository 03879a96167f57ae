#include "ui_test.h"

static struct fst_pager_line line(void *arg, size_t i)
{
    static char text[64];
    int n = i == 70 ? snprintf(text, sizeof text, "Found it\n")
                    : snprintf(text, sizeof text, "line %zu\tend", i);
    (void)arg;
    return (struct fst_pager_line){text, (size_t)n, FST_ROLE_TEXT};
}

static struct fst_pager pager_of(size_t n)
{
    return (struct fst_pager){.n_lines = n, .line = line};
}

static void test_ui_pager__shows_tabs_as_spaces(void **state)
{
    struct fst_pager p = pager_of(5);
    struct screen *t = screen_new(2, 30);
    (void)state;
    fst_pager_draw(&p, &t->s);
    assert_string_equal(screen_row(t, 1), "line 1  end");
    screen_free(t);
}

static void test_ui_pager__follows_until_one_looks_back(void **state)
{
    struct fst_pager p = pager_of(10);
    struct screen *t = screen_new(4, 30);
    (void)state;
    p.follow = true;
    fst_pager_draw(&p, &t->s);
    assert_int_equal(p.top, 6);
    p.n_lines = 20;
    fst_pager_draw(&p, &t->s);
    assert_int_equal(p.top, 16);
    fst_pager_action(&p, "pager.up");
    p.n_lines = 30;
    fst_pager_draw(&p, &t->s);
    assert_int_equal(p.top, 15);
    fst_pager_action(&p, "pager.follow");
    fst_pager_draw(&p, &t->s);
    assert_int_equal(p.top, 26);
    screen_free(t);
}

static void test_ui_pager__a_word_that_is_typed_is_found_once(void **state)
{
    struct fst_pager p = pager_of(100);
    struct screen *t = screen_new(10, 30);
    (void)state;
    fst_pager_draw(&p, &t->s);
    strcpy(p.find, "fo");
    fst_pager_action(&p, "pager.next");
    strcpy(p.find, "found");
    fst_pager_action(&p, "pager.next");
    fst_pager_draw(&p, &t->s);
    assert_int_equal(p.match, 70);
    assert_true(p.top <= 70 && p.top > 60);
    int row = 70 - (int)p.top;
    assert_string_equal(screen_row(t, row), "Found it");
    assert_int_equal(screen_role(t, row, 4), FST_ROLE_MATCH);
    assert_int_equal(screen_role(t, row, 5), FST_ROLE_TEXT);
    screen_free(t);
}

static void test_ui_pager__next_goes_around_and_previous_back(void **state)
{
    struct fst_pager p = pager_of(100);
    struct screen *t = screen_new(10, 30);
    (void)state;
    fst_pager_draw(&p, &t->s);
    strcpy(p.find, "line 9");
    fst_pager_action(&p, "pager.next");
    assert_int_equal(p.match, 9);
    fst_pager_action(&p, "pager.next");
    assert_int_equal(p.match, 90);
    fst_pager_action(&p, "pager.previous");
    assert_int_equal(p.match, 9);
    fst_pager_action(&p, "pager.previous");
    assert_int_equal(p.match, 99);
    screen_free(t);
}

static void test_ui_pager__sideways_scrolling_stays_when_lines_come(void **state)
{
    struct fst_pager p = pager_of(1);
    struct screen *t = screen_new(2, 30);
    (void)state;
    fst_pager_action(&p, "pager.right");
    p.n_lines = 2;
    fst_pager_draw(&p, &t->s);
    assert_int_equal(p.left, 16);
    assert_string_equal(screen_row(t, 0), "");
    fst_pager_action(&p, "pager.left");
    fst_pager_action(&p, "pager.left");
    assert_int_equal(p.left, 0);
    screen_free(t);
}

static void test_ui_pager__does_not_go_beyond_its_lines(void **state)
{
    struct fst_pager p = pager_of(5);
    struct screen *t = screen_new(3, 30);
    (void)state;
    fst_pager_draw(&p, &t->s);
    for (int i = 0; i < 9; i++)
        fst_pager_action(&p, "pager.pagedown");
    assert_int_equal(p.top, 2);
    p.n_lines = 0;
    strcpy(p.find, "x");
    fst_pager_action(&p, "pager.next");
    fst_pager_draw(&p, &t->s);
    assert_int_equal(p.top, 0);
    screen_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ui_pager__shows_tabs_as_spaces),
        cmocka_unit_test(test_ui_pager__follows_until_one_looks_back),
        cmocka_unit_test(test_ui_pager__a_word_that_is_typed_is_found_once),
        cmocka_unit_test(test_ui_pager__next_goes_around_and_previous_back),
        cmocka_unit_test(test_ui_pager__sideways_scrolling_stays_when_lines_come),
        cmocka_unit_test(test_ui_pager__does_not_go_beyond_its_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
