#include "ui_test.h"

static struct fst_candidate names[] = {
    {"lineage", "how things hang together"}, {"list", "resources"}, {"runs", "all runs"}};

static enum fst_prompt_result press(struct fst_prompt *p, const char *name)
{
    struct fst_key key = key_named(name);
    return fst_prompt_key(p, &key);
}

static enum fst_prompt_result type(struct fst_prompt *p, const char *text)
{
    enum fst_prompt_result last = FST_PROMPT_GOING;
    char one[2] = "";
    for (; *text; text++) {
        one[0] = *text;
        struct fst_key key = key_typed(one);
        last = fst_prompt_key(p, &key);
    }
    return last;
}

static struct fst_prompt prompt(const char *text)
{
    struct fst_prompt p;
    fst_prompt_open(&p, ":", text);
    return p;
}

static void test_ui_prompt__types_and_accepts(void **state)
{
    struct fst_prompt p = prompt("");
    (void)state;
    assert_int_equal(type(&p, "a b"), FST_PROMPT_CHANGED);
    assert_string_equal(p.text, "a b");
    assert_int_equal(press(&p, "left"), FST_PROMPT_GOING);
    assert_int_equal(press(&p, "backspace"), FST_PROMPT_CHANGED);
    assert_string_equal(p.text, "ab");
    assert_int_equal(press(&p, "enter"), FST_PROMPT_ACCEPTED);
    assert_false(p.open);
}

static void test_ui_prompt__closes_on_esc_and_on_backspace_in_an_empty_line(void **state)
{
    struct fst_prompt p = prompt("x");
    (void)state;
    assert_int_equal(press(&p, "esc"), FST_PROMPT_CLOSED);
    assert_false(p.open);
    p = prompt("x");
    assert_int_equal(press(&p, "backspace"), FST_PROMPT_CHANGED);
    assert_int_equal(press(&p, "backspace"), FST_PROMPT_CLOSED);
}

static void test_ui_prompt__kills_words_and_ends(void **state)
{
    struct fst_prompt p = prompt("run fraud now");
    (void)state;
    press(&p, "ctrl-w");
    assert_string_equal(p.text, "run fraud ");
    press(&p, "home");
    press(&p, "delete");
    assert_string_equal(p.text, "un fraud ");
    press(&p, "ctrl-k");
    assert_string_equal(p.text, "");
}

static void test_ui_prompt__a_paste_has_no_line_ends(void **state)
{
    struct fst_prompt p = prompt("");
    struct fst_key key = key_named("text");
    (void)state;
    strcpy(key.text, "a\nb\tc");
    assert_int_equal(fst_prompt_key(&p, &key), FST_PROMPT_CHANGED);
    assert_string_equal(p.text, "a b c");
}

static void test_ui_prompt__a_full_line_takes_no_more(void **state)
{
    struct fst_prompt p = prompt("");
    struct fst_key key = key_named("text");
    (void)state;
    memset(key.text, 'x', 255);
    fst_prompt_key(&p, &key);
    fst_prompt_key(&p, &key);
    assert_int_equal(fst_prompt_key(&p, &key), FST_PROMPT_GOING);
    assert_int_equal(strlen(p.text), 510);
}

static void test_ui_prompt__tab_goes_through_the_candidates(void **state)
{
    struct fst_prompt p = prompt("");
    (void)state;
    p.candidates = names;
    p.n_candidates = FST_COUNT(names);
    type(&p, "li");
    assert_int_equal(press(&p, "tab"), FST_PROMPT_CHANGED);
    assert_string_equal(p.text, "lineage");
    press(&p, "tab");
    assert_string_equal(p.text, "list");
    press(&p, "tab");
    assert_string_equal(p.text, "lineage");
    press(&p, "shift-tab");
    assert_string_equal(p.text, "list");
    type(&p, " ru");
    press(&p, "tab");
    assert_string_equal(p.text, "list runs");
}

static void test_ui_prompt__a_word_without_candidates_stays(void **state)
{
    struct fst_prompt p = prompt("xyz");
    (void)state;
    assert_int_equal(press(&p, "tab"), FST_PROMPT_GOING);
    p.candidates = names;
    p.n_candidates = FST_COUNT(names);
    assert_int_equal(press(&p, "tab"), FST_PROMPT_GOING);
    assert_string_equal(p.text, "xyz");
}

static void test_ui_prompt__shows_dim_what_right_would_take(void **state)
{
    struct fst_prompt p = prompt("ru");
    struct screen *t = screen_new(1, 30);
    (void)state;
    p.candidates = names;
    p.n_candidates = FST_COUNT(names);
    fst_prompt_draw(&p, &t->s);
    assert_string_equal(screen_row(t, 0), ":runs");
    assert_int_equal(screen_role(t, 0, 2), FST_ROLE_TEXT);
    assert_int_equal(screen_role(t, 0, 3), FST_ROLE_DIM);
    assert_int_equal(t->cursor_col, 3);
    press(&p, "right");
    assert_string_equal(p.text, "runs");
    screen_free(t);
}

static void test_ui_prompt__a_long_word_is_completed(void **state)
{
    char word[201], other[201], whole[204];
    memset(word, 'x', 200);
    word[200] = '\0';
    snprintf(other, sizeof other, "%.150s%050d", word, 0);
    snprintf(whole, sizeof whole, "%sabc", word);
    struct fst_candidate both[] = {{other, NULL}, {whole, NULL}};
    struct fst_prompt p = prompt(word);
    (void)state;
    p.candidates = both;
    p.n_candidates = 2;
    press(&p, "right");
    assert_string_equal(p.text, whole);
}

static void test_ui_prompt__a_candidate_without_room_leaves_the_text(void **state)
{
    char whole[600];
    memset(whole, 'x', 599);
    whole[599] = '\0';
    struct fst_candidate one = {whole, NULL};
    struct fst_prompt p = prompt("run xx");
    (void)state;
    p.candidates = &one;
    p.n_candidates = 1;
    assert_int_equal(press(&p, "tab"), FST_PROMPT_GOING);
    assert_string_equal(p.text, "run xx");
}

/* A path with a blank; the candidates were chosen by whoever knows folders. */
static struct fst_candidate paths[] = {{"my data/", "folder"}, {"my dates.csv", "csv"}};

static struct fst_prompt path_prompt(const char *text, size_t n)
{
    struct fst_prompt p = prompt(text);
    p.candidates = paths;
    p.n_candidates = n;
    p.fitted = true;
    p.word = strlen("preview ");
    return p;
}

static void test_ui_prompt__fitted_candidates_are_of_all_from_a_byte_on(void **state)
{
    struct fst_prompt p = path_prompt("preview my da", 2);
    (void)state;
    press(&p, "tab");
    assert_string_equal(p.text, "preview my data/");
    press(&p, "tab");
    assert_string_equal(p.text, "preview my dates.csv");
    press(&p, "tab");
    assert_string_equal(p.text, "preview my data/");
    assert_true(p.cycling);
}

static void test_ui_prompt__a_slash_takes_the_folder_that_is_offered(void **state)
{
    struct fst_prompt p = path_prompt("preview my da", 2);
    (void)state;
    press(&p, "tab");
    assert_int_equal(type(&p, "/"), FST_PROMPT_GOING);
    assert_string_equal(p.text, "preview my data/");
    assert_false(p.cycling);
    type(&p, "/");
    assert_string_equal(p.text, "preview my data//");
}

static void test_ui_prompt__the_only_folder_is_taken_at_once(void **state)
{
    struct fst_prompt p = path_prompt("preview my da", 1);
    (void)state;
    press(&p, "tab");
    assert_string_equal(p.text, "preview my data/");
    assert_false(p.cycling);
}

static void test_ui_prompt__says_that_it_is_looking_and_what_it_was_told(void **state)
{
    struct fst_prompt p = path_prompt("preview my da", 0);
    struct screen *t = screen_new(1, 40);
    (void)state;
    p.looking = true;
    fst_prompt_draw(&p, &t->s);
    assert_string_equal(screen_row(t, 0), ":preview my da …");
    assert_int_equal(t->cursor_col, 14);
    p.looking = false;
    snprintf(p.note, sizeof p.note, "denied \033[31m");
    fst_prompt_draw(&p, &t->s);
    assert_string_equal(screen_row(t, 0), ":preview my da  denied \\e[31m");
    screen_free(t);
}

static void test_ui_prompt__history_goes_back_and_forth(void **state)
{
    static const char *const history[] = {"one", "two"};
    struct fst_prompt p = prompt("");
    (void)state;
    p.history = history;
    p.n_history = p.history_at = 2;
    press(&p, "up");
    assert_string_equal(p.text, "two");
    press(&p, "up");
    press(&p, "up");
    assert_string_equal(p.text, "one");
    press(&p, "down");
    press(&p, "down");
    assert_string_equal(p.text, "");
}

static void test_ui_prompt__a_long_line_shows_the_cursor(void **state)
{
    struct fst_prompt p = prompt("0123456789012345678901234567890123456789xyz");
    struct screen *t = screen_new(1, 20);
    (void)state;
    fst_prompt_draw(&p, &t->s);
    assert_true(t->cursor_col > 0 && t->cursor_col < 20);
    assert_string_equal(screen_cell(t, 0, t->cursor_col - 1)->text, "z");
    screen_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ui_prompt__types_and_accepts),
        cmocka_unit_test(test_ui_prompt__closes_on_esc_and_on_backspace_in_an_empty_line),
        cmocka_unit_test(test_ui_prompt__kills_words_and_ends),
        cmocka_unit_test(test_ui_prompt__a_paste_has_no_line_ends),
        cmocka_unit_test(test_ui_prompt__a_full_line_takes_no_more),
        cmocka_unit_test(test_ui_prompt__tab_goes_through_the_candidates),
        cmocka_unit_test(test_ui_prompt__a_word_without_candidates_stays),
        cmocka_unit_test(test_ui_prompt__shows_dim_what_right_would_take),
        cmocka_unit_test(test_ui_prompt__a_long_word_is_completed),
        cmocka_unit_test(test_ui_prompt__a_candidate_without_room_leaves_the_text),
        cmocka_unit_test(test_ui_prompt__fitted_candidates_are_of_all_from_a_byte_on),
        cmocka_unit_test(test_ui_prompt__a_slash_takes_the_folder_that_is_offered),
        cmocka_unit_test(test_ui_prompt__the_only_folder_is_taken_at_once),
        cmocka_unit_test(test_ui_prompt__says_that_it_is_looking_and_what_it_was_told),
        cmocka_unit_test(test_ui_prompt__history_goes_back_and_forth),
        cmocka_unit_test(test_ui_prompt__a_long_line_shows_the_cursor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
