/* A workspace in a home of a test's own. */
#ifndef WORKSPACE_H
#define WORKSPACE_H

#include <string.h>

#include "firesteel/app.h"
#include "firesteel/define.h"
#include "home.h"

static struct fst_app *app;
static struct fst_error err;

static inline int workspace_failed(void)
{
    fprintf(stderr, "%s\n", err.text);
    return -1;
}

static inline int workspace_define(const char *yaml)
{
    struct fst_definitions d = {0};
    struct fst_plan plan;
    struct fst_catalog *c;
    if (fst_define_read(&d, "d.yaml", scratch, yaml, strlen(yaml), NULL, &err) != FST_OK ||
        fst_app_take(app, &c, &err) != FST_OK || fst_define_plan(&d, c, 0, &plan, &err) != FST_OK ||
        fst_define_apply(&plan, c, &err) != FST_OK)
        return workspace_failed();
    fst_app_give(app, c);
    fst_plan_done(&plan);
    fst_definitions_done(&d);
    return 0;
}

/* A home with an open workspace; then come its files, and workspace_define. */
static inline int workspace_make(void **state)
{
    struct fst_app_options o = {0};
    if (home_make(state) != 0)
        return -1;
    if (fst_app_init(".", false, "firesteel", NULL, NULL, &err) != FST_OK ||
        fst_app_open(&o, false, &app, &err) != FST_OK)
        return workspace_failed();
    return 0;
}

static inline int workspace_remove(void **state)
{
    fst_app_close(app);
    return home_remove(state);
}

#endif
