/* From argv to a verb. Options may stand before or after the operands, as --name VALUE,
 * --name=VALUE or -x VALUE;
 * "--" ends them. */
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli.h"

static volatile sig_atomic_t interrupted;

static void on_interrupt(int sig)
{
    if (interrupted)
        _exit(128 + sig);
    interrupted = 1;
}

bool cli_interrupted(void *arg)
{
    (void)arg;
    return interrupted != 0;
}

const char *cli_option(const struct fst_cli *c, const char *name)
{
    for (size_t i = c->n_given; i > 0; i--)
        if (strcmp(c->given[i - 1].option->name, name) == 0)
            return c->given[i - 1].value;
    return NULL;
}

bool cli_count(const struct fst_cli *c, const char *name, uint64_t *out)
{
    const char *text = cli_option(c, name);
    int64_t v;
    if (!text)
        return true;
    if (!fst_parse_int64(text, strlen(text), &v) || v < 0) {
        cli_usage(c, "%s takes a number, not %s", name, text);
        return false;
    }
    *out = (uint64_t)v;
    return true;
}

/* ---- Help ------------------------------------------------------------------------------------ */

static void print_options(const struct fst_cli_option *options, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char left[64];
        snprintf(left, sizeof left, "%s%s%s", options[i].name, options[i].value ? " " : "",
                 options[i].value ? options[i].value : "");
        if (options[i].letter)
            printf("  -%c, %-22s %s\n", options[i].letter, left, options[i].help);
        else
            printf("      %-22s %s\n", left, options[i].help);
    }
}

static int print_help(const struct fst_verb *verb)
{
    if (verb) {
        printf("firesteel %s %s\n  %s\n", verb->name, verb->operands, verb->help);
        print_options(verb->options, verb->n_options);
    } else {
        puts("firesteel: a terminal workbench for feature engineering on Apache Spark\n\n"
             "firesteel                     open the workbench\n"
             "firesteel VERB [OPERANDS]     do one thing\n\nVerbs:");
        for (size_t i = 0; i < fst_n_verbs; i++)
            if (!fst_verbs[i].hidden)
                printf("  %-9s %-28s %s\n", fst_verbs[i].name, fst_verbs[i].operands,
                       fst_verbs[i].help);
    }
    puts("\nEverywhere:");
    print_options(fst_global_options, fst_n_global_options);
    return 0;
}

/* ---- Parsing --------------------------------------------------------------------------------- */

static const struct fst_cli_option *find_in(const struct fst_cli_option *options, size_t n,
                                            const char *name, size_t len, char letter)
{
    for (size_t i = 0; i < n; i++) {
        if (letter ? options[i].letter == letter
                   : strlen(options[i].name) == len && strncmp(options[i].name, name, len) == 0)
            return &options[i];
    }
    return NULL;
}

static const struct fst_cli_option *find_option(const struct fst_cli *c, const char *word,
                                                size_t len)
{
    char letter = len == 2 && word[1] != '-' ? word[1] : '\0';
    const struct fst_cli_option *o = NULL;
    if (c->verb)
        o = find_in(c->verb->options, c->verb->n_options, word, len, letter);
    return o ? o : find_in(fst_global_options, fst_n_global_options, word, len, letter);
}

/* One option at argv[*at]; moves past its value. */
static int take_option(struct fst_cli *c, int argc, char **argv, int *at)
{
    const char *word = argv[*at], *equals = strncmp(word, "--", 2) == 0 ? strchr(word, '=') : NULL;
    size_t len = equals ? (size_t)(equals - word) : strlen(word);
    const struct fst_cli_option *o = find_option(c, word, len);
    if (!o)
        return cli_usage(c, "there is no option %.*s", (int)len, word);
    if (!o->value && equals)
        return cli_usage(c, "%s takes no value", o->name);
    const char *value = "";
    if (o->value && equals)
        value = equals + 1;
    else if (o->value && ++*at < argc)
        value = argv[*at];
    else if (o->value)
        return cli_usage(c, "%s needs a value: %s", o->name, o->value);
    if (c->n_given == CLI_MAX_OPTIONS)
        return cli_usage(c, "too many options");
    c->given[c->n_given].option = o;
    c->given[c->n_given++].value = value;
    return 0;
}

static const struct fst_verb *find_verb(const char *name)
{
    for (size_t i = 0; i < fst_n_verbs; i++)
        if (strcmp(fst_verbs[i].name, name) == 0)
            return &fst_verbs[i];
    return NULL;
}

static int unknown_verb(const struct fst_cli *c, const char *name)
{
    const char *names[64];
    size_t n = 0;
    for (; n < fst_n_verbs && n < FST_COUNT(names); n++)
        names[n] = fst_verbs[n].name;
    const char *nearest = fst_text_nearest(name, names, n);
    return cli_usage(c, "there is no verb %s%s%s", name, nearest ? "; did you mean " : "",
                     nearest ? nearest : "");
}

/* The verb comes first among the operands, so that its options are known when they are met. */
static int parse(struct fst_cli *c, int argc, char **argv)
{
    bool options_end = false;
    for (int i = 1; i < argc; i++) {
        if (!options_end && strcmp(argv[i], "--") == 0) {
            options_end = true;
        } else if (!options_end && argv[i][0] == '-' && argv[i][1]) {
            int code = take_option(c, argc, argv, &i);
            if (code)
                return code;
        } else if (!c->verb) {
            c->verb = find_verb(argv[i]);
            if (!c->verb)
                return unknown_verb(c, argv[i]);
        } else if (c->n_operands == CLI_MAX_OPERANDS) {
            return cli_usage(c, "too many operands");
        } else {
            c->operands[c->n_operands++] = argv[i];
        }
    }
    return 0;
}

static int check_operands(const struct fst_cli *c)
{
    if ((int)c->n_operands < c->verb->min_operands)
        return cli_usage(c, "%s needs %s", c->verb->name, c->verb->operands);
    if (c->verb->max_operands >= 0 && (int)c->n_operands > c->verb->max_operands)
        return cli_usage(c, "%s takes %s, and nothing after it", c->verb->name,
                         *c->verb->operands ? c->verb->operands : "no operands");
    return 0;
}

static int check_output(struct fst_cli *c)
{
    static const char *const formats[] = {"table", "json", "jsonl", "csv", "tsv", "parquet"};
    c->output = cli_option(c, "--output");
    c->output = c->output ? c->output : "table";
    for (size_t i = 0; i < FST_COUNT(formats); i++)
        if (strcmp(c->output, formats[i]) == 0)
            return 0;
    if (strcmp(c->output, "dot") == 0 && c->verb && strcmp(c->verb->name, "lineage") == 0 &&
        !cli_option(c, "--columns"))
        return 0;
    return cli_usage(c, "-o takes table, json, jsonl, csv, tsv or parquet, not %s", c->output);
}

/* ---- Doing ----------------------------------------------------------------------------------- */

static int do_verb(struct fst_cli *c)
{
    struct fst_error err;
    int code = check_operands(c);
    if (code)
        return code;
    c->open.anywhere = c->verb->workspace == FST_WORKSPACE_IF_THERE;
    if (c->verb->workspace != FST_WORKSPACE_NONE &&
        fst_app_open(&c->open, false, &c->app, &err) != FST_OK)
        return cli_fail(&err);
    if (c->app && !c->verb->hidden)
        fst_app_revive(c->app);
    code = c->verb->run(c);
    fst_app_close(c->app);
    return code;
}

static void tell_step(void *arg, const char *line)
{
    (void)arg;
    cli_note("%s", line);
}

/* Where there is no workspace, people are asked for one; what is no terminal gets the error. */
static bool make_here(const struct fst_cli *c)
{
    char answer[64] = "", here[4096];
    struct fst_error err;
    if (cli_option(c, "--keys") || c->open.catalog || c->open.read_only || !isatty(STDIN_FILENO) ||
        !isatty(STDOUT_FILENO) || !getcwd(here, sizeof here))
        return false;
    printf("There is no workspace here yet. Make one in %s/.firesteel?\n"
           "[Y] yes  [d] yes, with the demo  [n] no: ",
           here);
    fflush(stdout);
    if (!fgets(answer, sizeof answer, stdin) || strchr("nNqQ", answer[0]))
        return false;
    bool demo = answer[0] == 'd' || answer[0] == 'D';
    if (fst_app_init(NULL, demo, c->open.program, demo ? tell_step : NULL, NULL, &err) == FST_OK)
        return true;
    cli_fail(&err);
    return false;
}

static int open_workbench(struct fst_cli *c)
{
    struct fst_error err;
    struct fst_workbench_options o = {.script = cli_option(c, "--keys"),
                                      .dump = cli_option(c, "--dump"),
                                      .rows = 24,
                                      .cols = 80,
                                      .no_color = c->open.no_color};
    const char *size = cli_option(c, "--size");
    if (size && sscanf(size, "%dx%d", &o.cols, &o.rows) != 2)
        return cli_usage(c, "--size takes COLSxROWS, as 120x40");
    enum fst_status status = fst_app_open(&c->open, false, &c->app, &err);
    if (status == FST_ENOTFOUND && make_here(c))
        status = fst_app_open(&c->open, false, &c->app, &err);
    if (status != FST_OK)
        return cli_fail(&err);
    fst_app_revive(c->app);
    int code = c->screens->workbench(c->app, &o);
    fst_app_close(c->app);
    return code;
}

/* Secrets pass through this process: it leaves no core file. */
static void harden(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    signal(SIGPIPE, SIG_IGN);
}

int fst_cli_main(int argc, char **argv, const struct fst_cli_screens *screens)
{
    struct fst_cli c = {.screens = screens};
    setlocale(LC_CTYPE, "");
    harden();
    int code = parse(&c, argc, argv);
    if (code)
        return code;
    if (cli_option(&c, "--help"))
        return print_help(c.verb);
    if (cli_option(&c, "--version")) {
        puts("firesteel " FST_VERSION);
        return 0;
    }
    const char *no_color = getenv("NO_COLOR");
    c.open = (struct fst_app_options){.catalog = cli_option(&c, "--catalog"),
                                      .config = cli_option(&c, "--config"),
                                      .theme = cli_option(&c, "--theme"),
                                      .program = argv[0],
                                      .read_only = cli_option(&c, "--read-only") != NULL,
                                      .no_color =
                                          cli_option(&c, "--no-color") || (no_color && *no_color)};
    code = check_output(&c);
    if (code)
        return code;
    if (!c.verb)
        return open_workbench(&c);
    signal(SIGINT, on_interrupt);
    return do_verb(&c);
}
