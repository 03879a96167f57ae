/* Inside of the editor view: the text being edited, its checks, its drafts and saving. */
#ifndef FIRESTEEL_VIEW_EDITOR_H
#define FIRESTEEL_VIEW_EDITOR_H

#include "peek.h"
#include "view.h"

struct editor_view {
    struct fst_editor *editor;
    struct fst_resource *resource;
    struct fst_problem problem;
    struct fst_schema *schema;           /* of the last text that was right */
    uint64_t checked, checking, drafted; /* revisions */
    bool check_running, draft_running, has_draft, asked_back, thrown_away;
    char status[1200];
    enum fst_role status_role;
    char *draft_path;
    struct draft_task *drafting; /* while draft_running */
    char looked_for[512];
    size_t find_from;        /* where looking began */
    struct fst_arena *names; /* of the completion popup */
    struct fst_candidate *items;
    size_t n_items, cap_items;
    struct peek peek; /* the rows below */
    bool is_scratch;  /* of no transformation: the statement under the cursor counts */
    size_t statement; /* where the one that is checked begins */
    struct {
        size_t at;         /* which of what ran stands there, 1 is the newest; 0 = none */
        size_t from;       /* where it begins */
        uint64_t revision; /* of the text with it */
        char *typed;       /* what stood there at first */
    } past;
    uint32_t line_0, col_0; /* lines and columns before that statement, as it was checked */
};

/* An editor_view is the state of two views. */
static inline bool is_editor(const struct view *v)
{
    return v->ops == &view_editor || v->ops == &view_scratch;
}
void editor_highlight(void *arg, const char *text, size_t n,
                      void (*span)(void *to, struct fst_editor_span s), void *to);
/* Columns of what the text reads from, as last seen; alias.n 0 = of all inputs. */
void editor_input_columns(struct wb *wb, const char *text, size_t n, struct fst_str alias,
                          void (*each)(void *to, const char *name, const char *detail), void *to);
/* The function whose arguments the offset is in, and which of them from 1; NULL = none. */
const struct fst_function *editor_call_at(const char *text, size_t n, size_t at, int *argument);
/* The function whose name the offset is in, with its arguments behind it; NULL = none. */
const struct fst_function *editor_function_at(const char *text, size_t n, size_t at);
void editor_complete(struct view *v);
void editor_complete_refresh(struct view *v); /* after typing: narrow or close the popup */
void editor_save(struct view *v);
void editor_explain(struct view *v);
void editor_check(struct view *v); /* if the text is another one than was checked last */
/* ---- Drafts (editor_draft.c) ------------------------------------------------------------------
 */
/* Is the text another one than the catalog has? */
bool editor_is_changed(const struct editor_view *e);
char *editor_draft_path(const struct wb *wb, const struct fst_resource *r); /* owned */
void editor_keep_draft(struct view *v);
/* On the way out there is no later: at once. */
enum fst_status editor_keep_last_draft(struct editor_view *e, struct fst_error *err);
void editor_restore_draft(struct view *v);
/* To the task that writes an older draft: what is to be there when it has. */
void editor_hand_over(struct editor_view *e);
void editor_after_change(struct view *v); /* check, keep a draft */
void editor_find(struct view *v);
void editor_forget_found(struct editor_view *e); /* its marks go */
void editor_say_found(struct view *v);
void editor_found_words(const struct editor_view *e, struct fst_buf *out);
void editor_format(struct view *v);
bool editor_key(struct view *v, const struct fst_key *key); /* of vi */
void editor_throw_away(struct view *v); /* leave, and keep no draft but of the scratch screen */
bool editor_takes(struct view *v, const char *key);
void editor_replace(struct view *v);
void editor_line(struct view *v);
void editor_outside(struct view *v); /* the text in $EDITOR, and back */

struct fst_str editor_statement(struct view *v); /* what is checked and run */
bool editor_is_blank(struct fst_str s);
/* ---- Rows below (editor_rows.c) ---------------------------------------------------------------
 */
void editor_peek(struct view *v);      /* of what is checked */
void editor_peek_part(struct view *v); /* of the CTE or the subquery under the cursor */
void editor_show_sent(struct view *v);
void editor_enter_rows(struct view *v);
/* ---- The scratch screen (scratch.c) -----------------------------------------------------------
 */
void scratch_save(struct view *v);
/* What ran before (scratch_past.c): the list, one step back and on, one query taken. */
void scratch_past(struct view *v);
void scratch_before(struct view *v);
void scratch_after(struct view *v);
void scratch_take(struct view *v, const char *sql);
extern const char scratch_hint[];

#endif
