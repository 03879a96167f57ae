/* The point-in-time join as text: both forms, lags, ages, missing times, quoting, limits. */
#include "firesteel/bind.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HOUR_US INT64_C(3600000000)

static struct fst_ts_part part(const char *column, const char *table, bool timed)
{
    return (struct fst_ts_part){.column = column,
                                .table = table,
                                .entity = "id",
                                .value = "v",
                                .timestamp = timed ? "at" : NULL,
                                .timestamp_type = fst_type(FST_TIMESTAMP)};
}

static void gives(struct fst_ts_part label, struct fst_ts_part feature, bool plain,
                  const char *expected)
{
    struct fst_ts_plan plan = {"user", label, &feature, 1};
    struct fst_buf sql = FST_BUF_TEXT;
    struct fst_error err = {0};
    if (fst_bind_training_sql(&plan, plain, &sql, &err) != FST_OK)
        fail_msg("%s", err.text);
    assert_string_equal(fst_buf_text(&sql), expected);
    fst_buf_done(&sql);
}

#define LABELS "SELECT `id` AS __e, `at` AS __t, `v` AS __y FROM `{l.v1}`"
#define LAST                                                                                       \
    "SELECT __e AS `user`, __t AS label_timestamp, __f0 AS `F`, __y AS `L` FROM (SELECT __e, "     \
    "__t, __y, "
#define MERGED(shift)                                                                              \
    "SELECT 1 AS __s, __t AS __k, __e, __t, __y, NULL AS __v FROM (" LABELS                        \
    ") UNION ALL SELECT 0, `at`" shift ", `id`, NULL, NULL, `v` FROM `{f.v1}` WHERE `id` IS NOT "  \
    "NULL AND `at` IS NOT NULL"
#define FRAME "ORDER BY __k, __s, __v ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW"
#define STRUCT_ROWS                                                                                \
    " FROM (SELECT __s, __e, __t, __y, last_value(CASE WHEN __s = 0 THEN named_struct('x', __v, "  \
    "'t', __k) END, true) OVER (PARTITION BY __e " FRAME ") AS __w FROM ("

static void test_bind_training_sql__carries_the_newest_row_in_a_struct(void **state)
{
    (void)state;
    gives(part("L", "{l.v1}", true), part("F", "{f.v1}", true), false,
          LAST "__w.x AS __f0" STRUCT_ROWS MERGED("") ")) WHERE __s > 0)");
}

static void test_bind_training_sql__numbers_rows_where_there_are_no_structs(void **state)
{
    (void)state;
    gives(part("L", "{l.v1}", true), part("F", "{f.v1}", true), true,
          LAST "__x AS __f0 FROM (SELECT __s, __e, __t, __y, first_value(__v) OVER (PARTITION BY "
               "__e, __g " FRAME ") AS __x FROM (SELECT __s, __k, __e, __t, __y, __v, sum(1 - "
               "__s) OVER (PARTITION BY __e " FRAME
               ") AS __g FROM (" MERGED("") "))) WHERE __s > 0)");
}

static void test_bind_training_sql__shifts_by_a_lag_and_drops_what_is_too_old(void **state)
{
    struct fst_ts_part f = part("F", "{f.v1}", true);

    (void)state;
    f.lag_us = HOUR_US + 1;
    f.max_age_us = 24 * HOUR_US;
    gives(part("L", "{l.v1}", true), f, false,
          LAST "CASE WHEN __w.t >= __t - INTERVAL '86400.000000' SECOND THEN __w.x END AS "
               "__f0" STRUCT_ROWS MERGED(" + INTERVAL '3600.000001' SECOND") ")) WHERE __s > 0)");
}

static void test_bind_training_sql__joins_one_value_an_entity_without_times(void **state)
{
    (void)state;
    gives(part("L", "{l.v1}", true), part("F", "{f.v1}", false), false,
          LAST "__v AS __f0 FROM (" LABELS
               ") AS __l LEFT JOIN (SELECT __fe, __v FROM (SELECT `id` AS __fe, `v` AS __v, "
               "row_number() OVER (PARTITION BY `id` ORDER BY `v` DESC) AS __n FROM `{f.v1}` "
               "WHERE `id` IS NOT NULL) WHERE __n = 1) AS __r ON __e = __fe)");
    gives(part("L", "{l.v1}", false), part("F", "{f.v1}", true), true,
          "SELECT __e AS `user`, __f0 AS `F`, __y AS `L` FROM (SELECT __e, __t, __y, __v AS __f0 "
          "FROM (SELECT `id` AS __e, NULL AS __t, `v` AS __y FROM `{l.v1}`) AS __l LEFT JOIN "
          "(SELECT __fe, __v FROM (SELECT `id` AS __fe, `v` AS __v, row_number() OVER (PARTITION "
          "BY `id` ORDER BY `at` DESC, `v` DESC) AS __n FROM `{f.v1}` WHERE `id` IS NOT NULL AND "
          "`at` IS NOT NULL) WHERE __n = 1) AS __r ON __e = __fe)");
}

static void test_bind_training_sql__quotes_every_name_and_reads_text_as_times(void **state)
{
    struct fst_ts_part label = part("a`b", "{l.v1}", false), f = part("x y", "{f`.v1}", true);
    struct fst_buf sql = FST_BUF_TEXT;

    (void)state;
    f.timestamp = "at` --";
    f.timestamp_type = fst_type(FST_STRING);
    struct fst_ts_plan plan = {"us`er", label, &f, 1};
    assert_int_equal(fst_bind_training_sql(&plan, false, &sql, NULL), FST_OK);
    assert_non_null(strstr(fst_buf_text(&sql), "AS `us``er`"));
    assert_non_null(strstr(fst_buf_text(&sql), "AS `a``b`"));
    assert_non_null(strstr(fst_buf_text(&sql), "`{f``.v1}`"));
    assert_non_null(strstr(fst_buf_text(&sql), "CAST(`at`` --` AS TIMESTAMP) DESC"));
    fst_buf_done(&sql);
}

static void refused(struct fst_ts_part label, struct fst_ts_part f, const char *word)
{
    struct fst_ts_plan plan = {"e", label, &f, 1};
    struct fst_buf sql = FST_BUF_TEXT;
    struct fst_error err = {0};
    assert_int_equal(fst_bind_training_sql(&plan, false, &sql, &err), FST_EINVAL);
    assert_non_null(strstr(err.text, word));
    assert_string_equal(fst_buf_text(&sql), "");
    fst_buf_done(&sql);
}

static void test_bind_training_sql__refuses_lags_and_ages_that_mean_nothing(void **state)
{
    struct fst_ts_part label = part("L", "l", true), f = part("F", "f", true);

    (void)state;
    f.lag_us = 1;
    refused(part("L", "l", false), f, "lag");
    f.timestamp_type = fst_type(FST_LONG);
    refused(label, f, "is a number");
    f.lag_us = 0;
    f.max_age_us = 1;
    refused(label, f, "is a number");
}

static void test_bind_training_sql__never_returns_a_text_that_was_cut(void **state)
{
    enum { MANY = 500 };
    struct fst_ts_part *features = calloc(MANY, sizeof *features);
    char name[12001];

    (void)state;
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    for (int i = 0; i < MANY; i++)
        features[i] = part("F", name, true);
    for (size_t n = 100; n <= MANY; n += 50) {
        struct fst_ts_plan plan = {"e", part("L", "l", true), features, n};
        struct fst_buf sql = FST_BUF((size_t)16 << 20);
        if (fst_bind_training_sql(&plan, n % 100 == 0, &sql, NULL) == FST_OK)
            assert_true(sql.n > n * sizeof name);
        else
            assert_true(n > 200);
        fst_buf_done(&sql);
    }
    free(features);
}

static void test_bind_training_sql__counts_ties(void **state)
{
    struct fst_ts_part f = part("F", "{f.v1}", true);
    struct fst_buf sql = FST_BUF_TEXT;

    (void)state;
    fst_bind_ties_sql(&f, &sql);
    assert_string_equal(fst_buf_text(&sql),
                        "SELECT count(*) AS ties FROM (SELECT `id` FROM `{f.v1}` WHERE `id` IS NOT "
                        "NULL AND `at` IS NOT NULL GROUP BY `id`, `at` HAVING count(*) > 1)");
    fst_buf_done(&sql);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bind_training_sql__carries_the_newest_row_in_a_struct),
        cmocka_unit_test(test_bind_training_sql__numbers_rows_where_there_are_no_structs),
        cmocka_unit_test(test_bind_training_sql__shifts_by_a_lag_and_drops_what_is_too_old),
        cmocka_unit_test(test_bind_training_sql__joins_one_value_an_entity_without_times),
        cmocka_unit_test(test_bind_training_sql__quotes_every_name_and_reads_text_as_times),
        cmocka_unit_test(test_bind_training_sql__refuses_lags_and_ages_that_mean_nothing),
        cmocka_unit_test(test_bind_training_sql__never_returns_a_text_that_was_cut),
        cmocka_unit_test(test_bind_training_sql__counts_ties),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
