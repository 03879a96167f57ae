/* The mouse, where one wants it: a click moves the cursor or the focus, a second one on the same
 * thing does what enter does, the wheel moves, a click on a hint does it. */
#include <string.h>

#include "view.h"

#define WHEEL_ROWS 3

void mouse_set(struct wb *wb, bool on)
{
    struct fst_error err;
    if (fst_term_mouse(wb->term, on, &err) == FST_OK)
        wb->mouse = on;
    else
        wb_say_error(wb, &err);
}

void mouse_toggle(struct wb *wb)
{
    mouse_set(wb, !wb->mouse);
    if (wb->mouse)
        wb_say(wb, FST_ROLE_INFO, "the mouse is on; with shift the terminal has it");
    else if (!wb->message[0])
        wb_say(wb, FST_ROLE_INFO, "the mouse is off");
}

static void click_hint(struct wb *wb, int col)
{
    for (size_t i = 0; i < wb->n_hints; i++)
        if (col >= wb->hints[i].col && col < wb->hints[i].end) {
            wb_action(wb, wb->hints[i].action);
            return;
        }
}

/* The pane at a row of the screen, and the row in it; NULL = a title. */
static struct view *pane_at(struct wb *wb, int row, int *in)
{
    struct view *v = wb_main(wb);
    *in = row - 1;
    if (!panes_two(wb) || v->full)
        return row > 0 ? wb_top(wb) : NULL;
    int upper = panes_upper_rows(wb);
    if (*in < upper)
        return row > 0 ? v : NULL;
    *in -= upper + 1;
    return *in >= 0 ? v->below : NULL;
}

static void wheel(struct view *v, const char *where)
{
    for (size_t i = 0; i < WB_MAX_SCOPES && v->ops->scopes[i]; i++) {
        char action[64];
        snprintf(action, sizeof action, "%s.%s", v->ops->scopes[i], where);
        bool moves = v->ops->action && v->ops->action(v, action);
        for (int k = 1; moves && k < WHEEL_ROWS; k++)
            v->ops->action(v, action);
        if (moves)
            return;
    }
}

/* False when nothing is there; `again` when the cursor was there already. */
static bool click_list(struct fst_list *l, int row, bool *again)
{
    size_t at = l->top + (size_t)(row - 1); /* below the header */
    if (row < 1 || at >= l->n_rows)
        return false;
    *again = at == l->cursor;
    l->cursor = at;
    return true;
}

static void click(struct wb *wb, struct view *v, int row, int col)
{
    bool had_focus = v == wb_top(wb), again = false;
    wb_main(wb)->in_below = v != wb_main(wb);
    bool hit = v->ops->is_list ? click_list(v->state, row, &again)
               : v->ops->click ? v->ops->click(v, row, col, &again)
                               : false;
    if (hit && again && had_focus)
        wb_press(wb, "enter");
}

void mouse_key(struct wb *wb, const struct fst_key *key)
{
    int row;
    if (wb->dialog.open || wb->prompt.open)
        return;
    if (key->row == wb->hint_row && strcmp(key->name, "click") == 0) {
        click_hint(wb, key->col);
        return;
    }
    struct view *v = pane_at(wb, key->row, &row);
    if (!v || key->row >= wb->hint_row)
        return;
    wb->message[0] = '\0';
    if (strcmp(key->name, "click") == 0)
        click(wb, v, row, key->col);
    else
        wheel(v, strcmp(key->name, "wheel-up") == 0 ? "up" : "down");
}
