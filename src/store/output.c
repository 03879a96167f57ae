/* output: what a run or an export writes, by the store of its URI. */
#include "output.h"

enum fst_status fst_output_open(const char *uri, struct fst_output **out, struct fst_error *err)
{
    const struct fst_store *store;
    FST_TRY(fst_store_of(uri, &store, err));
    if (!store->open_output)
        return fst_fail(err, FST_EUNSUPPORTED,
                        "%s: outputs are written to folders of this host and to S3", uri);
    return store->open_output(uri, out, err);
}

struct fst_folder fst_output_folder(struct fst_output *o)
{
    return o->ops->folder(o);
}

enum fst_status fst_output_commit(struct fst_output *o, struct fst_error *err)
{
    return o->ops->commit(o, err);
}

void fst_output_explain(const struct fst_output *o, struct fst_error *err)
{
    if (o->ops->explain && err)
        o->ops->explain(o, err);
}

void fst_output_free(struct fst_output *o)
{
    if (o)
        o->ops->free(o);
}
