/* What the grid shows of a value: its text, the marks of what is nothing, and how wide it is. */
#include "grid.h"

#define LONG_BYTES ((size_t)64 << 20)

/* Most values are short. What is in a nested value goes into its text whole or not at all, so that
 * a long one is put down in full; of a text its beginning is enough. */
static bool value_text(struct fst_buf *text, const struct fst_column *c, size_t row)
{
    fst_buf_clear(text);
    text->max = FST__CELL_BYTES;
    bool is_there = fst_cell_text(text, c, row, FST_CELL_SCREEN);
    if (text->over && c->type.kind != FST_STRING) {
        fst_buf_clear(text);
        text->max = LONG_BYTES;
        fst_cell_text(text, c, row, FST_CELL_SCREEN);
    }
    return is_there;
}

static const char *absent_mark(bool ascii)
{
    return ascii ? "--" : "—";
}

bool fst_grid_mark(struct fst_buf *out, const struct fst_column *c, size_t row, bool ascii)
{
    if (c->unreadable)
        return false;
    if (c->absent)
        fst_buf_adds(out, absent_mark(ascii));
    else if (fst_column_is_null(c, row))
        fst_buf_adds(out, "NULL");
    else if (c->type.kind == FST_STRING && fst_column_bytes(c, row).n == 0)
        fst_buf_adds(out, "\"\"");
    else
        return false;
    return true;
}

/* In quotes of its own as well. */
bool fst_grid_reads_like_mark(const char *text, size_t n, bool ascii)
{
    while (n > 2 && text[0] == '"' && text[n - 1] == '"') {
        text++;
        n -= 2;
    }
    struct fst_str it = {text, n};
    return fst_str_is(it, "NULL") || fst_str_is(it, "\"\"") || fst_str_is(it, absent_mark(ascii));
}

static void quote_what_reads_like_mark(struct fst_buf *text, bool ascii)
{
    char quoted[64];
    if (text->n > 32 || !fst_grid_reads_like_mark(fst_buf_text(text), text->n, ascii))
        return;
    snprintf(quoted, sizeof quoted, "\"%s\"", fst_buf_text(text));
    fst_buf_clear(text);
    fst_buf_adds(text, quoted);
}

size_t fst__grid_cell_width(const struct fst_column *c, size_t row, struct fst_buf *text)
{
    fst_buf_clear(text);
    if (!c)
        return 1;
    if (c->unreadable || !value_text(text, c, row))
        return 4;
    if (c->type.kind == FST_STRING)
        quote_what_reads_like_mark(text, false);
    return fst_text_width(fst_buf_text(text), text->n);
}

enum fst_role fst__grid_cell_text(const struct fst_column *c, size_t row, bool ascii,
                                  struct fst_buf *text)
{
    fst_buf_clear(text);
    if (!c) {
        fst_buf_adds(text, ascii ? "..." : "…");
        return FST_ROLE_DIM;
    }
    if (c->unreadable) {
        fst_buf_printf(text, "(%s)", c->unreadable);
        return FST_ROLE_WARN;
    }
    if (fst_grid_mark(text, c, row, ascii))
        return FST_ROLE_NULL;
    value_text(text, c, row);
    if (c->type.kind == FST_STRING)
        quote_what_reads_like_mark(text, ascii);
    return fst_type_is_right_aligned(&c->type) ? FST_ROLE_NUMBER : FST_ROLE_TEXT;
}
