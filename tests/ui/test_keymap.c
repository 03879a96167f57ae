#include "key.h"
#include "ui_test.h"

static const struct fst_action actions[] = {
    {"open", "list", "enter", NULL, "Open", false},
    {"go", "global", "g", NULL, "Go", false},
    {"list.top", "list", "g home", NULL, "Top", false},
    {"run", "list", "r ctrl-r", NULL, "Run", true},
    {"look", "global", "r", NULL, "Look", false},
};
static const char *const scopes[] = {"list", "global", NULL};

static const char *found(struct fst_keymap *m, const char *name, bool read_only)
{
    struct fst_key key = key_named(name);
    const struct fst_action *a = fst_keymap_find(m, scopes, &key, read_only);
    return a ? a->name : "";
}

static void test_ui_keymap__the_first_scope_wins(void **state)
{
    struct fst_keymap *m = fst_keymap_new(actions, FST_COUNT(actions));
    (void)state;
    assert_string_equal(found(m, "g", false), "list.top");
    assert_string_equal(found(m, "home", false), "list.top");
    assert_string_equal(found(m, "x", false), "");
    fst_keymap_free(m);
}

static void test_ui_keymap__read_only_lets_writing_keys_through(void **state)
{
    struct fst_keymap *m = fst_keymap_new(actions, FST_COUNT(actions));
    (void)state;
    assert_string_equal(found(m, "r", false), "run");
    assert_string_equal(found(m, "r", true), "look");
    assert_string_equal(found(m, "ctrl-r", true), "");
    fst_keymap_free(m);
}

static void test_ui_keymap__binding_replaces_the_defaults(void **state)
{
    struct fst_keymap *m = fst_keymap_new(actions, FST_COUNT(actions));
    (void)state;
    assert_int_equal(fst_keymap_bind(m, "run", "x ctrl-/", NULL), FST_OK);
    assert_string_equal(found(m, "x", false), "run");
    assert_string_equal(found(m, "ctrl-_", false), "run");
    assert_string_equal(found(m, "ctrl-r", false), "");
    assert_string_equal(fst_keymap_keys(m, &actions[3]), "x ctrl-_");
    fst_keymap_free(m);
}

static void test_ui_keymap__keys_one_after_the_other(void **state)
{
    struct fst_keymap *m = fst_keymap_new(actions, FST_COUNT(actions));
    (void)state;
    assert_int_equal(fst_keymap_bind(m, "list.top", "g,g home", NULL), FST_OK);
    assert_int_equal(fst_keymap_bind(m, "run", "space,ctrl-/,x ,", NULL), FST_OK);
    assert_string_equal(found(m, "g", false), "");
    assert_string_equal(fst_keymap_begun(m), "g");
    assert_string_equal(found(m, "g", false), "list.top");
    assert_string_equal(fst_keymap_begun(m), "");
    assert_string_equal(found(m, "home", false), "list.top");
    assert_string_equal(found(m, "space", false), "");
    assert_string_equal(found(m, "ctrl-_", false), "");
    assert_string_equal(fst_keymap_begun(m), "space,ctrl-_");
    assert_string_equal(found(m, "x", false), "run");
    assert_string_equal(found(m, ",", false), "run");
    fst_keymap_free(m);
}

static void test_ui_keymap__a_key_that_does_not_go_on_ends_a_sequence(void **state)
{
    struct fst_keymap *m = fst_keymap_new(actions, FST_COUNT(actions));
    (void)state;
    assert_int_equal(fst_keymap_bind(m, "list.top", "g,g", NULL), FST_OK);
    found(m, "g", false);
    assert_string_equal(found(m, "enter", false), "");
    assert_string_equal(found(m, "enter", false), "open");
    found(m, "g", false);
    fst_keymap_forget(m);
    assert_string_equal(found(m, "r", false), "run");
    fst_keymap_free(m);
}

static void test_ui_keymap__own_bindings_come_before_defaults(void **state)
{
    struct fst_keymap *m = fst_keymap_new(actions, FST_COUNT(actions));
    (void)state;
    assert_int_equal(fst_keymap_bind(m, "run", "enter", NULL), FST_OK);
    assert_string_equal(found(m, "enter", false), "run");
    fst_keymap_free(m);
}

static void test_ui_keymap__none_unbinds(void **state)
{
    struct fst_keymap *m = fst_keymap_new(actions, FST_COUNT(actions));
    (void)state;
    assert_int_equal(fst_keymap_bind(m, "open", "none", NULL), FST_OK);
    assert_string_equal(found(m, "enter", false), "");
    fst_keymap_free(m);
}

static void test_ui_keymap__errors_name_the_nearest(void **state)
{
    struct fst_keymap *m = fst_keymap_new(actions, FST_COUNT(actions));
    struct fst_error err;
    (void)state;
    assert_int_equal(fst_keymap_bind(m, "opne", "x", &err), FST_EINVAL);
    assert_non_null(strstr(err.text, "did you mean open?"));
    assert_int_equal(fst_keymap_bind(m, "open", "entr", &err), FST_EINVAL);
    assert_string_equal(err.text, "keys of open: there is no key \"entr\"; did you mean enter?");
    assert_string_equal(found(m, "enter", false), "open");
    fst_keymap_free(m);
}

static void assert_key(const char *name, const char *spelled, const char *text)
{
    struct fst_key key;
    assert_int_equal(fst__key_parse(name, strlen(name), &key, NULL), FST_OK);
    assert_string_equal(key.name, spelled);
    assert_string_equal(key.text, text);
}

static void test_ui_key__names_are_characters_names_and_modifiers(void **state)
{
    (void)state;
    assert_key("a", "a", "a");
    assert_key("é", "é", "é");
    assert_key("-", "-", "-");
    assert_key("space", "space", " ");
    assert_key("ctrl-space", "ctrl-space", "");
    assert_key("ctrl-s", "ctrl-s", "");
    assert_key("alt-x", "alt-x", "");
    assert_key("ctrl-shift-left", "ctrl-shift-left", "");
    assert_key("f12", "f12", "");
}

static void test_ui_key__what_terminals_cannot_send_is_refused(void **state)
{
    static const char *const names[] = {"ctrl-i", "ctrl-m", "shift-a", "ctrl-A", "",
                                        "ab",     "ctrl-",  "f13",     "\033",   " "};
    (void)state;
    for (size_t i = 0; i < FST_COUNT(names); i++) {
        struct fst_key key;
        assert_int_equal(fst__key_parse(names[i], strlen(names[i]), &key, NULL), FST_EINVAL);
    }
}

static void check_rows(const struct fst_action *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct fst_keymap *m = fst_keymap_new(rows, n);
        struct fst_error err;
        if (fst_keymap_bind(m, rows[i].name, rows[i].keys, &err) != FST_OK)
            fail_msg("%s", err.text);
        assert_string_equal(fst_keymap_keys(m, &rows[i]), rows[i].keys);
        fst_keymap_free(m);
    }
}

static void test_ui_keymap__widgets_spell_their_keys_right(void **state)
{
    (void)state;
    check_rows(fst_list_actions, fst_n_list_actions);
    check_rows(fst_pager_actions, fst_n_pager_actions);
    check_rows(fst_grid_actions, fst_n_grid_actions);
    check_rows(fst_editor_actions, fst_n_editor_actions);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ui_keymap__the_first_scope_wins),
        cmocka_unit_test(test_ui_keymap__read_only_lets_writing_keys_through),
        cmocka_unit_test(test_ui_keymap__binding_replaces_the_defaults),
        cmocka_unit_test(test_ui_keymap__keys_one_after_the_other),
        cmocka_unit_test(test_ui_keymap__a_key_that_does_not_go_on_ends_a_sequence),
        cmocka_unit_test(test_ui_keymap__own_bindings_come_before_defaults),
        cmocka_unit_test(test_ui_keymap__none_unbinds),
        cmocka_unit_test(test_ui_keymap__errors_name_the_nearest),
        cmocka_unit_test(test_ui_key__names_are_characters_names_and_modifiers),
        cmocka_unit_test(test_ui_key__what_terminals_cannot_send_is_refused),
        cmocka_unit_test(test_ui_keymap__widgets_spell_their_keys_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
