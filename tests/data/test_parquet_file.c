/* Parquet files of our own: what is read of them and what it costs, what is refused and how. */
#include "parquet_support.h"

#include <errno.h>

/* ---- A source that counts -------------------------------------------------------------------- */

struct counting {
    struct fst_bytes base;
    struct fst_bytes *inner;
    size_t waves;
};

static size_t waves_of_last; /* of the source that was closed last */
static uint64_t bytes_of_last;

static enum fst_status counting_read(struct fst_bytes *b, struct fst_range *ranges, size_t n,
                                     struct fst_error *err)
{
    struct counting *c = (struct counting *)b;
    c->waves++;
    return c->inner->ops->read(c->inner, ranges, n, err);
}

static void counting_close(struct fst_bytes *b)
{
    struct counting *c = (struct counting *)b;
    waves_of_last = c->waves;
    bytes_of_last = c->inner->bytes_read;
    fst_bytes_close(c->inner);
    free(c);
}

static struct fst_bytes *counting_of(const struct fst_buf *file)
{
    static const struct fst_bytes_ops ops = {counting_read, counting_close};
    struct counting *c = fst_alloc(sizeof(*c));
    c->inner = fst_bytes_of_memory("f.parquet", file->p, file->n);
    c->base = (struct fst_bytes){.ops = &ops, .name = "f.parquet", .size = file->n};
    return &c->base;
}

/* ---- Files ----------------------------------------------------------------------------------- */

static struct fst_schema *schema_of(const char *const *fields, size_t n)
{
    struct fst_schema *s = fst_schema_new();
    for (size_t i = 0; i < n; i++) {
        char *name = fst_strndup(fields[i], strcspn(fields[i], " "));
        struct fst_type type;
        assert_int_equal(fst_type_parse(s->arena, strchr(fields[i], ' ') + 1, &type, NULL), FST_OK);
        fst_schema_add(s, name, &type, true);
        free(name);
    }
    return s;
}

static struct fst_frame *numbers(size_t n)
{
    static const char *const fields[] = {"id bigint", "name string", "half double", "few string",
                                         "some int"};
    struct fst_builder *b = fst_builder_new(schema_of(fields, FST_COUNT(fields)));
    for (size_t i = 0; i < n; i++) {
        char text[64];
        fst_builder_int(b, 0, (int64_t)i);
        fst_builder_bytes(b, 1, text, (size_t)snprintf(text, sizeof(text), "name of row %zu", i));
        fst_builder_double(b, 2, (double)i / 2);
        fst_builder_bytes(b, 3, &"abcde"[i % 5], 1);
        if (i % 7 == 3)
            fst_builder_null(b, 4);
        else
            fst_builder_int(b, 4, (int64_t)(i * 7919 % 1000));
    }
    return fst_builder_finish(b, n);
}

static struct fst_buf file_of(struct fst_frame *f, const struct fst_write_options *options)
{
    struct fst_buf out = FST_BUF((size_t)256 << 20);
    struct fst_reader *r = fst_reader_of_frame(f);
    struct fst_error err = {0};
    if (rewrite(r, options, &out, &err) != FST_OK)
        fail_msg("%s", err.text);
    fst_frame_unref(f);
    return out;
}

static void check_dump(const struct fst_buf *file, const struct fst_read_options *options,
                       size_t n_rows, const char *expected)
{
    char *text = dump(counting_of(file), options, n_rows, n_rows);
    assert_string_equal(text, expected);
    free(text);
}

/* ---- Reading --------------------------------------------------------------------------------- */

static void test_data_parquet_file__first_rows_cost_the_heads_of_columns(void **state)
{
    (void)state;
    struct fst_buf file = file_of(numbers(400000), NULL);
    char *text = dump(counting_of(&file), NULL, 50, 50);
    assert_non_null(strstr(text, "\n[49,\"name of row 49\",24.5,\"e\",31]\n"));
    assert_true(waves_of_last <= 3);
    assert_true(bytes_of_last <= (64 << 10) * 6);
    assert_true(file.n > 3 * bytes_of_last);
    free(text);
    fst_buf_done(&file);
}

static void test_data_parquet_file__far_rows_do_not_cost_the_row_groups_before(void **state)
{
    (void)state;
    struct fst_buf file =
        file_of(numbers(100000),
                &(struct fst_write_options){.codec = FST_CODEC_ZSTD, .row_group_rows = 10000});
    struct fst_read_options options = {.offset_rows = 90001};
    char *text = dump(counting_of(&file), &options, 1, 1);
    assert_non_null(strstr(text, "\n[90001,\"name of row 90001\",45000.5,\"b\",919]\n"));
    assert_true(bytes_of_last < file.n / 3);
    free(text);
    fst_buf_done(&file);
}

static enum fst_status open_counting(void *arg, size_t i, struct fst_bytes **out,
                                     struct fst_error *err)
{
    (void)i;
    (void)err;
    *out = counting_of(arg);
    return FST_OK;
}

static void test_data_parquet_file__far_rows_of_many_files_do_not_cost_those_before(void **state)
{
    (void)state;
    struct fst_buf file =
        file_of(numbers(100000),
                &(struct fst_write_options){.codec = FST_CODEC_ZSTD, .row_group_rows = 10000});
    const struct fst_part each[] = {{.name = "a", .rows = -1}, {.name = "b", .rows = -1}};
    const struct fst_parts parts = {.parts = each, .n = 2, .open = open_counting, .arg = &file};
    struct fst_reader *r;
    struct fst_frame *f;
    assert_int_equal(fst_parts_open(&fst_format_parquet, &parts,
                                    &(struct fst_read_options){.offset_rows = 190001}, &r, NULL),
                     FST_OK);
    assert_int_equal(fst_reader_next(r, 1, &f, NULL), FST_OK);
    assert_int_equal(fst_column_int(&f->columns[0], 0), 90001);
    fst_frame_unref(f);
    fst_reader_close(r);
    assert_true(bytes_of_last < file.n / 3);
    fst_buf_done(&file);
}

static void test_data_parquet_file__gives_the_columns_asked_for_in_their_order(void **state)
{
    (void)state;
    struct fst_buf file = file_of(numbers(10), NULL);
    const char *const names[] = {"half", "id"};
    struct fst_read_options options = {.columns = names, .n_columns = 2, .offset_rows = 8};
    check_dump(&file, &options, 10,
               "[[\"half\",\"double\"],[\"id\",\"bigint\"]]\n[4.0,8]\n[4.5,9]\n");
    options.n_columns = 0;
    check_dump(&file, &options, 10, "[]\n[]\n[]\n");

    const char *const wrong[] = {"halv"};
    options = (struct fst_read_options){.columns = wrong, .n_columns = 1};
    check_dump(&file, &options, 10,
               "error: not found: f.parquet: no column \"halv\"; did you mean \"half\"?\n");
    fst_buf_done(&file);
}

static bool is_cancelled(void *asked)
{
    return ++*(int *)asked > 3;
}

static void test_data_parquet_file__stops_when_it_is_cancelled(void **state)
{
    (void)state;
    struct fst_buf file = file_of(numbers(100000), NULL);
    int asked = 0;
    struct fst_read_options options = {.cancelled = is_cancelled, .cancel_arg = &asked};
    check_dump(&file, &options, 100000, "error: cancelled: cancelled\n");
    fst_buf_done(&file);
}

static void test_data_parquet_file__frames_of_wide_rows_stay_small(void **state)
{
    (void)state;
    static const char *const fields[] = {"wide string"};
    enum { WIDE = 20000 };
    struct fst_builder *b = fst_builder_new(schema_of(fields, 1));
    char *wide = malloc(WIDE);
    memset(wide, 'w', WIDE);
    for (int i = 0; i < 2000; i++)
        fst_builder_bytes(b, 0, wide, WIDE);
    free(wide);
    struct fst_buf file = file_of(fst_builder_finish(b, 2000), NULL);

    struct fst_reader *r;
    assert_int_equal(fst_format_parquet.open(counting_of(&file), NULL, &r, NULL), FST_OK);
    size_t rows = 0;
    for (;;) {
        struct fst_frame *f;
        assert_int_equal(fst_reader_next(r, 1 << 20, &f, NULL), FST_OK);
        if (!f)
            break;
        assert_true(f->n_rows * WIDE <= (16 << 20));
        rows += f->n_rows;
        fst_frame_unref(f);
    }
    assert_int_equal(rows, 2000);
    fst_reader_close(r);
    fst_buf_done(&file);
}

static void test_data_parquet_file__says_what_is_not_parquet(void **state)
{
    (void)state;
    struct fst_buf file = file_of(numbers(10), NULL), cut = {.p = file.p, .n = file.n - 10};
    check_dump(&cut, NULL, 1,
               "error: malformed: f.parquet: not a Parquet file, or not completely written: it "
               "does not end in PAR1\n");
    struct fst_buf tiny = {.p = file.p, .n = 5};
    check_dump(&tiny, NULL, 1, "error: malformed: f.parquet: not a Parquet file: it has 5 bytes\n");
    fst_buf_done(&file);
}

static void test_data_parquet_file__a_damaged_page_hides_its_column_only(void **state)
{
    (void)state;
    struct fst_buf file =
        file_of(numbers(10), &(struct fst_write_options){.codec = FST_CODEC_NONE});
    char *at = memmem(file.p, file.n, "name of row 3", 13);
    at[12] = '4';
    char *text = dump(counting_of(&file), NULL, 10, 10);
    assert_non_null(strstr(text, "\n[0,{\"unreadable\":\"row group 0: the page is damaged: its "
                                 "checksum does not fit\"},0.0,\"a\",0]\n"));
    free(text);
    fst_buf_done(&file);
}

/* ---- Writing --------------------------------------------------------------------------------- */

static const char *create_error(const char *field, bool twice)
{
    static struct fst_error err;
    const char *const fields[] = {field, field};
    struct fst_schema *s = schema_of(fields, twice ? 2 : 1);
    struct fst_writer *w = NULL;
    struct fst_buf out = FST_BUF_TEXT;
    err = (struct fst_error){0};
    if (fst_format_parquet.create(s, (struct fst_sink){.write = to_buf, .arg = &out}, NULL, &w,
                                  &err) == FST_OK)
        fst_writer_free(w);
    fst_schema_free(s);
    fst_buf_done(&out);
    return err.text;
}

static void test_data_parquet_file__refuses_what_it_does_not_write(void **state)
{
    (void)state;
    assert_string_equal(create_error("a array<struct<>>", false),
                        "column a.list.element: Parquet files with struct<> are not written");
    assert_string_equal(create_error("a struct<x:int,x:int>", false),
                        "two columns are called a.x; name them apart");
    assert_string_equal(create_error("a int", true), "two columns are called a; name them apart");
    assert_string_equal(create_error(" int", false), "column 1 has no name; Parquet wants one");
}

static void test_data_parquet_file__refuses_null_where_none_is_allowed(void **state)
{
    (void)state;
    struct fst_frame *f = numbers(5);
    struct fst_schema *s = fst_schema_copy(f->schema);
    for (size_t i = 0; i < s->n; i++)
        s->fields[i].nullable = false;
    struct fst_writer *w;
    struct fst_error err = {0};
    struct fst_buf out = FST_BUF_TEXT;
    assert_int_equal(fst_format_parquet.create(s, (struct fst_sink){.write = to_buf, .arg = &out},
                                               NULL, &w, NULL),
                     FST_OK);
    assert_int_equal(fst_writer_write(w, f, &err), FST_EINVAL);
    assert_string_equal(err.text, "column some: a NULL where none is allowed");
    fst_writer_free(w);
    fst_schema_free(s);
    fst_frame_unref(f);
    fst_buf_done(&out);
}

static void test_data_parquet_file__refuses_nanoseconds_rather_than_lose_them(void **state)
{
    (void)state;
    const char *const fields[] = {"at timestamp"};
    struct fst_builder *b = fst_builder_new(schema_of(fields, 1));
    struct fst_schema *s = schema_of(fields, 1);
    fst_builder_time(b, 0, 7, 0);
    fst_builder_time(b, 0, 7, 1);
    struct fst_frame *f = fst_builder_finish(b, 2);
    struct fst_writer *w;
    struct fst_error err = {0};
    struct fst_buf out = FST_BUF_TEXT;
    assert_int_equal(fst_format_parquet.create(s, (struct fst_sink){.write = to_buf, .arg = &out},
                                               NULL, &w, NULL),
                     FST_OK);
    assert_int_equal(fst_writer_write(w, f, &err), FST_EUNSUPPORTED);
    assert_non_null(strstr(err.text, "column at cannot be written: it has nanoseconds"));
    fst_writer_free(w);
    fst_schema_free(s);
    fst_frame_unref(f);
    fst_buf_done(&out);
}

static bool full_disk(void *arg, const void *p, size_t n)
{
    (void)arg, (void)p, (void)n;
    errno = ENOSPC;
    return false;
}

static void test_data_parquet_file__a_full_disk_is_an_error(void **state)
{
    (void)state;
    struct fst_frame *f = numbers(1);
    struct fst_writer *w;
    struct fst_error err = {0};
    assert_int_equal(fst_format_parquet.create(f->schema,
                                               (struct fst_sink){.write = full_disk, .arg = NULL},
                                               NULL, &w, &err),
                     FST_EIO);
    assert_int_equal(err.code, ENOSPC);
    fst_frame_unref(f);
}

/* ---- What info says -------------------------------------------------------------------------- */

static void check_bounds(const struct fst_column_info *c, int64_t nulls, const char *min,
                         const char *max)
{
    assert_int_equal(c->null_count, nulls);
    assert_string_equal(c->min ? c->min : "-", min);
    assert_string_equal(c->max ? c->max : "-", max);
}

static void test_data_parquet_file__info_tells_sizes_and_bounds(void **state)
{
    (void)state;
    struct fst_write_options options = {.codec = FST_CODEC_SNAPPY, .row_group_rows = 40};
    struct fst_buf file = file_of(numbers(100), &options);
    struct fst_bytes *bytes = counting_of(&file);
    struct fst_file_info info;
    assert_int_equal(fst_format_parquet.info(bytes, &info, NULL), FST_OK);
    assert_string_equal(info.writer, "firesteel version " FST_VERSION " (build 0)");
    assert_true(info.rows == 100 && info.row_groups == 3 && info.n_columns == 5);
    assert_string_equal(info.columns[1].physical, "BYTE_ARRAY");
    assert_string_equal(info.columns[1].logical, "STRING");
    assert_string_equal(info.columns[3].codec, "SNAPPY");
    assert_string_equal(info.columns[3].encodings, "PLAIN, RLE, RLE_DICTIONARY");
    check_bounds(&info.columns[0], 0, "0", "99");
    check_bounds(&info.columns[1], 0, "name of row 0", "name of row 99");
    check_bounds(&info.columns[2], 0, "-0.0", "49.5");
    check_bounds(&info.columns[4], 14, "0", "981");
    fst_file_info_done(&info);
    fst_bytes_close(bytes);
    fst_buf_done(&file);
}

static void test_data_parquet_file__long_texts_have_bounds_that_hold(void **state)
{
    (void)state;
    static const char *const fields[] = {"t string", "b binary", "w string"};
    struct fst_builder *b = fst_builder_new(schema_of(fields, 3));
    char text[100], bytes[100], wide[99];
    for (size_t i = 0; i < sizeof(wide); i++)
        wide[i] = i % 2 ? (char)0xC3 : i ? (char)0xA9 : 'x'; /* x, then e with an accent */
    fst_builder_bytes(b, 2, wide, sizeof(wide));
    memset(text, 'm', sizeof(text));
    memset(bytes, 0xFF, sizeof(bytes));
    fst_builder_bytes(b, 0, text, sizeof(text));
    fst_builder_bytes(b, 1, bytes, sizeof(bytes));
    struct fst_buf file = file_of(fst_builder_finish(b, 1), NULL);
    struct fst_bytes *source = counting_of(&file);
    struct fst_file_info info;
    assert_int_equal(fst_format_parquet.info(source, &info, NULL), FST_OK);
    assert_int_equal(strlen(info.columns[0].min), 64);
    assert_int_equal(info.columns[0].max[63], 'n');
    assert_int_equal(strlen(info.columns[2].max), 63); /* whole characters, the last one raised */
    assert_string_equal(info.columns[2].max + 61, "\xC3\xAA");
    assert_non_null(info.columns[1].max); /* no 64 bytes are above, so it is all of it */
    fst_file_info_done(&info);
    fst_bytes_close(source);
    fst_buf_done(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_parquet_file__first_rows_cost_the_heads_of_columns),
        cmocka_unit_test(test_data_parquet_file__far_rows_do_not_cost_the_row_groups_before),
        cmocka_unit_test(test_data_parquet_file__far_rows_of_many_files_do_not_cost_those_before),
        cmocka_unit_test(test_data_parquet_file__gives_the_columns_asked_for_in_their_order),
        cmocka_unit_test(test_data_parquet_file__stops_when_it_is_cancelled),
        cmocka_unit_test(test_data_parquet_file__frames_of_wide_rows_stay_small),
        cmocka_unit_test(test_data_parquet_file__says_what_is_not_parquet),
        cmocka_unit_test(test_data_parquet_file__a_damaged_page_hides_its_column_only),
        cmocka_unit_test(test_data_parquet_file__refuses_what_it_does_not_write),
        cmocka_unit_test(test_data_parquet_file__refuses_null_where_none_is_allowed),
        cmocka_unit_test(test_data_parquet_file__refuses_nanoseconds_rather_than_lose_them),
        cmocka_unit_test(test_data_parquet_file__a_full_disk_is_an_error),
        cmocka_unit_test(test_data_parquet_file__info_tells_sizes_and_bounds),
        cmocka_unit_test(test_data_parquet_file__long_texts_have_bounds_that_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
