/* Rows as text that something else reads: a table of Markdown, INSERT and VALUES of Spark's SQL, a
 * DataFrame of PySpark. A format is a row of a table: what goes before the rows, between, behind,
 * and how a value is written. Text is quoted so that nothing in it ends the quotes, names a
 * variable (${) or a reference ({{). */
#include <math.h>
#include <string.h>

#include "firesteel/sql.h"
#include "view.h"

/* ---- SQL ------------------------------------------------------------------------------------- */

void wb_sql_text(struct fst_buf *out, struct fst_str text)
{
    char before = 0;
    fst_buf_addc(out, '\'');
    for (size_t i = 0; i < text.n; before = text.p[i++]) {
        char c = text.p[i];
        if (c == '\'' || c == '\\')
            fst_buf_printf(out, "\\%c", c);
        else if (c == '\n')
            fst_buf_adds(out, "\\n");
        else if ((unsigned char)c < 0x20 || (c == '{' && (before == '$' || before == '{')))
            fst_buf_printf(out, "\\u%04x", (unsigned char)c);
        else
            fst_buf_addc(out, c);
    }
    fst_buf_addc(out, '\'');
}

static void plain(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    fst_cell_text(out, c, row, FST_CELL_PLAIN);
}

/* 'TEXT' with a word before and a sign behind the text. */
static void sql_worded(struct fst_buf *out, const char *word, const struct fst_column *c,
                       size_t row, const char *sign)
{
    fst_buf_printf(out, "%s '", word);
    plain(out, c, row);
    fst_buf_printf(out, "%s'", sign);
}

static void sql_double(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    bool is_float = c->type.kind == FST_FLOAT;
    if (!isfinite(fst_column_double(c, row))) {
        sql_worded(out, "CAST(", c, row, "");
        fst_buf_adds(out, is_float ? " AS FLOAT)" : " AS DOUBLE)");
        return;
    }
    plain(out, c, row);
    fst_buf_addc(out, is_float ? 'F' : 'D');
}

static void sql_value(struct fst_buf *out, const struct fst_column *c, size_t row);

static void sql_nested(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    enum fst_kind kind = c->type.kind;
    bool is_struct = kind == FST_STRUCT;
    size_t from = is_struct ? 0 : c->offsets[row];
    size_t end = is_struct ? c->type.n_fields : c->offsets[row + 1];
    fst_buf_adds(out, from == end ? "CAST(" : "");
    fst_buf_adds(out, is_struct ? "named_struct(" : kind == FST_MAP ? "map(" : "array(");
    for (size_t i = from; i < end && !out->over; i++) {
        fst_buf_adds(out, i > from ? ", " : "");
        if (is_struct)
            wb_sql_text(out, fst_str(c->type.fields[i].name));
        else
            sql_value(out, &c->children[0], i);
        if (is_struct || kind == FST_MAP) {
            fst_buf_adds(out, ", ");
            sql_value(out, &c->children[is_struct ? i : 1], is_struct ? row : i);
        }
    }
    fst_buf_addc(out, ')');
    if (from == end) {
        fst_buf_adds(out, " AS ");
        fst_type_text(out, &c->type);
        fst_buf_addc(out, ')');
    }
}

static void sql_value(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    if (fst_column_is_null(c, row)) {
        fst_buf_adds(out, "NULL");
        return;
    }
    switch (c->type.kind) {
    case FST_BYTE:
    case FST_SHORT:
    case FST_LONG:
    case FST_DECIMAL:
        /* the least of them has no literal: it would be the negative of one too large */
        fst_buf_adds(out, "CAST('");
        plain(out, c, row);
        fst_buf_adds(out, "' AS ");
        fst_type_text(out, &c->type);
        fst_buf_addc(out, ')');
        return;
    case FST_FLOAT:
    case FST_DOUBLE:
        sql_double(out, c, row);
        return;
    case FST_STRING:
        wb_sql_text(out, fst_column_bytes(c, row));
        return;
    case FST_VARIANT:
    case FST_UNKNOWN:
        fst_buf_adds(out, "parse_json(");
        wb_sql_text(out, fst_column_bytes(c, row));
        fst_buf_addc(out, ')');
        return;
    case FST_BINARY:
        sql_worded(out, "X", c, row, "");
        return;
    case FST_DATE:
        sql_worded(out, "DATE", c, row, "");
        return;
    case FST_TIMESTAMP:
        sql_worded(out, "TIMESTAMP", c, row, "Z");
        return;
    case FST_TIMESTAMP_NTZ:
        sql_worded(out, "TIMESTAMP_NTZ", c, row, "");
        return;
    case FST_TIME:
        sql_worded(out, "TIME", c, row, "");
        return;
    case FST_ARRAY:
    case FST_MAP:
    case FST_STRUCT:
        sql_nested(out, c, row);
        return;
    default:
        plain(out, c, row);
        return;
    }
}

static void sql_names(struct fst_buf *out, const struct fst_schema *s)
{
    fst_buf_addc(out, '(');
    for (size_t i = 0; i < s->n; i++) {
        fst_buf_adds(out, i ? ", " : "");
        fst_sql_quote(out, s->fields[i].name);
    }
    fst_buf_addc(out, ')');
}

static void insert_head(struct fst_buf *out, const struct fst_schema *s, const char *name)
{
    fst_buf_adds(out, "INSERT INTO ");
    fst_sql_quote(out, name);
    fst_buf_addc(out, ' ');
    sql_names(out, s);
    fst_buf_adds(out, " VALUES\n  (");
}

static void insert_tail(struct fst_buf *out, const struct fst_schema *s, const char *name)
{
    (void)s;
    (void)name;
    fst_buf_adds(out, ");\n");
}

static void values_head(struct fst_buf *out, const struct fst_schema *s, const char *name)
{
    (void)s;
    (void)name;
    fst_buf_adds(out, "SELECT * FROM VALUES\n  (");
}

static void values_tail(struct fst_buf *out, const struct fst_schema *s, const char *name)
{
    fst_buf_adds(out, ")\nAS ");
    fst_sql_quote(out, name);
    sql_names(out, s);
    fst_buf_addc(out, '\n');
}

/* ---- PySpark --------------------------------------------------------------------------------- */

static void python_value(struct fst_buf *out, const struct fst_column *c, size_t row);

static void python_nested(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    enum fst_kind kind = c->type.kind;
    bool is_struct = kind == FST_STRUCT;
    size_t from = is_struct ? 0 : c->offsets[row];
    size_t end = is_struct ? c->type.n_fields : c->offsets[row + 1];
    fst_buf_addc(out, is_struct ? '(' : kind == FST_MAP ? '{' : '[');
    for (size_t i = from; i < end && !out->over; i++) {
        python_value(out, &c->children[is_struct ? i : 0], is_struct ? row : i);
        if (kind == FST_MAP) {
            fst_buf_adds(out, ": ");
            python_value(out, &c->children[1], i);
        }
        fst_buf_adds(out, i + 1 < end ? ", " : is_struct ? "," : "");
    }
    fst_buf_addc(out, is_struct ? ')' : kind == FST_MAP ? '}' : ']');
}

static void python_worded(struct fst_buf *out, const char *word, const struct fst_column *c,
                          size_t row, const char *sign)
{
    fst_buf_printf(out, "%s(\"", word);
    plain(out, c, row);
    fst_buf_printf(out, "%s\")", sign);
}

static void python_value(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    struct fst_str text;
    if (fst_column_is_null(c, row)) {
        fst_buf_adds(out, "None");
        return;
    }
    switch (c->type.kind) {
    case FST_BOOLEAN:
        fst_buf_adds(out, fst_column_int(c, row) ? "True" : "False");
        return;
    case FST_FLOAT:
    case FST_DOUBLE:
        python_worded(out, "float", c, row, "");
        return;
    case FST_DECIMAL:
        python_worded(out, "Decimal", c, row, "");
        return;
    case FST_STRING:
        text = fst_column_bytes(c, row);
        fst_json_quote(out, text.p, text.n); /* Python reads JSON's escapes the same */
        return;
    case FST_BINARY:
        python_worded(out, "bytes.fromhex", c, row, "");
        return;
    case FST_DATE:
        python_worded(out, "date.fromisoformat", c, row, "");
        return;
    case FST_TIMESTAMP: /* ten years of Pythons read no Z, and fractions of six digits only */
        fst_buf_printf(out,
                       "datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(microseconds=%lld)",
                       (long long)fst_column_int(c, row));
        return;
    case FST_TIMESTAMP_NTZ:
        fst_buf_printf(out, "datetime(1970, 1, 1) + timedelta(microseconds=%lld)",
                       (long long)fst_column_int(c, row));
        return;
    case FST_INTERVAL_DT:
        fst_buf_printf(out, "timedelta(microseconds=%lld)", (long long)fst_column_int(c, row));
        return;
    case FST_ARRAY:
    case FST_MAP:
    case FST_STRUCT:
        python_nested(out, c, row);
        return;
    default:
        plain(out, c, row);
        return;
    }
}

static void python_head(struct fst_buf *out, const struct fst_schema *s, const char *name)
{
    (void)s;
    (void)name;
    fst_buf_adds(out, "from datetime import date, datetime, timedelta, timezone\n"
                      "from decimal import Decimal\n\n"
                      "df = spark.createDataFrame(\n    [\n        (");
}

static void python_tail(struct fst_buf *out, const struct fst_schema *s, const char *name)
{
    struct fst_buf ddl = FST_BUF_TEXT;
    (void)name;
    for (size_t i = 0; i < s->n; i++) {
        fst_buf_adds(&ddl, i ? ", " : "");
        fst_sql_quote(&ddl, s->fields[i].name);
        fst_buf_addc(&ddl, ' ');
        fst_type_text(&ddl, &s->fields[i].type);
    }
    fst_buf_adds(out, ",),\n    ],\n    schema=");
    fst_json_quote(out, fst_buf_text(&ddl), ddl.n);
    fst_buf_adds(out, ",\n)\n");
    fst_buf_done(&ddl);
}

/* ---- Markdown -------------------------------------------------------------------------------- */

static void markdown_text(struct fst_buf *out, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] == '\n')
            fst_buf_adds(out, "<br>");
        else if (p[i] == '<')
            fst_buf_adds(out, "&lt;");
        else if (p[i] == '&')
            fst_buf_adds(out, "&amp;");
        else if (p[i] == '\r' || p[i] == '\t')
            fst_buf_addc(out, ' ');
        else if (p[i] && strchr("\\|`*[", p[i]))
            fst_buf_printf(out, "\\%c", p[i]);
        else
            fst_buf_addc(out, p[i]);
}

static void markdown_value(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    struct fst_buf text = FST_BUF_TEXT;
    if (!fst_cell_text(&text, c, row, FST_CELL_PLAIN))
        fst_buf_adds(&text, "NULL");
    markdown_text(out, fst_buf_text(&text), text.n);
    fst_buf_done(&text);
}

static void markdown_head(struct fst_buf *out, const struct fst_schema *s, const char *name)
{
    (void)name;
    fst_buf_adds(out, "| ");
    for (size_t i = 0; i < s->n; i++) {
        fst_buf_adds(out, i ? " | " : "");
        markdown_text(out, s->fields[i].name, strlen(s->fields[i].name));
    }
    fst_buf_adds(out, " |\n|");
    for (size_t i = 0; i < s->n; i++)
        fst_buf_adds(out, fst_type_is_right_aligned(&s->fields[i].type) ? " ---: |" : " --- |");
    fst_buf_adds(out, "\n| ");
}

static void markdown_tail(struct fst_buf *out, const struct fst_schema *s, const char *name)
{
    (void)s;
    (void)name;
    fst_buf_adds(out, " |\n");
}

/* ---- Formats --------------------------------------------------------------------------------- */

static const struct code {
    const char *name;
    void (*head)(struct fst_buf *out, const struct fst_schema *s, const char *name);
    void (*value)(struct fst_buf *out, const struct fst_column *c, size_t row);
    void (*tail)(struct fst_buf *out, const struct fst_schema *s, const char *name);
    const char *between, *rows_between;
    enum fst_kind lacks[3]; /* kinds that it has no words for */
    size_t n_lacks;
} codes[] = {
    {"markdown", markdown_head, markdown_value, markdown_tail, " | ", " |\n| ", {0}, 0},
    {"insert", insert_head, sql_value, insert_tail, ", ", "),\n  (", {FST_UNKNOWN}, 1},
    {"values", values_head, sql_value, values_tail, ", ", "),\n  (", {FST_UNKNOWN}, 1},
    {"pyspark",
     python_head,
     python_value,
     python_tail,
     ", ",
     ",),\n        (",
     {FST_UNKNOWN, FST_VARIANT, FST_INTERVAL_YM},
     3},
};

const struct code *wb_code_named(const char *name)
{
    for (size_t i = 0; i < FST_COUNT(codes); i++)
        if (strcmp(codes[i].name, name) == 0)
            return &codes[i];
    return NULL;
}

static bool has_kind(const struct fst_type *t, const struct code *code)
{
    for (size_t i = 0; i < code->n_lacks; i++)
        if (t->kind == code->lacks[i])
            return true;
    for (size_t i = 0; i < t->n_fields; i++)
        if (has_kind(&t->fields[i].type, code))
            return true;
    return t->kind == FST_TIME && strcmp(code->name, "pyspark") == 0;
}

enum fst_status wb_code_begin(const struct code *code, const struct fst_schema *s, const char *name,
                              struct fst_buf *out, struct fst_error *err)
{
    for (size_t i = 0; i < s->n; i++)
        if (has_kind(&s->fields[i].type, code))
            return fst_fail(err, FST_EUNSUPPORTED,
                            "not copied: %s has no words for the type of %s: hide it (-), or take "
                            "jsonl",
                            code->name, s->fields[i].name);
    code->head(out, s, name);
    return FST_OK;
}

void wb_code_rows(const struct code *code, const struct fst_frame *f, bool is_first,
                  struct fst_buf *out)
{
    for (size_t row = 0; row < f->n_rows && !out->over; row++) {
        fst_buf_adds(out, is_first && row == 0 ? "" : code->rows_between);
        for (size_t i = 0; i < f->n_columns; i++) {
            fst_buf_adds(out, i ? code->between : "");
            code->value(out, &f->columns[i], row);
        }
    }
}

void wb_code_end(const struct code *code, const struct fst_schema *s, const char *name,
                 struct fst_buf *out)
{
    code->tail(out, s, name);
}
