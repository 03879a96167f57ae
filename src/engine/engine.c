/* The table of engines. */
#include <stddef.h>
#include <string.h>

#include "engines.h"

const struct fst_engine *const fst_engines[] = {&fst_engine_local,  &fst_engine_connect,
                                                &fst_engine_submit, &fst_engine_standalone,
                                                &fst_engine_livy,   NULL};

const struct fst_engine *fst_engine_named(const char *name)
{
    for (size_t i = 0; name && fst_engines[i]; i++)
        if (strcmp(fst_engines[i]->name, name) == 0)
            return fst_engines[i];
    return NULL;
}
