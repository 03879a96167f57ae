/* A value as Spark SQL writes it, made of its text: what a condition on exactly this value says. */
#include <string.h>

#include "app.h"

static void add_quoted(struct fst_buf *out, const char *text, size_t n)
{
    fst_buf_addc(out, '\'');
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '\\' || text[i] == '\'')
            fst_buf_addc(out, '\\');
        fst_buf_addc(out, text[i]);
    }
    fst_buf_addc(out, '\'');
}

/* Kinds whose values have a word before their text, and what stands behind it. */
static const struct {
    enum fst_kind kind;
    const char *word, *zone;
} worded[] = {
    {FST_DATE, "DATE", ""},
    {FST_TIMESTAMP, "TIMESTAMP", "Z"},
    {FST_TIMESTAMP_NTZ, "TIMESTAMP_NTZ", ""},
    {FST_BINARY, "X", ""},
};

static bool add_worded(struct fst_buf *out, enum fst_kind kind, const char *text, size_t n)
{
    for (size_t i = 0; i < FST_COUNT(worded); i++)
        if (worded[i].kind == kind) {
            fst_buf_printf(out, "%s'%.*s%s'", worded[i].word, (int)n, text, worded[i].zone);
            return true;
        }
    return false;
}

bool fst_text_literal(struct fst_buf *out, const struct fst_type *type, const char *text, size_t n)
{
    if (type->kind == FST_STRING) {
        add_quoted(out, text, n);
        return true;
    }
    if (type->kind == FST_BOOLEAN || (type->kind >= FST_BYTE && type->kind <= FST_LONG)) {
        fst_buf_add(out, text, n);
        return true;
    }
    if (add_worded(out, type->kind, text, n))
        return true;
    if (type->kind != FST_FLOAT && type->kind != FST_DOUBLE && type->kind != FST_DECIMAL)
        return false;
    fst_buf_printf(out, "CAST('%.*s' AS ", (int)n, text);
    fst_type_text(out, type);
    fst_buf_addc(out, ')');
    return true;
}

bool fst_cell_literal(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    struct fst_buf text = FST_BUF_TEXT;
    bool done = !c->unreadable && !c->nanos;
    if (done && !fst_cell_text(&text, c, row, FST_CELL_PLAIN))
        fst_buf_adds(out, "NULL");
    else if (done)
        done = !text.over && fst_text_literal(out, &c->type, fst_buf_text(&text), text.n);
    fst_buf_done(&text);
    return done;
}

bool fst_cell_condition(struct fst_buf *out, const char *column, const struct fst_column *c,
                        size_t row)
{
    bool is_null = fst_column_is_null(c, row) && !c->unreadable;
    fst_sql_quote(out, column);
    fst_buf_adds(out, is_null ? " IS NULL" : " = ");
    return is_null || fst_cell_literal(out, c, row);
}
