/* Parquet: the fuzz targets over their corpus, and over damaged copies of it. */
#include "../fuzz/targets.h"
#include "fuzz.h"

static void test_data_parquet_fuzz__damaged_pages_do_no_harm(void **state)
{
    (void)state;
    run_folder(fuzz_chunk, "tests/fuzz/corpus/chunk", 25);
}

static void test_data_parquet_fuzz__damaged_variants_do_no_harm(void **state)
{
    (void)state;
    run_folder(fuzz_variant, "tests/fuzz/corpus/variant", 20);
}

static void test_data_parquet_fuzz__damaged_shapes_do_no_harm(void **state)
{
    (void)state;
    run_folder(fuzz_wkb, "tests/fuzz/corpus/wkb", 20);
}

static void test_data_parquet_fuzz__damaged_files_with_variants_do_no_harm(void **state)
{
    (void)state;
    run_folder(fuzz_file, "tests/data/files", 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_parquet_fuzz__damaged_pages_do_no_harm),
        cmocka_unit_test(test_data_parquet_fuzz__damaged_variants_do_no_harm),
        cmocka_unit_test(test_data_parquet_fuzz__damaged_shapes_do_no_harm),
        cmocka_unit_test(test_data_parquet_fuzz__damaged_files_with_variants_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
