/* What Spark means to do with a text, in words. */
#include <stdlib.h>
#include <string.h>

#include "connect.h"

enum fst_status connect_explain(struct fst_session *s, const struct fst_work *w,
                                struct fst_buf *out, struct fst_problem *problem,
                                struct fst_error *err)
{
    struct fst_buf reply;
    struct pb_field f, text;
    FST_TRY(connect_python_prepare(s, w, problem, err));
    enum fst_status status = connect_analyze(s, w, 5, 2, &reply, problem, err);
    if (status == FST_OK && pb_find(pb_reader(reply.p, reply.n), 3, &f) &&
        pb_find(pb_inside(&f), 1, &text) && text.wire == 2)
        fst_buf_add(out, text.p, text.n);
    fst_buf_done(&reply);
    return status;
}
