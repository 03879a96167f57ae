/* Outputs: folders that are complete or not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "firesteel/store.h"
#include "scratch.h"

static bool is_there(const char *folder, const char *name)
{
    char *path = fst_path_join(folder, name);
    struct stat st;
    bool there = stat(path, &st) == 0;
    free(path);
    return there;
}

static void *begin_file(struct fst_folder folder, const char *path)
{
    struct fst_sink sink;
    void *file;
    assert_int_equal(folder.create(folder.arg, path, &sink, &file, NULL), FST_OK);
    assert_true(sink.write(sink.arg, "rows", 4));
    return file;
}

static void test_store_output__files_appear_whole_and_success_comes_last(void **state)
{
    (void)state;
    char *where = fst_path_join(scratch, "deep/er/out");
    struct fst_output *o;
    assert_int_equal(fst_output_open(where, &o, NULL), FST_OK);
    struct fst_folder folder = fst_output_folder(o);
    void *file = begin_file(folder, "k=1/j=2/part");
    assert_false(is_there(where, "k=1/j=2/part"));
    assert_int_equal(folder.commit(folder.arg, file, NULL), FST_OK);
    assert_true(is_there(where, "k=1/j=2/part"));
    assert_false(is_there(where, "_SUCCESS"));
    assert_int_equal(fst_output_commit(o, NULL), FST_OK);
    fst_output_free(o);
    assert_true(is_there(where, "_SUCCESS"));
    assert_true(is_there(where, "k=1/j=2/part"));
    free(where);
}

static void test_store_output__nothing_stays_of_what_was_not_committed(void **state)
{
    (void)state;
    char *where = fst_path_join(scratch, "broken");
    struct fst_output *o;
    assert_int_equal(fst_output_open(where, &o, NULL), FST_OK);
    struct fst_folder folder = fst_output_folder(o);
    void *whole = begin_file(folder, "a"), *part = begin_file(folder, "k=1/b");
    assert_int_equal(folder.commit(folder.arg, whole, NULL), FST_OK);
    folder.discard(folder.arg, part);
    fst_output_free(o);
    assert_false(is_there(scratch, "broken"));
    free(where);
}

static void test_store_output__what_is_there_is_left_alone(void **state)
{
    (void)state;
    char *where = fst_path_join(scratch, "taken");
    assert_int_equal(mkdir(where, 0700), 0);
    struct fst_output *o;
    struct fst_error err = {0};
    assert_int_equal(fst_output_open(where, &o, &err), FST_ECONFLICT);
    assert_non_null(strstr(err.text, "it is there already"));
    assert_true(is_there(scratch, "taken"));
    free(where);
}

static void test_store_output__other_stores_are_refused_by_name(void **state)
{
    (void)state;
    struct fst_output *o;
    struct fst_error err = {0};
    assert_int_equal(fst_output_open("gopher://b/k", &o, &err), FST_EUNSUPPORTED);
    assert_non_null(strstr(err.text, "gopher://b/k"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_store_output__files_appear_whole_and_success_comes_last),
        cmocka_unit_test(test_store_output__nothing_stays_of_what_was_not_committed),
        cmocka_unit_test(test_store_output__what_is_there_is_left_alone),
        cmocka_unit_test(test_store_output__other_stores_are_refused_by_name),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
