/* The table of verbs and of their options; usage, --help and the manual page read it. */
#include "cli.h"

#define OPTIONS(list) list, FST_COUNT(list)

const struct fst_cli_option fst_global_options[] = {
    {"--catalog", 0, "FILE", "the catalog, or the folder that holds catalog.db"},
    {"--config", 0, "FILE", "settings instead of the user's own config.yaml"},
    {"--theme", 0, "NAME",
     "colours of the workbench: default, dark, light, mono, colorblind, or a file"},
    {"--output", 'o', "FORMAT", "rows as table, json, jsonl, csv, tsv or parquet"},
    {"--read-only", 0, NULL, "change nothing"},
    {"--no-color", 0, NULL, "no colours (also: NO_COLOR)"},
    {"--keys", 0, "FILE", "workbench: drive it with a script of keys, without a terminal"},
    {"--dump", 0, "FILE", "workbench: where a script's dumps go (else stdout)"},
    {"--size", 0, "COLSxROWS", "workbench: size of the scripted screen, 80x24 unless given"},
    {"--version", 'V', NULL, "print the version"},
    {"--help", 'h', NULL, "print help"},
};
const size_t fst_n_global_options = FST_COUNT(fst_global_options);

static const struct fst_cli_option init_options[] = {
    {"--demo", 0, NULL, "with definitions, generated data and runs to try everything on"},
};
static const struct fst_cli_option apply_options[] = {
    {"--plan", 0, NULL, "only show what would change"},
    {"--set", 0, "K=V", "value of ${K} in the files; may be repeated"},
};
static const struct fst_cli_option list_options[] = {
    {"--filter", 'f', "TEXT", "only what has TEXT in its name, variant, owner or tags"},
    {"--tag", 0, "TAG", "only what carries TAG"},
    {"--all", 'a', NULL, "every variant, not only the default one of each name"},
    {"--limit", 'n', "N", "at most N rows"},
};
static const struct fst_cli_option search_options[] = {
    {"--limit", 'n', "N", "at most N hits (50)"}};
static const struct fst_cli_option lineage_options[] = {
    {"--up", 0, NULL, "only what it stands on"},
    {"--down", 0, NULL, "only what stands on it"},
    {"--ascii", 0, NULL, "draw with ASCII characters"},
    {"--impact", 0, NULL, "what must run again if it changes, in order, and how long that takes"},
    {"--column", 0, "COLUMN",
     "the way of one column: what it is made of; with --down, what is made of it"},
    {"--columns", 0, NULL, "which source columns each column is made of, by its SQL"},
};
static const struct fst_cli_option tag_options[] = {
    {"--remove", 0, NULL, "take the tags away instead"},
};
static const struct fst_cli_option delete_options[] = {
    {"--undo", 0, NULL, "bring an archived variant back: NAME.VARIANT"},
};
static const struct fst_cli_option drift_options[] = {
    {"--write", 0, NULL, "write the definition of the one NAME given into the file it came from"},
    {"--into", 0, "FILE", "with --write: into this file, which may be new"},
    {"--plan", 0, NULL, "with --write: only show what would change"},
    {"--set", 0, "K=V", "value of ${K} in the files; may be repeated"},
};
static const struct fst_cli_option prune_options[] = {
    {"--yes", 0, NULL, "take them away; without it they are only shown"},
};
static const struct fst_cli_option provider_option[] = {
    {"--provider", 'p', "NAME", "where it is asked or runs; local is the embedded engine"},
};
static const struct fst_cli_option run_options[] = {
    {"--provider", 'p', "NAME", "where it runs, instead of the resource's own provider"},
    {"--upstream", 'u', NULL, "first run what is missing or stale, in dependency order"},
    {"--downstream", 0, NULL, "then run all that stands on it, in dependency order"},
    {"--stale", 0, NULL,
     "what is out of date in the whole workspace, and all that stands on it; no name then"},
    {"--plan", 0, NULL, "only show what would run, in order"},
    {"--detach", 'd', NULL, "return at once with the run's id"},
    {"--show-command", 0, NULL, "only print what would be sent or started, secrets masked"},
};
static const struct fst_cli_option tables_options[] = {
    {"--provider", 'p', "NAME", "whose catalog; the workspace's default provider when left out"},
};
static const struct fst_cli_option register_options[] = {
    {"--path", 0, "PATH", "files: a file, folder or URI"},
    {"--table", 't', "DB.TABLE", "a table of Spark's catalog, as Spark writes it"},
    {"--provider", 'p', "NAME", "where it lies; the workspace's default when left out"},
    {"--format", 0, "FORMAT", "parquet, csv, ...; told from the path when left out"},
};
static const struct fst_cli_option runs_options[] = {
    {"--limit", 'n', "N", "at most N runs (20)"},
    {"--of", 0, "NAME[.VARIANT]", "only runs of this, or chains that run it"},
    {"--chains", 0, NULL,
     "chains instead (run --upstream, --downstream, --stale): how far each is, what runs now"},
};
static const struct fst_cli_option log_options[] = {
    {"--follow", 'f', NULL, "go on until the run ends"}};
static const struct fst_cli_option profile_options[] = {
    {"--event-log", 0, "FILE",
     "of an event log instead: a file, plain or zstd, or a rolling log's folder"},
    {"--url", 0, "URL", "of a live Spark UI or a History Server instead: http://host:18080"},
    {"--app", 0, "ID", "with --url: the application, where there are several (ID/ATTEMPT on YARN)"},
    {"--tag", 0, "TAG", "only stages of jobs with a tag that ends in TAG"},
};
static const struct fst_cli_option preview_options[] = {
    {"--limit", 'n', "N",
     "rows to show (setting preview.rows, 50; all with -o parquet or --into); 0 = all"},
    {"--offset", 0, "N", "rows to skip"},
    {"--tail", 0, "N", "the last N rows, as they lie"},
    {"--columns", 'c', "A,B", "only these columns"},
    {"--where", 'w', "EXPR", "only rows for which this Spark SQL expression holds"},
    {"--sort", 's', "EXPR", "in this order (Spark SQL: a DESC, b)"},
    {"--explain", 0, NULL, "afterwards, what was read of the files and what could be left out"},
    {"--codec", 0, "CODEC", "with -o parquet: zstd (unless given), snappy, gzip or none"},
    {"--into", 0, "DIR", "write files into this new folder instead, and _SUCCESS last"},
    {"--partition-by", 0, "A,B", "with --into: these columns become folders A=value/B=value"},
};
static const struct fst_cli_option schema_options[] = {
    {"--spark", 0, NULL, "as the JSON that Spark's StructType.fromJson reads"},
};
static const struct fst_cli_option info_options[] = {
    {"--files", 0, NULL, "a row a file instead: rows, size, row groups (the first 1,000)"},
};
static const struct fst_cli_option stats_options[] = {
    {"--columns", 'c', "A,B", "only these columns"},
    {"--scan", 0, NULL, "look at all rows: mean, distinct values, quantiles, frequent values, ..."},
    {"--sample", 0, "N", "look at N rows from all over the table"},
    {"--where", 'w', "EXPR", "look at the rows for which this Spark SQL expression holds"},
};
static const struct fst_cli_option diff_options[] = {
    {"--key", 'k', "A,B", "columns that tell rows apart, where no feature or label says them"},
    {"--limit", 'n', "N", "at most N rows of each kind of change (20; as JSON 1000); all count"},
};
static const struct fst_cli_option trace_options[] = {
    {"--row", 0, "N", "the row of that number, from 1, as preview shows them"},
    {"--key", 'k', "VALUE", "the row of this entity"},
    {"--at", 0, "TIME", "with --key: and of this label_timestamp"},
    {"--where", 'w', "EXPR", "the first row for which this Spark SQL expression holds"},
};
static const struct fst_cli_option sql_options[] = {
    {"--provider", 'p', "NAME", "where it is asked; local is the embedded engine"},
    {"--file", 'f', "FILE", "read the text from FILE (- for standard input)"},
    {"--limit", 'n', "N", "at most N rows (setting sql.limit, 1000); 0 = all"},
    {"--codec", 0, "CODEC", "with -o parquet: zstd (unless given), snappy, gzip or none"},
    {"--into", 0, "DIR", "write files into this new folder instead, and _SUCCESS last"},
    {"--partition-by", 0, "A,B", "with --into: these columns become folders A=value/B=value"},
};

const struct fst_verb fst_verbs[] = {
    {"init", "[DIR]", "make a workspace", OPTIONS(init_options), 0, 1, FST_WORKSPACE_NONE, false,
     cli_init},
    {"apply", "FILE...", "read definitions and bring the catalog to them", OPTIONS(apply_options),
     1, -1, false, false, cli_apply},
    {"list", "[TYPE]", "what is registered: sources, features, training_sets, ...",
     OPTIONS(list_options), 0, 1, false, false, cli_list},
    {"show", "NAME[.VARIANT]", "one resource with its definition", NULL, 0, 1, 1, false, false,
     cli_show},
    {"search", "TEXT", "full text over names, descriptions, tags, SQL", OPTIONS(search_options), 1,
     -1, false, false, cli_search},
    {"lineage", "NAME[.VARIANT]",
     "draw what it stands on and what stands on it; -o dot for Graphviz", OPTIONS(lineage_options),
     1, 1, false, false, cli_lineage},
    {"tag", "NAME[.VARIANT] TAG...", "add tags, or take them away", OPTIONS(tag_options), 2, -1,
     false, false, cli_tag},
    {"delete", "NAME[.VARIANT]", "archive a variant that nothing stands on",
     OPTIONS(delete_options), 1, 1, false, false, cli_delete},
    {"drift", "[FILE...]",
     "what differs between files of definitions and the catalog; --write brings a file to it",
     OPTIONS(drift_options), 0, -1, false, false, cli_drift},
    {"usage", "[NAME[.VARIANT]]", "the room that outputs take, and why each stays", NULL, 0, 0, 1,
     false, false, cli_usage_of},
    {"prune", "[NAME[.VARIANT]]", "outputs that nobody needs: which they are, or away with them",
     OPTIONS(prune_options), 0, 1, false, false, cli_prune},
    {"export", "[NAME...]", "the catalog, or parts of it, as YAML that apply takes back", NULL, 0,
     0, -1, false, false, cli_export},
    {"check", "NAME|FILE.sql",
     "ask the analyzer: schema, or the error with its place; nothing runs",
     OPTIONS(provider_option), 1, 1, false, false, cli_check},
    {"explain", "NAME|FILE.sql", "show the plan; nothing runs", OPTIONS(provider_option), 1, 1,
     false, false, cli_explain},
    {"run", "[NAME[.VARIANT]]", "run it and follow it to its end", OPTIONS(run_options), 0, 1,
     false, false, cli_run},
    {"runs", "", "runs, the newest first", OPTIONS(runs_options), 0, 0, false, false, cli_runs},
    {"log", "RUN", "a run's log", OPTIONS(log_options), 1, 1, false, false, cli_log},
    {"stages", "[RUN]", "the stages of a run on Spark: tasks, time, bytes, skew",
     OPTIONS(profile_options), 0, 1, false, false, cli_stages},
    {"why", "[RUN]", "where the time went: findings, and what changed since the last good run",
     OPTIONS(profile_options), 0, 1, false, false, cli_why},
    {"cancel", "RUN|CHAIN", "end a run, or a chain: its run under way, and no further one", NULL, 0,
     1, 1, false, false, cli_cancel},
    {"retry", "RUN", "run the same variant again where it ran", NULL, 0, 1, 1, false, false,
     cli_retry},
    {"reattach", "RUN", "look again for a run that was LOST", NULL, 0, 1, 1, false, false,
     cli_reattach},
    {"preview", "TARGET",
     "rows of a resource, a run (NAME@RUN), a table (table:[PROVIDER/]db.table), a "
     "query (sql:[PROVIDER/]TEXT), a path or a URI",
     OPTIONS(preview_options), 1, 1, FST_WORKSPACE_IF_THERE, false, cli_preview},
    {"schema", "TARGET", "columns and their types, nested ones as a tree", OPTIONS(schema_options),
     1, 1, FST_WORKSPACE_IF_THERE, false, cli_schema},
    {"info", "TARGET", "files, sizes, codecs, encodings, statistics of the columns",
     OPTIONS(info_options), 1, 1, FST_WORKSPACE_IF_THERE, false, cli_info},
    {"stats", "TARGET", "rows, NULLs, least and greatest of each column; more with --scan",
     OPTIONS(stats_options), 1, 1, FST_WORKSPACE_IF_THERE, false, cli_stats},
    {"diff", "NAME[.VARIANT] [RUN] [RUN]",
     "what changed between two runs: schema, figures of columns, rows by key; the last two, or a "
     "run and the newest, when left out",
     OPTIONS(diff_options), 1, 3, false, false, cli_diff},
    {"trace", "TRAINING_SET[@RUN]",
     "where the features of one row come from: source row, its age, ties, lag and max_age",
     OPTIONS(trace_options), 1, 1, false, false, cli_trace},
    {"sql", "[TEXT]", "ask a query; {{name.variant}} stands for a table", OPTIONS(sql_options), 0,
     1, FST_WORKSPACE_IF_THERE, false, cli_sql},
    {"tables", "[DB]", "databases and tables of Spark's catalog", OPTIONS(tables_options), 0, 1,
     false, false, cli_tables},
    {"register", "NAME[.VARIANT]", "make a source of files or of a table of Spark's catalog",
     OPTIONS(register_options), 1, 1, false, false, cli_register},
    {"session", "list|start|stop [PROVIDER]",
     "sessions at a server that last from one verb to the next", NULL, 0, 1, 2, false, false,
     cli_session},
    {"provider", "list|test|start|stop [NAME]",
     "is it reachable; start and stop a server on this host", NULL, 0, 1, 2, false, false,
     cli_provider},
    {"doctor", "", "what is missing, and how to get it", NULL, 0, 0, 0, false, false, cli_doctor},
    {"config", "", "every path and setting, and where it comes from", NULL, 0, 0, 0, false, false,
     cli_config},
    {"keys", "", "every action of the workbench, with the keys that the settings give it", NULL, 0,
     0, 0, FST_WORKSPACE_IF_THERE, false, cli_keys},
    {"completion", "bash|zsh|fish", "what makes a shell complete verbs, options and names", NULL, 0,
     1, 1, FST_WORKSPACE_NONE, false, cli_completion},
    {"agent", "RUN", "follow one run (started by run)", NULL, 0, 1, 1, false, true, cli_agent},
    {"chain", "CHAIN", "run what is left of a chain (started by run --upstream)", NULL, 0, 1, 1,
     false, true, cli_chain},
};
const size_t fst_n_verbs = FST_COUNT(fst_verbs);
