/* Failures that people meet often, by their real words; tests/engine/test_remedy.c has each as the
 * engine said it. The first row that fits wins: the particular before the general. */
#include <string.h>

#include "firesteel/engine.h"

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

const struct fst_remedy fst_remedies[] = {
    {"port_taken", WORDS("java.net.BindException", "Address already in use"), "the port is taken",
     "stop what listens there, or set another port"},
    {NULL, NULL, NULL, NULL},
};

static bool has_all(const char *text, size_t n, const char *const *words)
{
    for (; *words; words++)
        if (!memmem(text, n, *words, strlen(*words)))
            return false;
    return true;
}

const struct fst_remedy *fst_remedy_of(const char *text, size_t n)
{
    for (const struct fst_remedy *r = fst_remedies; r->name; r++)
        if (has_all(text, n, r->words))
            return r;
    return NULL;
}
