/* arrow_variant: a column of variants, which Spark sends as structs of two pieces of bytes, as
 * JSON.
 */
#include "arrow.h"

#include <string.h>

#include "frame.h"
#include "variant.h"

static const struct fst_column *child_called(const struct fst_arrow_field *f,
                                             const struct fst_column *c, const char *name)
{
    for (size_t i = 0; i < f->n_children; i++)
        if (strcmp(f->children[i].name, name) == 0 && f->children[i].type.kind == FST_BINARY)
            return &c->children[i];
    return NULL;
}

/* NULL, or what is wrong. */
static const char *add_row(struct fst_buf *text, const struct fst_column *metadata,
                           const struct fst_column *value, size_t row)
{
    struct fst_variant_names names;
    const char *wrong = fst_variant_names(fst_column_bytes(metadata, row), &names);
    return wrong ? wrong : fst_variant_json(text, &names, fst_column_bytes(value, row), 0);
}

static const char *add_rows(struct fst_buf *text, const struct fst_arrow_field *f,
                            const struct fst_column *c, uint32_t *ends)
{
    const struct fst_column *metadata = child_called(f, c, "metadata");
    const struct fst_column *value = child_called(f, c, "value");
    if (!metadata || !value)
        return "a variant without metadata and value";
    for (size_t row = 0; row < c->n; row++) {
        const char *wrong = fst_column_is_null(c, row) ? NULL : add_row(text, metadata, value, row);
        if (wrong)
            return wrong;
        ends[row + 1] = (uint32_t)text->n;
    }
    return NULL;
}

enum fst_status fst_arrow_variants(const struct fst_arrow_field *f, struct fst_column *c,
                                   struct fst_arena *arena, size_t *budget, struct fst_error *err)
{
    size_t offsets_size = (c->n + 1) * sizeof(uint32_t);
    size_t left = *budget > offsets_size ? *budget - offsets_size : 0;
    struct fst_buf text = FST_BUF(left < UINT32_MAX ? left : UINT32_MAX);
    uint32_t *ends = fst_arena_alloc(arena, offsets_size);
    const char *wrong = add_rows(&text, f, c, ends);
    bool over = text.over || !left;
    if (over) {
        fst_buf_done(&text);
        return fst_fail(err, FST_ENOMEM,
                        "arrow: column \"%s\": the result is too large; ask for fewer rows",
                        f->name);
    }
    *budget = left - text.n;
    if (wrong) {
        *c = (struct fst_column){.type = c->type, .n = c->n, .unreadable = wrong};
    } else {
        c->children = NULL;
        c->offsets = ends;
        c->values = fst_arena_strndup(arena, fst_buf_text(&text), text.n);
    }
    fst_buf_done(&text);
    return FST_OK;
}
