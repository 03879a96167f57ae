/* Packed text files: gzip and zstd as streams, whole, in many pieces, cut, damaged, and hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include <cmocka.h>

#include "formats.h"
#include "unpack.h"

static void add_gzip(struct fst_buf *out, const void *p, size_t n)
{
    z_stream z = {0};
    size_t bound = n + n / 100 + 4096;
    char *packed = malloc(bound);
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)p;
    z.avail_in = (uInt)n;
    z.next_out = (Bytef *)packed;
    z.avail_out = (uInt)bound;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    fst_buf_add(out, packed, z.total_out);
    deflateEnd(&z);
    free(packed);
}

static void add_zstd(struct fst_buf *out, const void *p, size_t n)
{
    size_t bound = ZSTD_compressBound(n);
    char *packed = malloc(bound);
    size_t made = ZSTD_compress(packed, bound, p, n, 3);
    assert_false(ZSTD_isError(made));
    fst_buf_add(out, packed, made);
    free(packed);
}

static void (*const packers[])(struct fst_buf *, const void *, size_t) = {add_gzip, add_zstd};
static const char *const names[] = {"f.csv.gz", "f.csv.zst"};

/* How many rows come, and the error after them. */
static size_t read_rows(const char *name, const struct fst_buf *packed, struct fst_error *err)
{
    struct fst_reader *r = NULL;
    size_t rows = 0;
    *err = (struct fst_error){0};
    struct fst_bytes *bytes = fst_bytes_of_memory(name, fst_buf_text(packed), packed->n);
    const struct fst_format *format = fst_format_guess(name, fst_buf_text(packed), packed->n);
    assert_non_null(format);
    if (format->open(bytes, NULL, &r, err) != FST_OK)
        return 0;
    for (struct fst_frame *f; fst_reader_next(r, 1000, &f, err) == FST_OK && f;) {
        rows += f->n_rows;
        fst_frame_unref(f);
    }
    fst_reader_close(r);
    return rows;
}

/* Lines of numbers, which pack to about a third. */
static struct fst_buf lines(size_t from, size_t n)
{
    struct fst_buf text = FST_BUF_TEXT;
    for (size_t i = from; i < from + n; i++)
        fst_buf_printf(&text, "%zu,%zu\n", i, i * 7919 % 10007);
    return text;
}

static void test_data_unpack__members_and_frames_are_one_text(void **state)
{
    (void)state;
    for (size_t way = 0; way < FST_COUNT(packers); way++) {
        struct fst_buf packed = FST_BUF_TEXT;
        struct fst_error err;
        for (size_t i = 0; i < 3; i++) {
            struct fst_buf text = lines(i * 50000, 50000);
            packers[way](&packed, text.p, text.n);
            packers[way](&packed, "", 0);
            fst_buf_done(&text);
        }
        assert_int_equal(read_rows(names[way], &packed, &err), 150000);
        assert_int_equal(err.status, FST_OK);
        fst_buf_done(&packed);
    }
}

static void test_data_unpack__a_cut_stream_gives_its_rows_and_the_place(void **state)
{
    (void)state;
    for (size_t way = 0; way < FST_COUNT(packers); way++) {
        struct fst_buf packed = FST_BUF_TEXT, text = lines(0, 200000);
        struct fst_error err;
        packers[way](&packed, text.p, text.n);
        packed.n /= 2;
        size_t rows = read_rows(names[way], &packed, &err);
        assert_in_range(rows, 50000, 150000);
        assert_int_equal(err.status, FST_EFORMAT);
        assert_non_null(strstr(err.text, "cut off at byte"));
        fst_buf_done(&packed);
        fst_buf_done(&text);
    }
}

static void test_data_unpack__damage_is_told_after_the_rows_before_it(void **state)
{
    (void)state;
    for (size_t way = 0; way < FST_COUNT(packers); way++) {
        struct fst_buf packed = FST_BUF_TEXT, text = lines(0, 200000);
        struct fst_error err;
        packers[way](&packed, text.p, text.n);
        memset(packed.p + packed.n / 2, 0xFF, 64);
        size_t rows = read_rows(names[way], &packed, &err);
        assert_in_range(rows, 50000, 150000);
        assert_int_equal(err.status, FST_EFORMAT);
        assert_non_null(strstr(err.text, "damaged"));
        fst_buf_done(&packed);
        fst_buf_done(&text);
    }
}

static void test_data_unpack__bytes_behind_the_end_are_an_error(void **state)
{
    (void)state;
    struct fst_buf packed = FST_BUF_TEXT;
    struct fst_error err;
    add_gzip(&packed, "1,2\n3,4\n", 8);
    fst_buf_adds(&packed, "garbage");
    assert_int_equal(read_rows("f.csv.gz", &packed, &err), 2);
    assert_non_null(strstr(err.text, "damaged gzip data"));
    fst_buf_done(&packed);
}

static void test_data_unpack__other_ways_are_named(void **state)
{
    static const struct {
        const char *name, *head, *error;
    } cases[] = {
        {"f.csv.bz2", "BZh91AY&SY", "bzip2 is not unpacked here"},
        {"f.csv", "BZh91AY&SY", "bzip2 is not unpacked here"},
        {"f.csv.xz", "\xFD\x37zXZ", "xz is not unpacked here"},
        {"f.csv.snappy", "abc", "snappy is not unpacked here"},
        {"f.csv.gz", "a,b\n", "it is no gzip data, as its name says"},
    };
    (void)state;
    for (size_t i = 0; i < FST_COUNT(cases); i++) {
        struct fst_buf packed = FST_BUF_TEXT;
        struct fst_error err;
        fst_buf_adds(&packed, cases[i].head);
        read_rows(cases[i].name, &packed, &err);
        assert_non_null(strstr(err.text, cases[i].error));
        fst_buf_done(&packed);
    }
}

static void test_data_unpack__text_that_looks_like_it_is_text(void **state)
{
    (void)state;
    struct fst_buf text = FST_BUF_TEXT;
    struct fst_error err;
    fst_buf_adds(&text, "BZhhh,1\nb,2\n");
    assert_int_equal(read_rows("f.csv", &text, &err), 2);
    fst_buf_done(&text);
    assert_int_equal(read_rows("f.csv.gz", &text, &err), 0); /* empty, as when nothing was packed */
    assert_int_equal(err.status, FST_OK);
}

static void test_data_unpack__the_bytes_tell_when_the_name_does_not(void **state)
{
    (void)state;
    static const char object[] = "{\"a\":1}\n{\"a\":2}\n";
    for (size_t way = 0; way < FST_COUNT(packers); way++) {
        struct fst_buf packed = FST_BUF_TEXT;
        struct fst_error err;
        packers[way](&packed, object, strlen(object));
        assert_int_equal(read_rows("f", &packed, &err), 2);
        assert_string_equal(fst_format_guess("f", packed.p, packed.n)->name, "jsonl");
        assert_string_equal(fst_format_guess("f.json.gz", packed.p, packed.n)->name, "jsonl");
        assert_int_equal(read_rows("f.csv", &packed, &err), 2); /* .gz was lost on the way */
        fst_buf_done(&packed);
    }
}

/* One line of 300 MB from 300 KB: the record's own limit ends it. */
static void test_data_unpack__a_bomb_is_stopped_by_the_limit_of_a_record(void **state)
{
    (void)state;
    for (size_t way = 0; way < FST_COUNT(packers); way++) {
        struct fst_buf packed = FST_BUF_TEXT;
        struct fst_error err;
        char *block = malloc(3 << 20);
        memset(block, 'x', 3 << 20);
        for (size_t i = 0; i < 100; i++)
            packers[way](&packed, block, 3 << 20);
        read_rows(names[way], &packed, &err);
        assert_non_null(strstr(err.text, "a record is longer than 8 MB"));
        free(block);
        fst_buf_done(&packed);
    }
}

static void test_data_unpack__a_window_that_is_too_large_is_refused(void **state)
{
    (void)state;
    struct fst_buf packed = FST_BUF_TEXT;
    struct fst_error err;
    char *out = malloc(1 << 20);
    ZSTD_CCtx *z = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(z, ZSTD_c_windowLog, 27);
    ZSTD_inBuffer in = {"a,b\n", 4, 0};
    ZSTD_outBuffer to = {out, 1 << 20, 0};
    assert_false(ZSTD_isError(ZSTD_compressStream2(z, &to, &in, ZSTD_e_flush)));
    assert_int_equal(ZSTD_compressStream2(z, &to, &in, ZSTD_e_end), 0);
    fst_buf_add(&packed, out, to.pos);
    assert_int_equal(read_rows("f.csv.zst", &packed, &err), 0);
    assert_int_equal(err.status, FST_ENOMEM);
    assert_non_null(strstr(err.text, "window is larger than 16 MB"));
    ZSTD_freeCCtx(z);
    free(out);
    fst_buf_done(&packed);
}

static void test_data_unpack__damaged_files_do_not_crash(void **state)
{
    (void)state;
    struct fst_buf text = lines(0, 3000);
    uint32_t seed = 5;
    for (size_t i = 0; i < 400; i++) {
        struct fst_buf packed = FST_BUF_TEXT;
        struct fst_error err;
        packers[i % 2](&packed, text.p, text.n);
        for (size_t j = 0; j < 3; j++) {
            seed = seed * 1664525u + 1013904223u;
            packed.p[4 + (seed >> 8) % (packed.n - 4)] ^= (char)(1 + (seed & 0x7F));
        }
        assert_true(read_rows(names[i % 2], &packed, &err) < 1000000);
        fst_buf_done(&packed);
    }
    fst_buf_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_unpack__members_and_frames_are_one_text),
        cmocka_unit_test(test_data_unpack__a_cut_stream_gives_its_rows_and_the_place),
        cmocka_unit_test(test_data_unpack__damage_is_told_after_the_rows_before_it),
        cmocka_unit_test(test_data_unpack__bytes_behind_the_end_are_an_error),
        cmocka_unit_test(test_data_unpack__other_ways_are_named),
        cmocka_unit_test(test_data_unpack__text_that_looks_like_it_is_text),
        cmocka_unit_test(test_data_unpack__the_bytes_tell_when_the_name_does_not),
        cmocka_unit_test(test_data_unpack__a_bomb_is_stopped_by_the_limit_of_a_record),
        cmocka_unit_test(test_data_unpack__a_window_that_is_too_large_is_refused),
        cmocka_unit_test(test_data_unpack__damaged_files_do_not_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
