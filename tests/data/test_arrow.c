/* Arrow streams: what pyarrow writes is read as it says; damaged streams are refused. */
#include <dirent.h>
#include <libgen.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "formats.h"

/* Streams are written once, by the script beside this file. */
static char dir[] = "/tmp/firesteel-arrow-XXXXXX";

static bool python_has_arrow(const char *python)
{
    char *command = fst_asprintf("'%s' -c 'import pyarrow' 2>/dev/null", python);
    bool has = system(command) == 0;
    free(command);
    return has;
}

static int write_streams(void **state)
{
    (void)state;
    const char *python = getenv("FIRESTEEL_PYTHON");
    char here[] = __FILE__;
    if (!mkdtemp(dir))
        return 1;
    char *command = fst_asprintf("'%s' '%s/arrow_streams.py' %s", python, dirname(here), dir);
    int failed = system(command) != 0;
    free(command);
    return failed;
}

static int remove_streams(void **state)
{
    (void)state;
    return fst_remove_tree(dir, NULL) != FST_OK;
}

static char *load(const char *name, const char *ext, size_t *n)
{
    char *path = fst_asprintf("%s/%s%s", dir, name, ext), *text;
    assert_int_equal(fst_file_read(path, 1 << 24, &text, n, NULL), FST_OK);
    free(path);
    return text;
}

static bool to_buf(void *arg, const void *p, size_t n)
{
    fst_buf_add(arg, p, n);
    return true;
}

/* Types on the first line, then rows as JSON; or the error. */
static char *decode(const void *p, size_t n)
{
    struct fst_buf out = FST_BUF_TEXT;
    struct fst_frame **frames;
    size_t n_frames;
    struct fst_error err = {0};
    enum fst_status status = fst_arrow_decode(p, n, &frames, &n_frames, &err);
    if (status != FST_OK) {
        fst_buf_printf(&out, "%s: %s", fst_status_name(status), err.text);
        return fst_buf_take(&out);
    }
    for (size_t i = 0; i < frames[0]->n_columns; i++) {
        fst_buf_adds(&out, i ? "," : "");
        fst_type_text(&out, &frames[0]->schema->fields[i].type);
    }
    fst_buf_addc(&out, '\n');
    struct fst_writer *w;
    fst_format_jsonl.create(frames[0]->schema, (struct fst_sink){.write = to_buf, .arg = &out},
                            NULL, &w, NULL);
    for (size_t i = 0; i < n_frames; i++) {
        assert_int_equal(fst_writer_write(w, frames[i], NULL), FST_OK);
        fst_frame_unref(frames[i]);
    }
    fst_writer_free(w);
    free(frames);
    return fst_buf_take(&out);
}

static void check(const char *name)
{
    size_t n, n_expected;
    char *stream = load(name, ".arrow", &n), *expected = load(name, ".expect", &n_expected);
    char *got = decode(stream, n);
    assert_string_equal(got, expected);
    free(got);
    free(expected);
    free(stream);
}

static void check_refused(const char *name, const char *expected)
{
    size_t n;
    char *stream = load(name, ".arrow", &n);
    char *got = decode(stream, n);
    assert_string_equal(got, expected);
    free(got);
    free(stream);
}

static void test_data_arrow__integers_of_every_width_and_codec(void **state)
{
    (void)state;
    check("integers_None");
    check("integers_zstd");
    check("integers_lz4");
    check("unsigned");
}

static void test_data_arrow__floats_texts_decimals_and_booleans(void **state)
{
    (void)state;
    check("floats");
    check("texts");
    check("others");
}

static void test_data_arrow__times_come_as_microseconds(void **state)
{
    (void)state;
    check("times");
    check("intervals");
}

static void test_data_arrow__nested_values(void **state)
{
    (void)state;
    check("nested_None");
    check("nested_zstd");
    check("sliced");
}

static void test_data_arrow__many_batches_and_none(void **state)
{
    (void)state;
    check("batches");
    check("empty");
    check("no_columns");
}

static void test_data_arrow__variants_come_as_json_and_damaged_ones_hide_nothing_else(void **state)
{
    (void)state;
    check("variant");
    check("variant_damaged");
}

static void test_data_arrow__what_is_not_read_is_named(void **state)
{
    (void)state;
    check_refused("refused_dictionary",
                  "not supported: arrow: column \"word\": a dictionary is not "
                  "read");
    check_refused("refused_wide",
                  "not supported: arrow: column \"wide\": a decimal of this width is not read");
    check_refused("refused_views", "not supported: arrow: column \"views\": utf8 view is not read");
    check_refused("refused_late", "malformed: arrow: column \"late\": a time is out of range");
}

static void test_data_arrow__values_under_nulls_are_empty(void **state)
{
    (void)state;
    size_t n, n_frames;
    char *stream = load("texts", ".arrow", &n);
    struct fst_frame **frames;
    assert_int_equal(fst_arrow_decode(stream, n, &frames, &n_frames, NULL), FST_OK);
    const struct fst_column *fixed = &frames[0]->columns[4];
    assert_int_equal(fixed->offsets[2] - fixed->offsets[1], 0);
    fst_frame_unref(frames[0]);
    free(frames);
    free(stream);
}

/* ---- Damage ---------------------------------------------------------------------------------- */

/* Copies are exactly as long as the stream, so that a sanitizer sees a read past the end. */
static void decode_copy(const char *p, size_t n)
{
    char *copy = malloc(n ? n : 1);
    memcpy(copy, p, n);
    free(decode(copy, n));
    free(copy);
}

static void truncate_everywhere(char *stream, size_t n)
{
    for (size_t i = 0; i < n; i += 1 + n / 300)
        decode_copy(stream, i);
}

static void mutate(char *stream, size_t n)
{
    static const uint8_t values[] = {0, 1, 2, 0x7F, 0x80, 0xFF, 4, 64};
    uint32_t seed = 11;
    for (size_t i = 0; i < 400; i++) {
        char *copy = malloc(n);
        memcpy(copy, stream, n);
        for (size_t j = 0; j <= i % 3; j++) {
            seed = seed * 1664525u + 1013904223u;
            copy[(seed >> 8) % n] = (char)values[(seed >> 4) % sizeof(values)];
        }
        decode_copy(copy, n);
        free(copy);
    }
}

static void for_each_stream(void (*damage)(char *stream, size_t n))
{
    DIR *d = opendir(dir);
    for (struct dirent *e; (e = readdir(d));) {
        char *dot = strstr(e->d_name, ".arrow");
        if (!dot)
            continue;
        *dot = '\0';
        size_t n;
        char *stream = load(e->d_name, ".arrow", &n);
        damage(stream, n);
        free(stream);
    }
    closedir(d);
}

static void test_data_arrow__truncated_streams_do_not_crash(void **state)
{
    (void)state;
    for_each_stream(truncate_everywhere);
}

static void test_data_arrow__damaged_streams_do_not_crash(void **state)
{
    (void)state;
    for_each_stream(mutate);
}

static void test_data_arrow__a_cut_stream_is_an_error(void **state)
{
    (void)state;
    size_t n;
    char *stream = load("batches", ".arrow", &n);
    char *got = decode(stream, n - 100);
    assert_non_null(strstr(got, "cut off"));
    free(got);
    got = decode("", 0);
    assert_string_equal(got, "malformed: arrow: there is no schema");
    free(got);
    free(stream);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_arrow__integers_of_every_width_and_codec),
        cmocka_unit_test(test_data_arrow__floats_texts_decimals_and_booleans),
        cmocka_unit_test(test_data_arrow__times_come_as_microseconds),
        cmocka_unit_test(test_data_arrow__nested_values),
        cmocka_unit_test(test_data_arrow__many_batches_and_none),
        cmocka_unit_test(test_data_arrow__variants_come_as_json_and_damaged_ones_hide_nothing_else),
        cmocka_unit_test(test_data_arrow__what_is_not_read_is_named),
        cmocka_unit_test(test_data_arrow__values_under_nulls_are_empty),
        cmocka_unit_test(test_data_arrow__truncated_streams_do_not_crash),
        cmocka_unit_test(test_data_arrow__damaged_streams_do_not_crash),
        cmocka_unit_test(test_data_arrow__a_cut_stream_is_an_error),
    };
    const char *python = getenv("FIRESTEEL_PYTHON");
    if (!python || !python_has_arrow(python)) {
        printf("SKIP test_arrow: no Python with pyarrow in $FIRESTEEL_PYTHON\n");
        return getenv("CI") ? 1 : 0;
    }
    return cmocka_run_group_tests(tests, write_streams, remove_streams);
}
