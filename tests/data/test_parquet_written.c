/* Parquet files that we write, of every type and shape, as pyarrow, DuckDB and polars read them. */
#include "parquet_support.h"

static char dir[] = "/tmp/fst-written-XXXXXX";
static bool has_files;

static char *script(const char *rest)
{
    char here[] = __FILE__;
    return fst_asprintf("'%s' '%s/parquet_written.py' %s", getenv("FIRESTEEL_PYTHON"),
                        dirname(here), rest);
}

static void run_script(const char *rest)
{
    char *command = script(rest);
    assert_int_equal(system(command), 0);
    free(command);
}

static int make_dir(void **state)
{
    (void)state;
    return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
    (void)state;
    return fst_remove_tree(dir, NULL) == FST_OK ? 0 : -1;
}

static void need_files(void)
{
    need_python();
    if (has_files)
        return;
    char *rest = fst_asprintf("make %s", dir);
    run_script(rest);
    free(rest);
    has_files = true;
}

/* A Parquet file of the Arrow stream `name`; adds its path to `args`. */
static void write_one(const char *name, const char *label, const struct fst_write_options *options,
                      struct fst_buf *args)
{
    char *from = fst_asprintf("%s/%s.arrow", dir, name);
    char *to = fst_asprintf("%s/%s.%s.parquet", dir, name, label);
    struct fst_buf out = FST_BUF((size_t)256 << 20);
    char *stream;
    size_t stream_n;
    struct fst_frame **frames;
    size_t n;
    struct fst_error err = {0};
    assert_int_equal(fst_file_read(from, (size_t)256 << 20, &stream, &stream_n, NULL), FST_OK);
    if (fst_arrow_decode(stream, stream_n, &frames, &n, &err) != FST_OK)
        fail_msg("%s: %s", from, err.text);
    struct fst_writer *w;
    if (fst_format_parquet.create(frames[0]->schema,
                                  (struct fst_sink){.write = to_buf, .arg = &out}, options, &w,
                                  &err) != FST_OK)
        fail_msg("%s: %s", to, err.text);
    for (size_t i = 0; i < n; i++) {
        if (fst_writer_write(w, frames[i], &err) != FST_OK)
            fail_msg("%s: %s", to, err.text);
        fst_frame_unref(frames[i]);
    }
    free(frames);
    assert_int_equal(fst_writer_finish(w, &err), FST_OK);
    fst_writer_free(w);
    assert_int_equal(fst_file_write(to, out.p, out.n, 0600, NULL), FST_OK);
    fst_buf_printf(args, " %s", to);
    fst_buf_done(&out);
    free(stream);
    free(from);
    free(to);
}

static const char *const names[] = {"flat", "flat_none", "flat_one",
                                    "long", "nested",    "nested_none"};

static void check_with(const char *verb, const char *label, const struct fst_write_options *options)
{
    need_files();
    struct fst_buf args = FST_BUF_TEXT;
    fst_buf_printf(&args, "%s %s", verb, dir);
    for (size_t i = 0; i < FST_COUNT(names); i++)
        write_one(names[i], label, options, &args);
    run_script(fst_buf_text(&args));
    fst_buf_done(&args);
}

static void check_all(const char *label, const struct fst_write_options *options)
{
    check_with("check", label, options);
}

static void test_data_parquet_written__others_read_what_we_meant(void **state)
{
    (void)state;
    check_all("usual", &(struct fst_write_options){.codec = FST_CODEC_ZSTD});
}

static void test_data_parquet_written__with_small_pages_and_row_groups(void **state)
{
    (void)state;
    check_all("small", &(struct fst_write_options){.codec = FST_CODEC_SNAPPY,
                                                   .row_group_rows = 701,
                                                   .page_rows = 13,
                                                   .page_bytes = 900});
}

static void test_data_parquet_written__with_a_row_a_page_and_few_bytes_a_group(void **state)
{
    (void)state;
    check_all("tiny", &(struct fst_write_options){
                          .codec = FST_CODEC_NONE, .row_group_bytes = 1 << 20, .page_rows = 1});
}

static void test_data_parquet_written__without_dictionaries(void **state)
{
    (void)state;
    check_all("plain", &(struct fst_write_options){
                           .codec = FST_CODEC_GZIP, .no_dictionary = true, .page_rows = 100});
}

static void test_data_parquet_written__spark_reads_it_and_would_write_it_alike(void **state)
{
    (void)state;
    const char *on = getenv("FIRESTEEL_SPARK_TESTS");
    if (!on || strcmp(on, "1") != 0) {
        printf("SKIP written files against Spark: FIRESTEEL_SPARK_TESTS is not 1\n");
        skip();
    }
    check_with("spark", "spark", &(struct fst_write_options){.page_rows = 50});
    check_with("spark", "sparkz", &(struct fst_write_options){.codec = FST_CODEC_ZSTD});
}

static void test_data_parquet_written__polars_is_there(void **state)
{
    (void)state;
    need_files();
    char *command = script("has-polars");
    bool has = system(command) == 0;
    free(command);
    if (!has)
        leave_out("written files against polars: $FIRESTEEL_PYTHON has it not");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_parquet_written__others_read_what_we_meant),
        cmocka_unit_test(test_data_parquet_written__with_small_pages_and_row_groups),
        cmocka_unit_test(test_data_parquet_written__with_a_row_a_page_and_few_bytes_a_group),
        cmocka_unit_test(test_data_parquet_written__without_dictionaries),
        cmocka_unit_test(test_data_parquet_written__spark_reads_it_and_would_write_it_alike),
        cmocka_unit_test(test_data_parquet_written__polars_is_there),
    };
    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
