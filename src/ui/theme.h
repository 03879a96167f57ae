/* theme: how roles look, for the file that talks to the terminal. */
#ifndef FIRESTEEL_UI_THEME_H
#define FIRESTEEL_UI_THEME_H

#include "firesteel/ui.h"

enum { FST_COLOR_DEFAULT = -1 };
enum fst_style_attr {
    FST_ATTR_BOLD = 1,
    FST_ATTR_DIM = 2,
    FST_ATTR_ITALIC = 4,
    FST_ATTR_UNDERLINE = 8,
    FST_ATTR_REVERSE = 16,
};
struct fst_style {
    int16_t fg, bg; /* FST_COLOR_DEFAULT, or one of the 256 colours */
    unsigned attr;
};
struct fst_theme {
    char name[64];
    struct fst_style styles[FST_ROLE_COUNT_];
};

/* The nearest of the first 16 (or 8) colours, for terminals that have no more. */
int fst__color_to_16(int color);
/* Into `out` (8 bytes) as #rrggbb. */
void fst__color_hex(int color, char *out);
/* "red", "bright-red", "default", "0".."255", "#rrggbb"; false when it is none of them. */
bool fst__color_parse(const char *text, int *out);
extern const char *const fst__color_names[]; /* NULL-ended: default and the 16 */

#endif
