/* Calls that take or give nested values. */
#include "local_call.h"
#include "local_fn.h"

bool tr_nested_call(const struct fst_expr *e)
{
    if (!e->fn)
        return false;
    switch (e->fn->id) {
    case FST_FN_COALESCE:
    case FST_FN_NVL2:
    case FST_FN_IF:
    case FST_FN_FIRST:
    case FST_FN_LAST:
        return true;
    case FST_FN_COUNT:
        return !e->call || !e->call->distinct;
    case FST_FN_LAG:
    case FST_FN_LEAD:
        return true;
    case FST_FN_MIN_BY:
    case FST_FN_MAX_BY:
        return !fst_type_is_nested(&e->args[1]->type);
    default:
        return false;
    }
}
