/* Verbs that look at data: preview, info. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

#define MAX_COLUMNS 4096

/* "a,b" into names; the copy that they lie in is returned. */
static char *split_names(const char *text, const char **names, size_t *n)
{
    char *copy = fst_strdup(text), *rest = copy, *name;
    *n = 0;
    while (copy && *n < MAX_COLUMNS && (name = strsep(&rest, ",")))
        names[(*n)++] = name;
    return copy;
}

static void tell(const struct fst_place *place, uint64_t shown, int64_t total, bool filtered)
{
    struct fst_buf all = FST_BUF(64);
    if (total >= 0)
        fst_count_text(&all, total);
    if (!filtered && total >= 0 && (uint64_t)total > shown)
        cli_note("%llu of %s rows of %s; -n N shows more", (unsigned long long)shown,
                 fst_buf_text(&all), place->label);
    else if (total < 0 || filtered)
        cli_note("%llu rows of %s%s", (unsigned long long)shown, place->label,
                 filtered ? ", with the condition or order given"
                          : "; how many there are is not known");
    if (place->run_id)
        cli_note("run %s", place->run_id);
    fst_buf_done(&all);
}

/* All of it when that is asked for, or when it is for a file that only programs read. */
static bool take_limit(const struct fst_cli *c, uint64_t *limit)
{
    if (!cli_count(c, "--limit", limit))
        return false;
    bool is_given = cli_option(c, "--limit") != NULL;
    bool is_for_files = strcmp(c->output, "parquet") == 0 || cli_option(c, "--into");
    if (*limit == 0 && (is_given || is_for_files))
        *limit = INT64_MAX;
    return true;
}

int cli_preview(struct fst_cli *c)
{
    const char **names = fst_alloc(MAX_COLUMNS * sizeof *names);
    struct fst_preview_options o = {.columns = names,
                                    .where = cli_option(c, "--where"),
                                    .sort = cli_option(c, "--sort"),
                                    .cancelled = cli_interrupted};
    struct fst_problem problem = {0};
    struct fst_error err = {0};
    struct fst_reader *reader;
    struct fst_place place;
    uint64_t rows;
    int code = 2;
    char *columns = split_names(cli_option(c, "--columns"), names, &o.n_columns);
    if (take_limit(c, &o.limit) && cli_count(c, "--offset", &o.offset)) {
        if (fst_app_preview(c->app, c->operands[0], &o, &reader, &place, &problem, &err) !=
            FST_OK) {
            code = cli_fail_at(&err, &problem, NULL);
        } else {
            /* who looks at a folder wants to know how much there is; a program does not wait */
            int64_t total = isatty(STDERR_FILENO) ? fst_reader_total(reader) : reader->total_rows;
            code = cli_emit(c, reader, &rows);
            if (code == 0)
                tell(&place, rows, total, o.where || o.sort);
            fst_place_done(&place);
        }
    }
    free(columns);
    free(names);
    return code;
}

/* ---- info ------------------------------------------------------------------------------------ */

static void info_head(const struct fst_file_info *info, const struct fst_table_stat *stat)
{
    struct fst_buf b = FST_BUF(256), n = FST_BUF(64);
    fst_size_text(&b, stat->size);
    if (info->rows >= 0)
        fst_count_text(&n, info->rows);
    cli_note("%s, %zu file%s, %s; first file: %s rows in %zu row group%s, written by %s",
             stat->format, stat->files, stat->files == 1 ? "" : "s", fst_buf_text(&b),
             info->rows >= 0 ? fst_buf_text(&n) : "?", info->row_groups,
             info->row_groups == 1 ? "" : "s", info->writer ? info->writer : "unknown");
    for (size_t i = 0; i < info->n_key_values; i++)
        cli_note("  %s = %.200s", info->key_values[i].key, info->key_values[i].value);
    fst_buf_done(&b);
    fst_buf_done(&n);
}

static int info_columns(struct fst_cli *c, const struct fst_file_info *info)
{
    static const struct cli_column columns[] = {
        {"column", FST_STRING},     {"physical", FST_STRING},  {"logical", FST_STRING},
        {"codec", FST_STRING},      {"encodings", FST_STRING}, {"compressed", FST_LONG},
        {"uncompressed", FST_LONG}, {"nulls", FST_LONG},       {"min", FST_STRING},
        {"max", FST_STRING}};
    struct cli_rows *rows = cli_rows_new(c, columns, FST_COUNT(columns));
    for (size_t i = 0; i < info->n_columns; i++) {
        const struct fst_column_info *col = &info->columns[i];
        char *small = fst_asprintf("%llu", (unsigned long long)col->compressed);
        char *large = fst_asprintf("%llu", (unsigned long long)col->uncompressed);
        char *nulls =
            col->null_count >= 0 ? fst_asprintf("%lld", (long long)col->null_count) : NULL;
        cli_row(rows,
                (const char *const[]){col->name, col->physical, col->logical, col->codec,
                                      col->encodings, small, large, nulls, col->min, col->max});
        free(small);
        free(large);
        free(nulls);
    }
    return cli_rows_finish(c, rows);
}

int cli_info(struct fst_cli *c)
{
    struct fst_file_info info = {0};
    struct fst_table_stat stat;
    struct fst_error err = {0};
    if (fst_app_info(c->app, c->operands[0], &info, &stat, NULL, &err) != FST_OK)
        return cli_fail(&err);
    info_head(&info, &stat);
    int code = info_columns(c, &info);
    fst_file_info_done(&info);
    return code;
}
