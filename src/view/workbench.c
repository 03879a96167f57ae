/* The workbench: one loop. It waits for keys, finished tasks and the clock; keys become named
 * actions; what changed is drawn once. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "attention.h"

#define IDLE_MS 1000
#define LEAVE_US 3000000
#define TELL_MS 500
#define LEAST_LOOK_MS 100
#define MOST_LOOK_MS 3600000

/* ---- The stack of views ---------------------------------------------------------------------- */

struct view *wb_main(struct wb *wb)
{
    return wb->n_views ? wb->stack[wb->n_views - 1] : NULL;
}

struct view *wb_top(struct wb *wb)
{
    struct view *v = wb_main(wb);
    return v && v->in_below && v->below && panes_two(wb) ? v->below : v;
}

void wb_look_again(struct wb *wb)
{
    struct view *v = wb_top(wb);
    if (v && v->ops->changed)
        v->ops->changed(v);
}

struct view *wb_view_by_id(struct wb *wb, uint64_t id)
{
    for (size_t i = 0; i < wb->n_views; i++) {
        struct view *all[] = {wb->stack[i], wb->stack[i]->below, wb->stack[i]->coming};
        for (size_t k = 0; k < FST_COUNT(all); k++)
            if (all[k] && all[k]->id == id)
                return all[k];
    }
    return NULL;
}

void wb_view_free(struct view *v)
{
    panes_close(v);
    wb_tasks_cancel(v->wb, v->id);
    if (v->ops->close)
        v->ops->close(v);
    free(v->target);
    free(v->filter);
    free(v->state);
    free(v);
}

static struct view *new_view(struct wb *wb, const struct view_ops *ops, const char *target)
{
    struct view *v = fst_alloc(sizeof *v);
    v->ops = ops;
    v->wb = wb;
    v->id = ++wb->next_id;
    v->target = fst_strdup(target);
    v->state = fst_alloc(ops->state_size);
    return v;
}

struct view *wb_view_new(struct wb *wb, const char *name, const char *target)
{
    const struct view_ops *ops = wb_view_named(name);
    struct view *v = ops ? new_view(wb, ops, target) : NULL;
    if (v)
        ops->open(v);
    return v;
}

struct view *wb_open(struct wb *wb, const char *name, const char *target)
{
    const struct view_ops *ops = wb_view_named(name);
    if (!ops)
        return NULL;
    if (wb->n_views == WB_MAX_VIEWS) { /* the oldest but the first makes room */
        wb_view_free(wb->stack[1]);
        memmove(&wb->stack[1], &wb->stack[2], (WB_MAX_VIEWS - 2) * sizeof wb->stack[0]);
        wb->n_views--;
    }
    struct view *v = new_view(wb, ops, target);
    wb->stack[wb->n_views++] = v;
    places_forget(wb);
    wb->message[0] = '\0';
    ops->open(v);
    wb->dirty = true;
    return v;
}

static void look_again(struct view *v)
{
    if (v && v->ops->changed)
        v->ops->changed(v);
}

void wb_filter(struct view *v, const char *text)
{
    if (!v->ops->filter)
        return;
    free(v->filter);
    v->filter = *text ? fst_strdup(text) : NULL;
    v->ops->filter(v, text);
}

bool wb_back_leaves(const struct wb *wb)
{
    return wb->n_views == 1 && wb->stack[0]->ops == &view_home && !panes_two(wb);
}

/* The lower pane goes first. */
void wb_back(struct wb *wb)
{
    struct view *v = wb_main(wb);
    wb->dirty = true;
    if (v->split && panes_two(wb)) {
        panes_close(v);
        return;
    }
    if (v->ops->may_close && !v->ops->may_close(v))
        return;
    if (wb_back_leaves(wb)) {
        wb->quit = true;
        return;
    }
    places_closing(v);
    wb->n_views--;
    wb_view_free(v);
    wb->message[0] = '\0';
    if (wb->n_views == 0) { /* home had been taken from below it */
        struct view *home = new_view(wb, &view_home, NULL);
        wb->stack[wb->n_views++] = home;
        home->ops->open(home);
    }
    look_again(wb_main(wb));
    look_again(wb_main(wb)->below);
}

static bool is_same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

void wb_find(struct wb *wb, const char *name, const char *target)
{
    size_t i = wb->n_views;
    while (i > 0 && (strcmp(wb->stack[i - 1]->ops->name, name) != 0 ||
                     !is_same(wb->stack[i - 1]->target, target)))
        i--;
    if (i == 0) {
        wb_open(wb, name, target);
        return;
    }
    struct view *v = wb->stack[i - 1];
    memmove(&wb->stack[i - 1], &wb->stack[i], (wb->n_views - i) * sizeof wb->stack[0]);
    wb->stack[wb->n_views - 1] = v;
    wb->message[0] = '\0';
    look_again(v);
    look_again(v->below);
}

/* ---- Saying ---------------------------------------------------------------------------------- */

void wb_say(struct wb *wb, enum fst_role role, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(wb->message, sizeof wb->message, fmt, args);
    for (char *p = wb->message; (p = strchr(p, '\n'));)
        *p = ' ';
    va_end(args);
    wb->message_role = role;
    wb->dirty = true;
    messages_keep(wb, role, wb->message);
}

void wb_say_error(struct wb *wb, const struct fst_error *err)
{
    if (err->status != FST_ECANCELLED)
        wb_say(wb, FST_ROLE_ERROR, "%s", err->text);
}

const char *wb_provider(struct wb *wb)
{
    return wb->provider[0] ? wb->provider : NULL;
}

bool wb_read_only(const struct wb *wb)
{
    return fst_app_is_read_only(wb->app);
}

/* ---- Dialogs --------------------------------------------------------------------------------- */

void wb_dialog(struct wb *wb, const char *title, char *text, const char *const *choices,
               const char *input, const char *input_text,
               void (*done)(struct wb *wb, int choice, void *arg), void *arg)
{
    free(wb->dialog_text);
    wb->dialog_text = text;
    wb->dialog = (struct fst_dialog){.title = title, .text = text, .open = true};
    for (size_t i = 0; i + 1 < FST_COUNT(wb->dialog.choices) && choices[i]; i++)
        wb->dialog.choices[i] = choices[i];
    if (input) {
        fst_prompt_open(&wb->dialog_input, input, input_text ? input_text : "");
        wb->dialog.input = &wb->dialog_input;
    }
    wb->dialog_done = done;
    wb->dialog_arg = arg;
    wb->dirty = true;
}

void wb_dialog_suggest(struct wb *wb)
{
    wb->dialog.focus = wb->dialog.choices[1] ? 1 : 0;
}

const char *wb_dialog_input(struct wb *wb)
{
    return wb->dialog_input.text;
}

static void dialog_key(struct wb *wb, const struct fst_key *key)
{
    int choice = fst_dialog_key(&wb->dialog, key);
    if (choice < 0)
        return;
    wb->dialog.open = false;
    wb->dialog_done(wb, choice, wb->dialog_arg);
}

/* ---- Keys ------------------------------------------------------------------------------------ */

static void prompt_key(struct wb *wb, const struct fst_key *key)
{
    struct view *v = wb_top(wb);
    if (paths_key(wb, key))
        return;
    enum fst_prompt_result result = fst_prompt_key(&wb->prompt, key);
    char *text = result == FST_PROMPT_ACCEPTED ? paths_text(wb) : NULL;
    bool filters = wb->prompt_filters && v->ops->filter;
    if (filters && result == FST_PROMPT_CHANGED)
        wb_filter(v, wb->prompt.text);
    if (filters && result == FST_PROMPT_CLOSED)
        wb_filter(v, "");
    if (wb->prompt_changed && (result == FST_PROMPT_CHANGED || result == FST_PROMPT_CLOSED))
        wb->prompt_changed(wb, result == FST_PROMPT_CHANGED ? wb->prompt.text : NULL);
    if (wb->prompt.open)
        paths_follow(wb);
    else
        paths_end(wb);
    if (text && wb->prompt_done)
        wb->prompt_done(wb, text);
    free(text);
}

static void view_key(struct wb *wb, const struct fst_key *key)
{
    struct view *v = wb_top(wb);
    const char *scopes[WB_MAX_SCOPES + 1];
    size_t n = 0;
    if (v->ops->key && v->ops->key(v, key))
        return;
    while (n < WB_MAX_SCOPES && v->ops->scopes[n]) {
        scopes[n] = v->ops->scopes[n];
        n++;
    }
    /* where text is typed, plain keys of "global" are text */
    bool types = v->ops->text && key->text[0];
    if (!types)
        scopes[n++] = "global";
    scopes[n] = NULL;
    const struct fst_action *a = fst_keymap_find(wb->keys, scopes, key, wb_read_only(wb));
    if (a) {
        wb->message[0] = '\0';
        wb_action(wb, a->name);
    } else if (*fst_keymap_begun(wb->keys)) {
        snprintf(wb->message, sizeof wb->message, "%s …", fst_keymap_begun(wb->keys));
        wb->message_role = FST_ROLE_DIM;
    } else if (types) {
        wb->message[0] = '\0';
        v->ops->text(v, key->text, strlen(key->text));
    }
}

void wb_press(struct wb *wb, const char *name)
{
    struct fst_key key = {0};
    snprintf(key.name, sizeof key.name, "%s", name);
    view_key(wb, &key);
}

static bool is_mouse(const struct fst_key *key)
{
    return strcmp(key->name, "click") == 0 || strncmp(key->name, "wheel-", 6) == 0;
}

static void on_key(struct wb *wb, const struct fst_key *key)
{
    wb->dirty = true;
    wb->key_us = fst_monotonic_us();
    if (strcmp(key->name, "resize") == 0)
        return;
    if (is_mouse(key))
        mouse_key(wb, key);
    else if (wb->dialog.open)
        dialog_key(wb, key);
    else if (wb->prompt.open)
        prompt_key(wb, key);
    else
        view_key(wb, key);
}

/* ---- The cursor rests ------------------------------------------------------------------------ */

#define REST_US 250000 /* after the last key */

int64_t wb_rests_in(const struct wb *wb)
{
    return wb->key_us + REST_US - fst_monotonic_us();
}

bool wb_rests(struct wb *wb)
{
    bool rests = wb_rests_in(wb) <= 0;
    if (!rests)
        wb->draw_us = wb->key_us + REST_US;
    return rests;
}

/* Milliseconds until all is to be drawn again; 0 = it is due, -1 = nobody wants it. */
static int drawn_in(const struct wb *wb)
{
    int64_t left = wb->draw_us - fst_monotonic_us();
    return !wb->draw_us ? -1 : left > 0 ? (int)(left / 1000) + 1 : 0;
}

/* ---- The loop -------------------------------------------------------------------------------- */

static bool any_live(struct wb *wb)
{
    struct view *v = wb_main(wb);
    return v->live || (v->below && v->below->live);
}

static void look_at(struct view *v, bool moved)
{
    if (v && (moved || v->live))
        look_again(v);
}

/* Changes by other processes, and by agents. */
static void look(struct wb *wb)
{
    int64_t now = fst_monotonic_us();
    if (wb->held || !wb->look_ms || now - wb->looked_us < (int64_t)wb->look_ms * 1000)
        return;
    wb->looked_us = now;
    int64_t version = fst_catalog_version(wb->catalog);
    look_at(wb_main(wb), version != wb->version);
    look_at(wb_main(wb)->below, version != wb->version);
    wb->version = version;
}

/* What is told of, whether the screen is held or not. */
static void look_around(struct wb *wb)
{
    int64_t now = fst_monotonic_us();
    if (now - wb->around_us < TELL_MS * 1000)
        return;
    wb->around_us = now;
    wb_watch_look(wb);
    wb_look_settings(wb);
}

/* What takes long is told of, twice a second at most. */
static void tell(struct wb *wb)
{
    int64_t now = fst_monotonic_us();
    wb->dirty |= wb->busy_shown != underway_is_shown(wb);
    if (wb->held || !underway_is_long(wb) || now - wb->told_us < TELL_MS * 1000)
        return;
    wb->told_us = now;
    wb->dirty = true;
}

static int patience(struct wb *wb)
{
    int ms = any_live(wb) && wb->look_ms && !wb->held ? wb->look_ms : IDLE_MS;
    int pane = panes_wait(wb), sign = underway_shown_in(wb), again = drawn_in(wb);
    if (wb->n_tasks && ms > TELL_MS)
        ms = TELL_MS;
    if (sign >= 0 && sign < ms)
        ms = sign;
    if (again >= 0 && again < ms)
        ms = again;
    return pane >= 0 && pane < ms ? pane : ms;
}

static void loop(struct wb *wb)
{
    int fd = fst_app_fd(wb->app);
    while (!wb->quit) {
        struct fst_key key;
        if (wb->dirty)
            frame_draw(wb);
        bool idle = fst_app_busy(wb->app) == 0 && panes_wait(wb) < 0 && drawn_in(wb) < 0;
        switch (fst_term_wait(wb->term, &fd, 1, patience(wb), idle, &key)) {
        case FST_WAKE_KEY:
            on_key(wb, &key);
            break;
        case FST_WAKE_HANGUP:
            wb->hangup = wb->quit = true;
            break;
        default:
            break;
        }
        fst_app_deliver(wb->app);
        if (wb->quit)
            break;
        look(wb);
        look_around(wb);
        panes_tick(wb);
        wb->dirty |= drawn_in(wb) == 0;
        tell(wb);
    }
}

static enum fst_status open_term(struct wb *wb, const struct fst_view_options *o, FILE *dump,
                                 const char *script, struct fst_error *err)
{
    FST_TRY(fst_theme_load(fst_app_setting(wb->app, "theme"), &wb->theme, err));
    const char *ascii = fst_app_setting(wb->app, "ui.ascii");
    char *crash = fst_path_join(fst_app_state_dir(wb->app), "crash.txt");
    struct fst_term_options t = {.theme = wb->theme,
                                 .no_color = o->no_color,
                                 .ascii = ascii[0] == 't' || ascii[0] == 'T',
                                 .rows = o->rows,
                                 .cols = o->cols,
                                 .script = script,
                                 .dump = dump,
                                 .crash_file = crash};
    fst_mkdirs(fst_app_state_dir(wb->app), 0700, NULL);
    enum fst_status status = fst_term_open(&t, &wb->term, err);
    free(crash);
    return status;
}

/* What is cancelled ends soon, and its results are freed here. What nobody can interrupt is not
 * waited for: it changes nothing. */
static void wait_for_tasks(struct wb *wb)
{
    int64_t end = fst_monotonic_us() + LEAVE_US;
    while (fst_app_busy(wb->app)) {
        struct timespec pause = {.tv_nsec = 5000000};
        bool stays = underway_leave(wb);
        fst_app_deliver(wb->app);
        if (!stays && fst_monotonic_us() > end && wb->tasks) {
            fprintf(stderr, "firesteel: left while %s\n", wb->tasks->job.what);
            fflush(NULL);
            _exit(wb->exit_code);
        }
        nanosleep(&pause, NULL);
    }
}

static void close_all(struct wb *wb)
{
    if (wb->term) {
        wb->exit_code = fst_term_script_result(wb->term);
        fst_term_close(wb->term);
    }
    while (wb->n_views)
        wb_view_free(wb->stack[--wb->n_views]);
    paths_end(wb);
    wait_for_tasks(wb);
    messages_done(wb);
    fst_app_give(wb->app, wb->catalog);
    fst_theme_free(wb->theme);
    wb_unbind_keys(wb);
    free(wb->dialog_text);
    for (size_t i = 0; i < wb->n_history; i++)
        free(wb->history[i]);
    free(wb->history);
    wb_watch_done(wb);
    places_forget(wb);
    wb_grids_free(wb);
    wb_lineages_free(wb);
    free(wb->names);
    fst_arena_free(wb->names_arena);
}

static enum fst_status read_script(const struct fst_view_options *o, char **script,
                                   struct fst_error *err)
{
    size_t n;
    *script = NULL;
    return o->script ? fst_file_read(o->script, 1 << 20, script, &n, err) : FST_OK;
}

static int look_ms(const struct wb *wb)
{
    const char *text = fst_app_setting(wb->app, "refresh");
    int64_t ms = 0;
    fst_parse_int64(text, strlen(text), &ms);
    return ms == 0              ? 0
           : ms < LEAST_LOOK_MS ? LEAST_LOOK_MS
           : ms < MOST_LOOK_MS  ? (int)ms
                                : MOST_LOOK_MS;
}

int fst_view_main(struct fst_app *app, const struct fst_view_options *o)
{
    struct wb wb = {.app = app, .dirty = true, .upper = 50};
    struct fst_error err = {0};
    char *script;
    FILE *dump = stdout;
    fst_memory_thrift(); /* it stays for days: what a look at far rows took is given back */
    enum fst_status status = read_script(o, &script, &err);
    if (status == FST_OK && o->dump && !(dump = fopen(o->dump, "w")))
        status = fst_fail_errno(&err, "%s", o->dump);
    if (status == FST_OK)
        status = fst_app_take(app, &wb.catalog, &err);
    if (status == FST_OK)
        status = wb_bind_keys(&wb, &err);
    if (status == FST_OK)
        status = open_term(&wb, o, dump, script, &err);
    if (status == FST_OK) {
        wb.version = fst_catalog_version(wb.catalog);
        history_load(&wb);
        wb.look_ms = look_ms(&wb);
        wb_open(&wb, "home", NULL);
        places_restore(&wb);
        if (strcmp(fst_app_setting(app, "mouse"), "true") == 0)
            mouse_set(&wb, true);
        loop(&wb);
        places_save(&wb);
        attention_leave(&wb);
    }
    close_all(&wb);
    free(script);
    if (dump && dump != stdout)
        fclose(dump);
    if (status != FST_OK) {
        fprintf(stderr, "firesteel: %s\n", err.text);
        return 1;
    }
    return wb.hangup && !o->script ? 129 : wb.exit_code;
}
