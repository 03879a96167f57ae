/* Wires the rooms: the command line, and behind it without a verb the workbench. */
#include "firesteel/cli.h"
#include "firesteel/view.h"

static int workbench(struct fst_app *app, const struct fst_workbench_options *o)
{
    struct fst_view_options view = {.script = o->script,
                                    .dump = o->dump,
                                    .rows = o->rows,
                                    .cols = o->cols,
                                    .no_color = o->no_color};
    return fst_view_main(app, &view);
}

int main(int argc, char **argv)
{
    static const struct fst_cli_screens screens = {workbench, fst_view_each_key};
    return fst_cli_main(argc, argv, &screens);
}
