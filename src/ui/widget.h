/* widget: what widgets share: moving in a range of rows, names of actions, marking what is found.
 */
#ifndef FIRESTEEL_UI_WIDGET_H
#define FIRESTEEL_UI_WIDGET_H

#include "firesteel/ui.h"

/* The part of "list.down" after "list." when `action` has that prefix and a dot; else NULL. */
const char *fst__verb(const char *action, const char *prefix);
/* A cursor of `n` rows moved by a verb ("down", "pagedown", "top", ...): its new place. False when
 * the verb is none of these. */
bool fst__move(const char *verb, uint64_t n, int page_rows, uint64_t *cursor);
/* The first row to show so that `cursor` is among `rows` shown of `n`, near to `top`. */
uint64_t fst__scroll(uint64_t top, uint64_t cursor, uint64_t n, int rows);
/* Give role MATCH to every place of what is looked for among the drawn cells [col, col + n_cols) of
 * a row. */
void fst__mark_matches(struct fst_surface *s, int row, int col, int n_cols,
                       const struct fst_filter *what);

#endif
