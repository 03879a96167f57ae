/* Verbs about what lives in Spark: tables, register, session. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* ---- Tables ---------------------------------------------------------------------------------- */

int cli_tables(struct fst_cli *c)
{
    static const struct cli_column columns[] = {{"database", FST_STRING}, {"table", FST_STRING}};
    struct fst_spark_tables t;
    struct fst_error err = {0};
    const char *database = c->n_operands ? c->operands[0] : NULL;
    if (fst_app_tables(c->app, cli_option(c, "--provider"), database, cli_interrupted, NULL, &t,
                       &err) != FST_OK)
        return cli_fail(&err);
    struct cli_rows *rows = cli_rows_new(c, columns, FST_COUNT(columns));
    for (size_t i = 0; i < t.n; i++)
        cli_row(rows, (const char *const[]){t.items[i].database,
                                            *t.items[i].name ? t.items[i].name : NULL});
    int code = cli_rows_finish(c, rows);
    if (t.cut)
        cli_note("there are more databases; tables DB lists one");
    fst_spark_tables_done(&t);
    return code;
}

int cli_register(struct fst_cli *c)
{
    const char *path = cli_option(c, "--path"), *table = cli_option(c, "--table");
    struct fst_error err = {0};
    char *label;
    if (!path == !table)
        return cli_usage(c, "register needs either --path or --table");
    if (fst_app_register(c->app, c->operands[0], path, table, cli_option(c, "--provider"),
                         cli_option(c, "--format"), &label, &err) != FST_OK)
        return cli_fail(&err);
    if (path)
        fst_app_refresh_sources(c->app, NULL);
    cli_note("registered source %s", label);
    free(label);
    return 0;
}

/* ---- Sessions -------------------------------------------------------------------------------- */

static void session_row(struct cli_rows *rows, const struct fst_session_info *s)
{
    struct fst_buf since = FST_BUF(64), idle = FST_BUF(64);
    fst_timestamp_iso(&since, s->since_us);
    fst_duration_text(&idle, fst_now_us() - s->used_us);
    cli_row(rows, (const char *const[]){s->provider, fst_buf_text(&since), fst_buf_text(&idle),
                                        s->is_over ? "ended: idle too long" : "open", s->name});
    fst_buf_done(&since);
    fst_buf_done(&idle);
}

static int session_list(struct fst_cli *c)
{
    static const struct cli_column columns[] = {{"provider", FST_STRING},
                                                {"since", FST_STRING},
                                                {"idle", FST_STRING},
                                                {"state", FST_STRING},
                                                {"session", FST_STRING}};
    struct fst_session_infos s;
    struct fst_error err = {0};
    if (fst_app_sessions(c->app, &s, &err) != FST_OK)
        return cli_fail(&err);
    struct cli_rows *rows = cli_rows_new(c, columns, FST_COUNT(columns));
    for (size_t i = 0; i < s.n; i++)
        session_row(rows, &s.items[i]);
    fst_session_infos_done(&s);
    return cli_rows_finish(c, rows);
}

int cli_session(struct fst_cli *c)
{
    const char *what = c->operands[0], *name = c->n_operands > 1 ? c->operands[1] : NULL;
    struct fst_buf line = FST_BUF(4096);
    struct fst_error err = {0};
    enum fst_status status;
    if (strcmp(what, "list") == 0)
        return session_list(c);
    if (strcmp(what, "start") != 0 && strcmp(what, "stop") != 0)
        return cli_usage(c, "session takes list, start or stop, not %s", what);
    if (!name)
        return cli_usage(c, "session %s needs the name of a provider", what);
    status = strcmp(what, "start") == 0 ? fst_app_session_start(c->app, name, &line, &err)
                                        : fst_app_session_stop(c->app, name, &err);
    if (status == FST_OK)
        cli_note("%s: %s", name, line.n ? fst_buf_text(&line) : "session ended");
    fst_buf_done(&line);
    return status == FST_OK ? 0 : cli_fail(&err);
}
