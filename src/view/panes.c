/* Two panes, one above the other: the view as it was, and below it what belongs to the thing under
 * its cursor. The lower one follows once the cursor rests for a moment, so that fast moving costs
 * nothing, and takes the place of the one before when it has been read. */
#include <stdlib.h>
#include <string.h>

#include "view.h"

#define LEAST_ROWS 14     /* of the body, for two */
#define LEAST_PANE_ROWS 3 /* of each */
#define COMING_US 400000  /* then it is shown as far as it is */
#define STEP 10           /* percent */

bool panes_two(const struct wb *wb)
{
    const struct view *v = wb->n_views ? wb->stack[wb->n_views - 1] : NULL;
    return v && v->split && wb->body_rows >= LEAST_ROWS;
}

static void drop(struct view **v)
{
    if (*v)
        wb_view_free(*v);
    *v = NULL;
}

void panes_close(struct view *v)
{
    drop(&v->below);
    drop(&v->coming);
    v->split = v->in_below = v->full = false;
}

/* ---- What belongs to it ---------------------------------------------------------------------- */

static bool of_selected(struct view *v, struct detail *out)
{
    const char *run = v->ops->selected_run ? v->ops->selected_run(v) : NULL;
    int64_t id = !run && v->ops->selected ? v->ops->selected(v) : 0;
    if (run)
        *out = (struct detail){.view = "run", .target = fst_strdup(run)};
    else if (id)
        *out = (struct detail){.view = "page", .target = fst_asprintf("%lld", (long long)id)};
    return run || id;
}

static bool find(struct view *v, struct detail *out)
{
    *out = (struct detail){0};
    return v->ops->detail ? v->ops->detail(v, out) : of_selected(v, out);
}

static bool shows(const struct view *v, const struct detail *d)
{
    return v && strcmp(v->ops->name, d->view) == 0 &&
           strcmp(v->target ? v->target : "", d->target ? d->target : "") == 0;
}

/* ---- Following ------------------------------------------------------------------------------- */

static struct view *show_text(struct view *v, struct detail *d)
{
    struct view *pane = v->below && strcmp(v->below->ops->name, "text") == 0 ? v->below : NULL;
    if (!pane)
        pane = wb_view_new(v->wb, "text", d->target);
    free(pane->target);
    pane->target = d->target;
    d->target = NULL;
    text_set(pane, d->text);
    d->text = NULL;
    return pane;
}

static void take(struct view *v, struct view *pane)
{
    v->coming = NULL;
    if (v->below != pane)
        drop(&v->below);
    v->below = pane;
    v->wb->dirty = true;
}

static void follow(struct view *v)
{
    struct detail d;
    const struct view *last = v->coming ? v->coming : v->below;
    if (!find(v, &d)) {
        v->wb->dirty |= last != NULL;
        drop(&v->coming);
        drop(&v->below);
    } else if (d.is_coming) {
        return;
    } else if (d.text) {
        take(v, show_text(v, &d));
    } else if (!d.text && !shows(last, &d)) {
        drop(&v->coming);
        v->coming = wb_view_new(v->wb, d.view, d.target);
        v->coming_us = fst_monotonic_us();
    }
    free(d.target);
    free(d.text);
}

/* What one is asked about stays, and what one reads in the lower pane. */
static bool follows(const struct wb *wb)
{
    const struct view *v = wb->stack[wb->n_views - 1];
    return panes_two(wb) && !wb->prompt.open && !wb->dialog.open && !(v->in_below && v->below);
}

void panes_tick(struct wb *wb)
{
    struct view *v = wb_main(wb);
    if (!panes_two(wb) || wb->prompt.open || wb->dialog.open)
        return;
    if (follows(wb) && wb_rests_in(wb) <= 0)
        follow(v);
    if (v->coming &&
        (!wb_has_tasks(wb, v->coming->id) || fst_monotonic_us() - v->coming_us > COMING_US))
        take(v, v->coming);
}

/* A key may have moved the cursor: that is seen when it rests. */
int panes_wait(const struct wb *wb)
{
    const struct view *v = wb->n_views ? wb->stack[wb->n_views - 1] : NULL;
    int64_t us = wb_rests_in(wb);
    if (!panes_two(wb) || wb->prompt.open || wb->dialog.open)
        return -1;
    if (follows(wb) && us > -1000)
        return us > 0 ? (int)(us / 1000) + 1 : 1;
    return v->coming ? 50 : -1;
}

/* ---- Keys ------------------------------------------------------------------------------------ */

static void split(struct wb *wb)
{
    struct view *v = wb_main(wb);
    if (v->split) {
        panes_close(v);
        return;
    }
    if (wb->body_rows < LEAST_ROWS) {
        wb_say(wb, FST_ROLE_WARN, "two panes need %d rows of screen", LEAST_ROWS + 3);
        return;
    }
    if (v->ops->text || (!v->ops->detail && !v->ops->selected && !v->ops->selected_run)) {
        wb_say(wb, FST_ROLE_DIM, "nothing belongs to what is under the cursor here");
        return;
    }
    v->split = true;
    wb->key_us = 0; /* at once */
    panes_tick(wb);
}

static void resize(struct wb *wb, int step)
{
    int upper = wb->upper + (wb_main(wb)->in_below ? -step : step);
    wb->upper = upper < STEP ? STEP : upper > 100 - STEP ? 100 - STEP : upper;
}

bool panes_action(struct wb *wb, const char *action)
{
    struct view *v = wb_main(wb);
    if (strncmp(action, "pane.", 5) != 0)
        return false;
    if (strcmp(action, "pane.split") == 0)
        split(wb);
    else if (!panes_two(wb))
        wb_say(wb, FST_ROLE_DIM, "there is one pane only");
    else if (strcmp(action, "pane.focus") == 0)
        v->in_below = !v->in_below && v->below;
    else if (strcmp(action, "pane.full") == 0)
        v->full = !v->full;
    else if (strcmp(action, "pane.larger") == 0)
        resize(wb, STEP);
    else if (strcmp(action, "pane.smaller") == 0)
        resize(wb, -STEP);
    return true;
}

/* ---- Drawing --------------------------------------------------------------------------------- */

static int upper_rows(const struct wb *wb, int rows)
{
    int upper = rows * wb->upper / 100, most = rows - LEAST_PANE_ROWS - 1;
    return upper < LEAST_PANE_ROWS ? LEAST_PANE_ROWS : upper > most ? most : upper;
}

int panes_upper_rows(const struct wb *wb)
{
    return upper_rows(wb, wb->body_rows);
}

static void draw_below(struct wb *wb, const struct view *v, struct fst_surface *s)
{
    struct fst_buf title = FST_BUF(4096);
    enum fst_role role = v->in_below && v->below ? FST_ROLE_TITLE : FST_ROLE_DIM;
    struct fst_surface body = fst_surface_window(s, 1, 0, s->rows - 1, s->cols);
    fst_draw_fill(s, 0, 0, s->cols, role);
    for (int col = 0; role == FST_ROLE_DIM && col < s->cols; col++)
        fst_draws(s, 0, col, FST_ROLE_BORDER, s->ascii ? "-" : "─");
    if (v->below) {
        if (v->below->ops->title)
            v->below->ops->title(v->below, &title);
        v->below->ops->draw(v->below, &body);
    } else {
        fst_draws(&body, 0, 1, FST_ROLE_DIM,
                  v->coming ? (wb->ascii ? "reading..." : "reading…") : "nothing belongs to it");
    }
    if (title.n && role == FST_ROLE_DIM)
        fst_buf_addc(&title, ' ');
    fst_draw(s, 0, 1, s->cols - 2, role, fst_buf_text(&title), title.n);
    fst_buf_done(&title);
}

void panes_draw(struct wb *wb, struct fst_surface *body)
{
    struct view *v = wb_main(wb);
    if (!panes_two(wb) || v->full) {
        struct view *one = wb_top(wb);
        one->ops->draw(one, body);
        return;
    }
    int rows = upper_rows(wb, body->rows);
    struct fst_surface upper = fst_surface_window(body, 0, 0, rows, body->cols);
    struct fst_surface lower = fst_surface_window(body, rows, 0, body->rows - rows, body->cols);
    v->ops->draw(v, &upper);
    draw_below(wb, v, &lower);
}
