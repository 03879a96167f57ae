/* One run: its state and progress on top, its log below, followed as it grows. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

#define HEAD_ROWS 5
#define ERROR_ROWS 5 /* of the head, at most */
#define LOG_PIECE (256 * 1024)
#define LOG_KEEP (8 * 1024 * 1024) /* of a longer log the end is kept */

struct run {
    struct fst_pager pager;
    struct fst_run_record *record;
    struct fst_run_view events;
    struct fst_buf log;
    size_t *starts; /* offset of each line */
    size_t cap, scanned;
    uint64_t offset;
    bool loading, again, cut;
};

struct run_task {
    struct task task;
    char *id;
    struct fst_run_record *record;
    struct fst_run_view events;
    struct fst_buf log;
    uint64_t offset;
};

/* ---- Loading --------------------------------------------------------------------------------- */

static void work(struct task *t)
{
    struct run_task *r = (struct run_task *)t;
    const struct fst_run_place *place = fst_app_run_place(t->wb->app);
    struct fst_catalog *c;
    t->status = fst_app_take(t->wb->app, &c, &t->err);
    if (t->status != FST_OK)
        return;
    t->status = fst_catalog_get_run(c, r->id, &r->record, &t->err);
    fst_app_give(t->wb->app, c);
    if (t->status == FST_OK)
        t->status = fst_run_read_events(place, r->record->id, &r->events, &t->err);
    if (t->status == FST_OK)
        t->status = fst_run_read_log(place, r->record->id, &r->offset, LOG_PIECE, &r->log, &t->err);
}

static void release(struct task *t)
{
    struct run_task *r = (struct run_task *)t;
    fst_run_record_free(r->record);
    fst_buf_done(&r->log);
    free(r->id);
}

static void find_lines(struct run *r)
{
    const char *p = fst_buf_text(&r->log);
    for (; r->scanned < r->log.n; r->scanned++) {
        bool begins = r->scanned == 0 || p[r->scanned - 1] == '\n';
        if (!begins)
            continue;
        fst_grow(&r->starts, &r->cap, r->pager.n_lines + 1, sizeof *r->starts);
        r->starts[r->pager.n_lines++] = r->scanned;
    }
}

/* The first half goes when the log is longer than what is kept. */
static void drop_oldest(struct run *r)
{
    const char *p = fst_buf_text(&r->log), *line;
    if (r->log.n < LOG_KEEP || !(line = memchr(p + LOG_KEEP / 2, '\n', r->log.n - LOG_KEEP / 2)))
        return;
    size_t dropped = (size_t)(line + 1 - p);
    memmove(r->log.p, r->log.p + dropped, r->log.n - dropped + 1);
    r->log.n -= dropped;
    r->pager.n_lines = r->scanned = 0;
    r->cut = true;
}

static void load(struct view *v);

static void done(struct task *t, struct view *v)
{
    struct run_task *rt = (struct run_task *)t;
    if (!v)
        return;
    struct run *r = v->state;
    r->loading = false;
    if (t->status != FST_OK) {
        wb_say_error(t->wb, &t->err);
        return;
    }
    bool more = rt->log.n >= LOG_PIECE;
    fst_run_record_free(r->record);
    r->record = rt->record;
    rt->record = NULL;
    r->events = rt->events;
    r->offset = rt->offset;
    fst_buf_add(&r->log, fst_buf_text(&rt->log), rt->log.n);
    drop_oldest(r);
    find_lines(r);
    if (r->pager.follow && r->pager.n_lines > (size_t)r->pager.page_rows)
        r->pager.top = r->pager.n_lines - (size_t)r->pager.page_rows;
    v->live = !fst_states[r->record->state].final;
    if (r->again || more)
        load(v);
}

static void load(struct view *v)
{
    struct run *r = v->state;
    r->again = r->loading;
    if (r->loading)
        return;
    struct run_task *t = wb_task_new(v->wb, v, sizeof *t, work, done, release);
    t->id = fst_strdup(v->target ? v->target : "");
    t->events = r->events;
    t->offset = r->offset;
    t->log = FST_BUF(2 * LOG_PIECE);
    r->loading = true;
    wb_task_start(&t->task, "reading the run");
}

/* ---- Drawing --------------------------------------------------------------------------------- */

static struct fst_pager_line line(void *arg, size_t i)
{
    const struct run *r = arg;
    size_t end = i + 1 < r->pager.n_lines ? r->starts[i + 1] : r->log.n;
    const char *p = r->log.p + r->starts[i];
    size_t n = end - r->starts[i];
    while (n && (p[n - 1] == '\n' || p[n - 1] == '\r'))
        n--;
    bool bad = memmem(p, n, "FAILED", 6) || memmem(p, n, "ERROR", 5) || memmem(p, n, "LOST", 4);
    return (struct fst_pager_line){p, n, bad ? FST_ROLE_ERROR : FST_ROLE_TEXT};
}

static void draw_bar(const struct run *r, struct fst_surface *s, int row)
{
    const struct fst_progress *p = &r->events.progress;
    int width = s->cols - 40;
    bool known = p->tasks_total > 0;
    double share = r->record->state == FST_STATE_READY ? 1
                   : known ? (double)p->tasks_done / (double)p->tasks_total
                           : 0;
    if (width < 10)
        width = 10;
    int full = (int)(share * width + 0.5);
    fst_draws(s, row, 1, FST_ROLE_DIM, "progress");
    for (int i = 0; i < width; i++)
        fst_draws(s, row, 11 + i, i < full ? FST_ROLE_OK : FST_ROLE_BORDER,
                  i < full ? (s->ascii ? "#" : "█") : (s->ascii ? "." : "─"));
    if (known)
        fst_drawf(s, row, 12 + width, FST_ROLE_TEXT, "%lld/%lld tasks", (long long)p->tasks_done,
                  (long long)p->tasks_total);
    else if (p->rows > 0)
        fst_drawf(s, row, 12 + width, FST_ROLE_TEXT, "%lld rows", (long long)p->rows);
}

/* What it does now, or why it failed: an error in as many lines as there is room for. */
static int draw_now(const struct run *r, struct fst_surface *s, int row)
{
    const struct fst_run_record *run = r->record;
    const char *now = run->error ? run->error : r->events.progress.detail;
    int rows = run->error ? s->rows - row - 1 : 1;
    fst_draws(s, row, 1, FST_ROLE_DIM, "now");
    rows = fst_draw_wrapped(s, row, 11, rows, run->error ? FST_ROLE_ERROR : FST_ROLE_TEXT, now,
                            strcspn(now, "\n"));
    return rows > 0 ? rows : 1;
}

/* Rows of the head: an error may need more than a state. */
static int head_rows(const struct run *r, const struct fst_surface *s)
{
    const char *error = r->record->error ? r->record->error : "";
    int rows = HEAD_ROWS - 1 + fst_text_rows(error, strcspn(error, "\n"), s->cols - 12, ERROR_ROWS);
    return s->rows > 2 * rows ? rows : s->rows > HEAD_ROWS + 2 ? HEAD_ROWS : 1;
}

static void draw_head(const struct run *r, struct fst_surface *s)
{
    const struct fst_run_record *run = r->record;
    struct fst_buf took = FST_BUF(64), when = FST_BUF(64);
    int64_t end = run->finished_us ? run->finished_us : fst_now_us();
    fst_duration_text(&took, end - (run->started_us ? run->started_us : run->created_us));
    fst_timestamp_text(&when, run->created_us / 1000000 * 1000000);
    fst_draws(s, 0, 1, FST_ROLE_DIM, "state");
    int col = 11 + fst_drawf(s, 0, 11, wb_state_role(run->state, false), "%s",
                             fst_states[run->state].name);
    fst_drawf(s, 0, col + 2, FST_ROLE_TEXT, "%s on %s, %s UTC%s", fst_buf_text(&took),
              *run->provider ? run->provider : "local", fst_buf_text(&when),
              run->attempt > 1 ? ", tried again" : "");
    draw_bar(r, s, 1);
    int row = 2 + draw_now(r, s, 2);
    fst_draws(s, row, 1, FST_ROLE_DIM, "output");
    fst_draw(s, row, 11, s->cols - 12, FST_ROLE_TEXT, run->output, strlen(run->output));
    fst_buf_done(&took);
    fst_buf_done(&when);
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct run *r = v->state;
    if (!r->record)
        return;
    int head = head_rows(r, s);
    struct fst_surface top = fst_surface_window(s, 0, 0, head, s->cols);
    draw_head(r, &top);
    if (head > 1)
        fst_drawf(s, head - 1, 1, FST_ROLE_HEADER, "log%s",
                  r->cut ? " (its end; the whole: firesteel log)" : "");
    struct fst_surface body = fst_surface_window(s, head, 0, s->rows - head, s->cols);
    fst_pager_draw(&r->pager, &body);
}

/* ---- The view -------------------------------------------------------------------------------- */

static void open(struct view *v)
{
    struct run *r = v->state;
    r->pager = (struct fst_pager){.line = line, .arg = r, .follow = true};
    r->log = FST_BUF(LOG_KEEP + 4 * LOG_PIECE);
    r->events.progress.tasks_total = -1;
    r->events.progress.rows = -1;
    load(v);
}

static void close(struct view *v)
{
    struct run *r = v->state;
    fst_run_record_free(r->record);
    fst_buf_done(&r->log);
    free(r->starts);
}

static bool action(struct view *v, const char *name)
{
    if (strcmp(name, "run.log") == 0)
        return true; /* it is here */
    return fst_pager_action(&((struct run *)v->state)->pager, name);
}

static void filter(struct view *v, const char *text)
{
    struct run *r = v->state;
    snprintf(r->pager.find, sizeof r->pager.find, "%s", text);
    fst_pager_action(&r->pager, "pager.next");
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct run *r = v->state;
    if (r->record)
        fst_buf_printf(out, "run %s  %s.%s%s", r->record->id, r->record->name, r->record->variant,
                       r->pager.follow ? "  following" : "");
}

static const char *selected_run(struct view *v)
{
    const struct run *r = v->state;
    return r->record ? r->record->id : NULL;
}

const struct view_ops view_run = {
    .name = "run",
    .help = "one run: state, progress, log",
    .scopes = {"run", "pager", NULL},
    .state_size = sizeof(struct run),
    .open = open,
    .close = close,
    .action = action,
    .changed = load,
    .filter = filter,
    .title = title,
    .draw = draw,
    .selected_run = selected_run,
};
