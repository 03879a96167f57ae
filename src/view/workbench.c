/* The workbench: one loop. It waits for keys, finished tasks and the clock; keys become named
 * actions; what changed is drawn once. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "attention.h"

#define LOOK_MS 250
#define MESSAGE_ROWS 4 /* at most */

/* ---- The stack of views ---------------------------------------------------------------------- */

struct view *wb_top(struct wb *wb)
{
    return wb->n_views ? wb->stack[wb->n_views - 1] : NULL;
}

struct view *wb_view_by_id(struct wb *wb, uint64_t id)
{
    for (size_t i = 0; i < wb->n_views; i++)
        if (wb->stack[i]->id == id)
            return wb->stack[i];
    return NULL;
}

static const struct view_ops *find_ops(const char *name)
{
    for (size_t i = 0; wb_views[i]; i++)
        if (strcmp(wb_views[i]->name, name) == 0)
            return wb_views[i];
    return NULL;
}

static void free_view(struct view *v)
{
    wb_tasks_cancel(v->wb, v->id);
    if (v->ops->close)
        v->ops->close(v);
    free(v->target);
    free(v->state);
    free(v);
}

struct view *wb_open(struct wb *wb, const char *name, const char *target)
{
    const struct view_ops *ops = find_ops(name);
    if (!ops)
        return NULL;
    if (wb->n_views == WB_MAX_VIEWS) { /* the oldest but the first makes room */
        free_view(wb->stack[1]);
        memmove(&wb->stack[1], &wb->stack[2], (WB_MAX_VIEWS - 2) * sizeof wb->stack[0]);
        wb->n_views--;
    }
    struct view *v = fst_alloc(sizeof *v);
    v->ops = ops;
    v->wb = wb;
    v->id = ++wb->next_id;
    v->target = fst_strdup(target);
    v->state = fst_alloc(ops->state_size);
    wb->stack[wb->n_views++] = v;
    wb->message[0] = '\0';
    ops->open(v);
    wb->dirty = true;
    return v;
}

void wb_back(struct wb *wb)
{
    struct view *v = wb_top(wb);
    if (v->ops->may_close && !v->ops->may_close(v))
        return;
    if (wb->n_views == 1) {
        wb->quit = true;
        return;
    }
    wb->n_views--;
    free_view(v);
    wb->message[0] = '\0';
    if (wb_top(wb)->ops->changed)
        wb_top(wb)->ops->changed(wb_top(wb));
    wb->dirty = true;
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

/* ---- Drawing --------------------------------------------------------------------------------- */

static void draw_title(struct wb *wb, struct fst_surface *s)
{
    struct fst_buf left = FST_BUF(4096), right = FST_BUF(1024);
    struct view *v = wb_top(wb);
    if (v->ops->title)
        v->ops->title(v, &left);
    const char *provider = wb->provider[0] ? wb->provider : fst_app_setting(wb->app, "provider");
    fst_buf_printf(&right, "%s%s%s", wb_is_busy(wb) ? "… " : "", *provider ? provider : "local",
                   wb_read_only(wb) ? " [read-only]" : "");
    enum fst_role role = wb_title_role(wb, &right);
    fst_draw_fill(s, 0, 0, s->cols, role);
    int width = (int)fst_text_width(fst_buf_text(&right), right.n);
    fst_draw(s, 0, 1, s->cols - width - 3, role, fst_buf_text(&left), left.n);
    if (width + 2 < s->cols)
        fst_draw(s, 0, s->cols - width - 1, width, role, fst_buf_text(&right), right.n);
    fst_buf_done(&left);
    fst_buf_done(&right);
}

static bool in_scopes(const struct view *v, const char *scope)
{
    for (size_t i = 0; i < WB_MAX_SCOPES && v->ops->scopes[i]; i++)
        if (strcmp(v->ops->scopes[i], scope) == 0)
            return true;
    return strcmp(scope, "global") == 0;
}

static void draw_hints(struct wb *wb, struct fst_surface *s, int row)
{
    struct view *v = wb_top(wb);
    int col = 1;
    fst_draw_fill(s, row, 0, s->cols, FST_ROLE_DIM);
    for (int global = 0; global < 2; global++)
        for (size_t i = 0; i < wb->n_actions; i++) {
            const struct fst_action *a = &wb->actions[i];
            bool is_global = strcmp(a->scope, "global") == 0;
            if (!a->hint || is_global != (global == 1) || !in_scopes(v, a->scope) ||
                (a->writes && wb_read_only(wb)))
                continue;
            const char *keys = fst_keymap_keys(wb->keys, a);
            size_t n = strcspn(keys, " ");
            if (global && v->ops->text && n == 1)
                continue; /* there it would be typed */
            if (n == 0 || col + (int)n + (int)strlen(a->hint) + 2 > s->cols)
                continue;
            col += fst_draw(s, row, col, (int)n, FST_ROLE_KEY, keys, n) + 1;
            col += fst_draws(s, row, col, FST_ROLE_DIM, a->hint) + 2;
        }
}

/* Rows that the message takes: one, and more for an error that is longer. */
static int message_rows(const struct wb *wb, const struct fst_surface *s)
{
    int most = s->rows / 4 < MESSAGE_ROWS ? s->rows / 4 : MESSAGE_ROWS;
    size_t n = wb->prompt.open ? 0 : strlen(wb->message);
    return fst_text_rows(wb->message, n, s->cols - 2, most);
}

static void draw_bottom(struct wb *wb, struct fst_surface *s, int row, int rows)
{
    struct fst_surface line = fst_surface_window(s, row, 0, 1, s->cols);
    if (wb->prompt.open)
        fst_prompt_draw(&wb->prompt, &line);
    else
        fst_draw_wrapped(s, row, 1, rows, wb->message_role, wb->message, strlen(wb->message));
}

static void draw(struct wb *wb)
{
    struct fst_surface s = fst_term_surface(wb->term);
    fst_surface_clear(&s, FST_ROLE_TEXT);
    fst_surface_cursor(&s, -1, -1);
    if (s.rows < 4 || s.cols < 10) {
        fst_draws(&s, 0, 0, FST_ROLE_TEXT, "larger, please");
    } else {
        int rows = message_rows(wb, &s);
        struct fst_surface body = fst_surface_window(&s, 1, 0, s.rows - 2 - rows, s.cols);
        struct view *v = wb_top(wb);
        v->ops->draw(v, &body);
        draw_title(wb, &s);
        draw_hints(wb, &s, s.rows - 1 - rows);
        draw_bottom(wb, &s, s.rows - rows, rows);
        if (wb->dialog.open)
            fst_dialog_draw(&wb->dialog, &s);
    }
    fst_term_flush(wb->term);
    wb->dirty = false;
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
    enum fst_prompt_result result = fst_prompt_key(&wb->prompt, key);
    bool filters = wb->prompt_filters && v->ops->filter;
    if (filters && result == FST_PROMPT_CHANGED)
        v->ops->filter(v, wb->prompt.text);
    if (filters && result == FST_PROMPT_CLOSED)
        v->ops->filter(v, "");
    if (result != FST_PROMPT_ACCEPTED)
        return;
    char *text = fst_strdup(wb->prompt.text);
    wb->prompt.open = false;
    if (wb->prompt_done)
        wb->prompt_done(wb, text);
    free(text);
}

static void view_key(struct wb *wb, const struct fst_key *key)
{
    struct view *v = wb_top(wb);
    const char *scopes[WB_MAX_SCOPES + 1];
    size_t n = 0;
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
        wb_say(wb, FST_ROLE_DIM, "%s …", fst_keymap_begun(wb->keys));
    } else if (types) {
        wb->message[0] = '\0';
        v->ops->text(v, key->text, strlen(key->text));
    }
}

static void on_key(struct wb *wb, const struct fst_key *key)
{
    wb->dirty = true;
    if (strcmp(key->name, "resize") == 0)
        return;
    if (wb->dialog.open)
        dialog_key(wb, key);
    else if (wb->prompt.open)
        prompt_key(wb, key);
    else
        view_key(wb, key);
}

/* ---- The loop -------------------------------------------------------------------------------- */

static bool any_live(const struct wb *wb)
{
    return wb->stack[wb->n_views - 1]->live;
}

/* Changes by other processes, and by agents. */
static void look(struct wb *wb)
{
    int64_t now = fst_monotonic_us();
    if (now - wb->looked_us < LOOK_MS * 1000)
        return;
    wb->looked_us = now;
    int64_t version = fst_catalog_version(wb->catalog);
    struct view *v = wb_top(wb);
    if ((version != wb->version || v->live) && v->ops->changed)
        v->ops->changed(v);
    wb->version = version;
    wb_watch_look(wb);
    wb_look_settings(wb);
}

static void loop(struct wb *wb)
{
    int fd = fst_app_fd(wb->app);
    while (!wb->quit) {
        struct fst_key key;
        if (wb->dirty)
            draw(wb);
        bool idle = fst_app_busy(wb->app) == 0;
        int timeout = any_live(wb) ? LOOK_MS : 4 * LOOK_MS, busy_in = wb_busy_in(wb);
        if (busy_in >= 0 && busy_in < timeout)
            timeout = busy_in;
        switch (fst_term_wait(wb->term, &fd, 1, timeout, idle, &key)) {
        case FST_WAKE_KEY:
            on_key(wb, &key);
            break;
        case FST_WAKE_HANGUP:
            wb->hangup = wb->quit = true;
            break;
        case FST_WAKE_TIMEOUT:
            wb->dirty |= busy_in >= 0; /* the sign of it is due */
            break;
        default:
            break;
        }
        fst_app_deliver(wb->app);
        if (!wb->quit)
            look(wb);
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

static void close_all(struct wb *wb)
{
    if (wb->term) {
        wb->exit_code = fst_term_script_result(wb->term);
        fst_term_close(wb->term);
    }
    while (wb->n_views)
        free_view(wb->stack[--wb->n_views]);
    wb_tasks_cancel(wb, WB_EXPORTS);
    while (fst_app_busy(wb->app)) { /* cancelled ones end soon; their results are freed here */
        struct timespec pause = {.tv_nsec = 5000000};
        fst_app_deliver(wb->app);
        nanosleep(&pause, NULL);
    }
    fst_app_give(wb->app, wb->catalog);
    fst_theme_free(wb->theme);
    wb_unbind_keys(wb);
    free(wb->dialog_text);
    for (size_t i = 0; i < wb->n_history; i++)
        free(wb->history[i]);
    free(wb->history);
    wb_watch_done(wb);
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

int fst_view_main(struct fst_app *app, const struct fst_view_options *o)
{
    struct wb wb = {.app = app, .dirty = true};
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
        wb_open(&wb, "home", NULL);
        loop(&wb);
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
