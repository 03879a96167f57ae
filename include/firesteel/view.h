/* view: which screens are there? The workbench: one loop, a stack of views, everything one can do
 * as a named action. */
#ifndef FIRESTEEL_VIEW_H
#define FIRESTEEL_VIEW_H

#include "firesteel/app.h"
#include "firesteel/base.h"
#include "firesteel/ui.h"

struct fst_view_options {
    const char *script; /* file with a key script: a headless screen; NULL = the terminal */
    const char *dump;   /* file for the script's dumps; NULL = stdout */
    int rows, cols;     /* headless */
    bool no_color;
};
/* Run the workbench to its end; returns the exit code. */
int fst_view_main(struct fst_app *app, const struct fst_view_options *o);
/* Every action with the keys that the settings of the workspace give it. */
enum fst_status fst_view_each_key(struct fst_app *app,
                                  void (*row)(void *arg, const char *where, const char *keys,
                                              const char *action, const char *help),
                                  void *arg, struct fst_error *err);
/* Every action with its default keys, widgets' own included: for help, docs and tests. */
const struct fst_action *fst_view_actions(size_t *n);

#endif
