#include "ui_test.h"

static void test_ui_surface__cuts_text_with_a_mark(void **state)
{
    struct screen *t = screen_new(1, 10);
    (void)state;
    assert_int_equal(fst_draw(&t->s, 0, 0, 6, FST_ROLE_TEXT, "abcdefgh", 8), 6);
    assert_string_equal(screen_row(t, 0), "abcde…");
    t->s.ascii = true;
    fst_draw(&t->s, 0, 0, 6, FST_ROLE_TEXT, "abcdefgh", 8);
    assert_string_equal(screen_row(t, 0), "abcde~");
    screen_free(t);
}

static void test_ui_surface__text_that_fits_is_whole(void **state)
{
    struct screen *t = screen_new(1, 10);
    (void)state;
    assert_int_equal(fst_draws(&t->s, 0, 0, FST_ROLE_TEXT, "abcdefghij"), 10);
    assert_string_equal(screen_row(t, 0), "abcdefghij");
    screen_free(t);
}

static void test_ui_surface__a_window_keeps_what_is_outside(void **state)
{
    struct screen *t = screen_new(3, 6);
    (void)state;
    for (int row = 0; row < 3; row++)
        fst_draws(&t->s, row, 0, FST_ROLE_TEXT, "......");
    struct fst_surface w = fst_surface_window(&t->s, 1, 2, 1, 3);
    fst_draws(&w, 0, 0, FST_ROLE_TEXT, "abcdefgh");
    fst_draws(&w, 1, 0, FST_ROLE_TEXT, "below");
    fst_draws(&w, -1, 0, FST_ROLE_TEXT, "above");
    fst_draw_fill(&w, 0, 2, 100, FST_ROLE_TEXT);
    assert_string_equal(screen_row(t, 0), "......");
    assert_string_equal(screen_row(t, 1), "..ab .");
    assert_string_equal(screen_row(t, 2), "......");
    screen_free(t);
}

static void test_ui_surface__a_window_larger_than_its_surface_is_clipped(void **state)
{
    struct screen *t = screen_new(3, 6);
    (void)state;
    struct fst_surface w = fst_surface_window(&t->s, 2, 4, 50, 50);
    assert_int_equal(w.rows, 1);
    assert_int_equal(w.cols, 2);
    w = fst_surface_window(&t->s, 9, -3, 5, 5);
    assert_int_equal(w.rows, 0);
    screen_free(t);
}

static void test_ui_surface__shows_what_a_terminal_could_obey(void **state)
{
    struct screen *t = screen_new(1, 30);
    (void)state;
    fst_draw(&t->s, 0, 0, 30, FST_ROLE_TEXT, "a\033[2Jb\xff\n", 8);
    assert_string_equal(screen_row(t, 0), "a\\e[2Jb\\xFF\\n");
    screen_free(t);
}

static void test_ui_surface__wide_clusters_take_two_cells(void **state)
{
    struct screen *t = screen_new(1, 6);
    (void)state;
    assert_int_equal(fst_draws(&t->s, 0, 0, FST_ROLE_TEXT, "漢字x"), 5);
    assert_int_equal(screen_cell(t, 0, 0)->width, 2);
    assert_int_equal(screen_cell(t, 0, 1)->width, 0);
    assert_string_equal(screen_cell(t, 0, 4)->text, "x");
    screen_free(t);
}

static void test_ui_surface__half_of_a_wide_cluster_is_never_left(void **state)
{
    struct screen *t = screen_new(1, 6);
    (void)state;
    fst_draws(&t->s, 0, 0, FST_ROLE_TEXT, "漢字");
    fst_draws(&t->s, 0, 1, FST_ROLE_TEXT, "xy");
    assert_string_equal(screen_row(t, 0), " xy");
    assert_int_equal(screen_cell(t, 0, 0)->width, 1);
    assert_int_equal(screen_cell(t, 0, 3)->width, 1);
    screen_free(t);
}

static void test_ui_surface__a_wide_cluster_does_not_stick_out(void **state)
{
    struct screen *t = screen_new(1, 3);
    (void)state;
    fst_draws(&t->s, 0, 0, FST_ROLE_TEXT, "ab漢");
    assert_string_equal(screen_row(t, 0), "ab…");
    screen_free(t);
}

static void test_ui_surface__piles_of_accents_fit_their_cell(void **state)
{
    char text[2 + 2 * 100] = "a";
    struct screen *t = screen_new(1, 3);
    (void)state;
    for (int i = 0; i < 100; i++)
        memcpy(text + 1 + 2 * i, "\xcc\x81", 3);
    assert_int_equal(fst_draws(&t->s, 0, 0, FST_ROLE_TEXT, text), 1);
    assert_int_equal(strlen(screen_cell(t, 0, 0)->text), 23);
    assert_true(fst_utf8_valid(screen_cell(t, 0, 0)->text, 23));
    screen_free(t);
}

static void test_ui_surface__a_box_has_corners_and_a_title(void **state)
{
    struct screen *t = screen_new(3, 14);
    (void)state;
    fst_draw_box(&t->s, "Save");
    assert_string_equal(screen_row(t, 0), "┌─ Save ─────┐");
    assert_string_equal(screen_row(t, 2), "└────────────┘");
    struct fst_surface tiny = fst_surface_window(&t->s, 0, 0, 1, 1);
    fst_draw_box(&tiny, "Save");
    screen_free(t);
}

static void test_ui_surface__the_cursor_is_where_a_window_says(void **state)
{
    struct screen *t = screen_new(4, 10);
    (void)state;
    struct fst_surface w = fst_surface_window(&t->s, 1, 2, 2, 5);
    fst_surface_cursor(&w, 1, 3);
    assert_int_equal(t->cursor_row, 2);
    assert_int_equal(t->cursor_col, 5);
    fst_surface_cursor(&w, 2, 0);
    assert_int_equal(t->cursor_row, -1);
    screen_free(t);
}

static void test_ui_surface__a_space_where_a_line_is_broken_takes_no_column(void **state)
{
    struct screen *t = screen_new(3, 8);
    (void)state;
    fst_draw_wrapped(&t->s, 0, 1, 3, FST_ROLE_TEXT, "abcdef ghijkl mn", 16);
    assert_string_equal(screen_row(t, 0), " abcdef");
    assert_string_equal(screen_row(t, 1), " ghijkl");
    assert_string_equal(screen_row(t, 2), " mn");
    screen_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ui_surface__cuts_text_with_a_mark),
        cmocka_unit_test(test_ui_surface__text_that_fits_is_whole),
        cmocka_unit_test(test_ui_surface__a_window_keeps_what_is_outside),
        cmocka_unit_test(test_ui_surface__a_window_larger_than_its_surface_is_clipped),
        cmocka_unit_test(test_ui_surface__shows_what_a_terminal_could_obey),
        cmocka_unit_test(test_ui_surface__wide_clusters_take_two_cells),
        cmocka_unit_test(test_ui_surface__half_of_a_wide_cluster_is_never_left),
        cmocka_unit_test(test_ui_surface__a_wide_cluster_does_not_stick_out),
        cmocka_unit_test(test_ui_surface__piles_of_accents_fit_their_cell),
        cmocka_unit_test(test_ui_surface__a_box_has_corners_and_a_title),
        cmocka_unit_test(test_ui_surface__the_cursor_is_where_a_window_says),
        cmocka_unit_test(test_ui_surface__a_space_where_a_line_is_broken_takes_no_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
