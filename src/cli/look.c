/* The verb preview. */
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

static void tell(const struct fst_place *place, uint64_t shown, int64_t total, bool filtered,
                 bool is_tail)
{
    struct fst_buf all = FST_BUF(64);
    if (total >= 0)
        fst_count_text(&all, total);
    if (!filtered && total >= 0 && (uint64_t)total > shown)
        cli_note("%s%llu of %s rows of %s; %s N shows more", is_tail ? "the last " : "",
                 (unsigned long long)shown, fst_buf_text(&all), place->label,
                 is_tail ? "--tail" : "-n");
    else if (total < 0 || filtered)
        cli_note("%llu rows of %s%s", (unsigned long long)shown, place->label,
                 filtered ? ", with the condition or order given"
                          : "; how many there are is not known");
    if (place->run_id)
        cli_note("run %s", place->run_id);
    fst_buf_done(&all);
}

/* What is odd about a text, and how it was read where nobody said how. */
static void tell_notes(const struct fst_read_notes *n)
{
    struct fst_buf first = FST_BUF(2048);
    fst_text_escape(&first, n->first_bad, strlen(n->first_bad));
    if (n->bad_records)
        cli_note("%llu record%s could not be read as %s, the first at %s",
                 (unsigned long long)n->bad_records, n->bad_records == 1 ? "" : "s",
                 n->bad_records == 1 ? "it should" : "they should", fst_buf_text(&first));
    if (*n->guessed)
        cli_note("read with %s, as it seems to be written; a source's options say it", n->guessed);
    if (n->types_from_head)
        cli_note("types are those of the first MB; Spark looks at all of it");
    fst_buf_done(&first);
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
    struct fst_skipped skipped = {0};
    struct fst_read_notes notes = {0};
    uint64_t rows;
    int code = 2;
    o.notes = &notes;
    if (cli_option(c, "--explain"))
        o.skipped = &skipped;
    char *columns = split_names(cli_option(c, "--columns"), names, &o.n_columns);
    if (take_limit(c, &o.limit) && cli_count(c, "--offset", &o.offset) &&
        cli_count(c, "--tail", &o.tail)) {
        o.limit = o.tail ? o.tail : o.limit;
        if (fst_app_preview(c->app, c->operands[0], &o, &reader, &place, &problem, &err) !=
            FST_OK) {
            code = cli_fail_at(&err, &problem, NULL);
        } else {
            /* who looks at a folder wants to know how much there is; a program does not wait */
            int64_t total = isatty(STDERR_FILENO) ? fst_reader_total(reader) : reader->total_rows;
            code = cli_emit(c, reader, &rows);
            tell_notes(&notes);
            if (code == 0)
                tell(&place, rows, total, o.where || o.sort, o.tail > 0);
            if (code == 0 && o.skipped && place.table)
                cli_note("%s was read by its provider, which does not say how", place.label);
            else if (code == 0 && o.skipped)
                cli_tell_skipped(c, o.skipped, o.where);
            fst_place_done(&place);
        }
    }
    free(columns);
    free(names);
    return code;
}
