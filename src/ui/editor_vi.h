/* Inside of vi's keys: what was pressed is read by the files of motions, objects, operators,
 * commands and visual mode. Each takes the keys from `*p` on and leaves `*p` behind what it took;
 * `count` and `times` are what was typed before, 0 and 1 without one. */
#ifndef FIRESTEEL_UI_EDITOR_VI_H
#define FIRESTEEL_UI_EDITOR_VI_H

#include "editor.h"

enum vi_result { VI_WAITS, VI_WRONG, VI_DONE };

/* Where a motion goes, and what an operator takes on the way. */
struct vi_way {
    size_t from, to;
    bool lines, inclusive;
    bool keeps_col, to_end; /* up and down keep the column; `$` keeps to the ends of lines */
};

/* ---- Places (editor_vi_place.c) -----------------------------------------------------------------
 */
size_t fst__vi_line_start(const struct fst_editor *e, size_t at);
size_t fst__vi_line_end(const struct fst_editor *e, size_t at);
size_t fst__vi_first_letter(const struct fst_editor *e, size_t at);
/* Steps to the left and to the right stay in the line. */
size_t fst__vi_left(const struct fst_editor *e, size_t at);
size_t fst__vi_right(const struct fst_editor *e, size_t at);
/* Lines down, or up when negative, in the column that is kept; at most to the last one. */
size_t fst__vi_by_lines(const struct fst_editor *e, size_t at, long lines);
/* 0 = space, 1 = a sign, 2 = of a word; of WORDs, 1 = no space. */
typedef int vi_class(const struct fst_editor *e, size_t at);
vi_class fst__vi_class, fst__vi_big_class;
size_t fst__vi_word_next(const struct fst_editor *e, size_t at, vi_class *class_of);
size_t fst__vi_word_before(const struct fst_editor *e, size_t at, vi_class *class_of);
size_t fst__vi_word_last(const struct fst_editor *e, size_t at, vi_class *class_of);
size_t fst__vi_word_last_before(const struct fst_editor *e, size_t at, vi_class *class_of);
size_t fst__vi_letter_at(const struct fst_editor *e, size_t at); /* where the letter there begins */
bool fst__vi_is_blank(const struct fst_editor *e, size_t line);
/* The next empty line, or the text's end; the empty line before, or the text's start. */
size_t fst__vi_paragraph_next(const struct fst_editor *e, size_t at);
size_t fst__vi_paragraph_before(const struct fst_editor *e, size_t at);

/* ---- What keys mean ---------------------------------------------------------------------------
 */
size_t fst__vi_count(const char **p); /* 0 = none is typed */
/* Do the keys begin with `name`? VI_WAITS: they may, when more is pressed. */
enum vi_result fst__vi_named(const char *keys, const char *name);
enum vi_result fst__vi_motion(struct fst_editor *e, const char **p, size_t count, struct vi_way *w);
enum vi_result fst__vi_object(struct fst_editor *e, const char **p, struct vi_way *w);
enum vi_result fst__vi_operator(struct fst_editor *e, const char **p, size_t count);
enum vi_result fst__vi_operator_visual(struct fst_editor *e, const char **p, struct vi_way w);
enum vi_result fst__vi_command(struct fst_editor *e, const char **p, size_t count);
enum vi_result fst__vi_visual(struct fst_editor *e, const char **p);
bool fst__vi_selects(const struct fst_editor *e);

/* ---- Changes ----------------------------------------------------------------------------------
 */
/* Replace [from, to) as a step of its own; all of a command's are joined at its end. */
void fst__vi_change(struct fst_editor *e, size_t from, size_t to, const char *text, size_t n);
void fst__vi_case(struct fst_editor *e, char how, size_t from, size_t to); /* '~', 'u' or 'U' */
void fst__vi_insert(struct fst_editor *e); /* insert mode, from the cursor on */
void fst__vi_leave_visual(struct fst_editor *e);

#endif
