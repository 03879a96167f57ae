#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "connect.h"

static void is_hex(const struct fst_buf *b, const char *wanted)
{
    struct fst_buf hex = FST_BUF_TEXT;
    fst_hex(&hex, b->p, b->n);
    assert_string_equal(fst_buf_text(&hex), wanted);
    fst_buf_done(&hex);
}

static void test_engine_connect_plan__root_sql_is_as_known(void **state)
{
    (void)state;
    const struct fst_work w = {.sql = "SELECT 1"};
    struct fst_buf b = FST_BUF_TEXT;
    assert_int_equal(connect_plan_write(&b, 1, &w, NULL, 0, NULL), FST_OK);
    is_hex(&b, "0a0c520a0a0853454c4543542031");
    fst_buf_clear(&b);
    assert_int_equal(connect_plan_write(&b, 1, &w, NULL, 100, NULL), FST_OK);
    is_hex(&b, "0a1242100a0c520a0a0853454c45435420311064");
    fst_buf_done(&b);
}

static void test_engine_connect_request__opens_with_session_and_user(void **state)
{
    (void)state;
    struct fst_session s = {.target = {.user = "ada"}};
    const struct connect_call c = {.s = &s, .session_id = "00112233-4455-6677-8899-aabbccddeeff"};
    struct fst_buf b = FST_BUF_TEXT;
    connect_request(&c, &b);
    assert_int_equal(b.n, 2 + 36 + 2 + 5 + 5);
    assert_memory_equal(b.p,
                        "\x0a\x24"
                        "00112233",
                        10);
    assert_memory_equal(b.p + 38,
                        "\x12\x0a\x0a\x03"
                        "ada\x12\x03"
                        "ada",
                        12);
    fst_buf_done(&b);
}

static void test_engine_connect_plan__binds_inputs_by_quoted_alias(void **state)
{
    (void)state;
    const struct fst_input in = {.name = "{a.b`c}", .uri = "/data/x", .format = "csv"};
    const struct fst_work w = {.sql = "SELECT 1", .inputs = &in, .n_inputs = 1};
    struct fst_buf b = FST_BUF_TEXT;
    struct pb_field f;
    assert_int_equal(connect_plan_write(&b, 1, &w, NULL, 0, NULL), FST_OK);
    static const uint32_t path[] = {1, 41, 2, 16, 2};
    struct pb r = pb_reader(b.p, b.n);
    for (size_t i = 0; i < FST_COUNT(path); i++) {
        assert_true(pb_find(r, path[i], &f));
        r = pb_inside(&f);
    }
    assert_int_equal(f.n, 10);
    assert_memory_equal(f.p, "`{a.b``c}`", 10);
    assert_non_null(memmem(b.p, b.n,
                           "\x0a\x03"
                           "csv",
                           5));
    fst_buf_done(&b);
}

/* Relation { with_relations { references { subquery_alias { input { read { named_table } } } } } }
 */
static void test_engine_connect_plan__a_table_is_named_as_it_is_written(void **state)
{
    (void)state;
    const struct fst_input in = {.name = "{t.v1}", .table = "db.`odd name`"};
    const struct fst_work w = {.sql = "SELECT 1", .inputs = &in, .n_inputs = 1};
    struct fst_buf b = FST_BUF_TEXT;
    struct pb_field f;
    assert_int_equal(connect_plan_write(&b, 1, &w, NULL, 0, NULL), FST_OK);
    static const uint32_t path[] = {1, 41, 2, 16, 1, 2, 1, 1};
    struct pb r = pb_reader(b.p, b.n);
    for (size_t i = 0; i < FST_COUNT(path); i++) {
        assert_true(pb_find(r, path[i], &f));
        r = pb_inside(&f);
    }
    assert_int_equal(f.n, 13);
    assert_memory_equal(f.p, "db.`odd name`", 13);
    fst_buf_done(&b);
}

static void test_engine_connect_plan__a_function_is_the_plan_that_was_made_of_it(void **state)
{
    (void)state;
    const struct fst_work w = {.python = "def f():\n    return df\n"};
    struct fst_buf b = FST_BUF_TEXT, made = FST_BUF_TEXT;
    assert_int_equal(connect_plan_write(&b, 1, &w, &made, 0, NULL), FST_EINVAL);
    assert_int_equal(connect_plan_write(&b, 1, &w, NULL, 0, NULL), FST_EINVAL);
    fst_buf_clear(&b);
    fst_buf_add(&made, "\x52\x01x", 3);
    assert_int_equal(connect_plan_write(&b, 1, &w, &made, 0, NULL), FST_OK);
    is_hex(&b, "0a03520178");
    fst_buf_clear(&b);
    assert_int_equal(connect_plan_write(&b, 1, &w, &made, 5, NULL), FST_OK);
    is_hex(&b, "0a0942070a035201781005");
    fst_buf_done(&b);
    fst_buf_done(&made);
}

static void test_engine_pb__long_messages_move_to_make_room(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 127, 128, 300, 20000};
    for (size_t i = 0; i < FST_COUNT(sizes); i++) {
        struct fst_buf b = FST_BUF_TEXT;
        struct pb_field f, g;
        size_t outer = pb_open(&b, 3), inner = pb_open(&b, 200);
        fst_buf_repeat(&b, 'x', sizes[i]);
        pb_close(&b, inner);
        pb_uint(&b, 7, UINT64_MAX);
        pb_close(&b, outer);
        assert_true(pb_find(pb_reader(b.p, b.n), 3, &f));
        assert_true(pb_find(pb_inside(&f), 200, &g));
        assert_int_equal(g.n, sizes[i]);
        assert_true(pb_find(pb_inside(&f), 7, &g));
        assert_true(g.v == UINT64_MAX);
        fst_buf_done(&b);
    }
}

static void test_engine_pb__cut_bytes_are_bad_or_end_between_fields(void **state)
{
    (void)state;
    static const char bytes[] = "\x08\x96\x01"
                                "\x12\x03"
                                "abc"
                                "\x1d\1\2\3\4"
                                "\x21\1\2\3\4\5\6\7\x08";
    static const size_t ends[] = {0, 3, 8, 13, 22};
    for (size_t n = 0; n < sizeof(bytes); n++) {
        char *copy = malloc(n + 1); /* so that a sanitizer sees a step too far */
        memcpy(copy, bytes, n);
        copy = realloc(copy, n ? n : 1);
        struct pb r = pb_reader(copy, n);
        struct pb_field f;
        while (pb_next(&r, &f))
            ;
        bool at_end = false;
        for (size_t i = 0; i < FST_COUNT(ends); i++)
            at_end |= n == ends[i];
        assert_int_equal(r.bad, !at_end);
        free(copy);
    }
}

static void test_engine_pb__refuses_what_is_not_a_message(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t n;
    } rows[] = {
        {"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11}, /* a length beyond everything */
        {"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 11}, /* a varint without end */
        {"\x00\x01", 2},                                      /* field 0 */
        {"\x0b\x01", 2},                                      /* a group */
    };
    for (size_t i = 0; i < FST_COUNT(rows); i++) {
        struct pb r = pb_reader(rows[i].bytes, rows[i].n);
        struct pb_field f;
        while (pb_next(&r, &f))
            ;
        assert_true(r.bad);
    }
}

/* struct<a: bigint, b: decimal(10,2) not null, c: array<map<string, double>>, d: (kind 99)> */
static void write_schema(struct fst_buf *b)
{
    size_t s = pb_open(b, 21), f, t, u, v;
    f = pb_open(b, 1);
    pb_text(b, 1, "a");
    t = pb_open(b, 2);
    pb_empty(b, 7);
    pb_close(b, t);
    pb_uint(b, 3, 1);
    pb_close(b, f);
    f = pb_open(b, 1);
    pb_text(b, 1, "b");
    t = pb_open(b, 2);
    u = pb_open(b, 10);
    pb_uint(b, 1, 2);
    pb_uint(b, 2, 10);
    pb_close(b, u);
    pb_close(b, t);
    pb_close(b, f);
    f = pb_open(b, 1);
    pb_text(b, 1, "c");
    t = pb_open(b, 2);
    u = pb_open(b, 20);
    v = pb_open(b, 1);
    size_t m = pb_open(b, 22), k = pb_open(b, 1);
    pb_empty(b, 11);
    pb_close(b, k);
    k = pb_open(b, 2);
    pb_empty(b, 9);
    pb_close(b, k);
    pb_close(b, m);
    pb_close(b, v);
    pb_close(b, u);
    pb_close(b, t);
    pb_close(b, f);
    f = pb_open(b, 1);
    pb_text(b, 1, "d");
    t = pb_open(b, 2);
    pb_empty(b, 99);
    pb_close(b, t);
    pb_close(b, f);
    pb_close(b, s);
}

static void test_engine_connect_type__reads_a_schema(void **state)
{
    (void)state;
    struct fst_buf b = FST_BUF_TEXT, text = FST_BUF_TEXT;
    struct fst_schema *schema = NULL;
    write_schema(&b);
    assert_int_equal(connect_schema_read(pb_reader(b.p, b.n), &schema, NULL), FST_OK);
    assert_int_equal(schema->n, 4);
    assert_true(schema->fields[0].nullable);
    assert_false(schema->fields[1].nullable);
    assert_int_equal(schema->fields[3].type.kind, FST_UNKNOWN);
    assert_false(connect_schema_ddl(schema, &text));
    schema->n = 3;
    fst_buf_clear(&text);
    assert_true(connect_schema_ddl(schema, &text));
    assert_string_equal(fst_buf_text(&text),
                        "`a` bigint, `b` decimal(10,2), `c` array<map<string,double>>");
    schema->n = 4;
    fst_schema_free(schema);
    fst_buf_done(&text);
    fst_buf_done(&b);
}

static void test_engine_connect_type__damaged_schemas_are_errors_or_schemas(void **state)
{
    (void)state;
    struct fst_buf b = FST_BUF_TEXT;
    write_schema(&b);
    for (size_t n = 0; n < b.n; n++) {
        struct fst_schema *schema = NULL;
        char *copy = malloc(n ? n : 1);
        memcpy(copy, b.p, n);
        enum fst_status status = connect_schema_read(pb_reader(copy, n), &schema, NULL);
        assert_true(status == FST_OK || status == FST_EFORMAT);
        if (status == FST_OK)
            fst_schema_free(schema);
        free(copy);
    }
    fst_buf_done(&b);
}

static void test_engine_connect_type__bounds_depth(void **state)
{
    (void)state;
    struct fst_buf b = FST_BUF_TEXT;
    struct fst_schema *schema = NULL;
    size_t marks[300];
    marks[0] = pb_open(&b, 21);
    marks[1] = pb_open(&b, 1);
    marks[2] = pb_open(&b, 2);
    for (size_t i = 3; i < 299; i += 2) {
        marks[i] = pb_open(&b, 20);
        marks[i + 1] = pb_open(&b, 1);
    }
    for (size_t i = 299; i-- > 0;)
        pb_close(&b, marks[i]);
    assert_int_equal(connect_schema_read(pb_reader(b.p, b.n), &schema, NULL), FST_EUNSUPPORTED);
    fst_buf_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_engine_connect_plan__root_sql_is_as_known),
        cmocka_unit_test(test_engine_connect_request__opens_with_session_and_user),
        cmocka_unit_test(test_engine_connect_plan__binds_inputs_by_quoted_alias),
        cmocka_unit_test(test_engine_connect_plan__a_table_is_named_as_it_is_written),
        cmocka_unit_test(test_engine_connect_plan__a_function_is_the_plan_that_was_made_of_it),
        cmocka_unit_test(test_engine_pb__long_messages_move_to_make_room),
        cmocka_unit_test(test_engine_pb__cut_bytes_are_bad_or_end_between_fields),
        cmocka_unit_test(test_engine_pb__refuses_what_is_not_a_message),
        cmocka_unit_test(test_engine_connect_type__reads_a_schema),
        cmocka_unit_test(test_engine_connect_type__damaged_schemas_are_errors_or_schemas),
        cmocka_unit_test(test_engine_connect_type__bounds_depth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
