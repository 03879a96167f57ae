/* What of a text is hidden before it is kept. */
#include "firesteel/sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void gives(const char *text, const char *expected)
{
    struct fst_buf out = FST_BUF(1 << 20);
    bool hidden = fst_sql_mask(text, strlen(text), &out);
    assert_string_equal(fst_buf_text(&out), expected);
    assert_int_equal(hidden, strcmp(text, expected) != 0);
    fst_buf_done(&out);
}

static void stays(const char *text)
{
    gives(text, text);
}

static void test_sql_mask__hides_values_of_secrets(void **state)
{
    (void)state;
    gives("OPTIONS (user 'ann', password 'hunter2')", "OPTIONS (user 'ann', password '***')");
    gives("OPTIONS (\"Password\" \"a\\\"b\", x 'y')", "OPTIONS (\"Password\" \"***\", x 'y')");
    gives("from_x(a, map('fs.s3a.secret.key', 'abc', 'mode', 'b'))",
          "from_x(a, map('fs.s3a.secret.key', '***', 'mode', 'b'))");
    gives("f(api_key => 'abc')", "f(api_key => '***')");
    gives("WHERE t.password = 'x' AND a = 'b'", "WHERE t.password = '***' AND a = 'b'");
    gives("set spark.hadoop.fs.s3a.secret.key=abc123", "set spark.hadoop.fs.s3a.secret.key=***");
    gives("f(password 'open", "f(password '***");
}

static void test_sql_mask__hides_users_and_signatures_of_addresses(void **state)
{
    (void)state;
    gives("SELECT * FROM parquet.`s3://key:word@bucket/a@b`",
          "SELECT * FROM parquet.`s3://***@bucket/a@b`");
    gives("f('jdbc:postgresql://h/db?user=a&password=b&x=c')",
          "f('jdbc:postgresql://h/db?user=a&password=***&x=c')");
    gives("csv.`https://h/f?sv=1&sig=a%2Fb&se=2`", "csv.`https://h/f?sv=1&sig=***&se=2`");
}

static void test_sql_mask__hides_keys_of_ciphers(void **state)
{
    (void)state;
    gives("SELECT aes_encrypt(concat(a, 'x'), 'k') || 'y'",
          "SELECT aes_encrypt(concat(a, '***'), '***') || 'y'");
    gives("try_aes_decrypt(b, 'k', \"GCM\"), 'z'", "try_aes_decrypt(b, '***', \"***\"), 'z'");
}

static void test_sql_mask__leaves_the_rest(void **state)
{
    (void)state;
    stays("");
    stays("SELECT token, count(*) FROM {{words.v1}} WHERE token = 'the' -- a note");
    stays("SELECT secret AS s, 'x' FROM t");
    stays("SELECT password FROM t WHERE name = 'x'");
    stays("FROM parquet.`s3://bucket/a@b` SELECT a = 'é'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sql_mask__hides_values_of_secrets),
        cmocka_unit_test(test_sql_mask__hides_users_and_signatures_of_addresses),
        cmocka_unit_test(test_sql_mask__hides_keys_of_ciphers),
        cmocka_unit_test(test_sql_mask__leaves_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
