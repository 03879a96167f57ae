/* picture: a screen as SVG, in a theme's colours. */
#ifndef FIRESTEEL_UI_PICTURE_H
#define FIRESTEEL_UI_PICTURE_H

#include <stdio.h>

#include "theme.h"

/* rows × cols cells, row by row. */
void fst__picture(FILE *to, const struct fst_cell *cells, int rows, int cols,
                  const struct fst_theme *theme);

#endif
