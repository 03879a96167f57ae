/* The stages of one run on Spark, and below them what stands out: findings, and what changed since
 * the last good run. Read again while the run goes on. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

struct stages {
    struct fst_pager pager;
    char *text;
    struct fst_str *lines;
    enum fst_role *roles;
    size_t lines_cap, roles_cap;
    char why[1024]; /* there is no profile */
    bool loading, again;
};

struct stages_task {
    struct task task;
    char *id;
    struct fst_app_profile profile;
    bool final;
};

/* ---- Loading --------------------------------------------------------------------------------- */

static void work(struct task *t)
{
    struct stages_task *s = (struct stages_task *)t;
    struct fst_catalog *c;
    struct fst_run_record *run;
    t->status = fst_app_take(t->wb->app, &c, &t->err);
    if (t->status != FST_OK)
        return;
    t->status = fst_catalog_get_run(c, s->id, &run, &t->err);
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
}

static char *text_of(const struct fst_app_profile *p)
{
    struct fst_buf text = FST_BUF_TEXT;
    fst_profile_text(p->profile, fst_now_us(), &text);
    fst_buf_adds(&text, "\nfindings\n");
    fst_findings_text(&p->findings, &text);
    if (p->before) {
        fst_buf_printf(&text, "\nsince the last good run, %s\n", p->before_run);
        fst_profile_changes_text(p->changes, p->n_changes, &text);
    }
    return fst_buf_take(&text);
}

static enum fst_role role_of(const char *p, size_t n, bool heading)
{
    bool finding = n > 3 && p[0] >= '1' && p[0] <= '9' && memmem(p, n, "% of the time", 13);
    if (heading || (n >= 5 && memcmp(p, "stage  state", n < 12 ? n : 12) == 0))
        return FST_ROLE_HEADER;
    if (memmem(p, n, "  FAILED ", 9) || (finding && memmem(p, n, "  bad  ", 7)))
        return FST_ROLE_ERROR;
    if (finding)
        return memmem(p, n, "  muted", 7) ? FST_ROLE_DIM : FST_ROLE_WARN;
    if (memmem(p, n, "  SKIPPED ", 10) || (n > 12 && memcmp(p, "   measured ", 12) == 0))
        return FST_ROLE_DIM;
    return FST_ROLE_TEXT;
}

static void show(struct stages *s, char *text)
{
    free(s->text);
    s->text = text;
    s->pager.n_lines = 0;
    for (const char *p = text; *p;) {
        size_t n = strcspn(p, "\n"), at = s->pager.n_lines++;
        bool heading = strncmp(p, "findings\n", 9) == 0 || strncmp(p, "since the last", 14) == 0;
        fst_grow(&s->lines, &s->lines_cap, at + 1, sizeof *s->lines);
        fst_grow(&s->roles, &s->roles_cap, at + 1, sizeof *s->roles);
        s->lines[at] = (struct fst_str){p, n};
        s->roles[at] = role_of(p, n, heading);
        p += n + (p[n] == '\n');
    }
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
        show(s, text_of(&st->profile));
    else if (!s->text)
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

/* ---- The view -------------------------------------------------------------------------------- */

static struct fst_pager_line line(void *arg, size_t i)
{
    const struct stages *s = arg;
    return (struct fst_pager_line){s->lines[i].p, s->lines[i].n, s->roles[i]};
}

static void draw(struct view *v, struct fst_surface *surface)
{
    struct stages *s = v->state;
    if (s->text)
        fst_pager_draw(&s->pager, surface);
    else if (s->why[0] && surface->rows > 2)
        fst_draw(surface, 1, 2, surface->cols - 3, FST_ROLE_DIM, s->why, strlen(s->why));
}

static void open(struct view *v)
{
    struct stages *s = v->state;
    s->pager = (struct fst_pager){.line = line, .arg = s};
    load(v);
}

static void close(struct view *v)
{
    struct stages *s = v->state;
    free(s->text);
    free(s->lines);
    free(s->roles);
}

static bool action(struct view *v, const char *name)
{
    if (strcmp(name, "run.stages") == 0)
        return true; /* they are here */
    return wb_pager_action(v->wb, &((struct stages *)v->state)->pager, name);
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

const struct view_ops view_stages = {
    .name = "stages",
    .help = "the stages of a run on Spark, and what stands out",
    .scopes = {"run", "pager", NULL},
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
