/* The runs of a chain on the clock: how long each waited, and how long it ran. Read again while one
 * of them goes on. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

#define NAME_COLS 30
#define STATE_COLS 10
#define TIME_COLS 9
#define LEAST_BAR 10

struct step {
    char *label;
    struct fst_run_record *run; /* NULL = not started */
    char *left_out;             /* what failed that it stands on; NULL = it is not left out */
};
struct steps {
    char *target, *provider; /* provider NULL = each its own */
    struct step *items;
    size_t n;
    bool ended;
    struct fst_error end;
};
struct chain {
    struct fst_list list;
    struct steps steps;
    char *id; /* once it was looked for */
};
struct chain_task {
    struct task task;
    char *run, *id;
    struct steps steps;
};

/* ---- Loading --------------------------------------------------------------------------------- */

static void steps_done(struct steps *s)
{
    for (size_t i = 0; i < s->n; i++) {
        free(s->items[i].label);
        free(s->items[i].left_out);
        fst_run_record_free(s->items[i].run);
    }
    free(s->items);
    free(s->target);
    free(s->provider);
    *s = (struct steps){0};
}

static void take_steps(struct steps *s, const struct fst_chain *chain, struct fst_catalog *c)
{
    struct fst_resource *r;
    s->target = fst_strdup(chain->target);
    s->provider = fst_strdup(chain->provider);
    s->ended = chain->ended;
    s->end = chain->end;
    s->items = fst_alloc((chain->n + 1) * sizeof *s->items);
    for (; s->n < chain->n; s->n++) {
        struct step *step = &s->items[s->n];
        const char *run = chain->runs[s->n];
        step->left_out = fst_strdup(chain->left_out[s->n]);
        if (fst_catalog_get(c, chain->resources[s->n], &r, NULL) == FST_OK) {
            step->label = fst_strdup(fst_resource_label(r));
            fst_resource_free(r);
        }
        if (run && fst_catalog_get_run(c, run, &step->run, NULL) != FST_OK)
            step->run = NULL;
    }
}

static void work(struct task *t)
{
    struct chain_task *ct = (struct chain_task *)t;
    const struct fst_run_place *place = fst_app_run_place(t->wb->app);
    struct fst_catalog *c;
    struct fst_chain chain;
    if (!ct->id)
        t->status = fst_chain_of_run(place, ct->run, &ct->id, &t->err);
    if (t->status == FST_OK)
        t->status = fst_chain_read(place, ct->id, &chain, &t->err);
    if (t->status != FST_OK)
        return;
    t->status = fst_app_take(t->wb->app, &c, &t->err);
    if (t->status == FST_OK) {
        take_steps(&ct->steps, &chain, c);
        fst_app_give(t->wb->app, c);
    }
    fst_chain_done(&chain);
}

static void release(struct task *t)
{
    struct chain_task *ct = (struct chain_task *)t;
    steps_done(&ct->steps);
    free(ct->run);
    free(ct->id);
}

static void ask(struct view *v, struct task *t)
{
    struct chain_task *ct = (struct chain_task *)t;
    ct->run = fst_strdup(v->target ? v->target : "");
    ct->id = fst_strdup(((struct chain *)v->state)->id);
}

static void take(struct view *v, struct task *t)
{
    struct chain_task *ct = (struct chain_task *)t;
    struct chain *c = v->state;
    steps_done(&c->steps);
    c->steps = ct->steps;
    free(c->id);
    c->id = ct->id;
    ct->id = NULL;
    ct->steps = (struct steps){0};
    c->list.n_rows = c->steps.n;
    v->live = !c->steps.ended;
}

static const struct reading reading = {
    "reading the chain", sizeof(struct chain_task), ask, work, take, release, true};

/* ---- Drawing --------------------------------------------------------------------------------- */

struct span {
    int64_t from_us, to_us;
};

static int64_t end_of(const struct fst_run_record *run)
{
    return run->finished_us ? run->finished_us : fst_now_us();
}

static struct span whole(const struct steps *s)
{
    struct span w = {0, 0};
    for (size_t i = 0; i < s->n; i++) {
        const struct fst_run_record *run = s->items[i].run;
        if (!run)
            continue;
        w.from_us = !w.from_us || run->created_us < w.from_us ? run->created_us : w.from_us;
        w.to_us = end_of(run) > w.to_us ? end_of(run) : w.to_us;
    }
    return w;
}

static void draw_time(struct fst_surface *s, int row, int col, int64_t us)
{
    struct fst_buf text = FST_BUF(64);
    fst_duration_text(&text, us > 0 ? us : 0);
    int width = (int)text.n;
    fst_draw(s, row, col + TIME_COLS - 2 - width, width, FST_ROLE_TEXT, fst_buf_text(&text),
             text.n);
    fst_buf_done(&text);
}

static void draw_bar(struct fst_surface *s, int row, int col, int width, struct span w,
                     struct span bar, enum fst_role role, const char *mark)
{
    int at, n;
    if (bar.to_us <= bar.from_us && role == FST_ROLE_DIM)
        return; /* it did not wait */
    fst_timeline_cells(bar.from_us, bar.to_us, w.from_us, w.to_us, width, &at, &n);
    for (int i = 0; i < n; i++)
        fst_draws(s, row, col + at + i, role, mark);
}

/* Of a step that was not started: it waits, or it will not run. */
static void draw_unstarted(const struct step *step, bool ended, struct fst_surface *s, int row,
                           int col)
{
    if (step->left_out)
        fst_drawf(s, row, col, FST_ROLE_STALE, "left out, stands on %s", step->left_out);
    else
        fst_draws(s, row, col, FST_ROLE_DIM, ended ? "not run" : "waits");
}

static void draw_step(const struct step *step, bool ended, struct fst_surface *s, int row,
                      struct span w, bool cursor)
{
    const struct fst_run_record *run = step->run;
    const char *label = step->label ? step->label : "(gone)";
    int name = s->cols > 100 ? NAME_COLS + 10 : s->cols > 70 ? NAME_COLS : 16;
    int col = 1 + name + 1, bar = col + STATE_COLS + 2 * TIME_COLS;
    int width = s->cols - bar - 1 < LEAST_BAR ? LEAST_BAR : s->cols - bar - 1;
    if (cursor)
        fst_draw_fill(s, row, 0, s->cols, FST_ROLE_CURSOR);
    fst_draw(s, row, 1, name, FST_ROLE_TEXT, label, strlen(label));
    if (!run) {
        draw_unstarted(step, ended, s, row, col);
    } else {
        /* one that was over at once began when it was made */
        bool quick = !run->started_us && fst_states[run->state].final;
        int64_t started = run->started_us ? run->started_us : quick ? run->created_us : end_of(run);
        enum fst_role role = wb_state_role(run->state, false);
        fst_draws(s, row, col, role, fst_states[run->state].name);
        draw_time(s, row, col + STATE_COLS, started - run->created_us);
        draw_time(s, row, col + STATE_COLS + TIME_COLS, end_of(run) - started);
        draw_bar(s, row, bar, width, w, (struct span){run->created_us, started}, FST_ROLE_DIM,
                 s->ascii ? "." : "░");
        if (run->started_us || quick)
            draw_bar(s, row, bar, width, w, (struct span){started, end_of(run)}, role,
                     s->ascii ? "#" : "█");
    }
    if (cursor)
        fst_draw_role(s, row, 0, bar, FST_ROLE_CURSOR);
}

static void draw_head(struct fst_surface *s, struct span w)
{
    int name = s->cols > 100 ? NAME_COLS + 10 : s->cols > 70 ? NAME_COLS : 16;
    int col = 1 + name + 1;
    struct fst_buf took = FST_BUF(64);
    fst_duration_text(&took, w.to_us - w.from_us);
    fst_draws(s, 0, 1, FST_ROLE_HEADER, "step");
    fst_draws(s, 0, col, FST_ROLE_HEADER, "state");
    fst_draws(s, 0, col + STATE_COLS + TIME_COLS - 7, FST_ROLE_HEADER, "queue");
    fst_draws(s, 0, col + STATE_COLS + 2 * TIME_COLS - 5, FST_ROLE_HEADER, "run");
    fst_drawf(s, 0, col + STATE_COLS + 2 * TIME_COLS, FST_ROLE_HEADER, "0 .. %s",
              fst_buf_text(&took));
    fst_buf_done(&took);
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct chain *c = v->state;
    if (v->why[0]) {
        fst_draw(s, 1, 2, s->cols - 3, FST_ROLE_DIM, v->why, strlen(v->why));
        return;
    }
    struct span w = whole(&c->steps);
    int rows = s->rows - 2;
    c->list.page_rows = rows > 0 ? rows : 1;
    if (c->list.cursor < c->list.top)
        c->list.top = c->list.cursor;
    if (c->list.cursor >= c->list.top + (size_t)c->list.page_rows)
        c->list.top = c->list.cursor - (size_t)c->list.page_rows + 1;
    draw_head(s, w);
    size_t i = c->list.top;
    for (int row = 1; row <= rows && i < c->steps.n; row++, i++)
        draw_step(&c->steps.items[i], c->steps.ended, s, row, w, i == c->list.cursor);
    if (c->steps.ended && c->steps.end.status != FST_OK)
        fst_draw(s, s->rows - 1, 1, s->cols - 2, FST_ROLE_ERROR, c->steps.end.text,
                 strcspn(c->steps.end.text, "\n"));
}

/* ---- The view -------------------------------------------------------------------------------- */

static size_t n_ready(const struct steps *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++)
        n += s->items[i].run && s->items[i].run->state == FST_STATE_READY;
    return n;
}

static void close(struct view *v)
{
    struct chain *c = v->state;
    steps_done(&c->steps);
    free(c->id);
}

/* It is asked of where the run under way is. */
static void cancel(struct view *v)
{
    const struct chain *c = v->state;
    const struct fst_run_record *now = NULL;
    size_t ready = n_ready(&c->steps);
    for (size_t i = 0; i < c->steps.n; i++)
        if (c->steps.items[i].run)
            now = c->steps.items[i].run;
    const char *provider = now && *now->provider ? now->provider
                           : c->steps.provider   ? c->steps.provider
                                                 : "local";
    if (c->id)
        wb_cancel_chain(v->wb, c->id, provider, c->steps.ended,
                        fst_asprintf("Of the chain of %s, %zu of %zu runs are READY; the others "
                                     "will not be made.",
                                     fst_target_label(c->steps.target), ready, c->steps.n));
}

static bool action(struct view *v, const char *name)
{
    if (strcmp(name, "run.chain") == 0)
        return true; /* it is here */
    if (strcmp(name, "chain.cancel") == 0) {
        cancel(v);
        return true;
    }
    return fst_list_action(&((struct chain *)v->state)->list, name);
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct chain *c = v->state;
    fst_buf_printf(out, "chain of %s  %zu/%zu READY%s", fst_target_label(c->steps.target),
                   n_ready(&c->steps), c->steps.n, c->steps.ended ? ", ended" : "");
}

static const char *selected_run(struct view *v)
{
    const struct chain *c = v->state;
    const struct fst_run_record *run =
        c->list.cursor < c->steps.n ? c->steps.items[c->list.cursor].run : NULL;
    return run ? run->id : NULL;
}

const struct view_ops view_chain = {
    .name = "chain",
    .help = "the runs of a chain on the clock: queue and run",
    .scopes = {"chain", "runs.open", "run", "list", NULL},
    .state_size = sizeof(struct chain),
    .open = wb_read,
    .close = close,
    .action = action,
    .changed = wb_read,
    .reading = &reading,
    .title = title,
    .draw = draw,
    .selected_run = selected_run,
};
