/* What the stages of a run look like as lines: the timeline, the findings, the table. */
#ifndef FIRESTEEL_VIEW_STAGE_TEXT_H
#define FIRESTEEL_VIEW_STAGE_TEXT_H

#include "firesteel/app.h"
#include "view.h"

/* What Enter on a line tells more of. */
enum stage_about { ABOUT_NOTHING, ABOUT_STAGE, ABOUT_FINDING };
struct stage_line {
    size_t at, n; /* in the text */
    enum fst_role role;
    enum stage_about about;
    size_t index; /* of the stage or finding */
};
struct stage_lines {
    struct fst_buf text;
    struct stage_line *lines;
    size_t n, cap;
};
void stage_lines_make(struct stage_lines *l, const struct fst_app_profile *p, int64_t now_us,
                      int cols, bool ascii);
void stage_lines_done(struct stage_lines *l);
/* A finding in full: rule, value, threshold and how to change it, the lines of `sql` (NULL = none)
 * that it is about, setting, stage. Owned. */
char *stage_finding_text(const struct fst_app_profile *p, size_t finding, const char *sql);
char *stage_figures_text(const struct fst_app_profile *p, size_t stage, int64_t now_us);
/* A bar of `n` cells after `at` blanks, `width` in all. */
void stage_bar(struct fst_buf *out, int at, int n, int width, const char *full, const char *end);

#endif
