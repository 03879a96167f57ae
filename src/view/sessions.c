/* Lasting sessions of providers: since when, idle how long; begun and ended here. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

struct sessions {
    struct fst_list list;
    struct fst_session_infos all;
    bool loading, loaded;
};

struct sessions_task {
    struct task task;
    struct fst_session_infos sessions;
    char *provider; /* to start or stop first; NULL = only look */
    bool stops;
};

static const struct fst_list_column columns[] = {{"provider", 12, 30, false},
                                                 {"since", 20, 20, false},
                                                 {"idle", 8, 10, true},
                                                 {"session", 20, 0, false}};

static enum fst_role cell(void *arg, size_t row, size_t col, struct fst_buf *out)
{
    const struct sessions *s = arg;
    if (row >= s->all.n)
        return FST_ROLE_TEXT;
    const struct fst_session_info *it = &s->all.items[row];
    if (col == 0)
        fst_buf_adds(out, it->provider);
    else if (col == 1)
        fst_timestamp_iso(out, it->since_us);
    else if (col == 2)
        fst_duration_text(out, fst_now_us() - it->used_us);
    else if (it->is_over)
        fst_buf_adds(out, "ended: idle too long");
    else
        fst_buf_adds(out, it->name);
    return col == 3 ? FST_ROLE_DIM : FST_ROLE_TEXT;
}

/* ---- Tasks ----------------------------------------------------------------------------------- */

static void work(struct task *t)
{
    struct sessions_task *st = (struct sessions_task *)t;
    struct fst_buf line = FST_BUF(4096);
    if (st->provider)
        t->status = st->stops ? fst_app_session_stop(t->wb->app, st->provider, &t->err)
                              : fst_app_session_start(t->wb->app, st->provider, &line, &t->err);
    fst_buf_done(&line);
    struct fst_error inner;
    enum fst_status status = fst_app_sessions(t->wb->app, &st->sessions, &inner);
    if (t->status == FST_OK && status != FST_OK) {
        t->status = status;
        t->err = inner;
    }
}

static void done(struct task *t, struct view *v)
{
    struct sessions_task *st = (struct sessions_task *)t;
    if (t->status != FST_OK)
        wb_say_error(t->wb, &t->err);
    else if (st->provider)
        wb_say(t->wb, FST_ROLE_INFO, "%s: session %s", st->provider, st->stops ? "ended" : "ready");
    if (!v)
        return;
    struct sessions *s = v->state;
    s->loading = false;
    s->loaded = true;
    fst_session_infos_done(&s->all);
    s->all = st->sessions;
    st->sessions = (struct fst_session_infos){0};
    s->list.n_rows = s->all.n;
    fst_list_clamp(&s->list);
}

static void release(struct task *t)
{
    struct sessions_task *st = (struct sessions_task *)t;
    fst_session_infos_done(&st->sessions);
    free(st->provider);
}

static void begin(struct view *v, const char *provider, bool stops)
{
    struct sessions *s = v->state;
    if (s->loading)
        return;
    struct sessions_task *t = wb_task_new(v->wb, v, sizeof *t, work, done, release);
    t->provider = fst_strdup(provider);
    t->stops = stops;
    s->loading = true;
    wb_task_start(&t->task, provider ? "asking the server" : "listing sessions");
}

static void load(struct view *v)
{
    begin(v, NULL, false);
}

static void start_named(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    if (v->ops == &view_sessions && *text)
        begin(v, text, false);
}

struct ending {
    uint64_t view_id;
    char *provider;
};

static void forget_end(void *arg)
{
    struct ending *e = arg;
    free(e->provider);
    free(e);
}

static void end(struct wb *wb, void *arg)
{
    struct ending *e = arg;
    struct view *v = wb_view_by_id(wb, e->view_id);
    if (v)
        begin(v, e->provider, true);
    forget_end(e);
}

static void end_choice(struct wb *wb, int choice, void *arg)
{
    struct ending *e = arg;
    if (choice == 1)
        wb_confirm(wb, e->provider, "End the session", end, forget_end, e);
    else
        forget_end(e);
}

static void ask_to_end(struct view *v, const char *provider)
{
    static const char *const choices[] = {"Keep it", "End the session", NULL};
    struct ending *e = fst_alloc(sizeof *e);
    *e = (struct ending){v->id, fst_strdup(provider)};
    wb_dialog(v->wb, "End the session",
              fst_asprintf("Temporary views of the session at %s are gone with it.", provider),
              choices, NULL, NULL, end_choice, e);
}

/* ---- The view -------------------------------------------------------------------------------- */

static void open(struct view *v)
{
    struct sessions *s = v->state;
    s->list = (struct fst_list){
        .columns = columns, .n_columns = FST_COUNT(columns), .cell = cell, .arg = s};
    load(v);
}

static void close(struct view *v)
{
    fst_session_infos_done(&((struct sessions *)v->state)->all);
}

static bool action(struct view *v, const char *name)
{
    struct sessions *s = v->state;
    const char *chosen = wb_provider(v->wb);
    if (fst_list_action(&s->list, name))
        return true;
    if (strcmp(name, "session.start") == 0)
        wb_prompt(v->wb, "provider: ", chosen ? chosen : fst_app_setting(v->wb->app, "provider"),
                  start_named);
    else if (strcmp(name, "open") == 0 && s->list.cursor < s->all.n)
        wb_open(v->wb, "page", s->all.items[s->list.cursor].provider);
    else if (strcmp(name, "session.stop") == 0 && s->list.cursor < s->all.n)
        ask_to_end(v, s->all.items[s->list.cursor].provider);
    else
        return false;
    return true;
}

static bool detail(struct view *v, struct detail *out)
{
    const struct sessions *s = v->state;
    if (s->list.cursor < s->all.n)
        *out = (struct detail){.view = "page",
                               .target = fst_strdup(s->all.items[s->list.cursor].provider)};
    return out->view != NULL;
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct sessions *s = v->state;
    fst_buf_printf(out, "Sessions  %zu/%zu", s->all.n ? s->list.cursor + 1 : 0, s->all.n);
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct sessions *st = v->state;
    fst_list_draw(&st->list, s);
    if (st->loaded && st->all.n == 0 && s->rows > 3)
        fst_draws(s, 2, 2, FST_ROLE_DIM, "none; S begins one");
}

const struct view_ops view_sessions = {
    .name = "sessions",
    .help = "lasting sessions of providers",
    .scopes = {"session", "list", NULL},
    .state_size = sizeof(struct sessions),
    .open = open,
    .close = close,
    .action = action,
    .changed = load,
    .title = title,
    .draw = draw,
    .is_list = true,
    .detail = detail,
};
