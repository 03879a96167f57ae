/* Queries that ran, the newest first: when, where, how it went; the one under the cursor stands
 * whole below. Enter takes it into the scratch screen. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "editor.h"
#include "past.h"

struct queries {
    struct fst_list list;
    struct past past;
    size_t *shown; /* indexes of those that the filter leaves */
    bool loaded;
};

static const struct fst_list_column columns[] = {{"when", 16, 16, false},
                                                 {"took", 6, 8, true},
                                                 {"provider", 8, 14, false},
                                                 {"rows", 8, 10, true},
                                                 {"query", 20, 0, false}};

static const struct fst_past_query *query_at(const struct queries *q, size_t row)
{
    return row < q->list.n_rows ? &q->past.items[q->shown[row]] : NULL;
}

/* ---- Cells ----------------------------------------------------------------------------------- */

static void add_rows(const struct fst_past_query *it, struct fst_buf *out)
{
    if (it->error)
        fst_buf_adds(out, "failed");
    else if (it->rows >= 0)
        fst_count_text(out, it->rows);
    fst_buf_adds(out, it->more ? "+" : "");
}

/* On one line. */
static void add_query(const char *p, struct fst_buf *out)
{
    for (; *p; p++)
        if (!isspace((unsigned char)*p))
            fst_buf_addc(out, *p);
        else if (p[1] && !isspace((unsigned char)p[1]))
            fst_buf_addc(out, ' ');
}

static enum fst_role cell(void *arg, size_t row, size_t col, struct fst_buf *out)
{
    const struct fst_past_query *it = query_at(arg, row);
    if (!it)
        return FST_ROLE_TEXT;
    if (col == 0)
        past_when(it, out);
    else if (col == 1 && (it->error || it->rows >= 0))
        fst_duration_text(out, it->took_us);
    else if (col == 2)
        fst_buf_adds(out, it->provider);
    else if (col == 3)
        add_rows(it, out);
    else if (col == 4)
        add_query(it->sql, out);
    return col == 3 && it->error ? FST_ROLE_FAILED : col < 3 ? FST_ROLE_DIM : FST_ROLE_TEXT;
}

/* ---- Which ----------------------------------------------------------------------------------- */

static void choose(struct queries *q)
{
    struct fst_filter *filter = fst_filter_new(q->list.filter);
    q->list.n_rows = 0;
    for (size_t i = 0; i < q->past.n; i++) {
        const struct fst_past_query *it = &q->past.items[i];
        const char *texts[] = {it->sql, it->provider, it->error};
        if (fst_filter_fits(filter, texts, FST_COUNT(texts)))
            q->shown[q->list.n_rows++] = i;
    }
    fst_filter_free(filter);
    fst_list_clamp(&q->list);
}

static void got(struct view *v, struct past *p)
{
    struct queries *q = v->state;
    past_done(&q->past);
    q->past = *p;
    *p = (struct past){0};
    free(q->shown);
    q->shown = fst_alloc((q->past.n + 1) * sizeof *q->shown);
    q->loaded = true;
    choose(q);
}

static void filter(struct view *v, const char *text)
{
    struct queries *q = v->state;
    snprintf(q->list.filter, sizeof q->list.filter, "%s", text);
    choose(q);
}

/* ---- The view -------------------------------------------------------------------------------- */

static void load(struct view *v)
{
    past_read(v, got);
}

static void open(struct view *v)
{
    struct queries *q = v->state;
    q->list = (struct fst_list){
        .columns = columns, .n_columns = FST_COUNT(columns), .cell = cell, .arg = q};
    load(v);
}

static void close(struct view *v)
{
    struct queries *q = v->state;
    past_done(&q->past);
    free(q->shown);
}

static void take(struct view *v)
{
    struct wb *wb = v->wb;
    const struct queries *q = v->state;
    const struct fst_past_query *it = query_at(q, q->list.cursor);
    if (!it)
        return;
    char *sql = fst_strdup(it->sql);
    wb_back(wb);
    wb_find(wb, "scratch", NULL);
    if (wb_top(wb)->ops == &view_scratch)
        scratch_take(wb_top(wb), sql);
    free(sql);
}

static void copy(struct view *v)
{
    const struct queries *q = v->state;
    const struct fst_past_query *it = query_at(q, q->list.cursor);
    if (it)
        wb_copy(v->wb, "the query", it->sql, strlen(it->sql));
}

static bool action(struct view *v, const char *name)
{
    struct queries *q = v->state;
    if (strcmp(name, "queries.take") == 0)
        take(v);
    else if (strcmp(name, "queries.copy") == 0)
        copy(v);
    else if (strcmp(name, "refresh") == 0)
        load(v);
    else
        return fst_list_action(&q->list, name);
    return true;
}

static void title(struct view *v, struct fst_buf *out)
{
    const struct queries *q = v->state;
    fst_buf_printf(out, "What ran  %zu/%zu", q->list.n_rows ? q->list.cursor + 1 : 0,
                   q->list.n_rows);
}

/* The query whole, as far as there is room, and how it went. */
static void draw_query(const struct fst_past_query *it, struct fst_surface *s)
{
    struct fst_buf words = FST_BUF(1024);
    const char *p = it->sql;
    past_words(it, &words);
    fst_draw_fill(s, 0, 0, s->cols, FST_ROLE_HEADER);
    fst_draw(s, 0, 1, s->cols - 2, it->error ? FST_ROLE_ERROR : FST_ROLE_HEADER,
             fst_buf_text(&words), words.n);
    for (int row = 1; row < s->rows && *p; row++) {
        size_t n = strcspn(p, "\n");
        fst_draw(s, row, 1, s->cols - 2, FST_ROLE_TEXT, p, n);
        p += n + (p[n] == '\n');
    }
    fst_buf_done(&words);
}

static void draw(struct view *v, struct fst_surface *s)
{
    struct queries *q = v->state;
    const struct fst_past_query *it = query_at(q, q->list.cursor);
    int below = it && s->rows > 8 ? s->rows / 3 : 0;
    struct fst_surface upper = fst_surface_window(s, 0, 0, s->rows - below, s->cols);
    struct fst_surface lower = fst_surface_window(s, s->rows - below, 0, below, s->cols);
    fst_list_draw(&q->list, &upper);
    if (below)
        draw_query(it, &lower);
    if (q->loaded && q->list.n_rows == 0 && s->rows > 3)
        fst_draws(s, 2, 2, FST_ROLE_DIM,
                  q->list.filter[0] ? "nothing found" : "nothing ran in the scratch screen yet");
}

const struct view_ops view_queries = {
    .name = "queries",
    .help = "queries that ran in the scratch screen, the newest first; enter takes one there",
    .scopes = {"query", "list", NULL},
    .state_size = sizeof(struct queries),
    .open = open,
    .close = close,
    .action = action,
    .filter = filter,
    .title = title,
    .draw = draw,
    .is_list = true,
};
