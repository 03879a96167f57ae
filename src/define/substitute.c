/* ${K} in the scalars of a definition text. The tree is copied: aliases share nodes, and a shared
 * node must not be replaced twice. */
#include "define.h"

#include <stdlib.h>
#include <string.h>

/* The value of the name p[0, n) among "K=V"; NULL when it is not set. */
static const char *value_of(const char *const *sets, const char *p, size_t n)
{
    for (; sets && *sets; sets++)
        if (strncmp(*sets, p, n) == 0 && (*sets)[n] == '=')
            return *sets + n + 1;
    return NULL;
}

static enum fst_status unset(const struct fst__reader *rd, const struct fst_doc *at, const char *p,
                             size_t n)
{
    return fst__fail_at(rd, at->line, at->col,
                        "${%.*s} is not set; give --set %.*s=VALUE, or write $${ for a literal ${",
                        (int)(n > 60 ? 60 : n), p, (int)(n > 60 ? 60 : n), p);
}

static enum fst_status replace(const struct fst__reader *rd, const struct fst_doc *at,
                               struct fst_buf *out)
{
    for (const char *p = at->text.p; *p;) {
        size_t n = strcspn(p, "$");
        fst_buf_add(out, p, n);
        p += n;
        if (strncmp(p, "$${", 3) == 0) {
            fst_buf_adds(out, "${");
            p += 3;
        } else if (strncmp(p, "${", 2) == 0) {
            size_t len = strcspn(p + 2, "}");
            const char *value = p[2 + len] ? value_of(rd->sets, p + 2, len) : NULL;
            if (!value)
                return unset(rd, at, p + 2, len);
            fst_buf_adds(out, value);
            p += len + 3;
        } else if (*p) {
            fst_buf_addc(out, *p++);
        }
    }
    return FST_OK;
}

static enum fst_status scalar(const struct fst__reader *rd, struct fst_arena *a,
                              struct fst_doc *out)
{
    struct fst_buf text = FST_BUF_TEXT;
    enum fst_status status = replace(rd, out, &text);

    if (status == FST_OK && text.over)
        status = fst__fail_at(rd, out->line, out->col, "the text is over 64 MB with its values");
    out->text = (struct fst_str){fst_arena_strdup(a, fst_buf_text(&text)), text.n};
    out->kind = FST_DOC_STRING;
    fst_buf_done(&text);
    return status;
}

enum fst_status fst__substitute(const struct fst__reader *rd, struct fst_arena *a,
                                const struct fst_doc *from, struct fst_doc *out)
{
    *out = *from;
    if (from->text.p && strchr(from->text.p, '$') && !from->n)
        return scalar(rd, a, out);
    if (from->n)
        out->items = fst_arena_alloc(a, from->n * sizeof *out->items);
    for (size_t i = 0; i < from->n; i++)
        FST_TRY(fst__substitute(rd, a, &from->items[i], &out->items[i]));
    return FST_OK;
}
