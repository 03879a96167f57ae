/* The stages of one run on Spark: when each ran, what stands out, all figures, and what changed
 * since the last good run. Read again while the run goes on. Enter tells more of a line. */
#include <stdlib.h>
#include <string.h>

#include "stage_text.h"

struct stages {
    struct fst_pager pager;
    struct fst_app_profile profile;
    bool has;
    char *sql; /* of the transformation, for the lines that findings are about */
    struct stage_lines lines;
    int cols; /* that the lines are made for */
    bool ascii, stale, at_finding;
    char why[1024]; /* there is no profile */
    bool loading, again;
};

struct stages_task {
    struct task task;
    char *id, *sql;
    struct fst_app_profile profile;
    bool final;
};

/* ---- Loading --------------------------------------------------------------------------------- */

static void find_sql(struct stages_task *s, struct fst_catalog *c, int64_t id)
{
    struct fst_resource *r;
    if (fst_catalog_get(c, id, &r, NULL) != FST_OK)
        return;
    s->sql = fst_strdup(r->sql);
    fst_resource_free(r);
}

static void work(struct task *t)
{
    struct stages_task *s = (struct stages_task *)t;
    struct fst_catalog *c;
    struct fst_run_record *run;
    t->status = fst_app_take(t->wb->app, &c, &t->err);
    if (t->status != FST_OK)
        return;
    t->status = fst_catalog_get_run(c, s->id, &run, &t->err);
    if (t->status == FST_OK)
        find_sql(s, c, run->resource_id);
    fst_app_give(t->wb->app, c);
    if (t->status != FST_OK)
        return;
    s->final = fst_states[run->state].final;
    fst_run_record_free(run);
    t->status = fst_app_profile(t->wb->app, s->id, &s->profile, &t->err);
}

static void release(struct task *t)
{
    struct stages_task *s = (struct stages_task *)t;
    fst_app_profile_done(&s->profile);
    free(s->id);
    free(s->sql);
}

static void forget(struct stages *s)
{
    if (s->has)
        fst_app_profile_done(&s->profile);
    free(s->sql);
    s->sql = NULL;
    s->has = false;
}

static void show(struct stages *s, struct stages_task *st)
{
    forget(s);
    s->profile = st->profile;
    s->sql = st->sql;
    s->has = s->stale = true;
    st->profile = (struct fst_app_profile){0};
    st->sql = NULL;
}

static void load(struct view *v);

static void done(struct task *t, struct view *v)
{
    struct stages_task *st = (struct stages_task *)t;
    if (!v)
        return;
    struct stages *s = v->state;
    s->loading = false;
    v->live = !st->final;
    if (t->status == FST_OK)
        show(s, st);
    else if (!s->has)
        snprintf(s->why, sizeof s->why, "%s", t->err.text);
    if (s->again)
        load(v);
}

static void load(struct view *v)
{
    struct stages *s = v->state;
    s->again = s->loading;
    if (s->loading)
        return;
    struct stages_task *t = wb_task_new(v->wb, v, sizeof *t, work, done, release);
    t->id = fst_strdup(v->target ? v->target : "");
    t->final = true; /* of a run that is not there */
    s->loading = true;
    wb_task_start(&t->task, "reading the stages");
}

/* ---- Drawing --------------------------------------------------------------------------------- */

static struct fst_pager_line line(void *arg, size_t i)
{
    const struct stage_lines *l = &((const struct stages *)arg)->lines;
    return (struct fst_pager_line){fst_buf_text(&l->text) + l->lines[i].at, l->lines[i].n,
                                   l->lines[i].role};
}

/* The cursor begins where there is something to open. */
static void place_cursor(struct stages *s)
{
    size_t i = s->pager.mark ? s->pager.mark - 1 : 0;
    enum stage_about least = s->at_finding ? ABOUT_FINDING : ABOUT_STAGE;
    while (!s->pager.mark && i < s->lines.n && s->lines.lines[i].about < least)
        i++;
    s->pager.mark = i < s->lines.n ? i + 1 : s->pager.mark ? s->lines.n : 0;
}

static void make_lines(struct stages *s, const struct fst_surface *surface)
{
    if (!s->stale && s->cols == surface->cols && s->ascii == surface->ascii)
        return;
    s->cols = surface->cols;
    s->ascii = surface->ascii;
    s->stale = false;
    stage_lines_make(&s->lines, &s->profile, fst_now_us(), s->cols, s->ascii);
    s->pager.n_lines = s->lines.n;
    place_cursor(s);
}

static void draw(struct view *v, struct fst_surface *surface)
{
    struct stages *s = v->state;
    if (s->has) {
        make_lines(s, surface);
        fst_pager_draw(&s->pager, surface);
    } else if (s->why[0] && surface->rows > 2) {
        fst_draw(surface, 1, 2, surface->cols - 3, FST_ROLE_DIM, s->why, strlen(s->why));
    }
}

/* ---- The view -------------------------------------------------------------------------------- */

static void open(struct view *v)
{
    struct stages *s = v->state;
    s->pager = (struct fst_pager){.line = line, .arg = s};
    load(v);
}

static void close(struct view *v)
{
    struct stages *s = v->state;
    forget(s);
    stage_lines_done(&s->lines);
}

static void open_line(struct view *v)
{
    struct stages *s = v->state;
    size_t at = s->pager.mark - 1;
    if (!s->has || !s->pager.mark || at >= s->lines.n ||
        s->lines.lines[at].about == ABOUT_NOTHING) {
        wb_say(v->wb, FST_ROLE_DIM, "enter on a stage or a finding tells more of it");
        return;
    }
    const struct stage_line *l = &s->lines.lines[at];
    bool finding = l->about == ABOUT_FINDING;
    char *text = finding ? stage_finding_text(&s->profile, l->index, s->sql)
                         : stage_figures_text(&s->profile, l->index, fst_now_us());
    char *title =
        finding ? fst_asprintf("finding %s", s->profile.findings.items[l->index].rule)
                : fst_asprintf("stage %lld", (long long)s->profile.profile->stages[l->index].id);
    wb_open_text(v->wb, title, text);
    free(title);
}

static void move_cursor(struct stages *s, int step)
{
    struct fst_pager *p = &s->pager;
    size_t page = p->page_rows > 0 ? (size_t)p->page_rows : 1;
    if (step > 0 && p->mark < p->n_lines)
        p->mark++;
    else if (step < 0 && p->mark > 1)
        p->mark--;
    if (p->mark && p->mark <= p->top)
        p->top = p->mark - 1;
    if (p->mark > p->top + page)
        p->top = p->mark - page;
}

/* After the page moved the cursor is on it. */
static void follow_page(struct fst_pager *p, const char *name)
{
    size_t page = p->page_rows > 0 ? (size_t)p->page_rows : 1;
    if (strcmp(name, "pager.top") == 0)
        p->mark = 1;
    else if (strcmp(name, "pager.bottom") == 0)
        p->mark = p->n_lines;
    else if (p->mark <= p->top)
        p->mark = p->top + 1;
    else if (p->mark > p->top + page)
        p->mark = p->top + page;
    if (p->mark > p->n_lines)
        p->mark = p->n_lines;
}

static bool action(struct view *v, const char *name)
{
    struct stages *s = v->state;
    if (strcmp(name, "run.stages") == 0)
        return true; /* they are here */
    if (strcmp(name, "stages.open") == 0)
        open_line(v);
    else if (strcmp(name, "pager.down") == 0)
        move_cursor(s, 1);
    else if (strcmp(name, "pager.up") == 0)
        move_cursor(s, -1);
    else if (!wb_pager_action(v->wb, &s->pager, name))
        return false;
    else
        follow_page(&s->pager, name);
    return true;
}

static void filter(struct view *v, const char *text)
{
    struct stages *s = v->state;
    wb_pager_find(v->wb, &s->pager, text);
}

static void title(struct view *v, struct fst_buf *out)
{
    fst_buf_printf(out, "stages of run %s", v->target ? v->target : "");
}

static const char *selected_run(struct view *v)
{
    return v->target;
}

void wb_open_findings(struct wb *wb, const char *run_id)
{
    struct view *v = wb_open(wb, "stages", run_id);
    ((struct stages *)v->state)->at_finding = true;
}

const struct view_ops view_stages = {
    .name = "stages",
    .help = "the stages of a run on Spark, and what stands out",
    .scopes = {"stages", "run", "pager", NULL},
    .state_size = sizeof(struct stages),
    .open = open,
    .close = close,
    .action = action,
    .changed = load,
    .filter = filter,
    .title = title,
    .draw = draw,
    .selected_run = selected_run,
};
