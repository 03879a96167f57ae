/* cli: which verbs are there? One row and one function each: arguments -> acts, answers -> rows. */
#ifndef FIRESTEEL_CLI_H
#define FIRESTEEL_CLI_H

#include "firesteel/app.h"
#include "firesteel/base.h"

/* Does a verb need a workspace? Looking at files does not, and uses one where there is one. */
enum fst_wants { FST_WORKSPACE_NEEDED, FST_WORKSPACE_NONE, FST_WORKSPACE_IF_THERE };

/* An option of a verb, or a global one. */
struct fst_cli_option {
    const char *name;  /* "--provider" */
    char letter;       /* 'p' for -p, or 0 */
    const char *value; /* word for its value in help; NULL = a flag */
    const char *help;
};
struct fst_cli;
struct fst_verb {
    const char *name, *operands, *help; /* operands as in usage: "NAME[.VARIANT]" */
    const struct fst_cli_option *options;
    size_t n_options;
    int min_operands, max_operands; /* max -1 = any */
    enum fst_wants workspace;
    bool hidden;                   /* not for people */
    int (*run)(struct fst_cli *c); /* exit code */
};
extern const struct fst_verb fst_verbs[];
extern const size_t fst_n_verbs;
extern const struct fst_cli_option fst_global_options[];
extern const size_t fst_n_global_options;

/* Parse and do. With no verb, the workbench is called with the open app and its exit code returned.
 */
struct fst_workbench_options {
    const char *script, *dump; /* --keys FILE and --dump FILE: a headless screen */
    int rows, cols;
    bool no_color;
};
/* The screens, which this room does not know. */
struct fst_cli_screens {
    int (*workbench)(struct fst_app *app, const struct fst_workbench_options *o);
    /* Every action with the keys that the settings give it. */
    enum fst_status (*each_key)(struct fst_app *app,
                                void (*row)(void *arg, const char *where, const char *keys,
                                            const char *action, const char *help),
                                void *arg, struct fst_error *err);
};
int fst_cli_main(int argc, char **argv, const struct fst_cli_screens *screens);

#endif
