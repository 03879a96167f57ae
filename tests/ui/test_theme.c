#include <unistd.h>

#include "theme.h"
#include "ui_test.h"

/* A theme file in a folder of its own, removed with the last one. */
static char folder[] = "/tmp/fst-theme-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return fst_remove_tree(folder, NULL) == FST_OK ? 0 : -1;
}

static char *write_theme(const char *name, const char *text)
{
    char *path = fst_path_join(folder, name);
    assert_int_equal(fst_file_write(path, text, strlen(text), 0600, NULL), FST_OK);
    return path;
}

static enum fst_status load(const char *text, struct fst_theme **out, struct fst_error *err)
{
    char *path = write_theme("own.yaml", text);
    enum fst_status status = fst_theme_load(path, out, err);
    free(path);
    return status;
}

static void test_ui_theme__every_built_in_loads(void **state)
{
    (void)state;
    for (const char *const *name = fst_theme_names(); *name; name++) {
        struct fst_theme *t;
        struct fst_error err;
        if (fst_theme_load(*name, &t, &err) != FST_OK)
            fail_msg("%s: %s", *name, err.text);
        fst_theme_free(t);
    }
}

static void test_ui_theme__the_cursor_never_looks_like_text(void **state)
{
    (void)state;
    for (const char *const *name = fst_theme_names(); *name; name++) {
        struct fst_theme *t;
        assert_int_equal(fst_theme_load(*name, &t, NULL), FST_OK);
        assert_memory_not_equal(&t->styles[FST_ROLE_CURSOR], &t->styles[FST_ROLE_TEXT],
                                sizeof t->styles[0]);
        fst_theme_free(t);
    }
}

static void test_ui_theme__mono_has_no_colour(void **state)
{
    struct fst_theme *t;
    (void)state;
    assert_int_equal(fst_theme_load("mono", &t, NULL), FST_OK);
    for (int i = 0; i < FST_ROLE_COUNT_; i++) {
        assert_int_equal(t->styles[i].fg, FST_COLOR_DEFAULT);
        assert_int_equal(t->styles[i].bg, FST_COLOR_DEFAULT);
    }
    fst_theme_free(t);
}

/* Blue against the rest is what nearly everybody tells apart; else an attribute has to differ. */
static bool are_told_apart(const struct fst_style *a, const struct fst_style *b)
{
    int blue = (a->fg - 16) % 6 - (b->fg - 16) % 6;
    return a->attr != b->attr || blue >= 2 || blue <= -2;
}

static void test_ui_theme__states_differ_without_red_and_green(void **state)
{
    static const enum fst_role roles[] = {FST_ROLE_OK, FST_ROLE_RUNNING, FST_ROLE_FAILED,
                                          FST_ROLE_STALE, FST_ROLE_LOST};
    struct fst_theme *t;
    (void)state;
    assert_int_equal(fst_theme_load("colorblind", &t, NULL), FST_OK);
    for (size_t i = 0; i < FST_COUNT(roles); i++)
        for (size_t k = i + 1; k < FST_COUNT(roles); k++) {
            assert_true(t->styles[roles[i]].fg >= 16 && t->styles[roles[i]].fg < 232);
            if (!are_told_apart(&t->styles[roles[i]], &t->styles[roles[k]]))
                fail_msg("%s and %s", fst_roles[roles[i]].name, fst_roles[roles[k]].name);
        }
    assert_true(are_told_apart(&t->styles[FST_ROLE_DIFF_ADD], &t->styles[FST_ROLE_DIFF_DEL]));
    fst_theme_free(t);
}

static void test_ui_theme__default_keeps_the_terminals_background(void **state)
{
    struct fst_theme *t;
    (void)state;
    assert_int_equal(fst_theme_load(NULL, &t, NULL), FST_OK);
    assert_int_equal(t->styles[FST_ROLE_TEXT].bg, FST_COLOR_DEFAULT);
    for (int i = 0; i < FST_ROLE_COUNT_; i++)
        assert_true(t->styles[i].fg < 16 && t->styles[i].bg < 16);
    fst_theme_free(t);
}

static void test_ui_theme__a_file_inherits_and_names_colours(void **state)
{
    struct fst_theme *t;
    (void)state;
    assert_int_equal(load("inherits: mono\npalette: {accent: \"#ff0000\"}\n"
                          "roles: {title: {fg: accent, attr: [bold, underline]}}\n",
                          &t, NULL),
                     FST_OK);
    assert_int_equal(t->styles[FST_ROLE_TITLE].fg, 196);
    assert_int_equal(t->styles[FST_ROLE_TITLE].attr, FST_ATTR_BOLD | FST_ATTR_UNDERLINE);
    assert_int_equal(t->styles[FST_ROLE_CURSOR].attr, FST_ATTR_REVERSE);
    fst_theme_free(t);
}

static void test_ui_theme__a_silent_role_looks_as_its_parent(void **state)
{
    struct fst_theme *t;
    (void)state;
    assert_int_equal(load("roles: {error: {fg: red}}\n", &t, NULL), FST_OK);
    assert_int_equal(t->styles[FST_ROLE_FAILED].fg, 1);
    assert_int_equal(t->styles[FST_ROLE_DIFF_DEL].fg, 1);
    fst_theme_free(t);
}

static void assert_refused(const char *text, const char *part)
{
    struct fst_theme *t;
    struct fst_error err;
    assert_int_not_equal(load(text, &t, &err), FST_OK);
    assert_null(t);
    if (!strstr(err.text, part))
        fail_msg("\"%s\" is not in \"%s\"", part, err.text);
}

static void test_ui_theme__errors_name_place_and_nearest(void **state)
{
    (void)state;
    assert_refused("roles:\n  curser: {}\n", "own.yaml:2:3: there is no role curser; did you mean "
                                             "cursor?");
    assert_refused("roles:\n  text: {fg: gren}\n",
                   "own.yaml:2:14: there is no colour gren; did you "
                   "mean green?");
    assert_refused("roles: {text: {attr: blod}}\n", "did you mean bold?");
    assert_refused("role: {}\n", "did you mean roles?");
    assert_refused("- a\n", "expected keys with values");
    assert_refused("roles: {text: {fg: [1]}}\n", "expected a colour");
}

static void test_ui_theme__a_circle_ends(void **state)
{
    (void)state;
    assert_refused("inherits: own.yaml\n", "in a circle");
}

static void test_ui_theme__an_unknown_name_says_which_there_are(void **state)
{
    struct fst_theme *t;
    struct fst_error err;
    (void)state;
    assert_int_equal(fst_theme_load("drak", &t, &err), FST_ENOTFOUND);
    assert_non_null(strstr(err.text, "did you mean dark"));
}

static void test_ui_theme__colours_come_down_to_sixteen(void **state)
{
    (void)state;
    assert_int_equal(fst__color_to_16(196), 9);
    assert_int_equal(fst__color_to_16(16), 0);
    assert_int_equal(fst__color_to_16(7), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ui_theme__every_built_in_loads),
        cmocka_unit_test(test_ui_theme__the_cursor_never_looks_like_text),
        cmocka_unit_test(test_ui_theme__mono_has_no_colour),
        cmocka_unit_test(test_ui_theme__states_differ_without_red_and_green),
        cmocka_unit_test(test_ui_theme__default_keeps_the_terminals_background),
        cmocka_unit_test(test_ui_theme__a_file_inherits_and_names_colours),
        cmocka_unit_test(test_ui_theme__a_silent_role_looks_as_its_parent),
        cmocka_unit_test(test_ui_theme__errors_name_place_and_nearest),
        cmocka_unit_test(test_ui_theme__a_circle_ends),
        cmocka_unit_test(test_ui_theme__an_unknown_name_says_which_there_are),
        cmocka_unit_test(test_ui_theme__colours_come_down_to_sixteen),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
