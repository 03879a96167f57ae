/* Opening: which files are refused and what is said; who sees whose changes. */
#include <sqlite3.h>

#include "catalogs.h"

static enum fst_status try_open(struct fixture *f, unsigned flags)
{
    struct fst_catalog *c = NULL;
    enum fst_status status = fst_catalog_open(f->path, flags, &c, &f->err);

    assert_int_equal(c != NULL, status == FST_OK);
    fst_catalog_close(c);
    return status;
}

static void change_file(struct fixture *f, const char *sql)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void close_only(struct fixture *f)
{
    fst_catalog_close(f->c);
    f->c = NULL;
}

static void test_catalog_open__keeps_what_is_there(void **state)
{
    struct fixture f;

    (void)state;
    open_catalog(&f);
    put_source(&f, "tx", "v1");
    int version = fst_catalog_schema_version(f.c);
    assert_true(version >= 1);
    close_only(&f);
    assert_int_equal(try_open(&f, 0), FST_OK);
    assert_int_equal(try_open(&f, FST_CATALOG_READ_ONLY), FST_OK);
    close_catalog(&f);
}

static void test_catalog_open__refuses_a_newer_version(void **state)
{
    struct fixture f;

    (void)state;
    open_catalog(&f);
    close_only(&f);
    change_file(&f, "PRAGMA user_version = 999");
    assert_int_equal(try_open(&f, 0), FST_EUNSUPPORTED);
    assert_non_null(strstr(f.err.text, "update firesteel"));
    close_catalog(&f);
}

static void test_catalog_open__refuses_a_database_of_another_program(void **state)
{
    struct fixture f;

    (void)state;
    open_catalog(&f);
    close_only(&f);
    unlink(f.path);
    change_file(&f, "CREATE TABLE bookmarks(x)");
    assert_int_equal(try_open(&f, FST_CATALOG_CREATE), FST_EFORMAT);
    assert_non_null(strstr(f.err.text, "another program"));
    close_catalog(&f);
}

static void test_catalog_open__refuses_what_is_no_database_and_what_is_damaged(void **state)
{
    struct fixture f;
    char *bytes;
    size_t n;

    (void)state;
    open_catalog(&f);
    put_source(&f, "tx", "v1");
    close_only(&f);
    assert_int_equal(fst_file_read(f.path, 1 << 24, &bytes, &n, &f.err), FST_OK);
    assert_int_equal(fst_file_write(f.path, bytes, n / 2, 0644, &f.err), FST_OK);
    assert_int_equal(try_open(&f, 0), FST_EFORMAT);
    assert_non_null(strstr(f.err.text, "damaged"));
    free(bytes);
    assert_int_equal(fst_file_write(f.path, "name,value\n1,2\n", 15, 0644, &f.err), FST_OK);
    assert_int_equal(try_open(&f, 0), FST_EFORMAT);
    assert_int_equal(try_open(&f, FST_CATALOG_READ_ONLY), FST_EFORMAT);
    close_catalog(&f);
}

static void test_catalog_open__read_only_neither_makes_nor_migrates_nor_writes(void **state)
{
    struct fst_resource *r = fst_resource_new(FST_ENTITY, "user", NULL);
    struct fst_catalog *c;
    struct fixture f;

    (void)state;
    open_catalog(&f);
    assert_int_equal(fst_catalog_open(f.path, FST_CATALOG_READ_ONLY, &c, &f.err), FST_OK);
    assert_true(fst_catalog_is_read_only(c));
    assert_int_equal(fst_catalog_put(c, r, NULL, 0, &f.err), FST_EDENIED);
    assert_int_equal(fst_catalog_begin(c, &f.err), FST_EDENIED);
    assert_int_equal(fst_catalog_set_meta(c, "k", "v", &f.err), FST_EDENIED);
    fst_catalog_close(c);
    fst_resource_free(r);
    close_only(&f);
    change_file(&f, "PRAGMA user_version = 0");
    assert_int_equal(try_open(&f, FST_CATALOG_READ_ONLY), FST_EFORMAT);
    unlink(f.path);
    assert_int_equal(try_open(&f, FST_CATALOG_READ_ONLY), FST_ENOTFOUND);
    assert_int_equal(try_open(&f, 0), FST_ENOTFOUND);
    close_catalog(&f);
}

static void test_catalog_open__readers_go_on_beside_a_writer(void **state)
{
    struct fst_catalog *other;
    struct fixture f;

    (void)state;
    open_catalog(&f);
    assert_int_equal(fst_catalog_open(f.path, 0, &other, &f.err), FST_OK);
    assert_int_equal(fst_catalog_begin(f.c, &f.err), FST_OK);
    put_source(&f, "tx", "v1");
    /* Reading goes on beside a writer, and sees what was committed. */
    struct fst_counts counts;
    assert_int_equal(fst_catalog_counts(other, &counts, &f.err), FST_OK);
    assert_int_equal(counts.names[FST_SOURCE], 0);
    fst_catalog_rollback(f.c);
    fst_catalog_close(other);
    close_catalog(&f);
}

static void test_catalog_open__version_grows_with_anyones_changes_only(void **state)
{
    struct fst_neighbourhood n;
    struct fst_catalog *other;
    struct fixture f;

    (void)state;
    open_catalog(&f);
    assert_int_equal(fst_catalog_open(f.path, 0, &other, &f.err), FST_OK);
    int64_t before = fst_catalog_version(f.c), theirs = fst_catalog_version(other);
    int64_t id = put_source(&f, "tx", "v1");
    assert_true(fst_catalog_version(f.c) > before);
    assert_true(fst_catalog_version(other) > theirs);
    before = fst_catalog_version(f.c);
    assert_int_equal(fst_catalog_neighbourhood(f.c, id, true, true, 0, false, &n, &f.err), FST_OK);
    fst_neighbourhood_done(&n);
    put_source(&f, "tx", "v1");
    assert_int_equal(fst_catalog_version(f.c), before);
    fst_catalog_close(other);
    close_catalog(&f);
}

static void test_catalog_open__keeps_small_values(void **state)
{
    struct fixture f;
    char *value;

    (void)state;
    open_catalog(&f);
    assert_null(fst_catalog_meta(f.c, "place"));
    assert_int_equal(fst_catalog_set_meta(f.c, "place", "here", &f.err), FST_OK);
    assert_int_equal(fst_catalog_set_meta(f.c, "place", "there", &f.err), FST_OK);
    value = fst_catalog_meta(f.c, "place");
    assert_string_equal(value, "there");
    free(value);
    assert_int_equal(fst_catalog_set_meta(f.c, "place", NULL, &f.err), FST_OK);
    assert_null(fst_catalog_meta(f.c, "place"));
    close_catalog(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_catalog_open__keeps_what_is_there),
        cmocka_unit_test(test_catalog_open__refuses_a_newer_version),
        cmocka_unit_test(test_catalog_open__refuses_a_database_of_another_program),
        cmocka_unit_test(test_catalog_open__refuses_what_is_no_database_and_what_is_damaged),
        cmocka_unit_test(test_catalog_open__read_only_neither_makes_nor_migrates_nor_writes),
        cmocka_unit_test(test_catalog_open__readers_go_on_beside_a_writer),
        cmocka_unit_test(test_catalog_open__version_grows_with_anyones_changes_only),
        cmocka_unit_test(test_catalog_open__keeps_small_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
