/* Rows into a folder of files: what --into does. */
#include <stdlib.h>
#include <string.h>

#include "firesteel/app.h"
#include "firesteel/data.h"
#include "firesteel/store.h"

static const char *codec_word(const struct fst_into *into)
{
    static const char *const words[] = {[FST_CODEC_NONE] = "",
                                        [FST_CODEC_SNAPPY] = ".snappy",
                                        [FST_CODEC_GZIP] = ".gz",
                                        [FST_CODEC_ZSTD] = ".zstd"};
    return strcmp(into->format, "parquet") == 0 ? words[into->write.codec] : "";
}

static enum fst_status write_rows(struct fst_reader *reader, struct fst_output *output,
                                  const struct fst_into *into, struct fst_copy *copy,
                                  struct fst_error *err)
{
    char id[37];
    fst_uuid4(id);
    char *name = fst_asprintf("%s%s.%s", id, codec_word(into), into->format);
    struct fst_dataset_options options = {.format = fst_format_named(into->format),
                                          .write = into->write,
                                          .name = name,
                                          .partition_by = into->partition_by,
                                          .n_partition_by = into->n_partition_by};
    struct fst_writer *w = NULL;
    enum fst_status status =
        fst_dataset_create(reader->schema, fst_output_folder(output), &options, &w, err);
    if (status == FST_OK)
        status = fst_copy_rows(reader, w, copy, err);
    fst_writer_free(w);
    free(name);
    return status;
}

enum fst_status fst_app_write_into(struct fst_reader *reader, const struct fst_into *into,
                                   struct fst_copy *copy, struct fst_error *err)
{
    struct fst_output *output;
    FST_TRY(fst_output_open(into->folder, &output, err));
    enum fst_status status = write_rows(reader, output, into, copy, err);
    if (status != FST_OK)
        fst_output_explain(output, err);
    if (status == FST_OK)
        status = fst_output_commit(output, err);
    fst_output_free(output);
    return status;
}
