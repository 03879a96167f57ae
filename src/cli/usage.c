/* Verbs about the room that outputs take: usage, prune. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static int print(struct fst_cli *c, const struct fst_usage *u, bool only_free)
{
    static const struct cli_column columns[] = {
        {"name", FST_STRING}, {"run", FST_STRING},  {"state", FST_STRING}, {"files", FST_LONG},
        {"bytes", FST_LONG},  {"kept", FST_STRING}, {"output", FST_STRING}};
    struct cli_rows *rows = cli_rows_new(c, columns, FST_COUNT(columns));
    for (size_t i = 0; i < u->n; i++) {
        const struct fst_usage_row *r = &u->rows[i];
        char files[32], bytes[32];
        if (only_free && r->kept)
            continue;
        snprintf(files, sizeof files, "%zu", r->files);
        snprintf(bytes, sizeof bytes, "%llu", (unsigned long long)r->bytes);
        cli_row(rows, (const char *const[]){r->label, r->run_id, fst_states[r->state].name, files,
                                            bytes, r->kept, r->uri});
    }
    return cli_rows_finish(c, rows);
}

static void sum(const char *what, size_t n, uint64_t bytes)
{
    struct fst_buf size = FST_BUF(64);
    fst_size_text(&size, bytes);
    cli_note("%s: %zu outputs, %s", what, n, fst_buf_text(&size));
    fst_buf_done(&size);
}

int cli_usage_of(struct fst_cli *c)
{
    struct fst_usage u;
    struct fst_error err;
    const char *target = c->n_operands ? c->operands[0] : NULL;
    if (fst_app_usage(c->app, target, cli_interrupted, NULL, &u, &err) != FST_OK)
        return cli_fail(&err);
    int code = print(c, &u, false);
    sum("all", u.n, u.bytes);
    sum("not needed (firesteel prune)", u.n_free, u.free_bytes);
    fst_usage_done(&u);
    return code;
}

int cli_prune(struct fst_cli *c)
{
    struct fst_usage u;
    struct fst_error err;
    const char *target = c->n_operands ? c->operands[0] : NULL;
    bool yes = cli_option(c, "--yes") != NULL;
    enum fst_status status = yes ? fst_app_prune(c->app, target, cli_interrupted, NULL, &u, &err)
                                 : fst_app_usage(c->app, target, cli_interrupted, NULL, &u, &err);
    if (status != FST_OK)
        return cli_fail(&err);
    int code = print(c, &u, true);
    sum(yes ? "taken away" : "would be taken away with --yes", yes ? u.pruned : u.n_free,
        u.free_bytes);
    fst_usage_done(&u);
    return code;
}
