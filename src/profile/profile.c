/* A profile's memory: everything lives in its arena. */
#include "firesteel/profile.h"

struct fst_profile *fst_profile_new(const char *source)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_profile *p = fst_arena_alloc(a, sizeof *p);
    *p = (struct fst_profile){.arena = a,
                              .source = fst_arena_strdup(a, source),
                              .executors = -1,
                              .cores = -1,
                              .executors_lost = -1};
    return p;
}

void fst_profile_free(struct fst_profile *p)
{
    if (p)
        fst_arena_free(p->arena);
}
