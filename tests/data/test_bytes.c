/* Byte sources: files and memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "firesteel/data.h"
#include "scratch.h"

static void check_ranges(struct fst_bytes *b)
{
    char head[4] = "", tail[8] = "", past[2] = "";
    struct fst_range ranges[] = {{.offset = 2, .len = 3, .into = head},
                                 {.offset = 7, .len = 7, .into = tail},
                                 {.offset = UINT64_C(1) << 40, .len = 1, .into = past}};
    assert_int_equal(b->size, 10);
    assert_int_equal(b->ops->read(b, ranges, 3, NULL), FST_OK);
    assert_string_equal(head, "234");
    assert_string_equal(tail, "789");
    assert_int_equal(ranges[1].got, 3);
    assert_int_equal(ranges[2].got, 0);
    assert_int_equal(b->bytes_read, 6);
    assert_int_equal(b->reads, 3);
    fst_bytes_close(b);
}

static void test_data_bytes__memory_gives_ranges_and_counts_them(void **state)
{
    (void)state;
    check_ranges(fst_bytes_of_memory("m", "0123456789", 10));
}

static void test_data_bytes__a_file_gives_ranges_and_counts_them(void **state)
{
    (void)state;
    char *path = fst_path_join(scratch, "f");
    struct fst_bytes *b;
    assert_int_equal(fst_file_write(path, "0123456789", 10, 0600, NULL), FST_OK);
    assert_int_equal(fst_bytes_open_file(path, &b, NULL), FST_OK);
    assert_string_equal(b->name, path);
    check_ranges(b);
    free(path);
}

static void test_data_bytes__folders_pipes_and_missing_files_are_refused(void **state)
{
    (void)state;
    char *fifo = fst_path_join(scratch, "fifo"), *missing = fst_path_join(scratch, "missing");
    struct fst_bytes *b;
    struct fst_error err = {0};
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_int_equal(fst_bytes_open_file(fifo, &b, NULL), FST_EINVAL);
    assert_int_equal(fst_bytes_open_file(scratch, &b, NULL), FST_EINVAL);
    assert_int_equal(fst_bytes_open_file(missing, &b, &err), FST_ENOTFOUND);
    assert_non_null(strstr(err.text, missing));
    free(missing);
    free(fifo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_bytes__memory_gives_ranges_and_counts_them),
        cmocka_unit_test(test_data_bytes__a_file_gives_ranges_and_counts_them),
        cmocka_unit_test(test_data_bytes__folders_pipes_and_missing_files_are_refused),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
