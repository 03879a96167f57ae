/* YAML: typing, anchors, bombs, duplicates and places. */
#include "firesteel/base.h"

#include <setjmp.h>
#include <stdlib.h>
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

static enum fst_status parse(const char *text, struct fst_doc **doc, struct fst_error *err)
{
    size_t n = strlen(text);
    char *exact = malloc(n ? n : 1);
    memcpy(exact, text, n);
    enum fst_status status = fst_yaml_parse(arena, "x.yaml", exact, n, NULL, doc, err);
    free(exact);
    return status;
}

/* The first document. */
static const struct fst_doc *good(const char *text)
{
    struct fst_doc *doc;
    struct fst_error err = {0};
    if (parse(text, &doc, &err) != FST_OK)
        fail_msg("%s", err.text);
    assert_int_equal(doc->kind, FST_DOC_LIST);
    assert_true(doc->n > 0);
    return doc->items;
}

static void bad(const char *text, const char *start)
{
    struct fst_doc *doc;
    struct fst_error err = {0};
    assert_int_equal(parse(text, &doc, &err), FST_EFORMAT);
    assert_null(doc);
    if (strncmp(err.text, start, strlen(start)) != 0)
        fail_msg("%s, not %s", err.text, start);
}

static void assert_json(const char *yaml, const char *expected)
{
    struct fst_buf out = FST_BUF_TEXT;
    fst_doc_to_json(&out, good(yaml));
    assert_string_equal(fst_buf_text(&out), expected);
    fst_buf_done(&out);
}

static void test_base_yaml__types_plain_scalars_by_the_core_schema(void **state)
{
    (void)state;
    assert_json("[1, -2.5, 1e3, ~, null, true, False, yes, no, 2024-01-02, 1.2.3, -, 0x1F, '']",
                "[1,-2.5,1e3,null,null,true,false,\"yes\",\"no\",\"2024-01-02\",\"1.2.3\",\"-\","
                "\"0x1F\",\"\"]");
    assert_json("[\"1\", 'true', !!str 12, +1, 007]", "[\"1\",\"true\",\"12\",\"+1\",\"007\"]");
    assert_json("a: |\n  7\nb:\n", "{\"a\":\"7\\n\",\"b\":null}");
}

static void test_base_yaml__knows_places(void **state)
{
    const struct fst_doc *doc = good("# about\na:\n  - x\n  - ö: 1\n");
    const struct fst_doc *o = fst_doc_get(&fst_doc_get(doc, "a")->items[1], "ö");

    (void)state;
    assert_int_equal(o->line, 4);
    assert_int_equal(o->key_col, 5);
    assert_int_equal(o->col, 8);
}

static void test_base_yaml__reads_several_documents(void **state)
{
    struct fst_doc *docs;

    (void)state;
    assert_int_equal(parse("a: 1\n---\nb: 2\n...\n---\n[]\n", &docs, NULL), FST_OK);
    assert_int_equal(docs->n, 3);
    assert_int_equal(parse("", &docs, NULL), FST_OK);
    assert_int_equal(docs->n, 0);
}

static void test_base_yaml__puts_anchored_nodes_where_aliases_stand(void **state)
{
    const struct fst_doc *doc;

    (void)state;
    assert_json("a: &x {k: [1]}\nb: *x\n", "{\"a\":{\"k\":[1]},\"b\":{\"k\":[1]}}");
    doc = good("a: &x 1\nb:\n  *x\n");
    assert_int_equal(fst_doc_get(doc, "b")->line, 3);
    assert_string_equal(doc->items[1].key, "b");
    bad("a: *nobody\n", "x.yaml:1:4: ");
    bad("a: &a [*a]\n", "x.yaml:1:");
}

static void test_base_yaml__counts_aliases_as_what_they_stand_for(void **state)
{
    struct fst_buf text = FST_BUF_TEXT;

    (void)state;
    fst_buf_adds(&text, "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n");
    for (int i = 1; i < 10; i++) {
        fst_buf_printf(&text, "a%d: &a%d [", i, i);
        for (int k = 0; k < 10; k++)
            fst_buf_printf(&text, "%s*a%d", k ? "," : "", i - 1);
        fst_buf_adds(&text, "]\n");
    }
    bad(fst_buf_text(&text), "x.yaml:");
    assert_true(fst_arena_size(arena) < 1 << 20);
    fst_buf_done(&text);
}

static void test_base_yaml__refuses_duplicates_and_keys_that_are_not_words(void **state)
{
    (void)state;
    bad("a: 1\nb: 2\na: 3\n", "x.yaml:3:1: the key a is there already, in line 1");
    bad("x: {p: 1, \"p\": 2}\n", "x.yaml:1:11: ");
    bad("? [a, b]\n: 1\n", "x.yaml:1:3: a key must be a plain word");
    bad("\"a\\0b\": 1\n", "x.yaml:1:1: ");
    bad("a: \"b\\0c\"\n", "x.yaml:1:4: a NUL character");
}

static void test_base_yaml__says_where_it_is_wrong(void **state)
{
    (void)state;
    bad("a: 1\n b: 2\n", "x.yaml:2:");
    bad("a: [1, 2\n", "x.yaml:2:1: ");
    bad("a:\n\t- 1\n", "x.yaml:2:1: ");
    bad("a: 'x\n", "x.yaml:2:1: ");
    bad("ok: 1\nb: \xFF\n", "x.yaml:2:4: ");
    bad("ok: 1\nb: \x01\n", "x.yaml:2:4: ");
}

static void test_base_yaml__bounds_nesting(void **state)
{
    char deep[4001];

    (void)state;
    memset(deep, '[', 4000);
    deep[4000] = '\0';
    bad(deep, "x.yaml:1:");
    bad("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]",
        "x.yaml:1:65: nested");
}

static void test_base_yaml__survives_every_cut_and_change(void **state)
{
    static const char text[] = "a: &x [1, \"\\u00e4\", 'q']\nb: {c: *x}\n---\n- |\n  t\n- ? k\n";
    char copy[sizeof text];
    struct fst_doc *doc;

    (void)state;
    for (size_t i = 0; i < sizeof text - 1; i++)
        for (int c = 0; c < 256; c++) {
            memcpy(copy, text, sizeof text);
            copy[i] = (char)c;
            if (parse(copy, &doc, NULL) == FST_OK)
                assert_non_null(doc);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base_yaml__types_plain_scalars_by_the_core_schema),
        cmocka_unit_test(test_base_yaml__knows_places),
        cmocka_unit_test(test_base_yaml__reads_several_documents),
        cmocka_unit_test(test_base_yaml__puts_anchored_nodes_where_aliases_stand),
        cmocka_unit_test(test_base_yaml__counts_aliases_as_what_they_stand_for),
        cmocka_unit_test(test_base_yaml__refuses_duplicates_and_keys_that_are_not_words),
        cmocka_unit_test(test_base_yaml__says_where_it_is_wrong),
        cmocka_unit_test(test_base_yaml__bounds_nesting),
        cmocka_unit_test(test_base_yaml__survives_every_cut_and_change),
    };
    return cmocka_run_group_tests(tests, fresh, drop);
}
