/* One run: its state and progress on top, its log below, followed as it grows. */
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "view.h"

#define HEAD_ROWS 5
#define ERROR_ROWS 5 /* of the head, at most */
#define WHY_ROWS 3   /* findings in the head, at most */
#define WHY_EACH 12  /* of so many looks at a live run one asks what stands out */
#define LOG_PIECE (256 * 1024)
#define LOG_KEEP (8 * 1024 * 1024) /* of a longer log the end is kept */

struct run {
    struct wb *wb;
    struct fst_pager pager;
    struct fst_run_record *record;
    struct fst_run_view events;
    struct log log;
    uint64_t offset;
    bool loading, again;
    uint64_t n_gone;            /* lines that are not kept any more */
    bool is_end;                /* of a long log only the end was read */
    char time[64];              /* as one typed it; "" = all of the log */
    struct fst_app_profile why; /* what stands out; of Spark's only */
    bool has_why, why_final;
    unsigned looks;
};

struct run_task {
    struct task task;
    char *id;
    struct fst_run_record *record;
    struct fst_run_view events;
    struct fst_buf log;
    uint64_t offset;
    bool wants_why, has_why, was_final;
    struct fst_app_profile why;
};

/* ---- Loading --------------------------------------------------------------------------------- */

/* While it runs now and then, and once when it has ended. */
static void find_why(struct run_task *r)
{
    struct fst_error err;
    bool final = fst_states[r->record->state].final;
    if (!r->wants_why && !(final && !r->was_final))
        return;
    r->has_why = fst_app_profile(r->task.wb->app, r->record->id, &r->why, &err) == FST_OK;
    r->was_final = final;
}

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
    if (t->status == FST_OK && r->offset == 0) /* of a long one nothing is read that is not kept */
        r->offset = fst_run_log_end(place, r->record->id, LOG_KEEP / 2);
    if (t->status == FST_OK)
        t->status = fst_run_read_log(place, r->record->id, &r->offset, LOG_PIECE, &r->log, &t->err);
    if (t->status == FST_OK)
        find_why(r);
}

static void release(struct task *t)
{
    struct run_task *r = (struct run_task *)t;
    fst_run_record_free(r->record);
    fst_buf_done(&r->log);
    if (r->has_why)
        fst_app_profile_done(&r->why);
    free(r->id);
}

/* ---- Places ---------------------------------------------------------------------------------- */

/* A row as what does not move when others come, go, fold or are filtered away. */
struct place {
    size_t line;
    bool inside; /* a line of an unfolded trace, not the row above them */
};

static struct place place_of(const struct run *r, size_t row)
{
    const struct log *l = &r->log;
    if (row >= l->n_rows)
        return (struct place){.line = l->n_lines};
    return (struct place){l->rows[row].n ? l->rows[row].head : l->rows[row].line, !l->rows[row].n};
}

static size_t row_of(const struct run *r, struct place p)
{
    size_t row = log_row_of(&r->log, p.line);
    bool above = row < r->log.n_rows && r->log.rows[row].n && r->log.rows[row].open;
    return row + (above && p.inside && r->log.rows[row].head == p.line);
}

struct places {
    struct place top, mark;
};

static struct places places(const struct run *r)
{
    return (struct places){place_of(r, r->pager.top),
                           place_of(r, r->pager.mark ? r->pager.mark - 1 : 0)};
}

/* After rows were made anew: what was on top is there again. `gone` lines went before the first. */
static void keep(struct run *r, struct places p, size_t gone)
{
    p.top.line -= p.top.line < gone ? p.top.line : gone;
    if (p.mark.line < gone)
        r->pager.mark = 0;
    p.mark.line -= p.mark.line < gone ? p.mark.line : gone;
    r->pager.n_lines = r->log.n_rows;
    r->pager.top = row_of(r, p.top);
    if (r->pager.mark)
        r->pager.mark = row_of(r, p.mark) + 1;
    if (r->pager.mark > r->log.n_rows)
        r->pager.mark = 0;
}

static void add(struct run *r, const struct fst_buf *news)
{
    struct places p = places(r);
    log_add(&r->log, fst_buf_text(news), news->n);
    size_t gone = log_drop(&r->log, LOG_KEEP);
    r->n_gone += gone;
    keep(r, p, gone);
}

static void take_why(struct run *r, struct run_task *rt)
{
    if (r->has_why)
        fst_app_profile_done(&r->why);
    r->why = rt->why;
    r->has_why = true;
    rt->has_why = false;
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
    r->is_end |= r->offset == 0 && rt->offset > rt->log.n;
    r->offset = rt->offset;
    if (rt->has_why)
        take_why(r, rt);
    r->why_final = rt->was_final;
    r->log.began_us = r->record->created_us;
    if (rt->log.n)
        add(r, &rt->log);
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
    t->was_final = r->why_final;
    t->wants_why = !r->why_final && r->looks++ % WHY_EACH == 0;
    t->log = FST_BUF(2 * LOG_PIECE);
    r->loading = true;
    wb_task_start(&t->task, "reading the run");
}

/* ---- Saving ---------------------------------------------------------------------------------- */

struct save_task {
    struct task task;
    char *id, *path;
    uint64_t written;
};

static enum fst_status copy_log(struct save_task *s, FILE *to)
{
    const struct fst_run_place *place = fst_app_run_place(s->task.wb->app);
    struct fst_buf piece = FST_BUF(2 * LOG_PIECE);
    enum fst_status status;
    do {
        fst_buf_clear(&piece);
        status = fst_run_read_log(place, s->id, &s->written, LOG_PIECE, &piece, &s->task.err);
        if (status == FST_OK && fwrite(fst_buf_text(&piece), 1, piece.n, to) != piece.n)
            status = fst_fail_errno(&s->task.err, "%s", s->path);
    } while (status == FST_OK && piece.n && !fst_job_cancelled(&s->task.job));
    fst_buf_done(&piece);
    return status;
}

/* What is there is never written over. */
static void save_work(struct task *t)
{
    struct save_task *s = (struct save_task *)t;
    FILE *to = fopen(s->path, "wxe");
    if (!to) {
        t->status = fst_fail_errno(&t->err, "%s", s->path);
        return;
    }
    t->status = copy_log(s, to);
    if (fclose(to) != 0 && t->status == FST_OK)
        t->status = fst_fail_errno(&t->err, "%s", s->path);
    if (fst_job_cancelled(&t->job)) { /* half of it is none */
        remove(s->path);
        t->status = fst_fail(&t->err, FST_EIO, "%s: not saved, it was ended", s->path);
    }
}

static void save_done(struct task *t, struct view *v)
{
    const struct save_task *s = (struct save_task *)t;
    (void)v;
    if (t->status != FST_OK)
        wb_say_error(t->wb, &t->err);
    else
        wb_say(t->wb, FST_ROLE_INFO, "saved %llu bytes to %s", (unsigned long long)s->written,
               s->path);
}

static void save_release(struct task *t)
{
    free(((struct save_task *)t)->id);
    free(((struct save_task *)t)->path);
}

static void save(struct wb *wb, const char *path)
{
    struct view *v = wb_top(wb);
    if (!*path || v->ops != &view_run || !v->target)
        return;
    struct save_task *s = wb_task_new(wb, NULL, sizeof *s, save_work, save_done, save_release);
    s->id = fst_strdup(v->target);
    s->path = fst_path_expand(path);
    wb_task_start(&s->task, "saving the log");
}

static void ask_where(struct run *r)
{
    char *name = fst_asprintf("%s.log", r->record ? r->record->id : "run");
    wb_prompt_path(r->wb, "save the log to: ", WB_PATH_ANY, name, save);
    free(name);
}

/* ---- Drawing --------------------------------------------------------------------------------- */

static struct fst_pager_line line(void *arg, size_t i)
{
    return log_draw_row(&((struct run *)arg)->log, i);
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

/* What stands out and is not muted, at most WHY_ROWS. */
static size_t n_findings(const struct run *r)
{
    size_t n = 0;
    for (size_t i = 0; r->has_why && i < r->why.findings.n && n < WHY_ROWS; i++)
        n += !r->why.findings.items[i].muted;
    return n;
}

/* The findings with the largest shares of the time, a line each. */
static void draw_why(const struct run *r, struct fst_surface *s, int row)
{
    int first = row;
    for (size_t i = 0; r->has_why && i < r->why.findings.n && row < s->rows; i++) {
        const struct fst_finding *f = &r->why.findings.items[i];
        if (f->muted)
            continue;
        if (row == first)
            fst_draws(s, row, 1, FST_ROLE_DIM, "why: enter");
        int col = 11 + fst_drawf(s, row, 11, f->severity >= 3 ? FST_ROLE_ERROR : FST_ROLE_WARN,
                                 "%3.0f%% %s", 100 * f->share, f->rule);
        fst_draw(s, row++, col + 1, s->cols - col - 2, FST_ROLE_TEXT, f->text, strlen(f->text));
    }
}

/* Rows of the head: an error may need more than a state. */
static int head_rows(const struct run *r, const struct fst_surface *s)
{
    const char *error = r->record->error ? r->record->error : "";
    int rows = HEAD_ROWS - 1 + fst_text_rows(error, strcspn(error, "\n"), s->cols - 12, ERROR_ROWS);
    rows = s->rows > 2 * rows ? rows : s->rows > HEAD_ROWS + 2 ? HEAD_ROWS : 1;
    int why = (int)n_findings(r);
    return rows >= HEAD_ROWS && s->rows > 2 * (rows + why) ? rows + why : rows;
}

static void draw_head(const struct run *r, struct fst_surface *s)
{
    const struct fst_run_record *run = r->record;
    struct fst_buf took = FST_BUF(64), when = FST_BUF(64);
    wb_took(&took, run);
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
    draw_why(r, s, row + 1);
    fst_buf_done(&took);
    fst_buf_done(&when);
}

static void draw_log_head(const struct run *r, struct fst_surface *s, int row)
{
    int col = 1 + fst_drawf(s, row, 1, FST_ROLE_HEADER, "log");
    if (r->is_end)
        col += fst_draws(s, row, col, FST_ROLE_WARN, " (its end; the whole: firesteel log)");
    else if (r->n_gone)
        col += fst_drawf(s, row, col, FST_ROLE_WARN,
                         " (its end: %llu lines before are not kept; the whole: firesteel log)",
                         (unsigned long long)r->n_gone);
    if (r->time[0])
        col += 2 + fst_drawf(s, row, col + 2, FST_ROLE_TEXT, "time: %s  %zu/%zu", r->time,
                             r->log.n_rows, r->log.n_lines);
    if (r->log.filter[0])
        fst_drawf(s, row, col + 2, FST_ROLE_TEXT, "%zu/%zu  %s: %s", r->log.n_rows, r->log.n_lines,
                  fst_filter_is_expression(r->log.looked_for) ? "filter, an expression" : "filter",
                  r->log.filter);
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct run *r = v->state;
    if (!r->record)
        return;
    int head = head_rows(r, s);
    struct fst_surface top = fst_surface_window(s, 0, 0, head > 1 ? head - 1 : 1, s->cols);
    draw_head(r, &top);
    if (head > 1)
        draw_log_head(r, s, head - 1);
    struct fst_surface body = fst_surface_window(s, head, 0, s->rows - head, s->cols);
    fst_pager_draw(&r->pager, &body);
}

/* ---- The view -------------------------------------------------------------------------------- */

static void open(struct view *v)
{
    struct run *r = v->state;
    r->wb = v->wb;
    r->pager = (struct fst_pager){.line = line, .arg = r, .follow = true};
    log_open(&r->log, LOG_KEEP + 4 * LOG_PIECE);
    r->events.progress.tasks_total = -1;
    r->events.progress.rows = -1;
    load(v);
}

static void close(struct view *v)
{
    struct run *r = v->state;
    fst_run_record_free(r->record);
    if (r->has_why)
        fst_app_profile_done(&r->why);
    log_close(&r->log);
}

/* To the next row that is an error, from the marked one or from what is in sight on. */
static void go_to_error(struct run *r, int step)
{
    struct fst_pager *p = &r->pager;
    size_t n = p->n_lines, page = p->page_rows > 0 ? (size_t)p->page_rows : 1;
    bool in_sight = p->mark > p->top && p->mark <= p->top + page;
    size_t at = in_sight ? p->mark - 1 : step > 0 ? p->top - 1 : p->top + page;
    at = !in_sight && at > n && step < 0 ? n : at;
    for (at += (size_t)step; at < n; at += (size_t)step)
        if (log_is_error(&r->log, at))
            break;
    p->follow = false;
    if (at >= n) {
        wb_say(r->wb, FST_ROLE_INFO, "no error line %s", step > 0 ? "below" : "above");
        return;
    }
    p->mark = at + 1;
    if (at < p->top || at >= p->top + page)
        p->top = at > page / 3 ? at - page / 3 : 0;
}

/* The trace that is marked, or the first in sight. */
static void fold(struct run *r)
{
    struct fst_pager *p = &r->pager;
    size_t page = p->page_rows > 0 ? (size_t)p->page_rows : 1, row = p->top;
    bool in_sight = p->mark > p->top && p->mark <= p->top + page;
    const struct log_row *marked = in_sight ? &r->log.rows[p->mark - 1] : NULL;
    if (marked && (marked->n || marked->head != marked->line))
        row = p->mark - 1;
    while (row < r->log.n_rows && row < p->top + page && !r->log.rows[row].n &&
           r->log.rows[row].head == r->log.rows[row].line)
        row++;
    if (row >= r->log.n_rows || row >= p->top + page)
        return;
    struct log_row trace = r->log.rows[row];
    struct places kept = places(r);
    r->log.lines[trace.head].open = !r->log.lines[trace.head].open;
    log_build(&r->log);
    keep(r, kept, 0);
    p->follow = false;
    p->mark = row_of(r, (struct place){trace.head, false}) + 1;
    if (p->mark <= p->top)
        p->top = p->mark - 1;
}

static void rebuild(struct run *r, bool *what)
{
    struct places kept = places(r);
    *what = !*what;
    log_build(&r->log);
    keep(r, kept, 0);
}

/* ---- Times ----------------------------------------------------------------------------------- */

static const char *const windows[] = {"", "last 1h", "last 5m", "last 1m"};

static bool set_time(struct run *r, const char *text)
{
    struct log_time time;
    if (!log_time_parse(text, r->log.newest_us, &time))
        return false;
    struct places kept = places(r);
    snprintf(r->time, sizeof r->time, "%s", text);
    r->log.time = time;
    log_build(&r->log);
    keep(r, kept, 0);
    return true;
}

static void step_time(struct run *r, int step)
{
    int at = 0, n = (int)FST_COUNT(windows);
    while (at < n && strcmp(windows[at], r->time) != 0)
        at++;
    at = at == n ? 0 : at + step;
    if (!r->log.newest_us)
        wb_say(r->wb, FST_ROLE_INFO, "no line of the log has a time");
    else if (at < 0 || at >= n)
        wb_say(r->wb, FST_ROLE_DIM, at < 0 ? "that is all of the log" : "that is the shortest");
    else
        set_time(r, windows[at]);
}

static void time_given(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    if (v->ops == &view_run && !set_time(v->state, text))
        wb_say(wb, FST_ROLE_WARN,
               "a time is 5m, last 1h, 10:00..10:05, 10:00.., ..2026-01-02 10:00");
}

/* ---- Other runs that go on ------------------------------------------------------------------- */

/* The view is another one afterwards. */
static void go_to_live(struct view *v, int step)
{
    struct fst_runs runs;
    struct fst_error err;
    struct wb *wb = v->wb;
    struct fst_run_query q = {.unfinished = true, .limit = 1000};
    if (fst_catalog_runs(wb->catalog, &q, &runs, &err) != FST_OK) {
        wb_say_error(wb, &err);
        return;
    }
    size_t n = runs.n, at = 0;
    while (at < n && strcmp(runs.runs[at]->id, v->target) != 0)
        at++;
    bool is_here = at < n;
    size_t next = !n ? 0 : is_here ? (at + n + (size_t)step) % n : step > 0 ? 0 : n - 1;
    if (!n || (is_here && n == 1)) {
        wb_say(wb, FST_ROLE_INFO, "no other run goes on");
    } else {
        char *id = fst_strdup(runs.runs[next]->id);
        wb_back(wb);
        wb_open(wb, "run", id);
        wb_say(wb, FST_ROLE_INFO, "run %zu of %zu that go on", next + 1, n);
        free(id);
    }
    fst_runs_done(&runs);
}

static bool action(struct view *v, const char *name)
{
    struct run *r = v->state;
    if (strcmp(name, "run.log") == 0)
        return true; /* it is here */
    if (strcmp(name, "log.why") == 0)
        wb_open_findings(v->wb, v->target);
    else if (strcmp(name, "log.error") == 0)
        go_to_error(r, 1);
    else if (strcmp(name, "log.next-run") == 0)
        go_to_live(v, 1);
    else if (strcmp(name, "log.previous-run") == 0)
        go_to_live(v, -1);
    else if (strcmp(name, "log.narrower") == 0)
        step_time(r, 1);
    else if (strcmp(name, "log.wider") == 0)
        step_time(r, -1);
    else if (strcmp(name, "log.time") == 0)
        wb_prompt(v->wb, "time (5m, 10:00..10:05): ", r->time, time_given);
    else if (strcmp(name, "log.error-before") == 0)
        go_to_error(r, -1);
    else if (strcmp(name, "log.fold") == 0)
        fold(r);
    else if (strcmp(name, "log.fold-all") == 0)
        rebuild(r, &r->log.all_open);
    else if (strcmp(name, "log.around") == 0)
        rebuild(r, &r->log.everything);
    else if (strcmp(name, "log.wrap") == 0)
        r->pager.wrap = !r->pager.wrap;
    else if (strcmp(name, "log.save") == 0)
        ask_where(r);
    else if (strcmp(name, "pager.bottom") == 0)
        return fst_pager_action(&r->pager, name) && (r->pager.follow = true);
    else
        return wb_pager_action(v->wb, &r->pager, name);
    return true;
}

/* `!` turns it round: nothing is there to be marked then. */
static void filter(struct view *v, const char *text)
{
    struct run *r = v->state;
    struct places kept = places(r);
    log_set_filter(&r->log, text);
    keep(r, kept, 0);
    snprintf(r->pager.find, sizeof r->pager.find, "%s", *text != '!' ? text : "");
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct run *r = v->state;
    if (!r->record)
        return;
    fst_buf_printf(out, "run %s  %s.%s  %s", r->record->id, r->record->name, r->record->variant,
                   r->pager.follow ? "following" : "not following");
}

static bool detail(struct view *v, struct detail *out)
{
    const struct run *r = v->state;
    if (r->record)
        *out = (struct detail){.view = "stages", .target = fst_strdup(r->record->id)};
    return r->record != NULL;
}

static const char *selected_run(struct view *v)
{
    const struct run *r = v->state;
    return r->record ? r->record->id : NULL;
}

const struct view_ops view_run = {
    .name = "run",
    .help = "one run: state, progress, log",
    .scopes = {"log", "run", "pager", NULL},
    .state_size = sizeof(struct run),
    .open = open,
    .close = close,
    .action = action,
    .changed = load,
    .filter = filter,
    .title = title,
    .draw = draw,
    .detail = detail,
    .selected_run = selected_run,
};
