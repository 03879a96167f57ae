/* Syntax: what is refused and where, and that no text harms. */
#include "firesteel/sql/tree.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static enum fst_status one_table(void *arg, const char *const *parts, size_t n_parts,
                                 const struct fst_schema **schema, void **handle,
                                 struct fst_error *err)
{
    *schema = arg;
    *handle = NULL;
    if (n_parts == 1 && (parts[0][0] == 't' || parts[0][0] == '{'))
        return FST_OK;
    return fst_fail(err, FST_ENOTFOUND, "no such table");
}

static struct fst_schema *schema_of(const char *ddl)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_schema *s = fst_schema_new();
    struct fst_type type;
    assert_int_equal(fst_type_parse(a, ddl, &type, NULL), FST_OK);
    for (size_t i = 0; i < type.n_fields; i++)
        fst_schema_add(s, type.fields[i].name, &type.fields[i].type, true);
    fst_arena_free(a);
    return s;
}

static enum fst_status run(const char *sql, size_t n, struct fst_problem *problem,
                           struct fst_buf *text)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_schema *schema = schema_of("struct<a:int,b:string,c:decimal(10,2),d:double>");
    struct fst_sql_scope scope = {one_table, schema};
    struct fst_sql_tree *tree;
    struct fst_sql_plan *plan;
    struct fst_error err = {0};
    *problem = (struct fst_problem){0};
    enum fst_status status = fst_sql_parse(a, sql, n, &tree, problem, &err);
    if (status == FST_OK)
        status = fst_sql_resolve(a, tree, &scope, &plan, problem, &err);
    if (status == FST_OK && text)
        fst_plan_text(text, plan);
    if (status != FST_OK)
        assert_true(err.text[0] != 0);
    fst_schema_free(schema);
    fst_arena_free(a);
    return status;
}

static void refused(const char *sql, uint32_t line, uint32_t col, const char *what)
{
    struct fst_problem p;
    assert_int_equal(run(sql, strlen(sql), &p, NULL), FST_EUNSUPPORTED);
    assert_true(p.unsupported);
    assert_non_null(strstr(p.message, what));
    assert_int_equal(p.line, line);
    assert_int_equal(p.col, col);
}

static void wrong(const char *sql, uint32_t line, uint32_t col, const char *condition)
{
    struct fst_problem p;
    assert_int_equal(run(sql, strlen(sql), &p, NULL), FST_EINVAL);
    assert_false(p.unsupported);
    assert_string_equal(p.condition, condition);
    assert_int_equal(p.line, line);
    assert_int_equal(p.col, col);
    assert_true(p.len > 0);
}

static void planned(const char *sql, const char *expected)
{
    struct fst_problem p;
    struct fst_buf text = FST_BUF_TEXT;
    enum fst_status status = run(sql, strlen(sql), &p, &text);
    if (status != FST_OK)
        fail_msg("%s: %s", sql, p.message);
    assert_string_equal(fst_buf_text(&text), expected);
    fst_buf_done(&text);
}

static void test_sql_parse__names_what_it_does_not_do(void **state)
{
    (void)state;
    refused("insert into t values (1)", 1, 1, "insert");
    refused("create table x (a int)", 1, 1, "create");

    refused("select a from t tablesample (10 percent)", 1, 17, "tablesample");
    refused("from t |> set a = 1", 1, 11, "this step of a pipe");
    refused("from t |> select a |> where t.a > 1", 1, 20, "a qualified name");
    refused("from t select a as x select b", 1, 22, "FROM before several");
    refused("select x -> x from t", 1, 8, "lambda");
    refused("select ? from t", 1, 8, "parameters");
    refused("with recursive x as (select 1) select * from x", 1, 6, "RECURSIVE");
    refused("select shuffle(a) from t", 1, 8, "function shuffle");
    refused("select a from t group by cube(a) with rollup", 1, 34, "grouping sets after others");
}

static void test_sql_parse__says_where_the_syntax_is_wrong(void **state)
{
    (void)state;
    wrong("selec a", 1, 1, "PARSE_SYNTAX_ERROR");
    wrong("select a\nfrom t\nwhere (a = 1", 3, 13, "PARSE_SYNTAX_ERROR");
    wrong("select 'abc", 1, 8, "PARSE_SYNTAX_ERROR");
    wrong("select a, from t", 1, 11, "TRAILING_COMMA_IN_SELECT");
    wrong("", 1, 1, "PARSE_SYNTAX_ERROR");
    wrong(" -- nothing\n", 2, 1, "PARSE_SYNTAX_ERROR");
}

static void test_sql_parse__takes_references_as_tables(void **state)
{
    (void)state;
    planned("select a from {{x.v1}}",
            "project [#0] -> a int\n"
            "  scan {x.v1} -> a int, b string, c decimal(10,2), d double\n");
}

static void nest(struct fst_buf *b, const char *open, const char *middle, const char *close, int n)
{
    fst_buf_adds(b, "select ");
    for (int i = 0; i < n; i++)
        fst_buf_adds(b, open);
    fst_buf_adds(b, middle);
    for (int i = 0; i < n; i++)
        fst_buf_adds(b, close);
}

static void test_sql_parse__refuses_depth_without_falling(void **state)
{
    (void)state;
    static const char *const shapes[][3] = {
        {"(", "1", ")"},
        {"-(", "1", ")"},
        {"- ", "a", ""},
        {"not ", "true", ""},
        {"", "1", " + 1"},
        {"", "'a'", " || 'a'"},
        {"upper(", "'a'", ")"},
        {"case when true then ", "1", " end"},
        {"(select ", "1", ")"},
        {"cast(", "1", " as int)"},
        {"", "1", "::int"},
        {"1 in (", "1", ")"},
        {"", "1 from t", " join t"},
        {"", "1", " union select 1"},
        {"1 from (select ", "1", ")"},
        {"exists (select ", "1", ")"},
    };
    for (size_t i = 0; i < FST_COUNT(shapes); i++) {
        struct fst_buf b = FST_BUF_TEXT;
        struct fst_problem p;
        nest(&b, shapes[i][0], shapes[i][1], shapes[i][2], 20000);
        assert_int_equal(run(b.p, b.n, &p, NULL), FST_EUNSUPPORTED);
        fst_buf_done(&b);
    }
}

struct job {
    struct fst_buf sql;
    enum fst_status status;
};

static void *on_thread(void *arg)
{
    struct job *j = arg;
    struct fst_problem p;
    struct fst_buf text = FST_BUF_TEXT;
    j->status = run(j->sql.p, j->sql.n, &p, &text);
    fst_buf_done(&text);
    return NULL;
}

static void test_sql_parse__needs_half_a_megabyte_of_stack(void **state)
{
    (void)state;
    static const char *const shapes[][3] = {
        {"(", "1", ")"},        {"not (", "true", ")"},
        {"upper(", "'a'", ")"}, {"case when true then ", "1", " end"},
        {"", "1", " + 1"},      {"(1 + (", "1", "))"},
    };
    for (size_t i = 0; i < FST_COUNT(shapes); i++) {
        struct job j = {.sql = FST_BUF_TEXT};
        pthread_attr_t attr;
        pthread_t thread;
        pthread_attr_init(&attr);
#ifdef __SANITIZE_ADDRESS__
        pthread_attr_setstacksize(&attr, (size_t)4 << 20);
#else
        pthread_attr_setstacksize(&attr, (size_t)512 << 10);
#endif
        nest(&j.sql, shapes[i][0], shapes[i][1], shapes[i][2], i == 1 || i == 5 ? 65 : 130);
        assert_int_equal(pthread_create(&thread, &attr, on_thread, &j), 0);
        pthread_join(thread, NULL);
        assert_int_equal(j.status, FST_OK);
        pthread_attr_destroy(&attr);
        fst_buf_done(&j.sql);
    }
}

static void test_sql_parse__takes_long_lists_and_long_conditions(void **state)
{
    (void)state;
    struct fst_buf b = FST_BUF_TEXT;
    struct fst_problem p;
    fst_buf_adds(&b, "select a from t where a = 0");
    for (int i = 1; i < 3000; i++)
        fst_buf_printf(&b, " or a = %d", i);
    fst_buf_adds(&b, " or a in (0");
    for (int i = 1; i < 3000; i++)
        fst_buf_printf(&b, ", %d", i);
    fst_buf_adds(&b, ")");
    assert_int_equal(run(b.p, b.n, &p, NULL), FST_OK);
    fst_buf_done(&b);
}

static void test_sql_resolve__writes_every_cast(void **state)
{
    (void)state;
    planned("select a + b, a / 2, c + 1 from t",
            "project [+(cast(#0 as bigint), cast(#1 as bigint)), /(cast(#0 as double), cast(2 as "
            "double)), +(#2, cast(1 as decimal(1,0)))] -> (a + b) bigint, (a / 2) double, (c + 1) "
            "decimal(11,2)\n"
            "  scan t -> a int, b string, c decimal(10,2), d double\n");
}

static void test_sql_resolve__orders_aggregate_filter_window_sort(void **state)
{
    (void)state;
    static const char *const steps[] = {"sort", "project", "window", "filter", "aggregate", "scan"};
    struct fst_problem p;
    struct fst_buf text = FST_BUF_TEXT;
    const char *sql = "select a, sum(d) s, rank() over (order by sum(d)) r from t group by a "
                      "having s > 1 order by s";
    assert_int_equal(run(sql, strlen(sql), &p, &text), FST_OK);
    const char *at = fst_buf_text(&text);
    for (size_t i = 0; i < FST_COUNT(steps); i++) {
        at += strspn(at, " ");
        assert_memory_equal(at, steps[i], strlen(steps[i]));
        at = strchr(at, '\n') + 1;
    }
    fst_buf_done(&text);
}

static void test_sql_resolve__sorts_by_what_is_not_shown(void **state)
{
    (void)state;
    planned("select a from t order by d desc limit 3",
            "sort by #1 DESC NULLS LAST limit 3 offset 0 -> a int\n"
            "  project [#0, #3] -> a int, d double\n"
            "    scan t -> a int, b string, c decimal(10,2), d double\n");
}

static void test_sql_resolve__tells_in_a_filter_from_in_a_value(void **state)
{
    (void)state;
    struct fst_problem p;
    struct fst_buf text = FST_BUF_TEXT;
    const char *filter = "select a from t where a > 0 and a not in (select a from t)";
    assert_int_equal(run(filter, strlen(filter), &p, &text), FST_OK);
    assert_non_null(strstr(fst_buf_text(&text), "not in(#0) {"));
    fst_buf_clear(&text);
    const char *value = "select a from t where a > 0 or a not in (select a from t)";
    assert_int_equal(run(value, strlen(value), &p, &text), FST_OK);
    assert_non_null(strstr(fst_buf_text(&text), "not in as existence(#0) {"));
    fst_buf_done(&text);
}

static void test_sql_resolve__reaches_the_outer_query(void **state)
{
    (void)state;
    struct fst_problem p;
    struct fst_buf text = FST_BUF_TEXT;
    const char *sql = "select a from t x where exists (select 1 from t y where y.d = x.d)";
    assert_int_equal(run(sql, strlen(sql), &p, &text), FST_OK);
    assert_non_null(strstr(fst_buf_text(&text), "=(#3, outer.#3)"));
    fst_buf_done(&text);
}

static void test_sql_functions__are_sorted_and_found(void **state)
{
    (void)state;
    for (size_t i = 1; i < fst_sql_n_functions; i++) {
        const struct fst_function *f = &fst_sql_functions[i];
        assert_true(f->help[0] && f->usage[0]);
        if (f->kind != FST_FN_OPERATOR)
            assert_true(strcmp(f[-1].name, f->name) < 0);
    }
    assert_int_equal(fst_sql_function("COALESCE", 8)->id, FST_FN_COALESCE);
    assert_null(fst_sql_function("+", 1));
    assert_null(fst_sql_function("nope", 4));
}

/* xorshift: the same texts on every run. */
static uint32_t next(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static void mutate(char *s, size_t *n, size_t cap, const char *other, size_t other_n,
                   uint32_t *seed)
{
    static const char pieces[] = "()'\"`,.;*-+/%=<>!|&^~:?{}[]\\0123456789 \n\xc3\xa9";
    for (uint32_t k = next(seed) % 4 + 1; k > 0 && *n; k--) {
        size_t at = next(seed) % *n, len = next(seed) % 12;
        switch (next(seed) % 4) {
        case 0:
            s[at] = pieces[next(seed) % (sizeof pieces - 1)];
            break;
        case 1:
            len = at + len > *n ? *n - at : len;
            memmove(s + at, s + at + len, *n - at - len);
            *n -= len;
            break;
        case 2:
            if (*n + len >= cap || len >= other_n)
                break;
            memmove(s + at + len, s + at, *n - at);
            memcpy(s + at, other + next(seed) % (other_n - len), len);
            *n += len;
            break;
        default:
            s[at] = s[next(seed) % *n];
        }
    }
}

static void test_sql_parse__survives_mutations(void **state)
{
    (void)state;
    char *text, *lines[4096];
    size_t n, count = 0;
    struct fst_error err;
    uint32_t seed = 20240607;
    if (fst_file_read("tests/sql/names.sql", (size_t)8 << 20, &text, &n, &err) != FST_OK)
        fail_msg("%s", err.text);
    for (char *l = strtok(text, "\n"); l && count < FST_COUNT(lines); l = strtok(NULL, "\n"))
        lines[count++] = l;
    for (int round = 0; round < 12000; round++) {
        const char *base = lines[next(&seed) % count], *other = lines[next(&seed) % count];
        char s[4096];
        size_t len = strlen(base);
        if (len + 200 > sizeof s)
            continue;
        memcpy(s, base, len);
        mutate(s, &len, sizeof s, other, strlen(other), &seed);
        char *exact = malloc(len + 1);
        memcpy(exact, s, len);
        struct fst_problem p;
        enum fst_status status = run(exact, len, &p, NULL);
        assert_true(status == FST_OK || status == FST_EINVAL || status == FST_EUNSUPPORTED);
        assert_true((status == FST_EUNSUPPORTED) == p.unsupported);
        free(exact);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sql_parse__names_what_it_does_not_do),
        cmocka_unit_test(test_sql_parse__says_where_the_syntax_is_wrong),
        cmocka_unit_test(test_sql_parse__takes_references_as_tables),
        cmocka_unit_test(test_sql_parse__refuses_depth_without_falling),
        cmocka_unit_test(test_sql_parse__needs_half_a_megabyte_of_stack),
        cmocka_unit_test(test_sql_parse__takes_long_lists_and_long_conditions),
        cmocka_unit_test(test_sql_resolve__writes_every_cast),
        cmocka_unit_test(test_sql_resolve__sorts_by_what_is_not_shown),
        cmocka_unit_test(test_sql_resolve__orders_aggregate_filter_window_sort),
        cmocka_unit_test(test_sql_resolve__tells_in_a_filter_from_in_a_value),
        cmocka_unit_test(test_sql_resolve__reaches_the_outer_query),
        cmocka_unit_test(test_sql_functions__are_sorted_and_found),
        cmocka_unit_test(test_sql_parse__survives_mutations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
