#include "ui_test.h"

static const char *text_of(struct fst_editor *e)
{
    size_t n;
    return fst_editor_text(e, &n);
}

static void type(struct fst_editor *e, const char *text)
{
    for (size_t i = 0, n = strlen(text), len; i < n; i += len) {
        len = fst_text_cluster(text + i, n - i);
        fst_editor_insert(e, text + i, len);
    }
}

/* Actions by their names without "editor.", space separated. */
static void act(struct fst_editor *e, const char *verbs)
{
    char copy[256], name[64];
    snprintf(copy, sizeof copy, "%s", verbs);
    for (char *verb = strtok(copy, " "); verb; verb = strtok(NULL, " ")) {
        snprintf(name, sizeof name, "editor.%s", verb);
        if (!fst_editor_action(e, name))
            fail_msg("%s is no action", name);
    }
}

static void assert_place(const struct fst_editor *e, uint32_t line, uint32_t col)
{
    uint32_t l, c;
    fst_editor_place(e, &l, &c, NULL);
    assert_int_equal(l, line);
    assert_int_equal(c, col);
}

static void test_ui_editor__every_action_of_its_table_is_known(void **state)
{
    struct fst_editor *e = fst_editor_new("select 1\nfrom t");
    (void)state;
    for (size_t i = 0; i < fst_n_editor_actions; i++)
        assert_true(fst_editor_action(e, fst_editor_actions[i].name));
    assert_false(fst_editor_action(e, "editor.fly"));
    fst_editor_free(e);
}

static void test_ui_editor__undo_goes_back_by_words(void **state)
{
    struct fst_editor *e = fst_editor_new("");
    (void)state;
    type(e, "select one");
    act(e, "undo");
    assert_string_equal(text_of(e), "select");
    act(e, "undo");
    assert_string_equal(text_of(e), "");
    act(e, "undo redo redo redo");
    assert_string_equal(text_of(e), "select one");
    fst_editor_free(e);
}

static void test_ui_editor__moving_ends_an_undo_step(void **state)
{
    struct fst_editor *e = fst_editor_new("");
    (void)state;
    type(e, "ab");
    act(e, "left right");
    type(e, "cd");
    act(e, "undo");
    assert_string_equal(text_of(e), "ab");
    fst_editor_free(e);
}

static void test_ui_editor__a_change_after_undo_forgets_the_redo(void **state)
{
    struct fst_editor *e = fst_editor_new("");
    (void)state;
    type(e, "a");
    act(e, "newline undo");
    type(e, "b");
    act(e, "redo");
    assert_string_equal(text_of(e), "ab");
    fst_editor_free(e);
}

static void test_ui_editor__a_paste_in_pieces_is_one_step(void **state)
{
    struct fst_editor *e = fst_editor_new("");
    char piece[251];
    (void)state;
    memset(piece, 'x', sizeof piece);
    fst_editor_insert(e, piece, sizeof piece);
    fst_editor_insert(e, piece, sizeof piece);
    fst_editor_insert(e, "end\n", 4);
    act(e, "undo");
    assert_string_equal(text_of(e), "");
    fst_editor_free(e);
}

static void test_ui_editor__a_step_that_was_ended_is_undone_alone(void **state)
{
    struct fst_editor *e = fst_editor_new("a");
    (void)state;
    act(e, "end");
    type(e, "b");
    fst_editor_end_step(e);
    type(e, "c");
    act(e, "undo");
    assert_string_equal(text_of(e), "ab");
    fst_editor_free(e);
}

static void test_ui_editor__the_revision_grows_with_every_change(void **state)
{
    struct fst_editor *e = fst_editor_new("a");
    uint64_t first = fst_editor_revision(e);
    (void)state;
    type(e, "b");
    uint64_t second = fst_editor_revision(e);
    assert_true(second > first);
    act(e, "left");
    assert_int_equal(fst_editor_revision(e), second);
    act(e, "undo");
    assert_true(fst_editor_revision(e) > second);
    fst_editor_free(e);
}

static void test_ui_editor__setting_the_text_is_one_step(void **state)
{
    struct fst_editor *e = fst_editor_new("one\ntwo");
    (void)state;
    fst_editor_set_text(e, "three");
    assert_string_equal(text_of(e), "three");
    act(e, "undo");
    assert_string_equal(text_of(e), "one\ntwo");
    fst_editor_free(e);
}

static void test_ui_editor__up_and_down_keep_the_column(void **state)
{
    struct fst_editor *e = fst_editor_new("abcdef\nx\n漢字漢字\nabcdef");
    (void)state;
    fst_editor_goto(e, 1, 6);
    act(e, "down");
    assert_place(e, 2, 2);
    act(e, "down");
    assert_place(e, 3, 3);
    act(e, "down");
    assert_place(e, 4, 6);
    act(e, "down");
    assert_place(e, 4, 7);
    fst_editor_free(e);
}

static void test_ui_editor__steps_over_whole_clusters(void **state)
{
    struct fst_editor *e = fst_editor_new("e\xcc\x81👩‍👩‍👧x");
    size_t offset;
    (void)state;
    act(e, "right");
    fst_editor_place(e, NULL, NULL, &offset);
    assert_int_equal(offset, 3);
    act(e, "right right");
    fst_editor_place(e, NULL, NULL, &offset);
    assert_int_equal(offset, strlen(text_of(e)));
    act(e, "left backspace");
    assert_string_equal(text_of(e), "e\xcc\x81x");
    fst_editor_free(e);
}

static void test_ui_editor__words_are_moved_over_and_deleted(void **state)
{
    struct fst_editor *e = fst_editor_new("select a.b_c, d");
    (void)state;
    act(e, "end wordleft wordleft");
    assert_place(e, 1, 10);
    act(e, "wordright");
    assert_place(e, 1, 13);
    act(e, "deleteword");
    assert_string_equal(text_of(e), "select a., d");
    fst_editor_free(e);
}

static void test_ui_editor__a_new_line_keeps_the_indent(void **state)
{
    struct fst_editor *e = fst_editor_new("  a");
    (void)state;
    act(e, "end newline");
    type(e, "b");
    assert_string_equal(text_of(e), "  a\n  b");
    fst_editor_free(e);
}

static void test_ui_editor__selected_text_is_replaced_cut_and_pasted(void **state)
{
    struct fst_editor *e = fst_editor_new("one two");
    (void)state;
    act(e, "select-wordright cut");
    assert_string_equal(text_of(e), " two");
    act(e, "end paste");
    assert_string_equal(text_of(e), " twoone");
    act(e, "select-all");
    type(e, "x");
    assert_string_equal(text_of(e), "x");
    act(e, "undo undo undo");
    assert_string_equal(text_of(e), "one two");
    fst_editor_free(e);
}

static void test_ui_editor__without_a_selection_lines_are_cut(void **state)
{
    struct fst_editor *e = fst_editor_new("a\nb\nc");
    (void)state;
    act(e, "down cut bottom newline paste");
    assert_string_equal(text_of(e), "a\nc\nb\n");
    fst_editor_free(e);
}

static void test_ui_editor__lines_become_comments_and_code_again(void **state)
{
    struct fst_editor *e = fst_editor_new("a\n  b\n\nc");
    (void)state;
    act(e, "select-down select-down select-down toggle-comment");
    assert_string_equal(text_of(e), "-- a\n  -- b\n\nc");
    act(e, "toggle-comment");
    assert_string_equal(text_of(e), "a\n  b\n\nc");
    act(e, "undo");
    assert_string_equal(text_of(e), "-- a\n  -- b\n\nc");
    fst_editor_free(e);
}

static void test_ui_editor__indents_the_selected_lines(void **state)
{
    struct fst_editor *e = fst_editor_new("a\nb\n");
    (void)state;
    act(e, "select-down select-down indent");
    assert_string_equal(text_of(e), "    a\n    b\n");
    act(e, "unindent");
    assert_string_equal(text_of(e), "a\nb\n");
    act(e, "bottom indent");
    assert_string_equal(text_of(e), "a\nb\n    ");
    fst_editor_free(e);
}

static void test_ui_editor__a_line_is_killed_and_duplicated(void **state)
{
    struct fst_editor *e = fst_editor_new("abc\nd");
    (void)state;
    act(e, "right killline");
    assert_string_equal(text_of(e), "a\nd");
    act(e, "killline");
    assert_string_equal(text_of(e), "ad");
    act(e, "duplicate");
    assert_string_equal(text_of(e), "ad\nad");
    assert_place(e, 2, 2);
    fst_editor_free(e);
}

/* ---- Drawing ---- */

static void highlight(void *arg, const char *text, size_t n,
                      void (*span)(void *to, struct fst_editor_span s), void *to)
{
    ++*(int *)arg;
    for (size_t i = 0; i + 3 <= n; i++)
        if (memcmp(text + i, "key", 3) == 0)
            span(to, (struct fst_editor_span){i, 3, FST_ROLE_SQL_KEYWORD});
}

static void test_ui_editor__draws_numbers_tabs_and_roles(void **state)
{
    int asked = 0;
    struct fst_editor *e = fst_editor_new("a key\n\tb\n漢x");
    struct screen *t = screen_new(4, 40);
    (void)state;
    fst_editor_set_highlight(e, highlight, &asked);
    fst_editor_draw(e, &t->s);
    fst_editor_draw(e, &t->s);
    assert_string_equal(screen_row(t, 0), "  1 a key");
    assert_string_equal(screen_row(t, 1), "  2     b");
    assert_string_equal(screen_row(t, 2), "  3 漢x");
    assert_int_equal(screen_role(t, 0, 0), FST_ROLE_LINE);
    assert_int_equal(screen_role(t, 0, 6), FST_ROLE_SQL_KEYWORD);
    assert_int_equal(asked, 1);
    assert_int_equal(t->cursor_row, 0);
    assert_int_equal(t->cursor_col, 4);
    fst_editor_free(e);
    screen_free(t);
}

static void test_ui_editor__draws_the_mark_and_the_selection(void **state)
{
    struct fst_editor *e = fst_editor_new("漢 bad\nend");
    struct screen *t = screen_new(4, 40);
    (void)state;
    fst_editor_mark(e, 1, 3, 3);
    act(e, "down select-right");
    fst_editor_draw(e, &t->s);
    assert_int_equal(screen_role(t, 0, 6), FST_ROLE_TEXT);
    assert_int_equal(screen_role(t, 0, 7), FST_ROLE_SQL_ERROR);
    assert_int_equal(screen_role(t, 0, 9), FST_ROLE_SQL_ERROR);
    assert_int_equal(screen_role(t, 0, 10), FST_ROLE_TEXT);
    assert_int_equal(screen_role(t, 1, 4), FST_ROLE_SELECTED);
    fst_editor_mark(e, 2, 4, 0);
    fst_editor_draw(e, &t->s);
    assert_int_equal(screen_role(t, 1, 7), FST_ROLE_SQL_ERROR);
    fst_editor_free(e);
    screen_free(t);
}

static void test_ui_editor__scrolls_sideways_with_the_cursor(void **state)
{
    struct fst_editor *e = fst_editor_new("0123456789abcdefghijklmnopqrstuvwxyz");
    struct screen *t = screen_new(2, 30);
    (void)state;
    act(e, "end");
    fst_editor_draw(e, &t->s);
    assert_true(t->cursor_col < 30 && t->cursor_col > 4);
    assert_string_equal(screen_cell(t, 0, t->cursor_col - 1)->text, "z");
    act(e, "home");
    fst_editor_draw(e, &t->s);
    assert_string_equal(screen_cell(t, 0, 4)->text, "0");
    assert_string_equal(screen_cell(t, 0, 29)->text, "…");
    fst_editor_free(e);
    screen_free(t);
}

static void test_ui_editor__draws_on_any_size(void **state)
{
    struct fst_editor *e = fst_editor_new("select 漢字\n\tfrom t\nwhere x");
    struct screen *t = screen_new(4, 40);
    static const struct fst_candidate items[] = {{"abc", "detail"}, {"abd", NULL}};
    (void)state;
    act(e, "bottom");
    fst_editor_complete(e, 17, items, 2);
    for (int rows = 0; rows <= 4; rows++)
        for (int cols = 0; cols <= 40; cols++) {
            struct fst_surface s = fst_surface_window(&t->s, 0, 0, rows, cols);
            fst_editor_draw(e, &s);
        }
    fst_editor_free(e);
    screen_free(t);
}

/* ---- Completion ---- */

static const struct fst_candidate candidates[] = {{"transactions", "source"}, {"trx", NULL}};

static void test_ui_editor__takes_the_chosen_candidate(void **state)
{
    struct fst_editor *e = fst_editor_new("from tr");
    (void)state;
    act(e, "end");
    fst_editor_complete(e, 5, candidates, 2);
    assert_true(fst_editor_completing(e));
    act(e, "down newline");
    assert_string_equal(text_of(e), "from trx");
    assert_false(fst_editor_completing(e));
    act(e, "undo");
    assert_string_equal(text_of(e), "from tr");
    fst_editor_free(e);
}

static void test_ui_editor__the_popup_hangs_under_the_word(void **state)
{
    struct fst_editor *e = fst_editor_new("from tr");
    struct screen *t = screen_new(5, 40);
    (void)state;
    act(e, "end");
    fst_editor_complete(e, 5, candidates, 2);
    fst_editor_draw(e, &t->s);
    assert_string_equal(screen_row(t, 1), "         transactions  source");
    assert_string_equal(screen_row(t, 2), "         trx");
    assert_int_equal(screen_role(t, 1, 9), FST_ROLE_CURSOR);
    fst_editor_free(e);
    screen_free(t);
}

static void test_ui_editor__moving_away_closes_the_popup(void **state)
{
    struct fst_editor *e = fst_editor_new("from tr");
    (void)state;
    act(e, "end");
    fst_editor_complete(e, 5, candidates, 2);
    type(e, "a");
    assert_true(fst_editor_completing(e));
    act(e, "backspace");
    assert_true(fst_editor_completing(e));
    act(e, "home");
    assert_false(fst_editor_completing(e));
    fst_editor_complete(e, 5, candidates, 2);
    assert_false(fst_editor_completing(e));
    fst_editor_free(e);
}

/* Any order of actions leaves a text that undo brings back to its beginning. */
static void test_ui_editor__undo_survives_anything(void **state)
{
    static const char start[] = "select a,\n\t漢 -- x\n  from {{t.v}}\n";
    struct fst_editor *e = fst_editor_new(start);
    struct screen *t = screen_new(6, 30);
    uint32_t random = 12345;
    (void)state;
    for (int i = 0; i < 3000; i++) {
        random = random * 1664525u + 1013904223u;
        size_t pick = (random >> 8) % (fst_n_editor_actions + 12);
        if (pick < fst_n_editor_actions && strlen(text_of(e)) < 5000)
            fst_editor_action(e, fst_editor_actions[pick].name);
        else
            fst_editor_insert(e, "x", 1);
        if (i % 7 == 0)
            fst_editor_draw(e, &t->s);
    }
    for (int i = 0; i < 4000; i++)
        act(e, "undo");
    assert_string_equal(text_of(e), start);
    fst_editor_free(e);
    screen_free(t);
}

static void test_ui_editor__a_line_moves_with_its_cursor(void **state)
{
    struct fst_editor *e = fst_editor_new("one\nlonger\nx");
    (void)state;
    act(e, "line-up right line-down");
    assert_string_equal(text_of(e), "longer\none\nx");
    assert_place(e, 2, 2);
    act(e, "line-down line-down");
    assert_string_equal(text_of(e), "longer\nx\none");
    assert_place(e, 3, 2);
    act(e, "line-up");
    assert_string_equal(text_of(e), "longer\none\nx");
    assert_place(e, 2, 2);
    act(e, "undo undo undo");
    assert_string_equal(text_of(e), "one\nlonger\nx");
    fst_editor_free(e);
}

static void test_ui_editor__lines_join_but_not_into_a_comment(void **state)
{
    struct fst_editor *e = fst_editor_new("select a,  \n    b -- why\nfrom t");
    (void)state;
    act(e, "join");
    assert_string_equal(text_of(e), "select a, b -- why\nfrom t");
    assert_place(e, 1, 10);
    act(e, "join");
    assert_string_equal(text_of(e), "select a, b -- why\nfrom t");
    act(e, "bottom join undo");
    assert_string_equal(text_of(e), "select a,  \n    b -- why\nfrom t");
    fst_editor_free(e);
}

static void test_ui_editor__a_word_changes_its_case_and_back(void **state)
{
    struct fst_editor *e = fst_editor_new("select gr\xc3\xb6sse");
    (void)state;
    act(e, "right case");
    assert_string_equal(text_of(e), "SELECT gr\xc3\xb6sse");
    assert_place(e, 1, 2);
    act(e, "case");
    assert_string_equal(text_of(e), "select gr\xc3\xb6sse");
    act(e, "select-all case");
    assert_string_equal(text_of(e), "SELECT GR\xc3\xb6SSE");
    act(e, "undo undo undo");
    assert_string_equal(text_of(e), "select gr\xc3\xb6sse");
    fst_editor_free(e);
}

static void test_ui_editor__a_bracket_finds_its_other_end(void **state)
{
    struct fst_editor *e = fst_editor_new("f(')', [1]) -- )\n)");
    (void)state;
    act(e, "right bracket");
    assert_place(e, 1, 11);
    act(e, "bracket");
    assert_place(e, 1, 2);
    act(e, "bottom bracket");
    assert_place(e, 2, 2);
    act(e, "top bracket");
    assert_place(e, 1, 1);
    fst_editor_free(e);
}

static void test_ui_editor__what_is_looked_for_is_counted_and_walked(void **state)
{
    struct fst_editor *e = fst_editor_new("sum(a)\nb != 1, sum(b)\nSUM");
    size_t which;
    (void)state;
    fst_editor_find(e, "sum", 1);
    assert_place(e, 2, 9);
    assert_int_equal(fst_editor_found(e, &which), 3);
    assert_int_equal(which, 2);
    act(e, "find-next");
    assert_place(e, 3, 1);
    act(e, "find-next");
    assert_place(e, 1, 1);
    act(e, "find-previous");
    assert_place(e, 3, 1);
    fst_editor_find(e, "sum(b)", 0); /* no expression fits: as it stands */
    assert_place(e, 2, 9);
    fst_editor_find(e, "!= 1", 0);
    assert_place(e, 2, 3);
    fst_editor_find(e, "^s.*$", 0);
    assert_int_equal(fst_editor_found(e, &which), 2);
    fst_editor_find(e, "x", 4);
    assert_int_equal(fst_editor_found(e, &which), 0);
    assert_place(e, 1, 5);
    fst_editor_free(e);
}

static void test_ui_editor__all_that_is_found_is_replaced_in_one_step(void **state)
{
    static const char text[] = "a.x, a.y\na.é $";
    struct fst_editor *e = fst_editor_new(text);
    (void)state;
    fst_editor_find(e, "a\\.(\\w|é)", 0);
    assert_int_equal(fst_editor_replace_found(e, "b.$1$$$7"), 3);
    assert_string_equal(text_of(e), "b.x$, b.y$\nb.é$ $");
    act(e, "undo");
    assert_string_equal(text_of(e), text);
    act(e, "top select-end");
    assert_int_equal(fst_editor_replace_found(e, ""), 2);
    assert_string_equal(text_of(e), ", \na.é $");
    assert_int_equal(fst_editor_replace_found(e, "$1"), 1);
    fst_editor_find(e, "$", 0);
    assert_int_equal(fst_editor_replace_found(e, "$1"), 1);
    assert_non_null(strstr(text_of(e), "$1"));
    fst_editor_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ui_editor__every_action_of_its_table_is_known),
        cmocka_unit_test(test_ui_editor__undo_goes_back_by_words),
        cmocka_unit_test(test_ui_editor__moving_ends_an_undo_step),
        cmocka_unit_test(test_ui_editor__a_change_after_undo_forgets_the_redo),
        cmocka_unit_test(test_ui_editor__a_paste_in_pieces_is_one_step),
        cmocka_unit_test(test_ui_editor__a_step_that_was_ended_is_undone_alone),
        cmocka_unit_test(test_ui_editor__the_revision_grows_with_every_change),
        cmocka_unit_test(test_ui_editor__setting_the_text_is_one_step),
        cmocka_unit_test(test_ui_editor__up_and_down_keep_the_column),
        cmocka_unit_test(test_ui_editor__steps_over_whole_clusters),
        cmocka_unit_test(test_ui_editor__words_are_moved_over_and_deleted),
        cmocka_unit_test(test_ui_editor__a_new_line_keeps_the_indent),
        cmocka_unit_test(test_ui_editor__selected_text_is_replaced_cut_and_pasted),
        cmocka_unit_test(test_ui_editor__without_a_selection_lines_are_cut),
        cmocka_unit_test(test_ui_editor__lines_become_comments_and_code_again),
        cmocka_unit_test(test_ui_editor__indents_the_selected_lines),
        cmocka_unit_test(test_ui_editor__a_line_is_killed_and_duplicated),
        cmocka_unit_test(test_ui_editor__a_line_moves_with_its_cursor),
        cmocka_unit_test(test_ui_editor__lines_join_but_not_into_a_comment),
        cmocka_unit_test(test_ui_editor__a_word_changes_its_case_and_back),
        cmocka_unit_test(test_ui_editor__a_bracket_finds_its_other_end),
        cmocka_unit_test(test_ui_editor__draws_numbers_tabs_and_roles),
        cmocka_unit_test(test_ui_editor__draws_the_mark_and_the_selection),
        cmocka_unit_test(test_ui_editor__scrolls_sideways_with_the_cursor),
        cmocka_unit_test(test_ui_editor__draws_on_any_size),
        cmocka_unit_test(test_ui_editor__takes_the_chosen_candidate),
        cmocka_unit_test(test_ui_editor__the_popup_hangs_under_the_word),
        cmocka_unit_test(test_ui_editor__moving_away_closes_the_popup),
        cmocka_unit_test(test_ui_editor__undo_survives_anything),
        cmocka_unit_test(test_ui_editor__what_is_looked_for_is_counted_and_walked),
        cmocka_unit_test(test_ui_editor__all_that_is_found_is_replaced_in_one_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
