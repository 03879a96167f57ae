/* The `:` line and the actions that belong to no view. A command is an action's name, a view and a
 * target
 * (`lineage fraud_training.v1`), or `run`, `cancel`, `provider` with a name. */
#include <stdlib.h>
#include <string.h>

#include "past.h"

/* ---- Completion: actions, views, resources --------------------------------------------------- */

static void add_name(struct wb *wb, const char *text, const char *detail)
{
    fst_grow(&wb->names, &wb->names_cap, wb->n_names + 1, sizeof *wb->names);
    wb->names[wb->n_names++] = (struct fst_candidate){text, detail};
}

static const char *const words[] = {"run",  "run-upstream", "provider", "search",
                                    "list", "sql",          "log",      "set"};

static void add_resources(struct wb *wb)
{
    struct fst_list_query q = {.kind = -1, .all_variants = true, .limit = 2000};
    struct fst_items items;
    if (fst_catalog_list(wb->catalog, &q, &items, NULL) != FST_OK)
        return;
    for (size_t i = 0; i < items.n; i++) {
        const struct fst_item *it = &items.items[i];
        const char *label = *it->variant
                                ? fst_arena_printf(wb->names_arena, "%s.%s", it->name, it->variant)
                                : fst_arena_strdup(wb->names_arena, it->name);
        add_name(wb, label, fst_kinds[it->kind].name);
    }
    fst_items_done(&items);
}

static void collect_names(struct wb *wb)
{
    fst_arena_free(wb->names_arena);
    wb->names_arena = fst_arena_new();
    wb->n_names = 0;
    for (size_t i = 0; i < FST_COUNT(words); i++)
        add_name(wb, words[i], "command");
    for (size_t i = 0; wb_views[i]; i++)
        add_name(wb, wb_views[i]->name, wb_views[i]->help);
    for (size_t i = 0; i < wb->n_actions; i++)
        add_name(wb, wb->actions[i].name, wb->actions[i].help);
    for (size_t i = 0; i < fst_n_settings; i++)
        add_name(wb, fst_arena_printf(wb->names_arena, "set %s", fst_settings[i].name),
                 fst_settings[i].help);
    add_resources(wb);
}

void wb_prompt(struct wb *wb, const char *label, const char *text,
               void (*done)(struct wb *wb, const char *text))
{
    paths_end(wb);
    fst_prompt_open(&wb->prompt, label, text);
    wb->prompt.history = (const char *const *)wb->history;
    wb->prompt.n_history = wb->n_history;
    wb->prompt.history_at = wb->n_history;
    wb->prompt.candidates = NULL;
    wb->prompt.n_candidates = 0;
    wb->prompt_filters = false;
    wb->prompt_changed = NULL;
    wb->prompt_done = done;
    wb->dirty = true;
}

void wb_prompt_names(struct wb *wb, const char *const *names, const char *const *details, size_t n)
{
    fst_arena_free(wb->names_arena);
    wb->names_arena = fst_arena_new();
    wb->n_names = 0;
    for (size_t i = 0; i < n; i++)
        add_name(wb, fst_arena_strdup(wb->names_arena, names[i]),
                 fst_arena_strdup(wb->names_arena, details[i]));
    wb->prompt.candidates = wb->names;
    wb->prompt.n_candidates = wb->n_names;
}

static void complete_from_names(struct wb *wb)
{
    collect_names(wb);
    paths_begin(wb, WB_PATH_COMMAND);
}

/* ---- Commands -------------------------------------------------------------------------------- */

static int64_t find_id(struct wb *wb, const char *name)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_target target;
    struct fst_resource *r;
    struct fst_error err = {0};
    int64_t id = 0;
    if (!fst_target_parse(a, name, &target))
        wb_say(wb, FST_ROLE_ERROR, "%s is not a name", name);
    else if (fst_catalog_resolve(wb->catalog, &target, &r, &err) != FST_OK)
        wb_say_error(wb, &err);
    else {
        id = r->id;
        fst_resource_free(r);
    }
    fst_arena_free(a);
    return id;
}

/* The only provider among the prompt's candidates whose name begins so; else the name itself. */
static const char *whole_name(const struct wb *wb, const char *name)
{
    const char *whole = NULL;
    for (size_t i = 0; i < wb->n_names && *name; i++) {
        const struct fst_candidate *c = &wb->names[i];
        if (strcmp(c->detail, "provider") != 0 || strncmp(c->text, name, strlen(name)) != 0)
            continue;
        if (whole)
            return name;
        whole = c->text;
    }
    return whole ? whole : name;
}

static void set_provider(struct wb *wb, const char *name)
{
    struct fst_resource *r;
    struct fst_error err;
    name = whole_name(wb, name);
    if (*name && strcmp(name, "local") != 0) {
        if (fst_catalog_find(wb->catalog, FST_PROVIDER, name, NULL, &r, &err) != FST_OK) {
            wb_say_error(wb, &err);
            return;
        }
        fst_resource_free(r);
    }
    snprintf(wb->provider, sizeof wb->provider, "%s", name);
    wb_say(wb, FST_ROLE_INFO, "checks and runs use %s", *name ? name : "the default provider");
    wb_look_again(wb);
}

void wb_open_query(struct wb *wb, const char *provider, const char *sql)
{
    char *target = fst_asprintf("sql:%s%s%s", provider ? provider : "", provider ? "/" : "", sql);
    wb_open(wb, "preview", target);
    free(target);
}

static const struct {
    const char *word, *act;
} acts[] = {{"run", "act.run"},  {"run-upstream", "act.run-upstream"}, {"edit", "act.edit"},
            {"tag", "act.tag"},  {"explain", "act.explain"},           {"start", "act.start"},
            {"stop", "act.stop"}};

static bool act_with_target(struct wb *wb, const char *word, const char *rest)
{
    for (size_t i = 0; i < FST_COUNT(acts); i++)
        if (strcmp(acts[i].word, word) == 0) {
            int64_t id = find_id(wb, rest);
            if (id)
                wb_act(wb, acts[i].act, id);
            return true;
        }
    return false;
}

/* `:stages` and `:run` alone mean the run under the cursor. */
static const char *run_here(struct wb *wb, const char *word)
{
    struct view *v = wb_top(wb);
    bool of_a_run = strcmp(word, "stages") == 0 || strcmp(word, "run") == 0;
    return of_a_run && v->ops->selected_run ? v->ops->selected_run(v) : NULL;
}

/* `:log` of a run, or of the last run of what is named. */
static void open_log(struct wb *wb, const char *name)
{
    struct fst_run_record *run;
    struct fst_runs runs;
    struct fst_error err;
    const char *here = *name ? NULL : run_here(wb, "run");
    if (fst_catalog_get_run(wb->catalog, here ? here : name, &run, NULL) == FST_OK) {
        wb_open(wb, "run", run->id);
        fst_run_record_free(run);
        return;
    }
    struct fst_run_query q = {.resource_id = find_id(wb, name), .limit = 1};
    if (!q.resource_id)
        return;
    if (fst_catalog_runs(wb->catalog, &q, &runs, &err) != FST_OK) {
        wb_say_error(wb, &err);
        return;
    }
    if (runs.n)
        wb_open(wb, "run", runs.runs[0]->id);
    else
        wb_say(wb, FST_ROLE_INFO, "%s never ran", name);
    fst_runs_done(&runs);
}

static bool open_by_name(struct wb *wb, const char *word, const char *rest)
{
    const struct view_ops *ops = wb_view_named(word);
    if (!ops || ops->is_handed)
        return false;
    wb_open(wb, word, *rest ? rest : run_here(wb, word));
    return true;
}

static void unknown_command(struct wb *wb, const char *word)
{
    const char *names[256];
    size_t count = 0;
    for (; count < wb->n_names && count < FST_COUNT(names); count++)
        names[count] = wb->names[count].text;
    const char *nearest = fst_text_nearest(word, names, count);
    wb_say(wb, FST_ROLE_ERROR, "there is no command %s%s%s", word, nearest ? "; did you mean " : "",
           nearest ? nearest : "");
}

/* The name of a resource alone means its page. */
static void open_resource(struct wb *wb, const char *name)
{
    struct fst_arena *a = fst_arena_new();
    struct fst_target target;
    struct fst_resource *r = NULL;
    bool is_there = fst_target_parse(a, name, &target) &&
                    fst_catalog_resolve(wb->catalog, &target, &r, NULL) == FST_OK;
    if (is_there) {
        char *id = fst_asprintf("%lld", (long long)r->id);
        wb_open(wb, "page", id);
        free(id);
        fst_resource_free(r);
    } else {
        unknown_command(wb, name);
    }
    fst_arena_free(a);
}

/* ---- Words that are begun only --------------------------------------------------------------- */

static const char *command_word(size_t i)
{
    size_t n_views = 0;
    while (wb_views[n_views])
        n_views++;
    if (i < FST_RESOURCE_KINDS_)
        return fst_kinds[i].plural;
    i -= FST_RESOURCE_KINDS_;
    if (i < n_views)
        return wb_views[i]->name;
    i -= n_views;
    if (i < FST_COUNT(words))
        return words[i];
    i -= FST_COUNT(words);
    return i < FST_COUNT(acts) ? acts[i].word : NULL;
}

/* The word that begins so, when there is only one; else as it is. Owned. */
static char *whole_word(const struct wb *wb, const char *text, size_t n)
{
    const char *found = NULL, *word;
    bool is_one = n > 0;
    for (size_t i = 0; (word = command_word(i)); i++) {
        if (strncmp(word, text, n) != 0)
            continue;
        if (!word[n])
            return fst_strdup(word);
        is_one &= !found || strcmp(found, word) == 0;
        found = word;
    }
    for (size_t i = 0; i < wb->n_actions; i++)
        is_one &= strlen(wb->actions[i].name) != n || strncmp(wb->actions[i].name, text, n) != 0;
    return found && is_one ? fst_strdup(found) : fst_strndup(text, n);
}

static const struct {
    const char *word;
    enum wb_path takes;
} of_paths[] = {{"preview", WB_PATH_TABLE}, {"files", WB_PATH_FOLDER}};

bool wb_command_path(const struct wb *wb, const char *line, enum wb_path *kind, size_t *from)
{
    size_t blanks = strspn(line, " "), n = strcspn(line + blanks, " ");
    const char *rest = line + blanks + n;
    char *word = whole_word(wb, line + blanks, n);
    bool takes = false;
    for (size_t i = 0; i < FST_COUNT(of_paths) && *rest; i++)
        if (strcmp(of_paths[i].word, word) == 0) {
            *kind = of_paths[i].takes;
            takes = true;
        }
    *from = (size_t)(rest - line) + strspn(rest, " ");
    free(word);
    return takes;
}

static bool open_path(struct wb *wb, const char *line, const char *word)
{
    enum wb_path kind;
    size_t from;
    if (!wb_command_path(wb, line, &kind, &from))
        return false;
    char *path = wb_path_read(line + from);
    bool is_open = open_by_name(wb, word, path);
    free(path);
    return is_open;
}

void wb_command(struct wb *wb, const char *line)
{
    while (*line == ' ')
        line++;
    size_t n = strcspn(line, " ");
    char *word = whole_word(wb, line, n);
    const char *rest = line + n + strspn(line + n, " ");
    enum fst_resource_kind kind;
    history_add(wb, line);
    if (!*word) {
        /* nothing */
    } else if (strcmp(word, "q") == 0 || strcmp(word, "q!") == 0) {
        wb_action(wb, "quit");
    } else if (strcmp(word, "provider") == 0) {
        set_provider(wb, rest);
    } else if (strcmp(word, "search") == 0) {
        char *target = fst_asprintf("search:%s", rest);
        wb_open(wb, "list", target);
        free(target);
    } else if (strcmp(word, "sql") == 0 && *rest) {
        struct fst_past_query q = {
            .at_us = fst_now_us(), .rows = -1, .sql = rest, .provider = wb_provider(wb)};
        past_keep(wb, &q);
        wb_open_query(wb, wb_provider(wb), rest);
    } else if (strcmp(word, "set") == 0) {
        wb_set(wb, rest);
    } else if (strcmp(word, "log") == 0) {
        open_log(wb, rest);
    } else if (*rest && act_with_target(wb, word, rest)) {
        /* done */
    } else if (fst_kind_named(word, &kind)) {
        struct view *v = wb_open(wb, "list", fst_kinds[kind].plural);
        wb_filter(v, rest);
    } else if (!wb_action(wb, word) && !open_path(wb, line, word) &&
               !open_by_name(wb, word, rest)) {
        open_resource(wb, word);
    }
    free(word);
}

/* ---- Actions of everywhere ------------------------------------------------------------------- */

static void filter_done(struct wb *wb, const char *text)
{
    wb_filter(wb_top(wb), text);
}

static void search_done(struct wb *wb, const char *text)
{
    char *target = fst_asprintf("search:%s", text);
    if (*text)
        wb_open(wb, "list", target);
    free(target);
}

static void do_back(struct wb *wb)
{
    wb_back(wb);
}
static void do_quit(struct wb *wb)
{
    for (size_t i = 0; i < wb->n_views; i++)
        if (wb->stack[i]->ops->may_close && !wb->stack[i]->ops->may_close(wb->stack[i]))
            return;
    wb->quit = true;
}
static void do_command(struct wb *wb)
{
    wb_prompt(wb, ":", "", wb_command);
    complete_from_names(wb);
}
static void do_filter(struct wb *wb)
{
    if (!wb_top(wb)->ops->filter) {
        wb_say(wb, FST_ROLE_DIM, "there is nothing to filter here");
        return;
    }
    wb_prompt(wb, "/", "", filter_done);
    wb->prompt_filters = true;
}
static void do_help(struct wb *wb)
{
    wb_open(wb, "help", wb_top(wb)->ops->name);
}
static void do_palette(struct wb *wb)
{
    wb_open(wb, "palette", NULL);
}
static void do_redraw(struct wb *wb)
{
    fst_term_suspend(wb->term);
    fst_term_resume(wb->term);
}
static void do_search(struct wb *wb)
{
    wb_prompt(wb, "search: ", "", search_done);
}
static void do_provider(struct wb *wb)
{
    wb_prompt(wb, "provider: ", "", set_provider);
    collect_names(wb);
    size_t n = 0;
    for (size_t i = 0; i < wb->n_names; i++)
        if (strcmp(wb->names[i].detail, "provider") == 0)
            wb->names[n++] = wb->names[i];
    wb->n_names = n;
    wb->prompt.candidates = wb->names;
    wb->prompt.n_candidates = n;
}
static void do_suspend(struct wb *wb)
{
    fst_term_stop(wb->term);
}

static void refresh_work(struct task *t)
{
    t->status = fst_app_refresh_sources(t->wb->app, &t->err);
    fst_app_revive(t->wb->app);
}
static void refresh_done(struct task *t, struct view *v)
{
    (void)v;
    if (t->status != FST_OK)
        wb_say_error(t->wb, &t->err);
    wb_look_again(t->wb);
}
static void do_refresh(struct wb *wb)
{
    struct task *t = wb_task_new(wb, NULL, sizeof *t, refresh_work, refresh_done, NULL);
    wb_task_start(t, "looking again");
}

static void do_forward(struct wb *wb)
{
    places_forward(wb);
}
static void do_mouse(struct wb *wb)
{
    mouse_toggle(wb);
}
static void do_hold(struct wb *wb)
{
    wb->held = !wb->held;
    wb->looked_us = 0;
    wb_say(wb, FST_ROLE_INFO, wb->held ? "held: nothing looks again by itself" : "looking again");
}

static const struct {
    const char *name;
    void (*act)(struct wb *wb);
} global_acts[] = {
    {"back", do_back},       {"quit", do_quit},         {"command", do_command},
    {"filter", do_filter},   {"help", do_help},         {"redraw", do_redraw},
    {"search", do_search},   {"provider", do_provider}, {"suspend", do_suspend},
    {"refresh", do_refresh}, {"palette", do_palette},   {"forward", do_forward},
    {"hold", do_hold},       {"mouse", do_mouse},
};

/* To the view of that name, else to the list of that kind. */
static bool go(struct wb *wb, const char *where)
{
    if (wb_view_named(where))
        wb_find(wb, where, NULL);
    else
        wb_find(wb, "list", where);
    return true;
}

static bool known(const struct wb *wb, const char *name)
{
    for (size_t i = 0; i < wb->n_actions; i++)
        if (strcmp(wb->actions[i].name, name) == 0)
            return !(wb->actions[i].writes && wb_read_only(wb));
    return false;
}

bool wb_action(struct wb *wb, const char *name)
{
    struct view *v = wb_top(wb);
    if (!known(wb, name))
        return false;
    wb->dirty = true;
    if (v->ops->action && v->ops->action(v, name))
        return true;
    if (panes_action(wb, name))
        return true;
    if (strncmp(name, "go.", 3) == 0)
        return go(wb, name + 3);
    for (size_t i = 0; i < FST_COUNT(global_acts); i++)
        if (strcmp(global_acts[i].name, name) == 0) {
            global_acts[i].act(wb);
            return true;
        }
    if (wb_own_command(wb, name))
        return true;
    if (wb_act_on_marked(wb, name))
        return true;
    if (strncmp(name, "act.", 4) == 0 && v->ops->selected && v->ops->selected(v))
        return wb_act(wb, name, v->ops->selected(v));
    if (strncmp(name, "run.", 4) == 0 && v->ops->selected_run && v->ops->selected_run(v))
        return wb_act_on_run(wb, name, v->ops->selected_run(v));
    return false;
}
