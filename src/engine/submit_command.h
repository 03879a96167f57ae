/* A command in the making, for the files that make it: submit_command.c has the words, the
 * environment and the plan, submit_conf.c the settings. */
#ifndef ENGINE_SUBMIT_COMMAND_H
#define ENGINE_SUBMIT_COMMAND_H

#include "submit.h"

#define SUBMIT_MASK "***"

struct submit_maker {
    const struct fst_session *s;
    const struct fst_work *w;
    struct fst_arena *a;
    bool masked;
    const char *folder;
    char *home, *version, *java_home; /* owned */
    struct spark_conf conf;
    char **argv, **env;
    size_t n_argv, argv_cap, n_env, env_cap;
    struct submit_plan *out;
    struct fst_error *err;
};

void submit_add_word(struct submit_maker *m, const char *word); /* copied */
void submit_add_flag(struct submit_maker *m, const char *flag,
                     const char *value); /* when there is one */

/* ---- Settings (submit_conf.c) ---- */
/* The provider's, the work's own over them, and where neither says something, what we need. */
enum fst_status submit_make_conf(struct submit_maker *m);
/* Settings that are secrets, as the text of a private file, and the flags that name it. */
void submit_make_properties(struct submit_maker *m);
/* Of a name: lower case letters, digits and dashes. The arena's, as is the next. */
const char *submit_k8s_name(struct fst_arena *a, const char *name);
const char *submit_k8s_pod(struct fst_arena *a, const char *operation); /* the driver's */

#endif
