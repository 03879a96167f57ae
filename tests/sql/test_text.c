/* Tokens, references, statements and places. */
#include "firesteel/sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* One letter a token, spaces left out, so that a whole text fits one assertion. */
static void kinds(const char *text, char *out)
{
    static const char letters[] = ".  hwqsno?rb";
    struct fst_lexer lx = {.text = text, .n = strlen(text)};
    size_t n = 0, end = 0;
    for (struct fst_token t; (t = fst_sql_next(&lx)).kind != FST_TOK_END;) {
        assert_int_equal(t.offset, end);
        end = t.offset + t.len;
        assert_true(t.len > 0 && n < 60);
        if (letters[t.kind] != ' ')
            out[n++] = letters[t.kind];
    }
    assert_int_equal(end, strlen(text));
    out[n] = 0;
}

#define KINDS(text, expected)                                                                      \
    do {                                                                                           \
        char got_[64];                                                                             \
        kinds(text, got_);                                                                         \
        assert_string_equal(got_, expected);                                                       \
    } while (0)

static void test_sql_lexer__tells_numbers_from_words(void **state)
{
    (void)state;
    KINDS("1 1L 1.5 .5 5. 1e3 1.5BD 1F 2d 3y", "nnnnnnnnnn");
    KINDS("1a 0x1F 1_000 1e", "wwww");
    KINDS("1.5a", "now");
    KINDS("a.5", "wn");
    KINDS("t.a", "wow");
}

static void test_sql_lexer__keeps_quotes_whole(void **state)
{
    (void)state;
    KINDS("'it''s' 'a\\'b' \"x;y\" `a``b` r'\\' X'1F'", "sssqss");
}

static void test_sql_lexer__marks_what_is_not_closed(void **state)
{
    (void)state;
    KINDS("select 'abc", "wb");
    KINDS("a /* b /* c */", "wb");
    KINDS("`x", "b");
    KINDS("{{x", "bw");
    KINDS("a # @", "wbb");
}

static void test_sql_lexer__nests_comments_and_knows_hints(void **state)
{
    (void)state;
    KINDS("a /* b /* c */ d */ e -- f\ng", "www");
    KINDS("select /*+ BROADCAST(t) */ a", "whw");
}

static void test_sql_lexer__takes_the_longest_operator(void **state)
{
    (void)state;
    KINDS("a<=>b>>>c||d::e->f|>g", "wowowowowowow");
    KINDS("? :x a:b", "??w?");
}

static void test_sql_lexer__counts_code_points_in_columns(void **state)
{
    (void)state;
    const char *text = "'\xc3\xa9\xe2\x82\xac'\n  x";
    struct fst_lexer lx = {.text = text, .n = strlen(text)};
    assert_int_equal(fst_sql_next(&lx).kind, FST_TOK_STRING);
    assert_int_equal(lx.col, 5);
    fst_sql_next(&lx);
    struct fst_token x = fst_sql_next(&lx);
    assert_int_equal(x.line, 2);
    assert_int_equal(x.col, 3);
}

static void test_sql_keywords__are_sorted_and_found_in_any_case(void **state)
{
    (void)state;
    const char *const *k = fst_sql_keywords();
    for (size_t i = 1; k[i]; i++)
        assert_true(strcmp(k[i - 1], k[i]) < 0);
    assert_true(fst_sql_is_keyword("sElEcT", 6));
    assert_false(fst_sql_is_keyword("selects", 7));
}

static void test_sql_text__finds_references_outside_of_quotes(void **state)
{
    (void)state;
    const char *text = "select '{{a}}' -- {{b}}\nfrom {{c.v1}} join {{ d }}";
    struct fst_arena *a = fst_arena_new();
    struct fst_reference *refs;
    size_t n;
    assert_int_equal(fst_sql_references(a, text, strlen(text), &refs, &n, NULL, NULL), FST_OK);
    assert_int_equal(n, 2);
    assert_string_equal(refs[0].name, "c");
    assert_string_equal(refs[0].variant, "v1");
    assert_int_equal(refs[0].line, 2);
    assert_int_equal(refs[0].col, 6);
    assert_string_equal(refs[1].name, "d");
    assert_null(refs[1].variant);
    fst_arena_free(a);
}

static void test_sql_text__refuses_broken_references_with_their_place(void **state)
{
    (void)state;
    struct fst_arena *a = fst_arena_new();
    struct fst_reference *refs;
    struct fst_problem problem = {0};
    size_t n;
    assert_int_equal(fst_sql_references(a, "x {{ }}", 7, &refs, &n, &problem, NULL), FST_EFORMAT);
    assert_int_equal(problem.col, 3);
    assert_int_equal(fst_sql_references(a, "x\n {{y", 6, &refs, &n, &problem, NULL), FST_EFORMAT);
    assert_int_equal(problem.line, 2);
    fst_arena_free(a);
}

static void test_sql_text__binds_references_without_moving_anything(void **state)
{
    (void)state;
    const char *text = "select * from {{a.v1}} where x = '{{no}}'";
    char *bound = fst_sql_bound_text(text, strlen(text));
    assert_string_equal(bound, "select * from `{a.v1}` where x = '{{no}}'");
    char *name = fst_sql_bound_name("{{a.v1}}", 8);
    assert_string_equal(name, "{a.v1}");
    free(name);
    free(bound);
}

static void test_sql_text__splits_statements(void **state)
{
    (void)state;
    const char *text = "select ';' ; -- x;\n;\n select 2 /* ; */ ;";
    struct fst_arena *a = fst_arena_new();
    struct fst_statement *s;
    assert_int_equal(fst_sql_split(a, text, strlen(text), &s), 2);
    assert_int_equal(s[0].len, 10);
    assert_memory_equal(text + s[1].offset, "select 2", 8);
    assert_int_equal(s[1].len, 8);
    assert_int_equal(s[1].line, 3);
    fst_arena_free(a);
}

static void test_sql_text__sameness_ignores_only_the_amount_of_space(void **state)
{
    (void)state;
    assert_true(fst_sql_same("select  a\n from t ", " select a from t"));
    assert_false(fst_sql_same("select 'a  b'", "select 'a b'"));
    assert_false(fst_sql_same("select a", "select b"));
    assert_false(fst_sql_same("select a -- x", "select a"));
}

static void test_sql_text__places_and_offsets_are_each_others_reverse(void **state)
{
    (void)state;
    const char *text = "a\xc3\xa9 b\n\ncd";
    for (size_t i = 0; i <= strlen(text); i++) {
        if (i == 2)
            continue; /* inside a character */
        uint32_t line, col;
        fst_sql_place(text, strlen(text), i, &line, &col);
        assert_int_equal(fst_sql_offset(text, strlen(text), line, col), i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sql_lexer__tells_numbers_from_words),
        cmocka_unit_test(test_sql_lexer__keeps_quotes_whole),
        cmocka_unit_test(test_sql_lexer__marks_what_is_not_closed),
        cmocka_unit_test(test_sql_lexer__nests_comments_and_knows_hints),
        cmocka_unit_test(test_sql_lexer__takes_the_longest_operator),
        cmocka_unit_test(test_sql_lexer__counts_code_points_in_columns),
        cmocka_unit_test(test_sql_keywords__are_sorted_and_found_in_any_case),
        cmocka_unit_test(test_sql_text__finds_references_outside_of_quotes),
        cmocka_unit_test(test_sql_text__refuses_broken_references_with_their_place),
        cmocka_unit_test(test_sql_text__binds_references_without_moving_anything),
        cmocka_unit_test(test_sql_text__splits_statements),
        cmocka_unit_test(test_sql_text__sameness_ignores_only_the_amount_of_space),
        cmocka_unit_test(test_sql_text__places_and_offsets_are_each_others_reverse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
