/* format: the table of formats, and which row of it a file belongs to. */
#include "formats.h"
#include "unpack.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

const struct fst_format *const fst_formats[] = {&fst_format_parquet, &fst_format_csv,
                                                &fst_format_tsv,     &fst_format_json,
                                                &fst_format_jsonl,   NULL};

const struct fst_format *fst_format_named(const char *name)
{
    if (strcasecmp(name, "ndjson") == 0)
        name = "jsonl";
    for (size_t i = 0; fst_formats[i]; i++)
        if (strcasecmp(fst_formats[i]->name, name) == 0)
            return fst_formats[i];
    return NULL;
}

/* `n` bytes of the path count: .csv.gz is .csv. */
static bool has_extension(const struct fst_format *f, const char *path, size_t n)
{
    for (size_t i = 0; f->extensions[i]; i++) {
        size_t n_ext = strlen(f->extensions[i]);
        if (n > n_ext && strncasecmp(path + n - n_ext, f->extensions[i], n_ext) == 0)
            return true;
    }
    return false;
}

/* Several formats may share an extension (.json is an array, or one object a line as Spark writes
 * it): then the head of the file decides, and the first row of the table when there is no head. */
const struct fst_format *fst_format_guess(const char *path, const void *head, size_t n)
{
    const struct fst_format *by_name = NULL;
    const char *packed;
    char inside[256];
    size_t n_path, n_inside = fst_unpack_head(head, n, inside, sizeof(inside));
    fst_packing_named(path, &n_path, &packed);
    if (n_inside) {
        head = inside;
        n = n_inside;
    }
    for (size_t i = 0; fst_formats[i]; i++) {
        const struct fst_format *f = fst_formats[i];
        if (!has_extension(f, path, n_path))
            continue;
        if (!f->probe || (n && f->probe(head, n)))
            return f;
        if (!by_name)
            by_name = f;
    }
    if (by_name)
        return by_name;

    for (size_t i = 0; n && fst_formats[i]; i++)
        if (fst_formats[i]->probe && fst_formats[i]->probe(head, n))
            return fst_formats[i];
    return NULL;
}

void fst_file_info_done(struct fst_file_info *info)
{
    fst_arena_free(info->arena);
    memset(info, 0, sizeof(*info));
}
