/* The lines of a run's log as they are shown: with levels, traces folded, some filtered away. */
#ifndef FIRESTEEL_VIEW_LOG_H
#define FIRESTEEL_VIEW_LOG_H

#include <regex.h>

#include "firesteel/base.h"
#include "firesteel/ui.h"

struct log_line {
    size_t at;
    uint8_t level, part;
    bool hit;  /* passes the filter */
    bool open; /* the trace that begins here is unfolded */
};

/* A row is a line, or the one that stands for a trace. */
struct log_row {
    size_t line; /* of the text: of a trace, the one that tells why */
    size_t head; /* first line of the trace */
    size_t n;    /* lines of the trace; 0 = not one */
    bool open;   /* they follow */
};

struct log {
    struct fst_buf text, shown;
    struct log_line *lines;
    size_t n_lines, cap, n_whole, scanned;
    struct log_row *rows;
    size_t n_rows, rows_cap;
    char filter[128];
    regex_t regex;
    bool has_regex, all_open, everything; /* everything: what the filter hides is shown, too */
};

void log_open(struct log *l, size_t max);
void log_close(struct log *l);
/* Rows are made anew: places in them are kept as lines, by log_row_of. */
void log_add(struct log *l, const char *p, size_t n);
/* Let the first half go when the log is longer than `keep`: lines that went. */
size_t log_drop(struct log *l, size_t keep);
void log_set_filter(struct log *l, const char *text);
void log_build(struct log *l);
size_t log_row_of(const struct log *l, size_t line);
struct fst_pager_line log_draw_row(struct log *l, size_t row);
bool log_is_error(const struct log *l, size_t row);
/* A text with a sign of its own is a regular expression, unless it could take long. */
bool wb_is_expression(const char *text);

#endif
