/* A submission for people: what would run, as a shell takes it back, with secrets masked. */
#include <string.h>

#include "submit.h"

static void show_env(struct fst_buf *out, char *const *env)
{
    fst_buf_adds(out, "env");
    for (char *const *e = env; *e; e++)
        if (!strchr(*e, '='))
            fst_buf_printf(out, " -u %s", *e);
    for (char *const *e = env; *e; e++) {
        if (!strchr(*e, '='))
            continue;
        fst_buf_adds(out, " \\\n    ");
        spark_quote(out, *e);
    }
}

/* A flag and its value on one line. */
static void show_words(struct fst_buf *out, char *const *argv)
{
    bool after_flag = false;
    for (char *const *w = argv; *w; w++) {
        fst_buf_adds(out, after_flag ? " " : " \\\n    ");
        spark_quote(out, *w);
        after_flag =
            !after_flag && strncmp(*w, "--", 2) == 0 && strcmp(*w, "--load-spark-defaults") != 0;
    }
    fst_buf_addc(out, '\n');
}

enum fst_status submit_command(struct fst_session *s, const struct fst_work *w, struct fst_buf *out,
                               struct fst_error *err)
{
    struct fst_arena *a = fst_arena_new();
    struct submit_plan plan;
    enum fst_status status = submit_plan_make(s, w, true, a, &plan, err);
    if (status == FST_OK) {
        show_env(out, plan.env);
        show_words(out, plan.argv);
        if (plan.properties)
            fst_buf_printf(out, "# %s (mode 0600, removed once it is read):\n%s",
                           plan.properties_path, plan.properties);
    }
    fst_arena_free(a);
    if (status == FST_OK && !w->program) {
        fst_buf_adds(out, "# " DRIVER_JOB ":\n");
        status = driver_job_write(w, out, err);
        fst_buf_addc(out, '\n');
    }
    return status;
}
