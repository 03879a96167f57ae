/* Parquet against pyarrow and DuckDB: their files are read as they read them, ours by them. */
#include "parquet_support.h"

#include "scratch.h"
#include <dirent.h>

static struct fst_buf files; /* names, each ended by a NUL */
static bool has_files;

static void list_files(void)
{
    struct dirent **entries;
    int n = scandir(scratch, &entries, NULL, alphasort);
    files = FST_BUF_TEXT;
    for (int i = 0; i < n; i++) {
        if (strstr(entries[i]->d_name, ".parquet"))
            fst_buf_add(&files, entries[i]->d_name, strlen(entries[i]->d_name) + 1);
        free(entries[i]);
    }
    free(entries);
}

static void need_files(void)
{
    need_python();
    if (has_files)
        return;
    run_python("write", scratch);
    list_files();
    assert_true(files.n > 0);
    has_files = true;
}

static int remove_dir(void **state)
{
    fst_buf_done(&files);
    return scratch_remove(state);
}

static void test_data_parquet__reads_what_pyarrow_and_duckdb_write(void **state)
{
    (void)state;
    need_files();
    struct fst_buf args = FST_BUF_TEXT;
    for (size_t at = 0; at < files.n; at += strlen(files.p + at) + 1) {
        char *path = fst_asprintf("%s/%s", scratch, files.p + at);
        char *dump_path = fst_asprintf("%s/%s.dump", scratch, files.p + at);
        char *text = dump_file(path, SIZE_MAX);
        assert_int_equal(fst_file_write(dump_path, text, strlen(text), 0600, NULL), FST_OK);
        fst_buf_printf(&args, " %s %s", dump_path, path);
        free(text);
        free(dump_path);
        free(path);
    }
    run_python("compare", fst_buf_text(&args));
    fst_buf_done(&args);
}

static void test_data_parquet__reads_the_same_in_small_steps(void **state)
{
    (void)state;
    need_files();
    for (size_t at = 0; at < files.n; at += strlen(files.p + at) + 1) {
        char *path = fst_asprintf("%s/%s", scratch, files.p + at);
        char *all = dump_file(path, SIZE_MAX), *steps = dump_file(path, 7);
        assert_string_equal(all, steps);
        free(steps);
        free(all);
        free(path);
    }
}

static void test_data_parquet__reads_the_same_with_little_memory(void **state)
{
    (void)state;
    need_files();
    struct fst_read_options options = {.memory_cap = 1 << 20};
    for (size_t at = 0; at < files.n; at += strlen(files.p + at) + 1) {
        char *path = fst_asprintf("%s/%s", scratch, files.p + at);
        struct fst_bytes *bytes;
        assert_int_equal(fst_bytes_open_file(path, &bytes, NULL), FST_OK);
        char *all = dump_file(path, SIZE_MAX), *little = dump(bytes, &options, 100, SIZE_MAX);
        assert_string_equal(all, little);
        free(little);
        free(all);
        free(path);
    }
}

static void test_data_parquet__begins_at_any_row(void **state)
{
    (void)state;
    need_files();
    for (size_t at = 0; at < files.n; at += strlen(files.p + at) + 1) {
        char *path = fst_asprintf("%s/%s", scratch, files.p + at);
        char *all = dump_file(path, SIZE_MAX), *rest = all;
        for (size_t lines = 0; rest && *rest && lines < 124; lines++)
            rest = strchr(rest, '\n') + 1;
        struct fst_bytes *bytes;
        assert_int_equal(fst_bytes_open_file(path, &bytes, NULL), FST_OK);
        char *part = dump(bytes, &(struct fst_read_options){.offset_rows = 123}, 11, SIZE_MAX);
        assert_string_equal(strchr(part, '\n') + 1, rest);
        free(part);
        free(all);
        free(path);
    }
}

static struct fst_reader *open_with(const char *path, const struct fst_read_options *options)
{
    struct fst_bytes *bytes;
    struct fst_reader *r;
    assert_int_equal(fst_bytes_open_file(path, &bytes, NULL), FST_OK);
    assert_int_equal(fst_format_parquet.open(bytes, options, &r, NULL), FST_OK);
    return r;
}

/* All that can be written: columns of nanoseconds end in _ns. */
static struct fst_reader *open_reader(const char *path)
{
    const char *names[100];
    struct fst_read_options options = {.columns = names};
    struct fst_reader *all = open_with(path, NULL);
    for (size_t i = 0; i < all->schema->n; i++) {
        const char *name = all->schema->fields[i].name;
        assert_true(options.n_columns < FST_COUNT(names));
        if (strlen(name) < 3 || strcmp(name + strlen(name) - 3, "_ns") != 0)
            names[options.n_columns++] = name;
    }
    struct fst_reader *r = open_with(path, &options);
    fst_reader_close(all);
    return r;
}

static const char *const originals[] = {"large", "duck_zstd_v2", "empty", "groups"};

static void check_written(const struct fst_write_options *options, size_t n_originals)
{
    struct fst_buf args = FST_BUF_TEXT;
    for (size_t i = 0; i < n_originals; i++) {
        char *path = fst_asprintf("%s/%s.parquet", scratch, originals[i]);
        char *ours = fst_asprintf("%s/%s.ours", scratch, originals[i]);
        struct fst_buf out = FST_BUF((size_t)64 << 20);
        struct fst_error err = {0};
        if (rewrite(open_reader(path), options, &out, &err) != FST_OK)
            fail_msg("%s: %s", path, err.text);
        assert_int_equal(fst_file_write(ours, out.p, out.n, 0600, NULL), FST_OK);
        fst_buf_printf(&args, " %s %s", path, ours);
        fst_buf_done(&out);
        free(ours);
        free(path);
    }
    run_python("same", fst_buf_text(&args));
    fst_buf_done(&args);
}

static void test_data_parquet__writes_what_pyarrow_and_duckdb_read(void **state)
{
    (void)state;
    need_files();
    check_written(NULL, FST_COUNT(originals));
}

static void test_data_parquet__writes_every_codec(void **state)
{
    (void)state;
    need_files();
    check_written(&(struct fst_write_options){.codec = FST_CODEC_NONE, .row_group_rows = 1000}, 2);
    check_written(&(struct fst_write_options){.codec = FST_CODEC_SNAPPY, .row_group_rows = 5000},
                  2);
    check_written(&(struct fst_write_options){.codec = FST_CODEC_GZIP}, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_parquet__reads_what_pyarrow_and_duckdb_write),
        cmocka_unit_test(test_data_parquet__reads_the_same_in_small_steps),
        cmocka_unit_test(test_data_parquet__reads_the_same_with_little_memory),
        cmocka_unit_test(test_data_parquet__begins_at_any_row),
        cmocka_unit_test(test_data_parquet__writes_what_pyarrow_and_duckdb_read),
        cmocka_unit_test(test_data_parquet__writes_every_codec),
    };
    return cmocka_run_group_tests(tests, scratch_make, remove_dir);
}
