/* One operator of a plan being put in words, between the files that do it: connect_explain_words.c
 * has the table and most of them, connect_explain_move.c how rows are read, joined and sent,
 * connect_explain_value.c Spark's values. */
#ifndef ENGINE_CONNECT_EXPLAIN_SAY_H
#define ENGINE_CONNECT_EXPLAIN_SAY_H

#include "connect_explain.h"

enum { PLAN_LIST_MAX = 64 };

struct plan_say {
    struct fst_buf *out;
    const struct plan *plan;
    size_t i;
    const struct plan_node *node;
    size_t indent;
};

/* ---- Values (connect_explain_value.c): cut where they are long ---- */
void plan_say_cut(struct fst_buf *out, const char *p, size_t n);
void plan_say_value(const struct plan_say *s, const char *text);
/* The pieces of "a, f(b, c), [d]" into out[PLAN_LIST_MAX]. */
size_t plan_split(const char *p, size_t n, struct fst_str *out);
/* The pieces inside "[...]" or "name(...)"; of another text, those of the whole. */
size_t plan_split_inside(struct fst_str s, struct fst_str *out);
size_t plan_arguments(const struct plan_say *s, struct fst_str *out);
void plan_say_list(const struct plan_say *s, const struct fst_str *items, size_t n);
/* The list behind a key, without its brackets; false when it is empty or not there. */
bool plan_say_list_of(const struct plan_say *s, const char *before, const char *key);
/* The condition without the pair of brackets around the whole of it. */
void plan_say_condition(const struct plan_say *s, const char *text);
bool plan_title_has(const struct plan_node *node, const char *word);

/* ---- Rows on their way (connect_explain_move.c) ---- */
void plan_say_scan(const struct plan_say *s);
void plan_say_join(const struct plan_say *s);
void plan_say_exchange(const struct plan_say *s);
void plan_say_broadcast(const struct plan_say *s);
void plan_say_reused(const struct plan_say *s);

#endif
