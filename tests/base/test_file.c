/* Files and paths, in a folder of their own. */
#include "firesteel/base.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scratch.h"
#include <cmocka.h>

/* A path in the folder of the test; one buffer for all. */
static const char *in(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", scratch, name);
    return path;
}

static size_t entries_of(const char *path)
{
    size_t n = 0;
    DIR *d = opendir(path);
    while (readdir(d))
        n++;
    closedir(d);
    return n - 2;
}

static void assert_absolute(const char *path, const char *expected)
{
    char *full = fst_path_absolute(path);
    assert_string_equal(full, expected);
    free(full);
}

static void assert_joined(const char *dir, const char *name, const char *expected)
{
    char *path = fst_path_join(dir, name);
    assert_string_equal(path, expected);
    free(path);
}

static void test_base_file__reads_back_what_it_wrote_with_the_mode_asked_for(void **state)
{
    char *text = NULL;
    size_t n = 0;
    struct stat st;

    (void)state;
    assert_int_equal(fst_file_write(in("a"), "old and longer", 14, 0644, NULL), FST_OK);
    assert_int_equal(fst_file_write(in("a"), "n\0w", 3, 0600, NULL), FST_OK);
    assert_int_equal(fst_file_read(in("a"), 3, &text, &n, NULL), FST_OK);
    assert_int_equal(n, 3);
    assert_memory_equal(text, "n\0w", 4);
    free(text);
    assert_int_equal(stat(in("a"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void test_base_file__refuses_to_read_over_its_cap(void **state)
{
    struct fst_error err;
    char *text;
    size_t n;

    (void)state;
    assert_int_equal(fst_file_write(in("b"), "1234", 4, 0644, NULL), FST_OK);
    assert_int_equal(fst_file_read(in("b"), 3, &text, &n, &err), FST_ENOMEM);
    assert_null(text);
    assert_non_null(strstr(err.text, "/b: "));
    assert_int_equal(fst_file_read(in("none"), 3, &text, &n, &err), FST_ENOTFOUND);
    assert_int_equal(fst_file_read(scratch, 3, &text, &n, &err), FST_EIO);
}

static void test_base_file__leaves_nothing_behind_when_writing_fails(void **state)
{
    struct fst_error err;

    (void)state;
    assert_int_equal(fst_mkdirs(in("full/taken/x"), 0755, NULL), FST_OK);
    assert_int_equal(fst_file_write(in("full/taken"), "x", 1, 0644, &err), FST_EIO);
    assert_non_null(strstr(err.text, "full/taken"));
    assert_int_equal(entries_of(in("full")), 1);
    assert_int_equal(fst_file_write(in("nowhere/x"), "x", 1, 0644, &err), FST_ENOTFOUND);
}

static void test_base_file__makes_folders_once_and_not_over_files(void **state)
{
    struct fst_error err;

    (void)state;
    assert_int_equal(fst_mkdirs(in("d//e/f/"), 0755, &err), FST_OK);
    assert_int_equal(fst_mkdirs(in("d/e/f"), 0755, &err), FST_OK);
    assert_true(fst_path_is_dir(in("d/e/f")));
    assert_int_equal(fst_file_write(in("d/file"), "", 0, 0644, &err), FST_OK);
    assert_int_equal(fst_mkdirs(in("d/file"), 0755, &err), FST_ECONFLICT);
    assert_int_not_equal(fst_mkdirs(in("d/file/x"), 0755, &err), FST_OK);
    assert_int_not_equal(fst_mkdirs("", 0755, &err), FST_OK);
    assert_int_equal(fst_mkdirs("/", 0755, &err), FST_OK);
}

static void test_base_file__removes_links_and_not_what_they_point_to(void **state)
{
    char *target;

    (void)state;
    assert_int_equal(fst_mkdirs(in("keep"), 0755, NULL), FST_OK);
    assert_int_equal(fst_file_write(in("keep/it"), "x", 1, 0644, NULL), FST_OK);
    assert_int_equal(fst_mkdirs(in("gone/deep"), 0755, NULL), FST_OK);
    target = fst_strdup(in("keep"));
    assert_int_equal(symlink(target, in("gone/deep/link")), 0);
    assert_int_equal(fst_remove_tree(in("gone"), NULL), FST_OK);
    assert_false(fst_path_exists(in("gone")));
    assert_true(fst_path_exists(in("keep/it")));
    assert_int_equal(symlink(target, in("link")), 0);
    assert_int_equal(fst_remove_tree(in("link"), NULL), FST_OK);
    assert_true(fst_path_exists(in("keep/it")));
    assert_int_equal(fst_remove_tree(in("never was"), NULL), FST_OK);
    free(target);
}

static void test_base_file__makes_paths_absolute_and_tidy(void **state)
{
    (void)state;
    assert_absolute("/a/./b//c/../d", "/a/b/d");
    assert_absolute("/../..", "/");
    assert_absolute("/a/..", "/");
    assert_absolute("/a/.../b", "/a/.../b");
    assert_int_equal(chdir("/"), 0);
    assert_absolute("x/y", "/x/y");
    assert_absolute("", "/");
}

static void test_base_file__joins_paths_and_keeps_absolute_ones(void **state)
{
    (void)state;
    assert_joined("a", "b", "a/b");
    assert_joined("a/", "b", "a/b");
    assert_joined("a", "/b", "/b");
    assert_joined("", "b", "b");
    assert_string_equal(fst_path_base("/a/b"), "b");
    assert_string_equal(fst_path_base("b"), "b");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base_file__reads_back_what_it_wrote_with_the_mode_asked_for),
        cmocka_unit_test(test_base_file__refuses_to_read_over_its_cap),
        cmocka_unit_test(test_base_file__leaves_nothing_behind_when_writing_fails),
        cmocka_unit_test(test_base_file__makes_folders_once_and_not_over_files),
        cmocka_unit_test(test_base_file__removes_links_and_not_what_they_point_to),
        cmocka_unit_test(test_base_file__makes_paths_absolute_and_tidy),
        cmocka_unit_test(test_base_file__joins_paths_and_keeps_absolute_ones),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
