/* The glue around SQLite: opening what is one and what is not, binding, failing. */
#include "firesteel/base.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "scratch.h"
#include <cmocka.h>

static const char *in(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", scratch, name);
    return path;
}

static struct sqlite3 *opened(const char *path, unsigned flags)
{
    struct sqlite3 *db = NULL;
    struct fst_error err = {0};
    if (fst_db_open(path, flags, &db, &err) != FST_OK)
        fail_msg("%s", err.text);
    return db;
}

static void assert_answer(struct sqlite3 *db, const char *sql, const char *expected)
{
    struct sqlite3_stmt *st;
    bool row;
    assert_int_equal(fst_db_query(db, &st, NULL, sql, ""), FST_OK);
    assert_int_equal(fst_db_step(st, &row, NULL), FST_OK);
    assert_true(row);
    assert_string_equal(fst_db_text(st, 0), expected);
    fst_db_finish(st);
}

static void test_base_db__opens_with_the_settings_of_this_project(void **state)
{
    struct sqlite3 *db = opened(in("new.db"), FST_DB_CREATE);
    int defensive = 0;

    (void)state;
    assert_answer(db, "PRAGMA journal_mode", "wal");
    assert_answer(db, "PRAGMA foreign_keys", "1");
    assert_answer(db, "PRAGMA trusted_schema", "0");
    assert_answer(db, "PRAGMA busy_timeout", "5000");
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, -1, &defensive);
    assert_int_equal(defensive, 1);
    fst_db_close(db);
}

static void test_base_db__makes_a_file_only_when_asked(void **state)
{
    struct sqlite3 *db;
    struct fst_error err;

    (void)state;
    assert_int_equal(fst_db_open(in("none.db"), 0, &db, &err), FST_ENOTFOUND);
    assert_null(db);
    assert_non_null(strstr(err.text, "/none.db: "));
    assert_false(fst_path_exists(in("none.db")));
    assert_int_equal(fst_db_open(in("no/folder.db"), FST_DB_CREATE, &db, &err), FST_ENOTFOUND);
    assert_int_equal(fst_db_open(scratch, 0, &db, &err), FST_EIO);
    assert_non_null(strstr(err.text, "Is a directory"));
}

static void test_base_db__says_that_a_file_is_not_a_database_and_leaves_it_alone(void **state)
{
    struct sqlite3 *db;
    struct fst_error err;
    char *text;
    size_t n;

    (void)state;
    assert_int_equal(fst_file_write(in("notes.txt"), "hello", 5, 0644, NULL), FST_OK);
    assert_int_equal(fst_db_open(in("notes.txt"), FST_DB_CREATE, &db, &err), FST_EFORMAT);
    assert_null(db);
    assert_non_null(strstr(err.text, "/notes.txt: "));
    assert_non_null(strstr(err.text, "file is not a database"));
    assert_int_equal(fst_file_read(in("notes.txt"), 100, &text, &n, NULL), FST_OK);
    assert_string_equal(text, "hello");
    free(text);
}

static void test_base_db__writes_nothing_when_read_only(void **state)
{
    struct sqlite3 *db = opened(in("ro.db"), FST_DB_CREATE);
    struct fst_error err;

    (void)state;
    assert_int_equal(fst_db_exec(db, "CREATE TABLE t(a)", NULL), FST_OK);
    fst_db_close(db);
    db = opened(in("ro.db"), FST_DB_READ_ONLY);
    assert_int_equal(fst_db_exec(db, "INSERT INTO t VALUES(1)", &err), FST_EDENIED);
    assert_non_null(strstr(err.text, "/ro.db: "));
    fst_db_close(db);
}

static void test_base_db__says_who_to_look_for_when_it_is_locked(void **state)
{
    struct sqlite3 *one = opened(in("lock.db"), FST_DB_CREATE);
    struct sqlite3 *two = opened(in("lock.db"), 0);
    struct fst_error err = {0};

    (void)state;
    sqlite3_busy_timeout(two, 0);
    assert_int_equal(fst_db_exec(one, "BEGIN IMMEDIATE", NULL), FST_OK);
    assert_int_equal(fst_db_exec(two, "BEGIN IMMEDIATE", &err), FST_ETIMEOUT);
    assert_non_null(strstr(err.text, "another process holds it"));
    assert_int_equal(err.code & 0xFF, SQLITE_BUSY);
    assert_true(err.retry);
    fst_db_close(two);
    fst_db_close(one);
}

static void test_base_db__binds_by_letters_and_reads_back(void **state)
{
    struct sqlite3 *db = opened(":memory:", 0);
    struct sqlite3_stmt *st;
    struct fst_error err;
    bool row;

    (void)state;
    assert_int_equal(fst_db_exec(db, "CREATE TABLE t(s,i,d,n,z)", &err), FST_OK);
    assert_int_equal(fst_db_run(db, &err, "INSERT INTO t VALUES(?,?,?,?,?)", "sidns", "x'; --",
                                INT64_MIN, 0.5, NULL),
                     FST_OK);
    assert_int_equal(fst_db_query(db, &st, &err, "SELECT s,i,d,n,z IS NULL FROM t", NULL), FST_OK);
    assert_int_equal(fst_db_step(st, &row, &err), FST_OK);
    assert_true(row);
    assert_string_equal(fst_db_text(st, 0), "x'; --");
    assert_true(fst_db_int(st, 1) == INT64_MIN);
    assert_string_equal(fst_db_text(st, 2), "0.5");
    assert_string_equal(fst_db_text(st, 3), "");
    assert_int_equal(fst_db_int(st, 4), 1);
    assert_int_equal(fst_db_step(st, &row, &err), FST_OK);
    assert_false(row);
    fst_db_finish(st);
    fst_db_close(db);
}

static void test_base_db__keeps_its_constraints_and_names_what_failed(void **state)
{
    struct sqlite3 *db = opened(":memory:", 0);
    struct sqlite3_stmt *st;
    struct fst_error err;

    (void)state;
    assert_int_equal(fst_db_exec(db,
                                 "CREATE TABLE p(id INTEGER PRIMARY KEY);"
                                 "CREATE TABLE c(p REFERENCES p(id))",
                                 &err),
                     FST_OK);
    assert_int_equal(fst_db_run(db, &err, "INSERT INTO c VALUES(?)", "i", (int64_t)7),
                     FST_ECONFLICT);
    assert_int_equal(fst_db_query(db, &st, &err, "SELECT nope FROM p", NULL), FST_EIO);
    assert_null(st);
    assert_non_null(strstr(err.text, "no such column: nope"));
    assert_int_equal(fst_db_run(db, &err, "SELECT 1", "s", "too many"), FST_EIO);
    fst_db_close(db);
    fst_db_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base_db__opens_with_the_settings_of_this_project),
        cmocka_unit_test(test_base_db__makes_a_file_only_when_asked),
        cmocka_unit_test(test_base_db__says_that_a_file_is_not_a_database_and_leaves_it_alone),
        cmocka_unit_test(test_base_db__writes_nothing_when_read_only),
        cmocka_unit_test(test_base_db__says_who_to_look_for_when_it_is_locked),
        cmocka_unit_test(test_base_db__binds_by_letters_and_reads_back),
        cmocka_unit_test(test_base_db__keeps_its_constraints_and_names_what_failed),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
