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
        if (keys[i] == '\r')
            key = (struct fst_key){.name = "enter"};
        if (keys[i] == '\t')
            key = (struct fst_key){.name = "tab"};
        else if (keys[i] > 0 && keys[i] < ' ' && !strchr("\r\033", keys[i]))
            snprintf(key.name, sizeof key.name, "ctrl-%c", keys[i] + 'a' - 1), key.text[0] = '\0';
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
    gives("a.b c.d e", "W", "a.b |c.d e");
    gives("a.b c.d e", "2WB", "a.b |c.d e");
    gives("a.b c.d e", "2E", "a.b c.|d e");
    gives("a.b cd e", "$ge", "a.b c|d e");
    gives("a.b cd e", "Wge", "a.|b cd e");
    gives("a.b-c d", "$gE", "a.b-|c d");
    gives("a\nb\n\nc\nd", "}", "a\nb\n|\nc\nd");
    gives("a\nb\n\nc\nd", "}}", "a\nb\n\nc\n|d");
    gives("a\nb\n\nc\nd", "4j{", "a\nb\n|\nc\nd");
    gives("a\n  b\n c", "$+", "a\n  |b\n c");
    gives("a\n  b\n c", "2j-", "a\n  |b\n c");
    gives("a\n  b", "j$_", "a\n  |b");
    gives("abcd", "3|", "ab|cd");
    gives("f(a)", "%", "f(a|)");
    gives("a\nb\n", "G", "a\n|b\n");
    gives("a,b,c", "t,;", "a,|b,c");
    gives("a b\nab\na", "*", "a b\nab\n|a");
    gives("a b\na\na", "#", "a b\na\n|a");
    gives("a b\na\na", "*n", "a b\na\n|a");
    gives("a b\na\na", "*N", "|a b\na\na");
    gives("a\nb\nc\nd", "\004\025", "|a\nb\nc\nd");
    gives("a\nb\nc\nd", "3\004", "a\nb\nc\n|d");
    gives("a\nb\nc", "99999j99999k", "|a\nb\nc");
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
    gives("a.b c", "dW", "|c");
    gives("a.b c", "cWx\033", "|x c");
    gives("ab cd", "gUiw", "|AB cd");
    gives("AB cd", "guiw", "|ab cd");
    gives("aB cd", "g~w", "|Ab cd");
    gives("ab\ncd", "gUU", "|AB\ncd");
    gives("ab cd", "gUiww.", "AB |CD");
    gives("a\n  b", "gcc", "|-- a\n  b");
    gives("-- a\n  b", "gcj", "|-- -- a\n  -- b");
    gives("a\nb\n\nc", "d}", "|\nc");
    gives("a b\nc\n\nd", "wd}", "a| \n\nd");
    gives("a\nb\n\nc", ">}", "    |a\n    b\n\nc");
    gives("a\nb", "jyk$p", "a\n|a\nb\nb");
    gives("a ab c", "wdaw", "a |c");
    gives("a ab.c", "wdaw", "a|.c");
    gives("  ab c", "daw", "| c");
    gives("a.b c", "diW", "| c");
    gives("a.b c", "daW", "|c");
    gives("a\nb\n\nc", "dap", "|c");
    gives("a\nb\n\nc", "dip", "|\nc");
    gives("{a}", "ldiB", "{|}");
    gives("x(a)", "di(", "x(|)");
    gives("x 'ab' y", "wda'", "x |y");
    gives("abc", "r\r", "\n|bc");
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
    gives("a", "Ab\003.", "ab|b");
    gives("ab cd", "d\003w", "ab |cd");
    gives("a", "3ixy\033", "xyxyx|ya");
    gives("a", "2Ax\033", "ax|x");
    gives(" a\nb", "2ox\033", " a\n x\n |x\nb");
    gives("a b c", "wvd0.", "|  c");
    gives("abcd", "vld.", "|");
    gives("a\nb\nc\nd\ne", "Vjd.", "|e");
    gives("a\nb\nc", "V>j.", "    a\n    |b\nc");
    gives("ab\ncd", "vlUj0.", "AB\n|CD");
    gives("ab cd ef", "viwcx\033w.", "x |x ef");
    gives("ab", "Vy.", "|ab");
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
    gives("ab cd", "yiwwviwp", "ab a|b");
    gives("ab cd", "yiwwviwp0P", "c|dab ab");
    gives("a\nb\nc", "yyjVp", "a\n|a\nc");
    gives("a\nb\nc", "yyjjVp", "a\nb\n|a");
    gives("ab\ncd", "yiwjVp", "ab\n|ab");
    gives("ab\ncd", "yyjvp", "ab\n\n|ab\nd");
    gives("abcd", "lvlr-", "a|--d");
    gives("ab\ncd", "Vjr-", "|--\n--");
    gives("ab\ncd", "vX", "|cd");
    gives("ab\ncd", "vSx\033", "|x\ncd");
    gives("a\nb\n\nc", "vipd", "|\nc");
    gives("abcd", "lvl\0330gvd", "a|d");
    gives("a\nb\nc", "Vj\033GgvU", "|A\nB\nc");
    gives("ab\ncd", "vjyP", "|ab\ncab\ncd");
    gives("a\nb\nc", "vj$J", "a| b\nc");
}

static void test_ui_editor_vi__substitutes_in_lines_or_in_all(void **state)
{
    struct fst_editor *e = fst_editor_new("a b\na a\nab");
    size_t n;
    (void)state;
    fst_editor_set_vi(e, true);
    press(e, "j");
    assert_int_equal(fst_editor_substitute(e, "a", "x", false), 2);
    assert_string_equal(fst_editor_text(e, &n), "a b\nx x\nab");
    press(e, "uggVj");
    assert_int_equal(fst_editor_substitute(e, "(a) ", "$1$1", false), 2);
    assert_string_equal(fst_editor_text(e, &n), "aab\naaa\nab");
    assert_string_equal(fst_editor_vi_mode(e), "normal");
    press(e, "u");
    assert_int_equal(fst_editor_substitute(e, "a", "", true), 4);
    assert_string_equal(fst_editor_text(e, &n), " b\n \nb");
    press(e, "u");
    assert_string_equal(fst_editor_text(e, &n), "a b\na a\nab");
    assert_int_equal(fst_editor_substitute(e, "nowhere", "x", true), 0);
    assert_int_equal(fst_editor_substitute(e, "A", "x", true), 0);
    fst_editor_set_text(e, "f(*)");
    assert_int_equal(fst_editor_substitute(e, "f(*)", "$0$$1", true), 1);
    assert_string_equal(fst_editor_text(e, &n), "f(*)$1");
    fst_editor_free(e);
}

/* Marks, registers and macros are not there: the letter behind them is no command, and no text. */
static void test_ui_editor_vi__what_is_not_there_types_nothing(void **state)
{
    (void)state;
    gives("a\nb", "ma", "|a\nb");
    gives("a\nb", "\"ayyp", "a\n|a\nb");
    gives("a\nb", "ZZ", "|a\nb");
    gives("a\nb", "@a", "|a\nb");
    gives("a\nb", "gz", "|a\nb");
    gives("a\nb", "\t", "|a\nb");
    gives("a b", "gvx", "| b");
}

static size_t finds(struct fst_editor *e, const char *keys, const char *find)
{
    struct fst_key key = {0};
    size_t at;
    press(e, keys);
    key.name[0] = key.text[0] = *find;
    assert_int_equal(fst_editor_vi_key(e, &key), FST_VI_FIND);
    fst_editor_find(e, find + 1, 4);
    fst_editor_place(e, NULL, NULL, &at);
    return at;
}

static void test_ui_editor_vi__looking_goes_back_with_a_question_mark(void **state)
{
    struct fst_editor *e = fst_editor_new("b a a a");
    size_t at;
    (void)state;
    fst_editor_set_vi(e, true);
    assert_int_equal(finds(e, "", "/a"), 4);
    press(e, "n");
    fst_editor_place(e, NULL, NULL, &at);
    assert_int_equal(at, 6);
    assert_int_equal(finds(e, "", "?a"), 2);
    press(e, "n");
    fst_editor_place(e, NULL, NULL, &at);
    assert_int_equal(at, 6);
    press(e, "N");
    fst_editor_place(e, NULL, NULL, &at);
    assert_int_equal(at, 2);
    assert_int_equal(finds(e, "d", "/a"), 4); /* what is looked for is no motion */
    assert_string_equal(fst_editor_text(e, &at), "b a a a");
    fst_editor_free(e);
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
    assert_true(fst_editor_vi_takes(e, "esc") && !fst_editor_vi_takes(e, "ctrl-r"));
    fst_editor_complete(e, 0, &(struct fst_candidate){"ab", NULL}, 1);
    press(e, "\033");
    assert_false(fst_editor_completing(e));
    assert_string_equal(fst_editor_vi_mode(e), "normal");
    assert_true(fst_editor_vi_takes(e, "ctrl-r") && !fst_editor_vi_takes(e, "ctrl-s"));
    press(e, "V");
    assert_string_equal(fst_editor_vi_mode(e), "visual line");
    fst_editor_free(e);
}

/* Whatever is pressed: the text can be taken back to where it began. */
static void test_ui_editor_vi__any_keys_are_survived(void **state)
{
    static const char keys[] = "hjklwbeWBE{}|_+-HML*#sSDCY0^$gGft;,xXdcypPiaIAoO.u~rJvV><%nN2(\"'"
                               "\033\033 \022\004\025\006";
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
        cmocka_unit_test(test_ui_editor_vi__substitutes_in_lines_or_in_all),
        cmocka_unit_test(test_ui_editor_vi__what_is_not_there_types_nothing),
        cmocka_unit_test(test_ui_editor_vi__looking_goes_back_with_a_question_mark),
        cmocka_unit_test(test_ui_editor_vi__says_its_mode_and_what_it_does_not_take),
        cmocka_unit_test(test_ui_editor_vi__any_keys_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
