/* A value as lines to read: what the view of one value shows. */
#ifndef FIRESTEEL_VIEW_VALUE_H
#define FIRESTEEL_VIEW_VALUE_H

#include "view.h"

/* One value of a row. `open` is told per node: those of a nested value fold. */
struct value_node {
    const struct fst_column *column; /* NULL: of a document */
    const struct fst_doc *doc;
    size_t row;
    const char *name; /* owned by the arena; NULL = none */
    uint32_t depth;
    size_t n;   /* values in it */
    size_t end; /* the node after those in it */
    bool folds, is_folded, is_rest;
};
struct value_tree {
    struct fst_arena *arena;
    struct value_node *nodes;
    size_t n, cap;
    size_t *shown; /* nodes in sight */
    size_t n_shown, shown_cap;
    bool is_cut; /* there are more than are kept */
};
/* Of a nested column's value, or of a document. */
void value_tree_of_column(struct value_tree *t, const struct fst_column *c, size_t row);
void value_tree_of_doc(struct value_tree *t, const struct fst_doc *doc);
void value_tree_show(struct value_tree *t); /* after nodes were folded */
enum fst_role value_node_text(const struct value_tree *t, size_t node, bool ascii,
                              struct fst_buf *out);
void value_tree_done(struct value_tree *t);

/* What a value is, exactly: its type and what helps to know of it, a line each. */
void value_facts(struct fst_buf *out, const struct fst_column *c, size_t row);
/* 16 bytes of binary as hex with text beside. */
enum { VALUE_HEX_BYTES = 16 };
void value_hex_line(struct fst_buf *out, struct fst_str bytes, size_t line);

#endif
