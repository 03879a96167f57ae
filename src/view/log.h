/* The lines of a run's log as they are shown: with levels, traces folded, some filtered away. */
#ifndef FIRESTEEL_VIEW_LOG_H
#define FIRESTEEL_VIEW_LOG_H

#include "firesteel/base.h"
#include "firesteel/ui.h"

struct log_line {
    size_t at;
    int64_t time_us; /* its own, or that of the line before; 0 = none yet */
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

/* Which lines are shown, by their time; zeros = all. */
struct log_time {
    int64_t last_us; /* so long before the newest line */
    int64_t from_us, to_us;
};

struct log {
    struct fst_buf text, shown;
    struct log_line *lines;
    size_t n_lines, cap, n_whole, scanned;
    struct log_row *rows;
    size_t n_rows, rows_cap;
    char filter[128];
    struct fst_filter *looked_for; /* NULL = no filter */
    bool all_open, everything;     /* everything: what the filter hides is shown, too */
    struct log_time time;
    int64_t newest_us; /* of all lines that have a time */
    int64_t began_us;  /* about when the first line was written; set before lines come */
};

void log_open(struct log *l, size_t max);
void log_close(struct log *l);
/* Rows are made anew: places in them are kept as lines, by log_row_of. */
void log_add(struct log *l, const char *p, size_t n);
/* Let the first half go when the log is longer than `keep`: lines that went. */
size_t log_drop(struct log *l, size_t keep);
void log_set_filter(struct log *l, const char *text);
void log_build(struct log *l);
/* "5m", "last 1h", "10:00..10:05", "2026-01-02 10:00..", "..10:05", "" = all; times of day are of
 * the newest line's day, or of the one before when they would be later. False = none of these. */
bool log_time_parse(const char *text, int64_t newest_us, struct log_time *out);
/* The time that a line begins with; a time of day alone is taken near to `before_us`. False when
 * there is none. */
bool log_time_of(const char *p, size_t n, int64_t before_us, int64_t *us);
size_t log_row_of(const struct log *l, size_t line);
struct fst_pager_line log_draw_row(struct log *l, size_t row);
bool log_is_error(const struct log *l, size_t row);

#endif
