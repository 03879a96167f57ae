/* Finding in texts: every view with a pager says how many lines have it, and which one this is. */
#include <string.h>

#include "view.h"

static void say_hits(struct wb *wb, const struct fst_pager *p)
{
    if (!p->find[0])
        return;
    if (p->hit)
        wb_say(wb, FST_ROLE_DIM, "%zu of %zu%s lines with “%s”", p->hit, p->hits,
               p->hits_cut ? "+" : "", p->find);
    else if (p->hits)
        wb_say(wb, FST_ROLE_DIM, "%zu%s lines with “%s”", p->hits, p->hits_cut ? "+" : "", p->find);
    else
        wb_say(wb, FST_ROLE_WARN, "no line with “%s”", p->find);
}

bool wb_pager_action(struct wb *wb, struct fst_pager *p, const char *action)
{
    if (!fst_pager_action(p, action))
        return false;
    if (strcmp(action, "pager.next") == 0 || strcmp(action, "pager.previous") == 0)
        say_hits(wb, p);
    return true;
}

void wb_pager_find(struct wb *wb, struct fst_pager *p, const char *text)
{
    bool is_new = strcmp(p->find, text) != 0;
    snprintf(p->find, sizeof p->find, "%s", text);
    if (is_new)
        fst_pager_action(p, "pager.next");
    say_hits(wb, p);
}
