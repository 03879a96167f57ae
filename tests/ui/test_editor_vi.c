/* The editor with vi's keys: what a sequence of them does to a text. `|` is where the cursor is. */
#include "ui_test.h"

static void press(struct fst_editor *e, const char *keys)
{
    for (size_t i = 0, n = strlen(keys), len; i < n; i += len) {
        struct fst_key key = {0};
        len = fst_text_cluster(keys + i, n - i);
        snprintf(key.text, sizeof key.text, "%.*s", (int)len, keys + i);
        snprintf(key.name, sizeof key.name, "%.*s", (int)len, keys + i);
        if (keys[i] == '\033')
            key = (struct fst_key){.name = "esc"};
        if (keys[i] == '\022')
            key = (struct fst_key){.name = "ctrl-r"};
        if (fst_editor_vi_key(e, &key) == FST_VI_NOT_MINE && key.text[0])
            fst_editor_insert(e, key.text, strlen(key.text));
    }
}

static void gives(const char *text, const char *keys, const char *expected)
{
    struct fst_editor *e = fst_editor_new(text);
    char got[512];
    size_t n, at;
    fst_editor_set_vi(e, true);
    press(e, keys);
    const char *now = fst_editor_text(e, &n);
    fst_editor_place(e, NULL, NULL, &at);
    snprintf(got, sizeof got, "%.*s|%s", (int)at, now, now + at);
    if (strcmp(got, expected) != 0)
        fail_msg("%s with %s: %s, not %s", text, keys, got, expected);
    fst_editor_free(e);
}

static void test_ui_editor_vi__moves(void **state)
{
    (void)state;
    gives("ab cd\nef", "l", "a|b cd\nef");
    gives("ab cd\nef", "9l", "ab c|d\nef");
    gives("ab cd\nef", "$j", "ab cd\ne|f");
    gives("ab cd\nef", "wjk", "ab |cd\nef");
    gives("a.b  cd", "wwwb", "a.|b  cd");
    gives("ab cd ef", "2w", "ab cd |ef");
    gives("ab cd ef", "ee", "ab c|d ef");
    gives("  ab", "$^", "  |ab");
    gives("  ab", "$0", "|  ab");
    gives("a\n b\nc", "G", "a\n b\n|c");
    gives("a\n b\nc", "2G", "a\n |b\nc");
    gives("a\n b\nc", "Ggg", "|a\n b\nc");
    gives("a,b,c,d", "f,;", "a,b|,c,d");
    gives("a,b,c,d", "2t,", "a,|b,c,d");
    gives("a,b,c,d", "$F,,", "a,b,c|,d");
    gives("a(b)c", "l%", "a(b|)c");
    gives("aéb", "fé", "a|éb");
}

static void test_ui_editor_vi__operators_take_motions_and_objects(void **state)
{
    (void)state;
    gives("ab cd ef", "dw", "|cd ef");
    gives("ab cd ef", "2dw", "|ef");
    gives("ab cd ef", "d2w", "|ef");
    gives("ab cd\nef", "wdw", "ab| \nef");
    gives("ab cd", "wD", "ab| ");
    gives("ab cd", "de", "| cd");
    gives("ab cd", "cwx\033", "|x cd");
    gives("a\nb\nc", "jdd", "a\n|c");
    gives("a\nb\nc", "jdj", "|a");
    gives("a\nb\nc", "3dd", "|");
    gives("a\nb", "yyp", "a\n|a\nb");
    gives("a\nb", "jyyp", "a\nb\n|b");
    gives("a\nb", "ddp", "b\n|a");
    gives("ab", "xp", "b|a");
    gives("ab cd", "yiw$p", "ab cda|b");
    gives("f(a, b)", "fadi(", "f(|)");
    gives("f(a, g(b))", "fbda(", "f(a, g|)");
    gives("x = 'ab' ", "ci'y\033", "x = '|y' ");
    gives("ab cd ef", "wdiw", "ab | ef");
    gives("ab cd ef", "wdaw", "ab |ef");
    gives("  ab\nc", "ccx\033", "  |x\nc");
    gives("a\nb", ">j", "    |a\n    b");
    gives("    a\nb", "<<", "|a\nb");
    gives("a,b", "dt,", "|,b");
    gives("a,b", "df,", "|b");
    gives("abc", "rx", "|xbc");
    gives("abc", "~~", "AB|c");
    gives("a\nb", "J", "a| b");
    gives("abc", "$X", "a|c");
}

static void test_ui_editor_vi__inserts_and_does_it_again(void **state)
{
    (void)state;
    gives("ab", "ix\033", "|xab");
    gives("ab", "ax\033", "a|xb");
    gives("ab", "Ax\033", "ab|x");
    gives("  ab", "$Ix\033", "  |xab");
    gives(" a\nb", "ox\033", " a\n |x\nb");
    gives(" a\nb", "Ox\033", " |x\n a\nb");
    gives("a b c", "cwx\033w.", "x |x c");
    gives("a\nb\nc\nd", "dd.", "|c\nd");
    gives("abc", "x.", "|c");
    gives("a", "Ab\033..", "abb|b");
}

static void test_ui_editor_vi__a_command_is_one_undo_step(void **state)
{
    (void)state;
    gives("ab cd", "cwx y\033u", "|ab cd");
    gives("ab cd", "cwx y\033u\022", "x y| cd");
    gives("a\nb", ">ju", "|a\nb");
    gives("a b", "xxu", "| b");
    gives("a b", "ox\033uu", "|a b");
    gives("abc", "xx2u", "|abc");
}

static void test_ui_editor_vi__an_ended_step_parts_what_is_inserted(void **state)
{
    struct fst_editor *e = fst_editor_new("");
    size_t n;
    (void)state;
    fst_editor_set_vi(e, true);
    press(e, "ia b");
    fst_editor_end_step(e);
    press(e, " c d\033u");
    assert_string_equal(fst_editor_text(e, &n), "a b");
    press(e, "u");
    assert_string_equal(fst_editor_text(e, &n), "");
    fst_editor_free(e);
}

static void test_ui_editor_vi__visual_selects_letters_and_lines(void **state)
{
    (void)state;
    gives("abcd", "vld", "|cd");
    gives("abcd", "lvlcx\033", "a|xd");
    gives("abcd", "vly$p", "abcda|b");
    gives("a\nb\nc", "Vjd", "|c");
    gives("ab", "vU", "|Ab");
    gives("f(a b)", "favi(d", "f(|)");
    gives("a\nb", "Vj>", "    |a\n    b");
    gives("abc", "vl\033x", "a|c");
    gives("abcd", "$vhd", "a|b");
    gives("a\nb\nc", "vJ", "a| b\nc");
    gives("a\nb\nc", "vj$J", "a| b\nc");
}

static void test_ui_editor_vi__says_its_mode_and_what_it_does_not_take(void **state)
{
    struct fst_editor *e = fst_editor_new("a");
    struct fst_key esc = {.name = "esc"}, save = {.name = "ctrl-s"}, colon = {":", ":", 0, 0};
    (void)state;
    assert_null(fst_editor_vi_mode(e));
    assert_int_equal(fst_editor_vi_key(e, &esc), FST_VI_NOT_MINE);
    fst_editor_set_vi(e, true);
    assert_string_equal(fst_editor_vi_mode(e), "normal");
    assert_int_equal(fst_editor_vi_key(e, &save), FST_VI_NOT_MINE);
    assert_int_equal(fst_editor_vi_key(e, &colon), FST_VI_COMMAND);
    press(e, "i");
    assert_string_equal(fst_editor_vi_mode(e), "insert");
    assert_int_equal(fst_editor_vi_key(e, &colon), FST_VI_NOT_MINE);
    press(e, "\033V");
    assert_string_equal(fst_editor_vi_mode(e), "visual line");
    fst_editor_free(e);
}

/* Whatever is pressed: the text can be taken back to where it began. */
static void test_ui_editor_vi__any_keys_are_survived(void **state)
{
    static const char keys[] = "hjklwbe0^$gGft;,xXdcypPiaIAoO.u~rJvV><%nN2(\"'\033\033 \022";
    uint32_t seed = 7;
    (void)state;
    for (int round = 0; round < 60; round++) {
        struct fst_editor *e = fst_editor_new("SELECT a, 'é'\n  FROM (t)\n\nWHERE x");
        size_t n, at;
        fst_editor_set_vi(e, true);
        for (int i = 0; i < 300; i++) {
            char key[2] = {0};
            seed = seed * 1664525 + 1013904223;
            key[0] = keys[(seed >> 8) % (sizeof keys - 1)];
            press(e, key);
            const char *text = fst_editor_text(e, &n);
            fst_editor_place(e, NULL, NULL, &at);
            assert_true(at <= n && fst_utf8_valid(text, n) && fst_utf8_valid(text, at));
            if (n > 100000)
                break;
        }
        fst_editor_free(e);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ui_editor_vi__moves),
        cmocka_unit_test(test_ui_editor_vi__operators_take_motions_and_objects),
        cmocka_unit_test(test_ui_editor_vi__inserts_and_does_it_again),
        cmocka_unit_test(test_ui_editor_vi__a_command_is_one_undo_step),
        cmocka_unit_test(test_ui_editor_vi__an_ended_step_parts_what_is_inserted),
        cmocka_unit_test(test_ui_editor_vi__visual_selects_letters_and_lines),
        cmocka_unit_test(test_ui_editor_vi__says_its_mode_and_what_it_does_not_take),
        cmocka_unit_test(test_ui_editor_vi__any_keys_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
