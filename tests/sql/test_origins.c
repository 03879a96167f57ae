/* Which columns of tables each column of an answer is made of. */
#include "firesteel/sql/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const names[] = {"t", "u"};
static const char *const types[] = {"struct<a:int,b:int,c:int,d:string>", "struct<a:int,x:int>"};
static struct fst_schema *schemas[2];

static enum fst_status find_table(void *arg, const char *const *parts, size_t n_parts,
                                  const struct fst_schema **schema, void **handle,
                                  struct fst_error *err)
{
    (void)arg;
    *handle = NULL;
    for (size_t i = 0; n_parts == 1 && i < FST_COUNT(names); i++)
        if (strcmp(parts[0], names[i]) == 0) {
            *schema = schemas[i];
            return FST_OK;
        }
    return fst_fail(err, FST_ENOTFOUND, "no such table");
}

static int open_tables(void **state)
{
    (void)state;
    struct fst_arena *a = fst_arena_new();
    for (size_t i = 0; i < FST_COUNT(names); i++) {
        struct fst_type type;
        assert_int_equal(fst_type_parse(a, types[i], &type, NULL), FST_OK);
        schemas[i] = fst_schema_new();
        for (size_t k = 0; k < type.n_fields; k++)
            fst_schema_add(schemas[i], type.fields[k].name, &type.fields[k].type, true);
    }
    fst_arena_free(a);
    return 0;
}

static int close_tables(void **state)
{
    (void)state;
    fst_schema_free(schemas[0]);
    fst_schema_free(schemas[1]);
    return 0;
}

/* "t.a t.b=computed,filter": tables are numbered by where they are first named. */
static void write_origins(struct fst_buf *out, const struct fst_sql_plan *plan,
                          const struct fst_origins *o)
{
    static const char *const uses[] = {"as-is", "computed", "filter", "order"};
    for (size_t i = 0; i < o->n; i++) {
        const struct fst_plan_table *table = &plan->tables[o->items[i].table];
        fst_buf_printf(out, "%s%s.%s", i ? " " : "", table->parts[0],
                       table->schema->fields[o->items[i].column].name);
        for (size_t k = 0, n = 0; k < FST_COUNT(uses); k++)
            if (o->items[i].uses & 1u << k)
                fst_buf_printf(out, "%s%s", n++ ? "," : "=", uses[k]);
    }
}

static void expect(const char *sql, const char *expected)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_sql_scope scope = {find_table, NULL};
    struct fst_sql_tree *tree;
    struct fst_sql_plan *plan = NULL;
    struct fst_plan_origins origins;
    struct fst_error err = {0};
    struct fst_buf out = FST_BUF_TEXT;
    if (fst_sql_parse(a, sql, strlen(sql), &tree, NULL, &err) != FST_OK ||
        fst_sql_resolve(a, tree, &scope, &plan, NULL, &err) != FST_OK ||
        fst_sql_origins(a, plan, &origins, &err) != FST_OK)
        fail_msg("%s: %s", sql, err.text);
    for (size_t i = 0; i < origins.n_columns; i++) {
        write_origins(&out, plan, &origins.columns[i]);
        fst_buf_adds(&out, "; ");
    }
    fst_buf_adds(&out, "rows ");
    write_origins(&out, plan, &origins.rows);
    if (strcmp(fst_buf_text(&out), expected) != 0)
        fail_msg("%s\n  gives    %s\n  expected %s", sql, fst_buf_text(&out), expected);
    fst_buf_done(&out);
    fst_arena_free(a);
}

static void a_column_comes_as_it_is_or_computed(void **state)
{
    (void)state;
    expect("SELECT a, a AS x, a + b, 1 FROM t",
           "t.a=as-is; t.a=as-is; t.a=computed t.b=computed; ; rows ");
    expect("SELECT CAST(a AS string), upper(d) FROM t", "t.a=computed; t.d=computed; rows ");
}

static void conditions_are_of_the_rows(void **state)
{
    (void)state;
    expect("SELECT a FROM t WHERE b > 1", "t.a=as-is; rows t.b=filter");
    expect("SELECT t.a, x FROM t JOIN u ON t.a = u.a AND c > 0",
           "t.a=as-is; u.x=as-is; rows t.a=filter t.c=filter u.a=filter");
    expect("SELECT a FROM t LEFT SEMI JOIN u USING (a)", "t.a=as-is; rows t.a=filter u.a=filter");
    expect("SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.a = t.b)",
           "t.a=as-is; rows t.b=filter u.a=filter");
    expect("SELECT a FROM t WHERE b IN (SELECT x FROM u WHERE u.a > 1)",
           "t.a=as-is; rows t.b=filter u.a=filter u.x=filter");
}

static void groups_and_orders_are_told_apart(void **state)
{
    (void)state;
    expect("SELECT a, sum(b) FILTER (WHERE c > 0) s FROM t GROUP BY a HAVING sum(b) > 1",
           "t.a=as-is; t.b=computed t.c=filter; rows t.a=order t.b=filter");
    expect("SELECT a, sum(b) OVER (PARTITION BY c ORDER BY d) FROM t",
           "t.a=as-is; t.b=computed t.c=order t.d=order; rows ");
    expect("SELECT a FROM t ORDER BY b", "t.a=as-is; rows ");
    expect("SELECT a FROM t ORDER BY b LIMIT 3", "t.a=as-is; rows t.b=order");
    expect("SELECT DISTINCT a FROM t", "t.a=as-is; rows t.a=order");
}

static void a_case_is_chosen_by_its_conditions(void **state)
{
    (void)state;
    expect("SELECT CASE WHEN a > 1 THEN b ELSE c END FROM t",
           "t.a=filter t.b=computed t.c=computed; rows ");
}

static void common_tables_and_sets_are_looked_through(void **state)
{
    (void)state;
    expect("WITH w AS (SELECT a + 1 AS k, b FROM t) SELECT k, b FROM w",
           "t.a=computed; t.b=as-is; rows ");
    expect("SELECT a FROM t UNION ALL SELECT x FROM u", "t.a=as-is u.x=as-is; rows ");
    expect("SELECT a FROM t EXCEPT ALL SELECT x FROM u", "t.a=as-is; rows u.x=filter");
    expect("SELECT v.s FROM (SELECT sum(b) s FROM t WHERE c > 1) v",
           "t.b=computed; rows t.c=filter");
    expect("SELECT a, (SELECT max(x) FROM u WHERE u.a = t.b) m FROM t",
           "t.a=as-is; t.b=filter u.a=filter u.x=computed; rows ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_comes_as_it_is_or_computed),
        cmocka_unit_test(conditions_are_of_the_rows),
        cmocka_unit_test(groups_and_orders_are_told_apart),
        cmocka_unit_test(a_case_is_chosen_by_its_conditions),
        cmocka_unit_test(common_tables_and_sets_are_looked_through),
    };
    return cmocka_run_group_tests(tests, open_tables, close_tables);
}
