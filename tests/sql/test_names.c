/* What real Spark answers (names.tsv, made by make_names.py) is what we answer, or we refuse. */
#include "firesteel/sql/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

struct tables {
    struct fst_schema *schemas[3];
};
static const char *const table_names[] = {"t", "u", "v"};
static const char *const table_types[] = {
    "struct<a:int,b:bigint,c:double,d:string,e:decimal(10,2),f:date,g:timestamp,h:boolean,"
    "i:smallint,j:tinyint,k:float,l:binary,m:decimal(38,10),n:timestamp_ntz>",
    "struct<a:int,x:string,y:double>",
    "struct<id:int,name:string,v:double>",
};

static enum fst_status find_table(void *arg, const char *const *parts, size_t n_parts,
                                  const struct fst_schema **schema, void **handle,
                                  struct fst_error *err)
{
    struct tables *t = arg;
    *handle = NULL;
    for (size_t i = 0; i < FST_COUNT(table_names); i++)
        if (n_parts == 1 && strcasecmp(parts[0], table_names[i]) == 0) {
            *schema = t->schemas[i];
            return FST_OK;
        }
    return fst_fail(err, FST_ENOTFOUND, "no such table");
}

static void open_tables(struct tables *t)
{
    struct fst_arena *a = fst_arena_new();
    for (size_t i = 0; i < FST_COUNT(table_names); i++) {
        struct fst_type type;
        assert_int_equal(fst_type_parse(a, table_types[i], &type, NULL), FST_OK);
        t->schemas[i] = fst_schema_new();
        for (size_t k = 0; k < type.n_fields; k++)
            fst_schema_add(t->schemas[i], type.fields[k].name, &type.fields[k].type, i != 2);
    }
    fst_arena_free(a);
}

static void close_tables(struct tables *t)
{
    for (size_t i = 0; i < FST_COUNT(table_names); i++)
        fst_schema_free(t->schemas[i]);
}

static bool answer(struct tables *t, const char *sql, struct fst_buf *out)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_sql_scope scope = {find_table, t};
    struct fst_sql_tree *tree;
    struct fst_sql_plan *plan = NULL;
    struct fst_problem problem = {0};
    struct fst_error err = {0};
    enum fst_status status = fst_sql_parse(a, sql, strlen(sql), &tree, &problem, &err);
    if (status == FST_OK)
        status = fst_sql_resolve(a, tree, &scope, &plan, &problem, &err);
    bool supported = status != FST_EUNSUPPORTED;
    if (!supported) {
        fst_buf_adds(out, problem.message);
        assert_true(problem.unsupported);
    } else if (status != FST_OK) {
        fst_buf_printf(out, "!%s ", problem.condition);
        if (problem.line)
            fst_buf_printf(out, "%u:%u", problem.line, problem.col);
        else
            fst_buf_addc(out, '-');
    } else {
        struct fst_buf text = FST_BUF_TEXT;
        fst_plan_text(&text, plan);
        fst_buf_done(&text);
        for (size_t i = 0; i < plan->root->n_columns; i++) {
            const struct fst_field *f = &plan->root->columns[i];
            fst_buf_printf(out, "%s%s ", i ? "\t" : "", f->name);
            fst_type_text(out, &f->type);
            fst_buf_adds(out, f->nullable ? "" : "!");
        }
    }
    fst_arena_free(a);
    return supported;
}

/* \n in the file is a new line. */
static void unescape(char *s)
{
    char *to = s;
    for (; *s; s++) {
        bool line = s[0] == '\\' && s[1] == 'n';
        *to++ = line ? '\n' : *s;
        s += line;
    }
    *to = 0;
}

/* ANTLR looks further ahead here and names a token before the one that is wrong. */
static const char *const other_places[] = {
    "select a from t where exists (select 1",
    "select a from t where a = any (select 1)",
    "select a from t order by a nulls",
    "select a from t order by a nulls middle",
};

/* Where Spark names no place we may; where it does, ours is the same. */
static bool same_answer(const char *sql, const char *spark, const char *ours)
{
    if (strcmp(spark, ours) == 0)
        return true;
    const char *place = strrchr(spark, ' ');
    if (spark[0] != '!' || !place || strncmp(spark, ours, (size_t)(place - spark) + 1) != 0)
        return false;
    bool looser = strcmp(place, " -") == 0;
    for (size_t i = 0; i < FST_COUNT(other_places); i++)
        looser |= strcmp(sql, other_places[i]) == 0;
    return looser;
}

static void compare(struct tables *t, char *line, int counts[3])
{
    char *expected = strchr(line, '\t');
    assert_non_null(expected);
    *expected++ = 0;
    unescape(line);
    unescape(expected);
    struct fst_buf got = FST_BUF_TEXT;
    bool supported = answer(t, line, &got);
    bool equal = same_answer(line, expected, fst_buf_text(&got));
    counts[!supported ? 2 : equal ? 0 : 1]++;
    if (supported && !equal)
        printf("DIFFERENT %s\n  Spark: %s\n  we:    %s\n", line, expected, fst_buf_text(&got));
    if (!supported && getenv("FST_SHOW_UNSUPPORTED"))
        printf("UNSUPPORTED %s\n  Spark: %s\n  we:    %s\n", line, expected, fst_buf_text(&got));
    fst_buf_done(&got);
}

static void test_sql_names__are_sparks_or_refused(void **state)
{
    (void)state;
    char *text;
    size_t n;
    struct fst_error err;
    int counts[3] = {0};
    struct tables t;
    if (fst_file_read("tests/sql/names.tsv", (size_t)8 << 20, &text, &n, &err) != FST_OK)
        fail_msg("%s", err.text);
    open_tables(&t);
    for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
        *end = 0;
        compare(&t, line, counts);
    }
    printf("%d statements as Spark, %d different, %d refused\n", counts[0], counts[1], counts[2]);
    assert_int_equal(counts[1], 0);
    assert_true(counts[0] >= 150);
    close_tables(&t);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sql_names__are_sparks_or_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
