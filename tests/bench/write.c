/* Write the rows of an Arrow stream as Parquet and say how long that took, without the decoding:
 *     bench-write IN.arrow OUT.parquet zstd|snappy|none */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "firesteel/data.h"

static bool to_file(void *arg, const void *p, size_t n)
{
    return fwrite(p, 1, n, arg) == n;
}

static double cpu_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static enum fst_status write_all(struct fst_frame **frames, size_t n, FILE *file,
                                 const struct fst_write_options *options, struct fst_error *err)
{
    struct fst_writer *w;
    FST_TRY(fst_format_named("parquet")->create(
        frames[0]->schema, (struct fst_sink){.write = to_file, .arg = file}, options, &w, err));
    enum fst_status status = FST_OK;
    for (size_t i = 0; i < n && status == FST_OK; i++)
        status = fst_writer_write(w, frames[i], err);
    if (status == FST_OK)
        status = fst_writer_finish(w, err);
    fst_writer_free(w);
    return status;
}

int main(int argc, char **argv)
{
    struct fst_error err = {0};
    struct fst_frame **frames;
    char *stream;
    size_t n, n_frames;
    if (argc != 4)
        return 2;
    enum fst_codec codec = strcmp(argv[3], "zstd") == 0     ? FST_CODEC_ZSTD
                           : strcmp(argv[3], "snappy") == 0 ? FST_CODEC_SNAPPY
                                                            : FST_CODEC_NONE;
    FILE *file = fopen(argv[2], "wb");
    enum fst_status status = fst_file_read(argv[1], (size_t)1 << 30, &stream, &n, &err);
    if (status == FST_OK)
        status = fst_arrow_decode(stream, n, &frames, &n_frames, &err);
    double began = cpu_ms();
    if (status == FST_OK && file)
        status =
            write_all(frames, n_frames, file, &(struct fst_write_options){.codec = codec}, &err);
    if (status != FST_OK || !file || fclose(file) != 0) {
        fprintf(stderr, "bench-write: %s\n", err.text);
        return 1;
    }
    printf("%.3f\n", cpu_ms() - began);
    return 0;
}
