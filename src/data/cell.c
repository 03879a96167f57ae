/* cell: one value as text, as Spark's CAST(x AS STRING) writes it, and one value as JSON.
 *
 * The text of a row of kinds: each kind is one case in one switch, and nested values are JSON in
 * both. Differences to Spark are two: binary is hex (Spark reads the bytes as UTF-8), and nested
 * values are JSON (Spark's {k -> v} cannot be read back). */
#include "firesteel/data.h"

#include <math.h>
#include <string.h>

bool fst_type_is_right_aligned(const struct fst_type *t)
{
    return t->kind >= FST_BYTE && t->kind <= FST_DECIMAL;
}

/* ---- Times and intervals --------------------------------------------------------------------- */

/* The fraction of a second in up to nine digits. */
static void add_fraction(struct fst_buf *out, int64_t us, unsigned nanos)
{
    int digits = 9;
    int64_t fraction = us * 1000 + nanos;
    for (; fraction % 10 == 0; fraction /= 10)
        digits--;
    fst_buf_addc(out, '.');
    fst_buf_int(out, fraction, digits);
}

/* A time or timestamp, with the nanoseconds that its column has beside the microseconds. */
static void add_time(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    enum { SECOND = 1000000 };
    int64_t us = fst_column_int(c, row), part = 0;
    unsigned nanos = c->nanos && us >= INT64_MIN + SECOND ? c->nanos[row] : 0;
    if (nanos)
        part = (us % SECOND + SECOND) % SECOND;
    if (c->type.kind == FST_TIME)
        fst_clock_text(out, us - part);
    else
        fst_timestamp_text(out, us - part);
    if (nanos)
        add_fraction(out, part, nanos);
}

/* 2024-03-01T12:00:00.5Z: the text of a timestamp with a T, and a Z when it is an instant. */
static void add_timestamp_iso(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    size_t from = out->n;
    add_time(out, c, row);
    char *gap = out->n > from ? memchr(out->p + from, ' ', out->n - from) : NULL;
    if (gap)
        *gap = 'T';
    if (c->type.kind == FST_TIMESTAMP)
        fst_buf_addc(out, 'Z');
}

/* ---- Text ------------------------------------------------------------------------------------ */

bool fst_cell_is_short(const struct fst_column *c)
{
    enum fst_kind kind = c->type.kind;
    return (kind >= FST_BOOLEAN && kind <= FST_DOUBLE) || kind == FST_DATE ||
           ((kind == FST_TIMESTAMP || kind == FST_TIMESTAMP_NTZ) && !c->nanos);
}

static char *put_boolean(char *p, bool v)
{
    memcpy(p, v ? "true" : "false", 5);
    return p + (v ? 4 : 5);
}

char *fst_cell_put(char *p, const struct fst_column *c, size_t row)
{
    switch (c->type.kind) {
    case FST_BOOLEAN:
        return put_boolean(p, ((const uint8_t *)c->values)[row]);
    case FST_INT:
        return fst_put_int(p, ((const int32_t *)c->values)[row]);
    case FST_LONG:
        return fst_put_int(p, ((const int64_t *)c->values)[row]);
    case FST_FLOAT:
        return fst_put_float(p, ((const float *)c->values)[row]);
    case FST_DOUBLE:
        return fst_put_double(p, ((const double *)c->values)[row]);
    case FST_DATE:
        return fst_put_date(p, ((const int32_t *)c->values)[row]);
    case FST_TIMESTAMP:
    case FST_TIMESTAMP_NTZ:
        return fst_put_timestamp(p, ((const int64_t *)c->values)[row]);
    default:
        return fst_put_int(p, fst_column_int(c, row));
    }
}

static void add_short(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    char *p = fst_buf_room(out, FST_PUT_MAX);
    if (p)
        fst_buf_took(out, fst_cell_put(p, c, row));
}

/* A value that is not NULL, as it is. */
static void add_plain(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    struct fst_str bytes;
    switch (c->type.kind) {
    case FST_VOID:
        return;
    case FST_BOOLEAN:
    case FST_BYTE:
    case FST_SHORT:
    case FST_INT:
    case FST_LONG:
    case FST_FLOAT:
    case FST_DOUBLE:
    case FST_DATE:
        add_short(out, c, row);
        return;
    case FST_DECIMAL:
        fst_decimal_text(out, fst_column_decimal(c, row), c->type.scale);
        return;
    case FST_STRING:
    case FST_VARIANT:
    case FST_UNKNOWN:
        bytes = fst_column_bytes(c, row);
        fst_buf_add(out, bytes.p, bytes.n);
        return;
    case FST_BINARY:
        bytes = fst_column_bytes(c, row);
        fst_hex(out, bytes.p, bytes.n);
        return;
    case FST_TIMESTAMP:
    case FST_TIMESTAMP_NTZ:
    case FST_TIME:
        add_time(out, c, row);
        return;
    case FST_INTERVAL_YM:
    case FST_INTERVAL_DT:
        fst_interval_text(out, &c->type, fst_column_int(c, row));
        return;
    case FST_ARRAY:
    case FST_MAP:
    case FST_STRUCT:
        fst_cell_json(out, c, row);
        return;
    }
}

/* Kinds whose text could hold something that a terminal obeys. */
static bool is_free_text(enum fst_kind kind)
{
    return kind == FST_STRING || kind >= FST_ARRAY;
}

bool fst_cell_text(struct fst_buf *out, const struct fst_column *c, size_t row,
                   enum fst_cell_style style)
{
    if (fst_column_is_null(c, row))
        return false;
    if (style == FST_CELL_PLAIN || !is_free_text(c->type.kind)) {
        add_plain(out, c, row);
    } else if (c->type.kind == FST_STRING) {
        struct fst_str bytes = fst_column_bytes(c, row);
        fst_text_escape(out, bytes.p, bytes.n);
    } else {
        struct fst_buf plain = FST_BUF(out->max);
        add_plain(&plain, c, row);
        fst_text_escape(out, fst_buf_text(&plain), plain.n);
        out->over |= plain.over;
        fst_buf_done(&plain);
    }
    return true;
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static void add_binary(struct fst_buf *out, struct fst_str bytes)
{
    fst_buf_addc(out, '"');
    fst_base64(out, bytes.p, bytes.n);
    fst_buf_addc(out, '"');
}

/* Text that is not JSON by itself, in quotes. */
static void add_quoted(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    struct fst_buf plain = FST_BUF(out->max);
    add_plain(&plain, c, row);
    fst_json_quote(out, fst_buf_text(&plain), plain.n);
    out->over |= plain.over;
    fst_buf_done(&plain);
}

static void add_list(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    fst_buf_addc(out, '[');
    for (size_t i = c->offsets[row]; i < c->offsets[row + 1] && !out->over; i++) {
        if (i > c->offsets[row])
            fst_buf_addc(out, ',');
        fst_cell_json(out, &c->children[0], i);
    }
    fst_buf_addc(out, ']');
}

/* Keys are never NULL by the rules, but in some files they are. */
static void add_key(struct fst_buf *out, const struct fst_column *keys, size_t i)
{
    if (fst_column_is_null(keys, i))
        fst_buf_adds(out, "\"null\"");
    else
        add_quoted(out, keys, i);
}

static void add_map(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    fst_buf_addc(out, '{');
    for (size_t i = c->offsets[row]; i < c->offsets[row + 1] && !out->over; i++) {
        if (i > c->offsets[row])
            fst_buf_addc(out, ',');
        add_key(out, &c->children[0], i);
        fst_buf_addc(out, ':');
        fst_cell_json(out, &c->children[1], i);
    }
    fst_buf_addc(out, '}');
}

static void add_struct(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    fst_buf_addc(out, '{');
    for (size_t i = 0; i < c->type.n_fields && !out->over; i++) {
        const char *name = c->type.fields[i].name;
        if (i)
            fst_buf_addc(out, ',');
        fst_json_quote(out, name, strlen(name));
        fst_buf_addc(out, ':');
        fst_cell_json(out, &c->children[i], row);
    }
    fst_buf_addc(out, '}');
}

void fst_cell_json(struct fst_buf *out, const struct fst_column *c, size_t row)
{
    if (fst_column_is_null(c, row)) {
        fst_buf_adds(out, "null");
        return;
    }
    switch (c->type.kind) {
    case FST_BOOLEAN:
    case FST_BYTE:
    case FST_SHORT:
    case FST_INT:
    case FST_LONG:
    case FST_DECIMAL:
    case FST_VARIANT:
        add_plain(out, c, row);
        return;
    case FST_FLOAT:
    case FST_DOUBLE:
        if (isfinite(fst_column_double(c, row)))
            add_plain(out, c, row);
        else
            add_quoted(out, c, row);
        return;
    case FST_TIMESTAMP:
    case FST_TIMESTAMP_NTZ:
        fst_buf_addc(out, '"');
        add_timestamp_iso(out, c, row);
        fst_buf_addc(out, '"');
        return;
    case FST_BINARY:
        add_binary(out, fst_column_bytes(c, row));
        return;
    case FST_ARRAY:
        add_list(out, c, row);
        return;
    case FST_MAP:
        add_map(out, c, row);
        return;
    case FST_STRUCT:
        add_struct(out, c, row);
        return;
    default:
        add_quoted(out, c, row);
        return;
    }
}
