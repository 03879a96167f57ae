/* Variants in binary form: those of the conformance set, and made by hand to do harm. */
#include "parquet_support.h"

#include "variant.h"

static const char *json(struct fst_buf *out, struct fst_str metadata, struct fst_str value)
{
    struct fst_variant_names names;
    const char *wrong = fst_variant_names(metadata, &names);
    return wrong ? wrong : fst_variant_json(out, &names, value, 0);
}

#define BYTES(...)                                                                                 \
    ((struct fst_str){(const char *)(const uint8_t[]){__VA_ARGS__},                                \
                      sizeof((const uint8_t[]){__VA_ARGS__})})
#define NO_NAMES BYTES(0x01, 0, 0)

static void check(struct fst_str metadata, struct fst_str value, const char *expected)
{
    struct fst_buf out = FST_BUF_TEXT;
    const char *wrong = json(&out, metadata, value);
    assert_string_equal(wrong ? wrong : fst_buf_text(&out), expected);
    fst_buf_done(&out);
}

/* ---- The set --------------------------------------------------------------------------------- */

static struct fst_str read_part(const char *name, const char *part)
{
    char *text, *path = fst_asprintf("%s/parquet-testing/variant/%s.%s",
                                     getenv("FIRESTEEL_TESTDATA"), name, part);
    size_t n;
    assert_int_equal(fst_file_read(path, 1 << 20, &text, &n, NULL), FST_OK);
    free(path);
    return (struct fst_str){text, n};
}

static void check_line(char *line)
{
    char *expected = strchr(line, ' ');
    assert_non_null(expected);
    *expected++ = '\0';
    struct fst_str metadata = read_part(line, "metadata"), value = read_part(line, "value");
    check(metadata, value, expected);
    free((char *)metadata.p);
    free((char *)value.p);
}

static void test_data_variant__the_conformance_set_is_read_exactly(void **state)
{
    (void)state;
    const char *root = getenv("FIRESTEEL_TESTDATA");
    char *folder = fst_asprintf("%s/parquet-testing/variant", root ? root : ""), *text;
    bool has = fst_path_is_dir(folder);
    free(folder);
    if (!has)
        leave_out("the Parquet conformance set: $FIRESTEEL_TESTDATA has none");
    size_t n, count = 0;
    assert_int_equal(fst_file_read("tests/data/goldens/variant.txt", 1 << 20, &text, &n, NULL),
                     FST_OK);
    char *save = NULL;
    for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        check_line(line);
        count++;
    }
    assert_true(count > 10);
    free(text);
}

/* ---- Files of Spark -------------------------------------------------------------------------- */

/* Variants at the top, in lists, structs and maps; as Spark's to_json has them. */
static void check_spark(const char *path)
{
    struct fst_buf expected = FST_BUF_TEXT;
    fst_buf_adds(&expected,
                 "[[\"id\",\"bigint\"],[\"v\",\"variant\"],[\"l\",\"array<variant>\"],"
                 "[\"s\",\"struct<k:variant,n:bigint>\"],[\"m\",\"map<string,variant>\"]]\n");
    for (int i = 0; i < 8; i++) {
        fst_buf_printf(&expected, "[%d,", i);
        if (i % 4 == 3)
            fst_buf_adds(&expected, "null");
        else
            fst_buf_printf(&expected, "{\"a\":%d,\"b\":[\"x\",%d.5],\"c\":{\"d\":null}}", i, i);
        fst_buf_printf(&expected, ",[%d,null,\"t\"],{\"k\":{\"z\":1},\"n\":%d},", i, i);
        fst_buf_adds(&expected, "{\"x\":[true,2.5E10]}]\n");
    }
    char *text = dump_file(path, 3);
    assert_string_equal(text, fst_buf_text(&expected));
    free(text);
    fst_buf_done(&expected);
}

static void test_data_variant__shredded_ones_of_spark_are_put_together_at_any_depth(void **state)
{
    (void)state;
    check_spark("tests/data/files/variants_shredded.parquet");
}

static void test_data_variant__those_of_early_sparks_are_known_without_a_mark(void **state)
{
    (void)state;
    check_spark("tests/data/files/variants_unmarked.parquet");
}

/* ---- By hand --------------------------------------------------------------------------------- */

static void test_data_variant__values_that_end_early_are_refused(void **state)
{
    (void)state;
    const char *early = "a variant that ends early";
    check(NO_NAMES, BYTES(6 << 2, 1, 2, 3), early);                       /* int64 */
    check(NO_NAMES, BYTES(16 << 2, 0xFF, 0xFF, 0xFF, 0xFF), early);       /* string of 4 GB */
    check(NO_NAMES, BYTES(5 << 2 | 1, 'a', 'b'), early);                  /* short string */
    check(NO_NAMES, BYTES(4 << 2 | 3, 0xFF, 0xFF, 0xFF, 0x7F, 0), early); /* large array */
    check(NO_NAMES, BYTES(0x03), early);
    check((struct fst_str){"", 0}, BYTES(0), early);
    check(BYTES(0xC1, 0xFF, 0xFF, 0xFF, 0xFF), BYTES(0), early); /* 4 thousand million names */
}

static void test_data_variant__offsets_out_of_place_are_refused(void **state)
{
    (void)state;
    check(NO_NAMES, BYTES(0x03, 1, 5, 1, 0), "a variant with an offset that is out of place");
    check(NO_NAMES, BYTES(0x02, 1, 0, 0, 1, 0), "a variant with a field that has no name");
    check(BYTES(0x01, 1, 3, 1), BYTES(0x02, 1, 0, 0, 1, 0),
          "a variant with an offset that is out of place");
}

/* Two elements at one place, again and again, would double with each level. */
static void test_data_variant__values_that_overlap_are_refused(void **state)
{
    (void)state;
    check(NO_NAMES, BYTES(0x03, 2, 0, 0, 1, 0), "a variant whose values overlap");
    check(NO_NAMES, BYTES(0x03, 2, 0, 1, 2, 0, 4), "[null,true]");
}

static void test_data_variant__two_fields_of_one_name_are_refused(void **state)
{
    (void)state;
    check(BYTES(0x01, 1, 0, 1, 'a'), BYTES(0x02, 2, 0, 0, 0, 1, 2, 0, 0),
          "a variant with two fields of one name");
}

static void test_data_variant__depth_has_an_end(void **state)
{
    (void)state;
    enum { DEPTH = 1000, HEAD = 5 }; /* arrays of one element with 2 byte offsets */
    static uint8_t deep[DEPTH * 6 + 1];
    for (size_t i = 0; i < DEPTH; i++) {
        size_t rest = (DEPTH - 1 - i) * 6 + 1;
        memcpy(deep + 6 * i, (uint8_t[]){0x07, 1, 0, 0, (uint8_t)rest, (uint8_t)(rest >> 8)}, 6);
    }
    check(NO_NAMES, (struct fst_str){(char *)deep, sizeof(deep)},
          "a variant that is nested too deeply");
    size_t shallow = 6 * (DEPTH - FST_VARIANT_DEPTH);
    struct fst_buf out = FST_BUF_TEXT;
    assert_null(
        json(&out, NO_NAMES, (struct fst_str){(char *)deep + shallow, sizeof(deep) - shallow}));
    assert_int_equal(out.n, 2 * FST_VARIANT_DEPTH + 4);
    fst_buf_done(&out);
}

static void test_data_variant__text_cannot_leave_its_quotes(void **state)
{
    (void)state;
    check(NO_NAMES, BYTES(4 << 2 | 1, '"', '\n', 0x1B, 0xFF), "\"\\\"\\n\\u001b\xEF\xBF\xBD\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_variant__the_conformance_set_is_read_exactly),
        cmocka_unit_test(test_data_variant__shredded_ones_of_spark_are_put_together_at_any_depth),
        cmocka_unit_test(test_data_variant__those_of_early_sparks_are_known_without_a_mark),
        cmocka_unit_test(test_data_variant__values_that_end_early_are_refused),
        cmocka_unit_test(test_data_variant__offsets_out_of_place_are_refused),
        cmocka_unit_test(test_data_variant__values_that_overlap_are_refused),
        cmocka_unit_test(test_data_variant__two_fields_of_one_name_are_refused),
        cmocka_unit_test(test_data_variant__depth_has_an_end),
        cmocka_unit_test(test_data_variant__text_cannot_leave_its_quotes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
