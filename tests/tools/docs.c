/* Print the parts of the documentation that list things, from the tables that the program reads.
 *
 * docs keys|verbs|settings|definitions|functions|local-sql|man */
#include <stdlib.h>
#include <string.h>

#include "firesteel/cli.h"
#include "firesteel/engine.h"
#include "firesteel/sql/tree.h"
#include "firesteel/view.h"

#define NOTE "<!-- made by make docs from the program's tables -->\n\n"

static void keys(void)
{
    size_t n;
    const struct fst_action *actions = fst_view_actions(&n);
    const char *scope = "";
    printf("# Keys and actions\n\n" NOTE "Every action has a name: it works on the `:` line, and "
           "`keys:` in config.yaml binds it to other keys\n"
           "(`run.cancel: \"c ctrl-k\"`). Actions marked * change something and are gone in "
           "read-only mode.\n");
    for (size_t i = 0; i < n; i++) {
        if (strcmp(actions[i].scope, scope) != 0)
            printf("\n## %s\n\n| keys | action | |\n|---|---|---|\n", scope = actions[i].scope);
        printf("| `%s` | %s%s | %s |\n", *actions[i].keys ? actions[i].keys : " ", actions[i].name,
               actions[i].writes ? " *" : "", actions[i].help);
    }
    free((void *)actions);
}

static void option_rows(const struct fst_cli_option *options, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        printf("| `%s%s%s`", options[i].name, options[i].value ? " " : "",
               options[i].value ? options[i].value : "");
        if (options[i].letter)
            printf(", `-%c`", options[i].letter);
        printf(" | %s |\n", options[i].help);
    }
}

static void verbs(void)
{
    printf("# Verbs\n\n" NOTE "Rows go to stdout, talk to stderr. Exit codes: 0 done, 1 failed, 2 "
           "usage, 3 not found or refused definition,\n"
           "4 provider unreachable or denied, 130 interrupted.\n\n## Everywhere\n\n| option | "
           "|\n|---|---|\n");
    option_rows(fst_global_options, fst_n_global_options);
    for (size_t i = 0; i < fst_n_verbs; i++) {
        const struct fst_verb *v = &fst_verbs[i];
        if (v->hidden)
            continue;
        printf("\n## %s %s\n\n%c%s.\n", v->name, v->operands,
               v->help[0] - ('a' <= v->help[0] && v->help[0] <= 'z' ? 32 : 0), v->help + 1);
        if (v->n_options)
            printf("\n| option | |\n|---|---|\n");
        option_rows(v->options, v->n_options);
    }
}

static void settings(void)
{
    printf("# Settings\n\n" NOTE "`$XDG_CONFIG_HOME/firesteel/config.yaml`, then `config.yaml` "
           "beside the catalog. `firesteel config` shows\n"
           "what is in force and where it comes from. `keys:` binds actions (docs/keys.md).\n\n"
           "| setting | type | unless set | |\n|---|---|---|---|\n");
    for (size_t i = 0; i < fst_n_settings; i++)
        printf("| `%s` | %s | `%s` | %s |\n", fst_settings[i].name, fst_settings[i].type,
               *fst_settings[i].fallback ? fst_settings[i].fallback : " ", fst_settings[i].help);
}

static void definitions(void)
{
    printf("# Definitions\n\n" NOTE "A file has any number of YAML documents; the keys are the "
           "plural types, each a list of maps. Unknown keys are\n"
           "errors. Without `variant` the variant is the time of applying, and an equal definition "
           "reuses the variant that is\n"
           "there. A definition never changes under its variant. `${K}` is replaced by `--set "
           "K=V`. Of the keys marked\n`one of` exactly one is written. Python source is stored as "
           "text and needs a function at "
           "the left margin; it is not run\nwhen it is applied.\n");
    for (int kind = 0; kind < FST_RESOURCE_KINDS_; kind++) {
        printf("\n## %s\n\n%s.\n\n| key | must | |\n|---|---|---|\n| `name` | yes | letters, "
               "digits, `_`, `-`; no `__`, no `_` at the ends |\n",
               fst_kinds[kind].plural, fst_kinds[kind].help);
        if (fst_kinds[kind].has_variants)
            printf("| `variant` | | unless written: the time |\n");
        for (size_t i = 0; i < fst_n_fields; i++)
            if (fst_fields[i].kinds & 1u << kind)
                printf("| `%s` | %s | %s%s |\n", fst_fields[i].key,
                       fst_fields[i].required & 1u << kind ? "yes"
                       : fst_fields[i].one_of              ? "one of"
                                                           : "",
                       fst_fields[i].help, fst_fields[i].mutable_ ? " (may change)" : "");
    }
    printf("\n## Options of providers, by engine\n");
    for (size_t e = 0; fst_engines[e]; e++) {
        printf("\n### %s\n\n%s.\n\n", fst_engines[e]->name, fst_engines[e]->help);
        if (fst_engines[e]->n_options)
            printf("| option | type | unless set | |\n|---|---|---|---|\n");
        for (size_t i = 0; i < fst_engines[e]->n_options; i++) {
            const struct fst_option *o = &fst_engines[e]->options[i];
            printf("| `%s` | %s | `%s` | %s |\n", o->name, o->type, o->fallback ? o->fallback : " ",
                   o->help);
        }
    }
}

static void functions(void)
{
    printf("# Functions of the embedded engine\n\n" NOTE
           "What `local` answers exactly as Spark 4.3 does, with its defaults. Anything else is "
           "refused with its name and\n"
           "place.\n\n| function | |\n|---|---|\n");
    for (size_t i = 0; i < fst_sql_n_functions; i++)
        if (fst_sql_functions[i].usage)
            printf("| `%s` | %s |\n", fst_sql_functions[i].usage,
                   fst_sql_functions[i].help ? fst_sql_functions[i].help : "");
}

/* The constructs of one area that are answered, or not, with commas between. */
static void constructs_of(const char *area, bool answered)
{
    size_t n = 0;
    for (size_t i = 0; i < fst_n_local_constructs; i++) {
        const struct fst_construct *c = &fst_local_constructs[i];
        if (strcmp(c->area, area) == 0 && c->answered == answered)
            printf("%s%s", n++ ? "; " : " ", c->name);
    }
    printf(" |");
}

static void local_sql(void)
{
    const char *area = "";
    printf(
        "# What the embedded engine answers\n\n" NOTE
        "`local` gives Spark 4.3's answer (defaults, ANSI, UTC) or refuses, naming the construct "
        "and its place. `check` says\nof any text whether it runs locally. Functions: "
        "[functions.md](functions.md).\n\n| | answered | refused |\n|---|---|---|\n");
    for (size_t i = 0; i < fst_n_local_constructs; i++) {
        if (strcmp(fst_local_constructs[i].area, area) == 0)
            continue;
        area = fst_local_constructs[i].area;
        printf("| %s |", area);
        constructs_of(area, true);
        constructs_of(area, false);
        printf("\n");
    }
    printf(
        "\nWhat depends on values is refused while it runs: a `mode` with ties, "
        "`percentile_approx` beyond what is exact, a value\nthat cannot be computed where "
        "Spark may not compute it (beside a NULL, in a join's condition), values that an aggregate "
        "keeps beyond\nthe setting `local.memory`.\n\n"
        "How it is held to that: the corpora in `tests/engine/corpus` (statements with real "
        "Spark's answers), `tests/sql/names.tsv`\n(names, types and errors of 1,900 statements), "
        "and random statements against a real Spark (`tests/engine/generate.py`).\n");
}

static void man_options(const struct fst_cli_option *options, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        printf(".TP\n.B \\-%s", options[i].name + 1);
        if (options[i].value)
            printf(" \\fI%s\\fP", options[i].value);
        if (options[i].letter)
            printf(", \\-%c", options[i].letter);
        printf("\n%s\n", options[i].help);
    }
}

static void man(void)
{
    printf(".TH FIRESTEEL 1 \"\" \"firesteel " FST_VERSION "\" \"User Commands\"\n.SH NAME\n"
           "firesteel \\- terminal workbench for feature engineering on Apache Spark\n.SH "
           "SYNOPSIS\n.B firesteel\n"
           "[\\fIoptions\\fP]\n.br\n.B firesteel\n\\fIverb\\fP [\\fIoptions\\fP] "
           "[\\fIoperands\\fP]\n.SH DESCRIPTION\n"
           "Without a verb the workbench opens on the workspace of the current folder: \\fB?\\fP "
           "shows the keys of each screen.\n"
           "With a verb one thing is done: rows go to standard output, talk to standard "
           "error.\n.SH OPTIONS\n");
    man_options(fst_global_options, fst_n_global_options);
    printf(".SH VERBS\n");
    for (size_t i = 0; i < fst_n_verbs; i++) {
        if (fst_verbs[i].hidden)
            continue;
        printf(".SS \"%s %s\"\n%s\n", fst_verbs[i].name, fst_verbs[i].operands, fst_verbs[i].help);
        man_options(fst_verbs[i].options, fst_verbs[i].n_options);
    }
    printf(".SH EXIT STATUS\n0 done; 1 failed; 2 usage; 3 not found or refused definition; 4 "
           "provider unreachable or denied;\n"
           "130 interrupted.\n.SH FILES\n.TP\n.I .firesteel/\nthe workspace of a folder: "
           "catalog.db, runs, outputs, config.yaml\n.TP\n"
           ".I $XDG_CONFIG_HOME/firesteel/config.yaml\nthe user's settings and keys\n.TP\n"
           ".I $XDG_STATE_HOME/firesteel/\ndrafts\n.SH ENVIRONMENT\n"
           "FIRESTEEL_CATALOG, SPARK_HOME, JAVA_HOME, NO_COLOR, TERM, LANG\n");
}

static const struct {
    const char *name;
    void (*print)(void);
} parts[] = {{"keys", keys},
             {"verbs", verbs},
             {"settings", settings},
             {"definitions", definitions},
             {"functions", functions},
             {"local-sql", local_sql},
             {"man", man}};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 2 && i < FST_COUNT(parts); i++)
        if (strcmp(parts[i].name, argv[1]) == 0) {
            parts[i].print();
            return 0;
        }
    fprintf(stderr, "usage: docs keys|verbs|settings|definitions|functions|local-sql|man\n");
    return 2;
}
