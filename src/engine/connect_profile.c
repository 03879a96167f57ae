/* How a run at a Connect server spends its time: by the server's web interface, where it can be
 * reached. Its jobs are those whose tag ends in our operation's id. */
#include <stdlib.h>

#include "connect_run.h"
#include "spark_rest.h"

enum fst_status connect_profile(struct fst_session *s, struct fst_profile **out,
                                struct fst_error *err)
{
    struct connect_run *run = s->run;
    struct fst_profile_rest docs;
    if (!run)
        return fst_fail(err, FST_EINVAL, "no work was submitted");
    const char *ui = connect_run_ui(run);
    if (!ui)
        return fst_fail(err, FST_ENOTFOUND, "Spark at %s does not tell where its web interface is",
                        s->target.authority);
    if (!run->rest)
        run->rest = spark_rest_new(ui, NULL, run->operation);
    FST_TRY(spark_rest_fetch(run->rest, NULL, NULL, &docs, err));
    return fst_profile_of_rest(&docs, out, err);
}
