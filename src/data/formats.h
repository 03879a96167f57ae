/* formats: the rows of the table of formats, each defined beside its reader, and the writers that
 * live in files of their own. */
#ifndef FIRESTEEL_DATA_FORMATS_H
#define FIRESTEEL_DATA_FORMATS_H

#include "firesteel/data.h"

extern const struct fst_format fst_format_parquet;
extern const struct fst_format fst_format_csv;
extern const struct fst_format fst_format_tsv;
extern const struct fst_format fst_format_json;
extern const struct fst_format fst_format_jsonl;

enum fst_status fst_csv_create(const struct fst_schema *schema, struct fst_sink sink,
                               const struct fst_write_options *options, struct fst_writer **out,
                               struct fst_error *err);
enum fst_status fst_tsv_create(const struct fst_schema *schema, struct fst_sink sink,
                               const struct fst_write_options *options, struct fst_writer **out,
                               struct fst_error *err);
enum fst_status fst_json_create(const struct fst_schema *schema, struct fst_sink sink,
                                const struct fst_write_options *options, struct fst_writer **out,
                                struct fst_error *err);
enum fst_status fst_jsonl_create(const struct fst_schema *schema, struct fst_sink sink,
                                 const struct fst_write_options *options, struct fst_writer **out,
                                 struct fst_error *err);

#endif
