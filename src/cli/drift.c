/* Files of definitions against the catalog: drift, and writing back. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static const char *const side_words[] = {"only in the file", "differs", "only in the catalog"};

static const char **sets_of(const struct fst_cli *c)
{
    const char **sets = fst_alloc((CLI_MAX_OPTIONS + 1) * sizeof *sets);
    size_t n = 0;
    for (size_t i = 0; i < c->n_given; i++)
        if (strcmp(c->given[i].option->name, "--set") == 0)
            sets[n++] = c->given[i].value;
    return sets;
}

static int print(struct fst_cli *c, const struct fst_drifts *d)
{
    static const struct cli_column columns[] = {
        {"what", FST_STRING}, {"type", FST_STRING}, {"name", FST_STRING}, {"file", FST_STRING}};
    struct cli_rows *rows = cli_rows_new(c, columns, FST_COUNT(columns));
    for (size_t i = 0; i < d->n; i++)
        cli_row(rows, (const char *const[]){side_words[d->items[i].side],
                                            fst_kinds[d->items[i].kind].name, d->items[i].label,
                                            d->items[i].file});
    int code = cli_rows_finish(c, rows);
    for (size_t i = 0; i < d->n; i++)
        if (d->items[i].side == FST_DRIFT_BOTH)
            cli_note("\n%s, catalog (-) and file (+):\n%s", d->items[i].label, d->items[i].diff);
    if (d->n)
        cli_note("%zu definitions of %zu files and the catalog differ", d->n, d->files);
    else
        cli_note("%zu files and the catalog agree", d->files);
    return code ? code : d->n ? 1 : 0;
}

/* The one operand that is written is a name. */
static int write_back(struct fst_cli *c, const char *const *sets)
{
    const char *into = cli_option(c, "--into");
    struct fst_place p;
    struct fst_error err;
    struct fst_buf diff = FST_BUF_TEXT;
    if (c->n_operands != 1)
        return cli_usage(c, "--write takes one name, as drift --write amounts.v2");
    if (fst_app_find(c->app, c->operands[0], &p, &err) != FST_OK)
        return cli_fail(&err);
    enum fst_status status =
        p.resource ? fst_app_write_back(c->app, p.resource->id, into && *into ? into : NULL, sets,
                                        cli_option(c, "--plan") != NULL, &diff, &err)
                   : fst_fail(&err, FST_ENOTFOUND, "%s is not registered", c->operands[0]);
    if (status == FST_OK)
        cli_text(fst_buf_text(&diff));
    if (status == FST_OK && diff.n == 0)
        cli_note("the file has it already");
    fst_buf_done(&diff);
    fst_place_done(&p);
    return status == FST_OK ? 0 : cli_fail(&err);
}

int cli_drift(struct fst_cli *c)
{
    const char **sets = sets_of(c);
    struct fst_drifts d;
    struct fst_error err;
    int code;
    if (cli_option(c, "--write"))
        code = write_back(c, sets);
    else if (fst_app_drift(c->app, c->operands, c->n_operands, sets, &d, &err) != FST_OK)
        code = cli_fail(&err);
    else {
        code = print(c, &d);
        fst_drifts_done(&d);
    }
    free(sets);
    return code;
}
