/* Tables and bytes that are far away: S3 and web servers, also those that misbehave. The server is
 * tests/support/far_server.py, which checks every signature. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "firesteel/store.h"
#include "test_server.h"

#define BIG_BYTES ((size_t)300000)

static struct test_server server;
static struct fst_error err;
static struct fst_s3 *s3;
static char *big;

static char *url(const char *rest)
{
    return fst_asprintf("http://127.0.0.1:%d%s", server.port, rest);
}

/* What the server was asked since the last time. */
static char *asked(void)
{
    char *at = url("/log");
    const struct fst_http_request rq = {.url = at};
    struct fst_http_response rs;
    assert_int_equal(fst_http(&rq, &rs, &err), FST_OK);
    char *text = fst_strdup(fst_buf_text(&rs.body));
    fst_http_response_done(&rs);
    free(at);
    return text;
}

static size_t count_lines(const char *text)
{
    size_t n = *text != '\0';
    for (; *text; text++)
        n += *text == '\n';
    return n;
}

static void set_keys(void)
{
    setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", 1);
}

static void put(const char *bucket, const char *key, const void *p, size_t n)
{
    if (fst_s3_put(s3, bucket, key, p, n, &err) != FST_OK)
        fail_msg("%s", err.text);
}

static int start(void **state)
{
    static const char *const arguments[] = {"tests/support/far_server.py", NULL};
    (void)state;
    if (test_server_start(&server, arguments) != 0)
        return -1;
    char *endpoint = url("");
    setenv("AWS_ENDPOINT_URL", endpoint, 1);
    setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
    setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent", 1);
    setenv("AWS_CONFIG_FILE", "/nonexistent", 1);
    unsetenv("AWS_PROFILE");
    unsetenv("AWS_ENDPOINT_URL_S3");
    unsetenv("AWS_REGION");
    unsetenv("AWS_DEFAULT_REGION");
    unsetenv("AWS_CA_BUNDLE");
    unsetenv("AWS_SESSION_TOKEN");
    set_keys();
    free(endpoint);
    const struct fst_s3_options options = {.path_style = -1};
    s3 = fst_s3_new(&options);
    big = fst_alloc(BIG_BYTES);
    for (size_t i = 0; i < BIG_BYTES; i++)
        big[i] = (char)(i * 7 + i / 251);
    put("lake", "big", big, BIG_BYTES);
    put("lake", "small", "0123456789", 10);
    put("lake", "empty", "", 0);
    free(asked());
    return 0;
}

static int stop(void **state)
{
    (void)state;
    fst_s3_unref(s3);
    free(big);
    test_server_stop(&server);
    return 0;
}

static struct fst_bytes *opened(const char *uri)
{
    const struct fst_store *store;
    struct fst_bytes *b = NULL;
    assert_int_equal(fst_store_of(uri, &store, &err), FST_OK);
    if (store->open(uri, &b, &err) != FST_OK)
        fail_msg("%s", err.text);
    return b;
}

static struct fst_bytes *web(const char *mode, const char *name)
{
    char *rest = fst_asprintf("/web/%s/%s", mode, name), *at = url(rest);
    struct fst_bytes *b = opened(at);
    free(rest);
    free(at);
    return b;
}

/* Read and compare with what was put there. */
static void reads(struct fst_bytes *b, uint64_t from, size_t n, size_t expected)
{
    char *into = fst_alloc(n);
    struct fst_range range = {.offset = from, .len = n, .into = into};
    if (b->ops->read(b, &range, 1, &err) != FST_OK)
        fail_msg("%s", err.text);
    assert_int_equal(range.got, expected);
    assert_memory_equal(into, big + from, expected);
    free(into);
}

/* ---- How far bytes are read
 * ---------------------------------------------------------------------- */

static void a_small_object_is_one_request(void **state)
{
    (void)state;
    char text[10];
    struct fst_bytes *b = opened("s3://lake/small");
    struct fst_range range = {.len = 10, .into = text};
    assert_int_equal(b->ops->read(b, &range, 1, &err), FST_OK);
    assert_memory_equal(text, "0123456789", 10);
    assert_int_equal(b->size, 10);
    assert_int_equal(b->reads, 1);
    fst_bytes_close(b);
    char *log = asked();
    assert_string_equal(log, "GET /lake/small bytes=-65536");
    free(log);
}

static void an_empty_object_is_empty(void **state)
{
    (void)state;
    char c;
    struct fst_bytes *b = opened("s3://lake/empty");
    struct fst_range range = {.len = 1, .into = &c};
    assert_int_equal(b->size, 0);
    assert_int_equal(b->ops->read(b, &range, 1, &err), FST_OK);
    assert_int_equal(range.got, 0);
    fst_bytes_close(b);
    free(asked());
}

static void ranges_of_one_read_are_one_wave_and_near_ones_one_request(void **state)
{
    (void)state;
    char a[100], c[100], d[100];
    struct fst_bytes *b = opened("s3a://lake/big");
    struct fst_range ranges[] = {{.offset = 150000, .len = 100, .into = d},
                                 {.offset = 100, .len = 100, .into = a},
                                 {.offset = 5000, .len = 100, .into = c}};
    assert_int_equal(b->ops->read(b, ranges, 3, &err), FST_OK);
    assert_memory_equal(a, big + 100, 100);
    assert_memory_equal(c, big + 5000, 100);
    assert_memory_equal(d, big + 150000, 100);
    assert_int_equal(b->reads, 3);
    assert_int_equal(b->waves, 2);
    assert_int_equal(b->bytes_read, 65536 + 5000 + 100);
    fst_bytes_close(b);
    free(asked());
}

static void who_reads_on_gets_ever_larger_pieces(void **state)
{
    (void)state;
    struct fst_bytes *b = web("good", "big");
    for (uint64_t at = 0; at < BIG_BYTES; at += 1000)
        reads(b, at, 1000, 1000);
    assert_true(b->reads <= 5);
    fst_bytes_close(b);
    free(asked());
}

/* ---- Servers that are not as they should be
 * -------------------------------------------------------- */

static void a_server_without_ranges_is_read_whole_once(void **state)
{
    (void)state;
    struct fst_bytes *b = web("noranges", "big");
    assert_int_equal(b->size, BIG_BYTES);
    reads(b, 1000, 500, 500);
    reads(b, 299990, 500, 10);
    assert_int_equal(b->reads, 2); /* the one that was stopped, the one of everything */
    fst_bytes_close(b);
    free(asked());
}

static void servers_without_ranges_from_the_end_are_asked_for_the_size(void **state)
{
    static const char *const modes[] = {"nosuffix", "nohead", "weak", "redirect", "flaky"};
    (void)state;
    for (size_t i = 0; i < FST_COUNT(modes); i++) {
        struct fst_bytes *b = web(modes[i], "big");
        assert_int_equal(b->size, BIG_BYTES);
        reads(b, 1000, 500, 500);
        reads(b, 299000, 1000, 1000);
        fst_bytes_close(b);
    }
    free(asked());
}

static void a_server_that_answers_the_end_with_everything_is_understood(void **state)
{
    (void)state;
    struct fst_bytes *b = web("azure", "big");
    assert_int_equal(b->size, BIG_BYTES);
    reads(b, 1000, 500, 500);
    fst_bytes_close(b);
    free(asked());
}

static void a_file_that_changes_while_it_is_read_is_noticed(void **state)
{
    (void)state;
    char c[10];
    struct fst_bytes *b = web("changes", "big");
    struct fst_range range = {.offset = 10, .len = 10, .into = c};
    assert_int_equal(b->ops->read(b, &range, 1, &err), FST_ECONFLICT);
    assert_non_null(strstr(err.text, "changed while it was read"));
    fst_bytes_close(b);
    free(asked());
}

static void an_object_that_is_written_anew_is_noticed(void **state)
{
    (void)state;
    char c[10];
    put("lake", "other", big, BIG_BYTES);
    struct fst_bytes *b = opened("s3://lake/other");
    put("lake", "other", big + 1, BIG_BYTES - 1);
    struct fst_range range = {.offset = 10, .len = 10, .into = c};
    assert_int_equal(b->ops->read(b, &range, 1, &err), FST_ECONFLICT);
    assert_non_null(strstr(err.text, "s3://lake/other: changed while it was read"));
    fst_bytes_close(b);
    b = opened("s3://lake/other"); /* what was kept is forgotten */
    assert_int_equal(b->size, BIG_BYTES - 1);
    fst_bytes_close(b);
    free(asked());
}

static void buckets_of_odd_servers_are_read_all_the_same(void **state)
{
    static const char *const buckets[] = {"nohead",   "norange",  "nosuffix", "elsewhere",
                                          "moved301", "moved307", "slow",     "skewed"};
    (void)state;
    for (size_t i = 0; i < FST_COUNT(buckets); i++) {
        char *uri = fst_asprintf("s3://%s/big", buckets[i]);
        put(buckets[i], "big", big, BIG_BYTES);
        struct fst_bytes *b = opened(uri);
        assert_int_equal(b->size, BIG_BYTES);
        reads(b, 1000, 500, 500);
        reads(b, 299990, 500, 10);
        fst_bytes_close(b);
        free(uri);
    }
    free(asked());
}

static void a_clock_that_no_correction_helps_is_told_soon(void **state)
{
    (void)state;
    assert_int_equal(fst_s3_put(s3, "lateclock", "x", "1", 1, &err), FST_EAUTH);
    assert_non_null(strstr(err.text, "set the clock"));
    char *log = asked();
    assert_true(count_lines(log) <= 5);
    free(log);
}

static void another_range_than_was_asked_for_is_refused(void **state)
{
    (void)state;
    char c[10];
    struct fst_bytes *b = web("wrong", "big");
    struct fst_range range = {.offset = 10, .len = 10, .into = c};
    assert_int_equal(b->ops->read(b, &range, 1, &err), FST_ENET);
    assert_non_null(strstr(err.text, "another range"));
    fst_bytes_close(b);
    free(asked());
}

/* ---- Tables
 * ------------------------------------------------------------------------------------------ */

static void table_is(const char *uri, const char *expected)
{
    struct fst_buf out = FST_BUF_TEXT;
    struct fst_arena *a = fst_arena_new();
    struct fst_doc *header = NULL;
    fst_json_parse(a, "options", "{\"header\":true}", 15, NULL, &header, NULL);
    const struct fst_read_options options = {.format = header};
    struct fst_reader *r = NULL;
    struct fst_frame *f = NULL;
    if (fst_store_open_table(uri, "csv", &options, &r, &err) != FST_OK)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < r->schema->n; i++)
        fst_buf_printf(&out, "%s ", r->schema->fields[i].name);
    while (fst_reader_next(r, 100, &f, &err) == FST_OK && f) {
        for (size_t row = 0; row < f->n_rows; row++) {
            for (size_t i = 0; i < f->n_columns; i++) {
                fst_cell_text(&out, &f->columns[i], row, FST_CELL_PLAIN);
                fst_buf_addc(&out, i + 1 < f->n_columns ? '|' : ';');
            }
        }
        fst_frame_unref(f);
    }
    fst_reader_close(r);
    fst_arena_free(a);
    assert_string_equal(fst_buf_text(&out), expected);
    fst_buf_done(&out);
}

static void put_parts(const char *bucket)
{
    put(bucket, "t/_SUCCESS", "", 0);
    put(bucket, "t/.hidden", "x", 1);
    put(bucket, "t/folder/", "", 0);
    put(bucket, "t/_delta_or_not/part.csv", "x", 1);
    put(bucket, "t/dt=2024-01-01/a + b.csv", "id\n1\n", 5);
    put(bucket, "t/dt=2024-01-02/data\xC3\xA4&<1>.csv", "id\n2\n", 5);
    put(bucket, "t/dt=2024-01-03/100%25.csv", "id\n3\n", 5);
    put(bucket, "tx/other.csv", "id\n9\n", 5);
}

static void a_prefix_is_a_folder_of_parts_with_partitions(void **state)
{
    static const char *const buckets[] = {"lake", "pages", "raw"};
    (void)state;
    for (size_t i = 0; i < FST_COUNT(buckets); i++) {
        char *uri = fst_asprintf("s3://%s/t", buckets[i]);
        put_parts(buckets[i]);
        table_is(uri, "id dt 1|2024-01-01;2|2024-01-02;3|2024-01-03;");
        free(uri);
    }
    free(asked());
}

static void a_pattern_chooses_parts(void **state)
{
    (void)state;
    put_parts("lake");
    table_is("s3n://lake/t/*/[ad]*.csv", "id 1;2;");
    table_is("s3://lake/t/dt=2024-01-0[23]", "id 2;3;");
    free(asked());
}

static void odd_keys_are_found_as_they_are(void **state)
{
    static const char *const keys[] = {"a/../b.csv",          "d//e.csv",   "/lead.csv",
                                       "x!$&'()*+,;=:@y.csv", "p%41q%.csv", "sp ace.csv",
                                       "e\xCC\x81.csv"};
    (void)state;
    for (size_t i = 0; i < FST_COUNT(keys); i++) {
        char *uri = fst_asprintf("s3://lake/%s", keys[i]);
        put("lake", keys[i], "id\n7\n", 5);
        struct fst_bytes *b = opened(uri);
        assert_int_equal(b->size, 5);
        fst_bytes_close(b);
        free(uri);
    }
    free(asked());
}

static void thousands_of_parts_are_listed(void **state)
{
    struct fst_listing l;
    const struct fst_store *store;
    (void)state;
    fst_store_of("s3://lake/many", &store, &err);
    for (int i = 0; i < 10000; i++) {
        char key[64];
        snprintf(key, sizeof key, "many/part-%05d.csv", i);
        put("lake", key, "", 0);
    }
    assert_int_equal(store->list("s3://lake/many", 100000, &l, &err), FST_OK);
    assert_int_equal(l.n, 10000);
    assert_string_equal(l.entries[9999].uri, "s3://lake/many/part-09999.csv");
    fst_listing_done(&l);
    assert_int_equal(store->list("s3://lake/many", 2000, &l, &err), FST_ENOMEM);
    free(asked());
}

static void a_table_of_ten_thousand_parts_opens_in_few_requests(void **state)
{
    (void)state;
    const struct fst_read_options options = {0};
    struct fst_reader *r;
    struct fst_frame *f;
    if (fst_store_open_table("s3://huge/t", NULL, &options, &r, &err) != FST_OK)
        fail_msg("%s", err.text);
    assert_int_equal(fst_reader_next(r, 50, &f, &err), FST_OK);
    assert_int_equal(f->n_rows, 50);
    fst_frame_unref(f);
    fst_reader_close(r);
    char *log = asked();
    assert_true(count_lines(log) <= 14); /* ten pages of a thousand keys, and a few parts */
    free(log);
}

static void lists_without_an_end_are_refused(void **state)
{
    (void)state;
    struct fst_listing l;
    const struct fst_store *store;
    fst_store_of("s3://cutlist/t", &store, &err);
    assert_int_equal(store->list("s3://cutlist/t", 100, &l, &err), FST_EFORMAT);
    assert_non_null(strstr(err.text, "listing s3://cutlist/t"));
    assert_int_equal(store->list("s3://endless/t", 100, &l, &err), FST_EFORMAT);
    assert_non_null(strstr(err.text, "not to another page"));
    free(asked());
}

static bool add_bytes(void *arg, const void *p, size_t n)
{
    fst_buf_add(arg, p, n);
    return true;
}

/* A parquet file of two columns. */
static void put_parquet(const char *key, size_t rows)
{
    struct fst_buf file = FST_BUF_TEXT;
    struct fst_schema *schema = fst_schema_new();
    struct fst_type kinds[] = {fst_type(FST_LONG), fst_type(FST_STRING)};
    fst_schema_add(schema, "id", &kinds[0], false);
    fst_schema_add(schema, "name", &kinds[1], true);
    const struct fst_sink sink = {.write = add_bytes, .arg = &file};
    const struct fst_write_options options = {.codec = FST_CODEC_NONE};
    struct fst_writer *w;
    assert_int_equal(fst_format_named("parquet")->create(schema, sink, &options, &w, &err), FST_OK);
    struct fst_builder *b = fst_builder_new(schema);
    for (size_t i = 0; i < rows; i++) {
        char text[32];
        int n = snprintf(text, sizeof text, "name %zu", i * 7919);
        fst_builder_int(b, 0, (int64_t)(i * 2654435761u));
        fst_builder_bytes(b, 1, text, (size_t)n);
    }
    struct fst_frame *f = fst_builder_finish(b, rows);
    assert_int_equal(fst_writer_write(w, f, &err), FST_OK);
    assert_int_equal(fst_writer_finish(w, &err), FST_OK);
    fst_writer_free(w);
    fst_frame_unref(f);
    put("lake", key, file.p, file.n);
    assert_true(file.n > ((size_t)4 << 20));
    fst_buf_done(&file);
}

static void a_preview_of_parquet_is_three_waves_and_little_of_the_file(void **state)
{
    (void)state;
    const struct fst_read_options options = {0};
    struct fst_reader *r;
    struct fst_frame *f;
    put_parquet("names.parquet", 300000);
    free(asked());
    struct fst_bytes *b = opened("s3://lake/names.parquet");
    assert_int_equal(fst_format_named("parquet")->open(b, &options, &r, &err), FST_OK);
    assert_int_equal(b->waves, 1); /* the footer came with the end */
    assert_int_equal(fst_reader_next(r, 50, &f, &err), FST_OK);
    assert_int_equal(f->n_rows, 50);
    assert_true(b->waves <= 3);
    assert_true(b->reads <= 1 + 2 * 2);
    assert_true(b->bytes_read < (size_t)1 << 20);
    fst_frame_unref(f);
    fst_reader_close(r);
    char *log = asked();
    assert_true(count_lines(log) <= 5);
    free(log);
}

enum { WIDE_COLUMNS = 12, WIDE_ROWS = 200000 };

/* Value of row `i` in column `col`: many, so that dictionaries are large, each twelve times. */
static int wide_value(char out[40], size_t i, size_t col)
{
    size_t which = i / 30000 * 2500 + i % 2500;
    uint64_t a = (which + 1) * (col + 3) * 0x9E3779B97F4A7C15u, b = (a >> 29) * 0xBF58476D1CE4E5B9u;
    return snprintf(out, 40, "%016llx%016llx", (unsigned long long)(a ^ a >> 31),
                    (unsigned long long)(b ^ b >> 27));
}

/* Columns of texts with large dictionaries, an index of pages, one row group. */
static void put_wide(const char *key)
{
    struct fst_buf file = FST_BUF((size_t)64 << 20);
    struct fst_schema *schema = fst_schema_new();
    const struct fst_type text = fst_type(FST_STRING);
    for (size_t i = 0; i < WIDE_COLUMNS; i++) {
        char name[16];
        snprintf(name, sizeof name, "c%zu", i);
        fst_schema_add(schema, name, &text, true);
    }
    const struct fst_sink sink = {.write = add_bytes, .arg = &file};
    const struct fst_write_options options = {.codec = FST_CODEC_ZSTD};
    struct fst_writer *w;
    assert_int_equal(fst_format_named("parquet")->create(schema, sink, &options, &w, &err), FST_OK);
    struct fst_builder *b = fst_builder_new(schema);
    for (size_t i = 0; i < WIDE_ROWS; i++)
        for (size_t col = 0; col < WIDE_COLUMNS; col++) {
            char value[40];
            int n = wide_value(value, i, col);
            fst_builder_bytes(b, col, value, (size_t)n);
        }
    struct fst_frame *f = fst_builder_finish(b, WIDE_ROWS);
    assert_int_equal(fst_writer_write(w, f, &err), FST_OK);
    assert_int_equal(fst_writer_finish(w, &err), FST_OK);
    fst_writer_free(w);
    fst_frame_unref(f);
    put("lake", key, file.p, file.n);
    fst_buf_done(&file);
}

static struct fst_reader *wide_reader(const struct fst_read_options *options, struct fst_bytes **b)
{
    struct fst_reader *r;
    *b = opened("s3://lake/wide.parquet");
    assert_int_equal(fst_format_named("parquet")->open(*b, options, &r, &err), FST_OK);
    return r;
}

/* The next 50 rows are those from row `from` on. */
static void wide_rows(struct fst_reader *r, size_t from)
{
    struct fst_frame *f;
    assert_int_equal(fst_reader_next(r, 50, &f, &err), FST_OK);
    assert_non_null(f);
    assert_int_equal(f->n_rows, 50);
    for (size_t col = 0; col < WIDE_COLUMNS; col++) {
        char value[40];
        struct fst_buf cell = FST_BUF_TEXT;
        wide_value(value, from + 49, col);
        fst_cell_text(&cell, &f->columns[col], 49, FST_CELL_PLAIN);
        assert_string_equal(fst_buf_text(&cell), value);
        fst_buf_done(&cell);
    }
    fst_frame_unref(f);
}

static void columns_with_large_dictionaries_ask_together(void **state)
{
    (void)state;
    const struct fst_read_options options = {0};
    struct fst_bytes *b;
    put_wide("wide.parquet");
    struct fst_reader *r = wide_reader(&options, &b);
    wide_rows(r, 0);
    assert_true(b->waves <= 3);
    assert_true(b->bytes_read <= WIDE_COLUMNS * 2 * 160000);
    fst_reader_close(r);
    free(asked());
}

static void rows_far_down_are_found_by_the_index_of_pages(void **state)
{
    static const size_t offsets[] = {100000, WIDE_ROWS - 50, 2000};
    (void)state;
    put_wide("wide.parquet");
    for (size_t i = 0; i < FST_COUNT(offsets); i++) {
        const struct fst_read_options options = {.offset_rows = offsets[i], .last_rows = 50};
        struct fst_bytes *b;
        struct fst_reader *r = wide_reader(&options, &b);
        wide_rows(r, offsets[i]);
        assert_true(b->waves <= 3);
        fst_reader_close(r);
    }
    free(asked());
}

static void the_last_rows_are_little_of_the_file(void **state)
{
    (void)state;
    const struct fst_read_options options = {.offset_rows = 299950, .last_rows = 50};
    struct fst_reader *r;
    struct fst_frame *f;
    put_parquet("last.parquet", 300000);
    struct fst_bytes *b = opened("s3://lake/last.parquet");
    assert_int_equal(fst_format_named("parquet")->open(b, &options, &r, &err), FST_OK);
    assert_int_equal(fst_reader_next(r, 100, &f, &err), FST_OK);
    assert_int_equal(f->n_rows, 50);
    struct fst_buf cell = FST_BUF_TEXT;
    fst_cell_text(&cell, &f->columns[1], 49, FST_CELL_PLAIN);
    assert_string_equal(fst_buf_text(&cell), "name 2375692081");
    fst_buf_done(&cell);
    assert_true(b->waves <= 3);
    assert_true(b->bytes_read < (size_t)1 << 20);
    fst_frame_unref(f);
    fst_reader_close(r);
    free(asked());
}

/* The column that the condition is on comes first, then the others for the rows that meet it. */
static void rows_of_a_condition_are_few_waves(void **state)
{
    (void)state;
    char value[40];
    int n = wide_value(value, 150000, 3);
    const struct fst_literal literal = {.s = {value, (size_t)n}};
    const struct fst_condition is_it = {"c3", FST_IS_EQ, fst_type(FST_STRING), &literal, 1};
    static const char *const columns[] = {"c3", "c11"};
    const struct fst_read_options options = {
        .columns = columns, .n_columns = 2, .conditions = &is_it, .n_conditions = 1};
    struct fst_bytes *b;
    struct fst_frame *f;
    size_t rows = 0;
    put_wide("wide.parquet");
    struct fst_reader *r = wide_reader(&options, &b);
    while (fst_reader_next(r, 4096, &f, &err) == FST_OK && f) {
        for (size_t row = 0; row < f->n_rows; row++) {
            struct fst_buf cell = FST_BUF_TEXT;
            char other[40];
            wide_value(other, r->numbers[row], 11);
            fst_cell_text(&cell, &f->columns[1], row, FST_CELL_PLAIN);
            assert_string_equal(fst_buf_text(&cell), other);
            fst_buf_done(&cell);
        }
        rows += f->n_rows;
        fst_frame_unref(f);
    }
    assert_int_equal(rows, 12); /* each value is there so often */
    assert_true(b->waves <= 4);
    assert_true(b->bytes_read < b->size / 4);
    fst_reader_close(r);
    free(asked());
}

/* Frames of up to `n` rows until there are as many; how many waves that took. */
static uint64_t fetch(struct fst_reader *r, const struct fst_bytes *b, size_t n)
{
    uint64_t before = b->waves;
    for (size_t got = 0; got < n;) {
        struct fst_frame *f;
        assert_int_equal(fst_reader_next(r, n - got, &f, &err), FST_OK);
        assert_non_null(f);
        got += f->n_rows;
        fst_frame_unref(f);
    }
    return b->waves - before;
}

/* What is cached is not read again, and what is not costs one wave. */
static void going_on_by_a_screen_costs_one_wave_at_most(void **state)
{
    (void)state;
    const struct fst_read_options options = {0};
    struct fst_bytes *b;
    put_wide("wide.parquet");
    struct fst_reader *r = wide_reader(&options, &b);
    assert_true(fetch(r, b, 50) <= 3);
    uint64_t sum = 0;
    for (size_t screen = 1; screen < 200; screen++) {
        uint64_t waves = fetch(r, b, 50);
        assert_true(waves <= 1);
        sum += waves;
    }
    assert_true(sum <= 10);
    assert_true(b->bytes_read <= b->size + b->size / 4);
    fst_reader_close(r);
    free(asked());
}

/* As the grid does: 200 rows first, then 2,000 whenever the cursor comes near the end. */
static void a_grid_that_is_scrolled_costs_one_wave_a_fetch_at_most(void **state)
{
    (void)state;
    const struct fst_read_options options = {.last_rows = 1000000};
    struct fst_bytes *b;
    put_wide("wide.parquet");
    struct fst_reader *r = wide_reader(&options, &b);
    assert_true(fetch(r, b, 200) <= 3);
    uint64_t sum = 0;
    for (size_t i = 0; i < 99; i++) {
        uint64_t waves = fetch(r, b, 2000);
        assert_true(waves <= 1);
        sum += waves;
    }
    assert_true(sum <= 30);
    assert_true(b->bytes_read <= b->size + b->size / 4);
    fst_reader_close(r);
    free(asked());
}

/* ---- Errors
 * ------------------------------------------------------------------------------------------ */

static void open_fails(const char *uri, enum fst_status status, const char *words)
{
    const struct fst_store *store;
    struct fst_bytes *b;
    err.text[0] = '\0';
    assert_int_equal(fst_store_of(uri, &store, &err), FST_OK);
    assert_int_equal(store->open(uri, &b, &err), status);
    if (!strstr(err.text, words))
        fail_msg("\"%s\" lacks \"%s\"", err.text, words);
    assert_null(strstr(err.text, "wJalr"));
}

static void errors_say_what_and_what_to_do(void **state)
{
    (void)state;
    open_fails("s3://lake/nix", FST_ENOTFOUND, "no such object");
    open_fails("s3://nobody/nix", FST_ENOTFOUND, "no such bucket");
    open_fails("s3://session/nix", FST_EAUTH, "session token");
    open_fails("s3://never/nix", FST_ENET, "slow down");
    open_fails("s3://", FST_EINVAL, "names no bucket");
    char *at = url("/web/good/small?sig=secret");
    struct fst_table_stat stat;
    assert_int_equal(fst_store_stat_table(at, NULL, &stat, &err), FST_EFORMAT);
    assert_null(strstr(err.text, "secret"));
    free(at);
    free(asked());
}

/* ---- Places
 * ------------------------------------------------------------------------------------------ */

static void the_longest_place_has_the_keys(void **state)
{
    (void)state;
    struct fst_arena *a = fst_arena_new();
    struct fst_doc *good, *bad;
    char *endpoint = url("");
    char *json = fst_asprintf("{\"s3.endpoint\":\"%s\",\"s3.access_key\":\"env:PLACE_ACCESS\","
                              "\"s3.secret_key\":\"env:PLACE_SECRET\"}",
                              endpoint);
    static const char none[] = "{\"s3.access_key\":\"env:PLACE_NONE\"}";
    fst_json_parse(a, "o", json, strlen(json), NULL, &good, NULL);
    fst_json_parse(a, "o", none, sizeof none - 1, NULL, &bad, NULL);
    const struct fst_store_place places[] = {{"s3://lake", "outer", bad, true},
                                             {"s3a://lake/in/", "inner", good, true}};
    put("lake", "in/x", "1", 1);
    setenv("PLACE_ACCESS", "AKIDEXAMPLE", 1);
    setenv("PLACE_SECRET", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", 1);
    fst_store_set_places(places, 2);
    fst_bytes_close(opened("s3://lake/in/x"));
    open_fails("s3://lake/inside", FST_EAUTH, "PLACE_NONE");
    assert_non_null(strstr(err.text, "outer"));
    fst_store_set_places(NULL, 0);
    free(json);
    free(endpoint);
    fst_arena_free(a);
    free(asked());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_object_is_one_request),
        cmocka_unit_test(an_empty_object_is_empty),
        cmocka_unit_test(ranges_of_one_read_are_one_wave_and_near_ones_one_request),
        cmocka_unit_test(who_reads_on_gets_ever_larger_pieces),
        cmocka_unit_test(a_server_without_ranges_is_read_whole_once),
        cmocka_unit_test(servers_without_ranges_from_the_end_are_asked_for_the_size),
        cmocka_unit_test(a_server_that_answers_the_end_with_everything_is_understood),
        cmocka_unit_test(a_file_that_changes_while_it_is_read_is_noticed),
        cmocka_unit_test(an_object_that_is_written_anew_is_noticed),
        cmocka_unit_test(buckets_of_odd_servers_are_read_all_the_same),
        cmocka_unit_test(a_clock_that_no_correction_helps_is_told_soon),
        cmocka_unit_test(another_range_than_was_asked_for_is_refused),
        cmocka_unit_test(a_prefix_is_a_folder_of_parts_with_partitions),
        cmocka_unit_test(a_pattern_chooses_parts),
        cmocka_unit_test(odd_keys_are_found_as_they_are),
        cmocka_unit_test(thousands_of_parts_are_listed),
        cmocka_unit_test(a_table_of_ten_thousand_parts_opens_in_few_requests),
        cmocka_unit_test(lists_without_an_end_are_refused),
        cmocka_unit_test(a_preview_of_parquet_is_three_waves_and_little_of_the_file),
        cmocka_unit_test(columns_with_large_dictionaries_ask_together),
        cmocka_unit_test(rows_far_down_are_found_by_the_index_of_pages),
        cmocka_unit_test(the_last_rows_are_little_of_the_file),
        cmocka_unit_test(rows_of_a_condition_are_few_waves),
        cmocka_unit_test(going_on_by_a_screen_costs_one_wave_at_most),
        cmocka_unit_test(a_grid_that_is_scrolled_costs_one_wave_a_fetch_at_most),
        cmocka_unit_test(errors_say_what_and_what_to_do),
        cmocka_unit_test(the_longest_place_has_the_keys),
    };
    return cmocka_run_group_tests_name("far", tests, start, stop);
}
