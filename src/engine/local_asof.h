/* local_asof: the point-in-time join of a training set as one merge. */
#ifndef ENGINE_LOCAL_ASOF_H
#define ENGINE_LOCAL_ASOF_H

#include "local_job.h"

struct local_asof;
/* NULL when the parts are not of the simple kinds that this knows (places, not queries; keys that
 * are whole numbers or text; times of one kind): then SQL has the same answer. Nothing is read yet.
 */
struct local_asof *local_asof_new(struct local_job *job, const struct fst_ts_plan *plan);
/* The next rows, in the order of the labels, as many as the first call wants at most; *out = NULL
 * at the end. FST_EUNSUPPORTED, before any
 * row came, means that SQL must do after all: what was read does not fit into memory, or holds a
 * value that this does not know. */
enum fst_status local_asof_rows(struct local_asof *a, size_t max_rows, struct fst_frame **out,
                                struct fst_error *err);
void local_asof_free(struct local_asof *a);

#endif
