/* Where bytes lie: URIs and their stores, listings, and folders of parts as one table. */
#include "firesteel/store.h"
#include "stores.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scratch.h"
#include <cmocka.h>

static struct fst_error err;

/* A file below the folder, with the folders on its way. */
static void file(const char *name, const char *text)
{
    char *path = fst_path_join(scratch, name);
    char *slash = strrchr(path, '/');
    *slash = '\0';
    assert_int_equal(fst_mkdirs(path, 0700, NULL), FST_OK);
    *slash = '/';
    assert_int_equal(fst_file_write(path, text, strlen(text), 0644, NULL), FST_OK);
    free(path);
}

/* name:type of the columns and the rows of a table below the folder; or the error. */
static void table_is(const char *name, const char *format, const char *expected)
{
    struct fst_buf out = FST_BUF_TEXT;
    struct fst_arena *a = fst_arena_new();
    struct fst_doc *header = NULL;
    fst_json_parse(a, "options", "{\"header\":true}", 15, NULL, &header, NULL);
    bool csv = !format || strcmp(format, "csv") == 0;
    struct fst_read_options options = {.format = csv ? header : NULL};
    struct fst_reader *r = NULL;
    char *path = fst_path_join(scratch, name);
    enum fst_status status = fst_store_open_table(path, format, &options, &r, &err);
    for (size_t i = 0; status == FST_OK && i < r->schema->n; i++) {
        fst_buf_printf(&out, "%s:", r->schema->fields[i].name);
        fst_type_text(&out, &r->schema->fields[i].type);
        fst_buf_addc(&out, ' ');
    }
    for (struct fst_frame *f; status == FST_OK; fst_frame_unref(f)) {
        status = fst_reader_next(r, 100, &f, &err);
        if (status != FST_OK || !f)
            break;
        for (size_t row = 0; row < f->n_rows; row++)
            for (size_t i = 0; i < f->n_columns; i++) {
                if (!fst_cell_text(&out, &f->columns[i], row, FST_CELL_PLAIN))
                    fst_buf_addc(&out, '~');
                fst_buf_addc(&out, i + 1 < f->n_columns ? '|' : ';');
            }
    }
    fst_buf_adds(&out, status == FST_OK ? "" : fst_status_name(status));
    fst_reader_close(r);
    fst_arena_free(a);
    assert_string_equal(fst_buf_text(&out), expected);
    fst_buf_done(&out);
    free(path);
}

static void path_is(const char *uri, const char *expected)
{
    char *path = fst_store_local_path(uri);
    if (expected)
        assert_string_equal(path ? path : "none", expected);
    else
        assert_null(path);
    free(path);
}

static void test_store_uri__gives_the_path_of_files_only(void **state)
{
    (void)state;
    path_is("/a//b/../c", "/a/c");
    path_is("file:///a/b%20c%C3%A4", "/a/b c\xC3\xA4");
    path_is("file:/a", "/a");
    path_is("FILE:///a", "/a");
    path_is("file://localhost/a", "/a");
    path_is("/a/100%25", "/a/100%25"); /* a path is no URI */
    path_is("/a/x://y", "/a/x:/y");
    path_is("file://host/a", NULL);
    path_is("file:a", NULL);
    path_is("file:///a%00b", NULL);
    path_is("s3://b/k", NULL);
}

static void test_store_uri__refuses_schemes_that_nobody_has(void **state)
{
    const struct fst_store *store;

    (void)state;
    assert_int_equal(fst_store_of("/a", &store, &err), FST_OK);
    assert_string_equal(store->name, "file");
    assert_int_equal(fst_store_of("file:///a", &store, &err), FST_OK);
    assert_int_equal(fst_store_of("s3a://b/k", &store, &err), FST_OK);
    assert_string_equal(store->name, "s3");
    assert_int_equal(fst_store_of("https://h/f.csv", &store, &err), FST_OK);
    assert_string_equal(store->name, "web");
    assert_int_equal(fst_store_of("gopher://b/k", &store, &err), FST_EUNSUPPORTED);
    assert_null(store);
    assert_non_null(strstr(err.text, "gopher://"));
    assert_int_equal(fst_store_of("", &store, &err), FST_OK);
}

static void test_store_list__is_deep_sorted_and_leaves_out_what_is_hidden(void **state)
{
    struct fst_listing l;
    const struct fst_store *store;
    struct fst_buf names = FST_BUF_TEXT;

    (void)state;
    file("b.csv", "x");
    file("a/c.csv", "xy");
    file("_SUCCESS", "");
    file(".b.csv.crc", "");
    file("_temporary/0/d.csv", "");
    file("_k=1/e.csv", ""); /* Spark's rule: a partition folder is not hidden */
    char *up = fst_path_join(scratch, "a/up");
    assert_int_equal(symlink("..", up), 0);
    free(up);
    assert_int_equal(fst_store_of(scratch, &store, &err), FST_OK);
    assert_int_equal(store->list(scratch, 10, &l, &err), FST_OK);
    for (size_t i = 0; i < l.n; i++)
        fst_buf_printf(&names, "%s ", l.entries[i].uri + strlen(scratch) + 1);
    assert_string_equal(fst_buf_text(&names), "_k=1/e.csv a/c.csv b.csv ");
    assert_int_equal(l.entries[1].size, 2);
    fst_buf_done(&names);
    fst_listing_done(&l);
    assert_int_equal(store->list(scratch, 2, &l, &err), FST_ENOMEM);
    assert_int_equal(store->list("/no/such", 2, &l, &err), FST_ENOTFOUND);
}

static void test_store_list__of_names_is_the_same_list(void **state)
{
    struct fst_listing l, names;
    const struct fst_store *store;

    (void)state;
    file("b.csv", "x");
    file("a/c.csv", "xy");
    file("_SUCCESS", "");
    char *link = fst_path_join(scratch, "link.csv"), *dangling = fst_path_join(scratch, "gone.csv");
    assert_int_equal(symlink("b.csv", link), 0);
    assert_int_equal(symlink("nowhere", dangling), 0);
    free(link);
    free(dangling);
    assert_int_equal(fst_store_of(scratch, &store, &err), FST_OK);
    assert_int_equal(store->list(scratch, 10, &l, &err), FST_OK);
    assert_int_equal(store->names(scratch, 10, &names, &err), FST_OK);
    assert_int_equal(l.n, 3);
    assert_int_equal(names.n, 3);
    for (size_t i = 0; i < l.n; i++)
        assert_string_equal(l.entries[i].uri, names.entries[i].uri);
    fst_listing_done(&l);
    fst_listing_done(&names);
}

static bool to_buf(void *arg, const void *p, size_t n)
{
    fst_buf_add(arg, p, n);
    return true;
}

static void parquet_file(const char *name, size_t rows)
{
    struct fst_buf out = FST_BUF_TEXT;
    struct fst_schema *schema = fst_schema_new();
    struct fst_type type = fst_type(FST_LONG);
    struct fst_writer *w;
    fst_schema_add(schema, "a", &type, true);
    struct fst_builder *b = fst_builder_new(schema);
    for (size_t i = 0; i < rows; i++)
        fst_builder_int(b, 0, (int64_t)i);
    struct fst_frame *f = fst_builder_finish(b, rows);
    assert_int_equal(
        fst_format_named("parquet")->create(
            f->schema, (struct fst_sink){.write = to_buf, .arg = &out}, NULL, &w, &err),
        FST_OK);
    assert_int_equal(fst_writer_write(w, f, &err), FST_OK);
    assert_int_equal(fst_writer_finish(w, &err), FST_OK);
    fst_writer_free(w);
    fst_frame_unref(f);
    char *path = fst_path_join(scratch, name);
    char *slash = strrchr(path, '/');
    *slash = '\0';
    assert_int_equal(fst_mkdirs(path, 0700, NULL), FST_OK);
    *slash = '/';
    assert_int_equal(fst_file_write(path, out.p, out.n, 0644, NULL), FST_OK);
    free(path);
    fst_buf_done(&out);
}

static void test_store_table__rows_of_many_files_are_counted_when_asked(void **state)
{
    struct fst_reader *r;

    (void)state;
    parquet_file("p/0.parquet", 3);
    parquet_file("p/1.parquet", 4);
    char *path = fst_path_join(scratch, "p");
    assert_int_equal(fst_store_open_table(path, NULL, NULL, &r, &err), FST_OK);
    assert_int_equal(r->total_rows, -1);
    assert_int_equal(fst_reader_total(r), 7);
    assert_int_equal(r->total_rows, 7);
    fst_reader_close(r);
    free(path);
}

static void test_store_table__joins_parts_in_the_order_of_their_names(void **state)
{
    (void)state;
    file("t/part-1.csv", "a,b\n3,z\n");
    file("t/part-0.csv", "a,b\n1,x\n2,\n");
    table_is("t", "csv", "a:string b:string 1|x;2|~;3|z;");
    table_is("t", NULL, "a:string b:string 1|x;2|~;3|z;");
    table_is("t/part-1.csv", NULL, "a:string b:string 3|z;");
}

static void test_store_table__reads_json_lines(void **state)
{
    (void)state;
    file("t/0.jsonl", "{\"a\":1}\n");
    file("t/1.jsonl", "{\"a\":2}\n");
    table_is("t", "jsonl", "a:bigint 1;2;");
    file("u/0.json", "{\"b\":null,\"a\":1,\"l\":[]}\n");
    file("u/1.json", "{\"a\":1.5,\"b\":2,\"l\":[{\"x\":1}],\"n\":null}\n");
    file("u/2.json", "{\"A\":true,\"b\":\"x\"}\n");
    table_is("u", "json",
             "A:boolean a:double b:string l:array<struct<x:bigint>> n:string "
             "~|1.0|~|[]|~;~|1.5|2|[{\"x\":1}]|~;true|~|x|~|~;");
}

static void test_store_table__makes_columns_of_partition_folders(void **state)
{
    (void)state;
    file("t/d=2024-01-01/c=a%2Fb%/0.csv", "x\n1\n");
    file("t/d=2024-01-02/c=__HIVE_DEFAULT_PARTITION__/0.csv", "x\n2\n");
    table_is("t", "csv", "x:string d:date c:string 1|2024-01-01|a/b%;2|2024-01-02|~;");
    table_is("t/d=2024-01-01", "csv", "x:string c:string 1|a/b%;");
}

static void test_store_table__refuses_folders_that_do_not_agree(void **state)
{
    (void)state;
    file("t/d=1/0.csv", "x\n1\n");
    file("t/0.csv", "x\n1\n");
    table_is("t", "csv", "malformed");
    file("u/a=1/0.csv", "x\n1\n");
    file("u/b=1/0.csv", "x\n1\n");
    table_is("u", "csv", "malformed");
    assert_non_null(strstr(err.text, "u/b=1/0.csv"));
}

/* What Spark 4.3 reads of the same files (but for the last four, which it refuses). */
static void test_store_glob__means_what_it_means_to_spark(void **state)
{
    static const struct {
        const char *pattern, *table;
    } cases[] = {
        {"f/*.csv", "x:string [x];a1;a2;a{;b1;"},
        {"f/*", "x:string [x];a1;a2;a{;b1;a3;"},
        {"f/**", "x:string [x];a1;a2;a{;b1;a3;"},
        {"f/a?.csv", "x:string a1;a2;a{;"},
        {"f/[ab]1.csv", "x:string a1;b1;"},
        {"f/[^a]1.csv", "x:string b1;"},
        {"f/[!a]1.csv", "x:string b1;"},
        {"f/[a-b]1.csv", "x:string a1;b1;"},
        {"f/{a1,b1}.csv", "x:string a1;b1;"},
        {"f/{a1,a1,b1}.csv", "x:string a1;b1;"},
        {"f/{a1,sub/a3}.csv", "x:string a1;a3;"},
        {"f/a{{1,2}}.csv", "x:string a1;a2;"},
        {"f/{a,b}[12].csv", "x:string a1;a2;b1;"},
        {"f/**/*.csv", "x:string a3;"},
        {"f/*/*", "x:string a3;a4;"},
        {"f/sub", "x:string a3;"},
        {"f/\\[x\\].csv", "x:string [x];"},
        {"t/d=1", "x:string c:string 1a|a;1b|b;"},
        {"t/*/c=a", "x:string 1a;2a;"},
        {"t/d={1,2}/c=a", "x:string 1a;2a;"},
        {"t/d=1/c=*/0.csv", "x:string 1a;1b;"},
        {"t/*/c=a/0.csv", "x:string 1a;2a;"},
        {"m/*/*", "x:string x;y;"},
        {"f/[x].csv", "x:string [x];"}, /* it is there as it is written */
        {"t/*", "x:string d:int c:string 1a|1|a;1b|1|b;2a|2|a;"},
        {"m/*", "x:string d:int x|1;y|2;"},
        {"f/a{.csv", "x:string a{;"},
    };
    static const char *const files[][2] = {
        {"f/a1.csv", "a1"},         {"f/a2.csv", "a2"},          {"f/b1.csv", "b1"},
        {"f/sub/a3.csv", "a3"},     {"f/sub/deep/a4.csv", "a4"}, {"f/_hid.csv", "hidden"},
        {"f/.dot.csv", "dot"},      {"f/[x].csv", "[x]"},        {"f/a{.csv", "a{"},
        {"t/d=1/c=a/0.csv", "1a"},  {"t/d=1/c=b/0.csv", "1b"},   {"t/d=2/c=a/0.csv", "2a"},
        {"t/d=2/c=a/_x.csv", "_x"}, {"m/x/d=1/0.csv", "x"},      {"m/y/d=2/0.csv", "y"},
    };
    (void)state;
    for (size_t i = 0; i < FST_COUNT(files); i++) {
        char *text = fst_asprintf("x\n%s\n", files[i][1]);
        file(files[i][0], text);
        free(text);
    }
    for (size_t i = 0; i < FST_COUNT(cases); i++)
        table_is(cases[i].pattern, "csv", cases[i].table);
}

static void test_store_glob__is_no_delta_table(void **state)
{
    (void)state;
    file("f/a1.csv", "x\n1\n");
    table_is("f/a*", NULL, "x:string 1;");
}

static void test_store_glob__says_what_is_wrong_with_it(void **state)
{
    (void)state;
    file("f/a1.csv", "x\n1\n");
    table_is("f/none*.csv", "csv", "not found");
    assert_non_null(strstr(err.text, "none*.csv"));
    table_is("f/_*.csv", "csv", "not found");
    table_is("f/a{1,2.csv", "csv", "wrong use");
    assert_non_null(strstr(err.text, "a { does not close"));
    table_is("f/a[1", "csv", "wrong use");
    assert_non_null(strstr(err.text, "a [ does not close"));
    table_is("none/*.csv", "csv", "not found");
    table_is("f/{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}{1,2}", "csv", "wrong use");
    assert_non_null(strstr(err.text, "too many paths"));
}

static void test_store_glob__matches_names(void **state)
{
    static const struct {
        const char *pattern, *name;
        bool matches;
    } cases[] = {
        {"*", "abc", true},      {"a*c", "abc", true},
        {"a*c", "abd", false},   {"*a*b*", "xxaxxbxx", true},
        {"?", "\xC3\xA9", true}, {"??", "\xC3\xA9", false},
        {"[a-c]", "b", true},    {"[a-c]", "d", false},
        {"[-a]", "-", true},     {"\\*", "*", true},
        {"\\*", "a", false},     {"[\\]]", "]", true},
        {"", "", true},          {"", "a", false},
        {"a", "", false},        {"a**", "a", true},
        {"[^a]", "", false},     {"*.csv", ".csv", true},
    };
    (void)state;
    for (size_t i = 0; i < FST_COUNT(cases); i++)
        assert_int_equal(fst__glob_match(cases[i].pattern, strlen(cases[i].pattern), cases[i].name,
                                         strlen(cases[i].name)),
                         cases[i].matches);
    char many[2000];
    for (size_t i = 0; i < sizeof many; i++)
        many[i] = i % 2 ? '*' : 'a';
    many[sizeof many - 2] = 'b';
    char as[5000];
    memset(as, 'a', sizeof as);
    assert_false(fst__glob_match(many, sizeof many - 1, as, sizeof as)); /* at once, not never */
}

static void options_are(const char *name, const char *json, const char *expected)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_doc *doc = NULL;
    struct fst_buf out = FST_BUF_TEXT;
    struct fst_reader *r = NULL;
    char *path = fst_path_join(scratch, name), *text = strdup(json), *at = strstr(text, "HERE");
    char *full =
        at ? fst_asprintf("%.*s%s%s", (int)(at - text), text, scratch, at + 4) : strdup(text);
    assert_int_equal(fst_json_parse(a, "o", full, strlen(full), NULL, &doc, &err), FST_OK);
    struct fst_read_options options = {.format = doc};
    enum fst_status status = fst_store_open_table(path, "csv", &options, &r, &err);
    struct fst_frame *f = NULL;
    while (status == FST_OK && (status = fst_reader_next(r, 10, &f, &err)) == FST_OK && f) {
        for (size_t row = 0; row < f->n_rows; row++)
            for (size_t i = 0; i < f->n_columns; i++) {
                fst_cell_text(&out, &f->columns[i], row, FST_CELL_PLAIN);
                fst_buf_addc(&out, i + 1 < f->n_columns ? '|' : ';');
            }
        fst_frame_unref(f);
    }
    fst_buf_adds(&out, status == FST_OK ? "" : err.text);
    fst_reader_close(r);
    assert_non_null(strstr(fst_buf_text(&out), expected));
    fst_buf_done(&out);
    fst_arena_free(a);
    free(full);
    free(text);
    free(path);
}

static void test_store_table__options_say_which_files(void **state)
{
    (void)state;
    file("t/d=1/c=a/0.csv", "1\n");
    file("t/d=2/c=a/0.csv", "2\n");
    file("t/d=2/c=a/0.txt", "3\n");
    options_are("t/*/c=a", "{\"basePath\":\"HERE/t\",\"pathGlobFilter\":\"*.csv\"}",
                "1|1|a;2|2|a;");
    options_are("t/d=2/c=a/0.csv", "{\"basePath\":\"HERE/t/\"}", "2|2|a;");
    options_are("t", "{\"recursiveFileLookup\":\"true\",\"pathglobfilter\":\"*.csv\"}", "1;2;");
    options_are("t", "{\"recursiveFileLookup\":\"perhaps\"}",
                "option recursiveFileLookup: \"perhaps\" is not true or false");
    options_are("t/*", "{\"pathGlobFilter\":\"*.x\"}", "no data file matches");
}

static void check_tail(const char *name, uint64_t n, const char *expected)
{
    struct fst_buf out = FST_BUF_TEXT;
    struct fst_reader *r = NULL;
    struct fst_frame *f = NULL;
    const char *const columns[] = {"a"};
    char *path = fst_path_join(scratch, name);
    struct fst_read_options options = {.columns = columns, .n_columns = 1, .tail_rows = n};
    enum fst_status status = fst_store_open_table(path, NULL, &options, &r, &err);
    while (status == FST_OK && (status = fst_reader_next(r, 2, &f, &err)) == FST_OK && f) {
        for (size_t row = 0; row < f->n_rows; row++) {
            fst_cell_text(&out, &f->columns[0], row, FST_CELL_PLAIN);
            fst_buf_addc(&out, ' ');
        }
        fst_frame_unref(f);
    }
    fst_reader_close(r);
    assert_int_equal(status, FST_OK);
    assert_string_equal(fst_buf_text(&out), expected);
    fst_buf_done(&out);
    free(path);
}

static void test_store_table__last_rows_of_every_format(void **state)
{
    struct fst_buf text = FST_BUF_TEXT;
    (void)state;
    for (int i = 0; i < 200000; i++)
        fst_buf_printf(&text, "{\"a\":%d}\r\n%s", i, i % 3 ? "" : " \n");
    file("many.jsonl", fst_buf_text(&text));
    check_tail("many.jsonl", 3, "199997 199998 199999 ");
    fst_buf_done(&text);
    file("few.jsonl", "{\"a\":1}\n\n{\"a\":2}\n{\"a\":3}");
    check_tail("few.jsonl", 2, "2 3 ");
    check_tail("few.jsonl", 3, "1 2 3 ");
    check_tail("few.jsonl", 9, "1 2 3 ");
    file("array.json", "[{\"a\":1},{\"a\":2},\n{\"a\":3}]");
    check_tail("array.json", 2, "2 3 ");
    file("p/0.jsonl", "{\"a\":1}\n{\"a\":2}\n");
    file("p/1.jsonl", "{\"a\":3}\n");
    file("p/2.jsonl", "{\"a\":4}\n");
    check_tail("p", 3, "2 3 4 ");
    parquet_file("q/0.parquet", 3);
    parquet_file("q/1.parquet", 4);
    check_tail("q/1.parquet", 2, "2 3 ");
    check_tail("q", 5, "2 0 1 2 3 ");
    check_tail("q", 100, "0 1 2 0 1 2 3 ");
}

static void test_store_table__says_what_is_missing(void **state)
{
    (void)state;
    file("empty/_SUCCESS", "");
    file("x.bin", "\x01\x02");
    table_is("empty", "csv", "not found");
    assert_non_null(strstr(err.text, "no data files"));
    table_is("none.csv", "csv", "not found");
    table_is("x.bin", NULL, "malformed");
    table_is("x.bin", "orc", "not supported");
    assert_non_null(strstr(err.text, "orc"));
}

static void test_store_stat__adds_up_files_without_reading_them(void **state)
{
    struct fst_table_stat st;

    (void)state;
    file("t/0.csv", "a\n1\n");
    file("t/1.csv", "a\n22\n");
    char *path = fst_path_join(scratch, "t");
    assert_int_equal(fst_store_stat_table(path, "csv", &st, &err), FST_OK);
    assert_int_equal(st.files, 2);
    assert_int_equal(st.size, 9);
    assert_true(st.modified_us > INT64_C(1600000000000000));
    assert_string_equal(st.format, "csv");
    free(path);
}

/* The last parts of what is in a folder, with blanks between. */
static void folder_has(const char *name, const char *begins, size_t max, const char *expected)
{
    struct fst_buf out = FST_BUF_TEXT;
    struct fst_browsed found;
    char *path = fst_path_join(scratch, name);
    assert_int_equal(fst_store_browse(path, begins, max, &found, &err), FST_OK);
    for (size_t i = 0; i < found.listing.n; i++)
        fst_buf_printf(&out, "%s%s ", fst_path_base(found.listing.entries[i].uri),
                       found.listing.entries[i].is_dir ? "/" : "");
    fst_buf_adds(&out, found.cut ? "..." : "");
    assert_string_equal(fst_buf_text(&out), expected);
    fst_listing_done(&found.listing);
    fst_buf_done(&out);
    free(path);
}

static void test_store_browse__takes_names_by_what_they_begin_with(void **state)
{
    (void)state;
    file("browse/part-1.csv", "");
    file("browse/part-2.csv", "");
    file("browse/parts/x.csv", "");
    file("browse/other.csv", "");
    file("browse/.part", "");
    folder_has("browse", NULL, 9, "parts/ other.csv part-1.csv part-2.csv ");
    folder_has("browse", "part", 9, "parts/ part-1.csv part-2.csv ");
    folder_has("browse", "part-", 2, "part-1.csv part-2.csv ");
    folder_has("browse", "o", 1, "other.csv ");
    folder_has("browse", "nothing", 9, "");
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_store_browse__takes_names_by_what_they_begin_with),
        cmocka_unit_test(test_store_uri__gives_the_path_of_files_only),
        cmocka_unit_test(test_store_uri__refuses_schemes_that_nobody_has),
        IN_FOLDER(test_store_list__is_deep_sorted_and_leaves_out_what_is_hidden),
        IN_FOLDER(test_store_list__of_names_is_the_same_list),
        IN_FOLDER(test_store_table__rows_of_many_files_are_counted_when_asked),
        IN_FOLDER(test_store_table__joins_parts_in_the_order_of_their_names),
        IN_FOLDER(test_store_table__reads_json_lines),
        IN_FOLDER(test_store_table__makes_columns_of_partition_folders),
        IN_FOLDER(test_store_table__refuses_folders_that_do_not_agree),
        IN_FOLDER(test_store_glob__means_what_it_means_to_spark),
        IN_FOLDER(test_store_glob__is_no_delta_table),
        IN_FOLDER(test_store_glob__says_what_is_wrong_with_it),
        cmocka_unit_test(test_store_glob__matches_names),
        IN_FOLDER(test_store_table__options_say_which_files),
        IN_FOLDER(test_store_table__last_rows_of_every_format),
        IN_FOLDER(test_store_table__says_what_is_missing),
        IN_FOLDER(test_store_stat__adds_up_files_without_reading_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
