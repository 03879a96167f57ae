/* Rows far down are those that reading from the start comes to: with an index of pages and by their
 * headers, pages of both kinds, groups and pages of all sizes, from near by and from afar, few rows
 * and all that follow. */
#include "parquet_support.h"

static char dir[] = "/tmp/firesteel-far-XXXXXX";
static const char *const names[] = {
    "none_headers", "none_index",   "snappy_headers", "snappy_index", "zstd_headers",
    "zstd_index",   "gzip_headers", "gzip_index",     "one_page",
};
enum { ROWS = 20000, GROUP = 7001, TRIES = 40, SOME_ROWS = 90 };

static int make_files(void **state)
{
    (void)state;
    return mkdtemp(dir) ? 0 : 1;
}

static int remove_files(void **state)
{
    (void)state;
    return fst_remove_tree(dir, NULL) != FST_OK;
}

/* A file as a dump and where the line of each row begins in it; the last place is the end. */
struct whole {
    char *path, *text;
    size_t *lines;
};

static void open_whole(struct whole *w, const char *name)
{
    w->path = fst_asprintf("%s/%s.parquet", dir, name);
    w->text = dump_file(w->path, 1000);
    w->lines = fst_alloc((ROWS + 2) * sizeof(*w->lines));
    size_t n = 0;
    for (char *p = strchr(w->text, '\n'); p && n <= ROWS; p = strchr(p + 1, '\n'))
        w->lines[n++] = (size_t)(p + 1 - w->text);
    assert_int_equal(n, ROWS + 1);
}

static void close_whole(struct whole *w)
{
    free(w->path);
    free(w->text);
    free(w->lines);
}

/* Rows from `at` on are those of the dump; `may_more` = the reader is not told how many. */
static void check_rows(const struct whole *w, uint64_t at, size_t n, bool is_near, bool may_more)
{
    struct fst_bytes *bytes;
    assert_int_equal(fst_bytes_open_file(w->path, &bytes, NULL), FST_OK);
    bytes->is_near = is_near;
    struct fst_read_options options = {.offset_rows = at, .last_rows = may_more ? 0 : n};
    char *got = dump(bytes, &options, n, n);
    char *rows = strchr(got, '\n');
    size_t end = at + n < ROWS ? (size_t)at + n : ROWS;
    size_t from = w->lines[at < ROWS ? at : ROWS], len = w->lines[end] - from;
    assert_non_null(rows);
    if (strncmp(rows + 1, w->text + from, len) != 0)
        fail_msg("%s: row %llu, %zu rows, %s: %.200s\nand not %.200s", w->path,
                 (unsigned long long)at, n, is_near ? "near" : "far", rows + 1, w->text + from);
    free(got);
}

static void check_at(const struct whole *w, uint64_t at, size_t n)
{
    check_rows(w, at, n, true, false);
    check_rows(w, at, n, true, true);
    check_rows(w, at, n, false, false);
}

static void test_data_parquet_far__any_row_is_the_one_read_from_the_start(void **state)
{
    (void)state;
    need_python();
    run_python("long", dir);
    static const uint64_t borders[] = {0,         1,         GROUP - 1,     GROUP,    GROUP + 1,
                                       GROUP - 3, 2 * GROUP, 2 * GROUP - 1, ROWS - 1, ROWS - 50};
    uint32_t random = 5;
    for (size_t i = 0; i < FST_COUNT(names); i++) {
        struct whole w;
        open_whole(&w, names[i]);
        for (size_t k = 0; k < FST_COUNT(borders); k++)
            check_at(&w, borders[k], 50);
        for (size_t k = 0; k < TRIES; k++) {
            random = random * 1664525 + 1013904223;
            check_at(&w, (random >> 8) % ROWS, 1 + random % SOME_ROWS);
        }
        close_whole(&w);
    }
}

static void test_data_parquet_far__little_memory_is_enough(void **state)
{
    (void)state;
    need_python();
    for (size_t i = 0; i < FST_COUNT(names); i++) {
        char *path = fst_asprintf("%s/%s.parquet", dir, names[i]);
        char *texts[2];
        for (size_t k = 0; k < 2; k++) {
            struct fst_bytes *bytes;
            assert_int_equal(fst_bytes_open_file(path, &bytes, NULL), FST_OK);
            struct fst_read_options options = {
                .offset_rows = 13579, .last_rows = 50, .memory_cap = k ? 2 << 20 : 0};
            texts[k] = dump(bytes, &options, 50, 50);
        }
        assert_string_equal(texts[0], texts[1]);
        free(texts[0]);
        free(texts[1]);
        free(path);
    }
}

/* ---- Waves ----------------------------------------------------------------------------------- */

struct counting {
    struct fst_bytes base;
    struct fst_bytes *inner;
    size_t *n_waves;
};

static enum fst_status counted_read(struct fst_bytes *b, struct fst_range *ranges, size_t n,
                                    struct fst_error *err)
{
    struct counting *c = (struct counting *)b;
    ++*c->n_waves;
    return c->inner->ops->read(c->inner, ranges, n, err);
}

static void counted_close(struct fst_bytes *b)
{
    fst_bytes_close(((struct counting *)b)->inner);
    free(b);
}

/* A file from afar, each read of which is counted. */
static struct fst_bytes *counting(const char *path, size_t *n_waves)
{
    static const struct fst_bytes_ops ops = {counted_read, counted_close};
    struct counting *c = fst_alloc(sizeof(*c));
    assert_int_equal(fst_bytes_open_file(path, &c->inner, NULL), FST_OK);
    c->base = (struct fst_bytes){.ops = &ops, .name = c->inner->name, .size = c->inner->size};
    c->n_waves = n_waves;
    *n_waves = 0;
    return &c->base;
}

static void test_data_parquet_far__headers_of_like_pages_come_in_few_waves(void **state)
{
    (void)state;
    need_python();
    static const char *const columns[] = {"fixed", "id"};
    struct fst_read_options options = {.columns = columns,
                                       .n_columns = 2,
                                       .offset_rows = 19000,
                                       .last_rows = 50,
                                       .memory_cap = 1 << 20};
    char *path = fst_asprintf("%s/snappy_headers.parquet", dir);
    size_t n_waves;
    char *far_rows = dump(counting(path, &n_waves), &options, 50, 50);
    struct fst_bytes *near;
    assert_int_equal(fst_bytes_open_file(path, &near, NULL), FST_OK);
    char *rows = dump(near, &options, 50, 50);
    assert_string_equal(far_rows, rows);
    assert_in_range(n_waves, 2, 8);
    free(rows);
    free(far_rows);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_parquet_far__any_row_is_the_one_read_from_the_start),
        cmocka_unit_test(test_data_parquet_far__little_memory_is_enough),
        cmocka_unit_test(test_data_parquet_far__headers_of_like_pages_come_in_few_waves),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
