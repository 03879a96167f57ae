#include "ui_test.h"

static struct fst_dialog dialog(char *text)
{
    return (struct fst_dialog){
        .title = "Save", .text = text, .choices = {"Cancel", "Save as new variant"}, .open = true};
}

static int press(struct fst_dialog *d, const char *name)
{
    struct fst_key key = key_named(name);
    return fst_dialog_key(d, &key);
}

static void test_ui_dialog__the_first_choice_is_the_safe_one(void **state)
{
    struct fst_dialog d = dialog("Sure?");
    (void)state;
    assert_int_equal(press(&d, "enter"), 0);
    assert_int_equal(press(&d, "right"), -1);
    assert_int_equal(press(&d, "enter"), 1);
    assert_int_equal(press(&d, "esc"), 0);
    press(&d, "tab");
    assert_int_equal(press(&d, "enter"), 0);
}

static void test_ui_dialog__letters_do_not_decide(void **state)
{
    struct fst_dialog d = dialog("Sure?");
    (void)state;
    assert_int_equal(press(&d, "y"), -1);
    assert_int_equal(press(&d, "s"), -1);
    assert_int_equal(press(&d, "space"), -1);
}

static void test_ui_dialog__draws_text_as_a_diff(void **state)
{
    struct fst_dialog d = dialog("+new\n-old\n same");
    struct screen *t = screen_new(12, 60);
    (void)state;
    fst_dialog_draw(&d, &t->s);
    int row = 0;
    while (!strstr(screen_row(t, row), "+new"))
        row++;
    const char *text = screen_row(t, row);
    int col = (int)fst_text_width(text, (size_t)(strstr(text, "+new") - text));
    assert_int_equal(screen_role(t, row, col), FST_ROLE_DIFF_ADD);
    assert_int_equal(screen_role(t, row + 1, col), FST_ROLE_DIFF_DEL);
    assert_int_equal(screen_role(t, row + 2, col + 1), FST_ROLE_TEXT);
    assert_non_null(strstr(screen_row(t, row + 4), "[ Cancel ] [ Save as new variant ]"));
    screen_free(t);
}

static void test_ui_dialog__long_text_scrolls_and_says_so(void **state)
{
    struct fst_dialog d = dialog("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n");
    struct screen *t = screen_new(8, 60);
    (void)state;
    fst_dialog_draw(&d, &t->s);
    assert_non_null(strstr(screen_row(t, 4), "…"));
    press(&d, "pgdn");
    press(&d, "pgdn");
    fst_dialog_draw(&d, &t->s);
    assert_int_equal(d.top, 8);
    assert_non_null(strstr(screen_row(t, 4), "12"));
    screen_free(t);
}

static void test_ui_dialog__long_lines_are_wrapped_at_spaces(void **state)
{
    struct fst_dialog d = dialog("these words are longer than the little screen is");
    struct screen *t = screen_new(10, 30);
    (void)state;
    fst_dialog_draw(&d, &t->s);
    int row = 0;
    while (!strstr(screen_row(t, row), "these"))
        row++;
    assert_non_null(strstr(screen_row(t, row), "these words are longer "));
    assert_non_null(strstr(screen_row(t, row + 1), "than the little screen is"));
    screen_free(t);
}

static void test_ui_dialog__typing_moves_the_focus_off_cancel(void **state)
{
    struct fst_dialog d = dialog("Name?");
    struct fst_prompt input;
    (void)state;
    fst_prompt_open(&input, "variant: ", "v1");
    d.input = &input;
    struct fst_key key = key_typed("x");
    assert_int_equal(fst_dialog_key(&d, &key), -1);
    assert_string_equal(input.text, "v1x");
    assert_int_equal(press(&d, "enter"), 1);
    assert_true(input.open);
}

static void test_ui_dialog__an_untouched_input_keeps_cancel(void **state)
{
    struct fst_dialog d = dialog("Name?");
    struct fst_prompt input;
    struct screen *t = screen_new(10, 70);
    (void)state;
    fst_prompt_open(&input, "variant: ", "v1");
    d.input = &input;
    fst_dialog_draw(&d, &t->s);
    assert_true(t->cursor_row > 0);
    assert_int_equal(press(&d, "left"), -1);
    assert_int_equal(press(&d, "enter"), 0);
    screen_free(t);
}

static void test_ui_dialog__draws_on_any_size(void **state)
{
    struct fst_dialog d = dialog("Some text\n\n+ and a diff line that is rather long\n");
    struct fst_prompt input;
    struct screen *t = screen_new(10, 70);
    (void)state;
    fst_prompt_open(&input, "variant: ", "v1");
    for (int with = 0; with < 2; with++)
        for (int rows = 0; rows <= 10; rows++)
            for (int cols = 0; cols <= 70; cols++) {
                struct fst_surface s = fst_surface_window(&t->s, 0, 0, rows, cols);
                d.input = with ? &input : NULL;
                fst_dialog_draw(&d, &s);
            }
    screen_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ui_dialog__the_first_choice_is_the_safe_one),
        cmocka_unit_test(test_ui_dialog__letters_do_not_decide),
        cmocka_unit_test(test_ui_dialog__draws_text_as_a_diff),
        cmocka_unit_test(test_ui_dialog__long_text_scrolls_and_says_so),
        cmocka_unit_test(test_ui_dialog__long_lines_are_wrapped_at_spaces),
        cmocka_unit_test(test_ui_dialog__typing_moves_the_focus_off_cancel),
        cmocka_unit_test(test_ui_dialog__an_untouched_input_keeps_cancel),
        cmocka_unit_test(test_ui_dialog__draws_on_any_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
