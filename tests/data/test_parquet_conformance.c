/* Parquet: the files of the Apache conformance set, whole and damaged.
 *
 * What pyarrow reads is read the same; nothing crashes, hangs or takes memory that
 * a damaged number asks for. The damage is random. */
#include "parquet_support.h"

#include <dirent.h>

#include "seed.h"

#ifdef __SANITIZE_ADDRESS__
enum { DAMAGES = 300 };
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "max_allocation_size_mb=64";
}
#else
enum { DAMAGES = 40 };
#endif
enum { ROWS = 3000, SECONDS = 120 };

static const char *const folders[] = {"data", "bad_data", "shredded_variant", "data/geospatial"};

static char *folder_path(const char *folder)
{
    const char *root = getenv("FIRESTEEL_TESTDATA");
    return fst_asprintf("%s/parquet-testing/%s", root ? root : "", folder);
}

static void need_files(void)
{
    char *path = folder_path("data");
    bool has = fst_path_is_dir(path);
    free(path);
    if (!has)
        leave_out("the Parquet conformance set: $FIRESTEEL_TESTDATA has none");
}

/* Call `each` for every Parquet file of a folder. */
static size_t walk(const char *folder, void (*each)(const char *path, void *arg), void *arg)
{
    char *path = folder_path(folder);
    struct dirent **entries;
    int n = scandir(path, &entries, NULL, alphasort);
    size_t count = 0;
    for (int i = 0; i < n; i++) {
        char *file = fst_path_join(path, entries[i]->d_name);
        if (strstr(file, ".parquet") && !strstr(file, ".json")) {
            each(file, arg);
            count++;
        }
        free(file);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
    free(path);
    return count;
}

/* ---- As pyarrow reads them ------------------------------------------------------------------- */

static char dir[] = "/tmp/firesteel-conform-XXXXXX";

static void dump_one(const char *path, void *args)
{
    char *text = dump_file(path, SIZE_MAX);
    char *out = fst_asprintf("%s/%s.dump", dir, fst_path_base(path));
    assert_int_equal(fst_file_write(out, text, strlen(text), 0600, NULL), FST_OK);
    fst_buf_printf(args, " %s %s", out, path);
    free(out);
    free(text);
}

static void test_data_parquet_conformance__columns_are_as_pyarrow_reads_them(void **state)
{
    (void)state;
    need_files();
    need_python();
    struct fst_buf args = FST_BUF_TEXT;
    assert_non_null(mkdtemp(dir));
    assert_true(walk("data", dump_one, &args) > 40);
    walk("bad_data", dump_one, &args);
    walk("data/geospatial", dump_one, &args);
    run_python("conform", fst_buf_text(&args));
    fst_buf_done(&args);
    assert_int_equal(fst_remove_tree(dir, NULL), FST_OK);
}

/* ---- What is said of the odd ones ------------------------------------------------------------ */

static void check_says(const char *file, const char *words)
{
    char *path = folder_path(file);
    char *text = dump_file(path, SIZE_MAX);
    if (!strstr(text, words))
        fail_msg("%s: \"%s\" is not in: %.400s", file, words, text);
    free(text);
    free(path);
}

static void test_data_parquet_conformance__encrypted_files_are_called_so(void **state)
{
    (void)state;
    need_files();
    check_says("data/encrypt_columns_and_footer.parquet.encrypted", "encrypted files are not read");
    check_says("data/uniform_encryption.parquet.encrypted", "encrypted files are not read");
    check_says("data/encrypt_columns_plaintext_footer.parquet.encrypted", "it is encrypted");
}

static void test_data_parquet_conformance__info_says_which_columns_are_encrypted(void **state)
{
    (void)state;
    need_files();
    char *path = folder_path("data/encrypt_columns_plaintext_footer.parquet.encrypted");
    struct fst_bytes *bytes;
    struct fst_file_info info;
    assert_int_equal(fst_bytes_open_file(path, &bytes, NULL), FST_OK);
    assert_int_equal(fst_format_parquet.info(bytes, &info, NULL), FST_OK);
    for (size_t i = 0; i < info.n_columns; i++) {
        bool is_encrypted = strcmp(info.columns[i].name, "float_field") == 0 ||
                            strcmp(info.columns[i].name, "double_field") == 0;
        assert_string_equal(info.columns[i].codec, is_encrypted ? "SNAPPY, encrypted" : "SNAPPY");
    }
    fst_file_info_done(&info);
    fst_bytes_close(bytes);
    free(path);
}

static void test_data_parquet_conformance__a_wrong_checksum_is_reported(void **state)
{
    (void)state;
    need_files();
    check_says("data/datapage_v1-corrupt-checksum.parquet", "checksum");
}

static void test_data_parquet_conformance__int96_reaches_beyond_nanoseconds(void **state)
{
    (void)state;
    need_files();
    check_says("data/int96_from_spark.parquet", "290000-12-30T23:00:00Z");
}

/* ---- Damage ---------------------------------------------------------------------------------- */

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* Half of the damage goes to the footer and what is near it. */
static void damage(uint8_t *p, size_t n, uint64_t *seed)
{
    static const uint8_t extremes[] = {0x00, 0xFF, 0x7F, 0x80, 0x01, 0xFE};
    size_t count = 1 + next_random(seed) % 4;
    for (size_t i = 0; i < count; i++) {
        size_t range = next_random(seed) % 2 && n > 2048 ? 2048 : n;
        size_t at = n - 1 - next_random(seed) % range;
        switch (next_random(seed) % 4) {
        case 0:
            p[at] = extremes[next_random(seed) % FST_COUNT(extremes)];
            break;
        case 1:
            p[at] ^= (uint8_t)(1u << next_random(seed) % 8);
            break;
        case 2:
            p[at] += (uint8_t)(1 + next_random(seed) % 3);
            break;
        default:
            memset(p + at, extremes[next_random(seed) % FST_COUNT(extremes)],
                   n - at < 8 ? n - at : next_random(seed) % 8);
        }
    }
}

static void read_info(const char *p, size_t n)
{
    struct fst_file_info info;
    struct fst_bytes *bytes = fst_bytes_of_memory("damaged", p, n);
    if (fst_format_parquet.info(bytes, &info, NULL) == FST_OK)
        fst_file_info_done(&info);
    fst_bytes_close(bytes);
}

static void read_all(const char *p, size_t n)
{
    read_info(p, n);
    free(dump(fst_bytes_of_memory("damaged", p, n), NULL, 1000, ROWS));
    free(dump(fst_bytes_of_memory("damaged", p, n),
              &(struct fst_read_options){.offset_rows = 100, .memory_cap = 1 << 20}, 10, 20));
}

static void damage_one(const char *path, void *arg)
{
    (void)arg;
    char *text;
    size_t n;
    assert_int_equal(fst_file_read(path, 16 << 20, &text, &n, NULL), FST_OK);
    char *copy = malloc(n);
    uint64_t seed = (fuzz_seed() + 1) * 0x9E3779B97F4A7C15u + n;
    alarm(SECONDS);
    for (size_t i = 0; i < DAMAGES; i++) {
        memcpy(copy, text, n);
        damage((uint8_t *)copy, n, &seed);
        read_all(copy, n);
    }
    for (size_t cut = 0; cut < n; cut += n / 16 + 1)
        read_all(text, cut);
    alarm(0);
    free(copy);
    free(text);
}

static void test_data_parquet_conformance__damaged_files_do_no_harm(void **state)
{
    (void)state;
    need_files();
    for (size_t i = 0; i < FST_COUNT(folders); i++)
        assert_true(walk(folders[i], damage_one, NULL) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_parquet_conformance__columns_are_as_pyarrow_reads_them),
        cmocka_unit_test(test_data_parquet_conformance__encrypted_files_are_called_so),
        cmocka_unit_test(test_data_parquet_conformance__info_says_which_columns_are_encrypted),
        cmocka_unit_test(test_data_parquet_conformance__a_wrong_checksum_is_reported),
        cmocka_unit_test(test_data_parquet_conformance__int96_reaches_beyond_nanoseconds),
        cmocka_unit_test(test_data_parquet_conformance__damaged_files_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
