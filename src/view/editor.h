/* Inside of the editor view: the text being edited, its checks, its drafts and saving. */
#ifndef FIRESTEEL_VIEW_EDITOR_H
#define FIRESTEEL_VIEW_EDITOR_H

#include "view.h"

struct editor_view {
    struct fst_editor *editor;
    struct fst_resource *resource;
    struct fst_problem problem;
    struct fst_schema *schema;           /* of the last text that was right */
    uint64_t checked, checking, drafted; /* revisions */
    bool check_running, draft_running, asked_back, thrown_away;
    char status[1200];
    enum fst_role status_role;
    char *draft_path;
    struct fst_arena *names; /* of the completion popup */
    struct fst_candidate *items;
    size_t n_items, cap_items;
};

void editor_highlight(void *arg, const char *text, size_t n,
                      void (*span)(void *to, struct fst_editor_span s), void *to);
void editor_complete(struct view *v);
void editor_complete_refresh(struct view *v); /* after typing: narrow or close the popup */
void editor_save(struct view *v);
char *editor_draft_path(const struct wb *wb, const struct fst_resource *r); /* owned */
void editor_explain(struct view *v);
void editor_outside(struct view *v); /* the text in $EDITOR, and back */

#endif
