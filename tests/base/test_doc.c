/* Reading trees whichever text they came from; what YAML may not do to their size and depth. */
#include "firesteel/base.h"

#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

static struct fst_arena *arena;

static int fresh(void **state)
{
    (void)state;
    arena = fst_arena_new();
    return 0;
}

static int drop(void **state)
{
    (void)state;
    fst_arena_free(arena);
    return 0;
}

static const struct fst_doc *yaml(const char *text)
{
    struct fst_doc *stream;
    struct fst_error err = {0};
    if (fst_yaml_parse(arena, "x", text, strlen(text), NULL, &stream, &err) != FST_OK)
        fail_msg("%s", err.text);
    return &stream->items[0];
}

static void test_base_doc__asks_nothing_of_what_is_absent(void **state)
{
    const struct fst_doc *doc = yaml("{a: [1], n: null, s: text}");
    int64_t v;
    bool flag;

    (void)state;
    assert_null(fst_doc_get(NULL, "a"));
    assert_null(fst_doc_get(fst_doc_get(doc, "a"), "a"));
    assert_string_equal(fst_doc_string(doc, "n", "fallback"), "fallback");
    assert_string_equal(fst_doc_string(doc, "a", "fallback"), "fallback");
    assert_string_equal(fst_doc_string(doc, "s", "fallback"), "text");
    assert_false(fst_doc_int(NULL, &v));
    assert_false(fst_doc_bool(NULL, &flag));
    assert_true(fst_doc_double(NULL, 2.5) == 2.5);
}

static void test_base_doc__takes_only_scalars_of_the_kind_asked_for(void **state)
{
    const struct fst_doc *doc = yaml("{i: 7, f: 7.0, q: '7', t: True}");
    int64_t v = 0;
    bool flag = false;

    (void)state;
    assert_true(fst_doc_int(fst_doc_get(doc, "i"), &v));
    assert_int_equal(v, 7);
    assert_false(fst_doc_int(fst_doc_get(doc, "f"), &v));
    assert_false(fst_doc_int(fst_doc_get(doc, "q"), &v));
    assert_true(fst_doc_double(fst_doc_get(doc, "f"), 0) == 7.0);
    assert_true(fst_doc_bool(fst_doc_get(doc, "t"), &flag));
    assert_true(flag);
    assert_false(fst_doc_bool(fst_doc_get(doc, "i"), &flag));
}

static void test_base_doc__aliases_do_not_pile_up_past_the_depth_cap(void **state)
{
    struct fst_buf text = FST_BUF_TEXT;
    struct fst_doc *doc;
    struct fst_error err;

    (void)state;
    for (int i = 0; i < 3; i++) {
        fst_buf_printf(&text, "k%d: &a%d ", i, i);
        fst_buf_repeat(&text, '[', 30);
        fst_buf_printf(&text, i ? "*a%d" : "%d", i - 1);
        fst_buf_repeat(&text, ']', 30);
        fst_buf_addc(&text, '\n');
    }
    assert_int_equal(fst_yaml_parse(arena, "x", text.p, text.n, NULL, &doc, &err), FST_EFORMAT);
    assert_string_equal(err.text, "x:3:39: nested too deep"); /* 61 levels and 30 more */
    fst_buf_done(&text);
}

static void test_base_doc__knows_no_tags_of_other_programs(void **state)
{
    static const char text[] = "a: !!int 1\nb: !python/object x\n";
    struct fst_doc *doc;
    struct fst_error err;

    (void)state;
    assert_int_equal(fst_yaml_parse(arena, "x", text, sizeof text - 1, NULL, &doc, &err),
                     FST_EFORMAT);
    assert_string_equal(err.text, "x:2:4: the tag !python/object is not supported; leave it out");
    assert_int_equal(fst_doc_get(yaml("a: !!str 1"), "a")->kind, FST_DOC_STRING);
}

static void test_base_doc__writes_only_json_numbers_as_numbers(void **state)
{
    struct fst_buf out = FST_BUF_TEXT;

    (void)state;
    fst_doc_to_json(&out, yaml("[1, -0.5, 1e3, .5, 1., 08, +1]"));
    assert_string_equal(fst_buf_text(&out), "[1,-0.5,1e3,\".5\",\"1.\",\"08\",\"+1\"]");
    fst_buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base_doc__asks_nothing_of_what_is_absent),
        cmocka_unit_test(test_base_doc__takes_only_scalars_of_the_kind_asked_for),
        cmocka_unit_test(test_base_doc__aliases_do_not_pile_up_past_the_depth_cap),
        cmocka_unit_test(test_base_doc__knows_no_tags_of_other_programs),
        cmocka_unit_test(test_base_doc__writes_only_json_numbers_as_numbers),
    };
    return cmocka_run_group_tests(tests, fresh, drop);
}
