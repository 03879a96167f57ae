/* What the views of figures share, and the way to them from a grid. */
#include "facts.h"

#include <stdlib.h>
#include <string.h>

/* ---- Work that says how far it is ------------------------------------------------------------ */

struct facts_work *facts_work_new(void)
{
    struct facts_work *w = fst_alloc(sizeof *w);
    w->of = -1;
    w->holders = 1;
    return w;
}

struct facts_work *facts_work_hold(struct facts_work *w)
{
    w->holders++;
    return w;
}

void facts_work_drop(struct facts_work *w)
{
    if (w && --w->holders == 0)
        free(w);
}

void facts_work_end(struct facts_work **w)
{
    if (*w)
        (*w)->stop = true;
    facts_work_drop(*w);
    *w = NULL;
}

bool facts_work_stops(void *w)
{
    return ((struct facts_work *)w)->stop;
}

void facts_work_progress(void *arg, uint64_t rows, int64_t of)
{
    struct facts_work *w = arg;
    w->rows = rows;
    w->of = of;
}

void facts_work_text(const struct facts_work *w, struct fst_buf *out)
{
    int64_t of = w->of;
    fst_count_text(out, (int64_t)w->rows);
    if (of > 0) {
        fst_buf_adds(out, " of ");
        fst_count_text(out, of);
    }
    fst_buf_adds(out, " rows");
}

/* ---- Bars ------------------------------------------------------------------------------------ */

void facts_bar(struct fst_buf *out, double share, int cells, bool ascii)
{
    static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    int parts = (int)(share * cells * 8 + 0.5);
    if (parts == 0 && share > 0)
        parts = 1;
    if (ascii) {
        fst_buf_repeat(out, '#', (size_t)(parts + 4) / 8);
        fst_buf_adds(out, parts && parts < 4 ? "." : "");
        return;
    }
    for (int i = 0; i < parts / 8; i++)
        fst_buf_adds(out, "█");
    fst_buf_adds(out, eighths[parts % 8]);
}

void facts_percent(struct fst_buf *out, uint64_t n, uint64_t of)
{
    double percent = of ? (double)n * 100 / (double)of : 0;
    if (n && percent < 0.1)
        fst_buf_adds(out, "<0.1 %");
    else
        fst_buf_printf(out, "%.1f %%", percent);
}

char *facts_both(const char *where, const char *and_where)
{
    if (!where || !*where || !and_where || !*and_where)
        return fst_strdup(where && *where ? where : and_where);
    return fst_asprintf("(%s) AND %s", where, and_where);
}

char *facts_error(const struct fst_problem *problem, const struct fst_error *err)
{
    struct fst_buf text = FST_BUF(8192);
    fst_problem_text(&text, problem, err->text);
    const char *line = fst_buf_text(&text);
    char *copy = fst_strndup(line, strcspn(line, "\n"));
    fst_buf_done(&text);
    return copy;
}

void facts_scroll(size_t cursor, size_t n, int rows, size_t *top)
{
    size_t page = rows > 0 ? (size_t)rows : 1;
    if (cursor < *top)
        *top = cursor;
    if (cursor >= *top + page)
        *top = cursor - page + 1;
    if (*top + page > n)
        *top = n > page ? n - page : 0;
}

/* ---- From a grid ----------------------------------------------------------------------------- */

/* Rows of one entity and time have equal features, whichever of several it is. */
static void inspect(struct wb *wb, const struct grid_place *at)
{
    const struct fst_schema *s = at->schema;
    struct fst_buf where = FST_BUF_TEXT;
    if (!at->frame) {
        wb_say(wb, FST_ROLE_DIM, "this row is still being read");
        return;
    }
    int time = s ? fst_schema_find(s, "label_timestamp") : -1;
    bool good = at->frame->n_columns > 1;
    if (good)
        good = fst_cell_condition(&where, s->fields[0].name, &at->frame->columns[0], at->row);
    if (good && time >= 0) {
        fst_buf_adds(&where, " AND ");
        good = fst_cell_condition(&where, "label_timestamp", &at->frame->columns[time], at->row);
    }
    if (good) {
        char *target = at->run_id && !strchr(at->target, '@')
                           ? fst_asprintf("%s@%s", at->target, at->run_id)
                           : fst_strdup(at->target);
        wb_open_inspect(wb, target, fst_buf_text(&where));
        free(target);
    } else {
        wb_say(wb, FST_ROLE_DIM, "the rows of a training set are traced; this is none");
    }
    fst_buf_done(&where);
}

bool wb_grid_facts(struct wb *wb, const char *action, const struct grid_place *at)
{
    const struct fst_schema *s = at->schema;
    const struct fst_field *field = s && at->col < s->n ? &s->fields[at->col] : NULL;
    if (strcmp(action, "preview.facts") == 0 && field)
        wb_open_column(wb, at->target, at->where, field->name);
    else if (strcmp(action, "preview.groups") == 0 && field)
        wb_open_groups(wb, at->target, at->where, field->name);
    else if (strcmp(action, "preview.inspect") == 0)
        inspect(wb, at);
    else if (strcmp(action, "preview.compare") == 0)
        wb_open_compare(wb, at->target, at->run_id);
    else
        return false;
    return true;
}
