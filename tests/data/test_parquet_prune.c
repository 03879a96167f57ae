/* Reading by conditions: the same rows as reading everything, and little else read. */
#include "where_support.h"

#include "parquet.h"

enum { ROWS = 20000, QUESTIONS = 400 };

static const struct {
    const char *name, *type;
} kinds[] = {
    {"sorted", "bigint"},       {"any", "bigint"},          {"real", "double"},
    {"single", "float"},        {"few", "string"},          {"text", "string"},
    {"money", "decimal(10,2)"}, {"wide", "decimal(30,4)"},  {"day", "date"},
    {"at", "timestamp"},        {"local", "timestamp_ntz"}, {"flag", "boolean"},
    {"raw", "binary"},          {"small", "smallint"},      {"day_sorted", "date"},
};
enum { N_KINDS = FST_COUNT(kinds) };

static void append_real(struct fst_builder *b, size_t col)
{
    static const double odd[] = {NAN, INFINITY, -INFINITY, 0.0, -0.0, 1e-300};
    fst_builder_double(b, col, dice(4) ? (double)dice(1000) / 4 - 100 : odd[dice(FST_COUNT(odd))]);
}

static void append_text(struct fst_builder *b, size_t col, size_t row)
{
    static const char *const words[] = {"", "a", "ünïcode", "\xF0\x9F\x98\x80", "zebra", "aa\x01"};
    char text[128];
    int n = col == 4 ? snprintf(text, sizeof text, "%s", words[dice(FST_COUNT(words))])
                     : snprintf(text, sizeof text, "%s %llu of rows, %zu", words[row / 4000],
                                (unsigned long long)dice(100000), row);
    fst_builder_bytes(b, col, text, (size_t)n);
}

static void append(struct fst_builder *b, size_t col, const struct fst_type *t, size_t row)
{
    bool may_be_null = col != 0 && col != 14;
    bool in_nulls = row / 500 % 11 == 3; /* whole pages of them */
    if (may_be_null && (in_nulls || dice(17) == 0))
        fst_builder_null(b, col);
    else if (t->kind == FST_DOUBLE || t->kind == FST_FLOAT)
        append_real(b, col);
    else if (fst_kind_is_bytes(t->kind))
        append_text(b, col, row);
    else if (t->kind == FST_DECIMAL)
        fst_builder_decimal(b, col, ((__int128)dice(100000) - 50000) * (col == 7 ? 1000000007 : 1));
    else if (t->kind == FST_BOOLEAN)
        fst_builder_int(b, col, (int64_t)dice(2));
    else if (col == 0 || col == 14)
        fst_builder_int(b, col, (int64_t)(row / 3) - 1000);
    else
        fst_builder_int(b, col, (int64_t)dice(t->kind == FST_SHORT ? 300 : 60000) - 150);
}

static struct fst_frame *table(size_t n)
{
    struct fst_schema *s = fst_schema_new();
    for (size_t i = 0; i < N_KINDS; i++) {
        struct fst_type t;
        assert_int_equal(fst_type_parse(s->arena, kinds[i].type, &t, NULL), FST_OK);
        fst_schema_add(s, kinds[i].name, &t, true);
    }
    struct fst_builder *b = fst_builder_new(s);
    for (size_t row = 0; row < n; row++)
        for (size_t i = 0; i < N_KINDS; i++)
            append(b, i, &s->fields[i].type, row);
    return fst_builder_finish(b, n);
}

static struct fst_buf a_file(struct fst_frame *f, const struct fst_write_options *options)
{
    struct fst_buf out = FST_BUF((size_t)256 << 20);
    assert_int_equal(rewrite(fst_reader_of_frame(f), options, &out, NULL), FST_OK);
    return out;
}

static struct fst_bytes *bytes_of(const struct fst_buf *file)
{
    return fst_bytes_of_memory("f.parquet", file->p, file->n);
}

static void ask_all(const struct fst_write_options *options, uint64_t seed)
{
    dice_state = seed;
    struct fst_frame *f = table(ROWS);
    struct fst_buf file = a_file(f, options);
    size_t columns[N_KINDS];
    struct fst_skipped skipped = {0};
    for (size_t i = 0; i < N_KINDS; i++)
        columns[i] = i;
    for (size_t i = 0; i < QUESTIONS; i++) {
        struct question q = ask(f, columns, N_KINDS);
        aim(&q);
        check_rows(bytes_of(&file), f, &q, i % 3 ? 0 : dice(ROWS), i % 5 ? 4096 : 1 + dice(300),
                   &skipped);
    }
    assert_true(skipped.by[FST_SKIP_STATISTICS].groups > 0);
    assert_true(skipped.by[FST_SKIP_PAGES].rows > 0);
    assert_true(skipped.by[FST_SKIP_VALUE].rows > 0);
    fst_buf_done(&file);
    fst_frame_unref(f);
}

static void test_data_parquet_prune__rows_are_those_that_meet(void **state)
{
    (void)state;
    ask_all(&(struct fst_write_options){.row_group_rows = 3000, .page_rows = 200}, 1);
}

static void test_data_parquet_prune__rows_are_those_that_meet_without_dictionaries(void **state)
{
    (void)state;
    ask_all(&(struct fst_write_options){.row_group_rows = 7000,
                                        .page_rows = 333,
                                        .no_dictionary = true},
            2);
}

static void test_data_parquet_prune__a_row_in_a_sorted_column_costs_its_pages(void **state)
{
    (void)state;
    dice_state = 3;
    struct fst_frame *f = table(ROWS);
    struct fst_write_options options = {.row_group_rows = 10000, .page_rows = 100};
    struct fst_buf file = a_file(f, &options);
    struct question q = {.n = 1};
    struct fst_skipped skipped = {0};
    q.conditions[0] = (struct fst_condition){
        .column = "sorted", .op = FST_IS_EQ, .type = fst_type(FST_LONG), .n_values = 1};
    q.values[0][0].n = 3210;
    aim(&q);
    struct fst_bytes *bytes = bytes_of(&file);
    bytes->is_near = true; /* from afar more is read, in fewer round trips */
    check_rows(bytes, f, &q, 0, 4096, &skipped);
    assert_int_equal(skipped.by[FST_SKIP_STATISTICS].groups, 1);
    assert_true(skipped.by[FST_SKIP_PAGES].rows >= 9700);
    assert_true(skipped.by[FST_SKIP_PAGES].pages > 97 * N_KINDS);
    assert_true(skipped.bytes_read < file.n / 3);
    fst_buf_done(&file);
    fst_frame_unref(f);
}

static void test_data_parquet_prune__from_afar_a_row_costs_few_round_trips(void **state)
{
    (void)state;
    dice_state = 3;
    struct fst_frame *f = table(ROWS);
    struct fst_write_options options = {.row_group_rows = 10000, .page_rows = 100};
    struct fst_buf file = a_file(f, &options);
    for (size_t i = 0; i < 20; i++) {
        struct question q = {.n = 1};
        struct fst_skipped skipped = {0};
        size_t trips = 0;
        q.conditions[0] = (struct fst_condition){
            .column = "sorted", .op = FST_IS_EQ, .type = fst_type(FST_LONG), .n_values = 1};
        q.values[0][0].n = (__int128)dice(6000) - 1000;
        aim(&q);
        check_rows(far_bytes(&file, &trips), f, &q, 0, 4096, &skipped);
        /* footer (two), indexes, the column, and of the others: dictionaries, pages, what remains
         */
        assert_true(trips <= 11);
        assert_true(skipped.bytes_read < file.n / 3 * 2); /* pieces of 32 KB of a small file */
    }
    fst_buf_done(&file);
    fst_frame_unref(f);
}

static void test_data_parquet_prune__from_afar_rows_are_the_same(void **state)
{
    (void)state;
    dice_state = 8;
    struct fst_frame *f = table(ROWS);
    struct fst_write_options options = {.row_group_rows = 6000, .page_rows = 150};
    struct fst_buf file = a_file(f, &options);
    size_t columns[N_KINDS], trips = 0;
    for (size_t i = 0; i < N_KINDS; i++)
        columns[i] = i;
    for (size_t i = 0; i < QUESTIONS / 2; i++) {
        struct question q = ask(f, columns, N_KINDS);
        aim(&q);
        check_rows(far_bytes(&file, &trips), f, &q, i % 3 ? 0 : dice(ROWS), 4096, NULL);
    }
    fst_buf_done(&file);
    fst_frame_unref(f);
}

static void test_data_parquet_prune__a_value_that_no_dictionary_has_costs_dictionaries(void **state)
{
    (void)state;
    dice_state = 4;
    struct fst_frame *f = table(ROWS);
    struct fst_write_options options = {.row_group_rows = 10000, .page_rows = 1000};
    struct fst_buf file = a_file(f, &options);
    struct question q = {.n = 1};
    struct fst_skipped skipped = {0};
    q.conditions[0] = (struct fst_condition){
        .column = "few", .op = FST_IS_EQ, .type = fst_type(FST_STRING), .n_values = 1};
    q.values[0][0].s = (struct fst_str){"b", 1};
    aim(&q);
    check_rows(bytes_of(&file), f, &q, 0, 4096, &skipped);
    assert_int_equal(skipped.by[FST_SKIP_DICTIONARY].groups, 2);
    fst_buf_done(&file);
    fst_frame_unref(f);
}

static void test_data_parquet_prune__conditions_that_cannot_be_used_do_no_harm(void **state)
{
    (void)state;
    struct fst_frame *f = table(100);
    struct fst_buf file = a_file(f, &(struct fst_write_options){0});
    struct fst_literal one = {.n = 1};
    struct fst_condition conditions[] = {{"no such column", FST_IS_EQ, fst_type(FST_LONG), &one, 1},
                                         {"text", FST_IS_EQ, fst_type(FST_LONG), &one, 1},
                                         {"real", FST_IS_LT, fst_type(FST_INT), &one, 1}};
    struct fst_read_options options = {.conditions = conditions, .n_conditions = 3};
    struct fst_reader *r;
    struct fst_frame *got;
    assert_int_equal(fst_format_parquet.open(bytes_of(&file), &options, &r, NULL), FST_OK);
    assert_int_equal(fst_reader_next(r, 1000, &got, NULL), FST_OK);
    assert_int_equal(got->n_rows, 100);
    fst_frame_unref(got);
    fst_reader_close(r);
    fst_buf_done(&file);
    fst_frame_unref(f);
}

static void test_data_parquet_prune__no_more_rows_come_than_are_asked_for(void **state)
{
    (void)state;
    dice_state = 5;
    struct fst_frame *f = table(ROWS);
    struct fst_buf file = a_file(f, &(struct fst_write_options){.row_group_rows = 5000});
    struct fst_literal zero = {.n = 0};
    struct fst_condition c = {"sorted", FST_IS_GE, fst_type(FST_LONG), &zero, 1};
    struct fst_read_options options = {.conditions = &c, .n_conditions = 1, .last_rows = 10};
    struct fst_reader *r;
    struct fst_frame *got;
    size_t n = 0;
    assert_int_equal(fst_format_parquet.open(bytes_of(&file), &options, &r, NULL), FST_OK);
    while (fst_reader_next(r, 4, &got, NULL) == FST_OK && got) {
        assert_true(got->n_rows <= 4);
        n += got->n_rows;
        fst_frame_unref(got);
    }
    assert_int_equal(n, 10);
    fst_reader_close(r);
    fst_buf_done(&file);
    fst_frame_unref(f);
}

/* ---- Damage ---------------------------------------------------------------------------------- */

static void read_damaged(const struct fst_buf *file, const struct question *q)
{
    struct fst_read_options options = {.conditions = q->conditions, .n_conditions = q->n};
    struct fst_reader *r = NULL;
    struct fst_frame *f = NULL;
    struct fst_error err = {0};
    size_t frames = 0;
    enum fst_status status = fst_format_parquet.open(bytes_of(file), &options, &r, &err);
    while (status == FST_OK && frames++ < 200) {
        status = fst_reader_next(r, 4096, &f, &err);
        if (!f)
            break;
        fst_frame_unref(f);
    }
    fst_reader_close(r);
}

/* Whatever the bytes of a file say, reading by conditions ends, and in its memory. */
static void test_data_parquet_prune__damage_is_survived(void **state)
{
    (void)state;
    dice_state = 6;
    struct fst_frame *f = table(3000);
    struct fst_buf file =
        a_file(f, &(struct fst_write_options){
                      .row_group_rows = 1000, .page_rows = 100, .codec = FST_CODEC_NONE});
    size_t columns[N_KINDS], footer = file.n > 40000 ? 40000 : file.n;
    for (size_t i = 0; i < N_KINDS; i++)
        columns[i] = i;
    for (size_t i = 0; i < 1500; i++) {
        struct question q = ask(f, columns, N_KINDS);
        aim(&q);
        size_t at = i % 3 ? file.n - 9 - dice(footer - 9) : dice(file.n);
        char before = file.p[at];
        file.p[at] = (char)(i % 2 ? (int)dice(256) : before ^ (1 << dice(8)));
        read_damaged(&file, &q);
        file.p[at] = before;
    }
    fst_buf_done(&file);
    fst_frame_unref(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_parquet_prune__rows_are_those_that_meet),
        cmocka_unit_test(test_data_parquet_prune__rows_are_those_that_meet_without_dictionaries),
        cmocka_unit_test(test_data_parquet_prune__a_row_in_a_sorted_column_costs_its_pages),
        cmocka_unit_test(test_data_parquet_prune__from_afar_a_row_costs_few_round_trips),
        cmocka_unit_test(test_data_parquet_prune__from_afar_rows_are_the_same),
        cmocka_unit_test(
            test_data_parquet_prune__a_value_that_no_dictionary_has_costs_dictionaries),
        cmocka_unit_test(test_data_parquet_prune__conditions_that_cannot_be_used_do_no_harm),
        cmocka_unit_test(test_data_parquet_prune__no_more_rows_come_than_are_asked_for),
        cmocka_unit_test(test_data_parquet_prune__damage_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
