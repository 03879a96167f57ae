/* A folder of a test's own. */
#ifndef SCRATCH_H
#define SCRATCH_H

#include <stdio.h>
#include <stdlib.h>

#include "firesteel/base.h"

static char scratch[64];

static inline int scratch_make(void **state)
{
    (void)state;
    snprintf(scratch, sizeof scratch, "/tmp/firesteel-test-XXXXXX");
    return mkdtemp(scratch) ? 0 : -1;
}

static inline int scratch_remove(void **state)
{
    (void)state;
    return fst_remove_tree(scratch, NULL) == FST_OK && !fst_path_exists(scratch) ? 0 : -1;
}

#endif
