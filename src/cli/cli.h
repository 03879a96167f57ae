/* Inside of cli: a parsed command line and the ways to answer. */
#ifndef FIRESTEEL_CLI_PRIVATE_H
#define FIRESTEEL_CLI_PRIVATE_H

#include "firesteel/cli.h"

#define CLI_MAX_OPERANDS 256
#define CLI_MAX_OPTIONS 64

struct fst_cli {
    const struct fst_verb *verb;
    const char *operands[CLI_MAX_OPERANDS];
    size_t n_operands;
    struct {
        const struct fst_cli_option *option;
        const char *value;
    } given[CLI_MAX_OPTIONS];
    size_t n_given;
    struct fst_app_options open;
    struct fst_app *app;
    const char *output; /* -o */
    const struct fst_cli_screens *screens;
};
/* The value of an option, "" for a flag that is set, NULL when not given. */
const char *cli_option(const struct fst_cli *c, const char *name);
bool cli_count(const struct fst_cli *c, const char *name,
               uint64_t *out); /* false and a message when not a number */

/* Errors to stderr; returns the exit code of the status. `text` (may be NULL) is what the problem
 * is in. */
int cli_fail(const struct fst_error *err);
int cli_fail_at(const struct fst_error *err, const struct fst_problem *problem, const char *text);
int cli_usage(const struct fst_cli *c, const char *fmt, ...) FST_PRINTF(2, 3);
int cli_exit_code(enum fst_status status);
/* Tell which files said nothing of themselves; returns the exit code. */
int cli_tell_bad(const struct fst_bad_footer *bad, size_t n);

/* Rows out, in the format of -o. A row's cells are text; NULL is NULL. */
struct cli_column {
    const char *name;
    enum fst_kind kind; /* FST_STRING or FST_LONG (cells are then decimal digits) */
};
struct cli_rows;
struct cli_rows *cli_rows_new(const struct fst_cli *c, const struct cli_column *columns, size_t n);
void cli_row(struct cli_rows *r, const char *const *cells);
int cli_rows_finish(struct fst_cli *c, struct cli_rows *r);
/* Columns with their types, a row each. */
int cli_print_columns(struct fst_cli *c, const struct fst_schema *schema);
/* All rows of a reader; `*rows` says how many. Closes it. */
int cli_emit(struct fst_cli *c, struct fst_reader *reader, uint64_t *rows);
/* What reading left out, to stderr: text, or one line of JSON where rows are. */
void cli_tell_skipped(const struct fst_cli *c, const struct fst_skipped *s, bool has_where);
bool cli_is_json(const struct fst_cli *c);
/* Text for people: escaped for a terminal, newlines kept. */
void cli_text(const char *text);
void cli_note(const char *fmt, ...) FST_PRINTF(1, 2); /* to stderr */
bool cli_interrupted(void *arg);                      /* Ctrl-C was pressed */

/* Verbs */
int cli_init(struct fst_cli *c);
int cli_apply(struct fst_cli *c);
int cli_list(struct fst_cli *c);
int cli_show(struct fst_cli *c);
int cli_search(struct fst_cli *c);
int cli_lineage(struct fst_cli *c);
int cli_tag(struct fst_cli *c);
int cli_delete(struct fst_cli *c);
int cli_export(struct fst_cli *c);
int cli_check(struct fst_cli *c);
int cli_explain(struct fst_cli *c);
int cli_run(struct fst_cli *c);
int cli_runs(struct fst_cli *c);
int cli_log(struct fst_cli *c);
int cli_stages(struct fst_cli *c);
int cli_why(struct fst_cli *c);
int cli_cancel(struct fst_cli *c);
int cli_retry(struct fst_cli *c);
int cli_preview(struct fst_cli *c);
int cli_schema(struct fst_cli *c);
int cli_info(struct fst_cli *c);
int cli_stats(struct fst_cli *c);
int cli_diff(struct fst_cli *c);
int cli_trace(struct fst_cli *c);
/* A figure, what it is worth, and its error, as a member of an object. */
void cli_json_figure(struct fst_json_writer *w, const char *name, const struct fst_figure *f);
int cli_sql(struct fst_cli *c);
int cli_provider(struct fst_cli *c);
int cli_tables(struct fst_cli *c);
int cli_register(struct fst_cli *c);
int cli_session(struct fst_cli *c);
int cli_drift(struct fst_cli *c);
int cli_usage_of(struct fst_cli *c);
int cli_prune(struct fst_cli *c);
int cli_doctor(struct fst_cli *c);
int cli_config(struct fst_cli *c);
int cli_keys(struct fst_cli *c);
int cli_completion(struct fst_cli *c);
int cli_agent(struct fst_cli *c);
int cli_chain(struct fst_cli *c);
int cli_session(struct fst_cli *c);
int cli_tables(struct fst_cli *c);
int cli_register(struct fst_cli *c);
int cli_reattach(struct fst_cli *c);

#endif
