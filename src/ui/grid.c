/* The grid: a window on rows of frames, which may still be coming. Here are its actions; what they
 * move is in the files beside it. */
#include <string.h>

#include "grid.h"

const struct fst_action fst_grid_actions[] = {
    {"grid.left", "grid", "h left", NULL, "One column to the left", false},
    {"grid.down", "grid", "j down", NULL, "One row down", false},
    {"grid.up", "grid", "k up", NULL, "One row up", false},
    {"grid.right", "grid", "l right", NULL, "One column to the right", false},
    {"grid.pagedown", "grid", "pgdn ctrl-f", NULL, "One page down", false},
    {"grid.pageup", "grid", "pgup ctrl-b", NULL, "One page up", false},
    {"grid.halfdown", "grid", "ctrl-d", NULL, "Half a page down", false},
    {"grid.halfup", "grid", "ctrl-u", NULL, "Half a page up", false},
    {"grid.top", "grid", "g home", NULL, "To the first row", false},
    {"grid.bottom", "grid", "G end", NULL, "To the last row", false},
    {"grid.first", "grid", "^ H", NULL, "To the first column", false},
    {"grid.last", "grid", "$ L", NULL, "To the last column", false},
    {"grid.pin", "grid", "z", NULL, "Keep the columns up to this one at the left; again: no more",
     false},
    {"grid.widen", "grid", ">", NULL, "Make the column wider", false},
    {"grid.narrow", "grid", "<", NULL, "Make the column narrower", false},
    {"grid.select", "grid", "v", NULL,
     "Begin to select rows, as far as one moves; again, or esc: end", false},
    {"grid.block", "grid", "V ctrl-v", NULL,
     "Begin to select a block of cells, as far as one moves; again, or esc: end", false},
    {"grid.hide", "grid", "-", NULL, "Hide the column (C shows columns by name, U all)", false},
    {"grid.move-left", "grid", "(", NULL, "Move the column one place to the left", false},
    {"grid.move-right", "grid", ")", NULL, "Move the column one place to the right", false},
    {"grid.fit", "grid", "=", NULL, "Fit the column to the rows in sight", false},
};
const size_t fst_n_grid_actions = FST_COUNT(fst_grid_actions);

static void left(struct fst_grid *g)
{
    size_t at = fst__grid_place_of(g, g->col);
    g->col = fst__grid_shown_at(g, at - (at > 0));
}

static void right(struct fst_grid *g)
{
    size_t at = fst__grid_place_of(g, g->col);
    g->col = fst__grid_shown_at(g, at + (at + 1 < fst__grid_n_shown(g)));
}

static void first(struct fst_grid *g)
{
    g->col = fst__grid_shown_at(g, g->left = 0);
}

static void last(struct fst_grid *g)
{
    g->col = fst__grid_shown_at(g, fst__grid_n_shown(g) - 1);
}

static void pin(struct fst_grid *g)
{
    size_t n = fst__grid_place_of(g, g->col) + 1;
    g->n_pinned = g->n_pinned == n ? 0 : n;
}

static void move_left(struct fst_grid *g)
{
    fst__grid_move_column(g, -1);
}

static void move_right(struct fst_grid *g)
{
    fst__grid_move_column(g, 1);
}

enum { STEP = 4 }; /* of a width */

static void widen(struct fst_grid *g)
{
    fst_grid_set_width(g, fst__grid_width_of(g, g->col) + STEP);
}

static void narrow(struct fst_grid *g)
{
    int width = fst__grid_width_of(g, g->col) - STEP;
    fst_grid_set_width(g, width > 0 ? width : 1);
}

static void fit(struct fst_grid *g)
{
    fst_grid_set_width(g, 0);
}

static void select_rows(struct fst_grid *g)
{
    fst__grid_select(g, false);
}

static void select_block(struct fst_grid *g)
{
    fst__grid_select(g, true);
}

/* What is done to the column under the cursor, and from it on. */
static const struct {
    const char *verb;
    void (*act)(struct fst_grid *g);
} verbs[] = {{"left", left},
             {"right", right},
             {"first", first},
             {"last", last},
             {"pin", pin},
             {"hide", fst__grid_hide},
             {"move-left", move_left},
             {"move-right", move_right},
             {"widen", widen},
             {"narrow", narrow},
             {"fit", fit},
             {"select", select_rows},
             {"block", select_block}};

bool fst_grid_action(struct fst_grid *g, const char *action)
{
    const char *verb = fst__verb(action, "grid");
    if (!verb || !g->schema)
        return false;
    for (size_t i = 0; i < FST_COUNT(verbs) && fst__grid_n_shown(g); i++)
        if (strcmp(verb, verbs[i].verb) == 0) {
            verbs[i].act(g);
            return true;
        }
    return fst__move(verb, fst__grid_extent(g), g->page_rows, &g->row);
}
