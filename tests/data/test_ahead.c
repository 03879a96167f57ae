/* A reader that reads on in a thread: the same rows, numbers, end and errors as without. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ahead.h"
#include "frame.h"

enum { ROWS = 10 };

/* So many frames; one of them may fail. */
struct source {
    struct fst_reader base;
    struct fst_schema *schema;
    int64_t frames, fails_at, given;
    uint64_t numbers[ROWS];
    _Atomic bool waits; /* the one after, until it is to stop */
    void *asked;
    bool *is_closed;
};

static struct fst_schema *schema_new(void)
{
    struct fst_schema *s = fst_schema_new();
    struct fst_type type = fst_type(FST_LONG);
    fst_schema_add(s, "n", &type, false);
    return s;
}

static enum fst_status source_next(struct fst_reader *r, size_t max_rows, struct fst_frame **out,
                                   struct fst_error *err)
{
    struct source *s = (struct source *)r;
    *out = NULL;
    assert_int_equal(max_rows, ROWS);
    while (s->waits)
        if (ahead_is_stopped(s->asked))
            return fst_fail(err, FST_ECANCELLED, "stopped");
    if (s->given == s->fails_at)
        return fst_fail(err, FST_EFORMAT, "frame %lld is broken", (long long)s->given);
    if (s->given == s->frames)
        return FST_OK;
    struct fst_builder *b = fst_builder_new(schema_new());
    for (int i = 0; i < ROWS; i++) {
        fst_builder_int(b, 0, s->given * ROWS + i);
        s->numbers[i] = (uint64_t)(s->given * 100 + i);
    }
    s->given++;
    s->base.numbers = s->given % 2 ? s->numbers : NULL;
    *out = fst_builder_finish(b, ROWS);
    return FST_OK;
}

static void source_close(struct fst_reader *r)
{
    struct source *s = (struct source *)r;
    *s->is_closed = true;
    fst_schema_free(s->schema);
    free(s);
}

static bool closed;

static struct fst_reader *open_source(int64_t frames, int64_t fails_at, struct source **source,
                                      bool (*cancelled)(void *), void *arg)
{
    static const struct fst_reader_ops ops = {.next = source_next, .close = source_close};
    struct source *s = fst_alloc(sizeof *s);
    struct fst_reader *ahead = ahead_new(cancelled, arg);
    *s = (struct source){.base = {.ops = &ops, .total_rows = frames * ROWS},
                         .schema = schema_new(),
                         .frames = frames,
                         .fails_at = fails_at,
                         .asked = ahead,
                         .is_closed = &closed};
    s->base.schema = s->schema;
    closed = false;
    ahead_begin(ahead, &s->base);
    if (source)
        *source = s;
    return ahead;
}

/* Frames up to the end or an error, each as it has to be: how many. */
static int64_t read_all(struct fst_reader *r, enum fst_status *status, struct fst_error *err)
{
    struct fst_frame *f;
    int64_t n = 0;
    while ((*status = fst_reader_next(r, ROWS, &f, err)) == FST_OK && f) {
        assert_int_equal(f->n_rows, ROWS);
        for (size_t i = 0; i < ROWS; i++)
            assert_int_equal(fst_column_int(&f->columns[0], i), n * ROWS + (int64_t)i);
        assert_true((r->numbers != NULL) == (n % 2 == 0));
        for (size_t i = 0; r->numbers && i < ROWS; i++)
            assert_int_equal(r->numbers[i], n * 100 + (int64_t)i);
        fst_frame_unref(f);
        n++;
    }
    return n;
}

static void test_data_ahead__gives_what_the_other_reader_gives(void **state)
{
    (void)state;
    for (int64_t frames = 0; frames < 40; frames += frames < 8 ? 1 : 13) {
        struct fst_error err = {0};
        enum fst_status status;
        struct fst_reader *r = open_source(frames, -1, NULL, NULL, NULL);
        assert_int_equal(r->total_rows, frames * ROWS);
        assert_int_equal(read_all(r, &status, &err), frames);
        assert_int_equal(status, FST_OK);
        assert_int_equal(read_all(r, &status, &err), 0); /* the end is the end */
        assert_int_equal(status, FST_OK);
        fst_reader_close(r);
        assert_true(closed);
    }
}

static void test_data_ahead__an_error_comes_in_its_turn(void **state)
{
    (void)state;
    for (int64_t at = 0; at < 12; at++) {
        struct fst_error err = {0};
        enum fst_status status;
        struct fst_reader *r = open_source(20, at, NULL, NULL, NULL);
        assert_int_equal(read_all(r, &status, &err), at);
        assert_int_equal(status, FST_EFORMAT);
        assert_non_null(strstr(err.text, "is broken"));
        fst_reader_close(r);
        assert_true(closed);
    }
}

static void test_data_ahead__may_be_closed_at_any_time(void **state)
{
    (void)state;
    for (int n = 0; n < 12; n++) {
        struct fst_reader *r = open_source(1000, -1, NULL, NULL, NULL);
        struct fst_frame *f;
        for (int i = 0; i < n; i++) {
            assert_int_equal(fst_reader_next(r, ROWS, &f, NULL), FST_OK);
            fst_frame_unref(f);
        }
        fst_reader_close(r);
        assert_true(closed);
    }
}

static bool now(void *arg)
{
    return *(bool *)arg;
}

static void test_data_ahead__cancelling_stops_the_thread(void **state)
{
    (void)state;
    bool wish = false;
    struct source *s;
    struct fst_reader *r = open_source(1000, -1, &s, now, &wish);
    struct fst_error err = {0};
    struct fst_frame *f;
    enum fst_status status = FST_OK;
    for (int i = 0; i < 5; i++) {
        assert_int_equal(fst_reader_next(r, ROWS, &f, &err), FST_OK);
        fst_frame_unref(f);
    }
    s->waits = true;
    wish = true;
    for (int i = 0; status == FST_OK && i < 20; i++) { /* what was read before comes first */
        status = fst_reader_next(r, ROWS, &f, &err);
        fst_frame_unref(f);
    }
    assert_int_equal(status, FST_ECANCELLED);
    fst_reader_close(r);
    assert_true(closed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_ahead__gives_what_the_other_reader_gives),
        cmocka_unit_test(test_data_ahead__an_error_comes_in_its_turn),
        cmocka_unit_test(test_data_ahead__may_be_closed_at_any_time),
        cmocka_unit_test(test_data_ahead__cancelling_stops_the_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
