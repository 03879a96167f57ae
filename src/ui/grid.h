/* grid: what its files share: where a row and a column are, how wide, what is selected. */
#ifndef FIRESTEEL_UI_GRID_H
#define FIRESTEEL_UI_GRID_H

#include "widget.h"

#define FST__CELL_BYTES 4096 /* of a value: more is not seen */
#define FST__GRID_GAP 2      /* between columns */

/* ---- Rows (grid_rows.c) ---------------------------------------------------------------------- */
uint64_t fst__grid_extent(const struct fst_grid *g); /* rows that the cursor moves over */
/* The frame that has row `at`, which becomes the row in it. */
struct fst_frame *fst__grid_frame_of(const struct fst_grid *g, uint64_t *at);
/* NULL when it is not there. */
const struct fst_column *fst__grid_column_of(const struct fst_grid *g, const struct fst_frame *f,
                                             size_t col);

/* ---- Columns that are shown (grid_columns.c) ------------------------------------------------- */
size_t fst__grid_n_shown(const struct fst_grid *g);
/* The column at a place, and the place of a column: what is hidden has none, SIZE_MAX. */
size_t fst__grid_shown_at(const struct fst_grid *g, size_t place);
size_t fst__grid_place_of(const struct fst_grid *g, size_t column);
/* Of the cursor's column. */
void fst__grid_hide(struct fst_grid *g);
void fst__grid_move_column(struct fst_grid *g, int step);

/* ---- Widths (grid_width.c) ------------------------------------------------------------------- */
void fst__grid_first_widths(struct fst_grid *g);
void fst__grid_fit_on(struct fst_grid *g); /* to rows that are others now */
int fst__grid_width_of(struct fst_grid *g, size_t col);

/* ---- Values (grid_cell.c) -------------------------------------------------------------------- */
size_t fst__grid_cell_width(const struct fst_column *c, size_t row, struct fst_buf *text);
enum fst_role fst__grid_cell_text(const struct fst_column *c, size_t row, bool ascii,
                                  struct fst_buf *text);

/* ---- What is selected (grid_select.c) -------------------------------------------------------- */
void fst__grid_select(struct fst_grid *g, bool in_block);
bool fst__grid_is_selected(const struct fst_grid *g, uint64_t row);
bool fst__grid_is_selected_cell(const struct fst_grid *g, size_t column); /* of a selected row */

/* ---- Marks (grid_marks.c) -------------------------------------------------------------------- */
bool fst__grid_is_marked(const struct fst_grid *g, uint64_t row);

#endif
