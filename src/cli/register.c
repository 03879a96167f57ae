/* Verbs that change what is registered: init, apply, export, tag, delete. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static void say(void *arg, const char *line)
{
    (void)arg;
    cli_note("%s", line);
}

int cli_init(struct fst_cli *c)
{
    struct fst_error err;
    const char *dir = c->n_operands ? c->operands[0] : NULL;
    bool demo = cli_option(c, "--demo") != NULL;
    if (fst_app_init(dir, demo, c->open.program, say, NULL, &err) != FST_OK)
        return cli_fail(&err);
    cli_note("%s",
             demo ? "ready: start firesteel in this folder, or try firesteel list transformations"
                  : "ready: register something with firesteel apply FILE.yaml");
    return 0;
}

/* ---- apply ----------------------------------------------------------------------------------- */

static const char *const change_words[] = {
    [FST_CHANGE_NEW] = "new",
    [FST_CHANGE_EQUAL] = "equal",
    [FST_CHANGE_REUSED] = "reused",
    [FST_CHANGE_UPDATED] = "updated",
    [FST_CHANGE_FORBIDDEN] = "forbidden",
};

static void join(struct fst_buf *out, char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        fst_buf_printf(out, "%s%s", i ? " " : "", words[i]);
}

static int print_plan(struct fst_cli *c, const struct fst_plan *plan)
{
    static const struct cli_column columns[] = {{"change", FST_STRING},
                                                {"type", FST_STRING},
                                                {"name", FST_STRING},
                                                {"downstream", FST_STRING}};
    struct cli_rows *rows = cli_rows_new(c, columns, FST_COUNT(columns));
    for (size_t i = 0; i < plan->n; i++) {
        const struct fst_plan_row *row = &plan->rows[i];
        struct fst_buf down = FST_BUF_TEXT;
        join(&down, row->downstream, row->n_downstream);
        cli_row(rows, (const char *const[]){
                          change_words[row->change], fst_kinds[row->resource->kind].name,
                          fst_resource_label(row->resource), fst_buf_text(&down)});
        fst_buf_done(&down);
    }
    int code = cli_rows_finish(c, rows);
    for (size_t i = 0; i < plan->n; i++)
        if (plan->rows[i].diff)
            cli_note("\n%s %s:\n%s", change_words[plan->rows[i].change],
                     fst_resource_label(plan->rows[i].resource), plan->rows[i].diff);
    return code;
}

static enum fst_status read_files(struct fst_cli *c, struct fst_definitions *d,
                                  struct fst_error *err)
{
    const char *sets[CLI_MAX_OPTIONS + 1];
    size_t n = 0;
    for (size_t i = 0; i < c->n_given; i++)
        if (strcmp(c->given[i].option->name, "--set") == 0)
            sets[n++] = c->given[i].value;
    sets[n] = NULL;
    for (size_t i = 0; i < c->n_operands; i++)
        FST_TRY(fst_define_read_file(d, c->operands[i], sets, err));
    return FST_OK;
}

/* Refused definitions are 3, whatever was wrong with them. */
static int refused(const struct fst_error *err)
{
    int code = cli_fail(err);
    return err->status == FST_EINVAL || err->status == FST_EFORMAT ||
                   err->status == FST_EUNSUPPORTED
               ? 3
               : code;
}

static int apply(struct fst_cli *c, struct fst_definitions *d, struct fst_catalog *catalog)
{
    struct fst_plan plan;
    struct fst_error err;
    bool only_plan = cli_option(c, "--plan") != NULL;
    if (fst_define_plan(d, catalog, fst_now_us(), &plan, &err) != FST_OK)
        return refused(&err);
    int code = print_plan(c, &plan);
    enum fst_status status = FST_OK;
    if (only_plan && plan.forbidden)
        code = 3;
    else if (!only_plan)
        status = fst_define_apply(&plan, catalog, &err);
    fst_plan_done(&plan);
    return status == FST_OK ? code : refused(&err);
}

int cli_apply(struct fst_cli *c)
{
    struct fst_definitions d = {0};
    struct fst_catalog *catalog;
    struct fst_error err;
    int code;
    if (fst_app_is_read_only(c->app) && !cli_option(c, "--plan")) {
        cli_note("firesteel: the workspace is open read-only; --plan shows what would change");
        return 4;
    }
    if (read_files(c, &d, &err) != FST_OK)
        code = refused(&err);
    else if (fst_app_take(c->app, &catalog, &err) != FST_OK)
        code = cli_fail(&err);
    else {
        code = apply(c, &d, catalog);
        fst_app_give(c->app, catalog);
    }
    fst_definitions_done(&d);
    if (code == 0 && !cli_option(c, "--plan"))
        fst_app_refresh_sources(c->app, NULL);
    return code;
}

int cli_export(struct fst_cli *c)
{
    struct fst_buf out = FST_BUF((size_t)1 << 30);
    struct fst_error err;
    enum fst_status status = fst_app_export(c->app, c->operands, c->n_operands, &out, &err);
    if (status == FST_OK)
        cli_text(fst_buf_text(&out));
    fst_buf_done(&out);
    return status == FST_OK ? 0 : cli_fail(&err);
}

/* ---- tag, delete ----------------------------------------------------------------------------- */

/* Do something to the variant that the first operand names. */
static int with_resource(struct fst_cli *c,
                         enum fst_status (*act)(struct fst_cli *, struct fst_catalog *,
                                                const struct fst_resource *, struct fst_error *))
{
    struct fst_place p;
    struct fst_catalog *catalog;
    struct fst_error err;
    enum fst_status status = FST_OK;
    if (fst_app_is_read_only(c->app))
        status = fst_fail(&err, FST_EDENIED, "the workspace is open read-only");
    if (status == FST_OK)
        status = fst_app_find(c->app, c->operands[0], &p, &err);
    if (status != FST_OK)
        return cli_fail(&err);
    if (!p.resource)
        status = fst_fail(&err, FST_ENOTFOUND, "%s is not registered", c->operands[0]);
    if (status == FST_OK)
        status = fst_app_take(c->app, &catalog, &err);
    if (status == FST_OK) {
        status = act(c, catalog, p.resource, &err);
        fst_app_give(c->app, catalog);
    }
    fst_place_done(&p);
    return status == FST_OK ? 0 : cli_fail(&err);
}

static enum fst_status tag(struct fst_cli *c, struct fst_catalog *catalog,
                           const struct fst_resource *r, struct fst_error *err)
{
    bool removes = cli_option(c, "--remove") != NULL;
    const char *const *tags = c->operands + 1;
    size_t n = c->n_operands - 1;
    return fst_catalog_set_tags(catalog, r->id, removes ? NULL : tags, removes ? 0 : n,
                                removes ? tags : NULL, removes ? n : 0, err);
}

int cli_tag(struct fst_cli *c)
{
    return with_resource(c, tag);
}

static enum fst_status archive(struct fst_cli *c, struct fst_catalog *catalog,
                               const struct fst_resource *r, struct fst_error *err)
{
    (void)c;
    FST_TRY(fst_catalog_archive(catalog, r->id, err));
    cli_note("archived %s; its runs and outputs are kept", fst_resource_label(r));
    return FST_OK;
}

int cli_delete(struct fst_cli *c)
{
    struct fst_error err;
    if (cli_option(c, "--undo")) {
        if (fst_app_restore_named(c->app, c->operands[0], &err) != FST_OK)
            return cli_fail(&err);
        cli_note("%s is back", c->operands[0]);
        return 0;
    }
    return with_resource(c, archive);
}
