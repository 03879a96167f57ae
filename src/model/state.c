/* The states of a run, one row each, and the memory of a run's record. */
#include "firesteel/model.h"

#include <strings.h>

const struct fst_state_row fst_states[FST_STATES_] = {
    [FST_STATE_NONE] = {"NONE", true, '-', "never ran"},
    [FST_STATE_CREATED] = {"CREATED", false, 'c', "written down, not yet handed to the engine"},
    [FST_STATE_PENDING] = {"PENDING", false, 'p', "handed to the engine, which has not begun"},
    [FST_STATE_RUNNING] = {"RUNNING", false, 'r', "the engine is at work"},
    [FST_STATE_READY] = {"READY", true, 'R', "done, and its output is complete"},
    [FST_STATE_FAILED] = {"FAILED", true, 'F', "ended with an error"},
    [FST_STATE_CANCELLED] = {"CANCELLED", true, 'C', "stopped because someone asked"},
    [FST_STATE_LOST] = {"LOST", true, 'L', "nobody knows any more what became of it"},
};

bool fst_state_named(const char *name, enum fst_state *out)
{
    for (int state = 0; name && state < FST_STATES_; state++) {
        if (strcasecmp(name, fst_states[state].name) != 0)
            continue;
        *out = state;
        return true;
    }
    return false;
}

void fst_run_record_free(struct fst_run_record *r)
{
    if (r)
        fst_arena_free(r->arena);
}
