/* Verbs about the surroundings: provider, doctor, config, keys. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static void say(void *arg, const char *line)
{
    (void)arg;
    cli_note("%s", line);
}

/* ---- provider -------------------------------------------------------------------------------- */

static void provider_row(struct fst_cli *c, struct fst_catalog *catalog, struct cli_rows *rows,
                         const char *name)
{
    struct fst_resource *r;
    struct fst_server server;
    if (fst_catalog_find(catalog, FST_PROVIDER, name, NULL, &r, NULL) != FST_OK)
        return;
    char *where = NULL;
    if (fst_server_find(catalog, name, &server, NULL) == FST_OK)
        where = fst_asprintf("running here, port %d, pid %d", server.port, (int)server.pid);
    const char *own = fst_app_setting(c->app, "provider");
    cli_row(rows, (const char *const[]){name, r->engine, strcmp(own, name) == 0 ? "default" : NULL,
                                        where, r->description});
    free(where);
    fst_resource_free(r);
}

static int provider_list(struct fst_cli *c)
{
    static const struct cli_column columns[] = {{"provider", FST_STRING},
                                                {"engine", FST_STRING},
                                                {"default", FST_STRING},
                                                {"server", FST_STRING},
                                                {"description", FST_STRING}};
    struct fst_list_query q = {.kind = FST_PROVIDER};
    struct fst_catalog *catalog;
    struct fst_items items;
    struct fst_error err;
    if (fst_app_take(c->app, &catalog, &err) != FST_OK)
        return cli_fail(&err);
    enum fst_status status = fst_catalog_list(catalog, &q, &items, &err);
    int code = status == FST_OK ? 0 : cli_fail(&err);
    if (status == FST_OK) {
        struct cli_rows *rows = cli_rows_new(c, columns, FST_COUNT(columns));
        for (size_t i = 0; i < items.n; i++)
            provider_row(c, catalog, rows, items.items[i].name);
        code = cli_rows_finish(c, rows);
        fst_items_done(&items);
    }
    fst_app_give(c->app, catalog);
    return code;
}

static int provider_test(struct fst_cli *c, const char *name)
{
    struct fst_buf line = FST_BUF(4096);
    struct fst_error err;
    enum fst_status status = fst_app_provider_test(c->app, name, &line, &err);
    if (status == FST_OK)
        printf("%s\n", fst_buf_text(&line));
    fst_buf_done(&line);
    return status == FST_OK ? 0 : cli_fail(&err);
}

int cli_provider(struct fst_cli *c)
{
    const char *what = c->operands[0], *name = c->n_operands > 1 ? c->operands[1] : NULL;
    struct fst_error err;
    enum fst_status status;
    if (strcmp(what, "list") == 0)
        return provider_list(c);
    if (!name)
        return cli_usage(c, "provider %s needs the name of a provider", what);
    if (strcmp(what, "test") == 0)
        return provider_test(c, name);
    if (strcmp(what, "start") == 0)
        status = fst_app_provider_start(c->app, name, say, NULL, cli_interrupted, &err);
    else if (strcmp(what, "stop") == 0)
        status = fst_app_provider_stop(c->app, name, &err);
    else
        return cli_usage(c, "provider takes list, test, start or stop, not %s", what);
    if (status != FST_OK)
        return cli_fail(&err);
    cli_note("%s: %s", name, strcmp(what, "start") == 0 ? "ready" : "stopped");
    return 0;
}

/* ---- doctor, config -------------------------------------------------------------------------- */

struct findings {
    struct cli_rows *rows;
    bool bad;
};

static void finding(void *arg, bool ok, const char *what, const char *remedy)
{
    struct findings *f = arg;
    f->bad |= !ok;
    cli_row(f->rows, (const char *const[]){ok ? "ok" : "missing", what, remedy});
}

int cli_doctor(struct fst_cli *c)
{
    static const struct cli_column columns[] = {
        {"", FST_STRING}, {"what", FST_STRING}, {"remedy", FST_STRING}};
    struct findings f = {.rows = cli_rows_new(c, columns, FST_COUNT(columns))};
    fst_app_doctor(c->app, finding, &f);
    int code = cli_rows_finish(c, f.rows);
    return code ? code : f.bad ? 1 : 0;
}

int cli_config(struct fst_cli *c)
{
    static const struct cli_column columns[] = {
        {"setting", FST_STRING}, {"value", FST_STRING}, {"from", FST_STRING}, {"help", FST_STRING}};
    struct cli_rows *rows = cli_rows_new(c, columns, FST_COUNT(columns));
    cli_row(rows, (const char *const[]){"(workspace)", fst_app_folder(c->app), "",
                                        "catalog, runs and outputs"});
    cli_row(rows, (const char *const[]){"(catalog)", fst_app_catalog_path(c->app), "",
                                        "the SQLite file"});
    cli_row(rows,
            (const char *const[]){"(state)", fst_app_state_dir(c->app), "", "history and drafts"});
    for (size_t i = 0; i < fst_n_settings; i++)
        cli_row(rows, (const char *const[]){fst_settings[i].name,
                                            fst_app_setting(c->app, fst_settings[i].name),
                                            fst_app_setting_origin(c->app, fst_settings[i].name),
                                            fst_settings[i].help});
    return cli_rows_finish(c, rows);
}

/* ---- keys ------------------------------------------------------------------------------------ */

static void key_row(void *arg, const char *where, const char *keys, const char *action,
                    const char *help)
{
    cli_row(arg, (const char *const[]){where, keys, action, help});
}

int cli_keys(struct fst_cli *c)
{
    static const struct cli_column columns[] = {
        {"where", FST_STRING}, {"keys", FST_STRING}, {"action", FST_STRING}, {"help", FST_STRING}};
    struct cli_rows *rows = cli_rows_new(c, columns, FST_COUNT(columns));
    struct fst_error err;
    enum fst_status status = c->screens->each_key(c->app, key_row, rows, &err);
    int code = cli_rows_finish(c, rows);
    return status == FST_OK ? code : cli_fail(&err);
}
