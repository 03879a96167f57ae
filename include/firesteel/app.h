/* app: what can one do here? Each act once, for screens and verbs alike.
 *
 * An app is an open workspace with its settings: immutable once opened, shared by all threads. Acts
 * block (catalog, files, engines) and belong on workers or in verbs; each takes what it needs of
 * the catalog for its own time. Screens run them through jobs: see fst_app_submit. */
#ifndef FIRESTEEL_APP_H
#define FIRESTEEL_APP_H

#include "firesteel/base.h"
#include "firesteel/catalog.h"
#include "firesteel/data.h"
#include "firesteel/define.h"
#include "firesteel/engine.h"
#include "firesteel/io.h"
#include "firesteel/model.h"
#include "firesteel/profile.h"
#include "firesteel/run.h"
#include "firesteel/store.h"

/* ---- Settings
 * ------------------------------------------------------------------------------------- */

struct fst_setting {
    const char *name; /* "preview.rows" */
    const char *type; /* "string", "int", "bool", "duration", "number" (of a threshold), "rules",
                         "choice:a,b,c" */
    const char *fallback;
    const char *help;
};
extern const struct fst_setting fst_settings[];
extern const size_t fst_n_settings;

/* ---- The workspace
 * ---------------------------------------------------------------------------------- */

struct fst_app;
struct fst_app_options {
    const char *catalog, *config, *theme; /* NULL = found as the design says */
    const char *program;                  /* argv[0] as given; the agent is started from it */
    bool read_only, no_color;
    bool
        anywhere; /* where there is no workspace, do with an empty one that nothing is written to */
};
/* Find and open the workspace: --catalog, $FIRESTEEL_CATALOG, .firesteel/ here or in a parent, the
 * user's data folder. None there: FST_ENOTFOUND with the way to make one, unless `create` (user's
 * data folder). */
enum fst_status fst_app_open(const struct fst_app_options *o, bool create, struct fst_app **out,
                             struct fst_error *err);
void fst_app_close(struct fst_app *a);
/* Make a workspace in DIR/.firesteel (NULL = here). With `demo`, definitions and data too: `say`
 * gets a line for each step. FST_ECONFLICT when there is one. */
enum fst_status fst_app_init(const char *dir, bool demo, const char *program,
                             void (*say)(void *arg, const char *line), void *arg,
                             struct fst_error *err);
const char *fst_app_setting(const struct fst_app *a, const char *name); /* effective value */
const char *fst_app_setting_origin(const struct fst_app *a,
                                   const char *name); /* "default", a file, ... */
int64_t fst_app_setting_int(const struct fst_app *a, const char *name);
bool fst_app_is_read_only(const struct fst_app *a);
const char *fst_app_catalog_path(const struct fst_app *a);
const char *fst_app_folder(const struct fst_app *a);    /* of the workspace */
const char *fst_app_state_dir(const struct fst_app *a); /* history, drafts */
const char *fst_app_time_zone(const struct fst_app *a);
const struct fst_run_place *fst_app_run_place(const struct fst_app *a);
/* A line of `keys:` in the settings; `where` is FILE:LINE:COLUMN. */
struct fst_key_binding {
    const char *action, *keys, *where;
};
const struct fst_key_binding *fst_app_key_bindings(const struct fst_app *a, size_t *n);
/* A command of one's own on what is under the cursor. `argv` is given to the program as it is,
 * after {name}, {variant}, {kind}, {run}, {uri}, {workspace}, {provider} and {input} in it were
 * filled in; no shell reads it. */
struct fst_own_command {
    const char *name; /* "own.NAME" */
    const char *help, *keys, *scope;
    const char *ask; /* the label that {input} is asked for with; NULL = it is not */
    bool confirm;    /* show what would be started, and ask */
    bool show;       /* its output is a text of the workbench, instead of taking the terminal */
    const char *const *argv;
    size_t n_argv;
    const char *where;
};
const struct fst_own_command *fst_app_own_commands(const struct fst_app *a, size_t *n);
/* `notify.command`: what is started at the end of a run; *n = 0 when there is none. Its words may
 * have {name}, {state}, {took} and {run} in them. */
const char *const *fst_app_notify_command(const struct fst_app *a, size_t *n);
/* Run one to its end, at most ten minutes, and take what it writes to stdout (at most `cap` bytes).
 * A worker's work. */
enum fst_status fst_app_run_own(char *const *argv, size_t cap, struct fst_buf *out,
                                int *exit_status, struct fst_error *err);
/* Change a setting until the program ends. UI thread. Errors name the type or the nearest name. */
enum fst_status fst_app_set(struct fst_app *a, const char *name, const char *value,
                            struct fst_error *err);
/* Read the files again if they changed. On an error everything is as it was before. What was set by
 * an option or fst_app_set stays. UI thread; other threads may read settings meanwhile. */
enum fst_status fst_app_reload(struct fst_app *a, bool *changed, struct fst_error *err);
uint64_t fst_app_settings_stamp(const struct fst_app *a); /* changes when a file does */
/* Is `provider` (NULL or "" = the default) one of those of the setting `production` or `staging`?
 */
bool fst_app_provider_is(const struct fst_app *a, const char *setting, const char *provider);

/* A catalog handle for the calling thread's act; give it back. */
enum fst_status fst_app_take(struct fst_app *a, struct fst_catalog **out, struct fst_error *err);
void fst_app_give(struct fst_app *a, struct fst_catalog *c);

/* Jobs for screens: work on a worker, done on the thread that delivers. */
void fst_app_submit(struct fst_app *a, struct fst_job *job);
int fst_app_fd(const struct fst_app *a);
size_t fst_app_deliver(struct fst_app *a);
size_t fst_app_busy(const struct fst_app *a); /* jobs submitted and not yet delivered */

/* ---- Targets: NAME[.VARIANT][@RUN], table:[PROVIDER/]db.table, sql:[PROVIDER/]QUERY, else a path
 * or URI ------------------------------------------------ */

struct fst_place {
    struct fst_arena *arena;
    struct fst_resource *resource; /* NULL for a path or URI; owned */
    const char *label;             /* for titles */
    const char *uri, *format; /* where the rows are; uri NULL = nothing there yet (see `why`) */
    const struct fst_doc *options;
    const char *table; /* instead of a uri: a table of Spark's catalog, which a provider reads */
    const char *reference; /* of a table that is files which only Spark reads: {{name.variant}} */
    const char *query;     /* or the rows of a query, which a provider is asked for */
    const char *provider;  /* of the table or query; NULL = the default */
    const char *run_id;    /* whose output it is; NULL for sources and paths */
    const char *why;       /* what to do to get rows */
};
enum fst_status fst_app_find(struct fst_app *a, const char *target, struct fst_place *out,
                             struct fst_error *err);
void fst_place_done(struct fst_place *p);

/* ---- Looking
 * ------------------------------------------------------------------------------------------- */

struct fst_preview_options {
    uint64_t limit; /* 0 = the setting preview.rows */
    uint64_t offset;
    uint64_t tail; /* only so many rows at the end; goes with none of offset, where and sort */
    const char *const *columns;
    size_t n_columns;
    const char *where, *sort; /* Spark SQL expressions; run on the local engine */
    bool any_order;           /* a training set's own order is not needed */
    size_t memory_cap;        /* as of fst_read_options; 0 = its own */
    bool (*cancelled)(void *);
    void *cancel_arg;
    struct fst_read_notes *notes; /* likewise: what was met of texts */
    struct fst_skipped *skipped; /* what was left out is added here until the reader is closed; NULL
                                    = not wanted */
};
/* Rows of a target. Features and labels show their entity, value and timestamp columns; training
 * sets come in label-timestamp order. `place` tells what was opened, and outlives the reader, which
 * borrows from it. */
enum fst_status fst_app_preview(struct fst_app *a, const char *target,
                                const struct fst_preview_options *o, struct fst_reader **out,
                                struct fst_place *place, struct fst_problem *problem,
                                struct fst_error *err);
/* SELECT `select` FROM its rows [WHERE o->where] `rest`: by the embedded engine, or by the provider
 * of what it alone can read. Of the options where, limit and cancelled count. */
enum fst_status fst_app_select(struct fst_app *a, const char *target, const char *select,
                               const char *rest, const struct fst_preview_options *o,
                               struct fst_reader **out, struct fst_place *place,
                               struct fst_problem *problem, struct fst_error *err);
/* A value as Spark SQL writes it, from its plain text; false = of such a type there are none. NULL
 * is the word. */
bool fst_text_literal(struct fst_buf *out, const struct fst_type *type, const char *text, size_t n);
bool fst_cell_literal(struct fst_buf *out, const struct fst_column *c, size_t row);
/* "column = value" or "column IS NULL". */
bool fst_cell_condition(struct fst_buf *out, const char *column, const struct fst_column *c,
                        size_t row);
/* Rows into a new folder, complete or not there at all; the name of the format names the files. */
struct fst_into {
    const char *folder; /* path or URI; must not be there yet */
    const char *format;
    struct fst_write_options write;
    const char *const *partition_by;
    size_t n_partition_by;
};
enum fst_status fst_app_write_into(struct fst_reader *reader, const struct fst_into *into,
                                   struct fst_copy *copy, struct fst_error *err);
/* Rows into a new file of the format that its name says: whole, or not there at all. */
enum fst_status fst_app_write_file(struct fst_reader *reader, const char *path,
                                   struct fst_copy *copy, struct fst_error *err);
/* Schema of what is there; of a transformation that never ran, from the analyzer. */
enum fst_status fst_app_schema(struct fst_app *a, const char *target, struct fst_schema **out,
                               struct fst_problem *problem, struct fst_error *err);
/* The same as the first file has it; none where files have no schema of their own. */
struct fst_schema_lines {
    struct fst_arena *arena;
    struct fst_schema_line *lines;
    size_t n;
};
enum fst_status fst_app_schema_lines(struct fst_app *a, const char *target,
                                     struct fst_schema_lines *out, struct fst_error *err);
void fst_schema_lines_done(struct fst_schema_lines *l);
/* What the files of a target say of themselves. */
enum { FST_INFO_FILES = 1000 };
struct fst_file_facts {
    const char *name;
    int64_t rows;
    uint64_t size;
    size_t row_groups;
};
struct fst_table_info {
    struct fst_arena *arena;
    const char *label;
    struct fst_table_stat stat;
    struct fst_footers all;
    const char *first_writer, *first_version;
    int64_t first_rows;
    size_t first_row_groups;
    struct {
        const char *key, *value;
    } * key_values; /* of the first file */
    size_t n_key_values;
    struct fst_schema_line *lines; /* of its schema */
    size_t n_lines;
    struct fst_file_facts *files; /* the first FST_INFO_FILES */
    size_t n_files;
};
enum fst_status fst_app_info(struct fst_app *a, const char *target, bool (*cancelled)(void *),
                             void *cancel_arg, struct fst_table_info *out, struct fst_error *err);
void fst_table_info_done(struct fst_table_info *t);
/* Figures of columns: what the footers of all files say, or, with a scan, what the rows are. */
struct fst_stats_options {
    const char *const *columns; /* names; of footers also paths of leaves */
    size_t n_columns;
    bool scan;
    uint64_t sample;   /* rows of a scan, from all over the table where that can be; 0 = all */
    const char *where; /* of a scan: only these rows; a sample are then the first of them */
    bool bins; /* of a scan of one column of numbers or times: how they are spread, by one more scan
                */
    void (*progress)(void *arg, uint64_t rows, int64_t of); /* of: -1 = not known */
    void *arg;
    bool (*cancelled)(void *);
    void *cancel_arg;
};
/* Values from `from` on and below `to`; equal to both; or, in the last one, up to `to`. */
struct fst_bin {
    const char *from, *to; /* as cells show them */
    uint64_t count;
};
enum { FST_MAX_BINS = 24 };
enum fst_stats_source { FST_FROM_FOOTERS, FST_FROM_SCAN, FST_FROM_SAMPLE };
struct fst_table_stats {
    struct fst_arena *arena;
    const char *label;
    enum fst_stats_source source;
    const char *sampled; /* which rows; NULL = all */
    size_t files;        /* footers that were read */
    size_t n_bad;        /* that could not be; the figures are without them */
    struct fst_bad_footer bad[FST_BAD_FOOTERS];
    uint64_t rows;      /* that were looked at, or that the footers count */
    int64_t total_rows; /* -1 = not known */
    struct fst_column_stats *columns;
    size_t n_columns;
    struct fst_bin bins[FST_MAX_BINS];
    size_t n_bins; /* 0 = not asked for, or nothing to spread */
};
enum fst_status fst_app_stats(struct fst_app *a, const char *target,
                              const struct fst_stats_options *o, struct fst_table_stats *out,
                              struct fst_problem *problem, struct fst_error *err);
void fst_table_stats_done(struct fst_table_stats *t);

/* ---- Two runs of one resource
 * ------------------------------------------------------------------------------------ */

enum fst_row_change { FST_ROW_CHANGED, FST_ROW_GONE, FST_ROW_NEW, FST_ROW_CHANGES_ };
extern const char *const fst_row_change_names[]; /* "changed", "gone", "new" */
struct fst_cell_change {
    size_t column;              /* among those of the comparison */
    const char *before, *after; /* as cells show them; NULL = NULL */
    const char *before_json, *after_json;
};
struct fst_changed_row {
    enum fst_row_change change;
    struct fst_cell_change *keys;  /* in the order of the keys */
    struct fst_cell_change *cells; /* that changed; of gone and new rows all but the keys */
    size_t n_cells;
};
struct fst_compared_column {
    const char *name, *before_type, *after_type; /* type NULL = it is not there */
    struct fst_type type;     /* of both, when they are equal and no nested one */
    bool is_compared, is_key; /* cell by cell */
    const struct fst_column_stats *before, *after; /* NULL = not looked at */
    uint64_t changed;                              /* cells, of rows that are in both */
};
struct fst_compared_run {
    const char *id, *target;
    int64_t finished_us, rows; /* rows -1 = not known */
    uint64_t bytes;
};
struct fst_comparison {
    struct fst_arena *arena;
    const char *label;
    struct fst_compared_run before, after;
    struct fst_compared_column *columns; /* those after, then those that are gone */
    size_t n_columns;
    size_t *keys; /* columns that tell rows apart; none = nobody knows them */
    size_t n_keys;
    const char *keys_of; /* why these: "feature x.v1", "given" */
    bool has_figures, has_rows;
    uint64_t counts[FST_ROW_CHANGES_], same;
    uint64_t repeated; /* keys that come more than once in one of the runs */
    struct fst_changed_row *rows;
    size_t n_rows, rows_cap;
    struct fst_arena *kept[2]; /* private */
};
struct fst_compare_options {
    const char *before, *after; /* runs; NULL = the newest READY one, and the one before that */
    const char *const *keys;
    size_t n_keys;      /* 0 = as the features and labels that stand on it say */
    bool figures, rows; /* look at all rows, for figures of columns; and compare them by key */
    size_t limit;       /* rows that are kept, of each kind of change; all are counted */
    void (*progress)(void *arg, uint64_t rows, int64_t of);
    void *arg;
    bool (*cancelled)(void *);
    void *cancel_arg;
};
/* Schema and sizes at least; the rest as asked for. */
enum fst_status fst_app_compare(struct fst_app *a, const char *target,
                                const struct fst_compare_options *o, struct fst_comparison *out,
                                struct fst_error *err);
void fst_comparison_done(struct fst_comparison *c);
/* "NULLs 0 -> 3, greatest 9 -> 12, 4 cells changed", with that arrow; nothing when nothing did. */
void fst_column_changes_text(struct fst_buf *out, const struct fst_compared_column *c,
                             const char *arrow);
/* What tells rows of a resource apart: entity and timestamp columns of what stands on it, or its
 * own. `keys` (at most two) and `of` live in the arena; 0 = nobody knows. */
size_t fst_app_keys(struct fst_app *a, const struct fst_resource *r, struct fst_arena *arena,
                    const char *keys[2], const char **of);
/* The READY run of the same resource before that one, or FST_ENOTFOUND. */
enum fst_status fst_app_run_before(struct fst_app *a, const char *run_id,
                                   struct fst_run_record **out, struct fst_error *err);

/* ---- Where the values of a training row come from
 * ------------------------------------------------------------------------------------ */

enum fst_taken {
    FST_TAKEN,         /* a row of the feature */
    FST_TAKEN_TOO_OLD, /* there is one, and max_age says that it does not count: NULL */
    FST_TAKEN_LATER,   /* all rows of the entity begin to count later: NULL */
    FST_TAKEN_NO_ROWS, /* there are none of the entity: NULL */
    FST_TAKEN_NO_KEY,  /* the label has no entity, or no time: NULL */
    FST_TAKEN_UNKNOWN, /* its rows cannot be read here: see `error` */
};
extern const char *const fst_taken_names[];
struct fst_traced_cell {
    const char *name, *text, *json; /* text NULL = NULL */
};
struct fst_traced {
    const char *column;          /* of the training set */
    const char *source, *run_id; /* name.variant that was read; run "" for sources */
    const char *uri;
    const char *rows_target, *rows_where; /* all rows of the entity there; where NULL = none can be
                                             asked for */
    const char *entity_column, *value_column, *time_column; /* time NULL = it has none */
    bool by_time; /* the label has a time, too: rows at or before it count */
    int64_t lag_us, max_age_us;
    enum fst_taken taken;
    const char *error;
    struct fst_traced_cell value, in_row; /* traced, and as the training set has it */
    bool agrees;
    const char *time; /* of the row, as cells show it */
    bool has_age;
    int64_t age_us;                /* of the row at the label's time; without the lag */
    uint64_t rows, before, ties;   /* of the entity; that count by then; of the row's instant */
    struct fst_traced_cell *cells; /* the row, whole */
    size_t n_cells;
};
struct fst_trace {
    struct fst_arena *arena;
    const char *label, *run_id;
    struct fst_traced_cell entity, time, answer; /* time.name NULL = the label has none */
    struct fst_traced *features;
    size_t n_features;
};
struct fst_trace_options {
    uint64_t row;         /* from 1, in the order that preview shows; 0 = by `where` or key */
    const char *where;    /* a condition on the training set's rows */
    const char *key, *at; /* or the entity's value, and the label's time (NULL = any) */
    bool (*cancelled)(void *);
    void *cancel_arg;
};
/* Each feature of one row of a training set, followed to the row that it was taken from, in the
 * outputs that the run read. */
enum fst_status fst_app_trace(struct fst_app *a, const char *target,
                              const struct fst_trace_options *o, struct fst_trace *out,
                              struct fst_error *err);
void fst_trace_done(struct fst_trace *t);
/* Why this value: sentences for people, one a line. */
void fst_traced_text(struct fst_buf *out, const struct fst_traced *t);

/* ---- Where columns come from
 * ------------------------------------------------------------------------------------ */

/* A column that a column of a resource's rows is made of. */
struct fst_column_origin {
    const char *column; /* NULL = the rows: what decides which there are */
    const char *from;   /* name.variant of a source, or of what nothing more is known about */
    const char *from_column;
    unsigned uses; /* fst_use of firesteel/sql/tree.h */
};
struct fst_column_origins {
    struct fst_arena *arena;
    struct fst_column_origin *items; /* in the order of the columns; the rows' last */
    size_t n;
    const char **notes; /* what could not be followed, and why */
    size_t n_notes;
};
/* Follow the columns of a resource down to those of its sources, through every transformation, by
 * their SQL alone: nothing runs. What has no SQL that we understand (a Python function, a construct
 * of Spark's) is an end with a note. */
enum fst_status fst_app_column_origins(struct fst_app *a, const struct fst_resource *r,
                                       struct fst_column_origins *out, struct fst_error *err);
void fst_column_origins_done(struct fst_column_origins *o);
/* "as is", or what is done with the column, in words with commas between. */
void fst_column_uses_text(struct fst_buf *out, unsigned uses);

/* The way of one column: what it is made of, through each resource down to the sources (as a tree,
 * each column opened once), or, downstream, what is made of it. The first is the column itself. */
struct fst_column_step {
    unsigned depth;
    const char *kind;           /* of the resource; "" = see the catalog */
    const char *label, *column; /* column NULL = its rows */
    const char *of;             /* what it goes into (up), or label.column it is made of (down) */
    unsigned uses;              /* fst_use; 0 = the first */
    bool rows, again;           /* it decides which rows there are; opened further above */
};
struct fst_column_way {
    struct fst_arena *arena;
    struct fst_column_step *items;
    size_t n;
    const char **notes;
    size_t n_notes;
};
enum fst_status fst_app_column_way(struct fst_app *a, const struct fst_resource *r,
                                   const char *column, bool down, struct fst_column_way *out,
                                   struct fst_error *err);
void fst_column_way_done(struct fst_column_way *way);
void fst_column_step_text(struct fst_buf *out, const struct fst_column_step *step);

/* ---- Asking an engine
 * ------------------------------------------------------------------------------------ */

/* Sessions stay warm between calls (one a provider); one call at a time each. `provider` NULL =
 * default. */
enum fst_status fst_app_check(struct fst_app *a, const char *text, const char *provider,
                              bool (*cancelled)(void *), void *cancel_arg, struct fst_schema **out,
                              struct fst_problem *problem, struct fst_error *err);
/* What a transformation, function or training set would give, with its own settings. */
enum fst_status fst_app_check_resource(struct fst_app *a, const struct fst_resource *r,
                                       const char *provider, bool (*cancelled)(void *),
                                       void *cancel_arg, struct fst_schema **out,
                                       struct fst_problem *problem, struct fst_error *err);
enum fst_status fst_app_explain(struct fst_app *a, const char *text, const char *provider,
                                struct fst_buf *out, struct fst_problem *problem,
                                struct fst_error *err);
/* A query that ran, as it is remembered in the state directory (queries.c). */
struct fst_past_query {
    int64_t at_us, took_us;
    int64_t rows; /* that were read; -1 = it was opened elsewhere, or failed */
    bool more;    /* there are more than that */
    const char *sql, *provider;
    const char *error; /* its first line; NULL = it went well */
};
/* Remember it, secrets masked; only the last ones are kept. For workers: it waits for others that
 * write. A text that is too long to be kept is left out. */
enum fst_status fst_app_keep_query(struct fst_app *a, const struct fst_past_query *q,
                                   struct fst_error *err);
/* All that are remembered, the newest first, owned by the arena. None is no error. */
enum fst_status fst_app_past_queries(struct fst_app *a, struct fst_arena *arena,
                                     struct fst_past_query **out, size_t *n, struct fst_error *err);
/* What fst_app_sql sends for a text, appended to `out`: the provider, each input under the name
 * that the text has for it, as comments, and the text. Nothing is sent. */
enum fst_status fst_app_sent(struct fst_app *a, const char *text, const char *provider,
                             struct fst_buf *out, struct fst_error *err);
enum fst_status fst_app_sql(struct fst_app *a, const char *text, const char *provider,
                            uint64_t limit, bool (*cancelled)(void *), void *cancel_arg,
                            struct fst_reader **out, struct fst_problem *problem,
                            struct fst_error *err);
/* Why the embedded engine would not do a text that `provider` found right, or a resource (`text` is
 * then not looked at): one line, owned; NULL when it would. Nothing runs. */
char *fst_app_not_local(struct fst_app *a, const char *text, const struct fst_resource *r,
                        const char *provider);
/* The same for a name or a .sql file: also of a Python function, where the engine takes it. `text`
 * gets what problems have their place in (owned; NULL = there is none), `not_local` the above
 * (owned). */
enum fst_status fst_app_check_named(struct fst_app *a, const char *name_or_file,
                                    const char *provider, bool (*cancelled)(void *),
                                    void *cancel_arg, struct fst_schema **out, char **text,
                                    char **not_local, struct fst_problem *problem,
                                    struct fst_error *err);
enum fst_status fst_app_explain_named(struct fst_app *a, const char *name_or_file,
                                      const char *provider, struct fst_buf *out, char **text,
                                      struct fst_problem *problem, struct fst_error *err);
/* The text of a target for check and explain: a transformation's or training set's SQL, or a .sql
 * file. */
enum fst_status fst_app_text(struct fst_app *a, const char *name_or_file, char **text,
                             char **provider, struct fst_error *err);

/* ---- Tables of Spark's catalog
 * ----------------------------------------------------------------------------------
 */

struct fst_spark_table {
    const char *database, *name; /* both as a table: target takes them; name "" = none in there */
    bool temporary;
};
struct fst_spark_tables {
    struct fst_arena *arena;
    struct fst_spark_table *items;
    size_t n;
    bool cut; /* there are more databases than were looked into */
};
/* Databases and tables that a provider knows; `database` NULL = of all of them. */
enum fst_status fst_app_tables(struct fst_app *a, const char *provider, const char *database,
                               bool (*cancelled)(void *), void *cancel_arg,
                               struct fst_spark_tables *out, struct fst_error *err);
void fst_spark_tables_done(struct fst_spark_tables *t);
/* A source NAME[.VARIANT] made here: files at `path`, or a `table`. `label` gets what it is called
 * (owned; may be NULL). */
enum fst_status fst_app_register(struct fst_app *a, const char *name, const char *path,
                                 const char *table, const char *provider, const char *format,
                                 char **label, struct fst_error *err);

/* ---- Lasting sessions
 * ---------------------------------------------------------------------------------------
 *
 * At most one a provider, remembered in the catalog by the first query or check: those that follow,
 * of every process, go on with it, with its temporary views and settings. One that was not used for
 * session.idle is ended by whoever sees it next. */

struct fst_session_info {
    const char *provider, *name;
    int64_t since_us, used_us;
    bool is_over; /* idle for longer than session.idle: it is ended */
};
struct fst_session_infos {
    struct fst_arena *arena;
    struct fst_session_info *items;
    size_t n;
};
enum fst_status fst_app_sessions(struct fst_app *a, struct fst_session_infos *out,
                                 struct fst_error *err);
void fst_session_infos_done(struct fst_session_infos *s);
/* Begin one, or make sure that the one there lives. `line` gets what answered. */
enum fst_status fst_app_session_start(struct fst_app *a, const char *provider, struct fst_buf *line,
                                      struct fst_error *err);
enum fst_status fst_app_session_stop(struct fst_app *a, const char *provider,
                                     struct fst_error *err);

/* ---- Changing
 * ---------------------------------------------------------------------------------------------- */

/* The SQL of transformation `id` as a new variant (`variant` NULL = the time); its references
 * pinned. Equal text gives FST_ECONFLICT naming the variant that has it. `new_id` gets the new one.
 */
enum fst_status fst_app_save_variant(struct fst_app *a, int64_t id, const char *sql,
                                     const char *variant, int64_t *new_id, struct fst_error *err);
/* New variants of everything that stands on `old_id`, standing on `new_id` instead (names: the
 * time). With `dry`, only what would be made, as labels. The list is owned: fst_labels_free. */
struct fst_labels {
    char **labels;
    int64_t *ids;
    size_t n;
};
enum fst_status fst_app_repoint(struct fst_app *a, int64_t old_id, int64_t new_id, bool dry,
                                struct fst_labels *out, struct fst_error *err);
void fst_labels_free(struct fst_labels *l);
enum fst_status fst_app_export(struct fst_app *a, const char *const *targets, size_t n,
                               struct fst_buf *out, struct fst_error *err);

/* Definitions that are not in the catalog yet: a file's (`~` works), or a text made on a screen. */
struct fst_draft {
    const char *path, *text; /* one of the two */
};
struct fst_planned {
    char *summary; /* a line for each: what would become of it, with diffs */
    char *labels;  /* of what is new or changes, with commas between */
    char *yaml;    /* of those that are not there already, with variants and references filled in */
    size_t n, changes;
    bool forbidden;
};
enum fst_status fst_app_plan(struct fst_app *a, const struct fst_draft *draft,
                             struct fst_planned *out, struct fst_error *err);
enum fst_status fst_app_apply(struct fst_app *a, const struct fst_draft *draft,
                              struct fst_planned *out, struct fst_error *err);
void fst_planned_done(struct fst_planned *p);
/* Reach the one provider that `text` defines, which need not be registered. */
enum fst_status fst_app_try_provider(struct fst_app *a, const char *text, struct fst_buf *line,
                                     struct fst_error *err);
/* Definitions, data and runs of the demo into this workspace, its data beside it. */
enum fst_status fst_app_demo(struct fst_app *a, void (*say)(void *arg, const char *line), void *arg,
                             struct fst_error *err);

/* ---- Files of definitions and the catalog, side by side --------------------------------------
 */

enum fst_drift_side { FST_DRIFT_FILE, FST_DRIFT_BOTH, FST_DRIFT_CATALOG };
struct fst_drift {
    enum fst_drift_side side; /* only the file has it, they differ, only the catalog has it */
    enum fst_resource_kind kind;
    char *label, *file, *diff; /* file: of the definition, or that it was applied from; or NULL */
    int64_t id;                /* in the catalog; 0 = not there */
    bool has_more;             /* only tags, properties or words for people, of the catalog */
    bool has_variant;          /* the file writes its variant, which can only be another one */
};
struct fst_drifts {
    struct fst_drift *items;
    size_t n, cap, files;
};
/* Of these files, or (n = 0) of those that the catalog was applied from. What was made on the
 * screen and is in none of them is told, too. */
enum fst_status fst_app_drift(struct fst_app *a, const char *const *paths, size_t n,
                              const char *const *sets, struct fst_drifts *out,
                              struct fst_error *err);
void fst_drifts_done(struct fst_drifts *d);
/* The definition of `id` into a file (NULL = the one it came from; a new one is made), or its SQL
 * into the sql_file that the file names. `diff` gets what changes; with `dry` nothing is written.
 * What came from no file came from this one from then on. */
enum fst_status fst_app_write_back(struct fst_app *a, int64_t id, const char *path,
                                   const char *const *sets, bool dry, struct fst_buf *diff,
                                   struct fst_error *err);
/* What a file says of one name, applied. */
enum fst_status fst_app_take_file(struct fst_app *a, const char *path, enum fst_resource_kind kind,
                                  const char *name, const char *const *sets, struct fst_error *err);

/* ---- The room that outputs take ---------------------------------------------------------------
 */

struct fst_usage_row {
    int64_t resource_id;
    const char *label, *run_id, *uri;
    const char *kept; /* why it stays; NULL = nobody needs it */
    enum fst_state state;
    uint64_t bytes;
    size_t files;
    int64_t ended_us;
    bool problem; /* it could not be listed */
};
struct fst_usage {
    struct fst_arena *arena;
    struct fst_usage_row *rows; /* the largest first */
    size_t n, cap, n_free, pruned;
    uint64_t bytes, free_bytes;
};
/* Outputs of runs, of `target` alone or of all (NULL), with why each stays. */
enum fst_status fst_app_usage(struct fst_app *a, const char *target, bool (*cancelled)(void *),
                              void *arg, struct fst_usage *out, struct fst_error *err);
/* Take away those that nobody needs; `out` tells which they were. */
enum fst_status fst_app_prune(struct fst_app *a, const char *target, bool (*cancelled)(void *),
                              void *arg, struct fst_usage *out, struct fst_error *err);
void fst_usage_done(struct fst_usage *u);
/* An archived variant is back. */
enum fst_status fst_app_restore(struct fst_app *a, int64_t id, struct fst_error *err);
enum fst_status fst_app_restore_named(struct fst_app *a, const char *name, struct fst_error *err);

/* ---- Running
 * ------------------------------------------------------------------------------------------------
 */

/* Start what `target` needs. `upstream`: what is missing or stale first, in dependency order (the
 * order is kept by waiting for each; `started` gets every run's id as it starts). A feature or
 * label runs what it stands on; a source is looked at again. Without upstream, missing inputs are
 * an error that names them. */
struct fst_run_request {
    const char *target, *provider;
    bool upstream;
    bool downstream; /* then all that stands on it */
    bool
        wait; /* follow each to its end; what was started goes on also when the caller has enough */
    void (*started)(void *arg, const char *run_id, const char *label);
    /* Not run, as it stands on what failed. */
    void (*left_out)(void *arg, const char *label, const char *because);
    void (*chain)(void *arg, const char *chain_id); /* several are run: fst_chain_read tells */
    void (*progress)(void *arg, const char *run_id, const struct fst_run_view *view);
    void *arg;
    bool (*cancelled)(void *); /* stops following, not the run */
    void *cancel_arg;
};
enum fst_status fst_app_run(struct fst_app *a, const struct fst_run_request *rq,
                            struct fst_error *err);
/* What a chain's own process does: run what is left of it, one after the other. FST_OK however they
 * ended: the chain tells. */
enum fst_status fst_app_chain(struct fst_app *a, const char *chain_id, struct fst_error *err);
enum fst_status fst_app_retry(struct fst_app *a, const char *run_id, char **new_id,
                              struct fst_error *err);
enum fst_status fst_app_cancel(struct fst_app *a, const char *run_id, struct fst_error *err);

/* Chains that were started, the newest first; ended ones are kept for a week. */
struct fst_chain_row {
    const char *id, *target;
    const char *now;   /* name.variant of the run under way; NULL = none */
    const char *error; /* NULL = none */
    enum fst_state state;
    size_t done, n;             /* runs that are READY, of how many */
    int64_t began_us, ended_us; /* 0 = not known */
};
struct fst_chain_rows {
    struct fst_arena *arena;
    struct fst_chain_row *rows;
    size_t n, total;
};
/* Those in which the resource is run (0 = all), at most `limit` (0 = all). */
enum fst_status fst_app_chains(struct fst_app *a, int64_t resource_id, size_t limit,
                               struct fst_chain_rows *out, struct fst_error *err);
void fst_chain_rows_done(struct fst_chain_rows *r);
/* End its run under way, and start no further one; a part of its id will do, as of a run's. */
enum fst_status fst_app_cancel_chain(struct fst_app *a, const char *chain_id,
                                     struct fst_error *err);
/* Exactly what a run of `target` would send or start, secrets masked; nothing is started. */
enum fst_status fst_app_command(struct fst_app *a, const char *target, const char *provider,
                                struct fst_buf *out, struct fst_error *err);
/* Look again for a run that was LOST. */
enum fst_status fst_app_look_again(struct fst_app *a, const char *run_id, struct fst_error *err);
/* What would run for target, with what it needs (upstream) and what stands on it (downstream), in
 * order. */
enum fst_status fst_app_run_plan(struct fst_app *a, const char *target, bool upstream,
                                 bool downstream, struct fst_labels *out, struct fst_error *err);
/* What must run again when `target` changes: itself and everything that stands on it, in dependency
 * order; what does not run itself (features) is there with runs = false. */
struct fst_impact_node {
    int64_t id;
    enum fst_resource_kind kind;
    const char *label; /* name.variant */
    enum fst_state state;
    bool stale, runs;
    const char *why, *readers; /* features, labels, training sets right below it */
    const char *provider;      /* "" = the default */
    int64_t took_us;           /* its last good run; -1 = there is none */
    char hash[65];             /* of its definition: SQL, inputs, settings */
    char hash_ran[65];         /* of the variant that ran before, when this one never did */
};
struct fst_impact {
    struct fst_arena *arena;
    struct fst_impact_node *items;
    size_t n, n_runs, n_unknown; /* n_unknown of the runs have no last one */
    int64_t total_us;            /* of the last runs */
};
enum fst_status fst_app_impact(struct fst_app *a, const char *target, struct fst_impact *out,
                               struct fst_error *err);
/* What is out of date in the whole workspace, and all that stands on it: only what runs, each once,
 * in dependency order. Out of date is what has an input that is newer than what its newest good run
 * read, what never ran though it is its name's default variant and another one with
 * another hash did, and what never ran though something reads it. By what is known of sources:
 * fst_app_refresh_sources looks at them again. */
enum fst_status fst_app_stale(struct fst_app *a, struct fst_impact *out, struct fst_error *err);
void fst_impact_done(struct fst_impact *impact);
/* What of it runs, in order; the list is owned. */
void fst_impact_labels(const struct fst_impact *impact, struct fst_labels *out);
/* Run exactly `plan`, which is not empty, in its order; the target of `rq` is not looked at. */
enum fst_status fst_app_run_planned(struct fst_app *a, const struct fst_labels *plan,
                                    const struct fst_run_request *rq, struct fst_error *err);
void fst_impact_total(const struct fst_impact *impact, struct fst_buf *out); /* in words */
/* Agents for runs that lost theirs; called when a workspace is opened. */
void fst_app_revive(struct fst_app *a);
/* Look at every source again: there or not. */
enum fst_status fst_app_refresh_sources(struct fst_app *a, struct fst_error *err);

/* ---- How work spent its time
 * -----------------------------------------------------------------------------------------------
 */

struct fst_app_profile {
    struct fst_profile *profile, *before; /* before: of the previous good run; NULL = none */
    const char *before_run;               /* its id */
    struct fst_findings findings;
    struct fst_profile_change *changes; /* since that run */
    size_t n_changes;
    size_t damaged; /* lines of an event log that could not be read */
    struct fst_arena *arena;
};
/* Of a run, from its profile.json; FST_ENOTFOUND says why there is none. */
enum fst_status fst_app_profile(struct fst_app *a, const char *run_id, struct fst_app_profile *out,
                                struct fst_error *err);
/* Of an event log: a file, plain or .zstd, or a rolling log's folder. `tag` NULL = all stages. */
enum fst_status fst_app_profile_of_log(struct fst_app *a, const char *path, const char *tag,
                                       struct fst_app_profile *out, struct fst_error *err);
/* From a live UI or a History Server: http://host:18080. `application` is ID or ID/ATTEMPT; NULL =
 * the only one there. */
enum fst_status fst_app_profile_of_url(struct fst_app *a, const char *url, const char *application,
                                       const char *tag, fst_cancelled_fn cancelled,
                                       void *cancel_arg, struct fst_app_profile *out,
                                       struct fst_error *err);
void fst_app_profile_done(struct fst_app_profile *p);

/* ---- Providers
 * --------------------------------------------------------------------------------------------------
 */

enum fst_status fst_app_provider_test(struct fst_app *a, const char *provider, struct fst_buf *line,
                                      struct fst_error *err);
enum fst_status fst_app_provider_start(struct fst_app *a, const char *provider,
                                       void (*say)(void *arg, const char *line), void *arg,
                                       bool (*cancelled)(void *), struct fst_error *err);
enum fst_status fst_app_provider_stop(struct fst_app *a, const char *provider,
                                      struct fst_error *err);
/* A line for each thing looked at: workspace, terminal, libraries, each provider. */
void fst_app_doctor(struct fst_app *a,
                    void (*say)(void *arg, bool ok, const char *what, const char *remedy),
                    void *arg);

#endif
