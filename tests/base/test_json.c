/* The JSON reader: exact numbers, places, limits, hostile texts; and the writer. */
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

/* Parses from a heap copy of exactly that many bytes, so that a read past the end is seen. */
static enum fst_status parse_bytes(const char *text, size_t n, struct fst_doc **doc,
                                   struct fst_error *err)
{
    char *exact = malloc(n ? n : 1);
    memcpy(exact, text, n);
    enum fst_status status = fst_json_parse(arena, "x.json", exact, n, NULL, doc, err);
    free(exact);
    return status;
}

static const struct fst_doc *good(const char *text)
{
    struct fst_doc *doc;
    struct fst_error err = {0};
    if (parse_bytes(text, strlen(text), &doc, &err) != FST_OK)
        fail_msg("%s: %s", text, err.text);
    return doc;
}

static void bad(const char *text, const char *start)
{
    struct fst_doc *doc;
    struct fst_error err = {0};
    assert_int_equal(parse_bytes(text, strlen(text), &doc, &err), FST_EFORMAT);
    assert_null(doc);
    if (strncmp(err.text, start, strlen(start)) != 0)
        fail_msg("%s: %s, not %s", text, err.text, start);
}

static void test_base_json__keeps_numbers_as_they_were_written(void **state)
{
    const struct fst_doc *list =
        good("[9223372036854775807, 1.10, -0, 1E+400, 9223372036854775808]");
    int64_t v;

    (void)state;
    assert_true(fst_doc_int(&list->items[0], &v));
    assert_int_equal(v, INT64_MAX);
    assert_string_equal(list->items[1].text.p, "1.10");
    assert_false(fst_doc_int(&list->items[1], &v));
    assert_string_equal(list->items[3].text.p, "1E+400");
    assert_false(fst_doc_int(&list->items[4], &v));
}

static void test_base_json__reads_escapes_and_surrogate_pairs(void **state)
{
    (void)state;
    assert_string_equal(good("\"a\\n\\u00e4\\ud83d\\ude00\\/\"")->text.p,
                        "a\n\xC3\xA4\xF0\x9F\x98\x80/");
    assert_string_equal(good("\"\\ud83dx\"")->text.p, "\xEF\xBF\xBDx"); /* half a pair */
    bad("\"\\u0000\"", "x.json:1:");
    bad("\"\\q\"", "x.json:1:");
    bad("\"\\u12", "x.json:1:");
    bad("\"a\nb\"", "x.json:1:3: expected the end of the string");
}

static void test_base_json__says_where_it_is_wrong(void **state)
{
    (void)state;
    bad("", "x.json:1:1: the text ends where a value should be");
    bad("{\"a\": 1,\n \"b\" 2}", "x.json:2:6: expected ':'");
    bad("{\"ä\": tru}", "x.json:1:7: expected a value");
    bad("[1, 2", "x.json:1:6: the text ends where ',' or ']' should be");
    bad("[1,]", "x.json:1:4: expected a value");
    bad("{} x", "x.json:1:4: expected the end of the text");
    bad("{1: 2}", "x.json:1:2: expected a key in quotes");
    bad("{\"a\": 1,\n\"a\": 2}", "x.json:2:1: the key a is there already, in line 1");
}

static void test_base_json__refuses_what_only_looks_like_a_number(void **state)
{
    static const char *const all[] = {"01", "-", "1.", ".5", "1e", "+1", "0x10", "NaN", "1_0"};

    (void)state;
    for (size_t i = 0; i < FST_COUNT(all); i++)
        bad(all[i], "x.json:1:");
}

static void test_base_json__refuses_bytes_that_are_not_utf8(void **state)
{
    (void)state;
    bad("{\"a\": \"x\xFFy\"}", "x.json:1:9: ");
    bad("\"\xED\xA0\x80\"", "x.json:1:2: ");
}

static void test_base_json__knows_places_of_keys_and_values(void **state)
{
    const struct fst_doc *doc = good("{\n  \"ö\": {\"b\":  7}\n}");
    const struct fst_doc *b = fst_doc_get(fst_doc_get(doc, "ö"), "b");

    (void)state;
    assert_non_null(b);
    assert_int_equal(b->line, 2);
    assert_int_equal(b->key_col, 9);
    assert_int_equal(b->col, 15);
    assert_null(fst_doc_get(doc, "c"));
    assert_null(fst_doc_get(b, "c"));
}

static void test_base_json__stays_within_its_limits(void **state)
{
    struct fst_doc_limits small = {.bytes = 16, .nodes = 3, .depth = 2};
    struct fst_doc *doc;
    char deep[2000];

    (void)state;
    memset(deep, '[', sizeof deep);
    assert_int_equal(fst_json_parse(arena, "x", deep, sizeof deep, NULL, &doc, NULL), FST_EFORMAT);
    assert_int_equal(fst_json_parse(arena, "x", "[[1]]", 5, &small, &doc, NULL), FST_OK);
    assert_int_equal(fst_json_parse(arena, "x", "[[[]]]", 6, &small, &doc, NULL), FST_EFORMAT);
    assert_int_equal(fst_json_parse(arena, "x", "[1,2,3]", 7, &small, &doc, NULL), FST_EFORMAT);
    assert_int_equal(fst_json_parse(arena, "x", deep, 17, &small, &doc, NULL), FST_ENOMEM);
}

static void test_base_json__takes_time_in_line_with_the_length_of_a_line(void **state)
{
    struct fst_buf text = FST_BUF((size_t)4 << 20);
    struct fst_doc *doc;

    (void)state;
    fst_buf_addc(&text, '[');
    for (int i = 0; i < 500000; i++)
        fst_buf_adds(&text, "1,  ");
    fst_buf_adds(&text, "x]");
    struct fst_error err;
    int64_t start = fst_monotonic_us();
    assert_int_equal(fst_json_parse(arena, "x", text.p, text.n, NULL, &doc, &err), FST_EFORMAT);
    assert_true(fst_monotonic_us() - start < 20000000); /* looking back from every value: minutes */
    assert_string_equal(err.text, "x:1:2000002: expected a value");
    fst_buf_done(&text);
}

static void test_base_json__survives_every_cut_and_many_changes(void **state)
{
    static const char text[] =
        "{\"a\":[1,-2.5e3,\"\\u00e4\\n\",null,true],\"b\":{\"c\":\"\xC3\xA4\"}}";
    struct fst_doc *doc;
    char copy[sizeof text];

    (void)state;
    for (size_t n = 0; n < sizeof text - 1; n++)
        assert_int_equal(parse_bytes(text, n, &doc, NULL), FST_EFORMAT);
    for (size_t i = 0; i < sizeof text - 1; i++)
        for (int c = 0; c < 256; c++) {
            memcpy(copy, text, sizeof text);
            copy[i] = (char)c;
            if (parse_bytes(copy, sizeof text - 1, &doc, NULL) == FST_OK)
                assert_non_null(doc);
        }
}

static void test_base_json__writes_what_reads_back(void **state)
{
    struct fst_buf out = FST_BUF_TEXT;
    struct fst_json_writer w = fst_json_writer(&out);

    (void)state;
    fst_jw_object(&w, NULL);
    fst_jw_string(&w, "q\"", "a\\\x01\x7f\xFF");
    fst_jw_list(&w, "l");
    fst_jw_int(&w, NULL, INT64_MIN);
    fst_jw_bool(&w, NULL, false);
    fst_jw_object(&w, NULL);
    fst_jw_end(&w, '}');
    fst_jw_end(&w, ']');
    fst_jw_string(&w, "n", NULL);
    fst_jw_raw(&w, "r", "[1]");
    fst_jw_end(&w, '}');
    const char *expected = "{\"q\\\"\":\"a\\\\\\u0001\\u007f\xEF\xBF\xBD\",\"l\":"
                           "[-9223372036854775808,false,{}],\"n\":null,\"r\":[1]}";
    assert_string_equal(fst_buf_text(&out), expected);
    const struct fst_doc *doc = good(fst_buf_text(&out));
    fst_buf_clear(&out);
    fst_doc_to_json(&out, doc);
    assert_string_equal(fst_buf_text(&out), expected);
    fst_buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base_json__keeps_numbers_as_they_were_written),
        cmocka_unit_test(test_base_json__reads_escapes_and_surrogate_pairs),
        cmocka_unit_test(test_base_json__says_where_it_is_wrong),
        cmocka_unit_test(test_base_json__refuses_what_only_looks_like_a_number),
        cmocka_unit_test(test_base_json__refuses_bytes_that_are_not_utf8),
        cmocka_unit_test(test_base_json__knows_places_of_keys_and_values),
        cmocka_unit_test(test_base_json__stays_within_its_limits),
        cmocka_unit_test(test_base_json__takes_time_in_line_with_the_length_of_a_line),
        cmocka_unit_test(test_base_json__survives_every_cut_and_many_changes),
        cmocka_unit_test(test_base_json__writes_what_reads_back),
    };
    return cmocka_run_group_tests(tests, fresh, drop);
}
