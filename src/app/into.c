/* Rows into a folder of files: what --into does; and into a file. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* ---- One file -------------------------------------------------------------------------------- */

static bool to_file(void *arg, const void *p, size_t n)
{
    return fwrite(p, 1, n, arg) == n;
}

static enum fst_status write_to(FILE *file, const struct fst_format *format,
                                struct fst_reader *reader, struct fst_copy *copy,
                                struct fst_error *err)
{
    struct fst_sink sink = {.write = to_file, .arg = file};
    struct fst_write_options options = {.codec = FST_CODEC_ZSTD};
    struct fst_writer *w = NULL;
    enum fst_status status = format->is_lines
                                 ? fst_team_create(format, reader->schema, sink, &options, &w, err)
                                 : format->create(reader->schema, sink, &options, &w, err);
    if (status == FST_OK)
        status = fst_copy_rows(reader, w, copy, err);
    fst_writer_free(w);
    if (status == FST_OK && (fflush(file) != 0 || fsync(fileno(file)) != 0))
        status = fst_fail_errno(err, "writing the rows");
    return status;
}

/* Under its name only when it is whole, and never in the place of another. */
static enum fst_status put_in_place(const char *temporary, const char *path, struct fst_error *err)
{
    if (link(temporary, path) == 0)
        return FST_OK;
    if (errno == EEXIST)
        return fst_fail(err, FST_ECONFLICT, "%s is there already", path);
    if (fst_path_exists(path) || rename(temporary, path) != 0) /* a file system without links */
        return fst_fail_errno(err, "writing %s", path);
    return FST_OK;
}

static const struct fst_format *format_of(const char *path, struct fst_error *err)
{
    const char *dot = strrchr(fst_path_base(path), '.');
    const struct fst_format *f = dot ? fst_format_named(dot + 1) : NULL;
    if (f && f->create)
        return f;
    fst_fail(err, FST_EINVAL, "%s: the name says the format: .parquet, .csv, .tsv, .json or .jsonl",
             path);
    return NULL;
}

enum fst_status fst_app_write_file(struct fst_reader *reader, const char *path,
                                   struct fst_copy *copy, struct fst_error *err)
{
    char id[37];
    const struct fst_format *format = format_of(path, err);
    if (!format)
        return err->status;
    if (fst_path_exists(path))
        return fst_fail(err, FST_ECONFLICT, "%s is there already", path);
    fst_uuid4(id);
    int folder = (int)(fst_path_base(path) - path);
    char *temporary = fst_asprintf("%.*s.%s.%.8s.tmp", folder, path, fst_path_base(path), id);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    enum fst_status status =
        file ? write_to(file, format, reader, copy, err) : fst_fail_errno(err, "writing %s", path);
    if (file && fclose(file) != 0 && status == FST_OK)
        status = fst_fail_errno(err, "writing %s", path);
    if (status == FST_OK)
        status = put_in_place(temporary, path, err);
    if (fd >= 0)
        unlink(temporary);
    free(temporary);
    return status;
}
