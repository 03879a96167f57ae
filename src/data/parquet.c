/* parquet: the row of the format. */
#include "parquet.h"

#include "formats.h"

#include <string.h>

static bool probe(const void *head, size_t n)
{
    return n >= 4 && (memcmp(head, "PAR1", 4) == 0 || memcmp(head, "PARE", 4) == 0);
}

static const char *const extensions[] = {".parquet", ".parq", ".pq", NULL};

const struct fst_format fst_format_parquet = {
    .name = "parquet",
    .help = "Apache Parquet: columns, compressed; all flat types, every codec but LZO",
    .extensions = extensions,
    .probe = probe,
    .open = fst_pq_open,
    .info = fst_pq_info,
    .create = fst_pq_create,
};
