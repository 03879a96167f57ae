/* jsoninfer: the columns of JSON records and their types, as Spark's reader infers them. */
#ifndef FIRESTEEL_DATA_JSONINFER_H
#define FIRESTEEL_DATA_JSONINFER_H

#include "jsonoptions.h"

struct fst_jsoninfer;
struct fst_jsoninfer *fst_jsoninfer_new(const struct fst_json_options *options); /* borrowed */
void fst_jsoninfer_free(struct fst_jsoninfer *j);
/* One more record, an object. False when there are more fields than are kept. */
bool fst_jsoninfer_add(struct fst_jsoninfer *j, const struct fst_doc *record);
/* The columns in the order of their names. */
struct fst_schema *fst_jsoninfer_schema(const struct fst_jsoninfer *j);

#endif
