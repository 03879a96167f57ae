/* What is told of a text before anything runs: the sources of its columns, whether it runs here. */
#include "firesteel/sql/tree.h"
#include "workspace.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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
    static const char rows[] = "who,amount,day\na,20,2024-01-01\nb,5,2024-01-02\n";
    if (workspace_make(state) != 0)
        return -1;
    fst_file_write("pays.csv", rows, strlen(rows), 0644, NULL);
    return workspace_define(yaml);
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
    return cmocka_run_group_tests(tests, make_workspace, workspace_remove);
}
