/* formats: the rows of the table of formats, each defined beside its reader or writer. */
#ifndef FIRESTEEL_DATA_FORMATS_H
#define FIRESTEEL_DATA_FORMATS_H

#include "firesteel/data.h"

extern const struct fst_format fst_format_parquet;
extern const struct fst_format fst_format_csv;
extern const struct fst_format fst_format_tsv;
extern const struct fst_format fst_format_json;
extern const struct fst_format fst_format_jsonl;

#endif
