/* Paths as they are typed, and back. */
#include "../../src/view/view.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void round_trip(const char *path, const char *typed)
{
    char *text = wb_path_write(path, false, false), *back = wb_path_read(text);
    assert_string_equal(text, typed);
    assert_string_equal(back, path);
    free(text);
    free(back);
}

static void read_as(const char *typed, const char *path)
{
    char *got = wb_path_read(typed);
    assert_string_equal(got, path);
    free(got);
}

static void test_view_path__what_is_plain_stays(void **state)
{
    (void)state;
    round_trip("data/rows.csv", "data/rows.csv");
    round_trip("my data/it's \\n.csv", "my data/it's \\n.csv");
    round_trip("größe/€.csv", "größe/€.csv");
    round_trip("s3://bucket/a%20b", "s3://bucket/a%20b");
    round_trip("", "");
}

static void test_view_path__what_no_terminal_should_get_is_quoted(void **state)
{
    (void)state;
    round_trip("a\033[2J\n", "$'a\\x1b[2J\\x0a'");
    round_trip("it's \\ \t", "$'it\\'s \\\\ \\x09'");
    round_trip("\xff\xc3(", "$'\\xff\\xc3('");
    round_trip("a\xe2\x80\xae"
               "b",
               "$'a\\xe2\\x80\\xaeb'");
    round_trip("größe\n", "$'größe\\x0a'");
}

static void test_view_path__what_would_be_read_otherwise_is_quoted(void **state)
{
    (void)state;
    round_trip(" a", "$' a'");
    round_trip("$'a'", "$'$\\'a\\''");
}

static void test_view_path__one_that_goes_on_has_no_end(void **state)
{
    char *text = wb_path_write("a\n/", false, true), *quoted = wb_path_write("a/", true, true);
    (void)state;
    assert_string_equal(text, "$'a\\x0a/");
    assert_string_equal(quoted, "$'a/");
    free(text);
    free(quoted);
    read_as("$'a\\x0a/b", "a\n/b");
}

static void test_view_path__halves_of_escapes_are_read_as_they_are(void **state)
{
    (void)state;
    read_as("$'", "");
    read_as("$'a\\", "a");
    read_as("$'a\\x", "ax");
    read_as("$'a\\xg1", "axg1");
    read_as("$'a\\n\\e'", "a\n\033");
    read_as("$'a\\x00b'", "ax00b");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_view_path__what_is_plain_stays),
        cmocka_unit_test(test_view_path__what_no_terminal_should_get_is_quoted),
        cmocka_unit_test(test_view_path__what_would_be_read_otherwise_is_quoted),
        cmocka_unit_test(test_view_path__one_that_goes_on_has_no_end),
        cmocka_unit_test(test_view_path__halves_of_escapes_are_read_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
