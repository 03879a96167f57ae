/* Ordering rows by a column or by what one types. That reads all of them, so it is weighed first,
 * and ended by a key. */
#include <stdlib.h>
#include <string.h>

#include "preview.h"

static void as_it_was(struct view *v)
{
    struct preview *p = v->state;
    preview_take_question(&p->asked, &p->answered);
}

static void ask_provider(struct view *v)
{
    const struct preview *p = v->state;
    char *order = preview_order_text(&p->asked);
    preview_ask_provider(v, p->asked.where, NULL, order);
    free(order);
}

static const struct preview_much sorting_much = {"sorting", preview_start, ask_provider, as_it_was};

static void start(struct view *v)
{
    const struct preview *p = v->state;
    char *order = preview_order_text(&p->asked);
    if (order && p->opened) {
        char *what = fst_asprintf("order by %s", order);
        preview_weigh(v, &sorting_much, what, p->grid.total_rows);
        free(what);
    } else {
        preview_start(v);
    }
    free(order);
}

bool preview_sort_stop(struct view *v)
{
    struct preview *p = v->state;
    char *asked = preview_order_text(&p->asked), *answered = preview_order_text(&p->answered);
    bool stops = p->loading && p->opened && asked && (!answered || strcmp(asked, answered) != 0);
    free(asked);
    free(answered);
    if (!stops)
        return false;
    as_it_was(v);
    preview_start(v);
    wb_say(v->wb, FST_ROLE_INFO, "sorting was ended");
    return true;
}

void preview_sort(struct view *v)
{
    struct preview *p = v->state;
    if (!p->schema || p->grid.col >= p->schema->n)
        return;
    const char *name = p->schema->fields[p->grid.col].name;
    bool same = p->asked.sort && strcmp(p->asked.sort_column, name) == 0;
    p->asked.sort = !same ? 1 : p->asked.sort > 0 ? -1 : 0;
    free(p->asked.sort_column);
    p->asked.sort_column = fst_strdup(name);
    free(p->asked.order);
    p->asked.order = NULL;
    start(v);
}

static void order_done(struct wb *wb, const char *text)
{
    struct view *v = wb_top(wb);
    if (v->ops != &view_preview)
        return;
    struct preview *p = v->state;
    free(p->asked.order);
    p->asked.order = *text ? fst_strdup(text) : NULL;
    p->asked.sort = 0;
    start(v);
}

void preview_ask_order(struct view *v)
{
    const struct preview *p = v->state;
    char *text = preview_order_text(&p->asked);
    preview_ask_with_columns(v, "order by: ", text ? text : "", true, order_done);
    free(text);
}
