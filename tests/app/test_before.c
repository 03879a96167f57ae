/* What is told of a text before anything runs: the sources of its columns, whether it runs here. */
#include "firesteel/app.h"
#include "firesteel/define.h"
#include "firesteel/sql/tree.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64];
static struct fst_app *app;
static struct fst_error err;

static const char yaml[] =
    "entities: [{name: user}]\n"
    "providers: [{name: away, engine: connect}]\n"
    "sources:\n"
    "  - {name: pays, variant: v1, path: pays.csv, format: csv, options: {header: \"true\", "
    "inferSchema: \"true\"}}\n"
    "transformations:\n"
    "  - {name: big, variant: v1, sql: \"SELECT who, amount * 2 AS twice, day FROM {{pays.v1}} "
    "WHERE amount > 10\"}\n"
    "  - {name: spent, variant: v1, sql: \"SELECT who, sum(twice) AS s FROM {{big.v1}} GROUP BY "
    "who\"}\n"
    "  - name: shaped\n    variant: v1\n    inputs: [pays.v1]\n"
    "    python: |\n      def shaped(pays):\n          return pays\n"
    "  - {name: after, variant: v1, sql: \"SELECT * FROM {{shaped.v1}}\"}\n"
    "features:\n"
    "  - {name: spent, variant: v1, entity: user, from: spent.v1, entity_column: who, "
    "value_column: s}\n";

static int make_workspace(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/firesteel-test-XXXXXX");
    if (!mkdtemp(folder) || chdir(folder) != 0)
        return -1;
    unsetenv("FIRESTEEL_CATALOG");
    setenv("HOME", folder, 1);
    setenv("XDG_CONFIG_HOME", folder, 1);
    setenv("XDG_DATA_HOME", folder, 1);
    setenv("XDG_STATE_HOME", folder, 1);
    static const char rows[] = "who,amount,day\na,20,2024-01-01\nb,5,2024-01-02\n";
    struct fst_app_options o = {0};
    struct fst_definitions d = {0};
    struct fst_plan plan;
    struct fst_catalog *c;
    fst_file_write("pays.csv", rows, strlen(rows), 0644, NULL);
    if (fst_app_init(".", false, "firesteel", NULL, NULL, &err) != FST_OK ||
        fst_app_open(&o, false, &app, &err) != FST_OK ||
        fst_define_read(&d, "d.yaml", folder, yaml, strlen(yaml), NULL, &err) != FST_OK ||
        fst_app_take(app, &c, &err) != FST_OK || fst_define_plan(&d, c, 0, &plan, &err) != FST_OK ||
        fst_define_apply(&plan, c, &err) != FST_OK) {
        print_error("%s\n", err.text);
        return -1;
    }
    fst_app_give(app, c);
    fst_plan_done(&plan);
    fst_definitions_done(&d);
    return 0;
}

static int remove_workspace(void **state)
{
    (void)state;
    fst_app_close(app);
    return chdir("/") == 0 && fst_remove_tree(folder, NULL) == FST_OK ? 0 : -1;
}

/* "column<from.column:uses ..." and the notes after a bar. */
static void follow(enum fst_resource_kind kind, const char *name, struct fst_buf *out)
{
    struct fst_catalog *c;
    struct fst_resource *r;
    struct fst_column_origins o;
    assert_int_equal(fst_app_take(app, &c, &err), FST_OK);
    assert_int_equal(fst_catalog_find(c, kind, name, "v1", &r, &err), FST_OK);
    fst_app_give(app, c);
    if (fst_app_column_origins(app, r, &o, &err) != FST_OK)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < o.n; i++)
        fst_buf_printf(out, "%s%s<%s.%s:%u", i ? " " : "",
                       o.items[i].column ? o.items[i].column : "", o.items[i].from,
                       o.items[i].from_column, o.items[i].uses);
    for (size_t i = 0; i < o.n_notes; i++)
        fst_buf_printf(out, "|%s", o.notes[i]);
    fst_column_origins_done(&o);
    fst_resource_free(r);
}

static void expect(enum fst_resource_kind kind, const char *name, const char *expected)
{
    struct fst_buf out = FST_BUF_TEXT;
    follow(kind, name, &out);
    assert_string_equal(fst_buf_text(&out), expected);
    fst_buf_done(&out);
}

static void a_column_is_followed_through_what_never_ran(void **state)
{
    (void)state;
    expect(FST_TRANSFORMATION, "big",
           "who<pays.v1.who:1 twice<pays.v1.amount:2 day<pays.v1.day:1 <pays.v1.amount:4");
    expect(FST_TRANSFORMATION, "spent",
           "who<pays.v1.who:1 s<pays.v1.amount:2 <pays.v1.amount:4 <pays.v1.who:8");
}

static void a_feature_may_be_called_like_what_it_stands_on(void **state)
{
    (void)state;
    expect(FST_FEATURE, "spent",
           "who<pays.v1.who:1 s<pays.v1.amount:2 <pays.v1.amount:4 <pays.v1.who:8");
}

static void what_has_no_sql_is_an_end_with_a_note(void **state)
{
    (void)state;
    struct fst_buf out = FST_BUF_TEXT;
    follow(FST_TRANSFORMATION, "after", &out);
    assert_non_null(strstr(fst_buf_text(&out), "after.v1 is not looked into: "));
    assert_non_null(strstr(fst_buf_text(&out), "Python function"));
    fst_buf_done(&out);
}

static void an_entity_has_no_columns(void **state)
{
    (void)state;
    struct fst_catalog *c;
    struct fst_resource *r;
    struct fst_column_origins o;
    assert_int_equal(fst_app_take(app, &c, &err), FST_OK);
    assert_int_equal(fst_catalog_find(c, FST_ENTITY, "user", NULL, &r, &err), FST_OK);
    fst_app_give(app, c);
    assert_int_equal(fst_app_column_origins(app, r, &o, &err), FST_EINVAL);
    assert_non_null(strstr(err.text, "user"));
    fst_resource_free(r);
}

static void a_text_says_what_keeps_it_from_running_here(void **state)
{
    (void)state;
    assert_null(fst_app_not_local(app, "SELECT 1 AS a", NULL, "away"));
    char *why = fst_app_not_local(app, "SELECT a\nFROM VALUES (1) AS t(a) TABLESAMPLE (3 ROWS)",
                                  NULL, "away");
    assert_non_null(why);
    assert_non_null(strstr(why, "line 2"));
    assert_non_null(strstr(why, "TABLESAMPLE"));
    free(why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_is_followed_through_what_never_ran),
        cmocka_unit_test(a_feature_may_be_called_like_what_it_stands_on),
        cmocka_unit_test(what_has_no_sql_is_an_end_with_a_note),
        cmocka_unit_test(an_entity_has_no_columns),
        cmocka_unit_test(a_text_says_what_keeps_it_from_running_here),
    };
    return cmocka_run_group_tests(tests, make_workspace, remove_workspace);
}
