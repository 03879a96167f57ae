/* Two threads write what one would. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "formats.h"

static struct fst_schema *two_columns(void)
{
    struct fst_schema *schema = fst_schema_new();
    struct fst_type number = fst_type(FST_LONG), text = fst_type(FST_STRING);
    fst_schema_add(schema, "n", &number, true);
    fst_schema_add(schema, "text", &text, true);
    return schema;
}

static struct fst_frame *numbered(int64_t from, size_t n, size_t text_bytes)
{
    struct fst_builder *b = fst_builder_new(two_columns());
    char *text = fst_alloc(text_bytes + 1);
    memset(text, 'x', text_bytes);
    for (size_t i = 0; i < n; i++) {
        fst_builder_int(b, 0, from + (int64_t)i);
        if (i % 7 == 3)
            fst_builder_null(b, 1);
        else
            fst_builder_bytes(b, 1, text, text_bytes);
    }
    free(text);
    return fst_builder_finish(b, n);
}

struct kept {
    struct fst_buf text;
    size_t most; /* bytes; then the disk is full */
};

static bool keep(void *arg, const void *p, size_t n)
{
    struct kept *k = arg;
    if (k->text.n + n > k->most) {
        errno = ENOSPC;
        return false;
    }
    fst_buf_add(&k->text, p, n);
    return true;
}

/* `n_frames` frames, of 1, 2, 3, … times `rows` rows. */
static enum fst_status write_frames(struct fst_writer *w, size_t n_frames, size_t rows,
                                    size_t text_bytes, struct fst_error *err)
{
    int64_t at = 0;
    for (size_t i = 0; i < n_frames; i++) {
        size_t n = rows * (i % 5 + 1);
        struct fst_frame *f = numbered(at, n, text_bytes);
        enum fst_status status = fst_writer_write(w, f, err);
        fst_frame_unref(f);
        FST_TRY(status);
        at += (int64_t)n;
    }
    return fst_writer_finish(w, err);
}

static void assert_as_alone(const char *name, size_t n_frames, size_t rows, size_t text_bytes)
{
    const struct fst_format *format = fst_format_named(name);
    struct fst_schema *schema = two_columns();
    struct kept alone = {FST_BUF((size_t)1 << 30), SIZE_MAX}, team = alone;
    struct fst_error err = {0};
    struct fst_writer *w;
    assert_int_equal(
        format->create(schema, (struct fst_sink){.write = keep, .arg = &alone}, NULL, &w, &err),
        FST_OK);
    assert_int_equal(write_frames(w, n_frames, rows, text_bytes, &err), FST_OK);
    fst_writer_free(w);
    assert_int_equal(fst_team_create(format, schema, (struct fst_sink){.write = keep, .arg = &team},
                                     NULL, &w, &err),
                     FST_OK);
    assert_int_equal(write_frames(w, n_frames, rows, text_bytes, &err), FST_OK);
    fst_writer_free(w);
    assert_int_equal(alone.text.n, team.text.n);
    assert_memory_equal(fst_buf_text(&alone.text), fst_buf_text(&team.text), alone.text.n);
    fst_buf_done(&alone.text);
    fst_buf_done(&team.text);
    fst_schema_free(schema);
}

static void test_data_team__writes_what_one_writer_writes(void **state)
{
    (void)state;
    for (size_t frames = 0; frames < 9; frames++) {
        assert_as_alone("csv", frames, 100, 5);
        assert_as_alone("tsv", frames, 1, 0);
        assert_as_alone("jsonl", frames, 300, 17);
    }
    assert_as_alone("csv", 200, 40, 9);
}

static void test_data_team__takes_frames_whose_text_is_larger_than_its_buffers(void **state)
{
    (void)state;
    assert_as_alone("csv", 5, 3, (size_t)1 << 20);
    assert_as_alone("jsonl", 3, 2, (size_t)6 << 20);
}

static void test_data_team__tells_of_a_full_disk_wherever_it_happens(void **state)
{
    (void)state;
    for (size_t most = 0; most < 60000; most += 4999) {
        struct fst_schema *schema = two_columns();
        struct kept kept = {FST_BUF_TEXT, most};
        struct fst_error err = {0};
        struct fst_writer *w;
        assert_int_equal(fst_team_create(fst_format_named("csv"), schema,
                                         (struct fst_sink){.write = keep, .arg = &kept}, NULL, &w,
                                         &err),
                         FST_OK);
        assert_int_not_equal(write_frames(w, 50, 20, 40, &err), FST_OK);
        assert_non_null(strstr(err.text, "No space left"));
        fst_writer_free(w);
        fst_buf_done(&kept.text);
        fst_schema_free(schema);
    }
}

static void test_data_team__is_let_go_in_the_middle(void **state)
{
    (void)state;
    struct fst_schema *schema = two_columns();
    struct kept kept = {FST_BUF_TEXT, SIZE_MAX};
    struct fst_error err = {0};
    struct fst_writer *w;
    assert_int_equal(fst_team_create(fst_format_named("csv"), schema,
                                     (struct fst_sink){.write = keep, .arg = &kept}, NULL, &w,
                                     &err),
                     FST_OK);
    struct fst_frame *f = numbered(0, 9, (size_t)2 << 20);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(fst_writer_write(w, f, &err), FST_OK);
    fst_frame_unref(f);
    fst_writer_free(w);
    fst_buf_done(&kept.text);
    fst_schema_free(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_team__writes_what_one_writer_writes),
        cmocka_unit_test(test_data_team__takes_frames_whose_text_is_larger_than_its_buffers),
        cmocka_unit_test(test_data_team__tells_of_a_full_disk_wherever_it_happens),
        cmocka_unit_test(test_data_team__is_let_go_in_the_middle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
