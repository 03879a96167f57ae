/* editor: the text being edited, for the files that change, move in and draw it.
 *
 * The text is one run of bytes, because those who highlight, check and save it want it so; texts
 * are small (a megabyte at most), and moving them costs less than drawing a line. */
#ifndef FIRESTEEL_UI_EDITOR_H
#define FIRESTEEL_UI_EDITOR_H

#include "firesteel/ui.h"

enum { FST_EDITOR_TAB = 4, FST_EDITOR_MAX = 4 << 20 };

/* One change: at `at`, `old` went and `new` came. */
struct fst_change {
    size_t at;
    char *old_text, *new_text;
    size_t old_n, new_n;
    size_t cursor_before, cursor_after;
    bool with_last; /* undone and redone together with the change before */
    bool typing;    /* more typing may join it */
    size_t last_n;  /* bytes of what joined it last */
};
struct fst_undo {
    struct fst_change *changes;
    size_t n, cap; /* n: done and undone ones */
    size_t done;   /* how many of them are done */
    size_t bytes;
    bool closed; /* the next change begins a new step */
};

/* A place of what is looked for. */
struct fst_editor_hit {
    size_t at, len;
};

/* Keys as vi has them (editor_vi.c). */
enum fst_vi_mode { FST_VI_NORMAL, FST_VI_INSERT, FST_VI_VISUAL, FST_VI_LINES };
struct fst_vi {
    bool on, clip_lines, was_visual;
    bool backward;                   /* `?` was asked: n goes back */
    bool opened;                     /* a line, for what is inserted; the next times as well */
    size_t times;                    /* how often it is */
    size_t seen_anchor, seen_cursor; /* of what was selected last, for gv */
    enum fst_vi_mode seen_mode;
    enum fst_vi_mode mode;
    char keys[64]; /* pressed since the last command */
    char last[64]; /* what `.` does again, with what was typed into it */
    char *typed;
    char letter[16], letter_kind; /* of f, t, F, T */
    size_t insert_from, undo_from;
};

struct fst_editor {
    char *text; /* NUL-ended */
    size_t n, cap;
    size_t *lines; /* where each begins; never empty */
    size_t n_lines, lines_cap;
    size_t cursor, anchor; /* bytes; selection = between, when selecting */
    bool selecting, keeps_selecting;
    size_t goal_col; /* column that up and down try to keep */
    uint64_t revision;
    struct fst_undo undo;
    char *clip;
    size_t clip_n;
    size_t top, left; /* drawn first: line, column */
    int page_rows;
    size_t partner; /* of the bracket at the cursor, when drawn; SIZE_MAX = none */
    /* highlighting */
    void (*highlight)(void *arg, const char *text, size_t n,
                      void (*span)(void *to, struct fst_editor_span s), void *to);
    void *highlight_arg;
    struct fst_editor_span *spans;
    size_t n_spans, spans_cap;
    uint64_t spans_revision;
    uint32_t mark_line, mark_col, mark_len;
    /* what is looked for */
    struct fst_filter *find; /* NULL = nothing */
    struct fst_editor_hit *hits;
    size_t n_hits, hits_cap;
    uint64_t hits_revision;
    struct fst_vi vi;
    /* completion */
    const struct fst_candidate *items;
    size_t n_items, item, from;
};

/* Replace [from, to) by `n` bytes: one undo step, or part of the last when `with_last`. The cursor
 * comes behind what came in. Text over FST_EDITOR_MAX is not taken: false. */
bool fst__editor_replace(struct fst_editor *e, size_t from, size_t to, const char *text, size_t n,
                         bool with_last);
/* The same without remembering. */
void fst__editor_splice(struct fst_editor *e, size_t from, size_t to, const char *text, size_t n);
size_t fst__editor_line_of(const struct fst_editor *e, size_t offset); /* 0-based */
size_t fst__editor_line_end(const struct fst_editor *e, size_t line);  /* before the line end */
/* Columns from the line's start to `offset`, and the offset at (or just before) a column. */
size_t fst__editor_col_of(const struct fst_editor *e, size_t offset);
size_t fst__editor_at_col(const struct fst_editor *e, size_t line, size_t col);
/* Columns of the cluster at `offset` (its bytes in `*len`) when it begins at column `col`. */
size_t fst__editor_cluster(const struct fst_editor *e, size_t offset, size_t end, size_t col,
                           size_t *len);
size_t fst__editor_next(const struct fst_editor *e, size_t offset);
size_t fst__editor_previous(const struct fst_editor *e, size_t offset);

/* Where the bracket at `at`, or just before it, has its other end; `at` without one. */
size_t fst__editor_bracket(const struct fst_editor *e, size_t at);
/* Find the places of what is looked for, if the text has changed. */
void fst__editor_look(struct fst_editor *e);
size_t fst__editor_hit_from(const struct fst_editor *e, size_t offset);
void fst__editor_find_next(struct fst_editor *e);
void fst__editor_find_previous(struct fst_editor *e);
/* What was typed so far in insert mode is a step, and what comes is another. */
void fst__vi_end_step(struct fst_editor *e);
/* In normal mode the cursor is on a letter, not behind the last one. */
void fst__vi_settle(struct fst_editor *e);
/* What visual mode has selected. */
void fst__vi_selection(const struct fst_editor *e, size_t *from, size_t *to);
/* Changes of whole lines and of words, as actions. */
void fst__editor_line_up(struct fst_editor *e);
void fst__editor_line_down(struct fst_editor *e);
void fst__editor_join(struct fst_editor *e);
void fst__editor_case(struct fst_editor *e);

void fst__undo_note(struct fst_editor *e, size_t from, size_t to, const char *text, size_t n,
                    bool with_last);
bool fst__undo_back(struct fst_editor *e);
bool fst__undo_again(struct fst_editor *e);
void fst__undo_done(struct fst_undo *u);

#endif
