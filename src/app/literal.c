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
    {FST_BINARY, "X", ""}, /* of hex digits */
};

static bool add_worded(struct fst_buf *out, enum fst_kind kind, const char *text, size_t n)
{
    for (size_t i = 0; i < FST_COUNT(worded); i++)
        if (worded[i].kind == kind) {
            bool has_zone = n > 0 && text[n - 1] == 'Z'; /* as JSON says it */
            struct fst_buf whole = FST_BUF_TEXT;
            fst_buf_add(&whole, text, n);
            fst_buf_adds(&whole, has_zone ? "" : worded[i].zone);
            fst_buf_adds(out, worded[i].word);
            add_quoted(out, fst_buf_text(&whole), whole.n);
            fst_buf_done(&whole);
            return true;
        }
    return false;
}

/* What is no number after all is compared as text, and nothing but that. */
static void add_number(struct fst_buf *out, const char *text, size_t n)
{
    int64_t ignored;
    if (fst_parse_int64(text, n, &ignored))
        fst_buf_add(out, text, n);
    else
        add_quoted(out, text, n);
}

static bool is_real(enum fst_kind kind)
{
    return kind == FST_FLOAT || kind == FST_DOUBLE || kind == FST_DECIMAL;
}

bool fst_text_literal(struct fst_buf *out, const struct fst_type *type, const char *text, size_t n)
{
    enum fst_kind kind = type->kind;
    if (kind == FST_STRING || is_real(kind) || kind == FST_BOOLEAN) {
        bool is_cast = kind != FST_STRING;
        fst_buf_adds(out, is_cast ? "CAST(" : "");
        add_quoted(out, text, n);
        fst_buf_adds(out, is_cast ? " AS " : "");
        if (is_cast)
            fst_type_text(out, type);
        fst_buf_adds(out, is_cast ? ")" : "");
        return true;
    }
    if (kind < FST_BYTE || kind > FST_LONG)
        return add_worded(out, kind, text, n);
    add_number(out, text, n);
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
