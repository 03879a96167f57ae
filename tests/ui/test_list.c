#include "ui_test.h"

static const struct fst_list_column columns[] = {
    {"name", 6, 12, false}, {"n", 4, 4, true}, {"about", 8, 0, false}};

static enum fst_role cell(void *arg, size_t row, size_t col, struct fst_buf *out)
{
    (void)arg;
    if (col == 0)
        fst_buf_printf(out, "row%zu", row);
    else if (col == 1)
        fst_buf_printf(out, "%zu", row * 10);
    else
        fst_buf_adds(out, row == 3 ? "a Needle in hay" : "hay");
    return col == 2 ? FST_ROLE_DIM : FST_ROLE_TEXT;
}

static struct fst_list list_of(size_t n)
{
    return (struct fst_list){
        .columns = columns, .n_columns = FST_COUNT(columns), .n_rows = n, .cell = cell};
}

static void test_ui_list__draws_a_header_and_rows(void **state)
{
    struct fst_list l = list_of(3);
    struct screen *t = screen_new(5, 30);
    (void)state;
    fst_list_draw(&l, &t->s);
    assert_string_equal(screen_row(t, 0), " name           n about");
    assert_string_equal(screen_row(t, 2), " row1          10 hay");
    assert_string_equal(screen_row(t, 4), "");
    assert_int_equal(screen_role(t, 1, 29), FST_ROLE_CURSOR);
    assert_int_equal(screen_role(t, 2, 18), FST_ROLE_DIM);
    assert_int_equal(l.page_rows, 4);
    screen_free(t);
}

static void test_ui_list__the_cursor_stays_in_sight(void **state)
{
    struct fst_list l = list_of(100);
    struct screen *t = screen_new(6, 30);
    (void)state;
    fst_list_draw(&l, &t->s);
    for (int i = 0; i < 7; i++)
        assert_true(fst_list_action(&l, "list.down"));
    fst_list_draw(&l, &t->s);
    assert_int_equal(l.top, 3);
    assert_true(fst_list_action(&l, "list.bottom"));
    fst_list_draw(&l, &t->s);
    assert_int_equal(l.cursor, 99);
    assert_int_equal(l.top, 95);
    assert_true(fst_list_action(&l, "list.pageup"));
    assert_int_equal(l.cursor, 95);
    assert_true(fst_list_action(&l, "list.top"));
    fst_list_draw(&l, &t->s);
    assert_int_equal(l.top, 0);
    screen_free(t);
}

static void test_ui_list__a_list_that_shrinks_keeps_its_cursor_inside(void **state)
{
    struct fst_list l = list_of(50);
    struct screen *t = screen_new(6, 30);
    (void)state;
    l.cursor = 40;
    fst_list_draw(&l, &t->s);
    l.n_rows = 2;
    fst_list_draw(&l, &t->s);
    assert_int_equal(l.cursor, 1);
    assert_int_equal(l.top, 0);
    l.n_rows = 0;
    fst_list_draw(&l, &t->s);
    assert_true(fst_list_action(&l, "list.down"));
    assert_int_equal(l.cursor, 0);
    screen_free(t);
}

static void test_ui_list__marks_what_the_filter_found(void **state)
{
    struct fst_list l = list_of(5);
    struct screen *t = screen_new(6, 40);
    (void)state;
    strcpy(l.filter, "needle");
    fst_list_draw(&l, &t->s);
    const char *row = screen_row(t, 4), *at = strstr(row, "Needle");
    assert_non_null(at);
    assert_int_equal(screen_role(t, 4, (int)(at - row)), FST_ROLE_MATCH);
    assert_int_equal(screen_role(t, 4, (int)(at - row) + 5), FST_ROLE_MATCH);
    assert_int_equal(screen_role(t, 4, (int)(at - row) + 6), FST_ROLE_DIM);
    screen_free(t);
}

static void test_ui_list__a_narrow_screen_drops_columns_from_the_right(void **state)
{
    struct fst_list l = list_of(2);
    struct screen *t = screen_new(3, 9);
    (void)state;
    fst_list_draw(&l, &t->s);
    assert_string_equal(screen_row(t, 0), " name");
    assert_string_equal(screen_row(t, 1), " row0");
    struct fst_surface tiny = fst_surface_window(&t->s, 0, 0, 1, 1);
    fst_list_draw(&l, &tiny);
    screen_free(t);
}

static void test_ui_list__actions_of_others_are_not_its_own(void **state)
{
    struct fst_list l = list_of(2);
    (void)state;
    assert_false(fst_list_action(&l, "pager.down"));
    assert_false(fst_list_action(&l, "list"));
    assert_false(fst_list_action(&l, "list.fly"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ui_list__draws_a_header_and_rows),
        cmocka_unit_test(test_ui_list__the_cursor_stays_in_sight),
        cmocka_unit_test(test_ui_list__a_list_that_shrinks_keeps_its_cursor_inside),
        cmocka_unit_test(test_ui_list__marks_what_the_filter_found),
        cmocka_unit_test(test_ui_list__a_narrow_screen_drops_columns_from_the_right),
        cmocka_unit_test(test_ui_list__actions_of_others_are_not_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
