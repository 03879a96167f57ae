/* Keys and looks as the settings have them, from the start and while they change: a file that is
 * saved, or `:set`, is in force at once. What is wrong in it is said, and changes nothing. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

#define LOOK_US 1000000

/* Those of the program's tables, and the commands of one's own. */
static struct fst_action *all_actions(struct fst_app *app, size_t *n)
{
    size_t n_built_in, n_own;
    const struct fst_action *built_in = fst_view_actions(&n_built_in);
    const struct fst_own_command *own = fst_app_own_commands(app, &n_own);
    struct fst_action *all = fst_alloc((n_built_in + n_own + 1) * sizeof *all);
    memcpy(all, built_in, n_built_in * sizeof *all);
    for (size_t i = 0; i < n_own; i++)
        all[n_built_in + i] =
            (struct fst_action){own[i].name, own[i].scope, own[i].keys, NULL, own[i].help, false};
    free((void *)built_in);
    *n = n_built_in + n_own;
    return all;
}

/* The keys of a command are read when it is bound: spelled wrong, they are an error like others. */
static enum fst_status bind_all(struct fst_app *app, struct fst_keymap *keys, struct fst_error *err)
{
    size_t n, n_own;
    const struct fst_own_command *own = fst_app_own_commands(app, &n_own);
    const struct fst_key_binding *bound = fst_app_key_bindings(app, &n);
    for (size_t i = 0; i < n_own; i++)
        if (fst_keymap_bind(keys, own[i].name, own[i].keys, err) != FST_OK) {
            fst_while(err, "%s", own[i].where);
            return FST_EINVAL;
        }
    for (size_t i = 0; i < n; i++)
        if (fst_keymap_bind(keys, bound[i].action, bound[i].keys, err) != FST_OK) {
            fst_while(err, "%s", bound[i].where);
            return FST_EINVAL;
        }
    return FST_OK;
}

enum fst_status wb_bind_keys(struct wb *wb, struct fst_error *err)
{
    size_t n;
    struct fst_action *actions = all_actions(wb->app, &n);
    struct fst_keymap *keys = fst_keymap_new(actions, n);
    enum fst_status status = bind_all(wb->app, keys, err);
    if (status != FST_OK) {
        fst_keymap_free(keys);
        free(actions);
        return status;
    }
    wb_unbind_keys(wb);
    wb->actions = actions;
    wb->n_actions = n;
    wb->keys = keys;
    return FST_OK;
}

void wb_unbind_keys(struct wb *wb)
{
    fst_keymap_free(wb->keys);
    free(wb->actions);
}

enum fst_status fst_view_each_key(struct fst_app *app,
                                  void (*row)(void *arg, const char *where, const char *keys,
                                              const char *action, const char *help),
                                  void *arg, struct fst_error *err)
{
    struct wb wb = {.app = app};
    FST_TRY(wb_bind_keys(&wb, err));
    for (size_t i = 0; i < wb.n_actions; i++) {
        const struct fst_action *a = &wb.actions[i];
        row(arg, a->scope, fst_keymap_keys(wb.keys, a), a->name, a->help);
    }
    wb_unbind_keys(&wb);
    return FST_OK;
}

/* ---- While the workbench runs ---------------------------------------------------------------- */

static enum fst_status restyle(struct wb *wb, struct fst_error *err)
{
    struct fst_theme *theme;
    bool ascii = fst_app_setting(wb->app, "ui.ascii")[0] == 't';
    FST_TRY(fst_theme_load(fst_app_setting(wb->app, "theme"), &theme, err));
    enum fst_status status = fst_term_restyle(wb->term, theme, ascii, err);
    if (status != FST_OK) {
        fst_theme_free(theme);
        return status;
    }
    fst_theme_free(wb->theme);
    wb->theme = theme;
    return FST_OK;
}

static enum fst_status take_effect(struct wb *wb, struct fst_error *err)
{
    wb->dirty = true;
    FST_TRY(wb_bind_keys(wb, err));
    return restyle(wb, err);
}

void wb_look_settings(struct wb *wb)
{
    struct fst_error err;
    bool changed;
    int64_t now = fst_monotonic_us();
    if (now - wb->settings_us < LOOK_US)
        return;
    wb->settings_us = now;
    enum fst_status status = fst_app_reload(wb->app, &changed, &err);
    if (status == FST_OK && changed)
        status = take_effect(wb, &err);
    if (status != FST_OK)
        wb_say_error(wb, &err);
    else if (changed)
        wb_say(wb, FST_ROLE_INFO, "the settings were read again");
}

static void show_setting(struct wb *wb, const char *name)
{
    const char *value = fst_app_setting(wb->app, name);
    wb_say(wb, FST_ROLE_INFO, "%s is %s (%s)", name, *value ? value : "empty",
           fst_app_setting_origin(wb->app, name));
}

static bool is_setting(const char *name)
{
    size_t i = 0;
    while (i < fst_n_settings && strcmp(fst_settings[i].name, name) != 0)
        i++;
    return i < fst_n_settings;
}

void wb_set(struct wb *wb, const char *text)
{
    size_t n = strcspn(text, " =");
    char *name = fst_strndup(text, n);
    const char *value = text + n + strspn(text + n, " =");
    struct fst_error err;
    if (!*value && is_setting(name))
        show_setting(wb, name);
    else if (!*name)
        wb_say(wb, FST_ROLE_INFO, "set takes a setting and its value: set theme light");
    else {
        char *before = fst_strdup(fst_app_setting(wb->app, name));
        enum fst_status status = fst_app_set(wb->app, name, value, &err);
        if (status == FST_OK && (status = take_effect(wb, &err)) != FST_OK)
            fst_app_set(wb->app, name, before, NULL);
        if (status == FST_OK)
            show_setting(wb, name);
        else
            wb_say_error(wb, &err);
        free(before);
    }
    free(name);
}
