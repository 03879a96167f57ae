/* SQLite over tables: values, projection, errors, many cursors. */
#include <math.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "filter.h"
#include "formats.h"
#include "project.h"

/* A table of 10,000 rows that is made while it is read, and remembers what was asked for. */
struct source {
    struct fst_schema *schema;
    char asked[2048];      /* names of the last scan */
    char conditions[1024]; /* and what its rows must meet */
    uint64_t offset;
    int64_t rows_made;
    int scans, open_now;
    bool fails, is_cancelled;
};
struct source_reader {
    struct fst_reader base;
    struct source *source;
    struct fst_schema *schema;
    size_t *indexes;
    int64_t row;
};

enum { ROWS = 10000 };

static void append(struct fst_builder *b, size_t col, const struct fst_type *t, int64_t row)
{
    char text[32];
    int n = snprintf(text, sizeof(text), "row %lld", (long long)row);
    if (row % 10 == 9)
        fst_builder_null(b, col);
    else if (t->kind == FST_STRING || t->kind == FST_BINARY)
        fst_builder_bytes(b, col, text, (size_t)n);
    else if (t->kind == FST_DOUBLE || t->kind == FST_FLOAT)
        fst_builder_double(b, col, row == 3 ? NAN : (double)row / 2);
    else if (t->kind == FST_DECIMAL)
        fst_builder_decimal(b, col, (row - 5) * ((__int128)1 << 80));
    else
        fst_builder_int(b, col, row);
}

static enum fst_status next(struct fst_reader *base, size_t max_rows, struct fst_frame **out,
                            struct fst_error *err)
{
    struct source_reader *r = (struct source_reader *)base;
    if (r->source->is_cancelled)
        return fst_fail(err, FST_ECANCELLED, "cancelled");
    if (r->source->fails && r->row > 5000)
        return fst_fail(err, FST_EFORMAT, "part-3.parquet: page 7 is damaged");
    if (r->row == ROWS)
        return FST_OK;
    struct fst_builder *b = fst_builder_new(fst_schema_copy(r->schema));
    size_t n = 0;
    r->source->rows_made += (int64_t)max_rows;
    for (; n < max_rows && r->row < ROWS; n++, r->row++)
        for (size_t i = 0; i < r->schema->n; i++)
            append(b, i, &r->schema->fields[i].type, r->row);
    *out = fst_builder_finish(b, n);
    return FST_OK;
}

static void close_source(struct fst_reader *base)
{
    struct source_reader *r = (struct source_reader *)base;
    r->source->open_now--;
    fst_schema_free(r->schema);
    free(r->indexes);
    free(r);
}

static enum fst_status open_source(void *arg, const struct fst_read_options *options,
                                   struct fst_reader **out, struct fst_error *err)
{
    static const struct fst_reader_ops ops = {next, close_source};
    struct source *s = arg;
    struct source_reader *r = fst_alloc(sizeof(*r));
    enum fst_status status =
        fst_project(s->schema, options, "source", &r->schema, &r->indexes, err);
    if (status != FST_OK) {
        free(r);
        return status;
    }
    struct fst_buf asked = FST_BUF(sizeof(s->asked) - 1);
    for (size_t i = 0; options->columns && i < options->n_columns; i++)
        fst_buf_printf(&asked, "%s%s", i ? "," : "", options->columns[i]);
    snprintf(s->asked, sizeof(s->asked), "%s", fst_buf_text(&asked));
    fst_buf_clear(&asked);
    for (size_t i = 0; i < options->n_conditions; i++) {
        fst_buf_adds(&asked, i ? "; " : "");
        fst_condition_text(&asked, &options->conditions[i]);
    }
    snprintf(s->conditions, sizeof(s->conditions), "%s", fst_buf_text(&asked));
    fst_buf_done(&asked);
    s->offset = options->offset_rows;
    s->rows_made = 0;
    s->scans++;
    s->open_now++;
    r->source = s;
    r->row = options->offset_rows < ROWS ? (int64_t)options->offset_rows : ROWS;
    r->base = (struct fst_reader){&ops, r->schema, ROWS};
    *out = &r->base;
    return FST_OK;
}

static const struct {
    const char *name, *type;
} columns[] = {
    {"i", "int"},    {"l", "bigint"},    {"d", "double"},
    {"s", "string"}, {"b", "binary"},    {"t", "timestamp"},
    {"day", "date"}, {"yes", "boolean"}, {"dec", "decimal(38,2)"},
    {"f", "float"},
};

struct fixture {
    struct source source;
    sqlite3 *db;
};

static void add_column(struct fst_schema *s, const char *name, const char *type)
{
    struct fst_type t;
    assert_int_equal(fst_type_parse(s->arena, type, &t, NULL), FST_OK);
    fst_schema_add(s, name, &t, true);
}

static int set_up(void **state)
{
    struct fixture *f = fst_alloc(sizeof(*f));
    f->source.schema = fst_schema_new();
    for (size_t i = 0; i < FST_COUNT(columns); i++)
        add_column(f->source.schema, columns[i].name, columns[i].type);
    *state = f;
    return sqlite3_open(":memory:", &f->db);
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    sqlite3_close(f->db);
    assert_int_equal(f->source.open_now, 0);
    fst_schema_free(f->source.schema);
    free(f);
    return 0;
}

static void attach(struct fixture *f)
{
    struct fst_vtab table = {
        .schema = f->source.schema, .open = open_source, .arg = &f->source, .estimated_rows = ROWS};
    assert_int_equal(fst_vtab_attach(f->db, "my table", &table, NULL), FST_OK);
}

/* The rows of a query, values split by '|', rows by ';'; or the error. */
static char *query(sqlite3 *db, const char *sql)
{
    struct fst_buf out = FST_BUF_TEXT;
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
    while (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        rc = SQLITE_OK;
        for (int i = 0; i < sqlite3_column_count(st); i++) {
            const char *text = (const char *)sqlite3_column_text(st, i);
            fst_buf_printf(&out, "%s%s", i ? "|" : "", text ? text : "~");
        }
        fst_buf_addc(&out, ';');
    }
    if (rc != SQLITE_DONE)
        fst_buf_printf(&out, "error: %s", sqlite3_errmsg(db));
    sqlite3_finalize(st);
    return fst_buf_take(&out);
}

static void check(struct fixture *f, const char *sql, const char *expected)
{
    char *got = query(f->db, sql);
    assert_string_equal(got, expected);
    free(got);
}

static void test_data_vtab__values_come_by_kind(void **state)
{
    struct fixture *f = *state;
    attach(f);
    check(f, "select i,l,d,s,hex(b),t,day,yes,f from \"my table\" limit 2",
          "0|0|0.0|row 0|726F772030|0|0|0|0.0;1|1|0.5|row 1|726F772031|1|1|1|0.5;");
    check(f,
          "select typeof(i),typeof(l),typeof(d),typeof(s),typeof(b),typeof(t),typeof(day),"
          "typeof(yes),typeof(dec),typeof(f) from \"my table\" limit 1",
          "integer|integer|real|text|blob|integer|integer|integer|blob|real;");
    check(f, "select i,d,s,dec from \"my table\" where rowid = 10", "~|~|~|~;");
    check(f, "select typeof(d), d from \"my table\" where rowid = 4", "blob|NaN;");
}

static void test_data_vtab__decimals_sort_as_numbers(void **state)
{
    struct fixture *f = *state;
    attach(f);
    check(f, "select rowid from \"my table\" where dec is not null order by dec limit 3", "1;2;3;");
    check(f, "select hex(dec) from \"my table\" where rowid in (5, 6, 7)",
          "7FFFFFFFFFFF00000000000000000000;80000000000000000000000000000000;"
          "80000000000100000000000000000000;");
}

static void test_data_vtab__only_used_columns_are_asked_for(void **state)
{
    struct fixture *f = *state;
    attach(f);
    check(f, "select max(l) from \"my table\" where i < 100", "98;");
    assert_string_equal(f->source.asked, "i,l");
    check(f, "select count(*) from \"my table\"", "10000;");
    assert_string_equal(f->source.asked, "yes");
}

static void test_data_vtab__columns_beyond_the_mask_are_reached(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 90; i++) {
        char name[16];
        snprintf(name, sizeof(name), "x%d", i);
        add_column(f->source.schema, name, "bigint");
    }
    attach(f);
    check(f, "select x80, x0, x89 from \"my table\" limit 1 offset 7", "7|7|7;");
    check(f, "select x80, l from \"my table\" limit 1 offset 9", "~|~;");
}

static void test_data_vtab__many_cursors_are_open_at_once(void **state)
{
    struct fixture *f = *state;
    attach(f);
    check(f, "select count(*) from \"my table\" a join \"my table\" b on a.l = b.l", "9000;");
    check(f,
          "select a.i, b.i from (select i from \"my table\" limit 2) a, "
          "(select i from \"my table\" limit 2) b",
          "0|0;0|1;1|0;1|1;");
    assert_true(f->source.scans >= 4);
}

static void test_data_vtab__errors_of_the_reader_reach_the_statement(void **state)
{
    struct fixture *f = *state;
    attach(f);
    f->source.fails = true;
    check(f, "select sum(l) from \"my table\"", "error: part-3.parquet: page 7 is damaged");
    f->source.fails = false;
    check(f, "select count(l) from \"my table\"", "9000;");
}

static void test_data_vtab__cancelling_interrupts(void **state)
{
    struct fixture *f = *state;
    attach(f);
    f->source.is_cancelled = true;
    sqlite3_stmt *st;
    assert_int_equal(sqlite3_prepare_v2(f->db, "select sum(l) from \"my table\"", -1, &st, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_INTERRUPT);
    sqlite3_finalize(st);
}

static int stop(void *arg)
{
    return ++*(int *)arg > 2;
}

static void test_data_vtab__a_progress_handler_stops_the_scan(void **state)
{
    struct fixture *f = *state;
    attach(f);
    int calls = 0;
    sqlite3_progress_handler(f->db, 100, stop, &calls);
    check(f, "select sum(l) from \"my table\"", "error: interrupted");
    sqlite3_progress_handler(f->db, 0, NULL, NULL);
}

static void test_data_vtab__repeated_and_empty_names_are_told_apart(void **state)
{
    struct fixture *f = *state;
    add_column(f->source.schema, "I", "string");
    add_column(f->source.schema, "", "string");
    add_column(f->source.schema, "a\"b", "bigint");
    attach(f);
    check(f, "select i, \"I:2\", \"_c11\", \"a\"\"b\" from \"my table\" limit 1",
          "0|row 0|row 0|0;");
}

static void test_data_vtab__attaching_again_replaces(void **state)
{
    struct fixture *f = *state;
    attach(f);
    check(f, "select count(*) from \"my table\"", "10000;");
    struct fst_schema *narrow = fst_schema_new();
    add_column(narrow, "l", "bigint");
    struct fst_vtab table = {.schema = narrow, .open = open_source, .arg = &f->source};
    assert_int_equal(fst_vtab_attach(f->db, "my table", &table, NULL), FST_OK);
    fst_schema_free(narrow);
    check(f, "select * from \"my table\" limit 1", "0;");
}

/* One frame with an unreadable column and a nested one. */
static enum fst_status open_frame(void *arg, const struct fst_read_options *options,
                                  struct fst_reader **out, struct fst_error *err)
{
    (void)err;
    struct fst_schema *s = fst_schema_new();
    for (size_t i = 0; i < options->n_columns; i++)
        add_column(s, options->columns[i],
                   strcmp(options->columns[i], "n") ? "bigint" : "array<int>");
    struct fst_builder *b = fst_builder_new(s);
    for (size_t i = 0; i < options->n_columns; i++)
        if (strcmp(options->columns[i], "bad") == 0)
            fst_builder_unreadable(b, i, "encoding 99 is not known");
        else
            fst_builder_null(b, i);
    struct fst_frame *f = fst_builder_finish(b, 1);
    *out = fst_reader_of_frame(f);
    fst_frame_unref(f);
    (void)arg;
    return FST_OK;
}

static void test_data_vtab__an_unreadable_column_fails_only_who_reads_it(void **state)
{
    struct fixture *f = *state;
    struct fst_schema *s = fst_schema_new();
    add_column(s, "bad", "bigint");
    add_column(s, "n", "array<int>");
    struct fst_vtab table = {.schema = s, .open = open_frame};
    assert_int_equal(fst_vtab_attach(f->db, "t", &table, NULL), FST_OK);
    fst_schema_free(s);
    check(f, "select n from t", "~;");
    check(f, "select bad from t", "error: column bad cannot be read: encoding 99 is not known");
}

static void test_data_vtab__a_table_without_columns_is_refused(void **state)
{
    struct fixture *f = *state;
    struct fst_schema *s = fst_schema_new();
    struct fst_vtab table = {.schema = s, .open = open_frame};
    assert_int_equal(fst_vtab_attach(f->db, "t", &table, NULL), FST_EUNSUPPORTED);
    fst_schema_free(s);
}

static void check_asked(struct fixture *f, const char *where, const char *conditions)
{
    char *sql = fst_asprintf("select count(*) from \"my table\" where %s", where);
    char *got = query(f->db, sql);
    assert_null(strstr(got, "error"));
    assert_string_equal(f->source.conditions, conditions);
    free(got);
    free(sql);
}

static void test_data_vtab__comparisons_with_values_of_the_columns_kind_are_handed_on(void **state)
{
    struct fixture *f = *state;
    attach(f);
    check_asked(f, "i = 5", "i = 5");
    check_asked(f, "l > 5 and l <= 7 and s >= 'x'", "l > 5; l <= 7; s >= 'x'");
    check_asked(f, "7 > l", "l < 7");
    check_asked(f, "i < 5000000000", "i < 5000000000");
    check_asked(f, "i in (1, 2, null)", "i IN (1, 2)");
    check_asked(f, "i is null and s is not null", "i IS NULL; s IS NOT NULL");
    check_asked(f, "i is 5", "i = 5");
    check_asked(f, "d < x'4E614E' and d > 3", "d < NaN; d > 3.0");
    check_asked(f, "dec < x'80000000000000000000000000000064'", "dec < 1.00");
    check_asked(f, "day = 19000 and yes = 1", "day = 2022-01-08; yes = true");
    check_asked(f, "b = x'00FF'", "b = 00ff");
}

static void test_data_vtab__other_comparisons_are_left_to_sqlite(void **state)
{
    struct fixture *f = *state;
    attach(f);
    check_asked(f, "i = '5' or s = 5", "");
    check_asked(f, "s = 5", "");
    check_asked(f, "i > 1.5", "");
    check_asked(f, "s = 'ROW 1' collate nocase", "");
    check_asked(f, "i + 1 = 5", "");
    check_asked(f, "dec = 5", "");
    check_asked(f, "i != 5", "");
    check(f, "select count(*) from \"my table\" where i > 1.5", "8998;");
    check(f, "select count(*) from \"my table\" where s = 'ROW 1' collate nocase", "1;");
}

static void test_data_vtab__an_equality_with_null_reads_nothing(void **state)
{
    struct fixture *f = *state;
    attach(f);
    check(f, "select count(*) from \"my table\" where i = null", "0;");
    check(f, "select count(*) from \"my table\" where i in (null)", "0;");
    check(f, "select count(*) from \"my table\" where i is not null and i < 3", "3;");
}

static void test_data_vtab__rowids_say_where_a_scan_begins_and_ends(void **state)
{
    struct fixture *f = *state;
    attach(f);
    check(f, "select rowid, l from \"my table\" where rowid = 9001", "9001|9000;");
    assert_int_equal(f->source.offset, 9000);
    check(f, "select rowid, l from \"my table\" where rowid > 9000 and rowid <= 9002",
          "9001|9000;9002|9001;");
    check(f, "select count(*) from \"my table\" where rowid < 100", "99;");
    assert_true(f->source.rows_made <= 4096);
    check(f, "select count(*) from \"my table\" where rowid between 3 and 2", "0;");
    check(f, "select count(*) from \"my table\" where rowid = 10001", "0;");
    check(f, "select count(*) from \"my table\" where rowid >= -5", "10000;");
    check(f, "select rowid from \"my table\" where rowid > 9990 and l = 9993", "9994;");
}

static void test_data_vtab__the_order_of_rowids_is_free(void **state)
{
    struct fixture *f = *state;
    attach(f);
    char *plan =
        query(f->db, "explain query plan select * from \"my table\" order by rowid limit 3");
    assert_null(strstr(plan, "B-TREE"));
    free(plan);
    plan =
        query(f->db, "explain query plan select * from \"my table\" order by rowid desc limit 3");
    assert_non_null(strstr(plan, "B-TREE"));
    free(plan);
}

static void test_data_vtab__a_table_that_is_scanned_again_and_again_is_kept(void **state)
{
    struct fixture *f = *state;
    attach(f);
    check(f,
          "select count(*), sum(b.l) from \"my table\" a join \"my table\" b on b.l = a.i + 1 "
          "where a.l < 1000",
          "800|399600;");
    assert_true(f->source.scans <= 5);
    check(f,
          "select a.i, b.rowid from \"my table\" a join \"my table\" b on b.l = a.l "
          "where a.l in (4998, 5000, 5001, 5002, 5003)",
          "4998|4999;5000|5001;5001|5002;5002|5003;5003|5004;");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_data_vtab__values_come_by_kind),
        TEST(test_data_vtab__decimals_sort_as_numbers),
        TEST(test_data_vtab__only_used_columns_are_asked_for),
        TEST(test_data_vtab__columns_beyond_the_mask_are_reached),
        TEST(test_data_vtab__many_cursors_are_open_at_once),
        TEST(test_data_vtab__errors_of_the_reader_reach_the_statement),
        TEST(test_data_vtab__cancelling_interrupts),
        TEST(test_data_vtab__a_progress_handler_stops_the_scan),
        TEST(test_data_vtab__repeated_and_empty_names_are_told_apart),
        TEST(test_data_vtab__attaching_again_replaces),
        TEST(test_data_vtab__an_unreadable_column_fails_only_who_reads_it),
        TEST(test_data_vtab__a_table_without_columns_is_refused),
        TEST(test_data_vtab__comparisons_with_values_of_the_columns_kind_are_handed_on),
        TEST(test_data_vtab__other_comparisons_are_left_to_sqlite),
        TEST(test_data_vtab__an_equality_with_null_reads_nothing),
        TEST(test_data_vtab__rowids_say_where_a_scan_begins_and_ends),
        TEST(test_data_vtab__the_order_of_rowids_is_free),
        TEST(test_data_vtab__a_table_that_is_scanned_again_and_again_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
