/* Names, references, targets and durations as people write them. */
#include "firesteel/model.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool is_name(const char *text)
{
    return fst_name_check("feature", text, NULL) == FST_OK;
}

static void test_model_names__accepts_letters_digits_and_inner_separators(void **state)
{
    (void)state;
    assert_true(is_name("avg_spend-30 days"));
    assert_true(is_name("umsätze"));
    assert_true(is_name("2024"));
}

static void test_model_names__refuses_what_breaks_keys_and_references(void **state)
{
    static const char *const bad[] = {"",    "a__b", "_a",   "a_", "a.b",  " a",  "a ",
                                      "a/b", "a@b",  "a\nb", "a}", "\xff", "a\tb"};
    char longest[130];

    (void)state;
    for (size_t i = 0; i < FST_COUNT(bad); i++)
        assert_false(is_name(bad[i]));
    memset(longest, 'a', 129);
    longest[129] = 0;
    assert_false(is_name(longest));
    assert_true(is_name(longest + 1));
}

static void test_model_names__says_what_is_wrong_without_passing_bytes_through(void **state)
{
    struct fst_error err;

    (void)state;
    assert_int_equal(fst_name_check("feature", "a\x1b[2Jb", &err), FST_EINVAL);
    assert_null(strchr(err.text, 0x1b));
    assert_non_null(strstr(err.text, "feature"));
}

static void test_model_names__parses_targets(void **state)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_target t;

    (void)state;
    assert_true(fst_target_parse(a, "training-sets/fraud.v1@20260102-030405-ab12", &t));
    assert_string_equal(t.kind, "training_set");
    assert_string_equal(t.name, "fraud");
    assert_string_equal(t.variant, "v1");
    assert_string_equal(t.run, "20260102-030405-ab12");
    assert_true(fst_target_parse(a, "fraud", &t));
    assert_null(t.kind);
    assert_null(t.variant);
    fst_arena_free(a);
}

static void test_model_names__leaves_paths_and_uris_to_others(void **state)
{
    static const char *const paths[] = {"./fraud", "data/x.parquet", "s3://b/k", "/x", "a.b.c", ""};
    struct fst_arena *a = fst_arena_new();
    struct fst_target t;

    (void)state;
    for (size_t i = 0; i < FST_COUNT(paths); i++)
        assert_false(fst_target_parse(a, paths[i], &t));
    fst_arena_free(a);
}

static int64_t duration(const char *text)
{
    int64_t us = -1;
    return fst_duration_parse(text, &us) ? us : -1;
}

static void test_model_names__reads_durations_and_sums_of_them(void **state)
{
    (void)state;
    assert_int_equal(duration("30d"), INT64_C(30) * 86400 * 1000000);
    assert_int_equal(duration("1d12h"), INT64_C(36) * 3600 * 1000000);
    assert_int_equal(duration("250ms"), 250000);
    assert_int_equal(duration("15m"), 15 * 60 * 1000000);
    assert_int_equal(duration("30"), -1);
    assert_int_equal(duration("d"), -1);
    assert_int_equal(duration("-1d"), -1);
    assert_int_equal(duration("1w"), -1);
    assert_int_equal(duration("200000000000d"), -1);
    assert_int_equal(duration("106751991d106751991d"), -1);
}

static void test_model_names__writes_durations_that_read_back(void **state)
{
    static const int64_t all[] = {0, 1, 1500, 90 * 1000000, INT64_C(129600000000), INT64_MAX};

    (void)state;
    for (size_t i = 0; i < FST_COUNT(all); i++) {
        struct fst_buf text = FST_BUF_TEXT;
        fst_duration_exact(&text, all[i]);
        assert_int_equal(duration(fst_buf_text(&text)), all[i]);
        fst_buf_done(&text);
    }
}

static void test_model_names__knows_kinds_by_any_of_their_words(void **state)
{
    enum fst_resource_kind kind;

    (void)state;
    assert_true(fst_kind_named("training-sets", &kind));
    assert_int_equal(kind, FST_TRAINING_SET);
    assert_true(fst_kind_named("entity", &kind));
    assert_int_equal(kind, FST_ENTITY);
    assert_false(fst_kind_named("feat", &kind));
}

static void table_is(const char *table, const char *expected)
{
    struct fst_buf out = FST_BUF(2048);
    bool good = fst_table_sql(table, &out);
    if (good != (expected != NULL) || (good && strcmp(fst_buf_text(&out), expected) != 0))
        fail_msg("%s is %s", table, good ? fst_buf_text(&out) : "none");
    fst_buf_done(&out);
}

static void test_model_names__tables_can_only_be_names(void **state)
{
    (void)state;
    table_is("t", "`t`");
    table_is("db.t_1", "`db`.`t_1`");
    table_is("spark_catalog.db.`a.b ``c`", "`spark_catalog`.`db`.`a.b ``c`");
    table_is("caf\xC3\xA9.t", "`caf\xC3\xA9`.`t`");
    static const char *const bad[] = {
        "",     ".",        "db.",       ".t",   "a b",    "a;b", "t` x", "`t",    "``",   "`a`b",
        "a..b", "db.t -- ", "a.b.c.d.e", "t(1)", "`a\nb`", "'t'", "`a``", "\"t\"", "\xFF", "a/b"};
    for (size_t i = 0; i < FST_COUNT(bad); i++)
        table_is(bad[i], NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_model_names__tables_can_only_be_names),
        cmocka_unit_test(test_model_names__accepts_letters_digits_and_inner_separators),
        cmocka_unit_test(test_model_names__refuses_what_breaks_keys_and_references),
        cmocka_unit_test(test_model_names__says_what_is_wrong_without_passing_bytes_through),
        cmocka_unit_test(test_model_names__parses_targets),
        cmocka_unit_test(test_model_names__leaves_paths_and_uris_to_others),
        cmocka_unit_test(test_model_names__reads_durations_and_sums_of_them),
        cmocka_unit_test(test_model_names__writes_durations_that_read_back),
        cmocka_unit_test(test_model_names__knows_kinds_by_any_of_their_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
