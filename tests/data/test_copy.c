/* Rows from a reader to a writer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "firesteel/data.h"

enum { ROWS = 50000, MOST_AT_ONCE = 16384 };

static struct fst_reader *numbers(void)
{
    struct fst_schema *schema = fst_schema_new();
    struct fst_type number = fst_type(FST_LONG);
    fst_schema_add(schema, "n", &number, true);
    struct fst_builder *b = fst_builder_new(schema);
    for (int64_t i = 0; i < ROWS; i++)
        fst_builder_int(b, 0, i);
    struct fst_frame *frame = fst_builder_finish(b, ROWS);
    struct fst_reader *reader = fst_reader_of_frame(frame);
    fst_frame_unref(frame);
    return reader;
}

static bool keep(void *arg, const void *p, size_t n)
{
    fst_buf_add(arg, p, n);
    return true;
}

static bool refuse(void *arg, const void *p, size_t n)
{
    (void)arg, (void)p, (void)n;
    return false;
}

static enum fst_status copy_to(struct fst_sink sink, struct fst_copy *copy, struct fst_error *err)
{
    struct fst_reader *reader = numbers();
    struct fst_writer *w = NULL;
    enum fst_status status = fst_format_named("csv")->create(reader->schema, sink, NULL, &w, err);
    if (status == FST_OK)
        status = fst_copy_rows(reader, w, copy, err);
    fst_writer_free(w);
    fst_reader_close(reader);
    return status;
}

struct seen {
    size_t frames, rows, until;
};

static bool see(void *arg, const struct fst_frame *f)
{
    struct seen *s = arg;
    s->frames++;
    s->rows += f->n_rows;
    return !s->until || s->rows <= s->until;
}

static void all_rows_come_over_and_every_frame_is_told(void **state)
{
    (void)state;
    struct fst_buf text = FST_BUF(1 << 20);
    struct seen seen = {0};
    struct fst_copy copy = {.tell = see, .arg = &seen};
    struct fst_error err = {0};
    assert_int_equal(copy_to((struct fst_sink){.write = keep, .arg = &text}, &copy, &err), FST_OK);
    assert_int_equal(copy.rows, ROWS);
    assert_int_equal(seen.rows, ROWS);
    assert_int_equal(seen.frames, (ROWS + MOST_AT_ONCE - 1) / MOST_AT_ONCE);
    size_t lines = 0;
    for (size_t i = 0; i < text.n; i++)
        lines += text.p[i] == '\n';
    assert_int_equal(lines, ROWS + 1); /* and the header: the writer was finished */
    fst_buf_done(&text);
}

static void whoever_is_told_may_stop_it(void **state)
{
    (void)state;
    struct fst_buf text = FST_BUF(1 << 20);
    struct seen seen = {.until = MOST_AT_ONCE};
    struct fst_copy copy = {.tell = see, .arg = &seen};
    struct fst_error err = {0};
    assert_int_equal(copy_to((struct fst_sink){.write = keep, .arg = &text}, &copy, &err),
                     FST_ECANCELLED);
    assert_int_equal(copy.rows, MOST_AT_ONCE);
    assert_false(copy.is_writers);
    fst_buf_done(&text);
}

static void a_full_disk_is_told_from_rows_that_cannot_be_read(void **state)
{
    (void)state;
    struct fst_copy copy = {0};
    struct fst_error err = {0};
    assert_int_not_equal(copy_to((struct fst_sink){.write = refuse, .arg = NULL}, &copy, &err),
                         FST_OK);
    assert_true(copy.is_writers);
}

static enum fst_status fail_next(struct fst_reader *r, size_t max_rows, struct fst_frame **out,
                                 struct fst_error *err)
{
    (void)r, (void)max_rows, (void)out;
    return fst_fail(err, FST_EFORMAT, "torn");
}

static void rows_that_cannot_be_read_are_not_the_writers_fault(void **state)
{
    (void)state;
    static const struct fst_reader_ops ops = {.next = fail_next};
    struct fst_schema *schema = fst_schema_new();
    struct fst_type number = fst_type(FST_LONG);
    fst_schema_add(schema, "n", &number, true);
    struct fst_reader reader = {&ops, schema, -1};
    struct fst_buf text = FST_BUF(1 << 20);
    struct fst_writer *w;
    struct fst_copy copy = {0};
    struct fst_error err = {0};
    assert_int_equal(fst_format_named("csv")->create(
                         schema, (struct fst_sink){.write = keep, .arg = &text}, NULL, &w, &err),
                     FST_OK);
    assert_int_equal(fst_copy_rows(&reader, w, &copy, &err), FST_EFORMAT);
    assert_false(copy.is_writers);
    fst_writer_free(w);
    fst_buf_done(&text);
    fst_schema_free(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_rows_come_over_and_every_frame_is_told),
        cmocka_unit_test(whoever_is_told_may_stop_it),
        cmocka_unit_test(a_full_disk_is_told_from_rows_that_cannot_be_read),
        cmocka_unit_test(rows_that_cannot_be_read_are_not_the_writers_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
