/* Rows below an editor: of its text, or of a part of it, read while one goes on writing. */
#ifndef FIRESTEEL_VIEW_PEEK_H
#define FIRESTEEL_VIEW_PEEK_H

#include "view.h"

struct peek {
    struct fst_grid grid;
    struct fst_schema *schema; /* of the rows that are there; NULL = none came yet */
    char *sent;                /* the text that was sent; NULL = nothing yet */
    char *what;                /* "the text", "the CTE spent" */
    char *error;
    unsigned number; /* of the last question: answers to others are thrown away */
    bool open, focus, loading, cut;
    bool keeps; /* what ran is remembered (past.c) */
};

/* Ask for the rows of `sql` (taken); `of` finds the view's peek when they come. */
void peek_ask(struct view *v, struct peek *(*of)(struct view *v), const char *provider,
              const char *what, char *sql);
void peek_close(struct peek *p); /* the rows; what was sent stays known */
void peek_done(struct peek *p);
void peek_draw(struct peek *p, struct fst_surface *s); /* a line of its own, and the grid */
/* A key while the rows have the focus: moves in them; false = it is not theirs. */
bool peek_key(struct view *v, struct peek *p, const struct fst_key *key);

/* ---- Parts of a text (peek_part.c) ------------------------------------------------------------
 */
/* The statement at `at`, of those that semicolons part: where it begins, and its bytes. */
struct fst_str peek_statement(const char *text, size_t n, size_t at);
/* The smallest query that `at` is in: of a CTE with those before it, of a subquery in parentheses
 * with all CTEs; else the text. Owned; `what` gets a name for it (owned). */
char *peek_query_at(const char *text, size_t n, size_t at, char **what);

#endif
