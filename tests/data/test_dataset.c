/* Rows into the files of a folder: whose they are, what the folders are called. */
#include "parquet_support.h"

/* ---- A folder in memory ---------------------------------------------------------------------- */

struct memory_file {
    char *path;
    struct fst_buf bytes;
    bool is_committed;
};
struct memory_folder {
    struct memory_file files[64];
    size_t n, n_open, n_open_max;
};

static bool to_file(void *arg, const void *p, size_t n)
{
    fst_buf_add(&((struct memory_file *)arg)->bytes, p, n);
    return true;
}

static enum fst_status create(void *arg, const char *path, struct fst_sink *sink, void **out,
                              struct fst_error *err)
{
    (void)err;
    struct memory_folder *folder = arg;
    struct memory_file *f = &folder->files[folder->n++];
    assert_true(folder->n <= FST_COUNT(folder->files));
    *f = (struct memory_file){fst_strdup(path), FST_BUF((size_t)64 << 20), false};
    folder->n_open++;
    folder->n_open_max = folder->n_open > folder->n_open_max ? folder->n_open : folder->n_open_max;
    *sink = (struct fst_sink){.write = to_file, .arg = f};
    *out = f;
    return FST_OK;
}

static enum fst_status commit(void *arg, void *file, struct fst_error *err)
{
    (void)err;
    ((struct memory_folder *)arg)->n_open--;
    ((struct memory_file *)file)->is_committed = true;
    return FST_OK;
}

static void discard(void *arg, void *file)
{
    (void)file;
    ((struct memory_folder *)arg)->n_open--;
}

static void folder_done(struct memory_folder *folder)
{
    for (size_t i = 0; i < folder->n; i++) {
        free(folder->files[i].path);
        fst_buf_done(&folder->files[i].bytes);
    }
}

/* ---- Rows ------------------------------------------------------------------------------------ */

static struct fst_schema *schema(void)
{
    struct fst_schema *s = fst_schema_new();
    struct fst_type number = fst_type(FST_INT), text = fst_type(FST_STRING);
    fst_schema_add(s, "id", &number, true);
    fst_schema_add(s, "k", &text, true);
    fst_schema_add(s, "t", &text, true);
    return s;
}

/* Row i has keys[i % n]; a key of NULL is NULL. */
static struct fst_frame *rows(const char *const *keys, size_t n_keys, size_t n)
{
    struct fst_builder *b = fst_builder_new(schema());
    for (size_t i = 0; i < n; i++) {
        const char *key = keys[i % n_keys];
        char text[32];
        fst_builder_int(b, 0, (int64_t)i);
        if (key)
            fst_builder_bytes(b, 1, key, strlen(key));
        else
            fst_builder_null(b, 1);
        if (i % 5 == 2)
            fst_builder_null(b, 2);
        else
            fst_builder_bytes(b, 2, text, (size_t)snprintf(text, sizeof(text), "row %zu", i));
    }
    return fst_builder_finish(b, n);
}

static void write_frames(struct memory_folder *folder, struct fst_frame **frames, size_t n,
                         const struct fst_dataset_options *options)
{
    struct fst_writer *w;
    struct fst_error err = {0};
    if (fst_dataset_create(frames[0]->schema, (struct fst_folder){create, commit, discard, folder},
                           options, &w, &err) != FST_OK)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(fst_writer_write(w, frames[i], &err), FST_OK);
    assert_int_equal(fst_writer_finish(w, &err), FST_OK);
    fst_writer_free(w);
}

static const char *const by_k[] = {"k"};
static struct fst_dataset_options jsonl_by_k(void)
{
    return (struct fst_dataset_options){
        .format = &fst_format_jsonl, .name = "x.jsonl", .partition_by = by_k, .n_partition_by = 1};
}

/* ---- Tests ----------------------------------------------------------------------------------- */

static void test_data_dataset__rows_go_where_their_values_say(void **state)
{
    (void)state;
    static const char *const keys[] = {"a", "b"};
    struct memory_folder folder = {0};
    struct fst_frame *f = rows(keys, 2, 6);
    struct fst_dataset_options options = jsonl_by_k();
    write_frames(&folder, &f, 1, &options);
    fst_frame_unref(f);
    assert_int_equal(folder.n, 2);
    assert_string_equal(folder.files[0].path, "k=a/part-00000-x.jsonl");
    assert_string_equal(folder.files[1].path, "k=b/part-00001-x.jsonl");
    assert_string_equal(folder.files[0].bytes.p,
                        "{\"id\":0,\"t\":\"row 0\"}\n{\"id\":2,\"t\":null}\n{\"id\":4,\"t\":\"row "
                        "4\"}\n");
    assert_true(folder.files[0].is_committed && folder.files[1].is_committed);
    folder_done(&folder);
}

static void test_data_dataset__odd_values_make_the_paths_that_spark_makes(void **state)
{
    (void)state;
    static const char *const keys[] = {NULL, "", "a/b=c", "50% \xC3\xBC", "..", "x\ty"};
    static const char *const paths[] = {"k=__HIVE_DEFAULT_PARTITION__", "k=a%2Fb%3Dc",
                                        "k=50%25 \xC3\xBC", "k=..", "k=x%09y"};
    struct memory_folder folder = {0};
    struct fst_frame *f = rows(keys, FST_COUNT(keys), 6);
    struct fst_dataset_options options = jsonl_by_k();
    write_frames(&folder, &f, 1, &options);
    fst_frame_unref(f);
    assert_int_equal(folder.n, FST_COUNT(paths));
    for (size_t i = 0; i < FST_COUNT(paths); i++)
        assert_memory_equal(folder.files[i].path, paths[i], strlen(paths[i]));
    folder_done(&folder);
}

static void test_data_dataset__full_memory_is_written_and_one_file_is_open_at_a_time(void **state)
{
    (void)state;
    static const char *const keys[] = {"a", "b", "c"};
    struct memory_folder folder = {0};
    struct fst_frame *f[] = {rows(keys, 3, 3000), rows(keys, 3, 3000), rows(keys, 3, 3000)};
    struct fst_dataset_options options = jsonl_by_k();
    options.pending_bytes = 100000;
    write_frames(&folder, f, 3, &options);
    size_t lines = 0;
    for (size_t i = 0; i < folder.n; i++)
        for (const char *p = folder.files[i].bytes.p; (p = strchr(p, '\n')); p++)
            lines++;
    assert_int_equal(lines, 9000);
    assert_in_range(folder.n, 4, 9);
    assert_int_equal(folder.n_open_max, 1);
    for (size_t i = 0; i < 3; i++)
        fst_frame_unref(f[i]);
    folder_done(&folder);
}

static void test_data_dataset__no_rows_are_a_file_with_a_schema(void **state)
{
    (void)state;
    static const char *const keys[] = {"a"};
    struct memory_folder folder = {0};
    struct fst_frame *f = rows(keys, 1, 0);
    struct fst_dataset_options options = {.format = &fst_format_parquet, .name = "x.parquet"};
    write_frames(&folder, &f, 1, &options);
    fst_frame_unref(f);
    assert_int_equal(folder.n, 1);
    char *text = dump(fst_bytes_of_memory("x", folder.files[0].bytes.p, folder.files[0].bytes.n),
                      NULL, 10, 10);
    assert_string_equal(text, "[[\"id\",\"int\"],[\"k\",\"string\"],[\"t\",\"string\"]]\n");
    free(text);
    folder_done(&folder);
}

static const char *refusal(const char *const *by, size_t n)
{
    static struct fst_error err;
    struct fst_schema *s = schema();
    struct fst_dataset_options options = {.format = &fst_format_parquet,
                                          .name = "x.parquet",
                                          .partition_by = by,
                                          .n_partition_by = n};
    struct fst_writer *w;
    assert_int_not_equal(fst_dataset_create(s, (struct fst_folder){0}, &options, &w, &err), FST_OK);
    fst_schema_free(s);
    return err.text;
}

static void test_data_dataset__refuses_columns_that_make_no_folders(void **state)
{
    (void)state;
    static const char *const none[] = {"nobody"}, *const twice[] = {"k", "k"},
                             *const all[] = {"k", "t", "id"};
    assert_string_equal(refusal(none, 1), "there is no column nobody to partition by");
    assert_string_equal(refusal(twice, 2), "column k cannot make partitions: it is named twice");
    assert_string_equal(refusal(all, 3), "no column is left for the files: all make partitions");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_dataset__rows_go_where_their_values_say),
        cmocka_unit_test(test_data_dataset__odd_values_make_the_paths_that_spark_makes),
        cmocka_unit_test(test_data_dataset__full_memory_is_written_and_one_file_is_open_at_a_time),
        cmocka_unit_test(test_data_dataset__no_rows_are_a_file_with_a_schema),
        cmocka_unit_test(test_data_dataset__refuses_columns_that_make_no_folders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
