/* What OSC 9 carries: a text, and nothing that a terminal could take for more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "term_notify.h"

static char *escape_of(enum fst_copy_way way, const char *text)
{
    struct fst_buf out = FST_BUF_TEXT;
    fst__notify_escape(&out, way, text);
    return fst_buf_take(&out);
}

static void test_ui_notify__is_one_escape(void **state)
{
    char *got = escape_of(FST_COPY_PLAIN, "daily.v1 is READY");
    (void)state;
    assert_string_equal(got, "\033]9;firesteel: daily.v1 is READY\a");
    free(got);
}

static void test_ui_notify__the_text_cannot_end_it(void **state)
{
    char *got = escape_of(FST_COPY_PLAIN, "a\a\033]0;owned\033\\\x9c\xc2\x9c z");
    (void)state;
    size_t n = strlen(got);
    for (size_t i = 1; i + 1 < n; i++)
        assert_true((unsigned char)got[i] >= 0x20 && (unsigned char)got[i] != 0x9c);
    assert_null(strstr(got, "\xc2\x9c"));
    assert_int_equal(got[n - 1], '\a');
    free(got);
}

static void test_ui_notify__a_long_text_is_cut(void **state)
{
    char text[5000];
    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    char *got = escape_of(FST_COPY_PLAIN, text);
    assert_true(strlen(got) < 200);
    free(got);
}

static void test_ui_notify__tmux_and_screen_hand_it_on(void **state)
{
    char *tmux = escape_of(FST_COPY_TMUX, "x"), *screen = escape_of(FST_COPY_SCREEN, "x");
    (void)state;
    assert_string_equal(tmux, "\033Ptmux;\033\033]9;firesteel: x\a\033\\");
    assert_string_equal(screen, "\033P\033]9;firesteel: x\a\033\\");
    free(tmux);
    free(screen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ui_notify__is_one_escape),
        cmocka_unit_test(test_ui_notify__the_text_cannot_end_it),
        cmocka_unit_test(test_ui_notify__a_long_text_is_cut),
        cmocka_unit_test(test_ui_notify__tmux_and_screen_hand_it_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
