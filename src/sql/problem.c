/* A problem in words: where, which condition, what. */
#include "firesteel/sql.h"

void fst_problem_text(struct fst_buf *out, const struct fst_problem *p, const char *otherwise)
{
    const char *text = p->message[0] ? p->message : otherwise;
    if (p->line)
        fst_buf_printf(out, "line %u, column %u: ", p->line, p->col);
    if (p->condition[0] && text[0] != '[')
        fst_buf_printf(out, "[%s] ", p->condition);
    fst_buf_adds(out, text);
}
