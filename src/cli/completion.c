/* Completions of shells, written from the table of verbs: the shell asks for the names of
 * resources, or for the ids of runs and chains, when they are wanted. */
#include <stdio.h>
#include <string.h>

#include "cli.h"

/* Names of all variants, a line each: columns 2 and 3 of the list. */
#define NAMES                                                                                      \
    "firesteel list --all -o tsv 2>/dev/null | tail -n +2 | cut -f 2,3 | tr '\\t' . | "            \
    "sed 's/[.]$//'"
/* Ids, a line each: column 1. */
#define IDS(verb) "firesteel " verb " -n 100 -o tsv 2>/dev/null | tail -n +2 | cut -f 1"
#define RUNS IDS("runs")
#define CHAINS IDS("runs --chains")

/* Verbs whose first operand is no name, by that operand. */
static const struct {
    const char *operand, *words; /* a command that prints them */
} other_words[] = {{"RUN|CHAIN", RUNS "; " CHAINS},
                   {"RUN", RUNS},
                   {"[RUN]", RUNS},
                   {"bash|zsh|fish", "echo bash; echo zsh; echo fish"}};

static const char *words_of(const struct fst_verb *verb)
{
    for (size_t i = 0; i < FST_COUNT(other_words); i++)
        if (!verb->hidden && strcmp(verb->operands, other_words[i].operand) == 0)
            return other_words[i].words;
    return NULL;
}

/* A text within single quotes, which zsh, fish and sh leave and enter alike; `marked` get a
 * backslash. */
static void put_quoted(const char *text, const char *marked)
{
    for (; *text; text++) {
        if (*text == '\'')
            fputs("'\\''", stdout);
        else
            printf("%s%c", strchr(marked, *text) ? "\\" : "", *text);
    }
}

static void put_words(const struct fst_cli_option *options, size_t n)
{
    for (size_t i = 0; i < n; i++)
        printf(" %s", options[i].name);
}

/* bash and zsh: what prints the words of a verb. */
static void put_words_of(void)
{
    puts("_firesteel_words() {\n  case $1 in");
    for (size_t i = 0; i < fst_n_verbs; i++)
        if (words_of(&fst_verbs[i]))
            printf("  %s) %s ;;\n", fst_verbs[i].name, words_of(&fst_verbs[i]));
    puts("  *) " NAMES " ;;\n  esac\n}");
}

/* ---- bash ------------------------------------------------------------------------------------ */

static void bash(void)
{
    puts("# firesteel completion bash: source <(firesteel completion bash)");
    put_words_of();
    puts("_firesteel() {\n"
         "  local cur=${COMP_WORDS[COMP_CWORD]} verb= words= i\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    [[ ${COMP_WORDS[i]} != -* ]] && { verb=${COMP_WORDS[i]}; break; }\n"
         "  done\n"
         "  case $verb in");
    printf("  '') words='");
    for (size_t i = 0; i < fst_n_verbs; i++)
        if (!fst_verbs[i].hidden)
            printf("%s ", fst_verbs[i].name);
    puts("' ;;");
    for (size_t i = 0; i < fst_n_verbs; i++) {
        if (fst_verbs[i].hidden || !fst_verbs[i].n_options)
            continue;
        printf("  %s) words='", fst_verbs[i].name);
        put_words(fst_verbs[i].options, fst_verbs[i].n_options);
        puts("' ;;");
    }
    printf("  esac\n  if [[ $cur == -* ]]; then\n    words+='");
    put_words(fst_global_options, fst_n_global_options);
    puts("'\n  elif [[ -n $verb ]]; then\n    words=$(_firesteel_words \"$verb\")\n  fi\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
         "}\ncomplete -o default -F _firesteel firesteel");
}

/* ---- zsh ------------------------------------------------------------------------------------- */

static void zsh_option(const char *name, const char *joins, const struct fst_cli_option *o)
{
    printf("      '%s%s[", name, o->value ? joins : "");
    put_quoted(o->help, "[]:");
    fputs("]", stdout);
    if (o->value) {
        fputs(":", stdout);
        put_quoted(o->value, ":");
        fputs(":_files", stdout);
    }
    puts("' \\");
}

static void zsh_options(const struct fst_cli_option *options, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        zsh_option(options[i].name, "=", &options[i]);
        if (options[i].letter)
            zsh_option((char[]){'-', options[i].letter, '\0'}, "+", &options[i]);
    }
}

static void zsh(void)
{
    puts("#compdef firesteel\n"
         "# firesteel completion zsh > a folder of $fpath/_firesteel");
    put_words_of();
    puts("_firesteel_names() {\n  local -a names\n"
         "  names=(${(f)\"$(_firesteel_words $words[2])\"})\n"
         "  _describe name names\n  _files\n}\n"
         "_firesteel() {\n  local -a verbs\n  verbs=(");
    for (size_t i = 0; i < fst_n_verbs; i++) {
        if (fst_verbs[i].hidden)
            continue;
        printf("    '%s:", fst_verbs[i].name);
        put_quoted(fst_verbs[i].help, ":");
        puts("'");
    }
    puts("  )\n  if (( CURRENT == 2 )); then\n    _describe verb verbs\n    return\n  fi\n"
         "  case $words[2] in");
    for (size_t i = 0; i < fst_n_verbs; i++) {
        if (fst_verbs[i].hidden)
            continue;
        printf("  %s)\n    _arguments \\\n", fst_verbs[i].name);
        zsh_options(fst_verbs[i].options, fst_verbs[i].n_options);
        zsh_options(fst_global_options, fst_n_global_options);
        puts("      '*:name:_firesteel_names' ;;");
    }
    puts("  esac\n}\n"
         "# as a function of $fpath, or read with source\n"
         "if [[ $funcstack[1] = _firesteel ]]; then _firesteel \"$@\"; else compdef _firesteel "
         "firesteel; fi");
}

/* ---- fish ------------------------------------------------------------------------------------ */

static void fish_options(const struct fst_cli_option *options, size_t n, const char *verb)
{
    for (size_t i = 0; i < n; i++) {
        printf("complete -c firesteel");
        if (verb)
            printf(" -n '__fish_seen_subcommand_from %s'", verb);
        printf(" -l %s", options[i].name + 2);
        if (options[i].letter)
            printf(" -s %c", options[i].letter);
        printf("%s -d '", options[i].value ? " -r" : "");
        put_quoted(options[i].help, "");
        puts("'");
    }
}

static void fish(void)
{
    puts("# firesteel completion fish > ~/.config/fish/completions/firesteel.fish");
    for (size_t i = 0; i < fst_n_verbs; i++) {
        if (fst_verbs[i].hidden)
            continue;
        printf("complete -c firesteel -n __fish_use_subcommand -f -a %s -d '", fst_verbs[i].name);
        put_quoted(fst_verbs[i].help, "");
        puts("'");
        fish_options(fst_verbs[i].options, fst_verbs[i].n_options, fst_verbs[i].name);
        if (words_of(&fst_verbs[i]))
            printf("complete -c firesteel -n '__fish_seen_subcommand_from %s' -f -a '(%s)'\n",
                   fst_verbs[i].name, words_of(&fst_verbs[i]));
    }
    fish_options(fst_global_options, fst_n_global_options, NULL);
    printf(
        "complete -c firesteel -n 'not __fish_use_subcommand; and not __fish_seen_subcommand_from");
    for (size_t i = 0; i < fst_n_verbs; i++)
        if (words_of(&fst_verbs[i]))
            printf(" %s", fst_verbs[i].name);
    puts("' -a '(firesteel list --all -o tsv "
         "2>/dev/null | "
         "tail -n +2 | cut -f 2,3 | tr \\t . | string trim -r -c .)'");
}

int cli_completion(struct fst_cli *c)
{
    static const struct {
        const char *shell;
        void (*print)(void);
    } shells[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};
    for (size_t i = 0; i < FST_COUNT(shells); i++)
        if (strcmp(c->operands[0], shells[i].shell) == 0) {
            shells[i].print();
            return 0;
        }
    return cli_usage(c, "completion takes bash, zsh or fish, not %s", c->operands[0]);
}
