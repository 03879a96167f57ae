/* Thrift's compact protocol: what is not known is passed over, what is not there is not read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "thrift.h"

struct inner {
    int64_t number;
};
struct outer {
    int64_t number, flag, present;
    struct fst_str text;
    struct inner inner;
    struct fst_thrift_list list;
};
static const struct fst_thrift_shape inner_shape = {
    (const struct fst_thrift_slot[]){{1, FST_THRIFT_INT, offsetof(struct inner, number)}}, 1};
static const struct fst_thrift_shape outer_shape = {
    (const struct fst_thrift_slot[]){
        {1, FST_THRIFT_INT, offsetof(struct outer, number)},
        {2, FST_THRIFT_INT, offsetof(struct outer, flag)},
        {3, FST_THRIFT_BYTES, offsetof(struct outer, text)},
        {4, FST_THRIFT_INNER, offsetof(struct outer, inner), &inner_shape},
        {30, FST_THRIFT_ITEMS, offsetof(struct outer, list)},
        {31, FST_THRIFT_PRESENT, offsetof(struct outer, present)},
    },
    6};

static void write_outer(struct fst_buf *buf)
{
    struct fst_thrift_out o = {.buf = buf};
    fst_thrift_open_item(&o);
    fst_thrift_put_int(&o, 1, FST_THRIFT_I64, INT64_MIN);
    fst_thrift_put_bool(&o, 2, true);
    fst_thrift_put_text(&o, 3, "text");
    fst_thrift_open(&o, 4);
    fst_thrift_put_int(&o, 1, FST_THRIFT_I32, -7);
    fst_thrift_put_text(&o, 9, "not known");
    fst_thrift_close(&o);
    fst_thrift_put_list(&o, 30, FST_THRIFT_I32, 20);
    for (int i = 0; i < 20; i++)
        fst_thrift_item_int(&o, i);
    fst_thrift_open(&o, 31);
    fst_thrift_close(&o);
    fst_thrift_close(&o);
}

static struct fst_thrift reader_of(const struct fst_buf *buf)
{
    return (struct fst_thrift){.p = (const uint8_t *)buf->p, .n = buf->n};
}

static void test_data_thrift__reads_back_what_was_written(void **state)
{
    (void)state;
    struct fst_buf buf = FST_BUF_TEXT;
    write_outer(&buf);
    struct fst_thrift t = reader_of(&buf);
    struct outer out = {0};
    assert_true(fst_thrift_read(&t, &outer_shape, &out));
    assert_true(out.number == INT64_MIN && out.flag == 1 && out.present == 1);
    assert_true(fst_str_is(out.text, "text"));
    assert_int_equal(out.inner.number, -7);
    assert_int_equal(out.list.n, 20);
    assert_int_equal(t.at, buf.n);
    struct fst_thrift items = fst_thrift_at(&t, out.list);
    for (int i = 0; i < 20; i++)
        assert_int_equal(fst_thrift_zigzag(&items), i);
    fst_buf_done(&buf);
}

static void test_data_thrift__every_prefix_is_cut_and_none_is_bad(void **state)
{
    (void)state;
    struct fst_buf buf = FST_BUF_TEXT;
    write_outer(&buf);
    for (size_t n = 0; n < buf.n; n++) {
        struct fst_thrift t = {.p = (const uint8_t *)buf.p, .n = n};
        struct outer out = {0};
        assert_false(fst_thrift_read(&t, &outer_shape, &out));
        assert_true(t.cut && !t.bad);
    }
    fst_buf_done(&buf);
}

static void test_data_thrift__a_wrong_wire_type_is_passed_over(void **state)
{
    (void)state;
    struct fst_buf buf = FST_BUF_TEXT;
    struct fst_thrift_out o = {.buf = &buf};
    fst_thrift_open_item(&o);
    fst_thrift_put_text(&o, 1, "a text where a number belongs");
    fst_thrift_put_bool(&o, 2, true);
    fst_thrift_close(&o);
    struct fst_thrift t = reader_of(&buf);
    struct outer out = {.number = -1};
    assert_true(fst_thrift_read(&t, &outer_shape, &out));
    assert_true(out.number == -1 && out.flag == 1);
    fst_buf_done(&buf);
}

static bool reads(const void *bytes, size_t n)
{
    struct fst_thrift t = {.p = bytes, .n = n};
    struct outer out = {0};
    return fst_thrift_read(&t, &outer_shape, &out);
}

static void test_data_thrift__counts_are_bounded_by_the_bytes_there(void **state)
{
    (void)state;
    assert_false(reads("\xF9\xF5\xFF\xFF\xFF\x07", 6)); /* a list of 2^31 - 1 */
    assert_false(reads("\x38\xFF\xFF\xFF\xFF\x07", 6)); /* a text of as many */
    assert_false(reads("\x16\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", 14));
}

static void test_data_thrift__nesting_is_bounded(void **state)
{
    (void)state;
    char deep[4096];
    memset(deep, 0x5C, sizeof(deep)); /* an unknown structure in a structure in ... */
    struct fst_thrift t = {.p = (const uint8_t *)deep, .n = sizeof(deep)};
    struct outer out = {0};
    assert_false(fst_thrift_read(&t, &outer_shape, &out));
    assert_true(t.bad && t.at < 100);
    memset(deep, 0x19, sizeof(deep)); /* lists of lists */
    assert_false(reads(deep, sizeof(deep)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_thrift__reads_back_what_was_written),
        cmocka_unit_test(test_data_thrift__every_prefix_is_cut_and_none_is_bad),
        cmocka_unit_test(test_data_thrift__a_wrong_wire_type_is_passed_over),
        cmocka_unit_test(test_data_thrift__counts_are_bounded_by_the_bytes_there),
        cmocka_unit_test(test_data_thrift__nesting_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
