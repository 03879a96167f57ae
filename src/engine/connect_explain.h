/* Spark's formatted plan as it was read (connect_explain.c), for those who put it in words
 * (connect_explain_words.c). */
#ifndef ENGINE_CONNECT_EXPLAIN_H
#define ENGINE_CONNECT_EXPLAIN_H

#include "connect.h"

enum { PLAN_MAX_NODES = 4096, PLAN_MAX_LINES = 24, PLAN_MAX_DEPTH = 512 };

/* An operator. Texts are the plan's, without the numbers of expressions: a#12L is a. */
struct plan_node {
    int64_t id;
    size_t depth;      /* in the tree as Spark draws it */
    size_t parent;     /* index + 1; 0 = none */
    const char *title; /* "BroadcastHashJoin Inner BuildRight" */
    const char *note;  /* after the name in its own paragraph: "[Reuses operator id: 3]" */
    const char *of;    /* the first operator of a tree: what it is the tree of; or NULL */
    struct {
        const char *key, *value; /* "PushedFilters", "[IsNotNull(a)]" */
    } lines[PLAN_MAX_LINES];
    size_t n_lines;
};
struct plan {
    struct fst_arena *arena;
    struct plan_node *nodes;
    size_t n, cap;
};

/* The value behind a key of the operator's paragraph; NULL when there is none. */
const char *plan_value(const struct plan_node *node, const char *key);
/* Operators that say nothing about the work. */
bool plan_is_silent(const struct plan_node *node);
/* One operator, in lines that begin with `indent` blanks. */
void plan_words(struct fst_buf *out, const struct plan *p, size_t i, size_t indent);

#endif
