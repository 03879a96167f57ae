/* Where the work is real: providers of the setting `production` have a top line of their own, and
 * what would change something there asks for the provider's name to be typed. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

struct confirming {
    char *provider;
    void (*go)(struct wb *wb, void *arg);
    void (*give_up)(void *arg);
    void *arg;
};

enum fst_role wb_title_role(const struct wb *wb, struct fst_buf *out)
{
    static const struct {
        const char *setting;
        enum fst_role role;
    } kinds[] = {{"production", FST_ROLE_PRODUCTION}, {"staging", FST_ROLE_STAGING}};
    for (size_t i = 0; i < FST_COUNT(kinds); i++)
        if (fst_app_provider_is(wb->app, kinds[i].setting, wb->provider)) {
            fst_buf_printf(out, " [%s]", kinds[i].setting);
            return kinds[i].role;
        }
    return FST_ROLE_TITLE;
}

static void chosen(struct wb *wb, int choice, void *arg)
{
    struct confirming *c = arg;
    bool is_typed = strcmp(wb_dialog_input(wb), c->provider) == 0;
    if (choice == 1 && is_typed) {
        c->go(wb, c->arg);
    } else {
        if (choice == 1)
            wb_say(wb, FST_ROLE_WARN, "nothing was done: that is not the name of %s", c->provider);
        if (c->give_up)
            c->give_up(c->arg);
    }
    free(c->provider);
    free(c);
}

void wb_confirm(struct wb *wb, const char *provider, const char *what,
                void (*go)(struct wb *wb, void *arg), void (*give_up)(void *arg), void *arg)
{
    static const char *const choices[] = {"Leave it", "Do it", NULL};
    if (!provider || !*provider)
        provider = fst_app_setting(wb->app, "provider");
    if (!fst_app_provider_is(wb->app, "production", provider)) {
        go(wb, arg);
        return;
    }
    struct confirming *c = fst_alloc(sizeof *c);
    *c = (struct confirming){fst_strdup(provider), go, give_up, arg};
    wb_dialog(wb, "Production",
              fst_asprintf("%s, at %s: this is production. Type the provider's name to go on.",
                           what, provider),
              choices, "provider: ", "", chosen, c);
}
