/* What is around views: the title with the way here, hints, messages; and one drawing of it all. */
#include <string.h>

#include "view.h"

#define MESSAGE_ROWS 4 /* at most */
#define LAST_HINTS 15  /* columns that are kept for how one gets back, and for help */

/* ---- The way here ---------------------------------------------------------------------------- */

static void add_crumb(struct view *v, struct fst_buf *out)
{
    if (v->ops->crumb)
        v->ops->crumb(v, out);
    else
        fst_buf_adds(out, v->ops->name);
}

/* The views below on the stack, as many of the last ones as fit before `used` columns of title. */
static void add_way(struct wb *wb, size_t n, struct fst_buf *out, int cols)
{
    const char *mark = wb->ascii ? "... > " : "… > ";
    struct fst_buf way = FST_BUF(4096), longer = FST_BUF(4096);
    size_t from = n;
    while (from > 0) {
        fst_buf_clear(&longer);
        add_crumb(wb->stack[from - 1], &longer);
        fst_buf_printf(&longer, " > %s", fst_buf_text(&way));
        size_t width = fst_text_width(fst_buf_text(&longer), longer.n);
        if ((int)width + (from > 1 ? (int)fst_text_width(mark, strlen(mark)) : 0) > cols)
            break;
        fst_buf_clear(&way);
        fst_buf_add(&way, fst_buf_text(&longer), longer.n);
        from--;
    }
    bool fits = (int)(fst_text_width(mark, strlen(mark)) +
                      fst_text_width(fst_buf_text(&way), way.n)) <= cols;
    fst_buf_printf(out, "%s%s", from && n && fits ? mark : "", fst_buf_text(&way));
    fst_buf_done(&way);
    fst_buf_done(&longer);
}

void frame_title(struct wb *wb, struct view *v, struct fst_buf *out, int cols)
{
    struct fst_buf title = FST_BUF(4096);
    bool is_pane = v != wb_main(wb);
    if (v->ops->title)
        v->ops->title(v, &title);
    int width = (int)fst_text_width(fst_buf_text(&title), title.n);
    add_way(wb, wb->n_views - !is_pane, out, cols - width);
    fst_buf_add(out, fst_buf_text(&title), title.n);
    fst_buf_done(&title);
}

/* ---- Drawing --------------------------------------------------------------------------------- */

static void draw_title(struct wb *wb, struct fst_surface *s)
{
    struct fst_buf left = FST_BUF(4096), right = FST_BUF(1024);
    const char *provider = wb->provider[0] ? wb->provider : fst_app_setting(wb->app, "provider");
    underway_words(wb, &right);
    fst_buf_printf(&right, "%s%s%s", wb->held ? "[held] " : "", *provider ? provider : "local",
                   wb_read_only(wb) ? " [read-only]" : "");
    enum fst_role title = wb_title_role(wb, &right);
    struct view *v = panes_two(wb) && !wb_main(wb)->full ? wb_main(wb) : wb_top(wb);
    enum fst_role role = v == wb_top(wb) ? title : FST_ROLE_DIM;
    fst_draw_fill(s, 0, 0, s->cols, role);
    int width = (int)fst_text_width(fst_buf_text(&right), right.n);
    frame_title(wb, v, &left, s->cols - width - 3);
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

/* What would do nothing here: filtering where nothing filters, another pane where there is none. */
static bool is_idle(const struct view *v, const char *action)
{
    if (strcmp(action, "pane.focus") == 0)
        return !panes_two(v->wb);
    return strcmp(action, "filter") == 0 && !v->ops->filter;
}

/* Its first key does something else in a scope that comes before. */
static bool is_shadowed(struct wb *wb, const struct view *v, const struct fst_action *a)
{
    const char *scopes[WB_MAX_SCOPES + 2] = {0}, *keys = fst_keymap_keys(wb->keys, a);
    struct fst_key key = {0};
    size_t n = 0;
    for (; n < WB_MAX_SCOPES && v->ops->scopes[n]; n++)
        scopes[n] = v->ops->scopes[n];
    scopes[n] = "global";
    snprintf(key.name, sizeof key.name, "%.*s", (int)strcspn(keys, " "), keys);
    const struct fst_action *found = fst_keymap_look(wb->keys, scopes, &key, wb_read_only(wb));
    return found && found != a;
}

static bool has_hint(struct wb *wb, struct view *v, const struct fst_action *a)
{
    return a->hint && in_scopes(v, a->scope) && !(a->writes && wb_read_only(wb)) &&
           wb_offers(v, a->name) && !is_idle(v, a->name) && !is_shadowed(wb, v, a);
}

/* The first key that gets to the action; its bytes in `*n`, 0 = there is none. */
static const char *hint_key(struct wb *wb, const struct fst_action *a, size_t *n)
{
    struct view *v = wb_top(wb);
    const char *keys = fst_keymap_keys(wb->keys, a);
    struct fst_key key;
    for (*n = strcspn(keys, " "); *n && v->ops->takes; *n = strcspn(keys, " ")) {
        snprintf(key.name, sizeof key.name, "%.*s", (int)*n, keys);
        if (!v->ops->takes(v, key.name))
            break;
        keys += *n + strspn(keys + *n, " ");
    }
    return keys;
}

/* The hint of one action, if there is room before `end`; the column behind it. */
static int draw_hint(struct wb *wb, struct fst_surface *s, int row, int col, int end,
                     const struct fst_action *a)
{
    size_t n;
    const char *keys = hint_key(wb, a, &n);
    bool typed = strcmp(a->scope, "global") == 0 && wb_top(wb)->ops->text && n == 1;
    if (typed || n == 0 || col + (int)n + (int)strlen(a->hint) + 2 > end)
        return col;
    int from = col;
    col += fst_draw(s, row, col, (int)n, FST_ROLE_KEY, keys, n) + 1;
    col += fst_draws(s, row, col, FST_ROLE_DIM, a->hint);
    if (wb->n_hints < FST_COUNT(wb->hints)) {
        wb->hints[wb->n_hints].col = from;
        wb->hints[wb->n_hints].end = col;
        wb->hints[wb->n_hints++].action = a->name;
    }
    return col + 2;
}

/* Of two panes how to get to the other, then what the view has, then what is everywhere. */
static int hint_rank(const struct fst_action *a)
{
    if (strcmp(a->name, "pane.focus") == 0)
        return 0;
    return strcmp(a->scope, "global") == 0 ? 2 : 1;
}

static void draw_hints(struct wb *wb, struct fst_surface *s, int row)
{
    struct view *v = wb_top(wb);
    int col = 1;
    int last = v->ops->text ? 0 : LAST_HINTS;
    wb->n_hints = 0;
    wb->hint_row = row;
    fst_draw_fill(s, row, 0, s->cols, FST_ROLE_DIM);
    for (int rank = 0; rank < 3; rank++)
        for (size_t i = 0; i < wb->n_actions; i++) {
            const struct fst_action *a = &wb->actions[i];
            if (hint_rank(a) == rank && has_hint(wb, v, a))
                col = draw_hint(wb, s, row, col, s->cols - (rank < 2 ? last : 0), a);
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

void frame_draw(struct wb *wb)
{
    struct fst_surface s = fst_term_surface(wb->term);
    wb->draw_us = 0;
    fst_surface_clear(&s, FST_ROLE_TEXT);
    fst_surface_cursor(&s, -1, -1);
    if (s.rows < 4 || s.cols < 10) {
        fst_draws(&s, 0, 0, FST_ROLE_TEXT, "larger, please");
    } else {
        int rows = message_rows(wb, &s);
        struct fst_surface body = fst_surface_window(&s, 1, 0, s.rows - 2 - rows, s.cols);
        wb->body_rows = body.rows;
        wb->ascii = s.ascii;
        panes_draw(wb, &body);
        draw_title(wb, &s);
        draw_hints(wb, &s, s.rows - 1 - rows);
        draw_bottom(wb, &s, s.rows - rows, rows);
        if (wb->dialog.open)
            fst_dialog_draw(&wb->dialog, &s);
    }
    fst_term_flush(wb->term);
    wb->dirty = false;
}
