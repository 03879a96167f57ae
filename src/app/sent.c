/* What a question becomes when it is sent: the text with names in place of {{references}}, and what
 * each name stands for. */
#include "app.h"

static void add_input(const struct fst_input *in, struct fst_buf *out)
{
    fst_buf_adds(out, "-- ");
    fst_sql_quote(out, in->name);
    if (in->query)
        fst_buf_printf(out, ": %s\n", in->query);
    else if (in->table)
        fst_buf_printf(out, ": table %s\n", in->table);
    else
        fst_buf_printf(out, ": %s %s\n", in->format ? in->format : "files", in->uri);
}

static void describe(const struct fst_bound *bound, struct fst_buf *out)
{
    const struct fst_work *work = &bound->work;
    fst_buf_printf(out, "-- to %s (%s)\n", *bound->provider ? bound->provider : "local",
                   bound->engine->name);
    for (size_t i = 0; i < work->n_inputs; i++)
        add_input(&work->inputs[i], out);
    fst_buf_adds(out, work->sql);
    fst_buf_addc(out, '\n');
}

enum fst_status fst_app_sent(struct fst_app *a, const char *text, const char *provider,
                             struct fst_buf *out, struct fst_error *err)
{
    struct fst_bound bound;
    struct fst_problem problem;
    FST_TRY(fst__bind_text(a, text, provider, FST_BIND_RUN, &bound, &problem, err));
    describe(&bound, out);
    fst_bound_done(&bound);
    return FST_OK;
}
