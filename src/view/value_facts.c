/* What is worth knowing of one value besides its text: its type, how long it is, what it is stored
 * as; and binary as hex. */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "value.h"

static void add_fact(struct fst_buf *out, const char *name, const char *text)
{
    fst_buf_printf(out, "%-10s %s\n", name, text);
}

static void add_count(struct fst_buf *out, const char *name, int64_t n)
{
    struct fst_buf text = FST_BUF(64);
    fst_count_text(&text, n);
    add_fact(out, name, fst_buf_text(&text));
    fst_buf_done(&text);
}

static void text_facts(struct fst_buf *out, struct fst_str text)
{
    int64_t lines = 1;
    for (size_t i = 0; i < text.n; i++)
        lines += text.p[i] == '\n' && i + 1 < text.n;
    add_count(out, "characters", (int64_t)fst_utf8_length(text.p, text.n));
    add_count(out, "bytes", (int64_t)text.n);
    add_count(out, "lines", lines);
    if (!fst_utf8_valid(text.p, text.n))
        add_fact(out, "note", "it is not all UTF-8: other bytes are shown as \\xHH");
}

static void int_fact(struct fst_buf *out, const char *name, int64_t v, const char *what)
{
    char text[128];
    snprintf(text, sizeof text, "%lld %s", (long long)v, what);
    add_fact(out, name, text);
}

static void time_facts(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    int64_t us = fst_column_int(c, row);
    bool is_instant = c->type.kind == FST_TIMESTAMP;
    struct fst_buf iso = FST_BUF(256);
    fst_cell_json(&iso, c, row);
    add_fact(out, "ISO 8601", fst_buf_text(&iso));
    int_fact(out, "epoch", us,
             is_instant ? "microseconds since 1970 UTC" : "microseconds since 1970, no zone");
    if (c->nanos && c->nanos[row])
        int_fact(out, "and", c->nanos[row], "nanoseconds");
    fst_buf_done(&iso);
}

static void double_facts(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    double v = fst_column_double(c, row);
    char text[512];
    if (!isfinite(v))
        return;
    snprintf(text, sizeof text, "%.*g", c->type.kind == FST_FLOAT ? 9 : 17, v);
    add_fact(out, "digits", text);
    snprintf(text, sizeof text, "%a", v);
    add_fact(out, "bits as", text);
}

static void decimal_facts(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    struct fst_buf text = FST_BUF(128);
    fst_decimal_text(&text, fst_column_decimal(c, row), 0);
    fst_buf_printf(&text, " with %d digits after the point", c->type.scale);
    add_fact(out, "unscaled", fst_buf_text(&text));
    fst_buf_done(&text);
}

static void kind_facts(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    switch (c->type.kind) {
    case FST_STRING:
        text_facts(out, fst_column_bytes(c, row));
        return;
    case FST_BINARY:
        add_count(out, "bytes", (int64_t)fst_column_bytes(c, row).n);
        return;
    case FST_DECIMAL:
        decimal_facts(out, c, row);
        return;
    case FST_FLOAT:
    case FST_DOUBLE:
        double_facts(out, c, row);
        return;
    case FST_TIMESTAMP:
    case FST_TIMESTAMP_NTZ:
        time_facts(out, c, row);
        return;
    case FST_DATE:
        int_fact(out, "epoch", fst_column_int(c, row), "days since 1970-01-01");
        return;
    case FST_TIME:
    case FST_INTERVAL_DT:
        int_fact(out, "stored as", fst_column_int(c, row), "microseconds");
        return;
    case FST_INTERVAL_YM:
        int_fact(out, "stored as", fst_column_int(c, row), "months");
        return;
    case FST_SHORT:
    case FST_INT:
    case FST_LONG:
        add_count(out, "grouped", fst_column_int(c, row));
        return;
    default:
        return;
    }
}

void value_facts(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    struct fst_buf type = FST_BUF_TEXT;
    fst_type_text(&type, &c->type);
    add_fact(out, "type", fst_buf_text(&type));
    if (!c->unreadable && !fst_column_is_null(c, row))
        kind_facts(out, c, row);
    fst_buf_done(&type);
}

void value_hex_line(struct fst_buf *out, struct fst_str bytes, size_t line)
{
    size_t from = line * VALUE_HEX_BYTES;
    size_t n = bytes.n - from < VALUE_HEX_BYTES ? bytes.n - from : VALUE_HEX_BYTES;
    const unsigned char *p = (const unsigned char *)bytes.p + from;
    fst_buf_printf(out, "%08zx ", from);
    for (size_t i = 0; i < VALUE_HEX_BYTES; i++) {
        fst_buf_adds(out, i % 8 == 0 ? " " : "");
        if (i < n)
            fst_buf_printf(out, "%02x ", p[i]);
        else
            fst_buf_adds(out, "   ");
    }
    fst_buf_addc(out, ' ');
    for (size_t i = 0; i < n; i++)
        fst_buf_addc(out, isascii(p[i]) && isprint(p[i]) ? (char)p[i] : '.');
}
