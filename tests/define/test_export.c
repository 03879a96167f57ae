/* Exports: what is written reads back as the same, whatever is in the texts; and diffs. */
#include "definitions.h"

static char *exported(const struct fst_definitions *d)
{
    struct fst_buf out = FST_BUF_TEXT;

    fst_define_export(&out, (const struct fst_resource *const *)d->resources, d->n);
    return fst_buf_take(&out);
}

/* Write, read, write: the same text, and the same resource. */
static void comes_back(struct fst_resource *r)
{
    struct fst_definitions a = {NULL}, b = {NULL};
    struct fst_error err;

    fst_definitions_add(&a, r);
    char *first = exported(&a);
    if (fst_define_read(&b, "export.yaml", "/", first, strlen(first), NULL, &err) != FST_OK)
        fail_msg("%s\n%s", err.text, first);
    char *second = exported(&b);
    assert_string_equal(first, second);
    assert_int_equal(b.n, 1);
    assert_true(fst_resource_same(a.resources[0], b.resources[0]));
    if (r->description)
        assert_string_equal(r->description, b.resources[0]->description);
    if (r->sql)
        assert_string_equal(r->sql, b.resources[0]->sql);
    if (r->python)
        assert_string_equal(r->python, b.resources[0]->python);
    fst_definitions_done(&a);
    fst_definitions_done(&b);
    free(first);
    free(second);
}

static const char *const odd_texts[] = {
    "",
    " ",
    "  two lead",
    "trailing ",
    "\n",
    "\n\n",
    "a\n",
    "a\n\n",
    "\na",
    "  a\n b\n",
    "a\n \nb",
    "a\n\tb\n",
    "\ta\nb",
    "a\r\nb",
    "a\rb",
    "yes",
    "NULL",
    "~",
    "0x1F",
    "1e3",
    "-1",
    "1.0",
    "2024-01-01",
    "12:30:45",
    "true",
    "- a",
    "a: b",
    "a:",
    "a #b",
    "#a",
    "'quoted'",
    "\"q\"",
    "\\n",
    "%a",
    "@a",
    "`a`",
    "{a: b}",
    "[a]",
    "*a",
    "&a",
    "!a",
    "|",
    ">",
    "? a",
    "---",
    "...",
    "a\n---\nb",
    "a\n...\nb\n",
    "ä ö ü",
    "日本語\n中",
    "\xF0\x9F\x98\x80",
    "\xC2\x85x",
    "\xE2\x80\xA8x",
    "\xEF\xBB\xBFx",
    "\x01\x7F",
    "\xC2\xA0",
    "${X}",
    "$${X}",
    "$$${X}",
    "cost $5 {x}",
    "SELECT ${x}\nFROM {{t.v}}\n",
    "=",
    "<<",
    "a\n  #b\n",
    "key: |\n  x\n",
    "\xEF\xBF\xBE",
    "sc://host:15002/;x=y",
};

static void test_define_export__odd_texts_come_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < FST_COUNT(odd_texts); i++) {
        struct fst_resource *r = fst_resource_new(FST_ENTITY, "user", NULL);
        r->description = fst_arena_strdup(r->arena, odd_texts[i]);
        fst_resource_set_property(r, "k", odd_texts[i]);
        if (*odd_texts[i])
            fst_resource_set_property(r, odd_texts[i], "v");
        comes_back(r);
    }
}

static void test_define_export__random_sql_comes_back(void **state)
{
    static const char *const bits[] = {"SELECT", " ", "\n", "  ", "\t", "'",   "\"",
                                       ":",      "#", "-",  "ä",  "{{", "}}",  "$",
                                       "{",      "|", "\\", "x",  "1",  "\n\n"};
    uint32_t seed = 3;

    (void)state;
    for (int round = 0; round < 2000; round++) {
        struct fst_resource *r = fst_resource_new(FST_TRANSFORMATION, "q", "v1");
        struct fst_buf sql = FST_BUF_TEXT;
        fst_buf_adds(&sql, round % 2 ? "" : "x");
        for (int i = 0; i < 12; i++) {
            seed = seed * 1664525u + 1013904223u;
            fst_buf_adds(&sql, bits[(seed >> 8) % FST_COUNT(bits)]);
        }
        fst_buf_adds(&sql, strspn(fst_buf_text(&sql), " \t\n") == sql.n ? "x" : "");
        r->sql = fst_arena_strdup(r->arena, fst_buf_text(&sql));
        fst_buf_done(&sql);
        comes_back(r);
    }
}

static void test_define_export__reads_like_a_person_wrote_it(void **state)
{
    static const char text[] = "providers:\n"
                               "  - name: spark\n"
                               "    engine: connect\n"
                               "    options:\n"
                               "      url: sc://localhost:15002\n"
                               "      port: 15002\n"
                               "      conf:\n"
                               "        spark.sql.ansi.enabled: \"true\"\n"
                               "\n"
                               "transformations:\n"
                               "  - name: spend\n"
                               "    variant: v1\n"
                               "    description: What is spent\n"
                               "    tags:\n"
                               "      - gold\n"
                               "    provider: spark\n"
                               "    sql: |\n"
                               "      SELECT *\n"
                               "      FROM {{tx.v1}}\n"
                               "\n"
                               "training_sets:\n"
                               "  - name: set\n"
                               "    variant: v1\n"
                               "    label: bad.v1\n"
                               "    features:\n"
                               "      - avg.v1\n"
                               "    lags:\n"
                               "      - feature: avg.v1\n"
                               "        lag: 1d12h\n"
                               "        name: before\n";
    struct fst_definitions d = {NULL};
    struct fst_error err;

    (void)state;
    if (read_text(&d, text, &err) != FST_OK)
        fail_msg("%s", err.text);
    char *again = exported(&d);
    assert_string_equal(again, text);
    free(again);
    fst_definitions_done(&d);
}

static void test_define_export__a_catalog_comes_back_from_its_export(void **state)
{
    static const char text[] =
        "providers: [{name: p, engine: local, tags: [x]}]\n"
        "entities: [{name: user}]\n"
        "sources: [{name: tx, path: /tx, provider: p, options: {a: {b: [1, 1.50, x, null, .5]}}}]\n"
        "transformations: [{name: q, sql: \" SELECT 'ä: ${'\\n FROM {{tx}}  \"}]\n";
    struct fst_definitions d = {NULL};
    struct fst_resource *r;
    struct fixture f;

    (void)state;
    open_catalog(&f);
    char *safe = fst_strdup(text), *dollar = strstr(safe, "${");
    *dollar = '#';
    apply_text(&f, safe, NOON);
    for (int kind = 0; kind <= FST_TRANSFORMATION; kind++) {
        static const char *const names[] = {"p", "user", "tx", "q"};
        if (fst_catalog_find(f.c, (enum fst_resource_kind)kind, names[kind], NULL, &r, &f.err))
            fail_msg("%s", f.err.text);
        fst_definitions_add(&d, r);
    }
    char *first = exported(&d);
    fst_definitions_done(&d);
    struct fst_plan plan;
    assert_int_equal(plan_text(&f, first, NOON, &d, &plan), FST_OK);
    for (size_t i = 0; i < plan.n; i++)
        assert_int_equal(plan.rows[i].change, FST_CHANGE_EQUAL);
    char *second = exported(&d);
    assert_string_equal(first, second);
    fst_plan_done(&plan);
    fst_definitions_done(&d);
    free(first);
    free(second);
    free(safe);
    close_catalog(&f);
}

static void differs(const char *a, const char *b, const char *expected)
{
    struct fst_buf out = FST_BUF_TEXT;

    fst_diff_text(&out, a, b);
    assert_string_equal(fst_buf_text(&out), expected);
    fst_buf_done(&out);
}

static void test_define_diff__shows_three_lines_around(void **state)
{
    (void)state;
    differs("a\n", "a\n", "");
    differs("", "", "");
    differs("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nX\n6\n7\n8\n9\n",
            "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+X\n 6\n 7\n 8\n");
    differs("", "a\n", "@@ -0,0 +1,1 @@\n+a\n");
    differs("a\n", "", "@@ -1,1 +0,0 @@\n-a\n");
    differs("a", "a\n", "@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n");
}

static void test_define_diff__near_changes_share_a_hunk_and_far_ones_do_not(void **state)
{
    (void)state;
    differs("x\n1\n2\n3\n4\n5\n6\ny\n", "X\n1\n2\n3\n4\n5\n6\nY\n",
            "@@ -1,8 +1,8 @@\n-x\n+X\n 1\n 2\n 3\n 4\n 5\n 6\n-y\n+Y\n");
    differs("x\n1\n2\n3\n4\n5\n6\n7\ny\n", "X\n1\n2\n3\n4\n5\n6\n7\nY\n",
            "@@ -1,4 +1,4 @@\n-x\n+X\n 1\n 2\n 3\n"
            "@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-y\n+Y\n");
}

static void test_define_diff__very_different_texts_cost_little(void **state)
{
    struct fst_buf a = FST_BUF_TEXT, b = FST_BUF_TEXT, out = FST_BUF_TEXT;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        fst_buf_printf(&a, "%d\n", i);
        fst_buf_printf(&b, "%d\n", -i - 1);
    }
    fst_diff_text(&out, fst_buf_text(&a), fst_buf_text(&b));
    assert_memory_equal(fst_buf_text(&out), "@@ -1,20000 +1,20000 @@\n-0\n", 27);
    fst_buf_done(&a);
    fst_buf_done(&b);
    fst_buf_done(&out);
}

static const char *const odd_code[] = {
    "def f(a):\n\treturn a\n",
    "def f(a):  \n    return a   \n   ",
    "\n\n  # c\ndef f(a): return '${x} {{y}} \\ \"'\n\n\n",
    "def f(a):\r\n    return a\r\n",
    "\tx\ndef f(a): return a",
    "def f(a): return '\xC3\xA9\xE2\x80\xA8'",
};

static void test_define_export__code_comes_back_byte_for_byte(void **state)
{
    static struct fst_ref inputs[] = {{"a", "v1"}, {"b", "v2"}};

    (void)state;
    for (size_t i = 0; i < FST_COUNT(odd_code); i++) {
        struct fst_resource *r = fst_resource_new(FST_TRANSFORMATION, "f", "v1");
        r->python = odd_code[i];
        r->inputs = inputs;
        r->n_inputs = 2;
        r->max_job_duration_us = 1500000;
        comes_back(r);
    }
}

static void test_define_export__jobs_and_tables_come_back(void **state)
{
    static const char *args[] = {"", "a\nb", "--x", "true", "1.0", "#c", "- d"};
    struct fst_resource *job = fst_resource_new(FST_JOB, "j", "v1");
    struct fst_resource *table = fst_resource_new(FST_SOURCE, "t", "v1");

    (void)state;
    assert_int_equal(fst_resource_read_spec(job,
                                            "{\"file\":\"/x/j.jar\",\"class\":\"A\",\"conf\":"
                                            "{\"spark.a\":\"1\",\"spark.b c\":\"env:X\"}}",
                                            NULL),
                     FST_OK);
    job->args = args;
    job->n_args = FST_COUNT(args);
    comes_back(job);
    table->table = "`a b`.c";
    table->provider = "spark";
    comes_back(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_define_export__code_comes_back_byte_for_byte),
        cmocka_unit_test(test_define_export__jobs_and_tables_come_back),
        cmocka_unit_test(test_define_export__odd_texts_come_back),
        cmocka_unit_test(test_define_export__random_sql_comes_back),
        cmocka_unit_test(test_define_export__reads_like_a_person_wrote_it),
        cmocka_unit_test(test_define_export__a_catalog_comes_back_from_its_export),
        cmocka_unit_test(test_define_diff__shows_three_lines_around),
        cmocka_unit_test(test_define_diff__near_changes_share_a_hunk_and_far_ones_do_not),
        cmocka_unit_test(test_define_diff__very_different_texts_cost_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
