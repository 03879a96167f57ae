/* Rows of a target in a grid. */
#include <stdlib.h>
#include <string.h>

#include "preview.h"

#define NAME_COLS 36
#define NAME_COLS_FINDING 14

static void close(struct view *v)
{
    struct preview *p = v->state;
    grids_keep(v);
    preview_seek_done(p);
    preview_find_done(p);
    preview_rows_stop(&p->rows);
    preview_rows_stop(&p->before);
    preview_rows_stop(&p->one);
    preview_rows_stop(&p->told);
    fst_grid_done(&p->grid);
    fst_schema_free(p->schema);
    preview_take_question(&p->asked, &(struct question){0});
    preview_take_question(&p->answered, &(struct question){0});
    free(p->label);
    free(p->run_id);
}

static void moved(struct view *v, const char *name)
{
    struct preview *p = v->state;
    p->wants = WANT_NOTHING;
    p->tried = UINT64_MAX;
    p->to_row = p->failed = false;
    if (strcmp(name, "grid.hide") == 0 || strncmp(name, "grid.move", 9) == 0)
        preview_find_again(p);
    p->to_end = strcmp(name, "grid.bottom") == 0 && preview_is_front_only(p);
    preview_keep_to_end(v);
}

void wb_open_rows(struct wb *wb, const char *target, const char *where)
{
    struct view *v = wb_open(wb, "preview", target);
    struct preview *p = v->state;
    p->asked.where = fst_strdup(where);
    if (where)
        preview_start(v);
}

/* What has a meaning for rows of some kinds only, and why. */
static const struct meaning {
    const char *action;
    unsigned kinds;
    const char *why;
} meanings[] = {
    {"preview.inspect", 1u << FST_TRAINING_SET, "rows of training sets are traced"},
    {"preview.compare",
     1u << FST_TRAINING_SET | 1u << FST_TRANSFORMATION | 1u << FST_FEATURE | 1u << FST_LABEL,
     "transformations and training sets have runs to compare"}};

/* The one that forbids it; NULL = none. */
static const struct meaning *meaningless(const struct preview *p, const char *action)
{
    const struct fst_resource *r = preview_resource(p);
    for (size_t i = 0; i < FST_COUNT(meanings); i++)
        if (strcmp(meanings[i].action, action) == 0 && !(r && meanings[i].kinds >> r->kind & 1u))
            return &meanings[i];
    return NULL;
}

static bool says_why_not(struct view *v, const char *action)
{
    const struct preview *p = v->state;
    const struct fst_resource *r = preview_resource(p);
    const struct meaning *m = meaningless(p, action);
    if (m)
        wb_say(v->wb, FST_ROLE_DIM, "%s, and this is %s%s", m->why, r ? "a " : "none",
               r ? fst_kinds[r->kind].name : "");
    return m;
}

static bool offers(struct view *v, const char *action)
{
    const struct preview *p = v->state;
    if (strcmp(action, "preview.register") == 0)
        return preview_is_of_files(p);
    return !meaningless(p, action);
}

/* What a grid can tell of a column, a row, a run. */
static bool ask_facts(struct view *v, const char *name)
{
    const struct preview *p = v->state;
    size_t row = 0;
    const struct fst_frame *f = p->opened ? fst_grid_frame(&p->grid, &row) : NULL;
    return wb_grid_facts(v->wb, name,
                         &(struct grid_place){v->target, p->answered.where, p->run_id, p->schema,
                                              p->grid.col, f, row});
}

/* ---- Actions --------------------------------------------------------------------------------- */

static void next_hit(struct view *v)
{
    preview_find_next(v, 1);
}

static void previous_hit(struct view *v)
{
    preview_find_next(v, -1);
}

static void record(struct view *v)
{
    preview_want(v, WANT_RECORD);
}

static void value(struct view *v)
{
    preview_want(v, WANT_VALUE);
}

static void mark(struct view *v)
{
    struct preview *p = v->state;
    if (p->opened)
        fst_grid_toggle_marks(&p->grid);
}

static void mark_all(struct view *v)
{
    struct preview *p = v->state;
    if (p->opened)
        fst_grid_toggle_all_marks(&p->grid);
}

/* Rows may be others: marks would be on rows that nobody marked. */
static void refresh(struct view *v)
{
    preview_forget_marks(v);
    preview_start(v);
}

static const struct {
    const char *name;
    void (*act)(struct view *v);
} acts[] = {{"preview.where", preview_ask_where},
            {"preview.sort", preview_sort},
            {"preview.order", preview_ask_order},
            {"preview.columns", preview_ask_columns},
            {"preview.columns-undo", preview_columns_as_they_were},
            {"preview.width", preview_ask_width},
            {"preview.next", next_hit},
            {"preview.previous", previous_hit},
            {"preview.seek", preview_seek},
            {"preview.row", preview_ask_row},
            {"preview.register", preview_ask_source_name},
            {"preview.make", preview_make},
            {"preview.schema", preview_show_schema},
            {"preview.record", record},
            {"preview.value", value},
            {"preview.mark", mark},
            {"preview.mark-all", mark_all},
            {"preview.copy", preview_copy},
            {"preview.copy-row", preview_copy_row},
            {"preview.copy-all", preview_ask_format_of_all},
            {"preview.export", preview_ask_export},
            {"preview.column", preview_ask_column},
            {"refresh", refresh}};

static bool act(struct view *v, const char *name)
{
    for (size_t i = 0; i < FST_COUNT(acts); i++)
        if (strcmp(acts[i].name, name) == 0) {
            acts[i].act(v);
            return true;
        }
    return false;
}

/* What one comes back from before the view is closed, one thing at a time. */
static bool step_back(struct view *v)
{
    struct preview *p = v->state;
    bool selects = p->grid.selects, is_marked = p->grid.n_marks;
    p->grid.selects = false;
    if (!selects && !preview_seek_stop(p) && !preview_sort_stop(v)) {
        fst_grid_unmark(&p->grid);
        return is_marked;
    }
    return true;
}

static bool action(struct view *v, const char *name)
{
    struct preview *p = v->state;
    if (strcmp(name, "back") == 0)
        return step_back(v);
    if (says_why_not(v, name) || ask_facts(v, name))
        return true;
    if (!act(v, name)) {
        if (!p->opened || !fst_grid_action(&p->grid, name))
            return false;
        moved(v, name);
    }
    preview_more(v);
    return true;
}

/* Rows that were not there may be there now. */
static void changed(struct view *v)
{
    const struct preview *p = v->state;
    if (!p->opened && !p->loading)
        preview_start(v);
}

/* Of long paths the end, so that the row's number stays in sight. */
static void add_name(struct fst_buf *out, const char *name, size_t most)
{
    size_t n = strlen(name);
    bool is_long = fst_text_width(name, n) > most;
    while (is_long && n && fst_text_width(name, n) >= most) {
        size_t step = fst_text_cluster(name, n);
        name += step;
        n -= step;
    }
    fst_buf_printf(out, "rows of %s%s", is_long ? "…" : "", name);
}

/* What the number of rows is worth: all of them were read, the files say so, or nobody knows yet.
 */
static const char *count_word(const struct preview *p)
{
    bool is_read = p->grid.complete && p->grid.first == 0;
    const struct fst_place *place = preview_place(p);
    bool has_files = place && place->uri; /* those tell it without being read */
    if (is_read)
        return " exact";
    if (p->grid.total_rows < 0)
        return p->ended ? " exact" : " read so far";
    return has_files ? " from footers" : " exact";
}

static void add_selected(struct fst_buf *out, const struct preview *p, uint64_t n)
{
    fst_buf_printf(out, "  %llu", (unsigned long long)n);
    if (p->grid.in_block) {
        size_t *columns = fst_alloc((p->schema->n + 1) * sizeof *columns);
        fst_buf_printf(out, "x%zu", fst_grid_selected_columns(&p->grid, columns));
        free(columns);
    }
    fst_buf_adds(out, " selected");
}

/* What a condition spared: files, row groups and pages that cannot have such rows. */
static void add_read(struct fst_buf *out, const struct preview *p)
{
    if (p->read_bytes >= p->all_bytes)
        return;
    fst_buf_adds(out, "  read ");
    fst_size_text(out, p->read_bytes);
    fst_buf_adds(out, " of ");
    fst_size_text(out, p->all_bytes);
}

static void add_marked(struct fst_buf *out, const struct preview *p)
{
    fst_buf_adds(out, "  ");
    fst_count_text(out, (int64_t)fst_grid_marked(&p->grid));
    fst_buf_adds(out, " marked");
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct preview *p = v->state;
    const struct question *q = p->opened ? &p->answered : &p->asked;
    struct fst_buf rows = FST_BUF(64), total = FST_BUF(64);
    const char *name = v->target ? v->target : "";
    const char *slash = *name != '/' ? strchr(name, '/') : NULL;
    name = strncmp(name, "sql:", 4) == 0 ? "a query" : slash ? slash + 1 : name;
    add_name(out, p->label ? p->label : name, p->finder.text[0] ? NAME_COLS_FINDING : NAME_COLS);
    preview_find_title(v, out);
    if (p->opened && p->grid.n_rows) {
        fst_count_text(&rows, (int64_t)p->grid.row + 1);
        fst_count_text(&total,
                       p->grid.total_rows >= 0 ? p->grid.total_rows : (int64_t)p->grid.n_rows);
        fst_buf_printf(out, "  %s/%s%s", fst_buf_text(&rows), fst_buf_text(&total),
                       p->grid.total_rows < 0 && !p->ended ? "+" : "");
        fst_buf_adds(out, count_word(p));
    }
    add_read(out, p);
    uint64_t from, n;
    if (fst_grid_selection(&p->grid, &from, &n))
        add_selected(out, p, n);
    if (p->grid.n_marks)
        add_marked(out, p);
    if (q->where)
        fst_buf_printf(out, "  where %s", q->where);
    if (q->order)
        fst_buf_printf(out, "  by %s", q->order);
    else if (q->sort)
        fst_buf_printf(out, "  by %s%s", q->sort_column, q->sort < 0 ? " desc" : "");
    if (p->run_id)
        fst_buf_printf(out, "  run %s", p->run_id);
    fst_buf_done(&rows);
    fst_buf_done(&total);
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct preview *p = v->state;
    if (p->opened)
        fst_grid_draw(&p->grid, s);
    else if (p->status[0])
        fst_draw_wrapped(s, 1, 2, s->rows - 1, FST_ROLE_WARN, p->status, strlen(p->status));
    else
        fst_draws(s, 1, 2, FST_ROLE_DIM, s->ascii ? "reading..." : "reading…");
    if (p->opened && p->ended && p->grid.n_rows == 0 && s->rows > 3)
        fst_draws(s, 3, 2, FST_ROLE_DIM, "no rows");
    preview_drawn(v);
}

static bool click(struct view *v, int row, int col, bool *again)
{
    struct preview *p = v->state;
    uint64_t at = p->grid.top + (uint64_t)(row - 2); /* below names and types */
    (void)col;
    if (!p->opened || row < 2 || at >= p->grid.first + p->grid.n_rows)
        return false;
    *again = at == p->grid.row;
    fst_grid_goto(&p->grid, at);
    moved(v, "grid.goto");
    return true;
}

const struct view_ops view_preview = {
    .name = "preview",
    .help = "rows of a resource, a run, a path or a URI",
    .scopes = {"preview", "grid", NULL},
    .state_size = sizeof(struct preview),
    .open = preview_start,
    .close = close,
    .action = action,
    .changed = changed,
    .filter = preview_find,
    .offers = offers,
    .title = title,
    .draw = draw,
    .detail = preview_detail,
    .click = click,
};
