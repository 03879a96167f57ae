/* Spark's types: spelling, reading, equality, copies; schemas. */
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

static void reads_as(const char *text, const char *expected)
{
    struct fst_buf out = FST_BUF_TEXT;
    struct fst_type t;
    struct fst_error err = {0};
    if (fst_type_parse(arena, text, &t, &err) != FST_OK)
        fail_msg("%s", err.text);
    fst_type_text(&out, &t);
    assert_string_equal(fst_buf_text(&out), expected);
    fst_buf_done(&out);
}

static void test_base_type__reads_back_what_it_writes(void **state)
{
    static const char *const all[] = {
        "void",          "boolean",
        "tinyint",       "smallint",
        "int",           "bigint",
        "float",         "double",
        "decimal(38,0)", "string",
        "binary",        "date",
        "timestamp",     "timestamp_ntz",
        "time",          "interval year to month",
        "variant",       "interval day to second",
        "struct<>",      "array<map<string,struct<a:int,b:decimal(10,2)>>>",
        "unknown",       "struct<`a b`:int,`x``y`:string,``:int,`ö`:int>",
    };

    (void)state;
    for (size_t i = 0; i < FST_COUNT(all); i++)
        reads_as(all[i], all[i]);
}

static void test_base_type__knows_synonyms_in_any_case_and_spacing(void **state)
{
    (void)state;
    reads_as(" LONG ", "bigint");
    reads_as("Integer", "int");
    reads_as("numeric", "decimal(10,0)");
    reads_as("dec( 5 , 2 )", "decimal(5,2)");
    reads_as("decimal(7)", "decimal(7,0)");
    reads_as("varchar(20)", "string");
    reads_as("time(6)", "time");
    reads_as("array < int >", "array<int>");
    reads_as("struct< a : int , b : string not null >", "struct<a:int,b:string>");
}

static void test_base_type__names_what_is_not_a_type_and_where(void **state)
{
    static const char *const all[] = {
        "",
        "integers",
        "array",
        "array<int",
        "array<int,int>",
        "map<int>",
        "decimal(0)",
        "decimal(39)",
        "decimal(5,6)",
        "decimal(-1)",
        "decimal(5,",
        "int int",
        "struct<a:>",
        "struct<`a:int",
        "array<>",
        "struct<a",
        "array<int>>",
        "decimal(99999999999999,0)",
    };
    struct fst_type t;
    struct fst_error err;

    (void)state;
    for (size_t i = 0; i < FST_COUNT(all); i++)
        if (fst_type_parse(arena, all[i], &t, &err) != FST_EFORMAT)
            fail_msg("%s was read", all[i]);
    assert_int_equal(fst_type_parse(arena, "array<in>", &t, &err), FST_EFORMAT);
    assert_string_equal(err.text, "not a type: array<in> (at character 7)");
}

static void test_base_type__bounds_nesting(void **state)
{
    struct fst_buf deep = FST_BUF_TEXT;
    struct fst_type t;

    (void)state;
    for (int i = 0; i < 100000; i++)
        fst_buf_adds(&deep, "array<");
    assert_int_equal(fst_type_parse(arena, fst_buf_text(&deep), &t, NULL), FST_EFORMAT);
    fst_buf_done(&deep);
}

static bool same(const char *a, const char *b)
{
    struct fst_type left, right;
    assert_int_equal(fst_type_parse(arena, a, &left, NULL), FST_OK);
    assert_int_equal(fst_type_parse(arena, b, &right, NULL), FST_OK);
    return fst_type_eq(&left, &right);
}

static void test_base_type__compares_names_and_not_nullability(void **state)
{
    (void)state;
    assert_true(same("struct<a:int not null>", "struct<a:int>"));
    assert_false(same("struct<a:int>", "struct<b:int>"));
    assert_false(same("struct<a:int>", "struct<a:int,b:int>"));
    assert_false(same("decimal(10,2)", "decimal(10,3)"));
    assert_false(same("array<int>", "array<bigint>"));
}

static void test_base_type__copies_own_everything(void **state)
{
    struct fst_schema *s = fst_schema_new();
    struct fst_arena *gone = fst_arena_new();
    struct fst_type t;

    (void)state;
    assert_int_equal(fst_type_parse(gone, "struct<a:array<struct<b:int>>>", &t, NULL), FST_OK);
    for (int i = 0; i < 100; i++)
        fst_schema_add(s, i % 2 ? "odd" : NULL, &t, i % 2 != 0);
    fst_arena_free(gone);
    struct fst_schema *copy = fst_schema_copy(s);
    fst_schema_free(s);
    assert_int_equal(copy->n, 100);
    assert_string_equal(copy->fields[0].name, "");
    assert_true(copy->fields[99].nullable);
    struct fst_buf out = FST_BUF_TEXT;
    fst_type_text(&out, &copy->fields[99].type);
    assert_string_equal(fst_buf_text(&out), "struct<a:array<struct<b:int>>>");
    fst_buf_done(&out);
    fst_schema_free(copy);
    fst_schema_free(NULL);
}

static void test_base_type__is_told_as_spark_keeps_it(void **state)
{
    (void)state;
    struct fst_buf out = FST_BUF_TEXT;
    struct fst_type t;
    assert_int_equal(
        fst_type_parse(arena, "map<tinyint,array<struct<a:decimal(9,2) not null,b:timestamp_ntz>>>",
                       &t, NULL),
        FST_OK);
    fst_type_json(&out, &t);
    assert_string_equal(
        fst_buf_text(&out),
        "{\"type\":\"map\",\"keyType\":\"byte\",\"valueType\":{\"type\":\"array\","
        "\"elementType\":{\"type\":\"struct\",\"fields\":["
        "{\"name\":\"a\",\"type\":\"decimal(9,2)\",\"nullable\":false,\"metadata\":{}},"
        "{\"name\":\"b\",\"type\":\"timestamp_ntz\",\"nullable\":true,\"metadata\":{}}]},"
        "\"containsNull\":true},\"valueContainsNull\":true}");
    fst_buf_done(&out);
}

static void test_base_type__finds_columns_exactly_before_ignoring_case(void **state)
{
    struct fst_schema *s = fst_schema_new();
    struct fst_type t = fst_type(FST_INT);

    (void)state;
    fst_schema_add(s, "ID", &t, true);
    fst_schema_add(s, "id", &t, true);
    fst_schema_add(s, "Name", &t, true);
    assert_int_equal(fst_schema_find(s, "id"), 1);
    assert_int_equal(fst_schema_find(s, "Id"), -1); /* two would do */
    assert_int_equal(fst_schema_find(s, "NAME"), 2);
    assert_int_equal(fst_schema_find(s, "x"), -1);
    fst_schema_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base_type__reads_back_what_it_writes),
        cmocka_unit_test(test_base_type__knows_synonyms_in_any_case_and_spacing),
        cmocka_unit_test(test_base_type__names_what_is_not_a_type_and_where),
        cmocka_unit_test(test_base_type__bounds_nesting),
        cmocka_unit_test(test_base_type__compares_names_and_not_nullability),
        cmocka_unit_test(test_base_type__copies_own_everything),
        cmocka_unit_test(test_base_type__is_told_as_spark_keeps_it),
        cmocka_unit_test(test_base_type__finds_columns_exactly_before_ignoring_case),
    };
    return cmocka_run_group_tests(tests, fresh, drop);
}
