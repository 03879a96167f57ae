/* Values as Spark SQL writes them. */
#include "firesteel/app.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void says(struct fst_type type, const char *text, const char *want)
{
    struct fst_buf sql = FST_BUF_TEXT;
    assert_true(fst_text_literal(&sql, &type, text, strlen(text)));
    assert_string_equal(fst_buf_text(&sql), want);
    fst_buf_done(&sql);
}

static void test_app_literal__texts_cannot_end_themselves(void **state)
{
    (void)state;
    says(fst_type(FST_STRING), "a", "'a'");
    says(fst_type(FST_STRING), "", "''");
    says(fst_type(FST_STRING), "it's", "'it\\'s'");
    says(fst_type(FST_STRING), "\\", "'\\\\'");
    says(fst_type(FST_STRING), "' OR '1", "'\\' OR \\'1'");
    says(fst_type(FST_DATE), "2024-01-01' OR '", "DATE'2024-01-01\\' OR \\''");
}

static void test_app_literal__what_is_no_number_is_only_compared(void **state)
{
    (void)state;
    says(fst_type(FST_INT), "-12", "-12");
    says(fst_type(FST_LONG), "1 OR 1", "'1 OR 1'");
}

static void test_app_literal__kinds_have_their_words(void **state)
{
    (void)state;
    says(fst_type(FST_TIMESTAMP), "2024-01-01 00:00:00", "TIMESTAMP'2024-01-01 00:00:00Z'");
    says(fst_type(FST_TIMESTAMP), "2024-01-01T00:00:00Z", "TIMESTAMP'2024-01-01T00:00:00Z'");
    says(fst_type(FST_TIMESTAMP_NTZ), "2024-01-01 00:00:00", "TIMESTAMP_NTZ'2024-01-01 00:00:00'");
    says(fst_type(FST_BINARY), "00FF", "X'00FF'");
    says(fst_type(FST_DOUBLE), "NaN", "CAST('NaN' AS double)");
    says(fst_type(FST_BOOLEAN), "true", "CAST('true' AS boolean)");
}

static void test_app_literal__nested_values_have_none(void **state)
{
    (void)state;
    struct fst_buf sql = FST_BUF_TEXT;
    struct fst_type variant = fst_type(FST_VARIANT);
    assert_false(fst_text_literal(&sql, &variant, "1", 1));
    fst_buf_done(&sql);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_app_literal__texts_cannot_end_themselves),
        cmocka_unit_test(test_app_literal__what_is_no_number_is_only_compared),
        cmocka_unit_test(test_app_literal__kinds_have_their_words),
        cmocka_unit_test(test_app_literal__nested_values_have_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
