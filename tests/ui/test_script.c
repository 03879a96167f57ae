/* Key scripts through the door: a small program of a few lines is what they drive. */
#include <unistd.h>

#include "ui_test.h"

struct program {
    struct fst_term *term;
    char typed[512]; /* names of the keys that came */
    char *dumped;
    size_t dumped_n;
    FILE *dump;
    int result;
};

static enum fst_status open_script(struct program *p, const char *script, struct fst_error *err)
{
    *p = (struct program){0};
    p->dump = open_memstream(&p->dumped, &p->dumped_n);
    struct fst_term_options o = {.rows = 3, .cols = 20, .script = script, .dump = p->dump};
    enum fst_status status = fst_term_open(&o, &p->term, err);
    if (status != FST_OK)
        fclose(p->dump);
    return status;
}

static void draw(struct program *p)
{
    struct fst_surface s = fst_term_surface(p->term);
    fst_surface_clear(&s, FST_ROLE_TEXT);
    fst_draws(&s, 0, 0, FST_ROLE_TITLE, p->typed);
    fst_drawf(&s, s.rows - 1, 0, FST_ROLE_TEXT, "%dx%d", s.cols, s.rows);
    fst_term_flush(p->term);
}

static void close_program(struct program *p)
{
    p->result = fst_term_script_result(p->term);
    fst_term_close(p->term);
    fclose(p->dump);
}

static void run(struct program *p, const char *script)
{
    struct fst_key key;
    struct fst_error err;
    if (open_script(p, script, &err) != FST_OK)
        fail_msg("%s", err.text);
    for (;;) {
        draw(p);
        enum fst_term_wake wake = fst_term_wait(p->term, NULL, 0, -1, true, &key);
        if (wake == FST_WAKE_HANGUP)
            break;
        if (wake != FST_WAKE_KEY)
            continue;
        size_t n = strlen(p->typed);
        snprintf(p->typed + n, sizeof p->typed - n, "%s%s", n ? " " : "",
                 key.text[0] ? key.text : key.name);
    }
    close_program(p);
}

static void test_ui_script__gives_keys_and_text(void **state)
{
    struct program p;
    (void)state;
    run(&p, "# a comment\n\nkey j ctrl-s enter\ntype aé b\n");
    assert_string_equal(p.typed, "j ctrl-s enter a é   b");
    assert_int_equal(p.result, 0);
    free(p.dumped);
}

static void test_ui_script__shows_what_was_copied_byte_by_byte(void **state)
{
    struct program p;
    struct fst_key key;
    struct fst_error err;
    (void)state;
    assert_int_equal(open_script(&p, "copied\nkey a\ncopied\nkey a\ncopied raw\n", &err), FST_OK);
    assert_int_equal(fst_term_wait(p.term, NULL, 0, -1, true, &key), FST_WAKE_KEY);
    assert_int_equal(fst_term_copy(p.term, "a\tb\n\033\"", 6, &err), FST_OK);
    assert_int_equal(fst_term_wait(p.term, NULL, 0, -1, true, &key), FST_WAKE_KEY);
    assert_int_equal(fst_term_copy(p.term, "", 0, &err), FST_EINVAL);
    assert_int_equal(fst_term_copy(p.term, "\xFF\0", 2, &err), FST_OK);
    assert_int_equal(fst_term_wait(p.term, NULL, 0, -1, true, &key), FST_WAKE_HANGUP);
    close_program(&p);
    assert_string_equal(p.dumped,
                        "--- copied\nnull\n---\n--- copied\n\"a\\tb\\n\\u001b\\\"\"\n---\n"
                        "--- raw\nhex:ff00\n---\n");
    free(p.dumped);
}

static void test_ui_script__clicks_where_the_mouse_is_on(void **state)
{
    struct program p;
    struct fst_key key;
    struct fst_error err;
    (void)state;
    assert_int_equal(open_script(&p, "click 1x1\nkey a\nclick 7x2\nwheel-up 1x3\n", &err), FST_OK);
    assert_int_equal(fst_term_wait(p.term, NULL, 0, -1, true, &key), FST_WAKE_KEY);
    assert_string_equal(key.name, "a"); /* the mouse was off */
    assert_int_equal(fst_term_mouse(p.term, true, &err), FST_OK);
    assert_int_equal(fst_term_wait(p.term, NULL, 0, -1, true, &key), FST_WAKE_KEY);
    assert_string_equal(key.name, "click");
    assert_int_equal(key.row, 1);
    assert_int_equal(key.col, 6);
    assert_int_equal(fst_term_wait(p.term, NULL, 0, -1, true, &key), FST_WAKE_KEY);
    assert_string_equal(key.name, "wheel-up");
    close_program(&p);
    free(p.dumped);
}

static void test_ui_script__dumps_the_screen_as_rows(void **state)
{
    struct program p;
    (void)state;
    run(&p, "key a\ndump first\nresize 10x2\ndump\n");
    assert_string_equal(p.dumped, "--- first\na\n\n20x3\n---\n--- screen\na resize\n10x2\n---\n");
    free(p.dumped);
}

static void test_ui_script__dumps_roles_with_a_key(void **state)
{
    struct program p;
    (void)state;
    run(&p, "key a b\nroles\n");
    assert_string_equal(p.dumped, "--- roles\nbbb.................\n....................\n"
                                  "....................\nb = title\n---\n");
    free(p.dumped);
}

static void test_ui_script__expect_holds_or_fails_with_a_dump(void **state)
{
    struct program p;
    (void)state;
    run(&p, "key x\nexpect x\nexpect[1] not there\nkey y\n");
    assert_int_equal(p.result, 1);
    assert_string_equal(p.typed, "x");
    assert_non_null(strstr(p.dumped, "--- line 3 failed\nx\n"));
    free(p.dumped);
}

static void test_ui_script__refute_fails_when_the_text_is_there(void **state)
{
    struct program p;
    (void)state;
    run(&p, "key x\nrefute nothing\nrefute 20x3\n");
    assert_int_equal(p.result, 1);
    assert_non_null(strstr(p.dumped, "--- line 3 failed\n"));
    free(p.dumped);
}

static void test_ui_script__wait_lets_the_program_work(void **state)
{
    struct program p;
    struct fst_key key;
    int fds[2];
    char byte;
    (void)state;
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(open_script(&p, "wait\nkey x\n", NULL), FST_OK);
    assert_int_equal(write(fds[1], "m", 1), 1);
    /* busy, then idle with a message waiting, then at rest */
    assert_int_equal(fst_term_wait(p.term, fds, 1, -1, false, &key), FST_WAKE_FD);
    assert_int_equal(fst_term_wait(p.term, fds, 1, -1, true, &key), FST_WAKE_FD);
    assert_int_equal(read(fds[0], &byte, 1), 1);
    assert_int_equal(fst_term_wait(p.term, fds, 1, 0, false, &key), FST_WAKE_TIMEOUT);
    assert_int_equal(fst_term_wait(p.term, fds, 1, -1, true, &key), FST_WAKE_KEY);
    assert_string_equal(key.name, "x");
    close_program(&p);
    close(fds[0]);
    close(fds[1]);
    free(p.dumped);
}

static void assert_refused(const char *script, const char *text)
{
    struct program p;
    struct fst_error err;
    assert_int_equal(open_script(&p, script, &err), FST_EINVAL);
    assert_null(p.term);
    assert_string_equal(err.text, text);
    free(p.dumped);
}

static void test_ui_script__errors_name_the_line(void **state)
{
    (void)state;
    assert_refused("key j\n\nkei k\n",
                   "key script, line 3: there is no command \"kei\"; did you mean key?");
    assert_refused("key j entr\n",
                   "key script, line 1: there is no key \"entr\"; did you mean enter?");
    assert_refused("resize 0x5",
                   "key script, line 1: expected a size such as 120x40 (at most 1000x1000)");
    assert_refused("expect", "key script, line 1: expect needs something behind it");
    assert_refused("expect[x] a", "key script, line 1: expected expect[SECONDS] with 1 to 3600");
    assert_refused("wait now", "key script, line 1: wait takes nothing behind it");
}

static void test_ui_script__a_paste_is_text_and_never_keys(void **state)
{
    struct program p;
    struct fst_key key;
    (void)state;
    assert_int_equal(open_script(&p, "paste q:quit", NULL), FST_OK);
    assert_int_equal(fst_term_wait(p.term, NULL, 0, -1, true, &key), FST_WAKE_KEY);
    assert_string_equal(key.name, "text");
    assert_string_equal(key.text, "q:quit");
    close_program(&p);
    free(p.dumped);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ui_script__gives_keys_and_text),
        cmocka_unit_test(test_ui_script__dumps_the_screen_as_rows),
        cmocka_unit_test(test_ui_script__shows_what_was_copied_byte_by_byte),
        cmocka_unit_test(test_ui_script__dumps_roles_with_a_key),
        cmocka_unit_test(test_ui_script__expect_holds_or_fails_with_a_dump),
        cmocka_unit_test(test_ui_script__refute_fails_when_the_text_is_there),
        cmocka_unit_test(test_ui_script__wait_lets_the_program_work),
        cmocka_unit_test(test_ui_script__errors_name_the_line),
        cmocka_unit_test(test_ui_script__clicks_where_the_mouse_is_on),
        cmocka_unit_test(test_ui_script__a_paste_is_text_and_never_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
