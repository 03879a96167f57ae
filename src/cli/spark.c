/* Verbs about what is on the other side: sessions at servers, tables of Spark's catalog. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* ---- session --------------------------------------------------------------------------------- */

static int session_list(struct fst_cli *c)
{
    static const struct cli_column columns[] = {{"provider", FST_STRING},
                                                {"since", FST_STRING},
                                                {"idle", FST_STRING},
                                                {"state", FST_STRING},
                                                {"session", FST_STRING}};
    struct fst_session_infos sessions;
    struct fst_error err;
    if (fst_app_sessions(c->app, &sessions, &err) != FST_OK)
        return cli_fail(&err);
    struct cli_rows *rows = cli_rows_new(c, columns, FST_COUNT(columns));
    for (size_t i = 0; i < sessions.n; i++) {
        const struct fst_session_info *s = &sessions.items[i];
        struct fst_buf since = FST_BUF(64), idle = FST_BUF(64);
        fst_timestamp_iso(&since, s->since_us);
        fst_duration_text(&idle, fst_now_us() - s->used_us);
        cli_row(rows, (const char *const[]){s->provider, fst_buf_text(&since), fst_buf_text(&idle),
                                            s->is_over ? "ended: idle too long" : "open", s->name});
        fst_buf_done(&since);
        fst_buf_done(&idle);
    }
    fst_session_infos_done(&sessions);
    return cli_rows_finish(c, rows);
}

int cli_session(struct fst_cli *c)
{
    const char *what = c->operands[0], *provider = c->n_operands > 1 ? c->operands[1] : NULL;
    struct fst_buf line = FST_BUF(4096);
    struct fst_error err;
    enum fst_status status;
    if (strcmp(what, "list") == 0)
        return session_list(c);
    if (!provider)
        return cli_usage(c, "session %s needs the name of a provider", what);
    if (strcmp(what, "start") == 0)
        status = fst_app_session_start(c->app, provider, &line, &err);
    else if (strcmp(what, "stop") == 0)
        status = fst_app_session_stop(c->app, provider, &err);
    else
        return cli_usage(c, "session takes list, start or stop, not %s", what);
    if (status == FST_OK)
        cli_note("%s: %s", provider, line.n ? fst_buf_text(&line) : "session ended");
    fst_buf_done(&line);
    return status == FST_OK ? 0 : cli_fail(&err);
}

/* ---- tables, register ------------------------------------------------------------------------ */

int cli_tables(struct fst_cli *c)
{
    struct fst_reader *reader;
    struct fst_error err = {0};
    uint64_t rows;
    if (fst_app_tables(c->app, c->n_operands ? c->operands[0] : NULL, cli_option(c, "--provider"),
                       &reader, &err) != FST_OK)
        return cli_fail(&err);
    return cli_emit(c, reader, &rows);
}

int cli_register(struct fst_cli *c)
{
    const char *path = cli_option(c, "--path"), *table = cli_option(c, "--table");
    struct fst_error err = {0};
    if (!path == !table)
        return cli_usage(c, "register needs --path or --table");
    if (fst_app_register(c->app, c->operands[0], path, table, cli_option(c, "--provider"),
                         cli_option(c, "--format"), &err) != FST_OK)
        return cli_fail(&err);
    cli_note("%s is a source now", c->operands[0]);
    return 0;
}
