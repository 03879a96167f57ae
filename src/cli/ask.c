/* Verbs that ask an engine: check, explain, sql. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

int cli_print_columns(struct fst_cli *c, const struct fst_schema *schema)
{
    static const struct cli_column columns[] = {
        {"column", FST_STRING}, {"type", FST_STRING}, {"nullable", FST_STRING}};
    struct cli_rows *rows = cli_rows_new(c, columns, FST_COUNT(columns));
    struct fst_buf type = FST_BUF_TEXT;
    for (size_t i = 0; i < schema->n; i++) {
        fst_buf_clear(&type);
        fst_type_text(&type, &schema->fields[i].type);
        cli_row(rows, (const char *const[]){schema->fields[i].name, fst_buf_text(&type),
                                            schema->fields[i].nullable ? "yes" : "no"});
    }
    fst_buf_done(&type);
    return cli_rows_finish(c, rows);
}

int cli_check(struct fst_cli *c)
{
    char *text, *not_local;
    struct fst_schema *schema = NULL;
    struct fst_problem problem = {0};
    struct fst_error err = {0};
    enum fst_status status =
        fst_app_check_named(c->app, c->operands[0], cli_option(c, "--provider"), cli_interrupted,
                            NULL, &schema, &text, &not_local, &problem, &err);
    int code = status == FST_OK ? cli_print_columns(c, schema) : cli_fail_at(&err, &problem, text);
    if (status == FST_OK)
        cli_note("%s%s", not_local ? "needs Spark: " : "runs locally", not_local ? not_local : "");
    fst_schema_free(schema);
    free(text);
    free(not_local);
    return code;
}

int cli_explain(struct fst_cli *c)
{
    char *text;
    struct fst_problem problem = {0};
    struct fst_error err = {0};
    struct fst_buf plan = FST_BUF_TEXT;
    enum fst_status status = fst_app_explain_named(
        c->app, c->operands[0], cli_option(c, "--provider"), &plan, &text, &problem, &err);
    if (status == FST_OK) {
        cli_text(fst_buf_text(&plan));
        if (plan.n && plan.p[plan.n - 1] != '\n')
            putchar('\n');
    }
    fst_buf_done(&plan);
    int code = status == FST_OK ? 0 : cli_fail_at(&err, &problem, text);
    free(text);
    return code;
}

static enum fst_status read_stdin(char **text, struct fst_error *err)
{
    struct fst_buf b = FST_BUF(1 << 20);
    char piece[4096];
    size_t n;
    while ((n = fread(piece, 1, sizeof piece, stdin)) > 0)
        fst_buf_add(&b, piece, n);
    if (b.over) {
        fst_buf_done(&b);
        return fst_fail(err, FST_ENOMEM, "standard input: the text is over 1 MB");
    }
    *text = fst_buf_take(&b);
    return FST_OK;
}

static enum fst_status take_text(struct fst_cli *c, char **text, struct fst_error *err)
{
    const char *file = cli_option(c, "--file");
    size_t n;
    if (file && strcmp(file, "-") != 0)
        return fst_file_read(file, 1 << 20, text, &n, err);
    if (file)
        return read_stdin(text, err);
    if (c->n_operands == 0)
        return fst_fail(err, FST_EINVAL, "sql needs a text, or -f FILE");
    *text = fst_strdup(c->operands[0]);
    return FST_OK;
}

int cli_sql(struct fst_cli *c)
{
    struct fst_error err = {0};
    struct fst_problem problem = {0};
    struct fst_reader *reader;
    uint64_t limit = (uint64_t)fst_app_setting_int(c->app, "sql.limit"), rows;
    char *text = NULL;
    if (!cli_count(c, "--limit", &limit))
        return 2;
    if (take_text(c, &text, &err) != FST_OK)
        return cli_fail(&err);
    fst_memory_flow();
    enum fst_status status = fst_app_sql(c->app, text, cli_option(c, "--provider"), limit,
                                         cli_interrupted, NULL, &reader, &problem, &err);
    int code = status == FST_OK ? cli_emit(c, reader, &rows) : cli_fail_at(&err, &problem, text);
    if (status == FST_OK && code == 0 && limit && rows == limit)
        cli_note("the first %llu rows; -n N shows more, -n 0 all", (unsigned long long)limit);
    free(text);
    return code;
}
