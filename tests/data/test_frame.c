/* Frames: what the builder makes, slices, counting, readers over frames. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "frame.h"
#include "widen.h"

static struct fst_schema *schema_of(const enum fst_kind *kinds, size_t n)
{
    struct fst_schema *s = fst_schema_new();
    for (size_t i = 0; i < n; i++) {
        struct fst_type t = kinds[i] == FST_DECIMAL ? fst_type_decimal(38, 2) : fst_type(kinds[i]);
        char name[24];
        snprintf(name, sizeof(name), "c%zu", i);
        fst_schema_add(s, name, &t, true);
    }
    return s;
}

static void test_data_frame__every_fixed_kind_comes_back(void **state)
{
    (void)state;
    const enum fst_kind kinds[] = {FST_BOOLEAN, FST_BYTE, FST_SHORT,    FST_INT,
                                   FST_LONG,    FST_DATE, FST_TIMESTAMP};
    struct fst_builder *b = fst_builder_new(schema_of(kinds, 7));
    const int64_t values[] = {1, -128, -32768, INT32_MIN, INT64_MIN, -1, INT64_MAX};
    for (size_t i = 0; i < 7; i++)
        fst_builder_int(b, i, values[i]);
    struct fst_frame *f = fst_builder_finish(b, 1);

    for (size_t i = 0; i < 7; i++)
        assert_int_equal(fst_column_int(&f->columns[i], 0), values[i]);
    fst_frame_unref(f);
}

static void test_data_frame__nulls_are_zero_and_empty(void **state)
{
    (void)state;
    const enum fst_kind kinds[] = {FST_INT, FST_STRING, FST_DECIMAL, FST_DOUBLE};
    struct fst_builder *b = fst_builder_new(schema_of(kinds, 4));
    for (int row = 0; row < 20; row++) {
        bool is_null = row == 9 || row == 17;
        for (size_t i = 0; i < 4 && is_null; i++)
            fst_builder_null(b, i);
        if (is_null)
            continue;
        fst_builder_int(b, 0, row);
        fst_builder_bytes(b, 1, "abcdefghijklmnopqrstuvw", (size_t)row);
        fst_builder_decimal(b, 2, (__int128)row << 70);
        fst_builder_double(b, 3, row / 2.0);
    }
    struct fst_frame *f = fst_builder_finish(b, 20);

    for (size_t row = 0; row < 20; row++) {
        bool is_null = row == 9 || row == 17;
        for (size_t i = 0; i < 4; i++)
            assert_int_equal(fst_column_is_null(&f->columns[i], row), is_null);
        assert_int_equal(fst_column_int(&f->columns[0], row), is_null ? 0 : row);
        assert_int_equal(fst_column_bytes(&f->columns[1], row).n, is_null ? 0 : row);
        assert_true(fst_column_decimal(&f->columns[2], row) == (is_null ? 0 : (__int128)row << 70));
        assert_true(fst_column_double(&f->columns[3], row) == (is_null ? 0 : (double)row / 2));
    }
    assert_int_equal(((const int32_t *)f->columns[0].values)[9], 0);
    fst_frame_unref(f);
}

static void test_data_frame__unreadable_columns_hold_nothing(void **state)
{
    (void)state;
    const enum fst_kind kinds[] = {FST_INT, FST_STRING};
    struct fst_builder *b = fst_builder_new(schema_of(kinds, 2));
    fst_builder_bytes(b, 1, "x", 1);
    fst_builder_unreadable(b, 1, "encoding 99");
    fst_builder_bytes(b, 1, "y", 1);
    fst_builder_int(b, 0, 1);
    struct fst_frame *f = fst_builder_finish(b, 1);

    assert_string_equal(f->columns[1].unreadable, "encoding 99");
    assert_true(fst_column_is_null(&f->columns[1], 0));
    assert_int_equal(fst_column_bytes(&f->columns[1], 0).n, 0);
    fst_frame_unref(f);
}

static struct fst_frame *numbers(size_t n)
{
    const enum fst_kind kinds[] = {FST_LONG, FST_STRING};
    struct fst_builder *b = fst_builder_new(schema_of(kinds, 2));
    for (size_t i = 0; i < n; i++) {
        char text[24];
        int len = snprintf(text, sizeof(text), "row %zu", i);
        if (i % 3 == 0)
            fst_builder_null(b, 0);
        else
            fst_builder_int(b, 0, (int64_t)i);
        fst_builder_bytes(b, 1, text, (size_t)len);
    }
    return fst_builder_finish(b, n);
}

static void test_data_frame__slice_copies_rows_and_outlives_its_frame(void **state)
{
    (void)state;
    struct fst_frame *f = numbers(100);
    struct fst_frame *s = fst_frame_slice(f, 11, 30);
    fst_frame_unref(f);

    assert_int_equal(s->n_rows, 30);
    assert_true(fst_column_is_null(&s->columns[0], 1));
    assert_int_equal(fst_column_int(&s->columns[0], 29), 40);
    struct fst_str text = fst_column_bytes(&s->columns[1], 29);
    assert_true(fst_str_is(text, "row 40"));
    assert_string_equal(s->schema->fields[1].name, "c1");
    fst_frame_unref(s);
}

static void test_data_frame__a_part_has_its_columns_in_their_order(void **state)
{
    (void)state;
    struct fst_frame *f = numbers(10);
    struct fst_frame *part = fst_frame_part(f, 4, 2, (const size_t[]){1}, 1);
    struct fst_frame *turned = fst_frame_part(f, 4, 100, (const size_t[]){1, 0}, 2);
    fst_frame_unref(f);

    assert_int_equal(part->n_columns, 1);
    assert_int_equal(part->n_rows, 2);
    assert_true(fst_str_is(fst_column_bytes(&part->columns[0], 1), "row 5"));
    assert_int_equal(turned->n_rows, 6);
    assert_string_equal(turned->schema->fields[1].name, "c0");
    assert_int_equal(fst_column_int(&turned->columns[1], 0), 4);
    fst_frame_unref(part);
    fst_frame_unref(turned);
}

static void test_data_frame__slice_past_the_end_is_shorter(void **state)
{
    (void)state;
    struct fst_frame *f = numbers(10);
    struct fst_frame *s = fst_frame_slice(f, 8, 100);
    struct fst_frame *none = fst_frame_slice(f, 20, 1);

    assert_int_equal(s->n_rows, 2);
    assert_int_equal(none->n_rows, 0);
    fst_frame_unref(none);
    fst_frame_unref(s);
    fst_frame_unref(f);
}

static void test_data_frame__nested_columns_take_nulls(void **state)
{
    (void)state;
    struct fst_schema *s = fst_schema_new();
    struct fst_arena *arena = fst_arena_new();
    struct fst_type t;
    assert_int_equal(fst_type_parse(arena, "struct<a:array<int>,b:string>", &t, NULL), FST_OK);
    fst_schema_add(s, "x", &t, true);
    fst_arena_free(arena);
    struct fst_builder *b = fst_builder_new(s);
    fst_builder_null(b, 0);
    fst_builder_null(b, 0);
    struct fst_frame *f = fst_builder_finish(b, 2);

    assert_true(fst_column_is_null(&f->columns[0], 1));
    assert_int_equal(f->columns[0].children[1].n, 2);
    struct fst_frame *copy = fst_frame_slice(f, 1, 1);
    assert_true(fst_column_is_null(&copy->columns[0], 0));
    fst_frame_unref(copy);
    fst_frame_unref(f);
}

static char *json_of(const struct fst_frame *f, size_t row)
{
    struct fst_buf out = FST_BUF_TEXT;
    fst_cell_json(&out, &f->columns[0], row);
    return fst_buf_take(&out);
}

/* [{"a":0}], [{"a":10},{"a":11}], NULL, [], [NULL] */
static struct fst_frame *lists(void)
{
    struct fst_schema *s = fst_schema_new();
    struct fst_type t;
    assert_int_equal(fst_type_parse(s->arena, "array<struct<a:int>>", &t, NULL), FST_OK);
    fst_schema_add(s, "x", &t, true);
    struct fst_builder *b = fst_builder_new(s);
    size_t element = fst_builder_child(b, 0, 0), a = fst_builder_child(b, element, 0);
    for (size_t row = 0; row < 2; row++) {
        fst_builder_slot(b, 0, true, row + 1);
        for (size_t i = 0; i <= row; i++) {
            fst_builder_slot(b, element, true, 0);
            fst_builder_int(b, a, (int64_t)(row * 10 + i));
        }
    }
    fst_builder_null(b, 0);
    fst_builder_slot(b, 0, true, 0);
    fst_builder_slot(b, 0, true, 1);
    fst_builder_null(b, element);
    return fst_builder_finish(b, 5);
}

static void test_data_frame__nested_columns_are_built_and_copied(void **state)
{
    (void)state;
    static const char *const expected[] = {"[{\"a\":0}]", "[{\"a\":10},{\"a\":11}]", "null", "[]",
                                           "[null]"};
    struct fst_frame *f = lists();
    for (size_t from = 0; from <= 5; from++) {
        struct fst_frame *part = fst_frame_slice(f, from, 5);
        assert_int_equal(part->n_rows, 5 - from);
        for (size_t row = 0; row < part->n_rows; row++) {
            char *text = json_of(part, row);
            assert_string_equal(text, expected[from + row]);
            free(text);
        }
        fst_frame_unref(part);
    }
    fst_frame_unref(f);
}

static void test_data_frame__structs_widen_by_the_names_of_their_fields(void **state)
{
    (void)state;
    struct fst_arena *arena = fst_arena_new();
    struct fst_type more, other, from;
    fst_type_parse(arena, "array<struct<b:array<string>,A:double>>", &more, NULL);
    fst_type_parse(arena, "array<struct<a:date>>", &other, NULL);
    fst_type_parse(arena, "array<struct<a:int>>", &from, NULL);
    assert_true(fst_can_widen(&from, &more));
    assert_false(fst_can_widen(&from, &other));

    struct fst_schema *s = fst_schema_new();
    fst_schema_add(s, "x", &from, true);
    struct fst_builder *b = fst_builder_new(s);
    size_t element = fst_builder_child(b, 0, 0);
    fst_builder_slot(b, 0, true, 2);
    fst_builder_slot(b, element, true, 0);
    fst_builder_int(b, fst_builder_child(b, element, 0), 7);
    fst_builder_null(b, element);
    struct fst_frame *f = fst_builder_finish(b, 1);
    struct fst_column wide = fst_widen(arena, &f->columns[0], &more);
    struct fst_buf out = FST_BUF_TEXT;
    fst_cell_json(&out, &wide, 0);
    assert_string_equal(fst_buf_text(&out), "[{\"b\":null,\"A\":7.0},null]");
    fst_buf_done(&out);
    fst_frame_unref(f);
    fst_arena_free(arena);
}

static void test_data_frame__reader_of_a_frame_gives_it_in_pieces(void **state)
{
    (void)state;
    struct fst_frame *f = numbers(10);
    struct fst_reader *r = fst_reader_of_frame(f);
    fst_frame_unref(f);
    size_t rows = 0, frames = 0;
    for (;; frames++) {
        struct fst_frame *piece;
        assert_int_equal(fst_reader_next(r, 4, &piece, NULL), FST_OK);
        if (!piece)
            break;
        assert_true(piece->n_rows <= 4);
        rows += piece->n_rows;
        fst_frame_unref(piece);
    }

    assert_int_equal(rows, 10);
    assert_int_equal(frames, 3);
    fst_reader_close(r);
}

static void test_data_frame__a_builder_can_be_dropped(void **state)
{
    (void)state;
    const enum fst_kind kinds[] = {FST_LONG, FST_STRING};
    struct fst_builder *b = fst_builder_new(schema_of(kinds, 2));
    fst_builder_int(b, 0, 1);
    fst_builder_bytes(b, 1, "text", 4);
    assert_int_equal(fst_builder_rows(b), 1);
    assert_true(fst_builder_bytes_used(b) >= 12);
    fst_builder_free(b);
    fst_builder_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_frame__every_fixed_kind_comes_back),
        cmocka_unit_test(test_data_frame__nulls_are_zero_and_empty),
        cmocka_unit_test(test_data_frame__unreadable_columns_hold_nothing),
        cmocka_unit_test(test_data_frame__slice_copies_rows_and_outlives_its_frame),
        cmocka_unit_test(test_data_frame__a_part_has_its_columns_in_their_order),
        cmocka_unit_test(test_data_frame__slice_past_the_end_is_shorter),
        cmocka_unit_test(test_data_frame__nested_columns_take_nulls),
        cmocka_unit_test(test_data_frame__nested_columns_are_built_and_copied),
        cmocka_unit_test(test_data_frame__structs_widen_by_the_names_of_their_fields),
        cmocka_unit_test(test_data_frame__reader_of_a_frame_gives_it_in_pieces),
        cmocka_unit_test(test_data_frame__a_builder_can_be_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
