/* A scratch folder that is its test's HOME and where it is: nothing of the user's is read or
 * written. */
#ifndef HOME_H
#define HOME_H

#include <unistd.h>

#include "scratch.h"

static inline int home_make(void **state)
{
    static const char *const names[] = {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME",
                                        "XDG_STATE_HOME"};
    if (scratch_make(state) != 0 || chdir(scratch) != 0)
        return -1;
    unsetenv("FIRESTEEL_CATALOG");
    for (size_t i = 0; i < FST_COUNT(names); i++)
        setenv(names[i], scratch, 1);
    return 0;
}

static inline int home_remove(void **state)
{
    return chdir("/") == 0 ? scratch_remove(state) : -1;
}

#endif
